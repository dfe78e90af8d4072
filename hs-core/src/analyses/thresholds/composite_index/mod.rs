//! How do many indicators become one number a place, and how far does its rank hang on the choices made?

mod assemble;
mod check;
mod data;
mod draws;
mod plan;
mod prepare;
mod result;
mod tree;
mod words;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use data::IndicatorTable;
pub use result::{CompositeIndexResult, DrawChoices, DrawWeight, Drawn, IndicatorSummary, NodeValue, Step, UnitIndex};
pub use tree::{Part, Tree};
pub use words::{
    Aggregate, Aggregation, Deviation, IndicatorRule, Keep, MissingParts, Normalisation, Penalty, Treatment, Vary, WeightNoise, WeightRule,
    Weighting,
};

use crate::Result;
use crate::kernels::{Tick, never};
use crate::tables::Rows;

/// How do many indicators become one number a place, and how far does its rank hang on the choices made?
///
/// Indicators are treated, brought to one scale, weighted and aggregated up a tree of nodes. None of these choices is given by the data, so
/// `draws` repeats the index under others and tells the interval of each rank: places whose intervals overlap should not be called better
/// or worse. A missing indicator is never zero: what rests on it is undefined, or made from what is there with its coverage told.
///
/// # Method
/// Treatment, then normalisation of each indicator over the units, then, node by node from the leaves, `f(x, w)` with weights that sum to 1
/// within each node. Rank 1 is the highest value, ties averaged. See docs/methods/composite_index.md for every formula.
///
/// # Complexity
/// Linear in units x indicators; a draw adds n log n for the ranks, and units x parts² where weights come from principal components.
///
/// # References
/// OECD & JRC 2008, Handbook on Constructing Composite Indicators. Mazziotta & Pareto 2016, On a generalized non-compensatory composite
/// index for measuring socio-economic phenomena. Marin-Ferrer, Vernaccini & Poljansek 2017, INFORM Index for Risk Management.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CompositeIndex {
    /// Column that names the units, where the data come as columns; the one column of text, if there is one, where absent.
    pub unit: Option<String>,
    /// Columns that are indicators, where the data come as columns; those the tree names, or all others, where absent.
    pub columns: Option<Vec<String>>,
    /// What is known of indicators beyond their values, by name.
    pub indicators: BTreeMap<String, IndicatorRule>,
    /// What is done about outliers; nothing where absent.
    pub treatment: Option<Treatment>,
    /// An indicator is winsorised while its absolute skewness is above this ...
    pub skewness: f64,
    /// ... and its kurtosis (excess, 0 for a normal distribution) above this.
    pub kurtosis: f64,
    /// Most points that are winsorised.
    pub limit: u32,
    /// How indicators come to one scale; null leaves them as they are.
    pub normalise: Option<Normalisation>,
    /// Where min-max puts the worst and the best value.
    pub range: (f64, f64),
    /// Mean of z-scores.
    pub centre: f64,
    /// Standard deviation of z-scores.
    pub spread: f64,
    /// Which standard deviation z-scores divide by.
    pub deviation: Deviation,
    /// Whether what lies past a goalpost counts as standing on it.
    pub clip: bool,
    /// Whether what lies past a target counts as standing on it.
    pub cap_at_target: bool,
    /// How much each part counts within its node.
    pub weights: Weighting,
    /// Whether given weights are scaled to sum to 1 within each node; otherwise they are refused where they do not, within 1e-9.
    pub renormalise: bool,
    /// How the parts of a node become one number.
    pub aggregate: Aggregation,
    /// The sign of the Mazziotta-Pareto penalty.
    pub penalty: Penalty,
    /// The two ends of the scale that the reversed geometric mean works on.
    pub scale: (f64, f64),
    /// What the index is made of; one node of all indicators where absent.
    pub tree: Option<Tree>,
    /// What becomes of a node that lacks one of its parts.
    pub missing: MissingParts,
    /// Least weight of what is there, of 1, for `missing` = `available`.
    pub least_share: f64,
    /// How many times the index is made anew under other choices; 0 leaves rank intervals out.
    pub draws: u32,
    /// Seed of the draws.
    pub seed: u64,
    /// Level of the rank intervals.
    pub level: f64,
    /// Which choices the draws vary.
    pub vary: Vary,
    /// What more the result holds.
    #[serde(deserialize_with = "words::keep")]
    pub keep: Vec<Keep>,
}

impl Default for CompositeIndex {
    fn default() -> Self {
        CompositeIndex {
            unit: None,
            columns: None,
            indicators: BTreeMap::new(),
            treatment: None,
            skewness: 2.0,
            kurtosis: 3.5,
            limit: 5,
            normalise: Some(Normalisation::MinMax),
            range: (0.0, 1.0),
            centre: 0.0,
            spread: 1.0,
            deviation: Deviation::Population,
            clip: true,
            cap_at_target: false,
            weights: Weighting::Rule(WeightRule::Equal),
            renormalise: false,
            aggregate: Aggregation::Every(Aggregate::Arithmetic),
            penalty: Penalty::Minus,
            scale: (0.0, 10.0),
            tree: None,
            missing: MissingParts::Undefined,
            least_share: 0.5,
            draws: 0,
            seed: 0,
            level: 0.9,
            vary: Vary::default(),
            keep: Vec::new(),
        }
    }
}

impl CompositeIndex {
    /// Runs on values of indicators.
    ///
    /// # Errors
    /// `Argument`, with every problem: a setting out of its domain, a name that is not an indicator or node, weights of a node that do not
    /// sum to 1, a tree that holds something twice; `Undefined` where the data give no weights by principal components or entropy.
    ///
    /// # Examples
    /// ```
    /// use hs_core::analyses::thresholds::{CompositeIndex, IndicatorTable};
    ///
    /// let names = |list: &[&str]| list.iter().map(|s| s.to_string()).collect::<Vec<_>>();
    /// let table = IndicatorTable::new(names(&["A", "B", "C"]), names(&["wells", "clinics"]), &[0.0, 4.0, 5.0, 2.0, 10.0, 3.0])?;
    /// let index = CompositeIndex::default().run(&table)?;
    /// // min-max: wells 0, 0.5, 1 and clinics 1, 0, 0.5
    /// assert_eq!(index.units[2].value, Some(0.75));
    /// assert_eq!(index.units[2].rank, Some(1.0));
    /// # Ok::<(), hs_core::Error>(())
    /// ```
    pub fn run(&self, data: &IndicatorTable) -> Result<CompositeIndexResult> {
        self.run_with(data, &never)
    }

    /// Runs on columns of any data: see [`IndicatorTable::from_rows`].
    ///
    /// # Errors
    /// As [`IndicatorTable::from_rows`] and [`CompositeIndex::run_with`].
    pub fn run_rows(&self, rows: impl IntoIterator<Item = Result<Rows>>, tick: Tick<'_>) -> Result<CompositeIndexResult> {
        let data = IndicatorTable::read(rows, self.unit.as_deref(), |columns| match (&self.columns, &self.tree) {
            (Some(columns), _) => Some(columns.clone()),
            // names that are not there are refused with the tree, all at once
            (None, Some(tree)) => Some(tree.indicators().into_iter().filter(|name| columns.contains(&name.as_str())).collect()),
            (None, None) => None,
        })?;
        self.run_with(&data, tick)
    }

    /// As [`CompositeIndex::run`], looking at a tick between draws.
    ///
    /// # Errors
    /// As [`CompositeIndex::run`], and `Cancelled`.
    pub fn run_with(&self, data: &IndicatorTable, tick: Tick<'_>) -> Result<CompositeIndexResult> {
        let plan = self.plan(data)?;
        let base = prepare::prepare(self, &plan, data, self.treatment.unwrap_or(Treatment::None), self.normalise);
        let means = plan.nodes.iter().map(|node| self.mean(node.aggregate)).collect();
        let made = plan.make(self, &base.columns, &plan::Choice { means, left_out: None, noise: None })?;
        let drawn = if self.draws == 0 { None } else { Some(draws::draw(self, &plan, data, tick)?) };
        Ok(assemble::assemble(self, &plan, data, &base, made, drawn))
    }
}
