//! After a low score: shall this be a complaint? What was already said is carried over.

use leptos::prelude::*;

use super::super::dom::{El, el};
use super::super::form::Form as Survey;
use super::{Desk, form};
use crate::messages::CaseText;
use crate::survey::Session;
use crate::survey::definition::Kind;
use crate::survey::javascript::text_of_number;

/// Asks at the end of the survey.
pub(super) fn show(desk: &Desk, survey: Survey, place: &El) {
    let owner = Owner::current().unwrap_or_else(|| desk.shown.owner().clone());
    let offer = owner.with(|| {
        let heading = desk.texted("h3", "", CaseText::OfferHeading);
        let hint = desk.texted("p", "hint", CaseText::OfferText);
        let of = desk.clone();
        let yes = desk.button("primary", "complain", CaseText::OfferYes);
        let yes = yes.on("click", move |_| {
            let words = survey
                .session
                .with_untracked(|session| words(session, survey));
            form::show(&of, &words, &of.settings.id);
        });
        let gone = place.clone();
        let no = desk.button("quiet", "no-complaint", CaseText::OfferNo);
        let no = no.on("click", move |_| gone.clear());
        let row = el("div").class("row").child(yes).child(no);
        el("section")
            .class("block")
            .attr("data-offer", "")
            .child(heading)
            .child(hint)
            .child(row)
    });
    place.show([offer]);
}

/// What was said in words.
fn words(session: &Session, survey: Survey) -> String {
    let mut words = Vec::new();
    for question in session.definition().questions() {
        let text = session.answer(&question.name).as_text();
        if let (Kind::Text(_) | Kind::Comment(_), Some(text)) = (&question.kind, text) {
            words.push(text.trim().to_owned());
        }
    }
    if words.is_empty() {
        // Without words of the customer's the form begins with what was asked and answered.
        for question in session.definition().questions() {
            if let Some(score) = session.answer(&question.name).as_number() {
                let title = survey.resolve(&question.title);
                words.push([&title, ": ", &text_of_number(score)].concat());
            }
        }
    }
    words.join("\n\n")
}
