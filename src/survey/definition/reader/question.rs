//! Reads a question: what all kinds have, and its kind.

use super::super::super::javascript::text_of_value;
use super::super::super::text::LocalizedText;
use super::super::super::value::Value;
use super::super::{ClearHidden, DefinitionFault, Kind, Question};
use super::{Reader, flag, measure};

impl Reader {
    pub(super) fn question(&mut self, path: &str, value: &Value) -> Option<Question> {
        let Some(name) = value
            .get("name")
            .and_then(Value::as_text)
            .map(str::trim)
            .filter(|name| !name.is_empty())
        else {
            let fault = DefinitionFault::Expected("the question's name, a text");
            self.fault(path, "name", fault);
            return None;
        };
        let kind = self.kind(path, value)?;
        let mut title = self.text(path, value, "title");
        if let Kind::Boolean(boolean) = &kind
            && (title.is_empty() || boolean.is_box && value.get("label").is_some())
        {
            title = self.text(path, value, "label");
        }
        if title.is_empty() {
            title = LocalizedText::from_value(&Value::from(name)).unwrap_or_default();
        }
        let mut default = value.get("defaultValue").cloned().unwrap_or_default();
        let mut default_expression = self.expression(path, value, "defaultValueExpression");
        if let Some(text) = default.as_text().and_then(|text| text.strip_prefix('=')) {
            default_expression = self.parsed(path, "defaultValue", text);
            default = Value::Null;
        }
        let mut question = Question {
            name: name.to_owned(),
            value_name: value
                .get("valueName")
                .map(text_of_value)
                .filter(|name| !name.is_empty()),
            place: 0,
            page: 0,
            panel: None,
            title,
            description: self.text(path, value, "description"),
            rules: self.rules(path, value),
            required_error: self.text(path, value, "requiredErrorText"),
            default,
            shown_if_empty: LocalizedText::default(),
            default_expression,
            set_expression: None,
            set_if: None,
            reset_if: None,
            comment: flag(value, "showCommentArea", flag(value, "hasComment", false))
                .then(|| self.text(path, value, "commentText")),
            clear_hidden: None,
            validators: Vec::new(),
            kind,
            metric: None,
            aspect: None,
            complaint_below: None,
        };
        if let Some(whole) = self.whole {
            (whole.question)(self, path, value, &mut question);
        }
        Some(question)
    }

    pub(super) fn rest_of_question(&mut self, path: &str, value: &Value, question: &mut Question) {
        question.shown_if_empty = self.text(path, value, "defaultDisplayValue");
        question.set_expression = self.expression(path, value, "setValueExpression");
        question.set_if = self.expression(path, value, "setValueIf");
        question.reset_if = self.expression(path, value, "resetValueIf");
        question.clear_hidden = clear_hidden(value.get("clearIfInvisible"));
        question.validators = self.validators(path, value);
        question.metric = match value.get("metric") {
            Some(named) if named.as_text() == Some("none") => None,
            Some(_) => self.metric(path, value, &question.kind),
            // Browsers measure nothing.
            None if cfg!(target_arch = "wasm32") => None,
            None => measure::detected(question),
        };
        question.aspect = value
            .get("aspect")
            .and_then(Value::as_text)
            .map(str::to_owned);
        question.complaint_below = value.get("complaintBelow").and_then(Value::as_number);
    }

    fn kind(&mut self, path: &str, value: &Value) -> Option<Kind> {
        Some(match kind_name(value) {
            "rating" => Kind::Rating(self.rating(path, value)),
            "boolean" => Kind::Boolean(self.boolean(path, value)),
            "radiogroup" => Kind::Radiogroup(self.choices(path, value)),
            "checkbox" => Kind::Checkbox(self.choices(path, value)),
            "dropdown" => Kind::Dropdown(self.choices(path, value)),
            "comment" => Kind::Comment(self.text_input(path, value)),
            "text" if value.get("maskType").is_none() => Kind::Text(self.text_input(path, value)),
            _ => match self.whole {
                Some(whole) => return (whole.kind)(self, path, value),
                // It keeps its place.
                None => Kind::Html(LocalizedText::default()),
            },
        })
    }

    pub(super) fn other_kind(&mut self, path: &str, value: &Value) -> Option<Kind> {
        Some(match kind_name(value) {
            "text" => Kind::Text(self.masked_input(path, value)),
            "tagbox" => Kind::Tagbox(self.choices(path, value)),
            "ranking" => Kind::Ranking(self.choices(path, value)),
            "imagepicker" => Kind::Imagepicker(self.choices(path, value)),
            "multipletext" => Kind::Multipletext(self.items(path, value)),
            "matrix" => Kind::Matrix(self.matrix(path, value)),
            "slider" => Kind::Slider(self.slider(path, value)),
            "file" => Kind::File(self.files(path, value)),
            "expression" => {
                let digits = value.get("precision").and_then(Value::as_count);
                let digits = digits.map(|digits| digits as usize);
                let look = Box::new(self.expression_look(path, value));
                Kind::Expression(self.expression(path, value, "expression"), digits, look)
            }
            "html" => Kind::Html(self.text(path, value, "html")),
            "image" => Kind::Image(self.image(path, value)),
            other => {
                let fault = DefinitionFault::UnknownType(other.to_owned());
                self.fault(path, "type", fault);
                return None;
            }
        })
    }
}

fn kind_name(value: &Value) -> &str {
    let name = value.get("type").and_then(Value::as_text);
    name.unwrap_or_default()
}

pub(super) fn clear_hidden(value: Option<&Value>) -> Option<ClearHidden> {
    match value? {
        Value::Bool(true) => Some(ClearHidden::OnComplete),
        Value::Bool(false) => Some(ClearHidden::None),
        value => match value.as_text()? {
            "none" => Some(ClearHidden::None),
            "onComplete" => Some(ClearHidden::OnComplete),
            "onHidden" => Some(ClearHidden::OnHidden),
            "onHiddenContainer" => Some(ClearHidden::OnHiddenContainer),
            _ => None,
        },
    }
}
