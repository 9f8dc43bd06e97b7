//! Choices picked from a list that can be searched: tagbox, and dropdowns too long to look through. A part.
//!
//! The list opens with what is chosen above it as buttons that take it back, and a field that searches. The choices are
//! native radio buttons and checkboxes: every way to answer that works for them works here.

use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::super::dom::{El, bind, el, field_value, texted};
use super::super::form::Form;
use super::{Asked, choice, group, style};
use crate::messages::Message;
use crate::survey::Value;
use crate::survey::definition::OTHER;
use crate::survey::javascript::{contains_text, lower_case};
use crate::survey::session::{ShownChoice, Source};

const CSS: &str = "\
.tags{display:flex;flex-wrap:wrap;gap:8px;margin-top:12px}\
.tags:empty{display:none}\
.tags button{min-height:44px;padding:0 12px;border:1px solid var(--accent);background:var(--soft);text-align:start}\
.tags button::after{content:\" ×\"}\
.found{max-height:320px;overflow:auto;overscroll-behavior:contain;padding:6px;margin:10px -6px 0}";

/// Up to so many choices need no search.
const MOST_WITHOUT_SEARCH: usize = 7;

pub(in super::super) fn view(form: Form, asked: &Asked) -> Vec<El> {
    let several = asked.question.kind.is_multiple();
    let search = RwSignal::new(String::new());
    let tags = el("div").class("tags");
    style::adopt(&tags, "lists", CSS);
    let (place, of) = (tags.clone(), asked.clone());
    let chosen = chosen(form, asked);
    bind(Box::new(move || {
        let items = chosen.get();
        place.show(items.iter().map(|item| tag(form, &of, item, several)));
    }));
    let of = asked.clone();
    let build = move |items: &[ShownChoice]| {
        let rows = items.iter();
        rows.flat_map(|item| found_row(form, &of, item, several, search))
            .collect()
    };
    let found = el("div").class("list found");
    let found = choice::shown_list(form, asked, found, Box::new(build));
    let count = asked
        .question
        .kind
        .choices()
        .map_or(0, |choices| choices.choices.len());
    let takes_own = asked
        .question
        .kind
        .choices()
        .is_some_and(|choices| choices.allows_custom);
    let field = (count > MOST_WITHOUT_SEARCH || takes_own).then(|| {
        let label = move || Some(form.text(Message::Search));
        let field = el("input")
            .attr("type", "search")
            .class("field")
            .attr("autocomplete", "off")
            .bind_attr("aria-label", label)
            .bind_attr("placeholder", label)
            .bind_prop("value", move || JsValue::from_str(&search.get()))
            .on("input", move |event| search.set(field_value(event)));
        let of = asked.question.clone();
        // Enter must not send the page; it takes what was typed where that is allowed.
        field.on("keydown", move |event| {
            let is_enter =
                super::super::js::get(event, "key").as_string().as_deref() == Some("Enter");
            if !is_enter {
                return;
            }
            event.prevent_default();
            let words = search.get_untracked();
            if takes_own && !words.trim().is_empty() {
                let value = Value::from(words.trim());
                let answer = form.look(|session| {
                    let item = ShownChoice {
                        value,
                        source: Source::Custom,
                        is_enabled: true,
                    };
                    if several {
                        session.toggled(&of, &item)
                    } else {
                        item.value
                    }
                });
                form.answer(&of.name, answer);
                search.set(String::new());
            }
        })
    });
    let of = asked.question.clone();
    let nothing = move || {
        let words = search.get();
        let is_found = words.is_empty()
            || form.look(|session| {
                session.shown_choices(&of).iter().any(|item| {
                    let tag = form.language.read_untracked().tag.clone();
                    fits(&session.choice_text(&of, item, &tag), &words)
                })
            });
        if is_found {
            String::new()
        } else {
            form.text(Message::NothingFound)
        }
    };
    let nothing = texted("p", "left", nothing).attr("role", "status");
    let parts = [Some(tags), field, Some(found), Some(nothing)];
    group(form, asked, !several, parts.into_iter().flatten().collect())
}

/// What is chosen, as choices; changes only when it does.
fn chosen(form: Form, asked: &Asked) -> RwSignal<Vec<ShownChoice>> {
    let chosen = RwSignal::new(Vec::new());
    let question = asked.question.clone();
    bind(Box::new(move || {
        let now = form.look(|session| {
            let values = match session.own_answer(&question) {
                Value::List(items) => items.clone(),
                Value::Null => Vec::new(),
                single => vec![single.clone()],
            };
            let shown = session.shown_choices(&question);
            let item = |value: Value| {
                let bare = value.get("value").unwrap_or(&value).clone();
                let found = shown.iter().find(|item| item.value == bare);
                found.cloned().unwrap_or(ShownChoice {
                    value: bare,
                    source: Source::Custom,
                    is_enabled: true,
                })
            };
            values.into_iter().map(item).collect::<Vec<_>>()
        });
        if chosen.with_untracked(|before| *before != now) {
            chosen.set(now);
        }
    }));
    chosen
}

/// What was chosen, as a button that takes it back.
fn tag(form: Form, asked: &Asked, item: &ShownChoice, several: bool) -> El {
    let (of, shown) = (asked.question.clone(), item.clone());
    let words = move || form.choice_text(&of, &shown);
    let name = words.clone();
    let label = move || Some(form.fill(Message::RemoveChoice, &[("label", &name())]));
    let (of, item) = (asked.question.clone(), item.clone());
    let locked = of.clone();
    texted("button", "", words)
        .attr("type", "button")
        .bind_attr("aria-label", label)
        .bind_flag("disabled", move || {
            form.look(|session| session.is_read_only(&locked))
        })
        .on("click", move |_| {
            let answer = if several {
                form.look(|session| session.toggled(&of, &item))
            } else {
                Value::Null
            };
            form.answer(&of.name, answer);
        })
}

/// A choice, shown while it fits what is searched for.
fn found_row(
    form: Form,
    asked: &Asked,
    item: &ShownChoice,
    several: bool,
    search: RwSignal<String>,
) -> Vec<El> {
    let rows = choice::choice_row(form, asked, item, several)
        .into_iter()
        .enumerate();
    let (of, item, name) = (asked.question.clone(), item.clone(), asked.id("choice"));
    let rows = rows.map(|(at, row)| {
        let (of, item, name) = (of.clone(), item.clone(), name.clone());
        if at > 0 {
            return row;
        }
        let is_hidden = Rc::new(move || {
            let words = search.get();
            let is_special = item.value.as_text() == Some(OTHER);
            // Keys reach a group of radio buttons at the one that is chosen: hidden, it would close the list to them.
            let is_way_in = !several && form.look(|session| session.has_chosen(&of, &item.value));
            !words.is_empty()
                && !is_special
                && !is_way_in
                && !fits(&form.choice_text(&of, &item), &words)
        });
        // While nothing is chosen, Chromium lets Tab into the group only at the radio button that last had the focus, also
        // when that one is hidden: so what is hidden leaves the group.
        if let Some(input) = row.find("input").filter(|_| !several) {
            let is_hidden = is_hidden.clone();
            input.bind_attr("name", move || (!is_hidden()).then(|| name.clone()));
        }
        row.bind_flag("hidden", move || is_hidden())
    });
    rows.collect()
}

fn fits(text: &str, words: &str) -> bool {
    contains_text(&lower_case(text), &lower_case(words.trim()))
}
