//! Which figures of people moved may leave.
//!
//! Who is below before is a figure of the score of the same rows, by the same columns: what that score hides is hidden here, and all that
//! is told of those people with it. Who is lifted or pushed rests on the rows that can be: where they, or the rows beside them, are fewer
//! than `min_n` in one place and group, that figure is hidden at all places and groups of the table, so that none is left by subtraction.

use std::collections::BTreeSet;

use super::result::PeopleMovedResult;

pub(super) fn suppress(result: &mut PeopleMovedResult, min_n: u64) {
    let mut hidden = 0;
    if min_n > 0 {
        let cells = &result.cells;
        for moved in &mut result.moved {
            let small = |count: u64, n: u64| count > 0 && (count < min_n || n.saturating_sub(count) < min_n);
            let (mut lifted, mut pushed) = (BTreeSet::new(), BTreeSet::new());
            for (cell, moved) in cells.iter().zip(moved.iter()).filter(|(cell, _)| !cell.hidden && !cell.below_hidden) {
                let Some(found) = &moved.found else { continue };
                if small(found.lifted_rows, cell.rows) {
                    lifted.insert(cell.held.clone());
                }
                if small(found.pushed_rows, cell.rows) {
                    pushed.insert(cell.held.clone());
                }
            }
            for (cell, moved) in cells.iter().zip(moved.iter_mut()) {
                let all = cell.hidden || cell.below_hidden;
                moved.lifted_hidden = all || lifted.contains(&cell.held);
                moved.pushed_hidden = all || pushed.contains(&cell.held);
                if moved.found.is_some() {
                    hidden += u64::from(moved.lifted_hidden) + u64::from(moved.pushed_hidden);
                }
            }
        }
    }
    result.suppressed = hidden;
    if hidden > 0 {
        let message = format!(
            "{hidden} figures of persons lifted or pushed rest on fewer than {min_n} rows, leave fewer beside them, or would tell of such, and are suppressed"
        );
        result.note("suppressed-moves", message, Vec::new());
    }
}
