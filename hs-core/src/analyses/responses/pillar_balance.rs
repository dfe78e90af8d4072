//! How are budget, people and interventions shared out between the pillars, over time and between stages?

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::pillar_gaps::NOT_SAID;
use super::reached::{Counter, Persons, Reach};
use crate::analyses::judged::judged;
use crate::analyses::thresholds::Criticality;
use crate::assessment::Intervention;
use crate::framework::{Component, Horizon, Pillar};
use crate::network::Atlas;
use crate::tables::{Note, Outcome, Table};
use crate::{Assessment, Error, Result};

/// How are budget, people and interventions shared out between the pillars, over time and between stages?
///
/// A picture, no mark: nothing says how much of which pillar is right. What nobody said stands as a value of its own (`not said`), and what
/// is of both pillars is never split between them. A cost that is missing is counted as missing, never as nothing.
///
/// # Method
/// Shares of interventions are of all; of the budget, of all costs that are known. Persons are those affected (prevalence x persons) in the
/// cells that direct effects improve, each counted once: of threats and groups that may overlap [max n, min(N, Σ n)]. A share of persons is
/// of those that any intervention reaches, and the shares of two values may overlap.
///
/// # Complexity
/// Interventions times the cells they reach.
///
/// # References
/// Commission on Human Security, *Human Security Now*, 2003; UNTFHS, *Human Security in Theory and Practice*, 2009.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PillarBalance {
    /// Ids of the interventions; all where absent.
    pub interventions: Option<Vec<String>>,
    /// Which cells persons are counted in.
    pub criticality: Criticality,
}

crate::framework::words::words!(
    /// Where in the course of a harm an intervention acts.
    Stage {
        /// Before it comes.
        Prevention = "prevention",
        /// While it lasts.
        Mitigation = "mitigation",
        /// With what it left.
        Coping = "coping",
    }
);

/// What is of one value on one axis.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BalanceRow {
    /// The component the interventions target; none where all are looked at together.
    pub component: Option<Component>,
    /// `pillar`, `horizon` or `stage`.
    pub axis: &'static str,
    /// A word of the axis, or `not said`.
    pub value: &'static str,
    /// Ids of the interventions, in the order of the assessment.
    pub ids: Vec<String>,
    /// How many there are on the axis over all its values.
    pub of: usize,
    /// How many of them leave the axis unsaid.
    pub unsaid: usize,
    /// Interventions whose cost is known.
    pub with_cost: usize,
    /// Sum of the known costs; none where there are interventions and no cost of theirs is known.
    pub budget: Option<f64>,
    /// Share of all known costs of the axis.
    pub budget_share: Option<f64>,
    /// At least so many different persons; none where nobody's number is known.
    pub persons_low: Option<f64>,
    /// At most so many different persons; none where some number is not known.
    pub persons_high: Option<f64>,
    /// Share of the persons that any intervention reaches, at least.
    pub persons_share_low: Option<f64>,
    /// Share of the persons that any intervention reaches, at most.
    pub persons_share_high: Option<f64>,
    /// Cells reached.
    pub cells: usize,
    /// Cells reached whose persons are not known.
    pub cells_without_persons: usize,
    /// Interventions that improve no cell directly, so that whom they reach is not said.
    pub without_reach: usize,
}

impl BalanceRow {
    fn share(&self) -> Option<f64> {
        (self.of > 0).then(|| self.ids.len() as f64 / self.of as f64)
    }

    /// The share if everything unsaid were of this value; nothing stands against `not said` itself.
    fn share_high(&self) -> Option<f64> {
        (self.of > 0 && self.value != NOT_SAID).then(|| (self.ids.len() + self.unsaid) as f64 / self.of as f64)
    }
}

/// What [`PillarBalance`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PillarBalanceResult {
    /// The settings.
    pub settings: PillarBalance,
    /// By axis and value.
    pub rows: Vec<BalanceRow>,
    /// The same by the component that interventions target.
    pub by_component: Vec<BalanceRow>,
    /// Sides that are empty, as `pillar protection`.
    pub empty_sides: Vec<String>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

/// An intervention with what the balance asks of it.
struct Weighed<'a> {
    intervention: &'a Intervention,
    stage: &'static str,
    reach: Reach,
    reaches: bool,
}

impl Weighed<'_> {
    fn value(&self, axis: &str) -> &'static str {
        match axis {
            "pillar" => self.intervention.pillar.map_or(NOT_SAID, Pillar::word),
            "horizon" => self.intervention.horizon.map_or(NOT_SAID, Horizon::word),
            _ => self.stage,
        }
    }
}

/// The axes with their words; `both` fills both pillars.
fn axes() -> [(&'static str, Vec<&'static str>); 3] {
    let with = |words: Vec<&'static str>| words.into_iter().chain([NOT_SAID]).collect();
    [
        ("pillar", with(Pillar::ALL.iter().map(|p| p.word()).collect())),
        ("horizon", with(Horizon::ALL.iter().map(|h| h.word()).collect())),
        ("stage", with(Stage::ALL.iter().map(|s| s.word()).collect())),
    ]
}

impl PillarBalance {
    /// Counts what is of each pillar, horizon and stage.
    ///
    /// # Errors
    /// `NotFound` for an intervention that is not there; as [`Criticality::run`].
    pub fn run(&self, assessment: &Assessment) -> Result<PillarBalanceResult> {
        let atlas = Atlas::new(assessment)?;
        let classed = self.criticality.run(assessment)?;
        let counter = Counter::new(assessment, &atlas, &classed.cells)?;
        let mut notes = classed.notes.clone();
        let weighed = self.weighed(assessment, &counter, &mut notes)?;
        let all: Vec<&Weighed<'_>> = weighed.iter().collect();
        let rows = count(&counter, None, &all);
        let mut by_component = Vec::new();
        for &component in Component::ALL {
            let own: Vec<&Weighed<'_>> = weighed.iter().filter(|w| w.intervention.component == component).collect();
            if !own.is_empty() || assessment.threats.iter().any(|t| t.component == component) {
                by_component.extend(count(&counter, Some(component), &own));
            }
        }
        let empty_sides = remarks(&weighed, &rows, &mut notes);
        Ok(PillarBalanceResult { settings: self.clone(), rows, by_component, empty_sides, notes })
    }

    fn weighed<'a>(&self, assessment: &'a Assessment, counter: &Counter<'_>, notes: &mut Vec<Note>) -> Result<Vec<Weighed<'a>>> {
        let known = || assessment.interventions.iter().map(|i| i.id.as_str());
        if let Some(missing) = self.interventions.iter().flatten().find(|id| !known().any(|k| k == **id)) {
            return Err(Error::not_found("intervention", missing, known()));
        }
        let asked = |id: &str| self.interventions.as_ref().is_none_or(|ids| ids.iter().any(|i| i == id));
        let (mut unread, mut earlier) = (Vec::new(), Vec::new());
        let mut weighed = Vec::new();
        for intervention in assessment.interventions.iter().filter(|i| asked(&i.id)) {
            let word = |answer: &str| Stage::from_word(&answer.trim().to_lowercase());
            let said = judged(assessment, "intervention", &intervention.id, |j| j.question == "stage");
            if let Some(said) = said.as_ref().filter(|s| word(&s.latest.answer).is_none()) {
                unread.push(format!("{}: {}", intervention.id, said.latest.answer));
            }
            earlier.extend(said.iter().flat_map(|s| s.before()).map(|before| format!("{}: {before}", intervention.id)));
            let stage = said.and_then(|s| word(&s.latest.answer)).map_or(NOT_SAID, Stage::word);
            let reach = counter.reach(intervention)?;
            let reaches = counter.persons(&[&reach]).cells > 0;
            weighed.push(Weighed { intervention, stage, reach, reaches });
        }
        if !unread.is_empty() {
            let message = "a judgement on the stage is neither prevention, mitigation nor coping; it counts as not said";
            notes.push(Note::new("stage-not-known", message, unread));
        }
        if !earlier.is_empty() {
            notes.push(Note::new("earlier-judgements", "later judgements on the stage took the place of these", earlier));
        }
        Ok(weighed)
    }
}

/// One row a value of each axis.
fn count(counter: &Counter<'_>, component: Option<Component>, weighed: &[&Weighed<'_>]) -> Vec<BalanceRow> {
    let budget = |of: &[&Weighed<'_>]| -> (usize, f64) {
        let costs: Vec<f64> = of.iter().filter_map(|w| w.intervention.cost.map(|c| c.get())).collect();
        (costs.len(), costs.iter().sum())
    };
    let persons = |of: &[&Weighed<'_>]| -> Persons { counter.persons(&of.iter().map(|w| &w.reach).collect::<Vec<_>>()) };
    let (_, total) = budget(weighed);
    let everyone = persons(weighed);
    let mut rows = Vec::new();
    for (axis, words) in axes() {
        let unsaid = weighed.iter().filter(|w| w.value(axis) == NOT_SAID).count();
        for value in words {
            let own: Vec<&Weighed<'_>> = weighed.iter().copied().filter(|w| w.value(axis) == value).collect();
            let (with_cost, sum) = budget(&own);
            let known = own.is_empty() || with_cost > 0;
            let found = persons(&own);
            let share = |part: Option<f64>, whole: Option<f64>| part.zip(whole).filter(|(_, n)| *n > 0.0).map(|(p, n)| (p / n).min(1.0));
            rows.push(BalanceRow {
                component,
                axis,
                value,
                ids: own.iter().map(|w| w.intervention.id.clone()).collect(),
                of: weighed.len(),
                unsaid,
                with_cost,
                budget: known.then_some(sum),
                budget_share: (known && total > 0.0).then(|| sum / total),
                persons_low: found.low,
                persons_high: found.high,
                persons_share_low: share(found.low, everyone.high),
                persons_share_high: share(found.high, everyone.low),
                cells: found.cells,
                cells_without_persons: found.cells_without,
                without_reach: own.iter().filter(|w| !w.reaches).count(),
            });
        }
    }
    rows
}

/// Notes on what is empty, unsaid or missing; gives the empty sides.
fn remarks(weighed: &[Weighed<'_>], rows: &[BalanceRow], notes: &mut Vec<Note>) -> Vec<String> {
    let mut empty = Vec::new();
    if weighed.is_empty() {
        notes.push(Note::new("no-interventions", "there is no intervention to weigh", Vec::<String>::new()));
        return empty;
    }
    for (axis, words) in axes() {
        let unsaid: Vec<&str> = weighed.iter().filter(|w| w.value(axis) == NOT_SAID).map(|w| w.intervention.id.as_str()).collect();
        let is_empty = |word: &&'static str| !weighed.iter().any(|w| w.value(axis) == *word || w.value(axis) == Pillar::Both.word());
        let sides: Vec<&str> = words.iter().copied().filter(|w| *w != NOT_SAID && *w != Pillar::Both.word()).filter(is_empty).collect();
        if !unsaid.is_empty() {
            let open =
                if sides.is_empty() { String::new() } else { format!("; whether anything is {} cannot be told", sides.join(" or ")) };
            let message = format!("{} of {} interventions do not say their {axis}{open}", unsaid.len(), weighed.len());
            notes.push(Note::new("side-not-said", message, unsaid));
        } else if !sides.is_empty() {
            let message = format!("warning: no intervention is {} ({axis})", sides.join(" or "));
            notes.push(Note::new("empty-side", message, sides.iter().copied()));
            empty.extend(sides.iter().map(|side| format!("{axis} {side}")));
        }
    }
    let without_cost: Vec<&str> = weighed.iter().filter(|w| w.intervention.cost.is_none()).map(|w| w.intervention.id.as_str()).collect();
    if !without_cost.is_empty() {
        let (missing, all) = (without_cost.len(), weighed.len());
        let message = format!(
            "{missing} of {all} interventions have no cost: shares of the budget are of what is known, and missing where nothing is"
        );
        notes.push(Note::new("missing-cost", message, without_cost));
    }
    let without_reach: Vec<&str> = weighed.iter().filter(|w| !w.reaches).map(|w| w.intervention.id.as_str()).collect();
    if !without_reach.is_empty() {
        let message = "interventions improve no cell directly; whom they reach is not said, and they are not in the persons";
        notes.push(Note::new("reach-not-said", message, without_reach));
    }
    if rows.iter().any(|r| r.cells_without_persons > 0) {
        let message = "persons of some cells reached are not known; the lower bound leaves them out, the upper one is everyone of the place or missing";
        notes.push(Note::new("persons-not-known", message, Vec::<String>::new()));
    }
    empty
}

crate::tables::arrow_tables!(PillarBalanceResult);

impl PillarBalanceResult {
    fn table(rows: &[BalanceRow], by_component: bool) -> Result<Table> {
        let whole = |n: usize| i64::try_from(n).ok();
        let mut table = Table::builder();
        if by_component {
            table = table.text("component", rows.iter().map(|r| r.component.map(Component::word)));
        }
        table
            .text("axis", rows.iter().map(|r| Some(r.axis)))
            .text("value", rows.iter().map(|r| Some(r.value)))
            .integer("interventions", rows.iter().map(|r| whole(r.ids.len())))
            .number("interventions_share", rows.iter().map(BalanceRow::share))
            .number("budget", rows.iter().map(|r| r.budget))
            .number("budget_share", rows.iter().map(|r| r.budget_share))
            .number("persons_low", rows.iter().map(|r| r.persons_low))
            .number("persons_high", rows.iter().map(|r| r.persons_high))
            .number("persons_share_low", rows.iter().map(|r| r.persons_share_low))
            .number("persons_share_high", rows.iter().map(|r| r.persons_share_high))
            .number("interventions_share_high", rows.iter().map(BalanceRow::share_high))
            .integer("interventions_with_cost", rows.iter().map(|r| whole(r.with_cost)))
            .number("budget_coverage", rows.iter().map(|r| (!r.ids.is_empty()).then(|| r.with_cost as f64 / r.ids.len() as f64)))
            .integer("cells", rows.iter().map(|r| whole(r.cells)))
            .integer("cells_without_persons", rows.iter().map(|r| whole(r.cells_without_persons)))
            .integer("interventions_without_reach", rows.iter().map(|r| whole(r.without_reach)))
            .list("ids", rows.iter().map(|r| Some(r.ids.clone())))
            .build()
    }

    /// Settings, facts, tables (`balance`, `by_component`) and notes.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("pillar_balance", &self.settings)?;
        let pillars = || self.rows.iter().filter(|r| r.axis == "pillar");
        let of = pillars().next().map_or(0, |r| r.of);
        let with_cost: usize = pillars().map(|r| r.with_cost).sum();
        let known: f64 = pillars().filter_map(|r| r.budget).sum();
        outcome.facts.insert("interventions".into(), json!(of));
        outcome.facts.insert("budget".into(), json!((with_cost > 0).then_some(known)));
        outcome.facts.insert("budget_coverage".into(), json!((of > 0).then(|| with_cost as f64 / of as f64)));
        outcome.facts.insert("missing_costs".into(), json!(of - with_cost));
        outcome.facts.insert("empty_sides".into(), json!(self.empty_sides));
        outcome.tables = vec![("balance", Self::table(&self.rows, false)?), ("by_component", Self::table(&self.by_component, true)?)];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
