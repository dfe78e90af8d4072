//! The tables of a portfolio.

use super::result::PortfolioResult;
use crate::Result;
use crate::framework::Component;
use crate::tables::Table;

pub(super) fn all(result: &PortfolioResult) -> Result<Vec<(&'static str, Table)>> {
    Ok(vec![
        ("portfolio", portfolio(result)?),
        ("binding", binding(result)?),
        ("cells", cells(result)?),
        ("groups", groups(result)?),
        ("front", front(result)?),
        ("verification", verification(result)?),
    ])
}

fn portfolio(result: &PortfolioResult) -> Result<Table> {
    let rows = &result.interventions;
    Table::builder()
        .text("intervention", rows.iter().map(|r| Some(&r.intervention)))
        .boolean("chosen", rows.iter().map(|r| Some(r.chosen)))
        .number("level", rows.iter().map(|r| Some(r.level)))
        .number("cost", rows.iter().map(|r| r.cost))
        .number("chosen_share", rows.iter().map(|r| r.chosen_share))
        .number("spent", rows.iter().map(|r| r.spent))
        .text("pillar", rows.iter().map(|r| r.pillar))
        .text("horizon", rows.iter().map(|r| r.horizon))
        .number("alone", rows.iter().map(|r| r.alone))
        .text("refused", rows.iter().map(|r| r.refused))
        .build()
}

fn binding(result: &PortfolioResult) -> Result<Table> {
    let rows = &result.binding;
    Table::builder()
        .text("constraint", rows.iter().map(|r| Some(&r.constraint)))
        .text("kind", rows.iter().map(|r| Some(r.kind)))
        .number("limit", rows.iter().map(|r| r.limit))
        .number("value", rows.iter().map(|r| r.value))
        .text("words", rows.iter().map(|r| Some(&r.words)))
        .number("worth", rows.iter().map(|r| r.worth))
        .build()
}

fn cells(result: &PortfolioResult) -> Result<Table> {
    let rows = &result.cells;
    Table::builder()
        .text("threat", rows.iter().map(|r| Some(&r.node.threat)))
        .text("place", rows.iter().map(|r| r.node.place.as_ref()))
        .text("group", rows.iter().map(|r| r.node.group.as_ref()))
        .number("better", rows.iter().map(|r| Some(r.better)))
        .number("worse", rows.iter().map(|r| Some(r.worse)))
        .number("net", rows.iter().map(|r| Some(r.net)))
        .number("persons", rows.iter().map(|r| r.node.persons.zip(r.node.prevalence).map(|(n, p)| n * p)))
        .number("persons_exposed", rows.iter().map(|r| r.node.persons))
        .text("component", rows.iter().map(|r| r.node.component.map(Component::word)))
        .number("severity", rows.iter().map(|r| r.node.severity))
        .number("baseline", rows.iter().map(|r| Some(r.severity)))
        .number("harm", rows.iter().map(|r| Some(r.harm)))
        .number("gain", rows.iter().map(|r| r.gain))
        .number("pushed", rows.iter().map(|r| Some(r.pushed)))
        .build()
}

fn groups(result: &PortfolioResult) -> Result<Table> {
    let rows = &result.groups;
    let name = if result.settings.groups.is_some() { "group" } else { "place" };
    Table::builder()
        .text(name, rows.iter().map(|r| Some(&r.group)))
        .number("better", rows.iter().map(|r| Some(r.better)))
        .number("worse", rows.iter().map(|r| Some(r.worse)))
        .number("persons", rows.iter().map(|r| Some(r.persons)))
        .integer("cells", rows.iter().map(|r| i64::try_from(r.cells).ok()))
        .build()
}

fn front(result: &PortfolioResult) -> Result<Table> {
    let rows = &result.front;
    Table::builder()
        .integer("point", (0..rows.len()).map(|at| i64::try_from(at).ok()))
        .number("benefit", rows.iter().map(|r| Some(r.benefit)))
        .number("harm", rows.iter().map(|r| Some(r.harm)))
        .number("cost", rows.iter().map(|r| Some(r.cost)))
        .list("interventions", rows.iter().map(|r| Some(result.interventions_of(r))))
        .boolean("chosen", rows.iter().map(|r| Some(r.chosen)))
        .build()
}

fn verification(result: &PortfolioResult) -> Result<Table> {
    let rows = &result.verification;
    Table::builder()
        .text("check", rows.iter().map(|r| Some(r.check)))
        .number("value", rows.iter().map(|r| r.value))
        .number("limit", rows.iter().map(|r| r.limit))
        .boolean("holds", rows.iter().map(|r| r.holds))
        .text("words", rows.iter().map(|r| Some(&r.words)))
        .build()
}
