//! What a portfolio is: the set, what it does, what holds it back, and how sure that is.

use super::Portfolio;
use super::judge::{Judges, of};
use super::settings::{HarmCounted, HarmRule, Objective};
use super::solve::{Choice, EQUAL, Task};
use super::tables;
use crate::Result;
use crate::network::ThreatNode;
use crate::tables::{Note, Outcome};
use serde_json::json;

crate::framework::words::words!(
    /// How sure an answer is.
    PortfolioStatus {
        /// No set is worth more.
        Optimal = "optimal",
        /// No set is worth more than the bound.
        Gap = "gap",
        /// The best of those looked at.
        NoBound = "no-bound",
    }
);

/// One intervention.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// Its id.
    pub intervention: String,
    /// Whether it is in the set.
    pub chosen: bool,
    /// How much of it is funded, 0 to 1.
    pub level: f64,
    /// What it costs in full; none where that is not known.
    pub cost: Option<f64>,
    /// Share of draws in which it is chosen.
    pub chosen_share: Option<f64>,
    /// What is spent on it.
    pub spent: Option<f64>,
    /// Protection, empowerment or both.
    pub pillar: Option<&'static str>,
    /// Short, medium or long.
    pub horizon: Option<&'static str>,
    /// What it would be worth by itself, in full.
    pub alone: Option<f64>,
    /// Why it could not be chosen.
    pub refused: Option<&'static str>,
}

/// A constraint that holds the answer back.
#[derive(Debug, Clone, PartialEq)]
pub struct BindingRow {
    /// The setting.
    pub constraint: String,
    /// Its kind.
    pub kind: &'static str,
    /// The limit as given.
    pub limit: Option<f64>,
    /// What the set comes to.
    pub value: Option<f64>,
    /// All of it in words.
    pub words: String,
    /// How much more the programme would promise without it.
    pub worth: Option<f64>,
}

/// What the set does to a cell.
#[derive(Debug, Clone, PartialEq)]
pub struct CellRow {
    /// The cell.
    pub node: ThreatNode,
    /// Severity it starts from.
    pub severity: f64,
    /// Δ of the improvements.
    pub better: f64,
    /// Δ of the worsenings.
    pub worse: f64,
    /// Δ of both together.
    pub net: f64,
    /// The figure held against the tolerance, over every horizon looked at.
    pub harm: f64,
    /// What it adds to the objective, where the objective adds cells up.
    pub gain: Option<f64>,
    /// Persons pushed below the threshold, by the moved prevalence.
    pub pushed: f64,
}

/// What the set does to a group (or a place).
#[derive(Debug, Clone, PartialEq)]
pub struct GroupRow {
    /// Group or place.
    pub group: String,
    /// Mean Δ of the improvements, by persons.
    pub better: f64,
    /// Mean Δ of the worsenings.
    pub worse: f64,
    /// Σ weights of its cells.
    pub persons: f64,
    /// Its cells that count.
    pub cells: usize,
}

/// A set that no other set looked at beats in benefit, harm and cost.
#[derive(Debug, Clone, PartialEq)]
pub struct FrontPoint {
    /// The objective.
    pub benefit: f64,
    /// Σ persons times severity points that worsen.
    pub harm: f64,
    /// What it costs.
    pub cost: f64,
    /// Whether it is the answer.
    pub chosen: bool,
    /// By intervention.
    pub levels: Vec<f64>,
}

/// One thing that was run again.
#[derive(Debug, Clone, PartialEq)]
pub struct VerificationRow {
    /// What was looked at.
    pub check: &'static str,
    /// What was found.
    pub value: Option<f64>,
    /// What it is held against.
    pub limit: Option<f64>,
    /// Whether it holds; none where there is no limit.
    pub holds: Option<bool>,
    /// In words.
    pub words: String,
}

/// A portfolio.
#[derive(Debug, Clone)]
pub struct PortfolioResult {
    /// The settings it ran with.
    pub settings: Portfolio,
    /// Every intervention, in the order of the assessment (or as asked).
    pub interventions: Vec<Chosen>,
    /// The objective, as the whole network bears it out.
    pub objective: f64,
    /// No set is worth more; none where no bound holds.
    pub bound: Option<f64>,
    /// (bound - objective) / bound; none where no bound holds.
    pub gap: Option<f64>,
    /// How sure.
    pub status: PortfolioStatus,
    /// What single effects added up take the set to be worth.
    pub programme: Option<f64>,
    /// What is spent.
    pub spent: f64,
    /// What holds the answer back.
    pub binding: Vec<BindingRow>,
    /// The cells.
    pub cells: Vec<CellRow>,
    /// The groups, or the places.
    pub groups: Vec<GroupRow>,
    /// Benefit, harm and cost.
    pub front: Vec<FrontPoint>,
    /// What was run again.
    pub verification: Vec<VerificationRow>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
    pub(super) judged: usize,
}

impl PortfolioResult {
    #[allow(clippy::too_many_arguments)]
    pub(super) fn new(
        task: &Task<'_, '_>,
        judges: &Judges<'_, '_>,
        choice: Choice,
        certificate: Option<(f64, f64)>,
        chosen_share: Vec<Option<f64>>,
        front: Vec<FrontPoint>,
        binding: Vec<BindingRow>,
        notes: Vec<Note>,
    ) -> Result<PortfolioResult> {
        let (rules, weighing, verdict) = (task.rules, task.weighing, &choice.verdict);
        let at = |values: &[f64], i: usize| values.get(i).copied().unwrap_or(0.0);
        let interventions = task.options.interventions().iter().enumerate().map(|(option, intervention)| {
            let (level, cost) = (at(&choice.levels, option), rules.costs.get(option).copied().flatten());
            Chosen {
                intervention: intervention.id.clone(),
                chosen: level > 0.0,
                level,
                cost: intervention.cost.map(|c| c.get()),
                chosen_share: chosen_share.get(option).copied().flatten(),
                spent: if level > 0.0 { cost.map(|cost| cost * level) } else { Some(0.0) },
                pillar: intervention.pillar.map(|p| p.word()),
                horizon: intervention.horizon.map(|h| h.word()),
                alone: task.atoms.moves.get(option).filter(|_| rules.refused.get(option) == Some(&None)).map(|moves| judges.value(moves)),
                refused: rules.refused.get(option).copied().flatten(),
            }
        });
        let adds_up = !matches!(weighing.objective, Objective::WorstOff);
        let cells = weighing.cells.iter().enumerate().map(|(position, cell)| {
            let (better, worse, net) =
                (at(&verdict.moves.better, position), at(&verdict.moves.worse, position), at(&verdict.moves.net, position));
            let fall = if weighing.objective == Objective::CellsLifted { -net } else { -better };
            CellRow {
                node: cell.node.clone(),
                severity: cell.severity,
                better,
                worse,
                net,
                harm: at(&verdict.harm, position),
                gain: adds_up.then(|| weighing.gain(cell, fall)),
                pushed: weighing.pushed(cell, worse),
            }
        });
        let groups = weighing.groups.iter().map(|(name, cells, weight)| {
            let mean = |side: &[f64], sign: f64| {
                let sum: f64 = cells
                    .iter()
                    .map(|c| weighing.cells.get(*c).and_then(|c| c.weight).unwrap_or(0.0) * (sign * at(side, *c)).max(0.0))
                    .sum();
                sign * sum / weight
            };
            let (better, worse) = (mean(&verdict.moves.better, -1.0), mean(&verdict.moves.worse, 1.0));
            GroupRow { group: name.clone(), better, worse, persons: *weight, cells: cells.len() }
        });
        let gap = choice.bound.map(|bound| if bound.abs() > 0.0 { ((bound - verdict.value) / bound.abs()).max(0.0) } else { 0.0 });
        Ok(PortfolioResult {
            settings: task.settings.clone(),
            interventions: interventions.collect(),
            objective: verdict.value,
            bound: choice.bound,
            gap,
            status: choice.status,
            programme: choice.programme,
            spent: rules.spent(&choice.levels),
            binding,
            cells: cells.collect(),
            groups: groups.collect(),
            front,
            verification: verification(task, judges, &choice, certificate),
            notes,
            judged: judges.known.len(),
        })
    }

    /// Ids of the interventions of a point of the front.
    pub fn interventions_of(&self, point: &FrontPoint) -> Vec<&str> {
        let all = self.interventions.iter().zip(&point.levels);
        all.filter(|(_, level)| **level > 0.0).map(|(i, _)| i.intervention.as_str()).collect()
    }

    /// The result as the bindings and reports carry it.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("portfolio", &self.settings)?;
        for (name, value) in [
            ("objective", json!(self.objective)),
            ("bound", json!(self.bound)),
            ("gap", json!(self.gap)),
            ("status", json!(self.status.word())),
            ("budget", json!(self.settings.budget)),
            ("cost", json!(self.spent)),
            ("spent", json!(self.spent)),
            ("chosen", json!(self.interventions.iter().filter(|i| i.chosen).count())),
            ("programme", json!(self.programme)),
            ("candidates", json!(self.judged)),
        ] {
            outcome.facts.insert(name.into(), value);
        }
        outcome.tables = tables::all(self)?;
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}

crate::tables::arrow_tables!(PortfolioResult);

fn verification(task: &Task<'_, '_>, judges: &Judges<'_, '_>, choice: &Choice, certificate: Option<(f64, f64)>) -> Vec<VerificationRow> {
    let verdict = &choice.verdict;
    let mut rows = Vec::new();
    let mut add = |check, value: Option<f64>, limit: Option<f64>, holds: Option<bool>, words: String| {
        rows.push(VerificationRow { check, value, limit, holds, words });
    };
    let promise = choice.programme.unwrap_or(verdict.value);
    let difference = verdict.value - promise;
    let close = difference.abs() <= EQUAL * promise.abs().max(verdict.value.abs());
    let words = match close {
        true => "the whole network bears out what single effects add up to".to_owned(),
        false => format!("the whole network gives {difference:+.6} against single effects added up; what it gives is reported"),
    };
    add("objective", Some(verdict.value), Some(promise), None, words);
    let keeps = task.rules.keeps(&choice.levels);
    add("rules", None, None, Some(keeps), "every constraint on the set was looked at again".into());
    let worst = verdict.harm.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
    if let Some((cell, harm)) = worst {
        let name = task.weighing.cells.get(cell).map(|c| c.node.name.to_string()).unwrap_or_default();
        let rule = judges.rule.as_ref();
        let limit = rule.filter(|rule| rule.rule == HarmRule::PerCell).map(|rule| rule.tolerance);
        let words = match harm > &0.0 {
            true => format!("the cell that fares worst is {name}"),
            false => "no cell gets worse".to_owned(),
        };
        add("worst-cell", Some(*harm), limit, limit.map(|limit| *harm <= limit + 1e-9), words);
    }
    if let Some(rule) = judges.rule.as_ref().filter(|rule| rule.rule == HarmRule::GroupMean) {
        let means = task.weighing.groups.iter().map(|(name, cells, weight)| {
            let weight_of = |c: usize| task.weighing.cells.get(c).and_then(|c| c.weight).unwrap_or(0.0);
            (name, cells.iter().map(|c| weight_of(*c) * of(rule.harm, &verdict.moves, *c)).sum::<f64>() / weight)
        });
        if let Some((name, mean)) = means.max_by(|a, b| a.1.total_cmp(&b.1)) {
            add(
                "worst-group",
                Some(mean),
                Some(rule.tolerance),
                Some(mean <= rule.tolerance + 1e-9),
                format!("the group that fares worst is {name}"),
            );
        }
    }
    if let Some(rule) = judges.rule.as_ref().filter(|rule| rule.rule == HarmRule::Probability) {
        if let Some((share, draws)) = verdict.chance {
            let holds = share <= rule.probability + 1e-9;
            add(
                "probability",
                Some(share),
                Some(rule.probability),
                Some(holds),
                format!("share of {draws} draws in which some cell is harmed"),
            );
        }
        if let Some((share, upper)) = certificate {
            let words =
                format!("on {} fresh draws some cell is harmed in a share of {share}; upper bound of the chance", task.settings.draws);
            add("probability-fresh", Some(upper), Some(rule.probability), Some(upper <= rule.probability + 1e-9), words);
        }
    }
    let gross = (0..verdict.harm.len()).map(|c| of(HarmCounted::Gross, &verdict.moves, c)).fold(0.0, f64::max);
    add("worst-before-offset", Some(gross), None, None, "the most that worsens in one cell, whatever improves there".into());
    let limit = task.settings.pushed;
    let words = "persons pushed below the threshold, by the moved prevalence; never subtracted from those lifted".to_owned();
    add("pushed", Some(verdict.pushed), limit, limit.map(|limit| verdict.pushed <= limit * (1.0 + 1e-9) + 1e-9), words);
    rows
}
