//! Reads a definition from its JSON and collects every fault with its place.

use std::sync::Arc;

use super::super::expression::Expression;
use super::super::text::LocalizedText;
use super::super::value::Value;
use super::{
    Boolean, Choice, Choices, Definition, DefinitionError, DefinitionFault, InputType, Kind,
    MAX_TEXT_CHARS, Metric, Page, Question, Rating, RatingLook, TextInput,
};

/// The most points a scale may have: more cannot be told apart on a phone.
const MAX_POINTS: usize = 21;

pub(super) fn read(value: &Value, checks_names: bool) -> Result<Definition, Vec<DefinitionError>> {
    let mut reader = Reader {
        faults: Vec::new(),
        expressions: Vec::new(),
    };
    let definition = reader.definition(value);
    if checks_names {
        reader.check_names(&definition);
    }
    if reader.faults.is_empty() {
        Ok(definition)
    } else {
        Err(reader.faults)
    }
}

struct Reader {
    faults: Vec<DefinitionError>,
    /// (path, names) of every expression, checked when all questions are known.
    expressions: Vec<(String, Vec<String>)>,
}

impl Reader {
    fn fault(&mut self, path: &str, key: &str, fault: DefinitionFault) {
        let path = match (path, key) {
            (path, "") => path.to_owned(),
            ("", key) => key.to_owned(),
            (path, key) => [path, ".", key].concat(),
        };
        self.faults.push(DefinitionError { path, fault });
    }

    fn definition(&mut self, value: &Value) -> Definition {
        if value.as_object().is_none() {
            self.fault(
                "",
                "",
                DefinitionFault::Expected("a JSON object with \"pages\""),
            );
        }
        let mut pages = Vec::new();
        match (
            value.get("pages"),
            value.get("elements").or_else(|| value.get("questions")),
        ) {
            (Some(Value::List(list)), _) => {
                for (place, page) in list.iter().enumerate() {
                    pages.push(self.page(&at("pages", place), page, place));
                }
            }
            (Some(_), _) => self.fault("", "pages", DefinitionFault::Expected("a list of pages")),
            // A survey of one page may leave the page out.
            (None, Some(_)) => pages.push(self.page("", value, 0)),
            (None, None) => {}
        }
        if pages.iter().all(|page| page.questions.is_empty()) {
            self.fault("", "pages", DefinitionFault::NoQuestions);
        }
        Definition {
            locale: value
                .get("locale")
                .and_then(Value::as_text)
                .filter(|tag| !tag.is_empty())
                .unwrap_or("en")
                .to_owned(),
            title: self.text("", value, "title"),
            completed: self.text("", value, "completedHtml"),
            complete_text: self.text("", value, "completeText"),
            shows_progress: match value.get("showProgressBar") {
                Some(Value::Text(place)) => place != "off",
                Some(Value::Bool(shown)) => *shown,
                _ => false,
            },
            allows_back: flag(value, "showPrevButton", true),
            auto_advance: flag(
                value,
                "autoAdvanceEnabled",
                flag(value, "goNextPageAutomatic", false),
            ),
            pages,
        }
    }

    fn page(&mut self, path: &str, value: &Value, place: usize) -> Page {
        let mut questions = Vec::new();
        let key = if value.get("questions").is_some() {
            "questions"
        } else {
            "elements"
        };
        match value.get(key) {
            Some(Value::List(list)) => {
                let list_path = if path.is_empty() {
                    key.to_owned()
                } else {
                    [path, ".", key].concat()
                };
                for (place, element) in list.iter().enumerate() {
                    questions.extend(self.question(&at(&list_path, place), element).map(Arc::new));
                }
            }
            None => {}
            Some(_) => self.fault(path, key, DefinitionFault::Expected("a list of questions")),
        }
        // The whole survey stands in for its only page: its title is not the page's.
        let (title, description) = if path.is_empty() {
            (LocalizedText::default(), LocalizedText::default())
        } else {
            (
                self.text(path, value, "title"),
                self.text(path, value, "description"),
            )
        };
        Page {
            name: value
                .get("name")
                .and_then(Value::as_text)
                .filter(|_| !path.is_empty())
                .map_or_else(
                    || ["page", &(place + 1).to_string()].concat(),
                    str::to_owned,
                ),
            title,
            description,
            visible_if: if path.is_empty() {
                None
            } else {
                self.expression(path, value, "visibleIf")
            },
            questions,
        }
    }

    fn question(&mut self, path: &str, value: &Value) -> Option<Question> {
        let Some(name) = value
            .get("name")
            .and_then(Value::as_text)
            .filter(|name| !name.is_empty())
        else {
            self.fault(
                path,
                "name",
                DefinitionFault::Expected("the question's name, a text"),
            );
            return None;
        };
        let kind = match value
            .get("type")
            .and_then(Value::as_text)
            .unwrap_or_default()
        {
            "rating" => Kind::Rating(self.rating(path, value)),
            "boolean" => Kind::Boolean(Boolean {
                true_label: self.text(path, value, "labelTrue"),
                false_label: self.text(path, value, "labelFalse"),
            }),
            "radiogroup" => Kind::Radiogroup(self.choices(path, value)),
            "checkbox" => Kind::Checkbox(self.choices(path, value)),
            "dropdown" => Kind::Dropdown(self.choices(path, value)),
            "comment" => Kind::Comment(self.text_input(path, value)),
            "text" => Kind::Text(self.text_input(path, value)),
            other => {
                let fault = DefinitionFault::UnknownType(other.to_owned());
                self.fault(path, "type", fault);
                return None;
            }
        };
        let mut title = self.text(path, value, "title");
        if title.is_empty() {
            title = LocalizedText::from_value(&Value::from(name)).unwrap_or_default();
        }
        Some(Question {
            name: name.to_owned(),
            title,
            description: self.text(path, value, "description"),
            is_required: flag(value, "isRequired", false),
            required_error: self.text(path, value, "requiredErrorText"),
            visible_if: self.expression(path, value, "visibleIf"),
            metric: self.metric(path, value, &kind),
            kind,
            aspect: value
                .get("aspect")
                .and_then(Value::as_text)
                .map(str::to_owned),
            complaint_below: value.get("complaintBelow").and_then(Value::as_number),
        })
    }

    fn metric(&mut self, path: &str, value: &Value, kind: &Kind) -> Option<Metric> {
        let metric = match value.get("metric")?.as_text() {
            Some("nps") => Metric::Nps,
            Some("csat") => Metric::Csat,
            Some("ces") => Metric::Ces,
            _ => {
                self.fault(
                    path,
                    "metric",
                    DefinitionFault::Expected("\"nps\", \"csat\" or \"ces\""),
                );
                return None;
            }
        };
        let points: Option<Vec<f64>> = match kind {
            Kind::Rating(rating) => rating
                .values
                .iter()
                .map(|point| point.value.as_number())
                .collect(),
            _ => None,
        };
        let Some(points) = points else {
            self.fault(
                path,
                "metric",
                DefinitionFault::MetricMismatch(
                    "a measure needs a rating whose points are numbers",
                ),
            );
            return None;
        };
        if metric == Metric::Nps && !points.iter().copied().eq((0..=10).map(f64::from)) {
            self.fault(
                path,
                "metric",
                DefinitionFault::MetricMismatch("nps is taken from a rating of 0 to 10 only"),
            );
        }
        Some(metric)
    }

    fn rating(&mut self, path: &str, value: &Value) -> Rating {
        let values = match value.get("rateValues") {
            Some(list) => self.choice_list(path, "rateValues", list),
            None => {
                let number = |key: &str, otherwise: f64| {
                    value
                        .get(key)
                        .and_then(Value::as_number)
                        .unwrap_or(otherwise)
                };
                let low = number("rateMin", 1.0);
                let step = number("rateStep", 1.0);
                let high = number("rateMax", low + (number("rateCount", 5.0) - 1.0) * step);
                let count = ((high - low) / step).floor() + 1.0;
                if !(step > 0.0 && (1.0..=MAX_POINTS as f64).contains(&count)) {
                    self.fault(
                        path,
                        "rateMax",
                        DefinitionFault::Expected("a scale of 1 to 21 points, low to high"),
                    );
                    return Rating {
                        values: Vec::new(),
                        look: RatingLook::Labels,
                        low_label: LocalizedText::default(),
                        high_label: LocalizedText::default(),
                    };
                }
                (0..count as u32)
                    .map(|place| Choice {
                        value: Value::Number(low + f64::from(place) * step),
                        text: LocalizedText::default(),
                        visible_if: None,
                    })
                    .collect()
            }
        };
        if values.len() > MAX_POINTS || values.is_empty() {
            self.fault(
                path,
                "rateValues",
                DefinitionFault::Expected("1 to 21 points"),
            );
        }
        Rating {
            values,
            look: match value
                .get("rateType")
                .or_else(|| value.get("rateDisplayMode"))
                .and_then(Value::as_text)
            {
                Some("stars") => RatingLook::Stars,
                Some("smileys" | "smiles") => RatingLook::Faces,
                _ => RatingLook::Labels,
            },
            low_label: self.text(path, value, "minRateDescription"),
            high_label: self.text(path, value, "maxRateDescription"),
        }
    }

    fn choices(&mut self, path: &str, value: &Value) -> Choices {
        let empty = Value::List(Vec::new());
        let choices = self.choice_list(path, "choices", value.get("choices").unwrap_or(&empty));
        let has_other = flag(value, "showOtherItem", flag(value, "hasOther", false));
        if choices.is_empty() && !has_other {
            self.fault(
                path,
                "choices",
                DefinitionFault::Expected("a list of choices"),
            );
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
            other: has_other.then(|| self.text(path, value, "otherText")),
            max_selected: count("maxSelectedChoices"),
            min_selected: count("minSelectedChoices"),
        }
    }

    fn choice_list(&mut self, path: &str, key: &str, list: &Value) -> Vec<Choice> {
        let Value::List(items) = list else {
            self.fault(path, key, DefinitionFault::Expected("a list"));
            return Vec::new();
        };
        let mut choices: Vec<Choice> = Vec::new();
        for (place, item) in items.iter().enumerate() {
            let item_path = at(&[path, ".", key].concat(), place);
            let choice = match item {
                Value::Text(_) | Value::Number(_) | Value::Bool(_) => Choice {
                    value: item.clone(),
                    text: LocalizedText::default(),
                    visible_if: None,
                },
                Value::Object(_) if item.get("value").is_some_and(|value| !value.is_empty()) => {
                    Choice {
                        value: item.get("value").cloned().unwrap_or_default(),
                        text: self.text(&item_path, item, "text"),
                        visible_if: self.expression(&item_path, item, "visibleIf"),
                    }
                }
                _ => {
                    self.fault(
                        &item_path,
                        "",
                        DefinitionFault::Expected("a value, or an object with \"value\""),
                    );
                    continue;
                }
            };
            if choices.iter().any(|other| other.value == choice.value) {
                self.fault(
                    &item_path,
                    "value",
                    DefinitionFault::Expected("a value that no other choice has"),
                );
            }
            choices.push(choice);
        }
        choices
    }

    fn text_input(&mut self, path: &str, value: &Value) -> TextInput {
        TextInput {
            input: match value.get("inputType").and_then(Value::as_text) {
                Some("email") => InputType::Email,
                Some("number") => InputType::Number,
                Some("tel") => InputType::Telephone,
                Some("url") => InputType::Url,
                Some("date") => InputType::Date,
                _ => InputType::Text,
            },
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
            placeholder: self.text(path, value, "placeholder"),
        }
    }

    fn text(&mut self, path: &str, value: &Value, key: &str) -> LocalizedText {
        let Some(found) = value.get(key) else {
            return LocalizedText::default();
        };
        LocalizedText::from_value(found).unwrap_or_else(|| {
            self.fault(
                path,
                key,
                DefinitionFault::Expected("a text, or an object with one for each language"),
            );
            LocalizedText::default()
        })
    }

    fn expression(&mut self, path: &str, value: &Value, key: &str) -> Option<Expression> {
        let text = value.get(key)?.as_text().unwrap_or_default();
        if text.trim().is_empty() {
            return None;
        }
        match Expression::parse(text) {
            Ok(expression) => {
                let names = expression.names().into_iter().map(str::to_owned).collect();
                self.expressions.push(([path, ".", key].concat(), names));
                Some(expression)
            }
            Err(error) => {
                self.fault(path, key, DefinitionFault::Expression(error));
                None
            }
        }
    }

    /// Names that must be unique, and names in expressions that must exist.
    fn check_names(&mut self, definition: &Definition) {
        let names: Vec<&str> = definition
            .questions()
            .map(|question| question.name.as_str())
            .collect();
        for (place, name) in names.iter().enumerate() {
            if names.iter().take(place).any(|other| other == name) {
                self.fault("", "", DefinitionFault::DuplicateName((*name).to_owned()));
            }
        }
        for (path, used) in std::mem::take(&mut self.expressions) {
            for name in used {
                let root = name.split(['.', '[']).next().unwrap_or(&name);
                if !names.contains(&name.as_str()) && !names.contains(&root) {
                    let known = names.iter().map(|name| (*name).to_owned()).collect();
                    self.fault(
                        &path,
                        "",
                        DefinitionFault::UnknownName { found: name, known },
                    );
                }
            }
        }
    }
}

fn at(list: &str, place: usize) -> String {
    [list, "[", &place.to_string(), "]"].concat()
}

fn flag(value: &Value, key: &str, otherwise: bool) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(otherwise)
}
