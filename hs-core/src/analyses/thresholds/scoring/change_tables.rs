//! The tables of a change.

use super::change::{CellChange, Change, Changes, MEASURES, ScoreChangeResult};
use super::tables::{key_column, whole};
use crate::Result;
use crate::tables::{Table, TableBuilder};

/// One row: a cell, the position of a configuration, its changes, and a position in them.
type Row<'a> = (&'a CellChange, usize, &'a Changes, usize);

/// Names of columns that are taken, beside those of a score.
const TAKEN: &[&str] = &[
    "n_first",
    "n_second",
    "measure",
    "change",
    "incidence",
    "intensity",
    "share_first",
    "share_second",
    "M0_first",
    "M0_second",
    "within",
    "shift",
];

pub(super) fn refuse_taken_names(by: &[String]) -> Result<()> {
    super::tables::refuse_names(by, TAKEN)
}

pub(super) fn tables(result: &ScoreChangeResult) -> Result<Vec<(&'static str, Table)>> {
    Ok(vec![
        ("change", change(result, true)?),
        ("margins", change(result, false)?),
        ("decomposition", decomposition(result, true)?),
        ("decomposition_margins", decomposition(result, false)?),
        ("indicators", indicators(result, true)?),
        ("indicator_margins", indicators(result, false)?),
        ("group_shifts", group_shifts(result)?),
    ])
}

fn rows(result: &ScoreChangeResult, groups: bool, items: impl Fn(&Changes) -> usize) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    for cell in result.cells.iter().filter(|c| c.cell.is_group() == groups) {
        for (at, changes) in cell.configurations.iter().enumerate() {
            rows.extend((0..items(changes)).map(|item| (cell, at, changes, item)));
        }
    }
    rows
}

/// `over` of margins, the `by` columns, and the configuration.
fn keyed(result: &ScoreChangeResult, margins: bool, rows: &[Row<'_>]) -> TableBuilder {
    let by = &result.settings.score.by;
    let mut table = Table::builder();
    if margins {
        let over = |row: &Row<'_>| {
            let held: Vec<&str> = by.iter().zip(&row.0.cell.held).filter(|(_, held)| **held).map(|(name, _)| name.as_str()).collect();
            held.join(",")
        };
        table = table.text("over", rows.iter().map(|row| Some(over(row))));
    }
    for (at, name) in by.iter().enumerate() {
        let all = result.cells.iter().filter_map(|c| c.cell.key.get(at)?.as_ref());
        table = key_column(table, name, all, rows.iter().map(|row| row.0.cell.key.get(at).and_then(Option::as_ref)));
    }
    let configuration = |row: &Row<'_>| result.first.configurations.get(row.1);
    table
        .text("weighting", rows.iter().map(|row| configuration(row).map(|c| &c.weighting)))
        .number("cutoff", rows.iter().map(|row| configuration(row).map(|c| c.cutoff)))
}

fn counted<'a>(table: TableBuilder, rows: &'a [Row<'a>]) -> TableBuilder {
    let n = |round: usize| move |row: &Row<'_>| row.0.rows.get(round).copied().and_then(whole).filter(|_| !row.2.hidden);
    table.integer("n_first", rows.iter().map(n(0))).integer("n_second", rows.iter().map(n(1)))
}

fn changed(table: TableBuilder, rows: &[Row<'_>], of: impl Fn(&Row<'_>) -> Option<Change>) -> TableBuilder {
    let hidden = |row: &Row<'_>| row.2.hidden || of(row).is_some_and(|change| change.hidden);
    let shown = |row: &Row<'_>| of(row).filter(|_| !hidden(row)).unwrap_or_default();
    table
        .number("first", rows.iter().map(|row| shown(row).first))
        .number("second", rows.iter().map(|row| shown(row).second))
        .number("change", rows.iter().map(|row| shown(row).change))
        .number("change_se", rows.iter().map(|row| shown(row).standard_error))
        .number("change_lower", rows.iter().map(|row| shown(row).lower))
        .number("change_upper", rows.iter().map(|row| shown(row).upper))
        .boolean("suppressed", rows.iter().map(|row| Some(hidden(row))))
}

fn change(result: &ScoreChangeResult, groups: bool) -> Result<Table> {
    let rows = rows(result, groups, |_| MEASURES.len());
    let table = keyed(result, !groups, &rows).text("measure", rows.iter().map(|row| MEASURES.get(row.3)));
    changed(counted(table, &rows), &rows, |row| row.2.measures.get(row.3).copied()).build()
}

fn decomposition(result: &ScoreChangeResult, groups: bool) -> Result<Table> {
    let rows = rows(result, groups, |_| 1);
    let part = |at: usize| move |row: &Row<'_>| row.2.shapley.and_then(|s| s.get(at).copied()).filter(|_| !row.2.hidden);
    let whole = |row: &Row<'_>| row.2.measures.last().and_then(|m| m.change).filter(|_| !row.2.hidden);
    keyed(result, !groups, &rows)
        .number("change", rows.iter().map(whole))
        .number("incidence", rows.iter().map(part(0)))
        .number("intensity", rows.iter().map(part(1)))
        .boolean("suppressed", rows.iter().map(|row| Some(row.2.hidden)))
        .build()
}

fn indicators(result: &ScoreChangeResult, groups: bool) -> Result<Table> {
    let rows = rows(result, groups, |changes| changes.indicators.len());
    let indicator = |row: &Row<'_>| result.settings.score.scheme.indicators.get(row.3);
    let weight = |row: &Row<'_>| result.first.configurations.get(row.1).and_then(|c| c.weights.get(row.3)).copied();
    let table = keyed(result, !groups, &rows)
        .text("indicator", rows.iter().map(|row| indicator(row).map(|i| &i.name)))
        .text("component", rows.iter().map(|row| indicator(row).and_then(|i| i.component).map(|c| c.word())))
        .number("weight", rows.iter().map(weight));
    changed(table, &rows, |row| row.2.indicators.get(row.3).copied()).build()
}

fn group_shifts(result: &ScoreChangeResult) -> Result<Table> {
    let rows = rows(result, true, |_| 1);
    let share = |round: usize| move |row: &Row<'_>| row.0.shares.get(round).copied().flatten().filter(|_| !row.2.hidden);
    let part = |at: usize| move |row: &Row<'_>| row.2.group.and_then(|g| g.get(at).copied()).filter(|_| !row.2.hidden);
    let m0 = |row: &Row<'_>| row.2.measures.last().copied().filter(|_| !row.2.hidden).unwrap_or_default();
    keyed(result, false, &rows)
        .number("share_first", rows.iter().map(share(0)))
        .number("share_second", rows.iter().map(share(1)))
        .number("M0_first", rows.iter().map(|row| m0(row).first))
        .number("M0_second", rows.iter().map(|row| m0(row).second))
        .number("within", rows.iter().map(part(0)))
        .number("shift", rows.iter().map(part(1)))
        .boolean("suppressed", rows.iter().map(|row| Some(row.2.hidden)))
        .build()
}
