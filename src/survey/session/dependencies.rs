//! Whether an expression depends on what has changed.

use super::super::expression::Expression;
use super::super::javascript;
use super::super::value::Value;

/// Whether what an expression names has changed; one that calls a function, or names nothing, is always looked at.
pub(super) fn depends_on(expression: &Expression, is_named: &dyn Fn(&str) -> bool) -> bool {
    let (is_changed, has_names) = expression.any_name(is_named);
    is_changed || !has_names || expression.has_bare_call()
}

/// Whether a name stands for something that has changed, or for a part of it.
pub(super) fn is_named(name: &str, changed: &[(String, Value)]) -> bool {
    is_changed(name, changed, &|_, _, value| *value != Value::Null)
}

/// As [`is_named`]; of a part, `is_part_changed` is asked with (beginning of the name, name, value).
pub(super) fn is_changed(
    name: &str,
    changed: &[(String, Value)],
    is_part_changed: &dyn Fn(&str, &str, &Value) -> bool,
) -> bool {
    let name = name.strip_suffix("-unwrapped").unwrap_or(name);
    let is_same = |key: &str, name: &str| key == name || key == javascript::lower_case(name);
    changed.iter().any(|(key, value)| {
        if name.starts_with('$') || is_same(key, name) {
            return true;
        }
        // A part of an answer: `{q.row}`, `{q[0]}`.
        name.char_indices()
            .filter(|&(_, c)| c == '.' || c == '[')
            .filter_map(|(end, _)| name.get(..end))
            .any(|root| is_same(key, root) && is_part_changed(root, name, value))
    })
}
