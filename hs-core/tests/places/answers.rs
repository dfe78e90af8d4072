//! Every file of `cases/` for the analyses of areas given as arrays.

use std::path::Path;

use hs_core::analyses::thresholds::{AreaPhase, Grid, IntersectoralSeverity, PeopleInNeed};
use hs_core::settings_from_json;
use hs_core::tables::Outcome;
use serde_json::{Value, json};

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap_or(f64::NAN)).collect()
}

fn run(analysis: &str, inputs: &Value) -> hs_core::Result<Outcome> {
    let rows: Vec<Vec<f64>> = inputs["rows"].as_array().unwrap().iter().map(numbers).collect();
    let flat = rows.concat();
    let grid = Grid::new(&flat, rows.len(), rows[0].len())?;
    let list = |name: &str| inputs.get(name).map(numbers);
    let settings = inputs["settings"].to_string();
    match analysis {
        "area_phase" => settings_from_json::<AreaPhase>(&settings)?.run(&grid)?.outcome(),
        "intersectoral_severity" => settings_from_json::<IntersectoralSeverity>(&settings)?.run(&grid)?.outcome(),
        "people_in_need" => {
            let (population, previous) = (list("population"), list("previous"));
            settings_from_json::<PeopleInNeed>(&settings)?.run(&grid, population.as_deref(), previous.as_deref())?.outcome()
        }
        other => panic!("no analysis `{other}`"),
    }
}

fn same(case: &str, what: &str, found: &Value, wanted: &Value, tolerance: f64) {
    let close = found.as_f64().zip(wanted.as_f64()).is_some_and(|(f, w)| (f - w).abs() <= tolerance);
    assert!(close || found == wanted, "{case}: {what} is {found}, wanted {wanted}");
}

fn check(case: &str, document: &Value) {
    let outcome = run(document["analysis"].as_str().unwrap(), &document["inputs"]).unwrap_or_else(|e| panic!("{case}: {e}"));
    let (tolerance, expected) = (document["tolerance"].as_f64().unwrap(), &document["expected"]);
    let said = outcome.to_json();
    for (name, wanted) in expected["arrays"].as_object().unwrap() {
        let found = said[name].as_array().unwrap();
        assert_eq!(found.len(), wanted.as_array().unwrap().len(), "{case}: length of {name}");
        found.iter().zip(wanted.as_array().unwrap()).for_each(|(f, w)| same(case, name, f, w, tolerance));
    }
    for (name, wanted) in expected.get("facts").unwrap_or(&json!({})).as_object().unwrap() {
        same(case, name, &said[name], wanted, tolerance);
    }
    for (name, columns) in expected["tables"].as_object().unwrap() {
        let rows = said["tables"][name].as_array().unwrap_or_else(|| panic!("{case}: no table {name}"));
        for (column, wanted) in columns.as_object().unwrap() {
            assert_eq!(rows.len(), wanted.as_array().unwrap().len(), "{case}: rows of {name}");
            for (row, wanted) in rows.iter().zip(wanted.as_array().unwrap()) {
                let found = row.get(column).unwrap_or_else(|| panic!("{case}: no column {column}"));
                same(case, column, found, wanted, tolerance);
            }
        }
    }
}

#[test]
fn every_case_is_met() {
    let mut count = 0;
    for analysis in ["area_phase", "intersectoral_severity", "people_in_need"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(analysis);
        let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|f| f.unwrap().path()).collect();
        files.sort();
        for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "json")) {
            let document: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
            assert_eq!(document["analysis"], analysis, "{}", file.display());
            check(&file.file_stem().unwrap().to_string_lossy(), &document);
            count += 1;
        }
    }
    assert!(count >= 4, "found {count} cases");
}

#[test]
fn every_number_out_of_bounds_is_listed() {
    let grid = |data: &'static [f64]| Grid::new(data, 1, data.len()).unwrap();
    let refused = AreaPhase::default().run(&grid(&[-0.1, 20.0, f64::INFINITY, 0.2, f64::NAN])).unwrap_err();
    let pointers: Vec<&str> = refused.problems.iter().map(|p| p.pointer.as_str()).collect();
    assert_eq!((pointers, refused.total), (vec!["/0/0", "/0/1", "/0/2"], 3));
    assert_eq!(refused.problems[1].mend.as_deref(), Some("divide percentages by 100"));
    assert!(AreaPhase::default().run(&grid(&[0.5, 0.5])).unwrap_err().message.contains("found 2 columns, wanted 5"));
    for share in [0.0, -0.1, 1.1, f64::NAN] {
        assert!(AreaPhase { share }.run(&grid(&[1.0, 0.0, 0.0, 0.0, 0.0])).unwrap_err().message.starts_with("`share`: found"));
    }
    assert_eq!(IntersectoralSeverity::default().run(&grid(&[5.1, -1.0, 3.0, 3.0])).unwrap_err().total, 2);
    let names = IntersectoralSeverity { names: Some(vec!["food".into()]) };
    assert!(names.run(&grid(&[1.0, 2.0])).unwrap_err().message.contains("found 1 names"));
    let need = PeopleInNeed::default();
    assert_eq!(need.run(&grid(&[-1.0, f64::INFINITY]), None, None).unwrap_err().total, 2);
    assert_eq!(need.run(&grid(&[1.0, 2.0]), Some(&[-5.0]), None).unwrap_err().problems[0].pointer, "/population/0");
    assert!(need.run(&grid(&[1.0, 2.0]), Some(&[5.0, 6.0]), None).unwrap_err().message.contains("one for each of 1 rows"));
    assert!(PeopleInNeed { change: f64::NAN, ..Default::default() }.run(&grid(&[1.0]), None, None).is_err());
    assert!(Grid::new(&[1.0, 2.0], usize::MAX, 2).is_err());
}

#[test]
fn nothing_at_all_has_an_answer_too() {
    let none = Grid::new(&[], 0, 5).unwrap();
    assert!(AreaPhase::default().run(&none).unwrap().rows.is_empty());
    assert!(IntersectoralSeverity::default().run(&none).unwrap().rows.is_empty());
    let need = PeopleInNeed { disjoint: true, ..Default::default() }.run(&none, None, None).unwrap();
    assert_eq!((need.total, need.total_lower, need.total_upper), (None, None, None));
    assert!(Grid::new(&[], usize::MAX, 0).unwrap_err().message.contains("without a column"));
    // sectors all missing are no zeros
    let row = IntersectoralSeverity::default().run(&Grid::new(&[f64::NAN; 2], 1, 2).unwrap()).unwrap().rows.remove(0);
    assert_eq!((row.severity, row.lower, row.upper, row.insufficient), (None, 1, 5, true));
    let missing = [f64::NAN; 4];
    let row = PeopleInNeed::default().run(&Grid::new(&missing, 1, 4).unwrap(), Some(&[70.0]), None).unwrap().rows.remove(0);
    assert_eq!((row.joint, row.lower, row.upper), (None, None, Some(70.0)));
}

#[test]
fn shares_off_one_are_said_and_half_steps_count_by_what_they_reach() {
    let shares = [0.5, 0.2, 0.1, 0.0, 0.0, 0.5, 0.3, 0.19, 0.0, 0.0];
    let result = AreaPhase::default().run(&Grid::new(&shares, 2, 5).unwrap()).unwrap();
    let note = result.notes.iter().find(|n| n.code == "shares-off-one").unwrap();
    assert_eq!(note.subjects, ["0"]);
    let sectors = [2.5, 2.5, 2.5, 2.5, 3.0];
    let row = IntersectoralSeverity::default().run(&Grid::new(&sectors, 1, 5).unwrap()).unwrap().rows.remove(0);
    assert_eq!((row.severity, row.in_phase_or_worse.len()), (Some(2), 5));
    let four = [5.0, 4.0, 4.0, 4.0, 4.5];
    let row = IntersectoralSeverity::default().run(&Grid::new(&four, 1, 5).unwrap()).unwrap().rows.remove(0);
    assert_eq!((row.severity, row.flags), (Some(4), vec!["sector-in-5", "more-than-four-in-4"]));
}

#[test]
fn more_in_need_than_there_are_is_flagged_and_change_is_told() {
    let need = PeopleInNeed { disjoint: false, ..Default::default() };
    let counts = [120.0, 110.0, 100.0, 10.0, 10.0, 10.0];
    let result = need.run(&Grid::new(&counts, 2, 3).unwrap(), Some(&[100.0, f64::NAN]), Some(&[40.0, 10.0])).unwrap();
    assert_eq!(result.rows[0].flags, ["above-share", "above-population", "change"]);
    assert_eq!((result.rows[0].joint, result.rows[0].lower, result.rows[0].upper), (Some(120.0), Some(120.0), Some(120.0)));
    assert!(result.rows[1].flags.is_empty());
    assert_eq!((result.rows[1].upper, result.rows[1].overlap), (Some(30.0), None));
    // rows that may overlap are not summed
    assert_eq!((result.total, result.total_lower, result.total_upper), (None, Some(120.0), Some(150.0)));
}
