//! Which threats lie upstream of most harm, and how far do experts differ?

use std::collections::HashMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::normalised::{Normalised, Scaling, combined};
use super::root_causes::{by_passes, by_threat, pairwise};
use super::total_effects::nothing_to_divide;
use crate::kernels::index::order_quantile;
use crate::kernels::ranks::from_greatest_by_size;
use crate::kernels::sampling::Draw;
use crate::kernels::{Csr, Tick, cancelled, never};
use crate::network::DominoNetwork;
use crate::propagation::Normalise;
use crate::propagation::network::names;
use crate::tables::{Note, Outcome, Table};
use crate::{Error, ErrorKind, Result};

/// Threats up to which a draw inverts the whole matrix; beyond, sums over paths settle by passes.
const WHOLE: usize = 150;
/// Links of all maps from which draws are made one by one.
const LARGE: usize = 1 << 17;
/// Draws between two looks at the tick.
const BATCH: u32 = 16;

/// Which threats lie upstream of most harm, and how far do experts differ?
///
/// Every expert draws a map. Their matrices are averaged before anything else is computed, as DEMATEL does: a link an expert does not draw
/// counts as 0 in that mean. How far ranks hang on who was asked is told by drawing as many experts again, with replacement.
///
/// # Method
/// Mean matrix over experts, aligned by the names of nodes (on networks from an assessment by threats, as [`RootCauses`](super::RootCauses) folds them), then `T = X (I-X)^{-1}`.
/// Rank intervals: quantiles of the ranks over bootstrap draws of experts.
///
/// # References
/// Gabus and Fontela 1972 (mean of several experts). Efron 1979 (bootstrap).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExpertRootCauses {
    /// What weights are divided by.
    pub normalise: Normalise,
    /// The radius that the spectral divisor leaves.
    pub alpha: f64,
    /// Multiplies every normalised weight; 1 leaves them.
    pub damping: f64,
    /// Draws of experts; 0 for none.
    pub bootstrap: u32,
    /// Seed of the draws.
    pub seed: u64,
    /// Share of the draws that an interval holds, between 0 and 1.
    pub level: f64,
}

impl Default for ExpertRootCauses {
    fn default() -> Self {
        ExpertRootCauses { normalise: Normalise::MaxRowColumn, alpha: 0.9, damping: 1.0, bootstrap: 1000, seed: 0, level: 0.9 }
    }
}

/// A threat as cause and effect in the mean of several maps.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExpertCause {
    /// Id of the threat; on bare arrays name of the node.
    pub node: String,
    /// D: what it gives.
    pub given: f64,
    /// R: what it receives.
    pub received: f64,
    /// D + R.
    pub prominence: f64,
    /// D - R: above 0 a net cause.
    pub relation: f64,
    /// Place by prominence, 1 the greatest, ties averaged.
    pub rank: f64,
    /// Interval of the rank over draws of experts; none where undefined.
    pub rank_interval: Option<(f64, f64)>,
    /// Share of the draws in which it is a net cause; none where undefined.
    pub cause_share: Option<f64>,
    /// Experts whose map has it.
    pub experts: usize,
}

/// Threats as causes and effects in the mean of several maps.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExpertRootCausesResult {
    /// The settings it ran with.
    pub settings: ExpertRootCauses,
    /// One for each threat, in the order in which the maps bring them.
    pub causes: Vec<ExpertCause>,
    /// Number of maps.
    pub experts: usize,
    /// The divisor s of the mean matrix.
    pub scale: f64,
    /// Spectral radius of the magnitudes of X.
    pub spectral_radius: f64,
    /// Draws behind the intervals.
    pub draws: usize,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

/// Maps on common positions.
struct Aligned {
    labels: Vec<String>,
    /// Experts whose map has a node.
    known: Vec<usize>,
    /// Source, target and weight of each expert's links.
    maps: Vec<Vec<(u32, u32, f64)>>,
}

impl ExpertRootCauses {
    /// Runs on one network an expert.
    ///
    /// # Errors
    /// `Argument` without a network or for a setting outside its domain; `Diverging` where the radius of the mean X is 1 or more.
    ///
    /// # Examples
    /// ```
    /// use hs_core::analyses::domino::ExpertRootCauses;
    /// use hs_core::network::{DominoNetwork, EdgeList};
    ///
    /// let map = |w: f64| DominoNetwork::from_edges(EdgeList { source: vec![0, 1], target: vec![1, 2], weight: vec![w, 0.5].into(), ..EdgeList::default() });
    /// let causes = ExpertRootCauses::default().run(&[&map(0.6)?, &map(1.0)?])?.causes;
    /// // the mean of 0 -> 1 is 0.8, and the divisor: 0 gives 1 + 0.5/0.8
    /// assert!((causes[0].given - 1.625).abs() < 1e-12);
    /// # Ok::<(), hs_core::Error>(())
    /// ```
    pub fn run(&self, networks: &[&DominoNetwork]) -> Result<ExpertRootCausesResult> {
        self.run_with(networks, &never)
    }

    /// As [`ExpertRootCauses::run`], looking at a tick.
    ///
    /// # Errors
    /// As [`ExpertRootCauses::run`], and `Cancelled`.
    pub fn run_with(&self, networks: &[&DominoNetwork], tick: Tick<'_>) -> Result<ExpertRootCausesResult> {
        if networks.is_empty() {
            return Err(Error::argument("found no network, wanted one for each expert"));
        }
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(Error::argument(format!("`level` is {}, wanted above 0 and below 1", self.level)));
        }
        let mut notes = Vec::new();
        let aligned = align(networks, &mut notes)?;
        let experts = aligned.maps.len();
        let n = aligned.labels.len();
        let name = |j: usize| aligned.labels.get(j).cloned().unwrap_or_default();
        let x = Normalised::new(&aligned.mean(&vec![1; experts])?, self.scaling(), &name, tick)?;
        notes.extend(nothing_to_divide(&x));
        let (given, received) = sums(&x, tick)?;
        let prominence: Vec<f64> = given.iter().zip(&received).map(|(d, r)| d + r).collect();
        let ranks = from_greatest_by_size(&prominence);
        let drawn = if experts < 2 || self.bootstrap == 0 {
            let why = if experts < 2 { "one expert alone" } else { "no draws were asked for" };
            notes.push(Note::new("undefined-interval", format!("rank intervals are undefined: {why}"), Vec::<String>::new()));
            Vec::new()
        } else {
            self.draw(&aligned, tick)?
        };
        let refused = self.bootstrap as usize - drawn.len();
        if !drawn.is_empty() && refused > 0 {
            let message = format!("{refused} of {} draws have no finite sum over all paths and were left out", self.bootstrap);
            notes.push(Note::new("draws-left-out", message, Vec::<String>::new()));
        } else if drawn.is_empty() && experts > 1 && self.bootstrap > 0 {
            let message = "rank intervals are undefined: no draw of experts has a finite sum over all paths";
            notes.push(Note::new("undefined-interval", message, Vec::<String>::new()));
        }
        let tail = 0.5 * (1.0 - self.level);
        let causes = (0..n).map(|j| {
            let at = |list: &[f64]| list.get(j).copied().unwrap_or_default();
            let mut own: Vec<f32> = drawn.iter().filter_map(|d| d.ranks.get(j).copied()).collect();
            own.sort_unstable_by(f32::total_cmp);
            let causes = drawn.iter().filter(|d| d.causes.get(j) == Some(&true)).count();
            ExpertCause {
                node: name(j),
                given: at(&given),
                received: at(&received),
                prominence: at(&prominence),
                relation: at(&given) - at(&received),
                rank: at(&ranks),
                rank_interval: order_quantile(&own, tail).zip(order_quantile(&own, 1.0 - tail)),
                cause_share: (!drawn.is_empty()).then(|| causes as f64 / drawn.len() as f64),
                experts: aligned.known.get(j).copied().unwrap_or_default(),
            }
        });
        Ok(ExpertRootCausesResult {
            settings: *self,
            causes: causes.collect(),
            experts,
            scale: x.scale,
            spectral_radius: x.radius,
            draws: drawn.len(),
            notes,
        })
    }

    fn scaling(&self) -> Scaling {
        Scaling { normalise: self.normalise, alpha: self.alpha, damping: self.damping }
    }

    /// Ranks over draws of as many experts, in the order of the draws; those without a finite sum are left out.
    fn draw(&self, aligned: &Aligned, tick: Tick<'_>) -> Result<Vec<Drawn>> {
        let experts = aligned.maps.len();
        let one = |draw: u32, tick: Tick<'_>| -> Result<Option<Drawn>> {
            let mut times = vec![0u32; experts];
            let mut random = Draw::new(self.seed, draw, 0);
            for _ in 0..experts {
                times.get_mut(random.below(experts)).into_iter().for_each(|t| *t += 1);
            }
            match Normalised::new(&aligned.mean(&times)?, self.scaling(), &|j| j.to_string(), tick) {
                Ok(x) => {
                    let (given, received) = sums(&x, tick)?;
                    let prominence: Vec<f64> = given.iter().zip(&received).map(|(d, r)| d + r).collect();
                    let least = 1e-9 * prominence.iter().fold(0.0f64, |most, p| most.max(p.abs()));
                    Ok(Some(Drawn {
                        ranks: from_greatest_by_size(&prominence).into_iter().map(|r| r as f32).collect(),
                        causes: given.iter().zip(&received).map(|(d, r)| d - r > least).collect(),
                    }))
                }
                Err(error) if matches!(error.kind, ErrorKind::Diverging | ErrorKind::Undefined) => Ok(None),
                Err(error) => Err(error),
            }
        };
        let mut drawn = Vec::new();
        // large maps one by one, so that the tick is looked at in time
        let links: usize = aligned.maps.iter().map(Vec::len).sum();
        let batch = if aligned.labels.len() <= WHOLE && links <= LARGE { BATCH } else { 1 };
        let mut from = 0;
        while from < self.bootstrap {
            if !tick(u64::from(from)) {
                return Err(cancelled());
            }
            let to = self.bootstrap.min(from.saturating_add(batch));
            let made: Result<Vec<Option<Drawn>>> = if batch > 1 {
                (from..to).into_par_iter().map(|draw| one(draw, &never)).collect()
            } else {
                (from..to).map(|draw| one(draw, tick)).collect()
            };
            drawn.extend(made?.into_iter().flatten());
            from = to;
        }
        Ok(drawn)
    }
}

/// What one draw of experts says.
struct Drawn {
    ranks: Vec<f32>,
    /// Whether each threat is a net cause.
    causes: Vec<bool>,
}

fn sums(x: &Normalised, tick: Tick<'_>) -> Result<(Vec<f64>, Vec<f64>)> {
    if x.csr.nodes() <= WHOLE {
        let (given, received, _) = pairwise(x, tick)?;
        Ok((given, received))
    } else {
        by_passes(&x.csr, tick)
    }
}

impl Aligned {
    /// The mean matrix with each expert so many times.
    fn mean(&self, times: &[u32]) -> Result<Csr> {
        let all = f64::from(times.iter().sum::<u32>().max(1));
        let (mut source, mut target, mut weight) = (Vec::new(), Vec::new(), Vec::new());
        for (map, times) in self.maps.iter().zip(times).filter(|(_, times)| **times > 0) {
            for (from, to, w) in map {
                source.push(*from);
                target.push(*to);
                weight.push(w * f64::from(*times) / all);
            }
        }
        let parallel = Csr::from_edges(self.labels.len(), &source, &target, &weight, &[])?;
        Ok(combined(&parallel)?.into_owned())
    }
}

/// Puts every map on positions of their own for all, nodes in the order in which maps bring them.
fn align(networks: &[&DominoNetwork], notes: &mut Vec<Note>) -> Result<Aligned> {
    let mut positions: HashMap<String, u32> = HashMap::new();
    let mut aligned = Aligned { labels: Vec::new(), known: Vec::new(), maps: Vec::with_capacity(networks.len()) };
    let mut numberless = 0;
    for network in networks {
        let folded;
        let (labels, csr) = if network.is_expanded() {
            let (labels, csr) = by_threat(network)?;
            folded = csr;
            (labels, &folded)
        } else {
            (names(network), network.csr())
        };
        numberless += network.edge_count() - network.csr().edges();
        let own: Vec<u32> = labels
            .into_iter()
            .map(|label| {
                let next = positions.len() as u32;
                let at = *positions.entry(label.clone()).or_insert(next);
                if at == next {
                    aligned.labels.push(label);
                    aligned.known.push(0);
                }
                aligned.known.get_mut(at as usize).into_iter().for_each(|count| *count += 1);
                at
            })
            .collect();
        let at = |i: usize| own.get(i).copied().unwrap_or_default();
        let edges = (0..csr.nodes()).flat_map(|j| csr.incoming(j).map(move |(i, w, _)| (i, j, w)));
        aligned.maps.push(edges.map(|(i, j, w)| (at(i), at(j), w)).collect());
    }
    let missing: Vec<&String> =
        aligned.labels.iter().zip(&aligned.known).filter(|(_, known)| **known < networks.len()).map(|(label, _)| label).collect();
    if !missing.is_empty() {
        let message = "are not on every map: where an expert does not draw a link it counts as 0 in the mean";
        notes.push(Note::counted("node-not-on-every-map", "node", message, missing.into_iter().cloned().collect()));
    } else if networks.len() > 1 {
        notes.push(Note::new("absent-link", "a link that an expert does not draw counts as 0 in the mean", Vec::<String>::new()));
    }
    if numberless > 0 {
        let message = format!("{numberless} links have no number and count as not drawn");
        notes.push(Note::new("unweighted-link", message, Vec::<String>::new()));
    }
    Ok(aligned)
}

crate::tables::arrow_tables!(ExpertRootCausesResult);

impl ExpertRootCausesResult {
    /// node, given, received, prominence, relation, rank, rank_lower, rank_upper, cause_share, experts.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn table(&self) -> Result<Table> {
        let column = |value: fn(&ExpertCause) -> f64| self.causes.iter().map(move |c| Some(value(c)));
        Table::builder()
            .text("node", self.causes.iter().map(|c| Some(&c.node)))
            .number("given", column(|c| c.given))
            .number("received", column(|c| c.received))
            .number("prominence", column(|c| c.prominence))
            .number("relation", column(|c| c.relation))
            .number("rank", column(|c| c.rank))
            .number("rank_lower", self.causes.iter().map(|c| c.rank_interval.map(|i| i.0)))
            .number("rank_upper", self.causes.iter().map(|c| c.rank_interval.map(|i| i.1)))
            .number("cause_share", self.causes.iter().map(|c| c.cause_share))
            .integer("experts", self.causes.iter().map(|c| i64::try_from(c.experts).ok()))
            .build()
    }

    /// Everything by name, as the bindings carry it.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("expert_root_causes", &self.settings)?;
        for (name, fact) in [
            ("experts", json!(self.experts)),
            ("scale", json!(self.scale)),
            ("spectral_radius", json!(self.spectral_radius)),
            ("draws", json!(self.draws)),
        ] {
            outcome.facts.insert(name.into(), fact);
        }
        outcome.tables.push(("expert_root_causes", self.table()?));
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyses::domino::RootCauses;
    use crate::network::{EdgeList, Expansion};

    fn map(names: &[&str], edges: &[(u32, u32, f64)]) -> DominoNetwork {
        DominoNetwork::from_edges(EdgeList {
            source: edges.iter().map(|e| e.0).collect(),
            target: edges.iter().map(|e| e.1).collect(),
            weight: edges.iter().map(|e| e.2).collect::<Vec<f64>>().into(),
            names: Some(names.iter().map(|n| (*n).to_owned()).collect()),
            ..EdgeList::default()
        })
        .unwrap()
    }

    #[test]
    fn one_expert_gives_root_causes_without_intervals() {
        let network = map(&["a", "b", "c"], &[(0, 1, 0.5), (1, 2, -0.4), (2, 0, 0.1)]);
        let (found, alone) = (ExpertRootCauses::default().run(&[&network]).unwrap(), RootCauses::default().run(&network).unwrap());
        for (a, b) in found.causes.iter().zip(&alone.causes) {
            assert_eq!((&a.node, a.given, a.received, a.rank, a.rank_interval), (&b.node, b.given, b.received, b.rank, None));
        }
        assert!(found.notes.iter().any(|n| n.code == "undefined-interval"));
        assert_eq!(ExpertRootCauses::default().run(&[]).unwrap_err().kind, ErrorKind::Argument);
        assert_eq!(ExpertRootCauses { level: 0.0, ..Default::default() }.run(&[&network]).unwrap_err().kind, ErrorKind::Argument);
        // by threats on networks from an assessment
        let assessed = DominoNetwork::expand(&crate::examples::load("ituri").unwrap(), &Expansion::default()).unwrap();
        let (found, alone) = (
            ExpertRootCauses { bootstrap: 20, ..Default::default() }.run(&[&assessed, &assessed]).unwrap(),
            RootCauses::default().run(&assessed).unwrap(),
        );
        for (a, b) in found.causes.iter().zip(&alone.causes) {
            assert!((a.given - b.given).abs() < 1e-12 && a.rank_interval.unwrap().0 == b.rank, "{a:?} {b:?}");
        }
    }

    #[test]
    fn draws_of_two_experts_fall_as_they_must() {
        // the first says a -> b alone, the second b -> a alone: a causes where the first is drawn twice (1/4), neither where each is drawn once
        let (first, second) = (map(&["a", "b"], &[(0, 1, 0.5)]), map(&["b", "a", "c"], &[(0, 1, 0.5)]));
        let asked = ExpertRootCauses { bootstrap: 4000, damping: 0.9, ..Default::default() };
        let found = asked.run(&[&first, &second]).unwrap();
        assert_eq!(found.causes.iter().map(|c| (c.node.as_str(), c.experts)).collect::<Vec<_>>(), [("a", 2), ("b", 2), ("c", 1)]);
        for cause in found.causes.iter().take(2) {
            assert!((cause.cause_share.unwrap() - 0.25).abs() < 4.0 * (0.25f64 * 0.75 / 4000.0).sqrt());
            assert_eq!((cause.rank, cause.rank_interval), (1.5, Some((1.5, 1.5))));
        }
        assert!(found.notes.iter().any(|n| n.code == "node-not-on-every-map" && n.subjects == ["c"]));
        // without damping equal weights both ways close a ring: of two experts always, of four where both others are left out (6 in 256)
        let ring = ExpertRootCauses { damping: 1.0, bootstrap: 400, ..asked };
        assert_eq!(ring.run(&[&first, &second]).unwrap_err().kind, ErrorKind::Diverging);
        let third = map(&["a", "b", "c"], &[(0, 1, 1.0), (2, 1, 1.0)]);
        let found = ring.run(&[&first, &second, &third, &third]).unwrap();
        assert!(found.draws < 400 && found.draws > 370 && found.notes.iter().any(|n| n.code == "draws-left-out"), "{}", found.draws);
        assert_eq!(ring.run(&[&first, &second, &third, &third]).unwrap(), found);
        assert!(asked.run_with(&[&first, &second], &|_| false).unwrap_err().kind == ErrorKind::Cancelled);
    }
}
