//! What a name in an expression stands for: an answer, or a part of one.

use super::super::javascript::{equals_in_any_case, number_in_text};
use super::Value;

/// The value that `name` stands for: the answer of that name in any case, or a part inside one (`{address.city}`,
/// `{items[0]}`, `{items[-1].price}`, `{items.length}`); [`Value::Null`] if there is none.
///
/// A name may have points in it: the longest that fits is taken first. The length of nothing is 0.
pub fn look_up(answers: &Value, name: &str) -> Value {
    find(answers, name).unwrap_or_else(|| nothing(name))
}

/// What a name stands for that there is not: the length of nothing is 0.
pub(super) fn nothing(name: &str) -> Value {
    if name.ends_with(".length") {
        Value::Number(0.0)
    } else {
        Value::Null
    }
}

/// As [`look_up`], with nothing where there is nothing: null may also be an answer.
pub fn find(answers: &Value, name: &str) -> Option<Value> {
    let path = name.strip_prefix('$').unwrap_or(name);
    let mut value = answers.clone();
    let mut rest = Some(path);
    while let Some(path) = rest {
        (value, rest) = step(&value, path)?;
    }
    Some(value)
}

/// The longest beginning of `path` that is the name of a part, with the rest of the path behind it.
fn step<'a>(value: &Value, path: &'a str) -> Option<(Value, Option<&'a str>)> {
    // A place in an array ends a name.
    let mut end = path.len();
    for (point, _) in path.char_indices().filter(|&(_, c)| c == '.') {
        if place_in(path.get(..point)?).is_some() {
            end = point;
            break;
        }
    }
    loop {
        let (name, rest) = path.split_at_checked(end)?;
        let rest = rest.strip_prefix('.');
        if let Some((name, place)) = place_in(name) {
            if let Some(part) = part_of(value, name) {
                return Some((item_of(&part, place)?, rest));
            }
        } else if let Some(part) = part_of(value, name) {
            return Some((part, rest));
        }
        end = name.rfind('.')?;
    }
}

/// Takes `name[3]` apart.
fn place_in(name: &str) -> Option<(&str, f64)> {
    let (name, place) = name.strip_suffix(']')?.rsplit_once('[')?;
    // A point would end the name before the bracket.
    if place.contains('.') {
        return None;
    }
    Some((name, number_in_text(place)?))
}

fn part_of(value: &Value, name: &str) -> Option<Value> {
    match (value, name) {
        (_, "") => None,
        (Value::List(items), "length") => Some(Value::Number(items.len() as f64)),
        (Value::Text(text), "length") if !text.is_empty() => {
            Some(Value::Number(text.encode_utf16().count() as f64))
        }
        // `{rows.01}` is none: a place is spelt in one way.
        (Value::List(_), place) if place.len() > 1 && place.starts_with('0') => None,
        (Value::List(_), place) => item_of(value, number_in_text(place)?),
        (Value::Object(entries), name) => entries
            .iter()
            .find(|(key, _)| equals_in_any_case(key, name))
            .map(|(_, part)| part.clone()),
        _ => None,
    }
}

/// The item at a place; below 0 it is counted from the end.
fn item_of(value: &Value, place: f64) -> Option<Value> {
    let items = value.as_list()?;
    let place = if place < 0.0 {
        place + items.len() as f64
    } else {
        place
    };
    if place < 0.0 {
        None
    } else {
        items.get(place as usize).cloned()
    }
}
