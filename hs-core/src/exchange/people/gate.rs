//! A gate that CSV bytes pass before they are split: it refuses what a lenient splitter would take in silence.
//!
//! The `csv` crate reads text behind a closing quote and a quote that is never closed as best it can, and cells then move from
//! one person's row to another's. It also holds a whole row, however long. The gate sees every byte once and stops before that.

use std::io::{Error, ErrorKind, Read, Result};

/// A row longer than this is no row of a survey but a file whose quotes or line ends are broken.
pub(super) const MOST_BYTES_OF_ROW: usize = 16 << 20;

/// Why no byte is let through any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault {
    /// Line of the file, from 1.
    pub(super) line: u64,
    pub(super) found: &'static str,
    pub(super) wanted: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// Where a cell starts.
    Start,
    /// In a cell without quotes.
    Plain,
    Quoted,
    /// Behind a quote inside quotes: the end of the cell, or half a quote.
    Closed,
}

#[derive(Debug)]
pub(super) struct Gate<R> {
    inner: R,
    delimiter: u8,
    at: At,
    line: u64,
    /// Line on which the last quote was opened.
    opened: u64,
    row: usize,
    /// The byte before, to count `\r\n` as one line end.
    before: u8,
    fault: Option<Fault>,
}

impl<R: Read> Gate<R> {
    pub(super) fn new(inner: R, delimiter: u8) -> Self {
        Gate { inner, delimiter, at: At::Start, line: 1, opened: 1, row: 0, before: 0, fault: None }
    }

    /// Why the gate is shut, if it is.
    pub(super) fn fault(&self) -> Option<Fault> {
        self.fault
    }

    /// Steps over the bytes that may pass; the fault behind them is kept.
    fn pass(&mut self, bytes: &[u8]) -> usize {
        for (position, byte) in bytes.iter().enumerate() {
            let end = matches!(byte, b'\n' | b'\r');
            if end && !(*byte == b'\n' && self.before == b'\r') {
                self.line += 1;
            }
            self.before = *byte;
            self.row += 1;
            self.at = match self.at {
                At::Quoted if *byte == b'"' => At::Closed,
                At::Quoted => At::Quoted,
                At::Start | At::Closed if *byte == b'"' => {
                    if self.at == At::Start {
                        self.opened = self.line;
                    }
                    At::Quoted
                }
                _ if end => {
                    self.row = 0;
                    At::Start
                }
                _ if *byte == self.delimiter => At::Start,
                At::Closed => {
                    let wanted = "a separator or the end of the line; a quote inside a cell is written twice";
                    self.fault = Some(Fault { line: self.line, found: "text behind a closing quote", wanted });
                    return position;
                }
                At::Start | At::Plain => At::Plain,
            };
            if self.row > MOST_BYTES_OF_ROW {
                let (line, found) = (self.line, "a row of more than 16 MiB");
                self.fault = Some(Fault { line, found, wanted: "rows of people, one a line, with every quote closed" });
                return position;
            }
        }
        bytes.len()
    }

    fn shut(&self) -> Error {
        Error::new(ErrorKind::InvalidData, self.fault.map_or("", |fault| fault.found))
    }
}

impl<R: Read> Read for Gate<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if self.fault.is_some() {
            return Err(self.shut());
        }
        let read = self.inner.read(buffer)?;
        if read == 0 && !buffer.is_empty() && self.at == At::Quoted {
            let wanted = "a closing quote; a quote inside a cell is written twice";
            self.fault = Some(Fault { line: self.opened, found: "a quote that is never closed", wanted });
            return Err(self.shut());
        }
        match self.pass(buffer.get(..read).unwrap_or_default()) {
            0 if self.fault.is_some() => Err(self.shut()),
            passed => Ok(passed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(text: &str) -> (String, Option<Fault>) {
        let mut gate = Gate::new(text.as_bytes(), b',');
        let mut passed = Vec::new();
        let refused = gate.read_to_end(&mut passed).is_err();
        assert_eq!(refused, gate.fault().is_some());
        (String::from_utf8(passed).unwrap(), gate.fault())
    }

    #[test]
    fn good_bytes_pass_as_they_are() {
        for text in ["", "a,b\r\n1,\"x\"\"y\"\n", "a\n\"1\r\n2\"\r3", "a,5\" pipe\n\"\",", "\"a\",\"b\"", "\"a\"\"\""] {
            assert_eq!(through(text), (text.to_owned(), None));
        }
    }

    #[test]
    fn broken_quotes_stop_with_their_line() {
        let (passed, fault) = through("a,b\n1,\"x\"y\n");
        assert_eq!(passed, "a,b\n1,\"x\"");
        assert_eq!((fault.unwrap().line, fault.unwrap().found), (2, "text behind a closing quote"));
        let fault = through("a,b\r\n\r\n1,\"x\n\n").1.unwrap();
        assert_eq!((fault.line, fault.found), (3, "a quote that is never closed"));
    }

    #[test]
    fn a_row_without_end_is_stopped() {
        let mut gate = Gate::new(std::io::repeat(b'x'), b',');
        let mut passed = Vec::new();
        assert!(gate.read_to_end(&mut passed).is_err());
        assert_eq!(passed.len(), MOST_BYTES_OF_ROW);
        assert!(gate.fault().unwrap().found.contains("16 MiB"));
    }
}
