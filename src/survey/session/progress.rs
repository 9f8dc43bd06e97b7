//! How far the respondent has come.

use super::super::definition::{Counted, Kind};
use super::Session;
use super::sameness::is_blank;

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
}
