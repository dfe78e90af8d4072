//! What of the vital core, and which freedom, is at stake, where and for how many?

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::hiding::{Shown, hidden};
use super::sighted::{Sight, sight, too_few};
use crate::analyses::thresholds::{Class, Criticality, of_threat};
use crate::assessment::{Freedom, Threat, VitalCore as Core};
use crate::framework::Component;
use crate::kernels::never;
use crate::network::Atlas;
use crate::tables::{Note, Outcome, Table};
use crate::{Assessment, Result};

/// The word for what nobody tagged.
const NOT_SAID: &str = "not-said";

/// What of the vital core, and which freedom, is at stake, where and for how many?
///
/// A second view of the same cells: a threat may endanger survival, livelihood and dignity at once and then counts in each, so the rows
/// overlap and are never added up. A threat that nobody tagged stands under `not-said` and is never given a tag.
///
/// # Method
/// Cells and classes as in criticality. Persons affected are bounds: in one place, of one threat the whole population's count or the sum over
/// one partition, across threats [max n, min(N, Σ n)]; places that do not hold each other are summed.
///
/// # Complexity
/// Cells times tags.
///
/// # Errors
/// As [`Criticality::run`].
///
/// # References
/// Commission on Human Security, *Human Security Now*, 2003; UNTFHS, *Human Security in Theory and Practice*, 2009.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VitalCore {
    /// Which cells are read, and from where they are critical or pervasive.
    pub criticality: Criticality,
    /// Smallest sample whose figures are shown; 0 shows all.
    pub min_n: u64,
}

impl Default for VitalCore {
    fn default() -> Self {
        VitalCore { criticality: Criticality::default(), min_n: 25 }
    }
}

/// One part of the core, or one freedom.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CoreRow {
    /// `core` or `freedom`.
    pub axis: &'static str,
    /// A word of the axis, or `not-said`.
    pub value: &'static str,
    /// How many threats.
    pub threats: usize,
    /// How many cells anything is known of.
    pub cells: usize,
    /// Cells whose severity reaches the cut.
    pub critical: usize,
    /// Cells whose prevalence reaches the cut.
    pub pervasive: usize,
    /// Cells that are both.
    pub critical_and_pervasive: usize,
    /// At least so many different persons are affected; none where no cell's persons are known.
    pub persons_low: Option<f64>,
    /// At most so many; none where some cell's persons are unknown.
    pub persons_high: Option<f64>,
    /// The greatest severity.
    pub severity_max: Option<f64>,
    /// The cell that has it.
    pub worst: Option<String>,
    /// Share of the cells of which severity and prevalence are both known; none where there is no cell.
    pub coverage: Option<f64>,
    /// Cells kept back.
    pub suppressed: usize,
}

/// One threat with its tags.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CoreThreat {
    /// Its id.
    pub threat: String,
    /// Its component.
    pub component: Component,
    /// What it endangers.
    pub core: Vec<&'static str>,
    /// Which freedoms it takes.
    pub freedoms: Vec<&'static str>,
}

/// What [`VitalCore`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VitalCoreResult {
    /// The settings.
    pub settings: VitalCore,
    /// By axis and value.
    pub rows: Vec<CoreRow>,
    /// The threats, in the order of the assessment.
    pub threats: Vec<CoreThreat>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

fn tags(threat: &Threat, axis: &str) -> Vec<&'static str> {
    let mut words: Vec<&'static str> =
        if axis == "core" { threat.core.iter().map(|c| c.word()).collect() } else { threat.freedoms.iter().map(|f| f.word()).collect() };
    words.sort_unstable();
    words.dedup();
    if words.is_empty() { vec![NOT_SAID] } else { words }
}

impl VitalCore {
    /// Looks at the cells by what they endanger.
    ///
    /// # Errors
    /// As [`Criticality::run`].
    pub fn run(&self, assessment: &Assessment) -> Result<VitalCoreResult> {
        let atlas = Atlas::new(assessment)?;
        let (sights, mut notes) = sight(assessment, &self.criticality)?;
        let kept_back = keep_back(&atlas, &sights, self.min_n)?;
        let axes = [
            ("core", Core::ALL.iter().map(|c| c.word()).collect::<Vec<_>>()),
            ("freedom", Freedom::ALL.iter().map(|f| f.word()).collect()),
        ];
        let mut rows = Vec::new();
        for (axis, words) in axes {
            for value in words.into_iter().chain([NOT_SAID]) {
                let own: BTreeSet<&str> =
                    assessment.threats.iter().filter(|t| tags(t, axis).contains(&value)).map(|t| t.id.as_str()).collect();
                let all: Vec<(&Sight, bool)> =
                    sights.iter().zip(&kept_back).filter(|(s, _)| own.contains(s.cell.threat.as_str())).map(|(s, h)| (s, *h)).collect();
                rows.push(row(&atlas, axis, value, own.len(), &all)?);
            }
        }
        for axis in ["core", "freedom"] {
            let silent = assessment.threats.iter().filter(|t| tags(t, axis) == [NOT_SAID]).map(|t| t.id.clone()).collect::<Vec<_>>();
            if !silent.is_empty() {
                let message = format!("have no tag of the axis {axis}; none is guessed");
                notes.push(Note::counted("tag-not-said", "threat", &message, silent));
            }
        }
        if kept_back.contains(&true) {
            let names = sights.iter().zip(&kept_back).filter(|(_, hidden)| **hidden).map(|(s, _)| s.cell.name()).collect();
            notes.push(Note::counted("suppressed", "cell", "are left out of every figure: too few people were asked", names));
        }
        let threats = assessment.threats.iter().map(|threat| CoreThreat {
            threat: threat.id.clone(),
            component: threat.component,
            core: threat.core.iter().map(|c| c.word()).collect(),
            freedoms: threat.freedoms.iter().map(|f| f.word()).collect(),
        });
        Ok(VitalCoreResult { settings: self.clone(), rows, threats: threats.collect(), notes })
    }
}

/// Which of the cells may not be shown, threat by threat.
pub(super) fn keep_back(atlas: &Atlas<'_>, sights: &[Sight], min_n: u64) -> Result<Vec<bool>> {
    let mut all = vec![false; sights.len()];
    let mut families: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, sight) in sights.iter().enumerate() {
        families.entry(&sight.cell.threat).or_default().push(at);
    }
    for members in families.values() {
        let shown = members.iter().filter_map(|at| sights.get(*at)).map(|sight| {
            let group = sight.cell.group.as_deref().map(|id| atlas.group(id)).transpose()?;
            Ok(Shown { place: atlas.place(&sight.cell.place)?, group, n: sight.n, small: too_few(sight, min_n), elsewhere: false })
        });
        let shown: Vec<Shown> = shown.collect::<Result<_>>()?;
        for (at, hidden) in members.iter().zip(hidden(atlas, &shown, &[], min_n, &never)?) {
            if let Some(slot) = all.get_mut(*at) {
                *slot = hidden;
            }
        }
    }
    Ok(all)
}

fn row(atlas: &Atlas<'_>, axis: &'static str, value: &'static str, threats: usize, all: &[(&Sight, bool)]) -> Result<CoreRow> {
    let seen: Vec<&Sight> = all.iter().filter(|(_, hidden)| !hidden).map(|(sight, _)| *sight).collect();
    let of = |classes: &[Class]| seen.iter().filter(|s| s.cell.class.is_some_and(|c| classes.contains(&c))).count();
    let (persons_low, persons_high) = persons(atlas, &seen)?;
    let worst = seen.iter().filter_map(|s| s.cell.severity.map(|x| (x, *s))).reduce(|a, b| if b.0 > a.0 { b } else { a });
    let known = seen.iter().filter(|s| s.cell.class.is_some()).count();
    Ok(CoreRow {
        axis,
        value,
        threats,
        cells: seen.len(),
        critical: of(&[Class::Critical, Class::CriticalAndPervasive]),
        pervasive: of(&[Class::Pervasive, Class::CriticalAndPervasive]),
        critical_and_pervasive: of(&[Class::CriticalAndPervasive]),
        persons_low,
        persons_high: persons_high.filter(|_| all.len() == seen.len()),
        severity_max: worst.map(|(severity, _)| severity),
        worst: worst.map(|(_, sight)| sight.cell.name()),
        coverage: (!seen.is_empty()).then(|| known as f64 / seen.len() as f64),
        suppressed: all.len() - seen.len(),
    })
}

/// Bounds on the persons affected in any of the cells.
fn persons(atlas: &Atlas<'_>, seen: &[&Sight]) -> Result<(Option<f64>, Option<f64>)> {
    type Counts<'a> = BTreeMap<&'a str, Vec<(Option<u32>, f64)>>;
    let mut places: BTreeMap<u32, Counts<'_>> = BTreeMap::new();
    for sight in seen {
        let Some(persons) = sight.cell.persons else { continue };
        let group = sight.cell.group.as_deref().map(|id| atlas.group(id)).transpose()?;
        places.entry(atlas.place(&sight.cell.place)?).or_default().entry(&sight.cell.threat).or_default().push((group, persons));
    }
    if places.is_empty() {
        return Ok((None, None));
    }
    let every: Vec<u32> = places.keys().copied().collect();
    let (mut low, mut high) = (0.0, 0.0);
    let mut bounds: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    for (place, counts) in &places {
        let everyone = atlas.persons(*place, None);
        let each: Vec<(f64, f64)> = counts.values().filter_map(|c| of_threat(c, atlas, everyone)).collect();
        let least = each.iter().map(|(low, _)| *low).fold(0.0, f64::max);
        let most: f64 = each.iter().map(|(_, high)| *high).sum();
        bounds.insert(*place, (least, everyone.map_or(most, |n| most.min(n)).max(least)));
    }
    for top in atlas.topmost(&every) {
        // what lies inside a place may be counted in it too: at least the larger, at most both, never more than live there
        let inside: Vec<u32> = every.iter().copied().filter(|p| *p != top && atlas.topmost(&ordered(top, *p)) == [top]).collect();
        let innermost: Vec<u32> = atlas.topmost(&inside);
        let own = bounds.get(&top).copied().unwrap_or((0.0, 0.0));
        let below: f64 = innermost.iter().filter_map(|p| bounds.get(p)).map(|b| b.0).sum();
        let most: f64 = inside.iter().filter_map(|p| bounds.get(p)).map(|b| b.1).sum();
        let most = own.1 + most;
        let least = own.0.max(below);
        low += least;
        high += atlas.persons(top, None).map_or(most, |n| most.min(n)).max(least);
    }
    let complete = seen.iter().all(|s| s.cell.persons.is_some());
    Ok((Some(low), complete.then_some(high)))
}

fn ordered(a: u32, b: u32) -> Vec<u32> {
    vec![a.min(b), a.max(b)]
}

crate::tables::arrow_tables!(VitalCoreResult);

impl VitalCoreResult {
    /// Settings, facts, tables (`vital_core`, `threats`) and notes.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("vital_core", &self.settings)?;
        let whole = |n: usize| i64::try_from(n).ok();
        let rows = &self.rows;
        let table = Table::builder()
            .text("axis", rows.iter().map(|r| Some(r.axis)))
            .text("value", rows.iter().map(|r| Some(r.value)))
            .integer("threats", rows.iter().map(|r| whole(r.threats)))
            .integer("cells", rows.iter().map(|r| whole(r.cells)))
            .integer("critical", rows.iter().map(|r| whole(r.critical)))
            .integer("pervasive", rows.iter().map(|r| whole(r.pervasive)))
            .integer("critical_and_pervasive", rows.iter().map(|r| whole(r.critical_and_pervasive)))
            .number("persons_low", rows.iter().map(|r| r.persons_low))
            .number("persons_high", rows.iter().map(|r| r.persons_high))
            .number("severity_max", rows.iter().map(|r| r.severity_max))
            .text("worst", rows.iter().map(|r| r.worst.as_ref()))
            .number("coverage", rows.iter().map(|r| r.coverage))
            .integer("suppressed", rows.iter().map(|r| whole(r.suppressed)))
            .build()?;
        let threats = &self.threats;
        let threats = Table::builder()
            .text("threat", threats.iter().map(|t| Some(&t.threat)))
            .text("component", threats.iter().map(|t| Some(t.component.word())))
            .list("core", threats.iter().map(|t| Some(t.core.clone())))
            .list("freedoms", threats.iter().map(|t| Some(t.freedoms.clone())))
            .build()?;
        let tagged = self.threats.iter().filter(|t| !t.core.is_empty()).count();
        outcome.facts.insert("threats".into(), json!(self.threats.len()));
        outcome.facts.insert("threats_with_core".into(), json!(tagged));
        outcome.facts.insert("threats_with_freedoms".into(), json!(self.threats.iter().filter(|t| !t.freedoms.is_empty()).count()));
        outcome.tables = vec![("vital_core", table), ("threats", threats)];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
