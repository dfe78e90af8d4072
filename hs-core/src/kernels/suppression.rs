//! Which cells of linked tables to leave out, so that no small one can be worked out from the others.
//!
//! Cells are published in units, all of one or none. Units that must not be shown are given; others are hidden beside them until every
//! guarded cell that is not published may lie in an interval of at least `width`, by linear programming over every equation and bound;
//! then what was hidden needlessly is published again.
// every index below is of a cell or unit that `Cells::new` has checked
#![allow(clippy::indexing_slicing)]

use rustc_hash::FxHashSet;

use super::intervals::{Equations, NOTHING, Point};
use super::{Tick, cancelled};
use crate::Result;

/// The unit of cells that are never published.
pub const NEVER: u32 = u32::MAX;
/// The unit of cells that everyone knows.
pub const ALWAYS: u32 = u32::MAX - 1;

/// Unknown cells that a programme moves at first: most have room enough near by.
const NEAR: usize = 160;
/// Linear programmes spent on publishing again.
const AGAIN: u64 = 60;

/// Cells of linked tables, and what may be done with them.
#[derive(Debug)]
pub struct Cells {
    equations: Equations,
    units: Vec<u32>,
    guarded: Vec<bool>,
    members: Vec<Vec<u32>>,
    follows: Vec<Vec<u32>>,
    loss: Vec<f64>,
}

/// How wide, and how hard to try.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// Least width of the interval of a hidden cell.
    pub width: f64,
    /// Most unknown cells that one linear programme moves.
    pub most_cells: usize,
    /// Most linear programmes.
    pub most_programmes: u64,
}

/// What is hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden {
    /// By unit.
    pub units: Vec<bool>,
    /// Guarded cells that nothing which may be hidden could protect, in order.
    pub open: Vec<u32>,
    /// Whether the work ran out before every cell was looked at: nothing is promised then.
    pub exhausted: bool,
    /// Linear programmes solved.
    pub programmes: u64,
}

impl Cells {
    /// Cells with the unit of each and whether it is guarded; by unit, what hiding it costs (infinite: it may not be hidden); pairs of
    /// units of which the second is hidden with the first. `None` where lengths or numbers do not fit.
    pub fn new(equations: Equations, units: Vec<u32>, guarded: Vec<bool>, loss: Vec<f64>, follows: &[(u32, u32)]) -> Option<Cells> {
        if units.len() != equations.len() || guarded.len() != equations.len() {
            return None;
        }
        let mut members = vec![Vec::new(); loss.len()];
        for (cell, &unit) in units.iter().enumerate() {
            if unit < ALWAYS {
                members.get_mut(unit as usize)?.push(u32::try_from(cell).ok()?);
            }
        }
        let mut after = vec![Vec::new(); loss.len()];
        for &(first, second) in follows {
            if second as usize >= loss.len() {
                return None;
            }
            after.get_mut(first as usize)?.push(second);
        }
        Some(Cells { equations, units, guarded, members, follows: after, loss })
    }

    /// What to hide beside `primary`.
    ///
    /// # Complexity
    /// At most `most_programmes` linear programmes of `most_cells` variables.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn suppress(&self, primary: &[bool], effort: &Effort, tick: Tick<'_>) -> Result<Hidden> {
        let mut search = Search::new(self, *effort, tick);
        for (unit, _) in primary.iter().take(self.loss.len()).enumerate().filter(|(_, p)| **p) {
            search.hide(unit as u32);
        }
        let must = search.hidden.clone();
        search.protect()?;
        if !search.exhausted {
            search.publish_again(&must)?;
        }
        Ok(Hidden { units: search.hidden, open: search.given_up, exhausted: search.exhausted, programmes: search.programmes })
    }
}

/// The widest movement of a cell seen so far, and which solutions show it.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    low: f64,
    high: f64,
    low_at: Option<usize>,
    high_at: Option<usize>,
}

struct Search<'a> {
    cells: &'a Cells,
    effort: Effort,
    tick: Tick<'a>,
    hidden: Vec<bool>,
    seen: Vec<Seen>,
    points: Vec<Point>,
    given_up: Vec<u32>,
    leaders: Vec<Vec<u32>>,
    exhausted: bool,
    programmes: u64,
}

impl<'a> Search<'a> {
    fn new(cells: &'a Cells, effort: Effort, tick: Tick<'a>) -> Self {
        let seen = vec![Seen::default(); cells.units.len()];
        let hidden = vec![false; cells.loss.len()];
        let mut leaders = vec![Vec::new(); hidden.len()];
        for (first, after) in cells.follows.iter().enumerate() {
            for &second in after {
                leaders[second as usize].push(first as u32);
            }
        }
        Search { cells, effort, tick, hidden, seen, points: Vec::new(), given_up: Vec::new(), leaders, exhausted: false, programmes: 0 }
    }

    fn hide(&mut self, unit: u32) {
        let mut todo = vec![unit];
        while let Some(unit) = todo.pop() {
            if !std::mem::replace(&mut self.hidden[unit as usize], true) {
                todo.extend(&self.cells.follows[unit as usize]);
            }
        }
    }

    fn is_unknown(&self, cell: u32) -> bool {
        match self.cells.units[cell as usize] {
            NEVER => true,
            ALWAYS => false,
            unit => self.hidden[unit as usize],
        }
    }

    fn unknown(&self) -> Vec<bool> {
        (0..self.cells.units.len() as u32).map(|cell| self.is_unknown(cell)).collect()
    }

    fn is_given_up(&self, cell: u32) -> bool {
        self.given_up.contains(&cell)
    }

    fn is_wide(&self, cell: u32) -> bool {
        let seen = &self.seen[cell as usize];
        seen.high - seen.low >= self.effort.width - 10.0 * NOTHING
    }

    /// Hides until every guarded cell is wide.
    fn protect(&mut self) -> Result<()> {
        let values = &self.cells.equations.values;
        let mut order: Vec<u32> = (0..values.len() as u32).filter(|c| self.cells.guarded[*c as usize]).collect();
        order.sort_by(|a, b| values[*a as usize].total_cmp(&values[*b as usize]).then(a.cmp(b)));
        loop {
            let known = self.cells.equations.solved(&self.unknown());
            let mut more = false;
            self.spread(&order, &known)?;
            for &cell in &order {
                if !self.is_unknown(cell) || self.is_wide(cell) || self.is_given_up(cell) {
                    continue;
                }
                // once more is hidden, what was solved may be open again: left to the next round
                let solved = known[cell as usize];
                if solved && more {
                    continue;
                }
                if !solved && self.probe(cell, &known, &[NEAR, usize::MAX])? {
                    continue;
                }
                if self.exhausted {
                    return Ok(());
                }
                match self.beside(cell) {
                    Some(unit) => {
                        self.hide(unit);
                        more = true;
                    }
                    None if more => {}
                    None => self.given_up.push(cell),
                }
            }
            if !more {
                self.given_up.sort_unstable();
                return Ok(());
            }
        }
    }

    /// Moves many cells at once, some up and some down, which shows most of those that are wide.
    fn spread(&mut self, order: &[u32], known: &[bool]) -> Result<()> {
        for turn in 0..6_u32 {
            let aims: Vec<(u32, f64)> = order
                .iter()
                .filter(|c| self.is_unknown(**c) && !known[**c as usize] && !self.is_wide(**c))
                .map(|c| (*c, if (c.wrapping_mul(2_654_435_761) >> (3 + turn / 2 * 5) & 1) ^ (turn & 1) == 1 { 1.0 } else { -1.0 }))
                .collect();
            if aims.len() < 4 || self.programmes >= self.effort.most_programmes {
                break;
            }
            if !(self.tick)(self.programmes) {
                return Err(cancelled());
            }
            self.programmes += 1;
            if let Some(point) = self.cells.equations.toward(&aims, self.effort.width, known, self.effort.most_cells) {
                self.remember(point);
            }
        }
        Ok(())
    }

    /// Whether linear programming finds the cell wide, moving so many cells at most, by one size after the other; every other cell
    /// that moves on the way is remembered.
    fn probe(&mut self, cell: u32, known: &[bool], sizes: &[usize]) -> Result<bool> {
        for &most in sizes {
            for up in [true, false] {
                if self.is_wide(cell) {
                    return Ok(true);
                }
                if !(self.tick)(self.programmes) {
                    return Err(cancelled());
                }
                if self.programmes >= self.effort.most_programmes {
                    self.exhausted = true;
                    return Ok(false);
                }
                self.programmes += 1;
                let found = self.cells.equations.farthest(cell, up, self.effort.width, known, most.min(self.effort.most_cells));
                if let Some(point) = found {
                    self.remember(point);
                }
            }
        }
        Ok(self.is_wide(cell))
    }

    fn remember(&mut self, point: Point) {
        let at = self.points.len();
        for &(cell, moved) in &point {
            let seen = &mut self.seen[cell as usize];
            if moved > seen.high {
                (seen.high, seen.high_at) = (moved, Some(at));
            }
            if moved < seen.low {
                (seen.low, seen.low_at) = (moved, Some(at));
            }
        }
        self.points.push(point);
    }

    /// The unit to hide beside a cell that can be worked out: in the equation that holds it most tightly, of least loss, and the
    /// smallest that is large enough.
    fn beside(&self, cell: u32) -> Option<u32> {
        let equations = &self.cells.equations;
        let mut reached = vec![cell];
        let mut seen: FxHashSet<u32> = [cell].into_iter().collect();
        let mut met: FxHashSet<u32> = FxHashSet::default();
        let mut spare: Option<u32> = None;
        while !reached.is_empty() {
            let mut best: Option<(f64, u32)> = None;
            let mut next = Vec::new();
            for &from in &reached {
                for &row in equations.rows_of(from) {
                    if !met.insert(row) {
                        continue;
                    }
                    let (slack, unit) = self.choice(row, from);
                    if let Some(unit) = unit {
                        spare.get_or_insert(unit);
                        if slack < self.effort.width && best.is_none_or(|(least, _)| slack < least) {
                            best = Some((slack, unit));
                        }
                    }
                    for &(other, _) in &equations.rows[row as usize] {
                        if self.is_unknown(other) && seen.insert(other) {
                            next.push(other);
                        }
                    }
                }
            }
            if let Some((_, unit)) = best {
                return Some(unit);
            }
            reached = next;
        }
        spare
    }

    /// How much the other unknown cells of a row leave open, and the unit of that row to hide next: of least loss, then with the fewest
    /// other rows where it would stand alone, then the smallest that is large enough.
    fn choice(&self, row: u32, from: u32) -> (f64, Option<u32>) {
        let equations = &self.cells.equations;
        let own = equations.rows[row as usize].iter().find(|(c, _)| *c == from).map_or(1.0, |(_, k)| k.abs()).max(1e-12);
        let mut slack = 0.0;
        let mut offered: Vec<(f64, u32)> = Vec::new();
        for &(other, k) in &equations.rows[row as usize] {
            if !self.is_unknown(other) {
                offered.push((k.abs() * equations.values[other as usize] / own, other));
            } else if other != from {
                slack += k.abs() * equations.values[other as usize] / own;
            }
        }
        let wanted = self.effort.width - slack;
        let best = offered.into_iter().filter_map(|(room, cell)| {
            let unit = self.cells.units[cell as usize];
            let loss = if unit == ALWAYS { f64::INFINITY } else { self.cells.loss[unit as usize] };
            loss.is_finite().then(|| {
                let enough = room >= wanted;
                ((loss, self.alone(cell, row), !enough, if enough { room } else { -room }), unit)
            })
        });
        let order = |a: &(f64, usize, bool, f64), b: &(f64, usize, bool, f64)| {
            a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)).then(a.3.total_cmp(&b.3))
        };
        (slack, best.min_by(|a, b| order(&a.0, &b.0).then(a.1.cmp(&b.1))).map(|(_, unit)| unit))
    }

    /// In how many other rows a cell would be the only unknown.
    fn alone(&self, cell: u32, row: u32) -> usize {
        let equations = &self.cells.equations;
        let rows = equations.rows_of(cell).iter().filter(|other| **other != row);
        rows.filter(|other| !equations.rows[**other as usize].iter().any(|(c, _)| *c != cell && self.is_unknown(*c))).count()
    }

    /// Publishes again, dearest first, what everything stays wide without.
    fn publish_again(&mut self, must: &[bool]) -> Result<()> {
        let most = self.effort.most_programmes.min(self.programmes + AGAIN);
        let mut beside: Vec<u32> = (0..self.hidden.len() as u32).filter(|u| self.hidden[*u as usize] && !must[*u as usize]).collect();
        let size = |unit: u32| self.cells.members[unit as usize].iter().map(|c| self.cells.equations.values[*c as usize]).sum::<f64>();
        beside.sort_by(|a, b| {
            let dearer = self.cells.loss[*b as usize].total_cmp(&self.cells.loss[*a as usize]);
            dearer.then(size(*b).total_cmp(&size(*a))).then(a.cmp(b))
        });
        for unit in beside {
            if !self.hidden[unit as usize] || self.leaders[unit as usize].iter().any(|leader| self.hidden[*leader as usize]) {
                continue;
            }
            if self.programmes >= most {
                return Ok(());
            }
            let (hidden, seen, points) = (self.hidden.clone(), self.seen.clone(), self.points.len());
            self.hidden[unit as usize] = false;
            if !self.still_wide(unit, must)? {
                self.hidden = hidden;
                self.seen = seen;
                self.points.truncate(points);
            }
        }
        // running out here leaves more hidden than need be, which is safe
        self.exhausted = false;
        Ok(())
    }

    /// Whether every guarded cell is wide now that a unit is published, and with it those that are open then and need not be hidden;
    /// solutions that move what is published are forgotten.
    fn still_wide(&mut self, unit: u32, must: &[bool]) -> Result<bool> {
        let mut published = vec![unit];
        let mut known;
        loop {
            known = self.cells.equations.solved(&self.unknown());
            let before = published.len();
            for (cell, _) in known.iter().enumerate().filter(|(_, known)| **known) {
                if !self.cells.guarded[cell] || !self.is_unknown(cell as u32) || self.is_given_up(cell as u32) {
                    continue;
                }
                match self.cells.units[cell] {
                    unit if unit < ALWAYS && !must[unit as usize] => {
                        self.hidden[unit as usize] = false;
                        published.push(unit);
                    }
                    _ => return Ok(false),
                }
            }
            if published.len() == before {
                break;
            }
        }
        if published.iter().any(|u| self.leaders[*u as usize].iter().any(|leader| self.hidden[*leader as usize])) {
            return Ok(false);
        }
        let mut fixed = vec![false; known.len()];
        for &cell in published.iter().flat_map(|unit| &self.cells.members[*unit as usize]) {
            fixed[cell as usize] = true;
        }
        let stale: Vec<bool> = self.points.iter().map(|p| p.iter().any(|(c, _)| fixed[*c as usize])).collect();
        let mut again = Vec::new();
        for cell in 0..self.seen.len() {
            let seen = &mut self.seen[cell];
            let mut lost = false;
            if seen.low_at.is_some_and(|at| stale[at]) {
                (seen.low, seen.low_at, lost) = (0.0, None, true);
            }
            if seen.high_at.is_some_and(|at| stale[at]) {
                (seen.high, seen.high_at, lost) = (0.0, None, true);
            }
            let guarded = self.cells.guarded[cell] && self.is_unknown(cell as u32);
            if lost && guarded && !self.is_given_up(cell as u32) {
                again.push(cell as u32);
            }
        }
        for cell in again {
            if !self.is_wide(cell) && !self.probe(cell, &known, &[NEAR])? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests;
