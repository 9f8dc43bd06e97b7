//! Lists of choices: one of several, or any of several, with a field for "other".

use std::rc::Rc;

use wasm_bindgen::JsValue;

use super::super::dom::{El, el, field_value};
use super::super::form::Form;
use super::{Asked, group};
use crate::messages::Message;
use crate::survey::Value;
use crate::survey::definition::{COMMENT_SUFFIX, Choice, Choices, MAX_TEXT_CHARS, OTHER};
use crate::survey::javascript::text_of_number;
use crate::survey::session::is_visible;

pub(super) fn view(form: Form, asked: &Asked, choices: &Choices, several: bool) -> Vec<El> {
    let rows = choices.choices.iter().enumerate();
    let list = el("div")
        .class("list")
        .children(rows.map(|(place, choice)| row(form, asked, choice, place, several)));
    let other = choices.other.clone().map(|text| {
        let choice = Choice {
            value: Value::from(OTHER),
            text,
            visible_if: None,
        };
        [
            row(form, asked, &choice, choices.choices.len(), several),
            other_words(form, asked),
        ]
    });
    group(
        form,
        asked,
        !several,
        vec![list.children(other.into_iter().flatten())],
    )
}

/// One choice: a native radio button or checkbox and its words, the whole row a target.
pub(super) fn row(form: Form, asked: &Asked, choice: &Choice, place: usize, several: bool) -> El {
    let choice = Rc::new(choice.clone());
    let input = input(form, asked, choice.clone(), place, several);
    let shown = choice.clone();
    let words = el("span")
        .class("words")
        .bind_text(move || choice_text(form, &shown));
    let tick = el("span").class(if several { "tick box" } else { "tick" });
    let is_hidden =
        move || form.look(|session| !is_visible(choice.visible_if.as_ref(), session.answers()));
    el("label")
        .class("choice")
        .child(input)
        .child(tick)
        .child(words)
        .bind_flag("hidden", is_hidden)
}

/// The native input of a choice. As soon as as many are chosen as may be, the others cannot be.
pub(super) fn input(
    form: Form,
    asked: &Asked,
    choice: Rc<Choice>,
    place: usize,
    several: bool,
) -> El {
    let question = asked.question.clone();
    let is_chosen = {
        let (question, choice) = (question.clone(), choice.clone());
        move || form.look(|session| has_chosen(session.answer(&question.name), &choice.value))
    };
    let is_full = {
        let (question, is_chosen) = (question.clone(), is_chosen.clone());
        move || match question
            .kind
            .choices()
            .and_then(|choices| choices.max_selected)
        {
            Some(most) if several => {
                form.look(|session| session.chosen_count(&question)) >= most && !is_chosen()
            }
            _ => false,
        }
    };
    let on_change = move |_: &web_sys::Event| {
        let answer = form.look(|session| session.answer(&question.name).clone());
        form.answer(
            &question.name,
            if several {
                toggled(&answer, &choice.value)
            } else {
                choice.value.clone()
            },
        );
    };
    let input = el("input")
        .attr("type", if several { "checkbox" } else { "radio" })
        .class("native");
    let input = input
        .attr("name", &asked.id("choice"))
        .attr("value", &place.to_string());
    input
        .bind_flag("checked", is_chosen)
        .bind_flag("disabled", is_full)
        .on("change", on_change)
}

/// The respondent's own words for "other", shown while it is chosen.
fn other_words(form: Form, asked: &Asked) -> El {
    let question = asked.question.clone();
    let comment = Rc::new([&question.name, COMMENT_SUFFIX].concat());
    let text = {
        let comment = comment.clone();
        move || {
            form.look(|session| {
                JsValue::from_str(session.answer(&comment).as_text().unwrap_or_default())
            })
        }
    };
    let is_hidden = move || {
        form.look(|session| !has_chosen(session.answer(&question.name), &Value::from(OTHER)))
    };
    let label = move || Some(form.text(Message::OtherLabel));
    let field = el("input")
        .attr("type", "text")
        .class("field")
        .attr("maxlength", &MAX_TEXT_CHARS.to_string());
    let field = field
        .bind_attr("aria-label", label)
        .bind_attr("placeholder", label);
    let field = field
        .bind_flag("hidden", is_hidden)
        .bind_prop("value", text);
    field.on("input", move |event| {
        form.answer(&comment, Value::Text(field_value(event)))
    })
}

/// The words of a choice; its value where the author gave none.
pub(super) fn choice_text(form: Form, choice: &Choice) -> String {
    let text = form.resolve(&choice.text);
    match &choice.value {
        _ if !text.is_empty() => text,
        Value::Text(value) if value == OTHER => form.text(Message::Other),
        Value::Text(value) => value.clone(),
        Value::Number(number) => text_of_number(*number),
        Value::Bool(true) => form.text(Message::Yes),
        Value::Bool(false) => form.text(Message::No),
        Value::Null | Value::List(_) | Value::Object(_) => text,
    }
}

fn has_chosen(answer: &Value, choice: &Value) -> bool {
    match answer {
        Value::List(chosen) => chosen.contains(choice),
        answer => answer == choice,
    }
}

fn toggled(answer: &Value, choice: &Value) -> Value {
    let mut chosen = answer.as_list().unwrap_or_default().to_vec();
    match chosen.iter().position(|other| other == choice) {
        Some(place) => drop(chosen.remove(place)),
        None => chosen.push(choice.clone()),
    }
    Value::List(chosen)
}
