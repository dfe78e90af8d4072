//! Quantiles of Student's t and of the beta, and intervals made of them.
//!
//! Tails are continued fractions (DLMF 8.17.22) under Newton steps kept in a bracket; logarithms of gamma ratios cancel by hand, so that
//! ten million degrees of freedom lose no digit. Relative error below 1e-12 in the range used here (checked against mpmath).

use std::f64::consts::PI;

/// Where the expansion about the normal takes over from the continued fraction.
const NORMAL_FROM: f64 = 1e4;

/// Shares nearer to 0 or 1 than this stand on it.
const EDGE: f64 = 1e-12;

/// What Stirling's formula leaves out of ln Γ(x), for x >= 15.
fn stirling_rest(x: f64) -> f64 {
    let y = 1.0 / (x * x);
    (1.0 / 12.0 - y * (1.0 / 360.0 - y * (1.0 / 1260.0 - y * (1.0 / 1680.0 - y * (1.0 / 1188.0 - y * 691.0 / 360_360.0))))) / x
}

/// ln Γ(x), x > 0.
fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut product) = (x, 1.0);
    while x < 15.0 {
        product *= x;
        x += 1.0;
    }
    (x - 0.5) * x.ln() - x + 0.5 * (2.0 * PI).ln() + stirling_rest(x) - f64::ln(product)
}

/// ln B(a, b), a and b > 0.
fn ln_beta(a: f64, b: f64) -> f64 {
    let (p, q) = (a.min(b), a.max(b));
    let small = p / (p + q);
    if p >= 15.0 {
        let rest = stirling_rest(p) + stirling_rest(q) - stirling_rest(p + q);
        0.5 * (2.0 * PI).ln() - 0.5 * q.ln() + rest + (p - 0.5) * small.ln() + q * (-small).ln_1p()
    } else if q >= 15.0 {
        let rest = stirling_rest(q) - stirling_rest(p + q);
        ln_gamma(p) + rest + p - p * (p + q).ln() + (q - 0.5) * (-small).ln_1p()
    } else {
        ln_gamma(p) + ln_gamma(q) - ln_gamma(p + q)
    }
}

/// The continued fraction of I_x(a, b) by Lentz's method.
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let mut h = d;
    for m in 1..200_000 {
        let m = f64::from(m);
        for term in
            [m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)), -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))]
        {
            d = 1.0 / away(1.0 + term * d);
            c = away(1.0 + term / c);
            h *= c * d;
        }
        if (c * d - 1.0).abs() < 1e-16 {
            break;
        }
    }
    h
}

/// I_x(a, b) and its complement, from x and 1 - x.
fn incomplete_beta(a: f64, b: f64, x: f64, rest: f64) -> (f64, f64) {
    if x <= 0.0 || rest <= 0.0 {
        return if x <= 0.0 { (0.0, 1.0) } else { (1.0, 0.0) };
    }
    // each logarithm from whichever of the two is the smaller, which is the more exact
    let ln_x = if x > 0.5 { (-rest).ln_1p() } else { x.ln() };
    let ln_rest = if rest > 0.5 { (-x).ln_1p() } else { rest.ln() };
    let front = (a * ln_x + b * ln_rest - ln_beta(a, b)).exp();
    if x < (a + 1.0) / (a + b + 2.0) {
        let lower = front * fraction(a, b, x) / a;
        (lower, 1.0 - lower)
    } else {
        let upper = front * fraction(b, a, rest) / b;
        (1.0 - upper, upper)
    }
}

/// The root of a falling function by Newton steps within a bracket; `at` gives value and slope.
fn falling_root(mut low: f64, mut high: f64, at: impl Fn(f64) -> (f64, f64)) -> f64 {
    let mut x = 0.5 * (low + high);
    for _ in 0..200 {
        let (value, slope) = at(x);
        if value > 0.0 {
            low = x;
        } else {
            high = x;
        }
        let step = x - value / slope;
        let next = if step > low && step < high { step } else { 0.5 * (low + high) };
        if (next - x).abs() <= 1e-15 * x.abs() {
            return next;
        }
        x = next;
    }
    x
}

/// P(T > t) of Student's t, t >= 0.
fn student_tail(t: f64, degrees: f64) -> f64 {
    let square = t * t;
    0.5 * incomplete_beta(0.5 * degrees, 0.5, degrees / (degrees + square), square / (degrees + square)).0
}

/// P(Z > z) of the normal, z >= 0.
fn normal_tail(z: f64) -> f64 {
    let density = (-0.5 * z * z).exp() / (2.0 * PI).sqrt();
    if z < 4.0 {
        // z + z³/3 + z⁵/(3·5) + ..
        let (mut term, mut sum, mut odd) = (z, z, 1.0);
        while term > 1e-18 * sum {
            odd += 2.0;
            term *= z * z / odd;
            sum += term;
        }
        0.5 - density * sum
    } else {
        // Laplace's continued fraction, from its tail
        density / (1..=80).rev().fold(z, |fraction, k| z + f64::from(k) / fraction)
    }
}

/// The normal quantile of the upper tail `tail`, at most one half.
fn normal_quantile(tail: f64) -> f64 {
    falling_root(0.0, 39.0, |z| {
        let at = normal_tail(z).max(1e-320);
        ((at / tail).ln(), -(-0.5 * z * z).exp() / (2.0 * PI).sqrt() / at)
    })
}

/// The normal z with P(|Z| <= z) = level; none unless the level is inside 0 to 1.
pub fn normal(level: f64) -> Option<f64> {
    (level > 0.0 && level < 1.0).then(|| normal_quantile(0.5 * (1.0 - level)))
}

/// P(Z > z) of the normal.
pub fn normal_upper(z: f64) -> f64 {
    if z < 0.0 { 1.0 - normal_tail(-z) } else { normal_tail(z) }
}

/// P(T > t) of Student's t.
pub fn student_upper(t: f64, degrees: f64) -> f64 {
    if t < 0.0 { 1.0 - student_tail(-t, degrees) } else { student_tail(t, degrees) }
}

/// P(X > x) of chi-squared with a whole number of degrees of freedom: finite sums, from the normal for an odd one (DLMF 8.4).
pub fn chi_squared_tail(x: f64, degrees: u32) -> f64 {
    if degrees == 0 || x <= 0.0 {
        return f64::from(u8::from(degrees > 0 && x <= 0.0));
    }
    let half = 0.5 * x;
    let odd = degrees % 2 == 1;
    let (mut sum, mut term) = if odd {
        (2.0 * normal_tail(x.sqrt()), (-half).exp() * (half / (0.25 * PI)).sqrt())
    } else {
        ((-half).exp(), (-half).exp() * half)
    };
    // term of k: half^s e^{-half} / Γ(s+1), s = k - 1/2 or k
    let first = if odd { 0.5 } else { 1.0 };
    for k in 0..(degrees - 1) / 2 {
        sum += term;
        term *= half / (first + f64::from(k) + 1.0);
    }
    sum.min(1.0)
}

/// Student's t with P(|T| <= t) = level.
///
/// None unless the level is inside 0 to 1 and the degrees of freedom are above 0.
pub fn student(level: f64, degrees: f64) -> Option<f64> {
    if !(level > 0.0 && level < 1.0 && degrees > 0.0) {
        return None;
    }
    let tail = 0.5 * (1.0 - level);
    if degrees > NORMAL_FROM {
        let z = normal_quantile(tail);
        let y = z * z;
        // Abramowitz & Stegun 26.7.5
        let terms = [
            z * (y + 1.0) / 4.0,
            z * ((5.0 * y + 16.0) * y + 3.0) / 96.0,
            z * (((3.0 * y + 19.0) * y + 17.0) * y - 15.0) / 384.0,
            z * ((((79.0 * y + 776.0) * y + 1482.0) * y - 1920.0) * y - 945.0) / 92_160.0,
        ];
        return Some(z + terms.iter().rev().fold(0.0, |sum, term| (sum + term) / degrees));
    }
    let mut high = 2.0;
    while student_tail(high, degrees) > tail && high < 1e300 {
        high *= 2.0;
    }
    let ln_front = -ln_beta(0.5 * degrees, 0.5) - 0.5 * degrees.ln();
    let root = falling_root(0.0, high, |t| {
        let density = (ln_front - 0.5 * (degrees + 1.0) * (t * t / degrees).ln_1p()).exp();
        let at = student_tail(t, degrees);
        // in logarithms heavy tails are nearly straight
        ((at / tail).ln(), -density / at)
    });
    Some(root)
}

/// The x with I_x(a, b) = share.
///
/// None unless the share is inside 0 to 1 and both shapes are above 0.
pub fn beta(share: f64, a: f64, b: f64) -> Option<f64> {
    if !(share > 0.0 && share < 1.0 && a > 0.0 && b > 0.0 && a.is_finite() && b.is_finite()) {
        return None;
    }
    // the smaller side is the more exact: turn round where the quantile lies past one half
    if incomplete_beta(a, b, 0.5, 0.5).0 < share {
        return mirrored(1.0 - share, b, a).map(|y| 1.0 - y);
    }
    mirrored(share, a, b)
}

/// The quantile where it is at most one half, found in the logarithm of x.
fn mirrored(share: f64, a: f64, b: f64) -> Option<f64> {
    let front = -ln_beta(a, b);
    let root = falling_root(0.0, 800.0, |minus| {
        let x = (-minus).exp();
        let at = incomplete_beta(a, b, x, -(-minus).exp_m1()).0.max(1e-320);
        let density = (front + (a - 1.0) * -minus + (b - 1.0) * (-x).ln_1p()).exp();
        ((at / share).ln(), -density * x / at)
    });
    Some((-root).exp())
}

/// Estimate ± t·standard error.
pub fn t_interval(estimate: f64, standard_error: f64, t: f64) -> (f64, f64) {
    (estimate - t * standard_error, estimate + t * standard_error)
}

/// Interval of a share from its logit: expit(logit p ± t·se/(p(1-p))).
///
/// None where the share stands on 0 or 1: see [`clopper_pearson`].
pub fn logit_interval(share: f64, standard_error: f64, t: f64) -> Option<(f64, f64)> {
    if at_edge(share).is_some() {
        return None;
    }
    let half = t * standard_error / (share * (1.0 - share));
    let logit = (share / (1.0 - share)).ln();
    let expit = |x: f64| 1.0 / (1.0 + (-x).exp());
    Some((expit(logit - half), expit(logit + half)))
}

/// The edge a share stands on, 0 or 1, to 1e-12.
pub fn at_edge(share: f64) -> Option<f64> {
    if share <= EDGE {
        Some(0.0)
    } else if share >= 1.0 - EDGE {
        Some(1.0)
    } else {
        None
    }
}

/// The effective sample size p(1-p)/variance of a share, brought from the design's degrees of freedom to those of a simple sample of `n`
/// by the ratio of the squares of t, of which `t` is the design's, and at most `n`. On 0 or 1, or without a variance, it starts from `kish` in place of p(1-p)/variance.
///
/// # References
/// Korn & Graubard, *Confidence intervals for proportions with small expected number of positive counts*, Survey Methodology 24, 1998.
pub fn effective_size(share: f64, variance: f64, n: f64, kish: f64, level: f64, t: f64) -> Option<f64> {
    let start = if at_edge(share).is_some() || variance <= 0.0 { kish } else { share * (1.0 - share) / variance };
    let ratio = if n > 1.0 { student(level, n - 1.0)? / t } else { 1.0 };
    Some((start * ratio * ratio).min(n))
}

/// Clopper-Pearson interval of a share of `n` trials, which need not be whole.
pub fn clopper_pearson(share: f64, n: f64, level: f64) -> Option<(f64, f64)> {
    if !(n > 0.0 && n.is_finite()) {
        return None;
    }
    let tail = 0.5 * (1.0 - level);
    // on the edges in closed form, which holds for any n
    match at_edge(share) {
        Some(0.0) => return Some((0.0, -(tail.ln() / n).exp_m1())),
        Some(_) => return Some(((tail.ln() / n).exp(), 1.0)),
        None => {}
    }
    let hits = share * n;
    let lower = beta(tail, hits, n - hits + 1.0)?;
    let upper = beta(1.0 - tail, hits + 1.0, n - hits)?;
    Some((lower, upper))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::excessive_precision)] // as the other program printed them
    use super::*;

    /// Level, degrees of freedom, t: mpmath, 30 digits.
    const STUDENT: [(f64, f64, f64); 18] = [
        (0.9, 1.0, 6.3137515146750431),
        (0.9, 2.0, 2.9199855803537257),
        (0.9, 7.0, 1.8945786050900074),
        (0.9, 29.0, 1.6991270265334978),
        (0.9, 9999.0, 1.6450060333112995),
        (0.9, 20000.0, 1.6449298189594817),
        (0.95, 1.0, 12.706204736174705),
        (0.95, 3.0, 3.1824463052837096),
        (0.95, 4.0, 2.7764451051977944),
        (0.95, 14.0, 2.1447866879178038),
        (0.95, 120.0, 1.9799304050824408),
        (0.95, 2245.0, 1.9610212357539698),
        (0.95, 20000.0, 1.9600826051581352),
        (0.99, 1.0, 63.656741162871581),
        (0.99, 2.0, 9.9248432009182931),
        (0.99, 7.0, 3.4994832973504939),
        (0.99, 1000.0, 2.5807546980659511),
        (0.99, 20000.0, 2.576075153017255),
    ];

    /// Share, shapes, quantile: mpmath, 30 digits.
    const BETA: [(f64, f64, f64, f64); 9] = [
        (0.025, 1.0, 30.0, 0.00084357092663047876),
        (0.975, 1.0, 30.0, 0.11570330822202781),
        (0.025, 3.0, 98.0, 0.0062299715383063945),
        (0.975, 4.5, 96.5, 0.092289642041481652),
        (0.05, 120.25, 1000.75, 0.09248208165988083),
        (0.95, 0.5, 0.5, 0.99384417029756886),
        (0.025, 250.0, 3.0, 0.97162627075109554),
        (0.9, 2000.0, 50.0, 0.97986419000048841),
        (0.025, 0.3, 40.0, 8.0343053722111052e-8),
    ];

    #[test]
    fn quantiles_agree_with_high_precision() {
        for (level, degrees, wanted) in STUDENT {
            let found = student(level, degrees).unwrap();
            assert!((found / wanted - 1.0).abs() < 1e-12, "t {level} {degrees}: {found} for {wanted}");
        }
        for (share, a, b, wanted) in BETA {
            let found = beta(share, a, b).unwrap();
            assert!((found / wanted - 1.0).abs() < 1e-11, "beta {share} {a} {b}: {found} for {wanted}");
        }
    }

    #[test]
    fn the_two_ways_to_t_meet() {
        for level in [0.5, 0.9, 0.999] {
            let (below, above) = (student(level, NORMAL_FROM).unwrap(), student(level, NORMAL_FROM * (1.0 + 1e-12)).unwrap());
            assert!((below / above - 1.0).abs() < 1e-12, "{level}: {below} {above}");
        }
    }

    #[test]
    fn statrs_gives_the_same_quantiles() {
        use statrs::distribution::{Beta, ContinuousCDF, StudentsT};
        for degrees in [1.5, 6.0, 33.0, 800.0] {
            let theirs = StudentsT::new(0.0, 1.0, degrees).unwrap().inverse_cdf(0.975);
            assert!((student(0.95, degrees).unwrap() / theirs - 1.0).abs() < 1e-6, "{degrees}");
        }
        let theirs = Beta::new(4.5, 96.5).unwrap().cdf(beta(0.975, 4.5, 96.5).unwrap());
        assert!((theirs - 0.975).abs() < 1e-10, "{theirs}");
    }

    #[test]
    fn out_of_domain_is_none() {
        for (level, degrees) in [(0.0, 3.0), (1.0, 3.0), (0.95, 0.0), (f64::NAN, 3.0), (0.95, f64::NAN)] {
            assert_eq!(student(level, degrees), None);
        }
        assert_eq!(beta(0.5, 0.0, 1.0), None);
        assert_eq!(clopper_pearson(0.0, 0.0, 0.95), None);
        assert_eq!(logit_interval(1.0, 0.0, 2.0), None);
    }

    #[test]
    fn intervals_of_shares() {
        // 3 of 100 by Clopper-Pearson, as R's binom.test prints: 0.00622997, 0.08517605
        let (lower, upper) = clopper_pearson(0.03, 100.0, 0.95).unwrap();
        assert!((lower - 0.006229972).abs() < 1e-8 && (upper - 0.08517605).abs() < 1e-8, "{lower} {upper}");
        // none of 30: 1 - 0.025^(1/30)
        let (lower, upper) = clopper_pearson(0.0, 30.0, 0.95).unwrap();
        assert!(lower == 0.0 && (upper - (1.0 - 0.025_f64.powf(1.0 / 30.0))).abs() < 1e-13);
        let (lower, upper) = clopper_pearson(1.0, 30.0, 0.95).unwrap();
        assert!(upper == 1.0 && (lower - 0.025_f64.powf(1.0 / 30.0)).abs() < 1e-13);
        let (lower, upper) = logit_interval(0.5, 0.1, student(0.95, 4.0).unwrap()).unwrap();
        let half = 2.7764451051977944 * 0.1 / 0.25;
        assert!((lower - 1.0 / (1.0 + f64::exp(half))).abs() < 1e-14 && (lower + upper - 1.0).abs() < 1e-14);
        let size = effective_size(0.5, 0.01, 100.0, 100.0, 0.95, student(0.95, 99.0).unwrap()).unwrap();
        assert!((size - 25.0).abs() < 1e-12, "{size}");
    }

    #[test]
    fn chi_squared_tails_and_normal_quantiles() {
        for (x, degrees, tail) in [
            (3.841_458_820_694_124, 1, 0.05),
            (5.991_464_547_107_979, 2, 0.05),
            (7.814_727_903_251_179, 3, 0.05),
            (18.307_038_053_275_146, 10, 0.05),
            (24.995_790_139_728_62, 15, 0.05),
            (124.342_113_404_003_8, 100, 0.05),
        ] {
            assert!((chi_squared_tail(x, degrees) - tail).abs() < 1e-13, "{degrees}");
        }
        assert_eq!((chi_squared_tail(0.0, 4), chi_squared_tail(-1.0, 3)), (1.0, 1.0));
        assert!((normal(0.95).unwrap() - 1.959_963_984_540_054).abs() < 1e-13);
        assert!(normal(0.0).is_none() && normal(1.0).is_none());
    }
}
