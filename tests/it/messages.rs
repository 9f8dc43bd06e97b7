//! Both languages have every text, with the same places, in their own punctuation.

use std::collections::BTreeSet;

use qingting::messages::{
    CaseText, Language, MailText, Message, PageText, ReportText, case_text, fill, mail_text,
    page_text, report_text, table, text,
};

/// The places of a text, such as `max` in "Choose up to {max}".
fn places(text: &str) -> BTreeSet<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('}')?.0))
        .collect()
}

/// Every text of a language, with a name for it.
fn texts(language: Language) -> Vec<(String, &'static str)> {
    let messages = Message::ALL
        .iter()
        .map(|message| (format!("{message:?}"), text(language, *message)));
    let pages = PageText::ALL
        .iter()
        .map(|message| (format!("{message:?}"), page_text(language, *message)));
    let cases = CaseText::ALL
        .iter()
        .map(|message| (format!("{message:?}"), case_text(language, *message)));
    let reports = ReportText::ALL
        .iter()
        .map(|message| (format!("{message:?}"), report_text(language, *message)));
    let mails = MailText::ALL
        .iter()
        .map(|message| (format!("{message:?}"), mail_text(language, *message)));
    messages
        .chain(pages)
        .chain(cases)
        .chain(reports)
        .chain(mails)
        .collect()
}

/// What must not stand in a Chinese text: ASCII punctuation beside a Chinese character, or the familiar 你.
pub(super) fn is_badly_set(text: &str) -> bool {
    let is_chinese = |letter: char| {
        ('\u{3000}'..='\u{9fff}').contains(&letter) || ('\u{ff00}'..='\u{ffef}').contains(&letter)
    };
    let letters: Vec<char> = text.chars().filter(|letter| *letter != ' ').collect();
    let has_ascii = letters.iter().enumerate().any(|(place, letter)| {
        let beside = [place.checked_sub(1), place.checked_add(1)];
        let is_beside_chinese = beside
            .into_iter()
            .flatten()
            .filter_map(|at| letters.get(at))
            .any(|at| is_chinese(*at));
        ",.:;!?()\"'".contains(*letter) && is_beside_chinese
    });
    has_ascii || text.contains('你') || text.contains("...")
}

#[test]
fn no_text_is_empty_or_has_stray_space() {
    for language in Language::ALL {
        for (name, text) in texts(language) {
            assert!(!text.is_empty(), "{name} in {language:?}");
            assert_eq!(text, text.trim(), "{name} in {language:?}");
            assert!(!text.contains("  "), "{name} in {language:?}");
        }
    }
}

#[test]
fn both_languages_have_the_same_places() {
    for (english, chinese) in texts(Language::English)
        .iter()
        .zip(texts(Language::Chinese))
    {
        assert_eq!(places(english.1), places(chinese.1), "{}", english.0);
    }
}

#[test]
fn documented_places_are_there() {
    for (message, expected) in [
        (Message::Progress, &["page", "pages"][..]),
        (Message::Answered, &["page", "pages"]),
        (Message::ChooseUpTo, &["max"]),
        (Message::CharactersLeft, &["count"]),
        (Message::TooMany, &["max"]),
        (Message::TooFew, &["min"]),
        (Message::TooLong, &["max"]),
        (Message::RatingPoint, &["value", "max"]),
        (Message::RatingPointLabelled, &["value", "max", "label"]),
    ] {
        assert_eq!(
            places(text(Language::English, message)),
            expected.iter().copied().collect(),
            "{message:?}"
        );
    }
}

#[test]
fn chinese_is_set_and_addressed_properly() {
    for (name, text) in texts(Language::Chinese) {
        assert!(!is_badly_set(text), "{name}: {text}");
        assert!(
            text.chars()
                .any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter)),
            "{name}: {text}"
        );
    }
    // The control: the check finds what it looks for.
    for wrong in [
        "请选择一项,再继续。",
        "你好。",
        "请重试.",
        "正在加载...",
        "{value} 分(满分)",
    ] {
        assert!(is_badly_set(wrong), "{wrong}");
    }
}

#[test]
fn english_sentences_that_state_something_end_with_a_full_stop() {
    for (name, text) in texts(Language::English) {
        let is_sentence = text.contains(". ") || text.ends_with(" to go on");
        assert!(!is_sentence || text.ends_with('.'), "{name}: {text}");
        assert!(text.is_ascii() || text.contains('…'), "{name}: {text}");
    }
}

#[test]
fn table_is_indexed_by_the_message() {
    for language in Language::ALL {
        let table = table(language);
        assert_eq!(table.len(), Message::ALL.len());
        for message in Message::ALL {
            assert_eq!(
                table.get(*message as usize),
                Some(&text(language, *message)),
                "{message:?}"
            );
        }
    }
}

#[test]
fn tags_lead_to_the_language_of_their_readers() {
    for tag in [
        "zh",
        "zh-CN",
        "zh-cn",
        "zh_CN",
        "zh-Hans",
        "zh-Hans-CN",
        "zh-SG",
        "zh-TW",
        "zh-Hant-HK",
        "cmn",
        "ZH",
    ] {
        assert_eq!(Language::from_tag(tag), Some(Language::Chinese), "{tag}");
    }
    for tag in ["en", "en-GB", "EN-us", " en "] {
        assert_eq!(Language::from_tag(tag), Some(Language::English), "{tag}");
    }
    for tag in ["", "de", "zha", "x-zh", "english", "-", "中文"] {
        assert_eq!(Language::from_tag(tag), None, "{tag}");
    }
    assert_eq!(
        Language::best_of(["fr-CH", "zh-TW", "en"]),
        Language::Chinese
    );
    assert_eq!(Language::best_of(["fr-CH"]), Language::English);
    assert_eq!(Language::best_of([]), Language::English);
    for language in Language::ALL {
        assert_eq!(Language::from_tag(language.tag()), Some(language));
    }
}

#[test]
fn value_that_looks_like_a_place_stays_as_it_is() {
    assert_eq!(
        fill(
            "{value} of {max}: {label}",
            &[("value", "4"), ("max", "5"), ("label", "{max} {")]
        ),
        "4 of 5: {max} {"
    );
    assert_eq!(
        fill(
            "第 {page} 步，共 {pages} 步",
            &[("page", "1"), ("pages", "4")]
        ),
        "第 1 步，共 4 步"
    );
}

#[test]
fn place_without_a_value_and_lone_braces_stay() {
    for odd in ["{min}", "{", "}", "{}", "a } b { c", "{{", "{没有}"] {
        assert_eq!(fill(odd, &[("max", "3")]), odd);
    }
    assert_eq!(fill("{{max}", &[("max", "3")]), "{3");
}

/// What puts the blame on the reader, what a machine says, and pictures that feel for them.
fn unkind(text: &str) -> Option<&'static str> {
    const WORDS: [&str; 18] = [
        "your fault",
        "you failed",
        "you forgot",
        "you should",
        "illegal",
        "invalid",
        "oops",
        "unfortunately",
        "!",
        "您的错",
        "您忘",
        "您应该",
        "您没有按",
        "非法",
        "无效",
        "亲，",
        "哦",
        "！",
    ];
    let text = text.to_lowercase();
    let pictured = text
        .chars()
        .any(|c| matches!(c, '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}'));
    let found = WORDS.into_iter().find(|word| text.contains(word));
    found.or(pictured.then_some("a picture"))
}

#[test]
fn no_text_blames_its_reader_or_shouts() {
    for language in Language::ALL {
        for (name, text) in texts(language) {
            assert_eq!(unkind(text), None, "{name}: {text}");
        }
    }
    // The control.
    assert_eq!(unkind("You forgot to rate us"), Some("you forgot"));
    assert_eq!(unkind("操作无效"), Some("无效"));
    assert_eq!(unkind("Thank you \u{2764}"), Some("a picture"));
}
