//! What is there to build on, what is neglected, what is only a signal of stress, and where does need meet no capacity?

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::capacity_rows::{Coping, CopingScore, Crosswalk, Inventory, Readiness, ResourceRow, Unlocks};
use super::capacity_rows::{coping, crosswalk, inventory, readiness, resources, scores, unlocks};
use super::chronic_and_sudden::ChronicAndSudden;
use super::hot_spots::{HotSpot, hot_spots};
use super::resilience::{Resilience, resilience};
use super::sighted::{Sight, sight};
use super::vital_core::keep_back;
use super::{capacity_tables, level};
use crate::analyses::responses::capacity_use::capacities;
use crate::analyses::thresholds::{Criticality, Observations};
use crate::kernels::{Tick, never};
use crate::network::Atlas;
use crate::tables::{Note, Outcome};
use crate::{Assessment, Error, Result};

/// What is there to build on, what is neglected, what is only a signal of stress, and where does need meet no capacity?
///
/// Harmful coping stands in a table of its own and in none of the others: it is a signal of stress and no strength. What nobody recorded is
/// not assessed; it is never taken for a capacity of 0.
///
/// # Method
/// Neglected: recorded above 0, named by no strategy, and no strategy works on what it stands against there. Readiness of a strategy: the
/// least level of what it needs; none while something it needs is on no record. Hot spots: need beside capacity 1 - Π(1 - level); rank = 1 +
/// how many others have at least the need and at most the capacity, with an interval over draws of the ranges. Resilience: buffer (mean over
/// components of 1 - Π(1 - level)) and the median recovery of shocks, each by itself. Coping scores: rCSI 0-3, 4-18, 19 and more; LCS
/// categories 1 to 4 as coded.
///
/// # Complexity
/// Cells times capacities, and draws times cells.
///
/// # Errors
/// A cut or level outside its bounds; as [`Criticality::run`] and [`ChronicAndSudden::run`].
///
/// # References
/// DFID, *Sustainable Livelihoods Guidance Sheets*, 1999; Maxwell and Caldwell, *The Coping Strategies Index: Field Methods Manual*, 2008;
/// IPC Global Partners, *Technical Manual 3.1*, 2021; FAO, *Resilience Index Measurement and Analysis*, 2016.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CapacityProfile {
    /// Which cells are read.
    pub criticality: Criticality,
    /// What need is.
    pub need: Need,
    /// Need from which it is high.
    pub need_cut: f64,
    /// Capacity from which it is high.
    pub capacity_cut: f64,
    /// How shocks are read for resilience.
    pub shocks: ChronicAndSudden,
    /// Draws over ranges, for ranks; 0 for none.
    pub draws: u32,
    /// Seed of the draws.
    pub seed: u64,
    /// Probability of the intervals.
    pub level: f64,
    /// Smallest sample whose figures are shown; 0 shows all.
    pub min_n: u64,
}

impl Default for CapacityProfile {
    fn default() -> Self {
        CapacityProfile {
            criticality: Criticality { observations: Observations::Fill, ..Criticality::default() },
            need: Need::Severity,
            need_cut: 0.5,
            capacity_cut: 0.5,
            shocks: ChronicAndSudden::default(),
            draws: 1000,
            seed: 0,
            level: 0.9,
            min_n: 25,
        }
    }
}

crate::framework::words::words!(
    /// What need is.
    Need {
        /// How bad for those affected.
        Severity = "severity",
        /// Severity x prevalence: how bad for anyone of the cell.
        Burden = "burden",
    }
);

/// What [`CapacityProfile`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CapacityProfileResult {
    /// The settings.
    pub settings: CapacityProfile,
    /// Everything on record but harmful coping, then what is needed and missing.
    pub inventory: Vec<Inventory>,
    /// Harmful coping, apart.
    pub harmful_coping: Vec<Coping>,
    /// By intervention.
    pub readiness: Vec<Readiness>,
    /// Two axes.
    pub hot_spots: Vec<HotSpot>,
    /// What interventions use.
    pub resources: Vec<ResourceRow>,
    /// Buffer and recovery.
    pub resilience: Vec<Resilience>,
    /// Which capacity stands against which cell.
    pub crosswalk: Vec<Crosswalk>,
    /// What is missing, by how many strategies it would make ready.
    pub unlocks: Vec<Unlocks>,
    /// Coping indices, coded.
    pub coping_scores: Vec<CopingScore>,
    /// Cells kept back.
    pub suppressed: usize,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

impl CapacityProfile {
    /// Lists and compares capacities.
    ///
    /// # Errors
    /// As said above.
    pub fn run(&self, assessment: &Assessment) -> Result<CapacityProfileResult> {
        self.run_with(assessment, &never)
    }

    /// As [`CapacityProfile::run`], stopped where `tick` says so.
    ///
    /// # Errors
    /// As [`CapacityProfile::run`]; `Cancelled`.
    pub fn run_with(&self, assessment: &Assessment, tick: Tick<'_>) -> Result<CapacityProfileResult> {
        for (name, cut) in [("need_cut", self.need_cut), ("capacity_cut", self.capacity_cut)] {
            if !(0.0..=1.0).contains(&cut) {
                return Err(Error::argument(format!("`{name}`: found the cut {cut}, wanted a number from 0 to 1")));
            }
        }
        level(self.level)?;
        let atlas = Atlas::new(assessment)?;
        let interventions: Vec<_> = assessment.interventions.iter().collect();
        let rows = capacities(assessment, &interventions);
        let (sights, mut notes) = sight(assessment, &self.criticality)?;
        let kept_back = keep_back(&atlas, &sights, self.min_n)?;
        let seen: Vec<&Sight> = sights.iter().zip(&kept_back).filter(|(_, hidden)| !**hidden).map(|(s, _)| s).collect();
        let suppressed = sights.len() - seen.len();
        if suppressed > 0 {
            let message = format!("{suppressed} cells rest on too few people asked, or would tell of such, and stand in no table");
            notes.push(Note::new("suppressed", message, Vec::<String>::new()));
        }
        let readiness = readiness(assessment, &rows);
        let resilience = resilience(assessment, &atlas, &self.shocks)?;
        let hot_spots = hot_spots(self, assessment, &atlas, &seen, tick)?;
        if hot_spots.iter().any(|spot| spot.capacity.is_none()) {
            let message = "hot spots without any capacity on record have no rank: what is not recorded is not known to be absent";
            notes.push(Note::new("capacity-not-assessed", message, Vec::<String>::new()));
        }
        let harmful = coping(assessment);
        if !harmful.is_empty() {
            let message = "harmful coping is listed apart and counted as strength nowhere: not in readiness, hot spots or buffer";
            notes.push(Note::new("harmful-coping", message, harmful.iter().map(|c| c.capacity.clone())));
        }
        Ok(CapacityProfileResult {
            settings: self.clone(),
            inventory: inventory(assessment, &rows),
            harmful_coping: harmful,
            unlocks: unlocks(&readiness),
            readiness,
            hot_spots,
            resources: resources(assessment),
            resilience,
            crosswalk: crosswalk(assessment, &atlas, &seen)?,
            coping_scores: scores(assessment, &atlas, self.min_n)?,
            suppressed,
            notes,
        })
    }
}

crate::tables::arrow_tables!(CapacityProfileResult);

impl CapacityProfileResult {
    /// Settings, facts, tables (`inventory`, `neglected`, `harmful_coping`, `readiness`, `hot_spots`, `resources`, `resilience`, `crosswalk`,
    /// `unlocks`, `coping_scores`) and notes.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("capacity_profile", &self.settings)?;
        let neglected = self.inventory.iter().filter(|r| r.state == Some("neglected")).count();
        outcome.facts.insert("capacities".into(), json!(self.inventory.iter().filter(|r| r.level.is_some()).count()));
        outcome.facts.insert("neglected".into(), json!(neglected));
        outcome.facts.insert("harmful_coping".into(), json!(self.harmful_coping.len()));
        outcome.facts.insert("suppressed".into(), json!(self.suppressed));
        outcome.tables = capacity_tables::tables(self)?;
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
