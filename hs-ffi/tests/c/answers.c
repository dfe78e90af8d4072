/* The known answers: published figures, met from C on the caller's buffers, as arrays and as Arrow tables. */
#include "stream.h"

struct column {
    const char *name;
    const double *values;
};

struct answer {
    const char *name, *analysis;
    size_t nodes, edges;
    const char *const *names;
    const uint32_t *source, *target;
    const double *weight;
    const uint32_t *lag;
    const double *state, *direction, *matrix;
    const struct column *columns;
    const char *settings, *status;
    int64_t iterations, period;
    double tolerance;
};

/* A column that an analysis of a whole assessment must give. */
struct situation {
    const char *name, *analysis, *assessment, *settings, *table, *column;
    const double *values;
    int64_t rows;
    double tolerance;
};

#include "answers.h"

static const char *const words[] = {"converged", "cycle", "not-converged", "diverging"};

static void near(const char *name, const double *found, const double *wanted, size_t count, double tolerance) {
    for (size_t i = 0; i < count; i++) TRUE(fabs(found[i] - wanted[i]) <= tolerance, name);
}

static void propagation(const struct answer *answer, hs_network network) {
    hs_propagation info;
    hs_result result;
    double *state = calloc(answer->nodes, sizeof *state);
    const double *array = NULL;
    const size_t *shape = NULL;
    size_t axes = 0;
    OK(hs_propagate(network, answer->settings, strlen(answer->settings), NULL, NULL, state, answer->nodes, &info, &why));
    OK(hs_propagate_result(network, answer->settings, strlen(answer->settings), &result, &why));
    OK(hs_result_array(result, "state", &array, &shape, &axes, &why));
    TRUE(axes == 1 && shape[0] == answer->nodes && memcmp(array, state, answer->nodes * sizeof *state) == 0, "the same by both ways");
    if (answer->state != NULL) near(answer->name, state, answer->state, answer->nodes, answer->tolerance);
    if (answer->status != NULL) TRUE(strcmp(words[info.status], answer->status) == 0, answer->name);
    if (answer->iterations >= 0) TRUE(info.iterations == (uint64_t)answer->iterations, answer->name);
    if (answer->period >= 0) TRUE(info.period == (uint64_t)answer->period, answer->name);
    if (answer->direction != NULL) {
        double norm = 0.0;
        for (size_t i = 0; i < answer->nodes; i++) norm += state[i] * state[i];
        for (size_t i = 0; i < answer->nodes; i++) state[i] /= sqrt(norm);
        near(answer->name, state, answer->direction, answer->nodes, answer->tolerance);
    }
    OK(hs_result_free(result));
    free(state);
}

static void analysis(const struct answer *answer, hs_network network) {
    hs_result result;
    int causes = strcmp(answer->analysis, "root_causes") == 0;
    if (causes) OK(hs_root_causes(network, answer->settings, strlen(answer->settings), &result, &why));
    else OK(hs_total_effects(network, answer->settings, strlen(answer->settings), &result, &why));
    if (answer->matrix != NULL) {
        const double *matrix = NULL;
        const size_t *shape = NULL;
        size_t axes = 0;
        OK(hs_result_array(result, "matrix", &matrix, &shape, &axes, &why));
        TRUE(axes == 2 && shape[0] == answer->nodes && shape[1] == answer->nodes, answer->name);
        near(answer->name, matrix, answer->matrix, answer->nodes * answer->nodes, answer->tolerance);
    }
    if (answer->columns != NULL) {
        struct table table = read_table(result, causes ? "root_causes" : "effects");
        for (const struct column *column = answer->columns; column->name != NULL; column++) {
            for (int64_t row = 0; row < table.batch.length; row++) {
                TRUE(fabs(number_at(&table, column->name, row) - column->values[row]) <= answer->tolerance, answer->name);
            }
        }
        release_table(&table);
    }
    OK(hs_result_free(result));
}

static void told(const struct situation *known) {
    hs_assessment assessment;
    hs_network network = {0};
    hs_result result = {0};
    size_t length = strlen(known->settings);
    OK(hs_assessment_from_json(known->assessment, strlen(known->assessment), &assessment, &why));
    if (strcmp(known->analysis, "network") == 0) {
        OK(hs_network_expand(assessment, known->settings, length, &network, &why));
        OK(hs_network_tables(network, &result, &why));
        OK(hs_network_free(network));
    } else if (strcmp(known->analysis, "criticality") == 0) {
        OK(hs_criticality(assessment, known->settings, length, &result, &why));
    } else if (strcmp(known->analysis, "phases") == 0) {
        OK(hs_phases(assessment, known->settings, length, &result, &why));
    } else if (strcmp(known->analysis, "externalities") == 0) {
        OK(hs_externalities(assessment, known->settings, length, &result, &why));
    } else {
        OK(hs_pillar_gaps(assessment, known->settings, length, &result, &why));
    }
    struct table table = read_table(result, known->table);
    TRUE(table.batch.length == known->rows, known->name);
    for (int64_t row = 0; row < known->rows && row < table.batch.length; row++) {
        double found = number_at(&table, known->column, row), wanted = known->values[row];
        TRUE(isnan(wanted) ? isnan(found) : fabs(found - wanted) <= known->tolerance, known->name);
    }
    release_table(&table);
    OK(hs_result_free(result));
    OK(hs_assessment_free(assessment));
}

int main(void) {
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        const struct answer *answer = &answers[i];
        hs_network network;
        OK(hs_network_from_named_edges(answer->nodes, answer->names, answer->edges, answer->source, answer->target, answer->weight,
                                       answer->lag, &network, &why));
        if (strcmp(answer->analysis, "propagate") == 0) propagation(answer, network);
        else analysis(answer, network);
        OK(hs_network_free(network));
    }
    for (size_t i = 0; i < sizeof situations / sizeof situations[0]; i++) told(&situations[i]);
    return finish(0);
}
