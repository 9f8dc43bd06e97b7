//! The sample surveys, read and answered as customers answer them: in both languages, pleased and angry.

use std::sync::Arc;

use qingting::measures::Scale;
use qingting::survey::definition::{Kind, Metric};
use qingting::survey::session::{Action, Environment, Outcome, Source};
use qingting::survey::validation::Fault;
use qingting::survey::{Definition, Session, Value, validate};

use super::messages::is_badly_set;

const DELIVERY: &str = include_str!("../../public/surveys/delivery.json");
const RELATIONSHIP: &str = include_str!("../../public/surveys/relationship.json");

/// The SurveyJS properties that the samples may use, and our own three at the end.
const KNOWN: [&str; 34] = [
    "locale",
    "title",
    "showProgressBar",
    "progressBarType",
    "showQuestionNumbers",
    "checkErrorsMode",
    "completeText",
    "completedHtml",
    "pages",
    "name",
    "elements",
    "type",
    "description",
    "isRequired",
    "rateType",
    "displayMode",
    "rateValues",
    "rateMin",
    "rateMax",
    "minRateDescription",
    "maxRateDescription",
    "value",
    "text",
    "visibleIf",
    "maxSelectedChoices",
    "choices",
    "showOtherItem",
    "otherText",
    "rows",
    "maxLength",
    "placeholder",
    "metric",
    "aspect",
    "complaintBelow",
];

/// The properties that hold words, and so must be there in both languages.
const WORDS: [&str; 8] = [
    "title",
    "description",
    "text",
    "completeText",
    "completedHtml",
    "minRateDescription",
    "maxRateDescription",
    "otherText",
];

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn definition(text: &str) -> Arc<Definition> {
    Arc::new(Definition::from_value(&value(text)).unwrap())
}

/// Calls `see` with every property of every object, except inside words.
fn walk(value: &Value, see: &mut dyn FnMut(&str, &Value)) {
    for item in value.as_list().unwrap_or_default() {
        walk(item, see);
    }
    for (name, inner) in value.as_object().unwrap_or_default() {
        see(name, inner);
        if !WORDS.contains(&name.as_str()) {
            walk(inner, see);
        }
    }
}

fn answer(session: &mut Session, question: &str, answer: impl Into<Value>) {
    session.apply(Action::Answer(question.to_owned(), answer.into()));
}

/// The values that `why` offers after this satisfaction.
fn reasons(overall: f64) -> Vec<String> {
    let definition = definition(DELIVERY);
    let mut session = Session::new(Arc::clone(&definition));
    answer(&mut session, "overall", overall);
    let why = definition.question("why").unwrap();
    let own = session.shown_choices(why).iter();
    own.filter(|choice| matches!(choice.source, Source::Choice(..)))
        .map(|choice| choice.value.as_text().unwrap().to_owned())
        .collect()
}

fn chosen(reasons: &[&str]) -> Value {
    Value::List(reasons.iter().map(|reason| Value::from(*reason)).collect())
}

#[test]
fn samples_use_only_properties_that_an_editor_knows() {
    for text in [DELIVERY, RELATIONSHIP] {
        walk(&value(text), &mut |name, _| {
            assert!(KNOWN.contains(&name), "{name}")
        });
    }
}

#[test]
fn every_word_is_there_in_both_languages() {
    for text in [DELIVERY, RELATIONSHIP] {
        let mut seen = 0;
        walk(&value(text), &mut |name, words| {
            if !WORDS.contains(&name) {
                return;
            }
            let tags: Vec<&str> = words
                .as_object()
                .unwrap()
                .iter()
                .map(|(tag, _)| tag.as_str())
                .collect();
            assert_eq!(tags, ["default", "zh-cn"], "{words:?}");
            let (english, chinese) = (words.get("default").unwrap(), words.get("zh-cn").unwrap());
            assert!(english.as_text().unwrap().is_ascii(), "{english:?}");
            assert!(!is_badly_set(chinese.as_text().unwrap()), "{chinese:?}");
            seen += 1;
        });
        assert!(seen > 15, "{seen} texts");
        let languages = definition(text).languages();
        assert_eq!(languages.len(), 2, "{languages:?}");
    }
}

#[test]
fn samples_have_four_screens_with_one_question_each() {
    for text in [DELIVERY, RELATIONSHIP] {
        let definition = definition(text);
        assert_eq!(definition.pages.len(), 4);
        assert!(
            definition
                .pages
                .iter()
                .all(|page| page.questions.len() == 1)
        );
        assert!(definition.progress.is_above && definition.allows_back && !definition.auto_advance);
    }
}

/// Listening comes first: the score, then the customer's own words, then what we would like to know besides, which nobody must
/// answer.
#[test]
fn samples_listen_before_they_ask() {
    for text in [DELIVERY, RELATIONSHIP] {
        let definition = definition(text);
        let mut questions = definition.questions();
        let mut next = || questions.next().expect("four questions");
        assert!(matches!(next().kind, Kind::Rating(_)), "the score first");
        let open = next();
        assert!(
            matches!(open.kind, Kind::Comment(_)) && open.name == "dissatisfied",
            "then one open question"
        );
    }
    let definition = definition(RELATIONSHIP);
    let mut session = Session::new(Arc::clone(&definition));
    answer(&mut session, "recommend", 3.0);
    for question in definition.questions().skip(1) {
        assert!(!session.is_required(question), "{}", question.name);
    }
    // Left there, the score counts.
    let sheet = session.sheet();
    assert_eq!(
        validate(&definition, Environment::default(), &sheet, false),
        []
    );
    assert_eq!(sheet.get("recommend"), Some(&Value::Number(3.0)));
}

#[test]
fn measures_stand_on_their_own_scales() {
    for (text, question, metric, scale, complaint_below) in [
        (DELIVERY, "overall", Metric::Csat, Scale::CSAT, 3.0),
        (DELIVERY, "ease", Metric::Ces, Scale::CES, 4.0),
        (RELATIONSHIP, "recommend", Metric::Nps, Scale::NPS, 7.0),
    ] {
        let definition = definition(text);
        let question = definition.question(question).unwrap();
        let Kind::Rating(rating) = &question.kind else {
            panic!("{question:?}")
        };
        let points = rating
            .values()
            .iter()
            .filter_map(|point| point.value.as_number());
        assert_eq!(Scale::spanning(points), Some(scale));
        assert_eq!(
            (question.metric, question.complaint_below),
            (Some(metric), Some(complaint_below))
        );
        assert!(question.rules.is_required);
    }
    // Only what is measured is asked for; the standing question is never forced.
    assert!(
        !definition(DELIVERY)
            .question("dissatisfied")
            .unwrap()
            .rules
            .is_required
    );
    assert!(
        !definition(RELATIONSHIP)
            .question("compared")
            .unwrap()
            .rules
            .is_required
    );
}

#[test]
fn standing_question_is_asked_in_its_own_words() {
    for text in [DELIVERY, RELATIONSHIP] {
        let definition = definition(text);
        let title = &definition.question("dissatisfied").unwrap().title;
        assert_eq!(
            title.resolve("en"),
            "Where are you most dissatisfied with us?"
        );
        assert_eq!(title.resolve("zh-CN"), "您对我们最不满意的地方是什么？");
    }
}

#[test]
fn reasons_depend_on_the_score() {
    for (low, high) in [(1.0, 4.0), (3.0, 5.0)] {
        assert!(
            reasons(low)
                .iter()
                .all(|reason| !reasons(high).contains(reason))
        );
    }
    assert!(reasons(2.0).contains(&"not-informed".to_owned()));
    assert!(reasons(5.0).contains(&"good-documents".to_owned()));
    for score in 1..=5 {
        let count = reasons(f64::from(score)).len();
        assert!(
            (5..=8).contains(&count),
            "{count} reasons at {score} do not fit a phone"
        );
    }
}

#[test]
fn angry_customer_gets_through_in_four_steps() {
    let definition = definition(DELIVERY);
    let mut session = Session::new(Arc::clone(&definition));
    assert_eq!(session.apply(Action::Next), Outcome::Refused);
    answer(&mut session, "overall", 1.0);
    assert_ne!(session.apply(Action::Next), Outcome::Refused);

    let words = "Installed friday, down twice sinse. NOBODY can tell me when it wil work 😡";
    answer(&mut session, "dissatisfied", words);
    assert_ne!(session.apply(Action::Next), Outcome::Refused);

    answer(
        &mut session,
        "why",
        chosen(&["late", "not-working", "not-informed", "slow-help"]),
    );
    assert_eq!(session.apply(Action::Next), Outcome::Refused);
    assert_eq!(
        session.violation("why").map(|violation| violation.fault),
        Some(Fault::TooMany(3))
    );
    answer(
        &mut session,
        "why",
        chosen(&["late", "not-working", "other"]),
    );
    answer(
        &mut session,
        "why-Comment",
        "门禁卡都没给，工程师在楼下等了两个小时！！",
    );
    assert_ne!(session.apply(Action::Next), Outcome::Refused);

    assert!(session.is_last_page());
    answer(&mut session, "ease", 2.0);
    assert_eq!(session.apply(Action::Next), Outcome::Completed);

    let sheet = session.sheet();
    assert_eq!(
        validate(&definition, Environment::default(), &sheet, true),
        []
    );
    assert_eq!(
        sheet.get("dissatisfied").and_then(Value::as_text),
        Some(words)
    );
}

#[test]
fn pleased_customer_may_say_nothing_more_than_the_scores() {
    let definition = definition(DELIVERY);
    let mut session = Session::new(Arc::clone(&definition));
    answer(&mut session, "overall", 5.0);
    for _ in 0..3 {
        session.apply(Action::Next);
    }
    answer(&mut session, "ease", 7.0);
    assert_eq!(session.apply(Action::Next), Outcome::Completed);
    assert_eq!(
        validate(&definition, Environment::default(), &session.sheet(), true),
        []
    );
}

#[test]
fn reasons_for_another_score_are_not_sent() {
    let mut session = Session::new(definition(DELIVERY));
    answer(&mut session, "overall", 2.0);
    answer(&mut session, "why", chosen(&["late", "other"]));
    answer(&mut session, "why-Comment", "发票抬头开错了");
    answer(&mut session, "overall", 5.0);
    let sheet = session.sheet();
    assert_eq!(sheet.get("why"), Some(&chosen(&["other"])));
    assert_eq!(
        sheet.get("why-Comment").and_then(Value::as_text),
        Some("发票抬头开错了")
    );
}

#[test]
fn relationship_survey_can_be_answered_by_score_alone() {
    let definition = definition(RELATIONSHIP);
    let mut session = Session::new(Arc::clone(&definition));
    answer(&mut session, "recommend", 0.0);
    for expected in [false, false, false, true] {
        assert_eq!(session.apply(Action::Next) == Outcome::Completed, expected);
    }
    assert_eq!(
        validate(&definition, Environment::default(), &session.sheet(), true),
        []
    );
    // The control: without the score the same sheet is not complete.
    assert_ne!(
        validate(
            &definition,
            Environment::default(),
            &Value::Object(Vec::new()),
            true
        ),
        []
    );
}
