//! The known answers on people's data and on grids of numbers as a C header: what `hs-core/tests/cases` gives as columns or rows.

use std::fmt::Write;
use std::path::Path;

use serde_json::Value;

const ANALYSES: [&str; 10] = [
    "score",
    "score_change",
    "robustness",
    "survey_mean",
    "years_of_individual_security",
    "area_phase",
    "intersectoral_severity",
    "people_in_need",
    "composite_index",
    "people",
];

/// The header, and how many answers it holds.
pub(crate) fn header() -> (String, usize) {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../hs-core/tests/cases");
    let (mut told, mut rows, mut count) = (Told::default(), String::new(), 0);
    for analysis in ANALYSES {
        let folder = std::fs::read_dir(cases.join(analysis)).expect("a folder");
        let mut files: Vec<_> = folder.map(|file| file.expect("a file").path()).collect();
        files.sort();
        for file in files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "json")) {
            let case: Value = serde_json::from_str(&std::fs::read_to_string(file).expect("a case")).expect("JSON");
            let name = format!("{analysis}/{}", file.file_stem().expect("a name").to_string_lossy());
            let _ = writeln!(rows, "    {},", told.question(&name, analysis, &case));
            count += 1;
        }
    }
    let text = told.text;
    let head = "/* Generated from hs-core/tests/cases by tests/support/people.rs. */";
    (format!("{head}\n{text}\nstatic const struct question questions[] = {{\n{rows}}};\n"), count)
}

/// Arrays written so far, each with a name of its own.
#[derive(Default)]
struct Told {
    text: String,
    count: usize,
}

impl Told {
    fn array(&mut self, kind: &str, items: &[String]) -> String {
        if items.is_empty() {
            return "NULL".into();
        }
        self.count += 1;
        let _ = writeln!(self.text, "static const {kind} a{}[] = {{{}}};", self.count, items.join(", "));
        format!("a{}", self.count)
    }

    fn numbers(&mut self, list: &Value) -> String {
        let items: Vec<String> = flat(list).iter().map(number).collect();
        self.array("double", &items)
    }

    fn texts(&mut self, list: &Value) -> String {
        let items: Vec<String> = flat(list).iter().map(|v| v.as_str().map_or("NULL".into(), |text| format!("{text:?}"))).collect();
        self.array("char *const", &items)
    }

    /// Columns of data: name, numbers, texts, format.
    fn columns(&mut self, columns: &Value) -> (String, usize, usize) {
        let Some(columns) = columns.as_object() else { return ("NULL".into(), 0, 0) };
        let rows = columns.values().next().map_or(0, |list| flat(list).len());
        let given: Vec<String> = columns
            .iter()
            .map(|(name, list)| {
                let values = flat(list);
                let is = |test: fn(&Value) -> bool| values.iter().all(|v| v.is_null() || test(v));
                match () {
                    () if is(Value::is_string) => format!("{{{name:?}, NULL, {}, NULL}}", self.texts(list)),
                    () if is(Value::is_boolean) => format!("{{{name:?}, {}, NULL, \"b\"}}", self.numbers(list)),
                    () if is(Value::is_i64) => format!("{{{name:?}, {}, NULL, \"l\"}}", self.numbers(list)),
                    () => format!("{{{name:?}, {}, NULL, NULL}}", self.numbers(list)),
                }
            })
            .collect();
        let count = given.len();
        (self.array("struct given", &given), count, rows)
    }

    fn question(&mut self, name: &str, analysis: &str, case: &Value) -> String {
        let inputs = &case["inputs"];
        let first = if inputs["columns"].is_object() { &inputs["columns"] } else { &inputs["first"] };
        let (first, second) = (self.columns(first), self.columns(&inputs["second"]));
        let list = if inputs["rows"].is_array() { &inputs["rows"] } else { &inputs["values"] };
        let wide = match (list.get(0).and_then(Value::as_array), inputs["indicators"].as_array()) {
            (_, Some(indicators)) => indicators.len(),
            (row, None) => row.map_or(0, Vec::len),
        };
        let grid = [
            self.numbers(list),
            flat(list).len().checked_div(wide).unwrap_or_default().to_string(),
            wide.to_string(),
            self.numbers(&inputs["population"]),
            self.numbers(&inputs["previous"]),
            self.texts(&inputs["units"]),
            self.texts(&inputs["indicators"]),
        ];
        let figures = self.figures(analysis, &case["expected"]);
        let settings = serde_json::to_string(&inputs["settings"].to_string()).expect("a text");
        let assessment = match &inputs["assessment"] {
            Value::Null => "NULL".to_owned(),
            document => serde_json::to_string(&document.to_string()).expect("a text"),
        };
        let streams = [first, second].map(|(columns, count, rows)| format!("{columns}, {count}, {rows}")).join(", ");
        format!("{{{name:?}, {analysis:?}, {settings}, {assessment}, {streams}, {}, {figures}, {}}}", grid.join(", "), case["tolerance"])
    }

    /// What must be found: table, column, numbers; an array has no table, a fact no table and one number.
    fn figures(&mut self, analysis: &str, expected: &Value) -> String {
        let mut figures = Vec::new();
        let mut figure = |told: &mut Told, table: &str, column: &str, list: &Value| {
            let values = flat(list);
            if values.iter().any(|v| !v.is_null() && !v.is_number()) || values.is_empty() {
                return;
            }
            let numbers = told.numbers(list);
            figures.push(format!("{{{table}, {column:?}, {numbers}, {}}}", values.len()));
        };
        for (table, columns) in expected["tables"].as_object().into_iter().flatten() {
            for (column, list) in columns.as_object().expect("columns") {
                figure(self, &format!("{table:?}"), column, list);
            }
        }
        for (column, list) in expected["columns"].as_object().into_iter().flatten() {
            // The one analysis whose cases give the columns of its main table by themselves.
            assert_eq!(analysis, "years_of_individual_security");
            figure(self, "\"ages\"", column, list);
        }
        for (array, list) in expected["arrays"].as_object().into_iter().flatten() {
            figure(self, "NULL", array, list);
        }
        for array in ["values", "ranks"] {
            figure(self, "NULL", array, &expected[array]);
        }
        assert!(!figures.is_empty(), "an answer without figures");
        figures.push("{NULL, NULL, NULL, 0}".into());
        self.array("struct figure", &figures)
    }
}

/// A list, or a list of lists, as one.
fn flat(list: &Value) -> Vec<Value> {
    let items = list.as_array().cloned().unwrap_or_default();
    items.into_iter().flat_map(|item| if item.is_array() { flat(&item) } else { vec![item] }).collect()
}

fn number(value: &Value) -> String {
    match value {
        Value::Bool(yes) => u8::from(*yes).to_string(),
        Value::Null => "NAN".into(),
        number => number.to_string(),
    }
}
