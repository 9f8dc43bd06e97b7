//! The kinds that few surveys have: dropdown, one line of text, yes or no, stars and faces. Loaded as a part.

use std::rc::Rc;

use wasm_bindgen::JsValue;

use super::super::dom::{El, el, field_value, svg};
use super::super::form::Form;
use super::{Asked, choice, ends, group, labelled, scale};
use crate::messages::Message;
use crate::survey::definition::{
    Boolean, Choice, Choices, InputType, Kind, OTHER, Rating, RatingLook, TextInput,
};
use crate::survey::javascript::{number_of_text, text_of_number};
use crate::survey::{LocalizedText, Value};

/// The view of a question of one of these kinds.
pub(in super::super) fn view(form: Form, asked: &Asked) -> Vec<El> {
    match &asked.question.kind {
        Kind::Dropdown(choices) => dropdown(form, asked, choices),
        Kind::Text(input) => text(form, asked, input),
        Kind::Boolean(boolean) => yes_no(form, asked, boolean),
        Kind::Rating(rating) => icons(form, asked, rating),
        // These are in the main part.
        Kind::Radiogroup(_) | Kind::Checkbox(_) | Kind::Comment(_) => Vec::new(),
    }
}

fn dropdown(form: Form, asked: &Asked, choices: &Choices) -> Vec<El> {
    let question = asked.question.clone();
    let other = choices.other.clone().map(|text| Choice {
        value: Value::from(OTHER),
        text,
        visible_if: None,
    });
    let all: Rc<[Choice]> = choices.choices.iter().cloned().chain(other).collect();
    let option = |place: &str, value: Value, text: Box<dyn Fn() -> String>| {
        let question = question.clone();
        let option = el("option").attr("value", place).bind_text(text);
        option.bind_flag("selected", move || {
            form.look(|session| *session.answer(&question.name) == value)
        })
    };
    let nothing = option(
        "",
        Value::Null,
        Box::new(move || form.text(Message::ChoosePlaceholder)),
    );
    let options = all.iter().enumerate().map(|(place, of)| {
        let shown = of.clone();
        option(
            &place.to_string(),
            of.value.clone(),
            Box::new(move || choice::choice_text(form, &shown)),
        )
    });
    let select = el("select").child(nothing).children(options);
    let on_change = move |event: &web_sys::Event| {
        let place: Option<usize> = field_value(event).parse().ok();
        let chosen = place
            .and_then(|place| all.get(place))
            .map(|choice| choice.value.clone());
        form.answer(&question.name, chosen.unwrap_or_default());
    };
    labelled(form, asked, select.on("change", on_change), None)
}

fn text(form: Form, asked: &Asked, input: &TextInput) -> Vec<El> {
    let question = asked.question.clone();
    let is_number = input.input == InputType::Number;
    let kind = match input.input {
        // The browser's own number field eats what it does not understand; its keyboard is all we want of it.
        InputType::Number | InputType::Text => "text",
        InputType::Email => "email",
        InputType::Telephone => "tel",
        InputType::Url => "url",
        InputType::Date => "date",
    };
    let shown = {
        let question = question.clone();
        move || {
            form.look(|session| match session.answer(&question.name) {
                Value::Text(text) => JsValue::from_str(text),
                Value::Number(number) => JsValue::from_str(&text_of_number(*number)),
                _ => JsValue::from_str(""),
            })
        }
    };
    let on_change = move |event: &web_sys::Event| {
        let text = field_value(event);
        let number = number_of_text(&text).filter(|_| is_number);
        form.answer(
            &question.name,
            number.map_or(Value::Text(text), Value::Number),
        );
    };
    let placeholder = input.placeholder.clone();
    let field = el("input")
        .attr("type", kind)
        .attr("maxlength", &input.max_length.to_string());
    let field = if is_number {
        field.attr("inputmode", "decimal")
    } else {
        field
    };
    let field = field.bind_attr("placeholder", move || Some(form.resolve(&placeholder)));
    labelled(
        form,
        asked,
        field.bind_prop("value", shown).on("change", on_change),
        None,
    )
}

fn yes_no(form: Form, asked: &Asked, boolean: &Boolean) -> Vec<El> {
    let row = |truth, text: &LocalizedText, place| {
        let choice = Choice {
            value: Value::Bool(truth),
            text: text.clone(),
            visible_if: None,
        };
        choice::row(form, asked, &choice, place, false)
    };
    let pair = el("div")
        .class("list pair")
        .child(row(true, &boolean.true_label, 0));
    group(
        form,
        asked,
        true,
        vec![pair.child(row(false, &boolean.false_label, 1))],
    )
}

/// Stars fill up to the chosen one; faces stand for themselves. All of one size and weight.
fn icons(form: Form, asked: &Asked, rating: &Rating) -> Vec<El> {
    let is_stars = rating.look == RatingLook::Stars;
    let last = rating.values.len().saturating_sub(1);
    let points = rating.values.iter().enumerate().map(|(place, value)| {
        let question = asked.question.clone();
        let class = move || {
            let Kind::Rating(rating) = &question.kind else {
                return None;
            };
            let chosen = form.look(|session| {
                let answer = session.answer(&question.name);
                rating
                    .values
                    .iter()
                    .position(|point| point.value == *answer)
            });
            let is_filled = chosen.is_some_and(|chosen| {
                if is_stars {
                    place <= chosen
                } else {
                    place == chosen
                }
            });
            Some(if is_filled { "icon filled" } else { "icon" }.to_owned())
        };
        let drawing = if is_stars { star() } else { face(place, last) };
        scale::point(
            form,
            asked,
            value,
            place,
            el("span").bind_attr("class", class).child(drawing),
        )
    });
    let scale = el("div").class("scale icons").children(points);
    group(
        form,
        asked,
        true,
        [Some(scale), ends(form, asked)]
            .into_iter()
            .flatten()
            .collect(),
    )
}

fn drawing(paths: &[&str]) -> El {
    let paths = paths.iter().map(|path| svg("path").attr("d", path));
    svg("svg")
        .attr("viewBox", "0 0 24 24")
        .attr("aria-hidden", "true")
        .children(paths)
}

fn star() -> El {
    drawing(&["M12 3.6l2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8-4.2-4.1 5.8-.8z"])
}

/// A face whose mouth goes from a frown to a smile of the same size.
fn face(place: usize, last: usize) -> El {
    let mood = if last == 0 {
        0.5
    } else {
        place as f64 / last as f64
    };
    let bend = ((mood - 0.5) * 7.0).round();
    let mouth = [
        "M8 ",
        &text_of_number(15.0 - (bend / 3.0).round()),
        "q4 ",
        &text_of_number(bend),
        " 8 0",
    ]
    .concat();
    drawing(&[
        "M21.2 12a9.2 9.2 0 1 1-18.4 0 9.2 9.2 0 0 1 18.4 0z",
        "M9 9.4v.8M15 9.4v.8",
        &mouth,
    ])
}
