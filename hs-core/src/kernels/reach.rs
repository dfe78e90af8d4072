//! How far each node reaches: what one unit of it adds to all others by every path, as a weighted mean.
// Positions come from the rows themselves and from unions over them.
#![allow(clippy::indexing_slicing)]

use crate::{Error, ErrorKind, Result};

use super::dense::Lu;
use super::linear::{Answer, solve};
use super::{Csr, Tick, cancelled, components, filled};

/// Largest part of a network that is inverted whole.
pub const MOST_DENSE: usize = 2000;

/// `Σ_{j≠i} |M_ij| share_j` for every node i, with `M = (I-W)^{-1}` and W from the rows (row of M = from). `turned` is the same network with every edge
/// turned about.
///
/// Each connected part is inverted by itself. Where one has more than 2,000 nodes and nothing dampens, one solve gives the sums, and each loop's own
/// part what a node returns to itself.
///
/// # Errors
/// `Limit` for a signed part, or a set of nodes that all reach each other, of more than 2,000 nodes; `Diverging` where M does not exist; `Memory`, `Cancelled`.
pub fn reach(csr: &Csr, turned: &Csr, share: &[f64], tick: Tick<'_>) -> Result<Vec<f64>> {
    let n = csr.nodes();
    if share.len() != n || turned.nodes() != n {
        return Err(Error::argument(format!("found {} shares and {} turned nodes for {n} nodes", share.len(), turned.nodes())));
    }
    let parts = parts(csr)?;
    let largest = parts.iter().map(Vec::len).max().unwrap_or(0);
    if largest > MOST_DENSE && !csr.is_signed() {
        return by_solve(csr, turned, share, tick);
    }
    let mut found = filled(n, 0.0)?;
    let mut seat = filled(n, 0usize)?;
    for (at, part) in parts.iter().enumerate() {
        if at & 0xff == 0 && !tick(at as u64) {
            return Err(cancelled());
        }
        if part.len() < 2 {
            continue;
        }
        let inverse = inverse(csr, part, &mut seat, tick)?;
        for (i, row) in part.iter().zip(inverse.chunks(part.len())) {
            found[*i as usize] = row.iter().zip(part).filter(|(_, j)| *j != i).map(|(m, j)| m.abs() * share[*j as usize]).sum();
        }
    }
    Ok(found)
}

/// Sums by one solve, less what each node returns to itself.
fn by_solve(csr: &Csr, turned: &Csr, share: &[f64], tick: Tick<'_>) -> Result<Vec<f64>> {
    let mut found = match solve(turned, share, None, 1e-15, 100_000, tick)? {
        Answer::Settled(settled, Some(_)) => settled.state,
        Answer::Settled(..) | Answer::Refused(_) => return Err(Error::new(ErrorKind::Diverging, "the sums over all paths do not settle")),
    };
    // paths from a node back to itself stay among the nodes that all reach each other
    let mut own = filled(csr.nodes(), 1.0)?;
    let sources = csr.sources();
    let looped = |j: usize| csr.row(j).any(|e| sources[e] as usize == j);
    let mut seat = filled(csr.nodes(), 0usize)?;
    for part in components::strong(csr.nodes(), |j| csr.row(j), |e| Some(sources[e]), looped)?.iter() {
        let inverse = inverse(csr, part, &mut seat, tick)?;
        for (at, i) in part.iter().enumerate() {
            own[*i as usize] = inverse[at * part.len() + at];
        }
    }
    for (x, (own, share)) in found.iter_mut().zip(own.iter().zip(share)) {
        *x = (*x - own * share).max(0.0);
    }
    Ok(found)
}

/// `(I-W)^{-1}` among some nodes, row = from; `seat` is scratch of the size of the network.
fn inverse(csr: &Csr, part: &[u32], seat: &mut [usize], tick: Tick<'_>) -> Result<Vec<f64>> {
    let k = part.len();
    if k > MOST_DENSE {
        let message = format!("found {k} nodes that hang together, wanted at most {MOST_DENSE} to tell how far each reaches");
        return Err(Error::new(ErrorKind::Limit, message));
    }
    for (at, i) in part.iter().enumerate() {
        seat[*i as usize] = at;
    }
    let mut matrix = filled(k * k, 0.0)?;
    let mut identity = filled(k * k, 0.0)?;
    for (to, j) in part.iter().enumerate() {
        matrix[to * k + to] += 1.0;
        identity[to * k + to] = 1.0;
        for (i, w, _) in csr.incoming(*j as usize) {
            // seats of nodes outside are stale: the node that sits there tells
            if part.get(seat[i]) == Some(&(i as u32)) {
                matrix[seat[i] * k + to] -= w;
            }
        }
    }
    let lu = Lu::new(k, &matrix, tick)?.ok_or_else(|| Error::new(ErrorKind::Diverging, "the sum over all paths is singular"))?;
    lu.solve(&identity, k, tick)
}

/// Connected parts, directions aside, each ascending.
fn parts(csr: &Csr) -> Result<Vec<Vec<u32>>> {
    let n = csr.nodes();
    let mut root = filled(n, 0u32)?;
    for (i, r) in root.iter_mut().enumerate() {
        *r = i as u32;
    }
    let find = |root: &mut [u32], mut i: u32| {
        while root[i as usize] != i {
            root[i as usize] = root[root[i as usize] as usize];
            i = root[i as usize];
        }
        i
    };
    for j in 0..n {
        for (i, ..) in csr.incoming(j) {
            let (a, b) = (find(&mut root, i as u32), find(&mut root, j as u32));
            // the lesser stands for both, so that parts come in the order of their first node
            root[a.max(b) as usize] = a.min(b);
        }
    }
    let mut parts: Vec<Vec<u32>> = Vec::new();
    let mut place = filled(n, u32::MAX)?;
    for i in 0..n as u32 {
        let r = find(&mut root, i) as usize;
        if place[r] == u32::MAX {
            place[r] = parts.len() as u32;
            parts.push(Vec::new());
        }
        parts[place[r] as usize].push(i);
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::never;

    fn both(nodes: usize, source: &[u32], target: &[u32], weight: &[f64]) -> (Csr, Csr) {
        (Csr::from_edges(nodes, source, target, weight, &[]).unwrap(), Csr::from_edges(nodes, target, source, weight, &[]).unwrap())
    }

    #[test]
    fn a_ring_a_tail_and_somebody_alone() {
        // 0 <-> 1 with 0.5 each, 1 -> 2 with 0.4; 3 alone. det = 0.75: M_01 = 0.5/0.75, M_02 = 0.4 M_01, M_12 = 0.4/0.75
        let (csr, turned) = both(4, &[0, 1, 1], &[1, 0, 2], &[0.5, 0.5, 0.4]);
        let share = [0.1, 0.2, 0.3, 0.4];
        let wanted = [(0.5 * 0.2 + 0.2 * 0.3) / 0.75, (0.5 * 0.1 + 0.4 * 0.3) / 0.75, 0.0, 0.0];
        for found in [reach(&csr, &turned, &share, &never).unwrap(), by_solve(&csr, &turned, &share, &never).unwrap()] {
            for (found, wanted) in found.iter().zip(wanted) {
                assert!((found - wanted).abs() < 1e-12, "{found} for {wanted}");
            }
        }
    }

    #[test]
    fn magnitudes_are_taken_of_sums_over_paths() {
        // 0 -> 1 -> 2 feeds with 0.25, 0 -> 2 dampens with 0.25: nothing arrives at 2
        let (csr, turned) = both(3, &[0, 1, 0], &[1, 2, 2], &[0.5, 0.5, -0.25]);
        let found = reach(&csr, &turned, &[0.0, 0.5, 0.5], &never).unwrap();
        assert!((found[0] - 0.25).abs() < 1e-15 && (found[1] - 0.25).abs() < 1e-15);
        let (csr, turned) = both(2, &[0, 1], &[1, 0], &[1.0, 1.0]);
        assert_eq!(reach(&csr, &turned, &[0.5, 0.5], &never).unwrap_err().kind, ErrorKind::Diverging);
        assert_eq!(reach(&csr, &turned, &[0.5], &never).unwrap_err().kind, ErrorKind::Argument);
    }
}
