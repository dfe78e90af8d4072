//! What is not sure, and how it spreads over its range.

use serde::{Deserialize, Serialize};

use crate::kernels::counter::Counter;
use crate::kernels::spread::{Quantiles, Spread, fitted};
use crate::network::{DominoNetwork, DoubtOrigin, Doubts, StatedNumber};
use crate::propagation::Model;
use crate::tables::Note;
use crate::{Error, Result, shown};

/// How a number spreads over its range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Distribution {
    /// A beta with its mode at the value and the mean (low + 4 value + high)/6.
    #[default]
    Pert,
    /// Evenly between the ends, wherever the value lies.
    Uniform,
    /// A straight rise to the value and a straight fall from it.
    Triangular,
    /// A beta with its mean at the value and a standard deviation of a sixth of the range (less where the value is so near to an end that a
    /// shape would fall below 1).
    Beta,
}

impl Distribution {
    fn over(self) -> fn(f64, f64, f64) -> Spread {
        match self {
            Distribution::Pert => Spread::pert,
            Distribution::Uniform => Spread::uniform,
            Distribution::Triangular => Spread::triangular,
            Distribution::Beta => Spread::beta,
        }
    }
}

/// Even numbers between 0 and 1, by parameter and draw.
pub(crate) trait Evens: Sync {
    /// Those of a parameter for the draws from `first` on.
    fn fill(&self, parameter: usize, first: usize, row: &mut [f64]);
}

/// The numbers of a network that were given with a range.
#[derive(Debug)]
pub(crate) struct Parameters {
    pub(crate) doubts: Doubts,
    spreads: Vec<Spread>,
    /// What drawn numbers are kept within.
    bounds: (f64, f64),
    pub(crate) notes: Vec<Note>,
}

impl Parameters {
    /// Gathers them and fits how they spread.
    ///
    /// # Errors
    /// `Argument` for an interval outside 0 to 1, a range that the model cannot take, a range that is no central interval of the distribution.
    pub(crate) fn new(network: &DominoNetwork, distribution: Distribution, interval: Option<f64>, model: &Model) -> Result<Self> {
        if let Some(interval) = interval.filter(|p| !(*p > 0.0 && *p < 1.0)) {
            return Err(Error::argument(format!(
                "`interval` is {interval}, wanted a probability between 0 and 1, or none where ranges are the support"
            )));
        }
        let doubts = network.doubts()?;
        let bounds = if network.is_expanded() {
            (0.0, 1.0)
        } else {
            match model {
                Model::NoisyOr(_) => (-1.0, 1.0),
                Model::IndependentCascade(_) => (0.0, 1.0),
                Model::LinearThreshold(_) | Model::Watts(_) | Model::DebtRank(_) | Model::AlternatingRenewal(_) => (0.0, f64::INFINITY),
                Model::Linear(_) | Model::FuzzyCognitiveMap(_) | Model::DynamicInoperability(_) => (f64::NEG_INFINITY, f64::INFINITY),
            }
        };
        let over = distribution.over();
        let mut spreads = Vec::with_capacity(doubts.stated.len());
        let (mut beyond, mut pinned) = (Vec::new(), Vec::new());
        for stated in &doubts.stated {
            let StatedNumber { label, value, low, high, .. } = stated;
            if *low < bounds.0 || *high > bounds.1 {
                return Err(Error::argument(format!(
                    "the range of `{}` is {low} to {high}, wanted {} to {} under `{}`",
                    shown(label),
                    bounds.0,
                    bounds.1,
                    model.word()
                )));
            }
            let spread = match interval {
                None => over(*low, *value, *high),
                Some(probability) => fitted(*low, *value, *high, probability, over).ok_or_else(|| {
                    Error::argument(format!(
                        "no such spread has {low} to {high} as its central interval of {probability} about the value {value} of `{}`; wanted another \
                         `distribution`, or no `interval`",
                        shown(label)
                    ))
                })?,
            };
            let (least, most) = spread.ends();
            if least < bounds.0 - 1e-12 || most > bounds.1 + 1e-12 {
                beyond.push(label.clone());
            }
            if matches!(spread, Spread::Point(_)) && high > low {
                pinned.push(label.clone());
            }
            spreads.push(spread);
        }
        let mut notes = Vec::new();
        let mut note = |code, message: &str, labels: Vec<String>| {
            if !labels.is_empty() {
                notes.push(Note::counted(code, "range", message, labels));
            }
        };
        let message = "are central intervals of a support that goes past what the number can be: draws beyond were held at the end";
        note("support-past-bounds", message, beyond);
        note("mean-at-an-end", "have the value at an end, where it can be no mean: it stands as it is", pinned);
        if doubts.stated.is_empty() {
            notes.push(Note::new("no-ranges", "no number was given with a range: every draw is the point", Vec::<String>::new()));
        }
        Ok(Parameters { doubts, spreads, bounds, notes })
    }

    pub(crate) fn len(&self) -> usize {
        self.spreads.len()
    }

    pub(crate) fn stated(&self) -> &[StatedNumber] {
        &self.doubts.stated
    }

    /// What the random numbers of a parameter are keyed by: where it was given, not what else is drawn.
    pub(crate) fn key(&self, parameter: usize) -> u64 {
        let Some(stated) = self.doubts.stated.get(parameter) else { return 0 };
        let origin = match stated.origin {
            DoubtOrigin::Edge => 1,
            DoubtOrigin::Linkage => 2,
            DoubtOrigin::Condition => 3,
        };
        origin << 32 | u64::from(stated.position)
    }

    /// Turns even numbers of a parameter into its values.
    pub(crate) fn spread(&self, parameter: usize, quantiles: &mut Quantiles, row: &mut [f64]) {
        let Some(spread) = self.spreads.get(parameter) else { return };
        quantiles.turn(*spread);
        let (low, high) = self.bounds;
        for x in row {
            *x = quantiles.at(*x).max(low).min(high);
        }
    }

    /// The greatest magnitude of a parameter over all draws.
    pub(crate) fn most(&self, parameter: usize) -> f64 {
        let (low, high) = self.spreads.get(parameter).map_or((0.0, 0.0), Spread::ends);
        low.max(self.bounds.0).abs().max(high.min(self.bounds.1).abs())
    }

    /// The network with drawn numbers.
    pub(crate) fn redrawn(&self, network: &DominoNetwork, drawn: &dyn Fn(u32) -> f64) -> Result<DominoNetwork> {
        let doubts = &self.doubts;
        let moved = |index: u32, by: f64| doubts.stated.get(index as usize).map_or(0.0, |stated| by * (drawn(index) - stated.value));
        let mut weights = crate::kernels::copied(network.csr().weights())?;
        for (place, index, by) in &doubts.weights {
            let Some(weight) = weights.get_mut(*place as usize) else { continue };
            *weight = match doubts.stated.get(*index as usize).map(|stated| stated.origin) {
                Some(DoubtOrigin::Edge) => drawn(*index),
                // Rounding alone could take a share past 1 or across 0.
                _ if *by < 0.0 => (*weight + moved(*index, *by)).clamp(-1.0, 0.0),
                _ => (*weight + moved(*index, *by)).clamp(0.0, 1.0),
            };
        }
        if doubts.severities.is_empty() {
            return network.redrawn(weights, None);
        }
        let mut severities: Vec<f64> = (0..network.len()).map(|j| network.severity(j).unwrap_or(f64::NAN)).collect();
        for (node, index, share) in &doubts.severities {
            if let Some(severity) = severities.get_mut(*node as usize) {
                *severity = (*severity + moved(*index, *share)).clamp(0.0, 1.0);
            }
        }
        network.redrawn(weights, Some(severities))
    }
}

/// Random numbers keyed by seed, draw and parameter.
pub(crate) struct Random<'a> {
    pub(crate) seed: u64,
    pub(crate) parameters: &'a Parameters,
}

impl Evens for Random<'_> {
    fn fill(&self, parameter: usize, first: usize, row: &mut [f64]) {
        let numbers = Counter::new(self.seed, self.parameters.key(parameter));
        for (x, draw) in row.iter_mut().zip(first as u64..) {
            *x = numbers.uniform(draw);
        }
    }
}
