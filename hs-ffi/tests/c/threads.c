/* Eight threads share handles, make and free their own, and free each other's in the middle of a call. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>

#include "check.h"

enum { THREADS = 8, ROUNDS = 25 };

static const uint32_t source[] = {0, 1, 2}, target[] = {1, 2, 0};
static const double weight[] = {0.5, 0.4, 0.3};
static hs_network shared;
static hs_network contested[ROUNDS];
static pthread_barrier_t barrier;

struct outcome {
    int faults;
    int freed;
};

static void *work(void *argument) {
    struct outcome *outcome = argument;
    for (int round = 0; round < ROUNDS; round++) {
        hs_network own;
        hs_result result, other;
        hs_status status;
        size_t nodes = 0, edges = 0;
        pthread_barrier_wait(&barrier);
        /* All free one network that all read: one succeeds, the others are told, whatever they were doing. */
        status = hs_network_tables(contested[round], &result, NULL);
        if (status == HS_OK) hs_result_free(result);
        else if (status != HS_HANDLE) outcome->faults++;
        status = hs_network_free(contested[round]);
        if (status == HS_OK) outcome->freed++;
        else if (status != HS_HANDLE) outcome->faults++;

        if (hs_network_from_edges(3, 3, source, target, weight, NULL, &own, NULL) != HS_OK) outcome->faults++;
        if (hs_network_tables(own, &result, NULL) != HS_OK) outcome->faults++;
        if (hs_network_free(own) != HS_OK) outcome->faults++;
        if (hs_network_size(own, &nodes, &edges, NULL) != HS_HANDLE) outcome->faults++;
        if (hs_network_size(shared, &nodes, &edges, NULL) != HS_OK || nodes != 3 || edges != 3) outcome->faults++;
        if (hs_network_tables(shared, &other, NULL) != HS_OK) outcome->faults++;
        if (hs_result_free(other) != HS_OK || hs_result_free(result) != HS_OK) outcome->faults++;
    }
    return NULL;
}

int main(void) {
    pthread_t threads[THREADS];
    struct outcome outcomes[THREADS];
    int freed = 0;
    memset(outcomes, 0, sizeof outcomes);
    pthread_barrier_init(&barrier, NULL, THREADS);
    OK(hs_network_from_edges(3, 3, source, target, weight, NULL, &shared, &why));
    for (int i = 0; i < ROUNDS; i++) OK(hs_network_from_edges(3, 3, source, target, weight, NULL, &contested[i], &why));
    for (int i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, work, &outcomes[i]);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        TRUE(outcomes[i].faults == 0, "no fault in a thread");
        freed += outcomes[i].freed;
    }
    TRUE(freed == ROUNDS, "each contested network is freed once");
    pthread_barrier_destroy(&barrier);
    OK(hs_network_free(shared));
    return finish(0);
}
