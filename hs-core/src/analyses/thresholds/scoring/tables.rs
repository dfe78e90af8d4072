//! The tables of a score.

use super::cells::{Cell, CountShare, Figure, IndicatorMeasures, Measures};
use super::result::ScoreResult;
use super::tallies::Key;
use crate::tables::{Table, TableBuilder};
use crate::{Error, Result};

/// Figures of one row of `groups`, in the order of their columns.
type Shown = fn(&Cell, &Measures) -> Figure;

const MEASURES: [(&str, Shown); 7] = [
    ("H", |_, m| m.h),
    ("A", |_, m| m.a),
    ("M0", |_, m| m.m0),
    ("M1", |_, m| m.m1),
    ("M2", |_, m| m.m2),
    ("contribution", |_, m| m.contribution),
    ("union", |c, _| c.union),
];

/// Names of columns that are taken, beside those made of a figure's name.
const TAKEN: &[&str] = &[
    "weighting",
    "cutoff",
    "n",
    "population",
    "share",
    "design_effect",
    "degrees_of_freedom",
    "coverage",
    "suppressed",
    "over",
    "indicator",
    "component",
    "weight",
    "headcount",
    "censored_headcount",
    "contribution",
    "missing",
    "deprivation_share",
    "first",
    "second",
    "both",
    "phi",
    "conditional",
    "H",
    "A",
    "M0",
    "M1",
    "M2",
    "union",
    "rows",
];

/// A column to split by may not be called like a column of the result.
pub(super) fn refuse_taken_names(by: &[String]) -> Result<()> {
    refuse_names(by, TAKEN)
}

/// As [`refuse_taken_names`], of the names of another result.
pub(super) fn refuse_names(by: &[String], taken: &[&str]) -> Result<()> {
    let is_taken = |name: &str| {
        let stem = ["_se", "_lower", "_upper"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
        taken.contains(&name) || taken.contains(&stem)
    };
    match by.iter().find(|name| is_taken(name)) {
        Some(name) => {
            let name = crate::shown(name);
            Err(Error::argument(format!("`by`: found `{name}`, which is a column of the result; wanted another name: rename the column")))
        }
        None => Ok(()),
    }
}

/// One row of a table: a cell and a position in it.
struct Row<'a, T> {
    cell: &'a Cell,
    item: T,
}

pub(super) fn tables(result: &ScoreResult) -> Result<Vec<(&'static str, Table)>> {
    let mut tables = vec![
        ("groups", measures(result, true)?),
        ("margins", measures(result, false)?),
        ("dimensions", dimensions(result, true)?),
        ("dimension_margins", dimensions(result, false)?),
        ("counts", counts(result)?),
        ("codeprivation", codeprivation(result)?),
    ];
    if result.settings.bounds {
        tables.push(("bounds", bounds(result)?));
    }
    tables.push(("missing", missing(result)?));
    Ok(tables)
}

/// The `by` columns, and `over` for margins.
fn keyed<'a>(result: &ScoreResult, margins: bool, cells: impl Iterator<Item = &'a Cell> + Clone) -> TableBuilder {
    let by = &result.settings.by;
    let mut table = Table::builder();
    if margins {
        let over = |cell: &Cell| {
            let held: Vec<&str> = by.iter().zip(&cell.held).filter(|(_, held)| **held).map(|(name, _)| name.as_str()).collect();
            held.join(",")
        };
        table = table.text("over", cells.clone().map(|cell| Some(over(cell))));
    }
    for (at, name) in by.iter().enumerate() {
        let keys = cells.clone().map(move |cell| cell.key.get(at).and_then(Option::as_ref));
        table = key_column(table, name, result.cells.iter().filter_map(|cell| cell.key.get(at)?.as_ref()), keys);
    }
    table
}

/// A column of keys, of the type they have in common.
pub(crate) fn key_column<'a>(
    table: TableBuilder,
    name: &str,
    all: impl Iterator<Item = &'a Key> + Clone,
    keys: impl Iterator<Item = Option<&'a Key>>,
) -> TableBuilder {
    let present = || all.clone().filter(|key| **key != Key::Missing);
    let some = present().next().is_some();
    if some && present().all(|key| matches!(key, Key::Integer(_))) {
        return table.integer(name, keys.map(|key| if let Some(Key::Integer(value)) = key { Some(*value) } else { None }));
    }
    if some && present().all(|key| matches!(key, Key::Boolean(_))) {
        return table.boolean(name, keys.map(|key| if let Some(Key::Boolean(value)) = key { Some(*value) } else { None }));
    }
    let text = |key: &Key| match key {
        Key::Missing => None,
        Key::Boolean(value) => Some(value.to_string()),
        Key::Integer(value) => Some(value.to_string()),
        Key::Text(value) => Some(value.clone()),
    };
    table.text(name, keys.map(|key| key.and_then(text)))
}

/// Four columns of a figure.
fn figure<'a, R: 'a>(
    table: TableBuilder,
    name: &str,
    rows: impl Iterator<Item = &'a R> + Clone,
    of: impl Fn(&R) -> Option<Figure>,
) -> TableBuilder {
    table
        .number(name, rows.clone().map(|row| of(row).and_then(|f| f.value)))
        .number(&format!("{name}_se"), rows.clone().map(|row| of(row).and_then(|f| f.standard_error)))
        .number(&format!("{name}_lower"), rows.clone().map(|row| of(row).and_then(|f| f.lower)))
        .number(&format!("{name}_upper"), rows.map(|row| of(row).and_then(|f| f.upper)))
}

pub(crate) fn whole(count: u64) -> Option<i64> {
    i64::try_from(count).ok()
}

fn measures(result: &ScoreResult, groups: bool) -> Result<Table> {
    let cells = result.cells.iter().filter(|cell| cell.is_group() == groups);
    let rows: Vec<Row<'_, (usize, &Measures)>> =
        cells.flat_map(|cell| cell.measures.iter().enumerate().map(move |item| Row { cell, item })).collect();
    let all = || rows.iter();
    let hidden = |row: &Row<'_, (usize, &Measures)>| row.cell.hidden || row.cell.union_hidden || row.item.1.hidden;
    let of_cell = |row: &Row<'_, (usize, &Measures)>, value: Option<f64>| value.filter(|_| !row.cell.hidden);
    let configuration = |row: &Row<'_, (usize, &Measures)>| result.configurations.get(row.item.0);
    let mut table = keyed(result, !groups, all().map(|row| row.cell))
        .text("weighting", all().map(|row| configuration(row).map(|c| &c.weighting)))
        .number("cutoff", all().map(|row| configuration(row).map(|c| c.cutoff)))
        .integer("n", all().map(|row| whole(row.cell.rows).filter(|_| !row.cell.hidden)))
        .number("population", all().map(|row| of_cell(row, Some(row.cell.population))))
        .number("share", all().map(|row| of_cell(row, row.cell.share)));
    for (name, of) in MEASURES {
        // what suppression took away is blank by now
        table = figure(table, name, all(), |row| Some(of(row.cell, row.item.1)));
    }
    let degrees = whole(result.sample.degrees_of_freedom).filter(|_| !result.sample.hidden);
    table
        .number("design_effect", all().map(|row| row.item.1.design_effect))
        .integer("degrees_of_freedom", all().map(|_| degrees))
        .number("coverage", all().map(|row| of_cell(row, row.cell.coverage)))
        .boolean("suppressed", all().map(|row| Some(hidden(row))))
        .build()
}

/// Configuration, indicator, and what was found.
type OfIndicator<'a> = (usize, usize, &'a IndicatorMeasures, Option<&'a Figure>);

fn dimensions(result: &ScoreResult, groups: bool) -> Result<Table> {
    let mut rows: Vec<Row<'_, OfIndicator<'_>>> = Vec::new();
    for cell in result.cells.iter().filter(|cell| cell.is_group() == groups) {
        for (at, measures) in cell.measures.iter().enumerate() {
            let found = measures.indicators.iter().enumerate();
            rows.extend(found.map(|(j, measures)| Row { cell, item: (at, j, measures, cell.headcounts.get(j)) }));
        }
    }
    let all = || rows.iter();
    let hidden = |row: &Row<'_, OfIndicator<'_>>| row.cell.hidden || row.item.2.hidden;
    let configuration = |row: &Row<'_, OfIndicator<'_>>| result.configurations.get(row.item.0);
    let indicator = |row: &Row<'_, OfIndicator<'_>>| result.settings.scheme.indicators.get(row.item.1);
    let mut table = keyed(result, !groups, all().map(|row| row.cell))
        .text("weighting", all().map(|row| configuration(row).map(|c| &c.weighting)))
        .number("cutoff", all().map(|row| configuration(row).map(|c| c.cutoff)))
        .text("indicator", all().map(|row| indicator(row).map(|i| &i.name)))
        .text("component", all().map(|row| indicator(row).and_then(|i| i.component).map(|c| c.word())))
        .number("weight", all().map(|row| configuration(row).and_then(|c| c.weights.get(row.item.1)).copied()));
    table = figure(table, "headcount", all(), |row| row.item.3.copied());
    table = figure(table, "censored_headcount", all(), |row| Some(row.item.2.censored));
    table = figure(table, "contribution", all(), |row| Some(row.item.2.contribution));
    let withheld = |row: &Row<'_, OfIndicator<'_>>| row.cell.hidden || row.cell.missing_hidden.get(row.item.1) == Some(&true);
    let missing = |row: &Row<'_, OfIndicator<'_>>| row.cell.missing.get(row.item.1).copied().and_then(whole);
    table
        .integer("missing", all().map(|row| missing(row).filter(|_| !withheld(row))))
        .boolean("suppressed", all().map(|row| Some(hidden(row))))
        .build()
}

fn counts(result: &ScoreResult) -> Result<Table> {
    let groups = result.cells.iter().filter(|cell| cell.is_group());
    let rows: Vec<Row<'_, &CountShare>> = groups.flat_map(|cell| cell.counts.iter().map(move |item| Row { cell, item })).collect();
    let weightings: Vec<&str> =
        result.configurations.chunk_by(|a, b| a.weighting == b.weighting).filter_map(|c| Some(c.first()?.weighting.as_str())).collect();
    let all = || rows.iter();
    let hidden = |row: &Row<'_, &CountShare>| row.cell.hidden || row.item.hidden;
    keyed(result, false, all().map(|row| row.cell))
        .text("weighting", all().map(|row| weightings.get(row.item.weighting)))
        .number("deprivation_share", all().map(|row| Some(row.item.deprivation_share)))
        .number("share", all().map(|row| row.item.share.filter(|_| !hidden(row))))
        .integer("n", all().map(|row| whole(row.item.rows).filter(|_| !hidden(row))))
        .boolean("suppressed", all().map(|row| Some(hidden(row))))
        .build()
}

fn codeprivation(result: &ScoreResult) -> Result<Table> {
    let groups = result.cells.iter().filter(|cell| cell.is_group());
    let rows: Vec<Row<'_, &super::cells::Pair>> = groups.flat_map(|cell| cell.pairs.iter().map(move |item| Row { cell, item })).collect();
    let all = || rows.iter();
    let name = |at: usize| result.settings.scheme.indicators.get(at).map(|i| &i.name);
    let hidden = |row: &Row<'_, &super::cells::Pair>| row.cell.hidden || row.item.hidden;
    keyed(result, false, all().map(|row| row.cell))
        .text("first", all().map(|row| name(row.item.first)))
        .text("second", all().map(|row| name(row.item.second)))
        .number("both", all().map(|row| row.item.both.filter(|_| !hidden(row))))
        .number("phi", all().map(|row| row.item.phi.filter(|_| !hidden(row))))
        .number("conditional", all().map(|row| row.item.conditional.filter(|_| !hidden(row))))
        .boolean("suppressed", all().map(|row| Some(hidden(row))))
        .build()
}

fn bounds(result: &ScoreResult) -> Result<Table> {
    let groups = result.cells.iter().filter(|cell| cell.is_group());
    let rows: Vec<Row<'_, (usize, &Measures)>> =
        groups.flat_map(|cell| cell.measures.iter().enumerate().map(move |item| Row { cell, item })).collect();
    let all = || rows.iter();
    let hidden = |row: &Row<'_, (usize, &Measures)>| row.cell.hidden || row.item.1.hidden || row.item.1.bounds_hidden;
    let mut table = keyed(result, false, all().map(|row| row.cell))
        .text("weighting", all().map(|row| result.configurations.get(row.item.0).map(|c| &c.weighting)))
        .number("cutoff", all().map(|row| result.configurations.get(row.item.0).map(|c| c.cutoff)));
    for (at, name) in ["H_lower", "H_upper", "M0_lower", "M0_upper"].into_iter().enumerate() {
        let bound = |row: &Row<'_, (usize, &Measures)>| row.item.1.bounds.and_then(|b| b.get(at).copied()).filter(|_| !hidden(row));
        table = table.number(name, all().map(bound));
    }
    table.boolean("suppressed", all().map(|row| Some(hidden(row)))).build()
}

fn missing(result: &ScoreResult) -> Result<Table> {
    let indicators = &result.settings.scheme.indicators;
    Table::builder()
        .text("indicator", indicators.iter().map(|i| Some(&i.name)))
        .integer("rows", result.missing.iter().map(|(rows, _)| whole(*rows).filter(|_| !result.sample.hidden)))
        .number("share", result.missing.iter().map(|(_, share)| *share))
        .build()
}
