//! The known answers of `hs-core/tests/cases` as a C header, so that C reads the same files as Rust and Python.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

/// Analyses of a whole assessment.
const SITUATIONS: [&str; 38] = [
    "network",
    "criticality",
    "phases",
    "externalities",
    "harm_register",
    "policy_coherence",
    "portfolio",
    "synergies",
    "seven_questions",
    "pillar_balance",
    "pillar_gaps",
    "intersections",
    "perception_gaps",
    "agreement",
    "consensus",
    "mismatch",
    "reliability",
    "problem_definitions",
    "principles",
    "phase_gates",
    "gender_gaps",
    "vital_core",
    "chronic_and_sudden",
    "story_coding",
    "action_plan",
    "stakeholders",
    "independence",
    "shared_indicators",
    "participation",
    "programme_stages",
    "representativeness",
    "local_ownership",
    "relevance",
    "screens",
    "capacity_profile",
    "security_infrastructure",
    "matrix",
    "explain",
];

/// What the answers on networks are, and what Rust still has to look at in the facts that C prints.
pub(crate) struct Answers {
    /// The header.
    pub(crate) header: String,
    /// How many answers it holds.
    pub(crate) count: usize,
    /// Facts wanted, by the name of their case, with the tolerance.
    facts: Vec<(String, Map<String, Value>, f64)>,
}

/// The answers on networks and assessments.
pub(crate) fn answers() -> Answers {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../hs-core/tests/cases");
    let (mut told, mut rows) = (Told::default(), String::new());
    let (mut count, mut facts) = (0, Vec::new());
    let mut folders: Vec<PathBuf> = std::fs::read_dir(&cases).expect("cases").map(|folder| folder.expect("a folder").path()).collect();
    folders.sort();
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        let analysis = folder.file_name().expect("a name").to_string_lossy().into_owned();
        for (name, case) in documents(folder) {
            // A case on networks is one of ours, so that none is left out in silence.
            let inputs = &case["inputs"];
            if inputs["nodes"].is_null() && inputs["networks"].is_null() {
                continue;
            }
            let name = format!("{analysis}/{name}");
            if let Some(wanted) = case["expected"]["facts"].as_object() {
                facts.push((name.clone(), wanted.clone(), case["tolerance"].as_f64().expect("a tolerance")));
            }
            let _ = writeln!(rows, "    {},", told.answer(&name, &case));
            count += 1;
        }
    }
    let (situations, more) = situations(&cases);
    let head = "/* Generated from hs-core/tests/cases by tests/support/answers.rs. */";
    let text = told.text;
    let header = format!("{head}\n{text}\nstatic const struct answer answers[] = {{\n{rows}}};\n{situations}");
    Answers { header, count: count + more, facts }
}

impl Answers {
    /// Looks for the facts in what the program printed: a line a case, its name, a tab, and the facts as JSON.
    pub(crate) fn check_facts(&self, said: &str) {
        for (name, wanted, tolerance) in &self.facts {
            let line = said.lines().find_map(|line| line.strip_prefix(name.as_str())?.strip_prefix('\t'));
            let found: Value = serde_json::from_str(line.unwrap_or_else(|| unreachable!("{name}: no facts printed"))).expect("JSON");
            for (fact, wanted) in wanted {
                assert!(agree(&found["facts"][fact], wanted, *tolerance), "{name}: {fact} is {}, wanted {wanted}", found["facts"][fact]);
            }
        }
    }
}

/// Numbers within the tolerance, lists and objects part by part, everything else exactly.
pub(crate) fn agree(found: &Value, wanted: &Value, tolerance: f64) -> bool {
    match (found, wanted) {
        (Value::Number(f), Value::Number(w)) => (f.as_f64().unwrap_or(f64::NAN) - w.as_f64().unwrap_or(f64::NAN)).abs() <= tolerance,
        (Value::Array(f), Value::Array(w)) => f.len() == w.len() && f.iter().zip(w).all(|(f, w)| agree(f, w, tolerance)),
        (Value::Object(f), Value::Object(w)) => {
            f.len() == w.len() && w.iter().all(|(key, w)| f.get(key).is_some_and(|f| agree(f, w, tolerance)))
        }
        _ => found == wanted,
    }
}

/// The cases of a folder, by name.
fn documents(folder: &Path) -> Vec<(String, Value)> {
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path()).collect();
    files.sort();
    let cases = files.into_iter().filter(|file| file.extension().is_some_and(|ending| ending == "json"));
    let read = |file: PathBuf| {
        let case = serde_json::from_str(&std::fs::read_to_string(&file).expect("a case")).expect("JSON");
        (file.file_stem().expect("a name").to_string_lossy().into_owned(), case)
    };
    cases.map(read).collect()
}

/// Answers for whole assessments: the columns of numbers, missing ones as NAN.
fn situations(cases: &Path) -> (String, usize) {
    let (mut arrays, mut rows, mut count) = (String::new(), String::new(), 0);
    for analysis in SITUATIONS {
        for (name, case) in documents(&cases.join(analysis)) {
            // A case on numbers is asked elsewhere.
            if case["inputs"]["assessment"].is_null() {
                continue;
            }
            let text = |value: &Value| serde_json::to_string(&value.to_string()).expect("a text");
            for (table, columns) in case["expected"]["tables"].as_object().expect("tables") {
                for (column, values) in columns.as_object().expect("columns") {
                    let values = values.as_array().expect("a list");
                    if values.iter().any(|v| !v.is_number() && !v.is_null()) || values.iter().all(Value::is_null) {
                        continue;
                    }
                    let numbers: Vec<String> = values.iter().map(number).collect();
                    let _ = writeln!(arrays, "static const double told_{count}[] = {{{}}};", numbers.join(", "));
                    let name = format!("{analysis}/{name}/{table}/{column}");
                    let _ = writeln!(
                        rows,
                        "    {{{name:?}, {analysis:?}, {}, {}, {table:?}, {column:?}, told_{count}, {}, {}}},",
                        text(&case["inputs"]["assessment"]),
                        text(&case["inputs"]["settings"]),
                        values.len(),
                        case["tolerance"],
                    );
                    count += 1;
                }
            }
        }
    }
    (format!("{arrays}\nstatic const struct situation situations[] = {{\n{rows}}};\n"), count)
}

fn number(value: &Value) -> String {
    if value.is_null() { "NAN".into() } else { value.to_string() }
}

fn text(value: &Value) -> String {
    value.as_str().map_or("NULL".into(), |text| serde_json::to_string(text).expect("a text"))
}

/// Arrays written so far, each with a name of its own.
#[derive(Default)]
struct Told {
    text: String,
    count: usize,
}

impl Told {
    fn list(&mut self, kind: &str, items: &[String]) -> String {
        if items.is_empty() {
            return "NULL".into();
        }
        self.count += 1;
        let _ = writeln!(self.text, "static const {kind} a{}[] = {{{}}};", self.count, items.join(", "));
        format!("a{}", self.count)
    }

    fn array(&mut self, kind: &str, value: &Value, item: fn(&Value) -> String) -> String {
        let items: Vec<String> = value.as_array().map(|list| list.iter().map(item).collect()).unwrap_or_default();
        self.list(kind, &items)
    }

    /// A network: nodes, edges, and what is told of them.
    fn map(&mut self, inputs: &Value) -> String {
        let length = |value: &Value| value.as_array().map_or(0, Vec::len);
        let edges = &inputs["edges"];
        let fields = [
            self.array("char *const", &inputs["nodes"], text),
            self.array("uint32_t", &edges["source"], number),
            self.array("uint32_t", &edges["target"], number),
            self.array("double", &edges["weight"], number),
            self.array("uint32_t", &edges["lag"], number),
            self.array("double", &edges["low"], number),
            self.array("double", &edges["high"], number),
        ];
        format!("{{{}, {}, {}}}", length(&inputs["nodes"]), length(&edges["source"]), fields.join(", "))
    }

    fn answer(&mut self, name: &str, case: &Value) -> String {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let maps: Vec<String> = match inputs["networks"].as_array() {
            Some(networks) => networks.iter().map(|network| self.map(network)).collect(),
            None => vec![self.map(inputs)],
        };
        let mut checks = Vec::new();
        let object = |value: &Value| value.as_object().cloned().unwrap_or_default();
        for key in ["state", "direction", "matrix"] {
            if !expected[key].is_null() {
                checks.push(self.check(key, "NULL", key, &expected[key]));
            }
        }
        for (array, values) in object(&expected["arrays"]) {
            checks.push(self.check("array", "NULL", &array, &values));
        }
        for (column, values) in object(&expected["columns"]) {
            checks.push(self.check("column", "NULL", &column, &values));
        }
        for (table, columns) in object(&expected["tables"]) {
            for (column, values) in object(&columns) {
                checks.push(self.check("column", &format!("{table:?}"), &column, &values));
            }
        }
        checks.push("{NULL, NULL, NULL, NULL, NULL, 0}".into());
        let status = text(&expected["status"]);
        let whole = |value: &Value| value.as_i64().unwrap_or(-1);
        format!(
            "{{{name:?}, {}, {}, {}, {}, {}, {status}, {}, {}, {}}}",
            case["analysis"],
            self.list("struct map", &maps),
            maps.len(),
            serde_json::to_string(&inputs["settings"].to_string()).expect("a text"),
            self.list("struct check", &checks),
            whole(&expected["iterations"]),
            whole(&expected["period"]),
            case["tolerance"],
        )
    }

    /// What to compare: kind, table, name, and the values as numbers or as texts; lists as their items with a space after each.
    fn check(&mut self, kind: &str, table: &str, name: &str, values: &Value) -> String {
        let list = values.as_array().expect("a list");
        let is = |test: fn(&Value) -> bool| list.iter().all(|v| v.is_null() || test(v));
        let (numbers, texts) = match () {
            () if is(Value::is_number) => (self.array("double", values, number), "NULL".into()),
            () if is(Value::is_string) => ("NULL".into(), self.array("char *const", values, text)),
            () if is(Value::is_boolean) => {
                ("NULL".into(), self.array("char *const", values, |v| if v.is_null() { "NULL".into() } else { format!("\"{v}\"") }))
            }
            () => ("NULL".into(), self.array("char *const", values, joined)),
        };
        format!("{{{kind:?}, {table}, {name:?}, {numbers}, {texts}, {}}}", list.len())
    }
}

/// A list as one text.
fn joined(value: &Value) -> String {
    let Some(items) = value.as_array() else { return "NULL".into() };
    let text: String = items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned) + " ").collect();
    serde_json::to_string(&text).expect("a text")
}
