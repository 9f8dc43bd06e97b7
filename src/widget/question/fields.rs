//! The kinds that few surveys have: dropdown, one line of text, yes or no, stars and faces. Loaded as a part.

use wasm_bindgen::JsValue;

use super::super::dom::{El, el, field_value, svg};
use super::super::form::Form;
use super::super::js;
use super::{Asked, choice, clear, ends, error, group, labelled, scale, style, title};
use crate::messages::Message;
use crate::survey::definition::{Boolean, InputType, Kind, OTHER, Rating, RatingLook, TextInput};
use crate::survey::javascript::{number_of_text, text_of_number, text_of_value};
use crate::survey::session::{ShownChoice, Source};
use crate::survey::{LocalizedText, Value};

const CSS: &str = "\
select.field{-webkit-appearance:none;appearance:none;padding-inline-end:44px;\
background:linear-gradient(45deg,#0000 50%,var(--muted) 0) right 21px center/7px 6px no-repeat,\
linear-gradient(-45deg,#0000 50%,var(--muted) 0) right 14px center/7px 6px no-repeat,var(--surface)}\
.field[type=color]{height:48px;padding:5px}\
.icons{justify-content:start;grid-auto-columns:minmax(0,64px)}\
.icon{display:flex;align-items:center;justify-content:center;height:48px;border-radius:var(--radius)}\
.icon svg{width:36px;height:36px;fill:none;stroke:var(--edge);stroke-linecap:round;stroke-linejoin:round;stroke-width:1.6}\
@media(hover:hover){.point:hover .icon svg{stroke:var(--text)}}\
.icon.filled svg{fill:var(--soft);stroke:var(--accent);stroke-width:2}";

/// The view of a question of one of these kinds.
pub(in super::super) fn view(form: Form, asked: &Asked) -> Vec<El> {
    match &asked.question.kind {
        Kind::Dropdown(_) => dropdown(form, asked),
        Kind::Text(input) => text(form, asked, input),
        Kind::Boolean(boolean) if boolean.is_box => tick(form, asked, boolean),
        Kind::Boolean(boolean) => yes_no(form, asked, boolean),
        Kind::Rating(rating) if rating.look == RatingLook::List => opened(form, asked),
        Kind::Rating(rating) => icons(form, asked, rating),
        // These are elsewhere.
        _ => Vec::new(),
    }
}

fn dropdown(form: Form, asked: &Asked) -> Vec<El> {
    let question = asked.question.clone();
    let of = asked.clone();
    let build = move |items: &[ShownChoice]| {
        let options = items.iter().enumerate();
        let options = options.map(|(place, item)| option(form, &of, place, item));
        std::iter::once(nothing(form, &of)).chain(options).collect()
    };
    let select = choice::shown_list(form, asked, el("select"), Box::new(build));
    let of = question.clone();
    let on_change = move |event: &web_sys::Event| {
        let place: Option<usize> = field_value(event).parse().ok();
        let chosen = form.look(|session| {
            let item = place.and_then(|place| session.shown_choices(&of).get(place));
            item.map(|item| item.value.clone()).unwrap_or_default()
        });
        form.answer(&of.name, chosen);
    };
    let other = ShownChoice {
        value: Value::from(OTHER),
        source: Source::Other,
        is_enabled: true,
    };
    let has_other = question
        .kind
        .choices()
        .is_some_and(|choices| choices.other.is_some());
    let words = has_other.then(|| choice::words_beside(form, asked, &other));
    style::adopt(&select, "fields", CSS);
    labelled(form, asked, select.on("change", on_change), words)
}

/// The option that stands for no answer.
fn nothing(form: Form, asked: &Asked) -> El {
    let chosen = asked.question.clone();
    el("option")
        .attr("value", "")
        .bind_text(move || form.text(Message::ChoosePlaceholder))
        .bind_flag("selected", move || {
            form.look(|session| session.own_answer(&chosen).is_empty())
        })
}

/// The points of a scale in a list that opens.
fn opened(form: Form, asked: &Asked) -> Vec<El> {
    let question = asked.question.clone();
    let Kind::Rating(rating) = &asked.question.kind else {
        return Vec::new();
    };
    let points = rating.values.iter().enumerate().map(|(place, point)| {
        let (of, value, shown) = (question.clone(), point.value.clone(), point.clone());
        el("option")
            .attr("value", &place.to_string())
            .bind_text(move || choice::choice_text(form, &shown))
            .bind_flag("selected", move || {
                form.look(|session| session.has_chosen(&of, &value))
            })
    });
    let of = question.clone();
    let on_change = move |event: &web_sys::Event| {
        let place: Option<usize> = field_value(event).parse().ok();
        let chosen = match &of.kind {
            Kind::Rating(rating) => place.and_then(|place| rating.values.get(place)),
            _ => None,
        };
        let value = chosen.map(|point| point.value.clone());
        form.answer(&of.name, value.unwrap_or_default());
    };
    let select = el("select").child(nothing(form, asked)).children(points);
    style::adopt(&select, "fields", CSS);
    labelled(
        form,
        asked,
        select.on("change", on_change),
        ends(form, asked),
    )
}

fn option(form: Form, asked: &Asked, place: usize, item: &ShownChoice) -> El {
    let (of, shown) = (asked.question.clone(), item.clone());
    let (chosen, value) = (asked.question.clone(), item.value.clone());
    let (locked, source) = (asked.question.clone(), item.source);
    el("option")
        .attr("value", &place.to_string())
        .bind_text(move || form.choice_text(&of, &shown))
        .bind_flag("selected", move || {
            form.look(|session| session.has_chosen(&chosen, &value))
        })
        .bind_flag("disabled", move || {
            form.look(|session| {
                let mut items = session.shown_choices(&locked).iter();
                items.any(|item| item.source == source && !item.is_enabled)
            })
        })
}

fn text(form: Form, asked: &Asked, input: &TextInput) -> Vec<El> {
    let question = asked.question.clone();
    let is_number = input.input.is_number();
    let shown = {
        let question = question.clone();
        move || {
            form.look(|session| match session.own_answer(&question) {
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
    if input.input == InputType::Color {
        return paint(form, asked, input, shown);
    }
    let placeholder = input.placeholder.clone();
    let field = line_field(input);
    let field = field.bind_attr("placeholder", move || Some(form.piped(&placeholder)));
    labelled(
        form,
        asked,
        field.bind_prop("value", shown).on("change", on_change),
        None,
    )
}

/// A colour is written, or taken from what the system offers: its own field alone shows black where nothing was answered,
/// and cannot be cleared.
fn paint(
    form: Form,
    asked: &Asked,
    input: &TextInput,
    shown: impl Fn() -> JsValue + Clone + 'static,
) -> Vec<El> {
    let question = asked.question.clone();
    let of = question.clone();
    let placeholder = input.placeholder.clone();
    let written = shown.clone();
    let field = el("input").attr("type", "text").attr("maxlength", "7");
    let typed = field.clone();
    let field = field
        .bind_attr("placeholder", move || {
            let own = form.piped(&placeholder);
            Some(if own.is_empty() {
                "#19b394".to_owned()
            } else {
                own
            })
        })
        .bind_prop("value", shown.clone())
        .on("change", move |event| {
            let text = field_value(event).trim().to_ascii_lowercase();
            let digits = text.strip_prefix('#').unwrap_or_default();
            let is_colour =
                digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            if is_colour || text.is_empty() {
                form.answer(&of.name, Value::Text(text));
            } else {
                // What is no colour is not kept.
                js::set(&typed.raw(), "value", &written());
            }
        });
    let title = question.title.clone();
    let locked = question.clone();
    let swatch = el("input")
        .attr("type", "color")
        .class("field")
        .attr("tabindex", "-1")
        .bind_attr("aria-label", move || Some(form.piped(&title)))
        .bind_flag("disabled", move || {
            form.look(|session| session.is_read_only(&locked))
        })
        .bind_prop("value", move || {
            let colour = shown();
            if colour.as_string().is_some_and(|colour| !colour.is_empty()) {
                colour
            } else {
                "#ffffff".into()
            }
        })
        .on("change", move |event| {
            form.answer(&question.name, Value::Text(field_value(event)))
        });
    style::adopt(&swatch, "fields", CSS);
    labelled(form, asked, field, Some(swatch))
}

/// The field for one line, with the keyboard its kind asks for.
pub(super) fn line_field(input: &TextInput) -> El {
    let kind = match input.input {
        // The browser's own number field eats what it does not understand; its keyboard is all we want of it.
        InputType::Number | InputType::Text => "text",
        InputType::Range => "range",
        InputType::DateTime => "datetime-local",
        InputType::Time => "time",
        InputType::Month => "month",
        InputType::Week => "week",
        InputType::Color => "color",
        InputType::Password => "password",
        InputType::Email => "email",
        InputType::Telephone => "tel",
        InputType::Url => "url",
        InputType::Date => "date",
    };
    let field = el("input").attr("type", kind);
    let field = if input.input.has_bounds() {
        let bound = |field: El, name: &str, value: &Value| match value {
            Value::Null => field,
            value => field.attr(name, &text_of_value(value)),
        };
        bound(bound(field, "min", &input.min), "max", &input.max)
    } else {
        field.attr("maxlength", &input.max_length.to_string())
    };
    match input.input {
        InputType::Number => field.attr("inputmode", "decimal"),
        // What the browser knows of its owner need not be typed (WCAG 1.3.5).
        InputType::Email | InputType::Telephone | InputType::Url => {
            field.attr("autocomplete", kind)
        }
        _ => field,
    }
}

/// One box, whose words are the question.
fn tick(form: Form, asked: &Asked, boolean: &Boolean) -> Vec<El> {
    let (of, locked) = (asked.question.clone(), asked.question.clone());
    let (yes, no) = (boolean.true_value.clone(), boolean.false_value.clone());
    let choose = move || {
        let is_ticked = form.look(|session| session.has_chosen(&of, &yes));
        let value = if is_ticked { &no } else { &yes };
        form.answer(&of.name, value.clone());
    };
    let input = choice::native(form, asked, boolean.true_value.clone(), 0, true)
        .attr("aria-describedby", &asked.ids(&["hint", "error"]))
        .bind_flag("disabled", move || {
            form.look(|session| session.is_read_only(&locked))
        })
        .on("change", move |_| choose());
    let row = el("label")
        .class("choice")
        .child(input)
        .child(el("span").class("tick box"))
        .child(title(form, asked, "span").class("words"));
    // Its words stand in the box's name: the group around needs none.
    let group = el("fieldset").class("group").attr("role", "none");
    let group = group.child(row).children(super::description(form, asked));
    vec![group.child(clear(form, asked)).child(error(form, asked))]
}

fn yes_no(form: Form, asked: &Asked, boolean: &Boolean) -> Vec<El> {
    let row = |value: &Value, text: &LocalizedText, ours: Message, place| {
        let text = text.clone();
        let words = move || {
            let own = form.piped(&text);
            if own.is_empty() { form.text(ours) } else { own }
        };
        choice::row(form, asked, value, place, words)
    };
    let yes = row(&boolean.true_value, &boolean.true_label, Message::Yes, 0);
    let no = row(&boolean.false_value, &boolean.false_label, Message::No, 1);
    let pair = el("div").class("list pair").child(yes).child(no);
    group(form, asked, true, vec![pair])
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
                let answer = session.own_answer(&question);
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
    style::adopt(&scale, "fields", CSS);
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
