//! What people brought forward, whether they were answered, and how long it took.

use std::collections::BTreeSet;

use serde::Serialize;

use super::participation::Participation;
use crate::analyses::voices::small_cells::{Linked, state};
use crate::assessment::{Feedback, FeedbackOutcome, span};
use crate::kernels::ranks::quantile;
use crate::kernels::tails::wilson;
use crate::network::Atlas;
use crate::tables::{Note, Table};
use crate::{Assessment, Error, Result};

/// Feedback of one cell.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct FeedbackRow {
    /// The place; all where absent.
    pub place: Option<String>,
    /// The group; all where absent.
    pub group: Option<String>,
    /// Pieces received.
    pub received: usize,
    /// Pieces answered.
    pub answered: usize,
    /// Pieces that changed something.
    pub acted: usize,
    /// Answered / received.
    pub closed_share: Option<f64>,
    /// Wilson's interval of it.
    pub interval: Option<(f64, f64)>,
    /// Median of the days from receipt to answer, of those answered.
    pub median_days: Option<f64>,
    /// Ids of pieces that are not answered.
    pub open: Vec<String>,
    /// `value`, `thin`, `suppressed` or `none`.
    pub state: &'static str,
}

/// Feedback by what it is about.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ThemeRow {
    /// The theme; none where not coded.
    pub theme: Option<String>,
    /// Pieces received.
    pub received: usize,
    /// Pieces answered.
    pub answered: usize,
    /// Pieces that changed something.
    pub acted: usize,
    /// `value`, `thin` or `suppressed`.
    pub state: &'static str,
}

pub(super) struct FeedbackLog<'s> {
    pub(super) settings: &'s Participation,
    /// Standard errors of the interval.
    pub(super) z: f64,
}

/// Whether a period lies within the one asked for.
pub(super) fn within(period: Option<&str>, asked: Option<(i64, i64)>) -> bool {
    asked.is_none_or(|(first, last)| period.and_then(span).is_some_and(|(a, b)| a >= first && b <= last))
}

/// The period of a setting.
pub(super) fn asked(period: Option<&str>) -> Result<Option<(i64, i64)>> {
    let wrong =
        |text: &str| Error::argument(format!("`period`: found `{}`, wanted a year, month, day, week or start/end", crate::shown(text)));
    period.map(|text| span(text).ok_or_else(|| wrong(text))).transpose()
}

/// Days from receipt to answer, by the middles of their periods; none where either is not known or the answer is before the receipt.
fn days(piece: &Feedback) -> Option<f64> {
    let (received, answered) = (span(&piece.received)?, span(piece.answered.as_deref()?)?);
    let middle = |(first, last): (i64, i64)| 0.5 * (first + last) as f64;
    (answered.1 >= received.0).then(|| (middle(answered) - middle(received)).max(0.0))
}

impl FeedbackLog<'_> {
    pub(super) fn read(&self, assessment: &Assessment, notes: &mut Vec<Note>) -> Result<(Vec<FeedbackRow>, Vec<ThemeRow>)> {
        let atlas = Atlas::new(assessment)?;
        let period = asked(self.settings.period.as_deref())?;
        let about =
            |f: &Feedback| self.settings.interventions.as_ref().is_none_or(|ids| f.intervention.as_ref().is_none_or(|id| ids.contains(id)));
        let pieces: Vec<&Feedback> = assessment.feedback.iter().filter(|f| about(f) && within(Some(&f.received), period)).collect();
        let at = |f: &Feedback| -> Result<(Option<usize>, Option<usize>)> {
            let place = f.place.as_deref().map(|id| atlas.place(id)).transpose()?.map(|p| p as usize);
            Ok((place, f.group.as_deref().map(|id| atlas.group(id)).transpose()?.map(|g| g as usize)))
        };
        let keys: Vec<(Option<usize>, Option<usize>)> = pieces.iter().map(|f| at(f)).collect::<Result<_>>()?;
        let cells: BTreeSet<(Option<usize>, Option<usize>)> = keys.iter().flat_map(|(p, g)| [(None, None), (*p, None), (*p, *g)]).collect();
        let cells: Vec<_> = cells.into_iter().filter(|(p, g)| p.is_some() || g.is_none()).collect();
        let themes: BTreeSet<&str> = pieces.iter().filter_map(|f| f.theme.as_deref()).collect();
        // the cells of both tables are sets of the same pieces: what one hides the other must not tell
        let mut linked = Linked::new();
        for (place, group) in &cells {
            let inside =
                |key: &(Option<usize>, Option<usize>)| place.is_none_or(|p| key.0 == Some(p)) && group.is_none_or(|g| key.1 == Some(g));
            linked.add((0..keys.len()).filter(|k| keys.get(*k).is_some_and(inside)).collect(), 2.0);
        }
        for theme in &themes {
            let own = pieces.iter().enumerate().filter(|(_, f)| f.theme.as_deref() == Some(*theme));
            linked.add(own.map(|(k, _)| k).collect(), 1.0);
        }
        linked.family(0..cells.len() + themes.len());
        let gone = linked.hidden(self.settings.min_n)?;
        let id = |at: usize| assessment.places.get(at).map(|p| p.id.clone());
        let group_id = |at: usize| assessment.groups.get(at).map(|g| g.id.clone());
        let mut rows = Vec::new();
        for ((place, group), hide) in cells.iter().zip(&gone) {
            let inside =
                |key: &(Option<usize>, Option<usize>)| place.is_none_or(|p| key.0 == Some(p)) && group.is_none_or(|g| key.1 == Some(g));
            let own: Vec<&Feedback> = pieces.iter().zip(&keys).filter(|(_, key)| inside(key)).map(|(f, _)| *f).collect();
            rows.push(self.row(place.and_then(id), group.and_then(group_id), &own, *hide));
        }
        if rows.is_empty() {
            rows.push(self.row(None, None, &[], false));
        }
        let hidden_themes = gone.get(cells.len()..).unwrap_or_default();
        let by_theme: Vec<ThemeRow> = themes.iter().zip(hidden_themes).map(|(name, hide)| ThemeRow::of(name, &pieces, *hide)).collect();
        self.remarks(&pieces, &rows, notes);
        let hidden: Vec<String> = by_theme.iter().filter(|t| t.state == "suppressed").filter_map(|t| t.theme.clone()).collect();
        if !hidden.is_empty() {
            let message = format!("are hidden: fewer than {} pieces of feedback, or they would tell such a cell", self.settings.min_n);
            notes.push(Note::counted("themes-suppressed", "theme", &message, hidden));
        }
        Ok((rows, by_theme))
    }

    fn row(&self, place: Option<String>, group: Option<String>, pieces: &[&Feedback], hide: bool) -> FeedbackRow {
        let n = pieces.len();
        let answered = pieces.iter().filter(|f| f.answered.is_some()).count();
        let state = if n == 0 { "none" } else { state(n, hide) };
        if hide {
            return FeedbackRow { place, group, state, ..FeedbackRow::default() };
        }
        let share = (n > 0).then(|| answered as f64 / n as f64);
        let mut taken: Vec<f64> = pieces.iter().filter_map(|f| days(f)).collect();
        FeedbackRow {
            place,
            group,
            received: n,
            answered,
            acted: pieces.iter().filter(|f| f.outcome == Some(FeedbackOutcome::Acted)).count(),
            closed_share: share,
            interval: share.map(|s| wilson(s, n as f64, self.z)).map(|[low, high]| (low, high)),
            median_days: quantile(&mut taken, 0.5),
            open: pieces.iter().filter(|f| f.answered.is_none()).map(|f| f.id.clone()).collect(),
            state,
        }
    }

    fn remarks(&self, pieces: &[&Feedback], rows: &[FeedbackRow], notes: &mut Vec<Note>) {
        if pieces.is_empty() {
            let message = "no feedback is recorded: whether people are answered is not known";
            notes.push(Note::new("no-feedback", message, Vec::<String>::new()));
        }
        let named = |f: &&&Feedback| f.id.clone();
        let backwards: Vec<String> = pieces.iter().filter(|f| f.answered.is_some() && days(f).is_none()).map(|f| named(&f)).collect();
        if !backwards.is_empty() {
            let message = "are answered before they were received: they count as answered and not in the days";
            notes.push(Note::counted("answered-before-received", "piece", message, backwards));
        }
        let silent: Vec<String> = pieces.iter().filter(|f| f.answered.is_none() && f.outcome.is_some()).map(|f| named(&f)).collect();
        if !silent.is_empty() {
            let message = "have an outcome and no answer: the loop is open until people are told";
            notes.push(Note::counted("outcome-without-answer", "piece", message, silent));
        }
        let coarse = |text: &str| span(text).is_some_and(|(first, last)| last > first);
        let spread: Vec<String> =
            pieces.iter().filter(|f| coarse(&f.received) || f.answered.as_deref().is_some_and(coarse)).map(|f| named(&f)).collect();
        if !spread.is_empty() {
            let message = "are dated by more than a day: days are counted between the middles of the periods";
            notes.push(Note::counted("days-by-middles", "piece", message, spread));
        }
        let hidden = rows.iter().filter(|r| r.state == "suppressed").count();
        if hidden > 0 {
            let min_n = self.settings.min_n;
            let message = format!("{hidden} cells of feedback are hidden: fewer than {min_n} pieces, or they would tell such a cell");
            notes.push(Note::new("suppressed", message, Vec::<String>::new()));
        }
        let thin: Vec<String> = rows
            .iter()
            .filter(|r| r.state == "thin")
            .map(|r| [r.place.as_deref().unwrap_or("all"), r.group.as_deref().unwrap_or("everyone")].join("/"))
            .collect();
        if !thin.is_empty() {
            notes.push(Note::counted("thin", "cell", "have fewer than 5 pieces of feedback: a share of so few says little", thin));
        }
    }
}

impl FeedbackRow {
    pub(super) fn table(rows: &[FeedbackRow]) -> Result<Table> {
        let count = |pick: fn(&FeedbackRow) -> usize| {
            rows.iter().map(move |r| Some(r).filter(|r| r.state != "suppressed").and_then(|r| i64::try_from(pick(r)).ok()))
        };
        Table::builder()
            .text("place", rows.iter().map(|r| r.place.as_deref()))
            .text("group", rows.iter().map(|r| r.group.as_deref()))
            .integer("received", count(|r| r.received))
            .integer("answered", count(|r| r.answered))
            .integer("acted", count(|r| r.acted))
            .number("closed_share", rows.iter().map(|r| r.closed_share))
            .number("lower", rows.iter().map(|r| r.interval.map(|i| i.0)))
            .number("upper", rows.iter().map(|r| r.interval.map(|i| i.1)))
            .number("median_days", rows.iter().map(|r| r.median_days))
            .list("open", rows.iter().map(|r| Some(r).filter(|r| r.state != "suppressed").map(|r| r.open.clone())))
            .text("state", rows.iter().map(|r| Some(r.state)))
            .build()
    }
}

impl ThemeRow {
    fn of(name: &str, pieces: &[&Feedback], hide: bool) -> ThemeRow {
        let own: Vec<&&Feedback> = pieces.iter().filter(|f| f.theme.as_deref() == Some(name)).collect();
        let count = |n: usize| if hide { 0 } else { n };
        ThemeRow {
            theme: Some(name.to_owned()),
            received: count(own.len()),
            answered: count(own.iter().filter(|f| f.answered.is_some()).count()),
            acted: count(own.iter().filter(|f| f.outcome == Some(FeedbackOutcome::Acted)).count()),
            state: state(own.len(), hide),
        }
    }

    pub(super) fn table(rows: &[ThemeRow]) -> Result<Table> {
        let count = |pick: fn(&ThemeRow) -> usize| {
            rows.iter().map(move |r| Some(r).filter(|r| r.state != "suppressed").and_then(|r| i64::try_from(pick(r)).ok()))
        };
        Table::builder()
            .text("theme", rows.iter().map(|r| r.theme.as_deref()))
            .integer("received", count(|r| r.received))
            .integer("answered", count(|r| r.answered))
            .integer("acted", count(|r| r.acted))
            .text("state", rows.iter().map(|r| Some(r.state)))
            .build()
    }
}
