//! Values with their intervals as pictures. Each stands beside a table that says the same, so that nobody needs to see it.

use leptos::prelude::*;

use super::figure;
use crate::api::scores::{MetricScores, Named};
use crate::measures::Reading;

/// Width and height of the drawing, in its own units.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 220.0;
/// Room at the left for the axis, and below for the months.
const LEFT: f64 = 44.0;
const BELOW: f64 = 26.0;
const ABOVE: f64 = 10.0;

/// A point for each month, with its interval as a bar. Months with fewer than ten answers have none.
pub(super) fn over_time(metric: &MetricScores, shown: &[Named]) -> impl IntoView + use<> {
    let (low, high) = figure::axis(metric);
    let y = move |value: f64| {
        let share = (value.clamp(low, high) - low) / (high - low);
        ABOVE + (1.0 - share) * (HEIGHT - ABOVE - BELOW)
    };
    let step = (WIDTH - LEFT) / shown.len().max(1) as f64;
    let ticks = [low, f64::midpoint(low, high), high].map(|tick| {
        let place = y(tick);
        view! {
            <line class="grid" x1=LEFT x2=WIDTH y1=place y2=place />
            <text class="tick" x=LEFT - 8.0 y=place + 4.0 text-anchor="end">{figure::value(metric, tick)}</text>
        }
    });
    let months: Vec<_> = shown
        .iter()
        .enumerate()
        .map(|(place, month)| {
            let x = LEFT + step * (place as f64 + 0.5);
            let mark = match figure::reading(metric, &month.counts) {
                Some(Reading::Shown { value, interval, .. }) => Some(view! {
                    <line class="interval" x1=x x2=x y1=y(interval.low) y2=y(interval.high) />
                    <circle class="value" cx=x cy=y(value) r="5" />
                }),
                Some(Reading::CountsOnly { .. }) | None => None,
            };
            view! {
                {mark}
                <text class="tick" x=x y=HEIGHT - 6.0 text-anchor="middle">{month.name.clone()}</text>
            }
        })
        .collect();
    view! {
        <svg class="chart" viewBox=format!("0 0 {WIDTH} {HEIGHT}") aria-hidden="true">
            {ticks.to_vec()}
            {months}
        </svg>
    }
}

/// One point of a scale: how many chose it.
pub(super) fn bar(count: u64, most: u64) -> impl IntoView + use<> {
    let share = if most == 0 {
        0.0
    } else {
        100.0 * count as f64 / most as f64
    };
    view! {
        <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
            <rect x="0" y="0" height="8" width=share />
        </svg>
    }
}
