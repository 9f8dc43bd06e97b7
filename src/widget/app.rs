//! The app: which view is shown, and what becomes of an answer.

mod asking;
mod done;

use std::rc::Rc;
use std::sync::Arc;

use js_sys::Promise;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::client::ClientError;
use super::courier::Courier;
use super::dom::{El, el, texted};
use super::element::{Host, Settings};
use super::form::{Form, Language};
use super::queue::{Queue, Sent, new_id, now};
use super::strings::Strings;
use crate::api::{ProblemCode, Submission};
use crate::messages::Message;
use crate::survey::{Definition, Session, Value};

/// What is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    Loading,
    /// There is no survey to show; why, and whether another try may help.
    Unavailable(Message, bool),
    Asking,
    Done,
}

impl Stage {
    fn name(self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::Unavailable(_, true) => "failed",
            Self::Unavailable(_, false) => "unavailable",
            Self::Asking => "asking",
            Self::Done => "done",
        }
    }
}

/// One survey on its way from asking to its receipt; copies are handles to the same one.
#[derive(Clone, Copy)]
struct Interview {
    form: Form,
    courier: StoredValue<Courier, LocalStorage>,
    host: StoredValue<Host, LocalStorage>,
    stage: RwSignal<Stage>,
    /// Whether the complete sheet is on its way for the first time.
    is_sending: RwSignal<bool>,
    /// What became of the complete sheet.
    sent: RwSignal<Option<Sent>, LocalStorage>,
    /// Whether answers of an earlier visit were found.
    is_resumed: bool,
    is_durable: bool,
}

/// Builds the widget inside its root `<div>`, under the owner that unmounting ends.
pub(super) fn build(root: &El, host: Host, settings: Settings, strings: Strings, started: Promise) {
    let stage = RwSignal::new(Stage::Loading);
    let interview = StoredValue::new_local(None::<Interview>);
    let language = Language {
        locale: RwSignal::new(settings.language.clone()),
        strings: RwSignal::new(strings),
    };
    let settings = Rc::new(settings);
    let owner = Owner::current().unwrap_or_default();

    let load = {
        let settings = settings.clone();
        Rc::new(move |started: Option<Promise>| {
            stage.set(Stage::Loading);
            let (settings, host, owner) = (settings.clone(), host.clone(), owner.clone());
            spawn_local(async move {
                let begun = begin(&settings, started).await;
                // The widget may have been removed while the definition was on its way.
                if stage.is_disposed() {
                    return;
                }
                let (event, reached) = match begun {
                    Ok((session, courier, is_resumed)) => {
                        let begun = owner.with(|| {
                            Interview::new(
                                session,
                                courier,
                                host.clone(),
                                stage,
                                language,
                                is_resumed,
                            )
                        });
                        interview.set_value(Some(begun));
                        ("qing-shown", Stage::Asking)
                    }
                    Err(unavailable) => ("qing-error", unavailable),
                };
                stage.set(reached);
                host.tell(event, &[("survey", settings.survey.as_str().into())]);
            });
        })
    };
    load(Some(started));

    let text = move |message| language.strings.read().text(message);
    let body = move || match (stage.get(), interview.get_value()) {
        (Stage::Asking, Some(interview)) => vec![asking::view(interview, &settings)],
        (Stage::Done, Some(interview)) => vec![done::view(interview)],
        (Stage::Unavailable(message, may_retry), _) => {
            let load = load.clone();
            let retry = may_retry.then(|| {
                let retry = texted("button", "quiet", move || text(Message::TryAgain))
                    .attr("type", "button");
                retry
                    .attr("data-act", "retry")
                    .on("click", move |_| load(None))
            });
            let why = texted("p", "", move || text(message));
            vec![
                el("div")
                    .class("plain")
                    .attr("role", "alert")
                    .child(why)
                    .children(retry),
            ]
        }
        _ => vec![texted("p", "plain waiting", move || text(Message::Loading))],
    };
    let card = el("section")
        .class("card")
        .bind_attr("aria-label", move || Some(text(Message::SurveyLabel)));
    // A host's shortcuts must not eat what is typed here: keys and input stay inside.
    let fenced = ["keydown", "keyup", "keypress", "input", "paste"];
    let card = fenced.into_iter().fold(card, |card, name| {
        card.on(name, web_sys::Event::stop_propagation)
    });
    let root = root.clone().child(card.bind_children(body));
    root.bind_attr("data-state", move || Some(stage.get().name().to_owned()))
        .bind_attr("lang", move || Some(language.locale.get()));
}

/// Loads the survey, and goes on with what an earlier visit left: the session, its courier, and whether it was resumed.
async fn begin(
    settings: &Settings,
    started: Option<Promise>,
) -> Result<(Session, Courier, bool), Stage> {
    let published = settings
        .client
        .survey(&settings.survey, started)
        .await
        .map_err(|error| match error {
            ClientError::OriginRefused => Stage::Unavailable(Message::OriginRefused, false),
            ClientError::Unreachable | ClientError::Busy(_) => {
                Stage::Unavailable(Message::Unreachable, true)
            }
            ClientError::Refused(problem) if problem.code == ProblemCode::UnknownSurvey => {
                Stage::Unavailable(Message::NotAvailable, false)
            }
            ClientError::Refused(_) => Stage::Unavailable(Message::LoadFailed, false),
        })?;
    let Ok(definition) = Definition::from_value(&published.definition) else {
        // The endpoint publishes only what this code can read; a cached build may be older.
        return Err(Stage::Unavailable(Message::LoadFailed, false));
    };
    let definition = Arc::new(definition);
    let mut submission = Submission {
        id: new_id(),
        survey: settings.survey.clone(),
        version: published.version,
        revision: 1,
        complete: false,
        locale: settings.language.clone(),
        started_at: now(),
        elapsed_ms: 0,
        page: None,
        answers: Value::Object(Vec::new()),
        context: settings.context.clone(),
    };
    let queue = Queue::open().await;
    let draft = queue.draft(&submission, &settings.client.endpoint).await;
    let session = match &draft {
        Some(draft) => {
            submission.clone_from(&draft.submission);
            // Whether the last visit's revision arrived is not known.
            submission.revision += 1;
            Session::resume(definition, &submission.answers, submission.page.as_deref())
        }
        None => Session::new(definition),
    };
    Ok((
        session,
        Courier::new(settings.client.clone(), queue, submission),
        draft.is_some(),
    ))
}

impl Interview {
    fn new(
        session: Session,
        courier: Courier,
        host: Host,
        stage: RwSignal<Stage>,
        language: Language,
        is_resumed: bool,
    ) -> Self {
        let is_durable = courier.is_durable();
        let form = Form {
            session: RwSignal::new(session),
            language,
            answered: RwSignal::new(0),
        };
        let flushed = courier.clone();
        spawn_local(async move { flushed.flush().await });
        Self {
            form,
            courier: StoredValue::new_local(courier),
            host: StoredValue::new_local(host),
            stage,
            is_sending: RwSignal::new(false),
            sent: RwSignal::new_local(None),
            is_resumed,
            is_durable,
        }
    }

    /// The session and language as they are now, outside of any reactive context.
    fn snapshot(self) -> (Session, String) {
        (
            self.form.session.get_untracked(),
            self.form.language.locale.get_untracked(),
        )
    }

    /// Saves the answers so far on this device.
    fn save_draft(self) {
        let (session, locale) = self.snapshot();
        let courier = self.courier.get_value();
        spawn_local(async move { courier.save_draft(&session, &locale).await });
    }

    /// Sends the page that was left.
    fn send_partial(self) {
        let (session, locale) = self.snapshot();
        let courier = self.courier.get_value();
        spawn_local(async move { courier.send_partial(&session, &locale).await });
    }

    /// Sends the complete sheet, and shows the end as soon as it is known what became of it.
    fn deliver(self) {
        let (session, locale) = self.snapshot();
        let courier = self.courier.get_value();
        self.is_sending.set(true);
        spawn_local(async move {
            let tell = move |sent: Sent| {
                if let Sent::Acknowledged(receipt) = &sent
                    && let Some(host) = self.host.try_get_value()
                {
                    host.tell(
                        "qing-submitted",
                        &[("receipt", receipt.receipt.as_str().into())],
                    );
                }
                // The widget may have been removed while it was sending.
                self.sent.try_set(Some(sent));
                self.is_sending.try_set(false);
                self.stage.try_set(Stage::Done);
            };
            courier.deliver(&session, &locale, tell).await;
        });
    }
}
