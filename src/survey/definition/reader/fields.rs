//! Reads fields for words and numbers, what answers must fulfil, triggers and computed values.

use std::sync::Arc;

use super::super::super::expression::Expression;
use super::super::super::text::LocalizedText;
use super::super::super::value::Value;
use super::super::{
    Boolean, Calculated, DefinitionFault, Effect, ExpressionLook, Files, Image, InputType,
    MAX_TEXT_CHARS, MOST_FILES, Question, Rule, Slider, TextInput, Trigger, Validator,
};
use super::{Reader, at, flag, joined};

impl Reader {
    pub(super) fn boolean(&mut self, path: &str, value: &Value) -> Boolean {
        let stored = |key: &str, otherwise: bool| match value.get(key) {
            Some(stored) => stored.clone(),
            None => Value::Bool(otherwise),
        };
        Boolean {
            true_label: self.text(path, value, "labelTrue"),
            false_label: self.text(path, value, "labelFalse"),
            true_value: stored("valueTrue", true),
            false_value: stored("valueFalse", false),
            is_box: value.get("renderAs").and_then(Value::as_text) == Some("checkbox"),
        }
    }

    pub(super) fn text_input(&mut self, path: &str, value: &Value) -> TextInput {
        let input = match value.get("inputType").and_then(Value::as_text) {
            Some("email") => InputType::Email,
            Some("number") => InputType::Number,
            Some("range") => InputType::Range,
            Some("tel") => InputType::Telephone,
            Some("url") => InputType::Url,
            Some("date") => InputType::Date,
            Some("datetime-local" | "datetime") => InputType::DateTime,
            Some("time") => InputType::Time,
            Some("month") => InputType::Month,
            Some("week") => InputType::Week,
            Some("color") => InputType::Color,
            Some("password") => InputType::Password,
            _ => InputType::Text,
        };
        let (min, min_expression) = self.bound(path, value, "min", input);
        let (max, max_expression) = self.bound(path, value, "max", input);
        TextInput {
            input,
            max_length: value
                .get("maxLength")
                .and_then(Value::as_count)
                .filter(|&length| length > 0)
                .map_or(MAX_TEXT_CHARS, |length| {
                    (length as usize).min(MAX_TEXT_CHARS)
                }),
            rows: value
                .get("rows")
                .and_then(Value::as_count)
                .map_or(4, |rows| rows.clamp(1, 40) as u32),
            placeholder: match self.text(path, value, "placeholder") {
                text if text.is_empty() => self.text(path, value, "placeHolder"),
                text => text,
            },
            min_expression: self
                .expression(path, value, "minValueExpression")
                .or(min_expression),
            max_expression: self
                .expression(path, value, "maxValueExpression")
                .or(max_expression),
            min,
            max,
            step: value.get("step").and_then(Value::as_number),
            mask: None,
            min_error: self.text(path, value, "minErrorText"),
            max_error: self.text(path, value, "maxErrorText"),
            step_error: self.text(path, value, "stepErrorText"),
        }
    }

    /// A bound, which may be written as an expression behind `=`; one that does not fit the type is none.
    fn bound(
        &mut self,
        path: &str,
        value: &Value,
        key: &str,
        input: InputType,
    ) -> (Value, Option<Expression>) {
        match value.get(key) {
            Some(Value::Text(text)) if text.starts_with('=') => {
                let expression = text.get(1..).unwrap_or_default();
                (Value::Null, self.parsed(path, key, expression))
            }
            Some(bound) if input.has_bounds() => {
                let is_number = super::super::super::javascript::number_in(bound).is_some();
                if is_number == input.is_number() {
                    (bound.clone(), None)
                } else {
                    (Value::Null, None)
                }
            }
            _ => (Value::Null, None),
        }
    }

    /// The lines of a question with several; each is a question for one line.
    pub(super) fn items(&mut self, path: &str, value: &Value) -> Vec<Arc<Question>> {
        let Some(Value::List(items)) = value.get("items") else {
            let fault = DefinitionFault::Expected("a list of items");
            self.fault(path, "items", fault);
            return Vec::new();
        };
        let mut lines = Vec::new();
        for (place, item) in items.iter().enumerate() {
            let item_path = at(&joined(path, "items"), place);
            let mut line = item.clone();
            if let Value::Text(name) = item {
                line = Value::Object(vec![("name".to_owned(), Value::from(name.as_str()))]);
            }
            line.set("type", Value::from("text"));
            lines.extend(self.question(&item_path, &line).map(Arc::new));
        }
        lines
    }

    /// Photos are taken and nothing else: what is stored is a reference to a picture that was written anew.
    pub(super) fn files(&mut self, path: &str, value: &Value) -> Files {
        let is_multiple = value.get("allowMultiple") == Some(&Value::Bool(true));
        let most = value.get("maxFiles").and_then(Value::as_count);
        let most = most.map_or(MOST_FILES, |most| most as usize);
        let types = value.get("acceptedTypes").and_then(Value::as_text);
        let categories = value.get("acceptedCategories").and_then(Value::as_list);
        let accept = match (types.unwrap_or_default().trim(), categories) {
            ("", Some([Value::Text(only)])) if only == "image" => "image/*",
            (types, _) => types,
        };
        let is_image = |one: &str| {
            let one = one.trim().to_ascii_lowercase();
            let endings = [
                ".jpg", ".jpeg", ".png", ".webp", ".gif", ".heic", ".heif", ".avif", ".bmp",
            ];
            one.starts_with("image/") && one != "image/svg+xml" || endings.contains(&one.as_str())
        };
        if !accept.split(',').all(is_image) {
            let fault = DefinitionFault::Expected(
                "types of photos alone, as \"image/*\": other files are not taken here",
            );
            self.fault(path, "acceptedTypes", fault);
        }
        Files {
            most: if is_multiple {
                most.clamp(1, MOST_FILES)
            } else {
                1
            },
            accept: accept.to_owned(),
        }
    }

    pub(super) fn slider(&mut self, path: &str, value: &Value) -> Slider {
        let number = |key: &str, otherwise: f64| {
            value
                .get(key)
                .and_then(Value::as_number)
                .unwrap_or(otherwise)
        };
        let slider = Slider {
            min: number("min", 0.0),
            max: number("max", 100.0),
            step: number("step", 1.0),
            is_range: value.get("sliderType").and_then(Value::as_text) == Some("range"),
        };
        if slider.min >= slider.max || slider.step <= 0.0 {
            let fault = DefinitionFault::Expected("a number above \"min\", and a step above 0");
            self.fault(path, "max", fault);
        }
        slider
    }

    pub(super) fn expression_look(&mut self, path: &str, value: &Value) -> ExpressionLook {
        let word = |key: &str| value.get(key).and_then(Value::as_text).unwrap_or_default();
        // -1 stands for as many as there are.
        let digits = |key: &str| Some(value.get(key)?.as_count()?.min(20) as usize);
        ExpressionLook {
            style: word("displayStyle").to_owned(),
            currency: match word("currency") {
                "" => "USD",
                code => code,
            }
            .to_owned(),
            least_digits: digits("minimumFractionDigits"),
            most_digits: digits("maximumFractionDigits"),
            groups: flag(value, "useGrouping", true),
            format: self.text(path, value, "format"),
        }
    }

    pub(super) fn image(&mut self, path: &str, value: &Value) -> Image {
        Image {
            link: self.text(path, value, "imageLink").resolve("en").to_owned(),
            text: match self.text(path, value, "altText") {
                text if text.is_empty() => self.text(path, value, "text"),
                text => text,
            },
        }
    }

    pub(super) fn validators(&mut self, path: &str, value: &Value) -> Vec<Validator> {
        let Some(Value::List(list)) = value.get("validators") else {
            return Vec::new();
        };
        let mut validators = Vec::new();
        for (place, item) in list.iter().enumerate() {
            let item_path = at(&joined(path, "validators"), place);
            let number = |key: &str| {
                item.get(key)
                    .and_then(super::super::super::javascript::number_in)
            };
            let name = item
                .get("type")
                .and_then(Value::as_text)
                .unwrap_or_default();
            let rule = match name.strip_suffix("validator").unwrap_or(name) {
                "numeric" => Rule::Numeric {
                    min: number("minValue"),
                    max: number("maxValue"),
                },
                "text" => Rule::Text {
                    min: number("minLength").filter(|&length| length > 0.0),
                    max: number("maxLength").filter(|&length| length > 0.0),
                    allows_digits: flag(item, "allowDigits", true),
                },
                "answercount" => Rule::AnswerCount {
                    min: number("minCount").filter(|&count| count > 0.0),
                    max: number("maxCount").filter(|&count| count > 0.0),
                },
                "email" => Rule::Email,
                "regex" => Rule::Regex {
                    pattern: item
                        .get("regex")
                        .and_then(Value::as_text)
                        .unwrap_or_default()
                        .to_owned(),
                    ignores_case: flag(item, "caseInsensitive", flag(item, "insensitive", false)),
                },
                "expression" => Rule::Expression(self.condition(&item_path, item, "expression")),
                _ => {
                    let fault = DefinitionFault::Expected(
                        "numeric, text, answercount, email, regex or expression",
                    );
                    self.fault(&item_path, "type", fault);
                    continue;
                }
            };
            validators.push(Validator {
                rule,
                text: self.text(&item_path, item, "text"),
                is_remark: matches!(
                    item.get("notificationType").and_then(Value::as_text),
                    Some("warning" | "info")
                ),
            });
        }
        validators
    }

    pub(super) fn calculated(&mut self, value: &Value) -> Vec<Calculated> {
        let Some(Value::List(list)) = value.get("calculatedValues") else {
            return Vec::new();
        };
        let mut values = Vec::new();
        for (place, item) in list.iter().enumerate() {
            let path = at("calculatedValues", place);
            let name = item
                .get("name")
                .and_then(Value::as_text)
                .unwrap_or_default();
            if let Some(expression) = self.expression(&path, item, "expression") {
                values.push(Calculated {
                    name: name.to_owned(),
                    expression,
                    is_stored: flag(item, "includeIntoResult", false),
                });
            }
        }
        values
    }

    pub(super) fn completed_if(&mut self, value: &Value) -> Vec<(Expression, LocalizedText)> {
        let Some(Value::List(list)) = value.get("completedHtmlOnCondition") else {
            return Vec::new();
        };
        let mut texts = Vec::new();
        for (place, item) in list.iter().enumerate() {
            let path = at("completedHtmlOnCondition", place);
            if let Some(condition) = self.expression(&path, item, "expression") {
                texts.push((condition, self.text(&path, item, "html")));
            }
        }
        texts
    }

    /// Where the survey leads to; addresses that are not taken are left out.
    pub(super) fn leads_to(&mut self, value: &Value) -> Vec<(Option<Expression>, LocalizedText)> {
        let mut ways = Vec::new();
        let items = value
            .get("navigateToUrlOnCondition")
            .and_then(Value::as_list);
        for (place, item) in items.unwrap_or_default().iter().enumerate() {
            let path = at("navigateToUrlOnCondition", place);
            if let Some(condition) = self.expression(&path, item, "expression") {
                ways.push((Some(condition), self.text(&path, item, "url")));
            }
        }
        ways.push((None, self.text("", value, "navigateToUrl")));
        ways.retain(|(_, address)| {
            let mut tags = address.tags();
            !address.is_empty() && tags.all(|tag| address.resolve(tag).starts_with("https:"))
        });
        ways
    }

    pub(super) fn triggers(&mut self, value: &Value) -> Vec<Trigger> {
        let Some(Value::List(list)) = value.get("triggers") else {
            return Vec::new();
        };
        let mut triggers = Vec::new();
        for (place, item) in list.iter().enumerate() {
            let path = at("triggers", place);
            let word = |key: &str| {
                item.get(key)
                    .and_then(Value::as_text)
                    .filter(|word| !word.is_empty())
                    .map(str::to_owned)
            };
            let name = word("type").unwrap_or_default();
            let effect = match (
                name.strip_suffix("trigger").unwrap_or(&name),
                word("setToName"),
            ) {
                ("complete", _) => Some(Effect::Complete),
                ("skip", _) => word("gotoName").map(Effect::Skip),
                ("setvalue", Some(to)) => Some(Effect::SetValue {
                    to,
                    value: item.get("setValue").cloned().unwrap_or_default(),
                    is_variable: flag(item, "isVariable", false),
                }),
                ("copyvalue", Some(to)) => {
                    word("fromName").map(|from| Effect::CopyValue { to, from })
                }
                ("runexpression", to) => Some(Effect::RunExpression {
                    to,
                    expression: self.expression(&path, item, "runExpression"),
                }),
                _ => None,
            };
            let Some(effect) = effect else {
                let fault = DefinitionFault::Expected(
                    "complete, skip, setvalue, copyvalue or runexpression, with the names it needs",
                );
                self.fault(&path, "type", fault);
                continue;
            };
            let mut condition = self.expression(&path, item, "expression");
            if condition.is_none()
                && let Some(text) = older_condition(item)
            {
                condition = self.parsed(&path, "name", &text);
            }
            triggers.push(Trigger { condition, effect });
        }
        triggers
    }
}

/// The condition of a trigger in the older way: a name, an operator and a value.
fn older_condition(item: &Value) -> Option<String> {
    let name = item.get("name").and_then(Value::as_text)?;
    let operator = item
        .get("operator")
        .and_then(Value::as_text)
        .unwrap_or("equal");
    let left = ["{", name, "} ", operator].concat();
    if matches!(operator, "empty" | "notempty") {
        return Some(left);
    }
    let value = item.get("value")?;
    let right = match value {
        Value::Text(text) => ["'", text, "'"].concat(),
        value => super::super::super::javascript::text_of_value(value),
    };
    Some([&left, " ", &right].concat())
}
