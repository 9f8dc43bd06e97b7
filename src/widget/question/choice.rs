//! Lists of choices: one of several, or any of several, with fields for words beside a choice.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::super::dom::{El, bind, el, field_value};
use super::super::environment;
use super::super::form::Form;
use super::{Asked, group};
use crate::messages::Message;
use crate::survey::Value;
use crate::survey::definition::{COMMENT_SUFFIX, Choice, MAX_TEXT_CHARS};
use crate::survey::javascript::text_of_number;
use crate::survey::session::{ShownChoice, Source};

pub(super) fn view(form: Form, asked: &Asked, several: bool) -> Vec<El> {
    let of = asked.clone();
    let build = move |items: &[ShownChoice]| {
        let rows = items.iter();
        rows.flat_map(|item| choice_row(form, &of, item, several))
            .collect()
    };
    let list = shown_list(form, asked, el("div").class("list"), Box::new(build));
    group(form, asked, !several, vec![list])
}

/// Makes the elements of some choices.
type Builder = Box<dyn Fn(&[ShownChoice]) -> Vec<El>>;

/// A list that is built anew when other choices are shown, and only then: the focus stays where it is. The building is
/// boxed, so that the code stands in the main part once.
pub(super) fn shown_list(form: Form, asked: &Asked, list: El, build: Builder) -> El {
    let built = RwSignal::new(0_u32);
    let items: Rc<RefCell<Vec<ShownChoice>>> = Rc::default();
    let (question, kept) = (asked.question.clone(), items.clone());
    bind(Box::new(move || {
        let shown = form.look(|session| session.shown_choices(&question).to_vec());
        let is_same = {
            let kept = kept.borrow();
            kept.len() == shown.len()
                && kept
                    .iter()
                    .zip(&shown)
                    .all(|(a, b)| a.value == b.value && a.source == b.source)
        };
        if !is_same {
            kept.replace(shown);
            built.set(built.get_untracked() + 1);
        }
    }));
    let place = list.clone();
    bind(Box::new(move || {
        built.get();
        let items = items.borrow().clone();
        place.show(build(&items));
    }));
    list
}

/// A choice, and the field for words that it asks for.
pub(super) fn choice_row(form: Form, asked: &Asked, item: &ShownChoice, several: bool) -> Vec<El> {
    let question = asked.question.clone();
    let own = question
        .kind
        .choices()
        .map_or(0, |choices| choices.choices.len());
    let place = match item.source {
        Source::Choice(_, at) => at,
        Source::Other => own,
        // Any number of its own will do.
        Source::None => own + 1,
        Source::Refused => own + 2,
        Source::DontKnow => own + 3,
        Source::All => own + 4,
        Source::Words(_) | Source::Custom => own + 5,
    };
    let (of, shown) = (question.clone(), item.clone());
    let text = move || form.choice_text(&of, &shown);
    let (of, source) = (question.clone(), item.source);
    let is_locked = move || {
        form.look(|session| {
            let items = session.shown_choices(&of).iter();
            session.is_read_only(&of)
                || items
                    .into_iter()
                    .any(|item| item.source == source && !item.is_enabled)
        })
    };
    let (of, shown) = (question.clone(), item.clone());
    let choose = move || {
        let answer = form.look(|session| {
            if several {
                session.toggled(&of, &shown)
            } else {
                shown.value.clone()
            }
        });
        form.answer(&of.name, answer);
    };
    let input = native(form, asked, item.value.clone(), place, several)
        .bind_flag("disabled", is_locked)
        .on("change", move |_| choose());
    // What only some surveys have came with the engine.
    let engine = environment::engine();
    let input = match engine {
        Some(engine) if item.source == Source::All => (engine.all)(form, asked, input),
        _ => input,
    };
    let row = labelled_row(input, several, text);
    // Not followed: the list would be built anew with every answer.
    let has_words = form.session.with_untracked(|session| {
        session
            .choice(item)
            .is_some_and(|choice| choice.shows_comment)
    });
    let words = match engine {
        _ if item.source == Source::Other => Some(words_beside(form, asked, item)),
        Some(engine) if has_words => Some((engine.words)(form, asked, item)),
        _ => None,
    };
    [Some(row), words].into_iter().flatten().collect()
}

/// "All of these" is chosen when all are.
pub(in super::super) fn all_input(form: Form, asked: &Asked, input: El) -> El {
    let question = asked.question.clone();
    input.bind_flag("checked", move || {
        form.look(|session| {
            let mut own = session
                .shown_choices(&question)
                .iter()
                .filter(|item| matches!(item.source, Source::Choice(..)) && item.is_enabled)
                .peekable();
            own.peek().is_some() && own.all(|item| session.has_chosen(&question, &item.value))
        })
    })
}

/// One value of a scale or of yes and no, in a row of its own.
pub(super) fn row(
    form: Form,
    asked: &Asked,
    value: &Value,
    place: usize,
    text: impl Fn() -> String + 'static,
) -> El {
    labelled_row(input(form, asked, value, place), false, text)
}

/// A native radio button or checkbox and its words, the whole row a target.
pub(super) fn labelled_row(input: El, several: bool, text: impl Fn() -> String + 'static) -> El {
    let words = el("span").class("words").bind_text(text);
    let tick = el("span").class(if several { "tick box" } else { "tick" });
    el("label")
        .class("choice")
        .child(input)
        .child(tick)
        .child(words)
}

/// The radio button of one value.
pub(super) fn input(form: Form, asked: &Asked, value: &Value, place: usize) -> El {
    let question = asked.question.clone();
    let (of, chosen) = (question.clone(), value.clone());
    native(form, asked, value.clone(), place, false)
        .bind_flag("disabled", move || {
            form.look(|session| session.is_read_only(&of))
        })
        .on("change", move |_| {
            form.answer(&question.name, chosen.clone())
        })
}

pub(super) fn native(form: Form, asked: &Asked, value: Value, place: usize, several: bool) -> El {
    let question = asked.question.clone();
    el("input")
        .attr("type", if several { "checkbox" } else { "radio" })
        .class("native")
        .attr("name", &asked.id("choice"))
        .attr("value", &place.to_string())
        .bind_flag("checked", move || {
            form.look(|session| session.has_chosen(&question, &value))
        })
}

/// The respondent's own words for "other", shown while it is chosen.
pub(super) fn words_beside(form: Form, asked: &Asked, item: &ShownChoice) -> El {
    let comment = [&asked.question.name, COMMENT_SUFFIX].concat();
    words_field(form, asked, item).on("input", move |event| {
        form.answer(&comment, Value::Text(field_value(event)));
    })
}

/// The words beside a choice that asks for some.
pub(in super::super) fn words_beside_choice(form: Form, asked: &Asked, item: &ShownChoice) -> El {
    let (question, value) = (asked.question.clone(), item.value.clone());
    words_field(form, asked, item).on("input", move |event| {
        let words = field_value(event);
        let answer = form.look(|session| session.with_words(&question, &value, &words));
        form.answer(&question.name, answer);
    })
}

fn words_field(form: Form, asked: &Asked, item: &ShownChoice) -> El {
    let question = asked.question.clone();
    let value = Rc::new(item.value.clone());
    let (of, chosen) = (question.clone(), value.clone());
    let text = move || form.look(|session| JsValue::from_str(&session.words(&of, &chosen)));
    let of = question.clone();
    let is_hidden = move || form.look(|session| !session.has_chosen(&of, &value));
    let is_locked = move || form.look(|session| session.is_read_only(&question));
    let label = move || Some(form.text(Message::OtherLabel));
    el("input")
        .attr("type", "text")
        .class("field")
        .attr("maxlength", &MAX_TEXT_CHARS.to_string())
        .bind_attr("aria-label", label)
        .bind_attr("placeholder", label)
        .bind_flag("hidden", is_hidden)
        .bind_flag("disabled", is_locked)
        .bind_prop("value", text)
}

/// The words of a point of a scale; its value where the author gave none.
pub(super) fn choice_text(form: Form, choice: &Choice) -> String {
    let text = form.piped(&choice.text);
    match &choice.value {
        _ if !text.is_empty() => text,
        Value::Text(value) => value.clone(),
        Value::Number(number) => text_of_number(*number),
        Value::Null | Value::Bool(_) | Value::List(_) | Value::Object(_) => text,
    }
}
