//! What may stand once only.

use super::{Item, add, array};
use crate::assessment::document::Node;
use crate::assessment::found::{Problems, pointer};
use crate::{ProblemKind, shown};

/// Arrays whose items have an id.
const WITH_ID: [&str; 15] = [
    "sources",
    "places",
    "groups",
    "partitions",
    "threats",
    "capacities",
    "linkages",
    "interventions",
    "actors",
    "indicators",
    "items",
    "stories",
    "meetings",
    "feedback",
    "resources",
];

/// Arrays whose items are known by several fields, those that must be there first.
const WITH_KEY: [(&str, &[&str], &[&str]); 6] = [
    ("populations", &["place"], &["group"]),
    ("conditions", &["threat", "place"], &["group", "period", "kind", "source"]),
    ("observations", &["indicator", "place", "period"], &["group", "source"]),
    ("ties", &["from", "to", "kind"], &["source"]),
    ("answers", &["respondent", "item", "place"], &["period", "source"]),
    ("committees", &["committee"], &["intervention", "place", "group", "stakeholder", "actor"]),
];

pub(super) fn check(document: &Node, problems: &mut Problems<'_>) {
    for name in WITH_ID {
        once(document, array(document, name), "id", name, problems);
    }
    for place in array(document, "places") {
        once(document, place.items("neighbours"), "place", "neighbours", problems);
    }
    for (name, must, may) in WITH_KEY {
        keyed(document, name, must, may, problems);
    }
    for partition in array(document, "partitions") {
        members(&partition, problems);
    }
}

/// Reports the later of two items with the same text in one field.
fn once<'a>(document: &Node, items: impl Iterator<Item = Item<'a>>, field: &str, list: &str, problems: &mut Problems<'_>) {
    let mut seen: Vec<(&str, Item<'a>)> = items.filter_map(|item| Some((item.text(field)?, item))).collect();
    seen.sort_by_key(|(text, item)| (*text, item.path));
    for same in seen.chunk_by(|a, b| a.0 == b.0) {
        let Some(((text, first), later)) = same.split_first() else { continue };
        for (_, item) in later {
            add(problems, ProblemKind::Duplicate, &item.at(field, None), || {
                let first = pointer(document, &first.place());
                (format!("`{}` again, as {first} has it", shown(text)), format!("each `{field}` once in `{list}`"), None)
            });
        }
    }
}

fn keyed(document: &Node, name: &str, must: &[&str], may: &[&str], problems: &mut Problems<'_>) {
    let mut seen: Vec<(Vec<Option<&str>>, Item<'_>)> = array(document, name)
        .filter_map(|item| {
            let mut key = must.iter().map(|field| item.text(field).map(Some)).collect::<Option<Vec<_>>>()?;
            // a condition without kind is an expert's
            key.extend(may.iter().map(|field| item.text(field).or((*field == "kind").then_some("expert"))));
            Some((key, item))
        })
        .collect();
    seen.sort_by(|a, b| (&a.0, a.1.path).cmp(&(&b.0, b.1.path)));
    for same in seen.chunk_by(|a, b| a.0 == b.0) {
        let Some(((_, first), later)) = same.split_first() else { continue };
        for (_, item) in later {
            add(problems, ProblemKind::Duplicate, &item.place(), || {
                let fields = [must, may].concat().join("`, `");
                let found = format!("the same `{fields}` as {}", pointer(document, &first.place()));
                (found, format!("each of them once in `{name}`"), Some("keep one, or give each its own source or period".into()))
            });
        }
    }
}

/// A group that stands twice in a partition would overlap itself.
fn members(partition: &Item<'_>, problems: &mut Problems<'_>) {
    let mut seen: Vec<(&str, u32)> =
        partition.items("groups").zip(0..).filter_map(|(group, index)| Some((group.node.text()?, index))).collect();
    seen.sort_unstable();
    for pair in seen.windows(2) {
        if let [(first, _), (second, index)] = pair
            && first == second
        {
            add(problems, ProblemKind::Duplicate, &partition.at("groups", Some(*index)), || {
                (format!("`{}` again", shown(second)), "each group once in a partition".into(), Some("keep one of them".into()))
            });
        }
    }
}
