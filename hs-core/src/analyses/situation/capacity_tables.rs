//! The tables of the capacity profile.

use super::capacity_profile::CapacityProfileResult;
use super::capacity_rows::Inventory;
use crate::Result;
use crate::assessment::{CapacityKind, Capital, Infrastructure};
use crate::framework::Pillar;
use crate::tables::Table;

fn whole(n: usize) -> Option<i64> {
    i64::try_from(n).ok()
}

fn size(n: Option<u64>) -> Option<i64> {
    n.and_then(|n| i64::try_from(n).ok())
}

fn inventory(rows: &[&Inventory]) -> Result<Table> {
    Table::builder()
        .text("capacity", rows.iter().map(|r| Some(&r.capacity)))
        .text("component", rows.iter().map(|r| Some(r.component.word())))
        .text("place", rows.iter().map(|r| r.place.as_ref()))
        .text("group", rows.iter().map(|r| r.group.as_ref()))
        .text("pillar", rows.iter().map(|r| r.pillar.map(Pillar::word)))
        .number("level", rows.iter().map(|r| r.level))
        .text("kind", rows.iter().map(|r| r.kind.map(CapacityKind::word)))
        .text("capital", rows.iter().map(|r| r.capital.map(Capital::word)))
        .text("function", rows.iter().map(|r| r.function.map(Infrastructure::word)))
        .text("holder", rows.iter().map(|r| r.holder.as_ref()))
        .text("state", rows.iter().map(|r| r.state))
        .list("needed_by", rows.iter().map(|r| Some(r.needed_by.clone())))
        .text("why", rows.iter().map(|r| r.why.as_ref()))
        .build()
}

pub(super) fn tables(result: &CapacityProfileResult) -> Result<Vec<(&'static str, Table)>> {
    let all: Vec<&Inventory> = result.inventory.iter().collect();
    let neglected: Vec<&Inventory> = all.iter().copied().filter(|r| r.state == Some("neglected")).collect();
    let rows = &result.harmful_coping;
    let harmful_coping = Table::builder()
        .text("capacity", rows.iter().map(|r| Some(&r.capacity)))
        .text("component", rows.iter().map(|r| Some(r.component.word())))
        .text("place", rows.iter().map(|r| r.place.as_ref()))
        .text("group", rows.iter().map(|r| r.group.as_ref()))
        .number("level", rows.iter().map(|r| Some(r.level)))
        .text("class", rows.iter().map(|r| Some(r.class)))
        .list("against", rows.iter().map(|r| Some(r.against.clone())))
        .list("needed_by", rows.iter().map(|r| Some(r.needed_by.clone())))
        .build()?;
    let rows = &result.readiness;
    let readiness = Table::builder()
        .text("intervention", rows.iter().map(|r| Some(&r.intervention)))
        .integer("needed", rows.iter().map(|r| whole(r.needed.len())))
        .integer("present", rows.iter().map(|r| whole(r.present.len())))
        .list("missing", rows.iter().map(|r| Some(r.missing.clone())))
        .number("readiness", rows.iter().map(|r| r.readiness))
        .number("mean_level", rows.iter().map(|r| r.mean_level))
        .text("state", rows.iter().map(|r| Some(r.state)))
        .number("share", rows.iter().map(|r| r.share))
        .list("needs", rows.iter().map(|r| Some(r.needed.clone())))
        .build()?;
    let rows = &result.resources;
    let resources = Table::builder()
        .text("intervention", rows.iter().map(|r| Some(&r.intervention)))
        .text("kind", rows.iter().map(|r| Some(r.kind)))
        .number("local_share", rows.iter().map(|r| r.local_share))
        .list("displaces", rows.iter().map(|r| Some(r.displaces.clone())))
        .integer("resources", rows.iter().map(|r| whole(r.resources)))
        .integer("with_value", rows.iter().map(|r| whole(r.with_value)))
        .number("value", rows.iter().map(|r| r.value))
        .number("local_entries_share", rows.iter().map(|r| Some(r.local_entries)))
        .list("supports", rows.iter().map(|r| Some(r.supports.clone())))
        .integer("market_not_said", rows.iter().map(|r| whole(r.market_not_said)))
        .build()?;
    let rows = &result.resilience;
    let resilience = Table::builder()
        .text("place", rows.iter().map(|r| Some(&r.place)))
        .text("group", rows.iter().map(|r| r.group.as_ref()))
        .number("buffer", rows.iter().map(|r| r.buffer))
        .number("recovery", rows.iter().map(|r| r.recovery))
        .integer("shocks", rows.iter().map(|r| whole(r.shocks)))
        .integer("recovered", rows.iter().map(|r| whole(r.recovered)))
        .text("method", rows.iter().map(|r| Some(r.method)))
        .list("buffer_components", rows.iter().map(|r| Some(r.buffer_components.clone())))
        .build()?;
    Ok(vec![
        ("inventory", inventory(&all)?),
        ("neglected", inventory(&neglected)?),
        ("harmful_coping", harmful_coping),
        ("readiness", readiness),
        ("hot_spots", hot_spots(result)?),
        ("resources", resources),
        ("resilience", resilience),
        ("crosswalk", crosswalk(result)?),
        ("unlocks", unlocks(result)?),
        ("coping_scores", coping_scores(result)?),
    ])
}

fn hot_spots(result: &CapacityProfileResult) -> Result<Table> {
    let rows = &result.hot_spots;
    Table::builder()
        .text("component", rows.iter().map(|r| Some(r.component.word())))
        .text("place", rows.iter().map(|r| Some(&r.place)))
        .text("group", rows.iter().map(|r| r.group.as_ref()))
        .number("need", rows.iter().map(|r| Some(r.need)))
        .number("capacity", rows.iter().map(|r| r.capacity))
        .number("persons", rows.iter().map(|r| r.persons))
        .text("quadrant", rows.iter().map(|r| Some(r.quadrant.word())))
        .number("rank", rows.iter().map(|r| r.rank.map(f64::from)))
        .number("rank_lower", rows.iter().map(|r| r.rank_lower))
        .number("rank_upper", rows.iter().map(|r| r.rank_upper))
        .text("threat", rows.iter().map(|r| Some(&r.threat)))
        .number("severity", rows.iter().map(|r| r.severity))
        .number("prevalence", rows.iter().map(|r| r.prevalence))
        .integer("n", rows.iter().map(|r| size(r.n)))
        .build()
}

fn crosswalk(result: &CapacityProfileResult) -> Result<Table> {
    let rows = &result.crosswalk;
    Table::builder()
        .text("threat", rows.iter().map(|r| Some(&r.threat)))
        .text("component", rows.iter().map(|r| Some(r.component.word())))
        .text("place", rows.iter().map(|r| Some(&r.place)))
        .text("group", rows.iter().map(|r| r.group.as_ref()))
        .number("severity", rows.iter().map(|r| r.severity))
        .number("prevalence", rows.iter().map(|r| r.prevalence))
        .list("capacities", rows.iter().map(|r| Some(r.capacities.clone())))
        .text("state", rows.iter().map(|r| Some(r.state)))
        .build()
}

fn unlocks(result: &CapacityProfileResult) -> Result<Table> {
    let rows = &result.unlocks;
    Table::builder()
        .integer("step", rows.iter().map(|r| whole(r.step)))
        .text("capacity", rows.iter().map(|r| Some(&r.capacity)))
        .list("needed_by", rows.iter().map(|r| Some(r.needed_by.clone())))
        .list("completes", rows.iter().map(|r| Some(r.completes.clone())))
        .build()
}

fn coping_scores(result: &CapacityProfileResult) -> Result<Table> {
    let rows = &result.coping_scores;
    Table::builder()
        .text("indicator", rows.iter().map(|r| Some(&r.indicator)))
        .text("index", rows.iter().map(|r| Some(r.index)))
        .text("place", rows.iter().map(|r| Some(&r.place)))
        .text("group", rows.iter().map(|r| r.group.as_ref()))
        .text("period", rows.iter().map(|r| Some(&r.period)))
        .number("value", rows.iter().map(|r| r.value))
        .text("class", rows.iter().map(|r| r.class))
        .integer("n", rows.iter().map(|r| size(r.n)))
        .text("state", rows.iter().map(|r| Some(r.state)))
        .build()
}
