//! Numbers only: loops over slices, with no word of the domain.
//!
//! Inputs are checked once where they enter ([`Csr::from_edges`]); after that the loops index freely, allocate nothing per step and
//! give the same bytes on any number of threads.

pub mod blocked;
pub mod bound;
pub mod cascade;
pub mod chains;
pub mod choose;
pub mod communities;
pub(crate) mod components;
pub mod concordance;
pub mod contrast;
pub mod counter;
pub mod crossing;
mod csr;
pub mod cycles;
pub mod debt_rank;
pub mod dense;
pub mod ensemble;
pub mod exact;
pub mod exponential;
pub mod fixpoint;
pub mod goodness;
pub mod histogram;
pub mod index;
pub mod inequality;
pub mod intervals;
pub mod krippendorff;
pub mod lanes;
pub mod layered;
pub mod life_table;
pub mod linear;
pub mod links;
pub mod majority;
pub mod map;
pub mod pairs;
pub mod pairwise;
pub mod passes;
pub mod patterns;
pub mod polychoric;
mod pulls;
pub mod quantiles;
pub mod radius;
pub mod random_effects;
pub mod rank_tests;
pub mod ranks;
pub mod reach;
pub mod renewal;
pub mod renewal_fit;
pub mod replicates;
pub mod sampling;
pub mod scale;
pub mod shapley;
pub mod shocks;
mod sliced;
pub mod sobol;
pub mod spread;
pub mod standing;
mod step;
pub mod suppression;
pub mod survey;
pub mod tails;
pub mod ties;
pub mod transfer;
pub mod weighing;
pub mod window;

pub(crate) use csr::Filling;
pub use csr::{Csr, MOST_EDGES, MOST_LAG, MOST_NODES};

use crate::{Error, ErrorKind, Result};

/// Looked at during long work: given how far it is, `false` asks to stop.
pub type Tick<'a> = &'a dyn Fn(u64) -> bool;

/// The tick of who never stops.
pub fn never(_: u64) -> bool {
    true
}

pub(crate) fn cancelled() -> Error {
    Error::new(ErrorKind::Cancelled, "stopped as asked")
}

/// A vector of `length` copies of `value`, or a typed error where the memory is not to be had.
pub(crate) fn filled<T: Clone>(length: usize, value: T) -> Result<Vec<T>> {
    let mut vector = Vec::new();
    vector.try_reserve_exact(length).map_err(|_| no_memory(length, size_of::<T>()))?;
    vector.resize(length, value);
    Ok(vector)
}

/// A copy of a slice, or a typed error where the memory is not to be had.
pub(crate) fn copied<T: Copy>(slice: &[T]) -> Result<Vec<T>> {
    let mut vector = Vec::new();
    vector.try_reserve_exact(slice.len()).map_err(|_| no_memory(slice.len(), size_of::<T>()))?;
    vector.extend_from_slice(slice);
    Ok(vector)
}

pub(crate) fn no_memory(length: usize, size: usize) -> Error {
    Error::new(ErrorKind::Memory, format!("no memory for {length} values of {size} bytes"))
}
