//! Visits, what was found on them, and campaigns of listening: what the rules need to know of the rest, and then their word.

use super::cases::{CaseError, Cases};
use super::clock::Timestamp;
use super::guard::Actor;
use super::records::{self, Entry};
use crate::complaint::campaign::{Campaign, CampaignChange, Report};
use crate::complaint::finding::{Finding, FindingChange, Told};
use crate::complaint::visit::{Coverage, Plan, RespondentRole, Visit, VisitChange};
use crate::complaint::{Actor as Person, Category, Change, Moment, Obstacle, Reach, Refusal, Role};

/// A visit with what was found on it.
#[derive(Clone, Debug)]
pub(super) struct Session {
    /// The visit.
    pub(super) visit: Entry<Visit>,
    /// What was found.
    pub(super) findings: Vec<Entry<Finding>>,
}

/// A campaign with its sessions, and the report as it would be now.
#[derive(Clone, Debug)]
pub(super) struct Gathered {
    /// The campaign.
    pub(super) campaign: Entry<Campaign>,
    /// Its sessions' numbers.
    pub(super) sessions: Vec<u32>,
    /// What it found.
    pub(super) findings: Vec<u32>,
    /// The report: as it stood when it was closed, otherwise as of now.
    pub(super) report: Report,
}

/// How far visits have reached in a period.
#[derive(Clone, Debug)]
pub(super) struct Reached {
    /// Regions, people, accounts.
    pub(super) coverage: Coverage,
    /// All accounts that there are.
    pub(super) accounts: usize,
}

/// The visits that somebody sees, the oldest first.
pub(super) fn visits(cases: &Cases, actor: Actor) -> Result<Vec<Session>, CaseError> {
    let reach = seeing(cases, actor)?;
    let findings = records::all::<Finding>(cases)?;
    let visits = records::all::<Visit>(cases)?.into_iter();
    let seen = visits.filter(|visit| {
        reach.covers(&visit.is.plan.account) || visit.is.plan.team.contains(&actor.id)
    });
    Ok(seen.map(|visit| with(visit, &findings)).collect())
}

/// One visit.
pub(super) fn visit(cases: &Cases, actor: Actor, id: u32) -> Result<Session, CaseError> {
    let visit = records::one::<Visit>(cases, id)?;
    if !goes(cases, actor, &visit.is)? {
        records::reads(cases, actor, Some(&visit.is.plan.account))?;
    }
    Ok(with(visit, &records::all(cases)?))
}

/// Plans a visit; the same key again gives the one there is.
pub(super) fn plan(
    cases: &Cases,
    actor: Actor,
    key: Option<&str>,
    plan: Plan,
    now: Timestamp,
) -> Result<Session, CaseError> {
    records::changes(cases, actor, Some(&plan.account))?;
    if let Some(key) = key
        && let Some(known) = records::keyed::<Visit>(cases, key)?
    {
        return visit(cases, actor, known.id);
    }
    plan.check()?;
    links(cases, &plan)?;
    let account = plan.account.clone();
    let first = VisitChange::Planned(plan);
    let name = (key, Some(account.as_str()));
    let visit = records::begin::<Visit>(cases, name, actor.id, &first, now)?;
    Ok(with(visit, &[]))
}

/// Changes a visit as it stood in version `known`.
pub(super) fn change_visit(
    cases: &Cases,
    actor: Actor,
    (id, known): (u32, u32),
    change: &VisitChange,
    now: Timestamp,
) -> Result<Session, CaseError> {
    let visit = records::one::<Visit>(cases, id)?;
    if !goes(cases, actor, &visit.is)? {
        records::changes(cases, actor, Some(&visit.is.plan.account))?;
    }
    records::is_newest(&visit, known)?;
    let findings = records::all::<Finding>(cases)?;
    let own = findings.iter().filter(|one| one.is.visit == id).count();
    visit.is.allows(change, own, now.0)?;
    if let VisitChange::Planned(plan) = change {
        links(cases, plan)?;
    }
    let visit = records::change(cases, &visit, actor.id, change, now)?;
    Ok(with(visit, &findings))
}

/// Whether somebody goes on this visit without having a place in the account's team: a campaign sends whom it has.
fn goes(cases: &Cases, actor: Actor, visit: &Visit) -> Result<bool, CaseError> {
    let reach = records::reach(cases, actor)?;
    Ok(matches!(reach, Reach::Accounts(_)) && visit.plan.team.contains(&actor.id))
}

/// A campaign that is named goes on, and findings that are returned for are this account's.
fn links(cases: &Cases, plan: &Plan) -> Result<(), CaseError> {
    if let Some(campaign) = plan.campaign {
        let campaign = records::one::<Campaign>(cases, campaign);
        let campaign = campaign.map_err(|error| unknown(error, Obstacle::Unknown))?;
        if campaign.is.closed.is_some() {
            return Err(Obstacle::WrongState.into());
        }
    }
    for finding in &plan.returns_for {
        let finding = records::one::<Finding>(cases, *finding);
        let finding = finding.map_err(|error| unknown(error, Obstacle::Unknown))?;
        if finding.is.account != plan.account {
            return Err(Obstacle::OtherAccount.into());
        }
    }
    Ok(())
}

fn unknown(error: CaseError, obstacle: Obstacle) -> CaseError {
    match error {
        CaseError::NotFound => obstacle.into(),
        error => error,
    }
}

fn with(visit: Entry<Visit>, findings: &[Entry<Finding>]) -> Session {
    let own = findings.iter().filter(|one| one.is.visit == visit.id);
    Session {
        findings: own.cloned().collect(),
        visit,
    }
}

/// Writes down what was found on a visit as it stood in version `known`.
pub(super) fn log(
    cases: &Cases,
    actor: Actor,
    (id, known): (u32, u32),
    (role, category, text): (RespondentRole, Category, String),
    now: Timestamp,
) -> Result<Session, CaseError> {
    let visit = records::one::<Visit>(cases, id)?;
    let account = visit.is.plan.account.clone();
    if !goes(cases, actor, &visit.is)? {
        records::changes(cases, actor, Some(&account))?;
    }
    records::is_newest(&visit, known)?;
    visit.is.allows_finding()?;
    if text.trim().is_empty() {
        return Err(Obstacle::WordsMissing.into());
    }
    let first = FindingChange::Logged {
        visit: id,
        account: account.clone(),
        role,
        category,
        text,
    };
    records::begin::<Finding>(cases, (None, Some(&account)), actor.id, &first, now)?;
    Ok(with(visit, &records::all(cases)?))
}

/// The findings that somebody sees: those that are not finished by the date of their next step, what nobody follows first;
/// then the finished ones.
pub(super) fn findings(cases: &Cases, actor: Actor) -> Result<Vec<Entry<Finding>>, CaseError> {
    let reach = seeing(cases, actor)?;
    let mut findings = records::all::<Finding>(cases)?;
    findings.retain(|one| reach.covers(&one.is.account));
    findings.sort_by_key(|one| (one.is.told.is_some(), one.is.due, one.id));
    Ok(findings)
}

/// One finding.
pub(super) fn finding(cases: &Cases, actor: Actor, id: u32) -> Result<Entry<Finding>, CaseError> {
    let finding = records::one::<Finding>(cases, id)?;
    records::reads(cases, actor, Some(&finding.is.account))?;
    Ok(finding)
}

/// Changes a finding as it stood in version `known`.
pub(super) fn change_finding(
    cases: &Cases,
    actor: Actor,
    (id, known): (u32, u32),
    change: &FindingChange,
    now: Timestamp,
) -> Result<Entry<Finding>, CaseError> {
    let finding = records::one::<Finding>(cases, id)?;
    records::changes(cases, actor, Some(&finding.is.account))?;
    records::is_newest(&finding, known)?;
    if let FindingChange::Tracked { owner, .. } = change {
        let staff = cases.reader().staff()?;
        let works_here = |row: &crate::endpoint::store::StaffRow| {
            row.id == *owner && !matches!(row.role, Role::Analyst | Role::Auditor | Role::Admin)
        };
        if !staff.iter().any(works_here) {
            return Err(Obstacle::Unknown.into());
        }
    }
    let told_at = match change {
        FindingChange::ReportedBack { told } => told_at(cases, &finding.is, told)?,
        _ => None,
    };
    finding.is.allows(change, told_at, now.0)?;
    records::change(cases, &finding, actor.id, change, now)
}

/// When the customer was told: on a visit to this account that returned for it, or by a public message of ours in a case of
/// this account.
fn told_at(cases: &Cases, finding: &Finding, told: &Told) -> Result<Option<Moment>, CaseError> {
    match told {
        Told::Visit(id) => {
            let visit = records::one::<Visit>(cases, *id);
            let visit = visit.map_err(|error| unknown(error, Obstacle::NotTold))?;
            if visit.is.plan.account != finding.account {
                return Err(Obstacle::OtherAccount.into());
            }
            Ok(visit.is.held_at)
        }
        Told::Message { number, event } => {
            let inside = cases.inside(number, Timestamp(finding.logged_at));
            let inside = inside.map_err(|error| unknown(error, Obstacle::NotTold))?;
            if inside.case.account.as_ref() != Some(&finding.account) {
                return Err(Obstacle::OtherAccount.into());
            }
            let place = usize::try_from(*event).ok().and_then(|n| n.checked_sub(1));
            let event = place.and_then(|place| inside.events.get(place));
            let is_ours = |event: &&crate::complaint::view::Event| {
                matches!(event.actor, Person::Staff(..))
                    && matches!(
                        event.change,
                        Change::StaffMessage
                            | Change::HoldingResponse { .. }
                            | Change::Responded(_)
                            | Change::Reviewed(_)
                            | Change::Asked { .. }
                    )
            };
            Ok(event.filter(is_ours).map(|event| event.at))
        }
    }
}

/// How far the visits of a period have reached, of those that somebody sees.
pub(super) fn coverage(
    cases: &Cases,
    actor: Actor,
    from: Moment,
    until: Moment,
) -> Result<Reached, CaseError> {
    let reach = seeing(cases, actor)?;
    let visits = records::all::<Visit>(cases)?;
    let is_seen = |visit: &&Entry<Visit>| {
        let held = visit.is.held_at;
        held.is_some_and(|at| (from..until).contains(&at)) && reach.covers(&visit.is.plan.account)
    };
    let seen = visits.iter().filter(is_seen);
    let accounts = cases.reader().accounts()?;
    Ok(Reached {
        coverage: Coverage::of(seen.map(|visit| &visit.is)),
        accounts: accounts.iter().filter(|name| reach.covers(name)).count(),
    })
}

/// What was answered to the standing question in a period, of the visits that somebody sees: by what the people are.
pub(super) fn dissatisfied(
    cases: &Cases,
    actor: Actor,
    from: Moment,
    until: Moment,
) -> Result<Vec<(RespondentRole, Vec<String>)>, CaseError> {
    let reach = seeing(cases, actor)?;
    let mut by_role: Vec<_> = RespondentRole::ALL.map(|role| (role, Vec::new())).into();
    for visit in records::all::<Visit>(cases)? {
        let held = visit.is.held_at.filter(|at| (from..until).contains(at));
        if held.is_none() || !reach.covers(&visit.is.plan.account) {
            continue;
        }
        for answer in &visit.is.answers {
            let asked = answer.question == crate::complaint::visit::Question::Standing;
            let who = visit.is.attendees.get(usize::from(answer.attendee));
            let place = by_role.iter_mut().find(|(role, _)| {
                asked && *role == who.map_or(RespondentRole::Other, |one| one.role)
            });
            if let Some((_, said)) = place {
                said.push(answer.text.clone());
            }
        }
    }
    Ok(by_role)
}

/// The campaigns that somebody sees.
pub(super) fn campaigns(cases: &Cases, actor: Actor) -> Result<Vec<Gathered>, CaseError> {
    seeing(cases, actor)?;
    let mut seen = Vec::new();
    for campaign in records::all::<Campaign>(cases)? {
        if hears(cases, actor, &campaign.is)? {
            seen.push(gathered(cases, campaign)?);
        }
    }
    Ok(seen)
}

/// One campaign.
pub(super) fn campaign(cases: &Cases, actor: Actor, id: u32) -> Result<Gathered, CaseError> {
    let campaign = records::one::<Campaign>(cases, id)?;
    if !hears(cases, actor, &campaign.is)? {
        return Err(Refusal::NotAllowed.into());
    }
    gathered(cases, campaign)
}

/// Begins a campaign: case managers and executives do.
pub(super) fn begin_campaign(
    cases: &Cases,
    actor: Actor,
    key: Option<&str>,
    first: &CampaignChange,
    now: Timestamp,
) -> Result<Gathered, CaseError> {
    leads(actor)?;
    Campaign::begin(first, now.0)?;
    let campaign = records::begin::<Campaign>(cases, (key, None), actor.id, first, now)?;
    gathered(cases, campaign)
}

/// Gives a campaign other people, as it stood in version `known`.
pub(super) fn staff_campaign(
    cases: &Cases,
    actor: Actor,
    (id, known): (u32, u32),
    change: &CampaignChange,
    now: Timestamp,
) -> Result<Gathered, CaseError> {
    leads(actor)?;
    let campaign = records::one::<Campaign>(cases, id)?;
    records::is_newest(&campaign, known)?;
    campaign.is.allows(change, [], [])?;
    let campaign = records::change(cases, &campaign, actor.id, change, now)?;
    gathered(cases, campaign)
}

/// Ends a campaign as it stood in version `known`, with its report.
pub(super) fn close_campaign(
    cases: &Cases,
    actor: Actor,
    (id, known): (u32, u32),
    text: String,
    now: Timestamp,
) -> Result<Gathered, CaseError> {
    leads(actor)?;
    let campaign = records::one::<Campaign>(cases, id)?;
    records::is_newest(&campaign, known)?;
    let (sessions, findings) = of_campaign(cases, id)?;
    let (visits, found) = (
        sessions.iter().map(|visit| &visit.is),
        findings.iter().map(|one| &one.is),
    );
    let report = Report::of(visits.clone(), found.clone());
    let change = CampaignChange::Closed { text, report };
    campaign.is.allows(&change, visits, found)?;
    let campaign = records::change(cases, &campaign, actor.id, &change, now)?;
    gathered(cases, campaign)
}

type Found = (Vec<Entry<Visit>>, Vec<Entry<Finding>>);

/// A campaign's sessions, and what was found on them and nowhere else.
fn of_campaign(cases: &Cases, id: u32) -> Result<Found, CaseError> {
    let mut sessions = records::all::<Visit>(cases)?;
    sessions.retain(|visit| visit.is.plan.campaign == Some(id));
    let mut findings = records::all::<Finding>(cases)?;
    findings.retain(|one| sessions.iter().any(|visit| visit.id == one.is.visit));
    Ok((sessions, findings))
}

fn gathered(cases: &Cases, campaign: Entry<Campaign>) -> Result<Gathered, CaseError> {
    let (sessions, findings) = of_campaign(cases, campaign.id)?;
    let report = campaign.is.closed.as_ref().map_or_else(
        || {
            Report::of(
                sessions.iter().map(|visit| &visit.is),
                findings.iter().map(|one| &one.is),
            )
        },
        |(_, report)| report.clone(),
    );
    Ok(Gathered {
        sessions: sessions.iter().map(|visit| visit.id).collect(),
        findings: findings.iter().map(|one| one.id).collect(),
        report,
        campaign,
    })
}

/// It goes across accounts: whoever sees all of them, and whoever listens in it.
fn hears(cases: &Cases, actor: Actor, campaign: &Campaign) -> Result<bool, CaseError> {
    let reach = records::reach(cases, actor)?;
    Ok(match reach {
        Reach::Everything => true,
        Reach::Accounts(_) => campaign.team.contains(&actor.id),
        Reach::Nothing => false,
    })
}

fn leads(actor: Actor) -> Result<(), CaseError> {
    if matches!(actor.role, Role::CaseManager | Role::Executive) {
        Ok(())
    } else {
        Err(Refusal::NotAllowed.into())
    }
}

/// How far somebody sees, for lists: who sees no account at all is refused.
pub(super) fn seeing(cases: &Cases, actor: Actor) -> Result<Reach, CaseError> {
    match records::reach(cases, actor)? {
        Reach::Nothing => Err(Refusal::NotAllowed.into()),
        reach => Ok(reach),
    }
}
