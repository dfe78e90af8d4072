//! Rates of turning on and off from what was seen, by maximum likelihood.
//!
//! A spell is a stretch of steps over which a node was off under one pressure. With the hazard `h = a + b p` of each step (a by itself, b for each unit of
//! pressure p) a spell of m steps, t of which turned the node on, adds `t ln(1-e^{-h}) - (m-t) h`: concave in h, so concave in a and b together.
// Rows are cut from offsets made here, and every group index stands below `groups`.
#![allow(clippy::indexing_slicing)]

use crate::{Error, Result};

use super::renewal::{in_units, unit_of};
use super::{Csr, Tick, cancelled};

/// Steps over which a node was off under one pressure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spell {
    /// The node.
    pub node: u32,
    /// Sum of the weights of what fed it and was on.
    pub pressure: f64,
    /// Steps begun off.
    pub periods: f64,
    /// How many of them ended on.
    pub turned: f64,
}

/// What was seen of all nodes.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// Spells off, by node, then by pressure; one for each pair.
    pub off: Vec<Spell>,
    /// Of each node: steps begun on, and how many of them ended off.
    pub on: Vec<(f64, f64)>,
}

/// Counts spells over `periods` steps from stretches on, `[from, to)` in steps, in order and apart for each node; those before step 0 press on as they did.
///
/// # Errors
/// `Argument` where there are not as many lists as nodes; `Cancelled`.
pub fn spells(csr: &Csr, stretches: &[Vec<(i64, i64)>], periods: i64, tick: Tick<'_>) -> Result<Seen> {
    if stretches.len() != csr.nodes() {
        return Err(Error::argument(format!("found stretches of {} nodes, wanted {}", stretches.len(), csr.nodes())));
    }
    let unit = unit_of(csr)?;
    let mut seen = Seen { off: Vec::new(), on: Vec::with_capacity(csr.nodes()) };
    let mut walk = Walk::default();
    for (j, own) in stretches.iter().enumerate() {
        if !tick(j as u64) {
            return Err(cancelled());
        }
        walk.begin();
        for (i, w, lag) in csr.incoming(j) {
            let (units, lag) = (in_units(w, unit), i64::from(lag));
            for (from, to) in &stretches[i] {
                walk.changes.extend([(from.saturating_add(lag), units), (to.saturating_add(lag), -units)]);
            }
        }
        walk.changes.sort_unstable_by_key(|change| change.0);
        let (mut begun_on, mut turned_off) = (0.0, 0.0);
        for &(from, to) in own.iter().filter(|(from, to)| *to > 0 && *from <= periods) {
            walk.off(from, true);
            let last = to.min(periods);
            begun_on += (last - from.max(0)).max(0) as f64;
            turned_off += f64::from(u8::from(to <= periods));
            walk.at = walk.at.max(last);
        }
        walk.off(periods, false);
        seen.on.push((begun_on, turned_off));
        walk.rows.sort_unstable_by_key(|row| row.0);
        for same in walk.rows.chunk_by(|a, b| a.0 == b.0) {
            let sum = |value: fn(&(i64, f64, f64)) -> f64| same.iter().map(value).sum::<f64>();
            let pressure = same[0].0 as f64 * unit;
            seen.off.push(Spell { node: j as u32, pressure, periods: sum(|row| row.1), turned: sum(|row| row.2) });
        }
    }
    Ok(seen)
}

/// A walk along the steps of one node.
#[derive(Debug, Default)]
struct Walk {
    /// When the pressure changes, and by how many units.
    changes: Vec<(i64, i64)>,
    next: usize,
    pressure: i64,
    at: i64,
    /// Pressure, steps begun off under it, and whether the last ended on.
    rows: Vec<(i64, f64, f64)>,
}

impl Walk {
    fn begin(&mut self) {
        self.changes.clear();
        self.rows.clear();
        (self.next, self.pressure, self.at) = (0, 0, 0);
    }

    /// Off from where the walk stands until that step, where it turns on or not.
    fn off(&mut self, until: i64, turned: bool) {
        while self.at < until {
            while self.changes.get(self.next).is_some_and(|change| change.0 <= self.at) {
                self.pressure += self.changes[self.next].1;
                self.next += 1;
            }
            let end = self.changes.get(self.next).map_or(until, |change| change.0.min(until));
            let turns = f64::from(u8::from(turned && end == until));
            self.rows.push((self.pressure, (end - self.at) as f64, turns));
            self.at = end;
        }
    }
}

/// Hazards of a step that fit best.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// a of each group.
    pub internal: Vec<Hazard>,
    /// b, of all together.
    pub external: Hazard,
    /// The greatest log-likelihood.
    pub log_likelihood: f64,
    /// Steps of the search for b.
    pub iterations: u64,
}

/// What is known of one hazard.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Hazard {
    /// It fits best above 0; with its standard error from the observed information.
    Inside(f64, f64),
    /// It fits best at 0; beyond this bound the likelihood is below that share of its maximum.
    Zero(f64),
    /// Nothing was ever exposed to it.
    Unexposed,
    /// Whatever was exposed turned on at once: no hazard is too great.
    Unbounded,
    /// It cannot be told apart from the other.
    Confounded,
}

impl Hazard {
    /// Its value as far as it acts in a fit.
    pub fn value(self) -> f64 {
        match self {
            Hazard::Inside(value, _) => value,
            Hazard::Zero(_) | Hazard::Unexposed | Hazard::Unbounded | Hazard::Confounded => 0.0,
        }
    }
}

/// Spells of one group, with what does not change during a fit.
struct Group<'a> {
    spells: Vec<&'a Spell>,
    /// The hazard with b at 0, from which a only falls.
    most: f64,
}

/// `ln(1 - e^{-h})`.
fn ln_turned(h: f64) -> f64 {
    (-(-h).exp_m1()).ln()
}

impl Group<'_> {
    /// Slope in a at that point, and how fast it falls.
    fn slope(&self, a: f64, b: f64) -> (f64, f64) {
        let (mut slope, mut curve) = (0.0, 0.0);
        for spell in &self.spells {
            slope -= spell.periods - spell.turned;
            if spell.turned > 0.0 {
                let grown = (a + b * spell.pressure).exp_m1();
                slope += spell.turned / grown;
                curve += spell.turned * (grown + 1.0) / (grown * grown);
            }
        }
        (slope, curve)
    }

    /// The best a for that b: the root of a falling convex function, by Newton steps kept in a bracket.
    fn best(&self, b: f64, from: f64) -> f64 {
        let (at_zero, _) = self.slope(0.0, b);
        if self.most == 0.0 || at_zero <= 0.0 {
            return 0.0;
        }
        let (mut low, mut high) = (0.0, self.most);
        let mut a = if from > 0.0 && from < high { from } else { 0.5 * high };
        for _ in 0..200 {
            let (slope, curve) = self.slope(a, b);
            if slope > 0.0 {
                low = a;
            } else {
                high = a;
            }
            let newton = a + slope / curve;
            let next = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
            if (next - a).abs() <= 1e-15 * a {
                return next;
            }
            a = next;
        }
        a
    }

    fn log_likelihood(&self, a: f64, b: f64) -> f64 {
        let part = |spell: &&Spell| {
            let h = a + b * spell.pressure;
            let turned = if spell.turned > 0.0 { spell.turned * ln_turned(h) } else { 0.0 };
            turned - (spell.periods - spell.turned) * h
        };
        self.spells.iter().map(part).sum()
    }
}

/// Slope in b at its best a of every group, how fast it falls, and what it would fall were a known.
struct Outer {
    slope: f64,
    fall: f64,
    alone: f64,
    /// Sum of the magnitudes that the slope is made of, which rounding is a share of.
    size: f64,
}

fn outer(groups: &[Group<'_>], best: &[f64], b: f64) -> Outer {
    let mut outer = Outer { slope: 0.0, fall: 0.0, alone: 0.0, size: 0.0 };
    for (group, &a) in groups.iter().zip(best) {
        let (mut curve, mut mixed, mut own) = (0.0, 0.0, 0.0);
        for spell in &group.spells {
            let p = spell.pressure;
            let stayed = p * (spell.periods - spell.turned);
            outer.slope -= stayed;
            outer.size += stayed;
            if spell.turned > 0.0 {
                let grown = (a + b * p).exp_m1();
                let information = spell.turned * (grown + 1.0) / (grown * grown);
                if p > 0.0 {
                    outer.slope += p * spell.turned / grown;
                    outer.size += p * spell.turned / grown;
                    own += information * p * p;
                    mixed += information * p;
                }
                curve += information;
            }
        }
        outer.alone += own;
        outer.fall += own - if a > 0.0 && curve > 0.0 { mixed * mixed / curve } else { 0.0 };
    }
    outer
}

/// Fits the hazards; `group` of a node stands below `groups`, and hazards at 0 are bounded where the likelihood has fallen to `share` of its greatest.
///
/// # Method
/// For each b the best a of each group is the root of a falling function; the likelihood at those is concave in b, and its slope is brought to
/// 0 by Newton steps kept in a bracket. Standard errors are from the observed information of both. A bound on a is taken at b as it
/// fits, save for a single group, where b follows.
///
/// # Errors
/// `Cancelled`.
pub fn fit(spells: &[Spell], groups: usize, group: &dyn Fn(u32) -> usize, share: f64, tick: Tick<'_>) -> Result<Fit> {
    let mut made: Vec<Group<'_>> = (0..groups).map(|_| Group { spells: Vec::new(), most: 0.0 }).collect();
    let pressed = |sum: fn(&Spell) -> f64| spells.iter().filter(|s| s.pressure > 0.0).map(sum).sum::<f64>();
    let (exposed, stayed, turned) =
        (pressed(|s| s.periods * s.pressure), pressed(|s| (s.periods - s.turned) * s.pressure), pressed(|s| s.turned));
    // With no limit on b, what is pressed turns for sure and tells nothing of a.
    let unbounded = turned > 0.0 && stayed == 0.0;
    for spell in spells.iter().filter(|s| !(unbounded && s.pressure > 0.0)) {
        made[group(spell.node)].spells.push(spell);
    }
    let totals: Vec<(f64, f64)> = made
        .iter()
        .map(|g| g.spells.iter().fold((0.0, 0.0), |(turned, stayed), s| (turned + s.turned, stayed + s.periods - s.turned)))
        .collect();
    for (made, (turned, stayed)) in made.iter_mut().zip(&totals) {
        if *stayed > 0.0 {
            made.most = (turned / stayed).ln_1p();
        } else {
            // No hazard is too great for such a group, whatever b.
            made.spells.clear();
        }
    }
    let mut search = Search { groups: &made, best: made.iter().map(|g| g.most).collect(), iterations: 0 };
    let mut external = match (exposed > 0.0, unbounded, turned > 0.0) {
        (false, ..) => Hazard::Unexposed,
        (_, true, _) => Hazard::Unbounded,
        (_, _, false) => Hazard::Zero(-share.ln() / stayed),
        (..) => search.over_b(share, tick)?,
    };
    let b = external.value();
    let at = outer(&made, &search.best, b);
    let confounded = turned > 0.0 && !unbounded && at.alone > 0.0 && at.fall <= 1e-9 * at.alone && at.slope.abs() <= 1e-9 * at.size;
    let best = search.best.clone();
    let mut internal = Vec::with_capacity(groups);
    for (g, ((made, (turned, stayed)), &a)) in made.iter().zip(&totals).zip(&best).enumerate() {
        if !tick(g as u64) {
            return Err(cancelled());
        }
        internal.push(match (turned + stayed > 0.0, *stayed > 0.0, *turned > 0.0) {
            (false, ..) => Hazard::Unexposed,
            (_, false, _) => Hazard::Unbounded,
            (_, _, false) => Hazard::Zero(-share.ln() / stayed),
            (..) if confounded && made.spells.iter().any(|s| s.pressure > 0.0) => Hazard::Confounded,
            (..) if a > 0.0 => {
                let (_, curve) = made.slope(a, b);
                let mixed: f64 = made.spells.iter().filter(|s| s.turned > 0.0).map(|s| information(s, a, b) * s.pressure).sum();
                let shared = if let Hazard::Inside(..) = external { (mixed / curve).powi(2) / at.fall } else { 0.0 };
                Hazard::Inside(a, (1.0 / curve + shared).sqrt())
            }
            (..) => Hazard::Zero(search.bound_on_a(g, b, share, matches!(external, Hazard::Inside(..)), tick)?),
        });
    }
    let log_likelihood = made.iter().zip(&best).map(|(g, a)| g.log_likelihood(*a, b)).sum();
    if confounded {
        external = Hazard::Confounded;
    }
    Ok(Fit { internal, external, log_likelihood, iterations: search.iterations })
}

fn information(spell: &Spell, a: f64, b: f64) -> f64 {
    let grown = (a + b * spell.pressure).exp_m1();
    spell.turned * (grown + 1.0) / (grown * grown)
}

struct Search<'a> {
    groups: &'a [Group<'a>],
    best: Vec<f64>,
    iterations: u64,
}

impl Search<'_> {
    fn at(&mut self, b: f64, tick: Tick<'_>) -> Result<Outer> {
        self.iterations += 1;
        if !tick(self.iterations) {
            return Err(cancelled());
        }
        for (best, group) in self.best.iter_mut().zip(self.groups) {
            *best = group.best(b, *best);
        }
        Ok(outer(self.groups, &self.best, b))
    }

    fn log_likelihood(&self, b: f64) -> f64 {
        self.groups.iter().zip(&self.best).map(|(g, a)| g.log_likelihood(*a, b)).sum()
    }

    fn over_b(&mut self, share: f64, tick: Tick<'_>) -> Result<Hazard> {
        let start = self.at(0.0, tick)?;
        // Rounding alone is no slope.
        if start.slope <= 1e-13 * start.size {
            let greatest = self.log_likelihood(0.0);
            let scale = 1.0 / start.size.max(1e-300);
            let bound = self.falls_to(greatest + share.ln(), scale, tick)?;
            self.at(0.0, tick)?;
            return Ok(Hazard::Zero(bound));
        }
        let (mut low, mut high) = (0.0f64, f64::INFINITY);
        // Where nothing bends, begin at the size of what presses.
        let mut b = if start.fall > 0.0 { start.slope / start.fall } else { 1.0 / start.size.max(1e-300) };
        for _ in 0..500 {
            let here = self.at(b, tick)?;
            if here.slope > 0.0 {
                low = b;
            } else {
                high = b;
            }
            let newton = b + here.slope / here.fall;
            let middle = if high.is_finite() { 0.5 * (low + high) } else { 2.0 * b };
            let next = if newton > low && newton < high && newton.is_finite() { newton } else { middle };
            if (next - b).abs() <= 1e-14 * b || here.slope.abs() <= 1e-15 * here.size {
                break;
            }
            b = next;
        }
        let here = self.at(b, tick)?;
        Ok(Hazard::Inside(b, (1.0 / here.fall).sqrt()))
    }

    /// The b above its best at which the likelihood, a following, has fallen that far.
    fn falls_to(&mut self, wanted: f64, scale: f64, tick: Tick<'_>) -> Result<f64> {
        let (mut low, mut high) = (0.0, scale);
        loop {
            self.at(high, tick)?;
            if self.log_likelihood(high) < wanted || high > 1e300 {
                break;
            }
            (low, high) = (high, 2.0 * high);
        }
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            self.at(middle, tick)?;
            if self.log_likelihood(middle) < wanted {
                high = middle;
            } else {
                low = middle;
            }
        }
        Ok(high)
    }

    /// As far as a of a group at 0 can be; b follows where there is one group alone.
    fn bound_on_a(&mut self, g: usize, b: f64, share: f64, follows: bool, tick: Tick<'_>) -> Result<f64> {
        let group = &self.groups[g];
        let greatest = group.log_likelihood(0.0, b);
        let fallen = |a: f64| -> Result<bool> {
            if !tick(self.iterations) {
                return Err(cancelled());
            }
            let b = if follows && self.groups.len() == 1 { best_b(group, a, b) } else { b };
            Ok(group.log_likelihood(a, b) < greatest + share.ln())
        };
        let (mut low, mut high) = (0.0, group.most);
        while !fallen(high)? && high < 1e300 {
            (low, high) = (high, 2.0 * high);
        }
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if fallen(middle)? {
                high = middle;
            } else {
                low = middle;
            }
        }
        Ok(high)
    }
}

/// The best b for a known a of one group, at most `most`: raising a only lowers it.
fn best_b(group: &Group<'_>, a: f64, most: f64) -> f64 {
    let slope = |b: f64| {
        let part = |s: &&Spell| {
            let grown = (a + b * s.pressure).exp_m1();
            let turned = if s.turned > 0.0 { s.turned / grown } else { 0.0 };
            s.pressure * (turned - (s.periods - s.turned))
        };
        group.spells.iter().filter(|s| s.pressure > 0.0).map(part).sum::<f64>()
    };
    if slope(0.0) <= 0.0 {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, most);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if slope(middle) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::never;

    fn spell(node: u32, pressure: f64, periods: f64, turned: f64) -> Spell {
        Spell { node, pressure, periods, turned }
    }

    fn common(spells: &[Spell]) -> Fit {
        fit(spells, 1, &|_| 0, 0.05, &never).unwrap()
    }

    fn inside(hazard: Hazard) -> (f64, f64) {
        match hazard {
            Hazard::Inside(value, error) => (value, error),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn spells_are_counted_by_hand() {
        // 0 is on over [2, 5) and feeds 1 (weight 0.5, lag 1); 1 is on over [4, 6); eight steps
        let csr = Csr::from_edges(2, &[0], &[1], &[0.5], &[1]).unwrap();
        let seen = spells(&csr, &[vec![(2, 5)], vec![(4, 6)]], 8, &never).unwrap();
        // 0: off at 0 and 1 (the second ends on), then at 5, 6, 7; 1: off at 0, 1, 2 unpressed, at 3 pressed and turned, at 6 and 7
        let wanted = [spell(0, 0.0, 5.0, 1.0), spell(1, 0.0, 5.0, 0.0), spell(1, 0.5, 1.0, 1.0)];
        assert_eq!(seen.off, wanted);
        assert_eq!(seen.on, [(3.0, 1.0), (2.0, 1.0)]);
        // on from before the window, on past its end, and turned at its last step
        let seen = spells(&csr, &[vec![(-3, 1), (8, 12)], vec![(6, 20)]], 8, &never).unwrap();
        assert_eq!(seen.on, [(1.0, 1.0), (2.0, 0.0)]);
        assert_eq!(seen.off[0], spell(0, 0.0, 7.0, 1.0));
        // 0 was on at -3..1, read one step later: 1 is pressed at 0 and 1
        assert_eq!(seen.off[1..], [spell(1, 0.0, 4.0, 1.0), spell(1, 0.5, 2.0, 0.0)]);
        assert!(spells(&csr, &[vec![]], 8, &never).is_err());
    }

    #[test]
    fn two_pressures_are_fitted_in_closed_form() {
        // 10 of 100 steps turn unpressed, 12 of 40 under pressure 2: a = -ln 0.9, a + 2b = -ln 0.7
        let fit = common(&[spell(0, 0.0, 100.0, 10.0), spell(0, 2.0, 40.0, 12.0)]);
        let (a, b) = (-(0.9f64.ln()), 0.5 * (0.9f64 / 0.7).ln());
        let (found_a, error_a) = inside(fit.internal[0]);
        let (found_b, error_b) = inside(fit.external);
        assert!((found_a - a).abs() < 1e-12 && (found_b - b).abs() < 1e-12, "{fit:?}");
        // a hazard -ln(1-p) of m steps has the variance p / (m (1-p))
        let (v, w) = (0.1 / (100.0 * 0.9), 0.3 / (40.0 * 0.7));
        assert!((error_a - f64::sqrt(v)).abs() < 1e-12 && (error_b - 0.5 * f64::sqrt(v + w)).abs() < 1e-12, "{fit:?}");
        let wanted = 10.0 * 0.1f64.ln() + 90.0 * 0.9f64.ln() + 12.0 * 0.3f64.ln() + 28.0 * 0.7f64.ln();
        assert!((fit.log_likelihood - wanted).abs() < 1e-9);
    }

    #[test]
    fn hazards_at_nought_have_bounds() {
        let limit = -(0.05f64.ln());
        let none = common(&[spell(0, 0.0, 50.0, 0.0), spell(0, 1.5, 20.0, 0.0)]);
        // no turn at all: 70 steps bound a, 30 pressed ones b
        assert_eq!(none.internal[0], Hazard::Zero(limit / 70.0));
        assert_eq!(none.external, Hazard::Zero(limit / 30.0));
        // fewer turns under pressure than without
        let less = common(&[spell(0, 0.0, 100.0, 20.0), spell(0, 1.0, 100.0, 1.0)]);
        assert!((inside(less.internal[0]).0 - (21.0f64 / 179.0).ln_1p()).abs() < 1e-12);
        let Hazard::Zero(bound) = less.external else { panic!("{less:?}") };
        assert!(bound > 0.0 && bound < 0.05);
        // turns under pressure alone
        let pressed = common(&[spell(0, 0.0, 100.0, 0.0), spell(0, 1.0, 50.0, 10.0)]);
        assert!((inside(pressed.external).0 + 0.8f64.ln()).abs() < 1e-12);
        let Hazard::Zero(bound) = pressed.internal[0] else { panic!("{pressed:?}") };
        // a bound that b follows is wider than a held one would be, and no wider than unpressed steps alone allow
        assert!(bound <= limit / 100.0 + 1e-12 && bound > limit / 150.0, "{bound}");
    }

    #[test]
    fn what_cannot_be_told_is_said() {
        assert_eq!(common(&[spell(0, 0.0, 10.0, 1.0)]).external, Hazard::Unexposed);
        let alike = common(&[spell(0, 1.0, 50.0, 5.0)]);
        assert_eq!((alike.internal[0], alike.external), (Hazard::Confounded, Hazard::Confounded));
        let at_once = common(&[spell(0, 0.0, 50.0, 5.0), spell(0, 1.0, 3.0, 3.0)]);
        assert_eq!(at_once.external, Hazard::Unbounded);
        assert!((inside(at_once.internal[0]).0 - (5.0f64 / 45.0).ln_1p()).abs() < 1e-12);
        assert_eq!(common(&[spell(0, 0.0, 4.0, 4.0)]).internal[0], Hazard::Unbounded);
        assert_eq!(common(&[]).internal[0], Hazard::Unexposed);
    }

    #[test]
    fn groups_share_one_external_hazard() {
        // both unpressed shares differ, the pressure adds the same
        let (a, c, b) = (0.05f64, 0.2f64, 0.3f64);
        let turned = |h: f64, periods: f64| periods * -(-h).exp_m1();
        let rows = [
            spell(0, 0.0, 1e4, turned(a, 1e4)),
            spell(0, 1.0, 1e4, turned(a + b, 1e4)),
            spell(1, 0.0, 1e4, turned(c, 1e4)),
            spell(1, 0.5, 1e4, turned(c + 0.5 * b, 1e4)),
        ];
        let fit = fit(&rows, 2, &|node| node as usize, 0.05, &never).unwrap();
        assert!((inside(fit.internal[0]).0 - a).abs() < 1e-10 && (inside(fit.internal[1]).0 - c).abs() < 1e-10);
        assert!((inside(fit.external).0 - b).abs() < 1e-10, "{fit:?}");
    }

    #[test]
    fn known_rates_are_recovered_from_a_simulated_history() {
        use crate::kernels::renewal::{Renewal, Scratch, Simulation};
        let nodes = 30u32;
        let edges: Vec<(u32, u32)> = (0..120).map(|e| (e % nodes, (e * 7 + 3) % nodes)).filter(|(i, j)| i != j).collect();
        let (source, target): (Vec<u32>, Vec<u32>) = edges.iter().copied().unzip();
        let weight: Vec<f64> = (0..edges.len()).map(|e| 0.5 + 0.25 * (e % 3) as f64).collect();
        let csr = Csr::from_edges(nodes as usize, &source, &target, &weight, &[]).unwrap();
        let each = |hazard: f64| vec![hazard; nodes as usize];
        let (internal, external, recovery) = (each(0.01), each(0.04), each(0.15));
        let renewal = Renewal::new(&csr, &internal, &external, &recovery, &[]).unwrap();
        let start = each(0.0);
        let simulation = Simulation { start: &start, runs: 1, seed: 5, periods: 800, keep: false };
        let mut stretches: Vec<Vec<(i64, i64)>> = vec![Vec::new(); nodes as usize];
        let mut see = |step: u64, _: &[bool], moved: &[(u32, bool)]| {
            for (j, on) in moved {
                let own = &mut stretches[*j as usize];
                if *on {
                    own.push((step as i64, i64::MAX));
                } else {
                    own.last_mut().unwrap().1 = step as i64;
                }
            }
            Ok(())
        };
        renewal.run(&simulation, 0, &mut Scratch::new(&renewal).unwrap(), &mut see).unwrap();
        let seen = spells(&csr, &stretches, 800, &never).unwrap();
        let fit = common(&seen.off);
        for (hazard, truth) in [(fit.internal[0], 0.01), (fit.external, 0.04)] {
            let (value, error) = inside(hazard);
            assert!((value - truth).abs() < 3.0 * error && error < 0.3 * truth, "{hazard:?} {truth}");
        }
    }
}
