//! One cell of CSV as a value, and a value as one cell.

use crate::assessment::{Limits, Node, parse, parse_own};
use crate::tables::{Kind, json};
use crate::{Problem, ProblemKind, Result, shown};

use super::formula::{guard, unguard};

/// The value of a cell that is not missing.
pub(super) fn read(kind: Kind, cell: &str, limits: &Limits) -> Result<Node, Box<Problem>> {
    match kind {
        Kind::Text => Ok(Node::Text(unguard(cell).into_owned())),
        Kind::Number | Kind::Integer => number(kind, cell, limits),
        Kind::TextList | Kind::NumberList | Kind::Json => tree(kind, cell, limits),
    }
}

/// A number as JSON writes it: no reading of `1,5` or `1.000` is the only one.
fn number(kind: Kind, cell: &str, limits: &Limits) -> Result<Node, Box<Problem>> {
    if cell.starts_with(|c: char| c == '-' || c.is_ascii_digit())
        && let Ok(number) = parse(cell.as_bytes(), limits)
    {
        return Ok(number);
    }
    let wanted = if kind == Kind::Integer { "a whole number, such as 12" } else { "a number, such as 0.5" };
    let problem = Problem::new(ProblemKind::WrongType, "", format!("`{}`", shown(cell)), wanted);
    let meant = cell.trim().trim_matches('"');
    let value = |text: String| text.parse::<f64>().ok().filter(|value| value.is_finite());
    let mends = match (value(meant.replace(',', ".")), value(ungrouped(meant))) {
        (Some(one), Some(other)) if one.to_bits() != other.to_bits() => format!("write `{other}` or `{one}`, whichever is meant"),
        (Some(value), _) | (None, Some(value)) => format!("write `{value}`, if that is meant"),
        (None, None) => "leave the cell empty where there is no number".into(),
    };
    Err(Box::new(problem.mend(mends)))
}

/// `1,234,567.8` or `1 234` without its separators of thousands; nothing where they part no thousands.
fn ungrouped(cell: &str) -> String {
    let (whole, rest) = cell.split_once('.').map_or((cell, None), |(whole, rest)| (whole, Some(rest)));
    let mut groups = whole.split([',', ' ', '\u{a0}', '\u{202f}']);
    let first = groups.next().unwrap_or_default();
    let mut digits = first.to_owned();
    for group in groups {
        let thousands = group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit());
        if !thousands || !(1..=3).contains(&first.trim_start_matches('-').len()) {
            return String::new();
        }
        digits.push_str(group);
    }
    rest.map_or(digits.clone(), |rest| format!("{digits}.{rest}"))
}

/// A list or object written as JSON.
pub(super) fn tree(kind: Kind, cell: &str, limits: &Limits) -> Result<Node, Box<Problem>> {
    let read = if kind == Kind::Json { parse_own(cell.as_bytes(), limits) } else { parse(cell.as_bytes(), limits) };
    read.map_err(|refused| {
        let (wanted, example) = match kind {
            Kind::Json => ("a JSON object", r#"{"key": "value"}"#),
            Kind::NumberList => ("a JSON list of numbers", "[4, 3, 2, 1]"),
            _ => ("a JSON list of texts", r#"["one", "two"]"#),
        };
        let found = refused.problems.first();
        let mut problem = Problem::new(
            found.map_or(ProblemKind::Syntax, |p| p.kind),
            "",
            found.map_or_else(|| "no JSON".into(), |p| p.found.clone()),
            format!("{wanted}, such as {example}"),
        );
        problem.mend = found.and_then(|p| p.mend.clone());
        Box::new(problem)
    })
}

/// The cell of a value.
///
/// # Errors
/// A number that is not finite, deep in an `extra` built by hand.
pub(super) fn write(node: &Node) -> Result<String> {
    Ok(match node {
        Node::Text(text) => guard(text).into_owned(),
        Node::Number(value) => plain(*value, json(node)?),
        Node::List(_) | Node::Object(_) => harmless(&json(node)?),
        _ => json(node)?,
    })
}

/// `2100000.0` as `2100000`: the same number, as people and spreadsheets write it.
fn plain(value: f64, written: String) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 { format!("{value:.0}") } else { written }
}

/// JSON that stays harmless where a spreadsheet splits at semicolons: see [`super::formula`].
fn harmless(json: &str) -> String {
    // a semicolon stands inside texts only, where JSON may write any character by its number
    json.replace(';', "\\u003b")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_back(kind: Kind, node: &Node) -> String {
        let cell = write(node).unwrap();
        assert_eq!(&read(kind, &cell, &Limits::default()).unwrap(), node, "{cell}");
        cell
    }

    #[test]
    fn values_have_one_plain_spelling() {
        assert_eq!(read_back(Kind::Number, &Node::Number(0.25)), "0.25");
        assert_eq!(write(&Node::Number(2_100_000.0)).unwrap(), "2100000");
        read_back(Kind::Number, &Node::Number(1e300));
        assert_eq!(read_back(Kind::Integer, &Node::Integer(-3)), "-3");
        assert_eq!(read_back(Kind::TextList, &Node::List(vec![Node::Text("a;=1".into())])), r#"["a\u003b=1"]"#);
        assert_eq!(read_back(Kind::Text, &Node::Text("=1".into())), "'=1");
        let own = read(Kind::Json, r#"{"x": 1.50, "y": [null]}"#, &Limits::default()).unwrap();
        assert_eq!(write(&own).unwrap(), r#"{"x":1.50,"y":[null]}"#);
    }

    #[test]
    fn what_is_no_number_is_refused_with_what_may_be_meant() {
        let limits = Limits::default();
        for cell in ["abc", "1,5", " 1", "NaN", "inf", "0x10", "1e", "+1", "'1", ".5", "1.", "007", "1 000", "true"] {
            assert_eq!(read(Kind::Number, cell, &limits).unwrap_err().kind, ProblemKind::WrongType, "{cell}");
        }
        let mend = |cell: &str| read(Kind::Number, cell, &limits).unwrap_err().mend.unwrap();
        assert_eq!(mend("0,5"), "write `0.5`, if that is meant");
        assert_eq!(mend("1,000"), "write `1000` or `1`, whichever is meant");
        assert_eq!(mend("-1,234,567.5"), "write `-1234567.5`, if that is meant");
        assert_eq!(mend("12 500"), "write `12500`, if that is meant");
        assert_eq!(mend("1,5"), "write `1.5`, if that is meant");
        assert_eq!(mend("n/a"), "leave the cell empty where there is no number");
    }

    #[test]
    fn a_list_that_is_none_says_how_to_write_one() {
        let problem = read(Kind::TextList, "food; health", &Limits::default()).unwrap_err();
        assert_eq!(problem.wanted, r#"a JSON list of texts, such as ["one", "two"]"#);
    }
}
