//! How far effects may lie over the draws: intervals, the chance of harm, who is divided, and sums over places and groups.

use rayon::prelude::*;

use super::draws::{Draws, Rows};
use super::shocks::KINDS;
use crate::framework::Component;
use crate::kernels::tails::{tails, weighted_tails};
use crate::kernels::{Tick, cancelled};
use crate::network::ThreatNode;
use crate::{Error, Result};

/// Below this a change is no finding, whatever the solver promises.
pub(super) const NOTHING: f64 = 1e-9;
/// What no draw of a sum goes beyond by more than this is the solver's own unrest.
const SETTLED: f64 = 1e-12;
/// Largest share of draws without an answer that figures may leave out.
pub(super) const MOST_LEFT_OUT: f64 = 0.05;
/// Cells that one thread takes at a time, families kept whole.
const BLOCK: usize = 128;

/// How the groups of one place fare against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Divider {
    /// Some become better off, others worse.
    Opposite,
    /// None becomes better off, and some lose more than others.
    UnequalHarm,
    /// None becomes worse off, and some gain more than others.
    UnequalBenefit,
}

impl Divider {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Divider::Opposite => "opposite",
            Divider::UnequalHarm => "unequal-harm",
            Divider::UnequalBenefit => "unequal-benefit",
        }
    }

    /// From the net effects on the groups; none where they differ by no more than the tolerance.
    pub(super) fn of(nets: impl Iterator<Item = f64>, tolerance: f64) -> Option<Divider> {
        let (low, high) = nets.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (x.min(a), x.max(b)));
        (high - low > tolerance + NOTHING).then_some(match (low < -NOTHING, high > NOTHING) {
            (true, true) => Divider::Opposite,
            (false, _) => Divider::UnequalHarm,
            (true, false) => Divider::UnequalBenefit,
        })
    }

    const ALL: [Divider; 3] = [Divider::Opposite, Divider::UnequalHarm, Divider::UnequalBenefit];
}

/// How the effects on one cell lie over the draws, lower and upper end.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Spread {
    /// Worsening that travelled here.
    pub worse: [f64; 2],
    /// Improvement that travelled here.
    pub better: [f64; 2],
    /// The largest of worse, better and net; where the cell is flagged.
    pub harm: Option<[f64; 2]>,
    /// Chance that this exceeds τ.
    pub probability: f64,
    /// Worsening stated as an effect, as an externality, improvement stated as an effect, as an externality; where the cell is struck.
    pub shocks: Option<Box<[[f64; 2]; 4]>>,
    /// How the groups of this place are divided, in most of the draws in which they are.
    pub divider: Option<Divider>,
    /// Chance that they are.
    pub divider_probability: f64,
}

/// Ends of an aggregate, better and worse apart.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Ends {
    pub(super) better: [f64; 2],
    pub(super) worse: [f64; 2],
}

/// One intervention at one horizon over its draws.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Summary {
    /// By position of the cell.
    pub(super) cells: Vec<Spread>,
    /// By axis (component, place, group) and key.
    pub(super) ends: [Vec<Ends>; 3],
    /// Draws that count; none where every course was enumerated.
    pub(super) draws: Option<u32>,
}

/// What a summary is measured against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Figures {
    pub(super) harm: f64,
    pub(super) divider: f64,
    pub(super) flag: f64,
    pub(super) level: f64,
}

/// Cells in families (one threat, one place, a cell a group), and what they are summed over.
pub(super) struct Frame {
    families: Vec<Vec<usize>>,
    /// By axis and position: which key.
    keys: [Vec<usize>; 3],
    /// By axis and key: the sum of weights.
    totals: [Vec<f64>; 3],
    /// By axis and position: weight in the mean of its key.
    weights: [Vec<f64>; 3],
}

/// What a node is told apart by, on the three axes of the aggregates.
pub(super) fn axis_key(node: &ThreatNode, axis: usize) -> Option<&str> {
    match axis {
        0 => node.component.map(Component::word),
        1 => node.place.as_deref(),
        _ => node.group.as_deref(),
    }
}

/// Keys of an axis in the order they first appear, and the key of every node.
pub(super) fn keys_of(nodes: &[ThreatNode], axis: usize) -> (Vec<Option<&str>>, Vec<usize>) {
    let mut index = std::collections::HashMap::new();
    let mut keys = Vec::new();
    let of = nodes.iter().map(|node| {
        let key = axis_key(node, axis);
        *index.entry(key).or_insert_with(|| {
            keys.push(key);
            keys.len() - 1
        })
    });
    let of = of.collect();
    (keys, of)
}

/// Weights of nodes in the means of their keys: persons where all of a key are known, else alike.
pub(super) fn weights_of(nodes: &[ThreatNode], keys: usize, of: &[usize]) -> Vec<f64> {
    let mut known = vec![true; keys];
    let persons = |node: &ThreatNode| node.persons.filter(|p| *p > 0.0);
    for (node, key) in nodes.iter().zip(of) {
        known.get_mut(*key).into_iter().for_each(|known| *known &= persons(node).is_some());
    }
    let weight = |(node, key): (&ThreatNode, &usize)| match known.get(*key) {
        Some(true) => persons(node).unwrap_or(1.0),
        _ => 1.0,
    };
    nodes.iter().zip(of).map(weight).collect()
}

impl Frame {
    pub(super) fn new(nodes: &[ThreatNode]) -> Frame {
        let axis = |axis: usize| {
            let (keys, of) = keys_of(nodes, axis);
            let weights = weights_of(nodes, keys.len(), &of);
            let mut totals = vec![0.0; keys.len()];
            for (key, weight) in of.iter().zip(&weights) {
                totals.get_mut(*key).into_iter().for_each(|total| *total += weight);
            }
            (of, totals, weights)
        };
        let (component, place, group) = (axis(0), axis(1), axis(2));
        let mut order: Vec<usize> = (0..nodes.len()).collect();
        let family = |j: usize| (place.0.get(j).copied(), nodes.get(j).map(|node| (&node.threat, node.group.is_some())));
        order.sort_by(|a, b| family(*a).cmp(&family(*b)).then(a.cmp(b)));
        let families = order.chunk_by(|a, b| family(*a) == family(*b)).map(<[usize]>::to_vec).collect();
        Frame {
            families,
            keys: [component.0, place.0, group.0],
            totals: [component.1, place.1, group.1],
            weights: [component.2, place.2, group.2],
        }
    }
}

/// Sums over draws of a block of cells: axis, key, better and worse by draw.
type Partial = (usize, usize, [Vec<f64>; 2]);

/// One thread's work on columns of draws.
struct Bench<'d> {
    draws: &'d Draws,
    word: usize,
    figures: Figures,
    /// Draws that count, where some do not.
    counted: Option<Vec<usize>>,
    weights: &'d [f64],
}

impl Bench<'_> {
    fn count(&self) -> usize {
        self.counted.as_ref().map_or(self.draws.count, Vec::len)
    }

    fn keep(&self, row: &mut Vec<f64>) {
        if let Some(counted) = &self.counted {
            for (to, from) in counted.iter().enumerate() {
                let x = row.get(*from).copied().unwrap_or(0.0);
                row.get_mut(to).into_iter().for_each(|slot| *slot = x);
            }
            row.truncate(counted.len());
        }
    }

    fn ends(&self, row: &mut [f64], scratch: &mut Vec<f64>) -> [f64; 2] {
        let tail = 0.5 * (1.0 - self.figures.level);
        let found = if self.weights.is_empty() { tails(row, tail, scratch) } else { weighted_tails(row, self.weights, tail) };
        found.unwrap_or([0.0; 2])
    }

    /// Weight of the draws that something is true of.
    fn share(&self, holds: impl Iterator<Item = bool>) -> f64 {
        if self.weights.is_empty() {
            holds.filter(|holds| *holds).count() as f64 / self.count().max(1) as f64
        } else {
            holds.zip(self.weights).filter(|(holds, _)| *holds).map(|(_, weight)| weight).sum()
        }
    }

    fn block(&self, frame: &Frame, families: &[Vec<usize>]) -> (Vec<(usize, Spread)>, Vec<Partial>) {
        let (mut found, mut partials) = (Vec::new(), Vec::<Partial>::new());
        let (mut rows, mut row, mut scratch) = (Rows::default(), Vec::new(), Vec::new());
        let mut places: std::collections::HashMap<(usize, usize), usize> = std::collections::HashMap::new();
        for family in families {
            let from = found.len();
            let mut nets: Vec<Vec<f64>> = Vec::new();
            for &cell in family {
                let reach = self.draws.reach(self.word, cell);
                let still = reach.is_some_and(|sides| sides.iter().flatten().all(|end| end.abs() <= SETTLED));
                if still {
                    rows.still = [true; 3];
                } else {
                    self.draws.fill(self.word, cell, &mut rows);
                }
                let struck = self.draws.struck_at(cell);
                if (still || rows.still == [true; 3]) && struck.is_none() {
                    found.push((cell, Spread::default()));
                    if family.len() > 1 {
                        nets.push(vec![0.0; self.count()]);
                    }
                    continue;
                }
                if still {
                    self.draws.fill(self.word, cell, &mut rows);
                }
                rows.sides.iter_mut().for_each(|side| self.keep(side));
                let spread = self.cell(
                    struck,
                    reach.map(|sides| sides.iter().fold(0.0f64, |most, [_, high]| most.max(*high))),
                    &rows,
                    &mut row,
                    &mut scratch,
                );
                let [worse, better, net] = &rows.sides;
                for axis in 0..3 {
                    let at = |columns: &[Vec<usize>; 3]| columns.get(axis).and_then(|column| column.get(cell)).copied().unwrap_or(0);
                    let key = at(&frame.keys);
                    let weight = frame.weights.get(axis).and_then(|column| column.get(cell)).copied().unwrap_or(0.0);
                    let slot = *places.entry((axis, key)).or_insert_with(|| {
                        partials.push((axis, key, [vec![0.0; self.count()], vec![0.0; self.count()]]));
                        partials.len() - 1
                    });
                    if let Some((.., [falls, rises])) = partials.get_mut(slot) {
                        for (side, still) in [worse, better].into_iter().zip(rows.still) {
                            if !still {
                                falls.iter_mut().zip(side).for_each(|(sum, x)| *sum += weight * x.min(0.0));
                                rises.iter_mut().zip(side).for_each(|(sum, x)| *sum += weight * x.max(0.0));
                            }
                        }
                    }
                }
                if family.len() > 1 {
                    nets.push(net.clone());
                }
                found.push((cell, spread));
            }
            if family.len() > 1 {
                let (divider, probability) = self.divided(&nets);
                for (_, spread) in found.iter_mut().skip(from) {
                    (spread.divider, spread.divider_probability) = (divider, probability);
                }
            }
        }
        (found, partials)
    }

    fn cell(&self, struck: Option<usize>, most: Option<f64>, rows: &Rows, row: &mut Vec<f64>, scratch: &mut Vec<f64>) -> Spread {
        let [worse, better, net] = &rows.sides;
        let mut spread = Spread::default();
        let shocks: Option<[Vec<f64>; KINDS]> = struck.map(|k| {
            [0, 1, 2, 3].map(|kind| {
                let mut row = self.draws.realised(k, kind).to_vec();
                self.keep(&mut row);
                row
            })
        });
        for (side, (from, ends)) in [(worse, &mut spread.worse), (better, &mut spread.better)].into_iter().enumerate() {
            row.clear();
            row.extend_from_slice(from);
            if let Some([direct, declared]) = shocks.as_ref().and_then(|shocks| shocks.get(2 * side..2 * side + 2)) {
                row.iter_mut().zip(direct.iter().zip(declared)).for_each(|(x, (a, b))| *x -= a + b);
            } else if rows.still.get(side) == Some(&true) {
                continue;
            }
            *ends = self.ends(row, scratch);
        }
        spread.shocks = shocks.map(|shocks| Box::new(shocks.map(|mut row| self.ends(&mut row, scratch))));
        let beyond = self.figures.harm + NOTHING;
        if most.is_none_or(|most| most > beyond) {
            row.clear();
            row.extend(worse.iter().zip(better).zip(net).map(|((a, b), c)| a.max(*b).max(*c)));
            spread.probability = self.share(row.iter().map(|x| *x > beyond));
            if spread.probability >= self.figures.flag {
                spread.harm = Some(self.ends(row, scratch));
            }
        }
        spread
    }

    /// How groups are divided, and with what chance, from their net effects.
    fn divided(&self, nets: &[Vec<f64>]) -> (Option<Divider>, f64) {
        let of = |draw: usize| Divider::of(nets.iter().filter_map(|net| net.get(draw).copied()), self.figures.divider);
        let kinds: Vec<Option<Divider>> = (0..self.count()).map(of).collect();
        let share = |kind: Divider| self.share(kinds.iter().map(|of| *of == Some(kind)));
        let shares = Divider::ALL.map(|kind| (kind, share(kind)));
        let all = self.share(kinds.iter().map(Option::is_some));
        // the first of equals: opposite before unequal
        let most = shares.into_iter().filter(|(_, share)| *share > 0.0).reduce(|a, b| if b.1 > a.1 { b } else { a });
        (most.map(|(kind, _)| kind), all)
    }
}

/// Summarises the draws of one option at one horizon; none where too few of them have an answer.
///
/// # Errors
/// `Cancelled`.
pub(super) fn summarise(draws: &Draws, word: usize, frame: &Frame, figures: Figures, tick: Tick<'_>) -> Result<Option<Summary>> {
    let defined = draws.defined(word);
    let counted: Vec<usize> = defined.iter().enumerate().filter(|(_, defined)| **defined).map(|(draw, _)| draw).collect();
    if counted.is_empty() || (defined.len() - counted.len()) as f64 > MOST_LEFT_OUT * defined.len() as f64 {
        return Ok(None);
    }
    let exact = !draws.weights.is_empty();
    let number = u32::try_from(counted.len()).map_err(|_| Error::internal("more draws than were asked for"))?;
    let counted = (counted.len() < defined.len()).then_some(counted);
    let bench = Bench { draws, word, figures, counted, weights: &draws.weights };
    let nodes = frame.families.iter().map(Vec::len).sum();
    let mut blocks: Vec<&[Vec<usize>]> = Vec::new();
    let (mut from, mut cells) = (0, 0);
    for (at, family) in frame.families.iter().enumerate() {
        cells += family.len();
        if cells >= BLOCK || at + 1 == frame.families.len() {
            blocks.extend(frame.families.get(from..=at));
            (from, cells) = (at + 1, 0);
        }
    }
    let mut spreads = vec![Spread::default(); nodes];
    let mut sums = [0, 1, 2].map(|axis| vec![[Vec::new(), Vec::new()]; frame.totals.get(axis).map_or(0, Vec::len)]);
    let wave = 4 * rayon::current_num_threads().max(1);
    for (done, some) in blocks.chunks(wave).enumerate() {
        if !tick((done * wave) as u64) {
            return Err(cancelled());
        }
        let made: Vec<_> = match some {
            [block] => vec![bench.block(frame, block)],
            _ => some.par_iter().map(|block| bench.block(frame, block)).collect(),
        };
        for (found, partials) in made {
            for (cell, spread) in found {
                if let Some(slot) = spreads.get_mut(cell) {
                    *slot = spread;
                }
            }
            for (axis, key, sides) in partials {
                let Some(slot) = sums.get_mut(axis).and_then(|keys| keys.get_mut(key)) else { continue };
                for (sum, side) in slot.iter_mut().zip(sides) {
                    if sum.is_empty() {
                        *sum = side;
                    } else {
                        sum.iter_mut().zip(side).for_each(|(sum, x)| *sum += x);
                    }
                }
            }
        }
    }
    let mut scratch = Vec::new();
    let mut axis = 0;
    let ends = sums.map(|keys| {
        let totals = frame.totals.get(axis).map_or(&[][..], Vec::as_slice);
        axis += 1;
        keys.into_iter()
            .zip(totals)
            .map(|([mut better, mut worse], total)| {
                let mut of = |row: &mut Vec<f64>| {
                    row.iter_mut().for_each(|x| *x /= total);
                    if row.is_empty() { [0.0; 2] } else { bench.ends(row, &mut scratch) }
                };
                Ends { better: of(&mut better), worse: of(&mut worse) }
            })
            .collect()
    });
    Ok(Some(Summary { cells: spreads, ends, draws: (!exact).then_some(number) }))
}
