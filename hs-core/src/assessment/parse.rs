//! Text to tree: strict JSON (RFC 8259), with the place of the first fault.

use super::document::{Limits, MOST_DEPTH, Node};
use crate::{Error, ErrorKind, Problem, ProblemKind, Result, shown};

/// Reads the bytes of a JSON document as a tree; a leading byte-order mark is fine.
///
/// Meaning is not checked here: see [`super::Assessment::from_document`]. What nests past [`MOST_DEPTH`] is left out of the
/// tree behind an empty list at that depth, which the check refuses with its pointer.
///
/// # Errors
/// `Limit` over the limits' bytes or objects; `Syntax` where the bytes are not UTF-8 or not JSON, with line, column and,
/// where there is one, the pointer.
pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Node> {
    parse_within(bytes, limits, 0)
}

/// As [`parse`], for a value that stands under `extra`: its numbers are kept as written.
pub(crate) fn parse_own(bytes: &[u8], limits: &Limits) -> Result<Node> {
    parse_within(bytes, limits, 1)
}

fn parse_within(bytes: &[u8], limits: &Limits, own: usize) -> Result<Node> {
    if bytes.len() > limits.bytes {
        let problem = Problem::new(ProblemKind::Limit, "", format!("{} bytes", bytes.len()), format!("at most {} bytes", limits.bytes))
            .mend("split the document, or raise the reader's limit");
        return Err(Error::with_problems(ErrorKind::Limit, vec![problem]));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let (text, broken) = match std::str::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(fault) => {
            let good = bytes.get(..fault.valid_up_to()).unwrap_or_default();
            (std::str::from_utf8(good).unwrap_or_default(), Some(bytes.get(fault.valid_up_to()).copied().unwrap_or_default()))
        }
    };
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0, objects: 0, own, limits };
    let read = reader.document();
    let fault = match (read, broken) {
        (Ok(node), None) => return Ok(node),
        (Err(fault), None) => fault,
        // the good part ends inside the value that holds the bad byte: its pointer is known
        (read, Some(byte)) => {
            let mut fault = Fault::new(text.len(), ProblemKind::Encoding, format!("byte 0x{byte:02X}"), "UTF-8 text");
            if let Err(stop) = read {
                if stop.at < text.len() {
                    return Err(stop.report(text));
                }
                fault.path = stop.path;
            }
            fault.mend = Some("save the file as UTF-8".into());
            fault
        }
    };
    Err(fault.report(text))
}

enum Step {
    Key(String),
    Index(usize),
}

/// Where and why reading stopped; boxed, so that the good way stays cheap.
struct Fault {
    at: usize,
    error: ErrorKind,
    kind: ProblemKind,
    found: String,
    wanted: String,
    mend: Option<String>,
    path: Vec<Step>,
}

type Read<T> = std::result::Result<T, Box<Fault>>;

impl Fault {
    fn new(at: usize, kind: ProblemKind, found: impl Into<String>, wanted: impl Into<String>) -> Box<Self> {
        Box::new(Fault { at, error: ErrorKind::Syntax, kind, found: found.into(), wanted: wanted.into(), mend: None, path: Vec::new() })
    }

    fn report(self, text: &str) -> Error {
        let before = text.get(..self.at).unwrap_or(text);
        let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let mut pointer = String::new();
        for step in self.path.iter().rev() {
            match step {
                Step::Key(key) => {
                    pointer.push('/');
                    super::found::escape(key, &mut pointer);
                }
                Step::Index(index) => pointer.push_str(&format!("/{index}")),
            }
        }
        let mut problem = Problem::new(self.kind, pointer, self.found, self.wanted).at(line as u64, column as u64);
        problem.mend = self.mend;
        Error::with_problems(self.error, vec![problem])
    }
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    objects: usize,
    /// How many `extra` objects hold this place: their numbers are kept as written.
    own: usize,
    limits: &'a Limits,
}

impl<'a> Reader<'a> {
    fn document(&mut self) -> Read<Node> {
        let node = self.value(1)?;
        self.space();
        if self.at < self.bytes.len() {
            return Err(self.unexpected("the end of the document after its one value"));
        }
        Ok(node)
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn unexpected(&self, wanted: &str) -> Box<Fault> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let Some(first) = rest.chars().next() else {
            let mut fault = Fault::new(self.at, ProblemKind::Syntax, "the end of the text", wanted);
            fault.mend = Some("the text is cut short: close what is open".into());
            return fault;
        };
        let word: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '-').take(20).collect();
        let found = if word.is_empty() { shown(&first.to_string()) } else { word.clone() };
        let mut fault = Fault::new(self.at, ProblemKind::Syntax, format!("`{found}`"), wanted);
        fault.mend = match (first, word.as_str()) {
            (_, "NaN" | "nan" | "Infinity" | "-Infinity" | "inf") => Some("leave the field out where there is no number".into()),
            (_, "True" | "False" | "None") => Some("write `true`, `false` or `null`".into()),
            ('\'', _) => Some("write texts and keys in double quotes".into()),
            ('/' | '#', _) => Some("JSON has no comments: take it out".into()),
            (']' | '}', _) => Some("take out the comma before it".into()),
            _ => None,
        };
        fault
    }

    fn value(&mut self, depth: usize) -> Read<Node> {
        self.space();
        match self.peek() {
            Some(b'{' | b'[') if depth > MOST_DEPTH => self.skip().map(|()| Node::List(Vec::new())),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => self.string().map(Node::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Node::Boolean(true)),
            Some(b'f') => self.word("false", Node::Boolean(false)),
            Some(b'n') => self.word("null", Node::Null),
            _ => Err(self.unexpected("a value")),
        }
    }

    fn word(&mut self, word: &str, node: Node) -> Read<Node> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if !rest.starts_with(word.as_bytes()) {
            return Err(self.unexpected("a value"));
        }
        self.at += word.len();
        Ok(node)
    }

    fn list(&mut self, depth: usize) -> Read<Node> {
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Node::List(items));
        }
        loop {
            match self.value(depth + 1) {
                Ok(item) => self.push(&mut items, item)?,
                Err(mut fault) => {
                    fault.path.push(Step::Index(items.len()));
                    return Err(fault);
                }
            }
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                _ => return Err(self.unexpected("`,` or `]`")),
            }
        }
        self.at += 1;
        items.shrink_to_fit();
        Ok(Node::List(items))
    }

    fn object(&mut self, depth: usize) -> Read<Node> {
        self.objects += 1;
        if self.objects > self.limits.objects {
            let wanted = format!("at most {} objects", self.limits.objects);
            let mut fault = Fault::new(self.at, ProblemKind::Limit, "one object more", wanted);
            fault.error = ErrorKind::Limit;
            fault.mend = Some("split the document, or raise the reader's limit".into());
            return Err(fault);
        }
        self.at += 1;
        let mut entries = Vec::new();
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Node::Object(entries));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.unexpected("a key in double quotes"));
            }
            let key = self.string()?;
            self.space();
            if self.peek() != Some(b':') {
                return Err(self.unexpected("`:` after the key"));
            }
            self.at += 1;
            let own = usize::from(key == "extra");
            self.own += own;
            let value = self.value(depth + 1);
            self.own -= own;
            match value {
                Ok(value) => self.push(&mut entries, (key, value))?,
                Err(mut fault) => {
                    fault.path.push(Step::Key(key));
                    return Err(fault);
                }
            }
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return Err(self.unexpected("`,` or `}`")),
            }
        }
        self.at += 1;
        entries.shrink_to_fit();
        Ok(Node::Object(entries))
    }

    /// A short text may ask for much memory (`[0,0,0`): where there is none, that is an error.
    fn push<T>(&self, items: &mut Vec<T>, item: T) -> Read<()> {
        if items.len() == items.capacity() && items.try_reserve(items.len().max(4)).is_err() {
            let mut fault = Fault::new(self.at, ProblemKind::Limit, "more than there is memory for", "a document that fits in memory");
            fault.error = ErrorKind::Memory;
            return Err(fault);
        }
        items.push(item);
        Ok(())
    }

    /// Passes over a list or object that nests too deeply, without recursion.
    fn skip(&mut self) -> Read<()> {
        let mut open = 0usize;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.string()?;
                    continue;
                }
                Some(b'{' | b'[') => open += 1,
                Some(b'}' | b']') => open -= 1,
                Some(_) => {}
                None => return Err(self.unexpected("the end of a list or object")),
            }
            self.at += 1;
            if open == 0 {
                return Ok(());
            }
        }
    }

    fn number(&mut self) -> Read<Node> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let first = self.at;
        self.digits()?;
        if self.bytes.get(first) == Some(&b'0') && self.at > first + 1 {
            let mut fault = Fault::new(start, ProblemKind::Syntax, "a number with a leading zero", "a number");
            fault.mend = Some("leave the zero out, or write a code as text in quotes".into());
            return Err(fault);
        }
        let mut whole = true;
        if self.peek() == Some(b'.') {
            whole = false;
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            whole = false;
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        let digits = self.text.get(start..self.at).unwrap_or_default();
        let node = if whole {
            match (digits.parse::<i64>(), digits.parse::<u64>()) {
                (Ok(0), _) if self.own > 0 && digits.starts_with('-') => None,
                (Ok(value), _) => Some(Node::Integer(value)),
                (_, Ok(value)) => Some(Node::Unsigned(value)),
                _ => None,
            }
        } else {
            match digits.parse::<f64>() {
                Ok(value) if value.is_finite() && (self.own == 0 || written(value).as_deref() == Some(digits)) => Some(Node::Number(value)),
                _ => None,
            }
        };
        Ok(node.unwrap_or_else(|| Node::Exact(digits.into())))
    }

    fn digits(&mut self) -> Read<()> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.unexpected("a digit"));
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        Ok(())
    }

    fn string(&mut self) -> Read<String> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        let mut from = self.at;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    text.push_str(self.text.get(from..self.at).unwrap_or_default());
                    text.push(self.escape()?);
                    from = self.at;
                }
                Some(byte) if byte < 0x20 => {
                    let found = format!("a raw control character U+{byte:04X}");
                    let mut fault = Fault::new(self.at, ProblemKind::Syntax, found, "text on one line");
                    fault.mend = Some("write a line end as \\n and a tab as \\t; take other control characters out".into());
                    return Err(fault);
                }
                Some(_) => self.at += 1,
                None => {
                    let fault = Fault::new(self.at, ProblemKind::Syntax, "the end of the text", "the closing quote of a text");
                    debug_assert!(start < self.at);
                    return Err(fault);
                }
            }
        }
        let rest = self.text.get(from..self.at).unwrap_or_default();
        self.at += 1;
        if text.is_empty() {
            return Ok(rest.to_owned());
        }
        text.push_str(rest);
        Ok(text)
    }

    fn escape(&mut self) -> Read<char> {
        let start = self.at;
        self.at += 1;
        let letter = self.peek();
        self.at += 1;
        Ok(match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let high = self.hex(start)?;
                let code = if (0xD800..0xDC00).contains(&high) && self.bytes.get(self.at..self.at + 2) == Some(br"\u") {
                    self.at += 2;
                    let low = self.hex(start)?;
                    // two halves that do not belong together make no character below
                    if (0xDC00..0xE000).contains(&low) { 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00) } else { high }
                } else {
                    high
                };
                match char::from_u32(code) {
                    Some(c) => c,
                    None => {
                        let found = format!("half a character \\u{high:04x}");
                        return Err(Fault::new(start, ProblemKind::Syntax, found, "a pair \\uD8xx\\uDCxx, or the character itself"));
                    }
                }
            }
            _ => {
                self.at = start;
                let mut fault = Fault::new(
                    start,
                    ProblemKind::Syntax,
                    "`\\` before no known letter",
                    "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX",
                );
                fault.mend = Some("write a backslash as \\\\".into());
                return Err(fault);
            }
        })
    }

    fn hex(&mut self, start: usize) -> Read<u32> {
        let digits = self.bytes.get(self.at..self.at + 4).filter(|d| d.iter().all(u8::is_ascii_hexdigit));
        let code = digits.and_then(|d| std::str::from_utf8(d).ok()).and_then(|d| u32::from_str_radix(d, 16).ok());
        self.at += 4;
        code.ok_or_else(|| Fault::new(start, ProblemKind::Syntax, "`\\u` without its digits", "four hexadecimal digits after \\u"))
    }
}

/// The spelling this library writes a number in.
fn written(value: f64) -> Option<String> {
    serde_json::to_string(&value).ok()
}
