//! Analysis of human security: from a situation on file to findings.
//!
//! | module | what it owns |
//! |---|---|
//! | [`framework`] | what the handbook fixes |
//! | [`assessment`] | what is believed: the file format `human-security/1` |
//! | [`network`] | threats and linkages as a network, expanded over places and groups |
//! | [`propagation`] | how severity travels along the network |
//! | [`analyses`] | questions, one file each |
//! | [`reports`] | what is said |
//! | [`tables`] | Arrow at the edge |
//! | [`exchange`] | other people's files |
//! | [`examples`] | eight cases of the handbook as data |

#![forbid(unsafe_code)]

pub mod analyses;
pub mod assessment;
mod error;
pub mod examples;
pub mod exchange;
pub mod files;
pub mod framework;
pub mod kernels;
pub mod network;
pub mod propagation;
pub mod reports;
mod settings;
pub mod tables;

pub use assessment::{Assessment, Limits};
pub use error::{Error, ErrorKind, Problem, ProblemKind, Result, nearest, shown};
pub use network::{DominoNetwork, Expansion};
pub use settings::settings_from_json;
