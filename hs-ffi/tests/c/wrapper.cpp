// The C++ wrapper: it owns what it holds, moves it, and throws what fails.
#include "hs.hpp"

#include <cmath>
#include <cstdio>
#include <cstring>
#include <type_traits>

#include "check.h"

static_assert(!std::is_copy_constructible<hs::Network>::value, "a network is not copied");
static_assert(std::is_nothrow_move_constructible<hs::Network>::value, "a network moves");

static hs::Network ring() { return hs::Network::from_edges(3, {{0, 1, 2}, {1, 2, 0}, {0.5, 0.4, 0.3}, {}, {"a", "b", "c"}}); }

static void owns_and_moves() {
    hs::Network first = ring();
    hs_network handle = first.get();
    hs::Network second = std::move(first);
    TRUE(first.get().id == 0 && second.get().id == handle.id, "moved");
    second = ring();
    std::size_t nodes = 0, edges = 0;
    EXPECT(hs_network_size(handle, &nodes, &edges, nullptr), HS_HANDLE, "what is overwritten is freed");
    TRUE(second.nodes() == 3 && second.edges() == 3, "size");
    TRUE(second.position("c") == 2, "position");
}

static void throws() {
    try {
        hs::Assessment::from_json("{\"schema\": \"human-security/1\", \"id\": \"a\", \"title\": \"A\", \"places\": 3}");
        TRUE(false, "not reached");
    } catch (const hs::Error &error) {
        TRUE(error.code() == HS_DOCUMENT && std::strcmp(error.word(), "document") == 0, error.what());
        TRUE(error.problems().find("/places") != std::string::npos, error.problems().c_str());
    }
    try {
        hs::Network::from_edges(2, {{0}, {1, 0}, {1.0}});
        TRUE(false, "not reached");
    } catch (const hs::Error &error) {
        TRUE(error.code() == HS_ARGUMENT, error.what());
    }
    try {
        ring().position("d");
        TRUE(false, "not reached");
    } catch (const std::exception &error) {
        TRUE(std::strstr(error.what(), "`d`") != nullptr, error.what());
    }
}

static void tables() {
    hs::Result result = ring().tables();
    hs::Table table = result.table("edges");
    hs::Table moved = std::move(table);
    ArrowArray batch{};
    TRUE(moved.get()->get_next(moved.get(), &batch) == 0 && batch.length == 3, "rows");
    batch.release(&batch);
    ArrowArrayStream taken = moved.release();
    taken.release(&taken);
    TRUE(result.tables().find("nodes") != std::string::npos, "names");
    TRUE(result.json().size() > result.facts().size(), "facts are shorter than the whole");
}

static void documents() {
    hs::Assessment ituri = hs::Assessment::example("ituri");
    std::string text = ituri.to_json();
    TRUE(hs::Assessment::from_json(text).to_json() == text, "the same bytes");
    ituri.save(SCRATCH "/ituri.json");
    TRUE(hs::Assessment::load(SCRATCH "/ituri.json").to_json() == text, "saved and loaded");
    ituri.save(SCRATCH "/package");
    TRUE(hs::Assessment::load(SCRATCH "/package").to_json() == text, "as a data package");
    hs::write_template(SCRATCH "/empty");
    TRUE(!hs::Assessment::load(SCRATCH "/empty").to_json().empty(), "a template loads");
}

static void analyses() {
    hs::Assessment ituri = hs::Assessment::example("ituri");
    hs::Network network = ituri.network();
    hs::Propagation run = network.propagate();
    TRUE(run.state.size() == network.nodes() && run.info.status == HS_RUN_CONVERGED, "what was observed rests");
    hs::Propagation chain = hs::Network::from_edges(2, {{0}, {1}, {0.5}}).propagate({}, {}, {0.8, 0.0});
    TRUE(chain.state[0] == 0.8 && chain.state[1] == 0.4, "noisy-or");
    hs::Array matrix = ring().total_effects().array("matrix");
    TRUE(matrix.shape.size() == 2 && matrix.shape[0] == 3 && matrix.shape[1] == 3, "a square");
    TRUE(network.root_causes().facts().find("max-row-column") != std::string::npos, "settings come back");
    TRUE(ituri.check().tables().size() > 2, "findings");
    TRUE(ituri.criticality().tables().find("criticality") != std::string::npos, "criticality");
    TRUE(ituri.externalities("{\"draws\": 20}").tables().find("harms") != std::string::npos, "harms");
    TRUE(ituri.pillar_gaps().tables().find("pillar_gaps") != std::string::npos, "gaps");
    const char *brief = "{\"interventions\": []}";
    TRUE(ituri.report(brief).rfind("<!DOCTYPE html>", 0) == 0 && !ituri.text_report(brief).empty(), "reports");
    TRUE(hs::framework().tables().find("components") != std::string::npos, "the handbook");
    TRUE(hs::schema().find("human-security/1") != std::string::npos, "the schema");
    TRUE(hs::example_names().find("ituri") != std::string::npos, "the cases");
    hs::Network stopped = network.watched([](void *, std::uint64_t) { return 1; }, nullptr);
    try {
        stopped.propagate();
        TRUE(false, "not reached");
    } catch (const hs::Error &error) {
        TRUE(error.code() == HS_CANCELLED, error.what());
    }
}

static void maps() {
    hs::Network network = ring();
    TRUE(network.influence().tables().find("influence") != std::string::npos, "influence");
    TRUE(network.roles().tables().find("roles") != std::string::npos, "roles");
    TRUE(network.indices().tables().find("indices") != std::string::npos, "indices");
    TRUE(network.loops().tables().find("loops") != std::string::npos, "loops");
    TRUE(network.chains(R"({"source": "a", "target": "c"})").tables().find("chains") != std::string::npos, "chains");
    TRUE(network.clusters().tables().find("clusters") != std::string::npos, "clusters");
    TRUE(network.impact_diffusion().array("communicability").shape.size() == 2, "impact diffusion");
    TRUE(network.renewal_rates("{\"horizon\": 5}").tables().find("rates") != std::string::npos, "renewal rates");
    TRUE(!hs::Assessment::example("ituri").intersections().tables().empty(), "intersections");
    const double scale = 2.0;
    hs::Result shares = hs::sobol([&](const double *x) { return scale * x[0] + x[1]; }, R"({"bounds": [[0, 1], [0, 1]], "n": 256})");
    TRUE(std::fabs(shares.array("first").data[0] - 0.8) < 0.05, "a sum by hand: 4/12 to 1/12");
    bool caught = false;
    try {
        hs::sobol([](const double *) -> double { throw std::runtime_error("no figure"); }, R"({"bounds": [[0, 1]], "n": 64})");
    } catch (const std::runtime_error &error) {
        caught = std::strcmp(error.what(), "no figure") == 0;
    }
    TRUE(caught, "what the function throws comes out");
    network.write(SCRATCH "/ring.graphml");
    hs::Network read = hs::Network::read(SCRATCH "/ring.graphml");
    TRUE(read.position("c") == 2 && read.to_text("json") == network.to_text("json"), "the same network");
    TRUE(hs::Network::from_text(network.to_text("json")).edges() == 3, "from a text");
    TRUE(hs::pool_linkages({&network, &read}).tables().find("pool_linkages") != std::string::npos, "pooled");
    TRUE(hs::compare_maps({&network, &read}).facts().size() > 2 && hs::expert_root_causes({&network, &read}).facts().size() > 2, "compared");
    hs::Edges links{{0}, {1}, {std::nan("")}};
    links.dampens = {1};
    TRUE(hs::Network::from_edges(2, links).edges() == 1, "a link without a number");
}

template <typename Call>
static void refused(hs_status wanted, Call &&call) {
    try {
        call();
        TRUE(false, "not reached");
    } catch (const hs::Error &error) {
        TRUE(error.code() == wanted, error.what());
    }
}

static void people() {
    TRUE(hs::example_survey_settings("ituri").find("\"scheme\"") != std::string::npos, "settings of its own");
    const std::string settings = R"({"scheme": {"cutoff": 1, "indicators": [{"name": "food_score", "below": 28}]}, "min_n": 0})";
    hs::Table survey = hs::example_survey("ituri", 100, 1);
    const std::string whole = hs::score(survey.get(), settings).json();
    TRUE(survey.get()->release == nullptr, "what is handed over is consumed");
    refused(HS_ARGUMENT, [&] { hs::score(survey.get(), settings); });

    hs::Scorer scorer(settings), none(settings);
    scorer.update(hs::example_survey("ituri", 100, 1));
    TRUE(scorer.finish().json() == whole, "bit by bit");
    none.merge(scorer);
    TRUE(hs::Scorer::from_bytes(none.to_bytes()).finish().json() == whole, "merged, and carried as bytes");
    refused(HS_ARGUMENT, [&] { scorer.merge(scorer); });
    refused(HS_ARGUMENT, [&] { hs::Scorer other("{\"cutoff\": 2, \"indicators\": []}"); });
    TRUE(hs::Scorer(hs_scorer{0}).get().id == 0, "a scorer of none");
    refused(HS_CANCELLED, [&] {
        scorer.watched([](void *, std::uint64_t) { return 1; }, nullptr).update(hs::example_survey("ituri", 100, 1));
    });

    const std::string nested = "{\"score\": " + settings + "}";
    hs::Table first = hs::example_survey("ituri", 100, 1), second = hs::example_survey("ituri", 100, 2);
    TRUE(hs::score_change(first.get(), second.get(), nested).tables().find("change") != std::string::npos, "change");
    survey = hs::example_survey("ituri", 100, 1);
    TRUE(hs::survey_mean(survey.get(), "{\"column\": \"food_score\"}").tables().find("survey_mean") != std::string::npos, "a mean");
    survey = hs::example_survey("ituri", 100, 1);
    refused(HS_NOT_FOUND, [&] { hs::survey_mean(survey.get(), "{\"column\": \"no such column\"}"); });
    TRUE(survey.get()->release == nullptr, "and released where it fails");
}

static void grids() {
    TRUE(hs::area_phase({0.4, 0.3, 0.2, 0.1, 0.0}).array("phases").data[0] == 3.0, "the rule of 20 %");
    TRUE(hs::intersectoral_severity({3, 3, 3, 3}, 4).array("severity").data[0] == 3.0, "four sectors");
    hs::Result need = hs::people_in_need({10, 20, 30, 5}, 2, {}, {100, 100});
    TRUE(need.array("joint").data[0] == 20.0 && need.array("joint").data[1] == 30.0, "the largest sector");
    hs::Result index = hs::composite_index({0, 10, 5, 5, 10, 0}, 2, {}, {"A", "B", "C"}, {"wells", "clinics"});
    TRUE(index.array("values").data[1] == 0.5 && index.json().find("clinics") != std::string::npos, "an index");
    refused(HS_ARGUMENT, [] { hs::area_phase({0.4, 0.3}); });
    refused(HS_ARGUMENT, [] { hs::people_in_need({1, 2}, 2, {}, {1, 2}); });
    refused(HS_ARGUMENT, [] { hs::composite_index({1, 2}, 2, {}, {}, {"one"}); });
    TRUE(hs::Assessment::example("ituri").phases().tables().find("phases") != std::string::npos, "phases");
}

int main() {
    people();
    grids();
    owns_and_moves();
    throws();
    tables();
    documents();
    analyses();
    maps();
    return finish(0);
}
