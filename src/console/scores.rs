//! "Are we getting better?": each metric over time and by slice, with how sure it is, beside what customers wrote.

use leptos::prelude::*;

use super::client::{self, Failure, Person};
use super::{Desk, Place, chart, figure};
use crate::api::route;
use crate::api::scores::{MetricScores, Named, Scores, SurveyScores};
use crate::measures::Reading;
use crate::messages::ConsoleText;

/// Months in the picture.
const SHOWN_MONTHS: usize = 12;

/// The zone of this browser, as its calendar names it.
fn zone() -> String {
    let options = js_sys::Intl::DateTimeFormat::default().resolved_options();
    let name = js_sys::Reflect::get(&options, &"timeZone".into());
    name.ok()
        .and_then(|name| name.as_string())
        .unwrap_or_else(|| "UTC".to_owned())
}

#[derive(Clone, Debug, PartialEq)]
enum Answer {
    Waiting,
    Failed,
    NotAllowed,
    Here(Scores),
}

/// The page; `person` is who looks.
pub(super) fn page(desk: Desk, person: &Person) -> impl IntoView + use<> {
    let scores = RwSignal::new(Answer::Waiting);
    let load = move || {
        scores.set(Answer::Waiting);
        leptos::task::spawn_local(async move {
            scores.set(match client::scores(&zone()).await {
                Ok(found) => Answer::Here(found),
                Err(Failure::Unreachable) => Answer::Failed,
                Err(Failure::Refused(refusal)) if refusal.code == "not-signed-in" => {
                    desk.place.set(Place::SignIn);
                    return;
                }
                Err(Failure::Refused(_)) => Answer::NotAllowed,
            });
        });
    };
    load();
    let is_admin = person.role == "admin";
    view! {
        <h1>{move || desk.text(ConsoleText::ScoresHeading)}</h1>
        {move || match scores.get() {
            Answer::Waiting => {
                view! { <p class="quiet" role="status">{desk.text(ConsoleText::Counting)}</p> }.into_any()
            }
            Answer::Failed => {
                view! {
                    <section class="card" role="alert">
                        <p>{desk.text(ConsoleText::Unreachable)}</p>
                        <button on:click=move |_| load()>{desk.text(ConsoleText::TryAgain)}</button>
                    </section>
                }
                    .into_any()
            }
            Answer::NotAllowed => {
                view! { <p class="card">{desk.text(ConsoleText::ScoresNotYours)}</p> }.into_any()
            }
            Answer::Here(found) => view! { <Chosen desk=desk scores=found is_admin=is_admin /> }.into_any(),
        }}
    }
}

/// Which survey and metric are looked at.
#[component]
fn Chosen(desk: Desk, scores: Scores, is_admin: bool) -> impl IntoView {
    let asked = scores
        .surveys
        .iter()
        .filter(|survey| !survey.metrics.is_empty());
    // The survey with most sheets first: that is what most people come for.
    let most = asked
        .clone()
        .max_by_key(|survey| survey.complete + survey.partial);
    let first = most.map(|survey| survey.survey.clone()).unwrap_or_default();
    let names: Vec<_> = asked
        .map(|survey| (survey.survey.clone(), survey.title.clone()))
        .collect();
    if names.is_empty() {
        return view! { <p class="card">{move || desk.text(ConsoleText::NoScores)}</p> }.into_any();
    }
    let (survey, metric) = (RwSignal::new(first), RwSignal::new(0_usize));
    let zone = scores.time_zone.clone();
    let table = format!("{}?time_zone={zone}", route::STAFF_SCORES_TABLE);
    let scores = StoredValue::new(scores);
    let found = move || -> Option<SurveyScores> {
        let name = survey.get();
        scores.with_value(|scores| {
            scores
                .surveys
                .iter()
                .find(|one| one.survey == name)
                .cloned()
        })
    };
    let options = move || {
        let each = names.iter().map(|(name, title)| {
            let is_chosen = survey.get_untracked() == *name;
            view! { <option value=name.clone() selected=is_chosen>{desk.word(title, name)}</option> }
        });
        each.collect::<Vec<_>>()
    };
    view! {
        <div class="tools">
            <label>
                <span>{move || desk.text(ConsoleText::Survey)}</span>
                <select on:change=move |event| {
                    survey.set(event_target_value(&event));
                    metric.set(0);
                }>{options}</select>
            </label>
            <a class="button" href=table download="scores.csv">{move || desk.text(ConsoleText::SaveTable)}</a>
        </div>
        {move || {
            found().map(|found| {
                let chosen = metric.get().min(found.metrics.len().saturating_sub(1));
                view! { <Survey desk=desk survey=found chosen=chosen metric=metric is_admin=is_admin /> }
            })
        }}
        <p class="note">{move || desk.filled(ConsoleText::MonthsIn, &[("zone", zone.as_str())])}</p>
    }
        .into_any()
}

#[component]
fn Survey(
    desk: Desk,
    survey: SurveyScores,
    chosen: usize,
    metric: RwSignal<usize>,
    is_admin: bool,
) -> impl IntoView {
    let tiles: Vec<_> = survey
        .metrics
        .iter()
        .enumerate()
        .map(|(place, one)| {
            let reading = figure::reading(one, &one.all);
            let shown = match reading {
                Some(Reading::Shown { value, .. }) => figure::value(one, value),
                Some(Reading::CountsOnly { .. }) | None => "–".to_owned(),
            };
            view! {
                <li>
                    <button class="tile" aria-pressed=(place == chosen).to_string()
                        on:click=move |_| metric.set(place)>
                        <span class="name">{one.metric.to_uppercase()}</span>
                        <span class="value">{shown}</span>
                        <span class="title">{desk.word(&one.title, &one.question)}</span>
                        <span class="hint">{figure::sureness(desk, one, reading)}</span>
                    </button>
                </li>
            }
        })
        .collect();
    let sheets = [
        ("complete", survey.complete.to_string()),
        ("partial", survey.partial.to_string()),
    ];
    let sheets = sheets
        .each_ref()
        .map(|(name, count)| (*name, count.as_str()));
    let words = (!is_admin).then(|| words(desk, &survey));
    let one = survey.metrics.get(chosen).cloned();
    view! {
        <p class="quiet">{desk.filled(ConsoleText::Sheets, &sheets)}</p>
        <ul class="tiles">{tiles}</ul>
        {one.map(|one| view! { <Metric desk=desk metric=one /> })}
        {words}
        {answered(desk, &survey)}
    }
}

#[component]
fn Metric(desk: Desk, metric: MetricScores) -> impl IntoView {
    let from = metric.periods.len().saturating_sub(SHOWN_MONTHS);
    let months = metric.periods.get(from..).unwrap_or_default().to_vec();
    let bars: Vec<_> = (metric.low..=metric.high)
        .zip(metric.all.points.iter().copied())
        .collect();
    let most = bars
        .iter()
        .map(|(_, count)| *count)
        .max()
        .unwrap_or_default();
    let distribution: Vec<_> = bars
        .into_iter()
        .map(|(point, count)| {
            view! {
                <tr>
                    <th scope="row">{point}</th>
                    <td class="wide">{chart::bar(count, most)}</td>
                    <td>{count}</td>
                </tr>
            }
        })
        .collect();
    let slices: Vec<_> = metric
        .slices
        .iter()
        .map(|slice| {
            let by = match slice.by.as_str() {
                "account" => ConsoleText::ByAccount,
                "team" => ConsoleText::ByTeam,
                "region" => ConsoleText::ByRegion,
                "language" => ConsoleText::ByLanguage,
                _ => ConsoleText::ByChannel,
            };
            view! {
                <section class="card">
                    <h2>{desk.text(by)}</h2>
                    {table(desk, &metric, &slice.found, desk.text(by))}
                </section>
            }
        })
        .collect();
    view! {
        <section class="card">
            <h2>{desk.text(ConsoleText::OverTime)}</h2>
            <p class="verdict">{figure::verdict(desk, &metric)}</p>
            {chart::over_time(&metric, &months)}
            {table(desk, &metric, &months, desk.text(ConsoleText::Month))}
        </section>
        <section class="card">
            <h2>{desk.text(ConsoleText::Distribution)}</h2>
            <table>
                <thead><tr>
                    <th scope="col">{desk.text(ConsoleText::Point)}</th>
                    <th scope="col"><span class="unseen">{desk.text(ConsoleText::Share)}</span></th>
                    <th scope="col">{desk.text(ConsoleText::Answers)}</th>
                </tr></thead>
                <tbody>{distribution}</tbody>
            </table>
        </section>
        {slices}
    }
}

/// Names with n, value and interval.
fn table(
    desk: Desk,
    metric: &MetricScores,
    rows: &[Named],
    first: &'static str,
) -> impl IntoView + use<> {
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            let n = row.counts.points.iter().sum::<u64>();
            let (value, interval) = match figure::reading(metric, &row.counts) {
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
                    <th scope="row">{row.name.clone()}</th>
                    <td>{n}</td>
                    <td>{value}</td>
                    <td>{interval}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=first>
            <table>
                <thead><tr>
                    <th scope="col">{first}</th>
                    <th scope="col">{desk.text(ConsoleText::Answers)}</th>
                    <th scope="col">{desk.text(ConsoleText::Value)}</th>
                    <th scope="col">{desk.text(ConsoleText::Interval)}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// The newest words of customers.
fn words(desk: Desk, survey: &SurveyScores) -> impl IntoView + use<> {
    let each: Vec<_> = survey
        .words
        .iter()
        .map(|words| {
            let day = words.at.get(..10).unwrap_or_default().to_owned();
            let score = words
                .score
                .as_ref()
                .map(|(question, points)| format!(" · {question} {points}"));
            view! {
                <li>
                    <blockquote lang=words.locale.clone()>{words.text.clone()}</blockquote>
                    <p class="note"><time datetime=words.at.clone()>{day}</time>{score}</p>
                </li>
            }
        })
        .collect();
    let none = each
        .is_empty()
        .then(|| view! { <p class="quiet">{desk.text(ConsoleText::NoWords)}</p> });
    view! {
        <section class="card">
            <h2>{desk.text(ConsoleText::Words)}</h2>
            {none}
            <ul class="words">{each}</ul>
        </section>
    }
}

/// How many answered each question, in the survey's order: where people stop.
fn answered(desk: Desk, survey: &SurveyScores) -> impl IntoView + use<> {
    let most = survey.complete + survey.partial;
    let rows: Vec<_> = survey
        .answered
        .iter()
        .map(|one| {
            view! {
                <tr>
                    <th scope="row">{desk.word(&one.title, &one.question)}</th>
                    <td class="wide">{chart::bar(one.sheets, most)}</td>
                    <td>{one.sheets}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <section class="card">
            <h2>{desk.text(ConsoleText::WhereTheyStop)}</h2>
            <div class="scroll" tabindex="0" role="region" aria-label=desk.text(ConsoleText::WhereTheyStop)>
                <table>
                    <thead><tr>
                        <th scope="col">{desk.text(ConsoleText::Question)}</th>
                        <th scope="col"><span class="unseen">{desk.text(ConsoleText::Share)}</span></th>
                        <th scope="col">{desk.text(ConsoleText::Answers)}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}
