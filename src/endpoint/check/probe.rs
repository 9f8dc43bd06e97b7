//! The table beside the reader of definitions: each property of each kind of object is put before the reader with values of
//! every kind. What the table says runs must make a difference, what it says has no effect must make none.

use super::table::{self, Class, Object};
use crate::survey::definition::TYPES;
use crate::survey::{Definition, Value};

/// What each question type cannot be without.
const NEEDS: [(&str, &str); 13] = [
    ("checkbox", r#"{"choices":[1,2]}"#),
    ("dropdown", r#"{"choices":[1,2]}"#),
    ("expression", r#"{"expression":"1"}"#),
    (
        "file",
        r#"{"acceptedTypes":"image/*","allowMultiple":true}"#,
    ),
    ("html", r#"{"html":"x"}"#),
    ("image", r#"{"imageLink":"x.png"}"#),
    ("imagepicker", r#"{"choices":[1,2]}"#),
    ("matrix", r#"{"columns":[1,2],"rows":[1,2]}"#),
    ("multipletext", r#"{"items":[{"name":"i"}]}"#),
    ("panel", r#"{"elements":[{"type":"text","name":"inner"}]}"#),
    ("radiogroup", r#"{"choices":[1,2]}"#),
    ("ranking", r#"{"choices":[1,2]}"#),
    ("tagbox", r#"{"choices":[1,2]}"#),
];

/// Values of every kind that a property may take, with words that some of them look for.
const SAMPLES: &str = r#"[true, false, 3, 0, "{other} = 1", "de", "off", "email", "number", "stars", "csat", "other", "onHidden", "onComplete",
    "display", "questionPerPage", "onValueChanged", "collapsed", "selected", "random", "range", "checkbox", "=1", "warning", "dropdown", "questions", "numeric", {"locale": "de", "precision": 0},
    {"default": "x", "de": "y"}, [1, 2, 4], [{"value": 1, "text": "x"}], [{"type": "email"}], [{"name": "x"}],
    [{"type": "complete", "expression": "{other} = 1"}], [{"name": "v", "expression": "1"}],
    "https://example.com/", [{"html": "h", "expression": "{other} = 1"}],
    [{"url": "https://example.com/", "expression": "{other} = 1"}], [{"type": "text", "name": "deep"}], [{"name":"p2"}]]"#;

/// (object, property) of what runs and the reader alone does not show: what the widget or a later step reads, or what only
/// counts beside another property.
const ELSEWHERE: [(&str, &str); 20] = [
    // Names by which other things are known, or that say what the object is.
    ("survey", "elements"),
    ("survey", "pages"),
    ("surveytrigger", "type"),
    ("surveyvalidator", "type"),
    ("panel", "type"),
    ("question", "type"),
    ("nonvalue", "type"),
    ("nonvalue", "name"),
    // A condition in the older way takes all three.
    ("surveytrigger", "operator"),
    ("surveytrigger", "value"),
    ("surveytrigger", "name"),
    // Only beside others of the survey.
    ("survey", "previewMode"),
    ("survey", "progressBarLocation"),
    // Only beside a mask.
    ("multipletextitem", "maskSettings"),
    // What the endpoint reads of a yes.
    ("boolean", "consent"),
    // Only where no types are named.
    ("file", "acceptedCategories"),
    // Only without points of its own.
    ("rating", "rateCount"),
    // Only where words stand beside its ends.
    ("rating", "displayRateDescriptionsAsExtremeItems"),
    // Only beside `choicesMax`.
    ("dropdown", "choicesMin"),
    ("dropdown", "choicesStep"),
];

/// (object, property) of what the reader keeps and nothing asks for: an html is not answered, a ranking has no "other".
const UNUSED: [(&str, &str); 6] = [
    ("nonvalue", ""),
    ("ranking", "otherErrorText"),
    ("ranking", "storeOthersAsComment"),
    ("imagepicker", "otherErrorText"),
    ("imagepicker", "storeOthersAsComment"),
    ("matrixcolumn", "isExclusive"),
];

/// Properties that others count beside only.
const BESIDE: &str = r#"{"showCommentArea":true,"showOtherItem":true,"choicesFromQuestion":"other","showNoneItem":true,"showRefuseItem":true,
    "showDontKnowItem":true,"showSelectAllItem":true,"rateValues":[1,2],"maskType":"currency"}"#;

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// A survey with one object of a kind, and perhaps one property more in it; nothing where such an object cannot stand by
/// itself. A rich one has two pages, and what others count beside only.
fn survey(object: &Object, more: Option<(&str, &Value)>, is_rich: bool) -> Option<Value> {
    let put = |mut value: Value| {
        if let Some((name, more)) = more {
            value.set(name, more.clone());
        }
        value
    };
    let element = |kind: &str| {
        let needs = NEEDS.iter().find(|(name, _)| *name == kind);
        let mut element = parsed(needs.map_or("{}", |(_, needs)| needs));
        element.set("type", Value::from(kind));
        element.set("name", Value::from("probe"));
        let beside = parsed(if is_rich { BESIDE } else { "{}" });
        for (name, value) in beside.as_object().unwrap_or_default() {
            element.set(name, value.clone());
        }
        element
    };
    let list = |item: Value| Value::List(vec![item, parsed(r#"{"value":"second"}"#)]);
    let holding = |kind: &str, key: &str, item: &str| {
        let mut holder = element(kind);
        holder.set(key, list(put(parsed(item))));
        holder
    };
    let choice = r#"{"value":"first","text":"First"}"#;
    let mut whole = parsed("{}");
    let mut page = parsed(r#"{"name":"page"}"#);
    let probe = match object.name {
        "survey" | "page" => element("text"),
        "panelbase" | "panel" => put(element("panel")),
        "question" | "textbase" => put(element("text")),
        "nonvalue" => put(element("html")),
        "selectbase" | "checkboxbase" => put(element("radiogroup")),
        "matrixbase" => put(element("matrix")),
        "itemvalue" | "choiceitem" => holding("radiogroup", "choices", choice),
        "checkboxitem" => holding("checkbox", "choices", choice),
        "imageitemvalue" => holding("imagepicker", "choices", choice),
        "matrixcolumn" => holding("matrix", "columns", choice),
        "ratingitem" => holding("rating", "rateValues", choice),
        "multipletextitem" => {
            let mut holder = element("multipletext");
            holder.set(
                "items",
                Value::List(vec![put(parsed(r#"{"name":"line"}"#))]),
            );
            holder
        }
        name if name.ends_with("validator") => {
            let kind = name.trim_end_matches("validator");
            let kind = if kind == "survey" { "text" } else { kind };
            let mut item = parsed(r#"{"text":"no"}"#);
            item.set("type", Value::from(kind));
            let mut holder = element("text");
            holder.set("validators", Value::List(vec![put(item)]));
            holder
        }
        name if name.ends_with("trigger") => {
            let kind = name.trim_end_matches("trigger");
            let kind = if kind == "survey" { "complete" } else { kind };
            let mut item = parsed(
                r#"{"setToName":"other","gotoName":"other","fromName":"probe","setValue":1,"runExpression":"1","expression":"2"}"#,
            );
            item.set("type", Value::from(kind));
            whole.set("triggers", Value::List(vec![put(item)]));
            element("text")
        }
        "calculatedvalue" => {
            let item = parsed(r#"{"name":"c","expression":"1"}"#);
            whole.set("calculatedValues", Value::List(vec![put(item)]));
            element("text")
        }
        "htmlconditionitem" => {
            let item = parsed(r#"{"expression":"{other} = 2","html":"1"}"#);
            whole.set("completedHtmlOnCondition", Value::List(vec![put(item)]));
            element("text")
        }
        "urlconditionitem" => {
            let item = parsed(r#"{"expression":"{other} = 2","url":"https://example.com/a"}"#);
            whole.set("navigateToUrlOnCondition", Value::List(vec![put(item)]));
            element("text")
        }
        name if TYPES.contains(&name) => put(element(name)),
        _ => return None,
    };
    let other = parsed(r#"{"type":"text","name":"other"}"#);
    page.set("elements", Value::List(vec![probe, other]));
    if object.name == "page" {
        page = put(page);
    }
    let mut pages = vec![page];
    if is_rich {
        pages.push(parsed(
            r#"{"name":"last","elements":[{"type":"text","name":"end"}]}"#,
        ));
    }
    whole.set("pages", Value::List(pages));
    Some(if object.name == "survey" {
        put(whole)
    } else {
        whole
    })
}

#[test]
fn the_table_says_what_the_reader_does() {
    let samples = parsed(SAMPLES);
    let samples = samples.as_list().unwrap_or_default();
    let (mut wrong, mut told) = (Vec::new(), 0);
    for object in table::objects() {
        let read = |more, is_rich| {
            let survey = survey(object, more, is_rich)?;
            Some(Definition::read_leniently(&survey))
        };
        let plain = [false, true].map(|is_rich| read(None, is_rich));
        if plain.contains(&None) {
            continue;
        }
        for property in &object.own {
            for name in &property.names {
                let differs = samples.iter().any(|sample| {
                    let with = |is_rich| read(Some((name, sample)), is_rich);
                    [false, true].map(with) != plain
                });
                let is_in = |list: &[(&str, &str)]| {
                    let first = property.names.first().copied().unwrap_or_default();
                    list.contains(&(object.name, first)) || list.contains(&(object.name, ""))
                };
                let is_excepted = match property.class {
                    Class::Run => is_in(&ELSEWHERE),
                    Class::Look => is_in(&UNUSED),
                    Class::Refused => false,
                };
                told += 1;
                if !is_excepted && differs != (property.class == Class::Run) {
                    wrong.push(format!(
                        "{}.{name}: {:?}, differs: {differs}",
                        object.name, property.class
                    ));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {told}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(told > 300, "{told}");
}

#[test]
fn every_type_that_runs_is_in_the_table_and_no_property_stands_twice() {
    for name in TYPES {
        assert!(table::elements().any(|kind| kind.name == name), "{name}");
    }
    for object in table::objects() {
        let names: Vec<&str> = object
            .own
            .iter()
            .flat_map(|it| it.names.iter().copied())
            .collect();
        for (place, name) in names.iter().enumerate() {
            assert!(
                !names.iter().take(place).any(|other| other == name),
                "{}.{name}",
                object.name
            );
        }
        assert!(
            object
                .parent
                .is_none_or(|parent| table::object(parent).is_some()),
            "{}",
            object.name
        );
    }
}
