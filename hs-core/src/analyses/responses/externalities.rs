//! What does each intervention do outside its own target, for good and ill, to whom and where?

use serde::{Deserialize, Serialize};

use super::externality_result::{CutRow, ExternalitiesResult, HorizonWord};
use super::options::{Options, Scene};
use crate::kernels::{Tick, never};
use crate::propagation::{AnchorSettings, Model};
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
        let options = Options::new(assessment, &self.scene(), self.interventions.as_deref(), tick)?;
        let mut result = ExternalitiesResult::new(self, assessment, &options);
        let words = self.words();
        for (option, intervention) in options.interventions().iter().enumerate() {
            let found = options.expected(&[option], &words, self.draws, self.seed, tick)?;
            result.cuts.extend(found.cuts.into_iter().map(|cut| CutRow { intervention: intervention.id.clone(), cut }));
            result.add(intervention, found.cells, found.exact);
        }
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
