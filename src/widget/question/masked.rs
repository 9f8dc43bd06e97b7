//! A line with a mask over it: what is typed goes where the mask has a place for it. A part.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::Event;

use super::super::dom::{El, bind, el, field_value};
use super::super::form::Form;
use super::super::js;
use super::{Asked, labelled};
use crate::survey::Value;
use crate::survey::definition::Kind;
use crate::survey::mask::{Edit, Form as MaskForm, Mask};

pub(in super::super) fn view(form: Form, asked: &Asked) -> Vec<El> {
    let Kind::Text(input) = &asked.question.kind else {
        return Vec::new();
    };
    let Some(mask) = &input.mask else {
        return Vec::new();
    };
    let line = Rc::new(Line {
        form,
        name: asked.question.name.clone(),
        mask: Mask::clone(mask),
        answer: RefCell::default(),
    });
    let takes_digits = !matches!(mask.form, MaskForm::Pattern(_));
    let field = el("input")
        .attr("type", "text")
        .attr("autocomplete", "off")
        .attr("inputmode", if takes_digits { "decimal" } else { "text" });
    let (shown, of, place) = (line.clone(), asked.question.clone(), field.clone());
    let is_first = RefCell::new(true);
    bind(Box::new(move || {
        let now = form.look(|session| session.own_answer(&of).clone());
        // What is half written stays as long as the answer does.
        if is_first.replace(false) || *shown.answer.borrow() != now {
            js::set(&place.raw(), "value", &shown.mask.shown(&now).into());
            shown.answer.replace(now);
        }
    }));
    let (typed, left) = (line.clone(), line);
    let field = field
        .on("beforeinput", move |event| typed.take(event))
        // What came in another way than by typing.
        .on("change", move |event| left.answer_with(&field_value(event)));
    labelled(form, asked, field, None)
}

/// A field and the mask over it.
struct Line {
    form: Form,
    name: String,
    mask: Mask,
    /// The answer that the field shows.
    answer: RefCell<Value>,
}

impl Line {
    /// Makes of a change what the mask makes of it.
    fn take(&self, event: &Event) {
        let kind = js::get(event, "inputType").as_string().unwrap_or_default();
        let is_deleted = kind.starts_with("delete");
        let inserted = js::get(event, "data").as_string();
        // What is composed of several keys comes when it is whole.
        if kind == "insertCompositionText" || inserted.is_none() && !is_deleted {
            return;
        }
        event.prevent_default();
        let field = js::get(event, "target");
        let before = field_value(event);
        let at = |name: &str| {
            let units = js::get(&field, name).as_f64().unwrap_or_default() as usize;
            characters(&before, units)
        };
        let (start, end) = (at("selectionStart"), at("selectionEnd"));
        let is_backward = kind.ends_with("Backward");
        // With nothing selected, the sign before or behind the caret goes.
        let (start, end) = match (is_deleted && start == end, is_backward) {
            (true, true) => (start.saturating_sub(1), end),
            (true, false) => (start, end + 1),
            _ => (start, end),
        };
        let (text, caret) = self.mask.typed(&Edit {
            before: &before,
            start,
            end,
            inserted: inserted.as_deref().unwrap_or_default(),
            is_backward,
        });
        js::set(&field, "value", &text.as_str().into());
        let units: usize = text.chars().take(caret).map(char::len_utf16).sum();
        let caret = JsValue::from_f64(units as f64);
        js::call(&field, "setSelectionRange", &[caret.clone(), caret]).ok();
        self.answer_with(&text);
    }

    /// Answers with what the field's text stands for, unless that is what was answered already.
    fn answer_with(&self, text: &str) {
        let answer = self.mask.answer(text);
        if *self.answer.borrow() != answer {
            self.answer.replace(answer.clone());
            self.form.answer(&self.name, answer);
        }
    }
}

/// How many characters so many UTF-16 units are.
fn characters(text: &str, units: usize) -> usize {
    let mut left = units;
    let is_before = |letter: &char| {
        let is_before = left >= letter.len_utf16();
        left = left.saturating_sub(letter.len_utf16());
        is_before
    };
    text.chars().take_while(is_before).count()
}
