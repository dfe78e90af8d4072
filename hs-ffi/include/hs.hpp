// hs.hpp - C++17 over hs.h: values that free themselves, exceptions instead of statuses.
//
// What the functions do and which settings they take stands in hs.h and docs/methods/. Settings are JSON, empty for the defaults.
// A failed call throws hs::Error. Values move and do not copy; any thread may use a const one.

#ifndef HS_HPP
#define HS_HPP

#include <cstddef>
#include <cstdint>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "hs.h"

namespace hs {

/// Why a call failed: what() says it in one line.
class Error : public std::runtime_error {
public:
    Error(hs_status code, const std::string &message, std::string problems)
        : std::runtime_error(message), code_(code), problems_(std::move(problems)) {}

    hs_status code() const noexcept { return code_; }
    /// The status as a word, as in "not-found".
    const char *word() const noexcept { return hs_status_word(static_cast<std::int32_t>(code_)); }
    /// Every problem as a JSON list: kind, pointer, found, wanted, mend.
    const std::string &problems() const noexcept { return problems_; }

private:
    hs_status code_;
    std::string problems_;
};

namespace detail {

/// Throws what a call gave; frees the error it came with.
inline void check(hs_status status, hs_error error) {
    if (status == HS_OK) return;
    const char *data = nullptr;
    std::size_t length = 0;
    std::string message = hs_status_word(static_cast<std::int32_t>(status)), problems = "[]";
    if (hs_error_message(error, &data, &length) == HS_OK) message.assign(data, length);
    if (hs_error_problems(error, &data, &length) == HS_OK) problems.assign(data, length);
    hs_error_free(error);
    throw Error(status, message, std::move(problems));
}

/// Owns one handle.
template <typename Handle, hs_status (*Free)(Handle)>
class Owner {
public:
    Owner() noexcept = default;
    explicit Owner(Handle handle) noexcept : handle_(handle) {}
    Owner(Owner &&other) noexcept : handle_(std::exchange(other.handle_, Handle{0})) {}
    Owner &operator=(Owner &&other) noexcept {
        if (this != &other) {
            reset();
            handle_ = std::exchange(other.handle_, Handle{0});
        }
        return *this;
    }
    Owner(const Owner &) = delete;
    Owner &operator=(const Owner &) = delete;
    ~Owner() { reset(); }

    Handle get() const noexcept { return handle_; }

private:
    void reset() noexcept {
        if (handle_.id != 0) Free(handle_);
        handle_ = Handle{0};
    }

    Handle handle_{0};
};

/// A call that makes a handle: call(&out, &error).
template <typename Handle, typename Call>
Handle make(Call &&call) {
    Handle out{0};
    hs_error error{0};
    check(call(&out, &error), error);
    return out;
}

/// A call that makes a text.
template <typename Call>
std::string text(Call &&call) {
    Owner<hs_text, hs_text_free> owner(make<hs_text>(std::forward<Call>(call)));
    const char *data = nullptr;
    std::size_t length = 0;
    check(hs_text_data(owner.get(), &data, &length), hs_error{0});
    return std::string(data, length);
}

/// Settings as C takes them: NULL for none.
inline const char *pointer(std::string_view settings) noexcept { return settings.empty() ? nullptr : settings.data(); }

}  // namespace detail

/// A table as an Arrow stream, released at the end of its life.
class Table {
public:
    explicit Table(ArrowArrayStream stream) noexcept : stream_(stream) {}
    Table(Table &&other) noexcept : stream_(other.release()) {}
    Table &operator=(Table &&other) noexcept {
        if (this != &other) {
            reset();
            stream_ = other.release();
        }
        return *this;
    }
    Table(const Table &) = delete;
    Table &operator=(const Table &) = delete;
    ~Table() { reset(); }

    /// The stream, to read from or to hand to a library that imports it.
    ArrowArrayStream *get() noexcept { return &stream_; }
    /// The stream, whose release is the caller's from here on.
    ArrowArrayStream release() noexcept {
        ArrowArrayStream stream = stream_;
        stream_.release = nullptr;
        return stream;
    }

private:
    void reset() noexcept {
        if (stream_.release != nullptr) stream_.release(&stream_);
        stream_.release = nullptr;
    }

    ArrowArrayStream stream_;
};

/// Where a propagation came to, and how it ended.
struct Propagation {
    std::vector<double> state;
    hs_propagation info;
};

/// Numbers of a result in row-major order; they live as long as the result.
struct Array {
    const double *data;
    std::vector<std::size_t> shape;
};

/// What an analysis found.
class Result {
public:
    explicit Result(hs_result handle) noexcept : owner_(handle) {}

    /// All of it as JSON.
    std::string json() const {
        return detail::text([&](hs_text *out, hs_error *error) { return hs_result_json(get(), out, error); });
    }
    /// Settings, facts, notes and the names of arrays and tables, as JSON.
    std::string facts() const {
        return detail::text([&](hs_text *out, hs_error *error) { return hs_result_facts(get(), out, error); });
    }
    /// Names of the tables as a JSON list.
    std::string tables() const {
        return detail::text([&](hs_text *out, hs_error *error) { return hs_result_tables(get(), out, error); });
    }
    Table table(const std::string &name) const {
        ArrowArrayStream stream{};
        hs_error error{0};
        detail::check(hs_result_table(get(), name.c_str(), &stream, &error), error);
        return Table(stream);
    }
    Array array(const std::string &name) const {
        const double *data = nullptr;
        const std::size_t *shape = nullptr;
        std::size_t axes = 0;
        hs_error error{0};
        detail::check(hs_result_array(get(), name.c_str(), &data, &shape, &axes, &error), error);
        return Array{data, std::vector<std::size_t>(shape, shape + axes)};
    }
    hs_result get() const noexcept { return owner_.get(); }

private:
    detail::Owner<hs_result, hs_result_free> owner_;
};

/// Edges as arrays of one entry each; lag may stay empty, and names, which are the positions then. low and high are the ends of the weights'
/// ranges, both or neither, NaN where there is none. Where dampens is given (1 or 0 an edge), a weight of NaN is a link without a number.
struct Edges {
    std::vector<std::uint32_t> source, target;
    std::vector<double> weight;
    std::vector<std::uint32_t> lag = {};
    std::vector<std::string> names = {};
    std::vector<double> low = {}, high = {};
    std::vector<std::uint8_t> dampens = {};
};

/// A domino network.
class Network {
public:
    explicit Network(hs_network handle) noexcept : owner_(handle) {}

    /// A network of so many nodes from arrays.
    static Network from_edges(std::size_t nodes, const Edges &edges) {
        const std::size_t count = edges.source.size();
        const auto even = [count](const auto &list) { return list.empty() || list.size() == count; };
        const bool given = edges.target.size() == count && edges.weight.size() == count;
        if (!given || !even(edges.lag) || !even(edges.low) || !even(edges.high) || !even(edges.dampens) ||
            (!edges.names.empty() && edges.names.size() != nodes)) {
            throw Error(HS_ARGUMENT, "found arrays of different length, wanted one entry an edge and one name a node", "[]");
        }
        const auto data = [](const auto &list) { return list.empty() ? nullptr : list.data(); };
        std::vector<const char *> names;
        for (const std::string &name : edges.names) names.push_back(name.c_str());
        const bool bare = edges.low.empty() && edges.high.empty() && edges.dampens.empty();
        return Network(detail::make<hs_network>([&](hs_network *out, hs_error *error) {
            if (bare && names.empty()) {
                return hs_network_from_edges(nodes, count, edges.source.data(), edges.target.data(), edges.weight.data(), data(edges.lag), out, error);
            }
            if (bare) {
                return hs_network_from_named_edges(nodes, names.data(), count, edges.source.data(), edges.target.data(), edges.weight.data(),
                                                   data(edges.lag), out, error);
            }
            return hs_network_from_links(nodes, data(names), count, edges.source.data(), edges.target.data(), edges.weight.data(),
                                         data(edges.lag), data(edges.low), data(edges.high), data(edges.dampens), out, error);
        }));
    }

    std::size_t nodes() const { return size().first; }
    std::size_t edges() const { return size().second; }
    /// Position of a node by its name.
    std::size_t position(const std::string &name) const {
        std::size_t out = 0;
        hs_error error{0};
        detail::check(hs_network_position(get(), name.c_str(), &out, &error), error);
        return out;
    }
    /// The tables nodes, edges and disputed.
    Result tables() const {
        return Result(detail::make<hs_result>([&](hs_result *out, hs_error *error) { return hs_network_tables(get(), out, error); }));
    }
    /// Lets severity travel from start (empty: as observed) under shocks (empty: none); hs_propagate.
    Propagation propagate(std::string_view settings = {}, const std::vector<double> &start = {}, const std::vector<double> &shocks = {}) const {
        const std::size_t count = nodes();
        if ((!start.empty() && start.size() != count) || (!shocks.empty() && shocks.size() != count)) {
            throw Error(HS_ARGUMENT, "found a start or shocks of another length, wanted one number a node", "[]");
        }
        Propagation out{std::vector<double>(count), {}};
        double none = 0.0;  // a network without nodes has an empty state, and still wants a place to write it to
        hs_error error{0};
        detail::check(hs_propagate(get(), detail::pointer(settings), settings.size(), start.empty() ? nullptr : start.data(),
                                   shocks.empty() ? nullptr : shocks.data(), count == 0 ? &none : out.state.data(), count, &out.info, &error),
                      error);
        return out;
    }
    /// All of a propagation: states as a table, state and trajectory as arrays.
    Result propagate_result(std::string_view settings = {}) const { return run(hs_propagate_result, settings); }
    Result total_effects(std::string_view settings = {}) const { return run(hs_total_effects, settings); }
    Result root_causes(std::string_view settings = {}) const { return run(hs_root_causes, settings); }
    Result influence(std::string_view settings = {}) const { return run(hs_influence, settings); }
    Result roles(std::string_view settings = {}) const { return run(hs_roles, settings); }
    Result indices(std::string_view settings = {}) const { return run(hs_indices, settings); }
    Result loops(std::string_view settings = {}) const { return run(hs_loops, settings); }
    Result chains(std::string_view settings) const { return run(hs_chains, settings); }
    Result clusters(std::string_view settings = {}) const { return run(hs_clusters, settings); }
    Result attribution(std::string_view settings) const { return run(hs_attribution, settings); }
    Result blocks(std::string_view settings = {}) const { return run(hs_blocks, settings); }
    Result impact_diffusion(std::string_view settings = {}) const { return run(hs_impact_diffusion, settings); }
    Result renewal_rates(std::string_view settings) const { return run(hs_renewal_rates, settings); }
    Result simulate(std::string_view settings = {}) const { return run(hs_simulate, settings); }
    Result sensitivity(std::string_view settings = {}) const { return run(hs_sensitivity, settings); }
    /// Reads a network from a file; settings are those of hs_network_read.
    static Network read(const std::string &path, std::string_view settings = {}) {
        return Network(detail::make<hs_network>([&](hs_network *out, hs_error *error) {
            return hs_network_read(path.c_str(), detail::pointer(settings), settings.size(), nullptr, out, error);
        }));
    }
    static Network from_text(std::string_view text, std::string_view settings = {}) {
        return Network(detail::make<hs_network>([&](hs_network *out, hs_error *error) {
            return hs_network_from_text(text.empty() ? "" : text.data(), text.size(), detail::pointer(settings), settings.size(), nullptr, out, error);
        }));
    }
    /// Writes a file in the format that its ending names; a restricted or strict assessment asks for an acknowledgement that names its class.
    void write(const std::string &path, const char *acknowledgement = nullptr) const {
        hs_error error{0};
        detail::check(hs_network_write(get(), path.c_str(), acknowledgement, &error), error);
    }
    /// The network as text: graphml, gexf, dot, mermaid or json.
    std::string to_text(const std::string &format) const {
        return detail::text([&](hs_text *out, hs_error *error) { return hs_network_to_text(get(), format.c_str(), out, error); });
    }
    /// The same network, whose long calls look at tick on their way; context must outlive it.
    Network watched(hs_tick tick, void *context) const {
        return Network(detail::make<hs_network>(
            [&](hs_network *out, hs_error *error) { return hs_network_watched(get(), tick, context, out, error); }));
    }
    hs_network get() const noexcept { return owner_.get(); }

private:
    Result run(hs_status (*call)(hs_network, const char *, std::size_t, hs_result *, hs_error *), std::string_view settings) const {
        return Result(detail::make<hs_result>([&](hs_result *out, hs_error *error) {
            return call(get(), detail::pointer(settings), settings.size(), out, error);
        }));
    }
    std::pair<std::size_t, std::size_t> size() const {
        std::pair<std::size_t, std::size_t> size{0, 0};
        hs_error error{0};
        detail::check(hs_network_size(get(), &size.first, &size.second, &error), error);
        return size;
    }

    detail::Owner<hs_network, hs_network_free> owner_;
};

/// A situation, seen through the human-security framework.
class Assessment {
public:
    explicit Assessment(hs_assessment handle) noexcept : owner_(handle) {}

    static Assessment from_json(std::string_view text) {
        return Assessment(detail::make<hs_assessment>([&](hs_assessment *out, hs_error *error) {
            return hs_assessment_from_json(text.empty() ? "" : text.data(), text.size(), out, error);
        }));
    }
    static Assessment load(const std::string &path) {
        return Assessment(detail::make<hs_assessment>(
            [&](hs_assessment *out, hs_error *error) { return hs_assessment_load(path.c_str(), nullptr, out, error); }));
    }
    /// One of the embedded cases, as in "ituri".
    static Assessment example(const std::string &name) {
        return Assessment(detail::make<hs_assessment>([&](hs_assessment *out, hs_error *error) { return hs_example(name.c_str(), out, error); }));
    }
    std::string to_json() const {
        return detail::text([&](hs_text *out, hs_error *error) { return hs_assessment_to_json(get(), out, error); });
    }
    /// Saves at a path; a restricted or strict assessment asks for an acknowledgement that names its class.
    void save(const std::string &path, const char *acknowledgement = nullptr) const {
        hs_error error{0};
        detail::check(hs_assessment_save(get(), path.c_str(), acknowledgement, &error), error);
    }
    /// The domino network; settings are those of hs_network_expand.
    Network network(std::string_view settings = {}) const {
        return Network(detail::make<hs_network>([&](hs_network *out, hs_error *error) {
            return hs_network_expand(get(), detail::pointer(settings), settings.size(), out, error);
        }));
    }
    // Voices and the matrix.
    Result matrix(std::string_view settings = {}) const { return run(hs_matrix, settings); }
    Result explain(std::string_view settings = {}) const { return run(hs_explain, settings); }
    Result gender_gaps(std::string_view settings = {}) const { return run(hs_gender_gaps, settings); }
    Result vital_core(std::string_view settings = {}) const { return run(hs_vital_core, settings); }
    Result chronic_and_sudden(std::string_view settings = {}) const { return run(hs_chronic_and_sudden, settings); }
    Result capacity_profile(std::string_view settings = {}) const { return run(hs_capacity_profile, settings); }
    Result security_infrastructure(std::string_view settings = {}) const { return run(hs_security_infrastructure, settings); }
    Result perception_gaps(std::string_view settings = {}) const { return run(hs_perception_gaps, settings); }
    Result agreement(std::string_view settings = {}) const { return run(hs_agreement, settings); }
    Result consensus(std::string_view settings = {}) const { return run(hs_consensus, settings); }
    Result mismatch(std::string_view settings = {}) const { return run(hs_mismatch, settings); }
    Result reliability(std::string_view settings = {}) const { return run(hs_reliability, settings); }
    Result problem_definitions(std::string_view settings = {}) const { return run(hs_problem_definitions, settings); }
    Result story_coding(std::string_view settings = {}) const { return run(hs_story_coding, settings); }
    Result action_plan(std::string_view settings = {}) const { return run(hs_action_plan, settings); }
    Result stakeholders(std::string_view settings = {}) const { return run(hs_stakeholders, settings); }
    Result independence(std::string_view settings = {}) const { return run(hs_independence, settings); }
    Result shared_indicators(std::string_view settings = {}) const { return run(hs_shared_indicators, settings); }
    Result participation(std::string_view settings = {}) const { return run(hs_participation, settings); }
    Result programme_stages(std::string_view settings = {}) const { return run(hs_programme_stages, settings); }
    Result representativeness(std::string_view settings = {}) const { return run(hs_representativeness, settings); }
    Result local_ownership(std::string_view settings = {}) const { return run(hs_local_ownership, settings); }
    Result principles(std::string_view settings = {}) const { return run(hs_principles, settings); }
    Result phase_gates(std::string_view settings = {}) const { return run(hs_phase_gates, settings); }
    Result relevance(std::string_view settings = {}) const { return run(hs_relevance, settings); }
    Result screens(std::string_view settings = {}) const { return run(hs_screens, settings); }
    /// What is thin or missing.
    Result check() const {
        return Result(detail::make<hs_result>([&](hs_result *out, hs_error *error) { return hs_check(get(), out, error); }));
    }
    Result criticality(std::string_view settings = {}) const { return run(hs_criticality, settings); }
    Result phases(std::string_view settings = {}) const { return run(hs_phases, settings); }
    Result externalities(std::string_view settings = {}) const { return run(hs_externalities, settings); }
    Result harm_register(std::string_view settings = {}) const { return run(hs_harm_register, settings); }
    Result policy_coherence(std::string_view settings = {}) const { return run(hs_policy_coherence, settings); }
    Result synergies(std::string_view settings = {}) const { return run(hs_synergies, settings); }
    Result seven_questions(std::string_view settings = {}) const { return run(hs_seven_questions, settings); }
    Result pillar_gaps(std::string_view settings = {}) const { return run(hs_pillar_gaps, settings); }
    Result pillar_balance(std::string_view settings = {}) const { return run(hs_pillar_balance, settings); }
    Result portfolio(std::string_view settings = {}) const { return run(hs_portfolio, settings); }
    /// Whom interventions lift and push; rows is consumed, and NULL where the settings hold no score.
    Result people(ArrowArrayStream *rows, std::string_view settings = {}) const {
        return Result(detail::make<hs_result>([&](hs_result *out, hs_error *error) {
            return hs_people(get(), rows, detail::pointer(settings), settings.size(), out, error);
        }));
    }
    Result intersections(std::string_view settings = {}) const { return run(hs_intersections, settings); }
    /// A report as one HTML page.
    std::string report(std::string_view settings = {}) const { return told(hs_report, settings); }
    /// A report as plain text.
    std::string text_report(std::string_view settings = {}) const { return told(hs_text_report, settings); }
    /// The same assessment, whose long calls look at tick on their way; context must outlive it.
    Assessment watched(hs_tick tick, void *context) const {
        return Assessment(detail::make<hs_assessment>(
            [&](hs_assessment *out, hs_error *error) { return hs_assessment_watched(get(), tick, context, out, error); }));
    }
    hs_assessment get() const noexcept { return owner_.get(); }

private:
    Result run(hs_status (*call)(hs_assessment, const char *, std::size_t, hs_result *, hs_error *), std::string_view settings) const {
        return Result(detail::make<hs_result>([&](hs_result *out, hs_error *error) {
            return call(get(), detail::pointer(settings), settings.size(), out, error);
        }));
    }
    std::string told(hs_status (*call)(hs_assessment, const char *, std::size_t, hs_text *, hs_error *), std::string_view settings) const {
        return detail::text(
            [&](hs_text *out, hs_error *error) { return call(get(), detail::pointer(settings), settings.size(), out, error); });
    }

    detail::Owner<hs_assessment, hs_assessment_free> owner_;
};

/// Rows of people's data on their way to a score; any thread may feed it. A stream that is handed over is consumed, whatever happens.
class Scorer {
public:
    explicit Scorer(hs_scorer handle) noexcept : owner_(handle) {}
    /// scheme: a deprivation scheme, or the whole settings of a score.
    explicit Scorer(std::string_view scheme)
        : owner_(detail::make<hs_scorer>([&](hs_scorer *out, hs_error *error) {
              return hs_scorer_new(scheme.empty() ? "" : scheme.data(), scheme.size(), out, error);
          })) {}

    /// The scorer that gave these bytes.
    static Scorer from_bytes(const std::vector<std::uint8_t> &bytes) {
        const std::uint8_t none = 0;
        return Scorer(detail::make<hs_scorer>([&](hs_scorer *out, hs_error *error) {
            return hs_scorer_from_bytes(bytes.empty() ? &none : bytes.data(), bytes.size(), out, error);
        }));
    }

    /// Takes in all rows, or none of them where it throws.
    void update(ArrowArrayStream *rows) {
        hs_error error{0};
        detail::check(hs_scorer_update(get(), rows, &error), error);
    }
    void update(Table rows) { update(rows.get()); }
    /// Takes in what another scorer of the same settings has taken in, which stays as it is.
    void merge(const Scorer &other) {
        hs_error error{0};
        detail::check(hs_scorer_merge(get(), other.get(), &error), error);
    }
    /// The score of all rows so far; the scorer can take in more.
    Result finish() const {
        return Result(detail::make<hs_result>([&](hs_result *out, hs_error *error) { return hs_scorer_finish(get(), out, error); }));
    }
    /// Settings and sums, to be kept or carried elsewhere; they count as microdata.
    std::vector<std::uint8_t> to_bytes() const {
        detail::Owner<hs_bytes, hs_bytes_free> owner(
            detail::make<hs_bytes>([&](hs_bytes *out, hs_error *error) { return hs_scorer_bytes(get(), out, error); }));
        const std::uint8_t *data = nullptr;
        std::size_t length = 0;
        detail::check(hs_bytes_data(owner.get(), &data, &length), hs_error{0});
        return std::vector<std::uint8_t>(data, data + length);
    }
    /// The same scorer, whose update looks at tick on its way; context must outlive it.
    Scorer watched(hs_tick tick, void *context) const {
        return Scorer(detail::make<hs_scorer>(
            [&](hs_scorer *out, hs_error *error) { return hs_scorer_watched(get(), tick, context, out, error); }));
    }
    hs_scorer get() const noexcept { return owner_.get(); }

private:
    detail::Owner<hs_scorer, hs_scorer_free> owner_;
};

namespace detail {

/// An analysis of one stream of rows.
inline Result of_rows(hs_status (*call)(ArrowArrayStream *, const char *, std::size_t, hs_result *, hs_error *), ArrowArrayStream *rows,
                      std::string_view settings) {
    return Result(make<hs_result>(
        [&](hs_result *out, hs_error *error) { return call(rows, pointer(settings), settings.size(), out, error); }));
}

/// Rows of so many columns; throws where they do not come out even.
inline std::size_t rows_of(const std::vector<double> &numbers, std::size_t columns) {
    if (columns == 0 ? numbers.empty() : numbers.size() % columns == 0) return columns == 0 ? 0 : numbers.size() / columns;
    throw Error(HS_ARGUMENT, "found numbers that do not fill their rows, wanted whole rows", "[]");
}

/// A number for each row, or none at all.
inline const double *each(const std::vector<double> &numbers, std::size_t rows) {
    if (numbers.empty()) return nullptr;
    if (numbers.size() == rows) return numbers.data();
    throw Error(HS_ARGUMENT, "found numbers of another length, wanted one for each row", "[]");
}

/// A name for each of so many, or none at all.
inline std::vector<const char *> each(const std::vector<std::string> &names, std::size_t count) {
    if (!names.empty() && names.size() != count) throw Error(HS_ARGUMENT, "found names of another length, wanted one for each", "[]");
    std::vector<const char *> list;
    for (const std::string &name : names) list.push_back(name.c_str());
    return list;
}

}  // namespace detail

namespace detail {

/// An analysis of several maps.
template <typename Handle, typename Owner>
Result of_several(hs_status (*call)(const Handle *, std::size_t, const char *, std::size_t, hs_result *, hs_error *),
                  const std::vector<const Owner *> &several, std::string_view settings) {
    std::vector<Handle> handles;
    for (const Owner *one : several) handles.push_back(one->get());
    const Handle none{0};
    return Result(make<hs_result>([&](hs_result *out, hs_error *error) {
        return call(handles.empty() ? &none : handles.data(), handles.size(), pointer(settings), settings.size(), out, error);
    }));
}

}  // namespace detail

/// Which inputs of a function matter most? function(const double *inputs) gives one figure; what it throws comes out here.
template <typename Function>
Result sobol(Function &&function, std::string_view settings) {
    struct Asked {
        std::remove_reference_t<Function> *function;
        std::exception_ptr thrown;
    } asked{&function, nullptr};
    const hs_function call = [](void *context, const double *points, std::size_t rows, std::size_t inputs, double *figures) -> int {
        auto *asked = static_cast<Asked *>(context);
        try {
            for (std::size_t row = 0; row < rows; row++) figures[row] = (*asked->function)(points + row * inputs);
            return 0;
        } catch (...) {
            asked->thrown = std::current_exception();
            return 1;
        }
    };
    hs_result out{0};
    hs_error error{0};
    const hs_status status = hs_sobol(call, &asked, detail::pointer(settings), settings.size(), &out, &error);
    if (asked.thrown) {
        hs_error_free(error);
        std::rethrow_exception(asked.thrown);
    }
    detail::check(status, error);
    return Result(out);
}

// Questions about several maps.

inline Result expert_root_causes(const std::vector<const Network *> &networks, std::string_view settings = {}) {
    return detail::of_several(hs_expert_root_causes, networks, settings);
}
inline Result pool_linkages(const std::vector<const Network *> &networks, std::string_view settings = {}) {
    return detail::of_several(hs_pool_linkages, networks, settings);
}
inline Result pool_linkages_of_assessments(const std::vector<const Assessment *> &assessments, std::string_view settings = {}) {
    return detail::of_several(hs_pool_linkages_of_assessments, assessments, settings);
}
inline Result compare_maps(const std::vector<const Network *> &networks, std::string_view settings = {}) {
    return detail::of_several(hs_compare_maps, networks, settings);
}
inline Result compare_maps_of_assessments(const std::vector<const Assessment *> &assessments, std::string_view settings = {}) {
    return detail::of_several(hs_compare_maps_of_assessments, assessments, settings);
}

// Questions about people's data: each consumes the stream that it is given, whatever happens. `table.get()` is such a stream.

inline Result score(ArrowArrayStream *rows, std::string_view settings) { return detail::of_rows(hs_score, rows, settings); }
inline Result robustness(ArrowArrayStream *rows, std::string_view settings) { return detail::of_rows(hs_robustness, rows, settings); }
inline Result survey_mean(ArrowArrayStream *rows, std::string_view settings) { return detail::of_rows(hs_survey_mean, rows, settings); }
inline Result years_of_individual_security(ArrowArrayStream *rows, std::string_view settings = {}) {
    return detail::of_rows(hs_years_of_individual_security, rows, settings);
}
inline Result score_change(ArrowArrayStream *first, ArrowArrayStream *second, std::string_view settings) {
    return Result(detail::make<hs_result>([&](hs_result *out, hs_error *error) {
        return hs_score_change(first, second, detail::pointer(settings), settings.size(), out, error);
    }));
}

// Questions about numbers in rows and columns, row by row; NaN is missing.

/// shares: five for each area.
inline Result area_phase(const std::vector<double> &shares, std::string_view settings = {}) {
    const std::size_t areas = detail::rows_of(shares, 5);
    return Result(detail::make<hs_result>([&](hs_result *out, hs_error *error) {
        return hs_area_phase(shares.data(), areas, detail::pointer(settings), settings.size(), out, error);
    }));
}
inline Result intersectoral_severity(const std::vector<double> &sectors, std::size_t columns, std::string_view settings = {}) {
    const std::size_t rows = detail::rows_of(sectors, columns);
    return Result(detail::make<hs_result>([&](hs_result *out, hs_error *error) {
        return hs_intersectoral_severity(sectors.data(), rows, columns, detail::pointer(settings), settings.size(), out, error);
    }));
}
/// population and previous: a number for each row, or empty.
inline Result people_in_need(const std::vector<double> &sectors, std::size_t columns, std::string_view settings = {},
                             const std::vector<double> &population = {}, const std::vector<double> &previous = {}) {
    const std::size_t rows = detail::rows_of(sectors, columns);
    const double *people = detail::each(population, rows), *before = detail::each(previous, rows);
    return Result(detail::make<hs_result>([&](hs_result *out, hs_error *error) {
        return hs_people_in_need(sectors.data(), rows, columns, people, before, detail::pointer(settings), settings.size(), out, error);
    }));
}
/// units and indicators: a name for each row and each column, or empty: the positions.
inline Result composite_index(const std::vector<double> &data, std::size_t columns, std::string_view settings = {},
                              const std::vector<std::string> &units = {}, const std::vector<std::string> &indicators = {}) {
    const std::size_t rows = detail::rows_of(data, columns);
    const std::vector<const char *> down = detail::each(units, rows), across = detail::each(indicators, columns);
    return Result(detail::make<hs_result>([&](hs_result *out, hs_error *error) {
        return hs_composite_index(data.data(), rows, columns, down.empty() ? nullptr : down.data(), across.empty() ? nullptr : across.data(),
                                  detail::pointer(settings), settings.size(), out, error);
    }));
}

/// An invented survey of n households to try things on, as in "ituri".
inline Table example_survey(const std::string &name, std::size_t n = 2000, std::uint64_t seed = 0) {
    ArrowArrayStream stream{};
    hs_error error{0};
    detail::check(hs_example_survey(name.c_str(), n, seed, &stream, &error), error);
    return Table(stream);
}
/// The settings of a score that go with it, as JSON.
inline std::string example_survey_settings(const std::string &name) {
    return detail::text([&](hs_text *out, hs_error *error) { return hs_example_survey_settings(name.c_str(), out, error); });
}

/// Names of the embedded cases as a JSON list.
inline std::string example_names() { return detail::text(hs_example_names); }
/// The JSON Schema of human-security/1.
inline std::string schema() { return detail::text(hs_schema); }
/// Writes an empty data package into a new folder, with its columns explained.
inline void write_template(const std::string &folder) {
    hs_error error{0};
    detail::check(hs_template(folder.c_str(), &error), error);
}
/// The tables of the handbook.
inline Result framework() { return Result(detail::make<hs_result>(hs_framework)); }

}  // namespace hs

#endif  // HS_HPP
