//! What was said and decided: our question, our answer with its reasons, the timeline, the customer's own words.

use super::super::super::dom::{El, el, texted};
use super::super::lookup::Key;
use super::super::photos;
use super::words::{happened, outcome};
use super::{Open, items, word};
use crate::messages::CaseText;
use crate::survey::Value;

impl Open {
    pub(super) fn question(&self, case: &Value) -> Option<El> {
        let question = case.get("question").and_then(Value::as_text)?;
        let heading = self.desk.texted("h3", "", CaseText::WeAsk);
        let words = el("p")
            .class("said")
            .attr("data-question-asked", "")
            .text(question);
        Some(el("section").class("block").child(heading).child(words))
    }

    pub(super) fn decision(&self, case: &Value) -> Option<El> {
        let decision = case
            .get("decision")
            .filter(|decision| decision.as_object().is_some())?;
        let desk = &self.desk;
        let words = decision.get("words").cloned().unwrap_or_default();
        let outcome = outcome(word(decision, "outcome"));
        let outcome = desk
            .texted("p", "outcome", outcome)
            .attr("data-outcome", word(decision, "outcome"));
        let paragraph = |text: &str| el("p").class("said").text(text);
        let part = |label: CaseText, key: &str| {
            let text = words.get(key).and_then(Value::as_text)?;
            let heading = desk.texted("h4", "", label);
            Some(
                el("div")
                    .attr("data-told", key)
                    .child(heading)
                    .child(paragraph(text)),
            )
        };
        let dated = |label: CaseText, key: &str| {
            let at = decision.get(key).and_then(Value::as_text)?.to_owned();
            let of = desk.clone();
            Some(texted("p", "hint", move || {
                of.fill(label, "date", &of.moment(&at))
            }))
        };
        let text = words.get("text").and_then(Value::as_text).map(paragraph);
        let done = dated(CaseText::RemedyDone, "remedy_done_at");
        let due = done.or_else(|| dated(CaseText::RemedyDue, "remedy_due"));
        let heading = desk.texted("h3", "", CaseText::OurAnswer);
        let block = el("section").class("block").attr("data-decision", "");
        let block = block.child(heading).child(outcome).children(text);
        Some(
            block
                .children(part(CaseText::Explanation, "explanation"))
                .children(part(CaseText::Remedy, "remedy"))
                .children(due)
                .children(part(CaseText::Alternative, "alternative"))
                .children(part(CaseText::FixSummary, "fix_summary"))
                .children(part(CaseText::ReviewRoute, "review_route")),
        )
    }

    pub(super) fn timeline(&self, case: &Value) -> El {
        let desk = &self.desk;
        let line = |entry: &Value| {
            let is_own = entry.get("you").and_then(Value::as_bool) == Some(true);
            let who = if is_own {
                CaseText::ByYou
            } else {
                CaseText::ByUs
            };
            let (of, at) = (desk.clone(), word(entry, "at").to_owned());
            let when =
                texted("time", "", move || of.moment(&at)).attr("datetime", word(entry, "at"));
            let what = desk.texted("strong", "", happened(word(entry, "kind")));
            // The first words stand by themselves at the end of the page.
            let is_first = word(entry, "kind") == "received";
            let text = entry.get("text").and_then(Value::as_text);
            let text = text
                .filter(|_| !is_first)
                .map(|text| el("p").class("said").text(text));
            let photo = entry.get("photo").and_then(Value::as_text);
            let Key { number, secret } = &*self.key;
            let photo = photo.map(|photo| photos::of_case(desk, number, secret, photo));
            let head = el("p")
                .class("when")
                .child(when)
                .child(desk.texted("span", "", who));
            el("li")
                .attr("data-kind", word(entry, "kind"))
                .child(head)
                .child(what)
                .children(text)
                .children(photo)
        };
        let lines: Vec<El> = items(case, "timeline").iter().rev().map(line).collect();
        let heading = desk.texted("h3", "", CaseText::Timeline);
        let list = el("ol").class("timeline").children(lines);
        el("section").class("block").child(heading).child(list)
    }

    pub(super) fn own_words(&self, case: &Value) -> El {
        let desk = &self.desk;
        let words = case.get("words").cloned().unwrap_or_default();
        let heading = desk.texted("h3", "", CaseText::YourComplaint);
        let text = el("p")
            .class("said")
            .attr("data-own", "")
            .text(word(&words, "text"));
        let rest = [
            ("remedy_sought", CaseText::RemedyLabel),
            ("affected", CaseText::AffectedLabel),
            ("affects", CaseText::AffectedLabel),
            ("affected_users", CaseText::AffectedUsersLabel),
            ("delivery", CaseText::DeliveryLabel),
            ("name", CaseText::NameLabel),
            ("mail", CaseText::MailLabel),
            ("phone", CaseText::PhoneLabel),
        ];
        let rest = rest.iter().filter_map(|(key, label)| {
            let said = words.get(key)?;
            let count = said.as_count().map(|count| count.to_string());
            let text = said.as_text().map(str::to_owned).or(count)?;
            let label = desk.texted("dt", "", *label);
            let value = match (*key, text.as_str()) {
                ("affects", "us") => desk.texted("dd", "", CaseText::AffectsUs),
                ("affects", _) => desk.texted("dd", "", CaseText::AffectsUsers),
                _ => el("dd").text(&text),
            };
            Some(el("div").child(label).child(value))
        });
        let rest = el("dl")
            .class("facts small")
            .children(rest.collect::<Vec<_>>());
        el("section")
            .class("block")
            .child(heading)
            .child(text)
            .child(rest)
    }
}
