//! What does each intervention do outside its own target, for good and ill, to whom and where?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::draws::{Draws, Plan, SIDES, Worlds};
use super::externality_result::{CutRow, ExternalitiesResult, HorizonWord, InterventionEffects};
use super::options::{Courses, Options, Scene};
use super::packages::{self, Set};
use super::spread::{Figures, Frame, Summary, summarise};
use crate::kernels::{Tick, never};
use crate::propagation::{AnchorSettings, Model};
use crate::tables::Note;
use crate::{Assessment, Error, Result};

/// Numbers of draws held at one time.
const HELD: usize = 1 << 25;

/// What does each intervention do outside its own target, for good and ill, to whom and where?
///
/// Better and worse are kept apart in every row and table; a cell's `net` stands beside them. A change is in severity points, and positive
/// means *more severe*. Severity moves away from what was observed: without an intervention nothing moves.
///
/// # Method
/// With worsening and improving shocks d⁺ and d⁻: worse = Δ(d⁺), better = Δ(d⁻), net = Δ(d⁺ + d⁻), interaction = net - worse - better.
/// Uncertain effects are weighed by their likelihood: exactly to 12 of them without ranges, else by the mean over seeded draws. Intervals are
/// quantiles over draws of effects, linkages and conditions together, the same draws for every intervention; the chance of harm is the share of
/// draws in which a cell gets worse by more than τ.
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
    /// Sets of interventions taken together, by name; run beside the single ones.
    pub packages: BTreeMap<String, Vec<String>>,
    /// Level of the intervals.
    pub level: f64,
    /// The chance of harm from which a cell is listed as one, above 0.
    pub flag: f64,
    /// Which ranges the intervals carry.
    pub ranges: Ranges,
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
            packages: BTreeMap::new(),
            level: 0.9,
            flag: 0.05,
            ranges: Ranges::All,
            draws: 1000,
            seed: 0,
            anchoring: AnchorSettings::default(),
        }
    }
}

/// Which ranges the intervals and chances carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ranges {
    /// Those of effects, with their likelihoods, of linkages and of conditions, in the same draws.
    #[default]
    All,
    /// Those of effects, with their likelihoods; linkages and conditions stand at their values.
    Effects,
    /// None: no intervals and no chances; harms are flagged on the expectation.
    None,
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
        let asked = self.asked(assessment)?;
        let options = Options::new(assessment, &self.scene(), asked.as_deref(), tick)?;
        let sets = packages::sets(self, &options)?;
        let mut result = ExternalitiesResult::new(self, assessment, &options, &sets)?;
        let words = self.words();
        let frame = Frame::new(&result.nodes);
        let ranged = self.ranges == Ranges::All && options.has_ranges()?;
        let mut full = Vec::new();
        for set in &sets {
            let Courses { scenarios, exact } = options.courses(&set.members, self.draws, self.seed);
            let plan = Plan::new(&options, &set.members, scenarios, exact);
            let draws = Draws::at_point(&options, &plan, &words, tick)?;
            if draws.full().is_some_and(|full| full > 0) {
                full.push(set.name.clone());
            }
            let summaries = match ranged || self.ranges == Ranges::None {
                true => Vec::new(),
                false => self.summaries(&draws, &words, &frame, tick)?,
            };
            result.cuts.extend(options.cuts(&set.members).into_iter().map(|cut| CutRow { intervention: set.name.clone(), cut }));
            result.interventions.push(InterventionEffects {
                id: set.name.clone(),
                component: set.component,
                members: set.members.iter().filter_map(|m| options.interventions().get(*m)).map(|i| i.id.clone()).collect(),
                exact,
                cells: draws.expected(&words),
                summaries,
            });
        }
        if !full.is_empty() {
            let message = "effects add up, but in some draws a severity would have left 0 to 1: those draws were run in full";
            result.notes.push(Note::new("run-in-full", message, full));
        }
        if ranged {
            self.over_worlds(&options, &sets, &words, &frame, &mut result, tick)?;
        }
        result.finish(self, assessment, ranged)
    }

    /// The interventions to aim: those asked for, and those of packages.
    fn asked(&self, assessment: &Assessment) -> Result<Option<Vec<String>>> {
        let Some(asked) = &self.interventions else { return Ok(None) };
        let mut all = asked.clone();
        for id in self.packages.values().flatten() {
            if !all.contains(id) {
                all.push(id.clone());
            }
        }
        let known = || assessment.interventions.iter().map(|i| i.id.as_str());
        for id in &all {
            if !assessment.interventions.iter().any(|i| i.id == *id) {
                return Err(Error::not_found("intervention", id, known()));
            }
        }
        Ok(Some(all))
    }

    fn figures(&self) -> Figures {
        Figures { harm: self.harm, divider: self.divider, flag: self.flag, level: self.level }
    }

    fn summaries(
        &self,
        draws: &Draws,
        words: &[HorizonWord],
        frame: &Frame,
        tick: Tick<'_>,
    ) -> Result<Vec<(HorizonWord, Option<Summary>)>> {
        let one = |(at, word): (usize, &HorizonWord)| Ok((*word, summarise(draws, at, frame, self.figures(), tick)?));
        words.iter().enumerate().map(one).collect()
    }

    /// Intervals over worlds of linkages and conditions: as many options at a time as there is room for, each world shared by all of them.
    fn over_worlds(
        &self,
        options: &Options<'_>,
        sets: &[Set],
        words: &[HorizonWord],
        frame: &Frame,
        result: &mut ExternalitiesResult,
        tick: Tick<'_>,
    ) -> Result<()> {
        let each = (self.draws as usize).saturating_mul(options.network().len()).saturating_mul(SIDES * words.len()).max(1);
        let together = (HELD / each).max(1);
        let worlds = Worlds::new(options, (self.draws, self.seed), sets.len() > together, tick)?;
        for (some, found) in sets.chunks(together).zip(result.interventions.chunks_mut(together)) {
            let plan = |set: &Set| {
                let scenarios = (0..self.draws).map(|draw| options.course(&set.members, draw, self.seed)).collect();
                Plan::new(options, &set.members, scenarios, false)
            };
            let plans: Vec<Plan<'_>> = some.iter().map(plan).collect();
            let draws = Draws::in_worlds(options, &plans, &worlds, words, tick)?;
            for (draws, found) in draws.iter().zip(found) {
                found.summaries = self.summaries(draws, words, frame, tick)?;
            }
        }
        Ok(())
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
        share("flag", self.flag)?;
        if self.flag == 0.0 {
            return Err(Error::argument("`flag` is 0, wanted a chance above 0: every cell would be a harm"));
        }
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(Error::argument(format!("`level` is {}, wanted between 0 and 1", self.level)));
        }
        if self.draws == 0 {
            return Err(Error::argument("`draws` is 0, wanted at least 1"));
        }
        Ok(())
    }

    fn scene(&self) -> Scene {
        Scene {
            model: self.model.clone(),
            groups: self.groups.clone(),
            places: self.places.clone(),
            period: self.period.clone(),
            unweighted: self.unweighted,
            anchoring: self.anchoring.clone(),
        }
    }

    fn words(&self) -> Vec<HorizonWord> {
        self.horizon.words()
    }
}

impl Horizons {
    /// The horizons that are read, in order.
    pub(crate) fn words(self) -> Vec<HorizonWord> {
        match self {
            Horizons::Short => vec![HorizonWord::Short],
            Horizons::Medium => vec![HorizonWord::Medium],
            Horizons::Long => vec![HorizonWord::Long],
            Horizons::Rest => vec![HorizonWord::Rest],
            Horizons::All => vec![HorizonWord::Short, HorizonWord::Medium, HorizonWord::Long, HorizonWord::Rest],
        }
    }
}
