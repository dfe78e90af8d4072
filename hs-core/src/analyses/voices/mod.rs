//! Questions about what several people say of the same links.
//!
//! | file | question |
//! |---|---|
//! | `pool_linkages.rs` | what do several maps say together of each link? |
//! | `compare_maps.rs` | where do maps agree, and which links are disputed? |
//! | `statements.rs` | who says what: the statements of networks and assessments |

mod compare_maps;
mod pool_linkages;
mod statements;
#[cfg(test)]
mod tests;

pub use compare_maps::{CompareMaps, CompareMapsResult, DisputedLink, MapPair, MapsBy};
pub use pool_linkages::{Disputed, Estimator, PoolLinkages, PoolLinkagesResult, PooledLink, PoolingMethod};
