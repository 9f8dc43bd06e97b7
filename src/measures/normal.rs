//! The normal distribution, as far as a two-sided test needs it.

use std::f64::consts::{FRAC_2_SQRT_PI, SQRT_2};

/// The probability of a standard normal value at least as far from 0 as `z`; absolute error below 1e-14.
///
/// erf(x) = 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (1·3·…·(2n+1)): Abramowitz and Stegun 7.1.6. All terms are positive, so
/// nothing cancels.
pub(super) fn two_sided(z: f64) -> f64 {
    let x = z.abs() / SQRT_2;
    // Beyond this the answer is below 1e-16, also for an infinite z.
    if x > 6.0 {
        return 0.0;
    }
    let mut term = x;
    let mut sum = x;
    let mut odd = 1.0;
    // At x = 6 the terms are below 1e-17 of the sum after some 120 steps.
    while term > sum * 1e-17 {
        odd += 2.0;
        term *= 2.0 * x * x / odd;
        sum += term;
    }
    (1.0 - FRAC_2_SQRT_PI * (-x * x).exp() * sum).clamp(0.0, 1.0)
}
