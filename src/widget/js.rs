//! Conversions between JavaScript's values and ours; the browser's own JSON parser does the parsing.

use js_sys::{Array, Function, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::survey::Value;

/// The value JavaScript holds; what JSON cannot hold becomes null.
pub(super) fn to_value(value: &JsValue) -> Value {
    if let Some(text) = value.as_string() {
        Value::Text(text)
    } else if let Some(number) = value.as_f64() {
        Value::Number(number)
    } else if let Some(truth) = value.as_bool() {
        Value::Bool(truth)
    } else if let Some(list) = value.dyn_ref::<Array>() {
        Value::List(list.iter().map(|item| to_value(&item)).collect())
    } else if let Some(object) = value.dyn_ref::<Object>() {
        let entries = Object::entries(object);
        Value::Object(entries.iter().map(|entry| entry_of(&entry)).collect())
    } else {
        Value::Null
    }
}

fn entry_of(entry: &JsValue) -> (String, Value) {
    let pair: &Array = entry.unchecked_ref();
    (
        pair.get(0).as_string().unwrap_or_default(),
        to_value(&pair.get(1)),
    )
}

/// The same value for JavaScript.
pub(super) fn from_value(value: &Value) -> JsValue {
    match value {
        Value::Null => JsValue::NULL,
        Value::Bool(truth) => JsValue::from_bool(*truth),
        Value::Number(number) => JsValue::from_f64(*number),
        Value::Text(text) => JsValue::from_str(text),
        Value::List(items) => items.iter().map(from_value).collect::<Array>().into(),
        Value::Object(entries) => {
            let object = Object::new();
            for (key, value) in entries {
                set(&object, key, &from_value(value));
            }
            object.into()
        }
    }
}

/// The JSON text of a value.
pub(super) fn to_json(value: &Value) -> String {
    JSON::stringify(&from_value(value))
        .map(String::from)
        .unwrap_or_default()
}

/// The property `key`, or undefined, also where reading it throws.
pub(super) fn get(target: &JsValue, key: &str) -> JsValue {
    Reflect::get(target, &JsValue::from_str(key)).unwrap_or_default()
}

/// Sets the property `key` of an object of our own.
pub(super) fn set(target: &JsValue, key: &str, value: &JsValue) {
    let set = Reflect::set(target, &JsValue::from_str(key), value);
    debug_assert!(set.is_ok(), "an object of our own takes every property");
}

/// Calls the method `name`.
///
/// # Errors
/// What it throws; a missing method throws, too.
pub(super) fn call(
    target: &JsValue,
    name: &str,
    arguments: &[JsValue],
) -> Result<JsValue, JsValue> {
    let function: Function = get(target, name).dyn_into()?;
    Reflect::apply(&function, target, &arguments.iter().collect())
}

/// A new object of a class of the page's that takes no arguments.
///
/// # Errors
/// The class is missing, or what it throws.
pub(super) fn construct(class: &str) -> Result<JsValue, JsValue> {
    let class: Function = get(&js_sys::global(), class).dyn_into()?;
    Reflect::construct(&class, &Array::new())
}

/// A new id: 32 hexadecimal digits.
pub(super) fn new_id() -> String {
    let global = js_sys::global();
    let class: Result<Function, _> = get(&global, "Uint8Array").dyn_into();
    let bytes = class.and_then(|class| Reflect::construct(&class, &Array::of1(&16.into())));
    let bytes = bytes.unwrap_or_default();
    // The loader has made sure that there is such a function.
    call(
        &get(&global, "crypto"),
        "getRandomValues",
        std::slice::from_ref(&bytes),
    )
    .ok();
    let digits = |byte: JsValue| {
        let byte = byte.as_f64().unwrap_or_default() as u32;
        [byte >> 4, byte & 15].map(|half| char::from_digit(half, 16))
    };
    Array::from(&bytes)
        .iter()
        .flat_map(digits)
        .flatten()
        .collect()
}
