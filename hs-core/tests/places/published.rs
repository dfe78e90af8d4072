//! Published answers of other people, where their tables lie beside the project.

use std::collections::BTreeMap;
use std::path::PathBuf;

use hs_core::analyses::thresholds::scoring::Score;
use hs_core::analyses::thresholds::{AreaPhase, Grid, IntersectoralSeverity};
use hs_core::settings_from_json;
use hs_core::tables::{Rows, Table};

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
    let published = |r: &Record| (number(r, "H_pct") / 100.0, number(r, "A_pct") / 100.0, number(r, "MPI"));
    // three people a region, weighing what the published figures say: not poor, deprived in one third of indicators, deprived in all
    let people: Vec<(String, [f64; 3], f64)> = records
        .iter()
        .enumerate()
        .flat_map(|(region, record)| {
            let (incidence, intensity, _) = published(record);
            // intensity is undefined where nobody is poor
            let all = if intensity.is_nan() { 0.0 } else { ((intensity - 1.0 / 3.0) / (2.0 / 3.0)).max(0.0) };
            let weights = [1.0 - incidence, incidence * (1.0 - all), incidence * all];
            [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 1.0, 1.0]].into_iter().zip(weights).map(move |(g, v)| (region.to_string(), g, v))
        })
        .collect();
    let mut table = Table::builder().text("region", people.iter().map(|(region, ..)| Some(region)));
    for (at, name) in ["health", "education", "living"].into_iter().enumerate() {
        table = table.number(name, people.iter().map(move |(_, deprived, _)| Some(deprived[at])));
    }
    let table = table.number("weight", people.iter().map(|(.., weight)| Some(*weight))).build().unwrap();
    let indicators = ["health", "education", "living"].map(|name| serde_json::json!({"name": name, "above": 0.5}));
    let scheme = serde_json::json!({"indicators": indicators, "cutoff": 1.0 / 3.0});
    let settings = serde_json::json!({"scheme": scheme, "by": ["region"], "weight": "weight", "min_n": 0});
    let score: Score = settings_from_json(&settings.to_string()).unwrap();
    let outcome = score.run([Ok(Rows::from(&table))], &|_| true).unwrap().outcome().unwrap();
    let groups = outcome.table("groups").unwrap();
    let of: BTreeMap<&str, usize> = groups.text("region").unwrap().into_iter().enumerate().map(|(at, r)| (r.unwrap(), at)).collect();
    let column = |name: &str| groups.number(name).unwrap();
    let (incidences, intensities, indices) = (column("H"), column("A"), column("M0"));
    let (mut same, mut nobody) = (0, 0);
    for (region, record) in records.iter().enumerate() {
        let (incidence, intensity, index) = published(record);
        let at = of[region.to_string().as_str()];
        assert!((incidences[at].unwrap() - incidence).abs() < 1e-12, "{record:?}");
        if intensity.is_nan() {
            assert_eq!((index, intensities[at], indices[at]), (0.0, None, Some(0.0)), "{record:?}");
            nobody += 1;
            continue;
        }
        // the least published is 33.3333 percent
        assert!((intensities[at].unwrap() - intensity).abs() < 1e-6, "{record:?}");
        same += u32::from((indices[at].unwrap() - index).abs() < 6e-5);
    }
    assert_eq!((same, nobody, records.len()), (1455, 16, 1471));
}
