//! What respondents may see of a definition: what the survey needs to run, and neither solutions nor notes.

use super::check::{is_list, is_property};
use crate::survey::Value;

/// The right answer to a question of a quiz.
const SOLUTION: &str = "correctAnswer";
/// What SurveyJS's expressions call the results of a quiz; a condition that asks for one cannot be decided by a browser
/// that has no solutions, and its text gives a result away.
const RESULTS: [&str; 3] = ["correctanswer", "correctedanswer", "incorrectanswer"];
/// Lists of texts or addresses, each with the condition under which it follows the last page.
const ENDINGS: [&str; 2] = ["completedHtmlOnCondition", "navigateToUrlOnCondition"];

/// Takes out of a definition what respondents must not see: solutions at any depth, endings that depend on them, and
/// properties that are none of SurveyJS's or ours, which may be notes of the author.
pub(super) fn for_respondents(definition: Value) -> Value {
    object(definition)
}

/// An object with properties.
fn object(value: Value) -> Value {
    let Value::Object(entries) = value else {
        return without_solutions(value);
    };
    let kept = entries
        .into_iter()
        .filter(|(name, _)| name != SOLUTION && is_property(name));
    let entries = kept.map(|(name, value)| {
        let value = match value {
            Value::List(items) if ENDINGS.contains(&name.as_str()) => {
                let items = items.into_iter().filter(|item| !asks_for_results(item));
                Value::List(items.map(object).collect())
            }
            Value::List(items) if is_list(&name) => {
                Value::List(items.into_iter().map(object).collect())
            }
            other => without_solutions(other),
        };
        (name, value)
    });
    Value::Object(entries.collect())
}

/// A value: it stays as it is, unless a solution hides in it where none belongs.
fn without_solutions(value: Value) -> Value {
    match value {
        Value::Object(entries) => Value::Object(
            entries
                .into_iter()
                .filter(|(name, _)| name != SOLUTION)
                .map(|(name, value)| (name, without_solutions(value)))
                .collect(),
        ),
        Value::List(items) => Value::List(items.into_iter().map(without_solutions).collect()),
        scalar @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_)) => scalar,
    }
}

fn asks_for_results(ending: &Value) -> bool {
    let condition = ending.get("expression").and_then(Value::as_text);
    let condition = condition.unwrap_or_default().to_ascii_lowercase();
    RESULTS.iter().any(|result| condition.contains(result))
}

#[cfg(test)]
mod tests {
    use super::for_respondents;
    use crate::survey::Value;

    fn parsed(text: &str) -> Value {
        serde_json::from_str(text).unwrap_or_default()
    }

    #[test]
    fn solutions_results_and_notes_are_taken_out_at_any_depth() {
        let quiz = parsed(
            r#"{"title":{"default":"Quiz","x-note":"a language may be called anything"},"adminNotes":"ask Li",
            "completedHtmlOnCondition":[{"expression":"{correctAnswers} > 3","html":"Passed"},{"expression":"{a} = 1","html":"Thanks","note":1}],
            "pages":[{"name":"p","budget":7,"elements":[
                {"type":"radiogroup","name":"a","correctAnswer":"x","choices":["x",{"value":"y","text":"Y","score":5}]},
                {"type":"panel","name":"b","elements":[{"type":"paneldynamic","name":"c","templateElements":[
                    {"type":"text","name":"d","correctAnswer":{"deep":1},"defaultValue":{"any key":1}}]}]},
                {"type":"matrixdynamic","name":"e","columns":[{"name":"f","cellType":"text","correctAnswer":2}]},
                {"type":"multipletext","name":"g","correctAnswer":{"h":1},"items":[{"name":"h","correctAnswer":1}]}
            ]}]}"#,
        );
        let shown = parsed(
            r#"{"title":{"default":"Quiz","x-note":"a language may be called anything"},
            "completedHtmlOnCondition":[{"expression":"{a} = 1","html":"Thanks"}],
            "pages":[{"name":"p","elements":[
                {"type":"radiogroup","name":"a","choices":["x",{"value":"y","text":"Y"}]},
                {"type":"panel","name":"b","elements":[{"type":"paneldynamic","name":"c","templateElements":[
                    {"type":"text","name":"d","defaultValue":{"any key":1}}]}]},
                {"type":"matrixdynamic","name":"e","columns":[{"name":"f","cellType":"text"}]},
                {"type":"multipletext","name":"g","items":[{"name":"h"}]}
            ]}]}"#,
        );
        assert!(shown.get("pages").is_some(), "the texts here are JSON");
        assert_eq!(for_respondents(quiz), shown);
        // What is clean stays as it is.
        assert_eq!(for_respondents(shown.clone()), shown);
    }

    #[test]
    fn samples_go_through_whole() {
        for text in [
            include_str!("../../public/surveys/delivery.json"),
            include_str!("../../public/surveys/relationship.json"),
        ] {
            assert_eq!(for_respondents(parsed(text)), parsed(text));
        }
    }
}
