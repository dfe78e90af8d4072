//! `x = b + Wᵀx`: refused where it has no finite answer, else settled with an error bound that holds.

use crate::Result;

use super::fixpoint::{Run, Settled, settle};
use super::map::{Forcing, Formula, Map};
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

/// Solves `x = b + Wᵀx`, lags aside; with a `cap`, `x = min(cap, max(0, b + Wᵀx))`, the cap held inside the map.
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
    let radius = radius(csr, &[], tick)?;
    if radius.upper >= 1.0 {
        return Ok(Answer::Refused(radius));
    }
    let map =
        Map { csr, formula: Formula::Sum, base: copied(base)?, offset: Vec::new(), pace: Vec::new(), bounds: cap.map(|cap| (0.0, cap)) };
    let start = filled(csr.nodes(), 0.0)?;
    let forcing = Forcing::default();
    let run = Run { start: &start, before: None, forcing, pulse: false, without_lags: true, max_steps, tolerance: Some(tolerance) };
    let settled = settle(&map, &run, &mut |_, _| Ok(()), tick)?;
    let error = bound::error_bound(&map, &forcing, &settled.state, tick)?;
    Ok(Answer::Settled(settled, error))
}
