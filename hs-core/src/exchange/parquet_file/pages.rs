//! Page headers, read before any page is: what they say must agree with the footer and with the bytes that are there.

use std::io::{Read, Seek, SeekFrom};

use super::footer::{Chunk, Leaf};
use super::thrift::{Broken, Kind, Walk};

/// A header of more bytes than this is none.
const LONGEST_HEADER: usize = 16 << 20;

/// What is wrong with the pages of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Unreadable,
    Lie(&'static str),
}

/// What is needed to read a column.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Needs {
    /// Most bytes that a page and a dictionary take, unpacked.
    pub(super) memory: u64,
    /// Most bytes that a text may take in pages where each is stored by what it shares with the one before.
    pub(super) longest: u64,
    /// Texts of a dictionary may be written out once a row.
    pub(super) repeated: bool,
    /// Bytes of all pages, unpacked.
    pub(super) all: u64,
}

#[derive(Debug, Default)]
struct Page {
    sort: i64,
    unpacked: i64,
    packed: i64,
    values: i64,
    encoding: i64,
}

/// Walks all pages of a column in a row group.
pub(super) fn walk(source: &mut (impl Read + Seek), chunk: &Chunk, leaf: &Leaf, rows: i64, dictionaries: bool) -> Result<Needs, Fault> {
    let (start, bytes) = (u64::try_from(chunk.start()).unwrap_or(0), u64::try_from(chunk.bytes).unwrap_or(0));
    let mut at = 0;
    let mut values = 0i64;
    let mut all = 0u64;
    let mut dictionary: Option<u64> = None;
    let (mut largest, mut longest, mut plain) = (0, 0, false);
    while at < bytes {
        let (page, header) = header(source, start + at, bytes - at)?;
        let (Ok(packed), Ok(unpacked)) = (u64::try_from(page.packed), u64::try_from(page.unpacked)) else {
            return Err(Fault::Lie("a page of less than no bytes"));
        };
        at += header;
        if packed > bytes - at {
            return Err(Fault::Lie("a page past the end of its column"));
        }
        at += packed;
        all = all.saturating_add(unpacked);
        if page.values < 0 {
            return Err(Fault::Lie("a page of less than no values"));
        }
        match page.sort {
            2 if dictionary.is_some() || values > 0 => return Err(Fault::Lie("a second dictionary")),
            2 if u64::try_from(page.values).is_ok_and(|count| count > unpacked.saturating_mul(8)) => {
                return Err(Fault::Lie("a dictionary of more values than bytes"));
            }
            2 => dictionary = Some(unpacked),
            0 | 3 => {
                values = values.saturating_add(page.values);
                largest = unpacked.max(largest);
                plain |= !matches!(page.encoding, 2 | 8);
                if page.encoding == 7 {
                    longest = unpacked.max(longest);
                }
            }
            _ => {}
        }
    }
    if values != chunk.values {
        return Err(Fault::Lie("another number of values than its pages hold"));
    }
    if leaf.flat && values != rows {
        return Err(Fault::Lie("another number of values than rows"));
    }
    let dictionary = dictionary.unwrap_or(0);
    let repeated = leaf.texts && dictionary > 0 && (plain || !dictionaries);
    Ok(Needs { memory: largest + dictionary, longest: if leaf.texts { longest } else { 0 }, repeated, all })
}

/// The header of a page, and its length.
fn header(source: &mut (impl Read + Seek), at: u64, left: u64) -> Result<(Page, u64), Fault> {
    let mut size = 256;
    loop {
        let mut bytes = Vec::new();
        source.seek(SeekFrom::Start(at)).map_err(|_| Fault::Unreadable)?;
        source.by_ref().take(left.min(size)).read_to_end(&mut bytes).map_err(|_| Fault::Unreadable)?;
        let mut walk = Walk::new(&bytes);
        match page(&mut walk) {
            Ok(page) => return Ok((page, walk.at() as u64)),
            Err(Broken::Short) if bytes.len() as u64 == size && size < LONGEST_HEADER as u64 => size *= 8,
            Err(_) => return Err(Fault::Lie("bytes that are no page")),
        }
    }
}

fn page(walk: &mut Walk<'_>) -> Result<Page, Broken> {
    let mut page = Page { sort: -1, ..Page::default() };
    let mut last = 0;
    while let Some((field, kind)) = walk.field(&mut last)? {
        match (field, kind) {
            (1, Kind::Whole) => page.sort = walk.whole()?,
            (2, Kind::Whole) => page.unpacked = walk.whole()?,
            (3, Kind::Whole) => page.packed = walk.whole()?,
            // of data, of a dictionary, of data in the second version
            (5 | 7, Kind::Struct) => about(walk, &mut page, 2)?,
            (8, Kind::Struct) => about(walk, &mut page, 4)?,
            (_, kind) => walk.skip(kind)?,
        }
    }
    Ok(page)
}

fn about(walk: &mut Walk<'_>, page: &mut Page, encoding: i16) -> Result<(), Broken> {
    let mut last = 0;
    while let Some((field, kind)) = walk.field(&mut last)? {
        match (field, kind) {
            (1, Kind::Whole) => page.values = walk.whole()?,
            (field, Kind::Whole) if field == encoding => page.encoding = walk.whole()?,
            (_, kind) => walk.skip(kind)?,
        }
    }
    Ok(())
}
