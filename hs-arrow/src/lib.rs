//! Arrow tables from outside, through the C data and stream interfaces. The producer may lie, so everything is checked before it is read.
//!
//! | file | what it owns |
//! |---|---|
//! | `plausible.rs` | whether a schema or an array can be looked at: counts, lengths, outer offsets |
//! | `batch.rs` | a schema, and one struct array as a batch |
//! | `column.rs` | one column: an array, or a stream of them |
//! | `stream.rs` | a stream: batches one by one, released whatever happens |
//!
//! What a pointer points at, and for how many bytes, is the producer's word: the interface gives no lengths of buffers. All else that
//! can be contradictory is refused, and no refusal quotes a value.

#![allow(unsafe_code)] // the interface is made of pointers; the core forbids what is allowed here

mod batch;
mod column;
mod plausible;
mod stream;

pub use batch::{batch, schema};
pub use column::{column, columns, kind};
pub use stream::Stream;
