//! The functions of `hs.h`. Each says here what it is for and what it calls; how anything crosses is in `boundary.rs`.
//!
//! They are unsafe for one reason, the same for all: a pointer must be NULL or point to what the header says, as long as it says.

#![allow(unsafe_code, unsafe_op_in_unsafe_fn)]

pub(crate) mod analyses;
pub(crate) mod assessments;
pub(crate) mod doubt;
pub(crate) mod grids;
pub(crate) mod handbook;
pub(crate) mod network_files;
pub(crate) mod networks;
pub(crate) mod process;
pub(crate) mod ratings;
pub(crate) mod responses;
pub(crate) mod results;
pub(crate) mod scorers;
pub(crate) mod scoring;
pub(crate) mod situation;
pub(crate) mod structure;
pub(crate) mod types;
pub(crate) mod voices;
