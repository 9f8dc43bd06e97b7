//! The bounds of numbers, days and texts: `min`, `max` and `step`.

use super::super::super::definition::{InputType, Kind, TextInput};
use super::super::super::javascript::{compare_texts, number_in, number_of_value, text_of_value};
use super::super::super::text::LocalizedText;
use super::super::super::validation::Fault;
use super::super::super::value::Value;
use super::super::Session;
use super::super::sameness::is_blank;

impl Session {
    /// Whether a number or date is within its bounds: one outside is not stored.
    pub(in super::super) fn is_in_bounds(&self, place: usize) -> bool {
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
        let (is_below, is_above) = outside(input.input, &status.value, &status.bounds);
        !is_below && !is_above
    }
}

/// Whether an answer is (below, above) its bounds.
fn outside(input: InputType, value: &Value, (min, max): &(Value, Value)) -> (bool, bool) {
    if is_blank(value) {
        return (false, false);
    }
    let is_less = |left: &Value, right: &Value| {
        if is_blank(left) || is_blank(right) {
            return false;
        }
        match (left, right) {
            (Value::Text(left), Value::Text(right)) if !input.is_number() => {
                compare_texts(left, right).is_lt()
            }
            (left, right) => number_of_value(left) < number_of_value(right),
        }
    };
    (is_less(value, min), is_less(max, value))
}

/// What is wrong with a number or date; in the author's text, `{0}` stands for the bound. Words, too, may have bounds
/// that are computed.
pub(super) fn bound_faults(
    input: &TextInput,
    value: &Value,
    bounds: &(Value, Value),
) -> Vec<(Fault, LocalizedText)> {
    let mut faults = Vec::new();
    let (is_below, is_above) = outside(input.input, value, bounds);
    let with = |text: &LocalizedText, bound: &Value| text.with("{0}", &text_of_value(bound));
    if is_below {
        faults.push((Fault::BelowMin, with(&input.min_error, &bounds.0)));
    }
    if is_above {
        faults.push((Fault::AboveMax, with(&input.max_error, &bounds.1)));
    }
    if input.input == InputType::Number
        && let (Some(step), Some(number)) = (input.step, number_in(value))
        && !is_multiple_of(number, step)
    {
        let text = with(&input.step_error, &Value::Number(step));
        faults.push((Fault::OffStep, text));
    }
    faults
}

/// Whether a number is a multiple of a step, both taken as decimals.
fn is_multiple_of(number: f64, step: f64) -> bool {
    let mut scale = 1.0;
    let is_whole = |number: f64, scale: f64| (number * scale).round() / scale == number;
    while scale < 1e6 && !(is_whole(number, scale) && is_whole(step, scale)) {
        scale *= 10.0;
    }
    let (number, step) = ((number * scale).round(), (step * scale).round());
    step <= 0.0 || number % step == 0.0
}
