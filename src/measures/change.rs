//! Whether a figure changed between two groups of answers, and how sure that is: one rule for all three measures.

use super::{Ces, Csat, Histogram, Interval, Nps, Sample, Share, Trend, student};

/// A change of a figure, in its own unit: score points, percentage points or points of the scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// Later minus earlier.
    pub change: f64,
    /// 95 % interval of the change.
    pub interval: Interval,
    /// Answers on the smaller side.
    pub smaller_side: u64,
}

impl Change {
    /// The change of the net promoter score. `None` where a side has no answers or another scale.
    pub fn of_nps(before: &Histogram, after: &Histogram) -> Option<Self> {
        let change = Nps::of(after)?.change_since(Nps::of(before)?)?;
        Some(Self {
            change: change.change,
            interval: change.interval,
            smaller_side: change.smaller_side,
        })
    }

    /// The change of the share of satisfied customers, by Newcombe's interval. `None` where a side has no answers.
    pub fn of_csat(before: &Histogram, after: &Histogram) -> Option<Self> {
        if before.scale() != after.scale() {
            return None;
        }
        Self::of_shares(Csat::of(before)?.satisfied(), Csat::of(after)?.satisfied())
    }

    /// The difference of two independent shares, in percentage points. `None` where a side has no answers.
    ///
    /// With l, u as the Wilson bounds of each side the interval is
    /// d − √((p₂−l₂)² + (u₁−p₁)²) to d + √((u₂−p₂)² + (p₁−l₁)²).
    ///
    /// Source: R. G. Newcombe, "Interval estimation for the difference between independent proportions", method 10,
    /// *Statistics in Medicine* 17 (1998).
    pub fn of_shares(before: Share, after: Share) -> Option<Self> {
        let (p1, p2) = (before.percent()?, after.percent()?);
        let (first, second) = (before.interval()?, after.interval()?);
        let change = p2 - p1;
        let below = (p2 - second.low).hypot(first.high - p1);
        let above = (second.high - p2).hypot(p1 - first.low);
        Some(Self {
            change,
            interval: Interval {
                low: (change - below).max(-100.0),
                high: (change + above).min(100.0),
            },
            smaller_side: before.n().min(after.n()),
        })
    }

    /// The change of the mean effort, by Welch's t. `None` below two answers on a side.
    ///
    /// Source: B. L. Welch, "The generalization of 'Student's' problem when several different population variances are
    /// involved", *Biometrika* 34 (1947). The degrees of freedom are rounded down, which widens the interval.
    pub fn of_ces(before: &Histogram, after: &Histogram) -> Option<Self> {
        if before.scale() != after.scale() {
            return None;
        }
        let (first, second) = (Ces::of(before)?, Ces::of(after)?);
        let change = second.mean()? - first.mean()?;
        let part = |one: Ces| Some(one.sd()?.powi(2) / one.n() as f64);
        let (a, b) = (part(first)?, part(second)?);
        let error = (a + b).sqrt();
        let margin = if error == 0.0 {
            0.0
        } else {
            let freedom = (a + b).powi(2)
                / (a.powi(2) / (first.n() as f64 - 1.0) + b.powi(2) / (second.n() as f64 - 1.0));
            student::t_95(freedom.clamp(1.0, 10_000.0) as u64) * error
        };
        Some(Self {
            change,
            interval: Interval {
                low: change - margin,
                high: change + margin,
            },
            smaller_side: first.n().min(second.n()),
        })
    }

    /// What may be said: nothing below [`Sample::FULL_FROM`] answers on a side, and no direction while zero lies within the
    /// interval.
    pub fn trend(self) -> Trend {
        if Sample::of(self.smaller_side) != Sample::Full {
            Trend::TooFew
        } else if self.interval.contains(0.0) {
            Trend::Unclear
        } else if self.change > 0.0 {
            Trend::Rose
        } else {
            Trend::Fell
        }
    }
}
