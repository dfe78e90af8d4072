//! Tables of externalities: one row a shock's sign, better and worse apart, words where there is no number.

use std::collections::HashMap;

use super::externality_result::{CellEffect, ExternalitiesResult, InterventionEffects};
use super::spread::{Divider, NOTHING, Spread};
use crate::Result;
use crate::framework::Component;
use crate::network::ThreatNode;
use crate::tables::Table;

pub(super) fn found(value: f64, error: Option<f64>) -> bool {
    value.abs() > NOTHING.max(error.unwrap_or_default())
}

fn persons(node: &ThreatNode) -> Option<f64> {
    Some(node.prevalence? * node.persons?)
}

/// Whether a phase bound is crossed upward, by more than ten times the solver's error; none where it seems so and no error is known.
fn crosses(result: &ExternalitiesResult, effect: &CellEffect, change: Option<f64>) -> Option<bool> {
    let (start, change) = (*result.baseline.get(effect.position)?, change?);
    let crossed = result.settings.phases.iter().any(|&bound| start < bound - NOTHING && start + change >= bound - NOTHING);
    if !crossed {
        return Some(false);
    }
    effect.error.map(|error| change > 10.0 * error.max(NOTHING))
}

struct Row<'a> {
    intervention: &'a InterventionEffects,
    ends: Option<[f64; 2]>,
    effect: &'a CellEffect,
    route: &'static str,
    outcome: &'static str,
    change: Option<f64>,
    crosses: Option<bool>,
}

fn rows(result: &ExternalitiesResult) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    for intervention in &result.interventions {
        for effect in &intervention.cells {
            let before = rows.len();
            let spread = intervention.spread(effect);
            let sides = [
                ("worse", effect.worse, effect.worse_direct, effect.worse_declared),
                ("better", effect.better, effect.better_direct, effect.better_declared),
            ];
            for (outcome, total, direct, declared) in sides {
                let propagated = total.map(|t| t - direct - declared);
                let crosses = crosses(result, effect, total);
                let mut add = |route, change, ends| rows.push(Row { intervention, ends, effect, route, outcome, change, crosses });
                let shock = |kind: usize| spread.and_then(|s| s.shocks.as_ref()?.get(kind)).copied();
                let (first, travelled) = if outcome == "worse" { (0, spread.map(|s| s.worse)) } else { (2, spread.map(|s| s.better)) };
                if direct != 0.0 {
                    add("direct", Some(direct), shock(first));
                }
                if declared != 0.0 {
                    add("declared", Some(declared), shock(first + 1));
                }
                if propagated.is_none_or(|p| found(p, effect.error)) {
                    add("propagated", propagated, travelled);
                }
            }
            if rows.len() == before {
                let ends = spread.map(|s| [s.worse, s.better].into_iter().fold([0.0f64; 2], |[a, b], [x, y]| [a.min(x), b.max(y)]));
                rows.push(Row {
                    intervention,
                    ends,
                    effect,
                    route: "propagated",
                    outcome: "none",
                    change: Some(0.0),
                    crosses: Some(false),
                });
            }
        }
    }
    rows
}

/// One row an intervention, cell, horizon, route and sign.
pub(super) fn effects(result: &ExternalitiesResult) -> Result<Table> {
    let rows = rows(result);
    let node = |row: &Row<'_>| result.nodes.get(row.effect.position);
    Table::builder()
        .text("intervention", rows.iter().map(|r| Some(&r.intervention.id)))
        .text("threat", rows.iter().map(|r| node(r).map(|n| &n.threat)))
        .text("component", rows.iter().map(|r| node(r).and_then(|n| n.component).map(Component::word)))
        .text("place", rows.iter().map(|r| node(r).and_then(|n| n.place.as_ref())))
        .text("group", rows.iter().map(|r| node(r).and_then(|n| n.group.as_ref())))
        .text("horizon", rows.iter().map(|r| Some(r.effect.horizon.word())))
        .text("route", rows.iter().map(|r| Some(r.route)))
        .text("outcome", rows.iter().map(|r| Some(r.outcome)))
        .number("change", rows.iter().map(|r| r.change))
        .number("lower", rows.iter().map(|r| Some(r.ends?[0])))
        .number("upper", rows.iter().map(|r| Some(r.ends?[1])))
        .number("persons", rows.iter().map(|r| node(r).and_then(persons)))
        .boolean("crosses", rows.iter().map(|r| r.crosses))
        .number("net", rows.iter().map(|r| r.effect.net))
        .number("interaction", rows.iter().map(|r| r.effect.interaction()))
        .number("severity", rows.iter().map(|r| node(r).and_then(|n| n.severity)))
        .number("persons_exposed", rows.iter().map(|r| node(r).and_then(|n| n.persons)))
        .build()
}

/// A cell that may get worse: the intervention, its effects, the expected change, and how it lies over the draws.
type Harm<'a> = (&'a InterventionEffects, &'a CellEffect, f64, Option<&'a Spread>);

/// Cells whose chance of harm reaches the flag; where there are no chances, those whose expectation is a harm.
pub(super) fn flagged(result: &ExternalitiesResult) -> Vec<Harm<'_>> {
    let mut rows: Vec<Harm<'_>> = Vec::new();
    for intervention in &result.interventions {
        for effect in &intervention.cells {
            let Some(change) = effect.harm() else { continue };
            let spread = intervention.spread(effect);
            let flagged = match spread {
                Some(spread) => spread.probability >= result.settings.flag,
                None => change > result.settings.harm.max(effect.error.unwrap_or_default()),
            };
            if flagged {
                rows.push((intervention, effect, change, spread));
            }
        }
    }
    let order: HashMap<&str, usize> = result.interventions.iter().enumerate().map(|(at, i)| (i.id.as_str(), at)).collect();
    rows.sort_by(|a, b| {
        let place = |row: &Harm<'_>| (order.get(row.0.id.as_str()).copied(), row.1.horizon);
        place(a).cmp(&place(b)).then(b.2.total_cmp(&a.2)).then(a.1.position.cmp(&b.1.position))
    });
    rows
}

/// Cells that may get worse.
pub(super) fn harms(result: &ExternalitiesResult) -> Result<Table> {
    let rows = flagged(result);
    let node = |effect: &CellEffect| result.nodes.get(effect.position);
    let ends = |row: &Harm<'_>, at: usize| row.3.and_then(|s| s.harm?.get(at).copied());
    let chance =
        |row: &Harm<'_>, at: usize| row.0.chance_interval(row.1.horizon, row.3?.probability, result.settings.level)?.get(at).copied();
    let divided = |row: &Harm<'_>| {
        let grouped = node(row.1).is_some_and(|n| n.group.is_some());
        match row.3 {
            Some(spread) if grouped => (spread.divider, Some(spread.divider_probability)),
            Some(_) => (None, None),
            None => (expected_divider(result, row.0, row.1), None),
        }
    };
    let flag = result.settings.flag;
    let divider = |row: &Harm<'_>| {
        let (kind, chance) = divided(row);
        kind.filter(|_| chance.is_none_or(|chance| chance >= flag)).map(Divider::word)
    };
    Table::builder()
        .text("intervention", rows.iter().map(|r| Some(&r.0.id)))
        .text("threat", rows.iter().map(|r| node(r.1).map(|n| &n.threat)))
        .text("component", rows.iter().map(|r| node(r.1).and_then(|n| n.component).map(Component::word)))
        .text("place", rows.iter().map(|r| node(r.1).and_then(|n| n.place.as_ref())))
        .text("group", rows.iter().map(|r| node(r.1).and_then(|n| n.group.as_ref())))
        .text("horizon", rows.iter().map(|r| Some(r.1.horizon.word())))
        .number("change", rows.iter().map(|r| Some(r.2)))
        .number("lower", rows.iter().map(|r| ends(r, 0)))
        .number("upper", rows.iter().map(|r| ends(r, 1)))
        .number("probability", rows.iter().map(|r| r.3.map(|s| s.probability)))
        .number("persons", rows.iter().map(|r| node(r.1).and_then(persons)))
        .text("divider", rows.iter().map(divider))
        .boolean("crosses", rows.iter().map(|r| crosses(result, r.1, Some(r.2))))
        .number("declared", rows.iter().map(|r| Some(r.1.worse_direct + r.1.worse_declared)))
        .number("net", rows.iter().map(|r| r.1.net))
        .number("severity", rows.iter().map(|r| node(r.1).and_then(|n| n.severity)))
        .number("persons_exposed", rows.iter().map(|r| node(r.1).and_then(|n| n.persons)))
        .number("probability_lower", rows.iter().map(|r| chance(r, 0)))
        .number("probability_upper", rows.iter().map(|r| chance(r, 1)))
        .number("divider_probability", rows.iter().map(|r| divided(r).1))
        .build()
}

/// Whether the groups of one place fare differently on this threat in expectation, and how.
fn expected_divider(result: &ExternalitiesResult, intervention: &InterventionEffects, effect: &CellEffect) -> Option<Divider> {
    let node = result.nodes.get(effect.position)?;
    node.group.as_ref()?;
    let mut nets = Vec::new();
    for other in intervention.cells.iter().filter(|c| c.horizon == effect.horizon) {
        let Some(beside) = result.nodes.get(other.position) else { continue };
        if beside.threat == node.threat && beside.place == node.place {
            nets.push(other.net?);
        }
    }
    Divider::of(nets.into_iter(), result.settings.divider)
}

/// Declared externalities without a number.
pub(super) fn claims(result: &ExternalitiesResult) -> Result<Table> {
    let claims = &result.claims;
    Table::builder()
        .text("intervention", claims.iter().map(|c| Some(&c.intervention)))
        .text("threat", claims.iter().map(|c| c.threat.as_ref()))
        .text("component", claims.iter().map(|c| c.component.map(Component::word)))
        .text("place", claims.iter().map(|c| c.place.as_ref()))
        .text("group", claims.iter().map(|c| c.group.as_ref()))
        .text("outcome", claims.iter().map(|c| Some(if c.worse { "worse" } else { "better" })))
        .text("evidence", claims.iter().map(|c| c.evidence.as_ref()))
        .build()
}

/// What was cut, because a severity cannot leave 0 to 1.
pub(super) fn cuts(result: &ExternalitiesResult) -> Result<Table> {
    let cuts = &result.cuts;
    let node = |position: usize| result.nodes.get(position);
    Table::builder()
        .text("intervention", cuts.iter().map(|c| Some(&c.intervention)))
        .text("threat", cuts.iter().map(|c| node(c.cut.position).map(|n| &n.threat)))
        .text("place", cuts.iter().map(|c| node(c.cut.position).and_then(|n| n.place.as_ref())))
        .text("group", cuts.iter().map(|c| node(c.cut.position).and_then(|n| n.group.as_ref())))
        .text("outcome", cuts.iter().map(|c| Some(if c.cut.worse { "worse" } else { "better" })))
        .number("asked", cuts.iter().map(|c| Some(c.cut.asked)))
        .number("realised", cuts.iter().map(|c| Some(c.cut.realised)))
        .build()
}
