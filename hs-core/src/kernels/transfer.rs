//! Sigmoid and hyperbolic tangent as plain sums and products, the same to the last bit on every processor and in every lane.
//!
//! A library's `exp` differs between machines and is called once a node; these run over blocks side by side.

use super::map::Shape;

/// `ln 2` in two parts: products of the first with whole numbers to 2^20 are exact.
const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
/// Added and taken away again, it rounds to whole numbers and leaves them in the lowest bits.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// `1/k!` from 2 to 13: on half of `ln 2` the terms left out are below 5e-18.
const OVER_FACTORIAL: [f64; 12] = [
    1.0 / 2.0,
    1.0 / 6.0,
    1.0 / 24.0,
    1.0 / 120.0,
    1.0 / 720.0,
    1.0 / 5_040.0,
    1.0 / 40_320.0,
    1.0 / 362_880.0,
    1.0 / 3_628_800.0,
    1.0 / 39_916_800.0,
    1.0 / 479_001_600.0,
    1.0 / 6_227_020_800.0,
];

/// `2^n` and `e^r - 1` with `e^y = 2^n e^r`, for magnitudes of y to 708.
#[inline(always)]
fn parts(y: f64) -> (f64, f64) {
    let shifted = y * std::f64::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = (y - n * LN_2_HIGH) - n * LN_2_LOW;
    let [c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13] = OVER_FACTORIAL;
    let r2 = r * r;
    let r4 = r2 * r2;
    // Terms two by two, so that they need not wait for each other.
    let low = (c2 + c3 * r) + r2 * (c4 + c5 * r);
    let middle = (c6 + c7 * r) + r2 * (c8 + c9 * r);
    let high = (c10 + c11 * r) + r2 * (c12 + c13 * r);
    let tail = low + r4 * (middle + r4 * high);
    let power = f64::from_bits((shifted.to_bits() << 52).wrapping_add(1023 << 52));
    (power, r + r2 * tail)
}

/// `1/(1+e^{-y})`, to 4 units in the last place for magnitudes of y to 708, beyond to 1e-307.
#[inline(always)]
pub fn sigmoid(y: f64) -> f64 {
    // Written so that NaN stays NaN.
    let y = if y > 708.0 { 708.0 } else { y };
    let y = if y < -708.0 { -708.0 } else { y };
    let (power, rest) = parts(-y);
    1.0 / (1.0 + (power + power * rest))
}

/// `tanh y`, to 4 units in the last place; odd, and exactly 0 at 0.
#[inline(always)]
pub fn tanh(y: f64) -> f64 {
    let twice = (2.0 * y).abs();
    let twice = if twice > 40.0 { 40.0 } else { twice };
    let (power, rest) = parts(twice);
    let less_one = power * rest + (power - 1.0);
    (less_one / (less_one + 2.0)).copysign(y)
}

/// A transfer function on a block.
#[inline(always)]
pub(super) fn apply(shape: Shape, steepness: f64, block: &mut [f64]) {
    match shape {
        Shape::Sigmoid => block.iter_mut().for_each(|z| *z = sigmoid(steepness * *z)),
        Shape::Tanh => block.iter_mut().for_each(|z| *z = tanh(steepness * *z)),
        Shape::Step | Shape::Sign | Shape::Clamp => block.iter_mut().for_each(|z| *z = shape.at(steepness, *z)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Arguments and values to 25 digits, rounded to the nearest number: computed with mpmath.
    const SIGMOID: [(f64, f64); 59] = [
        (0.0, 0.5),
        (1e-300, 0.5),
        (1e-09, 0.50000000025),
        (0.1, 0.52497918747894),
        (0.34657359, 0.5857864375589722),
        (0.35, 0.58661757891733),
        (0.5, 0.6224593312018546),
        (1.0, 0.7310585786300049),
        (1.5, 0.8175744761936437),
        (2.0, 0.8807970779778824),
        (5.0, 0.9933071490757152),
        (10.0, 0.9999546021312976),
        (20.0, 0.9999999979388464),
        (36.0, 0.9999999999999998),
        (40.0, 1.0),
        (100.0, 1.0),
        (500.0, 1.0),
        (700.0, 1.0),
        (708.0, 1.0),
        (0.40309273233720366, 0.5994304949740826),
        (2.542301210811698, 0.9270545975247),
        (2.291323856929842, 0.9081559309832907),
        (0.7652070772182651, 0.6824831774990624),
        (1.486305261275823, 0.8155230647695957),
        (1.3484731943662145, 0.793879902065064),
        (20.5930102635146, 0.9999999988608805),
        (24.295530480658854, 0.9999999999719078),
        (5.534208842904342, 0.9960662039241956),
        (3.7653818660941702, 0.9773654219211756),
        (25.56565780583648, 0.9999999999921119),
        (-1e-300, 0.5),
        (-1e-09, 0.49999999975),
        (-0.1, 0.47502081252106),
        (-0.34657359, 0.4142135624410278),
        (-0.35, 0.4133824210826699),
        (-0.5, 0.37754066879814546),
        (-1.0, 0.2689414213699951),
        (-1.5, 0.18242552380635635),
        (-2.0, 0.11920292202211756),
        (-5.0, 0.0066928509242848554),
        (-10.0, 4.5397868702434395e-05),
        (-20.0, 2.0611536181902037e-09),
        (-36.0, 2.3195228302435686e-16),
        (-40.0, 4.248354255291589e-18),
        (-100.0, 3.720075976020836e-44),
        (-500.0, 7.124576406741286e-218),
        (-700.0, 9.85967654375977e-305),
        (-708.0, 3.307553003638408e-308),
        (-0.40309273233720366, 0.4005695050259173),
        (-2.542301210811698, 0.07294540247530003),
        (-2.291323856929842, 0.0918440690167093),
        (-0.7652070772182651, 0.3175168225009376),
        (-1.486305261275823, 0.18447693523040426),
        (-1.3484731943662145, 0.20612009793493602),
        (-20.5930102635146, 1.139119473501238e-09),
        (-24.295530480658854, 2.809216284824611e-11),
        (-5.534208842904342, 0.003933796075804325),
        (-3.7653818660941702, 0.022634578078824363),
        (-25.56565780583648, 7.888163226367772e-12),
    ];
    /// The same of the hyperbolic tangent.
    const TANH: [(f64, f64); 30] = [
        (0.0, 0.0),
        (1e-300, 1e-300),
        (1e-09, 1e-09),
        (0.1, 0.09966799462495582),
        (0.34657359, 0.3333333330844687),
        (0.35, 0.3363755443363322),
        (0.5, 0.46211715726000974),
        (1.0, 0.7615941559557649),
        (1.5, 0.9051482536448664),
        (2.0, 0.9640275800758169),
        (5.0, 0.9999092042625951),
        (10.0, 0.9999999958776927),
        (20.0, 1.0),
        (36.0, 1.0),
        (40.0, 1.0),
        (100.0, 1.0),
        (500.0, 1.0),
        (700.0, 1.0),
        (708.0, 1.0),
        (0.40309273233720366, 0.38259210965985946),
        (2.542301210811698, 0.9876934975467874),
        (2.291323856929842, 0.9797515364757863),
        (0.7652070772182651, 0.6441338037386347),
        (1.486305261275823, 0.9026426208323425),
        (1.3484731943662145, 0.8736924333712058),
        (20.5930102635146, 1.0),
        (24.295530480658854, 1.0),
        (5.534208842904342, 0.9999688060409582),
        (3.7653818660941702, 0.9989279180103166),
        (25.56565780583648, 1.0),
    ];

    fn ulps(found: f64, wanted: f64) -> u64 {
        found.to_bits().abs_diff(wanted.to_bits())
    }

    #[test]
    fn within_four_units_of_high_precision() {
        for (y, wanted) in SIGMOID {
            assert!(ulps(sigmoid(y), wanted) <= 4, "sigmoid({y}) is {}, wanted {wanted}", sigmoid(y));
        }
        for (y, wanted) in TANH {
            assert!(ulps(tanh(y), wanted) <= 4, "tanh({y}) is {}, wanted {wanted}", tanh(y));
            assert_eq!(tanh(-y), -tanh(y));
        }
        assert_eq!((sigmoid(1e9), tanh(1e9), tanh(-1e9)), (1.0, 1.0, -1.0));
        assert!(sigmoid(-1e9) >= 0.0 && sigmoid(-1e9) < 1e-307 && sigmoid(f64::INFINITY) == 1.0);
        assert!(sigmoid(f64::NAN).is_nan() && tanh(f64::NAN).is_nan());
    }

    #[test]
    fn a_dense_sweep_against_the_library_and_the_same_bits_side_by_side() {
        let sweep: Vec<f64> = (-40_000..=40_000).map(|k| f64::from(k) * 1e-3).collect();
        for shape in [Shape::Sigmoid, Shape::Tanh] {
            let mut block: Vec<f64> = sweep.clone();
            pulp::Arch::new().dispatch(|| apply(shape, 1.0, &mut block));
            for (y, found) in sweep.iter().zip(&block) {
                assert_eq!(found.to_bits(), shape.at(1.0, *y).to_bits());
                let wanted = if shape == Shape::Tanh { y.tanh() } else { 1.0 / (1.0 + (-y).exp()) };
                // The library's own error is added to ours.
                assert!(ulps(*found, wanted) <= 6, "{shape:?} of {y}: {found}, the library has {wanted}");
            }
        }
    }
}
