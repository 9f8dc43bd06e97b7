//! "Other": values that are no choice stand behind it, and its words are stored in place of the answer or beside it.

use super::super::super::definition::OTHER;
use super::super::super::javascript::text_of_value;
use super::super::super::value::Value;
use super::super::Session;
use super::super::sameness::is_other;
use super::stored_form::item_of;

impl Session {
    /// The answer as its choices show it.
    pub(in super::super) fn rendered_from(&mut self, place: usize, value: Value) -> Value {
        let mut value = value;
        if self.is_several(place)
            && let Value::List(items) = &value
        {
            value = Value::List(items.iter().map(|item| self.bare(place, item)).collect());
        }
        if let Some(inner) = value.get("value").filter(|inner| !inner.is_empty())
            && item_of(&self.status(place).shown, inner).is_some()
        {
            value = inner.clone();
        }
        let has_other = self
            .choices_of(place)
            .is_some_and(|choices| choices.other.is_some());
        if self.keeps_other_beside(place) || !has_other {
            return value;
        }
        if self.is_several(place) {
            return self.several_with_other(place, value);
        }
        if !self.has_unknown(place, &value, true, false, false) {
            return self.single_from(place, value);
        }
        self.take_other(place, &value);
        Value::from(OTHER)
    }

    fn several_with_other(&mut self, place: usize, value: Value) -> Value {
        let items = match value {
            Value::List(items) => items,
            _ => Vec::new(),
        };
        let mut items = items;
        if self.has_own_shown(place) && !items.iter().any(|item| item.as_text() == Some(OTHER)) {
            let unknown = items
                .iter()
                .position(|item| self.is_unknown(place, item, true, false, false));
            if let Some(at) = unknown
                && let Some(item) = items.get_mut(at)
            {
                let words = std::mem::replace(item, Value::from(OTHER));
                self.take_other(place, &words);
            }
        }
        Value::List(items)
    }

    /// Whether a choice is shown that is no special one.
    fn has_own_shown(&self, place: usize) -> bool {
        self.status(place)
            .shown
            .iter()
            .any(|item| !item.source.is_special())
    }

    fn take_other(&mut self, place: usize, words: &Value) {
        let words = text_of_value(words);
        self.change(place, |status| status.other = words);
    }

    /// Whether the words for "other" are stored beside the answer.
    pub(in super::super) fn keeps_other_beside(&self, place: usize) -> bool {
        let Some(question) = self.definition.questions.get(place) else {
            return true;
        };
        let Some(choices) = question.kind.choices() else {
            return true;
        };
        if question.comment.is_some() || self.wraps_values(place) {
            return false;
        }
        choices.choices.iter().any(|choice| choice.shows_comment)
            || choices.stores_other.unwrap_or(self.definition.stores_other)
    }

    pub(in super::super) fn is_other_chosen(&self, place: usize) -> bool {
        self.choices_of(place)
            .is_some_and(|choices| choices.other.is_some())
            && is_other(&self.status(place).rendered)
    }

    /// The words for "other".
    pub(in super::super) fn other_words(&self, place: usize) -> &str {
        let status = self.status(place);
        if !self.keeps_other_beside(place) || !status.other.is_empty() {
            &status.other
        } else {
            &status.words
        }
    }

    /// Sets the words for "other" where they are stored in place of the answer.
    pub(in super::super) fn set_other(&mut self, place: usize, words: &str) {
        if self.status(place).other == words {
            return;
        }
        self.change(place, |status| {
            status.had_other = !status.other.is_empty();
            words.clone_into(&mut status.other);
        });
        let rendered = self.status(place).rendered.clone();
        let question = self.definition.questions.get(place);
        let word = Value::from(words);
        // Beside a comment, words that name a choice stay words.
        let is_in_place = question.is_none_or(|question| question.comment.is_none())
            || self.has_unknown(place, &word, true, false, false);
        let stands_in = |item: &Value| {
            if item.as_text() == Some(OTHER) && !words.trim().is_empty() && is_in_place {
                word.clone()
            } else {
                item.clone()
            }
        };
        let value = match &rendered {
            Value::List(items) => {
                let items = items
                    .iter()
                    .map(stands_in)
                    .map(|item| self.wrap(place, item));
                Value::List(items.collect())
            }
            single => stands_in(single),
        };
        self.set_value(place, value);
    }

    /// Puts "other" in place of the first value that is no choice; gives the value as the words for it.
    pub(in super::super) fn with_other_in_place(
        &self,
        place: usize,
        value: Value,
    ) -> (Value, String) {
        match value {
            Value::List(mut items) if self.is_several(place) => {
                let unknown = items
                    .iter()
                    .position(|item| self.is_unknown(place, item, false, false, false));
                let Some(item) = unknown.and_then(|at| items.get_mut(at)) else {
                    return (Value::List(items), String::new());
                };
                let words = text_of_value(item);
                *item = self.wrap(place, Value::from(OTHER));
                (Value::List(items), words)
            }
            // What is no list is none of several.
            value if self.is_several(place) => (value, String::new()),
            value => {
                let words = text_of_value(&value);
                (Value::from(OTHER), words)
            }
        }
    }

    /// A default that is no choice becomes "other", with the value as its words.
    pub(in super::super) fn set_unknown_default(&mut self, place: usize, value: Value) {
        let (mut words, mut chosen) = (Value::Null, Vec::new());
        // Where nothing can be chosen, only the words are there; in place of the answer, they are the answer.
        let can_choose = !self.is_locked(place);
        if !can_choose && !self.keeps_other_beside(place) {
            return self.set_value(place, value);
        }
        match &value {
            Value::List(items) if self.is_several(place) && !self.has_own_shown(place) => {
                let old = items.iter().map(|item| self.bare(place, item)).collect();
                self.set_value(place, value);
                return self.change(place, |status| status.hidden_old = old);
            }
            Value::List(items) if self.is_several(place) => {
                for item in items {
                    let bare = self.bare(place, item);
                    if !self.has_unknown(place, &bare, false, true, false) {
                        chosen.push(bare);
                    } else if words == Value::Null {
                        words = bare;
                        chosen.push(Value::from(OTHER));
                    }
                }
                if can_choose {
                    self.set_value(place, Value::List(chosen));
                }
            }
            _ => {
                words = value;
                if can_choose {
                    self.set_value(place, Value::from(OTHER));
                }
            }
        }
        let words = text_of_value(&words);
        if self.keeps_other_beside(place) {
            self.set_words(place, words);
        } else {
            self.set_other(place, &words);
        }
    }
}
