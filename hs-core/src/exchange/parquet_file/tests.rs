//! Files of every common making are read as they were written; damaged and lying ones are typed errors.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Float64Type, Int32Type};
use arrow_array::{ArrayRef, Float64Array, Int64Array, ListArray, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, GzipLevel, ZstdLevel};
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder, WriterVersion};
use proptest::prelude::*;

use super::*;
use crate::exchange::{open_rows, rows_total};
use crate::tables::{Needed, Sort};
use crate::{Error, ErrorKind, ProblemKind, Result};

const ROWS: usize = 5_000;

fn table() -> RecordBatch {
    let words = (0..ROWS).map(|row| (row % 11 > 0).then(|| format!("word {}", row % 7)));
    let weights = (0..ROWS).map(|row| (row % 13 > 0).then_some(row as f64 / 8.0));
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("id", Arc::new((0..ROWS as i64).collect::<Int64Array>())),
        ("water", Arc::new(words.collect::<StringArray>())),
        ("wt", Arc::new(weights.collect::<Float64Array>())),
        ("note", Arc::new((0..ROWS).map(|row| Some(format!("SECRET-{row}"))).collect::<StringArray>())),
        ("list", Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>((0..ROWS).map(|row| Some(vec![Some(row as i32)]))))),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

fn written(table: &RecordBatch, properties: WriterPropertiesBuilder) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, table.schema(), Some(properties.build())).unwrap();
    writer.write(table).unwrap();
    writer.close().unwrap();
    bytes
}

fn needed(names: &[&str]) -> Vec<Needed> {
    names.iter().map(|name| Needed { name: (*name).into(), sort: Sort::Text }).collect()
}

fn at(path: &Path, names: &[&str]) -> Result<Vec<RecordBatch>> {
    let mut batches =
        Batches::open(fs::File::open(path).unwrap(), "a.parquet", Wanted { columns: Some(names), rows: 1024, noted_types: false })?;
    let mut all = Vec::new();
    while let Some(batch) = batches.batch()? {
        all.push(batch);
    }
    Ok(all)
}

fn read(bytes: &[u8], names: &[&str]) -> Result<Vec<RecordBatch>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    fs::write(&path, bytes).unwrap();
    at(&path, names)
}

fn words(batches: &[RecordBatch], column: &str) -> Vec<Option<String>> {
    let of = |batch: &RecordBatch| {
        let array = batch.column_by_name(column).unwrap().as_dictionary::<Int32Type>().clone();
        let words = array.downcast_dict::<StringArray>().unwrap();
        words.into_iter().map(|word| word.map(String::from)).collect::<Vec<_>>()
    };
    batches.iter().flat_map(of).collect()
}

#[test]
fn every_common_making_is_read_as_it_was_written() {
    let table = table();
    let expected: Vec<Option<String>> = table.column(1).as_string::<i32>().iter().map(|word| word.map(String::from)).collect();
    let weights: Vec<Option<f64>> = table.column(2).as_primitive::<Float64Type>().iter().collect();
    let packed = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::ZSTD(ZstdLevel::default()),
        Compression::GZIP(GzipLevel::default()),
        Compression::LZ4_RAW,
        Compression::LZ4,
    ];
    for compression in packed {
        for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
            for dictionary in [true, false] {
                let properties = WriterProperties::builder()
                    .set_compression(compression)
                    .set_writer_version(version)
                    .set_dictionary_enabled(dictionary)
                    .set_data_page_row_count_limit(700)
                    .set_write_batch_size(100)
                    .set_max_row_group_row_count(Some(1_900));
                let batches = read(&written(&table, properties), &["wt", "water"]).unwrap();
                assert_eq!(words(&batches, "water"), expected, "{compression} {version:?} {dictionary}");
                let read: Vec<_> =
                    batches.iter().flat_map(|batch| batch.column_by_name("wt").unwrap().as_primitive::<Float64Type>().iter()).collect();
                assert_eq!(read, weights);
                assert!(batches.iter().all(|batch| batch.num_columns() == 2 && batch.num_rows() <= 1024));
            }
        }
    }
}

#[test]
fn rows_are_known_beforehand_and_no_column_is_read_that_is_not_needed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.data");
    fs::write(&path, written(&table(), WriterProperties::builder())).unwrap();
    assert_eq!(rows_total(&path).unwrap(), Some(ROWS as u64));
    let rows = open_rows(&path, &needed(&["wt"])).unwrap();
    assert_eq!(rows.total(), Some(ROWS as u64));
    let rows: Vec<_> = rows.map(Result::unwrap).collect();
    assert_eq!(rows.iter().map(|rows| rows.len()).sum::<usize>(), ROWS);
    assert!(rows.iter().all(|rows| rows.columns() == ["wt"]));
    let none: usize = open_rows(&path, &[]).unwrap().map(|rows| rows.unwrap().len()).sum();
    assert_eq!(none, ROWS);
    let empty = written(&table().slice(0, 0), WriterProperties::builder());
    fs::write(&path, empty).unwrap();
    assert_eq!(open_rows(&path, &needed(&["wt"])).unwrap().count(), 0);
    assert_eq!(rows_total(&path).unwrap(), Some(0));
}

#[test]
fn a_column_that_cannot_be_had_is_named() {
    let bytes = written(&table(), WriterProperties::builder());
    let unknown = read(&bytes, &["watr"]).unwrap_err();
    assert!(unknown.kind == ErrorKind::NotFound && unknown.message.contains("did you mean `water`"), "{unknown}");
    let list = read(&bytes, &["list"]).unwrap_err();
    assert_eq!((list.kind, list.problems[0].place()), (ErrorKind::Document, "a.parquet column `list`".into()));
}

/// The error of bytes that are no such file.
fn refused(bytes: &[u8]) -> Error {
    read(bytes, &["id", "water", "wt", "note"]).unwrap_err()
}

#[test]
fn a_file_cut_off_anywhere_is_refused() {
    let bytes = written(&table().slice(0, 200), WriterProperties::builder().set_max_row_group_row_count(Some(90)));
    for length in (0..bytes.len()).step_by(7) {
        let error = refused(&bytes[..length]);
        assert_eq!(error.kind, ErrorKind::Syntax, "{length}: {error}");
    }
}

#[test]
fn footers_and_pages_that_lie_are_refused() {
    let plain = WriterProperties::builder().set_compression(Compression::UNCOMPRESSED).set_dictionary_enabled(false);
    let bytes = written(&table(), plain);
    // a footer longer than the file
    let mut long = bytes.clone();
    let end = long.len() - 8;
    long[end..end + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(refused(&long).message.contains("longer than the file"));
    // a footer of nested columns deeper than the stack
    let mut footer = vec![0x15, 0x02, 0x19, 0xFC];
    let elements: u64 = 100_000;
    let mut left = elements;
    while left >= 0x80 {
        footer.push((left & 0x7F) as u8 | 0x80);
        left >>= 7;
    }
    footer.push(left as u8);
    for _ in 0..elements {
        footer.extend([0x48, 1, b'a', 0x15, 2, 0]);
    }
    footer.push(0);
    let mut deep = b"PAR1".to_vec();
    deep.extend(&footer);
    deep.extend((footer.len() as u32).to_le_bytes());
    deep.extend(b"PAR1");
    assert!(refused(&deep).message.contains("footer"), "{}", refused(&deep));
    let mut sealed = bytes.clone();
    let end = sealed.len();
    sealed[end - 1] = b'E';
    assert_eq!(refused(&sealed).kind, ErrorKind::Unsupported);
    // the first page header says that it unpacks to other than it does
    for (at, byte) in [(6, 0xFE), (7, 0xFF), (8, 0x7F), (9, 0xFE), (10, 0xFF)] {
        let mut lying = bytes.clone();
        lying[at] = byte;
        if let Err(error) = read(&lying, &["id"]) {
            assert!(matches!(error.kind, ErrorKind::Syntax | ErrorKind::Limit), "{error}");
        }
    }
}

#[test]
fn texts_that_are_no_utf8_are_refused_without_a_word_of_them() {
    for dictionary in [true, false] {
        let plain = WriterProperties::builder().set_compression(Compression::UNCOMPRESSED).set_dictionary_enabled(dictionary);
        let mut bytes = written(&table(), plain);
        let at = bytes.windows(8).position(|window| window == b"SECRET-1").unwrap();
        bytes[at] = 0xFF;
        let error = refused(&bytes);
        assert!(error.kind == ErrorKind::Syntax && !format!("{error:?}").contains("ECRET"), "{error:?}");
    }
}

#[test]
fn texts_stored_once_and_repeated_make_smaller_batches() {
    let long: String = "x".repeat(1 << 20);
    let texts: StringArray = (0..100).map(|row| Some(if row < 99 { long.as_str() } else { "y" })).collect();
    let batch = RecordBatch::try_from_iter([("water", Arc::new(texts) as ArrayRef)]).unwrap();
    let repeated = WriterProperties::builder().set_dictionary_page_size_limit(4 << 20);
    let batches = read(&written(&batch, repeated), &["water"]).unwrap();
    assert!(batches.iter().all(|batch| batch.get_array_memory_size() < 8 << 20), "kept as a dictionary");
    // words of a dictionary that some pages leave aside are written out, each as often as rows have it
    let half =
        WriterProperties::builder().set_dictionary_page_size_limit(2 << 20).set_data_page_row_count_limit(10).set_write_batch_size(10);
    let mut texts: Vec<String> = vec![long.clone(); 60];
    texts.extend((0..60).map(|row| format!("{row}{long}")));
    let mixed = texts.iter().map(Some).collect::<StringArray>();
    let mixed = RecordBatch::try_from_iter([("water", Arc::new(mixed) as ArrayRef)]).unwrap();
    let batches = read(&written(&mixed, half), &["water"]).unwrap();
    assert_eq!(words(&batches, "water"), texts.into_iter().map(Some).collect::<Vec<_>>());
    assert!(batches.iter().all(|batch| batch.num_rows() <= 64), "{}", batches[0].num_rows());
    let short =
        WriterProperties::builder().set_dictionary_page_size_limit(20_000).set_data_page_row_count_limit(100).set_write_batch_size(50);
    let batches = read(&written(&table(), short), &["note"]).unwrap();
    assert_eq!(batches.iter().map(RecordBatch::num_rows).max(), Some(1024), "short words take no room");
    let prefixed = WriterProperties::builder().set_dictionary_enabled(false).set_encoding(Encoding::DELTA_BYTE_ARRAY);
    let batches = read(&written(&batch, prefixed), &["water"]).unwrap();
    assert_eq!(batches.iter().map(RecordBatch::num_rows).sum::<usize>(), 100);
    assert!(batches.iter().all(|batch| batch.num_rows() <= 64), "{}", batches[0].num_rows());
}

#[test]
fn packing_that_is_not_read_is_said() {
    let mut bytes = written(
        &table(),
        WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(parquet::file::properties::EnabledStatistics::None),
    );
    // the codec of each column stands in the footer as field 4 behind the list of its path
    let footer = bytes.len() - 8 - u32::from_le_bytes(bytes[bytes.len() - 8..bytes.len() - 4].try_into().unwrap()) as usize;
    let at =
        footer + bytes[footer..].windows(5).position(|w| w[..2] == [2, b'i'] && w[2] == b'd' && w[3] == 0x15 && w[4] == 2).unwrap() + 4;
    bytes[at] = 8;
    let error = read(&bytes, &["id"]).unwrap_err();
    assert!(error.kind == ErrorKind::Unsupported && error.message.contains("Brotli"), "{error}");
    assert_eq!(error.problems[0].kind, ProblemKind::Resource);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn damaged_bytes_are_read_or_refused(
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        zstd in any::<bool>(), dictionary in any::<bool>(), second in any::<bool>(),
    ) {
        let properties = WriterProperties::builder()
            .set_compression(if zstd { Compression::ZSTD(ZstdLevel::default()) } else { Compression::SNAPPY })
            .set_dictionary_enabled(dictionary)
            .set_writer_version(if second { WriterVersion::PARQUET_2_0 } else { WriterVersion::PARQUET_1_0 });
        let mut bytes = written(&table().slice(0, 60), properties);
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Err(error) = read(&bytes, &["id", "water", "wt", "note"]) {
            prop_assert!(!format!("{error:?}").contains("SECRET"), "{:?}", error);
        }
    }
}
