//! Known answers of scores and survey means, from columns of a case or from real survey data.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)] // a test stops at what it does not expect

use std::path::{Path, PathBuf};

use hs_core::analyses::thresholds::scoring::{Robustness, Score, ScoreChange, SurveyMean};
use hs_core::settings_from_json;
use hs_core::tables::{Outcome, Rows, Table};
use serde_json::{Value, json};

/// A column of a case: numbers, yes and no, or text; null is missing.
fn column(table: hs_core::tables::TableBuilder, name: &str, values: &[Value]) -> hs_core::tables::TableBuilder {
    if values.iter().any(Value::is_string) {
        table.text(name, values.iter().map(Value::as_str))
    } else if values.iter().any(Value::is_boolean) {
        table.boolean(name, values.iter().map(Value::as_bool))
    } else if values.iter().all(|v| v.is_i64() || v.is_null()) {
        table.integer(name, values.iter().map(Value::as_i64))
    } else {
        table.number(name, values.iter().map(Value::as_f64))
    }
}

fn rows(columns: &Value) -> Rows {
    let mut table = Table::builder();
    for (name, values) in columns.as_object().unwrap() {
        table = column(table, name, values.as_array().unwrap());
    }
    Rows::from(&table.build().unwrap())
}

/// Data in two batches, so that a case is a stream.
fn halves(rows: &Rows) -> Vec<hs_core::Result<Rows>> {
    let half = rows.len() / 2;
    vec![Ok(rows.slice(0, half)), Ok(rows.slice(half, rows.len()))]
}

fn run(analysis: &str, inputs: &Value) -> hs_core::Result<Outcome> {
    let settings = inputs["settings"].to_string();
    let data = |name: &str| halves(&rows(&inputs[name]));
    let go = |_: u64| true;
    match analysis {
        "score" => settings_from_json::<Score>(&settings)?.run(data("columns"), &go)?.outcome(),
        "survey_mean" => settings_from_json::<SurveyMean>(&settings)?.run(data("columns"), &go)?.outcome(),
        "score_change" => settings_from_json::<ScoreChange>(&settings)?.run(data("first"), data("second"), &go)?.outcome(),
        "robustness" => settings_from_json::<Robustness>(&settings)?.run(data("columns"), &go)?.outcome(),
        other => panic!("no analysis `{other}`"),
    }
}

fn compare(case: &str, outcome: &Outcome, expected: &Value, tolerance: f64) {
    for (table, columns) in expected["tables"].as_object().unwrap() {
        let found = outcome.table(table).unwrap_or_else(|| panic!("{case}: no table {table}"));
        for (name, wanted) in columns.as_object().unwrap() {
            let wanted = wanted.as_array().unwrap();
            let at = found.columns().iter().position(|c| c == name).unwrap_or_else(|| panic!("{case}: no column {table}.{name}"));
            assert_eq!(found.rows(), wanted.len(), "{case}: rows of {table}");
            for (row, wanted) in wanted.iter().enumerate() {
                let cell = found.cell(row, at);
                let near = match (cell.as_f64(), wanted.as_f64()) {
                    (Some(cell), Some(wanted)) => (cell - wanted).abs() <= tolerance,
                    _ => &cell == wanted,
                };
                assert!(near, "{case}: {table}.{name}[{row}] is {cell}, wanted {wanted} within {tolerance}");
            }
        }
    }
    for (name, wanted) in expected["facts"].as_object().into_iter().flatten() {
        let found = &outcome.facts[name];
        let near = match (found.as_f64(), wanted.as_f64()) {
            (Some(found), Some(wanted)) => (found - wanted).abs() <= tolerance,
            _ => found == wanted,
        };
        assert!(near, "{case}: {name} is {found}, wanted {wanted}");
    }
}

#[test]
fn every_case_is_met() {
    for (analysis, least) in [("score", 4), ("survey_mean", 11), ("score_change", 2), ("robustness", 1)] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(analysis);
        let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|f| f.unwrap().path()).collect();
        files.sort();
        assert!(files.len() >= least, "{analysis}: found {} cases", files.len());
        for file in files {
            let document: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
            for field in ["analysis", "source", "quality", "inputs", "expected", "tolerance", "notes"] {
                assert!(!document[field].is_null(), "{}: no {field}", file.display());
            }
            let case = format!("{analysis}/{}", file.file_stem().unwrap().to_string_lossy());
            let outcome = run(analysis, &document["inputs"]).unwrap_or_else(|e| panic!("{case}: {e}"));
            compare(&case, &outcome, &document["expected"], document["tolerance"].as_f64().unwrap());
        }
    }
}

/// A file of the data handed out beside the project; none where it is not there.
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {name} is not here");
    None
}

/// A CSV file as rows: a column of numbers where every cell is one or empty.
fn read(path: &Path, wanted: &[&str]) -> Rows {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let mut table = Table::builder();
    for name in wanted {
        let at = names.iter().position(|n| n == name).unwrap();
        let cells: Vec<Option<&str>> = records.iter().map(|r| r.get(at).filter(|c| !c.is_empty())).collect();
        let numbers: Option<Vec<Option<f64>>> =
            cells.iter().map(|c| c.map(|c| c.parse().ok()).map_or(Some(None), |n| n.map(Some))).collect();
        table = match numbers {
            Some(numbers) => table.number(name, numbers),
            None => table.text(name, cells),
        };
    }
    Rows::from(&table.build().unwrap())
}

fn figure(outcome: &Outcome, table: &str, column: &str, row: usize) -> f64 {
    outcome.table(table).unwrap().number(column).unwrap()[row].unwrap()
}

/// Pessoa, Damico & Jacob, Poverty and Inequality with Complex Survey Data, section 6.3: R survey and convey on nlsw88.
#[test]
fn nlsw88_as_in_r() {
    let Some(path) = shared("data/nlsw88/nlsw88.csv") else { return };
    let rows = read(&path, &["wage", "collgrad", "hours", "married"]);
    let answers: Value = serde_json::from_str(&std::fs::read_to_string(shared("cases/af_convey_nlsw88.json").unwrap()).unwrap()).unwrap();
    let expected = &answers["expected"];
    let indicators =
        json!([{"name": "wage", "below": 4}, {"name": "collgrad", "not_among": ["College grad"]}, {"name": "hours", "below": 26}]);
    let run = |by: Value, cutoffs: &[f64], weightings: Value| {
        let settings = json!({
            "scheme": {"indicators": indicators, "cutoff": 1.0 / 3.0}, "by": by, "cutoffs": cutoffs, "weightings": weightings, "min_n": 0
        });
        settings_from_json::<Score>(&settings.to_string()).unwrap().run([Ok(rows.clone())], &|_| true).unwrap().outcome().unwrap()
    };
    let third = 1.0 / 3.0;
    let even = run(json!([]), &[third, 0.5, 2.0 / 3.0, 0.85], json!(null));
    let odd = run(json!([]), &[0.5, 0.75, 1.0], json!({"odd": {"wage": 0.5, "collgrad": 0.25, "hours": 0.25}}));
    assert_eq!((even.facts["rows"].as_u64(), even.facts["rows_used"].as_u64()), (Some(2246), Some(2242)));
    let cases = [
        (&even, 0, "k=1/3, equal w"),
        (&even, 1, "k=0.4..0.6, equal w"),
        (&even, 3, "k=0.7..1.0, equal w"),
        (&odd, 0, "w=(.5,.25,.25) k=0.5"),
        (&odd, 1, "w=(.5,.25,.25) k=0.75"),
        (&odd, 2, "w=(.5,.25,.25) k=1"),
    ];
    let near = |what: &str, found: f64, wanted: f64| {
        // as many digits as the source prints: seven of H and A, five of M0, four of the rest
        let tolerance = match what {
            "H" | "A" => 5e-8,
            "H_se" | "A_se" => 1e-9,
            "M0_se" | "headcount_se" | "contribution_se" => 5.1e-5,
            _ => 5.1e-6,
        };
        assert!((found - wanted).abs() <= tolerance, "{what}: {found}, wanted {wanted}");
    };
    for (outcome, row, name) in cases {
        for column in ["H", "A", "M0", "H_se", "A_se", "M0_se"] {
            if let Some(wanted) = expected[name][column].as_f64() {
                // printed to seven digits, not to seven places, where it is smaller
                near(column, figure(outcome, "groups", column, row), wanted);
            }
        }
    }
    for (row, name) in [(0, "k=1/3, equal w"), (2, "k=2/3, equal w")] {
        for (at, indicator) in ["wage", "collgrad", "hours"].into_iter().enumerate() {
            let at = 3 * row + at;
            for (column, key) in
                [("headcount", "raw_headcount"), ("censored_headcount", "censored_headcount"), ("contribution", "pct_contribution")]
            {
                let what = if column == "contribution" { column } else { "headcount" };
                if let Some(wanted) = expected[name][key][indicator].as_f64() {
                    near(what, figure(&even, "dimensions", column, at), wanted);
                }
                if let Some(wanted) = expected[name][format!("{key}_se")][indicator].as_f64() {
                    near(&format!("{what}_se"), figure(&even, "dimensions", &format!("{column}_se"), at), wanted);
                }
            }
        }
    }
    let married = run(json!(["married"]), &[third, 2.0 / 3.0, 0.85], json!(null));
    let groups = married.table("groups").unwrap();
    assert_eq!(groups.text("married").unwrap(), ["Married", "Married", "Married", "Single", "Single", "Single"].map(Some));
    for (at, name) in ["k=1/3, equal w", "k=2/3, equal w", "k=0.7..1.0, equal w"].into_iter().enumerate() {
        for (row, key) in [(at, "1"), (3 + at, "0")] {
            let wanted = &expected[name];
            near(
                "contribution",
                figure(&married, "groups", "contribution", row),
                wanted["pct_contribution_by_married"][key].as_f64().unwrap(),
            );
            near(
                "contribution_se",
                figure(&married, "groups", "contribution_se", row),
                wanted["pct_contribution_by_married_se"].as_f64().unwrap(),
            );
        }
    }
}

/// R survey's California schools.
#[test]
fn api_schools_as_in_r() {
    let Some(path) = shared("cases/survey_api.json") else { return };
    let answers: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let strat = read(&shared("data/api_survey/apistrat.csv").unwrap(), &["api00", "pw", "stype", "fpc"]);
    let clus = read(&shared("data/api_survey/apiclus1.csv").unwrap(), &["api00", "pw", "dnum", "fpc"]);
    let cases = [
        ("apistrat_nofpc", &strat, json!({"column": "api00", "weight": "pw", "strata": "stype"})),
        ("apistrat_fpc_numpy", &strat, json!({"column": "api00", "weight": "pw", "strata": "stype", "fpc": "fpc"})),
        ("apiclus1_nofpc", &clus, json!({"column": "api00", "weight": "pw", "cluster": "dnum"})),
        ("apiclus1_fpc", &clus, json!({"column": "api00", "weight": "pw", "cluster": "dnum", "fpc": "fpc"})),
    ];
    for (name, rows, settings) in cases {
        let mean = settings_from_json::<SurveyMean>(&settings.to_string()).unwrap();
        let outcome = mean.run(halves(rows), &|_| true).unwrap().outcome().unwrap();
        for (column, key) in [("estimate", "mean"), ("standard_error", "se")] {
            let (found, wanted) = (figure(&outcome, "survey_mean", column, 0), answers["expected"][name][key].as_f64().unwrap());
            assert!((found - wanted).abs() <= 1e-9 * wanted, "{name} {column}: {found}, wanted {wanted}");
        }
    }
}
