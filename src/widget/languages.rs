//! The button to the next language.
//!
//! It belongs to parts, not to what the first question needs: names of languages are in scripts whose fonts may take the
//! browser a while.

use std::rc::Rc;

use js_sys::{Function, Promise};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::dom::{El, texted};
use super::form::Language;
use super::strings::Strings;
use crate::messages::Language as Known;
use crate::survey::text::language_of;

/// The button to the language after the one that is shown; nothing where there is no other. `speak` gets its tag.
pub(super) fn switch(
    usable: Vec<String>,
    language: RwSignal<Language>,
    speak: Box<dyn Fn(String)>,
) -> Option<El> {
    if usable.len() < 2 {
        return None;
    }
    let next = Rc::new(move || {
        let current = &language.read().tag;
        let place = usable
            .iter()
            .position(|tag| language_of(tag) == language_of(current));
        usable
            .get(place.map_or(0, |place| (place + 1) % usable.len()))
            .cloned()
            .unwrap_or_default()
    });
    let (named, tagged) = (next.clone(), next.clone());
    let switch = texted("button", "quiet", move || {
        let known = Known::from_tag(&named()).unwrap_or_default();
        known.own_name().to_owned()
    });
    let switch = switch
        .attr("type", "button")
        .attr("part", "language")
        .bind_attr("lang", move || Some(tagged()));
    Some(switch.on("click", move |_| speak(next())))
}

/// The texts in a file of the build: `zh-CN`, `zh-CN.case`. Nothing without a network.
pub(super) async fn fetch(texts: &Function, name: &str) -> Option<Strings> {
    let texts = texts.call1(&JsValue::NULL, &name.into()).ok()?;
    let array = JsFuture::from(Promise::resolve(&texts)).await.ok()?;
    array.dyn_into().ok().map(Strings::from_array)
}
