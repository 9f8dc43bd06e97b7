//! Words of the author's: languages they are there in, and markup that is left out.

use super::finding::{Code, Finding, Severity};
use super::outline::{Entry, Outline};
use super::table::{Class, Shape};
use crate::survey::Value;
use crate::survey::definition::canonical_tag;
use crate::survey::markup;
use crate::survey::text::language_of;

/// The tag that stands for the survey's own language.
const DEFAULT: &str = "default";

/// The texts of a property: each with its JSON path.
pub(super) fn of<'a>(entry: &Entry<'a, '_>) -> Vec<(String, &'a str)> {
    match entry.value {
        Value::Text(text) => vec![(entry.path(), text.as_str())],
        Value::Object(entries) => entries
            .iter()
            .filter_map(|(tag, text)| {
                let path = [&entry.path(), ".", tag].concat();
                Some((path, text.as_text()?))
            })
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::List(_) => Vec::new(),
    }
}

/// The author's words that a respondent reads.
fn shown<'a, 'o>(outline: &'o Outline<'a>) -> impl Iterator<Item = (Entry<'a, 'o>, Shape)> {
    outline.entries().filter_map(|entry| {
        let property = entry.property?;
        let is_shown = property.class == Class::Run
            && matches!(property.shape, Shape::Text | Shape::Words)
            // An address is the same in every language.
            && !["imageLink", "navigateToUrl", "url"].contains(&entry.name);
        is_shown.then_some((entry, property.shape))
    })
}

/// Texts that are not there in a language that others of the survey are in.
pub(super) fn missing_translations(outline: &Outline<'_>) -> Vec<Finding> {
    let own = outline
        .objects
        .first()
        .and_then(|survey| survey.text("locale"))
        .filter(|tag| !tag.is_empty())
        .unwrap_or("en");
    let mut languages = vec![canonical_tag(own)];
    let mut texts = Vec::new();
    for (entry, _) in shown(outline) {
        let tags: Vec<&str> = match entry.value {
            Value::Object(entries) => entries
                .iter()
                .filter(|(_, text)| text.as_text().is_some_and(|text| !text.trim().is_empty()))
                .map(|(tag, _)| if tag == DEFAULT { own } else { tag.as_str() })
                .collect(),
            Value::Text(text) if text.contains(char::is_alphabetic) => vec![own],
            _ => continue,
        };
        for tag in &tags {
            let is_new = |known: &String| !is_same(known, tag);
            if languages.iter().all(is_new) {
                languages.push(canonical_tag(tag));
            }
        }
        texts.push((entry.path(), tags));
    }
    let mut findings = Vec::new();
    for (path, tags) in texts {
        let missing = languages
            .iter()
            .filter(|language| !tags.is_empty() && !tags.iter().any(|tag| is_same(language, tag)));
        let missing: Vec<&str> = missing.map(String::as_str).collect();
        if !missing.is_empty() {
            let missing = missing.join(", ");
            let message = format!("there is no text in {missing}; other texts of the survey are");
            let finding = Finding::new(Severity::Warning, Code::MissingTranslation, path, message);
            findings.push(Finding {
                found: Some(missing),
                ..finding
            });
        }
    }
    findings
}

/// Whether a reader of one is served by the other: readers of `zh-TW` read `zh-CN` where there is nothing nearer.
fn is_same(one: &str, other: &str) -> bool {
    language_of(one).eq_ignore_ascii_case(language_of(other))
}

/// Markup that respondents do not see.
pub(super) fn dropped_markup(outline: &Outline<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (entry, shape) in shown(outline) {
        for (path, text) in of(&entry) {
            let dropped = if shape == Shape::Text {
                markup::dropped(text)
            } else if markup::has_markup(text) {
                let message = "markup is left out here, the words in it are kept";
                let finding = Finding::new(Severity::Warning, Code::MarkupDropped, path, message);
                findings.push(Finding {
                    found: Some(text.to_owned()),
                    ..finding
                });
                continue;
            } else {
                continue;
            };
            if !dropped.is_empty() {
                let found = dropped.join(", ");
                let message = format!("this markup is left out, the words in it are kept: {found}");
                findings.push(Finding {
                    found: Some(found),
                    ..Finding::new(Severity::Warning, Code::MarkupDropped, path, message)
                });
            }
        }
    }
    findings
}
