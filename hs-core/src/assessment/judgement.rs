//! What people decide or answer, kept beside what is computed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::provenance::Provenance;
use super::schema;

/// What people decide or answer, never overwritten by what is computed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Judgement {
    /// What it is about.
    pub subject: Subject,
    /// The question.
    #[schemars(with = "schema::Line")]
    pub question: String,
    /// The answer.
    #[schemars(with = "schema::Line")]
    pub answer: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Line>")]
    pub reason: Option<String>,
    /// A role, never a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Line>")]
    pub by: Option<String>,
    /// Period of the judgement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<schema::Period>")]
    pub date: Option<String>,
    /// Evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<schema::Lines>>")]
    pub evidence: Vec<String>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// What a judgement is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Subject {
    /// Kind of thing.
    #[schemars(with = "schema::Line")]
    pub kind: String,
    /// Its id or path.
    #[schemars(with = "schema::Line")]
    pub id: String,
}
