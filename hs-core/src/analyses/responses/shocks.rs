//! From effects as a user states them to shocks on the cells of a network.

use std::collections::BTreeMap;

use crate::kernels::sampling::Draw;

/// How an effect came to be stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    /// On the intervention's own target.
    Direct,
    /// Declared, outside the target.
    Declared,
}

/// One effect with a number, on the cells it reaches.
#[derive(Debug, Clone)]
pub(crate) struct Strike {
    /// Where it stands in the assessment, for example `micro-credit/externalities/0`.
    pub(crate) label: String,
    pub(crate) route: Route,
    /// Whether people become worse off.
    pub(crate) worse: bool,
    /// Severity points.
    pub(crate) change: f64,
    pub(crate) range: Option<(f64, f64)>,
    pub(crate) likelihood: f64,
    /// Counter of the effect in the whole assessment: what its random numbers are keyed by, so that they do not depend on what else runs.
    pub(crate) parameter: u32,
    /// Position of each cell and the share of its persons that the effect reaches.
    pub(crate) cells: Vec<(usize, f64)>,
}

/// A possible course of one intervention's effects: which happen, by how much, and how much it weighs.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Scenario {
    pub(crate) weight: f64,
    /// Severity points of each strike; 0 where it does not happen.
    pub(crate) changes: Vec<f64>,
}

/// How many uncertain effects are enumerated; beyond, draws take over.
pub(crate) const MOST_ENUMERATED: usize = 12;

/// The scenarios whose weighted mean is the expectation, and whether they are exact.
pub(crate) fn scenarios(strikes: &[&Strike], draws: u32, seed: u64) -> (Vec<Scenario>, bool) {
    let uncertain: Vec<usize> = (0..strikes.len()).filter(|&i| strikes.get(i).is_some_and(|s| s.likelihood < 1.0)).collect();
    let ranged = strikes.iter().any(|s| s.range.is_some_and(|(low, high)| high > low) && s.likelihood > 0.0);
    if ranged || uncertain.len() > MOST_ENUMERATED {
        let weight = 1.0 / f64::from(draws);
        return ((0..draws).map(|draw| Scenario { weight, ..one(strikes, draw, seed) }).collect(), false);
    }
    let all = (0..1_usize << uncertain.len()).map(|mask| {
        let mut scenario = Scenario { weight: 1.0, changes: strikes.iter().map(|s| s.change).collect() };
        for (bit, &index) in uncertain.iter().enumerate() {
            let likelihood = strikes.get(index).map_or(1.0, |s| s.likelihood);
            let happens = mask >> bit & 1 == 1;
            scenario.weight *= if happens { likelihood } else { 1.0 - likelihood };
            if !happens && let Some(change) = scenario.changes.get_mut(index) {
                *change = 0.0;
            }
        }
        scenario
    });
    (all.filter(|s| s.weight > 0.0).collect(), true)
}

/// One draw of every strike.
pub(crate) fn one(strikes: &[&Strike], draw: u32, seed: u64) -> Scenario {
    Scenario { weight: 1.0, changes: strikes.iter().map(|s| drawn(s, seed, draw)).collect() }
}

fn drawn(strike: &Strike, seed: u64, draw: u32) -> f64 {
    let mut numbers = Draw::new(seed, draw, strike.parameter);
    if !numbers.happens(strike.likelihood) {
        return 0.0;
    }
    strike.range.map_or(strike.change, |(low, high)| numbers.pert(low, strike.change, high))
}

/// The shocks of one scenario, by position; improvements negative.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Shocks {
    pub(crate) worse_direct: Vec<f64>,
    pub(crate) worse_declared: Vec<f64>,
    pub(crate) better_direct: Vec<f64>,
    pub(crate) better_declared: Vec<f64>,
}

impl Shocks {
    /// Everything that gets worse.
    pub(crate) fn worse(&self) -> Vec<f64> {
        sum(&self.worse_direct, &self.worse_declared)
    }

    /// Everything that gets better.
    pub(crate) fn better(&self) -> Vec<f64> {
        sum(&self.better_direct, &self.better_declared)
    }
}

/// Sum by position.
pub(crate) fn sum(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}

/// What was cut from one side of one cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cut {
    pub(crate) position: usize,
    pub(crate) worse: bool,
    pub(crate) asked: f64,
    pub(crate) realised: f64,
}

/// Kinds of a shock on one cell: worse and direct, worse and declared, better and direct, better and declared.
pub(crate) const KINDS: usize = 4;

impl Strike {
    /// Its kind, as an index below [`KINDS`].
    pub(crate) fn kind(&self) -> usize {
        match (self.worse, self.route) {
            (true, Route::Direct) => 0,
            (true, Route::Declared) => 1,
            (false, Route::Direct) => 2,
            (false, Route::Declared) => 3,
        }
    }

    /// Improvements count as negative.
    pub(crate) fn sign(&self) -> f64 {
        if self.worse { 1.0 } else { -1.0 }
    }
}

/// The cells that strikes reach, ascending, and which strikes reach each.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reached {
    pub(crate) cells: Vec<usize>,
    /// By cell: index of the strike, and the share of the cell's persons it reaches.
    pub(crate) hits: Vec<Vec<(usize, f64)>>,
}

impl Reached {
    pub(crate) fn new(strikes: &[&Strike]) -> Self {
        let mut by_cell: BTreeMap<usize, Vec<(usize, f64)>> = BTreeMap::new();
        for (index, strike) in strikes.iter().enumerate() {
            for &(position, share) in &strike.cells {
                by_cell.entry(position).or_default().push((index, share));
            }
        }
        let (cells, hits) = by_cell.into_iter().unzip();
        Reached { cells, hits }
    }
}

/// Shocks on one cell by kind: its improvements are cut together at its severity, its worsenings at what is left to 1, in proportion.
///
/// Told beside them: what each side asked for and got, where it was cut (worsenings first).
pub(crate) fn on_cell(
    strikes: &[&Strike],
    hits: &[(usize, f64)],
    changes: &[f64],
    severity: f64,
) -> ([f64; KINDS], [Option<(f64, f64)>; 2]) {
    let mut kinds = [0.0; KINDS];
    for (index, share) in hits {
        if let (Some(strike), Some(change)) = (strikes.get(*index), changes.get(*index))
            && let Some(kind) = kinds.get_mut(strike.kind())
        {
            *kind += strike.sign() * change * share;
        }
    }
    let [worse_direct, worse_declared, better_direct, better_declared] = &mut kinds;
    let mut cut = [None; 2];
    for (side, room, direct, declared) in [(0, 1.0 - severity, worse_direct, worse_declared), (1, severity, better_direct, better_declared)]
    {
        let asked = (*direct + *declared).abs();
        if asked > room {
            let factor = room / asked;
            *direct *= factor;
            *declared *= factor;
            if let Some(cut) = cut.get_mut(side) {
                *cut = Some((asked, room));
            }
        }
    }
    (kinds, cut)
}

/// Shocks of a scenario on every cell, and what was cut.
pub(crate) fn realise(strikes: &[&Strike], changes: &[f64], baseline: &[f64]) -> (Shocks, Vec<Cut>) {
    realise_on(strikes, &Reached::new(strikes), changes, baseline)
}

/// As [`realise`], where it is known which cells are reached.
pub(crate) fn realise_on(strikes: &[&Strike], reached: &Reached, changes: &[f64], baseline: &[f64]) -> (Shocks, Vec<Cut>) {
    let none = || vec![0.0; baseline.len()];
    let mut shocks = Shocks { worse_direct: none(), worse_declared: none(), better_direct: none(), better_declared: none() };
    let mut cuts = Vec::new();
    for (&position, hits) in reached.cells.iter().zip(&reached.hits) {
        let Some(&severity) = baseline.get(position) else { continue };
        let (kinds, cut) = on_cell(strikes, hits, changes, severity);
        let Shocks { worse_direct, worse_declared, better_direct, better_declared } = &mut shocks;
        for (all, kind) in [worse_direct, worse_declared, better_direct, better_declared].into_iter().zip(kinds) {
            if let Some(slot) = all.get_mut(position) {
                *slot = kind;
            }
        }
        for (worse, cut) in [true, false].into_iter().zip(cut) {
            cuts.extend(cut.map(|(asked, realised)| Cut { position, worse, asked, realised }));
        }
    }
    (shocks, cuts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strike(worse: bool, change: f64, likelihood: f64) -> Strike {
        Strike { label: String::new(), route: Route::Direct, worse, change, range: None, likelihood, parameter: 0, cells: vec![(0, 1.0)] }
    }

    #[test]
    fn enumeration_weighs_to_one_and_gives_the_mean() {
        let strikes = [strike(true, 0.2, 0.5), strike(true, 0.4, 0.25), strike(false, 0.1, 1.0)];
        let (all, exact) = scenarios(&strikes.iter().collect::<Vec<_>>(), 10, 0);
        assert!(exact);
        assert_eq!(all.len(), 4);
        let total: f64 = all.iter().map(|s| s.weight).sum();
        let mean: f64 = all.iter().map(|s| s.weight * (s.changes[0] + s.changes[1])).sum();
        assert!((total - 1.0).abs() < 1e-15 && (mean - 0.2).abs() < 1e-15);
    }

    #[test]
    fn more_than_twelve_uncertain_effects_are_drawn() {
        let strikes = vec![strike(true, 0.01, 0.5); 13];
        let (all, exact) = scenarios(&strikes.iter().collect::<Vec<_>>(), 50, 0);
        assert!(!exact);
        assert_eq!(all.len(), 50);
    }

    #[test]
    fn cuts_are_in_proportion_and_listed() {
        let strikes = [strike(false, 0.3, 1.0), Strike { route: Route::Declared, ..strike(false, 0.1, 1.0) }, strike(true, 0.5, 1.0)];
        let (shocks, cuts) = realise(&strikes.iter().collect::<Vec<_>>(), &[0.3, 0.1, 0.5], &[0.2, 0.9]);
        assert!((shocks.better_direct[0] + 0.15).abs() < 1e-15);
        assert!((shocks.better_declared[0] + 0.05).abs() < 1e-15);
        assert_eq!(shocks.worse_direct[0], 0.5);
        assert_eq!(cuts.len(), 1);
        assert!(!cuts[0].worse);
    }
}
