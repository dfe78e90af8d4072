//! Which chains carry a harm from the cells that are struck to the cell that is harmed, and what each link rests on.

use std::collections::HashMap;

use serde::Serialize;

use super::HarmRegister;
use super::rows::Harm;
use crate::analyses::responses::options::{Options, Scene};
use crate::analyses::responses::shocks::Route;
use crate::analyses::responses::{Externalities, ExternalitiesResult, InterventionEffects};
use crate::assessment::{Assessment, Intervention, Linkage, Provenance};
use crate::kernels::Tick;
use crate::kernels::chains::{Chains, Question, chains};
use crate::kernels::links::{Link, Links};
use crate::network::DominoNetwork;
use crate::propagation::Anchored;
use crate::tables::Note;
use crate::{Error, Result};

/// What is said where nothing was recorded.
pub(super) const NO_EVIDENCE: &str = "no evidence recorded";

/// Links tried at the most where a search could go on for ever.
const MOST_TRIED: usize = 10_000_000;

/// Chains looked at for one cell, where many pass a node twice.
const MOST_LOOKED_AT: usize = 256;

/// One way by which a harm comes about.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pathway {
    /// Id of the intervention or package.
    pub intervention: String,
    /// Id of the threat that gets worse.
    pub threat: String,
    /// Id of the place.
    pub place: Option<String>,
    /// Id of the group.
    pub group: Option<String>,
    /// 1 is the strongest.
    pub rank: usize,
    /// Names of the cells, from the one that is struck to the one that is harmed.
    pub nodes: Vec<String>,
    /// Ids of the linkages behind each link, those of one link joined by a plus sign.
    pub links: Vec<String>,
    /// "stated" where the cell itself is struck; else "feeds" or "dampens" for the chain as a whole.
    pub sign: &'static str,
    /// Product of the weights' magnitudes, as anchored.
    pub gain: f64,
    /// Periods until it acts.
    pub lag: u64,
    /// One sentence of evidence a link; of a stated harm, of the statement.
    pub evidence: Vec<String>,
    /// What the links rest on.
    pub basis: String,
    /// What strikes its first cell: `worse` or `better`.
    pub starts_from: &'static str,
    /// Severity points by which its first cell is struck; improvements negative.
    pub struck_by: f64,
    /// Where in the assessment the effects stand that strike its first cell.
    pub statements: Vec<String>,
    /// Ids of the sources, with their pages or lines.
    pub sources: Vec<String>,
}

/// A cell that an intervention strikes, and by how much.
#[derive(Clone, Copy)]
struct Struck {
    position: usize,
    worse: f64,
    better: f64,
}

/// A statement of an intervention that strikes cells.
struct Statement<'a> {
    label: &'a str,
    worse: bool,
    evidence: Option<&'a str>,
    provenance: &'a Provenance,
    cells: Vec<usize>,
}

/// An edge of the anchored network.
struct Way {
    from: u32,
    to: u32,
    dampens: bool,
    size: f64,
    lag: u32,
    edge: usize,
}

/// The pathways of every harmed cell, over all horizons.
pub(super) fn find(
    settings: &HarmRegister,
    assessment: &Assessment,
    effects: &ExternalitiesResult,
    harms: &[Harm],
    notes: &mut Vec<Note>,
    tick: Tick<'_>,
) -> Result<Vec<Pathway>> {
    if harms.is_empty() {
        return Ok(Vec::new());
    }
    let mut ids: Vec<String> = Vec::new();
    for intervention in effects.interventions.iter().flat_map(|e| members(assessment, e)) {
        if !ids.contains(&intervention.id) {
            ids.push(intervention.id.clone());
        }
    }
    let options = Options::new(assessment, &scene(&effects.settings), Some(&ids), tick)?;
    let map = Ways::new(assessment, options.network(), options.anchored())?;
    let mut found = Vec::new();
    let (mut cut, mut truncated) = (Vec::new(), Vec::new());
    for entry in &effects.interventions {
        let cells = harmed(harms, &entry.id);
        if cells.is_empty() {
            continue;
        }
        if cells.len() > settings.most_cells {
            cut.push(entry.id.clone());
        }
        let struck = struck(entry);
        let statements = statements(assessment, entry, &options);
        for harm in cells.into_iter().take(settings.most_cells) {
            let mut ways = stated(&struck, &statements, harm, &map);
            let (carried, whole) = map.carried(settings, &struck, harm.position, tick)?;
            if !whole {
                truncated.push(format!("{}/{}", entry.id, harm.cell()));
            }
            ways.extend(carried);
            for (rank, way) in (1..).zip(ways) {
                found.push(map.told(harm, rank, way, &struck, &statements)?);
            }
        }
    }
    if !cut.is_empty() {
        let message =
            format!("pathways are told for the {} cells that get worse most; `most_cells` sets another number", settings.most_cells);
        notes.push(Note::new("pathways-cut", message, cut));
    }
    if !truncated.is_empty() {
        let message = "the search for pathways ended before all were seen: those listed need not be the strongest";
        notes.push(Note::new("pathways-truncated", message, truncated));
    }
    Ok(found)
}

/// The interventions of an entry.
pub(super) fn members<'a>(assessment: &'a Assessment, entry: &InterventionEffects) -> Vec<&'a Intervention> {
    entry.members.iter().filter_map(|id| assessment.interventions.iter().find(|i| i.id == *id)).collect()
}

/// The harmed cells of an entry, each at the horizon where it gets worse most, from the worst.
fn harmed<'a>(harms: &'a [Harm], id: &str) -> Vec<&'a Harm> {
    let mut worst: Vec<&Harm> = Vec::new();
    let mut at: HashMap<usize, usize> = HashMap::new();
    for harm in harms.iter().filter(|h| h.intervention == id) {
        let place = *at.entry(harm.position).or_insert_with(|| {
            worst.push(harm);
            worst.len() - 1
        });
        if let Some(known) = worst.get_mut(place)
            && harm.change.unwrap_or(0.0) > known.change.unwrap_or(0.0)
        {
            *known = harm;
        }
    }
    worst.sort_by(|a, b| b.change.unwrap_or(0.0).total_cmp(&a.change.unwrap_or(0.0)).then(a.position.cmp(&b.position)));
    worst
}

/// The cells an entry strikes: shocks do not differ between horizons.
fn struck(entry: &InterventionEffects) -> Vec<Struck> {
    let first = entry.cells.first().map(|c| c.horizon);
    let of_first = entry.cells.iter().filter(|c| Some(c.horizon) == first);
    of_first
        .map(|c| Struck { position: c.position, worse: c.worse_direct + c.worse_declared, better: c.better_direct + c.better_declared })
        .filter(|s| s.worse != 0.0 || s.better != 0.0)
        .collect()
}

/// What the interventions of an entry state with a number, and which cells each statement means.
fn statements<'a>(assessment: &'a Assessment, entry: &InterventionEffects, options: &'a Options<'_>) -> Vec<Statement<'a>> {
    let mut found = Vec::new();
    for intervention in members(assessment, entry) {
        let strikes = options.position(&intervention.id).map(|at| options.strikes(at)).unwrap_or_default();
        for strike in strikes {
            let at: Option<usize> = strike.label.rsplit('/').next().and_then(|index| index.parse().ok());
            let said = at.and_then(|at| match strike.route {
                Route::Direct => intervention.effects.get(at).map(|e| (None, &e.provenance)),
                Route::Declared => intervention.externalities.get(at).map(|e| (e.evidence.as_deref(), &e.provenance)),
            });
            let Some((evidence, provenance)) = said else { continue };
            found.push(Statement {
                label: &strike.label,
                worse: strike.worse,
                evidence: evidence.or(provenance.note.as_deref()),
                provenance,
                cells: strike.cells.iter().map(|(position, _)| *position).collect(),
            });
        }
    }
    found
}

fn scene(asked: &Externalities) -> Scene {
    Scene {
        model: asked.model.clone(),
        groups: asked.groups.clone(),
        places: asked.places.clone(),
        period: asked.period.clone(),
        unweighted: asked.unweighted,
        anchoring: asked.anchoring.clone(),
    }
}

/// A way before it is told: cells and indices of edges.
struct Found {
    nodes: Vec<u32>,
    edges: Vec<usize>,
    dampens: bool,
    gain: f64,
    lag: u64,
    worse: bool,
}

/// A harm that is stated of the cell itself.
fn stated(struck: &[Struck], statements: &[Statement<'_>], harm: &Harm, map: &Ways<'_>) -> Vec<Found> {
    let here = struck.iter().any(|s| s.position == harm.position && s.worse > 0.0);
    let named = statements.iter().any(|s| s.worse && s.cells.contains(&harm.position));
    let alone = u32::try_from(harm.position).ok().filter(|_| here && named && harm.position < map.network.len());
    alone.map(|node| Found { nodes: vec![node], edges: Vec::new(), dampens: false, gain: 1.0, lag: 0, worse: true }).into_iter().collect()
}

/// The anchored network in two layers: on the first a cell gets worse, on the second better; a link that dampens leads to the other layer.
struct Ways<'a> {
    network: &'a DominoNetwork,
    linkages: HashMap<&'a str, &'a Linkage>,
    links: Links,
    /// The strongest way between two nodes by sign, sorted.
    ways: Vec<Way>,
}

impl<'a> Ways<'a> {
    fn new(assessment: &'a Assessment, network: &'a DominoNetwork, anchored: &Anchored) -> Result<Self> {
        let count = network.edge_count();
        let mut ways = Vec::new();
        ways.try_reserve_exact(count).map_err(|_| crate::kernels::no_memory(count, size_of::<Way>()))?;
        for (edge, known) in network.edges().enumerate() {
            let Some(weight) = known.weight else { continue };
            let (feeds, dampens) = anchored.factors(known.to as usize).unwrap_or((1.0, 1.0));
            let size = weight.abs() * if known.dampens { dampens } else { feeds };
            if size > 0.0 {
                ways.push(Way { from: known.from, to: known.to, dampens: known.dampens, size, lag: known.lag, edge });
            }
        }
        ways.sort_by(|a, b| {
            let key = |w: &Way| (w.from, w.to, w.dampens);
            key(a).cmp(&key(b)).then(b.size.total_cmp(&a.size)).then(a.lag.cmp(&b.lag))
        });
        // of parallel links of one sign the strongest stands for them: pathways differ by where they lead
        ways.dedup_by(|later, first| (later.from, later.to, later.dampens) == (first.from, first.to, first.dampens));
        let mut links = Vec::new();
        links.try_reserve_exact(2 * ways.len()).map_err(|_| crate::kernels::no_memory(2 * ways.len(), size_of::<Link>()))?;
        for way in &ways {
            for layer in [0, 1] {
                let to = 2 * way.to + (layer ^ u32::from(way.dampens));
                links.push(Link { from: 2 * way.from + layer, to, size: way.size, dampens: way.dampens, lag: way.lag });
            }
        }
        let links = Links::new(2 * network.len(), links)?;
        let linkages = assessment.linkages.iter().map(|l| (l.id.as_str(), l)).collect();
        Ok(Ways { network, linkages, links, ways })
    }

    /// The strongest chains from other struck cells whose signs make the harm, and whether all were seen.
    fn carried(&self, settings: &HarmRegister, struck: &[Struck], target: usize, tick: Tick<'_>) -> Result<(Vec<Found>, bool)> {
        let node = |position: usize, layer: u32| u32::try_from(position).map(|at| 2 * at + layer).ok();
        let mut sources = Vec::new();
        for cell in struck.iter().filter(|s| s.position != target) {
            sources.extend(node(cell.position, 0).filter(|_| cell.worse > 0.0));
            sources.extend(node(cell.position, 1).filter(|_| cell.better < 0.0));
        }
        sources.sort_unstable();
        let Some(end) = node(target, 0).filter(|_| !sources.is_empty()) else { return Ok((Vec::new(), true)) };
        let mut k = settings.chains.saturating_mul(2).clamp(1, MOST_LOOKED_AT.max(settings.chains));
        loop {
            let question =
                Question { links: &self.links, sources: &sources, targets: &[end], k, most: Some(settings.max_length), limit: MOST_TRIED };
            let seen = chains(&question, tick)?;
            let found = self.simple(&seen, settings.chains)?;
            let all = seen.walks.len() < k;
            if found.len() >= settings.chains || all || k >= MOST_LOOKED_AT {
                let whole = !seen.truncated && (all || found.len() >= settings.chains);
                return Ok((found, whole));
            }
            k = k.saturating_mul(4).min(MOST_LOOKED_AT);
        }
    }

    /// Of chains over both layers, those that pass no cell twice.
    fn simple(&self, seen: &Chains, most: usize) -> Result<Vec<Found>> {
        let mut found = Vec::new();
        for at in 0..seen.walks.len() {
            let walk = seen.walks.get(at);
            let nodes: Vec<u32> = walk.nodes.iter().map(|at| at / 2).collect();
            let mut sorted = nodes.clone();
            sorted.sort_unstable();
            sorted.dedup();
            if sorted.len() < nodes.len() {
                continue;
            }
            let mut edges = Vec::with_capacity(nodes.len());
            for pair in walk.nodes.windows(2) {
                let [from, to] = pair else { continue };
                edges.push(self.edge(from / 2, to / 2, from % 2 != to % 2)?);
            }
            let worse = walk.nodes.first().is_some_and(|at| at % 2 == 0);
            found.push(Found { nodes, edges, dampens: walk.dampens, gain: walk.gain, lag: walk.lag, worse });
            if found.len() == most {
                break;
            }
        }
        Ok(found)
    }

    fn edge(&self, from: u32, to: u32, dampens: bool) -> Result<usize> {
        let place = self.ways.binary_search_by(|w| (w.from, w.to, w.dampens).cmp(&(from, to, dampens))).ok();
        place.and_then(|at| self.ways.get(at)).map(|w| w.edge).ok_or_else(|| Error::internal("a pathway over no link"))
    }

    /// A way in ids and sentences.
    fn told(&self, harm: &Harm, rank: usize, way: Found, struck: &[Struck], statements: &[Statement<'_>]) -> Result<Pathway> {
        let first = way.nodes.first().map(|at| *at as usize).ok_or_else(|| Error::internal("a pathway of no cell"))?;
        let beginning: Vec<&Statement<'_>> = statements.iter().filter(|s| s.worse == way.worse && s.cells.contains(&first)).collect();
        let start = struck.iter().find(|s| s.position == first).map_or(0.0, |s| if way.worse { s.worse } else { s.better });
        let mut said = Said::default();
        let mut links = Vec::with_capacity(way.edges.len());
        for &edge in &way.edges {
            let behind: Vec<&Linkage> = self.network.linkages_of(edge).filter_map(|id| self.linkages.get(id).copied()).collect();
            links.push(behind.iter().map(|l| l.id.as_str()).collect::<Vec<_>>().join(" + "));
            said.link(&behind);
        }
        if way.edges.is_empty() {
            for statement in &beginning {
                said.evidence.push(statement.evidence.unwrap_or(NO_EVIDENCE).to_owned());
                said.of(statement.provenance);
            }
        }
        let name = |at: &u32| self.network.name(*at as usize).map(|n| n.into_owned()).unwrap_or_default();
        Ok(Pathway {
            intervention: harm.intervention.clone(),
            threat: harm.threat.clone(),
            place: harm.place.clone(),
            group: harm.group.clone(),
            rank,
            nodes: way.nodes.iter().map(name).collect(),
            links,
            sign: match (way.edges.is_empty(), way.dampens) {
                (true, _) => "stated",
                (false, true) => "dampens",
                (false, false) => "feeds",
            },
            gain: way.gain,
            lag: way.lag,
            evidence: said.evidence,
            basis: said.basis.join(", "),
            starts_from: if way.worse { "worse" } else { "better" },
            struck_by: start,
            statements: beginning.iter().map(|s| s.label.to_owned()).collect(),
            sources: said.sources,
        })
    }
}

/// What links rest on.
#[derive(Default)]
struct Said {
    evidence: Vec<String>,
    basis: Vec<&'static str>,
    sources: Vec<String>,
}

impl Said {
    fn link(&mut self, behind: &[&Linkage]) {
        let sentences: Vec<&str> = behind.iter().filter_map(|l| l.evidence.as_deref()).collect();
        self.evidence.push(if sentences.is_empty() { NO_EVIDENCE.to_owned() } else { sentences.join(" / ") });
        for linkage in behind {
            self.of(&linkage.provenance);
        }
    }

    fn of(&mut self, provenance: &Provenance) {
        let basis = provenance.basis.map_or("not said", |basis| basis.word());
        if !self.basis.contains(&basis) {
            self.basis.push(basis);
        }
        let source = [provenance.source.as_deref(), provenance.locator.as_deref()];
        let source = source.into_iter().flatten().collect::<Vec<_>>().join(", ");
        if !source.is_empty() && !self.sources.contains(&source) {
            self.sources.push(source);
        }
    }
}
