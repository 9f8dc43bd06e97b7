//! Net promoter score and its change between two periods.

use super::{Histogram, Interval, Reading, Sample, Scale, Z, normal};

/// The counts behind a net promoter score: promoters chose 9 or 10, passives 7 or 8, detractors 0 to 6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nps {
    /// Answers 9 and 10.
    pub promoters: u64,
    /// Answers 7 and 8.
    pub passives: u64,
    /// Answers 0 to 6.
    pub detractors: u64,
}

impl Nps {
    /// The NPS of these answers. `None` where the scale is not 0 to 10.
    pub fn of(histogram: &Histogram) -> Option<Self> {
        (histogram.scale() == Scale::NPS).then(|| Self {
            promoters: histogram.count(|point| point >= 9),
            passives: histogram.count(|point| point == 7 || point == 8),
            detractors: histogram.count(|point| point <= 6),
        })
    }

    /// Number of answers.
    pub const fn n(self) -> u64 {
        self.promoters
            .saturating_add(self.passives)
            .saturating_add(self.detractors)
    }

    /// 100 (p − d) score points, −100 to 100. `None` without answers.
    pub fn value(self) -> Option<f64> {
        let n = self.n() as f64;
        (n > 0.0).then(|| 100.0 * (self.promoters as f64 - self.detractors as f64) / n)
    }

    /// The adjusted-Wald interval in score points, within −100 to 100. `None` without answers.
    ///
    /// Three answers are added, ¾ of them promoters and ¾ detractors: n′ = n + 3, p′ = (P + ¾)/n′, d′ = (D + ¾)/n′;
    /// then 100 (p′ − d′ ± z √(Var′/n′)) with Var′ = p′ + d′ − (p′ − d′)².
    ///
    /// Source: B. Rocks, "Interval estimation for the net promoter score", *The American Statistician* 70 (2016), who
    /// found it the best of those compared; worked in measuringu.com/nps-three-confidence-intervals. The interval without
    /// the three answers has no width when all agree.
    pub fn interval(self) -> Option<Interval> {
        if self.n() == 0 {
            return None;
        }
        let n = self.n() as f64 + 3.0;
        let p = (self.promoters as f64 + 0.75) / n;
        let d = (self.detractors as f64 + 0.75) / n;
        let margin = Z * (variance(p, d) / n).sqrt();
        Some(Interval::around(
            100.0 * (p - d),
            100.0 * margin,
            -100.0,
            100.0,
        ))
    }

    /// The score as it may be shown.
    pub fn reading(self) -> Reading {
        Reading::of(self.n(), self.value(), self.interval())
    }

    /// How the score changed from `before` to `self`. `None` where either side has no answers.
    ///
    /// z = Δ / √(V₁/n₁ + V₂/n₂) with V = p + d − (p − d)² of each side; interval Δ ± 1.96 · SE, within −200 to 200.
    ///
    /// Source: two independent samples, measuringu.com/compare-nps. Where all answers of both sides fall into one class
    /// each, the standard error is 0 and z is 0 or infinite; [`NpsChange::trend`] still asks for 30 answers a side.
    pub fn change_since(self, before: Self) -> Option<NpsChange> {
        let change = self.value()? - before.value()?;
        let standard_error = 100.0 * (before.squared_error() + self.squared_error()).sqrt();
        let z = if change == 0.0 {
            0.0
        } else {
            change / standard_error
        };
        Some(NpsChange {
            change,
            standard_error,
            z,
            p_value: normal::two_sided(z),
            interval: Interval::around(change, Z * standard_error, -200.0, 200.0),
            smaller_side: self.n().min(before.n()),
        })
    }

    /// The squared standard error of p − d. Only called with answers.
    fn squared_error(self) -> f64 {
        let n = self.n() as f64;
        // Rounding can leave a hair below zero when all answers agree.
        variance(self.promoters as f64 / n, self.detractors as f64 / n).max(0.0) / n
    }
}

/// The variance of one answer worth +1, 0 or −1.
fn variance(p: f64, d: f64) -> f64 {
    p + d - (p - d).powi(2)
}

/// A change of the score between two periods, in score points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NpsChange {
    /// Later score minus earlier score.
    pub change: f64,
    /// Standard error of the change.
    pub standard_error: f64,
    /// Change in standard errors; infinite where the standard error is 0 and the change is not.
    pub z: f64,
    /// Two-sided probability of a change this large by chance, 0 to 1.
    pub p_value: f64,
    /// 95 % interval of the change, within −200 to 200.
    pub interval: Interval,
    /// Answers on the side that has fewer.
    pub smaller_side: u64,
}

/// What may be said about a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trend {
    /// Fewer than 30 answers on one side: no verdict.
    TooFew,
    /// The change could be chance.
    Unclear,
    /// A real rise, at 95 %.
    Rose,
    /// A real fall, at 95 %.
    Fell,
}

impl NpsChange {
    /// Whether chance alone would give such a change in fewer than 5 of 100 cases.
    pub fn is_significant(self) -> bool {
        self.z.abs() > Z
    }

    /// The verdict: none below [`Sample::FULL_FROM`] answers a side, where the test is not to be trusted.
    pub fn trend(self) -> Trend {
        if Sample::of(self.smaller_side) != Sample::Full {
            Trend::TooFew
        } else if !self.is_significant() {
            Trend::Unclear
        } else if self.change > 0.0 {
            Trend::Rose
        } else {
            Trend::Fell
        }
    }
}
