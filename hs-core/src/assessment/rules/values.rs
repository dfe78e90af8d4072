//! Numbers beside numbers: ranges, either-or, bounds that other fields set.

use super::{Item, add, array};
use crate::assessment::Strength;
use crate::assessment::document::Node;
use crate::assessment::found::Problems;
use crate::assessment::shape::Array;
use crate::assessment::walk::Ids;
use crate::{ProblemKind, shown};

pub(super) fn check(document: &Node, ids: &Ids<'_>, problems: &mut Problems<'_>) {
    for condition in array(document, "conditions") {
        needs_one(&condition, ["severity", "prevalence"], problems);
        range(&condition, "severity_range", "severity", problems);
        range(&condition, "prevalence_range", "prevalence", problems);
    }
    for linkage in array(document, "linkages") {
        if linkage.has("weight") && linkage.has("strength") {
            conflict(&linkage, "both `weight` and `strength`", "one of them, or neither", problems);
        }
        range(&linkage, "range", if linkage.has("weight") { "weight" } else { "strength" }, problems);
    }
    for intervention in array(document, "interventions") {
        // an effect without change is refused for that already
        for effect in intervention.items("effects").filter(|effect| effect.has("change")) {
            range(&effect, "range", "change", problems);
        }
        for externality in intervention.items("externalities") {
            match (externality.has("threat"), externality.has("component")) {
                (true, true) => conflict(&externality, "both `threat` and `component`", "exactly one of them", problems),
                (false, false) if externality.node.entries().is_some() => {
                    conflict(&externality, "neither `threat` nor `component`", "exactly one of them", problems);
                }
                _ => {}
            }
            range(&externality, "range", "change", problems);
        }
    }
    for perception in array(document, "perceptions") {
        needs_one(&perception, ["rating", "rank"], problems);
    }
    let indicators: Vec<Item<'_>> = array(document, "indicators").collect();
    for indicator in &indicators {
        bounds(indicator, problems);
    }
    said(document, ids, problems);
    for observation in array(document, "observations") {
        let indicator =
            observation.text("indicator").and_then(|id| ids.of(Array::Indicators).get(id)).and_then(|index| indicators.get(*index));
        if let Some(indicator) = indicator {
            inside(indicator, &observation, "value", None, observation.number("value"), problems);
        }
    }
}

/// Scales, ties and the process.
fn said(document: &Node, ids: &Ids<'_>, problems: &mut Problems<'_>) {
    let items: Vec<Item<'_>> = array(document, "items").collect();
    for item in &items {
        bounds(item, problems);
    }
    for answer in array(document, "answers") {
        let item = answer.text("item").and_then(|id| ids.of(Array::Items).get(id)).and_then(|index| items.get(*index));
        if let Some(item) = item {
            inside(item, &answer, "value", None, answer.number("value"), problems);
        }
    }
    for tie in array(document, "ties") {
        if let Some(actor) = tie.text("from").filter(|from| tie.text("to") == Some(from)) {
            let found = format!("a tie of `{}` with itself", shown(actor));
            add(problems, ProblemKind::Conflict, &tie.at("to", None), || (found, "another actor".into(), None));
        }
    }
    for meeting in array(document, "meetings") {
        if let (Some(taken), Some(done)) = (meeting.number("decisions"), meeting.number("carried_out"))
            && done > taken
        {
            add(problems, ProblemKind::OutOfBounds, &meeting.at("carried_out", None), || {
                (format!("{done} decisions carried out"), format!("{taken} or less, the decisions taken"), None)
            });
        }
    }
    for entry in array(document, "feedback") {
        let ends = |name: &str| entry.text(name).and_then(crate::assessment::span);
        if let (Some((received, _)), Some((_, answered))) = (ends("received"), ends("answered"))
            && answered < received
        {
            add(problems, ProblemKind::OutOfBounds, &entry.at("answered", None), || {
                ("an answer before what it answers".into(), "a period not before `received`".into(), None)
            });
        }
    }
}

fn conflict(item: &Item<'_>, found: &str, wanted: &str, problems: &mut Problems<'_>) {
    add(problems, ProblemKind::Conflict, &item.place(), || (found.into(), wanted.into(), None));
}

fn needs_one(item: &Item<'_>, [first, second]: [&str; 2], problems: &mut Problems<'_>) {
    if item.node.entries().is_some() && !item.has(first) && !item.has(second) {
        let wanted = format!("`{first}` or `{second}` or both");
        conflict(item, &format!("neither `{first}` nor `{second}`"), &wanted, problems);
    }
}

/// A range stands in order, holds its value or its word's number, and never stands alone.
fn range(item: &Item<'_>, name: &str, value: &str, problems: &mut Problems<'_>) {
    // what is no list is refused as such
    let Some((_, range)) = item.entry(name).filter(|(_, range)| range.items().is_some()) else { return };
    let path = item.at(name, None);
    if !item.has(value) {
        add(problems, ProblemKind::BadRange, &path, || {
            let what = if value == "strength" { "`weight` or `strength`".into() } else { format!("`{value}`") };
            (format!("a range without {what}"), "a range beside its value".into(), Some("give the value, or leave the range out".into()))
        });
        return;
    }
    // ends out of bounds are reported as such
    let share = |x: &f64| (0.0..=1.0).contains(x);
    let ends: Option<Vec<f64>> = range.items().map(|ends| ends.iter().filter_map(Node::number).filter(share).collect());
    let Some([low, high]) = ends.as_deref() else { return };
    if low > high {
        add(problems, ProblemKind::BadRange, &path, || {
            (format!("[{low}, {high}]"), "the lower end first".into(), Some(format!("write [{high}, {low}]")))
        });
        return;
    }
    let held = match value {
        "strength" => item.text(value).and_then(Strength::from_word).map(Strength::value),
        _ => item.number(value).filter(share),
    };
    if let Some(held) = held
        && !(*low <= held && held <= *high)
    {
        add(problems, ProblemKind::BadRange, &path, || {
            let number =
                if value == "strength" { format!("{held}, the number of its `strength`") } else { format!("its `{value}` {held}") };
            (format!("[{low}, {high}], which does not hold {number}"), "a range that holds its value".into(), None)
        });
    }
}

/// Minimum below maximum; threshold and phase bounds inside; phases from better to worse.
fn bounds(indicator: &Item<'_>, problems: &mut Problems<'_>) {
    if let (Some(minimum), Some(maximum)) = (indicator.number("minimum"), indicator.number("maximum"))
        && minimum >= maximum
    {
        add(problems, ProblemKind::OutOfBounds, &indicator.at("maximum", None), || {
            (format!("the maximum {maximum}"), format!("a maximum above the minimum {minimum}"), None)
        });
        return;
    }
    inside(indicator, indicator, "threshold", None, indicator.number("threshold"), problems);
    let mut last: Option<f64> = None;
    let falling = match indicator.text("better") {
        None | Some("higher") => Some(true),
        Some("lower") => Some(false),
        Some(_) => None,
    };
    for (bound, index) in indicator.items("phases").zip(0u32..) {
        let Some(bound) = bound.node.number() else { continue };
        inside(indicator, indicator, "phases", Some(index), Some(bound), problems);
        if let (Some(before), Some(falling)) = (last, falling)
            && (if falling { bound >= before } else { bound <= before })
        {
            add(problems, ProblemKind::OutOfBounds, &indicator.at("phases", Some(index)), || {
                let (way, better) = if falling { ("below", "higher") } else { ("above", "lower") };
                (
                    format!("the phase bound {bound} after {before}"),
                    format!("a bound {way} {before}: from better to worse, and {better} is better"),
                    None,
                )
            });
        }
        last = Some(bound);
    }
}

/// A number inside the minimum and maximum of its indicator.
fn inside(indicator: &Item<'_>, item: &Item<'_>, name: &str, index: Option<u32>, value: Option<f64>, problems: &mut Problems<'_>) {
    let Some(value) = value else { return };
    let (minimum, maximum) = (indicator.number("minimum"), indicator.number("maximum"));
    // no number is inside bounds that are themselves refused
    if let (Some(least), Some(most)) = (minimum, maximum)
        && least >= most
    {
        return;
    }
    if minimum.is_some_and(|least| value < least) || maximum.is_some_and(|most| value > most) {
        add(problems, ProblemKind::OutOfBounds, &item.at(name, index), || {
            let whose = if indicator.has("scale") { "item" } else { "indicator" };
            let wanted = match (minimum, maximum) {
                (Some(least), Some(most)) => format!("a number from {least} to {most}, the {whose}'s bounds"),
                (Some(least), None) => format!("a number of {least} or more, the {whose}'s minimum"),
                (_, most) => format!("a number of {} or less, the {whose}'s maximum", most.unwrap_or_default()),
            };
            (format!("{value}"), wanted, None)
        });
    }
}
