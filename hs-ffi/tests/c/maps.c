/* Networks in files and texts, links without a number, and several maps at a time. */
#include "stream.h"

static const uint32_t source[] = {0, 1}, target[] = {1, 2};
static const char *const names[] = {"drought", "hunger", "flight \xe2\x86\x92 \xd0\xb1\xd0\xb5\xd0\xb3"};

static hs_network map(double first, double second) {
    hs_network network = {0};
    const double weight[] = {first, second};
    OK(hs_network_from_named_edges(3, names, 2, source, target, weight, NULL, &network, &why));
    return network;
}

static void links(void) {
    const double weight[] = {0.5, (double)NAN}, low[] = {0.3, (double)NAN}, high[] = {0.7, (double)NAN};
    const uint8_t dampens[] = {0, 1};
    const uint32_t lag[] = {0, 2};
    hs_network network = {0};
    hs_result result = {0};
    hs_error error = {0};
    struct table table;
    OK(hs_network_from_links(3, names, 2, source, target, weight, lag, low, high, dampens, &network, &why));
    OK(hs_network_tables(network, &result, &why));
    table = read_table(result, "edges");
    TRUE(number_at(&table, "weight", 0) == 0.5 && isnan(number_at(&table, "weight", 1)), "a link without a number");
    TRUE(number_at(&table, "lag", 1) == 2.0, "its lag");
    release_table(&table);
    OK(hs_result_free(result));
    OK(hs_network_free(network));
    EXPECT(hs_network_from_links(3, NULL, 2, source, target, weight, lag, low, NULL, NULL, &network, &error), HS_ARGUMENT, "half a range");
    OK(hs_error_free(error));
}

static void files(void) {
    static const char *const paths[] = {SCRATCH "/map.graphml", SCRATCH "/map.json", SCRATCH "/map.gexf", SCRATCH "/map.dot", SCRATCH "/map.mmd"};
    static const char *const formats[] = {"graphml", "json", "gexf", "dot", "mermaid"};
    hs_network network = map(0.5, -0.25), again = {0};
    hs_error error = {0};
    for (int i = 0; i < 5; i++) {
        hs_text text = {0};
        const char *data = NULL;
        char settings[64];
        size_t length = 0;
        OK(hs_network_write(network, paths[i], NULL, &why));
        OK(hs_network_to_text(network, formats[i], &text, &why));
        OK(hs_text_data(text, &data, &length));
        TRUE(length > 0 && data != NULL, formats[i]);
        snprintf(settings, sizeof settings, "{\"format\": \"%s\"}", formats[i]);
        if (i < 2) {
            size_t at = 9, nodes = 0, edges = 0;
            OK(hs_network_read(paths[i], NULL, 0, NULL, &again, &why));
            OK(hs_network_position(again, names[2], &at, &why));
            TRUE(at == 2, "names of any script survive");
            OK(hs_network_free(again));
            OK(hs_network_from_text(data, length, settings, strlen(settings), NULL, &again, &why));
            OK(hs_network_size(again, &nodes, &edges, &why));
            TRUE(nodes == 3 && edges == 2, formats[i]);
            OK(hs_network_free(again));
        } else {
            EXPECT(hs_network_from_text(data, length, settings, strlen(settings), NULL, &again, &error), HS_UNSUPPORTED, formats[i]);
            OK(hs_error_free(error));
        }
        OK(hs_text_free(text));
    }
    {
        hs_text text = {0};
        const char *message = "";
        size_t length = 0;
        EXPECT(hs_network_to_text(network, "graphlm", &text, &error), HS_ARGUMENT, "no such format");
        OK(hs_error_message(error, &message, &length));
        TRUE(strstr(message, "`graphml`") != NULL, message);
        OK(hs_error_free(error));
    }
    EXPECT(hs_network_write(network, SCRATCH "/map.xlsx", NULL, &error), HS_UNSUPPORTED, "no such ending");
    OK(hs_error_free(error));
    EXPECT(hs_network_read(SCRATCH "/none.graphml", NULL, 0, NULL, &again, &error), HS_FILE, "no such file");
    OK(hs_error_free(error));
    OK(hs_network_free(network));
}

static int stops(void *context, uint64_t step) {
    (void)step;
    ++*(int *)context;
    return 1;
}

static void several(void) {
    hs_network maps[3] = {map(0.5, 0.25), map(0.7, 0.5), map(0.6, -0.5)}, watched = {0};
    hs_result result = {0};
    hs_error error = {0};
    struct table table;
    int looked = 0;
    OK(hs_pool_linkages(maps, 3, NULL, 0, &result, &why));
    table = read_table(result, "pool_linkages");
    TRUE(table.batch.length >= 2 && fabs(number_at(&table, "weight", 0) - 0.6) < 1e-12, "the mean of three");
    release_table(&table);
    OK(hs_result_free(result));
    OK(hs_compare_maps(maps, 3, NULL, 0, &result, &why));
    OK(hs_result_free(result));
    OK(hs_expert_root_causes(maps, 2, NULL, 0, &result, &why));
    OK(hs_result_free(result));

    EXPECT(hs_pool_linkages(maps, 0, NULL, 0, &result, &error), HS_ARGUMENT, "no map at all");
    OK(hs_error_free(error));
    OK(hs_network_watched(maps[1], stops, &looked, &watched, &why));
    maps[2].id ^= (uint64_t)1 << 44;
    EXPECT(hs_compare_maps(maps, 3, NULL, 0, &result, &error), HS_HANDLE, "one of them is none");
    OK(hs_error_free(error));
    maps[2].id ^= (uint64_t)1 << 44;
    {
        const hs_network both[] = {maps[0], watched};
        EXPECT(hs_expert_root_causes(both, 2, NULL, 0, &result, &error), HS_CANCELLED, "whoever watches one of them stops the call");
        OK(hs_error_free(error));
        TRUE(looked > 0, "looked at");
    }
    OK(hs_network_free(watched));
    for (int i = 0; i < 3; i++) OK(hs_network_free(maps[i]));
}

/* Ishigami and Homma 1990, and how often it was asked. */
static int ishigami(void *context, const double *points, size_t rows, size_t inputs, double *figures) {
    ++*(int *)context;
    for (size_t row = 0; row < rows; row++) {
        const double *x = &points[row * inputs];
        figures[row] = sin(x[0]) + 7.0 * sin(x[1]) * sin(x[1]) + 0.1 * x[2] * x[2] * x[2] * x[2] * sin(x[0]);
    }
    return 0;
}

static int refuses(void *context, const double *points, size_t rows, size_t inputs, double *figures) {
    (void)context, (void)points, (void)rows, (void)inputs, (void)figures;
    return 1;
}

static int forgets(void *context, const double *points, size_t rows, size_t inputs, double *figures) {
    (void)refuses(context, points, rows, inputs, figures);
    return 0;
}

static void of_a_function(void) {
    static const char bounds[] =
        "{\"bounds\": [[-3.141592653589793, 3.141592653589793], [-3.141592653589793, 3.141592653589793],"
        " [-3.141592653589793, 3.141592653589793]], \"n\": 4096}";
    static const double first_wanted[] = {0.3139, 0.4424, 0.0}, total_wanted[] = {0.5576, 0.4424, 0.2437};
    const double *first = NULL, *total = NULL;
    const size_t *shape = NULL;
    size_t axes = 0;
    int asked = 0;
    hs_result result = {0};
    hs_error error = {0};
    OK(hs_sobol(ishigami, &asked, bounds, strlen(bounds), &result, &why));
    TRUE(asked == 4096 * 5 / 1024, "asked at 1024 points at a time");
    OK(hs_result_array(result, "first", &first, &shape, &axes, &why));
    OK(hs_result_array(result, "total", &total, &shape, &axes, &why));
    for (int i = 0; i < 3 && first != NULL && total != NULL; i++) {
        TRUE(fabs(first[i] - first_wanted[i]) < 0.02 && fabs(total[i] - total_wanted[i]) < 0.02, "indices known in closed form");
    }
    OK(hs_result_free(result));
    EXPECT(hs_sobol(refuses, NULL, bounds, strlen(bounds), &result, &error), HS_CANCELLED, "the function stops the call");
    OK(hs_error_free(error));
    EXPECT(hs_sobol(forgets, NULL, bounds, strlen(bounds), &result, &error), HS_ARGUMENT, "no figure was written");
    OK(hs_error_free(error));
    EXPECT(hs_sobol(NULL, NULL, bounds, strlen(bounds), &result, &error), HS_ARGUMENT, "no function");
    OK(hs_error_free(error));
}

static void assessments(void) {
    hs_assessment both[2] = {{0}, {0}};
    hs_result result = {0};
    OK(hs_example("ituri", &both[0], &why));
    OK(hs_example("ituri", &both[1], &why));
    OK(hs_pool_linkages_of_assessments(both, 2, NULL, 0, &result, &why));
    OK(hs_result_free(result));
    OK(hs_compare_maps_of_assessments(both, 2, NULL, 0, &result, &why));
    OK(hs_result_free(result));
    OK(hs_intersections(both[0], NULL, 0, &result, &why));
    OK(hs_result_free(result));
    OK(hs_assessment_free(both[0]));
    OK(hs_assessment_free(both[1]));
}

int main(void) {
    links();
    files();
    several();
    of_a_function();
    assessments();
    return finish(0);
}
