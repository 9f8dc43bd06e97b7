//! `POST /v1/responses`: a body is read, understood, checked by the survey's own rules and stored; only then is it acknowledged.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::{blocking, body};
use crate::api::{
    FieldError, Problem, ProblemCode, Receipt, Submission, SubmissionId, is_trapped, limits,
};
use crate::endpoint::App;
use crate::endpoint::availability::{self, Closed, Closure};
use crate::endpoint::catalogue::{Found, Published, Standing};
use crate::endpoint::clock::Timestamp;
use crate::endpoint::environment;
use crate::endpoint::guard;
use crate::endpoint::identity::Proven;
use crate::endpoint::problem::Refusal;
use crate::endpoint::store::{Kept, Outcome, Sheet};
use crate::endpoint::suspicion;
use crate::survey::Value;
use crate::survey::validation::{Fault, Violation, validate};

/// Faults told at once; a body that is nothing but faults must not be answered with more bytes than it had.
const TOLD: usize = 50;

pub(in crate::endpoint) async fn take(
    State(app): State<App>,
    request: Request,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    if !body::is_json(&parts) {
        body::discard(&parts, body);
        return Err(ProblemCode::UnsupportedType.into());
    }
    // What would be refused anyway is not read; but whoever reads slowly takes nobody's place.
    if let Err(error) = app.writer.enter() {
        body::discard(&parts, body);
        return Err(error.into());
    }
    let bytes = body::read(
        &parts,
        body,
        limits::BODY_BYTES,
        app.config.limits.body_idle,
    )
    .await?;
    let place = app.writer.enter()?;
    let value: Value = serde_json::from_slice(&bytes).map_err(|error| malformed(&error))?;
    let submission = Submission::from_value(&value)
        .map_err(|errors| refused(ProblemCode::InvalidBody, errors.into_iter()))?;
    guard::admit_page(&app, &submission.survey, &parts.headers)?;
    guard::limit_sheet(
        &app,
        &submission.survey,
        submission.context.invitation.as_deref(),
    )?;
    let now = app.config.clock.now();
    let is_trapped = is_trapped(&value);
    // Before anything of the survey is looked at.
    let (submission, proven) = prove(&app, submission, now).await?;
    let (submission, standing) = check(&app, submission, now).await?;
    if standing.invited_only && proven.is_none() && !submission.context.test {
        return Err(ProblemCode::InvitationRefused.into());
    }
    let is_suspect = proven.is_none() && suspicion::of_sheet(&submission, is_trapped);
    let mut sheet = sheet(&app, &submission, proven, &standing, now)?;
    sheet.suspect = is_suspect && !sheet.test;
    let outcome = app.writer.store(sheet).await?;
    drop(place);
    answer(&submission, &standing, outcome)
}

/// What the sheet proves of its respondent.
async fn prove(
    app: &App,
    submission: Submission,
    now: Timestamp,
) -> Result<(Submission, Option<Proven>), Refusal> {
    let context = &submission.context;
    if context.invitation.is_none() && context.identity.is_none() {
        return Ok((submission, None));
    }
    let shared = app.clone();
    blocking(move || {
        let proofs = &shared.proofs;
        let proven = proofs.of_sheet(&shared.keys, &submission.survey, &submission.context, now);
        Ok((submission, proven.map_err(Refusal::from)?))
    })
    .await?
}

/// Line and column only: the rest of the parser's words would name its inside.
pub(super) fn malformed(error: &serde_json::Error) -> Refusal {
    let place = format!(
        "the JSON cannot be read beyond line {}, column {}",
        error.line(),
        error.column()
    );
    Refusal::of_field(ProblemCode::InvalidJson, "", "malformed", &place)
}

pub(super) fn refused(code: ProblemCode, errors: impl Iterator<Item = FieldError>) -> Refusal {
    Refusal(Problem {
        errors: errors.take(TOLD).collect(),
        ..Problem::new(code)
    })
}

/// Holds a submission against its survey.
async fn check(
    app: &App,
    submission: Submission,
    now: Timestamp,
) -> Result<(Submission, Standing), Refusal> {
    // What is quick is done here: a thread of its own would take longer than the work.
    if app
        .catalogue
        .is_light(&submission.survey, submission.version)
    {
        let (submission, published, standing) = found(app, submission, now)?;
        return held(&published, submission, standing);
    }
    let shared = app.clone();
    let (submission, published, standing) =
        blocking(move || found(&shared, submission, now)).await??;
    let has_patterns = published.has_patterns;
    let check = move || held(&published, submission, standing);
    if has_patterns {
        app.matching.run(check).await?
    } else {
        blocking(check).await?
    }
}

/// The version that a submission answers, and how it stands.
fn found(
    app: &App,
    submission: Submission,
    now: Timestamp,
) -> Result<(Submission, Arc<Published>, Standing), Refusal> {
    let found = app
        .catalogue
        .find(&submission.survey, submission.version, now)
        .map_err(|error| {
            tracing::error!("a survey could not be looked up: {error}");
            ProblemCode::Busy
        })?;
    match found {
        Found::NoSurvey => Err(availability::unknown()),
        Found::NoVersion => Err(Refusal::of_field(
            ProblemCode::UnknownVersion,
            "version",
            "unknown",
            "the survey has no such version",
        )),
        Found::Version(published, standing) => Ok((submission, published, standing)),
    }
}

/// Holds a submission against the version it answers.
fn held(
    published: &Published,
    submission: Submission,
    standing: Standing,
) -> Result<(Submission, Standing), Refusal> {
    let violations = validate(
        &published.definition,
        environment::of_endpoint(),
        &submission.answers,
        submission.complete,
    );
    if violations.is_empty() {
        Ok((submission, standing))
    } else {
        Err(refused(
            ProblemCode::InvalidAnswers,
            violations.iter().map(field_error),
        ))
    }
}

fn field_error(violation: &Violation) -> FieldError {
    let message = match violation.fault {
        Fault::Required => "this question must be answered".to_owned(),
        Fault::WrongType => "this is another kind of value than the question takes".to_owned(),
        Fault::OutOfRange { min, max } => {
            format!("must be a point of the scale from {min} to {max}")
        }
        Fault::NotAChoice => "must be one of the question's choices, each at most once".to_owned(),
        Fault::TooLong(most) => format!("must have at most {most} characters"),
        Fault::TooMany(most) => format!("at most {most} may be chosen"),
        Fault::TooFew(least) => format!("at least {least} must be chosen"),
        Fault::NotAnEmail => "must be a mail address".to_owned(),
        Fault::NotANumber => "must be a number".to_owned(),
        Fault::WordsMissing => "words are needed beside this choice".to_owned(),
        Fault::RowMissing => "every row must be answered".to_owned(),
        Fault::RowTwice => "no two rows may have the same answer".to_owned(),
        Fault::BelowMin => "is below the least that may be answered".to_owned(),
        Fault::AboveMax => "is above the most that may be answered".to_owned(),
        Fault::OffStep => "must be a multiple of the step".to_owned(),
        Fault::Broken => "does not fulfil a rule of the survey".to_owned(),
        Fault::UnknownQuestion => "the survey has no such question".to_owned(),
    };
    FieldError {
        path: format!("answers.{}", violation.question),
        code: violation.fault.code().to_owned(),
        message,
    }
}

fn sheet(
    app: &App,
    submission: &Submission,
    proven: Option<Proven>,
    standing: &Standing,
    now: Timestamp,
) -> Result<Sheet, Refusal> {
    let context = &submission.context;
    let verified = proven.is_some();
    let claimed = Proven {
        delivery: context.delivery.clone(),
        account: context.account.clone(),
        contact: context.contact.clone(),
        invitation: None,
    };
    // Beside what is proved no claim of the page counts, but for the delivery that an identity says nothing of.
    let said = match proven {
        Some(proven) if proven.invitation.is_none() => Proven {
            delivery: claimed.delivery,
            ..proven
        },
        Some(proven) => proven,
        None => claimed,
    };
    let text = |value: &Value| {
        serde_json::to_string(value).map_err(|error| {
            tracing::error!("answers could not be written as JSON: {error}");
            ProblemCode::Internal
        })
    };
    Ok(Sheet {
        id: submission.id,
        survey: submission.survey.clone(),
        version: submission.version,
        revision: submission.revision,
        complete: submission.complete,
        page: submission.page.clone(),
        locale: submission.locale.clone(),
        started_at: submission.started_at.clone(),
        elapsed_ms: submission.elapsed_ms,
        received_at: now,
        channel: context.channel.clone(),
        delivery: said.delivery,
        account: said.account,
        contact: said.contact,
        verified,
        invitation: said.invitation.map(|(digest, _)| digest),
        once: said.invitation.is_some_and(|(_, once)| once),
        fields: text(&Value::Object(context.fields.clone()))?,
        answers: text(&submission.answers)?,
        test: context.test,
        suspect: false,
        lateness: standing.lateness,
        receipt: receipt(app, submission),
        digest: Sha256::digest(text(&canonical(submission))?).into(),
        photos: photos(&submission.answers),
    })
}

/// The photos that answers name: of a file question, each by its id in the place of its content.
fn photos(answers: &Value) -> Vec<[u8; 16]> {
    let Some(answers) = answers.as_object() else {
        return Vec::new();
    };
    let files = answers.iter().filter_map(|(_, answer)| answer.as_list());
    let ids = files.flatten().filter_map(|file| {
        let content = file.get("content")?.as_text()?;
        Some(*SubmissionId::parse(content)?.as_bytes())
    });
    ids.take(limits::PHOTOS_OF_SHEET).collect()
}

/// What the person can quote. A test's says so: it is all that whoever tries the survey out sees of the endpoint.
fn receipt(app: &App, submission: &Submission) -> String {
    let receipt = app.keys.receipt(submission.id.as_bytes());
    if submission.context.test {
        ["TEST-", &receipt].concat()
    } else {
        receipt
    }
}

/// The submission without its revision and with its keys in order, so that equal content has equal bytes.
fn canonical(submission: &Submission) -> Value {
    let mut value = submission.to_value();
    value.set("revision", Value::Null);
    sorted(value)
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Object(mut entries) => {
            entries.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Object(
                entries
                    .into_iter()
                    .map(|(key, value)| (key, sorted(value)))
                    .collect(),
            )
        }
        Value::List(items) => Value::List(items.into_iter().map(sorted).collect()),
        scalar @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_)) => scalar,
    }
}

fn answer(
    submission: &Submission,
    standing: &Standing,
    outcome: Outcome,
) -> Result<Response, Refusal> {
    let closed = |closure| {
        let message = standing.message.clone();
        Closed { closure, message }.refusal()
    };
    let (status, kept) = match outcome {
        Outcome::Created(kept) => (StatusCode::CREATED, kept),
        Outcome::Known(kept) => (StatusCode::OK, kept),
        Outcome::RevisionTaken => {
            return Err(Refusal::of_field(
                ProblemCode::RevisionTaken,
                "revision",
                "taken",
                "this revision is stored with other content; send a higher one",
            ));
        }
        Outcome::AlreadyComplete => {
            return Err(Refusal::of_field(
                ProblemCode::AlreadyComplete,
                "id",
                "complete",
                "this sheet is complete and can no longer change",
            ));
        }
        Outcome::IdTaken => {
            return Err(Refusal::of_field(
                ProblemCode::IdTaken,
                "id",
                "taken",
                "this id belongs to another survey or invitation, or to a test; make a new one",
            ));
        }
        Outcome::Answered => {
            return Err(Refusal::of_field(
                ProblemCode::AlreadyComplete,
                "context.invitation",
                "answered",
                "this invitation was answered before, and is answered once",
            ));
        }
        Outcome::Full => return Err(closed(Closure::Full)),
        Outcome::Early | Outcome::Closed => {
            if let Some(closure) = standing.closure {
                return Err(closed(closure));
            }
            return Err(Refusal::of_field(
                ProblemCode::UnknownVersion,
                "version",
                "closed",
                "this version was replaced more than 30 days ago",
            ));
        }
    };
    let Kept {
        receipt,
        received_at,
        revision,
        complete,
    } = kept;
    let receipt = Receipt {
        id: submission.id,
        receipt,
        received_at: received_at.to_string(),
        revision,
        complete,
        test: submission.context.test,
    };
    let body = serde_json::to_vec(&receipt.to_value()).map_err(|_| ProblemCode::Internal)?;
    Ok((
        status,
        [
            (CONTENT_TYPE, "application/json"),
            (CACHE_CONTROL, "no-store"),
        ],
        body,
    )
        .into_response())
}
