//! The pages of the survey: progress, questions, the way forward and back.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use super::app::{Shown, Stage};
use super::delivery::{Courier, Opening};
use super::dom::{El, Timer, after, bind, el, keep, listen, soon, texted};
use super::element::Settings;
use super::environment::{self, Engine};
use super::form::{Form, Language};
use super::page;
use super::part::{PartMissing, failed, load_delivery};
use super::sheet::Sheet;
use crate::messages::Message;
use crate::survey::definition::{ButtonTexts, Counted, Definition};
use crate::survey::session::{Action, Outcome};
use crate::survey::{LocalizedText, Session, Value};

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
        self.is_waiting.set(true);
        match self.courier.borrow().as_ref() {
            Some(courier) => courier.deliver(self.form, self.shown.clone()),
            None => self.keep_first(),
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
                if let Some(interview) = interview.upgrade()
                    && interview.courier.borrow().is_none()
                {
                    interview.keep_first();
                }
                timer.start(
                    DRAFT_AFTER_MS,
                    Box::new(move || {
                        if let Some(interview) = interview
                            .upgrade()
                            .filter(|interview| !interview.is_waiting.get())
                        {
                            let survey = interview.settings.survey.as_str().into();
                            interview.shown.tell("qing-answered", &[("survey", survey)]);
                            interview.save_draft();
                        }
                    }),
                );
            }
        }));
    }

    fn view(self: &Rc<Self>) -> El {
        let form = self.form;
        let definition = form
            .session
            .with_untracked(|session| session.definition().clone());
        let progress = definition.progress;
        let bar = |_| {
            let width = move || {
                form.turned.get();
                let (at, of, _) = progress_of(form);
                JsValue::from_str(&["width:", &(at * 100 / of.max(1)).to_string(), "%"].concat())
            };
            let bar = el("div").class("bar").bind_prop("style", width);
            el("div")
                .class("progress")
                .attr("part", "progress")
                .attr("aria-hidden", "true")
                .child(bar)
        };
        let step = texted("span", "step", move || {
            if progress.is_above || progress.is_below {
                progress_text(form)
            } else {
                String::new()
            }
        });
        let steps = environment::engine().filter(|_| progress.counted == Counted::Steps);
        let steps = steps.map(|engine| (engine.steps)(form, self.going()));
        let top = self.top.clone().child(step);
        let hint = definition
            .auto_advance
            .then(|| texted("p", "hint", move || form.text(Message::GoesOnByItself)));
        let element = self
            .element
            .clone()
            .children(progress.is_above.then_some(()).map(bar))
            .child(top)
            .children(steps)
            .children(hint)
            .child(self.page());
        let interview = self.clone();
        let on_submit = move |event: &web_sys::Event| {
            event.prevent_default();
            interview.go(Action::Next);
        };
        element
            .child(self.notice.clone())
            .children(progress.is_below.then_some(()).map(bar))
            .child(self.actions())
            .child(self.announced.clone())
            .on("submit", on_submit)
    }

    /// Does what is asked for, for what is built elsewhere.
    fn going(self: &Rc<Self>) -> Rc<dyn Fn(Action)> {
        let interview = self.clone();
        Rc::new(move |action| interview.go(action))
    }

    /// The questions of the page that is shown; their bindings end when the page is turned.
    fn page(self: &Rc<Self>) -> El {
        let form = self.form;
        let go = self.going();
        let page = el("div").class("page");
        let shown = page.clone();
        bind(Box::new(move || {
            if form.turned.get() == 1 {
                // The first page is simply there; from then on pages come in.
                shown.clone().class("page turned");
            }
            let definition = form
                .session
                .with_untracked(|session| session.definition().clone());
            let of = form
                .session
                .with_untracked(|session| session.page().cloned());
            let is_preview = form.session.with_untracked(Session::is_previewing);
            if let Some(engine) = environment::engine().filter(|_| is_preview) {
                shown.show((engine.preview)(form, &definition, &go));
            } else if let Some(of) = of {
                shown.show(page::view(form, &definition, &of));
            }
        }));
        page
    }

    fn actions(self: &Rc<Self>) -> El {
        let form = self.form;
        let interview = self.clone();
        let back = texted("button", "quiet", move || {
            button_text(form, |buttons| &buttons.back, Message::Back)
        })
        .attr("type", "button")
        .attr("part", "back");
        let back = back.bind_flag("hidden", move || !form.look(Session::can_go_back));
        let back = back.on("click", move |_| interview.go(Action::Back));
        let label = texted("span", "label", move || forward_text(form));
        let spinner = el("span").class("spinner").attr("aria-hidden", "true");
        let forward = el("button")
            .attr("type", "submit")
            .attr("part", "primary")
            .child(label)
            .child(spinner);
        // A complete session that is still shown is on its way.
        let class = move || {
            Some(
                if form.look(Session::is_complete) {
                    "primary busy"
                } else {
                    "primary"
                }
                .to_owned(),
            )
        };
        let forward = forward.bind_attr("class", class);
        let forward = forward.bind_attr("aria-disabled", move || {
            form.look(|session| session.is_complete().then(|| "true".to_owned()))
        });
        el("div").class("actions").child(back).child(forward)
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

/// (so far, of how many, and the words for it).
fn progress_of(form: Form) -> (usize, usize, Message) {
    let counted = |session: &Session| {
        matches!(
            session.definition().progress.counted,
            Counted::Questions | Counted::Required
        )
    };
    match environment::engine() {
        Some(engine) if form.look(counted) => {
            let (answered, all) = form.look(engine.answered);
            (answered, all, Message::Answered)
        }
        _ => {
            let (page, pages) = form.look(Session::progress);
            (page, pages, Message::Progress)
        }
    }
}

fn progress_text(form: Form) -> String {
    // How many pages there are is not known before.
    if !form.look(Session::is_open) {
        return String::new();
    }
    let (at, of, message) = progress_of(form);
    form.fill(
        message,
        &[("page", &at.to_string()), ("pages", &of.to_string())],
    )
}

fn forward_text(form: Form) -> String {
    if form.look(Session::is_starting) {
        return button_text(form, |buttons| &buttons.start, Message::Start);
    }
    if form.look(Session::leads_to_preview) {
        return button_text(form, |buttons| &buttons.preview, Message::Preview);
    }
    if form.look(Session::is_last_page) {
        return button_text(form, |buttons| &buttons.complete, Message::Submit);
    }
    button_text(form, |buttons| &buttons.next, Message::Next)
}

/// The author's text of a button, or ours.
fn button_text(form: Form, of: fn(&ButtonTexts) -> &LocalizedText, ours: Message) -> String {
    let own = form.look(|session| form.resolve(of(&session.definition().buttons)));
    if own.is_empty() { form.text(ours) } else { own }
}
