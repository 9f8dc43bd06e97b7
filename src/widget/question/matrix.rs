//! Rows with one choice each: beside each other where there is room, below each other where there is none. A part.

use std::rc::Rc;

use leptos::prelude::*;

use super::super::dom::{El, bind, el, texted};
use super::super::form::Form;
use super::{Asked, choice, group, style};
use crate::messages::Message;
use crate::survey::definition::{Choice, Kind};
use crate::survey::javascript::text_of_value;
use crate::survey::{Question, Value};

const CSS: &str = "\
.rows{container-type:inline-size}\
.row{margin-top:16px}\
.row>p{margin:0 0 8px;font-weight:600}\
.row .quiet{min-height:44px;padding:0;font-size:13px}\
.cells{display:grid;gap:8px}\
@container (min-width:560px){.row{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,3fr) auto;gap:12px;align-items:center}\
.row>p{margin:0}.cells{grid-auto-flow:column;grid-auto-columns:minmax(0,1fr)}\
.cells .choice{justify-content:center;text-align:center;padding:8px}.cells .tick{display:none}}";

pub(in super::super) fn view(form: Form, asked: &Asked) -> Vec<El> {
    let rows = el("div").class("rows");
    style::adopt(&rows, "matrix", CSS);
    let built = shown(form, asked);
    let (place, of) = (rows.clone(), asked.clone());
    bind(Box::new(move || {
        let (rows, columns) = &*built.get();
        place.show(rows.iter().map(|at| row(form, &of, *at, columns)));
    }));
    group(form, asked, false, vec![rows])
}

/// The places of rows, and of columns.
type Places = (Vec<usize>, Vec<usize>);

/// The places of the rows and columns that are shown; says so only when they change.
fn shown(form: Form, asked: &Asked) -> RwSignal<Rc<Places>, LocalStorage> {
    let shown = RwSignal::new_local(Rc::new((Vec::new(), Vec::new())));
    let question = asked.question.clone();
    bind(Box::new(move || {
        let Kind::Matrix(matrix) = &question.kind else {
            return;
        };
        let now = form.look(|session| {
            let places = |all: &[Choice], some: Vec<&Choice>| {
                let is_shown =
                    |choice: &Choice| some.iter().any(|other| other.value == choice.value);
                let places = all
                    .iter()
                    .enumerate()
                    .filter(|(_, choice)| is_shown(choice));
                places.map(|(at, _)| at).collect::<Vec<_>>()
            };
            (
                places(&matrix.rows, session.shown_rows(&question)),
                places(&matrix.columns, session.shown_columns(&question)),
            )
        });
        if *shown.get_untracked() != now {
            shown.set(Rc::new(now));
        }
    }));
    shown
}

fn row(form: Form, asked: &Asked, at: usize, columns: &[usize]) -> El {
    let question = asked.question.clone();
    let Kind::Matrix(matrix) = &question.kind else {
        return el("div");
    };
    let Some(of) = matrix.rows.get(at) else {
        return el("div");
    };
    let key: Rc<str> = text_of_value(&of.value).into();
    let several = matrix.is_multiple;
    let cells = columns.iter().filter_map(|&column| {
        let column = matrix.columns.get(column)?;
        Some(cell(form, asked, (at, &key), column, several))
    });
    let name = asked.id(&["row", &at.to_string()].concat());
    let shown = of.clone();
    let title = texted("p", "", move || choice::choice_text(form, &shown)).attr("id", &name);
    let cells = el("div").class("cells").children(cells);
    let first = cells.clone();
    let (chosen, row) = (question.clone(), key.clone());
    let is_empty = move || {
        form.look(|session| {
            let answer = session.own_answer(&chosen).get(&row);
            session.is_read_only(&chosen) || answer.is_none_or(Value::is_empty)
        })
    };
    let shown = of.clone();
    let clear = texted("button", "quiet", move || form.text(Message::Clear));
    let clear = clear.bind_attr("aria-label", move || {
        let label = choice::choice_text(form, &shown);
        Some(form.fill(Message::RemoveChoice, &[("label", &label)]))
    });
    let clear = clear.attr("type", "button").attr("data-act", "clear");
    let clear = clear.bind_flag("hidden", is_empty);
    let clear = clear.on("click", move |_| {
        set(form, &question, &key, Value::Null);
        // The button is gone with the answer.
        first.find("input").iter().for_each(El::focus);
    });
    el("div")
        .class("row")
        .attr("role", if several { "group" } else { "radiogroup" })
        .attr("aria-labelledby", &name)
        .child(title)
        .child(cells)
        .child(clear)
}

fn cell(
    form: Form,
    asked: &Asked,
    (at, key): (usize, &Rc<str>),
    column: &Choice,
    several: bool,
) -> El {
    let question = asked.question.clone();
    let value = column.value.clone();
    let has = |answer: &Value, value: &Value| match answer {
        Value::List(items) => items.contains(value),
        single => single == value,
    };
    let (of, row, chosen) = (question.clone(), key.clone(), value.clone());
    let is_chosen = move || {
        form.look(|session| {
            let answer = session.own_answer(&of).get(&row);
            answer.is_some_and(|answer| has(answer, &chosen))
        })
    };
    let locked = question.clone();
    let row = key.clone();
    let on_change = move |_: &web_sys::Event| {
        let old = form.look(|session| session.own_answer(&question).get(&row).cloned());
        let new = match old.unwrap_or_default() {
            _ if !several => value.clone(),
            Value::List(mut items) => {
                match items.iter().position(|item| *item == value) {
                    Some(at) => drop(items.remove(at)),
                    None => items.push(value.clone()),
                }
                Value::List(items)
            }
            _ => Value::List(vec![value.clone()]),
        };
        let new = if new.is_empty() { Value::Null } else { new };
        set(form, &question, &row, new);
    };
    let input = el("input")
        .attr("type", if several { "checkbox" } else { "radio" })
        .class("native")
        .attr("name", &asked.id(&["cell", &at.to_string()].concat()))
        .attr("value", &text_of_value(&column.value))
        .bind_flag("checked", is_chosen)
        .bind_flag("disabled", move || {
            form.look(|session| session.is_read_only(&locked))
        })
        .on("change", on_change);
    let shown = column.clone();
    choice::labelled_row(input, several, move || choice::choice_text(form, &shown))
}

fn set(form: Form, question: &Question, row: &str, value: Value) {
    let mut answer = form.look(|session| session.own_answer(question).clone());
    answer.set(row, value);
    form.answer(
        &question.name,
        if answer.is_empty() {
            Value::Null
        } else {
            answer
        },
    );
}
