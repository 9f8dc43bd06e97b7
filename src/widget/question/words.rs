//! The comment field: several lines in the respondent's own words.

use wasm_bindgen::JsValue;

use super::super::dom::{El, el, field_value, texted};
use super::super::form::Form;
use super::{Asked, labelled};
use crate::messages::Message;
use crate::survey::definition::{COMMENT_SUFFIX, MAX_TEXT_CHARS, TextInput};
use crate::survey::{LocalizedText, Value};

/// From so many characters before the end the respondent sees how many are left.
const SHOWN_LEFT: usize = 200;

pub(super) fn view(form: Form, asked: &Asked, input: &TextInput) -> Vec<El> {
    let question = asked.question.clone();
    let most = input.max_length;
    let text = {
        let question = question.clone();
        move || {
            form.look(|session| {
                JsValue::from_str(session.own_answer(&question).as_text().unwrap_or_default())
            })
        }
    };
    let left = {
        let question = question.clone();
        move || {
            let used = form.look(|session| {
                session
                    .own_answer(&question)
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
        .bind_attr("placeholder", move || Some(form.piped(&placeholder)))
        .bind_prop("value", text);
    let field = field.on("input", move |event| {
        form.answer(&question.name, Value::Text(field_value(event)))
    });
    let left = texted("p", "left", left).attr("id", &asked.id("left"));
    labelled(form, asked, field, Some(left))
}

/// A field for a comment beside the answer.
pub(in super::super) fn comment_area(form: Form, asked: &Asked, label: &LocalizedText) -> El {
    let question = asked.question.clone();
    let name = [question.value_name(), COMMENT_SUFFIX].concat();
    let stored = name.clone();
    let text = move || {
        form.look(|session| {
            JsValue::from_str(session.answer(&stored).as_text().unwrap_or_default())
        })
    };
    let label = label.clone();
    let words = move || {
        let own = form.piped(&label);
        if own.is_empty() {
            form.text(Message::CommentLabel)
        } else {
            own
        }
    };
    let label = texted("label", "aside", words).attr("for", &asked.id("comment"));
    let locked = question.clone();
    let field = el("textarea")
        .class("field")
        .attr("id", &asked.id("comment"))
        .attr("rows", "2")
        .attr("maxlength", &MAX_TEXT_CHARS.to_string())
        .bind_flag("disabled", move || {
            form.look(|session| session.is_read_only(&locked))
        })
        .bind_prop("value", text);
    let name = [&question.name, COMMENT_SUFFIX].concat();
    let field = field.on("input", move |event| {
        form.answer(&name, Value::Text(field_value(event)))
    });
    el("div").class("beside").child(label).child(field)
}
