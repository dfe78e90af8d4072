/* Runs on the caller's own buffers, and how a caller stops one. */
#include "check.h"

static const uint32_t source[] = {0, 1}, target[] = {1, 2};
static const double weight[] = {0.5, 0.5};

static hs_network chain(void) {
    hs_network network;
    OK(hs_network_from_edges(3, 2, source, target, weight, NULL, &network, &why));
    return network;
}

static void buffers(void) {
    hs_network network = chain();
    hs_propagation info;
    double shocks[] = {0.8, 0.0, 0.0}, state[3] = {7.0, 7.0, 7.0}, again[3];
    OK(hs_propagate(network, NULL, 0, NULL, shocks, state, 3, &info, &why));
    TRUE(info.status == HS_RUN_CONVERGED && info.period == 0 && info.iterations > 0, "settled");
    TRUE(info.error_bound >= 0.0 && info.error_bound < 1e-6, "a bound");
    TRUE(fabs(state[0] - 0.8) < 1e-12 && fabs(state[1] - 0.4) < 1e-12 && fabs(state[2] - 0.2) < 1e-12, "noisy-or on a chain");

    memcpy(again, shocks, sizeof again);
    OK(hs_propagate(network, NULL, 0, NULL, again, again, 3, NULL, &why));
    TRUE(memcmp(again, state, sizeof again) == 0, "state in the buffer of the shocks");
    OK(hs_network_free(network));
}

static void refused(hs_network network, const char *settings, const double *start, size_t nodes, hs_status wanted, const char *in_message) {
    double shocks[] = {0.8, 0.0, 0.0, 0.0}, state[4] = {7.0, 7.0, 7.0, 7.0};
    hs_propagation info;
    hs_error error = {0};
    const char *message = "";
    size_t length = 0;
    memset(&info, 0x5a, sizeof info);
    TRUE(hs_propagate(network, settings, strlen(settings), start, shocks, state, nodes, &info, &error) == wanted, settings);
    TRUE(state[0] == 7.0 && info.period == 0x5a5a5a5a5a5a5a5aU, "outputs are untouched");
    hs_error_message(error, &message, &length);
    TRUE(strstr(message, in_message) != NULL, message);
    hs_error_free(error);
}

static void refusals(void) {
    hs_network network = chain();
    const double start[] = {0.1, 0.1, 0.1}, broken[] = {0.1, (double)NAN, 0.1};
    refused(network, "{}", NULL, 4, HS_ARGUMENT, "4");
    refused(network, "{\"tolerence\": 1}", NULL, 3, HS_ARGUMENT, "`tolerance`");
    refused(network, "{\"model\": {\"model\": \"linear\", \"caps\": 1}}", NULL, 3, HS_ARGUMENT, "/model/caps");
    refused(network, "{\"tolerance\": 1", NULL, 3, HS_SYNTAX, "line 1");
    refused(network, "", NULL, 3, HS_SYNTAX, "");
    refused(network, "{\"start\": {\"0\": 0.5}}", start, 3, HS_ARGUMENT, "`start`");
    refused(network, "{}", broken, 3, HS_ARGUMENT, "start");
    refused(network, "{\"clamp\": {\"nobody\": 1}}", NULL, 3, HS_NOT_FOUND, "`nobody`");
    OK(hs_network_free(network));
}

static void diverging(void) {
    const uint32_t ring_source[] = {0, 1}, ring_target[] = {1, 0};
    const double ones[] = {1.0, 1.0};
    hs_network network;
    double shocks[] = {1.0, 0.0}, state[2];
    const char *linear = "{\"model\": {\"model\": \"linear\"}}";
    hs_error error = {0};
    OK(hs_network_from_edges(2, 2, ring_source, ring_target, ones, NULL, &network, &why));
    EXPECT(hs_propagate(network, linear, strlen(linear), NULL, shocks, state, 2, NULL, &error), HS_DIVERGING, "no finite answer");
    OK(hs_error_free(error));
    OK(hs_network_free(network));
}

struct patience {
    uint64_t calls;
    uint64_t limit;
};

static int tick(void *context, uint64_t step) {
    struct patience *patience = context;
    (void)step;
    return ++patience->calls > patience->limit;
}

static void stopped(void) {
    hs_network network = chain(), watched;
    const double shocks[] = {0.8, 0.0, 0.0};
    double state[3] = {7.0, 7.0, 7.0};
    struct patience never = {0, UINT64_MAX}, at_once = {0, 0};
    OK(hs_network_watched(network, tick, &never, &watched, &why));
    OK(hs_propagate(watched, NULL, 0, NULL, shocks, state, 3, NULL, &why));
    TRUE(never.calls > 0, "the tick is looked at");
    OK(hs_network_free(watched));

    state[0] = 7.0;
    OK(hs_network_watched(network, tick, &at_once, &watched, &why));
    EXPECT(hs_propagate(watched, NULL, 0, NULL, shocks, state, 3, NULL, NULL), HS_CANCELLED, "stopped");
    TRUE(state[0] == 7.0, "a stopped run leaves the buffer as it was");
    OK(hs_propagate(network, NULL, 0, NULL, shocks, state, 3, NULL, &why));
    OK(hs_network_free(network));
    OK(hs_network_free(watched));
}

int main(void) {
    buffers();
    refusals();
    diverging();
    stopped();
    return finish(0);
}
