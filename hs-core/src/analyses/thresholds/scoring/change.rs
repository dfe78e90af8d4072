//! What changed between two rounds, by how much of it in how many and how deep, in which indicators and groups, and how sure are we?

use serde::{Deserialize, Serialize};

use super::cells::{Cell, Figure, Measures};
use super::change_tables;
use super::sample::{Ratio, Sample, Sum};
use super::tallies::{Design, Key, Tallies};
use super::{Score, ScoreAccumulator, ScoreResult};
use crate::kernels::Tick;
use crate::kernels::quantiles::{student, t_interval};
use crate::tables::{Needed, Note, Outcome, Rows};
use crate::{Error, Result};

/// What changed between two rounds of a survey?
///
/// Both rounds are scored with the same scheme and settings. Change is second minus first: below 0 is better.
///
/// # Method
/// The variance of a change is the sum of both variances; of overlapping samples less twice the covariance over the PSUs that stand in
/// both rounds (the same stratum and cluster). M0 = H·A is split by Shapley: incidence (A₁+A₂)/2·ΔH, intensity (H₁+H₂)/2·ΔA. By
/// indicator: Δ(w_j h_j). By group: within (s₁+s₂)/2·ΔM0_g, shift of population (M0₁+M0₂)/2·Δs_g.
///
/// # References
/// Alkire, Roche & Vaz, *Changes over time in multidimensional poverty*, World Development 94, 2017; Shorrocks, *Decomposition procedures
/// for distributional analysis*, Journal of Economic Inequality 11, 2013.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreChange {
    /// How each round is scored.
    pub score: Score,
    /// How the samples of the two rounds relate.
    #[serde(default)]
    pub samples: Samples,
}

/// How the samples of two rounds relate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Samples {
    /// Drawn apart.
    #[default]
    Independent,
    /// PSUs of the same stratum and cluster are the same PSUs.
    Overlapping,
}

/// What [`ScoreChange`] found.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreChangeResult {
    /// The settings.
    pub settings: ScoreChange,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
    /// The first round by itself.
    pub first: ScoreResult,
    /// The second round by itself.
    pub second: ScoreResult,
    /// Groups, then margins, of either round.
    pub(crate) cells: Vec<CellChange>,
    pub(crate) degrees_of_freedom: u64,
    pub(crate) shared_psus: u64,
}

/// One group or margin in both rounds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CellChange {
    /// Its outline, from whichever round has it.
    pub cell: Cell,
    pub rows: [u64; 2],
    pub shares: [Option<f64>; 2],
    /// One a configuration.
    pub configurations: Vec<Changes>,
}

/// The changes of one cell in one configuration.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Changes {
    /// H, A, M0.
    pub measures: [Change; 3],
    /// w_j h_j of each indicator.
    pub indicators: Vec<Change>,
    /// ΔM0 by incidence and by intensity.
    pub shapley: Option<[f64; 2]>,
    /// Of a crossed group: ΔM0 of the whole by change within, and by shift of population.
    pub group: Option<[f64; 2]>,
    pub hidden: bool,
}

/// A figure in both rounds.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Change {
    pub first: Option<f64>,
    pub second: Option<f64>,
    pub change: Option<f64>,
    pub standard_error: Option<f64>,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    /// One of the rounds may not show it.
    pub hidden: bool,
}

/// Names of the measures, as in the tables.
pub(crate) const MEASURES: [&str; 3] = ["H", "A", "M0"];

crate::tables::arrow_tables!(ScoreChangeResult);

impl ScoreChangeResult {
    /// The result as the bindings and reports carry it.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("score_change", &self.settings)?;
        for (name, round) in [("first", &self.first), ("second", &self.second)] {
            let sample = &round.sample;
            for (what, count) in
                [("rows", sample.rows), ("rows_used", sample.used), ("rows_excluded", sample.excluded), ("psus", sample.psus)]
            {
                outcome.facts.insert(format!("{what}_{name}"), (!sample.hidden).then_some(count).into());
            }
            let share = sample.excluded_share.filter(|_| !sample.hidden);
            outcome.facts.insert(format!("excluded_share_{name}"), share.into());
        }
        outcome.facts.insert("shared_psus".into(), self.shared_psus.into());
        outcome.facts.insert("degrees_of_freedom".into(), self.degrees_of_freedom.into());
        outcome.facts.insert("scheme_hash".into(), self.settings.score.scheme.hash()?.into());
        outcome.facts.insert("min_n".into(), self.settings.score.min_n.into());
        outcome.facts.insert("level".into(), self.settings.score.level.into());
        let suppressed = self.first.suppressed_cells + self.second.suppressed_cells;
        outcome.facts.insert("suppressed_cells".into(), suppressed.into());
        outcome.tables = change_tables::tables(self)?;
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}

impl ScoreChange {
    /// Scores two rounds of data and compares them; the tick is given the rows read so far.
    ///
    /// # Errors
    /// Those of [`Score::run`] on either round; overlapping samples without a column of PSUs.
    pub fn run(
        &self,
        first: impl IntoIterator<Item = Result<Rows>>,
        second: impl IntoIterator<Item = Result<Rows>>,
        tick: Tick<'_>,
    ) -> Result<ScoreChangeResult> {
        self.check()?;
        let first = self.score.accumulate(first, tick)?;
        let before = first.rows();
        let second = self.score.accumulate(second, &|rows| tick(before + rows))?;
        let read = before + second.rows();
        self.compare(&first.tallies()?, &second.tallies()?, &|_| tick(read))
    }

    /// Compares two rounds that were taken in apart, with the same settings.
    ///
    /// # Errors
    /// Where the settings of the accumulators differ from each other or from these, and those of [`ScoreChange::run`].
    pub fn between(&self, first: &ScoreAccumulator, second: &ScoreAccumulator) -> Result<ScoreChangeResult> {
        self.check()?;
        if first.settings() != &self.score || second.settings() != &self.score {
            return Err(Error::argument("found accumulators of other settings, wanted those of the change in both rounds"));
        }
        self.compare(&first.tallies()?, &second.tallies()?, &crate::kernels::never)
    }

    /// Whether the settings make sense; data is not looked at.
    ///
    /// # Errors
    /// Those of [`Score::check`]; overlapping samples without a column of PSUs.
    pub fn check(&self) -> Result<()> {
        self.score.check()?;
        change_tables::refuse_taken_names(&self.score.by)?;
        if self.samples == Samples::Overlapping && self.score.cluster.is_none() {
            return Err(without_clusters());
        }
        Ok(())
    }

    /// The columns that it reads of either round.
    pub fn columns(&self) -> Vec<Needed> {
        self.score.columns()
    }

    /// The change from what the rows of both rounds amount to.
    pub(crate) fn compare(&self, first: &Tallies, second: &Tallies, tick: Tick<'_>) -> Result<ScoreChangeResult> {
        let rounds = [ScoreResult::with_tick(&self.score, first, tick)?, ScoreResult::with_tick(&self.score, second, tick)?];
        let samples = [Sample::new(&self.score, first)?, Sample::new(&self.score, second)?];
        let pairing = match self.samples {
            Samples::Independent => None,
            Samples::Overlapping => Some(Pairing::new(first, second)?),
        };
        let [one, two] = &rounds;
        let degrees_of_freedom = match &pairing {
            None => one.sample.degrees_of_freedom + two.sample.degrees_of_freedom,
            Some(pairing) => (one.sample.psus + two.sample.psus - pairing.shared).saturating_sub(pairing.strata),
        };
        let context = Context {
            rounds: &rounds,
            samples: &samples,
            pairing: pairing.as_ref(),
            t: student(self.score.level, degrees_of_freedom as f64),
        };
        let cells: Vec<CellChange> = outlines(&rounds).into_iter().map(|cell| context.cell(cell)).collect();
        let shared_psus = pairing.as_ref().map_or(0, |p| p.shared);
        let notes = notes(self, &rounds, &cells, pairing.as_ref(), degrees_of_freedom);
        let [first, second] = rounds;
        Ok(ScoreChangeResult { settings: self.clone(), notes, first, second, cells, degrees_of_freedom, shared_psus })
    }
}

/// The cells of either round, in the order of a score.
fn outlines(rounds: &[ScoreResult; 2]) -> Vec<Cell> {
    let mut cells: Vec<Cell> = rounds
        .iter()
        .flat_map(|round| &round.cells)
        .map(|cell| Cell { held: cell.held.clone(), key: cell.key.clone(), ..Cell::default() })
        .collect();
    // more columns held before fewer, earlier columns before later ones, then by key
    let place = |cell: &Cell| (std::cmp::Reverse(cell.held.iter().filter(|h| **h).count()), std::cmp::Reverse(cell.held.clone()));
    cells.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.key.cmp(&b.key)));
    cells.dedup();
    cells
}

/// Which PSUs of the first round stand in the second.
struct Pairing {
    /// By PSU of the first round: its place in the second.
    places: Vec<Option<usize>>,
    shared: u64,
    /// Distinct strata of both rounds.
    strata: u64,
}

impl Pairing {
    fn new(first: &Tallies, second: &Tallies) -> Result<Self> {
        let (Design::Clusters(one), Design::Clusters(two)) = (&first.design, &second.design) else {
            return Err(Error::argument(
                "`samples`: found `overlapping` without `cluster`; wanted the column of PSUs that both rounds share",
            ));
        };
        let list = |strata: &[super::tallies::ClusterStratum]| -> Vec<(Key, Key)> {
            strata.iter().flat_map(|s| s.psus.iter().map(|psu| (s.key.clone(), psu.key.clone()))).collect()
        };
        let places: std::collections::BTreeMap<(Key, Key), usize> = list(two).into_iter().zip(0..).collect();
        let places: Vec<Option<usize>> = list(one).iter().map(|psu| places.get(psu).copied()).collect();
        let strata: std::collections::BTreeSet<&Key> = one.iter().chain(two).map(|s| &s.key).collect();
        let shared = places.iter().flatten().count() as u64;
        Ok(Pairing { places, shared, strata: strata.len() as u64 })
    }
}

fn without_clusters() -> Error {
    Error::argument("`samples`: found `overlapping` without `cluster`; wanted the column of PSUs that both rounds share")
}

/// A measure: its figure, its two sums, and the denominator in both rounds.
type Measured = (fn(&Measures) -> Figure, Sum, Sum, [f64; 2]);

struct Context<'a> {
    rounds: &'a [ScoreResult; 2],
    samples: &'a [Sample<'a>; 2],
    pairing: Option<&'a Pairing>,
    /// Student's t of the intervals.
    t: Option<f64>,
}

impl Context<'_> {
    fn cell(&self, outline: Cell) -> CellChange {
        let found = self.rounds.each_ref().map(|round| round.cells.iter().find(|c| c.held == outline.held && c.key == outline.key));
        let rows = found.map(|cell| cell.map_or(0, |c| c.rows));
        // a group that a round does not have is none of its population
        let shares = found.map(|cell| cell.map_or(Some(0.0), |c| c.share));
        let count = self.rounds.first().map_or(0, |round| round.configurations.len());
        let configurations = (0..count).map(|at| self.changes(&outline, found, shares, at)).collect();
        CellChange { cell: outline, rows, shares, configurations }
    }

    fn changes(&self, outline: &Cell, found: [Option<&Cell>; 2], shares: [Option<f64>; 2], at: usize) -> Changes {
        let measures: [Option<&Measures>; 2] = found.map(|cell| cell.and_then(|c| c.measures.get(at)));
        let of = |figure: fn(&Measures) -> Figure| measures.map(|m| m.map(figure).unwrap_or_default());
        let total = |cell: Option<&Cell>| cell.map_or(0.0, |c| c.population);
        let insecure = |cell: Option<&Cell>| total(cell) * cell.and_then(|c| c.measures.get(at)?.h.value).unwrap_or_default();
        let sums: [Measured; 3] = [
            (|m| m.h, Sum::Insecure, Sum::All, found.map(total)),
            (|m| m.a, Sum::Intensity, Sum::Insecure, found.map(insecure)),
            (|m| m.m0, Sum::Intensity, Sum::All, found.map(total)),
        ];
        let measures_changed =
            sums.map(|(figure, numerator, denominator, totals)| self.change_of(of(figure), 1.0, found, at, numerator, denominator, totals));
        let weights = self.rounds.first().and_then(|r| r.configurations.get(at)).map(|c| c.weights.as_slice()).unwrap_or_default();
        let indicators = weights.iter().enumerate().map(|(j, weight)| {
            let figures = measures.map(|m| m.and_then(|m| m.indicators.get(j)).map(|i| i.censored).unwrap_or_default());
            let hidden = measures.iter().flatten().any(|m| m.indicators.get(j).is_some_and(|i| i.hidden));
            Change { hidden, ..self.change_of(figures, *weight, found, at, Sum::Censored(j), Sum::All, found.map(total)) }
        });
        let indicators = indicators.collect();
        let [h, a, m0] = &measures_changed;
        let shapley = match (h.first, h.second, a.first, a.second) {
            (Some(h1), Some(h2), Some(a1), Some(a2)) => Some([0.5 * (a1 + a2) * (h2 - h1), 0.5 * (h1 + h2) * (a2 - a1)]),
            _ => None,
        };
        // where a round has nobody of the group, all of its part is a shift of population
        let group = match (outline.is_group(), shares, m0.first.or(m0.second), m0.second.or(m0.first)) {
            (true, [Some(s1), Some(s2)], Some(m1), Some(m2)) => Some([0.5 * (s1 + s2) * (m2 - m1), 0.5 * (m1 + m2) * (s2 - s1)]),
            _ => None,
        };
        let hidden = found.iter().flatten().any(|c| c.hidden) || measures.iter().flatten().any(|m| m.hidden);
        Changes { measures: measures_changed, indicators, shapley, group, hidden }
    }

    /// `scale` times the change of a figure, which is a ratio of two sums over a cell.
    #[allow(clippy::too_many_arguments)] // two rounds of a ratio, by name and by value
    fn change_of(
        &self,
        figures: [Figure; 2],
        scale: f64,
        found: [Option<&Cell>; 2],
        at: usize,
        numerator: Sum,
        denominator: Sum,
        totals: [f64; 2],
    ) -> Change {
        let [first, second] = figures.map(|f| f.value.map(|v| scale * v));
        let change = first.zip(second).map(|(one, two)| two - one);
        let mut found_change = Change { first, second, change, ..Change::default() };
        let [Some(one), Some(two)] = figures.map(|f| f.standard_error) else { return found_change };
        let Some(estimate) = change else { return found_change };
        let mut variance = scale * scale * (one * one + two * two);
        if let Some(pairing) = self.pairing {
            let mut centred = Vec::new();
            for (((sample, cell), figure), total) in self.samples.iter().zip(found).zip(figures).zip(totals) {
                let (Some(cell), Some(value)) = (cell, figure.value) else { return found_change };
                let part = sample.part(&cell.members);
                centred.push(part.lens(sample, at).centred(&Ratio { numerator, scale: 1.0, denominator, value, total }));
            }
            if let [one, two] = centred.as_slice() {
                let shared = pairing.places.iter().zip(one).filter_map(|(place, z)| Some(z * two.get((*place)?)?));
                variance -= 2.0 * scale * scale * shared.sum::<f64>();
            }
        }
        let standard_error = variance.max(0.0).sqrt();
        found_change.standard_error = Some(standard_error);
        let interval = self.t.map(|t| t_interval(estimate, standard_error, t));
        found_change.lower = interval.map(|i| i.0);
        found_change.upper = interval.map(|i| i.1);
        found_change
    }
}

fn notes(change: &ScoreChange, rounds: &[ScoreResult; 2], cells: &[CellChange], pairing: Option<&Pairing>, degrees: u64) -> Vec<Note> {
    let by = &change.score.by;
    let mut notes: Vec<Note> = Vec::new();
    for (round, name) in rounds.iter().zip(["first round", "second round"]) {
        for note in &round.notes {
            if let Some(same) =
                notes.iter_mut().find(|n| n.code == note.code && n.message.ends_with(&note.message) && n.subjects == note.subjects)
            {
                same.message = format!("both rounds: {}", note.message);
            } else {
                notes.push(Note { message: format!("{name}: {}", note.message), ..note.clone() });
            }
        }
    }
    // with suppression such a note would tell of a count of 0
    let told = change.score.min_n == 0;
    let names = |keep: &dyn Fn(&CellChange) -> bool| cells.iter().filter(|c| keep(c)).map(|c| c.cell.name(by)).collect::<Vec<_>>();
    let once = names(&|c| c.rows.contains(&0) && c.rows.iter().any(|n| *n > 0));
    if told && !once.is_empty() {
        notes.push(Note::new("one-round-only", "only one round has rows that count there, so its change is undefined", once));
    }
    let unsplit = names(&|c| !c.rows.contains(&0) && c.configurations.iter().any(|x| x.shapley.is_none()));
    if told && !unsplit.is_empty() {
        let message = "nobody is insecure there in one of the rounds, so incidence and intensity are undefined";
        notes.push(Note::new("no-split", message, unsplit));
    }
    if pairing.is_some_and(|p| p.shared == 0) {
        notes.push(Note::new::<String>("no-shared-psu", "no PSU stands in both rounds, so the samples count as independent", []));
    }
    if degrees == 0 {
        notes.push(Note::new::<String>("no-degrees-of-freedom", "there are as many strata as PSUs, so intervals are undefined", []));
    }
    notes
}
