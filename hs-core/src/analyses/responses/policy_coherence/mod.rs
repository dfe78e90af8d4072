//! Do interventions and policies pull the same way, over cells, over time and with the state?
//!
//! | file | what it answers |
//! |---|---|
//! | `mod.rs` | what is asked |
//! | `pulls.rs` | which cells each intervention makes better or worse |
//! | `pairs.rs` | who works against whom, and who does the same twice |
//! | `tensions.rs` | what is gained at one horizon and lost at another |
//! | `state.rs` | whether the state is replaced, and where it is provider and source |
//! | `result.rs` | the result and its tables |

mod pairs;
mod pulls;
mod result;
mod state;
mod tensions;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::{Externalities, Horizons, Ranges};
use crate::kernels::{Tick, never};
use crate::propagation::{AnchorSettings, Model};
use crate::{Assessment, Error, Result};

pub use pairs::{Conflict, Duplicate};
pub use result::PolicyCoherenceResult;
pub use state::{DualRole, Substitution, SubstitutionFlag};
pub use tensions::Tension;

/// Do interventions and policies pull the same way, over cells, over time and with the state?
///
/// Pairs that push one cell in opposite directions, pairs that do the same twice, gains of today that are harms of tomorrow, programmes that stand
/// in for the state, and where the state is provider and source of one threat. Better and worse stand side by side and are never netted.
///
/// # Method
/// Better and worse of each intervention on each cell as in [`Externalities`]; beyond `tolerance` they count. Duplicates: cells with an effect
/// beyond the tolerance, with its sign, shared by both over cells of either (Jaccard), at least `overlap`. Substitution as Table III warns.
///
/// # Complexity
/// As [`Externalities`], and pairs of interventions times cells and horizons.
///
/// # References
/// United Nations Human Security Unit (2009), *Human Security in Theory and Practice*, section 2.2 C and Table III.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PolicyCoherence {
    /// Ids of the interventions; all where absent.
    pub interventions: Option<Vec<String>>,
    /// How severity travels.
    pub model: Model,
    /// When effects are read.
    pub horizon: Horizons,
    /// Id of the partition the group axis runs over; the whole population where absent.
    pub groups: Option<String>,
    /// Ids of the places; all where absent.
    pub places: Option<Vec<String>>,
    /// The period asked for; the latest of each cell where absent.
    pub period: Option<String>,
    /// What a link without a number is worth, 0 to 1; it takes no part where absent.
    pub unweighted: Option<f64>,
    /// Severity points from which a change counts.
    pub tolerance: f64,
    /// Share of cells from which two interventions are duplicates.
    pub overlap: f64,
    /// Draws, where uncertain effects cannot be enumerated.
    pub draws: u32,
    /// Seed of the draws.
    pub seed: u64,
    /// Settings of the anchoring, its solver, and the horizons in periods.
    pub anchoring: AnchorSettings,
    /// Conflicts listed at the most.
    pub most_conflicts: usize,
}

impl Default for PolicyCoherence {
    fn default() -> Self {
        PolicyCoherence {
            interventions: None,
            model: Model::default(),
            horizon: Horizons::All,
            groups: None,
            places: None,
            period: None,
            unweighted: None,
            tolerance: 0.01,
            overlap: 0.5,
            draws: 1000,
            seed: 0,
            anchoring: AnchorSettings::default(),
            most_conflicts: 100_000,
        }
    }
}

impl PolicyCoherence {
    /// Runs the analysis.
    ///
    /// # Errors
    /// As [`Externalities::run`]; `Argument` where `tolerance` or `overlap` is no share.
    pub fn run(&self, assessment: &Assessment) -> Result<PolicyCoherenceResult> {
        self.run_with(assessment, &never)
    }

    /// Runs the analysis; `tick` is told how far it is and answers whether to go on.
    ///
    /// # Errors
    /// As [`PolicyCoherence::run`], and `Cancelled` where `tick` says so.
    pub fn run_with(&self, assessment: &Assessment, tick: Tick<'_>) -> Result<PolicyCoherenceResult> {
        self.check()?;
        let effects = self.externalities().run_with(assessment, tick)?;
        let mut notes = effects.notes.clone();
        let pulls = pulls::of(&effects, self.tolerance, &mut notes);
        Ok(PolicyCoherenceResult {
            settings: self.clone(),
            conflicts: pairs::conflicts(self, assessment, &effects, &pulls, &mut notes, tick)?,
            duplicates: pairs::duplicates(self, assessment, &effects, &pulls, tick)?,
            tensions: tensions::list(&effects, self.tolerance),
            substitution: state::substitution(assessment, &effects),
            dual_roles: state::dual_roles(assessment, &effects),
            notes,
        })
    }

    fn externalities(&self) -> Externalities {
        Externalities {
            interventions: self.interventions.clone(),
            model: self.model.clone(),
            horizon: self.horizon,
            groups: self.groups.clone(),
            places: self.places.clone(),
            period: self.period.clone(),
            unweighted: self.unweighted,
            harm: self.tolerance,
            // pairs are read from expectations
            ranges: Ranges::None,
            draws: self.draws,
            seed: self.seed,
            anchoring: self.anchoring.clone(),
            ..Externalities::default()
        }
    }

    fn check(&self) -> Result<()> {
        for (setting, value) in [("tolerance", self.tolerance), ("overlap", self.overlap)] {
            if !(0.0..=1.0).contains(&value) {
                return Err(Error::argument(format!("`{setting}` is {value}, wanted a number from 0 to 1")));
            }
        }
        Ok(())
    }
}
