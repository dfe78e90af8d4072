//! What the assessment itself shows towards a task: counted, and put beside what people judged, never over it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::local::is_local;
use crate::Assessment;
use crate::assessment::{CapacityKind, Intervention, LinkEffect, MeetingKind, Role, TieKind};
use crate::framework::{Component, Horizon, Level, Pillar};

crate::framework::words::words!(
    /// Whether the assessment shows what a task asks for.
    Shown {
        /// It does.
        Yes = "yes",
        /// In part.
        Partly = "partly",
        /// It does not.
        No = "no",
    }
);

/// What the assessment shows towards one task.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShownFinding {
    /// Whether it does.
    pub shown: Shown,
    /// One sentence with its numbers.
    pub words: String,
    /// What is missing; none where it is all there.
    pub missing: Option<String>,
}

crate::framework::words::words!(
    /// Something an assessment may show.
    Check {
        /// People took part and were heard.
        PeopleHeard = "people-heard",
        /// People themselves named what threatens them.
        NeedsByPeople = "needs-by-people",
        /// What comes first was set with the people affected.
        PrioritiesWithPeople = "priorities-with-people",
        /// Strengths people have.
        LocalAssets = "local-assets",
        /// Actors of several sectors met.
        SectorsMet = "sectors-met",
        /// Actors coordinate.
        Coordination = "coordination",
        /// What each response does outside its target is declared.
        Externalities = "externalities",
        /// All seven components are looked at.
        SevenComponents = "seven-components",
        /// Threats, vulnerabilities and capacities are all there.
        WideSpectrum = "wide-spectrum",
        /// What externalities touch has somebody who answers for it.
        SectorsConsidered = "sectors-considered",
        /// Responses have several actors.
        SeveralActors = "several-actors",
        /// Severity and prevalence are known, by group.
        InDepth = "in-depth",
        /// Threats say which freedoms or vital core they touch.
        Freedoms = "freedoms",
        /// Responses rest on capacities that are there.
        RestsOnCapacities = "rests-on-capacities",
        /// Several levels are looked at.
        Levels = "levels",
        /// Causes are linked.
        Causes = "causes",
        /// Causes have a degree.
        DegreeOfCause = "degree-of-cause",
        /// Both pillars have a response.
        BothPillars = "both-pillars",
        /// Empowerment rests on capacities.
        EmpowermentOnCapacities = "empowerment-on-capacities",
        /// Resilience: capacities of people that responses use.
        Resilience = "resilience",
        /// Several communities are compared.
        AcrossCommunities = "across-communities",
        /// Links across components.
        AcrossComponents = "across-components",
        /// Policies stand beside people's priorities.
        PoliciesCompared = "policies-compared",
        /// Local information.
        LocalInformation = "local-information",
        /// Perceptions stand beside indicators.
        PerceptionsBesideIndicators = "perceptions-beside-indicators",
        /// The infrastructure of protection is described.
        Infrastructure = "infrastructure",
        /// Causes are known and both pillars' capacities are.
        CausesAndGaps = "causes-and-gaps",
        /// Prevention stands beside response.
        PreventionBesideResponse = "prevention-beside-response",
        /// Short, medium and long term.
        AllHorizons = "all-horizons",
        /// Tasks are allocated.
        Allocation = "allocation",
        /// Local partners carry it out.
        LocalPartners = "local-partners",
        /// Capacity is built.
        CapacityBuilt = "capacity-built",
        /// It is monitored and what is learnt changes it.
        Monitored = "monitored",
        /// What is done is what people put first.
        RightThing = "right-thing",
        /// Insecurities are followed over time, and harm is looked for.
        EasesWithoutHarm = "eases-without-harm",
        /// What was learnt was acted on.
        LessonsActedOn = "lessons-acted-on",
    }
);

/// `1 threat`, `2 threats`.
pub(super) fn count(n: usize, one: &str) -> String {
    match (n, one.strip_suffix('y')) {
        (1, _) => format!("1 {one}"),
        (_, Some(stem)) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{n} {stem}ies"),
        _ => format!("{n} {one}s"),
    }
}

fn finding(shown: Shown, words: String, missing: impl Into<String>) -> ShownFinding {
    ShownFinding { shown, words, missing: (shown != Shown::Yes).then(|| missing.into()) }
}

/// All of `of`, some, or none of it.
fn part(some: usize, of: usize) -> Shown {
    match (some, of) {
        (0, _) | (_, 0) => Shown::No,
        (some, of) if some >= of => Shown::Yes,
        _ => Shown::Partly,
    }
}

/// Two things that are both wanted.
fn both(first: bool, second: bool) -> Shown {
    part(usize::from(first) + usize::from(second), 2)
}

/// What is counted once for all checks.
pub(super) struct Shows<'a> {
    assessment: &'a Assessment,
    component: BTreeMap<&'a str, Component>,
    level: BTreeMap<&'a str, Level>,
    respondents: BTreeSet<&'a str>,
}

impl<'a> Shows<'a> {
    pub(super) fn new(assessment: &'a Assessment) -> Self {
        let voices = assessment.perceptions.iter().map(|p| p.respondent.as_str());
        Shows {
            assessment,
            component: assessment.threats.iter().map(|t| (t.id.as_str(), t.component)).collect(),
            level: assessment.places.iter().map(|p| (p.id.as_str(), p.level)).collect(),
            respondents: voices.chain(assessment.answers.iter().map(|a| a.respondent.as_str())).collect(),
        }
    }

    fn meetings(&self, kinds: &[MeetingKind]) -> usize {
        self.assessment.meetings.iter().filter(|m| kinds.contains(&m.kind)).count()
    }

    fn with_people(&self) -> usize {
        let kinds = [MeetingKind::Presentation, MeetingKind::Consultation, MeetingKind::Dialogue, MeetingKind::Committee];
        self.assessment.meetings.iter().filter(|m| kinds.contains(&m.kind) && !m.groups.is_empty()).count()
    }

    fn interventions(&self, admit: impl Fn(&Intervention) -> bool) -> usize {
        self.assessment.interventions.iter().filter(|i| admit(i)).count()
    }

    fn of_pillar(&self, pillar: Pillar) -> usize {
        self.interventions(|i| i.pillar == Some(pillar) || i.pillar == Some(Pillar::Both))
    }

    fn strengths(&self, pillar: Pillar) -> usize {
        let counts = |c: &&crate::assessment::Capacity| {
            c.kind != Some(CapacityKind::HarmfulCoping) && (c.pillar == pillar || c.pillar == Pillar::Both)
        };
        self.assessment.capacities.iter().filter(counts).count()
    }

    fn across(&self) -> usize {
        let of = |id: &str| self.component.get(id);
        self.assessment.linkages.iter().filter(|l| of(&l.from).zip(of(&l.to)).is_some_and(|(a, b)| a != b)).count()
    }

    fn feeding(&self) -> usize {
        self.assessment.linkages.iter().filter(|l| l.effect == LinkEffect::Feeds).count()
    }

    fn judged(&self, question: &str, answers: &[&str]) -> usize {
        let admit = |i: &Intervention| {
            crate::analyses::judged::judged(self.assessment, "intervention", &i.id, |j| super::said::word(&j.question) == question)
                .is_some_and(|found| answers.contains(&super::said::word(&found.latest.answer).as_str()))
        };
        self.interventions(admit)
    }

    /// Interventions with somebody of a role.
    fn with_role(&self, roles: &[Role], local: bool) -> usize {
        let ids: BTreeSet<&str> = self
            .assessment
            .responsibilities
            .iter()
            .filter(|r| roles.contains(&r.role) && (!local || is_local(self.assessment, &r.actor)))
            .map(|r| r.intervention.as_str())
            .collect();
        self.interventions(|i| ids.contains(i.id.as_str()) || (local && i.actors.iter().any(|a| is_local(self.assessment, a))))
    }

    /// What the assessment shows.
    pub(super) fn of(&self, check: Check) -> ShownFinding {
        match check {
            Check::PeopleHeard
            | Check::NeedsByPeople
            | Check::PrioritiesWithPeople
            | Check::LocalInformation
            | Check::PerceptionsBesideIndicators
            | Check::PoliciesCompared
            | Check::RightThing => self.voices(check),
            Check::SectorsMet
            | Check::Coordination
            | Check::SectorsConsidered
            | Check::SeveralActors
            | Check::Allocation
            | Check::LocalPartners
            | Check::CapacityBuilt => self.actors(check),
            Check::SevenComponents
            | Check::WideSpectrum
            | Check::InDepth
            | Check::Freedoms
            | Check::Levels
            | Check::AcrossCommunities
            | Check::AcrossComponents
            | Check::Causes
            | Check::DegreeOfCause => self.situation(check),
            Check::LocalAssets
            | Check::RestsOnCapacities
            | Check::EmpowermentOnCapacities
            | Check::Resilience
            | Check::Infrastructure
            | Check::CausesAndGaps => self.capacities(check),
            Check::Externalities | Check::BothPillars | Check::PreventionBesideResponse | Check::AllHorizons => self.responses(check),
            Check::Monitored | Check::EasesWithoutHarm | Check::LessonsActedOn => self.over_time(check),
        }
    }

    fn voices(&self, check: Check) -> ShownFinding {
        let a = self.assessment;
        let heard = self.respondents.len();
        match check {
            Check::PeopleHeard => {
                let (met, stories) = (self.with_people(), a.stories.len());
                let words = format!(
                    "{} with groups of the people affected; {} answered, {} of stories are coded.",
                    count(met, "meeting"),
                    count(heard, "respondent"),
                    count(stories, "segment")
                );
                let missing = match (met > 0, heard + stories > 0) {
                    (false, false) => "meetings with their groups, and perceptions, answers or stories",
                    (false, true) => "meetings with the groups that took part",
                    _ => "perceptions, answers or stories",
                };
                finding(both(met > 0, heard + stories > 0), words, missing)
            }
            Check::NeedsByPeople => {
                let threats: BTreeSet<&str> = a.perceptions.iter().map(|p| p.threat.as_str()).collect();
                let words = format!(
                    "People speak of {} of {}, in {}.",
                    threats.len(),
                    count(a.threats.len(), "threat"),
                    count(a.perceptions.iter().map(|p| p.place.as_str()).collect::<BTreeSet<_>>().len(), "place")
                );
                finding(part(threats.len(), a.threats.len()), words, "perceptions of every threat, from the people who live there")
            }
            Check::PrioritiesWithPeople => {
                let asked = self.judged("consultation", &["consulted", "decided-together"]);
                let words = format!(
                    "{} ranked or rated threats; {} of {} were consulted on or decided together.",
                    count(a.perceptions.iter().map(|p| p.respondent.as_str()).collect::<BTreeSet<_>>().len(), "respondent"),
                    asked,
                    count(a.interventions.len(), "strategy")
                );
                let all = !a.interventions.is_empty() && asked == a.interventions.len();
                let some = both(!a.perceptions.is_empty(), all);
                let shown = if some == Shown::No && asked > 0 { Shown::Partly } else { some };
                finding(shown, words, "perceptions with ranks, and a judgement `consultation` on every strategy")
            }
            Check::LocalInformation => {
                let low = |id: &str| self.level.get(id).is_some_and(|l| *l <= Level::District);
                let conditions = a.conditions.iter().filter(|c| low(&c.place)).count();
                let voices = a.perceptions.iter().filter(|p| low(&p.place)).count() + a.stories.len();
                let words = format!(
                    "{} and {} are of local or district places.",
                    count(conditions, "condition"),
                    count(voices, "perception or story").replace("perception or stories", "perceptions or stories")
                );
                finding(both(conditions > 0, voices > 0), words, "conditions and voices of local or district places")
            }
            Check::PerceptionsBesideIndicators => {
                let said: BTreeSet<(&str, &str)> = a.perceptions.iter().map(|p| (p.threat.as_str(), p.place.as_str())).collect();
                let of: BTreeMap<&str, &str> = a.indicators.iter().filter_map(|i| Some((i.id.as_str(), i.threat.as_deref()?))).collect();
                let observed = a.observations.iter().filter_map(|o| Some((*of.get(o.indicator.as_str())?, o.place.as_str())));
                let stated = a.conditions.iter().filter(|c| c.kind == Some(crate::assessment::ConditionKind::Indicator));
                let measured: BTreeSet<(&str, &str)> = stated.map(|c| (c.threat.as_str(), c.place.as_str())).chain(observed).collect();
                let together = said.intersection(&measured).count();
                let words = format!(
                    "{} of a threat in a place have perceptions, {} have indicators, {together} have both.",
                    count(said.len(), "cell"),
                    measured.len()
                );
                finding(part(together, said.union(&measured).count()), words, "perceptions and indicators of the same threat and place")
            }
            Check::PoliciesCompared => {
                let policies: BTreeSet<&str> = a.priorities.iter().map(|p| p.policy.as_str()).collect();
                let words = format!(
                    "{} with priorities; {} to compare them with.",
                    count(policies.len(), "policy"),
                    count(a.perceptions.len(), "perception")
                );
                finding(both(!policies.is_empty(), !a.perceptions.is_empty()), words, "priorities of policies, and people's own")
            }
            _ => {
                let wanted: BTreeSet<&str> = a.perceptions.iter().map(|p| p.threat.as_str()).collect();
                let aimed: BTreeSet<&str> = a
                    .interventions
                    .iter()
                    .flat_map(|i| i.effects.iter())
                    .filter(|e| e.outcome != Some(crate::assessment::Outcome::Worse))
                    .map(|e| e.threat.as_str())
                    .collect();
                let words = format!(
                    "Strategies work on {} of the {} that people speak of.",
                    wanted.intersection(&aimed).count(),
                    count(wanted.len(), "threat")
                );
                let missing = "effects on what people speak of; `relevance` tells which come first";
                finding(part(wanted.intersection(&aimed).count(), wanted.len()), words, missing)
            }
        }
    }

    fn actors(&self, check: Check) -> ShownFinding {
        let a = self.assessment;
        let of = a.interventions.len();
        match check {
            Check::SectorsMet => {
                let mandates: BTreeMap<&str, &[Component]> = a.actors.iter().map(|x| (x.id.as_str(), x.mandates.as_slice())).collect();
                let sectors = |ids: &[String]| {
                    let all = ids.iter().filter_map(|id| mandates.get(id.as_str())).flat_map(|m| m.iter());
                    all.collect::<BTreeSet<_>>().len()
                };
                let several = a.meetings.iter().filter(|m| m.actors.len() > 1).count();
                let across = a.meetings.iter().filter(|m| sectors(&m.actors) > 1).count();
                let words =
                    format!("{} of several actors, {across} of them with mandates in more than one component.", count(several, "meeting"));
                finding(both(several > 0, across > 0), words, "meetings with the actors that took part, and the mandates of actors")
            }
            Check::Coordination => {
                let ties = a.ties.iter().filter(|t| matches!(t.kind, TieKind::Coordinates | TieKind::Partners)).count();
                let words = format!("{} of coordination or partnership between {}.", count(ties, "tie"), count(a.actors.len(), "actor"));
                finding(part(ties, 1), words, "ties between the actors: who coordinates with whom")
            }
            Check::SectorsConsidered => {
                let touched: BTreeSet<Component> = a
                    .interventions
                    .iter()
                    .flat_map(|i| i.externalities.iter())
                    .filter_map(|e| e.component.or_else(|| e.threat.as_deref().and_then(|t| self.component.get(t).copied())))
                    .collect();
                let held: BTreeSet<Component> = a
                    .actors
                    .iter()
                    .flat_map(|x| x.mandates.iter().copied())
                    .chain(a.interventions.iter().flat_map(|i| [i.component].into_iter().chain(i.also.iter().copied())))
                    .collect();
                let alone: Vec<&str> = touched.difference(&held).map(|c| c.word()).collect();
                let words = if touched.is_empty() {
                    "No externality is declared, so which sectors are touched is not known.".to_owned()
                } else {
                    let held = touched.len() - alone.len();
                    format!("Externalities touch {}; {held} have a strategy or a mandate.", count(touched.len(), "component"))
                };
                let missing = if alone.is_empty() { "externalities".to_owned() } else { format!("an actor for {}", alone.join(", ")) };
                finding(part(touched.len() - alone.len(), touched.len()), words, missing)
            }
            Check::SeveralActors => {
                let mut of_each: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
                a.interventions.iter().for_each(|i| of_each.entry(&i.id).or_default().extend(i.actors.iter().map(String::as_str)));
                a.responsibilities.iter().for_each(|r| of_each.entry(&r.intervention).or_default().extend([r.actor.as_str()]));
                let several = of_each.values().filter(|ids| ids.len() > 1).count();
                let words = format!("{several} of {} have more than one actor.", count(of, "strategy"));
                finding(part(several, of), words, "the actors of every strategy")
            }
            Check::Allocation => {
                let (does, answers) = (self.with_role(&[Role::Responsible], false), self.with_role(&[Role::Accountable], false));
                let words = format!("{does} of {} have somebody responsible, {answers} somebody accountable.", count(of, "strategy"));
                let shown = part(does + answers, 2 * of);
                finding(shown, words, "who is responsible and who is accountable for every strategy")
            }
            Check::LocalPartners => {
                let local = self.with_role(&[Role::Responsible, Role::Accountable], true);
                let words = format!("{local} of {} have a local actor.", count(of, "strategy"));
                finding(part(local, of), words, "a local partner of every strategy")
            }
            _ => {
                let (training, building) = (self.meetings(&[MeetingKind::Training]), self.of_pillar(Pillar::Empowerment));
                let words = format!("{}; {} of empowerment.", count(training, "meeting for training"), count(building, "strategy"))
                    .replace("meeting for trainings", "meetings for training");
                finding(both(training > 0, building > 0), words, "meetings for training, and strategies of empowerment")
            }
        }
    }

    fn situation(&self, check: Check) -> ShownFinding {
        let a = self.assessment;
        match check {
            Check::SevenComponents => {
                let seen: BTreeSet<Component> =
                    a.threats.iter().flat_map(|t| [t.component].into_iter().chain(t.also.iter().copied())).collect();
                let without: Vec<&str> = Component::ALL.iter().filter(|c| !seen.contains(c)).map(|c| c.word()).collect();
                let words = format!("Threats are named in {} of 7 components.", seen.len());
                finding(
                    part(seen.len(), Component::ALL.len()),
                    words,
                    format!("threats, or that there are none, in {}", without.join(", ")),
                )
            }
            Check::WideSpectrum => {
                let words = format!(
                    "{}, {}, {}.",
                    count(a.threats.len(), "threat"),
                    count(a.conditions.len(), "condition"),
                    count(a.capacities.len(), "capacity")
                );
                let there = [!a.threats.is_empty(), !a.conditions.is_empty(), !a.capacities.is_empty()];
                let missing: Vec<&str> =
                    ["threats", "conditions", "capacities"].into_iter().zip(there).filter(|(_, t)| !t).map(|(w, _)| w).collect();
                finding(part(3 - missing.len(), 3), words, missing.join(", "))
            }
            Check::InDepth => {
                let both_axes = a.conditions.iter().filter(|c| c.severity.is_some() && c.prevalence.is_some()).count();
                let by_group = a.conditions.iter().filter(|c| c.group.is_some()).count();
                let words = format!(
                    "{both_axes} of {} have severity and prevalence; {by_group} are of a group.",
                    count(a.conditions.len(), "condition")
                );
                let full = part(both_axes, a.conditions.len());
                let shown = if full == Shown::Yes && by_group == 0 { Shown::Partly } else { full };
                finding(shown, words, "severity and prevalence of every threat, by gender, age or status")
            }
            Check::Freedoms => {
                let said = a.threats.iter().filter(|t| !t.core.is_empty() || !t.freedoms.is_empty()).count();
                let words = format!("{said} of {} say which freedom or vital core they touch.", count(a.threats.len(), "threat"));
                finding(part(said, a.threats.len()), words, "the freedoms or the vital core that each threat touches")
            }
            Check::Levels => {
                let levels: BTreeSet<Level> = a.places.iter().map(|p| p.level).collect();
                let words = format!("Places stand on {}.", count(levels.len(), "level"));
                let missing = "places of the local, the national and a wider level";
                finding(part(levels.len(), 3), words, missing)
            }
            Check::AcrossCommunities => {
                let places: BTreeSet<&str> = a.conditions.iter().map(|c| c.place.as_str()).collect();
                let levels: BTreeSet<Level> = places.iter().filter_map(|p| self.level.get(p).copied()).collect();
                let words = format!("Conditions are known of {}, on {}.", count(places.len(), "place"), count(levels.len(), "level"));
                finding(both(places.len() > 1, levels.len() > 1), words, "conditions of several places and levels")
            }
            Check::AcrossComponents => {
                let across = self.across();
                let words = format!("{} of {} cross from one component to another.", across, count(a.linkages.len(), "linkage"));
                finding(part(across, 1), words, "linkages between threats of different components")
            }
            Check::Causes => {
                let fed: BTreeSet<&str> = a.linkages.iter().filter(|l| l.effect == LinkEffect::Feeds).map(|l| l.to.as_str()).collect();
                let feeds: BTreeSet<&str> = a.linkages.iter().filter(|l| l.effect == LinkEffect::Feeds).map(|l| l.from.as_str()).collect();
                let linked = a.threats.iter().filter(|t| fed.contains(t.id.as_str()) || feeds.contains(t.id.as_str())).count();
                let words = format!("{}; {linked} of {} are linked.", count(self.feeding(), "linkage"), count(a.threats.len(), "threat"));
                finding(part(linked, a.threats.len()), words, "what feeds each threat, or what it feeds")
            }
            _ => {
                let known = a.linkages.iter().filter(|l| l.weight.is_some() || l.strength.is_some()).count();
                let words = format!("{known} of {} say how strong they are.", count(a.linkages.len(), "linkage"));
                finding(part(known, a.linkages.len()), words, "a weight or strength of every linkage")
            }
        }
    }

    fn capacities(&self, check: Check) -> ShownFinding {
        let a = self.assessment;
        match check {
            Check::LocalAssets => {
                let own = self.strengths(Pillar::Empowerment);
                let words = format!("{} of people themselves, harmful coping not counted.", count(own, "capacity"));
                finding(part(own, 1), words, "the assets and coping of people, as capacities")
            }
            Check::RestsOnCapacities => {
                let resting = self.interventions(|i| !i.needs_capacities.is_empty());
                let words = format!("{resting} of {} say which capacities they rest on.", count(a.interventions.len(), "strategy"));
                finding(part(resting, a.interventions.len()), words, "the capacities that each strategy needs")
            }
            Check::EmpowermentOnCapacities => {
                let of = self.of_pillar(Pillar::Empowerment);
                let resting =
                    self.interventions(|i| matches!(i.pillar, Some(Pillar::Empowerment | Pillar::Both)) && !i.needs_capacities.is_empty());
                let words = format!("{resting} of {} of empowerment say which capacities they rest on.", count(of, "strategy"));
                finding(part(resting, of), words, "strategies of empowerment, and the capacities they need")
            }
            Check::Resilience => {
                let (own, used) = (self.strengths(Pillar::Empowerment), self.of_pillar(Pillar::Empowerment));
                let words = format!("{} of people themselves; {} of empowerment.", count(own, "capacity"), count(used, "strategy"));
                finding(both(own > 0, used > 0), words, "capacities of people, and strategies of empowerment")
            }
            Check::Infrastructure => {
                let (of, said) = (self.strengths(Pillar::Protection), a.capacities.iter().filter(|c| c.function.is_some()).count());
                let words =
                    format!("{} of protection; {said} say whether they are norm, institution, process or service.", count(of, "capacity"));
                finding(both(of > 0, said > 0), words, "capacities of protection with their function")
            }
            _ => {
                let (up, down) = (self.strengths(Pillar::Protection), self.strengths(Pillar::Empowerment));
                let there = [self.feeding() > 0, up > 0, down > 0];
                let words =
                    format!("{}; {} of protection, {down} of empowerment.", count(self.feeding(), "linkage"), count(up, "capacity"));
                finding(part(there.iter().filter(|t| **t).count(), 3), words, "linkages, and capacities of both pillars")
            }
        }
    }

    fn responses(&self, check: Check) -> ShownFinding {
        let a = self.assessment;
        let of = a.interventions.len();
        match check {
            Check::Externalities => {
                let declared = self.interventions(|i| !i.externalities.is_empty());
                let words = format!("{declared} of {} declare what they do outside their target.", count(of, "strategy"));
                finding(part(declared, of), words, "the externalities of every strategy, better and worse")
            }
            Check::BothPillars => {
                let (up, down) = (self.of_pillar(Pillar::Protection), self.of_pillar(Pillar::Empowerment));
                let words = format!("{} of protection, {down} of empowerment; both counts as each.", count(up, "strategy"));
                finding(both(up > 0, down > 0), words, "strategies of both pillars")
            }
            Check::PreventionBesideResponse => {
                let (before, after) = (self.judged("stage", &["prevention"]), self.judged("stage", &["mitigation", "coping"]));
                let words = format!("{} judged as prevention, {after} as mitigation or coping.", count(before, "strategy"));
                finding(both(before > 0, after > 0), words, "a judgement `stage` on every strategy")
            }
            _ => {
                let there: Vec<bool> = Horizon::ALL.iter().map(|h| self.interventions(|i| i.horizon == Some(*h)) > 0).collect();
                let missing: Vec<&str> = Horizon::ALL.iter().zip(&there).filter(|(_, t)| !**t).map(|(h, _)| h.word()).collect();
                let words = format!("Strategies are planned for {} of 3 horizons.", there.iter().filter(|t| **t).count());
                finding(part(3 - missing.len(), 3), words, format!("strategies of the {} term", missing.join(" and the ")))
            }
        }
    }

    fn over_time(&self, check: Check) -> ShownFinding {
        let a = self.assessment;
        let mut dates: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
        for o in &a.observations {
            dates.entry((&o.indicator, &o.place)).or_default().insert(&o.period);
        }
        for c in &a.conditions {
            if let Some(period) = c.period.as_deref() {
                dates.entry((&c.threat, &c.place)).or_default().insert(period);
            }
        }
        let followed = dates.values().filter(|d| d.len() > 1).count();
        let reviews = self.meetings(&[MeetingKind::Review]);
        match check {
            Check::Monitored => {
                let words = format!(
                    "{} followed over several periods; {} to look back.",
                    count(followed, "series").replace("seriess", "series"),
                    count(reviews, "meeting")
                );
                finding(both(followed > 0, reviews > 0), words, "indicators of several periods, and meetings that look back")
            }
            Check::EasesWithoutHarm => {
                let declared = self.interventions(|i| !i.externalities.is_empty());
                let words = format!(
                    "{} followed over several periods; {declared} of {} declare externalities.",
                    count(followed, "series").replace("seriess", "series"),
                    count(a.interventions.len(), "strategy")
                );
                let all = declared > 0 && declared == a.interventions.len();
                let shown = both(followed > 0, all);
                let shown = if shown == Shown::No && declared > 0 { Shown::Partly } else { shown };
                finding(shown, words, "severities of several periods, and the externalities of every strategy")
            }
            _ => {
                let decided: u64 = a.meetings.iter().filter_map(|m| m.carried_out).sum();
                let acted = a.feedback.iter().filter(|f| f.outcome == Some(crate::assessment::FeedbackOutcome::Acted)).count();
                let words = format!(
                    "{} to look back; {} of meetings carried out; {} acted on.",
                    count(reviews, "meeting"),
                    count(usize::try_from(decided).unwrap_or(usize::MAX), "decision"),
                    count(acted, "piece of feedback").replace("piece of feedbacks", "pieces of feedback")
                );
                finding(both(reviews > 0, decided > 0 || acted > 0), words, "meetings that look back, and what was changed by them")
            }
        }
    }
}
