//! The truth that a survey's figures are estimates of: every kind of household by its chance, every pattern of deprivations by its.
//!
//! Given what a household is, its deprivations are independent; so the chance of a pattern is a product, and there are 48 kinds of
//! household in a stratum and 1,024 patterns.

use super::model::{self, CHANCES, Class, DISTRICTS, GROUPS, SEXES, STRATA, Stratum, missing};
use super::scheme::scheme;
use crate::analyses::thresholds::scoring::DeprivationScheme;
use crate::tables::Table;
use crate::{Error, Result};

const INDICATORS: usize = CHANCES.len();

/// The measures of the population behind a survey, by `over`: all of it (empty), by district, by sex, by group.
#[derive(Debug, Clone, PartialEq)]
pub struct SurveyTruth {
    /// over, district, sex, group, unit ("persons" or "households"), population, share, H, A, M0, contribution, union, complete (share
    /// with every answer), and H_complete, A_complete, M0_complete: the measures among those alone, to which estimates tend when rows
    /// with a missing answer are excluded.
    pub groups: Table,
    /// over, district, sex, group, unit, indicator, component, weight, headcount, censored_headcount, contribution.
    pub dimensions: Table,
}

/// Sums over households or persons.
#[derive(Debug, Clone, Default)]
struct Sums {
    all: f64,
    insecure: f64,
    score: f64,
    vital: f64,
    headcounts: [f64; INDICATORS],
    censored: [f64; INDICATORS],
    complete: f64,
    complete_insecure: f64,
    complete_score: f64,
}

/// What the scheme makes of each pattern of deprivations.
struct Patterns {
    weights: [f64; INDICATORS],
    components: [&'static str; INDICATORS],
    /// Bits of the indicators of the vital core.
    vital: usize,
    /// Weighted share of deprivations, by pattern; none where it is below the cut-off.
    insecure: Vec<Option<f64>>,
}

/// What of a kind of household does not hang on who it is counted with.
struct Measures {
    insecure: f64,
    score: f64,
    vital: f64,
    headcounts: [f64; INDICATORS],
    censored: [f64; INDICATORS],
}

pub(super) fn truth() -> Result<SurveyTruth> {
    let patterns = Patterns::of(&scheme())?;
    let mut parts = parts();
    for stratum in &STRATA {
        for (chance, class) in classes(stratum) {
            let measures = patterns.measures(&class);
            let households = stratum.households * chance;
            for part in parts.iter_mut().filter(|part| part.holds(stratum, &class)) {
                let size = if part.persons { model::mean_size(class.female) } else { 1.0 };
                part.sums.add(households * size, &measures, missing::complete(class.group));
            }
        }
    }
    Ok(SurveyTruth { groups: groups(&parts)?, dimensions: dimensions(&parts, &patterns)? })
}

/// Persons by pattern of deprivations, of a district and a group (all where absent): of those with every answer, whom a survey that leaves
/// rows with a missing answer out speaks of.
#[cfg(test)]
pub(crate) fn complete_patterns(district: Option<&str>, group: Option<&str>) -> Vec<(u64, f64)> {
    let mut all = vec![0.0; 1 << INDICATORS];
    for stratum in STRATA.iter().filter(|stratum| district.is_none_or(|district| district == stratum.district)) {
        for (chance, class) in classes(stratum) {
            if group.is_some_and(|group| GROUPS.get(class.group) != Some(&group)) {
                continue;
            }
            let persons = stratum.households * chance * model::mean_size(class.female) * missing::complete(class.group);
            let mut chances = vec![persons];
            for chance in CHANCES.each_ref().map(|chance| chance.of(&class)) {
                let without = chances.iter().map(|pattern| pattern * (1.0 - chance));
                let with = chances.iter().map(|pattern| pattern * chance);
                chances = without.chain(with).collect();
            }
            all.iter_mut().zip(chances).for_each(|(sum, own)| *sum += own);
        }
    }
    all.into_iter().enumerate().map(|(pattern, persons)| (pattern as u64, persons)).collect()
}

/// One row of the truth: whom it speaks of.
struct Part {
    over: &'static str,
    district: Option<&'static str>,
    female: Option<bool>,
    group: Option<usize>,
    persons: bool,
    sums: Sums,
}

/// The whole, then by district, by sex, by group; persons, then households.
fn parts() -> Vec<Part> {
    let mut parts = Vec::new();
    for persons in [true, false] {
        let whole = || Part { over: "", district: None, female: None, group: None, persons, sums: Sums::default() };
        parts.push(whole());
        parts.extend(DISTRICTS.map(|district| Part { over: "district", district: Some(district), ..whole() }));
        parts.extend([false, true].map(|female| Part { over: "sex", female: Some(female), ..whole() }));
        parts.extend([0, 1, 2].map(|group| Part { over: "group", group: Some(group), ..whole() }));
    }
    parts
}

impl Part {
    fn holds(&self, stratum: &Stratum, class: &Class) -> bool {
        self.district.is_none_or(|district| district == stratum.district)
            && self.female.is_none_or(|female| female == class.female)
            && self.group.is_none_or(|group| group == class.group)
    }

    fn sex(&self) -> Option<&'static str> {
        SEXES.get(usize::from(self.female?)).copied()
    }

    fn group(&self) -> Option<&'static str> {
        GROUPS.get(self.group?).copied()
    }
}

/// Every kind of household of a stratum, with its share of the stratum's households.
fn classes(stratum: &Stratum) -> Vec<(f64, Class)> {
    let either = |chance: f64| [(false, 1.0 - chance), (true, chance)];
    let mut classes = Vec::with_capacity(48);
    for (large, of_large) in either(stratum.in_large()) {
        for (struck, of_struck) in either(stratum.struck(large)) {
            for (group, of_group) in model::groups(stratum.town, struck).into_iter().enumerate() {
                for (female, of_female) in either(model::female(group)) {
                    let mut class = Class { town: stratum.town, large, struck, group, female, frail: false };
                    for (frail, of_frail) in either(model::frail(&class)) {
                        class.frail = frail;
                        classes.push((of_large * of_struck * of_group * of_female * of_frail, class));
                    }
                }
            }
        }
    }
    classes
}

impl Patterns {
    fn of(scheme: &DeprivationScheme) -> Result<Patterns> {
        let other = || Error::internal("the scheme of the survey is not the one its model speaks of");
        let named = scheme.indicators.iter().map(|indicator| indicator.name.as_str());
        if !named.eq(CHANCES.iter().map(|chance| chance.name)) {
            return Err(other());
        }
        let components = scheme.components.as_ref().ok_or_else(other)?;
        let mut patterns = Patterns { weights: [0.0; INDICATORS], components: [""; INDICATORS], vital: 0, insecure: Vec::new() };
        for (position, indicator) in scheme.indicators.iter().enumerate() {
            let component = indicator.component.ok_or_else(other)?;
            let together = scheme.indicators.iter().filter(|other| other.component == Some(component)).count();
            if let (Some(weight), Some(word)) = (patterns.weights.get_mut(position), patterns.components.get_mut(position)) {
                *weight = components.get(&component).ok_or_else(other)? / together as f64;
                *word = component.word();
            }
            patterns.vital |= usize::from(indicator.vital) << position;
        }
        let share = |pattern: usize| {
            let weights = patterns.weights.iter().enumerate();
            weights.filter(|(bit, _)| pattern >> bit & 1 == 1).map(|(_, weight)| weight).sum::<f64>()
        };
        patterns.insecure = (0..1 << INDICATORS).map(share).map(|c| (c >= scheme.cutoff - 1e-9).then_some(c)).collect();
        Ok(patterns)
    }

    fn measures(&self, class: &Class) -> Measures {
        let headcounts = CHANCES.each_ref().map(|chance| chance.of(class));
        // the chance of every pattern, one indicator after the other
        let mut chances = vec![1.0];
        for chance in headcounts {
            let without = chances.iter().map(|pattern| pattern * (1.0 - chance));
            let with = chances.iter().map(|pattern| pattern * chance);
            chances = without.chain(with).collect();
        }
        let mut measures = Measures { insecure: 0.0, score: 0.0, vital: 0.0, headcounts, censored: [0.0; INDICATORS] };
        for (pattern, (chance, insecure)) in chances.iter().zip(&self.insecure).enumerate() {
            if pattern & self.vital != 0 {
                measures.vital += chance;
            }
            let Some(share) = insecure else { continue };
            measures.insecure += chance;
            measures.score += chance * share;
            for (bit, censored) in measures.censored.iter_mut().enumerate() {
                *censored += if pattern >> bit & 1 == 1 { *chance } else { 0.0 };
            }
        }
        measures
    }
}

impl Sums {
    fn add(&mut self, weight: f64, of: &Measures, complete: f64) {
        self.all += weight;
        self.insecure += weight * of.insecure;
        self.score += weight * of.score;
        self.vital += weight * of.vital;
        for (sum, one) in self.headcounts.iter_mut().zip(&of.headcounts) {
            *sum += weight * one;
        }
        for (sum, one) in self.censored.iter_mut().zip(&of.censored) {
            *sum += weight * one;
        }
        self.complete += weight * complete;
        self.complete_insecure += weight * complete * of.insecure;
        self.complete_score += weight * complete * of.score;
    }
}

fn named<'a>(parts: impl Iterator<Item = &'a Part> + Clone) -> crate::tables::TableBuilder {
    Table::builder()
        .text("over", parts.clone().map(|part| Some(part.over)))
        .text("district", parts.clone().map(|part| part.district))
        .text("sex", parts.clone().map(Part::sex))
        .text("group", parts.clone().map(Part::group))
        .text("unit", parts.map(|part| Some(if part.persons { "persons" } else { "households" })))
}

fn groups(parts: &[Part]) -> Result<Table> {
    let of = |measure: fn(&Sums) -> f64| parts.iter().map(move |part| Some(measure(&part.sums))).collect::<Vec<_>>();
    let whole = |part: &Part| parts.iter().find(|whole| whole.over.is_empty() && whole.persons == part.persons).map(|part| &part.sums);
    named(parts.iter())
        .number("population", of(|s| s.all))
        .number("share", parts.iter().map(|part| Some(part.sums.all / whole(part)?.all)))
        .number("H", of(|s| s.insecure / s.all))
        .number("A", of(|s| s.score / s.insecure))
        .number("M0", of(|s| s.score / s.all))
        .number("contribution", parts.iter().map(|part| Some(part.sums.score / whole(part)?.score)))
        .number("union", of(|s| s.vital / s.all))
        .number("complete", of(|s| s.complete / s.all))
        .number("H_complete", of(|s| s.complete_insecure / s.complete))
        .number("A_complete", of(|s| s.complete_score / s.complete_insecure))
        .number("M0_complete", of(|s| s.complete_score / s.complete))
        .build()
}

fn dimensions(parts: &[Part], patterns: &Patterns) -> Result<Table> {
    let rows = || parts.iter().flat_map(|part| (0..INDICATORS).map(move |bit| (part, bit)));
    let of = |list: &[f64; INDICATORS], bit: usize| list.get(bit).copied().unwrap_or_default();
    named(rows().map(|(part, _)| part).collect::<Vec<_>>().into_iter())
        .text("indicator", rows().map(|(_, bit)| CHANCES.get(bit).map(|chance| chance.name)))
        .text("component", rows().map(|(_, bit)| patterns.components.get(bit)))
        .number("weight", rows().map(|(_, bit)| Some(of(&patterns.weights, bit))))
        .number("headcount", rows().map(|(part, bit)| Some(of(&part.sums.headcounts, bit) / part.sums.all)))
        .number("censored_headcount", rows().map(|(part, bit)| Some(of(&part.sums.censored, bit) / part.sums.all)))
        .number("contribution", rows().map(|(part, bit)| Some(of(&patterns.weights, bit) * of(&part.sums.censored, bit) / part.sums.score)))
        .build()
}
