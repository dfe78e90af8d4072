//! Numbers only: loops over slices, no domain word.

pub mod layered;
