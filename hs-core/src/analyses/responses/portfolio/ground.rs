//! Where effects add up: under a linear model, on cells that no set of interventions can bring to an end of the scale.
// options and cells are numbered by the network itself
#![allow(clippy::indexing_slicing)]

use super::cells::Weighing;
use super::settings::Objective;
use crate::analyses::responses::options::Options;
use crate::analyses::responses::shocks::{Scenario, Strike};
use crate::kernels::{Csr, Tick};
use crate::propagation::Model;
use crate::{Error, ErrorKind, Result};

/// Severity points that count as none.
const NOTHING: f64 = 1e-9;

/// How far each option can move each cell at the very most, and what that means.
#[derive(Debug, Clone)]
pub(super) struct Ground {
    pub(super) linear: bool,
    /// Whether no link dampens: what improves one cell worsens no other.
    pub(super) feeds_only: bool,
    floor: Vec<f64>,
    room: Vec<f64>,
    /// By option and cell: the most it falls, and rises.
    falls: Vec<Vec<f64>>,
    rises: Vec<Vec<f64>>,
    /// By option: whether it is cut, or reaches a cell that stands at an end of the scale.
    edgy: Vec<bool>,
    /// By cell: whether movements add up there exactly, whatever is chosen.
    pub(super) firm: Vec<bool>,
    /// Whether sums of single movements bound what any set gains.
    pub(super) sound: bool,
}

impl Ground {
    pub(super) fn new(options: &Options<'_>, weighing: &Weighing, model: &Model, tick: Tick<'_>) -> Result<Self> {
        let cells = weighing.cells.len();
        let anchored = options.anchored();
        let feeds_only = !anchored.rows().is_signed();
        let n = options.interventions().len();
        let Model::Linear(linear) = model else {
            return Ok(Ground {
                linear: false,
                feeds_only,
                floor: Vec::new(),
                room: Vec::new(),
                falls: Vec::new(),
                rises: Vec::new(),
                edgy: vec![true; n],
                firm: vec![false; cells],
                sound: false,
            });
        };
        let cap = linear.cap.unwrap_or(1.0).min(1.0);
        let floor = options.baseline().to_vec();
        let room: Vec<f64> = floor.iter().map(|x| cap - x).collect();
        let at_edge: Vec<bool> = floor.iter().zip(&room).map(|(x, room)| *x <= NOTHING || *room <= NOTHING).collect();
        let mut ground = Ground {
            linear: true,
            feeds_only,
            floor,
            room,
            falls: vec![vec![0.0; cells]; n],
            rises: vec![vec![0.0; cells]; n],
            edgy: vec![false; n],
            firm: vec![true; cells],
            sound: false,
        };
        let mut soft = vec![false; cells];
        for option in 0..n {
            let strikes = options.strikes(option);
            let changes = strikes.iter().map(most).collect();
            let (shocks, cuts) = options.shocks(&[option], &Scenario { weight: 1.0, changes });
            for response in options.respond(&shocks, &weighing.words, tick)? {
                for reading in [&response.better, &response.worse] {
                    let Some(delta) = &reading.delta else {
                        return Err(Error::new(
                            ErrorKind::Undefined,
                            "effects are undefined: the baseline does not come to rest again once it is moved",
                        ));
                    };
                    for (cell, delta) in delta.iter().enumerate() {
                        ground.falls[option][cell] = ground.falls[option][cell].max(-delta);
                        ground.rises[option][cell] = ground.rises[option][cell].max(*delta);
                    }
                }
            }
            let reached = downstream(anchored.rows(), strikes.iter().flat_map(|s| s.cells.iter().map(|(cell, _)| *cell)));
            for cell in (0..cells).filter(|cell| reached[*cell] && at_edge[*cell]) {
                (soft[cell], ground.edgy[option]) = (true, true);
            }
            for cut in cuts {
                (soft[cut.position], ground.edgy[option]) = (true, true);
            }
        }
        let everything = vec![1.0; n];
        for cell in ground.beyond(options, &everything) {
            soft[cell] = true;
        }
        let from: Vec<usize> = (0..cells).filter(|cell| soft[*cell]).collect();
        let reached = downstream(anchored.rows(), from.into_iter());
        ground.firm = reached.iter().map(|reached| !reached).collect();
        let saturated = weighing
            .cells
            .iter()
            .zip(&ground.room)
            .any(|(cell, room)| *room < -NOTHING || (*room <= NOTHING && cell.node.severity.is_none()));
        let counts = |cell: usize| match weighing.objective {
            Objective::SeverityPersons | Objective::WorstOff => weighing.cells[cell].weight.is_some_and(|w| w > 0.0),
            Objective::Persons => weighing.cells[cell].moved.is_some(),
            Objective::CellsLifted => weighing.cells[cell].lifted_below.is_some(),
        };
        ground.sound = (feeds_only && !saturated) || (0..cells).all(|cell| !counts(cell) || ground.firm[cell]);
        Ok(ground)
    }

    /// Whether a set at these levels moves everything in a straight line: the mean of its courses is the course of its means.
    pub(super) fn adds_up(&self, options: &Options<'_>, levels: &[f64]) -> bool {
        let edgy = levels.iter().zip(&self.edgy).any(|(level, edgy)| *level > 0.0 && *edgy);
        self.linear && !edgy && self.beyond(options, levels).is_empty()
    }

    /// Cells that a set, everything of it happening at its most, may bring to an end of the scale.
    fn beyond(&self, options: &Options<'_>, levels: &[f64]) -> Vec<usize> {
        let cells = self.floor.len();
        let (mut falls, mut rises) = (vec![0.0; cells], vec![0.0; cells]);
        let (mut cut_falls, mut cut_rises) = (vec![0.0; cells], vec![0.0; cells]);
        for (option, level) in levels.iter().enumerate().filter(|(_, level)| **level > 0.0) {
            for cell in 0..cells {
                falls[cell] += level * self.falls[option][cell];
                rises[cell] += level * self.rises[option][cell];
            }
            for strike in options.strikes(option) {
                let side = if strike.worse { &mut cut_rises } else { &mut cut_falls };
                for &(cell, share) in &strike.cells {
                    side[cell] += level * most(strike) * share;
                }
            }
        }
        let past = |cell: &usize| {
            let (fall, rise) = (falls[*cell].max(cut_falls[*cell]), rises[*cell].max(cut_rises[*cell]));
            // nothing is past an end that nothing moves towards
            (fall > NOTHING && fall > self.floor[*cell]) || (rise > NOTHING && rise > self.room[*cell])
        };
        (0..cells).filter(past).collect()
    }

    /// Options of `levels` whose worsenings, and options outside it whose improvements, can reach one of some cells. None where a link
    /// dampens, or no worsening of the set reaches them: then nothing is known beyond the set itself.
    pub(super) fn behind(&self, options: &Options<'_>, levels: &[f64], harmed: &[usize], offset: bool) -> Option<(Vec<usize>, Vec<usize>)> {
        if !self.feeds_only || harmed.is_empty() || levels.iter().any(|l| *l > 0.0 && *l < 1.0) {
            return None;
        }
        let above = upstream(options.anchored().rows(), harmed);
        let touches = |option: usize, worse: bool| {
            options.strikes(option).iter().any(|s| s.worse == worse && s.cells.iter().any(|(cell, _)| above[*cell]))
        };
        let with: Vec<usize> = (0..levels.len()).filter(|o| levels[*o] > 0.0 && touches(*o, true)).collect();
        let without: Vec<usize> = (0..levels.len()).filter(|o| levels[*o] == 0.0 && offset && touches(*o, false)).collect();
        (!with.is_empty()).then_some((with, without))
    }
}

/// The most an effect can change.
fn most(strike: &Strike) -> f64 {
    if strike.likelihood > 0.0 { strike.range.map_or(strike.change, |(_, high)| high.max(strike.change)) } else { 0.0 }
}

/// Cells that something in `from` reaches along the links, itself among them.
fn downstream(rows: &Csr, from: impl Iterator<Item = usize>) -> Vec<bool> {
    let mut outgoing: Vec<Vec<usize>> = vec![Vec::new(); rows.nodes()];
    for target in 0..rows.nodes() {
        for (source, weight, _) in rows.incoming(target) {
            if weight != 0.0 {
                outgoing[source].push(target);
            }
        }
    }
    spread(rows.nodes(), from, |cell| outgoing[cell].clone())
}

/// Cells from which something in `to` is reached, itself among them.
fn upstream(rows: &Csr, to: &[usize]) -> Vec<bool> {
    spread(rows.nodes(), to.iter().copied(), |cell| {
        rows.incoming(cell).filter(|(_, weight, _)| *weight != 0.0).map(|(source, _, _)| source).collect()
    })
}

fn spread(cells: usize, from: impl Iterator<Item = usize>, next: impl Fn(usize) -> Vec<usize>) -> Vec<bool> {
    let mut reached = vec![false; cells];
    let mut open: Vec<usize> = from.collect();
    while let Some(cell) = open.pop() {
        if !std::mem::replace(&mut reached[cell], true) {
            open.extend(next(cell));
        }
    }
    reached
}
