//! Do stakeholders see the same problem?

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::compare_maps::{CompareMaps, CompareMapsResult, MapsBy};
use crate::assessment::LinkEffect;
use crate::kernels::concordance::concordance;
use crate::kernels::ranks::from_greatest;
use crate::tables::{Note, Outcome, Table};
use crate::{Assessment, Result};

/// Do stakeholders see the same problem?
///
/// Governments, associations and people may mean different things by one word. Each stakeholder's linkages are its map; every pair of maps is laid side by side:
/// what both draw, what one alone draws, where they say the opposite. A link that a stakeholder does not draw is silence, not disagreement.
///
/// # Method
/// As [`CompareMaps`] by stakeholder: Jaccard over links (from, to, lag), edit distance over nodes, links and signs. By factor: Kendall's W over the weights that
/// stakeholders give the links at it, of the links that all who weigh any there weigh.
///
/// # References
/// As [`CompareMaps`]; Kendall and Babington Smith 1939.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProblemDefinitions {
    /// Whether the same link with another lag is another link.
    pub lags: bool,
}

impl Default for ProblemDefinitions {
    fn default() -> Self {
        ProblemDefinitions { lags: true }
    }
}

/// One threat and who speaks of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Factor {
    /// Id of the threat.
    pub threat: String,
    /// Stakeholders with a link at it.
    pub said_by: Vec<String>,
    /// Stakeholders with a map and no link at it.
    pub silent: Vec<String>,
    /// Links at it that any draws.
    pub links: usize,
    /// Kendall's W over the weights of those links.
    pub w: Option<f64>,
    /// Stakeholders and links W rests on.
    pub raters: usize,
    /// Links W rests on.
    pub items: usize,
}

/// What [`ProblemDefinitions`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProblemDefinitionsResult {
    /// The settings.
    pub settings: ProblemDefinitions,
    /// Maps compared; none where fewer than two stakeholders draw one.
    pub maps: Option<CompareMapsResult>,
    /// By threat.
    pub factors: Vec<Factor>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

impl ProblemDefinitions {
    /// Compares the maps of an assessment's stakeholders.
    ///
    /// # Errors
    /// As [`CompareMaps::run_assessments`].
    pub fn run(&self, assessment: &Assessment) -> Result<ProblemDefinitionsResult> {
        let names: BTreeSet<&str> = assessment.linkages.iter().filter_map(|l| l.stakeholder.as_deref()).collect();
        if names.len() < 2 {
            let message = format!("{} stakeholders name linkages of their own, wanted two at least: nothing to compare", names.len());
            let notes = vec![Note::new("too-few-maps", message, names)];
            return Ok(ProblemDefinitionsResult { settings: self.clone(), maps: None, factors: Vec::new(), notes });
        }
        let compare = CompareMaps { by: Some(MapsBy::Stakeholder), lags: self.lags, ..CompareMaps::default() };
        let maps = compare.run_assessments(&[assessment])?;
        let factors = self.factors(assessment, &names);
        let mut notes = maps.notes.clone();
        if factors.iter().any(|f| f.w.is_none()) {
            let message =
                "W of a factor is undefined where fewer than two stakeholders weigh the same two links at it, or all weigh them alike";
            notes.push(Note::new("undefined-agreement", message, factors.iter().filter(|f| f.w.is_none()).map(|f| f.threat.clone())));
        }
        Ok(ProblemDefinitionsResult { settings: self.clone(), maps: Some(maps), factors, notes })
    }

    fn factors(&self, assessment: &Assessment, names: &BTreeSet<&str>) -> Vec<Factor> {
        type Key<'a> = (&'a str, &'a str, u32);
        let mut out = Vec::new();
        for threat in &assessment.threats {
            let mut links: BTreeSet<Key<'_>> = BTreeSet::new();
            let mut who: BTreeSet<&str> = BTreeSet::new();
            // by stakeholder and link: signed weight as sum and number
            let mut weights: BTreeMap<&str, BTreeMap<Key<'_>, (f64, f64)>> = BTreeMap::new();
            for linkage in assessment.linkages.iter().filter(|l| l.from == threat.id || l.to == threat.id) {
                let Some(name) = linkage.stakeholder.as_deref() else { continue };
                let key = (linkage.from.as_str(), linkage.to.as_str(), if self.lags { linkage.lag.unwrap_or(0) } else { 0 });
                links.insert(key);
                who.insert(name);
                if let Some(weight) = linkage.weight.map(|w| w.get()).or(linkage.strength.map(|s| s.value())) {
                    let signed = if linkage.effect == LinkEffect::Dampens { -weight } else { weight };
                    let slot = weights.entry(name).or_default().entry(key).or_default();
                    *slot = (slot.0 + signed, slot.1 + 1.0);
                }
            }
            if who.is_empty() {
                continue;
            }
            let shared: Vec<Key<'_>> = links.iter().copied().filter(|key| weights.values().all(|own| own.contains_key(key))).collect();
            let (raters, items) = (weights.len(), shared.len());
            let ranks: Vec<f64> = weights
                .values()
                .flat_map(|own| from_greatest(&shared.iter().filter_map(|k| own.get(k)).map(|(sum, n)| sum / n).collect::<Vec<_>>()))
                .collect();
            out.push(Factor {
                threat: threat.id.clone(),
                said_by: who.iter().map(|s| (*s).to_owned()).collect(),
                silent: names.iter().filter(|n| !who.contains(*n)).map(|s| (*s).to_owned()).collect(),
                links: links.len(),
                w: concordance(&ranks, raters, items).map(|c| c.w),
                raters,
                items,
            });
        }
        out
    }
}

crate::tables::arrow_tables!(ProblemDefinitionsResult);

impl ProblemDefinitionsResult {
    /// first, second, shared, only_first, only_second, jaccard, edit_distance, sign_conflicts, sign_agreement, shared_nodes, normalised_distance.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn table(&self) -> Result<Table> {
        let rows = self.maps.as_ref().map(|m| m.pairs.as_slice()).unwrap_or_default();
        let whole = |n: usize| i64::try_from(n).ok();
        Table::builder()
            .text("first", rows.iter().map(|p| Some(&p.first)))
            .text("second", rows.iter().map(|p| Some(&p.second)))
            .integer("shared", rows.iter().map(|p| whole(p.shared)))
            .integer("only_first", rows.iter().map(|p| whole(p.links_first - p.shared)))
            .integer("only_second", rows.iter().map(|p| whole(p.links_second - p.shared)))
            .number("jaccard", rows.iter().map(|p| p.jaccard))
            .integer("edit_distance", rows.iter().map(|p| whole(p.distance)))
            .integer("sign_conflicts", rows.iter().map(|p| whole(p.conflicts)))
            .number("sign_agreement", rows.iter().map(|p| p.sign_agreement))
            .integer("shared_nodes", rows.iter().map(|p| whole(p.shared_nodes)))
            .number("normalised_distance", rows.iter().map(|p| p.normalised_distance))
            .build()
    }

    /// from, to, feeds, dampens, silent, dispute, lag.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn disputed_table(&self) -> Result<Table> {
        let rows = self.maps.as_ref().map(|m| m.disputed.as_slice()).unwrap_or_default();
        Table::builder()
            .text("from", rows.iter().map(|l| Some(&l.from)))
            .text("to", rows.iter().map(|l| Some(&l.to)))
            .list("feeds", rows.iter().map(|l| Some(l.feeds.clone())))
            .list("dampens", rows.iter().map(|l| Some(l.dampens.clone())))
            .list("silent", rows.iter().map(|l| Some(l.silent.clone())))
            .text("dispute", rows.iter().map(|l| Some(l.dispute())))
            .integer("lag", rows.iter().map(|l| Some(i64::from(l.lag))))
            .build()
    }

    /// threat, said_by, w, silent, links, raters, items.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn factors_table(&self) -> Result<Table> {
        let rows = &self.factors;
        let whole = |n: usize| i64::try_from(n).ok();
        Table::builder()
            .text("threat", rows.iter().map(|f| Some(&f.threat)))
            .list("said_by", rows.iter().map(|f| Some(f.said_by.clone())))
            .number("w", rows.iter().map(|f| f.w))
            .list("silent", rows.iter().map(|f| Some(f.silent.clone())))
            .integer("links", rows.iter().map(|f| whole(f.links)))
            .integer("raters", rows.iter().map(|f| whole(f.raters)))
            .integer("items", rows.iter().map(|f| whole(f.items)))
            .build()
    }

    /// The result as the bindings and reports carry it.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("problem_definitions", &self.settings)?;
        outcome.facts.insert("maps".into(), json!(self.maps.as_ref().map(|m| m.maps.clone()).unwrap_or_default()));
        outcome.facts.insert("links".into(), json!(self.maps.as_ref().map(|m| m.links)));
        outcome.facts.insert("agreed".into(), json!(self.maps.as_ref().map(|m| m.agreed)));
        outcome.tables =
            vec![("problem_definitions", self.table()?), ("disputed", self.disputed_table()?), ("factors", self.factors_table()?)];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
