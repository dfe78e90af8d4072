//! The known answers on ratings, answers and shares as a C header, and what is compared with what the program prints.

use std::fmt::Write;
use std::path::Path;

use serde_json::{Map, Value};

use crate::answers::agree;

const ANALYSES: [&str; 6] = ["agreement", "consensus", "compare_ratings", "reliability", "krippendorff_alpha", "inequality"];

/// The header, and the facts wanted by name of the case, with the tolerance.
pub(crate) struct Ratings {
    pub(crate) header: String,
    pub(crate) facts: Vec<(String, Map<String, Value>, f64)>,
}

/// The answers whose inputs are numbers.
pub(crate) fn ratings() -> Ratings {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../hs-core/tests/cases");
    let (mut arrays, mut rows, mut facts) = (String::new(), String::new(), Vec::new());
    for analysis in ANALYSES {
        let folder = std::fs::read_dir(cases.join(analysis)).expect("a folder");
        let mut files: Vec<_> = folder.map(|file| file.expect("a file").path()).collect();
        files.sort();
        for file in files {
            let case: Value = serde_json::from_str(&std::fs::read_to_string(&file).expect("a case")).expect("JSON");
            let inputs = &case["inputs"];
            // those of a whole assessment are read with the others of their kind
            let lists = ["rows", "first", "values"].map(|name| &inputs[name]);
            let Some(first) = lists.into_iter().find(|list| list.is_array()) else { continue };
            let name = format!("{analysis}/{}", file.file_stem().expect("a name").to_string_lossy());
            let count = first.as_array().map_or(0, Vec::len);
            let columns = first.get(0).and_then(Value::as_array).map_or(1, Vec::len);
            let mut told = |list: &Value, which: &str| {
                if list.is_null() {
                    return "NULL".to_owned();
                }
                let own = format!("{which}{}", facts.len());
                let numbers: Vec<String> = flat(list).iter().map(|v| v.as_f64().map_or("NAN".into(), |x| format!("{x:?}"))).collect();
                let _ = writeln!(arrays, "static const double {own}[] = {{{}}};", numbers.join(", "));
                own
            };
            let second = if inputs["weights"].is_array() { &inputs["weights"] } else { &inputs["second"] };
            let (first, second) = (told(first, "a"), told(second, "b"));
            let groups = inputs["groups"].as_array().map_or("NULL".to_owned(), |list| {
                let own = format!("c{}", facts.len());
                let names: Vec<String> = list.iter().map(Value::to_string).collect();
                let _ = writeln!(arrays, "static const char *const {own}[] = {{{}}};", names.join(", "));
                own
            });
            let settings = if inputs["settings"].is_null() { "{}".to_owned() } else { inputs["settings"].to_string() };
            let settings = serde_json::to_string(&settings).expect("a text");
            let _ = writeln!(rows, "    {{{name:?}, {analysis:?}, {settings}, {first}, {second}, {groups}, {count}, {columns}}},");
            let wanted = case["expected"]["facts"].as_object().cloned().unwrap_or_default();
            facts.push((name, wanted, case["tolerance"].as_f64().expect("a tolerance")));
        }
    }
    let head = "/* Generated from hs-core/tests/cases by tests/support/ratings.rs. */";
    Ratings { header: format!("{head}\n{arrays}\nstatic const struct question questions[] = {{\n{rows}}};\n"), facts }
}

impl Ratings {
    /// Compares a line a case: its name, a tab, its facts.
    pub(crate) fn check(&self, said: &str) {
        for (name, wanted, tolerance) in &self.facts {
            let line = said.lines().find_map(|line| line.strip_prefix(name.as_str())?.strip_prefix('\t'));
            let found: Value = serde_json::from_str(line.unwrap_or_else(|| unreachable!("{name}: no facts printed"))).expect("JSON");
            for (fact, wanted) in wanted {
                assert!(agree(&found["facts"][fact], wanted, *tolerance), "{name}: {fact} is {}, wanted {wanted}", found["facts"][fact]);
            }
        }
    }
}

fn flat(list: &Value) -> Vec<Value> {
    let items = list.as_array().cloned().unwrap_or_default();
    items.into_iter().flat_map(|item| if item.is_array() { flat(&item) } else { vec![item] }).collect()
}
