//! Answers in words: how a value is shown, and texts with answers in them.

use super::super::definition::{Kind, OTHER, Question, TextInput};
use super::super::javascript::{is_truthy, text_of_value};
use super::super::text::LocalizedText;
use super::super::value::Value;
use super::Session;
use super::choices::{ShownChoice, Source};

impl Session {
    /// A text for a reader of `locale`, with answers in the place of `{names}`.
    pub fn piped(&self, text: &LocalizedText, locale: &str) -> String {
        self.pipe(text.resolve(locale), locale)
    }

    /// What the respondent reads at the end: the first text whose condition is true, or the one for all.
    pub fn completed_text(&self) -> &LocalizedText {
        let mut texts = self.definition.completed_if.iter();
        let found = texts.find(|(condition, _)| self.is(condition, true));
        found.map_or(&self.definition.completed, |(_, text)| text)
    }

    /// Where the respondent is led at the end, if anywhere.
    pub fn leads_to(&self) -> Option<&LocalizedText> {
        let mut ways = self.definition.leads_to.iter();
        let is_true = |condition: &Option<_>| {
            let condition = condition.as_ref();
            condition.is_none_or(|condition| self.is(condition, true))
        };
        ways.find(|(condition, _)| is_true(condition))
            .map(|(_, address)| address)
    }

    /// A text with answers in the place of `{names}`, in the words of `locale`.
    pub fn pipe(&self, text: &str, locale: &str) -> String {
        if !text.contains('{') {
            return text.to_owned();
        }
        let mut piped = String::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('{') {
            piped.push_str(before);
            let Some((name, after)) = behind.split_once('}') else {
                piped.push('{');
                rest = behind;
                continue;
            };
            // Of several brackets, the last one opens.
            let name = match name.rsplit_once('{') {
                Some((open, name)) => {
                    piped.push('{');
                    piped.push_str(open);
                    name
                }
                None => name,
            };
            match self.piped_value(name.trim(), locale) {
                Some(value) => piped.push_str(&value),
                None => {
                    piped.push('{');
                    piped.push_str(name);
                    piped.push('}');
                }
            }
            rest = after;
        }
        piped.push_str(rest);
        piped
    }

    /// What stands for a name in a text; nothing where the name means nothing.
    fn piped_value(&self, name: &str, locale: &str) -> Option<String> {
        // A property is asked for with its question, as `{$q1.title}`.
        let is_half = name.starts_with('$') && !name.contains('.');
        if name.is_empty() || is_half || name.contains(|c: char| c.is_whitespace() && c != ' ') {
            return None;
        }
        let lower = super::super::javascript::lower_case(name);
        match lower.as_str() {
            "locale" => return Some(locale.to_owned()),
            name => {
                if let Some(number) = self.page_number(name) {
                    return Some(number.to_string());
                }
            }
        }
        if let Some(place) = self.place_of_value(name) {
            let kind = self.definition.questions.get(place).map(|it| &it.kind);
            if matches!(kind, Some(Kind::Matrix(_) | Kind::Multipletext(_)))
                && self.status(place).value.is_empty()
            {
                return None;
            }
            return Some(self.display_in(place, &self.status(place).value, locale));
        }
        let root = name.split(['.', '[']).next().unwrap_or(name);
        let value = self.known(name);
        if let Some(place) = self.place_of_value(root)
            && root != name
        {
            return Some(self.part_in(place, &value, locale));
        }
        let is_known = value != Value::Null
            || self.variables.get(name).is_some()
            || self.answers.get(name).is_some();
        is_known.then(|| {
            if is_truthy(&value) || value == Value::Number(0.0) || value == Value::Bool(false) {
                text_of_value(&value)
            } else {
                String::new()
            }
        })
    }

    fn part_in(&self, place: usize, value: &Value, locale: &str) -> String {
        let question = self.definition.questions.get(place);
        match question.map(|question| &question.kind) {
            Some(Kind::Matrix(matrix)) => matrix
                .columns
                .iter()
                .find(|column| column.value == *value)
                .map(|column| choice_text(&column.text, value, locale))
                .unwrap_or_else(|| shown(value)),
            _ => shown(value),
        }
    }

    /// How an answer is shown, in the survey's own language.
    pub(super) fn display_text(&self, place: usize, value: &Value) -> String {
        self.display_in(place, value, &self.definition.locale)
    }

    fn display_in(&self, place: usize, value: &Value, locale: &str) -> String {
        let Some(question) = self.definition.questions.get(place) else {
            return String::new();
        };
        if value.is_empty() {
            return question.shown_if_empty.resolve(locale).to_owned();
        }
        match &question.kind {
            Kind::Rating(rating) => rating
                .values
                .iter()
                .find(|point| point.value == *value && !point.text.is_empty())
                .map_or_else(
                    || text_of_value(value),
                    |point| point.text.resolve(locale).to_owned(),
                ),
            Kind::Boolean(boolean) => {
                let (label, word) = if *value == boolean.true_value {
                    (&boolean.true_label, "Yes")
                } else {
                    (&boolean.false_label, "No")
                };
                match label.resolve(locale) {
                    "" => word.to_owned(),
                    label => label.to_owned(),
                }
            }
            Kind::Text(TextInput {
                mask: Some(mask), ..
            }) => mask.shown(value),
            Kind::Expression(_, _, look) => match look.format.resolve(locale) {
                "" => text_of_value(value),
                format => format.replace("{0}", &text_of_value(value)),
            },
            kind if kind.choices().is_some() => self.display_choices(question, value, locale),
            Kind::File(_) => {
                let files = value.as_list().unwrap_or_default().iter();
                let names = files.filter_map(|file| file.get("name")?.as_text());
                names.collect::<Vec<_>>().join(", ")
            }
            _ => text_of_value(value),
        }
    }

    fn display_choices(&self, question: &Question, value: &Value, locale: &str) -> String {
        let status = self.status(question.place);
        let rendered = if *value == status.value {
            &status.rendered
        } else {
            value
        };
        let one = |value: &Value| {
            let value = value.get("value").unwrap_or(value);
            let item = status.shown.iter().find(|item| item.value == *value);
            let no_choice = || match value.as_text() {
                Some(OTHER)
                    if !matches!(question.kind, Kind::Checkbox(_) | Kind::Ranking(_))
                        || self.wraps_values(question.place) =>
                {
                    "Other (describe)".to_owned()
                }
                // The original takes a zero that is no choice for none.
                _ if *value == Value::Number(0.0) => String::new(),
                _ => shown(value),
            };
            item.map_or_else(no_choice, |item| {
                let words = self.other_words(question.place);
                if item.source == Source::Other
                    && question.comment.is_some()
                    && self.is_several(question.place)
                {
                    return shown(value);
                }
                if item.source == Source::Other && !words.is_empty() {
                    return words.to_owned();
                }
                match self.choice_text(question, item, locale) {
                    text if !text.is_empty() => text,
                    _ => match item.source {
                        Source::Other => "Other (describe)".to_owned(),
                        Source::None => "None".to_owned(),
                        Source::Refused => "Refuse to answer".to_owned(),
                        Source::DontKnow => "Don't know".to_owned(),
                        _ => shown(value),
                    },
                }
            })
        };
        match rendered {
            Value::List(items) => {
                let is_shown = |value: &&Value| {
                    let value = value.get("value").unwrap_or(value);
                    status.shown.iter().any(|item| item.value == *value)
                };
                let is_own = *value == status.value && self.is_several(question.place);
                // Beside choices, what is none is not named.
                let only_shown = is_own && items.iter().any(|item| is_shown(&item));
                let named = items.iter().filter(|item| !only_shown || is_shown(item));
                let texts: Vec<String> = named.map(one).filter(|text| !text.is_empty()).collect();
                texts.join(", ")
            }
            single => one(single),
        }
    }

    /// The text of a shown choice for a reader of `locale`, its `{names}` as they are written; empty for a special one whose author wants our own words.
    pub fn choice_text(&self, question: &Question, item: &ShownChoice, locale: &str) -> String {
        let Some(choices) = question.kind.choices() else {
            return String::new();
        };
        let special = match item.source {
            Source::Other => &choices.other,
            Source::None => &choices.none,
            Source::Refused => &choices.refused,
            Source::DontKnow => &choices.dont_know,
            Source::All => &choices.all,
            Source::Words(place) => return self.other_words(place).to_owned(),
            Source::Custom => return shown(&item.value),
            Source::Choice(..) => {
                return self.choice(item).map_or_else(
                    || shown(&item.value),
                    |choice| choice_text(&choice.text, &choice.value, locale),
                );
            }
        };
        let text = special.as_ref().map(|text| text.resolve(locale).to_owned());
        text.unwrap_or_default()
    }

    pub(super) fn text_of_choice(&self, item: &ShownChoice) -> String {
        let choice = self.choice(item);
        choice.map_or_else(
            || shown(&item.value),
            |choice| choice_text(&choice.text, &choice.value, &self.definition.locale),
        )
    }
}

fn choice_text(text: &LocalizedText, value: &Value, locale: &str) -> String {
    match text.resolve(locale) {
        "" => shown(value),
        text => text.to_owned(),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::List(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        value => text_of_value(value),
    }
}
