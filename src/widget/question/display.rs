//! Words between questions, and computed values. A part.

use super::super::dom::{El, bind, el};
use super::super::form::Form;
use super::{Asked, title};
use crate::survey::definition::Kind;
use crate::survey::javascript::text_of_value;
use crate::survey::markup::{Node, Tag, parse};

pub(in super::super) fn view(form: Form, asked: &Asked) -> Vec<El> {
    match &asked.question.kind {
        Kind::Html(text) => {
            let text = text.clone();
            vec![marked_up(move || form.piped(&text))]
        }
        _ => vec![title(form, asked, "p"), computed(form, asked)],
    }
}

/// A value that follows the answers; what changes is said.
fn computed(form: Form, asked: &Asked) -> El {
    let of = asked.question.clone();
    let value = move || form.look(|session| text_of_value(session.own_answer(&of)));
    el("output")
        .class("computed")
        .attr("role", "status")
        .bind_text(value)
}

/// A text with a little markup, built as elements: nothing in it can run.
pub(in super::super) fn marked_up(text: impl Fn() -> String + 'static) -> El {
    let place = el("div").class("about");
    let shown = place.clone();
    bind(Box::new(move || shown.show(elements(&parse(&text())))));
    place
}

fn elements(nodes: &[Node]) -> Vec<El> {
    nodes.iter().map(element).collect()
}

fn element(node: &Node) -> El {
    let (tag, inside) = match node {
        Node::Words(words) => return el("span").text(words),
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
            .attr("href", link)
            .attr("target", "_blank")
            .attr("rel", "noopener"),
        Tag::Picture(link, words) => el("img").attr("src", link).attr("alt", words),
    };
    made.children(elements(inside))
}
