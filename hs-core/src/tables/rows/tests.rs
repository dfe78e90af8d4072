use std::sync::Arc;

use arrow_array::builder::StringDictionaryBuilder;
use arrow_array::types::{Decimal128Type, Int8Type, UInt16Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, DictionaryArray, Float32Array, Float64Array, Int8Array, Int16Array, Int32Array, Int64Array,
    LargeStringArray, NullArray, PrimitiveArray, RecordBatch, StringArray, StringViewArray, UInt8Array, UInt16Array, UInt32Array,
    UInt64Array,
};

use super::*;

fn rows(columns: Vec<(&str, ArrayRef)>) -> Rows {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true))).unwrap().into()
}

fn same(found: &[f64], wanted: &[f64]) -> bool {
    found.len() == wanted.len() && found.iter().zip(wanted).all(|(a, b)| a == b || (a.is_nan() && b.is_nan()))
}

#[test]
fn numbers_of_every_width_with_nulls_and_slices() {
    let some = [Some(0), Some(7), None, Some(3), Some(100)];
    let decimals = PrimitiveArray::<Decimal128Type>::from(some.iter().map(|x| x.map(|x| x as i128 * 100)).collect::<Vec<_>>());
    let arrays: Vec<ArrayRef> = vec![
        Arc::new(some.iter().map(|x| x.map(|x| x as i8)).collect::<Int8Array>()),
        Arc::new(some.iter().map(|x| x.map(|x| x as i16)).collect::<Int16Array>()),
        Arc::new(some.into_iter().collect::<Int32Array>()),
        Arc::new(some.iter().map(|x| x.map(|x| x as i64)).collect::<Int64Array>()),
        Arc::new(some.iter().map(|x| x.map(|x| x as u8)).collect::<UInt8Array>()),
        Arc::new(some.iter().map(|x| x.map(|x| x as u16)).collect::<UInt16Array>()),
        Arc::new(some.iter().map(|x| x.map(|x| x as u32)).collect::<UInt32Array>()),
        Arc::new(some.iter().map(|x| x.map(|x| x as u64)).collect::<UInt64Array>()),
        Arc::new(some.iter().map(|x| x.map(|x| x as f32)).collect::<Float32Array>()),
        Arc::new(some.iter().map(|x| x.map(|x| x as f64)).collect::<Float64Array>()),
        Arc::new(decimals.with_precision_and_scale(10, 2).unwrap()),
    ];
    for array in arrays {
        let kind = array.data_type().to_string();
        let read = rows(vec![("x", array)]);
        assert!(same(&read.numbers("x").unwrap(), &[0.0, 7.0, f64::NAN, 3.0, 100.0]), "{kind}");
        assert!(same(&read.slice(1, 3).numbers("x").unwrap(), &[7.0, f64::NAN, 3.0]), "{kind}");
        let keys = read.slice(1, 4).keys("x").unwrap();
        assert_eq!(keys.keys, [Key::Integer(7), Key::Missing, Key::Integer(3), Key::Integer(100)], "{kind}");
        assert_eq!(keys.codes, [0, 1, 2, 3], "{kind}");
    }
}

#[test]
fn floats_without_nulls_are_lent() {
    let array = Float64Array::from(vec![1.0, 2.0, 3.0]);
    let pointer = array.values().as_ptr();
    let read = rows(vec![("x", Arc::new(array))]);
    let lent = read.numbers("x").unwrap();
    assert!(matches!(lent, Cow::Borrowed(_)));
    assert_eq!(lent.as_ptr(), pointer);
}

#[test]
fn texts_dictionaries_and_yes_and_no_as_keys() {
    let texts = [Some("b"), None, Some("a"), Some("b"), Some("long enough to lie elsewhere")];
    let mut dictionary = StringDictionaryBuilder::<UInt16Type>::new();
    for text in texts {
        dictionary.append_option(text);
    }
    let arrays: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from(texts.to_vec())),
        Arc::new(LargeStringArray::from(texts.to_vec())),
        Arc::new(StringViewArray::from(texts.to_vec())),
        Arc::new(dictionary.finish()),
    ];
    let text = |t: &str| Key::Text(t.into());
    for array in arrays {
        let kind = array.data_type().to_string();
        let read = rows(vec![("x", array)]);
        let keys = read.keys("x").unwrap();
        assert_eq!(keys.keys, [text("b"), Key::Missing, text("a"), text("long enough to lie elsewhere")], "{kind}");
        assert_eq!(keys.codes, [0, 1, 2, 0, 3], "{kind}");
        assert_eq!(read.slice(2, 2).keys("x").unwrap().keys, [text("a"), text("b")], "{kind}");
        assert_eq!(read.numbers("x").unwrap_err().kind, ErrorKind::Argument);
    }
    let flags = rows(vec![("x", Arc::new(BooleanArray::from(vec![Some(true), None, Some(false)])))]);
    assert_eq!(flags.keys("x").unwrap().keys, [Key::Boolean(true), Key::Missing, Key::Boolean(false)]);
    assert!(same(&flags.numbers("x").unwrap(), &[1.0, f64::NAN, 0.0]));
}

#[test]
fn whole_floats_and_dictionaries_of_numbers_are_the_keys_of_integers() {
    let codes = Int8Array::from(vec![Some(1), Some(0), None, Some(2)]);
    let values: ArrayRef = Arc::new(Float64Array::from(vec![Some(5.0), Some(-2.0), None]));
    let read = rows(vec![
        ("dictionary", Arc::new(DictionaryArray::<Int8Type>::new(codes, values))),
        ("float", Arc::new(Float64Array::from(vec![Some(-2.0), Some(5.0), Some(f64::NAN), None]))),
        ("integer", Arc::new(Int64Array::from(vec![Some(-2), Some(5), None, None]))),
        ("nothing", Arc::new(NullArray::new(4))),
        ("large", Arc::new(UInt64Array::from(vec![u64::MAX, 1, 1, 1]))),
    ]);
    let wanted = Keys { keys: vec![Key::Integer(-2), Key::Integer(5), Key::Missing], codes: vec![0, 1, 2, 2] };
    for name in ["dictionary", "float", "integer"] {
        assert_eq!(read.keys(name).unwrap(), wanted, "{name}");
    }
    assert!(same(&read.numbers("dictionary").unwrap(), &[-2.0, 5.0, f64::NAN, f64::NAN]));
    assert_eq!(read.keys("nothing").unwrap().keys, [Key::Missing]);
    assert!(read.numbers("nothing").unwrap().iter().all(|x| x.is_nan()));
    assert_eq!(read.keys("large").unwrap().keys, [Key::Text("18446744073709551615".into()), Key::Integer(1)]);
}

#[test]
fn what_is_wrong_is_said_without_a_value() {
    let read =
        rows(vec![("income", Arc::new(Float64Array::from(vec![1234.5, 2.0, 77.25]))), ("day", Arc::new(Date32Array::from(vec![1, 2, 3])))]);
    let error = read.keys("income").unwrap_err();
    assert_eq!(
        error.message,
        "/income: found 2 numbers that are not whole, wanted categories: whole numbers, text, or yes and no; cut the column into classes"
    );
    let error = read.numbers("incom").unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotFound);
    assert_eq!(error.problems[0].mend.as_deref(), Some("did you mean `income`?"));
    assert_eq!(read.numbers("day").unwrap_err().kind, ErrorKind::Argument);
    let double = RecordBatch::try_new(
        Arc::new(arrow_schema::Schema::new(vec![
            arrow_schema::Field::new("x", arrow_schema::DataType::Int8, true),
            arrow_schema::Field::new("x", arrow_schema::DataType::Int8, true),
        ])),
        vec![Arc::new(Int8Array::from(vec![1])), Arc::new(Int8Array::from(vec![2]))],
    );
    assert_eq!(Rows::from(double.unwrap()).numbers("x").unwrap_err().kind, ErrorKind::Argument);
}

#[test]
fn bits_are_read_at_any_offset() {
    let flags: Vec<bool> = (0..300).map(|i| i % 3 == 0 || i % 7 == 2).collect();
    let array = BooleanArray::from(flags.clone());
    for from in [0, 1, 7, 8, 63, 64, 65, 200, 299] {
        let slice = array.slice(from, 300 - from);
        let Cells::Boolean(bits) = Column::read(&slice).unwrap().cells else { unreachable!() };
        for start in [0, 3, 64, 90] {
            let word = bits.word(start);
            for k in 0..64 {
                assert_eq!(word >> k & 1 == 1, flags.get(from + start + k).copied().unwrap_or(false), "{from} {start} {k}");
            }
        }
    }
}
