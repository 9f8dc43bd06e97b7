//! Any JSON made of the words of definitions is read and answered in any way: nothing panics, and it ends.

use std::sync::Arc;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use qingting::survey::session::{Action, Environment};
use qingting::survey::{Definition, Session, Value, expression::functions, validate};

/// Properties that definitions have.
const KEYS: [&str; 46] = [
    "pages",
    "elements",
    "type",
    "name",
    "title",
    "choices",
    "value",
    "text",
    "visibleIf",
    "enableIf",
    "requiredIf",
    "resetValueIf",
    "setValueIf",
    "setValueExpression",
    "defaultValue",
    "defaultValueExpression",
    "choicesVisibleIf",
    "choicesFromQuestion",
    "choicesFromQuestionMode",
    "valueName",
    "rows",
    "columns",
    "items",
    "validators",
    "triggers",
    "expression",
    "setToName",
    "gotoName",
    "fromName",
    "calculatedValues",
    "clearInvisibleValues",
    "questionsOnPageMode",
    "rateMin",
    "rateMax",
    "min",
    "max",
    "step",
    "isRequired",
    "showOtherItem",
    "valuePropertyName",
    "maskType",
    "maskSettings",
    "pattern",
    "saveMaskedValue",
    "questionsOrder",
    "showPreviewBeforeComplete",
];

/// Values that they have.
const WORDS: [&str; 36] = [
    "text",
    "comment",
    "radiogroup",
    "checkbox",
    "dropdown",
    "tagbox",
    "rating",
    "boolean",
    "ranking",
    "matrix",
    "multipletext",
    "slider",
    "expression",
    "panel",
    "q1",
    "q2",
    "q3",
    "{q1} = 1",
    "{q2} + {q1}",
    "{q1} notempty",
    "{q2} contains 'a'",
    "a",
    "other",
    "onHidden",
    "singlePage",
    "setvalue",
    "skip",
    "selected",
    "numeric",
    "datetime",
    "currency",
    "pattern",
    "9-a#",
    "random",
    "isContainerReady('page1')",
    "",
];

fn word() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => prop::sample::select(&WORDS[..]).prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::Bool),
        1 => (-3..12).prop_map(|number| Value::Number(f64::from(number))),
        1 => prop::num::f64::ANY.prop_map(Value::Number),
        1 => Just(Value::Null),
        1 => ".{0,6}".prop_map(Value::Text),
    ]
}

fn json(depth: u32) -> impl Strategy<Value = Value> {
    word().prop_recursive(depth, 60, 6, |inner| {
        let key = prop::sample::select(&KEYS[..]).prop_map(str::to_owned);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::List),
            prop::collection::vec((key, inner), 0..7).prop_map(Value::Object),
        ]
    })
}

/// A question whose type and name are right; the rest is anything.
fn question() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(&KEYS[..]).prop_map(str::to_owned);
    let others = prop::collection::vec((key, json(3)), 0..8);
    (0..14_usize, 1..5_u8, others).prop_map(|(kind, number, others)| {
        let mut question = Value::Object(Vec::new());
        for (key, value) in others {
            question.set(&key, value);
        }
        question.set("type", Value::from(WORDS[kind]));
        question.set("name", Value::Text(format!("q{number}")));
        question
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_definition_takes_any_answers(
        questions in prop::collection::vec(question(), 0..6),
        rest in prop::collection::vec((prop::sample::select(&KEYS[..]), json(4)), 0..5),
        answers in prop::collection::vec((1..5_u8, json(3)), 0..12),
    ) {
        let begin = Instant::now();
        let mut value = Value::Object(vec![("elements".to_owned(), Value::List(questions))]);
        for (key, part) in rest {
            value.set(key, part);
        }
        let _ = Definition::from_value(&value);
        let definition = Arc::new(Definition::read_leniently(&value));
        let environment = Environment { call: functions::call, ..Environment::default() };
        let mut session = Session::within(Arc::clone(&definition), environment);
        for (number, answer) in answers {
            session.apply(Action::Answer(format!("q{number}"), answer));
            session.apply(if number == 4 { Action::Back } else { Action::Next });
        }
        session.apply(Action::Complete);
        validate(&definition, environment, &session.sheet(), true);
        prop_assert!(begin.elapsed() < Duration::from_secs(1));
    }
}
