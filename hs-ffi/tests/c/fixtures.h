/* What the misuse suite works on: one live handle of each type, and numbers that are no such handle. */
#ifndef FIXTURES_H
#define FIXTURES_H

#include "columns.h"

#define REFUSED(call, title) TRUE((call) != HS_OK, title)
#define UNTOUCHED(value, title) TRUE(memcmp(&value, &value##_was, sizeof value) == 0, title)

enum { WRONG = 12 };

static const char document[] =
    "{\"schema\": \"human-security/1\", \"id\": \"a\", \"title\": \"A\","
    " \"places\": [{\"id\": \"P\", \"name\": \"P\", \"level\": \"district\"}],"
    " \"populations\": [{\"place\": \"P\", \"persons\": 1000}],"
    " \"threats\": [{\"id\": \"hunger\", \"name\": \"Hunger\", \"component\": \"food\"},"
    "              {\"id\": \"flight\", \"name\": \"Flight\", \"component\": \"personal\"}],"
    " \"conditions\": [{\"threat\": \"hunger\", \"place\": \"P\", \"severity\": 0.6, \"prevalence\": 0.4},"
    "                 {\"threat\": \"flight\", \"place\": \"P\", \"severity\": 0.5, \"prevalence\": 0.2}],"
    " \"linkages\": [{\"id\": \"l1\", \"from\": \"hunger\", \"to\": \"flight\", \"effect\": \"feeds\", \"weight\": 0.5,"
    "                \"range\": [0.3, 0.7]}]}";

static const size_t nodes = 2, edges = 1;
static const uint32_t source[] = {0}, target[] = {1};
static const double weight[] = {0.5}, shocks[] = {0.2, 0.0};
static const size_t areas = 1, rows = 1, columns = 4;
static const double data_of_grid[] = {1.0, 2.0, 3.0, 4.0};
/* What four people say of three things. */
static const size_t raters = 4, respondents = 4, coders = 4, items = 3;
static const double ratings[] = {1.0, 2.0, 3.0, 1.0, 3.0, 2.0, 2.0, 1.0, 3.0, 1.0, 2.0, 3.0};
static const double *const answers = ratings, *const codes = ratings, *const first = ratings, *const second = ratings + 3, *const values = ratings;
static const double shares[] = {0.4, 0.3, 0.2, 0.1, 0.0}, sectors[] = {1.0, 2.0, 3.0, 4.0};
static const char *const names[] = {"hunger", "flight"};
static double state[2];
static const size_t n = 60;
static const uint64_t seed = 1;
#define SCORE \
    "{\"scheme\": {\"cutoff\": 0.5, \"indicators\": [{\"name\": \"food\", \"below\": 28}, {\"name\": \"water\", \"among\": [\"river\"]}]}," \
    " \"by\": [\"district\"], \"min_n\": 0}"
static const char people_settings[] = "{\"score\": {\"scheme\": {\"cutoff\": 0.5, \"indicators\": [{\"name\": \"food\", \"below\": 28, "
                                      "\"threat\": \"hunger\"}]}, \"min_n\": 0}, \"in_place\": \"P\"}";
static const char score_settings[] = SCORE, nested_settings[] = "{\"score\": " SCORE "}", mean_settings[] = "{\"column\": \"food\"}";

static const char explain_settings[] = "{\"threat\": \"hunger\"}";
static const char attribution_settings[] = "{\"node\": \"flight/P\"}", history[] = "{\"horizon\": 5}",
                  ends[] = "{\"source\": \"hunger\", \"target\": \"flight\"}";
static const char outcome_settings[] = "{\"outcome\": \"flight/P\", \"n\": 64}", bounds[] = "{\"bounds\": [[0, 1], [0, 2]], \"n\": 64}";
static const char network_text[] =
    "{\"nodes\": [{\"id\": \"a\"}, {\"id\": \"b\"}], \"links\": [{\"source\": \"a\", \"target\": \"b\", \"weight\": 0.5}]}";

/* Rows that every function which takes rows can read. */
static const double ages[] = {0.0, 20.0, 40.0, 60.0}, rates[] = {0.01, 0.002, 0.005, 0.05}, insecure[] = {0.5, 0.4, 0.3, 0.2};
static const double food[] = {20.0, 30.0, 10.0, 50.0}, index_of_row[] = {1.0, 2.0, 3.0, 4.0};
static const char *const water[] = {"river", "well", "well", "river"}, *const district[] = {"north", "north", "south", "south"};
static const struct given given_columns[] = {
    {"age", ages, NULL, NULL},
    {"death_rate", rates, NULL, NULL},
    {"insecure", insecure, NULL, NULL},
    {"food", food, NULL, NULL},
    {"weight", index_of_row, NULL, "l"},
    {"water", NULL, water, NULL},
    {"district", NULL, district, NULL},
};
enum { STREAMS = 4 };
static struct given_table given_tables[STREAMS];

/* A fresh stream; whatever becomes of the call, the stream must be released by it. */
static inline struct ArrowArrayStream *fresh_rows(void) {
    static struct ArrowArrayStream streams[STREAMS];
    static int given = 0;
    int at = given++ % STREAMS;
    const struct given_table table = {given_columns, 7, 4, 3, 0, given_tables[at].open};
    given_tables[at] = table;
    streams[at] = columns_stream(&given_tables[at]);
    return &streams[at];
}

static struct {
    hs_assessment assessment;
    hs_network network;
    hs_result result;
    hs_text text;
    hs_error error;
    hs_scorer scorer;
    hs_bytes bytes;
} good;

static uint64_t wrong_assessment[WRONG], wrong_network[WRONG], wrong_result[WRONG], wrong_text[WRONG], wrong_error[WRONG];
static uint64_t wrong_scorer[WRONG], wrong_bytes[WRONG];
static hs_scorer another_scorer;
static hs_network pair_of_networks[2];
static hs_assessment pair_of_assessments[2];
static const uint8_t *scorer_bytes;
static size_t scorer_length;

/* None, stale, of another type twice, small and great numbers, and neighbours of a live one. */
static void fill_wrong(uint64_t *wrong, uint64_t live, uint64_t stale, uint64_t other, uint64_t another) {
    const uint64_t numbers[WRONG] = {
        0, stale, other, another, 1, 42, UINT64_MAX, (uint64_t)(uintptr_t)&good, live + 1, live - 1, live ^ ((uint64_t)1 << 44),
        live ^ ((uint64_t)1 << 63),
    };
    memcpy(wrong, numbers, sizeof numbers);
}

/* A folder that does not exist yet. */
static inline const char *fresh_folder(void) {
    static char folder[sizeof SCRATCH + 32];
    static int given = 0;
    snprintf(folder, sizeof folder, "%s/folder-%d", SCRATCH, given++);
    return folder;
}

static inline int some_function(void *context, const double *points, size_t rows, size_t inputs, double *figures) {
    (void)context;
    for (size_t row = 0; row < rows; row++) figures[row] = points[row * inputs] + points[row * inputs + 1];
    return 0;
}

static void write_map(const char *path) {
    FILE *file = fopen(path, "w");
    TRUE(file != NULL && fputs(network_text, file) >= 0 && fclose(file) == 0, path);
}

static hs_error some_error(void) {
    hs_assessment none;
    hs_error error = {0};
    EXPECT(hs_assessment_from_json("{", 1, &none, &error), HS_SYNTAX, "a broken document");
    return error;
}

static void set_up(void) {
    hs_assessment assessment;
    hs_network network;
    hs_result result;
    hs_text text;
    hs_scorer scorer;
    hs_bytes bytes;
    hs_error broken = some_error();

    OK(hs_assessment_from_json(document, strlen(document), &good.assessment, &why));
    OK(hs_assessment_from_json(document, strlen(document), &assessment, &why));
    OK(hs_network_expand(good.assessment, NULL, 0, &good.network, &why));
    OK(hs_network_from_edges(nodes, edges, source, target, weight, NULL, &network, &why));
    OK(hs_propagate_result(good.network, NULL, 0, &good.result, &why));
    OK(hs_network_tables(network, &result, &why));
    OK(hs_result_json(good.result, &good.text, &why));
    OK(hs_result_json(good.result, &text, &why));
    OK(hs_assessment_save(good.assessment, SCRATCH "/loaded.json", NULL, &why));
    good.error = some_error();
    OK(hs_scorer_new(score_settings, strlen(score_settings), &good.scorer, &why));
    OK(hs_scorer_new(score_settings, strlen(score_settings), &another_scorer, &why));
    OK(hs_scorer_new(score_settings, strlen(score_settings), &scorer, &why));
    OK(hs_scorer_update(good.scorer, fresh_rows(), &why));
    OK(hs_scorer_bytes(good.scorer, &good.bytes, &why));
    OK(hs_scorer_bytes(good.scorer, &bytes, &why));
    OK(hs_bytes_data(good.bytes, &scorer_bytes, &scorer_length));

    pair_of_networks[0] = pair_of_networks[1] = good.network;
    pair_of_assessments[0] = pair_of_assessments[1] = good.assessment;
    write_map(SCRATCH "/map.json");

    /* Freed, and freed again. */
    EXPECT(hs_assessment_free(assessment), HS_OK, "free");
    EXPECT(hs_assessment_free(assessment), HS_HANDLE, "free twice");
    EXPECT(hs_network_free(network), HS_OK, "free");
    EXPECT(hs_network_free(network), HS_HANDLE, "free twice");
    EXPECT(hs_result_free(result), HS_OK, "free");
    EXPECT(hs_result_free(result), HS_HANDLE, "free twice");
    EXPECT(hs_text_free(text), HS_OK, "free");
    EXPECT(hs_text_free(text), HS_HANDLE, "free twice");
    EXPECT(hs_error_free(broken), HS_OK, "free");
    EXPECT(hs_error_free(broken), HS_HANDLE, "free twice");
    EXPECT(hs_scorer_free(scorer), HS_OK, "free");
    EXPECT(hs_scorer_free(scorer), HS_HANDLE, "free twice");
    EXPECT(hs_bytes_free(bytes), HS_OK, "free");
    EXPECT(hs_bytes_free(bytes), HS_HANDLE, "free twice");

    fill_wrong(wrong_assessment, good.assessment.id, assessment.id, good.network.id, good.text.id);
    fill_wrong(wrong_network, good.network.id, network.id, good.assessment.id, good.error.id);
    fill_wrong(wrong_result, good.result.id, result.id, good.network.id, good.text.id);
    fill_wrong(wrong_text, good.text.id, text.id, good.result.id, good.error.id);
    fill_wrong(wrong_error, good.error.id, broken.id, good.text.id, good.assessment.id);
    fill_wrong(wrong_scorer, good.scorer.id, scorer.id, good.result.id, good.bytes.id);
    fill_wrong(wrong_bytes, good.bytes.id, bytes.id, good.text.id, good.scorer.id);
}

/* Whatever was misused before, the good handles are as good as they were. */
static void tear_down(void) {
    for (int i = 0; i < STREAMS; i++) TRUE(given_tables[i].open == 0, "every stream was released, and all that came from it");
    EXPECT(hs_assessment_free(good.assessment), HS_OK, "tear down");
    EXPECT(hs_network_free(good.network), HS_OK, "tear down");
    EXPECT(hs_result_free(good.result), HS_OK, "tear down");
    EXPECT(hs_text_free(good.text), HS_OK, "tear down");
    EXPECT(hs_error_free(good.error), HS_OK, "tear down");
    EXPECT(hs_scorer_free(good.scorer), HS_OK, "tear down");
    EXPECT(hs_scorer_free(another_scorer), HS_OK, "tear down");
    EXPECT(hs_bytes_free(good.bytes), HS_OK, "tear down");
}

#endif
