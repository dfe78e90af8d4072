//! Who is below the bar, in how many ways, where, in which group, and how sure are we? (Alkire-Foster)

mod scheme;
mod settings;
pub(crate) mod tallies;

pub use scheme::{Deprivation, DeprivationScheme, MissingPolicy, Value};
pub use settings::{LonelyPsu, Score};
