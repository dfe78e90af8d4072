//! Two axes that are never made one number: need upward, capacity to the right; letters lead to the table.

use super::{Chart, dot};

/// A subject with a place on both axes.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::reports) struct Spot {
    /// The letter that the table gives it.
    pub mark: String,
    pub across: f64,
    pub upward: f64,
    /// Whether it stands out: drawn filled.
    pub hot: bool,
}

const LEFT: f64 = 110.0;
const TOP: f64 = 30.0;
const SIDE: f64 = 380.0;

/// The picture; none without a subject. Both axes go from 0 to 1; `cuts` are the lines that part the quadrants, where the result names them.
pub(in crate::reports) fn scatter(
    label: &'static str,
    title: &str,
    axes: [&'static str; 2],
    cuts: Option<[f64; 2]>,
    key: &'static str,
    spots: &[Spot],
) -> Option<Chart> {
    let spots: Vec<&Spot> = spots.iter().filter(|s| s.across.is_finite() && s.upward.is_finite()).collect();
    if spots.is_empty() {
        return None;
    }
    let place = |share: f64| SIDE * share.clamp(0.0, 1.0);
    let at = |s: &Spot| [LEFT + place(s.across), TOP + SIDE - place(s.upward)];
    let mut chart = Chart::new(
        label,
        title,
        format!(
            "{} runs to the right, {} upward; both from 0 to 1. {key} The letters are those of the table after the picture. The two are never one number.",
            axes[0], axes[1]
        ),
    );
    chart.rectangle("frame", [LEFT, TOP, SIDE, SIDE]);
    if let Some([across, upward]) = cuts {
        chart.line("cut", [LEFT + place(across), TOP], [LEFT + place(across), TOP + SIDE]);
        chart.line("cut", [LEFT, TOP + SIDE - place(upward)], [LEFT + SIDE, TOP + SIDE - place(upward)]);
    }
    for (share, word) in [(0.0, "0"), (1.0, "1")] {
        chart.words("tick middle", LEFT + place(share), TOP + SIDE + 18.0, word);
        chart.words("tick end", LEFT - 8.0, TOP + SIDE - place(share) + 4.0, word);
    }
    chart.words("legend start", 0.0, 16.0, format!("{} ↑", axes[1]));
    chart.words("legend end", LEFT + SIDE, TOP + SIDE + 36.0, format!("{} →", axes[0]));
    chart.words("legend start", 0.0, TOP + SIDE + 60.0, key);
    // subjects of one point share a mark and list their letters
    let mut drawn: Vec<([f64; 2], Vec<&str>, bool)> = Vec::new();
    for spot in spots {
        let [x, y] = at(spot);
        match drawn.iter_mut().find(|(p, ..)| (p[0] - x).abs() < 5.0 && (p[1] - y).abs() < 5.0) {
            Some((_, marks, hot)) => {
                marks.push(&spot.mark);
                *hot |= spot.hot;
            }
            None => drawn.push(([x, y], vec![&spot.mark], spot.hot)),
        }
    }
    for (point, marks, hot) in &drawn {
        chart.path(if *hot { "bar-full" } else { "mark-open" }, dot(*point, 6.0));
        let mut said = marks.iter().take(6).copied().collect::<Vec<_>>().join(" ");
        if marks.len() > 6 {
            said.push_str(" …");
        }
        let [x, y] = *point;
        let right = x < LEFT + SIDE - 60.0;
        chart.words(if right { "label start" } else { "label end" }, if right { x + 9.0 } else { x - 9.0 }, y + 4.5, said);
    }
    chart.width = LEFT + SIDE + 70.0;
    chart.height = TOP + SIDE + 70.0;
    Some(chart)
}

#[cfg(test)]
mod tests {
    use super::super::Shape;
    use super::super::tests::sound;
    use super::*;

    #[test]
    fn spots_of_one_point_share_a_mark() {
        let spot = |mark: &str, across, upward, hot| Spot { mark: mark.into(), across, upward, hot };
        let spots = [spot("A", 0.2, 0.9, true), spot("B", 0.2, 0.9, false), spot("C", 1.0, 0.0, false), spot("D", f64::NAN, 0.5, false)];
        let chart = scatter("Spots", "Spots", ["Capacity", "Need"], Some([0.5, 0.5]), "Filled: needs most.", &spots).expect("a picture");
        sound(&chart);
        let count = |class: &str| chart.shapes.iter().filter(|s| matches!(s, Shape::Path { class: c, .. } if *c == class)).count();
        assert_eq!([count("bar-full"), count("mark-open"), count("cut")], [1, 1, 2]);
        assert!(chart.within("a").into_string().contains(">A B<"));
        assert!(scatter("Spots", "Spots", ["a", "b"], None, "", &[]).is_none());
    }
}
