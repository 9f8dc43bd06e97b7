//! The validators of a question.

use super::super::super::definition::{Question, Rule, Validator};
use super::super::super::javascript::{is_truthy, number_in, text_of_value};
use super::super::super::validation::{Fault, Violation, looks_like_email};
use super::super::super::value::Value;
use super::super::Session;
use super::super::scope::View;

/// Patterns are looked for in at most so many characters of an answer.
const MAX_SUBJECT_CHARS: usize = 1_000;

impl Session {
    pub(super) fn broken_rules(
        &self,
        question: &Question,
        name: &str,
        value: &Value,
    ) -> Vec<Violation> {
        let mut faults = Vec::new();
        for validator in &question.validators {
            if let Some(fault) = self.broken_rule(validator, value) {
                let mut violation = Violation::new(name, fault, &validator.text);
                violation.is_remark = validator.is_remark;
                faults.push(violation);
            }
        }
        faults
    }

    fn broken_rule(&self, validator: &Validator, value: &Value) -> Option<Fault> {
        let is_empty = value.is_empty();
        let length = |value: &Value| match value {
            Value::Text(text) => Some(text.encode_utf16().count()),
            Value::List(items) => Some(items.len()),
            _ => None,
        };
        let is_within = |number: f64, min: &Option<f64>, max: &Option<f64>| {
            min.is_none_or(|min| min <= number) && max.is_none_or(|max| number <= max)
        };
        match &validator.rule {
            Rule::Numeric { .. } if is_empty => None,
            Rule::Numeric { min, max } => match number_in(value) {
                None => Some(Fault::NotANumber),
                Some(number) if is_within(number, min, max) => None,
                Some(_) => Some(Fault::Broken),
            },
            Rule::Text { .. } if is_empty => None,
            Rule::Text {
                min,
                max,
                allows_digits,
            } => {
                let ends_in_digit = text_of_value(value).ends_with(|c: char| c.is_ascii_digit());
                let is_right = (*allows_digits || !ends_in_digit)
                    && length(value).is_none_or(|length| is_within(length as f64, min, max));
                (!is_right).then_some(Fault::Broken)
            }
            Rule::AnswerCount { min, max } => {
                let count = value.as_list()?.len();
                (count > 0 && !is_within(count as f64, min, max)).then_some(Fault::Broken)
            }
            Rule::Email => (is_truthy(value) && !looks_like_email(&text_of_value(value)))
                .then_some(Fault::NotAnEmail),
            Rule::Regex {
                pattern,
                ignores_case,
            } => {
                if is_empty || pattern.is_empty() {
                    return None;
                }
                let find = self.environment.find;
                let is_found = |value: &Value| {
                    let text = text_of_value(value);
                    // Neither side looks further: long texts take long.
                    let end = text.char_indices().nth(MAX_SUBJECT_CHARS);
                    let text = end.and_then(|(end, _)| text.get(..end)).unwrap_or(&text);
                    find(pattern, *ignores_case, text)
                };
                let is_right = match value {
                    Value::List(items) => items.iter().all(is_found) && is_found(value),
                    value => is_found(value),
                };
                (!is_right).then_some(Fault::Broken)
            }
            Rule::Expression(None) => None,
            Rule::Expression(Some(expression)) => {
                let view = View {
                    session: self,
                    item: None,
                };
                (!expression.is_true(&view)).then_some(Fault::Broken)
            }
        }
    }
}
