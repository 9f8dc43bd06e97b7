//! Reads what a definition says about the survey as a whole.

use super::super::super::value::Value;
use super::super::{
    ButtonTexts, Checks, ClearHidden, Counted, Definition, DefinitionFault, Page, Preview, Progress,
};
use super::question::clear_hidden;
use super::{Reader, flag};

impl Reader {
    pub(super) fn survey(&mut self, value: &Value, pages: Vec<Page>) -> Definition {
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

    pub(super) fn rest_of_survey(&mut self, value: &Value, definition: &mut Definition) {
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
