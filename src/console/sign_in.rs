//! Becoming somebody of staff: signing in, the first admin, a password by a link.

use leptos::prelude::*;

use super::client::{self, Failure, Person};
use super::{Desk, Place};
use crate::messages::ConsoleText;

/// What a form is doing.
#[derive(Clone, Debug, PartialEq)]
enum Sending {
    Idle,
    Busy,
    Failed(ConsoleText),
}

fn failure(failure: &Failure) -> ConsoleText {
    let Failure::Refused(refusal) = failure else {
        return ConsoleText::Unreachable;
    };
    match (refusal.code.as_str(), refusal.field()) {
        ("sign-in-refused", _) => ConsoleText::WrongPassword,
        ("too-many-requests", _) => ConsoleText::TooManyTries,
        ("not-found", _) => ConsoleText::LinkUsed,
        (_, Some(("password", "too-short"))) => ConsoleText::PasswordTooShort,
        (_, Some(("password", _))) => ConsoleText::PasswordUnfit,
        (_, Some(("name", _))) => ConsoleText::NameUnfit,
        (_, Some(("mail", _))) => ConsoleText::MailUnfit,
        _ => ConsoleText::Unreachable,
    }
}

/// Sends a form and goes inside.
fn send(
    desk: Desk,
    sending: RwSignal<Sending>,
    request: impl Future<Output = Result<Person, Failure>> + 'static,
) {
    if sending.get_untracked() == Sending::Busy {
        return;
    }
    sending.set(Sending::Busy);
    leptos::task::spawn_local(async move {
        match request.await {
            Ok(person) => desk.place.set(Place::Inside(person)),
            Err(reason) => sending.set(Sending::Failed(failure(&reason))),
        }
    });
}

/// One labelled line.
#[component]
fn Line(
    desk: Desk,
    label: ConsoleText,
    kind: &'static str,
    complete: &'static str,
    value: RwSignal<String>,
    #[prop(optional)] hint: Option<ConsoleText>,
) -> impl IntoView {
    let note = hint.map(|hint| view! { <span class="hint">{move || desk.text(hint)}</span> });
    view! {
        <label>
            <span>{move || desk.text(label)}</span>
            {note}
            <input type=kind autocomplete=complete required=true prop:value=value
                on:input=move |event| value.set(event_target_value(&event)) />
        </label>
    }
}

/// The button at the end, and what went wrong.
#[component]
fn End(desk: Desk, sending: RwSignal<Sending>, label: ConsoleText) -> impl IntoView {
    view! {
        <p class="error" role="alert">
            {move || match sending.get() {
                Sending::Failed(text) => desk.text(text),
                Sending::Idle | Sending::Busy => "",
            }}
        </p>
        <button class="primary" aria-disabled=move || (sending.get() == Sending::Busy).to_string()>
            {move || desk.text(label)}
        </button>
    }
}

/// Signing in.
pub(super) fn sign_in(desk: Desk) -> impl IntoView {
    let (mail, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let sending = RwSignal::new(Sending::Idle);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (mail, password) = (mail.get_untracked(), password.get_untracked());
        send(desk, sending, async move {
            client::sign_in(&mail, &password).await
        });
    };
    view! {
        <form class="card narrow" on:submit=submit>
            <h1>{move || desk.text(ConsoleText::SignInHeading)}</h1>
            <Line desk=desk label=ConsoleText::Mail kind="email" complete="username" value=mail />
            <Line desk=desk label=ConsoleText::Password kind="password" complete="current-password" value=password />
            <End desk=desk sending=sending label=ConsoleText::SignIn />
            <p class="hint">{move || desk.text(ConsoleText::ForgotHint)}</p>
        </form>
    }
}

/// The first admin.
pub(super) fn set_up(desk: Desk, link: String) -> impl IntoView {
    let new = || RwSignal::new(String::new());
    let (name, mail, password) = (new(), new(), new());
    let sending = RwSignal::new(Sending::Idle);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let values = (
            link.clone(),
            name.get_untracked(),
            mail.get_untracked(),
            password.get_untracked(),
        );
        send(desk, sending, async move {
            let (link, name, mail, password) = values;
            client::set_up(&link, &name, &mail, &password).await
        });
    };
    view! {
        <form class="card narrow" on:submit=submit>
            <h1>{move || desk.text(ConsoleText::SetUpHeading)}</h1>
            <Line desk=desk label=ConsoleText::Name kind="text" complete="name" value=name hint=ConsoleText::NameHint />
            <Line desk=desk label=ConsoleText::Mail kind="email" complete="username" value=mail />
            <Line desk=desk label=ConsoleText::Password kind="password" complete="new-password" value=password
                hint=ConsoleText::PasswordHint />
            <End desk=desk sending=sending label=ConsoleText::SetUp />
        </form>
    }
}

/// A password by a link.
pub(super) fn set_password(desk: Desk, link: String) -> impl IntoView {
    let password = RwSignal::new(String::new());
    let sending = RwSignal::new(Sending::Idle);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let values = (link.clone(), password.get_untracked());
        send(desk, sending, async move {
            client::set_password(&values.0, &values.1).await
        });
    };
    view! {
        <form class="card narrow" on:submit=submit>
            <h1>{move || desk.text(ConsoleText::PasswordHeading)}</h1>
            <Line desk=desk label=ConsoleText::Password kind="password" complete="new-password" value=password
                hint=ConsoleText::PasswordHint />
            <End desk=desk sending=sending label=ConsoleText::SignIn />
        </form>
    }
}
