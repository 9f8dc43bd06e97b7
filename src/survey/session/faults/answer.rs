//! What is wrong with one answer: required, in the right form, enough choices, each of its lines.

use super::super::super::definition::{InputType, Kind, Question, Rule, TextInput};
use super::super::super::javascript::{is_truthy, text_of_value};
use super::super::super::text::LocalizedText;
use super::super::super::validation::{Fault, Violation, check, looks_like_email};
use super::super::super::value::Value;
use super::super::Session;
use super::super::sameness::is_blank;
use super::bounds::bound_faults;

impl Session {
    pub(super) fn faults(&self, place: usize, is_change: bool) -> Vec<Violation> {
        let Some(question) = self.question(place) else {
            return Vec::new();
        };
        let is_computed = matches!(question.kind, Kind::Expression(..));
        if !self.is_visible(place) || self.is_locked(place) && !is_computed {
            return Vec::new();
        }
        let mut faults = self.line_faults(&question, is_change);
        let mut own = self.own_faults(&question, is_change);
        if own.is_empty() {
            own = self.broken_rules(&question, &question.name, &self.status(place).value);
        }
        faults.extend(own);
        faults
    }

    fn own_faults(&self, question: &Question, is_change: bool) -> Vec<Violation> {
        let place = question.place;
        let status = self.status(place);
        if self.environment.checks_form
            // Blanks in a field for words are no answer; anywhere else they are a wrong one.
            && !(is_blank(&status.value)
                && matches!(question.kind, Kind::Text(_) | Kind::Comment(_)))
            && let Some(fault) = check(&self.definition, question, &status.value)
        {
            return vec![Violation::new(
                &question.name,
                fault,
                &LocalizedText::default(),
            )];
        }
        let mut faults = Vec::new();
        let mut add =
            |fault, text: &LocalizedText| faults.push(Violation::new(&question.name, fault, text));
        let ours = LocalizedText::default();
        let was_answered = status.was_answered.unwrap_or(false);
        let is_computed = matches!(question.kind, Kind::Expression(..));
        if (!is_change || was_answered)
            && status.is_required
            && !is_computed
            && !question.kind.is_display()
            && !self.is_answered(place)
        {
            add(Fault::Required, &question.required_error);
        }
        match &question.kind {
            Kind::Text(input) => {
                for (fault, text) in text_faults(question, input, &status.value, &status.bounds) {
                    add(fault, &text);
                }
            }
            Kind::Matrix(matrix) if !is_change || self.has_grave_faults(place) => {
                let question = self.question(place);
                let faults = question.map(|question| self.row_faults(&question, matrix));
                let (is_missing, is_twice) = faults.unwrap_or_default();
                if is_missing {
                    add(Fault::RowMissing, &ours);
                }
                if is_twice {
                    add(Fault::RowTwice, &ours);
                }
            }
            kind => {
                if let Some(choices) = kind.choices() {
                    if self.lacks_words(place) && (!is_change || status.had_other) {
                        add(Fault::WordsMissing, &choices.other_error);
                    }
                    let count = status.value.as_list().map_or(0, <[Value]>::len);
                    let is_alone = count == 1
                        && status
                            .shown
                            .iter()
                            .any(|item| self.is_exclusive(item) && self.is_chosen(place, item));
                    if let Some(min) = choices.min_selected
                        && self.is_several(place)
                        && !is_change
                        && !is_alone
                        && count < min
                    {
                        add(Fault::TooFew(min), &ours);
                    }
                }
            }
        }
        faults
    }

    fn line_faults(&self, question: &Question, is_change: bool) -> Vec<Violation> {
        let Kind::Multipletext(lines) = &question.kind else {
            return Vec::new();
        };
        let status = self.status(question.place);
        let mut faults = Vec::new();
        for (line, known) in lines.iter().zip(&status.lines) {
            let name = [&question.name, ".", &line.name].concat();
            let value = status.value.get(&line.name).cloned().unwrap_or_default();
            if is_change && is_blank(&value) {
                continue;
            }
            let before = faults.len();
            if known.is_required && is_blank(&value) {
                faults.push(Violation::new(&name, Fault::Required, &line.required_error));
            }
            if let Kind::Text(input) = &line.kind {
                for (fault, text) in text_faults(line, input, &value, &known.bounds) {
                    faults.push(Violation::new(&name, fault, &text));
                }
            }
            if faults.len() == before {
                faults.extend(self.broken_rules(line, &name, &value));
            }
        }
        faults
    }
}

/// What is wrong with a number, day or address, in the author's words where there are any.
fn text_faults(
    question: &Question,
    input: &TextInput,
    value: &Value,
    bounds: &(Value, Value),
) -> Vec<(Fault, LocalizedText)> {
    let mut faults = bound_faults(input, value, bounds);
    let has_rule = question.validators.iter().any(|it| it.rule == Rule::Email);
    if input.input == InputType::Email
        && !has_rule
        && is_truthy(value)
        && !is_blank(value)
        && !looks_like_email(&text_of_value(value))
    {
        faults.push((Fault::NotAnEmail, LocalizedText::default()));
    }
    faults
}
