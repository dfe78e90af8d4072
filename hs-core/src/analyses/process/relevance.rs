//! Is it the right thing: does what is done answer what people put first?

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::screens::{Flag, Screens};
use crate::analyses::voices::order::{Orders, people_order};
use crate::assessment::Outcome as Direction;
use crate::tables::{Note, Outcome, Table};
use crate::{Assessment, Error, Result};

/// Is it the right thing: does what is done answer what people put first?
///
/// Not whether it is done well. A strategy that works on what people put last may still be right, for reasons people decide; this says only
/// where it stands in their order. Without voices it is unknown, never off.
///
/// # Method
/// People's order of threats in a place is the common order of its respondents (share of comparisons each threat wins; ties share a rank). A
/// strategy aims at the threats its direct effects improve: in their place and those within it where people speak or, where none is named, in every
/// place where people speak. People's first
/// threats are those of a rank up to `first`.
///
/// # Complexity
/// Effects times places, and pairs of threats times respondents.
///
/// # References
/// UNTFHS, *Human Security in Theory and Practice*, 2009, sections 2.2 (phase 3) and phase III; Civil Society Network for Human Security, 2013.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Relevance {
    /// Ids of the interventions; all where absent.
    pub interventions: Option<Vec<String>>,
    /// Ids of the places; all where absent.
    pub places: Option<Vec<String>>,
    /// The period of the voices asked for; each respondent's latest where absent.
    pub period: Option<String>,
    /// Up to which rank a threat is among people's first.
    pub first: f64,
    /// Fewest respondents of a place whose order is used.
    pub min_n: usize,
}

impl Default for Relevance {
    fn default() -> Self {
        Relevance { interventions: None, places: None, period: None, first: 3.0, min_n: 3 }
    }
}

crate::framework::words::words!(
    /// How a strategy stands to what people put first.
    RelevanceState {
        /// All it aims at is among people's first.
        RightThing = "right-thing",
        /// Some of it.
        Partly = "partly",
        /// None of it.
        OffPriority = "off-priority",
        /// It says not what it aims at, or nobody was asked of it.
        Unknown = "unknown",
    }
);

/// What a strategy aims at in one place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Aim {
    /// The intervention.
    pub intervention: String,
    /// The threat.
    pub threat: String,
    /// The place; none where neither the effect nor any voice names one.
    pub place: Option<String>,
    /// Rank in people's order there.
    pub people_rank: Option<f64>,
    /// Whether that is among the first; none where there is no rank.
    pub first: Option<bool>,
    /// `better`: what it does, as declared.
    pub outcome: &'static str,
}

/// A strategy against people's priorities.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RelevanceRow {
    /// The intervention.
    pub intervention: String,
    /// Threats it improves.
    pub threats: Vec<String>,
    /// The best rank of any of them in any place.
    pub people_rank: Option<f64>,
    /// Whether that is among people's first; none where there is no rank.
    pub priority: Option<bool>,
    /// Share of people's first threats, over places, that it works on.
    pub share: Option<f64>,
    /// How it stands.
    pub state: RelevanceState,
    /// Why.
    pub why: &'static str,
    /// Threats among people's first that it makes worse.
    pub worsens: Vec<String>,
    /// Rules of [`Screens`] that it raises: the right aim may still be a measure that calls for a closer look.
    pub screens: Vec<&'static str>,
    /// Aims with a rank.
    pub ranked: usize,
    /// Aims.
    pub aims: usize,
}

/// One of people's first threats that nothing works on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unaddressed {
    /// The threat.
    pub threat: String,
    /// The place.
    pub place: String,
    /// Rank in people's order.
    pub people_rank: f64,
    /// Why it stands here.
    pub why: &'static str,
}

/// What [`Relevance`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RelevanceResult {
    /// The settings.
    pub settings: Relevance,
    /// By intervention.
    pub rows: Vec<RelevanceRow>,
    /// People's first threats that no intervention works on.
    pub unaddressed: Vec<Unaddressed>,
    /// By intervention, threat and place.
    pub aims: Vec<Aim>,
    /// Share of people's first threats that any intervention works on.
    pub share: Option<f64>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

impl Relevance {
    /// Compares every strategy with people's order.
    ///
    /// # Errors
    /// `NotFound` for an intervention or place that is not there; `Argument` for a period or rank that is none.
    pub fn run(&self, assessment: &Assessment) -> Result<RelevanceResult> {
        let known = || assessment.interventions.iter().map(|i| i.id.as_str());
        if let Some(missing) = self.interventions.iter().flatten().find(|id| !known().any(|k| k == **id)) {
            return Err(Error::not_found("intervention", missing, known()));
        }
        let places = || assessment.places.iter().map(|p| p.id.as_str());
        if let Some(missing) = self.places.iter().flatten().find(|id| !places().any(|k| k == **id)) {
            return Err(Error::not_found("place", missing, places()));
        }
        if !(self.first >= 1.0 && self.first.is_finite()) {
            return Err(Error::argument(format!("`first`: found {}, wanted a rank of 1 or more", self.first)));
        }
        let mut notes = Vec::new();
        let mut orders = people_order(assessment, self.period.as_deref(), self.min_n, &mut notes)?;
        orders.retain(|place, _| self.places.as_ref().is_none_or(|ids| ids.contains(place)));
        let firsts: BTreeSet<(&str, &str)> = orders
            .iter()
            .flat_map(|(place, order)| order.iter().map(move |(threat, rank)| (place.as_str(), threat.as_str(), *rank)))
            .filter(|(.., rank)| *rank <= self.first + 1e-9)
            .map(|(place, threat, _)| (place, threat))
            .collect();
        let mut raised: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
        for screen in Screens::default().run(assessment)?.rows.into_iter().filter(|s| s.flag == Flag::Raised) {
            raised.entry(screen.intervention).or_default().insert(screen.rule);
        }
        let (mut rows, mut aims) = (Vec::new(), Vec::new());
        let asked = |id: &String| self.interventions.as_ref().is_none_or(|ids| ids.contains(id));
        for intervention in assessment.interventions.iter().filter(|i| asked(&i.id)) {
            let own = self.aims(assessment, intervention, &orders);
            let screens = raised.get(&intervention.id).into_iter().flatten().copied().collect();
            rows.push(row(assessment, intervention, &own, &firsts, screens));
            aims.extend(own);
        }
        let worked: BTreeSet<(&str, &str)> = aims.iter().filter_map(|a| Some((a.place.as_deref()?, a.threat.as_str()))).collect();
        let worse: Vec<(&str, Option<&str>)> = assessment.interventions.iter().filter(|i| asked(&i.id)).flat_map(worsened).collect();
        let mut unaddressed: Vec<Unaddressed> = firsts
            .difference(&worked)
            .filter_map(|(place, threat)| {
                let people_rank = *orders.get(*place)?.get(*threat)?;
                let touches = |(t, at): &(&str, Option<&str>)| t == threat && at.is_none_or(|at| lies_in(assessment, place, at));
                let why = if worse.iter().any(touches) {
                    "no strategy improves it there, and one makes it worse"
                } else {
                    "no strategy improves it there"
                };
                Some(Unaddressed { threat: (*threat).to_owned(), place: (*place).to_owned(), people_rank, why })
            })
            .collect();
        unaddressed.sort_by(|a, b| a.people_rank.total_cmp(&b.people_rank).then_with(|| (&a.place, &a.threat).cmp(&(&b.place, &b.threat))));
        let share = (!firsts.is_empty()).then(|| firsts.intersection(&worked).count() as f64 / firsts.len() as f64);
        if orders.is_empty() {
            let message = "no place has enough voices: whether strategies answer what people put first is not known";
            notes.push(Note::new("no-voices", message, Vec::<String>::new()));
        }
        let silent: Vec<&str> = rows.iter().filter(|r| r.aims == 0).map(|r| r.intervention.as_str()).collect();
        if !silent.is_empty() {
            notes.push(Note::new(
                "aim-not-said",
                "strategies declare no direct effect that improves a threat: what they aim at is not said",
                silent,
            ));
        }
        Ok(RelevanceResult { settings: self.clone(), rows, unaddressed, share, aims, notes })
    }

    fn aims(&self, assessment: &Assessment, intervention: &crate::assessment::Intervention, orders: &Orders) -> Vec<Aim> {
        let mut found: BTreeSet<(&str, Option<&str>)> = BTreeSet::new();
        for effect in intervention.effects.iter().filter(|e| e.outcome != Some(Direction::Worse)) {
            match effect.place.as_deref() {
                Some(place) => {
                    let voices = orders.keys().filter(|p| lies_in(assessment, p, place));
                    let before = found.len();
                    found.extend(voices.map(|p| (effect.threat.as_str(), Some(p.as_str()))));
                    if found.len() == before {
                        found.extend([(effect.threat.as_str(), Some(place))]);
                    }
                }
                None if orders.is_empty() => found.extend([(effect.threat.as_str(), None)]),
                None => found.extend(orders.keys().map(|place| (effect.threat.as_str(), Some(place.as_str())))),
            }
        }
        let aim = |(threat, place): (&str, Option<&str>)| {
            let people_rank = place.and_then(|p| orders.get(p)).and_then(|order| order.get(threat)).copied();
            Aim {
                intervention: intervention.id.clone(),
                threat: threat.to_owned(),
                place: place.map(str::to_owned),
                people_rank,
                first: people_rank.map(|rank| rank <= self.first + 1e-9),
                outcome: Direction::Better.word(),
            }
        };
        found.into_iter().map(aim).collect()
    }
}

/// Whether a place is another or lies in it.
fn lies_in(assessment: &Assessment, place: &str, other: &str) -> bool {
    let mut next = Some(place);
    for _ in 0..=assessment.places.len() {
        match next {
            Some(id) if id == other => return true,
            Some(id) => next = assessment.places.iter().find(|p| p.id == id).and_then(|p| p.parent.as_deref()),
            None => return false,
        }
    }
    false
}

/// Threats that direct effects or externalities make worse, with their place.
fn worsened(intervention: &crate::assessment::Intervention) -> impl Iterator<Item = (&str, Option<&str>)> {
    let direct =
        intervention.effects.iter().filter(|e| e.outcome == Some(Direction::Worse)).map(|e| (e.threat.as_str(), e.place.as_deref()));
    let beyond = intervention.externalities.iter().filter(|e| e.outcome == Direction::Worse);
    direct.chain(beyond.filter_map(|e| Some((e.threat.as_deref()?, e.place.as_deref()))))
}

fn row(
    assessment: &Assessment,
    intervention: &crate::assessment::Intervention,
    aims: &[Aim],
    firsts: &BTreeSet<(&str, &str)>,
    screens: Vec<&'static str>,
) -> RelevanceRow {
    let ranked = aims.iter().filter(|a| a.first.is_some()).count();
    let first = aims.iter().filter(|a| a.first == Some(true)).count();
    let (state, why) = match (aims.len(), ranked, first) {
        (0, ..) => (RelevanceState::Unknown, "it does not say which threats it improves"),
        (_, 0, _) => (RelevanceState::Unknown, "nobody was asked of what it aims at, or too few were"),
        (_, _, 0) => (RelevanceState::OffPriority, "nothing it aims at is among people's first"),
        (all, _, first) if first == all => (RelevanceState::RightThing, "all it aims at is among people's first"),
        (_, ranked, first) if first == ranked => {
            (RelevanceState::Partly, "all that people speak of is among their first; of the rest nobody was asked")
        }
        _ => (RelevanceState::Partly, "some of what it aims at is among people's first"),
    };
    let own: BTreeSet<(&str, &str)> = aims.iter().filter_map(|a| Some((a.place.as_deref()?, a.threat.as_str()))).collect();
    let hits = |threat: &str, place: Option<&str>| {
        firsts.iter().any(|(p, t)| *t == threat && place.is_none_or(|wanted| lies_in(assessment, p, wanted)))
    };
    let worsens: BTreeSet<&str> = worsened(intervention).filter(|(threat, place)| hits(threat, *place)).map(|(threat, _)| threat).collect();
    let people_rank = aims.iter().filter_map(|a| a.people_rank).min_by(f64::total_cmp);
    RelevanceRow {
        intervention: intervention.id.clone(),
        threats: aims.iter().map(|a| a.threat.clone()).collect::<BTreeSet<_>>().into_iter().collect(),
        people_rank,
        priority: people_rank.map(|_| first > 0),
        share: (!firsts.is_empty() && !aims.is_empty()).then(|| firsts.intersection(&own).count() as f64 / firsts.len() as f64),
        state,
        why,
        worsens: worsens.into_iter().map(str::to_owned).collect(),
        screens,
        ranked,
        aims: aims.len(),
    }
}

crate::tables::arrow_tables!(RelevanceResult);

impl RelevanceResult {
    fn rows_table(&self) -> Result<Table> {
        let rows = || self.rows.iter();
        Table::builder()
            .text("intervention", rows().map(|r| Some(r.intervention.as_str())))
            .list("threats", rows().map(|r| Some(r.threats.clone())))
            .number("people_rank", rows().map(|r| r.people_rank))
            .boolean("priority", rows().map(|r| r.priority))
            .number("share", rows().map(|r| r.share))
            .text("state", rows().map(|r| Some(r.state.word())))
            .text("why", rows().map(|r| Some(r.why)))
            .list("worsens", rows().map(|r| Some(r.worsens.clone())))
            .integer("aims", rows().map(|r| i64::try_from(r.aims).ok()))
            .integer("aims_with_rank", rows().map(|r| i64::try_from(r.ranked).ok()))
            .list("screens", rows().map(|r| Some(r.screens.clone())))
            .build()
    }

    fn unaddressed_table(&self) -> Result<Table> {
        let rows = || self.unaddressed.iter();
        Table::builder()
            .text("threat", rows().map(|r| Some(r.threat.as_str())))
            .text("place", rows().map(|r| Some(r.place.as_str())))
            .number("people_rank", rows().map(|r| Some(r.people_rank)))
            .text("why", rows().map(|r| Some(r.why)))
            .build()
    }

    fn aims_table(&self) -> Result<Table> {
        let rows = || self.aims.iter();
        Table::builder()
            .text("intervention", rows().map(|r| Some(r.intervention.as_str())))
            .text("threat", rows().map(|r| Some(r.threat.as_str())))
            .text("place", rows().map(|r| r.place.as_deref()))
            .number("people_rank", rows().map(|r| r.people_rank))
            .boolean("first", rows().map(|r| r.first))
            .text("outcome", rows().map(|r| Some(r.outcome)))
            .build()
    }

    /// Settings, facts, tables (`relevance`, `unaddressed`, `aims`) and notes.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("relevance", &self.settings)?;
        outcome.facts.insert("addressed_share".into(), json!(self.share));
        outcome.facts.insert("unaddressed_count".into(), json!(self.unaddressed.len()));
        outcome.tables = vec![("relevance", self.rows_table()?), ("unaddressed", self.unaddressed_table()?), ("aims", self.aims_table()?)];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
