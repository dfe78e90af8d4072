//! The domino network: threats and linkages, expanded over places and groups, with stable positions inside and ids outside.
//!
//! | file | what it answers |
//! |---|---|
//! | `domino.rs` | what a network holds, and how it is read |
//! | `doubts.rs` | what its numbers owe to those that were given with a range |
//! | `nodes.rs` | nodes by column, names made on demand |
//! | `edges.rs` | edges, as given or told again by the rules they were made by |
//! | `from_edges.rs` | a network straight from arrays |
//! | `expansion.rs` | what may be asked of an expansion |
//! | `expand.rs` | from an assessment to nodes and edges |
//! | `connect.rs` | what feeds what among the nodes |
//! | `moves.rs` | where a linkage leads, and with what share of its weight |
//! | `folding.rs` | places averaged away |
//! | `pooling.rs` | several statements of one link |
//! | `beliefs.rs` | which condition feeds an analysis, and what was not used |
//! | `atlas.rs` | ids looked up once |
//! | `ground.rs` | who holds whom among places, and how many persons live where |
//! | `targets.rs` | which nodes an effect means, and what share of each it reaches |
//! | `layout.rs` | where boxes stand in a picture, by id |
//!
//! Only this module names petgraph. A network never changes after it is built.

mod atlas;
mod beliefs;
mod connect;
mod domino;
mod doubts;
mod edges;
mod expand;
mod expansion;
mod folding;
mod from_edges;
mod ground;
#[cfg(test)]
mod laws;
mod layout;
mod moves;
mod nodes;

mod pooling;
mod targets;
#[cfg(test)]
mod tests;

pub use atlas::Atlas;
pub(crate) use beliefs::over_partition;
pub use beliefs::{Belief, Beliefs, Cell, Choice, Key, Origin};
pub use domino::{Dispute, DominoNetwork, ThreatNode};
pub(crate) use doubts::{Doubts, Origin as DoubtOrigin, StatedNumber};
pub use edges::{Contribution, Edge, Edges};
pub use expansion::{Adjacency, Expansion};
pub use from_edges::{EdgeList, Weights};
pub use ground::{Assumed, Ground};
pub use layout::{Flow, Layout, LayoutBox, PlacedBox, Route};
pub(crate) use nodes::NodeStore;
pub use nodes::Nodes;
pub(crate) use pooling::{Pooled, Statement, pool, weighted_mean};
pub use targets::{Aim, Target};
