//! A deprivation scheme: which indicators, which cut-offs, which weights, from how much on a person is insecure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::framework::Component;

/// Which indicators say that a person or household is deprived, how much each weighs, and from what share on it is insecure.
///
/// # References
/// Alkire & Foster, *Counting and multidimensional poverty measurement*, Journal of Public Economics 95, 2011.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeprivationScheme {
    /// The indicators, 1 to 64.
    pub indicators: Vec<Deprivation>,
    /// k: insecure from this weighted share of deprivations on, inclusive to 1e-9; above 0, to 1.
    pub cutoff: f64,
    /// What becomes of rows with a missing indicator.
    #[serde(default)]
    pub missing: MissingPolicy,
    /// Weight of each component, which sum to 1; then the weights of indicators are within their component and sum to 1 there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub components: Option<BTreeMap<Component, f64>>,
}

/// One indicator and its cut-off: exactly one of `below`, `above`, `among`, `not_among`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deprivation {
    /// Name of the indicator, once in a scheme; it stands in every table.
    pub name: String,
    /// The column it reads; the one of its name where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Deprived strictly below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<f64>,
    /// Deprived strictly above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<f64>,
    /// Deprived when the value is one of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub among: Option<Vec<Value>>,
    /// Deprived when the value is none of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_among: Option<Vec<Value>>,
    /// Component of human security it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<Component>,
    /// Weight; where no indicator has one, all (of a component) weigh the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// Id of the threat it measures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threat: Option<String>,
    /// Of the vital core: deprived in one such indicator is below the bar under the union rule, which is shown apart.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub vital: bool,
    /// Greatest value the indicator can take: gives gaps to `above`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum: Option<f64>,
    /// Codes that stand for missing, such as 98 for "don't know".
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing_codes: Vec<Value>,
}

/// A value of a column that a rule can name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Yes or no.
    Boolean(bool),
    /// A number.
    Number(f64),
    /// A word.
    Text(String),
}

/// What becomes of rows with a missing indicator.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MissingPolicy {
    /// The row stays in the design with weight zero; its share is reported.
    #[default]
    Exclude,
    /// What is missing counts as not deprived.
    NotDeprived,
}
