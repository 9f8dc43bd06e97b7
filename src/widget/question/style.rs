//! The style of a part: it comes with the part, so that a page without it does not pay for it.

use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue};

use super::super::dom::{El, soon};
use super::super::js;

/// Adds a part's style to the widget that `near` stands in, once. A constructed sheet needs no permission of the host's
/// policy.
pub(in super::super) fn adopt(near: &El, name: &'static str, css: &'static str) {
    let near = near.clone();
    // Where it stands is known when the view is in its place.
    soon(Box::new(move || {
        let root = near.root();
        let mark = ["qing-", name].concat();
        if js::get(&root, &mark).is_truthy() {
            return;
        }
        let class = js::get(&js_sys::global(), "CSSStyleSheet");
        let Ok(sheet) =
            js_sys::Reflect::construct(class.unchecked_ref::<js_sys::Function>(), &Array::new())
        else {
            return;
        };
        if js::call(&sheet, "replaceSync", &[css.into()]).is_ok() {
            let sheets = Array::from(&js::get(&root, "adoptedStyleSheets"));
            sheets.push(&sheet);
            let root: &Object = root.unchecked_ref();
            js::set(root, "adoptedStyleSheets", &sheets);
            js::set(root, &mark, &JsValue::TRUE);
        }
    }));
}
