//! `/v1/staff/visits`, `/v1/staff/findings`, `/v1/staff/campaigns` and `/v1/staff/coverage`.

use axum::extract::{Request, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::common::{Period, answered, key, number, query};
use super::{Path, staff};
use crate::api::ProblemCode;
use crate::complaint::campaign::CampaignChange;
use crate::complaint::finding::{Finding, FindingChange, Told};
use crate::complaint::visit::{Answer, Attendee, Plan, Question, RespondentRole, VisitChange};
use crate::complaint::{Category, StaffId};
use crate::endpoint::App;
use crate::endpoint::clock::Timestamp;
use crate::endpoint::guard::Actor;
use crate::endpoint::problem::Refusal;
use crate::endpoint::records::Entry;
use crate::endpoint::visits::{self, Gathered, Session};
use crate::messages::{Language, PageText, page_text};

/// `{"account":"A-7","region":"North","planned_for":"…","purpose":"…"}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Planned {
    /// Of the device that plans it: the same id again plans nothing twice.
    id: Option<String>,
    account: String,
    region: String,
    planned_for: String,
    purpose: String,
    #[serde(default)]
    team: Vec<u32>,
    #[serde(default)]
    questions: Vec<String>,
    campaign: Option<u32>,
    #[serde(default)]
    returns_for: Vec<u32>,
}

#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
enum OnVisit {
    Plan(Planned),
    Hold {
        at: String,
        attendees: Vec<Attendee>,
    },
    Answer {
        /// 0 is the standing question.
        question: u16,
        attendee: u16,
        text: String,
        score: Option<u8>,
    },
    LogFinding {
        role: RespondentRole,
        category: Category,
        text: String,
    },
    NothingFound {
        text: String,
    },
    Close {},
    CallOff {
        text: String,
    },
}

#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
enum OnFinding {
    Note {
        text: String,
    },
    Track {
        owner: u32,
        due: String,
        text: String,
    },
    Verify {
        text: String,
        report_by: String,
    },
    ReportBack {
        visit: Option<u32>,
        case: Option<String>,
        event: Option<u32>,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Begun {
    id: Option<String>,
    title: String,
    purpose: String,
    since: String,
    team: Vec<u32>,
}

#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
enum OnCampaign {
    Staff { team: Vec<u32> },
    Close { text: String },
}

fn ids(team: Vec<u32>) -> Vec<StaffId> {
    team.into_iter().map(StaffId).collect()
}

pub(super) async fn list(State(app): State<App>, actor: Actor) -> Result<Response, Refusal> {
    let work = move || visits::visits(&app.cases, actor);
    answered(StatusCode::OK, work, |seen| {
        let seen: Vec<_> = seen.iter().map(session).collect();
        (json!({ "visits": seen }), None)
    })
    .await
}

pub(super) async fn plan(
    State(app): State<App>,
    actor: Actor,
    request: Request,
) -> Result<Response, Refusal> {
    let (_, planned) = staff::read_body::<Planned>(&app, request).await?;
    let key = key(planned.id.clone())?;
    let plan = plan_of(planned)?;
    let now = app.config.clock.now();
    let work = move || visits::plan(&app.cases, actor, key.as_deref(), plan, now);
    answered(StatusCode::CREATED, work, of_visit).await
}

fn plan_of(planned: Planned) -> Result<Plan, Refusal> {
    Ok(Plan {
        account: planned.account,
        region: planned.region,
        planned_for: staff::moment("planned_for", &planned.planned_for)?,
        purpose: planned.purpose,
        team: ids(planned.team),
        questions: planned.questions,
        campaign: planned.campaign,
        returns_for: planned.returns_for,
    })
}

pub(super) async fn show(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let id = number(&id)?;
    let work = move || visits::visit(&app.cases, actor, id);
    answered(StatusCode::OK, work, of_visit).await
}

pub(super) async fn act(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    let (wanted, version) = staff::read::<OnVisit>(&app, request).await?;
    let at = (number(&id)?, version);
    let now = app.config.clock.now();
    let change = match wanted {
        OnVisit::LogFinding {
            role,
            category,
            text,
        } => {
            let found = (role, category, text);
            let work = move || visits::log(&app.cases, actor, at, found, now);
            return answered(StatusCode::OK, work, of_visit).await;
        }
        OnVisit::Plan(planned) => VisitChange::Planned(plan_of(planned)?),
        OnVisit::Hold { at, attendees } => VisitChange::Held {
            at: staff::moment("at", &at)?,
            attendees,
        },
        OnVisit::Answer {
            question,
            attendee,
            text,
            score,
        } => VisitChange::Answered(Answer {
            question: question
                .checked_sub(1)
                .map_or(Question::Standing, Question::Own),
            attendee,
            text,
            score,
        }),
        OnVisit::NothingFound { text } => VisitChange::NothingFound { text },
        OnVisit::Close {} => VisitChange::Closed,
        OnVisit::CallOff { text } => VisitChange::CalledOff { text },
    };
    let work = move || visits::change_visit(&app.cases, actor, at, &change, now);
    answered(StatusCode::OK, work, of_visit).await
}

pub(super) async fn coverage(
    State(app): State<App>,
    actor: Actor,
    uri: Uri,
) -> Result<Response, Refusal> {
    let (from, until) = query::<Period>(&uri)?.moments()?;
    let work = move || {
        let reached = visits::coverage(&app.cases, actor, from, until)?;
        let said = visits::dissatisfied(&app.cases, actor, from, until)?;
        Ok((reached, said))
    };
    answered(StatusCode::OK, work, |(reached, said)| {
        let coverage = &reached.coverage;
        let regions = coverage.regions.iter();
        let regions = regions.map(|(name, visits)| json!({"region": name, "visits": visits}));
        let by_role = coverage.by_role.iter().zip(said);
        let by_role = by_role.map(|((role, attendances), (_, said))| {
            json!({"role": role, "attendances": attendances, "most_dissatisfied": said})
        });
        let answer = json!({
            "visits": coverage.visits,
            "regions": regions.collect::<Vec<_>>(),
            "attendances": coverage.attendances,
            "people": coverage.people,
            "accounts": {"visited": coverage.accounts, "all": reached.accounts},
            "by_role": by_role.collect::<Vec<_>>(),
            "answers": said.iter().map(|(_, said)| said.len()).sum::<usize>(),
        });
        (answer, None)
    })
    .await
}

pub(super) async fn findings(State(app): State<App>, actor: Actor) -> Result<Response, Refusal> {
    let work = move || visits::findings(&app.cases, actor);
    answered(StatusCode::OK, work, |seen| {
        let seen: Vec<_> = seen.iter().map(found).collect();
        (json!({ "findings": seen }), None)
    })
    .await
}

pub(super) async fn finding(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let id = number(&id)?;
    let work = move || visits::finding(&app.cases, actor, id);
    answered(StatusCode::OK, work, |one| (found(one), Some(one.version))).await
}

pub(super) async fn act_on_finding(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    let (wanted, version) = staff::read::<OnFinding>(&app, request).await?;
    let at = (number(&id)?, version);
    let change = match wanted {
        OnFinding::Note { text } => FindingChange::Noted { text },
        OnFinding::Track { owner, due, text } => FindingChange::Tracked {
            owner: StaffId(owner),
            due: staff::moment("due", &due)?,
            text,
        },
        OnFinding::Verify { text, report_by } => FindingChange::Verified {
            text,
            report_by: staff::moment("report_by", &report_by)?,
        },
        OnFinding::ReportBack { visit, case, event } => FindingChange::ReportedBack {
            told: match (visit, case, event) {
                (Some(visit), None, None) => Told::Visit(visit),
                (None, Some(number), Some(event)) => Told::Message { number, event },
                _ => {
                    let message = "must name a visit, or a case and the event that is the message";
                    let code = ProblemCode::InvalidBody;
                    return Err(Refusal::of_field(code, "visit", "missing", message));
                }
            },
        },
    };
    let now = app.config.clock.now();
    let work = move || visits::change_finding(&app.cases, actor, at, &change, now);
    answered(StatusCode::OK, work, |one| (found(one), Some(one.version))).await
}

pub(super) async fn campaigns(State(app): State<App>, actor: Actor) -> Result<Response, Refusal> {
    let work = move || visits::campaigns(&app.cases, actor);
    answered(StatusCode::OK, work, |seen| {
        let seen: Vec<_> = seen.iter().map(gathered).collect();
        (json!({ "campaigns": seen }), None)
    })
    .await
}

pub(super) async fn begin(
    State(app): State<App>,
    actor: Actor,
    request: Request,
) -> Result<Response, Refusal> {
    let (_, begun) = staff::read_body::<Begun>(&app, request).await?;
    let key = key(begun.id)?;
    let first = CampaignChange::Begun {
        title: begun.title,
        purpose: begun.purpose,
        since: staff::moment("since", &begun.since)?,
        team: ids(begun.team),
    };
    let now = app.config.clock.now();
    let work = move || visits::begin_campaign(&app.cases, actor, key.as_deref(), &first, now);
    answered(StatusCode::CREATED, work, of_campaign).await
}

pub(super) async fn campaign(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let id = number(&id)?;
    let work = move || visits::campaign(&app.cases, actor, id);
    answered(StatusCode::OK, work, of_campaign).await
}

pub(super) async fn act_on_campaign(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    let (wanted, version) = staff::read::<OnCampaign>(&app, request).await?;
    let at = (number(&id)?, version);
    let now = app.config.clock.now();
    let work = move || match wanted {
        OnCampaign::Staff { team } => {
            let change = CampaignChange::Staffed { team: ids(team) };
            visits::staff_campaign(&app.cases, actor, at, &change, now)
        }
        OnCampaign::Close { text } => visits::close_campaign(&app.cases, actor, at, text, now),
    };
    answered(StatusCode::OK, work, of_campaign).await
}

fn time(at: i64) -> String {
    Timestamp(at).to_string()
}

fn of_visit(session: &Session) -> (Json, Option<u32>) {
    (self::session(session), Some(session.visit.version))
}

fn session(session: &Session) -> Json {
    let Session { visit, findings } = session;
    let plan = &visit.is.plan;
    let asked = |question: &Question| match question {
        // In every language: whoever asks it says it in the customer's own.
        Question::Standing => {
            let text = |language: Language| {
                (
                    language.tag(),
                    page_text(language, PageText::StandingQuestion),
                )
            };
            Json::from_iter(Language::ALL.map(text))
        }
        Question::Own(place) => plan.questions.get(usize::from(*place)).cloned().into(),
    };
    let place = |question: Question| match question {
        Question::Standing => 0,
        Question::Own(place) => u32::from(place) + 1,
    };
    let answers = visit.is.answers.iter().map(|answer| {
        json!({
            "question": place(answer.question), "attendee": answer.attendee, "text": answer.text, "score": answer.score,
        })
    });
    json!({
        "id": visit.id,
        "version": visit.version,
        "state": visit.is.state,
        "account": plan.account,
        "region": plan.region,
        "planned_for": time(plan.planned_for),
        "purpose": plan.purpose,
        "team": plan.team,
        "campaign": plan.campaign,
        "returns_for": plan.returns_for,
        "form": plan.form().iter().map(asked).collect::<Vec<_>>(),
        "held_at": visit.is.held_at.map(time),
        "attendees": visit.is.attendees,
        "answers": answers.collect::<Vec<_>>(),
        "findings": findings.iter().map(found).collect::<Vec<_>>(),
        "nothing_found": visit.is.none,
        "log": visit.changes.iter().map(|(at, by, change)| json!({"at": time(*at), "by": by, "what": change})).collect::<Vec<_>>(),
    })
}

fn found(entry: &Entry<Finding>) -> Json {
    let finding = &entry.is;
    let note =
        |(at, by, text): &(i64, StaffId, String)| json!({"at": time(*at), "by": by, "text": text});
    json!({
        "id": entry.id,
        "version": entry.version,
        "visit": finding.visit,
        "account": finding.account,
        "role": finding.role,
        "category": finding.category,
        "text": finding.text,
        "state": finding.state,
        "logged_at": time(finding.logged_at),
        "owner": finding.owner,
        "due": finding.due.map(time),
        "told": finding.told,
        "notes": finding.notes.iter().map(note).collect::<Vec<_>>(),
    })
}

fn of_campaign(one: &Gathered) -> (Json, Option<u32>) {
    (gathered(one), Some(one.campaign.version))
}

fn gathered(one: &Gathered) -> Json {
    let campaign = &one.campaign.is;
    json!({
        "id": one.campaign.id,
        "version": one.campaign.version,
        "title": campaign.title,
        "purpose": campaign.purpose,
        "since": time(campaign.since),
        "team": campaign.team,
        "sessions": one.sessions,
        "findings": one.findings,
        "conclusion": campaign.closed.as_ref().map(|(text, _)| text),
        "report": one.report,
    })
}
