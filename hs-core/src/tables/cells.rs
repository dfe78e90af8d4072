//! The cells of one Arrow column as plain slices: numbers, bits, texts and codes, read where they lie.

use std::borrow::Cow;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{
    ArrowPrimitiveType, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, DecimalType, Float16Type, Float32Type, Float64Type,
    Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, LargeStringArray, PrimitiveArray, StringArray, StringViewArray};
use arrow_schema::DataType;

/// One column: its cells, and which of them hold a value.
#[derive(Debug, Clone)]
pub(crate) struct Column<'a> {
    pub cells: Cells<'a>,
    /// Set bits hold a value; none where every cell does.
    pub valid: Option<Bits<'a>>,
    /// Cells that are null; NaN is not counted.
    pub nulls: usize,
}

/// Cells of one type. A cell that is null has any value here.
#[derive(Debug, Clone)]
pub(crate) enum Cells<'a> {
    Int8(&'a [i8]),
    Int16(&'a [i16]),
    Int32(&'a [i32]),
    Int64(&'a [i64]),
    UInt8(&'a [u8]),
    UInt16(&'a [u16]),
    UInt32(&'a [u32]),
    UInt64(&'a [u64]),
    Float32(Cow<'a, [f32]>),
    Float64(Cow<'a, [f64]>),
    Boolean(Bits<'a>),
    Text(Texts<'a>),
    /// A dictionary: positions in its values.
    Codes(Box<Cells<'a>>, Box<Column<'a>>),
    /// A column without a type: that many nulls.
    Nothing(usize),
}

/// Bits, lowest first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bits<'a> {
    bytes: &'a [u8],
    offset: usize,
    length: usize,
}

impl<'a> Bits<'a> {
    /// The bit at a position; false past the end.
    #[inline]
    pub(crate) fn at(&self, position: usize) -> bool {
        let at = self.offset + position;
        position < self.length && self.bytes.get(at >> 3).is_some_and(|byte| byte >> (at & 7) & 1 == 1)
    }

    /// The 64 bits from a position on; 0 past the end.
    #[inline]
    pub(crate) fn word(&self, position: usize) -> u64 {
        if position >= self.length {
            return 0;
        }
        let at = self.offset + position;
        let (first, shift) = (at >> 3, at & 7);
        let mut bytes = [0u8; 16];
        let part = self.bytes.get(first..).unwrap_or_default();
        let part = part.get(..part.len().min(9)).unwrap_or_default();
        for (to, from) in bytes.iter_mut().zip(part) {
            *to = *from;
        }
        let word = (u128::from_le_bytes(bytes) >> shift) as u64;
        match self.length - position {
            left @ 0..64 => word & ((1u64 << left) - 1),
            _ => word,
        }
    }

    /// Some bits in a row.
    pub(crate) fn slice(&self, from: usize, length: usize) -> Bits<'a> {
        let from = from.min(self.length);
        Bits { bytes: self.bytes, offset: self.offset + from, length: length.min(self.length - from) }
    }
}

/// Texts of one of Arrow's three layouts, checked to be UTF-8 within their buffers.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Texts<'a> {
    Short(&'a StringArray),
    Long(&'a LargeStringArray),
    View(&'a StringViewArray),
}

impl<'a> Texts<'a> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Texts::Short(array) => array.len(),
            Texts::Long(array) => array.len(),
            Texts::View(array) => array.len(),
        }
    }

    /// The text at a position; empty past the end.
    #[inline]
    pub(crate) fn at(&self, position: usize) -> &'a str {
        if position >= self.len() {
            return "";
        }
        match self {
            Texts::Short(array) => array.value(position),
            Texts::Long(array) => array.value(position),
            Texts::View(array) => array.value(position),
        }
    }
}

impl Cells<'_> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Cells::Int8(s) => s.len(),
            Cells::Int16(s) => s.len(),
            Cells::Int32(s) => s.len(),
            Cells::Int64(s) => s.len(),
            Cells::UInt8(s) => s.len(),
            Cells::UInt16(s) => s.len(),
            Cells::UInt32(s) => s.len(),
            Cells::UInt64(s) => s.len(),
            Cells::Float32(s) => s.len(),
            Cells::Float64(s) => s.len(),
            Cells::Boolean(b) => b.length,
            Cells::Text(t) => t.len(),
            Cells::Codes(codes, _) => codes.len(),
            Cells::Nothing(length) => *length,
        }
    }

    /// A whole number at a position, where these are whole numbers that 64 signed bits hold.
    #[inline]
    pub(crate) fn whole(&self, position: usize) -> Option<i64> {
        match self {
            Cells::Int8(s) => s.get(position).map(|x| i64::from(*x)),
            Cells::Int16(s) => s.get(position).map(|x| i64::from(*x)),
            Cells::Int32(s) => s.get(position).map(|x| i64::from(*x)),
            Cells::Int64(s) => s.get(position).copied(),
            Cells::UInt8(s) => s.get(position).map(|x| i64::from(*x)),
            Cells::UInt16(s) => s.get(position).map(|x| i64::from(*x)),
            Cells::UInt32(s) => s.get(position).map(|x| i64::from(*x)),
            Cells::UInt64(s) => s.get(position).and_then(|x| i64::try_from(*x).ok()),
            _ => None,
        }
    }

    /// The number at a position; NaN where there is none. Yes is 1 and no is 0.
    #[inline]
    pub(crate) fn number(&self, position: usize) -> f64 {
        match self {
            Cells::Float32(s) => s.get(position).map_or(f64::NAN, |x| f64::from(*x)),
            Cells::Float64(s) => s.get(position).copied().unwrap_or(f64::NAN),
            Cells::UInt64(s) => s.get(position).map_or(f64::NAN, |x| *x as f64),
            Cells::Boolean(b) => f64::from(u8::from(b.at(position))),
            Cells::Codes(codes, values) => values.number(codes.code(position)),
            _ => self.whole(position).map_or(f64::NAN, |x| x as f64),
        }
    }

    /// A position in the values of a dictionary; past every end where it is none.
    #[inline]
    pub(crate) fn code(&self, position: usize) -> usize {
        self.whole(position).and_then(|code| usize::try_from(code).ok()).unwrap_or(usize::MAX)
    }
}

impl<'a> Column<'a> {
    /// Reads an array; a text where its type is not one that rows are scored on, or where the array breaks Arrow's own rules.
    pub(crate) fn read(array: &'a dyn Array) -> Result<Column<'a>, Refused> {
        let length = array.len();
        let valid = array.nulls().filter(|nulls| nulls.null_count() > 0);
        let bits = valid.map(|nulls| Bits { bytes: nulls.validity(), offset: nulls.offset(), length });
        let nulls = valid.map_or(0, |nulls| nulls.null_count());
        let cells = match array.data_type() {
            DataType::Int8 => Cells::Int8(slice::<Int8Type>(array)),
            DataType::Int16 => Cells::Int16(slice::<Int16Type>(array)),
            DataType::Int32 => Cells::Int32(slice::<Int32Type>(array)),
            DataType::Int64 => Cells::Int64(slice::<Int64Type>(array)),
            DataType::UInt8 => Cells::UInt8(slice::<UInt8Type>(array)),
            DataType::UInt16 => Cells::UInt16(slice::<UInt16Type>(array)),
            DataType::UInt32 => Cells::UInt32(slice::<UInt32Type>(array)),
            DataType::UInt64 => Cells::UInt64(slice::<UInt64Type>(array)),
            DataType::Float16 => Cells::Float32(slice::<Float16Type>(array).iter().map(|half| half.to_f32()).collect()),
            DataType::Float32 => Cells::Float32(Cow::Borrowed(slice::<Float32Type>(array))),
            DataType::Float64 => Cells::Float64(Cow::Borrowed(slice::<Float64Type>(array))),
            DataType::Decimal32(..) => decimals::<Decimal32Type>(array),
            DataType::Decimal64(..) => decimals::<Decimal64Type>(array),
            DataType::Decimal128(..) => decimals::<Decimal128Type>(array),
            DataType::Decimal256(..) => decimals::<Decimal256Type>(array),
            DataType::Boolean => {
                let values = array.as_boolean().values();
                Cells::Boolean(Bits { bytes: values.values(), offset: values.offset(), length })
            }
            DataType::Utf8 => Cells::Text(Texts::Short(sound(array)?.as_string::<i32>())),
            DataType::LargeUtf8 => Cells::Text(Texts::Long(sound(array)?.as_string::<i64>())),
            DataType::Utf8View => Cells::Text(Texts::View(sound(array)?.as_string_view())),
            DataType::Dictionary(_, _) => {
                let dictionary = array.as_any_dictionary_opt().ok_or(Refused::Type)?;
                let codes = Column::read(dictionary.keys())?.cells;
                let values = Column::read(dictionary.values().as_ref())?;
                if matches!(values.cells, Cells::Codes(..)) {
                    return Err(Refused::Type);
                }
                let column = Column { cells: Cells::Codes(Box::new(codes), Box::new(values)), valid: bits, nulls };
                return if column.codes_are_sound() { Ok(column) } else { Err(Refused::Broken) };
            }
            DataType::Null => return Ok(Column { cells: Cells::Nothing(length), valid: None, nulls: length }),
            _ => return Err(Refused::Type),
        };
        Ok(Column { cells, valid: bits, nulls })
    }

    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether a cell is null (a code of a null in a dictionary is one); NaN is not null.
    #[inline]
    pub(crate) fn is_null(&self, position: usize) -> bool {
        if self.valid.is_some_and(|bits| !bits.at(position)) {
            return true;
        }
        match &self.cells {
            Cells::Codes(codes, values) => values.is_null(codes.code(position)),
            Cells::Nothing(_) => true,
            cells => position >= cells.len(),
        }
    }

    /// The number at a position; NaN where it is missing or not a number.
    #[inline]
    pub(crate) fn number(&self, position: usize) -> f64 {
        if self.is_null(position) { f64::NAN } else { self.cells.number(position) }
    }

    /// Whether the cells are numbers, or yes and no (which count as 1 and 0).
    pub(crate) fn is_number(&self) -> bool {
        match &self.cells {
            Cells::Text(_) => false,
            Cells::Codes(_, values) => values.is_number(),
            _ => true,
        }
    }

    /// Whether every code of a dictionary that is not null points at a value.
    fn codes_are_sound(&self) -> bool {
        let Cells::Codes(codes, values) = &self.cells else { return true };
        let values = values.len();
        let within = |low: i64, high: u64| low >= 0 && (high as usize) < values;
        // the extremes settle it in one quick pass; only where they do not are nulls looked at
        let quick = match codes.as_ref() {
            Cells::Int8(s) => s.iter().min().zip(s.iter().max()).is_none_or(|(l, h)| within((*l).into(), *h as u64)),
            Cells::Int16(s) => s.iter().min().zip(s.iter().max()).is_none_or(|(l, h)| within((*l).into(), *h as u64)),
            Cells::Int32(s) => s.iter().min().zip(s.iter().max()).is_none_or(|(l, h)| within((*l).into(), *h as u64)),
            Cells::Int64(s) => s.iter().min().zip(s.iter().max()).is_none_or(|(l, h)| within(*l, *h as u64)),
            Cells::UInt8(s) => s.iter().max().is_none_or(|h| within(0, (*h).into())),
            Cells::UInt16(s) => s.iter().max().is_none_or(|h| within(0, (*h).into())),
            Cells::UInt32(s) => s.iter().max().is_none_or(|h| within(0, (*h).into())),
            Cells::UInt64(s) => s.iter().max().is_none_or(|h| within(0, *h)),
            _ => false,
        };
        quick || (0..codes.len()).all(|i| codes.code(i) < values || self.valid.is_some_and(|bits| !bits.at(i)))
    }
}

/// Why a column cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Its type is none of numbers, yes and no, text, or a dictionary of these.
    Type,
    /// Its buffers break Arrow's rules: offsets that lie, bytes that are not UTF-8, codes without a value.
    Broken,
}

fn slice<T: ArrowPrimitiveType>(array: &dyn Array) -> &[T::Native] {
    array.as_any().downcast_ref::<PrimitiveArray<T>>().map_or(&[], |a| a.values())
}

/// Decimals as the nearest floats: the only numbers that are copied, with those of 16 bits.
fn decimals<T: DecimalType + ArrowPrimitiveType>(array: &dyn Array) -> Cells<'static> {
    let Some(array) = array.as_any().downcast_ref::<PrimitiveArray<T>>() else { return Cells::Nothing(array.len()) };
    let number = |i| if array.is_null(i) { f64::NAN } else { array.value_as_string(i).parse().unwrap_or(f64::NAN) };
    Cells::Float64((0..array.len()).map(number).collect())
}

/// A column of texts as it came from elsewhere may hold anything: it is looked through once.
fn sound(array: &dyn Array) -> Result<&dyn Array, Refused> {
    array.to_data().validate_full().map_err(|_| Refused::Broken)?;
    Ok(array)
}
