//! One page: its heading, its panels and its questions.

use super::dom::{El, el, texted};
use super::environment;
use super::form::Form;
use super::question::{Asked, question};
use crate::messages::Message;
use crate::survey::definition::{Definition, Element, Page};
use crate::survey::text::LocalizedText;

/// What stands on a page, in order.
pub(super) fn view(form: Form, definition: &Definition, page: &Page) -> Vec<El> {
    let mut views = heading(form, "h2", &page.title, &page.description);
    views.extend(elements(form, definition, page, None));
    views
}

/// What stands on a page or in a panel.
fn elements(form: Form, definition: &Definition, page: &Page, within: Option<usize>) -> Vec<El> {
    let mut views = Vec::new();
    for element in &page.elements {
        match *element {
            Element::Question(place) => {
                let of = definition
                    .questions
                    .get(place)
                    .filter(|of| of.panel == within);
                views.extend(of.map(|of| {
                    let asked = Asked {
                        question: of.clone(),
                        place,
                    };
                    question(form, &asked)
                }));
            }
            // Where there is a panel, the engine came before the page.
            Element::Panel(place) => {
                let of = definition.panels.get(place);
                let engine =
                    environment::engine().filter(|_| of.is_some_and(|of| of.within == within));
                views.extend(engine.map(|engine| (engine.panel)(form, definition, page, place)));
            }
        }
    }
    views
}

/// A panel: a section with a heading, which opens and closes where its author wants it to.
pub(super) fn panel(form: Form, definition: &Definition, page: &Page, place: usize) -> El {
    let Some(of) = definition.panels.get(place) else {
        return el("div");
    };
    let inside = elements(form, definition, page, Some(place));
    let is_hidden = move || form.look(|session| !session.is_panel_shown(place));
    let required = of.required_error.clone();
    let missing = texted("p", "error", move || {
        if !form.look(|session| session.missing_panels().any(|missing| missing == place)) {
            return String::new();
        }
        let own = form.piped(&required);
        if own.is_empty() {
            form.text(Message::RequiredInGroup)
        } else {
            own
        }
    });
    let missing = missing.attr("data-error", "").attr("role", "status");
    let section = match of.is_collapsed {
        None => el("section").children(heading(form, "h3", &of.title, &of.description)),
        Some(is_collapsed) => {
            let title = of.title.clone();
            let summary = texted("summary", "title", move || form.piped(&title));
            let details = el("details").child(summary);
            let details = details.children(heading(
                form,
                "h3",
                &LocalizedText::default(),
                &of.description,
            ));
            if is_collapsed {
                details
            } else {
                details.attr("open", "")
            }
        }
    };
    section
        .class("panel")
        .children(inside)
        .child(missing)
        .bind_flag("hidden", is_hidden)
}

fn heading(form: Form, tag: &str, title: &LocalizedText, description: &LocalizedText) -> Vec<El> {
    let shown = |tag: &str, class: &str, text: &LocalizedText| {
        let text = text.clone();
        (!text.is_empty()).then(|| texted(tag, class, move || form.piped(&text)))
    };
    let parts = [
        shown(tag, "heading", title),
        shown("p", "about", description),
    ];
    parts.into_iter().flatten().collect()
}
