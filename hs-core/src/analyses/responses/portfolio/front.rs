//! Benefit, harm and cost against each other: sets that no other set beats in all three.
// options are numbered by the network itself
#![allow(clippy::indexing_slicing)]

use super::judge::Judges;
use super::linear::Model;
use super::result::FrontPoint;
use super::rules::{Reach, Rule};
use super::solve::{ASIDE, Choice, Task};
use crate::Result;
use crate::kernels::choose::{Answer, Row};

/// Sets shown at the most, for each budget looked at.
const SHOWN: usize = 4;

/// Sets that are allowed and that no other allowed set beats, by cost. Found by the programme at rising budgets, each without and with a
/// limit on harm, and among everything else that was run.
pub(super) fn front(task: &Task<'_, '_>, judges: &mut Judges<'_, '_>, choice: &Choice) -> Result<Vec<FrontPoint>> {
    let points = task.settings.front;
    let n = task.rules.len();
    if points == 0 || n == 0 {
        return Ok(Vec::new());
    }
    let none = vec![0.0; n];
    if task.rules.keeps(&none) {
        judges.verdict(&none)?;
    }
    let weights = |k: usize| {
        let cells = task.weighing.cells.iter().zip(&task.atoms.moves[k].worse);
        cells.map(|(cell, worse)| cell.weight.unwrap_or(0.0) * worse.max(0.0)).sum::<f64>()
    };
    let harms: Vec<f64> = (0..n).map(weights).collect();
    let all: f64 = (0..n).filter(|k| task.rules.reach[*k] != Reach::Out).map(|k| task.rules.price(k)).sum();
    let most = task.settings.budget.map_or(all, |budget| budget.min(all));
    let harm = choice.verdict.harm_sum(task.weighing);
    let limits: &[Option<f64>] = if harm > 0.0 { &[None, Some(0.5), Some(0.0)] } else { &[None] };
    for point in 1..=points {
        let budget = most * f64::from(point) / f64::from(points);
        let mut rules = task.rules.clone();
        let terms = (0..n).map(|k| (n + k, task.rules.price(k))).filter(|(_, price)| *price > 0.0).collect();
        let row = Row::at_most(terms, budget);
        rules.rules.push(Rule { kind: "front", pointer: String::new(), words: String::new(), mend: String::new(), row, limit: budget });
        for limit in limits {
            let mut model = Model::new(task.weighing, &rules, task.atoms, judges.rule.as_ref());
            if let Some(share) = limit {
                model.limit(&harms, share * harm);
            }
            if let Answer::Solved(solved) = model.programme.solve(ASIDE, None, task.tick)? {
                let levels = model.levels(&solved);
                if task.rules.keeps(&levels) {
                    judges.verdict(&levels)?;
                }
            }
        }
    }
    Ok(beaten_by_none(task, judges, choice, points as usize * SHOWN))
}

fn beaten_by_none(task: &Task<'_, '_>, judges: &Judges<'_, '_>, choice: &Choice, most: usize) -> Vec<FrontPoint> {
    let mut all: Vec<FrontPoint> = Vec::new();
    for (key, verdict) in judges.known.iter().filter(|(key, v)| v.excess <= 0.0 && !judges.turned_down.contains_key(*key)) {
        let levels: Vec<f64> = key.iter().map(|bits| f64::from_bits(*bits)).collect();
        if task.rules.keeps(&levels) {
            let chosen = levels == choice.levels;
            let (cost, harm) = (task.rules.spent(&levels), verdict.harm_sum(task.weighing));
            all.push(FrontPoint { benefit: verdict.value, harm, cost, chosen, levels });
        }
    }
    // by cost, the best first: then a point is beaten by an earlier one or by none
    all.sort_by(|a, b| a.cost.total_cmp(&b.cost).then(b.benefit.total_cmp(&a.benefit)).then(a.harm.total_cmp(&b.harm)));
    let close = |x: f64| 1e-9 * x.abs();
    let mut kept: Vec<FrontPoint> = Vec::new();
    for point in all {
        let beaten = kept.iter().any(|k| k.benefit >= point.benefit - close(point.benefit) && k.harm <= point.harm + close(point.harm));
        if !beaten || point.chosen {
            kept.push(point);
        }
    }
    if kept.len() > most {
        let last = kept.len() - 1;
        let at: Vec<usize> = (0..most).map(|i| i * last / (most - 1).max(1)).collect();
        kept =
            kept.into_iter().enumerate().filter(|(i, point)| point.chosen || at.binary_search(i).is_ok()).map(|(_, point)| point).collect();
    }
    kept
}
