//! `x = b + Wᵀx`: refused where it has no finite answer, else settled with an error bound that holds.

// Positions come from a checked `Csr`; slices are checked in `solve`.
#![allow(clippy::indexing_slicing)]

use crate::Result;

use super::bound::Shown;
use super::fixpoint::{End, Run, Settled, settle};
use super::map::{Forcing, Formula, Map, Past};
use super::radius::{Radius, Values, signed};
use super::{Csr, Tick, bound, copied, filled};

/// What a linear system comes to.
#[derive(Debug, Clone)]
pub enum Answer {
    /// Settled within tolerance (or out of steps), with an error bound where one is known.
    Settled(Settled, Option<f64>),
    /// The radius is 1 or more, or not shown to be below 1.
    Refused(Radius),
}

/// Whether `x = b + Wᵀx` has one finite answer that steps lead to: bounds on its radius, `held` nodes cut out.
///
/// # Errors
/// `Undefined` where signs and lags leave it undecided; `Memory`, `Cancelled`.
pub fn radius(csr: &Csr, held: &[bool], tick: Tick<'_>) -> Result<Radius> {
    signed(&Values { csr, edges: csr.weights(), own: &[], held }, true, tick)
}

/// Edges from which on sums over all paths are solved for; below, steps are as fast.
const LARGE: usize = 1 << 12;

/// Solves `x = b + Wᵀx`, lags aside; with a `cap`, `x = min(cap, max(0, b + Wᵀx))`, the cap held inside the map.
///
/// # Method
/// A positive v with `v > |W|ᵀv`, found along `v <- 1 + |W|ᵀv`, shows the radius to be below 1 and bounds the error of whatever is found:
/// `max |r_j| · max v / min (v - |W|ᵀv)` with r the residual. Where none is found in a few passes, the radius is bounded component by
/// component. Without a cap large systems are solved by BiCGSTAB (van der Vorst 1992), else by steps; steps also take over where it breaks down.
///
/// # Errors
/// `Argument` for a base of another length, `Undefined` where the radius is undecided, `Memory`, `Cancelled`.
///
/// # Examples
/// ```
/// use hs_core::kernels::{Csr, linear::{Answer, solve}, never};
/// // 0.4 of the first reaches the second, half of the second the first
/// let csr = Csr::from_edges(2, &[0, 1], &[1, 0], &[0.4, 0.5], &[])?;
/// let Answer::Settled(run, Some(error)) = solve(&csr, &[0.8, 0.0], None, 1e-12, 1000, &never)? else { panic!() };
/// assert!((run.state[0] - 1.0).abs() <= error && (run.state[1] - 0.4).abs() <= error && error < 1e-10);
/// # Ok::<(), hs_core::Error>(())
/// ```
pub fn solve(csr: &Csr, base: &[f64], cap: Option<f64>, tolerance: f64, max_steps: u64, tick: Tick<'_>) -> Result<Answer> {
    let map =
        Map { csr, formula: Formula::Sum, base: copied(base)?, offset: Vec::new(), pace: Vec::new(), bounds: cap.map(|cap| (0.0, cap)) };
    map.check()?;
    let shown = shown_below_one(csr, &[], tick)?;
    if shown.is_none() {
        let radius = radius(csr, &[], tick)?;
        if radius.upper >= 1.0 {
            return Ok(Answer::Refused(radius));
        }
    }
    let forcing = Forcing::default();
    if cap.is_none() && csr.edges() >= LARGE {
        let start = filled(csr.nodes(), 0.0)?;
        if let Some(settled) = by_directions(&map, &forcing, start, tolerance, max_steps, tick)? {
            let error = match &shown {
                Some(shown) => bound::error_shown(&map, shown, &forcing, &settled.state, tick)?,
                None => bound::error_bound(&map, &forcing, &settled.state, tick)?,
            };
            return Ok(Answer::Settled(settled, error));
        }
    }
    let start = filled(csr.nodes(), 0.0)?;
    let run = Run { start: &start, before: None, forcing, pulse: false, without_lags: true, max_steps, tolerance: Some(tolerance) };
    let settled = settle(&map, &run, &mut |_, _| Ok(()), tick)?;
    let error = bound::error_bound(&map, &forcing, &settled.state, tick)?;
    Ok(Answer::Settled(settled, error))
}

/// Tries to show in a few passes, without looking for loops, that the radius of the magnitudes is below 1; none where that takes longer.
///
/// # Errors
/// `Memory`, `Cancelled`.
pub fn shown_below_one(csr: &Csr, held: &[bool], tick: Tick<'_>) -> Result<Option<Shown>> {
    let (mut v, mut next) = (filled(csr.nodes(), 1.0)?, filled(csr.nodes(), 0.0)?);
    let pull = |j: usize, v: &[f64]| {
        if !held.is_empty() && held[j] {
            return 0.0;
        }
        let row = csr.row(j);
        csr.weights()[row.clone()].iter().zip(&csr.sources()[row]).fold(0.0, |sum, (w, i)| sum + w.abs() * v[*i as usize])
    };
    let found = bound::certificate(csr, &mut v, &mut next, pull, tick)?;
    Ok(found.as_ref().map(Shown::of))
}

/// BiCGSTAB on `(I-Wᵀ)x = b`, held nodes kept at their start. None where it breaks down or does not reach the tolerance.
pub(crate) fn by_directions(
    map: &Map<'_>,
    forcing: &Forcing<'_>,
    mut x: Vec<f64>,
    tolerance: f64,
    max_steps: u64,
    tick: Tick<'_>,
) -> Result<Option<Settled>> {
    let n = x.len();
    let held = |j: usize| !forcing.held.is_empty() && forcing.held[j];
    let shock = |j: usize| if forcing.shock.is_empty() { 0.0 } else { forcing.shock[j] };
    let steps = Map { csr: map.csr, formula: Formula::Sum, base: Vec::new(), offset: Vec::new(), pace: Vec::new(), bounds: None };
    // out = v - Wᵀv on nodes that are free, v on those held.
    let apply = |v: &[f64], out: &mut [f64], step: u64| -> Result<()> {
        steps.step(&Past::still(v), &Forcing::default(), out, step, tick)?;
        out.iter_mut().zip(v).enumerate().for_each(|(j, (out, v))| *out = if held(j) { *v } else { v - *out });
        Ok(())
    };
    let (mut r, mut p, mut ap, mut s, mut t) = (filled(n, 0.0)?, filled(n, 0.0)?, filled(n, 0.0)?, filled(n, 0.0)?, filled(n, 0.0)?);
    let scale = |values: &[f64]| values.iter().fold(0.0f64, |most, v| most.max(v.abs()));
    let mut best = f64::INFINITY;
    let mut step = 0u64;
    // What the directions say they have reached is checked against the system itself, and begun anew from there.
    for _ in 0..4 {
        apply(&x, &mut r, step)?;
        for (j, r) in r.iter_mut().enumerate() {
            *r = if held(j) { 0.0 } else { map.base_at(j) + shock(j) - *r };
        }
        let change = scale(&r);
        if change <= tolerance {
            return Ok(Some(Settled { state: x, end: End::Converged, steps: step, change }));
        }
        if change.is_nan() || change > 0.5 * best {
            return Ok(None);
        }
        best = change;
        let shadow = copied(&r)?;
        let (mut rho, mut alpha, mut omega) = (1.0, 1.0, 1.0);
        p.fill(0.0);
        ap.fill(0.0);
        while step < max_steps {
            step += 1;
            let rho_next = dot(&shadow, &r);
            let beta = rho_next / rho * (alpha / omega);
            rho = rho_next;
            p.iter_mut().zip(&r).zip(&ap).for_each(|((p, r), ap)| *p = r + beta * (*p - omega * ap));
            apply(&p, &mut ap, step)?;
            alpha = rho / dot(&shadow, &ap);
            s.iter_mut().zip(&r).zip(&ap).for_each(|((s, r), ap)| *s = r - alpha * ap);
            apply(&s, &mut t, step)?;
            omega = dot(&t, &s) / dot(&t, &t);
            if !(alpha.is_finite() && beta.is_finite()) {
                break;
            }
            let omega_used = if omega.is_finite() { omega } else { 0.0 };
            let mut greatest = 0.0f64;
            for j in 0..n {
                x[j] += alpha * p[j] + omega_used * s[j];
                r[j] = s[j] - omega_used * t[j];
                greatest = greatest.max(r[j].abs());
            }
            if greatest <= 0.5 * tolerance || greatest.is_nan() || omega_used == 0.0 {
                break;
            }
        }
        if x.iter().any(|x| !x.is_finite()) {
            return Ok(None);
        }
    }
    Ok(None)
}

/// A sum of products in fixed blocks of eight side by side.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a, a_rest) = a.as_chunks::<8>();
    let (b, b_rest) = b.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::never;

    /// A ring with shortcuts, every node taking in `share` in all: the radius of the magnitudes is `share`.
    fn even(nodes: u32, degree: u32, share: f64, signed: bool) -> Csr {
        let pairs = || (0..nodes).flat_map(move |j| (1..=degree).map(move |k| ((j + k * k * 37 + k) % nodes, j)));
        let (source, target): (Vec<u32>, Vec<u32>) = pairs().unzip();
        let weight = |e: usize| if signed && e.is_multiple_of(3) { -share } else { share } / f64::from(degree);
        let weights: Vec<f64> = (0..source.len()).map(weight).collect();
        Csr::from_edges(nodes as usize, &source, &target, &weights, &[]).unwrap()
    }

    #[test]
    fn solved_within_the_bound_that_is_told() {
        for (share, signed) in [(0.5, false), (0.95, false), (0.95, true)] {
            let csr = even(2000, 5, share, signed);
            // A known answer x gives the base.
            let x: Vec<f64> = (0..2000).map(|j| f64::from(j % 17) / 17.0 - 0.3).collect();
            let base: Vec<f64> = (0..2000).map(|j| x[j] - csr.incoming(j).map(|(i, w, _)| w * x[i]).sum::<f64>()).collect();
            let Answer::Settled(run, Some(error)) = solve(&csr, &base, None, 1e-10, 1000, &never).unwrap() else { panic!() };
            let off = run.state.iter().zip(&x).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(run.end == End::Converged && off <= error && error < 1e-7, "{off} {error} {}", run.steps);
            assert!(run.steps < 100, "{}", run.steps);
        }
        let even_at_one = even(2000, 5, 1.0, false);
        let Answer::Refused(radius) = solve(&even_at_one, &vec![0.1; 2000], None, 1e-10, 100, &never).unwrap() else { panic!() };
        assert!(radius.upper >= 1.0 && !radius.cycle.is_empty());
    }

    #[test]
    fn a_radius_below_one_is_shown_and_one_above_is_not() {
        let csr = even(3000, 4, 0.9, true);
        let shown = shown_below_one(&csr, &[], &never).unwrap().unwrap();
        assert!(shown.upper >= 0.9 && shown.upper < 1.0, "{shown:?}");
        assert!(shown_below_one(&even(3000, 4, 1.01, false), &[], &never).unwrap().is_none());
        assert_eq!(solve(&csr, &[0.0; 3], None, 1e-9, 10, &never).unwrap_err().kind, crate::ErrorKind::Argument);
    }
}
