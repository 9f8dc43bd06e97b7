//! The expression language of `visibleIf`: SurveyJS's operators over answers, parsed once and evaluated without a panic.
//!
//! Operators, loosest first: `or ||`, `and &&`, comparisons (`= == != <> > >= < <=` and their words), `+ -`, `* / %`, `^`,
//! `contains`, `notcontains`, `anyof`, `noneof` and `allof`, `!`, and the suffixes `empty`, `notempty`. Values are numbers,
//! texts, `[arrays]`, `{names}` with property paths, and calls. As in SurveyJS, words need no blank between them
//! (`{a}>1and{b}>1`) and brackets at the end may stay open.
//!
//! One evaluation visits each part of the expression at most once, and an operator or a function takes a time that grows
//! with the values it is given; only the items of two arrays are compared pair by pair, and a condition on the items of an
//! array is asked of each of them.
//!
//! What a name or a call stands for is the [`Scope`]'s to say. The library of [`functions`] is only reached through it, so
//! that a page whose survey calls none need not have it.

mod comparison;
mod evaluation;
pub mod functions;
mod operand;
mod parser;
mod path;

pub use operand::{Argument, Date, Operand};
pub use path::{find, look_up};

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::Value;

/// An expression; parsing bounds its depth and length, so that evaluation always ends and never overflows. Copies share
/// it.
#[derive(Clone, Debug)]
pub struct Expression(Arc<Source>);

/// An expression as it is written, and as it is understood from the first time it is asked on.
#[derive(Debug)]
struct Source {
    text: String,
    node: OnceLock<Node>,
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.0.text == other.0.text
    }
}

/// The longest expression that is read, in bytes.
pub const MAX_LENGTH: usize = 20_000;
/// The deepest nesting that is read.
pub const MAX_DEPTH: usize = 64;

/// What the names and calls of an expression stand for.
pub trait Scope {
    /// The value of `{name}`; [`Value::Null`] if there is none. `$` before a name stays: it asks for a property of an
    /// element of the survey.
    fn look_up(&self, name: &str) -> Value;

    /// The result of a call; null for a function that is not known. `^` and the operators on dates come here under their
    /// own signs: [`functions::call`] knows them.
    fn call(&self, name: &str, arguments: &[Argument<'_>]) -> Operand;

    /// Whether a name that stands for nothing was never answered, or not any more: JavaScript's undefined, and not null.
    fn is_undefined(&self, name: &str) -> bool {
        let _ = name;
        false
    }

    /// Whether two arrays are only equal in the same order where one is the value of `{name}`: so it is for a ranking.
    fn is_ordered(&self, name: &str) -> bool {
        let _ = name;
        false
    }
}

/// Names alone: every call gives null.
impl<F: Fn(&str) -> Value> Scope for F {
    fn look_up(&self, name: &str) -> Value {
        self(name)
    }

    fn call(&self, _: &str, _: &[Argument<'_>]) -> Operand {
        Operand::Value(Value::Null)
    }
}

#[derive(Debug, PartialEq)]
enum Node {
    Constant(Value),
    Variable(Variable),
    List(Vec<Self>),
    Negate(Box<Self>),
    Empty(Box<Self>, bool),
    /// Operators of one precedence, from the left; a list, so that a long chain is no deep nesting.
    Chain(Box<Self>, Vec<(Operator, Self)>),
    Call(String, Vec<Self>),
}

#[derive(Debug, PartialEq)]
struct Variable {
    name: String,
    /// `{#name}`: a text that spells a number stays a text.
    is_raw: bool,
    /// `{"key": 1}` is an object where there is no such name.
    object: Option<Value>,
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
        let node = parser::parse(text)?;
        let text = text.to_owned();
        Ok(Self(Arc::new(Source {
            text,
            node: OnceLock::from(node),
        })))
    }

    /// Whether a property of an element may be named in it: `{$q1.isVisible}`.
    pub fn names_properties(&self) -> bool {
        super::javascript::contains_text(&self.0.text, "{$")
    }

    /// An expression that was read before and is known to be one: it is read when it is first evaluated, so that a page
    /// which evaluates none need not have the reader. What is none after all gives null.
    pub fn read_later(text: &str) -> Self {
        let text = text.to_owned();
        Self(Arc::new(Source {
            text,
            node: OnceLock::new(),
        }))
    }

    fn node(&self) -> &Node {
        let read = || parser::parse(&self.0.text).unwrap_or(Node::Constant(Value::Null));
        self.0.node.get_or_init(read)
    }

    /// The value of the expression as an answer holds it: a date is its ISO 8601 text, nothing is null.
    pub fn evaluate(&self, scope: &dyn Scope) -> Value {
        self.operand(scope).into_value()
    }

    /// The value of the expression with what JSON has no word for: dates, and JavaScript's undefined.
    pub fn operand(&self, scope: &dyn Scope) -> Operand {
        evaluation::evaluate(self.node(), scope)
    }

    /// Whether the expression equals `true`, as SurveyJS's `ConditionRunner` asks it: `1` does, `2` and `'yes'` do not.
    pub fn is_true(&self, scope: &dyn Scope) -> bool {
        self.operand(scope).equals_true()
    }

    /// The names the expression looks up, as written, in order; a name may come twice.
    pub fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.node().visit(&mut |node| {
            if let Node::Variable(variable) = node {
                names.push(variable.name.as_str());
            }
        });
        names
    }

    /// (whether a name passes, whether there is any name).
    pub fn any_name(&self, passes: &dyn Fn(&str) -> bool) -> (bool, bool) {
        let (mut found, mut is_named) = (false, false);
        self.node().visit(&mut |node| {
            if let Node::Variable(variable) = node {
                is_named = true;
                found = found || passes(&variable.name);
            }
        });
        (found, is_named)
    }

    /// Whether a function is called that names nothing, as `today()` or `dateAdd(today(), 1, 'days')`: then the result may
    /// change though nothing it names does. Within another call's brackets that does not count: `hasFunction(true)`.
    pub fn has_bare_call(&self) -> bool {
        self.node().has_bare_call()
    }

    /// The functions the expression calls, in order; a function may come twice. `^`, which is rare, counts as one.
    pub fn calls(&self) -> Vec<&str> {
        let mut calls = Vec::new();
        self.node().visit(&mut |node| match node {
            Node::Call(name, _) => calls.push(name.as_str()),
            Node::Chain(_, rest) if rest.iter().any(|(sign, _)| *sign == Operator::Power) => {
                calls.push("^");
            }
            _ => {}
        });
        calls
    }
}

impl Node {
    fn has_bare_call(&self) -> bool {
        match self {
            Self::Constant(_) | Self::Variable(_) => false,
            Self::Call(_, arguments) => !arguments.iter().any(Self::has_name),
            Self::List(items) => items.iter().any(Self::has_bare_call),
            Self::Negate(inner) | Self::Empty(inner, _) => inner.has_bare_call(),
            Self::Chain(head, rest) => {
                head.has_bare_call() || rest.iter().any(|(_, operand)| operand.has_bare_call())
            }
        }
    }

    fn has_name(&self) -> bool {
        let mut found = false;
        self.visit(&mut |node| found |= matches!(node, Self::Variable(_)));
        found
    }

    fn visit<'a>(&'a self, see: &mut dyn FnMut(&'a Self)) {
        see(self);
        match self {
            Self::Constant(_) | Self::Variable(_) => {}
            Self::List(items) | Self::Call(_, items) => {
                for item in items {
                    item.visit(see);
                }
            }
            Self::Negate(inner) | Self::Empty(inner, _) => inner.visit(see),
            Self::Chain(head, rest) => {
                head.visit(see);
                for (_, operand) in rest {
                    operand.visit(see);
                }
            }
        }
    }
}

impl Operator {
    /// Whether it takes what is empty for 0, or for the nothing of the other operand's kind.
    fn is_arithmetic(self) -> bool {
        matches!(
            self,
            Self::Or
                | Self::And
                | Self::Plus
                | Self::Minus
                | Self::Times
                | Self::Divide
                | Self::Remainder
                | Self::Power
        )
    }

    /// The name under which a scope is asked for it.
    fn sign(self) -> &'static str {
        SIGNS
            .iter()
            .find(|(_, operator)| *operator == self)
            .map_or("", |(sign, _)| sign)
    }

    fn of_sign(sign: &str) -> Option<Self> {
        SIGNS
            .iter()
            .find(|(other, _)| *other == sign)
            .map(|(_, operator)| *operator)
    }
}

/// No two alike, and none a word that an expression could call.
const SIGNS: &[(&str, Operator)] = &[
    ("=", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("<", Operator::Less),
    ("<=", Operator::LessOrEqual),
    (">", Operator::Greater),
    (">=", Operator::GreaterOrEqual),
    ("*=", Operator::Contains),
    ("!*=", Operator::NotContains),
    ("?=", Operator::AnyOf),
    ("!?=", Operator::NoneOf),
    ("&=", Operator::AllOf),
    ("+", Operator::Plus),
    ("-", Operator::Minus),
    ("*", Operator::Times),
    ("/", Operator::Divide),
    ("%", Operator::Remainder),
    ("^", Operator::Power),
];
