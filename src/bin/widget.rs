//! spike
use wasm_bindgen::prelude::*;
#[wasm_bindgen]
pub struct Handle {
    _h: Box<dyn std::any::Any>,
}
#[wasm_bindgen]
pub fn mount(root: web_sys::HtmlElement) -> Handle {
    Handle {
        _h: Box::new(qingting::widget::mount(root)),
    }
}
fn main() {}
