//! Whether an Arrow array from outside can be looked at, before anything looks: counts, lengths and outer offsets may lie.

use arrow_array::ffi::FFI_ArrowArray;
use arrow_schema::DataType;

/// No array of this many values fits in memory, and arithmetic on such counts stays exact.
const MOST: usize = 1 << 48;

/// Checks what an import relies on without checking it itself: an array that passes can be imported and then validated in full.
pub(super) fn check(array: &FFI_ArrowArray, kind: &DataType) -> Result<(), String> {
    let (length, offset) = (array.len(), array.offset());
    if length > MOST || offset > MOST {
        return Err(String::from("a length or offset that no memory holds"));
    }
    let end = length + offset;
    match kind {
        DataType::Null => Ok(()),
        DataType::Utf8 | DataType::Binary => buffers(array, 3).and_then(|()| ends::<i32>(array, end)),
        DataType::LargeUtf8 | DataType::LargeBinary => buffers(array, 3).and_then(|()| ends::<i64>(array, end)),
        DataType::List(field) | DataType::Map(field, _) => {
            buffers(array, 2)?;
            ends::<i32>(array, end)?;
            children(array, [field.data_type()])
        }
        DataType::LargeList(field) => {
            buffers(array, 2)?;
            ends::<i64>(array, end)?;
            children(array, [field.data_type()])
        }
        DataType::FixedSizeList(field, _) => {
            buffers(array, 1)?;
            children(array, [field.data_type()])
        }
        DataType::Struct(fields) => {
            buffers(array, 1)?;
            children(array, fields.iter().map(|field| field.data_type()).collect::<Vec<_>>())
        }
        DataType::Dictionary(keys, values) => {
            buffers(array, 2)?;
            given(array, 1, end)?;
            match array.dictionary() {
                Some(dictionary) if keys.is_integer() => check(dictionary, values),
                _ => Err(String::from("a dictionary without its values")),
            }
        }
        DataType::Utf8View | DataType::BinaryView => views(array, end),
        DataType::ListView(_) | DataType::LargeListView(_) | DataType::Union(..) | DataType::RunEndEncoded(..) => {
            Err(format!("a column of type {kind}, which is not read"))
        }
        _ => buffers(array, 2).and_then(|()| given(array, 1, end)),
    }
}

fn buffers(array: &FFI_ArrowArray, wanted: usize) -> Result<(), String> {
    let found = array.num_buffers();
    if found == wanted { Ok(()) } else { Err(format!("{found} buffers where {wanted} are wanted")) }
}

fn given(array: &FFI_ArrowArray, buffer: usize, values: usize) -> Result<(), String> {
    if values > 0 && array.buffer(buffer).is_null() { Err(String::from("a buffer that is not there")) } else { Ok(()) }
}

fn children<'a>(array: &FFI_ArrowArray, kinds: impl IntoIterator<Item = &'a DataType, IntoIter: ExactSizeIterator>) -> Result<(), String> {
    let kinds = kinds.into_iter();
    if array.num_children() != kinds.len() {
        return Err(format!("{} parts where {} are wanted", array.num_children(), kinds.len()));
    }
    kinds.enumerate().try_for_each(|(at, kind)| check(array.child(at), kind))
}

/// The last offset says how long the data is: it may not be negative, nor below the first.
fn ends<T: Copy + Into<i64>>(array: &FFI_ArrowArray, end: usize) -> Result<(), String> {
    let offsets = array.buffer(1).cast::<T>();
    if end == 0 {
        return Ok(());
    }
    if offsets.is_null() || !offsets.is_aligned() {
        return Err(String::from("offsets that are not there, or not aligned"));
    }
    // SAFETY: an array of this length has `end + 1` offsets; that the pointer holds them is the producer's part of the interface.
    let (first, last): (i64, i64) = unsafe { ((*offsets).into(), (*offsets.add(end)).into()) };
    if first < 0 || last < first || last as u64 > MOST as u64 {
        return Err(format!("offsets from {first} to {last}"));
    }
    if array.num_buffers() > 2 && last > 0 && array.buffer(2).is_null() {
        return Err(String::from("text that is not there"));
    }
    Ok(())
}

fn views(array: &FFI_ArrowArray, end: usize) -> Result<(), String> {
    let count = array.num_buffers();
    if count < 3 {
        return Err(format!("{count} buffers where 3 or more are wanted"));
    }
    given(array, 1, end)?;
    let lengths = array.buffer(count - 1).cast::<i64>();
    let data = count - 3;
    if data > 0 && (lengths.is_null() || !lengths.is_aligned()) {
        return Err(String::from("lengths that are not there, or not aligned"));
    }
    for at in 0..data {
        // SAFETY: the last buffer holds one length for each data buffer, as the interface lays down.
        let length = unsafe { *lengths.add(at) };
        if !(0..=MOST as i64).contains(&length) || (length > 0 && array.buffer(2 + at).is_null()) {
            return Err(format!("a data buffer of length {length}"));
        }
    }
    Ok(())
}
