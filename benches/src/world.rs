//! A world to measure on: districts in provinces in countries, 30 threats, borders. The same on every call: no number in it is drawn.

use hs_core::Assessment;
use hs_core::assessment::{Condition, LinkEffect, Linkage, Neighbour, NonNegative, Place, Population, Provenance, Reach, Share, Threat};
use hs_core::framework::{Component, Level};

/// Threats of the world.
pub const THREATS: usize = 30;
/// Districts of the whole world.
pub const DISTRICTS: usize = 46_000;
/// Districts along one side of a province, which are squares.
const SIDE: usize = 10;
/// Provinces in a country.
const PROVINCES: usize = 10;

/// The n-th of a fixed sequence of scattered numbers in [0, 1).
fn scattered(n: usize) -> f64 {
    let mut z = (n as u64).wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 29)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 32)) >> 11) as f64 / (1u64 << 53) as f64
}

fn share(value: f64) -> Option<Share> {
    Share::new(value)
}

fn none() -> Provenance {
    Provenance::default()
}

fn place(id: String, level: Level, parent: Option<String>) -> Place {
    Place { name: id.clone(), id, level, parent, neighbours: Vec::new(), codes: Default::default(), provenance: none() }
}

/// An assessment of about `districts` districts on a grid, each with six neighbours as in a honeycomb: about 30 nodes and 330 edges a district.
///
/// Nine in ten cells have a severity. A tenth of the linkages dampen. None has a lag.
pub fn world(districts: usize) -> hs_core::Result<Assessment> {
    let columns = ((districts as f64).sqrt() as usize / SIDE).max(1) * SIDE;
    let rows = (districts / columns / SIDE).max(1) * SIDE;
    let mut world = Assessment::from_json(r#"{"schema": "human-security/1", "id": "world", "title": "A generated world"}"#)?;
    let district = |row: usize, column: usize| format!("d{}", row * columns + column);
    let across = columns / SIDE;
    let mut parents = Vec::new();
    for province in 0..across * (rows / SIDE) {
        let country = province / PROVINCES;
        if province % PROVINCES == 0 {
            parents.push(place(format!("c{country}"), Level::National, None));
        }
        parents.push(place(format!("p{province}"), Level::Regional, Some(format!("c{country}"))));
    }
    world.places = parents;
    for row in 0..rows {
        for column in 0..columns {
            let mut here = place(district(row, column), Level::District, Some(format!("p{}", row / SIDE * across + column / SIDE)));
            let around = [(0, 1), (0, -1), (1, 0), (-1, 0), (1, -1), (-1, 1)];
            let cells =
                around.iter().filter_map(|(down, right)| Some((row.checked_add_signed(*down)?, column.checked_add_signed(*right)?)));
            let inside = cells.filter(|(row, column)| *row < rows && *column < columns);
            here.neighbours = inside.map(|(row, column)| Neighbour { place: district(row, column), weight: None }).collect();
            let persons = NonNegative::new(1000.0 + (1e6 * scattered(row * columns + column)).floor());
            world.populations.extend(persons.map(|persons| Population {
                place: here.id.clone(),
                group: None,
                persons,
                provenance: none(),
            }));
            world.places.push(here);
        }
    }
    let components = [
        Component::Economic,
        Component::Food,
        Component::Health,
        Component::Environmental,
        Component::Personal,
        Component::Community,
        Component::Political,
    ];
    for (t, component) in components.iter().cycle().take(THREATS).enumerate() {
        let id = format!("t{t}");
        world.threats.push(Threat {
            name: id.clone(),
            id,
            component: *component,
            also: Vec::new(),
            core: Vec::new(),
            freedoms: Vec::new(),
            provenance: none(),
        });
    }
    let mut cell = 0;
    for place in &world.places {
        for threat in &world.threats {
            cell += 1;
            if cell % 10 == 0 {
                continue;
            }
            world.conditions.push(Condition {
                threat: threat.id.clone(),
                place: place.id.clone(),
                group: None,
                period: None,
                severity: share(0.2 + 0.7 * scattered(cell)),
                prevalence: None,
                severity_range: None,
                prevalence_range: None,
                kind: None,
                confidence: None,
                provenance: none(),
            });
        }
    }
    // three linkages a threat within a place; 36 across borders; 10 up and 10 down
    let within = (0..3 * THREATS).map(|n| (n % THREATS, n % THREATS + 1 + n / THREATS * 4, Reach::Same));
    let borders = (0..36).map(|n| (n % THREATS, n % THREATS + n / THREATS, Reach::Neighbours));
    let levels = (0..10).flat_map(|n| [(3 * n, 3 * n + 1, Reach::Up), (3 * n + 2, 3 * n + 4, Reach::Down)]);
    for (n, (from, to, reach)) in within.chain(borders).chain(levels).enumerate() {
        world.linkages.push(Linkage {
            id: format!("l{n}"),
            from: format!("t{from}"),
            to: format!("t{}", to % THREATS),
            effect: if n % 10 == 9 { LinkEffect::Dampens } else { LinkEffect::Feeds },
            weight: share(0.05 + 0.1 * scattered(7 * n)),
            strength: None,
            range: None,
            lag: None,
            reach: Some(reach),
            places: Vec::new(),
            groups: Vec::new(),
            to_groups: Vec::new(),
            stakeholder: None,
            confidence: None,
            evidence: None,
            provenance: none(),
        });
    }
    Ok(world)
}
