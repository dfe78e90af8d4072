/* A small reader of Arrow streams: text and number columns of one batch. */
#ifndef STREAM_H
#define STREAM_H

#include "check.h"

/* A table read whole: the schema and the one batch of a stream. */
struct table {
    struct ArrowSchema schema;
    struct ArrowArray batch;
};

static inline struct table read_table(hs_result result, const char *name) {
    struct table table;
    struct ArrowArrayStream stream;
    struct ArrowArray end;
    memset(&table, 0, sizeof table);
    memset(&stream, 0, sizeof stream);
    OK(hs_result_table(result, name, &stream, &why));
    if (stream.release == NULL) return table;
    TRUE(stream.get_schema(&stream, &table.schema) == 0, "a schema");
    TRUE(stream.get_next(&stream, &table.batch) == 0 && table.batch.release != NULL, "a batch");
    TRUE(stream.get_next(&stream, &end) == 0 && end.release == NULL, "one batch only");
    stream.release(&stream);
    TRUE(stream.release == NULL, "released");
    return table;
}

static inline void release_table(struct table *table) {
    if (table->batch.release != NULL) table->batch.release(&table->batch);
    if (table->schema.release != NULL) table->schema.release(&table->schema);
}

static inline int64_t column_of(const struct table *table, const char *name) {
    for (int64_t i = 0; i < table->schema.n_children; i++) {
        if (strcmp(table->schema.children[i]->name, name) == 0) return i;
    }
    return -1;
}

static inline int is_missing(const struct ArrowArray *column, int64_t row) {
    const unsigned char *valid = column->buffers[0];
    int64_t at = row + column->offset;
    return valid != NULL && (valid[at / 8] >> (at % 8) & 1) == 0;
}

/* A number cell; NAN where it is missing or no number column has that name. */
static inline double number_at(const struct table *table, const char *name, int64_t row) {
    int64_t at = column_of(table, name);
    const struct ArrowArray *column;
    if (at < 0) return (double)NAN;
    column = table->batch.children[at];
    if (is_missing(column, row)) return (double)NAN;
    if (strcmp(table->schema.children[at]->format, "l") == 0) return (double)((const int64_t *)column->buffers[1])[row + column->offset];
    if (strcmp(table->schema.children[at]->format, "g") == 0) return ((const double *)column->buffers[1])[row + column->offset];
    return (double)NAN;
}

/* Whether a text cell is that text. */
static inline int text_is(const struct table *table, const char *name, int64_t row, const char *wanted) {
    int64_t at = column_of(table, name);
    const struct ArrowArray *column;
    const int32_t *offsets;
    size_t length;
    if (at < 0 || strcmp(table->schema.children[at]->format, "u") != 0) return 0;
    column = table->batch.children[at];
    if (is_missing(column, row)) return wanted == NULL;
    offsets = (const int32_t *)column->buffers[1] + column->offset + row;
    length = (size_t)(offsets[1] - offsets[0]);
    return wanted != NULL && strlen(wanted) == length && memcmp((const char *)column->buffers[2] + offsets[0], wanted, length) == 0;
}

/* A text, a yes or no, or a list of texts or numbers as one text: lists with a space after each item. NULL is a missing one. */
static inline int reads_as(const struct table *table, const char *name, int64_t row, const char *wanted) {
    int64_t at = column_of(table, name);
    const struct ArrowArray *column, *items;
    const char *format, *item_format;
    char text[4096] = "";
    size_t length = 0;
    if (at < 0) return 0;
    column = table->batch.children[at];
    format = table->schema.children[at]->format;
    if (strcmp(format, "u") == 0) return text_is(table, name, row, wanted);
    if (is_missing(column, row)) return wanted == NULL;
    if (wanted == NULL) return 0;
    row += column->offset;
    if (strcmp(format, "b") == 0) {
        int yes = ((const unsigned char *)column->buffers[1])[row / 8] >> (row % 8) & 1;
        return strcmp(wanted, yes ? "true" : "false") == 0;
    }
    if (strcmp(format, "+l") != 0) return 0;
    items = column->children[0];
    item_format = table->schema.children[at]->children[0]->format;
    for (int32_t i = ((const int32_t *)column->buffers[1])[row]; i < ((const int32_t *)column->buffers[1])[row + 1]; i++) {
        int64_t item = i + items->offset;
        if (strcmp(item_format, "u") == 0) {
            const int32_t *ends = (const int32_t *)items->buffers[1] + item;
            length += (size_t)snprintf(text + length, sizeof text - length, "%.*s ", (int)(ends[1] - ends[0]),
                                       (const char *)items->buffers[2] + ends[0]);
        } else {
            length += (size_t)snprintf(text + length, sizeof text - length, "%g ", ((const double *)items->buffers[1])[item]);
        }
        if (length >= sizeof text) return 0;
    }
    return strcmp(text, wanted) == 0;
}

#endif
