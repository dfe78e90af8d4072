//! Problems of one document: counted all, the first hundred kept, in document order.

use std::collections::BinaryHeap;

use super::document::Node;
use crate::{Error, ErrorKind, Problem, ProblemKind};

/// Where something stands: the position of the entry or item on each level below the root.
pub(super) type Path = Vec<u32>;

/// One problem with its place in the document.
struct Found {
    path: Path,
    number: usize,
    problem: Problem,
}

impl PartialEq for Found {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for Found {}
impl PartialOrd for Found {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Found {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (&self.path, self.number).cmp(&(&other.path, other.number))
    }
}

/// Collects problems; memory stays small however many there are.
pub(super) struct Problems<'a> {
    root: &'a Node,
    kept: BinaryHeap<Found>,
    total: usize,
    syntax: bool,
    limit: bool,
}

impl<'a> Problems<'a> {
    pub(super) fn new(root: &'a Node) -> Self {
        Problems { root, kept: BinaryHeap::new(), total: 0, syntax: false, limit: false }
    }

    /// Adds one; `make` fills in the rest and is called only if the problem is among the first so far.
    pub(super) fn add(&mut self, kind: ProblemKind, path: &[u32], make: impl FnOnce(Problem) -> Problem) {
        self.total += 1;
        self.syntax |= kind == ProblemKind::Nesting;
        self.limit |= kind == ProblemKind::Limit;
        if self.kept.len() >= Error::MOST_PROBLEMS {
            if self.kept.peek().is_some_and(|last| path >= last.path.as_slice()) {
                return;
            }
            self.kept.pop();
        }
        let problem = make(Problem::new(kind, pointer(self.root, path), "", ""));
        self.kept.push(Found { path: path.to_vec(), number: self.total, problem });
    }

    /// One error with everything found, if anything was.
    pub(super) fn finish(self) -> Option<Error> {
        if self.total == 0 {
            return None;
        }
        let kind = match (self.syntax, self.limit) {
            (true, _) => ErrorKind::Syntax,
            (_, true) => ErrorKind::Limit,
            _ => ErrorKind::Document,
        };
        let problems = self.kept.into_sorted_vec().into_iter().map(|found| found.problem).collect();
        let mut error = Error::with_problems(kind, problems);
        if self.total > error.total {
            let first = error.problems.first().map(ToString::to_string).unwrap_or_default();
            error.message = format!("{} problems, the first: {first}", self.total);
            error.total = self.total;
        }
        Some(error)
    }
}

/// The JSON pointer (RFC 6901) of a path.
pub(super) fn pointer(root: &Node, path: &[u32]) -> String {
    let mut pointer = String::new();
    let mut node = Some(root);
    for position in path {
        let position = *position as usize;
        match node {
            Some(Node::Object(entries)) => {
                let entry = entries.get(position);
                pointer.push('/');
                escape(entry.map(|(key, _)| key.as_str()).unwrap_or_default(), &mut pointer);
                node = entry.map(|(_, value)| value);
            }
            Some(Node::List(items)) => {
                pointer.push_str(&format!("/{position}"));
                node = items.get(position);
            }
            _ => node = None,
        }
    }
    pointer
}

/// Appends a key as RFC 6901 wants it.
pub(super) fn escape(key: &str, pointer: &mut String) {
    for c in key.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            c => pointer.push(c),
        }
    }
}
