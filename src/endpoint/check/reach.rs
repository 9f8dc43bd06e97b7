//! Pages, panels and questions that nobody gets to see, whatever is answered.
//!
//! Only what is certain is told: a condition is tried with every combination of the answers that it names, where these are
//! few and closed; what it cannot be tried with is taken for possible.

use super::finding::{Code, Finding, Severity};
use super::outline::{Node, Outline};
use crate::survey::definition::{DONT_KNOW, Kind, NONE, OTHER, REFUSED};
use crate::survey::expression::{Expression, look_up};
use crate::survey::{Definition, Question, Value};

/// So many combinations of answers are tried for one condition, and in all.
const MOST: usize = 10_000;
const MOST_IN_ALL: usize = 1_000_000;
/// The most choices of which every subset is tried.
const MOST_SUBSETS: usize = 10;

pub(super) fn find(outline: &Outline<'_>, definition: &Definition) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut left = MOST_IN_ALL;
    for (place, node) in outline.objects.iter().enumerate() {
        let is_page = node.kind.is("page");
        if is_page && elements(node).is_empty() {
            let message = "nothing stands on this page, so it is never shown";
            findings.push(warning(node.path.clone(), message.to_owned()));
            continue;
        }
        let is_shown =
            node.kind.is("panelbase") || node.kind.is("question") || node.kind.is("nonvalue");
        let Some(text) = node
            .text("visibleIf")
            .filter(|text| is_shown && !text.trim().is_empty())
        else {
            let is_hidden = node.value.get("visible").and_then(Value::as_bool) == Some(false);
            if is_page && is_hidden {
                let message = "this page is not visible and nothing makes it so".to_owned();
                findings.push(warning(node.path_of("visible"), message));
            }
            continue;
        };
        let Ok(condition) = Expression::parse(text) else {
            continue;
        };
        let path = node.path_of("visibleIf");
        if !can_be_true(&condition, definition, &mut left) {
            let message = format!(
                "this condition is never true, whatever is answered, so nobody sees {}: {text}",
                what(node)
            );
            findings.push(warning(path, message));
        } else if let Some(message) = comes_too_late(&condition, outline, place, definition) {
            findings.push(warning(path, message));
        }
    }
    findings
}

fn warning(path: String, message: String) -> Finding {
    Finding::new(Severity::Warning, Code::Unreachable, path, message)
}

fn what(node: &Node<'_>) -> &'static str {
    if node.kind.is("page") {
        "this page"
    } else if node.kind.is("panelbase") {
        "this panel"
    } else {
        "this question"
    }
}

fn elements<'a>(node: &Node<'a>) -> &'a [Value] {
    let list = node
        .value
        .get("elements")
        .or_else(|| node.value.get("questions"));
    list.and_then(Value::as_list).unwrap_or_default()
}

/// Whether some answers make a condition true; yes where that is not known.
fn can_be_true(condition: &Expression, definition: &Definition, left: &mut usize) -> bool {
    if !condition.calls().is_empty() {
        return true;
    }
    let mut asked: Vec<(&str, Vec<Value>)> = Vec::new();
    for name in condition.names() {
        let root = name.split(['.', '[']).next().unwrap_or(name);
        let mut of_name = definition
            .questions()
            .filter(|it| it.value_name() == name || it.value_name().eq_ignore_ascii_case(root));
        let (Some(question), None) = (of_name.next(), of_name.next()) else {
            return true;
        };
        if asked
            .iter()
            .any(|(known, _)| *known == question.value_name())
        {
            continue;
        }
        let Some(answers) = answers(definition, question) else {
            return true;
        };
        asked.push((question.value_name(), answers));
    }
    let combinations = asked.iter().try_fold(1_usize, |count, (_, answers)| {
        count.checked_mul(answers.len())
    });
    let Some(combinations) = combinations.filter(|&count| count <= MOST.min(*left)) else {
        return true;
    };
    *left -= combinations;
    (0..combinations).any(|number| {
        let mut rest = number;
        let mut sheet = Value::Object(Vec::new());
        for (name, answers) in &asked {
            if let Some(answer) = answers.get(rest % answers.len().max(1)) {
                sheet.set(name, answer.clone());
            }
            rest /= answers.len().max(1);
        }
        condition.is_true(&|name: &str| look_up(&sheet, name))
    })
}

/// Every answer that a question can have, none among them; nothing where they are not a few.
fn answers(definition: &Definition, question: &Question) -> Option<Vec<Value>> {
    let is_set = question.default != Value::Null
        || question.default_expression.is_some()
        || question.set_expression.is_some()
        || definition
            .triggers
            .iter()
            .any(|trigger| trigger.effect.sets(question.value_name()));
    if is_set {
        return None;
    }
    let mut answers = match &question.kind {
        Kind::Rating(rating) => rating.values.iter().map(|it| it.value.clone()).collect(),
        Kind::Boolean(boolean) => vec![boolean.true_value.clone(), boolean.false_value.clone()],
        Kind::Radiogroup(choices)
        | Kind::Dropdown(choices)
        | Kind::Checkbox(choices)
        | Kind::Tagbox(choices) => {
            let is_open = choices.from.is_some()
                || choices.allows_custom
                || choices.value_property.is_some()
                || choices.other.is_some()
                || choices.choices.iter().any(|choice| choice.shows_comment);
            if is_open {
                return None;
            }
            let special = [
                (choices.none.is_some(), NONE),
                (choices.refused.is_some(), REFUSED),
                (choices.dont_know.is_some(), DONT_KNOW),
                (choices.other.is_some(), OTHER),
            ];
            let special = special.into_iter().filter(|(is_there, _)| *is_there);
            let special = special.map(|(_, value)| Value::from(value));
            let own = choices.choices.iter().map(|choice| choice.value.clone());
            let own: Vec<Value> = own.chain(special).collect();
            if question.kind.is_multiple() {
                subsets(&own)?
            } else {
                own
            }
        }
        _ => return None,
    };
    answers.push(Value::Null);
    Some(answers)
}

fn subsets(values: &[Value]) -> Option<Vec<Value>> {
    if values.len() > MOST_SUBSETS {
        return None;
    }
    let subset = |bits: usize| {
        let chosen = values.iter().enumerate();
        let chosen = chosen.filter(|(place, _)| bits & (1 << place) != 0);
        Value::List(chosen.map(|(_, value)| value.clone()).collect())
    };
    Some((1..1_usize << values.len()).map(subset).collect())
}

/// Why a page appears too late, if it does: its condition is false while nothing is answered, and names only what is
/// asked on it or behind it.
fn comes_too_late(
    condition: &Expression,
    outline: &Outline<'_>,
    place: usize,
    definition: &Definition,
) -> Option<String> {
    let node = outline.objects.get(place)?;
    let names = condition.names();
    let is_certain = node.kind.is("page")
        && !names.is_empty()
        && condition.calls().is_empty()
        && !condition.is_true(&|_: &str| Value::Null);
    if !is_certain {
        return None;
    }
    let number = definition
        .pages
        .iter()
        .position(|page| Some(page.name.as_str()) == node.name())?;
    let mut own = true;
    for name in names {
        let root = name.split(['.', '[']).next().unwrap_or(name);
        let mut of_name = definition
            .questions()
            .filter(|it| it.value_name().eq_ignore_ascii_case(root))
            .peekable();
        of_name.peek()?;
        for question in of_name {
            let is_set = question.default != Value::Null
                || question.default_expression.is_some()
                || question.set_expression.is_some()
                || definition
                    .triggers
                    .iter()
                    .any(|trigger| trigger.effect.sets(question.value_name()));
            if is_set || question.page < number {
                return None;
            }
            own &= question.page == number;
        }
    }
    Some(if own {
        "this page's condition names only what is asked on the page itself, so nobody sees it unless the answer is given in from outside".to_owned()
    } else {
        "this page's condition names only what is asked behind it, so only those see it who go back, unless the answer is given in from outside".to_owned()
    })
}
