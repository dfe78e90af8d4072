//! Who stands where among those who act, who protects and endangers at once, and who was not considered?

use serde::{Deserialize, Serialize};

use super::network::{Bond, bonds, in_plan};
use super::not_considered::{NotConsidered, not_considered};
use crate::analyses::voices::{Reliability, ScaleScore};
use crate::assessment::{Actor, ActorKind, TieKind};
use crate::framework::Component;
use crate::kernels::ties::Ties;
use crate::tables::Note;
use crate::{Assessment, Result};

/// Who stands where among those who act, who protects and endangers at once, and who was not considered?
///
/// Ties are those the assessment states and, unless turned off, those inferred from work on the same intervention; the table `ties` says which. A great
/// betweenness marks a broker, not a good or a bad one. Where an actor protects from a threat and is a source of it, both stand: they are never netted.
///
/// # Method
/// Undirected ties, each counted once. Betweenness by Brandes over (n-1)(n-2)/2 pairs. Coreness: k-cores. Core: the best fitting one of those that take everyone with at
/// least so many ties; `core_fit` its correlation with the ideal pattern. Not considered: what effects, externalities and linkages touch, less what the plan speaks for.
///
/// # Complexity
/// Actors times ties; linkages of the expanded network once.
///
/// # References
/// Freeman 1977. Brandes 2001. Seidman 1983. Borgatti and Everett 1999. UNTFHS 2009, lines 275 and 292.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Stakeholders {
    /// Whether work on the same intervention counts as a tie.
    pub inferred: bool,
    /// Whether linkages carry the touch of an intervention on to further threats and places.
    pub network: bool,
    /// Whether the claims of Table III count as touching a component.
    pub claims: bool,
}

impl Default for Stakeholders {
    fn default() -> Self {
        Stakeholders { inferred: true, network: true, claims: true }
    }
}

/// One actor.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StakeholderRow {
    /// Id of the actor.
    pub actor: String,
    /// What kind.
    pub kind: ActorKind,
    /// Actors it is tied to.
    pub degree: usize,
    /// Stated ties that lead to it.
    pub into: usize,
    /// Stated ties that start from it.
    pub out: usize,
    /// Share of the pairs of others it lies between; none below three actors.
    pub betweenness: Option<f64>,
    /// Whether it is in the core; none where nothing tells a core.
    pub core: Option<bool>,
    /// The greatest k for which it is in a part where everyone has k ties.
    pub coreness: usize,
    /// Which connected part it is in, from 1.
    pub component: usize,
    /// Whether it has no tie.
    pub isolate: bool,
    /// Paths of others through it.
    pub paths: f64,
    /// Whether others would be cut off from each other without it.
    pub cut: bool,
    /// Whether it has a role in the plan, or an intervention names it.
    pub in_plan: bool,
    /// Components it has a mandate for.
    pub mandates: Vec<Component>,
    /// Mandates that no other actor has.
    pub alone: Vec<Component>,
    /// Actors it is tied to by shared work alone.
    pub inferred: usize,
}

/// One pair.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TieRow {
    /// Id of an actor.
    pub first: String,
    /// Id of the other.
    pub second: String,
    /// Kinds of the stated ties.
    pub kinds: Vec<&'static str>,
    /// `stated`, `inferred` or `both`.
    pub basis: &'static str,
    /// Ids of interventions both work on.
    pub interventions: Vec<String>,
    /// The greatest strength stated.
    pub strength: Option<f64>,
}

/// An actor's two roles towards one threat.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DualRoleRow {
    /// Id of the threat.
    pub threat: String,
    /// Id of the actor; none where no state actor has any role.
    pub actor: Option<String>,
    /// Whether it protects from the threat.
    pub provider: bool,
    /// Whether it is a source of the threat.
    pub source: bool,
    /// `dual`, `provider`, `source` or `absent`.
    pub role: &'static str,
    /// What kind.
    pub kind: ActorKind,
    /// Where it acts; everywhere where empty.
    pub places: Vec<String>,
    /// Interventions that work with it, to be looked at where it is a source.
    pub interventions: Vec<String>,
    /// Actors that fund it.
    pub funded_by: Vec<String>,
    /// What it rests on.
    pub basis: Option<&'static str>,
}

/// An actor's two axes over all threats.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AxisRow {
    /// Id of the actor.
    pub actor: String,
    /// What kind.
    pub kind: ActorKind,
    /// Threats it protects from.
    pub protects: usize,
    /// Threats it is a source of.
    pub threatens: usize,
    /// Threats where it is both.
    pub both: usize,
    /// Share of all threats it protects from.
    pub protects_share: Option<f64>,
    /// Share of all threats it is a source of.
    pub threatens_share: Option<f64>,
}

/// What [`Stakeholders`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StakeholdersResult {
    /// The settings.
    pub settings: Stakeholders,
    /// By actor.
    pub rows: Vec<StakeholderRow>,
    /// What was not considered.
    pub not_considered: Vec<NotConsidered>,
    /// By threat and actor.
    pub dual_roles: Vec<DualRoleRow>,
    /// By actor.
    pub axes: Vec<AxisRow>,
    /// What people say of those with a role towards a threat, by place and group.
    pub views: Vec<ScaleScore>,
    /// By pair.
    pub ties: Vec<TieRow>,
    /// Pairs tied, of all pairs.
    pub density: Option<f64>,
    /// How well the core fits.
    pub core_fit: Option<f64>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

impl Stakeholders {
    /// Runs the analysis.
    ///
    /// # Errors
    /// As the expansion of the network, where linkages are followed.
    pub fn run(&self, assessment: &Assessment) -> Result<StakeholdersResult> {
        let bonds = bonds(assessment, self.inferred);
        let ties = Ties::new(assessment.actors.len(), bonds.keys().copied());
        let middle = ties.middle();
        let mut notes = Vec::new();
        let rows = rows(assessment, &ties, &bonds, middle.as_ref().map(|m| m.core.as_slice()));
        let not_considered = not_considered(assessment, self, &mut notes)?;
        let pair = |((first, second), bond): (&(usize, usize), &Bond)| {
            let id = |at: usize| assessment.actors.get(at).map(|a| a.id.clone()).unwrap_or_default();
            let basis = match (bond.kinds.is_empty(), bond.interventions.is_empty()) {
                (false, false) => "both",
                (true, _) => "inferred",
                _ => "stated",
            };
            TieRow {
                first: id(*first),
                second: id(*second),
                kinds: bond.kinds.iter().copied().collect(),
                basis,
                interventions: bond.interventions.clone(),
                strength: bond.strength,
            }
        };
        let tied: Vec<TieRow> = bonds.iter().map(pair).collect();
        remarks(assessment, &rows, &tied, middle.is_some(), &mut notes);
        Ok(StakeholdersResult {
            settings: self.clone(),
            rows,
            not_considered,
            dual_roles: dual_roles(assessment),
            axes: axes(assessment),
            views: views(assessment, &mut notes)?,
            ties: tied,
            density: ties.density(),
            core_fit: middle.map(|m| m.fit),
            notes,
        })
    }
}

fn rows(
    assessment: &Assessment,
    ties: &Ties,
    bonds: &std::collections::BTreeMap<(usize, usize), Bond>,
    core: Option<&[bool]>,
) -> Vec<StakeholderRow> {
    let n = ties.len();
    let pairs = (n as f64 - 1.0) * (n as f64 - 2.0) / 2.0;
    let (between, coreness, parts, cuts) = (ties.betweenness(), ties.coreness(), ties.parts(), ties.cuts());
    let row = |(at, actor): (usize, &Actor)| {
        let paths = between.get(at).copied().unwrap_or_default();
        let inferred = |((a, b), bond): &(&(usize, usize), &Bond)| (*a == at || *b == at) && bond.kinds.is_empty();
        let other = |component: &&Component| !assessment.actors.iter().any(|o| o.id != actor.id && o.mandates.contains(component));
        StakeholderRow {
            actor: actor.id.clone(),
            kind: actor.kind,
            degree: ties.degree(at),
            into: assessment.ties.iter().filter(|t| t.to == actor.id && t.from != actor.id).count(),
            out: assessment.ties.iter().filter(|t| t.from == actor.id && t.to != actor.id).count(),
            betweenness: (n > 2).then_some(paths / pairs),
            core: core.and_then(|core| core.get(at)).copied(),
            coreness: coreness.get(at).copied().unwrap_or_default(),
            component: parts.get(at).map_or(0, |p| p + 1),
            isolate: ties.degree(at) == 0,
            paths,
            cut: cuts.get(at).copied().unwrap_or_default(),
            in_plan: in_plan(assessment, &actor.id),
            mandates: actor.mandates.clone(),
            alone: actor.mandates.iter().filter(other).copied().collect(),
            inferred: bonds.iter().filter(inferred).count(),
        }
    };
    assessment.actors.iter().enumerate().map(row).collect()
}

/// Provider and source side by side, by threat and actor; where no state actor has any role towards a threat, a row says that it is absent.
fn dual_roles(assessment: &Assessment) -> Vec<DualRoleRow> {
    let mut found = Vec::new();
    for threat in &assessment.threats {
        let mut state = false;
        for actor in &assessment.actors {
            let (provider, source) = (actor.protects_from.contains(&threat.id), actor.threatens.contains(&threat.id));
            let role = match (provider, source) {
                (true, true) => "dual",
                (true, false) => "provider",
                (false, true) => "source",
                (false, false) => continue,
            };
            state |= actor.kind == ActorKind::State;
            let works =
                assessment.interventions.iter().filter(|i| super::network::workers(assessment, &i.id).iter().any(|a| a.id == actor.id));
            let funds = assessment.ties.iter().filter(|t| t.kind == TieKind::Funds && t.to == actor.id);
            found.push(DualRoleRow {
                threat: threat.id.clone(),
                actor: Some(actor.id.clone()),
                provider,
                source,
                role,
                kind: actor.kind,
                places: actor.places.clone(),
                interventions: works.map(|i| i.id.clone()).collect(),
                funded_by: funds.map(|t| t.from.clone()).collect(),
                basis: actor.provenance.basis.map(|b| b.word()),
            });
        }
        if !state && !assessment.actors.is_empty() {
            found.push(DualRoleRow {
                threat: threat.id.clone(),
                actor: None,
                provider: false,
                source: false,
                role: "absent",
                kind: ActorKind::State,
                places: Vec::new(),
                interventions: Vec::new(),
                funded_by: Vec::new(),
                basis: None,
            });
        }
    }
    found
}

/// Scores of the scales that ask about an actor who protects from a threat or is a source of one.
fn views(assessment: &Assessment, notes: &mut Vec<Note>) -> Result<Vec<ScaleScore>> {
    let plays = |actor: &Actor| !actor.protects_from.is_empty() || !actor.threatens.is_empty();
    let asked_of = |id: &str| assessment.actors.iter().any(|a| a.id == id && plays(a));
    let scores = if assessment.answers.is_empty() { Vec::new() } else { Reliability::default().run(assessment)?.scores };
    let views: Vec<ScaleScore> = scores.into_iter().filter(|s| s.actor.as_deref().is_some_and(asked_of)).collect();
    let unheard = assessment.actors.iter().filter(|a| plays(a) && !views.iter().any(|v| v.actor.as_deref() == Some(a.id.as_str())));
    let unheard: Vec<String> = unheard.map(|a| a.id.clone()).collect();
    if !unheard.is_empty() {
        notes.push(Note::counted(
            "view-not-asked",
            "actor",
            "have a role towards a threat, and no answer tells what people think of them",
            unheard,
        ));
    }
    Ok(views)
}

fn axes(assessment: &Assessment) -> Vec<AxisRow> {
    let threats = assessment.threats.len();
    let share = |n: usize| (threats > 0).then(|| n as f64 / threats as f64);
    let row = |actor: &Actor| {
        let count = |wanted: &dyn Fn(&String) -> bool| assessment.threats.iter().filter(|t| wanted(&t.id)).count();
        let protects = count(&|t| actor.protects_from.contains(t));
        let threatens = count(&|t| actor.threatens.contains(t));
        AxisRow {
            actor: actor.id.clone(),
            kind: actor.kind,
            protects,
            threatens,
            both: count(&|t| actor.protects_from.contains(t) && actor.threatens.contains(t)),
            protects_share: share(protects),
            threatens_share: share(threatens),
        }
    };
    assessment.actors.iter().map(row).filter(|r| r.protects + r.threatens > 0).collect()
}

fn remarks(assessment: &Assessment, rows: &[StakeholderRow], ties: &[TieRow], core: bool, notes: &mut Vec<Note>) {
    let none = Vec::<String>::new;
    if assessment.actors.is_empty() {
        notes.push(Note::new("no-actors", "there is no actor: who stands where cannot be told", none()));
        return;
    }
    if assessment.ties.is_empty() {
        let message =
            "no tie between actors is stated: what is shown is inferred from shared work alone, and nobody is an isolate for certain";
        notes.push(Note::new("no-ties", message, none()));
    }
    let inferred: Vec<String> = ties.iter().filter(|t| t.basis == "inferred").map(|t| format!("{}/{}", t.first, t.second)).collect();
    if !inferred.is_empty() {
        let message = "are inferred: both work on an intervention, and no tie is stated";
        notes.push(Note::counted("inferred-tie", "tie", message, inferred));
    }
    if !core {
        let message = "no core can be told: all actors have equally many ties, or all pairs are tied";
        notes.push(Note::new("no-core", message, none()));
    }
    if rows.len() < 3 {
        notes.push(Note::new("few-actors", "betweenness needs three actors", none()));
    }
    let without: Vec<String> = rows.iter().filter(|r| r.mandates.is_empty()).map(|r| r.actor.clone()).collect();
    if !without.is_empty() {
        notes.push(Note::counted("mandate-not-said", "actor", "have no mandate said: what only they bring cannot be told", without));
    }
}
