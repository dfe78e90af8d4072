//! Questions about the situation by level and by group: who is below the bar, where, and what stands against it.
//!
//! | file | question |
//! |---|---|
//! | `matrix` | what threatens whom, at which level, and what stands against it |
//! | `explain` | what stands behind a cell |
//! | `inequality` | how unequal is it, within and between |
//! | `vital_core` | what of the vital core and which freedom is at stake |
//! | `chronic_and_sudden` | what stands high all the time, what strikes, who recovers |
//! | `capacity_profile` | what there is to build on, what is neglected, where need meets none |
//! | `security_infrastructure` | which norms, institutions, processes and services protect |
//! | `gender_gaps` | where women and men, girls and boys face different threats |

mod capacity_profile;
mod capacity_rows;
mod capacity_tables;
mod chronic_and_sudden;
mod chronic_series;
mod chronic_tables;
mod explain;
mod explain_hiding;
mod gender_gaps;
mod gender_harms;
mod gender_tables;
mod hiding;
mod hot_spots;
mod inequality;
mod matrix;
mod matrix_priorities;
mod matrix_spots;
mod matrix_tables;
mod matrix_views;
mod resilience;
mod security_infrastructure;
mod sighted;
mod vital_core;

pub use capacity_profile::{CapacityProfile, CapacityProfileResult, Need};
pub use capacity_rows::{Coping, CopingScore, Crosswalk, Inventory, Readiness, ResourceRow, Unlocks};
pub use chronic_and_sudden::{
    BaselinePeriods, ChronicAndSudden, ChronicAndSuddenResult, Course, CoursePoint, CourseRow, Recovery, Transition,
};
pub use explain::{Evidence, Explain, ExplainResult, Link, Naming, StandingCapacity};
pub use gender_gaps::{Gap, GapRow, GapSide, GenderGaps, GenderGapsResult, IntersectionRow, MissingRow};
pub use gender_harms::Harm as GroupHarm;
pub use hot_spots::{HotSpot, Quadrant};
pub use inequality::{GroupShare, Inequality, InequalityParts, InequalityResult};
pub use matrix::{CapacityCell, Matrix, MatrixCell, MatrixResult, RollUp, ThreatCell};
pub use matrix_priorities::Priority as NeedPriority;
pub use matrix_views::{Difference, Unequal};
pub use resilience::Resilience;
pub use security_infrastructure::{
    AccessRow, CoverageRow, InfrastructureRow, PartInPlace, SecurityInfrastructure, SecurityInfrastructureResult,
};
pub use vital_core::{CoreRow, CoreThreat, VitalCore, VitalCoreResult};

/// Refuses a level that is no probability between 0 and 1.
fn level(level: f64) -> crate::Result<()> {
    if level > 0.0 && level < 1.0 {
        return Ok(());
    }
    Err(crate::Error::argument(format!("`level`: found {level}, wanted a number between 0 and 1")))
}
