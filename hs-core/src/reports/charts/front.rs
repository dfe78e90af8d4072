//! The front: what each budget buys, with harm as the mark.

use super::{Chart, WIDTH, dot, sign};
use crate::reports::lettering::{decimal, whole};

/// A set of interventions of the front.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::reports) struct FrontPoint {
    /// The letter that the table gives it.
    pub mark: String,
    pub cost: f64,
    pub benefit: f64,
    pub harm: Option<f64>,
    pub chosen: bool,
}

const LEFT: f64 = 96.0;
const TOP: f64 = 34.0;
const HIGH: f64 = 300.0;
const LONG: f64 = WIDTH - LEFT - 60.0;

/// The picture; none where fewer than two points are known. The axes begin and end with the data.
pub(in crate::reports) fn front(title: &str, points: &[FrontPoint]) -> Option<Chart> {
    let points: Vec<&FrontPoint> = points.iter().filter(|p| p.cost.is_finite() && p.benefit.is_finite()).collect();
    if points.len() < 2 {
        return None;
    }
    let ends = |of: fn(&FrontPoint) -> f64| {
        points.iter().map(|p| of(p)).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)))
    };
    let (cost, benefit) = (ends(|p| p.cost), ends(|p| p.benefit));
    let worst = points.iter().filter_map(|p| p.harm).fold(0.0, f64::max);
    let share = |value: f64, (low, high): (f64, f64)| if high > low { (value - low) / (high - low) } else { 0.5 };
    let at =
        |p: &FrontPoint| [LEFT + 20.0 + (LONG - 40.0) * share(p.cost, cost), TOP + HIGH - 20.0 - (HIGH - 40.0) * share(p.benefit, benefit)];
    let mut chart = Chart::new(
        "Benefit and harm against cost",
        title,
        "Each mark is a set of interventions: further right costs more, higher up does more good. A round mark does no harm; a triangle that points \
         up does harm, and the larger it is the more. A ring marks the set that was chosen. The letters are those of the table after the picture.",
    );
    chart.line("axis", [LEFT, TOP], [LEFT, TOP + HIGH]);
    chart.line("axis", [LEFT, TOP + HIGH], [LEFT + LONG, TOP + HIGH]);
    chart.words("legend start", LEFT - 90.0, 16.0, "Benefit");
    chart.words("legend end", LEFT + LONG, TOP + HIGH + 38.0, "Cost");
    for (value, of) in [(cost.0, &cost), (cost.1, &cost)].into_iter().take(if cost.1 > cost.0 { 2 } else { 1 }) {
        let x = LEFT + 20.0 + (LONG - 40.0) * share(value, *of);
        chart.line("axis", [x, TOP + HIGH], [x, TOP + HIGH + 5.0]);
        chart.words("tick middle", x, TOP + HIGH + 20.0, whole(value));
    }
    for (value, of) in [(benefit.0, &benefit), (benefit.1, &benefit)].into_iter().take(if benefit.1 > benefit.0 { 2 } else { 1 }) {
        let y = TOP + HIGH - 20.0 - (HIGH - 40.0) * share(value, *of);
        chart.line("axis", [LEFT - 5.0, y], [LEFT, y]);
        chart.words("tick end", LEFT - 9.0, y + 4.0, if value.abs() < 1000.0 { decimal(value) } else { whole(value) });
    }
    let mut order = points.clone();
    order.sort_by(|a, b| a.cost.total_cmp(&b.cost).then(a.benefit.total_cmp(&b.benefit)));
    for point in order {
        let [x, y] = at(point);
        if point.chosen {
            chart.path("mark-chosen", dot([x, y], 15.0));
        }
        match point.harm {
            Some(harm) if harm > 0.0 => chart.path("mark-worse", sign(true, [x, y], 11.0 + 11.0 * (harm / worst).sqrt())),
            Some(_) => chart.path("mark-better", dot([x, y], 6.5)),
            None => chart.path("mark-open", dot([x, y], 6.5)),
        }
        chart.words("label middle", x, y - 19.0, point.mark.clone());
    }
    chart.words(
        "legend start",
        LEFT,
        TOP + HIGH + 38.0,
        "Round: no harm found. Triangle: harm, larger is more. Open: harm not known. Ringed: the set chosen.",
    );
    chart.height = TOP + HIGH + 46.0;
    Some(chart)
}

#[cfg(test)]
mod tests {
    use super::super::Shape;
    use super::super::tests::sound;
    use super::*;

    fn point(mark: &str, cost: f64, benefit: f64, harm: Option<f64>) -> FrontPoint {
        FrontPoint { mark: mark.into(), cost, benefit, harm, chosen: mark == "B" }
    }

    #[test]
    fn harm_is_a_mark_of_its_own() {
        let points = [point("A", 0.0, 0.0, Some(0.0)), point("B", 5e5, 1234.5, Some(0.3)), point("C", 9e5, 2000.0, None)];
        let chart = front("Front", &points).expect("a picture");
        sound(&chart);
        for class in ["mark-worse", "mark-better", "mark-open", "mark-chosen"] {
            assert_eq!(chart.shapes.iter().filter(|s| matches!(s, Shape::Path { class: c, .. } if *c == class)).count(), 1, "{class}");
        }
    }

    #[test]
    fn equal_points_and_one_point() {
        sound(&front("Front", &[point("A", 3.0, 1.0, None), point("B", 3.0, 1.0, Some(0.0))]).expect("a picture"));
        assert!(front("Front", &[point("A", 3.0, 1.0, None)]).is_none());
        assert!(front("Front", &[point("A", f64::NAN, 1.0, None), point("B", 3.0, 1.0, None)]).is_none());
    }
}
