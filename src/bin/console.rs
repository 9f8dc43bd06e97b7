//! The console's wasm entry: what its page calls.

use wasm_bindgen::prelude::wasm_bindgen;

/// Puts the console into the page.
#[wasm_bindgen]
pub fn start() {
    qingting::console::mount();
}

fn main() {}
