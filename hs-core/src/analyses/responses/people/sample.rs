//! The sample as patterns by place and group, and its replicates.

use std::collections::BTreeMap;

use super::accumulator::Taken;
use crate::analyses::thresholds::scoring::LonelyPsu;
use crate::analyses::thresholds::scoring::tallies::{Design, PatternTally};
use crate::kernels::replicates::{Alike, Drawn, Replicates, Units};
use crate::tables::Key;
use crate::{Error, Result};

/// The rows of one place and group.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Domain {
    /// Values of the columns of the score's `by`.
    pub key: Vec<Key>,
    /// Rows that count, by pattern.
    pub patterns: Vec<PatternTally>,
    /// Slot of the first pattern.
    pub first: usize,
}

/// The sample.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sample {
    pub domains: Vec<Domain>,
    pub replicates: Replicates,
}

impl Domain {
    /// Weight of each pattern in a list of all slots.
    pub(super) fn weights<'a>(&self, slots: &'a [f64]) -> &'a [f64] {
        slots.get(self.first..self.first + self.patterns.len()).unwrap_or_default()
    }

    fn slot(&self, pattern: u64) -> Option<u32> {
        let at = self.patterns.binary_search_by_key(&pattern, |p| p.pattern).ok()?;
        u32::try_from(self.first + at).ok()
    }
}

impl Sample {
    pub(super) fn new(taken: &Taken, seed: u64) -> Result<Self> {
        let tallies = &taken.tallies;
        let mut first = 0;
        let mut domains = Vec::with_capacity(tallies.groups.len());
        for (key, cell) in tallies.groups.iter().zip(&tallies.cells) {
            domains.push(Domain { key: key.clone(), patterns: cell.patterns.clone(), first });
            first += cell.patterns.len();
        }
        let strata = match &tallies.design {
            Design::Rows(strata) => strata
                .iter()
                .map(|stratum| {
                    let alike = stratum.cells.iter().filter_map(|(group, p)| {
                        let slot = domains.get(*group as usize)?.slot(p.pattern)?;
                        Some(Alike { slot, rows: p.rows, weight: p.weight, squares: p.squares })
                    });
                    Drawn { units: Units::Rows(stratum.rows, alike.collect()), fraction: fraction(stratum.fpc, stratum.rows) }
                })
                .collect(),
            Design::Clusters(_) => clusters(taken, &domains)?,
        };
        let pooled = taken.score.lonely_psu == LonelyPsu::Adjust;
        let replicates = Replicates::new(strata, first, seed, pooled)?;
        Ok(Sample { domains, replicates })
    }

    /// The weight of every slot as sampled.
    pub(super) fn weights(&self) -> Vec<f64> {
        self.domains.iter().flat_map(|domain| domain.patterns.iter().map(|p| p.weight)).collect()
    }
}

/// Share of the population's PSUs that are in the sample.
fn fraction(fpc: Option<f64>, psus: u64) -> f64 {
    fpc.map_or(0.0, |fpc| if fpc > 1.0 { psus as f64 / fpc } else { fpc }).clamp(0.0, 1.0)
}

/// What each PSU gives to each slot. PSUs without a row that counts are there too.
fn clusters(taken: &Taken, domains: &[Domain]) -> Result<Vec<Drawn>> {
    let (Design::Clusters(strata), Some((units, by))) = (&taken.tallies.design, &taken.units) else { return Ok(Vec::new()) };
    let lost = || Error::internal("a sampling unit without its rows");
    let at = |name: &Option<String>| name.as_ref().map(|name| by.iter().position(|b| b == name).ok_or_else(lost)).transpose();
    let (stratum_at, cluster_at) = (at(&taken.score.strata)?, at(&taken.score.cluster)?);
    let held = taken.score.by.len();
    let mut places: BTreeMap<(&Key, &Key), (usize, usize)> = BTreeMap::new();
    for (s, stratum) in strata.iter().enumerate() {
        for (p, psu) in stratum.psus.iter().enumerate() {
            places.insert((&stratum.key, &psu.key), (s, p));
        }
    }
    let of_domain: BTreeMap<&[Key], &Domain> = domains.iter().map(|domain| (domain.key.as_slice(), domain)).collect();
    let mut found: Vec<Vec<Vec<(u32, f64)>>> = strata.iter().map(|stratum| vec![Vec::new(); stratum.psus.len()]).collect();
    for (key, cell) in units.groups.iter().zip(&units.cells) {
        let value = |at: Option<usize>| at.and_then(|at| key.get(at)).unwrap_or(&Key::Missing);
        let place = places.get(&(value(stratum_at), value(cluster_at)));
        let domain = of_domain.get(key.get(..held).unwrap_or_default());
        let Some(list) = place.and_then(|(s, p)| found.get_mut(*s)?.get_mut(*p)) else { return Err(lost()) };
        let domain = domain.ok_or_else(lost)?;
        for pattern in &cell.patterns {
            list.push((domain.slot(pattern.pattern).ok_or_else(lost)?, pattern.weight));
        }
    }
    let drawn = found.into_iter().zip(strata).map(|(psus, stratum)| {
        let fraction = fraction(stratum.fpc, psus.len() as u64);
        Drawn { units: Units::Psus(psus), fraction }
    });
    Ok(drawn.collect())
}
