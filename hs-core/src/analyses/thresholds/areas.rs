//! Which phase an area takes: its people by phase, over the groups of one partition.

use std::collections::BTreeSet;

use super::cells::{Evidence, Scope, Seen};
use super::phase_rules::{PHASES, at_or_above, of_area, of_severity};
use super::phases::Phases;
use super::phases_result::AreaCell;
use crate::Result;
use crate::assessment::span;
use crate::network::Atlas;

/// The people of an area: the whole population at once, or the groups of a partition.
struct Whom<'a> {
    partition: Option<String>,
    parts: Vec<Portion<'a>>,
}

struct Portion<'a> {
    seen: Seen<'a>,
    persons: Option<f64>,
}

impl Portion<'_> {
    fn known(&self) -> bool {
        // where nobody is affected, no severity is needed
        self.prevalence().is_some_and(|p| p == 0.0) || (self.prevalence().is_some() && self.seen.cell.severity.is_some())
    }

    fn prevalence(&self) -> Option<f64> {
        self.seen.cell.prevalence.as_ref().map(|b| b.value)
    }

    /// Phase of those affected, and what share they are, where known.
    fn at(&self, bounds: &[f64; 4]) -> (u8, f64) {
        (self.seen.cell.severity.as_ref().map_or(1, |b| of_severity(b.value, bounds)), self.prevalence().unwrap_or(0.0))
    }

    /// The same at the better ends, unknown ones not affected.
    fn low(&self, bounds: &[f64; 4]) -> (u8, f64) {
        let phase = self.seen.severity_ends().map_or(1, |(low, _)| of_severity(low, bounds));
        (phase, self.seen.prevalence_ends().map_or(0.0, |(low, _)| low))
    }

    /// The same at the worse ends, unknown ones in phase 5 and all affected.
    fn high(&self, bounds: &[f64; 4]) -> (u8, f64) {
        let phase = self.seen.severity_ends().map_or(PHASES, |(_, high)| of_severity(high, bounds));
        (phase, self.seen.prevalence_ends().map_or(1.0, |(_, high)| high))
    }
}

impl Whom<'_> {
    /// Share of each part among the area's persons; none where any is unknown or nobody lives there.
    fn weights(&self) -> Option<Vec<f64>> {
        if self.parts.len() == 1 {
            return Some(vec![1.0]);
        }
        let persons: Vec<f64> = self.parts.iter().map(|part| part.persons).collect::<Option<_>>()?;
        let total: f64 = persons.iter().sum();
        (total > 0.0).then(|| persons.iter().map(|n| n / total).collect())
    }

    fn decided(&self) -> bool {
        self.weights().is_some_and(|weights| self.parts.iter().zip(weights).all(|(part, weight)| part.known() || weight == 0.0))
    }

    /// The earliest of the periods it rests on: no period counts as the earliest.
    fn oldest(&self) -> Option<(i64, i64)> {
        self.parts.iter().map(|part| part.seen.cell.period().and_then(span).map(|(first, last)| (last, first))).min().flatten()
    }
}

/// One row a threat and place asked about; `used` hears of everything a row rests on.
pub(super) fn areas(
    settings: &Phases,
    atlas: &Atlas<'_>,
    evidence: &Evidence<'_>,
    scope: &Scope<'_>,
    mut used: impl FnMut(&Seen<'_>),
) -> Result<Vec<AreaCell>> {
    let assessment = atlas.assessment();
    let mut pairs: BTreeSet<(u32, u32)> = BTreeSet::new();
    for (threat, place, group) in evidence.cells() {
        if !pairs.contains(&(place, threat)) && scope.asks(atlas, threat, place) && evidence.own((threat, place, group)).says() {
            pairs.insert((place, threat));
        }
    }
    let mut areas = Vec::with_capacity(pairs.len());
    for (place, threat) in pairs {
        let whom = whom(settings, atlas, evidence, threat, place)?;
        if let Some(whom) = &whom {
            whom.parts.iter().for_each(|part| used(&part.seen));
        }
        let (Some(of), Some(at)) = (assessment.threats.get(threat as usize), assessment.places.get(place as usize)) else { continue };
        areas.push(area(settings, whom, of.id.clone(), at.id.clone()));
    }
    Ok(areas)
}

/// The partition asked for; else, of the declared partitions (in order) and then the whole population, those that decide the phase, and of
/// these the most recent; else the whole population, else the first partition of which anything is known.
fn whom<'a>(settings: &Phases, atlas: &'a Atlas<'a>, evidence: &Evidence<'a>, threat: u32, place: u32) -> Result<Option<Whom<'a>>> {
    let portion = |group: u32, seen: Seen<'a>| Portion { seen, persons: atlas.persons(place, Some(group)) };
    if let Some(id) = &settings.groups {
        let parts = atlas.partition(id)?.iter().map(|&g| portion(g, evidence.group(threat, place, g))).collect();
        return Ok(Some(Whom { partition: Some(id.clone()), parts })
            .filter(|whom: &Whom<'_>| whom.parts.iter().any(|portion| portion.seen.says())));
    }
    let mut candidates = Vec::new();
    for partition in &atlas.assessment().partitions {
        let own = |g: &u32| portion(*g, evidence.own((threat, place, Some(*g))));
        let parts = atlas.partition(&partition.id)?.iter().map(own).collect();
        candidates.push(Whom { partition: Some(partition.id.clone()), parts });
    }
    let seen = evidence.own((threat, place, None));
    candidates.push(Whom { partition: None, parts: vec![Portion { seen, persons: atlas.persons(place, None) }] });
    candidates.retain(|whom| whom.parts.iter().any(|portion| portion.seen.says()));
    // the last candidate is the whole population, if anything is known of it
    let decided = candidates.iter().enumerate().filter(|(_, whom)| whom.decided());
    let best = decided.max_by_key(|(at, whom)| (whom.oldest(), std::cmp::Reverse(*at))).map(|(at, _)| at);
    let best = best.or_else(|| candidates.iter().position(|whom| whom.partition.is_none()));
    let best = best.unwrap_or(0);
    Ok(candidates.into_iter().nth(best))
}

fn area(settings: &Phases, whom: Option<Whom<'_>>, threat: String, place: String) -> AreaCell {
    let mut cell = AreaCell {
        threat,
        place,
        partition: None,
        period: None,
        phase: None,
        share_at_or_above: None,
        shares: None,
        phase_low: None,
        phase_high: None,
        coverage: None,
        reason: Some("its groups may overlap: no partition holds them"),
    };
    let Some(whom) = whom else { return cell };
    let latest = whom.parts.iter().filter_map(|part| part.seen.cell.period()).max_by_key(|p| span(p).map(|(first, last)| (last, first)));
    cell.period = latest.map(str::to_owned);
    let weights = whom.weights();
    let (least, _) = people(&whom, weights.as_deref(), |portion| portion.low(&settings.bounds));
    let (_, most) = people(&whom, weights.as_deref(), |portion| portion.high(&settings.bounds));
    cell.phase_low = Some(of_area(&least, settings.share).0);
    cell.phase_high = Some(of_area(&most, settings.share).0);
    cell.coverage = weights.as_ref().map(|weights| {
        let known = whom.parts.iter().zip(weights).filter(|(part, _)| part.known());
        known.map(|(part, weight)| weight * part.seen.cell.coverage().unwrap_or(1.0)).sum::<f64>().min(1.0)
    });
    cell.reason = reason(&whom, weights.is_some());
    if cell.reason.is_none()
        && let Some(weights) = weights
    {
        let mut shares = [0.0; 5];
        for (part, weight) in whom.parts.iter().zip(weights) {
            let (phase, affected) = part.at(&settings.bounds);
            for (at, share) in (1..=PHASES).zip(&mut shares) {
                let own = if at == phase { affected } else { 0.0 } + if at == 1 { 1.0 - affected } else { 0.0 };
                *share += weight * own;
            }
        }
        let (phase, share) = of_area(&at_or_above(&shares), settings.share);
        (cell.phase, cell.share_at_or_above, cell.shares) = (Some(phase), Some(share), Some(shares));
    }
    cell.partition = whom.partition;
    cell
}

fn reason(whom: &Whom<'_>, weighed: bool) -> Option<&'static str> {
    if whom.decided() {
        return None;
    }
    let one = whom.parts.len() == 1;
    let unknown = || whom.parts.iter().filter(|part| !part.known());
    if !weighed {
        let nobody = whom.parts.iter().all(|part| part.persons.is_some());
        return Some(if nobody { "nobody is counted in its groups" } else { "persons of a group unknown" });
    }
    if unknown().any(|part| part.prevalence().is_none() && part.seen.cell.severity.is_none()) {
        return Some("a group without severity and prevalence");
    }
    Some(match (unknown().any(|part| part.prevalence().is_none()), one) {
        (true, true) => "prevalence unknown",
        (true, false) => "prevalence of a group unknown",
        (false, true) => "severity unknown",
        (false, false) => "severity of a group unknown",
    })
}

/// Shares of people in each phase or worse: at least, and at most. Where the sizes of the groups are unknown any mixture of them is
/// possible, so the least is that of the best group and the most that of the worst.
fn people(whom: &Whom<'_>, weights: Option<&[f64]>, of: impl Fn(&Portion<'_>) -> (u8, f64)) -> ([f64; 5], [f64; 5]) {
    let reach = |part: &Portion<'_>, phase: u8| {
        let (own, affected) = of(part);
        if phase == 1 {
            1.0
        } else if own >= phase {
            affected
        } else {
            0.0
        }
    };
    let each = |phase: u8| whom.parts.iter().map(move |part| reach(part, phase));
    let (mut least, mut most) = ([0.0; 5], [0.0; 5]);
    for ((phase, least), most) in (1..=PHASES).zip(&mut least).zip(&mut most) {
        match weights {
            Some(weights) => {
                *least = each(phase).zip(weights).map(|(reached, weight)| reached * weight).sum();
                *most = *least;
            }
            None => {
                *least = each(phase).fold(f64::INFINITY, f64::min);
                *most = each(phase).fold(0.0, f64::max);
            }
        }
    }
    (least, most)
}
