//! Several lines in one question. A part.

use std::sync::Arc;

use wasm_bindgen::JsValue;

use super::super::dom::{El, el, field_value, texted};
use super::super::form::Form;
use super::{Asked, fields, group};
use crate::survey::definition::Kind;
use crate::survey::javascript::{number_of_text, text_of_value};
use crate::survey::{Question, Value};

pub(in super::super) fn view(form: Form, asked: &Asked) -> Vec<El> {
    let Kind::Multipletext(lines) = &asked.question.kind else {
        return Vec::new();
    };
    let lines = lines.iter().enumerate();
    let fields = lines.map(|(place, of)| line(form, asked, of, place));
    let list = el("div").class("list").children(fields);
    group(form, asked, false, vec![list])
}

fn line(form: Form, asked: &Asked, of: &Arc<Question>, place: usize) -> El {
    let Kind::Text(input) = &of.kind else {
        return el("div");
    };
    let id = asked.id(&["line", &place.to_string()].concat());
    let error_id = [&id, "-error"].concat();
    let violated = [&asked.question.name, ".", &of.name].concat();
    let (shown, is_number) = (of.clone(), input.input.is_number());
    let label = texted("label", "aside", move || form.piped(&shown.title)).attr("for", &id);
    let (question, name) = (asked.question.clone(), of.name.clone());
    let text = move || {
        form.look(|session| {
            let value = session.own_answer(&question).get(&name);
            JsValue::from_str(&value.map(text_of_value).unwrap_or_default())
        })
    };
    let locked = asked.question.clone();
    let broken = violated.clone();
    let is_invalid =
        move || form.look(|session| session.violation(&broken).map(|_| "true".to_owned()));
    let (question, name) = (asked.question.clone(), of.name.clone());
    let on_change = move |event: &web_sys::Event| {
        let text = field_value(event);
        let value = match number_of_text(&text).filter(|_| is_number) {
            Some(number) => Value::Number(number),
            None if text.is_empty() => Value::Null,
            None => Value::Text(text),
        };
        let mut answer = form.look(|session| session.own_answer(&question).clone());
        answer.set(&name, value);
        form.answer(&question.name, answer);
    };
    let placeholder = input.placeholder.clone();
    let field = fields::line_field(input)
        .class("field")
        .attr("id", &id)
        .attr("aria-describedby", &error_id)
        .bind_attr("placeholder", move || Some(form.piped(&placeholder)))
        .bind_attr("aria-invalid", is_invalid)
        .bind_flag("disabled", move || {
            form.look(|session| session.is_read_only(&locked))
        })
        .bind_prop("value", text)
        .on("change", on_change);
    let of = of.clone();
    let error = move || {
        let violation = form.look(|session| session.violation(&violated).cloned());
        violation.map_or_else(String::new, |violation| {
            form.violation_text(&violation, &of)
        })
    };
    let error = texted("p", "error", error)
        .attr("id", &error_id)
        .attr("data-error", "");
    el("div").child(label).child(field).child(error)
}
