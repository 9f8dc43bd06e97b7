//! How an answer is taken, and how it spreads: to what is stored, to questions that share it, to everything it decides.

use std::sync::Arc;

use super::super::definition::{
    COMMENT_SUFFIX, Checks, ClearHidden, Kind, Question, Slider, TextInput,
};
use super::super::javascript::{joined, number_in, number_of_text, number_of_value, text_of_value};
use super::super::value::Value;
use super::{Property, Session};

/// So deep one change makes another, and that one the next.
const MAX_DEPTH: usize = 24;

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
            if !super::super::javascript::is_truthy(&value) {
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
        if self.is_in_bounds(place) {
            if self.definition.checks == Checks::OnValueChanged
                && matches!(&question.kind, Kind::Text(input) if input.input.has_bounds())
                && self.has_faults(place)
            {
                self.check_question(place, false);
            }
            let value = self.status(place).value.clone();
            self.store(question.value_name(), &value, Some(place));
        } else if self.definition.checks == Checks::OnValueChanged {
            self.check_question(place, false);
        }
        if self.change(place, |status| std::mem::take(&mut status.drops_words)) {
            self.store_words(place, String::new());
        }
        self.change(place, |status| {
            status.is_setting = false;
            status.was_answered = None;
        });
    }

    /// Whether a number or date is within its bounds: one outside is not stored.
    fn is_in_bounds(&self, place: usize) -> bool {
        let Some(question) = self.question(place) else {
            return true;
        };
        let Kind::Text(input) = &question.kind else {
            return true;
        };
        if !input.input.has_bounds() {
            return true;
        }
        let status = self.status(place);
        let (is_below, is_above) =
            super::faults::outside(input.input, &status.value, &status.bounds);
        !is_below && !is_above
    }

    /// The form in which an answer of this kind is stored.
    fn to_stored(&self, place: usize, value: Value) -> Value {
        let Some(question) = self.question(place) else {
            return value;
        };
        match &question.kind {
            Kind::Rating(rating) if rating.is_listed => {
                let point = rating
                    .values
                    .iter()
                    .find(|point| are_alike(&point.value, &value));
                point.map_or(value, |point| point.value.clone())
            }
            // What JavaScript takes for a number is read as one: truth values, too, which then are none.
            Kind::Rating(_) if value != Value::Null && !number_of_value(&value).is_nan() => {
                number_of_text(&text_of_value(&value)).map_or(Value::Null, Value::Number)
            }
            Kind::Imagepicker(_) => value,
            kind if kind.is_multiple() => self.wrapped(place, value),
            Kind::Text(TextInput {
                mask: Some(mask), ..
            }) => mask.stored(value),
            kind if kind.choices().is_some() => match value {
                Value::List(items) => items.into_iter().next().unwrap_or_default(),
                value => value,
            },
            _ => value,
        }
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
            Kind::Multipletext(lines) => self.note_lines(place, lines, &value),
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

    /// Notes which lines of several the respondent wrote: what is computed as the line's default is none of them.
    fn note_lines(&mut self, place: usize, lines: &[Arc<Question>], value: &Value) {
        for (at, line) in lines.iter().enumerate() {
            let Some(expression) = &line.default_expression else {
                continue;
            };
            let new = value.get(&line.name).cloned().unwrap_or_default();
            let old = self.status(place).value.get(&line.name).cloned();
            if new.is_empty() || is_same(&new, &old.unwrap_or_default()) {
                continue;
            }
            let computed = expression.operand(&self.view()).into_answer();
            if !is_same(&as_line(&line.kind, computed), &new) {
                self.change(place, |status| {
                    if let Some(line) = status.lines.get_mut(at) {
                        line.is_direct = true;
                    }
                });
            }
        }
    }

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

    fn store_and_follow(&mut self, name: &str, value: &Value, from: Option<usize>) {
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
    pub(super) fn update_from_stored(&mut self, place: usize, value: Value) {
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
                        .all(|row| has(&super::super::javascript::text_of_value(&row.value))),
                    Kind::Multipletext(lines) => lines.iter().all(|line| has(&line.name)),
                    _ => true,
                })
    }

    /// Whether the question has an answer.
    pub(super) fn is_answered(&self, place: usize) -> bool {
        !is_blank(&self.status(place).value)
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

    pub(super) fn note_change(&mut self, name: &str, value: Value) {
        let changed = self.run.changed.get_or_insert_default();
        match changed.iter_mut().find(|(key, _)| key == name) {
            Some(entry) => entry.1 = value,
            None => changed.push((name.to_owned(), value)),
        }
    }

    pub(super) fn run_after_change(&mut self, name: &str, value: &Value) {
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

    fn store_words(&mut self, place: usize, words: String) {
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

    /// Sets the answer to its default where it has none.
    pub(super) fn fill_default(&mut self, place: usize) {
        let Some(question) = self.question(place) else {
            return;
        };
        if question.default_expression.is_none() && is_blank(&question.default) {
            return;
        }
        if self.is_answered(place) || self.clears_on_hiding(place) && !self.is_visible(place) {
            return;
        }
        self.set_default(place);
    }

    pub(super) fn set_default(&mut self, place: usize) {
        let Some(question) = self.question(place) else {
            return;
        };
        // Of a yes or no, only what is written is its default; what is computed comes with the conditions.
        if let Some(expression) = &question.default_expression
            && !matches!(question.kind, Kind::Boolean(_))
        {
            if !self.enter(Property::Default, place) {
                return;
            }
            let mut value = expression.operand(&self.view()).into_answer();
            if value == Value::Null {
                value = question.default.clone();
            }
            self.change(place, |status| status.is_by_default = true);
            self.set_default_value(place, value);
            self.change(place, |status| status.is_by_default = false);
            self.leave();
        } else {
            self.set_default_value(place, question.default.clone());
        }
    }

    fn set_default_value(&mut self, place: usize, value: Value) {
        let Some(question) = self.question(place) else {
            return;
        };
        let mut value = value;
        match &question.kind {
            Kind::Boolean(boolean) => {
                let is = |word: &str, stored: &Value| {
                    value.as_text() == Some(word)
                        || value.as_bool() == Some(word == "true")
                        || value == *stored
                };
                value = if is("true", &boolean.true_value) {
                    boolean.true_value.clone()
                } else if is("false", &boolean.false_value) {
                    boolean.false_value.clone()
                } else if value == Value::Null || value.as_text() == Some("indeterminate") {
                    Value::Null
                } else {
                    return;
                };
            }
            kind => {
                let has_other = kind
                    .choices()
                    .is_some_and(|choices| choices.other.is_some());
                if has_other
                    && !value.is_empty()
                    && !is_same(&self.status(place).value, &value)
                    && self.has_unknown(place, &value, true, true, false)
                {
                    return self.set_unknown_default(place, value);
                }
            }
        }
        if !is_same(&self.status(place).value, &value) {
            self.set_value(place, value);
        }
    }

    /// Sets an answer that an expression gave.
    pub(super) fn set_computed(&mut self, place: usize, value: Value) {
        if !is_same(&self.status(place).value, &value) {
            self.set_value(place, value);
        }
    }

    /// When the answer is taken back while hidden.
    pub(super) fn clear_mode(&self, place: usize) -> ClearHidden {
        let question = self.definition.questions.get(place);
        let own = question.and_then(|question| question.clear_hidden);
        own.unwrap_or(self.definition.clear_hidden)
    }

    pub(super) fn clears_on_hiding(&self, place: usize) -> bool {
        matches!(
            self.clear_mode(place),
            ClearHidden::OnHidden | ClearHidden::OnHiddenContainer
        )
    }
}

/// A computed answer as a line takes it: of an array, its items with commas between them.
pub(super) fn as_line(kind: &Kind, value: Value) -> Value {
    match value {
        Value::List(items) => as_typed(kind, Value::Text(joined(&items, ", "))),
        value => as_typed(kind, value),
    }
}

/// What a field for numbers takes: a number, or nothing.
pub(super) fn as_typed(kind: &Kind, value: Value) -> Value {
    match kind {
        Kind::Text(input)
            if input.input.is_number() && super::super::javascript::is_truthy(&value) =>
        {
            number_in(&value).map_or_else(|| Value::from(""), Value::Number)
        }
        _ => value,
    }
}

/// Whether an answer counts as none: what is empty, and blanks.
pub(super) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.trim().is_empty(),
        value => value.is_empty(),
    }
}

pub(super) fn is_other(value: &Value) -> bool {
    let is = |value: &Value| value.as_text() == Some(super::super::definition::OTHER);
    value
        .as_list()
        .map_or_else(|| is(value), |items| items.iter().any(is))
}

/// What changed, as triggers compare it.
fn change_key(new: &Value, old: &Value) -> Value {
    Value::List(vec![new.clone(), old.clone()])
}

/// Whether two answers are the same, with regard to case, blanks and order: a question's own `isTwoValueEquals`.
pub(super) fn is_same(left: &Value, right: &Value) -> bool {
    are_equal(left, right, false)
}

/// As [`is_same`], but numbers equal the texts that spell them: SurveyJS's `Helpers.isTwoValueEquals`, which finds choices.
pub(super) fn are_alike(left: &Value, right: &Value) -> bool {
    are_equal(left, right, true)
}

fn are_equal(left: &Value, right: &Value, reads_numbers: bool) -> bool {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => left == right,
        (Value::Number(left), Value::Number(right)) => left == right,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Null, other) | (other, Value::Null) => match other {
            Value::Null => true,
            Value::Text(text) => text.is_empty(),
            Value::List(items) => items.is_empty(),
            _ => false,
        },
        (Value::Number(number), text @ Value::Text(_))
        | (text @ Value::Text(_), Value::Number(number)) => {
            reads_numbers && number_in(text) == Some(*number)
        }
        (Value::Bool(truth), Value::Text(text)) | (Value::Text(text), Value::Bool(truth)) => {
            text.eq_ignore_ascii_case(if *truth { "true" } else { "false" })
        }
        (Value::Number(number), Value::Bool(truth))
        | (Value::Bool(truth), Value::Number(number)) => {
            reads_numbers && *number == f64::from(u8::from(*truth))
        }
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(a, b)| are_equal(a, b, reads_numbers))
        }
        (Value::Object(entries), Value::Object(others)) => {
            entries.len() == others.len()
                && entries.iter().all(|(key, part)| {
                    right
                        .get(key)
                        .is_some_and(|other| are_equal(part, other, reads_numbers))
                })
        }
        _ => false,
    }
}

/// What was given, within the ends of a slider.
fn on_slider(slider: &Slider, value: Value) -> Value {
    match value {
        Value::Number(number) => Value::Number(number.max(slider.min).min(slider.max)),
        Value::List(items) => Value::List(
            items
                .into_iter()
                .map(|item| on_slider(slider, item))
                .collect(),
        ),
        value => value,
    }
}

/// A matrix has one column for each row, or a list of them.
fn matrix_value(is_multiple: bool, value: Value) -> Value {
    let Value::Object(entries) = value else {
        return value;
    };
    let entries = entries.into_iter().filter_map(|(row, chosen)| {
        let chosen = match chosen {
            Value::List(items) if !is_multiple => items.into_iter().next()?,
            chosen @ Value::List(_) => chosen,
            chosen if is_multiple => Value::List(vec![chosen]),
            chosen => chosen,
        };
        Some((row, chosen))
    });
    Value::Object(entries.collect())
}
