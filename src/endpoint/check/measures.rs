//! Measures: what a rating is counted for, whether it can be, and what was taken for one by its words.

use super::finding::{Code, Finding, Severity};
use super::outline::{Node, Outline};
use crate::measures::Scale;
use crate::survey::definition::{Kind, Metric};
use crate::survey::{Definition, Question, Value};

/// The longest name of an aspect, in characters.
const MAX_ASPECT: usize = 64;
/// The aspects that suppliers compare; another one is taken as well.
const ASPECTS: [&str; 8] = [
    "timeliness",
    "communication",
    "product",
    "installation",
    "documentation",
    "support",
    "price",
    "training",
];

pub(super) fn find(outline: &Outline<'_>, definition: &Definition) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (_, node) in outline
        .questions()
        .filter(|(_, node)| node.kind.is("rating"))
    {
        let Some(question) = node.name().and_then(|name| definition.question(name)) else {
            continue;
        };
        let scale = scale(question);
        findings.extend(aspect(node));
        findings.extend(complaint_below(node, scale, question));
        match (question.metric, node.value.get("metric")) {
            (Some(metric), None) => findings.push(detected(node, metric)),
            (Some(metric), Some(_)) => findings.extend(unusual(node, metric, scale)),
            (None, _) => {}
        }
    }
    let questions = || definition.questions();
    let is_relationship = questions().any(|question| question.metric == Some(Metric::Nps));
    if is_relationship && !questions().any(asks_where_most_dissatisfied) {
        let message = "no question asks \"Where are you most dissatisfied with us?\"; in a survey of the whole relationship it belongs";
        findings.push(Finding::new(Severity::Note, Code::Measure, "", message));
    }
    findings
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

fn scale(question: &Question) -> Option<Scale> {
    let Kind::Rating(rating) = &question.kind else {
        return None;
    };
    Scale::spanning(
        rating
            .values
            .iter()
            .filter_map(|point| point.value.as_number()),
    )
}

fn detected(node: &Node<'_>, metric: Metric) -> Finding {
    let name = metric.name();
    let message = format!(
        "taken for a measure ({name}) by its words; write \"metric\": \"{name}\" to say so, or \"metric\": \"none\" if it is none"
    );
    Finding {
        found: Some(name.to_owned()),
        ..Finding::new(
            Severity::Note,
            Code::MeasureDetected,
            node.path.clone(),
            message,
        )
    }
}

/// Scales that are counted, and never together with the usual one.
fn unusual(node: &Node<'_>, metric: Metric, scale: Option<Scale>) -> Option<Finding> {
    let usual = match metric {
        Metric::Csat => Scale::CSAT,
        Metric::Ces => Scale::CES,
        Metric::Nps => Scale::NPS,
    };
    let scale = scale.filter(|scale| *scale != usual)?;
    let message = format!(
        "{} is usually taken from {} to {}; answers from {} to {} are counted by themselves and never pooled with others",
        metric.name(),
        usual.low(),
        usual.high(),
        scale.low(),
        scale.high()
    );
    Some(Finding::new(
        Severity::Note,
        Code::Measure,
        node.path_of("metric"),
        message,
    ))
}

fn aspect(node: &Node<'_>) -> Option<Finding> {
    let value = node.value.get("aspect")?;
    let path = node.path_of("aspect");
    let is_name = |text: &str| {
        !text.is_empty()
            && text.chars().count() <= MAX_ASPECT
            && text
                .chars()
                .all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_' | ' '))
    };
    let Some(text) = value.as_text().filter(|text| is_name(text)) else {
        let message = "expected what the rating is about, a word or two: \"timeliness\"";
        return Some(Finding::new(
            Severity::Refused,
            Code::Measure,
            path,
            message,
        ));
    };
    let message = "spelt otherwise than the usual aspect, so it is compared by itself";
    let finding =
        Finding::new(Severity::Warning, Code::Measure, path, message).naming(text, ASPECTS);
    (!ASPECTS.contains(&text) && finding.nearest.is_some()).then_some(finding)
}

fn complaint_below(node: &Node<'_>, scale: Option<Scale>, question: &Question) -> Option<Finding> {
    let value = node.value.get("complaintBelow")?;
    let path = node.path_of("complaintBelow");
    let refused = |message: &str| {
        Some(Finding::new(
            Severity::Refused,
            Code::Measure,
            path.clone(),
            message,
        ))
    };
    let Value::Number(below) = value else {
        return refused(
            "expected a number: an answer below it asks whether it shall be a complaint",
        );
    };
    let Some(scale) = scale else {
        return refused("this needs a rating whose points are whole numbers");
    };
    if *below <= f64::from(scale.low()) {
        return Some(Finding::new(
            Severity::Warning,
            Code::Measure,
            path,
            format!(
                "no answer is below {below}: \"{}\" begins at {}",
                question.name,
                scale.low()
            ),
        ));
    }
    (*below > f64::from(scale.high())).then(|| {
        Finding::new(
            Severity::Warning,
            Code::Measure,
            path,
            format!(
                "every answer is below {below}: \"{}\" ends at {}",
                question.name,
                scale.high()
            ),
        )
    })
}
