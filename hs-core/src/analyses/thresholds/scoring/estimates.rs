//! Every measure of every group and margin, from what the rows amount to.

use rayon::prelude::*;

use super::cells::{Cell, CountShare, Figure, IndicatorMeasures, Measures, Pair, merged, outline};
use super::sample::{Intensity, Lens, Part, Ratio, Sample, Sum, reaches, share_of, vital};
use super::tallies::{Configuration, PatternTally, Tallies};
use super::{Deprivation, Score};
use crate::kernels::quantiles::{at_edge, clopper_pearson, effective_size, logit_interval, student};
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
    let t = student(score.level, sample.plan.degrees_of_freedom() as f64);
    let context = Context { score, tallies, sample: &sample, whole: &whole, vital: vital(score), t };
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
    /// Student's t of the intervals.
    t: Option<f64>,
}

/// A figure that is to be made: a ratio, and who stands behind it.
struct Wanted {
    ratio: Ratio,
    defined: bool,
    rows: u64,
    base: Base,
}

impl Wanted {
    fn new(numerator: Sum, scale: f64, hit: f64, rows: u64, denominator: Sum, total: f64, base: Base) -> Self {
        let value = ratio(scale * hit, total);
        let ratio = Ratio { numerator, scale, denominator, value: value.unwrap_or_default(), total };
        Wanted { ratio, defined: value.is_some(), rows, base }
    }
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
        let of = |sum: Sum, bits: &dyn Fn(u64) -> bool| {
            let hit = Base::of(patterns.iter().filter(|p| bits(p.pattern)));
            Wanted::new(sum, 1.0, hit.weight, hit.rows, Sum::All, base.weight, base)
        };
        let indicators = self.score.scheme.indicators.len();
        let mut wanted: Vec<Wanted> = (0..indicators).map(|j| of(Sum::Deprived(j), &|pattern| pattern >> j & 1 == 1)).collect();
        if self.vital != 0 {
            wanted.push(of(Sum::Union, &|pattern| pattern & self.vital != 0));
        }
        let mut figures = self.figures(&part.lens(self.sample, 0), &wanted);
        cell.union = figures.get(indicators).copied().unwrap_or_default();
        figures.truncate(indicators);
        cell.headcounts = figures;
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
        let (rows, poor) = (sums.rows, sums.base);
        let of = |numerator: Sum, hit: f64| Wanted::new(numerator, 1.0, hit, rows, Sum::All, base.weight, base);
        let mut gaps = [f64::NAN; 2];
        for (place, own) in cell.tallies(self.tallies).filter_map(|tally| tally.gaps.get(at)).enumerate() {
            gaps.iter_mut().zip(own).for_each(|(sum, gap)| *sum = if place == 0 { *gap } else { *sum + gap });
        }
        let [one, two] = gaps;
        let mut wanted = vec![
            of(Sum::Insecure, sums.insecure),
            Wanted::new(Sum::Intensity, 1.0, sums.intensity, rows, Sum::Insecure, sums.insecure, poor),
            of(Sum::Intensity, sums.intensity),
            of(Sum::Gap(0), one),
            of(Sum::Gap(1), two),
        ];
        for (j, ((weight, rows), own)) in sums.censored.iter().zip(&configuration.weights).enumerate() {
            wanted.push(Wanted::new(Sum::Censored(j), 1.0, *weight, *rows, Sum::All, base.weight, base));
            // w_j h_j(k) / M0
            wanted.push(Wanted::new(Sum::Censored(j), *own, *weight, *rows, Sum::Intensity, sums.intensity, poor));
        }
        let figures = self.figures(&lens, &wanted);
        let mut figures = figures.into_iter();
        let mut next = || figures.next().unwrap_or_default();
        let [h, a, m0, m1, m2] = std::array::from_fn(|_| next());
        let indicators =
            sums.censored.iter().map(|_| IndicatorMeasures { censored: next(), contribution: next(), hidden: false }).collect();
        Measures {
            design_effect: design_effect(&h, base),
            h,
            a,
            m0,
            m1,
            m2,
            contribution: self.contribution(cell, &lens, at, &sums),
            indicators,
            bounds: if self.score.bounds { self.bounds(cell, configuration) } else { None },
            ..Measures::default()
        }
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

    /// Shares of two sums over one cell, with their doubt.
    fn figures(&self, lens: &Lens<'_>, wanted: &[Wanted]) -> Vec<Figure> {
        let defined: Vec<Ratio> = wanted.iter().filter(|w| w.defined).map(|w| w.ratio).collect();
        let mut variances = lens.variances(&defined).into_iter();
        let figure = |w: &Wanted| match w.defined {
            true => self.figure(w.ratio.value, variances.next().unwrap_or_default(), w.rows, w.base),
            false => Figure { rows: w.rows, ..Figure::default() },
        };
        wanted.iter().map(figure).collect()
    }

    /// A share with its doubt.
    fn figure(&self, value: f64, variance: f64, rows: u64, base: Base) -> Figure {
        let plan = &self.sample.plan;
        if !plan.has_variance() {
            return Figure { value: Some(value), rows, ..Figure::default() };
        }
        let standard_error = variance.max(0.0).sqrt();
        let interval = self.t.and_then(|t| share_interval(value, standard_error, base.rows as f64, base.kish(), self.score.level, t));
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
pub(crate) fn share_interval(value: f64, standard_error: f64, rows: f64, kish: f64, level: f64, t: f64) -> Option<(f64, f64)> {
    match at_edge(value) {
        None => logit_interval(value, standard_error, t),
        Some(edge) => {
            let size = effective_size(edge, standard_error * standard_error, rows, kish, level, t)?;
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
