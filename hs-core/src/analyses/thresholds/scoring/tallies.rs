//! What the rows amount to: everything that every measure is computed from.
//!
//! Groups, strata and PSUs are sorted by key and sums are exact before they are rounded once, so nothing here depends on the order of
//! rows, on batches, threads or the tree of merges.

pub(crate) use crate::tables::Key;

/// A weighting of the scheme's indicators, and a cut-off: every measure is made for each of them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Configuration {
    /// Name of the weighting; `scheme` for the scheme's own.
    pub weighting: String,
    /// Weight of each indicator; they sum to 1.
    pub weights: Vec<f64>,
    /// k.
    pub cutoff: f64,
}

/// Sums over all rows, by group, by pattern of deprivations, and by PSU.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tallies {
    /// Weightings x cut-offs, weighting outermost.
    pub configurations: Vec<Configuration>,
    /// Keys of the cells of all `by` columns crossed, sorted; one empty key without `by`.
    pub groups: Vec<Vec<Key>>,
    /// One a group.
    pub cells: Vec<GroupTally>,
    /// For the variance.
    pub design: Design,
    /// Rows read.
    pub rows: u64,
    /// Rows outside the domain.
    pub outside: u64,
    /// By indicator: rows of the domain where it is missing.
    pub missing: Vec<u64>,
    /// By indicator: weight of the rows of the domain where it is missing.
    pub missing_weight: Vec<f64>,
    /// Rows of weight 0 inside the domain.
    pub weightless: u64,
}

/// One group.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct GroupTally {
    /// Rows of the domain, those excluded for a missing indicator among them.
    pub rows: u64,
    /// Their weight.
    pub weight: f64,
    /// Weight of those of them with every indicator there, whatever the policy for missing ones.
    pub complete: f64,
    /// By indicator: rows of the domain where it is missing.
    pub missing: Vec<u64>,
    /// Rows that count, by pattern of deprivations, sorted by pattern.
    pub patterns: Vec<PatternTally>,
    /// By configuration, where every indicator is cardinal: Σ v ρ Σ_j w_j gap_j and Σ v ρ Σ_j w_j gap_j².
    pub gaps: Vec<[f64; 2]>,
    /// With bounds: patterns of all rows of the domain with what is missing not deprived, and deprived.
    pub none_deprived: Vec<PatternTally>,
    pub all_deprived: Vec<PatternTally>,
}

/// Rows of one group with the same deprivations.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct PatternTally {
    /// Bit j: deprived in indicator j.
    pub pattern: u64,
    /// Number of rows.
    pub rows: u64,
    /// Σ v.
    pub weight: f64,
    /// Σ v².
    pub squares: f64,
}

/// What the variance is computed from. Strata are sorted by key; one empty-keyed stratum without `strata`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Design {
    /// Every row is a PSU.
    Rows(Vec<RowStratum>),
    /// PSUs of rows.
    Clusters(Vec<ClusterStratum>),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RowStratum {
    pub key: Key,
    /// Rows of the stratum: all of them, also those outside the domain or excluded.
    pub rows: u64,
    /// The finite population as given: PSUs in the population, or a fraction.
    pub fpc: Option<f64>,
    /// Per group and pattern, of rows that count, sorted by group, then pattern.
    pub cells: Vec<(u32, PatternTally)>,
    /// Per group, by configuration: Σv²ρm1, Σv²ρm1², Σv²ρm2, Σv²ρm2², Σvρm1, Σvρm2; empty without gaps.
    pub gaps: Vec<(u32, Vec<[f64; 6]>)>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ClusterStratum {
    pub key: Key,
    pub fpc: Option<f64>,
    /// All PSUs of the stratum, also those without a row that counts, sorted by key.
    pub psus: Vec<Psu>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Psu {
    pub key: Key,
    /// Per group that has rows that count here, sorted: [Σv, Σv g_1 .. Σv g_d, then for each configuration Σvρ, Σvρc, Σvρg_1 .. Σvρg_d,
    /// and with gaps Σvρm1, Σvρm2; and last, where an indicator is vital, Σv of the rows deprived in at least one vital one].
    pub cells: Vec<(u32, Vec<f64>)>,
}
