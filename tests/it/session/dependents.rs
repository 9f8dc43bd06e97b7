//! What is evaluated again after an answer: what depends on it, and nothing else.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use qingting::survey::expression::functions::{self, Surroundings};
use qingting::survey::expression::{Argument, Operand};
use qingting::survey::session::{Action, Environment};
use qingting::survey::{Definition, Session, Value};

const QUESTIONS: usize = 200;
static CALLS: AtomicUsize = AtomicUsize::new(0);

fn counted(name: &str, arguments: &[Argument<'_>], surroundings: &dyn Surroundings) -> Operand {
    CALLS.fetch_add(1, Ordering::Relaxed);
    functions::call(name, arguments, surroundings)
}

fn calls(of: impl FnOnce()) -> usize {
    let before = CALLS.load(Ordering::Relaxed);
    of();
    CALLS.load(Ordering::Relaxed) - before
}

#[test]
fn an_answer_is_looked_at_only_by_what_names_it() {
    let question = |at: usize| {
        let before = at.saturating_sub(1);
        serde_json::json!({"type": "text", "name": format!("q{at}"),
            "visibleIf": format!("count({{q{before}}}) >= 0"),
            "requiredIf": format!("count({{q{before}}}) > 1")})
    };
    let questions: Vec<_> = (0..QUESTIONS).map(question).collect();
    let value = serde_json::from_value(serde_json::json!({"elements": questions})).unwrap();
    let definition = Arc::new(Definition::from_value(&value).unwrap());
    let environment = Environment {
        call: counted,
        ..Environment::default()
    };
    let mut session = None;
    let all = calls(|| session = Some(Session::within(definition, environment)));
    assert!(
        all >= 2 * QUESTIONS,
        "{all}: every condition is evaluated once at the beginning"
    );
    let mut session = session.unwrap();
    let answer = Action::Answer("q7".to_owned(), Value::from("x"));
    let looked_at = calls(|| {
        session.apply(answer);
    });
    assert_eq!(looked_at, 2, "those of the one that names it");
}
