//! Who is moved in one domain, by all three answers, and by which indicator.

use super::changes::{Change, shifts};
use super::sample::Domain;
use super::{Crossing, PeopleMoved};
use crate::kernels::crossing::{Crosser, Moves, Side, extreme};

/// Persons lifted above the threshold and pushed below it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Pair {
    pub lifted: f64,
    pub pushed: f64,
}

impl Pair {
    pub(super) fn add(&mut self, weight: f64, other: Pair) {
        self.lifted += weight * other.lifted;
        self.pushed += weight * other.pushed;
    }
}

/// What one indicator did.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct ByIndicator {
    /// Persons deprived, before and after.
    pub before: f64,
    pub after: f64,
    /// Shapley values.
    pub share: Pair,
    /// Were it the only one to move.
    pub alone: Pair,
    /// What would be lost without it.
    pub last: Pair,
}

/// All that is told of one domain.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Found {
    pub random: Pair,
    pub nearest: Pair,
    pub farthest: Pair,
    pub indicators: Vec<ByIndicator>,
    /// Whether some pattern had too many moving indicators for the shares.
    pub unshared: bool,
    /// Rows of patterns that can cross, on each side.
    pub lifted_rows: u64,
    pub pushed_rows: u64,
    /// Severity before and after, by indicator.
    pub severities: Vec<Option<(f64, f64)>>,
}

impl Found {
    pub(super) fn nothing(indicators: usize) -> Self {
        Found { indicators: vec![ByIndicator::default(); indicators], severities: vec![None; indicators], ..Found::default() }
    }

    /// Adds what was found in one course, by its weight.
    pub(super) fn add(&mut self, weight: f64, other: &Found) {
        self.random.add(weight, other.random);
        self.nearest.add(weight, other.nearest);
        self.farthest.add(weight, other.farthest);
        for (own, other) in self.indicators.iter_mut().zip(&other.indicators) {
            own.before += weight * other.before;
            own.after += weight * other.after;
            own.share.add(weight, other.share);
            own.alone.add(weight, other.alone);
            own.last.add(weight, other.last);
        }
        self.unshared |= other.unshared;
        self.lifted_rows = self.lifted_rows.max(other.lifted_rows);
        self.pushed_rows = self.pushed_rows.max(other.pushed_rows);
        for (own, other) in self.severities.iter_mut().zip(&other.severities) {
            let (mine, theirs) = (own.unwrap_or_default(), other.unwrap_or_default());
            if other.is_some() {
                *own = Some((mine.0 + weight * theirs.0, mine.1 + weight * theirs.1));
            }
        }
    }

    /// The answer asked for.
    pub(super) fn answer(&self, crossing: Crossing) -> Pair {
        match crossing {
            Crossing::Random => self.random,
            Crossing::Nearest => self.nearest,
            Crossing::Farthest => self.farthest,
        }
    }
}

fn rows(domain: &Domain, weights: &[f64]) -> Vec<(u64, f64)> {
    domain.patterns.iter().zip(weights).map(|(p, weight)| (p.pattern, *weight)).collect()
}

fn random(rows: &[(u64, f64)], moves: &Moves) -> Pair {
    let mut pair = Pair::default();
    let mut crosser = Crosser::new(moves);
    for (pattern, weight) in rows {
        let crossing = weight * crosser.crosses(*pattern);
        if moves.is_over(*pattern) {
            pair.lifted += crossing;
        } else {
            pair.pushed += crossing;
        }
    }
    pair
}

/// Nearest (`most`) or farthest; never short of (beyond) what chance gives, which is one way to choose too.
fn chosen(rows: &[(u64, f64)], moves: &Moves, most: bool, random: Pair) -> Pair {
    let of = |side, chance: f64| {
        let found = extreme(rows, moves, side, most);
        if most { found.max(chance) } else { found.min(chance) }
    };
    Pair { lifted: of(Side::Over, random.lifted), pushed: of(Side::Under, random.pushed) }
}

/// One answer alone, for a replicate.
pub(super) fn quick(settings: &PeopleMoved, still: &Moves, domain: &Domain, weights: &[f64], changes: &[Change], slope: f64) -> Pair {
    let rows = rows(domain, weights);
    let Some(shifts) = shifts(settings, still, &rows, changes, slope) else { return Pair::default() };
    if shifts.moves.is_still() {
        return Pair::default();
    }
    let chance = random(&rows, &shifts.moves);
    match settings.crossing {
        Crossing::Random => chance,
        Crossing::Nearest => chosen(&rows, &shifts.moves, true, chance),
        Crossing::Farthest => chosen(&rows, &shifts.moves, false, chance),
    }
}

/// What the answers hang on, and random crossing; the other answers and the shares of the indicators are left at nothing.
pub(super) fn light(settings: &PeopleMoved, still: &Moves, domain: &Domain, weights: &[f64], changes: &[Change]) -> (Found, Option<Moves>) {
    let mut found = Found { severities: changes.to_vec(), ..Found::nothing(changes.len()) };
    let rows = rows(domain, weights);
    let Some(shifts) = shifts(settings, still, &rows, changes, settings.slope) else { return (found, None) };
    let all: f64 = rows.iter().map(|(_, weight)| weight).sum();
    for (own, (p, after)) in found.indicators.iter_mut().zip(&shifts.of) {
        (own.before, own.after) = (p * all, after * all);
    }
    let moves = shifts.moves;
    if moves.is_still() {
        return (found, None);
    }
    let mut crosser = Crosser::new(&moves);
    for ((pattern, weight), tally) in rows.iter().zip(&domain.patterns) {
        let chance = crosser.crosses(*pattern);
        if chance > 0.0 {
            let over = moves.is_over(*pattern);
            let (sum, count) = match over {
                true => (&mut found.random.lifted, &mut found.lifted_rows),
                false => (&mut found.random.pushed, &mut found.pushed_rows),
            };
            *sum += weight * chance;
            *count += tally.rows;
        }
    }
    (found, Some(moves))
}

/// All answers, and which indicator moved them.
pub(super) fn whole(settings: &PeopleMoved, still: &Moves, domain: &Domain, weights: &[f64], changes: &[Change]) -> Found {
    let (mut found, moves) = light(settings, still, domain, weights, changes);
    let Some(moves) = moves else { return found };
    let rows = rows(domain, weights);
    found.nearest = chosen(&rows, &moves, true, found.random);
    found.farthest = chosen(&rows, &moves, false, found.random);
    for (pattern, weight) in &rows {
        let over = moves.is_over(*pattern);
        let Some(shares) = moves.shares(*pattern) else {
            found.unshared |= moves.crosses(*pattern) > 0.0;
            continue;
        };
        for (bit, share, alone, last) in shares.bits {
            let Some(own) = found.indicators.get_mut(bit) else { continue };
            for (pair, value) in [(&mut own.share, share), (&mut own.alone, alone), (&mut own.last, last)] {
                let side = if over { &mut pair.lifted } else { &mut pair.pushed };
                *side += weight * value;
            }
        }
    }
    found
}

impl Found {
    /// Takes from the weightiest courses how far the other answers lie from random, and in what parts the indicators share.
    pub(super) fn take_rest(&mut self, few: &Found) {
        let rest = |own: f64, random: f64, most: f64, least: f64| (own + (most - random), (own - (random - least)).max(0.0));
        let lifted = rest(self.random.lifted, few.random.lifted, few.nearest.lifted, few.farthest.lifted);
        let pushed = rest(self.random.pushed, few.random.pushed, few.nearest.pushed, few.farthest.pushed);
        self.nearest = Pair { lifted: lifted.0, pushed: pushed.0 };
        self.farthest = Pair { lifted: lifted.1, pushed: pushed.1 };
        let ratio = |own: f64, few: f64| if few > 0.0 { own / few } else { 0.0 };
        let by = Pair { lifted: ratio(self.random.lifted, few.random.lifted), pushed: ratio(self.random.pushed, few.random.pushed) };
        for (own, few) in self.indicators.iter_mut().zip(&few.indicators) {
            for (to, from) in [(&mut own.share, few.share), (&mut own.alone, few.alone), (&mut own.last, few.last)] {
                *to = Pair { lifted: by.lifted * from.lifted, pushed: by.pushed * from.pushed };
            }
        }
        self.unshared |= few.unshared;
    }
}
