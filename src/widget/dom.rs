//! Elements, bound to signals: what the views are written in.
//!
//! Leptos' signals, owners and effects do the work; only its `view!` macro is not used. The macro makes a type, and with
//! it code, for each shape of an element: the same views were 136 KB (brotli) with it, and every page of every portal
//! pays for that. Here every binding is the same code behind a boxed closure.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions};
use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, EventTarget, HtmlElement};

use super::js;

/// The namespace of SVG, which needs saying when an element is made.
const SVG: &str = "http://www.w3.org/2000/svg";

/// An element; clones are the same element. Bindings end with the owner they were made under.
#[derive(Clone, Debug)]
pub(super) struct El(Element);

/// A new HTML element.
pub(super) fn el(tag: &str) -> El {
    made(document().create_element(tag))
}

/// A new SVG element.
pub(super) fn svg(tag: &str) -> El {
    let made = js::call(&document(), "createElementNS", &[SVG.into(), tag.into()]);
    El(made.unwrap_or_else(|error| error).unchecked_into())
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

    /// The element itself.
    pub(super) fn raw(&self) -> JsValue {
        self.0.clone().into()
    }

    /// The element alone in a list.
    pub(super) fn into_list(self) -> Vec<Self> {
        vec![self]
    }

    /// Takes it out of the page.
    pub(super) fn remove(&self) {
        js::call(&self.0, "remove", &[]).ok();
    }

    /// Adds rules to the shadow root or document it stands in, unless they are there.
    pub(super) fn adopt(&self, css: &str) {
        let root = self.root();
        let name = "qingCase";
        if js::get(&root, name).is_truthy() {
            return;
        }
        js::set(&root, name, &true.into());
        let Ok(sheet) = js::construct("CSSStyleSheet") else {
            return;
        };
        js::call(&sheet, "replaceSync", &[css.into()]).ok();
        let sheets = js_sys::Array::from(&js::get(&root, "adoptedStyleSheets"));
        sheets.push(&sheet);
        js::set(&root, "adoptedStyleSheets", &sheets);
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
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the child belongs to its parent from now on"
    )]
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
        self.follow(Box::new(move |element| {
            element.set_text_content(Some(&text()))
        }))
    }

    /// Keeps an attribute as `value` says; without a value it is not there.
    pub(super) fn bind_attr(
        self,
        name: &'static str,
        value: impl Fn() -> Option<String> + 'static,
    ) -> Self {
        self.bind_attribute(name, Box::new(value))
    }

    /// Keeps a property as `value` says; one that is so already is left alone, because setting moves the caret.
    pub(super) fn bind_prop(
        self,
        name: &'static str,
        value: impl Fn() -> JsValue + 'static,
    ) -> Self {
        self.bind_property(name, Box::new(value))
    }

    /// Keeps a truth property (`hidden`, `checked`, `disabled`) as `value` says.
    pub(super) fn bind_flag(self, name: &'static str, value: impl Fn() -> bool + 'static) -> Self {
        self.bind_prop(name, move || JsValue::from_bool(value()))
    }

    /// Shows these children instead of what is inside.
    pub(super) fn show(&self, children: impl IntoIterator<Item = Self>) {
        self.clear();
        self.clone().children(children);
    }

    fn bind_attribute(self, name: &'static str, value: Box<dyn Fn() -> Option<String>>) -> Self {
        self.follow(Box::new(move |element| {
            match value() {
                Some(value) => element.set_attribute(name, &value),
                None => element.remove_attribute(name),
            }
            .ok();
        }))
    }

    fn bind_property(self, name: &'static str, value: Box<dyn Fn() -> JsValue>) -> Self {
        self.follow(Box::new(move |element| {
            let value = value();
            if js::get(element, name) != value {
                js::set(element, name, &value);
            }
        }))
    }

    /// Runs `update` now and whenever a signal it reads has changed.
    fn follow(self, update: Box<dyn Fn(&Element)>) -> Self {
        let element = self.0.clone();
        bind(Box::new(move || update(&element)));
        self
    }

    /// Calls `listener` at every event of this name.
    pub(super) fn on(self, name: &'static str, listener: impl FnMut(&Event) + 'static) -> Self {
        listen(&self.0, name, Box::new(listener));
        self
    }

    /// The first element inside that fits the selector.
    pub(super) fn find(&self, selector: &str) -> Option<Self> {
        self.0.query_selector(selector).ok().flatten().map(Self)
    }

    /// Every element inside that fits the selector.
    pub(super) fn find_all(&self, selector: &str) -> Vec<Self> {
        // What only parts do is called by name: an import of its own would be paid for by every first load.
        match js::call(&self.0, "querySelectorAll", &[selector.into()]) {
            Ok(found) => js_sys::Array::from(&found)
                .iter()
                .filter_map(|node| node.dyn_into().ok().map(Self))
                .collect(),
            Err(_) => Vec::new(),
        }
    }

    /// Gives the focus to the first of these in the fieldset around.
    pub(super) fn focus_beside(&self, selector: &str) {
        let around = js::call(&self.0, "closest", &["fieldset".into()]);
        let around: Option<Element> = around.ok().and_then(|around| around.dyn_into().ok());
        let found = around.and_then(|around| Self(around).find(selector));
        found.iter().for_each(Self::focus);
    }

    /// Opens whatever closed panel it stands in.
    pub(super) fn uncover(&self) {
        let mut at = self.raw();
        while let Ok(panel) = js::call(&at, "closest", &["details".into()])
            && !panel.is_null()
        {
            js::set(&panel, "open", &true.into());
            at = js::get(&panel, "parentElement");
        }
    }

    /// Gives it the focus; an element that is not shown takes none.
    pub(super) fn focus(&self) {
        js::call(&self.0, "focus", &[]).ok();
    }

    /// Scrolls it into view, no further than that takes.
    pub(super) fn reveal(&self) {
        let wish = js_sys::Object::new();
        js::set(&wish, "block", &"nearest".into());
        js::call(&self.0, "scrollIntoView", &[wish.into()]).ok();
    }

    /// The shadow root or document it stands in.
    pub(super) fn root(&self) -> JsValue {
        self.0.get_root_node().into()
    }

    /// Puts something before the first element inside that fits the selector.
    pub(super) fn put_before(&self, other: &Self, selector: &str) {
        let place = self.find(selector);
        let place = place.map_or(JsValue::NULL, |place| place.raw());
        js::call(&self.0, "insertBefore", &[other.raw(), place]).ok();
    }

    /// Where it ends on the screen, in pixels from the top.
    pub(super) fn bottom(&self) -> f64 {
        let rectangle = js::call(&self.0, "getBoundingClientRect", &[]).unwrap_or_default();
        js::get(&rectangle, "bottom").as_f64().unwrap_or_default()
    }

    /// Hears of a pointer wherever it goes, until it is let go.
    pub(super) fn hold_pointer(&self, id: &JsValue) {
        js::call(&self.0, "setPointerCapture", std::slice::from_ref(id)).ok();
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
    keep(Box::new(RenderEffect::new(move |_: Option<()>| update())));
}

/// Calls `listener` at every event of this name, until the owner ends.
pub(super) fn listen(target: &EventTarget, name: &'static str, listener: Box<dyn FnMut(&Event)>) {
    let options = EventListenerOptions::enable_prevent_default();
    keep(Box::new(EventListener::new_with_options(
        target, name, options, listener,
    )));
}

/// Keeps a value until the owner ends.
pub(super) fn keep(value: Box<dyn Any>) {
    StoredValue::new_local(value);
}

/// Does something later, once: what it was to do before is forgotten.
#[derive(Clone, Debug, Default)]
pub(super) struct Timer(Rc<RefCell<Option<Timeout>>>);

impl Timer {
    /// Does `action` after so many milliseconds.
    pub(super) fn start(&self, after_ms: u32, action: Box<dyn FnOnce()>) {
        // A timeout that is dropped does not fire.
        *self.0.borrow_mut() = Some(Timeout::new(after_ms, action));
    }

    /// Lets it fire also after the last handle is gone.
    pub(super) fn let_run(self) {
        if let Some(timeout) = self.0.borrow_mut().take() {
            timeout.forget();
        }
    }
}

/// Calls `action` when what the signals changed is in its place.
pub(super) fn soon(action: Box<dyn FnOnce()>) {
    after(0, action);
}

/// Calls `action` after so many milliseconds, whatever happens meanwhile.
pub(super) fn after(ms: u32, action: Box<dyn FnOnce()>) {
    Timeout::new(ms, action).forget();
}
