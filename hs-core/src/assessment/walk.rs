//! The tree against the schema: types, names, words, bounds, texts, references, limits, keys that stand twice.

use std::collections::BTreeMap;

use super::document::{Limits, MOST_DEPTH, Node};
use super::found::{Path, Problems};
use super::shape::{Array, Field, Rule, Shape};
use super::{period, rules, shape};
use crate::{Problem, ProblemKind, Result, nearest, shown};

/// How many known ids are compared for the nearest one: as many in front, and before and after where it would stand.
const MOST_COMPARED: usize = 500;

/// Checks a whole document against every rule of the format.
pub(super) fn check(document: &Node, limits: &Limits) -> Result<()> {
    let shape = shape::document()?;
    let mut walk = Walk { problems: Problems::new(document), limits, ids: Ids::collect(document), objects: 0, path: Path::new() };
    walk.value(document, shape);
    let Walk { mut problems, ids, .. } = walk;
    rules::check(document, &ids, &mut problems);
    problems.finish().map_or(Ok(()), Err)
}

/// Where each id stands first in its array, by array.
pub(super) struct Ids<'a>([BTreeMap<&'a str, usize>; 10]);

impl<'a> Ids<'a> {
    fn collect(document: &'a Node) -> Self {
        Ids(Array::ALL.map(|array| {
            let mut ids = BTreeMap::new();
            // ids of an array that stands twice count too: what is wrong there is the key
            for (key, value) in document.entries().unwrap_or_default() {
                for (index, item) in value.items().filter(|_| key == array.name()).unwrap_or_default().iter().enumerate() {
                    if let Some(id) = item.get("id").and_then(Node::text) {
                        ids.entry(id).or_insert(index);
                    }
                }
            }
            ids
        }))
    }

    pub(super) fn of(&self, array: Array) -> &BTreeMap<&'a str, usize> {
        let [sources, places, groups, threats, capacities, interventions, actors, indicators, linkages, items] = &self.0;
        match array {
            Array::Sources => sources,
            Array::Places => places,
            Array::Groups => groups,
            Array::Threats => threats,
            Array::Capacities => capacities,
            Array::Interventions => interventions,
            Array::Actors => actors,
            Array::Indicators => indicators,
            Array::Linkages => linkages,
            Array::Items => items,
        }
    }
}

struct Walk<'a> {
    problems: Problems<'a>,
    limits: &'a Limits,
    ids: Ids<'a>,
    objects: usize,
    path: Path,
}

impl<'a> Walk<'a> {
    fn add(
        &mut self,
        kind: ProblemKind,
        found: impl FnOnce() -> String,
        wanted: impl FnOnce() -> String,
        mend: impl FnOnce() -> Option<String>,
    ) {
        self.problems.add(kind, &self.path, |problem| Problem { found: found(), wanted: wanted(), mend: mend(), ..problem });
    }

    /// The item or entry at a position of the node the walk stands at.
    fn step(&mut self, position: usize, visit: impl FnOnce(&mut Self)) {
        // more than 2^32 entries do not fit in a document within the limits
        self.path.push(u32::try_from(position).unwrap_or(u32::MAX));
        visit(self);
        self.path.pop();
    }

    fn value(&mut self, node: &'a Node, shape: &Shape) {
        match (shape, node) {
            (Shape::Object(fields), Node::Object(entries)) => self.object(entries, fields),
            (Shape::Named(value), Node::Object(entries)) => self.named(entries, value),
            (Shape::Own, Node::Object(_)) => self.own(node),
            (Shape::List { item, least, most }, Node::List(items)) => self.list(items, item, *least, *most),
            (Shape::Text(rule), Node::Text(text)) => self.text(text, *rule),
            (Shape::Constant(name), Node::Text(text)) => {
                if self.fits(text) && text != name {
                    self.add(
                        ProblemKind::Schema,
                        || format!("`{}`", shown(text)),
                        || format!("`{name}`"),
                        || Some("this version reads that schema alone".into()),
                    );
                }
            }
            (Shape::Words(words), Node::Text(text)) => {
                if self.fits(text) && !words.iter().any(|word| word == text) {
                    self.add(
                        ProblemKind::UnknownWord,
                        || format!("`{}`", shown(text)),
                        || format!("one of `{}`", words.join("`, `")),
                        || meant(text, words.iter().map(String::as_str)),
                    );
                }
            }
            (Shape::Number { minimum, maximum, above }, Node::Integer(_) | Node::Unsigned(_) | Node::Number(_) | Node::Exact(_)) => {
                self.number(node, *minimum, *maximum, *above);
            }
            (Shape::Whole { minimum, maximum }, Node::Integer(_) | Node::Unsigned(_) | Node::Number(_) | Node::Exact(_)) => {
                self.whole(node, *minimum, *maximum);
            }
            _ => self.wrong_type(node, shape),
        }
    }

    fn wrong_type(&mut self, node: &'a Node, shape: &Shape) {
        let numeric = matches!(shape, Shape::Number { .. } | Shape::Whole { .. });
        self.add(
            ProblemKind::WrongType,
            || described(node),
            || wanted(shape),
            || match node {
                Node::Null => Some("leave the field out".into()),
                Node::Text(text) if numeric && text.parse::<f64>().is_ok_and(f64::is_finite) => {
                    Some("write the number without quotes".into())
                }
                Node::Text(_) if matches!(shape, Shape::List { .. }) => Some("put it in a list, in square brackets".into()),
                Node::Integer(_) | Node::Unsigned(_) if matches!(shape, Shape::Text(_)) => Some("put it in quotes".into()),
                _ => None,
            },
        );
        // what stands inside is nothing of the format, but its keys and depth count
        self.own(node);
    }

    /// Whether a list or object may stand here; past the depth it is refused and not entered.
    fn enter(&mut self, object: bool) -> bool {
        if self.path.len() >= MOST_DEPTH {
            let depth = self.path.len() + 1;
            self.add(ProblemKind::Nesting, || format!("nesting {depth} deep"), || format!("at most {MOST_DEPTH}"), || None);
            return false;
        }
        self.objects += usize::from(object);
        if object && self.objects == self.limits.objects.saturating_add(1) {
            let most = self.limits.objects;
            self.add(
                ProblemKind::Limit,
                || "one object more".into(),
                || format!("at most {most} objects"),
                || Some("split the document, or raise the reader's limit".into()),
            );
        }
        true
    }

    fn object(&mut self, entries: &'a [(String, Node)], fields: &[Field]) {
        if !self.enter(true) {
            return;
        }
        self.keys(entries);
        for (position, (key, value)) in entries.iter().enumerate() {
            let field = fields.iter().find(|field| field.name == *key);
            self.step(position, |walk| match field {
                Some(field) if value.is_null() && field.nullable => {}
                Some(field) => walk.value(value, &field.shape),
                None => {
                    if key.len() <= walk.limits.text {
                        walk.add(
                            ProblemKind::UnknownField,
                            || format!("unknown field `{}`", shown(key)),
                            || "a field of the format".into(),
                            || {
                                meant(key, fields.iter().map(|field| field.name.as_str()))
                                    .or(Some("put fields of your own under `extra`".into()))
                            },
                        );
                    }
                    walk.own(value);
                }
            });
        }
        for field in fields.iter().filter(|field| field.required && !entries.iter().any(|(key, _)| *key == field.name)) {
            self.add(
                ProblemKind::MissingField,
                || format!("no field `{}`", field.name),
                || format!("`{}`: {}", field.name, wanted(&field.shape)),
                || None,
            );
        }
    }

    /// Keys that stand twice, and keys over the limit of a text.
    fn keys(&mut self, entries: &'a [(String, Node)]) {
        let most = self.limits.text;
        for (key, _) in entries.iter().filter(|(key, _)| key.len() > most) {
            self.add(ProblemKind::Limit, || format!("a key of {} bytes", key.len()), || format!("at most {most} bytes"), || None);
        }
        let mut twice = Vec::new();
        if entries.len() <= 16 {
            for (position, (key, _)) in entries.iter().enumerate() {
                if entries.iter().take(position).any(|(earlier, _)| earlier == key) {
                    twice.push(position);
                }
            }
        } else {
            let mut order: Vec<(&str, usize)> = entries.iter().enumerate().map(|(position, (key, _))| (key.as_str(), position)).collect();
            order.sort_unstable();
            twice.extend(order.windows(2).filter_map(|pair| match pair {
                [(first, _), (second, position)] if first == second => Some(*position),
                _ => None,
            }));
            twice.sort_unstable();
        }
        for position in twice {
            let key = entries.get(position).map(|(key, _)| key.as_str()).unwrap_or_default();
            self.step(position, |walk| {
                walk.add(
                    ProblemKind::DuplicateKey,
                    || format!("the key `{}` again", shown(key)),
                    || "each key once in an object".into(),
                    || Some("keep one of them".into()),
                );
            });
        }
    }

    fn named(&mut self, entries: &'a [(String, Node)], shape: &Shape) {
        if !self.enter(true) {
            return;
        }
        self.keys(entries);
        for (position, (key, value)) in entries.iter().enumerate() {
            self.step(position, |walk| {
                if key.len() <= walk.limits.text {
                    walk.controls(key, false);
                }
                walk.value(value, shape);
            });
        }
    }

    /// The user's own part: whatever it says, but its keys once, its depth, its texts and numbers within the limits.
    fn own(&mut self, node: &'a Node) {
        match node {
            Node::Object(entries) => {
                if !self.enter(true) {
                    return;
                }
                self.keys(entries);
                for (position, (_, value)) in entries.iter().enumerate() {
                    self.step(position, |walk| walk.own(value));
                }
            }
            Node::List(items) => {
                if !self.enter(false) {
                    return;
                }
                for (position, item) in items.iter().enumerate() {
                    self.step(position, |walk| walk.own(item));
                }
            }
            Node::Text(text) => {
                self.fits(text);
            }
            Node::Exact(_) | Node::Number(_) => {
                self.finite(node);
            }
            _ => {}
        }
    }

    fn list(&mut self, items: &'a [Node], shape: &Shape, least: usize, most: usize) {
        if !self.enter(false) {
            return;
        }
        if items.is_empty() && least == 1 {
            self.add(
                ProblemKind::EmptyList,
                || "an empty list".into(),
                || "at least one id, or no list".into(),
                || Some("leave the list out for everywhere or everyone".into()),
            );
        } else if items.len() < least || items.len() > most {
            self.add(
                ProblemKind::WrongType,
                || format!("a list of {}", items.len()),
                || format!("a list of {least}, each {}", wanted(shape)),
                || None,
            );
        }
        for (position, item) in items.iter().enumerate() {
            self.step(position, |walk| walk.value(item, shape));
        }
    }

    /// Whether a text is within the limit.
    fn fits(&mut self, text: &str) -> bool {
        let most = self.limits.text;
        if text.len() > most {
            self.add(
                ProblemKind::Limit,
                || format!("a text of {} bytes", text.len()),
                || format!("at most {most} bytes"),
                || Some("shorten it, or raise the reader's limit".into()),
            );
        }
        text.len() <= most
    }

    fn text(&mut self, text: &'a str, rule: Rule) {
        if !self.fits(text) {
            return;
        }
        match rule {
            Rule::Line => self.controls(text, false),
            Rule::Lines => self.controls(text, true),
            Rule::Id => {
                if !is_id(text) {
                    let form = "an id: a letter or digit, then up to 127 letters, digits, `.`, `_` or `-`";
                    self.add(ProblemKind::BadId, || format!("`{}`", shown(text)), || form.into(), || as_id(text));
                }
            }
            Rule::Period => {
                if let Some(reason) = period::fault(text) {
                    self.add(
                        ProblemKind::BadPeriod,
                        || format!("`{}`: {reason}", shown(text)),
                        || "a period".into(),
                        || Some("write a year, month, day or week that exists, such as 2008-06, or start/end of one form".into()),
                    );
                }
            }
            Rule::RefersTo(array) => {
                let Walk { problems, ids, path, .. } = self;
                let known = ids.of(array);
                if !known.contains_key(text) {
                    problems.add(ProblemKind::Unresolved, path, |problem| Problem {
                        found: format!("`{}`, which is not there", shown(text)),
                        wanted: format!("the id of one of `{}`", array.name()),
                        mend: meant(text, near(known, text)).or_else(|| Some(format!("add it to `{}`, or leave it out", array.name()))),
                        ..problem
                    });
                }
            }
        }
    }

    fn controls(&mut self, text: &str, lines: bool) {
        let bad = |c: char| c.is_control() && !(lines && matches!(c, '\n' | '\r' | '\t'));
        if let Some((place, c)) = text.chars().enumerate().find(|(_, c)| bad(*c)) {
            self.add(
                ProblemKind::BadText,
                || format!("the control character U+{:04X} at character {}", u32::from(c), place + 1),
                || if lines { "text; line ends and tabs are fine".into() } else { "text on one line".into() },
                || Some(if matches!(c, '\n' | '\r' | '\t') { "put a space there".into() } else { "take it out".into() }),
            );
        }
    }

    /// Whether a number is finite and its digits are within the limit of a text.
    fn finite(&mut self, node: &Node) -> bool {
        if let Node::Exact(digits) = node
            && !self.fits(digits)
        {
            return false;
        }
        let finite = node.number().is_some();
        if !finite {
            self.add(ProblemKind::OutOfBounds, || described(node), || "a finite number".into(), || None);
        }
        finite
    }

    fn number(&mut self, node: &Node, minimum: Option<f64>, maximum: Option<f64>, above: Option<f64>) {
        if !self.finite(node) {
            return;
        }
        let value = node.number().unwrap_or_default();
        if minimum.is_some_and(|least| value < least) || maximum.is_some_and(|most| value > most) || above.is_some_and(|bar| value <= bar) {
            let share = maximum == Some(1.0) && value > 1.0 && value <= 100.0;
            self.add(
                ProblemKind::OutOfBounds,
                || described(node),
                || bounds("a number", minimum, maximum, above),
                || share.then(|| format!("{value} % is {}", value / 100.0)),
            );
        }
    }

    fn whole(&mut self, node: &Node, minimum: i64, maximum: u64) {
        let inside = match node {
            Node::Integer(value) => *value >= minimum && u64::try_from(*value).map_or(true, |value| value <= maximum),
            Node::Unsigned(value) => *value <= maximum,
            Node::Exact(digits) if digits.bytes().all(|b| b == b'-' || b.is_ascii_digit()) => {
                if !self.fits(digits) {
                    return;
                }
                digits.parse::<u64>().is_ok_and(|value| value <= maximum && i64::try_from(value).map_or(true, |value| value >= minimum))
            }
            _ => {
                if self.finite(node) {
                    let plain = node.number().filter(|value| value.fract() == 0.0 && value.abs() < 1e15);
                    self.add(
                        ProblemKind::WrongType,
                        || format!("{}, which is no whole number", described(node)),
                        || "a whole number, written without fraction".into(),
                        || plain.map(|value| format!("write {value}")),
                    );
                }
                return;
            }
        };
        if !inside {
            let most = (maximum < u64::MAX).then_some(maximum as f64);
            self.add(ProblemKind::OutOfBounds, || described(node), || bounds("a whole number", Some(minimum as f64), most, None), || None);
        }
    }
}

/// `did you mean ...?`, if a known word is near.
pub(super) fn meant<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
    nearest(&shown(word), known).map(|near| format!("did you mean `{near}`?"))
}

/// The ids that a text may have been meant for, of however many.
fn near<'k>(known: &'k BTreeMap<&'k str, usize>, text: &'k str) -> impl Iterator<Item = &'k str> {
    let before = known.range(..text).rev().take(MOST_COMPARED);
    let after = known.range(text..).take(MOST_COMPARED);
    known.iter().take(MOST_COMPARED).chain(before).chain(after).map(|(id, _)| *id)
}

fn is_id(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphanumeric())
        && text.len() <= 128
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

/// A text made an id, as a mend.
fn as_id(text: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let id: String = text.chars().map(|c| if plain(c) { c } else { '-' }).collect();
    let id: String = id.trim_matches(|c: char| !c.is_ascii_alphanumeric()).chars().take(128).collect();
    is_id(&id).then(|| format!("write `{}`", shown(&id)))
}

fn described(node: &Node) -> String {
    match node {
        Node::Null => "null".into(),
        Node::Boolean(value) => format!("`{value}`, a boolean"),
        Node::Integer(value) => format!("`{value}`"),
        Node::Unsigned(value) => format!("`{value}`"),
        Node::Number(value) => format!("`{value:?}`"),
        Node::Exact(digits) => format!("`{}`", shown(digits)),
        Node::Text(text) => format!("the text `{}`", shown(text)),
        Node::List(_) => "a list".into(),
        Node::Object(_) => "an object".into(),
    }
}

fn wanted(shape: &Shape) -> String {
    match shape {
        Shape::Object(_) | Shape::Named(_) | Shape::Own => "an object".into(),
        Shape::List { .. } => "a list".into(),
        Shape::Text(Rule::Id) => "an id".into(),
        Shape::Text(Rule::Line | Rule::Lines) => "a text".into(),
        Shape::Text(Rule::Period) => "a period".into(),
        Shape::Text(Rule::RefersTo(array)) => format!("the id of one of `{}`", array.name()),
        Shape::Constant(name) => format!("`{name}`"),
        Shape::Words(words) => format!("one of `{}`", words.join("`, `")),
        Shape::Number { minimum, maximum, above } => bounds("a number", *minimum, *maximum, *above),
        Shape::Whole { minimum, maximum } => {
            bounds("a whole number", Some(*minimum as f64), (*maximum < u64::MAX).then_some(*maximum as f64), None)
        }
    }
}

fn bounds(what: &str, minimum: Option<f64>, maximum: Option<f64>, above: Option<f64>) -> String {
    match (minimum, maximum, above) {
        (Some(least), Some(most), _) => format!("{what} from {least} to {most}"),
        (Some(least), ..) => format!("{what} of {least} or more"),
        (_, _, Some(bar)) => format!("{what} above {bar}"),
        _ => what.into(),
    }
}
