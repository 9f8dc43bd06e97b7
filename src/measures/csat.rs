//! Customer satisfaction: the share of answers in the top two boxes.

use super::{Histogram, Interval, Reading, Share};

/// CSAT, in percent.
///
/// On 1 to 5 these are the answers 4 and 5 (Delighted, "How is CSAT calculated", article 240: 42×5, 32×4, 10×3, 9×2,
/// 14×1 → 69 %). Other scales are allowed, and never pooled: a [`Histogram`] of another scale does not merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Csat {
    satisfied: Share,
}

impl Csat {
    /// The CSAT of these answers. `None` where the scale has only two points: both would be the top.
    pub fn of(histogram: &Histogram) -> Option<Self> {
        let scale = histogram.scale();
        if scale.points() < 3 {
            return None;
        }
        let satisfied = histogram.count(|point| point >= scale.high() - 1);
        Some(Self {
            satisfied: Share::new(satisfied, histogram.n())?,
        })
    }

    /// The satisfied answers among all.
    pub const fn satisfied(self) -> Share {
        self.satisfied
    }

    /// Percent satisfied, 0 to 100. `None` without answers.
    pub fn value(self) -> Option<f64> {
        self.satisfied.percent()
    }

    /// Wilson's interval in percent. `None` without answers.
    pub fn interval(self) -> Option<Interval> {
        self.satisfied.interval()
    }

    /// The score as it may be shown.
    pub fn reading(self) -> Reading {
        self.satisfied.reading()
    }
}
