//! How well does a scale of several items measure one thing, and what does it say by place and group?

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::agreement::checked;
use super::ratings::{When, asked, when, within};
use super::reliability_scores::{ScaleScore, scores};
use crate::assessment::{Answer, Direction, Item, ItemTopic};
use crate::kernels::index::correlation;
use crate::kernels::polychoric::polychoric;
use crate::kernels::scale::{alpha, covariances, feldt, one_factor};
use crate::network::Atlas;
use crate::tables::{Note, Outcome, Table};
use crate::{Assessment, Error, Result};

/// How well does a scale of several items measure one thing, and what does it say by place and group?
///
/// Trust, legitimacy and how people and the state stand to each other are asked by several items. Alpha and omega say how far the items of one scale go together;
/// neither proves that they measure what their name says. Scores stand from 0 (least) to 1 (most), by place and group; the sources of legitimacy stand apart and
/// have no total. An item of `better: lower` is turned round.
///
/// # Method
/// Alpha `k/(k-1) (1 - Σ variances / variance of the sum)` over respondents with every item; Feldt's interval. Omega `(Σλ)²/((Σλ)² + Σψ)` from one factor of greatest
/// likelihood on Pearson's correlations; below 3 items undefined. Both also on polychoric correlations (two steps), where every item has at most 7 different answers. A score is the mean over the items a respondent answers, at least half of them, each brought
/// to 0 to 1; means by weight, intervals by t with the effective number of respondents.
///
/// # References
/// Cronbach 1951. Feldt 1965; Feldt, Woodruff and Salih 1987. McDonald 1999. Rubin and Thayer 1982. Olsson 1979; Zumbo, Gadermann and Zeisser 2007.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reliability {
    /// Scales; all where absent.
    pub scales: Option<Vec<String>>,
    /// The period asked for; each respondent's latest answer where absent.
    pub period: Option<String>,
    /// Positions of the items of an array that are turned round; those of an assessment say so themselves.
    pub reversed: Vec<usize>,
    /// Level of the intervals.
    pub level: f64,
    /// Share of a scale's items that a respondent must answer to have a score.
    pub answered: f64,
    /// Fewest respondents of a cell that is shown; 0 shows all.
    pub min_n: usize,
}

impl Default for Reliability {
    fn default() -> Self {
        Reliability { scales: None, period: None, reversed: Vec::new(), level: 0.95, answered: 0.5, min_n: 3 }
    }
}

/// One scale.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScaleRow {
    /// Name of the scale.
    pub scale: String,
    /// What it is about.
    pub about: Option<ItemTopic>,
    /// Items with answers.
    pub items: usize,
    /// Respondents with every item; none where suppressed.
    pub respondents: Option<usize>,
    /// Cronbach's alpha.
    pub alpha: Option<f64>,
    /// Its interval.
    pub alpha_interval: Option<(f64, f64)>,
    /// McDonald's omega.
    pub omega: Option<f64>,
    /// Alpha on polychoric correlations; none where an item has more than 7 different answers.
    pub ordinal_alpha: Option<f64>,
    /// Omega on polychoric correlations.
    pub ordinal_omega: Option<f64>,
    /// `value`, `thin`, `suppressed`, `undefined` or `improper` (the factor model does not fit).
    pub state: &'static str,
    /// Respondents left out for gaps.
    pub left_out: usize,
}

/// One item of a scale.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemRow {
    /// Name of the scale.
    pub scale: String,
    /// Id of the item.
    pub item: String,
    /// Mean answer, as asked.
    pub mean: Option<f64>,
    /// Standard deviation.
    pub sd: Option<f64>,
    /// Correlation with the sum of the other items, turned where the item is.
    pub item_rest_correlation: Option<f64>,
    /// Alpha of the scale without it.
    pub alpha_without: Option<f64>,
    /// Loading on the one factor.
    pub loading: Option<f64>,
    /// Whether it was turned round.
    pub reversed: bool,
}

/// What [`Reliability`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReliabilityResult {
    /// The settings.
    pub settings: Reliability,
    /// By scale.
    pub rows: Vec<ScaleRow>,
    /// By item.
    pub items: Vec<ItemRow>,
    /// By scale, place and group.
    pub scores: Vec<ScaleScore>,
    /// By scale, place and period.
    pub trend: Vec<ScaleScore>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

/// An answer that counts, looked up.
pub(super) struct Given<'a> {
    pub(super) answer: &'a Answer,
    pub(super) item: &'a Item,
    pub(super) place: u32,
    pub(super) group: Option<u32>,
}

impl Given<'_> {
    /// 0 for the least of what the scale measures, 1 for the most.
    pub(super) fn share(&self) -> f64 {
        let (low, high) = (self.item.minimum.get(), self.item.maximum.get());
        let share = (self.answer.value.get() - low) / (high - low);
        if self.item.better == Some(Direction::Lower) { 1.0 - share } else { share }
    }
}

impl Reliability {
    /// Reliability of an array, one row a respondent and one column an item, NaN missing; columns of `reversed` are turned round.
    ///
    /// # Errors
    /// `Argument` where the array or a setting does not fit.
    ///
    /// # Examples
    /// ```
    /// use hs_core::analyses::voices::Reliability;
    /// let found = Reliability::default().run_items(&[1.0, 1.0, 2.0, 2.0, 3.0, 4.0, 4.0, 3.0], 4, 2)?;
    /// // variances 5/3 and 5/3, of the sum 6: alpha = 2 (1 - (10/3)/6)
    /// assert!((found.rows[0].alpha.unwrap() - 8.0 / 9.0).abs() < 1e-12);
    /// # Ok::<(), hs_core::Error>(())
    /// ```
    pub fn run_items(&self, values: &[f64], respondents: usize, items: usize) -> Result<ReliabilityResult> {
        self.check()?;
        checked(values, respondents, items)?;
        if let Some(at) = self.reversed.iter().find(|at| **at >= items) {
            return Err(Error::argument(format!("`reversed`: found the position {at}, wanted one below {items}")));
        }
        let reversed: Vec<bool> = (0..items).map(|i| self.reversed.contains(&i)).collect();
        let names: Vec<String> = (0..items).map(|i| i.to_string()).collect();
        let mut result = self.empty(Vec::new());
        self.scale(&mut result, "0", None, values, &names, &reversed, 0);
        Ok(result)
    }

    /// Reliability and scores of an assessment's scales.
    ///
    /// # Errors
    /// `NotFound` for a scale that is not there; `Argument` for a setting out of its domain.
    pub fn run(&self, assessment: &Assessment) -> Result<ReliabilityResult> {
        self.check()?;
        if !self.reversed.is_empty() {
            return Err(Error::argument("`reversed`: found positions, but items of an assessment say `better` themselves"));
        }
        let atlas = Atlas::new(assessment)?;
        let known: BTreeSet<&str> = assessment.items.iter().map(|i| i.scale.as_str()).collect();
        if let Some(missing) = self.scales.iter().flatten().find(|s| !known.contains(s.as_str())) {
            return Err(Error::not_found("scale", missing, known));
        }
        let mut notes = Vec::new();
        let (latest, all) = self.given(assessment, &atlas, &mut notes)?;
        let mut result = self.empty(notes);
        let mut scales: Vec<&str> = Vec::new();
        for item in &assessment.items {
            let wanted = self.scales.as_ref().is_none_or(|s| s.contains(&item.scale));
            if wanted && !scales.contains(&item.scale.as_str()) {
                scales.push(&item.scale);
            }
        }
        for scale in scales {
            let own: Vec<&Given<'_>> = latest.iter().filter(|g| g.item.scale == scale).collect();
            let items: Vec<&Item> = assessment.items.iter().filter(|i| i.scale == scale && own.iter().any(|g| g.item.id == i.id)).collect();
            let about = assessment.items.iter().filter(|i| i.scale == scale).find_map(|i| i.about);
            let mut rows: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
            for given in &own {
                let row = rows.entry(given.answer.respondent.as_str()).or_insert_with(|| vec![(0.0, 0.0); items.len()]);
                if let Some(slot) = items.iter().position(|i| i.id == given.item.id).and_then(|at| row.get_mut(at)) {
                    *slot = (slot.0 + given.answer.value.get(), slot.1 + 1.0);
                }
            }
            let values: Vec<f64> = rows.values().flatten().map(|(sum, n)| if *n > 0.0 { sum / n } else { f64::NAN }).collect();
            let names: Vec<String> = items.iter().map(|i| i.id.clone()).collect();
            let reversed: Vec<bool> = items.iter().map(|i| i.better == Some(Direction::Lower)).collect();
            self.scale(&mut result, scale, about, &values, &names, &reversed, self.min_n);
            let history: Vec<&Given<'_>> = all.iter().filter(|g| g.item.scale == scale).collect();
            scores(self, assessment, scale, about, &own, &history, &mut result)?;
        }
        if result.rows.is_empty() {
            result.notes.push(Note::new("no-scales", "no items of scales: nothing to look at", Vec::<String>::new()));
        }
        let hidden: Vec<String> = result.scores.iter().filter(|s| s.state == "suppressed").map(ScaleScore::name).collect();
        if !hidden.is_empty() {
            let message = format!("are not shown: fewer than {} respondents, or they would tell such a cell", self.min_n);
            result.notes.push(Note::counted("suppressed", "cell", &message, hidden));
        }
        let thin: Vec<String> = result.scores.iter().filter(|s| s.state == "thin").map(ScaleScore::name).collect();
        if !thin.is_empty() {
            result.notes.push(Note::counted("thin", "cell", "have fewer than 5 respondents: a warning, not a finding", thin));
        }
        Ok(result)
    }

    fn check(&self) -> Result<()> {
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(Error::argument(format!("`level`: found {}, wanted a number between 0 and 1", self.level)));
        }
        if !(0.0..=1.0).contains(&self.answered) {
            return Err(Error::argument(format!("`answered`: found {}, wanted a share from 0 to 1", self.answered)));
        }
        Ok(())
    }

    fn empty(&self, notes: Vec<Note>) -> ReliabilityResult {
        ReliabilityResult { settings: self.clone(), rows: Vec::new(), items: Vec::new(), scores: Vec::new(), trend: Vec::new(), notes }
    }

    /// The latest answer of each respondent, item and place within the period, and all within it.
    fn given<'a>(&self, assessment: &'a Assessment, atlas: &Atlas<'a>, notes: &mut Vec<Note>) -> Result<(Vec<Given<'a>>, Vec<Given<'a>>)> {
        let asked = asked(self.period.as_deref())?;
        let (mut latest, mut all) = (Vec::new(), Vec::new());
        let mut newest: BTreeMap<(&str, &str, u32), When> = BTreeMap::new();
        let mut outside = 0_usize;
        for answer in &assessment.answers {
            let item = assessment.items.iter().find(|i| i.id == answer.item);
            let item = item.ok_or_else(|| Error::not_found("item", &answer.item, assessment.items.iter().map(|i| i.id.as_str())))?;
            if !within(answer.period.as_deref(), asked) {
                outside += 1;
                continue;
            }
            let (place, group) = (atlas.place(&answer.place)?, answer.group.as_deref().map(|g| atlas.group(g)).transpose()?);
            let slot = newest.entry((answer.respondent.as_str(), answer.item.as_str(), place)).or_default();
            *slot = (*slot).max(when(answer.period.as_deref()));
            all.push(Given { answer, item, place, group });
        }
        for given in &all {
            let key = (given.answer.respondent.as_str(), given.answer.item.as_str(), given.place);
            if newest.get(&key).is_some_and(|l| *l == when(given.answer.period.as_deref())) {
                latest.push(Given { ..*given });
            }
        }
        if outside > 0 {
            let message = format!("{outside} answers are not of the period asked for: not used");
            notes.push(Note::new("answer-of-other-period", message, Vec::<String>::new()));
        }
        if latest.len() < all.len() {
            let message = format!(
                "{} answers are older than another of the same respondent, item and place: in the trend alone",
                all.len() - latest.len()
            );
            notes.push(Note::new("answer-not-latest", message, Vec::<String>::new()));
        }
        Ok((latest, all))
    }

    #[allow(clippy::too_many_arguments)] // one table with what its columns are called
    fn scale(
        &self,
        result: &mut ReliabilityResult,
        scale: &str,
        about: Option<ItemTopic>,
        values: &[f64],
        names: &[String],
        reversed: &[bool],
        min_n: usize,
    ) {
        let k = names.len();
        let whole: Vec<&[f64]> = values.chunks_exact(k.max(1)).filter(|row| row.iter().all(|x| !x.is_nan())).collect();
        let n = whole.len();
        let left_out = values.len() / k.max(1) - n;
        let mut row = ScaleRow {
            scale: scale.to_owned(),
            about,
            items: k,
            respondents: Some(n),
            alpha: None,
            alpha_interval: None,
            omega: None,
            ordinal_alpha: None,
            ordinal_omega: None,
            state: "undefined",
            left_out,
        };
        if n > 0 && n < min_n {
            (row.respondents, row.state) = (None, "suppressed");
            result.rows.push(row);
            return;
        }
        if left_out > 0 {
            let message = format!("`{scale}`: {left_out} respondents do not answer every item and are left out of alpha and omega");
            result.notes.push(Note::new("incomplete-answers", message, [scale]));
        }
        let turned: Vec<f64> = whole.iter().flat_map(|row| row.iter().zip(reversed).map(|(x, back)| if *back { -x } else { *x })).collect();
        let spread = covariances(&turned, k);
        let covariance = spread.as_ref().map(|(_, c)| c.as_slice()).unwrap_or_default();
        row.alpha = spread.as_ref().and_then(|_| alpha(covariance, k, |_| true));
        row.alpha_interval = row.alpha.and_then(|a| feldt(a, n, k, self.level));
        let factor = spread.as_ref().and_then(|_| one_factor(covariance, k));
        let proper = factor.as_ref().filter(|f| f.converged && !f.improper);
        row.omega = proper.map(|f| f.omega());
        match in_steps(&turned, k) {
            Steps::Few(correlations) => {
                row.ordinal_alpha = alpha(&correlations, k, |_| true);
                row.ordinal_omega = one_factor(&correlations, k).filter(|f| f.converged && !f.improper).map(|f| f.omega());
            }
            Steps::NoTop if row.alpha.is_some() => {
                let message = format!(
                    "`{scale}`: two items have no polychoric correlation (one answers the other): ordinal alpha and omega are undefined"
                );
                result.notes.push(Note::new("undefined-polychoric", message, [scale]));
            }
            _ => {}
        }
        row.state = match (row.alpha, factor.is_some(), proper.is_some()) {
            (None, ..) => "undefined",
            (_, true, false) => "improper",
            _ => super::small_cells::state(n, false),
        };
        if row.alpha.is_none() {
            let message = format!("`{scale}`: alpha needs two items and two respondents whose sums differ");
            result.notes.push(Note::new("undefined-alpha", message, [scale]));
        }
        if row.omega.is_none() {
            let why = if row.state == "improper" {
                "the model of one factor does not fit (an item without variance of its own)"
            } else {
                "it needs three items that vary"
            };
            result.notes.push(Note::new("undefined-omega", format!("`{scale}`: omega is undefined: {why}"), [scale]));
        }
        for (at, name) in names.iter().enumerate() {
            let own: Vec<f64> = turned.iter().skip(at).step_by(k.max(1)).copied().collect();
            let rest: Vec<f64> = turned.chunks_exact(k.max(1)).zip(&own).map(|(row, x)| row.iter().sum::<f64>() - x).collect();
            let back = reversed.get(at).copied().unwrap_or(false);
            let mean = spread.as_ref().and_then(|(m, _)| m.get(at)).map(|m| if back { -m } else { *m });
            let load = |f: &crate::kernels::scale::Factor| f.loadings.get(at).copied();
            result.items.push(ItemRow {
                scale: scale.to_owned(),
                item: name.clone(),
                mean,
                sd: covariance.get(at * k + at).map(|v| v.max(0.0).sqrt()),
                item_rest_correlation: Some(correlation(&own, &rest)).filter(|r| !r.is_nan()),
                alpha_without: spread.as_ref().and_then(|_| alpha(covariance, k, |i| i != at)),
                loading: proper.and_then(load),
                reversed: back,
            });
        }
        let against: Vec<&str> = result
            .items
            .iter()
            .filter(|i| i.scale == scale && i.item_rest_correlation.is_some_and(|r| r < 0.0))
            .map(|i| i.item.as_str())
            .collect();
        if !against.is_empty() {
            let message = "items run against the rest of their scale: look at whether they are to be turned round (`better: lower`)";
            result.notes.push(Note::new("item-against-scale", message, against));
        }
        result.rows.push(row);
    }
}

/// Most different answers of an item that count as steps: beyond them Pearson's correlation loses next to nothing.
const MOST_STEPS: usize = 7;

/// Answers as steps.
enum Steps {
    /// Polychoric correlations of the items.
    Few(Vec<f64>),
    /// Some pair has none.
    NoTop,
    /// Some item has more than so many answers, or there are fewer than two.
    Many,
}

/// Polychoric correlations of items whose answers are few steps.
fn in_steps(values: &[f64], items: usize) -> Steps {
    let column = |i: usize| values.iter().skip(i).step_by(items.max(1)).copied();
    let mut places: Vec<Vec<usize>> = Vec::new();
    let mut sizes = Vec::new();
    for i in 0..items {
        let mut steps: Vec<f64> = column(i).collect();
        steps.sort_unstable_by(f64::total_cmp);
        steps.dedup();
        if steps.len() > MOST_STEPS {
            return Steps::Many;
        }
        places.push(column(i).map(|x| steps.partition_point(|s| *s < x)).collect());
        sizes.push(steps.len());
    }
    if items < 2 {
        return Steps::Many;
    }
    let mut found = vec![1.0; items * items];
    for (i, (first, rows)) in places.iter().zip(&sizes).enumerate() {
        for (j, (second, columns)) in places.iter().zip(&sizes).enumerate().skip(i + 1) {
            let mut counts = vec![0.0; rows * columns];
            for (a, b) in first.iter().zip(second) {
                if let Some(cell) = counts.get_mut(a * columns + b) {
                    *cell += 1.0;
                }
            }
            let Some(r) = polychoric(&counts, *rows, *columns) else { return Steps::NoTop };
            for at in [i * items + j, j * items + i] {
                if let Some(cell) = found.get_mut(at) {
                    *cell = r;
                }
            }
        }
    }
    Steps::Few(found)
}

crate::tables::arrow_tables!(ReliabilityResult);

impl ReliabilityResult {
    /// scale, about, items, respondents, alpha, alpha_lower, alpha_upper, omega, state, left_out, ordinal_alpha, ordinal_omega.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn table(&self) -> Result<Table> {
        let rows = &self.rows;
        let whole = |n: usize| i64::try_from(n).ok();
        Table::builder()
            .text("scale", rows.iter().map(|r| Some(&r.scale)))
            .text("about", rows.iter().map(|r| r.about.map(ItemTopic::word)))
            .integer("items", rows.iter().map(|r| whole(r.items)))
            .integer("respondents", rows.iter().map(|r| r.respondents.and_then(whole)))
            .number("alpha", rows.iter().map(|r| r.alpha))
            .number("alpha_lower", rows.iter().map(|r| r.alpha_interval.map(|e| e.0)))
            .number("alpha_upper", rows.iter().map(|r| r.alpha_interval.map(|e| e.1)))
            .number("omega", rows.iter().map(|r| r.omega))
            .text("state", rows.iter().map(|r| Some(r.state)))
            .integer("left_out", rows.iter().map(|r| whole(r.left_out)))
            .number("ordinal_alpha", rows.iter().map(|r| r.ordinal_alpha))
            .number("ordinal_omega", rows.iter().map(|r| r.ordinal_omega))
            .build()
    }

    /// item, mean, sd, item_rest_correlation, alpha_without, scale, loading, reversed.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn items_table(&self) -> Result<Table> {
        let rows = &self.items;
        Table::builder()
            .text("item", rows.iter().map(|r| Some(&r.item)))
            .number("mean", rows.iter().map(|r| r.mean))
            .number("sd", rows.iter().map(|r| r.sd))
            .number("item_rest_correlation", rows.iter().map(|r| r.item_rest_correlation))
            .number("alpha_without", rows.iter().map(|r| r.alpha_without))
            .text("scale", rows.iter().map(|r| Some(&r.scale)))
            .number("loading", rows.iter().map(|r| r.loading))
            .boolean("reversed", rows.iter().map(|r| Some(r.reversed)))
            .build()
    }

    /// The result as the bindings and reports carry it; the facts are those of the only scale, and missing where there are several.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("reliability", &self.settings)?;
        let only = if let [only] = self.rows.as_slice() { Some(only) } else { None };
        outcome.facts.insert("alpha".into(), json!(only.and_then(|r| r.alpha)));
        outcome.facts.insert("alpha_lower".into(), json!(only.and_then(|r| r.alpha_interval.map(|e| e.0))));
        outcome.facts.insert("alpha_upper".into(), json!(only.and_then(|r| r.alpha_interval.map(|e| e.1))));
        outcome.facts.insert("omega".into(), json!(only.and_then(|r| r.omega)));
        outcome.facts.insert("ordinal_alpha".into(), json!(only.and_then(|r| r.ordinal_alpha)));
        outcome.facts.insert("ordinal_omega".into(), json!(only.and_then(|r| r.ordinal_omega)));
        outcome.facts.insert("respondents".into(), json!(only.and_then(|r| r.respondents)));
        outcome.facts.insert("items".into(), json!(only.map(|r| r.items)));
        outcome.tables = vec![
            ("reliability", self.table()?),
            ("items", self.items_table()?),
            ("scores", ScaleScore::table(&self.scores, false)?),
            ("trend", ScaleScore::table(&self.trend, true)?),
        ];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
