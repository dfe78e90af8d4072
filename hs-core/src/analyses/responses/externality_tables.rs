//! Tables of externalities: one row a shock's sign, better and worse apart, words where there is no number.

use super::externality_result::{CellEffect, ExternalitiesResult, HorizonWord, InterventionEffects};
use super::weights::counted;
use crate::Result;
use crate::framework::{Component, externalities};
use crate::network::ThreatNode;
use crate::tables::Table;

/// Below this a change is no finding, whatever the solver promises.
const NOTHING: f64 = 1e-9;

fn found(value: f64, error: Option<f64>) -> bool {
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
            let sides = [
                ("worse", effect.worse, effect.worse_direct, effect.worse_declared),
                ("better", effect.better, effect.better_direct, effect.better_declared),
            ];
            for (outcome, total, direct, declared) in sides {
                let propagated = total.map(|t| t - direct - declared);
                let crosses = crosses(result, effect, total);
                let mut add = |route, change| rows.push(Row { intervention, effect, route, outcome, change, crosses });
                if direct != 0.0 {
                    add("direct", Some(direct));
                }
                if declared != 0.0 {
                    add("declared", Some(declared));
                }
                if propagated.is_none_or(|p| found(p, effect.error)) {
                    add("propagated", propagated);
                }
            }
            if rows.len() == before {
                rows.push(Row { intervention, effect, route: "propagated", outcome: "none", change: Some(0.0), crosses: Some(false) });
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
        .number("lower", rows.iter().map(|_| None))
        .number("upper", rows.iter().map(|_| None))
        .number("persons", rows.iter().map(|r| node(r).and_then(persons)))
        .boolean("crosses", rows.iter().map(|r| r.crosses))
        .number("net", rows.iter().map(|r| r.effect.net))
        .number("interaction", rows.iter().map(|r| r.effect.interaction()))
        .number("severity", rows.iter().map(|r| node(r).and_then(|n| n.severity)))
        .number("persons_exposed", rows.iter().map(|r| node(r).and_then(|n| n.persons)))
        .build()
}

/// Cells that may get worse.
pub(super) fn harms(result: &ExternalitiesResult) -> Result<Table> {
    let mut rows: Vec<(&InterventionEffects, &CellEffect, f64)> = Vec::new();
    for intervention in &result.interventions {
        for effect in &intervention.cells {
            if let Some(change) = effect.harm().filter(|&c| c > result.settings.harm.max(effect.error.unwrap_or_default())) {
                rows.push((intervention, effect, change));
            }
        }
    }
    let order = |id: &str| result.interventions.iter().position(|i| i.id == id);
    rows.sort_by(|a, b| {
        (order(&a.0.id), a.1.horizon).cmp(&(order(&b.0.id), b.1.horizon)).then(b.2.total_cmp(&a.2)).then(a.1.position.cmp(&b.1.position))
    });
    let node = |effect: &CellEffect| result.nodes.get(effect.position);
    Table::builder()
        .text("intervention", rows.iter().map(|r| Some(&r.0.id)))
        .text("threat", rows.iter().map(|r| node(r.1).map(|n| &n.threat)))
        .text("component", rows.iter().map(|r| node(r.1).and_then(|n| n.component).map(Component::word)))
        .text("place", rows.iter().map(|r| node(r.1).and_then(|n| n.place.as_ref())))
        .text("group", rows.iter().map(|r| node(r.1).and_then(|n| n.group.as_ref())))
        .text("horizon", rows.iter().map(|r| Some(r.1.horizon.word())))
        .number("change", rows.iter().map(|r| Some(r.2)))
        .number("lower", rows.iter().map(|_| None))
        .number("upper", rows.iter().map(|_| None))
        .number("probability", rows.iter().map(|_| None))
        .number("persons", rows.iter().map(|r| node(r.1).and_then(persons)))
        .text("divider", rows.iter().map(|r| divider(result, r.0, r.1)))
        .boolean("crosses", rows.iter().map(|r| crosses(result, r.1, Some(r.2))))
        .number("declared", rows.iter().map(|r| Some(r.1.worse_direct + r.1.worse_declared)))
        .number("net", rows.iter().map(|r| r.1.net))
        .number("severity", rows.iter().map(|r| node(r.1).and_then(|n| n.severity)))
        .number("persons_exposed", rows.iter().map(|r| node(r.1).and_then(|n| n.persons)))
        .build()
}

/// Whether the groups of one place fare differently on this threat, and how.
fn divider(result: &ExternalitiesResult, intervention: &InterventionEffects, effect: &CellEffect) -> Option<&'static str> {
    let node = result.nodes.get(effect.position)?;
    node.group.as_ref()?;
    let mut low = f64::INFINITY;
    let mut high = f64::NEG_INFINITY;
    for other in intervention.cells.iter().filter(|c| c.horizon == effect.horizon) {
        let Some(beside) = result.nodes.get(other.position) else { continue };
        if beside.threat == node.threat && beside.place == node.place {
            let net = other.net?;
            low = low.min(net);
            high = high.max(net);
        }
    }
    if high - low <= result.settings.divider {
        return None;
    }
    Some(match (low < -NOTHING, high > NOTHING) {
        (true, true) => "opposite",
        (false, _) => "unequal-harm",
        (true, false) => "unequal-benefit",
    })
}

/// Mean of better and worse over the cells of one kind, weighted by persons where all are known.
struct Mean {
    weight: f64,
    better: f64,
    worse: f64,
    cells: i64,
    cells_better: i64,
    cells_worse: i64,
    /// Whether the user states an effect on any of the cells; else what is found there spilled over.
    stated: bool,
    undefined: bool,
}

fn mean<'a>(result: &ExternalitiesResult, cells: impl Iterator<Item = &'a CellEffect> + Clone) -> Mean {
    let weighted = counted(&result.nodes, cells.clone().map(|c| c.position));
    let mut mean =
        Mean { weight: 0.0, better: 0.0, worse: 0.0, cells: 0, cells_better: 0, cells_worse: 0, stated: false, undefined: false };
    for cell in cells {
        let weight = if weighted { result.nodes.get(cell.position).and_then(|n| n.persons).unwrap_or(1.0) } else { 1.0 };
        let (Some(rises), Some(falls)) = (cell.rises(), cell.falls()) else {
            mean.undefined = true;
            continue;
        };
        mean.weight += weight;
        mean.stated |= [cell.worse_direct, cell.worse_declared, cell.better_direct, cell.better_declared].iter().any(|&d| d != 0.0);
        mean.worse += weight * rises;
        mean.better += weight * falls;
        mean.cells += 1;
        mean.cells_worse += i64::from(found(rises, cell.error));
        mean.cells_better += i64::from(found(falls, cell.error));
    }
    if mean.weight > 0.0 {
        mean.worse /= mean.weight;
        mean.better /= mean.weight;
    }
    mean
}

/// Better and worse by a property of the cells, never their sum.
pub(super) fn by<'a>(result: &'a ExternalitiesResult, name: &str, key: impl Fn(&'a ThreatNode) -> Option<&'a str>) -> Result<Table> {
    let mut keys: Vec<Option<&str>> = Vec::new();
    for node in &result.nodes {
        let of = key(node);
        if !keys.contains(&of) {
            keys.push(of);
        }
    }
    let mut rows = Vec::new();
    for intervention in &result.interventions {
        let mut horizons: Vec<HorizonWord> = intervention.cells.iter().map(|c| c.horizon).collect();
        horizons.dedup();
        for horizon in horizons {
            for &of in &keys {
                let cells = intervention
                    .cells
                    .iter()
                    .filter(|c| c.horizon == horizon && result.nodes.get(c.position).is_some_and(|n| key(n) == of));
                rows.push((intervention, horizon, of, mean(result, cells)));
            }
        }
    }
    let number = |m: &Mean, value: f64| (!m.undefined).then_some(value);
    Table::builder()
        .text("intervention", rows.iter().map(|r| Some(&r.0.id)))
        .text(name, rows.iter().map(|r| r.2))
        .text("horizon", rows.iter().map(|r| Some(r.1.word())))
        .number("better", rows.iter().map(|r| number(&r.3, r.3.better)))
        .number("worse", rows.iter().map(|r| number(&r.3, r.3.worse)))
        .integer("cells", rows.iter().map(|r| Some(r.3.cells)))
        .integer("cells_better", rows.iter().map(|r| Some(r.3.cells_better)))
        .integer("cells_worse", rows.iter().map(|r| Some(r.3.cells_worse)))
        .boolean("stated", rows.iter().map(|r| Some(r.3.stated)))
        .build()
}

fn word(better: bool, worse: bool, neither: &'static str) -> &'static str {
    match (better, worse) {
        (true, true) => "both",
        (true, false) => "better",
        (false, true) => "worse",
        (false, false) => neither,
    }
}

/// The 7 x 7 table: what Table III warns of, what is declared, what the network adds.
pub(super) fn components(result: &ExternalitiesResult) -> Result<Table> {
    struct Cell {
        from: Component,
        to: Component,
        handbook: &'static str,
        declared: &'static str,
        network: &'static str,
        better: Option<f64>,
        worse: Option<f64>,
        interventions: Vec<String>,
    }
    let mut cells = Vec::new();
    for &from in Component::ALL {
        let sources: Vec<&InterventionEffects> = result.interventions.iter().filter(|i| i.component == from).collect();
        for &to in Component::ALL {
            let claims = externalities::cell(from, to).unwrap_or_default();
            let handbook = word(claims.better > 0, claims.worse > 0, "no claim");
            let declared = result.declared.iter().filter(|d| d.from == from && d.to == to);
            let declared = match sources.is_empty() {
                true => "not assessed",
                false => word(declared.clone().any(|d| !d.worse), declared.clone().any(|d| d.worse), "no claim"),
            };
            let mut cell =
                Cell { from, to, handbook, declared, network: "not assessed", better: None, worse: None, interventions: Vec::new() };
            let (mut any_better, mut any_worse) = (false, false);
            for source in &sources {
                let last = source.cells.iter().map(|c| c.horizon).max();
                let reached = source
                    .cells
                    .iter()
                    .filter(|c| Some(c.horizon) == last && result.nodes.get(c.position).is_some_and(|n| n.component == Some(to)));
                if reached.clone().next().is_none() || reached.clone().any(|c| c.net.is_none()) {
                    continue;
                }
                let added = |c: &&CellEffect| {
                    let worse = c.worse.map(|t| t - c.worse_direct - c.worse_declared);
                    let better = c.better.map(|t| t - c.better_direct - c.better_declared);
                    [worse, better].into_iter().flatten().filter(|&p| found(p, c.error)).collect::<Vec<f64>>()
                };
                let moved: Vec<f64> = reached.clone().flat_map(|c| added(&c)).collect();
                let (better, worse) = (moved.iter().any(|&p| p < 0.0), moved.iter().any(|&p| p > 0.0));
                let mean = mean(result, reached);
                // the strongest intervention of the component, better and worse each for itself
                cell.better = Some(cell.better.map_or(mean.better, |b| b.min(mean.better)));
                cell.worse = Some(cell.worse.map_or(mean.worse, |w| w.max(mean.worse)));
                any_better |= better;
                any_worse |= worse;
                if better || worse {
                    cell.interventions.push(source.id.clone());
                }
                cell.network = "no effect found";
            }
            if any_better || any_worse {
                cell.network = word(any_better, any_worse, "no effect found");
            }
            cells.push(cell);
        }
    }
    Table::builder()
        .text("from", cells.iter().map(|c| Some(c.from.word())))
        .text("to", cells.iter().map(|c| Some(c.to.word())))
        .text("handbook", cells.iter().map(|c| Some(c.handbook)))
        .text("declared", cells.iter().map(|c| Some(c.declared)))
        .text("network", cells.iter().map(|c| Some(c.network)))
        .number("better", cells.iter().map(|c| c.better))
        .number("worse", cells.iter().map(|c| c.worse))
        .list("interventions", cells.iter().map(|c| Some(c.interventions.clone())))
        .build()
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
