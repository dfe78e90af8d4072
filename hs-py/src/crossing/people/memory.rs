//! NumPy arrays as Arrow columns: in place where the numbers lie one after the other, a batch at a time where they must be converted.

use std::panic::AssertUnwindSafe;
use std::ptr::NonNull;
use std::sync::Arc;

use arrow_array::types::*;
use arrow_array::{ArrayRef, ArrowPrimitiveType, BooleanArray, DictionaryArray, PrimitiveArray, StringArray};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, ScalarBuffer};
use hs_core::{Error, Result};
use numpy::{PyArray1, PyArrayDescrMethods, PyArrayMethods, PyUntypedArray, PyUntypedArrayMethods};
use pyo3::prelude::*;

/// A Python object that is kept alive, and let go with the lock held.
pub(super) struct Held(Option<AssertUnwindSafe<Py<PyAny>>>);

impl Held {
    pub(super) fn new(value: &Bound<'_, PyAny>) -> Self {
        Held(Some(AssertUnwindSafe(value.clone().unbind())))
    }

    pub(super) fn bind<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyAny>> {
        self.0.as_ref().map(|held| held.bind(py).clone())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let Some(held) = self.0.take() else { return };
        // An interpreter that is ending takes everything with it: then there is nothing to let go.
        let held = std::mem::ManuallyDrop::new(held);
        Python::try_attach(|_| drop(std::mem::ManuallyDrop::into_inner(held)));
    }
}

/// Runs `$body` with `$native` as the Arrow type of NumPy's kind and width.
macro_rules! typed {
    ($kind:expr, $native:ident => $body:expr, $otherwise:expr) => {
        match $kind {
            (b'f', 8) => {
                type $native = Float64Type;
                $body
            }
            (b'f', 4) => {
                type $native = Float32Type;
                $body
            }
            (b'i', 8) => {
                type $native = Int64Type;
                $body
            }
            (b'i', 4) => {
                type $native = Int32Type;
                $body
            }
            (b'i', 2) => {
                type $native = Int16Type;
                $body
            }
            (b'i', 1) => {
                type $native = Int8Type;
                $body
            }
            (b'u', 8) => {
                type $native = UInt64Type;
                $body
            }
            (b'u', 4) => {
                type $native = UInt32Type;
                $body
            }
            (b'u', 2) => {
                type $native = UInt16Type;
                $body
            }
            (b'u', 1) => {
                type $native = UInt8Type;
                $body
            }
            _ => $otherwise,
        }
    };
}

/// One axis of NumPy's memory, kept alive as long as anything reads it.
///
/// Who writes into an array while it is being read gets a mixture of old and new, as with any library that takes no copy.
pub(super) struct Memory {
    owner: Arc<Held>,
    start: *const u8,
    stride: isize,
    length: usize,
    kind: (u8, usize),
}

// SAFETY: the memory is that of an array which `owner` keeps alive and which NumPy does not move while it is referred to.
unsafe impl Send for Memory {}
// SAFETY: it is only read.
unsafe impl Sync for Memory {}

impl Memory {
    /// The memory of an array of one axis and native byte order.
    pub(super) fn new(array: &Bound<'_, PyUntypedArray>) -> Memory {
        let kind = (array.dtype().kind(), array.dtype().itemsize());
        // SAFETY: it is an array; of which type its values are does not matter for where they start.
        let start = unsafe { array.cast_unchecked::<PyArray1<u8>>() }.data().cast_const();
        let stride = array.strides().first().copied().unwrap_or(0);
        Memory { owner: Arc::new(Held::new(array.as_any())), start, stride, length: array.len(), kind }
    }

    pub(super) fn len(&self) -> usize {
        self.length
    }

    /// The value at a row below `length`.
    fn read<T: Copy>(&self, row: usize) -> T {
        // SAFETY: the row is inside the array, whose values are of this width; strides may leave them unaligned.
        unsafe { self.start.offset(row as isize * self.stride).cast::<T>().read_unaligned() }
    }

    fn rows(&self, start: usize, count: usize) -> std::ops::Range<usize> {
        start.min(self.length)..start.saturating_add(count).min(self.length)
    }

    /// The whole column in place; `None` where its values do not lie one after the other, aligned.
    pub(super) fn in_place(&self) -> Option<ArrayRef> {
        typed!(self.kind, Native => self.primitive::<Native>(), None)
    }

    fn primitive<T: ArrowPrimitiveType>(&self) -> Option<ArrayRef> {
        let width = size_of::<T::Native>();
        if self.length == 0 {
            return Some(Arc::new(PrimitiveArray::<T>::from_iter_values([])));
        }
        if (self.stride != width as isize && self.length > 1) || !self.start.cast::<T::Native>().is_aligned() {
            return None;
        }
        let start = NonNull::new(self.start.cast_mut())?;
        // SAFETY: `length` values of `width` bytes lie there as long as the owner lives, and the buffer keeps the owner.
        let buffer = unsafe { Buffer::from_custom_allocation(start, self.length * width, self.owner.clone()) };
        Some(Arc::new(PrimitiveArray::<T>::new(ScalarBuffer::new(buffer, 0, self.length), None)))
    }

    /// Some rows of numbers, copied.
    pub(super) fn numbers(&self, start: usize, count: usize) -> Option<ArrayRef> {
        typed!(self.kind, Native => {
            let values = self.rows(start, count).map(|row| self.read::<<Native as ArrowPrimitiveType>::Native>(row));
            Some(Arc::new(PrimitiveArray::<Native>::from_iter_values(values)))
        }, None)
    }

    /// Some rows of yes and no, a byte each, as bits.
    pub(super) fn bits(&self, start: usize, count: usize) -> BooleanBuffer {
        let rows = self.rows(start, count);
        BooleanBuffer::collect_bool(rows.len(), |at| self.read::<u8>(rows.start + at) != 0)
    }

    pub(super) fn booleans(&self, start: usize, count: usize) -> ArrayRef {
        Arc::new(BooleanArray::new(self.bits(start, count), None))
    }

    /// Some rows of text of fixed width, four bytes a letter, without the zeros that fill it.
    pub(super) fn texts(&self, start: usize, count: usize, place: &str) -> Result<ArrayRef> {
        let letters = self.kind.1 / 4;
        let mut texts = Vec::with_capacity(count);
        let mut text = String::new();
        for row in self.rows(start, count) {
            text.clear();
            // SAFETY: as in `read`; a value of this kind is so many letters.
            let first = unsafe { self.start.offset(row as isize * self.stride).cast::<u32>() };
            let letter = |at: usize| unsafe { first.add(at).read_unaligned() };
            let used = (0..letters).rev().find(|at| letter(*at) != 0).map_or(0, |last| last + 1);
            for at in 0..used {
                let wrong =
                    || Error::argument(format!("{place} row {}: found text with a lone surrogate, wanted text that is Unicode", row + 1));
                text.push(char::from_u32(letter(at)).ok_or_else(wrong)?);
            }
            texts.push(text.clone());
        }
        Ok(Arc::new(StringArray::from_iter_values(texts)))
    }

    /// Some rows of codes into `values`, below 0 where missing.
    pub(super) fn coded(&self, start: usize, count: usize, values: &ArrayRef, place: &str) -> Result<ArrayRef> {
        match self.kind {
            (b'i', 1) => self.dictionary::<Int8Type>(start, count, values, place),
            (b'i', 2) => self.dictionary::<Int16Type>(start, count, values, place),
            (b'i', 4) => self.dictionary::<Int32Type>(start, count, values, place),
            (b'i', 8) => self.dictionary::<Int64Type>(start, count, values, place),
            _ => Err(Error::argument(format!("{place}: found codes that are no whole numbers"))),
        }
    }

    fn dictionary<T>(&self, start: usize, count: usize, values: &ArrayRef, place: &str) -> Result<ArrayRef>
    where
        T: ArrowDictionaryKeyType,
        T::Native: Into<i64>,
    {
        let rows = self.rows(start, count);
        let there = BooleanBuffer::collect_bool(rows.len(), |at| Into::<i64>::into(self.read::<T::Native>(rows.start + at)) >= 0);
        let whole = self.primitive::<T>().map(|keys| keys.slice(rows.start, rows.len())).or_else(|| self.numbers(rows.start, rows.len()));
        let keys = whole.as_ref().and_then(|keys| keys.as_any().downcast_ref::<PrimitiveArray<T>>());
        let keys = keys.ok_or_else(|| Error::internal("codes of another type"))?;
        let keys = PrimitiveArray::<T>::new(keys.values().clone(), Some(NullBuffer::new(there)).filter(|nulls| nulls.null_count() > 0));
        let coded = DictionaryArray::<T>::try_new(keys, values.clone());
        coded.map(|coded| Arc::new(coded) as ArrayRef).map_err(|_| Error::argument(format!("{place}: found a code without its category")))
    }
}
