//! Which patterns of validators may be published: such as both sides can run, and none that could keep the endpoint busy.

use crate::survey::Definition;
use crate::survey::definition::{DefinitionError, DefinitionFault, Kind, Question, Rule};

/// The longest pattern, in characters.
const MAX_CHARS: usize = 500;

/// What is wrong with the patterns of a definition.
pub(super) fn faults(definition: &Definition) -> Vec<DefinitionError> {
    definition.questions().flat_map(of_question).collect()
}

fn of_question(question: &Question) -> Vec<DefinitionError> {
    let mut faults = Vec::new();
    for (place, validator) in question.validators.iter().enumerate() {
        if let Rule::Regex { pattern, .. } = &validator.rule
            && let Some(expected) = fault(pattern)
        {
            faults.push(DefinitionError {
                path: format!("{}.validators[{place}].regex", question.name),
                fault: DefinitionFault::Expected(expected),
            });
        }
    }
    if let Kind::Multipletext(lines) = &question.kind {
        faults.extend(lines.iter().flat_map(|line| of_question(line)));
    }
    faults
}

fn fault(pattern: &str) -> Option<&'static str> {
    if pattern.chars().nth(MAX_CHARS).is_some() {
        return Some("a pattern of at most 500 characters");
    }
    if regress::Regex::new(pattern).is_err() {
        return Some("a pattern that browsers can read");
    }
    repeats_repetition(pattern).then_some(
        "a pattern without repetition inside repetition, as in (a+)+: some texts would take it years",
    )
}

/// Whether something that repeats without bound stands in a group that repeats without bound.
fn repeats_repetition(pattern: &str) -> bool {
    let mut letters = pattern.chars().peekable();
    // Of each open group: whether something in it repeats.
    let mut groups = vec![false];
    let mut closed = false;
    while let Some(letter) = letters.next() {
        let was_closed = std::mem::take(&mut closed);
        match letter {
            '\\' => drop(letters.next()),
            '[' => {
                while let Some(inner) = letters.next() {
                    match inner {
                        '\\' => drop(letters.next()),
                        ']' => break,
                        _ => {}
                    }
                }
            }
            '(' => groups.push(false),
            ')' => {
                let repeats = groups.pop().unwrap_or_default();
                closed = repeats;
                if let Some(outer) = groups.last_mut() {
                    *outer |= repeats;
                }
            }
            '*' | '+' => {
                if was_closed {
                    return true;
                }
                if let Some(group) = groups.last_mut() {
                    *group = true;
                }
            }
            '{' => {
                let bounds: String = letters.by_ref().take_while(|inner| *inner != '}').collect();
                if bounds.ends_with(',') {
                    if was_closed {
                        return true;
                    }
                    if let Some(group) = groups.last_mut() {
                        *group = true;
                    }
                }
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn repetition_in_repetition_is_found_and_nothing_else() {
        for slow in ["(a+)+$", "^(\\d*)*x", "((ab)+c)*", "(a{2,})+", "(x|y+)*z"] {
            assert!(fault(slow).is_some(), "{slow}");
        }
        for fine in [
            "^\\d{4}-\\d{2}$",
            "(ab)+c+",
            "[(+)+]+",
            "\\(a+\\)+",
            "(a{2,3})+",
            "^SO-\\d+$",
            "(订单)?\\d+",
        ] {
            assert_eq!(fault(fine), None, "{fine}");
        }
        assert!(fault("(a").is_some() && fault(&"a".repeat(501)).is_some());
    }
}
