//! How long things took: mean, median and the ninth of ten.

/// Durations, in whatever unit they were given in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Percentiles {
    /// How many.
    pub n: u64,
    /// The mean; one old case bends it.
    pub mean: f64,
    /// The middle one, or the mean of the two in the middle.
    pub median: f64,
    /// Nine of ten took at most this: the nearest rank ⌈0.9 n⌉.
    pub p90: f64,
    /// The longest.
    pub max: f64,
}

impl Percentiles {
    /// Of these durations. `None` where there is none, or one is no number.
    ///
    /// Source: nearest-rank method, as NIST/SEMATECH e-Handbook 7.2.6.2 has it beside others.
    pub fn of(durations: &[f64]) -> Option<Self> {
        if durations.iter().any(|duration| !duration.is_finite()) {
            return None;
        }
        let mut sorted = durations.to_vec();
        sorted.sort_by(f64::total_cmp);
        let n = sorted.len();
        let at = |place: usize| sorted.get(place).copied();
        Some(Self {
            n: n as u64,
            mean: sorted.iter().sum::<f64>() / n as f64,
            median: f64::midpoint(at(n.checked_sub(1)? / 2)?, at(n / 2)?),
            // ⌈9n/10⌉ in whole numbers: 0.9 is none in binary.
            p90: at((9 * n).div_ceil(10) - 1)?,
            max: at(n - 1)?,
        })
    }
}
