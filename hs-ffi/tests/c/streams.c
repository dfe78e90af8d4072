/* Rows that a C program streams: honest ones are read, lying ones refused, and every one is released once. */
#include "producer.h"
#include "stream.h"

static const char settings[] =
    "{\"scheme\": {\"cutoff\": 0.5, \"indicators\": [{\"name\": \"food\", \"below\": 28}, {\"name\": \"water\", \"among\": [\"river\"]},"
    " {\"name\": \"sick\", \"among\": [true]}, {\"name\": \"poor\", \"column\": \"weight\", \"above\": 2.5}]},"
    " \"by\": [\"district\"], \"weight\": \"weight\", \"cluster\": \"psu\", \"min_n\": 0}";

/* What a lie is refused for. */
static const struct {
    enum lie lie;
    const char *wanted;
} refusals[] = {
    {NEGATIVE_LENGTH, "a length of -1"},
    {MORE_ROWS_THAN_COLUMNS, "a part of 20 values where 21 are wanted"},
    {NEGATIVE_OFFSET, "at offset -2"},
    {OFFSET_PAST_THE_END, "a part of 20 values where 40 are wanted"},
    {MISSING_MISCOUNTED, "a count of missing values that is not true"},
    {MISSING_UNMARKED, "missing values without a buffer that says which"},
    {OFFSETS_GO_BACK, "column `district` has offsets that go back"},
    {OFFSET_NEGATIVE, "offsets from 0 to -1"},
    {NOT_UTF8, "column `district` has text that is not UTF-8"},
    {KEY_OUT_OF_BOUNDS, "column `water` has dictionary keys that are out of bounds"},
    {FEWER_COLUMNS, "5 parts where 6 are wanted"},
    {COLUMN_NOT_THERE, "a part that is not there"},
    {BUFFERS_NOT_THERE, "2 parts that are not there"},
    {NUMBERS_NOT_THERE, "a buffer that is not there"},
    {ANOTHER_SHAPE, "2 buffers where 3 are wanted"},
    {ROW_MISSING_AS_A_WHOLE, "1 rows that are null as a whole"},
    {SCHEMA_RELEASED, "a schema that was already released"},
    {SCHEMA_WITHOUT_FORMAT, "a type without its format"},
    {SCHEMA_IN_ITSELF, "levels"},
    {SCHEMA_OF_ONE_COLUMN, "wanted a struct of columns"},
    {SCHEMA_FAILS, "the Arrow stream failed: the disk is gone"},
    {NEXT_FAILS, "the Arrow stream failed: the disk is gone"},
    {NO_FUNCTIONS, "without its functions"},
};

static void let_go(const struct producer *producer, const struct ArrowArrayStream *stream) {
    TRUE(stream->release == NULL, "what was handed over is left released");
    TRUE(producer->releases == 1, "a stream is released once");
    TRUE(producer->live == 0, "all that came from it is released");
}

static void honest_rows(void) {
    double wanted = 0.0;
    for (size_t batch = 1; batch <= 64; batch *= 4) {
        struct producer producer = honest(60, batch);
        struct ArrowArrayStream stream = stream_of(&producer);
        hs_result result;
        struct table groups;
        OK(hs_score(&stream, settings, strlen(settings), &result, &why));
        let_go(&producer, &stream);
        TRUE(producer.given == 60, "read to its end");
        groups = read_table(result, "groups");
        TRUE(groups.batch.length == 2, "a row a district");
        if (batch == 1) wanted = number_at(&groups, "M0", 0);
        TRUE(wanted > 0.0 && number_at(&groups, "M0", 0) == wanted, "batches change no bit");
        release_table(&groups);
        OK(hs_result_free(result));
    }
}

static void lying_rows(void) {
    TRUE(sizeof refusals / sizeof refusals[0] == LIES - 1, "every lie is told");
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        for (size_t at = 0; at < 3; at += 2) {
            struct producer producer = honest(60, 20);
            struct ArrowArrayStream stream;
            hs_result result = {77};
            hs_error error = {0};
            const char *message = "";
            size_t length = 0;
            producer.lie = refusals[i].lie;
            producer.at = at;
            stream = stream_of(&producer);
            EXPECT(hs_score(&stream, settings, strlen(settings), &result, &error), HS_ARGUMENT, refusals[i].wanted);
            TRUE(result.id == 77, "the output is untouched");
            let_go(&producer, &stream);
            hs_error_message(error, &message, &length);
            TRUE(strstr(message, refusals[i].wanted) != NULL, message);
            TRUE(strstr(message, "north") == NULL && strstr(message, "south") == NULL, "no value is quoted");
            OK(hs_error_free(error));
        }
    }
}

/* Other failures come first: the stream is released all the same. */
static void unread_rows(void) {
    struct producer producer = honest(60, 20);
    struct ArrowArrayStream stream = stream_of(&producer);
    hs_result result;
    EXPECT(hs_score(&stream, "{", 1, &result, NULL), HS_SYNTAX, "broken settings");
    let_go(&producer, &stream);
    EXPECT(hs_score(&stream, settings, strlen(settings), &result, NULL), HS_ARGUMENT, "a stream that was read");
    TRUE(producer.releases == 1, "it is not released again");
    producer = honest(60, 20);
    stream = stream_of(&producer);
    EXPECT(hs_score(&stream, settings, strlen(settings), NULL, NULL), HS_ARGUMENT, "nowhere to write to");
    let_go(&producer, &stream);
    producer = honest(60, 20);
    stream = stream_of(&producer);
    EXPECT(hs_score_change(NULL, &stream, settings, strlen(settings), &result, NULL), HS_ARGUMENT, "one round only");
    let_go(&producer, &stream);
    producer = honest(60, 20);
    stream = stream_of(&producer);
    EXPECT(hs_score_change(&stream, &stream, settings, strlen(settings), &result, NULL), HS_ARGUMENT, "one stream for both rounds");
    let_go(&producer, &stream);
}

static void refused(struct producer producer, const char *settings, hs_status wanted, const char *said) {
    struct ArrowArrayStream stream = stream_of(&producer);
    hs_result result;
    hs_error error = {0};
    const char *message = "";
    size_t length = 0;
    EXPECT(hs_score(&stream, settings, strlen(settings), &result, &error), wanted, said);
    TRUE(producer.live == 0 && producer.releases == 1, "released");
    hs_error_message(error, &message, &length);
    TRUE(strstr(message, said) != NULL, message);
    OK(hs_error_free(error));
}

static void data_that_does_not_fit(void) {
    const char *column = "{\"cutoff\": 0.5, \"indicators\": [{\"name\": \"foot\", \"below\": 28}]}";
    const char *kind = "{\"cutoff\": 0.5, \"indicators\": [{\"name\": \"district\", \"below\": 28}]}";
    const char *scheme = "{\"cutoff\": 1.5, \"indicators\": [{\"name\": \"food\", \"below\": 28}]}";
    refused(honest(60, 20), column, HS_NOT_FOUND, "/foot");
    refused(honest(60, 20), kind, HS_ARGUMENT, "district");
    refused(honest(60, 20), scheme, HS_ARGUMENT, "cutoff");
    refused(honest(0, 20), settings, HS_UNDEFINED, "no rows");
}

static void a_survey_of_its_own(void) {
    struct ArrowArrayStream survey, again;
    hs_text text;
    hs_result result;
    const char *data = NULL;
    size_t length = 0;
    struct table groups;
    OK(hs_example_survey("ituri", 2000, 0, &survey, &why));
    OK(hs_example_survey_settings("ituri", &text, &why));
    OK(hs_text_data(text, &data, &length));
    OK(hs_score(&survey, data, length, &result, &why));
    TRUE(survey.release == NULL, "its own streams are consumed too");
    groups = read_table(result, "groups");
    TRUE(number_at(&groups, "H", 0) > 0.0 && number_at(&groups, "H", 0) < 1.0, "a share");
    release_table(&groups);
    OK(hs_result_free(result));
    OK(hs_text_free(text));
    EXPECT(hs_example_survey("itury", 2000, 0, &again, NULL), HS_NOT_FOUND, "no such survey");
}

int main(void) {
    honest_rows();
    lying_rows();
    unread_rows();
    data_that_does_not_fit();
    a_survey_of_its_own();
    return finish(0);
}
