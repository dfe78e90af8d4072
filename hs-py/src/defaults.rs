//! What the core's settings are where nothing is given, so that Python's signatures show them without a copy.

use hs_core::analyses::domino::{
    Attribution, Blocks, Chains, Clusters, ExpertRootCauses, ImpactDiffusion, Indices, Influence, Intersections, Loops, RenewalRates,
    Roles, RootCauses, TotalEffects,
};
use hs_core::analyses::doubt::{Sensitivity, Simulate, Sobol};
use hs_core::analyses::process::{
    ActionPlan, Independence, Ownership, Participation, PhaseGates, Principles, ProgrammeStages, Relevance, Representativeness, Screens,
    SharedIndicators, Stakeholders,
};
use hs_core::analyses::responses::{
    Externalities, HarmRegister, PeopleMoved, PillarBalance, PillarGaps, PolicyCoherence, Portfolio, SevenQuestions, Synergies,
};
use hs_core::analyses::situation::{
    CapacityProfile, ChronicAndSudden, Explain, GenderGaps, Inequality, Matrix, SecurityInfrastructure, VitalCore,
};
use hs_core::analyses::thresholds::scoring::{Deprivation, DeprivationScheme, Score, ScoreChange, SurveyMean};
use hs_core::analyses::thresholds::{
    AreaPhase, CompositeIndex, Criticality, IntersectoralSeverity, PeopleInNeed, Phases, YearsOfIndividualSecurity,
};
use hs_core::analyses::voices::{
    Agreement, CompareMaps, CompareRatings, Consensus, KrippendorffAlpha, Mismatch, Perceptions, PoolLinkages, ProblemDefinitions,
    Reliability, Stories,
};
use hs_core::exchange::ReadNetwork;
use hs_core::propagation::{
    AlternatingRenewal, DebtRank, DynamicInoperability, FuzzyCognitiveMap, IndependentCascade, Linear, LinearThreshold, NoisyOr,
    Propagation, Watts,
};
use hs_core::reports::ReportSettings;
use hs_core::{Error, Expansion};
use pyo3::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::crossing::{raised, values};

fn written<T: Default + Serialize>() -> Value {
    serde_json::to_value(T::default()).unwrap_or_default()
}

/// What a type writes where only the fields that it must have are given; those are left out.
fn beyond<T: DeserializeOwned + Serialize>(required: &Value) -> Value {
    let written = hs_core::settings_from_json::<T>(&required.to_string()).map(|whole| serde_json::to_value(whole).unwrap_or_default());
    match (written, required) {
        (Ok(Value::Object(fields)), Value::Object(required)) => {
            fields.into_iter().filter(|(name, _)| !required.contains_key(name)).collect()
        }
        _ => Value::Null,
    }
}

fn scheme() -> Value {
    json!({"indicators": [{"name": "a", "below": 1}], "cutoff": 1})
}

/// Every field of an indicator, those that are left out of its JSON too.
fn deprivation() -> Value {
    let Deprivation { column, below, above, among, not_among, component, weight, threat, vital, maximum, missing_codes, name: _ } =
        Deprivation::default();
    json!({
        "column": column, "below": below, "above": above, "among": among, "not_among": not_among, "component": component,
        "weight": weight, "threat": threat, "vital": vital, "maximum": maximum, "missing_codes": missing_codes,
    })
}

fn deprivation_scheme() -> Value {
    let mut fields = beyond::<DeprivationScheme>(&scheme());
    if let Value::Object(fields) = &mut fields {
        fields.insert("components".into(), Value::Null);
    }
    fields
}

type Written = fn() -> Value;

const KNOWN: &[(&str, Written)] = &[
    // voices and the matrix
    ("matrix", written::<Matrix>),
    ("explain", || beyond::<Explain>(&json!({ "threat": "a" }))),
    ("gender-gaps", written::<GenderGaps>),
    ("vital-core", written::<VitalCore>),
    ("chronic-and-sudden", written::<ChronicAndSudden>),
    ("capacity-profile", written::<CapacityProfile>),
    ("security-infrastructure", written::<SecurityInfrastructure>),
    ("perception-gaps", written::<Perceptions>),
    ("agreement", written::<Agreement>),
    ("consensus", written::<Consensus>),
    ("mismatch", written::<Mismatch>),
    ("reliability", written::<Reliability>),
    ("problem-definitions", written::<ProblemDefinitions>),
    ("story-coding", written::<Stories>),
    ("action-plan", written::<ActionPlan>),
    ("stakeholders", written::<Stakeholders>),
    ("independence", written::<Independence>),
    ("shared-indicators", written::<SharedIndicators>),
    ("participation", written::<Participation>),
    ("programme-stages", written::<ProgrammeStages>),
    ("representativeness", written::<Representativeness>),
    ("local-ownership", written::<Ownership>),
    ("principles", written::<Principles>),
    ("phase-gates", written::<PhaseGates>),
    ("relevance", written::<Relevance>),
    ("screens", written::<Screens>),
    ("compare-ratings", written::<CompareRatings>),
    ("krippendorff-alpha", written::<KrippendorffAlpha>),
    ("inequality", written::<Inequality>),
    // what stood before
    ("area-phase", written::<AreaPhase>),
    ("attribution", written::<Attribution>),
    ("blocks", written::<Blocks>),
    ("chains", written::<Chains>),
    ("clusters", written::<Clusters>),
    ("compare-maps", written::<CompareMaps>),
    ("composite-index", written::<CompositeIndex>),
    ("criticality", written::<Criticality>),
    ("deprivation", deprivation),
    ("deprivation-scheme", deprivation_scheme),
    ("expert-root-causes", written::<ExpertRootCauses>),
    ("externalities", written::<Externalities>),
    ("impact-diffusion", written::<ImpactDiffusion>),
    ("indices", written::<Indices>),
    ("influence", written::<Influence>),
    ("intersectoral-severity", written::<IntersectoralSeverity>),
    ("intersections", written::<Intersections>),
    ("loops", written::<Loops>),
    ("network", written::<Expansion>),
    ("people", written::<PeopleMoved>),
    ("people-in-need", written::<PeopleInNeed>),
    ("phases", written::<Phases>),
    ("harm-register", written::<HarmRegister>),
    ("pillar-balance", written::<PillarBalance>),
    ("pillar-gaps", written::<PillarGaps>),
    ("policy-coherence", written::<PolicyCoherence>),
    ("portfolio", written::<Portfolio>),
    ("seven-questions", written::<SevenQuestions>),
    ("synergies", written::<Synergies>),
    ("pool-linkages", written::<PoolLinkages>),
    ("propagate", written::<Propagation>),
    ("read-network", written::<ReadNetwork>),
    ("renewal-rates", written::<RenewalRates>),
    ("report", written::<ReportSettings>),
    ("roles", written::<Roles>),
    ("root-causes", written::<RootCauses>),
    ("score", || beyond::<Score>(&json!({ "scheme": scheme() }))),
    ("score-change", || beyond::<ScoreChange>(&json!({ "score": { "scheme": scheme() } }))),
    ("sensitivity", written::<Sensitivity>),
    ("simulate", written::<Simulate>),
    ("sobol", written::<Sobol>),
    ("survey-mean", || beyond::<SurveyMean>(&json!({ "column": "a" }))),
    ("total-effects", written::<TotalEffects>),
    ("years-of-individual-security", written::<YearsOfIndividualSecurity>),
    ("noisy-or", written::<NoisyOr>),
    ("linear", written::<Linear>),
    ("fuzzy-cognitive-map", written::<FuzzyCognitiveMap>),
    ("dynamic-inoperability", written::<DynamicInoperability>),
    ("linear-threshold", written::<LinearThreshold>),
    ("watts", written::<Watts>),
    ("independent-cascade", written::<IndependentCascade>),
    ("debt-rank", written::<DebtRank>),
    ("alternating-renewal", written::<AlternatingRenewal>),
];

/// The default settings of an analysis or model.
#[pyfunction]
pub(crate) fn defaults<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    match KNOWN.iter().find(|(known, _)| *known == name) {
        Some((_, written)) => values::to_python(py, &written()),
        None => Err(raised(py, &Error::not_found("analysis", name, KNOWN.iter().map(|(known, _)| *known)))),
    }
}
