//! Packages and frames as a whole: round trips, refusals with resource, row and column, hostile folders.

mod frames;
#[cfg(feature = "parquet")]
mod parquet_resources;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::ProblemKind;

/// A document that uses every array, every flattening and some texts that CSV or a spreadsheet would spoil.
const FULL: &str = r#"{
  "schema": "human-security/1", "id": "Full.1", "title": "All; of\n=it", "language": "en", "sensitivity": "internal",
  "sources": [{"id": "s", "title": "S", "url": "https://example.org/?a=1,2", "licence": "CC0"}],
  "places": [
    {"id": "n", "name": "North, \"the\"", "level": "national", "codes": {"iso": "NN", "": "x"}},
    {"id": "a", "name": "=A", "level": "district", "parent": "n", "neighbours": [{"place": "b", "weight": 0.5}], "codes": {"=x": "", "iso": "007"}},
    {"id": "b", "name": "+B", "level": "district", "parent": "n", "neighbours": [{"place": "n"}, {"place": "a", "weight": 2}], "note": ""}
  ],
  "groups": [{"id": "w", "name": "Women", "gender": "female", "tags": ["returnee", "a;=1", ""]}, {"id": "m", "name": "'Men"}],
  "partitions": [{"id": "g", "groups": ["w", "m"]}],
  "populations": [{"place": "a", "group": "w", "persons": 2100000}, {"place": "a", "persons": 1e21}],
  "threats": [
    {"id": "t", "name": "T", "component": "personal", "also": ["community"], "core": ["survival", "dignity"]},
    {"id": "u", "name": "U", "component": "food"}
  ],
  "conditions": [{"threat": "t", "place": "a", "group": "w", "period": "2008-W23", "severity": 0.8, "prevalence": 0.6,
    "severity_range": [0.6, 0.9], "prevalence_range": [0.5, 0.7], "kind": "expert", "confidence": 0.7, "source": "s",
    "locator": "p. 3", "basis": "stated", "note": "- first\n- second\r\n\tthird;=4", "extra": {"x": [1, 1.0, 1.50, null, {"k": "é;=1"}], "y": 12345678901234567890123}}],
  "capacities": [{"id": "c", "component": "personal", "place": "a", "pillar": "both", "level": 0.2, "against": ["t"], "kind": "service"}],
  "linkages": [{"id": "l", "from": "t", "to": "u", "effect": "feeds", "weight": 0.7, "range": [0.5, 0.9], "lag": 2, "reach": "neighbours",
    "places": ["a"], "groups": ["w"], "to_groups": ["m"], "stakeholder": "x", "confidence": 0.6, "evidence": "@y"},
    {"id": "k", "from": "u", "to": "t", "effect": "dampens", "strength": "weak"}],
  "interventions": [
    {"id": "i", "name": "I", "component": "economic", "cost": 0},
    {"id": "j", "name": "J", "pillar": "empowerment", "horizon": "medium", "component": "economic", "also": ["food"], "cost": 120000.5, "actors": ["x"],
      "effects": [{"threat": "u", "change": 0.3, "range": [0.1, 0.4], "likelihood": 0.8}, {"threat": "t", "place": "a", "group": "w", "outcome": "worse", "change": 0}],
      "externalities": [{"threat": "t", "outcome": "worse", "change": 0.1, "range": [0, 0.2], "evidence": "e"}, {"component": "health", "outcome": "better", "extra": {}}],
      "requires": ["i"], "reinforces": ["i"], "needs_capacities": ["c"]}],
  "actors": [{"id": "x", "name": "X", "kind": "un", "places": ["a"], "protects_from": ["t"], "threatens": ["u"]}],
  "responsibilities": [{"actor": "x", "intervention": "j", "role": "responsible", "stage": 3}],
  "indicators": [{"id": "f", "name": "F", "threat": "u", "component": "food", "unit": "points", "better": "higher", "threshold": -1.5,
    "phases": [42, 35.5, 28, 21], "weight": 1, "minimum": -2, "maximum": 112}],
  "observations": [{"indicator": "f", "place": "a", "period": "2008-06/2008-07", "value": 31, "standard_error": 1.2, "n": 412}],
  "perceptions": [{"respondent": "r-017", "place": "a", "threat": "t", "rating": 0.9, "rank": 1.5}],
  "priorities": [{"policy": "p", "level": "national", "place": "n", "threat": "t", "rank": 3, "budget": 100000}],
  "judgements": [{"subject": {"kind": "harm", "id": "j/t"}, "question": "decision", "answer": "change", "by": "lead", "date": "2008-09", "evidence": ["=x"]}],
  "extra": {"own": {"n": 1.50, "list": [1, 2.0]}}
}"#;

fn full() -> Assessment {
    Assessment::from_json(FULL).unwrap()
}

fn limits() -> Limits {
    Limits::default()
}

/// A folder that goes away with the test.
struct Folder(tempfile::TempDir);

impl Folder {
    fn of(assessment: &Assessment) -> Folder {
        let folder = Folder(tempfile::tempdir().unwrap());
        // as a save, but without waiting for the disk
        fs::create_dir(folder.path()).unwrap();
        for (name, bytes) in data_package::package_files(assessment, false, TableFormat::Csv).unwrap() {
            folder.write(&name, bytes);
        }
        folder
    }
    fn path(&self) -> std::path::PathBuf {
        self.0.path().join("package")
    }
    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path().join(file)).unwrap()
    }
    fn write(&self, file: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path().join(file), bytes).unwrap();
    }
    fn edit(&self, file: &str, from: &str, to: &str) {
        let text = self.read(file);
        assert!(text.contains(from), "{file} holds no {from}: {text}");
        self.write(file, text.replacen(from, to, 1));
    }
    fn load(&self) -> Result<Assessment> {
        load(self.path(), &limits())
    }
    fn refused(&self) -> Error {
        self.load().unwrap_err()
    }
    /// Kind and place of each problem.
    fn problems(&self) -> Vec<(ProblemKind, String)> {
        let refused = self.refused();
        assert_eq!(refused.total, refused.problems.len());
        refused.problems.iter().map(|p| (p.kind, p.place())).collect()
    }
}

#[test]
fn a_package_holds_the_same_assessment_to_the_last_byte() {
    let folder = Folder::of(&full());
    let back = folder.load().unwrap();
    assert_eq!(back, full());
    assert_eq!(back.to_json().unwrap(), full().to_json().unwrap());
    let before: Vec<String> = ["places.csv", "datapackage.json"].iter().map(|f| folder.read(f)).collect();
    write_data_package(&back, &folder.path(), None).unwrap();
    assert_eq!(before, ["places.csv", "datapackage.json"].map(|f| folder.read(f)));
}

#[test]
fn the_files_are_those_of_the_format() {
    let folder = Folder::of(&full());
    assert_eq!(folder.read("neighbours.csv"), "place,neighbour,weight\na,b,0.5\nb,n,\nb,a,2\n");
    assert!(folder.read("effects.csv").starts_with("intervention,threat,place,group,outcome,change,range_low,range_high,likelihood,"));
    assert!(folder.read("effects.csv").contains("\nj,u,,,,0.3,0.1,0.4,0.8,"));
    assert!(folder.read("groups.csv").contains("\"[\"\"returnee\"\",\"\"a\\u003b=1\"\",\"\"\"\"]\""));
    assert!(folder.read("conditions.csv").contains("severity,prevalence,severity_low,severity_high,prevalence_low,prevalence_high,kind"));
    let descriptor: serde_json::Value = serde_json::from_str(&folder.read("datapackage.json")).unwrap();
    assert_eq!(descriptor["id"], "Full.1");
    assert_eq!(descriptor["name"], "full.1");
    assert_eq!(descriptor["schema"], "human-security/1");
    assert_eq!(descriptor["sensitivity"], "internal");
    let conditions = descriptor["resources"].as_array().unwrap().iter().find(|r| r["name"] == "conditions").unwrap();
    assert_eq!(conditions["path"], "conditions.csv");
    assert_eq!(conditions["schema"]["fields"][4]["constraints"]["maximum"], 1.0);
    assert_eq!(conditions["schema"]["foreignKeys"][0]["reference"]["resource"], "threats");
    let empty = Assessment::from_json(r#"{"schema": "human-security/1", "id": "e", "title": "E"}"#).unwrap();
    let folder = Folder::of(&empty);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    assert_eq!(folder.load().unwrap(), empty);
}

#[test]
fn every_example_goes_to_a_package_and_back() {
    for name in crate::examples::names() {
        let example = crate::examples::load(name).unwrap();
        assert_eq!(Folder::of(&example).load().unwrap(), example, "{name}");
    }
}

#[test]
fn no_cell_of_text_starts_a_formula() {
    let folder = Folder::of(&full());
    for entry in fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "csv") {
            for separator in [b',', b';'] {
                let mut reader = csv::ReaderBuilder::new()
                    .has_headers(false)
                    .flexible(true)
                    .delimiter(separator)
                    .quoting(separator == b',')
                    .from_path(&path)
                    .unwrap();
                for record in reader.records() {
                    for cell in &record.unwrap() {
                        let number = cell.parse::<f64>().is_ok();
                        assert!(number || !cell.trim_start().starts_with(['=', '+', '-', '@']), "{}: {cell:?}", path.display());
                    }
                }
            }
        }
    }
}

#[test]
fn problems_of_all_resources_come_in_one_error_with_resource_row_and_column() {
    let folder = Folder::of(&full());
    folder.edit("threats.csv", "T,personal", "T,persnal");
    folder.edit("conditions.csv", "0.6,0.9", "0.95,0.99");
    folder.edit("effects.csv", "j,u,,,,0.3", "j,uu,,,,3");
    folder.edit("neighbours.csv", "b,n,", "b,q,");
    folder.edit("places.csv", "b,'+B,district", "b,,district");
    folder.edit("observations.csv", "412", "412.0");
    folder.edit("populations.csv", "2100000", "2 100 000");
    assert_eq!(
        folder.problems(),
        [
            (ProblemKind::MissingField, "places row 3 column `name`".into()),
            (ProblemKind::Unresolved, "neighbours row 2 column `neighbour`".into()),
            (ProblemKind::WrongType, "populations row 1 column `persons`".into()),
            (ProblemKind::UnknownWord, "threats row 1 column `component`".into()),
            (ProblemKind::BadRange, "conditions row 1 column `severity_low`".into()),
            (ProblemKind::Unresolved, "effects row 1 column `threat`".into()),
            (ProblemKind::OutOfBounds, "effects row 1 column `change`".into()),
            (ProblemKind::WrongType, "observations row 1 column `n`".into()),
        ]
    );
}

#[test]
fn rows_are_counted_as_a_spreadsheet_shows_them() {
    let folder = Folder::of(&full());
    let threats = folder.read("threats.csv").replacen("\nt,", "\n\n,,,,,,,,,\r\nt,", 1).replacen("U,food", "U,fod", 1);
    folder.write("threats.csv", format!("\u{feff}{threats}"));
    assert_eq!(folder.problems(), [(ProblemKind::UnknownWord, "threats row 4 column `component`".into())]);
}

#[test]
fn unknown_resources_and_columns_name_the_nearest() {
    let folder = Folder::of(&full());
    folder.edit("threats.csv", "id,name,component", "id,nme,component");
    folder.edit("datapackage.json", "\"language\"", "\"langauge\"");
    folder.edit("datapackage.json", "\"name\": \"populations\"", "\"name\": \"population\"");
    let refused = folder.refused();
    let mends: Vec<_> = refused.problems.iter().filter_map(|p| p.mend.clone()).collect();
    assert!(mends.contains(&"did you mean `language`?".into()), "{mends:?}");
    assert!(mends.contains(&"did you mean `populations`?".into()), "{mends:?}");
    assert!(mends.iter().any(|m| m.starts_with("did you mean `name`?")), "{mends:?}");
    assert!(refused.problems.iter().any(|p| p.kind == ProblemKind::MissingField && p.place() == "threats column `name`"));
    assert_eq!(refused.problems.iter().filter(|p| p.kind == ProblemKind::MissingField).count(), 1, "{refused}");
}

#[test]
fn broken_tables_are_refused_where_they_break() {
    let cases: [(&str, &str, &str, ProblemKind, &str); 8] = [
        ("threats.csv", "\nt,T", "\nt,\"T", ProblemKind::Syntax, "threats row 1"),
        ("threats.csv", "\nt,T,", "\nt,\"T\"x,", ProblemKind::Syntax, "threats row 1"),
        ("threats.csv", "U,food", "U,food,more", ProblemKind::Column, "threats row 2"),
        ("threats.csv", "id,name", "id,id", ProblemKind::Duplicate, "threats column `id`"),
        ("threats.csv", "T,personal", "\0,personal", ProblemKind::BadText, "threats row 1 column `name`"),
        ("groups.csv", "\"[\"\"returnee\"\"", "\"[returnee", ProblemKind::Syntax, "groups row 1 column `tags`"),
        ("conditions.csv", "0.6,0.9,", ",0.9,", ProblemKind::BadRange, "conditions row 1 column `severity_high`"),
        ("effects.csv", "j,u", "jj,u", ProblemKind::Unresolved, "effects row 1 column `intervention`"),
    ];
    for (file, from, to, kind, place) in cases {
        let folder = Folder::of(&full());
        folder.edit(file, from, to);
        assert!(folder.problems().contains(&(kind, place.into())), "{to}: {}", folder.refused());
    }
}

#[test]
fn wrong_encodings_name_row_and_column() {
    let folder = Folder::of(&full());
    let text = folder.read("threats.csv");
    folder.write("threats.csv", text.replace("U,food", "Ü,food").chars().map(|c| c as u8).collect::<Vec<u8>>());
    let problem = folder.refused().problems.remove(0);
    assert_eq!((problem.kind, problem.place()), (ProblemKind::Encoding, "threats row 2 column `name`".into()));
    let wide: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    folder.write("threats.csv", wide);
    let refused = folder.refused();
    assert_eq!(refused.problems.len(), 1, "{refused}");
    assert_eq!(refused.problems[0].found, "UTF-16 text");
    assert_eq!(refused.kind, ErrorKind::Syntax);
}

#[test]
fn the_separator_of_another_spreadsheet_is_one_problem() {
    for (separator, said) in [(";", "semicolons"), ("\t", "tabs")] {
        let folder = Folder::of(&full());
        folder.write("threats.csv", folder.read("threats.csv").replace(',', separator));
        let refused = folder.refused();
        assert_eq!(refused.total, 1, "{refused}");
        assert_eq!(refused.kind, ErrorKind::Syntax);
        assert_eq!(refused.problems[0].place(), "threats");
        assert!(refused.problems[0].found.contains(said) && refused.problems[0].mend.is_some(), "{refused}");
    }
}

#[test]
fn a_cell_that_is_no_number_is_not_also_missing() {
    let folder = Folder::of(&full());
    folder.write("conditions.csv", "threat,place,severity\nt,a,\"0,4\"\nt,b,0.5\nt,b,0.6\n");
    let refused = folder.refused();
    let said: Vec<_> = refused.problems.iter().map(|p| (p.kind, p.place(), p.found.as_str())).collect();
    assert_eq!(said[0], (ProblemKind::WrongType, "conditions row 1 column `severity`".into(), "`0,4`"));
    assert_eq!(said[1].0, ProblemKind::Duplicate);
    assert_eq!(said[1].1, "conditions row 3");
    assert!(said[1].2.ends_with(" as row 2"), "{refused}");
    assert_eq!(said.len(), 2, "{refused}");
}

#[test]
fn paths_stay_inside_the_folder() {
    for path in [
        "../x.csv",
        "a/../../x.csv",
        "/etc/passwd",
        "C:x.csv",
        "C:\\\\x.csv",
        "https://example.org/x.csv",
        "file:x.csv",
        "",
        "a//x.csv",
        "./x.csv",
        "x\\u0000.csv",
        "..\\\\x.csv",
    ] {
        let folder = Folder::of(&full());
        fs::write(folder.0.path().join("x.csv"), folder.read("threats.csv")).unwrap();
        folder.edit("datapackage.json", "\"path\": \"threats.csv\"", &format!("\"path\": \"{path}\""));
        let refused = folder.refused();
        assert_eq!(
            refused.problems.iter().map(|p| (p.kind, p.place())).collect::<Vec<_>>(),
            [(ProblemKind::Resource, "threats".into())],
            "{path}: {refused}"
        );
    }
    let folder = Folder::of(&full());
    fs::create_dir(folder.path().join("data")).unwrap();
    fs::rename(folder.path().join("threats.csv"), folder.path().join("data/t.csv")).unwrap();
    folder.edit("datapackage.json", "\"path\": \"threats.csv\"", "\"path\": \"data/t.csv\"");
    assert_eq!(folder.load().unwrap(), full());
}

#[cfg(unix)]
#[test]
fn links_and_pipes_are_refused() {
    let folder = Folder::of(&full());
    let outside = folder.0.path().join("secret.csv");
    fs::rename(folder.path().join("threats.csv"), &outside).unwrap();
    std::os::unix::fs::symlink(&outside, folder.path().join("threats.csv")).unwrap();
    assert!(folder.refused().message.contains("leads out of the folder"), "{}", folder.refused());
    fs::remove_file(folder.path().join("threats.csv")).unwrap();
    assert!(folder.refused().message.contains("not there"));
    fs::create_dir(folder.path().join("threats.csv")).unwrap();
    assert!(folder.refused().message.contains("no regular file"));
}

#[test]
fn what_is_not_read_yet_is_refused_with_what_to_do() {
    let of_parquet = [
        ("\"path\": \"threats.csv\"", "\"path\": \"threats.parquet\"", "without its feature `parquet`"),
        ("\"format\": \"csv\"", "\"format\": \"parquet\"", "without its feature `parquet`"),
    ];
    let of_parquet = if cfg!(feature = "parquet") { &[][..] } else { &of_parquet[..] };
    let others = [("\"format\": \"csv\"", "\"format\": \"xlsx\"", "xlsx"), ("\"path\": \"sources.csv\"", "\"data\": []", "descriptor")];
    for &(from, to, word) in of_parquet.iter().chain(&others) {
        let folder = Folder::of(&full());
        if to.contains("threats.parquet") {
            let text = folder.read("datapackage.json");
            let cut = text.replace("\"format\": \"csv\",", "").replace(from, to);
            folder.write("datapackage.json", cut);
        } else {
            folder.edit("datapackage.json", from, to);
        }
        let refused = folder.refused();
        assert_eq!(refused.kind, ErrorKind::Unsupported, "{refused}");
        assert!(refused.message.contains(word) && refused.message.contains("to_csv") || word == "descriptor", "{refused}");
        assert!(refused.problems[0].resource.is_some());
    }
    #[cfg(not(feature = "parquet"))]
    {
        let parent = tempfile::tempdir().unwrap();
        let refused = save_as(&full(), parent.path().join("a"), TableFormat::Parquet, None).unwrap_err();
        assert!(refused.kind == ErrorKind::Unsupported && refused.message.contains("feature `parquet`"), "{refused}");
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
        let path = parent.path().join("a.parquet");
        fs::write(&path, b"PAR1").unwrap();
        let refused = open_rows(&path, &[]).unwrap_err();
        assert!(refused.kind == ErrorKind::Unsupported && refused.message.contains("feature `parquet`"), "{refused}");
    }
}

#[test]
fn the_descriptor_is_read_strictly() {
    let cases: [(&str, &str, ProblemKind, &str); 9] = [
        ("\"title\": ", "\"title\": \"x\", \"title\": ", ProblemKind::DuplicateKey, "/title"),
        ("\"profile\": \"tabular-data-resource\"", "\"profile\": 1, \"profile\": 2", ProblemKind::DuplicateKey, "/resources/0/profile"),
        ("\"id\": ", "\"idd\": ", ProblemKind::UnknownField, "/idd"),
        ("human-security/1", "human-security/2", ProblemKind::Schema, "/schema"),
        ("\"resources\"", "\"threats\": [], \"resources\"", ProblemKind::UnknownField, "/threats"),
        ("\"encoding\": \"utf-8\"", "\"encoding\": \"latin-1\"", ProblemKind::Encoding, "sources"),
        ("\"encoding\": \"utf-8\"", "\"dialect\": {\"delimiter\": \";\"}", ProblemKind::Resource, "sources"),
        ("\"encoding\": \"utf-8\"", "\"compression\": \"zip\"", ProblemKind::UnknownField, "sources"),
        ("\"path\": \"places.csv\"", "\"path\": \"sources.csv\"", ProblemKind::Duplicate, "places"),
    ];
    for (from, to, kind, place) in cases {
        let folder = Folder::of(&full());
        folder.edit("datapackage.json", from, to);
        assert!(folder.problems().contains(&(kind, place.into())), "{to}: {}", folder.refused());
    }
    for descriptor in ["", "[]", "{}", "{\"resources\": {}}", "{\"resources\": [1, {}, {\"name\": \"threats\"}]}", "\u{0}"] {
        let folder = Folder::of(&full());
        folder.write("datapackage.json", descriptor);
        assert!(folder.load().is_err());
    }
}

#[test]
fn what_other_tools_say_of_a_package_is_passed_over() {
    let folder = Folder::of(&full());
    folder.edit("datapackage.json", "\"resources\"", "\"licenses\": [{\"name\": \"CC0\"}], \"version\": \"1\", \"resources\"");
    folder.edit("datapackage.json", "\"missingValues\": [\n          \"\"\n        ]", "\"missingValues\": [\"\", \"NA\"]");
    folder.edit("sources.csv", "https://example.org/?a=1,2", "NA");
    folder.edit("sources.csv", "\"NA\"", "NA");
    assert_eq!(folder.load().unwrap().sources[0].url, None);
}

#[test]
fn a_table_that_is_not_listed_is_not_silently_left_out() {
    let folder = Folder::of(&full());
    let text = folder.read("datapackage.json");
    let mut descriptor: serde_json::Value = serde_json::from_str(&text).unwrap();
    descriptor["resources"].as_array_mut().unwrap().retain(|r| r["name"] != "perceptions");
    folder.write("datapackage.json", descriptor.to_string());
    assert_eq!(folder.problems(), [(ProblemKind::Resource, "perceptions".into())]);
}

#[test]
fn limits_hold_for_the_package_as_a_whole() {
    let folder = Folder::of(&full());
    let size: usize = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().metadata().unwrap().len() as usize).sum();
    let with = |bytes: usize, objects: usize, text: usize| load(folder.path(), &Limits { bytes, objects, text });
    assert!(with(size, 1000, 1000).is_ok());
    assert_eq!(with(size - 1, 1000, 1000).unwrap_err().kind, ErrorKind::Limit);
    assert_eq!(with(size, 1, 1000).unwrap_err().kind, ErrorKind::Limit);
    assert_eq!(with(size, 1000, 10).unwrap_err().kind, ErrorKind::Limit);
    let folder = Folder::of(&full());
    folder.edit("threats.csv", "\nt,T", &format!("\nt,{}", "x".repeat(70_000)));
    let refused = folder.refused();
    assert_eq!((refused.kind, refused.problems[0].place()), (ErrorKind::Limit, "threats row 1 column `name`".into()));
}

#[test]
fn a_hundred_problems_are_listed_and_all_are_counted() {
    let folder = Folder::of(&full());
    let header = "threat,place,severity\n";
    folder.write("conditions.csv", header.to_string() + &"t,a,x\n".repeat(500));
    let refused = folder.refused();
    assert_eq!((refused.problems.len(), refused.total), (100, 500));
    folder.write("conditions.csv", "threat,place,severty\n".to_string() + &"t,a,1\n".repeat(500));
    assert_eq!(folder.problems(), [(ProblemKind::UnknownField, "conditions column `severty`".into())]);
    folder.write("conditions.csv", header.to_string() + &(0..500).map(|i| format!("t{i},a,1\n")).collect::<String>());
    assert_eq!(folder.refused().total, 500);
}

#[test]
fn load_and_save_go_by_what_the_path_names() {
    let parent = tempfile::tempdir().unwrap();
    let at = |name: &str| parent.path().join(name);
    save(&full(), at("a.json"), None).unwrap();
    convert(at("a.json"), at("a"), &limits(), None).unwrap();
    convert(at("a").join("datapackage.json"), at("b.json"), &limits(), None).unwrap();
    assert_eq!(fs::read(at("a.json")).unwrap(), fs::read(at("b.json")).unwrap());
    assert_eq!(load(at("a"), &limits()).unwrap(), full());
    save(&full(), at("dotted.v2/"), None).unwrap();
    assert!(at("dotted.v2").is_dir());
    for name in ["a.csv", "a.parquet", "a.xlsx", "datapackage.json"] {
        assert_eq!(save(&full(), at(name), None).unwrap_err().kind, ErrorKind::Argument, "{name}");
    }
    assert_eq!(load(at("none"), &limits()).unwrap_err().kind, ErrorKind::File);
    assert_eq!(load(parent.path(), &limits()).unwrap_err().kind, ErrorKind::File);
}

#[test]
fn a_restricted_assessment_leaves_only_with_its_acknowledgement() {
    let parent = tempfile::tempdir().unwrap();
    let mut assessment = full();
    assessment.sensitivity = Some(crate::assessment::Sensitivity::Restricted);
    for name in ["a.json", "a"] {
        let path = parent.path().join(name);
        assert_eq!(save(&assessment, &path, None).unwrap_err().kind, ErrorKind::Sensitivity);
        assert!(!path.exists());
        save(&assessment, &path, Some("restricted")).unwrap();
        assert_eq!(load(&path, &limits()).unwrap(), assessment);
    }
}

#[test]
fn a_template_explains_every_column_loads_and_is_filled_in() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("new");
    template(&path).unwrap();
    let empty = load(&path, &limits()).unwrap();
    assert_eq!(empty.title, "Title of the assessment");
    let readme = fs::read_to_string(path.join("README.md")).unwrap();
    for (name, table) in crate::tables::entity_tables(&full()).unwrap() {
        assert!(readme.contains(&format!("## {name}.csv")), "{name}");
        for column in table.columns().iter().filter(|c| !c.starts_with("codes.")) {
            assert!(readme.contains(&format!("| `{column}`")), "{name} {column}");
        }
    }
    assert!(!readme.contains("|  |"), "a column without a description");
    let header = fs::read_to_string(path.join("threats.csv")).unwrap();
    fs::write(path.join("threats.csv"), header.replace('\n', "\r\n") + "hunger,Hunger,food,,,,,,,,\r\n").unwrap();
    let filled = load(&path, &limits()).unwrap();
    assert_eq!(filled.threats[0].id, "hunger");
    save(&filled, &path, None).unwrap();
    assert!(path.join("README.md").is_file());
    assert_eq!(template(&path).unwrap_err().kind, ErrorKind::File);
}

/// The files of a package as they lie in a folder, by name.
fn files_of(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|e| e.unwrap());
    entries.map(|e| (e.file_name().to_string_lossy().into_owned(), fs::read(e.path()).unwrap())).collect()
}

#[test]
fn a_refused_save_leaves_the_old_package() {
    let folder = Folder::of(&full());
    let before = files_of(&folder.path());
    let mut broken = full();
    broken.threats[0].id = "not an id".into();
    assert_eq!(save(&broken, folder.path(), None).unwrap_err().kind, ErrorKind::Document);
    assert_eq!(files_of(&folder.path()), before);
    assert_eq!(fs::read_dir(folder.0.path()).unwrap().count(), 1);
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z '=+@,;\"\n\t\u{e9}-]{0,12}", Just("=cmd|' /C calc'!A0".to_string()), Just("a;=1+1;b".to_string())]
}

fn any_assessment() -> impl Strategy<Value = Assessment> {
    let threat = (any_text(), prop::collection::vec(prop::sample::select(vec!["health", "food"]), 0..3), prop::option::of(any_text()));
    let condition = (0.0..=1.0f64, prop::option::of(0.0..0.1f64), prop::option::of(any_text()), prop::option::of(any::<i64>()));
    (prop::collection::vec(threat, 1..4), prop::collection::vec(condition, 0..4), any_text(), any_text()).prop_map(|(threats, conditions, code, title)| {
        let line = |text: &str| text.replace(['\n', '\t'], " ");
        let threats: Vec<_> = threats
            .iter()
            .enumerate()
            .map(|(i, (name, also, note))| serde_json::json!({"id": format!("t{i}"), "name": line(name), "component": "personal", "also": also, "note": note}))
            .collect();
        let conditions: Vec<_> = conditions
            .iter()
            .enumerate()
            .map(|(i, (severity, below, note, own))| {
                let range = below.map(|b| [(severity - b).max(0.0), *severity]);
                let extra = own.map(|n| serde_json::json!({"n": n, "text": note}));
                serde_json::json!({"threat": "t0", "place": "p", "period": format!("20{i:02}"), "severity": severity, "severity_range": range,
                    "note": note, "extra": extra})
            })
            .collect();
        let document = serde_json::json!({"schema": "human-security/1", "id": "a", "title": title, "threats": threats, "conditions": conditions,
            "places": [{"id": "p", "name": "P", "level": "local", "codes": {line(&code): line(&code)}}]});
        Assessment::from_json(&document.to_string()).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn json_to_package_to_json_is_equal(assessment in any_assessment()) {
        let back = Folder::of(&assessment).load().unwrap();
        prop_assert_eq!(back.to_json().unwrap(), assessment.to_json().unwrap());
    }

    #[test]
    fn a_package_with_any_bytes_changed_is_read_or_refused(at in 0usize..4000, byte in any::<u8>(), cut in any::<bool>()) {
        let folder = Folder::of(&full());
        let mut names: Vec<String> = files_of(&folder.path()).into_keys().collect();
        names.sort();
        let name = names[at % names.len()].clone();
        let mut bytes = fs::read(folder.path().join(&name)).unwrap();
        let place = at % bytes.len();
        if cut { bytes.truncate(place) } else { bytes[place] = byte }
        folder.write(&name, bytes);
        if let Err(refused) = folder.load() {
            prop_assert!(!refused.message.is_empty());
        }
    }
}

#[test]
fn wide_headers_and_many_keys_take_no_long_time() {
    let folder = Folder::of(&full());
    let codes: String = (0..20_000).map(|i| format!(",codes.c{i}")).collect();
    folder.write("places.csv", format!("id,name,level{codes},codes.c1\n"));
    let refused = folder.refused();
    assert!(refused.problems.iter().any(|p| p.kind == ProblemKind::Duplicate), "{refused}");
    let keys: String = (0..20_000).map(|i| format!("\"k{i}\": 1,")).collect();
    folder.edit("datapackage.json", "{", &format!("{{{keys}"));
    assert!(folder.refused().total >= 20_000);
}
