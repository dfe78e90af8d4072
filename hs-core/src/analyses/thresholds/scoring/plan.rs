//! A score made ready for the rows: what depends on settings alone.

use super::sample::{reaches, share_of, vital};
use super::tallies::Configuration;
use super::{Deprivation, MissingPolicy, Score, Value};
use crate::kernels::patterns::Test;

/// Patterns of that many bits have their levels looked up.
const LOOKED_UP: usize = 14;

/// Settings, made ready.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub score: Score,
    pub configurations: Vec<Configuration>,
    pub weightings: Vec<Weighting>,
    pub rules: Vec<Rule>,
    /// Bits of the vital indicators.
    pub vital: u64,
    /// Whether gaps are summed.
    pub gaps: bool,
    /// Whether rows that miss an indicator count as far as it is there.
    pub lenient: bool,
    /// Kinds of lines of the histogram for each cell.
    pub kinds: u32,
}

/// Rows with every indicator, by pattern.
pub(super) const COMPLETE: u32 = 0;
/// Rows that miss one, by what they miss; those outside the domain, which miss nothing here, are under pattern 0.
pub(super) const LACKING: u32 = 1;
/// The same rows by pattern, what is missing not deprived; and deprived.
pub(super) const NONE_DEPRIVED: u32 = 2;
pub(super) const ALL_DEPRIVED: u32 = 3;

/// The test of one indicator.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub bit: u64,
    pub test: Test,
    pub missing_codes: Vec<f64>,
    pub indicator: Deprivation,
}

/// One weighting with its cut-offs.
#[derive(Debug, Clone)]
pub(super) struct Weighting {
    pub weights: Vec<f64>,
    /// Cut-offs from the lowest up, and their configurations.
    pub cutoffs: Vec<(f64, usize)>,
    table: Vec<u8>,
}

impl Weighting {
    /// How many cut-offs a pattern reaches.
    #[inline]
    pub(super) fn level(&self, pattern: u64) -> usize {
        match self.table.get(pattern as usize) {
            Some(level) => usize::from(*level),
            None => self.count(pattern),
        }
    }

    fn count(&self, pattern: u64) -> usize {
        let share = share_of(pattern, &self.weights);
        self.cutoffs.iter().filter(|(cutoff, _)| reaches(share, *cutoff)).count()
    }

    /// Sets of lanes: one a level.
    pub(super) fn levels(&self) -> usize {
        self.cutoffs.len() + 1
    }
}

impl Plan {
    pub(super) fn new(score: Score) -> Plan {
        let configurations = score.configurations();
        let mut weightings: Vec<Weighting> = Vec::new();
        let cutoffs = score.cutoffs.as_ref().map_or(1, Vec::len).max(1);
        for (at, own) in configurations.chunks(cutoffs).enumerate() {
            let mut ordered: Vec<(f64, usize)> = own.iter().enumerate().map(|(k, c)| (c.cutoff, at * cutoffs + k)).collect();
            ordered.sort_by(|a, b| a.0.total_cmp(&b.0));
            let weights = own.first().map(|c| c.weights.clone()).unwrap_or_default();
            let mut weighting = Weighting { weights, cutoffs: ordered, table: Vec::new() };
            if weighting.weights.len() <= LOOKED_UP && cutoffs < 255 {
                weighting.table = (0..1u64 << weighting.weights.len()).map(|pattern| weighting.count(pattern) as u8).collect();
            }
            weightings.push(weighting);
        }
        let rules = score.scheme.indicators.iter().enumerate().map(|(j, indicator)| Rule::new(j, indicator)).collect();
        let lenient = score.scheme.missing == MissingPolicy::NotDeprived;
        let kinds = if score.bounds { 4 } else { 2 + u32::from(lenient) };
        Plan {
            vital: vital(&score),
            gaps: score.gaps && score.scheme.is_cardinal(),
            lenient,
            kinds,
            rules,
            configurations,
            weightings,
            score,
        }
    }

    /// Number of indicators.
    pub(super) fn indicators(&self) -> usize {
        self.rules.len()
    }

    /// Sets of lanes of one cell.
    pub(super) fn sets(&self) -> usize {
        self.weightings.iter().map(Weighting::levels).sum()
    }

    /// Lanes of a set: the weight, the weight of each deprivation, and that of the vital ones together.
    pub(super) fn lanes(&self) -> usize {
        1 + self.indicators() + usize::from(self.vital != 0)
    }

    /// The lane of the vital ones together; any where there are none.
    pub(super) fn vital_lane(&self) -> usize {
        if self.vital == 0 { 0 } else { 1 + self.indicators() }
    }

    /// Lanes that a pattern adds to.
    #[inline]
    pub(super) fn lane_bits(&self, pattern: u64) -> u128 {
        1 | u128::from(pattern) << 1 | u128::from(pattern & self.vital != 0) << self.vital_lane()
    }

    /// Sums of gaps of one cell and configuration: for every row a PSU also those of squares.
    pub(super) fn gap_sums(&self) -> usize {
        if self.score.cluster.is_some() { 2 } else { 6 }
    }
}

impl Rule {
    fn new(j: usize, indicator: &Deprivation) -> Rule {
        let numbers = |values: &[Value]| values.iter().filter_map(number).collect::<Vec<f64>>();
        let test = match (indicator.below, indicator.above, &indicator.among, &indicator.not_among) {
            (Some(bar), ..) => Test::Below(bar),
            (_, Some(bar), ..) => Test::Above(bar),
            (_, _, Some(values), _) => Test::Among(numbers(values)),
            (_, _, _, values) => Test::NotAmong(numbers(values.as_deref().unwrap_or_default())),
        };
        Rule { bit: 1 << j, test, missing_codes: numbers(&indicator.missing_codes), indicator: indicator.clone() }
    }
}

/// A value as a number; yes and no are 1 and 0.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Boolean(yes) => Some(f64::from(u8::from(*yes))),
        Value::Text(_) => None,
    }
}
