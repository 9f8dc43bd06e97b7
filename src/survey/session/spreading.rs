//! How a stored answer spreads: to questions that share it, to everything it decides.

use std::sync::Arc;

use super::super::definition::Checks;
use super::super::value::Value;
use super::Session;
use super::sameness::{are_alike, is_blank, is_other, is_same};

/// So deep one change makes another, and that one the next.
pub(super) const MAX_DEPTH: usize = 24;

impl Session {
    /// Stores a value under a name, and lets everything that depends on it follow: rules that set each other only so
    /// deep.
    pub(super) fn store(&mut self, name: &str, value: &Value, from: Option<usize>) {
        if self.run.depth >= MAX_DEPTH {
            return;
        }
        self.run.depth += 1;
        self.store_and_follow(name, value, from);
        self.run.depth -= 1;
    }

    /// Whether an answer may be stored where what is wrong may not: `SurveyModel.validateOnValueChanging`.
    fn may_be_stored(&mut self, name: &str, value: &Value) -> bool {
        if self.definition.checks != Checks::OnValueChanging {
            return true;
        }
        let places = self.places_of_value(name);
        let mut is_right = !places.is_empty();
        // What the questions that share it make of the answer is checked; they do not give it to one another again.
        let is_first = !std::mem::replace(&mut self.run.is_sharing, true);
        for place in places {
            if is_first && !are_alike(&self.status(place).value, value) {
                self.set_value(place, value.clone());
            }
            self.check_question(place, false);
            is_right &= !self.has_faults(place);
        }
        self.run.is_sharing = !is_first;
        is_right
    }

    fn store_and_follow(&mut self, name: &str, value: &Value, from: Option<usize>) {
        if !self.may_be_stored(name, value) {
            return;
        }
        let old = self.answers.get(name).cloned().unwrap_or_default();
        let is_nothing = |value: &Value| match value {
            Value::Text(text) => text.is_empty(),
            value => *value == Value::Null,
        };
        let is_unchanged = match (is_nothing(&old), is_nothing(value)) {
            (false, false) => is_same(&old, value),
            (old, new) => old == new,
        };
        if is_unchanged {
            return;
        }
        let stored = if value.is_empty() {
            Value::Null
        } else {
            value.clone()
        };
        self.answers.set(name, stored);
        for other in self.places_of_value(name) {
            if !is_same(&self.status(other).value, value) {
                self.update_from_stored(other, value.clone());
            }
        }
        // A number in place of the text that spells it changes nothing else.
        if are_alike(&old, value) {
            return;
        }
        self.run.pending.push(name.to_owned());
        self.follow_change(name, value, &old, None);
        if let Some(at) = self.run.pending.iter().position(|pending| pending == name) {
            self.announce(name, from);
            self.run.pending.retain(|pending| pending != name);
            let _ = at;
        }
    }

    pub(super) fn places_of_value(&self, name: &str) -> Vec<usize> {
        let questions = self.definition.questions();
        let same = questions.filter(|question| question.value_name() == name);
        same.map(|question| question.place).collect()
    }

    /// Gives a question a value that was stored by another.
    fn update_from_stored(&mut self, place: usize, value: Value) {
        let Some(question) = self.question(place) else {
            return;
        };
        let mut value = value;
        let mut words = String::new();
        let has_other = question
            .kind
            .choices()
            .is_some_and(|choices| choices.other.is_some());
        if has_other && self.keeps_other_beside(place) && !self.active(place).is_empty() {
            if self.has_unknown(place, &value, false, true, false) && !is_other(&value) {
                (value, words) = self.with_other_in_place(place, value);
            } else {
                words = self.stored_words(place);
            }
        }
        if self.has_parts(place) && !is_blank(&value) && value.as_object().is_none() {
            return;
        }
        let is_by_default = !value.is_empty()
            && question
                .default_expression
                .as_ref()
                .is_some_and(|expression| is_same(&expression.evaluate(&self.view()), &value));
        self.change(place, |status| status.is_by_default = is_by_default);
        let value = if self.is_several(place) {
            self.several_from(place, value)
        } else if self.has_choices(place) {
            self.single_from(place, value)
        } else {
            value
        };
        self.set_own_value(place, value);
        self.change(place, |status| {
            status.is_by_default = false;
            status.hidden_old.clear();
        });
        self.update_dependents(place);
        if !words.is_empty() {
            self.set_words_quietly(place, words);
        }
    }

    /// What follows a change: conditions, then what questions compute anew, then triggers.
    pub(super) fn follow_change(
        &mut self,
        name: &str,
        value: &Value,
        old: &Value,
        related: Option<&str>,
    ) {
        let mut keys = vec![(name.to_owned(), change_key(value, old))];
        if let Some(related) = related {
            let value = self.answers.get(related).cloned().unwrap_or_default();
            keys.push((related.to_owned(), change_key(&value, &value)));
            self.note_change(related, value);
        }
        self.run_after_change(name, value);
        self.check_triggers(keys, false, false, Some(related.unwrap_or(name)));
    }

    fn note_change(&mut self, name: &str, value: Value) {
        let changed = self.run.changed.get_or_insert_default();
        match changed.iter_mut().find(|(key, _)| key == name) {
            Some(entry) => entry.1 = value,
            None => changed.push((name.to_owned(), value)),
        }
    }

    fn run_after_change(&mut self, name: &str, value: &Value) {
        self.note_change(name, value.clone());
        if self.run.is_running {
            self.run.reruns = true;
            return;
        }
        if !self.run.is_loading {
            self.run.is_after_change = true;
            self.run_conditions();
            self.run.is_after_change = false;
        }
        self.recompute(name, value);
        self.run.changed = None;
    }

    /// Tells the questions that share a value, and then all, that it changed.
    fn announce(&mut self, name: &str, from: Option<usize>) {
        for place in self.places_of_value(name) {
            self.check_after_change(place);
            self.update_dependents(place);
            self.keep_ranking_whole(place);
        }
        let origin = from.and_then(|place| self.question(place));
        let origin = origin.map_or_else(|| name.to_owned(), |question| question.name.clone());
        self.announce_to_all(name, &origin);
    }

    pub(super) fn announce_to_all(&mut self, name: &str, origin: &str) {
        if self.run.is_loading {
            return;
        }
        if self.run.is_running {
            self.run.notifies_later = true;
            return;
        }
        let definition = Arc::clone(&self.definition);
        for question in &definition.questions {
            self.check_after_other_change(question.place, name, origin);
            let from = question
                .kind
                .choices()
                .and_then(|choices| choices.from.as_ref());
            if from.is_some_and(|from| {
                !name.is_empty() && (from.question == name || from.question == origin)
            }) {
                self.refresh_choices(question.place);
                self.clear_incorrect(question.place);
            }
        }
    }
}

/// What changed, as triggers compare it.
fn change_key(new: &Value, old: &Value) -> Value {
    Value::List(vec![new.clone(), old.clone()])
}
