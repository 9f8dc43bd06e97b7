//! What publishing would say of a definition, and what of SurveyJS runs here at all.
//!
//! Nothing here knows the classes of properties: each type and property is put before the reader of definitions, and what
//! it makes of it is the answer. So the list cannot say anything else than what happens.

mod patterns;

use std::fmt::Write as _;

use super::properties;
use crate::survey::definition::{DefinitionError, Kind, Metric, Question};
use crate::survey::{Definition, Value};

/// SurveyJS's question types and elements, each with the properties that it cannot be without.
const TYPES: [(&str, &str); 25] = [
    ("boolean", "{}"),
    ("buttongroup", r#"{"choices":[1,2]}"#),
    ("checkbox", r#"{"choices":[1,2],"showOtherItem":true}"#),
    ("comment", "{}"),
    ("dropdown", r#"{"choices":[1,2]}"#),
    ("expression", r#"{"expression":"1"}"#),
    ("file", "{}"),
    ("flowpanel", r#"{"elements":[]}"#),
    ("html", r#"{"html":"x"}"#),
    ("image", r#"{"imageLink":"x.png"}"#),
    ("imagemap", r#"{"imageLink":"x.png","areas":[]}"#),
    (
        "imagepicker",
        r#"{"choices":[{"value":1,"imageLink":"x.png"}]}"#,
    ),
    ("matrix", r#"{"columns":[1,2],"rows":[1,2]}"#),
    (
        "matrixdropdown",
        r#"{"columns":[{"name":"c","cellType":"text"}],"rows":[1,2]}"#,
    ),
    (
        "matrixdynamic",
        r#"{"columns":[{"name":"c","cellType":"text"}]}"#,
    ),
    ("multipletext", r#"{"items":[{"name":"i"}]}"#),
    ("panel", r#"{"elements":[{"type":"text","name":"inner"}]}"#),
    (
        "paneldynamic",
        r#"{"templateElements":[{"type":"text","name":"inner"}]}"#,
    ),
    ("radiogroup", r#"{"choices":[1,2]}"#),
    ("ranking", r#"{"choices":[1,2]}"#),
    ("rating", "{}"),
    ("signaturepad", "{}"),
    ("slider", "{}"),
    ("tagbox", r#"{"choices":[1,2]}"#),
    ("text", "{}"),
];

/// Values of every kind that a property may take, with words that some of them look for.
const SAMPLES: &str = r#"[true, false, 3, 0, "{other} = 1", "de", "off", "email", "number", "stars", "smileys", "csat",
    {"default": "x", "de": "y"}, [1, 2, 4], [{"value": 1, "text": "x"}], [{"type": "email"}],
    [{"type": "complete", "expression": "{other} = 1"}], [{"name": "v", "expression": "1"}],
    {"url": "https://example.com/choices"}]"#;

/// What becomes of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// It makes a difference to the survey.
    Supported,
    /// It is kept with the definition and makes none.
    Ignored,
    /// A definition with it is not published.
    Refused,
}

/// What only the endpoint can say is wrong with a definition that can be read.
pub(super) fn faults(definition: &Definition) -> Vec<DefinitionError> {
    patterns::faults(definition)
}

/// Notes on a definition that can be published: properties that nothing here or in SurveyJS reads, measures that were
/// guessed, and languages that are not complete.
pub fn notes(value: &Value, definition: &Definition) -> Vec<String> {
    let mut notes = unknown(value);
    let named = measured(value);
    for question in definition.questions() {
        if let Some(metric) = question.metric
            && !named.contains(&question.name.as_str())
        {
            notes.push(format!(
                "{}: taken for a measure ({}) by its words; \"metric\": \"none\" makes it none",
                question.name,
                metric.name()
            ));
        }
    }
    let is_relationship = definition
        .questions()
        .any(|question| question.metric == Some(Metric::Nps));
    if is_relationship && !definition.questions().any(asks_where_most_dissatisfied) {
        notes.push(
            "no question asks \"Where are you most dissatisfied with us?\"; in a survey of the whole relationship it belongs"
                .to_owned(),
        );
    }
    let own = definition.languages();
    for language in own.iter().skip(1) {
        let lacks = |text: &crate::survey::LocalizedText| {
            !text.is_empty() && text.tags().all(|tag| !is_language(tag, language))
        };
        let missing: Vec<&str> = definition
            .questions()
            .filter(|question| {
                lacks(&question.title)
                    || question.kind.choices().is_some_and(|choices| {
                        choices.choices.iter().any(|choice| lacks(&choice.text))
                    })
                    || matches!(&question.kind, Kind::Rating(rating)
                        if lacks(&rating.low_label) || lacks(&rating.high_label))
            })
            .map(|question| question.name.as_str())
            .collect();
        if !missing.is_empty() {
            notes.push(format!(
                "{language}: these questions have words in other languages only: {}",
                missing.join(", ")
            ));
        }
    }
    notes
}

/// Whether a question is the one that is put to every customer, in whichever words.
fn asks_where_most_dissatisfied(question: &Question) -> bool {
    let says = |text: &str| {
        let text = text.to_lowercase();
        [
            "most dissatisfied",
            "least satisfied",
            "最不满意",
            "意见最大",
        ]
        .iter()
        .any(|words| text.contains(words))
    };
    let title = &question.title;
    title.tags().any(|tag| says(title.resolve(tag)))
}

fn is_language(tag: &str, language: &str) -> bool {
    let main = |tag: &str| {
        tag.split(['-', '_'])
            .next()
            .unwrap_or(tag)
            .to_ascii_lowercase()
    };
    main(tag) == main(language)
}

/// The names of questions that say themselves which measure they are.
fn measured(value: &Value) -> Vec<&str> {
    match value {
        Value::List(items) => items.iter().flat_map(measured).collect(),
        Value::Object(entries) => {
            let own = value
                .get("metric")
                .and_then(|_| value.get("name")?.as_text());
            let inner = entries.iter().flat_map(|(_, part)| measured(part));
            own.into_iter().chain(inner).collect()
        }
        _ => Vec::new(),
    }
}

fn unknown(definition: &Value) -> Vec<String> {
    // Ours, and read where somebody asks who may be named as a reference.
    let unknown = properties::unknown(definition).into_iter();
    let unknown = unknown.filter(|(_, name)| name != "consent");
    let note = |(path, name): (String, String)| {
        let mut note = format!("{path}: no property of SurveyJS; kept, not shown to respondents");
        if let Some(nearest) = properties::nearest(&name) {
            // Writing to a String cannot fail.
            let _ = write!(note, "; did you mean \"{nearest}\"?");
        }
        note
    };
    unknown.map(note).collect()
}

/// Every question type and property of SurveyJS by what becomes of it here, as a person reads it in a terminal.
pub fn list() -> String {
    let mut text = String::from("question types\n");
    let runs = |kind: &&(&str, &str)| read(&survey(kind, None)).is_some();
    let (supported, refused): (Vec<_>, Vec<_>) = TYPES.iter().partition(runs);
    let names = |kinds: &[&(&'static str, &str)]| kinds.iter().map(|(name, _)| *name).collect();
    line(&mut text, "supported", names(&supported));
    line(&mut text, "refused", names(&refused));

    let samples = parsed(SAMPLES);
    let samples = samples.as_list().unwrap_or_default();
    let classes: Vec<_> = properties::known()
        .map(|name| (name, class(name, &supported, samples)))
        .collect();
    text.push_str("\nproperties of the survey, its pages, questions and choices\n");
    for (class, word) in [
        (Class::Supported, "supported"),
        (Class::Ignored, "ignored"),
        (Class::Refused, "refused"),
    ] {
        let of_class = classes.iter().filter(|(_, known)| *known == class);
        line(&mut text, word, of_class.map(|(name, _)| *name).collect());
    }
    text.push_str(
        "\nIgnored properties are kept with the definition and have no effect. Other names are noted when publishing.\n",
    );
    text
}

fn line(text: &mut String, word: &str, names: Vec<&'static str>) {
    // Writing to a String cannot fail.
    let _ = write!(text, "  {word:<9}");
    let mut width = 0;
    for name in names {
        if width + name.len() > 100 {
            text.push_str("\n           ");
            width = 0;
        }
        let _ = write!(text, " {name}");
        width += name.len() + 1;
    }
    text.push('\n');
}

/// What becomes of a property, wherever it may stand.
fn class(name: &str, kinds: &[&(&str, &str)], samples: &[Value]) -> Class {
    // What a definition is made of: the probes stand on it.
    if ["elements", "name", "pages", "questions", "type"].contains(&name) {
        return Class::Supported;
    }
    let mut is_taken = false;
    for kind in kinds {
        for place in [Place::Survey, Place::Page, Place::Question, Place::Choice] {
            let plain = read(&survey(kind, Some((place, "", &Value::Null))));
            for sample in samples {
                let with = read(&survey(kind, Some((place, name, sample))));
                is_taken |= with.is_some();
                if with.is_some() && with != plain {
                    return Class::Supported;
                }
            }
        }
    }
    if is_taken {
        Class::Ignored
    } else {
        Class::Refused
    }
}

/// Where a property may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Survey,
    Page,
    Question,
    Choice,
}

/// A survey with one question of a kind, another one to refer to, and perhaps one property more.
fn survey((kind, needs): &(&str, &str), more: Option<(Place, &str, &Value)>) -> Value {
    let put = |object: &mut Value, place: Place| {
        if let Some((wanted, name, value)) = more
            && wanted == place
            && !name.is_empty()
        {
            object.set(name, value.clone());
        }
    };
    let mut question = parsed(needs);
    question.set("type", Value::from(*kind));
    question.set("name", Value::from("probe"));
    if let Some(choices) = question.get("choices").and_then(Value::as_list) {
        let mut choice = parsed(r#"{"value":"first","text":"First"}"#);
        put(&mut choice, Place::Choice);
        let choices = [choice].into_iter().chain(choices.iter().cloned());
        let choices = Value::List(choices.collect());
        question.set("choices", choices);
    }
    put(&mut question, Place::Question);
    let other = parsed(r#"{"type":"text","name":"other"}"#);
    let mut page = parsed(r#"{"name":"page"}"#);
    page.set("elements", Value::List(vec![question, other]));
    put(&mut page, Place::Page);
    let mut survey = parsed("{}");
    survey.set("pages", Value::List(vec![page]));
    put(&mut survey, Place::Survey);
    survey
}

fn read(survey: &Value) -> Option<Definition> {
    Definition::from_value(survey).ok()
}

/// A text of this file.
fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}
