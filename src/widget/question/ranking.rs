//! Choices put in order: by buttons, by the keys they take, and by dragging. A part.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;

use super::super::dom::{El, bind, el, soon, texted};
use super::super::form::Form;
use super::super::js;
use super::{Asked, clear, group, style};
use crate::messages::Message;
use crate::survey::Value;
use crate::survey::definition::Kind;
use crate::survey::session::ShownChoice;

const CSS: &str = "\
.ranks{display:grid;gap:8px;margin:16px 0 0;padding:0;list-style:none}\
.ranks li{display:flex;align-items:center;gap:4px;min-height:48px;padding-block:1px;padding-inline-start:10px;border:1px solid var(--edge);border-radius:var(--radius);background:var(--surface);touch-action:pan-y}\
.ranks .place{flex:none;width:24px;color:var(--accent);font-weight:600;font-variant-numeric:tabular-nums}\
.ranks .grip{flex:none;display:flex;align-items:center;width:24px;height:44px;color:var(--muted);cursor:grab;touch-action:none}\
.ranks .words{flex:1;min-width:0;padding-block:6px;line-height:20px}\
.ranks button{flex:none;width:44px;min-height:44px;padding:0}\
.ranks button:disabled{color:var(--line);cursor:default}\
.ranks .held{border-color:var(--accent);background:var(--soft)}";

pub(in super::super) fn view(form: Form, asked: &Asked) -> Vec<El> {
    let list = el("ol").class("ranks");
    style::adopt(&list, "ranking", CSS);
    let said = el("p")
        .class("silent")
        .attr("role", "status")
        .attr("aria-live", "polite");
    let order = RwSignal::new_local(Rc::new(Vec::new()));
    let question = asked.question.clone();
    bind(Box::new(move || {
        let now = form.look(|session| {
            rows(
                session.own_answer(&question),
                session.shown_choices(&question),
            )
        });
        if *order.get_untracked() != now {
            order.set(Rc::new(now));
        }
    }));
    let ranking = Rc::new(Ranking {
        form,
        asked: asked.clone(),
        order,
        list: list.clone(),
        said: said.clone(),
        dragged: Cell::new(None),
    });
    let built = ranking.clone();
    bind(Box::new(move || {
        let rows = built.order.get();
        let items = rows.iter().enumerate();
        let items: Vec<El> = items
            .map(|(at, (item, is_ranked))| row(&built, item, at, *is_ranked, &rows))
            .collect();
        built.list.show(items);
    }));
    ranking.clone().follow_pointer();
    let picks = matches!(&asked.question.kind, Kind::Ranking(choices) if choices.selects_to_rank);
    // What is picked is moved by its buttons alone.
    let hint = (!picks).then(|| texted("p", "hint", move || form.text(Message::RankHint)));
    let clear = clear(form, asked);
    let mut parts: Vec<El> = hint.into_iter().collect();
    parts.extend([list, clear, said]);
    group(form, asked, false, parts)
}

/// What is shown, in order: what was ranked, then the rest; and whether it was ranked.
fn rows(answer: &Value, shown: &[ShownChoice]) -> Vec<(ShownChoice, bool)> {
    let ranked = answer.as_list().unwrap_or_default();
    let place = |item: &ShownChoice| ranked.iter().position(|value| *value == item.value);
    let mut rows: Vec<_> = shown
        .iter()
        .map(|item| (item.clone(), place(item).is_some()))
        .collect();
    // Stable: what was not ranked stays as it was written.
    rows.sort_by_key(|(item, _)| place(item).unwrap_or(usize::MAX));
    rows
}

struct Ranking {
    form: Form,
    asked: Asked,
    order: RwSignal<Rc<Vec<(ShownChoice, bool)>>, LocalStorage>,
    list: El,
    said: El,
    /// The place of the row that is dragged.
    dragged: Cell<Option<usize>>,
}

impl Ranking {
    fn picks(&self) -> bool {
        matches!(&self.asked.question.kind, Kind::Ranking(choices) if choices.selects_to_rank)
    }

    fn is_locked(&self) -> bool {
        let of = self.asked.question.clone();
        self.form
            .session
            .with_untracked(|session| session.is_read_only(&of))
    }

    /// Moves a row to another place, and says where it is now.
    fn move_row(&self, from: usize, to: usize) {
        let rows = self.order.get_untracked();
        let mut rows: Vec<_> = rows.iter().cloned().collect();
        if self.is_locked() || from >= rows.len() || to >= rows.len() {
            return;
        }
        let (item, _) = rows.remove(from);
        rows.insert(to, (item.clone(), true));
        let last = if self.picks() {
            rows.iter()
                .rposition(|(_, is_ranked)| *is_ranked)
                .map_or(0, |at| at + 1)
        } else {
            rows.len()
        };
        let values = rows.iter().take(last).map(|(item, _)| item.value.clone());
        self.answer(values.collect(), &item);
    }

    fn answer(&self, values: Vec<Value>, moved: &ShownChoice) {
        let question = &self.asked.question;
        let place = values.iter().position(|value| *value == moved.value);
        let count = values.len();
        self.form.answer(&question.name, Value::List(values));
        if let Some(place) = place {
            let label = self.form.choice_text(question, moved);
            let (place, count) = ((place + 1).to_string(), count.to_string());
            let words = [
                ("label", label.as_str()),
                ("place", &place),
                ("count", &count),
            ];
            self.said
                .clone()
                .text(&self.form.fill(Message::RankedAt, &words));
        }
    }

    /// Gives the focus to a button of a row when the rows are in their places.
    fn focus(&self, at: usize, button: usize) {
        let list = self.list.clone();
        soon(Box::new(move || {
            let row = list.find_all("li").into_iter().nth(at);
            let buttons = row
                .map(|row| row.find_all("button:not([disabled])"))
                .unwrap_or_default();
            let last = buttons.len().saturating_sub(1);
            if let Some(button) = buttons.into_iter().nth(button.min(last)) {
                button.focus();
            }
        }));
    }

    /// While a row is held by its grip, it goes where the pointer is.
    fn follow_pointer(self: Rc<Self>) {
        let ranking = self.clone();
        let list = self.list.clone().on("pointermove", move |event| {
            let Some(from) = ranking.dragged.get() else {
                return;
            };
            let y = js::get(event, "clientY").as_f64().unwrap_or_default();
            let rows = ranking.list.find_all("li");
            let to = rows.iter().position(|row| y < row.bottom());
            let to = to.unwrap_or(rows.len().saturating_sub(1));
            if to != from {
                ranking.move_row(from, to);
                ranking.dragged.set(Some(to));
            }
        });
        let ranking = self.clone();
        let list = list.on("pointerup", move |_| ranking.dragged.set(None));
        list.on("pointercancel", move |_| self.dragged.set(None));
    }
}

fn row(
    ranking: &Rc<Ranking>,
    item: &ShownChoice,
    at: usize,
    is_ranked: bool,
    rows: &[(ShownChoice, bool)],
) -> El {
    let form = ranking.form;
    let of = ranking.asked.question.clone();
    let shown = item.clone();
    let words = el("span")
        .class("words")
        .bind_text(move || form.choice_text(&of, &shown));
    let place = if is_ranked {
        (at + 1).to_string()
    } else {
        String::new()
    };
    let place = el("span").class("place").text(&place);
    let picked = rows.iter().filter(|(_, is_ranked)| *is_ranked).count();
    let count = if ranking.picks() { picked } else { rows.len() };
    let button = |message: Message, sign: &str, is_on: bool, act: Box<dyn Fn()>| {
        let (of, shown) = (ranking.asked.question.clone(), item.clone());
        let label = move || {
            let label = form.choice_text(&of, &shown);
            Some(form.fill(message, &[("label", &label)]))
        };
        let locked = ranking.asked.question.clone();
        el("button")
            .attr("type", "button")
            .text(sign)
            .bind_attr("aria-label", label)
            .bind_flag("disabled", move || {
                !is_on || form.look(|session| session.is_read_only(&locked))
            })
            .on("click", move |_| act())
    };
    let step = |to: usize, focus: usize| -> Box<dyn Fn()> {
        let ranking = ranking.clone();
        Box::new(move || {
            ranking.move_row(at, to);
            ranking.focus(to, focus);
        })
    };
    let grip = (!ranking.picks()).then(|| grip(ranking, at));
    let row = el("li").children(grip).child(place).child(words);
    if ranking.picks() && !is_ranked {
        let (ranking, item) = (ranking.clone(), item.clone());
        let add = move || {
            let rows = ranking.order.get_untracked();
            let ranked = rows.iter().filter(|(_, is_ranked)| *is_ranked);
            let mut values: Vec<Value> = ranked.map(|(item, _)| item.value.clone()).collect();
            values.push(item.value.clone());
            ranking.focus(values.len() - 1, 0);
            ranking.answer(values, &item);
        };
        return row.child(button(Message::AddToRanking, "+", true, Box::new(add)));
    }
    let drop = ranking.picks().then(|| {
        let (ranking, item) = (ranking.clone(), item.clone());
        let act = move || {
            let rows = ranking.order.get_untracked();
            let left = rows
                .iter()
                .filter(|(other, is_ranked)| *is_ranked && other.value != item.value);
            let values = left.map(|(item, _)| item.value.clone()).collect();
            ranking.focus(0, 0);
            ranking.answer(values, &item);
        };
        button(Message::RemoveChoice, "×", true, Box::new(act)).attr("data-act", "drop")
    });
    let row = row
        .child(button(
            Message::MoveUp,
            "↑",
            at > 0,
            step(at.saturating_sub(1), 0),
        ))
        .child(button(
            Message::MoveDown,
            "↓",
            at + 1 < count,
            step(at + 1, 1),
        ));
    row.children(drop)
}

fn grip(ranking: &Rc<Ranking>, at: usize) -> El {
    let ranking = ranking.clone();
    let grip = el("span")
        .class("grip")
        .attr("aria-hidden", "true")
        .text("⠿");
    grip.on("pointerdown", move |event| {
        if ranking.is_locked() || ranking.picks() {
            return;
        }
        event.prevent_default();
        ranking.dragged.set(Some(at));
        // The list hears the pointer wherever it goes.
        let id = js::get(event, "pointerId");
        ranking.list.hold_pointer(&id);
    })
}
