//! A share of answers with Wilson's interval: satisfied customers, reopened cases, whatever is counted out of n.

use super::{Interval, Reading, Z};

/// `k` of `n`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    k: u64,
    n: u64,
}

impl Share {
    /// `k` of `n`. `None` where `k` is more than `n`.
    pub fn new(k: u64, n: u64) -> Option<Self> {
        (k <= n).then_some(Self { k, n })
    }

    /// Answers that are meant.
    pub const fn k(self) -> u64 {
        self.k
    }

    /// All answers.
    pub const fn n(self) -> u64 {
        self.n
    }

    /// The share in percent, 0 to 100. `None` without answers.
    pub fn percent(self) -> Option<f64> {
        (self.n > 0).then(|| 100.0 * self.k as f64 / self.n as f64)
    }

    /// Wilson's score interval in percent, within 0 to 100. `None` without answers.
    ///
    /// centre = (p + z²/2n) / (1 + z²/n), margin = z √(p(1−p)/n + z²/4n²) / (1 + z²/n).
    ///
    /// Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", *JASA* 22 (1927);
    /// recommended for small n by Brown, Cai and DasGupta, *Statistical Science* 16 (2001). The textbook interval
    /// p ± z√(p(1−p)/n) passes 100 % at 8 of 10 and claims certainty at 10 of 10.
    pub fn interval(self) -> Option<Interval> {
        let p = self.percent()? / 100.0;
        let n = self.n as f64;
        let square = Z * Z;
        let scale = 1.0 + square / n;
        let centre = (p + square / (2.0 * n)) / scale;
        let margin = Z * (p * (1.0 - p) / n + square / (4.0 * n * n)).sqrt() / scale;
        let Interval { low, high } = Interval::around(100.0 * centre, 100.0 * margin, 0.0, 100.0);
        // At the ends the bound is exact on paper and off by a rounding error in floating point.
        Some(Interval {
            low: if self.k == 0 { 0.0 } else { low },
            high: if self.k == self.n { 100.0 } else { high },
        })
    }

    /// The percentage as it may be shown.
    pub fn reading(self) -> Reading {
        Reading::of(self.n, self.percent(), self.interval())
    }
}
