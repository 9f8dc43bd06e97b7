//! Names: that no two questions have the same, and that everything named is there.

use std::collections::{HashMap, HashSet};

use super::finding::{Code, Finding, Severity};
use super::outline::{Entry, Outline};
use super::table::Shape;
use super::texts;
use crate::survey::Value;
use crate::survey::expression::Expression;

/// What expressions and texts may name besides answers; the survey, or the place the expression stands in, gives it.
const OWN: [&str; 22] = [
    "choice",
    "composite",
    "index",
    "item",
    "locale",
    "pagecount",
    "pageno",
    "panel",
    "panelindex",
    "parentpanel",
    "prevpanel",
    "nextpanel",
    "question",
    "row",
    "rowindex",
    "rowname",
    "rowtitle",
    "rowvalue",
    "self",
    "survey",
    "totalrow",
    "visiblepanelindex",
];
/// The functions of survey-core 3.1.1, and the operator that counts as one.
const FUNCTIONS: [&str; 33] = [
    "^",
    "age",
    "avg",
    "avgInArray",
    "count",
    "countInArray",
    "currentDate",
    "currentYear",
    "dateAdd",
    "dateDiff",
    "day",
    "diffDays",
    "displayValue",
    "getComment",
    "getDate",
    "getYear",
    "iif",
    "isContainerReady",
    "isDisplayMode",
    "max",
    "maxInArray",
    "min",
    "minInArray",
    "month",
    "propertyValue",
    "round",
    "substring",
    "sum",
    "sumInArray",
    "today",
    "trunc",
    "weekday",
    "year",
];

/// So many are told; the nearest name of each has to be looked for among all.
const MOST: usize = 100;

/// Every name that a value of a survey has.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    /// What answers and computed values are stored under.
    values: Vec<&'a str>,
    /// The same, and what elements are called, in small letters: names are known in any case.
    lower: HashSet<String>,
    lower_elements: HashSet<String>,
    /// What questions are called, where that is another name, and what their answers are stored under.
    renamed: Vec<(&'a str, &'a str)>,
    /// What questions are called.
    questions: Vec<&'a str>,
    /// What pages and panels are called.
    containers: Vec<&'a str>,
}

impl<'a> Names<'a> {
    pub(super) fn of(outline: &Outline<'a>) -> Self {
        let mut names = Self::default();
        for (_, node) in outline.questions() {
            let Some(name) = node.name() else { continue };
            names.questions.push(name);
            match node.text("valueName").filter(|value| !value.is_empty()) {
                Some(value) if value != name => {
                    names.values.push(value);
                    names.renamed.push((name, value));
                }
                _ => names.values.push(name),
            }
        }
        for node in &outline.objects {
            if node.kind.is("panelbase") {
                names.containers.extend(node.name());
            }
            if node.kind.is("calculatedvalue") || node.kind.is("matrixdropdowncolumn") {
                names.values.extend(node.name());
            }
            if node.kind.is("surveytrigger") {
                names.values.extend(node.text("setToName"));
            }
        }
        names.lower = names
            .values
            .iter()
            .map(|name| name.to_lowercase())
            .collect();
        let elements = names.questions.iter().chain(&names.containers);
        names.lower_elements = elements.map(|name| name.to_lowercase()).collect();
        names
    }

    /// Whether a name in an expression or a text stands for something.
    fn has(&self, name: &str) -> bool {
        let name = name.trim();
        // `$` asks for a property of an element; or it belongs to the name.
        self.has_bare(name, false)
            || name
                .strip_prefix('$')
                .is_some_and(|name| self.has_bare(name, true))
    }

    fn has_bare(&self, name: &str, is_element: bool) -> bool {
        let known = |name: &str| {
            let bare = [name].into_iter().chain(
                ["-unwrapped", "-Comment", "-total"]
                    .into_iter()
                    .filter_map(|ending| name.strip_suffix(ending)),
            );
            let mut bare = bare.map(|name| name.trim_start_matches('#'));
            bare.any(|name| {
                let name = name.to_lowercase();
                OWN.contains(&name.as_str())
                    || self.lower.contains(&name)
                    || is_element && self.lower_elements.contains(&name)
            })
        };
        // A name may have points and brackets in it; or they lead to a part of the value.
        let ends = name
            .char_indices()
            .filter(|(_, letter)| matches!(letter, '.' | '['))
            .map(|(end, _)| end);
        let mut roots = ends.filter_map(|end| name.get(..end));
        known(name) || roots.any(known)
    }

    /// What is found of a name that stands for nothing.
    fn missing(&self, severity: Severity, path: String, name: &str, why: &str) -> Finding {
        let root = name.split(['.', '[']).next().unwrap_or(name);
        let stored = self.renamed.iter().find(|(own, _)| *own == root);
        let message = match stored {
            Some((_, value)) => format!(
                "the answer to \"{root}\" is stored under its valueName, \"{value}\"{why}; write {{{value}}}"
            ),
            None => format!("there is no question or value \"{name}\"{why}"),
        };
        let finding = Finding::new(severity, Code::DanglingReference, path, message);
        match stored {
            Some((_, value)) => Finding {
                found: Some(name.to_owned()),
                nearest: Some((*value).to_owned()),
                ..finding
            },
            None => finding.naming(root, self.values.iter().copied()),
        }
    }
}

/// Names that stand twice.
pub(super) fn duplicates(outline: &Outline<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen: HashMap<(&str, Option<usize>), &str> = HashMap::new();
    for (place, node) in outline.questions() {
        let Some(name) = node.name() else { continue };
        // What is repeated has names of its own.
        let scope = outline
            .around(place)
            .skip(1)
            .find(|(_, around)| {
                ["paneldynamic", "matrixdropdownbase"]
                    .iter()
                    .any(|kind| around.kind.is(kind))
            })
            .map(|(place, _)| place);
        if let Some(first) = seen.get(&(name, scope)) {
            let message = format!(
                "the name \"{name}\" is taken by {first}: both would be stored as one answer; give it another name, or the same valueName to both if that is meant"
            );
            let path = node.path_of("name");
            findings.push(Finding {
                found: Some(name.to_owned()),
                ..Finding::new(Severity::Refused, Code::DuplicateName, path, message)
            });
        } else {
            seen.insert((name, scope), &node.path);
        }
    }
    let mut seen: HashMap<&str, &str> = HashMap::new();
    let containers = outline.objects.iter();
    for node in containers.filter(|node| node.kind.is("panelbase")) {
        let Some(name) = node.name() else { continue };
        match seen.get(name) {
            Some(first) => findings.push(Finding {
                found: Some(name.to_owned()),
                ..Finding::new(
                    Severity::Warning,
                    Code::DuplicateName,
                    node.path_of("name"),
                    format!("the name \"{name}\" is taken by {first}"),
                )
            }),
            None => drop(seen.insert(name, &node.path)),
        }
    }
    findings
}

/// Names and functions that there are not, in expressions, triggers and texts.
pub(super) fn dangling(outline: &Outline<'_>, names: &Names<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for entry in outline.entries() {
        let Some(property) = entry.property else {
            continue;
        };
        if findings.len() >= MOST {
            break;
        }
        match property.shape {
            Shape::Condition | Shape::Expression => {
                if let Some(text) = entry.value.as_text() {
                    expression(&entry, text, names, &mut findings);
                }
            }
            Shape::Bound => {
                if let Some(text) = entry.value.as_text().and_then(|it| it.strip_prefix('=')) {
                    expression(&entry, text, names, &mut findings);
                }
            }
            Shape::Name => {
                let name = entry.value.as_text().unwrap_or_default();
                let is_there = names.questions.contains(&name) || names.has(name);
                if !name.is_empty() && !is_there {
                    let known = names.questions.iter().copied();
                    let missing = names.missing(Severity::Refused, entry.path(), name, "");
                    findings.push(missing.naming(name, known));
                }
            }
            Shape::Text | Shape::Words => {
                for (path, text) in texts::of(&entry) {
                    for name in piped(text).filter(|name| !names.has(name)) {
                        let why = ", so the text is read as it is written";
                        findings.push(names.missing(Severity::Warning, path.clone(), name, why));
                    }
                }
            }
            Shape::Plain => plain(&entry, names, &mut findings),
        }
    }
    findings
}

/// What is no expression and may still name something.
fn plain(entry: &Entry<'_, '_>, names: &Names<'_>, findings: &mut Vec<Finding>) {
    let Some(text) = entry.value.as_text().filter(|text| !text.is_empty()) else {
        return;
    };
    let is_trigger = entry.node.kind.is("surveytrigger");
    match entry.name {
        "defaultValue" if text.starts_with('=') => {
            let text = text.get(1..).unwrap_or_default();
            expression(entry, text, names, findings);
        }
        // The older way to write a trigger's condition.
        "name"
            if is_trigger && entry.node.value.get("expression").is_none() && !names.has(text) =>
        {
            findings.push(names.missing(Severity::Refused, entry.path(), text, ""));
        }
        // A trigger may store a value of its own; a name that is nearly a question's is a slip.
        "setToName" if is_trigger && !names.questions.contains(&text) => {
            let is_variable = entry
                .node
                .value
                .get("isVariable")
                .and_then(Value::as_bool)
                .unwrap_or_default();
            let others = names.questions.iter().copied();
            let message =
                format!("there is no question \"{text}\"; the value is stored beside the answers");
            let finding = Finding::new(
                Severity::Warning,
                Code::DanglingReference,
                entry.path(),
                message,
            )
            .naming(text, others);
            if !is_variable && finding.nearest.is_some() {
                findings.push(finding);
            }
        }
        _ => {}
    }
}

fn expression(entry: &Entry<'_, '_>, text: &str, names: &Names<'_>, findings: &mut Vec<Finding>) {
    // What cannot be read the reader of definitions finds.
    let Ok(expression) = Expression::parse(text) else {
        return;
    };
    let mut told: Vec<&str> = Vec::new();
    for name in expression.names() {
        // An object is written as a name, too: {"key": 1}.
        if name.contains('"') || names.has(name) || told.contains(&name) {
            continue;
        }
        told.push(name);
        findings.push(names.missing(Severity::Refused, entry.path(), name, ""));
    }
    for call in expression.calls() {
        if FUNCTIONS.contains(&call) || told.contains(&call) {
            continue;
        }
        told.push(call);
        let finding = Finding::new(
            Severity::Refused,
            Code::UnknownFunction,
            entry.path(),
            format!("there is no function \"{call}\""),
        );
        findings.push(finding.naming(call, FUNCTIONS));
    }
}

/// The names in a text that answers are to stand for: `{name}`; numbers are places for what a message fills in.
fn piped(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split('{').skip(1);
    let names = parts.filter_map(|part| part.split_once('}').map(|(name, _)| name.trim()));
    names.filter(|name| {
        !name.is_empty()
            && !name.bytes().all(|byte| byte.is_ascii_digit())
            && !name.contains(|letter: char| {
                letter.is_whitespace() && letter != ' ' || matches!(letter, ';' | '"' | '<')
            })
    })
}
