//! What `survey check` and `publish` print of what was found.

use std::io::{self, Write};

use super::super::CommandError;
use super::Format;
use crate::endpoint::check::{Code, Finding, Severity};
use crate::endpoint::publish::{Checked, PublishError};
use crate::survey::Value;

/// So many places of the same finding are named.
const NAMED: usize = 5;

/// Says what was found in a definition; what is refused is the command's error, in both forms.
pub(super) fn check(
    out: &mut impl Write,
    format: Format,
    checked: Result<Checked, PublishError>,
) -> Result<(), CommandError> {
    let findings = match &checked {
        Ok(checked) => checked.findings.as_slice(),
        Err(PublishError::Definition(findings)) => findings.as_slice(),
        Err(_) => &[],
    };
    let is_readable = matches!(checked, Ok(_) | Err(PublishError::Definition(_)));
    if format == Format::Json && is_readable {
        let report = Value::Object(vec![
            ("publishable".to_owned(), Value::Bool(checked.is_ok())),
            (
                "findings".to_owned(),
                Value::List(findings.iter().map(Finding::to_value).collect()),
            ),
        ]);
        let report = serde_json::to_string_pretty(&report).map_err(io::Error::other)?;
        writeln!(out, "{report}")?;
        out.flush()?;
    } else {
        notes(findings)?;
    }
    let checked = checked?;
    if format == Format::Text {
        writeln!(out, "{}", summary(&checked))?;
    }
    Ok(())
}

fn summary(checked: &Checked) -> String {
    let questions = checked.definition.questions().count();
    format!(
        "can be published as {}: {questions} questions on {} pages, in {}",
        checked.survey,
        checked.definition.pages.len(),
        checked.definition.languages().join(", ")
    )
}

/// What the author may want to know goes beside what the command says. What has no effect, or is missing in a language, stands
/// in one line for each, however many places it is in.
pub(super) fn notes(findings: &[Finding]) -> io::Result<()> {
    let mut err = io::stderr();
    let mut told: Vec<(Code, Option<&str>)> = Vec::new();
    for finding in findings {
        if finding.severity == Severity::Refused {
            continue;
        }
        let severity = finding.severity.name();
        let is_gathered = matches!(finding.code, Code::NoEffect | Code::MissingTranslation);
        let key = (finding.code, finding.found.as_deref());
        if !is_gathered {
            writeln!(err, "{severity}: {finding}")?;
        } else if !told.contains(&key) {
            told.push(key);
            let places = findings.iter();
            let places = places.filter(|it| (it.code, it.found.as_deref()) == key);
            let places: Vec<&str> = places.map(|it| it.path.as_str()).collect();
            let shown = places.iter().take(NAMED).copied().collect::<Vec<_>>();
            let more = places.len().saturating_sub(NAMED);
            let more = match more {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            writeln!(
                err,
                "{severity}: {} ({}{more})",
                finding.message,
                shown.join(", ")
            )?;
        }
    }
    Ok(())
}
