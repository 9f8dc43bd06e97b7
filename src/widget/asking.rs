//! A survey while it is being answered: when its parts are fetched, its rules applied, and its answers saved and sent.

/// What stands around the questions.
mod view;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::app::{Shown, Stage};
use super::delivery::{Courier, Opening};
use super::dom::{El, Timer, after, bind, el, keep, listen, soon};
use super::element::Settings;
use super::environment::{self, Engine};
use super::form::{Form, Language};
use super::part::{PartMissing, failed, load_delivery};
use super::sheet::Sheet;
use crate::messages::Message;
use crate::survey::definition::Definition;
use crate::survey::session::{Action, Outcome};
use crate::survey::{Session, Value};
use view::progress_text;

/// After so long without another answer the draft is saved.
const DRAFT_AFTER_MS: u32 = 400;
/// So long the first question has the browser to itself.
const FIRST_FRAME_MS: u32 = 40;

/// One survey while it is being answered.
pub(super) struct Interview {
    form: Form,
    shown: Shown,
    settings: Rc<Settings>,
    /// The survey as it was published.
    definition: Rc<Value>,
    sheet: Rc<Sheet>,
    /// Saves and sends; nothing until its part has arrived.
    courier: RefCell<Option<Rc<dyn Courier>>>,
    /// Whether the engine is on its way.
    is_opening: Cell<bool>,
    /// Whether the courier is on its way.
    is_fetching: Cell<bool>,
    /// Whether the complete sheet waits for the courier.
    is_waiting: Cell<bool>,
    /// Whether a page was left before there was a courier.
    is_left: Cell<bool>,
    /// Whether the host has heard of the last answer.
    is_told: Cell<bool>,
    /// The form, and where it says things.
    element: El,
    top: El,
    notice: El,
    announced: El,
    owner: Owner,
}

impl Interview {
    /// Shows the survey at its first page and fetches what saves and sends it.
    pub(super) fn begin(
        shown: Shown,
        settings: Rc<Settings>,
        language: RwSignal<Language>,
        version: u32,
        opening: Arc<Definition>,
        definition: Rc<Value>,
    ) {
        let place = shown.clone();
        // The end of the survey reads the session, too: it lives as long as the widget.
        let form = shown.owner().with(|| Form {
            session: RwSignal::new(first_session(opening, &settings.answers)),
            language,
            answered: RwSignal::new(0),
            turned: RwSignal::new(0),
        });
        place.show(Stage::Asking, move || {
            let interview = Rc::new(Self {
                form,
                shown,
                definition,
                sheet: Rc::new(Sheet::new(&settings, version)),
                settings,
                courier: RefCell::new(None),
                is_opening: Cell::new(false),
                is_fetching: Cell::new(false),
                is_waiting: Cell::new(false),
                is_left: Cell::new(false),
                is_told: Cell::new(true),
                element: el("form").class("asking").attr("novalidate", ""),
                top: el("div").class("top"),
                notice: el("p")
                    .class("notice")
                    .attr("part", "notice")
                    .attr("role", "status"),
                announced: el("p")
                    .class("silent")
                    .attr("role", "status")
                    .attr("aria-live", "polite"),
                owner: Owner::current().unwrap_or_default(),
            });
            keep(Box::new(LetGo(interview.clone())));
            let again = interview.clone();
            if let Some(window) = web_sys::window() {
                listen(
                    &window,
                    "online",
                    Box::new(move |_| again.clone().fetch_parts()),
                );
            }
            interview.save_while_answering();
            let view = interview.view();
            // The first question comes first: its frame is drawn before anything else is fetched or laid out.
            let go_on = move || {
                if !interview.form.session.is_disposed() {
                    interview.fetch_parts();
                }
            };
            after(FIRST_FRAME_MS, Box::new(go_on));
            vec![view]
        });
    }

    /// Fetches what applies the survey's rules, then what saves and sends, unless they are there or on their way.
    fn fetch_parts(self: Rc<Self>) {
        if self.form.session.with_untracked(Session::is_open) {
            return self.fetch_courier();
        }
        if self.is_opening.replace(true) {
            return;
        }
        self.notice.clear();
        spawn_local(async move {
            let fetched = environment::fetch(&self.definition).await;
            self.is_opening.set(false);
            match fetched {
                Ok((engine, definition)) => {
                    if !self.form.session.is_disposed() {
                        self.open(engine, definition);
                        self.fetch_courier();
                    }
                }
                Err(PartMissing) => self.say_part_missing(),
            }
        });
    }

    /// Applies the rules, and does what the respondent did meanwhile.
    fn open(self: &Rc<Self>, engine: Engine, definition: Arc<Definition>) {
        let mut waiting = Vec::new();
        self.form.session.update(|session| {
            let mut opened = (engine.open)(definition, environment::of_browser());
            for action in session.take_noted() {
                match action {
                    Action::Answer(..) => {
                        (engine.apply)(&mut opened, action);
                    }
                    turn => waiting.push(turn),
                }
            }
            *session = opened;
        });
        // Pressed twice is meant once.
        if let Some(turn) = waiting.into_iter().next() {
            self.go(turn);
        }
    }

    /// Fetches the part that saves and sends, unless it is there or on its way.
    fn fetch_courier(self: Rc<Self>) {
        if self.courier.borrow().is_some() || self.is_fetching.replace(true) {
            return;
        }
        self.notice.clear();
        spawn_local(async move {
            let opening = Opening {
                settings: self.settings.clone(),
                sheet: self.sheet.clone(),
                form: self.form,
            };
            let loaded = load_delivery().await;
            let opened = match loaded {
                Ok((open, _)) => open(opening).await,
                Err(PartMissing) => {
                    self.is_fetching.set(false);
                    return self.say_part_missing();
                }
            };
            if self.form.session.is_disposed() {
                opened.courier.let_go();
                return;
            }
            let interview = Rc::downgrade(&self);
            let go_on: Rc<dyn Fn()> = Rc::new(move || {
                if let Some(interview) = interview.upgrade() {
                    interview.go(Action::Next);
                }
            });
            let element = self.element.clone();
            self.owner
                .with(|| opened.courier.watch(self.form, element, go_on));
            *self.courier.borrow_mut() = Some(opened.courier);
            if opened.is_resumed {
                self.say("resumed", Message::DraftRestored);
            }
            if self.is_waiting.get() {
                self.deliver();
            } else if self.form.answered.get_untracked() > 0 {
                self.save_draft();
                // What stands on a page that is still shown may change: it is not sent before the page is left.
                if self.is_left.get() {
                    self.send_partial();
                }
            }
        });
    }

    /// Says that answers cannot be saved yet, and offers another try.
    fn say_part_missing(self: Rc<Self>) {
        if self.form.session.is_disposed() {
            return;
        }
        let again = self.clone();
        let missing = self.owner.with(|| {
            failed(self.form, move || {
                again.clone().fetch_parts();
            })
        });
        self.notice.show([missing]);
    }

    /// Says something below the questions.
    fn say(&self, name: &str, message: Message) {
        let form = self.form;
        let said = self
            .owner
            .with(|| el("span").bind_text(move || form.text(message)));
        self.notice.clone().attr("data-notice", name).show([said]);
    }

    /// Saves the answers so far on this device.
    fn save_draft(&self) {
        match self.courier.borrow().as_ref() {
            Some(courier) => {
                courier.save_draft(self.form);
                if !courier.is_durable() {
                    self.say("memory", Message::SavedInMemory);
                }
            }
            None => self.keep_first(),
        }
    }

    /// Keeps the answers where nothing needs to be loaded for it.
    fn keep_first(&self) {
        let sheet = self.sheet.write(self.form, self.is_waiting.get());
        sheet.keep_first();
    }

    /// Sends the page that was left, or keeps it where the courier will find it.
    fn send_partial(&self) {
        match self.courier.borrow().as_ref() {
            Some(courier) => courier.send_partial(self.form),
            None => {
                self.is_left.set(true);
                self.keep_first();
            }
        }
    }

    /// Sends the complete sheet as soon as there is a courier.
    fn deliver(&self) {
        // Who is quicker than the draft has answered, too.
        self.tell_answered();
        self.is_waiting.set(true);
        match self.courier.borrow().as_ref() {
            Some(courier) => courier.deliver(self.form, self.shown.clone()),
            None => self.keep_first(),
        }
    }

    /// Tells the host that something was answered, unless it has heard.
    fn tell_answered(&self) {
        if !self.is_told.replace(true) {
            let survey = self.settings.survey.as_str().into();
            self.shown.tell("qing-answered", &[("survey", survey)]);
        }
    }

    /// Shows another page.
    fn turn(&self) {
        self.form.turned.set(self.form.turned.get_untracked() + 1);
    }

    /// Does what the respondent asks for: turns the page, ends the survey, or shows what is missing.
    fn go(self: &Rc<Self>, action: Action) {
        let form = self.form;
        match form.apply(action) {
            Outcome::Turned => {
                self.turn();
                self.send_partial();
                self.clone().fetch_courier();
                self.announced.clone().text(&progress_text(form));
                let element = self.element.clone();
                // The button that had the focus stays, but what it leads to is the new question.
                soon(Box::new(move || {
                    if let Some(title) = element.find("[data-title]") {
                        title.focus();
                    }
                }));
            }
            Outcome::Completed => {
                self.deliver();
                self.clone().fetch_courier();
            }
            Outcome::Refused => {
                self.announced
                    .clone()
                    .text(&form.text(Message::ErrorsOnPage));
                // Without rules nothing is refused.
                if let Some(engine) = environment::engine() {
                    (engine.focus_first_invalid)(form, &self.element);
                }
            }
            // Before the rules are there, what was asked for waits.
            Outcome::Answered | Outcome::Stayed => self.clone().fetch_parts(),
        }
    }

    /// Saves the draft a moment after the last answer, and tells the page that there was one.
    fn save_while_answering(self: &Rc<Self>) {
        let (timer, interview) = (Timer::default(), Rc::downgrade(self));
        let form = self.form;
        bind(Box::new(move || {
            if form.answered.get() > 0 {
                let interview = interview.clone();
                if let Some(interview) = interview.upgrade() {
                    interview.is_told.set(false);
                    if interview.courier.borrow().is_none() {
                        interview.keep_first();
                    }
                }
                timer.start(
                    DRAFT_AFTER_MS,
                    Box::new(move || {
                        if let Some(interview) = interview
                            .upgrade()
                            .filter(|interview| !interview.is_waiting.get())
                        {
                            interview.tell_answered();
                            interview.save_draft();
                        }
                    }),
                );
            }
        }));
    }

    /// Does what is asked for, for what is built elsewhere.
    fn going(self: &Rc<Self>) -> Rc<dyn Fn(Action)> {
        let interview = self.clone();
        Rc::new(move |action| interview.go(action))
    }
}

/// Lets the sheet go when the view ends.
struct LetGo(Rc<Interview>);

impl Drop for LetGo {
    fn drop(&mut self) {
        if let Some(courier) = self.0.courier.borrow().as_ref() {
            courier.let_go();
        }
    }
}

/// A session with the survey's rules if they are at hand, else one that shows the first page and notes what is done; with
/// what is answered already.
fn first_session(definition: Arc<Definition>, answers: &[Action]) -> Session {
    let engine = environment::engine();
    let mut session = match engine {
        Some(engine) => (engine.open)(definition, environment::of_browser()),
        None => Session::before(definition, environment::of_browser()),
    };
    for answer in answers {
        match engine {
            Some(engine) => drop((engine.apply)(&mut session, answer.clone())),
            None => session.note(answer.clone()),
        }
    }
    session
}
