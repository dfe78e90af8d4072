//! How unequal is what people have, and does it lie between groups or within them?

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::kernels::inequality::{Member, Parts, atkinson, gini, mean_log_deviation, members, theil};
use crate::tables::{Note, Outcome, Table};
use crate::{Error, Result};

/// How unequal is what people have, and does it lie between groups or within them?
///
/// Theil's T divides exactly into within and between; Gini leaves a third part where groups overlap. What is missing is left out and counted; zeros count as
/// zeros, and leave the mean log deviation undefined.
///
/// # Method
/// `T = Σ w x/μ ln(x/μ) / Σw`; within `Σ s_g T_g` with shares of what there is, between `Σ s_g ln(μ_g/μ)`. Gini by ranks, within `Σ p_g² μ_g/μ G_g`, between the
/// Gini of the means, overlap the rest. Atkinson `1 - (Σ w x^(1-ε) / Σw)^(1/(1-ε)) / μ`.
///
/// # Complexity
/// n log n for each group.
///
/// # References
/// Theil, *Economics and Information Theory*, 1967. Shorrocks 1980. Bhattacharya and Mahalanobis 1967. Atkinson 1970.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Inequality {
    /// How much Atkinson's index minds inequality; above 0.
    pub epsilon: f64,
}

impl Default for Inequality {
    fn default() -> Self {
        Inequality { epsilon: 0.5 }
    }
}

/// What [`Inequality`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InequalityResult {
    /// The settings.
    pub settings: Inequality,
    /// Theil's T.
    pub theil: Option<InequalityParts>,
    /// Gini.
    pub gini: Option<InequalityParts>,
    /// Mean log deviation.
    pub mean_log_deviation: Option<f64>,
    /// Atkinson's index.
    pub atkinson: Option<f64>,
    /// Weighted mean.
    pub mean: Option<f64>,
    /// Values that count.
    pub n: usize,
    /// Values that are missing.
    pub missing: usize,
    /// By group: name, and what is known of it.
    pub groups: Vec<(String, GroupShare)>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

/// An index and its parts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct InequalityParts {
    /// Of everyone.
    pub total: f64,
    /// Within groups.
    pub within: f64,
    /// Between groups.
    pub between: f64,
    /// Where groups overlap.
    pub overlap: f64,
}

/// A group.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct GroupShare {
    /// Its share of the weights.
    pub share: f64,
    /// Mean within it.
    pub mean: f64,
    /// Theil's T within it.
    pub theil: Option<f64>,
    /// Gini within it.
    pub gini: Option<f64>,
}

fn told(parts: Parts) -> InequalityParts {
    InequalityParts { total: parts.total, within: parts.within, between: parts.between, overlap: parts.overlap }
}

impl Inequality {
    /// Measures values, NaN missing, with weights (1 where absent) and names of groups (one group where absent).
    ///
    /// # Errors
    /// Lists of different lengths; a value or weight below 0, or infinite (every one is listed); an epsilon that is not above 0.
    ///
    /// # Examples
    /// ```
    /// use hs_core::analyses::situation::Inequality;
    /// let found = Inequality::default().run(&[1.0, 1.0, 3.0, 3.0], None, None)?;
    /// assert!((found.gini.unwrap().total - 0.25).abs() < 1e-12);
    /// # Ok::<(), hs_core::Error>(())
    /// ```
    pub fn run(&self, values: &[f64], weights: Option<&[f64]>, groups: Option<&[String]>) -> Result<InequalityResult> {
        if !(self.epsilon > 0.0 && self.epsilon.is_finite()) {
            return Err(Error::argument(format!("`epsilon`: found {}, wanted a number above 0", self.epsilon)));
        }
        for (name, length) in [("weights", weights.map(<[f64]>::len)), ("groups", groups.map(<[String]>::len))] {
            if let Some(length) = length.filter(|length| *length != values.len()) {
                return Err(Error::argument(format!("`{name}`: found {length}, wanted one for each of {} values", values.len())));
            }
        }
        let mut bad = Vec::new();
        for (name, list) in [("values", Some(values)), ("weights", weights)] {
            for (at, x) in list.into_iter().flatten().enumerate() {
                if x.is_infinite() || *x < 0.0 {
                    bad.push(format!("{name}[{at}] = {x}"));
                }
            }
        }
        if let Some(first) = bad.first() {
            return Err(Error::argument(format!("found {first} ({} such), wanted finite numbers of 0 or more", bad.len())));
        }
        let weight = |at: usize| weights.and_then(|w| w.get(at).copied()).unwrap_or(1.0);
        let mut names: Vec<&str> = groups.into_iter().flatten().map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        let (mut x, mut w, mut g) = (Vec::new(), Vec::new(), Vec::new());
        for (at, value) in values.iter().enumerate() {
            if value.is_nan() || weight(at).is_nan() {
                continue;
            }
            x.push(*value);
            w.push(weight(at));
            let name = groups.and_then(|groups| groups.get(at)).map_or("", String::as_str);
            g.push(names.binary_search(&name).map_or(0, |at| at as u32));
        }
        let count = names.len().max(1);
        let total: f64 = w.iter().sum();
        let missing = values.len() - x.len();
        let mut notes = Vec::new();
        if missing > 0 {
            notes.push(Note::new(
                "missing",
                format!("{missing} of {} values are missing and left out", values.len()),
                Vec::<String>::new(),
            ));
        }
        let log = mean_log_deviation(&x, &w);
        let middle = (total > 0.0).then(|| {
            let mut terms: Vec<f64> = x.iter().zip(&w).map(|(x, w)| x * w).collect();
            terms.sort_unstable_by(f64::total_cmp);
            terms.iter().sum::<f64>() / total
        });
        match middle {
            None => notes.push(Note::new("nothing", "no value counts: every index is undefined", Vec::<String>::new())),
            Some(0.0) => notes.push(Note::new("mean-of-zero", "the mean is 0: shares of nothing are undefined", Vec::<String>::new())),
            Some(_) if log.is_none() => {
                notes.push(Note::new("zeros", "some values are 0: the mean log deviation is undefined", Vec::<String>::new()));
            }
            Some(_) => {}
        }
        let shares = |member: &Member| GroupShare { share: member.share, mean: member.mean, theil: member.theil, gini: member.gini };
        let found = if names.is_empty() { Vec::new() } else { members(&x, &w, &g, count) };
        let groups = names.iter().zip(&found).filter_map(|(name, m)| Some(((*name).to_owned(), shares(m.as_ref()?)))).collect();
        Ok(InequalityResult {
            settings: self.clone(),
            theil: theil(&x, &w, &g, count).map(told),
            gini: gini(&x, &w, &g, count).map(told),
            mean_log_deviation: log,
            atkinson: atkinson(&x, &w, self.epsilon),
            mean: middle,
            n: x.len(),
            missing,
            groups,
            notes,
        })
    }
}

crate::tables::arrow_tables!(InequalityResult);

impl InequalityResult {
    /// Settings, facts, the table `groups` and notes.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("inequality", &self.settings)?;
        let parts = [("theil", self.theil), ("gini", self.gini)];
        for (name, parts) in parts {
            outcome.facts.insert(name.into(), json!(parts.map(|p| p.total)));
            outcome.facts.insert(format!("{name}_within"), json!(parts.map(|p| p.within)));
            outcome.facts.insert(format!("{name}_between"), json!(parts.map(|p| p.between)));
        }
        outcome.facts.insert("gini_overlap".into(), json!(self.gini.map(|p| p.overlap)));
        outcome.facts.insert("mean_log_deviation".into(), json!(self.mean_log_deviation));
        outcome.facts.insert("atkinson".into(), json!(self.atkinson));
        outcome.facts.insert("mean".into(), json!(self.mean));
        outcome.facts.insert("n".into(), json!(self.n));
        outcome.facts.insert("missing".into(), json!(self.missing));
        let table = Table::builder()
            .text("group", self.groups.iter().map(|(name, _)| Some(name)))
            .number("share", self.groups.iter().map(|(_, g)| Some(g.share)))
            .number("mean", self.groups.iter().map(|(_, g)| Some(g.mean)))
            .number("theil", self.groups.iter().map(|(_, g)| g.theil))
            .number("gini", self.groups.iter().map(|(_, g)| g.gini))
            .build()?;
        outcome.tables = vec![("groups", table)];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
