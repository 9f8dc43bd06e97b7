//! Customer effort: how easy customers found it, on an agreement scale (CES 2.0).

use super::{Histogram, Interval, Reading, Share, Z};

/// CES 2.0: the mean, and beside it the shares that agree and disagree, because a mean alone hides two camps.
///
/// On 1 to 7 the answers 5 to 7 agree and 1 to 3 disagree (bands of the CEB/Gartner CES 2.0 as used by the field); on
/// another scale these are the answers above and below its middle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ces {
    n: u64,
    mean: Option<f64>,
    sd: Option<f64>,
    agree: Share,
    disagree: Share,
}

impl Ces {
    /// The CES of these answers. `None` only where the counts are beyond what 64 bits hold.
    pub fn of(histogram: &Histogram) -> Option<Self> {
        let n = histogram.n();
        // Twice the middle, so that the comparison stays in whole numbers; a scale's ends are far from overflow.
        let twice_middle = i64::from(histogram.scale().low()) + i64::from(histogram.scale().high());
        let agree = histogram.count(|point| 2 * i64::from(point) > twice_middle);
        let disagree = histogram.count(|point| 2 * i64::from(point) < twice_middle);

        let mean = (n > 0).then(|| weighted(histogram, f64::from) / n as f64);
        let sd = mean.filter(|_| n > 1).map(|mean| {
            let squares = weighted(histogram, |point| (f64::from(point) - mean).powi(2));
            (squares / (n as f64 - 1.0)).sqrt()
        });
        Some(Self {
            n,
            mean,
            sd,
            agree: Share::new(agree, n)?,
            disagree: Share::new(disagree, n)?,
        })
    }

    /// Number of answers.
    pub const fn n(self) -> u64 {
        self.n
    }

    /// The mean, in points of the scale. `None` without answers.
    pub const fn mean(self) -> Option<f64> {
        self.mean
    }

    /// The sample standard deviation (n − 1), in points of the scale. `None` below two answers.
    pub const fn sd(self) -> Option<f64> {
        self.sd
    }

    /// The normal interval of the mean, mean ± z·sd/√n. `None` below two answers.
    ///
    /// It is not cut at the scale's ends: where nearly all chose the same end, a bound may lie a hair outside.
    pub fn mean_interval(self) -> Option<Interval> {
        let margin = Z * self.sd? / (self.n as f64).sqrt();
        Some(Interval::around(
            self.mean?,
            margin,
            f64::NEG_INFINITY,
            f64::INFINITY,
        ))
    }

    /// Answers above the middle of the scale (5 to 7 on 1 to 7), with Wilson's interval.
    pub const fn agree(self) -> Share {
        self.agree
    }

    /// Answers below the middle of the scale (1 to 3 on 1 to 7), with Wilson's interval.
    pub const fn disagree(self) -> Share {
        self.disagree
    }

    /// The mean as it may be shown.
    pub fn reading(self) -> Reading {
        Reading::of(self.n, self.mean, self.mean_interval())
    }
}

/// The sum of `weight` over all answers.
fn weighted(histogram: &Histogram, weight: impl Fn(i32) -> f64) -> f64 {
    histogram
        .bars()
        .map(|(point, count)| weight(point) * count as f64)
        .sum()
}
