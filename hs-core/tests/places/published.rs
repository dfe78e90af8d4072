//! Published answers of other people, where their tables lie beside the project.

use std::collections::BTreeMap;
use std::path::PathBuf;

use hs_core::analyses::thresholds::{AreaPhase, Grid, IntersectoralSeverity};

type Record = BTreeMap<String, String>;

/// The records of a table, or none where it is not there.
fn records(file: &str) -> Option<Vec<Record>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/golden").join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: no ../shared/data/golden/{file} beside the project");
        return None;
    };
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    Some(reader.deserialize().map(Result::unwrap).collect())
}

fn number(record: &Record, column: &str) -> f64 {
    record[column].parse().unwrap_or(f64::NAN)
}

#[test]
fn ipc_areas_take_the_phase_that_was_published() {
    let Some(records) = records("ipc_area_phase_golden.csv") else { return };
    let shares: Vec<f64> = records.iter().flat_map(|r| ["p1", "p2", "p3", "p4", "p5"].map(|column| number(r, column))).collect();
    let result = AreaPhase::default().run(&Grid::new(&shares, records.len(), 5).unwrap()).unwrap();
    let published = records.iter().map(|r| r["overall_phase_published"].parse::<u8>().ok());
    let same = result.rows.iter().zip(published).filter(|(row, published)| row.phase == *published).count();
    assert_eq!((same, records.len()), (2599, 2599));
    // what stands exactly on 0.20 counts
    let on = result.table().unwrap().to_json().as_array().unwrap().iter().filter(|row| row["on_threshold"] == true).count();
    assert_eq!(on, 453);
    let note = result.notes.iter().find(|n| n.code == "shares-off-one").unwrap();
    assert_eq!((note.subjects.len(), result.notes.len()), (9, 1));
}

#[test]
fn jiaf_areas_agree_with_their_final_severity_as_often_as_was_found() {
    let Some(records) = records("jiaf_severity_golden.csv") else { return };
    let sectors = ["CCCM", "Education", "Nutrition", "Food Security", "Health", "Protection", "WASH"];
    let data: Vec<f64> = records
        .iter()
        .flat_map(|r| {
            // `max` passes over a missing one
            let shelter = number(r, "Shelter").max(number(r, "NFI"));
            sectors.map(|sector| number(r, sector)).into_iter().chain([shelter])
        })
        .collect();
    let result = IntersectoralSeverity::default().run(&Grid::new(&data, records.len(), 8).unwrap()).unwrap();
    let mut by_country: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    let (mut same, mut near, mut inside) = (0, 0, 0);
    for (row, record) in result.rows.iter().zip(&records) {
        let (found, last): (u8, u8) = (row.severity.unwrap(), record["final_severity"].parse().unwrap());
        same += u32::from(found == last);
        near += u32::from(found.abs_diff(last) <= 1);
        inside += u32::from((row.lower..=row.upper).contains(&last));
        let (agreed, all) = by_country.entry(&record["iso3"]).or_default();
        *agreed += u32::from(found == last);
        *all += 1;
    }
    for (country, (agreed, all)) in &by_country {
        println!("{country}: {agreed} of {all} areas agree with the published final severity");
    }
    assert_eq!((same, records.len()), (4354, 4874));
    println!("within one phase {near}, within the bounds {inside}, insufficient {}", result.rows.iter().filter(|r| r.insufficient).count());
    assert!(f64::from(near) / 4874.0 > 0.994);
    for country in ["AFG", "TCD", "GTM", "HND", "MMR", "NER", "SOM", "SDN", "VEN"] {
        let (agreed, all) = by_country[country];
        assert_eq!(agreed, all, "{country}");
    }
}

#[test]
fn published_multidimensional_poverty_is_incidence_times_intensity() {
    let Some(records) = records("mpi_golden.csv") else { return };
    let mut same = 0;
    for record in &records {
        let (incidence, intensity, index) = (number(record, "H_pct") / 100.0, number(record, "A_pct") / 100.0, number(record, "MPI"));
        if intensity.is_nan() {
            // intensity is undefined where nobody is poor
            assert_eq!((incidence, index), (0.0, 0.0), "{record:?}");
            continue;
        }
        same += u32::from((incidence * intensity - index).abs() < 6e-5);
    }
    assert_eq!((same, records.len()), (1455, 1471));
}
