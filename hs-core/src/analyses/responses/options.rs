//! Interventions on the anchored network: what every analysis of responses asks about.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::draws::{Draws, Plan};
use super::externality_cells::Cells;
use super::externality_result::{CellEffect, Claim, HorizonWord};
use super::shocks::{self, Cut, Route, Scenario, Shocks, Strike};
use crate::analyses::doubt::{Distribution, Evens, Parameters, Random};
use crate::assessment::{Intervention, Outcome as Security};
use crate::kernels::Tick;
use crate::kernels::spread::Quantiles;
use crate::network::{Aim, DominoNetwork, Expansion};
use crate::propagation::{AnchorSettings, Anchored, Model, Moved, Reads};
use crate::tables::Note;
use crate::{Assessment, Error, Result};

/// The network and the model an analysis of responses runs on.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Scene {
    /// How severity travels.
    pub(crate) model: Model,
    /// Id of the partition the group axis runs over; the whole population where absent.
    pub(crate) groups: Option<String>,
    /// Ids of the places; all where absent.
    pub(crate) places: Option<Vec<String>>,
    /// The period asked for; the latest of each cell where absent.
    pub(crate) period: Option<String>,
    /// What a link without a number is worth; it takes no part where absent.
    pub(crate) unweighted: Option<f64>,
    /// Settings of the anchoring, its solver, and the horizons in periods.
    pub(crate) anchoring: AnchorSettings,
}

/// Interventions on the anchored network, every effect aimed at its cells.
pub(crate) struct Options<'a> {
    network: DominoNetwork,
    anchored: Anchored,
    interventions: Vec<&'a Intervention>,
    /// All of the assessment.
    known: &'a [Intervention],
    /// By intervention.
    strikes: Vec<Vec<Strike>>,
    claims: Vec<Claim>,
    notes: Vec<Note>,
    scene: Scene,
    /// The numbers of the network with a range, once a world is asked for.
    parameters: OnceLock<Parameters>,
    /// Values drawn for them, by seed and block of draws.
    values: Mutex<Vec<ValueBlock>>,
}

/// Seed and block of draws, and the values drawn.
type ValueBlock = ((u64, u32), Arc<Vec<f64>>);

/// Blocks of drawn values that are kept.
const MOST_BLOCKS: usize = 8;

/// Draws whose values are made together.
fn side(parameters: usize) -> u32 {
    ((1_usize << 20) / parameters.max(1)).clamp(8, 256) as u32
}

/// Possible courses of a set of options, and whether they are all there are.
#[derive(Debug, Clone)]
pub(crate) struct Courses {
    pub(crate) scenarios: Vec<Scenario>,
    pub(crate) exact: bool,
}

/// Δ of one shock at one horizon: worsenings and improvements apart, and both together.
#[derive(Debug, Clone)]
pub(crate) struct Response {
    pub(crate) worse: Reading,
    pub(crate) better: Reading,
    pub(crate) net: Reading,
}

/// Δ by position at one horizon; none where it is undefined.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    pub(crate) delta: Option<Vec<f64>>,
    /// Bound of the solver's error; none where none is known. A horizon is a count of steps, with nothing left to settle.
    pub(crate) error: Option<f64>,
}

/// Expected effects of a set on every cell, by horizon and then by cell.
#[derive(Debug, Clone)]
pub(crate) struct Expected {
    pub(crate) cells: Vec<CellEffect>,
    pub(crate) exact: bool,
}

impl<'a> Options<'a> {
    /// Expands with the interventions asked for (all where none are named), anchors, and aims every effect.
    ///
    /// # Errors
    /// `NotFound` for an intervention, partition or place that does not exist; `Argument` for a setting out of its domain; `Diverging` for a
    /// model without a finite answer; `Unsupported` for a model that cannot be anchored.
    pub(crate) fn new(assessment: &'a Assessment, scene: &Scene, ids: Option<&[String]>, tick: Tick<'_>) -> Result<Self> {
        let chosen = chosen(assessment, ids)?;
        let network = DominoNetwork::expand(
            assessment,
            &Expansion {
                places: scene.places.clone(),
                groups: scene.groups.clone(),
                period: scene.period.clone(),
                unweighted: scene.unweighted,
                interventions: Some(chosen.iter().map(|(_, i)| i.id.clone()).collect()),
                ..Expansion::default()
            },
        )?;
        let anchored = Anchored::or_given(&network, &scene.model, &scene.anchoring, tick)?;
        let mut notes = network.notes().to_vec();
        notes.extend(anchored.notes().iter().cloned());
        let mut cells = Cells::new(assessment, &network)?;
        let (mut strikes, mut claims) = (Vec::with_capacity(chosen.len()), Vec::new());
        for (first, intervention) in &chosen {
            strikes.push(aimed(intervention, *first, &mut cells, &mut claims, &mut notes)?);
        }
        notes.extend(cells.notes());
        let interventions = chosen.into_iter().map(|(_, i)| i).collect();
        let (known, scene) = (&assessment.interventions, scene.clone());
        let (parameters, values) = (OnceLock::new(), Mutex::new(Vec::new()));
        Ok(Options { network, anchored, interventions, known, strikes, claims, notes, scene, parameters, values })
    }

    pub(crate) fn network(&self) -> &DominoNetwork {
        &self.network
    }

    pub(crate) fn anchored(&self) -> &Anchored {
        &self.anchored
    }

    /// Severity each cell starts from.
    pub(crate) fn baseline(&self) -> &[f64] {
        self.anchored.baseline()
    }

    /// The interventions, in the order asked for.
    pub(crate) fn interventions(&self) -> &[&'a Intervention] {
        &self.interventions
    }

    /// Where an intervention stands among the options.
    pub(crate) fn position(&self, id: &str) -> Option<usize> {
        self.interventions.iter().position(|i| i.id == id)
    }

    /// Whether the assessment holds an intervention of this id, asked for or not.
    pub(super) fn is_intervention(&self, id: &str) -> bool {
        self.known.iter().any(|i| i.id == id)
    }

    /// The effects of an option that have a number and reach a cell.
    pub(crate) fn strikes(&self, option: usize) -> &[Strike] {
        self.strikes.get(option).map_or(&[], Vec::as_slice)
    }

    /// Externalities without a number.
    pub(crate) fn claims(&self) -> &[Claim] {
        &self.claims
    }

    /// What was dropped, defaulted or assumed on the way.
    pub(crate) fn notes(&self) -> Vec<Note> {
        self.notes.clone()
    }

    /// The effects of a set taken together, in the order of the set.
    pub(crate) fn joined(&self, set: &[usize]) -> Vec<&Strike> {
        set.iter().flat_map(|option| self.strikes(*option)).collect()
    }

    /// Possible courses of a set of options taken together: enumerated to 12 uncertain effects without ranges, else drawn.
    ///
    /// Random numbers are keyed by seed, draw and the place of the effect in the whole assessment: an effect happens in the same draws
    /// whatever stands beside it.
    pub(crate) fn courses(&self, set: &[usize], draws: u32, seed: u64) -> Courses {
        let (scenarios, exact) = shocks::scenarios(&self.joined(set), draws, seed);
        Courses { scenarios, exact }
    }

    /// One draw of a set, whether or not its courses can be enumerated.
    pub(crate) fn course(&self, set: &[usize], draw: u32, seed: u64) -> Scenario {
        shocks::one(&self.joined(set), draw, seed)
    }

    /// Shocks of a set in one course, improvements and worsenings of a cell each cut together.
    pub(crate) fn shocks(&self, set: &[usize], scenario: &Scenario) -> (Shocks, Vec<Cut>) {
        self.shocks_in(&self.anchored, set, scenario)
    }

    /// As [`Options::shocks`], from the severities of another world.
    pub(crate) fn shocks_in(&self, world: &Anchored, set: &[usize], scenario: &Scenario) -> (Shocks, Vec<Cut>) {
        shocks::realise(&self.joined(set), &scenario.changes, world.baseline())
    }

    /// Δ of worsenings, of improvements and of both at each horizon; no shock moves nothing, whatever the baseline.
    ///
    /// # Errors
    /// `Memory`, `Cancelled`.
    pub(crate) fn respond(&self, shocks: &Shocks, words: &[HorizonWord], tick: Tick<'_>) -> Result<Vec<Response>> {
        self.respond_in(&self.anchored, shocks, words, tick)
    }

    /// As [`Options::respond`], in another world.
    ///
    /// # Errors
    /// `Memory`, `Cancelled`.
    pub(crate) fn respond_in(&self, world: &Anchored, shocks: &Shocks, words: &[HorizonWord], tick: Tick<'_>) -> Result<Vec<Response>> {
        Memory::default().respond(world, shocks, words, tick)
    }

    /// Expected effects of a set: the weighted mean over its courses.
    ///
    /// # Errors
    /// `Memory`, `Cancelled`.
    pub(crate) fn expected(&self, set: &[usize], words: &[HorizonWord], draws: u32, seed: u64, tick: Tick<'_>) -> Result<Expected> {
        let Courses { scenarios, exact } = self.courses(set, draws, seed);
        let plan = Plan::new(self, set, scenarios, exact);
        let draws = Draws::at_point(self, &plan, words, tick)?;
        Ok(Expected { cells: draws.expected(words), exact })
    }

    /// What is cut where every effect of a set happens in full.
    pub(crate) fn cuts(&self, set: &[usize]) -> Vec<Cut> {
        let strikes = self.joined(set);
        let full: Vec<f64> = strikes.iter().map(|s| s.change).collect();
        shocks::realise(&strikes, &full, self.baseline()).1
    }

    /// Responses of many shocks in one world; where they add up, eight side by side.
    ///
    /// # Errors
    /// `Memory`, `Cancelled`.
    pub(crate) fn respond_all(
        &self,
        world: &Anchored,
        shocks: &[Shocks],
        words: &[HorizonWord],
        tick: Tick<'_>,
    ) -> Result<Vec<Vec<Response>>> {
        if let Some(found) = together(world, shocks, words, tick)? {
            return Ok(found);
        }
        shocks.iter().map(|shocks| self.respond_in(world, shocks, words, tick)).collect()
    }

    /// Whether some linkage or condition has a range.
    ///
    /// # Errors
    /// `Argument` for a range that the model cannot take.
    pub(crate) fn has_ranges(&self) -> Result<bool> {
        Ok(self.parameters()?.len() > 0)
    }

    /// The network with its linkages and conditions drawn from their ranges, anchored anew; none where nothing has a range.
    ///
    /// # Errors
    /// `Diverging` where the drawn network has no finite answer; `Memory`, `Cancelled`.
    pub(crate) fn world(&self, draw: u32, seed: u64, tick: Tick<'_>) -> Result<Option<Anchored>> {
        let parameters = self.parameters()?;
        if parameters.len() == 0 {
            return Ok(None);
        }
        let side = side(parameters.len());
        let values = self.drawn_values(parameters, draw / side, side, seed)?;
        let at = (draw % side) as usize;
        let drawn = |index: u32| values.get(index as usize * side as usize + at).copied().unwrap_or(0.0);
        let network = parameters.redrawn(&self.network, &drawn)?;
        Anchored::of_draw(&network, &self.scene.model, &self.scene.anchoring, tick).map(Some)
    }

    /// Values of all parameters for a block of draws, parameter by parameter: to turn to a spread takes longer than to draw from it.
    fn drawn_values(&self, parameters: &Parameters, block: u32, side: u32, seed: u64) -> Result<Arc<Vec<f64>>> {
        let known = || self.values.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, values)) = known().iter().find(|(key, _)| *key == (seed, block)) {
            return Ok(Arc::clone(values));
        }
        let random = Random { seed, parameters };
        let mut quantiles = Quantiles::new();
        let mut values = crate::kernels::filled(parameters.len().saturating_mul(side as usize), 0.0)?;
        for (parameter, row) in values.chunks_mut(side as usize).enumerate() {
            random.fill(parameter, block as usize * side as usize, row);
            parameters.spread(parameter, &mut quantiles, row);
        }
        let values = Arc::new(values);
        let mut kept = known();
        if kept.len() >= MOST_BLOCKS {
            kept.remove(0);
        }
        kept.push(((seed, block), Arc::clone(&values)));
        Ok(values)
    }

    /// The numbers of the network that were given with a range.
    fn parameters(&self) -> Result<&Parameters> {
        if let Some(known) = self.parameters.get() {
            return Ok(known);
        }
        let found = Parameters::new(&self.network, Distribution::Pert, None, &self.scene.model)?;
        Ok(self.parameters.get_or_init(|| found))
    }
}

/// The interventions asked for, each with the counter of its first effect in the whole assessment.
fn chosen<'a>(assessment: &'a Assessment, ids: Option<&[String]>) -> Result<Vec<(u32, &'a Intervention)>> {
    let mut counter = 0_u32;
    let all: Vec<(u32, &Intervention)> = assessment
        .interventions
        .iter()
        .map(|i| {
            let first = counter;
            counter = counter.saturating_add(u32::try_from(i.effects.len() + i.externalities.len()).unwrap_or(u32::MAX));
            (first, i)
        })
        .collect();
    let Some(ids) = ids else { return Ok(all) };
    let known = || assessment.interventions.iter().map(|i| i.id.as_str());
    ids.iter()
        .map(|id| all.iter().find(|(_, i)| i.id == *id).copied().ok_or_else(|| Error::not_found("intervention", id, known())))
        .collect()
}

/// The effects with a number, on their cells; claims are listed, effects that reach no cell are noted.
fn aimed(
    intervention: &Intervention,
    first: u32,
    cells: &mut Cells<'_>,
    claims: &mut Vec<Claim>,
    notes: &mut Vec<Note>,
) -> Result<Vec<Strike>> {
    let mut strikes = Vec::new();
    let mut parameter = first;
    for (index, effect) in intervention.effects.iter().enumerate() {
        let label = format!("{}/effects/{index}", intervention.id);
        let aim = Aim { threat: Some(&effect.threat), component: None, place: effect.place.as_deref(), group: effect.group.as_deref() };
        let reached = cells.of(&label, aim)?;
        strikes.push(Strike {
            label,
            route: Route::Direct,
            worse: effect.outcome == Some(Security::Worse),
            change: effect.change.get(),
            range: effect.range.map(|r| (r.low(), r.high())),
            likelihood: effect.likelihood.map_or(1.0, |l| l.get()),
            parameter,
            cells: reached,
        });
        parameter = parameter.saturating_add(1);
    }
    for (index, externality) in intervention.externalities.iter().enumerate() {
        let label = format!("{}/externalities/{index}", intervention.id);
        let counter = parameter;
        parameter = parameter.saturating_add(1);
        let Some(change) = externality.change else {
            claims.push(Claim::new(intervention, externality, label));
            continue;
        };
        let aim = Aim {
            threat: externality.threat.as_deref(),
            component: externality.component,
            place: externality.place.as_deref(),
            group: externality.group.as_deref(),
        };
        let reached = cells.of(&label, aim)?;
        strikes.push(Strike {
            label,
            route: Route::Declared,
            worse: externality.outcome == Security::Worse,
            change: change.get(),
            range: externality.range.map(|r| (r.low(), r.high())),
            likelihood: externality.likelihood.map_or(1.0, |l| l.get()),
            parameter: counter,
            cells: reached,
        });
    }
    let message = "an effect names no cell of this network (threat, place or group was filtered out), so it moves nothing";
    let lost = strikes.iter().filter(|s| s.cells.is_empty());
    notes.extend(lost.map(|s| Note::new("effect-without-cell", message, [s.label.clone()])));
    strikes.retain(|s| !s.cells.is_empty());
    Ok(strikes)
}

/// Responses of shocks that add up, none of them out of bounds; none where some may not.
fn together(world: &Anchored, shocks: &[Shocks], words: &[HorizonWord], tick: Tick<'_>) -> Result<Option<Vec<Vec<Response>>>> {
    if shocks.len() < 4 {
        return Ok(None);
    }
    let Some(superposition) = world.superposition(reads(words), tick)? else { return Ok(None) };
    let sparse = |shock: Vec<f64>| shock.into_iter().enumerate().filter(|(_, d)| *d != 0.0).collect::<Vec<_>>();
    let sides: Vec<Vec<(usize, f64)>> = shocks.iter().flat_map(|s| [sparse(s.worse()), sparse(s.better())]).collect();
    let Some(moved) = superposition.respond(&sides, tick)? else { return Ok(None) };
    let mut found = Vec::with_capacity(shocks.len());
    for (both, (moved, shocks)) in sides.chunks(2).zip(moved.chunks(2).zip(shocks)) {
        let ([_, _], [worse, better]) = (both, moved) else { return Ok(None) };
        let mut responses = Vec::with_capacity(words.len());
        for word in words {
            let at = |moved: &Moved| {
                let [short, medium, long] = &moved.horizons;
                match word {
                    HorizonWord::Short => (short.clone(), Some(0.0)),
                    HorizonWord::Medium => (medium.clone(), Some(0.0)),
                    HorizonWord::Long => (long.clone(), Some(0.0)),
                    HorizonWord::Rest => (moved.rest.clone(), moved.error),
                }
            };
            let ((worse, worse_error), (better, better_error)) = (at(worse), at(better));
            let (Some(worse), Some(better)) = (worse, better) else { return Ok(None) };
            let net = shocks::sum(&worse, &better);
            let (up, down) = (shocks.worse(), shocks.better());
            let clear = |cell: usize| {
                let at = |values: &[f64]| values.get(cell).copied().unwrap_or(0.0);
                let sides = [(at(&worse), at(&up)), (at(&better), at(&down)), (at(&net), at(&up) + at(&down))];
                sides.iter().all(|(moved, own)| {
                    let before = moved - own;
                    superposition.clear(cell, moved.min(before), moved.max(before))
                })
            };
            if !(0..net.len()).all(clear) {
                return Ok(None);
            }
            let error = worse_error.zip(better_error).map(|(a, b)| a + b);
            responses.push(Response {
                worse: Reading { delta: Some(worse), error: worse_error },
                better: Reading { delta: Some(better), error: better_error },
                net: Reading { delta: Some(net), error },
            });
        }
        found.push(responses);
    }
    Ok(Some(found))
}

/// The last runs of each side: courses that differ on the other side alone share them.
#[derive(Debug, Default)]
pub(super) struct Memory {
    worse: Option<(Vec<f64>, Vec<Reading>)>,
    better: Option<(Vec<f64>, Vec<Reading>)>,
}

impl Memory {
    pub(super) fn respond(&mut self, world: &Anchored, shocks: &Shocks, words: &[HorizonWord], tick: Tick<'_>) -> Result<Vec<Response>> {
        let (worse, better) = (shocks.worse(), shocks.better());
        let of_worse = remembered(&mut self.worse, &worse, world, words, tick)?;
        let of_better = remembered(&mut self.better, &better, world, words, tick)?;
        let none = |shock: &[f64]| shock.iter().all(|&d| d == 0.0);
        let of_both = match (none(&worse), none(&better)) {
            (false, false) => read(&shocks::sum(&worse, &better), world, words, tick)?,
            (false, true) => of_worse.clone(),
            (true, _) => of_better.clone(),
        };
        let readings = of_worse.into_iter().zip(of_better).zip(of_both);
        Ok(readings.map(|((worse, better), net)| Response { worse, better, net }).collect())
    }
}

fn remembered(
    memory: &mut Option<(Vec<f64>, Vec<Reading>)>,
    shock: &[f64],
    world: &Anchored,
    words: &[HorizonWord],
    tick: Tick<'_>,
) -> Result<Vec<Reading>> {
    if let Some((known, reading)) = memory
        && known == shock
    {
        return Ok(reading.clone());
    }
    let reading = read(shock, world, words, tick)?;
    *memory = Some((shock.to_vec(), reading.clone()));
    Ok(reading)
}

/// Where a run has to go.
pub(super) fn reads(words: &[HorizonWord]) -> Reads {
    Reads { rest: words.contains(&HorizonWord::Rest), periods: words.iter().any(|word| *word != HorizonWord::Rest) }
}

/// Δ of a shock at each horizon asked for.
fn read(shock: &[f64], world: &Anchored, words: &[HorizonWord], tick: Tick<'_>) -> Result<Vec<Reading>> {
    if shock.iter().all(|&d| d == 0.0) {
        return Ok(words.iter().map(|_| Reading { delta: Some(vec![0.0; shock.len()]), error: Some(0.0) }).collect());
    }
    let effect = world.effect_read(shock, &[], reads(words), tick)?;
    let [short, medium, long] = effect.horizons;
    let error = effect.error_bound;
    let reading = |word: &HorizonWord| match word {
        HorizonWord::Short => Reading { delta: short.clone(), error: Some(0.0) },
        HorizonWord::Medium => Reading { delta: medium.clone(), error: Some(0.0) },
        HorizonWord::Long => Reading { delta: long.clone(), error: Some(0.0) },
        HorizonWord::Rest => Reading { delta: effect.rest.clone(), error },
    };
    Ok(words.iter().map(reading).collect())
}
