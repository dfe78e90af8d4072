//! The deprivation scheme that goes with the survey.

use std::collections::BTreeMap;

use super::model::DO_NOT_KNOW;
use crate::analyses::thresholds::scoring::{Deprivation, DeprivationScheme, MissingPolicy, Score, Value};
use crate::framework::Component;

/// Six components weigh the same, and the indicators of one component share its weight.
pub(super) fn scheme() -> DeprivationScheme {
    use Component::{Community, Economic, Food, Health, Personal, Political};
    let new = |name: &str, component, threat: &str| Deprivation {
        name: name.into(),
        component: Some(component),
        threat: Some(threat.into()),
        ..Deprivation::default()
    };
    let words = |words: &[&str]| Some(words.iter().map(|word| Value::Text((*word).into())).collect());
    let yes = || Some(vec![Value::Boolean(true)]);
    let indicators = vec![
        Deprivation { below: Some(28.0), ..new("food_score", Food, "lost-livelihoods") },
        Deprivation { among: words(&["river", "unprotected well"]), ..new("water", Health, "poor-services") },
        Deprivation { above: Some(60.0), maximum: Some(240.0), ..new("clinic_minutes", Health, "poor-services") },
        Deprivation {
            above: Some(0.0),
            missing_codes: vec![Value::Number(DO_NOT_KNOW as f64)],
            ..new("children_out_of_school", Economic, "socioeconomic-decline")
        },
        Deprivation { above: Some(0.5), maximum: Some(1.0), ..new("livestock_lost", Economic, "lost-livelihoods") },
        Deprivation { not_among: words(&["mud and thatch", "brick and sheet metal"]), ..new("shelter", Economic, "infra-destroyed") },
        Deprivation { among: yes(), vital: true, ..new("violence", Personal, "armed-violence") },
        Deprivation { among: yes(), vital: true, ..new("moved", Personal, "displacement") },
        Deprivation { below: Some(3.0), ..new("trust_neighbours", Community, "group-tension") },
        Deprivation { below: Some(2.0), ..new("trust_authorities", Political, "faltering-peace-confidence") },
    ];
    let components = [Economic, Food, Health, Personal, Community, Political].map(|component| (component, 1.0 / 6.0));
    DeprivationScheme { indicators, cutoff: 1.0 / 3.0, missing: MissingPolicy::Exclude, components: Some(BTreeMap::from(components)) }
}

/// The scheme with the columns of the survey's design: persons, by stratum and village.
pub(super) fn score() -> Score {
    let name = |column: &str| Some(column.to_owned());
    Score { weight: name("wt"), size: name("size"), strata: name("stratum"), cluster: name("psu"), ..Score::new(scheme()) }
}
