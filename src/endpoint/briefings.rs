//! Briefings and progress reports: what an account's management reads of its own account, made from what is known of it and
//! of nobody else.

use sha2::{Digest, Sha256};

use super::accounts;
use super::cases::{CaseError, Cases, Whole};
use super::clock::Timestamp;
use super::guard::Actor;
use super::records::{self, Entry, Kept};
use super::store::Reader;
use super::verbatims;
use crate::api::Intent;
use crate::complaint::briefing::{Briefing, BriefingChange, BriefingState, Subject, affected};
use crate::complaint::event::Affects;
use crate::complaint::finding::{Finding, FindingState};
use crate::complaint::view::{self, Status, Until};
use crate::complaint::{
    Case, Category, Change, ClockKind, Closure, Field, Moment, Obstacle, Record, Refusal, Role,
    Severity, State,
};
use crate::measures::{Pareto, Reading};
use crate::messages::Language;
use crate::survey::definition::Metric;
use crate::survey::{Definition, Value};

/// How they are written.
mod page;

impl Kept for Briefing {
    const KIND: &'static str = "briefing";
}

/// What a report says.
#[derive(Debug)]
struct Content {
    subject: Subject,
    language: Language,
    /// The moment at which all of it stood so: the period's end, or now.
    end: Moment,
    /// A customer's own words and when they were said; never a name.
    chair: Option<(Moment, String)>,
    scores: Vec<Score>,
    times: Vec<(ClockKind, usize, usize)>,
    top: Option<Pareto>,
    /// Cases that say how many people are affected, and how many in all.
    affected: (usize, u64),
    /// Cases that touch the customer's own users.
    touching_users: usize,
    came_in: usize,
    finished: usize,
    still_open: usize,
    items: Vec<Item>,
}

/// A figure.
#[derive(Debug)]
struct Score {
    title: String,
    metric: Metric,
    reading: Option<Reading>,
    decimals: usize,
}

/// One thing of the account's, and where it stands.
#[derive(Debug)]
struct Item {
    number: String,
    what: What,
    category: Option<Category>,
    next: Option<(Option<Until>, Moment)>,
    changed: Option<String>,
}

/// What it is and where it stands.
#[derive(Debug)]
enum What {
    Case(Status),
    Request { is_answered: bool },
    Finding(FindingState),
}

/// A briefing, and its page as it would go out now.
#[derive(Clone, Debug)]
pub(super) struct Written {
    /// The briefing.
    pub(super) briefing: Entry<Briefing>,
    /// The page.
    pub(super) page: String,
    /// SHA-256 of the page, in hexadecimal digits: whoever approves says which page they have read.
    pub(super) digest: String,
}

/// The briefings that somebody sees, the newest first.
pub(super) fn list(cases: &Cases, actor: Actor) -> Result<Vec<Entry<Briefing>>, CaseError> {
    let reach = super::visits::seeing(cases, actor)?;
    let mut all = records::all::<Briefing>(cases)?;
    all.retain(|one| reach.covers(&one.is.subject.account));
    all.reverse();
    Ok(all)
}

/// Drafts one.
pub(super) fn draft(
    cases: &Cases,
    actor: Actor,
    key: Option<&str>,
    subject: Subject,
    now: Timestamp,
) -> Result<Written, CaseError> {
    records::changes(cases, actor, Some(&subject.account))?;
    subject.check(now.0)?;
    is_known(cases, &subject.account)?;
    let account = subject.account.clone();
    let first = BriefingChange::Drafted(subject);
    let name = (key, Some(account.as_str()));
    let briefing = records::begin::<Briefing>(cases, name, actor.id, &first, now)?;
    written(cases, briefing, now)
}

fn is_known(cases: &Cases, account: &str) -> Result<(), CaseError> {
    let accounts = cases.reader().accounts()?;
    if accounts.iter().any(|known| known == account) {
        Ok(())
    } else {
        Err(CaseError::NotFound)
    }
}

/// One of them.
pub(super) fn show(
    cases: &Cases,
    actor: Actor,
    id: u32,
    now: Timestamp,
) -> Result<Written, CaseError> {
    let briefing = records::one::<Briefing>(cases, id)?;
    records::reads(cases, actor, Some(&briefing.is.subject.account))?;
    written(cases, briefing, now)
}

/// What somebody does with one.
#[derive(Clone, Debug)]
pub(super) enum Wanted {
    /// Agrees to the page with this digest.
    Approve {
        /// The digest.
        digest: String,
    },
    /// Sends it back.
    Reject {
        /// Why.
        text: String,
    },
    /// Notes that the customer has it.
    Sent {
        /// To whom it went, and how.
        text: String,
    },
}

/// Changes one as it stood in version `known`.
pub(super) fn act(
    cases: &Cases,
    actor: Actor,
    (id, known): (u32, u32),
    wanted: Wanted,
    now: Timestamp,
) -> Result<Written, CaseError> {
    let briefing = records::one::<Briefing>(cases, id)?;
    records::changes(cases, actor, Some(&briefing.is.subject.account))?;
    let decides = matches!(
        actor.role,
        Role::AccountManager | Role::CaseManager | Role::Executive
    );
    if matches!(wanted, Wanted::Approve { .. }) && !decides {
        return Err(Refusal::NotAllowed.into());
    }
    records::is_newest(&briefing, known)?;
    let change = match wanted {
        Wanted::Approve { digest } => {
            let written = written(cases, briefing.clone(), now)?;
            let change = BriefingChange::Approved { page: written.page };
            briefing.is.allows(actor.id, &change)?;
            // Something new came in since it was read: it is read again.
            if written.digest != digest {
                return Err(CaseError::Clash);
            }
            change
        }
        Wanted::Reject { text } => BriefingChange::Rejected { text },
        Wanted::Sent { text } => BriefingChange::Sent { text },
    };
    briefing.is.allows(actor.id, &change)?;
    let briefing = records::change(cases, &briefing, actor.id, &change, now)?;
    written(cases, briefing, now)
}

fn written(cases: &Cases, briefing: Entry<Briefing>, now: Timestamp) -> Result<Written, CaseError> {
    let page = match (&briefing.is.page, briefing.is.state) {
        (Some(page), BriefingState::Approved | BriefingState::Sent) => page.clone(),
        _ => page::briefing(&content(cases, &briefing.is.subject, now)?),
    };
    let digest = Sha256::digest(&page);
    Ok(Written {
        digest: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
        page,
        briefing,
    })
}

/// The progress report of an account: what became of its own items in a period.
pub(super) fn progress(
    cases: &Cases,
    actor: Actor,
    subject: &Subject,
    now: Timestamp,
) -> Result<String, CaseError> {
    records::reads(cases, actor, Some(&subject.account))?;
    is_known(cases, &subject.account)?;
    if subject.from >= subject.until {
        return Err(Obstacle::DateNotAhead.into());
    }
    Ok(page::progress(&content(cases, subject, now)?))
}

/// What is known of an account at the end of a period. Every question to the store names the account.
fn content(cases: &Cases, subject: &Subject, now: Timestamp) -> Result<Content, CaseError> {
    let language = Language::from_tag(&subject.language).unwrap_or_default();
    let Subject {
        account,
        from,
        until,
        ..
    } = subject;
    let (from, until) = (*from, *until);
    let end = until.min(now.0);
    let own = as_of(cases.whole(&cases.reader().cases_of(account)?)?, end);
    let counted: Vec<_> = own.iter().filter(|one| is_counted(&one.case)).collect();
    let in_period = |at: Moment| (from..end).contains(&at);
    let received = || counted.iter().filter(|one| in_period(one.case.received_at));
    let mut items = Vec::new();
    for whole in &counted {
        if whole.case.state.is_open() || whole.case.closed_at.is_some_and(in_period) {
            items.push(case_item(cases, whole, end)?);
        }
    }
    let requests = accounts::feedback_of(cases, account)?;
    let requests = requests.iter().filter(|one| {
        let row = &one.row;
        let is_open = row.answered_at.is_none_or(|at| at >= end);
        row.intent == Intent::Request.code()
            && row.received_at < end
            && (is_open || row.answered_at.is_some_and(in_period))
    });
    items.extend(requests.map(|one| {
        let is_answered = one.row.answered_at.is_some_and(|at| at < end);
        Item {
            number: one.row.number.clone(),
            what: What::Request { is_answered },
            category: None,
            next: one
                .row
                .answer_by
                .filter(|_| !is_answered)
                .map(|at| (None, at)),
            changed: None,
        }
    }));
    for entry in records::all::<Finding>(cases)? {
        if entry.is.account != *account {
            continue;
        }
        let changes = entry.changes.iter().filter(|(at, ..)| *at < end);
        let last = changes.clone().next_back().map(|(at, ..)| *at);
        let Some(finding) = Finding::replay(changes.map(|(at, by, change)| (*at, *by, change)))
        else {
            continue;
        };
        let is_told = finding.state == FindingState::ReportedBack;
        if !is_told || last.is_some_and(in_period) {
            items.push(Item {
                number: format!("#{}", entry.id),
                what: What::Finding(finding.state),
                category: Some(finding.category),
                next: finding.due.map(|at| (None, at)),
                changed: None,
            });
        }
    }
    let wanted = |row: &super::store::SpokenRow| row.account.as_ref() == Some(account);
    let before = verbatims::before(end);
    let (said, _) = verbatims::said(cases, before, (1, from), &wanted)?;
    let chair = said.into_iter().next().map(|said| {
        let words: Vec<_> = said.words.into_iter().map(|(_, text)| text).collect();
        (said.at, words.join("\n"))
    });
    Ok(Content {
        end,
        chair,
        scores: scores(cases, account, (from, end), language)?,
        times: times(&counted, in_period),
        top: Pareto::of(&causes(received().map(|one| &one.case))),
        affected: people(received().copied()),
        touching_users: received().filter(|whole| touches_users(whole)).count(),
        came_in: received().count(),
        finished: counted
            .iter()
            .filter(|one| one.case.closed_at.is_some_and(in_period))
            .count(),
        still_open: counted
            .iter()
            .filter(|one| one.case.state.is_open())
            .count(),
        items,
        subject: subject.clone(),
        language,
    })
}

/// The cases as they stood at a moment: what happened later has not happened. A deadline counts as missed from itself on,
/// also where the engine was down and wrote it into the log later.
fn as_of(cases: Vec<Whole>, end: Moment) -> Vec<Whole> {
    let then = |mut whole: Whole| {
        let mut misses = std::mem::take(&mut whole.case.misses);
        misses.retain(|(_, due)| *due < end);
        whole.events.retain(|event| event.at < end);
        let log = whole.events.iter();
        let log = log.map(|event| (event.at, event.actor, &event.change));
        whole.case = Case::replay(log)?;
        whole.case.misses = misses;
        Some(whole)
    };
    cases.into_iter().filter_map(then).collect()
}

/// Spam, duplicates and what was no complaint count nowhere: their survivors do.
fn is_counted(case: &Case) -> bool {
    !matches!(
        case.state,
        State::Closed(Closure::Spam | Closure::Duplicate | Closure::Reclassified)
    )
}

/// The status and the date that the customer reads, not what we call it.
fn case_item(cases: &Cases, whole: &Whole, end: Moment) -> Result<Item, CaseError> {
    let (policy, calendar) = cases.times_of(&whole.case)?;
    let seen = view::view(&whole.case, &whole.events, &policy, &*calendar, end);
    let decision = accounts::decision_words(whole);
    Ok(Item {
        number: whole.number.clone(),
        category: whole.case.issues.first().map(|issue| issue.category),
        next: whole
            .case
            .state
            .is_open()
            .then_some((Some(seen.next.0), seen.next.1)),
        changed: decision
            .and_then(|words| words.get(Field::FixSummary))
            .map(str::to_owned),
        what: What::Case(seen.status),
    })
}

/// Of the cases received in the period: of how many did a clock end, and how many never ran over it.
fn times(cases: &[&Whole], in_period: impl Fn(Moment) -> bool) -> Vec<(ClockKind, usize, usize)> {
    let kinds = [
        ClockKind::FirstResponse,
        ClockKind::Update,
        ClockKind::Resolution,
    ];
    let row = |kind| {
        let missed = |case: &Case| case.misses.iter().any(|(known, _)| *known == kind);
        let ended = |case: &Case| match kind {
            ClockKind::FirstResponse => case.first_response_at.is_some(),
            ClockKind::Resolution => case.decision.is_some(),
            _ => true,
        };
        let received = cases.iter().map(|one| &one.case);
        let judged: Vec<_> = received
            .filter(|case| in_period(case.received_at) && (ended(case) || missed(case)))
            .collect();
        let kept = judged.iter().filter(|case| !missed(case)).count();
        (kind, kept, judged.len())
    };
    kinds.map(row).into()
}

/// Complaints by what they are about, each counted once, by its first problem.
fn causes<'a>(cases: impl Iterator<Item = &'a Case>) -> Vec<crate::measures::Category> {
    let mut causes: Vec<crate::measures::Category> = Vec::new();
    for case in cases {
        let category = case
            .issues
            .first()
            .map_or(Category::Other, |issue| issue.category);
        let name = code(category);
        let place = causes.iter().position(|known| known.name == name);
        let place = place.unwrap_or_else(|| {
            causes.push(crate::measures::Category {
                name,
                critical: 0,
                major: 0,
                minor: 0,
            });
            causes.len() - 1
        });
        if let Some(cause) = causes.get_mut(place) {
            *match case.severity {
                Severity::Critical => &mut cause.critical,
                Severity::Major => &mut cause.major,
                Severity::Minor => &mut cause.minor,
            } += 1;
        }
    }
    causes
}

/// The word for a category on the wire.
fn code(category: Category) -> String {
    let value = serde_json::to_value(category).unwrap_or_default();
    value.as_str().unwrap_or("other").to_owned()
}

/// Whether the customer says that their own users are affected.
fn touches_users(whole: &Whole) -> bool {
    let first = whole.events.first().map(|event| &event.change);
    matches!(first, Some(Change::Received(receipt)) if receipt.affects == Some(Affects::Users))
}

/// How many cases say how many people are affected, and how many people they say.
fn people<'a>(cases: impl Iterator<Item = &'a Whole>) -> (usize, u64) {
    let said = cases.filter_map(|whole| {
        let first = whole.events.first()?;
        // Asked as a number since; before, it stood in the words.
        let counted = match &first.change {
            Change::Received(receipt) => receipt.affected_users.map(u64::from),
            _ => None,
        };
        counted.or_else(|| affected(first.words.get(Field::Affected)?))
    });
    said.fold((0, 0), |(cases, people), one| {
        (cases + 1, people.saturating_add(one))
    })
}

fn scores(
    cases: &Cases,
    account: &str,
    period: (Moment, Moment),
    language: Language,
) -> Result<Vec<Score>, CaseError> {
    let counted = accounts::scores(cases, account, Some(period))?;
    let mut scores = Vec::new();
    for figure in counted.iter().flat_map(|survey| survey.figures()) {
        let title = title(cases, figure.survey, figure.question, language)?;
        scores.push(Score {
            title: title.unwrap_or_else(|| figure.question.to_owned()),
            metric: figure.metric,
            reading: figure.reading,
            decimals: figure.decimals,
        });
    }
    Ok(scores)
}

/// The question as it is asked in the newest version that has it.
fn title(
    cases: &Cases,
    survey: &str,
    question: &str,
    language: Language,
) -> Result<Option<String>, CaseError> {
    let reader = cases.reader();
    let versions = reader.surveys()?;
    let versions = versions.iter().rev().filter(|one| one.survey == survey);
    for version in versions {
        let text = reader.definition(survey, version.version)?;
        let value = text.and_then(|text| serde_json::from_str::<Value>(&text).ok());
        let definition = value.map(|value| Definition::of_published(&value));
        let found = definition.as_ref().and_then(|it| it.question(question));
        if let Some(found) = found {
            return Ok(Some(found.title.resolve(language.tag()).to_owned()));
        }
    }
    Ok(None)
}
