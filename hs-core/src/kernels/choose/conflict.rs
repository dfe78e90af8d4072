//! Which rows cannot stand together: an irreducible set, by leaving out one after the other.
// groups are numbered here
#![allow(clippy::indexing_slicing)]

use super::programme::{Answer, Effort, Programme};
use crate::Result;
use crate::kernels::Tick;

/// Of groups of rows that cannot all be kept, a set of which none can be spared: without any one of them the rest can be kept. Empty where
/// the programme has an answer, or where that could not be told. Rows of no group always stay.
///
/// # Complexity
/// One programme a group.
///
/// # Errors
/// As [`Programme::solve`].
pub fn conflict(programme: &Programme, groups: &[Vec<usize>], effort: Effort, tick: Tick<'_>) -> Result<Vec<usize>> {
    let mut without_gain = programme.clone();
    without_gain.columns.iter_mut().for_each(|column| column.gain = 0.0);
    let mut kept = vec![true; groups.len()];
    let infeasible = |kept: &[bool]| -> Result<bool> {
        let mut left_out = vec![false; programme.rows.len()];
        for (group, _) in groups.iter().zip(kept).filter(|(_, kept)| !**kept) {
            for &row in group {
                if let Some(out) = left_out.get_mut(row) {
                    *out = true;
                }
            }
        }
        let rows = without_gain.rows.iter().zip(&left_out).filter(|(_, out)| !**out).map(|(row, _)| row.clone()).collect();
        let part = Programme { columns: without_gain.columns.clone(), rows };
        Ok(part.solve(effort, None, tick)? == Answer::Infeasible)
    };
    if !infeasible(&kept)? {
        return Ok(Vec::new());
    }
    for group in 0..groups.len() {
        kept[group] = false;
        if !infeasible(&kept)? {
            kept[group] = true;
        }
    }
    Ok((0..groups.len()).filter(|group| kept[*group]).collect())
}
