//! Who does what, when, and where does the plan not hold?

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::local::is_local;
use super::plan_findings::{Finding, findings};
use super::pooling::{Pool, pooling};
use crate::analyses::judged::judged;
use crate::analyses::responses::{PolicyCoherence, Tension};
use crate::assessment::{Intervention, Responsibility, Role};
use crate::framework::{Component, Horizon, Pillar};
use crate::kernels::{Tick, never};
use crate::tables::Note;
use crate::{Assessment, Error, ErrorKind, Result};

/// Who does what, when, and where does the plan not hold?
///
/// Roles are Responsible, Accountable, Consulted and Informed, by intervention and, where the plan uses them, by the five participatory stages. A role without a stage holds at
/// every stage. What is not written down is shown as a gap, not filled in; short gains that are later harms stand beside each other.
///
/// # Method
/// Complete: exactly one accountable, at least one responsible, somebody consulted, a local actor among them. Overload: responsible or accountable for more than `most`
/// interventions, or burdens of more than `burden` together. Tensions as in [`PolicyCoherence`]. Same people: same area and same or overlapping groups.
///
/// # Complexity
/// Responsibilities, pairs of interventions, and tensions as [`PolicyCoherence`].
///
/// # References
/// UNTFHS, *Human Security in Theory and Practice*, 2009, lines 303, 313, 365, 393, 426-427 and 467-479.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ActionPlan {
    /// Ids of the interventions; all where absent.
    pub interventions: Option<Vec<String>>,
    /// Interventions one actor may be responsible or accountable for before it counts as overloaded.
    pub most: usize,
    /// Burdens one actor may carry together before it counts as overloaded.
    pub burden: f64,
    /// Whether gains and harms over time are looked for.
    pub tensions: bool,
    /// How they are looked for; `interventions` above stands in for its own.
    pub coherence: PolicyCoherence,
}

impl Default for ActionPlan {
    fn default() -> Self {
        ActionPlan { interventions: None, most: 3, burden: 2.0, tensions: true, coherence: PolicyCoherence::default() }
    }
}

/// Roles at one intervention, or one stage of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlanRow {
    /// Id of the intervention.
    pub intervention: String,
    /// Stage, 1 to 5; none where it uses no stages.
    pub stage: Option<u8>,
    /// Ids of the actors who do it.
    pub responsible: Vec<String>,
    /// Ids of those who answer for it.
    pub accountable: Vec<String>,
    /// Ids of those who are asked.
    pub consulted: Vec<String>,
    /// Ids of those who are told.
    pub informed: Vec<String>,
    /// `complete`, `incomplete`, `roles-not-said` (actors are named without a role) or `orphan`.
    pub state: &'static str,
    /// Actors the intervention names that have no role in it.
    pub named: Vec<String>,
    /// Ids of local actors among all of these.
    pub local: Vec<String>,
    /// Tasks.
    pub tasks: Vec<String>,
}

/// What one actor carries.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Load {
    /// Id of the actor.
    pub actor: String,
    /// Interventions it is responsible for.
    pub responsible: usize,
    /// Interventions it is accountable for.
    pub accountable: usize,
    /// Interventions it is consulted on.
    pub consulted: usize,
    /// Interventions it is informed of.
    pub informed: usize,
    /// Sum of the burdens said; none where none is.
    pub burden: Option<f64>,
    /// Sum of the benefits said; none where none is.
    pub benefit: Option<f64>,
    /// Whether it is overloaded.
    pub overload: bool,
    /// Interventions it is responsible or accountable for, each once.
    pub load: usize,
    /// Roles whose burden is not said.
    pub burdens_missing: usize,
}

/// When an intervention, or a stage of it, runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TimelineRow {
    /// Id of the intervention.
    pub intervention: String,
    /// Pillar, where said.
    pub pillar: Option<Pillar>,
    /// Horizon, where said.
    pub horizon: Option<Horizon>,
    /// Period in which it starts.
    pub start: Option<String>,
    /// Period in which it ends.
    pub end: Option<String>,
    /// Stage; none for the whole.
    pub stage: Option<u8>,
    /// Status of the stage as judged.
    pub status: Option<String>,
}

/// What is planned for a component at one horizon.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HorizonRow {
    /// The component.
    pub component: Component,
    /// The horizon; none for interventions that do not say theirs.
    pub horizon: Option<Horizon>,
    /// Ids of the interventions.
    pub interventions: Vec<String>,
    /// Whether nothing is outlined; never where an intervention of the component leaves its horizon unsaid.
    pub gap: bool,
    /// `covered`, `gap`, `open` (an unsaid horizon could fill it) or `not-said`.
    pub state: &'static str,
}

/// What [`ActionPlan`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ActionPlanResult {
    /// The settings.
    pub settings: ActionPlan,
    /// Roles.
    pub rows: Vec<PlanRow>,
    /// Where the plan does not hold.
    pub findings: Vec<Finding>,
    /// By actor.
    pub load: Vec<Load>,
    /// Over time.
    pub timeline: Vec<TimelineRow>,
    /// By component and horizon.
    pub horizons: Vec<HorizonRow>,
    /// Gains and harms of one intervention at different horizons.
    pub tensions: Vec<Tension>,
    /// By pair of interventions.
    pub pooling: Vec<Pool>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

impl ActionPlan {
    /// Runs the analysis.
    ///
    /// # Errors
    /// `NotFound` for an intervention that is not there; `Argument` where `most` is 0 or `burden` is below 0.
    pub fn run(&self, assessment: &Assessment) -> Result<ActionPlanResult> {
        self.run_with(assessment, &never)
    }

    /// Runs the analysis; `tick` is told how far it is and answers whether to go on.
    ///
    /// # Errors
    /// As [`ActionPlan::run`], and `Cancelled` where `tick` says so.
    pub fn run_with(&self, assessment: &Assessment, tick: Tick<'_>) -> Result<ActionPlanResult> {
        self.check(assessment)?;
        let asked: Vec<&Intervention> = assessment.interventions.iter().filter(|i| self.asks(&i.id)).collect();
        let rows: Vec<PlanRow> = asked.iter().flat_map(|i| plan_rows(assessment, i)).collect();
        let load = self.loads(assessment);
        let horizons = horizons(assessment, &asked);
        let pooling = pooling(assessment, &asked);
        let timeline = asked.iter().flat_map(|i| timeline(assessment, i)).collect();
        let findings = findings(self, assessment, &asked, &rows, &load, &horizons, &pooling);
        let mut notes = notes(assessment, &asked, &load);
        let tensions = self.tense(assessment, &asked, &mut notes, tick)?;
        Ok(ActionPlanResult { settings: self.clone(), rows, findings, load, timeline, horizons, tensions, pooling, notes })
    }

    fn check(&self, assessment: &Assessment) -> Result<()> {
        let known = || assessment.interventions.iter().map(|i| i.id.as_str());
        if let Some(missing) = self.interventions.iter().flatten().find(|id| !known().any(|k| k == **id)) {
            return Err(Error::not_found("intervention", missing, known()));
        }
        if self.most == 0 {
            return Err(Error::argument("`most`: found 0, wanted 1 intervention or more"));
        }
        if !(self.burden >= 0.0 && self.burden.is_finite()) {
            return Err(Error::argument(format!("`burden`: found {}, wanted a number of 0 or more", self.burden)));
        }
        Ok(())
    }

    pub(super) fn asks(&self, id: &str) -> bool {
        self.interventions.as_ref().is_none_or(|ids| ids.iter().any(|i| i == id))
    }

    fn loads(&self, assessment: &Assessment) -> Vec<Load> {
        let row = |actor: &crate::assessment::Actor| {
            let own: Vec<&Responsibility> =
                assessment.responsibilities.iter().filter(|r| r.actor == actor.id && self.asks(&r.intervention)).collect();
            let count = |roles: &[Role]| {
                let found: BTreeSet<&str> = own.iter().filter(|r| roles.contains(&r.role)).map(|r| r.intervention.as_str()).collect();
                found.len()
            };
            let sum = |of: &dyn Fn(&Responsibility) -> Option<f64>| {
                let known: Vec<f64> = own.iter().filter_map(|r| of(r)).collect();
                (!known.is_empty()).then(|| known.iter().sum::<f64>())
            };
            let burden = sum(&|r| r.burden.map(|b| b.get()));
            let load = count(&[Role::Responsible, Role::Accountable]);
            Load {
                actor: actor.id.clone(),
                responsible: count(&[Role::Responsible]),
                accountable: count(&[Role::Accountable]),
                consulted: count(&[Role::Consulted]),
                informed: count(&[Role::Informed]),
                burden,
                benefit: sum(&|r| r.benefit.map(|b| b.get())),
                overload: load > self.most || burden.is_some_and(|b| b > self.burden + 1e-9),
                load,
                burdens_missing: own.iter().filter(|r| r.burden.is_none()).count(),
            }
        };
        assessment.actors.iter().map(row).collect()
    }

    fn tense(&self, assessment: &Assessment, asked: &[&Intervention], notes: &mut Vec<Note>, tick: Tick<'_>) -> Result<Vec<Tension>> {
        if !self.tensions || asked.iter().all(|i| i.effects.is_empty() && i.externalities.is_empty()) {
            return Ok(Vec::new());
        }
        let coherence = PolicyCoherence { interventions: self.interventions.clone(), ..self.coherence.clone() };
        match coherence.run_with(assessment, tick) {
            Ok(found) => Ok(found.tensions),
            Err(error) if error.kind == ErrorKind::Cancelled || error.kind == ErrorKind::Argument => Err(error),
            Err(error) => {
                let message = format!("gains and harms over time cannot be told: {}", error.message);
                notes.push(Note::new("tensions-not-assessed", message, Vec::<String>::new()));
                Ok(Vec::new())
            }
        }
    }
}

fn plan_rows(assessment: &Assessment, intervention: &Intervention) -> Vec<PlanRow> {
    let own: Vec<&Responsibility> = assessment.responsibilities.iter().filter(|r| r.intervention == intervention.id).collect();
    let stages: Vec<Option<u8>> = if own.iter().any(|r| r.stage.is_some()) { (1..=5).map(Some).collect() } else { vec![None] };
    let named: Vec<String> = intervention.actors.iter().filter(|a| own.iter().all(|r| r.actor != **a)).cloned().collect();
    let row = |stage: Option<u8>| {
        let held = || own.iter().filter(move |r| r.stage.is_none() || r.stage == stage);
        // in the order of the assessment, each once
        let with = |role: Role| -> Vec<String> {
            let has = |a: &&crate::assessment::Actor| held().any(|r| r.role == role && r.actor == a.id);
            assessment.actors.iter().filter(has).map(|a| a.id.clone()).collect()
        };
        let [responsible, accountable, consulted, informed] =
            [Role::Responsible, Role::Accountable, Role::Consulted, Role::Informed].map(with);
        let takes_part = |a: &&crate::assessment::Actor| held().any(|r| r.actor == a.id);
        let local: Vec<String> =
            assessment.actors.iter().filter(takes_part).filter(|a| is_local(assessment, &a.id)).map(|a| a.id.clone()).collect();
        let whole = accountable.len() == 1 && !responsible.is_empty() && !consulted.is_empty() && !local.is_empty();
        let state = match (own.is_empty(), intervention.actors.is_empty()) {
            (true, true) => "orphan",
            (true, false) => "roles-not-said",
            _ if whole => "complete",
            _ => "incomplete",
        };
        let mut tasks: Vec<String> = held().filter_map(|r| r.task.clone()).collect();
        tasks.sort_unstable();
        tasks.dedup();
        let intervention = intervention.id.clone();
        PlanRow { intervention, stage, responsible, accountable, consulted, informed, state, named: named.clone(), local, tasks }
    };
    stages.into_iter().map(row).collect()
}

/// The whole, and each stage that is used or judged.
fn timeline(assessment: &Assessment, intervention: &Intervention) -> Vec<TimelineRow> {
    let ends = intervention.period.as_deref().map(|p| p.split_once('/').unwrap_or((p, p)));
    let used = |stage: u8| assessment.responsibilities.iter().any(|r| r.intervention == intervention.id && r.stage == Some(stage));
    let status = |stage: u8| {
        let own = judged(assessment, "stage", &format!("{}/{stage}", intervention.id), |j| j.question == "status");
        own.map(|j| j.latest.answer.trim().to_lowercase())
    };
    let row = |stage: Option<u8>, status: Option<String>| TimelineRow {
        intervention: intervention.id.clone(),
        pillar: intervention.pillar,
        horizon: intervention.horizon,
        start: ends.map(|(start, _)| start.to_owned()),
        end: ends.map(|(_, end)| end.to_owned()),
        stage,
        status,
    };
    let stages = (1..=5u8).filter_map(|stage| {
        let status = status(stage);
        (used(stage) || status.is_some()).then(|| row(Some(stage), status))
    });
    std::iter::once(row(None, None)).chain(stages).collect()
}

fn horizons(assessment: &Assessment, asked: &[&Intervention]) -> Vec<HorizonRow> {
    let mut rows = Vec::new();
    for &component in Component::ALL {
        let own: Vec<&&Intervention> = asked.iter().filter(|i| i.component == component || i.also.contains(&component)).collect();
        if own.is_empty() && !assessment.threats.iter().any(|t| t.component == component) {
            continue;
        }
        let of = |horizon: Option<Horizon>| -> Vec<String> { own.iter().filter(|i| i.horizon == horizon).map(|i| i.id.clone()).collect() };
        let unsaid = of(None);
        for &horizon in Horizon::ALL {
            let interventions = of(Some(horizon));
            let state = match (interventions.is_empty(), unsaid.is_empty()) {
                (false, _) => "covered",
                (true, true) => "gap",
                (true, false) => "open",
            };
            rows.push(HorizonRow { component, horizon: Some(horizon), interventions, gap: state == "gap", state });
        }
        if !unsaid.is_empty() {
            rows.push(HorizonRow { component, horizon: None, interventions: unsaid, gap: false, state: "not-said" });
        }
    }
    rows
}

fn notes(assessment: &Assessment, asked: &[&Intervention], load: &[Load]) -> Vec<Note> {
    let mut notes = Vec::new();
    if asked.is_empty() {
        notes.push(Note::new("no-interventions", "there is no intervention to plan", Vec::<String>::new()));
        return notes;
    }
    if assessment.responsibilities.is_empty() {
        let message = "nobody's role is written down: actors that interventions name are shown without one";
        notes.push(Note::new("no-responsibilities", message, Vec::<String>::new()));
    }
    let of = |wanted: &dyn Fn(&Intervention) -> bool| -> Vec<String> { asked.iter().filter(|i| wanted(i)).map(|i| i.id.clone()).collect() };
    for (code, message, subjects) in [
        ("period-not-said", "have no period said", of(&|i| i.period.is_none())),
        ("horizon-not-said", "have no horizon said", of(&|i| i.horizon.is_none())),
        ("target-not-said", "have no effect, so whom they serve is not said and no shared people are found", of(&|i| i.effects.is_empty())),
    ] {
        if !subjects.is_empty() {
            notes.push(Note::counted(code, "intervention", message, subjects));
        }
    }
    let missing: Vec<String> = load.iter().filter(|l| l.burden.is_some() && l.burdens_missing > 0).map(|l| l.actor.clone()).collect();
    if !missing.is_empty() {
        notes.push(Note::counted("burden-missing", "actor", "have roles whose burden is not said: their sum is of the others", missing));
    }
    notes
}
