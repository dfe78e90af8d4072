//! A walk over Thrift's compact protocol, in which Parquet writes its footer and page headers: it makes nothing, so that nothing a
//! file says of its own size is believed before it is checked.

/// Deeper than any structure of Parquet.
const DEEPEST: usize = 16;

/// Why a walk cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// The bytes end first.
    Short,
    /// No Thrift.
    Wrong,
}

/// What kind of value a field or the items of a list are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Held by the kind itself in a field, one byte in a list.
    Boolean,
    Byte,
    /// 16, 32 or 64 bits.
    Whole,
    Double,
    Binary,
    List,
    Map,
    Struct,
}

impl Kind {
    fn of(code: u8) -> Result<Kind, Broken> {
        Ok(match code {
            1 | 2 => Kind::Boolean,
            3 => Kind::Byte,
            4..=6 => Kind::Whole,
            7 => Kind::Double,
            8 => Kind::Binary,
            9 | 10 => Kind::List,
            11 => Kind::Map,
            12 => Kind::Struct,
            _ => return Err(Broken::Wrong),
        })
    }
}

#[derive(Debug)]
pub(super) struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Walk { bytes, at: 0 }
    }

    /// Bytes passed so far.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    fn byte(&mut self) -> Result<u8, Broken> {
        let byte = self.bytes.get(self.at).copied().ok_or(Broken::Short)?;
        self.at += 1;
        Ok(byte)
    }

    fn varint(&mut self) -> Result<u64, Broken> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(Broken::Wrong)
    }

    /// A whole number of any width.
    pub(super) fn whole(&mut self) -> Result<i64, Broken> {
        let coded = self.varint()?;
        Ok((coded >> 1) as i64 ^ -((coded & 1) as i64))
    }

    pub(super) fn binary(&mut self) -> Result<&'a [u8], Broken> {
        let length = usize::try_from(self.varint()?).map_err(|_| Broken::Wrong)?;
        let end = self.at.checked_add(length).ok_or(Broken::Wrong)?;
        let bytes = self.bytes.get(self.at..end).ok_or(Broken::Short)?;
        self.at = end;
        Ok(bytes)
    }

    /// Number and kind of the items that follow; never more than there are bytes left.
    pub(super) fn list(&mut self) -> Result<(usize, Kind), Broken> {
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => usize::try_from(self.varint()?).map_err(|_| Broken::Wrong)?,
            few => usize::from(few),
        };
        if count > self.bytes.len().saturating_sub(self.at) {
            return Err(Broken::Short);
        }
        // an empty list may leave its kind out
        let kind = if count == 0 && head & 0x0F == 0 { Kind::Byte } else { Kind::of(head & 0x0F)? };
        Ok((count, kind))
    }

    /// The next field of a structure; none at its end. `last` starts at 0.
    pub(super) fn field(&mut self, last: &mut i16) -> Result<Option<(i16, Kind)>, Broken> {
        let head = self.byte()?;
        if head == 0 {
            return Ok(None);
        }
        let number = match head >> 4 {
            0 => i16::try_from(self.whole()?).map_err(|_| Broken::Wrong)?,
            step => last.checked_add(i16::from(step)).ok_or(Broken::Wrong)?,
        };
        *last = number;
        Ok(Some((number, Kind::of(head & 0x0F)?)))
    }

    /// Steps over the value of a field.
    pub(super) fn skip(&mut self, kind: Kind) -> Result<(), Broken> {
        match kind {
            Kind::Boolean => Ok(()),
            kind => self.pass(kind, 0),
        }
    }

    fn pass(&mut self, kind: Kind, depth: usize) -> Result<(), Broken> {
        if depth > DEEPEST {
            return Err(Broken::Wrong);
        }
        match kind {
            Kind::Boolean | Kind::Byte => self.byte().map(|_| ()),
            Kind::Whole => self.varint().map(|_| ()),
            Kind::Double => (0..8).try_for_each(|_| self.byte().map(|_| ())),
            Kind::Binary => self.binary().map(|_| ()),
            Kind::List => {
                let (count, kind) = self.list()?;
                (0..count).try_for_each(|_| self.pass(kind, depth + 1))
            }
            Kind::Map => {
                let count = self.varint()?;
                if count == 0 {
                    return Ok(());
                }
                let kinds = self.byte()?;
                let (key, value) = (Kind::of(kinds >> 4)?, Kind::of(kinds & 0x0F)?);
                (0..count).try_for_each(|_| {
                    self.pass(key, depth + 1)?;
                    self.pass(value, depth + 1)
                })
            }
            Kind::Struct => {
                let mut last = 0;
                while let Some((_, kind)) = self.field(&mut last)? {
                    if kind != Kind::Boolean {
                        self.pass(kind, depth + 1)?;
                    }
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fields_lists_and_texts_are_walked() {
        // 1: i32 = -3; 2: list of two binaries; 4: true; 5: struct {}; end
        let bytes = [0x15, 0x05, 0x19, 0x28, 1, b'a', 0, 0x21, 0x1C, 0, 0];
        let mut walk = Walk::new(&bytes);
        let mut last = 0;
        assert_eq!(walk.field(&mut last), Ok(Some((1, Kind::Whole))));
        assert_eq!(walk.whole(), Ok(-3));
        assert_eq!(walk.field(&mut last), Ok(Some((2, Kind::List))));
        assert_eq!(walk.list(), Ok((2, Kind::Binary)));
        assert_eq!((walk.binary(), walk.binary()), (Ok(&b"a"[..]), Ok(&b""[..])));
        assert_eq!(walk.field(&mut last), Ok(Some((4, Kind::Boolean))));
        assert_eq!(walk.field(&mut last), Ok(Some((5, Kind::Struct))));
        assert_eq!(walk.skip(Kind::Struct), Ok(()));
        assert_eq!(walk.field(&mut last), Ok(None));
        assert_eq!(walk.at(), bytes.len());
    }

    #[test]
    fn what_a_list_says_of_its_length_is_not_believed() {
        assert_eq!(Walk::new(&[0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0]).list(), Err(Broken::Short));
        assert_eq!(Walk::new(&[0xFF; 12]).whole(), Err(Broken::Wrong));
        assert_eq!(Walk::new(&[0x1C; 100]).skip(Kind::Struct), Err(Broken::Wrong));
    }

    proptest! {
        #[test]
        fn any_bytes_end(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            for kind in [Kind::List, Kind::Map, Kind::Struct] {
                let mut walk = Walk::new(&bytes);
                let _ = walk.skip(kind);
                prop_assert!(walk.at() <= bytes.len());
            }
        }
    }
}
