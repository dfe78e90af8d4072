//! Ranks on two axes at once, without making one number of them.
// every index below is a position of `ranks`, which checks lengths once
#![allow(clippy::indexing_slicing)]

/// 1 + how many others are at least as great on the first and at most as great on the second axis, and differ on one.
///
/// Sorted by the first axis and counted with a Fenwick tree over the second. None where lengths differ or a value is no number.
pub fn dominance_ranks(first: &[f64], second: &[f64]) -> Option<Vec<u32>> {
    let n = first.len();
    if second.len() != n || first.iter().chain(second).any(|x| x.is_nan()) {
        return None;
    }
    let mut levels = second.to_vec();
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    let level = |x: f64| levels.partition_point(|l| *l < x) + 1;
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|a, b| first[*b].total_cmp(&first[*a]).then(second[*a].total_cmp(&second[*b])).then(a.cmp(b)));
    let mut tree = vec![0_u32; levels.len() + 1];
    let mut ranks = vec![0; n];
    for tied in order.chunk_by(|a, b| first[*a] == first[*b]) {
        for at in tied {
            let mut slot = level(second[*at]);
            while slot < tree.len() {
                tree[slot] += 1;
                slot += slot & slot.wrapping_neg();
            }
        }
        for same in tied.chunk_by(|a, b| second[*a] == second[*b]) {
            let mut slot = level(second[same[0]]);
            let mut count = 0;
            while slot > 0 {
                count += tree[slot];
                slot -= slot & slot.wrapping_neg();
            }
            // those equal on both axes do not stand before each other
            let rank = count - same.len() as u32 + 1;
            same.iter().for_each(|at| ranks[*at] = rank);
        }
    }
    Some(ranks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::counter::Counter;

    #[test]
    fn as_counting_pair_by_pair() {
        let numbers = Counter::new(5, 1);
        for n in [0_u64, 1, 7, 40] {
            let draw = |k: u64| (numbers.uniform(k) * 6.0).floor();
            let first: Vec<f64> = (0..n).map(|k| draw(2 * k)).collect();
            let second: Vec<f64> = (0..n).map(|k| draw(2 * k + 1)).collect();
            let brute: Vec<u32> = (0..n as usize)
                .map(|i| {
                    let before =
                        |j: &usize| first[*j] >= first[i] && second[*j] <= second[i] && (first[*j], second[*j]) != (first[i], second[i]);
                    1 + (0..n as usize).filter(before).count() as u32
                })
                .collect();
            assert_eq!(dominance_ranks(&first, &second), Some(brute));
        }
        assert_eq!(dominance_ranks(&[1.0], &[]), None);
    }
}
