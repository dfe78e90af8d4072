//! What does each intervention do outside its own target, for good and ill, to whom and where?

use serde::{Deserialize, Serialize};

use super::externality_cells::Cells;
use super::externality_result::{CellEffect, Claim, CutRow, ExternalitiesResult, HorizonWord};
use super::shocks::{self, Route, Strike};
use crate::assessment::{Intervention, Outcome as Security};
use crate::kernels::{Tick, never};
use crate::network::{Aim, DominoNetwork, Expansion};
use crate::propagation::{AnchorSettings, Anchored, Model};
use crate::tables::Note;
use crate::{Assessment, Error, Result};

/// What does each intervention do outside its own target, for good and ill, to whom and where?
///
/// Better and worse are kept apart in every row and table; a cell's `net` stands beside them. A change is in severity points, and positive
/// means *more severe*. Severity moves away from what was observed: without an intervention nothing moves.
///
/// # Method
/// With worsening and improving shocks d⁺ and d⁻: worse = Δ(d⁺), better = Δ(d⁻), net = Δ(d⁺ + d⁻), interaction = net - worse - better.
/// Uncertain effects are weighed by their likelihood: exactly to 12 of them without ranges, else by the mean over seeded draws.
///
/// # References
/// United Nations Human Security Unit (2009), *Human Security in Theory and Practice*, Table III. Anderson (1999), *Do No Harm*.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Externalities {
    /// Ids of the interventions; all where absent.
    pub interventions: Option<Vec<String>>,
    /// How severity travels.
    pub model: Model,
    /// When the effects are read.
    pub horizon: Horizons,
    /// Id of the partition the group axis runs over; the whole population where absent.
    pub groups: Option<String>,
    /// Ids of the places; all where absent.
    pub places: Option<Vec<String>>,
    /// The period asked for; the latest of each cell where absent.
    pub period: Option<String>,
    /// What a link without a number is worth, 0 to 1; it takes no part where absent.
    pub unweighted: Option<f64>,
    /// τ: a cell that gets worse by more than this many severity points is a harm.
    pub harm: f64,
    /// τ_d: groups of one place that differ by more than this many severity points are divided.
    pub divider: f64,
    /// Bounds of the severity phases, from mild to severe.
    pub phases: [f64; 4],
    /// Draws, where uncertain effects cannot be enumerated.
    pub draws: u32,
    /// Seed of the draws.
    pub seed: u64,
    /// Settings of the anchoring, its solver, and the horizons in periods.
    pub anchoring: AnchorSettings,
}

impl Default for Externalities {
    fn default() -> Self {
        Externalities {
            interventions: None,
            model: Model::default(),
            horizon: Horizons::Rest,
            groups: None,
            places: None,
            period: None,
            unweighted: None,
            harm: 0.01,
            divider: 0.01,
            phases: [0.2, 0.4, 0.6, 0.8],
            draws: 1000,
            seed: 0,
            anchoring: AnchorSettings::default(),
        }
    }
}

/// When the effects are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Horizons {
    /// After the short horizon.
    Short,
    /// After the medium horizon.
    Medium,
    /// After the long horizon.
    Long,
    /// Where the network settles.
    #[default]
    Rest,
    /// All four.
    All,
}

impl Externalities {
    /// Runs the analysis.
    ///
    /// # Errors
    /// `NotFound` for an intervention, partition or place that does not exist; `Argument` for a setting out of its domain; `Diverging`
    /// where the model has no finite answer; `Undefined` where the baseline is.
    pub fn run(&self, assessment: &Assessment) -> Result<ExternalitiesResult> {
        self.run_with(assessment, &never)
    }

    /// Runs the analysis; `tick` is told how many runs are done and answers whether to go on.
    ///
    /// # Errors
    /// As [`Externalities::run`], and `Cancelled` where `tick` says so.
    pub fn run_with(&self, assessment: &Assessment, tick: Tick<'_>) -> Result<ExternalitiesResult> {
        self.check()?;
        let chosen = self.chosen(assessment)?;
        let network = DominoNetwork::expand(
            assessment,
            &Expansion {
                places: self.places.clone(),
                groups: self.groups.clone(),
                period: self.period.clone(),
                unweighted: self.unweighted,
                interventions: Some(chosen.iter().map(|(_, i)| i.id.clone()).collect()),
                ..Expansion::default()
            },
        )?;
        let anchored = Anchored::with_tick(&network, &self.model, &self.anchoring, tick)?;
        let mut cells = Cells::new(assessment, &network)?;
        let mut result = ExternalitiesResult::new(self, assessment, &network, &anchored);
        let words = self.words();
        for (counter, intervention) in chosen {
            let strikes = self.strikes(intervention, counter, &mut cells, &mut result)?;
            let found = self.one(&strikes, &anchored, &words, tick)?;
            result.cuts.extend(found.cuts.into_iter().map(|cut| CutRow { intervention: intervention.id.clone(), cut }));
            result.add(intervention, found.cells, found.exact);
        }
        result.notes.extend(cells.notes());
        result.finish(self, assessment)
    }

    fn check(&self) -> Result<()> {
        let share = |name: &str, value: f64| {
            if (0.0..=1.0).contains(&value) {
                Ok(())
            } else {
                Err(Error::argument(format!("`{name}` is {value}, wanted a number from 0 to 1")))
            }
        };
        share("harm", self.harm)?;
        share("divider", self.divider)?;
        for bound in self.phases {
            share("phases", bound)?;
        }
        if !self.phases.is_sorted_by(|a, b| a < b) {
            return Err(Error::argument(format!("`phases` is {:?}, wanted four rising bounds", self.phases)));
        }
        if self.draws == 0 {
            return Err(Error::argument("`draws` is 0, wanted at least 1"));
        }
        Ok(())
    }

    /// The interventions asked for, each with the counter of its first effect in the whole assessment.
    fn chosen<'a>(&self, assessment: &'a Assessment) -> Result<Vec<(u32, &'a Intervention)>> {
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
        let Some(ids) = &self.interventions else { return Ok(all) };
        let known = || assessment.interventions.iter().map(|i| i.id.as_str());
        ids.iter()
            .map(|id| all.iter().find(|(_, i)| i.id == *id).copied().ok_or_else(|| Error::not_found("intervention", id, known())))
            .collect()
    }

    fn words(&self) -> Vec<HorizonWord> {
        match self.horizon {
            Horizons::Short => vec![HorizonWord::Short],
            Horizons::Medium => vec![HorizonWord::Medium],
            Horizons::Long => vec![HorizonWord::Long],
            Horizons::Rest => vec![HorizonWord::Rest],
            Horizons::All => vec![HorizonWord::Short, HorizonWord::Medium, HorizonWord::Long, HorizonWord::Rest],
        }
    }

    /// The effects with a number, on their cells; claims and effects that reach no cell are noted.
    fn strikes(
        &self,
        intervention: &Intervention,
        counter: u32,
        cells: &mut Cells<'_>,
        result: &mut ExternalitiesResult,
    ) -> Result<Vec<Strike>> {
        let mut strikes = Vec::new();
        let mut parameter = counter;
        let mut add = |strike: Strike, result: &mut ExternalitiesResult| {
            if strike.cells.is_empty() {
                result.notes.push(Note::new(
                    "effect-without-cell",
                    "an effect names no cell of this network (threat, place or group was filtered out), so it moves nothing",
                    [strike.label],
                ));
            } else {
                strikes.push(strike);
            }
        };
        for (index, effect) in intervention.effects.iter().enumerate() {
            let label = format!("{}/effects/{index}", intervention.id);
            let aim = Aim { threat: Some(&effect.threat), component: None, place: effect.place.as_deref(), group: effect.group.as_deref() };
            let reached = cells.of(&label, aim)?;
            let strike = Strike {
                label,
                route: Route::Direct,
                worse: effect.outcome == Some(Security::Worse),
                change: effect.change.get(),
                range: effect.range.map(|r| (r.low(), r.high())),
                likelihood: effect.likelihood.map_or(1.0, |l| l.get()),
                parameter,
                cells: reached,
            };
            add(strike, result);
            parameter = parameter.saturating_add(1);
        }
        for (index, externality) in intervention.externalities.iter().enumerate() {
            let label = format!("{}/externalities/{index}", intervention.id);
            let Some(change) = externality.change else {
                result.claims.push(Claim::new(intervention, externality, label));
                parameter = parameter.saturating_add(1);
                continue;
            };
            let aim = Aim {
                threat: externality.threat.as_deref(),
                component: externality.component,
                place: externality.place.as_deref(),
                group: externality.group.as_deref(),
            };
            let reached = cells.of(&label, aim)?;
            let strike = Strike {
                label,
                route: Route::Declared,
                worse: externality.outcome == Security::Worse,
                change: change.get(),
                range: externality.range.map(|r| (r.low(), r.high())),
                likelihood: externality.likelihood.map_or(1.0, |l| l.get()),
                parameter,
                cells: reached,
            };
            add(strike, result);
            parameter = parameter.saturating_add(1);
        }
        Ok(strikes)
    }

    /// Expected effects of one intervention on every cell, at every horizon asked for.
    fn one(&self, strikes: &[Strike], anchored: &Anchored, words: &[HorizonWord], tick: Tick<'_>) -> Result<Found> {
        let baseline = anchored.baseline();
        let (scenarios, exact) = shocks::scenarios(strikes, self.draws, self.seed);
        let mut cells: Vec<Vec<CellEffect>> =
            words.iter().map(|&word| (0..baseline.len()).map(|p| CellEffect::still(p, word)).collect()).collect();
        let full: Vec<f64> = strikes.iter().map(|s| s.change).collect();
        let (_, cuts) = shocks::realise(strikes, &full, baseline);
        let mut memory: Option<(Vec<f64>, Vec<Reading>)> = None;
        let mut memory_better: Option<(Vec<f64>, Vec<Reading>)> = None;
        for scenario in &scenarios {
            let (shocks, _) = shocks::realise(strikes, &scenario.changes, baseline);
            let (worse, better) = (shocks.worse(), shocks.better());
            let has_worse = worse.iter().any(|&d| d != 0.0);
            let has_better = better.iter().any(|&d| d != 0.0);
            let of_worse = remembered(&mut memory, &worse, anchored, words, tick)?;
            let of_better = remembered(&mut memory_better, &better, anchored, words, tick)?;
            let of_both = match (has_worse, has_better) {
                (true, true) => read(&shocks::sum(&worse, &better), anchored, words, tick)?,
                (true, false) => of_worse.clone(),
                _ => of_better.clone(),
            };
            for (((row, worse), better), net) in cells.iter_mut().zip(&of_worse).zip(&of_better).zip(&of_both) {
                for cell in row {
                    cell.add(scenario.weight, &shocks, worse, better, net);
                }
            }
        }
        Ok(Found { cells: cells.into_iter().flatten().collect(), cuts, exact })
    }
}

/// Scenarios that differ on the other side alone share a run.
fn remembered(
    memory: &mut Option<(Vec<f64>, Vec<Reading>)>,
    shock: &[f64],
    anchored: &Anchored,
    words: &[HorizonWord],
    tick: Tick<'_>,
) -> Result<Vec<Reading>> {
    if let Some((known, reading)) = memory
        && known == shock
    {
        return Ok(reading.clone());
    }
    let reading = read(shock, anchored, words, tick)?;
    *memory = Some((shock.to_vec(), reading.clone()));
    Ok(reading)
}

/// Δ of a shock at each horizon asked for; no shock moves nothing, whatever the baseline.
fn read(shock: &[f64], anchored: &Anchored, words: &[HorizonWord], tick: Tick<'_>) -> Result<Vec<Reading>> {
    if shock.iter().all(|&d| d == 0.0) {
        return Ok(words.iter().map(|_| Reading { delta: Some(vec![0.0; shock.len()]), error: Some(0.0) }).collect());
    }
    let effect = anchored.effect(shock, &[], tick)?;
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

struct Found {
    cells: Vec<CellEffect>,
    cuts: Vec<shocks::Cut>,
    exact: bool,
}

/// Δ by position at one horizon; none where it is undefined.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    pub(crate) delta: Option<Vec<f64>>,
    /// Bound of the solver's error; none where none is known. A horizon is a count of steps, with nothing left to settle.
    pub(crate) error: Option<f64>,
}
