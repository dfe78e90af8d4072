//! What is known of one group or margin: figures with their doubt, and the sample counts they rest on.

use super::tallies::{GroupTally, Key, PatternTally, Tallies};

/// A figure with its standard error and interval; what is undefined is none.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Figure {
    pub value: Option<f64>,
    pub standard_error: Option<f64>,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    /// Rows in the numerator: what suppression looks at, with the cell's `rows` for the complement.
    pub rows: u64,
}

/// A crossed group, or a margin.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Cell {
    /// Which `by` columns it holds; all of them for a crossed group, none for the total.
    pub held: Vec<bool>,
    /// Its value of each `by` column; none where not held.
    pub key: Vec<Option<Key>>,
    /// Crossed groups in it.
    pub members: Vec<u32>,
    /// Rows that count.
    pub rows: u64,
    /// Their weight.
    pub population: f64,
    /// Of the weight of all groups.
    pub share: Option<f64>,
    /// Weight with all indicators over weight.
    pub coverage: Option<f64>,
    /// Deprived in a vital indicator; none of it without vital indicators.
    pub union: Figure,
    /// Uncensored headcount of each indicator.
    pub headcounts: Vec<Figure>,
    /// Rows where each indicator is missing; empty where not counted.
    pub missing: Vec<u64>,
    /// By indicator, whether that number may not leave; empty where all may.
    pub missing_hidden: Vec<bool>,
    /// One a configuration.
    pub measures: Vec<Measures>,
    /// Distribution of the weighted share of deprivations, by weighting; crossed groups only.
    pub counts: Vec<CountShare>,
    /// Which deprivations go together; crossed groups only.
    pub pairs: Vec<Pair>,
    /// Nothing of this cell may leave.
    pub hidden: bool,
    /// Its union may not.
    pub union_hidden: bool,
}

/// The measures of one cell in one configuration.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Measures {
    pub h: Figure,
    pub a: Figure,
    pub m0: Figure,
    pub m1: Figure,
    pub m2: Figure,
    /// Of the cell to the overall M0.
    pub contribution: Figure,
    /// Of H.
    pub design_effect: Option<f64>,
    /// One an indicator.
    pub indicators: Vec<IndicatorMeasures>,
    /// H lower, H upper, M0 lower, M0 upper: nothing that is missing deprived, all of it.
    pub bounds: Option<[f64; 4]>,
    /// They may not leave.
    pub bounds_hidden: bool,
    /// No figure of this row may leave.
    pub hidden: bool,
}

/// One indicator of one cell in one configuration.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct IndicatorMeasures {
    pub censored: Figure,
    pub contribution: Figure,
    /// No figure of this row may leave.
    pub hidden: bool,
}

/// One value of the weighted share of deprivations.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CountShare {
    /// Position of the weighting among the distinct ones.
    pub weighting: usize,
    pub deprivation_share: f64,
    pub share: Option<f64>,
    pub rows: u64,
    pub hidden: bool,
}

/// Two indicators together.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pair {
    pub first: usize,
    pub second: usize,
    pub both: Option<f64>,
    pub phi: Option<f64>,
    pub conditional: Option<f64>,
    /// Rows deprived in both, and in the first.
    pub rows: u64,
    pub first_rows: u64,
    pub hidden: bool,
}

/// All crossed groups in order, then all margins: more columns before fewer, earlier columns before later ones, then by key.
pub(super) fn outline(tallies: &Tallies, columns: usize) -> Vec<Cell> {
    let mut masks: Vec<u32> = (0..1_u32 << columns.min(20)).collect();
    // bit 0 is the last column, so that a greater mask holds earlier columns
    masks.sort_by_key(|mask| (std::cmp::Reverse(mask.count_ones()), std::cmp::Reverse(*mask)));
    let mut cells = Vec::new();
    for mask in masks {
        let held: Vec<bool> = (0..columns).map(|at| mask >> (columns - 1 - at) & 1 == 1).collect();
        let key =
            |group: &[Key]| -> Vec<Option<Key>> { group.iter().zip(&held).map(|(value, held)| held.then(|| value.clone())).collect() };
        let mut keyed: Vec<(Vec<Option<Key>>, u32)> = tallies.groups.iter().zip(0_u32..).map(|(g, at)| (key(g), at)).collect();
        keyed.sort();
        for chunk in keyed.chunk_by(|a, b| a.0 == b.0) {
            let Some((key, _)) = chunk.first() else { continue };
            let members = chunk.iter().map(|(_, at)| *at).collect();
            cells.push(Cell { held: held.clone(), key: key.clone(), members, ..Cell::default() });
        }
    }
    cells
}

impl Cell {
    /// Whether it is a crossed group and no margin.
    pub(crate) fn is_group(&self) -> bool {
        self.held.iter().all(|held| *held)
    }

    /// The cell as notes name it.
    pub(crate) fn name(&self, by: &[String]) -> String {
        let parts: Vec<String> =
            by.iter().zip(&self.key).filter_map(|(column, key)| Some(format!("{column}={}", key.as_ref()?.shown()))).collect();
        if parts.is_empty() { "all".into() } else { parts.join(", ") }
    }

    /// Tallies of its groups.
    pub(super) fn tallies<'a>(&'a self, tallies: &'a Tallies) -> impl Iterator<Item = &'a GroupTally> {
        self.members.iter().filter_map(|at| tallies.cells.get(*at as usize))
    }
}

impl Measures {
    /// Blanks every figure of the row, those of indicators left.
    pub(super) fn hide(&mut self) {
        let indicators = std::mem::take(&mut self.indicators);
        *self = Measures { indicators, hidden: true, ..Measures::default() };
    }
}

impl Pair {
    /// Blanks every figure of the row.
    pub(super) fn hide(&mut self) {
        *self =
            Pair { first: self.first, second: self.second, both: None, phi: None, conditional: None, rows: 0, first_rows: 0, hidden: true };
    }
}

impl Key {
    /// The value in words.
    pub(crate) fn shown(&self) -> String {
        match self {
            Key::Missing => "missing".into(),
            Key::Boolean(value) => value.to_string(),
            Key::Integer(value) => value.to_string(),
            Key::Text(value) => crate::shown(value),
        }
    }
}

/// The patterns of several groups as one list, by pattern.
pub(crate) fn merged<'a>(lists: impl Iterator<Item = &'a [PatternTally]>) -> Vec<PatternTally> {
    let mut all: Vec<PatternTally> = lists.flatten().copied().collect();
    all.sort_by_key(|tally| tally.pattern);
    let mut merged: Vec<PatternTally> = Vec::new();
    for tally in all {
        match merged.last_mut() {
            Some(last) if last.pattern == tally.pattern => last.add(&tally),
            _ => merged.push(tally),
        }
    }
    merged
}

impl PatternTally {
    pub(super) fn add(&mut self, other: &PatternTally) {
        self.rows += other.rows;
        self.weight += other.weight;
        self.squares += other.squares;
    }
}
