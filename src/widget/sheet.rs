//! The answer sheet of one survey as it is written, and the first place where it is kept.
//!
//! What really keeps and sends sheets is a part that comes a moment after the first question. Answers given before it is
//! there go to the page's `localStorage`, which needs no opening: leaving, or a network that goes in that moment, loses
//! nothing. The part takes them over from there.

use std::cell::Cell;

use js_sys::{Date, JSON, Object};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::element::Settings;
use super::form::Form;
use super::js;
use crate::api::limits;
use crate::survey::Session;

/// What the names in `localStorage` begin with; the id of the sheet follows.
pub(super) const FIRST_PLACE: &str = "qingting:";

/// The sheet that a widget is filling in.
#[derive(Debug)]
pub(super) struct Sheet {
    /// What does not change: id, survey, version, context, and when it was begun.
    pub(super) head: Object,
    /// The revision that is sent next.
    pub(super) revision: Cell<u32>,
    /// When it was begun, less the time between visits, by the device's clock, in milliseconds.
    pub(super) begun: Cell<f64>,
    endpoint: String,
}

/// A sheet as it is kept: a JavaScript object, because IndexedDB, `localStorage` and `fetch` take and give those.
///
/// `sheet` is the body of a submission (`api::Submission`), `endpoint` where it goes, `savedAt` when it was written, in
/// milliseconds of the device's clock, and `sent` is true once the endpoint has acknowledged it.
#[derive(Clone, Debug)]
pub(super) struct SavedSheet(pub(super) JsValue);

impl Sheet {
    /// An empty sheet.
    pub(super) fn new(settings: &Settings, version: u32) -> Self {
        let head = Object::new();
        js::set(&head, "id", &settings.id);
        js::set(&head, "survey", &settings.survey.as_str().into());
        js::set(&head, "version", &version.into());
        let now = Date::new_0().to_iso_string();
        js::set(&head, "started_at", &now);
        js::set(&head, "context", &settings.context);
        Self {
            head,
            revision: Cell::new(1),
            begun: Cell::new(Date::now()),
            endpoint: settings.client.endpoint.clone(),
        }
    }

    /// Writes down where the respondent stands.
    pub(super) fn write(&self, form: Form, complete: bool) -> SavedSheet {
        let body = Object::assign(&Object::new(), &self.head);
        js::set(&body, "revision", &self.revision.get().into());
        js::set(&body, "complete", &complete.into());
        let language = form.language.read_untracked();
        js::set(&body, "locale", &language.tag.as_str().into());
        let now = Date::now();
        let elapsed = (now - self.begun.get()).clamp(0.0, limits::ELAPSED_MS as f64);
        js::set(&body, "elapsed_ms", &elapsed.into());
        form.session.with_untracked(|session: &Session| {
            let page = session.page().map(|page| JsValue::from_str(&page.name));
            js::set(&body, "page", &page.unwrap_or(JsValue::NULL));
            js::set(&body, "answers", &js::from_value(&session.sheet()));
        });
        let saved = Object::new();
        js::set(&saved, "endpoint", &self.endpoint.as_str().into());
        js::set(&saved, "savedAt", &now.into());
        js::set(&saved, "sheet", &body);
        SavedSheet(saved.into())
    }
}

impl SavedSheet {
    /// The body of the submission.
    pub(super) fn body(&self) -> JsValue {
        js::get(&self.0, "sheet")
    }

    /// The id of the sheet; empty for what is none.
    pub(super) fn id(&self) -> String {
        let id = js::get(&self.body(), "id");
        id.as_string().unwrap_or_default()
    }

    /// Keeps it in `localStorage`, until a better place is there. Where a page may not store anything only the page has
    /// it, and the part says so when it has come.
    pub(super) fn keep_first(&self) {
        if let Ok(json) = JSON::stringify(&self.0) {
            let key = [FIRST_PLACE, &self.id()].concat();
            let arguments = [key.as_str().into(), json.into()];
            js::call(&first_place(), "setItem", &arguments).ok();
        }
    }
}

/// The page's `localStorage`, or undefined where it is forbidden.
pub(super) fn first_place() -> JsValue {
    js::get(&js_sys::global(), "localStorage")
}
