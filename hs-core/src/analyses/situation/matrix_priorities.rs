//! Need first, feasibility second: what is worst comes first, and what nobody can reach stays in sight.

use serde::Serialize;

use super::matrix::Ground;
use super::matrix_spots::Spot;
use crate::Assessment;
use crate::analyses::judged::judged;
use crate::analyses::thresholds::Class;
use crate::assessment::Outcome;

/// A need in one place, with what can be done about it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Priority {
    /// By need alone: class, then severity, then prevalence; ties share a rank.
    pub rank_need: f64,
    /// Id of the threat.
    pub threat: String,
    /// Id of the place.
    pub place: String,
    /// Id of the group; none for everyone.
    pub group: Option<String>,
    /// Severity x prevalence, beside its parts and never instead of them.
    pub need: Option<f64>,
    /// Its class.
    pub class: Option<Class>,
    /// `high`, `medium`, `low`, `none`, `not-said` or `nothing-planned`.
    pub feasibility: &'static str,
    /// Among what can be done, by feasibility and then by need; none for what drops out.
    pub rank_feasible: Option<f64>,
    /// Whether it drops out once feasibility is asked for.
    pub dropped: bool,
    /// Why.
    pub why: String,
    /// Severity.
    pub severity: Option<f64>,
    /// Prevalence.
    pub prevalence: Option<f64>,
    /// Persons affected.
    pub persons: Option<f64>,
    /// Interventions that improve it.
    pub interventions: Vec<String>,
}

const WORDS: [&str; 6] = ["high", "medium", "low", "none", "not-said", "nothing-planned"];

/// How early a word comes among what can be done; none drops out.
fn order(word: &str) -> Option<u8> {
    match word {
        "high" => Some(0),
        "medium" => Some(1),
        "low" => Some(2),
        "not-said" => Some(3),
        _ => None,
    }
}

fn word(answer: &str) -> Option<&'static str> {
    let low = answer.trim().to_lowercase();
    WORDS.into_iter().take(4).find(|known| *known == low)
}

fn class_order(class: Option<Class>) -> u8 {
    match class {
        Some(Class::CriticalAndPervasive) => 0,
        Some(Class::Critical) => 1,
        Some(Class::Pervasive) => 2,
        Some(Class::BelowBoth) => 3,
        None => 4,
    }
}

/// Ranks of rows that are in order already; equal keys share the mean of their places.
fn ranks<K: PartialEq>(keys: &[K]) -> Vec<f64> {
    let mut ranks = Vec::new();
    for same in keys.chunk_by(|a, b| a == b) {
        let rank = ranks.len() as f64 + (same.len() as f64 + 1.0) / 2.0;
        ranks.extend(same.iter().map(|_| rank));
    }
    ranks
}

/// Every threat of every place, and of every group that stands by itself.
pub(super) fn priorities(ground: &Ground<'_>, assessment: &Assessment) -> Vec<Priority> {
    let everyone = ground.spots.iter().filter(|s| ground.facets.get(s.facet).is_some_and(|f| f.dimension == "all"));
    let mut spots: Vec<&Spot> = everyone.chain(&ground.units).filter(|s| !s.hidden).collect();
    let key = |s: &Spot| {
        let number = |x: Option<f64>| x.map_or(u64::MAX, |x| ((1.0 - x).max(0.0) * 1e12) as u64);
        (class_order(ground.class(s)), number(s.severity.map(|v| v.0)), number(s.prevalence.map(|v| v.0)))
    };
    let name = |s: &Spot| {
        (ground.threat_id(s.threat).to_owned(), ground.place_id(s.place).to_owned(), s.group.map(|g| ground.group_id(g).to_owned()))
    };
    spots.sort_by_key(|s| (key(s), name(s)));
    let by_need = ranks(&spots.iter().map(|s| key(s)).collect::<Vec<_>>());
    let mut rows: Vec<Priority> = spots.iter().zip(by_need).map(|(spot, rank)| row(ground, assessment, spot, rank)).collect();
    let mut feasible: Vec<usize> = (0..rows.len()).filter(|at| rows.get(*at).is_some_and(|r| !r.dropped)).collect();
    let place = |at: &usize| rows.get(*at).map(|r| (order(r.feasibility), (r.rank_need * 2.0) as u64));
    feasible.sort_by_key(place);
    let ranked = ranks(&feasible.iter().map(place).collect::<Vec<_>>());
    for (at, rank) in feasible.into_iter().zip(ranked) {
        if let Some(row) = rows.get_mut(at) {
            row.rank_feasible = Some(rank);
        }
    }
    rows
}

fn row(ground: &Ground<'_>, assessment: &Assessment, spot: &Spot, rank_need: f64) -> Priority {
    let (threat, place) = (ground.threat_id(spot.threat), ground.place_id(spot.place));
    let group = spot.group.map(|g| ground.group_id(g));
    let reaches: Vec<&str> = assessment
        .interventions
        .iter()
        .filter(|i| {
            i.effects.iter().any(|e| {
                let here = e.place.as_deref().is_none_or(|p| p == place);
                // what is done for some of a place is done in it; what is for one group alone does not reach another
                let whose = e.group.is_none() || group.is_none() || e.group.as_deref() == group;
                let moves = e.change.get() > 0.0 && e.likelihood.is_none_or(|l| l.get() > 0.0);
                e.threat == threat && here && whose && moves && e.outcome != Some(Outcome::Worse)
            })
        })
        .map(|i| i.id.as_str())
        .collect();
    let id = |group: Option<&str>| group.map_or_else(|| format!("{threat}/{place}"), |g| format!("{threat}/{place}/{g}"));
    let of = |kind: &str, id: &str| judged(assessment, kind, id, |j| j.question == "feasibility").and_then(|j| word(&j.latest.answer));
    let own = of("need", &id(group)).or_else(|| group.and_then(|_| of("need", &id(None))));
    let best = reaches.iter().filter_map(|i| of("intervention", i).map(|w| (WORDS.iter().position(|k| *k == w), w, *i))).min();
    let (feasibility, why) = match (own, best) {
        (Some(word), _) => (word, "judged of the need itself".to_owned()),
        (None, Some((_, word, by))) => (word, format!("judged of `{by}`, the most feasible that improves it")),
        (None, None) if reaches.is_empty() => ("nothing-planned", "no intervention improves it: the need stays".to_owned()),
        (None, None) => ("not-said", "nobody judged whether what is planned can be done".to_owned()),
    };
    let dropped = order(feasibility).is_none();
    let (severity, prevalence) = (spot.severity.map(|v| v.0), spot.prevalence.map(|v| v.0));
    Priority {
        rank_need,
        threat: threat.to_owned(),
        place: place.to_owned(),
        group: group.map(str::to_owned),
        need: severity.zip(prevalence).map(|(s, p)| s * p),
        class: ground.class(spot),
        feasibility,
        rank_feasible: None,
        dropped,
        why,
        severity,
        prevalence,
        persons: spot.persons,
        interventions: reaches.into_iter().map(str::to_owned).collect(),
    }
}
