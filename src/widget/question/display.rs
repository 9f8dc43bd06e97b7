//! Words between questions, and computed values. A part.

use js_sys::{Array, Function, Object, Reflect};
use leptos::prelude::Read;
use wasm_bindgen::JsCast;

use super::super::dom::{El, bind, el};
use super::super::form::Form;
use super::super::js;
use super::style::adopt;
use super::{Asked, title};
use crate::survey::Value;
use crate::survey::definition::{ExpressionLook, Kind};
use crate::survey::javascript::text_of_value;
use crate::survey::markup::{Node, Tag, parse};

const CSS: &str = "\
.about a{color:var(--accent)}\
.about img{max-width:100%}\
.computed{display:block;margin-top:4px;font-size:20px;line-height:28px;font-variant-numeric:tabular-nums}";

pub(in super::super) fn view(form: Form, asked: &Asked) -> Vec<El> {
    match &asked.question.kind {
        Kind::Html(text) => {
            let text = text.clone();
            vec![marked_up(form, move || form.resolve(&text))]
        }
        _ => vec![title(form, asked, "p"), computed(form, asked)],
    }
}

/// A value that follows the answers; what changes is said.
fn computed(form: Form, asked: &Asked) -> El {
    let of = asked.question.clone();
    let value = move || {
        let value = form.look(|session| session.own_answer(&of).clone());
        let Kind::Expression(_, _, look) = &of.kind else {
            return String::new();
        };
        let shown = match &value {
            Value::Number(number) if !look.style.is_empty() => {
                in_figures(*number, look, &form.language.read().tag)
            }
            _ => None,
        };
        let shown = shown.unwrap_or_else(|| text_of_value(&value));
        let format = form.resolve(&look.format);
        if format.is_empty() || value.is_empty() {
            shown
        } else {
            format.replace("{0}", &shown)
        }
    };
    el("output")
        .class("computed")
        .attr("role", "status")
        .bind_text(value)
}

/// A number as the browser writes it in a language; nothing where it does not know the style or the currency.
fn in_figures(number: f64, look: &ExpressionLook, language: &str) -> Option<String> {
    let wishes = Object::new();
    js::set(&wishes, "style", &look.style.as_str().into());
    js::set(&wishes, "currency", &look.currency.as_str().into());
    js::set(&wishes, "useGrouping", &look.groups.into());
    let digits = [
        ("minimumFractionDigits", look.least_digits),
        ("maximumFractionDigits", look.most_digits),
    ];
    for (name, count) in digits {
        if let Some(count) = count {
            js::set(&wishes, name, &(count as u32).into());
        }
    }
    let intl = js::get(&js_sys::global(), "Intl");
    let class: Function = js::get(&intl, "NumberFormat").dyn_into().ok()?;
    let format = Reflect::construct(&class, &Array::of2(&language.into(), &wishes)).ok()?;
    let written = js::call(&format, "format", &[number.into()]).ok()?;
    written.as_string()
}

/// A text with a little markup, built as elements: nothing in it can run.
pub(in super::super) fn marked_up(form: Form, text: impl Fn() -> String + 'static) -> El {
    let place = el("div").class("about");
    adopt(&place, "about", CSS);
    let shown = place.clone();
    bind(Box::new(move || mark(form, &shown, &text())));
    place
}

/// Shows the author's text in an element. Answers are put into its words and addresses afterwards: what a respondent, or a
/// link they followed, has written stays words.
pub(in super::super) fn mark(form: Form, place: &El, text: &str) {
    place.show(elements(form, &parse(text)));
}

fn elements(form: Form, nodes: &[Node]) -> Vec<El> {
    nodes.iter().map(|node| element(form, node)).collect()
}

fn element(form: Form, node: &Node) -> El {
    let (tag, inside) = match node {
        Node::Words(words) => return el("span").text(&form.pipe(words.clone())),
        Node::Element(tag, inside) => (tag, inside),
    };
    let made = match tag {
        Tag::Strong => el("strong"),
        Tag::Emphasis => el("em"),
        Tag::Paragraph => el("p"),
        Tag::Break => el("br"),
        Tag::List => el("ul"),
        Tag::Numbered => el("ol"),
        Tag::Item => el("li"),
        Tag::Link(link) => el("a")
            .attr("href", &form.pipe(link.clone()))
            .attr("target", "_blank")
            .attr("rel", "noopener"),
        Tag::Picture(link, words) => el("img")
            .attr("src", &form.pipe(link.clone()))
            .attr("alt", words),
    };
    made.children(elements(form, inside))
}
