//! How often each point of a scale was chosen: the sufficient statistics of every measure.

use std::fmt;

/// A scale of whole points, for example 1 to 5. Answers on different scales are never pooled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scale {
    low: i32,
    high: i32,
}

impl Scale {
    /// 0 to 10, the only scale of an NPS.
    pub const NPS: Self = Self { low: 0, high: 10 };
    /// 1 to 5, the usual scale of a CSAT.
    pub const CSAT: Self = Self { low: 1, high: 5 };
    /// 1 to 7, the usual scale of a CES 2.0.
    pub const CES: Self = Self { low: 1, high: 7 };

    /// Most points that a scale has; more is a number field and no scale.
    pub const MOST_POINTS: u32 = 101;

    /// The scale from `low` to `high`, both included. `None` unless it has 2 to [`Self::MOST_POINTS`] points.
    pub fn new(low: i32, high: i32) -> Option<Self> {
        let steps = high.checked_sub(low)?;
        let fits = steps >= 1 && steps.unsigned_abs() < Self::MOST_POINTS;
        fits.then_some(Self { low, high })
    }

    /// The scale that spans the points of a rating. `None` where a point is not a whole number, or the span is no scale.
    pub fn spanning(points: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut ends = None;
        for point in points {
            let point = whole(point)?;
            ends = Some(ends.map_or((point, point), |(low, high): (i32, i32)| {
                (low.min(point), high.max(point))
            }));
        }
        let (low, high) = ends?;
        Self::new(low, high)
    }

    /// The lowest point.
    pub const fn low(self) -> i32 {
        self.low
    }

    /// The highest point.
    pub const fn high(self) -> i32 {
        self.high
    }

    /// Number of points, 2 to [`Self::MOST_POINTS`].
    pub fn points(self) -> u32 {
        self.high.abs_diff(self.low).saturating_add(1)
    }

    /// Where `value` stands in a list of counts.
    fn index(self, value: i32) -> Option<usize> {
        let is_on = self.low <= value && value <= self.high;
        is_on
            .then(|| usize::try_from(value.abs_diff(self.low)).ok())
            .flatten()
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.low, self.high)
    }
}

/// An answer that is not a point of the scale; nothing was counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OffScale {
    /// The answer.
    pub value: f64,
    /// The scale it should have been on.
    pub scale: Scale,
}

impl fmt::Display for OffScale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} is not a whole number from {}",
            self.value, self.scale
        )
    }
}

impl std::error::Error for OffScale {}

/// Two histograms of different scales; nothing was merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScaleMismatch {
    /// The scale of the histogram merged into.
    pub ours: Scale,
    /// The scale of the other.
    pub theirs: Scale,
}

impl fmt::Display for ScaleMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "answers on the scale {} cannot be pooled with answers on {}",
            self.theirs, self.ours
        )
    }
}

impl std::error::Error for ScaleMismatch {}

/// How many answers each point of one scale got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    scale: Scale,
    /// One count for each point, lowest first; as long as the scale.
    counts: Vec<u64>,
}

impl Histogram {
    /// No answers yet.
    pub fn new(scale: Scale) -> Self {
        Self {
            scale,
            counts: (scale.low..=scale.high).map(|_| 0).collect(),
        }
    }

    /// Known counts, lowest point first. `None` unless there is one for each point.
    pub fn from_counts(scale: Scale, counts: Vec<u64>) -> Option<Self> {
        (u32::try_from(counts.len()) == Ok(scale.points())).then_some(Self { scale, counts })
    }

    /// Counts one answer.
    ///
    /// # Errors
    /// [`OffScale`] where it is not one of the scale's points; nothing changes then.
    pub fn add(&mut self, value: f64) -> Result<(), OffScale> {
        self.add_many(value, 1)
    }

    /// Counts the same answer `times` over, as a grouped query returns it.
    ///
    /// # Errors
    /// [`OffScale`] where it is not one of the scale's points; nothing changes then.
    pub fn add_many(&mut self, value: f64, times: u64) -> Result<(), OffScale> {
        let scale = self.scale;
        let index = whole(value).and_then(|point| scale.index(point));
        let count = index
            .and_then(|index| self.counts.get_mut(index))
            .ok_or(OffScale { value, scale })?;
        *count = count.saturating_add(times);
        Ok(())
    }

    /// Adds the counts of `other`, for example of another week.
    ///
    /// # Errors
    /// [`ScaleMismatch`] where the scales differ; nothing changes then.
    pub fn merge(&mut self, other: &Self) -> Result<(), ScaleMismatch> {
        if self.scale != other.scale {
            return Err(ScaleMismatch {
                ours: self.scale,
                theirs: other.scale,
            });
        }
        for (ours, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *ours = ours.saturating_add(*theirs);
        }
        Ok(())
    }

    /// The scale.
    pub const fn scale(&self) -> Scale {
        self.scale
    }

    /// Number of answers.
    pub fn n(&self) -> u64 {
        self.counts
            .iter()
            .fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// Every point with its count, lowest first, zeros included.
    pub fn bars(&self) -> impl Iterator<Item = (i32, u64)> + '_ {
        (self.scale.low..=self.scale.high).zip(self.counts.iter().copied())
    }

    /// Answers whose point fulfils `is_meant`.
    pub(super) fn count(&self, is_meant: impl Fn(i32) -> bool) -> u64 {
        self.bars()
            .filter(|(point, _)| is_meant(*point))
            .fold(0, |sum, (_, count)| sum.saturating_add(count))
    }
}

/// `value` as a whole number, where it is one and fits.
fn whole(value: f64) -> Option<i32> {
    let fits = value.fract() == 0.0 && f64::from(i32::MIN) <= value && value <= f64::from(i32::MAX);
    fits.then_some(value as i32)
}
