//! Which patterns of validators may be published: such as both sides read alike, and none that could keep the endpoint or a
//! respondent's browser busy.
//!
//! Both sides look for a pattern by trying one way after the other. How many ways there are is computed from the pattern's
//! automaton: a loop that can be gone through in two ways by the same text doubles them with every turn, and loops one
//! behind the other that take the same letters multiply them.

/// The positions of a pattern and how they follow each other.
mod automaton;
/// Reading a pattern.
mod syntax;

use super::finding::{Code, Finding, Severity};
use super::outline::Outline;
use crate::survey::Value;
use automaton::{Automaton, Ways};
use syntax::Unread;

/// The longest pattern, in characters.
const MAX_CHARS: usize = 500;
/// So often may the ways through a pattern grow with the length of a text: a text of 1,000 letters has 10⁹/6 ways of degree 3.
const MAX_DEGREE: usize = 3;

/// What is wrong with the patterns of a definition.
pub(super) fn find(outline: &Outline<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for entry in outline.entries() {
        if entry.name != "regex" || !entry.node.kind.is("regexvalidator") {
            continue;
        }
        let flag = |name: &str| entry.node.value.get(name).and_then(Value::as_bool);
        let ignores_case = flag("caseInsensitive").or(flag("insensitive"));
        let fault = match entry.value.as_text() {
            Some(pattern) => fault(pattern, ignores_case.unwrap_or_default()),
            None => Some("expected a pattern, a text".to_owned()),
        };
        if let Some(message) = fault {
            let finding = Finding::new(Severity::Refused, Code::Pattern, entry.path(), message);
            findings.push(Finding {
                found: entry.value.as_text().map(str::to_owned),
                ..finding
            });
        }
    }
    findings
}

/// Why a pattern is not published, in words.
fn fault(pattern: &str, ignores_case: bool) -> Option<String> {
    if pattern.chars().nth(MAX_CHARS).is_some() {
        return Some(format!(
            "expected a pattern of at most {MAX_CHARS} characters"
        ));
    }
    let flags = if ignores_case { "i" } else { "" };
    let read = syntax::read(pattern, ignores_case);
    if let Err(error) = regress::Regex::with_flags(pattern, flags) {
        return Some(format!("browsers cannot read this pattern: {error}"));
    }
    let expressions = match read {
        Ok(expressions) => expressions,
        Err(Unread::Newer(what)) => {
            return Some(format!("not every browser reads {what} in a pattern"));
        }
        Err(Unread::Unicode(what)) => {
            return Some(format!(
                "{what} means something else in a pattern without the flag u, which SurveyJS does not set; write the letters as they are, or as \\uXXXX"
            ));
        }
        Err(Unread::TooDeep) => return Some("expected groups at most 50 deep".to_owned()),
        Err(Unread::At(place)) => {
            return Some(format!(
                "the pattern cannot be read on from character {}",
                place + 1
            ));
        }
    };
    let ways = expressions
        .iter()
        .map(|node| Automaton::of(node).map(|it| it.ways()));
    ways.filter_map(|ways| match ways {
        None => Some(
            "repeated so often, this group makes the pattern too large; repeat fewer letters or with fewer bounds".to_owned(),
        ),
        Some(Ways::Exponential) => Some(
            "repetition within repetition, as in (a+)+ or (a|aa)+: some texts would take it years; let every turn begin or end with a letter that the others do not have".to_owned(),
        ),
        Some(Ways::Degree(degree)) if degree > MAX_DEGREE => Some(
            "too many repetitions that take the same letters, as in .*.*.*: long texts would take it hours; begin the pattern with ^, and separate the repetitions".to_owned(),
        ),
        Some(Ways::Degree(_)) => None,
    })
    .next()
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn catastrophic_patterns_are_refused() {
        for slow in [
            "(a+)+$",
            "(a|aa)+$",
            "(.*)*x",
            r"(\w+\s?)*$",
            r"^(\d*)*x",
            "((ab)+c?)*$",
            "(a{2,})+$",
            "(a{2,3})+$",
            "(x|y+)*z",
            "^(([a-z])+.)+[A-Z]([a-z])+$",
            r"^(\d+,?)+$",
            r"(\s*\w+\s*)*!",
            "(a|b|ab)*c",
            "(?:a*)*b",
            "(?:a+){10,}b",
            r"([a-zA-Z0-9])(([\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}",
            "^((a|b?)+)*c",
            "(?=(a+)+$)x",
            "(a|a)*$",
            "(?:(?:a|b)*)*c",
            "(.+)+@",
            r"\d+\d+\d+\d+x",
            ".*.*.*.*=",
            r"^\s*\s*\s*\s*$",
            "(汉|汉字?|字)+。",
        ] {
            assert!(fault(slow, false).is_some(), "{slow}");
        }
        // Letters that differ in case only are the same where case is ignored.
        assert!(fault("(a|A)+$", true).is_some() && fault("(a|A)+$", false).is_none());
    }

    #[test]
    fn harmless_patterns_are_taken() {
        for fine in [
            "",
            r"^\d{4}-\d{2}$",
            "(ab)+c+",
            "[(+)+]+",
            r"\(a+\)+",
            r"^SO-\d+$",
            r"(订单)?\d+",
            r"^[A-Za-z]+([ '-][A-Za-z]+)*$",
            r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
            r"^1[3-9]\d{9}$",
            r"^(?=.*[A-Z])(?=.*\d).{8,}$",
            r"^\+?[0-9 ()-]{7,20}$",
            r"^(\d{1,3}\.){3}\d{1,3}$",
            r"^[\u4e00-\u9fa5]{2,4}$",
            r"^https?:\/\/([\w-]+\.)+[\w-]+(\/[\w./?%&=-]*)?$",
            r"^([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z]{2,}$",
            r"^\d+(\.\d{1,2})?$",
            r"^(a|b|c)*$",
            r".*\d+.*",
            r"^.{0,400}$",
            r"^\s*\S+(\s+\S+)*\s*$",
            r"^#?([a-f0-9]{6}|[a-f0-9]{3})$",
            r"(?<year>\d{4})-\k<year>",
            r"^(?!.*\.\.)[\w.]+$",
            r"(?<=\s)x+",
            r"^[a-z]{3}|\d{3}$",
            r"\bfoo\b|\x41\cA\0",
            "a{,3}{",
            r"^(19|20)\d\d[- /.](0[1-9]|1[012])[- /.](0[1-9]|[12][0-9]|3[01])$",
        ] {
            assert_eq!(fault(fine, false), None, "{fine}");
        }
    }

    #[test]
    fn what_one_side_cannot_run_is_refused_in_words() {
        for (pattern, said) in [
            ("(a", "browsers cannot read"),
            ("[z-a]", "browsers cannot read"),
            ("a**", "browsers cannot read"),
            (r"\p{L}+", "flag u"),
            (r"\u{1F600}", "flag u"),
            ("[😀-😎]", "flag u"),
            ("(?i:a)b", "browser"),
            ("(?>a)", "browser"),
            (&"a".repeat(501), "500 characters"),
            (&format!("{}a{}", "(".repeat(60), ")".repeat(60)), "deep"),
        ] {
            let found = fault(pattern, false).unwrap_or_default();
            assert!(found.contains(said), "{pattern}: {found}");
        }
    }
}
