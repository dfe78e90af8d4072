//! The square of components at a glance: three marks a cell, for what the handbook holds possible, what is declared, what the network adds.

use super::{Chart, FONT, dot, sign};
use crate::reports::lettering::ems;

/// What one layer says of one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::reports) enum Found {
    Better,
    Worse,
    Both,
    NoEffect,
    NoClaim,
    NotAssessed,
}

impl Found {
    /// The word of the result.
    pub(in crate::reports) fn of(word: &str) -> Self {
        match word {
            "better" => Found::Better,
            "worse" => Found::Worse,
            "both" => Found::Both,
            "no effect found" => Found::NoEffect,
            "no claim" => Found::NoClaim,
            _ => Found::NotAssessed,
        }
    }
}

/// A row of the square: the component an intervention is meant for, and per component affected the three layers.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::reports) struct SquareRow {
    pub label: String,
    /// Whether any intervention here is meant for the component.
    pub here: bool,
    pub cells: Vec<[Found; 3]>,
}

const LABEL: f64 = 128.0;
const HEAD: f64 = 66.0;
const WIDE: f64 = 112.0;
const HIGH: f64 = 48.0;
const CLASSES: [&str; 3] = ["layer-possible", "layer-declared", "layer-network"];
const WORDS: [&str; 3] = ["handbook: possible", "declared here", "network adds"];

/// The picture.
pub(in crate::reports) fn square(title: &str, columns: &[&str], rows: &[SquareRow]) -> Option<Chart> {
    if rows.is_empty() || columns.is_empty() {
        return None;
    }
    let mut chart = Chart::new(
        "The square of components",
        title,
        "Rows are what interventions are meant for, columns what is affected. Each cell has up to three marks from left to right: what the handbook \
         holds possible (an outline), what the assessment declares (grey within), what the network adds (filled). A triangle that points up is worse, \
         one that points down is better, a small ring means that no effect was found, a question mark that it was not assessed, nothing that nobody \
         claims anything. The table after the picture says the same in words.",
    );
    let mut x = 0.0;
    for (class, word) in CLASSES.iter().zip(WORDS) {
        chart.path(class, sign(true, [x + 8.0, 9.0], 12.0));
        chart.path(class, sign(false, [x + 24.0, 9.0], 12.0));
        chart.words("legend start", x + 36.0, 14.0, word);
        x += 36.0 + ems(word) * FONT + 18.0;
    }
    let mut x = 0.0;
    for (shape, word) in [(sign(true, [8.0, 31.0], 11.0), "worse"), (sign(false, [88.0, 31.0], 11.0), "better")] {
        chart.path("mark-open", shape);
        chart.words("legend start", x + 20.0, 36.0, word);
        x += 80.0;
    }
    chart.path("ring", dot([172.0, 32.0], 3.4));
    chart.words("legend start", 182.0, 36.0, "no effect found");
    chart.words("legend start", 300.0, 36.0, "? not assessed");
    chart.words("legend start", 410.0, 36.0, "empty: no claim");
    for (i, column) in columns.iter().enumerate() {
        chart.words("heading middle", LABEL + WIDE * (i as f64 + 0.5), HEAD - 8.0, *column);
    }
    for (r, row) in rows.iter().enumerate() {
        let y = HEAD + HIGH * r as f64;
        if !row.here {
            chart.rectangle("absent", [LABEL, y, WIDE * columns.len() as f64, HIGH]);
        }
        chart.words("label start", 0.0, y + if row.here { 28.0 } else { 22.0 }, row.label.clone());
        if !row.here {
            chart.words("legend start", 0.0, y + 38.0, "none here");
        }
        for (c, layers) in row.cells.iter().take(columns.len()).enumerate() {
            for (slot, (found, class)) in layers.iter().zip(CLASSES).enumerate() {
                // a row without an intervention has nothing to declare or to follow: it says so once
                if slot > 0 && !row.here {
                    continue;
                }
                let at = [LABEL + WIDE * c as f64 + WIDE * (slot as f64 + 0.5) / 3.0, y + HIGH / 2.0];
                mark(&mut chart, *found, class, at);
            }
        }
    }
    let (right, bottom) = (LABEL + WIDE * columns.len() as f64, HEAD + HIGH * rows.len() as f64);
    for i in 0..=rows.len() {
        chart.line("grid", [LABEL, HEAD + HIGH * i as f64], [right, HEAD + HIGH * i as f64]);
    }
    for i in 0..=columns.len() {
        chart.line("grid", [LABEL + WIDE * i as f64, HEAD], [LABEL + WIDE * i as f64, bottom]);
    }
    chart.width = (right + 2.0).max(560.0);
    chart.height = bottom + 4.0;
    Some(chart)
}

fn mark(chart: &mut Chart, found: Found, class: &'static str, [x, y]: [f64; 2]) {
    match found {
        Found::Worse => chart.path(class, sign(true, [x, y], 14.0)),
        Found::Better => chart.path(class, sign(false, [x, y], 14.0)),
        Found::Both => {
            let way = sign(true, [x, y - 9.0], 13.0);
            chart.path(class, way + &sign(false, [x, y + 9.0], 13.0));
        }
        Found::NoEffect => chart.path("ring", dot([x, y], 3.4)),
        Found::NotAssessed => chart.words("legend middle", x, y + 4.0, "?"),
        Found::NoClaim => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::Shape;
    use super::super::tests::sound;
    use super::*;

    #[test]
    fn each_state_has_its_own_mark() {
        let rows = [
            SquareRow {
                label: "economic".into(),
                here: true,
                cells: vec![[Found::Worse, Found::Both, Found::NoEffect], [Found::NoClaim, Found::NotAssessed, Found::Better]],
            },
            SquareRow {
                label: "environmental".into(),
                here: false,
                cells: vec![[Found::Better, Found::NotAssessed, Found::NotAssessed]; 2],
            },
        ];
        let chart = square("The square", &["economic", "environmental"], &rows).expect("a picture");
        sound(&chart);
        let count = |class: &str| chart.shapes.iter().filter(|s| matches!(s, Shape::Path { class: c, .. } if *c == class)).count();
        // two of each in the key
        assert_eq!([count("layer-possible"), count("layer-declared"), count("layer-network"), count("ring")], [5, 3, 3, 2]);
        assert_eq!(chart.within("a").into_string().matches(">?<").count(), 1);
    }
}
