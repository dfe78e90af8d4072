//! The sample behind the figures: scores of PSUs, linearised, for the variance of a ratio of two sums.

use std::borrow::Cow;

use super::cells::merged;
use super::tallies::{Configuration, Design, PatternTally, Tallies};
use super::{LonelyPsu, Score};
use crate::Result;
use crate::kernels::survey::{Lonely, Moments, Plan, Stratum};

/// Slack of a comparison with k.
pub(crate) const SLACK: f64 = 1e-9;

/// What is summed over rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sum {
    /// v
    All,
    /// v g_j
    Deprived(usize),
    /// v, deprived in a vital indicator
    Union,
    /// v ρ
    Insecure,
    /// v ρ c
    Intensity,
    /// v ρ g_j
    Censored(usize),
    /// v ρ Σ w gap, or gap²
    Gap(usize),
}

/// A ratio of two sums over one cell: what its variance needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ratio {
    pub numerator: Sum,
    /// What multiplies the numerator.
    pub scale: f64,
    pub denominator: Sum,
    /// The ratio itself.
    pub value: f64,
    /// The denominator itself.
    pub total: f64,
}

/// The whole sample.
pub(super) struct Sample<'a> {
    tallies: &'a Tallies,
    pub plan: Plan,
    vital: u64,
    /// Of clusters: stratum of each PSU, and per group its PSUs with their sums.
    strata: Vec<u32>,
    by_group: Vec<Vec<(u32, &'a [f64])>>,
    /// Of clusters: length of one configuration's block, and of one PSU's sums.
    block: usize,
    length: usize,
}

/// The sample of one cell.
pub(super) enum Part<'a> {
    /// Every row a PSU: by stratum and pattern; and by stratum and configuration the moments of gaps.
    Rows { patterns: Vec<(u32, PatternTally)>, gaps: Vec<(u32, Vec<&'a [[f64; 6]]>)> },
    /// PSUs in order, with their sums one after the other.
    Clusters(Vec<(u32, Cow<'a, [f64]>)>),
}

/// A part in one configuration.
pub(super) struct Lens<'p> {
    part: &'p Part<'p>,
    sample: &'p Sample<'p>,
    at: usize,
    /// Of rows: weighted share of deprivations of each pattern, 0 below k.
    shares: Vec<f64>,
}

/// The weighted share of deprivations.
pub(super) fn share_of(pattern: u64, weights: &[f64]) -> f64 {
    weights.iter().enumerate().map(|(j, w)| if pattern >> j & 1 == 1 { *w } else { 0.0 }).sum()
}

/// Whether a share of deprivations reaches k.
pub(super) fn reaches(share: f64, cutoff: f64) -> bool {
    share >= cutoff - SLACK
}

/// Bits of the vital indicators.
pub(super) fn vital(score: &Score) -> u64 {
    score
        .scheme
        .indicators
        .iter()
        .enumerate()
        .filter(|(_, i)| i.vital)
        .fold(0, |bits, (j, _)| bits | 1_u64.checked_shl(j as u32).unwrap_or(0))
}

impl<'a> Sample<'a> {
    pub(super) fn new(score: &Score, tallies: &'a Tallies) -> Result<Self> {
        let (strata, by_group, plan) = match &tallies.design {
            Design::Rows(strata) => {
                let counted: Vec<Stratum> = strata.iter().map(|s| Stratum { psus: s.rows, fpc: s.fpc }).collect();
                (Vec::new(), Vec::new(), counted)
            }
            Design::Clusters(strata) => {
                let counted = strata.iter().map(|s| Stratum { psus: s.psus.len() as u64, fpc: s.fpc }).collect();
                let mut of_psu = Vec::new();
                let mut by_group = vec![Vec::new(); tallies.groups.len()];
                for (stratum, at) in strata.iter().zip(0_u32..) {
                    for psu in &stratum.psus {
                        for (group, sums) in &psu.cells {
                            if let Some(list) = by_group.get_mut(*group as usize) {
                                list.push((of_psu.len() as u32, sums.as_slice()));
                            }
                        }
                        of_psu.push(at);
                    }
                }
                (of_psu, by_group, counted)
            }
        };
        let plan = Plan::new(&plan, lonely(score.lonely_psu))?;
        let indicators = score.scheme.indicators.len();
        let gaps = tallies.cells.iter().any(|cell| !cell.gaps.is_empty());
        let block = 2 + indicators + if gaps { 2 } else { 0 };
        let vital = vital(score);
        let length = 1 + indicators + block * tallies.configurations.len() + usize::from(vital != 0);
        Ok(Sample { tallies, plan, vital, strata, by_group, block, length })
    }

    /// The sample of some crossed groups together.
    pub(super) fn part(&self, members: &[u32]) -> Part<'a> {
        match &self.tallies.design {
            Design::Rows(strata) => {
                let (mut patterns, mut gaps) = (Vec::new(), Vec::new());
                for (stratum, at) in strata.iter().zip(0_u32..) {
                    let lists = members.iter().map(|group| range(&stratum.cells, *group));
                    let own: Vec<PatternTally> = lists.flatten().map(|(_, tally)| *tally).collect();
                    if !own.is_empty() {
                        patterns.extend(merged(std::iter::once(own.as_slice())).into_iter().map(|tally| (at, tally)));
                    }
                    let moments: Vec<&[[f64; 6]]> =
                        members.iter().flat_map(|group| range(&stratum.gaps, *group)).map(|(_, moments)| moments.as_slice()).collect();
                    if !moments.is_empty() {
                        gaps.push((at, moments));
                    }
                }
                Part::Rows { patterns, gaps }
            }
            Design::Clusters(_) => Part::Clusters(self.psus(members)),
        }
    }

    /// The PSUs of some crossed groups, in order; sums are added where a PSU has several of the groups.
    fn psus(&self, members: &[u32]) -> Vec<(u32, Cow<'a, [f64]>)> {
        let lists = || members.iter().filter_map(|group| self.by_group.get(*group as usize));
        if members.len() == 1 {
            return lists().flatten().map(|(psu, sums)| (*psu, Cow::Borrowed(*sums))).collect();
        }
        let mut places: Vec<Option<(u32, Cow<'a, [f64]>)>> = vec![None; self.strata.len()];
        for (psu, sums) in lists().flatten() {
            match places.get_mut(*psu as usize) {
                Some(Some((_, all))) => all.to_mut().iter_mut().zip(*sums).for_each(|(sum, value)| *sum += value),
                Some(empty) => *empty = Some((*psu, Cow::Borrowed(sums))),
                None => {}
            }
        }
        places.into_iter().flatten().collect()
    }

    fn stratum(&self, psu: u32) -> u32 {
        self.strata.get(psu as usize).copied().unwrap_or_default()
    }

    /// Where a sum stands among those of a PSU.
    fn position(&self, sum: Sum, at: usize) -> usize {
        let indicators = self.block_start(0) - 1;
        match sum {
            Sum::All => 0,
            Sum::Deprived(j) => 1 + j,
            Sum::Union => self.length - 1,
            Sum::Insecure => self.block_start(at),
            Sum::Intensity => self.block_start(at) + 1,
            Sum::Censored(j) => self.block_start(at) + 2 + j,
            Sum::Gap(power) => self.block_start(at) + 2 + indicators + power,
        }
    }

    fn block_start(&self, at: usize) -> usize {
        let head = self.length - usize::from(self.vital != 0) - self.block * self.tallies.configurations.len();
        head + at * self.block
    }

    fn configuration(&self, at: usize) -> Option<&Configuration> {
        self.tallies.configurations.get(at)
    }
}

/// What stands under one group in a list sorted by group.
fn range<T>(list: &[(u32, T)], group: u32) -> &[(u32, T)] {
    let start = list.partition_point(|entry| entry.0 < group);
    let end = list.partition_point(|entry| entry.0 <= group);
    list.get(start..end).unwrap_or_default()
}

pub(crate) fn lonely(policy: LonelyPsu) -> Lonely {
    match policy {
        LonelyPsu::Adjust => Lonely::Adjust,
        LonelyPsu::Certainty => Lonely::Certainty,
        LonelyPsu::Error => Lonely::Error,
    }
}

impl<'a> Part<'a> {
    /// The part as one configuration sees it.
    pub(super) fn lens<'p>(&'p self, sample: &'p Sample<'p>, at: usize) -> Lens<'p> {
        let shares = match (self, sample.configuration(at)) {
            (Part::Rows { patterns, .. }, Some(configuration)) => {
                let of = |(_, tally): &(u32, PatternTally)| {
                    let share = share_of(tally.pattern, &configuration.weights);
                    if reaches(share, configuration.cutoff) { share } else { 0.0 }
                };
                patterns.iter().map(of).collect()
            }
            _ => Vec::new(),
        };
        Lens { part: self, sample, at, shares }
    }
}

impl Lens<'_> {
    /// What a row of that pattern adds to a sum, per weight; gaps apart.
    fn of_pattern(&self, sum: Sum, pattern: u64, share: f64) -> f64 {
        let yes = match sum {
            Sum::All => true,
            Sum::Deprived(j) => pattern >> j & 1 == 1,
            Sum::Union => pattern & self.sample.vital != 0,
            Sum::Insecure => share > 0.0,
            Sum::Censored(j) => share > 0.0 && pattern >> j & 1 == 1,
            Sum::Intensity | Sum::Gap(_) => return share,
        };
        f64::from(u8::from(yes))
    }

    /// Variances of several ratios, in one pass over the sample.
    pub(super) fn variances(&self, ratios: &[Ratio]) -> Vec<f64> {
        let sample = self.sample;
        let place = |sum: Sum| match self.part {
            Part::Clusters(_) => sample.position(sum, self.at),
            Part::Rows { .. } => self.row_position(sum),
        };
        let terms: Vec<Term> = ratios
            .iter()
            .map(|ratio| Term {
                numerator: place(ratio.numerator),
                denominator: place(ratio.denominator),
                scale: ratio.scale / ratio.total,
                value: ratio.value / ratio.total,
            })
            .collect();
        let mut pass =
            Pass { plan: &sample.plan, terms: &terms, stratum: None, moments: vec![Moments::default(); terms.len()], found: Vec::new() };
        match self.part {
            Part::Clusters(psus) => psus.iter().for_each(|(psu, sums)| pass.add(sample.stratum(*psu), sums, 1.0, 1.0)),
            Part::Rows { patterns, .. } => {
                let mut sums = Vec::new();
                for ((stratum, tally), share) in patterns.iter().zip(&self.shares) {
                    self.of_row(tally.pattern, *share, &mut sums);
                    pass.add(*stratum, &sums, tally.weight, tally.squares);
                }
            }
        }
        let mut variances = pass.finish();
        if let Part::Rows { .. } = self.part {
            // gaps differ within a pattern
            for (variance, ratio) in variances.iter_mut().zip(ratios) {
                if matches!(ratio.numerator, Sum::Gap(_)) {
                    *variance = sample.plan.variance_of_moments(&self.moments(ratio));
                }
            }
        }
        variances
    }

    /// Where a sum stands among those of a row.
    fn row_position(&self, sum: Sum) -> usize {
        let indicators = self.sample.block_start(0) - 1;
        match sum {
            Sum::All => 0,
            Sum::Insecure => 1,
            Sum::Intensity | Sum::Gap(_) => 2,
            Sum::Union => 3,
            Sum::Deprived(j) => 4 + j,
            Sum::Censored(j) => 4 + indicators + j,
        }
    }

    /// The sums of a row of that pattern, per weight.
    fn of_row(&self, pattern: u64, share: f64, sums: &mut Vec<f64>) {
        let indicators = self.sample.block_start(0) - 1;
        let yes = |yes: bool| f64::from(u8::from(yes));
        let insecure = yes(share > 0.0);
        sums.clear();
        sums.extend([1.0, insecure, share, yes(pattern & self.sample.vital != 0)]);
        sums.extend((0..indicators).map(|j| yes(pattern >> j & 1 == 1)));
        sums.extend((0..indicators).map(|j| insecure * yes(pattern >> j & 1 == 1)));
    }

    /// Scores of a ratio: stratum, PSU and score, of clusters.
    pub(super) fn scores(&self, ratio: &Ratio) -> Vec<(u32, u32, f64)> {
        let Part::Clusters(psus) = self.part else { return Vec::new() };
        let numerator = self.sample.position(ratio.numerator, self.at);
        let denominator = self.sample.position(ratio.denominator, self.at);
        let of = |sums: &[f64], at: usize| sums.get(at).copied().unwrap_or_default();
        psus.iter()
            .map(|(psu, own)| {
                let score = (ratio.scale * of(own, numerator) - ratio.value * of(own, denominator)) / ratio.total;
                (self.sample.stratum(*psu), *psu, score)
            })
            .collect()
    }

    /// What the variance of a difference with another part of the sample needs.
    pub(super) fn spread(&self, ratio: &Ratio) -> Spread {
        match self.part {
            Part::Rows { .. } => Spread::Rows(self.moments(ratio)),
            Part::Clusters(_) => Spread::Clusters(self.scores(ratio)),
        }
    }

    /// The scores of all PSUs of the sample, in order, about the means of their strata and scaled: their products are (co)variances.
    pub(super) fn centred(&self, ratio: &Ratio) -> Vec<f64> {
        let mut all: Vec<(u32, f64)> = self.sample.strata.iter().map(|stratum| (*stratum, 0.0)).collect();
        for (_, psu, score) in self.scores(ratio) {
            if let Some(entry) = all.get_mut(psu as usize) {
                entry.1 = score;
            }
        }
        self.sample.plan.centred(&all)
    }

    fn moments(&self, ratio: &Ratio) -> Vec<(u32, Moments)> {
        let Part::Rows { patterns, gaps } = self.part else { return Vec::new() };
        let gap = match ratio.numerator {
            Sum::Gap(power) => Some(power),
            _ => None,
        };
        let mut moments: Vec<(u32, Moments)> = Vec::new();
        for ((stratum, tally), share) in patterns.iter().zip(&self.shares) {
            let numerator = if gap.is_some() { 0.0 } else { self.of_pattern(ratio.numerator, tally.pattern, *share) };
            let influence =
                (ratio.scale * numerator - ratio.value * self.of_pattern(ratio.denominator, tally.pattern, *share)) / ratio.total;
            if moments.last().map(|m| m.0) != Some(*stratum) {
                moments.push((*stratum, Moments::default()));
            }
            if let Some((_, last)) = moments.last_mut() {
                last.sum += influence * tally.weight;
                last.squares += influence * influence * tally.squares;
                last.magnitude = last.squares;
            }
        }
        if let Some(power) = gap {
            // Σv²(ρm - R)² = Σv²ρm² - 2R Σv²ρm + R² Σv²: the last term stands already
            for (stratum, own) in gaps {
                let Some((_, sums)) = moments.iter_mut().find(|m| m.0 == *stratum) else { continue };
                for [first, first_squared, second, second_squared, one, two] in own.iter().filter_map(|list| list.get(self.at)) {
                    let (weighted, squared, sum) = if power == 0 { (first, first_squared, one) } else { (second, second_squared, two) };
                    sums.sum += sum / ratio.total;
                    sums.squares += (squared - 2.0 * ratio.value * weighted) / (ratio.total * ratio.total);
                    sums.magnitude += (squared + 2.0 * ratio.value * weighted) / (ratio.total * ratio.total);
                }
            }
        }
        moments
    }

    /// Σ vρc of clusters, or its first and second moments of rows, against which contributions are held.
    pub(super) fn intensity(&self) -> Intensity {
        match self.part {
            Part::Rows { .. } => Intensity::Rows(self.moments(&Ratio {
                numerator: Sum::Intensity,
                scale: 1.0,
                denominator: Sum::All,
                value: 0.0,
                total: 1.0,
            })),
            Part::Clusters(psus) => {
                let at = self.sample.position(Sum::Intensity, self.at);
                Intensity::Clusters(psus.iter().map(|(psu, own)| (*psu, own.get(at).copied().unwrap_or_default())).collect())
            }
        }
    }

    /// Variance of this part's share in the Σ vρc of the whole.
    pub(super) fn variance_of_contribution(&self, whole: &Intensity, value: f64, total: f64) -> f64 {
        let plan = &self.sample.plan;
        match (self.intensity(), whole) {
            (Intensity::Rows(own), Intensity::Rows(all)) => {
                let mut own = own.into_iter().peekable();
                let moments: Vec<(u32, Moments)> = all
                    .iter()
                    .map(|(stratum, all)| {
                        let own = own.next_if(|m| m.0 == *stratum).map(|m| m.1).unwrap_or_default();
                        // inside (1 - C)·vc, outside -C·vc
                        let rest = Moments::new(all.sum - own.sum, (all.squares - own.squares).max(0.0));
                        let sum = ((1.0 - value) * own.sum - value * rest.sum) / total;
                        let squares = ((1.0 - value).powi(2) * own.squares + value * value * rest.squares) / (total * total);
                        (*stratum, Moments::new(sum, squares))
                    })
                    .collect();
                plan.variance_of_moments(&moments)
            }
            (Intensity::Clusters(own), Intensity::Clusters(all)) => {
                let mut own = own.into_iter().peekable();
                let scores: Vec<(u32, f64)> = all
                    .iter()
                    .map(|(psu, all)| {
                        let own = own.next_if(|o| o.0 == *psu).map_or(0.0, |o| o.1);
                        (self.sample.stratum(*psu), (own - value * all) / total)
                    })
                    .collect();
                plan.variance(&scores)
            }
            _ => 0.0,
        }
    }
}

/// A ratio as a score: scale·numerator - value·denominator, both of them positions.
struct Term {
    numerator: usize,
    denominator: usize,
    scale: f64,
    value: f64,
}

/// Moments of several scores over one stratum after the other.
struct Pass<'p> {
    plan: &'p Plan,
    terms: &'p [Term],
    stratum: Option<u32>,
    moments: Vec<Moments>,
    /// Moments of the strata that are done, by term.
    found: Vec<(u32, Vec<Moments>)>,
}

impl Pass<'_> {
    fn add(&mut self, stratum: u32, sums: &[f64], weight: f64, squares: f64) {
        if self.stratum != Some(stratum) {
            self.close();
            self.stratum = Some(stratum);
        }
        for (term, moments) in self.terms.iter().zip(&mut self.moments) {
            if let (Some(numerator), Some(denominator)) = (sums.get(term.numerator), sums.get(term.denominator)) {
                let score = term.scale * numerator - term.value * denominator;
                moments.sum += score * weight;
                moments.squares += score * score * squares;
            }
        }
    }

    fn close(&mut self) {
        if let Some(stratum) = self.stratum.take() {
            let fresh = vec![Moments::default(); self.terms.len()];
            self.found.push((stratum, std::mem::replace(&mut self.moments, fresh)));
        }
    }

    fn finish(mut self) -> Vec<f64> {
        self.close();
        let of = |term: usize| -> f64 {
            let own = self.found.iter().filter_map(|(stratum, all)| {
                let moments = all.get(term)?;
                Some((*stratum, Moments::new(moments.sum, moments.squares)))
            });
            self.plan.variance_of_moments(&own.collect::<Vec<_>>())
        };
        (0..self.terms.len()).map(of).collect()
    }
}

/// Σ vρc over the sample.
pub(super) enum Intensity {
    /// By stratum.
    Rows(Vec<(u32, Moments)>),
    /// By PSU.
    Clusters(Vec<(u32, f64)>),
}

/// Scores of one part: by stratum, or by stratum and PSU.
pub(super) enum Spread {
    Rows(Vec<(u32, Moments)>),
    Clusters(Vec<(u32, u32, f64)>),
}

impl Spread {
    /// Variance of the difference between two parts that share no row.
    pub(super) fn variance_of_difference(&self, other: &Spread, plan: &Plan) -> f64 {
        match (self, other) {
            (Spread::Rows(one), Spread::Rows(two)) => {
                let mut all = one.clone();
                all.extend(two.iter().map(|(stratum, m)| (*stratum, Moments { sum: -m.sum, ..*m })));
                all.sort_by_key(|entry| entry.0);
                let mut merged: Vec<(u32, Moments)> = Vec::with_capacity(all.len());
                for (stratum, moments) in all {
                    match merged.last_mut() {
                        Some((last, sums)) if *last == stratum => {
                            sums.sum += moments.sum;
                            sums.squares += moments.squares;
                            sums.magnitude += moments.magnitude;
                        }
                        _ => merged.push((stratum, moments)),
                    }
                }
                plan.variance_of_moments(&merged)
            }
            (Spread::Clusters(one), Spread::Clusters(two)) => {
                let mut all = one.clone();
                all.extend(two.iter().map(|(stratum, psu, z)| (*stratum, *psu, -z)));
                all.sort_by_key(|entry| entry.1);
                let mut merged: Vec<(u32, f64)> = Vec::with_capacity(all.len());
                for psu in all.chunk_by(|a, b| a.1 == b.1) {
                    let stratum = psu.first().map_or(0, |entry| entry.0);
                    merged.push((stratum, psu.iter().map(|entry| entry.2).sum()));
                }
                plan.variance(&merged)
            }
            _ => 0.0,
        }
    }
}
