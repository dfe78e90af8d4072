//! Which components, places or threats feed which?

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::normalised::{MOST_DENSE, Normalised, Scaling, dense, total, turned};
use super::total_effects::nothing_to_divide;
use crate::framework::{Component, Level};
use crate::kernels::linear::{Answer, solve};
use crate::kernels::{Tick, cancelled, filled, never};
use crate::network::DominoNetwork;
use crate::propagation::Normalise;
use crate::propagation::network::{names, unweighted};
use crate::tables::{Array, Note, Outcome, Table};
use crate::{Error, ErrorKind, Result};

/// Blocks up to which pairs without a claim are listed too.
const MOST_LISTED: usize = 300;

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

/// What one block says of another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Block {
    /// The block it starts from.
    pub from: String,
    /// The block it reaches.
    pub to: String,
    /// Links, those without a number included; of effects the pairs of nodes with one, none where only their sum is known.
    pub links: Option<u64>,
    /// What feeds and what dampens, the latter 0 or below; none where no link has a number.
    pub sums: Option<(f64, f64)>,
    /// How many feed and how many dampen; those of weight 0 do neither.
    pub counts: (u64, u64),
    /// Links (pairs) with a number.
    pub numbered: u64,
    /// By place: whether it leads from one country to another; none where a country is not known, and for other blocks.
    pub crosses: Option<bool>,
}

impl Block {
    fn mean(&self) -> Option<f64> {
        self.sums.filter(|_| self.numbered > 0).map(|(feeds, dampens)| (feeds - dampens) / self.numbered as f64)
    }

    fn makes_a_claim(&self) -> bool {
        self.links != Some(0) && (self.links.is_some() || self.sums.is_some())
    }
}

/// What a place gives to others and takes from them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Border {
    /// The place.
    pub place: String,
    /// The country it is in, where known.
    pub country: Option<String>,
    /// What leaves, feeding and dampening; none where nothing with a number does.
    pub exports: Option<(f64, f64)>,
    /// What enters.
    pub imports: Option<(f64, f64)>,
    /// What stays.
    pub within: Option<(f64, f64)>,
}

/// What a place gives to another by one threat.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Export {
    /// The place it starts from.
    pub from: String,
    /// The place it reaches.
    pub to: String,
    /// Id of the threat it starts from.
    pub threat: String,
    /// Links (pairs of nodes), those without a number included.
    pub links: u64,
    /// What feeds and what dampens; none where no link has a number.
    pub sums: Option<(f64, f64)>,
}

/// Blocks and what they say of each other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BlocksResult {
    /// The settings it ran with.
    pub settings: Blocks,
    /// Names of the blocks, in the order of the matrix.
    pub blocks: Vec<String>,
    /// Every pair of blocks, row by row; past 300 blocks those that make a claim.
    pub pairs: Vec<Block>,
    /// By place: what each gives and takes.
    pub borders: Vec<Border>,
    /// By place: what each gives to each other, threat by threat.
    pub exports: Vec<Export>,
    /// Effects: the divisor s.
    pub scale: Option<f64>,
    /// Effects: spectral radius of the magnitudes of X.
    pub spectral_radius: Option<f64>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
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
                let labels = names(network);
                let name = |j: usize| labels.get(j).cloned().unwrap_or_default();
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

crate::tables::arrow_tables!(BlocksResult);

impl BlocksResult {
    /// from, to, links, positive, negative, mean (of magnitudes), mean_positive, mean_negative, numbered; by place also crosses. Null where there is no claim.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn table(&self) -> Result<Table> {
        let rows = &self.pairs;
        let whole = |n: u64| i64::try_from(n).ok();
        let share = |sum: Option<f64>, count: u64| sum.filter(|_| count > 0).map(|sum| sum / count as f64);
        let mut table = Table::builder()
            .text("from", rows.iter().map(|b| Some(&b.from)))
            .text("to", rows.iter().map(|b| Some(&b.to)))
            .integer("links", rows.iter().map(|b| b.links.and_then(whole)))
            .number("positive", rows.iter().map(|b| b.sums.map(|s| s.0)))
            .number("negative", rows.iter().map(|b| b.sums.map(|s| s.1)))
            .number("mean", rows.iter().map(Block::mean))
            .number("mean_positive", rows.iter().map(|b| share(b.sums.map(|s| s.0), b.counts.0)))
            .number("mean_negative", rows.iter().map(|b| share(b.sums.map(|s| s.1), b.counts.1)))
            .integer("numbered", rows.iter().map(|b| b.links.and_then(|_| whole(b.numbered))));
        if self.settings.by == BlockAxis::Place {
            table = table.boolean("crosses", rows.iter().map(|b| b.crosses));
        }
        table.build()
    }

    /// By place: place, country, exports_positive, exports_negative, imports_positive, imports_negative, within_positive, within_negative.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn borders_table(&self) -> Result<Table> {
        let rows = &self.borders;
        let column = |of: fn(&Border) -> Option<(f64, f64)>, feeds: bool| {
            rows.iter().map(move |b| of(b).map(|(positive, negative)| if feeds { positive } else { negative }))
        };
        Table::builder()
            .text("place", rows.iter().map(|b| Some(&b.place)))
            .text("country", rows.iter().map(|b| b.country.as_ref()))
            .number("exports_positive", column(|b| b.exports, true))
            .number("exports_negative", column(|b| b.exports, false))
            .number("imports_positive", column(|b| b.imports, true))
            .number("imports_negative", column(|b| b.imports, false))
            .number("within_positive", column(|b| b.within, true))
            .number("within_negative", column(|b| b.within, false))
            .build()
    }

    /// By place: from, to, threat (that leaves), links, positive, negative.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn exports_table(&self) -> Result<Table> {
        let rows = &self.exports;
        Table::builder()
            .text("from", rows.iter().map(|e| Some(&e.from)))
            .text("to", rows.iter().map(|e| Some(&e.to)))
            .text("threat", rows.iter().map(|e| Some(&e.threat)))
            .integer("links", rows.iter().map(|e| i64::try_from(e.links).ok()))
            .number("positive", rows.iter().map(|e| e.sums.map(|s| s.0)))
            .number("negative", rows.iter().map(|e| e.sums.map(|s| s.1)))
            .build()
    }

    /// Everything by name, as the bindings carry it; to 300 blocks also the arrays `matrix` (sums of magnitudes), `positive` and `negative`, NaN where there is
    /// no claim with a number.
    ///
    /// # Errors
    /// When a table cannot be made.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("blocks", &self.settings)?;
        outcome.facts.insert("blocks".into(), json!(self.blocks));
        outcome.facts.insert("claims".into(), json!(self.pairs.iter().filter(|b| b.makes_a_claim()).count()));
        outcome.facts.insert("scale".into(), json!(self.scale));
        outcome.facts.insert("spectral_radius".into(), json!(self.spectral_radius));
        let k = self.blocks.len();
        if k <= MOST_LISTED {
            let array = |value: fn((f64, f64)) -> f64| Array {
                shape: vec![k, k],
                data: self.pairs.iter().map(|b| b.sums.map_or(f64::NAN, value)).collect(),
            };
            outcome.arrays.push(("matrix", array(|(feeds, dampens)| feeds - dampens)));
            outcome.arrays.push(("positive", array(|(feeds, _)| feeds)));
            outcome.arrays.push(("negative", array(|(_, dampens)| dampens)));
        }
        outcome.tables.push(("blocks", self.table()?));
        if self.settings.by == BlockAxis::Place {
            outcome.tables.push(("borders", self.borders_table()?));
            outcome.tables.push(("exports", self.exports_table()?));
        }
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
