//! Rating scales: separate boxes up to seven points, one joined row beyond, a list where every point has words.

use super::super::dom::{El, el};
use super::super::form::Form;
use super::{Asked, choice, ends, group};
use crate::messages::Message;
use crate::survey::definition::{Choice, Kind, Rating};

/// Up to so many points stand as separate boxes.
const MOST_BOXES: usize = 7;

pub(super) fn view(form: Form, asked: &Asked, rating: &Rating) -> Vec<El> {
    let points = rating.values.iter().enumerate();
    if rating.is_worded() {
        let rows = points.map(|(place, point)| {
            let shown = point.clone();
            let text = move || choice::choice_text(form, &shown);
            choice::row(form, asked, &point.value, place, text)
        });
        return group(
            form,
            asked,
            true,
            vec![el("div").class("list").children(rows)],
        );
    }
    let shape = if rating.values.len() <= MOST_BOXES {
        "scale boxes"
    } else {
        "scale joined"
    };
    let points = points.map(|(place, value)| {
        let shown = value.clone();
        let mark = el("span")
            .class("mark")
            .bind_text(move || choice::choice_text(form, &shown));
        point(form, asked, value, place, mark)
    });
    let scale = el("div").class(shape).children(points);
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

/// One point of a scale: a radio button with a mark of its own look. Its accessible name says where on the scale it is.
pub(super) fn point(form: Form, asked: &Asked, value: &Choice, place: usize, mark: El) -> El {
    let of = asked.question.clone();
    let shown = value.clone();
    let name = move || {
        let Kind::Rating(rating) = &of.kind else {
            return None;
        };
        let label = match place {
            0 => form.piped(&rating.low_label),
            _ if place + 1 == rating.values.len() => form.piped(&rating.high_label),
            _ => String::new(),
        };
        let highest = rating
            .values
            .last()
            .map(|value| choice::choice_text(form, value))
            .unwrap_or_default();
        let own = choice::choice_text(form, &shown);
        let message = if label.is_empty() {
            Message::RatingPoint
        } else {
            Message::RatingPointLabelled
        };
        Some(form.fill(
            message,
            &[("value", &own), ("max", &highest), ("label", &label)],
        ))
    };
    let input = choice::input(form, asked, &value.value, place).bind_attr("aria-label", name);
    el("label").class("point").child(input).child(mark)
}
