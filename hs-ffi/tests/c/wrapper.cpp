// The C++ wrapper: it owns what it holds, moves it, and throws what fails.
#include "hs.hpp"

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
}

int main() {
    owns_and_moves();
    throws();
    tables();
    documents();
    return finish(0);
}
