//! What happens when: a bar a subject over named columns, such as the three horizons; an empty column is seen as empty.

use super::{Chart, LINE, lines};

/// A row: the columns it fills, and a word within its bar.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::reports) struct Span {
    /// The heading it stands under; may be empty.
    pub under: String,
    pub label: String,
    /// Which columns it fills; none is said as such.
    pub fills: Vec<bool>,
    pub word: String,
}

const LABEL: f64 = 330.0;
const WIDE: f64 = 190.0;
const HIGH: f64 = 30.0;
const HEAD: f64 = 34.0;

/// The picture; none without rows or columns.
pub(in crate::reports) fn spans(label: &'static str, title: &str, columns: &[&'static str], rows: &[Span]) -> Option<Chart> {
    if rows.is_empty() || columns.is_empty() {
        return None;
    }
    let mut chart = Chart::new(
        label,
        title,
        format!(
            "A row each, with a bar over the columns it fills: {}. A column without any bar is a gap, and its heading says so. The table after the picture \
             says the same in words.",
            columns.join(", ")
        ),
    );
    let right = LABEL + WIDE * columns.len() as f64;
    let left = |c: usize| LABEL + WIDE * c as f64;
    let mut y = HEAD;
    let mut under = "";
    for row in rows {
        if row.under != under {
            chart.words("heading start", 0.0, y + 18.0, lines(&row.under, LABEL, 1).concat());
            under = &row.under;
            y += 26.0;
        }
        let height = HIGH.max(LINE * lines(&row.label, LABEL - 20.0, 3).len() as f64 + 8.0);
        chart.label("row start", [0.0, y + height / 2.0], &row.label, LABEL - 20.0, 3);
        let first = row.fills.iter().take(columns.len()).position(|f| *f);
        // a bar for each run of columns, so that a pause is seen
        let mut c = 0;
        while c < columns.len() {
            let run = row.fills.iter().take(columns.len()).skip(c).take_while(|f| **f).count();
            if run > 0 {
                chart.rectangle("bar-hatched", [left(c) + 4.0, y + height / 2.0 - 9.0, WIDE * run as f64 - 8.0, 18.0]);
            }
            c += run.max(1);
        }
        let (x, room) = first.map_or((LABEL + 10.0, right - LABEL), |c| (left(c) + 12.0, right - left(c) - 16.0));
        let word = if first.is_none() && row.word.is_empty() { "when is not said" } else { &row.word };
        chart.words("tick start", x, y + height / 2.0 + 4.0, lines(word, room, 1).concat());
        y += height;
    }
    for (c, column) in columns.iter().enumerate() {
        let bare = !rows.iter().any(|r| r.fills.get(c) == Some(&true));
        let words = if bare { format!("{column}: nothing") } else { (*column).to_owned() };
        chart.words("heading middle", left(c) + WIDE / 2.0, HEAD - 14.0, words);
    }
    for c in 0..=columns.len() {
        chart.line("grid", [left(c), HEAD - 6.0], [left(c), y]);
    }
    chart.width = right + 2.0;
    chart.height = y + 4.0;
    Some(chart)
}

#[cfg(test)]
mod tests {
    use super::super::Shape;
    use super::super::tests::sound;
    use super::*;

    #[test]
    fn a_bar_a_run_and_an_empty_column_is_said() {
        let row = |label: &str, fills: [bool; 3], word: &str| Span {
            under: "By pillar".into(),
            label: label.into(),
            fills: fills.into(),
            word: word.into(),
        };
        let rows = [
            row("Seeds and tools", [true, false, false], "2006 to 2009, a word too long to stand in one column"),
            row("Patrols", [false; 3], ""),
        ];
        let chart = spans("When", "When", &["short", "medium", "long"], &rows).expect("a picture");
        sound(&chart);
        let svg = chart.within("a").into_string();
        assert!(svg.contains("long: nothing") && svg.contains("medium: nothing") && svg.contains("when is not said"), "{svg}");
        assert_eq!(chart.shapes.iter().filter(|s| matches!(s, Shape::Path { class: "bar-hatched", .. })).count(), 1);
        assert!(spans("When", "When", &[], &rows).is_none());
    }
}
