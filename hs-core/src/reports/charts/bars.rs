//! Shares side by side: of interventions, of budget, of persons reached, by pillar, horizon or stage.

use super::{Chart, LINE, WIDTH, lines};
use crate::reports::lettering::decimal;

const LABEL: f64 = 200.0;
const LONG: f64 = 560.0;
const THICK: f64 = 13.0;

/// One value of an axis, with its shares in the order of the series.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::reports) struct Bars {
    /// The heading it stands under, for example `pillar`.
    pub under: String,
    pub label: String,
    pub shares: Vec<Option<f64>>,
}

/// The picture; none where no share is known. At most three series, told apart by filling and by name.
pub(in crate::reports) fn bars(title: &str, series: &[&'static str], rows: &[Bars]) -> Option<Chart> {
    const CLASSES: [&str; 3] = ["bar-full", "bar-hatched", "bar-open"];
    if !rows.iter().any(|r| r.shares.iter().any(Option::is_some)) {
        return None;
    }
    let mut chart = Chart::new(
        "Shares as bars",
        title,
        format!(
            "Bars from nothing to the whole, for each value of an axis: {}. The table after the picture gives the numbers.",
            series.join(", ")
        ),
    );
    let mut x = LABEL;
    for (class, word) in CLASSES.iter().zip(series) {
        chart.rectangle(class, [x, 4.0, 26.0, THICK - 2.0]);
        chart.words("legend start", x + 32.0, 14.0, *word);
        x += 32.0 + crate::reports::lettering::ems(word) * super::FONT + 24.0;
    }
    let mut y = 30.0;
    let mut under = "";
    for row in rows {
        if row.under != under {
            y += 10.0;
            chart.words("heading start", 0.0, y + 10.0, row.under.clone());
            under = &row.under;
            y += 20.0;
        }
        let height = (THICK * row.shares.len() as f64).max(LINE * lines(&row.label, LABEL - 20.0, 3).len() as f64);
        chart.label("label start", [0.0, y + height / 2.0], &row.label, LABEL - 20.0, 3);
        chart.line("axis", [LABEL, y - 2.0], [LABEL, y + height + 2.0]);
        for (i, (share, class)) in row.shares.iter().zip(CLASSES).enumerate() {
            let top = y + THICK * i as f64;
            match share {
                Some(share) => {
                    let long = LONG * share.clamp(0.0, 1.0);
                    chart.rectangle(class, [LABEL, top + 1.0, long, THICK - 3.0]);
                    chart.words("tick start", LABEL + long + 6.0, top + THICK - 3.0, decimal(*share));
                }
                None => chart.words("tick start", LABEL + 6.0, top + THICK - 3.0, "not known"),
            }
        }
        y += height + 9.0;
    }
    chart.width = WIDTH - 120.0;
    chart.height = y;
    Some(chart)
}

#[cfg(test)]
mod tests {
    use super::super::tests::sound;
    use super::*;

    #[test]
    fn shares_are_lengths_and_a_missing_one_is_said() {
        let row =
            |under: &str, label: &str, shares: [Option<f64>; 2]| Bars { under: under.into(), label: label.into(), shares: shares.into() };
        let rows = [
            row("Pillar", "protection", [Some(0.6), None]),
            row("Pillar", "empowerment", [Some(0.4), Some(1.0)]),
            row("Horizon", "not said", [Some(0.0), Some(3.0)]),
        ];
        let chart = bars("Balance", &["share of interventions", "share of budget"], &rows).expect("a picture");
        sound(&chart);
        let svg = chart.within("a").into_string();
        assert!(svg.contains(&format!("h{}v10", 0.6 * LONG)) && svg.contains("not known"), "{svg}");
        assert_eq!(svg.matches(">Pillar<").count(), 1);
        assert!(bars("Balance", &["a"], &[row("Pillar", "x", [None, None])]).is_none());
    }
}
