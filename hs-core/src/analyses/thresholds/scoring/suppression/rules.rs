//! What the scheme alone tells anyone: which patterns of deprivations are insecure, and which k's and weightings hold others.

use super::linked::Layout;
use crate::analyses::thresholds::scoring::sample::{reaches, share_of};
use crate::analyses::thresholds::scoring::tallies::Configuration;

/// Indicators up to which every pattern is looked at.
const MOST_INDICATORS: usize = 12;

/// What everyone knows of a scheme and its configurations.
#[derive(Debug)]
pub(super) struct Rules {
    /// Bit j: indicator j is of the vital core.
    pub vital: u64,
    pub layout: Layout,
    pub nestings: Vec<Nesting>,
    /// By configuration: least share of deprivations of the insecure, greatest of the others; none where not looked at.
    levels: Vec<Option<(f64, f64)>>,
}

/// Whoever is insecure under the narrower configuration is so under the wider one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Nesting {
    pub wider: usize,
    pub narrower: usize,
    /// And the other way round.
    pub same: bool,
}

impl Rules {
    pub(super) fn new(vital: u64, configurations: &[Configuration], indicators: usize) -> Self {
        let small = indicators <= MOST_INDICATORS;
        let weightings = configurations.chunk_by(|a, b| a.weighting == b.weighting).count();
        // what weightings share is not looked at with many indicators: they are shown or hidden as one
        let as_one = !small && weightings > 1;
        let layout = Layout { indicators, configurations: configurations.len(), as_one };
        let mut rules = Rules { vital, layout, nestings: Vec::new(), levels: vec![None; configurations.len()] };
        if small {
            let sets: Vec<Vec<bool>> =
                configurations.iter().map(|c| (0..1_u64 << indicators).map(|p| rules.is_insecure(p, c)).collect()).collect();
            rules.levels = configurations.iter().zip(&sets).map(|(c, set)| Some(levels(c, set))).collect();
            rules.nestings = nestings(&sets);
        } else {
            for (at, pair) in configurations.windows(2).enumerate() {
                if let [one, other] = pair
                    && one.weighting == other.weighting
                {
                    let (wider, narrower) = if one.cutoff <= other.cutoff { (at, at + 1) } else { (at + 1, at) };
                    rules.nestings.push(Nesting { wider, narrower, same: one.cutoff == other.cutoff });
                }
            }
        }
        rules
    }

    pub(super) fn is_insecure(&self, pattern: u64, configuration: &Configuration) -> bool {
        reaches(share_of(pattern, &configuration.weights), configuration.cutoff)
    }

    /// Least share of deprivations of whoever is insecure, and greatest of whoever is not.
    pub(super) fn levels(&self, at: usize, configuration: &Configuration) -> (f64, f64) {
        // where patterns are too many to look at all, k bounds both
        self.levels.get(at).copied().flatten().unwrap_or(((configuration.cutoff - 1e-9).max(0.0), configuration.cutoff.min(1.0)))
    }
}

fn levels(configuration: &Configuration, insecure: &[bool]) -> (f64, f64) {
    let mut levels = (1.0_f64, 0.0_f64);
    for (pattern, insecure) in insecure.iter().enumerate() {
        let share = share_of(pattern as u64, &configuration.weights);
        if *insecure {
            levels.0 = levels.0.min(share);
        } else {
            levels.1 = levels.1.max(share);
        }
    }
    levels
}

/// Pairs of sets of which one holds the other with none between; of equal ones, each with the next.
fn nestings(sets: &[Vec<bool>]) -> Vec<Nesting> {
    let holds = |wide: &[bool], narrow: &[bool]| wide.iter().zip(narrow).all(|(w, n)| *w || !n);
    // of equal sets the first comes first
    let below: Vec<Vec<usize>> = sets
        .iter()
        .enumerate()
        .map(|(a, wide)| {
            let narrower = sets.iter().enumerate().filter(|(b, narrow)| a != *b && holds(wide, narrow) && (a < *b || wide != *narrow));
            narrower.map(|(b, _)| b).collect()
        })
        .collect();
    let mut found = Vec::new();
    for (wider, all) in below.iter().enumerate() {
        for &narrower in all {
            if !all.iter().any(|between| below.get(*between).is_some_and(|b| b.contains(&narrower))) {
                found.push(Nesting { wider, narrower, same: sets.get(wider) == sets.get(narrower) });
            }
        }
    }
    found
}
