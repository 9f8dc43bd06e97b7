//! Figures in words: a value, how sure it is, and whether it changed.

use super::Desk;
use crate::api::scores::MetricScores;
use crate::measures::{Reading, Trend};
use crate::messages::ConsoleText;

/// The lowest and highest value that the metric can have: the ends of its axis.
pub(super) fn axis(metric: &MetricScores) -> (f64, f64) {
    match metric.metric.as_str() {
        "nps" => (-100.0, 100.0),
        "csat" => (0.0, 100.0),
        _ => (f64::from(metric.low), f64::from(metric.high)),
    }
}

/// A value as it is written: whole points and percent, two decimals for a mean.
pub(super) fn value(metric: &MetricScores, value: f64) -> String {
    match metric.metric.as_str() {
        // No "-0".
        "nps" => format!("{:.0}", value.round() + 0.0),
        "csat" => format!("{value:.0} %"),
        _ => format!("{value:.2}"),
    }
}

/// "between 14 and 44, 95 % sure, from 100 answers", or why there is no figure.
pub(super) fn sureness(desk: Desk, metric: &MetricScores, reading: Option<Reading>) -> String {
    match reading {
        Some(Reading::Shown {
            n,
            interval,
            is_small,
            ..
        }) => {
            let (low, high) = (value(metric, interval.low), value(metric, interval.high));
            let n = n.to_string();
            let values = [
                ("low", low.as_str()),
                ("high", high.as_str()),
                ("n", n.as_str()),
            ];
            let text = if is_small {
                ConsoleText::SureSmall
            } else {
                ConsoleText::Sure
            };
            desk.filled(text, &values)
        }
        Some(Reading::CountsOnly { n }) => {
            desk.filled(ConsoleText::CountsOnly, &[("n", &n.to_string())])
        }
        None => desk.text(ConsoleText::NoFigure).to_owned(),
    }
}

/// What may be said of the newest month beside the one before it.
pub(super) fn verdict(desk: Desk, metric: &MetricScores) -> String {
    let Some((before, after, change)) = metric.newest_change() else {
        return desk.text(ConsoleText::OneMonth).to_owned();
    };
    let Some(change) = change else {
        return desk.text(ConsoleText::NoFigure).to_owned();
    };
    let text = match change.trend() {
        Trend::TooFew => ConsoleText::TooFewToCompare,
        Trend::Unclear => ConsoleText::NotShownToChange,
        Trend::Rose => ConsoleText::Rose,
        Trend::Fell => ConsoleText::Fell,
    };
    let points = |change: f64| match metric.metric.as_str() {
        "ces" => format!("{change:.2}"),
        // No "-0".
        _ => format!("{:.0}", change.round() + 0.0),
    };
    let signed = |change: f64| {
        let sign = if change < 0.0 { "−" } else { "+" };
        [sign, &points(change.abs())].concat()
    };
    let (points, low, high) = (
        points(change.change.abs()),
        signed(change.interval.low),
        signed(change.interval.high),
    );
    let (after, before) = (desk.month(&after.name), desk.month(&before.name));
    let values = [
        ("after", after.as_str()),
        ("before", before.as_str()),
        ("points", points.as_str()),
        ("low", low.as_str()),
        ("high", high.as_str()),
    ];
    desk.filled(text, &values)
}
