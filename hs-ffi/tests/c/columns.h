/* Columns of numbers and texts as an Arrow stream: what a C program writes to hand its own rows over. */
#ifndef COLUMNS_H
#define COLUMNS_H

#include "check.h"

/* A column: numbers (NAN is missing) or texts (NULL is missing). Numbers are handed over as they are where format is NULL, as whole numbers
 * where it is "l", as yes and no where it is "b". */
struct given {
    const char *name;
    const double *numbers;
    const char *const *texts;
    const char *format;
};

/* A table that is streamed in batches; `open` counts what was handed out and is not released yet. */
struct given_table {
    const struct given *columns;
    int64_t count, rows, batch, next;
    int open;
};

/* Memory of one array or schema and of its children. */
struct held {
    struct given_table *table;
    struct ArrowArray *arrays, **array_list;
    struct ArrowSchema *schemas, **schema_list;
    const void **buffers;
    void **memory;
    int64_t pieces;
};

static inline void let_go(struct held *held) {
    for (int64_t i = 0; i < held->pieces; i++) free(held->memory[i]);
    held->table->open--;
    free(held->memory);
    free(held->buffers);
    free(held->arrays);
    free(held->array_list);
    free(held->schemas);
    free(held->schema_list);
    free(held);
}

static inline void columns_release_array(struct ArrowArray *array) {
    if (array->private_data != NULL) let_go(array->private_data);
    array->release = NULL;
}

static inline void columns_release_schema(struct ArrowSchema *schema) {
    if (schema->private_data != NULL) let_go(schema->private_data);
    schema->release = NULL;
}

static inline int columns_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
    struct given_table *table = stream->private_data;
    struct held *held = calloc(1, sizeof *held);
    held->table = table;
    held->schemas = calloc((size_t)table->count, sizeof *held->schemas);
    held->schema_list = calloc((size_t)table->count, sizeof *held->schema_list);
    memset(out, 0, sizeof *out);
    for (int64_t i = 0; i < table->count; i++) {
        held->schemas[i].format = table->columns[i].texts != NULL ? "u" : table->columns[i].format != NULL ? table->columns[i].format : "g";
        held->schemas[i].name = table->columns[i].name;
        held->schemas[i].flags = ARROW_FLAG_NULLABLE;
        held->schemas[i].release = columns_release_schema;
        held->schema_list[i] = &held->schemas[i];
    }
    out->format = "+s";
    out->name = "";
    out->n_children = table->count;
    out->children = held->schema_list;
    out->release = columns_release_schema;
    out->private_data = held;
    table->open++;
    return 0;
}

static inline void *piece(struct held *held, size_t size) { return held->memory[held->pieces++] = calloc(size == 0 ? 1 : size, 1); }

static inline int columns_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
    struct given_table *table = stream->private_data;
    int64_t rows = table->rows - table->next;
    struct held *held;
    memset(out, 0, sizeof *out);
    if (rows <= 0) return 0;
    if (rows > table->batch) rows = table->batch;
    held = calloc(1, sizeof *held);
    held->table = table;
    held->arrays = calloc((size_t)table->count, sizeof *held->arrays);
    held->array_list = calloc((size_t)table->count, sizeof *held->array_list);
    held->buffers = calloc((size_t)(3 * table->count + 1), sizeof *held->buffers);
    held->memory = calloc((size_t)(3 * table->count), sizeof *held->memory);
    for (int64_t i = 0; i < table->count; i++) {
        const struct given *column = &table->columns[i];
        const void **buffers = &held->buffers[3 * i];
        unsigned char *known = piece(held, (size_t)rows / 8 + 1);
        struct ArrowArray *array = &held->arrays[i];
        buffers[0] = known;
        array->length = rows;
        array->n_buffers = column->texts != NULL ? 3 : 2;
        array->buffers = buffers;
        array->release = columns_release_array;
        held->array_list[i] = array;
        if (column->texts != NULL) {
            const char *const *texts = &column->texts[table->next];
            int32_t *offsets = piece(held, (size_t)(rows + 1) * sizeof *offsets);
            char *bytes;
            for (int64_t row = 0; row < rows; row++) offsets[row + 1] = offsets[row] + (texts[row] == NULL ? 0 : (int32_t)strlen(texts[row]));
            bytes = piece(held, (size_t)offsets[rows]);
            for (int64_t row = 0; row < rows; row++) {
                if (texts[row] == NULL) array->null_count++;
                else memcpy(bytes + offsets[row], texts[row], strlen(texts[row])), known[row / 8] = (unsigned char)(known[row / 8] | 1 << row % 8);
            }
            buffers[1] = offsets;
            buffers[2] = bytes;
        } else {
            const double *numbers = &column->numbers[table->next];
            char format = column->format == NULL ? 'g' : column->format[0];
            void *copy = piece(held, (size_t)rows * sizeof *numbers);
            for (int64_t row = 0; row < rows; row++) {
                unsigned char bit = (unsigned char)(1 << row % 8);
                if (format == 'g') ((double *)copy)[row] = numbers[row];
                if (isnan(numbers[row])) {
                    array->null_count++;
                    continue;
                }
                if (format == 'l') ((int64_t *)copy)[row] = (int64_t)numbers[row];
                if (format == 'b' && numbers[row] != 0.0) ((unsigned char *)copy)[row / 8] |= bit;
                known[row / 8] |= bit;
            }
            buffers[1] = copy;
        }
    }
    out->length = rows;
    out->n_buffers = 1;
    out->buffers = &held->buffers[3 * table->count];
    out->n_children = table->count;
    out->children = held->array_list;
    out->release = columns_release_array;
    out->private_data = held;
    table->next += rows;
    table->open++;
    return 0;
}

static inline const char *columns_error(struct ArrowArrayStream *stream) {
    (void)stream;
    return NULL;
}

static inline void columns_release(struct ArrowArrayStream *stream) {
    ((struct given_table *)stream->private_data)->open--;
    stream->release = NULL;
}

/* The table from its first row on. */
static inline struct ArrowArrayStream columns_stream(struct given_table *table) {
    struct ArrowArrayStream stream = {columns_schema, columns_next, columns_error, columns_release, table};
    table->next = 0;
    table->open++;
    return stream;
}

#endif
