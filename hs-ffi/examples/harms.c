/* Loads a case, asks what each intervention does beyond its target, and prints whom it may harm.
 *
 *     cc harms.c $(pkg-config --cflags --libs hs) -o harms
 *     ./harms ituri            # an embedded case
 *     ./harms situation.json   # a file of human-security/1, or the folder of a data package
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hs.h>

/* Stops with the message and the problems of a call that failed. */
static void check(hs_status status, hs_error error) {
    const char *message = "", *problems = "";
    size_t length;
    if (status == HS_OK) return;
    hs_error_message(error, &message, &length);
    hs_error_problems(error, &problems, &length);
    fprintf(stderr, "%s: %s\n%s\n", hs_status_word((int32_t)status), message, problems);
    hs_error_free(error);
    exit(1);
}

/* A column of an Arrow batch by its name, or NULL. */
static const struct ArrowArray *column(const struct ArrowSchema *schema, const struct ArrowArray *batch, const char *name) {
    for (int64_t i = 0; i < schema->n_children; i++) {
        if (strcmp(schema->children[i]->name, name) == 0) return batch->children[i];
    }
    return NULL;
}

static int missing(const struct ArrowArray *array, int64_t row) {
    const unsigned char *valid = array->buffers[0];
    int64_t at = row + array->offset;
    return valid != NULL && (valid[at / 8] >> (at % 8) & 1) == 0;
}

static void print_text(const struct ArrowArray *array, int64_t row, int width) {
    const int32_t *offsets = array == NULL ? NULL : (const int32_t *)array->buffers[1] + array->offset + row;
    if (array == NULL || missing(array, row)) printf("%-*s  ", width, "-");
    else printf("%-*.*s  ", width, (int)(offsets[1] - offsets[0]), (const char *)array->buffers[2] + offsets[0]);
}

static void print_number(const struct ArrowArray *array, int64_t row, const char *format) {
    if (array == NULL || missing(array, row)) printf("%10s  ", "unknown");
    else printf(format, ((const double *)array->buffers[1])[row + array->offset]);
}

int main(int count, char **arguments) {
    const char *wanted = count > 1 ? arguments[1] : "ituri";
    hs_assessment assessment;
    hs_result result;
    hs_error error = {0};
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;

    if (strpbrk(wanted, "./") != NULL) check(hs_assessment_load(wanted, NULL, &assessment, &error), error);
    else check(hs_example(wanted, &assessment, &error), error);
    check(hs_externalities(assessment, NULL, 0, &result, &error), error);
    check(hs_result_table(result, "harms", &stream, &error), error);

    if (stream.get_schema(&stream, &schema) != 0) return 1;
    printf("%-28s  %-26s  %-12s  %-12s  %10s  %10s\n", "intervention", "threat made worse", "place", "group", "change", "persons");
    for (;;) {
        struct ArrowArray batch;
        if (stream.get_next(&stream, &batch) != 0) {
            fprintf(stderr, "%s\n", stream.get_last_error(&stream));
            return 1;
        }
        if (batch.release == NULL) break;
        for (int64_t row = 0; row < batch.length; row++) {
            print_text(column(&schema, &batch, "intervention"), row, 28);
            print_text(column(&schema, &batch, "threat"), row, 26);
            print_text(column(&schema, &batch, "place"), row, 12);
            print_text(column(&schema, &batch, "group"), row, 12);
            print_number(column(&schema, &batch, "change"), row, "%+10.3f  ");
            print_number(column(&schema, &batch, "persons"), row, "%10.0f");
            printf("\n");
        }
        batch.release(&batch);
    }
    schema.release(&schema);
    stream.release(&stream);
    hs_result_free(result);
    hs_assessment_free(assessment);
    return 0;
}
