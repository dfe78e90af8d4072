//! How far can severities and ranks lie, given the ranges of what was stated?

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::parameters::{Distribution, Parameters, Random};
use super::runs::{Runs, Went};
use crate::kernels::ranks::{from_greatest, quantile};
use crate::kernels::{Tick, cancelled, filled, never, no_memory};
use crate::network::DominoNetwork;
use crate::propagation::{AnchorSettings, Keep, Model, NodeLabel, Propagation, Status, Values};
use crate::tables::{Array, Note, Outcome, Table};
use crate::{Error, Result};

/// How far can severities and ranks lie, given the ranges of what was stated?
///
/// Every number that was given with a range is drawn, once for each draw as the user gave it: a linkage moves all edges it was expanded to, a
/// condition all nodes that rest on it. Each draw is a run of its own, anchored anew. Draws that do not come to rest are counted, listed and left
/// out of the figures; where they are more than `most_excluded` of all, there are no figures. The point (the run with the values as they stand)
/// need not be the median.
///
/// # Method
/// Quantiles of type 7 at (1 ± level)/2 over the draws; rank 1 is the greatest state of a draw, ties averaged. Random numbers are keyed by seed, draw and
/// parameter, so that a linkage has the same ones whatever else is drawn.
///
/// # Complexity
/// Draws times a run; memory for draws times nodes, twice.
///
/// # References
/// Malcolm et al. 1959, Application of a technique for research and development program evaluation (PERT). Hyndman and Fan 1996, Sample quantiles in
/// statistical packages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Simulate {
    /// The model.
    pub model: Model,
    /// Number of draws.
    pub draws: u32,
    /// Seed of the random numbers.
    pub seed: u64,
    /// How a number spreads over its range.
    pub distribution: Distribution,
    /// The probability of which ranges are the central interval; absent: ranges are the whole support.
    pub interval: Option<f64>,
    /// Level of the intervals.
    pub level: f64,
    /// Largest share of draws without rest that figures may leave out.
    pub most_excluded: f64,
    /// What to keep beside the figures.
    pub keep: KeepDraws,
    /// As in [`Propagation`].
    pub start: Option<Values>,
    /// As in [`Propagation`].
    pub shocks: Option<Values>,
    /// As in [`Propagation`].
    pub clamp: Option<Values>,
    /// As in [`Propagation`].
    pub base: Option<Values>,
    /// As in [`Propagation`].
    pub pulse: bool,
    /// As in [`Propagation`].
    pub max_steps: u64,
    /// As in [`Propagation`].
    pub tolerance: f64,
    /// As in [`Propagation`].
    pub anchoring: AnchorSettings,
}

impl Default for Simulate {
    fn default() -> Self {
        let Propagation { model, start, shocks, clamp, base, pulse, max_steps, tolerance, anchoring, .. } = Propagation::default();
        Simulate {
            model,
            draws: 1000,
            seed: 0,
            distribution: Distribution::Pert,
            interval: None,
            level: 0.9,
            most_excluded: 0.05,
            keep: KeepDraws::Figures,
            start,
            shocks,
            clamp,
            base,
            pulse,
            max_steps,
            tolerance,
            anchoring,
        }
    }
}

/// What a simulation keeps beside its figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeepDraws {
    /// Nothing.
    #[default]
    Figures,
    /// The last state of every draw.
    States,
}

/// What the draws say of one node; none where figures are undefined, with a note.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Simulated {
    /// Which node.
    pub label: NodeLabel,
    /// The state of the run with the values as they stand; none where that run did not come to rest.
    pub point: Option<f64>,
    /// Median over the draws.
    pub median: Option<f64>,
    /// Mean over the draws.
    pub mean: Option<f64>,
    /// Lower end of the interval.
    pub lower: Option<f64>,
    /// Upper end of the interval.
    pub upper: Option<f64>,
    /// Median rank.
    pub rank: Option<f64>,
    /// Lower end of the interval of ranks: the best placed.
    pub rank_lower: Option<f64>,
    /// Upper end of the interval of ranks.
    pub rank_upper: Option<f64>,
}

/// Severities and ranks with their intervals.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SimulateResult {
    /// The settings it ran with.
    pub settings: Simulate,
    /// One for each node.
    pub nodes: Vec<Simulated>,
    /// Numbers that were drawn.
    pub parameters: usize,
    /// How many draws ended in each way, in the order converged, cycle, not-converged, diverging, undefined.
    pub ends: [u32; 5],
    /// Draws that the figures leave out, and how they ended.
    pub excluded: Vec<(u32, &'static str)>,
    /// Last states, draw by draw, NaN in draws that are left out; where they are kept.
    #[serde(skip)]
    pub states: Option<Vec<f64>>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

crate::tables::arrow_tables!(SimulateResult);

/// Draws that a note names.
const NAMED: usize = 20;

impl Simulate {
    /// Runs on a network.
    ///
    /// # Errors
    /// As [`Propagation::run`], and `Argument` for a setting outside its domain or a range the model cannot take.
    ///
    /// # Examples
    /// ```
    /// use hs_core::analyses::doubt::Simulate;
    /// use hs_core::network::{DominoNetwork, EdgeList};
    /// use hs_core::propagation::Linear;
    ///
    /// let (low, high) = (Some(vec![Some(0.2)]), Some(vec![Some(0.6)]));
    /// let edges = EdgeList { source: vec![0], target: vec![1], weight: vec![0.4].into(), low, high, ..EdgeList::default() };
    /// let network = DominoNetwork::from_edges(edges)?;
    /// let simulate = Simulate { model: Linear::default().into(), base: Some([("0", 1.0)].into()), ..Simulate::default() };
    /// let target = &simulate.run(&network)?.nodes[1];
    /// assert!(target.lower > Some(0.2) && target.upper < Some(0.6) && target.rank == Some(2.0));
    /// # Ok::<(), hs_core::Error>(())
    /// ```
    pub fn run(&self, network: &DominoNetwork) -> Result<SimulateResult> {
        self.run_with(network, &never)
    }

    /// As [`Simulate::run`], looking at a tick.
    ///
    /// # Errors
    /// As [`Simulate::run`], and `Cancelled`.
    pub fn run_with(&self, network: &DominoNetwork, tick: Tick<'_>) -> Result<SimulateResult> {
        self.check()?;
        let propagation = self.propagation();
        let point = propagation.run_with(network, tick)?;
        let parameters = Parameters::new(network, self.distribution, self.interval, &self.model)?;
        let runs = Runs::new(network, &propagation, &parameters, tick)?;
        let mut notes: Vec<Note> = point.notes.clone();
        notes.extend(parameters.notes.iter().cloned());
        if let Some(many) = point.runs.filter(|runs| *runs > 1) {
            let message = format!(
                "each draw made {many} runs with random numbers of its own: intervals hold their spread too, to {:.3} in standard error",
                0.5 / f64::from(many).sqrt()
            );
            notes.push(Note::new("runs-within-draws", message, Vec::<String>::new()));
        }
        let (nodes, draws) = (network.len(), self.draws as usize);
        let mut states = filled(draws.checked_mul(nodes).ok_or_else(|| no_memory(usize::MAX, 8))?, 0.0)?;
        let mut went = Vec::new();
        let random = Random { seed: self.seed, parameters: &parameters };
        let batch = runs.batch();
        for (at, part) in states.chunks_mut((batch * nodes).max(1)).enumerate() {
            went.extend(runs.make(&random, at * batch, part, tick)?);
        }
        // A network without nodes has draws, and nothing in them.
        went.resize(draws, Went::Ended(Status::Converged));
        let mut ends = [0; 5];
        let mut excluded = Vec::new();
        let mut counted = vec![true; draws];
        for ((draw, went), counted) in (0_u32..).zip(&went).zip(&mut counted) {
            let end = match went {
                Went::Ended(Status::Converged) => 0,
                Went::Ended(Status::Cycle) => 1,
                Went::Ended(Status::NotConverged) => 2,
                Went::Ended(Status::Diverging) => 3,
                Went::Undefined => 4,
            };
            ends.get_mut(end).into_iter().for_each(|count| *count += 1);
            *counted = runs.counts(*went);
            if !*counted {
                excluded.push((draw, went.word()));
            }
        }
        let share = excluded.len() as f64 / f64::from(self.draws);
        let defined = share <= self.most_excluded && excluded.len() < draws;
        notes.extend(self.left_out(&excluded, defined));
        let figures = if defined { Some(self.figures(&states, nodes, &counted, tick)?) } else { None };
        let point_ended = runs.counts(Went::Ended(point.status));
        let simulated = point.nodes.iter().zip(&point.state).enumerate().map(|(j, (label, state))| {
            let of = figures.as_ref().and_then(|figures| figures.get(j));
            let figure = |k: usize| of.and_then(|figures| figures.get(k)).copied().flatten();
            Simulated {
                label: label.clone(),
                point: point_ended.then_some(*state),
                median: figure(0),
                mean: figure(1),
                lower: figure(2),
                upper: figure(3),
                rank: figure(4),
                rank_lower: figure(5),
                rank_upper: figure(6),
            }
        });
        let nodes_found = simulated.collect();
        let kept = match self.keep {
            KeepDraws::Figures => None,
            KeepDraws::States => {
                for (state, _) in states.chunks_mut(nodes.max(1)).zip(&counted).filter(|(_, counted)| !**counted) {
                    state.fill(f64::NAN);
                }
                Some(states)
            }
        };
        Ok(SimulateResult { settings: self.clone(), nodes: nodes_found, parameters: parameters.len(), ends, excluded, states: kept, notes })
    }

    fn check(&self) -> Result<()> {
        if self.draws == 0 {
            return Err(Error::argument("`draws` is 0, wanted at least 1"));
        }
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(Error::argument(format!("`level` is {}, wanted between 0 and 1", self.level)));
        }
        if !(0.0..=1.0).contains(&self.most_excluded) {
            return Err(Error::argument(format!("`most_excluded` is {}, wanted a share from 0 to 1", self.most_excluded)));
        }
        Ok(())
    }

    fn propagation(&self) -> Propagation {
        Propagation {
            model: self.model.clone(),
            start: self.start.clone(),
            shocks: self.shocks.clone(),
            clamp: self.clamp.clone(),
            base: self.base.clone(),
            pulse: self.pulse,
            max_steps: self.max_steps,
            tolerance: self.tolerance,
            keep: Keep::State,
            anchoring: self.anchoring.clone(),
            certify: Some(false),
            ..Propagation::default()
        }
    }

    fn left_out(&self, excluded: &[(u32, &'static str)], defined: bool) -> Option<Note> {
        if excluded.is_empty() {
            return None;
        }
        let listed = excluded.iter().take(NAMED).map(|(draw, word)| format!("draw {draw}: {word}"));
        let message = if defined {
            format!("{} of {} draws came to no rest and are left out of the figures", excluded.len(), self.draws)
        } else {
            format!(
                "figures are undefined: {} of {} draws came to no rest, more than the share of {} that may be left out",
                excluded.len(),
                self.draws,
                self.most_excluded
            )
        };
        Some(Note::new(if defined { "draws-left-out" } else { "undefined-figures" }, message, listed.collect::<Vec<_>>()))
    }

    /// Median, mean, lower, upper, and median, lower and upper rank of each node.
    fn figures(&self, states: &[f64], nodes: usize, counted: &[bool], tick: Tick<'_>) -> Result<Vec<[Option<f64>; 7]>> {
        let kept: Vec<&[f64]> = states.chunks(nodes.max(1)).zip(counted).filter(|(_, counted)| **counted).map(|(state, _)| state).collect();
        let mut ranks = filled(kept.len().checked_mul(nodes).ok_or_else(|| no_memory(usize::MAX, 8))?, 0.0)?;
        let look = |done: usize| if tick(done as u64) { Ok(()) } else { Err(cancelled()) };
        const WAVE: usize = 1 << 20;
        let wave = (WAVE / nodes.max(1)).max(1);
        for (at, (ranks, states)) in ranks.chunks_mut((wave * nodes).max(1)).zip(kept.chunks(wave)).enumerate() {
            look(at * wave)?;
            ranks.par_chunks_mut(nodes.max(1)).zip(states).for_each(|(ranks, state)| ranks.copy_from_slice(&from_greatest(state)));
        }
        let ranked: Vec<&[f64]> = ranks.chunks(nodes.max(1)).collect();
        let tail = 0.5 * (1.0 - self.level);
        let mut figures = filled(nodes, [None; 7])?;
        let wave = (WAVE / kept.len().max(1)).max(1);
        /// Nodes whose columns are gathered together: neighbours share the lines of the cache.
        const SIDE: usize = 8;
        for (at, figures) in figures.chunks_mut(wave.next_multiple_of(SIDE)).enumerate() {
            look(at)?;
            let first = at * wave.next_multiple_of(SIDE);
            figures.par_chunks_mut(SIDE).enumerate().for_each(|(block, figures)| {
                let first = first + block * SIDE;
                let mut column = Vec::with_capacity(kept.len());
                for (k, figures) in figures.iter_mut().enumerate() {
                    let j = first + k;
                    let mut gather = |rows: &[&[f64]]| {
                        column.clear();
                        column.extend(rows.iter().filter_map(|row| row.get(j).copied()));
                        let (least, most) = column.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (x.min(a), x.max(b)));
                        // a sum of many equal numbers need not be a multiple of them
                        let mean = (column.iter().sum::<f64>() / column.len() as f64).clamp(least, most);
                        let [median, lower, upper] = [0.5, tail, 1.0 - tail].map(|share| quantile(&mut column, share));
                        (median, Some(mean), lower, upper)
                    };
                    let (median, mean, lower, upper) = gather(&kept);
                    let (rank, _, rank_lower, rank_upper) = gather(&ranked);
                    *figures = [median, mean, lower, upper, rank, rank_lower, rank_upper];
                }
            });
        }
        Ok(figures)
    }
}

impl SimulateResult {
    /// The main table: node, median, mean, lower, upper, rank_lower, rank_upper, rank, point, threat, place, group.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn table(&self) -> Result<Table> {
        let rows = &self.nodes;
        Table::builder()
            .text("node", rows.iter().map(|n| Some(&n.label.node)))
            .number("median", rows.iter().map(|n| n.median))
            .number("mean", rows.iter().map(|n| n.mean))
            .number("lower", rows.iter().map(|n| n.lower))
            .number("upper", rows.iter().map(|n| n.upper))
            .number("rank_lower", rows.iter().map(|n| n.rank_lower))
            .number("rank_upper", rows.iter().map(|n| n.rank_upper))
            .number("rank", rows.iter().map(|n| n.rank))
            .number("point", rows.iter().map(|n| n.point))
            .text("threat", rows.iter().map(|n| Some(&n.label.threat)))
            .text("place", rows.iter().map(|n| n.label.place.as_ref()))
            .text("group", rows.iter().map(|n| n.label.group.as_ref()))
            .build()
    }

    /// Everything by name, as the bindings carry it.
    ///
    /// # Errors
    /// When a table cannot be made.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("simulate", &self.settings)?;
        let [converged, cycle, not_converged, diverging, undefined] = self.ends;
        for (name, fact) in [
            ("draws", json!(self.settings.draws)),
            ("parameters", json!(self.parameters)),
            ("converged", json!(converged)),
            ("cycle", json!(cycle)),
            ("not_converged", json!(not_converged)),
            ("diverging", json!(diverging)),
            ("undefined", json!(undefined)),
            ("excluded", json!(self.excluded.len())),
        ] {
            outcome.facts.insert(name.into(), fact);
        }
        if let Some(states) = &self.states {
            outcome.arrays.push(("states", Array { shape: vec![self.settings.draws as usize, self.nodes.len()], data: states.clone() }));
        }
        outcome.tables.push(("nodes", self.table()?));
        let excluded = Table::builder()
            .integer("draw", self.excluded.iter().map(|(draw, _)| Some(i64::from(*draw))))
            .text("status", self.excluded.iter().map(|(_, word)| Some(*word)))
            .build()?;
        outcome.tables.push(("excluded", excluded));
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
