//! Every measure of every group and margin, from what the rows amount to.

use rayon::prelude::*;

use super::cells::{Cell, CountShare, Figure, IndicatorMeasures, Measures, Pair, merged, outline};
use super::sample::{Intensity, Lens, Part, Ratio, Sample, Sum, reaches, share_of, vital};
use super::tallies::{Configuration, PatternTally, Tallies};
use super::{Deprivation, Score};
use crate::kernels::quantiles::{at_edge, clopper_pearson, effective_size, logit_interval};
use crate::kernels::survey::Plan;
use crate::{Error, ErrorKind, Result};

/// Most groups and margins of a score.
const MOST_MARGINS: u64 = 4_000_000;

/// What every cell is held against.
struct Whole {
    /// Weight that counts.
    weight: f64,
    /// Σ vρc of each configuration, and its sums over the sample.
    intensity: Vec<(f64, Intensity)>,
}

/// Who stands behind a share: rows, and Kish's (Σv)²/Σv².
#[derive(Clone, Copy, Default)]
struct Base {
    rows: u64,
    weight: f64,
    squares: f64,
}

impl Base {
    fn of<'a>(patterns: impl Iterator<Item = &'a PatternTally>) -> Self {
        patterns.fold(Base::default(), |base, p| Base {
            rows: base.rows + p.rows,
            weight: base.weight + p.weight,
            squares: base.squares + p.squares,
        })
    }

    fn kish(self) -> f64 {
        if self.squares > 0.0 { self.weight * self.weight / self.squares } else { 0.0 }
    }
}

/// The cells, and the plan of the sample.
pub(super) fn estimate(score: &Score, tallies: &Tallies) -> Result<(Vec<Cell>, Plan)> {
    let margins = (tallies.groups.len() as u64).checked_shl(score.by.len() as u32).unwrap_or(u64::MAX);
    if score.by.len() > 20 || margins > MOST_MARGINS {
        let found = format!("found {} columns with {} groups between them", score.by.len(), tallies.groups.len());
        return Err(Error::new(
            ErrorKind::Limit,
            format!("`by`: {found}, wanted at most {MOST_MARGINS} groups and margins: split by fewer columns"),
        ));
    }
    let sample = Sample::new(score, tallies)?;
    let everyone: Vec<u32> = (0..tallies.groups.len() as u32).collect();
    let part = sample.part(&everyone);
    let patterns = merged(tallies.cells.iter().map(|cell| cell.patterns.as_slice()));
    let intensity = tallies.configurations.iter().enumerate().map(|(at, configuration)| {
        let sums = Sums::new(&patterns, configuration);
        (sums.intensity, part.lens(&sample, at).intensity())
    });
    let whole = Whole { weight: patterns.iter().map(|p| p.weight).sum(), intensity: intensity.collect() };
    let context = Context { score, tallies, sample: &sample, whole: &whole, vital: vital(score) };
    let cells = outline(tallies, score.by.len()).into_par_iter().map(|cell| context.cell(cell)).collect();
    let plan = sample.plan.clone();
    Ok((cells, plan))
}

/// Sums over the patterns of a cell in one configuration.
struct Sums {
    insecure: f64,
    intensity: f64,
    rows: u64,
    censored: Vec<(f64, u64)>,
    base: Base,
}

impl Sums {
    fn new(patterns: &[PatternTally], configuration: &Configuration) -> Self {
        let mut sums =
            Sums { insecure: 0.0, intensity: 0.0, rows: 0, censored: vec![(0.0, 0); configuration.weights.len()], base: Base::default() };
        for p in patterns {
            let share = share_of(p.pattern, &configuration.weights);
            if !reaches(share, configuration.cutoff) {
                continue;
            }
            sums.insecure += p.weight;
            sums.intensity += p.weight * share;
            sums.rows += p.rows;
            sums.base.squares += p.squares;
            for (j, (weight, rows)) in sums.censored.iter_mut().enumerate() {
                if p.pattern >> j & 1 == 1 {
                    *weight += p.weight;
                    *rows += p.rows;
                }
            }
        }
        sums.base.weight = sums.insecure;
        sums.base.rows = sums.rows;
        sums
    }
}

struct Context<'a> {
    score: &'a Score,
    tallies: &'a Tallies,
    sample: &'a Sample<'a>,
    whole: &'a Whole,
    vital: u64,
}

impl Context<'_> {
    fn cell(&self, mut cell: Cell) -> Cell {
        let patterns = merged(cell.tallies(self.tallies).map(|tally| tally.patterns.as_slice()));
        let base = Base::of(patterns.iter());
        cell.rows = base.rows;
        cell.population = base.weight;
        cell.share = ratio(base.weight, self.whole.weight);
        let weight: f64 = cell.tallies(self.tallies).map(|tally| tally.weight).sum();
        cell.coverage = ratio(cell.tallies(self.tallies).map(|tally| tally.complete).sum(), weight);
        let mut missing = vec![0; self.score.scheme.indicators.len()];
        for tally in cell.tallies(self.tallies) {
            missing.iter_mut().zip(&tally.missing).for_each(|(sum, rows)| *sum += rows);
        }
        cell.missing = missing;

        let part = self.sample.part(&cell.members);
        let first = part.lens(self.sample, 0);
        if self.vital != 0 {
            let hit = Base::of(patterns.iter().filter(|p| p.pattern & self.vital != 0));
            cell.union = self.share(&first, Sum::Union, 1.0, hit.weight, hit.rows, Sum::All, base);
        }
        cell.headcounts = (0..self.score.scheme.indicators.len())
            .map(|j| {
                let hit = Base::of(patterns.iter().filter(|p| p.pattern >> j & 1 == 1));
                self.share(&first, Sum::Deprived(j), 1.0, hit.weight, hit.rows, Sum::All, base)
            })
            .collect();
        cell.measures = (0..self.tallies.configurations.len()).map(|at| self.measures(&cell, &part, at, &patterns, base)).collect();
        if cell.is_group() {
            cell.counts = self.counts(&patterns, base.weight);
            cell.pairs = pairs(&patterns, self.score.scheme.indicators.len());
        }
        cell
    }

    fn measures(&self, cell: &Cell, part: &Part<'_>, at: usize, patterns: &[PatternTally], base: Base) -> Measures {
        let Some(configuration) = self.tallies.configurations.get(at) else { return Measures::default() };
        let lens = part.lens(self.sample, at);
        let sums = Sums::new(patterns, configuration);
        let poor = sums.base;
        let h = self.share(&lens, Sum::Insecure, 1.0, sums.insecure, sums.rows, Sum::All, base);
        let mut measures = Measures {
            a: self.share(&lens, Sum::Intensity, 1.0, sums.intensity, sums.rows, Sum::Insecure, poor),
            m0: self.share(&lens, Sum::Intensity, 1.0, sums.intensity, sums.rows, Sum::All, base),
            design_effect: design_effect(&h, base),
            h,
            ..Measures::default()
        };
        let mut gaps = [0.0; 2];
        let mut cardinal = cell.members.is_empty();
        for own in cell.tallies(self.tallies).filter_map(|tally| tally.gaps.get(at)) {
            cardinal = true;
            gaps.iter_mut().zip(own).for_each(|(sum, gap)| *sum += gap);
        }
        if cardinal {
            let [one, two] = gaps;
            measures.m1 = self.share(&lens, Sum::Gap(0), 1.0, one, sums.rows, Sum::All, base);
            measures.m2 = self.share(&lens, Sum::Gap(1), 1.0, two, sums.rows, Sum::All, base);
        }
        measures.contribution = self.contribution(cell, &lens, at, &sums);
        measures.indicators = sums
            .censored
            .iter()
            .zip(&configuration.weights)
            .enumerate()
            .map(|(j, ((weight, rows), own))| IndicatorMeasures {
                censored: self.share(&lens, Sum::Censored(j), 1.0, *weight, *rows, Sum::All, base),
                contribution: self.contribution_of(&lens, j, *own, *weight, *rows, &sums),
                hidden: false,
            })
            .collect();
        if self.score.bounds {
            measures.bounds = self.bounds(cell, configuration);
        }
        measures
    }

    /// w_j h_j(k) / M0.
    fn contribution_of(&self, lens: &Lens<'_>, j: usize, own: f64, weight: f64, rows: u64, sums: &Sums) -> Figure {
        let Some(value) = ratio(own * weight, sums.intensity) else { return Figure { rows, ..Figure::default() } };
        let ratio = Ratio { numerator: Sum::Censored(j), scale: own, denominator: Sum::Intensity, value, total: sums.intensity };
        self.figure(value, lens.variance(&ratio), rows, sums.base)
    }

    /// Of the cell to the whole.
    fn contribution(&self, cell: &Cell, lens: &Lens<'_>, at: usize, sums: &Sums) -> Figure {
        let rows = sums.rows;
        let Some((total, intensity)) = self.whole.intensity.get(at) else { return Figure::default() };
        let Some(value) = ratio(sums.intensity, *total) else { return Figure { rows, ..Figure::default() } };
        if cell.members.len() == self.tallies.groups.len() {
            // the whole contributes all of itself in every sample
            return Figure { value: Some(1.0), standard_error: Some(0.0), lower: Some(1.0), upper: Some(1.0), rows };
        }
        let base = Base::of(std::iter::empty());
        let base = if sums.rows > 0 { sums.base } else { base };
        self.figure(value, lens.variance_of_contribution(intensity, value, *total), rows, base)
    }

    /// A share of two sums over one cell.
    #[allow(clippy::too_many_arguments)] // the two sums, by name and by value
    fn share(&self, lens: &Lens<'_>, numerator: Sum, scale: f64, hit: f64, rows: u64, denominator: Sum, base: Base) -> Figure {
        let Some(value) = ratio(hit, base.weight) else { return Figure { rows, ..Figure::default() } };
        let variance = lens.variance(&Ratio { numerator, scale, denominator, value, total: base.weight });
        self.figure(value, variance, rows, base)
    }

    /// A share with its doubt.
    fn figure(&self, value: f64, variance: f64, rows: u64, base: Base) -> Figure {
        let plan = &self.sample.plan;
        if !plan.has_variance() {
            return Figure { value: Some(value), rows, ..Figure::default() };
        }
        let standard_error = variance.max(0.0).sqrt();
        let interval =
            share_interval(value, standard_error, base.rows as f64, base.kish(), self.score.level, plan.degrees_of_freedom() as f64);
        Figure {
            value: Some(value),
            standard_error: Some(standard_error),
            lower: interval.map(|i| i.0),
            upper: interval.map(|i| i.1),
            rows,
        }
    }

    fn bounds(&self, cell: &Cell, configuration: &Configuration) -> Option<[f64; 4]> {
        let none = merged(cell.tallies(self.tallies).map(|tally| tally.none_deprived.as_slice()));
        let all = merged(cell.tallies(self.tallies).map(|tally| tally.all_deprived.as_slice()));
        let weight = |patterns: &[PatternTally]| patterns.iter().map(|p| p.weight).sum::<f64>();
        let (least, most) = (Sums::new(&none, configuration), Sums::new(&all, configuration));
        let (below, above) = (weight(&none), weight(&all));
        Some([ratio(least.insecure, below)?, ratio(most.insecure, above)?, ratio(least.intensity, below)?, ratio(most.intensity, above)?])
    }

    fn counts(&self, patterns: &[PatternTally], weight: f64) -> Vec<CountShare> {
        let mut counts: Vec<CountShare> = Vec::new();
        let distinct = self.tallies.configurations.chunk_by(|a, b| a.weighting == b.weighting).filter_map(|chunk| chunk.first());
        for (weighting, configuration) in distinct.enumerate() {
            let mut shares: Vec<(f64, &PatternTally)> = patterns.iter().map(|p| (share_of(p.pattern, &configuration.weights), p)).collect();
            shares.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut sum = 0.0;
            for (share, p) in shares {
                match counts.last_mut() {
                    Some(last) if last.weighting == weighting && share - last.deprivation_share <= super::sample::SLACK => {
                        sum += p.weight;
                        last.rows += p.rows;
                        last.share = ratio(sum, weight);
                    }
                    _ => {
                        sum = p.weight;
                        let share_of_all = ratio(sum, weight);
                        counts.push(CountShare { weighting, deprivation_share: share, share: share_of_all, rows: p.rows, hidden: false });
                    }
                }
            }
        }
        counts
    }
}

/// Which deprivations go together, every ordered pair.
fn pairs(patterns: &[PatternTally], indicators: usize) -> Vec<Pair> {
    let all: f64 = patterns.iter().map(|p| p.weight).sum();
    let hit = |bits: u64| Base::of(patterns.iter().filter(|p| p.pattern & bits == bits));
    let singles: Vec<Base> = (0..indicators).map(|j| hit(1 << j)).collect();
    let mut pairs = Vec::with_capacity(indicators * indicators.saturating_sub(1));
    for (first, one) in singles.iter().enumerate() {
        for (second, other) in singles.iter().enumerate().filter(|(second, _)| *second != first) {
            let joint = hit(1 << first | 1 << second);
            let both = ratio(joint.weight, all);
            let spread = one.weight * (all - one.weight) * other.weight * (all - other.weight);
            let phi = ratio(all * joint.weight - one.weight * other.weight, spread.max(0.0).sqrt());
            let conditional = ratio(joint.weight, one.weight);
            pairs.push(Pair { first, second, both, phi, conditional, rows: joint.rows, first_rows: one.rows, hidden: false });
        }
    }
    pairs
}

/// A ratio; none where there is nothing to divide by.
pub(super) fn ratio(numerator: f64, denominator: f64) -> Option<f64> {
    (denominator > 0.0).then(|| numerator / denominator).filter(|r| r.is_finite())
}

/// Interval of a share: by its logit, on 0 or 1 by Clopper-Pearson on the effective size.
pub(crate) fn share_interval(value: f64, standard_error: f64, rows: f64, kish: f64, level: f64, degrees: f64) -> Option<(f64, f64)> {
    match at_edge(value) {
        None => logit_interval(value, standard_error, level, degrees),
        Some(edge) => {
            let size = effective_size(edge, standard_error * standard_error, rows, kish, level, degrees)?;
            clopper_pearson(edge, size, level)
        }
    }
}

/// Variance over that of a simple random sample of as many rows, drawn with replacement.
fn design_effect(h: &Figure, base: Base) -> Option<f64> {
    let (value, error) = (h.value?, h.standard_error?);
    if at_edge(value).is_some() || base.rows < 2 {
        return None;
    }
    ratio(error * error * (base.rows as f64 - 1.0), value * (1.0 - value))
}

/// Whether an indicator has gaps: a bar above 0 to fall short of, or a maximum to exceed it to.
pub(super) fn cardinal(indicator: &Deprivation) -> bool {
    match (indicator.below, indicator.above, indicator.maximum) {
        (Some(bar), _, _) => bar > 0.0,
        (None, Some(bar), Some(maximum)) => maximum > bar,
        _ => false,
    }
}
