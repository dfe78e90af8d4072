/* Tables as Arrow streams: read, let go early, kept after the result is gone. */
#include "stream.h"

static const uint32_t source[] = {0, 1, 0}, target[] = {1, 2, 2};
static const double weight[] = {0.6, -0.25, 0.5};
static const uint32_t lag[] = {0, 1, 0};
static const char *const names[] = {"drought", "hunger", "flight"};

static hs_result tables(void) {
    hs_network network;
    hs_result result;
    OK(hs_network_from_named_edges(3, names, 3, source, target, weight, lag, &network, &why));
    OK(hs_network_tables(network, &result, &why));
    OK(hs_network_free(network));
    return result;
}

static void values(hs_result result) {
    struct table edges = read_table(result, "edges"), nodes = read_table(result, "nodes");
    TRUE(edges.batch.length == 3 && nodes.batch.length == 3, "rows");
    TRUE(strcmp(edges.schema.format, "+s") == 0, "a batch is a struct");
    for (int64_t row = 0; row < 3; row++) {
        TRUE(number_at(&edges, "weight", row) == weight[row], "weight");
        TRUE(text_is(&edges, "from", row, names[source[row]]), "from");
        TRUE(text_is(&edges, "to", row, names[target[row]]), "to");
        TRUE(text_is(&nodes, "node", row, names[row]), "node");
        TRUE(isnan(number_at(&nodes, "severity", row)), "no severity is missing, not 0");
        TRUE(text_is(&nodes, "place", row, NULL), "no place");
    }
    release_table(&edges);
    release_table(&nodes);
}

static void early_and_late(hs_result result) {
    struct ArrowArrayStream unread, half, late;
    struct ArrowArray batch;
    struct ArrowSchema schema;
    OK(hs_result_table(result, "nodes", &unread, &why));
    unread.release(&unread);
    OK(hs_result_table(result, "nodes", &half, &why));
    TRUE(half.get_next(&half, &batch) == 0, "a batch");
    half.release(&half);
    TRUE(batch.length == 3, "a batch outlives its stream");
    batch.release(&batch);

    OK(hs_result_table(result, "edges", &late, &why));
    OK(hs_result_free(result));
    TRUE(late.get_schema(&late, &schema) == 0 && late.get_next(&late, &batch) == 0, "a stream outlives its result");
    TRUE(batch.length == 3, "rows");
    batch.release(&batch);
    schema.release(&schema);
    late.release(&late);
}

static void refusals(hs_result result) {
    struct ArrowArrayStream stream;
    hs_error error = {0};
    const char *message = "";
    size_t length = 0;
    EXPECT(hs_result_table(result, "edge", &stream, &error), HS_NOT_FOUND, "no such table");
    hs_error_message(error, &message, &length);
    TRUE(strstr(message, "`edges`") != NULL, message);
    OK(hs_error_free(error));
}

static void names_as_json(hs_result result) {
    hs_text text;
    const char *data;
    size_t length;
    OK(hs_result_tables(result, &text, &why));
    OK(hs_text_data(text, &data, &length));
    TRUE(strncmp(data, "[\"nodes\",\"edges\"", 16) == 0, data);
    OK(hs_text_free(text));
    OK(hs_result_json(result, &text, &why));
    OK(hs_text_data(text, &data, &length));
    TRUE(strstr(data, "\"drought\"") != NULL, "rows in JSON");
    OK(hs_text_free(text));
    OK(hs_result_facts(result, &text, &why));
    OK(hs_text_data(text, &data, &length));
    TRUE(strstr(data, "\"drought\"") == NULL && strstr(data, "\"settings\"") != NULL, "no rows among the facts");
    OK(hs_text_free(text));
}

int main(void) {
    hs_result result = tables();
    values(result);
    refusals(result);
    names_as_json(result);
    early_and_late(result);
    return finish(0);
}
