//! Places: parents on the same level or a higher one, no rings, no place beside itself.

use super::{Item, add, array};
use crate::assessment::document::Node;
use crate::assessment::found::Problems;
use crate::assessment::shape::Array;
use crate::assessment::walk::Ids;
use crate::framework::Level;
use crate::{ProblemKind, shown};

pub(super) fn check(document: &Node, ids: &Ids<'_>, problems: &mut Problems<'_>) {
    let places: Vec<Item<'_>> = array(document, "places").collect();
    let known = ids.of(Array::Places);
    let parents: Vec<Option<usize>> =
        places.iter().map(|place| known.get(place.text("parent")?).copied().filter(|parent| *parent < places.len())).collect();
    let level = |place: &Item<'_>| place.text("level").and_then(Level::from_word);
    for (place, parent) in places.iter().zip(&parents) {
        beside_itself(place, problems);
        let Some(parent) = parent.and_then(|parent| places.get(parent)) else { continue };
        if let (Some(own), Some(above)) = (level(place), level(parent))
            && above < own
        {
            add(problems, ProblemKind::Level, &place.at("parent", None), || {
                let id = shown(parent.text("id").unwrap_or_default());
                (format!("`{id}`, a {above} place, as parent of a {own} one"), format!("a parent on the level {own} or higher"), None)
            });
        }
    }
    rings(&places, &parents, problems);
}

fn beside_itself(place: &Item<'_>, problems: &mut Problems<'_>) {
    let Some(id) = place.text("id") else { return };
    for neighbour in place.items("neighbours").filter(|neighbour| neighbour.text("place") == Some(id)) {
        add(problems, ProblemKind::Conflict, &neighbour.at("place", None), || {
            (format!("`{}` as a neighbour of itself", shown(id)), "another place".into(), Some("leave it out".into()))
        });
    }
}

/// One problem a ring, at its member that stands first in the document.
fn rings(places: &[Item<'_>], parents: &[Option<usize>], problems: &mut Problems<'_>) {
    // the walk that came by first, counted from 1
    let mut visited = vec![0usize; parents.len()];
    for start in 0..parents.len() {
        let mut at = Some(start);
        let mut met = None;
        while let Some(here) = at {
            match visited.get_mut(here) {
                Some(mark) if *mark == 0 => *mark = start + 1,
                Some(mark) if *mark == start + 1 => {
                    met = Some(here);
                    break;
                }
                _ => break,
            }
            at = parents.get(here).copied().flatten();
        }
        let Some(met) = met else { continue };
        let mut ring = vec![met];
        let mut at = parents.get(met).copied().flatten();
        while let Some(here) = at.filter(|here| *here != met) {
            ring.push(here);
            at = parents.get(here).copied().flatten();
        }
        let first = ring.iter().enumerate().min_by_key(|(_, index)| **index).map(|(position, _)| position).unwrap_or_default();
        ring.rotate_left(first);
        let Some(place) = ring.first().and_then(|index| places.get(*index)) else { continue };
        add(problems, ProblemKind::Cycle, &place.at("parent", None), || {
            let ids = ring.iter().chain(ring.first()).take(10).filter_map(|index| places.get(*index)?.text("id"));
            let way: Vec<String> = ids.map(|id| format!("`{}`", shown(id))).collect();
            (format!("a ring of {}: {}", ring.len(), way.join(" in ")), "places that end in one without parent".into(), None)
        });
    }
}
