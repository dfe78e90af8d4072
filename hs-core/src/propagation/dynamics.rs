//! Runs of distress (DebtRank) and of alternating renewal on a domino network.

use super::Propagation;
use super::result::PropagationResult;
use crate::kernels::Tick;
use crate::network::DominoNetwork;
use crate::{Error, ErrorKind, Result};

/// Runs a model of distress or renewal.
pub(super) fn run(_network: &DominoNetwork, propagation: &Propagation, _tick: Tick<'_>) -> Result<PropagationResult> {
    propagation.model.check()?;
    Err(Error::new(ErrorKind::Unsupported, format!("`{}` has no runs yet", propagation.model.word())))
}
