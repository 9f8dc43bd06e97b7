//! The widget's wasm entry: what the loader calls.

use js_sys::{Object, Promise};
use qingting::widget::element::{self, Mounted};
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlElement;

/// A mounted widget; the loader frees it when its element leaves the page.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Widget {
    _mounted: Mounted,
}

/// Mounts the app on `root`, a `<div>` inside the element's shadow root. `survey` is the loader's request for the
/// definition, `loader` an object with what it knows: `strings`, `texts`, `language`, `languages`, `endpoint`, `build`.
#[wasm_bindgen]
pub fn mount(root: HtmlElement, survey: Promise, loader: &Object) -> Widget {
    Widget {
        _mounted: element::mount(root, survey, loader),
    }
}

fn main() {}
