//! One page: its heading, its panels and its questions.

use std::rc::Rc;

use leptos::prelude::*;

use super::dom::{El, bind, el, texted};
use super::environment;
use super::form::Form;
use super::js;
use super::question::style::adopt;
use super::question::{Asked, question};
use crate::messages::Message;
use crate::survey::Question;
use crate::survey::definition::{Definition, Element, Page};
use crate::survey::session::Action;
use crate::survey::text::LocalizedText;

const PANELS: &str = "\
.panel{margin-top:20px;padding-top:12px;border-top:1px solid var(--line)}\
.panel .panel{padding-inline-start:12px;border-top:0;border-inline-start:3px solid var(--line)}\
summary.title{display:flex;align-items:center;justify-content:space-between;gap:12px;min-height:48px;border-radius:var(--radius);cursor:pointer;list-style:none}\
summary.title::-webkit-details-marker{display:none}\
summary.title::after{flex:none;width:9px;height:9px;margin:0 4px 4px;border:solid var(--muted);border-width:0 2px 2px 0;content:\"\";transform:rotate(45deg)}\
[open]>summary.title::after{margin:4px 4px 0;transform:rotate(-135deg)}\
summary.title:focus-visible{outline:2px solid var(--accent);outline-offset:2px}";
const STEPS: &str = "\
.steps{display:flex;flex-wrap:wrap;gap:4px 8px;margin:8px 0 0;padding:0;list-style:none}\
.steps button{min-width:44px;min-height:44px;padding:0 12px;border:1px solid var(--line);font-size:15px}\
.steps [aria-current]{border-color:var(--accent);background:var(--soft);color:var(--text);font-weight:600}";

/// What stands on a page, in order.
pub(super) fn view(form: Form, definition: &Definition, page: &Page) -> Vec<El> {
    let mut views = heading(form, "h2", &page.title, &page.description);
    views.extend(elements(form, definition, page, None));
    views
}

/// What stands on a page or in a panel.
fn elements(form: Form, definition: &Definition, page: &Page, within: Option<usize>) -> Vec<El> {
    let mut views = Vec::new();
    let ordered = match environment::engine() {
        Some(engine) => form
            .session
            .with_untracked(|session| (engine.order)(session, page)),
        None => page.elements.clone(),
    };
    for element in ordered {
        match element {
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
            let summary = form.words(el("summary").class("title"), &of.title);
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
    adopt(&section, "panels", PANELS);
    section
        .class("panel")
        .children(inside)
        .child(missing)
        .bind_flag("hidden", is_hidden)
}

/// All answers once more, page by page, each page with a button that leads back to it.
pub(super) fn preview(form: Form, definition: &Definition, go: &Rc<dyn Fn(Action)>) -> Vec<El> {
    let pages: Vec<(usize, Vec<usize>)> = form.session.with_untracked(|session| {
        let pages = session.previewed().into_iter();
        let places = |of: Vec<&Question>| of.iter().map(|of| of.place).collect();
        pages.map(|(page, of)| (page, places(of))).collect()
    });
    let title = texted("h2", "title", move || form.text(Message::PreviewHeading))
        .attr("data-title", "")
        .attr("tabindex", "-1");
    let views = pages.into_iter().map(|(page, places)| {
        let go = go.clone();
        let edit = texted("button", "quiet", move || {
            let own = form.look(|session| form.piped(&session.definition().buttons.edit));
            if own.is_empty() {
                form.text(Message::Edit)
            } else {
                own
            }
        });
        let edit = edit
            .attr("type", "button")
            .attr("data-act", "edit")
            .on("click", move |_| go(Action::Edit(page)));
        let of = definition.pages.get(page);
        let title = of.map(|of| heading(form, "h3", &of.title, &of.description));
        let questions = places.into_iter().filter_map(|place| {
            let of = definition.questions.get(place)?;
            let asked = Asked {
                question: of.clone(),
                place,
            };
            Some(question(form, &asked))
        });
        let section = el("section").class("panel");
        adopt(&section, "panels", PANELS);
        section
            .children(title.into_iter().flatten())
            .children(questions)
            .child(edit)
    });
    let views: Vec<El> = views.collect();
    std::iter::once(title).chain(views).collect()
}

/// A button for each page that is visible, by which one goes there: back freely, on as far as nothing is wrong.
pub(super) fn steps(form: Form, go: Rc<dyn Fn(Action)>) -> El {
    let list = el("ol").class("steps");
    adopt(&list, "steps", STEPS);
    let place = list.clone();
    let shown = RwSignal::new((None, Vec::new()));
    bind(Box::new(move || {
        let now = form.look(|session| session.listed_pages());
        if shown.with_untracked(|before| *before != now) {
            shown.set(now);
        }
    }));
    bind(Box::new(move || {
        let (here, pages) = shown.get();
        let buttons = pages
            .iter()
            .enumerate()
            .map(|(at, page)| step(form, (at, *page), here == Some(*page), go.clone()));
        place.show(buttons);
    }));
    let name = move || Some(form.text(Message::SurveyLabel));
    el("nav").bind_attr("aria-label", name).child(list)
}

fn step(form: Form, (at, page): (usize, usize), is_here: bool, go: Rc<dyn Fn(Action)>) -> El {
    let words = move || {
        let title = form.look(|session| {
            let page = session.definition().pages.get(page);
            page.map(|page| page.title.clone()).unwrap_or_default()
        });
        let own = form.piped(&title);
        let number = (at + 1).to_string();
        if own.is_empty() { number } else { own }
    };
    let button = texted("button", "", words).attr("type", "button");
    let button = if is_here {
        button.attr("aria-current", "step")
    } else {
        button
    };
    let button = button.on("click", move |_| {
        // A page that is not let go of stays.
        let mut before = None;
        while let Some(here) = form.look(|session| {
            let (here, pages) = session.listed_pages();
            pages.iter().position(|place| Some(*place) == here)
        }) {
            if here == at || before == Some(here) {
                break;
            }
            before = Some(here);
            go(if here < at {
                Action::Next
            } else {
                Action::Back
            });
        }
    });
    el("li").child(button)
}

/// Gives the focus to the first question with which something is wrong: to its field, or to its first choice.
pub(super) fn focus_first_invalid(form: Form, element: &El) {
    let name = form.look(|session| {
        let violation = session.violations().first();
        violation.map(|violation| violation.question.clone())
    });
    let name = name.unwrap_or_default();
    // By name, for questions may stand in random order; a line of several belongs to its question.
    let is_it = |of: &El| {
        let own = js::get(&js::get(&of.raw(), "dataset"), "question");
        let own = own.as_string().unwrap_or_default();
        let rest = name.strip_prefix(own.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let mut questions = element.find_all("[data-question]").into_iter();
    let question = questions.find(is_it).or(element.find("[data-question]"));
    let Some(question) = question else { return };
    if let Some(field) = question.find("input:not([disabled]),textarea,select,button") {
        field.uncover();
        field.focus();
        // What to do about it is read, too, where both find room.
        let error = question.find("[data-error]");
        error.iter().chain([&field]).for_each(El::reveal);
    }
}

fn heading(form: Form, tag: &str, title: &LocalizedText, description: &LocalizedText) -> Vec<El> {
    let shown = |tag: &str, class: &str, text: &LocalizedText| {
        (!text.is_empty()).then(|| form.words(el(tag).class(class), text))
    };
    let parts = [
        shown(tag, "heading", title),
        shown("p", "about", description),
    ];
    parts.into_iter().flatten().collect()
}
