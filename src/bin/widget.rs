//! The widget's wasm entry: what the loader calls.

use js_sys::{Array, Promise};
use qingting::widget::element::{self, Loaded, Mounted};
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlElement;

/// A mounted widget; the loader frees it when its element leaves the page.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Widget {
    _mounted: Mounted,
}

/// Mounts the app on `root`, a `<div>` inside the element's shadow root.
#[wasm_bindgen]
pub fn mount(
    root: HtmlElement,
    survey: Promise,
    strings: Array,
    language: String,
    languages: Array,
    endpoint: String,
    build: String,
) -> Widget {
    Widget {
        _mounted: element::mount(Loaded {
            root,
            survey,
            strings,
            language,
            languages,
            endpoint,
            build,
        }),
    }
}

fn main() {}
