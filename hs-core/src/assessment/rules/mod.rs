//! The rules between fields, over the tree: what is of a wrong type was refused before and is passed over here.

mod interventions;
mod places;
mod unique;
mod values;

use super::document::Node;
use super::found::Problems;
use super::walk::Ids;
use crate::{Problem, ProblemKind};

/// Every rule that more than one field takes part in.
pub(super) fn check(document: &Node, ids: &Ids<'_>, problems: &mut Problems<'_>) {
    unique::check(document, problems);
    places::check(document, ids, problems);
    values::check(document, ids, problems);
    interventions::check(document, problems);
}

/// An item of a list, with its place.
#[derive(Clone, Copy)]
struct Item<'a> {
    node: &'a Node,
    /// Positions of its list and of itself, and of a list in it and an item there.
    path: [u32; 4],
    depth: usize,
}

impl<'a> Item<'a> {
    /// The first entry of a name that is not null, with its position.
    fn entry(&self, name: &str) -> Option<(u32, &'a Node)> {
        let entries = self.node.entries()?;
        let position = entries.iter().position(|(key, value)| key == name && !value.is_null())?;
        Some((u32::try_from(position).ok()?, &entries.get(position)?.1))
    }

    fn text(&self, name: &str) -> Option<&'a str> {
        self.entry(name)?.1.text()
    }

    fn number(&self, name: &str) -> Option<f64> {
        self.entry(name)?.1.number()
    }

    fn has(&self, name: &str) -> bool {
        self.entry(name).is_some()
    }

    /// The items of a list of this object.
    fn items(&self, name: &str) -> impl Iterator<Item = Item<'a>> + use<'a> {
        let found = self.entry(name).and_then(|(position, value)| Some((position, value.items()?)));
        let (list, items) = found.unwrap_or((0, &[]));
        let (path, depth) = (self.path, self.depth);
        items.iter().zip(0u32..).map(move |(node, index)| {
            let mut path = path;
            for (slot, step) in path.iter_mut().skip(depth).zip([list, index]) {
                *slot = step;
            }
            Item { node, path, depth: (depth + 2).min(path.len()) }
        })
    }

    fn place(&self) -> Vec<u32> {
        self.path.iter().copied().take(self.depth).collect()
    }

    /// The path of a field of this object, and of an item of it; of the object itself where there is no such field.
    fn at(&self, name: &str, index: Option<u32>) -> Vec<u32> {
        let mut path = self.place();
        if let Some((position, _)) = self.entry(name) {
            path.push(position);
            path.extend(index);
        }
        path
    }
}

/// The items of an array of the document.
fn array<'a>(document: &'a Node, name: &str) -> impl Iterator<Item = Item<'a>> + use<'a> {
    Item { node: document, path: [0; 4], depth: 0 }.items(name)
}

fn add(problems: &mut Problems<'_>, kind: ProblemKind, path: &[u32], say: impl FnOnce() -> (String, String, Option<String>)) {
    problems.add(kind, path, |problem| {
        let (found, wanted, mend) = say();
        Problem { found, wanted, mend, ..problem }
    });
}
