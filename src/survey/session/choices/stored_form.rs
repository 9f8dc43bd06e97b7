//! The form in which chosen values are stored: as they are, under a key, or with the words beside them.

use super::super::super::definition::{Choice, OTHER};
use super::super::super::javascript::is_truthy;
use super::super::super::value::Value;
use super::super::Session;
use super::super::sameness::are_alike;
use super::{ShownChoice, Source};

impl Session {
    /// The key under which each chosen value is stored, if it is wrapped in an object.
    fn property(&self, place: usize) -> Option<&str> {
        let choices = self.choices_of(place)?;
        if !self.is_several(place) {
            return None;
        }
        choices.value_property.as_deref().or_else(|| {
            let is_commented =
                |choice: &Choice| choice.shows_comment && choice.value.as_text() != Some(OTHER);
            choices.choices.iter().any(is_commented).then_some("value")
        })
    }

    pub(in super::super) fn wraps_values(&self, place: usize) -> bool {
        self.property(place).is_some()
    }

    pub(in super::super) fn bare(&self, place: usize, value: &Value) -> Value {
        match (self.property(place), value) {
            (Some(key), Value::Object(_)) => value.get(key).cloned().unwrap_or_default(),
            _ => value.clone(),
        }
    }

    pub(super) fn wrap(&self, place: usize, value: Value) -> Value {
        match self.property(place) {
            Some(key) => Value::Object(vec![(key.to_owned(), value)]),
            None => value,
        }
    }

    /// The array that is stored for several choices.
    pub(in super::super) fn wrapped(&self, place: usize, value: Value) -> Value {
        let items = match value {
            value if value.is_empty() => return value,
            Value::List(items) => items,
            single => vec![single],
        };
        let Some(key) = self.property(place) else {
            return Value::List(items);
        };
        let wrap = |item: Value| match item.get(key) {
            Some(_) => item,
            None => Value::Object(vec![(key.to_owned(), item)]),
        };
        Value::List(items.into_iter().map(wrap).collect())
    }

    pub(in super::super) fn single_from(&self, place: usize, value: Value) -> Value {
        let active = self.active(place);
        match item_of(&active, &value) {
            Some(item) => self.chosen_form(item, &value, false),
            None => value,
        }
    }

    /// Several choices from whatever was given: each in the form its choice has.
    pub(in super::super) fn several_from(&self, place: usize, value: Value) -> Value {
        match value {
            Value::List(items) => {
                let shown = &self.status(place).shown;
                let form = |value: Value| match item_of(shown, &value) {
                    Some(item) => self.chosen_form(item, &value, true),
                    None => value,
                };
                Value::List(items.into_iter().map(form).collect())
            }
            value if !is_truthy(&value) => value,
            value => Value::List(vec![self.single_from(place, value)]),
        }
    }

    /// How a chosen item is stored: its value, or an object with the words beside it.
    fn chosen_form(&self, item: &ShownChoice, value: &Value, always: bool) -> Value {
        let words = value.get("comment").cloned().unwrap_or_default();
        let is_commented = item.source == Source::Other
            || self.choice(item).is_some_and(|choice| choice.shows_comment);
        if value.as_object().is_some() && is_commented && (always || !words.is_empty()) {
            let mut chosen = Value::Object(vec![("value".to_owned(), item.value.clone())]);
            if !words.is_empty() {
                chosen.set("comment", words);
            }
            return chosen;
        }
        item.value.clone()
    }
}

pub(super) fn item_of<'a>(items: &'a [ShownChoice], value: &Value) -> Option<&'a ShownChoice> {
    let inner = value.get("value").filter(|inner| !inner.is_empty());
    let value = inner.unwrap_or(value);
    items
        .iter()
        .find(|item| value.is_empty() && item.value.is_empty() || are_alike(&item.value, value))
}
