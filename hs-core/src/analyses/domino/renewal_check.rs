//! Whether fitted rates tell what happened: turns expected and observed, by chance and by node.

use serde::Serialize;

use crate::kernels::quantiles::chi_squared_tail;
use crate::kernels::renewal_fit::{Fit, Hazard, Seen};

/// Groups of steps by their chance.
const BINS: f64 = 10.0;
/// Turns expected in each of them at the least.
const LEAST: f64 = 5.0;

/// Steps of like chances.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bin {
    /// The least chance among them.
    pub low: f64,
    /// The greatest.
    pub high: f64,
    /// How many steps.
    pub periods: f64,
    /// Turns on that the rates expect.
    pub expected: f64,
    /// Turns on that were seen.
    pub observed: f64,
    #[serde(skip)]
    variance: f64,
}

/// Turns of one node.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NodeCheck {
    /// Name of the node.
    pub node: String,
    /// Steps begun off.
    pub periods_off: f64,
    /// Turns on that the rates expect; none where a rate is undefined.
    pub expected_on: Option<f64>,
    /// Turns on that were seen.
    pub observed_on: f64,
    /// Steps begun on.
    pub periods_on: f64,
    /// Turns off that the rate expects; none where it is undefined.
    pub expected_off: Option<f64>,
    /// Turns off that were seen.
    pub observed_off: f64,
}

/// Expected and observed.
#[derive(Debug, Clone, Default)]
pub(super) struct Check {
    pub(super) bins: Vec<Bin>,
    pub(super) nodes: Vec<NodeCheck>,
    pub(super) chi_squared: Option<f64>,
    pub(super) degrees_of_freedom: Option<u32>,
    pub(super) p_value: Option<f64>,
}

impl Check {
    /// `recovery` gives the hazard of turning off of a node.
    pub(super) fn new(
        seen: &Seen,
        fitted: &Fit,
        group: &dyn Fn(u32) -> usize,
        recovery: &dyn Fn(usize) -> Option<f64>,
        names: &[String],
    ) -> Check {
        let mut steps: Vec<Bin> = Vec::with_capacity(seen.off.len());
        let of = |((node, name), (periods_on, observed_off)): ((usize, &String), &(f64, f64))| NodeCheck {
            node: name.clone(),
            periods_off: 0.0,
            expected_on: Some(0.0),
            observed_on: 0.0,
            periods_on: *periods_on,
            expected_off: if *periods_on == 0.0 { Some(0.0) } else { recovery(node).map(|h| -(-h).exp_m1() * periods_on) },
            observed_off: *observed_off,
        };
        let mut nodes: Vec<NodeCheck> = names.iter().enumerate().zip(&seen.on).map(of).collect();
        for spell in &seen.off {
            let internal = fitted.internal.get(group(spell.node)).copied().unwrap_or(Hazard::Unexposed);
            let chance = chance(internal, fitted.external, spell.pressure);
            if let Some(node) = nodes.get_mut(spell.node as usize) {
                node.periods_off += spell.periods;
                node.observed_on += spell.turned;
                node.expected_on = node.expected_on.zip(chance).map(|(sum, p)| sum + p * spell.periods);
            }
            if let Some(p) = chance {
                steps.push(Bin {
                    low: p,
                    high: p,
                    periods: spell.periods,
                    expected: p * spell.periods,
                    observed: spell.turned,
                    variance: p * (1.0 - p) * spell.periods,
                });
            }
        }
        let bins = binned(steps);
        let mut check = Check { bins, nodes, ..Check::default() };
        // Hosmer and Lemeshow: two degrees are lost to a fit on the same data.
        if let (Some(degrees), true) = (check.bins.len().checked_sub(2).filter(|d| *d > 0), check.bins.iter().all(|b| b.variance > 0.0)) {
            let degrees = degrees as u32;
            let sum: f64 = check.bins.iter().map(|bin| (bin.observed - bin.expected).powi(2) / bin.variance).sum();
            check.chi_squared = Some(sum);
            check.degrees_of_freedom = Some(degrees);
            check.p_value = Some(chi_squared_tail(sum, degrees));
        }
        check
    }
}

/// Chance of turning on in a step; none where a rate that matters is undefined.
fn chance(internal: Hazard, external: Hazard, pressure: f64) -> Option<f64> {
    let sure = |hazard| matches!(hazard, Hazard::Unbounded);
    if sure(internal) || pressure > 0.0 && sure(external) {
        return Some(1.0);
    }
    let known = |hazard: Hazard| match hazard {
        Hazard::Inside(value, _) => Some(value),
        Hazard::Zero(_) => Some(0.0),
        Hazard::Unexposed | Hazard::Unbounded | Hazard::Confounded => None,
    };
    let pressed = if pressure > 0.0 { known(external)? * pressure } else { 0.0 };
    Some(-(-(known(internal)? + pressed)).exp_m1())
}

/// Steps from the least chance to the greatest, as ten groups of about the same number of expected turns, five at the least; equal chances
/// stay together.
fn binned(mut steps: Vec<Bin>) -> Vec<Bin> {
    steps.sort_by(|a, b| a.low.total_cmp(&b.low));
    let wanted = (steps.iter().map(|s| s.expected).sum::<f64>() / BINS).max(LEAST);
    let mut bins: Vec<Bin> = Vec::new();
    for step in steps {
        match bins.last_mut() {
            // Chances equal to nine digits are one.
            Some(last) if last.expected < wanted * (1.0 - 1e-9) || step.low - last.high <= 1e-9 * last.high => last.join(&step),
            _ => bins.push(step),
        }
    }
    if let [.., before, last] = bins.as_mut_slice()
        && last.expected < LEAST
    {
        let last = *last;
        before.join(&last);
        bins.pop();
    }
    bins
}

impl Bin {
    fn join(&mut self, other: &Bin) {
        self.high = self.high.max(other.high);
        self.periods += other.periods;
        self.expected += other.expected;
        self.observed += other.observed;
        self.variance += other.variance;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::renewal_fit::Spell;

    #[test]
    fn bins_hold_like_chances_and_a_misfit_shows() {
        let spells = |turned: [f64; 4]| {
            let row = |(pressure, turned): (f64, f64)| Spell { node: 0, pressure, periods: 1000.0, turned };
            [0.0, 1.0, 2.0, 3.0].into_iter().zip(turned).map(row).collect::<Vec<_>>()
        };
        let fitted =
            Fit { internal: vec![Hazard::Inside(0.05, 0.001)], external: Hazard::Inside(0.05, 0.001), log_likelihood: 0.0, iterations: 0 };
        let check = |turned| {
            let seen = Seen { off: spells(turned), on: vec![(10.0, 4.0)] };
            Check::new(&seen, &fitted, &|_| 0, &|_| Some(0.5), &["a".into()])
        };
        let expected = [0.05f64, 0.1, 0.15, 0.2].map(|h| 1000.0 * -(-h).exp_m1());
        let exact = check(expected);
        assert_eq!((exact.bins.len(), exact.degrees_of_freedom), (4, Some(2)));
        assert!(exact.chi_squared.unwrap() < 1e-20 && (exact.p_value.unwrap() - 1.0).abs() < 1e-12);
        assert!((exact.nodes[0].expected_on.unwrap() - expected.iter().sum::<f64>()).abs() < 1e-9);
        assert!((exact.nodes[0].expected_off.unwrap() - 10.0 * (1.0 - (-0.5f64).exp())).abs() < 1e-12);
        assert!(check([90.0, 50.0, 139.0, 181.0]).p_value.unwrap() < 1e-6);
    }
}
