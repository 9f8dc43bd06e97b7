//! From page to page: what a respondent must put right before going on, and where they get to.

use std::sync::Arc;

use super::super::definition::{Checks, ClearHidden, Counted, Element, Kind, Question};
use super::super::validation::validate;
use super::super::value::Value;
use super::answering::is_blank;
use super::{Outcome, Session};

impl Session {
    /// (which page this is, of how many), counting from 1 the pages that are visible with the answers so far.
    pub fn progress(&self) -> (usize, usize) {
        if self.definition.is_one_by_one {
            let singles = self.singles();
            let at = singles
                .iter()
                .position(|(_, element)| Some(*element) == self.single);
            return (at.unwrap_or_default() + 1, singles.len().max(1));
        }
        let here = self.page.unwrap_or_default();
        let before = self.visible_pages().filter(|&place| place < here).count();
        (before + 1, self.visible_pages().count().max(1))
    }

    /// (how much was answered, of how much) in what the author wants counted: pages, or questions that are visible. Of
    /// several lines, each is a question.
    pub fn progress_counted(&self) -> (usize, usize) {
        let counts = match self.definition.progress.counted {
            Counted::Pages | Counted::Steps if !self.definition.is_one_by_one => {
                let (page, pages) = self.progress();
                return (page - 1, pages);
            }
            Counted::Pages | Counted::Steps | Counted::Questions => |_: bool| true,
            Counted::Required => |is_required: bool| is_required,
        };
        let (mut done, mut all) = (0, 0);
        let mut count = |is_required: bool, is_answered: bool| {
            all += usize::from(counts(is_required));
            done += usize::from(counts(is_required) && is_answered);
        };
        for page in self.visible_pages() {
            let page = self.definition.pages.get(page);
            let questions = page.map(|page| self.definition.questions_of(page));
            for question in questions.unwrap_or_default() {
                let status = self.status(question.place);
                if !self.is_in_view(question.place) || !question.kind.has_input() {
                    continue;
                }
                if let Kind::Multipletext(lines) = &question.kind {
                    for (line, known) in lines.iter().zip(&status.lines) {
                        let answer = status.value.get(&line.name);
                        count(known.is_required, answer.is_some_and(|it| !is_blank(it)));
                    }
                } else {
                    count(status.is_required, self.is_answered(question.place));
                }
            }
        }
        (done, all)
    }

    /// Whether going on ends the survey.
    pub fn is_last_page(&self) -> bool {
        if self.definition.is_one_by_one {
            return self.singles().last().map(|(_, element)| *element) == self.single;
        }
        let here = self.page;
        !self
            .visible_pages()
            .any(|place| here.is_some_and(|here| place > here))
    }

    /// Whether there is a page to go back to, and the author allows it.
    pub fn can_go_back(&self) -> bool {
        let here = self.page;
        if self.definition.is_one_by_one {
            return self.definition.allows_back && self.is_started && self.progress().0 > 1;
        }
        self.definition.allows_back
            && self.is_started
            && self
                .visible_pages()
                .any(|place| here.is_some_and(|here| place < here))
    }

    /// What `pageno` and `pagecount` stand for: pages, also where one question is asked at a time.
    pub(super) fn page_number(&self, name: &str) -> Option<usize> {
        let (page, pages) = match name {
            "pageno" | "pagecount" => self.listed_pages(),
            _ => return None,
        };
        let at = pages.iter().position(|place| Some(*place) == page);
        Some(match name {
            "pageno" => at.map_or(0, |at| at + 1),
            _ => pages.len(),
        })
    }

    /// The place of the page to be answered, and those of all pages that are visible with the answers so far.
    pub fn listed_pages(&self) -> (Option<usize>, Vec<usize>) {
        (self.page, self.visible_pages().collect())
    }

    pub(super) fn visible_pages(&self) -> impl Iterator<Item = usize> {
        (0..self.definition.pages.len()).filter(|&place| self.is_listed(place))
    }

    /// Whether a page is visible and not the one that introduces the survey.
    pub(super) fn is_listed(&self, place: usize) -> bool {
        !(place == 0 && self.definition.has_start_page)
            && (self.definition.is_joined || self.is_page_visible(place))
    }

    pub(super) fn start(&mut self) -> Outcome {
        if self.is_started {
            return Outcome::Stayed;
        }
        if !self.check_page(0) {
            return Outcome::Refused;
        }
        self.is_started = true;
        let first = self.visible_pages().next();
        self.show_page(first);
        self.keep_single();
        Outcome::Turned
    }

    pub(super) fn go_on(&mut self) -> Outcome {
        if self.is_complete {
            return Outcome::Stayed;
        }
        if !self.is_started {
            return self.start();
        }
        if self.leads_to_preview() {
            return self.show_preview();
        }
        if self.is_last_page() {
            return self.complete();
        }
        self.next_page()
    }

    /// What is asked one after the other, where one question is asked at a time: (page, question or panel).
    pub(super) fn singles(&self) -> Vec<(usize, Element)> {
        self.ruled
            .map_or_else(Vec::new, |ruled| (ruled.singles)(self))
    }

    pub(super) fn all_singles(&self) -> Vec<(usize, Element)> {
        let mut singles = Vec::new();
        if !self.definition.is_one_by_one {
            return singles;
        }
        for page in self.visible_pages() {
            let elements = self.in_order(page).iter();
            let shown = elements.copied().filter(|element| match *element {
                Element::Question(place) => {
                    let question = self.definition.questions.get(place);
                    question.is_some_and(|question| question.panel.is_none())
                        && self.is_visible(place)
                }
                Element::Panel(place) => {
                    let panel = self.definition.panels.get(place);
                    panel.is_some_and(|panel| panel.within.is_none() && panel.choice.is_none())
                        && self.is_panel_visible(place)
                }
            });
            singles.extend(shown.map(|element| (page, element)));
        }
        singles
    }

    /// Whether a question is asked now, or with all others of its page.
    pub(super) fn is_asked(&self, question: &Question) -> bool {
        match self
            .single
            .filter(|_| self.is_started && !self.is_previewing)
        {
            None => true,
            Some(Element::Question(place)) => {
                place == question.place || self.owner_of(question) == Some(place)
            }
            Some(Element::Panel(panel)) => self.is_within(question.panel, panel),
        }
    }

    /// Asks something else where what was asked is hidden now.
    pub(super) fn keep_single(&mut self) {
        if !self.definition.is_one_by_one {
            return;
        }
        let singles = self.singles();
        if singles
            .iter()
            .any(|(_, element)| Some(*element) == self.single)
        {
            return;
        }
        let here = self.page;
        let same_page = singles.iter().find(|(page, _)| Some(*page) == here);
        let next = same_page.or(singles.first());
        self.single = next.map(|(_, element)| *element);
        self.show_page(next.map(|(page, _)| *page).or(here));
    }

    pub(super) fn ask(&mut self, (page, element): (usize, Element)) -> Outcome {
        self.single = Some(element);
        self.turn_to(page)
    }

    fn check_asked(&mut self, element: Element) -> bool {
        match element {
            Element::Question(place) => {
                let mut is_right = self.check_question(place, false);
                let definition = Arc::clone(&self.definition);
                for nested in definition.questions() {
                    if self.owner_of(nested) == Some(place) && self.is_in_view(nested.place) {
                        is_right &= self.check_question(nested.place, false);
                    }
                }
                is_right
            }
            Element::Panel(panel) => self.check_within(panel),
        }
    }

    /// Asks the next question, if there is one and nothing is wrong with this one.
    fn next_single(&mut self) -> Outcome {
        let singles = self.singles();
        let at = singles
            .iter()
            .position(|(_, element)| Some(*element) == self.single);
        let (Some(at), Some(element)) = (at, self.single) else {
            return Outcome::Stayed;
        };
        if !self.check_asked(element) {
            return Outcome::Refused;
        }
        let Some(next) = singles.get(at + 1) else {
            return Outcome::Stayed;
        };
        if let Element::Question(place) = element
            && let Some(question) = self.question(place)
        {
            let keys = vec![(question.name.clone(), self.status(place).value.clone())];
            self.check_triggers(keys, true, false, Some(&question.name));
        }
        if self.is_complete {
            return Outcome::Completed;
        }
        if self.single == Some(element) {
            return self.ask(*next);
        }
        Outcome::Turned
    }

    /// Goes to the next page, if there is one and nothing on this one is wrong.
    pub fn next_page(&mut self) -> Outcome {
        if self.definition.is_one_by_one {
            return self.next_single();
        }
        let Some(here) = self.page else {
            return Outcome::Stayed;
        };
        if self.is_last_page() {
            return Outcome::Stayed;
        }
        if self.definition.checks != Checks::OnComplete && !self.check_page(here) {
            return Outcome::Refused;
        }
        self.leave_page(false);
        if self.is_complete {
            return Outcome::Completed;
        }
        if self.page == Some(here) {
            let next = self.visible_pages().find(|&place| place > here);
            self.show_page(next.or(self.page));
        }
        Outcome::Turned
    }

    /// Triggers that fire when a page is left.
    fn leave_page(&mut self, is_completing: bool) {
        let definition = Arc::clone(&self.definition);
        let page = self.page.and_then(|page| definition.pages.get(page));
        let questions = page
            .map(|page| definition.questions_of(page))
            .unwrap_or_default();
        let value_of = |name: &str, values: &Value| {
            (
                name.to_owned(),
                values.get(name).cloned().unwrap_or_default(),
            )
        };
        let answers = questions
            .iter()
            .map(|question| value_of(question.value_name(), &self.answers));
        let variables = definition
            .calculated
            .iter()
            .map(|calculated| value_of(&calculated.name, &self.variables));
        let keys = answers.chain(variables).collect();
        self.check_triggers(keys, true, is_completing, None);
    }

    pub(super) fn go_back(&mut self) -> Outcome {
        if std::mem::take(&mut self.is_previewing) {
            return Outcome::Turned;
        }
        let Some(here) = self.page.filter(|_| self.is_started) else {
            return Outcome::Stayed;
        };
        if self.definition.is_one_by_one {
            let singles = self.singles();
            let at = singles
                .iter()
                .position(|(_, element)| Some(*element) == self.single);
            let before = at
                .and_then(|at| at.checked_sub(1))
                .and_then(|at| singles.get(at));
            return before.map_or(Outcome::Stayed, |before| self.ask(*before));
        }
        if self.is_complete || !self.visible_pages().any(|place| place < here) {
            return Outcome::Stayed;
        }
        let skipped = self.skipped.iter().position(|&(_, to)| to == here);
        let from = skipped.map(|at| self.skipped.remove(at).0);
        let before = match from.filter(|&from| self.is_listed(from)) {
            Some(from) => Some(from),
            None => self.visible_pages().filter(|&place| place < here).last(),
        };
        match before {
            Some(place) => self.turn_to(place),
            None => Outcome::Stayed,
        }
    }

    pub(super) fn turn_to(&mut self, place: usize) -> Outcome {
        self.show_page(Some(place));
        Outcome::Turned
    }

    /// Shows a page, and leaves the one that is shown.
    pub(super) fn show_page(&mut self, page: Option<usize>) {
        let old = std::mem::replace(&mut self.page, page);
        let is_passed = |place: usize| self.pages.get(place).is_none_or(|page| page.is_passed);
        if let Some(old) = old.filter(|&old| Some(old) != page && !is_passed(old)) {
            self.leave_answers(old);
        }
    }

    /// Ends the survey on this page, as `SurveyModel.completeLastPage` does.
    pub(super) fn complete_here(&mut self) -> Outcome {
        if self.is_complete || !self.is_started && self.page.is_none() {
            return Outcome::Stayed;
        }
        // The page that introduces the survey is in front until it was left.
        let here = if self.is_started { self.page } else { Some(0) };
        let is_right = if self.definition.checks == Checks::OnComplete && self.is_last_page() {
            self.check_all()
        } else {
            self.definition.checks == Checks::OnComplete
                || match self.single.filter(|_| self.is_started) {
                    Some(asked @ Element::Question(_)) => self.check_asked(asked),
                    // Beside a panel, all else on its page is checked, too.
                    _ => here.is_none_or(|page| self.check_page(page)),
                }
        };
        if !is_right {
            return Outcome::Refused;
        }
        self.finish();
        Outcome::Completed
    }

    /// Ends the survey, unless a later answer has brought up something to answer on an earlier page: then that is shown.
    fn complete(&mut self) -> Outcome {
        if let Some(outcome) = self.first_fault() {
            return outcome;
        }
        self.finish();
        Outcome::Completed
    }

    /// What comes of it if something is wrong: on this page it is refused, another one is turned to.
    pub(super) fn first_fault(&mut self) -> Option<Outcome> {
        let Some(here) = self.page else {
            return Some(Outcome::Stayed);
        };
        if !self.check_page(here) {
            self.is_previewing = false;
            return Some(Outcome::Refused);
        }
        let pages: Vec<usize> = self.visible_pages().filter(|&page| page != here).collect();
        for page in pages {
            if !self.check_page(page) {
                self.is_previewing = false;
                return Some(self.turn_to(page));
            }
        }
        None
    }

    fn check_all(&mut self) -> bool {
        let pages: Vec<usize> = self.visible_pages().collect();
        let mut first = None;
        for page in pages {
            if !self.check_page(page) && first.is_none() {
                first = Some(page);
            }
        }
        self.show_page(first.or(self.page));
        first.is_none()
    }

    /// The survey is complete: what is hidden is taken back.
    pub(super) fn finish(&mut self) {
        if self.is_complete {
            return;
        }
        self.leave_page(true);
        self.is_complete = true;
        self.is_previewing = false;
        let definition = Arc::clone(&self.definition);
        for question in definition.questions() {
            let place = question.place;
            if self.has_choices(place)
                && !self.is_other_chosen(place)
                && question.comment.is_none()
                && !self.other_words(place).is_empty()
            {
                self.change(place, |status| status.other.clear());
                if self.keeps_other_beside(place) {
                    self.set_words_quietly(place, String::new());
                }
            }
        }
        let whole = self.stored();
        for question in definition.questions() {
            self.clear_if_hidden(question.place, ClearHidden::OnComplete);
        }
        let stored = self.stored();
        if stored != whole && !validate(&definition, self.environment, &stored, true).is_empty() {
            self.whole = Some(whole);
        }
    }
}
