//! Question kinds: one view for each, behind one exhaustive dispatch.

/// Lists of choices: radiogroup and checkbox.
pub(super) mod choice;
/// Words between questions, and computed values, loaded as a part.
pub(super) mod display;
/// The kinds that few surveys have, loaded as a part.
pub(super) mod fields;
/// Photos, loaded as a part.
pub(super) mod files;
/// Several lines in one question, loaded as a part.
pub(super) mod lines;
/// Choices picked from a list, loaded as a part.
pub(super) mod lists;
/// A line with a mask over it, loaded as a part.
pub(super) mod masked;
/// Rows with one choice each, loaded as a part.
pub(super) mod matrix;
/// Choices with pictures, loaded as a part.
pub(super) mod pictures;
/// Choices put in order, loaded as a part.
pub(super) mod ranking;
/// Rating scales.
mod scale;
/// A number or a range on a line, loaded as a part.
pub(super) mod slider;
/// The style of a part.
pub(super) mod style;
/// The comment field.
pub(super) mod words;

use std::sync::Arc;

use super::dom::{El, el, texted};
use super::environment;
use super::form::Form;
use super::part::lazy_question;
use crate::messages::Message;
use crate::survey::definition::{Kind, RatingLook};
use crate::survey::{Question, Value};

/// One question on the page, and its place, which its ids are made of.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// The question.
    pub(super) question: Arc<Question>,
    /// Unique within the widget.
    pub(super) place: usize,
}

impl Asked {
    /// The id of one of its elements.
    fn id(&self, of: &str) -> String {
        ["q", &self.place.to_string(), "-", of].concat()
    }

    /// Several ids, for `aria-describedby`.
    fn ids(&self, of: &[&str]) -> String {
        let mut ids = String::new();
        for of in of {
            ids.push_str(&self.id(of));
            ids.push(' ');
        }
        ids
    }
}

/// The view of one question, hidden while its condition is false.
pub(super) fn question(form: Form, asked: &Asked) -> El {
    let of = asked.question.clone();
    let is_hidden = move || form.look(|session| !session.is_shown(&of));
    let view = match &asked.question.kind {
        Kind::Rating(rating) if rating.look == RatingLook::Labels => {
            scale::view(form, asked, rating)
        }
        Kind::Radiogroup(_) => choice::view(form, asked, false),
        Kind::Checkbox(_) => choice::view(form, asked, true),
        Kind::Comment(input) => words::view(form, asked, input),
        _ => lazy_question(form, asked),
    };
    let question = el("div")
        .class("question")
        .attr("data-question", &asked.question.name);
    let comment = asked.question.comment.as_ref();
    let engine = environment::engine();
    let comment =
        comment.and_then(|label| engine.map(|engine| (engine.comment)(form, asked, label)));
    question
        .children(view)
        .children(comment)
        .bind_flag("hidden", is_hidden)
}

/// A group of inputs with the question as its name.
fn group(form: Form, asked: &Asked, is_single: bool, inputs: Vec<El>) -> Vec<El> {
    let group = el("fieldset")
        .class("group")
        .attr("aria-describedby", &asked.ids(&["hint", "error"]));
    let group = if is_single {
        group.attr("role", "radiogroup")
    } else {
        group
    };
    let group = group
        .child(title(form, asked, "legend"))
        .children(description(form, asked))
        .children(inputs);
    let clear = is_single.then(|| clear(form, asked));
    let group = group.children(clear);
    vec![group.child(error(form, asked))]
}

/// The button that takes an answer back, where it may be left out: a radio button cannot be pressed twice. The focus goes
/// from it, before it is gone, to the first field of the question.
fn clear(form: Form, asked: &Asked) -> El {
    let (of, name) = (asked.question.clone(), asked.question.name.clone());
    let is_hidden = move || {
        form.look(|session| {
            // What is moved or ranked can be begun anew; of what must be chosen, another one is chosen.
            let is_kept =
                session.is_required(&of) && !matches!(of.kind, Kind::Ranking(_) | Kind::Slider(_));
            is_kept || session.is_read_only(&of) || session.own_answer(&of).is_empty()
        })
    };
    let title = asked.question.title.clone();
    let button = texted("button", "quiet", move || form.text(Message::Clear));
    let place = button.clone();
    button
        .attr("type", "button")
        .attr("data-act", "clear")
        .bind_attr("aria-label", move || {
            let title = form.piped(&title);
            Some(form.fill(Message::RemoveChoice, &[("label", &title)]))
        })
        .bind_flag("hidden", is_hidden)
        .on("click", move |_| {
            form.answer(&name, Value::Null);
            place.focus_beside("input,[tabindex]");
        })
}

/// A field with the question as its label.
fn labelled(form: Form, asked: &Asked, field: El, below: Option<El>) -> Vec<El> {
    let described = asked.ids(&["hint", "left", "error"]);
    let field = field
        .class("field")
        .attr("id", &asked.id("field"))
        .attr("aria-describedby", &described);
    let of = asked.question.clone();
    let invalid =
        move || form.look(|session| session.violation(&of.name).map(|_| "true".to_owned()));
    let locked = asked.question.clone();
    let field = field
        .bind_attr("aria-invalid", invalid)
        .bind_flag("disabled", move || {
            form.look(|session| session.is_read_only(&locked))
        });
    let label = title(form, asked, "label").attr("for", &asked.id("field"));
    let parts = [
        Some(label),
        description(form, asked),
        Some(field),
        below,
        Some(error(form, asked)),
    ];
    parts.into_iter().flatten().collect()
}

/// The question's words, and that it may be left out.
fn title(form: Form, asked: &Asked, tag: &str) -> El {
    let of = asked.question.clone();
    let is_asked = !matches!(of.kind, Kind::Expression(..)) && !of.kind.is_display();
    let (words, noted) = (of.clone(), of);
    // The blank lets the note go to the next line as a whole.
    let optional = texted("span", "optional", move || {
        " ".to_owned() + &form.text(Message::Optional)
    })
    .bind_flag("hidden", move || {
        !is_asked || form.look(|session| session.is_required(&noted))
    });
    let words = form.words(el("span"), &words.title);
    let title = el(tag).class("title").attr("data-title", "");
    title.attr("tabindex", "-1").child(words).child(optional)
}

/// The hint under the question; where it has none, the most that may be chosen.
fn description(form: Form, asked: &Asked) -> Option<El> {
    let of = asked.question.clone();
    let most = of
        .kind
        .choices()
        .and_then(|choices| choices.max_selected)
        .unwrap_or_default();
    if of.description.is_empty() && most == 0 {
        return None;
    }
    let hint = el("p").class("hint").attr("id", &asked.id("hint"));
    Some(if of.description.is_empty() {
        hint.bind_text(move || form.fill(Message::ChooseUpTo, &[("max", &most.to_string())]))
    } else {
        form.words(hint, &of.description)
    })
}

/// What is wrong with the answer; always there and mostly empty, so that nothing moves when it is filled.
fn error(form: Form, asked: &Asked) -> El {
    let of = asked.question.clone();
    let text = move || {
        let violation = form.look(|session| session.violation(&of.name).cloned());
        let engine = environment::engine();
        let text =
            violation.and_then(|it| engine.map(|engine| (engine.violation_text)(form, &it, &of)));
        text.unwrap_or_default()
    };
    texted("p", "error", text)
        .attr("data-error", "")
        .attr("id", &asked.id("error"))
}

/// The words at the two ends of a scale. They are in the accessible names of its points, too.
fn ends(form: Form, asked: &Asked) -> Option<El> {
    let Kind::Rating(rating) = &asked.question.kind else {
        return None;
    };
    let (low, high) = (rating.low_label.clone(), rating.high_label.clone());
    if low.is_empty() && high.is_empty() {
        return None;
    }
    let low = el("span").bind_text(move || form.piped(&low));
    let high = el("span").bind_text(move || form.piped(&high));
    Some(
        el("div")
            .class("ends")
            .attr("aria-hidden", "true")
            .child(low)
            .child(high),
    )
}
