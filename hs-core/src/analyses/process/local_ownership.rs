//! How far do those concerned own the programme, as several raters see it?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::local::is_local;
use super::rubric::{OWNERSHIP, OwnershipDimension};
use super::said::{pieces, strays, word};
use super::shows::count;
use crate::analyses::judged::when;
use crate::assessment::{FeedbackOutcome, Judgement, MeetingKind, Origin, Role};
use crate::kernels::pairwise::{Weighing, kappa};
use crate::kernels::ranks::quantile;
use crate::tables::{Note, Outcome, Table};
use crate::{Assessment, Result};

/// How far do those concerned own the programme, as several raters see it?
///
/// A profile on six anchored scales of 0 to 4; there is no total, and what the assessment shows stands beside the rating, never in it.
///
/// # Method
/// Judgements have the subject kind `ownership`, the id of a dimension, the question `rating` and an answer of 0 to 4; each role (`by`) is one
/// rater, whose latest rating stands. Rating = median. Agreement = mean over pairs of raters of kappa with quadratic weights over the dimensions both
/// rated.
///
/// # Complexity
/// Dimensions times judgements, and pairs of raters.
///
/// # References
/// Cohen, *Weighted kappa*, Psychological Bulletin 70, 1968; UNTFHS, *Human Security in Theory and Practice*, 2009, section 2.2, phase II.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ownership {}

/// A rating by one rater.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OwnershipRating {
    /// The dimension.
    pub dimension: &'static str,
    /// The rater: a role; none where not said.
    pub by: Option<String>,
    /// 0 to 4.
    pub rating: u8,
    /// When.
    pub date: Option<String>,
    /// Pieces of evidence.
    pub evidence: usize,
}

/// A dimension with its ratings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OwnershipRow {
    /// The dimension, from the rubric.
    pub dimension: OwnershipDimension,
    /// Median of the ratings.
    pub rating: Option<f64>,
    /// The lowest.
    pub lowest: Option<u8>,
    /// The highest.
    pub highest: Option<u8>,
    /// How many raters.
    pub raters: usize,
    /// The anchor of the median; of a half, the lower one.
    pub anchor: Option<&'static str>,
    /// Raters who give evidence.
    pub with_evidence: usize,
    /// What the assessment shows, in words.
    pub computed: String,
    /// The share it rests on, where it is one.
    pub computed_share: Option<f64>,
    /// `rated`, `rated-without-evidence`, `one-rater`, `not-said`.
    pub state: &'static str,
}

/// What [`Ownership`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OwnershipResult {
    /// The settings.
    pub settings: Ownership,
    /// By dimension.
    pub rows: Vec<OwnershipRow>,
    /// Each rating.
    pub ratings: Vec<OwnershipRating>,
    /// Mean kappa over pairs of raters; none with fewer than two raters, or where it is undefined.
    pub kappa: Option<f64>,
    /// Different raters.
    pub raters: usize,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

/// Share in words, and as a number where it has a base.
fn share(part: usize, of: usize) -> Option<f64> {
    (of > 0).then(|| part as f64 / of as f64)
}

/// What the assessment shows of a dimension.
fn computed(assessment: &Assessment, dimension: &str) -> (String, Option<f64>) {
    let strategies = assessment.interventions.len();
    let local_role = |roles: &[Role]| {
        let own = |id: &str| {
            assessment.responsibilities.iter().any(|r| r.intervention == id && roles.contains(&r.role) && is_local(assessment, &r.actor))
        };
        assessment.interventions.iter().filter(|i| own(&i.id)).count()
    };
    let with_role = |roles: &[Role]| {
        let own = |id: &str| assessment.responsibilities.iter().any(|r| r.intervention == id && roles.contains(&r.role));
        assessment.interventions.iter().filter(|i| own(&i.id)).count()
    };
    match dimension {
        "design" => {
            let together = |id: &str| {
                crate::analyses::judged::judged(assessment, "intervention", id, |j| word(&j.question) == "consultation")
                    .map(|f| word(&f.latest.answer))
            };
            let answers: Vec<String> = assessment.interventions.iter().filter_map(|i| together(&i.id)).collect();
            let n = answers.iter().filter(|a| *a == "decided-together").count();
            let asked = answers.iter().filter(|a| *a == "consulted").count();
            (
                format!(
                    "{n} of {} with a judgement on consultation were decided together, {asked} consulted on.",
                    count(answers.len(), "strategy")
                ),
                share(n, answers.len()),
            )
        }
        "decisions" => {
            let sum = |f: fn(&crate::assessment::Meeting) -> Option<u64>| assessment.meetings.iter().filter_map(f).sum::<u64>();
            let both = || assessment.meetings.iter().filter(|m| m.decisions.is_some() && m.carried_out.is_some());
            let (taken, done) = (both().filter_map(|m| m.decisions).sum::<u64>(), both().filter_map(|m| m.carried_out).sum::<u64>());
            let all = sum(|m| m.decisions);
            let words = format!("Meetings took {all} decisions; of {taken} with a known end, {done} were carried out.");
            (words, (taken > 0).then(|| done as f64 / taken as f64))
        }
        "resources" => {
            let local = assessment.resources.iter().filter(|r| r.origin == Origin::Local).count();
            let value = |local: bool| {
                let admit = |r: &&crate::assessment::Resource| !local || r.origin == Origin::Local;
                assessment.resources.iter().filter(admit).filter_map(|r| r.value.map(|v| v.get())).sum::<f64>()
            };
            let valued = assessment.resources.iter().filter(|r| r.value.is_some()).count();
            let by_value = (value(false) > 0.0).then(|| value(true) / value(false));
            let worth = by_value.map_or_else(String::new, |s| format!(", and {:.0} % of the value of the {valued} that say it", 100.0 * s));
            let words = format!("{local} of {} are local{worth}.", count(assessment.resources.len(), "resource"));
            (words, by_value.or_else(|| share(local, assessment.resources.len())))
        }
        "staffing" => {
            let (local, of) = (local_role(&[Role::Responsible]), with_role(&[Role::Responsible]));
            (format!("{local} of {} with somebody responsible have a local actor among them.", count(of, "strategy")), share(local, of))
        }
        "monitoring" => {
            let reviews = assessment.meetings.iter().filter(|m| m.kind == MeetingKind::Review).count();
            let acted = assessment.feedback.iter().filter(|f| f.outcome == Some(FeedbackOutcome::Acted)).count();
            let of = assessment.feedback.len();
            let words = format!(
                "{reviews} of {} look back; {acted} of {of} pieces of feedback were acted on.",
                count(assessment.meetings.len(), "meeting")
            );
            (words, share(acted, of))
        }
        _ => {
            let (local, of) = (local_role(&[Role::Accountable]), strategies);
            let held = |id: &String| {
                assessment
                    .capacities
                    .iter()
                    .find(|c| c.id == *id)
                    .and_then(|c| c.holder.as_deref())
                    .is_some_and(|h| is_local(assessment, h))
            };
            let needed: std::collections::BTreeSet<&String> =
                assessment.interventions.iter().flat_map(|i| i.needs_capacities.iter()).collect();
            let own = needed.iter().filter(|id| held(id)).count();
            let words = format!(
                "A local actor answers for {local} of {}; {own} of {} needed have a local holder.",
                count(of, "strategy"),
                count(needed.len(), "capacity")
            );
            (words, share(local, of))
        }
    }
}

/// The rating of an answer, 0 to 4.
fn rating(judgement: &Judgement) -> Option<u8> {
    judgement.answer.trim().parse::<u8>().ok().filter(|r| *r <= 4)
}

impl Ownership {
    /// Reads the ratings and what the assessment shows.
    ///
    /// # Errors
    /// None today; the signature is that of every analysis.
    pub fn run(&self, assessment: &Assessment) -> Result<OwnershipResult> {
        let mut notes = Vec::new();
        let (mut ratings, mut unread) = (Vec::new(), Vec::new());
        for dimension in &OWNERSHIP {
            let mut latest: BTreeMap<Option<&str>, &Judgement> = BTreeMap::new();
            for j in assessment
                .judgements
                .iter()
                .filter(|j| j.subject.kind == "ownership" && j.subject.id == dimension.id && word(&j.question) == "rating")
            {
                if rating(j).is_none() {
                    unread.push(format!("{}: {}", dimension.id, crate::shown(&j.answer)));
                    continue;
                }
                let slot = latest.entry(j.by.as_deref().map(str::trim)).or_insert(j);
                if when(j) >= when(slot) {
                    *slot = j;
                }
            }
            ratings.extend(latest.into_iter().filter_map(|(by, j)| {
                let (date, evidence) = (j.date.clone(), pieces(j));
                Some(OwnershipRating { dimension: dimension.id, by: by.map(str::to_owned), rating: rating(j)?, date, evidence })
            }));
        }
        let rows = OWNERSHIP.iter().map(|d| ownership_row(assessment, *d, &ratings)).collect();
        let names: std::collections::BTreeSet<Option<&str>> = ratings.iter().map(|r| r.by.as_deref()).collect();
        let kappa = agreement(&ratings, &names.iter().copied().collect::<Vec<_>>());
        if !unread.is_empty() {
            notes.push(Note::new("answer-not-known", "a rating is no whole number from 0 to 4; it counts as not said", unread));
        }
        if names.len() > 1 && kappa.is_none() {
            let message = "raters share fewer than two dimensions, or all of them give one rating: their agreement is undefined";
            notes.push(Note::new("agreement-undefined", message, Vec::<String>::new()));
        }
        if ratings.iter().any(|r| r.by.is_none()) {
            let message = "ratings without a role count as those of one rater";
            notes.push(Note::new("rater-not-said", message, Vec::<String>::new()));
        }
        let known = |id: &str, question: &str| question == "rating" && OWNERSHIP.iter().any(|d| d.id == id);
        strays(assessment, "ownership", &known, &mut notes);
        Ok(OwnershipResult { settings: self.clone(), rows, raters: names.len(), ratings, kappa, notes })
    }
}

fn ownership_row(assessment: &Assessment, dimension: OwnershipDimension, ratings: &[OwnershipRating]) -> OwnershipRow {
    let own: Vec<&OwnershipRating> = ratings.iter().filter(|r| r.dimension == dimension.id).collect();
    let mut values: Vec<f64> = own.iter().map(|r| f64::from(r.rating)).collect();
    let median = quantile(&mut values, 0.5);
    let with_evidence = own.iter().filter(|r| r.evidence > 0).count();
    let (computed, computed_share) = computed(assessment, dimension.id);
    OwnershipRow {
        dimension,
        rating: median,
        lowest: own.iter().map(|r| r.rating).min(),
        highest: own.iter().map(|r| r.rating).max(),
        raters: own.len(),
        // a rating is 0 to 4, so is their median
        anchor: median.and_then(|m| dimension.anchors.get(m.floor() as usize).copied()),
        with_evidence,
        computed,
        computed_share,
        state: match (own.len(), with_evidence) {
            (0, _) => "not-said",
            (_, 0) => "rated-without-evidence",
            (1, _) => "one-rater",
            _ => "rated",
        },
    }
}

/// Mean of kappa over pairs of raters that share at least two dimensions.
fn agreement(ratings: &[OwnershipRating], raters: &[Option<&str>]) -> Option<f64> {
    let of = |by: &Option<&str>, dimension: &str| {
        ratings.iter().find(|r| r.by.as_deref() == *by && r.dimension == dimension).map(|r| usize::from(r.rating))
    };
    let mut found = Vec::new();
    for (at, first) in raters.iter().enumerate() {
        for second in raters.iter().skip(at + 1) {
            let both: (Vec<usize>, Vec<usize>) = OWNERSHIP.iter().filter_map(|d| of(first, d.id).zip(of(second, d.id))).unzip();
            if both.0.len() >= 2 {
                found.extend(kappa(&both.0, &both.1, 5, Weighing::Quadratic));
            }
        }
    }
    (!found.is_empty()).then(|| found.iter().sum::<f64>() / found.len() as f64)
}

crate::tables::arrow_tables!(OwnershipResult);

impl OwnershipResult {
    fn rows_table(&self) -> Result<Table> {
        let rows = || self.rows.iter();
        let whole = |n: usize| i64::try_from(n).ok();
        Table::builder()
            .text("dimension", rows().map(|r| Some(r.dimension.id)))
            .number("rating", rows().map(|r| r.rating))
            .integer("lowest", rows().map(|r| r.lowest.map(i64::from)))
            .integer("highest", rows().map(|r| r.highest.map(i64::from)))
            .integer("raters", rows().map(|r| whole(r.raters)))
            .text("anchor", rows().map(|r| r.anchor))
            .text("computed_finding", rows().map(|r| Some(r.computed.as_str())))
            .number("computed_share", rows().map(|r| r.computed_share))
            .text("pointer", rows().map(|r| Some(r.dimension.pointer)))
            .text("state", rows().map(|r| Some(r.state)))
            .integer("evidence", rows().map(|r| whole(r.with_evidence)))
            .text("question", rows().map(|r| Some(r.dimension.question)))
            .text("locator", rows().map(|r| Some(r.dimension.locator)))
            .build()
    }

    fn ratings_table(&self) -> Result<Table> {
        let rows = || self.ratings.iter();
        Table::builder()
            .text("dimension", rows().map(|r| Some(r.dimension)))
            .text("by", rows().map(|r| r.by.as_deref()))
            .integer("rating", rows().map(|r| Some(i64::from(r.rating))))
            .text("date", rows().map(|r| r.date.as_deref()))
            .integer("evidence", rows().map(|r| i64::try_from(r.evidence).ok()))
            .build()
    }

    fn rubric_table() -> Result<Table> {
        let steps = || OWNERSHIP.iter().flat_map(|d| d.anchors.iter().enumerate().map(move |(step, anchor)| (d, step, *anchor)));
        Table::builder()
            .text("dimension", steps().map(|(d, ..)| Some(d.id)))
            .integer("rating", steps().map(|(_, step, _)| i64::try_from(step).ok()))
            .text("anchor", steps().map(|(.., anchor)| Some(anchor)))
            .build()
    }

    /// Settings, facts, tables (`local_ownership`, `ratings`, `rubric`) and notes; there is no total.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("local_ownership", &self.settings)?;
        outcome.facts.insert("kappa".into(), json!(self.kappa));
        outcome.facts.insert("raters".into(), json!(self.raters));
        outcome.tables =
            vec![("local_ownership", self.rows_table()?), ("ratings", self.ratings_table()?), ("rubric", Self::rubric_table()?)];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
