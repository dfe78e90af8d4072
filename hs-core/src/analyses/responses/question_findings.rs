//! What can be computed towards each of the seven questions, in words with numbers, and what is wanting.

use std::collections::BTreeSet;

use serde::Serialize;

use super::bearings::{Bearing, BearingKind, Bearings, Singles, is_of, listed, points, quoted};
use super::capacity_use::{CapacityRow, CapacityState};
use super::options::Options;
use super::pillar_gaps::{Gap, PillarStrength};
use super::weights::Weighted;
use crate::Assessment;
use crate::analyses::thresholds::Class;
use crate::assessment::Intervention;
use crate::framework::{Component, Pillar};

/// How many are named in a sentence before the rest is counted.
const NAMED: usize = 3;

/// Something computed towards a question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QuestionFinding {
    /// The question, 1 to 7.
    pub number: u8,
    /// Whether something was found that helps to answer; else it is told that there is nothing.
    pub found: bool,
    /// Ids concerned.
    pub subjects: Vec<String>,
    /// How many, or severity points where the sentence speaks of them.
    pub amount: Option<f64>,
    /// One sentence.
    pub words: String,
}

/// What the findings are read from.
pub(super) struct Evidence<'e, 'a> {
    pub(super) assessment: &'a Assessment,
    pub(super) options: &'e Options<'a>,
    pub(super) singles: &'e Singles,
    pub(super) bearings: &'e Bearings,
    pub(super) capacities: &'e [CapacityRow],
    pub(super) cells: &'e [PillarStrength],
    pub(super) least: f64,
}

/// Findings and wants of one question as they come together.
#[derive(Default)]
pub(super) struct Towards {
    pub(super) findings: Vec<QuestionFinding>,
    pub(super) wanting: Vec<String>,
}

impl Towards {
    fn say(&mut self, number: u8, subjects: Vec<String>, amount: Option<f64>, words: String) {
        self.findings.push(QuestionFinding { number, found: true, subjects, amount, words });
    }

    fn lack(&mut self, number: u8, subjects: Vec<String>, words: String) {
        self.findings.push(QuestionFinding { number, found: false, subjects, amount: None, words });
    }
}

/// `1 strategy`, `2 strategies`.
fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// An id as a reader would write it.
fn spelled(id: &str) -> String {
    id.replace(['-', '_'], " ")
}

impl Evidence<'_, '_> {
    pub(super) fn towards(&self, number: u8) -> Towards {
        let mut towards = Towards::default();
        match number {
            1 => self.relations(&mut towards),
            2 => self.built_on(&mut towards),
            3 => self.at_hand(&mut towards),
            4 => self.passed_over(&mut towards),
            5 => self.gaps_closed(&mut towards),
            6 => self.good_elsewhere(&mut towards),
            _ => self.most_served(&mut towards),
        }
        towards
    }

    fn name(&self, id: &str) -> String {
        quoted(self.assessment.interventions.iter().find(|i| i.id == id).map_or(id, |i| i.name.as_str()))
    }

    fn names(&self, ids: &[String]) -> String {
        listed(&ids.iter().map(|id| self.name(id)).collect::<Vec<_>>(), NAMED)
    }

    fn place(&self, id: &str) -> String {
        self.assessment.places.iter().find(|p| p.id == id).map_or(id, |p| p.name.as_str()).to_owned()
    }

    fn side(&self, pillar: Pillar) -> Vec<&Intervention> {
        self.options.interventions().iter().copied().filter(|i| is_of(i, pillar)).collect()
    }

    /// Whether both sides have a strategy; says so where one has none.
    fn both_sides(&self, number: u8, towards: &mut Towards) -> bool {
        let unsaid: Vec<String> = self.options.interventions().iter().filter(|i| i.pillar.is_none()).map(|i| i.id.clone()).collect();
        if !unsaid.is_empty() {
            towards.wanting.push(format!("the pillar of {}", self.names(&unsaid)));
        }
        let empty: Vec<&str> =
            [Pillar::Protection, Pillar::Empowerment].iter().filter(|p| self.side(**p).is_empty()).map(|p| p.word()).collect();
        for pillar in &empty {
            towards.lack(number, Vec::new(), format!("No strategy is of {pillar}."));
            towards.wanting.push(format!("a strategy of {pillar}, or the pillar of those that are"));
        }
        empty.is_empty()
    }

    /// 1: how protection and empowerment strategies bear on each other.
    fn relations(&self, towards: &mut Towards) {
        if !self.both_sides(1, towards) {
            return;
        }
        let all = || self.bearings.protection_to_empowerment.iter().chain(&self.bearings.empowerment_to_protection);
        let stated: Vec<&Bearing> = once(all().filter(|b| b.basis() == "stated"));
        if stated.is_empty() {
            towards.lack(
                1,
                Vec::new(),
                "No protection strategy is said to need, strengthen or exclude an empowerment strategy, nor the other way round.".into(),
            );
            towards.wanting.push("which strategies of the two pillars need, strengthen or exclude each other".into());
        } else {
            let words = listed(&stated.iter().map(|b| b.words.clone()).collect::<Vec<_>>(), NAMED);
            let amount = Some(stated.len() as f64);
            towards.say(1, subjects(&stated), amount, format!("Stated: {words}."));
        }
        for (kind, finding) in [
            (BearingKind::Reaches, "one improves a threat that the other works on"),
            (BearingKind::Hinders, "one worsens a threat that the other works on"),
        ] {
            let found: Vec<&Bearing> = all().filter(|b| b.kind == kind).collect();
            let pairs: BTreeSet<(&str, &str)> = found.iter().map(|b| ordered(&b.from, &b.to)).collect();
            let strongest = found.iter().max_by(|a, b| size(a).total_cmp(&size(b)));
            if let Some(strongest) = strongest {
                let words = format!("In {}, {finding}; most of all, {}.", count(pairs.len(), "pair", "pairs"), strongest.words);
                towards.say(1, subjects(&found), Some(pairs.len() as f64), words);
            } else if kind == BearingKind::Reaches {
                towards.lack(1, Vec::new(), "In no pair does one strategy improve a threat that the other works on.".into());
            }
        }
    }

    /// 2: which empowerment strategies build on what people have.
    fn built_on(&self, towards: &mut Towards) {
        let own = self.side(Pillar::Empowerment);
        if own.is_empty() {
            towards.lack(2, Vec::new(), "No strategy is of empowerment.".into());
            towards.wanting.push("a strategy of empowerment, or the pillar of those that are".into());
            return;
        }
        let rows = |i: &Intervention, state: CapacityState| -> Vec<&CapacityRow> {
            self.capacities.iter().filter(|r| r.state == Some(state) && r.needed_by.contains(&i.id)).collect()
        };
        let building: Vec<&Intervention> = own.iter().copied().filter(|i| !rows(i, CapacityState::Present).is_empty()).collect();
        if !building.is_empty() {
            let told: Vec<String> = building
                .iter()
                .map(|i| format!("{} on {}", quoted(&i.name), listed(&self.with_level(&rows(i, CapacityState::Present)), NAMED)))
                .collect();
            let words = format!(
                "{} of {} rest on a capacity that is there: {}.",
                building.len(),
                count(own.len(), "empowerment strategy", "empowerment strategies"),
                listed(&told, NAMED)
            );
            towards.say(2, building.iter().map(|i| i.id.clone()).collect(), Some(building.len() as f64), words);
        }
        for i in &own {
            let missing = rows(i, CapacityState::Missing);
            if !missing.is_empty() {
                let of = |r: &&CapacityRow| {
                    spelled(&r.capacity) + &r.place.as_ref().map(|p| format!(" in {}", self.place(p))).unwrap_or_default()
                };
                let words =
                    format!("{} needs what is not there: {}.", quoted(&i.name), listed(&missing.iter().map(of).collect::<Vec<_>>(), NAMED));
                towards.lack(2, vec![i.id.clone()], words);
            }
        }
        let silent: Vec<String> = own.iter().filter(|i| i.needs_capacities.is_empty()).map(|i| i.id.clone()).collect();
        if !silent.is_empty() {
            towards.lack(2, silent.clone(), format!("No capacity is named by {}.", self.names(&silent)));
            towards.wanting.push(format!("which capacities {} build on", self.names(&silent)));
        }
        towards.wanting.push("what choices people gain, in their own words: nothing here measures that".into());
    }

    fn with_level(&self, rows: &[&CapacityRow]) -> Vec<String> {
        rows.iter().map(|r| self.with_place(r) + &r.level.map(|l| format!(" ({l:.2})")).unwrap_or_default()).collect()
    }

    fn with_place(&self, row: &CapacityRow) -> String {
        let place = row.place.as_ref().map(|p| format!(" in {}", self.place(p))).unwrap_or_default();
        self.capacity(&row.capacity, row.place.as_deref()) + &place
    }

    /// A capacity's id in words; a place at its end is told after it and not twice.
    fn capacity(&self, id: &str, place: Option<&str>) -> String {
        let short = place.and_then(|p| id.strip_suffix(p)).and_then(|s| s.strip_suffix('-')).filter(|s| !s.is_empty());
        spelled(short.unwrap_or(id))
    }

    /// 3: which capacities and assets of the community there are.
    fn at_hand(&self, towards: &mut Towards) {
        let mut bare = Vec::new();
        for &component in Component::ALL {
            let rows: Vec<&CapacityRow> = self.capacities.iter().filter(|r| r.component == component && r.is_of_the_community()).collect();
            let asked = self.assessment.threats.iter().any(|t| t.component == component);
            if rows.is_empty() && asked {
                bare.push(component.word().to_owned());
            } else if !rows.is_empty() {
                let words = format!("{}: {}.", capital(component.word()), listed(&self.with_level(&rows), NAMED));
                towards.say(3, rows.iter().map(|r| r.capacity.clone()).collect(), Some(rows.len() as f64), words);
            }
        }
        if !bare.is_empty() {
            towards.lack(3, bare.clone(), format!("No strength of the community is on record for {} security.", listed(&bare, bare.len())));
            towards.wanting.push(format!("what people have and do against {} threats", listed(&bare, bare.len())));
        }
        let harmful: Vec<&CapacityRow> = self.capacities.iter().filter(|r| r.state == Some(CapacityState::HarmfulCoping)).collect();
        if !harmful.is_empty() {
            let names: Vec<String> = harmful.iter().map(|r| self.capacity(&r.capacity, r.place.as_deref())).collect();
            let words = format!("A signal of stress and no strength: {}.", listed(&names, NAMED));
            towards.lack(3, harmful.iter().map(|r| r.capacity.clone()).collect(), words);
        }
    }

    /// 4: which strengths have been passed over.
    fn passed_over(&self, towards: &mut Towards) {
        let strengths: Vec<&CapacityRow> = self.capacities.iter().filter(|r| r.is_of_the_community()).collect();
        if strengths.is_empty() {
            towards.lack(4, Vec::new(), "No strength of the community is on record, so none can be said to be passed over.".into());
            towards.wanting.push("capacities of the community, of whatever kind".into());
            return;
        }
        let (neglected, used): (Vec<&CapacityRow>, Vec<&CapacityRow>) =
            strengths.iter().copied().partition(|r| r.state == Some(CapacityState::Neglected));
        if !neglected.is_empty() {
            let words = format!("Used by no strategy: {}.", listed(&self.with_level(&neglected), NAMED));
            towards.say(4, neglected.iter().map(|r| r.capacity.clone()).collect(), Some(neglected.len() as f64), words);
            towards.wanting.push(format!("how {} could be used", listed(&self.with_level(&neglected), NAMED)));
        }
        let unnamed: Vec<&CapacityRow> = used.into_iter().filter(|r| r.needed_by.is_empty()).collect();
        if !unnamed.is_empty() {
            let of = |r: &&CapacityRow| format!("{} (beside {})", self.with_place(r), self.names(&r.beside));
            let told = listed(&unnamed.iter().map(of).collect::<Vec<_>>(), NAMED);
            let words = format!("Named by no strategy, though some work on the same threats: {told}.");
            towards.say(4, unnamed.iter().map(|r| r.capacity.clone()).collect(), Some(unnamed.len() as f64), words);
            towards.wanting.push("whether the strategies that work beside a strength build on it".into());
        }
        if neglected.is_empty() && unnamed.is_empty() {
            let words = format!("Every strength on record ({}) is named by a strategy.", strengths.len());
            towards.say(4, strengths.iter().map(|r| r.capacity.clone()).collect(), Some(0.0), words);
        }
    }

    fn cell(&self, cell: &PillarStrength) -> String {
        let cell = &cell.cell;
        let threat = self.assessment.threats.iter().find(|t| t.id == cell.threat).map_or(cell.threat.as_str(), |t| t.name.as_str());
        let group =
            cell.group.as_ref().map(|id| self.assessment.groups.iter().find(|g| g.id == *id).map_or(id.as_str(), |g| g.name.as_str()));
        let group = group.map(|g| format!(", {}", g.to_lowercase())).unwrap_or_default();
        format!("{} ({}{group})", quoted(threat), self.place(&cell.place))
    }

    /// 5: which protection strategies close gaps against the most severe and widespread threats.
    fn gaps_closed(&self, towards: &mut Towards) {
        let both: Vec<&PillarStrength> = self.cells.iter().filter(|c| c.cell.class == Some(Class::CriticalAndPervasive)).collect();
        let (cells, what) =
            if both.is_empty() { (self.cells.iter().collect(), "severe or widespread") } else { (both, "severe and widespread") };
        if cells.is_empty() {
            towards.lack(5, Vec::new(), "No threat is known to be severe or widespread.".into());
            towards.wanting.push("severity and prevalence of the threats, by place and group".into());
            return;
        }
        let planned = |c: &&&PillarStrength| !c.by_protection.interventions.is_empty() && c.protection.value != Some(0.0);
        let of = format!("{} (threat, place and group)", count(cells.len(), "cell", "cells"));
        let mut told = Vec::new();
        for strategy in self.side(Pillar::Protection) {
            let own = |c: &&&PillarStrength| c.by_protection.interventions.contains(&strategy.id);
            let at: Vec<&&PillarStrength> = cells.iter().filter(planned).filter(own).collect();
            if at.is_empty() {
                continue;
            }
            let closed: Vec<&&&PillarStrength> = at.iter().filter(|c| c.by_protection.capacities.is_empty()).collect();
            let (n, name) = (closed.len(), quoted(&strategy.name));
            let words = match at.len() - n {
                m if n == 0 => format!("{name} strengthens the protection that is there on {m} of {of} that are {what}."),
                0 => format!("{name} brings protection to {n} of {of} that are {what}, where there is none now."),
                m => {
                    format!("{name} brings protection to {n} of {of} that are {what}, where there is none now, and strengthens it on {m}.")
                }
            };
            told.push((n, at.len(), strategy, words));
        }
        told.sort_by_key(|t| std::cmp::Reverse((t.0, t.1)));
        for (closed, _, strategy, words) in told.iter().take(NAMED) {
            towards.say(5, vec![strategy.id.clone()], Some(*closed as f64), words.clone());
        }
        let rest: Vec<String> = told.iter().skip(NAMED).map(|t| t.2.id.clone()).collect();
        if !rest.is_empty() {
            towards.say(5, rest.clone(), None, format!("Fewer are protected by {}.", self.names(&rest)));
        }
        let open: Vec<&&PillarStrength> = cells.iter().filter(|c| matches!(c.gap, Gap::Protection | Gap::Both)).collect();
        if !open.is_empty() {
            let names: Vec<String> = open.iter().map(|c| self.cell(c)).collect();
            let words = format!("{} of {} still have no protection: {}.", open.len(), cells.len(), listed(&names, NAMED));
            towards.lack(5, open.iter().map(|c| c.cell.name()).collect(), words);
            towards.wanting.push(format!("who protects people from {}", listed(&names, NAMED)));
        }
        if told.is_empty() {
            towards.lack(5, Vec::new(), format!("No protection strategy acts on a cell that is {what}."));
        }
    }

    /// 6: which strategies are likely to do good in other sectors.
    fn good_elsewhere(&self, towards: &mut Towards) {
        struct Reach<'i> {
            strategy: &'i Intervention,
            better: Vec<(Component, f64)>,
            worse: Vec<(Component, f64)>,
        }
        let components = Weighted::by_component(&self.singles.nodes);
        let (mut reaches, mut undefined, mut none) = (Vec::new(), Vec::new(), Vec::new());
        for (option, strategy) in self.options.interventions().iter().copied().enumerate() {
            let mut reach = Reach { strategy, better: Vec::new(), worse: Vec::new() };
            let mut known = true;
            for (component, cells) in &components {
                if *component == strategy.component || strategy.also.contains(component) {
                    continue;
                }
                let (falls, rises) = self.singles.means(option, cells);
                known &= falls.is_some() && rises.is_some();
                reach.better.extend(falls.filter(|x| *x <= -self.least && *x < 0.0).map(|x| (*component, x)));
                reach.worse.extend(rises.filter(|x| *x >= self.least && *x > 0.0).map(|x| (*component, x)));
            }
            match (known, reach.better.is_empty()) {
                (false, _) => undefined.push(strategy.id.clone()),
                (true, true) => none.push(strategy.id.clone()),
                (true, false) => reaches.push(reach),
            }
        }
        let total = |reach: &Reach<'_>| reach.better.iter().map(|(_, x)| x).sum::<f64>();
        reaches.sort_by(|a, b| b.better.len().cmp(&a.better.len()).then(total(a).total_cmp(&total(b))));
        let told = |list: &[(Component, f64)]| {
            let mut list = list.to_vec();
            list.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
            listed(&list.iter().map(|(c, x)| format!("{} by {}", c.word(), points(*x))).collect::<Vec<_>>(), NAMED)
        };
        for reach in reaches.iter().take(NAMED) {
            let harm = if reach.worse.is_empty() {
                "no harm is found in any other".into()
            } else {
                format!("it does harm in {} ({})", reach.worse.len(), told(&reach.worse))
            };
            let words = format!(
                "{} does good in {} ({} severity points on average); {harm}.",
                quoted(&reach.strategy.name),
                count(reach.better.len(), "other component", "other components"),
                told(&reach.better)
            );
            towards.say(6, vec![reach.strategy.id.clone()], Some(reach.better.len() as f64), words);
        }
        let rest: Vec<String> = reaches.iter().skip(NAMED).map(|r| r.strategy.id.clone()).collect();
        if !rest.is_empty() {
            towards.say(6, rest.clone(), None, format!("Some good in other components is found for {} too.", self.names(&rest)));
        }
        if !none.is_empty() {
            towards.lack(6, none.clone(), format!("No good in other components is found for {}.", self.names(&none)));
        }
        if !undefined.is_empty() {
            towards.lack(6, undefined.clone(), format!("Effects of {} are undefined in some component.", self.names(&undefined)));
        }
        let mut claimed: Vec<String> = self.options.claims().iter().filter(|c| !c.worse).map(|c| c.intervention.clone()).collect();
        claimed.dedup();
        if !claimed.is_empty() {
            let words = format!("Good elsewhere is claimed without a number for {}.", self.names(&claimed));
            towards.say(6, claimed.clone(), Some(self.options.claims().iter().filter(|c| !c.worse).count() as f64), words);
            towards.wanting.push(format!("numbers for the good that is claimed elsewhere ({})", self.names(&claimed)));
        }
        let free: Vec<String> = self.options.interventions().iter().filter(|i| i.cost.is_none()).map(|i| i.id.clone()).collect();
        if !free.is_empty() {
            towards
                .wanting
                .push(format!("the cost of {}, for the question speaks of resources", count(free.len(), "strategy", "strategies")));
        }
    }

    /// 7: which strategies of one pillar do most for the other.
    fn most_served(&self, towards: &mut Towards) {
        if !self.both_sides(7, towards) {
            return;
        }
        for (rows, from, to) in [
            (&self.bearings.protection_to_empowerment, "protection", "empowerment"),
            (&self.bearings.empowerment_to_protection, "empowerment", "protection"),
        ] {
            let helps = |b: &&Bearing| matches!(b.kind, BearingKind::Reaches | BearingKind::Reinforces);
            let mut ids: Vec<&str> = rows.iter().filter(helps).map(|b| b.from.as_str()).collect();
            ids.dedup();
            let of = |id: &str| -> (usize, f64) {
                let own = || rows.iter().filter(helps).filter(|b| b.from == id);
                let served: BTreeSet<&str> = own().map(|b| b.to.as_str()).collect();
                (served.len(), own().map(size).fold(0.0, f64::max))
            };
            let mut ranked: Vec<(&str, (usize, f64))> = ids.iter().map(|id| (*id, of(id))).collect();
            ranked.sort_by(|a, b| b.1.0.cmp(&a.1.0).then(b.1.1.total_cmp(&a.1.1)));
            let Some((first, (served, most))) = ranked.first().copied() else {
                towards.lack(7, Vec::new(), format!("No {from} strategy is found to serve a strategy of {to}."));
                continue;
            };
            let strongest = rows.iter().filter(helps).filter(|b| b.from == first).max_by(|a, b| size(a).total_cmp(&size(b)));
            let name = self.name(first);
            let best = strongest.map(|b| b.words.strip_prefix(&name).unwrap_or(&b.words).to_owned());
            let detail = best.map(|words| format!(". Most of all, it{words}")).unwrap_or_default();
            let words = format!("Of the {from} strategies, {name} serves the most {to} strategies ({served}){detail}.");
            towards.say(7, vec![first.to_owned()], Some(most), words);
            let next: Vec<String> = ranked.iter().skip(1).map(|(id, _)| (*id).to_owned()).collect();
            if !next.is_empty() {
                towards.say(7, next.clone(), None, format!("After it: {}.", self.names(&next)));
            }
        }
        towards.wanting.push("what pairs do together beyond each alone (see synergies)".into());
    }
}

fn size(bearing: &Bearing) -> f64 {
    bearing.amount.unwrap_or(0.0).abs()
}

fn ordered<'b>(a: &'b str, b: &'b str) -> (&'b str, &'b str) {
    if a <= b { (a, b) } else { (b, a) }
}

/// Each statement once: what excludes is said from both sides, and strategies of both pillars stand in both tables.
fn once<'b>(rows: impl Iterator<Item = &'b Bearing>) -> Vec<&'b Bearing> {
    let mut seen = BTreeSet::new();
    rows.filter(|b| {
        let pair = if b.kind == BearingKind::Excludes { ordered(&b.from, &b.to) } else { (b.from.as_str(), b.to.as_str()) };
        seen.insert((pair, b.kind))
    })
    .collect()
}

fn subjects(rows: &[&Bearing]) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for id in rows.iter().flat_map(|b| [&b.from, &b.to]) {
        if !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    ids
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
