//! Reads input masks, and how the survey's language writes numbers, sums and dates.

use super::super::super::mask::{
    Affixes, Currency, Dates, Form, Formats, Mask, Numeric, parts, symbols,
};
use super::super::super::value::Value;
use super::super::{DefinitionFault, TextInput};
use super::{Reader, flag};

/// How a survey writes numbers, sums and dates: its language's way, but for what `regionalFormat` says.
#[derive(Clone, Debug)]
pub(super) struct Regional {
    formats: Formats,
    own: Value,
}

fn word<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_text)
}

fn named<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    word(value, key).filter(|word| !word.is_empty())
}

/// Whether a sign can stand in a number without being taken for a part of it.
fn is_separator(text: &str) -> bool {
    let mut letters = text.chars();
    letters
        .next()
        .is_some_and(|sign| sign != '-' && !sign.is_ascii_digit())
        && letters.next().is_none()
}

/// Whether a pattern of a sum has one number, at most one currency and one minus, and nothing that cannot be typed.
fn is_sum(pattern: &str) -> bool {
    let count = |sign: char| pattern.matches(sign).count();
    count('#') == 1
        && count('@') <= 1
        && count('-') <= 1
        && !pattern.contains(|letter: char| letter.is_ascii_digit() || letter.is_control())
}

impl Regional {
    pub(super) fn of(survey: &Value) -> Self {
        let own = survey.get("regionalFormat").cloned().unwrap_or_default();
        let tag = named(&own, "locale").or_else(|| named(survey, "locale"));
        Self {
            formats: Formats::of(tag.unwrap_or("en")),
            own,
        }
    }

    fn pick<'a>(&'a self, key: &str, standard: &'a str, fits: impl Fn(&str) -> bool) -> &'a str {
        word(&self.own, key)
            .filter(|text| fits(text))
            .unwrap_or(standard)
    }

    fn pattern(&self, settings: &Value) -> String {
        let filled = |text: &str| !text.is_empty();
        let date = self.pick("datePattern", self.formats.date, filled);
        let time = self.pick("timePattern", self.formats.time, filled);
        if let Some(pattern) = named(settings, "pattern") {
            return pattern.to_owned();
        }
        match word(settings, "patternPreset").unwrap_or("localeDate") {
            preset if preset.eq_ignore_ascii_case("localeTime") => time.to_owned(),
            preset if preset.eq_ignore_ascii_case("localeDateTime") => [date, " ", time].concat(),
            preset if preset.eq_ignore_ascii_case("localeDate") => date.to_owned(),
            _ => String::new(),
        }
    }

    fn numeric(&self, settings: &Value) -> Numeric {
        let number = |key: &str| {
            settings
                .get(key)
                .and_then(super::super::super::javascript::number_in)
        };
        let point = self.pick("decimalSeparator", self.formats.point, is_separator);
        let point = word(settings, "decimalSeparator").unwrap_or(point);
        let fits = |text: &str| text.is_empty() || is_separator(text);
        let thousands = self.pick("thousandsSeparator", self.formats.thousands, fits);
        let thousands = if thousands == point { "" } else { thousands };
        Numeric {
            point: point.to_owned(),
            thousands: word(settings, "thousandsSeparator")
                .unwrap_or(thousands)
                .to_owned(),
            digits: settings
                .get("precision")
                .and_then(Value::as_count)
                .unwrap_or(2) as usize,
            allows_negative: flag(settings, "allowNegativeValues", true),
            min: number("min"),
            max: number("max"),
        }
    }

    fn currency(&self, settings: &Value) -> Currency {
        let filled = |text: &str| !text.is_empty();
        let symbol = self.pick("currencySymbol", self.formats.currency, filled);
        let symbol = word(settings, "currencySymbol").unwrap_or(symbol);
        let mut pattern = named(settings, "currencyPattern")
            .unwrap_or_default()
            .to_owned();
        // What older surveys write around a number is literal text; the minus is at the number.
        for (key, is_before) in [("prefix", true), ("suffix", false)] {
            let Some(text) = word(settings, key) else {
                continue;
            };
            let parts = if is_before {
                pattern.rsplit_once('#')
            } else {
                pattern.split_once('#')
            };
            let (before, behind) = parts.unwrap_or_default();
            let (before, behind) = if is_before {
                (text, behind)
            } else {
                (before, text)
            };
            let kept = if is_before { behind } else { before };
            let sign = if kept.contains('-') { "" } else { "-" };
            pattern = [before, sign, "#", behind].concat();
        }
        if !is_sum(&pattern) {
            pattern = self
                .pick("currencyPattern", self.formats.sum, is_sum)
                .to_owned();
        }
        Currency {
            numeric: self.numeric(settings),
            positive: Affixes::of(&pattern, symbol, false),
            negative: Affixes::of(&pattern, symbol, true),
        }
    }
}

impl Reader {
    /// A field for words with the mask over it, if it has one.
    pub(super) fn masked_input(&mut self, path: &str, value: &Value) -> TextInput {
        let mut input = self.text_input(path, value);
        let empty = Value::Null;
        let settings = value.get("maskSettings").unwrap_or(&empty);
        let regional = match &self.regional {
            Some(regional) => regional.clone(),
            None => Box::new(Regional::of(&Value::Null)),
        };
        let form = match word(value, "maskType") {
            Some("pattern") => {
                Form::Pattern(symbols(word(settings, "pattern").unwrap_or_default()))
            }
            Some("numeric") => Form::Numeric(regional.numeric(settings)),
            Some("currency") => Form::Currency(regional.currency(settings)),
            Some("datetime") => Form::Dates(Dates {
                parts: parts(&regional.pattern(settings)),
                min: named(settings, "min").map(str::to_owned),
                max: named(settings, "max").map(str::to_owned),
            }),
            Some("none") => return input,
            _ => {
                let fault =
                    DefinitionFault::Expected("numeric, currency, pattern, datetime or none");
                self.fault(path, "maskType", fault);
                return input;
            }
        };
        input.mask = Some(Box::new(Mask {
            form,
            saves_masked: flag(settings, "saveMaskedValue", false),
        }));
        input
    }
}
