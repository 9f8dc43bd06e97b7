//! The words beside an answer: comments, those for "other", and those of a choice that asks for some.

use super::super::definition::{COMMENT_SUFFIX, Question};
use super::super::value::Value;
use super::Session;
use super::choices::Source;
use super::sameness::is_other;

impl Session {
    /// The words beside a chosen value: those for "other", or those of a choice that asks for some.
    pub fn words(&self, question: &Question, value: &Value) -> String {
        self.words_for(question.place, value)
    }

    /// The answer with other words beside a chosen value.
    pub fn with_words(&self, question: &Question, value: &Value, words: &str) -> Value {
        let mut chosen = Value::Object(vec![("value".to_owned(), value.clone())]);
        if !words.trim().is_empty() {
            chosen.set("comment", Value::from(words));
        }
        match &self.status(question.place).value {
            Value::List(items) => {
                let item = |item: &Value| {
                    if self.bare(question.place, item) == *value {
                        chosen.clone()
                    } else {
                        item.clone()
                    }
                };
                Value::List(items.iter().map(item).collect())
            }
            _ if words.trim().is_empty() => value.clone(),
            _ => chosen,
        }
    }

    /// The words beside a chosen value.
    fn words_for(&self, place: usize, value: &Value) -> String {
        if is_other(value) {
            return self.other_words(place).to_owned();
        }
        let words = |chosen: &Value| {
            let words = chosen.get("comment").and_then(Value::as_text);
            words.unwrap_or_default().to_owned()
        };
        match &self.status(place).value {
            Value::List(items) => items
                .iter()
                .find(|item| item.get("value") == Some(value))
                .map(words)
                .unwrap_or_default(),
            single => words(single),
        }
    }

    /// Whether a choice that asks for words is chosen, and they are not there.
    pub(super) fn lacks_words(&self, place: usize) -> bool {
        let status = self.status(place);
        status.shown.iter().any(|item| {
            let is_required = match item.source {
                Source::Other => true,
                _ => self
                    .choice(item)
                    .is_some_and(|choice| choice.shows_comment && choice.is_comment_required),
            };
            is_required
                && self.is_chosen(place, item)
                && self.words_for(place, &item.value).is_empty()
        })
    }

    /// Sets the words beside an answer, or those for "other".
    pub(super) fn set_words(&mut self, place: usize, words: String) {
        let words = if words.trim().is_empty() {
            String::new()
        } else {
            words
        };
        if self.has_choices(place) && !self.keeps_other_beside(place) && self.is_other_chosen(place)
        {
            return self.set_other(place, &words);
        }
        if self.status(place).words == words {
            return;
        }
        self.change(place, |status| {
            status.had_other = !status.words.is_empty();
            status.words.clone_from(&words);
        });
        self.store_words(place, words);
    }

    pub(super) fn set_words_quietly(&mut self, place: usize, words: String) {
        if self.status(place).words == words {
            return;
        }
        self.change(place, |status| status.words.clone_from(&words));
        self.store_words(place, words);
    }

    pub(super) fn stored_words(&self, place: usize) -> String {
        let Some(question) = self.question(place) else {
            return String::new();
        };
        let name = [question.value_name(), COMMENT_SUFFIX].concat();
        let words = self.answers.get(&name).and_then(Value::as_text);
        words.unwrap_or_default().to_owned()
    }

    pub(super) fn store_words(&mut self, place: usize, words: String) {
        let Some(question) = self.question(place) else {
            return;
        };
        let value_name = question.value_name();
        let old = self.stored_words(place);
        if words == old {
            return;
        }
        let name = [value_name, COMMENT_SUFFIX].concat();
        let stored = if words.is_empty() {
            Value::Null
        } else {
            Value::from(words.as_str())
        };
        self.answers.set(&name, stored);
        for other in self.places_of_value(value_name) {
            self.change(other, |status| status.words.clone_from(&words));
            self.check_after_change(other);
        }
        let (new, old) = (Value::Text(words), Value::Text(old));
        self.follow_change(&name, &new, &old, Some(value_name));
    }
}
