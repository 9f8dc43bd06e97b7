//! Two scores of the same respondents: ours and a competitor's.

use super::{Interval, student};

/// The difference of two scores that the same respondents gave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paired {
    /// Respondents.
    pub n: u64,
    /// The mean of the differences, in points of the scale.
    pub mean: f64,
    /// Their standard deviation.
    pub sd: f64,
    /// The mean in standard errors; nothing where all differences are the same.
    pub t: Option<f64>,
    /// Degrees of freedom, n − 1.
    pub df: u64,
    /// 95 % interval of the mean.
    pub interval: Interval,
}

impl Paired {
    /// The difference `us` − `them`, pair by pair. `None` below two pairs, where the sides are not equally long, or where
    /// a score is no number.
    ///
    /// t = mean ÷ (sd ÷ √n); interval mean ± t₀.₉₇₅(n − 1) · sd ÷ √n.
    ///
    /// Source: Student, "The probable error of a mean", *Biometrika* 6 (1908).
    pub fn of(us: &[f64], them: &[f64]) -> Option<Self> {
        if us.len() != them.len() || us.len() < 2 {
            return None;
        }
        let differences: Vec<f64> = us.iter().zip(them).map(|(us, them)| us - them).collect();
        let n = differences.len() as f64;
        let mean = differences.iter().sum::<f64>() / n;
        if !mean.is_finite() {
            return None;
        }
        let squares: f64 = differences.iter().map(|it| (it - mean).powi(2)).sum();
        let sd = (squares / (n - 1.0)).sqrt();
        let error = sd / n.sqrt();
        let df = differences.len() as u64 - 1;
        let margin = student::t_95(df) * error;
        Some(Self {
            n: df + 1,
            mean,
            sd,
            t: (error > 0.0).then(|| mean / error),
            df,
            interval: Interval {
                low: mean - margin,
                high: mean + margin,
            },
        })
    }

    /// Whether we are shown to be better, at 95 %.
    pub fn is_better(self) -> bool {
        self.interval.low > 0.0
    }
}
