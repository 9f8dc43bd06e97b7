//! Which languages a survey can be answered in.

use super::super::text::{LocalizedText, language_of};
use super::Definition;

impl Definition {
    /// Whether it can be answered in the language of this tag.
    pub fn has_language(&self, tag: &str) -> bool {
        let is_same = |other: &str| language_of(other).eq_ignore_ascii_case(language_of(tag));
        is_same(&self.locale)
            || self
                .questions()
                .any(|question| question.title.tags().any(is_same))
    }

    /// The languages it can be answered in, its own first, in BCP 47's usual case.
    pub fn languages(&self) -> Vec<String> {
        let mut languages = vec![canonical_tag(&self.locale)];
        let page_texts = self
            .pages
            .iter()
            .flat_map(|page| [&page.title, &page.description]);
        let question_texts = self.questions().map(|question| &question.title);
        for tag in page_texts
            .chain(question_texts)
            .chain([&self.title])
            .flat_map(LocalizedText::tags)
        {
            let tag = canonical_tag(tag);
            if tag != "default" && !languages.contains(&tag) {
                languages.push(tag);
            }
        }
        languages
    }
}

/// A language tag in its usual case: `zh-cn` becomes `zh-CN`, `ZH-HANS` becomes `zh-Hans`.
pub fn canonical_tag(tag: &str) -> String {
    let parts = tag
        .split(['-', '_'])
        .enumerate()
        .map(|(place, part)| match (place, part.len()) {
            (1.., 2) => part.to_ascii_uppercase(),
            (1.., 4) => {
                let mut letters = part.to_ascii_lowercase();
                if let Some(first) = letters.get_mut(..1) {
                    first.make_ascii_uppercase();
                }
                letters
            }
            _ => part.to_ascii_lowercase(),
        });
    parts.collect::<Vec<_>>().join("-")
}
