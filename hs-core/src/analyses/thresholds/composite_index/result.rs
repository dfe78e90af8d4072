//! A composite index, and everything it was made from.

use serde::Serialize;
use serde_json::json;

use super::{Aggregate, CompositeIndex, Normalisation, Treatment};
use crate::Result;
use crate::tables::{Array, Note, Outcome, Table, arrow_tables};

/// A unit and its index.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnitIndex {
    /// Its name.
    pub unit: String,
    /// The index; none where undefined, for a reason in the notes.
    pub value: Option<f64>,
    /// Place by value, 1 the highest, ties averaged.
    pub rank: Option<f64>,
    /// Lower end of the rank interval, where sampled.
    pub rank_lower: Option<f64>,
    /// Median rank.
    pub rank_median: Option<f64>,
    /// Upper end of the rank interval.
    pub rank_upper: Option<f64>,
    /// Weight of the indicators that are there, of 1.
    pub coverage: f64,
    /// Draws in which the unit has a rank.
    pub draws: Option<u32>,
}

/// A node of the tree for one unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NodeValue {
    /// Name of the unit.
    pub unit: String,
    /// Name of the node.
    pub node: String,
    /// The node it is part of; none for the index itself.
    pub parent: Option<String>,
    /// Its value.
    pub value: Option<f64>,
    /// Weight of the indicators below it that are there, of 1.
    pub coverage: f64,
}

/// An indicator, as it came and as it counts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IndicatorSummary {
    /// Its name.
    pub indicator: String,
    /// The node it is part of.
    pub node: String,
    /// Its weight in the whole index: the product of the weights above it.
    pub weight: f64,
    /// How many units have it.
    pub count: u32,
    /// Least value as it came.
    pub min: Option<f64>,
    /// Greatest value as it came.
    pub max: Option<f64>,
    /// Mean of the values as they came.
    pub mean: Option<f64>,
    /// Sample skewness of the values as they came.
    pub skewness: Option<f64>,
    /// Sample excess kurtosis of the values as they came.
    pub kurtosis: Option<f64>,
    /// `none`, `winsorised` or `log`.
    pub treated: &'static str,
    /// Points that were winsorised.
    pub winsorised: u32,
    /// Pearson's correlation of the normalised indicator with the index.
    pub correlation: Option<f64>,
}

/// A value from how it came to how it counts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// Name of the unit.
    pub unit: String,
    /// Name of the indicator.
    pub indicator: String,
    /// As it came.
    pub value: Option<f64>,
    /// After treatment.
    pub treated: Option<f64>,
    /// After normalisation.
    pub normalised: Option<f64>,
}

/// What one draw chose.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DrawChoices {
    /// Number of the draw, from 0.
    pub draw: u32,
    /// Its treatment.
    pub treatment: Treatment,
    /// Its normalisation; none where values stay as they are.
    pub normalise: Option<Normalisation>,
    /// Its aggregation; none where it stayed as set.
    pub aggregate: Option<Aggregate>,
    /// The indicator that was left out.
    pub left_out: Option<String>,
}

/// A weight in one draw.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DrawWeight {
    /// Number of the draw, from 0.
    pub draw: u32,
    /// Name of the node.
    pub node: String,
    /// The indicator or node below it.
    pub part: String,
    /// Its weight within the node, 0 where left out.
    pub weight: f64,
}

/// Every choice of every draw, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drawn {
    /// The choices, draw by draw.
    pub choices: Vec<DrawChoices>,
    /// The weights, draw by draw.
    pub weights: Vec<DrawWeight>,
    /// Rank of each unit in each draw, row by row; NaN where undefined.
    #[serde(skip)]
    pub ranks: Vec<f64>,
}

/// A composite index.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CompositeIndexResult {
    /// The settings it ran with.
    pub settings: CompositeIndex,
    /// Name of the index: the root of the tree.
    pub name: String,
    /// One for each unit, in the order of the data.
    pub units: Vec<UnitIndex>,
    /// One for each unit and node, nodes before the ones they are part of.
    pub nodes: Vec<NodeValue>,
    /// One for each indicator of the tree.
    pub indicators: Vec<IndicatorSummary>,
    /// Every value on its way, where kept.
    pub steps: Option<Vec<Step>>,
    /// The draws, where kept.
    pub draws: Option<Drawn>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

impl CompositeIndexResult {
    /// The plain form that crosses to other languages.
    ///
    /// # Errors
    /// A fault of this library alone.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("composite_index", &self.settings)?;
        let undefined = self.units.iter().filter(|unit| unit.value.is_none()).count();
        outcome.facts.insert("name".into(), json!(self.name));
        outcome.facts.insert("units".into(), json!(self.units.len()));
        outcome.facts.insert("undefined".into(), json!(undefined));
        outcome.facts.insert("draws".into(), json!(self.settings.draws));
        let column = |of: fn(&UnitIndex) -> Option<f64>| self.units.iter().map(of).collect::<Vec<_>>();
        let array = |of: fn(&UnitIndex) -> Option<f64>| {
            let data = column(of).into_iter().map(|x| x.unwrap_or(f64::NAN)).collect::<Vec<_>>();
            Array { shape: vec![data.len()], data }
        };
        outcome.arrays.push(("values", array(|u| u.value)));
        outcome.arrays.push(("ranks", array(|u| u.rank)));
        let mut index = Table::builder()
            .text("unit", self.units.iter().map(|u| Some(&u.unit)))
            .number("value", column(|u| u.value))
            .number("rank", column(|u| u.rank));
        index = index
            .number("rank_lower", column(|u| u.rank_lower))
            .number("rank_median", column(|u| u.rank_median))
            .number("rank_upper", column(|u| u.rank_upper));
        index = index.number("coverage", column(|u| Some(u.coverage))).integer("draws", self.units.iter().map(|u| u.draws.map(i64::from)));
        outcome.tables.push(("index", index.build()?));
        if self.settings.draws > 0 {
            outcome.arrays.push(("rank_lower", array(|u| u.rank_lower)));
            outcome.arrays.push(("rank_upper", array(|u| u.rank_upper)));
        }
        let nodes = Table::builder()
            .text("unit", self.nodes.iter().map(|n| Some(&n.unit)))
            .text("node", self.nodes.iter().map(|n| Some(&n.node)))
            .text("parent", self.nodes.iter().map(|n| n.parent.as_ref()))
            .number("value", self.nodes.iter().map(|n| n.value))
            .number("coverage", self.nodes.iter().map(|n| Some(n.coverage)));
        outcome.tables.push(("nodes", nodes.build()?));
        let i = &self.indicators;
        let indicators = Table::builder()
            .text("indicator", i.iter().map(|i| Some(&i.indicator)))
            .text("node", i.iter().map(|i| Some(&i.node)))
            .number("weight", i.iter().map(|i| Some(i.weight)))
            .integer("n", i.iter().map(|i| Some(i64::from(i.count))))
            .number("min", i.iter().map(|i| i.min))
            .number("max", i.iter().map(|i| i.max))
            .number("mean", i.iter().map(|i| i.mean))
            .number("skewness", i.iter().map(|i| i.skewness))
            .number("kurtosis", i.iter().map(|i| i.kurtosis))
            .text("treated", i.iter().map(|i| Some(i.treated)))
            .integer("winsorised", i.iter().map(|i| Some(i64::from(i.winsorised))))
            .number("correlation", i.iter().map(|i| i.correlation));
        outcome.tables.push(("indicators", indicators.build()?));
        if let Some(steps) = &self.steps {
            let table = Table::builder()
                .text("unit", steps.iter().map(|s| Some(&s.unit)))
                .text("indicator", steps.iter().map(|s| Some(&s.indicator)))
                .number("value", steps.iter().map(|s| s.value))
                .number("treated", steps.iter().map(|s| s.treated))
                .number("normalised", steps.iter().map(|s| s.normalised));
            outcome.tables.push(("steps", table.build()?));
        }
        if let Some(drawn) = &self.draws {
            drawn.fill(self.units.len(), &mut outcome)?;
        }
        outcome.notes.clone_from(&self.notes);
        Ok(outcome)
    }
}

impl Drawn {
    fn fill(&self, units: usize, outcome: &mut Outcome) -> Result<()> {
        let choices = Table::builder()
            .integer("draw", self.choices.iter().map(|c| Some(i64::from(c.draw))))
            .text("treatment", self.choices.iter().map(|c| Some(c.treatment.word())))
            .text("normalise", self.choices.iter().map(|c| c.normalise.map(Normalisation::word)))
            .text("aggregate", self.choices.iter().map(|c| c.aggregate.map(Aggregate::word)))
            .text("left_out", self.choices.iter().map(|c| c.left_out.as_ref()));
        outcome.tables.push(("draws", choices.build()?));
        let weights = Table::builder()
            .integer("draw", self.weights.iter().map(|w| Some(i64::from(w.draw))))
            .text("node", self.weights.iter().map(|w| Some(&w.node)))
            .text("part", self.weights.iter().map(|w| Some(&w.part)))
            .number("weight", self.weights.iter().map(|w| Some(w.weight)));
        outcome.tables.push(("draw_weights", weights.build()?));
        let draws = self.choices.len();
        outcome.arrays.push(("draw_ranks", Array { shape: vec![draws, units], data: self.ranks.clone() }));
        Ok(())
    }
}

arrow_tables!(CompositeIndexResult);
