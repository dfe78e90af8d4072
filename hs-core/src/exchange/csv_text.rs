//! CSV as bytes: a strict reader that knows where it is, and a writer.
//!
//! Read: RFC 4180 with any of the three line ends, a byte-order mark, and lines without a cell (passed over, but counted as
//! rows, as a spreadsheet shows them). A quote that is never closed and text behind a closing quote are faults: guessing
//! where the cell ends would move data from one row to another in silence.

use std::borrow::Cow;

/// One line of cells; cells are bytes until their encoding is checked.
#[derive(Debug, PartialEq)]
pub(crate) struct Record<'a> {
    /// Number of the record, from 0; 0 is the header.
    pub(crate) number: u64,
    /// Line of the file on which it starts, from 1.
    pub(crate) line: u64,
    pub(crate) cells: Vec<Cow<'a, [u8]>>,
}

/// Why the text cannot be split into cells any further.
#[derive(Debug, PartialEq)]
pub(crate) struct Fault {
    pub(crate) number: u64,
    pub(crate) line: u64,
    pub(crate) found: &'static str,
    pub(crate) wanted: &'static str,
}

/// The records of a CSV file; ends after the first fault.
#[derive(Debug)]
pub(crate) struct Records<'a> {
    rest: &'a [u8],
    number: u64,
    line: u64,
    broken: bool,
}

impl<'a> Records<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        let rest = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        Records { rest, number: 0, line: 1, broken: false }
    }

    /// Takes one line end, if one is next.
    fn line_end(&mut self) -> bool {
        let length = match self.rest {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => return false,
        };
        self.rest = self.rest.get(length..).unwrap_or_default();
        self.line += 1;
        true
    }

    fn fault(&mut self, line: u64, found: &'static str, wanted: &'static str) -> Fault {
        self.broken = true;
        Fault { number: self.number, line, found, wanted }
    }

    fn plain(&mut self) -> Cow<'a, [u8]> {
        let length = self.rest.iter().position(|b| matches!(b, b',' | b'\r' | b'\n')).unwrap_or(self.rest.len());
        let (cell, rest) = self.rest.split_at(length);
        self.rest = rest;
        Cow::Borrowed(cell)
    }

    /// A cell in quotes; the opening quote is taken already.
    fn quoted(&mut self) -> Result<Cow<'a, [u8]>, Fault> {
        let opened = self.line;
        let mut cell: Cow<'a, [u8]> = Cow::Borrowed(&[]);
        loop {
            let Some(length) = self.rest.iter().position(|b| *b == b'"') else {
                return Err(self.fault(opened, "a quote that is never closed", "a closing quote; a quote inside a cell is written twice"));
            };
            let (part, rest) = self.rest.split_at(length);
            self.line += line_ends(part);
            if cell.is_empty() {
                cell = Cow::Borrowed(part)
            } else {
                cell.to_mut().extend_from_slice(part)
            }
            self.rest = rest.get(1..).unwrap_or_default();
            match self.rest {
                [b'"', rest @ ..] => {
                    self.rest = rest;
                    cell.to_mut().push(b'"');
                }
                [] | [b',' | b'\r' | b'\n', ..] => return Ok(cell),
                _ => {
                    let line = self.line;
                    return Err(self.fault(
                        line,
                        "text behind a closing quote",
                        "a comma or the end of the line; a quote inside a cell is written twice",
                    ));
                }
            }
        }
    }
}

fn line_ends(text: &[u8]) -> u64 {
    let mut before = 0;
    let mut count = 0;
    for byte in text {
        if *byte == b'\r' || (*byte == b'\n' && before != b'\r') {
            count += 1;
        }
        before = *byte;
    }
    count
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Record<'a>, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.broken {
            return None;
        }
        while self.line_end() {
            self.number += 1;
        }
        if self.rest.is_empty() {
            return None;
        }
        let line = self.line;
        let mut cells = Vec::new();
        loop {
            let cell = match self.rest {
                [b'"', rest @ ..] => {
                    self.rest = rest;
                    match self.quoted() {
                        Ok(cell) => cell,
                        Err(fault) => return Some(Err(fault)),
                    }
                }
                _ => self.plain(),
            };
            cells.push(cell);
            match self.rest {
                [b',', rest @ ..] => self.rest = rest,
                _ => {
                    self.line_end();
                    break;
                }
            }
        }
        let number = self.number;
        self.number += 1;
        Some(Ok(Record { number, line, cells }))
    }
}

/// Adds one line of cells.
pub(crate) fn write_record<S: AsRef<str>>(out: &mut String, cells: impl IntoIterator<Item = S>) {
    for (position, cell) in cells.into_iter().enumerate() {
        let cell = cell.as_ref();
        if position > 0 {
            out.push(',');
        }
        // a blank at either end would be lost to readers that trim
        let plain = !cell.contains([',', '"', '\r', '\n', ';', '\t']) && cell.trim().len() == cell.len();
        if plain {
            out.push_str(cell);
        } else {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        }
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &[u8]) -> Vec<Vec<String>> {
        Records::new(text).map(|r| r.unwrap().cells.iter().map(|c| String::from_utf8_lossy(c).into_owned()).collect()).collect()
    }

    fn fault(text: &str) -> Fault {
        Records::new(text.as_bytes()).find_map(Result::err).unwrap()
    }

    #[test]
    fn quotes_line_ends_and_the_byte_order_mark() {
        assert_eq!(
            read(b"\xEF\xBB\xBFid,name\r\na,\"x, \"\"y\"\"\nz\"\rb,5\" pipe"),
            [vec!["id", "name"], vec!["a", "x, \"y\"\nz"], vec!["b", "5\" pipe"]]
        );
        assert_eq!(read(b"a,\n,b\n"), [vec!["a", ""], vec!["", "b"]]);
        assert_eq!(read(b"\"\"\n"), [vec![""]]);
        assert!(read(b"").is_empty());
    }

    #[test]
    fn rows_count_empty_lines_and_lines_count_breaks_in_cells() {
        let records: Vec<_> = Records::new(b"id,name\n\na,\"1\r\n2\n3\"\r\n\r\nb,x").map(Result::unwrap).collect();
        assert_eq!(records.iter().map(|r| (r.number, r.line)).collect::<Vec<_>>(), [(0, 1), (2, 3), (4, 7)]);
    }

    #[test]
    fn broken_quotes_are_faults_where_they_begin() {
        let unclosed = fault("id\na\n\"b\nc\nd");
        assert_eq!((unclosed.number, unclosed.line), (2, 3));
        let behind = fault("id,name\na,\"b\" c\n");
        assert_eq!((behind.number, behind.line, behind.found), (1, 2, "text behind a closing quote"));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(rows in prop::collection::vec(prop::collection::vec("[a,\"\r\n; \t'é]{0,8}", 2..4), 1..6)) {
            let mut text = String::new();
            for row in &rows {
                write_record(&mut text, row);
            }
            prop_assert_eq!(read(text.as_bytes()), rows);
        }

        #[test]
        fn any_bytes_are_split_or_refused(bytes in prop::collection::vec(prop::sample::select(b"a,\"\r\n\0\xFF".to_vec()), 0..60)) {
            let _: Vec<_> = Records::new(&bytes).collect();
        }
    }
}
