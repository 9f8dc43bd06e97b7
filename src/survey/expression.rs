//! The expression language of `visibleIf`: SurveyJS's operators over answers, parsed once and evaluated without a panic.
//!
//! Operators, loosest first: `or ||`, `and &&`, comparisons (`= == != <> > >= < <=` and their words), `+ -`, `* / %`, `^`,
//! `contains`, `notcontains`, `anyof`, `noneof` and `allof`, `!`, and the suffixes `empty`, `notempty`. Values are numbers,
//! texts, `[arrays]`, `{names}` with property paths, and calls; a function that is not known gives null.

mod evaluation;
mod parser;
mod path;

pub use path::look_up;

use std::fmt;
use std::sync::Arc;

use super::Value;

/// A parsed expression; parsing bounds its depth and length, so that evaluation always ends and never overflows.
/// Copies share it.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression(Arc<Node>);

/// The longest expression that is read, in bytes.
pub const MAX_LENGTH: usize = 20_000;
/// The deepest nesting that is read.
pub const MAX_DEPTH: usize = 64;

#[derive(Debug, PartialEq)]
enum Node {
    Constant(Value),
    Variable(String),
    List(Vec<Self>),
    Negate(Box<Self>),
    Empty(Box<Self>, bool),
    Binary(Operator, Box<Self>, Box<Self>),
    Call(String, Vec<Self>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
    NotContains,
    AnyOf,
    NoneOf,
    AllOf,
    Plus,
    Minus,
    Times,
    Divide,
    Remainder,
    Power,
}

/// Why a text is not an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpressionError {
    /// It cannot be read on from this byte.
    Unexpected(usize),
    /// It is longer than [`MAX_LENGTH`].
    TooLong,
    /// It is nested deeper than [`MAX_DEPTH`].
    TooDeep,
}

impl fmt::Display for ExpressionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unexpected(place) => {
                write!(formatter, "cannot be read on from character {}", place + 1)
            }
            Self::TooLong => write!(formatter, "is longer than {MAX_LENGTH} bytes"),
            Self::TooDeep => write!(formatter, "is nested deeper than {MAX_DEPTH}"),
        }
    }
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// [`ExpressionError`] says where reading stopped.
    pub fn parse(text: &str) -> Result<Self, ExpressionError> {
        parser::parse(text).map(|node| Self(Arc::new(node)))
    }

    /// The value of the expression, with `{names}` looked up in `values`; null where there is none.
    pub fn evaluate(&self, values: &dyn Fn(&str) -> Value) -> Value {
        evaluation::evaluate(&self.0, values)
    }

    /// Whether the value of the expression is true, as JavaScript sees it.
    pub fn is_true(&self, values: &dyn Fn(&str) -> Value) -> bool {
        super::javascript::is_truthy(&self.evaluate(values))
    }

    /// The names the expression looks up, as written, in order; a name may come twice.
    pub fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        collect_names(&self.0, &mut names);
        names
    }
}

fn collect_names<'a>(node: &'a Node, names: &mut Vec<&'a str>) {
    match node {
        Node::Constant(_) => {}
        Node::Variable(name) => names.push(name.strip_prefix('#').unwrap_or(name)),
        Node::List(items) | Node::Call(_, items) => {
            items.iter().for_each(|item| collect_names(item, names))
        }
        Node::Negate(inner) | Node::Empty(inner, _) => collect_names(inner, names),
        Node::Binary(_, left, right) => {
            collect_names(left, names);
            collect_names(right, names);
        }
    }
}
