//! What do several maps say together of each link?

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::statements::Statements;
use crate::assessment::Reach;
use crate::kernels::random_effects::{self, Between, Joint};
use crate::network::{DominoNetwork, EdgeList, Statement, pool, weighted_mean};
use crate::tables::{Note, Outcome, Table};
use crate::{Assessment, Error, Result};

/// What do several maps say together of each link?
///
/// Stakeholders, experts or contexts each draw their own links. Statements of one link with equal lag are pooled: averaged, never summed.
/// Where they disagree on the sign they are not averaged either: the link is disputed, and the side with more confidence stands (or both are
/// given). A link without a number is passed over where others have one, and never counts as 0; a map that does not draw a link says nothing about it.
///
/// # Method
/// `Σ c w / Σ c`, c the confidence (a missing one counts 1) times that of the map. Where every statement of the side has a range, `v = ((high-low)/6)²` and
/// random effects: `Σ w/(v+τ²) / Σ 1/(v+τ²)`, τ² after Paule and Mandel (or DerSimonian and Laird, or REML), intervals after Hartung and Knapp.
///
/// # References
/// Paule and Mandel 1982; DerSimonian and Laird 1986; Hartung and Knapp 2001; Viechtbauer 2005; Higgins and Thompson 2002 (I²).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PoolLinkages {
    /// How sure each map is, 0 or above, multiplied with the confidence of its statements; 1 each where absent.
    pub confidence: Option<Vec<f64>>,
    /// Names of the maps; ids of assessments, else 1, 2, ... where absent.
    pub names: Option<Vec<String>>,
    /// How the variance between statements is found.
    pub estimator: Estimator,
    /// What becomes of a link on whose sign statements disagree.
    pub disputed: Disputed,
    /// Level of the intervals, between 0 and 1.
    pub level: f64,
}

impl Default for PoolLinkages {
    fn default() -> Self {
        PoolLinkages { confidence: None, names: None, estimator: Estimator::PauleMandel, disputed: Disputed::Majority, level: 0.95 }
    }
}

/// How the variance between statements is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Estimator {
    /// By the weighted squares that should be k - 1.
    #[default]
    PauleMandel,
    /// By moments.
    DerSimonianLaird,
    /// By restricted likelihood.
    Reml,
}

/// What becomes of a link on whose sign statements disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Disputed {
    /// The side with the larger sum of confidence stands; a tie feeds.
    #[default]
    Majority,
    /// Each side stands, in a row of its own.
    Both,
}

crate::framework::words::words!(
    /// How a pooled weight was made.
    PoolingMethod {
        /// One statement.
        Single = "single",
        /// Mean by confidence.
        Confidence = "confidence",
        /// Random effects from the ranges.
        RandomEffects = "random-effects",
    }
);

/// One link as several say it together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PooledLink {
    /// Node (threat) it starts from.
    pub from: String,
    /// Node (threat) it reaches.
    pub to: String,
    /// Periods until it acts.
    pub lag: u32,
    /// How far over places; none for networks.
    pub reach: Option<Reach>,
    /// Whether it dampens.
    pub dampens: bool,
    /// Signed weight; none where no statement has a number.
    pub weight: Option<f64>,
    /// Signed range: the mean of the lower ends and of the upper, with the weights of `weight`.
    pub range: Option<(f64, f64)>,
    /// Signed mean by confidence, whatever the method.
    pub mean: Option<f64>,
    /// How the weight was made; none without one.
    pub method: Option<PoolingMethod>,
    /// Statements behind the weight.
    pub n: usize,
    /// Maps they stand on.
    pub maps: usize,
    /// Statements passed over for want of a number.
    pub passed_over: usize,
    /// Whether some say feeds and some dampens.
    pub conflict: bool,
    /// Sums of confidence of those who say feeds and those who say dampens; none where nobody does.
    pub confidence: (Option<f64>, Option<f64>),
    /// Labels of those who say feeds and those who say dampens, passed over or not.
    pub sides: (Vec<String>, Vec<String>),
    /// Standard error, interval, variance between and I², where random effects were used.
    #[serde(skip)]
    pub joint: Option<Joint>,
}

/// Every link as several say it together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PoolLinkagesResult {
    /// The settings it ran with.
    pub settings: PoolLinkages,
    /// Names of the maps.
    pub maps: Vec<String>,
    /// The links, by start, end, lag and reach.
    pub links: Vec<PooledLink>,
    /// What the maps speak of, linked or not.
    pub nodes: Vec<String>,
    /// Number of statements.
    pub statements: usize,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

impl PoolLinkages {
    /// Pools the edges of networks by the names of their nodes.
    ///
    /// # Errors
    /// `Argument` without a network, for a setting outside its domain, or confidences or names that are not one a network.
    ///
    /// # Examples
    /// ```
    /// use hs_core::analyses::voices::PoolLinkages;
    /// use hs_core::network::{DominoNetwork, EdgeList};
    ///
    /// let says = |w: f64| DominoNetwork::from_edges(EdgeList { source: vec![0], target: vec![1], weight: vec![w].into(), ..EdgeList::default() });
    /// let pool = PoolLinkages { confidence: Some(vec![1.0, 0.5]), ..PoolLinkages::default() };
    /// let pooled = pool.run(&[&says(0.8)?, &says(0.4)?])?;
    /// // (0.8 + 0.5 · 0.4) / 1.5
    /// assert!((pooled.links[0].weight.unwrap() - 2.0 / 3.0).abs() < 1e-12);
    /// # Ok::<(), hs_core::Error>(())
    /// ```
    pub fn run(&self, networks: &[&DominoNetwork]) -> Result<PoolLinkagesResult> {
        self.pooled(Statements::of_networks(networks, self.names.as_deref())?)
    }

    /// Pools the linkages of assessments by the ids of their threats; those of one alone are pooled too, for it may hold several voices.
    ///
    /// # Errors
    /// As [`PoolLinkages::run`].
    pub fn run_assessments(&self, assessments: &[&Assessment]) -> Result<PoolLinkagesResult> {
        self.pooled(Statements::of_assessments(assessments, self.names.as_deref())?)
    }

    fn check(&self, maps: usize) -> Result<()> {
        if maps == 0 {
            return Err(Error::argument("found no map, wanted at least one network or assessment"));
        }
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(Error::argument(format!("`level` is {}, wanted above 0 and below 1", self.level)));
        }
        if let Some(confidence) = &self.confidence {
            if confidence.len() != maps {
                return Err(Error::argument(format!("`confidence` has {} values, wanted {maps}, one for each map", confidence.len())));
            }
            if let Some(bad) = confidence.iter().find(|c| !(c.is_finite() && **c >= 0.0)) {
                return Err(Error::argument(format!("`confidence` has {bad}, wanted finite numbers of 0 or more")));
            }
        }
        Ok(())
    }

    fn pooled(&self, mut all: Statements) -> Result<PoolLinkagesResult> {
        self.check(all.maps.len())?;
        for said in &mut all.said {
            let of_map = self.confidence.as_ref().and_then(|c| c.get(said.map)).copied().unwrap_or(1.0);
            said.confidence *= of_map;
        }
        let mut links: BTreeMap<_, Vec<Statement>> = BTreeMap::new();
        for (at, said) in all.said.iter().enumerate() {
            links.entry((&said.from, &said.to, said.lag, said.reach)).or_default().push(said.statement(at));
        }
        let mut made = Vec::with_capacity(links.len());
        for statements in links.into_values() {
            let sides: Vec<Vec<Statement>> = match self.disputed {
                Disputed::Majority => vec![statements.clone()],
                Disputed::Both => [false, true].map(|d| statements.iter().copied().filter(|s| s.dampens == d).collect()).to_vec(),
            };
            for side in sides.into_iter().filter(|side| !side.is_empty()) {
                made.push(self.link(&all, &statements, side)?);
            }
        }
        let notes = notes(&mut all, &made);
        let nodes: BTreeSet<String> = all.nodes.into_iter().flatten().collect();
        Ok(PoolLinkagesResult {
            settings: self.clone(),
            maps: all.maps,
            links: made,
            nodes: nodes.into_iter().collect(),
            statements: all.said.len(),
            notes,
        })
    }

    /// One link from those of its statements that are to stand.
    fn link(&self, all: &Statements, every: &[Statement], mut kept: Vec<Statement>) -> Result<PooledLink> {
        let said = |s: &Statement| all.said.get(s.linkage as usize);
        let numbered = every.iter().any(|s| s.weight.is_some());
        let counts = |s: &&Statement| s.weight.is_some() || !numbered;
        let side = |dampens: bool| {
            let mut sums: Vec<f64> = every.iter().filter(counts).filter(|s| s.dampens == dampens).map(|s| s.confidence).collect();
            sums.sort_unstable_by(f64::total_cmp);
            (!sums.is_empty()).then(|| sums.iter().sum::<f64>())
        };
        let confidence = (side(false), side(true));
        let who = |dampens: bool| {
            let labels: BTreeSet<String> =
                every.iter().filter(|s| s.dampens == dampens).filter_map(said).map(|s| s.label.clone()).collect();
            labels.into_iter().collect::<Vec<_>>()
        };
        let sides = (who(false), who(true));
        let pooled = pool(&mut kept);
        let signed = |magnitude: f64| if pooled.dampens { 0.0 - magnitude } else { magnitude };
        // an order of their own, so that the order of the maps cannot move the last bit
        kept.sort_by(|a, b| {
            let key = |s: &Statement| (s.weight.unwrap_or_default(), s.range.unwrap_or_default());
            let ((w, (l, h)), (v, (m, k))) = (key(a), key(b));
            w.total_cmp(&v).then(l.total_cmp(&m)).then(h.total_cmp(&k))
        });
        let ranged: Option<Vec<(f64, f64, f64)>> = kept
            .iter()
            .map(|s| s.weight.zip(s.range).filter(|(_, (low, high))| high > low).map(|(w, (low, high))| (w, low, high)))
            .collect();
        let (mut weight, mut range, mut joint) = (pooled.weight, pooled.range, None);
        if let Some(ranged) = ranged.filter(|list| list.len() > 1) {
            let values: Vec<f64> = ranged.iter().map(|(w, ..)| signed(*w)).collect();
            let variances: Vec<f64> = ranged.iter().map(|(_, low, high)| ((high - low) / 6.0).powi(2)).collect();
            joint = random_effects::join(&values, &variances, self.estimator.between(), self.level)?;
            if let Some(joint) = &joint {
                weight = Some(joint.estimate);
                let mean = |end: fn(&(f64, f64, f64)) -> f64| {
                    let weights = random_effects::weights(&variances, joint.tau_squared);
                    weighted_mean(&mut ranged.iter().map(end).zip(weights).collect::<Vec<_>>())
                };
                let (low, high) = (mean(|r| r.1).map(signed), mean(|r| r.2).map(signed));
                range = low.zip(high).map(|(a, b)| (a.min(b), a.max(b)));
            }
        }
        let method = weight.map(|_| match (&joint, kept.len()) {
            (Some(_), _) => PoolingMethod::RandomEffects,
            (None, 1) => PoolingMethod::Single,
            (None, _) => PoolingMethod::Confidence,
        });
        let first = every.first().and_then(said).ok_or_else(|| Error::internal("a link without a statement"))?;
        Ok(PooledLink {
            from: first.from.clone(),
            to: first.to.clone(),
            lag: first.lag,
            reach: first.reach,
            dampens: pooled.dampens,
            weight,
            range,
            mean: pooled.weight,
            method,
            n: if weight.is_some() { kept.len() } else { 0 },
            maps: kept.iter().filter_map(said).map(|s| s.map).collect::<BTreeSet<_>>().len(),
            passed_over: if weight.is_some() { pooled.passed_over } else { kept.len() },
            conflict: confidence.0.is_some() && confidence.1.is_some(),
            confidence,
            sides,
            joint,
        })
    }
}

impl Estimator {
    fn between(self) -> Between {
        match self {
            Estimator::PauleMandel => Between::PauleMandel,
            Estimator::DerSimonianLaird => Between::DerSimonianLaird,
            Estimator::Reml => Between::Reml,
        }
    }
}

fn notes(all: &mut Statements, links: &[PooledLink]) -> Vec<Note> {
    let mut notes = std::mem::take(&mut all.notes);
    let label = |link: &PooledLink| format!("{} -> {}", link.from, link.to);
    let mut note = |code, message: &str, which: &dyn Fn(&PooledLink) -> bool| {
        let mut found: Vec<String> = links.iter().filter(|l| which(l)).map(label).collect();
        found.dedup();
        if !found.is_empty() {
            notes.push(Note::counted(code, "link", message, found));
        }
    };
    note("passed-over", "have statements without a number, which were passed over", &|l| l.passed_over > 0 && l.weight.is_some());
    note("unweighted-link", "have no statement with a number: they have no weight", &|l| l.weight.is_none());
    note("disputed-link", "are disputed: some say feeds, some dampens", &|l| l.conflict);
    let own = |l: &PooledLink| l.joint.is_none() && l.range.is_some() && l.n > 1;
    note("ranges-incomplete", "have ranges on some statements only: pooled by confidence", &own);
    let unsure = all.said.iter().any(|s| s.confidence != all.said.first().map_or(1.0, |first| first.confidence));
    note("confidence-not-used", "are pooled by the ranges of their statements: confidence decides the sign alone", &|l| {
        unsure && l.joint.is_some()
    });
    notes
}

crate::tables::arrow_tables!(PoolLinkagesResult);

impl PoolLinkagesResult {
    /// The links as networks: one, or, where both sides of disputed links stand, one with all of them feeding and one with all dampening.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn networks(&self) -> Result<Vec<DominoNetwork>> {
        let both = self.settings.disputed == Disputed::Both && self.links.iter().any(|l| l.conflict);
        let runs: &[Option<bool>] = if both { &[Some(false), Some(true)] } else { &[None] };
        runs.iter().map(|side| self.network(*side)).collect()
    }

    fn network(&self, side: Option<bool>) -> Result<DominoNetwork> {
        let links: Vec<&PooledLink> = self.links.iter().filter(|l| !l.conflict || side.is_none_or(|s| s == l.dampens)).collect();
        let position = |name: &String| self.nodes.binary_search(name).map_or(u32::MAX, |at| u32::try_from(at).unwrap_or(u32::MAX));
        // rounding must not put a weight outside its own range
        let end = |l: &PooledLink, low: bool| l.range.zip(l.weight).map(|((a, b), w)| if low { a.min(w) } else { b.max(w) });
        DominoNetwork::from_edges(EdgeList {
            source: links.iter().map(|l| position(&l.from)).collect(),
            target: links.iter().map(|l| position(&l.to)).collect(),
            weight: links.iter().map(|l| l.weight).collect::<Vec<_>>().into(),
            names: Some(self.nodes.clone()),
            lag: Some(links.iter().map(|l| l.lag).collect()),
            low: Some(links.iter().map(|l| end(l, true)).collect()),
            high: Some(links.iter().map(|l| end(l, false)).collect()),
            ..EdgeList::default()
        })
    }

    /// from, to, weight, lag, effect, low, high, n, maps, conflict, method, mean, standard_error, lower, upper, tau_squared, i_squared, q, reach, confidence,
    /// passed_over.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn table(&self) -> Result<Table> {
        let rows = &self.links;
        let joint = |value: fn(&Joint) -> f64| rows.iter().map(move |l| l.joint.as_ref().map(value));
        let whole = |n: usize| Some(i64::try_from(n).unwrap_or(i64::MAX));
        Table::builder()
            .text("from", rows.iter().map(|l| Some(&l.from)))
            .text("to", rows.iter().map(|l| Some(&l.to)))
            .number("weight", rows.iter().map(|l| l.weight))
            .integer("lag", rows.iter().map(|l| Some(i64::from(l.lag))))
            .text("effect", rows.iter().map(|l| Some(effect(l.dampens))))
            .number("low", rows.iter().map(|l| l.range.map(|r| r.0)))
            .number("high", rows.iter().map(|l| l.range.map(|r| r.1)))
            .integer("n", rows.iter().map(|l| whole(l.n)))
            .integer("maps", rows.iter().map(|l| whole(l.maps)))
            .boolean("conflict", rows.iter().map(|l| Some(l.conflict)))
            .text("method", rows.iter().map(|l| l.method.map(PoolingMethod::word)))
            .number("mean", rows.iter().map(|l| l.mean))
            .number("standard_error", joint(|j| j.standard_error))
            .number("lower", joint(|j| j.lower))
            .number("upper", joint(|j| j.upper))
            .number("tau_squared", joint(|j| j.tau_squared))
            .number("i_squared", joint(|j| j.i_squared))
            .number("q", joint(|j| j.q))
            .text("reach", rows.iter().map(|l| l.reach.map(Reach::word)))
            .number("confidence", rows.iter().map(|l| if l.dampens { l.confidence.1 } else { l.confidence.0 }))
            .integer("passed_over", rows.iter().map(|l| whole(l.passed_over)))
            .build()
    }

    /// Disputed links: from, to, lag, kept, feeds_confidence, dampens_confidence, feeds, dampens (who says so).
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn disputed_table(&self) -> Result<Table> {
        let both = self.settings.disputed == Disputed::Both;
        let mut rows: Vec<&PooledLink> = self.links.iter().filter(|l| l.conflict).collect();
        rows.dedup_by_key(|l| (&l.from, &l.to, l.lag, l.reach));
        Table::builder()
            .text("from", rows.iter().map(|l| Some(&l.from)))
            .text("to", rows.iter().map(|l| Some(&l.to)))
            .integer("lag", rows.iter().map(|l| Some(i64::from(l.lag))))
            .text("kept", rows.iter().map(|l| Some(if both { "both" } else { effect(l.dampens) })))
            .number("feeds_confidence", rows.iter().map(|l| l.confidence.0))
            .number("dampens_confidence", rows.iter().map(|l| l.confidence.1))
            .list("feeds", rows.iter().map(|l| Some(l.sides.0.iter().collect())))
            .list("dampens", rows.iter().map(|l| Some(l.sides.1.iter().collect())))
            .build()
    }

    /// Everything by name, as the bindings carry it.
    ///
    /// # Errors
    /// When a table cannot be made.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("pool_linkages", &self.settings)?;
        let disputed = self.disputed_table()?;
        outcome.facts.insert("maps".into(), json!(self.maps));
        outcome.facts.insert("nodes".into(), json!(self.nodes));
        outcome.facts.insert("statements".into(), json!(self.statements));
        outcome.facts.insert("links".into(), json!(self.links.len()));
        outcome.facts.insert("disputed_links".into(), json!(disputed.rows()));
        outcome.tables = vec![("pool_linkages", self.table()?), ("disputed", disputed)];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}

fn effect(dampens: bool) -> &'static str {
    if dampens { "dampens" } else { "feeds" }
}
