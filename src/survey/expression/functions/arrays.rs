//! The functions on arrays of objects: `sumInArray`, `minInArray`, `maxInArray`, `countInArray` and `avgInArray`.

use super::super::evaluation::{binary, sum};
use super::super::path::{find, nothing};
use super::super::{Argument, Expression, Operand, Operator, Scope};
use super::{Surroundings, Value, call_within, converted, is_truthy, number_of_value};

/// How deep a condition on items may have another within it: an answer can be a condition, and could name itself.
const MAX_CONDITIONS: usize = 3;

/// The result of one of them; nothing if it is another function.
pub(super) fn call(
    name: &str,
    arguments: &[Argument<'_>],
    surroundings: &dyn Surroundings,
    depth: usize,
) -> Option<Operand> {
    if !matches!(
        name,
        "sumInArray" | "minInArray" | "maxInArray" | "countInArray" | "avgInArray"
    ) {
        return None;
    }
    let query = Query::of(arguments);
    let items = query
        .as_ref()
        .map(|query| query.items(surroundings, depth))
        .unwrap_or_default();
    let columns = query.as_ref().map(|query| (query.column, query.returned));
    Some(match name {
        "countInArray" => (items.len() as f64).into(),
        "sumInArray" => total(&items).into(),
        "avgInArray" if items.is_empty() => 0.0.into(),
        "avgInArray" => (number_of_value(&total(&items)) / items.len() as f64).into(),
        "minInArray" => extreme(&items, columns, Operator::Less),
        _ => extreme(&items, columns, Operator::Greater),
    })
}

/// `…InArray(data, 'column', 'returned column', condition)`, the last two or one of them left out.
struct Query<'a> {
    data: &'a Value,
    column: &'a str,
    returned: &'a str,
    condition: Condition<'a>,
}

/// What an item must meet to count.
enum Condition<'a> {
    Always,
    Never,
    Written(&'a Argument<'a>),
    /// A text is an expression itself.
    Told(Expression),
}

/// An item that counts, with the value of the column asked for.
type Item<'a> = (&'a Value, &'a Value);

impl<'a> Query<'a> {
    fn of(arguments: &'a [Argument<'a>]) -> Option<Self> {
        let (data, column, rest) = match arguments {
            [data, column, rest @ ..] if rest.len() <= 2 => (data, column, rest),
            _ => return None,
        };
        let data = data.value.value();
        let column = column.value.value().as_text()?;
        if !is_truthy(data) {
            return None;
        }
        let is_column = |argument: &&Argument<'_>| {
            let text = argument.value.value().as_text();
            argument.is_constant()
                && text.is_some_and(|text| !text.contains(['{', '}', '>', '<', '=', '!']))
        };
        let named = rest.first().filter(is_column);
        let returned = named.and_then(|argument| argument.value.value().as_text());
        let condition = rest.get(usize::from(named.is_some()));
        Some(Self {
            data,
            column,
            returned: returned.unwrap_or(column),
            condition: condition.map_or(Condition::Always, Condition::of),
        })
    }

    /// The items that have the column and meet the condition.
    fn items(&self, surroundings: &dyn Surroundings, depth: usize) -> Vec<Item<'a>> {
        let all: Vec<&Value> = match self.data {
            Value::List(items) => items.iter().collect(),
            Value::Object(entries) => entries.iter().map(|(_, item)| item).collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => Vec::new(),
        };
        let counts = |item: &Value| {
            let scope = Row {
                item,
                surroundings,
                depth: depth + 1,
            };
            match &self.condition {
                Condition::Always => true,
                _ if depth >= MAX_CONDITIONS => false,
                Condition::Never => false,
                Condition::Written(argument) => argument.is_true_in(&scope).unwrap_or(true),
                Condition::Told(expression) => expression.is_true(&scope),
            }
        };
        all.into_iter()
            .filter_map(|item| {
                let value = item.get(self.column)?;
                (!value.is_empty() && counts(item)).then_some((item, value))
            })
            .collect()
    }
}

impl<'a> Condition<'a> {
    fn of(argument: &'a Argument<'a>) -> Self {
        match argument.value.value() {
            Value::Text(text) if !text.is_empty() => match Expression::parse(text) {
                // What is shown comes later; a condition on it is not asked.
                Ok(told) if told.calls().contains(&"displayValue") => Self::Always,
                Ok(told) => Self::Told(told),
                Err(_) => Self::Never,
            },
            _ if argument.calls("displayValue") => Self::Always,
            _ => Self::Written(argument),
        }
    }
}

/// The names of an expression that is asked of one item: its parts, and beside them what is around it.
struct Row<'a> {
    item: &'a Value,
    surroundings: &'a dyn Surroundings,
    depth: usize,
}

impl Scope for Row<'_> {
    fn look_up(&self, name: &str) -> Value {
        find(self.item, name)
            .or_else(|| self.surroundings.look_up(name))
            .unwrap_or_else(|| nothing(name))
    }

    fn call(&self, name: &str, arguments: &[Argument<'_>]) -> Operand {
        call_within(name, arguments, self.surroundings, self.depth)
    }
}

fn total(items: &[Item<'_>]) -> Value {
    let values = items.iter().map(|(_, value)| converted(value));
    values
        .filter(|value| *value != Value::Null)
        .fold(Value::Number(0.0), |total, value| sum(&total, &value))
}

fn extreme(items: &[Item<'_>], columns: Option<(&str, &str)>, operator: Operator) -> Operand {
    let mut best: Option<(&Value, Value)> = None;
    for (item, value) in items {
        let value = converted(value);
        let is_better = match &best {
            _ if value == Value::Null => false,
            Some((_, other)) => binary(operator, &value, other) == Value::Bool(true),
            None => true,
        };
        if is_better {
            best = Some((item, value));
        }
    }
    match (best, columns) {
        (Some((item, _)), Some((column, returned))) if column != returned => item
            .get(returned)
            .map_or(Operand::Undefined, |value| value.clone().into()),
        (Some((_, value)), _) => value.into(),
        (None, _) => Operand::Undefined,
    }
}
