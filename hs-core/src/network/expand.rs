//! From an assessment to nodes and edges: which cells there are, and what feeds what among them.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::atlas::Atlas;
use super::beliefs::{Belief, Beliefs, Choice, Origin};
use super::columns::Columns;
use super::domino::{Dispute, DominoNetwork};
use super::expansion::Expansion;
use super::folding::{Fold, Folded};
use super::moves::{Link, Moves, Remarks};
use super::nodes::{Cells, Ids, Naming, NodeStore, column};
use super::pooling::{Statement, pool};
use crate::assessment::Assessment;
use crate::kernels::filled;
use crate::tables::Note;
use crate::{Error, ErrorKind, Result};

/// What the expansion runs over: places (one where they are folded), threats, slots of the group axis (one for the whole population).
pub(super) struct Frame<'a> {
    pub(super) atlas: &'a Atlas<'a>,
    pub(super) settings: &'a Expansion,
    /// Groups of the axis; empty for the whole population.
    pub(super) axis: Vec<u32>,
    pub(super) places: Vec<bool>,
    pub(super) threats: Vec<bool>,
}

/// Position of a place (0 where places are folded), threat and slot.
pub(super) type Place = (u32, u32, u32);

impl<'a> Frame<'a> {
    pub(super) fn new(atlas: &'a Atlas<'a>, settings: &'a Expansion) -> Result<Self> {
        let assessment = atlas.assessment();
        if let Some(unweighted) = settings.unweighted
            && !(0.0..=1.0).contains(&unweighted)
        {
            return Err(Error::argument(format!("`unweighted`: found {unweighted}, wanted a number from 0 to 1")));
        }
        let axis = settings.groups.as_deref().map(|id| atlas.partition(id)).transpose()?.map(<[u32]>::to_vec).unwrap_or_default();
        let places = chosen(assessment.places.len(), "places", settings.places.as_deref(), |id| atlas.place(id))?;
        let threats = match &settings.components {
            None => vec![true; assessment.threats.len()],
            Some(components) if components.is_empty() => return Err(empty("components")),
            Some(components) => assessment.threats.iter().map(|t| components.contains(&t.component)).collect(),
        };
        Ok(Frame { atlas, settings, axis, places, threats })
    }

    pub(super) fn slots(&self) -> u32 {
        u32::try_from(self.axis.len().max(1)).unwrap_or(1)
    }

    pub(super) fn group_of(&self, slot: u32) -> Option<u32> {
        self.axis.get(slot as usize).copied()
    }

    pub(super) fn slot_of(&self, group: u32) -> Option<u32> {
        self.axis.iter().position(|&g| g == group).and_then(|slot| u32::try_from(slot).ok())
    }

    pub(super) fn holds_place(&self, place: u32) -> bool {
        self.places.get(place as usize).copied().unwrap_or(false)
    }

    pub(super) fn holds_threat(&self, threat: u32) -> bool {
        self.threats.get(threat as usize).copied().unwrap_or(false)
    }

    fn place_id(&self, place: u32) -> &str {
        self.atlas.assessment().places.get(place as usize).map_or("", |p| &p.id)
    }
}

fn empty(setting: &str) -> Error {
    Error::argument(format!("`{setting}`: found an empty list, wanted at least one entry, or none for all"))
}

fn chosen(count: usize, setting: &str, ids: Option<&[String]>, find: impl Fn(&str) -> Result<u32>) -> Result<Vec<bool>> {
    let Some(ids) = ids else { return Ok(vec![true; count]) };
    if ids.is_empty() {
        return Err(empty(setting));
    }
    let mut flags = vec![false; count];
    for id in ids {
        if let Some(flag) = flags.get_mut(find(id)? as usize) {
            *flag = true;
        }
    }
    Ok(flags)
}

impl DominoNetwork {
    /// The network of an assessment: a node for every threat, place and group with a condition, and for all that linkages reach from there.
    ///
    /// What was dropped, defaulted or assumed stands in [`DominoNetwork::notes`]; statements that disagree on a sign in
    /// [`DominoNetwork::disputes`].
    ///
    /// # Complexity
    /// Linear in conditions, nodes and edges, times the logarithm of the edges from one node.
    ///
    /// # Errors
    /// A setting out of its domain; an id of a setting or of the assessment that is not there; a raw adjacency past 1; more than 2³² nodes
    /// or edges.
    ///
    /// # Examples
    /// ```
    /// use hs_core::{Assessment, DominoNetwork, Expansion};
    /// let assessment = Assessment::from_json(r#"{"schema": "human-security/1", "id": "a", "title": "A",
    ///   "places": [{"id": "P", "name": "P", "level": "local"}],
    ///   "threats": [{"id": "drought", "name": "Drought", "component": "environmental"},
    ///               {"id": "hunger", "name": "Hunger", "component": "food"}],
    ///   "conditions": [{"threat": "drought", "place": "P", "severity": 0.6}],
    ///   "linkages": [{"id": "l1", "from": "drought", "to": "hunger", "effect": "feeds", "strength": "strong"}]}"#)?;
    /// let network = DominoNetwork::expand(&assessment, &Expansion::default())?;
    /// assert_eq!(network.position("hunger/P"), Some(1));
    /// assert_eq!(network.edge(0).unwrap().weight, Some(0.7));
    /// # Ok::<(), hs_core::Error>(())
    /// ```
    pub fn expand(assessment: &Assessment, settings: &Expansion) -> Result<Self> {
        let atlas = Atlas::new(assessment)?;
        let frame = Frame::new(&atlas, settings)?;
        let beliefs = Beliefs::new(&atlas, Choice { period: settings.period.clone(), kinds: settings.kinds.clone() })?;
        let fold = settings.fold_places.then(|| Fold::new(&frame));
        let moves = Moves::new(&frame, fold.as_ref())?;
        let mut remarks = Remarks::new(assessment.linkages.len());

        let cells = close(&frame, &moves, seeds(&frame, &beliefs)?, &mut remarks)?;
        let (nodes, mut notes) = describe(&frame, &beliefs, fold.as_ref(), &cells)?;
        let (edges, disputes) = connect(&frame, &moves, &cells, &mut remarks)?;
        notes.extend(remarks.notes(&frame, &moves, &edges, &disputes));
        let linkages = assessment.linkages.iter().map(|l| Arc::from(l.id.as_str())).collect();
        DominoNetwork::assemble(nodes, edges, linkages, disputes, notes, Some(settings.clone()))
    }
}

/// Cells that a condition or an intervention names.
fn seeds(frame: &Frame<'_>, beliefs: &Beliefs<'_>) -> Result<Vec<Place>> {
    let mut seeds = Vec::new();
    let mut add = |threat: u32, place: u32, group: Option<u32>| {
        if !frame.holds_threat(threat) || !frame.holds_place(place) {
            return;
        }
        let place = if frame.settings.fold_places { 0 } else { place };
        match group.map(|g| frame.slot_of(g)) {
            // on the whole axis every condition says that the threat is there; on a partition's axis only one of its groups or of all does
            _ if frame.axis.is_empty() => seeds.push((place, threat, 0)),
            Some(Some(slot)) => seeds.push((place, threat, slot)),
            None => seeds.extend((0..frame.slots()).map(|slot| (place, threat, slot))),
            Some(None) => {}
        }
    };
    for ((threat, place, group), _) in beliefs.cells() {
        let cell = beliefs.stated((threat, place, group));
        if cell.severity.is_some() || cell.prevalence.is_some() {
            add(threat, place, group);
        }
    }
    let assessment = frame.atlas.assessment();
    for id in frame.settings.interventions.iter().flatten() {
        let known = || assessment.interventions.iter().map(|i| i.id.as_str());
        let found = assessment.interventions.iter().find(|i| i.id == *id);
        let intervention = found.ok_or_else(|| Error::not_found("intervention", id, known()))?;
        let effects = intervention.effects.iter().map(|e| (Some(&e.threat), None, &e.place, &e.group));
        let externalities = intervention.externalities.iter().map(|e| (e.threat.as_ref(), e.component, &e.place, &e.group));
        for (threat, component, place, group) in effects.chain(externalities) {
            // without a place it speaks of the nodes there are
            let Some(place) = place.as_deref().map(|id| frame.atlas.place(id)).transpose()? else { continue };
            let group = group.as_deref().map(|id| frame.atlas.group(id)).transpose()?;
            let group = group.filter(|g| frame.slot_of(*g).is_some());
            match threat {
                Some(threat) => add(frame.atlas.threat(threat)?, place, group),
                None => {
                    let all = (0_u32..).zip(&assessment.threats).filter(|(_, t)| Some(t.component) == component);
                    all.for_each(|(threat, _)| add(threat, place, group));
                }
            }
        }
    }
    Ok(seeds)
}

/// Everything linkages reach from the seeds, seeds included, in order.
fn close(frame: &Frame<'_>, moves: &Moves<'_>, mut waiting: Vec<Place>, remarks: &mut Remarks) -> Result<Vec<Place>> {
    let mut seen: HashSet<Place> = HashSet::with_capacity(waiting.len());
    waiting.retain(|cell| seen.insert(*cell));
    let mut reached = Vec::new();
    while let Some(cell) = waiting.pop() {
        for link in moves.from(cell.1) {
            reached.clear();
            moves.reach(frame, link, cell, &mut reached, remarks);
            waiting.extend(reached.iter().map(|r| r.cell).filter(|cell| seen.insert(*cell)));
        }
        if u32::try_from(seen.len()).is_err() {
            return Err(Error::new(ErrorKind::Limit, format!("found more than {} nodes", u32::MAX)));
        }
    }
    let mut cells: Vec<Place> = seen.into_iter().collect();
    cells.sort_unstable();
    Ok(cells)
}

/// The nodes of the cells with what is believed of them, and notes on it.
fn describe(frame: &Frame<'_>, beliefs: &Beliefs<'_>, fold: Option<&Fold>, cells: &[Place]) -> Result<(NodeStore, Vec<Note>)> {
    let assessment = frame.atlas.assessment();
    let ids = Ids {
        threats: assessment.threats.iter().map(|t| t.id.as_str().into()).collect(),
        components: assessment.threats.iter().map(|t| t.component).collect(),
        places: assessment.places.iter().map(|p| p.id.as_str().into()).collect(),
        above: frame.atlas.parent.iter().copied().zip(assessment.places.iter().map(|p| p.level)).collect(),
        axis: frame.axis.iter().filter_map(|&g| assessment.groups.get(g as usize)).map(|g| g.id.as_str().into()).collect(),
        folded: fold.is_some(),
    };
    let mut used = vec![false; assessment.conditions.len()];
    let (mut unobserved, mut inherited, mut from_groups, mut equal) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let missing = || filled(cells.len(), f64::NAN);
    let (mut severity, mut low, mut high) = (missing()?, Vec::new(), Vec::new());
    let (mut prevalence, mut persons, mut coverage) = (Vec::new(), missing()?, Vec::new());
    let put = |column: &mut Vec<f64>, at: usize, value: f64| -> Result<()> {
        if column.is_empty() {
            *column = missing()?;
        }
        column.get_mut(at).into_iter().for_each(|slot| *slot = value);
        Ok(())
    };
    for (at, &(place, threat, slot)) in cells.iter().enumerate() {
        let position = at as u32;
        let group = frame.group_of(slot);
        let folded = match fold {
            Some(fold) => fold.cell(frame, beliefs, threat, group),
            None => {
                let cell = group.map_or_else(|| beliefs.whole(threat, place), |g| beliefs.group(threat, place, g));
                Folded { persons: frame.atlas.persons(place, group), severity: cell.severity, prevalence: cell.prevalence }
            }
        };
        for belief in folded.severity.iter().chain(&folded.prevalence) {
            belief.conditions.iter().for_each(|c| used.get_mut(*c as usize).into_iter().for_each(|flag| *flag = true));
        }
        match &folded.severity {
            None => unobserved.push(position),
            Some(Belief { origin: Origin::WholePopulation, .. }) => inherited.push(position),
            Some(Belief { origin: Origin::Groups, .. }) => from_groups.push(position),
            Some(_) => {}
        }
        if folded.severity.iter().chain(&folded.prevalence).any(|b| b.equal_parts) {
            equal.push(position);
        }
        if let Some(number) = folded.persons {
            put(&mut persons, at, number)?;
        }
        if let Some(belief) = &folded.prevalence {
            put(&mut prevalence, at, belief.value)?;
        }
        let Some(belief) = folded.severity else { continue };
        put(&mut severity, at, belief.value)?;
        if let Some((lower, upper)) = belief.range {
            put(&mut low, at, lower)?;
            put(&mut high, at, upper)?;
        }
        if coverage.is_empty() && belief.coverage != Some(1.0) {
            // until here every severity rested on everyone
            coverage = severity.iter().map(|s| if s.is_nan() { f64::NAN } else { 1.0 }).collect();
        }
        if !coverage.is_empty() {
            put(&mut coverage, at, belief.coverage.unwrap_or(f64::NAN))?;
        }
    }
    let naming = Naming::Cells(Cells::new(ids, cells)?);
    let (severity, persons) = (column(severity), column(persons));
    let nodes = NodeStore { count: cells.len(), naming, severity, low, high, prevalence, persons, coverage };
    let mut notes = Vec::new();
    let mut note = |code, message: &str, positions: Vec<u32>| {
        if !positions.is_empty() {
            let names = positions.iter().filter_map(|p| nodes.name(*p as usize)).map(Cow::into_owned).collect();
            notes.push(Note::counted(code, "node", message, names));
        }
    };
    note("unobserved-node", "have no condition with a severity", unobserved);
    note("inherited-condition", "take the condition of the whole population, for their group has none", inherited);
    note("condition-from-groups", "take the persons-weighted mean over the groups that have a condition", from_groups);
    note("equal-weights", "average over parts whose persons are not all known: these count as equally large", equal);
    notes.extend(beliefs.unused_notes(&used, |threat, place| frame.holds_threat(threat) && frame.holds_place(place)));
    Ok((nodes, notes))
}

/// Edges among the cells, by start, end and lag, parallel ones pooled.
fn connect(frame: &Frame<'_>, moves: &Moves<'_>, cells: &[Place], remarks: &mut Remarks) -> Result<(Columns, Vec<Dispute>)> {
    let positions: HashMap<Place, u32> = cells.iter().copied().zip(0_u32..).collect();
    let mut edges = Columns::default();
    let mut disputes = Vec::new();
    let (mut lagged, mut ranged) = (false, false);
    let (mut reached, mut statements): (Vec<_>, Vec<(u32, u32, Statement)>) = (Vec::new(), Vec::new());
    let mut parallel = Vec::new();
    for (from, cell) in (0_u32..).zip(cells) {
        statements.clear();
        for link in moves.from(cell.1) {
            reached.clear();
            moves.reach(frame, link, *cell, &mut reached, remarks);
            statements.extend(reached.iter().filter_map(|r| positions.get(&r.cell).map(|to| (*to, link.lag, statement(link, r.factor)))));
        }
        statements.sort_by_key(|(to, lag, s)| (*to, *lag, s.linkage));
        for same in statements.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let Some(&(to, lag, _)) = same.first() else { continue };
            parallel.clear();
            parallel.extend(same.iter().map(|(_, _, s)| *s));
            let pooled = pool(&mut parallel);
            if let Some((feeds_confidence, dampens_confidence)) = pooled.dispute {
                let side = |dampens| {
                    let side = same.iter().filter(|(_, _, s)| s.dampens == dampens && s.weight.is_some() == pooled.weight.is_some());
                    side.map(|(_, _, s)| s.linkage).collect()
                };
                let (feeds, dampening) = (side(false), side(true));
                disputes.push(Dispute { from, to, lag, dampens: pooled.dampens, feeds_confidence, dampens_confidence, feeds, dampening });
            }
            remarks.pooled(same.iter().map(|(_, _, s)| s), pooled.passed_over);
            let Ok(index) = u32::try_from(edges.from.len()) else {
                return Err(Error::new(ErrorKind::Limit, format!("found more than {} edges", u32::MAX)));
            };
            if pooled.weight.is_none() && pooled.dampens {
                edges.dampening.push(index);
            }
            lagged |= lag > 0;
            ranged |= pooled.range.is_some();
            edges.from.push(from);
            edges.to.push(to);
            edges.weight.push(pooled.weight.unwrap_or(f64::NAN));
            edges.lag.push(lag);
            edges.low.push(pooled.range.map_or(f64::NAN, |r| r.0));
            edges.high.push(pooled.range.map_or(f64::NAN, |r| r.1));
            edges.linkage.extend(parallel.iter().map(|s| s.linkage));
            edges.factor.extend(parallel.iter().map(|s| s.factor));
            let Ok(end) = u32::try_from(edges.linkage.len()) else {
                return Err(Error::new(ErrorKind::Limit, format!("found more than {} statements behind edges", u32::MAX)));
            };
            edges.evidence_end.push(end);
        }
    }
    if !lagged {
        edges.lag = Vec::new();
    }
    if !ranged {
        (edges.low, edges.high) = (Vec::new(), Vec::new());
    }
    Ok((edges, disputes))
}

fn statement(link: &Link, factor: Option<f64>) -> Statement {
    // a share of persons that cannot be told leaves the link without a number
    let of = |magnitude: Option<f64>| magnitude.zip(factor).map(|(m, f)| m * f);
    Statement {
        dampens: link.dampens,
        weight: of(link.weight),
        range: link.range.zip(factor).map(|((low, high), f)| (low * f, high * f)),
        confidence: link.confidence,
        linkage: link.linkage,
        factor: factor.unwrap_or(f64::NAN),
    }
}

impl Frame<'_> {
    /// Ids of places, for notes.
    pub(super) fn place_ids(&self, places: impl IntoIterator<Item = u32>) -> Vec<String> {
        places.into_iter().map(|p| self.place_id(p).to_owned()).collect()
    }
}
