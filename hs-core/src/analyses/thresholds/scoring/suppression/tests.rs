#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // a test stops at what it does not expect
use super::super::tallies::Configuration;
use super::super::tests::{Row, tally};
use super::super::{Deprivation, DeprivationScheme, MissingPolicy, Score, ScoreResult};

/// Numbers of a stream that is the same everywhere.
struct Stream(u64);

impl Stream {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

fn scored(seed: u64, n: usize, groups: (u8, u8), chances: &[f64], cutoffs: &[f64]) -> ScoreResult {
    let mut stream = Stream(seed);
    let rows: Vec<Row> = (0..n)
        .map(|_| {
            let tilt = stream.next() * stream.next();
            Row {
                group: ((tilt * f64::from(groups.0)) as u8, (stream.next() * f64::from(groups.1)) as u8),
                stratum: 0,
                psu: 0,
                weight: 1.0,
                pattern: Some(chances.iter().enumerate().fold(0, |p, (j, c)| p | u64::from(stream.next() < *c) << j)),
                gap: 0.0,
            }
        })
        .collect();
    let weights = vec![1.0 / chances.len() as f64; chances.len()];
    let configurations: Vec<Configuration> =
        cutoffs.iter().map(|k| Configuration { weighting: "scheme".into(), weights: weights.clone(), cutoff: *k }).collect();
    let tallies = tally(&rows, configurations, false, None);
    let indicators = (0..chances.len()).map(|j| Deprivation { name: format!("i{j}"), below: Some(1.0), ..Default::default() }).collect();
    let scheme = DeprivationScheme { indicators, cutoff: cutoffs[0], missing: MissingPolicy::Exclude, components: None };
    let score: Score = serde_json::from_value(serde_json::json!({"scheme": scheme, "by": ["a", "b"], "cutoffs": cutoffs})).unwrap();
    ScoreResult::new(&score, &tallies).unwrap()
}

#[test]
fn timing() {
    for (n, groups, d, cutoffs) in
        [(500, (2, 2), 3, vec![0.34]), (1000, (3, 2), 4, vec![0.5]), (2000, (5, 2), 6, vec![0.34]), (2000, (5, 3), 6, vec![0.34, 0.5])]
    {
        let chances: Vec<f64> = (0..d).map(|j| 0.5 - 0.06 * j as f64).collect();
        let start = std::time::Instant::now();
        let result = scored(1, n, groups, &chances, &cutoffs);
        eprintln!(
            "{n} {groups:?} {d} {cutoffs:?}: {:?} cells {} suppressed {}",
            start.elapsed(),
            result.cells.len(),
            result.suppressed_cells
        );
        for note in &result.notes {
            eprintln!("  {}: {}", note.code, note.message);
        }
    }
}
