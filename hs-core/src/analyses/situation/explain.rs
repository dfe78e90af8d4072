//! What stands behind a cell: every statement that speaks of it, what was used, what was not, and why.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::explain_hiding;
use super::sighted::{filled, sight};
use crate::analyses::thresholds::CriticalCell;
use crate::assessment::{ConditionKind, LinkEffect, Outcome as Side, Provenance, span};
use crate::kernels::{Tick, never};
use crate::network::Atlas;
use crate::tables::{Note, Outcome, Table};
use crate::{Assessment, Error, Result};

/// What stands behind a cell?
///
/// A threat in a place, of a group or of everyone: its conditions and observations, those used and those not and why, the links that lead in and out with the
/// stories that tell of them, capacities, interventions, and how many people spoke of it. Voices are counted, never quoted. What the matrix keeps back for
/// its few people is not told here either: the statement is listed, its figures are not.
///
/// # Method
/// The cell is that of criticality, with observations where no condition stands; everyone without a figure of their own is the persons-weighted mean over the
/// groups of the first partition that have one. Counts of one or two voices are hidden, with those that would give them away over places and groups.
///
/// # Complexity
/// Linear in the assessment.
///
/// # References
/// UNTFHS, *Human Security in Theory and Practice*, 2009, section 2.2 A.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Explain {
    /// Id of the threat.
    pub threat: String,
    /// Id of the place; all where absent.
    pub place: Option<String>,
    /// Id of the group; everyone where absent.
    pub group: Option<String>,
    /// The period asked for; the latest of each cell where absent.
    pub period: Option<String>,
    /// Smallest sample whose figures are shown; 0 shows all, and every count of voices.
    pub min_n: u64,
}

impl Default for Explain {
    fn default() -> Self {
        Explain { threat: String::new(), place: None, group: None, period: None, min_n: 25 }
    }
}

/// A statement that speaks of the cell.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evidence {
    /// `condition` or `observation`.
    pub entity: &'static str,
    /// Where it stands in its array.
    pub at: usize,
    /// Id of the place.
    pub place: String,
    /// The period it speaks of.
    pub period: Option<String>,
    /// `indicator`, `perception` or `expert`; of an observation the id of its indicator.
    pub kind: String,
    /// Whether the cell's figures rest on it.
    pub used: bool,
    /// Why, or why not.
    pub why: String,
    /// Severity stated, or the value observed.
    pub severity: Option<f64>,
    /// Prevalence stated.
    pub prevalence: Option<f64>,
    /// The value observed, in its unit.
    pub value: Option<f64>,
    /// Confidence stated.
    pub confidence: Option<f64>,
    /// Sample size.
    pub n: Option<u64>,
    /// Where it comes from.
    pub provenance: Provenance,
    /// Id of the group it speaks of; none for everyone.
    pub group: Option<String>,
    /// Whether its figures are kept back.
    pub suppressed: bool,
}

/// A link that leads in or out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Link {
    /// Its id.
    pub id: String,
    /// `in` or `out`.
    pub direction: &'static str,
    /// The other threat.
    pub other: String,
    /// `feeds` or `dampens`.
    pub effect: LinkEffect,
    /// Its number, from weight or word; none where it has none.
    pub weight: Option<f64>,
    /// Stories that tell of it.
    pub stories: Vec<String>,
    /// Who says so.
    pub stakeholder: Option<String>,
    /// One sentence.
    pub evidence: Option<String>,
}

/// A capacity that stands against the threat.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StandingCapacity {
    /// Its id.
    pub capacity: String,
    /// Id of the place; everywhere where none.
    pub place: Option<String>,
    /// How much of it there is.
    pub level: f64,
    /// What kind, where said.
    pub kind: Option<&'static str>,
    /// Whether it counts as strength: harmful coping never does.
    pub strength: bool,
}

/// An effect or externality that names the cell.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Naming {
    /// Id of the intervention.
    pub intervention: String,
    /// `effect` or `externality`.
    pub named_as: &'static str,
    /// `better` or `worse`.
    pub outcome: &'static str,
    /// Severity points; none for a claim.
    pub change: Option<f64>,
    /// Id of the place; everywhere where none.
    pub place: Option<String>,
    /// Id of the group; everyone where none.
    pub group: Option<String>,
}

/// What [`Explain`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExplainResult {
    /// The settings.
    pub settings: Explain,
    /// The cells asked about.
    pub cells: Vec<CriticalCell>,
    /// Statements.
    pub evidence: Vec<Evidence>,
    /// Links.
    pub linkages: Vec<Link>,
    /// Capacities that stand against it.
    pub capacities: Vec<StandingCapacity>,
    /// Interventions that name it.
    pub interventions: Vec<Naming>,
    /// Voices: kind and how many; none where that is kept back.
    pub voices: Vec<(&'static str, Option<usize>)>,
    /// Whether figures of the cells are kept back.
    pub suppressed: bool,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

impl Explain {
    /// Gathers what stands behind the cell.
    ///
    /// # Errors
    /// `NotFound` for a threat, place or group that is not there; `Argument` for a period that is none.
    pub fn run(&self, assessment: &Assessment) -> Result<ExplainResult> {
        self.run_with(assessment, &never)
    }

    /// As [`Explain::run`], stopped where `tick` says so.
    ///
    /// # Errors
    /// As [`Explain::run`]; `Cancelled`.
    pub fn run_with(&self, assessment: &Assessment, tick: Tick<'_>) -> Result<ExplainResult> {
        let atlas = Atlas::new(assessment)?;
        if self.threat.is_empty() {
            return Err(Error::argument("`threat`: found none, wanted the id of a threat"));
        }
        let threat = atlas.threat(&self.threat)?;
        self.place.as_deref().map(|id| atlas.place(id)).transpose()?;
        self.group.as_deref().map(|id| atlas.group(id)).transpose()?;
        let here = |place: &str| self.place.as_deref().is_none_or(|id| id == place);
        let mut cells = self.cells(assessment)?;
        let mut notes = Vec::new();
        if cells.is_empty() {
            notes.push(Note::new("nothing-known", "no condition or observation gives this cell a figure", vec![self.threat.clone()]));
        }
        let mut evidence = self.evidence(assessment, &cells);
        let suppressed = self.keep_back(&atlas, &mut cells, &mut evidence, tick)?;
        if suppressed {
            let message = format!(
                "figures rest on fewer than {} people asked, or would tell of such: they are kept back, as in the matrix",
                self.min_n
            );
            notes.push(Note::new("suppressed", message, vec![self.threat.clone()]));
        }
        let voices = self.voices(assessment, tick)?;
        let quiet: Vec<&str> = voices.iter().filter(|(_, count)| count.is_none()).map(|(kind, _)| *kind).collect();
        if !quiet.is_empty() {
            notes.push(Note::new("few-voices", "a count of one or two would stand out, here or by what is left: it is kept back", quiet));
        }
        let component = assessment.threats.get(threat as usize).map(|t| t.component);
        let stands = |c: &&crate::assessment::Capacity| {
            let against = if c.against.is_empty() { Some(c.component) == component } else { c.against.contains(&self.threat) };
            against && c.place.as_deref().is_none_or(here) && (c.group.is_none() || self.group.is_none() || c.group == self.group)
        };
        let capacities = assessment.capacities.iter().filter(stands).map(|c| {
            let harmful = c.kind == Some(crate::assessment::CapacityKind::HarmfulCoping);
            StandingCapacity {
                capacity: c.id.clone(),
                place: c.place.clone(),
                level: c.level.get(),
                kind: c.kind.map(crate::assessment::CapacityKind::word),
                strength: !harmful,
            }
        });
        Ok(ExplainResult {
            settings: self.clone(),
            evidence,
            linkages: self.links(assessment),
            capacities: capacities.collect(),
            interventions: self.interventions(assessment, component),
            voices,
            suppressed,
            cells,
            notes,
        })
    }

    /// The cells asked about; everyone without a figure of their own by what is known of groups.
    fn cells(&self, assessment: &Assessment) -> Result<Vec<CriticalCell>> {
        let is =
            |c: &CriticalCell| c.threat == self.threat && self.place.as_deref().is_none_or(|id| id == c.place) && c.group == self.group;
        let plain = filled(self.period.as_deref(), &[]);
        let mut cells: Vec<CriticalCell> = plain.run(assessment)?.cells.into_iter().filter(is).collect();
        if self.group.is_none() {
            let whole = crate::analyses::thresholds::Criticality { whole_population: true, ..plain };
            let own: BTreeSet<String> = cells.iter().map(|c| c.place.clone()).collect();
            cells.extend(whole.run(assessment)?.cells.into_iter().filter(is).filter(|c| !own.contains(&c.place)));
        }
        Ok(cells)
    }

    /// Takes the figures from what the matrix keeps back; whether anything was.
    fn keep_back(&self, atlas: &Atlas<'_>, cells: &mut [CriticalCell], evidence: &mut [Evidence], tick: Tick<'_>) -> Result<bool> {
        if self.min_n == 0 {
            return Ok(false);
        }
        let assessment = atlas.assessment();
        let (mut sights, _) = sight(assessment, &filled(self.period.as_deref(), &[]))?;
        sights.retain(|s| s.cell.threat == self.threat);
        let kept = explain_hiding::cells(atlas, &sights, self.min_n, tick)?;
        let rounds = explain_hiding::observations(atlas, &self.threat, self.min_n, tick)?;
        let hides = |place: &str, group: Option<&str>| -> Result<bool> {
            Ok(kept.contains(&(atlas.place(place)?, group.map(|id| atlas.group(id)).transpose()?)))
        };
        let mut any = false;
        for cell in cells {
            if hides(&cell.place, cell.group.as_deref())? {
                any = true;
                (cell.severity, cell.severity_range, cell.prevalence, cell.prevalence_range) = (None, None, None, None);
                (cell.persons, cell.persons_range, cell.persons_exposed, cell.risk) = (None, None, None, None);
                (cell.class, cell.class_low, cell.class_high, cell.reason) = (None, None, None, None);
            }
        }
        for row in evidence.iter_mut().filter(|row| row.entity == "observation") {
            if rounds.contains(&row.at) || hides(&row.place, row.group.as_deref())? {
                any = true;
                (row.value, row.n, row.suppressed) = (None, None, true);
            }
        }
        Ok(any)
    }

    fn is(&self, threat: &str, place: &str, group: &Option<String>) -> bool {
        threat == self.threat && self.place.as_deref().is_none_or(|id| id == place) && *group == self.group
    }

    fn evidence(&self, assessment: &Assessment, cells: &[CriticalCell]) -> Vec<Evidence> {
        let used: BTreeSet<usize> = cells.iter().flat_map(|c| c.conditions.iter().map(|at| *at as usize)).collect();
        let observed: BTreeSet<usize> = cells.iter().flat_map(|c| c.observations.iter().map(|at| *at as usize)).collect();
        let asked = self.period.as_deref().and_then(span);
        let within = |period: Option<&str>| match (asked, period.and_then(span)) {
            (None, _) => true,
            (Some((a, b)), Some((first, last))) => first >= a && last <= b,
            (Some(_), None) => false,
        };
        let mut found = Vec::new();
        for (at, c) in
            assessment.conditions.iter().enumerate().filter(|(at, c)| self.is(&c.threat, &c.place, &c.group) || used.contains(at))
        {
            let why = match () {
                () if used.contains(&at) => "the cell's figures rest on it",
                () if !within(c.period.as_deref()) => "it is of another period than the one asked for",
                () => "a later period, or a kind that comes before it, stands for the cell",
            };
            found.push(Evidence {
                entity: "condition",
                at,
                place: c.place.clone(),
                period: c.period.clone(),
                kind: c.kind.unwrap_or(ConditionKind::Expert).word().to_owned(),
                used: used.contains(&at),
                why: why.to_owned(),
                severity: c.severity.map(|x| x.get()),
                prevalence: c.prevalence.map(|x| x.get()),
                value: None,
                confidence: c.confidence.map(|x| x.get()),
                n: None,
                provenance: c.provenance.clone(),
                group: c.group.clone(),
                suppressed: false,
            });
        }
        for (at, o) in assessment.observations.iter().enumerate() {
            let Some(indicator) = assessment.indicators.iter().find(|i| i.id == o.indicator) else { continue };
            if !observed.contains(&at) && !indicator.threat.as_deref().is_some_and(|t| self.is(t, &o.place, &o.group)) {
                continue;
            }
            let cell = cells.iter().find(|c| c.place == o.place);
            let fills = cell.is_some_and(|c| [c.severity_from, c.prevalence_from].contains(&Some("observation")));
            let why = match () {
                () if observed.contains(&at) => "no condition stands for it: the observation fills the cell",
                () if !within(Some(&o.period)) => "it is of another period than the one asked for",
                () if fills => "a later period stands for the cell",
                () => "a condition stands for the cell, and comes before observations",
            };
            found.push(Evidence {
                entity: "observation",
                at,
                place: o.place.clone(),
                period: Some(o.period.clone()),
                kind: indicator.id.clone(),
                used: observed.contains(&at),
                why: why.to_owned(),
                severity: None,
                prevalence: None,
                value: Some(o.value.get()),
                confidence: None,
                n: o.n,
                provenance: o.provenance.clone(),
                group: o.group.clone(),
                suppressed: false,
            });
        }
        found
    }

    fn links(&self, assessment: &Assessment) -> Vec<Link> {
        let mut found = Vec::new();
        for link in &assessment.linkages {
            let there = self.place.as_ref().is_none_or(|p| link.places.is_empty() || link.places.contains(p));
            let ends = [("in", &link.to, &link.from), ("out", &link.from, &link.to)];
            for (direction, _, other) in ends.into_iter().filter(|(_, own, _)| **own == self.threat && there) {
                let stories: BTreeSet<&String> =
                    assessment.stories.iter().filter(|s| s.linkages.contains(&link.id)).map(|s| &s.story).collect();
                found.push(Link {
                    id: link.id.clone(),
                    direction,
                    other: other.clone(),
                    effect: link.effect,
                    weight: link.weight.map(|w| w.get()).or_else(|| link.strength.map(crate::assessment::Strength::value)),
                    stories: stories.into_iter().cloned().collect(),
                    stakeholder: link.stakeholder.clone(),
                    evidence: link.evidence.clone(),
                });
            }
        }
        found
    }

    fn interventions(&self, assessment: &Assessment, component: Option<crate::framework::Component>) -> Vec<Naming> {
        let reaches = |place: &Option<String>, group: &Option<String>| {
            let here = place.is_none() || self.place.is_none() || *place == self.place;
            here && (group.is_none() || self.group.is_none() || *group == self.group)
        };
        let mut found = Vec::new();
        for i in &assessment.interventions {
            for e in i.effects.iter().filter(|e| e.threat == self.threat && reaches(&e.place, &e.group)) {
                let side = e.outcome.unwrap_or(Side::Better).word();
                found.push(Naming {
                    intervention: i.id.clone(),
                    named_as: "effect",
                    outcome: side,
                    change: Some(e.change.get()),
                    place: e.place.clone(),
                    group: e.group.clone(),
                });
            }
            let of = |e: &&crate::assessment::Externality| {
                e.threat.as_deref() == Some(&self.threat) || (e.component.is_some() && e.component == component)
            };
            for e in i.externalities.iter().filter(of).filter(|e| reaches(&e.place, &e.group)) {
                found.push(Naming {
                    intervention: i.id.clone(),
                    named_as: "externality",
                    outcome: e.outcome.word(),
                    change: e.change.map(|c| c.get()),
                    place: e.place.clone(),
                    group: e.group.clone(),
                });
            }
        }
        found
    }

    fn voices(&self, assessment: &Assessment, tick: Tick<'_>) -> Result<Vec<(&'static str, Option<usize>)>> {
        let said = assessment.perceptions.iter().filter(|p| p.threat == self.threat);
        let respondents: BTreeSet<_> = said.map(|p| (Some(p.place.as_str()), p.group.as_deref(), p.respondent.as_str())).collect();
        let told = assessment.stories.iter().filter(|s| s.threats.contains(&self.threat));
        let stories: BTreeSet<_> = told.map(|s| (s.place.as_deref(), s.group.as_deref(), s.story.as_str())).collect();
        let brought = assessment.feedback.iter().filter(|f| f.threat.as_deref() == Some(&self.threat));
        let feedback: BTreeSet<_> = brought.map(|f| (f.place.as_deref(), f.group.as_deref(), f.id.as_str())).collect();
        let all = [("respondents", respondents), ("stories", stories), ("feedback", feedback)];
        let count = |set: &BTreeSet<_>| explain_hiding::count(set, self.place.as_deref(), self.group.as_deref(), self.min_n, tick);
        all.iter().map(|(kind, set)| Ok((*kind, count(set)?))).collect()
    }
}

crate::tables::arrow_tables!(ExplainResult);

impl ExplainResult {
    /// Settings, facts, tables (`evidence`, `linkages`, `capacities`, `interventions`, `voices`) and notes. Facts stand where one cell is asked about.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("explain", &self.settings)?;
        let one = match self.cells.as_slice() {
            [one] => Some(one),
            _ => None,
        };
        let used = || self.evidence.iter().filter(|e| e.used && e.entity == "condition");
        let kinds: BTreeSet<&str> = used().map(|e| e.kind.as_str()).collect();
        outcome.facts.insert("cells".into(), json!(self.cells.len()));
        outcome.facts.insert("severity".into(), json!(one.and_then(|c| c.severity)));
        outcome.facts.insert("prevalence".into(), json!(one.and_then(|c| c.prevalence)));
        outcome.facts.insert("persons".into(), json!(one.and_then(|c| c.persons)));
        outcome.facts.insert("coverage".into(), json!(one.and_then(|c| c.coverage)));
        outcome.facts.insert("class".into(), json!(one.and_then(|c| c.class)));
        outcome.facts.insert("kind".into(), json!(kinds.first().filter(|_| kinds.len() == 1)));
        outcome.facts.insert("suppressed".into(), json!(self.suppressed));
        let e = || self.evidence.iter();
        let evidence = Table::builder()
            .text("entity", e().map(|r| Some(r.entity)))
            .text("place", e().map(|r| Some(&r.place)))
            .text("period", e().map(|r| r.period.as_ref()))
            .text("kind", e().map(|r| Some(&r.kind)))
            .boolean("used", e().map(|r| Some(r.used)))
            .text("why", e().map(|r| Some(&r.why)))
            .number("severity", e().map(|r| r.severity))
            .number("prevalence", e().map(|r| r.prevalence))
            .number("value", e().map(|r| r.value))
            .text("source", e().map(|r| r.provenance.source.as_ref()))
            .text("locator", e().map(|r| r.provenance.locator.as_ref()))
            .text("basis", e().map(|r| r.provenance.basis.map(crate::assessment::Basis::word)))
            .number("confidence", e().map(|r| r.confidence))
            .integer("n", e().map(|r| r.n.and_then(|n| i64::try_from(n).ok())))
            .integer("at", e().map(|r| i64::try_from(r.at).ok()))
            .text("group", e().map(|r| r.group.as_ref()))
            .text("state", e().map(|r| Some(if r.suppressed { "suppressed" } else { "value" })))
            .build()?;
        let l = || self.linkages.iter();
        let linkages = Table::builder()
            .text("id", l().map(|r| Some(&r.id)))
            .text("direction", l().map(|r| Some(r.direction)))
            .text("other", l().map(|r| Some(&r.other)))
            .text("effect", l().map(|r| Some(r.effect.word())))
            .number("weight", l().map(|r| r.weight))
            .list("stories", l().map(|r| Some(r.stories.clone())))
            .text("stakeholder", l().map(|r| r.stakeholder.as_ref()))
            .text("evidence", l().map(|r| r.evidence.as_ref()))
            .build()?;
        let capacities = Table::builder()
            .text("capacity", self.capacities.iter().map(|r| Some(&r.capacity)))
            .text("place", self.capacities.iter().map(|r| r.place.as_ref()))
            .number("level", self.capacities.iter().map(|r| Some(r.level)))
            .text("kind", self.capacities.iter().map(|r| r.kind))
            .boolean("strength", self.capacities.iter().map(|r| Some(r.strength)))
            .build()?;
        let interventions = Table::builder()
            .text("intervention", self.interventions.iter().map(|r| Some(&r.intervention)))
            .text("as", self.interventions.iter().map(|r| Some(r.named_as)))
            .text("outcome", self.interventions.iter().map(|r| Some(r.outcome)))
            .number("change", self.interventions.iter().map(|r| r.change))
            .text("place", self.interventions.iter().map(|r| r.place.as_ref()))
            .text("group", self.interventions.iter().map(|r| r.group.as_ref()))
            .build()?;
        let voices = Table::builder()
            .text("kind", self.voices.iter().map(|r| Some(r.0)))
            .integer("count", self.voices.iter().map(|r| r.1.and_then(|n| i64::try_from(n).ok())))
            .text("state", self.voices.iter().map(|r| Some(if r.1.is_some() { "value" } else { "suppressed" })))
            .build()?;
        outcome.tables = vec![
            ("evidence", evidence),
            ("linkages", linkages),
            ("capacities", capacities),
            ("interventions", interventions),
            ("voices", voices),
        ];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
