//! "Are we getting better?": each metric over time and by slice, with how sure it is, beside what customers wrote. It brings
//! itself up to date while somebody looks.

use std::time::Duration;

use leptos::prelude::*;

use super::client::{self, Failure, Person};
use super::{Desk, Place};
use crate::api::route;
use crate::api::scores::{MetricScores, Scores, SurveyScores};
use crate::measures::Reading;
use crate::messages::ConsoleText;

/// Tables and pictures of one survey.
mod parts;

/// So often is asked for what is new.
const ROUND: Duration = Duration::from_secs(3);
/// Whoever has done nothing for so long is not asked for, so that a session that nobody uses can end, in milliseconds.
const AWAY_MS: f64 = 30.0 * 60_000.0;

/// The zone of this browser, as its calendar names it.
fn zone() -> String {
    let options = js_sys::Intl::DateTimeFormat::default().resolved_options();
    let name = js_sys::Reflect::get(&options, &"timeZone".into());
    name.ok()
        .and_then(|name| name.as_string())
        .unwrap_or_else(|| "UTC".to_owned())
}

/// How asking went.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Asked {
    Waiting,
    Failed,
    NotAllowed,
    /// At this moment of the browser's clock.
    Here(f64),
}

/// The page's state.
#[derive(Clone, Copy)]
struct Page {
    desk: Desk,
    asked: RwSignal<Asked>,
    scores: RwSignal<Scores>,
    /// The name of the survey that was chosen.
    survey: RwSignal<Option<String>>,
    /// The place of the metric that was chosen.
    metric: RwSignal<usize>,
}

impl Page {
    /// Asks for the counts.
    async fn load(self) {
        let found = client::scores(&zone()).await;
        match found {
            Ok(found) => {
                // What was looked at first stays, whichever survey gets more answers later.
                let most = found
                    .surveys
                    .iter()
                    .rev()
                    .filter(|survey| !survey.metrics.is_empty())
                    .max_by_key(|survey| survey.complete + survey.partial)
                    .filter(|survey| survey.complete + survey.partial > 0);
                if let Some(most) = most
                    && self.survey.try_with_untracked(Option::is_none) == Some(true)
                {
                    self.survey.try_set(Some(most.survey.clone()));
                }
                // Whoever has left meanwhile sees none of it.
                if self.scores.try_with_untracked(|known| *known != found) == Some(true) {
                    self.scores.try_set(found);
                }
                self.asked.try_set(Asked::Here(js_sys::Date::now()));
            }
            Err(Failure::Unreachable) => {
                self.asked.try_set(Asked::Failed);
            }
            Err(Failure::Refused(refusal)) if refusal.code == "not-signed-in" => {
                self.desk.place.set(Place::SignIn);
            }
            Err(Failure::Refused(_)) => {
                self.asked.try_set(Asked::NotAllowed);
            }
        }
    }

    /// What is looked at: the survey that was chosen, else the one with most sheets, which is what most people come for.
    fn shown(self) -> Option<SurveyScores> {
        let chosen = self.survey.get();
        self.scores.with(|scores| {
            let mut asked = scores
                .surveys
                .iter()
                .filter(|survey| !survey.metrics.is_empty());
            let found = match &chosen {
                Some(name) => asked.find(|survey| survey.survey == *name),
                // Of several the last one is the most: the first by name, where nobody has answered.
                None => asked
                    .rev()
                    .max_by_key(|survey| survey.complete + survey.partial),
            };
            found.cloned()
        })
    }
}

/// The page; `person` is who looks.
pub(super) fn page(desk: Desk, person: &Person) -> impl IntoView + use<> {
    let page = Page {
        desk,
        asked: RwSignal::new(Asked::Waiting),
        scores: RwSignal::new(Scores::default()),
        survey: RwSignal::new(None),
        metric: RwSignal::new(0),
    };
    stay_up_to_date(page);
    let is_admin = person.role == "admin";
    let has_come = Memo::new(move |_| page.scores.with(|scores| !scores.time_zone.is_empty()));
    let is_refused = Memo::new(move |_| page.asked.get() == Asked::NotAllowed);
    view! {
        <h1>{move || desk.text(ConsoleText::ScoresHeading)}</h1>
        {move || {
            if is_refused.get() {
                view! { <p class="card">{move || desk.text(ConsoleText::ScoresNotYours)}</p> }.into_any()
            } else if has_come.get() {
                view! { <Chosen page=page is_admin=is_admin /> }.into_any()
            } else {
                view! { <Coming page=page /> }.into_any()
            }
        }}
    }
}

/// Asks at once, and again and again while the page is seen and somebody is there.
fn stay_up_to_date(page: Page) {
    let is_asking = StoredValue::new(false);
    let last_seen = StoredValue::new(js_sys::Date::now());
    for event in ["pointerdown", "pointermove", "keydown"] {
        let handle = window_event_listener_untyped(event, move |_| {
            last_seen.try_set_value(js_sys::Date::now());
        });
        on_cleanup(move || handle.remove());
    }
    let look = move || {
        let is_away = js_sys::Date::now() - last_seen.get_value() > AWAY_MS;
        if !is_away && !is_asking.get_value() && !document().hidden() {
            is_asking.set_value(true);
            leptos::task::spawn_local(async move {
                page.load().await;
                is_asking.try_set_value(false);
            });
        }
    };
    look();
    // Without timers the page is as old as it says.
    if let Ok(timer) = set_interval_with_handle(look, ROUND) {
        on_cleanup(move || timer.clear());
    }
}

/// Before the first counts.
#[component]
fn Coming(page: Page) -> impl IntoView {
    let desk = page.desk;
    let again = move |_| {
        page.asked.set(Asked::Waiting);
        leptos::task::spawn_local(page.load());
    };
    move || match page.asked.get() {
        Asked::Failed => view! {
            <section class="card" role="alert">
                <p>{desk.text(ConsoleText::Unreachable)}</p>
                <button on:click=again>{desk.text(ConsoleText::TryAgain)}</button>
            </section>
        }
        .into_any(),
        Asked::Waiting | Asked::NotAllowed | Asked::Here(_) => {
            view! { <p class="quiet" role="status">{desk.text(ConsoleText::Counting)}</p> }
                .into_any()
        }
    }
}

/// Which survey is looked at, and what there is to see of it.
#[component]
fn Chosen(page: Page, is_admin: bool) -> impl IntoView {
    let desk = page.desk;
    let shown = Memo::new(move |_| page.shown());
    let is_there = Memo::new(move |_| shown.with(Option::is_some));
    let names = Memo::new(move |_| {
        page.scores.with(|scores| {
            let asked = scores.surveys.iter();
            let asked = asked.filter(|survey| !survey.metrics.is_empty());
            let named = asked.map(|survey| (survey.survey.clone(), survey.title.clone()));
            named.collect::<Vec<_>>()
        })
    });
    let name = Memo::new(move |_| shown.with(|shown| shown.as_ref().map(|one| one.survey.clone())));
    let options = move || {
        let each = names.get().into_iter().map(|(survey, title)| {
            let words = desk.word(&title, &survey);
            let value = survey.clone();
            let is_chosen = move || name.get().as_deref() == Some(survey.as_str());
            view! { <option value=value prop:selected=is_chosen>{words}</option> }
        });
        each.collect::<Vec<_>>()
    };
    let table = move || {
        let zone = js_sys::encode_uri_component(&zone());
        let survey = name.get().unwrap_or_default();
        format!(
            "{}?survey={survey}&time_zone={zone}",
            route::STAFF_SCORES_TABLE
        )
    };
    let choose = move |event: leptos::ev::Event| {
        page.survey.set(Some(event_target_value(&event)));
        page.metric.set(0);
    };
    view! {
        {move || {
            if is_there.get() {
                view! {
                    <div class="tools">
                        <label>
                            <span>{move || desk.text(ConsoleText::Survey)}</span>
                            <select on:change=choose>{options}</select>
                        </label>
                        <a class="button" href=table download="scores.csv">
                            {move || desk.text(ConsoleText::SaveTable)}
                        </a>
                    </div>
                    <State page=page shown=shown />
                    <Survey page=page shown=shown is_admin=is_admin />
                }
                    .into_any()
            } else {
                view! { <p class="card">{move || desk.text(ConsoleText::NoScores)}</p> }.into_any()
            }
        }}
    }
}

/// How many sheets there are, and how old that is.
#[component]
fn State(page: Page, shown: Memo<Option<SurveyScores>>) -> impl IntoView {
    let desk = page.desk;
    let sheets = move || {
        shown.with(|shown| {
            let counts = shown.as_ref().map(|one| (one.complete, one.partial));
            let (complete, partial) = counts.unwrap_or_default();
            let (complete, partial) = (complete.to_string(), partial.to_string());
            let values = [
                ("complete", complete.as_str()),
                ("partial", partial.as_str()),
            ];
            desk.filled(ConsoleText::Sheets, &values)
        })
    };
    let waiting = move || {
        let waiting = page.scores.with(|scores| scores.waiting);
        (waiting > 0).then(|| {
            let words = desk.filled(ConsoleText::StillCounting, &[("n", &waiting.to_string())]);
            [" · ", &words].concat()
        })
    };
    let age = move || match page.asked.get() {
        Asked::Here(at) => {
            let date = js_sys::Date::new(&at.into());
            let two = |n: u32| format!("{n:02}");
            let time = [date.get_hours(), date.get_minutes(), date.get_seconds()].map(two);
            desk.filled(ConsoleText::UpToDate, &[("time", &time.join(":"))])
        }
        _ => String::new(),
    };
    let failed =
        move || (page.asked.get() == Asked::Failed).then(|| desk.text(ConsoleText::OutOfDate));
    view! {
        <p class="quiet state"><span>{sheets}{waiting}</span> <span class="age">{age}</span></p>
        <p class="error" role="status">{failed}</p>
    }
}

#[component]
fn Survey(page: Page, shown: Memo<Option<SurveyScores>>, is_admin: bool) -> impl IntoView {
    let desk = page.desk;
    let places = Memo::new(move |_| {
        shown.with(|shown| {
            let metrics = shown.iter().flat_map(|one| {
                let each = one.metrics.iter().enumerate();
                each.map(|(place, metric)| (one.survey.clone(), metric.question.clone(), place))
            });
            metrics.collect::<Vec<_>>()
        })
    });
    let metric_at = move |place: usize| {
        Memo::new(move |_| {
            shown.with(|shown| {
                let metrics = shown.as_ref().map(|one| one.metrics.as_slice());
                metrics.and_then(|metrics| metrics.get(place)).cloned()
            })
        })
    };
    let metric = Memo::new(move |_| {
        let place = page.metric.get();
        shown.with(|shown| {
            let metrics = shown.as_ref()?.metrics.as_slice();
            metrics
                .get(place.min(metrics.len().saturating_sub(1)))
                .cloned()
        })
    });
    let is_empty = Memo::new(move |_| {
        shown.with(|shown| {
            let sheets = shown.as_ref().map(|one| one.complete + one.partial);
            sheets.unwrap_or_default() == 0
        })
    });
    let empty = move || {
        is_empty.get().then(|| {
            let name = shown.with(|shown| shown.as_ref().map(|one| one.survey.clone()));
            let name = name.unwrap_or_default();
            let words = desk.filled(ConsoleText::NoAnswers, &[("survey", &name)]);
            view! { <p class="card">{words}</p> }
        })
    };
    let tile = move |(_, _, place): (String, String, usize)| {
        view! { <Tile page=page place=place metric=metric_at(place) /> }
    };
    view! {
        {empty}
        <ul class="tiles">
            <For each=move || places.get() key=|place| place.clone() children=tile />
        </ul>
        <div class="columns">
            <div>
                {parts::over_time(desk, metric)}
                {parts::distribution(desk, metric)}
            </div>
            <div>
                {(!is_admin).then(|| parts::words(desk, shown))}
                {parts::response_rate(desk, shown)}
                {parts::drop_off(desk, shown)}
            </div>
        </div>
        <div class="slices">{parts::slices(desk, metric)}</div>
        <p class="note">{move || desk.filled(ConsoleText::MonthsIn, &[("zone", &zone())])}</p>
    }
}

/// One metric in a word, a number and how sure that is.
#[component]
fn Tile(page: Page, place: usize, metric: Memo<Option<MetricScores>>) -> impl IntoView {
    let desk = page.desk;
    let of = move |words: fn(Desk, &MetricScores) -> String| {
        move || metric.with(|one| one.as_ref().map(|one| words(desk, one)))
    };
    let value = of(|_, one| match one.reading(&one.all) {
        Some(Reading::Shown { value, .. }) => super::figure::value(one, value),
        Some(Reading::CountsOnly { .. }) | None => "–".to_owned(),
    });
    view! {
        <li>
            <button class="tile" aria-pressed=move || (page.metric.get() == place).to_string()
                on:click=move |_| page.metric.set(place)>
                <span class="name">{of(|_, one| one.metric.to_uppercase())}</span>
                <span class="value">{value}</span>
                <span class="title">{of(|desk, one| desk.word(&one.title, &one.question))}</span>
                <span class="hint">
                    {of(|desk, one| super::figure::sureness(desk, one, one.reading(&one.all)))}
                </span>
            </button>
        </li>
    }
}
