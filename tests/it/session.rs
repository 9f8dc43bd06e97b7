//! The session: pages, required questions, what is hidden, what is sent, and what random respondents do to it.

/// What is evaluated again after an answer.
mod dependents;
/// What is shown before answers are sent, order and progress.
mod preview;

use std::sync::Arc;

use proptest::prelude::*;
use qingting::survey::session::{Action, Environment, Outcome};
use qingting::survey::validation::Fault;
use qingting::survey::{Definition, Session, Value, validate};

const SURVEY: &str = r#"{"pages":[
  {"name":"score","elements":[
    {"type":"rating","name":"overall","isRequired":true},
    {"type":"boolean","name":"again"}]},
  {"name":"why","visibleIf":"{overall} <= 3","elements":[
    {"type":"checkbox","name":"reasons","isRequired":true,"maxSelectedChoices":2,"showOtherItem":true,"choices":[
      "late","broken",{"value":"noise","visibleIf":"{again} = true"}]},
    {"type":"dropdown","name":"worst","choices":["late",{"value":"noise","visibleIf":"{again} = true"}]}]},
  {"name":"hidden","elements":[
    {"type":"text","name":"mail","inputType":"email","isRequired":true,"visibleIf":"{reasons} contains 'broken'"}]},
  {"name":"words","elements":[
    {"type":"comment","name":"words","maxLength":20},
    {"type":"text","name":"visits","inputType":"number"}]}]}"#;

fn survey() -> Arc<Definition> {
    Arc::new(Definition::from_value(&serde_json::from_str(SURVEY).unwrap()).unwrap())
}

fn page(session: &Session) -> &str {
    &session.page().unwrap().name
}

fn answer(session: &mut Session, name: &str, value: impl Into<Value>) {
    let outcome = session.apply(Action::Answer(name.to_owned(), value.into()));
    assert_eq!(outcome, Outcome::Answered);
}

fn fault(session: &Session, question: &str) -> Option<Fault> {
    session.violation(question).map(|violation| violation.fault)
}

/// How many choices of a question are chosen.
fn count(session: &Session, question: &str) -> usize {
    session.answer(question).as_list().map_or(0, <[Value]>::len)
}

fn texts(texts: &[&str]) -> Value {
    Value::List(texts.iter().map(|text| Value::from(*text)).collect())
}

#[test]
fn required_question_holds_the_page_until_it_is_answered() {
    let mut session = Session::new(survey());
    assert_eq!(session.apply(Action::Next), Outcome::Refused);
    assert_eq!(fault(&session, "overall"), Some(Fault::Required));
    assert_eq!(fault(&session, "again"), None);
    answer(&mut session, "overall", 5.0);
    assert_eq!(fault(&session, "overall"), None);
    assert_eq!(session.apply(Action::Next), Outcome::Turned);
}

#[test]
fn pages_without_anything_to_ask_are_passed_over() {
    let mut session = Session::new(survey());
    assert!(!session.can_go_back());
    assert_eq!(session.apply(Action::Back), Outcome::Stayed);
    answer(&mut session, "overall", 5.0);
    assert_eq!(session.progress(), (1, 2));
    session.apply(Action::Next);
    assert_eq!((page(&session), session.progress()), ("words", (2, 2)));
    assert!(session.is_last_page());
    session.apply(Action::Back);
    answer(&mut session, "overall", 2.0);
    session.apply(Action::Next);
    assert_eq!((page(&session), session.progress()), ("why", (2, 3)));
    answer(&mut session, "reasons", texts(&["broken"]));
    session.apply(Action::Next);
    assert_eq!((page(&session), session.progress()), ("hidden", (3, 4)));
}

#[test]
fn blanks_are_no_answer_and_too_much_is_refused() {
    let mut session = Session::new(survey());
    answer(&mut session, "overall", 1.0);
    session.apply(Action::Next);
    answer(&mut session, "reasons", texts(&["late", "broken", "other"]));
    assert_eq!(session.apply(Action::Next), Outcome::Refused);
    assert_eq!(fault(&session, "reasons"), Some(Fault::TooMany(2)));
    answer(&mut session, "reasons", texts(&["late", "broken"]));
    session.apply(Action::Next);
    answer(&mut session, "mail", "   ");
    assert_eq!(session.apply(Action::Next), Outcome::Refused);
    assert_eq!(fault(&session, "mail"), Some(Fault::Required));
    answer(&mut session, "mail", "wang.li@example");
    assert_eq!(session.apply(Action::Next), Outcome::Refused);
    assert_eq!(fault(&session, "mail"), Some(Fault::NotAnEmail));
    answer(&mut session, "mail", "wang.li@example.com");
    session.apply(Action::Next);
    answer(
        &mut session,
        "words",
        "等了三天没人接电话，你们到底管不管？？？！！！",
    );
    assert_eq!(session.apply(Action::Next), Outcome::Refused);
    assert_eq!(fault(&session, "words"), Some(Fault::TooLong(20)));
    answer(&mut session, "words", "没人接电话");
    assert_eq!(session.apply(Action::Next), Outcome::Completed);
    assert_eq!(session.apply(Action::Next), Outcome::Stayed);
}

#[test]
fn choices_that_disappear_are_neither_counted_nor_sent() {
    let mut session = Session::new(survey());
    answer(&mut session, "overall", 1.0);
    answer(&mut session, "again", true);
    answer(&mut session, "reasons", texts(&["noise", "late", "broken"]));
    answer(&mut session, "worst", "noise");
    assert_eq!(count(&session, "reasons"), 3);
    assert_eq!(session.sheet().get("worst"), Some(&Value::from("noise")));
    answer(&mut session, "again", false);
    assert_eq!(count(&session, "reasons"), 2);
    assert_eq!(
        session.sheet().get("reasons"),
        Some(&texts(&["late", "broken"]))
    );
    assert_eq!(session.sheet().get("worst"), None);
    answer(&mut session, "again", true);
    assert_eq!(
        count(&session, "reasons"),
        3,
        "what was chosen is remembered"
    );
}

#[test]
fn words_for_other_are_sent_only_with_other() {
    let mut session = Session::new(survey());
    answer(&mut session, "overall", 1.0);
    answer(&mut session, "reasons", texts(&["other"]));
    answer(
        &mut session,
        "reasons-Comment",
        "the invoce was wrong AGAIN",
    );
    assert!(session.sheet().get("reasons-Comment").is_some());
    answer(&mut session, "reasons", texts(&["late"]));
    assert_eq!(session.sheet().get("reasons-Comment"), None);
    assert_eq!(
        validate(&survey(), Environment::default(), &session.sheet(), true),
        []
    );
}

#[test]
fn resuming_keeps_what_still_fits_and_where_it_was() {
    let stored: Value = serde_json::from_str(
        r#"{"overall":2,"reasons":["late","other"],"reasons-Comment":"司机态度差","worst":"gone","nobody":1,"words":7}"#,
    )
    .unwrap();
    let session = Session::resume(&survey(), Environment::default(), &stored, Some("why"));
    assert_eq!(page(&session), "why");
    assert_eq!(session.answer("reasons"), &texts(&["late", "other"]));
    assert_eq!(
        session.answer("reasons-Comment"),
        &Value::from("司机态度差")
    );
    for dropped in ["worst", "nobody", "words"] {
        assert_eq!(session.answer(dropped), &Value::Null, "{dropped}");
    }
    for lost in [Some("hidden"), Some("no such page"), None] {
        assert_eq!(
            page(&Session::resume(
                &survey(),
                Environment::default(),
                &stored,
                lost
            )),
            "score"
        );
    }
}

#[test]
fn what_a_later_answer_brings_up_is_asked_before_the_end() {
    let text = r#"{"pages":[
      {"name":"first","elements":[
        {"type":"comment","name":"why","isRequired":true,"visibleIf":"{score} < 3"},{"type":"text","name":"name"}]},
      {"name":"second","elements":[{"type":"rating","name":"score"}]}]}"#;
    let definition = Definition::from_value(&serde_json::from_str(text).unwrap()).unwrap();
    let mut session = Session::new(Arc::new(definition));
    session.apply(Action::Next);
    answer(&mut session, "score", 1.0);
    assert_eq!(session.apply(Action::Next), Outcome::Turned);
    assert_eq!(
        (page(&session), fault(&session, "why")),
        ("first", Some(Fault::Required))
    );
    answer(&mut session, "why", "the engineer never showed up");
    assert_eq!(session.apply(Action::Next), Outcome::Turned);
    assert_eq!(session.apply(Action::Next), Outcome::Completed);
}

fn an_answer() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        Just("late"),
        Just("broken"),
        Just("noise"),
        Just("other"),
        Just(""),
        Just("  "),
        Just("a@b.cn"),
        Just("等了三天没人接电话，你们到底管不管？？？！！！"),
        Just("so slow!!"),
    ]
    .prop_map(Value::from);
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-1..7_i32).prop_map(|number| Value::from(f64::from(number))),
        Just(Value::Number(f64::NAN)),
        proptest::collection::vec(text.clone(), 0..4).prop_map(Value::List),
        Just(Value::Object(vec![("a".to_owned(), Value::Null)])),
        text,
    ]
}

fn an_action() -> impl Strategy<Value = Action> {
    let names = proptest::sample::select(vec![
        "overall",
        "again",
        "reasons",
        "reasons-Comment",
        "worst",
        "mail",
        "words",
        "visits",
        "nobody",
    ]);
    // Right answers often enough that many sessions come to their end.
    let fitting = proptest::sample::select(vec![
        ("overall", Value::from(2.0)),
        ("overall", Value::from(5.0)),
        ("again", Value::Bool(true)),
        ("reasons", texts(&["broken", "noise"])),
        ("mail", Value::from("zhao@example.com")),
        ("words", Value::Null),
        ("visits", Value::Null),
    ]);
    prop_oneof![
        3 => Just(Action::Next),
        1 => Just(Action::Back),
        2 => (names, an_answer()).prop_map(|(name, answer)| Action::Answer(name.to_owned(), answer)),
        3 => fitting.prop_map(|(name, answer)| Action::Answer(name.to_owned(), answer)),
    ]
}

proptest! {
    #[test]
    fn whatever_a_respondent_does_the_session_stays_sound(actions in proptest::collection::vec(an_action(), 0..60)) {
        let definition = survey();
        let mut session = Session::new(Arc::clone(&definition));
        for action in actions {
            let was_complete = session.is_complete();
            let outcome = session.apply(action);
            let (place, pages) = session.progress();
            prop_assert!(1 <= place && place <= pages + 1 && pages <= 4, "{place} of {pages}");
            prop_assert!(outcome != Outcome::Refused || !session.violations().is_empty());
            prop_assert!(!was_complete || session.is_complete());
            if outcome == Outcome::Completed {
                let sheet = session.sheet();
                prop_assert_eq!(validate(&definition, Environment::default(), &sheet, true), []);
                let resumed = Session::resume(&definition, Environment::default(), &sheet, None);
                for question in definition.questions() {
                    let sent = sheet.get(&question.name).unwrap_or(&Value::Null);
                    prop_assert_eq!(resumed.answer(&question.name), sent);
                }
                break;
            }
        }
    }
}

#[test]
fn choices_in_random_order_stand_differently_for_each_respondent_and_stay_where_they_are() {
    let text = r#"{"pages":[{"name":"page","elements":[
        {"type":"boolean","name":"more"},
        {"type":"radiogroup","name":"reason","choicesOrder":"random","showOtherItem":true,
         "choices":["price","delivery",{"value":"support","visibleIf":"{more} = true"}]}]}]}"#;
    let definition =
        Arc::new(Definition::from_value(&serde_json::from_str(text).unwrap()).unwrap());
    let shown = |session: &Session| -> Vec<String> {
        let question = definition.question("reason").unwrap();
        let shown = session.shown_choices(question).iter();
        let word = |value: &Value| value.as_text().unwrap().to_owned();
        shown.map(|choice| word(&choice.value)).collect()
    };
    // A function pointer holds no number, so that the number comes from here.
    thread_local! {
        static CHANCE: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
    }
    let environment = Environment {
        chance: || CHANCE.get(),
        ..Environment::default()
    };
    let mut first = std::collections::BTreeMap::new();
    for chance in 0..600_u32 {
        CHANCE.set(chance.wrapping_mul(0x9e37_79b9));
        let mut session = Session::within(Arc::clone(&definition), environment);
        let before = shown(&session);
        answer(&mut session, "more", true);
        let all = shown(&session);
        // What comes stands between the others, which stay; "other" is last for everybody.
        assert_eq!((all.len(), all.last().unwrap().as_str()), (4, "other"));
        let rest: Vec<_> = all
            .iter()
            .filter(|value| *value != "support")
            .cloned()
            .collect();
        assert_eq!(rest, before);
        answer(&mut session, "more", false);
        assert_eq!(shown(&session), before);
        answer(&mut session, "more", true);
        assert_eq!(shown(&session), all);
        *first.entry(all[0].clone()).or_insert(0) += 1;
    }
    // Each is first for about a third: 200 of 600, give or take five standard deviations.
    assert_eq!(first.len(), 3);
    assert!(
        first.values().all(|count| (142..258).contains(count)),
        "{first:?}"
    );
}
