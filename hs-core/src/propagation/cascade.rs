//! Runs of linear thresholds, Watts's thresholds and independent cascades on a domino network.

use super::result::PropagationResult;
use super::starts::{refuse_negative, starts};
use super::{Model, Propagation};
use crate::kernels::Tick;
use crate::network::DominoNetwork;
use crate::{Error, ErrorKind, Result};

/// Runs a model of thresholds or cascades.
pub(super) fn run(network: &DominoNetwork, propagation: &Propagation, _tick: Tick<'_>) -> Result<PropagationResult> {
    propagation.model.check()?;
    refuse_negative(network, propagation.model.word())?;
    let _starts = starts(network, propagation)?;
    if let Model::IndependentCascade(_) = &propagation.model {
        super::starts::refuse_weights(network, |w| w > 1.0, "wanted 0 to 1: in `independent-cascade` a weight is a chance")?;
    }
    Err(Error::new(ErrorKind::Unsupported, format!("`{}` has no runs yet", propagation.model.word())))
}
