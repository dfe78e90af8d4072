use proptest::prelude::*;

use super::*;

fn moves(weights: &[f64], bar: f64, lose: &[f64], gain: &[f64]) -> Moves {
    let mut moves = Moves::new(weights.to_vec(), bar, false);
    lose.iter().enumerate().for_each(|(bit, chance)| moves.lose(bit, *chance));
    gain.iter().enumerate().for_each(|(bit, chance)| moves.gain(bit, *chance));
    moves
}

#[test]
fn a_pattern_crosses_with_the_chance_of_its_outcomes() {
    // over at 0.5: loses either of two halves
    let moves = moves(&[0.5, 0.5], 0.5 - 1e-9, &[0.2, 0.4], &[0.0, 0.0]);
    assert_eq!(moves.crosses(0b01), 0.2);
    assert!((moves.crosses(0b11) - 0.08).abs() < 1e-15);
    assert_eq!(moves.crosses(0), 0.0);
    let comonotone = Moves { comonotone: true, ..moves };
    assert!((comonotone.crosses(0b11) - 0.2).abs() < 1e-15);
}

#[test]
fn who_stands_nearest_crosses_first() {
    // both have bit 0; the first is at the bar, the second has one bit more
    let moves = moves(&[0.5, 0.5], 0.5 - 1e-9, &[0.5, 0.0], &[0.0, 0.0]);
    let rows = [(0b01, 1.0), (0b11, 1.0)];
    let random: f64 = rows.iter().map(|(pattern, weight)| weight * moves.crosses(*pattern)).sum();
    assert_eq!([extreme(&rows, &moves, Side::Over, false), random, extreme(&rows, &moves, Side::Over, true)], [0.0, 0.5, 1.0]);
    assert_eq!(extreme(&rows, &moves, Side::Under, true), 0.0);
}

#[test]
fn many_moving_bits_agree_with_all_outcomes() {
    let weights: Vec<f64> = (0..14).map(|j| f64::from(j % 5 + 1) / 40.0).collect();
    let lose: Vec<f64> = (0..14).map(|j| f64::from(j) / 20.0 + 0.1).collect();
    let moves = moves(&weights, 0.5 - 1e-9, &lose, &[]);
    let pattern = (1 << 14) - 1;
    let mut walk = Walk { moves: moves.of(pattern), ..Walk::default() };
    walk.begin(moves.bar, true);
    let sum = moves.sum(pattern);
    assert!((walk.from(0, sum) - walk.by_sums(sum)).abs() < 1e-12);
    assert_eq!(moves.crosses(pattern), walk.by_sums(sum));
    assert_eq!(moves.shares(pattern), None);
}

prop_compose! {
    fn case()(bits in 1usize..6)(
        weights in prop::collection::vec(0.05f64..1.0, bits),
        lose in prop::collection::vec(prop_oneof![Just(0.0), 0.0f64..1.0, Just(1.0)], bits),
        gain in prop::collection::vec(prop_oneof![3 => Just(0.0), 1 => 0.0f64..1.0], bits),
        rows in prop::collection::vec((0u64..1 << bits, 0.1f64..5.0), 1..12),
        cutoff in 0.1f64..0.9,
        comonotone in any::<bool>(),
    ) -> (Moves, Vec<(u64, f64)>) {
        let total: f64 = weights.iter().sum();
        let weights: Vec<f64> = weights.iter().map(|w| w / total).collect();
        let mut moves = Moves::new(weights, cutoff, comonotone);
        for bit in 0..lose.len() {
            // a bit gets better or worse, never both
            if lose[bit] > 0.0 { moves.lose(bit, lose[bit]) } else { moves.gain(bit, gain[bit]) }
        }
        (moves, rows)
    }
}

fn expected(moves: &Moves, rows: &[(u64, f64)], over: bool) -> f64 {
    rows.iter().filter(|(pattern, _)| moves.is_over(*pattern) == over).map(|(pattern, weight)| weight * moves.crosses(*pattern)).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_lies_between_farthest_and_nearest((moves, rows) in case()) {
        let moves = Moves { comonotone: false, ..moves };
        for side in [Side::Over, Side::Under] {
            let random = expected(&moves, &rows, side == Side::Over);
            let (least, most) = (extreme(&rows, &moves, side, false), extreme(&rows, &moves, side, true));
            prop_assert!(least <= random + 1e-9 && random <= most + 1e-9, "{side:?}: {least} {random} {most}");
        }
    }

    #[test]
    fn shares_sum_to_the_chance((moves, rows) in case()) {
        for (pattern, _) in rows {
            let shares = moves.shares(pattern).unwrap();
            let sum: f64 = shares.bits.iter().map(|b| b.1).sum();
            prop_assert!((sum - moves.crosses(pattern)).abs() < 1e-12);
        }
    }

    #[test]
    fn losing_more_never_crosses_fewer((moves, rows) in case(), more in 0.0f64..1.0) {
        let mut smaller = moves.clone();
        smaller.gain.fill(0.0);
        let mut larger = smaller.clone();
        larger.lose.iter_mut().for_each(|chance| *chance += more * (1.0 - *chance));
        prop_assert!(expected(&larger, &rows, true) >= expected(&smaller, &rows, true) - 1e-12);
    }
}
