//! Thresholds on places: known answers, published answers and laws.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)] // a test stops at what it does not expect

mod answers;
mod array_laws;
mod assessment_laws;
mod published;
