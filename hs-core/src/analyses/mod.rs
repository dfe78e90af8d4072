//! Questions, one file each: settings, a `run`, a result with tables.
//!
//! | group | about |
//! |---|---|
//! | [`domino`] | the network: what feeds what |
//! | [`doubt`] | how sure the answers are |
//! | [`thresholds`] | severity and prevalence against cuts |
//! | [`voices`] | what several people say of the same links |
//! | [`responses`] | what is done about it, and what that does beyond its target |

pub mod domino;
pub mod doubt;
pub mod responses;
pub mod thresholds;
pub mod voices;
