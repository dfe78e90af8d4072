//! Which cells an effect reaches, and for what share of their persons.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::Assessment;
use crate::framework::Component;
use crate::network::{DominoNetwork, ThreatNode};
use crate::tables::Note;

/// What an effect is stated on.
#[derive(Debug, Clone, Copy)]
pub(super) enum Target<'a> {
    /// One threat.
    Threat(&'a str),
    /// Every threat whose `component` it is, each in full.
    Component(Component),
}

/// The cells of a network, to be found by threat, place and group.
pub(super) struct Cells<'a> {
    assessment: &'a Assessment,
    network: &'a DominoNetwork,
    /// Assumptions made on the way: code and subjects.
    assumed: RefCell<BTreeMap<&'static str, Vec<String>>>,
}
