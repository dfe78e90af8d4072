/* Documents in and out, texts, and what an error says. */
#include "check.h"

static const char minimal[] = "{\"schema\": \"human-security/1\", \"id\": \"a\", \"title\": \"A\"}";

static char *copy_of(hs_text text) {
    const char *data = NULL;
    size_t length = 0;
    char *copy;
    OK(hs_text_data(text, &data, &length));
    TRUE(data[length] == '\0', "a zero byte follows");
    copy = malloc(length + 1);
    memcpy(copy, data, length + 1);
    return copy;
}

static void versions(void) {
    TRUE(hs_abi_version() == HS_ABI_VERSION, "the header fits the library");
    TRUE(strchr(hs_version(), '.') != NULL, "a version");
    TRUE(strcmp(hs_status_word(HS_NOT_FOUND), "not-found") == 0, "the word of a status");
    TRUE(strcmp(hs_status_word(-1), "unknown") == 0, "a number that is no status");
    TRUE(strcmp(hs_status_word(9999), "unknown") == 0, "a number that is no status");
}

static void round_trip(void) {
    hs_assessment first, second, third;
    hs_text once, twice;
    char *one, *two;
    OK(hs_assessment_from_json(minimal, strlen(minimal), &first, &why));
    OK(hs_assessment_to_json(first, &once, &why));
    one = copy_of(once);
    OK(hs_assessment_from_json(one, strlen(one), &second, &why));
    OK(hs_assessment_to_json(second, &twice, &why));
    two = copy_of(twice);
    TRUE(strcmp(one, two) == 0, "the same bytes for equal assessments");

    OK(hs_assessment_save(second, SCRATCH "/saved.json", NULL, &why));
    OK(hs_assessment_load(SCRATCH "/saved.json", NULL, &third, &why));
    EXPECT(hs_assessment_load(SCRATCH "/nothing.json", NULL, &third, NULL), HS_FILE, "no such file");
    free(one);
    free(two);
    OK(hs_text_free(once));
    OK(hs_text_free(twice));
    OK(hs_assessment_free(first));
    OK(hs_assessment_free(second));
    OK(hs_assessment_free(third));
}

static void limits(void) {
    hs_limits limits;
    hs_assessment out;
    OK(hs_limits_default(&limits, &why));
    TRUE(limits.bytes > 1000 && limits.objects > 1000 && limits.text > 1000, "limits");
    limits.bytes = strlen(minimal);
    OK(hs_assessment_from_json_within(minimal, strlen(minimal), &limits, &out, &why));
    OK(hs_assessment_free(out));
    limits.bytes -= 1;
    EXPECT(hs_assessment_from_json_within(minimal, strlen(minimal), &limits, &out, NULL), HS_LIMIT, "one byte over the limit");
}

/* One refusal: its status, and a word each that its message and its problems must hold. */
static void refused(const char *text, hs_status wanted, const char *in_message, const char *in_problems) {
    hs_assessment out = {77};
    hs_error error = {0};
    hs_status status = HS_OK;
    const char *data = NULL;
    size_t length = 0;
    hs_status found = hs_assessment_from_json(text, strlen(text), &out, &error);
    TRUE(found == wanted, text);
    TRUE(out.id == 77, "the output is untouched");
    OK(hs_error_status(error, &status));
    TRUE(status == found, "the error knows its status");
    OK(hs_error_message(error, &data, &length));
    TRUE(strlen(data) == length && strstr(data, in_message) != NULL, data);
    OK(hs_error_problems(error, &data, &length));
    TRUE(strlen(data) == length && data[0] == '[' && strstr(data, in_problems) != NULL, data);
    OK(hs_error_free(error));
    EXPECT(hs_assessment_from_json(text, strlen(text), &out, NULL), wanted, "the same without an error");
}

static void refusals(void) {
    refused("", HS_SYNTAX, "wanted", "syntax");
    refused("{", HS_SYNTAX, "line 1", "\"line\":1");
    refused("\xff", HS_SYNTAX, "", "");
    refused("{\"schema\": \"human-security/2\", \"id\": \"a\", \"title\": \"A\"}", HS_DOCUMENT, "human-security/1", "/schema");
    refused("{\"schema\": \"human-security/1\", \"id\": \"a\", \"title\": \"A\", \"threat\": []}", HS_DOCUMENT, "threat", "threats");
    refused("{\"schema\": \"human-security/1\", \"id\": \"a\", \"title\": \"A\", \"title\": \"B\"}", HS_DOCUMENT, "title", "duplicate-key");
}

static void lengths(void) {
    hs_assessment out;
    hs_network network;
    const uint32_t position[] = {0};
    const double weight[] = {1.0};
    EXPECT(hs_assessment_from_json(minimal, SIZE_MAX, &out, NULL), HS_ARGUMENT, "a length no text can have");
    EXPECT(hs_network_from_edges(1, SIZE_MAX, position, position, weight, NULL, &network, NULL), HS_ARGUMENT, "a length no array can have");
    TRUE(hs_network_from_edges(SIZE_MAX, 1, position, position, weight, NULL, &network, NULL) != HS_OK, "more nodes than there can be");
    EXPECT(hs_network_from_edges(1, 1, (const uint32_t *)((const char *)position + 1), position, weight, NULL, &network, NULL),
           HS_ARGUMENT, "a misaligned pointer");
    EXPECT(hs_network_from_edges(1, 1, position, position, (const double[]){(double)NAN}, NULL, &network, NULL), HS_ARGUMENT, "not a number");
    OK(hs_network_from_edges(3, 0, NULL, NULL, NULL, NULL, &network, &why));
    OK(hs_network_free(network));
}

int main(void) {
    versions();
    round_trip();
    limits();
    refusals();
    lengths();
    return finish(0);
}
