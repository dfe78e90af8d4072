//! The known answers of `hs-core/tests/cases` as a C header, so that C reads the same files as Rust and Python.

use std::fmt::Write;
use std::path::Path;

use serde_json::Value;

/// The header, and how many answers it holds.
pub(crate) fn header() -> (String, usize) {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../hs-core/tests/cases");
    let (mut arrays, mut rows, mut count) = (String::new(), String::new(), 0);
    for analysis in ["propagate", "total_effects", "root_causes"] {
        let Ok(folder) = std::fs::read_dir(cases.join(analysis)) else { continue };
        let mut files: Vec<_> = folder.map(|file| file.expect("a file").path()).collect();
        files.sort();
        for file in files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "json")) {
            let case: Value = serde_json::from_str(&std::fs::read_to_string(file).expect("a case")).expect("JSON");
            let name = file.file_stem().expect("a name").to_string_lossy();
            answer(&mut arrays, &mut rows, count, &format!("{analysis}/{name}"), &case);
            count += 1;
        }
    }
    let (situations, more) = situations(&cases);
    let text = format!(
        "/* Generated from hs-core/tests/cases by tests/support/answers.rs. */\n{arrays}\nstatic const struct answer answers[] = {{\n{rows}}};\n{situations}"
    );
    (text, count + more)
}

/// Answers for whole assessments: the columns of numbers, missing ones as NAN.
fn situations(cases: &Path) -> (String, usize) {
    let (mut arrays, mut rows, mut count) = (String::new(), String::new(), 0);
    for analysis in ["network", "criticality", "phases", "externalities", "pillar_gaps"] {
        let mut files: Vec<_> =
            std::fs::read_dir(cases.join(analysis)).expect("a folder").map(|file| file.expect("a file").path()).collect();
        files.sort();
        for file in files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "json")) {
            let case: Value = serde_json::from_str(&std::fs::read_to_string(file).expect("a case")).expect("JSON");
            let text = |value: &Value| serde_json::to_string(&value.to_string()).expect("a text");
            for (table, columns) in case["expected"]["tables"].as_object().expect("tables") {
                for (column, values) in columns.as_object().expect("columns") {
                    let values = values.as_array().expect("a list");
                    if values.iter().any(|v| !v.is_number() && !v.is_null()) || values.iter().all(Value::is_null) {
                        continue;
                    }
                    let numbers: Vec<String> = values.iter().map(|v| if v.is_null() { "NAN".into() } else { v.to_string() }).collect();
                    let _ = writeln!(arrays, "static const double told_{count}[] = {{{}}};", numbers.join(", "));
                    let name = format!("{analysis}/{}/{table}/{column}", file.file_stem().expect("a name").to_string_lossy());
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

fn answer(arrays: &mut String, rows: &mut String, at: usize, name: &str, case: &Value) {
    let inputs = &case["inputs"];
    let expected = &case["expected"];
    let mut array = |kind: &str, what: &str, value: &Value| -> String {
        let Some(list) = value.as_array() else { return "NULL".into() };
        let items: Vec<String> = list.iter().map(ToString::to_string).collect();
        let _ = writeln!(arrays, "static const {kind} {what}_{at}[] = {{{}}};", items.join(", "));
        format!("{what}_{at}")
    };
    let fields = [
        array("char *const", "names", &inputs["nodes"]),
        array("uint32_t", "source", &inputs["edges"]["source"]),
        array("uint32_t", "target", &inputs["edges"]["target"]),
        array("double", "weight", &inputs["edges"]["weight"]),
        array("uint32_t", "lag", &inputs["edges"]["lag"]),
        array("double", "state", &expected["state"]),
        array("double", "direction", &expected["direction"]),
        array("double", "matrix", &expected["matrix"]),
    ];
    let mut columns = String::from("NULL");
    if let Some(known) = expected["columns"].as_object() {
        let pairs: Vec<String> = known
            .iter()
            .enumerate()
            .map(|(i, (column, values))| format!("{{{:?}, {}}}", column, array("double", &format!("column{i}"), values)))
            .collect();
        let _ = writeln!(arrays, "static const struct column columns_{at}[] = {{{}, {{NULL, NULL}}}};", pairs.join(", "));
        columns = format!("columns_{at}");
    }
    let length = |value: &Value| value.as_array().map_or(0, Vec::len);
    let settings = serde_json::to_string(&inputs["settings"].to_string()).expect("a text");
    let status = expected["status"].as_str().map_or("NULL".into(), |status| format!("{status:?}"));
    let number = |value: &Value| value.as_i64().unwrap_or(-1);
    let _ = writeln!(
        rows,
        "    {{{name:?}, {analysis}, {nodes}, {edges}, {fields}, {columns}, {settings}, {status}, {iterations}, {period}, {tolerance}}},",
        analysis = case["analysis"],
        nodes = length(&inputs["nodes"]),
        edges = length(&inputs["edges"]["source"]),
        fields = fields.join(", "),
        iterations = number(&expected["iterations"]),
        period = number(&expected["period"]),
        tolerance = case["tolerance"],
    );
}
