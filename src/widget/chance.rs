//! The number by which choices in random order are shuffled: the same on every visit from this device.

use std::cell::Cell;

use js_sys::Math;

use super::js;
use super::sheet::first_place;

/// Where the number is kept by which choices are shuffled on this device.
const CHANCE: &str = "qingting-order";

/// The number by which choices are shuffled on this device; where it cannot be kept, it lasts as long as the page.
pub(super) fn chance() -> u32 {
    thread_local! {
        static OF_PAGE: Cell<Option<u32>> = const { Cell::new(None) };
    }
    if let Some(known) = OF_PAGE.get() {
        return known;
    }
    let place = first_place();
    let kept = js::call(&place, "getItem", &[CHANCE.into()]).ok();
    let kept = kept.and_then(|text| text.as_string()?.parse().ok());
    let chance = kept.unwrap_or_else(|| {
        let chance = (Math::random() * f64::from(u32::MAX)) as u32;
        let text = chance.to_string();
        js::call(&place, "setItem", &[CHANCE.into(), text.into()]).ok();
        chance
    });
    OF_PAGE.set(Some(chance));
    chance
}
