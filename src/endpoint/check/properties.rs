//! What becomes of the properties of a definition, and addresses that are not taken.

use super::finding::{Code, Finding, Severity};
use super::outline::{Entry, Outline};
use super::table::{self, Class, Property};
use super::texts;
use crate::survey::Value;
use crate::survey::definition::TYPES;

pub(super) fn find(outline: &Outline<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for entry in outline.entries() {
        // What stands in something that does not run is told with it.
        let is_inside_refused = outline.around(entry.place).any(|(_, node)| {
            let is_element = node.list == "elements" || node.list == "questions";
            let type_name = node.text("type").unwrap_or_default();
            is_element && !TYPES.contains(&type_name)
        });
        if is_inside_refused {
            continue;
        }
        match entry.property {
            None => findings.push(unknown(&entry)),
            Some(property) => match property.class {
                Class::Run => findings.extend(address(&entry).or_else(|| buttons(&entry))),
                Class::Look => findings.push(Finding {
                    found: Some(entry.name.to_owned()),
                    ..Finding::new(
                        Severity::Note,
                        Code::NoEffect,
                        entry.path(),
                        format!("\"{}\" is kept and has no effect here", entry.name),
                    )
                }),
                Class::Refused if is_harmless(property, entry.value) => {}
                Class::Refused => findings.push(refused(&entry)),
            },
        }
    }
    findings
}

fn unknown(entry: &Entry<'_, '_>) -> Finding {
    let kind = entry.node.kind;
    let owners = table::owners(entry.name);
    let message = if owners.is_empty() {
        format!(
            "\"{}\" is no property of SurveyJS; it is kept and not shown to respondents",
            entry.name
        )
    } else {
        format!(
            "\"{}\" is no property of {}, but of {}; it has no effect here",
            entry.name,
            table::spoken(kind.name),
            owners
                .into_iter()
                .map(table::spoken)
                .collect::<Vec<_>>()
                .join(", ")
        )
    };
    let finding = Finding::new(
        Severity::Warning,
        Code::UnknownProperty,
        entry.path(),
        message,
    );
    finding.naming(entry.name, kind.names())
}

/// Whether a refused property changes nothing with this value.
fn is_harmless(property: &Property, value: &Value) -> bool {
    let word = match value {
        Value::Text(text) => text.clone(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Null => return true,
        Value::List(_) | Value::Object(_) => String::new(),
    };
    match &property.harmless {
        Some(values) => {
            values.contains(&word.as_str())
                || (matches!(value, Value::Bool(false)) && !values.contains(&"true"))
        }
        None => {
            value.is_empty() || matches!(value, Value::Bool(false)) || *value == Value::Number(0.0)
        }
    }
}

fn refused(entry: &Entry<'_, '_>) -> Finding {
    let name = property_name(entry);
    let (code, why) = match name {
        "choicesByUrl" => (
            Code::Address,
            "the choices would come from another host; write them into \"choices\"",
        ),
        "surveyId" | "surveyPostId" => (
            Code::Address,
            "answers go to this endpoint and to no other host; leave it out",
        ),
        "cookieName" => (
            Code::Unsupported,
            "who has answered is not kept in a cookie; the element's attribute \"again-after\" keeps the survey from those who have",
        ),
        "isSinglePage" => (
            Code::Unsupported,
            "write \"questionsOnPageMode\": \"singlePage\"",
        ),
        "timeLimit" | "timeLimitPerPage" => (
            Code::Unsupported,
            "nobody is hurried here; leave the limit out",
        ),
        "rowOrder" | "randomize" | "randomizeCategory" => (
            Code::Unsupported,
            "rows stand as they are written; only questions and choices can be in random order, all of them",
        ),
        "maxTextLength" | "maxCommentLength" => {
            (Code::Unsupported, "write \"maxLength\" into each question")
        }
        "cells" => (Code::Unsupported, "cells have no words of their own here"),
        "contentMode" => (Code::Unsupported, "there are pictures only, no video"),
        "copyDisplayValue" => (Code::Unsupported, "only the value is copied"),
        "useDisplayValuesInDynamicTexts" => (
            Code::Unsupported,
            "in texts, answers are read in the words of their choices",
        ),
        _ => (
            Code::Unsupported,
            "it does not run here, and without it respondents would read or answer something else",
        ),
    };
    let message = format!("\"{}\": {why}", entry.name);
    Finding {
        found: Some(entry.name.to_owned()),
        ..Finding::new(Severity::Refused, code, entry.path(), message)
    }
}

/// The present name of a property, which may be written under a former one.
fn property_name<'a>(entry: &Entry<'a, '_>) -> &'a str {
    let names = entry.property.map(|property| property.names.as_slice());
    names
        .and_then(|names| names.first().copied())
        .unwrap_or(entry.name)
}

/// Addresses of pictures and of what the survey leads to.
fn address(entry: &Entry<'_, '_>) -> Option<Finding> {
    let (is_taken, message): (fn(&str) -> bool, _) = match property_name(entry) {
        // Over plain connections browsers block them, and others see them.
        "imageLink" => (
            |address| address.starts_with("https:") || address.starts_with("data:image/"),
            "a picture's address begins with https: or data:image/; another one would not be shown",
        ),
        "navigateToUrl" | "url" => (
            is_way_on,
            "the address begins with https:// and a host that no answer is put into",
        ),
        _ => return None,
    };
    let mut addresses = texts::of(entry).into_iter();
    let (path, address) =
        addresses.find(|(_, address)| !address.is_empty() && !is_taken(address))?;
    Some(Finding {
        found: Some(address.to_owned()),
        ..Finding::new(Severity::Refused, Code::Address, path, message)
    })
}

/// What becomes of buttons that an author leaves out or puts elsewhere: they are left out only where something else leads on,
/// and who comes by keyboard meets them there, too.
fn buttons(entry: &Entry<'_, '_>) -> Option<Finding> {
    if property_name(entry) != "showNavigationButtons" {
        return None;
    }
    let word = match entry.value {
        Value::Bool(true) | Value::Null => return None,
        Value::Text(word) => word.to_ascii_lowercase(),
        _ => "false".to_owned(),
    };
    let message = match word.as_str() {
        "true" | "show" | "bottom" | "inherit" => return None,
        "top" | "topbottom" | "both" => "the buttons stand at the bottom of every page",
        _ => {
            "the buttons are left out of a page that goes on by itself (\"autoAdvanceEnabled\" and nothing but one rating or radiogroup that must be answered) until it is answered; elsewhere they stay, for nobody could go on"
        }
    };
    Some(Finding {
        found: Some(word),
        ..Finding::new(Severity::Note, Code::NoEffect, entry.path(), message)
    })
}

/// Whether a survey may lead there: an answer must not choose the host.
fn is_way_on(address: &str) -> bool {
    let host = address
        .strip_prefix("https://")
        .and_then(|rest| rest.split(['/', '?', '#']).next());
    host.is_some_and(|host| !host.is_empty() && !host.contains(['{', '\\', '@']))
}
