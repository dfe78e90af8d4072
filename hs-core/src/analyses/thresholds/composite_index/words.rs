//! Words and rules that the settings of a composite index are made of.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor, value};
use serde::{Deserialize, Deserializer, Serialize};

use crate::assessment::Direction;

/// What is known of one indicator beyond its values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IndicatorRule {
    /// Which direction is good; `higher` where absent. A lower-is-better indicator is turned by the normalisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub better: Option<Direction>,
    /// The two ends of min-max, low then high, in the units of the data; the least and greatest value found where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goalposts: Option<(f64, f64)>,
    /// What `distance-to-target` measures against, in the units of the data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<f64>,
    /// Treatment of this indicator in place of the general one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub treatment: Option<Treatment>,
}

/// What is done about outliers before anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Treatment {
    /// Nothing.
    None,
    /// Outlying points take the value of the next, one by one, until skewness or kurtosis is within its bound; past the limit of points
    /// the indicator stays as it was, noted.
    Winsorise,
    /// The logarithm; of `x - min + 0.01 (max - min)` where some value is 0 or below.
    Log,
    /// As `winsorise`, and the logarithm where the limit of points does not do.
    WinsoriseOrLog,
}

/// How indicators come to one scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Normalisation {
    /// Onto `range`, from the least value (or low goalpost) to the greatest (or high one).
    MinMax,
    /// `centre + spread (x - mean) / standard deviation`.
    ZScore,
    /// Place among the units: 1 the worst, ties averaged.
    Rank,
    /// `x / target`; `target / x` where lower is better.
    DistanceToTarget,
}

/// Which standard deviation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deviation {
    /// Divides by n.
    #[default]
    Population,
    /// Divides by n - 1.
    Sample,
}

/// How much each indicator, or node, counts within its node.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Weighting {
    /// By a rule.
    Rule(WeightRule),
    /// In the order of the indicators of the data.
    InOrder(Vec<f64>),
    /// By name of indicator or node.
    ByName(BTreeMap<String, f64>),
}

/// A rule that makes weights.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WeightRule {
    /// All the same.
    #[default]
    Equal,
    /// Squared loadings of the first principal component of the correlations, which sum to 1.
    Pca,
    /// Shannon's: the more an indicator tells units apart, the more it counts.
    Entropy,
}

/// How the parts of a node become one number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aggregate {
    /// `Σ w x`: full compensation.
    #[default]
    Arithmetic,
    /// `Π x^w`, for values above 0.
    Geometric,
    /// `1 / Σ (w / x)`, for values above 0.
    Harmonic,
    /// Mean less (or plus, see `penalty`) variance over mean: unbalance costs.
    MazziottaPareto,
    /// INFORM's: the geometric mean taken from the upper end of `scale`, so that one bad part weighs more than one good.
    ReversedGeometric,
}

/// How every node is aggregated, or each by name; nodes that are not named are arithmetic.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Aggregation {
    /// Every node the same way.
    Every(Aggregate),
    /// By name of node.
    ByNode(BTreeMap<String, Aggregate>),
}

/// The sign of the Mazziotta-Pareto penalty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Penalty {
    /// Taken off: higher values are better.
    #[default]
    Minus,
    /// Added: higher values are worse.
    Plus,
}

/// What becomes of a node that lacks one of its parts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MissingParts {
    /// It is undefined.
    #[default]
    Undefined,
    /// It is made from the parts that are there, their weights scaled to 1, where these weigh at least `least_share`.
    Available,
}

/// Which choices the draws vary; those that are left out stay as set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Vary {
    /// Treatments to choose from, with equal chances.
    pub treatment: Vec<Treatment>,
    /// Normalisations to choose from.
    pub normalise: Vec<Normalisation>,
    /// Aggregations to choose from, for the nodes that `aggregate` does not name.
    pub aggregate: Vec<Aggregate>,
    /// How weights are disturbed; null leaves them.
    pub weights: Option<WeightNoise>,
    /// Whether each draw leaves out one indicator or none, all with equal chances.
    pub leave_one_out: bool,
}

impl Default for Vary {
    fn default() -> Self {
        Vary { treatment: vec![], normalise: vec![], aggregate: vec![], weights: Some(WeightNoise::Relative(0.25)), leave_one_out: true }
    }
}

/// How weights within a node are disturbed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WeightNoise {
    /// Each is multiplied by a number drawn evenly from 1 - r to 1 + r; then all are scaled to sum to 1.
    Relative(f64),
    /// A Dirichlet draw with that concentration about the weights: larger stays nearer; 1 a part about equal weights is every mixture alike.
    Dirichlet(f64),
}

/// What more the result holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keep {
    /// Every choice of every draw, and the rank of every unit in it.
    Draws,
    /// Every value as it came, as treated and as normalised.
    Steps,
}

impl Treatment {
    /// Its word, as in settings.
    pub fn word(self) -> &'static str {
        match self {
            Treatment::None => "none",
            Treatment::Winsorise => "winsorise",
            Treatment::Log => "log",
            Treatment::WinsoriseOrLog => "winsorise-or-log",
        }
    }
}

impl Normalisation {
    /// Its word, as in settings.
    pub fn word(self) -> &'static str {
        match self {
            Normalisation::MinMax => "min-max",
            Normalisation::ZScore => "z-score",
            Normalisation::Rank => "rank",
            Normalisation::DistanceToTarget => "distance-to-target",
        }
    }
}

impl Aggregate {
    /// Its word, as in settings.
    pub fn word(self) -> &'static str {
        match self {
            Aggregate::Arithmetic => "arithmetic",
            Aggregate::Geometric => "geometric",
            Aggregate::Harmonic => "harmonic",
            Aggregate::MazziottaPareto => "mazziotta-pareto",
            Aggregate::ReversedGeometric => "reversed-geometric",
        }
    }
}

struct WeightingVisitor;

impl<'de> Visitor<'de> for WeightingVisitor {
    type Value = Weighting;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one of `equal`, `pca`, `entropy`, a list of numbers, or numbers by name")
    }

    fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<Weighting, E> {
        WeightRule::deserialize(value::StrDeserializer::new(word)).map(Weighting::Rule)
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Weighting, E> {
        Ok(Weighting::Rule(WeightRule::Equal))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Weighting, A::Error> {
        Vec::deserialize(value::SeqAccessDeserializer::new(list)).map(Weighting::InOrder)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Weighting, A::Error> {
        BTreeMap::deserialize(value::MapAccessDeserializer::new(map)).map(Weighting::ByName)
    }
}

impl<'de> Deserialize<'de> for Weighting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WeightingVisitor)
    }
}

struct AggregationVisitor;

impl<'de> Visitor<'de> for AggregationVisitor {
    type Value = Aggregation;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a word such as `arithmetic` or `geometric`, or such words by node")
    }

    fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<Aggregation, E> {
        Aggregate::deserialize(value::StrDeserializer::new(word)).map(Aggregation::Every)
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Aggregation, E> {
        Ok(Aggregation::Every(Aggregate::Arithmetic))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Aggregation, A::Error> {
        BTreeMap::deserialize(value::MapAccessDeserializer::new(map)).map(Aggregation::ByNode)
    }
}

impl<'de> Deserialize<'de> for Aggregation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AggregationVisitor)
    }
}

struct KeepVisitor;

impl<'de> Visitor<'de> for KeepVisitor {
    type Value = Vec<Keep>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`draws`, `steps`, or a list of these")
    }

    fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<Vec<Keep>, E> {
        Keep::deserialize(value::StrDeserializer::new(word)).map(|keep| vec![keep])
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Vec<Keep>, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Vec<Keep>, A::Error> {
        Vec::deserialize(value::SeqAccessDeserializer::new(list))
    }
}

/// One word or a list of them.
pub(super) fn keep<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Keep>, D::Error> {
    deserializer.deserialize_any(KeepVisitor)
}
