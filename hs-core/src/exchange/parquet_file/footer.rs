//! What a Parquet file says it holds: columns, row groups, and where their bytes lie.

use super::thrift::{Broken, Kind, Walk};

/// A column at the ends of the schema.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Leaf {
    /// Position among the columns of the table that it is a part of.
    pub(super) root: usize,
    /// It is the whole column: no list, no structure.
    pub(super) flat: bool,
    /// Bytes of each value, of columns of fixed length.
    pub(super) length: i64,
    /// It holds texts or other bytes of any length.
    pub(super) texts: bool,
}

/// Where the values of a column in a row group lie.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Chunk {
    pub(super) elsewhere: bool,
    pub(super) codec: i64,
    pub(super) values: i64,
    /// Bytes as stored.
    pub(super) bytes: i64,
    pub(super) data: i64,
    pub(super) dictionary: Option<i64>,
}

impl Chunk {
    pub(super) fn start(&self) -> i64 {
        self.dictionary.unwrap_or(self.data)
    }
}

/// Rows that are stored together.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Group {
    pub(super) rows: i64,
    pub(super) chunks: Vec<Chunk>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Footer {
    /// Names of the columns of the table.
    pub(super) roots: Vec<String>,
    pub(super) leaves: Vec<Leaf>,
    pub(super) rows: i64,
    pub(super) groups: Vec<Group>,
}

/// Columns nested deeper than this are of no table people make.
const DEEPEST: usize = 32;

/// One element of the schema, as stored.
#[derive(Debug, Default)]
struct Element {
    kind: Option<i64>,
    length: i64,
    repeated: bool,
    name: String,
    children: i64,
}

/// Reads a footer; every count in it is met by bytes.
pub(super) fn footer(bytes: &[u8]) -> Result<Footer, Broken> {
    let mut walk = Walk::new(bytes);
    let mut footer = Footer::default();
    let mut elements = Vec::new();
    let mut last = 0;
    while let Some((field, kind)) = walk.field(&mut last)? {
        match (field, kind) {
            (2, Kind::List) => elements = list(&mut walk, element)?,
            (3, Kind::Whole) => footer.rows = walk.whole()?,
            (4, Kind::List) => footer.groups = list(&mut walk, group)?,
            (_, kind) => walk.skip(kind)?,
        }
    }
    leaves(&elements, &mut footer)?;
    Ok(footer)
}

fn list<T>(walk: &mut Walk<'_>, item: fn(&mut Walk<'_>) -> Result<T, Broken>) -> Result<Vec<T>, Broken> {
    let (count, kind) = walk.list()?;
    if kind != Kind::Struct && count > 0 {
        return Err(Broken::Wrong);
    }
    // grows with what is found, not with what is claimed
    let mut items = Vec::new();
    for _ in 0..count {
        items.push(item(walk)?);
    }
    Ok(items)
}

fn element(walk: &mut Walk<'_>) -> Result<Element, Broken> {
    let mut element = Element::default();
    let mut last = 0;
    while let Some((field, kind)) = walk.field(&mut last)? {
        match (field, kind) {
            (1, Kind::Whole) => element.kind = Some(walk.whole()?),
            (2, Kind::Whole) => element.length = walk.whole()?,
            (3, Kind::Whole) => element.repeated = walk.whole()? == 2,
            (4, Kind::Binary) => element.name = String::from_utf8(walk.binary()?.to_vec()).map_err(|_| Broken::Wrong)?,
            (5, Kind::Whole) => element.children = walk.whole()?,
            (_, kind) => walk.skip(kind)?,
        }
    }
    if element.name.is_empty() && element.kind.is_none() && element.children == 0 {
        return Err(Broken::Wrong);
    }
    Ok(element)
}

fn group(walk: &mut Walk<'_>) -> Result<Group, Broken> {
    let mut group = Group::default();
    let mut last = 0;
    while let Some((field, kind)) = walk.field(&mut last)? {
        match (field, kind) {
            (1, Kind::List) => group.chunks = list(walk, chunk)?,
            (3, Kind::Whole) => group.rows = walk.whole()?,
            (_, kind) => walk.skip(kind)?,
        }
    }
    Ok(group)
}

fn chunk(walk: &mut Walk<'_>) -> Result<Chunk, Broken> {
    let mut chunk = Chunk::default();
    let mut described = false;
    let mut last = 0;
    while let Some((field, kind)) = walk.field(&mut last)? {
        match (field, kind) {
            (1, Kind::Binary) => chunk.elsewhere = !walk.binary()?.is_empty(),
            (3, Kind::Struct) => {
                described = true;
                about(walk, &mut chunk)?;
            }
            (_, kind) => walk.skip(kind)?,
        }
    }
    if described { Ok(chunk) } else { Err(Broken::Wrong) }
}

fn about(walk: &mut Walk<'_>, chunk: &mut Chunk) -> Result<(), Broken> {
    let mut last = 0;
    while let Some((field, kind)) = walk.field(&mut last)? {
        match (field, kind) {
            (4, Kind::Whole) => chunk.codec = walk.whole()?,
            (5, Kind::Whole) => chunk.values = walk.whole()?,
            (7, Kind::Whole) => chunk.bytes = walk.whole()?,
            (9, Kind::Whole) => chunk.data = walk.whole()?,
            (11, Kind::Whole) => chunk.dictionary = Some(walk.whole()?),
            (_, kind) => walk.skip(kind)?,
        }
    }
    Ok(())
}

/// The columns of a schema, which is stored flat: each element says how many of the next are its children.
fn leaves(elements: &[Element], footer: &mut Footer) -> Result<(), Broken> {
    let mut elements = elements.iter();
    let table = elements.next().ok_or(Broken::Wrong)?;
    // how many children each open element still waits for, and whether something above repeats
    let mut open = vec![(table.children, false)];
    for element in elements {
        while open.last().is_some_and(|(left, _)| *left == 0) {
            open.pop();
        }
        let depth = open.len();
        let Some((left, nested)) = open.last_mut() else { return Err(Broken::Wrong) };
        *left -= 1;
        let inside = *nested || element.repeated;
        if depth == 1 {
            footer.roots.push(element.name.clone());
        }
        // some writers say 0 children where there can be none
        if element.children > 0 && element.kind.is_none() {
            if depth > DEEPEST {
                return Err(Broken::Wrong);
            }
            open.push((element.children, true));
        } else {
            let root = footer.roots.len().checked_sub(1).ok_or(Broken::Wrong)?;
            let texts = element.kind == Some(6);
            footer.leaves.push(Leaf { root, flat: depth == 1 && !inside, length: element.length, texts });
        }
    }
    if open.iter().any(|(left, _)| *left != 0) { Err(Broken::Wrong) } else { Ok(()) }
}
