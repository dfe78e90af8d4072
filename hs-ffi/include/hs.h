/* hs.h - human security analysis: threats as a domino network, externalities of interventions, thresholds on people.
 *
 * Generated from the Rust sources by cbindgen; do not edit. Guide: docs/guide/c.md.
 *
 * - Every function returns an hs_status, 0 for success (the versions and hs_status_word apart). Outputs are written on success alone.
 * - error may be NULL. Where it is not, it is written on failure alone, with an error the caller frees.
 * - settings is a JSON object of length bytes, the parameters of the analysis; NULL for the defaults. An unknown setting is refused.
 * - A pointer that must not be NULL gives HS_ARGUMENT where it is. name, path and folder are texts that end with a zero byte.
 * - Handles are numbers by value. What is stale, freed twice, invented or of another type gives HS_HANDLE.
 * - A stream of rows that is passed in is consumed: whatever the call answers, it is moved out, left released, and released once.
 * - Any thread may call anything, also with the same handle. A free in one thread does not disturb a call in another.
 */

#ifndef HS_H
#define HS_H

#include <stddef.h>
#include <stdint.h>
/* The Arrow C data and stream interfaces, as Arrow publishes them. */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema **children;
    struct ArrowSchema *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};

#endif /* ARROW_C_DATA_INTERFACE */

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
    int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
    const char *(*get_last_error)(struct ArrowArrayStream *);
    void (*release)(struct ArrowArrayStream *);
    void *private_data;
};

#endif /* ARROW_C_STREAM_INTERFACE */


// The number that changes when a program compiled against an older header no longer works with this library.
#define HS_ABI_VERSION 0

// What became of a call. The list is closed and append-only: a number keeps its meaning for ever.
typedef enum {
    // Success; the outputs are written.
    HS_OK = 0,
    // The text itself is broken: not UTF-8, not JSON, not CSV, nested too deeply.
    HS_SYNTAX = 1,
    // A document breaks a rule of the format; hs_error_problems lists every one.
    HS_DOCUMENT = 2,
    // The input is larger than a limit the caller can raise.
    HS_LIMIT = 3,
    // Reading or writing a file failed.
    HS_FILE = 4,
    // A setting or argument is out of its domain, or a pointer that must not be NULL is.
    HS_ARGUMENT = 5,
    // An id, name or analysis that was asked for does not exist.
    HS_NOT_FOUND = 6,
    // The model or format has no meaning for this input.
    HS_UNSUPPORTED = 7,
    // The system has no finite answer; the message names a loop responsible.
    HS_DIVERGING = 8,
    // What was asked for is undefined for this input; the message says why.
    HS_UNDEFINED = 9,
    // An export of a restricted assessment lacks its acknowledgement.
    HS_SENSITIVITY = 10,
    // The caller asked to stop.
    HS_CANCELLED = 11,
    // Memory that the stated sizes ask for is not to be had.
    HS_MEMORY = 12,
    // A handle is none, stale, freed before, invented, or of another type.
    HS_HANDLE = 13,
    // A fault of this library.
    HS_INTERNAL = 14,
} hs_status;

// How a propagation ended.
typedef enum {
    // The greatest change of a node was within tolerance.
    HS_RUN_CONVERGED = 0,
    // The states repeat.
    HS_RUN_CYCLE = 1,
    // The steps ran out.
    HS_RUN_NOT_CONVERGED = 2,
    // States grew without end.
    HS_RUN_DIVERGING = 3,
} hs_run_status;

// Why a call failed. Free with hs_error_free.
typedef struct {
    // The number; 0 is none.
    uint64_t id;
} hs_error;

// A text the library made, in UTF-8. Free with hs_text_free.
typedef struct {
    // The number; 0 is none.
    uint64_t id;
} hs_text;

// What an analysis found: settings, facts, arrays, tables and notes, all by name. Free with hs_result_free.
typedef struct {
    // The number; 0 is none.
    uint64_t id;
} hs_result;

// How much a reader takes in; what is past a limit is refused, never cut. Start from hs_limits_default.
typedef struct {
    // Bytes of the text.
    size_t bytes;
    // JSON objects of the document.
    size_t objects;
    // Bytes of one text, key or number.
    size_t text;
} hs_limits;

// A situation: places, groups, threats, conditions, linkages, interventions. Free with hs_assessment_free.
//
// Handles are numbers passed by value. Id 0 is none. A handle that is stale, freed twice, invented or of another type is refused with
// HS_HANDLE. An assessment never changes after it is made, so any number of threads may use one.
typedef struct {
    // The number; 0 is none.
    uint64_t id;
} hs_assessment;

// What a long call looks at on its way, with how far it is: 0 lets it go on, anything else stops it with HS_CANCELLED.
//
// It is called on the thread of the call. It must return: no exception, no longjmp.
typedef int (*hs_tick)(void *context, uint64_t step);

// A domino network: threats, each at a place and for a group, and the linkages between them. Free with hs_network_free.
typedef struct {
    // The number; 0 is none.
    uint64_t id;
} hs_network;

// How a propagation ended, and how far off its state can be.
typedef struct {
    // How it ended.
    hs_run_status status;
    // Steps after which the states repeat; 0 where they do not.
    uint64_t period;
    // Steps made.
    uint64_t iterations;
    // No node of the state is further than this from the fixed point; infinite where no bound is known.
    double error_bound;
} hs_propagation;

// A function of the caller's at many points at a time: rows of inputs numbers each, row by row, for which it writes one finite figure a row.
// 0 lets the call go on, anything else stops it with HS_CANCELLED.
//
// It is called on the thread of the call. It must return: no exception, no longjmp.
typedef int (*hs_function)(void *context, const double *points, size_t rows, size_t inputs, double *figures);

// Rows of people's data on their way to a score. Free with hs_scorer_free.
//
// A scorer takes rows in, from any number of threads at a time; its settings never change.
typedef struct {
    // The number; 0 is none.
    uint64_t id;
} hs_scorer;

// Bytes the library made. Free with hs_bytes_free.
typedef struct {
    // The number; 0 is none.
    uint64_t id;
} hs_bytes;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// The version of the library, as in "0.1.0". The text is never freed.
const char *hs_version(void);

// The version of the binary interface; compare it with HS_ABI_VERSION of the header a program was compiled with.
uint32_t hs_abi_version(void);

// A status as one word, as in "not-found"; "unknown" for a number that is no status. The text is never freed.
const char *hs_status_word(int32_t status);

// The status an error came with.
hs_status hs_error_status(hs_error error, hs_status *out);

// One line that says what was found and what was wanted; it lives until hs_error_free. A zero byte follows the text.
hs_status hs_error_message(hs_error error, const char **data, size_t *length);

// Every problem as a JSON list of objects with kind, pointer, found, wanted and, where there is one, mend; it lives until
// hs_error_free. A zero byte follows the text.
hs_status hs_error_problems(hs_error error,
                            const char **data,
                            size_t *length);

// Frees an error.
hs_status hs_error_free(hs_error error);

// The bytes of a text, in UTF-8; they live until hs_text_free. A zero byte follows them, not counted in the length.
hs_status hs_text_data(hs_text text, const char **data, size_t *length);

// Frees a text.
hs_status hs_text_free(hs_text text);

// A whole result as one JSON object: analysis, settings, the facts, arrays as nested lists, tables as lists of rows, notes.
hs_status hs_result_json(hs_result result,
                         hs_text *out,
                         hs_error *error);

// What a result says in single values, as one JSON object: analysis, settings, facts, notes, and the names of its arrays and tables.
hs_status hs_result_facts(hs_result result,
                          hs_text *out,
                          hs_error *error);

// The names of a result's tables as a JSON list, the main one first.
hs_status hs_result_tables(hs_result result, hs_text *out, hs_error *error);

// A table as a stream of Arrow record batches (the Arrow C stream interface), without a copy.
//
// The stream belongs to the caller, who calls its release member once; it outlives the result. What stood in out before is
// overwritten, not released.
hs_status hs_result_table(hs_result result,
                          const char *name,
                          struct ArrowArrayStream *out,
                          hs_error *error);

// An array of numbers in row-major order and the length of each axis; both live until hs_result_free.
hs_status hs_result_array(hs_result result,
                          const char *name,
                          const double **data,
                          const size_t **shape,
                          size_t *axes,
                          hs_error *error);

// Frees a result. Arrow streams taken from it live on.
hs_status hs_result_free(hs_result result);

// Writes the limits a reader keeps by default.
hs_status hs_limits_default(hs_limits *out, hs_error *error);

// Reads an assessment from a JSON document of human-security/1 in UTF-8.
//
// A document that breaks the format is refused with every problem in hs_error_problems, each with its place and how to mend it.
hs_status hs_assessment_from_json(const char *text,
                                  size_t length,
                                  hs_assessment *out,
                                  hs_error *error);

// Reads an assessment as hs_assessment_from_json does, within the caller's limits (NULL for the defaults).
hs_status hs_assessment_from_json_within(const char *text,
                                         size_t length,
                                         const hs_limits *limits,
                                         hs_assessment *out,
                                         hs_error *error);

// The assessment as JSON text: the same bytes for equal assessments.
hs_status hs_assessment_to_json(hs_assessment assessment, hs_text *out, hs_error *error);

// Loads an assessment from a path in UTF-8, within the caller's limits (NULL for the defaults): a JSON file, or a data package by its
// folder or its datapackage.json.
hs_status hs_assessment_load(const char *path,
                             const hs_limits *limits,
                             hs_assessment *out,
                             hs_error *error);

// Saves an assessment at a path in UTF-8, whole or not at all: as a JSON file where the path ends in .json, else as the folder of a
// data package.
//
// An assessment whose sensitivity is restricted or strict asks for an acknowledgement that names its class; else NULL will do.
hs_status hs_assessment_save(hs_assessment assessment,
                             const char *path,
                             const char *acknowledgement,
                             hs_error *error);

// The same assessment under a handle of its own, whose long calls look at tick on their way (NULL for none).
//
// tick and context must stay good until that handle is freed.
hs_status hs_assessment_watched(hs_assessment assessment,
                                hs_tick tick,
                                void *context,
                                hs_assessment *out,
                                hs_error *error);

// Frees an assessment.
hs_status hs_assessment_free(hs_assessment assessment);

// One of the embedded cases, as in "ituri"; hs_example_names lists them.
hs_status hs_example(const char *name, hs_assessment *out, hs_error *error);

// The names of the embedded cases as a JSON list.
hs_status hs_example_names(hs_text *out, hs_error *error);

// What the handbook fixes, as the tables of one result: components, strategies, externalities, principles, phases, tasks, questions,
// stages and the lists they rest on.
hs_status hs_framework(hs_result *out,
                       hs_error *error);

// The JSON Schema of human-security/1.
hs_status hs_schema(hs_text *out, hs_error *error);

// Writes an empty data package into a new folder, with its columns explained: a start for data of one's own.
hs_status hs_template(const char *folder, hs_error *error);

// Builds the domino network of an assessment: one node a threat, place and group, one edge a linkage between two of them.
//
// settings: Expansion (places, groups, period, components, fold_places, unweighted, adjacency, kinds, interventions).
hs_status hs_network_expand(hs_assessment assessment,
                            const char *settings,
                            size_t length,
                            hs_network *out,
                            hs_error *error);

// Builds a network from arrays of one entry an edge: positions of its ends, below nodes, and its signed finite weight, positive
// where the source makes the target worse. The arrays are copied; names are the positions as text.
//
// lag may be NULL: every edge acts in the same step. Arrays of no edges may be NULL.
hs_status hs_network_from_edges(size_t nodes,
                                size_t edges,
                                const uint32_t *source,
                                const uint32_t *target,
                                const double *weight,
                                const uint32_t *lag,
                                hs_network *out,
                                hs_error *error);

// Builds a network as hs_network_from_edges does, with a name for each node: nodes texts that end with a zero byte.
hs_status hs_network_from_named_edges(size_t nodes,
                                      const char *const *names,
                                      size_t edges,
                                      const uint32_t *source,
                                      const uint32_t *target,
                                      const double *weight,
                                      const uint32_t *lag,
                                      hs_network *out,
                                      hs_error *error);

// Builds a network as hs_network_from_edges does, of links that may lack a number and may carry a range.
//
// A weight of NAN is a link without a number; dampens (1 or 0 an edge) says its sign, that of others their weight. low and high are the
// ends of each signed weight, NAN where it has none; both or neither. node_names, lag, low, high and dampens may be NULL.
hs_status hs_network_from_links(size_t nodes,
                                const char *const *node_names,
                                size_t edges,
                                const uint32_t *source,
                                const uint32_t *target,
                                const double *weight,
                                const uint32_t *lag,
                                const double *low,
                                const double *high,
                                const uint8_t *dampens,
                                hs_network *out,
                                hs_error *error);

// How many nodes and edges a network has.
hs_status hs_network_size(hs_network network, size_t *nodes, size_t *edges, hs_error *error);

// The position of a node by its name, as in "hunger/CD-IT": the index into the buffers of hs_propagate.
hs_status hs_network_position(hs_network network, const char *name, size_t *out, hs_error *error);

// The network as tables: nodes, edges, and edges on which the statements of an assessment disagree.
hs_status hs_network_tables(hs_network network, hs_result *out, hs_error *error);

// Lets severity travel, on the caller's own buffers: start and shocks are read and state is written, nodes numbers each, in the
// order of the nodes.
//
// settings: Propagation (model, clamp, base, pulse, max_steps, tolerance, keep, anchoring). start may be NULL: as observed, 0 on
// bare arrays; shocks may be NULL: none; what a buffer gives, settings must not. info may be NULL. state may be the same buffer as
// start or shocks. That a run does not settle is a fact in info, not a failure.
hs_status hs_propagate(hs_network network,
                       const char *settings,
                       size_t length,
                       const double *start,
                       const double *shocks,
                       double *state,
                       size_t nodes,
                       hs_propagation *info,
                       hs_error *error);

// Lets severity travel and gives all of it: the states as a table, the arrays state and, where kept, trajectory.
//
// settings: Propagation, as for hs_propagate, with start and shocks by name.
hs_status hs_propagate_result(hs_network network, const char *settings, size_t length, hs_result *out, hs_error *error);

// The same network under a handle of its own, whose long calls look at tick on their way (NULL for none).
//
// tick and context must stay good until that handle is freed.
hs_status hs_network_watched(hs_network network, hs_tick tick, void *context, hs_network *out, hs_error *error);

// Frees a network.
hs_status hs_network_free(hs_network network);

// Writes a network to a file, whole or not at all: .graphml, .gexf, .dot, .mmd or .json, as its ending says.
// acknowledgement may be NULL; a network of a restricted or strict assessment leaves when it names the class.
hs_status hs_network_write(hs_network network, const char *path, const char *acknowledgement, hs_error *error);

// Reads a network from a file: .graphml, .json (node-link, Kumu) or .csv (a square matrix, a sheet of connections, a list of edges).
//
// settings: ReadNetwork (format, weight, orientation, elements). limits may be NULL: the defaults.
hs_status hs_network_read(const char *path,
                          const char *settings,
                          size_t length,
                          const hs_limits *limits,
                          hs_network *out,
                          hs_error *error);

// A network as text in a format: graphml, gexf, dot, mermaid or json.
hs_status hs_network_to_text(hs_network network, const char *format, hs_text *out, hs_error *error);

// Reads a network from a text of text_length bytes, as hs_network_read does from a file; JSON where the settings name no format.
hs_status hs_network_from_text(const char *text,
                               size_t text_length,
                               const char *settings,
                               size_t length,
                               const hs_limits *limits,
                               hs_network *out,
                               hs_error *error);

// How much does each threat feed each other, by all paths together? Gives the array matrix: a row is from, a column is to.
//
// settings: TotalEffects.
hs_status hs_total_effects(hs_network network,
                           const char *settings,
                           size_t length,
                           hs_result *out,
                           hs_error *error);

// Which threats lie upstream of most harm?
//
// settings: RootCauses.
hs_status hs_root_causes(hs_network network, const char *settings, size_t length, hs_result *out, hs_error *error);

// How much does each threat push the others, directly and at second hand?
//
// settings: Influence.
hs_status hs_influence(hs_network network, const char *settings, size_t length, hs_result *out, hs_error *error);

// Which threats drive the system, and which depend on it?
//
// settings: Roles.
hs_status hs_roles(hs_network network, const char *settings, size_t length, hs_result *out, hs_error *error);

// What kind of map is this, and which node plays which part in it?
//
// settings: Indices.
hs_status hs_indices(hs_network network, const char *settings, size_t length, hs_result *out, hs_error *error);

// Which loops keep a situation going, and which hold it back?
//
// settings: Loops.
hs_status hs_loops(hs_network network, const char *settings, size_t length, hs_result *out, hs_error *error);

// By which pathways does one threat reach another?
//
// settings: Chains, in which source and target are wanted.
hs_status hs_chains(hs_network network, const char *settings, size_t length, hs_result *out, hs_error *error);

// Which threats belong together, and how surely?
//
// settings: Clusters.
hs_status hs_clusters(hs_network network, const char *settings, size_t length, hs_result *out, hs_error *error);

// How much of a threat's level does each upstream source explain?
//
// settings: Attribution, in which node is wanted.
hs_status hs_attribution(hs_network network, const char *settings, size_t length, hs_result *out, hs_error *error);

// Which components, places or threats feed which? Gives the array matrix: a row is from, a column is to.
//
// settings: Blocks.
hs_status hs_blocks(hs_network network, const char *settings, size_t length, hs_result *out, hs_error *error);

// How far can the fall of one node travel, and who spreads it? Gives the arrays impact and communicability.
//
// settings: ImpactDiffusion.
hs_status hs_impact_diffusion(hs_network network, const char *settings, size_t length, hs_result *out, hs_error *error);

// How fast do threats begin, spread and end, judging by what happened?
//
// settings: RenewalRates, in which events or a horizon is wanted.
hs_status hs_renewal_rates(hs_network network, const char *settings, size_t length, hs_result *out, hs_error *error);

// Where do threats, vulnerabilities and capacities meet?
//
// settings: Intersections.
hs_status hs_intersections(hs_assessment assessment,
                           const char *settings,
                           size_t length,
                           hs_result *out,
                           hs_error *error);

// Which threats lie upstream of most harm, and how far do experts differ? One network an expert.
//
// settings: ExpertRootCauses. networks are count handles.
hs_status hs_expert_root_causes(const hs_network *networks,
                                size_t count,
                                const char *settings,
                                size_t length,
                                hs_result *out,
                                hs_error *error);

// What do several maps together say of each link, and where do they contradict each other?
//
// settings: PoolLinkages. networks are count handles.
hs_status hs_pool_linkages(const hs_network *networks,
                           size_t count,
                           const char *settings,
                           size_t length,
                           hs_result *out,
                           hs_error *error);

// What do the linkages of several assessments together say, and where do they contradict each other?
//
// settings: PoolLinkages. assessments are count handles.
hs_status hs_pool_linkages_of_assessments(const hs_assessment *assessments,
                                          size_t count,
                                          const char *settings,
                                          size_t length,
                                          hs_result *out,
                                          hs_error *error);

// How far do several maps agree, and which links do they dispute?
//
// settings: CompareMaps. networks are count handles.
hs_status hs_compare_maps(const hs_network *networks,
                          size_t count,
                          const char *settings,
                          size_t length,
                          hs_result *out,
                          hs_error *error);

// How far do several assessments, or the stakeholders of one, agree on what feeds what?
//
// settings: CompareMaps. assessments are count handles.
hs_status hs_compare_maps_of_assessments(const hs_assessment *assessments,
                                         size_t count,
                                         const char *settings,
                                         size_t length,
                                         hs_result *out,
                                         hs_error *error);

// How far may severities and their ranks lie apart, given the ranges of what a network was told? Gives the array states where kept.
//
// settings: Simulate.
hs_status hs_simulate(hs_network network,
                      const char *settings,
                      size_t length,
                      hs_result *out,
                      hs_error *error);

// On which of the numbers it was given does an outcome of the network hang most?
//
// settings: Sensitivity.
hs_status hs_sensitivity(hs_network network, const char *settings, size_t length, hs_result *out, hs_error *error);

// Which inputs of the caller's function matter most? It is asked at points within the bounds, up to 1024 at a time.
//
// settings: Sobol, in which bounds are wanted. context is handed to function and may be NULL.
hs_status hs_sobol(hs_function function,
                   void *context,
                   const char *settings,
                   size_t length,
                   hs_result *out,
                   hs_error *error);

// What is thin or missing in an assessment, and what share of it is stated, inferred, measured.
hs_status hs_check(hs_assessment assessment, hs_result *out, hs_error *error);

// Where are threats critical, where pervasive, and for how many persons?
//
// settings: Criticality.
hs_status hs_criticality(hs_assessment assessment,
                         const char *settings,
                         size_t length,
                         hs_result *out,
                         hs_error *error);

// In which of five phases of severity is each cell, and which phase does an area take from the people in each?
//
// settings: Phases.
hs_status hs_phases(hs_assessment assessment, const char *settings, size_t length, hs_result *out, hs_error *error);

// A report as one HTML page that needs no network and no script.
//
// settings: ReportSettings. A restricted or strict assessment asks for an acknowledgement that names its class.
hs_status hs_report(hs_assessment assessment, const char *settings, size_t length, hs_text *out, hs_error *error);

// A report as plain text for a terminal of 80 columns.
//
// settings: ReportSettings, as for hs_report.
hs_status hs_text_report(hs_assessment assessment, const char *settings, size_t length, hs_text *out, hs_error *error);

// What threatens whom, at which level, and what stands against it?
//
// settings: Matrix.
hs_status hs_matrix(hs_assessment assessment, const char *settings, size_t length, hs_result *out, hs_error *error);

// What stands behind a cell?
//
// settings: Explain.
hs_status hs_explain(hs_assessment assessment, const char *settings, size_t length, hs_result *out, hs_error *error);

// Where do women and men, girls and boys, face different threats, and where does nobody say?
//
// settings: GenderGaps.
hs_status hs_gender_gaps(hs_assessment assessment,
                         const char *settings,
                         size_t length,
                         hs_result *out,
                         hs_error *error);

// What of the vital core, and which freedom, is at stake, where and for how many?
//
// settings: VitalCore.
hs_status hs_vital_core(hs_assessment assessment, const char *settings, size_t length, hs_result *out, hs_error *error);

// Which threats stand high all the time, which strike suddenly, and who recovers?
//
// settings: ChronicAndSudden.
hs_status hs_chronic_and_sudden(hs_assessment assessment,
                                const char *settings,
                                size_t length,
                                hs_result *out,
                                hs_error *error);

// What is there to build on, what is neglected, what is only a signal of stress, and where does need meet no capacity?
//
// settings: CapacityProfile.
hs_status hs_capacity_profile(hs_assessment assessment,
                              const char *settings,
                              size_t length,
                              hs_result *out,
                              hs_error *error);

// Which norms, institutions, processes and services protect people from what is critical or pervasive, and which are not there?
//
// settings: SecurityInfrastructure.
hs_status hs_security_infrastructure(hs_assessment assessment,
                                     const char *settings,
                                     size_t length,
                                     hs_result *out,
                                     hs_error *error);

// Where do people see more, or less, than the indicators show?
//
// settings: Perceptions.
hs_status hs_perception_gaps(hs_assessment assessment,
                             const char *settings,
                             size_t length,
                             hs_result *out,
                             hs_error *error);

// How far do people agree on what comes first?
//
// settings: Agreement.
hs_status hs_agreement(hs_assessment assessment, const char *settings, size_t length, hs_result *out, hs_error *error);

// Which order do people agree on, and who sees it otherwise?
//
// settings: Consensus.
hs_status hs_consensus(hs_assessment assessment, const char *settings, size_t length, hs_result *out, hs_error *error);

// Do policies put first what people put first?
//
// settings: Mismatch.
hs_status hs_mismatch(hs_assessment assessment, const char *settings, size_t length, hs_result *out, hs_error *error);

// How well does a scale of several items measure one thing, and what does it say by place and group?
//
// settings: Reliability.
hs_status hs_reliability(hs_assessment assessment,
                         const char *settings,
                         size_t length,
                         hs_result *out,
                         hs_error *error);

// Do stakeholders see the same problem?
//
// settings: ProblemDefinitions.
hs_status hs_problem_definitions(hs_assessment assessment,
                                 const char *settings,
                                 size_t length,
                                 hs_result *out,
                                 hs_error *error);

// What do people's stories tell of, and how far do those who coded them agree?
//
// settings: Stories.
hs_status hs_story_coding(hs_assessment assessment,
                          const char *settings,
                          size_t length,
                          hs_result *out,
                          hs_error *error);

// Who does what, when, and where does the plan not hold?
//
// settings: ActionPlan.
hs_status hs_action_plan(hs_assessment assessment,
                         const char *settings,
                         size_t length,
                         hs_result *out,
                         hs_error *error);

// Who stands where among those who act, who protects and endangers at once, and who was not considered?
//
// settings: Stakeholders.
hs_status hs_stakeholders(hs_assessment assessment,
                          const char *settings,
                          size_t length,
                          hs_result *out,
                          hs_error *error);

// Is anyone's independence at risk, and do those who act get in each other's way?
//
// settings: Independence.
hs_status hs_independence(hs_assessment assessment,
                          const char *settings,
                          size_t length,
                          hs_result *out,
                          hs_error *error);

// Which indicators could agencies report together, and what stands in the way?
//
// settings: SharedIndicators.
hs_status hs_shared_indicators(hs_assessment assessment,
                               const char *settings,
                               size_t length,
                               hs_result *out,
                               hs_error *error);

// How can people take part here, at what risk, and are they answered?
//
// settings: Participation.
hs_status hs_participation(hs_assessment assessment,
                           const char *settings,
                           size_t length,
                           hs_result *out,
                           hs_error *error);

// Which of the five stages of participatory implementation is reached, on what evidence, and is the work shared fairly?
//
// settings: ProgrammeStages.
hs_status hs_programme_stages(hs_assessment assessment,
                              const char *settings,
                              size_t length,
                              hs_result *out,
                              hs_error *error);

// Does a committee look like the people it speaks for?
//
// settings: Representativeness.
hs_status hs_representativeness(hs_assessment assessment,
                                const char *settings,
                                size_t length,
                                hs_result *out,
                                hs_error *error);

// How far do those concerned own the programme, as several raters see it?
//
// settings: Ownership.
hs_status hs_local_ownership(hs_assessment assessment,
                             const char *settings,
                             size_t length,
                             hs_result *out,
                             hs_error *error);

// What is done towards each of the five principles, on what evidence, and what is missing?
//
// settings: Principles.
hs_status hs_principles(hs_assessment assessment, const char *settings, size_t length, hs_result *out, hs_error *error);

// Which tasks of the three phases are done, on what evidence, and which phase may be left?
//
// settings: PhaseGates.
hs_status hs_phase_gates(hs_assessment assessment,
                         const char *settings,
                         size_t length,
                         hs_result *out,
                         hs_error *error);

// Is it the right thing: does what is done answer what people put first?
//
// settings: Relevance.
hs_status hs_relevance(hs_assessment assessment, const char *settings, size_t length, hs_result *out, hs_error *error);

// Which measures call for a closer look, and why?
//
// settings: Screens.
hs_status hs_screens(hs_assessment assessment, const char *settings, size_t length, hs_result *out, hs_error *error);

// What does each intervention do beyond its target, for better and for worse, and whom may it harm?
//
// settings: Externalities.
hs_status hs_externalities(hs_assessment assessment,
                           const char *settings,
                           size_t length,
                           hs_result *out,
                           hs_error *error);

// What may get worse for whom, by which chains, and what was decided about it? Nothing without a number is called low.
//
// settings: HarmRegister.
hs_status hs_harm_register(hs_assessment assessment,
                           const char *settings,
                           size_t length,
                           hs_result *out,
                           hs_error *error);

// Which interventions and policies work against each other, double each other, or stand in for the state?
//
// settings: PolicyCoherence.
hs_status hs_policy_coherence(hs_assessment assessment,
                              const char *settings,
                              size_t length,
                              hs_result *out,
                              hs_error *error);

// Which interventions do more together than apart, and which less?
//
// settings: Synergies.
hs_status hs_synergies(hs_assessment assessment, const char *settings, size_t length, hs_result *out, hs_error *error);

// Which of the handbook's seven questions on protection and empowerment are answered, and what would answer the others?
//
// settings: SevenQuestions.
hs_status hs_seven_questions(hs_assessment assessment,
                             const char *settings,
                             size_t length,
                             hs_result *out,
                             hs_error *error);

// Where is protection or empowerment missing against what is critical or pervasive?
//
// settings: PillarGaps.
hs_status hs_pillar_gaps(hs_assessment assessment,
                         const char *settings,
                         size_t length,
                         hs_result *out,
                         hs_error *error);

// How are budget, persons and interventions spread over pillars, horizons and stages? There is no pass mark.
//
// settings: PillarBalance.
hs_status hs_pillar_balance(hs_assessment assessment,
                            const char *settings,
                            size_t length,
                            hs_result *out,
                            hs_error *error);

// Which set of interventions does most within a budget, and harms nobody more than is allowed?
//
// settings: Portfolio.
hs_status hs_portfolio(hs_assessment assessment, const char *settings, size_t length, hs_result *out, hs_error *error);

// Whom do interventions lift above the threshold, and whom do they push below? rows, as of hs_score, is read batch by batch; it may be NULL
// where the settings hold no score: then the prevalence of conditions moves.
//
// settings: PeopleMoved, with the score's settings under `score`.
hs_status hs_people(hs_assessment assessment,
                    struct ArrowArrayStream *rows,
                    const char *settings,
                    size_t length,
                    hs_result *out,
                    hs_error *error);

// Who is below the bar, in how many ways, where, in which group, and how sure are we? rows is read batch by batch, in memory that does
// not grow with them.
//
// settings: Score, or a DeprivationScheme alone; without a scheme there is no score, so NULL is refused.
hs_status hs_score(struct ArrowArrayStream *rows,
                   const char *settings,
                   size_t length,
                   hs_result *out,
                   hs_error *error);

// What changed between two rounds of a survey, by how much of it in how many and how deep, in which indicators and groups?
//
// settings: ScoreChange, which holds a Score; NULL is refused.
hs_status hs_score_change(struct ArrowArrayStream *first,
                          struct ArrowArrayStream *second,
                          const char *settings,
                          size_t length,
                          hs_result *out,
                          hs_error *error);

// Does the order of groups hold under other cut-offs and weights?
//
// settings: Robustness, which holds a Score with columns to split by; NULL is refused.
hs_status hs_robustness(struct ArrowArrayStream *rows,
                        const char *settings,
                        size_t length,
                        hs_result *out,
                        hs_error *error);

// How high is a mean, total, ratio or proportion in the population that a sample stands for, and how sure are we?
//
// settings: SurveyMean, which names a column; NULL is refused.
hs_status hs_survey_mean(struct ArrowArrayStream *rows,
                         const char *settings,
                         size_t length,
                         hs_result *out,
                         hs_error *error);

// How many years of a life are lived in security, and how many below the threshold? rows holds the ages of a life table.
//
// settings: YearsOfIndividualSecurity.
hs_status hs_years_of_individual_security(struct ArrowArrayStream *rows,
                                          const char *settings,
                                          size_t length,
                                          hs_result *out,
                                          hs_error *error);

// An invented survey to try things on, as in "ituri": n households, the same for the same seed. out is written as hs_result_table
// writes it.
hs_status hs_example_survey(const char *name,
                            size_t n,
                            uint64_t seed,
                            struct ArrowArrayStream *out,
                            hs_error *error);

// The settings of a score that go with an invented survey, as JSON for hs_score: its scheme and its design.
hs_status hs_example_survey_settings(const char *name, hs_text *out, hs_error *error);

// A scorer that has taken no rows in yet.
//
// scheme: a DeprivationScheme, or the whole settings of a score (Score: scheme, by, weight, strata, ...).
hs_status hs_scorer_new(const char *scheme, size_t length, hs_scorer *out, hs_error *error);

// Takes in all rows of a stream, or none of them where the call fails. The order of rows, batches and calls changes no bit of the result.
hs_status hs_scorer_update(hs_scorer scorer,
                           struct ArrowArrayStream *rows,
                           hs_error *error);

// Takes in all that another scorer of the same settings has taken in; the other stays as it is. A scorer is not merged into itself.
hs_status hs_scorer_merge(hs_scorer into,
                          hs_scorer other,
                          hs_error *error);

// The score of all rows so far, as hs_score gives it. The scorer can take in more.
hs_status hs_scorer_finish(hs_scorer scorer, hs_result *out, hs_error *error);

// A scorer as bytes, to be kept or carried to another machine: settings and sums. They tell of single rows and count as microdata.
hs_status hs_scorer_bytes(hs_scorer scorer,
                          hs_bytes *out,
                          hs_error *error);

// The scorer that hs_scorer_bytes was asked about.
hs_status hs_scorer_from_bytes(const uint8_t *data, size_t length, hs_scorer *out, hs_error *error);

// The same scorer under a second handle, whose hs_scorer_update looks at tick on its way (NULL for none); each handle is freed.
//
// tick and context must stay good until that handle is freed.
hs_status hs_scorer_watched(hs_scorer scorer,
                            hs_tick tick,
                            void *context,
                            hs_scorer *out,
                            hs_error *error);

// Frees a scorer.
hs_status hs_scorer_free(hs_scorer scorer);

// The bytes; they live until hs_bytes_free.
hs_status hs_bytes_data(hs_bytes bytes, const uint8_t **data, size_t *length);

// Frees bytes.
hs_status hs_bytes_free(hs_bytes bytes);

// Which phase does an area take, from the shares of its people in phases 1 to 5? shares holds five numbers for each area, from 0 to 1.
//
// settings: AreaPhase. Gives the array phases, NaN where a phase is undefined.
hs_status hs_area_phase(const double *shares,
                        size_t areas,
                        const char *settings,
                        size_t length,
                        hs_result *out,
                        hs_error *error);

// How severe is it over all sectors together? sectors holds columns severities for each of rows places, from 0 to 5.
//
// settings: IntersectoralSeverity. Gives the array severity, NaN where it is undefined.
hs_status hs_intersectoral_severity(const double *sectors,
                                    size_t rows,
                                    size_t columns,
                                    const char *settings,
                                    size_t length,
                                    hs_result *out,
                                    hs_error *error);

// How many people are in need over all sectors together? sectors holds the people in need of columns sectors for each of rows places.
//
// population and previous hold a number for each place: its people, and the joint figure of the round before; each may be NULL.
// settings: PeopleInNeed. Gives the array joint, NaN where it is undefined.
hs_status hs_people_in_need(const double *sectors,
                            size_t rows,
                            size_t columns,
                            const double *population,
                            const double *previous,
                            const char *settings,
                            size_t length,
                            hs_result *out,
                            hs_error *error);

// How do many indicators become one number a place, and how far does its rank hang on the choices made? data holds the values of columns
// indicators for each of rows units.
//
// units and indicators hold a name for each row and each column, texts that end with a zero byte; each may be NULL: the positions, from 0.
// settings: CompositeIndex. Gives the array values, NaN where a value is undefined; with draws, rank_lower and rank_upper too.
hs_status hs_composite_index(const double *data,
                             size_t rows,
                             size_t columns,
                             const char *const *units,
                             const char *const *indicators,
                             const char *settings,
                             size_t length,
                             hs_result *out,
                             hs_error *error);

// How far do raters agree on the order of items? ratings holds items numbers for each of raters.
//
// settings: Agreement. Gives the facts w, chi_squared and p_value.
hs_status hs_agreement_of_ratings(const double *ratings,
                                  size_t raters,
                                  size_t items,
                                  const char *settings,
                                  size_t length,
                                  hs_result *out,
                                  hs_error *error);

// Which order would raters agree on, and who sees it otherwise? ratings holds items numbers for each of raters.
//
// settings: Consensus.
hs_status hs_consensus_of_ratings(const double *ratings,
                                  size_t raters,
                                  size_t items,
                                  const char *settings,
                                  size_t length,
                                  hs_result *out,
                                  hs_error *error);

// Do two ratings of the same things agree? first and second hold a number for each of count things.
//
// settings: CompareRatings. Gives facts, among them spearman, kendall, kappa, bias, limit_lower and limit_upper.
hs_status hs_compare_ratings(const double *first,
                             const double *second,
                             size_t count,
                             const char *settings,
                             size_t length,
                             hs_result *out,
                             hs_error *error);

// Do the items of a scale measure one thing? answers holds items numbers for each of respondents, all scored in one direction.
//
// settings: Reliability. Gives facts, among them alpha and omega.
hs_status hs_reliability_of_items(const double *answers,
                                  size_t respondents,
                                  size_t items,
                                  const char *settings,
                                  size_t length,
                                  hs_result *out,
                                  hs_error *error);

// How far do coders agree on what units are? codes holds units numbers for each of coders.
//
// settings: KrippendorffAlpha. Gives facts, among them alpha, lower and upper.
hs_status hs_krippendorff_alpha(const double *codes,
                                size_t coders,
                                size_t units,
                                const char *settings,
                                size_t length,
                                hs_result *out,
                                hs_error *error);

// How unequal are values, within groups and between them? values holds count numbers; weights (a number each) and groups (texts that end with a zero
// byte) may each be NULL.
//
// settings: Inequality. Gives facts, among them theil, theil_within, theil_between and gini.
hs_status hs_inequality(const double *values,
                        const double *weights,
                        const char *const *groups,
                        size_t count,
                        const char *settings,
                        size_t length,
                        hs_result *out,
                        hs_error *error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* HS_H */
