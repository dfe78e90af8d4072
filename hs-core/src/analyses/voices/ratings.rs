//! What respondents say of threats, as one row a rater and one column a threat.

use std::collections::{BTreeMap, BTreeSet};

use crate::assessment::{Perception, span};
use crate::kernels::majority::{Pairs, borda};
use crate::kernels::ranks::from_greatest;
use crate::network::Atlas;
use crate::tables::Note;
use crate::{Assessment, Error, Result};

crate::framework::words::words!(
    /// Who counts as one voice.
    RatersBy {
        /// Each respondent.
        Respondent = "respondent",
        /// Each stakeholder: the common order of its respondents.
        Stakeholder = "stakeholder",
    }
);

crate::framework::words::words!(
    /// What is done where a rater does not speak of every item.
    MissingRatings {
        /// Raters with every item count, the others are left out; where fewer than two are left, items that every rater has.
        CompleteRaters = "complete-raters",
        /// Items that every rater has count, the others are left out.
        CompleteItems = "complete-items",
        /// What a rater does not name is tied behind all it names: for lists of the first few.
        Behind = "behind",
    }
);

/// One respondent on one threat, looked up by position.
#[derive(Debug, Clone)]
pub(super) struct Said<'a> {
    pub(super) row: &'a Perception,
    pub(super) threat: u32,
    pub(super) place: u32,
    pub(super) group: Option<u32>,
}

/// The perceptions of the period asked for, each respondent's latest word on a threat in a place; what is set aside is noted.
pub(super) fn said<'a>(atlas: &Atlas<'a>, period: Option<&str>, notes: &mut Vec<Note>) -> Result<Vec<Said<'a>>> {
    let asked = asked(period)?;
    let mut all: Vec<Said<'a>> = Vec::new();
    let mut outside = Vec::new();
    for row in &atlas.assessment().perceptions {
        if !within(row.period.as_deref(), asked) {
            outside.push(format!("{}/{}/{}", row.respondent, row.place, row.threat));
            continue;
        }
        let group = row.group.as_deref().map(|id| atlas.group(id)).transpose()?;
        all.push(Said { row, threat: atlas.threat(&row.threat)?, place: atlas.place(&row.place)?, group });
    }
    if !outside.is_empty() {
        notes.push(Note::counted("perception-of-other-period", "perception", "are not of the period asked for: not used", outside));
    }
    let mut latest: BTreeMap<(&str, u32, u32), When> = BTreeMap::new();
    for said in &all {
        let slot = latest.entry((said.row.respondent.as_str(), said.place, said.threat)).or_default();
        *slot = (*slot).max(when(said.row.period.as_deref()));
    }
    let before = all.len();
    all.retain(|s| latest.get(&(s.row.respondent.as_str(), s.place, s.threat)).is_some_and(|l| *l == when(s.row.period.as_deref())));
    if all.len() < before {
        let message =
            format!("{} perceptions are older than another of the same respondent, place and threat: not used", before - all.len());
        notes.push(Note::new("perception-not-latest", message, Vec::<String>::new()));
    }
    Ok(all)
}

/// First and last day of a period that is asked for.
pub(super) fn asked(period: Option<&str>) -> Result<Option<(i64, i64)>> {
    let wrong =
        |text: &str| Error::argument(format!("`period`: found `{}`, wanted a year, month, day, week or start/end", crate::shown(text)));
    period.map(|text| span(text).ok_or_else(|| wrong(text))).transpose()
}

/// Whether a period lies within the one asked for.
pub(super) fn within(period: Option<&str>, asked: Option<(i64, i64)>) -> bool {
    asked.is_none_or(|(first, last)| period.and_then(span).is_some_and(|(a, b)| a >= first && b <= last))
}

/// Last and first day of a period.
pub(super) type When = Option<(i64, i64)>;

/// Later periods compare greater; none is the earliest.
pub(super) fn when(period: Option<&str>) -> When {
    period.and_then(span).map(|(first, last)| (last, first))
}

/// Raters and items with a number each that is greatest for what comes first; NaN is missing.
#[derive(Debug, Clone, Default)]
pub(super) struct Ratings {
    pub(super) raters: Vec<String>,
    /// Positions of the threats, in the order of the assessment.
    pub(super) items: Vec<u32>,
    pub(super) values: Vec<f64>,
}

/// One row a respondent over the rows given: its ranks where it gives at least as many ranks as ratings, else its ratings, never both mixed; several
/// numbers of one respondent on one threat count with their mean.
pub(super) fn by_respondent<'a>(rows: impl Iterator<Item = &'a Said<'a>> + Clone) -> Ratings {
    let items: Vec<u32> = rows.clone().map(|s| s.threat).collect::<BTreeSet<u32>>().into_iter().collect();
    let column: BTreeMap<u32, usize> = items.iter().copied().zip(0..).collect();
    let mut raters: BTreeMap<&str, Vec<&Said<'_>>> = BTreeMap::new();
    rows.for_each(|s| raters.entry(s.row.respondent.as_str()).or_default().push(s));
    let mut out = Ratings { items, ..Ratings::default() };
    for (name, rows) in raters {
        let ranked = rows.iter().filter(|s| s.row.rank.is_some()).count();
        let by_rank = ranked >= rows.iter().filter(|s| s.row.rating.is_some()).count();
        let number = |s: &Said<'_>| if by_rank { s.row.rank.map(|r| -r.get()) } else { s.row.rating.map(|r| r.get()) };
        let mut sums = vec![(0.0, 0.0); out.items.len()];
        for said in rows {
            if let (Some(value), Some(slot)) = (number(said), column.get(&said.threat).and_then(|c| sums.get_mut(*c))) {
                *slot = (slot.0 + value, slot.1 + 1.0);
            }
        }
        out.raters.push(name.to_owned());
        out.values.extend(sums.into_iter().map(|(sum, n)| if n > 0.0 { sum / n } else { f64::NAN }));
    }
    out
}

/// One row a stakeholder: the common order of its respondents by the share of comparisons each threat wins. Respondents without a stakeholder are counted.
pub(super) fn by_stakeholder<'a>(rows: impl Iterator<Item = &'a Said<'a>> + Clone) -> (Ratings, usize) {
    let items: Vec<u32> = rows.clone().map(|s| s.threat).collect::<BTreeSet<u32>>().into_iter().collect();
    let names: BTreeSet<&str> = rows.clone().filter_map(|s| s.row.stakeholder.as_deref()).collect();
    let mut out = Ratings { items, ..Ratings::default() };
    for name in names {
        let own = by_respondent(rows.clone().filter(|s| s.row.stakeholder.as_deref() == Some(name)));
        let points = common(&own);
        out.raters.push(name.to_owned());
        out.values.extend(
            out.items.iter().map(|item| {
                own.items.iter().position(|own| own == item).map_or(f64::NAN, |at| points.get(at).copied().unwrap_or(f64::NAN))
            }),
        );
    }
    let without: BTreeSet<&str> = rows.filter(|s| s.row.stakeholder.is_none()).map(|s| s.row.respondent.as_str()).collect();
    (out, without.len())
}

/// That so many respondents name no stakeholder; fewer than `min_n` are not counted out.
pub(super) fn without_stakeholder(without: usize, min_n: usize) -> String {
    let many = if without < min_n { format!("fewer than {min_n}") } else { without.to_string() };
    format!("{many} respondents name no stakeholder and were left out")
}

/// The points of each item in the common order; NaN where nobody compares it.
pub(super) fn common(ratings: &Ratings) -> Vec<f64> {
    let pairs = Pairs::new(&ratings.values, ratings.items.len());
    borda(&pairs).into_iter().map(|p| p.unwrap_or(f64::NAN)).collect()
}

/// A table without gaps, as ranks from the first (1).
#[derive(Debug, Clone, Default)]
pub(super) struct Complete {
    /// Which rows of the ratings.
    pub(super) raters: Vec<usize>,
    /// Which columns.
    pub(super) items: Vec<usize>,
    /// Ranks, row by row.
    pub(super) ranks: Vec<f64>,
}

/// Ranks within each rater, gaps treated as asked.
pub(super) fn complete(values: &[f64], raters: usize, items: usize, missing: MissingRatings) -> Complete {
    let row = |r: usize| values.get(r * items..(r + 1) * items).unwrap_or_default();
    let some: Vec<usize> = (0..raters).filter(|r| row(*r).iter().any(|x| !x.is_nan())).collect();
    let whole: Vec<usize> = some.iter().copied().filter(|r| row(*r).iter().all(|x| !x.is_nan())).collect();
    let all_items: Vec<usize> = (0..items).collect();
    let (raters, items) = match missing {
        MissingRatings::Behind => (some, all_items),
        MissingRatings::CompleteRaters if whole.len() >= 2 || some.len() < 2 => (whole, all_items),
        _ => {
            let known = |i: &usize| some.iter().all(|r| row(*r).get(*i).is_some_and(|x| !x.is_nan()));
            let items = all_items.into_iter().filter(known).collect();
            (some, items)
        }
    };
    let mut ranks = Vec::with_capacity(raters.len() * items.len());
    for r in &raters {
        // what is not named is lower than everything that is
        let own: Vec<f64> = items.iter().map(|i| row(*r).get(*i).copied().filter(|x| !x.is_nan()).unwrap_or(f64::NEG_INFINITY)).collect();
        let lowest = own.iter().copied().filter(|x| x.is_finite()).fold(f64::INFINITY, f64::min);
        let own: Vec<f64> = own.into_iter().map(|x| if x.is_finite() { x } else { lowest - 1.0 }).collect();
        ranks.extend(from_greatest(&own));
    }
    Complete { raters, items, ranks }
}

/// The id of a threat by position.
pub(super) fn threat_id(assessment: &Assessment, at: u32) -> String {
    assessment.threats.get(at as usize).map(|t| t.id.clone()).unwrap_or_default()
}

/// The id of a place by position.
pub(super) fn place_id(assessment: &Assessment, at: u32) -> String {
    assessment.places.get(at as usize).map(|p| p.id.clone()).unwrap_or_default()
}

/// The id of a group by position.
pub(super) fn group_id(assessment: &Assessment, at: u32) -> String {
    assessment.groups.get(at as usize).map(|g| g.id.clone()).unwrap_or_default()
}
