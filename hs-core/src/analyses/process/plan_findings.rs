//! Where a plan does not hold: rules for roles, loads, time and horizons.

use serde::Serialize;

use super::action_plan::{ActionPlan, HorizonRow, Load, PlanRow};
use super::pooling::Pool;
use crate::Assessment;
use crate::assessment::{Intervention, span};

/// One finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// Which rule, for example `no-accountable`.
    pub kind: &'static str,
    /// Id of the intervention, `intervention/stage`, actor or component it is about.
    pub subject: String,
    /// What was found.
    pub message: String,
    /// How to mend it.
    pub advice: &'static str,
}

fn found(kind: &'static str, subject: impl Into<String>, message: String, advice: &'static str) -> Finding {
    Finding { kind, subject: subject.into(), message, advice }
}

pub(super) fn findings(
    settings: &ActionPlan,
    assessment: &Assessment,
    asked: &[&Intervention],
    rows: &[PlanRow],
    load: &[Load],
    horizons: &[HorizonRow],
    pooling: &[Pool],
) -> Vec<Finding> {
    let mut list: Vec<Finding> = Vec::new();
    for intervention in asked {
        roles(intervention, rows, &mut list);
        order(assessment, intervention, &mut list);
    }
    for own in load.iter().filter(|l| l.overload) {
        let by_count = own.load > settings.most;
        let why = match (by_count, own.burden) {
            (true, _) => format!("{} is responsible or accountable for {} interventions, more than {}", own.actor, own.load, settings.most),
            (false, burden) => {
                format!("the burdens of {} come to {}, more than {}", own.actor, burden.unwrap_or_default(), settings.burden)
            }
        };
        list.push(found("overload", &own.actor, why, "hand tasks on, or strengthen the actor before it takes them"));
    }
    let idle = |actor: &&crate::assessment::Actor| {
        let named = assessment.interventions.iter().any(|i| i.actors.contains(&actor.id));
        !named && !assessment.responsibilities.iter().any(|r| r.actor == actor.id)
    };
    // which actors have no role can only be told of the whole plan
    for actor in assessment.actors.iter().filter(|_| settings.interventions.is_none() && !asked.is_empty()).filter(idle) {
        let message = format!("{} has no role in any intervention", actor.id);
        list.push(found("orphan-actor", &actor.id, message, "ask what it could bring, or say why it has no part"));
    }
    for row in horizons.iter().filter(|h| h.gap) {
        let horizon = row.horizon.map_or("unsaid", |h| h.word());
        let message = format!("nothing is outlined for {} security at the {horizon} term", row.component);
        list.push(found(
            "horizon-gap",
            format!("{}/{horizon}", row.component),
            message,
            "outline it with the community, even if it will not be carried out",
        ));
    }
    for pool in pooling.iter().filter(|p| p.same_people && !p.coordinated) {
        let message = format!("{} and {} serve the same people and share no actor", pool.first, pool.second);
        let subject = format!("{}/{}", pool.first, pool.second);
        list.push(found("same-people", subject, message, "keep a permanent link between the programmes"));
    }
    list
}

fn roles(intervention: &Intervention, rows: &[PlanRow], list: &mut Vec<Finding>) {
    let own: Vec<&PlanRow> = rows.iter().filter(|r| r.intervention == intervention.id).collect();
    let id = &intervention.id;
    match own.first().map(|r| r.state) {
        Some("orphan") => {
            let advice = "name who is responsible, accountable, consulted and informed";
            list.push(found("orphan", id, format!("{id} has nobody: no actor and no role"), advice));
            return;
        }
        Some("roles-not-said") => {
            let message = format!("{id} names {} without saying who does what", super::network::listed(&intervention.actors));
            list.push(found("roles-not-said", id, message, "say who is responsible, accountable, consulted and informed"));
            return;
        }
        _ => {}
    }
    for row in &own {
        let subject = row.stage.map_or_else(|| id.clone(), |stage| format!("{id}/{stage}"));
        let nobody = row.responsible.is_empty() && row.accountable.is_empty() && row.consulted.is_empty() && row.informed.is_empty();
        if row.stage.is_some() && nobody {
            let message = format!("{subject} has nobody, while other stages have");
            list.push(found("stage-uncovered", subject, message, "allocate the stage, or say why it is left out"));
            continue;
        }
        let mut add = |kind, what: &str, advice| list.push(found(kind, &subject, format!("{subject} {what}"), advice));
        if row.responsible.is_empty() {
            add("no-responsible", "has nobody who does it", "name at least one who is responsible");
        }
        match row.accountable.as_slice() {
            [] => add("no-accountable", "has nobody who answers for it", "name exactly one who is accountable"),
            [_] => {}
            many => {
                let what = format!("has several who answer for it: {}", super::network::listed(many));
                add("several-accountable", &what, "leave one accountable; the others are responsible or consulted");
            }
        }
        if row.consulted.is_empty() {
            add("nobody-consulted", "consults nobody", "consult those affected, and those who know the place");
        }
        if row.local.is_empty() {
            add("local-absent", "has no local actor in any role", "give local actors a role; ownership grows from it");
        }
    }
}

/// An intervention that starts before one it needs, or one it cannot stand beside at the same time.
fn order(assessment: &Assessment, intervention: &Intervention, list: &mut Vec<Finding>) {
    let when = |i: &Intervention| i.period.as_deref().and_then(span);
    let of = |id: &String| assessment.interventions.iter().find(|i| i.id == *id);
    let Some((start, end)) = when(intervention) else { return };
    let id = &intervention.id;
    for needed in intervention.requires.iter().filter_map(of) {
        if when(needed).is_some_and(|(first, _)| first > start) {
            let message = format!("{id} starts before {}, which it needs", needed.id);
            list.push(found("out-of-order", id, message, "start what is needed first"));
        }
    }
    for other in intervention.excludes.iter().filter_map(of) {
        if when(other).is_some_and(|(first, last)| first <= end && start <= last) {
            let message = format!("{id} runs at the same time as {}, which it cannot stand beside", other.id);
            list.push(found("at-once", id, message, "part them in time, or choose"));
        }
    }
}
