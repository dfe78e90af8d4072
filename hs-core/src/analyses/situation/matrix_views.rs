//! Groups and places beside each other, and how much of what is unequal lies within communities and between them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::matrix::Ground;
use super::matrix_spots::Spot;
use crate::framework::Component;
use crate::kernels::contrast::{Doubt, contrast};
use crate::kernels::inequality::{gini, theil};

/// Two groups of one place, or two places of one level, beside each other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The component.
    pub component: Component,
    /// Id of the threat.
    pub threat: String,
    /// `within` a place, or `between` places.
    pub across: &'static str,
    /// Id of the place; of the common parent between places, none where there is none.
    pub place: Option<String>,
    /// The dimension within a place; none between places.
    pub dimension: Option<String>,
    /// A value, or the id of a place.
    pub first: String,
    /// What it is compared with.
    pub second: String,
    /// `severity` or `prevalence`.
    pub measure: &'static str,
    /// First - second.
    pub difference: f64,
    /// Its interval.
    pub difference_ends: Option<(f64, f64)>,
    /// First / second; none unless both are above 0.
    pub ratio: Option<f64>,
    /// Its interval.
    pub ratio_ends: Option<(f64, f64)>,
    /// Least sample size of the two, where known.
    pub n: Option<u64>,
}

/// How unequal a component weighs on communities and their groups.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unequal {
    /// The component.
    pub component: Component,
    /// `severity` or `prevalence`.
    pub measure: &'static str,
    /// Theil's T: all, within places, between places.
    pub theil: Option<[f64; 3]>,
    /// Gini: all, within places, between places, where places overlap.
    pub gini: Option<[f64; 4]>,
    /// Groups in places that it rests on.
    pub units: usize,
    /// Share of the places' persons it rests on.
    pub coverage: Option<f64>,
    /// Places.
    pub places: usize,
}

type Known = Option<(f64, Doubt)>;
type Measure = (&'static str, fn(&Spot) -> Known);

/// The two measures of a spot.
const MEASURES: [Measure; 2] = [("severity", |s| s.severity), ("prevalence", |s| s.prevalence)];

/// Every pair of values of a dimension within a place, and of places with one parent on one level.
pub(super) fn differences(ground: &Ground<'_>) -> Vec<Difference> {
    let mut found = Vec::new();
    let shown: Vec<&Spot> = ground.spots.iter().filter(|s| !s.hidden).collect();
    let mut within: BTreeMap<(u32, u32, &str), Vec<&Spot>> = BTreeMap::new();
    let mut between: BTreeMap<(u32, Option<&str>, u8), Vec<&Spot>> = BTreeMap::new();
    let places = &ground.atlas.assessment().places;
    for spot in shown {
        let Some(facet) = ground.facets.get(spot.facet) else { continue };
        if facet.dimension == "all" {
            if let Some(place) = places.get(spot.place as usize) {
                between.entry((spot.threat, place.parent.as_deref(), place.level as u8)).or_default().push(spot);
            }
        } else {
            within.entry((spot.threat, spot.place, facet.dimension.as_str())).or_default().push(spot);
        }
    }
    for ((_, place, dimension), spots) in &within {
        let name = |s: &Spot| ground.facets.get(s.facet).and_then(|f| f.value.clone()).unwrap_or_default();
        pairs(ground, spots, &name, ("within", Some(ground.place_id(*place)), Some(dimension)), &mut found);
    }
    for ((_, parent, _), spots) in &between {
        pairs(ground, spots, &|s| ground.place_id(s.place).to_owned(), ("between", *parent, None), &mut found);
    }
    found
}

fn pairs(
    ground: &Ground<'_>,
    spots: &[&Spot],
    name: &dyn Fn(&Spot) -> String,
    (across, place, dimension): (&'static str, Option<&str>, Option<&str>),
    found: &mut Vec<Difference>,
) {
    for (at, first) in spots.iter().enumerate() {
        for second in spots.iter().skip(at + 1) {
            for (which, (measure, of)) in (0_u64..).zip(MEASURES) {
                let (Some(x), Some(y), Some(component)) = (of(first), of(second), ground.component(first.threat)) else { continue };
                let key = |s: &Spot| u64::from(s.threat) << 40 | u64::from(s.place) << 12 | (s.facet as u64) << 1 | which;
                let told = contrast(x, y, &ground.interval(), (key(first), key(second)));
                found.push(Difference {
                    component,
                    threat: ground.threat_id(first.threat).to_owned(),
                    across,
                    place: place.map(str::to_owned),
                    dimension: dimension.map(str::to_owned),
                    first: name(first),
                    second: name(second),
                    measure,
                    difference: told.difference,
                    difference_ends: told.difference_ends,
                    ratio: told.ratio,
                    ratio_ends: told.ratio_ends,
                    n: [first.n, second.n].into_iter().flatten().min(),
                });
            }
        }
    }
}

/// Theil and Gini over the groups of the first partition in the places that lie lowest, each unit by its persons; its value is that of the worst
/// threat of the component.
pub(super) fn inequality(ground: &Ground<'_>) -> Vec<Unequal> {
    let assessment = ground.atlas.assessment();
    let parents: BTreeSet<&str> = assessment.places.iter().filter_map(|p| p.parent.as_deref()).collect();
    let lowest = |at: u32| assessment.places.get(at as usize).is_some_and(|p| !parents.contains(p.id.as_str()));
    let places: Vec<u32> = ground.places.iter().copied().filter(|p| lowest(*p)).collect();
    let Some(partition) = assessment.partitions.first() else { return Vec::new() };
    let members = ground.atlas.partition(&partition.id).unwrap_or_default();
    let mut rows = Vec::new();
    for &component in Component::ALL {
        for (measure, of) in MEASURES {
            let mut worst: BTreeMap<(u32, u32), f64> = BTreeMap::new();
            for unit in ground.units.iter().filter(|u| !u.hidden && ground.component(u.threat) == Some(component)) {
                let own = unit.group.filter(|g| members.contains(g) && places.contains(&unit.place));
                if let (Some(group), Some((value, _))) = (own, of(unit)) {
                    let kept = worst.entry((unit.place, group)).or_insert(value);
                    *kept = kept.max(value);
                }
            }
            if worst.is_empty() {
                continue;
            }
            let told: Vec<((u32, u32), f64, f64)> =
                worst.iter().filter_map(|(k, v)| Some((*k, *v, ground.atlas.persons(k.0, Some(k.1))?))).collect();
            let values: Vec<f64> = told.iter().map(|(_, v, _)| *v).collect();
            let weights: Vec<f64> = told.iter().map(|(_, _, w)| *w).collect();
            let seen: Vec<u32> = told.iter().map(|((p, _), ..)| *p).collect::<BTreeSet<_>>().into_iter().collect();
            let groups: Vec<u32> = told.iter().map(|((p, _), ..)| seen.binary_search(p).unwrap_or(0) as u32).collect();
            let everyone = places.iter().map(|p| ground.atlas.persons(*p, None)).sum::<Option<f64>>().filter(|n| *n > 0.0);
            rows.push(Unequal {
                component,
                measure,
                theil: theil(&values, &weights, &groups, seen.len()).map(|t| [t.total, t.within, t.between]),
                gini: gini(&values, &weights, &groups, seen.len()).map(|g| [g.total, g.within, g.between, g.overlap]),
                units: told.len(),
                coverage: everyone.map(|n| weights.iter().sum::<f64>() / n),
                places: seen.len(),
            });
        }
    }
    rows
}
