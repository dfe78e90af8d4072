//! Sums over cells: by component, place and group, the 7 x 7 of components, and what spills over to other places. Better and worse apart.

use super::externality_result::{CellEffect, ExternalitiesResult, HorizonWord, InterventionEffects};
use super::externality_tables::found;
use super::spread::{Ends, keys_of};
use super::weights::counted;
use crate::Result;
use crate::framework::{Component, externalities};
use crate::tables::Table;

/// Mean of better and worse over the cells of one kind, weighted by persons where all are known.
#[derive(Default)]
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
    let mut mean = Mean::default();
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

/// Better and worse of one intervention, horizon and key of an axis.
struct Row<'a> {
    intervention: &'a InterventionEffects,
    horizon: HorizonWord,
    key: Option<&'a str>,
    mean: Mean,
    ends: Option<Ends>,
}

/// All rows of an axis (component, place, group): by intervention, horizon and key.
fn rows(result: &ExternalitiesResult, axis: usize) -> Vec<Row<'_>> {
    let (keys, of) = keys_of(&result.nodes, axis);
    let mut positions: Vec<Vec<usize>> = vec![Vec::new(); keys.len()];
    for (position, key) in of.iter().enumerate() {
        positions.get_mut(*key).into_iter().for_each(|list| list.push(position));
    }
    let mut rows = Vec::new();
    for intervention in &result.interventions {
        for cells in intervention.cells.chunks(result.nodes.len().max(1)) {
            let Some(horizon) = cells.first().map(|c| c.horizon) else { continue };
            let summary = intervention.summary(horizon);
            for (at, (key, positions)) in keys.iter().zip(&positions).enumerate() {
                let ends = summary.and_then(|s| s.ends.get(axis)?.get(at)).copied();
                let mean = mean(result, positions.iter().filter_map(|p| cells.get(*p)));
                rows.push(Row { intervention, horizon, key: *key, mean, ends });
            }
        }
    }
    rows
}

/// Better and worse by a property of the cells, never their sum.
pub(super) fn by(result: &ExternalitiesResult, name: &str, axis: usize) -> Result<Table> {
    let rows = rows(result, axis);
    let number = |m: &Mean, value: f64| (!m.undefined).then_some(value);
    Table::builder()
        .text("intervention", rows.iter().map(|r| Some(&r.intervention.id)))
        .text(name, rows.iter().map(|r| r.key))
        .text("horizon", rows.iter().map(|r| Some(r.horizon.word())))
        .number("better", rows.iter().map(|r| number(&r.mean, r.mean.better)))
        .number("worse", rows.iter().map(|r| number(&r.mean, r.mean.worse)))
        .integer("cells", rows.iter().map(|r| Some(r.mean.cells)))
        .integer("cells_better", rows.iter().map(|r| Some(r.mean.cells_better)))
        .integer("cells_worse", rows.iter().map(|r| Some(r.mean.cells_worse)))
        .boolean("stated", rows.iter().map(|r| Some(r.mean.stated)))
        .number("better_lower", rows.iter().map(|r| Some(r.ends?.better[0])))
        .number("better_upper", rows.iter().map(|r| Some(r.ends?.better[1])))
        .number("worse_lower", rows.iter().map(|r| Some(r.ends?.worse[0])))
        .number("worse_upper", rows.iter().map(|r| Some(r.ends?.worse[1])))
        .build()
}

/// What reaches places in which an intervention states no effect, from each place in which it does.
///
/// What arrives is the intervention's as a whole: with several places it cannot be told apart by where it came from, and stands in the row of
/// each of them.
pub(super) fn spill_overs(result: &ExternalitiesResult) -> Result<Table> {
    let all = rows(result, 1);
    let mut pairs: Vec<(&str, &Row<'_>)> = Vec::new();
    for intervention in &result.interventions {
        let own: Vec<&Row<'_>> = all.iter().filter(|r| std::ptr::eq(r.intervention, intervention)).collect();
        let first = own.first().map(|r| r.horizon);
        let from: Vec<&str> = own.iter().filter(|r| r.mean.stated && Some(r.horizon) == first).filter_map(|r| r.key).collect();
        for row in &own {
            let moved = row.mean.undefined || row.mean.cells_better > 0 || row.mean.cells_worse > 0;
            if !row.mean.stated && moved {
                pairs.extend(from.iter().map(|from| (*from, *row)));
            }
        }
    }
    let nation = |place: &str| result.nations.get(place)?.as_deref();
    let border = |(from, row): &(&str, &Row<'_>)| Some(nation(from)? != nation(row.key?)?);
    let number = |m: &Mean, value: f64| (!m.undefined).then_some(value);
    Table::builder()
        .text("intervention", pairs.iter().map(|(_, r)| Some(&r.intervention.id)))
        .text("from", pairs.iter().map(|(from, _)| Some(*from)))
        .text("to", pairs.iter().map(|(_, r)| r.key))
        .boolean("border", pairs.iter().map(border))
        .text("horizon", pairs.iter().map(|(_, r)| Some(r.horizon.word())))
        .number("better", pairs.iter().map(|(_, r)| number(&r.mean, r.mean.better)))
        .number("worse", pairs.iter().map(|(_, r)| number(&r.mean, r.mean.worse)))
        .integer("cells", pairs.iter().map(|(_, r)| Some(r.mean.cells)))
        .integer("cells_better", pairs.iter().map(|(_, r)| Some(r.mean.cells_better)))
        .integer("cells_worse", pairs.iter().map(|(_, r)| Some(r.mean.cells_worse)))
        .number("better_lower", pairs.iter().map(|(_, r)| Some(r.ends?.better[0])))
        .number("better_upper", pairs.iter().map(|(_, r)| Some(r.ends?.better[1])))
        .number("worse_lower", pairs.iter().map(|(_, r)| Some(r.ends?.worse[0])))
        .number("worse_upper", pairs.iter().map(|(_, r)| Some(r.ends?.worse[1])))
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
        let sources: Vec<&InterventionEffects> = result.interventions.iter().filter(|i| i.component == Some(from)).collect();
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
