//! The domino network: threats and linkages, expanded over places and groups, with stable positions inside and ids outside.
//!
//! | file | what it answers |
//! |---|---|
//! | `domino.rs` | what a network holds, and how it is read |
//! | `from_edges.rs` | a network straight from arrays |
//! | `expansion.rs` | a network from an assessment: settings and nodes |
//! | `layout.rs` | where boxes stand in a picture, by id |
//!
//! Only this module names petgraph. A network never changes after it is built.

mod columns;
mod domino;
mod expansion;
mod from_edges;
mod layout;

pub use columns::Edge;
pub use domino::{Contribution, Dispute, DominoNetwork, ThreatNode};
pub use expansion::{Adjacency, Expansion};
pub use from_edges::{EdgeList, Weights};
pub use layout::{Layout, LayoutBox, PlacedBox, Route};
