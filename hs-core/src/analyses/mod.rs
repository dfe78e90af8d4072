//! Questions, one file each: settings, a `run`, a result with tables.
//!
//! | group | about |
//! |---|---|
//! | [`domino`] | the network: what feeds what |
//! | [`doubt`] | how sure the answers are |
//! | [`thresholds`] | severity and prevalence against cuts |
//! | [`situation`] | by level and by group: needs, vulnerabilities, capacities |
//! | [`voices`] | what people themselves say |
//! | [`process`] | who acts, who takes part, what the framework asks |
//! | [`responses`] | what is done about it, and what that does beyond its target |

pub mod domino;
pub mod doubt;
pub(crate) mod judged;
pub mod process;
pub mod responses;
pub mod situation;
pub mod thresholds;
pub mod voices;
