//! Texts in several languages: SurveyJS's locstrings and which of them a person reads.

use super::Value;

/// A text in one or more languages.
///
/// In a definition it is either a plain text, which is the default language's, or an object from language tag to text
/// (`{"default": "Next", "zh-cn": "下一步"}`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LocalizedText {
    /// (language tag as written, text); the tag `default` stands for the survey's own language.
    texts: Vec<(String, String)>,
}

impl LocalizedText {
    /// Reads a locstring; nothing for a value that is neither a text nor an object of texts.
    pub fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(Self {
                texts: vec![("default".to_owned(), text.clone())],
            }),
            Value::Object(entries) => entries
                .iter()
                .map(|(tag, text)| Some((tag.clone(), text.as_text()?.to_owned())))
                .collect::<Option<_>>()
                .map(|texts| Self { texts }),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::List(_) => None,
        }
    }

    /// The text for a reader of `locale`: that tag itself, its language, a sister of the same language, the default,
    /// English, the first there is; empty if there is none.
    pub fn resolve(&self, locale: &str) -> &str {
        let language = language_of(locale);
        self.find(|tag| tag.eq_ignore_ascii_case(locale))
            .or_else(|| self.find(|tag| tag.eq_ignore_ascii_case(language)))
            .or_else(|| self.find(|tag| language_of(tag).eq_ignore_ascii_case(language)))
            .or_else(|| self.find(|tag| tag == "default"))
            .or_else(|| self.find(|tag| tag == "en"))
            .or_else(|| self.texts.first().map(|(_, text)| text.as_str()))
            .unwrap_or_default()
    }

    /// Whether it is read as it is written: no answer is to stand in it (`{name}`), and it has no markup.
    pub fn is_plain(&self) -> bool {
        !self.texts.iter().any(|(_, text)| text.contains(['{', '<']))
    }

    /// The text with `word` where it has `place` first, in every language.
    pub(super) fn with(&self, place: &str, word: &str) -> Self {
        let filled = |text: &str| match text.split_once(place) {
            Some((before, after)) => [before, word, after].concat(),
            None => text.to_owned(),
        };
        let texts = self.texts.iter();
        Self {
            texts: texts
                .map(|(tag, text)| (tag.clone(), filled(text)))
                .collect(),
        }
    }

    /// Whether there is no text in any language.
    pub fn is_empty(&self) -> bool {
        self.texts.iter().all(|(_, text)| text.is_empty())
    }

    /// The language tags it has, as written; `default` stands for the survey's own language.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(|(tag, _)| tag.as_str())
    }

    fn find(&self, fits: impl Fn(&str) -> bool) -> Option<&str> {
        self.texts
            .iter()
            .find(|(tag, text)| fits(tag) && !text.is_empty())
            .map(|(_, text)| text.as_str())
    }
}

/// The language of a BCP 47 tag: `zh` of `zh-CN`.
pub fn language_of(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or(tag)
}
