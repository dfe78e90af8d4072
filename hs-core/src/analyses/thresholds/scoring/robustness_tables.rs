//! The tables of robustness.

use super::cells::Cell;
use super::robustness::{Agreement, MEASURES, PairOrder, RobustnessResult};
use super::robustness_curve::{Curve, Step};
use super::tables::{key_column, refuse_names};
use crate::Result;
use crate::tables::{Table, TableBuilder};

/// Names of columns that are taken, beside those of a score.
const TAKEN: &[&str] = &["measure", "value", "rank"];

pub(super) fn refuse_taken_names(by: &[String]) -> Result<()> {
    refuse_names(by, TAKEN)
}

pub(super) fn tables(result: &RobustnessResult) -> Result<Vec<(&'static str, Table)>> {
    Ok(vec![
        ("robustness", agreement(result)?),
        ("ranks", ranks(result)?),
        ("pairs", pairs(result)?),
        ("curve", curve(result)?),
        ("dominance", dominance(result)?),
    ])
}

fn agreement(result: &RobustnessResult) -> Result<Table> {
    let rows: Vec<(usize, usize, &Agreement)> =
        result.agreements.iter().enumerate().flat_map(|(at, both)| both.iter().enumerate().map(move |(m, a)| (at, m, a))).collect();
    let configuration = |at: usize| result.configurations.get(at);
    Table::builder()
        .text("weighting", rows.iter().map(|r| configuration(r.0).map(|c| &c.weighting)))
        .number("cutoff", rows.iter().map(|r| configuration(r.0).map(|c| c.cutoff)))
        .text("measure", rows.iter().map(|r| MEASURES.get(r.1)))
        .boolean("base", rows.iter().map(|r| Some(r.0 == result.base)))
        .number("kendall_tau_b", rows.iter().map(|r| r.2.tau))
        .number("spearman", rows.iter().map(|r| r.2.spearman))
        .number("pairs_kept", rows.iter().map(|r| r.2.kept))
        .number("pairs_robust", rows.iter().map(|r| r.2.robust))
        .build()
}

/// The `by` columns of some groups.
fn keyed<'a>(result: &'a RobustnessResult, cells: impl Iterator<Item = Option<&'a Cell>> + Clone) -> TableBuilder {
    let mut table = Table::builder();
    for (at, name) in result.score.by.iter().enumerate() {
        let all = result.groups.iter().filter_map(|c| c.key.get(at)?.as_ref());
        table = key_column(table, name, all, cells.clone().map(|cell| cell.and_then(|c| c.key.get(at)?.as_ref())));
    }
    table
}

/// Configurations whose figures of a group may be shown, the base first: none where who is insecure, who is not, or who is so under one
/// k and not under another that is shown, are fewer than `min_n` rows.
fn shown(result: &RobustnessResult, cell: &Cell) -> Vec<bool> {
    let least = u64::from(result.score.min_n);
    let rows = |at: usize| cell.measures.get(at).map_or(0, |m| m.h.rows);
    let weighting = |at: usize| result.configurations.get(at).map(|c| c.weighting.as_str());
    let all = 0..result.configurations.len();
    let mut shown: Vec<usize> = Vec::new();
    for at in std::iter::once(result.base).chain(all.clone().filter(|at| *at != result.base)) {
        let apart = |other: &usize| {
            let between = rows(*other).abs_diff(rows(at));
            weighting(*other) != weighting(at) || between == 0 || between >= least
        };
        if rows(at) >= least && cell.rows.saturating_sub(rows(at)) >= least && shown.iter().all(apart) {
            shown.push(at);
        }
    }
    all.map(|at| shown.contains(&at)).collect()
}

fn ranks(result: &RobustnessResult) -> Result<Table> {
    let shown: Vec<Vec<bool>> = result.groups.iter().map(|cell| shown(result, cell)).collect();
    // group, configuration, measure, value, rank
    let mut rows = Vec::new();
    for at in 0..result.configurations.len() {
        for measure in 0..MEASURES.len() {
            let values = result.values.get(at).and_then(|v| v.get(measure)).map(Vec::as_slice).unwrap_or_default();
            for (group, (value, rank)) in values.iter().zip(result.ranks(at, measure)).enumerate() {
                let shown = shown.get(group).and_then(|s| s.get(at)) == Some(&true);
                rows.push((group, at, measure, shown.then_some(*value), rank));
            }
        }
    }
    let configuration = |at: usize| result.configurations.get(at);
    keyed(result, rows.iter().map(|r| result.groups.get(r.0)))
        .text("weighting", rows.iter().map(|r| configuration(r.1).map(|c| &c.weighting)))
        .number("cutoff", rows.iter().map(|r| configuration(r.1).map(|c| c.cutoff)))
        .text("measure", rows.iter().map(|r| MEASURES.get(r.2)))
        .number("value", rows.iter().map(|r| r.3))
        .number("rank", rows.iter().map(|r| Some(r.4)))
        .build()
}

fn pairs(result: &RobustnessResult) -> Result<Table> {
    let rows: Vec<(usize, &PairOrder)> = result.pairs.iter().enumerate().flat_map(|(m, pairs)| pairs.iter().map(move |p| (m, p))).collect();
    let name = |at: usize| result.groups.get(at).map(|c| c.name(&result.score.by));
    let all = result.configurations.len();
    let shown: Vec<bool> = result.groups.iter().map(|cell| shown(result, cell).get(result.base).copied().unwrap_or_default()).collect();
    let known = |pair: &PairOrder| [pair.first, pair.second].iter().all(|at| shown.get(*at) == Some(&true));
    let share = |count: usize| Some(count as f64 / all.max(1) as f64);
    Table::builder()
        .text("measure", rows.iter().map(|r| MEASURES.get(r.0)))
        .text("first", rows.iter().map(|r| name(r.1.first)))
        .text("second", rows.iter().map(|r| name(r.1.second)))
        .number("difference", rows.iter().map(|r| Some(r.1.difference).filter(|_| known(r.1))))
        .number("difference_se", rows.iter().map(|r| r.1.standard_error.filter(|_| known(r.1))))
        .boolean("significant", rows.iter().map(|r| r.1.significant))
        .number("kept", rows.iter().map(|r| share(r.1.kept)))
        .number("significantly_kept", rows.iter().map(|r| share(r.1.robust)))
        .boolean("robust", rows.iter().map(|r| Some(r.1.robust == all)))
        .build()
}

fn curve(result: &RobustnessResult) -> Result<Table> {
    let mut rows: Vec<(usize, &Curve, f64, &Step)> = Vec::new();
    for curve in &result.curves {
        for (group, steps) in curve.groups.iter().enumerate() {
            rows.extend(curve.cutoffs.iter().zip(steps).map(|(k, step)| (group, curve, *k, step)));
        }
    }
    keyed(result, rows.iter().map(|r| result.groups.get(r.0)))
        .text("weighting", rows.iter().map(|r| Some(&r.1.weighting)))
        .number("cutoff", rows.iter().map(|r| Some(r.2)))
        .number("H", rows.iter().map(|r| r.3.shown.then_some(r.3.h)))
        .number("M0", rows.iter().map(|r| r.3.shown.then_some(r.3.m0)))
        .boolean("suppressed", rows.iter().map(|r| Some(!r.3.shown)))
        .build()
}

fn dominance(result: &RobustnessResult) -> Result<Table> {
    let rows = &result.dominance;
    let name = |at: usize| result.groups.get(at).map(|c| c.name(&result.score.by));
    Table::builder()
        .text("weighting", rows.iter().map(|r| Some(&r.weighting)))
        .text("measure", rows.iter().map(|r| MEASURES.get(r.measure)))
        .text("first", rows.iter().map(|r| name(r.first)))
        .text("second", rows.iter().map(|r| name(r.second)))
        .text("relation", rows.iter().map(|r| Some(r.relation)))
        .build()
}
