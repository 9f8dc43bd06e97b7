//! What is fed with garbled bytes: each takes anything, and returns.

use std::sync::Arc;

use qingting::endpoint::check::check;
use qingting::survey::definition::{Kind, TextInput};
use qingting::survey::expression::{Argument, Expression, Operand, functions, look_up};
use qingting::survey::mask::Edit;
use qingting::survey::session::{Action, Environment};
use qingting::survey::{Definition, Question, Session, Value, validate};

/// Every function is at hand; patterns are not, since each machine runs them in its own way.
pub fn environment() -> Environment {
    Environment {
        call: functions::call,
        ..Environment::default()
    }
}

struct Nothing;

impl qingting::survey::expression::Scope for Nothing {
    fn look_up(&self, name: &str) -> Value {
        look_up(&Value::Null, name)
    }

    fn call(&self, name: &str, arguments: &[Argument<'_>]) -> Operand {
        functions::call(name, arguments, self)
    }
}

impl functions::Surroundings for Nothing {
    fn now_ms(&self) -> f64 {
        0.0
    }

    fn zone_minutes(&self, _: f64) -> f64 {
        0.0
    }
}

/// Reads bytes as a definition, and answers it with its own parts.
pub fn definition(data: &[u8]) {
    let Ok(value) = serde_json::from_slice::<Value>(data) else {
        return;
    };
    let (findings, _) = check(&value);
    for finding in findings {
        let _ = (finding.to_string(), finding.to_value());
    }
    let strict = Definition::from_value(&value);
    let definition = Arc::new(Definition::read_leniently(&value));
    drop(strict);
    let names: Vec<String> = definition.questions().map(|it| it.name.clone()).collect();
    let mut session = Session::within(Arc::clone(&definition), environment());
    for (count, name) in names.iter().enumerate().take(20) {
        let answer = match count % 4 {
            0 => Value::from("item1"),
            1 => Value::Number(2.0),
            2 => Value::List(vec![Value::from("item1"), Value::Number(1.0)]),
            _ => Value::Object(vec![("row1".to_owned(), Value::from("col1"))]),
        };
        session.apply(Action::Answer(name.clone(), answer));
        session.apply(Action::Next);
        session.previewed();
        session.progress_counted();
    }
    for question in definition.questions() {
        masked(question);
    }
    session.apply(Action::Edit(0));
    session.apply(Action::Back);
    session.apply(Action::Complete);
    for question in session.questions() {
        session.piped(&question.title, "zh-CN");
    }
    validate(&definition, environment(), &session.sheet(), true);
}

/// Types the question's own name into its mask.
fn masked(question: &Question) {
    let Kind::Text(TextInput {
        mask: Some(mask), ..
    }) = &question.kind
    else {
        return;
    };
    let mut text = mask.shown(&question.default);
    let mut place = 0;
    for letter in question.name.chars().chain("31-12 9p".chars()) {
        let mut buffer = [0; 4];
        let edit = Edit {
            before: &text,
            start: place,
            end: place + usize::from(letter == '1'),
            inserted: letter.encode_utf8(&mut buffer),
            is_backward: false,
        };
        (text, place) = mask.typed(&edit);
    }
    mask.stored(mask.answer(&text));
}

/// Reads bytes as an expression, and evaluates it with nothing answered.
pub fn expression(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(expression) = Expression::parse(text)
    {
        expression.evaluate(&Nothing);
    }
}

/// Reads bytes as the answers to a survey, whole and in part.
pub fn sheet(definition: &Arc<Definition>, data: &[u8]) {
    if let Ok(answers) = serde_json::from_slice::<Value>(data) {
        validate(definition, environment(), &answers, true);
        validate(definition, environment(), &answers, false);
    }
}
