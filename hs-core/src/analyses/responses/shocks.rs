//! From effects as a user states them to shocks on the cells of a network.

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
#[derive(Debug, Clone, PartialEq)]
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

/// Shocks of a scenario: improvements of one cell cut together at its severity, worsenings at what is left to 1, in proportion.
pub(crate) fn realise(strikes: &[&Strike], changes: &[f64], baseline: &[f64]) -> (Shocks, Vec<Cut>) {
    let none = || vec![0.0; baseline.len()];
    let mut shocks = Shocks { worse_direct: none(), worse_declared: none(), better_direct: none(), better_declared: none() };
    for (strike, change) in strikes.iter().zip(changes) {
        let side = match (strike.worse, strike.route) {
            (true, Route::Direct) => &mut shocks.worse_direct,
            (true, Route::Declared) => &mut shocks.worse_declared,
            (false, Route::Direct) => &mut shocks.better_direct,
            (false, Route::Declared) => &mut shocks.better_declared,
        };
        let sign = if strike.worse { 1.0 } else { -1.0 };
        for &(position, share) in &strike.cells {
            if let Some(cell) = side.get_mut(position) {
                *cell += sign * change * share;
            }
        }
    }
    let mut cuts = Vec::new();
    for (position, &severity) in baseline.iter().enumerate() {
        let Shocks { worse_direct, worse_declared, better_direct, better_declared } = &mut shocks;
        for (worse, room, direct, declared) in
            [(true, 1.0 - severity, worse_direct, worse_declared), (false, severity, better_direct, better_declared)]
        {
            let (Some(direct), Some(declared)) = (direct.get_mut(position), declared.get_mut(position)) else { continue };
            let asked = (*direct + *declared).abs();
            if asked > room {
                let factor = room / asked;
                *direct *= factor;
                *declared *= factor;
                cuts.push(Cut { position, worse, asked, realised: room });
            }
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
