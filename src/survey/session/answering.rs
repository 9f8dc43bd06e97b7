//! How an answer is taken from the respondent or a rule, and set as its question has it.

use super::super::definition::{Checks, ClearHidden, Kind};
use super::super::javascript::{is_truthy, joined, text_of_value};
use super::super::value::Value;
use super::Session;
use super::sameness::{is_blank, is_same};
use super::spreading::MAX_DEPTH;
use super::stored_form::{as_typed, matrix_value, on_slider};

impl Session {
    /// Sets the answer to a question as a respondent does: rules that set each other only so deep.
    pub(super) fn set_value(&mut self, place: usize, value: Value) {
        if self.run.depth >= MAX_DEPTH {
            return;
        }
        self.run.depth += 1;
        self.set_and_follow(place, value);
        self.run.depth -= 1;
    }

    fn set_and_follow(&mut self, place: usize, value: Value) {
        let Some(question) = self.question(place) else {
            return;
        };
        let mut value = value;
        if let Kind::Slider(slider) = &question.kind {
            value = on_slider(slider, value);
        }
        value = as_typed(&question.kind, value);
        if self.is_several(place) {
            if !self.status(place).is_clearing {
                self.change(place, |status| status.hidden_old.clear());
            }
            value = self.several_from(place, value);
            if !is_truthy(&value) {
                value = Value::List(Vec::new());
            }
            let old = match &self.status(place).value {
                Value::Null => Value::List(Vec::new()),
                old => old.clone(),
            };
            if is_same(&old, &value) {
                return;
            }
            value = self.without_exclusive(place, &old, value);
        }
        if self.has_choices(place) && !self.is_several(place) {
            value = self.single_from(place, value);
        }
        if is_same(&value, &self.status(place).value) {
            return;
        }
        if self.has_parts(place) && !is_blank(&value) && value.as_object().is_none() {
            return;
        }
        let was_answered = self.is_whole(place);
        self.change(place, |status| {
            status.is_setting = true;
            status.was_answered = Some(was_answered);
        });
        let value = self.to_stored(place, value);
        self.set_own_value(place, value);
        let checks_at_once = matches!(
            self.definition.checks,
            Checks::OnValueChanged | Checks::OnValueChanging
        );
        if self.is_in_bounds(place) {
            if checks_at_once
                && matches!(&question.kind, Kind::Text(input) if input.input.has_bounds())
                && self.has_faults(place)
            {
                self.check_question(place, false);
            }
            let value = self.status(place).value.clone();
            self.store(question.value_name(), &value, Some(place));
        } else if checks_at_once {
            self.check_question(place, false);
        }
        if self.change(place, |status| std::mem::take(&mut status.drops_words)) {
            self.store_words(place, String::new());
        }
        if self.has_nested(place) && self.clears_on_hiding(place) {
            self.clear_unchosen(place, ClearHidden::OnHiddenContainer);
        }
        self.change(place, |status| {
            status.is_setting = false;
            status.was_answered = None;
        });
    }

    /// Sets the answer as the question itself has it.
    pub(super) fn set_own_value(&mut self, place: usize, value: Value) {
        let Some(question) = self.question(place) else {
            return;
        };
        let mut value = value;
        match &question.kind {
            Kind::Boolean(boolean) => {
                if value.as_text() == Some("true") && boolean.true_value.as_text() != Some("true") {
                    value = Value::Bool(true);
                } else if value.as_text() == Some("false")
                    && boolean.false_value.as_text() != Some("false")
                {
                    value = Value::Bool(false);
                } else if value.as_text() == Some("indeterminate") {
                    value = Value::Null;
                }
            }
            Kind::Text(_) | Kind::Comment(_) => {
                if let Value::List(items) = &value {
                    let between = match question.kind {
                        Kind::Comment(_) => "\n",
                        _ => ", ",
                    };
                    value = Value::Text(joined(items, between));
                }
            }
            Kind::Multipletext(lines) => self.note_lines(&question, lines, &value),
            Kind::Matrix(matrix) => value = matrix_value(matrix.is_multiple, value),
            _ => {}
        }
        let has_choices = self.has_choices(place);
        if has_choices {
            if is_same(&self.status(place).value, &value) {
                return;
            }
            let rendered = self.rendered_from(place, value.clone());
            self.change(place, |status| status.rendered = rendered);
        }
        self.change(place, |status| {
            status.is_null &= value == Value::Null;
            if !is_same(&status.value, &value) && !status.is_by_default {
                status.is_direct = true;
            }
            status.value = value;
        });
        if has_choices {
            if !self.run.is_running && self.has_nested(place) {
                self.refresh_containers();
            }
            self.update_dependents(place);
            if question.comment.is_none()
                && !self.is_other_chosen(place)
                && !self.other_words(place).is_empty()
            {
                self.change(place, |status| {
                    status.drops_words = true;
                    status.other.clear();
                    status.words.clear();
                });
            }
        }
    }

    /// Whether every row and line of the answer is there.
    pub(super) fn is_whole(&self, place: usize) -> bool {
        let value = &self.status(place).value;
        let has = |key: &str| value.get(key).is_some_and(|part| !is_blank(part));
        self.is_answered(place)
            && self
                .question(place)
                .is_none_or(|question| match &question.kind {
                    Kind::Matrix(_) => self
                        .shown_rows(&question)
                        .iter()
                        .all(|row| has(&text_of_value(&row.value))),
                    Kind::Multipletext(lines) => lines.iter().all(|line| has(&line.name)),
                    _ => true,
                })
    }

    /// Whether the question has an answer.
    pub(super) fn is_answered(&self, place: usize) -> bool {
        !is_blank(&self.status(place).value)
    }

    /// Takes an answer back.
    pub(super) fn clear_value(&mut self, place: usize, keeps_words: bool) {
        if self.status(place).value != Value::Null {
            self.set_value(place, Value::Null);
        }
        if !keeps_words && !self.status(place).words.is_empty() {
            self.set_words(place, String::new());
        }
        self.change(place, |status| status.is_direct = false);
    }

    /// Sets an answer that an expression gave.
    pub(super) fn set_computed(&mut self, place: usize, value: Value) {
        if !is_same(&self.status(place).value, &value) {
            self.set_value(place, value);
        }
    }
}
