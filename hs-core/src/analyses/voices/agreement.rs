//! How far do people agree on what comes first?

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::ratings::{self, Complete, MissingRatings, RatersBy, Ratings, Said, complete, place_id, threat_id};
use super::small_cells::{self, Linked};
use crate::kernels::concordance::{self, concordance};
use crate::kernels::{Tick, never};
use crate::network::Atlas;
use crate::tables::{Note, Outcome, Table};
use crate::{Assessment, Error, Result};

crate::framework::words::words!(
    /// How the chance of as much agreement is found.
    AgreementTest {
        /// Exact where there are at most 7 items and the work is small, else chi-squared.
        Auto = "auto",
        /// Every way to hand out the ranks of each rater, ties kept.
        Exact = "exact",
        /// Chi-squared of items - 1 degrees of freedom.
        ChiSquared = "chi-squared",
        /// Random ways, `draws` of them.
        Permutation = "permutation",
    }
);

crate::framework::words::words!(
    /// What the numbers of an array are.
    RatingValues {
        /// The greatest comes first.
        Ratings = "ratings",
        /// The least comes first.
        Ranks = "ranks",
    }
);

/// How far do people agree on what comes first?
///
/// Kendall's W over what respondents (or stakeholders) rank: 1 where all give one order, 0 where their ranks cancel out. A small chance says that the agreement
/// is no accident, not that it is large. Raters who do not speak of every threat are left out or treated as asked, and that is noted: what is missing is no rank.
///
/// # Method
/// `W = 12 S / (m²(n³ - n) - m Σ(t³ - t))`, S the squared distances of the rank sums from their mean, ties at mean ranks. Chi-squared `m(n-1)W`. Exact: over all
/// arrangements of every rater's ranks. All tied: undefined.
///
/// # References
/// Kendall and Babington Smith 1939. Siegel and Castellan, *Nonparametric Statistics*, 1988, 9.7. Hundepool et al., *Statistical Disclosure Control*, 2012.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Agreement {
    /// Who counts as one rater.
    pub by: RatersBy,
    /// Id of a place: what is said of it alone; all where absent.
    pub place: Option<String>,
    /// The period asked for; each respondent's latest word where absent.
    pub period: Option<String>,
    /// What is done with gaps.
    pub missing: MissingRatings,
    /// How the chance is found.
    pub test: AgreementTest,
    /// What the numbers of an array are; not used on an assessment, which says so itself.
    pub values: RatingValues,
    /// Random arrangements of the permutation test.
    pub draws: u64,
    /// Seed of the permutation test.
    pub seed: u64,
    /// Fewest respondents of a row that is shown; 0 shows all.
    pub min_n: usize,
}

impl Default for Agreement {
    fn default() -> Self {
        Agreement {
            by: RatersBy::Respondent,
            place: None,
            period: None,
            missing: MissingRatings::CompleteRaters,
            test: AgreementTest::Auto,
            values: RatingValues::Ratings,
            draws: 10_000,
            seed: 0,
            min_n: 3,
        }
    }
}

/// Agreement of one set of raters.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgreementRow {
    /// `all`, `place`, `stakeholder` or `place-and-stakeholder`.
    pub scope: &'static str,
    /// Id of the place.
    pub place: Option<String>,
    /// The stakeholder.
    pub stakeholder: Option<String>,
    /// Raters that count; none where suppressed.
    pub raters: Option<usize>,
    /// Items that count.
    pub items: usize,
    /// Kendall's W.
    pub w: Option<f64>,
    /// m(n-1)W.
    pub chi_squared: Option<f64>,
    /// Chance of as much.
    pub p_value: Option<f64>,
    /// How the chance was found.
    pub method: Option<&'static str>,
    /// `value`, `thin`, `suppressed` or `undefined`.
    pub state: &'static str,
    /// Raters left out for gaps.
    pub raters_left_out: usize,
    /// Items left out for gaps.
    pub items_left_out: usize,
    /// `value`, or `suppressed` where `raters_left_out` is not shown.
    pub left_out_state: &'static str,
}

/// Mean rank of one item in one set of raters.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MeanRank {
    /// As in [`AgreementRow`].
    pub scope: &'static str,
    /// Id of the place.
    pub place: Option<String>,
    /// The stakeholder.
    pub stakeholder: Option<String>,
    /// Id of the threat, or position of the item.
    pub item: String,
    /// Mean rank, 1 the first.
    pub mean_rank: f64,
    /// Raters it rests on.
    pub raters: usize,
}

/// What [`Agreement`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgreementResult {
    /// The settings.
    pub settings: Agreement,
    /// One a set of raters, all of them first.
    pub rows: Vec<AgreementRow>,
    /// By set and item.
    pub mean_ranks: Vec<MeanRank>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

/// A set of raters before it is looked at.
struct Set {
    scope: &'static str,
    place: Option<String>,
    stakeholder: Option<String>,
    /// Respondents behind the raters, where these are not respondents themselves.
    people: Option<BTreeSet<String>>,
    ratings: Ratings,
}

impl Agreement {
    /// Agreement of an array, one row a rater and one column an item, NaN missing; ratings are ranked from the greatest unless `values` says ranks.
    ///
    /// # Errors
    /// `Argument` where there are not raters x items numbers, or one is infinite.
    ///
    /// # Examples
    /// ```
    /// use hs_core::analyses::voices::Agreement;
    /// let found = Agreement::default().run_ratings(&[3.0, 2.0, 1.0, 3.0, 1.0, 2.0, 3.0, 2.0, 1.0], 3, 3)?;
    /// // rank sums 3, 7, 8: S = 14, W = 12·14 / (9·24)
    /// assert!((found.w().unwrap() - 14.0 / 18.0).abs() < 1e-12);
    /// # Ok::<(), hs_core::Error>(())
    /// ```
    pub fn run_ratings(&self, values: &[f64], raters: usize, items: usize) -> Result<AgreementResult> {
        self.run_ratings_with(values, raters, items, &never)
    }

    /// As [`Agreement::run_ratings`], and stops when asked to.
    ///
    /// # Errors
    /// As there; `Cancelled`.
    pub fn run_ratings_with(&self, values: &[f64], raters: usize, items: usize, tick: Tick<'_>) -> Result<AgreementResult> {
        checked(values, raters, items)?;
        let turn = if self.values == RatingValues::Ranks { -1.0 } else { 1.0 };
        let ratings = Ratings {
            raters: (0..raters).map(|r| r.to_string()).collect(),
            items: (0..items as u32).collect(),
            values: values.iter().map(|x| turn * x).collect(),
        };
        let set = Set { scope: "all", place: None, stakeholder: None, people: None, ratings };
        self.found(vec![set], |at| at.to_string(), Vec::new(), 0, tick)
    }

    /// Agreement of an assessment's respondents, or stakeholders: of all, by place, by stakeholder, and by both.
    ///
    /// # Errors
    /// `NotFound` for a place that is not there; `Argument` for a period that is none.
    pub fn run(&self, assessment: &Assessment) -> Result<AgreementResult> {
        self.run_with(assessment, &never)
    }

    /// As [`Agreement::run`], and stops when asked to.
    ///
    /// # Errors
    /// As there; `Cancelled`.
    pub fn run_with(&self, assessment: &Assessment, tick: Tick<'_>) -> Result<AgreementResult> {
        let atlas = Atlas::new(assessment)?;
        let mut notes = Vec::new();
        let wanted = self.place.as_deref().map(|id| atlas.place(id)).transpose()?;
        let mut said = ratings::said(&atlas, self.period.as_deref(), &mut notes)?;
        said.retain(|s| wanted.is_none_or(|p| s.place == p));
        let sets = self.sets(assessment, &said, &mut notes);
        self.found(sets, |at| threat_id(assessment, at), notes, self.min_n, tick)
    }

    fn sets(&self, assessment: &Assessment, said: &[Said<'_>], notes: &mut Vec<Note>) -> Vec<Set> {
        let mut names: Vec<&str> = said.iter().filter_map(|s| s.row.stakeholder.as_deref()).collect();
        names.sort_unstable();
        names.dedup();
        let mut places: Vec<u32> = said.iter().map(|s| s.place).collect();
        places.sort_unstable();
        places.dedup();
        let stakeholder = |s: &Said<'_>| s.row.stakeholder.as_deref().and_then(|name| names.binary_search(&name).ok());
        let mut sets = Vec::new();
        let mut add = |scope: &'static str, place: Option<u32>, own: Option<usize>| {
            let rows = said.iter().filter(|s| place.is_none_or(|p| s.place == p) && (own.is_none() || stakeholder(s) == own));
            let ratings = match self.by {
                RatersBy::Respondent => ratings::by_respondent(rows),
                RatersBy::Stakeholder => ratings::by_stakeholder(rows).0,
            };
            let name = own.and_then(|at| names.get(at)).map(|n| (*n).to_owned());
            let people = (self.by == RatersBy::Stakeholder).then(|| {
                let named = said.iter().filter(|s| place.is_none_or(|p| s.place == p) && s.row.stakeholder.is_some());
                named.map(|s| s.row.respondent.clone()).collect()
            });
            sets.push(Set { scope, place: place.map(|p| place_id(assessment, p)), stakeholder: name, people, ratings });
        };
        add("all", None, None);
        places.iter().for_each(|p| add("place", Some(*p), None));
        if self.by == RatersBy::Stakeholder {
            let without = ratings::by_stakeholder(said.iter()).1;
            if without > 0 {
                let message = ratings::without_stakeholder(without, self.min_n);
                notes.push(Note::new("respondent-without-stakeholder", message, Vec::<String>::new()));
            }
            return sets;
        }
        for (at, _) in names.iter().enumerate() {
            add("stakeholder", None, Some(at));
        }
        for place in &places {
            for (at, _) in names.iter().enumerate() {
                if places.len() > 1 && said.iter().any(|s| s.place == *place && stakeholder(s) == Some(at)) {
                    add("place-and-stakeholder", Some(*place), Some(at));
                }
            }
        }
        sets
    }

    /// Of each set: whether to hide it, and whether to hide how many of its raters are left out. Who is left out of one set may count in another, so both
    /// are sets of people that others can be subtracted from.
    fn hidden(sets: &[Set], tables: &[Complete], min_n: usize) -> Result<Vec<[bool; 2]>> {
        let mut linked = Linked::new();
        let mut all = Vec::new();
        for (set, table) in sets.iter().zip(tables) {
            let names = |at: &usize| set.ratings.raters.get(*at).map(String::as_str);
            let mut counted: BTreeSet<&str> = table.raters.iter().filter_map(names).collect();
            let mut without: BTreeSet<&str> = set.ratings.raters.iter().map(String::as_str).filter(|r| !counted.contains(r)).collect();
            if let Some(people) = &set.people {
                (counted, without) = (people.iter().map(String::as_str).collect(), BTreeSet::new());
            }
            let empty = counted.is_empty() && !without.is_empty();
            let (counted, without) = (linked.add(counted, 1.0), linked.add(without, 0.5));
            if empty {
                linked.hide(counted);
            }
            linked.follow(counted, without);
            all.extend([counted, without]);
        }
        linked.family(all);
        let by_set = linked.hidden(min_n)?;
        Ok(by_set.chunks_exact(2).map(|pair| [pair.first() == Some(&true), pair.last() == Some(&true)]).collect())
    }

    fn found(
        &self,
        sets: Vec<Set>,
        name: impl Fn(u32) -> String,
        mut notes: Vec<Note>,
        min_n: usize,
        tick: Tick<'_>,
    ) -> Result<AgreementResult> {
        let table = |set: &Set| complete(&set.ratings.values, set.ratings.raters.len(), set.ratings.items.len(), self.missing);
        let tables: Vec<Complete> = sets.iter().map(table).collect();
        let hidden = Self::hidden(&sets, &tables, min_n)?;
        let (mut rows, mut mean_ranks) = (Vec::new(), Vec::new());
        let (mut gaps, mut undefined, mut suppressed, mut without) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for ((set, table), [hide, hide_without]) in sets.into_iter().zip(tables).zip(hidden) {
            let (m, n) = (set.ratings.raters.len(), set.ratings.items.len());
            let label = [Some(set.scope.to_owned()), set.place.clone(), set.stakeholder.clone()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join("/");
            let mut row = AgreementRow {
                scope: set.scope,
                place: set.place,
                stakeholder: set.stakeholder,
                raters: None,
                items: n,
                w: None,
                chi_squared: None,
                p_value: None,
                method: None,
                state: "suppressed",
                raters_left_out: 0,
                items_left_out: 0,
                left_out_state: "suppressed",
            };
            let (raters, items) = (table.raters.len(), table.items.len());
            // the ranks of fewer complete raters than may be shown could be read off
            if hide {
                suppressed.push(label);
                rows.push(row);
                continue;
            }
            (row.raters, row.items, row.items_left_out) = (Some(raters), items, n - items);
            if hide_without {
                without.push(label.clone());
            } else {
                (row.raters_left_out, row.left_out_state) = (m.saturating_sub(raters), "value");
            }
            if row.raters_left_out + row.items_left_out > 0 || hide_without {
                let many = if hide_without { "some".to_owned() } else { row.raters_left_out.to_string() };
                gaps.push(format!("{label}: {many} raters, {} items left out", row.items_left_out));
            }
            let found = concordance(&table.ranks, raters, items);
            row.state = if found.is_none() { "undefined" } else { small_cells::state(raters, false) };
            if let Some(found) = found {
                (row.w, row.chi_squared) = (Some(found.w), Some(found.chi_squared));
                (row.p_value, row.method) = self.chance(&table.ranks, raters, items, found.p_value, tick)?;
            } else {
                undefined.push(label);
            }
            if raters > 0 {
                for (item, sum) in table.items.iter().zip(concordance::sums(&table.ranks, items.max(1))) {
                    mean_ranks.push(MeanRank {
                        scope: row.scope,
                        place: row.place.clone(),
                        stakeholder: row.stakeholder.clone(),
                        item: set.ratings.items.get(*item).map(|at| name(*at)).unwrap_or_default(),
                        mean_rank: sum / (raters.max(1)) as f64,
                        raters,
                    });
                }
            }
            rows.push(row);
        }
        if !gaps.is_empty() {
            let message = "have raters who do not speak of every item; `missing` says what counts";
            notes.push(Note::counted("incomplete-ratings", "set", message, gaps));
        }
        if !undefined.is_empty() {
            let message = "have no W: fewer than two raters or two items are complete, or every rater ties everything";
            notes.push(Note::counted("undefined-agreement", "set", message, undefined));
        }
        if !suppressed.is_empty() {
            let message = format!("are not shown: fewer than {} respondents, or they would tell such a set", self.min_n);
            notes.push(Note::counted("suppressed", "set", &message, suppressed));
        }
        if !without.is_empty() {
            let message =
                format!("do not show how many raters were left out: fewer than {} respondents, or they would tell such a set", self.min_n);
            notes.push(Note::counted("left-out-suppressed", "set", &message, without));
        }
        if rows.iter().any(|r| r.state == "thin") {
            notes.push(Note::new("thin", "warning: sets of fewer than 5 raters say little, whatever their W", Vec::<String>::new()));
        }
        Ok(AgreementResult { settings: self.clone(), rows, mean_ranks, notes })
    }

    fn chance(
        &self,
        ranks: &[f64],
        raters: usize,
        items: usize,
        by_chi_squared: f64,
        tick: Tick<'_>,
    ) -> Result<(Option<f64>, Option<&'static str>)> {
        Ok(match self.test {
            AgreementTest::ChiSquared => (Some(by_chi_squared), Some("chi-squared")),
            AgreementTest::Permutation => {
                (concordance::permutation(ranks, raters, items, self.draws, self.seed, tick)?, Some("permutation"))
            }
            AgreementTest::Exact => match concordance::exact(ranks, raters, items) {
                Some(p) => (Some(p), Some("exact")),
                None => {
                    let message = format!(
                        "`test`: found `exact` for {raters} raters and {items} items, which is too much work; wanted `auto` or `permutation`"
                    );
                    return Err(Error::argument(message));
                }
            },
            AgreementTest::Auto => match concordance::exact(ranks, raters, items) {
                Some(p) => (Some(p), Some("exact")),
                None => (Some(by_chi_squared), Some("chi-squared")),
            },
        })
    }
}

/// Refuses an array that does not fit, or holds an infinite number.
pub(super) fn checked(values: &[f64], rows: usize, columns: usize) -> Result<()> {
    if rows.checked_mul(columns) != Some(values.len()) {
        return Err(Error::argument(format!("found {} numbers, wanted as many as {rows} rows of {columns} columns hold", values.len())));
    }
    match values.iter().position(|x| x.is_infinite()) {
        Some(at) => Err(Error::argument(format!(
            "row {}, column {}: found infinity, wanted a finite number or NaN for missing",
            at / columns.max(1),
            at % columns.max(1)
        ))),
        None => Ok(()),
    }
}

crate::tables::arrow_tables!(AgreementResult);

impl AgreementResult {
    /// W of all raters together; none where undefined.
    pub fn w(&self) -> Option<f64> {
        self.rows.first().and_then(|r| r.w)
    }

    /// scope, place, stakeholder, raters, items, w, chi_squared, p_value, method, state, raters_left_out, items_left_out, left_out_state.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn table(&self) -> Result<Table> {
        let rows = &self.rows;
        let whole = |n: usize| i64::try_from(n).ok();
        Table::builder()
            .text("scope", rows.iter().map(|r| Some(r.scope)))
            .text("place", rows.iter().map(|r| r.place.as_deref()))
            .text("stakeholder", rows.iter().map(|r| r.stakeholder.as_deref()))
            .integer("raters", rows.iter().map(|r| r.raters.and_then(whole)))
            .integer("items", rows.iter().map(|r| whole(r.items)))
            .number("w", rows.iter().map(|r| r.w))
            .number("chi_squared", rows.iter().map(|r| r.chi_squared))
            .number("p_value", rows.iter().map(|r| r.p_value))
            .text("method", rows.iter().map(|r| r.method))
            .text("state", rows.iter().map(|r| Some(r.state)))
            .integer("raters_left_out", rows.iter().map(|r| whole(r.raters_left_out).filter(|_| r.left_out_state == "value")))
            .integer("items_left_out", rows.iter().map(|r| whole(r.items_left_out).filter(|_| r.state != "suppressed")))
            .text("left_out_state", rows.iter().map(|r| Some(r.left_out_state)))
            .build()
    }

    /// scope, place, stakeholder, threat (of an array: the position), mean_rank, raters.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn mean_ranks_table(&self) -> Result<Table> {
        let rows = &self.mean_ranks;
        Table::builder()
            .text("scope", rows.iter().map(|r| Some(r.scope)))
            .text("place", rows.iter().map(|r| r.place.as_deref()))
            .text("stakeholder", rows.iter().map(|r| r.stakeholder.as_deref()))
            .text("threat", rows.iter().map(|r| Some(&r.item)))
            .number("mean_rank", rows.iter().map(|r| Some(r.mean_rank)))
            .integer("raters", rows.iter().map(|r| i64::try_from(r.raters).ok()))
            .build()
    }

    /// The result as the bindings and reports carry it; the facts are those of all raters together.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("agreement", &self.settings)?;
        let all = self.rows.first();
        outcome.facts.insert("w".into(), json!(all.and_then(|r| r.w)));
        outcome.facts.insert("chi_squared".into(), json!(all.and_then(|r| r.chi_squared)));
        outcome.facts.insert("p_value".into(), json!(all.and_then(|r| r.p_value)));
        outcome.facts.insert("raters".into(), json!(all.and_then(|r| r.raters)));
        outcome.facts.insert("items".into(), json!(all.map(|r| r.items)));
        outcome.facts.insert("method".into(), json!(all.and_then(|r| r.method)));
        outcome.facts.insert("state".into(), json!(all.map(|r| r.state)));
        outcome.tables = vec![("agreement", self.table()?), ("mean_ranks", self.mean_ranks_table()?)];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
