//! Where the rows of a survey live in the assessment, and which cell of the network speaks of each of their indicators.

use std::collections::BTreeMap;

use super::PeopleMoved;
use super::sample::Domain;
use crate::network::DominoNetwork;
use crate::tables::{Key, Note};
use crate::{Assessment, Error, Result};

/// Where one place and group of the survey stand in the assessment.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Whereabouts {
    /// Place and group as tables show them; none where the value is missing or there is no such column.
    pub shown: [Option<String>; 2],
    /// Place of the assessment.
    pub place: Option<String>,
    /// Group of the assessment, where the network has groups.
    pub group: Option<String>,
    /// Whether no place or group of the assessment was found for it.
    pub lost: bool,
}

/// The cell that speaks of an indicator, or why none does.
pub(super) type Target = std::result::Result<usize, &'static str>;

pub(super) const NO_THREAT: &str = "names no threat";
pub(super) const UNKNOWN_THREAT: &str = "no such threat in the assessment";
pub(super) const NO_CONDITION: &str = "no condition";
pub(super) const LOST: &str = "no such place or group in the assessment";

/// A place or group of that id, else of that name.
fn named<'a>(value: &str, all: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> Option<String> {
    let by_id = all.clone().find(|(id, _)| *id == value);
    by_id.or_else(|| all.clone().find(|(_, name)| *name == value)).map(|(id, _)| id.to_owned())
}

fn text(key: &Key) -> Option<String> {
    match key {
        Key::Missing => None,
        Key::Boolean(value) => Some(value.to_string()),
        Key::Integer(value) => Some(value.to_string()),
        Key::Text(value) => Some(value.clone()),
    }
}

/// The place where everyone lives who names none.
pub(super) fn in_place(settings: &PeopleMoved, assessment: &Assessment) -> Result<Option<String>> {
    let known = || assessment.places.iter().map(|p| p.id.as_str());
    for id in settings.in_place.iter().chain(settings.places_of.values()) {
        if !known().any(|place| place == id) {
            return Err(Error::not_found("place", id, known()));
        }
    }
    let groups = || assessment.groups.iter().map(|g| g.id.as_str());
    for id in settings.groups_of.values() {
        if !groups().any(|group| group == id) {
            return Err(Error::not_found("group", id, groups()));
        }
    }
    if settings.in_place.is_some() || settings.place.is_some() {
        return Ok(settings.in_place.clone());
    }
    let asked: Vec<&str> = settings.places.as_ref().map_or_else(|| known().collect(), |ids| ids.iter().map(String::as_str).collect());
    match asked.as_slice() {
        [only] => Ok(Some((*only).to_owned())),
        _ => Err(Error::argument(format!(
            "neither `place` nor `in_place` is given and there are {} places, wanted the column with each row's place, or the place all live in",
            asked.len()
        ))),
    }
}

/// Where each domain stands.
pub(super) fn whereabouts(settings: &PeopleMoved, assessment: &Assessment, by: &[String], domains: &[Domain]) -> Result<Vec<Whereabouts>> {
    let everyone = in_place(settings, assessment)?;
    let column = |name: &Option<String>| name.as_ref().and_then(|name| by.iter().position(|b| b == name));
    let (place_at, group_at) = (column(&settings.place), column(&settings.group));
    let places = assessment.places.iter().map(|p| (p.id.as_str(), p.name.as_str()));
    let groups = assessment.groups.iter().map(|g| (g.id.as_str(), g.name.as_str()));
    let of = |domain: &Domain| {
        let value = |at: Option<usize>| at.and_then(|at| domain.key.get(at)).and_then(text);
        let (place, group) = (value(place_at), value(group_at));
        let mapped = place.as_ref().and_then(|value| settings.places_of.get(value).cloned());
        let own = place.as_ref().filter(|_| mapped.is_none()).and_then(|value| named(value, places.clone()));
        let shown_place = if place_at.is_none() { everyone.clone() } else { own.clone().or(place) };
        let found = mapped.or(own).or_else(|| everyone.clone());
        let group_of = group.as_ref().and_then(|value| settings.groups_of.get(value).cloned());
        let own = group.as_ref().filter(|_| group_of.is_none()).and_then(|value| named(value, groups.clone()));
        let shown_group = own.clone().or(group);
        let group = if settings.groups.is_some() { group_of.or(own) } else { None };
        let lost = found.is_none() || settings.groups.is_some() && group.is_none();
        Whereabouts { shown: [shown_place, shown_group], place: found, group, lost }
    };
    Ok(domains.iter().map(of).collect())
}

/// By domain and indicator, the cell that speaks of it; notes say what was taken from elsewhere.
pub(super) fn targets(
    assessment: &Assessment,
    network: &DominoNetwork,
    threats: &[Option<String>],
    whereabouts: &[Whereabouts],
) -> (Vec<Vec<Target>>, Vec<Note>) {
    let mut cells: BTreeMap<(String, String, Option<String>), usize> = BTreeMap::new();
    for (position, node) in network.nodes().enumerate() {
        if let (Some(place), true) = (&node.place, node.observed) {
            cells.insert((node.threat.to_string(), place.to_string(), node.group.as_deref().map(str::to_owned)), position);
        }
    }
    let parents: BTreeMap<&str, &str> = assessment.places.iter().filter_map(|p| Some((p.id.as_str(), p.parent.as_deref()?))).collect();
    let mut above = Vec::new();
    let mut one = |threat: &Option<String>, stands: &Whereabouts| -> Target {
        let Some(threat) = threat else { return Err(NO_THREAT) };
        if !assessment.threats.iter().any(|t| t.id == *threat) {
            return Err(UNKNOWN_THREAT);
        }
        let Some(start) = stands.place.as_deref().filter(|_| !stands.lost) else { return Err(LOST) };
        let mut place = Some(start);
        while let Some(here) = place {
            if let Some(position) = cells.get(&(threat.clone(), here.to_owned(), stands.group.clone())) {
                if here != start {
                    above.push(format!("{threat}/{start}"));
                }
                return Ok(*position);
            }
            place = parents.get(here).copied();
        }
        Err(NO_CONDITION)
    };
    let found = whereabouts.iter().map(|stands| threats.iter().map(|threat| one(threat, stands)).collect()).collect();
    let mut notes = Vec::new();
    above.sort();
    above.dedup();
    if !above.is_empty() {
        let message = "a place has no condition of these threats: they move there as in the nearest place above it that has one";
        notes.push(Note::new("taken-from-above", message, above));
    }
    let mut lost: Vec<String> = whereabouts
        .iter()
        .filter(|w| w.lost)
        .map(|w| w.shown.iter().map(|s| s.clone().unwrap_or_else(|| "missing".into())).collect::<Vec<_>>().join("/"))
        .collect();
    lost.sort();
    lost.dedup();
    if !lost.is_empty() {
        let message = "no place or group of the assessment is known for these values of the data, so nothing is said of their people: \
                       give `in_place`, `places_of` or `groups_of`";
        notes.push(Note::new("unmatched-values", message, lost));
    }
    (found, notes)
}
