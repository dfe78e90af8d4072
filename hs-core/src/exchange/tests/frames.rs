//! Frames as libraries hand them over: every spelling of a column that has one reading, and refusals for the rest.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder, StringDictionaryBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float32Array, Float64Array, Int8Array, Int64Array, LargeStringArray, NullArray,
    RecordBatch, StringArray, StringViewArray, StructArray, TimestampMicrosecondArray, TimestampNanosecondArray, UInt64Array,
};
use arrow_schema::{DataType, Field, Schema};

use super::super::{Root, from_tables};
use super::{FULL, full, limits};
use crate::assessment::Assessment;
use crate::tables::entity_tables;
use crate::{Error, Problem, ProblemKind, Result};

fn texts(values: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

fn frame(columns: Vec<(&str, ArrayRef)>) -> Vec<RecordBatch> {
    vec![RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true))).unwrap()]
}

/// Two places, one threat and these conditions, each about a place of its own.
fn conditions(columns: Vec<(&str, ArrayRef)>) -> Result<Assessment> {
    let mut all = vec![("threat", texts(&["t", "t"])), ("place", texts(&["a", "b"]))];
    all.extend(columns);
    from_tables(Root::default(), vec![("conditions".into(), frame(all)), places(), threats()], &limits())
}

fn places() -> (String, Vec<RecordBatch>) {
    ("places".into(), frame(vec![("id", texts(&["a", "b"])), ("name", texts(&["A", "B"])), ("level", texts(&["local", "local"]))]))
}

fn threats() -> (String, Vec<RecordBatch>) {
    ("threats".into(), frame(vec![("id", texts(&["t"])), ("name", texts(&["T"])), ("component", texts(&["food"]))]))
}

fn half() -> (&'static str, ArrayRef) {
    ("severity", Arc::new(Float64Array::from(vec![0.5, 0.5])))
}

fn places_of(refused: &Error) -> Vec<(ProblemKind, String)> {
    refused.problems.iter().map(|p: &Problem| (p.kind, p.place())).collect()
}

#[test]
fn the_tables_of_an_assessment_are_the_frames_it_is_built_from() {
    let tables = entity_tables(&full()).unwrap().into_iter().map(|(name, table)| (name, vec![table.batch().clone()])).collect();
    let root = Root {
        id: "Full.1".into(),
        title: full().title,
        language: Some("en".into()),
        sensitivity: Some("internal".into()),
        extra: full().to_document().unwrap().get("extra").cloned(),
    };
    let back = from_tables(root, tables, &limits()).unwrap();
    assert_eq!(back.to_json().unwrap(), full().to_json().unwrap());
    assert!(FULL.contains("Full.1"));
}

#[test]
fn every_spelling_of_text_is_text() {
    let mut dictionary = StringDictionaryBuilder::<Int32Type>::new();
    dictionary.append("a").unwrap();
    dictionary.append_null();
    dictionary.append("a").unwrap();
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from(vec![Some("a"), None, Some("a")])),
        Arc::new(LargeStringArray::from(vec![Some("a"), None, Some("a")])),
        Arc::new(StringViewArray::from(vec![Some("a"), None, Some("a")])),
        Arc::new(dictionary.finish()),
    ];
    for column in columns {
        let kind = column.data_type().clone();
        let places = frame(vec![
            ("id", texts(&["a", "b", "c"])),
            ("name", texts(&["A", "B", "C"])),
            ("level", texts(&["local", "local", "local"])),
            ("note", column.clone()),
        ]);
        let assessment = from_tables(Root::default(), vec![("places".into(), places)], &limits()).unwrap();
        let notes: Vec<_> = assessment.places.iter().map(|p| p.provenance.note.as_deref()).collect();
        assert_eq!(notes, [Some("a"), None, Some("a")], "{kind}");
    }
}

#[test]
fn periods_are_years_days_and_texts() {
    let day = 14_045;
    let columns: Vec<(ArrayRef, &str)> = vec![
        (Arc::new(Int64Array::from(vec![2008, 2008])), "2008"),
        (Arc::new(UInt64Array::from(vec![2008, 2008])), "2008"),
        (Arc::new(Float64Array::from(vec![2008.0, f64::NAN])), "2008"),
        (Arc::new(Date32Array::from(vec![day, day])), "2008-06-15"),
        (Arc::new(TimestampNanosecondArray::from(vec![i64::from(day) * 86_400_000_000_000; 2])), "2008-06-15"),
        (texts(&["2008-W23", "2008-W23"]), "2008-W23"),
    ];
    for (column, period) in columns {
        let kind = column.data_type().clone();
        let assessment = conditions(vec![half(), ("period", column)]).unwrap();
        assert_eq!(assessment.conditions[0].period.as_deref(), Some(period), "{kind}");
    }
    let refused: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from(vec![12, 200_806])),
        Arc::new(Float64Array::from(vec![2008.5, 8.0])),
        Arc::new(TimestampMicrosecondArray::from(vec![1, 2])),
        Arc::new(BooleanArray::from(vec![true, false])),
    ];
    for column in refused {
        let kind = column.data_type().clone();
        let refused = conditions(vec![half(), ("period", column)]).unwrap_err();
        let rows: Vec<_> = refused.problems.iter().map(Problem::place).collect();
        assert_eq!(rows, ["conditions row 1 column `period`", "conditions row 2 column `period`"], "{kind}: {refused}");
    }
}

#[test]
fn counted_months_of_pandas_are_not_taken_for_years() {
    let metadata: std::collections::HashMap<_, _> = [("ARROW:extension:name".to_string(), "pandas.period".to_string())].into();
    let mut fields: Vec<Field> = ["threat", "place"].map(|name| Field::new(name, DataType::Utf8, true)).to_vec();
    fields.push(Field::new("severity", DataType::Float64, true));
    fields.push(Field::new("period", DataType::Int64, true).with_metadata(metadata));
    let columns: Vec<ArrayRef> =
        vec![texts(&["t"]), texts(&["a"]), Arc::new(Float64Array::from(vec![0.5])), Arc::new(Int64Array::from(vec![2008]))];
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap();
    let refused = from_tables(Root::default(), vec![("conditions".into(), vec![batch]), places(), threats()], &limits()).unwrap_err();
    assert_eq!(places_of(&refused), [(ProblemKind::Column, "conditions column `period`".into())]);
    assert!(refused.message.contains("astype(str)"));
}

#[test]
fn numbers_of_any_width_and_nan_as_missing() {
    let severities: Vec<ArrayRef> = vec![
        Arc::new(Float32Array::from(vec![0.1, 1.0])),
        Arc::new(Float64Array::from(vec![0.1, 1.0])),
        Arc::new(Decimal128Array::from(vec![1, 10]).with_precision_and_scale(3, 1).unwrap()),
    ];
    for column in severities {
        let kind = column.data_type().clone();
        let assessment = conditions(vec![("severity", column)]).unwrap();
        assert_eq!(assessment.conditions[0].severity.unwrap().get(), 0.1, "{kind}");
    }
    let assessment = conditions(vec![half(), ("prevalence", Arc::new(Float64Array::from(vec![f64::NAN, 0.5])))]).unwrap();
    assert_eq!(assessment.conditions[0].prevalence, None);
    let all_missing =
        conditions(vec![half(), ("note", Arc::new(Float64Array::from(vec![f64::NAN, f64::NAN]))), ("kind", Arc::new(NullArray::new(2)))]);
    assert_eq!(all_missing.unwrap().conditions[1].provenance.note, None);
    let refused = conditions(vec![("severity", Arc::new(Float64Array::from(vec![f64::INFINITY, 2.0])))]).unwrap_err();
    assert_eq!(refused.total, 2, "{refused}");
    assert!(refused.problems.iter().all(|p| p.kind == ProblemKind::OutOfBounds && p.field.as_deref() == Some("severity")));
}

#[test]
fn whole_numbers_may_come_as_floats_and_no_others() {
    let linkages = |lag: ArrayRef| {
        let links = frame(vec![
            ("id", texts(&["l", "k"])),
            ("from", texts(&["t", "t"])),
            ("to", texts(&["t", "t"])),
            ("effect", texts(&["feeds", "feeds"])),
            ("lag", lag),
        ]);
        from_tables(Root::default(), vec![("linkages".into(), links), threats()], &limits())
    };
    assert_eq!(linkages(Arc::new(Float64Array::from(vec![2.0, f64::NAN]))).unwrap().linkages[0].lag, Some(2));
    assert_eq!(linkages(Arc::new(Int8Array::from(vec![Some(3), None]))).unwrap().linkages[0].lag, Some(3));
    for wrong in [2.5, -1.0, 1e300] {
        let refused = linkages(Arc::new(Float64Array::from(vec![wrong, 0.0]))).unwrap_err();
        assert_eq!(refused.problems[0].place(), "linkages row 1 column `lag`", "{refused}");
    }
}

#[test]
fn lists_and_own_fields_come_as_arrow_or_as_json_text() {
    let mut lists = ListBuilder::new(StringBuilder::new());
    lists.values().append_value("health");
    lists.append(true);
    let structure =
        StructArray::from(vec![(Arc::new(Field::new("n", DataType::Int64, true)), Arc::new(Int64Array::from(vec![4])) as ArrayRef)]);
    for (also, extra) in
        [(Arc::new(lists.finish()) as ArrayRef, Arc::new(structure) as ArrayRef), (texts(&["[\"health\"]"]), texts(&["{\"n\": 4}"]))]
    {
        let threats =
            frame(vec![("id", texts(&["t"])), ("name", texts(&["T"])), ("component", texts(&["food"])), ("also", also), ("extra", extra)]);
        let assessment = from_tables(Root::default(), vec![("threats".into(), threats)], &limits()).unwrap();
        assert_eq!(assessment.threats[0].also[0].word(), "health");
        assert_eq!(
            assessment.to_document().unwrap().get("threats").unwrap().items().unwrap()[0].get("extra").unwrap().get("n").unwrap().number(),
            Some(4.0)
        );
    }
    let threats =
        frame(vec![("id", texts(&["t"])), ("name", texts(&["T"])), ("component", texts(&["food"])), ("also", texts(&["health"]))]);
    let refused = from_tables(Root::default(), vec![("threats".into(), threats)], &limits()).unwrap_err();
    assert_eq!(places_of(&refused), [(ProblemKind::WrongType, "threats row 1 column `also`".into())]);
}

#[test]
fn numbers_in_columns_of_text_are_their_digits() {
    let perceptions = frame(vec![
        ("respondent", Arc::new(Int64Array::from(vec![17])) as ArrayRef),
        ("place", texts(&["a"])),
        ("threat", texts(&["t"])),
        ("rank", Arc::new(Int64Array::from(vec![1]))),
    ]);
    let assessment = from_tables(Root::default(), vec![("perceptions".into(), perceptions), places(), threats()], &limits()).unwrap();
    assert_eq!(assessment.perceptions[0].respondent, "17");
}

#[test]
fn problems_of_frames_name_table_row_and_column() {
    let effects =
        frame(vec![("intervention", texts(&["i"])), ("threat", texts(&["t"])), ("change", Arc::new(Float64Array::from(vec![0.5])))]);
    let tables = vec![
        ("threat".into(), frame(vec![("id", texts(&["x"]))])),
        ("places".into(), frame(vec![("id", texts(&["a"])), ("nmae", texts(&["A"])), ("level", texts(&["local"]))])),
        threats(),
        threats(),
        ("effects".into(), effects),
        (
            "interventions".into(),
            frame(vec![("id", texts(&["j"])), ("name", texts(&["J"])), ("component", texts(&["food"])), ("effects", texts(&["[]"]))]),
        ),
    ];
    let refused = from_tables(Root { id: "no id".into(), ..Root::default() }, tables, &limits()).unwrap_err();
    let places = places_of(&refused);
    for wanted in [
        (ProblemKind::BadId, "/id"),
        (ProblemKind::UnknownField, "threat"),
        (ProblemKind::UnknownField, "places column `nmae`"),
        (ProblemKind::MissingField, "places column `name`"),
        (ProblemKind::Duplicate, "threats"),
        (ProblemKind::Unresolved, "effects row 1 column `intervention`"),
        (ProblemKind::UnknownField, "interventions column `effects`"),
    ] {
        assert!(places.contains(&(wanted.0, wanted.1.into())), "{wanted:?} in {places:?}");
    }
    assert_eq!(places.len(), 7, "{refused}");
}

#[test]
fn batches_of_one_table_count_their_rows_on() {
    let rows = |id: &str, level: &str| frame(vec![("id", texts(&[id])), ("name", texts(&["N"])), ("level", texts(&[level]))]).remove(0);
    let batches = vec![rows("a", "local"), rows("b", "local"), rows("c", "lcal")];
    let refused = from_tables(Root::default(), vec![("places".into(), batches)], &limits()).unwrap_err();
    assert_eq!(places_of(&refused), [(ProblemKind::UnknownWord, "places row 3 column `level`".into())]);
}

#[test]
fn types_with_no_reading_are_refused_once_a_column() {
    let times: ArrayRef = Arc::new(arrow_array::Time32SecondArray::from(vec![1, 2]));
    let refused = conditions(vec![("severity", times)]).unwrap_err();
    assert_eq!(places_of(&refused), [(ProblemKind::Column, "conditions column `severity`".into())]);
    let days: ArrayRef = Arc::new(Date32Array::from(vec![1, 2]));
    let refused = conditions(vec![half(), ("locator", days)]).unwrap_err();
    assert_eq!(places_of(&refused), [(ProblemKind::Column, "conditions column `locator`".into())]);
}
