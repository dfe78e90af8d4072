//! The embedded cases through every model: they stand still by themselves, move when pushed, and are ranked.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test stops at what it does not expect

use hs_core::analyses::domino::{RootCauses, TotalEffects};
use hs_core::network::{DominoNetwork, Expansion};
use hs_core::propagation::{FuzzyCognitiveMap, Linear, Model, NoisyOr, Normalise, Propagation, Status};

#[test]
fn the_cases_stand_still_and_move_when_pushed() {
    let linear = Linear { normalise: Some(Normalise::Spectral), cap: None };
    let models: [Model; 4] = [NoisyOr {}.into(), Linear::default().into(), linear.into(), FuzzyCognitiveMap::default().into()];
    let mut moved_elsewhere = 0;
    for name in hs_core::examples::names() {
        let network = DominoNetwork::expand(&hs_core::examples::load(name).unwrap(), &Expansion::default()).unwrap();
        for model in &models {
            let still = match network.propagate(model) {
                // A loop among threats not yet seen is not scaled: Linear may have no finite answer and says so.
                Err(error) if *model == models[1] && error.kind == hs_core::ErrorKind::Diverging => continue,
                still => still.unwrap_or_else(|e| panic!("{name} {}: {e}", model.word())),
            };
            let baseline = still.baseline.as_ref().unwrap();
            assert!(still.state.iter().zip(baseline).all(|(x, b)| (x - b).abs() <= 1e-9), "{name} {}", model.word());
            assert_eq!(still.status, Status::Converged);
            for (threat, sign) in network.nodes().take(8).map(|n| n.threat).zip([-0.2, 0.2].into_iter().cycle()) {
                let shocks = Some([(&*threat, sign)].into());
                let run = Propagation { model: model.clone(), shocks, ..Propagation::default() }.run(&network);
                let run = match run {
                    Err(error) if error.kind == hs_core::ErrorKind::Undefined => continue,
                    run => run.unwrap_or_else(|e| panic!("{name} {} {threat}: {e}", model.word())),
                };
                assert_eq!(run.status, Status::Converged, "{name} {} {threat}", model.word());
                assert!(run.state.iter().all(|x| (0.0..=1.0).contains(x)));
                let elsewhere = run.state.iter().zip(baseline).zip(network.nodes()).filter(|((x, b), n)| *x != *b && n.threat != threat);
                moved_elsewhere += usize::from(elsewhere.count() > 0);
            }
        }
        let causes = RootCauses { damping: 0.9, ..RootCauses::default() }.run(&network).unwrap_or_else(|e| panic!("{name}: {e}"));
        let ranks: f64 = causes.causes.iter().map(|c| c.rank).sum();
        let n = causes.causes.len() as f64;
        assert!((ranks - n * (n + 1.0) / 2.0).abs() < 1e-9);
        let (given, received) = causes.causes.iter().fold((0.0, 0.0), |(d, r), c| (d + c.given, r + c.received));
        assert!((given - received).abs() < 1e-9, "{name}");
        let outcome = TotalEffects { damping: 0.9, ..TotalEffects::default() }.run(&network).unwrap().outcome().unwrap();
        assert!(outcome.to_json()["matrix"].is_array());
    }
    assert!(moved_elsewhere > 20, "{moved_elsewhere}");
}
