//! `/v1/staff/problems`: the causes behind complaints, in eight disciplines.

use axum::extract::{Query, Request, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{Path, blocking, cases, staff};
use crate::api::ProblemCode;
use crate::complaint::problem::{
    ProblemAction, ProblemRefusal, ProblemState, RootCause, Section, Texts,
};
use crate::complaint::{Category, StaffId};
use crate::endpoint::App;
use crate::endpoint::cases::problems::{KnownProblem, ProblemError};
use crate::endpoint::clock::Timestamp;
use crate::endpoint::guard::Actor;
use crate::endpoint::problem::Refusal;

/// Which problems are asked for; `lesson`: words of what was learned.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    category: Option<Category>,
    cause: Option<RootCause>,
    state: Option<ProblemState>,
    lesson: Option<String>,
}

/// A new problem: `{"title":"…","cases":["QT-…"]}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Proposed {
    title: String,
    cases: Vec<String>,
    category: Option<Category>,
    owner: Option<u32>,
}

/// What can be asked for: `{"action":"contain","text":"…","since":"2026-12-01T09:00Z","verified":false}`.
#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
enum Wanted {
    SetTeam {
        owner: u32,
        team: Vec<u32>,
    },
    Describe {
        is: String,
        is_not: String,
        first_seen: Option<String>,
        last_seen: Option<String>,
    },
    Contain {
        text: String,
        since: String,
        verified: bool,
    },
    AnswerWhy {
        answer: String,
        evidence: Option<String>,
    },
    VerifyWhy {
        why: u16,
        evidence: Option<String>,
    },
    VerifyCause {
        cause: RootCause,
        escape_point: String,
        management_cause: String,
        technical_cause: String,
    },
    PlanAction {
        text: String,
        owner: u32,
        due: String,
    },
    FinishAction {
        // `action` is the tag.
        number: u16,
        proof: String,
    },
    Implement {
        prevention: String,
        also_applies: String,
        check_at: String,
    },
    Verify {},
    FindIneffective {
        text: String,
    },
    LinkCase {
        case: String,
    },
    Reflect {
        management_cause: String,
        technical_cause: String,
        lesson: String,
    },
    Recognise {
        team: String,
        text: String,
    },
    Attempt {
        scenario: String,
        tries: u32,
        hits: u32,
    },
    ProposeUnreproducible {
        text: String,
    },
    ApproveUnreproducible {},
    Dismiss {
        text: String,
    },
    Note {
        text: String,
    },
}

/// The problems that are asked for, the newest first.
pub(in crate::endpoint) async fn list(
    State(app): State<App>,
    actor: Actor,
    uri: Uri,
) -> Result<Response, Refusal> {
    staff::reads(actor)?;
    let asked = Query::<Asked>::try_from_uri(&uri).map_err(|_| {
        let message = "takes category, cause, state and lesson";
        Refusal::of_field(ProblemCode::InvalidBody, "", "unknown", message)
    })?;
    let Query(asked) = asked;
    let all = blocking(move || app.cases.problems()).await?;
    let words = asked.lesson.map(|words| words.to_lowercase());
    let rows: Vec<_> = all
        .map_err(refused)?
        .iter()
        .filter(|known| {
            let problem = &known.problem;
            let lesson = known.text(Section::Lesson).unwrap_or_default();
            asked.category.is_none_or(|it| it == problem.category)
                && asked.cause.is_none_or(|it| Some(it) == problem.cause)
                && asked.state.is_none_or(|it| it == problem.state)
                && words.as_ref().is_none_or(|words| {
                    problem.reflected_at.is_some() && lesson.to_lowercase().contains(words)
                })
        })
        .map(summary)
        .collect();
    Ok(cases::respond(StatusCode::OK, &json!({ "problems": rows })))
}

/// Somebody says that complaints have one cause.
pub(in crate::endpoint) async fn propose(
    State(app): State<App>,
    actor: Actor,
    request: Request,
) -> Result<Response, Refusal> {
    let (parts, wanted) = staff::read_body::<Proposed>(&app, request).await?;
    drop(parts);
    let now = app.config.clock.now();
    let made = blocking(move || {
        let owner = wanted.owner.map(StaffId);
        let (cases, title) = (&wanted.cases, wanted.title.as_str());
        app.cases.propose_problem(
            &app.keys,
            actor.into(),
            (cases, wanted.category, owner),
            title,
            now,
        )
    });
    let made = made.await?.map_err(refused)?;
    Ok(respond(StatusCode::CREATED, &made))
}

/// One problem with all that is known of it.
pub(in crate::endpoint) async fn show(
    State(app): State<App>,
    actor: Actor,
    Path(number): Path<u32>,
) -> Result<Response, Refusal> {
    staff::reads(actor)?;
    let known = blocking(move || app.cases.problem(number)).await?;
    Ok(respond(StatusCode::OK, &known.map_err(refused)?))
}

/// An action on the version that `If-Match` names.
pub(in crate::endpoint) async fn act(
    State(app): State<App>,
    actor: Actor,
    Path(number): Path<u32>,
    request: Request,
) -> Result<Response, Refusal> {
    let (wanted, version) = staff::read::<Wanted>(&app, request).await?;
    let now = app.config.clock.now();
    if let Wanted::LinkCase { case } = wanted {
        let linked = blocking(move || {
            let place = (number, case.as_str());
            app.cases
                .problem_link(&app.keys, place, actor.into(), version, now)
        });
        return Ok(respond(StatusCode::OK, &linked.await?.map_err(refused)?));
    }
    let wish = wish(wanted)?;
    let acted = blocking(move || {
        let cases = &app.cases;
        cases.problem_act(&app.keys, number, actor.into(), version, wish, now)
    });
    Ok(respond(StatusCode::OK, &acted.await?.map_err(refused)?))
}

fn wish(wanted: Wanted) -> Result<(ProblemAction, Texts), Refusal> {
    let at =
        |path: &str, text: Option<&String>| text.map(|text| staff::moment(path, text)).transpose();
    let (action, texts) = match wanted {
        Wanted::SetTeam { owner, team } => {
            let action = ProblemAction::SetTeam {
                owner: StaffId(owner),
                team: team.into_iter().map(StaffId).collect(),
            };
            (action, Vec::new())
        }
        Wanted::Describe {
            is,
            is_not,
            first_seen,
            last_seen,
        } => {
            let action = ProblemAction::Describe {
                first_seen: at("first_seen", first_seen.as_ref())?,
                last_seen: at("last_seen", last_seen.as_ref())?,
            };
            (action, vec![(Section::Is, is), (Section::IsNot, is_not)])
        }
        Wanted::Contain {
            text,
            since,
            verified,
        } => {
            let since = staff::moment("since", &since)?;
            let action = ProblemAction::Contain { since, verified };
            (action, vec![(Section::Containment, text)])
        }
        Wanted::AnswerWhy { answer, evidence } => {
            let mut texts = vec![(Section::Why(0), answer)];
            texts.extend(evidence.map(|text| (Section::Evidence(0), text)));
            (ProblemAction::AnswerWhy, texts)
        }
        Wanted::VerifyWhy { why, evidence } => {
            let texts = evidence.map(|text| (Section::Evidence(why), text));
            (
                ProblemAction::VerifyWhy { why },
                texts.into_iter().collect(),
            )
        }
        Wanted::VerifyCause {
            cause,
            escape_point,
            management_cause,
            technical_cause,
        } => {
            let texts = vec![
                (Section::EscapePoint, escape_point),
                (Section::ManagementCause, management_cause),
                (Section::TechnicalCause, technical_cause),
            ];
            (ProblemAction::VerifyCause { cause }, texts)
        }
        Wanted::PlanAction { text, owner, due } => {
            let action = ProblemAction::PlanAction {
                owner: StaffId(owner),
                due: staff::moment("due", &due)?,
            };
            (action, vec![(Section::Action(0), text)])
        }
        Wanted::FinishAction { number, proof } => {
            let action = ProblemAction::FinishAction { action: number };
            (action, vec![(Section::Proof(number), proof)])
        }
        Wanted::Implement {
            prevention,
            also_applies,
            check_at,
        } => {
            let check_at = staff::moment("check_at", &check_at)?;
            let texts = vec![
                (Section::Prevention, prevention),
                (Section::AlsoApplies, also_applies),
            ];
            (ProblemAction::Implement { check_at }, texts)
        }
        Wanted::Verify {} => (ProblemAction::Verify, Vec::new()),
        Wanted::FindIneffective { text } => {
            (ProblemAction::FindIneffective, vec![(Section::Text, text)])
        }
        // Seen to before: it concerns a case, too.
        Wanted::LinkCase { .. } => return Err(ProblemCode::Internal.into()),
        Wanted::Reflect {
            management_cause,
            technical_cause,
            lesson,
        } => {
            let texts = vec![
                (Section::ManagementCause, management_cause),
                (Section::TechnicalCause, technical_cause),
                (Section::Lesson, lesson),
            ];
            (ProblemAction::Reflect, texts)
        }
        Wanted::Recognise { team, text } => {
            let texts = vec![(Section::Recognition, text)];
            (ProblemAction::Recognise { team }, texts)
        }
        Wanted::Attempt {
            scenario,
            tries,
            hits,
        } => {
            let texts = vec![(Section::Scenario(0), scenario)];
            (ProblemAction::Attempt { tries, hits }, texts)
        }
        Wanted::ProposeUnreproducible { text } => {
            let texts = vec![(Section::Text, text)];
            (ProblemAction::ProposeUnreproducible, texts)
        }
        Wanted::ApproveUnreproducible {} => (ProblemAction::ApproveUnreproducible, Vec::new()),
        Wanted::Dismiss { text } => (ProblemAction::Dismiss, vec![(Section::Text, text)]),
        Wanted::Note { text } => (ProblemAction::Note, vec![(Section::Text, text)]),
    };
    Ok((action, Texts(texts)))
}

fn refused(error: ProblemError) -> Refusal {
    let code = ProblemCode::ActionRefused;
    match error {
        ProblemError::NotFound => ProblemCode::NotFound.into(),
        ProblemError::Refused(ProblemRefusal::NotAllowed) => ProblemCode::NotAllowed.into(),
        ProblemError::Refused(rule) => Refusal::of_field(code, "", rule.code(), rule.message()),
        ProblemError::Unknown(path) => {
            let message = "there is no case of this number, or nobody of this number works here";
            Refusal::of_field(ProblemCode::InvalidBody, path, "unknown", message)
        }
        ProblemError::Case(error) => match staff::done::<()>(Err(error)) {
            Err(refusal) => refusal,
            Ok(()) => ProblemCode::Internal.into(),
        },
    }
}

fn respond(status: StatusCode, known: &KnownProblem) -> Response {
    let mut response = cases::respond(status, &answer(known));
    staff::tagged(&mut response, known.version);
    response
}

fn time(at: i64) -> String {
    Timestamp(at).to_string()
}

/// What a list shows of a problem.
fn summary(known: &KnownProblem) -> Json {
    let problem = &known.problem;
    json!({
        "number": known.number,
        "version": known.version,
        "title": known.text(Section::Title),
        "state": problem.state,
        "category": problem.category,
        "cause": problem.cause,
        "by_engine": problem.is_by_engine,
        "owner": problem.owner.0,
        "cases": known.cases,
        "opened_at": time(problem.opened_at),
        "correct_by": known.correct_by.map(time),
        "check_at": problem.check_at.map(time),
        "recurrences": problem.recurrences.len(),
        "lesson": problem.reflected_at.and(known.text(Section::Lesson)),
    })
}

fn answer(known: &KnownProblem) -> Json {
    let problem = &known.problem;
    let text = |section| known.text(section);
    let number = |place: usize| u16::try_from(place + 1).unwrap_or(u16::MAX);
    let whys = problem.whys.iter().enumerate().map(|(place, why)| {
        let number = number(place);
        json!({
            "why": number, "answer": text(Section::Why(number)), "evidence": text(Section::Evidence(number)),
            "verified_at": why.verified_at.map(time),
        })
    });
    let actions = problem.actions.iter().enumerate().map(|(place, action)| {
        let number = number(place);
        json!({
            "number": number, "text": text(Section::Action(number)), "proof": text(Section::Proof(number)),
            "owner": action.owner.0, "due": time(action.due), "done_at": action.done_at.map(time),
            "former": place < problem.former_actions,
        })
    });
    let attempts = problem.attempts.iter().enumerate().map(|(place, attempt)| {
        let (tries, hits) = attempt;
        json!({"scenario": text(Section::Scenario(number(place))), "tries": tries, "hits": hits})
    });
    let recognised = problem.recognised.iter().map(
        |(team, at)| json!({"team": team, "at": time(*at), "text": text(Section::Recognition)}),
    );
    let events = known.events.iter().map(|(at, actor, change, texts)| {
        json!({"at": time(*at), "by": actor, "what": change, "texts": texts})
    });
    let (first_seen, last_seen) = problem.seen;
    let mut answer = summary(known);
    let more = json!({
        "team": problem.team.iter().map(|id| id.0).collect::<Vec<_>>(),
        "is": text(Section::Is),
        "is_not": text(Section::IsNot),
        "first_seen": first_seen.map(time),
        "last_seen": last_seen.map(time),
        "containment": problem.containment.map(|(since, verified)| json!({
            "text": text(Section::Containment), "since": time(since), "verified": verified,
        })),
        "whys": whys.collect::<Vec<_>>(),
        "escape_point": text(Section::EscapePoint),
        "management_cause": text(Section::ManagementCause),
        "technical_cause": text(Section::TechnicalCause),
        "actions": actions.collect::<Vec<_>>(),
        "implemented_at": problem.implemented_at.map(time),
        "prevention": text(Section::Prevention),
        "also_applies": text(Section::AlsoApplies),
        "recurred_at": problem.recurrences.iter().map(|at| time(*at)).collect::<Vec<_>>(),
        "attempts": attempts.collect::<Vec<_>>(),
        "recognised": recognised.collect::<Vec<_>>(),
        "ended_at": problem.ended_at.map(time),
        "events": events.collect::<Vec<_>>(),
    });
    if let (Json::Object(answer), Json::Object(more)) = (&mut answer, more) {
        answer.extend(more);
    }
    answer
}
