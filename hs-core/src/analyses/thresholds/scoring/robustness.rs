//! Does the order of groups depend on where the bar stands and on what counts how much?

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::cells::{Cell, Figure, Measures};
use super::robustness_curve::{Curve, Dominance, curves, dominance};
use super::robustness_tables;
use super::sample::{Ratio, Sample, Spread, Sum};
use super::tallies::{Configuration, Tallies};
use super::{Score, ScoreResult};
use crate::kernels::quantiles::student;
use crate::kernels::ranks::{TIE, from_greatest, kendall_tau_b, spearman};
use crate::kernels::{Tick, cancelled};
use crate::tables::{Needed, Note, Outcome, Rows};
use crate::{Error, ErrorKind, Result};

/// The cut-offs looked at where none are given.
const USUAL_CUTOFFS: [f64; 5] = [0.2, 0.25, 1.0 / 3.0, 0.4, 0.5];

/// The name of the scheme's own weighting.
const OWN: &str = "scheme";

/// Most groups whose pairs are compared.
pub(crate) const MOST_GROUPS: usize = 2_000;

/// Names of the measures, as in the tables.
pub(crate) const MEASURES: [&str; 2] = ["H", "M0"];

/// Does the order of groups depend on the cut-off and the weights?
///
/// The base is the scheme's own cut-off and weights; the others are every weighting with every cut-off of the score's `cutoffs` and
/// `weightings`, the base's beside them. Everything comes from one pass over the data.
///
/// # Method
/// Kendall's tau-b and Spearman's correlation between the groups' values in the base and in each other configuration. A pair keeps its
/// order where the difference has the base's sign; it is robust where it does so significantly in all of them. Dominance: one
/// group's curve over k is nowhere above the other's.
///
/// # References
/// Alkire & Santos, *Measuring acute poverty in the developing world*, World Development 59, 2014; Alkire and others,
/// *Multidimensional Poverty Measurement and Analysis*, chapter 8, 2015.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Robustness {
    /// How the data is scored: `by` names the groups, `cutoffs` and `weightings` the grid.
    pub score: Score,
}

/// What [`Robustness`] found.
#[derive(Debug, Clone, PartialEq)]
pub struct RobustnessResult {
    /// The settings.
    pub settings: Robustness,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
    pub(crate) score: Score,
    pub(crate) configurations: Vec<Configuration>,
    /// Position of the base among them.
    pub(crate) base: usize,
    /// The groups that are compared.
    pub(crate) groups: Vec<Cell>,
    pub(crate) hidden_groups: usize,
    /// By configuration and measure.
    pub(crate) agreements: Vec<[Agreement; 2]>,
    /// By configuration and measure: values of the groups.
    pub(crate) values: Vec<[Vec<f64>; 2]>,
    /// Pairs of groups, by measure.
    pub(crate) pairs: [Vec<PairOrder>; 2],
    pub(crate) curves: Vec<Curve>,
    pub(crate) dominance: Vec<Dominance>,
}

/// How far one configuration agrees with the base.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Agreement {
    pub tau: Option<f64>,
    pub spearman: Option<f64>,
    /// Of the pairs that differ in the base, those of the same order here.
    pub kept: Option<f64>,
    /// Of the pairs that differ significantly in the base, those that do so here in the same order.
    pub robust: Option<f64>,
}

/// One pair of groups over all configurations.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct PairOrder {
    pub first: usize,
    pub second: usize,
    /// First less second in the base, with its standard error.
    pub difference: f64,
    pub standard_error: Option<f64>,
    /// Whether it is significant in the base.
    pub significant: Option<bool>,
    /// Configurations that keep the order of the base, and those that keep it significantly.
    pub kept: usize,
    pub robust: usize,
}

/// Signs of a pair in one configuration: of the difference, and where it is significant.
#[derive(Debug, Clone, Copy, Default)]
struct Signs {
    difference: f64,
    standard_error: Option<f64>,
    order: i8,
    significant: bool,
}

crate::tables::arrow_tables!(RobustnessResult);

impl Robustness {
    /// Compares the groups of a stream of batches; the tick is given the rows read so far.
    ///
    /// # Errors
    /// Those of [`Score::run`]; no column to split by; more than 2,000 groups.
    pub fn run(&self, data: impl IntoIterator<Item = Result<Rows>>, tick: Tick<'_>) -> Result<RobustnessResult> {
        let grid = self.grid()?;
        let accumulator = grid.accumulate(data, tick)?;
        self.compare(grid, &accumulator.tallies()?, tick, accumulator.rows())
    }

    /// The columns that it reads.
    pub fn columns(&self) -> Vec<Needed> {
        self.score.columns()
    }

    /// The score of the whole grid, the base in it.
    fn grid(&self) -> Result<Score> {
        self.score.check()?;
        robustness_tables::refuse_taken_names(&self.score.by)?;
        if self.score.by.is_empty() {
            return Err(Error::argument("`by`: found no column, wanted at least one: the groups whose order is looked at"));
        }
        let mut grid = Score { bounds: false, gaps: false, ..self.score.clone() };
        let mut weightings = grid.weightings.take().unwrap_or_default();
        if weightings.contains_key(OWN) {
            return Err(Error::argument("`weightings`: found `scheme`, which is the name of the scheme's own; wanted another name"));
        }
        let names = self.score.scheme.indicators.iter().map(|i| i.name.clone());
        let own: BTreeMap<String, f64> = names.zip(self.score.scheme.weights()?).collect();
        weightings.insert(OWN.into(), own);
        let mut cutoffs = match (&self.score.cutoffs, &self.score.weightings) {
            (Some(cutoffs), _) => cutoffs.clone(),
            (None, Some(_)) => Vec::new(),
            (None, None) => USUAL_CUTOFFS.to_vec(),
        };
        cutoffs.push(self.score.scheme.cutoff);
        cutoffs.sort_by(f64::total_cmp);
        cutoffs.dedup_by(|a, b| (*a - *b).abs() <= super::sample::SLACK);
        grid.cutoffs = Some(cutoffs);
        grid.weightings = Some(weightings);
        Ok(grid)
    }

    fn compare(&self, grid: Score, tallies: &Tallies, tick: Tick<'_>, rows: u64) -> Result<RobustnessResult> {
        let mut result = ScoreResult::unsuppressed(&grid, tallies)?;
        let least = u64::from(grid.min_n);
        // both would name groups by a count of 0
        result.notes.retain(|note| least == 0 || !matches!(note.code, "nobody-insecure" | "empty-group"));
        let own = |c: &Configuration| c.weighting == OWN && (c.cutoff - self.score.scheme.cutoff).abs() <= super::sample::SLACK;
        let base = result.configurations.iter().position(own).ok_or_else(|| Error::internal("the grid lost its base"))?;
        let (groups, hidden): (Vec<Cell>, Vec<Cell>) =
            result.cells.into_iter().filter(|c| c.is_group() && c.population > 0.0).partition(|c| c.rows >= least);
        if groups.len() > MOST_GROUPS {
            return Err(Error::new(ErrorKind::Limit, format!("found {} groups, wanted at most {MOST_GROUPS}", groups.len())));
        }
        let figures: [fn(&Measures) -> Figure; 2] = [|m| m.h, |m| m.m0];
        let values: Vec<[Vec<f64>; 2]> = (0..result.configurations.len())
            .map(|at| figures.map(|f| groups.iter().map(|c| c.measures.get(at).and_then(|m| f(m).value).unwrap_or_default()).collect()))
            .collect();
        let pairs = self.pairs(&grid, tallies, &groups, &values, tick, rows)?;
        let Some([base_h, base_m0]) = values.get(base) else { return Err(Error::internal("the grid lost its base")) };
        let mut agreements: Vec<[Agreement; 2]> = values
            .iter()
            .map(|[h, m0]| {
                [(h, base_h), (m0, base_m0)].map(|(own, base)| Agreement {
                    tau: kendall_tau_b(base, own),
                    spearman: spearman(base, own),
                    ..Agreement::default()
                })
            })
            .collect();
        let pairs = summed(&pairs, base, groups.len(), &mut agreements);
        let curves = curves(&grid, tallies, &groups, &result.configurations);
        let dominance = dominance(&curves, groups.len());
        let mut notes = result.notes;
        self.add_notes(&mut notes, &grid, &groups, &hidden, &curves);
        Ok(RobustnessResult {
            settings: self.clone(),
            notes,
            score: grid,
            configurations: result.configurations,
            base,
            groups,
            hidden_groups: hidden.len(),
            agreements,
            values,
            pairs,
            curves,
            dominance,
        })
    }

    /// Signs of every pair, by configuration and measure.
    fn pairs(
        &self,
        grid: &Score,
        tallies: &Tallies,
        groups: &[Cell],
        values: &[[Vec<f64>; 2]],
        tick: Tick<'_>,
        rows: u64,
    ) -> Result<Vec<[Vec<Signs>; 2]>> {
        let sample = Sample::new(grid, tallies)?;
        let plan = &sample.plan;
        let times = student(grid.level, plan.degrees_of_freedom() as f64).filter(|_| plan.has_variance());
        let parts: Vec<_> = groups.par_iter().map(|cell| sample.part(&cell.members)).collect();
        let mut found = Vec::with_capacity(values.len());
        for (at, values) in values.iter().enumerate() {
            if !tick(rows) {
                return Err(cancelled());
            }
            let of = |(values, numerator): (&Vec<f64>, Sum)| -> Vec<Signs> {
                let spread = |(part, (cell, value)): (&_, (&Cell, &f64))| -> Spread {
                    let part: &super::sample::Part<'_> = part;
                    let ratio = Ratio { numerator, scale: 1.0, denominator: Sum::All, value: *value, total: cell.population };
                    part.lens(&sample, at).spread(&ratio)
                };
                let spreads: Vec<Spread> = parts.par_iter().zip(groups.par_iter().zip(values)).map(spread).collect();
                let pair = |(first, second): (usize, usize)| -> Option<Signs> {
                    let difference = values.get(first)? - values.get(second)?;
                    let variance = spreads.get(first)?.variance_of_difference(spreads.get(second)?, plan);
                    let standard_error = plan.has_variance().then(|| variance.max(0.0).sqrt());
                    let order = if difference.abs() <= TIE { 0 } else { difference.signum() as i8 };
                    let significant = order != 0 && times.zip(standard_error).is_some_and(|(t, error)| difference.abs() > t * error);
                    Some(Signs { difference, standard_error, order, significant })
                };
                let places: Vec<(usize, usize)> =
                    (0..groups.len()).flat_map(|first| (first + 1..groups.len()).map(move |second| (first, second))).collect();
                places.into_par_iter().map(|places| pair(places).unwrap_or_default()).collect()
            };
            let [h, m0] = values;
            found.push([of((h, Sum::Insecure)), of((m0, Sum::Intensity))]);
        }
        Ok(found)
    }

    fn add_notes(&self, notes: &mut Vec<Note>, grid: &Score, groups: &[Cell], hidden: &[Cell], curves: &[Curve]) {
        if self.score.cutoffs.is_none() && self.score.weightings.is_none() {
            let message = "no cut-offs and no weightings are given, so cut-offs of 0.2, 0.25, 1/3, 0.4 and 0.5 are looked at";
            notes.push(Note::new::<String>("usual-cutoffs", message, []));
        }
        if groups.len() < 2 {
            notes.push(Note::new::<String>("no-pair", "there are fewer than two groups to compare, so agreement is undefined", []));
        }
        if !hidden.is_empty() {
            let names: Vec<String> = hidden.iter().map(|c| c.name(&grid.by)).collect();
            notes.push(Note::new("suppressed", "left out of every comparison, because a figure of it is suppressed", names));
        }
        if curves.iter().any(|c| c.thinned) {
            let message = "the curve changes at more than 1,000 cut-offs; 1,000 of them, evenly spaced, are shown and compared";
            notes.push(Note::new::<String>("thinned-curve", message, []));
        }
    }
}

/// Pairs over all configurations, and what each configuration keeps of the base's order.
fn summed(signs: &[[Vec<Signs>; 2]], base: usize, groups: usize, agreements: &mut [[Agreement; 2]]) -> [Vec<PairOrder>; 2] {
    let Some([h, m0]) = signs.get(base) else { return [Vec::new(), Vec::new()] };
    let places: Vec<(usize, usize)> = (0..groups).flat_map(|first| (first + 1..groups).map(move |second| (first, second))).collect();
    let start = |signs: &Vec<Signs>| -> Vec<PairOrder> {
        let order = |((first, second), own): (&(usize, usize), &Signs)| PairOrder {
            first: *first,
            second: *second,
            difference: own.difference,
            standard_error: own.standard_error,
            significant: own.standard_error.map(|_| own.significant),
            ..PairOrder::default()
        };
        places.iter().zip(signs).map(order).collect()
    };
    let mut pairs = [start(h), start(m0)];
    for (configuration, agreement) in signs.iter().zip(agreements) {
        for (((own, base), pairs), agreement) in configuration.iter().zip([h, m0]).zip(&mut pairs).zip(agreement) {
            let [mut ordered, mut kept, mut significant, mut robust] = [0_usize; 4];
            for ((own, base), pair) in own.iter().zip(base).zip(pairs) {
                let same = own.order == base.order && base.order != 0;
                let strongly = same && own.significant;
                pair.kept += usize::from(same);
                pair.robust += usize::from(strongly);
                ordered += usize::from(base.order != 0);
                kept += usize::from(same);
                significant += usize::from(base.significant);
                robust += usize::from(strongly && base.significant);
            }
            let share = |part: usize, whole: usize| (whole > 0).then(|| part as f64 / whole as f64);
            agreement.kept = share(kept, ordered);
            agreement.robust = share(robust, significant);
        }
    }
    pairs
}

impl RobustnessResult {
    /// Ranks of the groups in one configuration and measure, 1 the greatest.
    pub(crate) fn ranks(&self, configuration: usize, measure: usize) -> Vec<f64> {
        let values = self.values.get(configuration).and_then(|v| v.get(measure));
        values.map(|v| from_greatest(v)).unwrap_or_default()
    }

    /// The result as the bindings and reports carry it.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("robustness", &self.settings)?;
        let configurations = self.configurations.len();
        let facts = &mut outcome.facts;
        facts.insert("groups".into(), self.groups.len().into());
        facts.insert("configurations".into(), configurations.into());
        facts.insert("pairs".into(), self.pairs.first().map_or(0, Vec::len).into());
        for (name, pairs) in MEASURES.iter().zip(&self.pairs) {
            let share = |part: usize, whole: usize| if whole > 0 { Some(part as f64 / whole as f64) } else { None };
            let all = |kept: &dyn Fn(&PairOrder) -> usize| pairs.iter().filter(|p| kept(p) == configurations).count();
            let significant = pairs.iter().filter(|p| p.significant == Some(true)).count();
            facts.insert(format!("pairs_significant_{name}"), significant.into());
            facts.insert(format!("pairs_kept_{name}"), share(all(&|p| p.kept), pairs.len()).into());
            facts.insert(format!("pairs_robust_{name}"), share(all(&|p| p.robust), pairs.len()).into());
        }
        facts.insert("level".into(), self.settings.score.level.into());
        facts.insert("min_n".into(), self.settings.score.min_n.into());
        facts.insert("suppressed_cells".into(), self.hidden_groups.into());
        facts.insert("scheme_hash".into(), self.settings.score.scheme.hash()?.into());
        outcome.tables = robustness_tables::tables(self)?;
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
