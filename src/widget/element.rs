//! The element's attributes and events, mounting and unmounting: the only place that knows the host page.

use any_spawner::Executor;
use js_sys::{Array, Function, JSON, Object, Promise};
use leptos::prelude::Owner;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CustomEvent, CustomEventInit, Element, HtmlElement, ShadowRoot};

use super::app;
use super::client::Client;
use super::dom::El;
use super::js;
use super::strings::Strings;
use crate::survey::Value;
use crate::survey::session::Action;

/// What the attributes of the element say.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    /// The survey's name.
    pub(super) survey: String,
    /// The id of the sheet: 32 hexadecimal digits.
    pub(super) id: JsValue,
    /// Where the sheet comes from.
    pub(super) context: Object,
    /// What is answered already: `answer-overall="4"` for the question `overall`.
    pub(super) answers: Vec<Action>,
    /// The language to begin with.
    pub(super) language: String,
    /// The languages this build has.
    pub(super) languages: Vec<String>,
    /// Gives a promise of a language's texts.
    pub(super) texts: Function,
    /// Where requests go.
    pub(super) client: Client,
}

/// A mounted widget; dropping it unmounts and frees it.
#[derive(Debug)]
pub struct Mounted {
    root: El,
    owner: Owner,
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.owner.cleanup();
        self.root.clear();
    }
}

/// The element on the host's page, which events are sent from.
#[derive(Clone, Debug)]
pub(super) struct Host(HtmlElement);

/// Mounts the app on the `<div>` that the loader made. `survey` is its request for the definition, `loader` what it knows:
/// a new `id` for the sheet, the texts of a language (`strings`), a function to get those of others (`texts`), the `language` it chose of its
/// `languages`, the addresses of `endpoint` and `build`.
pub fn mount(root: HtmlElement, survey: Promise, loader: &Object) -> Mounted {
    let known = |name| js::get(loader, name);
    let text = |name| known(name).as_string().unwrap_or_default();
    let shadow: Option<ShadowRoot> = root.get_root_node().dyn_into().ok();
    // Without a shadow root the div stands for the element: its own attributes count.
    let element = shadow.map_or_else(|| root.clone().into(), |shadow| shadow.host());
    let languages: Array = known("languages").unchecked_into();
    let mut answers = Vec::new();
    let settings = Settings {
        survey: attribute(&element, "survey").unwrap_or_default(),
        id: known("id"),
        context: context(&element, &mut answers),
        answers,
        language: text("language"),
        languages: languages.iter().filter_map(|tag| tag.as_string()).collect(),
        texts: known("texts").unchecked_into(),
        client: Client {
            endpoint: text("endpoint"),
            build: text("build"),
        },
    };
    let strings = Strings::from_array(known("strings").unchecked_into());
    let host = Host(element.unchecked_into());
    // A second widget on the page finds the executor there.
    Executor::init_wasm_bindgen().ok();
    let owner = Owner::new();
    let root = El::of(root);
    owner.with(|| app::build(&root, host, settings, strings, survey));
    Mounted { root, owner }
}

fn attribute(element: &Element, name: &str) -> Option<String> {
    element
        .get_attribute(name)
        .filter(|value| !value.is_empty())
}

/// Where the sheet comes from, in the shape of `api::Context`; and what is answered already.
fn context(element: &Element, answers: &mut Vec<Action>) -> Object {
    let context = Object::new();
    let channel = attribute(element, "channel");
    js::set(
        &context,
        "channel",
        &channel.as_deref().unwrap_or("embed").into(),
    );
    for name in ["delivery", "account", "contact", "invitation", "identity"] {
        if let Some(value) = attribute(element, name) {
            js::set(&context, name, &value.into());
        }
    }
    let fields = Object::new();
    for name in element.get_attribute_names().iter() {
        let name = name.as_string().unwrap_or_default();
        if let Some(field) = name.strip_prefix("context-")
            && let Some(value) = attribute(element, &name)
        {
            js::set(&fields, field, &value.into());
        }
        if let Some(question) = name.strip_prefix("answer-")
            && let Some(text) = attribute(element, &name)
        {
            // What is no JSON is words.
            let value = JSON::parse(&text).map_or(Value::Text(text), |json| js::to_value(&json));
            answers.push(Action::Answer(question.to_owned(), value));
        }
        // It says enough by being there.
        if name == "test" {
            js::set(&context, "test", &JsValue::TRUE);
        }
    }
    js::set(&context, "fields", &fields);
    context
}

impl Host {
    /// An attribute; an empty one is none.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        attribute(&self.0, name)
    }

    /// Tells the host's page: a DOM event that bubbles and leaves the shadow root, with these fields in its `detail`.
    pub(super) fn tell(&self, name: &str, detail: &[(&str, JsValue)]) {
        let fields = Object::new();
        for (key, value) in detail {
            js::set(&fields, key, value);
        }
        let init = CustomEventInit::new();
        init.set_bubbles(true);
        init.set_composed(true);
        init.set_detail(&fields);
        if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &init) {
            // What a listener of the host throws is the host's.
            self.0.dispatch_event(&event).ok();
        }
    }
}
