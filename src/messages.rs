//! Every text a person reads that does not come from a survey: one file for each language, each written, not translated.
//!
//! Separate lists. [`Message`] is what the widget shows: the bundle writes one language as a list in the enum's order
//! ([`table`]), and the widget loads only the list it needs. [`CaseText`] comes with the complaint form and the case page, in
//! the same way ([`case_table`]). [`ConsoleText`] is in the console itself. [`PageText`] stands on pages of the endpoint and is never
//! shipped to the browser.
//!
//! A text may hold places such as `{max}`; [`fill`] puts the values in. No text depends on a count being one or many.

/// The words of the complaint form and the case page.
mod case_text;
/// The Chinese texts, Simplified, in the 您 form.
mod chinese;
/// The words of the console.
mod console_text;
/// The English texts.
mod english;
/// The words of mails.
mod mail_text;
/// The widget's messages.
mod message;
/// The words on bare pages of the endpoint.
mod page_text;
/// The words of reports to an account's management.
mod report_text;

pub use case_text::CaseText;
pub use console_text::ConsoleText;
pub use mail_text::MailText;
pub use message::Message;
pub use page_text::PageText;
pub use report_text::ReportText;

/// A language that this crate's own texts are written in. Surveys may have more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Chinese, Simplified.
    Chinese,
}

impl Language {
    /// Every language, in the order of a language menu.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// The BCP-47 tag; also the name of the language's file in a bundle.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// The language's name as its speakers write it.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Chinese => "中文",
        }
    }

    /// The language that a tag asks for, `None` for one we do not have. Any Chinese is Chinese: a reader of Traditional
    /// characters is better served by Simplified ones than by English. Case and `_` for `-` do not matter.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        if ["zh", "cmn", "yue"]
            .iter()
            .any(|chinese| primary.eq_ignore_ascii_case(chinese))
        {
            Some(Self::Chinese)
        } else if primary.eq_ignore_ascii_case("en") {
            Some(Self::English)
        } else {
            None
        }
    }

    /// The first language of a list of wishes that we have, English if none, for example of `navigator.languages`.
    pub fn best_of<'a>(tags: impl IntoIterator<Item = &'a str>) -> Self {
        tags.into_iter()
            .find_map(Self::from_tag)
            .unwrap_or_default()
    }
}

/// The text of a widget message, with its places unfilled.
pub const fn text(language: Language, message: Message) -> &'static str {
    match language {
        Language::English => english::text(message),
        Language::Chinese => chinese::text(message),
    }
}

/// A text of the complaint form or the case page, with its places unfilled.
pub const fn case_text(language: Language, message: CaseText) -> &'static str {
    match language {
        Language::English => english::case_text(message),
        Language::Chinese => chinese::case_text(message),
    }
}

/// A text of the console, with its places unfilled.
pub const fn console_text(language: Language, message: ConsoleText) -> &'static str {
    match language {
        Language::English => english::console_text(message),
        Language::Chinese => chinese::console_text(message),
    }
}

/// A text on a page of the endpoint.
pub const fn page_text(language: Language, message: PageText) -> &'static str {
    match language {
        Language::English => english::page_text(message),
        Language::Chinese => chinese::page_text(message),
    }
}

/// A text of a report to an account's management.
pub const fn report_text(language: Language, message: ReportText) -> &'static str {
    match language {
        Language::English => english::report_text(message),
        Language::Chinese => chinese::report_text(message),
    }
}

/// A text of a mail, or on the page behind "no more of these", with its places unfilled.
pub const fn mail_text(language: Language, message: MailText) -> &'static str {
    match language {
        Language::English => english::mail_text(message),
        Language::Chinese => chinese::mail_text(message),
    }
}

/// All widget messages of one language; the text of `message` stands at `message as usize`.
pub fn table(language: Language) -> Vec<&'static str> {
    Message::ALL
        .iter()
        .map(|message| text(language, *message))
        .collect()
}

/// All texts of the complaint form and the case page, likewise.
pub fn case_table(language: Language) -> Vec<&'static str> {
    CaseText::ALL
        .iter()
        .map(|message| case_text(language, *message))
        .collect()
}

/// Puts values into the places of a text: `{max}` becomes the value named `max`.
///
/// Goes through the text once, so that a value which looks like a place stays as it is. A place without a value and a
/// brace without a partner stay, too.
pub fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let place = after.split_once('}').and_then(|(name, behind)| {
            let (_, value) = values.iter().find(|(known, _)| *known == name)?;
            Some((*value, behind))
        });
        if let Some((value, behind)) = place {
            filled.push_str(value);
            rest = behind;
        } else {
            filled.push('{');
            rest = after;
        }
    }
    filled.push_str(rest);
    filled
}
