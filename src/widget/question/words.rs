//! The comment field: several lines in the respondent's own words.

use wasm_bindgen::JsValue;

use super::super::dom::{El, el, field_value, texted};
use super::super::form::Form;
use super::{Asked, labelled};
use crate::messages::Message;
use crate::survey::Value;
use crate::survey::definition::TextInput;

/// From so many characters before the end the respondent sees how many are left.
const SHOWN_LEFT: usize = 200;

pub(super) fn view(form: Form, asked: &Asked, input: &TextInput) -> Vec<El> {
    let question = asked.question.clone();
    let most = input.max_length;
    let text = {
        let question = question.clone();
        move || {
            form.look(|session| {
                JsValue::from_str(session.answer(&question.name).as_text().unwrap_or_default())
            })
        }
    };
    let left = {
        let question = question.clone();
        move || {
            let used = form.look(|session| {
                session
                    .answer(&question.name)
                    .as_text()
                    .unwrap_or_default()
                    .chars()
                    .count()
            });
            match most.saturating_sub(used) {
                left if left > SHOWN_LEFT => String::new(),
                left => form.fill(Message::CharactersLeft, &[("count", &left.to_string())]),
            }
        }
    };
    let placeholder = input.placeholder.clone();
    let field = el("textarea")
        .attr("rows", &input.rows.to_string())
        .attr("maxlength", &most.to_string());
    let field = field
        .bind_attr("placeholder", move || Some(form.resolve(&placeholder)))
        .bind_prop("value", text);
    let field = field.on("input", move |event| {
        form.answer(&question.name, Value::Text(field_value(event)))
    });
    let left = texted("p", "left", left).attr("id", &asked.id("left"));
    labelled(form, asked, field, Some(left))
}
