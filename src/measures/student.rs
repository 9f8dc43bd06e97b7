//! Student's t distribution, as far as a 95 % interval needs it.

/// The t that a value of this many degrees of freedom passes at either side in 5 of 100 cases; `df` from 1 on.
///
/// The probability within ±t is a finite sum for whole degrees of freedom (Abramowitz and Stegun 26.7.3 and 26.7.4);
/// the t is found by halving, to the last digit. Checked against tables in the tests.
pub(super) fn t_95(df: u64) -> f64 {
    let (mut low, mut high) = (0.0_f64, 13.0_f64);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if within(middle, df) < 0.95 {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// The probability of a value within ±t.
fn within(t: f64, df: u64) -> f64 {
    let angle = (t / (df as f64).sqrt()).atan();
    let (sine, cosine) = angle.sin_cos();
    let square = cosine * cosine;
    let is_odd = df % 2 == 1;
    // Odd: cos + 2/3 cos³ + 2·4/(3·5) cos⁵ …; even: 1 + 1/2 cos² + 1·3/(2·4) cos⁴ …, both up to cos^(df − 2).
    let mut term = if is_odd { cosine } else { 1.0 };
    let mut sum = 0.0;
    let mut power = if is_odd { 1 } else { 0 };
    while power + 2 <= df {
        sum += term;
        power += 2;
        let place = power as f64;
        term *= square * (place - 1.0) / place;
    }
    if is_odd {
        std::f64::consts::FRAC_2_PI * (angle + sine * sum)
    } else {
        sine * sum
    }
}
