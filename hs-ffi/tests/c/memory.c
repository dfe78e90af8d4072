/* Memory that the stated sizes ask for and that is not to be had: a status, not an abort. */
#define _XOPEN_SOURCE 700
#include <sys/resource.h>

#include "check.h"

int main(void) {
    const struct rlimit limit = {(rlim_t)2 << 30, (rlim_t)2 << 30};
    const uint32_t position[] = {0};
    const double weight[] = {1.0};
    hs_network network;
    hs_status status;
    TRUE(setrlimit(RLIMIT_AS, &limit) == 0, "a limit of 2 GiB");
    status = hs_network_from_edges(4000000000, 1, position, position, weight, NULL, &network, NULL);
    TRUE(status == HS_MEMORY || status == HS_LIMIT, hs_status_word((int32_t)status));
    OK(hs_network_from_edges(4, 1, position, position, weight, NULL, &network, &why));
    OK(hs_network_free(network));
    return finish(0);
}
