//! What the browser gives a session: the time, patterns, and the functions of expressions once their part is there.

use std::cell::Cell;

use js_sys::{Date, RegExp};
use wasm_bindgen::JsValue;

use crate::survey::Value;
use crate::survey::expression::functions::Surroundings;
use crate::survey::expression::{Argument, Operand};
use crate::survey::session::Environment;

/// The functions that expressions call.
pub(super) type Library = fn(&str, &[Argument<'_>], &dyn Surroundings) -> Operand;

thread_local! {
    static LIBRARY: Cell<Option<Library>> = const { Cell::new(None) };
}

/// Gives the functions to all sessions of this page.
pub(super) fn install(library: Library) {
    LIBRARY.set(Some(library));
}

/// What a session in this browser knows.
pub(super) fn of_browser() -> Environment {
    Environment {
        call: |name, arguments, surroundings| match LIBRARY.get() {
            Some(call) => call(name, arguments, surroundings),
            None => Operand::Value(Value::Null),
        },
        find: |pattern, ignores_case, text| {
            RegExp::new(pattern, if ignores_case { "i" } else { "" }).test(text)
        },
        checks_form: true,
        now_ms: Date::now,
        zone_minutes: |moment| -Date::new(&JsValue::from_f64(moment)).get_timezone_offset(),
    }
}
