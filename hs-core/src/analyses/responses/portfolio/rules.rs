//! What a set must keep besides doing no harm: money, shares, actors, what needs what - each in words.

use std::collections::{BTreeMap, BTreeSet};

use super::Portfolio;
use super::settings::{Levels, MissingCost};
use crate::analyses::responses::options::Options;
use crate::assessment::{Intervention, Role};
use crate::framework::{Horizon, Pillar};
use crate::kernels::choose::{Row, Sense};
use crate::tables::Note;
use crate::{Assessment, Error, ErrorKind, Problem, ProblemKind, Result};

/// Least level of what may be funded at any level.
pub(super) const LEAST: f64 = 0.01;
/// Levels that a search tries where any is possible.
const TRIED: [f64; 4] = [0.25, 0.5, 0.75, 1.0];

/// A constraint with its words; columns are: chosen or not by option, then the level by option.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) kind: &'static str,
    /// The setting it comes from.
    pub(super) pointer: String,
    pub(super) words: String,
    pub(super) mend: String,
    pub(super) row: Row,
    /// The limit as given.
    pub(super) limit: f64,
}

/// How far an option may be funded.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reach {
    /// Not at all.
    Out,
    /// In full or not.
    Whole,
    /// At one of these levels.
    Steps(Vec<f64>),
    /// At any level.
    Any,
}

/// Options with their costs, and the constraints on them.
#[derive(Debug, Clone)]
pub(super) struct Rules {
    pub(super) costs: Vec<Option<f64>>,
    pub(super) reach: Vec<Reach>,
    pub(super) must: Vec<bool>,
    pub(super) rules: Vec<Rule>,
    /// Why an option is out of the choice.
    pub(super) refused: Vec<Option<&'static str>>,
    pub(super) notes: Vec<Note>,
}

impl Rules {
    pub(super) fn new(settings: &Portfolio, assessment: &Assessment, options: &Options<'_>) -> Result<Self> {
        let all = options.interventions();
        let n = all.len();
        let mut made = Rules {
            costs: all.iter().map(|i| i.cost.map(|c| c.get())).collect(),
            reach: vec![Reach::Whole; n],
            must: vec![false; n],
            rules: Vec::new(),
            refused: vec![None; n],
            notes: Vec::new(),
        };
        let place = |setting: &str, id: &str| -> Result<usize> {
            let known = || all.iter().map(|i| i.id.as_str());
            options.position(id).ok_or_else(|| Error::not_found(&format!("intervention to choose from (in `{setting}`)"), id, known()))
        };
        for (id, levels) in &settings.levels {
            let reach = match levels {
                Levels::Any(_) => Reach::Any,
                Levels::Steps(steps) => Reach::Steps(steps.clone()),
            };
            set(&mut made.reach, place("levels", id)?, reach);
        }
        for id in &settings.forbidden {
            let option = place("forbidden", id)?;
            set(&mut made.reach, option, Reach::Out);
            set(&mut made.refused, option, Some("forbidden"));
        }
        made.cost(settings, all);
        for id in &settings.fixed {
            let option = place("fixed", id)?;
            if made.refused.get(option) == Some(&Some("no cost")) {
                let message =
                    format!("`fixed` holds `{id}`, which has no cost, and money counts here; give its cost, or set `missing_cost`");
                return Err(Error::argument(message));
            }
            set(&mut made.must, option, true);
            let row = Row::at_least(vec![(n + option, 1.0)], 1.0);
            made.add("fixed", "/fixed", format!("`{id}` must be chosen"), format!("take `{id}` out of `fixed`"), row, 1.0);
        }
        for (option, id) in settings.forbidden.iter().filter_map(|id| Some((options.position(id)?, id))) {
            let row = Row::at_most(vec![(option, 1.0)], 0.0);
            made.add("forbidden", "/forbidden", format!("`{id}` must not be chosen"), format!("take `{id}` out of `forbidden`"), row, 0.0);
        }
        made.money(settings, all);
        made.actors(settings, assessment, all)?;
        made.bonds(all, assessment);
        if let Some(most) = settings.most {
            let row = Row::at_most((0..n).map(|k| (k, 1.0)).collect(), f64::from(most));
            made.add("most", "/most", format!("at most {most} interventions"), "allow more".into(), row, f64::from(most));
        }
        Ok(made)
    }

    pub(super) fn len(&self) -> usize {
        self.reach.len()
    }

    /// The cost of an option in full; 0 where it has none.
    pub(super) fn price(&self, option: usize) -> f64 {
        self.costs.get(option).copied().flatten().unwrap_or(0.0)
    }

    pub(super) fn spent(&self, levels: &[f64]) -> f64 {
        levels.iter().enumerate().map(|(option, level)| level * self.price(option)).sum()
    }

    /// By option, the levels a search tries, 0 first.
    pub(super) fn states(&self) -> Vec<Vec<f64>> {
        let of = |reach: &Reach| match reach {
            Reach::Out => vec![0.0],
            Reach::Whole => vec![0.0, 1.0],
            Reach::Steps(steps) => std::iter::once(0.0).chain(steps.iter().copied()).collect(),
            Reach::Any => std::iter::once(0.0).chain(TRIED).collect(),
        };
        self.reach.iter().map(of).collect()
    }

    pub(super) fn columns(&self, levels: &[f64]) -> Vec<f64> {
        levels.iter().map(|l| f64::from(u8::from(*l > 0.0))).chain(levels.iter().copied()).collect()
    }

    pub(super) fn keeps(&self, levels: &[f64]) -> bool {
        let columns = self.columns(levels);
        self.rules.iter().all(|rule| rule.row.holds(&columns))
    }

    /// The error of rules that cannot stand together.
    pub(super) fn conflict(&self, which: &[usize], harm: Option<String>) -> Error {
        let rules: Vec<&Rule> = which.iter().filter_map(|at| self.rules.get(*at)).collect();
        let mut problems: Vec<Problem> = rules
            .iter()
            .map(|rule| {
                Problem::new(ProblemKind::Conflict, rule.pointer.clone(), rule.words.clone(), "constraints that one set can keep")
                    .mend(rule.mend.clone())
            })
            .collect();
        let mut said: Vec<String> = rules.iter().map(|rule| rule.words.clone()).collect();
        if let Some(harm) = harm {
            let mend = "raise the tolerance, change the rule, or change the interventions that harm";
            problems.push(
                Problem::new(ProblemKind::Conflict, "/do_no_harm", harm.clone(), "a set that harms nobody beyond tolerance").mend(mend),
            );
            said.push(harm);
        }
        let message = format!("no set of interventions keeps every constraint; these conflict: {}", said.join("; "));
        let total = problems.len();
        Error { kind: ErrorKind::Argument, message, problems, total }
    }

    fn add(&mut self, kind: &'static str, pointer: impl Into<String>, words: String, mend: String, row: Row, limit: f64) {
        self.rules.push(Rule { kind, pointer: pointer.into(), words, mend, row, limit });
    }

    fn cost(&mut self, settings: &Portfolio, all: &[&Intervention]) {
        if !settings.counts_money() {
            return;
        }
        let mut without = Vec::new();
        for (option, intervention) in all.iter().enumerate() {
            if self.costs.get(option).copied().flatten().is_some() {
                continue;
            }
            without.push(intervention.id.clone());
            match settings.missing_cost {
                MissingCost::Refuse => {
                    set(&mut self.reach, option, Reach::Out);
                    if self.refused.get(option) == Some(&None) {
                        set(&mut self.refused, option, Some("no cost"));
                    }
                }
                MissingCost::Zero => set(&mut self.costs, option, Some(0.0)),
                MissingCost::Assume(cost) => set(&mut self.costs, option, Some(cost)),
            }
        }
        if !without.is_empty() {
            let message = match settings.missing_cost {
                MissingCost::Refuse => "have no cost and are left out of a choice that counts money (missing is not free)".to_owned(),
                MissingCost::Zero => "have no cost and count as free, as asked".to_owned(),
                MissingCost::Assume(cost) => format!("have no cost and count as costing {cost}, as asked"),
            };
            self.notes.push(Note::counted("cost-missing", "intervention", &message, without));
        }
    }

    fn money(&mut self, settings: &Portfolio, all: &[&Intervention]) {
        let n = all.len();
        if let Some(budget) = settings.budget {
            let terms = (0..n).map(|k| (n + k, self.price(k))).filter(|(_, cost)| *cost > 0.0).collect();
            let words = format!("at most {budget} may be spent");
            self.add("budget", "/budget", words, "raise the budget".into(), Row::at_most(terms, budget), budget);
        }
        let (pillar, horizon) = (&pillar_part, &horizon_part);
        for (name, shares, sense) in [("min_share", &settings.min_share, Sense::AtLeast), ("max_share", &settings.max_share, Sense::AtMost)]
        {
            for (word, share) in shares {
                self.share(name, word.word(), *share, sense, |i| pillar(i, *word), all);
            }
        }
        for (name, shares, sense) in [
            ("min_horizon_share", &settings.min_horizon_share, Sense::AtLeast),
            ("max_horizon_share", &settings.max_horizon_share, Sense::AtMost),
        ] {
            for (word, share) in shares {
                self.share(name, word.word(), *share, sense, |i| horizon(i, *word), all);
            }
        }
        let unsaid: Vec<String> = match settings.min_share.is_empty() && settings.max_share.is_empty() {
            true => Vec::new(),
            false => all.iter().filter(|i| i.pillar.is_none()).map(|i| i.id.clone()).collect(),
        };
        if !unsaid.is_empty() {
            let message = "are of no pillar that is said: what they cost is spent, and counts for no pillar";
            self.notes.push(Note::counted("pillar-not-said", "intervention", message, unsaid));
        }
    }

    /// Σ (part - share) cost level against 0.
    fn share(
        &mut self,
        name: &'static str,
        word: &str,
        share: f64,
        sense: Sense,
        part: impl Fn(&Intervention) -> f64,
        all: &[&Intervention],
    ) {
        let n = all.len();
        let terms = all.iter().enumerate().map(|(k, i)| (n + k, (part(i) - share) * self.price(k))).filter(|(_, k)| *k != 0.0).collect();
        let (least, mend) = match sense {
            Sense::AtLeast => ("at least", "lower the share, or add interventions of its kind"),
            Sense::AtMost => ("at most", "raise the share, or add interventions of other kinds"),
        };
        let words = format!("{least} {share} of what is spent goes to {word}");
        self.add(name, format!("/{name}/{word}"), words, mend.into(), Row { terms, sense, limit: 0.0 }, share);
    }

    fn actors(&mut self, settings: &Portfolio, assessment: &Assessment, all: &[&Intervention]) -> Result<()> {
        let known = || assessment.actors.iter().map(|a| a.id.as_str());
        if let Some(id) = settings.actors.keys().find(|id| known().all(|other| other != id.as_str())) {
            return Err(Error::not_found("actor", id, known()));
        }
        let mut takes_part: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for (option, intervention) in all.iter().enumerate() {
            let responsible =
                assessment.responsibilities.iter().filter(|r| r.intervention == intervention.id && r.role == Role::Responsible);
            for actor in intervention.actors.iter().chain(responsible.map(|r| &r.actor)) {
                takes_part.entry(actor.as_str()).or_default().insert(option);
            }
        }
        let n = all.len();
        for (actor, options) in takes_part {
            let (pointer, limit) = match settings.actors.get(actor) {
                Some(limit) => (format!("/actors/{actor}"), *limit),
                None => ("/each_actor".to_owned(), settings.each_actor.unwrap_or_default()),
            };
            let mend = format!("allow `{actor}` more, or name other actors");
            if let Some(most) = limit.interventions {
                let row = Row::at_most(options.iter().map(|k| (*k, 1.0)).collect(), f64::from(most));
                let words = format!("`{actor}` takes part in at most {most}");
                self.add("actor", pointer.clone(), words, mend.clone(), row, f64::from(most));
            }
            if let Some(budget) = limit.budget {
                let terms = options.iter().map(|k| (n + *k, self.price(*k))).collect();
                let words = format!("what `{actor}` takes part in costs at most {budget}");
                self.add("actor", pointer, words, mend, Row::at_most(terms, budget), budget);
            }
        }
        Ok(())
    }

    /// What needs what, and what cannot stand beside what.
    fn bonds(&mut self, all: &[&Intervention], assessment: &Assessment) {
        let position = |id: &String| all.iter().position(|i| i.id == *id);
        let mut apart: BTreeSet<(usize, usize)> = BTreeSet::new();
        for (option, intervention) in all.iter().enumerate() {
            let pointer = assessment
                .interventions
                .iter()
                .position(|i| i.id == intervention.id)
                .map_or_else(String::new, |at| format!("/interventions/{at}"));
            for other in &intervention.requires {
                let mend = format!("take `{}` out, or make `{other}` possible", intervention.id);
                let (words, row) = match position(other) {
                    Some(at) => (format!("`{}` requires `{other}`", intervention.id), Row::at_most(vec![(option, 1.0), (at, -1.0)], 0.0)),
                    None => (
                        format!("`{}` requires `{other}`, which is not among those to choose from", intervention.id),
                        Row::at_most(vec![(option, 1.0)], 0.0),
                    ),
                };
                self.add("requires", format!("{pointer}/requires"), words, mend, row, 0.0);
            }
            for other in &intervention.excludes {
                let Some(at) = position(other) else { continue };
                if apart.insert((option.min(at), option.max(at))) {
                    let words = format!("`{}` and `{other}` exclude each other", intervention.id);
                    let mend = format!("take `{}` or `{other}` out", intervention.id);
                    self.add(
                        "excludes",
                        format!("{pointer}/excludes"),
                        words,
                        mend,
                        Row::at_most(vec![(option, 1.0), (at, 1.0)], 1.0),
                        1.0,
                    );
                }
            }
        }
    }
}

fn set<T>(values: &mut [T], at: usize, value: T) {
    if let Some(place) = values.get_mut(at) {
        *place = value;
    }
}

/// Which part of an intervention counts for a pillar: of one that is of both, half for each.
fn pillar_part(intervention: &Intervention, pillar: Pillar) -> f64 {
    match intervention.pillar {
        Some(own) if own == pillar => 1.0,
        Some(Pillar::Both) => 0.5,
        _ => 0.0,
    }
}

fn horizon_part(intervention: &Intervention, horizon: Horizon) -> f64 {
    f64::from(u8::from(intervention.horizon == Some(horizon)))
}
