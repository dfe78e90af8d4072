//! From several orders to one: pairs counted, points by Borda, and the orders nearest to all by Kemeny.
//!
//! Values come one row a voter, greatest first, equal values tied, NaN missing. Costs are whole numbers, twice the usual ones, so that equal is equal.
// pairs are looked up by positions below their number
#![allow(clippy::indexing_slicing)]

use super::ranks::TIE;
use super::{Tick, cancelled};
use crate::Result;

/// Items up to which the nearest orders are found for certain.
pub const EXACT_ITEMS: usize = 10;
/// Rounds of improvement of the heuristic.
const MOST_ROUNDS: usize = 200;

/// How many voters put one item before another.
#[derive(Debug, Clone)]
pub struct Pairs {
    items: usize,
    before: Vec<u32>,
    tied: Vec<u32>,
}

impl Pairs {
    /// Counts the pairs of every row; a row compares only what it has.
    pub fn new(values: &[f64], items: usize) -> Pairs {
        let mut pairs = Pairs { items, before: vec![0; items * items], tied: vec![0; items * items] };
        for row in values.chunks_exact(items.max(1)) {
            pairs.add(row);
        }
        pairs
    }

    /// Counts one more row.
    pub fn add(&mut self, row: &[f64]) {
        for i in 0..self.items {
            for j in 0..self.items {
                let difference = row[i] - row[j];
                if i == j || difference.is_nan() {
                    continue;
                }
                if difference.abs() <= TIE {
                    self.tied[i * self.items + j] += 1;
                } else if difference > 0.0 {
                    self.before[i * self.items + j] += 1;
                }
            }
        }
    }

    /// Number of items.
    pub fn items(&self) -> usize {
        self.items
    }

    /// How many put `i` before `j`.
    pub fn before(&self, i: usize, j: usize) -> u32 {
        self.before[i * self.items + j]
    }

    /// How many tie them.
    pub fn tied(&self, i: usize, j: usize) -> u32 {
        self.tied[i * self.items + j]
    }

    /// Twice what it costs to put `i` before `j`: 2 for each who says the opposite, 1 for each who ties them.
    fn first(&self, i: usize, j: usize) -> i64 {
        2 * i64::from(self.before(j, i)) + i64::from(self.tied(i, j))
    }

    /// Twice what it costs to tie them: 1 for each who does not.
    fn tie(&self, i: usize, j: usize) -> i64 {
        i64::from(self.before(i, j)) + i64::from(self.before(j, i))
    }

    /// Whether `i` stands before `j` in every nearest order where the two meet alone.
    fn settles(&self, i: usize, j: usize) -> bool {
        self.first(i, j) < self.first(j, i) && self.first(i, j) < self.tie(i, j)
    }

    /// Twice the least that any order of the two can cost.
    fn least(&self, i: usize, j: usize) -> i64 {
        self.first(i, j).min(self.first(j, i)).min(self.tie(i, j))
    }
}

/// Mean points of each item: the share of comparisons it wins against each other item, ties half, over the items it is compared with, times
/// items - 1. With complete orders that is Borda's count over voters. None where nobody compares it.
pub fn borda(pairs: &Pairs) -> Vec<Option<f64>> {
    let n = pairs.items;
    let points = |i: usize| {
        let (mut sum, mut met) = (0.0, 0.0);
        for j in (0..n).filter(|j| *j != i) {
            let (won, lost, tied) = (f64::from(pairs.before(i, j)), f64::from(pairs.before(j, i)), f64::from(pairs.tied(i, j)));
            if won + lost + tied > 0.0 {
                sum += (won + 0.5 * tied) / (won + lost + tied);
                met += 1.0;
            }
        }
        (met > 0.0).then(|| sum / met * (n as f64 - 1.0))
    };
    (0..n).map(points).collect()
}

/// The orders nearest to all voters.
#[derive(Debug, Clone, PartialEq)]
pub struct Kemeny {
    /// Sum over voters of the pairs in which the order differs: 1 opposite, ½ where one of the two ties.
    pub distance: f64,
    /// No order has less.
    pub bound: f64,
    /// Whether the order is proven to be nearest.
    pub exact: bool,
    /// How many orders (with ties) are nearest; none where not proven.
    pub orders: Option<f64>,
    /// Mean place of each item over the nearest orders, 1 the first.
    pub place: Vec<f64>,
    /// First and last place over the nearest orders.
    pub range: Vec<(f64, f64)>,
    /// One of them, as groups of tied items.
    pub order: Vec<Vec<usize>>,
}

/// The nearest orders, ties allowed.
///
/// # Method
/// Items fall into classes of which every item of the earlier is settled before every item of the later in every nearest order (the extended rule of Condorcet,
/// Truchon 1998); within a class of at most ten items all orders are weighed by dynamic programming over subsets, beyond that groups of items are moved while that
/// shortens the distance, from Borda's order.
///
/// # Complexity
/// 3ⁿ within a class of n <= 10 items.
///
/// # Errors
/// `Cancelled`.
pub fn kemeny(pairs: &Pairs, tick: Tick<'_>) -> Result<Kemeny> {
    let n = pairs.items;
    let mut out = Kemeny {
        distance: 0.0,
        bound: 0.0,
        exact: true,
        orders: Some(1.0),
        place: vec![0.0; n],
        range: vec![(0.0, 0.0); n],
        order: Vec::new(),
    };
    let (mut twice, mut bound) = (0, 0);
    let classes = classes(pairs);
    let mut before = 0.0;
    for (at, class) in classes.iter().enumerate() {
        let found = if class.len() <= EXACT_ITEMS { exact(pairs, class) } else { improved(pairs, class, tick)? };
        twice += found.cost;
        bound += found.bound;
        out.exact &= found.orders.is_some();
        out.orders = out.orders.zip(found.orders).map(|(a, b)| a * b);
        for (item, (place, range)) in class.iter().zip(found.place.iter().zip(&found.range)) {
            out.place[*item] = before + place;
            out.range[*item] = (before + range.0, before + range.1);
        }
        out.order.extend(found.order);
        before += class.len() as f64;
        for later in &classes[at + 1..] {
            let cost: i64 = class.iter().flat_map(|i| later.iter().map(move |j| pairs.first(*i, *j))).sum();
            twice += cost;
            bound += cost;
        }
    }
    out.distance = twice as f64 / 2.0;
    out.bound = bound as f64 / 2.0;
    Ok(out)
}

/// Twice the distance of an order given as groups of tied items.
#[cfg(test)]
fn cost(pairs: &Pairs, order: &[Vec<usize>]) -> i64 {
    let mut twice = 0;
    for (at, group) in order.iter().enumerate() {
        for (k, i) in group.iter().enumerate() {
            twice += group[k + 1..].iter().map(|j| pairs.tie(*i, *j)).sum::<i64>();
            twice += order[at + 1..].iter().flatten().map(|j| pairs.first(*i, *j)).sum::<i64>();
        }
    }
    twice
}

/// Items in classes, the first before all of the second and so on.
fn classes(pairs: &Pairs) -> Vec<Vec<usize>> {
    let n = pairs.items;
    // i reaches j where j is not settled before i, directly or through others: every two items reach one another in one direction at least
    let mut reach: Vec<bool> = (0..n * n).map(|at| at / n == at % n || !pairs.settles(at % n, at / n)).collect();
    for k in 0..n {
        for i in 0..n {
            if reach[i * n + k] {
                for j in 0..n {
                    reach[i * n + j] |= reach[k * n + j];
                }
            }
        }
    }
    let count = |i: usize| (0..n).filter(|j| reach[i * n + j]).count();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|a, b| count(*b).cmp(&count(*a)).then(a.cmp(b)));
    order.chunk_by(|a, b| count(*a) == count(*b)).map(<[usize]>::to_vec).collect()
}

struct Found {
    cost: i64,
    bound: i64,
    orders: Option<f64>,
    place: Vec<f64>,
    range: Vec<(f64, f64)>,
    order: Vec<Vec<usize>>,
}

/// All nearest orders of a class, by subsets: what is the least that the items of a subset cost, put last?
fn exact(pairs: &Pairs, class: &[usize]) -> Found {
    let n = class.len();
    let full = (1_usize << n) - 1;
    // cost of an item before every item of a subset, and of a subset tied
    let mut ahead = vec![0_i64; n << n];
    let mut tied = vec![0_i64; 1 << n];
    for mask in 1..=full {
        let low = mask.trailing_zeros() as usize;
        let rest = mask & (mask - 1);
        for i in 0..n {
            ahead[(i << n) | mask] = ahead[(i << n) | rest] + if i == low { 0 } else { pairs.first(class[i], class[low]) };
        }
        tied[mask] = tied[rest] + (0..n).filter(|j| rest >> j & 1 == 1).map(|j| pairs.tie(class[low], class[j])).sum::<i64>();
    }
    let step = |left: usize, group: usize| {
        tied[group] + (0..n).filter(|i| group >> i & 1 == 1).map(|i| ahead[(i << n) | (left & !group)]).sum::<i64>()
    };
    let mut least = vec![0_i64; 1 << n];
    let mut ways = vec![1.0_f64; 1 << n];
    for left in 1..=full {
        let (mut best, mut count) = (i64::MAX, 0.0);
        let mut group = left;
        while group > 0 {
            let cost = step(left, group) + least[left & !group];
            if cost < best {
                (best, count) = (cost, 0.0);
            }
            if cost == best {
                count += ways[left & !group];
            }
            group = (group - 1) & left;
        }
        (least[left], ways[left]) = (best, count);
    }
    // over the nearest orders alone, from the first group on
    let mut arrived = vec![0.0_f64; 1 << n];
    arrived[full] = 1.0;
    let mut place = vec![0.0; n];
    let mut range = vec![(f64::INFINITY, 0.0_f64); n];
    for left in (1..=full).rev().filter(|_| n > 0) {
        if arrived[left] == 0.0 {
            continue;
        }
        let behind = (n - left.count_ones() as usize) as f64;
        let mut group = left;
        while group > 0 {
            let rest = left & !group;
            if step(left, group) + least[rest] == least[left] {
                arrived[rest] += arrived[left];
                let share = arrived[left] * ways[rest] / ways[full];
                let at = behind + (f64::from(group.count_ones()) + 1.0) / 2.0;
                for i in (0..n).filter(|i| group >> i & 1 == 1) {
                    place[i] += share * at;
                    range[i] = (range[i].0.min(at), range[i].1.max(at));
                }
            }
            group = (group - 1) & left;
        }
    }
    let mut order = Vec::new();
    let mut left = full;
    while left > 0 {
        // the smallest group of the earliest items, for one has to be told
        let mut best = left;
        let mut group = left;
        while group > 0 {
            if step(left, group) + least[left & !group] == least[left] && (group.count_ones(), group) < (best.count_ones(), best) {
                best = group;
            }
            group = (group - 1) & left;
        }
        order.push((0..n).filter(|i| best >> i & 1 == 1).map(|i| class[i]).collect());
        left &= !best;
    }
    Found { cost: least[full], bound: least[full], orders: Some(ways[full]), place, range, order }
}

/// A near order of a class too large for certainty: from Borda's, each item moved to where it costs least, alone or into a tie, until nothing gets better.
fn improved(pairs: &Pairs, class: &[usize], tick: Tick<'_>) -> Result<Found> {
    let points = borda(pairs);
    let of = |i: &usize| points[*i].unwrap_or(0.0);
    let mut sorted = class.to_vec();
    sorted.sort_by(|a, b| of(b).total_cmp(&of(a)).then(a.cmp(b)));
    let mut order: Vec<Vec<usize>> = sorted.iter().map(|i| vec![*i]).collect();
    for round in 0..MOST_ROUNDS {
        if !tick(round as u64) {
            return Err(cancelled());
        }
        let mut moved = false;
        for item in &sorted {
            moved |= settle(pairs, &mut order, *item);
        }
        if !moved {
            break;
        }
    }
    let mut cost = 0;
    let mut bound = 0;
    let mut place = vec![0.0; class.len()];
    let mut before = 0.0;
    for (at, group) in order.iter().enumerate() {
        for (k, i) in group.iter().enumerate() {
            cost += group[k + 1..].iter().map(|j| pairs.tie(*i, *j)).sum::<i64>();
            cost += order[at + 1..].iter().flatten().map(|j| pairs.first(*i, *j)).sum::<i64>();
            if let Some(own) = class.iter().position(|c| c == i) {
                place[own] = before + (group.len() as f64 + 1.0) / 2.0;
            }
        }
        before += group.len() as f64;
    }
    for (k, i) in class.iter().enumerate() {
        bound += class[k + 1..].iter().map(|j| pairs.least(*i, *j)).sum::<i64>();
    }
    // on the bound it is proven all the same, but how many there are is not known
    let range = place.iter().map(|p| (*p, *p)).collect();
    Ok(Found { cost, bound, orders: None, place, range, order })
}

/// Moves one item to the place where it costs least; whether that was better than before.
fn settle(pairs: &Pairs, order: &mut Vec<Vec<usize>>, item: usize) -> bool {
    let Some(own) = order.iter().position(|g| g.contains(&item)) else { return false };
    let mut rest: Vec<Vec<usize>> = order.clone();
    rest[own].retain(|i| *i != item);
    let alone = rest[own].is_empty();
    if alone {
        rest.remove(own);
    }
    let ahead: Vec<i64> = rest.iter().map(|g| g.iter().map(|j| pairs.first(item, *j)).sum()).collect();
    let behind: Vec<i64> = rest.iter().map(|g| g.iter().map(|j| pairs.first(*j, item)).sum()).collect();
    let tied: Vec<i64> = rest.iter().map(|g| g.iter().map(|j| pairs.tie(item, *j)).sum()).collect();
    let into = |at: usize| behind[..at].iter().sum::<i64>() + tied[at] + ahead[at + 1..].iter().sum::<i64>();
    let between = |at: usize| behind[..at].iter().sum::<i64>() + ahead[at..].iter().sum::<i64>();
    let now = if alone { between(own) } else { into(own) };
    let slots = (0..=rest.len()).map(|at| (between(at), at, false)).chain((0..rest.len()).map(|at| (into(at), at, true)));
    let Some((cost, at, join)) = slots.min_by_key(|(cost, at, join)| (*cost, *join, *at)) else { return false };
    if cost >= now {
        return false;
    }
    if join {
        rest[at].push(item);
    } else {
        rest.insert(at, vec![item]);
    }
    *order = rest;
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::counter::Counter;
    use crate::kernels::never;

    /// Every order of the items, ties allowed.
    fn orders(items: &[usize]) -> Vec<Vec<Vec<usize>>> {
        if items.is_empty() {
            return vec![Vec::new()];
        }
        let mut all = Vec::new();
        for group in 1..1_usize << items.len() {
            let part = |inside: bool| items.iter().enumerate().filter(move |(i, _)| (group >> i & 1 == 1) == inside).map(|(_, item)| *item);
            let rest: Vec<usize> = part(false).collect();
            for mut order in orders(&rest) {
                order.insert(0, part(true).collect());
                all.push(order);
            }
        }
        all
    }

    #[test]
    fn as_trying_every_order() {
        for case in 0..24_u64 {
            let numbers = Counter::new(5, case);
            let (items, voters) = (3 + (case % 3) as usize, 2 + (case % 5) as usize);
            let levels = if case % 2 == 0 { 3.0 } else { 20.0 };
            let values: Vec<f64> = (0..(items * voters) as u64)
                .map(|d| if case % 4 == 3 && numbers.uniform(1000 + d) < 0.2 { f64::NAN } else { (numbers.uniform(d) * levels).floor() })
                .collect();
            let pairs = Pairs::new(&values, items);
            let found = kemeny(&pairs, &never).unwrap();
            let all = orders(&(0..items).collect::<Vec<_>>());
            let least = all.iter().map(|o| cost(&pairs, o)).min().unwrap();
            let nearest: Vec<_> = all.iter().filter(|o| cost(&pairs, o) == least).collect();
            assert_eq!((found.distance, found.bound), (least as f64 / 2.0, least as f64 / 2.0), "{case}");
            assert_eq!(cost(&pairs, &found.order), least, "{case}");
            assert_eq!(found.orders, Some(nearest.len() as f64), "{case}");
            for item in 0..items {
                let place = |o: &&Vec<Vec<usize>>| {
                    let at = o.iter().position(|g| g.contains(&item)).unwrap();
                    o[..at].iter().map(Vec::len).sum::<usize>() as f64 + (o[at].len() as f64 + 1.0) / 2.0
                };
                let mean = nearest.iter().map(place).sum::<f64>() / nearest.len() as f64;
                assert!((found.place[item] - mean).abs() < 1e-9, "{case}: {item}");
                assert_eq!(found.range[item].0, nearest.iter().map(place).fold(f64::INFINITY, f64::min), "{case}");
            }
        }
    }

    #[test]
    fn past_ten_items_the_bound_is_told() {
        let numbers = Counter::new(9, 1);
        let values: Vec<f64> = (0..13 * 5).map(|d| numbers.uniform(d)).collect();
        let found = kemeny(&Pairs::new(&values, 13), &never).unwrap();
        assert!(found.bound <= found.distance);
        // one mind: proven whatever the number, for every class has one item
        let values: Vec<f64> = (0..3).flat_map(|_| (0..30).map(f64::from)).collect();
        let found = kemeny(&Pairs::new(&values, 30), &never).unwrap();
        assert!(found.exact && found.distance == 0.0 && found.place[29] == 1.0);
    }

    #[test]
    fn the_heuristic_comes_near() {
        for case in 0..6 {
            let numbers = Counter::new(3, case);
            let values: Vec<f64> = (0..7 * 4).map(|d| (numbers.uniform(d) * 5.0).floor()).collect();
            let pairs = Pairs::new(&values, 7);
            let all: Vec<usize> = (0..7).collect();
            let (sure, near) = (exact(&pairs, &all), improved(&pairs, &all, &never).unwrap());
            assert!(near.cost >= sure.cost && near.bound <= sure.cost && near.cost as f64 <= 1.15 * sure.cost as f64, "{case}");
        }
    }
}
