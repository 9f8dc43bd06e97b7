//! Reads scales, choices, and rows and columns.

use super::super::super::javascript::rounded;
use super::super::super::text::LocalizedText;
use super::super::super::value::Value;
use super::super::{
    CarryForward, CarryMode, Choice, Choices, DefinitionFault, Matrix, Order, Rating, RatingLook,
};
use super::{Reader, at, flag, joined};

/// The most points a scale may have: more cannot be told apart on a phone. SurveyJS leaves out those behind.
const MAX_POINTS: usize = 20;

/// The most numbers that a list is filled with: `choicesMin` to `choicesMax`.
const MAX_STEPPED: usize = 1_000;
/// The most digits of a step behind its point.
const MAX_STEP_DIGITS: usize = 9;

impl Reader {
    pub(super) fn rating(&mut self, path: &str, value: &Value) -> Rating {
        let is_listed = matches!(value.get("rateValues"), Some(Value::List(list)) if !list.is_empty())
            && !flag(value, "autoGenerate", false);
        let look = match value
            .get("rateType")
            .or_else(|| value.get("rateDisplayMode"))
            .and_then(Value::as_text)
        {
            Some("stars") => RatingLook::Stars,
            Some("smileys" | "smiles") => RatingLook::Faces,
            _ => RatingLook::Labels,
        };
        let look = match value.get("displayMode").and_then(Value::as_text) {
            Some("dropdown") => RatingLook::List,
            _ => look,
        };
        let mut values = match value.get("rateValues").filter(|_| is_listed) {
            Some(list) => self.choice_list(path, "rateValues", list),
            None => self.points(path, value),
        };
        if look == RatingLook::Faces {
            // There are ten faces.
            values.truncate(10);
        }
        let mut low_label = self.text(path, value, "minRateDescription");
        let mut high_label = self.text(path, value, "maxRateDescription");
        if look != RatingLook::List && flag(value, "displayRateDescriptionsAsExtremeItems", false) {
            let last = values.len().saturating_sub(1);
            let mut on_point = |at: usize, label: &mut LocalizedText| match values.get_mut(at) {
                // A point without words is read as its number.
                Some(point) if !label.is_empty() && !point.text.is_empty() => {
                    point.text = std::mem::take(label);
                }
                _ => {}
            };
            on_point(0, &mut low_label);
            on_point(last, &mut high_label);
        }
        if values.len() > MAX_POINTS {
            let fault = DefinitionFault::Expected("1 to 20 points");
            self.fault(path, "rateValues", fault);
        }
        Rating {
            values,
            is_listed,
            look,
            low_label,
            high_label,
        }
    }

    fn points(&mut self, path: &str, value: &Value) -> Vec<Choice> {
        let number = |key: &str| value.get(key).and_then(Value::as_number);
        let step = number("rateStep").unwrap_or(1.0);
        // How many there are counts only beside one end.
        let (low, high) = match (number("rateMin"), number("rateMax"), number("rateCount")) {
            (Some(low), None, Some(count)) => (low, low + (count - 1.0) * step),
            (None, Some(high), Some(count)) => (high - (count - 1.0) * step, high),
            (low, high, _) => (low.unwrap_or(1.0), high.unwrap_or(5.0)),
        };
        let count = ((high - low) / step).floor() + 1.0;
        if !(step > 0.0 && (1.0..=MAX_POINTS as f64).contains(&count)) {
            let fault = DefinitionFault::Expected("a scale of 1 to 20 points, low to high");
            self.fault(path, "rateMax", fault);
        }
        stepped(low, high, step, MAX_POINTS)
    }

    pub(super) fn choices(&mut self, path: &str, value: &Value) -> Choices {
        let empty = Value::List(Vec::new());
        let mut choices = self.choice_list(path, "choices", value.get("choices").unwrap_or(&empty));
        let kind = value.get("type").and_then(Value::as_text);
        if kind == Some("dropdown") {
            let number = |key: &str| value.get(key).and_then(Value::as_number);
            let (low, high) = (number("choicesMin").unwrap_or(0.0), number("choicesMax"));
            if let Some(high) = high.filter(|&high| high > low) {
                let step = number("choicesStep").unwrap_or(1.0);
                choices.extend(stepped(low, high, step, MAX_STEPPED));
            }
        }
        if kind == Some("tagbox") {
            // In a list that opens, only "other" asks for words.
            for choice in &mut choices {
                choice.shows_comment = false;
            }
        }
        // Neither a ranking nor pictures have special choices.
        let has_special = !matches!(kind, Some("ranking" | "imagepicker"));
        let mut special = |shows: &str, older: &str, text: &str| {
            (has_special && flag(value, shows, flag(value, older, false)))
                .then(|| self.text(path, value, text))
        };
        let other = special("showOtherItem", "hasOther", "otherText");
        let none = special("showNoneItem", "hasNone", "noneText");
        let refused = special("showRefuseItem", "", "refuseText");
        let dont_know = special("showDontKnowItem", "", "dontKnowText");
        let all = special("showSelectAllItem", "hasSelectAll", "selectAllText");
        let word = |key: &str| {
            value
                .get(key)
                .and_then(Value::as_text)
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
        };
        let from = word("choicesFromQuestion").map(|question| CarryForward {
            question,
            mode: match word("choicesFromQuestionMode").as_deref() {
                Some("selected") => CarryMode::Selected,
                Some("unselected") => CarryMode::Unselected,
                _ => CarryMode::All,
            },
            value_key: word("choiceValuesFromQuestion"),
        });
        if choices.is_empty() && other.is_none() && from.is_none() {
            let fault = DefinitionFault::Expected("a list of choices");
            self.fault(path, "choices", fault);
        }
        let count = |key: &str| {
            value
                .get(key)
                .and_then(Value::as_count)
                .filter(|&count| count > 0)
                .map(|count| count as usize)
        };
        Choices {
            choices,
            other,
            none,
            refused,
            dont_know,
            all,
            other_error: self.text(path, value, "otherErrorText"),
            stores_other: match value.get("storeOthersAsComment") {
                Some(Value::Bool(truth)) => Some(*truth),
                _ => None,
            },
            max_selected: count("maxSelectedChoices"),
            min_selected: count("minSelectedChoices"),
            visible_if: self.condition(path, value, "choicesVisibleIf"),
            enable_if: self.condition(path, value, "choicesEnableIf"),
            from,
            order: match word("choicesOrder").as_deref() {
                Some("asc") => Order::Ascending,
                Some("desc") => Order::Descending,
                Some("random") => Order::Random,
                _ => Order::Written,
            },
            value_property: word("valuePropertyName"),
            allows_custom: flag(value, "allowCustomChoices", false),
            hides_if_empty: flag(value, "hideIfChoicesEmpty", false),
            selects_to_rank: flag(value, "selectToRankEnabled", false),
            is_multiple: flag(value, "multiSelect", false),
            keeps_incorrect: flag(value, "keepIncorrectValues", false),
        }
    }

    pub(super) fn matrix(&mut self, path: &str, value: &Value) -> Matrix {
        let empty = Value::List(Vec::new());
        Matrix {
            rows: self.choice_list(path, "rows", value.get("rows").unwrap_or(&empty)),
            columns: self.choice_list(path, "columns", value.get("columns").unwrap_or(&empty)),
            rows_visible_if: self.condition(path, value, "rowsVisibleIf"),
            columns_visible_if: self.condition(path, value, "columnsVisibleIf"),
            is_each_required: flag(
                value,
                "eachRowRequired",
                flag(value, "isAllRowRequired", false),
            ),
            is_each_unique: flag(value, "eachRowUnique", false),
            is_multiple: value.get("cellType").and_then(Value::as_text) == Some("checkbox"),
            hides_if_empty: flag(value, "hideIfRowsEmpty", false),
        }
    }

    fn choice_list(&mut self, path: &str, key: &str, list: &Value) -> Vec<Choice> {
        let Value::List(items) = list else {
            self.fault(path, key, DefinitionFault::Expected("a list"));
            return Vec::new();
        };
        let mut choices: Vec<Choice> = Vec::new();
        for (place, item) in items.iter().enumerate() {
            let item_path = at(&joined(path, key), place);
            let choice = match item {
                Value::Text(_) | Value::Number(_) | Value::Bool(_) => bare(item),
                Value::Object(_) if item.get("value").is_some_and(|value| !value.is_empty()) => {
                    self.choice(&item_path, item)
                }
                _ => {
                    let fault = DefinitionFault::Expected("a value, or an object with \"value\"");
                    self.fault(&item_path, "", fault);
                    continue;
                }
            };
            if choices.iter().any(|other| other.value == choice.value) {
                let fault = DefinitionFault::Expected("a value that no other choice has");
                self.fault(&item_path, "value", fault);
            }
            choices.push(choice);
        }
        choices
    }

    fn choice(&mut self, path: &str, item: &Value) -> Choice {
        Choice {
            text: self.text(path, item, "text"),
            visible_if: self.condition(path, item, "visibleIf"),
            enable_if: self.condition(path, item, "enableIf"),
            is_exclusive: flag(item, "isExclusive", false),
            shows_comment: flag(item, "showCommentArea", false),
            has_elements: item.get("elements").is_some(),
            is_comment_required: flag(item, "isCommentRequired", false),
            image: item
                .get("imageLink")
                .map(|link| LocalizedText::from_value(link).unwrap_or_default())
                .map(|link| link.resolve("en").to_owned()),
            ..bare(item.get("value").unwrap_or(&Value::Null))
        }
    }
}

/// Numbers from one to another as choices, with as many digits as the step has; at most so many.
fn stepped(low: f64, high: f64, step: f64, most: usize) -> Vec<Choice> {
    let digits = (1..MAX_STEP_DIGITS).find(|&digits| rounded(step, digits) == step);
    let at = |place: usize| match low + place as f64 * step {
        first if place == 0 => first,
        number if step.fract() == 0.0 => number.round(),
        number => rounded(number, digits.unwrap_or(MAX_STEP_DIGITS)),
    };
    let numbers = (0..most).map(at).take_while(|&number| number <= high);
    let choice = |number| Choice {
        value: Value::Number(number),
        ..Choice::default()
    };
    numbers.map(choice).collect()
}

/// A choice that is only its value; `value|text` gives it words.
fn bare(value: &Value) -> Choice {
    if let Some((value, text)) = value.as_text().and_then(|text| text.split_once('|')) {
        return Choice {
            value: Value::from(value),
            text: LocalizedText::from_value(&Value::from(text)).unwrap_or_default(),
            ..Choice::default()
        };
    }
    Choice {
        value: value.clone(),
        ..Choice::default()
    }
}
