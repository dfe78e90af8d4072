//! How bad, for how many, against which bar.

mod area_phase;
mod areas;
pub(crate) mod capacities;
mod cells;
mod composite_index;
mod criticality;
mod criticality_result;
mod grid;
mod intersectoral_severity;
mod observations;
mod people_in_need;
mod phase_rules;
mod phases;
mod phases_result;
pub mod scoring;
mod years_of_individual_security;

pub use area_phase::{AreaPhase, AreaPhaseResult, AreaPhaseRow};
pub use capacities::Combined;
pub use cells::Figures;
pub use composite_index::{
    Aggregate, Aggregation, CompositeIndex, CompositeIndexResult, Deviation, DrawChoices, DrawWeight, Drawn, IndicatorRule,
    IndicatorSummary, IndicatorTable, Keep, MissingParts, NodeValue, Normalisation, Part, Penalty, Step, Treatment, Tree, UnitIndex, Vary,
    WeightNoise, WeightRule, Weighting,
};
pub use criticality::{Criticality, RiskScore};
pub(crate) use criticality_result::of_threat;
pub use criticality_result::{Class, CriticalCell, CriticalityResult, PersonsBounds};
pub use grid::Grid;
pub use intersectoral_severity::{IntersectoralRow, IntersectoralSeverity, IntersectoralSeverityResult};
pub use observations::Observations;
pub use people_in_need::{NeedRow, PeopleInNeed, PeopleInNeedResult};
pub use phases::Phases;
pub use phases_result::{AreaCell, ObservedPhase, PhaseCell, PhasesResult};
pub use years_of_individual_security::{AgeSecurity, AgeTable, InfantDeaths, YearsOfIndividualSecurity, YearsOfIndividualSecurityResult};
