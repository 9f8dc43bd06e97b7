//! What one sheet is one of: the cells of the Scores page in which it counts.

use std::collections::HashMap;

use jiff::tz::TimeZone;

use super::super::clock::{DAY_MS, Timestamp};
use super::super::results::{Measured, metrics, stored_as};
use super::super::store::{Cell, StoreError, StoredResponse, Tallied};
use crate::survey::definition::{COMMENT_SUFFIX, Kind, Question};
use crate::survey::{Definition, Value};

/// By which rules sheets are counted: another number whenever something below changes, so that all are counted anew.
pub(super) const RULES: u32 = 1;

/// What is told apart by `by`: sheets, answers to a question, the question after which a sheet was left, points by time.
pub(super) const SHEETS: &str = "sheets";
pub(super) const ANSWERED: &str = "answered";
pub(super) const LEFT: &str = "left";
pub(super) const TIME: &str = "time";
/// What sheets say of themselves.
pub(super) const SLICES: [&str; 5] = ["account", "team", "region", "language", "channel"];

/// Every zone's months begin at a quarter of an hour in UTC, and within so long of a month in UTC.
const QUARTER_MS: i64 = 900_000;
const FARTHEST_MS: i64 = 16 * 3_600_000;

/// One version of a survey, as far as counting needs it.
#[derive(Debug)]
pub(super) struct Asked {
    /// What it asks.
    pub(super) definition: Definition,
    /// What it measures, each with its place among the questions.
    pub(super) measured: Vec<Measured>,
    /// Under which name answers are stored: its place in the order of the survey.
    pub(super) places: HashMap<String, usize>,
    /// Names under which customers write.
    worded: Vec<String>,
}

impl Asked {
    pub(super) fn of(definition: Definition) -> Self {
        let mut places = HashMap::new();
        let mut worded = Vec::new();
        for question in asking(&definition) {
            let place = places.len();
            let name = stored_as(question);
            places.entry(name.to_owned()).or_insert(place);
            if matches!(question.kind, Kind::Comment(_)) {
                worded.push(name.to_owned());
            }
        }
        Self {
            measured: metrics(&definition),
            definition,
            places,
            worded,
        }
    }

    /// What the customer wrote in a sheet: (question, words).
    pub(super) fn words<'a>(
        &'a self,
        answers: &'a Value,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        let each = answers.as_object().unwrap_or_default().iter();
        each.filter_map(move |(name, answer)| {
            let is_worded = self.worded.contains(name) || name.ends_with(COMMENT_SUFFIX);
            let text = answer.as_text().map(str::trim).unwrap_or_default();
            (is_worded && !text.is_empty()).then_some((name.as_str(), text))
        })
    }

    /// The first score in a sheet: (question, points).
    pub(super) fn score(&self, answers: &Value) -> Option<(String, f64)> {
        self.measured.iter().find_map(|measured| {
            let answer = answers.get(&measured.question)?.as_number()?;
            Some((measured.question.clone(), answer))
        })
    }

    /// What a sheet is one of; nothing for one that only tries the survey out or whose place another took.
    pub(super) fn tally(&self, seq: i64, sheet: &StoredResponse) -> Result<Tallied, StoreError> {
        let mut tallied = uncounted(seq, sheet);
        if sheet.test || sheet.suspect || sheet.superseded {
            return Ok(tallied);
        }
        let unreadable = |_| StoreError::Unreadable("answer sheet");
        let answers: Value = serde_json::from_str(&sheet.answers).map_err(unreadable)?;
        let of = |by: &str, question: &str| Cell {
            survey: sheet.survey.clone(),
            question: question.to_owned(),
            metric: String::new(),
            low: 0,
            high: 0,
            by: by.to_owned(),
            name: String::new(),
            point: 0,
            complete: sheet.complete,
        };
        tallied.cells.push(of(SHEETS, ""));
        let mut last = None;
        for (name, _) in answers.as_object().unwrap_or_default() {
            if let Some(place) = self.places.get(name.as_str()) {
                tallied.cells.push(of(ANSWERED, name));
                last = last.max(Some((*place, name)));
            }
        }
        if !sheet.complete {
            let name = last.map_or("", |(_, name)| name.as_str());
            tallied.cells.push(of(LEFT, name));
        }
        let time = bucket(sheet.received_at).to_string();
        let slices = slices(sheet);
        for measured in &self.measured {
            let answer = answers.get(&measured.question).and_then(Value::as_number);
            let Some(point) = answer.and_then(|answer| measured.point(answer)) else {
                continue;
            };
            let mut count = |by: &str, name: &str| {
                tallied.cells.push(Cell {
                    metric: measured.metric.name().to_owned(),
                    low: measured.scale.low(),
                    high: measured.scale.high(),
                    name: name.to_owned(),
                    point,
                    ..of(by, &measured.question)
                });
            };
            count(TIME, &time);
            for (by, name) in SLICES.iter().zip(&slices) {
                if !name.is_empty() {
                    count(by, name);
                }
            }
        }
        tallied.worded = self.words(&answers).next().is_some();
        Ok(tallied)
    }
}

/// A sheet that is one of nothing.
pub(super) fn uncounted(seq: i64, sheet: &StoredResponse) -> Tallied {
    Tallied {
        seq,
        revision: sheet.revision,
        superseded: sheet.superseded,
        survey: sheet.survey.clone(),
        worded: false,
        cells: Vec::new(),
    }
}

/// The questions that can be answered.
pub(super) fn asking(definition: &Definition) -> impl Iterator<Item = &Question> {
    definition.questions().filter(|question| {
        !matches!(
            question.kind,
            Kind::Html(..) | Kind::Image(..) | Kind::Expression(..)
        )
    })
}

fn slices(sheet: &StoredResponse) -> [String; SLICES.len()] {
    let fields: Value = serde_json::from_str(&sheet.fields).unwrap_or(Value::Null);
    let field = |name: &str| {
        let found = fields.get(name).and_then(Value::as_text);
        found.unwrap_or_default().to_owned()
    };
    [
        sheet.account.clone().unwrap_or_default(),
        field("team"),
        field("region"),
        sheet.locale.clone(),
        sheet.channel.clone(),
    ]
}

/// A moment in the same month as `at` in every zone, one of few: far from where a month begins the middle of it, near it
/// the quarter of an hour.
fn bucket(at: Timestamp) -> i64 {
    let quarter = at.0 - at.0.rem_euclid(QUARTER_MS);
    let instant = jiff::Timestamp::from_millisecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let date = TimeZone::UTC.to_datetime(instant).date();
    let today = at.0 - at.0.rem_euclid(DAY_MS);
    let begin = today - (i64::from(date.day()) - 1) * DAY_MS;
    let end = begin + i64::from(date.days_in_month()) * DAY_MS;
    if at.0 - begin < FARTHEST_MS || end - at.0 < FARTHEST_MS {
        quarter
    } else {
        begin + 14 * DAY_MS
    }
}

/// The month of a moment: `2026-11`.
pub(super) fn month(at: i64, zone: &TimeZone) -> String {
    let instant = jiff::Timestamp::from_millisecond(at).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let date = zone.to_datetime(instant).date();
    format!("{:04}-{:02}", date.year(), date.month())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::{bucket, month};
    use crate::endpoint::clock::Timestamp;
    use jiff::tz::TimeZone;
    use std::collections::BTreeSet;

    #[test]
    fn a_bucket_is_in_the_month_of_its_sheets_in_every_zone() {
        let zones = [
            "UTC",
            "Asia/Shanghai",
            "Pacific/Kiritimati",
            "Etc/GMT+12",
            "Asia/Kathmandu",
            "Pacific/Chatham",
            "America/St_Johns",
            "Europe/Berlin",
        ];
        let zones = zones.map(|name| TimeZone::get(name).unwrap());
        // Two years from 1 January 2026, every 7 minutes and some.
        let begin = 1_767_225_600_000_i64;
        let mut buckets = BTreeSet::new();
        for n in 0..150_000 {
            let at = begin + n * 421_337;
            let bucket = bucket(Timestamp(at));
            buckets.insert(bucket);
            for zone in &zones {
                assert_eq!(month(bucket, zone), month(at, zone), "{at} in {zone:?}");
            }
        }
        // Few: that is what they are for.
        assert!(buckets.len() < 25 * 130, "{} buckets", buckets.len());
    }
}
