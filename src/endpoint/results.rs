//! Figures for the supplier: how many answered, the histogram of each metric, its value and how sure it is.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use super::store::{Filter, ReadSqlite, Reader, StoreError, StoredResponse, WaveCount};
use crate::measures::{Ces, Csat, Histogram, Interval, Nps, Reading, Sample, Scale, Share};
use crate::survey::definition::{Kind, Metric, Question};
use crate::survey::{Definition, Value};

/// The longest bar of a histogram, in characters.
const BAR: u64 = 40;

/// What one survey's answers add up to.
#[derive(Clone, Debug)]
pub struct SurveyResults {
    survey: String,
    complete: u64,
    partial: u64,
    metrics: Vec<MetricResults>,
}

/// A question that measures something. The same question on another scale is another one: scales are never pooled.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Measured {
    /// The name under which its answers are stored: the question's, unless it has another for them.
    pub(super) question: String,
    /// What it measures.
    pub(super) metric: Metric,
    /// The scale.
    pub(super) scale: Scale,
}

impl Measured {
    /// The point of the scale that an answer is, if it is one.
    #[allow(
        clippy::cast_possible_truncation,
        reason = "it lies between two of 32 bits"
    )]
    pub(super) fn point(&self, answer: f64) -> Option<i32> {
        let (low, high) = (self.scale.low(), self.scale.high());
        let is_point =
            answer.fract() == 0.0 && (f64::from(low)..=f64::from(high)).contains(&answer);
        is_point.then_some(answer as i32)
    }
}

/// How the answers to one of them are spread.
#[derive(Clone, Debug)]
struct MetricResults {
    measured: Measured,
    complete: u64,
    partial: u64,
    histogram: Histogram,
}

/// Counts every stored answer to a metric. A partial sheet counts where the metric was answered.
///
/// # Errors
/// When the store cannot be read.
pub fn count(reader: &ReadSqlite, filter: Filter<'_>) -> Result<Vec<SurveyResults>, StoreError> {
    let (none, mut counted) = count_by(reader, filter, |_| ())?;
    Ok(counted.remove(&()).unwrap_or(none))
}

/// What was asked, with no answer; and the same with the answers of each part.
type Split<K> = (Vec<SurveyResults>, BTreeMap<K, Vec<SurveyResults>>);

/// As [`count`], each sheet in the part that `part` says.
///
/// # Errors
/// When the store cannot be read.
pub(super) fn count_by<K: Ord>(
    reader: &ReadSqlite,
    filter: Filter<'_>,
    part: impl Fn(&StoredResponse) -> K,
) -> Result<Split<K>, StoreError> {
    let mut versions = reader.surveys()?;
    versions.retain(|version| filter.survey.is_none_or(|survey| survey == version.survey));
    let mut none: Vec<SurveyResults> = Vec::new();
    let mut asked: HashMap<(String, u32), Vec<Measured>> = HashMap::new();
    for version in versions {
        let text = reader
            .definition(&version.survey, version.version)?
            .unwrap_or_default();
        let definition = serde_json::from_str(&text)
            .ok()
            .map(|value| Definition::of_published(&value));
        let measured = definition.as_ref().map(metrics).unwrap_or_default();
        if none.last().is_none_or(|last| last.survey != version.survey) {
            none.push(SurveyResults {
                survey: version.survey.clone(),
                complete: 0,
                partial: 0,
                metrics: Vec::new(),
            });
        }
        // In the order of the definition, also those that nobody has answered yet.
        if let Some(results) = none.last_mut() {
            for measured in &measured {
                results.metric(measured);
            }
        }
        asked.insert((version.survey, version.version), measured);
    }
    let mut parts: BTreeMap<K, Vec<SurveyResults>> = BTreeMap::new();
    reader.for_each_response(filter, |response| -> Result<(), StoreError> {
        // Of several sheets for one invitation the latest.
        if response.superseded {
            return Ok(());
        }
        let results = parts.entry(part(&response)).or_insert_with(|| none.clone());
        let Some(results) = results
            .iter_mut()
            .find(|results| results.survey == response.survey)
        else {
            return Ok(());
        };
        *if response.complete {
            &mut results.complete
        } else {
            &mut results.partial
        } += 1;
        let answers: Value = serde_json::from_str(&response.answers)
            .map_err(|_| StoreError::Unreadable("answer sheet"))?;
        for measured in asked
            .get(&(response.survey, response.version))
            .into_iter()
            .flatten()
        {
            let answer = answers.get(&measured.question).and_then(Value::as_number);
            if let (Some(answer), Some(counted)) = (answer, results.metric(measured)) {
                counted.add(answer, response.complete);
            }
        }
        Ok(())
    })?;
    Ok((none, parts))
}

/// The name under which the answers to a question are stored.
pub(super) fn stored_as(question: &Question) -> &str {
    question.value_name.as_deref().unwrap_or(&question.name)
}

/// The questions of a definition that measure something, with their scales.
pub(super) fn metrics(definition: &Definition) -> Vec<Measured> {
    let measured = definition.questions().filter_map(|question| {
        let Kind::Rating(rating) = &question.kind else {
            return None;
        };
        let points = rating
            .values()
            .iter()
            .map(|point| point.value.as_number())
            .collect::<Option<Vec<_>>>()?;
        Some(Measured {
            question: stored_as(question).to_owned(),
            metric: question.metric?,
            scale: Scale::spanning(points)?,
        })
    });
    measured.collect()
}

impl SurveyResults {
    /// Whether anybody answered.
    pub(super) fn has_answers(&self) -> bool {
        self.complete + self.partial > 0
    }

    /// Each metric that anybody answered: survey, question, metric, the figure, and the unit it is written with.
    pub(super) fn figures(&self) -> impl Iterator<Item = Figure<'_>> {
        let asked = self.metrics.iter();
        let answered = asked.filter(|metric| metric.histogram.n() > 0);
        answered.map(|metric| Figure {
            survey: &self.survey,
            question: &metric.measured.question,
            metric: metric.measured.metric,
            reading: metric.reading(),
            unhappy: metric.unhappy(),
            decimals: metric.unit().1,
        })
    }

    /// The place where the answers to a metric are counted.
    fn metric(&mut self, measured: &Measured) -> Option<&mut MetricResults> {
        if !self.metrics.iter().any(|known| known.measured == *measured) {
            self.metrics.push(MetricResults {
                measured: measured.clone(),
                complete: 0,
                partial: 0,
                histogram: Histogram::new(measured.scale),
            });
        }
        self.metrics
            .iter_mut()
            .find(|known| known.measured == *measured)
    }
}

/// A figure as a report writes it.
#[derive(Debug)]
pub(super) struct Figure<'a> {
    /// The survey.
    pub(super) survey: &'a str,
    /// The question.
    pub(super) question: &'a str,
    /// What it measures.
    pub(super) metric: Metric,
    /// The value, if there may be one.
    pub(super) reading: Option<Reading>,
    /// Those who are unhappy: detractors, not satisfied, not finding it easy; nothing where the scale says none of it.
    pub(super) unhappy: Option<Share>,
    /// Decimals that it is written with.
    pub(super) decimals: usize,
}

impl MetricResults {
    /// Counts one answer; an answer that is no point of the scale counts nowhere.
    fn add(&mut self, answer: f64, is_complete: bool) {
        if self.histogram.add(answer).is_ok() {
            *if is_complete {
                &mut self.complete
            } else {
                &mut self.partial
            } += 1;
        }
    }

    fn reading(&self) -> Option<Reading> {
        match self.measured.metric {
            Metric::Nps => Nps::of(&self.histogram).map(Nps::reading),
            Metric::Csat => Csat::of(&self.histogram).map(Csat::reading),
            Metric::Ces => Ces::of(&self.histogram).map(Ces::reading),
        }
    }

    fn unhappy(&self) -> Option<Share> {
        match self.measured.metric {
            Metric::Nps => {
                let nps = Nps::of(&self.histogram)?;
                Share::new(nps.detractors, nps.n())
            }
            Metric::Csat => {
                let satisfied = Csat::of(&self.histogram)?.satisfied();
                Share::new(satisfied.n() - satisfied.k(), satisfied.n())
            }
            Metric::Ces => Some(Ces::of(&self.histogram)?.disagree()),
        }
    }

    /// The share that found it easy, which a mean alone hides.
    fn agree(&self) -> Option<Reading> {
        let ces = (self.measured.metric == Metric::Ces)
            .then(|| Ces::of(&self.histogram))
            .flatten()?;
        Some(ces.agree().reading())
    }

    fn unit(&self) -> (&'static str, usize) {
        match self.measured.metric {
            Metric::Nps => ("", 1),
            Metric::Csat => (" % satisfied", 1),
            Metric::Ces => (" on average", 2),
        }
    }
}

/// The results as a person reads them in a terminal.
pub fn text(results: &[SurveyResults]) -> String {
    let mut text = String::new();
    for survey in results {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{}: {} complete + {} partial",
            survey.survey, survey.complete, survey.partial
        );
        for metric in &survey.metrics {
            let name = metric.measured.metric.name().to_uppercase();
            let (low, high) = (metric.measured.scale.low(), metric.measured.scale.high());
            let _ = writeln!(
                text,
                "\n  {} ({name}, {low} to {high}): {} complete + {} partial",
                metric.measured.question, metric.complete, metric.partial
            );
            let most = metric
                .histogram
                .bars()
                .map(|(_, n)| n)
                .max()
                .unwrap_or_default()
                .max(1);
            for (point, n) in metric.histogram.bars() {
                let length =
                    usize::try_from((n.saturating_mul(BAR)).div_ceil(most)).unwrap_or_default();
                let _ = writeln!(text, "  {point:>4} {:<40} {n}", "█".repeat(length));
            }
            let (unit, decimals) = metric.unit();
            let _ = writeln!(text, "  {}", sentence(metric.reading(), unit, decimals));
            if let Some(agree @ Reading::Shown { .. }) = metric.agree() {
                let _ = writeln!(text, "  {}", sentence(Some(agree), " % found it easy", 1));
            }
        }
        text.push('\n');
    }
    text
}

/// The response rate of each wave of invitations: answered of those that arrived. A rate needs as many as any other share.
pub fn waves_text(waves: &[WaveCount]) -> String {
    let mut text = String::new();
    for wave in waves {
        let (answered, delivered) = (wave.answered, wave.delivered());
        let rate = match rate(wave) {
            Some(rate) => format!("{rate:.1} %"),
            None => format!("too few for a rate (from {} on)", Sample::SHOWN_FROM),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{} {}: {answered} answered of {delivered} that arrived: {rate}",
            wave.survey, wave.wave
        );
        let _ = write!(
            text,
            "  {} planned, {} sent, {} came back, {} begun",
            wave.planned, wave.sent, wave.bounced, wave.begun
        );
        for (reason, n) in &wave.suppressed {
            let _ = write!(text, ", {n} not sent: {reason}");
        }
        text.push('\n');
    }
    text
}

/// The same for programs.
pub fn waves_value(waves: &[WaveCount]) -> Value {
    let number = |count: u64| Value::Number(count as f64);
    let wave = |wave: &WaveCount| {
        let reasons = wave.suppressed.iter();
        let reasons = reasons.map(|(reason, n)| (reason.clone(), number(*n)));
        let entries = [
            ("survey", Value::from(wave.survey.as_str())),
            ("wave", Value::from(wave.wave.as_str())),
            ("planned", number(wave.planned)),
            ("sent", number(wave.sent)),
            ("bounced", number(wave.bounced)),
            ("delivered", number(wave.delivered())),
            ("answered", number(wave.answered)),
            ("begun", number(wave.begun)),
            ("rate", rate(wave).map_or(Value::Null, Value::Number)),
            ("not_sent", Value::Object(reasons.collect())),
        ];
        Value::Object(entries.map(|(key, value)| (key.to_owned(), value)).to_vec())
    };
    Value::List(waves.iter().map(wave).collect())
}

/// In per cent; nothing below the number from which shares are shown.
fn rate(wave: &WaveCount) -> Option<f64> {
    let delivered = wave.delivered();
    (delivered >= Sample::SHOWN_FROM).then(|| wave.answered as f64 * 100.0 / delivered as f64)
}

fn sentence(reading: Option<Reading>, unit: &str, decimals: usize) -> String {
    match reading {
        None => "no value: this metric is not defined on this scale".to_owned(),
        Some(Reading::CountsOnly { n }) => format!(
            "{n} answers: too few for a value (from {} on)",
            Sample::SHOWN_FROM
        ),
        Some(Reading::Shown {
            n,
            value,
            interval: Interval { low, high },
            is_small,
        }) => {
            let small = if is_small { ", small sample" } else { "" };
            format!(
                "{value:.decimals$}{unit}, 95 % interval {low:.decimals$} to {high:.decimals$}, n = {n}{small}"
            )
        }
    }
}

/// The results for programs.
pub fn value(results: &[SurveyResults]) -> Value {
    let object = |entries: Vec<(&str, Value)>| {
        Value::Object(
            entries
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect(),
        )
    };
    let number = |count: u64| Value::Number(count as f64);
    let metric = |metric: &MetricResults| {
        let bars = metric
            .histogram
            .bars()
            .map(|(point, n)| (point.to_string(), number(n)))
            .collect();
        let mut entries = vec![
            ("question", Value::from(metric.measured.question.as_str())),
            ("metric", Value::from(metric.measured.metric.name())),
            (
                "scale",
                Value::List(
                    [metric.measured.scale.low(), metric.measured.scale.high()]
                        .map(|end| Value::from(f64::from(end)))
                        .into(),
                ),
            ),
            ("complete", number(metric.complete)),
            ("partial", number(metric.partial)),
            ("histogram", Value::Object(bars)),
        ];
        entries.extend(figures(metric.reading()));
        if let Some(agree) = metric.agree() {
            entries.push(("agree", object(figures(Some(agree)))));
        }
        object(entries)
    };
    let survey = |survey: &SurveyResults| {
        object(vec![
            ("survey", Value::from(survey.survey.as_str())),
            ("complete", number(survey.complete)),
            ("partial", number(survey.partial)),
            (
                "metrics",
                Value::List(survey.metrics.iter().map(metric).collect()),
            ),
        ])
    };
    object(vec![(
        "surveys",
        Value::List(results.iter().map(survey).collect()),
    )])
}

fn figures(reading: Option<Reading>) -> Vec<(&'static str, Value)> {
    match reading {
        None => vec![("sample", Value::Null)],
        Some(Reading::CountsOnly { n }) => vec![
            ("n", Value::Number(n as f64)),
            ("sample", Value::from("counts-only")),
        ],
        Some(Reading::Shown {
            n,
            value,
            interval,
            is_small,
        }) => vec![
            ("n", Value::Number(n as f64)),
            ("value", Value::Number(value)),
            (
                "interval",
                Value::List(vec![
                    Value::Number(interval.low),
                    Value::Number(interval.high),
                ]),
            ),
            (
                "sample",
                Value::from(if is_small { "small" } else { "full" }),
            ),
        ],
    }
}
