//! How long 100 interventions take on 10,000 nodes and 100,000 edges under Linear, and a naive loop beside it; then the eight cases.

use std::time::Instant;

use hs_benches::responses::responses;
use hs_core::analyses::responses::{Externalities, Ranges};
use hs_core::network::{DominoNetwork, Expansion};
use hs_core::propagation::{AnchorSettings, Anchored, Linear};

/// Runs of the naive loop that are made; the rest is extrapolated.
const SAMPLE: usize = 40;

fn main() -> hs_core::Result<()> {
    let side: usize = std::env::args().nth(1).and_then(|a| a.parse().ok()).unwrap_or(32);
    let interventions: usize = std::env::args().nth(2).and_then(|a| a.parse().ok()).unwrap_or(100);
    let settings = Externalities { model: Linear::default().into(), ..Externalities::default() };
    for (what, ranged, draws) in [("effects and likelihoods", false, 1000), ("linkages too", true, 100)] {
        let assessment = responses(side, interventions, ranged)?;
        let network = DominoNetwork::expand(&assessment, &Expansion::default())?;
        let started = Instant::now();
        let result = Externalities { draws, ranges: Ranges::All, ..settings.clone() }.run(&assessment)?;
        let took = started.elapsed().as_secs_f64();
        for note in result.notes.iter().filter(|n| n.code == "run-in-full" || n.code == "draws-left-out") {
            println!("  {}: {} ({})", note.code, note.message, note.subjects.len());
        }
        let anchoring = Instant::now();
        let anchored = Anchored::new(&network, &settings.model, &AnchorSettings::default())?;
        let anchoring = anchoring.elapsed().as_secs_f64();
        let loops = Instant::now();
        for k in 0..SAMPLE {
            let mut shock = vec![0.0; network.len()];
            shock[(k * 131) % network.len()] = -0.1;
            shock[(k * 77 + 5) % network.len()] = 0.05;
            std::hint::black_box(anchored.effect(&shock, &[], &hs_core::kernels::never)?);
        }
        let each = loops.elapsed().as_secs_f64() / SAMPLE as f64 + if ranged { anchoring } else { 0.0 };
        let naive = each * interventions as f64 * f64::from(draws);
        println!(
            "{what}: {} nodes, {} edges, {interventions} interventions, {draws} draws: {took:.2} s; a run for each intervention and draw {naive:.0} s \
             (extrapolated from {SAMPLE} runs), ratio {:.0}",
            network.len(),
            network.edge_count(),
            naive / took
        );
    }
    for name in hs_core::examples::names() {
        let assessment = hs_core::examples::load(name)?;
        let started = Instant::now();
        let result = Externalities::default().run(&assessment)?;
        println!(
            "{name}: {} interventions, {} cells, {:.3} s",
            result.interventions.len(),
            result.nodes.len(),
            started.elapsed().as_secs_f64()
        );
    }
    Ok(())
}
