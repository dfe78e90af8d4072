//! A profile: for each subject how many of its parts are done, partly done, open or not said, side by side and without a total.

use super::{Chart, LINE, dot, lines};
use crate::reports::lettering::{ems, whole};

/// A subject with a count for each state, in the order of the states.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::reports) struct Profile {
    pub label: String,
    pub counts: Vec<f64>,
}

const LABEL: f64 = 250.0;
const STEP: f64 = 26.0;
const MOST: f64 = 26.0;
const HIGH: f64 = 34.0;
const CLASSES: [&str; 6] = ["bar-full", "bar-hatched", "bar-open", "mark-unsaid", "mark-claimed", "absent"];

/// The picture: a dot for each part, filled by its state. None where nothing is counted.
pub(in crate::reports) fn profile(label: &'static str, title: &str, states: &[&'static str], rows: &[Profile]) -> Option<Chart> {
    let total = |r: &Profile| r.counts.iter().sum::<f64>();
    let widest = rows.iter().map(total).fold(0.0, f64::max);
    if widest <= 0.0 {
        return None;
    }
    let step = STEP * (MOST / widest).min(1.0);
    let mut chart = Chart::new(
        label,
        title,
        format!(
            "A row of dots for each subject, one dot a part, filled by its state: {}. There is no total over the rows. The table after the picture gives the numbers.",
            states.join(", ")
        ),
    );
    let mut x = 8.0;
    for (class, word) in CLASSES.iter().zip(states) {
        chart.path(class, dot([x, 10.0], 6.0));
        chart.words("legend start", x + 12.0, 14.0, *word);
        x += 12.0 + ems(word) * super::FONT + 26.0;
    }
    let mut y = 30.0;
    for row in rows {
        let height = HIGH.max(LINE * lines(&row.label, LABEL - 20.0, 3).len() as f64 + 6.0);
        chart.label("row start", [0.0, y + height / 2.0], &row.label, LABEL - 20.0, 3);
        let mut at = LABEL + step / 2.0;
        for (count, class) in row.counts.iter().zip(CLASSES) {
            for _ in 0..count.clamp(0.0, 400.0) as usize {
                chart.path(class, dot([at, y + height / 2.0], (step * 0.36).clamp(1.0, 8.0)));
                at += step;
            }
        }
        let words: Vec<String> = row
            .counts
            .iter()
            .zip(states)
            .filter(|(count, _)| **count > 0.0)
            .map(|(count, word)| format!("{} {word}", whole(*count)))
            .collect();
        let words = if words.is_empty() { "nothing to count".to_owned() } else { words.join(", ") };
        chart.words("tick start", at + 8.0, y + height / 2.0 + 4.0, words.clone());
        chart.width = chart.width.max(at + 8.0 + ems(&words) * super::FONT + 4.0);
        y += height;
    }
    chart.height = y + 4.0;
    Some(chart)
}

#[cfg(test)]
mod tests {
    use super::super::Shape;
    use super::super::tests::sound;
    use super::*;

    #[test]
    fn a_dot_for_each_part_and_no_total() {
        let rows = [
            Profile { label: "People-centred".into(), counts: vec![2.0, 1.0, 0.0, 3.0] },
            Profile { label: "None".into(), counts: vec![0.0; 4] },
        ];
        let chart = profile("Profile", "Profile", &["done", "partly", "open", "not said"], &rows).expect("a picture");
        sound(&chart);
        let count = |class: &str| chart.shapes.iter().filter(|s| matches!(s, Shape::Path { class: c, .. } if *c == class)).count();
        // one of each in the key
        assert_eq!(CLASSES.map(count), [3, 2, 1, 4, 0, 0]);
        assert!(chart.within("a").into_string().contains("2 done, 1 partly, 3 not said"));
        assert!(profile("Profile", "Profile", &["done"], &rows[1..]).is_none());
    }
}
