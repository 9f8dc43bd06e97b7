//! `/v1/staff/reports/{name}`: what cases say when they are taken together, and the daily list of what waits for somebody.

use axum::extract::{Query, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{Path, blocking, cases, staff};
use crate::api::{Intent, ProblemCode};
use crate::complaint::problem::Section;
use crate::complaint::report::{self, ApprovalKind, Record, Step};
use crate::complaint::view::Until;
use crate::complaint::{Field, Role};
use crate::endpoint::cases::CaseError;
use crate::endpoint::cases::lists::ListError;
use crate::endpoint::cases::problems::ProblemError;
use crate::endpoint::clock::Timestamp;
use crate::endpoint::guard::Actor;
use crate::endpoint::problem::Refusal;
use crate::endpoint::{App, accounts, records};
use crate::measures::{Percentiles, Reading, Share};

/// Which cases: those that came in from `from` on and before `to`. `policy`: the version whose thresholds count. `team`:
/// whose praise.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    from: Option<String>,
    to: Option<String>,
    policy: Option<u32>,
    team: Option<String>,
}

/// A report.
pub(in crate::endpoint) async fn show(
    State(app): State<App>,
    actor: Actor,
    Path(name): Path<String>,
    uri: Uri,
) -> Result<Response, Refusal> {
    // Figures are for whoever reads results; what names a case, only for whoever may see one.
    let is_figure = matches!(
        name.as_str(),
        "stages" | "times" | "contacts" | "mix" | "causes"
    );
    let is_analyst = actor.role == Role::Analyst;
    if !(is_figure && is_analyst) {
        staff::reads(actor)?;
    }
    let Query(asked) = Query::<Asked>::try_from_uri(&uri).map_err(|_| {
        let message = "takes from, to, policy and team";
        Refusal::of_field(ProblemCode::InvalidBody, "", "unknown", message)
    })?;
    let at =
        |path: &str, text: Option<&String>| text.map(|text| staff::moment(path, text)).transpose();
    let from = at("from", asked.from.as_ref())?.unwrap_or(i64::MIN);
    let to = at("to", asked.to.as_ref())?.unwrap_or(i64::MAX);
    let now = app.config.clock.now();
    let made = blocking(move || {
        let reach = records::reach(&app.cases, actor)?;
        let sees =
            |case: &crate::complaint::Case| is_analyst || accounts::sees(actor, &reach, case);
        make(&app, &name, (from, to), &asked, &sees, now)
    });
    let report = made.await??;
    Ok(cases::respond(StatusCode::OK, &report))
}

fn make(
    app: &App,
    name: &str,
    period: (i64, i64),
    asked: &Asked,
    sees: &dyn Fn(&crate::complaint::Case) -> bool,
    now: Timestamp,
) -> Result<Json, Refusal> {
    match name {
        "causes" => return causes(app, now),
        "recognition" => return recognition(app, asked.team.as_deref().unwrap_or_default()),
        "attention" => return attention(app, sees, now),
        _ => {}
    }
    let reported = app.cases.reported(period, sees)?;
    let records: Vec<Record<'_>> = reported.iter().map(|one| one.record()).collect();
    Ok(match name {
        "queue" => json!({"queue": queue(&records, now)}),
        "undecided" => json!({"undecided": undecided(&records)}),
        "steps" => steps(&records, now),
        "stages" => stages(&records, now),
        "times" => times(&records),
        "contacts" => {
            let found = app.cases.thresholds(asked.policy, now)?;
            let (version, thresholds) = found.ok_or_else(|| {
                let message = "there is no such version";
                Refusal::of_field(ProblemCode::InvalidBody, "policy", "unknown", message)
            })?;
            let contacts = report::contacts(&records, &thresholds);
            json!({
                "definition": {"policy": version, "first_contact_messages": thresholds.first_contact_messages},
                "first_contact": share(contacts.first_contact),
                "reopened": share(contacts.reopened),
            })
        }
        "declines" => {
            let rows = report::declines(&records).into_iter().map(|(account, row)| {
                json!({"account": account, "declined": share(row.declined), "overturned": share(row.overturned)})
            });
            json!({"teams": rows.collect::<Vec<_>>()})
        }
        "mix" => {
            let mix = report::mix(&records);
            json!({"minor": share(mix.minor), "other": share(mix.other)})
        }
        "misses" => json!({"unsigned": misses(&records, now)}),
        "approvals" => json!({"approvals": approvals(&records)}),
        _ => return Err(ProblemCode::NotFound.into()),
    })
}

fn time(at: i64) -> String {
    Timestamp(at).to_string()
}

fn days(ms: i64) -> i64 {
    ms / crate::complaint::DAY
}

/// The counts, and the figure as far as so many can carry one.
fn share(share: Option<Share>) -> Json {
    let Some(share) = share else {
        return Json::Null;
    };
    let mut shown = json!({"count": share.k(), "of": share.n()});
    if let (
        Reading::Shown {
            value, interval, ..
        },
        Json::Object(shown),
    ) = (share.reading(), &mut shown)
    {
        shown.insert("percent".to_owned(), json!(value));
        shown.insert("interval".to_owned(), json!([interval.low, interval.high]));
    }
    shown
}

fn percentiles(found: Option<Percentiles>) -> Json {
    found.map_or(
        Json::Null,
        |found| json!({"n": found.n, "median": found.median, "p90": found.p90, "max": found.max}),
    )
}

fn until(until: Until) -> &'static str {
    match until {
        Until::NextUpdate => "next-update",
        Until::YourReply => "customers-reply",
        Until::Decision => "decision",
        Until::YourWord => "customers-word",
        Until::Remedy => "remedy",
        Until::Reopen => "reopen",
        Until::Ended => "ended",
    }
}

fn step(step: Step) -> Json {
    match step {
        Step::Acknowledge => json!("acknowledge"),
        Step::Clock(kind) => json!(kind),
        Step::SignMiss => json!("sign-miss"),
        Step::FollowCause => json!("follow-cause"),
    }
}

fn queue(records: &[Record<'_>], now: Timestamp) -> Vec<Json> {
    let waiting = report::queue(records, now.0).into_iter();
    waiting
        .map(|one| {
            json!({
                "number": one.number, "state": one.state, "owner": one.owner.0,
                "received_at": time(one.received_at), "days": days(now.0 - one.received_at),
                "business_hours": one.business_ms / crate::complaint::HOUR,
                "next": {"what": until(one.next.0), "at": time(one.next.1)},
            })
        })
        .collect()
}

fn undecided(records: &[Record<'_>]) -> Vec<Json> {
    let undecided = report::undecided(records).into_iter();
    undecided
        .map(|one| {
            json!({
                "number": one.number, "issue": one.issue, "category": one.category, "owner": one.owner.0,
                "received_at": time(one.received_at),
            })
        })
        .collect()
}

fn steps(records: &[Record<'_>], now: Timestamp) -> Json {
    let (mut late, mut skipped) = (Vec::new(), Vec::new());
    for record in records {
        for slip in report::slips(record, now.0) {
            let row = json!({
                "number": record.number, "step": step(slip.step), "owner": record.case.owner.0, "due": time(slip.due),
                "made_up_at": slip.made_up_at.map(time),
            });
            if slip.made_up_at.is_some() {
                late.push(row);
            } else {
                skipped.push(row);
            }
        }
    }
    json!({"cases": records.len(), "skipped": skipped, "late": late})
}

fn stages(records: &[Record<'_>], now: Timestamp) -> Json {
    let (stages, bottleneck) = report::stages(records, now.0);
    let rows = stages.into_iter().map(|stage| {
        json!({
            "state": stage.state, "visits": stage.visits, "total_ms": stage.total_ms, "business_ms": stage.business_ms,
            "minutes": percentiles(stage.minutes), "business_minutes": percentiles(stage.business_minutes),
        })
    });
    json!({"stages": rows.collect::<Vec<_>>(), "bottleneck": bottleneck})
}

fn times(records: &[Record<'_>]) -> Json {
    let times = report::times(records).into_iter().map(|one| {
        let row = json!({
            "minutes": percentiles(one.calendar), "business_minutes": percentiles(one.business), "waiting": one.waiting,
        });
        (one.name.to_owned(), row)
    });
    Json::Object(times.collect())
}

fn misses(records: &[Record<'_>], now: Timestamp) -> Vec<Json> {
    let mut all: Vec<_> = records
        .iter()
        .flat_map(|record| {
            let unsigned = report::unsigned(record, now.0).into_iter();
            unsigned.map(move |miss| (miss, record))
        })
        .collect();
    all.sort_by_key(|(miss, _)| miss.at);
    all.into_iter()
        .map(|(miss, record)| {
            json!({
                "number": record.number, "miss": miss.miss, "clock": miss.clock,
                "at": time(miss.at), "days": days(now.0 - miss.at),
                "overdue": days(now.0 - miss.at) >= i64::from(record.policy.thresholds.sign_days),
            })
        })
        .collect()
}

fn approvals(records: &[Record<'_>]) -> Vec<Json> {
    let all = records.iter().flat_map(|record| {
        report::approvals(record).into_iter().map(move |one| {
            let kind = match one.kind {
                ApprovalKind::Decline => "decline",
                ApprovalKind::Spam => "spam",
                ApprovalKind::NoSpam => "no-spam",
            };
            let agreed = one.agreed.iter();
            let agreed = agreed.map(|(by, at)| json!({"by": by.0, "at": time(*at)}));
            json!({
                "number": record.number, "kind": kind,
                "proposed": {"by": one.proposed.0.map(|by| by.0), "at": time(one.proposed.1)},
                "agreed": agreed.collect::<Vec<_>>(), "held_at": one.held_at.map(time),
            })
        })
    });
    all.collect()
}

fn causes(app: &App, now: Timestamp) -> Result<Json, Refusal> {
    let rows = app.cases.causes(now)?.into_iter().map(|row| {
        json!({
            "cause": row.cause, "problems": row.problems, "open": row.open, "cases": row.cases,
            "recurrences": row.recurrences, "days_since_last": row.days_since_last,
            "overdue": row.overdue, "to_check": row.to_check,
        })
    });
    Ok(json!({"causes": rows.collect::<Vec<_>>()}))
}

/// What a team is thanked for: by customers whose praise was placed with it, and by us for a problem that is solved.
fn recognition(app: &App, team: &str) -> Result<Json, Refusal> {
    let praise = app.cases.feedback(Intent::Praise)?.into_iter();
    let praise = praise
        .filter(|one| one.row.destination.as_deref() == Some(team))
        .map(|one| {
            json!({
                "number": one.row.number, "text": one.words.get(Field::Text), "account": one.row.account,
                "received_at": time(one.row.received_at),
            })
        });
    let praise: Vec<_> = praise.collect();
    let problems = app.cases.problems().map_err(of_problem)?;
    let thanks = problems.iter().flat_map(|known| {
        let own = known.problem.recognised.iter();
        let own = own.filter(|(name, _)| name == team);
        own.map(|(_, at)| {
            json!({
                "problem": known.number, "title": known.text(Section::Title), "at": time(*at),
                "text": known.text(Section::Recognition),
            })
        })
    });
    let thanks: Vec<_> = thanks.collect();
    Ok(json!({"team": team, "praise": praise, "thanks": thanks}))
}

fn of_problem(error: ProblemError) -> Refusal {
    match error {
        ProblemError::Case(error) => error.into(),
        _ => CaseError::Unreadable.into(),
    }
}

/// The daily list: what no clock of a case shows, and what somebody has to do all the same.
fn attention(
    app: &App,
    sees: &dyn Fn(&crate::complaint::Case) -> bool,
    now: Timestamp,
) -> Result<Json, Refusal> {
    let requests = app.cases.feedback(Intent::Request)?.into_iter();
    let requests = requests.filter(|one| one.lacks_destination()).map(
        |one| json!({"number": one.row.number, "received_at": time(one.row.received_at), "answer_by": one.row.answer_by.map(time)}),
    );
    let requests: Vec<_> = requests.collect();
    let reported = app.cases.reported((i64::MIN, i64::MAX), sees)?;
    let records: Vec<Record<'_>> = reported.iter().map(|one| one.record()).collect();
    let mut follow: Vec<_> = records
        .iter()
        .filter_map(|record| Some((report::wants_problem(record)?, record)))
        .collect();
    follow.sort_by_key(|(due, _)| *due);
    let follow = follow.into_iter().map(|(due, record)| {
        json!({
            "number": record.number, "owner": record.case.owner.0, "due": time(due), "overdue": due <= now.0,
            "problem": record.case.problem,
        })
    });
    let follow: Vec<_> = follow.collect();
    let overdue = misses(&records, now).into_iter();
    let overdue = overdue.filter(|miss| miss["overdue"] == json!(true));
    let overdue: Vec<_> = overdue.collect();
    let (mut correct, mut check) = (Vec::new(), Vec::new());
    for row in app.cases.causes(now)? {
        correct.extend(row.overdue);
        check.extend(row.to_check);
    }
    correct.sort_unstable();
    check.sort_unstable();
    let lists = app.cases.lists().map_err(|error| match error {
        ListError::Case(error) => Refusal::from(error),
        _ => CaseError::Unreadable.into(),
    })?;
    let open = lists.iter().filter_map(|known| {
        let unanswered = known.list.unanswered();
        let is_open = !unanswered.is_empty();
        is_open.then(|| json!({"list": known.number, "categories": unanswered}))
    });
    let open: Vec<_> = open.collect();
    Ok(json!({
        "requests_without_destination": requests,
        "accounts_without_owner": app.cases.accounts_without_owner()?,
        "causes_to_follow": follow,
        "misses_to_sign": overdue,
        "problems_to_correct": correct,
        "problems_to_check": check,
        "top_lists_unanswered": open,
    }))
}
