//! `/v1/staff/cases`: the queue, a case from inside, and every action of staff on it.

use axum::extract::{Request, State};
use axum::http::header::{ETAG, IF_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use super::{Path, blocking, body, cases, responses};
use crate::api::{ProblemCode, SubmissionId, limits};
use crate::complaint::event::{IssueClass, IssueOutcome};
use crate::complaint::{
    Action, Category, DeclineReason, Draft, Field, Flags, LifeStage, Policy, Role, Severity,
    StaffId, Words,
};
use crate::endpoint::App;
use crate::endpoint::accounts::sees;
use crate::endpoint::cases::{CaseError, Inside, Wish};
use crate::endpoint::clock::Timestamp;
use crate::endpoint::guard::Actor;
use crate::endpoint::problem::Refusal;
use crate::endpoint::records;

/// What staff can ask for, as it is written: `{"action":"ask","text":"…","reply_by":"2026-12-01T09:00Z"}`. The actions
/// without fields have braces all the same: in a unit variant serde would let unknown fields pass.
#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
enum Wanted {
    Acknowledge {},
    Assess {
        severity: Severity,
        #[serde(default)]
        flags: Flags,
        issues: Vec<Issue>,
        owner: Option<u32>,
        #[serde(default)]
        text: String,
    },
    Regrade {
        severity: Severity,
        #[serde(default)]
        flags: Flags,
        #[serde(default)]
        text: String,
    },
    FindIssue {
        category: Category,
        stage: LifeStage,
        text: String,
    },
    AdoptPolicy {
        policy: u32,
        #[serde(default)]
        text: String,
    },
    Begin {},
    Ask {
        text: String,
        reply_by: String,
    },
    HandToPartner {
        party: String,
        expected: String,
    },
    TakeBack {},
    Draft(Decision),
    SignOff {},
    Respond {},
    RemedyDone {},
    Reopen {
        text: String,
    },
    Reclassify {
        into: String,
    },
    Merge {
        into: String,
    },
    ProposeSpam {},
    MarkSpam {},
    UndoSpam {},
    Review(Decision),
    Escalate {
        text: String,
    },
    Question {},
    Explain {
        text: String,
    },
    Message {
        text: String,
        #[serde(default)]
        photos: Vec<String>,
    },
    Hold {
        text: String,
        next: String,
    },
    Note {
        text: String,
    },
    HandOff {
        owner: u32,
        text: String,
    },
    Open {},
    ContactMade {
        text: String,
    },
    ReviewMiss {
        miss: u16,
        text: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Issue {
    id: u16,
    category: Category,
    stage: LifeStage,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decision {
    issues: Vec<IssueOutcome>,
    reason: Option<DeclineReason>,
    remedy_due: Option<String>,
    text: String,
    explanation: Option<String>,
    alternative: Option<String>,
    review_route: Option<String>,
    remedy: Option<String>,
    fix_summary: Option<String>,
}

/// The open cases that the person sees.
pub(in crate::endpoint) async fn queue(
    State(app): State<App>,
    actor: Actor,
) -> Result<Response, Refusal> {
    reads(actor)?;
    let waiting = blocking(move || {
        let reach = records::reach(&app.cases, actor)?;
        app.cases.queue(|case| sees(actor, &reach, case))
    });
    let waiting = waiting.await??;
    let time = |at: i64| Timestamp(at).to_string();
    let row = |one: &crate::endpoint::cases::Waiting| {
        json!({
            "number": one.number,
            "version": one.case.seq,
            "state": one.case.state,
            "priority": one.case.priority(),
            "due": one.due.map(time),
            "question": one.case.question.is_some(),
            "suspect": one.case.suspect,
            "owner": one.case.owner.0,
            "received_at": time(one.case.received_at),
        })
    };
    let rows: Vec<_> = waiting.iter().map(row).collect();
    Ok(cases::respond(StatusCode::OK, &json!({ "cases": rows })))
}

/// A case from inside, beside what its customer sees.
pub(in crate::endpoint) async fn show(
    State(app): State<App>,
    actor: Actor,
    Path(number): Path<String>,
) -> Result<Response, Refusal> {
    reads(actor)?;
    let now = app.config.clock.now();
    let inside = blocking(move || {
        let reach = records::reach(&app.cases, actor)?;
        Ok::<_, CaseError>((app.cases.inside(&number, now)?, reach))
    });
    let (inside, reach) = inside.await??;
    if sees(actor, &reach, &inside.case) {
        Ok(respond(&inside))
    } else {
        Err(ProblemCode::NotAllowed.into())
    }
}

/// An action on the version of the case that `If-Match` names.
pub(in crate::endpoint) async fn act(
    State(app): State<App>,
    actor: Actor,
    Path(number): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    let (wanted, version) = read::<Wanted>(&app, request).await?;
    let now = app.config.clock.now();
    if let Wanted::Merge { into } = wanted {
        let merged = blocking(move || {
            let numbers = (number.as_str(), into.as_str());
            app.cases
                .merge(&app.keys, numbers, actor.into(), version, now)
        });
        return Ok(respond(&done(merged.await?)?));
    }
    let wish = Wish {
        photos: photos_of(&wanted)?,
        action: action(wanted)?,
    };
    let acted = blocking(move || {
        let cases = &app.cases;
        cases.staff_act(&app.keys, &number, actor.into(), version, wish, now)
    });
    Ok(respond(&done(acted.await?)?))
}

/// What is asked for, and the version of the thing that it was decided on.
pub(super) async fn read<T: DeserializeOwned>(
    app: &App,
    request: Request,
) -> Result<(T, u32), Refusal> {
    let (parts, wanted) = read_body(app, request).await?;
    let tag = parts.headers.get(IF_MATCH);
    let tag = tag.and_then(|tag| tag.to_str().ok());
    match tag.and_then(|tag| tag.trim_matches('"').parse().ok()) {
        Some(version) => Ok((wanted, version)),
        None => {
            let message = "must name the version that you have read, for example \"7\"";
            let code = ProblemCode::InvalidBody;
            Err(Refusal::of_field(code, "If-Match", "missing", message))
        }
    }
}

/// What is asked for, where it is made on nothing.
pub(super) async fn read_body<T: DeserializeOwned>(
    app: &App,
    request: Request,
) -> Result<(Parts, T), Refusal> {
    let (parts, body) = request.into_parts();
    if !body::is_json(&parts) {
        body::discard(&parts, body);
        return Err(ProblemCode::UnsupportedType.into());
    }
    let idle = app.config.limits.body_idle;
    let bytes = body::read(&parts, body, limits::BODY_BYTES, idle).await?;
    let value: Json =
        serde_json::from_slice(&bytes).map_err(|error| responses::malformed(&error))?;
    let wanted = serde_json::from_value(value).map_err(|error| misread(&error))?;
    Ok((parts, wanted))
}

/// What became of an action of staff.
pub(super) fn done<T>(done: Result<T, CaseError>) -> Result<T, Refusal> {
    done.map_err(|error| match error {
        CaseError::Clash => ProblemCode::VersionClash.into(),
        CaseError::Refused(crate::complaint::Refusal::NotAllowed) => ProblemCode::NotAllowed.into(),
        CaseError::Refused(rule) => {
            let message = "the rules refuse this as it stands; read it again";
            let code = ProblemCode::ActionRefused;
            Refusal::of_field(code, "", rule.code(), message)
        }
        error => error.into(),
    })
}

/// Whoever makes surveys or sets up users has no business with cases.
pub(super) fn reads(actor: Actor) -> Result<(), Refusal> {
    if matches!(actor.role, Role::Analyst | Role::Admin) {
        return Err(ProblemCode::NotAllowed.into());
    }
    Ok(())
}

/// What of serde's words helps the reader: the names of fields and what was expected; never a type of ours.
pub(super) fn misread(error: &serde_json::Error) -> Refusal {
    let text = error.to_string();
    let code = ProblemCode::InvalidBody;
    Refusal::of_field(code, "", "malformed", &text)
}

pub(super) fn moment(path: &str, text: &str) -> Result<i64, Refusal> {
    let moment: Result<Timestamp, _> = text.parse();
    moment.map(|moment| moment.0).map_err(|error| {
        let code = ProblemCode::InvalidBody;
        Refusal::of_field(code, path, "malformed", &error.to_string())
    })
}

fn photos_of(wanted: &Wanted) -> Result<Vec<SubmissionId>, Refusal> {
    let Wanted::Message { photos, .. } = wanted else {
        return Ok(Vec::new());
    };
    let ids = photos.iter().map(|id| SubmissionId::parse(id));
    let ids: Option<Vec<_>> = ids.collect();
    ids.filter(|ids| ids.len() <= limits::PHOTOS)
        .ok_or_else(cases::bad_photos)
}

fn action(wanted: Wanted) -> Result<Action, Refusal> {
    let message = |text: String| Words::of(Field::Text, &text);
    Ok(match wanted {
        Wanted::Acknowledge {} => Action::Acknowledge,
        Wanted::Assess {
            severity,
            flags,
            issues,
            owner,
            text,
        } => {
            let mut words = message(text);
            let own = issues.iter();
            words
                .0
                .extend(own.map(|issue| (Field::Issue(issue.id), issue.text.clone())));
            let class = |issue: Issue| IssueClass {
                id: issue.id,
                category: issue.category,
                stage: issue.stage,
            };
            Action::Assess {
                severity,
                flags,
                issues: issues.into_iter().map(class).collect(),
                owner: owner.map(StaffId),
                words,
            }
        }
        Wanted::Regrade {
            severity,
            flags,
            text,
        } => Action::Regrade {
            severity,
            flags,
            words: message(text),
        },
        Wanted::FindIssue {
            category,
            stage,
            text,
        } => Action::FindIssue {
            category,
            stage,
            text,
        },
        // Which one that is, only the store knows.
        Wanted::AdoptPolicy { policy, text } => Action::AdoptPolicy {
            policy: Box::new(Policy {
                version: policy,
                ..Policy::published()
            }),
            words: message(text),
        },
        Wanted::Begin {} => Action::Begin,
        Wanted::Ask { text, reply_by } => Action::Ask {
            text,
            reply_by: moment("reply_by", &reply_by)?,
        },
        Wanted::HandToPartner { party, expected } => Action::HandToPartner {
            party,
            expected: moment("expected", &expected)?,
        },
        Wanted::TakeBack {} => Action::TakeBack,
        Wanted::Draft(decision) => Action::Draft(draft(decision)?),
        Wanted::SignOff {} => Action::SignOff,
        Wanted::Respond {} => Action::Respond {
            words: Words::default(),
        },
        Wanted::RemedyDone {} => Action::RemedyDone,
        Wanted::Reopen { text } => Action::Reopen { text },
        Wanted::Reclassify { into } => Action::Reclassify { into },
        // Seen to before: it concerns two cases.
        Wanted::Merge { into } => Action::Merge {
            into,
            same_customer: false,
        },
        Wanted::ProposeSpam {} => Action::ProposeSpam,
        Wanted::MarkSpam {} => Action::MarkSpam,
        Wanted::UndoSpam {} => Action::UndoSpam,
        Wanted::Review(decision) => Action::Review(draft(decision)?),
        Wanted::Escalate { text } => Action::Escalate { text },
        Wanted::Question {} => Action::Question,
        Wanted::Explain { text } => Action::Explain { text },
        Wanted::Message { text, .. } => Action::Message { text },
        Wanted::Hold { text, next } => Action::Hold {
            text,
            next: moment("next", &next)?,
        },
        Wanted::Note { text } => Action::Note { text },
        Wanted::HandOff { owner, text } => Action::HandOff {
            owner: StaffId(owner),
            text,
        },
        Wanted::Open {} => Action::Open,
        Wanted::ContactMade { text } => Action::ContactMade { text },
        Wanted::ReviewMiss { miss, text } => Action::ReviewMiss { miss, text },
    })
}

fn draft(decision: Decision) -> Result<Draft, Refusal> {
    let due = decision.remedy_due.as_deref();
    let remedy_due = due.map(|due| moment("remedy_due", due)).transpose()?;
    let texts = [
        (Field::Text, Some(decision.text)),
        (Field::Explanation, decision.explanation),
        (Field::Alternative, decision.alternative),
        (Field::ReviewRoute, decision.review_route),
        (Field::Remedy, decision.remedy),
        (Field::FixSummary, decision.fix_summary),
    ];
    let words = texts.into_iter();
    let words = words.filter_map(|(field, text)| Some((field, text?)));
    Ok(Draft {
        issues: decision.issues,
        reason: decision.reason,
        remedy_due,
        words: Words(words.collect()),
    })
}

fn respond(inside: &Inside) -> Response {
    let Inside {
        case,
        events,
        clocks,
        seen,
    } = inside;
    let time = |at: i64| Timestamp(at).to_string();
    let event = |event: &crate::complaint::view::Event| json!({"at": time(event.at), "by": event.actor, "what": event.change, "words": event.words});
    let clock = |clock: &crate::complaint::Clock| json!({"kind": clock.kind, "started_at": time(clock.started_at), "due": clock.due.map(time), "missed": clock.is_missed});
    let answer = json!({
        "version": case.seq,
        "state": case.state,
        "priority": case.priority(),
        "severity": case.severity,
        "urgency": case.urgency,
        "owner": case.owner.0,
        "contact": case.contact.0,
        "escalation": case.escalation,
        "question": case.question.is_some(),
        "explanation_offered": case.explanation_offered,
        "suspect": case.suspect,
        "cycle": case.cycle,
        "account": case.account,
        "policy": case.policy,
        "problem": case.problem,
        "misses_to_review": (1..=case.miss_reviews()).filter(|miss| !case.reviewed_misses.contains(miss)).collect::<Vec<_>>(),
        "clocks": clocks.iter().map(clock).collect::<Vec<_>>(),
        "events": events.iter().map(event).collect::<Vec<_>>(),
        // The case exactly as its customer sees it now.
        "customer": cases::answer(seen),
    });
    let mut response = cases::respond(StatusCode::OK, &answer);
    tagged(&mut response, case.seq);
    response
}

/// Says which version was read.
pub(super) fn tagged(response: &mut Response, version: u32) {
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{version}\"")) {
        response.headers_mut().insert(ETAG, tag);
    }
}
