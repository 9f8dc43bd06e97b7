//! What applies a survey's rules: the engine and the functions of expressions, both parts, and what the browser gives
//! them.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use js_sys::{Date, RegExp};
use wasm_bindgen::JsValue;

use super::dom::El;
use super::form::Form;
use super::part::{PartMissing, load_engine, load_functions};
use super::question::Asked;
use crate::survey::definition::{Element, Page};
use crate::survey::expression::functions::Surroundings;
use crate::survey::expression::{Argument, Operand};
use crate::survey::session::{Action, Environment, Outcome, ShownChoice};
use crate::survey::validation::Violation;
use crate::survey::{Definition, LocalizedText, Question, Session, Value};

/// What applies the rules of a survey; the first page of most surveys is shown without it.
#[derive(Clone, Copy)]
pub(super) struct Engine {
    /// Reads a published definition.
    pub(super) read: fn(&Value) -> Definition,
    /// A session at its beginning.
    pub(super) open: fn(Arc<Definition>, Environment) -> Session,
    /// Does what the respondent does.
    pub(super) apply: fn(&mut Session, Action) -> Outcome,
    /// Puts answers into a text.
    pub(super) pipe: fn(&Session, &str, &str) -> String,
    /// The words of a text with markup.
    pub(super) plain: fn(&str) -> String,
    /// Shows a text with markup in an element.
    pub(super) mark: fn(Form, El, String),
    /// A panel of a page.
    pub(super) panel: Panel,
    /// The field for a comment beside an answer.
    pub(super) comment: fn(Form, &Asked, &LocalizedText) -> El,
    /// The field for words beside a choice that is not "other".
    pub(super) words: fn(Form, &Asked, &ShownChoice) -> El,
    /// The box that chooses all.
    pub(super) all: fn(Form, &Asked, El) -> El,
    /// The number by which choices are shuffled on this device.
    pub(super) chance: fn() -> u32,
    /// What the respondent reads of what is wrong with an answer.
    pub(super) violation_text: fn(Form, &Violation, &Question) -> String,
    /// Gives the focus to the first question with which something is wrong.
    pub(super) focus_first_invalid: fn(Form, &El),
    /// How many questions are answered, of how many.
    pub(super) answered: fn(&Session) -> (usize, usize),
    /// What stands on a page, in the order it is shown.
    pub(super) order: fn(&Session, &Page) -> Vec<Element>,
    /// All answers once more, before they are sent.
    pub(super) preview: Preview,
    /// Buttons that lead from page to page.
    pub(super) steps: Steps,
    /// Whether a survey needs the functions, too.
    pub(super) calls_functions: fn(&Definition) -> bool,
}

/// The view of the panel at a place.
pub(super) type Panel = fn(Form, &Definition, &Page, usize) -> El;
/// The view of all answers; the buttons on it do what is given.
pub(super) type Preview = fn(Form, &Definition, &Rc<dyn Fn(Action)>) -> Vec<El>;
/// The view of those buttons; what they do is done by what is given.
pub(super) type Steps = fn(Form, Rc<dyn Fn(Action)>) -> El;
/// The functions that expressions call.
pub(super) type Library = fn(&str, &[Argument<'_>], &dyn Surroundings) -> Operand;

thread_local! {
    static ENGINE: Cell<Option<Engine>> = const { Cell::new(None) };
    static LIBRARY: Cell<Option<Library>> = const { Cell::new(None) };
}

/// The engine, once it is there.
pub(super) fn engine() -> Option<Engine> {
    ENGINE.get()
}

/// Fetches what the rules of a survey need, unless it is there, and reads the whole survey.
pub(super) async fn fetch(definition: &Value) -> Result<(Engine, Arc<Definition>), PartMissing> {
    let engine = match ENGINE.get() {
        Some(engine) => engine,
        None => load_engine().await?,
    };
    let definition = Arc::new((engine.read)(definition));
    if LIBRARY.get().is_none() && (engine.calls_functions)(&definition) {
        LIBRARY.set(Some(load_functions().await?));
    }
    ENGINE.set(Some(engine));
    Ok((engine, definition))
}

/// What a session in this browser knows.
pub(super) fn of_browser() -> Environment {
    Environment {
        call: |name, arguments, surroundings| match LIBRARY.get() {
            Some(call) => call(name, arguments, surroundings),
            None => Operand::Value(Value::Null),
        },
        find: |pattern, ignores_case, text| {
            RegExp::new(pattern, if ignores_case { "i" } else { "" }).test(text)
        },
        checks_form: true,
        now_ms: Date::now,
        zone_minutes: |moment| -Date::new(&JsValue::from_f64(moment)).get_timezone_offset(),
        chance: || ENGINE.get().map_or(0, |engine| (engine.chance)()),
    }
}
