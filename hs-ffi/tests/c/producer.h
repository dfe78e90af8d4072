/* A producer of Arrow streams made by hand: households of a small survey, honest or lying, whose memory is counted. */
#ifndef PRODUCER_H
#define PRODUCER_H

#include "check.h"

enum { COLUMNS = 6 };

/* What a producer lies about, in its batch `at` where it is not the schema or the stream. */
enum lie {
    HONEST,
    NEGATIVE_LENGTH,
    MORE_ROWS_THAN_COLUMNS,
    NEGATIVE_OFFSET,
    OFFSET_PAST_THE_END,
    MISSING_MISCOUNTED,
    MISSING_UNMARKED,
    OFFSETS_GO_BACK,
    OFFSET_NEGATIVE,
    NOT_UTF8,
    KEY_OUT_OF_BOUNDS,
    FEWER_COLUMNS,
    COLUMN_NOT_THERE,
    BUFFERS_NOT_THERE,
    NUMBERS_NOT_THERE,
    ANOTHER_SHAPE,
    ROW_MISSING_AS_A_WHOLE,
    SCHEMA_RELEASED,
    SCHEMA_WITHOUT_FORMAT,
    SCHEMA_IN_ITSELF,
    SCHEMA_OF_ONE_COLUMN,
    SCHEMA_FAILS,
    NEXT_FAILS,
    NO_FUNCTIONS,
    LIES
};

/* One survey: `rows` households in batches of `batch`, from household `first` on. */
struct producer {
    size_t rows, batch, first;
    enum lie lie;
    size_t at;
    /* filled as it goes */
    size_t given, batches;
    int live, releases;
};

static const char *const column_names[COLUMNS] = {"district", "food", "water", "sick", "weight", "psu"};
static const char *const column_formats[COLUMNS] = {"u", "g", "c", "b", "g", "l"};

/* One batch: all it points to, in one piece of memory. */
struct batch {
    struct producer *producer;
    struct ArrowArray columns[COLUMNS], words;
    struct ArrowArray *children[COLUMNS];
    const void *table_buffers[1], *buffers[COLUMNS][3], *word_buffers[3];
    char *text;
    int32_t *offsets;
    double *food, *weight;
    int64_t *psu;
    int8_t *water;
    unsigned char *sick, *known;
};

static const char words_text[] = "rivertapwell";
static const int32_t words_offsets[] = {0, 5, 8, 12};
static const unsigned char no_row[] = {0xfe, 0xff, 0xff, 0xff};

static inline void release_part(struct ArrowArray *array) { array->release = NULL; }

static inline void release_batch(struct ArrowArray *array) {
    struct batch *batch = array->private_data;
    batch->producer->live--;
    free(batch->text);
    free(batch->offsets);
    free(batch->food);
    free(batch->weight);
    free(batch->psu);
    free(batch->water);
    free(batch->sick);
    free(batch->known);
    free(batch);
    array->release = NULL;
}

static inline struct ArrowArray part(int64_t length, int64_t missing, int64_t count, const void **buffers) {
    struct ArrowArray array;
    memset(&array, 0, sizeof array);
    array.length = length;
    array.null_count = missing;
    array.n_buffers = count;
    array.buffers = buffers;
    array.release = release_part;
    return array;
}

/* Changes a batch that is finished into one that lies. */
static inline void lie_in(struct ArrowArray *table, struct batch *batch, enum lie lie) {
    switch (lie) {
    case NEGATIVE_LENGTH: batch->columns[1].length = -1; break;
    case MORE_ROWS_THAN_COLUMNS: table->length += 1; break;
    case NEGATIVE_OFFSET: batch->columns[0].offset = -2; break;
    case OFFSET_PAST_THE_END: table->offset = table->length; break;
    case MISSING_MISCOUNTED: batch->columns[1].null_count = 0; break;
    case MISSING_UNMARKED: batch->columns[4].null_count = 1; break;
    case OFFSETS_GO_BACK: batch->offsets[1] = batch->offsets[table->length]; break;
    case OFFSET_NEGATIVE: batch->offsets[table->length] = -1; break;
    case NOT_UTF8: batch->text[0] = (char)0xff; break;
    case KEY_OUT_OF_BOUNDS: batch->water[0] = 3; break;
    case FEWER_COLUMNS: table->n_children = COLUMNS - 1; break;
    case COLUMN_NOT_THERE: batch->children[3] = NULL; break;
    case BUFFERS_NOT_THERE: batch->columns[1].buffers = NULL; break;
    case NUMBERS_NOT_THERE: batch->buffers[1][1] = NULL; break;
    case ANOTHER_SHAPE: batch->children[0] = &batch->columns[1]; break;
    case ROW_MISSING_AS_A_WHOLE:
        batch->table_buffers[0] = no_row;
        table->null_count = 1;
        break;
    default: break;
    }
}

static inline int producer_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
    struct producer *producer = stream->private_data;
    size_t rows = producer->rows - producer->given, at = 0;
    struct batch *batch;
    int64_t missing = 0;
    if (rows > producer->batch) rows = producer->batch;
    if (producer->lie == NEXT_FAILS && producer->batches == producer->at) {
        memset(out, 0x5a, sizeof *out); /* what a call that failed leaves behind is nobody's */
        return 5;
    }
    memset(out, 0, sizeof *out);
    if (rows == 0) return 0;
    batch = calloc(1, sizeof *batch);
    batch->producer = producer;
    batch->text = malloc(rows * 5);
    batch->offsets = malloc((rows + 1) * sizeof *batch->offsets);
    batch->food = malloc(rows * sizeof *batch->food);
    batch->weight = malloc(rows * sizeof *batch->weight);
    batch->psu = malloc(rows * sizeof *batch->psu);
    batch->water = malloc(rows);
    batch->sick = calloc(rows / 8 + 1, 1);
    batch->known = calloc(rows / 8 + 1, 1);
    batch->offsets[0] = 0;
    for (size_t i = 0; i < rows; i++, at++) {
        size_t household = producer->first + producer->given + i;
        memcpy(batch->text + 5 * i, household / 4 % 2 == 0 ? "north" : "south", 5);
        batch->offsets[i + 1] = (int32_t)(5 * (i + 1));
        batch->food[i] = (double)(household % 7) * 10.0;
        batch->weight[i] = 1.0 + (double)(household % 3);
        batch->psu[i] = (int64_t)(household / 2);
        batch->water[i] = (int8_t)(household % 3);
        if (household % 2 == 0) batch->sick[i / 8] = (unsigned char)(batch->sick[i / 8] | 1 << i % 8);
        if (household % 5 != 4) batch->known[i / 8] = (unsigned char)(batch->known[i / 8] | 1 << i % 8);
        else missing++;
    }
    const void *const contents[COLUMNS] = {batch->offsets, batch->food, batch->water, batch->sick, batch->weight, batch->psu};
    for (size_t i = 0; i < COLUMNS; i++) {
        batch->buffers[i][1] = contents[i];
        batch->columns[i] = part((int64_t)rows, 0, 2, batch->buffers[i]);
        batch->children[i] = &batch->columns[i];
    }
    batch->buffers[0][2] = batch->text;
    batch->columns[0].n_buffers = 3;
    batch->buffers[1][0] = batch->known;
    batch->columns[1].null_count = missing;
    batch->word_buffers[1] = words_offsets;
    batch->word_buffers[2] = words_text;
    batch->words = part(3, 0, 3, batch->word_buffers);
    batch->columns[2].dictionary = &batch->words;
    *out = part((int64_t)rows, 0, 1, batch->table_buffers);
    out->n_children = COLUMNS;
    out->children = batch->children;
    out->release = release_batch;
    out->private_data = batch;
    if (producer->batches == producer->at) lie_in(out, batch, producer->lie);
    producer->live++;
    producer->given += rows;
    producer->batches++;
    return 0;
}

/* A schema: the columns follow the table in one piece of memory. */
struct layout {
    struct producer *producer;
    struct ArrowSchema columns[COLUMNS], words;
    struct ArrowSchema *children[COLUMNS];
};

static inline void release_column(struct ArrowSchema *schema) { schema->release = NULL; }

static inline void release_layout(struct ArrowSchema *schema) {
    struct layout *layout = schema->private_data;
    layout->producer->live--;
    free(layout);
    schema->release = NULL;
}

static inline int producer_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
    struct producer *producer = stream->private_data;
    struct layout *layout;
    if (producer->lie == SCHEMA_FAILS) {
        memset(out, 0x5a, sizeof *out);
        return 5;
    }
    memset(out, 0, sizeof *out);
    if (producer->lie == SCHEMA_RELEASED) return 0;
    layout = calloc(1, sizeof *layout);
    layout->producer = producer;
    for (size_t i = 0; i < COLUMNS; i++) {
        layout->columns[i].format = column_formats[i];
        layout->columns[i].name = column_names[i];
        layout->columns[i].flags = ARROW_FLAG_NULLABLE;
        layout->columns[i].release = release_column;
        layout->children[i] = &layout->columns[i];
    }
    layout->words.format = "u";
    layout->words.release = release_column;
    layout->columns[2].dictionary = &layout->words;
    out->format = "+s";
    out->n_children = COLUMNS;
    out->children = layout->children;
    out->release = release_layout;
    out->private_data = layout;
    if (producer->lie == SCHEMA_WITHOUT_FORMAT) layout->columns[1].format = NULL;
    if (producer->lie == SCHEMA_OF_ONE_COLUMN) out->format = "g";
    if (producer->lie == SCHEMA_IN_ITSELF) {
        layout->columns[1].format = "+s";
        layout->columns[1].n_children = COLUMNS;
        layout->columns[1].children = layout->children;
    }
    producer->live++;
    return 0;
}

static inline const char *producer_error(struct ArrowArrayStream *stream) {
    (void)stream;
    return "the disk is gone";
}

static inline void producer_release(struct ArrowArrayStream *stream) {
    struct producer *producer = stream->private_data;
    producer->live--;
    producer->releases++;
    stream->release = NULL;
}

static inline struct ArrowArrayStream stream_of(struct producer *producer) {
    struct ArrowArrayStream stream = {producer_schema, producer_next, producer_error, producer_release, producer};
    if (producer->lie == NO_FUNCTIONS) stream.get_next = NULL;
    producer->given = producer->batches = 0;
    producer->live++;
    return stream;
}

/* A producer of honest rows. */
static inline struct producer honest(size_t rows, size_t batch) {
    struct producer producer;
    memset(&producer, 0, sizeof producer);
    producer.rows = rows;
    producer.batch = batch;
    return producer;
}

#endif
