//! The console: what people of staff see in their browser. Every page answers one question, which is its heading.
//!
//! It knows the endpoint by its routes only; figures are computed here, by the same `measures` as everywhere.

use leptos::prelude::*;

use crate::messages::{ConsoleText, Language, console_text, fill};

/// Values and intervals as pictures.
mod chart;
/// Asking the endpoint.
mod client;
/// Figures in words.
mod figure;
/// "Are we getting better?"
mod scores;
/// Becoming somebody of staff.
mod sign_in;

use client::Person;

/// What every page can reach.
#[derive(Clone, Copy, Debug)]
struct Desk {
    language: RwSignal<Language>,
    place: RwSignal<Place>,
}

/// Where somebody is.
#[derive(Clone, Debug, PartialEq)]
enum Place {
    /// It is asked who is there.
    Opening,
    /// The endpoint cannot be reached.
    Unreachable,
    /// Nobody is signed in.
    SignIn,
    /// By the link of the first start.
    SetUp(String),
    /// By a link that sets a password.
    Password(String),
    /// Signed in.
    Inside(Person),
}

impl Desk {
    fn text(self, text: ConsoleText) -> &'static str {
        console_text(self.language.get(), text)
    }

    /// A text with its places filled.
    fn filled(self, text: ConsoleText, values: &[(&str, &str)]) -> String {
        fill(self.text(text), values)
    }

    /// One of several languages' words, for this reader.
    fn word(self, texts: &[(String, String)], otherwise: &str) -> String {
        let tag = self.language.get().tag();
        let found = texts.iter().find(|(known, _)| known == tag);
        let found = found
            .map(|(_, text)| text.as_str())
            .filter(|text| !text.is_empty());
        found.unwrap_or(otherwise).to_owned()
    }
}

/// The English months, short.
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Year and month of `2026-11`.
fn year_and_month(name: &str) -> Option<(&str, usize)> {
    let (year, month) = name.split_once('-')?;
    let month = month.parse().ok()?;
    (1..=12).contains(&month).then_some((year, month))
}

impl Desk {
    /// A month as this reader writes it: `Nov 2026`, `2026年11月`.
    fn month(self, name: &str) -> String {
        let Some((year, month)) = year_and_month(name) else {
            return name.to_owned();
        };
        match self.language.get() {
            Language::English => {
                let month = MONTHS.get(month - 1).copied().unwrap_or_default();
                [month, " ", year].concat()
            }
            Language::Chinese => format!("{year}年{month}月"),
        }
    }

    /// The same where room is short: without the year, but in January.
    fn short_month(self, name: &str) -> String {
        match (year_and_month(name), self.language.get()) {
            (Some((year, 1)), Language::English) => ["Jan ", year].concat(),
            (Some((year, 1)), Language::Chinese) => [year, "年1月"].concat(),
            (Some((_, month)), Language::English) => MONTHS
                .get(month - 1)
                .copied()
                .unwrap_or_default()
                .to_owned(),
            (Some((_, month)), Language::Chinese) => format!("{month}月"),
            (None, _) => name.to_owned(),
        }
    }
}

/// Puts the console into the page.
pub fn mount() {
    leptos::mount::mount_to_body(Console);
}

#[component]
fn Console() -> impl IntoView {
    let languages = window().navigator().languages();
    let wishes: Vec<String> = languages.iter().filter_map(|tag| tag.as_string()).collect();
    let desk = Desk {
        language: RwSignal::new(Language::best_of(wishes.iter().map(String::as_str))),
        place: RwSignal::new(Place::Opening),
    };
    Effect::new(move |_| {
        let language = desk.language.get();
        if let Some(root) = document().document_element() {
            let named = root.set_attribute("lang", language.tag());
            debug_assert!(named.is_ok(), "`lang` is an attribute's name");
        }
    });
    open(desk);
    view! {
        <header class="bar">
            <p class="brand" lang="zh-CN">"倾听"</p>
            <nav>
                <Languages desk=desk />
                {move || match desk.place.get() {
                    Place::Inside(person) => Some(view! { <Leave desk=desk person=person /> }),
                    _ => None,
                }}
            </nav>
        </header>
        <main>
            {move || match desk.place.get() {
                Place::Opening => {
                    view! { <p class="quiet" role="status">{desk.text(ConsoleText::Opening)}</p> }.into_any()
                }
                Place::Unreachable => view! { <Unreachable desk=desk /> }.into_any(),
                Place::SignIn => sign_in::sign_in(desk).into_any(),
                Place::SetUp(link) => sign_in::set_up(desk, link).into_any(),
                Place::Password(link) => sign_in::set_password(desk, link).into_any(),
                Place::Inside(person) => scores::page(desk, &person).into_any(),
            }}
        </main>
    }
}

/// Where a visit begins: at a link's page, or inside where the browser has a session.
fn open(desk: Desk) {
    let fragment = window().location().hash().unwrap_or_default();
    if let Some(link) = fragment.strip_prefix("#set-up=") {
        desk.place.set(Place::SetUp(link.to_owned()));
    } else if let Some(link) = fragment.strip_prefix("#password=") {
        desk.place.set(Place::Password(link.to_owned()));
    } else {
        desk.place.set(Place::Opening);
        leptos::task::spawn_local(async move {
            desk.place.set(match client::me().await {
                Ok(person) => Place::Inside(person),
                Err(client::Failure::Unreachable) => Place::Unreachable,
                Err(client::Failure::Refused(_)) => Place::SignIn,
            });
        });
        return;
    }
    // The link opens once: it must not stay in the address bar or in the history.
    if let Ok(history) = window().history() {
        let replaced = history.replace_state_with_url(
            &leptos::wasm_bindgen::JsValue::NULL,
            "",
            Some("/console"),
        );
        debug_assert!(replaced.is_ok(), "the same origin");
    }
}

#[component]
fn Unreachable(desk: Desk) -> impl IntoView {
    view! {
        <section class="card" role="alert">
            <p>{move || desk.text(ConsoleText::Unreachable)}</p>
            <button on:click=move |_| open(desk)>{move || desk.text(ConsoleText::TryAgain)}</button>
        </section>
    }
}

#[component]
fn Languages(desk: Desk) -> impl IntoView {
    let buttons = Language::ALL.map(|language| {
        view! {
            <button
                class="quiet"
                lang=language.tag()
                aria-pressed=move || (desk.language.get() == language).to_string()
                on:click=move |_| desk.language.set(language)
            >
                {language.own_name()}
            </button>
        }
    });
    view! { <span class="languages">{buttons.to_vec()}</span> }
}

#[component]
fn Leave(desk: Desk, person: Person) -> impl IntoView {
    let leave = move |_| {
        leptos::task::spawn_local(async move {
            // Whether or not the endpoint heard it: this browser shows nothing any more.
            let told = client::sign_out().await;
            desk.place.set(if told.is_ok() {
                Place::SignIn
            } else {
                Place::Unreachable
            });
        });
    };
    view! {
        <span class="who">{person.name}</span>
        <button class="quiet" on:click=leave>{move || desk.text(ConsoleText::SignOut)}</button>
    }
}
