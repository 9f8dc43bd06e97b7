//! A number or a range on a line. A part.

use std::rc::Rc;

use wasm_bindgen::JsValue;

use super::super::dom::{El, el, field_value};
use super::super::form::Form;
use super::{Asked, clear, group, style};
use crate::messages::Message;
use crate::survey::Value;
use crate::survey::definition::{Kind, Slider};
use crate::survey::javascript::{number_of_text, text_of_number};

const CSS: &str = "\
.slider{margin-top:16px}\
.slider input{-webkit-appearance:none;appearance:none;display:block;width:100%;height:44px;margin:0;border-radius:var(--radius);background:linear-gradient(var(--edge) 0 0) center/100% 4px no-repeat;cursor:pointer}\
.slider input:focus-visible{outline:2px solid var(--accent);outline-offset:2px}\
.slider input::-webkit-slider-thumb{-webkit-appearance:none;width:28px;height:28px;border:3px solid var(--accent);border-radius:50%;background:var(--accent)}\
.slider input::-moz-range-thumb{box-sizing:border-box;width:28px;height:28px;border:3px solid var(--accent);border-radius:50%;background:var(--accent)}\
.slider .untouched::-webkit-slider-thumb{background:var(--surface)}\
.slider .untouched::-moz-range-thumb{background:var(--surface)}\
.slider output{display:block;min-height:28px;font-size:20px;font-weight:600;font-variant-numeric:tabular-nums}\
.slider .ends{margin:0}";

pub(in super::super) fn view(form: Form, asked: &Asked) -> Vec<El> {
    let slider = &match &asked.question.kind {
        Kind::Slider(slider) => slider.clone(),
        // A line for a number is the same with fewer wishes.
        Kind::Text(of) => Slider {
            min: of.min.as_number().unwrap_or(0.0),
            max: of.max.as_number().unwrap_or(100.0),
            step: of.step.unwrap_or(1.0),
            is_range: false,
        },
        _ => return Vec::new(),
    };
    let of = asked.question.clone();
    let shown = move || {
        form.look(|session| {
            let said = |value: &Value| value.as_number().map(text_of_number).unwrap_or_default();
            match session.own_answer(&of) {
                Value::List(ends) => ends.iter().map(said).collect::<Vec<_>>().join(" – "),
                single => said(single),
            }
        })
    };
    let output = el("output").bind_text(shown);
    let low = el("span").text(&text_of_number(slider.min));
    let high = el("span").text(&text_of_number(slider.max));
    let ends = el("div")
        .class("ends")
        .attr("aria-hidden", "true")
        .child(low)
        .child(high);
    let inputs: Vec<El> = if slider.is_range {
        vec![
            input(form, asked, slider, Some(0)),
            input(form, asked, slider, Some(1)),
        ]
    } else {
        vec![input(form, asked, slider, None)]
    };
    let clear = clear(form, asked);
    let line = el("div")
        .class("slider")
        .child(output)
        .children(inputs)
        .child(ends)
        .child(clear);
    style::adopt(&line, "slider", CSS);
    group(form, asked, false, vec![line])
}

/// The handle of a number, or of one end of a range.
fn input(form: Form, asked: &Asked, slider: &Slider, end: Option<usize>) -> El {
    let (min, max) = (slider.min, slider.max);
    let question = asked.question.clone();
    let of = question.clone();
    let value = move || {
        form.look(|session| {
            let answer = session.own_answer(&of);
            let number = match end {
                None => answer.as_number(),
                Some(end) => answer.as_list().and_then(|ends| ends.get(end)?.as_number()),
            };
            let rest = if end == Some(1) { max } else { min };
            JsValue::from_str(&text_of_number(number.unwrap_or(rest)))
        })
    };
    let of = question.clone();
    let class = move || {
        let is_empty = form.look(|session| session.own_answer(&of).is_empty());
        is_empty.then(|| "untouched".to_owned())
    };
    let title = question.title.clone();
    let name = move || {
        let own = form.piped(&title);
        Some(match end {
            None => own,
            Some(0) => form.fill(Message::RangeFrom, &[("label", &own)]),
            Some(_) => form.fill(Message::RangeTo, &[("label", &own)]),
        })
    };
    let locked = question.clone();
    let on_input = move |event: &web_sys::Event| {
        let Some(number) = number_of_text(&field_value(event)) else {
            return;
        };
        let answer = match end {
            None => Value::Number(number),
            Some(end) => {
                let old = form.look(|session| session.own_answer(&question).clone());
                let at = |at: usize, rest: f64| {
                    old.as_list()
                        .and_then(|ends| ends.get(at)?.as_number())
                        .unwrap_or(rest)
                };
                // The ends push each other and never cross.
                let (from, to) = if end == 0 {
                    (number, at(1, max).max(number))
                } else {
                    (at(0, min).min(number), number)
                };
                Value::List(vec![Value::Number(from), Value::Number(to)])
            }
        };
        form.answer(&question.name, answer);
    };
    let on_input = Rc::new(on_input);
    let clicked = on_input.clone();
    el("input")
        .attr("type", "range")
        .attr("min", &text_of_number(min))
        .attr("max", &text_of_number(max))
        .attr("step", &text_of_number(slider.step))
        .bind_attr("aria-label", name)
        .bind_attr("class", class)
        .bind_flag("disabled", move || {
            form.look(|session| session.is_read_only(&locked))
        })
        .bind_prop("value", value)
        // A click on the place where the handle rests is an answer, too.
        .on("click", move |event| clicked(event))
        .on("input", move |event| on_input(event))
}
