//! What is shown once more before it is sent, in which order questions stand, and how far one has come.

use std::sync::Arc;

use qingting::survey::definition::Element;
use qingting::survey::session::{Action, Environment, Outcome};
use qingting::survey::{Definition, Session, Value};

const SURVEY: &str = r#"{"showPreviewBeforeComplete":true,"progressBarType":"requiredQuestions","pages":[
  {"name":"score","elements":[
    {"type":"rating","name":"overall","isRequired":true},
    {"type":"comment","name":"why","isRequired":true,"visibleIf":"{overall} <= 3"}]},
  {"name":"words","elements":[
    {"type":"text","name":"order","title":"哪一单？"},
    {"type":"html","name":"thanks","html":"Thank you"}]}]}"#;

fn definition(text: &str) -> Arc<Definition> {
    let value: Value = serde_json::from_str(text).unwrap();
    Arc::new(Definition::from_value(&value).unwrap())
}

fn session(text: &str) -> Session {
    Session::new(definition(text))
}

fn answer(session: &mut Session, name: &str, value: Value) {
    session.apply(Action::Answer(name.to_owned(), value));
}

fn previewed(session: &Session) -> Vec<(usize, Vec<String>)> {
    let pages = session.previewed().into_iter();
    let names = pages.map(|(page, asked)| (page, asked.iter().map(|it| it.name.clone()).collect()));
    names.collect()
}

fn pages(pages: &[(usize, &[&str])]) -> Vec<(usize, Vec<String>)> {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    pages
        .iter()
        .map(|(page, asked)| (*page, names(asked)))
        .collect()
}

#[test]
fn answers_are_shown_once_more_and_can_be_changed() {
    let mut session = session(SURVEY);
    answer(&mut session, "overall", Value::Number(5.0));
    assert_eq!(session.apply(Action::Next), Outcome::Turned);
    assert!(session.leads_to_preview() && !session.is_previewing());
    assert_eq!(session.apply(Action::Next), Outcome::Turned);
    assert!(session.is_previewing() && !session.is_complete());
    assert_eq!(
        previewed(&session),
        pages(&[(0, &["overall"]), (1, &["order", "thanks"])])
    );
    assert!(session.is_read_only(session.definition().question("overall").unwrap()));

    // A change brings up another question: the preview is not left before it was answered.
    assert_eq!(session.apply(Action::Edit(0)), Outcome::Turned);
    assert_eq!(session.page().unwrap().name, "score");
    answer(&mut session, "overall", Value::Number(2.0));
    session.apply(Action::Answer("why".to_owned(), Value::from("too late")));
    assert_eq!(session.apply(Action::Next), Outcome::Turned);
    answer(&mut session, "why", Value::Null);
    assert_eq!(session.apply(Action::Next), Outcome::Turned);
    assert_eq!(
        (
            session.page().unwrap().name.as_str(),
            session.is_previewing()
        ),
        ("score", false)
    );
    answer(&mut session, "why", Value::from("物流太慢"));
    session.apply(Action::Next);
    session.apply(Action::Next);
    assert!(session.is_previewing());
    assert_eq!(session.apply(Action::Back), Outcome::Turned);
    assert_eq!(
        (
            session.page().unwrap().name.as_str(),
            session.is_previewing()
        ),
        ("words", false)
    );
    session.apply(Action::Next);
    assert_eq!(session.apply(Action::Next), Outcome::Completed);
    assert_eq!(session.sheet().get("why"), Some(&Value::from("物流太慢")));
}

#[test]
fn a_preview_may_leave_out_what_was_not_answered() {
    let text = SURVEY.replace("true,\"progress", "\"showAnsweredQuestions\",\"progress");
    let mut session = session(&text);
    answer(&mut session, "overall", Value::Number(5.0));
    session.apply(Action::Next);
    session.apply(Action::Next);
    assert_eq!(previewed(&session), pages(&[(0, &["overall"])]));
}

#[test]
fn progress_counts_what_its_author_wants() {
    let mut required = session(SURVEY);
    assert_eq!(required.progress_counted(), (0, 1));
    answer(&mut required, "overall", Value::Number(1.0));
    assert_eq!(required.progress_counted(), (1, 2));
    let mut all = session(&SURVEY.replace("requiredQuestions", "questions"));
    answer(&mut all, "order", Value::from("SO-1042"));
    assert_eq!(all.progress_counted(), (1, 2));
    let mut pages = session(&SURVEY.replace("requiredQuestions", "buttons"));
    answer(&mut pages, "overall", Value::Number(5.0));
    pages.apply(Action::Next);
    assert_eq!(pages.progress_counted(), (1, 2));
}

const SHUFFLED: &str = r#"{"questionsOrder":"random","elements":[
  {"type":"text","name":"a"},{"type":"text","name":"b"},{"type":"text","name":"c"},{"type":"text","name":"d"},
  {"type":"panel","name":"p","questionsOrder":"initial","elements":[
    {"type":"text","name":"e"},{"type":"text","name":"f"},{"type":"text","name":"g"}]}]}"#;

fn order(chance: fn() -> u32) -> Vec<String> {
    let definition = definition(SHUFFLED);
    let environment = Environment {
        chance,
        ..Environment::default()
    };
    let session = Session::within(Arc::clone(&definition), environment);
    let name = |element: Element| match element {
        Element::Question(place) => definition.questions[place].name.clone(),
        Element::Panel(place) => definition.panels[place].name.clone(),
    };
    let elements = session.ordered_elements(&definition.pages[0]);
    elements.into_iter().map(name).collect()
}

#[test]
fn questions_stand_in_another_order_for_each_respondent_and_the_same_on_every_visit() {
    let first = order(|| 1);
    assert_eq!(first, order(|| 1));
    let orders: Vec<_> = [order(|| 1), order(|| 2), order(|| 3), order(|| 4)].to_vec();
    assert!(orders.iter().any(|other| *other != first));
    for order in &orders {
        let mut sorted = order.clone();
        sorted.sort();
        assert_eq!(sorted, ["a", "b", "c", "d", "e", "f", "g", "p"]);
        // What stands in the panel keeps its order, before the panel.
        let at = order.iter().position(|name| name == "p").unwrap();
        assert_eq!(order[at - 3..at], ["e", "f", "g"]);
    }
    let plain: Value = serde_json::from_str(SHUFFLED).unwrap();
    assert!(!Definition::opening(&plain).opens_plain());
}
