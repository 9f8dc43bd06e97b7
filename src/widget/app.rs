//! The app: which view is shown.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use js_sys::Promise;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use super::asking::Interview;
use super::client::{ClientError, Published};
use super::complaint::Way;
use super::dom::{El, el, texted};
use super::element::{Host, Settings};
use super::environment;
use super::form::{self, Language};
use super::part::{PartMissing, load_complaint, load_delivery};
use super::strings::Strings;
use crate::api::ProblemCode;
use crate::messages::Message;
use crate::survey::Definition;

/// What is shown, as its name on the root; a part brings the names of its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stage(pub(super) &'static str);

#[expect(
    non_upper_case_globals,
    reason = "they read as the variants of an enum"
)]
impl Stage {
    /// Something is on its way.
    pub(super) const Loading: Self = Self("loading");
    /// There is no survey to show, and another try would not help.
    pub(super) const Unavailable: Self = Self("unavailable");
    /// It could not be loaded; another try may help.
    pub(super) const Failed: Self = Self("failed");
    /// The survey.
    pub(super) const Asking: Self = Self("asking");
    /// The end.
    pub(super) const Done: Self = Self("done");
}

/// The place that views are shown in; clones are the same place.
#[derive(Clone, Debug)]
pub(super) struct Shown(Rc<Place>);

#[derive(Debug)]
struct Place {
    root: El,
    card: El,
    host: Host,
    /// Ends with the widget.
    widget: Owner,
    /// Ends with the view that is shown.
    view: RefCell<Owner>,
}

impl Shown {
    /// Shows a view instead of the one that is shown, whose bindings end.
    pub(super) fn show(&self, stage: Stage, view: impl FnOnce() -> Vec<El>) {
        let owner = self.0.widget.with(Owner::new);
        self.0.view.replace(owner.clone()).cleanup();
        self.0.root.clone().attr("data-state", stage.0);
        let children = owner.with(view);
        self.0.card.show(children);
    }

    /// Ends with the widget.
    pub(super) fn owner(&self) -> &Owner {
        &self.0.widget
    }

    /// An attribute of the element.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        self.0.host.attribute(name)
    }

    /// The card that views are shown in.
    pub(super) fn card(&self) -> &El {
        &self.0.card
    }

    /// Adds rules to the look of this widget.
    pub(super) fn adopt(&self, css: &str) {
        self.0.root.adopt(css);
    }

    /// Sends an event of the element.
    pub(super) fn tell(&self, name: &str, detail: &[(&str, JsValue)]) {
        self.0.host.tell(name, detail);
    }
}

/// Builds the widget inside its root `<div>`, under the owner that unmounting ends.
pub(super) fn build(root: &El, host: Host, settings: Settings, strings: Strings, started: Promise) {
    let language = RwSignal::new(Language {
        tag: settings.language.clone(),
        strings,
    });
    let name = move || Some(form::text(language, Message::SurveyLabel));
    let card = el("section")
        .class("card")
        .attr("part", "card")
        .bind_attr("aria-label", name);
    // A host's shortcuts must not eat what is typed here: keys and input stay inside.
    let fenced = ["keydown", "keyup", "keypress", "input", "paste"];
    let card = fenced.into_iter().fold(card, |card, name| {
        card.on(name, web_sys::Event::stop_propagation)
    });
    let root = root
        .clone()
        .child(card.clone())
        .bind_attr("lang", move || Some(language.read().tag.clone()));
    let widget = Owner::current().unwrap_or_default();
    let view = RefCell::new(widget.with(Owner::new));
    let shown = Shown(Rc::new(Place {
        root,
        card,
        host,
        widget,
        view,
    }));
    load(shown, Rc::new(settings), language, Some(started));
}

/// Loads the survey and shows it, or says why there is none.
fn load(
    shown: Shown,
    settings: Rc<Settings>,
    language: RwSignal<Language>,
    started: Option<Promise>,
) {
    shown.show(Stage::Loading, || {
        vec![texted("p", "plain waiting", move || {
            form::text(language, Message::Loading)
        })]
    });
    spawn_local(async move {
        // `complaint` or `case`.
        if shown
            .attribute("start")
            .is_some_and(|start| start.starts_with('c'))
        {
            let part = load_complaint().await;
            if language.is_disposed() {
                return;
            }
            return match part {
                Ok(open) => open(shown, settings, language, Way::Element),
                Err(PartMissing) => show_failed(
                    &shown,
                    settings,
                    language,
                    Stage::Failed,
                    Message::PartFailed,
                ),
            };
        }
        let published = settings.client.survey(&settings.survey, started).await;
        // The widget may have been removed while the definition was on its way.
        if language.is_disposed() {
            return;
        }
        let begun = published.map(
            |Published {
                 version,
                 definition,
             }| {
                let opening = Arc::new(Definition::opening(&definition));
                (version, opening, Rc::new(definition))
            },
        );
        let name = settings.survey.as_str().into();
        match begun {
            Ok((version, mut opening, definition)) => {
                if environment::engine().is_some() || !opening.opens_plain() {
                    match environment::fetch(&definition).await {
                        Ok((_, whole)) => opening = whole,
                        Err(PartMissing) => {
                            let message = Message::PartFailed;
                            return show_failed(&shown, settings, language, Stage::Failed, message);
                        }
                    }
                    if language.is_disposed() {
                        return;
                    }
                }
                Interview::begin(
                    shown.clone(),
                    settings.clone(),
                    language,
                    version,
                    opening,
                    definition,
                );
                shown.tell("qing-shown", &[("survey", name)]);
            }
            failed => {
                let (stage, message) = match failed {
                    Err(ClientError::OriginRefused) => (Stage::Unavailable, Message::SiteNotListed),
                    Err(ClientError::Unreachable | ClientError::Busy(_)) => {
                        (Stage::Failed, Message::Unreachable)
                    }
                    Err(ClientError::Refused(
                        ProblemCode::UnknownSurvey
                        | ProblemCode::SurveyClosed
                        | ProblemCode::SurveyNotOpen,
                    )) => {
                        if let Ok((_, close)) = load_delivery().await {
                            return close(shown, settings, language);
                        }
                        (Stage::Unavailable, Message::NotAvailable)
                    }
                    // The endpoint publishes only what this code can read; a cached build may be older.
                    Err(ClientError::Refused(_)) | Ok(_) => {
                        (Stage::Unavailable, Message::LoadFailed)
                    }
                };
                show_failed(&shown, settings, language, stage, message);
            }
        }
    });
}

/// Says why there is no survey, and offers another try where one may help.
fn show_failed(
    shown: &Shown,
    settings: Rc<Settings>,
    language: RwSignal<Language>,
    stage: Stage,
    message: Message,
) {
    let name = settings.survey.as_str().into();
    shown.tell("qing-error", &[("survey", name)]);
    let again = shown.clone();
    shown.show(stage, || {
        let why = texted("p", "", move || form::text(language, message));
        let plain = el("div").class("plain").attr("role", "alert").child(why);
        if stage == Stage::Unavailable {
            return vec![plain];
        }
        let retry = texted("button", "quiet", move || {
            form::text(language, Message::TryAgain)
        });
        let retry = retry.attr("type", "button").attr("data-act", "retry");
        vec![plain.child(retry.on("click", move |_| {
            load(again.clone(), settings.clone(), language, None)
        }))]
    });
}
