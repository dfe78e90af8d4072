//! The rules of independence and coordination, as data, and what each looks for.

use super::independence::{Independence, LayerRow, OverlapRow};
use super::network::workers;
use crate::Assessment;
use crate::assessment::{Actor, ActorKind, Measure, Role, TieKind};

/// One rule.
pub(super) struct Rule {
    pub(super) id: &'static str,
    pub(super) question: &'static str,
    pub(super) reason: &'static str,
    pub(super) locator: &'static str,
    pub(super) mend: &'static str,
    /// What is wanting where it cannot be assessed.
    pub(super) wanting: &'static str,
}

/// Something a rule found.
pub(super) struct Finding {
    pub(super) actor: String,
    pub(super) other: String,
    pub(super) tie: Option<String>,
    pub(super) why: String,
    pub(super) basis: &'static str,
}

const NO_TIES: &str = "no tie between actors is written down";
const NO_ROLES: &str = "no responsibility is written down";
const COOPERATION: &str = "civil society paper 2013, lines 56 and 130";
const TURF: &str = "handbook 2009, lines 396-402";

pub(super) const RULES: [Rule; 11] = [
    Rule {
        id: "command",
        question: "Does a state, the UN or an armed actor direct civil society, or does civil society report to it?",
        reason: "civil society that is built into a mission may lose the trust of those it works with",
        locator: COOPERATION,
        mend: "turn the line of command into a space for dialogue in which both stay independent",
        wanting: NO_TIES,
    },
    Rule {
        id: "armed-partner",
        question: "Is an armed actor a partner of civil society, or does it coordinate with it?",
        reason: "impartiality and neutrality keep staff from becoming targets and keep the trust of communities",
        locator: COOPERATION,
        mend: "keep distance, or let a neutral facilitator hold the contact; ask the organisation itself",
        wanting: NO_TIES,
    },
    Rule {
        id: "armed-work",
        question: "Does civil society work beside an armed actor on one intervention?",
        reason: "being seen with armed actors may make civil society a target or lose it trust",
        locator: COOPERATION,
        mend: "part the tasks, and say who does what in whose name",
        wanting: "no intervention names actors of both kinds",
    },
    Rule {
        id: "data-flow",
        question: "Does civil society hand data to an armed actor, or to one that is a source of a threat?",
        reason: "what people told in confidence may reach those they fear",
        locator: COOPERATION,
        mend: "share totals alone, under a written agreement on what may not be passed on",
        wanting: NO_TIES,
    },
    Rule {
        id: "source-of-threat",
        question: "Is civil society directed or funded by, or does it report to, an actor that is a source of a threat?",
        reason: "whoever depends on the source of a threat can hardly speak for those it endangers",
        locator: COOPERATION,
        mend: "find another channel, or agree on safeguards that those endangered have accepted",
        wanting: NO_TIES,
    },
    Rule {
        id: "sole-funder",
        question: "Has civil society one funder alone, who also directs it or hears its reports?",
        reason: "independence of role is lost where money and command come from one hand",
        locator: COOPERATION,
        mend: "widen the funding, or part funding from direction",
        wanting: NO_TIES,
    },
    Rule {
        id: "force-multiplier",
        question: "Does civil society carry out a measure of security forces for which a state, the UN or an armed actor is accountable?",
        reason: "security missions have used civil society as a multiplier of their force",
        locator: "civil society paper 2013, line 56",
        mend: "let civil society set its own aims beside the measure, or leave it out of the measure",
        wanting: NO_ROLES,
    },
    Rule {
        id: "turf",
        question: "Have actors the same field in the same place and no tie of coordination or partnership?",
        reason: "turf wars between organisations stand in the way of working across sectors",
        locator: TURF,
        mend: "bring them together and agree who leads on what",
        wanting: "no actor says its mandates or what it protects from",
    },
    Rule {
        id: "top-down",
        question: "Is an intervention in the hands of outside actors alone, with nobody consulted?",
        reason: "grand strategies that are top-down stay on paper",
        locator: TURF,
        mend: "consult those affected, and give local actors a role",
        wanting: NO_ROLES,
    },
    Rule {
        id: "layers",
        question: "Do several committees stand over one intervention?",
        reason: "overlays of management, accountability and committees multiply",
        locator: TURF,
        mend: "join committees, or part what each decides",
        wanting: "no committee is written down",
    },
    Rule {
        id: "several-accountable",
        question: "Do several actors answer for one stage of an intervention?",
        reason: "layers of accountability leave nobody accountable",
        locator: TURF,
        mend: "name one who answers, and make the others responsible or consulted",
        wanting: NO_ROLES,
    },
];

fn civil(actor: &Actor) -> bool {
    matches!(actor.kind, ActorKind::Ngo | ActorKind::Community)
}

fn commanding(actor: &Actor) -> bool {
    matches!(actor.kind, ActorKind::State | ActorKind::Un | ActorKind::Armed)
}

/// Civil society and the other of each tie, with the word of the tie as seen from civil society.
fn civil_ties(assessment: &Assessment) -> Vec<(&Actor, &Actor, TieKind, bool)> {
    let actor = |id: &str| assessment.actors.iter().find(|a| a.id == id);
    let mut found = Vec::new();
    for tie in &assessment.ties {
        let (Some(from), Some(to)) = (actor(&tie.from), actor(&tie.to)) else { continue };
        if civil(from) && from.id != to.id {
            found.push((from, to, tie.kind, true));
        }
        if civil(to) && from.id != to.id {
            found.push((to, from, tie.kind, false));
        }
    }
    found
}

/// The tie in words.
fn said(civil: &Actor, other: &Actor, kind: TieKind, outgoing: bool) -> String {
    let (from, to) = if outgoing { (civil, other) } else { (other, civil) };
    match kind {
        TieKind::Coordinates => format!("{} coordinates with {}", from.id, to.id),
        TieKind::Partners => format!("{} is a partner of {}", from.id, to.id),
        TieKind::Funds => format!("{} funds {}", from.id, to.id),
        TieKind::ReportsTo => format!("{} reports to {}", from.id, to.id),
        TieKind::Directs => format!("{} directs {}", from.id, to.id),
        TieKind::SharesData => format!("{} shares data with {}", from.id, to.id),
    }
}

/// What a rule finds; none where what it looks at is not there.
pub(super) fn check(
    rule: &str,
    assessment: &Assessment,
    settings: &Independence,
    overlaps: &[OverlapRow],
    layers: &[LayerRow],
) -> Option<Vec<Finding>> {
    let on_ties = |wanted: &dyn Fn(&Actor, &Actor, TieKind, bool) -> bool| {
        let found = civil_ties(assessment).into_iter().filter(|(civil, other, kind, out)| wanted(civil, other, *kind, *out));
        let finding = |(civil, other, kind, out): (&Actor, &Actor, TieKind, bool)| Finding {
            actor: civil.id.clone(),
            other: other.id.clone(),
            tie: Some(kind.word().to_owned()),
            why: said(civil, other, kind, out),
            basis: "stated",
        };
        (!assessment.ties.is_empty()).then(|| found.map(finding).collect())
    };
    // a line of command: it reports, or is directed
    let below = |kind: TieKind, out: bool| (kind == TieKind::ReportsTo && out) || (kind == TieKind::Directs && !out);
    match rule {
        "command" => on_ties(&|_, other, kind, out| commanding(other) && below(kind, out)),
        "armed-partner" => {
            on_ties(&|_, other, kind, _| other.kind == ActorKind::Armed && matches!(kind, TieKind::Partners | TieKind::Coordinates))
        }
        "data-flow" => on_ties(&|_, other, kind, out| {
            kind == TieKind::SharesData && out && (other.kind == ActorKind::Armed || !other.threatens.is_empty())
        }),
        "source-of-threat" => {
            on_ties(&|_, other, kind, out| !other.threatens.is_empty() && (below(kind, out) || (kind == TieKind::Funds && !out)))
        }
        "sole-funder" => on_ties(&|civil, other, kind, out| {
            let funders = assessment.ties.iter().filter(|t| t.kind == TieKind::Funds && t.to == civil.id);
            let alone = funders.clone().count() > 0 && funders.clone().all(|t| t.from == other.id);
            alone && below(kind, out)
        }),
        "armed-work" => beside_armed(assessment),
        "force-multiplier" => multipliers(assessment),
        "turf" => turf(assessment, settings, overlaps),
        "top-down" => top_down(assessment),
        "layers" => (!assessment.committees.is_empty()).then(|| {
            let finding = |l: &LayerRow| Finding {
                actor: l.intervention.clone(),
                other: l.committees.join(", "),
                tie: None,
                why: format!("{} committees stand over {}", l.committees.len(), l.intervention),
                basis: "stated",
            };
            layers.iter().filter(|l| l.flag).map(finding).collect()
        }),
        "several-accountable" => accountable(assessment),
        _ => None,
    }
}

fn beside_armed(assessment: &Assessment) -> Option<Vec<Finding>> {
    let mut found = Vec::new();
    let mut looked = false;
    for intervention in &assessment.interventions {
        let own = workers(assessment, &intervention.id);
        looked |= own.len() > 1;
        for civil in own.iter().filter(|a| civil(a)) {
            for armed in own.iter().filter(|a| a.kind == ActorKind::Armed) {
                found.push(Finding {
                    actor: civil.id.clone(),
                    other: armed.id.clone(),
                    tie: Some("shared work".into()),
                    why: format!("{} and {} both work on {}", civil.id, armed.id, intervention.id),
                    basis: "inferred",
                });
            }
        }
    }
    looked.then_some(found)
}

fn multipliers(assessment: &Assessment) -> Option<Vec<Finding>> {
    let forces = |m: &Measure| !matches!(m, Measure::Reintegration | Measure::LibertiesRestricted);
    let mut found = Vec::new();
    for intervention in assessment.interventions.iter().filter(|i| i.measures.iter().any(forces)) {
        let with = |role: Role| assessment.responsibilities.iter().filter(move |r| r.intervention == intervention.id && r.role == role);
        let actor = |id: &str| assessment.actors.iter().find(|a| a.id == id);
        for doing in with(Role::Responsible).filter_map(|r| actor(&r.actor)).filter(|a| civil(a)) {
            for answers in with(Role::Accountable).filter_map(|r| actor(&r.actor)).filter(|a| commanding(a)) {
                found.push(Finding {
                    actor: doing.id.clone(),
                    other: answers.id.clone(),
                    tie: Some(intervention.id.clone()),
                    why: format!("{} carries out {}, for which {} is accountable", doing.id, intervention.id, answers.id),
                    basis: "inferred",
                });
            }
        }
    }
    (!assessment.responsibilities.is_empty()).then_some(found)
}

fn turf(assessment: &Assessment, settings: &Independence, overlaps: &[OverlapRow]) -> Option<Vec<Finding>> {
    let finding = |o: &OverlapRow| {
        let fields: Vec<&str> = o.components.iter().map(|c| c.word()).chain(o.threats.iter().map(String::as_str)).collect();
        Finding {
            actor: o.first.clone(),
            other: o.second.clone(),
            tie: None,
            why: format!(
                "{} and {} both work on {} and no tie says that they coordinate",
                o.first,
                o.second,
                super::network::listed(&fields)
            ),
            basis: "inferred",
        }
    };
    let said = assessment.actors.iter().any(|a| !a.mandates.is_empty() || !a.protects_from.is_empty());
    said.then(|| overlaps.iter().filter(|o| !o.tied && o.overlap >= settings.overlap).map(finding).collect())
}

fn top_down(assessment: &Assessment) -> Option<Vec<Finding>> {
    let mut found = Vec::new();
    for intervention in &assessment.interventions {
        let roles: Vec<_> = assessment.responsibilities.iter().filter(|r| r.intervention == intervention.id).collect();
        let consulted = roles.iter().any(|r| r.role == Role::Consulted);
        let own = workers(assessment, &intervention.id);
        let outside = |a: &&Actor| matches!(a.kind, ActorKind::State | ActorKind::Un | ActorKind::International | ActorKind::Armed);
        if !roles.is_empty() && !consulted && !own.is_empty() && own.iter().all(outside) {
            let ids: Vec<&str> = own.iter().map(|a| a.id.as_str()).collect();
            found.push(Finding {
                actor: ids.first().map(|id| (*id).to_owned()).unwrap_or_default(),
                other: intervention.id.clone(),
                tie: None,
                why: format!("{} is in the hands of {} alone, and nobody is consulted", intervention.id, super::network::listed(&ids)),
                basis: "inferred",
            });
        }
    }
    (!assessment.responsibilities.is_empty()).then_some(found)
}

fn accountable(assessment: &Assessment) -> Option<Vec<Finding>> {
    let mut found: Vec<Finding> = Vec::new();
    for (at, first) in assessment.responsibilities.iter().enumerate().filter(|(_, r)| r.role == Role::Accountable) {
        let same = |r: &&crate::assessment::Responsibility| {
            let stage = r.stage.is_none() || first.stage.is_none() || r.stage == first.stage;
            r.role == Role::Accountable && r.intervention == first.intervention && r.actor != first.actor && stage
        };
        for second in assessment.responsibilities.iter().skip(at + 1).filter(same) {
            if found.iter().any(|f| f.actor == first.actor && f.other == second.actor && f.tie.as_deref() == Some(&first.intervention)) {
                continue;
            }
            found.push(Finding {
                actor: first.actor.clone(),
                other: second.actor.clone(),
                tie: Some(first.intervention.clone()),
                why: format!("{} and {} are both accountable for {}", first.actor, second.actor, first.intervention),
                basis: "stated",
            });
        }
    }
    (!assessment.responsibilities.is_empty()).then_some(found)
}
