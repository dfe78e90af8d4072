//! A composite index, and everything it was made from.

use serde::Serialize;
use serde_json::json;

use super::draws::Draws;
use super::plan::{Made, Plan, Slot};
use super::prepare::{Done, Prepared};
use super::{Aggregate, CompositeIndex, IndicatorTable, Keep, Normalisation, Treatment};
use crate::kernels::index::{NoMean, correlation, moments, ranks_from_the_top};
use crate::tables::{Array, Note, Outcome, Table, arrow_tables};
use crate::{Result, shown};

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

fn there(x: f64) -> Option<f64> {
    x.is_finite().then_some(x)
}

pub(super) fn assemble(
    settings: &CompositeIndex,
    plan: &Plan,
    data: &IndicatorTable,
    base: &Prepared,
    made: Made,
    drawn: Option<Draws>,
) -> CompositeIndexResult {
    let none = Vec::new();
    let values = made.values.last().unwrap_or(&none);
    let coverage = made.coverage.last().unwrap_or(&none);
    let ranks = ranks_from_the_top(values);
    let tail = (1.0 - settings.level) / 2.0;
    let mut unranked = 0;
    let units =
        data.units().iter().zip(values.iter().zip(coverage).zip(ranks)).enumerate().map(|(at, (unit, ((value, coverage), rank)))| {
            let drawn = drawn.as_ref().map(|draws| draws.quantiles(at, data.units().len(), [tail, 0.5, 1.0 - tail]));
            let ([rank_lower, rank_median, rank_upper], count) = drawn.unwrap_or_default();
            unranked += (settings.draws as usize).saturating_sub(count);
            UnitIndex {
                unit: unit.clone(),
                value: there(*value),
                rank: there(rank),
                rank_lower,
                rank_median,
                rank_upper,
                coverage: *coverage,
                draws: (settings.draws > 0).then_some(count as u32),
            }
        });
    let units: Vec<UnitIndex> = units.collect();
    let mut parents = vec![None; plan.nodes.len()];
    let mut homes = vec![""; plan.leaves.len()];
    for node in &plan.nodes {
        for slot in &node.parts {
            match slot {
                Slot::Leaf(leaf) => homes.get_mut(*leaf).into_iter().for_each(|home| *home = node.name.as_str()),
                Slot::Node(below) => parents.get_mut(*below).into_iter().for_each(|parent| *parent = Some(node.name.clone())),
            }
        }
    }
    let mut nodes = Vec::with_capacity(data.units().len() * plan.nodes.len());
    for (at, unit) in data.units().iter().enumerate() {
        for (((node, parent), values), coverage) in plan.nodes.iter().zip(&parents).zip(&made.values).zip(&made.coverage) {
            nodes.push(NodeValue {
                unit: unit.clone(),
                node: node.name.clone(),
                parent: parent.clone(),
                value: values.get(at).copied().and_then(there),
                coverage: coverage.get(at).copied().unwrap_or(0.0),
            });
        }
    }
    let effective = plan.effective(&made.weights);
    let indicators = plan.names.iter().zip(&plan.leaves).zip(homes).zip(effective).zip(base.columns.iter().zip(&base.done));
    let indicators = indicators.map(|((((name, column), home), weight), (normalised, done))| {
        let found = moments(data.columns().get(*column).map_or(&[][..], Vec::as_slice));
        IndicatorSummary {
            indicator: name.clone(),
            node: home.to_owned(),
            weight,
            count: found.count as u32,
            min: there(found.least),
            max: there(found.greatest),
            mean: there(found.mean),
            skewness: there(found.skewness),
            kurtosis: there(found.kurtosis),
            treated: match done {
                Done { log: Some(_), .. } => "log",
                Done { winsorised: 1.., .. } => "winsorised",
                _ => "none",
            },
            winsorised: done.winsorised as u32,
            correlation: there(correlation(normalised, values)),
        }
    });
    let indicators: Vec<IndicatorSummary> = indicators.collect();
    let steps = settings.keep.contains(&Keep::Steps).then(|| steps(plan, data, base));
    let mut notes = notes(settings, plan, data, base, &made, &indicators);
    if let Some(draws) = &drawn {
        notes.extend(draw_notes(settings, draws, unranked));
    }
    let draws = drawn.filter(|_| settings.keep.contains(&Keep::Draws)).map(|draws| kept(plan, draws));
    CompositeIndexResult { settings: settings.clone(), name: plan.root().to_owned(), units, nodes, indicators, steps, draws, notes }
}

fn steps(plan: &Plan, data: &IndicatorTable, base: &Prepared) -> Vec<Step> {
    let mut steps = Vec::with_capacity(data.units().len() * plan.leaves.len());
    for (at, unit) in data.units().iter().enumerate() {
        let columns = plan.names.iter().zip(&plan.leaves).zip(base.treated.iter().zip(&base.columns));
        steps.extend(columns.map(|((name, column), (treated, normalised))| Step {
            unit: unit.clone(),
            indicator: name.clone(),
            value: data.columns().get(*column).and_then(|c| c.get(at)).copied().and_then(there),
            treated: treated.get(at).copied().and_then(there),
            normalised: normalised.get(at).copied().and_then(there),
        }));
    }
    steps
}

fn kept(plan: &Plan, draws: Draws) -> Drawn {
    let mut kept = Drawn { choices: vec![], weights: vec![], ranks: draws.ranks.iter().map(|r| f64::from(*r)).collect() };
    for (draw, chosen) in (0..).zip(draws.choices) {
        for (node, weights) in plan.nodes.iter().zip(chosen.weights) {
            kept.weights.extend(node.parts.iter().zip(weights).map(|(slot, weight)| DrawWeight {
                draw,
                node: node.name.clone(),
                part: plan.part_name(*slot).to_owned(),
                weight,
            }));
        }
        kept.choices.push(DrawChoices {
            draw,
            treatment: chosen.treatment,
            normalise: chosen.normalise,
            aggregate: chosen.aggregate,
            left_out: chosen.left_out.and_then(|leaf| plan.names.get(leaf)).cloned(),
        });
    }
    kept
}

fn notes(
    settings: &CompositeIndex,
    plan: &Plan,
    data: &IndicatorTable,
    base: &Prepared,
    made: &Made,
    indicators: &[IndicatorSummary],
) -> Vec<Note> {
    let mut notes = data.notes().to_vec();
    let mut counted = |code, what, message: &str, subjects: Vec<String>| {
        if !subjects.is_empty() {
            notes.push(Note::counted(code, what, message, subjects));
        }
    };
    counted("unused-indicator", "indicator", "are not in the tree and count for nothing", plan.unused.clone());
    let those = |test: fn(&Done) -> bool| -> Vec<String> {
        plan.names.iter().zip(&base.done).filter(|(_, done)| test(done)).map(|(name, _)| name.clone()).collect()
    };
    counted("winsorised", "indicator", "have outlying points that took the value of the next", those(|done| done.winsorised > 0));
    counted("logarithm", "indicator", "are taken as a logarithm", those(|done| done.log.is_some()));
    let shifted = those(|done| done.log.is_some_and(|added| added != 0.0));
    counted("shifted-logarithm", "indicator", "have values of 0 or below: their logarithm is of x - min + 0.01 (max - min)", shifted);
    let message = format!("are still skewed after {} winsorised points, so stay as they were; a logarithm may suit them", settings.limit);
    counted("treatment-undone", "indicator", &message, those(|done| done.gave_up));
    let empty: Vec<String> = indicators.iter().filter(|i| i.count == 0).map(|i| i.indicator.clone()).collect();
    let flat = those(|done| done.flat).into_iter().filter(|name| !empty.contains(name)).collect();
    counted("constant-indicator", "indicator", "are the same for every unit: their normalised value is undefined", flat);
    counted("empty-indicator", "indicator", "have no value for any unit", empty);
    counted(
        "past-goalpost",
        "indicator",
        "have values past a goalpost or target, which count as standing on it",
        those(|done| done.clipped > 0),
    );
    counted("no-ratio", "indicator", "have values of 0 or below, which have no ratio to the target", those(|done| done.no_ratio > 0));
    let negative = |name: &String| indicators.iter().any(|i| i.indicator == *name && i.correlation.is_some_and(|r| r < 0.0));
    let against = plan.names.iter().filter(|name| negative(name)).cloned().collect();
    counted("against-the-index", "indicator", "run against the index: see whether lower is better for them", against);
    let mut reasons: Vec<NoMean> = made.undefined.iter().map(|(_, _, reason)| *reason).collect();
    reasons.sort_unstable();
    reasons.dedup();
    for reason in reasons {
        let (code, message) = match reason {
            NoMean::Missing => ("missing-part", "are undefined, for a part is missing"),
            NoMean::TooLittle => ("too-little-there", "are undefined, for what is there weighs less than `least_share`"),
            NoMean::NotPositive => {
                ("not-positive", "are undefined, for this mean takes values above 0 alone; a min-max `range` such as [1, 100] avoids zeros")
            }
            NoMean::OffScale => ("off-scale", "are undefined, for a part lies outside `scale`"),
            NoMean::MeanNotPositive => (
                "mean-not-positive",
                "are undefined, for the penalty is in proportion to a mean above 0; z-scores of `centre` 100 and `spread` 10 have one",
            ),
        };
        let subjects: Vec<String> = made
            .undefined
            .iter()
            .filter(|(_, _, why)| *why == reason)
            .map(|(unit, node, _)| {
                let unit = data.units().get(*unit).map_or("", String::as_str);
                format!("{unit}/{}", plan.nodes.get(*node).map_or("", |node| &node.name))
            })
            .collect();
        counted(code, "value", message, subjects);
    }
    for (node, explained, mixed, rows) in &made.components {
        let name = plan.nodes.get(*node).map_or("", |node| &node.name);
        let sign = if *mixed { "; some parts load against the others, and squares hide it" } else { "" };
        let said = format!(
            "the first principal component of `{}` explains {:.1} % of its variance, over {rows} units{sign}",
            shown(name),
            100.0 * explained
        );
        notes.push(Note::new("principal-component", said, [name]));
    }
    notes
}

fn draw_notes(settings: &CompositeIndex, draws: &Draws, unranked: usize) -> Vec<Note> {
    let mut notes = Vec::new();
    if draws.without_weights > 0 {
        let said =
            format!("{} of {} draws rank nobody, for the data gave no weights under their choices", draws.without_weights, settings.draws);
        notes.push(Note::new("draws-without-weights", said, Vec::<String>::new()));
    }
    if unranked > 0 {
        let said =
            format!("{unranked} ranks of units in draws are undefined; intervals are over the others, and the column `draws` counts them");
        notes.push(Note::new("undefined-in-draws", said, Vec::<String>::new()));
    }
    notes
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
