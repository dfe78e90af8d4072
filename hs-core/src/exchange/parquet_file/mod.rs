//! Parquet files, read with the `parquet` crate behind a check of everything that a file says of its own size.
//!
//! The crate trusts footers and page headers in places: it reserves what they claim, recurses as deep as they nest and asserts what
//! they ought to hold. So both are walked first ([`thrift`], [`footer`], [`pages`]); and what still panics in a decoder is a typed error.

mod footer;
mod pages;
mod read;
#[cfg(test)]
mod tests;
mod thrift;
mod write;

pub(super) use read::{Batches, Wanted};
pub(super) use write::write;
