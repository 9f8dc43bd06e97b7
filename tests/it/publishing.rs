//! What publishing says: of slips in a definition, of markup, measures and patterns, and of the surveys that SurveyJS's own
//! documentation and tests are made of.

use std::collections::BTreeMap;

use qingting::endpoint::check::{Code, Finding, Severity, check};
use qingting::survey::Value;

/// (kind, words of the message, why it is right to refuse a definition for it that survey-core runs).
const JUSTIFIED: [(Code, &str, &str); 6] = [
    (
        Code::UnknownFunction,
        "",
        "the function is the test's or the example's own, in JavaScript: here it would give nothing",
    ),
    (
        Code::DanglingReference,
        "",
        "nothing has the name: the test sets it from JavaScript, or it is about names that are missing",
    ),
    (
        Code::Expression,
        "cannot be read",
        "the test is about expressions that cannot be read",
    ),
    (
        Code::DuplicateName,
        "",
        "two answers would be stored as one; valueName says it where it is meant",
    ),
    (
        Code::Malformed,
        "a list of choices",
        "nobody could answer it: the test gives the choices from JavaScript",
    ),
    (
        Code::Malformed,
        "no other choice has",
        "the test is about two choices with one value, which cannot be told apart afterwards",
    ),
];

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn findings(text: &str) -> Vec<Finding> {
    check(&value(text)).0
}

/// (path, what was found, nearest) of every finding of a kind.
fn of(text: &str, code: Code) -> Vec<(Severity, String, Option<String>, Option<String>)> {
    let own = findings(text).into_iter().filter(|it| it.code == code);
    own.map(|it| (it.severity, it.path, it.found, it.nearest))
        .collect()
}

/// The definitions of the recorded sessions: (source, tier, definition), each once.
fn recorded() -> Vec<(String, String, Value)> {
    let text = std::fs::read_to_string("tests/fixtures/sessions.json").unwrap();
    let all = value(&text);
    let mut seen = std::collections::BTreeSet::new();
    let mut definitions = Vec::new();
    for case in all.get("vectors").and_then(Value::as_list).unwrap() {
        let word = |key: &str| case.get(key).and_then(Value::as_text).unwrap().to_owned();
        let definition = case.get("definition").unwrap().clone();
        if seen.insert((word("tier"), serde_json::to_string(&definition).unwrap())) {
            definitions.push((word("source"), word("tier"), definition));
        }
    }
    definitions
}

#[test]
fn recorded_definitions_are_refused_for_reasons_only() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let (mut all, mut refused, mut documented, mut documented_refused) = (0, 0, 0, 0);
    let mut unjustified = Vec::new();
    for (source, tier, definition) in recorded() {
        let (findings, publishable) = check(&definition);
        let severe = findings
            .iter()
            .filter(|it| it.severity == Severity::Refused);
        let severe: Vec<_> = severe.collect();
        assert_eq!(publishable.is_some(), severe.is_empty());
        if tier != "core" {
            continue;
        }
        let is_documented = source.starts_with("docs/");
        all += 1;
        documented += usize::from(is_documented);
        refused += usize::from(!severe.is_empty());
        documented_refused += usize::from(is_documented && !severe.is_empty());
        for finding in severe {
            *counts
                .entry(format!("{} {}", finding.code.name(), finding.message))
                .or_default() += 1;
            let is_justified = JUSTIFIED
                .iter()
                .any(|(code, words, _)| *code == finding.code && finding.message.contains(words));
            if !is_justified {
                unjustified.push(format!("{source} {finding}"));
            }
        }
    }
    for (what, count) in &counts {
        println!("{count}\t{what}");
    }
    println!("core definitions published {} of {all}", all - refused);
    println!(
        "documentation published {} of {documented}",
        documented - documented_refused
    );
    assert!(unjustified.is_empty(), "{}", unjustified.join("\n"));
    // The only one of the documentation calls a function of the page it stands on.
    assert!(documented >= 19 && documented_refused <= 1);
    // The control: the test would see a checker that refuses what runs.
    assert!(
        all > 600 && refused > 20 && refused < all / 8,
        "{refused} of {all}"
    );
}

#[test]
fn what_does_not_run_is_never_published_and_never_makes_the_checker_fail() {
    let (mut all, mut refused) = (0, 0);
    for (_, tier, definition) in recorded() {
        let (findings, published) = check(&definition);
        // Every finding has a place that is there.
        for finding in &findings {
            assert!(is_there(&definition, &finding.path), "{finding}");
        }
        if tier == "extended" {
            all += 1;
            refused += usize::from(published.is_none());
        }
    }
    println!("extended definitions published {} of {all}", all - refused);
}

/// Whether a JSON path leads to something in a definition, or to a property that is missing in something that is there.
fn is_there(definition: &Value, path: &str) -> bool {
    let mut here = definition;
    let steps: Vec<&str> = path
        .split(['.', '['])
        .filter(|step| !step.is_empty())
        .collect();
    for (place, step) in steps.iter().enumerate() {
        let next = match step.strip_suffix(']') {
            Some(number) => here
                .as_list()
                .and_then(|list| list.get(number.parse::<usize>().ok()?)),
            None => here.get(step),
        };
        match next {
            Some(next) => here = next,
            None => return place + 1 == steps.len(),
        }
    }
    true
}

#[test]
fn slips_have_their_place_what_was_found_and_the_nearest_name() {
    let refused = Severity::Refused;
    let warned = Severity::Warning;
    for (text, code, severity, path, found, nearest) in [
        (
            r#"{"elements":[{"type":"rating","name":"overall"},{"type":"comment","name":"why","visibleIf":"{overal} < 3"}]}"#,
            Code::DanglingReference,
            refused,
            "elements[1].visibleIf",
            "overal",
            Some("overall"),
        ),
        (
            r#"{"pages":[{"name":"p","elements":[{"type":"panel","name":"x","elements":[{"type":"text","name":"a","validators":[{"type":"expression","expression":"{b} > 1"}]}]}]}]}"#,
            Code::DanglingReference,
            refused,
            "pages[0].elements[0].elements[0].validators[0].expression",
            "b",
            None,
        ),
        (
            r#"{"elements":[{"type":"text","name":"visits"}],"triggers":[{"type":"skip","expression":"{visits} > 3","gotoName":"vists"}]}"#,
            Code::DanglingReference,
            refused,
            "triggers[0].gotoName",
            "vists",
            Some("visits"),
        ),
        (
            r#"{"elements":[{"type":"text","name":"visits"}],"triggers":[{"type":"setvalue","expression":"{visits} > 3","setToName":"visit","setValue":1}]}"#,
            Code::DanglingReference,
            warned,
            "triggers[0].setToName",
            "visit",
            Some("visits"),
        ),
        (
            r#"{"elements":[{"type":"checkbox","name":"used","choices":["a","b"]},{"type":"ranking","name":"best","choicesFromQuestion":"usd"}]}"#,
            Code::DanglingReference,
            refused,
            "elements[1].choicesFromQuestion",
            "usd",
            Some("used"),
        ),
        (
            r#"{"elements":[{"type":"text","name":"q1","valueName":"company"},{"type":"text","name":"q2","enableIf":"{q1} notempty"}]}"#,
            Code::DanglingReference,
            refused,
            "elements[1].enableIf",
            "q1",
            Some("company"),
        ),
        (
            r#"{"elements":[{"type":"text","name":"firm"},{"type":"rating","name":"r","title":{"default":"How was {firm}?","zh-cn":"{frm}怎么样？"}}]}"#,
            Code::DanglingReference,
            warned,
            "elements[1].title.zh-cn",
            "frm",
            Some("firm"),
        ),
        (
            r#"{"elements":[{"type":"text","name":"a","visibleIf":"todya() > 1"}]}"#,
            Code::UnknownFunction,
            refused,
            "elements[0].visibleIf",
            "todya",
            Some("today"),
        ),
        (
            r#"{"elements":[{"type":"text","name":"a"},{"type":"panel","elements":[{"type":"text","name":"a"}]}]}"#,
            Code::DuplicateName,
            refused,
            "elements[1].elements[0].name",
            "a",
            None,
        ),
        (
            r#"{"elements":[{"type":"text","name":"q"}],"calculatedValues":[{"name":"a","expression":"{b} + 1"},{"name":"b","expression":"{a} + 1"}]}"#,
            Code::Cycle,
            refused,
            "calculatedValues[0].expression",
            "a → b → a",
            None,
        ),
        (
            r#"{"elements":[{"type":"radiogroup","name":"q","choices":[1],"maxSelectedChoices":3}]}"#,
            Code::UnknownProperty,
            warned,
            "elements[0].maxSelectedChoices",
            "maxSelectedChoices",
            None,
        ),
        (
            r#"{"elements":[{"type":"text","name":"q","isRequird":true}]}"#,
            Code::UnknownProperty,
            warned,
            "elements[0].isRequird",
            "isRequird",
            Some("isRequired"),
        ),
        (
            r#"{"elements":[{"type":"dropdown","name":"q","choicesByUrl":{"url":"https://example.com/c.json"},"choices":[1]}]}"#,
            Code::Address,
            refused,
            "elements[0].choicesByUrl",
            "choicesByUrl",
            None,
        ),
        (
            r#"{"elements":[{"type":"text","name":"q","validators":[{"type":"regex","regex":"^(\\d+)+$"}]}]}"#,
            Code::Pattern,
            refused,
            "elements[0].validators[0].regex",
            "^(\\d+)+$",
            None,
        ),
        (
            r#"{"elements":[{"type":"text","name":"q","title":{"default":"Your name?","zh-cn":"您的姓名？"},"description":"As on the order"}]}"#,
            Code::MissingTranslation,
            warned,
            "elements[0].description",
            "zh-CN",
            None,
        ),
        (
            r#"{"elements":[{"type":"html","name":"q","html":"<p onclick='x()'>Read <a href='http://a.de'>this</a></p>"}]}"#,
            Code::MarkupDropped,
            warned,
            "elements[0].html",
            "<p onclick>, <a href=http://a.de>",
            None,
        ),
        (
            r#"{"elements":[{"type":"radiogroup","name":"q","choices":[{"value":1,"text":"<b>Late</b>"}]}]}"#,
            Code::MarkupDropped,
            warned,
            "elements[0].choices[0].text",
            "<b>Late</b>",
            None,
        ),
        (
            r#"{"showNavigationButtons":"both","elements":[{"type":"text","name":"q"}]}"#,
            Code::NoEffect,
            Severity::Note,
            "showNavigationButtons",
            "both",
            None,
        ),
        (
            r#"{"pages":[{"navigationButtonsVisibility":"hide","elements":[{"type":"text","name":"q"}]}]}"#,
            Code::NoEffect,
            Severity::Note,
            "pages[0].navigationButtonsVisibility",
            "hide",
            None,
        ),
    ] {
        let expected = (
            severity,
            path.to_owned(),
            Some(found.to_owned()),
            nearest.map(str::to_owned),
        );
        assert_eq!(of(text, code), [expected], "{text}");
    }
}

#[test]
fn the_largest_definition_is_checked_in_seconds() {
    let question = |n: usize| {
        format!(
            r#"{{"type":"rating","name":"q{n}","visibleIf":"{{q{}}} > 2 or {{nothing{n}}} = 1","defaultValueExpression":"{{q{}}}"}}"#,
            n + 1,
            n.saturating_sub(1)
        )
    };
    let questions: Vec<String> = (0..5_000).map(question).collect();
    let text = format!(r#"{{"elements":[{}]}}"#, questions.join(","));
    assert!((500_000..1_048_576).contains(&text.len()), "{}", text.len());
    let begin = std::time::Instant::now();
    let found = findings(&text);
    let took = begin.elapsed();
    println!("{} findings in {took:?}", found.len());
    assert!(found.len() > 100 && took.as_secs() < 30, "{took:?}");
}

#[test]
fn clean_surveys_have_nothing_to_mend() {
    for text in [
        include_str!("../../public/surveys/delivery.json"),
        include_str!("../../public/surveys/relationship.json"),
        r#"{"elements":[{"type":"matrix","name":"m","columns":[1,2],"rows":["a"]},{"type":"text","name":"t.u"},
            {"type":"text","name":"c","title":"{m.a} {T.U} {pageno} {0}","visibleIf":"{m.a} = 1 and {t.u} notempty and {$m.isVisible} and {t.u-Comment} empty"}]}"#,
    ] {
        let found: Vec<String> = findings(text)
            .iter()
            .filter(|it| it.severity != Severity::Note)
            .map(ToString::to_string)
            .collect();
        assert_eq!(found, Vec::<String>::new());
    }
}

#[test]
fn what_nobody_gets_to_see_is_told_and_only_that() {
    let survey = |condition: &str| {
        format!(
            r#"{{"pages":[{{"name":"one","elements":[{{"type":"rating","name":"score"}},
            {{"type":"checkbox","name":"used","choices":["app","mail"]}},{{"type":"text","name":"words"}},
            {{"type":"radiogroup","name":"way","choices":["a","b"],"showOtherItem":true}}]}},
            {{"name":"two","visibleIf":"{condition}","elements":[{{"type":"boolean","name":"ok"}}]}},
            {{"name":"three","elements":[{{"type":"radiogroup","name":"last","choices":["x","y"]}}]}}]}}"#
        )
    };
    for (condition, is_told) in [
        ("{score} > 5", true),
        ("{score} > 4", false),
        ("{score} = 'five'", true),
        ("{used} contains 'app' and {used} contains 'mail'", false),
        ("{used} contains 'phone'", true),
        ("{used.length} > 2", true),
        ("{used.length} > 1", false),
        ("{score} < 3 and {score} > 3", true),
        ("{words} = 'anything'", false),
        ("{way} = 'c'", false),
        ("1 = 2", true),
        ("today() < '2000-01-01'", false),
        ("{ok} = true", true),
        ("{ok} empty", false),
        ("{last} = 'x'", true),
        ("{last} = 'x' or {score} = 1", false),
    ] {
        let found = of(&survey(condition), Code::Unreachable);
        let told: Vec<&str> = found.iter().map(|(_, path, ..)| path.as_str()).collect();
        let expected: &[&str] = if is_told {
            &["pages[1].visibleIf"]
        } else {
            &[]
        };
        assert_eq!(told, expected, "{condition}");
    }
    let empty = r#"{"pages":[{"name":"a","elements":[{"type":"text","name":"q"}]},{"name":"b"}]}"#;
    assert_eq!(of(empty, Code::Unreachable)[0].1, "pages[1]");
}

#[test]
fn what_would_change_data_logic_or_words_is_refused_unless_it_changes_nothing() {
    let survey = |more: &str, of: &str| {
        format!(r#"{{{more}"elements":[{{"type":"text","name":"q"{of}}}]}}"#)
    };
    for (more, of, is_taken) in [
        (r#""surveyPostId":"x","#, "", false),
        (r#""surveyPostId":"","#, "", true),
        (r#""navigateToUrl":"http://example.com","#, "", false),
        (r#""navigateToUrl":"https://{q}.example.com/","#, "", false),
        (
            r#""navigateToUrl":"https://example.com@evil.example/","#,
            "",
            false,
        ),
        (
            r#""navigateToUrl":"https://example.com/thanks?q={q}","#,
            "",
            true,
        ),
        (
            r#""navigateToUrlOnCondition":[{"expression":"{q} = 1","url":"javascript:alert(1)"}],"#,
            "",
            false,
        ),
        (r#""showPreviewBeforeComplete":false,"#, "", true),
        (r#""maxTextLength":20,"#, "", false),
        (r#""questionOrder":"random","#, "", true),
        (r#""timeLimit":60,"#, "", false),
        (r#""timeLimit":0,"#, "", true),
        (r#""cookieName":"once","#, "", false),
        ("", r#","maskType":"none""#, true),
        (
            "",
            r#","maskType":"pattern","maskSettings":{"pattern":"99"}"#,
            true,
        ),
        ("", r#","useDisplayValuesInDynamicTexts":true"#, true),
        ("", r#","useDisplayValuesInDynamicTexts":false"#, false),
        ("", r#","width":"50%","titleLocation":"left""#, true),
    ] {
        let text = survey(more, of);
        let (found, published) = check(&value(&text));
        let found: Vec<_> = found.iter().map(ToString::to_string).collect();
        assert_eq!(published.is_some(), is_taken, "{text}: {found:?}");
    }
}

#[test]
fn measures_are_checked_against_their_scale_and_detected_ones_are_told() {
    let rating = |more: &str| {
        format!(r#"{{"elements":[{{"type":"rating","name":"q","title":"Q",{more}}}]}}"#)
    };
    for (more, severity, words) in [
        (
            r#""metric":"nps","rateMax":10"#,
            Severity::Refused,
            "0 to 10 only",
        ),
        (
            r#""metric":"nps","rateMin":0,"rateMax":9"#,
            Severity::Refused,
            "0 to 10 only",
        ),
        (
            r#""metric":"csat","rateMax":2"#,
            Severity::Refused,
            "at least 3 points",
        ),
        (
            r#""metric":"csat","rateValues":[1,2,4]"#,
            Severity::Refused,
            "one after the other",
        ),
        (
            r#""metric":"csat","rateValues":["bad","good","best"]"#,
            Severity::Refused,
            "points are numbers",
        ),
        (
            r#""metric":"happiness""#,
            Severity::Refused,
            "\"nps\", \"csat\", \"ces\" or \"none\"",
        ),
        (
            r#""metric":"csat","rateMax":7"#,
            Severity::Note,
            "never pooled",
        ),
        (
            r#""metric":"ces","rateMax":5"#,
            Severity::Note,
            "never pooled",
        ),
        (
            r#""metric":"csat","complaintBelow":"3""#,
            Severity::Refused,
            "expected a number",
        ),
        (
            r#""metric":"csat","complaintBelow":1"#,
            Severity::Warning,
            "no answer is below 1",
        ),
        (
            r#""metric":"csat","complaintBelow":6"#,
            Severity::Warning,
            "every answer is below 6",
        ),
        (
            r#""metric":"nps","rateMin":0,"rateMax":10"#,
            Severity::Note,
            "most dissatisfied",
        ),
        (r#""aspect":5"#, Severity::Refused, "a word or two"),
        (r#""aspect":"timelines""#, Severity::Warning, "by itself"),
    ] {
        let found = findings(&rating(more));
        let is_told = found.iter().any(|it| {
            it.code == Code::Measure && it.severity == severity && it.message.contains(words)
        });
        assert!(is_told, "{more}: {found:?}");
    }
    for fine in [
        r#""metric":"csat","complaintBelow":3"#,
        r#""metric":"ces","rateMax":7,"aspect":"timeliness""#,
        r#""metric":"none","rateMin":0,"rateMax":10"#,
        r#""aspect":"交付""#,
    ] {
        assert_eq!(findings(&rating(fine)), [], "{fine}");
    }
    let told =
        findings(&rating(r#""rateMax":5"#).replace("\"Q\"", "\"How satisfied are you overall?\""));
    assert_eq!(told[0].code, Code::MeasureDetected, "{told:?}");
    assert!(told[0].message.contains("\"metric\": \"none\""));
}

#[test]
fn titles_are_taken_for_measures_where_they_are_and_nowhere_else() {
    use qingting::survey::Definition;
    let metric = |title: &str, low: i32, high: i32| {
        let mut question = value(r#"{"type":"rating","name":"q"}"#);
        question.set("title", Value::from(title));
        question.set("rateMin", Value::Number(f64::from(low)));
        question.set("rateMax", Value::Number(f64::from(high)));
        let mut survey = Value::default();
        survey.set("elements", Value::List(vec![question]));
        let definition = Definition::from_value(&survey).unwrap();
        definition
            .question("q")
            .unwrap()
            .metric
            .map(|it| it.name())
            .unwrap_or_default()
    };
    for (title, low, high, expected) in [
        (
            "How likely are you to recommend us to a friend or colleague?",
            0,
            10,
            "nps",
        ),
        (
            "Based on this delivery, would you recommend Acme to a colleague?",
            0,
            10,
            "nps",
        ),
        (
            "On a scale of 0-10, what is the likelihood that you'd recommend our service",
            0,
            10,
            "nps",
        ),
        ("您有多大可能向朋友或同事推荐我们？", 0, 10, "nps"),
        ("您会把我们推荐给同行吗？", 0, 10, "nps"),
        ("您是否愿意將我們推薦給同事？", 0, 10, "nps"),
        ("How likely are you to recommend us?", 1, 10, ""),
        ("How useful were our engineer's recommendations?", 0, 10, ""),
        ("Did the recommended settings help?", 0, 10, ""),
        ("您对工程师推荐的方案满意吗？", 0, 10, ""),
        ("How likely are you to buy again?", 0, 10, ""),
        ("How much pain are you in?", 0, 10, ""),
        ("您下次还会选择我们吗？", 0, 10, ""),
        (
            "Overall, how satisfied are you with this delivery?",
            1,
            5,
            "csat",
        ),
        ("how satisfied were u with the instalation", 1, 5, "csat"),
        (
            "Please rate your satisfaction with our support",
            1,
            5,
            "csat",
        ),
        (
            "Were you satisfied with the work of our team?",
            1,
            5,
            "csat",
        ),
        ("您对本次交付的总体满意度", 1, 5, "csat"),
        ("您对我们的服务满意吗？", 1, 5, "csat"),
        ("您對這次安裝是否滿意？", 1, 5, "csat"),
        ("请为本次服务的满意程度打分", 1, 5, "csat"),
        ("How satisfied are you?", 1, 10, ""),
        ("Where are you most dissatisfied with us?", 1, 5, ""),
        ("How dissatisfied are you with the delay?", 1, 5, ""),
        ("您对我们最不满意的地方有多严重？", 1, 5, ""),
        ("How important is on-time delivery to you?", 1, 5, ""),
        ("How clear was the documentation?", 1, 5, ""),
        ("交付是否准时？", 1, 5, ""),
        ("How was your experience?", 1, 5, ""),
        ("满意就好，请选择您的年龄段", 1, 5, ""),
        ("Acme made it easy for me to handle my issue.", 1, 7, "ces"),
        ("How easy was it to get your problem solved?", 1, 7, "ces"),
        ("It was easy to reach the right person", 1, 7, "ces"),
        ("我们让您很容易就解决了问题", 1, 7, "ces"),
        ("解决这个问题对您来说容易吗？", 1, 7, "ces"),
        ("联系到合适的人有多省力？", 1, 7, "ces"),
        (
            "How much effort did you personally have to put forth?",
            1,
            7,
            "",
        ),
        ("How difficult was it to reach us?", 1, 7, ""),
        ("解决问题的过程是否费力？", 1, 7, ""),
        ("How easy was it to install the device?", 1, 5, ""),
        ("I trust this company", 1, 7, ""),
        ("这件事不容易，您觉得我们做得多好？", 1, 7, ""),
    ] {
        assert_eq!(metric(title, low, high), expected, "{title} {low}–{high}");
    }
}
