//! Which figures of a score may leave: none that rests on few rows, and none from which such a one can be worked out.
//!
//! Behind the figures stand counts of rows: the sample, who is deprived, who is insecure, who is both. A figure is suppressed where its
//! count, or what is left of the sample beside it, is under `min_n`; and others with it, until nobody who holds every table can tell any
//! hidden count closer than `min_n`. The worst case is assumed: that all weights are equal, so that a published share gives its count.

mod linked;
mod missing;
mod rules;
#[cfg(test)]
mod tests;
mod together;

use linked::{Counts, Layout, Linked};
use rules::Rules;

use super::cells::{Cell, Figure};
use super::result::ScoreResult;
use super::sample::vital;
use super::tallies::Tallies;
use crate::Result;
use crate::kernels::Tick;
use crate::kernels::suppression::{Effort, Hidden};
use crate::tables::Note;

/// Counts of one score up to which its tables are looked at as one.
const MOST_COUNTS: usize = 400_000;
/// Unknown counts that one linear programme moves.
const MOST_CELLS: usize = 2000;
/// Linear programmes of one score.
const MOST_PROGRAMMES: u64 = 2_000;

/// What of each cell may not leave.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Veil {
    layout: Layout,
    /// By unit.
    hidden: Vec<bool>,
    /// Hidden for its own small counts, by unit.
    primary: Vec<bool>,
    /// Columns whose margins alone are shown, where all together were too many; none where all are.
    pub coarse: Option<Vec<bool>>,
}

impl Veil {
    fn is_hidden(&self, unit: usize) -> bool {
        self.hidden.get(unit).copied().unwrap_or(true)
    }
}

/// Blanks what may not leave, and says how much that was.
///
/// # Errors
/// `Cancelled`.
pub(super) fn suppress(result: &mut ScoreResult, tallies: &Tallies, tick: Tick<'_>) -> Result<()> {
    let min_n = u64::from(result.settings.min_n);
    if min_n == 0 || result.sample.rows == 0 {
        return Ok(());
    }
    let indicators = result.settings.scheme.indicators.len();
    let rules = Rules::new(vital(&result.settings), &tallies.configurations, indicators);
    let counts = Counts::of_cells(&result.cells, tallies, &rules, indicators);
    let veil = veil(result, tallies, &counts, &rules, tick)?;
    let apart = together::apart(result, tallies, &rules, &veil, min_n, tick)?;
    missing::withhold(result, tallies, min_n);
    blank(result, &rules, &counts, &veil, &apart, min_n);
    Ok(())
}

/// The units to hide: over all margins at once, else over those of one column, else over the total alone.
fn veil(result: &ScoreResult, tallies: &Tallies, counts: &[Counts], rules: &Rules, tick: Tick<'_>) -> Result<Veil> {
    let min_n = u64::from(result.settings.min_n);
    let columns = result.settings.by.len();
    let mut levels = vec![vec![true; columns]];
    if columns > 1 {
        let mut single: Vec<Vec<bool>> = (0..columns).map(|c| (0..columns).map(|at| at == c).collect()).collect();
        let shown = |held: &[bool]| result.cells.iter().zip(counts).filter(|(c, n)| c.held == held && n.n >= min_n).count();
        single.sort_by_key(|held| std::cmp::Reverse(shown(held)));
        levels.extend(single);
    }
    if columns > 0 {
        levels.push(vec![false; columns]);
    }
    let all_used = result.sample.excluded == 0;
    let layout = rules.layout;
    for (attempt, finest) in levels.iter().enumerate() {
        let stands = |cell: &Cell| cell.held.iter().zip(finest).all(|(held, fine)| !held || *fine);
        let size = result.cells.iter().filter(|c| stands(c)).count().saturating_mul(layout.stride());
        if size > MOST_COUNTS {
            continue;
        }
        let linked = Linked::new(&result.cells, counts, &tallies.configurations, rules, finest, min_n, all_used)?;
        let effort = Effort { width: min_n as f64, most_cells: MOST_CELLS, most_programmes: MOST_PROGRAMMES };
        let Hidden { mut units, open, exhausted, .. } = linked.cells.suppress(&linked.primary, &effort, tick)?;
        if exhausted || !open.is_empty() {
            continue;
        }
        for (at, _) in result.cells.iter().enumerate().filter(|(_, cell)| !stands(cell)) {
            units.iter_mut().skip(layout.n(at)).take(layout.stride()).for_each(|unit| *unit = true);
        }
        let coarse = (attempt > 0).then(|| finest.clone());
        return Ok(Veil { layout, hidden: units, primary: linked.primary, coarse });
    }
    let units = vec![true; result.cells.len() * layout.stride()];
    Ok(Veil { layout, primary: vec![false; units.len()], hidden: units, coarse: Some(vec![false; columns]) })
}

/// What was blanked.
#[derive(Default)]
struct Told {
    primary: u64,
    beside: u64,
}

impl Told {
    fn count(&mut self, primary: bool) {
        if primary {
            self.primary += 1;
        } else {
            self.beside += 1;
        }
    }
}

fn blank(result: &mut ScoreResult, rules: &Rules, counts: &[Counts], veil: &Veil, apart: &[together::Apart], min_n: u64) {
    let layout = veil.layout;
    let small = |count: u64, n: u64| count < min_n || n.saturating_sub(count) < min_n;
    let mut told = Told::default();
    for (at, (cell, count)) in result.cells.iter_mut().zip(counts).enumerate() {
        if veil.is_hidden(layout.n(at)) {
            told.count(count.n < min_n);
            hide_cell(cell);
            continue;
        }
        if rules.vital != 0 && veil.is_hidden(layout.union(at)) {
            told.count(small(count.union, count.n));
            (cell.union, cell.union_hidden) = (Figure::default(), true);
        }
        for (j, headcount) in cell.headcounts.iter_mut().enumerate() {
            if veil.is_hidden(layout.headcount(at, j)) {
                told.count(small(count.deprived.get(j).copied().unwrap_or_default(), count.n));
                *headcount = Figure::default();
            }
        }
        let headcounts: Vec<bool> = (0..layout.indicators).map(|j| veil.is_hidden(layout.headcount(at, j))).collect();
        for (c, measures) in cell.measures.iter_mut().enumerate() {
            let whole = veil.is_hidden(layout.h(at, c));
            if whole {
                told.count(veil.primary.get(layout.h(at, c)) == Some(&true));
                measures.hide();
            }
            if measures.bounds_hidden {
                told.count(true);
                measures.bounds = None;
            }
            for (j, (indicator, headcount)) in measures.indicators.iter_mut().zip(&headcounts).enumerate() {
                let censored = veil.is_hidden(layout.censored(at, c, j));
                indicator.hidden = censored || *headcount;
                if censored {
                    if !whole {
                        told.count(veil.primary.get(layout.censored(at, c, j)) == Some(&true));
                    }
                    (indicator.censored, indicator.contribution) = (Figure::default(), Figure::default());
                }
            }
        }
    }
    for (cell, apart) in result.cells.iter_mut().filter(|cell| cell.is_group()).zip(apart) {
        together::blank(cell, apart, &mut |primary| told.count(primary));
    }
    tell(result, veil, apart, &told, min_n);
}

/// Nothing of a cell may leave but its name.
fn hide_cell(cell: &mut Cell) {
    cell.hidden = true;
    (cell.rows, cell.population, cell.share, cell.coverage) = (0, 0.0, None, None);
    cell.union = Figure::default();
    cell.headcounts.iter_mut().for_each(|figure| *figure = Figure::default());
    cell.missing.clear();
    for measures in &mut cell.measures {
        measures.hide();
        for indicator in &mut measures.indicators {
            (indicator.censored, indicator.contribution, indicator.hidden) = (Figure::default(), Figure::default(), true);
        }
    }
    cell.counts.clear();
    for pair in &mut cell.pairs {
        pair.hide();
    }
}

/// Says how much was suppressed, and drops what notes would tell of it.
fn tell(result: &mut ScoreResult, veil: &Veil, apart: &[together::Apart], told: &Told, min_n: u64) {
    result.suppressed_cells = told.primary + told.beside;
    // both name groups by a count of 0, which is under any `min_n`
    result.notes.retain(|note| !matches!(note.code, "nobody-insecure" | "empty-group"));
    if result.cells.iter().any(|cell| cell.hidden && cell.held.iter().all(|held| !held)) {
        result.sample.hidden = true;
        result.notes.retain(|note| !matches!(note.code, "excluded-rows" | "weightless-rows"));
        result.missing.iter_mut().for_each(|(rows, share)| (*rows, *share) = (0, None));
    }
    if let Some(held) = &veil.coarse {
        let columns: Vec<String> = result.settings.by.iter().zip(held).filter(|(_, held)| **held).map(|(name, _)| name.clone()).collect();
        let shown = if columns.is_empty() {
            "only the total is shown".into()
        } else {
            format!("only margins over {} are shown", columns.join(", "))
        };
        let message = format!("the tables are too many to be made safe together: {shown}");
        result.notes.push(Note::new("coarse-suppression", message, columns));
    }
    if told.primary + told.beside > 0 {
        let message = format!(
            "{} figures rest on fewer than {min_n} rows, or leave fewer beside them, and are suppressed; {} more are, so that these cannot be worked out",
            told.primary, told.beside
        );
        result.notes.push(Note::new("suppressed", message, Vec::<String>::new()));
    }
    let withheld = apart.iter().map(|group| group.bare.len()).sum::<usize>();
    if withheld > 0 {
        let message =
            format!("{withheld} distributions of the share of deprivations are not shown: too few rows stand behind some of their values");
        result.notes.push(Note::new("distribution-withheld", message, Vec::<String>::new()));
    }
}
