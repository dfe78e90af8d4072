/* The known answers on people's data, streamed column by column, and on grids of numbers. */
#include "columns.h"
#include "stream.h"

/* What must be found: a column of a table, or an array where there is no table. */
struct figure {
    const char *table, *column;
    const double *values;
    int64_t rows;
};

struct question {
    const char *name, *analysis, *settings, *assessment;
    const struct given *first;
    int64_t first_count, first_rows;
    const struct given *second;
    int64_t second_count, second_rows;
    const double *numbers;
    size_t rows, columns;
    const double *population, *previous;
    const char *const *units, *const *indicators;
    const struct figure *figures;
    double tolerance;
};

#include "people.h"

static int near(double found, double wanted, double tolerance) {
    return isnan(wanted) ? isnan(found) : fabs(found - wanted) <= tolerance;
}

static hs_status ask(const struct question *q, hs_result *result, hs_error *error) {
    struct given_table first = {q->first, q->first_count, q->first_rows, 3, 0, 0}, second = {q->second, q->second_count, q->second_rows, 2, 0, 0};
    size_t length = strlen(q->settings);
    hs_status status = HS_INTERNAL;
    struct ArrowArrayStream one, two;
    if (q->first != NULL) one = columns_stream(&first);
    if (q->second != NULL) two = columns_stream(&second);
    if (strcmp(q->analysis, "score") == 0) status = hs_score(&one, q->settings, length, result, error);
    if (strcmp(q->analysis, "score_change") == 0) status = hs_score_change(&one, &two, q->settings, length, result, error);
    if (strcmp(q->analysis, "robustness") == 0) status = hs_robustness(&one, q->settings, length, result, error);
    if (strcmp(q->analysis, "survey_mean") == 0) status = hs_survey_mean(&one, q->settings, length, result, error);
    if (strcmp(q->analysis, "years_of_individual_security") == 0) {
        status = hs_years_of_individual_security(&one, q->settings, length, result, error);
    }
    if (strcmp(q->analysis, "area_phase") == 0) status = hs_area_phase(q->numbers, q->rows, q->settings, length, result, error);
    if (strcmp(q->analysis, "intersectoral_severity") == 0) {
        status = hs_intersectoral_severity(q->numbers, q->rows, q->columns, q->settings, length, result, error);
    }
    if (strcmp(q->analysis, "people_in_need") == 0) {
        status = hs_people_in_need(q->numbers, q->rows, q->columns, q->population, q->previous, q->settings, length, result, error);
    }
    if (strcmp(q->analysis, "composite_index") == 0) {
        status = hs_composite_index(q->numbers, q->rows, q->columns, q->units, q->indicators, q->settings, length, result, error);
    }
    if (strcmp(q->analysis, "people") == 0) {
        hs_assessment situation;
        OK(hs_assessment_from_json(q->assessment, strlen(q->assessment), &situation, &why));
        status = hs_people(situation, q->first == NULL ? NULL : &one, q->settings, length, result, error);
        OK(hs_assessment_free(situation));
    }
    TRUE(first.open == 0 && second.open == 0, q->name);
    return status;
}

static void compare(const struct question *q, const struct figure *figure, hs_result result) {
    if (figure->table != NULL) {
        struct table table = read_table(result, figure->table);
        TRUE(table.batch.length == figure->rows, q->name);
        for (int64_t row = 0; row < figure->rows && row < table.batch.length; row++) {
            TRUE(near(number_at(&table, figure->column, row), figure->values[row], q->tolerance), figure->column);
        }
        release_table(&table);
    } else {
        const double *data = NULL;
        const size_t *shape = NULL;
        size_t axes = 0;
        OK(hs_result_array(result, figure->column, &data, &shape, &axes, &why));
        TRUE(axes == 1 && shape[0] == (size_t)figure->rows, q->name);
        for (int64_t row = 0; row < figure->rows; row++) TRUE(near(data[row], figure->values[row], q->tolerance), figure->column);
    }
}

int main(void) {
    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
        const struct question *q = &questions[i];
        hs_result result;
        int before = failures;
        OK(ask(q, &result, &why));
        if (failures > before) continue;
        for (const struct figure *figure = q->figures; figure->column != NULL; figure++) compare(q, figure, result);
        OK(hs_result_free(result));
        if (failures > before) fprintf(stderr, "%s\n", q->name);
    }
    return finish(0);
}
