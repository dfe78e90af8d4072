/* The known answers: published figures, met from C on the caller's buffers, as arrays and as Arrow tables. */
#include "stream.h"

/* A network as the cases give it. */
struct map {
    size_t nodes, edges;
    const char *const *names;
    const uint32_t *source, *target;
    const double *weight;
    const uint32_t *lag;
    const double *low, *high;
};

/* What to compare: "state", "direction", "matrix" and "array" are arrays, "column" is a column of a table (NULL: the main one). */
struct check {
    const char *kind, *table, *name;
    const double *numbers;
    const char *const *texts;
    int64_t count;
};

struct answer {
    const char *name, *analysis;
    const struct map *maps;
    size_t count;
    const char *settings;
    const struct check *checks;
    const char *status;
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

/* Analyses of one network, of several, and of an assessment. */
static const struct {
    const char *name;
    hs_status (*call)(hs_network, const char *, size_t, hs_result *, hs_error *);
} of_network[] = {
    {"propagate", hs_propagate_result},
    {"total_effects", hs_total_effects},
    {"root_causes", hs_root_causes},
    {"influence", hs_influence},
    {"roles", hs_roles},
    {"indices", hs_indices},
    {"loops", hs_loops},
    {"chains", hs_chains},
    {"clusters", hs_clusters},
    {"attribution", hs_attribution},
    {"blocks", hs_blocks},
    {"impact_diffusion", hs_impact_diffusion},
    {"renewal_rates", hs_renewal_rates},
    {"simulate", hs_simulate},
    {"sensitivity", hs_sensitivity},
};

static const struct {
    const char *name;
    hs_status (*call)(const hs_network *, size_t, const char *, size_t, hs_result *, hs_error *);
} of_networks[] = {
    {"expert_root_causes", hs_expert_root_causes},
    {"pool_linkages", hs_pool_linkages},
    {"compare_maps", hs_compare_maps},
};

static const struct {
    const char *name;
    hs_status (*call)(hs_assessment, const char *, size_t, hs_result *, hs_error *);
} of_assessment[] = {
    {"criticality", hs_criticality},
    {"phases", hs_phases},
    {"externalities", hs_externalities},
    {"harm_register", hs_harm_register},
    {"policy_coherence", hs_policy_coherence},
    {"portfolio", hs_portfolio},
    {"synergies", hs_synergies},
    {"seven_questions", hs_seven_questions},
    {"pillar_balance", hs_pillar_balance},
    {"pillar_gaps", hs_pillar_gaps},
    {"intersections", hs_intersections},
    {"perception_gaps", hs_perception_gaps},
    {"agreement", hs_agreement},
    {"consensus", hs_consensus},
    {"mismatch", hs_mismatch},
    {"reliability", hs_reliability},
    {"problem_definitions", hs_problem_definitions},
    {"principles", hs_principles},
    {"phase_gates", hs_phase_gates},
    {"gender_gaps", hs_gender_gaps},
    {"vital_core", hs_vital_core},
    {"chronic_and_sudden", hs_chronic_and_sudden},
    {"story_coding", hs_story_coding},
    {"action_plan", hs_action_plan},
    {"stakeholders", hs_stakeholders},
    {"independence", hs_independence},
    {"shared_indicators", hs_shared_indicators},
    {"participation", hs_participation},
    {"programme_stages", hs_programme_stages},
    {"representativeness", hs_representativeness},
    {"local_ownership", hs_local_ownership},
    {"relevance", hs_relevance},
    {"screens", hs_screens},
    {"capacity_profile", hs_capacity_profile},
    {"security_infrastructure", hs_security_infrastructure},
    {"matrix", hs_matrix},
    {"explain", hs_explain},
};

#define LENGTH(list) (sizeof list / sizeof list[0])

static hs_network network_of(const struct map *map) {
    hs_network network = {0};
    int bare = map->low == NULL;
    for (size_t edge = 0; edge < map->edges; edge++) bare = bare && !isnan(map->weight[edge]);
    if (bare) {
        OK(hs_network_from_named_edges(map->nodes, map->names, map->edges, map->source, map->target, map->weight, map->lag, &network, &why));
    } else {
        OK(hs_network_from_links(map->nodes, map->names, map->edges, map->source, map->target, map->weight, map->lag, map->low, map->high,
                                 NULL, &network, &why));
    }
    return network;
}

static int near(double found, double wanted, double tolerance) {
    return isnan(wanted) ? isnan(found) : fabs(found - wanted) <= tolerance;
}

/* The same state on the caller's buffers, and how the run ended. */
static void on_buffers(const struct answer *answer, hs_network network, const double *wanted, size_t nodes) {
    hs_propagation info;
    double none = 0.0, *state = nodes == 0 ? &none : calloc(nodes, sizeof *state);
    OK(hs_propagate(network, answer->settings, strlen(answer->settings), NULL, NULL, state, nodes, &info, &why));
    TRUE(memcmp(wanted, state, nodes * sizeof *state) == 0, "the same by both ways");
    if (answer->status != NULL) TRUE(strcmp(words[info.status], answer->status) == 0, answer->name);
    if (answer->iterations >= 0) TRUE(info.iterations == (uint64_t)answer->iterations, answer->name);
    if (answer->period >= 0) TRUE(info.period == (uint64_t)answer->period, answer->name);
    if (nodes > 0) free(state);
}

static void array(const struct answer *answer, const struct check *check, hs_result result) {
    const double *data = NULL;
    const size_t *shape = NULL;
    size_t axes = 0, length = 1;
    double norm = 1.0;
    int direction = strcmp(check->kind, "direction") == 0;
    OK(hs_result_array(result, direction ? "state" : check->name, &data, &shape, &axes, &why));
    if (data == NULL) return;
    for (size_t axis = 0; axis < axes; axis++) length *= shape[axis];
    TRUE(length == (size_t)check->count, answer->name);
    if (direction) {
        norm = 0.0;
        for (size_t i = 0; i < length; i++) norm += data[i] * data[i];
        norm = sqrt(norm);
    }
    for (size_t i = 0; i < length && i < (size_t)check->count; i++) {
        TRUE(near(data[i] / norm, check->numbers[i], answer->tolerance), answer->name);
    }
}

static void column(const struct answer *answer, const struct check *check, hs_result result, const char *main_table) {
    struct table table = read_table(result, check->table == NULL ? main_table : check->table);
    TRUE(table.batch.length == check->count, answer->name);
    for (int64_t row = 0; row < check->count && row < table.batch.length; row++) {
        if (check->numbers != NULL) TRUE(near(number_at(&table, check->name, row), check->numbers[row], answer->tolerance), answer->name);
        if (check->texts != NULL) TRUE(reads_as(&table, check->name, row, check->texts[row]), answer->name);
    }
    release_table(&table);
}

static void compare(const struct answer *answer, hs_result result, const hs_network *networks) {
    hs_text names, facts;
    const char *list = "", *end, *text = "";
    char main_table[128] = "";
    size_t length = 0;
    OK(hs_result_tables(result, &names, &why));
    if (hs_text_data(names, &list, &length) == HS_OK && length > 2 && (end = strchr(list + 2, '"')) != NULL) {
        snprintf(main_table, sizeof main_table, "%.*s", (int)(end - list - 2), list + 2);
    }
    for (const struct check *check = answer->checks; check->kind != NULL; check++) {
        if (strcmp(check->kind, "column") == 0) column(answer, check, result, main_table);
        else array(answer, check, result);
    }
    if (strcmp(answer->analysis, "propagate") == 0) {
        const double *state = NULL;
        const size_t *shape = NULL;
        size_t axes = 0;
        OK(hs_result_array(result, "state", &state, &shape, &axes, &why));
        if (state != NULL) on_buffers(answer, networks[0], state, shape[0]);
    }
    OK(hs_result_facts(result, &facts, &why));
    if (hs_text_data(facts, &text, &length) == HS_OK) printf("%s\t%s\n", answer->name, text);
    OK(hs_text_free(facts));
    OK(hs_text_free(names));
}

static void met(const struct answer *answer) {
    hs_network networks[16] = {{0}};
    hs_result result = {0};
    size_t length = strlen(answer->settings);
    int found = 0;
    TRUE(answer->count <= LENGTH(networks), answer->name);
    for (size_t i = 0; i < answer->count && i < LENGTH(networks); i++) networks[i] = network_of(&answer->maps[i]);
    for (size_t i = 0; i < LENGTH(of_network); i++) {
        if (strcmp(of_network[i].name, answer->analysis) != 0) continue;
        found = 1;
        OK(of_network[i].call(networks[0], answer->settings, length, &result, &why));
    }
    for (size_t i = 0; i < LENGTH(of_networks); i++) {
        if (strcmp(of_networks[i].name, answer->analysis) != 0) continue;
        found = 1;
        OK(of_networks[i].call(networks, answer->count, answer->settings, length, &result, &why));
    }
    TRUE(found, answer->analysis);
    if (result.id != 0) {
        compare(answer, result, networks);
        OK(hs_result_free(result));
    }
    for (size_t i = 0; i < answer->count && i < LENGTH(networks); i++) OK(hs_network_free(networks[i]));
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
    }
    for (size_t i = 0; i < LENGTH(of_assessment); i++) {
        if (strcmp(known->analysis, of_assessment[i].name) == 0) OK(of_assessment[i].call(assessment, known->settings, length, &result, &why));
    }
    struct table table = read_table(result, known->table);
    TRUE(table.batch.length == known->rows, known->name);
    for (int64_t row = 0; row < known->rows && row < table.batch.length; row++) {
        double found = number_at(&table, known->column, row), wanted = known->values[row];
        TRUE(near(found, wanted, known->tolerance), known->name);
    }
    release_table(&table);
    OK(hs_result_free(result));
    OK(hs_assessment_free(assessment));
}

/* Thousands of runs, met where valgrind does not look on; the same code runs under it on the smaller cases of sensitivity. */
static const char long_run[] = "sensitivity/fuzzy_cognitive_map_salib";

int main(void) {
    int memory = getenv("HS_TEST_MEMORY") != NULL;
    for (size_t i = 0; i < LENGTH(answers); i++) {
        if (!memory || strcmp(answers[i].name, long_run) != 0) met(&answers[i]);
    }
    for (size_t i = 0; i < LENGTH(situations); i++) told(&situations[i]);
    return finish(0);
}
