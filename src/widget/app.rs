//! The app: which view is shown, and what becomes of an answer.

mod asking;
mod done;

use std::sync::Arc;

use js_sys::Promise;
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use web_sys::HtmlElement;

use self::asking::Asking;
use self::done::Done;
use super::client::{Client, ClientError, Published};
use super::courier::Courier;
use super::element::{Host, Settings};
use super::form::Form;
use super::queue::{Queue, Sent, new_id, now};
use super::strings::Strings;
use crate::api::{ProblemCode, Submission};
use crate::messages::Message;
use crate::survey::text::language_of;
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

/// The widget inside its root `<div>`.
#[component]
pub(super) fn App(
    /// The `<div>` it is mounted on, which carries the stage and the language.
    root: HtmlElement,
    /// The element on the host's page.
    host: Host,
    /// What its attributes say.
    settings: Settings,
    /// The texts of the first language.
    strings: Strings,
    /// The loader's request for the definition.
    started: Promise,
) -> impl IntoView {
    let stage = RwSignal::new(Stage::Loading);
    let locale = RwSignal::new(settings.language.clone());
    let strings = RwSignal::new(strings);
    let interview = RwSignal::new_local(None::<Interview>);
    let owner = Owner::current().unwrap_or_default();

    Effect::new({
        let root = SendWrapper::new(root.clone());
        move || {
            // The root is an element of our own, which takes every attribute.
            root.set_attribute("data-state", stage.get().name()).ok();
            root.set_attribute("lang", &locale.read()).ok();
        }
    });
    Effect::new(move || {
        let Some(interview) = interview.get() else { return };
        // The courier's texts follow the language that is shown.
        interview.form.locale.set(locale.get());
        interview.form.strings.set(strings.get());
    });

    let load = {
        let settings = settings.clone();
        let host = host.clone();
        move |started: Option<Promise>| {
            stage.set(Stage::Loading);
            let (settings, host, owner) = (settings.clone(), host.clone(), owner.clone());
            spawn_local(async move {
                let queue = Queue::open();
                let published = settings.client.survey(&settings.survey, started).await;
                let queue = queue.await;
                match published.map(|published| begin(&settings, &published)) {
                    Ok(Some((definition, mut submission))) => {
                        let draft = queue.draft(&submission, &settings.client.endpoint).await;
                        let session = match &draft {
                            Some(draft) => {
                                submission.clone_from(&draft.submission);
                                // What the last visit has sent of it is not known for sure.
                                submission.revision += 1;
                                Session::resume(definition, &submission.answers, submission.page.as_deref())
                            }
                            None => Session::new(definition),
                        };
                        let courier = Courier::new(settings.client.clone(), queue, submission);
                        owner.with(|| {
                            let begun = Interview::new(session, courier, host.clone(), stage, draft.is_some());
                            begun.form.locale.set(locale.get_untracked());
                            begun.form.strings.set(strings.get_untracked());
                            interview.try_set(Some(begun));
                            stage.try_set(Stage::Asking);
                        });
                        host.tell("qing-shown", &[("survey", settings.survey.as_str().into())]);
                    }
                    failed => {
                        let (message, may_retry) = match failed {
                            Err(ClientError::OriginRefused) => (Message::OriginRefused, false),
                            Err(ClientError::Unreachable | ClientError::Busy(_)) => (Message::Unreachable, true),
                            Err(ClientError::Refused(problem)) if problem.code == ProblemCode::UnknownSurvey => {
                                (Message::NotAvailable, false)
                            }
                            Err(ClientError::Refused(_)) | Ok(_) => (Message::LoadFailed, false),
                        };
                        stage.try_set(Stage::Unavailable(message, may_retry));
                        host.tell("qing-error", &[("survey", settings.survey.as_str().into())]);
                    }
                }
            });
        }
    };
    load(Some(started));

    let load = StoredValue::new_local(load);
    let languages = StoredValue::new(settings.languages.clone());
    let client = StoredValue::new_local(settings.client.clone());
    let body = move || match (stage.get(), interview.get()) {
        (Stage::Asking, Some(interview)) => {
            view! { <Asking interview languages=languages.get_value() locale strings client=client.get_value() /> }.into_any()
        }
        (Stage::Done, Some(interview)) => view! { <Done interview /> }.into_any(),
        (Stage::Unavailable(message, may_retry), _) => {
            let retry = may_retry.then(|| {
                view! {
                    <button type="button" class="quiet" data-act="retry" on:click=move |_| load.with_value(|load| load(None))>
                        {strings.read_untracked().text(Message::TryAgain)}
                    </button>
                }
            });
            view! {
                <div class="plain" role="alert">
                    <p>{strings.read_untracked().text(message)}</p>
                    {retry}
                </div>
            }
            .into_any()
        }
        _ => view! { <p class="plain waiting">{strings.read_untracked().text(Message::Loading)}</p> }.into_any(),
    };
    // A host's shortcuts must not eat what is typed here: keys and input stay inside.
    let fence = |event: web_sys::Event| event.stop_propagation();
    view! {
        <section
            class="card"
            aria-label=move || strings.read().text(Message::SurveyLabel)
            on:keydown=move |event| fence(event.into())
            on:keyup=move |event| fence(event.into())
            on:keypress=move |event| fence(event.into())
            on:input=move |event| fence(event.into())
            on:paste=move |event| fence(event.into())
        >
            {body}
        </section>
    }
}

/// A definition that can be asked, and the sheet to fill in; nothing if this build cannot read the definition.
fn begin(settings: &Settings, published: &Published) -> Option<(Arc<Definition>, Submission)> {
    let definition = Definition::from_value(&published.definition).ok()?;
    let submission = Submission {
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
    Some((Arc::new(definition), submission))
}

impl Interview {
    fn new(session: Session, courier: Courier, host: Host, stage: RwSignal<Stage>, is_resumed: bool) -> Self {
        let is_durable = courier.is_durable();
        let form = Form {
            session: RwSignal::new(session),
            locale: RwSignal::new(String::new()),
            strings: RwSignal::new(Strings::default()),
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
        (self.form.session.get_untracked(), self.form.locale.get_untracked())
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
                    host.tell("qing-submitted", &[("receipt", receipt.receipt.as_str().into())]);
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

/// The next of the languages that both the survey and this build have, if there is another.
fn other_language(definition: &Definition, languages: &[String], current: &str) -> Option<String> {
    let offered = definition.languages();
    let usable: Vec<&String> =
        languages.iter().filter(|tag| offered.iter().any(|offer| language_of(offer) == language_of(tag))).collect();
    let place = usable.iter().position(|tag| language_of(tag) == language_of(current))?;
    usable.get((place + 1) % usable.len()).filter(|_| usable.len() > 1).map(|tag| (*tag).clone())
}

/// Loads another language's texts and shows them; the answers stay.
fn switch_language(client: Client, language: String, locale: RwSignal<String>, strings: RwSignal<Strings>) {
    spawn_local(async move {
        // Without a network the language that is shown stays.
        if let Ok(array) = client.strings(&language).await {
            strings.try_set(Strings::from_array(&array));
            locale.try_set(language);
        }
    });
}
