//! Where do women and men, girls and boys, face different threats, and where does nobody say?

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::gender_harms::{Harm, harms};
use super::gender_tables;
use super::hiding::{Shown, hidden, traits};
use super::sighted::{Sight, filled, sight, too_few};
use crate::assessment::ConditionKind;
use crate::framework::Component;
use crate::kernels::contrast::{Contrast, Doubt, Interval, contrast};
use crate::kernels::{Tick, never};
use crate::network::Atlas;
use crate::tables::{Note, Outcome};
use crate::{Assessment, Error, Result};

/// Where do women and men, girls and boys, face different threats, and where does nobody say?
///
/// Two values of one dimension are set side by side, threat by threat and place by place, with difference and ratio; then every cell in which
/// dimensions meet. Margins and intersections are suppressed as one set. Nothing here knows an incident: the smallest thing shown is a group
/// in a place.
///
/// # Method
/// Severity and prevalence of each cell as in criticality, with observations where no condition stands. Difference = first - second, ratio =
/// first / second. Intervals: of standard errors by the delta method (the ratio on its logarithm), of ranges by draws. A margin without a
/// group of its own is the persons-weighted mean over the groups of the first partition that has them.
///
/// # Complexity
/// Cells times draws, and linear programmes where a cell is suppressed.
///
/// # Errors
/// `first` equal to `second`; a level outside 0 to 1; an indicator that is not there.
///
/// # References
/// UNTFHS, *Human Security in Theory and Practice*, 2009; WHO, *Ethical and safety recommendations for researching, documenting and
/// monitoring sexual violence in emergencies*, 2007; Hundepool et al., *Statistical Disclosure Control*, 2012.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GenderGaps {
    /// `gender`, `age`, `status`, or any other word for the tags.
    pub dimension: String,
    /// The value looked at.
    pub first: String,
    /// The value it is compared with.
    pub second: String,
    /// Whether to look where dimensions meet.
    pub intersections: bool,
    /// The period asked for; the latest of each cell where absent.
    pub period: Option<String>,
    /// Ids of indicators that are shares of persons affected.
    pub prevalence_from: Vec<String>,
    /// Smallest sample whose figures are shown; 0 shows all.
    pub min_n: u64,
    /// Probability of the intervals.
    pub level: f64,
    /// Draws where figures have ranges.
    pub draws: u32,
    /// Seed of the draws.
    pub seed: u64,
}

impl Default for GenderGaps {
    fn default() -> Self {
        GenderGaps {
            dimension: "gender".into(),
            first: "female".into(),
            second: "male".into(),
            intersections: true,
            period: None,
            prevalence_from: Vec::new(),
            min_n: 25,
            level: 0.9,
            draws: 1000,
            seed: 0,
        }
    }
}

/// One side of a gap.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct GapSide {
    /// Severity, where known and shown.
    pub severity: Option<f64>,
    /// Prevalence, where known and shown.
    pub prevalence: Option<f64>,
    /// Least sample size behind it.
    pub n: Option<u64>,
    /// Kind of what it rests on.
    pub kind: Option<ConditionKind>,
    /// Share of the side's persons it rests on.
    pub coverage: Option<f64>,
    /// Ids of the groups behind it.
    pub groups: Vec<String>,
}

/// A measure of one gap.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Gap {
    /// First - second.
    pub difference: f64,
    /// Its interval.
    pub difference_ends: Option<(f64, f64)>,
    /// First / second.
    pub ratio: Option<f64>,
    /// Its interval.
    pub ratio_ends: Option<(f64, f64)>,
    /// `standard-error`, `draws` or `none`.
    pub interval: &'static str,
}

/// One threat in one place, first beside second.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GapRow {
    /// Id of the threat.
    pub threat: String,
    /// Its component.
    pub component: Component,
    /// Id of the place.
    pub place: String,
    /// What both sides have in common besides, for example `age child`; none for everyone of the dimension.
    pub within: Option<String>,
    /// The value looked at.
    pub first: GapSide,
    /// The value it is compared with.
    pub second: GapSide,
    /// Severity of both.
    pub severity: Option<Gap>,
    /// Prevalence of both.
    pub prevalence: Option<Gap>,
    /// `value`, `one-sided` or `suppressed`.
    pub state: &'static str,
}

/// A cell in which dimensions meet.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IntersectionRow {
    /// Id of the threat.
    pub threat: String,
    /// Id of the place.
    pub place: String,
    /// Id of the group.
    pub group: String,
    /// Gender of the group.
    pub gender: Option<String>,
    /// Age of the group.
    pub age: Option<String>,
    /// Socio-economic status of the group.
    pub status: Option<String>,
    /// Severity.
    pub severity: Option<f64>,
    /// Prevalence.
    pub prevalence: Option<f64>,
    /// Persons affected.
    pub persons: Option<f64>,
    /// Least sample size.
    pub n: Option<u64>,
    /// `value` or `suppressed`.
    pub state: &'static str,
    /// Further dimensions of the group.
    pub tags: Vec<String>,
}

/// A disaggregation that is not there.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MissingRow {
    /// Id of the threat.
    pub threat: String,
    /// Id of the place.
    pub place: String,
    /// What is not there.
    pub wanted: String,
    /// What to do about it.
    pub advice: String,
}

/// What [`GenderGaps`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GenderGapsResult {
    /// The settings.
    pub settings: GenderGaps,
    /// First beside second.
    pub gaps: Vec<GapRow>,
    /// Where dimensions meet.
    pub intersections: Vec<IntersectionRow>,
    /// What is not there.
    pub missing: Vec<MissingRow>,
    /// Harm to the group looked at that interventions declare or the handbook warns of.
    pub harms: Vec<Harm>,
    /// Cells kept back.
    pub suppressed: usize,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

/// A group by what it is.
struct Facet {
    traits: Vec<(String, String)>,
}

impl Facet {
    fn is(&self, dimension: &str, word: &str) -> bool {
        let named = matches!(dimension, "gender" | "age" | "status");
        let own = |(name, value): &(String, String)| {
            let tagged = value.strip_prefix(dimension).and_then(|rest| rest.strip_prefix([':', '=']));
            if named { name == dimension && value == word } else { name == "tag" && (value == word || tagged == Some(word)) }
        };
        self.traits.iter().any(own)
    }

    /// What is left of it without that value.
    fn rest(&self, dimension: &str, word: &str) -> Vec<String> {
        let own = |one: &&(String, String)| !Facet { traits: vec![(*one).clone()] }.is(dimension, word);
        self.traits.iter().filter(own).map(|(name, value)| format!("{name} {value}")).collect()
    }
}

/// One side: where it is shown, and what is known of it.
#[derive(Default)]
struct Side {
    severity: Option<(f64, Doubt)>,
    prevalence: Option<(f64, Doubt)>,
    shown: GapSide,
    small: bool,
    /// Groups it was put together from; empty where it stands for itself.
    parts: Vec<u32>,
}

/// What a run works on.
struct Work<'a> {
    settings: &'a GenderGaps,
    atlas: &'a Atlas<'a>,
    facets: Vec<Facet>,
    first: String,
    second: String,
    dimension: String,
}

impl GenderGaps {
    /// Compares the two values.
    ///
    /// # Errors
    /// As said above.
    pub fn run(&self, assessment: &Assessment) -> Result<GenderGapsResult> {
        self.run_with(assessment, &never)
    }

    /// As [`GenderGaps::run`], stopped where `tick` says so.
    ///
    /// # Errors
    /// As [`GenderGaps::run`]; `Cancelled`.
    pub fn run_with(&self, assessment: &Assessment, tick: Tick<'_>) -> Result<GenderGapsResult> {
        let low = |text: &str| text.trim().to_lowercase();
        let (first, second) = (low(&self.first), low(&self.second));
        if first == second || first.is_empty() || second.is_empty() {
            return Err(Error::argument(format!("`first` and `second`: found `{first}` and `{second}`, wanted two values")));
        }
        super::level(self.level)?;
        let atlas = Atlas::new(assessment)?;
        let (sights, mut notes) = sight(assessment, &filled(self.period.as_deref(), &self.prevalence_from))?;
        let facets = assessment.groups.iter().map(|group| Facet { traits: traits(group) }).collect();
        let work = Work { settings: self, atlas: &atlas, facets, first, second, dimension: low(&self.dimension) };
        for word in [&work.first, &work.second] {
            if !work.facets.iter().any(|facet| facet.is(&work.dimension, word)) {
                let message = format!("no group has the {} `{word}`", work.dimension);
                notes.push(Note::new("no-group", message, Vec::<String>::new()));
            }
        }
        let mut families: BTreeMap<u32, Vec<&Sight>> = BTreeMap::new();
        for sight in &sights {
            families.entry(atlas.threat(&sight.cell.threat)?).or_default().push(sight);
        }
        let mut result = GenderGapsResult {
            settings: self.clone(),
            gaps: Vec::new(),
            intersections: Vec::new(),
            missing: Vec::new(),
            harms: harms(assessment, &work.dimension, &work.first, |group| {
                assessment.groups.iter().zip(&work.facets).any(|(g, facet)| g.id == group && facet.is(&work.dimension, &work.first))
            }),
            suppressed: 0,
            notes: Vec::new(),
        };
        for (at, (threat, family)) in families.iter().enumerate() {
            if !tick(at as u64) {
                return Err(crate::kernels::cancelled());
            }
            work.threat(*threat, family, &mut result, tick)?;
        }
        let mixed: Vec<String> = result
            .gaps
            .iter()
            .filter(|g| g.first.kind.is_some() && g.second.kind.is_some() && g.first.kind != g.second.kind)
            .map(|g| format!("{}/{}", g.threat, g.place))
            .collect();
        if !mixed.is_empty() {
            notes.push(Note::counted("kinds-differ", "gap", "are between figures of different kinds: look at what each rests on", mixed));
        }
        if result.suppressed > 0 {
            let message = format!(
                "{} cells rest on fewer than {} people asked, or would tell of such, and are suppressed, margins and intersections as one set",
                result.suppressed, self.min_n
            );
            notes.push(Note::new("suppressed", message, Vec::<String>::new()));
        }
        let message = "intervals: `standard-error` by the delta method on observations, the ratio on its logarithm; `draws` over ranges";
        notes.push(Note::new("intervals", message, Vec::<String>::new()));
        result.notes = notes;
        Ok(result)
    }
}

impl Work<'_> {
    fn threat(&self, threat: u32, family: &[&Sight], result: &mut GenderGapsResult, tick: Tick<'_>) -> Result<()> {
        let mut cells: BTreeMap<(u32, Option<u32>), &Sight> = BTreeMap::new();
        for sight in family {
            let group = sight.cell.group.as_deref().map(|id| self.atlas.group(id)).transpose()?;
            cells.insert((self.atlas.place(&sight.cell.place)?, group), sight);
        }
        let places: BTreeSet<u32> = cells.keys().map(|(place, _)| *place).collect();
        // margins put together from their parts are shown too: they stand in the same set under numbers no group has
        let invented = |word: usize| u32::MAX - 2 + word as u32;
        let min_n = self.settings.min_n;
        let mut shown: Vec<Shown> = cells
            .iter()
            .map(|((place, group), sight)| Shown {
                place: *place,
                group: *group,
                n: sight.n,
                small: too_few(sight, min_n),
                elsewhere: self.elsewhere(*group),
            })
            .collect();
        let (mut margins, mut extra) = (BTreeMap::new(), Vec::new());
        for &place in &places {
            for (at, word) in [&self.first, &self.second].into_iter().enumerate() {
                let side = self.margin(&cells, place, word);
                if !side.parts.is_empty() {
                    shown.push(Shown { place, group: Some(invented(at)), n: side.shown.n, small: side.small, elsewhere: false });
                    extra.push(((place, Some(invented(at))), side.parts.iter().map(|g| (place, Some(*g))).collect::<Vec<_>>()));
                }
                margins.insert((place, at), side);
            }
        }
        let kept_back = hidden(self.atlas, &shown, &extra, min_n, tick)?;
        let hides: BTreeSet<(u32, Option<u32>)> =
            shown.iter().zip(&kept_back).filter(|(_, hidden)| **hidden).map(|(s, _)| (s.place, s.group)).collect();
        result.suppressed += hides.len();
        let assessment = self.atlas.assessment();
        let (Some(of), groups) = (assessment.threats.get(threat as usize), &assessment.groups) else { return Ok(()) };
        for &place in &places {
            let Some(at) = assessment.places.get(place as usize) else { continue };
            let key = u64::from(threat) << 32 | u64::from(place);
            let mut sides = [0_usize, 1].map(|at| margins.remove(&(place, at)).unwrap_or_default());
            let is_hidden = |side: &Side, word: usize| {
                let own = side.shown.groups.iter().filter_map(|id| self.atlas.group(id).ok());
                let by_itself = side.parts.is_empty() && own.clone().any(|g| hides.contains(&(place, Some(g))));
                by_itself || hides.contains(&(place, Some(invented(word))))
            };
            let flags = [0, 1].map(|word| sides.get(word).is_some_and(|side| is_hidden(side, word)));
            let [first, second] = &mut sides;
            self.push(result, (&of.id, of.component, &at.id), None, (first, second), flags, key);
            self.strata(result, (&of.id, of.component, &at.id), place, &cells, &hides, key);
            if self.settings.intersections {
                for ((_, group), sight) in cells.range((place, None)..=(place, Some(u32::MAX))) {
                    let Some((group, facet)) = group.and_then(|g| groups.get(g as usize).zip(self.facets.get(g as usize))) else {
                        continue;
                    };
                    if facet.traits.len() < 2 {
                        continue;
                    }
                    let kept = hides.contains(&(place, Some(self.atlas.group(&group.id)?)));
                    let open = |number: Option<f64>| number.filter(|_| !kept);
                    result.intersections.push(IntersectionRow {
                        threat: of.id.clone(),
                        place: at.id.clone(),
                        group: group.id.clone(),
                        gender: group.gender.clone(),
                        age: group.age.clone(),
                        status: group.status.clone(),
                        severity: open(sight.cell.severity),
                        prevalence: open(sight.cell.prevalence),
                        persons: open(sight.cell.persons),
                        n: sight.n.filter(|_| !kept),
                        state: if kept { "suppressed" } else { "value" },
                        tags: group.tags.clone(),
                    });
                }
            }
            self.missing(result, &of.id, &at.id, place, &cells);
        }
        Ok(())
    }

    /// Whether a cell stands in none of the tables here; others show it, so it counts as known.
    fn elsewhere(&self, group: Option<u32>) -> bool {
        let Some(facet) = group.and_then(|g| self.facets.get(g as usize)) else { return true };
        let margin = [&self.first, &self.second].into_iter().any(|word| facet.is(&self.dimension, word));
        if facet.traits.len() > 1 { !self.settings.intersections } else { !margin }
    }

    /// Everyone of one value in a place: the group that is just that, else the groups of one partition by their persons.
    fn margin(&self, cells: &BTreeMap<(u32, Option<u32>), &Sight>, place: u32, word: &str) -> Side {
        let is = |g: u32| self.facets.get(g as usize).is_some_and(|facet| facet.is(&self.dimension, word));
        let pure = |g: u32| self.facets.get(g as usize).is_some_and(|facet| facet.traits.len() == 1) && is(g);
        let own = cells.range((place, Some(0))..=(place, Some(u32::MAX))).find(|((_, g), _)| g.is_some_and(pure));
        if let Some(((_, Some(group)), sight)) = own {
            return self.side(*group, sight);
        }
        for partition in &self.atlas.assessment().partitions {
            let Ok(members) = self.atlas.partition(&partition.id) else { continue };
            let wanted: Vec<u32> = members.iter().copied().filter(|g| is(*g)).collect();
            let parts: Vec<(u32, &Sight)> = wanted.iter().filter_map(|g| cells.get(&(place, Some(*g))).map(|s| (*g, *s))).collect();
            if !parts.is_empty() {
                return self.together(place, &wanted, &parts);
            }
        }
        Side::default()
    }

    fn side(&self, group: u32, sight: &Sight) -> Side {
        let id = self.atlas.assessment().groups.get(group as usize).map(|g| g.id.clone());
        Side {
            severity: sight.severity,
            prevalence: sight.prevalence,
            shown: GapSide {
                severity: sight.cell.severity,
                prevalence: sight.cell.prevalence,
                n: sight.n,
                kind: Some(sight.kind),
                coverage: sight.cell.coverage,
                groups: id.into_iter().collect(),
            },
            small: too_few(sight, self.settings.min_n),
            parts: Vec::new(),
        }
    }

    /// The persons-weighted mean over groups that do not overlap; groups count alike where any one's persons are unknown.
    fn together(&self, place: u32, wanted: &[u32], parts: &[(u32, &Sight)]) -> Side {
        let persons = |group: u32| self.atlas.persons(place, Some(group));
        let all_known = wanted.iter().all(|g| persons(*g).is_some());
        let weight = |group: u32| if all_known { persons(group).unwrap_or(0.0) } else { 1.0 };
        let total: f64 = wanted.iter().map(|g| weight(*g)).sum();
        let mean = |of: fn(&Sight) -> Option<(f64, Doubt)>| {
            let mut known: Vec<(f64, (f64, Doubt))> = parts.iter().filter_map(|(g, s)| of(s).map(|v| (weight(*g), v))).collect();
            known.sort_by(|a, b| a.1.0.total_cmp(&b.1.0).then(a.0.total_cmp(&b.0)));
            pooled(&known)
        };
        let known: f64 = parts.iter().map(|(g, _)| weight(*g)).sum();
        let first = parts.first().map(|(_, s)| s.kind);
        let (severity, prevalence) = (mean(|s| s.severity), mean(|s| s.prevalence));
        let n = parts.iter().map(|(_, s)| s.n).sum::<Option<u64>>();
        let groups = self.atlas.assessment().groups.as_slice();
        Side {
            severity,
            prevalence,
            shown: GapSide {
                severity: severity.map(|s| s.0),
                prevalence: prevalence.map(|p| p.0),
                n,
                kind: first.filter(|kind| parts.iter().all(|(_, s)| s.kind == *kind)),
                coverage: (total > 0.0).then(|| known / total),
                groups: parts.iter().filter_map(|(g, _)| groups.get(*g as usize)).map(|g| g.id.clone()).collect(),
            },
            small: n.is_some_and(|n| n < self.settings.min_n),
            parts: parts.iter().map(|(g, _)| *g).collect(),
        }
    }

    /// First beside second where both have the same further dimensions: girls beside boys.
    fn strata(
        &self,
        result: &mut GenderGapsResult,
        (threat, component, place): (&str, Component, &str),
        at: u32,
        cells: &BTreeMap<(u32, Option<u32>), &Sight>,
        hides: &BTreeSet<(u32, Option<u32>)>,
        key: u64,
    ) {
        if !self.settings.intersections {
            return;
        }
        let mut strata: BTreeMap<String, [Option<u32>; 2]> = BTreeMap::new();
        for ((_, group), _) in cells.range((at, Some(0))..=(at, Some(u32::MAX))) {
            let Some((group, facet)) = group.and_then(|g| self.facets.get(g as usize).map(|facet| (g, facet))) else { continue };
            for (side, word) in [&self.first, &self.second].into_iter().enumerate() {
                if facet.is(&self.dimension, word) && facet.traits.len() > 1 {
                    let slot = strata.entry(facet.rest(&self.dimension, word).join(", ")).or_default();
                    if let Some(slot) = slot.get_mut(side) {
                        slot.get_or_insert(group);
                    }
                }
            }
        }
        for (number, (within, groups)) in (1_u64..).zip(strata) {
            let side =
                |group: Option<u32>| group.and_then(|g| cells.get(&(at, Some(g))).map(|sight| self.side(g, sight))).unwrap_or_default();
            let flags = groups.map(|g| g.is_some() && hides.contains(&(at, g)));
            let [mut first, mut second] = groups.map(side);
            self.push(result, (threat, component, place), Some(within), (&mut first, &mut second), flags, key ^ (number << 24));
        }
    }

    fn push(
        &self,
        result: &mut GenderGapsResult,
        (threat, component, place): (&str, Component, &str),
        within: Option<String>,
        (first, second): (&mut Side, &mut Side),
        hidden: [bool; 2],
        key: u64,
    ) {
        let nothing = |side: &Side| side.severity.is_none() && side.prevalence.is_none();
        if nothing(first) && nothing(second) {
            return;
        }
        for (side, hidden) in [&mut *first, &mut *second].into_iter().zip(hidden) {
            if hidden {
                (side.severity, side.prevalence) = (None, None);
                (side.shown.severity, side.shown.prevalence, side.shown.n) = (None, None, None);
            }
        }
        let interval = Interval { level: self.settings.level, draws: self.settings.draws.max(1), seed: self.settings.seed };
        let gap = |a: Option<(f64, Doubt)>, b: Option<(f64, Doubt)>, part: u64| {
            a.zip(b).map(|(a, b)| Gap::of(contrast(a, b, &interval, (key << 3 | part << 1, key << 3 | part << 1 | 1))))
        };
        let (severity, prevalence) = (gap(first.severity, second.severity, 0), gap(first.prevalence, second.prevalence, 1));
        let state = if hidden.contains(&true) {
            "suppressed"
        } else if severity.is_none() && prevalence.is_none() {
            "one-sided"
        } else {
            "value"
        };
        result.gaps.push(GapRow {
            threat: threat.into(),
            component,
            place: place.into(),
            within,
            first: std::mem::take(&mut first.shown),
            second: std::mem::take(&mut second.shown),
            severity,
            prevalence,
            state,
        });
    }

    fn missing(&self, result: &mut GenderGapsResult, threat: &str, place: &str, at: u32, cells: &BTreeMap<(u32, Option<u32>), &Sight>) {
        let here: Vec<&Facet> = cells
            .range((at, Some(0))..=(at, Some(u32::MAX)))
            .filter_map(|((_, g), _)| g.and_then(|g| self.facets.get(g as usize)))
            .collect();
        let mut want = |wanted: String, advice: String| {
            result.missing.push(MissingRow { threat: threat.into(), place: place.into(), wanted, advice });
        };
        for word in [&self.first, &self.second] {
            if !here.iter().any(|facet| facet.is(&self.dimension, word)) {
                let advice = format!("ask for severity and prevalence by {}: a figure for everyone hides who bears it", self.dimension);
                want(format!("{} {word}", self.dimension), advice);
            }
        }
        if self.settings.intersections {
            let has = |facet: &Facet, name: &str| facet.traits.iter().any(|(own, _)| own == name);
            for other in ["gender", "age", "status"].into_iter().filter(|d| **d != self.dimension) {
                if !here.iter().any(|facet| has(facet, &self.dimension) && has(facet, other)) {
                    let advice = format!("collect {} together with {other}, where samples allow it", self.dimension);
                    want(format!("{} x {other}", self.dimension), advice);
                }
            }
        }
    }
}

/// A weighted mean of independent numbers with its doubt: standard errors in quadrature, ranges end by end (a mixture counts as ranges).
pub(super) fn pooled(parts: &[(f64, (f64, Doubt))]) -> Option<(f64, Doubt)> {
    let total: f64 = parts.iter().map(|p| p.0).sum();
    if total <= 0.0 {
        return None;
    }
    let mean = |of: &dyn Fn(&(f64, Doubt)) -> f64| parts.iter().map(|(w, p)| w * of(p)).sum::<f64>() / total;
    let value = mean(&|p| p.0);
    let doubts = || parts.iter().map(|(_, p)| p.1);
    let doubt = if doubts().all(|d| d == Doubt::None) {
        Doubt::None
    } else if doubts().all(|d| !matches!(d, Doubt::Range(..))) {
        let error = |d: Doubt| if let Doubt::StandardError(e) = d { e } else { 0.0 };
        Doubt::StandardError(parts.iter().map(|(w, p)| (w / total * error(p.1)).powi(2)).sum::<f64>().sqrt())
    } else {
        let end = |p: &(f64, Doubt), side: f64| match p.1 {
            Doubt::None => p.0,
            Doubt::StandardError(e) => p.0 + side * 1.96 * e,
            Doubt::Range(low, high) => {
                if side < 0.0 {
                    low
                } else {
                    high
                }
            }
        };
        Doubt::Range(mean(&|p| end(p, -1.0)), mean(&|p| end(p, 1.0)))
    };
    Some((value, doubt))
}

impl Gap {
    fn of(found: Contrast) -> Gap {
        use crate::kernels::contrast::Basis;
        Gap {
            difference: found.difference,
            difference_ends: found.difference_ends,
            ratio: found.ratio,
            ratio_ends: found.ratio_ends,
            interval: match found.basis {
                Basis::None => "none",
                Basis::StandardError => "standard-error",
                Basis::Draws => "draws",
            },
        }
    }
}

crate::tables::arrow_tables!(GenderGapsResult);

impl GenderGapsResult {
    /// Settings, facts, tables (`gaps`, `intersections`, `missing`, `harms`) and notes.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("gender_gaps", &self.settings)?;
        outcome.facts.insert("gaps".into(), json!(self.gaps.iter().filter(|g| g.state == "value").count()));
        outcome.facts.insert("missing".into(), json!(self.missing.len()));
        outcome.facts.insert("suppressed".into(), json!(self.suppressed));
        outcome.tables = gender_tables::tables(self)?;
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
