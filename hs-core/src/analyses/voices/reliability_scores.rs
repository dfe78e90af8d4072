//! What scales say by place and group, and over time.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::ratings::{group_id, place_id};
use super::reliability::{Given, Reliability, ReliabilityResult};
use super::small_cells::{self, CellKey};
use crate::assessment::{ItemAspect, ItemTopic, span};
use crate::kernels::quantiles::student;
use crate::tables::{Table, TableBuilder};
use crate::{Assessment, Result};

/// The score of one cell.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScaleScore {
    /// Name of the scale.
    pub scale: String,
    /// What it is about.
    pub about: Option<ItemTopic>,
    /// The source of legitimacy, where the items name one.
    pub aspect: Option<ItemAspect>,
    /// Id of the actor the items ask about.
    pub actor: Option<String>,
    /// Id of the place; none for all.
    pub place: Option<String>,
    /// Id of the group; none for all.
    pub group: Option<String>,
    /// The period, in the trend.
    pub period: Option<String>,
    /// Mean, 0 least to 1 most of what the scale measures.
    pub score: Option<f64>,
    /// Its interval.
    pub interval: Option<(f64, f64)>,
    /// Respondents; none where suppressed.
    pub n: Option<usize>,
    /// `value`, `thin`, `suppressed`.
    pub state: &'static str,
}

impl ScaleScore {
    /// As notes name it.
    pub fn name(&self) -> String {
        let parts = [Some(self.scale.as_str()), self.aspect.map(ItemAspect::word), self.actor.as_deref(), self.place.as_deref()];
        let more = [self.group.as_deref(), self.period.as_deref()];
        parts.into_iter().chain(more).flatten().collect::<Vec<_>>().join("/")
    }

    pub(crate) fn table(rows: &[ScaleScore], by_period: bool) -> Result<Table> {
        let mut table: TableBuilder = Table::builder()
            .text("scale", rows.iter().map(|r| Some(&r.scale)))
            .text("about", rows.iter().map(|r| r.about.map(ItemTopic::word)))
            .text("aspect", rows.iter().map(|r| r.aspect.map(ItemAspect::word)))
            .text("actor", rows.iter().map(|r| r.actor.as_deref()))
            .text("place", rows.iter().map(|r| r.place.as_deref()))
            .text("group", rows.iter().map(|r| r.group.as_deref()));
        if by_period {
            table = table.text("period", rows.iter().map(|r| r.period.as_deref()));
        }
        table
            .number("score", rows.iter().map(|r| r.score))
            .number("lower", rows.iter().map(|r| r.interval.map(|e| e.0)))
            .number("upper", rows.iter().map(|r| r.interval.map(|e| e.1)))
            .integer("n", rows.iter().map(|r| r.n.and_then(|n| i64::try_from(n).ok())))
            .text("state", rows.iter().map(|r| Some(r.state)))
            .build()
    }
}

/// One respondent in one cell: mean share over the items answered, and weight.
struct Person {
    cell: (u32, Option<u32>, Option<(i64, i64)>),
    share: f64,
    weight: f64,
}

/// Scores of one scale: all of it (but of legitimacy by its sources alone), and by source and actor where the items name them.
pub(super) fn scores(
    settings: &Reliability,
    assessment: &Assessment,
    scale: &str,
    about: Option<ItemTopic>,
    latest: &[&Given<'_>],
    all: &[&Given<'_>],
    result: &mut ReliabilityResult,
) -> Result<()> {
    let aspects: BTreeSet<ItemAspect> = latest.iter().filter_map(|g| g.item.aspect).collect();
    let actors: BTreeSet<&str> = latest.iter().filter_map(|g| g.item.actor.as_deref()).collect();
    // no total over the sources of legitimacy
    let total = about != Some(ItemTopic::Legitimacy) || aspects.is_empty();
    let mut parts: Vec<(Option<ItemAspect>, Option<&str>)> = Vec::new();
    let whole: Vec<Option<ItemAspect>> = total.then_some(None).into_iter().chain(aspects.into_iter().map(Some)).collect();
    for aspect in whole {
        if actors.len() != 1 {
            parts.push((aspect, None));
        }
        parts.extend(actors.iter().map(|a| (aspect, Some(*a))));
    }
    for (aspect, actor) in parts {
        let of = |g: &&&Given<'_>| (aspect.is_none() || g.item.aspect == aspect) && (actor.is_none() || g.item.actor.as_deref() == actor);
        let items: BTreeSet<&str> = latest.iter().filter(of).map(|g| g.item.id.as_str()).collect();
        let row = ScaleScore {
            scale: scale.to_owned(),
            about,
            aspect,
            actor: actor.map(str::to_owned),
            place: None,
            group: None,
            period: None,
            score: None,
            interval: None,
            n: None,
            state: "suppressed",
        };
        let people = people(latest.iter().filter(of), items.len(), settings.answered, false);
        by_group(settings, assessment, &row, &people, &mut result.scores)?;
        let people = people_over_time(all.iter().filter(of), items.len(), settings.answered);
        over_time(settings, assessment, &row, &people, all, &mut result.trend)?;
    }
    Ok(())
}

fn people<'a>(given: impl Iterator<Item = &'a &'a Given<'a>>, items: usize, answered: f64, by_period: bool) -> Vec<Person> {
    type Key<'k> = (u32, Option<u32>, Option<(i64, i64)>, &'k str);
    // sum of shares, answers, weights
    let mut rows: BTreeMap<Key<'_>, (f64, f64, f64, BTreeSet<&str>)> = BTreeMap::new();
    for g in given {
        let period = g.answer.period.as_deref().filter(|_| by_period).and_then(span);
        let slot = rows.entry((g.place, g.group, period, g.answer.respondent.as_str())).or_default();
        let weight = g.answer.weight.map_or(1.0, |w| w.get());
        *slot = (slot.0 + g.share(), slot.1 + 1.0, slot.2 + weight, std::mem::take(&mut slot.3));
        slot.3.insert(g.item.id.as_str());
    }
    let enough = |seen: usize| seen as f64 >= answered * items as f64 - 1e-9;
    let kept = rows.into_iter().filter(|(_, (_, n, w, seen))| *n > 0.0 && *w > 0.0 && enough(seen.len()));
    kept.map(|((place, group, period, _), (sum, n, weight, _))| Person { cell: (place, group, period), share: sum / n, weight: weight / n })
        .collect()
}

fn people_over_time<'a>(given: impl Iterator<Item = &'a &'a Given<'a>>, items: usize, answered: f64) -> Vec<Person> {
    people(given, items, answered, true).into_iter().filter(|p| p.cell.2.is_some()).collect()
}

fn by_group(settings: &Reliability, assessment: &Assessment, row: &ScaleScore, people: &[Person], out: &mut Vec<ScaleScore>) -> Result<()> {
    let mut counts: BTreeMap<(usize, Option<usize>), usize> = BTreeMap::new();
    people.iter().for_each(|p| *counts.entry((p.cell.0 as usize, p.cell.1.map(|g| g as usize))).or_default() += 1);
    let hidden = small_cells::hidden(&counts, [true; 3], settings.min_n)?;
    let places: BTreeSet<u32> = people.iter().map(|p| p.cell.0).collect();
    let groups: BTreeSet<u32> = people.iter().filter_map(|p| p.cell.1).collect();
    let over = |place: Option<u32>, group: Option<u32>| {
        let key: CellKey = (place.map(|p| p as usize), group.map(|g| g as usize));
        let own: Vec<&Person> =
            people.iter().filter(|p| place.is_none_or(|q| p.cell.0 == q) && (group.is_none() || p.cell.1 == group)).collect();
        let base =
            ScaleScore { place: place.map(|p| place_id(assessment, p)), group: group.map(|g| group_id(assessment, g)), ..row.clone() };
        (!own.is_empty()).then(|| filled(base, &own, hidden.contains(&key), settings.level))
    };
    out.extend(over(None, None));
    out.extend(groups.iter().filter_map(|g| over(None, Some(*g))));
    for place in places {
        out.extend(over(Some(place), None));
        out.extend(groups.iter().filter_map(|g| over(Some(place), Some(*g))));
    }
    Ok(())
}

fn over_time(
    settings: &Reliability,
    assessment: &Assessment,
    row: &ScaleScore,
    people: &[Person],
    all: &[&Given<'_>],
    out: &mut Vec<ScaleScore>,
) -> Result<()> {
    let periods: Vec<(i64, i64)> = people.iter().filter_map(|p| p.cell.2).collect::<BTreeSet<_>>().into_iter().collect();
    if periods.len() < 2 {
        return Ok(());
    }
    let at = |p: &Person| p.cell.2.and_then(|s| periods.binary_search(&s).ok());
    let mut counts: BTreeMap<(usize, Option<usize>), usize> = BTreeMap::new();
    people.iter().for_each(|p| *counts.entry((p.cell.0 as usize, at(p))).or_default() += 1);
    // scores over all periods stand in the other table
    let hidden = small_cells::hidden(&counts, [true, false, false], settings.min_n)?;
    let text = |s: (i64, i64)| all.iter().filter_map(|g| g.answer.period.as_deref()).find(|t| span(t) == Some(s)).map(str::to_owned);
    for place in people.iter().map(|p| p.cell.0).collect::<BTreeSet<_>>() {
        for (k, period) in periods.iter().enumerate() {
            let own: Vec<&Person> = people.iter().filter(|p| p.cell.0 == place && p.cell.2 == Some(*period)).collect();
            if !own.is_empty() {
                let base = ScaleScore { place: Some(place_id(assessment, place)), period: text(*period), ..row.clone() };
                out.push(filled(base, &own, hidden.contains(&(Some(place as usize), Some(k))), settings.level));
            }
        }
    }
    Ok(())
}

/// Weighted mean with an interval by t over the effective number of respondents; within 0 to 1.
fn filled(mut row: ScaleScore, own: &[&Person], hide: bool, level: f64) -> ScaleScore {
    if hide {
        return row;
    }
    let (sum, square) = own.iter().fold((0.0, 0.0), |(s, q), p| (s + p.weight, q + p.weight * p.weight));
    let mean = own.iter().map(|p| p.weight * p.share).sum::<f64>() / sum;
    let n = sum * sum / square;
    row.score = Some(mean);
    row.n = Some(own.len());
    row.state = small_cells::state(own.len(), false);
    if own.len() > 1 && n > 1.0 {
        let variance = own.iter().map(|p| p.weight * (p.share - mean) * (p.share - mean)).sum::<f64>() / sum * n / (n - 1.0);
        let half = student(level, n - 1.0).map(|t| t * (variance / n).sqrt());
        row.interval = half.map(|h| ((mean - h).max(0.0), (mean + h).min(1.0)));
    }
    row
}
