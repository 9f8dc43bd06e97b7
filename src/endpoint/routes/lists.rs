//! `/v1/staff/top-lists` and `/v1/projects`: what customers complain about most, frozen, and what becomes of it.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{Path, blocking, cases, staff};
use crate::api::ProblemCode;
use crate::complaint::StaffId;
use crate::complaint::project::{
    Answer, ListAction, ListRefusal, ListSection, Project, ProjectStatus,
};
use crate::endpoint::App;
use crate::endpoint::cases::CaseError;
use crate::endpoint::cases::lists::{KnownList, ListError};
use crate::endpoint::clock::Timestamp;
use crate::endpoint::guard::Actor;
use crate::endpoint::problem::Refusal;

/// A period to freeze: `{"from":"2026-01-01T00:00Z","to":"2026-07-01T00:00Z","top":5}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Period {
    from: String,
    to: String,
    top: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Milestone {
    name: String,
    due: String,
}

/// What can be asked for: `{"action":"excuse","entry":2,"reason":"…"}`.
#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
enum Wanted {
    OpenProject {
        entry: u16,
        name: String,
        sponsor: u32,
        milestones: Vec<Milestone>,
        public: String,
    },
    ReachMilestone {
        entry: u16,
        milestone: u16,
    },
    SetStatus {
        entry: u16,
        status: ProjectStatus,
        public: String,
    },
    Excuse {
        entry: u16,
        reason: String,
    },
}

/// Every list, the newest first, with what of it is unanswered.
pub(in crate::endpoint) async fn list(
    State(app): State<App>,
    _: Actor,
) -> Result<Response, Refusal> {
    let lists = blocking(move || app.cases.lists())
        .await?
        .map_err(refused)?;
    let lists: Vec<_> = lists.iter().map(answer).collect();
    Ok(cases::respond(StatusCode::OK, &json!({ "lists": lists })))
}

/// Freezes a period.
pub(in crate::endpoint) async fn freeze(
    State(app): State<App>,
    actor: Actor,
    request: Request,
) -> Result<Response, Refusal> {
    let (_, period) = staff::read_body::<Period>(&app, request).await?;
    let from = staff::moment("from", &period.from)?;
    let to = staff::moment("to", &period.to)?;
    let now = app.config.clock.now();
    let made = blocking(move || {
        let cases = &app.cases;
        cases.freeze_list(&app.keys, actor.into(), (from, to), period.top, now)
    });
    Ok(respond(StatusCode::CREATED, &made.await?.map_err(refused)?))
}

/// One list.
pub(in crate::endpoint) async fn show(
    State(app): State<App>,
    _: Actor,
    Path(number): Path<u32>,
) -> Result<Response, Refusal> {
    let known = blocking(move || app.cases.list(number)).await?;
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
    let wish = match wanted {
        Wanted::OpenProject {
            entry,
            name,
            sponsor,
            milestones,
            public,
        } => {
            let mut texts = vec![
                (ListSection::Name(entry), name),
                (ListSection::Public(entry), public),
            ];
            let mut dates = Vec::new();
            for (place, milestone) in (1_u16..).zip(milestones) {
                dates.push(staff::moment("milestones.due", &milestone.due)?);
                texts.push((ListSection::Milestone(entry, place), milestone.name));
            }
            let action = ListAction::OpenProject {
                entry,
                sponsor: StaffId(sponsor),
                milestones: dates,
            };
            (action, texts)
        }
        Wanted::ReachMilestone { entry, milestone } => {
            (ListAction::ReachMilestone { entry, milestone }, Vec::new())
        }
        Wanted::SetStatus {
            entry,
            status,
            public,
        } => {
            let texts = vec![(ListSection::Public(entry), public)];
            (ListAction::SetStatus { entry, status }, texts)
        }
        Wanted::Excuse { entry, reason } => {
            let texts = vec![(ListSection::Reason(entry), reason)];
            (ListAction::Excuse { entry }, texts)
        }
    };
    let now = app.config.clock.now();
    let acted = blocking(move || {
        let cases = &app.cases;
        cases.list_act(&app.keys, number, actor.into(), version, wish, now)
    });
    Ok(respond(StatusCode::OK, &acted.await?.map_err(refused)?))
}

/// What customers read of the projects, without a login: never a count, a person or a reason.
pub(in crate::endpoint) async fn projects(State(app): State<App>) -> Result<Response, Refusal> {
    let lists = blocking(move || app.cases.lists())
        .await?
        .map_err(refused)?;
    let public = lists.iter().flat_map(|known| {
        let entries = (1_u16..).zip(&known.list.entries);
        entries.filter_map(move |(entry, one)| match &one.answer {
            Answer::Project(project) => Some(json!({
                "category": one.category,
                "name": known.text(ListSection::Name(entry)),
                "status": project.status,
                "text": known.text(ListSection::Public(entry)),
                "milestones": milestones(known, entry, project),
            })),
            Answer::Open | Answer::Reason => None,
        })
    });
    let projects: Vec<_> = public.collect();
    Ok(cases::respond(
        StatusCode::OK,
        &json!({ "projects": projects }),
    ))
}

fn refused(error: ListError) -> Refusal {
    match error {
        ListError::NotFound => ProblemCode::NotFound.into(),
        ListError::Refused(ListRefusal::NotAllowed) => ProblemCode::NotAllowed.into(),
        ListError::Refused(rule) => {
            Refusal::of_field(ProblemCode::ActionRefused, "", rule.code(), rule.message())
        }
        ListError::UnknownSponsor => {
            let message = "nobody of this number works here";
            Refusal::of_field(ProblemCode::InvalidBody, "sponsor", "unknown", message)
        }
        ListError::Case(CaseError::Clash) => ProblemCode::VersionClash.into(),
        ListError::Case(error) => error.into(),
    }
}

fn respond(status: StatusCode, known: &KnownList) -> Response {
    let mut response = cases::respond(status, &answer(known));
    staff::tagged(&mut response, known.version);
    response
}

fn time(at: i64) -> String {
    Timestamp(at).to_string()
}

fn milestones(known: &KnownList, entry: u16, project: &Project) -> Vec<Json> {
    let milestones = (1_u16..).zip(&project.milestones);
    milestones
        .map(|(milestone, (due, reached))| {
            let name = known.text(ListSection::Milestone(entry, milestone));
            json!({"name": name, "due": time(*due), "reached_at": reached.map(time)})
        })
        .collect()
}

fn answer(known: &KnownList) -> Json {
    let list = &known.list;
    let (frozen, frozen_at) = &list.frozen;
    let pareto = frozen.pareto();
    let rows = pareto.iter().flat_map(|pareto| &pareto.rows).map(|row| {
        let category = &row.category;
        json!({
            "category": category.name, "critical": category.critical, "major": category.major, "minor": category.minor,
            "count": category.count(), "weight": category.weight(), "percent": row.percent, "cumulative": row.cumulative,
        })
    });
    let entries = (1_u16..).zip(&list.entries).map(|(entry, one)| {
        let (project, reason) = match &one.answer {
            Answer::Open => (None, None),
            Answer::Reason => (None, known.text(ListSection::Reason(entry))),
            Answer::Project(project) => {
                let project = json!({
                    "name": known.text(ListSection::Name(entry)),
                    "sponsor": project.sponsor.0,
                    "status": project.status,
                    "public": known.text(ListSection::Public(entry)),
                    "milestones": milestones(known, entry, project),
                });
                (Some(project), None)
            }
        };
        json!({"entry": entry, "category": one.category, "project": project, "reason": reason})
    });
    json!({
        "number": known.number,
        "version": known.version,
        "from": time(frozen.from),
        "to": time(frozen.to),
        "frozen_at": time(*frozen_at),
        "rows": rows.collect::<Vec<_>>(),
        "by_weight": pareto.as_ref().map(|pareto| &pareto.by_weight),
        "vital_few": pareto.as_ref().and_then(|pareto| pareto.vital_few),
        "recategorise": pareto.as_ref().is_some_and(|pareto| pareto.vital_few.is_none()),
        "entries": entries.collect::<Vec<_>>(),
        "unanswered": list.unanswered(),
    })
}
