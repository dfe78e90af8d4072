//! H and M0 of every group over every k at which they change, and who stands below whom all along.

use super::Score;
use super::cells::{Cell, merged};
use super::sample::{SLACK, share_of};
use super::tallies::{Configuration, Tallies};
use crate::kernels::ranks::TIE;

/// Most cut-offs of a curve.
const MOST_STEPS: usize = 1_000;

/// The curves of all groups in one weighting.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Curve {
    pub weighting: String,
    /// The k at which anything changes, rising: a figure holds from above the k before to this one.
    pub cutoffs: Vec<f64>,
    /// By group: H and M0 at each k, and whether it may be shown.
    pub groups: Vec<Vec<Step>>,
    pub thinned: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Step {
    pub h: f64,
    pub m0: f64,
    pub shown: bool,
}

/// How the curves of two groups lie.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Dominance {
    pub weighting: String,
    pub measure: usize,
    pub first: usize,
    pub second: usize,
    /// `below`: the first is nowhere above and somewhere below; `above`, `equal`, `crossing`.
    pub relation: &'static str,
}

pub(super) fn curves(score: &Score, tallies: &Tallies, groups: &[Cell], configurations: &[Configuration]) -> Vec<Curve> {
    let distinct = configurations.chunk_by(|a, b| a.weighting == b.weighting).filter_map(|chunk| chunk.first());
    distinct.map(|configuration| curve(score, tallies, groups, configuration)).collect()
}

fn curve(score: &Score, tallies: &Tallies, groups: &[Cell], configuration: &Configuration) -> Curve {
    // share, weight and rows of every pattern of a group, from the greatest share down
    let of = |cell: &Cell| -> Vec<(f64, f64, u64)> {
        let patterns = merged(cell.tallies(tallies).map(|tally| tally.patterns.as_slice()));
        let mut shares: Vec<(f64, f64, u64)> =
            patterns.iter().map(|p| (share_of(p.pattern, &configuration.weights), p.weight, p.rows)).collect();
        shares.sort_by(|a, b| b.0.total_cmp(&a.0));
        shares
    };
    let shares: Vec<Vec<(f64, f64, u64)>> = groups.iter().map(of).collect();
    let mut cutoffs: Vec<f64> = shares.iter().flatten().map(|s| s.0).filter(|c| *c > SLACK).collect();
    cutoffs.sort_by(f64::total_cmp);
    cutoffs.dedup_by(|later, kept| *later - *kept <= SLACK);
    let thinned = cutoffs.len() > MOST_STEPS;
    if thinned {
        let last = cutoffs.len() - 1;
        cutoffs = (0..MOST_STEPS).filter_map(|i| cutoffs.get(i * last / (MOST_STEPS - 1)).copied()).collect();
    }
    let groups = groups.iter().zip(&shares).map(|(cell, shares)| steps(cell, shares, &cutoffs, u64::from(score.min_n))).collect();
    Curve { weighting: configuration.weighting.clone(), cutoffs, groups, thinned }
}

/// The steps of one group, found from the greatest k down; a step is shown where neither it, nor what it adds to the one shown above
/// it, nor what it leaves out, rests on fewer than `least` rows.
fn steps(cell: &Cell, shares: &[(f64, f64, u64)], cutoffs: &[f64], least: u64) -> Vec<Step> {
    let mut shares = shares.iter().peekable();
    let (mut weight, mut intensity, mut rows, mut shown_rows) = (0.0, 0.0, 0, 0);
    let mut steps = Vec::with_capacity(cutoffs.len());
    for k in cutoffs.iter().rev() {
        while let Some((share, own, count)) = shares.next_if(|s| s.0 >= k - SLACK) {
            weight += own;
            intensity += own * share;
            rows += count;
        }
        let small = |count: u64| count > 0 && count < least;
        let shown = !small(rows - shown_rows) && !small(cell.rows - rows) && !small(rows);
        if shown {
            shown_rows = rows;
        }
        steps.push(Step { h: weight / cell.population, m0: intensity / cell.population, shown });
    }
    steps.reverse();
    steps
}

pub(super) fn dominance(curves: &[Curve], groups: usize) -> Vec<Dominance> {
    let mut found = Vec::new();
    for curve in curves {
        for (measure, of) in [(|s: &Step| s.h) as fn(&Step) -> f64, |s| s.m0].into_iter().enumerate() {
            for first in 0..groups {
                for second in first + 1..groups {
                    let (Some(one), Some(two)) = (curve.groups.get(first), curve.groups.get(second)) else { continue };
                    let differences = || one.iter().zip(two).map(|(a, b)| of(a) - of(b));
                    let relation = match (differences().any(|d| d < -TIE), differences().any(|d| d > TIE)) {
                        (true, true) => "crossing",
                        (true, false) => "below",
                        (false, true) => "above",
                        (false, false) => "equal",
                    };
                    found.push(Dominance { weighting: curve.weighting.clone(), measure, first, second, relation });
                }
            }
        }
    }
    found
}
