//! `/v1/staff/policies`, `/v1/staff/calendars`, `/v1/staff/terms/…`: which rules of time hold, and for whom.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{Path, blocking, cases, staff};
use crate::api::{FieldError, Problem, ProblemCode, limits};
use crate::complaint::{Policy, Role};
use crate::endpoint::App;
use crate::endpoint::cases::policies::{Published, RuleChange, RuleError};
use crate::endpoint::clock::Timestamp;
use crate::endpoint::guard::Actor;
use crate::endpoint::problem::Refusal;
use crate::endpoint::store::{RuleKind, Terms};

/// What can be asked for: `{"action":"publish","tier":"gold","policy":{"update":[…]},"note":"…"}`,
/// `{"action":"revert","tier":"gold","to":3,"note":"…"}`. Without a tier it is everybody's.
#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
enum Wanted {
    Publish {
        #[serde(default)]
        tier: String,
        policy: Box<Policy>,
        note: String,
    },
    Revert {
        #[serde(default)]
        tier: String,
        to: u32,
        note: String,
    },
}

/// The same of calendars, with `region` and `calendar`.
#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
enum WantedCalendar {
    Publish {
        #[serde(default)]
        region: String,
        calendar: Json,
        note: String,
    },
    Revert {
        #[serde(default)]
        region: String,
        to: u32,
        note: String,
    },
}

/// What was agreed with an account.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Agreed {
    #[serde(default)]
    tier: String,
    #[serde(default)]
    region: String,
}

/// Every policy, and which hold.
pub(in crate::endpoint) async fn list(
    State(app): State<App>,
    _: Actor,
) -> Result<Response, Refusal> {
    listed(app, RuleKind::Policy).await
}

/// Every calendar, and which hold.
pub(in crate::endpoint) async fn list_calendars(
    State(app): State<App>,
    _: Actor,
) -> Result<Response, Refusal> {
    listed(app, RuleKind::Calendar).await
}

/// Another policy holds from now on for cases that come in.
pub(in crate::endpoint) async fn change(
    State(app): State<App>,
    actor: Actor,
    request: Request,
) -> Result<Response, Refusal> {
    sets(actor)?;
    let (wanted, known) = staff::read::<Wanted>(&app, request).await?;
    let (change, note) = match wanted {
        Wanted::Publish { tier, policy, note } => (RuleChange::Policy { tier, policy }, note),
        Wanted::Revert { tier, to, note } => {
            let kind = RuleKind::Policy;
            let scope = tier;
            (RuleChange::Revert { kind, scope, to }, note)
        }
    };
    put(app, actor, known, change, note).await
}

/// Another calendar holds from now on for cases that come in.
pub(in crate::endpoint) async fn change_calendar(
    State(app): State<App>,
    actor: Actor,
    request: Request,
) -> Result<Response, Refusal> {
    sets(actor)?;
    let (wanted, known) = staff::read::<WantedCalendar>(&app, request).await?;
    let (change, note) = match wanted {
        WantedCalendar::Publish {
            region,
            calendar,
            note,
        } => {
            let text = calendar.to_string();
            (RuleChange::Calendar { region, text }, note)
        }
        WantedCalendar::Revert { region, to, note } => {
            let kind = RuleKind::Calendar;
            let scope = region;
            (RuleChange::Revert { kind, scope, to }, note)
        }
    };
    put(app, actor, known, change, note).await
}

/// The terms of an account.
pub(in crate::endpoint) async fn terms(
    State(app): State<App>,
    _: Actor,
    Path(account): Path<String>,
) -> Result<Response, Refusal> {
    let now = app.config.clock.now();
    let terms = blocking(move || app.cases.terms(&account, now)).await??;
    Ok(of_terms(&terms))
}

/// Other terms of an account, for the cases that come in from now on.
pub(in crate::endpoint) async fn agree(
    State(app): State<App>,
    actor: Actor,
    Path(account): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    sets(actor)?;
    let (wanted, known) = staff::read::<Agreed>(&app, request).await?;
    name("tier", &wanted.tier)?;
    name("region", &wanted.region)?;
    let terms = Terms {
        tier: wanted.tier,
        region: wanted.region,
        version: known.saturating_add(1),
    };
    let now = app.config.clock.now();
    let agreed = blocking(move || {
        let agreed = app.cases.agree(actor.into(), &account, &terms, now);
        agreed.map(|()| terms)
    });
    Ok(of_terms(&agreed.await?.map_err(refused)?))
}

/// Rules of time are a setting: whoever is measured by them does not make them.
fn sets(actor: Actor) -> Result<(), Refusal> {
    if actor.role == Role::Admin {
        Ok(())
    } else {
        Err(ProblemCode::NotAllowed.into())
    }
}

async fn put(
    app: App,
    actor: Actor,
    known: u32,
    change: RuleChange,
    note: String,
) -> Result<Response, Refusal> {
    let scope = match &change {
        RuleChange::Policy { tier, .. } => ("tier", tier),
        RuleChange::Calendar { region, .. } => ("region", region),
        RuleChange::Revert { kind, scope, .. } => match kind {
            RuleKind::Policy => ("tier", scope),
            RuleKind::Calendar => ("region", scope),
        },
    };
    name(scope.0, scope.1)?;
    if note.trim().is_empty() {
        let message = "must say why it changes";
        let code = ProblemCode::InvalidBody;
        return Err(Refusal::of_field(code, "note", "missing", message));
    }
    let scope = scope.1.clone();
    let now = app.config.clock.now();
    let done = blocking(move || {
        let cases = &app.cases;
        cases.put_in_force(actor.into(), known, &change, &note, now)
    });
    let version = done.await?.map_err(refused)?;
    let answer = json!({"scope": scope, "version": version});
    let mut response = cases::respond(StatusCode::OK, &answer);
    staff::tagged(&mut response, version);
    Ok(response)
}

/// Short names, so that they fit wherever they are read.
fn name(path: &str, name: &str) -> Result<(), Refusal> {
    let is_fit = name.len() <= limits::SURVEY_CHARS
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if is_fit {
        return Ok(());
    }
    let message = "must be at most 64 of a–z, 0–9 and -";
    let code = ProblemCode::InvalidBody;
    Err(Refusal::of_field(code, path, "malformed", message))
}

fn refused(error: RuleError) -> Refusal {
    let code = ProblemCode::ActionRefused;
    match error {
        RuleError::Clash => ProblemCode::VersionClash.into(),
        RuleError::Faulty(faults) => {
            let errors = faults.into_iter().map(|(path, fault)| FieldError {
                path: format!("policy.{path}"),
                code: fault.code().to_owned(),
                message: fault.message().to_owned(),
            });
            Refusal(Problem {
                errors: errors.collect(),
                ..Problem::new(code)
            })
        }
        RuleError::TierLonger(tier, path) => {
            let message =
                format!("would be shorter than what the tier {tier:?} has; shorten that one first");
            Refusal::of_field(code, &format!("policy.{path}"), "longer", &message)
        }
        RuleError::Calendar(error) => {
            Refusal::of_field(code, "calendar", "malformed", &error.to_string())
        }
        RuleError::Unknown => {
            let message = "nothing of this name or version was published";
            Refusal::of_field(code, "", "unknown", message)
        }
        RuleError::Failed(error) => error.into(),
    }
}

async fn listed(app: App, kind: RuleKind) -> Result<Response, Refusal> {
    let published = blocking(move || app.cases.published(kind)).await??;
    Ok(cases::respond(
        StatusCode::OK,
        &of_published(kind, &published),
    ))
}

fn of_published(kind: RuleKind, published: &Published) -> Json {
    let read = |text: &str| serde_json::from_str::<Json>(text).unwrap_or(Json::Null);
    let (first, scope) = match kind {
        RuleKind::Policy => (json!({"version": 1, "body": Policy::published()}), "tier"),
        RuleKind::Calendar => (json!({"version": 0}), "region"),
    };
    let versions = published.versions.iter().map(|row| {
        json!({
            "version": row.version, scope: row.scope, "at": Timestamp(row.at).to_string(),
            "by": read(&row.actor), "note": row.note, "body": read(&row.body),
        })
    });
    let versions: Vec<_> = std::iter::once(first).chain(versions).collect();
    let in_force = published.in_force.iter().map(|row| {
        json!({"version": row.version, scope: row.scope, "since": Timestamp(row.at).to_string(), "by": read(&row.actor)})
    });
    json!({"versions": versions, "in_force": in_force.collect::<Vec<_>>()})
}

fn of_terms(terms: &Terms) -> Response {
    let answer = json!({"tier": terms.tier, "region": terms.region, "version": terms.version});
    let mut response = cases::respond(StatusCode::OK, &answer);
    staff::tagged(&mut response, terms.version);
    response
}
