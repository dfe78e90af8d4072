//! Which cells of respondents are too small to be shown, and which others must go with them.
//!
//! Cells lie on two axes, with both margins and the total ([`hidden`]), or are sets of people that overlap as they may ([`Linked`]). A cell of fewer than `min_n` is
//! hidden, and others beside it until nobody can work it out to less than `min_n` from what is shown (Hundepool et al. 2012).

use std::collections::{BTreeMap, BTreeSet};

use crate::Result;
use crate::kernels::intervals::Equations;
use crate::kernels::never;
use crate::kernels::suppression::{Cells, Effort, NEVER};

/// A cell: a position on each axis, `None` for the margin over it.
pub(crate) type CellKey = (Option<usize>, Option<usize>);

/// Fewest respondents of a cell that is shown without a warning.
pub(super) const FEW: usize = 5;

/// How a cell of so many is shown.
pub(crate) fn state(n: usize, hidden: bool) -> &'static str {
    if hidden {
        "suppressed"
    } else if n < FEW {
        "thin"
    } else {
        "value"
    }
}

/// Cells to hide. `counts` holds the innermost cells, the second position absent where it is not said: such a part is never shown by itself, but whoever
/// subtracts finds it. `margins` says which margins are shown: over the second axis, over the first, over both.
pub(crate) fn hidden(counts: &BTreeMap<(usize, Option<usize>), usize>, margins: [bool; 3], min_n: usize) -> Result<BTreeSet<CellKey>> {
    let mut out = BTreeSet::new();
    if min_n == 0 || counts.is_empty() {
        return Ok(out);
    }
    let (mut first, mut second): (BTreeMap<usize, usize>, BTreeMap<Option<usize>, usize>) = Default::default();
    for ((a, b), n) in counts {
        *first.entry(*a).or_default() += n;
        *second.entry(*b).or_default() += n;
    }
    let total: usize = counts.values().sum();
    // every cell with its number and whether it may be shown
    let mut keys: Vec<(CellKey, usize, bool)> = Vec::new();
    let mut rows: Vec<Vec<(u32, f64)>> = Vec::new();
    let mut at: BTreeMap<(Option<usize>, Option<Option<usize>>), u32> = BTreeMap::new();
    let mut add = |key: (Option<usize>, Option<Option<usize>>), n: usize, shown: bool| {
        at.insert(key, u32::try_from(keys.len()).unwrap_or(u32::MAX));
        keys.push(((key.0, key.1.flatten()), n, shown));
    };
    for ((a, b), n) in counts {
        add((Some(*a), Some(*b)), *n, b.is_some());
    }
    first.iter().for_each(|(a, n)| add((Some(*a), None), *n, margins[0]));
    second.iter().for_each(|(b, n)| add((None, Some(*b)), *n, margins[1] && b.is_some()));
    add((None, None), total, margins[2]);
    let mut sum = |parts: Vec<(Option<usize>, Option<Option<usize>>)>, whole: (Option<usize>, Option<Option<usize>>)| {
        let parts = parts.iter().filter_map(|key| at.get(key)).map(|c| (*c, 1.0));
        rows.push(parts.chain(at.get(&whole).map(|c| (*c, -1.0))).collect());
    };
    for a in first.keys() {
        sum(counts.keys().filter(|k| k.0 == *a).map(|k| (Some(k.0), Some(k.1))).collect(), (Some(*a), None));
    }
    for b in second.keys() {
        sum(counts.keys().filter(|k| k.1 == *b).map(|k| (Some(k.0), Some(k.1))).collect(), (None, Some(*b)));
    }
    sum(first.keys().map(|a| (Some(*a), None)).collect(), (None, None));
    sum(second.keys().map(|b| (None, Some(*b))).collect(), (None, None));
    let mut units = Vec::new();
    let (mut loss, mut primary) = (Vec::new(), Vec::new());
    for (_, n, shown) in &keys {
        if *shown {
            units.push(u32::try_from(loss.len()).unwrap_or(NEVER));
            loss.push(*n as f64);
            primary.push(*n < min_n);
        } else {
            units.push(NEVER);
        }
    }
    let guarded: Vec<bool> = keys.iter().map(|(_, n, _)| *n > 0 && *n < min_n).collect();
    let values: Vec<f64> = keys.iter().map(|(_, n, _)| *n as f64).collect();
    let least = vec![0.0; values.len()];
    let equations = Equations::new(values, least, rows);
    let cells = equations.and_then(|e| Cells::new(e, units.clone(), guarded, loss, &[]));
    let Some(cells) = cells else { return Err(crate::Error::internal("cells of respondents do not fit their margins")) };
    let effort = Effort { width: min_n as f64, most_cells: 2000, most_programmes: 4000 };
    let found = cells.suppress(&primary, &effort, &never)?;
    let unsafe_still = found.exhausted || !found.open.is_empty();
    for ((key, _, shown), unit) in keys.iter().zip(&units) {
        let inner = key.0.is_some() && key.1.is_some();
        let hide = found.units.get(*unit as usize).copied().unwrap_or(false) || (unsafe_still && inner);
        if *shown && hide {
            out.insert(*key);
        }
    }
    Ok(out)
}

/// Sets of people (or of what they said) whose numbers are shown, overlapping as they may.
///
/// Whoever knows which sets lie within which can subtract one from the other. So within each family of sets the parts that its sets cut people into are guarded,
/// shown or not, and so is every set.
#[derive(Debug)]
pub(crate) struct Linked<T> {
    sets: Vec<(BTreeSet<T>, u32)>,
    loss: Vec<f64>,
    must: Vec<bool>,
    follows: Vec<(u32, u32)>,
    families: Vec<Vec<usize>>,
}

impl<T: Ord + Copy> Linked<T> {
    pub(crate) fn new() -> Self {
        Linked { sets: Vec::new(), loss: Vec::new(), must: Vec::new(), follows: Vec::new(), families: Vec::new() }
    }

    /// A set that is shown or hidden by itself; gives its position and its unit. `worth` says how much dearer it is to hide than one person of a plain set.
    pub(crate) fn add(&mut self, who: BTreeSet<T>, worth: f64) -> usize {
        let unit = u32::try_from(self.loss.len()).unwrap_or(NEVER);
        self.loss.push(worth * who.len() as f64);
        self.must.push(false);
        self.sets.push((who, unit));
        self.sets.len() - 1
    }

    /// A set that no table tells, and that must not be found all the same; gives its position.
    pub(crate) fn add_unseen(&mut self, who: BTreeSet<T>) -> usize {
        let at = self.add(who, 0.0);
        self.hide(at);
        at
    }

    /// Hides a set whatever its number.
    pub(crate) fn hide(&mut self, set: usize) {
        self.must.get_mut(set).into_iter().for_each(|m| *m = true);
    }

    /// Hides the second set with the first.
    pub(crate) fn follow(&mut self, first: usize, second: usize) {
        self.follows.extend(u32::try_from(first).ok().zip(u32::try_from(second).ok()));
    }

    /// Sets that are looked at together.
    pub(crate) fn family(&mut self, sets: impl IntoIterator<Item = usize>) {
        self.families.push(sets.into_iter().collect());
    }

    /// Which sets to hide, by position.
    pub(crate) fn hidden(&self, min_n: usize) -> Result<Vec<bool>> {
        if min_n == 0 || self.sets.is_empty() {
            return Ok(vec![false; self.sets.len()]);
        }
        let mut values: Vec<f64> = self.sets.iter().map(|(who, _)| who.len() as f64).collect();
        let mut units: Vec<u32> = self.sets.iter().map(|(_, unit)| *unit).collect();
        let mut rows: Vec<Vec<(u32, f64)>> = Vec::new();
        for family in &self.families {
            let mut own: BTreeMap<T, Vec<usize>> = BTreeMap::new();
            for at in family {
                self.sets.get(*at).into_iter().flat_map(|(who, _)| who).for_each(|one| own.entry(*one).or_default().push(*at));
            }
            let mut parts: BTreeMap<&[usize], usize> = BTreeMap::new();
            own.values().for_each(|signature| *parts.entry(signature).or_default() += 1);
            let mut sums: BTreeMap<usize, Vec<(u32, f64)>> = BTreeMap::new();
            for (signature, n) in parts {
                let cell = u32::try_from(values.len()).unwrap_or(NEVER);
                signature.iter().for_each(|at| sums.entry(*at).or_default().push((cell, 1.0)));
                values.push(n as f64);
                units.push(NEVER);
            }
            for (at, mut row) in sums {
                row.extend(u32::try_from(at).ok().map(|set| (set, -1.0)));
                rows.push(row);
            }
        }
        let guarded: Vec<bool> = values.iter().map(|n| *n > 0.0 && *n < min_n as f64).collect();
        let primary: Vec<bool> = self.must.iter().zip(&guarded).map(|(must, small)| *must || *small).collect();
        let least = vec![0.0; values.len()];
        let cells = Equations::new(values, least, rows).and_then(|e| Cells::new(e, units, guarded, self.loss.clone(), &self.follows));
        let Some(cells) = cells else { return Err(crate::Error::internal("sets of people do not fit their parts")) };
        let effort = Effort { width: min_n as f64, most_cells: 2000, most_programmes: 4000 };
        let mut found = cells.suppress(&primary, &effort, &never)?;
        if found.exhausted || !found.open.is_empty() {
            found.units.iter_mut().zip(&self.loss).filter(|(_, loss)| loss.is_finite()).for_each(|(hide, _)| *hide = true);
        }
        Ok(found.units)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(cells: &[(usize, Option<usize>, usize)], margins: [bool; 3], min_n: usize) -> Vec<CellKey> {
        let counts = cells.iter().map(|(a, b, n)| ((*a, *b), *n)).collect();
        hidden(&counts, margins, min_n).unwrap().into_iter().collect()
    }

    #[test]
    fn a_small_part_takes_another_with_it() {
        // 2 of 12 would be told by 12 - 10: the next smallest goes too
        let cells = [(0, Some(0), 2), (0, Some(1), 4), (0, Some(2), 6)];
        assert_eq!(of(&cells, [true, false, false], 3), [(Some(0), Some(0)), (Some(0), Some(1))]);
        // without the margin nothing can be told
        assert_eq!(of(&cells, [false; 3], 3), [(Some(0), Some(0))]);
        assert!(of(&cells, [true; 3], 0).is_empty());
    }

    #[test]
    fn what_nobody_said_counts_as_a_part() {
        // 1 without a group would be told by 7 - 6
        assert_eq!(of(&[(0, Some(0), 6), (0, None, 1)], [true, false, false], 3), [(Some(0), Some(0))]);
        assert_eq!(of(&[(0, Some(0), 3)], [true, false, false], 3), []);
        assert_eq!(of(&[(0, Some(0), 2)], [true, false, false], 3), [(Some(0), None), (Some(0), Some(0))]);
    }

    #[test]
    fn a_set_within_another_is_not_told_by_what_is_left() {
        let mut linked = Linked::new();
        let whole = linked.add((0..9).collect(), f64::INFINITY);
        let (wide, narrow) = (linked.add((0..7).collect(), 1.0), linked.add((0..5).collect(), 2.0));
        linked.family([whole, wide, narrow]);
        // 7 - 5 and 9 - 7 would tell two people each
        assert_eq!(linked.hidden(3).unwrap(), [false, true, false]);
        assert_eq!(linked.hidden(0).unwrap(), [false; 3]);
        assert_eq!(linked.hidden(2).unwrap(), [false; 3]);
    }
}
