//! Packages whose tables are Parquet files.

use super::*;
use crate::tables::Table;

/// A package of Parquet files, without waiting for the disk.
fn package(assessment: &Assessment) -> Folder {
    let folder = Folder(tempfile::tempdir().unwrap());
    fs::create_dir(folder.path()).unwrap();
    for (name, bytes) in data_package::package_files(assessment, false, TableFormat::Parquet).unwrap() {
        folder.write(&name, bytes);
    }
    folder
}

fn parquet(table: Table) -> Vec<u8> {
    crate::exchange::parquet_file::write(&table).unwrap()
}

#[test]
fn a_package_of_parquet_holds_the_same_assessment_to_the_last_byte() {
    let folder = package(&full());
    let back = folder.load().unwrap();
    assert_eq!(back, full());
    assert_eq!(back.to_json().unwrap(), full().to_json().unwrap());
    let again = package(&back);
    for entry in fs::read_dir(folder.path()).unwrap() {
        let name = entry.unwrap().file_name();
        assert_eq!(fs::read(folder.path().join(&name)).unwrap(), fs::read(again.path().join(&name)).unwrap(), "{name:?}");
    }
    for name in crate::examples::names() {
        let example = crate::examples::load(name).unwrap();
        assert_eq!(package(&example).load().unwrap(), example, "{name}");
    }
}

#[test]
fn the_descriptor_says_what_the_files_are() {
    let folder = package(&full());
    let descriptor: serde_json::Value = serde_json::from_str(&folder.read("datapackage.json")).unwrap();
    let groups = descriptor["resources"].as_array().unwrap().iter().find(|r| r["name"] == "groups").unwrap();
    assert_eq!((&groups["path"], &groups["format"]), (&"groups.parquet".into(), &"parquet".into()));
    assert_eq!(groups["mediatype"], "application/vnd.apache.parquet");
    assert!(groups.get("encoding").is_none() && groups["schema"].get("missingValues").is_none());
    let tags = groups["schema"]["fields"].as_array().unwrap().iter().find(|f| f["name"] == "tags").unwrap();
    assert!(tags["type"] == "array" && !tags["description"].as_str().unwrap().contains("JSON"), "{tags}");
    assert!(fs::read_dir(folder.path()).unwrap().all(|e| !e.unwrap().file_name().to_string_lossy().ends_with(".csv")));
}

#[test]
fn a_save_changes_the_format_and_leaves_nothing_behind() {
    let parent = tempfile::tempdir().unwrap();
    let at = parent.path().join("package");
    for format in [TableFormat::Csv, TableFormat::Parquet, TableFormat::Parquet, TableFormat::Csv] {
        save_as(&full(), &at, format, None).unwrap();
        assert_eq!(load(&at, &limits()).unwrap(), full());
        let wrong = if format == TableFormat::Csv { "parquet" } else { "csv" };
        assert!(fs::read_dir(&at).unwrap().all(|e| e.unwrap().path().extension().is_none_or(|ending| ending != wrong)));
    }
    assert_eq!(save_as(&full(), parent.path().join("a.json"), TableFormat::Parquet, None).unwrap_err().kind, ErrorKind::Argument);
    let mut assessment = full();
    assessment.sensitivity = Some(crate::assessment::Sensitivity::Strict);
    let refused = save_as(&assessment, parent.path().join("b"), TableFormat::Parquet, None).unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Sensitivity);
}

#[test]
fn problems_come_with_resource_row_and_column() {
    let folder = Folder::of(&full());
    folder.edit("datapackage.json", "threats.csv\",\n      \"format\": \"csv\"", "threats.parquet\",\n      \"format\": \"parquet\"");
    fs::remove_file(folder.path().join("threats.csv")).unwrap();
    let threats = |component: &str| {
        let table = Table::builder()
            .text("id", [Some("t"), Some("u")])
            .text("name", [Some("T"), Some("U")])
            .text("component", [Some("personal"), Some(component)])
            .text("also", [Some("[\"community\"]"), None])
            .list("core", [Some(vec!["survival", "dignity"]), None]);
        parquet(table.build().unwrap())
    };
    folder.write("threats.parquet", threats("food"));
    assert_eq!(folder.load().unwrap(), full(), "one table of Parquet among CSV, a list as JSON");
    folder.write("threats.parquet", threats("fod"));
    assert_eq!(folder.problems(), [(ProblemKind::UnknownWord, "threats row 2 column `component`".into())]);
    let mut cut = threats("food");
    cut.truncate(cut.len() / 2);
    folder.write("threats.parquet", cut);
    let refused = folder.refused();
    assert_eq!((refused.kind, refused.problems[0].place()), (ErrorKind::Syntax, "threats".into()), "{refused}");
    let wrong = Table::builder().text("id", [Some("t"); 0]).text("name", [Some("T"); 0]).text("componant", [Some("food"); 0]);
    folder.write("threats.parquet", parquet(wrong.build().unwrap()));
    let places: Vec<_> = folder.problems().into_iter().map(|(_, place)| place).collect();
    assert!(places.contains(&"threats column `componant`".into()) && places.contains(&"threats column `component`".into()), "{places:?}");
}

#[test]
fn a_parquet_file_that_is_not_listed_is_not_silently_left_out() {
    let folder = package(&full());
    let text = folder.read("datapackage.json");
    let mut descriptor: serde_json::Value = serde_json::from_str(&text).unwrap();
    descriptor["resources"].as_array_mut().unwrap().retain(|r| r["name"] != "perceptions");
    folder.write("datapackage.json", descriptor.to_string());
    assert_eq!(folder.problems(), [(ProblemKind::Resource, "perceptions".into())]);
}

#[test]
fn limits_hold_for_what_is_unpacked() {
    let folder = package(&full());
    let with = |bytes: usize, objects: usize, text: usize| load(folder.path(), &Limits { bytes, objects, text });
    assert!(with(1 << 20, 1000, 1000).is_ok());
    assert_eq!(with(folder.read("datapackage.json").len() + 200, 1000, 1000).unwrap_err().kind, ErrorKind::Limit);
    assert_eq!(with(1 << 20, 1, 1000).unwrap_err().kind, ErrorKind::Limit);
    assert_eq!(with(1 << 20, 1000, 10).unwrap_err().kind, ErrorKind::Limit);
    // one long text that a dictionary stores once stands in every row
    let long = "x".repeat(60_000);
    let rows = 2_000;
    let ids: Vec<Option<String>> = (0..rows).map(|row| Some(format!("s{row}"))).collect();
    let sources = Table::builder().text("id", ids).text("title", std::iter::repeat_n(Some(&long), rows)).build().unwrap();
    folder.write("sources.parquet", parquet(sources));
    assert!(fs::metadata(folder.path().join("sources.parquet")).unwrap().len() < 1 << 20);
    let refused = with(16 << 20, 10_000, 100_000).unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Limit, "{refused}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn damaged_resources_are_read_or_refused(at in any::<prop::sample::Index>(), byte in any::<u8>(), file in 0..4usize) {
        let folder = package(&full());
        let name = ["threats.parquet", "places.parquet", "conditions.parquet", "indicators.parquet"][file];
        let mut bytes = fs::read(folder.path().join(name)).unwrap();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        folder.write(name, bytes);
        let _ = folder.load();
    }
}
