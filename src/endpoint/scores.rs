//! Counting for the Scores page: every metric by month and by slice, in one pass over the sheets.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;

use jiff::tz::TimeZone;

use super::clock::Timestamp;
use super::export::safe;
use super::results::{Measured, metrics};
use super::store::{Filter, ReadSqlite, Reader, StoreError, StoredResponse};
use crate::api::scores::{
    Answered, Counts, CustomerWords, MOST_SLICES, MetricScores, Named, Scores, Slice, SurveyScores,
};
use crate::measures::{Ces, Csat, Histogram, Nps, Reading};
use crate::messages::Language;
use crate::survey::definition::{COMMENT_SUFFIX, Kind};
use crate::survey::{Definition, LocalizedText, Value};

/// The newest words that are shown beside the figures.
const WORDS: usize = 20;
/// What sheets are told apart by.
const SLICES: [&str; 5] = ["account", "team", "region", "language", "channel"];

/// What is counted of one metric.
struct Tally {
    measured: Measured,
    title: Vec<(String, String)>,
    all: Counts,
    periods: BTreeMap<String, Counts>,
    slices: [HashMap<String, Counts>; SLICES.len()],
}

impl Tally {
    fn new(measured: Measured, title: Vec<(String, String)>) -> Self {
        Self {
            measured,
            title,
            all: Counts::default(),
            periods: BTreeMap::new(),
            slices: Default::default(),
        }
    }

    /// Counts one answer; one that is no point of the scale counts nowhere.
    fn add(&mut self, answer: f64, sheet: &StoredResponse, period: &str, names: &[String]) {
        let scale = self.measured.scale;
        let place = answer - f64::from(scale.low());
        let is_point = place.fract() == 0.0 && (0.0..f64::from(scale.points())).contains(&place);
        if !is_point {
            return;
        }
        let count = |counts: &mut Counts| {
            counts.points.resize(scale.points() as usize, 0);
            if let Some(point) = counts.points.get_mut(place as usize) {
                *point += 1;
            }
            counts.complete += u64::from(sheet.complete);
        };
        count(&mut self.all);
        count(self.periods.entry(period.to_owned()).or_default());
        for (slice, name) in self.slices.iter_mut().zip(names) {
            if !name.is_empty() {
                count(slice.entry(name.clone()).or_default());
            }
        }
    }

    fn scores(self) -> MetricScores {
        let scale = self.measured.scale;
        let fill = |mut counts: Counts| {
            counts.points.resize(scale.points() as usize, 0);
            counts
        };
        let named = |(name, counts)| Named { name, counts };
        let slices = SLICES.iter().zip(self.slices).map(|(by, found)| {
            let mut found: Vec<_> = found.into_iter().map(named).collect();
            let n = |one: &Named| one.counts.points.iter().sum::<u64>();
            found.sort_by(|a, b| n(b).cmp(&n(a)).then_with(|| a.name.cmp(&b.name)));
            found.truncate(MOST_SLICES);
            Slice {
                by: (*by).to_owned(),
                found,
            }
        });
        MetricScores {
            question: self.measured.question,
            title: self.title,
            metric: self.measured.metric.name().to_owned(),
            low: scale.low(),
            high: scale.high(),
            all: fill(self.all),
            periods: self.periods.into_iter().map(named).collect(),
            slices: slices.filter(|slice| !slice.found.is_empty()).collect(),
        }
    }
}

/// One survey while it is counted.
struct Counted {
    scores: SurveyScores,
    tallies: Vec<Tally>,
    /// By question: its place among `answered`.
    places: HashMap<String, usize>,
    /// Questions under which customers write.
    worded: Vec<String>,
}

/// Counts every sheet but tests and those that another replaced, once; months begin in `zone`. Words are left out where
/// `shows_words` is false.
///
/// # Errors
/// When the store cannot be read.
pub fn count(
    reader: &ReadSqlite,
    zone: &TimeZone,
    zone_name: &str,
    shows_words: bool,
) -> Result<Scores, StoreError> {
    let mut surveys: BTreeMap<String, Counted> = BTreeMap::new();
    let mut asked: HashMap<(String, u32), Vec<usize>> = HashMap::new();
    for version in reader.surveys()? {
        let text = reader.definition(&version.survey, version.version)?;
        let value = serde_json::from_str(&text.unwrap_or_default()).ok();
        let Some(definition) = value.and_then(|value| Definition::from_value(&value).ok()) else {
            continue;
        };
        let counted = surveys.entry(version.survey.clone()).or_insert(Counted {
            scores: SurveyScores {
                survey: version.survey.clone(),
                ..SurveyScores::default()
            },
            tallies: Vec::new(),
            places: HashMap::new(),
            worded: Vec::new(),
        });
        let places = counted.learn(&definition);
        asked.insert((version.survey, version.version), places);
    }
    reader.for_each_response(Filter::default(), |sheet| -> Result<(), StoreError> {
        if sheet.superseded {
            return Ok(());
        }
        let Some(counted) = surveys.get_mut(&sheet.survey) else {
            return Ok(());
        };
        let answers: Value = serde_json::from_str(&sheet.answers)
            .map_err(|_| StoreError::Unreadable("answer sheet"))?;
        let key = (sheet.survey.clone(), sheet.version);
        let places = asked.get(&key).map(Vec::as_slice).unwrap_or_default();
        counted.add(&sheet, &answers, places, &month(sheet.received_at, zone));
        Ok(())
    })?;
    let surveys = surveys.into_values().map(|counted| {
        let mut scores = counted.scores;
        scores.metrics = counted.tallies.into_iter().map(Tally::scores).collect();
        scores.words.reverse();
        if !shows_words {
            scores.words.clear();
        }
        scores
    });
    Ok(Scores {
        time_zone: zone_name.to_owned(),
        surveys: surveys.collect(),
    })
}

impl Counted {
    /// Takes in a version: the places of its metrics among the tallies. A later version's words replace an earlier one's.
    fn learn(&mut self, definition: &Definition) -> Vec<usize> {
        self.scores.title = texts(&definition.title);
        for question in definition.questions() {
            let is_asked = !matches!(
                question.kind,
                Kind::Html(..) | Kind::Image(..) | Kind::Expression(..)
            );
            if !is_asked {
                continue;
            }
            let answered = &mut self.scores.answered;
            let place = *self.places.entry(question.name.clone()).or_insert_with(|| {
                answered.push(Answered {
                    question: question.name.clone(),
                    ..Answered::default()
                });
                answered.len() - 1
            });
            if let Some(answered) = answered.get_mut(place) {
                answered.title = texts(&question.title);
            }
            if matches!(question.kind, Kind::Comment(_)) && !self.worded.contains(&question.name) {
                self.worded.push(question.name.clone());
            }
        }
        let titled = |measured: &Measured| {
            let question = definition.question(&measured.question);
            question
                .map(|question| texts(&question.title))
                .unwrap_or_default()
        };
        let mut places = Vec::new();
        for measured in metrics(definition) {
            let known = self
                .tallies
                .iter()
                .position(|tally| tally.measured == measured);
            let place = known.unwrap_or_else(|| {
                let title = titled(&measured);
                self.tallies.push(Tally::new(measured, title));
                self.tallies.len() - 1
            });
            places.push(place);
        }
        places
    }

    fn add(&mut self, sheet: &StoredResponse, answers: &Value, places: &[usize], period: &str) {
        if sheet.complete {
            self.scores.complete += 1;
        } else {
            self.scores.partial += 1;
        }
        for (name, _) in answers.as_object().unwrap_or_default() {
            let place = self.places.get(name.as_str());
            if let Some(answered) = place.and_then(|place| self.scores.answered.get_mut(*place)) {
                answered.sheets += 1;
            }
        }
        let fields: Value = serde_json::from_str(&sheet.fields).unwrap_or(Value::Null);
        let field = |name: &str| {
            let found = fields.get(name).and_then(Value::as_text);
            found.unwrap_or_default().to_owned()
        };
        let names = [
            sheet.account.clone().unwrap_or_default(),
            field("team"),
            field("region"),
            sheet.locale.clone(),
            sheet.channel.clone(),
        ];
        let mut score = None;
        for place in places {
            let Some(tally) = self.tallies.get_mut(*place) else {
                continue;
            };
            if let Some(answer) = answers
                .get(&tally.measured.question)
                .and_then(Value::as_number)
            {
                score.get_or_insert((tally.measured.question.clone(), answer));
                tally.add(answer, sheet, period, &names);
            }
        }
        for (name, answer) in answers.as_object().unwrap_or_default() {
            let is_worded = self.worded.contains(name) || name.ends_with(COMMENT_SUFFIX);
            let text = answer.as_text().map(str::trim).unwrap_or_default();
            if is_worded && !text.is_empty() {
                self.scores.words.push(CustomerWords {
                    at: sheet.received_at.to_string(),
                    question: name.clone(),
                    text: text.to_owned(),
                    locale: sheet.locale.clone(),
                    score: score.clone(),
                });
            }
        }
        // Sheets come in the order of arrival: only the newest words are kept.
        if self.scores.words.len() > 2 * WORDS {
            let surplus = self.scores.words.len() - WORDS;
            self.scores.words.drain(..surplus);
        }
        let surplus = self.scores.words.len().saturating_sub(WORDS);
        self.scores.words.drain(..surplus);
    }
}

/// A title in each of our own languages.
fn texts(title: &LocalizedText) -> Vec<(String, String)> {
    let each = Language::ALL.iter().map(|language| {
        let tag = language.tag();
        (tag.to_owned(), title.resolve(tag).to_owned())
    });
    each.collect()
}

/// The month of a moment: `2026-11`.
fn month(at: Timestamp, zone: &TimeZone) -> String {
    let instant = jiff::Timestamp::from_millisecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let date = zone.to_datetime(instant).date();
    format!("{:04}-{:02}", date.year(), date.month())
}

/// The figures of what is shown, a row each: survey, question, metric, by what, name, n, value, low and high end of the 95 %
/// interval. Below ten answers there is n only.
///
/// # Errors
/// When the output fails.
pub fn csv(scores: &Scores, output: &mut impl Write) -> Result<(), csv::Error> {
    output.write_all("\u{feff}".as_bytes())?;
    let mut table = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(output);
    table.write_record([
        "survey",
        "question",
        "metric",
        "low",
        "high",
        "by",
        "name",
        "n",
        "complete",
        "value",
        "interval_low",
        "interval_high",
    ])?;
    for survey in &scores.surveys {
        for metric in &survey.metrics {
            let all = [("all", "", &metric.all)].into_iter();
            let periods = metric.periods.iter();
            let periods = periods.map(|one| ("month", one.name.as_str(), &one.counts));
            let slices = metric.slices.iter().flat_map(|slice| {
                let found = slice.found.iter();
                found.map(|one| (slice.by.as_str(), one.name.as_str(), &one.counts))
            });
            for (by, name, counts) in all.chain(periods).chain(slices) {
                let reading = metric.histogram(counts);
                let reading = reading.and_then(|histogram| reading_of(&metric.metric, &histogram));
                let (n, figures) = match reading {
                    Some(Reading::Shown {
                        n, value, interval, ..
                    }) => (
                        n,
                        [value, interval.low, interval.high].map(|figure| figure.to_string()),
                    ),
                    Some(Reading::CountsOnly { n }) => (n, Default::default()),
                    None => (counts.points.iter().sum(), Default::default()),
                };
                let [value, low, high] = figures;
                let mut row = vec![
                    survey.survey.clone(),
                    safe(&metric.question),
                    metric.metric.clone(),
                ];
                row.extend([
                    metric.low.to_string(),
                    metric.high.to_string(),
                    by.to_owned(),
                    safe(name),
                ]);
                row.extend([n.to_string(), counts.complete.to_string(), value, low, high]);
                table.write_record(row)?;
            }
        }
    }
    table.flush()?;
    Ok(())
}

fn reading_of(metric: &str, histogram: &Histogram) -> Option<Reading> {
    match metric {
        "nps" => Nps::of(histogram).map(Nps::reading),
        "csat" => Csat::of(histogram).map(Csat::reading),
        _ => Ces::of(histogram).map(Ces::reading),
    }
}
