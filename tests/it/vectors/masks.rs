//! Input masks beside survey-core 3.1.1: what is shown, what is stored, and what becomes of typing. The cases are made by
//! `make oracle`; a few of them stand in `tests/fixtures`.

use std::fmt::Write;
use std::sync::Arc;

use qingting::survey::definition::Kind;
use qingting::survey::mask::{Edit, Mask};
use qingting::survey::session::{Action, Environment, Outcome};
use qingting::survey::{Definition, Session, Value, validate};
use serde_json::{Value as Json, json};

fn mask_of(definition: &Json) -> Mask {
    let value: Value = serde_json::from_value(definition.clone()).unwrap();
    let definition = Definition::read_leniently(&value);
    let Kind::Text(input) = &definition.question("q").unwrap().kind else {
        panic!("a field for words");
    };
    *input.mask.clone().unwrap()
}

/// As the vectors have it: nothing is undefined or an empty text there.
fn is_same(found: &Value, expected: &Json) -> bool {
    let is_nothing = expected.get("$").is_some() || expected == "" || expected.is_null();
    match (found, expected.as_f64()) {
        (Value::Null, _) => is_nothing,
        (Value::Text(text), _) if text.is_empty() => is_nothing,
        (Value::Number(found), Some(expected)) => *found == expected,
        (found, _) => serde_json::to_value(found).unwrap() == *expected,
    }
}

fn differences(case: &Json) -> Vec<String> {
    let mask = mask_of(&case["definition"]);
    let mut wrong = Vec::new();
    for step in case["shown"].as_array().unwrap() {
        let given: Value = serde_json::from_value(step["given"].clone()).unwrap();
        let stored = mask.stored(given);
        let text = mask.shown(&stored);
        let answer = mask.answer(&text);
        if !is_same(&stored, &step["stored"])
            || json!(text) != step["text"]
            || !is_same(&answer, &step["answer"])
        {
            wrong.push(format!("{stored:?} {text:?} {answer:?}, not {step}"));
        }
    }
    for step in case["typed"].as_array().unwrap() {
        let place = |key: &str| step[key].as_u64().unwrap() as usize;
        let edit = Edit {
            before: step["before"].as_str().unwrap(),
            start: place("start"),
            end: place("end"),
            inserted: step["inserted"].as_str().unwrap(),
            is_backward: step["backward"] == true,
        };
        let (after, caret) = mask.typed(&edit);
        let is_right = json!(after) == step["after"] && json!(caret) == step["caret"];
        let unmasked = Mask {
            saves_masked: false,
            ..mask.clone()
        };
        if !is_right || !is_same(&unmasked.answer(&after), &step["answer"]) {
            wrong.push(format!(
                "typed {after:?} {caret} {:?}, not {step}",
                unmasked.answer(&after)
            ));
            break;
        }
    }
    wrong
}

#[test]
fn masks_show_and_take_what_the_original_does() {
    let Some(set) = super::vectors("masks.json") else {
        return;
    };
    let cases = set.as_array().unwrap();
    let mut wrong = String::new();
    let mut right = 0;
    for case in cases {
        let differences = differences(case);
        right += usize::from(differences.is_empty());
        for difference in differences {
            writeln!(wrong, "{} {difference}", case["definition"]).unwrap();
        }
    }
    println!("masks {right} of {}", cases.len());
    assert!(!cases.is_empty() && wrong.is_empty(), "{wrong}");
}

#[test]
fn a_number_behind_a_mask_is_an_answer() {
    let mask = json!({"type": "text", "name": "sum", "maskType": "currency", "isRequired": true});
    let definition = serde_json::from_value(json!({"elements": [mask]})).unwrap();
    let definition = Arc::new(Definition::from_value(&definition).unwrap());
    let sheet = serde_json::from_value(json!({"sum": 12.5})).unwrap();
    assert_eq!(
        validate(&definition, Environment::default(), &sheet, true),
        []
    );
    let mut session = Session::resume(&definition, Environment::default(), &sheet, None);
    assert_eq!(session.answer("sum"), &Value::Number(12.5));
    assert_eq!(session.apply(Action::Next), Outcome::Completed);
}

/// What is left in a field after one letter after the other was typed.
fn after_typing(mask: &Mask, letters: &str) -> String {
    let (mut text, mut caret) = (mask.shown(&Value::Null), 0);
    for letter in letters.chars() {
        let edit = Edit {
            before: &text,
            start: caret,
            end: caret,
            inserted: &letter.to_string(),
            is_backward: false,
        };
        (text, caret) = mask.typed(&edit);
    }
    text
}

/// Here the original loses what was right before: it is left out of the vectors.
#[test]
fn on_a_clock_of_twelve_hours_only_what_leads_to_no_time_is_lost() {
    let mask = |pattern: &str| {
        let settings = json!({"pattern": pattern});
        mask_of(&json!({"elements": [
            {"type": "text", "name": "q", "maskType": "datetime", "maskSettings": settings}
        ]}))
    };
    let clock = mask("hh:MM tt");
    assert_eq!(after_typing(&clock, "0307p"), "03:07 pt");
    assert_eq!(after_typing(&clock, "0307pm"), "03:07 pm");
    assert_eq!(clock.answer("03:07 pm"), Value::from("15:07"));
    assert_eq!(clock.answer("12:30 am"), Value::from("00:30"));
    assert_eq!(clock.shown(&Value::from("00:30")), "12:30 am");
    let both = mask("mm/dd/yyyy hh:MM tt");
    assert_eq!(after_typing(&both, "0537"), "05/3d/yyyy hh:MM tt");
    assert!(
        both.is_incomplete("05/3d/yyyy hh:MM tt") && !both.is_incomplete("mm/dd/yyyy hh:MM tt")
    );
}
