//! The tables of people moved.

use super::found::{ByIndicator, Found, Pair};
use super::result::{Moved, People, PeopleMovedResult};
use crate::Result;
use crate::tables::{Table, TableBuilder};

pub(super) fn tables(result: &PeopleMovedResult) -> Result<Vec<(&'static str, Table)>> {
    Ok(vec![
        ("people", people(result, true)?),
        ("margins", people(result, false)?),
        ("indicators", indicators(result, true)?),
        ("indicator_margins", indicators(result, false)?),
        ("unmoved", unmoved(result)?),
        ("prevalence", prevalence(result)?),
    ])
}

/// One choice, cell, and who is moved there.
struct Row<'a> {
    choice: &'a str,
    cell: &'a People,
    moved: &'a Moved,
}

impl Row<'_> {
    fn lifted(&self, of: impl Fn(&Found) -> f64) -> Option<f64> {
        self.moved.found.as_ref().filter(|_| !self.moved.lifted_hidden).map(of)
    }

    fn pushed(&self, of: impl Fn(&Found) -> f64) -> Option<f64> {
        self.moved.found.as_ref().filter(|_| !self.moved.pushed_hidden).map(of)
    }

    fn population(&self) -> Option<f64> {
        self.cell.population.filter(|_| !self.cell.hidden)
    }

    fn below(&self) -> Option<f64> {
        self.cell.below.filter(|_| !self.cell.below_hidden)
    }
}

fn rows(result: &PeopleMovedResult, crossed: bool) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    for (choice, moved) in result.choices.iter().zip(&result.moved) {
        for (cell, moved) in result.cells.iter().zip(moved).filter(|(cell, _)| cell.held.iter().all(|held| *held) == crossed) {
            rows.push(Row { choice, cell, moved });
        }
    }
    rows
}

fn keyed(rows: &[Row<'_>]) -> TableBuilder {
    Table::builder()
        .text("intervention", rows.iter().map(|row| Some(row.choice)))
        .text("place", rows.iter().map(|row| row.cell.shown.first().cloned().flatten()))
        .text("group", rows.iter().map(|row| row.cell.shown.get(1).cloned().flatten()))
}

fn people(result: &PeopleMovedResult, crossed: bool) -> Result<Table> {
    let rows = rows(result, crossed);
    let crossing = result.settings.crossing;
    let all = || rows.iter();
    let lifted = |of: fn(&Found) -> Pair| all().map(move |row| row.lifted(|found| of(found).lifted)).collect::<Vec<_>>();
    let pushed = |of: fn(&Found) -> Pair| all().map(move |row| row.pushed(|found| of(found).pushed)).collect::<Vec<_>>();
    let end = |interval: Option<(f64, f64)>, hidden: bool, upper: bool| interval.filter(|_| !hidden).map(|i| if upper { i.1 } else { i.0 });
    let after =
        |row: &Row<'_>| Some(row.below()? - row.lifted(|f| f.answer(crossing).lifted)? + row.pushed(|f| f.answer(crossing).pushed)?);
    let share = |part: Option<f64>, of: Option<f64>| Some(part? / of.filter(|all| *all > 0.0)?);
    keyed(&rows)
        .number("lifted", all().map(|row| row.lifted(|f| f.answer(crossing).lifted)))
        .number("lifted_lower", all().map(|row| end(row.moved.lifted, row.moved.lifted_hidden, false)))
        .number("lifted_upper", all().map(|row| end(row.moved.lifted, row.moved.lifted_hidden, true)))
        .number("pushed", all().map(|row| row.pushed(|f| f.answer(crossing).pushed)))
        .number("pushed_lower", all().map(|row| end(row.moved.pushed, row.moved.pushed_hidden, false)))
        .number("pushed_upper", all().map(|row| end(row.moved.pushed, row.moved.pushed_hidden, true)))
        .number("lifted_random", lifted(|f| f.random))
        .number("lifted_nearest", lifted(|f| f.nearest))
        .number("lifted_farthest", lifted(|f| f.farthest))
        .number("pushed_random", pushed(|f| f.random))
        .number("pushed_nearest", pushed(|f| f.nearest))
        .number("pushed_farthest", pushed(|f| f.farthest))
        .number("below_before", all().map(Row::below))
        .number("below_after", all().map(after))
        .number("share_before", all().map(|row| share(row.below(), row.population())))
        .number("share_after", all().map(|row| share(after(row), row.population())))
        .integer("n", all().map(|row| i64::try_from(row.cell.rows).ok().filter(|_| !row.cell.hidden && result.settings.score.is_some())))
        .number("population", all().map(Row::population))
        .number("coverage", all().map(|row| row.cell.coverage.filter(|_| !row.cell.hidden)))
        .number("matched", all().map(|row| row.cell.matched.filter(|_| !row.cell.hidden)))
        .boolean(
            "suppressed",
            all().map(|row| Some(row.cell.hidden || row.cell.below_hidden || row.moved.lifted_hidden || row.moved.pushed_hidden)),
        )
        .text("over", all().map(|row| Some(row.cell.over.as_str())))
        .text("in_place", all().map(|row| row.cell.in_place.clone()))
        .build()
}

fn indicators(result: &PeopleMovedResult, crossed: bool) -> Result<Table> {
    let Some(score) = &result.settings.score else { return indicator_table(&[], &result.settings, &[]) };
    let rows = rows(result, crossed);
    let mut all: Vec<(usize, usize)> = Vec::new();
    for at in 0..rows.len() {
        all.extend((0..score.scheme.indicators.len()).map(|bit| (at, bit)));
    }
    indicator_table(&rows, &result.settings, &all)
}

fn indicator_table(rows: &[Row<'_>], settings: &super::PeopleMoved, all: &[(usize, usize)]) -> Result<Table> {
    let indicator = |bit: usize| settings.score.as_ref().and_then(|score| score.scheme.indicators.get(bit));
    let row = |at: usize| rows.get(at);
    let of = |(at, bit): (usize, usize)| row(at).and_then(|row| row.moved.found.as_ref()?.indicators.get(bit).copied());
    let share = |place: (usize, usize), value: fn(&ByIndicator) -> f64| {
        let own = row(place.0)?;
        let shown = !own.cell.hidden && own.cell.indicator_hidden.get(place.1) == Some(&false);
        Some(value(&of(place)?) / own.population().filter(|all| *all > 0.0 && shown)?)
    };
    // who is moved is told by random crossing alone: its shares add up
    let random = settings.crossing == super::Crossing::Random;
    let lifted = |(at, bit): (usize, usize), value: fn(&ByIndicator) -> Pair| {
        row(at).filter(|row| random && !row.moved.lifted_hidden && !is_unshared(row) && !tells_of_few(row))?;
        of((at, bit)).map(|by| value(&by).lifted)
    };
    let pushed = |(at, bit): (usize, usize), value: fn(&ByIndicator) -> Pair| {
        row(at).filter(|row| random && !row.moved.pushed_hidden && !is_unshared(row) && !tells_of_few(row))?;
        of((at, bit)).map(|by| value(&by).pushed)
    };
    let severity = |(at, bit): (usize, usize), after: bool| {
        let found = row(at)?.moved.found.as_ref()?;
        let (before, later) = (*found.severities.get(bit)?)?;
        Some(if after { later } else { before })
    };
    let places = || all.iter().copied();
    Table::builder()
        .text("intervention", places().map(|(at, _)| row(at).map(|row| row.choice)))
        .text("indicator", places().map(|(_, bit)| indicator(bit).map(|i| i.name.as_str())))
        .text("threat", places().map(|(_, bit)| indicator(bit).and_then(|i| i.threat.as_deref())))
        .text("place", places().map(|(at, _)| row(at).and_then(|row| row.cell.shown.first().cloned().flatten())))
        .text("group", places().map(|(at, _)| row(at).and_then(|row| row.cell.shown.get(1).cloned().flatten())))
        .number("before", places().map(|place| share(place, |by| by.before)))
        .number("after", places().map(|place| share(place, |by| by.after)))
        .number("lifted", places().map(|place| lifted(place, |by| by.share)))
        .number("pushed", places().map(|place| pushed(place, |by| by.share)))
        .number("lifted_alone", places().map(|place| lifted(place, |by| by.alone)))
        .number("pushed_alone", places().map(|place| pushed(place, |by| by.alone)))
        .number("lifted_last", places().map(|place| lifted(place, |by| by.last)))
        .number("pushed_last", places().map(|place| pushed(place, |by| by.last)))
        .number("severity_before", places().map(|place| severity(place, false)))
        .number("severity_after", places().map(|place| severity(place, true)))
        .text("component", places().map(|(_, bit)| indicator(bit).and_then(|i| i.component).map(|c| c.word())))
        .text("over", places().map(|(at, _)| row(at).map(|row| row.cell.over.as_str())))
        .build()
}

/// Whether an indicator moves whose share deprived may not leave: what the others did and the sum would tell of it.
fn tells_of_few(row: &Row<'_>) -> bool {
    let Some(found) = &row.moved.found else { return false };
    found.indicators.iter().zip(&row.cell.indicator_hidden).any(|(by, hidden)| *hidden && by.before != by.after)
}

fn is_unshared(row: &Row<'_>) -> bool {
    row.moved.found.as_ref().is_some_and(|found| found.unshared)
}

fn unmoved(result: &PeopleMovedResult) -> Result<Table> {
    let all = || result.unmoved.iter();
    Table::builder()
        .text("indicator", all().map(|row| row.indicator.as_deref()))
        .text("threat", all().map(|row| row.threat.as_deref()))
        .text("place", all().map(|row| row.place.as_deref()))
        .text("group", all().map(|row| row.group.as_deref()))
        .text("reason", all().map(|row| Some(row.reason)))
        .build()
}

fn prevalence(result: &PeopleMovedResult) -> Result<Table> {
    let all = || result.prevalence.iter();
    let end = |interval: Option<(f64, f64)>, upper: bool| interval.map(|i| if upper { i.1 } else { i.0 });
    Table::builder()
        .text("intervention", all().map(|row| Some(row.choice.as_str())))
        .text("threat", all().map(|row| Some(row.threat.as_str())))
        .text("place", all().map(|row| row.place.as_deref()))
        .text("group", all().map(|row| row.group.as_deref()))
        .number("before", all().map(|row| Some(row.before)))
        .number("after", all().map(|row| row.after))
        .number("after_lower", all().map(|row| end(row.after_interval, false)))
        .number("after_upper", all().map(|row| end(row.after_interval, true)))
        .number("persons_better", all().map(|row| row.better))
        .number("persons_better_lower", all().map(|row| end(row.better_interval, false)))
        .number("persons_better_upper", all().map(|row| end(row.better_interval, true)))
        .number("persons_worse", all().map(|row| row.worse))
        .number("persons_worse_lower", all().map(|row| end(row.worse_interval, false)))
        .number("persons_worse_upper", all().map(|row| end(row.worse_interval, true)))
        .number("severity_before", all().map(|row| Some(row.severity)))
        .number("severity_after", all().map(|row| row.severity_after))
        .number("population", all().map(|row| row.persons))
        .build()
}
