//! How often each intervention is chosen when effects, likelihoods and links are drawn.
// options and cells are numbered by the network itself
#![allow(clippy::indexing_slicing)]

use super::judge::{Judges, Moves};
use super::linear::{Atoms, Model};
use super::rules::Reach;
use super::solve::{ASIDE, Task};
use crate::Result;
use crate::analyses::responses::shocks::Scenario;
use crate::kernels::choose::Answer;
use crate::kernels::{Tick, cancelled};

/// Share of draws in which the programme of that draw chooses each option; none where there are no draws, or none has an answer.
pub(super) fn shares(task: &Task<'_, '_>, judges: &Judges<'_, '_>) -> Result<Vec<Option<f64>>> {
    let n = task.rules.len();
    let draws = task.settings.robustness_draws;
    if draws == 0 || n == 0 {
        return Ok(vec![None; n]);
    }
    let units = if judges.ground.linear { Some(units(task, judges)?) } else { None };
    let mut counts = vec![0_u32; n];
    let mut answered = 0_u32;
    let mut start: Option<Vec<(usize, f64)>> = None;
    for draw in 0..draws {
        if !(task.tick)(u64::from(draw)) {
            return Err(cancelled());
        }
        let world = task.options.world(draw, task.settings.seed, task.tick)?;
        let mut moves = Vec::with_capacity(n);
        for option in 0..n {
            let mut levels = vec![0.0; n];
            levels[option] = 1.0;
            let own = match (&units, &world) {
                _ if task.rules.reach[option] == Reach::Out => still(task.weighing.cells.len()),
                (Some(units), None) => added(units, task, option, draw),
                _ => judges.in_draw(world.as_ref(), &[option], &levels, draw, task.settings.seed)?.swap_remove(0),
            };
            moves.push(own);
        }
        let atoms = Atoms { moves, firm: task.atoms.firm.clone() };
        let model = Model::new(task.weighing, task.rules, &atoms, judges.rule.as_ref());
        if let Answer::Solved(solved) = model.programme.solve(ASIDE, start.as_deref(), task.tick)? {
            answered += 1;
            let levels = model.levels(&solved);
            for (count, level) in counts.iter_mut().zip(&levels) {
                *count += u32::from(*level > 0.0);
            }
            start = Some(model.start(&levels));
        }
    }
    Ok(counts.into_iter().map(|count| (answered > 0).then(|| f64::from(count) / f64::from(answered))).collect())
}

fn still(cells: usize) -> Moves {
    Moves { better: vec![0.0; cells], worse: vec![0.0; cells], net: vec![0.0; cells] }
}

/// By option and effect: its movement at its stated change, and that change.
type Units = Vec<Vec<(Moves, f64)>>;

fn units(task: &Task<'_, '_>, judges: &Judges<'_, '_>) -> Result<Units> {
    let mut all = Vec::with_capacity(task.rules.len());
    for option in 0..task.rules.len() {
        let strikes = task.options.strikes(option);
        let mut own = Vec::with_capacity(strikes.len());
        for (at, strike) in strikes.iter().enumerate() {
            let changes = (0..strikes.len()).map(|other| if other == at { strike.change } else { 0.0 }).collect();
            own.push((of(task, judges.tick, option, changes)?, strike.change));
        }
        all.push(own);
    }
    Ok(all)
}

fn of(task: &Task<'_, '_>, tick: Tick<'_>, option: usize, changes: Vec<f64>) -> Result<Moves> {
    let (shocks, _) = task.options.shocks(&[option], &Scenario { weight: 1.0, changes });
    let word = task.weighing.words.get(..1).unwrap_or_default();
    let response = task.options.respond(&shocks, word, tick)?.into_iter().next();
    let cells = task.weighing.cells.len();
    let (mut moves, delta) = (still(cells), |reading: Option<Vec<f64>>| reading.unwrap_or_else(|| vec![0.0; cells]));
    if let Some(response) = response {
        moves = Moves { better: delta(response.better.delta), worse: delta(response.worse.delta), net: delta(response.net.delta) };
    }
    Ok(moves)
}

/// A linear model: what an option does in a draw is the sum of its effects, each in proportion.
fn added(units: &Units, task: &Task<'_, '_>, option: usize, draw: u32) -> Moves {
    let mut sum = still(task.weighing.cells.len());
    let course = task.options.course(&[option], draw, task.settings.seed);
    for ((moves, change), drawn) in units[option].iter().zip(&course.changes) {
        if *change <= 0.0 {
            continue;
        }
        let share = drawn / change;
        for (sum, moves) in [(&mut sum.better, &moves.better), (&mut sum.worse, &moves.worse), (&mut sum.net, &moves.net)] {
            for (sum, delta) in sum.iter_mut().zip(moves) {
                *sum += share * delta;
            }
        }
    }
    sum
}
