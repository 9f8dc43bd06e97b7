//! Elements, bound to signals: what the views are written in.
//!
//! Leptos' signals, owners and effects do the work; only its `view!` macro is not used. The macro makes a type, and with
//! it code, for each shape of an element: the same views were 136 KB (brotli) with it, and every page of every portal
//! pays for that. Here every binding is the same code behind a boxed closure.

use std::any::Any;

use gloo::events::EventListener;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement};

use super::js;

/// The namespace of SVG, which needs saying when an element is made.
const SVG: &str = "http://www.w3.org/2000/svg";

/// An element; clones are the same element. Bindings end with the owner they were made under.
#[derive(Clone, Debug)]
pub struct El(Element);

/// A new HTML element.
pub(super) fn el(tag: &str) -> El {
    made(document().create_element(tag))
}

/// A new SVG element.
pub(super) fn svg(tag: &str) -> El {
    made(document().create_element_ns(Some(SVG), tag))
}

/// A paragraph or other element with a class and a text that follows its signals.
pub(super) fn texted(tag: &str, class: &str, text: impl Fn() -> String + 'static) -> El {
    el(tag).class(class).bind_text(text)
}

fn made(element: Result<Element, JsValue>) -> El {
    // Tag names are our own, and a document makes every one of them.
    El(element.unwrap_or_else(|error| error.unchecked_into()))
}

impl El {
    /// An element that is there already.
    pub(super) fn of(element: HtmlElement) -> Self {
        Self(element.into())
    }

    /// Sets the class.
    pub(super) fn class(self, class: &str) -> Self {
        self.attr("class", class)
    }

    /// Sets an attribute.
    pub(super) fn attr(self, name: &str, value: &str) -> Self {
        // Names are our own, and an element takes every one of them.
        self.0.set_attribute(name, value).ok();
        self
    }

    /// Sets the text.
    pub(super) fn text(self, text: &str) -> Self {
        self.0.set_text_content(Some(text));
        self
    }

    /// Adds a child at the end.
    pub(super) fn child(self, child: Self) -> Self {
        self.0.append_child(&child.0).ok();
        self
    }

    /// Adds children at the end.
    pub(super) fn children(self, children: impl IntoIterator<Item = Self>) -> Self {
        children.into_iter().fold(self, Self::child)
    }

    /// Keeps the text as `text` says.
    pub(super) fn bind_text(self, text: impl Fn() -> String + 'static) -> Self {
        let element = self.0.clone();
        bind(Box::new(move || element.set_text_content(Some(&text()))));
        self
    }

    /// Keeps an attribute as `value` says; without a value it is not there.
    pub(super) fn bind_attr(
        self,
        name: &'static str,
        value: impl Fn() -> Option<String> + 'static,
    ) -> Self {
        let element = self.0.clone();
        bind(Box::new(move || {
            match value() {
                Some(value) => element.set_attribute(name, &value),
                None => element.remove_attribute(name),
            }
            .ok();
        }));
        self
    }

    /// Keeps a property as `value` says; one that is so already is left alone, because setting moves the caret.
    pub(super) fn bind_prop(
        self,
        name: &'static str,
        value: impl Fn() -> JsValue + 'static,
    ) -> Self {
        let element = self.0.clone();
        bind(Box::new(move || {
            let value = value();
            if js::get(&element, name) != value {
                js::set(&element, name, &value);
            }
        }));
        self
    }

    /// Keeps a truth property (`hidden`, `checked`, `disabled`) as `value` says.
    pub(super) fn bind_flag(self, name: &'static str, value: impl Fn() -> bool + 'static) -> Self {
        self.bind_prop(name, move || JsValue::from_bool(value()))
    }

    /// Keeps the children as `children` says; what they are bound to ends when they are replaced.
    pub(super) fn bind_children(self, children: impl Fn() -> Vec<Self> + 'static) -> Self {
        let element = self.0.clone();
        bind(Box::new(move || {
            element.set_text_content(None);
            for child in children() {
                element.append_child(&child.0).ok();
            }
        }));
        self
    }

    /// Calls `listener` at every event of this name.
    pub(super) fn on(self, name: &'static str, listener: impl FnMut(&Event) + 'static) -> Self {
        let listener: Box<dyn FnMut(&Event)> = Box::new(listener);
        let options = gloo::events::EventListenerOptions::enable_prevent_default();
        keep(EventListener::new_with_options(
            &self.0, name, options, listener,
        ));
        self
    }

    /// The first element inside that fits the selector.
    pub(super) fn find(&self, selector: &str) -> Option<Self> {
        self.0.query_selector(selector).ok().flatten().map(Self)
    }

    /// Every element inside that fits the selector.
    pub(super) fn find_all(&self, selector: &str) -> Vec<Self> {
        let found = self.0.query_selector_all(selector).ok();
        let count = found.as_ref().map_or(0, web_sys::NodeList::length);
        let nodes =
            (0..count).filter_map(|place| found.as_ref().and_then(|found| found.get(place)));
        nodes
            .filter_map(|node| node.dyn_into().ok().map(Self))
            .collect()
    }

    /// Gives it the focus; an element that is not shown takes none.
    pub(super) fn focus(&self) {
        js::call(&self.0, "focus", &[]).ok();
    }

    /// Takes out everything inside.
    pub(super) fn clear(&self) {
        self.0.set_text_content(None);
    }
}

/// The value of the field that an event comes from.
pub(super) fn field_value(event: &Event) -> String {
    let target = event.target().map(JsValue::from).unwrap_or_default();
    js::get(&target, "value").as_string().unwrap_or_default()
}

/// Runs `update` now and whenever a signal it reads has changed, until the owner ends.
pub(super) fn bind(update: Box<dyn Fn()>) {
    keep(RenderEffect::new(move |_: Option<()>| update()));
}

/// Keeps a value until the owner ends.
pub(super) fn keep(value: impl Any) {
    let value: Box<dyn Any> = Box::new(value);
    StoredValue::new_local(value);
}

/// Calls `action` before the next frame, when what the signals changed is in its place.
pub(super) fn soon(action: impl FnOnce() + 'static) {
    let frame = wasm_bindgen::closure::Closure::once_into_js(action);
    if let Some(window) = web_sys::window() {
        window.request_animation_frame(frame.unchecked_ref()).ok();
    }
}
