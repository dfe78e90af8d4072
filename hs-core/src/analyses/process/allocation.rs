//! Who carries which burden and gains what: side by side, and never set off against each other.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::Assessment;
use crate::Result;
use crate::tables::Table;

/// A task as it was given to an actor.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TaskRow {
    /// The actor.
    pub actor: String,
    /// What is to be done; none where not said.
    pub task: Option<String>,
    /// How heavy it is, 0 to 1.
    pub burden: Option<f64>,
    /// What it brings, 0 to 1.
    pub benefit: Option<f64>,
    /// `even`, `burden-without-benefit`, `benefit-without-burden` or `not-said`.
    pub balance: &'static str,
    /// The intervention.
    pub intervention: String,
    /// The role.
    pub role: &'static str,
    /// The stage, 1 to 5.
    pub stage: Option<u8>,
}

/// What one actor carries and gains in one intervention.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Allocation {
    /// The intervention.
    pub intervention: String,
    /// The actor.
    pub actor: String,
    /// Its tasks.
    pub tasks: usize,
    /// Sum of the burdens; none where any is not said.
    pub burden: Option<f64>,
    /// Sum of the benefits; none where any is not said.
    pub benefit: Option<f64>,
    /// Actors of the same intervention who carry no more and gain no less, and differ by more than the margin in one of the two.
    pub envies: Vec<String>,
    /// `envies`, `even`, `alone` or `not-said`.
    pub state: &'static str,
}

/// Burdens from this are heavy, benefits under it small.
const HALF: f64 = 0.5;

/// Every responsibility, in the order of the assessment.
pub(super) fn task_rows(assessment: &Assessment, asked: &dyn Fn(&str) -> bool) -> Vec<TaskRow> {
    let row = |r: &crate::assessment::Responsibility| {
        let (burden, benefit) = (r.burden.map(|b| b.get()), r.benefit.map(|b| b.get()));
        let balance = match burden.zip(benefit) {
            None => "not-said",
            Some((burden, benefit)) if burden >= HALF && benefit < HALF => "burden-without-benefit",
            Some((burden, benefit)) if burden < HALF && benefit >= HALF => "benefit-without-burden",
            Some(_) => "even",
        };
        TaskRow {
            actor: r.actor.clone(),
            task: r.task.clone(),
            burden,
            benefit,
            balance,
            intervention: r.intervention.clone(),
            role: r.role.word(),
            stage: r.stage,
        }
    };
    assessment.responsibilities.iter().filter(|r| asked(&r.intervention)).map(row).collect()
}

/// What each actor carries and gains, and who is better placed on both axes at once.
pub(super) fn allocation(assessment: &Assessment, asked: &dyn Fn(&str) -> bool, margin: f64) -> Vec<Allocation> {
    let mut of: BTreeMap<(&str, &str), Vec<&crate::assessment::Responsibility>> = BTreeMap::new();
    for r in assessment.responsibilities.iter().filter(|r| asked(&r.intervention)) {
        if r.burden.is_some() || r.benefit.is_some() || r.task.is_some() {
            of.entry((&r.intervention, &r.actor)).or_default().push(r);
        }
    }
    let mut sums: Vec<Allocation> = of
        .into_iter()
        .map(|((intervention, actor), rows)| Allocation {
            intervention: intervention.to_owned(),
            actor: actor.to_owned(),
            tasks: rows.len(),
            burden: rows.iter().map(|r| r.burden.map(|b| b.get())).sum(),
            benefit: rows.iter().map(|r| r.benefit.map(|b| b.get())).sum(),
            envies: Vec::new(),
            state: "not-said",
        })
        .collect();
    let all = sums.clone();
    for own in &mut sums {
        let Some((burden, benefit)) = own.burden.zip(own.benefit) else { continue };
        let others: Vec<(&str, f64, f64)> = all
            .iter()
            .filter(|o| o.intervention == own.intervention && o.actor != own.actor)
            .filter_map(|o| Some((o.actor.as_str(), o.burden?, o.benefit?)))
            .collect();
        let better = |(_, b, g): &&(&str, f64, f64)| {
            *b <= burden + 1e-9 && *g >= benefit - 1e-9 && (burden - b > margin + 1e-9 || g - benefit > margin + 1e-9)
        };
        own.envies = others.iter().filter(better).map(|(actor, ..)| (*actor).to_owned()).collect();
        own.state = match (others.is_empty(), own.envies.is_empty()) {
            (true, _) => "alone",
            (false, true) => "even",
            _ => "envies",
        };
    }
    sums
}

impl TaskRow {
    pub(super) fn table(rows: &[TaskRow]) -> Result<Table> {
        Table::builder()
            .text("actor", rows.iter().map(|t| Some(t.actor.as_str())))
            .text("task", rows.iter().map(|t| t.task.as_deref()))
            .number("burden", rows.iter().map(|t| t.burden))
            .number("benefit", rows.iter().map(|t| t.benefit))
            .text("balance", rows.iter().map(|t| Some(t.balance)))
            .text("intervention", rows.iter().map(|t| Some(t.intervention.as_str())))
            .text("role", rows.iter().map(|t| Some(t.role)))
            .integer("stage", rows.iter().map(|t| t.stage.map(i64::from)))
            .build()
    }
}

impl Allocation {
    pub(super) fn table(rows: &[Allocation]) -> Result<Table> {
        Table::builder()
            .text("intervention", rows.iter().map(|t| Some(t.intervention.as_str())))
            .text("actor", rows.iter().map(|t| Some(t.actor.as_str())))
            .integer("tasks", rows.iter().map(|t| i64::try_from(t.tasks).ok()))
            .number("burden", rows.iter().map(|t| t.burden))
            .number("benefit", rows.iter().map(|t| t.benefit))
            .list("envies", rows.iter().map(|t| Some(t.envies.clone())))
            .text("state", rows.iter().map(|t| Some(t.state)))
            .build()
    }
}
