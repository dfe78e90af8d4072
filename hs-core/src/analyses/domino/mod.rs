//! Questions about the domino network itself.
//!
//! | file | question |
//! |---|---|
//! | `total_effects.rs` | how much does each threat feed each other, by all paths together? |
//! | `root_causes.rs` | which threats lie upstream of most harm? |
//! | `expert_root_causes.rs` | which threats lie upstream of most harm, and how far do experts differ? |
//! | `attribution.rs` | how much of a threat's level does each upstream source explain? (`game.rs`: the game among sources) |
//! | `intersections.rs` | where do threats, vulnerabilities and capacities meet? |
//! | `blocks.rs` | which components, places or threats feed which? |
//! | `influence.rs` | how much does each threat push the others, directly and at second hand? |
//! | `roles.rs` | which threats drive the system, and which depend on it? |
//! | `clusters.rs` | which threats belong together? |
//! | `chains.rs` | by which pathways does one threat reach another? |
//! | `loops.rs` | which loops keep a situation going, and which hold it back? |
//! | `impact_diffusion.rs` | how far can the fall of one node travel, and who spreads it? |
//! | `renewal_rates.rs` | how fast do threats begin, spread and end, judging by what happened? |
//! | `renewal_check.rs` | whether such rates tell what happened |
//! | `indices.rs` | what kind of map is this, and which node plays which part in it? |

mod attribution;
mod blocks;
mod blocks_result;
mod canonical;
mod chains;
mod clusters;
mod expert_root_causes;
mod game;
mod impact_diffusion;
mod indices;
mod influence;
mod intersections;
mod loops;
mod normalised;
mod renewal_check;
mod renewal_rates;
mod roles;
mod root_causes;
#[cfg(test)]
mod structure_laws;
#[cfg(test)]
mod tests;
mod total_effects;

pub use attribution::{Attribution, AttributionMethod, AttributionResult, Source};
pub use blocks::{BlockAxis, BlockOf, Blocks};
pub use blocks_result::{Block, BlocksResult, Border, Export};
pub use chains::{Chain, Chains, ChainsResult};
pub use clusters::{Clusters, ClustersResult, Member};
pub use expert_root_causes::{ExpertCause, ExpertRootCauses, ExpertRootCausesResult};
pub use impact_diffusion::{Impact, ImpactDiffusion, ImpactDiffusionResult};
pub use indices::{Degrees, Indices, IndicesResult, Kind};
pub use influence::{Influence, InfluenceResult, Push};
pub use intersections::{Intersection, Intersections, IntersectionsResult, Meeting};
pub use loops::{Loop, Loops, LoopsResult};
pub use renewal_check::{Bin, NodeCheck};
pub use renewal_rates::{EventNode, Rate, RateScope, RenewalEvent, RenewalRates, RenewalRatesResult};
pub use roles::{Cut, NodeRole, Role, Roles, RolesResult, Shares};
pub use root_causes::{Cause, RootCauses, RootCausesResult};
pub use total_effects::{TotalEffects, TotalEffectsResult};
