/* Scorers: fed bit by bit, from many threads, merged, carried as bytes, stopped. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>

#include "producer.h"

static const char settings[] =
    "{\"scheme\": {\"cutoff\": 0.5, \"indicators\": [{\"name\": \"food\", \"below\": 28}, {\"name\": \"water\", \"among\": [\"river\"]}]},"
    " \"by\": [\"district\"], \"weight\": \"weight\", \"cluster\": \"psu\", \"min_n\": 0}";

static hs_scorer scorer(void) {
    hs_scorer made;
    OK(hs_scorer_new(settings, strlen(settings), &made, &why));
    return made;
}

static hs_status feed(hs_scorer scorer, size_t first, size_t rows, size_t batch) {
    struct producer producer = honest(rows, batch);
    struct ArrowArrayStream stream;
    hs_status status;
    producer.first = first;
    stream = stream_of(&producer);
    status = hs_scorer_update(scorer, &stream, NULL);
    if (stream.release != NULL || producer.live != 0 || producer.releases != 1) return HS_INTERNAL;
    return status;
}

/* All that a scorer says, as text the caller frees. */
static char *said(hs_scorer scorer) {
    hs_result result;
    hs_text text;
    const char *data = "";
    size_t length = 0;
    char *copy;
    OK(hs_scorer_finish(scorer, &result, &why));
    OK(hs_result_json(result, &text, &why));
    OK(hs_text_data(text, &data, &length));
    copy = malloc(length + 1);
    memcpy(copy, data, length + 1);
    OK(hs_text_free(text));
    OK(hs_result_free(result));
    return copy;
}

static void same(hs_scorer scorer, const char *wanted, const char *title) {
    char *found = said(scorer);
    TRUE(strcmp(found, wanted) == 0, title);
    free(found);
}

static char *whole(void) {
    hs_scorer one = scorer();
    char *wanted;
    EXPECT(feed(one, 0, 60, 60), HS_OK, "rows are taken in");
    wanted = said(one);
    same(one, wanted, "finished again");
    OK(hs_scorer_free(one));
    return wanted;
}

static void bit_by_bit(const char *wanted) {
    hs_scorer parts = scorer(), left = scorer(), right = scorer(), copy;
    hs_bytes bytes;
    const uint8_t *data = NULL;
    size_t length = 0;
    EXPECT(feed(parts, 40, 20, 3), HS_OK, "rows are taken in");
    EXPECT(feed(parts, 0, 40, 7), HS_OK, "rows are taken in");
    same(parts, wanted, "order and batches change no bit");

    EXPECT(feed(left, 0, 25, 25), HS_OK, "rows are taken in");
    EXPECT(feed(right, 25, 35, 10), HS_OK, "rows are taken in");
    OK(hs_scorer_merge(left, right, &why));
    same(left, wanted, "merged");
    EXPECT(hs_scorer_merge(left, left, NULL), HS_ARGUMENT, "a scorer is not merged into itself");
    same(left, wanted, "and stays as it was");

    OK(hs_scorer_bytes(right, &bytes, &why));
    OK(hs_bytes_data(bytes, &data, &length));
    OK(hs_scorer_from_bytes(data, length, &copy, &why));
    EXPECT(feed(copy, 0, 25, 4), HS_OK, "rows are taken in");
    same(copy, wanted, "carried as bytes");
    for (size_t cut = 0; cut < length; cut += 1 + length / 50) {
        uint8_t *broken = malloc(length);
        hs_scorer none = {77};
        memcpy(broken, data, length);
        TRUE(hs_scorer_from_bytes(broken, cut, &none, NULL) != HS_OK && none.id == 77, "bytes cut short");
        broken[cut] = (uint8_t)(broken[cut] ^ 0x80);
        if (hs_scorer_from_bytes(broken, length, &none, NULL) == HS_OK) OK(hs_scorer_free(none));
        free(broken);
    }
    OK(hs_bytes_free(bytes));
    OK(hs_scorer_free(parts));
    OK(hs_scorer_free(left));
    OK(hs_scorer_free(right));
    OK(hs_scorer_free(copy));
}

/* A stream that fails in its middle, or rows that do not fit, leave a scorer as it was. */
static void all_or_nothing(const char *wanted) {
    hs_scorer one = scorer(), other;
    const char *another = "{\"cutoff\": 0.5, \"indicators\": [{\"name\": \"food\", \"below\": 28}]}";
    const enum lie lies[] = {NEXT_FAILS, NOT_UTF8, KEY_OUT_OF_BOUNDS, SCHEMA_FAILS};
    EXPECT(feed(one, 0, 60, 60), HS_OK, "rows are taken in");
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        struct producer producer = honest(60, 10);
        struct ArrowArrayStream stream;
        producer.lie = lies[i];
        producer.at = 3;
        stream = stream_of(&producer);
        EXPECT(hs_scorer_update(one, &stream, NULL), HS_ARGUMENT, "a stream that fails");
        TRUE(producer.live == 0 && producer.releases == 1, "released");
        same(one, wanted, "nothing was taken in");
    }
    OK(hs_scorer_new(another, strlen(another), &other, &why));
    EXPECT(hs_scorer_merge(one, other, NULL), HS_ARGUMENT, "settings that differ");
    same(one, wanted, "nothing was merged");
    OK(hs_scorer_free(one));
    OK(hs_scorer_free(other));
}

static int stop(void *context, uint64_t step) {
    (void)step;
    return ++*(int *)context > 2;
}

static void stopped(const char *wanted) {
    hs_scorer one = scorer(), watched;
    int calls = 0;
    OK(hs_scorer_watched(one, stop, &calls, &watched, &why));
    EXPECT(feed(watched, 0, 60, 10), HS_CANCELLED, "stopped");
    EXPECT(feed(one, 0, 60, 10), HS_OK, "rows are taken in");
    same(watched, wanted, "nothing was taken in before; both handles are one scorer");
    EXPECT(hs_scorer_merge(watched, one, NULL), HS_ARGUMENT, "a scorer by two names is one");
    OK(hs_scorer_free(one));
    same(watched, wanted, "it lives as long as one of its handles");
    OK(hs_scorer_free(watched));
}

enum { THREADS = 4 };

static hs_scorer shared, crossing[2];

static void *work(void *argument) {
    size_t thread = (size_t)(uintptr_t)argument;
    int faults = 0;
    for (size_t i = 0; i < 3; i++) {
        if (feed(shared, 15 * thread + 5 * i, 5, 2) != HS_OK) faults++;
        /* Half of the threads merge one way, half the other: none waits for the other for ever. */
        if (hs_scorer_merge(crossing[thread % 2], crossing[1 - thread % 2], NULL) != HS_OK) faults++;
    }
    return (void *)(uintptr_t)faults;
}

static void many_threads(const char *wanted) {
    pthread_t threads[THREADS];
    shared = scorer();
    crossing[0] = scorer();
    crossing[1] = scorer();
    EXPECT(feed(crossing[0], 0, 10, 5), HS_OK, "rows are taken in");
    EXPECT(feed(crossing[1], 0, 10, 5), HS_OK, "rows are taken in");
    for (size_t i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, work, (void *)(uintptr_t)i);
    for (size_t i = 0; i < THREADS; i++) {
        void *faults = NULL;
        pthread_join(threads[i], &faults);
        TRUE(faults == NULL, "no fault in a thread");
    }
    same(shared, wanted, "fed from many threads");
    OK(hs_scorer_free(shared));
    OK(hs_scorer_free(crossing[0]));
    OK(hs_scorer_free(crossing[1]));
}

int main(void) {
    char *wanted = whole();
    bit_by_bit(wanted);
    all_or_nothing(wanted);
    stopped(wanted);
    many_threads(wanted);
    free(wanted);
    return finish(0);
}
