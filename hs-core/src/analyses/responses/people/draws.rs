//! Every choice run in its courses, and in each draw of ranges and courses: severities before, and Δ.

use rayon::prelude::*;

use super::PeopleMoved;
use super::changes::{Choice, is_no_answer, respond};
use crate::analyses::responses::externality_result::HorizonWord;
use crate::analyses::responses::options::Options;
use crate::analyses::responses::shocks::Scenario;
use crate::kernels::sampling::Draw;
use crate::kernels::{Tick, cancelled, never};
use crate::{Error, Result};

/// Networks past this many cells are run a few at a time, so that a wish to stop is heard.
const LARGE: usize = 2000;
/// Patterns that are looked at in a few hundredths of a second.
const MANY: usize = 50_000;
/// The slope's random numbers: effects are counted from the other end.
const SLOPE: u32 = u32::MAX;

/// One course of a choice: how much it weighs, and Δ at the cells that matter; none where it is undefined.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Course {
    pub weight: f64,
    pub delta: Option<Vec<f64>>,
    /// What each effect comes to in it.
    changes: Vec<f64>,
}

/// One draw: severities before, Δ by choice, and the slope.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Drawn {
    pub baseline: Vec<f64>,
    pub deltas: Vec<Option<Vec<f64>>>,
    pub slope: f64,
}

/// Choices on the anchored network, read at some cells.
pub(super) struct Runs<'a> {
    options: &'a Options<'a>,
    pub choices: Vec<Choice>,
    settings: &'a PeopleMoved,
    word: HorizonWord,
    /// Cells that are read.
    positions: Vec<usize>,
    /// Severities of those cells.
    pub baseline: Vec<f64>,
    /// By choice.
    pub courses: Vec<Vec<Course>>,
    /// Whether a choice's courses are all there are.
    pub exact: Vec<bool>,
    /// Whether any number of the network has a range.
    ranged: bool,
}

impl<'a> Runs<'a> {
    pub(super) fn new(
        options: &'a Options<'a>,
        choices: Vec<Choice>,
        positions: Vec<usize>,
        settings: &'a PeopleMoved,
        tick: Tick<'_>,
    ) -> Result<Self> {
        let baseline = read(options.baseline(), &positions);
        let ranged = !choices.is_empty()
            && options
                .world(0, settings.seed, tick)
                .map_or_else(|e| if is_no_answer(&e) { Ok(true) } else { Err(e) }, |w| Ok(w.is_some()))?;
        let mut runs =
            Runs { options, choices, settings, word: settings.word(), positions, baseline, courses: Vec::new(), exact: Vec::new(), ranged };
        for choice in runs.choices.clone() {
            let courses = options.courses(&choice.set, settings.draws, settings.seed);
            let mut found = Vec::with_capacity(courses.scenarios.len());
            for part in courses.scenarios.chunks(runs.batch(0)) {
                if !tick(found.len() as u64) {
                    return Err(cancelled());
                }
                let made: Result<Vec<Course>> = part.par_iter().map(|scenario| runs.course(&choice, scenario)).collect();
                found.extend(made?);
            }
            runs.courses.push(found);
            runs.exact.push(courses.exact);
        }
        Ok(runs)
    }

    /// Two of a choice that exclude each other.
    pub(super) fn excluded(&self, choice: &Choice) -> Option<(&str, &str)> {
        super::result::excluded(self.options, choice)
    }

    /// What the members of a choice of several require and the choice does not hold.
    pub(super) fn wanting(&self, choice: &Choice) -> Vec<String> {
        let members = || choice.set.iter().filter_map(|at| self.options.interventions().get(*at));
        if choice.set.len() < 2 {
            return Vec::new();
        }
        let of = |one: &&crate::assessment::Intervention| {
            let lacking = one.requires.iter().filter(|id| !members().any(|other| other.id == **id));
            lacking.map(|id| format!("{}: {} requires {id}", choice.name, one.id)).collect::<Vec<_>>()
        };
        members().flat_map(of).collect()
    }

    /// How many runs are made before the tick is looked at; `patterns` are looked at in each.
    fn batch(&self, patterns: usize) -> usize {
        let threads = rayon::current_num_threads().max(1);
        let each = if self.options.network().len() > LARGE { 1 } else { (MANY / patterns.max(1)).clamp(1, 8) };
        each * threads
    }

    fn course(&self, choice: &Choice, scenario: &Scenario) -> Result<Course> {
        let delta = respond(self.options, self.options.anchored(), choice, scenario, self.word, &never)?;
        let delta = delta.map(|delta| read(&delta, &self.positions));
        Ok(Course { weight: scenario.weight, delta, changes: scenario.changes.clone() })
    }

    /// One draw; none where the drawn network has no finite answer.
    pub(super) fn draw(&self, draw: u32) -> Result<Option<Drawn>> {
        let slope = match self.settings.slope_range {
            Some((low, high)) => Draw::new(self.settings.seed, draw, SLOPE).pert(low, self.settings.slope, high),
            None => self.settings.slope,
        };
        let world = match if self.ranged { self.options.world(draw, self.settings.seed, &never) } else { Ok(None) } {
            Err(error) if is_no_answer(&error) => return Ok(None),
            world => world?,
        };
        let mut deltas = Vec::with_capacity(self.choices.len());
        for (at, choice) in self.choices.iter().enumerate() {
            let course = self.options.course(&choice.set, draw, self.settings.seed);
            let known = if world.is_none() { self.known(at, draw, &course) } else { None };
            deltas.push(match known {
                Some(known) => known.delta.clone(),
                None => {
                    let world = world.as_ref().unwrap_or_else(|| self.options.anchored());
                    let delta = respond(self.options, world, choice, &course, self.word, &never)?;
                    delta.map(|delta| read(&delta, &self.positions))
                }
            });
        }
        let baseline = world.map_or_else(|| self.baseline.clone(), |world| read(world.baseline(), &self.positions));
        Ok(Some(Drawn { baseline, deltas, slope }))
    }

    /// The course, where it was run already.
    fn known(&self, choice: usize, draw: u32, course: &Scenario) -> Option<&Course> {
        let courses = self.courses.get(choice)?;
        let same = |known: &&Course| known.changes == course.changes;
        // drawn courses stand in the order of their draws
        courses.get(draw as usize).filter(same).or_else(|| courses.iter().take(1 << 12).find(same))
    }

    /// Δ expected of a choice at the cells that are read; none where some course is undefined.
    pub(super) fn is_defined(&self, choice: usize) -> bool {
        self.courses.get(choice).is_some_and(|courses| courses.iter().all(|course| course.delta.is_some()))
    }

    /// Some figures of every draw, one draw after the other, NaN where a draw has no answer.
    pub(super) fn every(
        &self,
        width: usize,
        patterns: usize,
        tick: Tick<'_>,
        figures: &(impl Fn(u32, &Drawn, &mut [f64]) -> Result<()> + Sync),
    ) -> Result<Vec<f64>> {
        let draws = self.settings.draws as usize;
        let size = width.checked_mul(draws).ok_or_else(|| Error::new(crate::ErrorKind::Memory, "no memory for the draws"))?;
        let mut all = crate::kernels::filled(size, f64::NAN)?;
        if width == 0 {
            return Ok(all);
        }
        let batch = self.batch(patterns.saturating_mul(self.choices.len()));
        for (at, part) in all.chunks_mut(width * batch).enumerate() {
            if !tick((at * batch) as u64) {
                return Err(cancelled());
            }
            let made: Result<Vec<()>> = part
                .par_chunks_mut(width)
                .enumerate()
                .map(|(within, out)| {
                    let draw = (at * batch + within) as u32;
                    match self.draw(draw)? {
                        Some(drawn) => figures(draw, &drawn, out),
                        None => Ok(()),
                    }
                })
                .collect();
            made?;
        }
        Ok(all)
    }
}

fn read(values: &[f64], positions: &[usize]) -> Vec<f64> {
    positions.iter().map(|at| values.get(*at).copied().unwrap_or(f64::NAN)).collect()
}

/// Quantiles at (1 ± level)/2 of what is there, and how many draws are not.
pub(super) fn interval(values: impl Iterator<Item = f64>, level: f64) -> (Option<(f64, f64)>, usize) {
    let (mut there, mut missing) = (Vec::new(), 0);
    for value in values {
        if value.is_nan() {
            missing += 1;
        } else {
            there.push(value);
        }
    }
    let low = crate::kernels::ranks::quantile(&mut there, 0.5 - 0.5 * level);
    let high = crate::kernels::ranks::quantile(&mut there, 0.5 + 0.5 * level);
    (low.zip(high), missing)
}
