//! What the answers add up to: NPS, CSAT and CES, each with its 95 % interval.
//!
//! The endpoint counts and the reader computes: the only thing that travels is a [`Histogram`], which merges; the same
//! code turns it into figures at the command line, in an export and in the browser.
//!
//! Every figure says how sure it is. Values without answers do not exist (`None`, never 0 and never NaN), and
//! [`Reading`] holds the one rule of display: below 10 answers counts only, 10 to 29 a value marked as a small sample.
//!
//! Where each formula comes from stands at its own function; `tests/fixtures/measures.json` checks them all.

/// Deadlines and durations in opening hours.
pub mod business_time;
/// Customer effort: mean, spread and the shares that agree and disagree.
mod ces;
/// Whether a figure changed.
mod change;
/// Which periods are unlike the usual ups and downs.
mod control;
/// Customer satisfaction: the share of answers in the top two boxes.
mod csat;
/// What overall satisfaction hangs on.
mod drivers;
/// How often each point of a scale was chosen.
mod histogram;
/// The normal distribution, as far as a two-sided test needs it.
mod normal;
/// Net promoter score and its change between two periods.
mod nps;
/// Two scores of the same respondents.
mod paired;
/// The few causes that make most complaints.
mod pareto;
/// How long things took.
mod percentiles;
/// How many answers a share needs.
mod sample_size;
/// A share of answers with Wilson's interval.
mod share;
/// Student's t distribution, as far as an interval needs it.
mod student;

pub use ces::Ces;
pub use change::Change;
pub use control::ControlChart;
pub use csat::Csat;
pub use drivers::{Driver, Drivers, Quadrant};
pub use histogram::{Histogram, OffScale, Scale, ScaleMismatch};
pub use nps::{Nps, NpsChange, Trend};
pub use paired::Paired;
pub use pareto::{Category, Pareto, Row};
pub use percentiles::Percentiles;
pub use sample_size::sample_size;
pub use share::Share;

/// The normal quantile that leaves 2.5 % at each side: every interval here is a 95 % interval.
pub const Z: f64 = 1.959_963_984_540_054;

/// A 95 % interval, in the unit of the figure that it belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower bound.
    pub low: f64,
    /// Upper bound, never below `low`.
    pub high: f64,
}

impl Interval {
    /// The interval `centre ± margin`, cut at the ends of what the figure can be.
    fn around(centre: f64, margin: f64, least: f64, most: f64) -> Self {
        Self {
            low: (centre - margin).clamp(least, most),
            high: (centre + margin).clamp(least, most),
        }
    }

    /// Whether `value` lies inside; both bounds belong to the interval.
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// How much a number of answers can carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sample {
    /// Fewer than 10 answers: show the counts and nothing computed from them.
    CountsOnly,
    /// 10 to 29 answers: show value and interval, and say "small sample".
    Small,
    /// 30 answers or more.
    Full,
}

impl Sample {
    /// Fewest answers for which a value is shown.
    pub const SHOWN_FROM: u64 = 10;
    /// Fewest answers that are not called a small sample, and fewest on each side of a judged change.
    pub const FULL_FROM: u64 = 30;

    /// The verdict on `n` answers.
    pub const fn of(n: u64) -> Self {
        if n < Self::SHOWN_FROM {
            Self::CountsOnly
        } else if n < Self::FULL_FROM {
            Self::Small
        } else {
            Self::Full
        }
    }
}

/// A figure as a person may see it: the display rule of [`Sample`] already applied.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reading {
    /// Too few answers for any value.
    CountsOnly {
        /// Answers that were counted, 0 to 9.
        n: u64,
    },
    /// A value with how sure it is.
    Shown {
        /// Answers that were counted.
        n: u64,
        /// The figure, in its own unit: score points, percent or points of the scale.
        value: f64,
        /// 95 % interval in the same unit.
        interval: Interval,
        /// Whether "small sample" has to stand beside it.
        is_small: bool,
    },
}

impl Reading {
    /// Applies the display rule to a computed figure.
    fn of(n: u64, value: Option<f64>, interval: Option<Interval>) -> Self {
        match (Sample::of(n), value, interval) {
            (Sample::Small | Sample::Full, Some(value), Some(interval)) => Self::Shown {
                n,
                value,
                interval,
                is_small: Sample::of(n) == Sample::Small,
            },
            (Sample::CountsOnly | Sample::Small | Sample::Full, _, _) => Self::CountsOnly { n },
        }
    }
}
