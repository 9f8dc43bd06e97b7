//! Reads a definition from its JSON and collects every fault with its place.

mod choices;
mod fields;
mod masks;
mod measure;

use std::sync::Arc;

use super::super::expression::Expression;
use super::super::text::LocalizedText;
use super::super::value::Value;
use super::{
    ButtonTexts, Checks, ClearHidden, Counted, Definition, DefinitionError, DefinitionFault,
    Element, Kind, Page, Panel, Preview, Progress, Question, Rules,
};

/// The deepest nesting of panels that is read.
const MAX_DEPTH: usize = 16;

pub(super) fn read(value: &Value) -> Result<Definition, Vec<DefinitionError>> {
    let mut reader = Reader {
        is_checked: true,
        whole: Some(&WHOLE),
        ..Reader::default()
    };
    let definition = reader.definition(value);
    if reader.faults.is_empty() {
        Ok(definition)
    } else {
        Err(reader.faults)
    }
}

pub(super) fn read_leniently(value: &Value) -> Definition {
    let mut reader = Reader {
        is_checked: true,
        whole: Some(&WHOLE),
        ..Reader::default()
    };
    reader.definition(value)
}

pub(super) fn read_published(value: &Value) -> Definition {
    let mut reader = Reader {
        whole: Some(&WHOLE),
        ..Reader::default()
    };
    reader.definition(value)
}

pub(super) fn read_opening(value: &Value) -> Definition {
    Reader::default().definition(value)
}

/// Where an element stands: page, panel, how deep.
type Spot = (usize, Option<usize>, usize);

/// What the first page of most surveys has no need of. It is reached through this table only, so that a page which shows
/// no more than that need not have it.
struct Whole {
    nested: fn(&mut Reader, &str, &Value, Spot, &mut Vec<Element>),
    begin: fn(&mut Reader, &Value),
    survey: fn(&mut Reader, &Value, &mut Definition),
    question: fn(&mut Reader, &str, &Value, &mut Question),
    kind: fn(&mut Reader, &str, &Value) -> Option<Kind>,
}

static WHOLE: Whole = Whole {
    nested: Reader::nested,
    begin: Reader::begin,
    survey: Reader::rest_of_survey,
    question: Reader::rest_of_question,
    kind: Reader::other_kind,
};

#[derive(Default)]
struct Reader {
    /// Whether anything is checked; what was published has been.
    is_checked: bool,
    /// What reads the rest, where all of it is wanted.
    whole: Option<&'static Whole>,
    /// Every expression.
    all: Vec<Expression>,
    faults: Vec<DefinitionError>,
    panels: Vec<Panel>,
    questions: Vec<Arc<Question>>,
    /// Whether questions stand in random order where their page or panel says nothing else.
    is_shuffled: bool,
    /// How numbers, sums and dates are written.
    regional: Option<Box<masks::Regional>>,
}

impl Reader {
    #[inline(always)]
    fn fault(&mut self, path: &str, key: &str, fault: DefinitionFault) {
        // Browsers read only what was checked: neither the words for faults nor their places need to be there.
        if cfg!(target_arch = "wasm32") || !self.is_checked {
            return;
        }
        self.note_fault(path, key, fault);
    }

    fn note_fault(&mut self, path: &str, key: &str, fault: DefinitionFault) {
        let path = joined(path, key);
        self.faults.push(DefinitionError { path, fault });
    }

    fn definition(&mut self, value: &Value) -> Definition {
        if value.as_object().is_none() {
            let fault = DefinitionFault::Expected("a JSON object with \"pages\"");
            self.fault("", "", fault);
        }
        if let Some(whole) = self.whole {
            (whole.begin)(self, value);
        }
        self.is_shuffled = is_shuffled(value, false);
        let pages = self.pages(value);
        let mut definition = self.survey(value, pages);
        if let Some(whole) = self.whole {
            (whole.survey)(self, value, &mut definition);
        }
        definition.expressions = std::mem::take(&mut self.all);
        definition
    }

    fn survey(&mut self, value: &Value, pages: Vec<Page>) -> Definition {
        if self.questions.is_empty() {
            self.fault("", "pages", DefinitionFault::NoQuestions);
        }
        let word = |key: &str| value.get(key).and_then(Value::as_text);
        Definition {
            locale: word("locale")
                .filter(|tag| !tag.is_empty())
                .unwrap_or("en")
                .to_owned(),
            title: self.text("", value, "title"),
            completed: self.text("", value, "completedHtml"),
            completed_if: Vec::new(),
            leads_to: Vec::new(),
            buttons: ButtonTexts {
                next: self.text("", value, "pageNextText"),
                complete: self.text("", value, "completeText"),
                ..ButtonTexts::default()
            },
            progress: progress(value),
            preview: None,
            allows_back: flag(value, "showPrevButton", true),
            auto_advance: flag(
                value,
                "autoAdvanceEnabled",
                flag(value, "goNextPageAutomatic", false),
            ),
            has_start_page: pages.len() > 1
                && flag(
                    value,
                    "firstPageIsStartPage",
                    flag(value, "firstPageIsStarted", false),
                ),
            expressions: Vec::new(),
            is_one_by_one: matches!(
                word("questionsOnPageMode"),
                Some("questionPerPage" | "inputPerPage")
            ),
            is_joined: word("questionsOnPageMode") == Some("singlePage"),
            is_read_only: flag(value, "readOnly", word("mode") == Some("display")),
            checks: match word("checkErrorsMode") {
                Some("onValueChanged" | "onValueChanging") => Checks::OnValueChanged,
                Some("onComplete") => Checks::OnComplete,
                _ => Checks::OnNextPage,
            },
            clear_hidden: clear_hidden(value.get("clearInvisibleValues"))
                .unwrap_or(ClearHidden::OnComplete),
            stores_other: flag(value, "storeOthersAsComment", true),
            calculated: Vec::new(),
            triggers: Vec::new(),
            pages,
            panels: std::mem::take(&mut self.panels),
            questions: std::mem::take(&mut self.questions),
        }
    }

    fn pages(&mut self, value: &Value) -> Vec<Page> {
        let mut pages = Vec::new();
        match value.get("pages") {
            Some(Value::List(list)) => {
                let is_single =
                    value.get("questionsOnPageMode").and_then(Value::as_text) == Some("singlePage");
                let has_start = flag(
                    value,
                    "firstPageIsStartPage",
                    flag(value, "firstPageIsStarted", false),
                );
                // The start page stays a page of its own.
                let merged_from = if is_single {
                    usize::from(has_start)
                } else {
                    list.len()
                };
                for (place, page) in list.iter().enumerate().take(merged_from) {
                    let page = self.page(&at("pages", place), page, place);
                    pages.push(page);
                }
                if is_single && merged_from < list.len() {
                    let page = self.single_page(list, merged_from, pages.len());
                    pages.push(page);
                }
            }
            Some(_) => self.fault("", "pages", DefinitionFault::Expected("a list of pages")),
            // A survey of one page may leave the page out.
            None if value
                .get("elements")
                .or_else(|| value.get("questions"))
                .is_some() =>
            {
                let page = self.page("", value, 0);
                pages.push(page);
            }
            None => {}
        }
        if value.get("questionsOnPageMode").and_then(Value::as_text) == Some("singlePage")
            && let [page] = pages.as_mut_slice()
        {
            page.name = "single-page".to_owned();
        }
        pages
    }

    fn page(&mut self, path: &str, value: &Value, place: usize) -> Page {
        let first = self.questions.len();
        let mut elements = Vec::new();
        self.elements(path, value, (place, None, 0), &mut elements);
        // The whole survey stands in for its only page: its title is not the page's.
        let own = if path.is_empty() { &Value::Null } else { value };
        Page {
            name: own
                .get("name")
                .and_then(Value::as_text)
                .filter(|name| !name.is_empty())
                .map_or_else(
                    || ["page", &(place + 1).to_string()].concat(),
                    str::to_owned,
                ),
            title: self.text(path, own, "title"),
            description: self.text(path, own, "description"),
            rules: self.rules(path, own),
            is_shuffled: is_shuffled(own, self.is_shuffled),
            elements,
            questions: first..self.questions.len(),
        }
    }

    /// All pages on one, each of them a panel.
    fn single_page(&mut self, list: &[Value], from: usize, place: usize) -> Page {
        let first = self.questions.len();
        let mut elements = Vec::new();
        for (at_page, page) in list.iter().enumerate().skip(from) {
            self.panel(&at("pages", at_page), page, (place, None, 0), &mut elements);
        }
        Page {
            name: "single-page".to_owned(),
            title: LocalizedText::default(),
            description: LocalizedText::default(),
            rules: Rules::default(),
            is_shuffled: false,
            elements,
            questions: first..self.questions.len(),
        }
    }

    /// What stands on a page or in a panel.
    fn elements(&mut self, path: &str, value: &Value, spot: Spot, elements: &mut Vec<Element>) {
        let key = if value.get("questions").is_some() {
            "questions"
        } else {
            "elements"
        };
        let list = match value.get(key) {
            Some(Value::List(list)) => list,
            None => return,
            Some(_) => {
                return self.fault(path, key, DefinitionFault::Expected("a list of questions"));
            }
        };
        let list_path = joined(path, key);
        if spot.2 > MAX_DEPTH {
            let fault = DefinitionFault::Expected("panels within panels at most 16 deep");
            return self.fault(path, key, fault);
        }
        for (place, element) in list.iter().enumerate() {
            let element_path = at(&list_path, place);
            if element.get("type").and_then(Value::as_text) == Some("panel") {
                self.panel(&element_path, element, spot, elements);
            } else if let Some(mut question) = self.question(&element_path, element) {
                question.place = self.questions.len();
                (question.page, question.panel, _) = spot;
                elements.push(Element::Question(question.place));
                self.questions.push(Arc::new(question));
                if let Some(whole) = self.whole {
                    (whole.nested)(self, &element_path, element, spot, elements);
                }
            }
        }
    }

    /// The questions inside the choices of the question that was read last: a panel for each choice that has some.
    fn nested(&mut self, path: &str, value: &Value, spot: Spot, elements: &mut Vec<Element>) {
        let owner = self.questions.len().saturating_sub(1);
        let nesting = |kind: &Kind| match kind {
            Kind::Radiogroup(choices) | Kind::Checkbox(choices) => {
                let choices = choices.choices.iter().enumerate();
                let nested = choices.filter(|(_, choice)| choice.has_elements);
                nested
                    .map(|(at, choice)| (at, choice.value.clone()))
                    .collect()
            }
            _ => Vec::new(),
        };
        let nested: Vec<(usize, Value)> = self
            .questions
            .last()
            .map(|of| nesting(&of.kind))
            .unwrap_or_default();
        let listed = value
            .get("choices")
            .and_then(Value::as_list)
            .unwrap_or_default();
        for (at_choice, wanted) in nested {
            let is_wanted = |item: &Value| item.get("value") == Some(&wanted);
            let Some(place) = listed.iter().position(is_wanted) else {
                continue;
            };
            let path = at(&joined(path, "choices"), place);
            let inside = listed
                .get(place)
                .and_then(|item| item.get("elements"))
                .cloned();
            let mut panel = Value::Object(Vec::new());
            panel.set("elements", inside.unwrap_or_default());
            let panel_place = self.panels.len();
            self.panel(&path, &panel, spot, elements);
            if let Some(panel) = self.panels.get_mut(panel_place) {
                panel.choice = Some((owner, at_choice));
            }
        }
    }

    fn panel(
        &mut self,
        path: &str,
        value: &Value,
        (page, within, depth): Spot,
        elements: &mut Vec<Element>,
    ) {
        let panel = Panel {
            name: value
                .get("name")
                .and_then(Value::as_text)
                .unwrap_or_default()
                .to_owned(),
            title: self.text(path, value, "title"),
            description: self.text(path, value, "description"),
            rules: self.rules(path, value),
            is_shuffled: is_shuffled(value, self.is_shuffled),
            within,
            choice: None,
            is_collapsed: match value.get("state").and_then(Value::as_text) {
                Some("collapsed") => Some(true),
                Some("expanded") => Some(false),
                _ => None,
            },
            required_error: self.text(path, value, "requiredErrorText"),
        };
        let place = self.panels.len();
        self.panels.push(panel);
        self.elements(path, value, (page, Some(place), depth + 1), elements);
        elements.push(Element::Panel(place));
    }

    fn rules(&mut self, path: &str, value: &Value) -> Rules {
        Rules {
            is_hidden: !flag(value, "visible", true),
            visible_if: self.expression(path, value, "visibleIf"),
            is_read_only: flag(value, "readOnly", false),
            enable_if: self.expression(path, value, "enableIf"),
            is_required: flag(value, "isRequired", false),
            required_if: self.expression(path, value, "requiredIf"),
        }
    }

    fn question(&mut self, path: &str, value: &Value) -> Option<Question> {
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
        if title.is_empty() && matches!(kind, Kind::Boolean(_)) {
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
                .map(super::super::javascript::text_of_value)
                .filter(|name| !name.is_empty()),
            place: 0,
            page: 0,
            panel: None,
            title,
            description: self.text(path, value, "description"),
            rules: self.rules(path, value),
            required_error: self.text(path, value, "requiredErrorText"),
            default,
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

    fn begin(&mut self, value: &Value) {
        self.regional = Some(Box::new(masks::Regional::of(value)));
    }

    fn rest_of_survey(&mut self, value: &Value, definition: &mut Definition) {
        definition.completed_if = self.completed_if(value);
        definition.leads_to = self.leads_to(value);
        definition.calculated = self.calculated(value);
        // The first page has no need of these.
        definition.buttons.start = self.text("", value, "startSurveyText");
        definition.buttons.back = self.text("", value, "pagePrevText");
        definition.buttons.preview = self.text("", value, "previewText");
        definition.buttons.edit = self.text("", value, "editText");
        let mode = value.get("previewMode").and_then(Value::as_text);
        definition.preview = match value.get("showPreviewBeforeComplete") {
            Some(Value::Text(shown)) if shown == "showAnsweredQuestions" => Some(Preview::Answered),
            Some(Value::Text(shown)) if shown == "showAllQuestions" => Some(Preview::All),
            _ if !flag(value, "showPreviewBeforeComplete", false) => None,
            _ if mode == Some("answeredQuestions") => Some(Preview::Answered),
            _ => Some(Preview::All),
        };
        definition.triggers = self.triggers(value);
    }

    fn rest_of_question(&mut self, path: &str, value: &Value, question: &mut Question) {
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

    fn other_kind(&mut self, path: &str, value: &Value) -> Option<Kind> {
        Some(match kind_name(value) {
            "text" => Kind::Text(self.masked_input(path, value)),
            "tagbox" => Kind::Tagbox(self.choices(path, value)),
            "ranking" => Kind::Ranking(self.choices(path, value)),
            "imagepicker" => Kind::Imagepicker(self.choices(path, value)),
            "multipletext" => Kind::Multipletext(self.items(path, value)),
            "matrix" => Kind::Matrix(self.matrix(path, value)),
            "slider" => Kind::Slider(self.slider(path, value)),
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

    fn text(&mut self, path: &str, value: &Value, key: &str) -> LocalizedText {
        let Some(found) = value.get(key) else {
            return LocalizedText::default();
        };
        LocalizedText::from_value(found).unwrap_or_else(|| {
            let fault =
                DefinitionFault::Expected("a text, or an object with one for each language");
            self.fault(path, key, fault);
            LocalizedText::default()
        })
    }

    fn expression(&mut self, path: &str, value: &Value, key: &str) -> Option<Expression> {
        let text = value.get(key)?.as_text().unwrap_or_default();
        self.parsed(path, key, text)
    }

    /// As [`Reader::expression`]; where faults do not matter, a condition that cannot be read is never true.
    fn condition(&mut self, path: &str, value: &Value, key: &str) -> Option<Expression> {
        let text = value
            .get(key)?
            .as_text()
            .filter(|text| !text.trim().is_empty())?;
        let condition = self.parsed(path, key, text);
        Some(condition.unwrap_or_else(|| Expression::read_later("unreadable()")))
    }

    fn parsed(&mut self, path: &str, key: &str, text: &str) -> Option<Expression> {
        if text.trim().is_empty() {
            return None;
        }
        // Browsers read only what was checked. Said here, too, so that the first page is not paid for with a parser.
        if cfg!(target_arch = "wasm32") || !self.is_checked {
            return Some(self.noted(Expression::read_later(text)));
        }
        match Expression::parse(text) {
            Ok(expression) => Some(self.noted(expression)),
            Err(error) => {
                self.fault(path, key, DefinitionFault::Expression(error));
                None
            }
        }
    }

    fn noted(&mut self, expression: Expression) -> Expression {
        self.all.push(expression.clone());
        expression
    }
}

/// Whether questions stand in random order.
fn is_shuffled(value: &Value, otherwise: bool) -> bool {
    let order = value.get("questionOrder").or(value.get("questionsOrder"));
    match order.and_then(Value::as_text) {
        Some("random") => true,
        Some("initial") => false,
        _ => otherwise,
    }
}

fn progress(value: &Value) -> Progress {
    let word = |key: &str| value.get(key).and_then(Value::as_text);
    let place = word("showProgressBar").or(word("progressBarLocation"));
    let is_shown = match value.get("showProgressBar") {
        Some(Value::Text(place)) => place != "off",
        Some(Value::Bool(shown)) => *shown,
        _ => false,
    };
    Progress {
        is_above: is_shown && place != Some("bottom"),
        is_below: is_shown && matches!(place, Some("bottom" | "both" | "topBottom")),
        counted: match word("progressBarType") {
            Some("questions" | "correctQuestions") => Counted::Questions,
            Some("requiredQuestions") => Counted::Required,
            Some("buttons") => Counted::Steps,
            _ => Counted::Pages,
        },
    }
}

fn kind_name(value: &Value) -> &str {
    let name = value.get("type").and_then(Value::as_text);
    name.unwrap_or_default()
}

fn clear_hidden(value: Option<&Value>) -> Option<ClearHidden> {
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

fn joined(path: &str, key: &str) -> String {
    match (path, key) {
        (path, "") => path.to_owned(),
        ("", key) => key.to_owned(),
        (path, key) => [path, ".", key].concat(),
    }
}

fn at(list: &str, place: usize) -> String {
    [list, "[", &place.to_string(), "]"].concat()
}

fn flag(value: &Value, key: &str, otherwise: bool) -> bool {
    match value.get(key) {
        Some(Value::Bool(truth)) => *truth,
        Some(Value::Text(text)) if text == "true" => true,
        Some(Value::Text(text)) if text == "false" => false,
        _ => otherwise,
    }
}
