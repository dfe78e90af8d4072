//! Which interventions do more together than apart, and which less?

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::bearings::{Bearings, Pair, Singles, Ways};
use super::externalities::Horizons;
use super::externality_result::HorizonWord;
use super::options::{Options, Scene};
use super::synergy_result::{Kind, SynergiesResult, SynergyRow};
use super::synergy_terms::{Term, Terms};
use super::weights::uncounted;
use crate::assessment::Intervention;
use crate::framework::Component;
use crate::kernels::{Tick, never};
use crate::propagation::{AnchorSettings, FuzzyCognitiveMap, Model, NoisyOr};
use crate::tables::Note;
use crate::{Assessment, Error, ErrorKind, Result};

/// Which interventions do more together than apart, and which less?
///
/// A synergy is what a set does beyond the sum of its parts, in severity points: negative where severity falls by more than the parts
/// promise, positive where it falls by less, or rises by more. Better and worse stay apart; `synergy` is the net's. What no number can be
/// given for - interventions that exclude each other, an unstable baseline - is undefined, with its reason.
///
/// # Method
/// Of a pair: e({k,l}) - e({k}) - e({l}), with e the expected effect, averaged over the cells of a component (weighted by persons where all
/// are known). Of a triple: e({k,l,m}) - e({k,l}) - e({k,m}) - e({l,m}) + e({k}) + e({l}) + e({m}). Every set stands for itself and all that it
/// requires, and all terms of one synergy come from the same courses. A Linear model without caps has none by construction.
///
/// # Complexity
/// n(n-1)/2 sets for pairs, n(n-1)(n-2)/6 more for triples, each as dear as the externalities of one intervention; sets whose cells lie apart
/// are not run.
///
/// # References
/// UNTFHS, *Human Security in Theory and Practice*, 2009, section 2.2 D; Owen, G., *Multilinear extensions of games*, 1972 (interactions).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Synergies {
    /// Ids of the interventions; all where absent.
    pub interventions: Option<Vec<String>>,
    /// How severity travels.
    pub model: Model,
    /// When the effects are read.
    pub horizon: Horizons,
    /// Id of the partition the group axis runs over; the whole population where absent.
    pub groups: Option<String>,
    /// Ids of the places; all where absent.
    pub places: Option<Vec<String>>,
    /// The period asked for; the latest of each cell where absent.
    pub period: Option<String>,
    /// What a link without a number is worth, 0 to 1; it takes no part where absent.
    pub unweighted: Option<f64>,
    /// Whether three-way interactions are told too.
    pub triples: bool,
    /// The model whose sign is held against the first one's; where absent the fuzzy cognitive map for NoisyOr, else NoisyOr.
    pub other_model: Option<Model>,
    /// Severity points under which a synergy is none to speak of (`kind`), and a bearing of one strategy on another is not listed.
    pub least: f64,
    /// Draws, where uncertain effects cannot be enumerated.
    pub draws: u32,
    /// Seed of the draws.
    pub seed: u64,
    /// Settings of the anchoring, its solver, and the horizons in periods.
    pub anchoring: AnchorSettings,
}

impl Default for Synergies {
    fn default() -> Self {
        Synergies {
            interventions: None,
            model: Model::default(),
            horizon: Horizons::Rest,
            groups: None,
            places: None,
            period: None,
            unweighted: None,
            triples: false,
            other_model: None,
            least: LEAST,
            draws: 1000,
            seed: 0,
            anchoring: AnchorSettings::default(),
        }
    }
}

/// Severity points under which a bearing is too small to speak of.
pub(super) const LEAST: f64 = 0.001;

/// Draws of the other model at the most: a sign needs fewer than a figure.
const SIGN_DRAWS: u32 = 100;

/// Below this a difference is no finding, whatever the solver promises.
const NOTHING: f64 = 1e-9;

impl Synergies {
    /// Runs the analysis.
    ///
    /// # Errors
    /// `NotFound` for an intervention, partition or place that does not exist; `Argument` for a setting out of its domain; `Diverging`
    /// where the model has no finite answer; `Unsupported` for a model that cannot be anchored.
    pub fn run(&self, assessment: &Assessment) -> Result<SynergiesResult> {
        self.run_with(assessment, &never)
    }

    /// Runs the analysis; `tick` is told how many runs are done and answers whether to go on.
    ///
    /// # Errors
    /// As [`Synergies::run`], and `Cancelled` where `tick` says so.
    pub fn run_with(&self, assessment: &Assessment, tick: Tick<'_>) -> Result<SynergiesResult> {
        if self.draws == 0 {
            return Err(Error::argument("`draws` is 0, wanted at least 1"));
        }
        if !(self.least >= 0.0 && self.least.is_finite()) {
            return Err(Error::argument(format!("`least` is {}, wanted a finite number of 0 or more", self.least)));
        }
        let (ids, added) = self.closed(assessment)?;
        let options = Options::new(assessment, &self.scene(self.model.clone()), Some(&ids), tick)?;
        let sets = Sets::new(&options, ids.len() - added.len(), self.least);
        let mut notes = options.notes();
        let mut terms = Terms::new(&options, self.horizon.words(), self.draws, self.seed);
        let mut rows = sets.pairs(&mut terms, tick)?;
        let mut triples = if self.triples { sets.triples(&mut terms, tick)? } else { Vec::new() };
        let drawn = terms.drawn;
        let other = self.other();
        if let Some(others) = self.others(assessment, &ids, &other, &mut notes, tick)? {
            let mut terms = Terms::new(&others, self.horizon.words(), self.draws.min(SIGN_DRAWS), self.seed);
            compare(&mut rows, &sets.pairs(&mut terms, tick)?);
            if self.triples {
                compare(&mut triples, &sets.triples(&mut terms, tick)?);
            }
        }
        let word = self.horizon.words().last().copied().unwrap_or(HorizonWord::Rest);
        let pairs = strongest(&rows, word);
        let ways = Ways { word, draws: self.draws, seed: self.seed };
        let singles = Singles::new(&options, &ways, tick)?;
        let bearings = Bearings::new(assessment, &options, &singles, &pairs, self.least);
        notes.extend(uncounted(&singles.nodes));
        notes.extend(bearings.notes());
        let mut result = SynergiesResult { settings: self.clone(), other, rows, triples, bearings, interventions: sets.asked, notes };
        result.remark(&added, drawn);
        Ok(result)
    }

    fn scene(&self, model: Model) -> Scene {
        Scene {
            model,
            groups: self.groups.clone(),
            places: self.places.clone(),
            period: self.period.clone(),
            unweighted: self.unweighted,
            anchoring: self.anchoring.clone(),
        }
    }

    /// The other model. Linear is passed over, for without caps it has no synergy to hold against another's.
    fn other(&self) -> Model {
        self.other_model.clone().unwrap_or_else(|| match self.model {
            Model::NoisyOr(_) => Model::FuzzyCognitiveMap(FuzzyCognitiveMap::default()),
            _ => Model::NoisyOr(NoisyOr::default()),
        })
    }

    /// The same interventions under the other model; none, with a note, where that model has no answer here.
    fn others<'a>(
        &self,
        assessment: &'a Assessment,
        ids: &[String],
        other: &Model,
        notes: &mut Vec<Note>,
        tick: Tick<'_>,
    ) -> Result<Option<Options<'a>>> {
        match Options::new(assessment, &self.scene(other.clone()), Some(ids), tick) {
            Ok(options) => Ok(Some(options)),
            Err(error) if matches!(error.kind, ErrorKind::Cancelled | ErrorKind::Memory) => Err(error),
            Err(error) => {
                let message =
                    format!("the other model ({}) has no answer here, so no sign is held against it: {}", other.word(), error.message);
                notes.push(Note::new("other-model-refused", message, Vec::<String>::new()));
                Ok(None)
            }
        }
    }

    /// The interventions asked for, then those they require beyond, and the latter by themselves.
    fn closed(&self, assessment: &Assessment) -> Result<(Vec<String>, Vec<String>)> {
        let known = || assessment.interventions.iter().map(|i| i.id.as_str());
        let find =
            |id: &str| assessment.interventions.iter().find(|i| i.id == id).ok_or_else(|| Error::not_found("intervention", id, known()));
        let mut ids: Vec<String> = Vec::new();
        for id in self.interventions.clone().unwrap_or_else(|| known().map(str::to_owned).collect()) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        let asked = ids.len();
        let mut at = 0;
        while let Some(id) = ids.get(at).cloned() {
            for required in &find(&id)?.requires {
                if !ids.contains(required) {
                    ids.push(required.clone());
                }
            }
            at += 1;
        }
        let added = ids.iter().skip(asked).cloned().collect();
        Ok((ids, added))
    }
}

/// The sets that are run: what each option stands for with all that it requires, and who excludes whom.
struct Sets {
    /// What is below is no synergy to speak of.
    least: f64,
    ids: Vec<String>,
    /// Ids of those that are paired; the others are only required.
    asked: Vec<String>,
    closures: Vec<BTreeSet<usize>>,
    excludes: BTreeSet<(usize, usize)>,
}

/// A synergy before it is spelled out by component.
struct Found {
    synergy: Vec<Term>,
    beyond: Vec<Term>,
    closed: BTreeSet<usize>,
    shared: BTreeSet<usize>,
    reason: Option<String>,
}

impl Sets {
    fn new(options: &Options<'_>, asked: usize, least: f64) -> Sets {
        let all = options.interventions();
        let positions = |ids: &[String]| ids.iter().filter_map(|id| options.position(id)).collect::<Vec<_>>();
        let mut closures = Vec::with_capacity(all.len());
        for start in 0..all.len() {
            let mut closure = BTreeSet::new();
            let mut open = vec![start];
            while let Some(option) = open.pop() {
                if closure.insert(option) {
                    open.extend(all.get(option).map(|i| positions(&i.requires)).unwrap_or_default());
                }
            }
            closures.push(closure);
        }
        let excluded = |(option, intervention): (usize, &&Intervention)| {
            positions(&intervention.excludes).into_iter().flat_map(move |other| [(option, other), (other, option)])
        };
        let excludes = all.iter().enumerate().flat_map(excluded).collect();
        let ids: Vec<String> = all.iter().map(|i| i.id.clone()).collect();
        Sets { least, asked: ids.iter().take(asked).cloned().collect(), ids, closures, excludes }
    }

    fn closure(&self, set: &[usize]) -> BTreeSet<usize> {
        set.iter().filter_map(|option| self.closures.get(*option)).flatten().copied().collect()
    }

    fn id(&self, option: usize) -> &str {
        self.ids.get(option).map_or("", String::as_str)
    }

    /// Why a set cannot stand together.
    fn excluded(&self, set: &BTreeSet<usize>) -> Option<String> {
        let (one, other) = self.excludes.iter().find(|(one, other)| set.contains(one) && set.contains(other))?;
        Some(format!("`{}` and `{}` exclude each other", self.id(*one), self.id(*other)))
    }

    fn pairs(&self, terms: &mut Terms<'_, '_>, tick: Tick<'_>) -> Result<Vec<SynergyRow>> {
        let mut rows = Vec::new();
        for first in 0..self.asked.len() {
            for second in first + 1..self.asked.len() {
                let found = self.pair(terms, first, second, tick)?;
                self.spell(&[first, second], &found, terms, &mut rows);
            }
        }
        Ok(rows)
    }

    fn pair(&self, terms: &mut Terms<'_, '_>, first: usize, second: usize, tick: Tick<'_>) -> Result<Found> {
        let (one, other) = (self.closure(&[first]), self.closure(&[second]));
        let both: BTreeSet<usize> = one.union(&other).copied().collect();
        let shared: BTreeSet<usize> = one.intersection(&other).copied().collect();
        let reason = self.excluded(&both);
        if reason.is_some() {
            return Ok(Found { synergy: Vec::new(), beyond: Vec::new(), closed: both, shared, reason });
        }
        let list = |set: &BTreeSet<usize>| set.iter().copied().collect::<Vec<_>>();
        let exact = terms.exact(&list(&both));
        let e_one = terms.of(&list(&one), exact, tick)?;
        let e_other = terms.of(&list(&other), exact, tick)?;
        let e_both =
            if terms.apart(&list(&one), &list(&other)) { sum(&e_one, 1.0, &e_other) } else { terms.of(&list(&both), exact, tick)? };
        let synergy = sum(&sum(&e_both, -1.0, &e_one), -1.0, &e_other);
        // what both require stands in both terms: beyond it is what the pair itself adds
        let beyond = if shared.is_empty() { synergy.clone() } else { sum(&synergy, 1.0, &terms.of(&list(&shared), exact, tick)?) };
        Ok(Found { synergy, beyond, closed: both, shared, reason })
    }

    fn triples(&self, terms: &mut Terms<'_, '_>, tick: Tick<'_>) -> Result<Vec<SynergyRow>> {
        let mut rows = Vec::new();
        for first in 0..self.asked.len() {
            for second in first + 1..self.asked.len() {
                for third in second + 1..self.asked.len() {
                    let found = self.triple(terms, [first, second, third], tick)?;
                    self.spell(&[first, second, third], &found, terms, &mut rows);
                }
            }
        }
        Ok(rows)
    }

    fn triple(&self, terms: &mut Terms<'_, '_>, set: [usize; 3], tick: Tick<'_>) -> Result<Found> {
        let [k, l, m] = set;
        let closed = self.closure(&set);
        let meet = |a: usize, b: usize| -> Vec<usize> { self.closure(&[a]).intersection(&self.closure(&[b])).copied().collect() };
        let shared: BTreeSet<usize> = [meet(k, l), meet(k, m), meet(l, m)].concat().into_iter().collect();
        let reason = self.excluded(&closed);
        if reason.is_some() {
            return Ok(Found { synergy: Vec::new(), beyond: Vec::new(), closed, shared, reason });
        }
        let list = |set: &[usize]| self.closure(set).into_iter().collect::<Vec<_>>();
        let exact = terms.exact(&list(&set));
        let mut synergy = terms.of(&list(&set), exact, tick)?;
        for pair in [[k, l], [k, m], [l, m]] {
            synergy = sum(&synergy, -1.0, &terms.of(&list(&pair), exact, tick)?);
        }
        for one in set {
            synergy = sum(&synergy, 1.0, &terms.of(&list(&[one]), exact, tick)?);
        }
        Ok(Found { beyond: synergy.clone(), synergy, closed, shared, reason })
    }

    /// One row a component and horizon.
    fn spell(&self, set: &[usize], found: &Found, terms: &Terms<'_, '_>, rows: &mut Vec<SynergyRow>) {
        let id = |at: usize| set.get(at).map(|option| self.id(*option).to_owned());
        let ids = |set: &BTreeSet<usize>| set.iter().map(|option| self.id(*option).to_owned()).collect::<Vec<_>>();
        let keys: Vec<(HorizonWord, Component)> =
            terms.words().iter().flat_map(|word| terms.components().map(move |component| (*word, component))).collect();
        for (at, (horizon, component)) in keys.into_iter().enumerate() {
            let term = found.synergy.get(at).copied();
            let beyond = found.beyond.get(at).copied();
            let undefined = || "the effect of one of the sets is undefined here".to_owned();
            let reason = found.reason.clone().or_else(|| term.and_then(|t| t.net).is_none().then(undefined));
            rows.push(SynergyRow {
                first: id(0).unwrap_or_default(),
                second: id(1).unwrap_or_default(),
                third: id(2),
                component,
                horizon,
                better: term.and_then(|t| t.better).map(settled(term)),
                worse: term.and_then(|t| t.worse).map(settled(term)),
                synergy: term.and_then(|t| t.net).map(settled(term)),
                beyond: beyond.and_then(|t| t.net).map(settled(beyond)),
                kind: kind(beyond, self.least),
                sign_robust: None,
                closed: ids(&found.closed),
                shared: ids(&found.shared),
                reason,
            });
        }
    }
}

/// What lies below the solver's error is 0, so that no noise is read as a synergy.
fn settled(term: Option<Term>) -> impl Fn(f64) -> f64 {
    let least = bound(term);
    move |value| if value.abs() <= least { 0.0 } else { value }
}

fn bound(term: Option<Term>) -> f64 {
    NOTHING.max(term.map_or(0.0, |t| t.error))
}

fn sum(a: &[Term], sign: f64, b: &[Term]) -> Vec<Term> {
    a.iter().zip(b).map(|(a, b)| a.plus(sign, *b)).collect()
}

fn kind(term: Option<Term>, least: f64) -> Kind {
    let Some((better, worse, net)) = term.and_then(|t| Some((t.better?, t.worse?, t.net?))) else { return Kind::Undefined };
    let least = least.max(bound(term));
    let (falls, rises) = ([better, worse].iter().any(|x| *x < -least), [better, worse].iter().any(|x| *x > least));
    match (falls, rises) {
        (true, true) => Kind::Both,
        (true, false) => Kind::Amplify,
        (false, true) => Kind::Undercut,
        // neither side by itself: improvements of one met worsenings of the other
        (false, false) if net < -least => Kind::Amplify,
        (false, false) if net > least => Kind::Undercut,
        (false, false) => Kind::None,
    }
}

/// Whether the other model gives the same sign, row by row.
fn compare(rows: &mut [SynergyRow], others: &[SynergyRow]) {
    let sign = |row: &SynergyRow| row.beyond.map(|x| if x == 0.0 { 0 } else { x.signum() as i8 });
    for (row, other) in rows.iter_mut().zip(others) {
        let same = (&row.first, &row.second, &row.third, row.component, row.horizon)
            == (&other.first, &other.second, &other.third, other.component, other.horizon);
        row.sign_robust = sign(row).zip(sign(other)).filter(|_| same).map(|(a, b)| a == b);
    }
}

/// Of each pair the components it amplifies or undercuts, at the last horizon asked for.
fn strongest(rows: &[SynergyRow], last: HorizonWord) -> Vec<Pair> {
    let of = |row: &SynergyRow| {
        let pair = |amount| Pair { first: row.first.clone(), second: row.second.clone(), component: row.component, amount };
        row.beyond.filter(|x| *x != 0.0).map(pair)
    };
    rows.iter().filter(|row| row.horizon == last).filter_map(of).collect()
}
