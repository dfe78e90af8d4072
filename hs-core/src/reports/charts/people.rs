//! Persons lifted above the threshold and pushed below it, as figures: the two stand on either side of a line and are never netted.

use super::{Chart, FONT, LINE, lines, n};
use crate::reports::document::Phrase;
use crate::reports::lettering::{clipped, whole};

/// Figures in one row at the most.
const MOST_FIGURES: f64 = 16.0;
/// Rows of the picture; the table holds all.
const MOST_ROWS: usize = 14;
const LABEL: f64 = 210.0;
const STEP: f64 = 25.0;
const TALL: f64 = 30.0;

/// A number with what it may lie between.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(in crate::reports) struct Estimate {
    pub value: Option<f64>,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
}

impl Estimate {
    fn most(self) -> f64 {
        [self.value, self.upper].into_iter().flatten().filter(|v| v.is_finite()).fold(0.0, f64::max)
    }
}

/// A row: who, and how many of them cross the threshold either way.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::reports) struct Moved {
    pub label: String,
    pub lifted: Estimate,
    pub pushed: Estimate,
}

/// What the two sides are called, and what the line between them is.
pub(in crate::reports) struct Sides {
    pub lifted: &'static str,
    pub pushed: &'static str,
    pub line: &'static str,
}

/// The picture; none where no number is known.
pub(in crate::reports) fn people(title: &str, sides: &Sides, rows: &[Moved]) -> Option<Chart> {
    let shown: Vec<&Moved> = rows.iter().filter(|r| r.lifted.value.is_some() || r.pushed.value.is_some()).take(MOST_ROWS).collect();
    let most = shown.iter().map(|r| r.lifted.most().max(r.pushed.most())).fold(0.0, f64::max);
    if most <= 0.0 {
        return None;
    }
    let unit = unit(most);
    let mut chart = Chart::new(
        "Persons as figures",
        title,
        format!(
            "For each row a line stands for {}. Figures above it are persons {}; figures below it, persons {}. A filled figure: at least so many; a \
             hatched one: the estimate; an outlined one: it may be so many. The table after the picture gives the numbers.",
            sides.line, sides.lifted, sides.pushed
        ),
    );
    let mut y = 26.0;
    chart.words("legend start", 0.0, 14.0, format!("One figure: {} {}", whole(unit), if unit > 1.0 { "persons" } else { "person" }));
    let mut x = 190.0;
    for (class, words) in [("person sure", "at least"), ("person likely", "the estimate"), ("person may", "it may be so many")] {
        chart.path(class, figure([x, 0.0], 18.0));
        chart.words("legend start", x + 16.0, 14.0, words);
        x += 16.0 + crate::reports::lettering::ems(words) * FONT + 26.0;
    }
    for row in shown {
        let label = lines(&row.label, LABEL - 16.0, 4);
        let height = (2.0 * TALL + 14.0).max(LINE * label.len() as f64 + 8.0);
        let line = y + height / 2.0;
        chart.label("label start", [0.0, line], &row.label, LABEL - 16.0, 4);
        chart.line("threshold", [LABEL, line], [super::WIDTH, line]);
        lane(&mut chart, &row.lifted, unit, line - TALL - 2.0, "lifted", sides.lifted);
        lane(&mut chart, &row.pushed, unit, line + 4.0, "pushed", sides.pushed);
        y += height + 12.0;
    }
    chart.height = y;
    if rows.len() > MOST_ROWS {
        chart.remarks.push(Phrase::from("The picture stops here; the table holds more."));
    }
    Some(chart)
}

/// Figures of one side, then its number.
fn lane(chart: &mut Chart, estimate: &Estimate, unit: f64, top: f64, side: &'static str, word: &str) {
    let lifted = side == "lifted";
    let classes = if lifted {
        ["person sure lifted", "person likely lifted", "person may lifted"]
    } else {
        ["person sure pushed", "person likely pushed", "person may pushed"]
    };
    let text = top + TALL / 2.0 + 4.0;
    let Some(value) = estimate.value else {
        chart.words("legend start", LABEL + 8.0, text, format!("{word}: not known"));
        return;
    };
    let figures = |persons: f64| (persons / unit).round().min(MOST_FIGURES);
    // without an interval nothing is more than the estimate
    let sure = estimate.lower.map_or(0.0, |l| figures(l.clamp(0.0, value)));
    let likely = figures(value).max(sure);
    let may = estimate.upper.map_or(likely, |u| figures(u.max(value)));
    let mut x = LABEL + 6.0;
    let mut count = 0.0;
    while count < may {
        let class = if count < sure {
            classes.first()
        } else if count < likely {
            classes.get(1)
        } else {
            classes.get(2)
        };
        chart.path(class.copied().unwrap_or_default(), figure([x, top], TALL - 2.0));
        x += STEP;
        count += 1.0;
    }
    let said = if value == 0.0 && may == 0.0 { "no one found".to_owned() } else { said(estimate, value) };
    chart.words(
        if lifted { "figure-note lifted start" } else { "figure-note pushed start" },
        x + 4.0,
        text,
        format!("{} {word}", clipped(&said, 60)),
    );
}

fn said(estimate: &Estimate, value: f64) -> String {
    match (estimate.lower, estimate.upper) {
        (Some(lower), Some(upper)) if lower < upper => format!("{} ({} to {})", whole(value), whole(lower), whole(upper)),
        _ => whole(value),
    }
}

/// Persons one figure stands for: 1, 2 or 5 with noughts.
fn unit(most: f64) -> f64 {
    let least = most / MOST_FIGURES;
    let mut noughts = 1.0;
    while noughts * 5.0 < least && noughts < 1e12 {
        noughts *= 10.0;
    }
    [1.0, 2.0, 5.0].iter().map(|m| m * noughts).find(|u| *u >= least).unwrap_or(10.0 * noughts)
}

/// A person: a head and a body, in one path.
fn figure([x, y]: [f64; 2], tall: f64) -> String {
    let s = tall / 28.0;
    let r = n(3.6 * s);
    format!(
        "M{} {}a{r} {r} 0 1 0 {} 0a{r} {r} 0 1 0 {} 0zM{} {}q0 {} {} {}h{}q{} 0 {} {}v{}h{}v{}h{}v{}h{}z",
        n(x + 5.4 * s),
        n(y + 4.6 * s),
        n(7.2 * s),
        n(-7.2 * s),
        n(x + 2.0 * s),
        n(y + 14.0 * s),
        n(-4.4 * s),
        n(4.4 * s),
        n(-4.4 * s),
        n(5.2 * s),
        n(4.4 * s),
        n(4.4 * s),
        n(4.4 * s),
        n(6.0 * s),
        n(-3.0 * s),
        n(8.0 * s),
        n(-8.0 * s),
        n(-8.0 * s),
        n(-3.0 * s),
    )
}

#[cfg(test)]
mod tests {
    use super::super::Shape;
    use super::super::tests::sound;
    use super::*;

    const SIDES: Sides = Sides { lifted: "lifted", pushed: "pushed", line: "the threshold" };

    fn estimate(value: f64, lower: f64, upper: f64) -> Estimate {
        Estimate { value: Some(value), lower: Some(lower), upper: Some(upper) }
    }

    fn count(chart: &Chart, class: &str) -> usize {
        chart.shapes.iter().filter(|s| matches!(s, Shape::Path { class: c, .. } if *c == class)).count()
    }

    #[test]
    fn figures_are_counted_by_how_sure_they_are() {
        let rows = [Moved { label: "Women".into(), lifted: estimate(1200.0, 800.0, 2000.0), pushed: estimate(300.0, 0.0, 400.0) }];
        let chart = people("Persons", &SIDES, &rows).expect("a picture");
        sound(&chart);
        assert_eq!(unit(2000.0), 200.0);
        assert_eq!(
            [count(&chart, "person sure lifted"), count(&chart, "person likely lifted"), count(&chart, "person may lifted")],
            [4, 2, 4]
        );
        assert_eq!(
            [count(&chart, "person sure pushed"), count(&chart, "person likely pushed"), count(&chart, "person may pushed")],
            [0, 2, 0]
        );
    }

    #[test]
    fn nothing_known_is_no_picture_and_names_stay_inside() {
        assert!(people("Persons", &SIDES, &[]).is_none());
        let unknown = Moved { label: "a".into(), lifted: Estimate::default(), pushed: Estimate::default() };
        assert!(people("Persons", &SIDES, &[unknown]).is_none());
        let rows: Vec<Moved> = (0..20)
            .map(|i| Moved {
                label: "نساء في المخيمات والقرى المجاورة لها الطويل اسمها ".repeat(4),
                lifted: estimate(10f64.powi(i / 2), 1.0, 10f64.powi(i / 2)),
                pushed: Estimate::default(),
            })
            .collect();
        sound(&people("Persons", &SIDES, &rows).expect("a picture"));
    }

    #[test]
    fn a_figure_stands_for_a_round_number() {
        assert_eq!([unit(3.0), unit(16.0), unit(17.0), unit(150.0), unit(8e5)], [1.0, 1.0, 2.0, 10.0, 50_000.0]);
    }
}
