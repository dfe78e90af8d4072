//! Threats and linkages as a network, expanded over places and groups.

mod layout;

pub use layout::{Layout, LayoutBox, PlacedBox, Route};
