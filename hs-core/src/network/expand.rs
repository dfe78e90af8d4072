//! From an assessment to nodes and edges: which cells there are, and what feeds what among them.

use std::sync::Arc;

use super::atlas::Atlas;
use super::beliefs::{Belief, Beliefs, Choice, Origin};
use super::connect::{Connected, Rules, connect};
use super::domino::DominoNetwork;
use super::doubts::Ranged;
use super::edges::EdgeStore;
use super::expansion::Expansion;
use super::folding::{Fold, Folded};
use super::ground::Ground;
use super::moves::{Moves, Remarks};
use super::nodes::{Cells, Ids, Naming, NodeStore, column};
use crate::assessment::Assessment;
use crate::kernels::{MOST_NODES, filled};
use crate::tables::Note;
use crate::{Error, ErrorKind, Result};

/// What the expansion runs over: places (one where they are folded), threats, slots of the group axis (one for the whole population).
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) ground: Arc<Ground>,
    /// Groups of the axis; empty for the whole population.
    pub(super) axis: Vec<u32>,
    pub(super) places: Vec<bool>,
    pub(super) threats: Vec<bool>,
}

/// Position of a place (0 where places are folded), threat and slot.
pub(super) type Place = (u32, u32, u32);

impl Frame {
    pub(super) fn new(atlas: &Atlas<'_>, settings: &Expansion) -> Result<Self> {
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
        Ok(Frame { ground: Arc::clone(&atlas.ground), axis, places, threats })
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
        let moves = Moves::new(&atlas, settings, &frame, fold)?;
        let rules = Rules { frame, moves };
        let mut remarks = Remarks::new(assessment.linkages.len());

        let cells = close(&rules, seeds(&atlas, settings, &rules.frame, &beliefs)?, &mut remarks)?;
        let (nodes, mut notes) = describe(&atlas, &rules, &beliefs, &cells)?;
        drop((cells, beliefs));
        let connected = connect(&rules, &nodes, &mut remarks)?;
        notes.extend(remarks.notes(assessment, settings, &rules.moves, &connected));
        let linkages = assessment.linkages.iter().map(|l| Arc::from(l.id.as_str())).collect();
        let Connected { csr, count, disputes, .. } = connected;
        let edges = EdgeStore::told(rules, count);
        let network = DominoNetwork::assemble(nodes, edges, csr, linkages, disputes, notes, Some(settings.clone()));
        Ok(DominoNetwork { origin: Some((assessment.id.clone(), assessment.sensitivity)), ..network })
    }
}

/// Cells that a condition or an intervention names.
fn seeds(atlas: &Atlas<'_>, settings: &Expansion, frame: &Frame, beliefs: &Beliefs<'_>) -> Result<Vec<Place>> {
    let mut seeds = Vec::new();
    let mut add = |threat: u32, place: u32, group: Option<u32>| {
        if !frame.holds_threat(threat) || !frame.holds_place(place) {
            return;
        }
        let place = if settings.fold_places { 0 } else { place };
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
    let assessment = atlas.assessment();
    for id in settings.interventions.iter().flatten() {
        let known = || assessment.interventions.iter().map(|i| i.id.as_str());
        let found = assessment.interventions.iter().find(|i| i.id == *id);
        let intervention = found.ok_or_else(|| Error::not_found("intervention", id, known()))?;
        let effects = intervention.effects.iter().map(|e| (Some(&e.threat), None, &e.place, &e.group));
        let externalities = intervention.externalities.iter().map(|e| (e.threat.as_ref(), e.component, &e.place, &e.group));
        for (threat, component, place, group) in effects.chain(externalities) {
            // without a place it speaks of the nodes there are
            let Some(place) = place.as_deref().map(|id| atlas.place(id)).transpose()? else { continue };
            let group = group.as_deref().map(|id| atlas.group(id)).transpose()?;
            let group = group.filter(|g| frame.slot_of(*g).is_some());
            match threat {
                Some(threat) => add(atlas.threat(threat)?, place, group),
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
fn close(rules: &Rules, mut waiting: Vec<Place>, remarks: &mut Remarks) -> Result<Vec<Place>> {
    let Rules { frame, moves } = rules;
    let mut seen = Seen::new(frame);
    waiting.retain(|cell| seen.insert(*cell));
    let mut cells = crate::kernels::copied(&waiting)?;
    let mut reached = Vec::new();
    while let Some(cell) = waiting.pop() {
        for link in moves.from(cell.1) {
            reached.clear();
            moves.reach(frame, link, cell, &mut reached, remarks);
            let fresh = reached.iter().map(|r| r.cell).filter(|cell| seen.insert(*cell));
            let before = cells.len();
            cells.extend(fresh);
            waiting.extend_from_slice(cells.get(before..).unwrap_or_default());
        }
        if cells.len() > MOST_NODES {
            return Err(Error::new(ErrorKind::Limit, format!("found more than {MOST_NODES} nodes")));
        }
    }
    cells.sort_unstable();
    Ok(cells)
}

/// Which cells were met: a bit for each threat and slot, in places where there is one.
struct Seen {
    slots: u32,
    words: usize,
    places: Vec<Vec<u64>>,
}

impl Seen {
    fn new(frame: &Frame) -> Self {
        let bits = frame.threats.len() * frame.slots() as usize;
        Seen { slots: frame.slots(), words: bits.div_ceil(64), places: vec![Vec::new(); frame.places.len().max(1)] }
    }

    /// Whether it was not met before.
    fn insert(&mut self, (place, threat, slot): Place) -> bool {
        let bit = threat as usize * self.slots as usize + slot as usize;
        let Some(place) = self.places.get_mut(place as usize) else { return false };
        if place.is_empty() {
            place.resize(self.words, 0);
        }
        let Some(word) = place.get_mut(bit / 64) else { return false };
        let mask = 1 << (bit % 64);
        let fresh = *word & mask == 0;
        *word |= mask;
        fresh
    }
}

/// The nodes of the cells with what is believed of them, and notes on it.
fn describe(atlas: &Atlas<'_>, rules: &Rules, beliefs: &Beliefs<'_>, cells: &[Place]) -> Result<(NodeStore, Vec<Note>)> {
    let Rules { frame, moves } = rules;
    let assessment = atlas.assessment();
    let fold = moves.fold();
    let ids = Ids {
        threats: assessment.threats.iter().map(|t| t.id.as_str().into()).collect(),
        components: assessment.threats.iter().map(|t| t.component).collect(),
        places: assessment.places.iter().map(|p| p.id.as_str().into()).collect(),
        ground: Arc::clone(&frame.ground),
        groups: frame.axis.clone(),
        above: frame.ground.parent.iter().copied().zip(assessment.places.iter().map(|p| p.level)).collect(),
        axis: frame.axis.iter().filter_map(|&g| assessment.groups.get(g as usize)).map(|g| g.id.as_str().into()).collect(),
        folded: fold.is_some(),
    };
    let mut used = vec![false; assessment.conditions.len()];
    let (mut unobserved, mut inherited, mut from_groups, mut equal) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let missing = || filled(cells.len(), f64::NAN);
    let (mut severity, mut low, mut high) = (missing()?, Vec::new(), Vec::new());
    let (mut prevalence, mut persons, mut coverage) = (Vec::new(), Vec::new(), Vec::new());
    let mut ranged = Ranged::default();
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
                Folded { persons: frame.ground.persons(place, group), severity: cell.severity, prevalence: cell.prevalence }
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
        if let Some(number) = folded.persons.filter(|_| fold.is_some()) {
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
            ranged.add(position, &belief, &assessment.conditions);
        }
        if coverage.is_empty() && belief.coverage != Some(1.0) {
            // until here every severity rested on everyone
            coverage = severity.iter().map(|s| if s.is_nan() { f64::NAN } else { 1.0 }).collect();
        }
        if !coverage.is_empty() {
            put(&mut coverage, at, belief.coverage.unwrap_or(f64::NAN))?;
        }
    }
    let naming = Naming::Cells(Box::new(Cells::new(ids, cells)?));
    let severity = column(severity);
    let nodes = NodeStore { count: cells.len(), naming, severity, low, high, prevalence, persons, coverage, ranged };
    let mut notes = Vec::new();
    let mut note = |code, message: &str, positions: Vec<u32>| {
        if !positions.is_empty() {
            let names = positions.iter().filter_map(|p| nodes.name(*p as usize));
            notes.push(Note::counted_some(code, "node", message, positions.len(), names));
        }
    };
    note("unobserved-node", "have no condition with a severity", unobserved);
    note("inherited-condition", "take the condition of the whole population, for their group has none", inherited);
    note("condition-from-groups", "take the persons-weighted mean over the groups that have a condition", from_groups);
    note("equal-weights", "average over parts whose persons are not all known: these count as equally large", equal);
    notes.extend(beliefs.unused_notes(&used, |threat, place| frame.holds_threat(threat) && frame.holds_place(place)));
    Ok((nodes, notes))
}
