//! What a network and a run hold at the most, by counting what is allocated.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use hs_core::assessment::{Condition, LinkEffect, Linkage, NonNegative, Place, Population, Provenance, Reach, Share, Threat};
use hs_core::framework::{Component, Level};
use hs_core::network::EdgeList;
use hs_core::propagation::{DynamicInoperability, FuzzyCognitiveMap, Linear, Model, NoisyOr, Propagation, Values};
use hs_core::{Assessment, DominoNetwork, Expansion};

struct Counted;

static HELD: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is handed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let held = HELD.fetch_add(layout.size(), Relaxed) + layout.size();
        PEAK.fetch_max(held, Relaxed);
        // SAFETY: as above.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counted = Counted;

/// One test at a time counts.
static TURN: Mutex<()> = Mutex::new(());

/// Bytes held beyond what was held before, at the most.
fn most<T>(run: impl FnOnce() -> T) -> (T, usize) {
    let before = HELD.load(Relaxed);
    PEAK.store(before, Relaxed);
    let made = run();
    (made, PEAK.load(Relaxed).saturating_sub(before))
}

fn models() -> [Model; 4] {
    [NoisyOr {}.into(), Linear::default().into(), FuzzyCognitiveMap::default().into(), DynamicInoperability::default().into()]
}

/// Bytes an edge of the layout that steps run on below eight million edges; larger networks do without.
const LAYOUT: usize = 12;

fn allowed(network: &DominoNetwork) -> usize {
    // what does not grow: rows of scratch, ids, a few notes
    20 * network.csr().edges() + 64 * network.len() + (1 << 20)
}

/// Districts on a ring of rings, every threat in each: about 10 edges a node.
fn world(districts: usize, threats: usize) -> Assessment {
    let mut world = Assessment::from_json(r#"{"schema": "human-security/1", "id": "w", "title": "W"}"#).unwrap();
    let none = Provenance::default;
    for d in 0..districts {
        let near = [1, 277, 611, 1103].map(|step| format!("d{}", (d + step) % districts));
        let neighbours = near.into_iter().map(|place| hs_core::assessment::Neighbour { place, weight: None }).collect();
        let (id, name) = (format!("d{d}"), format!("D{d}"));
        let persons = NonNegative::new(1000.0 + d as f64).unwrap();
        world.populations.push(Population { place: id.clone(), group: None, persons, provenance: none() });
        let (level, codes) = (Level::District, Default::default());
        world.places.push(Place { id, name, level, parent: None, neighbours, codes, provenance: none() });
    }
    for t in 0..threats {
        let (id, name) = (format!("t{t}"), format!("T{t}"));
        world.threats.push(Threat {
            id,
            name,
            component: Component::Food,
            also: Vec::new(),
            core: Vec::new(),
            freedoms: Vec::new(),
            provenance: none(),
        });
        for (n, (step, reach)) in
            [(1, Reach::Same), (2, Reach::Same), (1, Reach::Neighbours), (3, Reach::Neighbours)].into_iter().enumerate()
        {
            world.linkages.push(Linkage {
                id: format!("l{t}-{n}"),
                from: format!("t{t}"),
                to: format!("t{}", (t + step) % threats),
                effect: LinkEffect::Feeds,
                weight: Share::new(0.1 + 0.02 * n as f64),
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
    }
    for d in 0..districts {
        for t in (0..threats).filter(|t| (d + t) % 10 != 0) {
            world.conditions.push(Condition {
                threat: format!("t{t}"),
                place: format!("d{d}"),
                group: None,
                period: None,
                severity: Share::new(0.3 + 0.5 * ((d * 7 + t * 13) % 100) as f64 / 100.0),
                prevalence: None,
                severity_range: None,
                prevalence_range: None,
                kind: None,
                confidence: None,
                provenance: none(),
            });
        }
    }
    world
}

#[test]
fn an_expansion_holds_twenty_bytes_an_edge_and_sixty_four_a_node_at_the_most() {
    let _turn = TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let assessment = world(1500, 12);
    let (network, expanding) = most(|| DominoNetwork::expand(&assessment, &Expansion::default()).unwrap());
    assert!(expanding <= allowed(&network), "expansion: {expanding} of {}", allowed(&network));
}

#[test]
#[cfg_attr(debug_assertions, ignore = "minutes without optimisation: cargo test --release -p hs-core --test memory")]
fn runs_hold_little_beside_the_edges() {
    let _turn = TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let assessment = world(1500, 12);
    let before = HELD.load(Relaxed);
    let network = DominoNetwork::expand(&assessment, &Expansion::default()).unwrap();
    assert!(network.csr().edges() > 1 << 17, "{} edges: too few for the ways of large networks", network.csr().edges());
    let held = HELD.load(Relaxed) - before;
    for model in models() {
        let shocks = Some([("t0", 0.1)].into());
        let settings = Propagation { model, shocks, ..Propagation::default() };
        let (_, run) = most(|| settings.run(&network).unwrap());
        let (peak, most) = (held + run, allowed(&network) + LAYOUT * network.csr().edges());
        assert!(peak <= most, "{}: {peak} of {most}", settings.model.word());
    }
}

#[test]
fn arrays_are_taken_and_runs_on_them_hold_as_little() {
    let _turn = TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let (nodes, edges) = (20_000_u32, 200_000_u32);
    let list = || EdgeList {
        source: (0..edges).map(|e| e.wrapping_mul(7919) % nodes).collect(),
        target: (0..edges).map(|e| e.wrapping_mul(104_729) % nodes).collect(),
        weight: vec![0.05; edges as usize].into(),
        nodes: Some(nodes as usize),
        ..EdgeList::default()
    };
    for model in models() {
        let (list, base) = (list(), Some(Values::List(vec![Some(0.1); nodes as usize])));
        let settings = Propagation { model, base, ..Propagation::default() };
        let (network, peak) = most(|| {
            let network = DominoNetwork::from_edges(list).unwrap();
            settings.run(&network).unwrap();
            network
        });
        let most = allowed(&network) + LAYOUT * network.csr().edges();
        assert!(peak <= most, "{}: {peak} of {most}", settings.model.word());
    }
}

#[test]
fn names_lead_to_positions_and_back() {
    let network = DominoNetwork::expand(&world(60, 5), &Expansion::default()).unwrap();
    for position in 0..network.len() {
        let name = network.name(position).unwrap();
        assert_eq!(network.position(&name), Some(position), "{name}");
        let node = network.node(position).unwrap();
        assert_eq!(&*node.name, name);
        assert!(network.positions_of(&node.threat).contains(&position));
    }
    assert!(network.name(network.len()).is_none() && network.node(network.len()).is_none());
    let again: Vec<_> = (0..network.edge_count()).map(|index| network.edge(index).unwrap()).collect();
    assert!(network.edges().eq(again));
    assert!(network.edge(network.edge_count()).is_none());
}
