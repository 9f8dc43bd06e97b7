//! Values with their intervals as pictures. Each stands beside a table that says the same, so that nobody needs to see it.

use leptos::prelude::*;

use super::{Desk, figure};
use crate::api::scores::{MetricScores, Named};
use crate::measures::{Interval, Reading};

/// A drawing of months, in its own units: it is scaled to the page, and its words with it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size {
    /// Its class, by which the page shows the one that fits.
    class: &'static str,
    width: f64,
    /// Most months in it.
    months: usize,
}

impl Size {
    /// For a desk.
    pub(super) const WIDE: Self = Self {
        class: "chart wide-only",
        width: 760.0,
        months: 12,
    };
    /// For a phone.
    pub(super) const NARROW: Self = Self {
        class: "chart narrow-only",
        width: 340.0,
        months: 5,
    };
}

/// Its height, and the room left of the axis, under it, and over it.
const HEIGHT: f64 = 250.0;
const LEFT: f64 = 52.0;
const BELOW: f64 = 44.0;
const ABOVE: f64 = 22.0;

/// A dot for each month, labelled with its value, within the band of its interval. Months below ten answers have none.
pub(super) fn over_time(
    desk: Desk,
    metric: &MetricScores,
    months: &[Named],
    size: Size,
) -> impl IntoView + use<> {
    let months = months
        .get(months.len().saturating_sub(size.months)..)
        .unwrap_or_default();
    let (low, high) = figure::axis(metric);
    let y = move |value: f64| {
        let share = (value.clamp(low, high) - low) / (high - low);
        ABOVE + (1.0 - share) * (HEIGHT - ABOVE - BELOW)
    };
    let step = (size.width - LEFT) / months.len().max(1) as f64;
    let ticks = [low, f64::midpoint(low, high), high].map(|tick| {
        let place = y(tick);
        view! {
            <line class="grid" x1=LEFT x2=size.width y1=place y2=place />
            <text class="tick" x=LEFT - 8.0 y=place + 4.0 text-anchor="end">{figure::value(metric, tick)}</text>
        }
    });
    let marks: Vec<_> = months
        .iter()
        .enumerate()
        .map(|(place, month)| {
            let x = LEFT + step * (place as f64 + 0.5);
            let half = (step / 2.0 - 4.0).min(16.0);
            let mark = match metric.reading(&month.counts) {
                Some(Reading::Shown { value, interval, .. }) => {
                    let Interval { low, high } = interval;
                    let label = figure::value(metric, value);
                    Some(view! {
                        <rect class="band" x=x - half width=2.0 * half y=y(high)
                            height=(y(low) - y(high)).max(1.0) rx="4" />
                        <circle class="dot" cx=x cy=y(value) r="4.5" />
                        <text class="label" x=x y=y(high) - 7.0 text-anchor="middle">{label}</text>
                    })
                }
                Some(Reading::CountsOnly { .. }) | None => None,
            };
            let n = month.counts.n();
            view! {
                {mark}
                <text class="tick" x=x y=HEIGHT - 24.0 text-anchor="middle">{desk.short_month(&month.name)}</text>
                <text class="tick" x=x y=HEIGHT - 6.0 text-anchor="middle">{format!("n {n}")}</text>
            }
        })
        .collect();
    view! {
        <svg class=size.class viewBox=format!("0 0 {} {HEIGHT}", size.width) aria-hidden="true">
            {ticks.to_vec()}
            {marks}
        </svg>
    }
}

/// How large a count is beside the largest.
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

/// A share between nothing and all, within the band of its interval; empty where there is none.
pub(super) fn share(reading: Option<Reading>) -> impl IntoView + use<> {
    let marks = match reading {
        Some(Reading::Shown {
            value, interval, ..
        }) => Some(view! {
            <rect class="band" x=interval.low y="1" height="6" width=(interval.high - interval.low).max(0.5) />
            <rect class="dot" x=(value - 0.5).clamp(0.0, 99.0) y="0" height="8" width="1" />
        }),
        Some(Reading::CountsOnly { .. }) | None => None,
    };
    view! {
        <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">{marks}</svg>
    }
}
