//! What threatens whom, at which level, and what stands against it: the handbook's matrix.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::matrix_priorities::{Priority, priorities};
use super::matrix_spots::{Facet, Spot, facets, members, persons, spots};
use super::matrix_views::{Difference, Unequal, differences, inequality};
use super::sighted::{filled, sight};
use crate::analyses::thresholds::{Class, Combined, Criticality};
use crate::assessment::{CapacityKind, ConditionKind};
use crate::framework::{Component, Level, Pillar};
use crate::kernels::contrast::Interval;
use crate::kernels::{Tick, never};
use crate::network::Atlas;
use crate::tables::Note;
use crate::{Assessment, Error, Result};

/// What threatens whom, at which level, and what stands against it?
///
/// Seven components by level by gender, age, socio-economic status and any further dimension, with capacities. A cell takes its worst threat: threats are
/// never summed nor averaged into one, and a cell nobody spoke of stays empty. What may not be shown is suppressed over every margin as one set.
///
/// # Method
/// Severity and prevalence of a threat as in criticality, with observations where no condition stands; a column without a group of its own is the
/// persons-weighted mean over the groups of the first partition that has it. Persons across threats: [max n, min(N, Σ n)]. Roll-up: means by persons over the
/// places of a level, with the share of persons they rest on. Need first: by class, severity, prevalence; feasibility second.
///
/// # Complexity
/// Threats x places x columns, and linear programmes where a cell is suppressed.
///
/// # References
/// UNTFHS, *Human Security in Theory and Practice*, 2009, section 2.2 A, Table I; Hundepool et al., *Statistical Disclosure Control*, 2012.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Matrix {
    /// Severity from which a cell is critical.
    pub severity: f64,
    /// Prevalence from which a cell is pervasive.
    pub prevalence: f64,
    /// The period asked for; the latest of each cell where absent.
    pub period: Option<String>,
    /// Which kind of condition is preferred, in order; a kind that is not named is never used.
    pub kinds: Vec<ConditionKind>,
    /// Ids of indicators that are shares of persons affected.
    pub prevalence_from: Vec<String>,
    /// Dimensions of groups; gender, age, status and whatever the tags name where absent.
    pub dimensions: Option<Vec<String>>,
    /// Levels; all where absent.
    pub levels: Option<Vec<Level>>,
    /// A cell with fewer statements behind it is thin.
    pub thin: usize,
    /// Smallest sample whose figures are shown; 0 shows all.
    pub min_n: u64,
    /// Probability of the intervals of differences.
    pub level: f64,
    /// Draws where figures have ranges.
    pub draws: u32,
    /// Seed of the draws.
    pub seed: u64,
}

impl Default for Matrix {
    fn default() -> Self {
        let plain = Criticality::default();
        Matrix {
            severity: plain.severity,
            prevalence: plain.prevalence,
            period: None,
            kinds: plain.kinds,
            prevalence_from: Vec::new(),
            dimensions: None,
            levels: None,
            thin: 2,
            min_n: 25,
            level: 0.9,
            draws: 1000,
            seed: 0,
        }
    }
}

/// A cell of the matrix.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MatrixCell {
    /// The component.
    pub component: Component,
    /// Level of the place.
    pub level: Level,
    /// Id of the place.
    pub place: String,
    /// `all`, `gender`, `age`, `status`, `tag` or a further dimension.
    pub dimension: String,
    /// Its value; none for everyone, or where no group has the dimension.
    pub value: Option<String>,
    /// Severity of the worst threat.
    pub severity: Option<f64>,
    /// Prevalence of that threat.
    pub prevalence: Option<f64>,
    /// Persons affected, where exactly known.
    pub persons: Option<f64>,
    /// Levels of what stands against it, as one.
    pub capacity: Option<f64>,
    /// Statements behind it.
    pub evidence: usize,
    /// `value`, `thin`, `suppressed`, `empty` or `not-applicable`.
    pub state: &'static str,
    /// Share of persons the worst threat's figures rest on.
    pub coverage: Option<f64>,
    /// At least so many different persons.
    pub persons_low: Option<f64>,
    /// At most so many different persons.
    pub persons_high: Option<f64>,
    /// Least sample size behind it, where known.
    pub n: Option<u64>,
    /// Kinds of what it rests on.
    pub kinds: Vec<&'static str>,
    /// Share of its statements that are stated, inferred, measured, unsaid.
    pub bases: Option<[f64; 4]>,
    /// Threats seen.
    pub threats: Vec<String>,
    /// The worst of them.
    pub worst: Option<String>,
    /// Groups behind it.
    pub groups: Vec<String>,
    /// Threats kept back.
    pub kept_back: usize,
    /// Persons of the cell, affected or not.
    pub population: Option<f64>,
}

/// One threat of a cell.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ThreatCell {
    /// Id of the threat.
    pub threat: String,
    /// Its component.
    pub component: Component,
    /// Level of the place.
    pub level: Level,
    /// Id of the place.
    pub place: String,
    /// The dimension.
    pub dimension: String,
    /// Its value.
    pub value: Option<String>,
    /// The group, where it is one group's own.
    pub group: Option<String>,
    /// Severity.
    pub severity: Option<f64>,
    /// Prevalence.
    pub prevalence: Option<f64>,
    /// Persons affected.
    pub persons: Option<f64>,
    /// Statements behind it.
    pub evidence: usize,
    /// Kind, where it rests on one.
    pub kind: Option<&'static str>,
    /// `value`, `thin` or `suppressed`.
    pub state: &'static str,
    /// Share of persons it rests on.
    pub coverage: Option<f64>,
    /// Sample size.
    pub n: Option<u64>,
}

/// A component on a level, over its places.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RollUp {
    /// The component.
    pub component: Component,
    /// The level.
    pub level: Level,
    /// The dimension.
    pub dimension: String,
    /// Its value.
    pub value: Option<String>,
    /// Mean severity by persons.
    pub severity: Option<f64>,
    /// Mean prevalence by persons.
    pub prevalence: Option<f64>,
    /// Share of the level's persons that have a figure.
    pub coverage: Option<f64>,
    /// Places with a figure.
    pub places: usize,
    /// Places of the level.
    pub of: usize,
    /// At least so many persons affected.
    pub persons_low: Option<f64>,
    /// At most so many persons affected.
    pub persons_high: Option<f64>,
    /// `value`, `partial`, `suppressed`, `empty` or `not-applicable`.
    pub state: &'static str,
}

/// What a place has, by component and pillar.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CapacityCell {
    /// The component.
    pub component: Component,
    /// Level of the place; none for what stands everywhere.
    pub level: Option<Level>,
    /// Id of the place; everywhere where none.
    pub place: Option<String>,
    /// The pillar.
    pub pillar: Pillar,
    /// Levels as one, 1 - Π(1 - level); none where there is only harmful coping.
    pub capacity: Option<f64>,
    /// How many.
    pub count: usize,
    /// Ways of coping that harm: signals of stress, never counted.
    pub harmful_coping: usize,
    /// Their ids.
    pub ids: Vec<String>,
}

/// What [`Matrix`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MatrixResult {
    /// The settings.
    pub settings: Matrix,
    /// Cells by component, place and column.
    pub cells: Vec<MatrixCell>,
    /// The threats of each.
    pub threats: Vec<ThreatCell>,
    /// By level.
    pub roll_up: Vec<RollUp>,
    /// Capacities.
    pub capacities: Vec<CapacityCell>,
    /// Groups and places beside each other.
    pub differences: Vec<Difference>,
    /// Within and between communities.
    pub inequality: Vec<Unequal>,
    /// Need first, feasibility second.
    pub priorities: Vec<Priority>,
    /// Threat cells kept back.
    pub suppressed: usize,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

/// What the views are made from.
pub(super) struct Ground<'a> {
    pub(super) settings: &'a Matrix,
    criticality: &'a Criticality,
    pub(super) atlas: &'a Atlas<'a>,
    pub(super) facets: Vec<Facet>,
    pub(super) members: Vec<Vec<u32>>,
    pub(super) spots: Vec<Spot>,
    /// Every group's own, one group at a time.
    pub(super) units: Vec<Spot>,
    /// Positions of the places asked for.
    pub(super) places: Vec<u32>,
}

impl Ground<'_> {
    pub(super) fn interval(&self) -> Interval {
        Interval { level: self.settings.level, draws: self.settings.draws, seed: self.settings.seed }
    }

    pub(super) fn threat_id(&self, at: u32) -> &str {
        self.atlas.assessment().threats.get(at as usize).map_or("", |t| t.id.as_str())
    }

    pub(super) fn component(&self, at: u32) -> Option<Component> {
        self.atlas.assessment().threats.get(at as usize).map(|t| t.component)
    }

    pub(super) fn place_id(&self, at: u32) -> &str {
        self.atlas.assessment().places.get(at as usize).map_or("", |p| p.id.as_str())
    }

    pub(super) fn level(&self, at: u32) -> Option<Level> {
        self.atlas.assessment().places.get(at as usize).map(|p| p.level)
    }

    pub(super) fn group_id(&self, at: u32) -> &str {
        self.atlas.assessment().groups.get(at as usize).map_or("", |g| g.id.as_str())
    }

    pub(super) fn class(&self, spot: &Spot) -> Option<Class> {
        Some(self.criticality.class(spot.severity?.0, spot.prevalence?.0))
    }
}

impl Matrix {
    /// Fills the matrix.
    ///
    /// # Errors
    /// A cut or level outside 0 to 1; a period that is none; an indicator that is not there.
    pub fn run(&self, assessment: &Assessment) -> Result<MatrixResult> {
        self.run_with(assessment, &never)
    }

    /// As [`Matrix::run`], stopped where `tick` says so.
    ///
    /// # Errors
    /// As [`Matrix::run`]; `Cancelled`.
    pub fn run_with(&self, assessment: &Assessment, tick: Tick<'_>) -> Result<MatrixResult> {
        super::level(self.level)?;
        if self.dimensions.as_ref().is_some_and(Vec::is_empty) || self.levels.as_ref().is_some_and(Vec::is_empty) {
            return Err(Error::argument("`dimensions`, `levels`: found an empty list, wanted at least one, or none for all"));
        }
        let atlas = Atlas::new(assessment)?;
        let criticality = Criticality {
            severity: self.severity,
            prevalence: self.prevalence,
            kinds: self.kinds.clone(),
            ..filled(self.period.as_deref(), &self.prevalence_from)
        };
        let (sights, mut notes) = sight(assessment, &criticality)?;
        let facets = facets(&atlas, self.dimensions.as_deref());
        let (found, units) = spots(&atlas, &sights, &facets, self.min_n, tick)?;
        let wanted = |level: Level| self.levels.as_ref().is_none_or(|levels| levels.contains(&level));
        let places: Vec<u32> = (0_u32..).zip(&assessment.places).filter(|(_, p)| wanted(p.level)).map(|(at, _)| at).collect();
        let inner: Vec<Vec<u32>> = facets.iter().map(|facet| members(&atlas, facet)).collect();
        let kept: BTreeSet<u32> = places.iter().copied().collect();
        let asked = |spots: Vec<Spot>| -> Vec<Spot> { spots.into_iter().filter(|spot| kept.contains(&spot.place)).collect() };
        let (spots, units) = (asked(found), asked(units));
        let ground = Ground { settings: self, criticality: &criticality, atlas: &atlas, facets, members: inner, spots, units, places };
        let cells = ground.cells();
        let suppressed = ground.spots.iter().filter(|s| s.hidden).count();
        if suppressed > 0 {
            let message = format!(
                "{suppressed} threat cells rest on fewer than {} people asked, or would tell of such, and are suppressed over all margins as one set",
                self.min_n
            );
            notes.push(Note::new("suppressed", message, Vec::<String>::new()));
        }
        let mixed: Vec<String> = cells.iter().filter(|c| c.kept_back > 0 && c.state != "suppressed").map(MatrixCell::name).collect();
        if !mixed.is_empty() {
            notes.push(Note::counted(
                "worst-of-those-shown",
                "cell",
                "have a threat that is kept back: the worst is that of those shown",
                mixed,
            ));
        }
        let absent: Vec<String> =
            ground.facets.iter().filter(|f| f.dimension != "all" && f.value.is_none()).map(|f| f.dimension.clone()).collect();
        if !absent.is_empty() {
            notes.push(Note::new("no-group", "no group has these dimensions: their cells are not applicable", absent));
        }
        let roll_up = ground.roll_up(&cells, &mut notes);
        Ok(MatrixResult {
            settings: self.clone(),
            threats: ground.threats(),
            capacities: ground.capacities(),
            differences: differences(&ground),
            inequality: inequality(&ground),
            priorities: priorities(&ground, assessment),
            roll_up,
            cells,
            suppressed,
            notes,
        })
    }
}

impl MatrixCell {
    /// The cell as notes name it.
    pub fn name(&self) -> String {
        let value = self.value.as_ref().map(|v| format!("/{v}")).unwrap_or_default();
        format!("{}/{}{value}", self.component.word(), self.place)
    }
}

impl Ground<'_> {
    fn cells(&self) -> Vec<MatrixCell> {
        let mut by: BTreeMap<(Component, u32, usize), Vec<&Spot>> = BTreeMap::new();
        for spot in &self.spots {
            if let Some(component) = self.component(spot.threat) {
                by.entry((component, spot.place, spot.facet)).or_default().push(spot);
            }
        }
        let mut cells = Vec::new();
        for &component in Component::ALL {
            for &place in &self.places {
                for (at, facet) in self.facets.iter().enumerate() {
                    let own = by.get(&(component, place, at)).map(Vec::as_slice).unwrap_or_default();
                    cells.extend(self.cell(component, place, (at, facet), own));
                }
            }
        }
        cells
    }

    fn cell(&self, component: Component, place: u32, (at, facet): (usize, &Facet), own: &[&Spot]) -> Option<MatrixCell> {
        let shown: Vec<&Spot> = own.iter().copied().filter(|s| !s.hidden).collect();
        let rank = |s: &&Spot| (s.severity.map(|v| v.0), s.prevalence.map(|v| v.0));
        let worse = |a: &&Spot, b: &&Spot| {
            let key = |x: Option<f64>| x.unwrap_or(f64::NEG_INFINITY);
            let ((a1, a2), (b1, b2)) = (rank(a), rank(b));
            key(a1)
                .total_cmp(&key(b1))
                .then(key(a2).total_cmp(&key(b2)))
                .then_with(|| self.threat_id(b.threat).cmp(self.threat_id(a.threat)))
        };
        let worst = shown.iter().copied().max_by(worse);
        let members = self.members.get(at).map(Vec::as_slice).unwrap_or_default();
        let population = persons(self.atlas, place, facet, members);
        let evidence: usize = shown.iter().map(|s| s.evidence).sum();
        let voiced = self.voices(component, place, facet, members);
        let state = match () {
            () if facet.dimension != "all" && facet.value.is_none() => "not-applicable",
            () if own.is_empty() => "empty",
            () if shown.is_empty() => "suppressed",
            () if evidence + voiced < self.settings.thin => "thin",
            () => "value",
        };
        let ends = |which: fn(&Spot) -> Option<f64>| shown.iter().map(|s| which(s)).collect::<Vec<_>>();
        let low = ends(|s| s.persons_ends.0).into_iter().flatten().reduce(f64::max);
        let high = ends(|s| s.persons_ends.1).into_iter().sum::<Option<f64>>().filter(|_| !shown.is_empty());
        let high = high.map(|sum| population.map_or(sum, |n| sum.min(n)).max(low.unwrap_or(0.0)));
        // of a threat that is kept back everyone may be affected
        let all_shown = shown.len() == own.len();
        let high = if all_shown { high } else { population.filter(|_| !shown.is_empty()) };
        let mut bases = [0usize; 4];
        shown.iter().for_each(|s| bases.iter_mut().zip(s.bases).for_each(|(sum, own)| *sum += own));
        let counted: usize = bases.iter().sum();
        let kinds: BTreeSet<ConditionKind> = shown.iter().flat_map(|s| s.kinds.iter().copied()).collect();
        let mut threats: Vec<String> = shown.iter().map(|s| self.threat_id(s.threat).to_owned()).collect();
        threats.sort();
        let mut groups: BTreeSet<u32> = shown.iter().flat_map(|s| s.parts.iter().copied().chain(s.group)).collect();
        groups.extend(if shown.is_empty() && facet.value.is_some() { members } else { &[] });
        Some(MatrixCell {
            component,
            level: self.level(place)?,
            place: self.place_id(place).to_owned(),
            dimension: facet.dimension.clone(),
            value: facet.value.clone(),
            severity: worst.and_then(|s| s.severity).map(|v| v.0),
            prevalence: worst.and_then(|s| s.prevalence).map(|v| v.0),
            persons: match shown.as_slice() {
                [one] if all_shown => one.persons,
                _ => low.filter(|l| high == Some(*l)),
            },
            capacity: self.capacity(component, place, members),
            evidence: evidence + voiced,
            state,
            coverage: worst.and_then(|s| s.coverage),
            persons_low: low,
            persons_high: high,
            n: shown.iter().filter_map(|s| s.n).min(),
            kinds: kinds.into_iter().map(ConditionKind::word).collect(),
            bases: (counted > 0).then(|| bases.map(|b| b as f64 / counted as f64)),
            threats,
            worst: worst.map(|s| self.threat_id(s.threat).to_owned()),
            groups: groups.into_iter().map(|g| self.group_id(g).to_owned()).collect(),
            kept_back: own.len() - shown.len(),
            population,
        })
    }

    /// Perceptions that speak of the cell: they count as evidence and never enter its figures.
    fn voices(&self, component: Component, place: u32, facet: &Facet, members: &[u32]) -> usize {
        let assessment = self.atlas.assessment();
        let of = |id: &str| self.atlas.threat(id).ok().and_then(|t| self.component(t)) == Some(component);
        let here = |id: &str| self.atlas.place(id).is_ok_and(|p| p == place);
        let whose = |group: Option<&str>| match group.and_then(|id| self.atlas.group(id).ok()) {
            _ if facet.dimension == "all" => true,
            Some(group) => members.contains(&group),
            None => false,
        };
        let spoken = assessment.perceptions.iter().filter(|p| here(&p.place) && of(&p.threat) && whose(p.group.as_deref())).count();
        // a handful of respondents must not be counted out
        if spoken as u64 >= self.settings.min_n { spoken } else { 0 }
    }

    fn capacity(&self, component: Component, place: u32, members: &[u32]) -> Option<f64> {
        let here = |p: &Option<String>| p.as_deref().is_none_or(|id| self.atlas.place(id).is_ok_and(|p| p == place));
        let whose = |g: &Option<String>| g.as_deref().is_none_or(|id| self.atlas.group(id).is_ok_and(|g| members.contains(&g)));
        let levels: Vec<Option<f64>> = self
            .atlas
            .assessment()
            .capacities
            .iter()
            .filter(|c| c.component == component && c.kind != Some(CapacityKind::HarmfulCoping) && here(&c.place) && whose(&c.group))
            .map(|c| Some(c.level.get()))
            .collect();
        Combined::Product.level(&levels)
    }

    fn threats(&self) -> Vec<ThreatCell> {
        let one = |spot: &Spot| {
            let facet = self.facets.get(spot.facet)?;
            let open = |x: Option<f64>| x.filter(|_| !spot.hidden);
            let kinds: Vec<ConditionKind> = spot.kinds.iter().copied().collect();
            Some(ThreatCell {
                threat: self.threat_id(spot.threat).to_owned(),
                component: self.component(spot.threat)?,
                level: self.level(spot.place)?,
                place: self.place_id(spot.place).to_owned(),
                dimension: facet.dimension.clone(),
                value: facet.value.clone(),
                group: spot.group.map(|g| self.group_id(g).to_owned()),
                severity: open(spot.severity.map(|v| v.0)),
                prevalence: open(spot.prevalence.map(|v| v.0)),
                persons: open(spot.persons),
                evidence: spot.evidence,
                kind: match kinds.as_slice() {
                    [one] => Some(one.word()),
                    _ => None,
                },
                state: match () {
                    () if spot.hidden => "suppressed",
                    () if spot.evidence < self.settings.thin => "thin",
                    () => "value",
                },
                coverage: open(spot.coverage),
                n: spot.n.filter(|_| !spot.hidden),
            })
        };
        self.spots.iter().filter_map(one).collect()
    }

    fn capacities(&self) -> Vec<CapacityCell> {
        let assessment = self.atlas.assessment();
        let mut by: BTreeMap<(Component, Option<u32>, Pillar), Vec<&crate::assessment::Capacity>> = BTreeMap::new();
        for capacity in &assessment.capacities {
            let place = capacity.place.as_deref().and_then(|id| self.atlas.place(id).ok());
            if place.is_none_or(|p| self.places.contains(&p)) {
                by.entry((capacity.component, place, capacity.pillar)).or_default().push(capacity);
            }
        }
        by.into_iter()
            .map(|((component, place, pillar), own)| {
                let harmful = |c: &&&crate::assessment::Capacity| c.kind == Some(CapacityKind::HarmfulCoping);
                let levels: Vec<Option<f64>> = own.iter().filter(|c| !harmful(c)).map(|c| Some(c.level.get())).collect();
                let mut ids: Vec<String> = own.iter().filter(|c| !harmful(c)).map(|c| c.id.clone()).collect();
                ids.sort();
                CapacityCell {
                    component,
                    level: place.and_then(|p| self.level(p)),
                    place: place.map(|p| self.place_id(p).to_owned()),
                    pillar,
                    capacity: Combined::Product.level(&levels),
                    count: levels.len(),
                    harmful_coping: own.iter().filter(harmful).count(),
                    ids,
                }
            })
            .collect()
    }

    /// Means by persons over the places of a level; rests on what is shown alone.
    fn roll_up(&self, cells: &[MatrixCell], notes: &mut Vec<Note>) -> Vec<RollUp> {
        let mut rows = Vec::new();
        let mut without: BTreeSet<String> = BTreeSet::new();
        for &component in Component::ALL {
            for &level in Level::ALL {
                for facet in &self.facets {
                    let is = |c: &&MatrixCell| {
                        c.component == component && c.level == level && c.dimension == facet.dimension && c.value == facet.value
                    };
                    let own: Vec<&MatrixCell> = cells.iter().filter(is).collect();
                    if own.is_empty() {
                        continue;
                    }
                    let outer = outermost(self.atlas, &own);
                    let told: Vec<&MatrixCell> = outer.iter().flat_map(|o| o.told.iter().copied()).collect();
                    let silent = outer.iter().filter(|o| !o.is_told()).count();
                    without.extend(told.iter().filter(|c| c.population.is_none()).map(|c| c.name()));
                    let mean = |of: fn(&MatrixCell) -> Option<f64>| {
                        let mut known: Vec<(f64, f64)> = told.iter().filter_map(|c| of(c).zip(c.population)).collect();
                        known.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
                        let total: f64 = known.iter().map(|(_, n)| n).sum();
                        (total > 0.0).then(|| known.iter().map(|(v, n)| v * n).sum::<f64>() / total)
                    };
                    let everyone = outer.iter().map(|o| o.cell.population).sum::<Option<f64>>();
                    let behind: f64 = told.iter().filter_map(|c| c.population).sum();
                    let state = match () {
                        () if own.iter().all(|c| c.state == "not-applicable") => "not-applicable",
                        () if told.is_empty() && own.iter().any(|c| c.state == "suppressed") => "suppressed",
                        () if told.is_empty() => "empty",
                        () if silent > 0 => "partial",
                        () => "value",
                    };
                    rows.push(RollUp {
                        component,
                        level,
                        dimension: facet.dimension.clone(),
                        value: facet.value.clone(),
                        severity: mean(|c| c.severity),
                        prevalence: mean(|c| c.prevalence),
                        coverage: everyone.filter(|n| *n > 0.0).map(|n| behind / n),
                        places: told.len(),
                        of: told.len() + silent,
                        persons_low: told.iter().any(|c| c.persons_low.is_some()).then(|| told.iter().filter_map(|c| c.persons_low).sum()),
                        persons_high: outer.iter().map(Outer::at_most).sum::<Option<f64>>().filter(|_| !told.is_empty()),
                        state,
                    });
                }
            }
        }
        if !without.is_empty() {
            let message = "have figures and no known number of persons: they take no part in the roll-up";
            notes.push(Note::counted("persons-not-known", "cell", message, without.into_iter().collect()));
        }
        rows
    }
}

/// An outermost place of a level, with the outermost cells in it that have a figure: itself, or some that it holds on its own level.
struct Outer<'c> {
    cell: &'c MatrixCell,
    told: Vec<&'c MatrixCell>,
}

impl Outer<'_> {
    /// Whether it has a figure of its own.
    fn is_told(&self) -> bool {
        self.told.iter().any(|c| c.place == self.cell.place)
    }

    /// At most so many: where nobody spoke everyone may be affected, for what is missing is not zero.
    fn at_most(&self) -> Option<f64> {
        let told = self.told.iter().map(|c| c.persons_high).sum::<Option<f64>>()?;
        if self.is_told() {
            return Some(told);
        }
        let inner = self.told.iter().map(|c| c.population).sum::<Option<f64>>()?;
        Some(told + (self.cell.population? - inner).max(0.0))
    }
}

/// Places of one level that hold each other are counted once: the outer where it has a figure, else those in it that have one.
fn outermost<'c>(atlas: &Atlas<'_>, cells: &[&'c MatrixCell]) -> Vec<Outer<'c>> {
    let of: BTreeMap<&str, &MatrixCell> = cells.iter().map(|c| (c.place.as_str(), *c)).collect();
    let parent = |id: &str| {
        let place = atlas.place(id).ok().and_then(|at| atlas.assessment().places.get(at as usize));
        place.and_then(|p| p.parent.as_deref())
    };
    let told = |c: &MatrixCell| c.severity.is_some() || c.prevalence.is_some();
    // bounded by the number of places, should a hand-made assessment hold a cycle
    let above = |c: &MatrixCell| -> Vec<&MatrixCell> {
        let chain = std::iter::successors(parent(&c.place), |id| parent(id)).take(atlas.assessment().places.len());
        chain.filter_map(|id| of.get(id).copied()).collect()
    };
    let mut inner: BTreeMap<&str, Vec<&'c MatrixCell>> = BTreeMap::new();
    let mut outer: Vec<&'c MatrixCell> = Vec::new();
    for &cell in cells {
        let holders = above(cell);
        if holders.is_empty() {
            outer.push(cell);
        }
        if told(cell) && !holders.iter().any(|h| told(h)) {
            let top = holders.last().map_or(cell.place.as_str(), |h| h.place.as_str());
            inner.entry(of.get(top).map_or("", |c| c.place.as_str())).or_default().push(cell);
        }
    }
    outer.into_iter().map(|cell| Outer { cell, told: inner.remove(cell.place.as_str()).unwrap_or_default() }).collect()
}
