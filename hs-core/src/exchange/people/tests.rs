//! People's data from files: what is read, and what is refused without a word of what a cell holds.

use std::fs;

use super::*;
use crate::ProblemKind;
use crate::tables::Sort;

fn needed() -> Vec<Needed> {
    let column = |name: &str, sort| Needed { name: name.into(), sort };
    vec![column("wt", Sort::Number), column("water", Sort::Text), column("here", Sort::Boolean)]
}

fn read(text: impl AsRef<[u8]>, reading: &Reading) -> Result<Vec<RecordBatch>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("survey.csv");
    fs::write(&path, text).unwrap();
    let mut rows = open_rows_as(&path, &needed(), reading)?;
    std::iter::from_fn(|| rows.batch()).collect()
}

/// The cells by column; missing as `-`.
fn shown(batches: &[RecordBatch]) -> Vec<String> {
    use arrow_array::cast::AsArray as _;
    use arrow_array::types::{Float64Type, Int32Type};
    let mut columns = vec![Vec::new(); 3];
    for batch in batches {
        let missing = || String::from("-");
        columns[0].extend(batch.column(0).as_primitive::<Float64Type>().iter().map(|c| c.map_or_else(missing, |v| v.to_string())));
        let words = batch.column(1).as_dictionary::<Int32Type>().downcast_dict::<arrow_array::StringArray>().unwrap();
        columns[1].extend(words.into_iter().map(|c| c.map_or_else(missing, String::from)));
        columns[2].extend(batch.column(2).as_boolean().iter().map(|c| c.map_or_else(missing, |v| v.to_string())));
    }
    columns.into_iter().map(|cells| cells.join(" ")).collect()
}

fn cells(text: impl AsRef<[u8]>) -> Vec<String> {
    shown(&read(text, &Reading::default()).unwrap())
}

fn refused(text: impl AsRef<[u8]>) -> Error {
    read(text, &Reading::default()).unwrap_err()
}

#[test]
fn needed_columns_are_read_by_their_need() {
    assert_eq!(cells("id,water,wt,here\n1,river,0.5,yes\n2,,1e-3,0\n3,\" \", 7 ,\n"), ["0.5 0.001 7", "river -  ", "true false -"]);
    assert_eq!(cells("\u{feff}wt;water;here\r\n1;a,b;TRUE\r\n;\"x;y\";no"), ["1 -", "a,b x;y", "true false"]);
    assert_eq!(cells("here\twater\twt\nno\triver\tNaN"), ["NaN", "river", "false"]);
    assert_eq!(cells("wt,water,here\n"), ["", "", ""]);
    let reading = Reading { delimiter: Some('|'), missing: vec!["NA".into(), "98".into()] };
    let batches = read("wt|water|here\nNA|98|NA\n98|NB|1\n", &reading).unwrap();
    assert_eq!(shown(&batches), ["- -", "- NB", "- true"]);
}

#[test]
fn batches_are_bounded_and_together_hold_every_row() {
    let mut text = String::from("wt,water,here\n");
    (0..150_000).for_each(|row| text.push_str(&format!("{row},w{},1\n", row % 7)));
    let batches = read(&text, &Reading::default()).unwrap();
    assert_eq!(batches.iter().map(RecordBatch::num_rows).collect::<Vec<_>>(), [65_536, 65_536, 18_928]);
    assert_eq!(shown(&batches)[0], (0..150_000).map(|row| row.to_string()).collect::<Vec<_>>().join(" "));
    let long = format!("wt,water,here\n{}", format!("1,{},1\n", "w".repeat(9 << 20)).repeat(9));
    assert_eq!(read(long, &Reading::default()).unwrap().iter().map(RecordBatch::num_rows).collect::<Vec<_>>(), [4, 4, 1]);
}

#[test]
fn a_bad_cell_is_named_by_row_and_column_and_never_quoted() {
    // (file, kind, row, column, what the mend says)
    let cases: [(&str, ErrorKind, u64, Option<&str>, &str); 9] = [
        ("wt,water,here\n1,a,1\nSECRET,a,1", ErrorKind::Document, 2, Some("wt"), "empty where the value is missing"),
        ("wt;water;here\n3,5;a;1", ErrorKind::Document, 1, Some("wt"), "decimal point"),
        ("wt,water,here\n\n\"1,234.5\",a,1", ErrorKind::Document, 1, Some("wt"), "decimal point"),
        ("wt,water,here\n1e999,a,1", ErrorKind::Document, 1, Some("wt"), ""),
        ("wt,water,here\ninf,a,1", ErrorKind::Document, 1, Some("wt"), ""),
        ("wt,water,here\n1,a,SECRET", ErrorKind::Document, 1, Some("here"), ""),
        ("wt,water,here\n1,a,1\n1,SECRET\n", ErrorKind::Document, 2, None, "double quotes"),
        ("wt,water,here\n1,\"SEC\"RET,1\n", ErrorKind::Syntax, 1, None, ""),
        ("wt,water,here\n1,a,1\n2,b,\"SECRET\n3,c,1\n", ErrorKind::Syntax, 2, None, ""),
    ];
    for (text, kind, row, column, mend) in cases {
        let error = refused(text);
        assert_eq!((error.kind, error.problems.len()), (kind, 1), "{text}: {error}");
        let problem = &error.problems[0];
        assert_eq!((problem.row, problem.field.as_deref()), (Some(row), column), "{text}: {error}");
        assert!(problem.mend.as_deref().unwrap_or_default().contains(mend), "{text}: {error}");
        let said = format!("{error:?}{error}");
        assert!(!["SECRET", "3,5", "234", "999"].iter().any(|held| said.contains(held)), "{said}");
    }
    let latin: Vec<u8> = "wt,water,here\n1,é,1\n".chars().map(|c| c as u8).collect();
    assert_eq!(refused(latin).problems[0].place(), "survey.csv row 1 column `water`");
}

#[test]
fn a_header_that_does_not_fit_is_refused() {
    let error = refused("wt,watr,here\n1,a,1");
    assert_eq!(error.kind, ErrorKind::NotFound);
    assert!(error.message.contains("`water`") && error.message.contains("`watr`"), "{error}");
    assert_eq!(refused("wt,water,here,wt\n").problems[0].kind, ProblemKind::Duplicate);
    assert_eq!(refused("").kind, ErrorKind::Document);
    assert_eq!(refused("\n\n").kind, ErrorKind::Document);
    assert_eq!(refused("x".repeat(3 << 20)).kind, ErrorKind::Limit);
    let wide: Vec<u8> = [0xFF, 0xFE].into_iter().chain("wt".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(refused(wide).kind, ErrorKind::Syntax);
    for delimiter in ['"', '\n', 'é'] {
        let reading = Reading { delimiter: Some(delimiter), ..Reading::default() };
        assert_eq!(read("wt,water,here\n", &reading).unwrap_err().kind, ErrorKind::Argument);
    }
}

#[test]
fn nothing_comes_after_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("survey.csv");
    fs::write(&path, "wt,water,here\nx,a,1\n1,a,1\n").unwrap();
    let mut rows = open_rows(&path, &needed()).unwrap();
    assert!(rows.next().unwrap().is_err());
    assert!(rows.next().is_none() && rows.next().is_none());
    assert_eq!(rows_total(&path).unwrap(), None);
}

#[test]
fn what_is_no_such_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let kind = |path: &Path| open_rows(path, &needed()).unwrap_err().kind;
    assert_eq!(kind(folder.path()), ErrorKind::File);
    assert_eq!(kind(&folder.path().join("none.csv")), ErrorKind::File);
    #[cfg(target_os = "linux")]
    assert_eq!(kind(Path::new("/dev/zero")), ErrorKind::File);
    for (name, bytes) in [("a.xlsx", &b"PK\x03\x04"[..]), ("a.csv.gz", b"\x1F\x8B\x08"), ("a.arrow", b"ARROW1\0\0"), ("a.parquet", b"wt,")]
    {
        fs::write(folder.path().join(name), bytes).unwrap();
        assert_eq!(kind(&folder.path().join(name)), ErrorKind::Unsupported, "{name}");
    }
}

/// The survey to practise on, as somebody would save it.
fn survey_as_csv(table: &crate::tables::Table) -> String {
    let line = |cells: Vec<String>| cells.join(",") + "\n";
    let mut text = line(table.columns().iter().map(ToString::to_string).collect());
    for row in 0..table.rows() {
        let cell = |column| match table.cell(row, column) {
            serde_json::Value::Null => String::new(),
            serde_json::Value::String(word) => word,
            other => other.to_string(),
        };
        text += &line((0..table.columns().len()).map(cell).collect());
    }
    text
}

#[test]
fn a_score_is_the_same_from_memory_from_csv_and_from_parquet() {
    use crate::examples;
    let score = examples::survey_score("ituri").unwrap();
    let score = crate::analyses::thresholds::scoring::Score { by: vec!["district".into()], ..score };
    let table = examples::survey("ituri", 3_000, 5).unwrap().table;
    let folder = tempfile::tempdir().unwrap();
    let figures = |rows: &mut dyn Iterator<Item = Result<Rows>>| {
        let outcome = score.run(rows, &crate::kernels::never).unwrap().outcome().unwrap();
        outcome.tables.iter().find(|(name, _)| *name == "groups").unwrap().1.to_json()
    };
    let expected = figures(&mut std::iter::once(Ok(Rows::from(&table))));
    assert_eq!(expected.as_array().unwrap().len(), 5);
    let path = folder.path().join("survey.csv");
    fs::write(&path, survey_as_csv(&table)).unwrap();
    // villages are words there and so in another order, which may show in the last digit of a standard error
    let found = figures(&mut open_rows(&path, &score.columns()).unwrap());
    for (row, other) in found.as_array().unwrap().iter().zip(expected.as_array().unwrap()) {
        for (name, value) in row.as_object().unwrap() {
            let near = value.as_f64().zip(other[name].as_f64()).map_or(*value == other[name], |(a, b)| (a - b).abs() <= 1e-9 * b.abs());
            assert!(near, "{name}: {value} for {}", other[name]);
        }
    }
    #[cfg(feature = "parquet")]
    {
        let path = folder.path().join("survey.parquet");
        fs::write(&path, crate::exchange::parquet_file::write(&table).unwrap()).unwrap();
        assert_eq!(figures(&mut open_rows(&path, &score.columns()).unwrap()), expected);
    }
}
