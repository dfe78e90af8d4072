//! Two things said of one subject, side by side on one axis and never averaged: perceived and measured, people's rank and a policy's.

use super::{Chart, LINE, WIDTH, dot, lines, n};
use crate::reports::lettering::ems;

/// A figure on the axis, with its interval where there is one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::reports) struct Figure {
    pub at: f64,
    pub range: Option<(f64, f64)>,
}

/// A row: at most two figures, and what is said at its end.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::reports) struct Dots {
    /// The heading it stands under; may be empty.
    pub under: String,
    pub label: String,
    pub first: Option<Figure>,
    pub second: Option<Figure>,
    /// A few words of our own or of the result, at the end of the row.
    pub word: String,
}

/// The axis: its ends, the ticks with their words, and what it counts.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::reports) struct Axis {
    pub ends: [f64; 2],
    pub ticks: Vec<(f64, String)>,
    pub low: &'static str,
    pub high: &'static str,
}

impl Axis {
    /// From nothing to the whole.
    pub(in crate::reports) fn share(low: &'static str, high: &'static str) -> Self {
        let ticks = [(0.0, "0"), (0.5, "0.50"), (1.0, "1")].map(|(at, word)| (at, word.to_owned())).into();
        Axis { ends: [0.0, 1.0], ticks, low, high }
    }

    /// Whole steps from one end to the other, each with its number where there are few.
    pub(in crate::reports) fn steps(first: u32, last: u32, low: &'static str, high: &'static str) -> Self {
        let last = last.max(first + 1);
        let ticks =
            (first..=last).filter(|i| last - first <= 12 || *i == first || *i == last).map(|i| (f64::from(i), i.to_string())).collect();
        Axis { ends: [f64::from(first), f64::from(last)], ticks, low, high }
    }
}

const LABEL: f64 = 300.0;
const LONG: f64 = 430.0;
const HIGH: f64 = 24.0;
const HEAD: f64 = 62.0;
const END: f64 = LABEL + LONG + 20.0;

/// The picture; none where no figure is known. `words` name the two figures; a second that is empty stands for one series alone.
pub(in crate::reports) fn dots(label: &'static str, title: &str, words: [&'static str; 2], axis: &Axis, rows: &[Dots]) -> Option<Chart> {
    if !rows.iter().any(|r| r.first.is_some() || r.second.is_some()) {
        return None;
    }
    let both = !words[1].is_empty();
    let described = if both {
        format!(
            "Each row has a round mark for {} and an open square for {} on the same axis; a bar through a mark is its interval. The two are never averaged. \
             The table after the picture gives the numbers.",
            words[0], words[1]
        )
    } else {
        format!(
            "Each row has a round mark for {}; a bar through a mark is its interval. The table after the picture gives the numbers.",
            words[0]
        )
    };
    let mut chart = Chart::new(label, title, described);
    let at = |x: f64| LABEL + 10.0 + (LONG - 20.0) * ((x - axis.ends[0]) / (axis.ends[1] - axis.ends[0])).clamp(0.0, 1.0);
    chart.path("bar-full", dot([8.0, 10.0], 5.0));
    chart.words("legend start", 20.0, 14.0, words[0]);
    if both {
        let x = 20.0 + ems(words[0]) * super::FONT + 28.0;
        chart.path("mark-second", square([x, 10.0], 10.0));
        chart.words("legend start", x + 12.0, 14.0, words[1]);
    }
    let mut y = HEAD;
    let mut under = "";
    let mut drawn: Vec<(f64, &Dots)> = Vec::new();
    for row in rows {
        if row.under != under {
            y += if y > HEAD { 8.0 } else { 0.0 };
            let heading = lines(&row.under, LABEL + LONG, 1).concat();
            chart.words("heading start", 0.0, y + 14.0, heading);
            under = &row.under;
            y += HIGH;
        }
        let height = HIGH.max(LINE * lines(&row.label, LABEL - 20.0, 3).len() as f64 + 6.0);
        drawn.push((y + height / 2.0, row));
        y += height;
    }
    for (i, (x, word)) in axis.ticks.iter().enumerate() {
        chart.line("grid", [at(*x), HEAD - 6.0], [at(*x), y]);
        chart.words(if i == 0 { "tick start" } else { "tick middle" }, at(*x) - if i == 0 { 4.0 } else { 0.0 }, HEAD - 10.0, word.clone());
    }
    chart.words("legend start", LABEL + 4.0, HEAD - 26.0, axis.low);
    chart.words("legend end", LABEL + LONG, HEAD - 26.0, axis.high);
    for (middle, row) in drawn {
        chart.label("row start", [0.0, middle], &row.label, LABEL - 20.0, 3);
        if let (Some(first), Some(second)) = (row.first, row.second) {
            chart.line("between", [at(first.at), middle], [at(second.at), middle]);
        }
        for (figure, up) in [(row.second, 1.0), (row.first, -1.0)] {
            if let Some(Figure { range: Some((low, high)), .. }) = figure {
                // the bars of the two lie a little apart, so that neither hides the other
                let y = middle + if row.first.is_some() && row.second.is_some() { 5.0 * up } else { 0.0 };
                chart.line("interval", [at(low), y], [at(high), y]);
                chart.line("interval", [at(low), y - 3.0], [at(low), y + 3.0]);
                chart.line("interval", [at(high), y - 3.0], [at(high), y + 3.0]);
            }
        }
        if let Some(second) = row.second {
            chart.path("mark-second", square([at(second.at), middle], 10.0));
        }
        if let Some(first) = row.first {
            chart.path("bar-full", dot([at(first.at), middle], 5.0));
        }
        let word = lines(&row.word, WIDTH - END, 1).concat();
        chart.words("tick start", END, middle + 4.0, word);
    }
    chart.height = y + 6.0;
    Some(chart)
}

fn square([x, y]: [f64; 2], size: f64) -> String {
    format!("M{} {}h{s}v{s}h{}z", n(x - size / 2.0), n(y - size / 2.0), n(-size), s = n(size))
}

#[cfg(test)]
mod tests {
    use super::super::Shape;
    use super::super::tests::sound;
    use super::*;

    fn row(under: &str, first: Option<f64>, second: Option<f64>) -> Dots {
        let figure = |x: f64| Figure { at: x, range: Some((x - 0.1, x + 0.3)) };
        let label = "Displacement of farming families from the valley and a long name that needs two lines".to_owned();
        Dots { under: under.into(), label, first: first.map(figure), second: second.map(figure), word: "not known".into() }
    }

    #[test]
    fn a_missing_figure_has_no_mark() {
        let rows = [row("Ituri", Some(0.4), Some(0.9)), row("Ituri", Some(0.2), None), row("Shan", None, None)];
        let chart = dots("Pairs", "Pairs", ["perceived", "measured"], &Axis::share("none", "all"), &rows).expect("a picture");
        sound(&chart);
        let count = |class: &str| chart.shapes.iter().filter(|s| matches!(s, Shape::Path { class: c, .. } if *c == class)).count();
        // one of each in the key
        assert_eq!([count("bar-full"), count("mark-second"), count("between")], [3, 2, 1]);
        assert!(dots("Pairs", "Pairs", ["a", "b"], &Axis::share("", ""), &[row("", None, None)]).is_none());
    }

    #[test]
    fn steps_are_numbered_where_they_are_few() {
        assert_eq!(Axis::steps(1, 4, "", "").ticks.len(), 4);
        assert_eq!(Axis::steps(1, 40, "", "").ticks.len(), 2);
        sound(&dots("Ranks", "Ranks", ["rank", ""], &Axis::steps(1, 1, "first", "last"), &[row("", Some(1.0), None)]).expect("a picture"));
    }
}
