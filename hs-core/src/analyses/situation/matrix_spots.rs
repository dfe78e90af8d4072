//! What is known of each threat in each place, for everyone and for each value of each dimension.

use std::collections::{BTreeMap, BTreeSet};

use super::gender_gaps::pooled;
use super::hiding::{Shown, hidden, traits};
use super::sighted::{Sight, too_few};
use crate::Result;
use crate::assessment::ConditionKind;
use crate::kernels::Tick;
use crate::kernels::contrast::Doubt;
use crate::network::Atlas;

/// A column of the matrix: a dimension and one of its values; `all` has none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Facet {
    pub(super) dimension: String,
    pub(super) value: Option<String>,
}

/// What is known of one threat in one place and column.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    pub(super) threat: u32,
    pub(super) place: u32,
    /// Which column.
    pub(super) facet: usize,
    /// The group it stands for, where it is one group's own.
    pub(super) group: Option<u32>,
    /// Groups it was put together from; empty where it stands for itself.
    pub(super) parts: Vec<u32>,
    pub(super) severity: Option<(f64, Doubt)>,
    pub(super) prevalence: Option<(f64, Doubt)>,
    /// Persons affected: exactly, at least, at most.
    pub(super) persons: Option<f64>,
    pub(super) persons_ends: (Option<f64>, Option<f64>),
    pub(super) coverage: Option<f64>,
    pub(super) n: Option<u64>,
    pub(super) evidence: usize,
    pub(super) kinds: BTreeSet<ConditionKind>,
    pub(super) bases: [usize; 4],
    pub(super) hidden: bool,
}

/// The columns that the groups of an assessment have, or those asked for; a dimension that no group has stays, without a value.
pub(super) fn facets(atlas: &Atlas<'_>, asked: Option<&[String]>) -> Vec<Facet> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, value) in atlas.assessment().groups.iter().flat_map(traits) {
        // a tag `displacement:returnee` is a dimension with a value of its own
        let (name, value) = match value.split_once([':', '=']).filter(|_| name == "tag") {
            Some((dimension, value)) => (dimension.to_owned(), value.to_owned()),
            None => (name, value),
        };
        found.entry(name).or_default().insert(value);
    }
    let fixed = ["gender", "age", "status"].map(str::to_owned);
    let further = found.keys().filter(|name| !fixed.contains(name)).cloned();
    let names: Vec<String> = match asked {
        Some(names) => names.iter().map(|name| name.trim().to_lowercase()).collect(),
        None => fixed.iter().cloned().chain(further).collect(),
    };
    let mut facets = vec![Facet { dimension: "all".into(), value: None }];
    for dimension in names.into_iter().filter(|name| name != "all") {
        match found.get(&dimension) {
            Some(values) => facets.extend(values.iter().map(|v| Facet { dimension: dimension.clone(), value: Some(v.clone()) })),
            None => facets.push(Facet { dimension, value: None }),
        }
    }
    facets
}

/// Whether a group is of a column.
pub(super) fn is_of(traits: &[(String, String)], facet: &Facet) -> bool {
    let Some(wanted) = facet.value.as_deref() else { return false };
    traits.iter().any(|(name, value)| {
        let tagged = name == "tag" && value.split_once([':', '=']).is_some_and(|(d, v)| d == facet.dimension && v == wanted);
        tagged || (*name == facet.dimension && value == wanted)
    })
}

/// Groups of a column: those of the first partition that has any; persons of a column are theirs.
pub(super) fn members(atlas: &Atlas<'_>, facet: &Facet) -> Vec<u32> {
    let of: Vec<Vec<(String, String)>> = atlas.assessment().groups.iter().map(traits).collect();
    let is = |g: &u32| of.get(*g as usize).is_some_and(|t| is_of(t, facet));
    for partition in &atlas.assessment().partitions {
        let found: Vec<u32> = atlas.partition(&partition.id).unwrap_or_default().iter().copied().filter(is).collect();
        if !found.is_empty() {
            return found;
        }
    }
    let pure = |g: &u32| of.get(*g as usize).is_some_and(|t| t.len() == 1);
    (0..of.len() as u32).find(|g| is(g) && pure(g)).into_iter().collect()
}

/// Persons of a column in a place.
pub(super) fn persons(atlas: &Atlas<'_>, place: u32, facet: &Facet, members: &[u32]) -> Option<f64> {
    if facet.dimension == "all" {
        return atlas.persons(place, None);
    }
    if members.is_empty() {
        return None;
    }
    members.iter().map(|g| atlas.persons(place, Some(*g))).sum()
}

type Cells<'s> = BTreeMap<(u32, Option<u32>), &'s Sight>;

/// Every spot that anything is known of, by threat, place and column, and every group's own; those that may not be shown are marked.
pub(super) fn spots(atlas: &Atlas<'_>, sights: &[Sight], facets: &[Facet], min_n: u64, tick: Tick<'_>) -> Result<(Vec<Spot>, Vec<Spot>)> {
    let mut families: BTreeMap<u32, Cells<'_>> = BTreeMap::new();
    for sight in sights {
        let group = sight.cell.group.as_deref().map(|id| atlas.group(id)).transpose()?;
        let place = atlas.place(&sight.cell.place)?;
        families.entry(atlas.threat(&sight.cell.threat)?).or_default().insert((place, group), sight);
    }
    let of: Vec<Vec<(String, String)>> = atlas.assessment().groups.iter().map(traits).collect();
    let inner: Vec<Vec<u32>> = facets.iter().map(|facet| members(atlas, facet)).collect();
    let (mut found, mut units) = (Vec::new(), Vec::new());
    for (at, (threat, cells)) in families.iter().enumerate() {
        if !tick(at as u64) {
            return Err(crate::kernels::cancelled());
        }
        let places: BTreeSet<u32> = cells.keys().map(|(place, _)| *place).collect();
        let mut own: Vec<Spot> = Vec::new();
        for &place in &places {
            for (at, facet) in facets.iter().enumerate() {
                own.extend(one(atlas, cells, (*threat, place, at), facet, &of, &inner));
            }
        }
        // what is put together from parts is shown too: it stands in the same set, under a number no group has
        let invented = |facet: usize| u32::MAX - facet as u32;
        let mut shown: Vec<Shown> = cells
            .iter()
            .map(|((place, group), sight)| Shown {
                place: *place,
                group: *group,
                n: sight.n,
                small: too_few(sight, min_n),
                elsewhere: false,
            })
            .collect();
        let mut extra = Vec::new();
        for spot in own.iter().filter(|s| !s.parts.is_empty()) {
            let small = min_n > 0 && spot.n.is_some_and(|n| n < min_n);
            let key = (spot.place, Some(invented(spot.facet)));
            shown.push(Shown { place: key.0, group: key.1, n: spot.n, small, elsewhere: false });
            extra.push((key, spot.parts.iter().map(|g| (spot.place, Some(*g))).collect::<Vec<_>>()));
        }
        extra.extend(across_levels(atlas, &own, invented));
        let kept = hidden(atlas, &shown, &extra, min_n, tick)?;
        let hides: BTreeSet<(u32, Option<u32>)> =
            shown.iter().zip(&kept).filter(|(_, hidden)| **hidden).map(|(s, _)| (s.place, s.group)).collect();
        for spot in &mut own {
            let key = if spot.parts.is_empty() { spot.group } else { Some(invented(spot.facet)) };
            spot.hidden = hides.contains(&(spot.place, key));
        }
        found.extend(own);
        for ((place, group), sight) in cells.iter().filter(|((_, group), _)| group.is_some()) {
            let mut unit = itself(atlas, (*threat, *place, usize::MAX), *group, sight);
            unit.hidden = hides.contains(&(*place, *group));
            units.push(unit);
        }
    }
    Ok((found, units))
}

/// A place, and the group or invented number that stands for a column there.
type Stands = (u32, Option<u32>);

/// A column of a place against the same column of the places in it, where either is put together from parts: the margins of plain groups do
/// not hold these.
fn across_levels(atlas: &Atlas<'_>, own: &[Spot], invented: impl Fn(usize) -> u32) -> Vec<(Stands, Vec<Stands>)> {
    let places = &atlas.assessment().places;
    let stands = |spot: &Spot| (spot.place, if spot.parts.is_empty() { spot.group } else { Some(invented(spot.facet)) });
    let mut margins = Vec::new();
    for spot in own {
        let Some(id) = places.get(spot.place as usize).map(|p| p.id.as_str()) else { continue };
        let children: Vec<u32> = (0_u32..).zip(places).filter(|(_, p)| p.parent.as_deref() == Some(id)).map(|(at, _)| at).collect();
        let inner: Vec<&Spot> = own.iter().filter(|s| s.facet == spot.facet && children.contains(&s.place)).collect();
        if inner.is_empty() || (spot.parts.is_empty() && inner.iter().all(|s| s.parts.is_empty() && s.group == spot.group)) {
            continue;
        }
        // a place without a figure stands under a number nothing has: unknown to everyone
        let of = |child: &u32| inner.iter().find(|s| s.place == *child).map_or((*child, Some(invented(spot.facet))), |s| stands(s));
        margins.push((stands(spot), children.iter().map(of).collect()));
    }
    margins
}

fn one(
    atlas: &Atlas<'_>,
    cells: &Cells<'_>,
    (threat, place, at): (u32, u32, usize),
    facet: &Facet,
    of: &[Vec<(String, String)>],
    inner: &[Vec<u32>],
) -> Option<Spot> {
    let everyone = facet.dimension == "all";
    let pure = |g: u32| of.get(g as usize).is_some_and(|t| t.len() == 1 && is_of(t, facet));
    let own = match everyone {
        true => cells.get(&(place, None)).map(|s| (None, *s)),
        false => cells
            .range((place, Some(0))..=(place, Some(u32::MAX)))
            .find_map(|((_, g), sight)| g.filter(|g| pure(*g)).map(|g| (Some(g), *sight))),
    };
    if let Some((group, sight)) = own {
        return Some(itself(atlas, (threat, place, at), group, sight));
    }
    let wanted: Vec<u32> = match everyone {
        false => inner.get(at)?.clone(),
        true => atlas.assessment().partitions.iter().find_map(|partition| {
            let members = atlas.partition(&partition.id).ok()?;
            members.iter().any(|g| cells.contains_key(&(place, Some(*g)))).then(|| members.to_vec())
        })?,
    };
    let parts: Vec<(u32, &Sight)> = wanted.iter().filter_map(|g| cells.get(&(place, Some(*g))).map(|s| (*g, *s))).collect();
    (!parts.is_empty()).then(|| together(atlas, (threat, place, at), &wanted, &parts))
}

/// A cell that stands for itself.
fn itself(atlas: &Atlas<'_>, (threat, place, facet): (u32, u32, usize), group: Option<u32>, sight: &Sight) -> Spot {
    let mut spot = empty(threat, place, facet, group);
    spot.severity = sight.severity;
    spot.prevalence = sight.prevalence;
    spot.persons = sight.cell.persons;
    spot.persons_ends = (sight.cell.persons, sight.cell.persons.or(sight.cell.persons_exposed));
    spot.coverage = sight.cell.coverage;
    spot.n = sight.n;
    told(atlas, &mut spot, sight);
    spot
}

fn empty(threat: u32, place: u32, facet: usize, group: Option<u32>) -> Spot {
    Spot {
        threat,
        place,
        facet,
        group,
        parts: Vec::new(),
        severity: None,
        prevalence: None,
        persons: None,
        persons_ends: (None, None),
        coverage: None,
        n: None,
        evidence: 0,
        kinds: BTreeSet::new(),
        bases: [0; 4],
        hidden: false,
    }
}

/// Counts what stands behind a sight.
fn told(atlas: &Atlas<'_>, spot: &mut Spot, sight: &Sight) {
    use crate::assessment::Basis;
    // one condition may stand for severity and prevalence
    let own: BTreeSet<u32> = sight.cell.conditions.iter().copied().collect();
    let behind = own.iter().filter_map(|at| atlas.assessment().conditions.get(*at as usize));
    let mut stated = 0;
    for condition in behind {
        stated += 1;
        let at = match condition.provenance.basis {
            Some(Basis::Stated) => 0,
            Some(Basis::Inferred) => 1,
            Some(Basis::Measured) => 2,
            None => 3,
        };
        if let Some(count) = spot.bases.get_mut(at) {
            *count += 1;
        }
    }
    let observed = [sight.cell.severity_from, sight.cell.prevalence_from].into_iter().flatten().any(|from| from == "observation");
    if observed && let Some(measured) = spot.bases.get_mut(2) {
        *measured += 1;
    }
    spot.evidence += stated + usize::from(observed);
    spot.kinds.insert(sight.kind);
}

/// The persons-weighted mean over groups that do not overlap; groups count alike where any one's persons are unknown.
fn together(atlas: &Atlas<'_>, (threat, place, facet): (u32, u32, usize), wanted: &[u32], parts: &[(u32, &Sight)]) -> Spot {
    let mut spot = empty(threat, place, facet, None);
    let persons = |group: u32| atlas.persons(place, Some(group));
    let all_known = wanted.iter().all(|g| persons(*g).is_some());
    let weight = |group: u32| if all_known { persons(group).unwrap_or(0.0) } else { 1.0 };
    let mean = |of: fn(&Sight) -> Option<(f64, Doubt)>| {
        let mut known: Vec<(f64, (f64, Doubt))> = parts.iter().filter_map(|(g, s)| of(s).map(|v| (weight(*g), v))).collect();
        known.sort_by(|a, b| a.1.0.total_cmp(&b.1.0).then(a.0.total_cmp(&b.0)));
        pooled(&known)
    };
    spot.severity = mean(|s| s.severity);
    spot.prevalence = mean(|s| s.prevalence);
    let affected: Vec<Option<f64>> =
        wanted.iter().map(|g| parts.iter().find(|(own, _)| own == g).and_then(|(_, s)| s.cell.persons)).collect();
    let known: f64 = affected.iter().flatten().sum();
    spot.persons = affected.iter().copied().sum::<Option<f64>>();
    let at_most = wanted.iter().zip(&affected).map(|(g, own)| own.or_else(|| persons(*g))).sum::<Option<f64>>();
    spot.persons_ends = (affected.iter().any(Option::is_some).then_some(known), at_most);
    let total: f64 = wanted.iter().map(|g| weight(*g)).sum();
    spot.coverage = (total > 0.0).then(|| parts.iter().map(|(g, _)| weight(*g)).sum::<f64>() / total);
    spot.n = parts.iter().map(|(_, s)| s.n).sum::<Option<u64>>();
    spot.parts = parts.iter().map(|(g, _)| *g).collect();
    for (_, sight) in parts {
        told(atlas, &mut spot, sight);
    }
    spot
}
