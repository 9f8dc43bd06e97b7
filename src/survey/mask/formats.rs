//! How numbers, sums and dates are written in each language.

use super::super::text::language_of;

/// How numbers, sums and dates are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Formats {
    /// The pattern of a day.
    pub date: &'static str,
    /// The pattern of a time of day.
    pub time: &'static str,
    /// What stands before a fraction.
    pub point: &'static str,
    /// What stands between thousands.
    pub thousands: &'static str,
    /// The currency.
    pub currency: &'static str,
    /// Where the currency stands: `@`, with `#` for the number and `-` for the minus.
    pub sum: &'static str,
}

/// Language tag, date, time, point, thousands, currency and sum of each language, with a bar between them: survey-core's
/// own table (`localeData`).
const TABLE: &str = "\
ar|dd/mm/yyyy|HH:MM|.|,|\u{62C}.\u{645}.|# @\n\
bg|dd.mm.yyyy|HH:MM|,|\u{A0}|\u{43B}\u{432}.|# @\n\
ca|dd/mm/yyyy|HH:MM|,|.|\u{20AC}|# @\n\
cs|dd. mm. yyyy|HH:MM|,|\u{A0}|K\u{10D}|# @\n\
cy|dd/mm/yyyy|HH:MM|.|,|\u{A3}|@#\n\
da|dd.mm.yyyy|HH:MM|,|.|kr.|# @\n\
de|dd.mm.yyyy|HH:MM|,|.|\u{20AC}|# @\n\
el|dd/mm/yyyy|HH:MM|,|.|\u{20AC}|# @\n\
en|mm/dd/yyyy|hh:MM TT|.|,|$|@#\n\
en-AU|dd/mm/yyyy|hh:MM TT|.|,|$|@#\n\
en-CA|yyyy-mm-dd|hh:MM TT|.|,|$|@#\n\
en-GB|dd/mm/yyyy|HH:MM|.|,|\u{A3}|@#\n\
en-IE|dd/mm/yyyy|HH:MM|.|,|\u{20AC}|@#\n\
en-IN|dd/mm/yyyy|hh:MM TT|.|,|\u{20B9}|@#\n\
en-NZ|dd/mm/yyyy|hh:MM TT|.|,|$|@#\n\
en-ZA|yyyy/mm/dd|HH:MM|,|\u{A0}|R|@#\n\
es|dd/mm/yyyy|HH:MM|,|.|\u{20AC}|# @\n\
et|dd.mm.yyyy|HH:MM|,|\u{A0}|\u{20AC}|# @\n\
eu|yyyy/mm/dd|HH:MM|,|.|\u{20AC}|# @\n\
fa|yyyy/mm/dd|HH:MM|.|,|\u{631}\u{6CC}\u{627}\u{644}|@#\n\
fi|dd.mm.yyyy|HH:MM|,|\u{A0}|\u{20AC}|# @\n\
fil|mm/dd/yyyy|hh:MM TT|.|,|\u{20B1}|@#\n\
fr|dd/mm/yyyy|HH:MM|,|\u{202F}|\u{20AC}|# @\n\
fr-CA|yyyy-mm-dd|HH:MM|,|\u{A0}|$|# @\n\
fr-CH|dd.mm.yyyy|HH:MM|,|\u{202F}|CHF|# @\n\
he|dd.mm.yyyy|HH:MM|.|,|\u{20AA}|# @\n\
hi|dd/mm/yyyy|HH:MM|.|,|\u{20B9}|@#\n\
hr|dd. mm. yyyy|HH:MM|,|.|\u{20AC}|# @\n\
ht|dd/mm/yyyy|HH:MM|,|\u{A0}|G|# @\n\
hu|yyyy. mm. dd|HH:MM|,|\u{A0}|Ft|# @\n\
id|dd/mm/yyyy|HH:MM|,|.|Rp|@#\n\
is|dd.mm.yyyy|HH:MM|,|.|kr.|# @\n\
it|dd/mm/yyyy|HH:MM|,|.|\u{20AC}|# @\n\
ja|yyyy/mm/dd|HH:MM|.|,|\u{A5}|@#\n\
ka|dd.mm.yyyy|HH:MM|,|\u{A0}|\u{20BE}|# @\n\
kk|dd.mm.yyyy|HH:MM|,|\u{A0}|\u{20B8}|# @\n\
ko|yyyy. mm. dd|HH:MM|.|,|\u{20A9}|@#\n\
lt|yyyy-mm-dd|HH:MM|,|\u{A0}|\u{20AC}|# @\n\
lv|dd.mm.yyyy|HH:MM|,|\u{A0}|\u{20AC}|# @\n\
mk|dd.mm.yyyy|HH:MM|,|.|\u{434}\u{435}\u{43D}|# @\n\
mm|dd/mm/yyyy|HH:MM|.|,|K|# @\n\
ms|dd/mm/yyyy|HH:MM|.|,|RM|@#\n\
nl|dd-mm-yyyy|HH:MM|,|.|\u{20AC}|@ -#\n\
nl-BE|dd/mm/yyyy|HH:MM|,|.|\u{20AC}|@ -#\n\
no|dd.mm.yyyy|HH:MM|,|\u{A0}|kr|# @\n\
pl|dd.mm.yyyy|HH:MM|,|\u{A0}|z\u{142}|# @\n\
pt|dd/mm/yyyy|HH:MM|,|.|\u{20AC}|# @\n\
pt-BR|dd/mm/yyyy|HH:MM|,|.|R$|@ #\n\
ro|dd.mm.yyyy|HH:MM|,|.|RON|# @\n\
ru|dd.mm.yyyy|HH:MM|,|\u{A0}|\u{20BD}|# @\n\
sk|dd. mm. yyyy|HH:MM|,|\u{A0}|\u{20AC}|# @\n\
sl|dd. mm. yyyy|HH:MM|,|.|\u{20AC}|# @\n\
sr|dd.mm.yyyy|HH:MM|,|.|RSD|# @\n\
sv|yyyy-mm-dd|HH:MM|,|\u{A0}|kr|# @\n\
sw|dd/mm/yyyy|HH:MM|.|,|TSh|@ #\n\
tel|dd-mm-yyyy|HH:MM|.|,|\u{20B9}|@#\n\
tg|dd/mm/yyyy|HH:MM|,|\u{A0}|\u{441}\u{43E}\u{43C}|# @\n\
th|dd/mm/yyyy|HH:MM|.|,|\u{E3F}|@#\n\
tr|dd.mm.yyyy|HH:MM|,|.|\u{20BA}|@#\n\
uk|dd.mm.yyyy|HH:MM|,|\u{A0}|\u{20B4}|# @\n\
ur|dd/mm/yyyy|HH:MM|.|,|Rs|@#\n\
vi|dd/mm/yyyy|HH:MM|,|.|\u{20AB}|# @\n\
zh|yyyy/mm/dd|HH:MM|.|,|\u{A5}|@#\n\
zh-CN|yyyy/mm/dd|HH:MM|.|,|\u{A5}|@#\n\
zh-TW|yyyy/mm/dd|HH:MM|.|,|NT$|@#\n\
";

impl Formats {
    /// The formats for a language tag: its own, those of its language, or those of English.
    pub fn of(tag: &str) -> Self {
        let find = |tag: &str| {
            let mut lines = TABLE.lines().map(|line| line.split('|'));
            lines.find_map(|mut line| line.next()?.eq_ignore_ascii_case(tag).then_some(line))
        };
        let found = find(tag).or_else(|| find(language_of(tag)));
        let mut line = found.or_else(|| find("en")).unwrap_or("".split('|'));
        let mut next = || line.next().unwrap_or_default();
        Self {
            date: next(),
            time: next(),
            point: next(),
            thousands: next(),
            currency: next(),
            sum: next(),
        }
    }
}
