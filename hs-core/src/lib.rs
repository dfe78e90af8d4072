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

//!
//! ```
//! use hs_core::analyses::domino::RootCauses;
//! use hs_core::analyses::responses::Externalities;
//! use hs_core::propagation::FuzzyCognitiveMap;
//! use hs_core::{Assessment, DominoNetwork, Expansion};
//!
//! let text = hs_core::examples::text("shan")?;
//! let assessment = Assessment::from_json(text)?; // every problem of the document in one error
//! let network = DominoNetwork::expand(&assessment, &Expansion::default())?; // threat x place x group
//! let run = network.propagate(&FuzzyCognitiveMap::default())?;
//! let causes = RootCauses::default().run(&network)?;
//! let harm = Externalities { interventions: Some(vec!["irrigation".into()]), ..Default::default() }.run(&assessment)?;
//! for (name, batch) in harm.tables() {
//!     println!("{name}: {} rows", batch.num_rows());
//! }
//! # Ok::<(), hs_core::Error>(())
//! ```

#![forbid(unsafe_code)]

// the Rust example of the front page is a test
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct FrontPage;

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
