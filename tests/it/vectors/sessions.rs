//! Whole runs of surveys beside survey-core 3.1.1: after every step, what is shown, what is wrong and what is stored.

use std::fmt::Write;
use std::sync::Arc;

use qingting::survey::definition::Kind;
use qingting::survey::expression::functions;
use qingting::survey::session::{Action, Environment, ShownChoice};
use qingting::survey::validation::Fault;
use qingting::survey::{Definition, Question, Session, Value};
use serde_json::{Map, Value as Json, json};

/// (case, why it need not agree).
const EXCEPTIONS: [(&str, &str); 1] = [(
    "s6f6050f5",
    "without a page, survey-core remembers what it focused last, and does not turn there a second time",
)];

/// What is compared of the state after a step.
const PARTS: [&str; 10] = [
    "state",
    "page",
    "pages",
    "questions",
    "required",
    "readOnly",
    "errors",
    "titles",
    "choices",
    "disabledChoices",
];

fn environment() -> Environment {
    Environment {
        call: functions::call,
        find: |pattern, ignores_case, text| {
            let flags = if ignores_case { "i" } else { "" };
            regress::Regex::with_flags(pattern, flags).map_or(true, |it| it.find(text).is_some())
        },
        checks_form: false,
        now_ms: || super::expressions::NOW_MS,
        zone_minutes: |_| 0.0,
        chance: || 0,
    }
}

/// What the vectors call a fault.
fn kind_of(fault: Fault) -> &'static str {
    match fault {
        Fault::Required => "required",
        Fault::WordsMissing => "otherempty",
        Fault::NotANumber => "requirenumeric",
        Fault::RowMissing => "requiredinallrowserror",
        Fault::RowTwice => "eachrowuniqueeerror",
        _ => "custom",
    }
}

fn act(session: &mut Session, step: &Json) {
    if let Some(set) = step.get("set") {
        let value = match set["value"].get("$") {
            Some(_) => Value::Null,
            None => serde_json::from_value(set["value"].clone()).unwrap(),
        };
        let question = set["question"].as_str().unwrap().to_owned();
        session.apply(Action::Answer(question, value));
    } else if step.get("next").is_some() {
        session.next_page();
    } else if step.get("prev").is_some() {
        session.apply(Action::Back);
    } else if step.get("complete").is_some() {
        session.apply(Action::Complete);
    } else if step["start"] == "survey" {
        session.apply(Action::Start);
    }
}

/// What a respondent sees, in the form of the vectors.
fn seen(session: &Session) -> Map<String, Json> {
    let definition = session.definition();
    let (page, pages) = session.listed_pages();
    let name = |place: usize| json!(definition.pages[place].name);
    let questions: Vec<&Question> = page
        .map(|page| definition.questions_of(&definition.pages[page]))
        .unwrap_or_default()
        .iter()
        .map(Arc::as_ref)
        // The vectors list what stands on the page itself.
        .filter(|question| session.is_in_sight(question) && !session.is_nested(question))
        .collect();
    let names = |holds: &dyn Fn(&Question) -> bool| -> Json {
        let names = questions.iter().filter(|question| holds(question));
        names.map(|question| question.name.as_str()).collect()
    };
    let titles = questions.iter().map(|question| {
        let title = session.piped(&question.title, &definition.locale);
        (question.name.clone(), json!(title))
    });
    let mut seen = Map::new();
    let mut put = |key: &str, part: Json| drop(seen.insert(key.to_owned(), part));
    put("state", json!(state_of(session)));
    put("page", page.map_or(Json::Null, name));
    put("pages", pages.into_iter().map(name).collect());
    put("questions", names(&|_| true));
    put("required", names(&|question| session.is_required(question)));
    put(
        "readOnly",
        names(&|question| session.is_read_only(question)),
    );
    put("titles", Json::Object(titles.collect()));
    put("errors", by_name(&questions, |it| errors_of(session, it)));
    put(
        "choices",
        by_name(&questions, |it| choices_of(session, it, |_| true)),
    );
    put(
        "disabledChoices",
        by_name(&questions, |it| {
            choices_of(session, it, |choice| !choice.is_enabled)
        }),
    );
    seen
}

fn state_of(session: &Session) -> &'static str {
    if session.is_complete() {
        "completed"
    } else if session.is_starting() {
        "starting"
    } else if session.listed_pages().0.is_none() {
        "empty"
    } else {
        "running"
    }
}

/// A list for each question, without empty ones.
fn by_name(questions: &[&Question], list: impl Fn(&Question) -> Vec<Json>) -> Json {
    let lists = questions
        .iter()
        .map(|question| (question.name.clone(), list(question)));
    let lists = lists.filter(|(_, list)| !list.is_empty());
    Json::Object(
        lists
            .map(|(name, list)| (name, Json::Array(list)))
            .collect(),
    )
}

fn errors_of(session: &Session, question: &Question) -> Vec<Json> {
    let violations = session.violations().iter();
    let own = violations.filter(|violation| violation.question == question.name);
    let error = own.map(|violation| match violation.text.resolve("en") {
        "" => json!({"kind": kind_of(violation.fault)}),
        text => json!({"kind": kind_of(violation.fault), "text": text}),
    });
    error.collect()
}

fn choices_of(
    session: &Session,
    question: &Question,
    fits: impl Fn(&ShownChoice) -> bool,
) -> Vec<Json> {
    let json = |value: &Value| serde_json::to_value(value).unwrap();
    if let Kind::Rating(rating) = &question.kind {
        let every = ShownChoice {
            value: Value::Null,
            source: qingting::survey::session::Source::Custom,
            is_enabled: true,
        };
        let points = rating.values.iter().filter(|_| fits(&every));
        return points.map(|point| json(&point.value)).collect();
    }
    let shown = session.shown_choices(question).iter();
    shown
        .filter(|choice| fits(choice))
        .map(|choice| json(&choice.value))
        .collect()
}

/// Without sentences that are not the definition's own: ours differ.
fn own_words_only(errors: &mut Json, definition: &str) {
    let lists = errors
        .as_object_mut()
        .into_iter()
        .flat_map(|it| it.values_mut());
    for error in lists.flat_map(|list| list.as_array_mut().unwrap()) {
        let text = error.get("text").map(ToString::to_string);
        if !text.is_some_and(|text| definition.contains(&text)) {
            error.as_object_mut().unwrap().remove("text");
        }
    }
}

/// Whether both are the same in any order of keys; what is absent equals what is empty, and 4 equals 4.0.
fn is_same(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Number(left), Json::Number(right)) => left.as_f64() == right.as_f64(),
        (Json::Array(left), Json::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(a, b)| is_same(a, b))
        }
        (Json::Object(left), Json::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(key, a)| right.get(key).is_some_and(|b| is_same(a, b)))
        }
        (left, right) => left == right,
    }
}

fn is_nothing(part: &Json) -> bool {
    match part {
        Json::Null => true,
        Json::Array(items) => items.is_empty(),
        Json::Object(entries) => entries.is_empty(),
        _ => false,
    }
}

/// What differs after the first step after which anything does.
pub(super) fn difference(case: &Json) -> Option<String> {
    let text = case["definition"].to_string();
    let value: Value = serde_json::from_value(case["definition"].clone()).unwrap();
    let definition = Arc::new(Definition::read_leniently(&value));
    let mut session = Session::within(definition, environment());
    for (count, step) in case["steps"].as_array().unwrap().iter().enumerate() {
        act(&mut session, &step["do"]);
        let (mut expected, mut found) = (step["expect"].clone(), Json::Object(seen(&session)));
        for state in [&mut expected, &mut found] {
            if let Some(errors) = state.get_mut("errors") {
                own_words_only(errors, &text);
            }
        }
        let data = serde_json::to_value(session.stored()).unwrap();
        let parts = PARTS
            .iter()
            .map(|&part| (part, &expected[part], &found[part]));
        let parts = parts.chain([("data", &step["data"], &data)]);
        let differs = parts.filter(|(_, expected, found)| {
            !(is_same(expected, found) || is_nothing(expected) && is_nothing(found))
        });
        let differences: Vec<String> = differs
            .map(|(part, expected, found)| format!("{part} is {found}, not {expected}"))
            .collect();
        if !differences.is_empty() {
            let action = &step["do"];
            let differences = differences.join("; ");
            return Some(format!("step {count} {action}: {differences}"));
        }
    }
    end_difference(&case["end"], &session)
}

/// What differs at the end, where the case says anything of it. The original's own words of thanks are not ours.
fn end_difference(end: &Json, session: &Session) -> Option<String> {
    if end.is_null() {
        return None;
    }
    let locale = &session.definition().locale;
    let thanks = session.piped(session.completed_text(), locale);
    let data = serde_json::to_value(session.stored()).unwrap();
    let is_right = end["state"] == state_of(session)
        && is_same(&end["data"], &data)
        && (thanks.is_empty() || !session.is_complete() || end["completedHtml"] == thanks);
    (!is_right).then(|| {
        format!(
            "at the end: {}, {data}, {thanks}; not {end}",
            state_of(session)
        )
    })
}

#[test]
fn sessions_run_as_in_the_original() {
    let Some(set) = super::vectors("sessions.json") else {
        return;
    };
    let mut wrong = String::new();
    for tier in ["core", "extended"] {
        let (mut right, mut all) = (0, 0);
        let cases = set["vectors"].as_array().unwrap().iter();
        for case in cases.filter(|case| case["tier"] == tier) {
            let id = case["id"].as_str().unwrap();
            all += 1;
            match difference(case) {
                None => right += 1,
                Some(_) if tier != "core" => {}
                Some(_) if EXCEPTIONS.iter().any(|(known, _)| *known == id) => {}
                Some(difference) => {
                    let definition = &case["definition"];
                    writeln!(wrong, "{id} {difference}\n    {definition}").unwrap();
                }
            }
        }
        println!("{tier} {right} of {all}");
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Answers `tests/oracle/smallest.mjs`, which makes a survey smaller as long as it differs.
#[test]
#[ignore = "reads cases from another program, one a line"]
fn cases_of_another_program() {
    for line in std::io::stdin().lines() {
        let case: Json = serde_json::from_str(&line.unwrap()).unwrap();
        println!("\n= {}", difference(&case).unwrap_or_default());
    }
}
