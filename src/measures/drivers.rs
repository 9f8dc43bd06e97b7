//! What overall satisfaction hangs on: drivers by importance and performance.

/// One aspect that was rated beside the overall satisfaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Driver {
    /// Its name.
    pub name: String,
    /// Pearson's correlation with the overall rating; nothing where all answers are the same.
    pub importance: Option<f64>,
    /// The mean rating.
    pub performance: f64,
    /// What to do about it; nothing without an importance.
    pub quadrant: Option<Quadrant>,
}

/// What to do about a driver: high is at or above the median of all drivers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quadrant {
    /// Important and weak: work on it.
    Focus,
    /// Important and strong: tell of it.
    Promote,
    /// Less important and strong: keep it.
    Maintain,
    /// Less important and weak: watch it.
    Monitor,
}

/// All drivers of one survey.
#[derive(Debug, Clone, PartialEq)]
pub struct Drivers {
    /// Respondents.
    pub n: u64,
    /// The median of all importances.
    pub median_importance: Option<f64>,
    /// The median performance of the drivers that have an importance.
    pub median_performance: Option<f64>,
    /// The drivers as they were given.
    pub drivers: Vec<Driver>,
}

impl Drivers {
    /// The drivers of `overall`: each aspect has a name and the rating of every respondent. `None` without respondents, or
    /// where an aspect has another number of ratings. Act on it from [`super::Sample::FULL_FROM`] answers on.
    ///
    /// importance = Pearson's r(aspect, overall); performance = mean; split at the medians.
    ///
    /// Source: the importance–performance matrix of J. A. Martilla and J. C. James, *Journal of Marketing* 41 (1977).
    pub fn of(overall: &[f64], aspects: &[(&str, &[f64])]) -> Option<Self> {
        let n = overall.len();
        if n == 0 || aspects.iter().any(|(_, ratings)| ratings.len() != n) {
            return None;
        }
        let mut drivers: Vec<Driver> = aspects
            .iter()
            .map(|(name, ratings)| Driver {
                name: (*name).to_owned(),
                importance: correlation(ratings, overall),
                performance: ratings.iter().sum::<f64>() / n as f64,
                quadrant: None,
            })
            .collect();
        let known = || drivers.iter().filter(|driver| driver.importance.is_some());
        let median_importance = median(known().filter_map(|driver| driver.importance).collect());
        let median_performance = median(known().map(|driver| driver.performance).collect());
        for driver in &mut drivers {
            let (Some(importance), Some(middle), Some(mean)) =
                (driver.importance, median_importance, median_performance)
            else {
                continue;
            };
            // A hair of rounding does not move a driver that is the median itself.
            let is_important = importance >= middle - 1e-12;
            let is_strong = driver.performance >= mean - 1e-12;
            driver.quadrant = Some(match (is_important, is_strong) {
                (true, false) => Quadrant::Focus,
                (true, true) => Quadrant::Promote,
                (false, true) => Quadrant::Maintain,
                (false, false) => Quadrant::Monitor,
            });
        }
        Some(Self {
            n: n as u64,
            median_importance,
            median_performance,
            drivers,
        })
    }
}

/// Pearson's r, −1 to 1; nothing where one side does not vary.
fn correlation(left: &[f64], right: &[f64]) -> Option<f64> {
    let n = left.len() as f64;
    let mean = |numbers: &[f64]| numbers.iter().sum::<f64>() / n;
    let (a, b) = (mean(left), mean(right));
    let (mut products, mut squares, mut others) = (0.0, 0.0, 0.0);
    for (x, y) in left.iter().zip(right) {
        products += (x - a) * (y - b);
        squares += (x - a).powi(2);
        others += (y - b).powi(2);
    }
    let is_same = |numbers: &[f64]| numbers.windows(2).all(|pair| pair.first() == pair.last());
    if is_same(left) || is_same(right) {
        return None;
    }
    Some((products / (squares * others).sqrt()).clamp(-1.0, 1.0))
}

fn median(mut numbers: Vec<f64>) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    let n = numbers.len();
    let low = numbers.get(n.checked_sub(1)? / 2)?;
    Some(f64::midpoint(*low, *numbers.get(n / 2)?))
}
