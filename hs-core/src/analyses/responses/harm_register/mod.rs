//! Which harm may each intervention do, by which way, and what has been decided about it?
//!
//! | file | what it answers |
//! |---|---|
//! | `mod.rs` | what is asked |
//! | `rows.rs` | cells that may get worse, read from the externalities; claims without a number |
//! | `judgements.rs` | what people decided about a harm, beside what is computed |
//! | `pathways.rs` | which chains carry a harm, with their evidence |
//! | `assessed.rs` | what was assessed and what was not, and why |
//! | `prompts.rs` | what Table III and the databank's cases warn of |
//! | `dividers.rs` | dividers and connectors |
//! | `result.rs` | the result and its tables |

mod assessed;
mod dividers;
mod judgements;
mod pathways;
mod prompts;
mod result;
mod rows;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::{Externalities, ExternalitiesResult, Horizons};
use crate::kernels::{Tick, never};
use crate::{Assessment, Error, Result};

pub use assessed::{Assessed, AssessedState};
pub use dividers::DividerOrConnector;
pub use judgements::{Unmatched, Verdicts};
pub use pathways::Pathway;
pub use prompts::{Prompt, PromptSource};
pub use result::HarmRegisterResult;
pub use rows::{Harm, HarmClaim};

/// Which harm may each intervention do, by which way, and what has been decided about it?
///
/// Every cell that may get worse, with its pathways and their evidence, who decided what about it, and what the handbook's Table III and the
/// databank's cases warn of beside it. Decisions stand beside the computed figures, never over them. Nothing without a number is called low:
/// it reads "not assessed". Prompts are prompts: they say what happened or may happen elsewhere, not what will happen here.
///
/// # Method
/// Harms as in [`Externalities`]. Pathways: the `chains` ways from struck cells to the harmed cell with the greatest product of weights on the
/// anchored network, of those whose signs make the harm: from a worsening over an even number of dampening links, from an improvement over an odd.
///
/// # Complexity
/// As [`Externalities`], and for each harmed cell, to `most_cells` an intervention, a search of the network for each link of each chain.
///
/// # References
/// United Nations Human Security Unit (2009), *Human Security in Theory and Practice*, Table III. Anderson (1999), *Do No Harm*.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HarmRegister {
    /// What is computed, and of which interventions; all four horizons where none is named.
    #[serde(deserialize_with = "at_all_horizons")]
    pub externalities: Externalities,
    /// How many chains are told for each harmed cell.
    pub chains: usize,
    /// Links of the longest chain.
    pub max_length: usize,
    /// Harmed cells of one intervention whose chains are told, from the greatest harm.
    pub most_cells: usize,
    /// Severity from which a threat is shared where every group of a place meets it.
    pub shared: f64,
    /// Whether the databank's eight cases are asked for prompts.
    pub databank: bool,
}

impl Default for HarmRegister {
    fn default() -> Self {
        HarmRegister {
            externalities: Externalities { horizon: Horizons::All, ..Externalities::default() },
            chains: 3,
            max_length: 6,
            most_cells: 200,
            shared: 0.5,
            databank: true,
        }
    }
}

/// Externalities whose horizons are all four where they name none: a harm that comes late is a harm.
fn at_all_horizons<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Externalities, D::Error> {
    let mut given = Map::deserialize(deserializer)?;
    given.entry("horizon").or_insert_with(|| Value::from("all"));
    Externalities::deserialize(Value::Object(given)).map_err(serde::de::Error::custom)
}

impl HarmRegister {
    /// Runs the analysis.
    ///
    /// # Errors
    /// As [`Externalities::run`]; `Argument` where `chains` or `max_length` is 0 or `shared` is no share.
    pub fn run(&self, assessment: &Assessment) -> Result<HarmRegisterResult> {
        self.run_with(assessment, &never)
    }

    /// Runs the analysis; `tick` is told how far it is and answers whether to go on.
    ///
    /// # Errors
    /// As [`HarmRegister::run`], and `Cancelled` where `tick` says so.
    pub fn run_with(&self, assessment: &Assessment, tick: Tick<'_>) -> Result<HarmRegisterResult> {
        self.check()?;
        self.register(assessment, &self.externalities.run_with(assessment, tick)?, tick)
    }

    /// Runs the analysis on externalities that are there already: those of its own settings for the same assessment.
    pub(crate) fn run_on(&self, assessment: &Assessment, effects: &ExternalitiesResult) -> Result<HarmRegisterResult> {
        self.check()?;
        self.register(assessment, effects, &never)
    }

    fn register(&self, assessment: &Assessment, effects: &ExternalitiesResult, tick: Tick<'_>) -> Result<HarmRegisterResult> {
        let mut harms = rows::harms(effects)?;
        let mut claims = rows::claims(assessment, effects);
        let mut notes = effects.notes.clone();
        let mut prompts = prompts::list(self, assessment, effects, &harms, &claims, &mut notes)?;
        let unmatched = judgements::judge(assessment, effects, &mut harms, &mut claims, &mut prompts, &mut notes);
        let pathways = pathways::find(self, assessment, effects, &harms, &mut notes, tick)?;
        let assessed = assessed::list(assessment, effects, &harms, &claims, &prompts);
        let dividers = dividers::list(self, assessment, effects, &mut notes)?;
        rows::remark(effects, &harms, &mut notes);
        Ok(HarmRegisterResult { settings: self.clone(), harms, assessed, pathways, prompts, dividers, unmatched, claims, notes })
    }

    fn check(&self) -> Result<()> {
        for (setting, value) in [("chains", self.chains), ("max_length", self.max_length)] {
            if value == 0 {
                return Err(Error::argument(format!("`{setting}` is 0, wanted at least 1")));
            }
        }
        if !(0.0..=1.0).contains(&self.shared) {
            return Err(Error::argument(format!("`shared` is {}, wanted a number from 0 to 1", self.shared)));
        }
        Ok(())
    }
}
