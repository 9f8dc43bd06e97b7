//! Low scores: which answers ask whether to make a complaint of them, and are called back.

use super::Value;
use super::definition::{Metric, Question};

impl Question {
    /// An answer below this is low: `complaintBelow`; where the survey does not say, 3 of 5 for satisfaction, 4 of 7 for
    /// effort and 7 of 10 for recommendation. Nothing for a question that measures nothing.
    pub fn low_below(&self) -> Option<f64> {
        let usual = self.metric.map(|metric| match metric {
            Metric::Csat => 3.0,
            Metric::Ces => 4.0,
            Metric::Nps => 7.0,
        });
        self.complaint_below.or(usual)
    }

    /// The answer, if it is a low score.
    pub fn low_score(&self, answer: &Value) -> Option<f64> {
        let (score, least) = (answer.as_number()?, self.low_below()?);
        (score < least).then_some(score)
    }
}
