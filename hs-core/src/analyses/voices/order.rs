//! In which order people of a place put threats: the one order that other groups of analyses read.

use std::collections::{BTreeMap, BTreeSet};

use super::ratings::{by_respondent, common, place_id, said, threat_id};
use crate::kernels::ranks::from_greatest;
use crate::network::Atlas;
use crate::tables::Note;
use crate::{Assessment, Result};

/// People's order in each place, by id: threats with their ranks, 1 the first. Places with fewer than `min_n` respondents are left out and noted.
pub(crate) type Orders = BTreeMap<String, BTreeMap<String, f64>>;

/// People's order in every place where somebody speaks.
///
/// # Errors
/// When the period is none, or an id is not there.
pub(crate) fn people_order(assessment: &Assessment, period: Option<&str>, min_n: usize, notes: &mut Vec<Note>) -> Result<Orders> {
    let atlas = Atlas::new(assessment)?;
    let rows = said(&atlas, period, notes)?;
    let places: BTreeSet<u32> = rows.iter().map(|r| r.place).collect();
    let (mut orders, mut few) = (Orders::new(), Vec::new());
    for place in places {
        let ratings = by_respondent(rows.iter().filter(|r| r.place == place));
        if ratings.raters.len() < min_n {
            few.push(place_id(assessment, place));
            continue;
        }
        let points = common(&ratings);
        let (items, points): (Vec<u32>, Vec<f64>) = ratings.items.iter().copied().zip(points).filter(|(_, p)| !p.is_nan()).unzip();
        let ranks = from_greatest(&points);
        let ranked = items.iter().zip(ranks).map(|(threat, rank)| (threat_id(assessment, *threat), rank)).collect();
        orders.insert(place_id(assessment, place), ranked);
    }
    if !few.is_empty() {
        let message = format!("have fewer than {min_n} respondents: their order is not shown and not used");
        notes.push(Note::counted("few-respondents", "place", &message, few));
    }
    Ok(orders)
}
