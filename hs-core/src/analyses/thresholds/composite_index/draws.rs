//! The index again, under other choices: how far ranks hang on them.

use rayon::prelude::*;

use super::plan::{Choice, Plan};
use super::prepare::prepare;
use super::{Aggregate, CompositeIndex, IndicatorTable, Keep, Normalisation, Treatment};
use crate::kernels::index::{order_quantile, ranks_from_the_top};
use crate::kernels::sampling::Draw;
use crate::kernels::{Tick, cancelled, filled};
use crate::{Error, ErrorKind, Result};

/// Draws between two looks at the tick.
const BATCH: u32 = 256;

/// Ranks that are held at the most: one a draw and unit.
const MOST: usize = 1 << 30;

/// What the draws came to.
#[derive(Debug, Clone)]
pub(super) struct Draws {
    /// Rank of each unit in each draw, draw by draw; NaN where undefined.
    pub(super) ranks: Vec<f32>,
    /// What each draw chose.
    pub(super) choices: Vec<Chosen>,
    /// Draws in which the data gave no weights.
    pub(super) without_weights: u32,
}

/// What one draw chose.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chosen {
    pub(super) treatment: Treatment,
    pub(super) normalise: Option<Normalisation>,
    /// None where it stayed as set.
    pub(super) aggregate: Option<Aggregate>,
    pub(super) left_out: Option<usize>,
    /// Weights by node, where they are kept; empty where the data gave none.
    pub(super) weights: Vec<Vec<f64>>,
}

pub(super) fn draw(settings: &CompositeIndex, plan: &Plan, data: &IndicatorTable, tick: Tick<'_>) -> Result<Draws> {
    let units = data.units().len();
    let size = (settings.draws as usize).checked_mul(units).filter(|size| *size <= MOST);
    let Some(size) = size else {
        let found = format!("`draws`: {} draws of {units} units are more than {MOST} ranks", settings.draws);
        return Err(Error::new(ErrorKind::Limit, found));
    };
    let vary = &settings.vary;
    let mut treatments = vary.treatment.clone();
    if treatments.is_empty() {
        treatments.push(settings.treatment.unwrap_or(Treatment::None));
    }
    let mut ways: Vec<_> = vary.normalise.iter().copied().map(Some).collect();
    if ways.is_empty() {
        ways.push(settings.normalise);
    }
    let mut prepared = Vec::with_capacity(treatments.len() * ways.len());
    for treatment in &treatments {
        for way in &ways {
            if !tick(prepared.len() as u64) {
                return Err(cancelled());
            }
            prepared.push(prepare(settings, plan, data, *treatment, *way).columns);
        }
    }
    let one = |draw: u32| -> (Chosen, Vec<f32>, bool) {
        let pick = |parameter: u32, options: usize| Draw::new(settings.seed, draw, parameter).below(options);
        let (t, w) = (pick(0, treatments.len()), pick(1, ways.len()));
        let aggregate = vary.aggregate.get(pick(2, vary.aggregate.len())).copied();
        let left_out =
            Some(pick(3, plan.leaves.len() + 1)).filter(|leaf| vary.leave_one_out && *leaf < plan.leaves.len() && plan.leaves.len() > 1);
        let means = plan.nodes.iter().map(|node| settings.mean(aggregate.filter(|_| !node.named).unwrap_or(node.aggregate)));
        let choice = Choice { means: means.collect(), left_out, noise: vary.weights.map(|noise| (settings.seed, draw, noise)) };
        let mut chosen = Chosen {
            treatment: treatments.get(t).copied().unwrap_or(Treatment::None),
            normalise: ways.get(w).copied().flatten(),
            aggregate,
            left_out,
            weights: vec![],
        };
        let columns = prepared.get(t * ways.len() + w).map_or(&[][..], Vec::as_slice);
        // the data may give no weights under these choices: that draw ranks nobody, and is counted
        match plan.make(settings, columns, &choice) {
            Ok(made) => {
                let ranks = made.values.last().map(|values| ranks_from_the_top(values)).unwrap_or_default();
                if settings.keep.contains(&Keep::Draws) {
                    chosen.weights = made.weights;
                }
                (chosen, ranks.into_iter().map(|r| r as f32).collect(), true)
            }
            Err(_) => (chosen, vec![f32::NAN; units], false),
        }
    };
    let mut all = Draws { ranks: filled(size, 0f32)?, choices: Vec::new(), without_weights: 0 };
    let mut from = 0u32;
    for place in all.ranks.chunks_mut(units.max(1) * BATCH as usize) {
        if !tick(u64::from(from)) {
            return Err(cancelled());
        }
        let to = settings.draws.min(from.saturating_add(BATCH));
        let made: Vec<_> = (from..to).into_par_iter().map(one).collect();
        for (row, (chosen, ranks, weighed)) in place.chunks_mut(units.max(1)).zip(made) {
            row.iter_mut().zip(ranks).for_each(|(place, rank)| *place = rank);
            all.without_weights += u32::from(!weighed);
            if settings.keep.contains(&Keep::Draws) {
                all.choices.push(chosen);
            }
        }
        from = to;
    }
    Ok(all)
}

impl Draws {
    /// Quantiles of the ranks of a unit, and how many draws rank it. They are ranks that occurred.
    pub(super) fn quantiles(&self, unit: usize, units: usize, shares: [f64; 3]) -> ([Option<f64>; 3], usize) {
        let mut ranks: Vec<f32> = self.ranks.iter().skip(unit).step_by(units.max(1)).copied().filter(|r| !r.is_nan()).collect();
        ranks.sort_unstable_by(f32::total_cmp);
        (shares.map(|p| order_quantile(&ranks, p)), ranks.len())
    }
}
