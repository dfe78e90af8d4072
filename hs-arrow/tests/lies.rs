//! Schemas, arrays and streams that lie are refused by name; honest ones, however odd, are read.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, unsafe_code)]

use std::ffi::{c_char, c_int, c_void};
use std::sync::Arc;

use arrow_array::ffi::FFI_ArrowArray;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::types::Int8Type;
use arrow_array::{
    Array as _, ArrayRef, DictionaryArray, FixedSizeListArray, Float64Array, Int8Array, LargeStringArray, NullArray, RecordBatch,
    RecordBatchIterator, StringArray, StringViewArray, StructArray,
};
use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{DataType, Field, Schema};
use hs_arrow::Stream;

/// `struct ArrowArray`, to lie in.
#[repr(C)]
struct RawArray {
    length: i64,
    null_count: i64,
    offset: i64,
    n_buffers: i64,
    n_children: i64,
    buffers: *mut *const c_void,
    children: *mut *mut RawArray,
    dictionary: *mut RawArray,
    release: Option<unsafe extern "C" fn(*mut RawArray)>,
    private_data: *mut c_void,
}

/// `struct ArrowSchema`, to lie in.
#[repr(C)]
struct RawSchema {
    format: *const c_char,
    name: *const c_char,
    metadata: *const c_char,
    flags: i64,
    n_children: i64,
    children: *mut *mut RawSchema,
    dictionary: *mut RawSchema,
    release: Option<unsafe extern "C" fn(*mut RawSchema)>,
    private_data: *mut c_void,
}

fn table() -> RecordBatch {
    let keys = Int8Array::from(vec![0, 1, 0]);
    let dictionary = DictionaryArray::<Int8Type>::try_new(keys, Arc::new(StringArray::from(vec!["river", "well"]))).unwrap();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("number", Arc::new(Float64Array::from(vec![Some(1.0), None, Some(3.0)]))),
        ("text", Arc::new(StringArray::from(vec!["ab", "é", ""]))),
        ("word", Arc::new(dictionary)),
        ("large", Arc::new(LargeStringArray::from(vec!["ab", "é", ""]))),
        ("view", Arc::new(StringViewArray::from(vec!["ab", "a text that is too long to lie in its view", ""]))),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true))).unwrap()
}

/// What becomes of a table after somebody changed its C form.
fn read(table: &RecordBatch, lie: impl FnOnce(&mut RawArray)) -> Result<RecordBatch, String> {
    let schema = FFI_ArrowSchema::try_from(table.schema_ref().as_ref()).unwrap();
    let mut array = FFI_ArrowArray::new(&StructArray::from(table.clone()).into_data());
    // SAFETY: the same struct by another name; what is changed is never used to release it.
    lie(unsafe { &mut *(&raw mut array).cast::<RawArray>() });
    // SAFETY: pointers stay good; only counts, lengths and contents lie.
    unsafe { hs_arrow::schema(&schema).and_then(|schema| hs_arrow::batch(array, &schema)) }.map_err(|error| error.message)
}

fn column(array: &mut RawArray, at: usize) -> &mut RawArray {
    // SAFETY: as many columns as the table of the test has.
    unsafe { &mut **array.children.add(at) }
}

/// Puts other contents where a buffer was; they live as long as the test run.
fn replace<T>(array: &mut RawArray, buffer: usize, contents: Vec<T>) {
    // SAFETY: as many buffers as the column has.
    unsafe { *array.buffers.add(buffer) = contents.leak().as_ptr().cast() };
}

#[test]
fn honest_tables_are_read() {
    let table = table();
    assert_eq!(read(&table, |_| ()).unwrap(), table);
    assert_eq!(read(&table.slice(1, 2), |_| ()).unwrap(), table.slice(1, 2));
    assert_eq!(read(&table.slice(0, 0), |_| ()).unwrap().num_rows(), 0);
    assert_eq!(read(&table, |array| column(array, 0).null_count = -1).unwrap(), table, "a count that is not known is counted");
    let items = FixedSizeListArray::from_iter_primitive::<Int8Type, _, _>([Some([Some(1), Some(2)]), None], 2);
    let odd = RecordBatch::try_from_iter([("nothing", Arc::new(NullArray::new(2)) as ArrayRef), ("pair", Arc::new(items))]).unwrap();
    assert_eq!(read(&odd, |_| ()).unwrap().num_rows(), 2);
    assert_eq!(read(&RecordBatch::new_empty(Arc::new(Schema::empty())), |_| ()).unwrap().num_columns(), 0);
}

#[test]
fn a_slice_without_missing_values_may_lie_between_some() {
    for (length, missing) in [(40, [0, 39]), (40, [7, 33]), (20, [3, 12])] {
        let numbers: Float64Array = (0..length).map(|i| (!missing.contains(&i)).then_some(f64::from(i))).collect();
        let table = RecordBatch::try_from_iter_with_nullable([("number", Arc::new(numbers) as ArrayRef, true)]).unwrap();
        for (from, to) in [(missing[0] + 1, missing[1]), (missing[0], missing[1]), (missing[0] + 1, missing[1] + 1)] {
            let (from, count) = (from as usize, (to - from) as usize);
            let wanted = table.slice(from, count);
            // The slice as others make it: an offset into the whole.
            let found = read(&table, |array| {
                (array.offset, array.length) = (from as i64, count as i64);
                column(array, 0).null_count = -1;
            });
            assert_eq!(found.unwrap(), wanted);
            let missing = wanted.column(0).null_count() > 0;
            let found = read(&table, |array| {
                let column = column(array, 0);
                (column.offset, column.length, column.null_count) = (from as i64, count as i64, 0);
                array.length = count as i64;
            });
            assert_eq!(found.is_err(), missing, "{from} {count}");
        }
    }
}

#[test]
fn the_buffers_stay_where_they_are() {
    let table = table();
    let read = read(&table, |_| ()).unwrap();
    let address = |batch: &RecordBatch| batch.column(0).to_data().buffers()[0].as_ptr();
    assert_eq!(address(&table), address(&read));
}

/// The list of columns belongs to the producer, who still needs it: another one takes its place.
fn lose_a_column(array: &mut RawArray) {
    // SAFETY: as many columns as it says.
    let mut list = unsafe { std::slice::from_raw_parts(array.children, array.n_children as usize) }.to_vec();
    list[2] = std::ptr::null_mut();
    array.children = list.leak().as_mut_ptr();
}

type Lie = fn(&mut RawArray);

const LIES: [(&str, Lie, &str); 32] = [
    ("a negative length", |a| a.length = -1, "a length of -1"),
    ("a length no memory holds", |a| column(a, 0).length = i64::MAX, "a length of 9223372036854775807"),
    ("a negative offset", |a| column(a, 0).offset = -3, "at offset -3"),
    ("a column that is too short", |a| column(a, 0).length = 2, "a part of 2 values where 3 are wanted"),
    ("more rows than columns have", |a| a.length = 4, "a part of 3 values where 4 are wanted"),
    ("an offset past the columns", |a| a.offset = 1, "a part of 3 values where 4 are wanted"),
    ("more missing than values", |a| column(a, 0).null_count = 4, "4 missing among 3"),
    ("a negative count of missing", |a| column(a, 0).null_count = -2, "-2 missing among 3"),
    ("a count of missing that is not true", |a| column(a, 0).null_count = 2, "column `number` has a count of missing values"),
    ("missing values that are said not to be", |a| column(a, 0).null_count = 0, "a count of missing values that is not true"),
    ("missing values nobody marks", |a| column(a, 1).null_count = 1, "missing values without a buffer"),
    ("fewer columns", |a| a.n_children = 4, "4 parts where 5 are wanted"),
    ("negative columns", |a| a.n_children = -1, "-1 parts that are not there"),
    ("columns that are not there", |a| a.children = std::ptr::null_mut(), "5 parts that are not there"),
    ("one column that is not there", lose_a_column, "a part that is not there"),
    ("no buffers", |a| column(a, 1).n_buffers = 0, "0 buffers where 3 are wanted"),
    ("negative buffers", |a| column(a, 0).n_buffers = -1, "-1 parts that are not there"),
    ("buffers that are not there", |a| column(a, 0).buffers = std::ptr::null_mut(), "2 parts that are not there"),
    ("numbers that are not there", |a| unsafe { *column(a, 0).buffers.add(1) = std::ptr::null() }, "a buffer that is not there"),
    ("offsets that are not there", |a| unsafe { *column(a, 1).buffers.add(1) = std::ptr::null() }, "offsets that are not there"),
    ("text that is not there", |a| unsafe { *column(a, 1).buffers.add(2) = std::ptr::null() }, "text that is not there"),
    ("offsets that go back", |a| replace(column(a, 1), 1, vec![0_i32, 4, 2, 4]), "column `text` has offsets that go back"),
    ("a negative first offset", |a| replace(column(a, 1), 1, vec![-1_i32, 1, 2, 4]), "offsets from -1 to 4"),
    ("a negative last offset", |a| replace(column(a, 1), 1, vec![0_i32, 1, 2, -4]), "offsets from 0 to -4"),
    ("an offset inside a letter", |a| replace(column(a, 1), 1, vec![0_i32, 2, 3, 4]), "column `text` has text that is not UTF-8"),
    ("bytes that are no text", |a| replace(column(a, 1), 2, vec![0xff_u8; 4]), "column `text` has text that is not UTF-8"),
    ("large bytes that are no text", |a| replace(column(a, 3), 2, vec![0xff_u8; 4]), "column `large` has text that is not UTF-8"),
    ("large offsets that go back", |a| replace(column(a, 3), 1, vec![0_i64, 4, 2, 4]), "column `large` has offsets that go back"),
    ("keys out of bounds", |a| replace(column(a, 2), 1, vec![0_i8, 7, 0]), "column `word` has dictionary keys"),
    ("negative keys", |a| replace(column(a, 2), 1, vec![0_i8, -1, 0]), "column `word` has dictionary keys"),
    ("no dictionary", |a| column(a, 2).dictionary = std::ptr::null_mut(), "a dictionary without its values"),
    ("a negative length of a view", |a| replace(column(a, 4), 3, vec![-5_i64]), "a data buffer of length -5"),
];

#[test]
fn arrays_that_lie_are_refused() {
    let table = table();
    for (title, lie, wanted) in LIES {
        let said = read(&table, lie).unwrap_err();
        assert!(said.starts_with("not a sound Arrow table: ") && said.contains(wanted), "{title}: {said}");
    }
}

#[test]
fn rows_that_are_missing_as_a_whole_are_refused() {
    let said = read(&table(), |array| {
        array.null_count = 1;
        replace(array, 0, vec![0b101_u8]);
    });
    assert!(said.unwrap_err().contains("1 rows that are null as a whole"));
}

#[test]
fn missing_values_where_a_schema_has_none_are_refused() {
    let schema = Arc::new(Schema::new(vec![Field::new("number", DataType::Float64, false)]));
    let array = FFI_ArrowArray::new(&StructArray::from(table().project(&[0]).unwrap()).into_data());
    // SAFETY: an honest array, but for what its schema says of it.
    let said = unsafe { hs_arrow::batch(array, &schema) }.unwrap_err().message;
    assert!(said.contains("missing values where its schema says there are none"), "{said}");
}

#[test]
fn no_refusal_quotes_a_value() {
    let canary = "Amina Canary";
    let text: ArrayRef = Arc::new(StringArray::from(vec![canary, "b", "c"]));
    let table = RecordBatch::try_from_iter([("name", text)]).unwrap();
    for offsets in [vec![0_i32, 3, 2, 14], vec![0, 1, 2, -1]] {
        let said = read(&table, |array| replace(column(array, 0), 1, offsets)).unwrap_err();
        assert!(!said.contains("Amina") && !said.contains("Canary"), "{said}");
    }
    let said = read(&table, |array| replace(column(array, 0), 2, b"Amina Canary\xff\xff".to_vec())).unwrap_err();
    assert!(!said.contains("Amina"), "{said}");
}

/// What becomes of a schema after somebody changed its C form.
fn columns(lie: impl FnOnce(&mut RawSchema)) -> Result<usize, String> {
    let mut schema = FFI_ArrowSchema::try_from(table().schema_ref().as_ref()).unwrap();
    let raw = (&raw mut schema).cast::<RawSchema>();
    // SAFETY: the same struct by another name.
    let (format, name, children, dictionary, release) =
        unsafe { ((*raw).format, (*raw).name, (*raw).children, (*raw).dictionary, (*raw).release) };
    lie(unsafe { &mut *raw });
    // SAFETY: pointers stay good.
    let read = unsafe { hs_arrow::schema(&schema) }.map(|schema| schema.fields().len()).map_err(|error| error.message);
    // SAFETY: what releasing it looks at is put back.
    unsafe {
        ((*raw).format, (*raw).name, (*raw).children, (*raw).dictionary, (*raw).release) = (format, name, children, dictionary, release);
    }
    read
}

#[test]
fn schemas_that_lie_are_refused() {
    assert_eq!(columns(|_| ()).unwrap(), 5);
    let refused = |wanted: &str, lie: fn(&mut RawSchema)| {
        let said = columns(lie).unwrap_err();
        assert!(said.starts_with("not a sound Arrow table: ") && said.contains(wanted), "{wanted}: {said}");
    };
    refused("already released", |schema| schema.release = None);
    refused("without its format", |schema| schema.format = std::ptr::null());
    refused("a single column", |schema| schema.format = c"g".as_ptr());
    refused("parts of a list", |schema| schema.format = c"+l".as_ptr());
    refused("a single column", |schema| schema.format = c"nonsense".as_ptr().cast::<c_char>());
    refused("without its format", |schema| schema.format = c"\xff".as_ptr());
    refused("not UTF-8", |schema| schema.name = c"\xff".as_ptr());
    refused("-1 parts", |schema| schema.n_children = -1);
    refused("parts that are not there", |schema| schema.n_children = i64::MAX);
    refused("parts that are not there", |schema| schema.children = std::ptr::null_mut());
    refused("32 levels", |schema| schema.dictionary = &raw mut *schema);
}

/// A schema whose columns are itself: as wide and deep as one likes.
#[test]
fn a_schema_that_holds_itself_is_refused() {
    unsafe extern "C" fn release(_: *mut RawSchema) {}
    let mut schema = RawSchema {
        format: c"+s".as_ptr(),
        name: std::ptr::null(),
        metadata: std::ptr::null(),
        flags: 0,
        n_children: 4,
        children: std::ptr::null_mut(),
        dictionary: std::ptr::null_mut(),
        release: Some(release),
        private_data: std::ptr::null_mut(),
    };
    let own = &raw mut schema;
    let mut children = [own; 4];
    // SAFETY: a local variable that points at itself.
    let said = unsafe {
        (*own).children = children.as_mut_ptr();
        hs_arrow::schema(&*own.cast::<FFI_ArrowSchema>())
    };
    assert!(said.unwrap_err().message.contains("levels"));
}

fn streamed(batches: Vec<RecordBatch>) -> FFI_ArrowArrayStream {
    let schema = batches[0].schema();
    FFI_ArrowArrayStream::new(Box::new(RecordBatchIterator::new(batches.into_iter().map(Ok), schema)))
}

#[test]
fn a_stream_is_taken_once_and_read_to_its_end() {
    let mut place = streamed(vec![table(), table().slice(1, 1)]);
    // SAFETY: a local variable, here and below.
    let mut stream = unsafe { Stream::take(&raw mut place) }.unwrap();
    assert!(place.release().is_none(), "what was taken is left released");
    assert_eq!(stream.schema().fields().len(), 5);
    assert_eq!(stream.next().unwrap().unwrap().num_rows(), 3);
    assert_eq!(stream.next().unwrap().unwrap().num_rows(), 1);
    assert!(stream.next().is_none() && stream.next().is_none());
    let again = unsafe { Stream::take(&raw mut place) }.unwrap_err();
    assert!(again.message.contains("already read"));
    assert!(unsafe { Stream::take(std::ptr::null_mut()) }.unwrap_err().message.contains("NULL"));
}

/// A stream of our own: what its functions answer, and how often it was released.
#[derive(Default)]
struct Told {
    schema: c_int,
    next: c_int,
    text: Option<&'static std::ffi::CStr>,
    released: usize,
}

unsafe extern "C" fn get_schema(stream: *mut FFI_ArrowArrayStream, out: *mut FFI_ArrowSchema) -> c_int {
    unsafe {
        let told = &*(*stream).private_data().cast::<Told>();
        // What stands in `out` after a failure is nobody's: releasing it would crash.
        out.cast::<u8>().write_bytes(0x5a, size_of::<FFI_ArrowSchema>() * usize::from(told.schema != 0));
        if told.schema == 0 {
            out.write(FFI_ArrowSchema::try_from(table().schema_ref().as_ref()).unwrap());
        }
        told.schema
    }
}

unsafe extern "C" fn get_next(stream: *mut FFI_ArrowArrayStream, out: *mut FFI_ArrowArray) -> c_int {
    unsafe {
        out.cast::<u8>().write_bytes(0x5a, size_of::<FFI_ArrowArray>());
        (*(*stream).private_data().cast::<Told>()).next
    }
}

unsafe extern "C" fn last_error(stream: *mut FFI_ArrowArrayStream) -> *const c_char {
    unsafe { (*(*stream).private_data().cast::<Told>()).text.map_or(std::ptr::null(), std::ffi::CStr::as_ptr) }
}

unsafe extern "C" fn release(stream: *mut FFI_ArrowArrayStream) {
    // `release` stays set, as a careless producer leaves it.
    unsafe { (*(*stream).private_data().cast::<Told>()).released += 1 };
}

fn failing(told: &mut Told) -> String {
    let context = (&raw mut *told).cast::<c_void>();
    // SAFETY: the context outlives the stream.
    let mut place =
        unsafe { FFI_ArrowArrayStream::new_unchecked(Some(get_schema), Some(get_next), Some(last_error), Some(release), context) };
    let outcome = unsafe { Stream::take(&raw mut place) }.and_then(|mut stream| {
        let first = stream.next().unwrap();
        assert!(stream.next().is_none(), "nothing is asked of a stream that failed");
        first
    });
    assert_eq!(told.released, 1, "released once");
    outcome.unwrap_err().message
}

#[test]
fn a_stream_that_fails_is_released_once_and_says_why() {
    let gone = Some(c"the disk is\ngone");
    assert_eq!(failing(&mut Told { schema: 5, text: gone, ..Told::default() }), "the Arrow stream failed: the disk is gone");
    assert_eq!(failing(&mut Told { next: 5, text: gone, ..Told::default() }), "the Arrow stream failed: the disk is gone");
    assert_eq!(failing(&mut Told { next: 5, ..Told::default() }), "the Arrow stream failed: code 5");
    assert_eq!(failing(&mut Told { next: -5, text: Some(c""), ..Told::default() }), "the Arrow stream failed: code -5");
    assert!(failing(&mut Told { next: 5, text: Some(c"\xff"), ..Told::default() }).contains('\u{fffd}'));
}
