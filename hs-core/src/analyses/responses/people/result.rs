//! What people moved found, as a value.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde_json::json;

use super::PeopleMoved;
use super::accumulator::Taken;
use super::changes::{Changes, Choice, choices};
use super::draws::{Course, Runs, interval};
use super::found::{ByIndicator, Found, Pair, light, quick, whole};
use super::places::{Target, Whereabouts, targets, whereabouts};
use super::prevalence::Prevalence;
use super::sample::{Domain, Sample};
use super::{suppression, tables};
use crate::analyses::responses::options::Options;
use crate::analyses::thresholds::scoring::cells::{Cell as Scored, merged};
use crate::analyses::thresholds::scoring::sample::SLACK;
use crate::analyses::thresholds::scoring::tallies::{Configuration, Tallies};
use crate::analyses::thresholds::scoring::{MissingPolicy, ScoreResult};
use crate::kernels::crossing::Moves;
use crate::kernels::{Tick, cancelled};
use crate::tables::{Note, Outcome};
use crate::{Assessment, Error, Result};

/// What [`PeopleMoved`] found: persons lifted above the threshold and pushed below it, by choice, place and group.
#[derive(Debug, Clone, PartialEq)]
pub struct PeopleMovedResult {
    /// The settings.
    pub settings: PeopleMoved,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
    /// Names of interventions, packages and `together`.
    pub(super) choices: Vec<String>,
    /// Places and groups crossed, then their margins.
    pub(super) cells: Vec<People>,
    /// By choice, then by cell.
    pub(super) moved: Vec<Vec<Moved>>,
    pub(super) unmoved: Vec<Unmoved>,
    pub(super) prevalence: Vec<Prevalence>,
    /// Rows read, and rows that count; none without rows, or where they may not leave.
    pub(super) rows: Option<(u64, u64)>,
    /// Whether every choice's courses were enumerated.
    pub(super) exact: bool,
    /// Draws without a finite answer.
    pub(super) undefined_draws: usize,
    /// Figures that suppression blanked.
    pub(super) suppressed: u64,
}

/// The people of one place and group, or of a margin.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct People {
    /// Whether it holds the place and the group.
    pub held: Vec<bool>,
    /// What it is over, in words: `place,group`, `place`, `group` or nothing.
    pub over: String,
    pub shown: [Option<String>; 2],
    /// Place of the assessment its threats move in; none where several.
    pub in_place: Option<String>,
    pub rows: u64,
    pub population: Option<f64>,
    pub below: Option<f64>,
    pub coverage: Option<f64>,
    /// Share of the population for whom something can be said.
    pub matched: Option<f64>,
    /// Nothing may leave; or not who is below.
    pub hidden: bool,
    pub below_hidden: bool,
    /// By indicator: the share deprived may not leave.
    pub indicator_hidden: Vec<bool>,
}

/// Who is moved there.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Moved {
    /// None where it is undefined.
    pub found: Option<Found>,
    pub lifted: Option<(f64, f64)>,
    pub pushed: Option<(f64, f64)>,
    pub lifted_hidden: bool,
    pub pushed_hidden: bool,
}

/// An indicator that does not move, and why.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unmoved {
    pub indicator: Option<String>,
    pub threat: Option<String>,
    pub place: Option<String>,
    pub group: Option<String>,
    pub reason: &'static str,
}

crate::tables::arrow_tables!(PeopleMovedResult);

/// Courses for which nearest, farthest and the shares of indicators are made; beyond, the weightiest stand for all.
const MOST_WHOLE: usize = 64;

pub(super) const ALL_OR_NOBODY: &str = "share deprived is 0 or 1";

/// What the interventions come to, before anybody is looked at.
pub(super) fn chosen<'a>(settings: &PeopleMoved, assessment: &'a Assessment, tick: Tick<'_>) -> Result<(Options<'a>, Vec<Choice>)> {
    let all: Vec<&str> = assessment.interventions.iter().map(|i| i.id.as_str()).collect();
    let (named, needed) = choices(settings, &all)?;
    let options = Options::new(assessment, &settings.scene(), Some(&needed), tick)?;
    let choice = |(name, ids): (String, Vec<String>)| {
        let set: Option<Vec<usize>> = ids.iter().map(|id| options.position(id)).collect();
        set.map(|set| Choice { name, set }).ok_or_else(|| Error::internal("an intervention that was asked for is not there"))
    };
    let choices = named.into_iter().map(choice).collect::<Result<Vec<_>>>()?;
    for choice in choices.iter().filter(|choice| settings.packages.contains_key(&choice.name)) {
        if let Some((one, other)) = excluded(&options, choice) {
            let name = crate::shown(&choice.name);
            return Err(Error::argument(format!(
                "the package `{name}` holds `{one}` and `{other}`, which exclude each other: take one out"
            )));
        }
    }
    Ok((options, choices))
}

/// Two of a choice that exclude each other.
pub(super) fn excluded<'a>(options: &'a Options<'_>, choice: &Choice) -> Option<(&'a str, &'a str)> {
    let all = || choice.set.iter().filter_map(|at| options.interventions().get(*at));
    all().find_map(|one| one.excludes.iter().find(|id| all().any(|other| other.id == **id)).map(|id| (one.id.as_str(), id.as_str())))
}

/// The survey on one side, the cells of the network that speak of it on the other.
struct Whole<'a> {
    settings: &'a PeopleMoved,
    taken: &'a Taken,
    sample: Sample,
    stands: Vec<Whereabouts>,
    targets: Vec<Vec<Target>>,
    still: Moves,
}

impl<'a> Whole<'a> {
    fn new(
        settings: &'a PeopleMoved,
        assessment: &Assessment,
        taken: &'a Taken,
        options: &Options<'_>,
    ) -> Result<(Self, Vec<usize>, Vec<Note>)> {
        let sample = Sample::new(taken, settings.seed)?;
        let stands = whereabouts(settings, assessment, &taken.score.by, &sample.domains)?;
        let threats: Vec<Option<String>> = taken.score.scheme.indicators.iter().map(|i| i.threat.clone()).collect();
        let (mut targets, notes) = targets(assessment, options.network(), &threats, &stands);
        // cells of the network become places in a short list
        let mut positions: Vec<usize> = targets.iter().flatten().filter_map(|target| target.ok()).collect();
        positions.sort_unstable();
        positions.dedup();
        for target in targets.iter_mut().flatten() {
            *target = target.map(|at| positions.binary_search(&at).unwrap_or_default());
        }
        let still = still(settings, &taken.tallies)?;
        Ok((Whole { settings, taken, sample, stands, targets, still }, positions, notes))
    }

    /// All answers in the sample as it is: by domain, the expectation over the courses of a choice; none where nothing can be said.
    ///
    /// The costly answers are made for the [`MOST_WHOLE`] weightiest courses alone.
    fn point(&self, runs: &Runs<'_>, choice: usize, tick: Tick<'_>) -> Result<Vec<Option<Found>>> {
        if !runs.is_defined(choice) {
            return Ok(vec![None; self.stands.len()]);
        }
        let courses: Vec<(f64, &[f64])> = alike(runs.courses.get(choice).map(Vec::as_slice).unwrap_or_default());
        let mut weightiest: Vec<(f64, &[f64])> = courses.clone();
        // the first of those that weigh the same
        weightiest.sort_by(|a, b| b.0.total_cmp(&a.0));
        weightiest.truncate(MOST_WHOLE);
        let all: f64 = weightiest.iter().map(|(weight, _)| weight).sum();
        let whole_ones = weightiest.len() == courses.len();
        if !whole_ones {
            weightiest.iter_mut().for_each(|(weight, _)| *weight /= all);
        }
        let few = self.expected(runs, if whole_ones { &courses } else { &weightiest }, true, tick)?;
        if whole_ones {
            return Ok(few);
        }
        let mut found = self.expected(runs, &courses, false, tick)?;
        for (found, few) in found.iter_mut().zip(&few) {
            if let (Some(found), Some(few)) = (found, few) {
                found.take_rest(few);
            }
        }
        Ok(found)
    }

    /// The weighted sum over some courses.
    fn expected(&self, runs: &Runs<'_>, courses: &[(f64, &[f64])], all: bool, tick: Tick<'_>) -> Result<Vec<Option<Found>>> {
        let indicators = self.still.bits();
        let mut found: Vec<Option<Found>> = self.stands.iter().map(|stands| (!stands.lost).then(|| Found::nothing(indicators))).collect();
        let slots = self.sample.weights();
        for (done, (weight, delta)) in courses.iter().enumerate() {
            if !tick(done as u64) {
                return Err(cancelled());
            }
            let changes = Changes::new(&self.targets, &runs.baseline, delta);
            let one = |(at, domain): (usize, &Domain)| {
                let own = changes.of.get(at)?;
                let weights = domain.weights(&slots);
                let of = |all: bool| match all {
                    true => whole(self.settings, &self.still, domain, weights, own),
                    false => light(self.settings, &self.still, domain, weights, own).0,
                };
                found_in(self, at).then(|| of(all))
            };
            let fresh: Vec<Option<Found>> = self.sample.domains.par_iter().enumerate().map(one).collect();
            for (sum, fresh) in found.iter_mut().zip(&fresh) {
                if let (Some(sum), Some(fresh)) = (sum, fresh) {
                    sum.add(*weight, fresh);
                }
            }
        }
        Ok(found)
    }

    /// One answer in every draw: by draw, choice, domain, lifted and pushed.
    fn drawn(&self, runs: &Runs<'_>, tick: Tick<'_>) -> Result<Vec<f64>> {
        let domains = self.sample.domains.len();
        let width = runs.choices.len().saturating_mul(domains).saturating_mul(2);
        let patterns = self.sample.domains.iter().map(|domain| domain.patterns.len()).sum();
        runs.every(width, patterns, tick, &|draw, drawn, out| {
            let slots = self.sample.replicates.replicate(draw);
            for (delta, out) in drawn.deltas.iter().zip(out.chunks_mut((2 * domains).max(1))) {
                let Some(delta) = delta else { continue };
                let changes = Changes::new(&self.targets, &drawn.baseline, delta);
                for ((domain, own), out) in self.sample.domains.iter().zip(&changes.of).zip(out.chunks_mut(2)) {
                    let pair = quick(self.settings, &self.still, domain, domain.weights(&slots), own, drawn.slope);
                    out.iter_mut().zip([pair.lifted, pair.pushed]).for_each(|(to, from)| *to = from);
                }
            }
            Ok(())
        })
    }

    fn people(&self, scored: &Scored) -> People {
        let tallies = &self.taken.tallies;
        let patterns = merged(scored.members.iter().filter_map(|at| tallies.cells.get(*at as usize)).map(|cell| cell.patterns.as_slice()));
        let population: f64 = patterns.iter().map(|p| p.weight).sum();
        let mut below = 0.0;
        patterns.iter().filter(|p| self.still.is_over(p.pattern)).for_each(|p| below += p.weight);
        let stands = || scored.members.iter().filter_map(|at| self.stands.get(*at as usize));
        let weight =
            |at: &&u32| -> f64 { tallies.cells.get(**at as usize).map_or(0.0, |cell| cell.patterns.iter().map(|p| p.weight).sum()) };
        let matched: f64 =
            scored.members.iter().filter(|at| self.stands.get(**at as usize).is_some_and(|s| !s.lost)).map(|at| weight(&at)).sum();
        let mut in_place: Vec<&String> = stands().filter_map(|s| s.place.as_ref()).collect();
        in_place.dedup();
        let held = |name: &Option<String>| match name {
            Some(name) => self.taken.score.by.iter().position(|b| b == name).and_then(|at| scored.held.get(at)).copied().unwrap_or(false),
            None => false,
        };
        let held_place = held(&self.settings.place);
        let held_group = held(&self.settings.group);
        let first = stands().next().map(|s| s.shown.clone()).unwrap_or_default();
        let [place, group] = first;
        let over = [held_place.then_some("place"), held_group.then_some("group")].into_iter().flatten().collect::<Vec<_>>().join(",");
        let measures = scored.measures.first();
        let hidden_below = scored.hidden || measures.is_none_or(|m| m.hidden);
        People {
            held: scored.held.clone(),
            over,
            shown: [place.filter(|_| held_place || self.settings.place.is_none()), group.filter(|_| held_group)],
            in_place: match in_place.as_slice() {
                [only] => Some((*only).clone()),
                _ => None,
            },
            rows: patterns.iter().map(|p| p.rows).sum(),
            population: Some(population),
            below: Some(below),
            coverage: scored.coverage,
            matched: (population > 0.0).then(|| (matched / population).clamp(0.0, 1.0)),
            hidden: scored.hidden,
            below_hidden: hidden_below,
            indicator_hidden: scored.headcounts.iter().map(|figure| scored.hidden || figure.value.is_none()).collect(),
        }
    }

    fn unmoved(&self, cells: &[People]) -> Vec<Unmoved> {
        let scheme = &self.taken.score.scheme;
        let mut found = Vec::new();
        for (((domain, stands), targets), cell) in self.sample.domains.iter().zip(&self.stands).zip(&self.targets).zip(cells) {
            let all: f64 = domain.patterns.iter().map(|p| p.weight).sum();
            for (bit, (indicator, target)) in scheme.indicators.iter().zip(targets).enumerate() {
                let with: f64 = domain.patterns.iter().filter(|p| p.pattern >> bit & 1 == 1).map(|p| p.weight).sum();
                let shown = !cell.hidden && cell.indicator_hidden.get(bit) == Some(&false);
                let reason = match target {
                    Err(reason) => *reason,
                    Ok(_) if all > 0.0 && (with <= 0.0 || with >= all) && shown => ALL_OR_NOBODY,
                    Ok(_) => continue,
                };
                let [place, group] = stands.shown.clone();
                found.push(Unmoved { indicator: Some(indicator.name.clone()), threat: indicator.threat.clone(), place, group, reason });
            }
        }
        found
    }
}

/// Courses that move the cells that matter alike, as one, in the order in which they first come.
fn alike(courses: &[Course]) -> Vec<(f64, &[f64])> {
    let mut places: BTreeMap<Vec<u64>, usize> = BTreeMap::new();
    let mut found: Vec<(f64, &[f64])> = Vec::new();
    for course in courses {
        let Some(delta) = course.delta.as_deref() else { continue };
        let place = *places.entry(delta.iter().map(|d| d.to_bits()).collect()).or_insert(found.len());
        match found.get_mut(place) {
            Some((weight, _)) => *weight += course.weight,
            None => found.push((course.weight, delta)),
        }
    }
    found
}

fn found_in(whole: &Whole<'_>, domain: usize) -> bool {
    whole.stands.get(domain).is_some_and(|stands| !stands.lost)
}

/// Nothing moves yet; the bar is that of a score.
fn still(settings: &PeopleMoved, tallies: &Tallies) -> Result<Moves> {
    let Some(Configuration { weights, cutoff, .. }) = tallies.configurations.first() else {
        return Err(Error::internal("a score without a weighting"));
    };
    Ok(Moves::new(weights.clone(), cutoff - SLACK, settings.joint == super::Joint::Comonotone))
}

impl PeopleMovedResult {
    pub(super) fn on_rows(settings: &PeopleMoved, assessment: &Assessment, taken: &Taken, tick: Tick<'_>) -> Result<Self> {
        let scored = ScoreResult::with_tick(&taken.score, &taken.tallies, tick)?;
        let (options, choices) = chosen(settings, assessment, tick)?;
        let (whole, positions, place_notes) = Whole::new(settings, assessment, taken, &options)?;
        let runs = Runs::new(&options, choices, positions, settings, tick)?;
        let cells: Vec<People> = scored.cells.iter().map(|cell| whole.people(cell)).collect();
        let domains = whole.sample.domains.len();
        let drawn = whole.drawn(&runs, tick)?;
        let width = 2 * domains * runs.choices.len();
        let mut moved = Vec::with_capacity(runs.choices.len());
        let mut undefined_draws = 0;
        for choice in 0..runs.choices.len() {
            let point = whole.point(&runs, choice, tick)?;
            let mut of_cells = Vec::with_capacity(cells.len());
            for cell in &scored.cells {
                if !tick(of_cells.len() as u64) {
                    return Err(cancelled());
                }
                let members: Vec<usize> = cell.members.iter().map(|at| *at as usize).filter(|at| found_in(&whole, *at)).collect();
                let found = total(&point, &members, whole.still.bits());
                let figure = |which: usize| {
                    let values = drawn.chunks(width.max(1)).map(|draw| {
                        members.iter().map(|at| draw.get(2 * (choice * domains + at) + which).copied().unwrap_or(f64::NAN)).sum::<f64>()
                    });
                    interval(values, settings.level)
                };
                let defined = found.is_some();
                let ((lifted, missing), (pushed, _)) = if defined { (figure(0), figure(1)) } else { ((None, 0), (None, 0)) };
                undefined_draws = undefined_draws.max(missing);
                of_cells.push(Moved { found, lifted, pushed, ..Moved::default() });
            }
            moved.push(of_cells);
        }
        let mut notes = options.notes();
        notes.extend(scored.notes.iter().filter(|note| !matches!(note.code, "no-gaps" | "no-vital-indicator")).cloned());
        notes.extend(place_notes);
        let unmoved = whole.unmoved(&cells);
        let mut result = PeopleMovedResult {
            settings: settings.clone(),
            notes,
            choices: runs.choices.iter().map(|choice| choice.name.clone()).collect(),
            cells,
            moved,
            unmoved,
            prevalence: Vec::new(),
            rows: (!scored.sample.hidden).then_some((scored.sample.rows, scored.sample.used)),
            exact: runs.exact.iter().all(|exact| *exact),
            undefined_draws,
            suppressed: 0,
        };
        result.say(&runs);
        if settings.score.as_ref().is_some_and(|s| s.scheme.missing == MissingPolicy::Exclude) && scored.sample.excluded > 0 {
            let message = "persons are those of the rows with every indicator: `coverage` is their share of the weight";
            result.note("excluded-persons", message, Vec::new());
        }
        suppression::suppress(&mut result, u64::from(taken.score.min_n));
        Ok(result)
    }

    pub(super) fn note(&mut self, code: &'static str, message: impl Into<String>, subjects: Vec<String>) {
        self.notes.push(Note::new(code, message, subjects));
    }

    /// What has to be said of the runs.
    pub(super) fn say(&mut self, runs: &Runs<'_>) {
        let wanting: Vec<String> = runs.choices.iter().flat_map(|choice| runs.wanting(choice)).collect();
        if !wanting.is_empty() {
            let message = "interventions taken together require others that are not among them; they were run as they stand";
            self.note("package-requires", message, wanting);
        }
        let clashes = runs.choices.iter().filter_map(|choice| runs.excluded(choice)).map(|(one, other)| format!("{one}/{other}"));
        let clashes: Vec<String> = clashes.collect();
        if !clashes.is_empty() {
            let message = "taken together although they exclude each other";
            self.note("excluded-together", message, clashes);
        }
        if runs.choices.is_empty() {
            self.note("no-interventions", "no intervention is asked for, so there is no row", Vec::new());
        }
        let named = |keep: &dyn Fn(usize) -> bool| {
            runs.choices.iter().enumerate().filter(|(at, _)| keep(*at)).map(|(_, choice)| choice.name.clone()).collect::<Vec<_>>()
        };
        let drawn = named(&|at| runs.exact.get(at) == Some(&false));
        if !drawn.is_empty() {
            let message = format!(
                "effects with ranges, or more than 12 uncertain ones: figures are means over {} draws with seed {}",
                self.settings.draws, self.settings.seed
            );
            self.note("drawn", message, drawn);
        }
        let many = named(&|at| runs.courses.get(at).is_some_and(|courses| alike(courses).len() > MOST_WHOLE));
        if !many.is_empty() && self.settings.score.is_some() {
            let message = format!(
                "nearest and farthest, and how indicators share, are told from the {MOST_WHOLE} weightiest courses of the effects, and laid about \
                 the mean over all"
            );
            self.note("weightiest-courses", message, many);
        }
        let undefined = named(&|at| !runs.is_defined(at));
        if !undefined.is_empty() {
            let message =
                "propagated effects are undefined (unstable baseline, or a run that did not settle), so who moves is; null, not zero";
            self.note("undefined-effect", message, undefined);
        }
        if self.undefined_draws > 0 {
            let message = format!(
                "{} of {} draws have no finite answer and are left out of the intervals",
                self.undefined_draws, self.settings.draws
            );
            self.note("draws-left-out", message, Vec::new());
        }
        let unshared = self.moved.iter().flatten().any(|moved| moved.found.as_ref().is_some_and(|found| found.unshared));
        if unshared {
            let message =
                "more than 12 indicators move in one pattern of deprivations, so what each did to those rows is left out of `indicators`";
            self.note("shares-left-out", message, Vec::new());
        }
        if !self.unmoved.is_empty() {
            let mut subjects: BTreeMap<String, ()> = BTreeMap::new();
            for unmoved in &self.unmoved {
                let name = unmoved.indicator.clone().or_else(|| unmoved.threat.clone()).unwrap_or_default();
                subjects.insert(format!("{name}: {}", unmoved.reason), ());
            }
            let message = "these do not move, by place and group: see the table `unmoved`";
            self.note("unmoved", message, subjects.into_keys().collect());
        }
    }

    /// Settings, facts, tables (`people`, `margins`, `indicators`, `indicator_margins`, `unmoved`, `prevalence`) and notes.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("people", &self.settings)?;
        let min_n = self.settings.min_n.or(self.settings.score.as_ref().map(|s| s.min_n));
        let sized = self.settings.score.as_ref().is_some_and(|s| s.size.is_some());
        let unit = if self.settings.score.is_none() || sized { "persons" } else { "rows" };
        let facts = [
            ("model", json!(self.settings.model.word())),
            ("unit", json!(unit)),
            ("microdata", json!(self.settings.score.is_some())),
            ("rows", json!(self.rows.map(|r| r.0))),
            ("rows_used", json!(self.rows.map(|r| r.1))),
            ("interventions", json!(self.choices.len())),
            ("exact", json!(self.exact)),
            ("draws", json!(self.settings.draws)),
            ("undefined_draws", json!(self.undefined_draws)),
            ("level", json!(self.settings.level)),
            ("min_n", json!(min_n)),
            ("suppressed_cells", json!(self.suppressed)),
        ];
        outcome.facts.extend(facts.map(|(name, value)| (name.to_owned(), value)));
        outcome.tables = tables::tables(self)?;
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}

/// The sum over some domains; none where there is none of them, or one is undefined.
fn total(found: &[Option<Found>], members: &[usize], indicators: usize) -> Option<Found> {
    let mut sum = Found::nothing(indicators);
    for at in members {
        let own = found.get(*at)?.as_ref()?;
        let add = |to: &mut Pair, from: &Pair| to.add(1.0, *from);
        add(&mut sum.random, &own.random);
        add(&mut sum.nearest, &own.nearest);
        add(&mut sum.farthest, &own.farthest);
        for (to, from) in sum.indicators.iter_mut().zip(&own.indicators) {
            let ByIndicator { before, after, share, alone, last } = from;
            to.before += before;
            to.after += after;
            add(&mut to.share, share);
            add(&mut to.alone, alone);
            add(&mut to.last, last);
        }
        sum.unshared |= own.unshared;
        sum.lifted_rows += own.lifted_rows;
        sum.pushed_rows += own.pushed_rows;
    }
    match members {
        [] => None,
        [only] => {
            sum.severities = found.get(*only)?.as_ref()?.severities.clone();
            Some(sum)
        }
        _ => Some(sum),
    }
}
