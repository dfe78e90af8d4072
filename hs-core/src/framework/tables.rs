//! The framework as named tables, for the bindings and reports.

use super::components::{COMPONENTS, FREEDOMS, Meaning, VITAL_CORE};
use super::externalities::{EXTERNALITIES, matrix};
use super::phases::PHASES;
use super::principles::PRINCIPLES;
use super::questions::QUESTIONS;
use super::stages::STAGES;
use super::strategies::{CAPACITIES, STRATEGIES};
use crate::Result;
use crate::tables::Table;

/// Every part of the framework as a table, by name.
///
/// | table | one row |
/// |---|---|
/// | `components` | a component with its example threats (Table I) and where its borders are often mistaken |
/// | `threats` | an example threat |
/// | `strategies`, `capacities` | a strategy or capacity of Table II; pillars are inferred |
/// | `externalities` | a claim of Table III |
/// | `externality_matrix` | a cell of its 7 by 7 view: `state` is `claim` or `no claim`, and counts are null without one |
/// | `principles` | a principle with what it asks |
/// | `phases`, `tasks` | a phase with its goals; a task |
/// | `questions` | a question on protection and empowerment |
/// | `stages` | a participatory stage |
/// | `freedoms`, `vital_core` | a freedom; a part of the vital core |
///
/// # Errors
/// A fault of this library.
pub fn tables() -> Result<Vec<(&'static str, Table)>> {
    Ok(vec![
        ("components", components()?),
        ("threats", threats()?),
        ("strategies", strategies()?),
        ("capacities", capacities()?),
        ("externalities", externalities()?),
        ("externality_matrix", externality_matrix()?),
        ("principles", principles()?),
        ("phases", phases()?),
        ("tasks", tasks()?),
        ("questions", questions()?),
        ("stages", stages()?),
        ("freedoms", meanings(&FREEDOMS)?),
        ("vital_core", meanings(&VITAL_CORE)?),
    ])
}

fn components() -> Result<Table> {
    Table::builder()
        .text("component", COMPONENTS.iter().map(|c| Some(c.component.word())))
        .text("label", COMPONENTS.iter().map(|c| Some(c.label)))
        .list("threats", COMPONENTS.iter().map(|c| Some(c.threats.to_vec())))
        .list("boundaries", COMPONENTS.iter().map(|c| Some(c.boundaries.to_vec())))
        .text("locator", COMPONENTS.iter().map(|c| Some(c.locator)))
        .build()
}

fn threats() -> Result<Table> {
    let rows = || COMPONENTS.iter().flat_map(|c| c.threats.iter().map(move |threat| (c, *threat)));
    Table::builder()
        .text("component", rows().map(|(c, _)| Some(c.component.word())))
        .text("threat", rows().map(|(_, threat)| Some(threat)))
        .text("locator", rows().map(|(c, _)| Some(c.locator)))
        .build()
}

fn strategies() -> Result<Table> {
    Table::builder()
        .text("id", STRATEGIES.iter().map(|s| Some(s.id)))
        .text("component", STRATEGIES.iter().map(|s| Some(s.component.word())))
        .text("strategy", STRATEGIES.iter().map(|s| Some(s.strategy)))
        .text("pillar", STRATEGIES.iter().map(|s| Some(s.pillar.word())))
        .text("pillar_basis", STRATEGIES.iter().map(|_| Some("inferred")))
        .text("locator", STRATEGIES.iter().map(|s| Some(s.locator)))
        .build()
}

fn capacities() -> Result<Table> {
    Table::builder()
        .text("id", CAPACITIES.iter().map(|c| Some(c.id)))
        .text("component", CAPACITIES.iter().map(|c| Some(c.component.word())))
        .text("capacity", CAPACITIES.iter().map(|c| Some(c.capacity)))
        .list("shared_with", CAPACITIES.iter().map(|c| Some(c.shared_with().map(super::Component::word).collect::<Vec<_>>())))
        .text("locator", CAPACITIES.iter().map(|c| Some(c.locator)))
        .build()
}

fn externalities() -> Result<Table> {
    Table::builder()
        .text("id", EXTERNALITIES.iter().map(|e| Some(e.id)))
        .text("component", EXTERNALITIES.iter().map(|e| Some(e.component.word())))
        .text("intervention", EXTERNALITIES.iter().map(|e| Some(e.intervention)))
        .text("target", EXTERNALITIES.iter().map(|e| Some(e.target.word())))
        .text("outcome", EXTERNALITIES.iter().map(|e| Some(e.outcome.word())))
        .text("description", EXTERNALITIES.iter().map(|e| Some(e.description)))
        .boolean("broad", EXTERNALITIES.iter().map(|e| Some(e.broad)))
        .text("basis", EXTERNALITIES.iter().map(|e| Some(e.basis)))
        .text("locator", EXTERNALITIES.iter().map(|e| Some(e.locator)))
        .build()
}

fn externality_matrix() -> Result<Table> {
    Table::builder()
        .text("component", matrix().map(|(from, _, _)| Some(from.word())))
        .text("target", matrix().map(|(_, to, _)| Some(to.word())))
        .text("state", matrix().map(|(_, _, count)| Some(if count.is_some() { "claim" } else { "no claim" })))
        .integer("better", matrix().map(|(_, _, count)| count.map(|c| i64::from(c.better))))
        .integer("worse", matrix().map(|(_, _, count)| count.map(|c| i64::from(c.worse))))
        .integer("broad", matrix().map(|(_, _, count)| count.map(|c| i64::from(c.broad))))
        .build()
}

fn principles() -> Result<Table> {
    Table::builder()
        .text("principle", PRINCIPLES.iter().map(|p| Some(p.id)))
        .text("meaning", PRINCIPLES.iter().map(|p| Some(p.meaning)))
        .list("approach", PRINCIPLES.iter().map(|p| Some(p.approach.to_vec())))
        .list("analysis", PRINCIPLES.iter().map(|p| Some(p.analysis.to_vec())))
        .text("locator", PRINCIPLES.iter().map(|p| Some(p.locator)))
        .build()
}

fn phases() -> Result<Table> {
    Table::builder()
        .integer("number", PHASES.iter().map(|p| Some(i64::from(p.number))))
        .text("phase", PHASES.iter().map(|p| Some(p.name)))
        .list("goals", PHASES.iter().map(|p| Some(p.goals.to_vec())))
        .integer("tasks", PHASES.iter().map(|p| i64::try_from(p.tasks.len()).ok()))
        .text("locator", PHASES.iter().map(|p| Some(p.goals_locator)))
        .build()
}

fn tasks() -> Result<Table> {
    let rows = || PHASES.iter().flat_map(|p| p.tasks.iter().zip(1i64..).map(move |(task, n)| (p, n, *task)));
    Table::builder()
        .text("id", rows().map(|(p, n, _)| Some(format!("{}.{n}", p.number))))
        .integer("phase", rows().map(|(p, _, _)| Some(i64::from(p.number))))
        .text("task", rows().map(|(_, _, task)| Some(task)))
        .text("locator", rows().map(|(p, _, _)| Some(p.tasks_locator)))
        .build()
}

fn questions() -> Result<Table> {
    Table::builder()
        .integer("number", QUESTIONS.iter().map(|q| Some(i64::from(q.number))))
        .text("question", QUESTIONS.iter().map(|q| Some(q.question)))
        .text("pillar", QUESTIONS.iter().map(|q| Some(q.pillar.word())))
        .text("pillar_basis", QUESTIONS.iter().map(|q| Some(q.pillar_basis)))
        .text("locator", QUESTIONS.iter().map(|q| Some(q.locator)))
        .build()
}

fn stages() -> Result<Table> {
    Table::builder()
        .integer("number", STAGES.iter().map(|s| Some(i64::from(s.number))))
        .text("stage", STAGES.iter().map(|s| Some(s.name)))
        .text("why", STAGES.iter().map(|s| Some(s.why)))
        .list("asks", STAGES.iter().map(|s| Some(s.asks.to_vec())))
        .text("locator", STAGES.iter().map(|s| Some(s.locator)))
        .build()
}

fn meanings(words: &[Meaning]) -> Result<Table> {
    Table::builder()
        .text("name", words.iter().map(|m| Some(m.name)))
        .text("meaning", words.iter().map(|m| Some(m.meaning)))
        .text("locator", words.iter().map(|m| Some(m.locator)))
        .build()
}
