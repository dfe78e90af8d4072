//! Which components, places or threats feed which?

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::blocks_result::{Block, BlocksResult, Border, Export, MOST_LISTED};
use super::normalised::{MOST_DENSE, Normalised, Scaling, dense, total, turned};
use super::total_effects::nothing_to_divide;
use crate::framework::{Component, Level};
use crate::kernels::linear::{Answer, solve};
use crate::kernels::{Tick, cancelled, filled, never};
use crate::network::DominoNetwork;
use crate::propagation::Normalise;
use crate::propagation::network::unweighted;
use crate::tables::Note;
use crate::{Error, ErrorKind, Result};

/// Which components, places or threats feed which?
///
/// Links (or total effects) are added up by the block they start from and the block they reach. What feeds and what dampens is kept apart and never netted. A pair
/// of blocks without any link makes no claim, which is not the same as 0. By place it says which border exports what.
///
/// # Method
/// Links: sums of the signed weights above and below 0, lags and parallel edges alike. Effects: the same over the entries of `T = X (I-X)^{-1}`, as
/// [`TotalEffects`](super::TotalEffects). `matrix` holds sums of magnitudes.
///
/// # Complexity
/// Links: linear in the edges. Effects: cubic in the nodes to 2,000; beyond, where nothing dampens, one solve a block.
///
/// # References
/// United Nations Human Security Unit (2009), *Human Security in Theory and Practice*, Table III (component by component). White, Boorman and Breiger 1976 (block models).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Blocks {
    /// What makes a block.
    pub by: BlockAxis,
    /// What is added up.
    pub of: BlockOf,
    /// By place: the level on which places are put together, as in country by country; each by itself where absent.
    pub level: Option<Level>,
    /// Effects: what weights are divided by.
    pub normalise: Normalise,
    /// Effects: the radius that the spectral divisor leaves.
    pub alpha: f64,
    /// Effects: multiplies every normalised weight; 1 leaves them.
    pub damping: f64,
}

impl Default for Blocks {
    fn default() -> Self {
        Blocks { by: BlockAxis::Component, of: BlockOf::Links, level: None, normalise: Normalise::MaxRowColumn, alpha: 0.9, damping: 1.0 }
    }
}

/// What makes a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BlockAxis {
    /// The seven components, always all of them, in the handbook's order.
    #[default]
    Component,
    /// Places, in the order of the network.
    Place,
    /// Threats, in the order of the network.
    Threat,
}

/// What is added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BlockOf {
    /// The weights of links.
    #[default]
    Links,
    /// Total effects, by every path.
    Effects,
}

/// Running sums.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    links: u64,
    numbered: u64,
    feeding: u64,
    dampening: u64,
    feeds: f64,
    dampens: f64,
    /// Whether links were counted.
    uncounted: bool,
}

impl Sums {
    fn add(&mut self, value: Option<f64>) {
        self.links += 1;
        let Some(value) = value else { return };
        self.numbered += 1;
        if value > 0.0 {
            self.feeding += 1;
            self.feeds += value;
        } else if value < 0.0 {
            self.dampening += 1;
            self.dampens += value;
        }
    }

    fn sums(&self) -> Option<(f64, f64)> {
        (self.numbered > 0 || self.uncounted).then_some((self.feeds, self.dampens))
    }
}

/// Which block each node is in.
struct Axis {
    blocks: Vec<String>,
    of: Vec<u32>,
}

/// Sums by pair of blocks, and by pair of places and threat.
#[derive(Default)]
struct Gathered {
    pairs: FxHashMap<(u32, u32), Sums>,
    exports: FxHashMap<(u32, u32, u32), Sums>,
}

impl Blocks {
    /// Runs on a network.
    ///
    /// # Errors
    /// `Unsupported` by component or place on a network whose nodes have none; `Argument` for a setting outside its domain; of effects, `Diverging` where the
    /// radius of X is 1 or more, `Limit` past 2,000 nodes where some links dampen.
    ///
    /// # Examples
    /// ```
    /// use hs_core::analyses::domino::Blocks;
    /// use hs_core::{DominoNetwork, Expansion};
    ///
    /// let network = DominoNetwork::expand(&hs_core::examples::load("ituri")?, &Expansion::default())?;
    /// let blocks = Blocks::default().run(&network)?;
    /// assert_eq!((blocks.blocks.len(), blocks.pairs.len()), (7, 49));
    /// # Ok::<(), hs_core::Error>(())
    /// ```
    pub fn run(&self, network: &DominoNetwork) -> Result<BlocksResult> {
        self.run_with(network, &never)
    }

    /// As [`Blocks::run`], looking at a tick.
    ///
    /// # Errors
    /// As [`Blocks::run`], and `Cancelled`.
    pub fn run_with(&self, network: &DominoNetwork, tick: Tick<'_>) -> Result<BlocksResult> {
        if self.level.is_some() && self.by != BlockAxis::Place {
            return Err(Error::argument("`level`: places are put together only `by` place"));
        }
        let mut notes: Vec<Note> = network.notes().to_vec();
        let axis = self.axis(network, &mut notes)?;
        let threats = (self.by == BlockAxis::Place).then(|| threats(network));
        let mut gathered = Gathered::default();
        let (mut scale, mut spectral_radius) = (None, None);
        match self.of {
            BlockOf::Links => {
                let block = |node: u32| axis.of.get(node as usize).copied().unwrap_or_default();
                for (at, edge) in network.edges().enumerate() {
                    if at & 0xffff == 0 && !tick(at as u64) {
                        return Err(cancelled());
                    }
                    gathered.add(block(edge.from), block(edge.to), edge.from, threats.as_ref(), edge.weight);
                }
            }
            BlockOf::Effects => {
                notes.extend(unweighted(network));
                let name = |j: usize| network.name(j).map(Cow::into_owned).unwrap_or_default();
                let scaling = Scaling { normalise: self.normalise, alpha: self.alpha, damping: self.damping };
                let x = Normalised::new(network.csr(), scaling, &name, tick)?;
                notes.extend(nothing_to_divide(&x));
                (scale, spectral_radius) = (Some(x.scale), Some(x.radius));
                effects(&x, &axis, threats.as_ref(), &mut gathered, &mut notes, tick)?;
            }
        }
        Ok(self.lift(network, axis, threats, gathered, (scale, spectral_radius), notes))
    }

    fn axis(&self, network: &DominoNetwork, notes: &mut Vec<Note>) -> Result<Axis> {
        let mut axis = Axis { blocks: Vec::new(), of: filled(network.len(), 0u32)? };
        if self.by == BlockAxis::Component {
            axis.blocks = Component::ALL.iter().map(|c| c.word().to_owned()).collect();
        }
        let mut positions: FxHashMap<String, u32> = FxHashMap::default();
        let mut without = Vec::new();
        for (node, of) in network.nodes().zip(&mut axis.of) {
            let key = match self.by {
                BlockAxis::Component => {
                    let component = node.component.and_then(|own| Component::ALL.iter().position(|c| *c == own));
                    *of = component.ok_or_else(|| lacks(&node.name, "component"))? as u32;
                    continue;
                }
                BlockAxis::Threat => node.threat.to_string(),
                BlockAxis::Place => {
                    let place = node.place.as_deref().ok_or_else(|| lacks(&node.name, "place"))?;
                    match self.level.map(|level| network.place_on(place, level)) {
                        Some(None) => {
                            without.push(place.to_owned());
                            place.to_owned()
                        }
                        Some(Some(above)) => above.to_owned(),
                        None => place.to_owned(),
                    }
                }
            };
            let next = axis.blocks.len() as u32;
            *of = *positions.entry(key).or_insert_with_key(|key| {
                axis.blocks.push(key.clone());
                next
            });
        }
        without.dedup();
        if !without.is_empty() {
            without.sort_unstable();
            without.dedup();
            let level = self.level.map_or("", Level::word);
            let message = format!("are in no place of the level {level} and stand by themselves");
            notes.push(Note::counted("no-place-on-level", "place", &message, without));
        }
        Ok(axis)
    }

    fn lift(
        &self,
        network: &DominoNetwork,
        axis: Axis,
        threats: Option<(Vec<String>, Vec<u32>)>,
        gathered: Gathered,
        (scale, spectral_radius): (Option<f64>, Option<f64>),
        mut notes: Vec<Note>,
    ) -> BlocksResult {
        let blocks = axis.blocks;
        let name = |at: u32| blocks.get(at as usize).cloned().unwrap_or_default();
        let by_place = self.by == BlockAxis::Place;
        let country = |at: u32| blocks.get(at as usize).filter(|_| by_place).and_then(|place| network.place_on(place, Level::National));
        let whole = blocks.len() <= MOST_LISTED;
        let mut keys: Vec<(u32, u32)> = if whole {
            let all = blocks.len() as u32;
            (0..all).flat_map(|from| (0..all).map(move |to| (from, to))).collect()
        } else {
            let message = format!("pairs without a claim are listed to {MOST_LISTED} blocks");
            notes.push(Note::new("not-listed", message, Vec::<String>::new()));
            gathered.pairs.keys().copied().collect()
        };
        keys.sort_unstable();
        let pairs = keys.into_iter().map(|(from, to)| {
            let sums = gathered.pairs.get(&(from, to)).copied().unwrap_or_default();
            Block {
                from: name(from),
                to: name(to),
                links: (!sums.uncounted).then_some(sums.links),
                sums: sums.sums(),
                counts: (sums.feeding, sums.dampening),
                numbered: sums.numbered,
                crosses: country(from).zip(country(to)).map(|(a, b)| a != b),
            }
        });
        let pairs: Vec<Block> = pairs.collect();
        let borders = if by_place { borders(&blocks, &gathered, &|at| country(at).map(str::to_owned)) } else { Vec::new() };
        let mut exports: Vec<_> = gathered.exports.into_iter().collect();
        exports.sort_unstable_by_key(|(key, _)| *key);
        let threats = threats.map(|(ids, _)| ids).unwrap_or_default();
        let exports = exports.into_iter().map(|((from, to, threat), sums)| Export {
            from: name(from),
            to: name(to),
            threat: threats.get(threat as usize).cloned().unwrap_or_default(),
            links: sums.links,
            sums: sums.sums(),
        });
        let exports = exports.collect();
        BlocksResult { settings: *self, pairs, borders, exports, blocks, scale, spectral_radius, notes }
    }
}

fn lacks(node: &str, what: &str) -> Error {
    let message =
        format!("node `{}` has no {what}: blocks by {what} need a network from an assessment, places not folded", crate::shown(node));
    Error::new(ErrorKind::Unsupported, message)
}

/// Ids of the threats, and which each node is of.
fn threats(network: &DominoNetwork) -> (Vec<String>, Vec<u32>) {
    let mut ids = Vec::new();
    let mut positions: FxHashMap<std::sync::Arc<str>, u32> = FxHashMap::default();
    let of = network.nodes().map(|node| {
        let next = ids.len() as u32;
        *positions.entry(node.threat).or_insert_with_key(|id| {
            ids.push(id.to_string());
            next
        })
    });
    let of = of.collect();
    (ids, of)
}

impl Gathered {
    fn add(&mut self, from: u32, to: u32, source: u32, threats: Option<&(Vec<String>, Vec<u32>)>, value: Option<f64>) {
        self.pairs.entry((from, to)).or_default().add(value);
        if let Some((_, of)) = threats.filter(|_| from != to) {
            let threat = of.get(source as usize).copied().unwrap_or_default();
            self.exports.entry((from, to, threat)).or_default().add(value);
        }
    }
}

/// Total effects by blocks: pair by pair, or one solve a block where the matrix would be too large.
fn effects(
    x: &Normalised,
    axis: &Axis,
    threats: Option<&(Vec<String>, Vec<u32>)>,
    gathered: &mut Gathered,
    notes: &mut Vec<Note>,
    tick: Tick<'_>,
) -> Result<()> {
    let n = x.csr.nodes();
    let block = |node: usize| axis.of.get(node).copied().unwrap_or_default();
    if n <= MOST_DENSE {
        let direct = dense(&x.csr, false)?;
        let matrix = if x.scale == 0.0 { direct } else { total(n, &direct, tick)? };
        for (i, row) in matrix.chunks(n.max(1)).enumerate() {
            if i & 0x3f == 0 && !tick(i as u64) {
                return Err(cancelled());
            }
            for (j, effect) in row.iter().enumerate().filter(|(_, effect)| **effect != 0.0) {
                gathered.add(block(i), block(j), i as u32, threats, Some(*effect));
            }
        }
        return Ok(());
    }
    if x.csr.is_signed() {
        let message =
            format!("found {n} nodes and links that dampen, wanted at most {MOST_DENSE} nodes to keep effects of either sign apart");
        return Err(Error::new(ErrorKind::Limit, message));
    }
    notes.push(Note::new(
        "effects-not-counted",
        format!("past {MOST_DENSE} nodes effects are added up without counting them: links and means are undefined, and exports by threat are left out"),
        Vec::<String>::new(),
    ));
    let turned = turned(&x.csr)?;
    for to in 0..axis.blocks.len() as u32 {
        // what each node gives to the block in one step, then by every path
        let first: Vec<f64> = (0..n).map(|i| turned.incoming(i).filter(|(j, ..)| block(*j) == to).map(|(_, w, _)| w).sum()).collect();
        let sums = match solve(&turned, &first, None, 1e-13, 100_000, tick)? {
            Answer::Settled(settled, Some(_)) => settled.state,
            Answer::Settled(..) | Answer::Refused(_) => {
                return Err(Error::new(ErrorKind::Undefined, "the sums over all paths did not settle"));
            }
        };
        for (i, effect) in sums.into_iter().enumerate().filter(|(_, effect)| *effect > 0.0) {
            let sums = gathered.pairs.entry((block(i), to)).or_default();
            sums.uncounted = true;
            sums.feeds += effect;
        }
    }
    Ok(())
}

fn borders(blocks: &[String], gathered: &Gathered, country: &dyn Fn(u32) -> Option<String>) -> Vec<Border> {
    let mut places: Vec<Border> = (0_u32..)
        .zip(blocks)
        .map(|(at, place)| Border { place: place.clone(), country: country(at), exports: None, imports: None, within: None })
        .collect();
    let mut keys: Vec<_> = gathered.pairs.iter().collect();
    // sums in one order, whatever the order of the table
    keys.sort_unstable_by_key(|(key, _)| **key);
    let plus = |whole: &mut Option<(f64, f64)>, part: (f64, f64)| {
        let (feeds, dampens) = whole.unwrap_or_default();
        *whole = Some((feeds + part.0, dampens + part.1));
    };
    for ((from, to), sums) in keys {
        let Some(part) = sums.sums() else { continue };
        if from == to {
            places.get_mut(*from as usize).into_iter().for_each(|b| plus(&mut b.within, part));
        } else {
            places.get_mut(*from as usize).into_iter().for_each(|b| plus(&mut b.exports, part));
            places.get_mut(*to as usize).into_iter().for_each(|b| plus(&mut b.imports, part));
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::network::{EdgeList, Expansion};

    fn border() -> DominoNetwork {
        let text = r#"{"schema": "human-security/1", "id": "b", "title": "B",
            "places": [{"id": "X", "name": "X", "level": "national"}, {"id": "Y", "name": "Y", "level": "national"},
                       {"id": "X1", "name": "X1", "level": "district", "parent": "X", "neighbours": [{"place": "Y1"}]},
                       {"id": "X2", "name": "X2", "level": "district", "parent": "X", "neighbours": [{"place": "X1"}]},
                       {"id": "Y1", "name": "Y1", "level": "district", "parent": "Y"}],
            "threats": [{"id": "war", "name": "War", "component": "personal"}, {"id": "flight", "name": "Flight", "component": "community"}],
            "conditions": [{"threat": "war", "place": "X1", "severity": 0.8}, {"threat": "war", "place": "X2", "severity": 0.6},
                           {"threat": "flight", "place": "Y1", "severity": 0.4}],
            "linkages": [{"id": "l1", "from": "war", "to": "flight", "effect": "feeds", "weight": 0.5, "reach": "neighbours"},
                         {"id": "l2", "from": "flight", "to": "war", "effect": "dampens", "weight": 0.2, "places": ["Y1"]},
                         {"id": "l3", "from": "war", "to": "flight", "effect": "feeds", "places": ["X1"]}]}"#;
        DominoNetwork::expand(&crate::Assessment::from_json(text).unwrap(), &Expansion::default()).unwrap()
    }

    fn pair<'a>(result: &'a BlocksResult, from: &str, to: &str) -> &'a Block {
        result.pairs.iter().find(|b| b.from == from && b.to == to).unwrap()
    }

    #[test]
    fn seven_by_seven_with_no_claim_apart_from_nought() {
        let found = Blocks::default().run(&border()).unwrap();
        assert_eq!((found.blocks.len(), found.pairs.len()), (7, 49));
        let feeds = pair(&found, "personal", "community");
        // X1 -> Y1 and X2 -> X1 by 0.5, and one link without a number
        assert_eq!((feeds.links, feeds.numbered, feeds.sums, feeds.mean()), (Some(3), 2, Some((1.0, 0.0)), Some(0.5)));
        assert_eq!(pair(&found, "community", "personal").sums, Some((0.0, -0.2)));
        assert_eq!((pair(&found, "food", "health").links, pair(&found, "food", "health").sums), (Some(0), None));
        let outcome = found.outcome().unwrap();
        assert_eq!(outcome.facts["claims"], json!(2));
        let (_, matrix) = &outcome.arrays[0];
        assert_eq!((matrix.shape.as_slice(), matrix.data.iter().filter(|x| x.is_nan()).count()), ([7, 7].as_slice(), 47));
    }

    #[test]
    fn borders_tell_who_exports_what() {
        let network = border();
        let by_place = Blocks { by: BlockAxis::Place, ..Blocks::default() };
        let found = by_place.run(&network).unwrap();
        assert_eq!((pair(&found, "X1", "Y1").crosses, pair(&found, "X2", "X1").crosses), (Some(true), Some(false)));
        let border = found.borders.iter().find(|b| b.place == "X1").unwrap();
        assert_eq!(
            (border.country.as_deref(), border.exports, border.imports, border.within),
            (Some("X"), Some((0.5, 0.0)), Some((0.5, 0.0)), None)
        );
        assert_eq!(found.exports[0].threat, "war");
        // country by country
        let found = Blocks { level: Some(Level::National), ..by_place }.run(&network).unwrap();
        assert_eq!(found.blocks, ["X", "Y"]);
        assert_eq!((pair(&found, "X", "Y").sums, pair(&found, "X", "X").links), (Some((0.5, 0.0)), Some(2)));
        let found = Blocks { level: Some(Level::Global), ..by_place }.run(&network).unwrap();
        assert!(found.blocks.len() == 3 && found.notes.iter().any(|n| n.code == "no-place-on-level"));
        // by every path: X2's war reaches nobody's war
        let effects = Blocks { of: BlockOf::Effects, ..by_place }.run(&network).unwrap();
        assert_eq!(pair(&effects, "X2", "Y1").links, Some(0));
        assert!(pair(&effects, "X1", "Y1").sums.unwrap().0 > 0.0);
    }

    #[test]
    fn what_has_no_meaning_is_refused() {
        let bare =
            DominoNetwork::from_edges(EdgeList { source: vec![0], target: vec![1], weight: vec![0.5].into(), ..EdgeList::default() })
                .unwrap();
        assert_eq!(Blocks::default().run(&bare).unwrap_err().kind, ErrorKind::Unsupported);
        assert_eq!(Blocks { by: BlockAxis::Place, ..Blocks::default() }.run(&bare).unwrap_err().kind, ErrorKind::Unsupported);
        assert_eq!(Blocks { level: Some(Level::Local), ..Blocks::default() }.run(&bare).unwrap_err().kind, ErrorKind::Argument);
        assert_eq!(Blocks { by: BlockAxis::Threat, ..Blocks::default() }.run(&bare).unwrap().pairs.len(), 4);
    }

    #[test]
    fn past_the_dense_limit_sums_agree_with_the_matrix() {
        let n = MOST_DENSE + 1;
        let (source, target): (Vec<u32>, Vec<u32>) = (0..n as u32 - 1).map(|i| (i, i + 1)).unzip();
        let weight = vec![0.5; n - 1];
        let csr = crate::kernels::Csr::from_edges(n, &source, &target, &weight, &[]).unwrap();
        let x =
            Normalised::new(&csr, Scaling { normalise: Normalise::MaxRow, alpha: 0.9, damping: 0.5 }, &|j| j.to_string(), &never).unwrap();
        let axis = Axis { blocks: vec!["head".into(), "tail".into()], of: (0..n).map(|i| u32::from(i > 2)).collect() };
        let mut gathered = Gathered::default();
        effects(&x, &axis, None, &mut gathered, &mut Vec::new(), &never).unwrap();
        // a chain of halves: from the first three to the rest Σ_i (0.5^(3-i) + ...) = 2 (1/8 + 1/4 + 1/2) = 1.75
        assert!((gathered.pairs[&(0, 1)].feeds - 1.75).abs() < 1e-9, "{:?}", gathered.pairs);
        assert!((gathered.pairs[&(0, 0)].feeds - (0.5 + 0.25 + 0.5)).abs() < 1e-9);
        assert!(!gathered.pairs.contains_key(&(1, 0)));
    }
}
