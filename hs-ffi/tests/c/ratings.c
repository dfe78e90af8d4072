/* The known answers on ratings, answers and shares: the caller's own numbers in, facts out, which Rust compares. */
#include "check.h"

struct question {
    const char *name, *analysis, *settings;
    const double *first, *second;
    const char *const *groups;
    size_t rows, columns;
};

#include "ratings.h"

static hs_status ask(const struct question *q, hs_result *result, hs_error *why) {
    size_t length = strlen(q->settings);
    if (strcmp(q->analysis, "agreement") == 0) {
        return hs_agreement_of_ratings(q->first, q->rows, q->columns, q->settings, length, result, why);
    }
    if (strcmp(q->analysis, "consensus") == 0) {
        return hs_consensus_of_ratings(q->first, q->rows, q->columns, q->settings, length, result, why);
    }
    if (strcmp(q->analysis, "reliability") == 0) {
        return hs_reliability_of_items(q->first, q->rows, q->columns, q->settings, length, result, why);
    }
    if (strcmp(q->analysis, "compare_ratings") == 0) {
        return hs_compare_ratings(q->first, q->second, q->rows, q->settings, length, result, why);
    }
    if (strcmp(q->analysis, "krippendorff_alpha") == 0) {
        return hs_krippendorff_alpha(q->first, q->rows, q->columns, q->settings, length, result, why);
    }
    if (strcmp(q->analysis, "inequality") == 0) {
        return hs_inequality(q->first, q->second, q->groups, q->rows, q->settings, length, result, why);
    }
    return HS_INTERNAL;
}

int main(void) {
    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
        const struct question *q = &questions[i];
        hs_result result;
        hs_text facts;
        const char *text = "";
        size_t length = 0;
        int before = failures;
        OK(ask(q, &result, &why));
        if (failures > before) {
            fprintf(stderr, "%s\n", q->name);
            continue;
        }
        OK(hs_result_facts(result, &facts, &why));
        if (hs_text_data(facts, &text, &length) == HS_OK) printf("%s\t%s\n", q->name, text);
        OK(hs_text_free(facts));
        OK(hs_result_free(result));
    }
    return finish(0);
}
