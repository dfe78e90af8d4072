//! The tables of gender gaps.

use super::gender_gaps::{Gap, GapRow, GapSide, GenderGapsResult};
use crate::Result;
use crate::assessment::ConditionKind;
use crate::tables::{Table, TableBuilder};

/// Appends difference and ratio of one measure with their ends.
fn measure(
    table: TableBuilder,
    rows: &[GapRow],
    name: &str,
    of: fn(&GapRow) -> Option<&Gap>,
    side: fn(&GapSide) -> Option<f64>,
) -> TableBuilder {
    let ends = |pick: fn(&Gap) -> Option<f64>| rows.iter().map(move |r| of(r).and_then(pick));
    table
        .number(&format!("{name}_first"), rows.iter().map(|r| side(&r.first)))
        .number(&format!("{name}_second"), rows.iter().map(|r| side(&r.second)))
        .number(&format!("{name}_difference"), ends(|g| Some(g.difference)))
        .number(&format!("{name}_difference_lower"), ends(|g| g.difference_ends.map(|e| e.0)))
        .number(&format!("{name}_difference_upper"), ends(|g| g.difference_ends.map(|e| e.1)))
        .number(&format!("{name}_ratio"), ends(|g| g.ratio))
        .number(&format!("{name}_ratio_lower"), ends(|g| g.ratio_ends.map(|e| e.0)))
        .number(&format!("{name}_ratio_upper"), ends(|g| g.ratio_ends.map(|e| e.1)))
}

pub(super) fn tables(result: &GenderGapsResult) -> Result<Vec<(&'static str, Table)>> {
    let rows = &result.gaps;
    let settings = &result.settings;
    let whole = |n: Option<u64>| n.and_then(|n| i64::try_from(n).ok());
    let mut gaps = Table::builder()
        .text("threat", rows.iter().map(|r| Some(&r.threat)))
        .text("component", rows.iter().map(|r| Some(r.component.word())))
        .text("place", rows.iter().map(|r| Some(&r.place)))
        .text("first", rows.iter().map(|_| Some(&settings.first)))
        .text("second", rows.iter().map(|_| Some(&settings.second)));
    gaps = measure(gaps, rows, "severity", |r| r.severity.as_ref(), |s| s.severity);
    gaps = measure(gaps, rows, "prevalence", |r| r.prevalence.as_ref(), |s| s.prevalence);
    let gaps = gaps
        .integer("n_first", rows.iter().map(|r| whole(r.first.n)))
        .integer("n_second", rows.iter().map(|r| whole(r.second.n)))
        .text("state", rows.iter().map(|r| Some(r.state)))
        .text("within", rows.iter().map(|r| r.within.as_ref()))
        .text("severity_interval", rows.iter().map(|r| r.severity.map(|g| g.interval)))
        .text("prevalence_interval", rows.iter().map(|r| r.prevalence.map(|g| g.interval)))
        .text("kind_first", rows.iter().map(|r| r.first.kind.map(ConditionKind::word)))
        .text("kind_second", rows.iter().map(|r| r.second.kind.map(ConditionKind::word)))
        .number("coverage_first", rows.iter().map(|r| r.first.coverage))
        .number("coverage_second", rows.iter().map(|r| r.second.coverage))
        .list("groups_first", rows.iter().map(|r| Some(r.first.groups.clone())))
        .list("groups_second", rows.iter().map(|r| Some(r.second.groups.clone())))
        .build()?;
    let rows = &result.intersections;
    let intersections = Table::builder()
        .text("threat", rows.iter().map(|r| Some(&r.threat)))
        .text("place", rows.iter().map(|r| Some(&r.place)))
        .text("gender", rows.iter().map(|r| r.gender.as_ref()))
        .text("age", rows.iter().map(|r| r.age.as_ref()))
        .text("status", rows.iter().map(|r| r.status.as_ref()))
        .number("severity", rows.iter().map(|r| r.severity))
        .number("prevalence", rows.iter().map(|r| r.prevalence))
        .number("persons", rows.iter().map(|r| r.persons))
        .integer("n", rows.iter().map(|r| whole(r.n)))
        .text("state", rows.iter().map(|r| Some(r.state)))
        .text("group", rows.iter().map(|r| Some(&r.group)))
        .list("tags", rows.iter().map(|r| Some(r.tags.clone())))
        .build()?;
    let rows = &result.missing;
    let missing = Table::builder()
        .text("threat", rows.iter().map(|r| Some(&r.threat)))
        .text("place", rows.iter().map(|r| Some(&r.place)))
        .text("wanted", rows.iter().map(|r| Some(&r.wanted)))
        .text("advice", rows.iter().map(|r| Some(&r.advice)))
        .build()?;
    let rows = &result.harms;
    let harms = Table::builder()
        .text("intervention", rows.iter().map(|r| Some(&r.intervention)))
        .text("group", rows.iter().map(|r| r.group.as_ref()))
        .text("threat", rows.iter().map(|r| r.threat.as_ref()))
        .text("component", rows.iter().map(|r| r.component))
        .text("outcome", rows.iter().map(|r| Some(r.outcome)))
        .text("source", rows.iter().map(|r| Some(r.source)))
        .text("locator", rows.iter().map(|r| r.locator.as_ref()))
        .text("description", rows.iter().map(|r| r.description.as_ref()))
        .build()?;
    Ok(vec![("gaps", gaps), ("intersections", intersections), ("missing", missing), ("harms", harms)])
}
