//! Answers that are no choice: which are, and how they are taken back and come again.

use super::super::super::definition::{DONT_KNOW, Kind, NONE, REFUSED};
use super::super::super::value::Value;
use super::super::Session;
use super::super::sameness::{are_alike, is_blank, is_other};
use super::Source;
use super::stored_form::item_of;

impl Session {
    /// Whether a value, or one of several, is no choice.
    pub(in super::super) fn has_unknown(
        &self,
        place: usize,
        value: &Value,
        allows_other: bool,
        is_filtered: bool,
        checks_empty: bool,
    ) -> bool {
        let is_unknown =
            |value: &Value| self.is_unknown(place, value, allows_other, is_filtered, checks_empty);
        match value {
            Value::List(items) => items.iter().any(is_unknown),
            value => is_unknown(value),
        }
    }

    pub(super) fn is_unknown(
        &self,
        place: usize,
        value: &Value,
        allows_other: bool,
        is_filtered: bool,
        checks_empty: bool,
    ) -> bool {
        let value = self.bare(place, value);
        if !checks_empty && is_blank(&value) || allows_other && is_other(&value) {
            return false;
        }
        if !self.is_no_choice_of(place, &value, is_filtered) {
            return false;
        }
        // Another question that shares the answer may have the choice.
        let Some(question) = self.definition.questions.get(place) else {
            return true;
        };
        let Some(name) = &question.value_name else {
            return true;
        };
        !self.places_of_value(name).into_iter().any(|other| {
            other != place
                && self.has_choices(other)
                && !self.is_no_choice_of(other, &value, is_filtered)
        })
    }

    fn is_no_choice_of(&self, place: usize, value: &Value, is_filtered: bool) -> bool {
        let Some(choices) = self.choices_of(place) else {
            return true;
        };
        let is = |special: &str, shown: bool| shown && value.as_text() == Some(special);
        if is(NONE, choices.none.is_some())
            || is(REFUSED, choices.refused.is_some())
            || is(DONT_KNOW, choices.dont_know.is_some())
        {
            return false;
        }
        match &self.status(place).filtered {
            Some(filtered) if is_filtered => item_of(filtered, value).is_none(),
            _ => item_of(&self.active(place), value).is_none(),
        }
    }

    /// Takes back what is no choice any more; what comes back with its choice is kept aside.
    pub(in super::super) fn clear_incorrect(&mut self, place: usize) {
        let Some(question) = self.question(place) else {
            return;
        };
        match &question.kind {
            Kind::Rating(rating) => {
                let value = &self.status(place).value;
                if !is_blank(value)
                    && !rating
                        .values
                        .iter()
                        .any(|point| are_alike(&point.value, value))
                {
                    self.clear_value(place, true);
                }
            }
            Kind::Matrix(_) => self.clear_incorrect_rows(place, true),
            kind => {
                let Some(choices) = kind.choices() else {
                    return;
                };
                if choices.allows_custom
                    || choices.keeps_incorrect
                    || self.places_of_value(question.value_name()).len() > 1
                {
                    return;
                }
                let status = self.status(place);
                if is_blank(&status.value) && status.hidden_old.is_empty() {
                    return;
                }
                if self.is_several(place) {
                    self.clear_incorrect_items(place, question.comment.is_some());
                } else if kind.is_multiple() {
                    self.clear_incorrect_pictures(place);
                } else if self.can_clear(place, &self.status(place).value.clone()) {
                    self.clear_value(place, true);
                }
            }
        }
    }

    fn can_clear(&self, place: usize, value: &Value) -> bool {
        (self.keeps_other_beside(place) || !self.is_other_chosen(place))
            && self.has_unknown(place, value, true, true, true)
    }

    fn clear_incorrect_pictures(&mut self, place: usize) {
        let value = self.status(place).value.clone();
        let Some(items) = value.as_list() else {
            return self.clear_value(place, true);
        };
        let known = items
            .iter()
            .filter(|item| !self.has_unknown(place, item, true, true, false));
        let known: Vec<Value> = known.cloned().collect();
        if known.is_empty() {
            self.clear_value(place, true);
        } else if known.len() < items.len() {
            self.set_value(place, Value::List(known));
        }
    }

    fn clear_incorrect_items(&mut self, place: usize, has_comment: bool) {
        let restored = self.restored(place);
        let value = self.status(place).value.clone();
        if value == Value::Null && restored.is_empty() {
            return;
        }
        let items = value.as_list().unwrap_or_default().to_vec();
        if items.is_empty() {
            self.change(place, |status| status.is_clearing = true);
            if has_comment {
                self.set_value(place, Value::Null);
            } else {
                self.clear_value(place, true);
            }
            self.change(place, |status| status.is_clearing = false);
            if restored.is_empty() {
                return;
            }
        }
        let (mut kept, mut has_changed) = (Vec::new(), !restored.is_empty());
        for item in items {
            if self.can_clear(place, &self.bare(place, &item)) {
                has_changed = true;
                self.change(place, |status| status.hidden_old.push(item));
            } else {
                kept.push(item);
            }
        }
        kept.extend(restored);
        if !has_changed {
            return;
        }
        self.change(place, |status| status.is_clearing = true);
        if kept.is_empty() {
            self.clear_value(place, true);
        } else {
            self.set_value(place, Value::List(kept));
        }
        self.change(place, |status| status.is_clearing = false);
    }

    fn restored(&mut self, place: usize) -> Vec<Value> {
        let mut restored = Vec::new();
        for item in self.status(place).shown.clone() {
            if item.source == Source::All {
                continue;
            }
            let hidden = &self.status(place).hidden_old;
            if let Some(at) = hidden.iter().position(|old| are_alike(old, &item.value)) {
                if !self.is_chosen(place, &item) {
                    restored.push(item.value.clone());
                }
                self.change(place, |status| drop(status.hidden_old.remove(at)));
            }
        }
        restored
    }
}
