//! What a name in an expression stands for: an answer, or a part of one.

use super::super::javascript::number_of_text;
use super::Value;

/// The value that `name` stands for: the answer of that name in any case, or a part inside one (`{address.city}`,
/// `{items[0]}`, `{items[-1].price}`, `{items.length}`); [`Value::Null`] if there is none.
///
/// A name may have points in it: the longest that fits is taken first. The length of nothing is 0.
pub fn look_up(answers: &Value, name: &str) -> Value {
    find(answers, name).unwrap_or_else(|| {
        if name.ends_with(".length") {
            Value::Number(0.0)
        } else {
            Value::Null
        }
    })
}

fn find(value: &Value, path: &str) -> Option<Value> {
    if path.is_empty() {
        return Some(value.clone());
    }
    // An item's number ends a name.
    let mut end = path
        .char_indices()
        .find(|&(_, c)| c == '[')
        .map_or(path.len(), |(place, _)| place);
    loop {
        let (name, rest) = path.split_at_checked(end)?;
        if let Some(part) = part_of(value, name) {
            return find_rest(&part, rest);
        }
        end = name.char_indices().rev().find(|&(_, c)| c == '.')?.0;
    }
}

fn find_rest(value: &Value, rest: &str) -> Option<Value> {
    if let Some(rest) = rest.strip_prefix('[') {
        let (place, rest) = rest.split_once(']')?;
        return find_rest(item_of(value, place)?, rest);
    }
    find(value, rest.strip_prefix('.').unwrap_or(rest))
}

fn part_of(value: &Value, name: &str) -> Option<Value> {
    match (value, name) {
        (Value::List(items), "length") => Some(Value::Number(items.len() as f64)),
        (Value::Text(text), "length") => Some(Value::Number(text.encode_utf16().count() as f64)),
        (Value::List(_), place) => item_of(value, place).cloned(),
        (Value::Object(entries), name) => entries
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, part)| part.clone()),
        _ => None,
    }
}

/// The item at a place; below 0 it is counted from the end.
fn item_of<'a>(value: &'a Value, place: &str) -> Option<&'a Value> {
    let items = value.as_list()?;
    let place = number_of_text(place)?;
    let place = if place < 0.0 {
        place + items.len() as f64
    } else {
        place
    };
    if place < 0.0 {
        None
    } else {
        items.get(place as usize)
    }
}
