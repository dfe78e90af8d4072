//! What the situation is: places, groups, threats, who acts.

use std::collections::BTreeMap;

use super::Basis;
use crate::assessment::{ActorKind, Assessment};
use crate::framework::Component;
use crate::reports::document::{Cell, Grid, Part, Phrase};

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let a = basis.assessment;
    let mut part = Part::new("situation", "What the situation is", finding(a));
    part.table(places(basis));
    part.table(threats(a));
    part.table(groups(a));
    part.table(interventions(a));
    part.table(actors(basis));
    part
}

fn finding(a: &Assessment) -> Phrase {
    let mut phrase = Phrase::new();
    phrase = if a.places.is_empty() {
        phrase.plain("The assessment names no place")
    } else {
        phrase.plain("The assessment looks at ").names(a.places.iter().map(|p| p.name.as_str()), 4)
    };
    let touched: Vec<&str> = Component::ALL.iter().filter(|c| a.threats.iter().any(|t| t.component == **c)).map(|c| c.word()).collect();
    match touched.as_slice() {
        [] => phrase.plain(" and names no threat."),
        all if all.len() == Component::ALL.len() => phrase.plain("; its threats touch every component of human security."),
        some => phrase.plain("; its threats touch ").plain(listed(some)).plain(" security."),
    }
}

/// Our own words in a row.
fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

fn places(basis: &Basis<'_>) -> Grid {
    let a = basis.assessment;
    let persons: BTreeMap<&str, f64> =
        a.populations.iter().filter(|p| p.group.is_none()).map(|p| (p.place.as_str(), p.persons.get())).collect();
    let mut grid = Grid::new("Places", &["Place", "Level", "Within", "Persons#"]);
    for place in &a.places {
        grid.push(vec![
            Cell::name(&place.name),
            Cell::plain(place.level.word()),
            place.parent.as_deref().map_or(Cell::Missing("none named"), |p| Cell::name(basis.names.place(p))),
            Cell::whole(persons.get(place.id.as_str()).copied()),
        ]);
    }
    grid
}

fn threats(a: &Assessment) -> Grid {
    let mut grid = Grid::new("Threats by component of human security", &["Component", "Threats"]);
    if a.threats.is_empty() {
        return grid;
    }
    for component in Component::ALL {
        let names: Vec<&str> = a.threats.iter().filter(|t| t.component == *component).map(|t| t.name.as_str()).collect();
        let cell = if names.is_empty() { Cell::Missing("no threat recorded") } else { Cell::Text(Phrase::new().names(names, 40)) };
        grid.push(vec![Cell::plain(component.word()), cell]);
    }
    grid
}

fn groups(a: &Assessment) -> Grid {
    let mut grid = Grid::new("Groups of people; groups may overlap", &["Group", "Who they are"]);
    for group in &a.groups {
        let said: Vec<&str> = [&group.gender, &group.age, &group.status]
            .into_iter()
            .filter_map(|s| s.as_deref())
            .chain(group.tags.iter().map(String::as_str))
            .collect();
        let cell = if said.is_empty() { Cell::Missing("not said") } else { Cell::Text(Phrase::new().names(said, 12)) };
        grid.push(vec![Cell::name(&group.name), cell]);
    }
    grid
}

fn interventions(a: &Assessment) -> Grid {
    let mut grid = Grid::new("Strategies, policies and programmes", &["Intervention", "Aims at", "Pillar", "Horizon", "Cost#"]);
    for intervention in &a.interventions {
        let aims: Vec<&str> = std::iter::once(intervention.component).chain(intervention.also.iter().copied()).map(|c| c.word()).collect();
        grid.push(vec![
            Cell::name(&intervention.name),
            Cell::plain(&listed(&aims)),
            intervention.pillar.map_or(Cell::Missing("not said"), |p| Cell::plain(p.word())),
            intervention.horizon.map_or(Cell::Missing("not said"), |h| Cell::plain(h.word())),
            intervention.cost.map_or(Cell::Missing("not said"), |c| Cell::whole(Some(c.get()))),
        ]);
    }
    grid
}

fn actors(basis: &Basis<'_>) -> Grid {
    let mut grid = Grid::new(
        "Who acts; an actor may protect people and be a source of threat at once",
        &["Actor", "Kind", "Protects from", "Is a source of"],
    );
    for actor in &basis.assessment.actors {
        let names = |ids: &[String]| {
            if ids.is_empty() {
                Cell::Missing("none named")
            } else {
                Cell::Text(Phrase::new().names(ids.iter().map(|id| basis.names.threat(id)), 12))
            }
        };
        grid.push(vec![Cell::name(&actor.name), Cell::plain(kind(actor.kind)), names(&actor.protects_from), names(&actor.threatens)]);
    }
    grid
}

/// A kind of actor, as people say it.
pub(super) fn kind(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::State => "state",
        ActorKind::Un => "United Nations",
        ActorKind::International => "international organisation",
        ActorKind::Ngo => "non-governmental organisation",
        ActorKind::Community => "community-based organisation",
        ActorKind::Private => "private sector",
        ActorKind::Armed => "armed group",
        ActorKind::Other => "other",
    }
}
