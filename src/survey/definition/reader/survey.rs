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
            without_buttons: Vec::new(),
            has_start_page: pages.len() > 1
                && flag(
                    value,
                    "firstPageIsStartPage",
                    flag(value, "firstPageIsStarted", false),
                ),
            expressions: Vec::new(),
            parts_panels: word("questionsOnPageMode") == Some("inputPerPage"),
            is_one_by_one: matches!(
                word("questionsOnPageMode"),
                Some("questionPerPage" | "inputPerPage")
            ),
            is_joined: word("questionsOnPageMode") == Some("singlePage"),
            is_read_only: flag(value, "readOnly", word("mode") == Some("display")),
            checks: match word("checkErrorsMode") {
                Some("onValueChanged") => Checks::OnValueChanged,
                Some("onValueChanging") => Checks::OnValueChanging,
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
        definition.without_buttons = without_buttons(value, definition);
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

/// The pages that SurveyJS's `showNavigationButtons` leaves without buttons: a page's own word counts before the survey's. Where
/// the buttons stand (`top`, `both`) is another matter.
fn without_buttons(value: &Value, definition: &Definition) -> Vec<usize> {
    let shown = |of: &Value, key: &str| match of.get(key) {
        Some(Value::Bool(shows)) => Some(*shows),
        Some(Value::Text(word)) => Some(word.to_ascii_lowercase()).and_then(|word| {
            let words = ["true", "show", "false", "hide"];
            let at = words.iter().position(|known| word == *known)?;
            Some(at < 2)
        }),
        _ => None,
    };
    let key = "showNavigationButtons";
    let of_survey = match value.get(key) {
        Some(Value::Text(word)) => {
            ["top", "bottom", "topBottom", "both"].contains(&word.as_str())
                || word.eq_ignore_ascii_case("true")
        }
        Some(Value::Number(_)) => false,
        _ => shown(value, key).unwrap_or(true),
    };
    let pages = value.get("pages").and_then(Value::as_list);
    let pages = pages.filter(|_| !definition.is_joined).unwrap_or_default();
    let is_without = |place: &usize| {
        let page = pages.get(*place).unwrap_or(&Value::Null);
        let own = shown(page, key).or_else(|| shown(page, "navigationButtonsVisibility"));
        !own.unwrap_or(of_survey)
    };
    (0..definition.pages.len()).filter(is_without).collect()
}
