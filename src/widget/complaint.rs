//! Complaining and following a case: a part of the widget that a survey which is only answered never loads.

/// The case page.
mod case;
/// The complaint form.
mod form;
/// What is known to be wrong.
mod incidents;
/// The way to a case for somebody who has its number and key at hand.
mod lookup;
/// After a low score: shall this be a complaint?
mod offer;
/// Photos.
mod photos;
/// A complaint on its way, and what came of it.
mod taken;

use std::rc::Rc;

use js_sys::{Array, Date, JSON, Object};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};

use super::app::{Shown, Stage};
use super::dom::{El, el, texted};
use super::element::Settings;
use super::form::{Form, Language, text};
use super::js::new_id;
use super::strings::Strings;
use super::{js, languages, photo};
use crate::messages::{CaseText, Message, fill};
use crate::survey::text::language_of;

/// What only these views need beside the widget's own stylesheet.
const CSS: &str = include_str!("complaint/case.css");

/// What every view here works with; clones are the same.
#[derive(Clone)]
struct Desk {
    shown: Shown,
    settings: Rc<Settings>,
    language: RwSignal<Language>,
    texts: RwSignal<Strings>,
}

/// Where somebody comes from.
#[derive(Clone, Debug)]
pub(super) enum Way {
    /// The element says where to begin.
    Element,
    /// A survey with a low score; its end has a place for the question whether it shall be a complaint.
    LowScore(Form, El),
}

/// Shows the case page or the form, as the element says; after a low score the question whether it shall be a complaint.
pub(super) fn open(shown: Shown, settings: Rc<Settings>, language: RwSignal<Language>, way: Way) {
    spawn_local(async move {
        let tag = language.with_untracked(|language| language.tag.clone());
        let texts = languages::fetch(&settings.texts, &[&tag, ".case"].concat()).await;
        if language.is_disposed() {
            return;
        }
        let Some(texts) = texts else {
            if let Way::LowScore(..) = way {
                // The survey is at its end all the same.
                return;
            }
            let again = shown.clone();
            return shown.show(Stage::Failed, move || {
                let why = texted("p", "", move || text(language, Message::PartFailed));
                let retry = texted("button", "quiet", move || text(language, Message::TryAgain))
                    .attr("type", "button")
                    .attr("data-act", "retry")
                    .on("click", move |_| {
                        open(again.clone(), settings.clone(), language, way.clone())
                    });
                let plain = el("div").class("plain").attr("role", "alert");
                vec![plain.child(why).child(retry)]
            });
        };
        let texts = shown.owner().with(|| RwSignal::new(texts));
        let desk = Desk {
            shown,
            settings,
            language,
            texts,
        };
        desk.shown.adopt(&[CSS, photo::CSS].concat());
        match way {
            Way::LowScore(form, place) if !form.session.is_disposed() => {
                offer::show(&desk, form, &place);
            }
            Way::LowScore(..) => {}
            Way::Element if desk.shown.attribute("start").as_deref() == Some("case") => {
                let number = desk.shown.attribute("case").unwrap_or_default();
                lookup::begin(&desk, number);
            }
            Way::Element => form::show(&desk, "", &JsValue::UNDEFINED),
        }
    });
}

impl Desk {
    /// One of the texts, in the language that is shown.
    fn text(&self, message: CaseText) -> String {
        self.texts.read().at(message as u32)
    }

    /// One of the texts with its place filled.
    fn fill(&self, message: CaseText, place: &str, value: &str) -> String {
        fill(&self.text(message), &[(place, value)])
    }

    /// An element with one of the texts.
    fn texted(&self, tag: &str, class: &str, message: CaseText) -> El {
        let desk = self.clone();
        texted(tag, class, move || desk.text(message))
    }

    /// A button with one of the texts.
    fn button(&self, class: &str, act: &str, message: CaseText) -> El {
        let button = self.texted("button", class, message);
        button.attr("type", "button").attr("data-act", act)
    }

    /// A moment in the customer's own zone and the language that is shown.
    fn moment(&self, iso: &str) -> String {
        let options = Object::new();
        for (key, value) in [
            ("weekday", "short"),
            ("year", "numeric"),
            ("month", "short"),
            ("day", "numeric"),
            ("hour", "2-digit"),
            ("minute", "2-digit"),
        ] {
            js::set(&options, key, &value.into());
        }
        let tag = self.language.read().tag.clone();
        // Whose browser speaks the language that is shown reads dates as at home: 26 Nov in London, Nov 26 in Boston.
        let own = js::get(&js::get(&js_sys::global(), "navigator"), "language");
        let own = own.as_string().unwrap_or_default();
        let is_own = language_of(&own) == language_of(&tag);
        let tag = if is_own { own } else { tag };
        let date = Date::new(&iso.into());
        let words = js::call(
            &date,
            "toLocaleString",
            &[tag.as_str().into(), options.into()],
        );
        words
            .ok()
            .and_then(|words| words.as_string())
            .unwrap_or_else(|| iso.to_owned())
    }

    /// The line above a view: nothing but the button to the next language.
    fn top(&self) -> El {
        let desk = self.clone();
        let speak = move |tag| desk.clone().speak(tag);
        let usable = self.settings.languages.clone();
        let switch = languages::switch(usable, self.language, Box::new(speak));
        el("div").class("top").child(el("span")).children(switch)
    }

    /// Shows another language once both of its files are there; without a network the old one stays.
    fn speak(self, tag: String) {
        spawn_local(async move {
            let main = languages::fetch(&self.settings.texts, &tag).await;
            let own = languages::fetch(&self.settings.texts, &[&tag, ".case"].concat()).await;
            if let (Some(strings), Some(own)) = (main, own) {
                self.texts.try_set(own);
                self.language.try_set(Language { tag, strings });
            }
        });
    }
}

/// A JSON text as an object of JavaScript's.
fn object_of(json: &JsValue) -> Option<Object> {
    JSON::parse(&json.as_string()?).ok()?.dyn_into().ok()
}

/// Copies a text, where the browser lets us; says whether it began.
fn copy(text: &str) -> bool {
    let clipboard = js::get(&js::get(&js_sys::global(), "navigator"), "clipboard");
    js::call(&clipboard, "writeText", &[text.into()]).is_ok()
}

/// The names of an object's own properties.
fn keys(object: &Object) -> Array {
    Object::keys(object)
}
