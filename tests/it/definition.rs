//! Reading definitions: every fault has its place and its words, and nothing makes the reader panic.

use qingting::survey::definition::{Metric, canonical_tag};
use qingting::survey::{Definition, LocalizedText, Value};

const DELIVERY: &str = include_str!("../../public/surveys/delivery.json");
const RELATIONSHIP: &str = include_str!("../../public/surveys/relationship.json");

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The faults of a survey with these elements, as its author reads them.
fn faults(elements: &str) -> Vec<String> {
    let text = format!(r#"{{"pages":[{{"elements":[{elements}]}}]}}"#);
    let faults = Definition::from_value(&value(&text))
        .err()
        .unwrap_or_default();
    faults.iter().map(ToString::to_string).collect()
}

#[test]
fn samples_are_taken() {
    for text in [DELIVERY, RELATIONSHIP] {
        assert!(Definition::from_value(&value(text)).is_ok());
    }
    // The control: one comma of a difference in meaning and it is not.
    let broken = DELIVERY.replace("\"checkbox\"", "\"chekbox\"");
    assert!(Definition::from_value(&value(&broken)).is_err());
}

#[test]
fn every_fault_says_where_it_is_and_what_to_do() {
    let place = "pages[0].elements[0]";
    for (element, path, words) in [
        (
            r#"{"type":"ratng","name":"a"}"#,
            "type",
            "did you mean \"rating\"?",
        ),
        (
            r#"{"type":"rating"}"#,
            "name",
            "expected the question's name",
        ),
        (
            r#"{"type":"comment","name":"a","visibleIf":"{b"}"#,
            "visibleIf",
            "cannot be read on from character",
        ),
        (
            r#"{"type":"comment","name":"a","title":5}"#,
            "title",
            "expected a text, or an object",
        ),
        (
            r#"{"type":"checkbox","name":"a"}"#,
            "choices",
            "expected a list of choices",
        ),
        (
            r#"{"type":"checkbox","name":"a","choices":[1,1]}"#,
            "choices[1].value",
            "no other choice has",
        ),
        (
            r#"{"type":"checkbox","name":"a","choices":[{}]}"#,
            "choices[0]",
            "an object with \"value\"",
        ),
        (
            r#"{"type":"rating","name":"a","rateMax":99}"#,
            "rateMax",
            "1 to 20 points",
        ),
        (
            r#"{"type":"rating","name":"a","metric":"nps"}"#,
            "metric",
            "0 to 10 only",
        ),
        (
            r#"{"type":"comment","name":"a","metric":"csat"}"#,
            "metric",
            "needs a rating",
        ),
        (
            r#"{"type":"rating","name":"a","metric":"happiness"}"#,
            "metric",
            "\"nps\", \"csat\", \"ces\" or \"none\"",
        ),
    ] {
        let found = faults(element);
        let start = format!("{place}.{path}: ");
        assert!(
            found
                .iter()
                .any(|fault| fault.starts_with(&start) && fault.contains(words)),
            "{element}: {found:?}"
        );
    }
    assert_eq!(
        faults(r#"{"type":"comment","name":"a"}"#),
        Vec::<String>::new()
    );
}

#[test]
fn all_faults_are_told_at_once() {
    let found = faults(
        r#"{"type":"ratng","name":"a"},{"type":"comment"},{"type":"comment","name":"b","title":1}"#,
    );
    assert_eq!(found.len(), 3, "{found:?}");
    for (text, words) in [
        ("[]", "expected a JSON object"),
        ("{}", "no question in it"),
        (r#"{"pages":1}"#, "a list of pages"),
    ] {
        let found = Definition::from_value(&value(text)).unwrap_err();
        assert!(
            found.iter().any(|fault| fault.to_string().contains(words)),
            "{found:?}"
        );
    }
}

#[test]
fn readers_get_the_nearest_language() {
    let text = LocalizedText::from_value(&value(
        r#"{"default":"Hello","zh-cn":"您好","de":"Guten Tag","fr":""}"#,
    ))
    .unwrap();
    for (reader, expected) in [
        ("zh-CN", "您好"),
        ("ZH_cn", "您好"),
        ("zh", "您好"),
        ("zh-TW", "您好"),
        ("de-AT", "Guten Tag"),
        ("fr", "Hello"),
        ("en", "Hello"),
        ("", "Hello"),
    ] {
        assert_eq!(text.resolve(reader), expected, "{reader}");
    }
    for (tag, canonical) in [
        ("zh-cn", "zh-CN"),
        ("ZH_HANS_CN", "zh-Hans-CN"),
        ("EN", "en"),
        ("", ""),
    ] {
        assert_eq!(canonical_tag(tag), canonical);
    }
    assert_eq!(LocalizedText::from_value(&value("5")), None);
    assert_eq!(LocalizedText::from_value(&value(r#"{"de":5}"#)), None);
}

/// Changes the `place`th part of a value.
fn mutate(value: &mut Value, place: &mut usize, how: usize) {
    if *place == 0 {
        *value = match how {
            0 => Value::Null,
            1 => Value::Number(-1e300),
            2 => Value::from("{a} <"),
            3 => Value::List(vec![Value::Null, Value::from("重复"), Value::from("重复")]),
            _ => Value::Object(vec![("value".to_owned(), Value::List(Vec::new()))]),
        };
    }
    *place = place.wrapping_sub(1);
    match value {
        Value::List(items) => items.iter_mut().for_each(|item| mutate(item, place, how)),
        Value::Object(entries) => entries
            .iter_mut()
            .for_each(|(_, part)| mutate(part, place, how)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => {}
    }
}

#[test]
fn two_thousand_broken_definitions_are_read_or_refused() {
    let (mut read, mut refused) = (0, 0);
    for text in [DELIVERY, RELATIONSHIP] {
        for place in 0..200 {
            for how in 0..5 {
                let mut broken = value(text);
                mutate(&mut broken, &mut place.clone(), how);
                match Definition::from_value(&broken) {
                    Ok(_) => read += 1,
                    Err(faults) => {
                        refused += 1;
                        assert!(faults.iter().all(|fault| fault.to_string().contains(": ")));
                    }
                }
            }
        }
    }
    println!("{read} read, {refused} refused");
    assert!(read + refused == 2_000 && read > 100 && refused > 100);
}

#[test]
fn ten_steps_about_recommending_are_a_net_promoter_score() {
    let metric = |question: &str| {
        let text = format!(r#"{{"elements":[{question}]}}"#);
        let value = serde_json::from_str(&text).unwrap();
        Definition::from_value(&value)
            .unwrap()
            .questions()
            .next()
            .unwrap()
            .metric
    };
    let ten = r#""type":"rating","rateMin":0,"rateMax":10"#;
    for (more, expected) in [
        (r#""name":"nps""#, Some(Metric::Nps)),
        (
            r#""name":"q","title":"How likely are you to RECOMMEND us?""#,
            Some(Metric::Nps),
        ),
        (
            r#""name":"q","title":{"default":"?","zh-cn":"您有多大可能推荐我们？"}"#,
            Some(Metric::Nps),
        ),
        (r#""name":"nps","metric":"none""#, None),
        (r#""name":"q","title":"How was it?""#, None),
    ] {
        assert_eq!(metric(&format!("{{{ten},{more}}}")), expected, "{more}");
    }
    assert_eq!(
        metric(r#"{"type":"rating","name":"nps","rateMin":1,"rateMax":10}"#),
        None
    );
}
