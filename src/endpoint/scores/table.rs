//! The figures of the Scores page as a table for spreadsheets.

use std::io::Write;

use super::super::export::safe;
use crate::api::scores::{Counts, MetricScores, Scores, SurveyScores};
use crate::measures::{Reading, Share, Trend};

/// The columns. `k`: of `n`, those that `value` is the share of, where it is one of sheets or invitations.
const COLUMNS: [&str; 13] = [
    "survey",
    "question",
    "metric",
    "low",
    "high",
    "by",
    "name",
    "n",
    "complete",
    "k",
    "value",
    "interval_low",
    "interval_high",
];

/// One line of it.
#[derive(Clone, Copy, Default)]
struct Line<'a> {
    question: &'a str,
    metric: &'a str,
    scale: Option<(i32, i32)>,
    by: &'a str,
    name: &'a str,
    n: Option<u64>,
    complete: Option<u64>,
    k: Option<u64>,
    figures: Option<[f64; 3]>,
}

/// Everything that the page shows but the customers' words, a line each. Below ten answers there is n only.
///
/// # Errors
/// When the output fails.
pub fn csv(scores: &Scores, output: &mut impl Write) -> Result<(), csv::Error> {
    output.write_all("\u{feff}".as_bytes())?;
    let mut table = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(output);
    table.write_record(COLUMNS)?;
    for survey in &scores.surveys {
        for metric in &survey.metrics {
            figures(metric, |line| put(&mut table, &survey.survey, line))?;
        }
        shares(survey, |line| put(&mut table, &survey.survey, line))?;
    }
    table.flush()?;
    Ok(())
}

fn put(
    table: &mut csv::Writer<&mut impl Write>,
    survey: &str,
    line: Line<'_>,
) -> Result<(), csv::Error> {
    let number = |n: Option<u64>| n.map(|n| n.to_string()).unwrap_or_default();
    let (low, high) = match line.scale {
        Some((low, high)) => (low.to_string(), high.to_string()),
        None => Default::default(),
    };
    let mut row = vec![
        survey.to_owned(),
        safe(line.question),
        line.metric.to_owned(),
        low,
        high,
        line.by.to_owned(),
        safe(line.name),
        number(line.n),
        number(line.complete),
        number(line.k),
    ];
    match line.figures {
        Some(figures) => row.extend(figures.map(|figure| figure.to_string())),
        None => row.extend([const { String::new() }; 3]),
    }
    table.write_record(row)
}

/// A metric: all, by month, by slice, each point, and the newest month beside the one before it.
fn figures(
    metric: &MetricScores,
    mut put: impl FnMut(Line<'_>) -> Result<(), csv::Error>,
) -> Result<(), csv::Error> {
    let of = Line {
        question: &metric.question,
        metric: &metric.metric,
        scale: Some((metric.low, metric.high)),
        ..Line::default()
    };
    let mut line = |by: &str, name: &str, counts: &Counts| {
        put(Line {
            by,
            name,
            n: Some(counts.n()),
            complete: Some(counts.complete),
            figures: metric.reading(counts).and_then(shown),
            ..of
        })
    };
    line("all", "", &metric.all)?;
    for month in &metric.periods {
        line("month", &month.name, &month.counts)?;
    }
    for slice in &metric.slices {
        for one in &slice.found {
            line(&slice.by, &one.name, &one.counts)?;
        }
    }
    for (point, count) in (metric.low..=metric.high).zip(&metric.all.points) {
        put(Line {
            by: "point",
            name: &point.to_string(),
            n: Some(*count),
            ..of
        })?;
    }
    if let Some((before, after, change)) = metric.newest_change() {
        let change = change.filter(|change| change.trend() != Trend::TooFew);
        put(Line {
            by: "change",
            name: &format!("{} / {}", after.name, before.name),
            figures: change
                .map(|change| [change.change, change.interval.low, change.interval.high]),
            ..of
        })?;
    }
    Ok(())
}

/// Shares of sheets and invitations: response rates, answers to each question, where sheets were left.
fn shares(
    survey: &SurveyScores,
    mut put: impl FnMut(Line<'_>) -> Result<(), csv::Error>,
) -> Result<(), csv::Error> {
    let mut line = |metric: &str, question: &str, name: &str, k: u64, n: u64| {
        put(Line {
            question,
            metric,
            by: if question.is_empty() {
                "wave"
            } else {
                "question"
            },
            name,
            n: Some(n),
            k: Some(k),
            figures: Share::new(k, n).map(Share::reading).and_then(shown),
            ..Line::default()
        })
    };
    for wave in &survey.waves {
        line(
            "response-rate",
            "",
            &wave.wave,
            wave.answered,
            wave.delivered,
        )?;
    }
    let begun = survey.complete + survey.partial;
    for one in &survey.answered {
        line("answered", &one.question, "", one.sheets, begun)?;
    }
    for one in &survey.answered {
        line("left-after", &one.question, "", one.left, begun)?;
    }
    Ok(())
}

fn shown(reading: Reading) -> Option<[f64; 3]> {
    match reading {
        Reading::Shown {
            value, interval, ..
        } => Some([value, interval.low, interval.high]),
        Reading::CountsOnly { .. } => None,
    }
}
