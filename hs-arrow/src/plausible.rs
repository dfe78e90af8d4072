//! Whether what a producer hands over can be looked at, before anything looks: counts, lengths and outer offsets may lie.

use std::ffi::{CStr, c_char, c_void};

use arrow_array::ffi::FFI_ArrowArray;
use arrow_schema::DataType;
use arrow_schema::ffi::FFI_ArrowSchema;

/// No array of this many values fits in memory, and arithmetic on such counts stays exact.
const MOST: i64 = 1 << 48;
/// Columns and parts of columns in one schema.
const MOST_PARTS: usize = 1 << 16;
/// Parts within parts; a schema that holds itself is as deep as one likes.
const DEEPEST: usize = 32;

/// `struct ArrowSchema`, whose layout Arrow lays down.
#[repr(C)]
struct Schema {
    format: *const c_char,
    name: *const c_char,
    metadata: *const c_char,
    flags: i64,
    n_children: i64,
    children: *const *const Schema,
    dictionary: *const Schema,
    release: Option<unsafe extern "C" fn(*mut Schema)>,
    private_data: *mut c_void,
}

/// `struct ArrowArray`, whose layout Arrow lays down.
#[repr(C)]
struct Array {
    length: i64,
    null_count: i64,
    offset: i64,
    n_buffers: i64,
    n_children: i64,
    buffers: *const *const c_void,
    children: *const *const Array,
    dictionary: *const Array,
    release: Option<unsafe extern "C" fn(*mut Array)>,
    private_data: *mut c_void,
}

const _: () = assert!(size_of::<Schema>() == size_of::<FFI_ArrowSchema>() && size_of::<Array>() == size_of::<FFI_ArrowArray>());

/// Checks what reading a schema relies on without checking it itself.
///
/// # Safety
/// Pointers that are not NULL point to what the interface says.
pub(crate) unsafe fn schema(schema: &FFI_ArrowSchema) -> Result<(), String> {
    // SAFETY: the two types are one struct of the interface, and it is only read.
    let schema = unsafe { &*std::ptr::from_ref(schema).cast::<Schema>() };
    if schema.release.is_none() {
        return Err(String::from("a schema that was already released"));
    }
    // SAFETY: the caller's.
    unsafe { schema.check(&mut 0, 0) }
}

impl Schema {
    unsafe fn check(&self, parts: &mut usize, depth: usize) -> Result<(), String> {
        *parts += 1;
        if *parts > MOST_PARTS || depth > DEEPEST {
            return Err(format!("a schema of more than {MOST_PARTS} parts or {DEEPEST} levels"));
        }
        // SAFETY: the caller's: a text that is not NULL ends with a zero byte.
        let utf8 = |text: *const c_char| unsafe { CStr::from_ptr(text) }.to_str().is_ok();
        if self.format.is_null() || !utf8(self.format) {
            return Err(String::from("a type without its format"));
        }
        if !self.name.is_null() && !utf8(self.name) {
            return Err(String::from("a column name that is not UTF-8"));
        }
        // SAFETY: not NULL and UTF-8, as was just seen.
        let wanted = match unsafe { CStr::from_ptr(self.format) }.to_bytes() {
            b"+l" | b"+L" | b"+vl" | b"+vL" | b"+m" => Some(1),
            b"+r" => Some(2),
            format if format.starts_with(b"+w:") => Some(1),
            _ => None,
        };
        if wanted.is_some_and(|wanted| self.n_children != wanted) {
            return Err(format!("{} parts of a list, wanted its items", self.n_children));
        }
        // SAFETY: the caller's.
        for child in unsafe { pointers(self.children, self.n_children, MOST_PARTS as i64) }? {
            // SAFETY: the caller's; the same below.
            let child = unsafe { child.as_ref() }.ok_or("a column that is not there")?;
            unsafe { child.check(parts, depth + 1) }?;
        }
        match unsafe { self.dictionary.as_ref() } {
            Some(values) => unsafe { values.check(parts, depth + 1) },
            None => Ok(()),
        }
    }
}

/// Checks what an import relies on without checking it itself: an array that passes can be imported and then validated in full.
///
/// # Safety
/// Pointers that are not NULL point to what the interface says.
pub(crate) unsafe fn array(array: &FFI_ArrowArray, kind: &DataType) -> Result<(), String> {
    // SAFETY: the two types are one struct of the interface, and it is only read.
    let array = unsafe { &*std::ptr::from_ref(array).cast::<Array>() };
    // SAFETY: the caller's.
    unsafe { array.check(kind) }
}

impl Array {
    unsafe fn check(&self, kind: &DataType) -> Result<(), String> {
        let sound = |count: i64| (0..=MOST).contains(&count);
        if !sound(self.length) || !sound(self.offset) {
            return Err(format!("a length of {} at offset {}", self.length, self.offset));
        }
        if self.null_count > self.length || self.null_count < -1 {
            return Err(format!("{} missing among {} values", self.null_count, self.length));
        }
        // SAFETY: the caller's.
        let buffers = unsafe { pointers(self.buffers, self.n_buffers, MOST_PARTS as i64) }?;
        if *kind != DataType::Null && self.null_count > 0 && buffers.first().is_none_or(|valid| valid.is_null()) {
            return Err(String::from("missing values without a buffer that says which"));
        }
        if *kind != DataType::Null && self.null_count == 0 {
            // An import would not look at what marks missing values, and missing values would be read as if they were there.
            // SAFETY: the caller's.
            unsafe { complete(at(buffers, 0).cast(), self.offset, self.length) }?;
        }
        let end = self.length + self.offset;
        let plain = |wanted: usize| counted(buffers, wanted).and_then(|()| given(buffers, 1, end));
        // SAFETY: the caller's, for all that follow.
        unsafe {
            match kind {
                DataType::Null => Ok(()),
                DataType::Utf8 | DataType::Binary => counted(buffers, 3).and_then(|()| ends::<i32>(buffers, end)),
                DataType::LargeUtf8 | DataType::LargeBinary => counted(buffers, 3).and_then(|()| ends::<i64>(buffers, end)),
                DataType::List(field) | DataType::Map(field, _) => {
                    counted(buffers, 2).and_then(|()| ends::<i32>(buffers, end))?;
                    self.parts(&[field.data_type()], 0)
                }
                DataType::LargeList(field) => {
                    counted(buffers, 2).and_then(|()| ends::<i64>(buffers, end))?;
                    self.parts(&[field.data_type()], 0)
                }
                DataType::FixedSizeList(field, size) => {
                    counted(buffers, 1)?;
                    let items = i64::from(*size).checked_mul(end).filter(|items| sound(*items) && *size >= 0);
                    self.parts(&[field.data_type()], items.ok_or_else(|| format!("{end} lists of {size} items"))?)
                }
                DataType::Struct(fields) => {
                    counted(buffers, 1)?;
                    self.parts(&fields.iter().map(|field| field.data_type()).collect::<Vec<_>>(), end)
                }
                DataType::Dictionary(keys, values) => {
                    plain(2)?;
                    match self.dictionary.as_ref() {
                        Some(dictionary) if keys.is_integer() => dictionary.check(values),
                        _ => Err(String::from("a dictionary without its values")),
                    }
                }
                DataType::Utf8View | DataType::BinaryView => views(buffers, end),
                DataType::ListView(_) | DataType::LargeListView(_) | DataType::Union(..) | DataType::RunEndEncoded(..) => {
                    Err(String::from("a column of a type that is not read"))
                }
                DataType::FixedSizeBinary(size) if *size < 0 => Err(format!("values of {size} bytes")),
                _ => plain(2),
            }
        }
    }

    /// Checks the parts, which hold `least` values each or more.
    unsafe fn parts(&self, kinds: &[&DataType], least: i64) -> Result<(), String> {
        // SAFETY: the caller's.
        let children = unsafe { pointers(self.children, self.n_children, MOST_PARTS as i64) }?;
        if children.len() != kinds.len() {
            return Err(format!("{} parts where {} are wanted", children.len(), kinds.len()));
        }
        for (child, kind) in children.iter().zip(kinds) {
            // SAFETY: the caller's; the same below.
            let child = unsafe { child.as_ref() }.ok_or("a part that is not there")?;
            unsafe { child.check(kind) }?;
            if child.length < least {
                return Err(format!("a part of {} values where {least} are wanted", child.length));
            }
        }
        Ok(())
    }
}

/// A list of pointers whose count may lie; empty where there are none.
///
/// # Safety
/// A list that is not NULL holds as many pointers as it says.
unsafe fn pointers<'a, T>(list: *const *const T, count: i64, most: i64) -> Result<&'a [*const T], String> {
    match count {
        0 => Ok(&[]),
        count if !(0..=most).contains(&count) || list.is_null() || !list.is_aligned() => Err(format!("{count} parts that are not there")),
        // SAFETY: not NULL, aligned, of a count that memory holds; the rest is the caller's.
        count => Ok(unsafe { std::slice::from_raw_parts(list, count as usize) }),
    }
}

fn counted(buffers: &[*const c_void], wanted: usize) -> Result<(), String> {
    let found = buffers.len();
    if found == wanted { Ok(()) } else { Err(format!("{found} buffers where {wanted} are wanted")) }
}

fn at(buffers: &[*const c_void], index: usize) -> *const c_void {
    buffers.get(index).copied().unwrap_or(std::ptr::null())
}

fn given(buffers: &[*const c_void], index: usize, values: i64) -> Result<(), String> {
    if values > 0 && at(buffers, index).is_null() { Err(String::from("a buffer that is not there")) } else { Ok(()) }
}

/// Refuses a missing value among values of which none is said to be missing.
///
/// # Safety
/// Marks that are not NULL are a bit for each of `offset + length` values.
unsafe fn complete(marks: *const u8, offset: i64, length: i64) -> Result<(), String> {
    if marks.is_null() || length == 0 {
        return Ok(());
    }
    let (first, end) = (offset as usize, (offset + length) as usize);
    // SAFETY: not NULL; that it holds them is the caller's.
    let marks = unsafe { std::slice::from_raw_parts(marks, end.div_ceil(8)) };
    let (head, tail) = (0xff_u8 << (first % 8), 0xff_u8 >> ((8 - end % 8) % 8));
    let (low, high) = (first / 8, marks.len() - 1);
    let whole = marks.get(low..).unwrap_or_default().iter().zip(low..).all(|(marks, at)| {
        let wanted = if at == low { head } else { 0xff } & if at == high { tail } else { 0xff };
        marks & wanted == wanted
    });
    if whole { Ok(()) } else { Err(String::from("a count of missing values that is not true")) }
}

/// The last offset says how long the data is: it may not be negative, nor below the first.
///
/// # Safety
/// Offsets that are not NULL are `end + 1` numbers.
unsafe fn ends<T: Copy + Into<i64>>(buffers: &[*const c_void], end: i64) -> Result<(), String> {
    let offsets = at(buffers, 1).cast::<T>();
    if end == 0 {
        return Ok(());
    }
    if offsets.is_null() || !offsets.is_aligned() {
        return Err(String::from("offsets that are not there, or not aligned"));
    }
    // SAFETY: an array of this length has `end + 1` offsets; that the pointer holds them is the caller's.
    let (first, last): (i64, i64) = unsafe { ((*offsets).into(), (*offsets.add(end as usize)).into()) };
    if first < 0 || last < first || last > MOST {
        return Err(format!("offsets from {first} to {last}"));
    }
    if buffers.len() > 2 && last > 0 && at(buffers, 2).is_null() {
        return Err(String::from("text that is not there"));
    }
    Ok(())
}

/// Texts as views: the last buffer says how long each of the data buffers is.
///
/// # Safety
/// A last buffer that is not NULL holds one length for each data buffer.
unsafe fn views(buffers: &[*const c_void], end: i64) -> Result<(), String> {
    let count = buffers.len();
    if count < 3 {
        return Err(format!("{count} buffers where 3 or more are wanted"));
    }
    given(buffers, 1, end)?;
    let lengths = at(buffers, count - 1).cast::<i64>();
    let data = count - 3;
    if data > 0 && (lengths.is_null() || !lengths.is_aligned()) {
        return Err(String::from("lengths that are not there, or not aligned"));
    }
    for index in 0..data {
        // SAFETY: one length for each data buffer, as the caller says.
        let length = unsafe { *lengths.add(index) };
        if !(0..=MOST).contains(&length) || (length > 0 && at(buffers, 2 + index).is_null()) {
            return Err(format!("a data buffer of length {length}"));
        }
    }
    Ok(())
}
