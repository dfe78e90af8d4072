//! The programme: what each intervention does by itself, added up, under every rule.
// options, cells and columns are numbered by this file itself
#![allow(clippy::indexing_slicing)]

use super::cells::Weighing;
use super::judge::Moves;
use super::rules::{LEAST, Reach, Rules};
use super::settings::{HarmRule, HarmSettings, Objective};
use crate::kernels::choose::{Programme, Row, Solved};

/// Lines that close a curve in from above.
const LINES: usize = 6;
/// Points a curve is looked at.
const POINTS: usize = 128;
/// A movement that counts as none.
const NOTHING: f64 = 1e-12;

/// What the programme knows of the network: each intervention's movements in full, and which cells they add up on.
#[derive(Debug, Clone)]
pub(super) struct Atoms {
    /// By option.
    pub(super) moves: Vec<Moves>,
    /// By cell: whether movements add up there exactly, whatever is chosen.
    pub(super) firm: Vec<bool>,
}

/// The programme and where to find things in it.
#[derive(Debug, Clone)]
pub(super) struct Model {
    pub(super) programme: Programme,
    /// By option: the column of whether it is chosen.
    chosen: Vec<usize>,
    /// By option: its level as a sum of columns.
    level: Vec<Vec<(usize, f64)>>,
    reach: Vec<Reach>,
    /// By rule: its row.
    pub(super) rules: Vec<usize>,
    /// Rows of harm, with the cell or group.
    pub(super) harm: Vec<usize>,
}

impl Model {
    pub(super) fn new(weighing: &Weighing, rules: &Rules, atoms: &Atoms, harm: Option<&HarmSettings>) -> Model {
        let mut model = Model {
            programme: Programme::default(),
            chosen: Vec::new(),
            level: Vec::new(),
            reach: rules.reach.clone(),
            rules: Vec::new(),
            harm: Vec::new(),
        };
        for reach in &rules.reach {
            model.option(reach);
        }
        let n = rules.len();
        for rule in &rules.rules {
            let terms = rule.row.terms.iter().flat_map(|&(column, k)| match column.checked_sub(n) {
                None => vec![(model.chosen[column], k)],
                Some(option) => model.level[option].iter().map(|(column, share)| (*column, share * k)).collect(),
            });
            let row = Row { terms: joined(terms.collect()), sense: rule.row.sense, limit: rule.row.limit };
            model.rules.push(model.programme.rows.len());
            model.programme.rows.push(row);
        }
        model.gain(weighing, atoms);
        if let Some(harm) = harm {
            model.harm_rows(weighing, atoms, harm);
        }
        model
    }

    fn option(&mut self, reach: &Reach) {
        let high = if *reach == Reach::Out { 0.0 } else { 1.0 };
        let chosen = self.programme.column(0.0, 0.0, high, true);
        self.chosen.push(chosen);
        let level = match reach {
            Reach::Out | Reach::Whole => vec![(chosen, 1.0)],
            Reach::Any => {
                let level = self.programme.column(0.0, 0.0, 1.0, false);
                self.programme.rows.push(Row::at_most(vec![(level, 1.0), (chosen, -1.0)], 0.0));
                self.programme.rows.push(Row::at_least(vec![(level, 1.0), (chosen, -LEAST)], 0.0));
                vec![(level, 1.0)]
            }
            Reach::Steps(steps) => {
                let columns: Vec<(usize, f64)> = steps.iter().map(|step| (self.programme.column(0.0, 0.0, 1.0, true), *step)).collect();
                let mut one: Vec<(usize, f64)> = columns.iter().map(|(column, _)| (*column, 1.0)).collect();
                one.push((chosen, -1.0));
                self.programme.rows.push(Row::at_most(one.clone(), 0.0));
                self.programme.rows.push(Row::at_least(one, 0.0));
                columns
            }
        };
        self.level.push(level);
    }

    /// Σ of a figure of each option times its level.
    fn sum(&self, of: impl Fn(usize) -> f64) -> Vec<(usize, f64)> {
        let mut terms = Vec::new();
        for (option, level) in self.level.iter().enumerate() {
            let k = of(option);
            if k.abs() > NOTHING {
                terms.extend(level.iter().map(|(column, share)| (*column, share * k)));
            }
        }
        terms
    }

    fn add_gain(&mut self, terms: &[(usize, f64)], weight: f64) {
        for &(column, k) in terms {
            self.programme.columns[column].gain += weight * k;
        }
    }

    fn gain(&mut self, weighing: &Weighing, atoms: &Atoms) {
        let falls = |cell: usize, option: usize| -atoms.moves[option].better[cell];
        match weighing.objective {
            Objective::SeverityPersons => {
                for (position, cell) in weighing.cells.iter().enumerate() {
                    let weight = cell.weight.unwrap_or(0.0);
                    if weight > 0.0 {
                        let terms = self.fall(position, cell.severity, &falls);
                        self.add_gain(&terms, weight);
                    }
                }
            }
            Objective::Persons => {
                for (position, cell) in weighing.cells.iter().enumerate() {
                    if cell.moved.is_some() {
                        let terms = self.sum(|option| falls(position, option).max(0.0));
                        self.curve(&terms, cell.severity, |fall| weighing.lifted(cell, fall));
                    }
                }
            }
            Objective::CellsLifted => {
                for (position, cell) in weighing.cells.iter().enumerate() {
                    let Some(below) = cell.lifted_below else { continue };
                    let wanted = cell.severity - below;
                    let terms = match atoms.firm[position] {
                        true => self.sum(|option| -atoms.moves[option].net[position]),
                        false => self.sum(|option| falls(position, option).max(0.0)),
                    };
                    if wanted <= NOTHING || terms.iter().map(|(_, k)| k.max(0.0)).sum::<f64>() >= wanted {
                        let lifted = self.programme.column(1.0, 0.0, 1.0, true);
                        let mut row = terms;
                        row.push((lifted, -wanted));
                        self.programme.rows.push(Row::at_least(row, 0.0));
                    }
                }
            }
            Objective::WorstOff => {
                let mut high = f64::INFINITY;
                let mut rows = Vec::new();
                for (_, cells, weight) in &weighing.groups {
                    let mut terms: Vec<(usize, f64)> = Vec::new();
                    for &position in cells {
                        let cell = &weighing.cells[position];
                        let share = cell.weight.unwrap_or(0.0) / weight;
                        terms.extend(self.fall(position, cell.severity, &falls).into_iter().map(|(c, k)| (c, k * share)));
                    }
                    let terms = joined(terms);
                    let most = terms.iter().map(|(column, k)| (k * self.programme.columns[*column].high).max(0.0)).sum::<f64>();
                    high = high.min(most);
                    rows.push(terms);
                }
                let least = self.programme.column(1.0, 0.0, if high.is_finite() { high } else { 0.0 }, false);
                for mut terms in rows {
                    terms.push((least, -1.0));
                    self.programme.rows.push(Row::at_least(terms, 0.0));
                }
            }
        }
    }

    /// What a cell's severity falls by: the sum of what each option does, at most what there is to fall.
    fn fall(&mut self, cell: usize, severity: f64, falls: &dyn Fn(usize, usize) -> f64) -> Vec<(usize, f64)> {
        let terms = self.sum(|option| falls(cell, option).max(0.0));
        let most: f64 = (0..self.level.len()).map(|option| falls(cell, option).max(0.0)).sum();
        if terms.is_empty() || most <= severity {
            return terms;
        }
        let fall = self.programme.column(0.0, 0.0, severity, false);
        let mut row = terms;
        row.push((fall, -1.0));
        self.programme.rows.push(Row::at_least(row, 0.0));
        vec![(fall, 1.0)]
    }

    /// A gain that is a curve of the fall, closed in from above by straight lines.
    fn curve(&mut self, terms: &[(usize, f64)], severity: f64, gain: impl Fn(f64) -> f64) {
        let most = terms.iter().map(|(_, k)| k).sum::<f64>().min(severity);
        if most <= NOTHING {
            return;
        }
        let lines = above(most, gain);
        let high = lines.iter().map(|(start, slope)| start + slope * most).fold(f64::INFINITY, f64::min).max(0.0);
        let lifted = self.programme.column(1.0, 0.0, high, false);
        for (start, slope) in lines {
            let mut row: Vec<(usize, f64)> = terms.iter().map(|(column, k)| (*column, k * slope)).collect();
            row.push((lifted, -1.0));
            self.programme.rows.push(Row::at_least(row, -start));
        }
    }

    fn harm_rows(&mut self, weighing: &Weighing, atoms: &Atoms, harm: &HarmSettings) {
        let of = |option: usize, cell: usize| super::judge::of(harm.harm, &atoms.moves[option], cell);
        let mut rows: Vec<Vec<(usize, f64)>> = Vec::new();
        match harm.rule {
            HarmRule::Probability => {}
            HarmRule::PerCell => {
                for cell in (0..weighing.cells.len()).filter(|cell| atoms.firm[*cell]) {
                    rows.push(self.sum(|option| of(option, cell)));
                }
            }
            HarmRule::GroupMean => {
                for (_, cells, weight) in weighing.groups.iter().filter(|(_, cells, _)| cells.iter().all(|c| atoms.firm[*c])) {
                    let mean =
                        |option| cells.iter().map(|c| weighing.cells[*c].weight.unwrap_or(0.0) * of(option, *c)).sum::<f64>() / weight;
                    rows.push(self.sum(mean));
                }
            }
        }
        for terms in rows {
            // a row that nothing can break is left out
            if terms.iter().map(|(_, k)| k.max(0.0)).sum::<f64>() > harm.tolerance {
                self.harm.push(self.programme.rows.len());
                self.programme.rows.push(Row::at_most(terms, harm.tolerance));
            }
        }
    }

    /// The levels an answer stands for.
    pub(super) fn levels(&self, solved: &Solved) -> Vec<f64> {
        let one = |(level, chosen): (&Vec<(usize, f64)>, &usize)| {
            let sum: f64 = level.iter().map(|(column, k)| k * solved.values[*column]).sum();
            if solved.values[*chosen] < 0.5 || sum < 1e-9 { 0.0 } else { sum.min(1.0) }
        };
        self.level.iter().zip(&self.chosen).map(one).collect()
    }

    /// The columns of levels, to start from.
    pub(super) fn start(&self, levels: &[f64]) -> Vec<(usize, f64)> {
        let mut start = Vec::new();
        for (option, &level) in levels.iter().enumerate() {
            start.push((self.chosen[option], f64::from(u8::from(level > 0.0))));
            match &self.reach[option] {
                Reach::Steps(_) => {
                    start.extend(self.level[option].iter().map(|(column, step)| (*column, f64::from(u8::from(*step == level)))))
                }
                Reach::Any => start.push((self.level[option][0].0, level)),
                _ => {}
            }
        }
        start
    }

    /// Whether one set alone can be cut off: not where levels are continuous.
    pub(super) fn can_cut(&self) -> bool {
        !self.reach.contains(&Reach::Any)
    }

    /// Cuts off exactly this set.
    pub(super) fn cut_off(&mut self, levels: &[f64]) {
        let mut terms = Vec::new();
        let mut ones = 0.0;
        for (option, &level) in levels.iter().enumerate() {
            let columns: Vec<(usize, bool)> = match &self.reach[option] {
                Reach::Steps(_) => self.level[option].iter().map(|(column, step)| (*column, *step == level)).collect(),
                Reach::Out => continue,
                _ => vec![(self.chosen[option], level > 0.0)],
            };
            for (column, on) in columns {
                terms.push((column, if on { 1.0 } else { -1.0 }));
                ones += f64::from(u8::from(on));
            }
        }
        self.programme.rows.push(Row::at_most(terms, ones - 1.0));
    }

    /// Cuts off every set that holds all of `with` and, besides those of `levels`, none of `without`.
    pub(super) fn cut_harm(&mut self, with: &[usize], without: &[usize]) {
        let held = with.iter().map(|option| (self.chosen[*option], 1.0));
        let terms: Vec<(usize, f64)> = held.chain(without.iter().map(|option| (self.chosen[*option], -1.0))).collect();
        self.programme.rows.push(Row::at_most(joined(terms), with.len() as f64 - 1.0));
    }

    /// Adds Σ harm of each option times its level <= limit.
    pub(super) fn limit(&mut self, of: &[f64], limit: f64) {
        let terms = self.sum(|option| of[option]);
        self.programme.rows.push(Row::at_most(terms, limit));
    }
}

/// Lines (start and slope) whose least is nowhere under the curve on 0 to `most`.
fn above(most: f64, gain: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
    let step = most / POINTS as f64;
    let points: Vec<(f64, f64)> = (0..=POINTS).map(|i| (i as f64 * step, gain(i as f64 * step))).collect();
    // between two points a curve leaves its chord by at most an eighth of its second difference
    let bend = points.windows(3).map(|w| (w[0].1 - 2.0 * w[1].1 + w[2].1).abs()).fold(0.0, f64::max) / 8.0;
    let mut hull: Vec<(f64, f64)> = Vec::new();
    for &point in &points {
        while let [.., a, b] = hull.as_slice()
            && (b.1 - a.1) * (point.0 - a.0) <= (point.1 - a.1) * (b.0 - a.0)
        {
            hull.pop();
        }
        hull.push(point);
    }
    let edges = hull.len().saturating_sub(1);
    let mut lines: Vec<(f64, f64)> = Vec::new();
    for line in 0..LINES.min(edges) {
        let at = if edges <= LINES { line } else { line * (edges - 1) / (LINES - 1) };
        let (a, b) = (hull[at], hull[at + 1]);
        let slope = (b.1 - a.1) / (b.0 - a.0);
        lines.push((a.1 - slope * a.0 + bend, slope));
    }
    lines
}

/// Terms of one column made one.
fn joined(mut terms: Vec<(usize, f64)>) -> Vec<(usize, f64)> {
    terms.sort_by_key(|(column, _)| *column);
    let mut out: Vec<(usize, f64)> = Vec::with_capacity(terms.len());
    for (column, k) in terms {
        match out.last_mut() {
            Some(last) if last.0 == column => last.1 += k,
            _ => out.push((column, k)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::above;

    #[test]
    fn lines_lie_above_curves_of_either_bend() {
        let curves: [fn(f64) -> f64; 3] =
            [|x| x * x, |x| 1.0 - (1.0 - x).powi(3), |x| if x < 0.3 { x * x } else { 0.09 + 0.6 * (x - 0.3) - 0.3 * (x - 0.3).powi(2) }];
        for curve in curves {
            let lines = above(0.7, curve);
            assert!(!lines.is_empty());
            let at = |i: usize| 0.0007 * i as f64;
            for i in 0..=1000 {
                let x = at(i);
                let least = lines.iter().map(|(start, slope)| start + slope * x).fold(f64::INFINITY, f64::min);
                // no line can be lower than the chords of the curve: where it bends upward they are far above it
                let chords = (0..=i).step_by(20).flat_map(|a| (i..=1000).step_by(20).map(move |b| (at(a), at(b))));
                let over = chords.filter(|(a, b)| b > a).map(|(a, b)| curve(a) + (curve(b) - curve(a)) * (x - a) / (b - a));
                let chord = over.fold(curve(x), f64::max);
                assert!(least >= chord - 1e-6 && least <= chord + 0.05, "{x} {least} {chord}");
            }
        }
    }
}
