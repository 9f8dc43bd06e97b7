//! The parts of the Scores page: each one card whose frame stays while its figures change.

use leptos::prelude::*;

use super::super::chart::{self, Size};
use super::super::{Desk, figure};
use crate::api::scores::{MetricScores, Named, SurveyScores};
use crate::measures::{Reading, Share};
use crate::messages::ConsoleText;

type Metric = Memo<Option<MetricScores>>;
type Shown = Memo<Option<SurveyScores>>;

/// Months in the table.
const SHOWN_MONTHS: usize = 12;

/// A card with its heading.
fn card<V: IntoView + 'static>(
    desk: Desk,
    heading: ConsoleText,
    class: &'static str,
    inner: impl Fn() -> V + Send + 'static,
) -> AnyView {
    let inner = move || inner().into_any();
    view! {
        <section class=["card ", class].concat()>
            <h2>{move || desk.text(heading)}</h2>
            {inner}
        </section>
    }
    .into_any()
}

/// A table that is walked by keyboard where it is wider than the page.
fn table(
    name: &'static str,
    columns: Vec<(&'static str, bool)>,
    rows: impl IntoView + 'static,
) -> impl IntoView {
    let heads: Vec<_> = columns
        .into_iter()
        .map(|(column, is_heard_only)| {
            let class = if is_heard_only { "unseen" } else { "" };
            view! { <th scope="col"><span class=class>{column}</span></th> }
        })
        .collect();
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=name>
            <table>
                <thead><tr>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// Month by month, in words, as a picture and as a table.
pub(super) fn over_time(desk: Desk, metric: Metric) -> impl IntoView {
    card(desk, ConsoleText::OverTime, "", move || {
        metric.get().map(|metric| {
            let from = metric.periods.len().saturating_sub(SHOWN_MONTHS);
            let months = metric.periods.get(from..).unwrap_or_default();
            let named: Vec<_> = months
                .iter()
                .map(|month| (desk.month(&month.name), month))
                .collect();
            let picture = (!months.is_empty()).then(|| {
                view! {
                    {chart::over_time(desk, &metric, months, Size::WIDE)}
                    {chart::over_time(desk, &metric, months, Size::NARROW)}
                    <p class="note">{desk.text(ConsoleText::HowToRead)}</p>
                }
            });
            view! {
                <p class="verdict">
                    {if months.is_empty() {
                        figure::sureness(desk, &metric, metric.reading(&metric.all))
                    } else {
                        figure::verdict(desk, &metric)
                    }}
                </p>
                {picture}
                {(!named.is_empty()).then(|| figures(desk, &metric, named, desk.text(ConsoleText::Month)))}
            }
        })
    })
}

/// Names with n, value and interval.
fn figures(
    desk: Desk,
    metric: &MetricScores,
    rows: Vec<(String, &Named)>,
    first: &'static str,
) -> impl IntoView + use<> {
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(name, row)| {
            let n = row.counts.n();
            let (value, interval) = match metric.reading(&row.counts) {
                Some(Reading::Shown {
                    value, interval, ..
                }) => (
                    figure::value(metric, value),
                    format!(
                        "{} … {}",
                        figure::value(metric, interval.low),
                        figure::value(metric, interval.high)
                    ),
                ),
                Some(Reading::CountsOnly { .. }) | None => {
                    ("–".to_owned(), desk.text(ConsoleText::BelowTen).to_owned())
                }
            };
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td>{n}</td>
                    <td>{value}</td>
                    <td>{interval}</td>
                </tr>
            }
        })
        .collect();
    let columns = [
        ConsoleText::Answers,
        ConsoleText::Value,
        ConsoleText::Interval,
    ]
    .map(|column| (desk.text(column), false));
    let columns = [(first, false)].into_iter().chain(columns).collect();
    table(first, columns, rows)
}

/// How often each point was chosen; a share from ten answers on.
pub(super) fn distribution(desk: Desk, metric: Metric) -> impl IntoView {
    card(desk, ConsoleText::Distribution, "", move || {
        metric.get().map(|metric| {
            let n = metric.all.n();
            let most = metric.all.points.iter().copied().max().unwrap_or_default();
            let rows: Vec<_> = (metric.low..=metric.high)
                .zip(metric.all.points.iter().copied())
                .map(|(point, count)| {
                    view! {
                        <tr>
                            <th scope="row">{point}</th>
                            <td class="wide">{chart::bar(count, most)}</td>
                            <td>{count}</td>
                            <td>{percent(count, n)}</td>
                        </tr>
                    }
                })
                .collect();
            let columns = vec![
                (desk.text(ConsoleText::Point), false),
                (desk.text(ConsoleText::Share), true),
                (desk.text(ConsoleText::Answers), false),
                (desk.text(ConsoleText::Share), false),
            ];
            table(desk.text(ConsoleText::Distribution), columns, rows)
        })
    })
}

/// A share without decimals, from ten on.
fn percent(k: u64, n: u64) -> String {
    match Share::new(k, n).map(Share::reading) {
        Some(Reading::Shown { value, .. }) => format!("{value:.0} %"),
        Some(Reading::CountsOnly { .. }) | None => "–".to_owned(),
    }
}

/// The same by what sheets say of themselves, a card each.
pub(super) fn slices(desk: Desk, metric: Metric) -> impl IntoView {
    let found = Memo::new(move |_| {
        metric.with(|metric| {
            let slices = metric.as_ref().map(|metric| metric.slices.iter());
            let names = slices.into_iter().flatten().map(|slice| slice.by.clone());
            names.collect::<Vec<_>>()
        })
    });
    let one = move |by: String| {
        let heading = match by.as_str() {
            "account" => ConsoleText::ByAccount,
            "team" => ConsoleText::ByTeam,
            "region" => ConsoleText::ByRegion,
            "language" => ConsoleText::ByLanguage,
            _ => ConsoleText::ByChannel,
        };
        card(desk, heading, "", move || {
            metric.with(|metric| {
                let metric = metric.as_ref()?;
                let slice = metric.slices.iter().find(|slice| slice.by == by)?;
                let named = slice.found.iter().map(|one| (one.name.clone(), one));
                Some(figures(desk, metric, named.collect(), desk.text(heading)))
            })
        })
    };
    view! { <For each=move || found.get() key=|by| by.clone() children=one /> }
}

/// The day of a moment in this browser's zone: `2026-11-23`.
fn day(at: &str) -> String {
    let date = js_sys::Date::new(&at.into());
    let (year, month) = (date.get_full_year(), date.get_month() + 1);
    format!("{year:04}-{month:02}-{:02}", date.get_date())
}

/// The newest words of customers.
pub(super) fn words(desk: Desk, shown: Shown) -> impl IntoView {
    card(desk, ConsoleText::Words, "quotes", move || {
        let survey = shown.get().unwrap_or_default();
        let (words, metrics) = (survey.words, survey.metrics);
        let none = words
            .is_empty()
            .then(|| view! { <p class="quiet">{desk.text(ConsoleText::NoWords)}</p> });
        let each: Vec<_> = words
            .into_iter()
            .map(|words| {
                let score = words.score.and_then(|(question, points)| {
                    let metric = metrics.iter().find(|one| one.question == question)?;
                    let name = metric.metric.to_uppercase();
                    Some(format!(" · {name} {points} / {}", metric.high))
                });
                let day = day(&words.at);
                view! {
                    <li>
                        <blockquote lang=words.locale>{words.text}</blockquote>
                        <p class="note"><time datetime=words.at>{day}</time>{score}</p>
                    </li>
                }
            })
            .collect();
        view! {
            {none}
            <div class="scroll" tabindex="0" role="region" aria-label=desk.text(ConsoleText::Words)>
                <ul class="words">{each}</ul>
            </div>
        }
    })
}

/// What became of the invitations of each wave.
pub(super) fn response_rate(desk: Desk, shown: Shown) -> impl IntoView {
    card(desk, ConsoleText::ResponseRate, "rates", move || {
        let waves = shown.with(|shown| shown.as_ref().map(|one| one.waves.clone()));
        let waves = waves.unwrap_or_default();
        if waves.is_empty() {
            return view! { <p class="quiet">{desk.text(ConsoleText::NoInvitations)}</p> }
                .into_any();
        }
        let rows: Vec<_> = waves
            .iter()
            .map(|wave| {
                let name = match wave.wave.as_str() {
                    "hand-over" => ConsoleText::WaveHandOver,
                    "in-use" => ConsoleText::WaveInUse,
                    "later" => ConsoleText::WaveLater,
                    _ => ConsoleText::WaveRelationship,
                };
                let unsent: u64 = wave.not_sent.iter().map(|(_, n)| n).sum();
                let counts = [
                    ("planned", wave.planned),
                    ("sent", wave.sent),
                    ("bounced", wave.bounced),
                    ("begun", wave.begun),
                    ("unsent", unsent),
                ]
                .map(|(name, n)| (name, n.to_string()));
                let values = counts.each_ref().map(|(name, n)| (*name, n.as_str()));
                let detail = desk.filled(ConsoleText::WaveDetail, &values);
                let rate = wave.rate();
                let (value, interval) = match rate {
                    Some(Reading::Shown {
                        value, interval, ..
                    }) => (
                        format!("{value:.0} %"),
                        format!("{:.0} % … {:.0} %", interval.low, interval.high),
                    ),
                    Some(Reading::CountsOnly { .. }) | None => {
                        ("–".to_owned(), desk.text(ConsoleText::BelowTen).to_owned())
                    }
                };
                view! {
                    <tr>
                        <th scope="row">{desk.text(name)}</th>
                        <td>{wave.delivered}</td>
                        <td>{wave.answered}</td>
                        <td>{value}</td>
                        <td>{interval}</td>
                    </tr>
                    <tr class="under"><td colspan="5">{chart::share(rate)}<span class="note">{detail}</span></td></tr>
                }
            })
            .collect();
        let columns = [
            ConsoleText::Wave,
            ConsoleText::Arrived,
            ConsoleText::Answered,
            ConsoleText::Rate,
            ConsoleText::Interval,
        ]
        .map(|column| (desk.text(column), false));
        table(desk.text(ConsoleText::ResponseRate), columns.to_vec(), rows).into_any()
    })
}

/// How many answered each question and how many left after it, in the survey's order: where people stop.
pub(super) fn drop_off(desk: Desk, shown: Shown) -> impl IntoView {
    card(desk, ConsoleText::WhereTheyStop, "drop-off", move || {
        shown.get().map(|survey| {
            let begun = survey.complete + survey.partial;
            let rows: Vec<_> = survey
                .answered
                .iter()
                .map(|one| {
                    view! {
                        <tr>
                            <th scope="row">{desk.word(&one.title, &one.question)}</th>
                            <td>{one.sheets}</td>
                            <td>{percent(one.sheets, begun)}</td>
                            <td>{one.left}</td>
                        </tr>
                        <tr class="under"><td colspan="4">{chart::bar(one.sheets, begun)}</td></tr>
                    }
                })
                .collect();
            let columns = [
                ConsoleText::Question,
                ConsoleText::Answered,
                ConsoleText::OfAllSheets,
                ConsoleText::LeftAfter,
            ]
            .map(|column| (desk.text(column), false));
            let at_once = survey.left_at_once;
            let at_once = (at_once > 0).then(|| {
                let words = desk.filled(ConsoleText::LeftAtOnce, &[("n", &at_once.to_string())]);
                view! { <p class="note">{words}</p> }
            });
            view! {
                {table(desk.text(ConsoleText::WhereTheyStop), columns.to_vec(), rows)}
                {at_once}
            }
        })
    })
}
