//! Control charts: which periods are unlike the usual ups and downs.

use super::Interval;

/// A chart of one figure for each period.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlChart {
    /// The usual value.
    pub centre: f64,
    /// The limits of each period: three standard errors around the centre.
    pub limits: Vec<Interval>,
    /// The places of the periods outside their limits.
    pub signals: Vec<usize>,
}

impl ControlChart {
    /// Shares: `defectives` of `sizes` in each period. `None` without periods, where a period has none, or more are
    /// defective than there are.
    ///
    /// p̄ ± 3 √(p̄ (1 − p̄) ÷ n), within 0 to 1. Source: W. A. Shewhart (1931); NIST/SEMATECH e-Handbook 6.3.3.2.
    pub fn of_shares(defectives: &[u64], sizes: &[u64]) -> Option<Self> {
        if defectives
            .iter()
            .zip(sizes)
            .any(|(defective, size)| defective > size)
        {
            return None;
        }
        let variance = |centre: f64| centre * (1.0 - centre);
        Self::of(defectives, sizes, sizes.len(), 1.0, variance)
    }

    /// Rates: `counts` on `units` in each period (complaints for each delivery, say); the first `baseline` periods say
    /// what is usual. `None` as for shares, and for a baseline of no period.
    ///
    /// ū ± 3 √(ū ÷ n), not below 0. Source: NIST/SEMATECH e-Handbook 6.3.3.1.
    pub fn of_rates(counts: &[u64], units: &[u64], baseline: usize) -> Option<Self> {
        Self::of(counts, units, baseline, f64::INFINITY, |centre| centre)
    }

    fn of(
        counts: &[u64],
        sizes: &[u64],
        baseline: usize,
        most: f64,
        variance: impl Fn(f64) -> f64,
    ) -> Option<Self> {
        if counts.len() != sizes.len() || sizes.contains(&0) || baseline == 0 {
            return None;
        }
        let total = |numbers: &[u64]| {
            numbers
                .iter()
                .take(baseline)
                .map(|&it| it as f64)
                .sum::<f64>()
        };
        let centre = total(counts) / total(sizes);
        if !centre.is_finite() {
            return None;
        }
        let limits: Vec<Interval> = sizes
            .iter()
            .map(|&size| {
                let margin = 3.0 * (variance(centre).max(0.0) / size as f64).sqrt();
                Interval::around(centre, margin, 0.0, most)
            })
            .collect();
        let figures = counts
            .iter()
            .zip(sizes)
            .map(|(&count, &size)| count as f64 / size as f64);
        let outside = figures.zip(&limits).enumerate();
        let signals = outside.filter(|(_, (figure, limits))| !limits.contains(*figure));
        let signals = signals.map(|(place, _)| place).collect();
        Some(Self {
            centre,
            limits,
            signals,
        })
    }
}
