//! `/v1/staff/accounts` and `/v1/staff/cases/{number}/similar`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value as Json, json};

use super::{Path, common::answered};
use crate::complaint::finding::FindingState;
use crate::complaint::visit::VisitState;
use crate::complaint::{Field, Moment};
use crate::endpoint::App;
use crate::endpoint::accounts::{self, Alike, Card, Listed, decision_words};
use crate::endpoint::cases::Whole;
use crate::endpoint::clock::Timestamp;
use crate::endpoint::guard::Actor;
use crate::endpoint::problem::Refusal;
use crate::endpoint::results;

pub(super) async fn list(State(app): State<App>, actor: Actor) -> Result<Response, Refusal> {
    let work = move || accounts::list(&app.cases, actor);
    answered(StatusCode::OK, work, |seen| {
        let seen: Vec<_> = seen.iter().map(listed).collect();
        (json!({ "accounts": seen }), None)
    })
    .await
}

pub(super) async fn show(
    State(app): State<App>,
    actor: Actor,
    Path(account): Path<String>,
) -> Result<Response, Refusal> {
    let work = move || accounts::card(&app.cases, actor, &account);
    answered(StatusCode::OK, work, |card| (self::card(card), None)).await
}

pub(super) async fn similar(
    State(app): State<App>,
    actor: Actor,
    Path(number): Path<String>,
) -> Result<Response, Refusal> {
    let now = app.config.clock.now().0;
    let work = move || accounts::similar(&app.cases, actor, &number, now);
    answered(StatusCode::OK, work, |(past, duplicates)| {
        let list = |all: &[Alike]| all.iter().map(alike).collect::<Vec<_>>();
        let answer = json!({"past": list(past), "duplicates": list(duplicates)});
        (answer, None)
    })
    .await
}

fn time(at: Moment) -> String {
    Timestamp(at).to_string()
}

fn listed(one: &Listed) -> Json {
    json!({
        "account": one.account,
        "owner": one.owner,
        "open_cases": one.open_cases,
        // What stands between this account and somebody who answers for it.
        "missing": one.owner.is_none().then_some("owner"),
    })
}

fn card(card: &Card) -> Json {
    let deliveries = card.deliveries.iter().map(|row| {
        json!({
            "reference": row.reference, "responses": row.sheets, "complaints": row.cases, "last_heard_at": time(row.last_at),
        })
    });
    let (open, past): (Vec<_>, Vec<_>) = card
        .cases
        .iter()
        .partition(|whole| whole.case.state.is_open());
    let cases = |all: Vec<&Whole>| all.into_iter().map(case).collect::<Vec<_>>();
    let feedback = card.feedback.iter().map(|one| {
        json!({
            "number": one.row.number, "intent": one.row.intent, "text": one.words.get(Field::Text),
            "received_at": time(one.row.received_at), "destination": one.row.destination,
            "answered_at": one.row.answered_at.map(time),
        })
    });
    let is_open = |state: VisitState| matches!(state, VisitState::Planned | VisitState::Held);
    let visits = card.visits.iter();
    let unfinished = card.findings.iter();
    let unfinished = unfinished.filter(|one| one.is.state != FindingState::ReportedBack);
    json!({
        "account": listed(&card.listed),
        "team": {"account": card.team.account, "solution": card.team.solution, "delivery": card.team.delivery},
        "deliveries": deliveries.collect::<Vec<_>>(),
        "open_cases": cases(open),
        "past_cases": cases(past),
        "feedback": feedback.collect::<Vec<_>>(),
        "scores": results::value(&card.scores),
        "visits": {"open": visits.clone().filter(|one| is_open(one.is.state)).count(), "all": visits.count()},
        "findings": {"open": unfinished.count(), "all": card.findings.len()},
    })
}

fn case(whole: &Whole) -> Json {
    let case = &whole.case;
    let words = whole.events.first().map(|event| &event.words);
    json!({
        "number": whole.number,
        "state": case.state,
        "priority": case.priority(),
        "received_at": time(case.received_at),
        "closed_at": case.closed_at.map(time),
        "due": whole.clocks.iter().filter_map(|clock| clock.due).min().map(time),
        "delivery": words.and_then(|words| words.get(Field::Delivery)),
        "text": words.and_then(|words| words.get(Field::Text)),
        "outcome": case.outcome(),
    })
}

fn alike(one: &Alike) -> Json {
    let case = &one.case.case;
    let decision = decision_words(&one.case);
    let word = |field| decision.and_then(|words| words.get(field));
    // Whoever may not see the case reads what was learnt from it, and none of its customer's words.
    let own = |json: Json| if one.is_seen { json } else { Json::Null };
    json!({
        "number": own(one.case.number.clone().into()),
        "similarity": (one.similarity * 100.0).round() / 100.0,
        "account": own(case.account.clone().into()),
        "text": own(one.case.events.first().and_then(|event| event.words.get(Field::Text)).into()),
        "decision": own(word(Field::Text).into()),
        "categories": case.issues.iter().map(|issue| issue.category).collect::<Vec<_>>(),
        "state": case.state,
        "outcome": case.outcome(),
        "fix_summary": word(Field::FixSummary),
        "problem": case.problem,
        "root_cause": one.cause,
        "received_at": time(case.received_at),
        "closed_at": case.closed_at.map(time),
    })
}
