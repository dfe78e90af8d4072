//! The way to an answer: programme, verification through the whole network, cuts, search, and what is said about it.
// options and cells are numbered by the network itself
#![allow(clippy::indexing_slicing)]

use std::rc::Rc;

use super::Portfolio;
use super::cells::Weighing;
use super::ground::Ground;
use super::judge::{Judges, Verdict, chosen, key};
use super::linear::{Atoms, Model};
use super::result::{PortfolioResult, PortfolioStatus};
use super::rules::{Reach, Rules};
use super::settings::{HarmCounted, HarmRule};
use crate::analyses::responses::options::{Options, Scene};
use crate::kernels::choose::{Answer, Effort, Search, conflict};
use crate::kernels::{Tick, cancelled};
use crate::tables::Note;
use crate::{Assessment, Error, Result};

/// Of the objective: what counts as equal.
pub(super) const EQUAL: f64 = 1e-6;
/// Runs of the network that candidates may cost together.
const MOST_RUNS: u64 = 150_000;
/// Nodes spent on each question beside the main one.
pub(super) const ASIDE: Effort = Effort { nodes: 200 };

/// An answer.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub(super) levels: Vec<f64>,
    pub(super) verdict: Rc<Verdict>,
    pub(super) bound: Option<f64>,
    pub(super) status: PortfolioStatus,
    /// What the programme takes the set to be worth.
    pub(super) programme: Option<f64>,
    pub(super) solved: u32,
}

/// What every step needs.
pub(super) struct Task<'o, 'a> {
    pub(super) settings: &'o Portfolio,
    pub(super) options: &'o Options<'a>,
    pub(super) weighing: &'o Weighing,
    pub(super) rules: &'o Rules,
    pub(super) atoms: &'o Atoms,
    pub(super) tick: Tick<'o>,
}

pub(super) fn run(settings: &Portfolio, assessment: &Assessment, tick: Tick<'_>) -> Result<PortfolioResult> {
    settings.check()?;
    let scene = Scene {
        model: settings.model.clone(),
        groups: settings.groups.clone(),
        places: settings.places.clone(),
        period: settings.period.clone(),
        unweighted: settings.unweighted,
        anchoring: settings.anchoring.clone(),
    };
    let options = Options::new(assessment, &scene, settings.interventions.as_deref(), tick)?;
    let weighing = Weighing::new(settings, &options)?;
    let rules = Rules::new(settings, assessment, &options)?;
    let ground = Ground::new(&options, &weighing, &settings.model, tick)?;
    let mut judges = Judges::new(&options, settings, &weighing, ground, tick);
    let atoms = atoms(&judges, &rules)?;
    let task = Task { settings, options: &options, weighing: &weighing, rules: &rules, atoms: &atoms, tick };
    let mut model = Model::new(&weighing, &rules, &atoms, judges.rule.as_ref());
    let (choice, certificate) = task.certified(&mut judges, &mut model)?;
    let chosen_share = super::robustness::shares(&task, &judges)?;
    let front = super::front::front(&task, &mut judges, &choice)?;
    let binding = task.binding(&judges, &choice)?;
    let mut notes = options.notes();
    notes.extend(weighing.notes.iter().cloned());
    notes.extend(rules.notes.iter().cloned());
    if !options.claims().is_empty() {
        let claims = options.claims().iter().map(|c| c.label.clone()).collect();
        notes.push(Note::counted(
            "claims-without-a-number",
            "declared externality",
            "have no number and weigh nothing in the choice",
            claims,
        ));
    }
    if choice.status == PortfolioStatus::NoBound {
        let message = "no bound holds for this model and network: the answer is the best of those looked at";
        notes.push(Note::new::<String>("no-bound", message, []));
    }
    PortfolioResult::new(&task, &judges, choice, certificate, chosen_share, front, binding, notes)
}

/// What each option does by itself, in full.
fn atoms(judges: &Judges<'_, '_>, rules: &Rules) -> Result<Atoms> {
    let n = rules.len();
    let mut moves = Vec::with_capacity(n);
    for option in 0..n {
        if !(judges.tick)(option as u64) {
            return Err(cancelled());
        }
        let mut levels = vec![0.0; n];
        // what is out of the choice needs no run
        levels[option] = if rules.reach[option] == Reach::Out { 0.0 } else { 1.0 };
        let first = judges.expected(&levels)?.into_iter().next();
        moves.push(first.ok_or_else(|| Error::internal("no horizon was read"))?);
    }
    let firm = if judges.ground.linear { judges.ground.firm.clone() } else { vec![true; judges.weighing.cells.len()] };
    Ok(Atoms { moves, firm })
}

impl Task<'_, '_> {
    fn effort(&self) -> Effort {
        Effort { nodes: self.settings.nodes }
    }

    /// A choice that, under the rule `probability`, fresh draws bear out: share of draws with a harm and the upper bound of its chance.
    fn certified(&self, judges: &mut Judges<'_, '_>, model: &mut Model) -> Result<(Choice, Option<(f64, f64)>)> {
        let rule = judges.rule.clone().filter(|rule| rule.rule == HarmRule::Probability);
        for look in 0..self.settings.rounds {
            let choice = self.choose(judges, model)?;
            let Some(rule) = &rule else { return Ok((choice, None)) };
            if chosen(&choice.levels).is_empty() {
                return Ok((choice, None));
            }
            let (share, upper) = judges.certified(&choice.levels, rule, look)?;
            if upper <= rule.probability + 1e-9 {
                return Ok((choice, Some((share, upper))));
            }
            judges.turned_down.insert(key(&choice.levels), upper - rule.probability);
            if model.can_cut() {
                model.cut_off(&choice.levels);
            }
        }
        let said = format!("in {} looks at fresh draws no set kept its chance of harm under the limit", self.settings.rounds);
        Err(self.rules.conflict(&[], Some(said)))
    }

    fn choose(&self, judges: &mut Judges<'_, '_>, model: &mut Model) -> Result<Choice> {
        let ground = (judges.ground.linear, judges.ground.sound, judges.ground.feeds_only);
        let found = match ground {
            (true, sound, _) => self.by_programme(judges, model, sound)?,
            _ => self.seed(judges, model)?,
        };
        if let Some(choice) = found.clone().filter(|choice| choice.status == PortfolioStatus::Optimal) {
            return Ok(choice);
        }
        self.by_search(judges, found, ground.2)
    }

    /// The best set looked at so far that is allowed.
    fn best(&self, judges: &Judges<'_, '_>) -> Option<(Vec<f64>, Rc<Verdict>)> {
        let mut best: Option<(Vec<f64>, Rc<Verdict>)> = None;
        for (key, verdict) in judges.known.iter().filter(|(key, v)| v.excess <= 0.0 && !judges.turned_down.contains_key(*key)) {
            let levels: Vec<f64> = key.iter().map(|bits| f64::from_bits(*bits)).collect();
            if best.as_ref().is_none_or(|(_, b)| verdict.value > b.value) && self.rules.keeps(&levels) {
                best = Some((levels, Rc::clone(verdict)));
            }
        }
        best
    }

    /// Programme, verification, cut, and again, until value and bound meet.
    fn by_programme(&self, judges: &mut Judges<'_, '_>, model: &mut Model, sound: bool) -> Result<Option<Choice>> {
        let mut bound = f64::INFINITY;
        let mut first = None;
        let mut solved = 0;
        for _ in 0..self.settings.rounds {
            let start = self.best(judges).map(|(levels, _)| model.start(&levels));
            solved += 1;
            let answer = match model.programme.solve(self.effort(), start.as_deref(), self.tick)? {
                Answer::Solved(answer) => answer,
                Answer::Infeasible => {
                    if self.best(judges).is_none() {
                        return Err(self.conflict(judges, model)?);
                    }
                    bound = f64::NEG_INFINITY;
                    break;
                }
                Answer::Open => {
                    bound = f64::INFINITY;
                    break;
                }
            };
            bound = answer.bound;
            let value = self.best(judges).map_or(f64::NEG_INFINITY, |(_, v)| v.value);
            if value >= bound - EQUAL * bound.abs() {
                break;
            }
            let levels = model.levels(&answer);
            first.get_or_insert(answer.gain);
            let keeps = self.rules.keeps(&levels);
            let verdict = judges.verdict(&levels)?;
            let allowed = keeps && verdict.excess <= 0.0 && !judges.turned_down.contains_key(&key(&levels));
            if allowed && verdict.value >= bound - EQUAL * bound.abs() {
                break;
            }
            if !model.can_cut() {
                break;
            }
            let gross = judges.rule.as_ref().is_some_and(|rule| rule.harm == HarmCounted::Gross);
            match judges.ground.behind(self.options, &levels, &verdict.harmed, !gross).filter(|_| keeps && !verdict.harmed.is_empty()) {
                Some((with, without)) => model.cut_harm(&with, &without),
                None => model.cut_off(&levels),
            }
        }
        let Some((levels, verdict)) = self.best(judges) else { return Ok(None) };
        let bound = (sound && bound < f64::INFINITY).then(|| bound.max(verdict.value));
        let programme = self.worth(judges, &levels);
        Ok(Some(Choice { status: status(bound, verdict.value), levels, verdict, bound, programme, solved }))
    }

    /// The programme's answer where effects do not add up: where a search starts.
    fn seed(&self, judges: &mut Judges<'_, '_>, model: &mut Model) -> Result<Option<Choice>> {
        let mut answer = model.programme.solve(self.effort(), None, self.tick)?;
        if answer == Answer::Infeasible {
            // single effects seem to harm; together they may not
            let loose = Model::new(self.weighing, self.rules, self.atoms, None);
            answer = loose.programme.solve(self.effort(), None, self.tick)?;
            if answer == Answer::Infeasible {
                return Err(self.conflict(judges, &loose)?);
            }
        }
        let Answer::Solved(answer) = answer else { return Ok(None) };
        let levels = model.levels(&answer);
        if !self.rules.keeps(&levels) {
            return Ok(None);
        }
        let verdict = judges.verdict(&levels)?;
        Ok(Some(Choice { levels, verdict, bound: None, status: PortfolioStatus::NoBound, programme: Some(answer.gain), solved: 1 }))
    }

    /// Search from what was found, every candidate run through the network.
    fn by_search(&self, judges: &mut Judges<'_, '_>, found: Option<Choice>, feeds_only: bool) -> Result<Choice> {
        let mut states = self.rules.states();
        if let Some(choice) = &found {
            // a level of the programme's is tried too
            for (states, level) in states.iter_mut().zip(&choice.levels) {
                if !states.contains(level) {
                    states.push(*level);
                    states.sort_by(f64::total_cmp);
                }
            }
        }
        let everything: Vec<f64> = self.rules.reach.iter().map(|r| if *r == Reach::Out { 0.0 } else { 1.0 }).collect();
        let probability = judges.rule.as_ref().is_some_and(|rule| rule.rule == HarmRule::Probability);
        let courses = match judges.ground.adds_up(self.options, &everything) {
            true => 1,
            false => self.options.courses(&chosen(&everything), self.settings.draws, self.settings.seed).scenarios.len() as u64,
        };
        let runs = 3 * self.weighing.words.len() as u64 * (courses + if probability { u64::from(self.settings.draws) } else { 0 });
        let most = self.settings.evaluations.min((MOST_RUNS / runs.max(1)).max(30));
        let search = Search { states, rows: self.rules.rules.iter().map(|rule| rule.row.clone()).collect(), most };
        let starts: Vec<Vec<f64>> = found.iter().map(|choice| choice.levels.clone()).collect();
        let shared = std::cell::RefCell::new(judges);
        let mut judge = |levels: &[f64]| shared.borrow_mut().judged(levels);
        let mut ceiling = |levels: &[f64]| if feeds_only { shared.borrow_mut().ceiling(levels) } else { Ok(f64::INFINITY) };
        let searched = search.run(&starts, &mut judge, &mut ceiling, self.tick)?;
        let judges = shared.into_inner();
        let Some((levels, verdict)) = self.best(judges) else {
            let said = match searched.complete {
                true => "every set that keeps them harms beyond tolerance",
                false => "no set that keeps them and harms nobody beyond tolerance was found",
            };
            let all: Vec<usize> =
                (0..self.rules.rules.len()).filter(|at| !matches!(self.rules.rules[*at].kind, "forbidden" | "excludes")).collect();
            return Err(self.rules.conflict(&all, Some(said.to_owned())));
        };
        let divisible = self.rules.reach.contains(&Reach::Any);
        let before = found.as_ref().and_then(|choice| choice.bound);
        // levels between those tried were not looked at
        let by_search = (searched.bound < f64::INFINITY && (searched.complete || feeds_only) && !divisible).then_some(searched.bound);
        let done = (searched.complete && !divisible).then_some(verdict.value);
        let bound = [before, by_search, done].into_iter().flatten().min_by(f64::total_cmp).map(|bound| bound.max(verdict.value));
        let programme = self.worth(judges, &levels);
        let solved = found.map_or(0, |choice| choice.solved);
        Ok(Choice { status: status(bound, verdict.value), levels, verdict, bound, programme, solved })
    }

    /// What single effects added up take a set to be worth.
    fn worth(&self, judges: &Judges<'_, '_>, levels: &[f64]) -> Option<f64> {
        let mut sum = super::judge::Moves { better: vec![0.0; self.weighing.cells.len()], worse: Vec::new(), net: Vec::new() };
        let mut net = sum.better.clone();
        for (moves, level) in self.atoms.moves.iter().zip(levels) {
            for (cell, x) in sum.better.iter_mut().enumerate() {
                *x += level * moves.better[cell];
                net[cell] += level * moves.net[cell];
            }
        }
        for (x, cell) in sum.better.iter_mut().zip(&self.weighing.cells) {
            *x = x.max(-cell.severity);
        }
        sum.net = net;
        Some(judges.value(&sum))
    }

    /// The error of constraints that no set keeps, to those of which none can be spared.
    fn conflict(&self, judges: &Judges<'_, '_>, model: &Model) -> Result<Error> {
        let mut groups: Vec<Vec<usize>> = model.rules.iter().map(|row| vec![*row]).collect();
        groups.push(model.harm.clone());
        let which = conflict(&model.programme, &groups, self.effort(), self.tick)?;
        let rules: Vec<usize> = which.iter().copied().filter(|at| *at < model.rules.len()).collect();
        let cut = which.is_empty()
            || model.programme.rows.len() > model.harm.last().map_or(0, |row| row + 1).max(model.rules.last().map_or(0, |row| row + 1));
        let harms = which.contains(&model.rules.len()) || (cut && judges.rule.is_some() && !judges.known.is_empty());
        let harm = harms.then(|| "what is left would harm beyond tolerance".to_owned());
        Ok(self.rules.conflict(&rules, harm))
    }
}

fn status(bound: Option<f64>, value: f64) -> PortfolioStatus {
    match bound {
        None => PortfolioStatus::NoBound,
        Some(bound) if value >= bound - EQUAL * bound.abs() => PortfolioStatus::Optimal,
        Some(_) => PortfolioStatus::Gap,
    }
}
