//! What expressions compute with: JSON values, dates and undefined, and what a function is called with.

use super::super::javascript::{is_truthy, iso_text_of_date, number_of_value};
use super::{Node, Scope, Value, evaluation};

/// A moment, with its ISO 8601 text: so only who makes a date needs a calendar, and the widget's first load has none.
#[derive(Clone, Debug, PartialEq)]
pub struct Date {
    moment: f64,
    text: Option<String>,
}

impl Date {
    /// The date at a moment, in milliseconds since 1970 UTC; NaN is a date, too, that is none.
    pub fn new(moment: f64) -> Self {
        let text = iso_text_of_date(moment);
        Self { moment, text }
    }

    /// Milliseconds since 1970 UTC, or NaN.
    pub fn moment(&self) -> f64 {
        self.moment
    }
}

/// A value in an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// JavaScript's undefined: what some functions give for nothing.
    Undefined,
    /// A date, which only functions make.
    Date(Date),
    /// Anything JSON can hold.
    Value(Value),
}

impl Operand {
    /// The JSON value; null for undefined, and for a date, which is none.
    pub fn value(&self) -> &Value {
        if let Self::Value(value) = self {
            value
        } else {
            &Value::Null
        }
    }

    /// The value as an answer holds it: a date is its ISO 8601 text, null if it is none.
    pub fn into_value(self) -> Value {
        match self {
            Self::Undefined => Value::Null,
            Self::Date(date) => date.text.map_or(Value::Null, Value::Text),
            Self::Value(value) => value,
        }
    }

    /// The value as an expression sets an answer to it: a date is its day, `2026-11-23`.
    pub fn into_answer(self) -> Value {
        match self {
            Self::Date(date) => {
                let day = date.text.as_deref().and_then(|text| text.split('T').next());
                day.map_or(Value::Null, Value::from)
            }
            other => other.into_value(),
        }
    }

    /// Whether SurveyJS counts this as not answered.
    pub fn is_empty(&self) -> bool {
        !matches!(self, Self::Date(_)) && self.value().is_empty()
    }

    /// JavaScript's `Boolean(value)`.
    pub fn is_truthy(&self) -> bool {
        matches!(self, Self::Date(_)) || is_truthy(self.value())
    }

    /// JavaScript's `value == true`.
    pub(super) fn equals_true(&self) -> bool {
        match self.value() {
            Value::Null => false,
            value => number_of_value(value) == 1.0,
        }
    }
}

impl From<Value> for Operand {
    fn from(value: Value) -> Self {
        Self::Value(value)
    }
}

impl From<f64> for Operand {
    fn from(number: f64) -> Self {
        Self::Value(Value::Number(number))
    }
}

impl From<bool> for Operand {
    fn from(truth: bool) -> Self {
        Self::Value(Value::Bool(truth))
    }
}

/// What a function is called with: a value, and the expression it came from.
#[derive(Clone, Debug)]
pub struct Argument<'a> {
    /// The value.
    pub value: Operand,
    /// The expression, where the call was written in one.
    pub(super) node: Option<&'a Node>,
}

impl Argument<'_> {
    /// An argument that no expression stands behind.
    pub fn new(value: Operand) -> Self {
        Self { value, node: None }
    }

    /// Whether it was written as a constant.
    pub(super) fn is_constant(&self) -> bool {
        matches!(self.node, Some(Node::Constant(_)))
    }

    /// Whether the expression behind it equals `true` with the names of another scope; nothing if there is none.
    pub(super) fn is_true_in(&self, scope: &dyn Scope) -> Option<bool> {
        let node = self.node?;
        Some(evaluation::evaluate(node, scope).equals_true())
    }

    /// Whether the expression behind it calls the function.
    pub(super) fn calls(&self, function: &str) -> bool {
        let mut found = false;
        if let Some(node) = self.node {
            node.visit(&mut |node| {
                found |= matches!(node, Node::Call(name, _) if name == function);
            });
        }
        found
    }
}
