//! What do people's stories tell of, and how far do those who coded them agree?

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::krippendorff_alpha::confidence;
use super::ratings::{self, within};
use super::small_cells::Linked;
use crate::assessment::{Basis, Story};
use crate::framework::Component;
use crate::kernels::krippendorff::{Coded, Difference};
use crate::kernels::{Tick, never};
use crate::tables::Note;
use crate::{Assessment, Result};

/// What do people's stories tell of, and how far do those who coded them agree?
///
/// Stories are codes, never words. A segment coded by two coders or more says how well the codes hold; a code counts where any coder gave it. Which linkages
/// stories bear out stands beside which were merely stated, and what no story tells of is listed: it is not thereby untrue.
///
/// # Method
/// Krippendorff's alpha over segments of two coders or more: of one code, whether it was given (nominal); of a kind, the sets of codes given, apart by
/// `1 - shared/all` (Jaccard). Intervals from draws of segments.
///
/// # Complexity
/// Segments times codes times coders, and draws times distinct sets squared.
///
/// # References
/// Krippendorff, *Content Analysis*, 4th ed., 2019. Passonneau, *Measuring agreement on set-valued items*, LREC 2006.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Stories {
    /// The period told of; all where absent.
    pub period: Option<String>,
    /// Draws of segments for intervals; 0 gives none.
    pub draws: u32,
    /// Seed of the draws.
    pub seed: u64,
    /// Share of draws between lower and upper.
    pub confidence: f64,
    /// Alpha from which a code is called reliable.
    pub reliable: f64,
    /// Fewest stories of a number that is shown, and of a stakeholder who is named; 0 shows all.
    pub min_n: usize,
}

impl Default for Stories {
    fn default() -> Self {
        Stories { period: None, draws: 1000, seed: 0, confidence: 0.95, reliable: 0.8, min_n: 3 }
    }
}

/// The kinds of code, as tables carry them.
const KINDS: [&str; 4] = ["threat", "linkage", "capacity", "actor"];

/// One code in the stories.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CodeRow {
    /// `threat`, `linkage`, `capacity` or `actor`.
    pub kind: &'static str,
    /// Id of what was told of.
    pub id: String,
    /// Stories that tell of it; 0 where suppressed, as are the numbers after it.
    pub stories: usize,
    /// Their segments.
    pub segments: usize,
    /// Who tells of it, of those with stories enough to be named.
    pub stakeholders: Vec<String>,
    /// Agreement on whether it was told of.
    pub alpha: Option<f64>,
    /// `reliable`, `tentative`, `single-coder`, `undefined` or `suppressed`.
    pub state: &'static str,
    /// Segments of two coders or more where any of them gave the code.
    pub double_coded: usize,
    /// Of these, those where all gave it.
    pub agreed: usize,
}

/// Agreement on one kind of code.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CodingAgreement {
    /// `threat`, `linkage`, `capacity`, `actor`, or `component` of the threats told of.
    pub kind: &'static str,
    /// Coders of segments that others coded too.
    pub coders: usize,
    /// Segments of two coders or more.
    pub units: usize,
    /// Agreement on the sets of codes.
    pub alpha: Option<f64>,
    /// Lower end.
    pub lower: Option<f64>,
    /// Upper end.
    pub upper: Option<f64>,
}

/// What stories say of one linkage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LinkageEvidence {
    /// Id of the linkage.
    pub linkage: String,
    /// Codes of the stories that tell of it; none where suppressed.
    pub stories: Vec<String>,
    /// Their segments; 0 where suppressed.
    pub segments: usize,
    /// Who tells of it, of those with stories enough to be named.
    pub stakeholders: Vec<String>,
    /// Whether its basis is `stated`.
    pub stated: bool,
    /// Id of the threat it starts from.
    pub from: String,
    /// Id of the threat it reaches.
    pub to: String,
    /// `feeds` or `dampens`.
    pub effect: &'static str,
    /// `value` or `suppressed`.
    pub state: &'static str,
}

/// Causes told of, by component.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CauseRow {
    /// Component of the threats.
    pub component: Component,
    /// Threats told of.
    pub threats: Vec<String>,
    /// Stories that tell of them; 0 where suppressed, as are their segments.
    pub stories: usize,
    /// Their segments.
    pub segments: usize,
    /// Share of all segments.
    pub share: Option<f64>,
    /// Agreement on whether the component was told of.
    pub alpha: Option<f64>,
    /// `value` or `suppressed`.
    pub state: &'static str,
}

/// What no story tells of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Uncoded {
    /// Kind of code.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// Why it is here.
    pub why: &'static str,
}

/// What [`Stories`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StoriesResult {
    /// The settings.
    pub settings: Stories,
    /// By code.
    pub codes: Vec<CodeRow>,
    /// By kind of code.
    pub agreement: Vec<CodingAgreement>,
    /// By linkage told of.
    pub linkages: Vec<LinkageEvidence>,
    /// By component.
    pub causes: Vec<CauseRow>,
    /// What no story tells of.
    pub uncoded: Vec<Uncoded>,
    /// Stories; 0 where suppressed, as are their segments.
    pub stories: usize,
    /// Segments.
    pub segments: usize,
    /// Segments of two coders or more.
    pub double_coded: usize,
    /// `value`, or `suppressed` where there are fewer than `min_n` stories.
    pub state: &'static str,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

/// A segment, with the set of codes each coder gave it.
#[derive(Default)]
struct Segment<'a> {
    stakeholders: BTreeSet<&'a str>,
    coders: BTreeMap<&'a str, BTreeMap<&'static str, BTreeSet<&'a str>>>,
}

impl Segment<'_> {
    fn holds(&self, kind: &str, id: &str) -> bool {
        self.coders.values().any(|codes| codes.get(kind).is_some_and(|ids| ids.contains(id)))
    }

    fn given(&self, kind: &str, id: &str) -> usize {
        self.coders.values().filter(|codes| codes.get(kind).is_some_and(|ids| ids.contains(id))).count()
    }
}

type Segments<'a> = BTreeMap<(&'a str, Option<&'a str>), Segment<'a>>;

fn codes_of(story: &Story) -> [(&'static str, &[String]); 4] {
    [("threat", &story.threats), ("linkage", &story.linkages), ("capacity", &story.capacities), ("actor", &story.actors)]
}

impl Stories {
    /// Runs the analysis.
    ///
    /// # Errors
    /// A confidence that is no share.
    pub fn run(&self, assessment: &Assessment) -> Result<StoriesResult> {
        self.run_with(assessment, &never)
    }

    /// Runs the analysis; `tick` is told the draw and answers whether to go on.
    ///
    /// # Errors
    /// As [`Stories::run`], and `Cancelled` where `tick` says so.
    pub fn run_with(&self, assessment: &Assessment, tick: Tick<'_>) -> Result<StoriesResult> {
        confidence(self.confidence)?;
        let span = ratings::asked(self.period.as_deref())?;
        let asked = |story: &&Story| within(story.period.as_deref(), span);
        let mut segments: Segments<'_> = BTreeMap::new();
        for story in assessment.stories.iter().filter(asked) {
            let segment = segments.entry((&story.story, story.segment.as_deref())).or_default();
            segment.stakeholders.extend(story.stakeholder.as_deref());
            let codes = segment.coders.entry(story.coder.as_deref().unwrap_or_default()).or_default();
            for (kind, ids) in codes_of(story) {
                codes.entry(kind).or_default().extend(ids.iter().map(String::as_str));
            }
        }
        let component: BTreeMap<&str, &'static str> = assessment.threats.iter().map(|t| (t.id.as_str(), t.component.word())).collect();
        for codes in segments.values_mut().flat_map(|s| s.coders.values_mut()) {
            let told = codes.get("threat").into_iter().flatten().filter_map(|id| component.get(id)).copied().collect();
            codes.insert("component", told);
        }
        let shared: Vec<&Segment<'_>> = segments.values().filter(|s| s.coders.len() > 1).collect();
        let mut agreement = Vec::new();
        for kind in KINDS.into_iter().chain(["component"]) {
            if segments.values().any(|s| s.coders.values().any(|c| c.get(kind).is_some_and(|ids| !ids.is_empty()))) {
                agreement.push(self.agreement(kind, &shared, tick)?);
            }
        }
        let codes = self.codes(assessment, &segments, &shared);
        let linkages = linkages(assessment, &segments);
        let uncoded = uncoded(assessment, &segments);
        let stories: BTreeSet<&str> = segments.keys().map(|(story, _)| *story).collect();
        let mut result = StoriesResult {
            settings: self.clone(),
            codes,
            agreement,
            linkages,
            causes: causes(assessment, &segments, &shared),
            uncoded,
            stories: stories.len(),
            segments: segments.len(),
            double_coded: shared.len(),
            state: "value",
            notes: Vec::new(),
        };
        result.notes = notes(&result, &segments);
        self.hide(&segments, &mut result)?;
        Ok(result)
    }

    fn codes(&self, assessment: &Assessment, segments: &Segments<'_>, shared: &[&Segment<'_>]) -> Vec<CodeRow> {
        let mut rows = Vec::new();
        for (kind, ids) in all_ids(assessment) {
            for id in ids {
                let (stories, many, stakeholders) = told(segments, kind, id);
                if many == 0 {
                    continue;
                }
                let any: Vec<&&Segment<'_>> = shared.iter().filter(|s| s.holds(kind, id)).collect();
                let alpha = binary(shared, kind, id);
                let state = match alpha {
                    _ if shared.is_empty() => "single-coder",
                    None => "undefined",
                    Some(alpha) if alpha >= self.reliable => "reliable",
                    Some(_) => "tentative",
                };
                rows.push(CodeRow {
                    kind,
                    id: id.to_owned(),
                    stories: stories.len(),
                    segments: many,
                    stakeholders,
                    alpha,
                    state,
                    double_coded: any.len(),
                    agreed: any.iter().filter(|s| s.given(kind, id) == s.coders.len()).count(),
                });
            }
        }
        rows
    }

    fn agreement(&self, kind: &'static str, shared: &[&Segment<'_>], tick: Tick<'_>) -> Result<CodingAgreement> {
        let empty = BTreeSet::new();
        let set = |codes: &BTreeMap<&'static str, BTreeSet<&str>>| -> Vec<String> {
            codes.get(kind).unwrap_or(&empty).iter().map(|id| (*id).to_owned()).collect()
        };
        let sets: BTreeSet<Vec<String>> = shared.iter().flat_map(|s| s.coders.values().map(set)).collect();
        let sets: Vec<Vec<String>> = sets.into_iter().collect();
        let place = |codes| sets.binary_search(&set(codes)).unwrap_or_default();
        let units: Vec<Vec<usize>> = shared.iter().map(|s| s.coders.values().map(place).collect()).collect();
        let table: Vec<f64> = sets.iter().flat_map(|a| sets.iter().map(|b| jaccard(a, b))).collect();
        let coded = Coded::of_positions(sets.len(), &units);
        let alpha = coded.alpha(Difference::Given(&table)).alpha;
        let interval = match alpha {
            Some(_) => coded.bootstrap(Difference::Given(&table), self.draws, self.seed, self.confidence, tick)?.map(|(ends, _)| ends),
            None => None,
        };
        let coders: BTreeSet<&str> = shared.iter().flat_map(|s| s.coders.keys().copied()).collect();
        Ok(CodingAgreement {
            kind,
            coders: coders.len(),
            units: shared.len(),
            alpha,
            lower: interval.map(|ends| ends[0]),
            upper: interval.map(|ends| ends[1]),
        })
    }
}

/// The stories that tell of something.
fn tellers<'a>(segments: &Segments<'a>, kind: &str, id: &str) -> BTreeSet<&'a str> {
    segments.iter().filter(|(_, s)| s.holds(kind, id)).map(|((story, _), _)| *story).collect()
}

impl Stories {
    /// Hides the numbers of what few stories tell of, and others that would tell them: a threat's stories are among those of its component. A stakeholder with
    /// few stories is not named: its name would say who tells of what.
    fn hide(&self, segments: &Segments<'_>, result: &mut StoriesResult) -> Result<()> {
        let mut told_by: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for ((story, _), segment) in segments {
            segment.stakeholders.iter().for_each(|who| told_by.entry(who).or_default().extend([*story]));
        }
        let named = |who: &String| told_by.get(who.as_str()).is_none_or(|stories| stories.len() >= self.min_n);
        let mut linked = Linked::new();
        for row in &result.codes {
            linked.add(tellers(segments, row.kind, &row.id), 2.0);
        }
        let causes = result.codes.len();
        for cause in &result.causes {
            linked.add(tellers(segments, "component", cause.component.word()), 1.0);
        }
        for (at, cause) in result.causes.iter().enumerate() {
            let own = result.codes.iter().enumerate().filter(|(_, row)| row.kind == "threat" && cause.threats.contains(&row.id));
            linked.family(own.map(|(at, _)| at).chain([causes + at]));
        }
        let hidden = linked.hidden(self.min_n)?;
        let hides = |at: usize| hidden.get(at) == Some(&true);
        let unnamed: Vec<String> = told_by.keys().map(|who| (*who).to_owned()).filter(|who| !named(who)).collect();
        let mut gone = Vec::new();
        for (at, row) in result.codes.iter_mut().enumerate() {
            row.stakeholders.retain(|who| named(who) && !hides(at));
            if hides(at) {
                gone.push(format!("{} {}", row.kind, row.id));
                (row.stories, row.segments, row.double_coded, row.agreed) = (0, 0, 0, 0);
                (row.alpha, row.state) = (None, "suppressed");
            }
        }
        for row in &mut result.linkages {
            let hide = gone.iter().any(|name| name.strip_prefix("linkage ") == Some(row.linkage.as_str()));
            row.stakeholders.retain(|who| named(who) && !hide);
            if hide {
                row.stories.clear();
                (row.segments, row.state) = (0, "suppressed");
            }
        }
        for (_, row) in result.causes.iter_mut().enumerate().filter(|(at, _)| hides(causes + at)) {
            gone.push(format!("component {}", row.component.word()));
            (row.stories, row.segments) = (0, 0);
            (row.share, row.alpha, row.state) = (None, None, "suppressed");
        }
        if result.stories > 0 && result.stories < self.min_n {
            (result.stories, result.segments, result.double_coded, result.state) = (0, 0, 0, "suppressed");
            result.agreement.clear();
            let message = format!("fewer than {} stories: none of their numbers is shown", self.min_n);
            result.notes.push(Note::new("few-stories", message, Vec::<String>::new()));
        }
        if !gone.is_empty() {
            let message =
                format!("are told of and their numbers not shown: fewer than {} stories, or they would tell such a number", self.min_n);
            result.notes.push(Note::counted("suppressed", "code", &message, gone));
        }
        if !unnamed.is_empty() {
            let message = format!("are not named beside what they tell of: they have fewer than {} stories", self.min_n);
            result.notes.push(Note::counted("stakeholder-not-named", "stakeholder", &message, unnamed));
        }
        Ok(())
    }
}

/// How far two sets lie apart: 1 less what they share over what they hold together.
fn jaccard(a: &[String], b: &[String]) -> f64 {
    let shared = a.iter().filter(|id| b.contains(id)).count();
    let all = a.len() + b.len() - shared;
    if all == 0 { 0.0 } else { 1.0 - shared as f64 / all as f64 }
}

/// Agreement on whether one code was given.
fn binary(shared: &[&Segment<'_>], kind: &str, id: &str) -> Option<f64> {
    let given = |codes: &BTreeMap<&'static str, BTreeSet<&str>>| f64::from(u8::from(codes.get(kind).is_some_and(|ids| ids.contains(id))));
    let units: Vec<Vec<f64>> = shared.iter().map(|s| s.coders.values().map(given).collect()).collect();
    Coded::new(units.iter().map(Vec::as_slice)).alpha(Difference::Nominal).alpha
}

fn all_ids(assessment: &Assessment) -> [(&'static str, Vec<&str>); 4] {
    [
        ("threat", assessment.threats.iter().map(|x| x.id.as_str()).collect()),
        ("linkage", assessment.linkages.iter().map(|x| x.id.as_str()).collect()),
        ("capacity", assessment.capacities.iter().map(|x| x.id.as_str()).collect()),
        ("actor", assessment.actors.iter().map(|x| x.id.as_str()).collect()),
    ]
}

/// Stories, number of segments and stakeholders that tell of something.
fn told(segments: &Segments<'_>, kind: &str, id: &str) -> (Vec<String>, usize, Vec<String>) {
    let found = || segments.iter().filter(|(_, s)| s.holds(kind, id));
    let stories: BTreeSet<&str> = found().map(|((story, _), _)| *story).collect();
    let stakeholders: BTreeSet<&str> = found().flat_map(|(_, s)| s.stakeholders.iter().copied()).collect();
    let owned = |set: BTreeSet<&str>| set.into_iter().map(str::to_owned).collect::<Vec<_>>();
    (owned(stories), found().count(), owned(stakeholders))
}

fn linkages(assessment: &Assessment, segments: &Segments<'_>) -> Vec<LinkageEvidence> {
    let row = |linkage: &crate::assessment::Linkage| {
        let (stories, segments, stakeholders) = told(segments, "linkage", &linkage.id);
        LinkageEvidence {
            linkage: linkage.id.clone(),
            stories,
            segments,
            stakeholders,
            stated: linkage.provenance.basis == Some(Basis::Stated),
            from: linkage.from.clone(),
            to: linkage.to.clone(),
            effect: linkage.effect.word(),
            state: "value",
        }
    };
    assessment.linkages.iter().map(row).filter(|row| row.segments > 0).collect()
}

fn causes(assessment: &Assessment, segments: &Segments<'_>, shared: &[&Segment<'_>]) -> Vec<CauseRow> {
    let mut rows = Vec::new();
    for &component in Component::ALL {
        let (stories, many, _) = told(segments, "component", component.word());
        if many == 0 {
            continue;
        }
        let own = assessment.threats.iter().filter(|t| t.component == component);
        rows.push(CauseRow {
            component,
            threats: own.filter(|t| segments.values().any(|s| s.holds("threat", &t.id))).map(|t| t.id.clone()).collect(),
            stories: stories.len(),
            segments: many,
            share: Some(many as f64 / segments.len() as f64),
            alpha: binary(shared, "component", component.word()),
            state: "value",
        });
    }
    rows
}

fn uncoded(assessment: &Assessment, segments: &Segments<'_>) -> Vec<Uncoded> {
    let mut rows = Vec::new();
    for (kind, ids) in all_ids(assessment) {
        let why = if kind == "linkage" { "no story tells of this linkage" } else { "the code was never used" };
        let unused = ids.into_iter().filter(|id| !segments.values().any(|s| s.holds(kind, id)));
        rows.extend(unused.map(|id| Uncoded { kind, id: id.to_owned(), why }));
    }
    rows
}

fn notes(result: &StoriesResult, segments: &Segments<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    let none = Vec::<String>::new;
    if segments.is_empty() {
        notes.push(Note::new("no-stories", "there is no story", none()));
        return notes;
    }
    let unnamed: Vec<String> =
        segments.iter().filter(|(_, s)| s.coders.contains_key("")).map(|((story, _), _)| (*story).to_owned()).collect();
    if !unnamed.is_empty() {
        let message = "have no coder said: all rows without one count as one coder";
        notes.push(Note::counted("coder-not-said", "segment", message, unnamed));
    }
    if result.double_coded == 0 {
        notes.push(Note::new("single-coder", "no segment was coded by two coders, so how far codes hold cannot be told", none()));
    }
    let undefined: Vec<&str> = result.codes.iter().filter(|c| c.state == "undefined").map(|c| c.id.as_str()).collect();
    if !undefined.is_empty() {
        let message = "on these codes no two coders could have differed: agreement is undefined";
        notes.push(Note::new("undefined", message, undefined));
    }
    let message = "a code counts where any coder gave it; a story bears out what people live through, it does not measure how many do";
    notes.push(Note::new("how-counted", message, none()));
    notes
}
