//! An account from all sides: its team, its deliveries, what its customers brought forward, their scores; and past cases that
//! are like one at hand.

use std::collections::BTreeSet;

use super::cases::feedback::Feedback;
use super::cases::{CaseError, Cases, Whole};
use super::guard::Actor;
use super::records::{self, Entry};
use super::results::{self, SurveyResults};
use super::store::{AccountDelivery, Filter};
use super::visits::seeing;
use crate::api::Intent;
use crate::complaint::finding::Finding;
use crate::complaint::problem::RootCause;
use crate::complaint::similarity::{similarity, terms};
use crate::complaint::visit::Visit;
use crate::complaint::{
    Case, Change, Closure, DAY, Field, Moment, Reach, Refusal, Role, StaffId, State, Team, Words,
};

/// Cases that are looked at before the most alike are shown.
const CANDIDATES: u32 = 100;
/// Similar past cases that are shown.
const MOST_SIMILAR: usize = 5;
/// From here on two complaints of one customer may be one.
const ALIKE: f64 = 0.3;
/// And when they came within so many days.
const DUPLICATE_DAYS: i64 = 30;

/// An account in the list.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    /// Its name, as portals and deliveries name it.
    pub(super) account: String,
    /// Who answers for the customer's satisfaction; nobody is an alarm.
    pub(super) owner: Option<StaffId>,
    /// Cases that are open.
    pub(super) open_cases: usize,
}

/// An account from all sides.
#[derive(Debug)]
pub(super) struct Card {
    /// In the list.
    pub(super) listed: Listed,
    /// Who acts for it now.
    pub(super) team: Team,
    /// Its deliveries.
    pub(super) deliveries: Vec<AccountDelivery>,
    /// Its cases.
    pub(super) cases: Vec<Whole>,
    /// Requests, suggestions and praise.
    pub(super) feedback: Vec<Feedback>,
    /// What its customers answered.
    pub(super) scores: Vec<SurveyResults>,
    /// Visits to it.
    pub(super) visits: Vec<Entry<Visit>>,
    /// What was found on them.
    pub(super) findings: Vec<Entry<Finding>>,
}

/// A case that is like another one.
#[derive(Clone, Debug)]
pub(super) struct Alike {
    /// The case.
    pub(super) case: Whole,
    /// 0 to 1.
    pub(super) similarity: f64,
    /// What lay at its root, where that was found out.
    pub(super) cause: Option<RootCause>,
    /// Whether whoever asks sees the case itself: words and decision. What we learnt from it everybody may know.
    pub(super) is_seen: bool,
}

/// The accounts that somebody sees: first those that nobody answers for.
pub(super) fn list(cases: &Cases, actor: Actor) -> Result<Vec<Listed>, CaseError> {
    let reach = seeing(cases, actor)?;
    let mut listed = Vec::new();
    for account in cases.reader().accounts()? {
        if reach.covers(&account) {
            let own = cases.whole(&cases.reader().cases_of(&account)?)?;
            listed.push(listed_as(cases, account, &own)?);
        }
    }
    listed.sort_by(|one, other| {
        let key = |one: &Listed| (one.owner.is_some(), one.account.clone());
        key(one).cmp(&key(other))
    });
    Ok(listed)
}

fn listed_as(cases: &Cases, account: String, own: &[Whole]) -> Result<Listed, CaseError> {
    Ok(Listed {
        owner: cases.reader().satisfaction_owner(&account)?,
        open_cases: own.iter().filter(|one| one.case.state.is_open()).count(),
        account,
    })
}

/// One account. Who has no business with it hears that before whether there is one.
pub(super) fn card(cases: &Cases, actor: Actor, account: &str) -> Result<Card, CaseError> {
    records::reads(cases, actor, Some(account))?;
    let reader = cases.reader();
    let accounts = reader.accounts()?;
    if !accounts.iter().any(|known| known == account) {
        return Err(CaseError::NotFound);
    }
    let own = cases.whole(&reader.cases_of(account)?)?;
    let mut visits = records::all::<Visit>(cases)?;
    visits.retain(|visit| visit.is.plan.account == account);
    let mut findings = records::all::<Finding>(cases)?;
    findings.retain(|finding| finding.is.account == account);
    Ok(Card {
        listed: listed_as(cases, account.to_owned(), &own)?,
        team: reader.team(account)?,
        deliveries: reader.deliveries_of(account)?,
        cases: own,
        feedback: feedback_of(cases, account)?,
        scores: scores(cases, account, None)?,
        visits,
        findings,
    })
}

/// What an account's customers answered, in a period or ever.
pub(super) fn scores(
    cases: &Cases,
    account: &str,
    period: Option<(Moment, Moment)>,
) -> Result<Vec<SurveyResults>, CaseError> {
    let filter = Filter {
        account: Some(account),
        period,
        ..Filter::default()
    };
    let mut scores = results::count(cases.reader(), filter)?;
    scores.retain(SurveyResults::has_answers);
    Ok(scores)
}

/// What an account's customers brought forward that is no complaint, the oldest first.
pub(super) fn feedback_of(cases: &Cases, account: &str) -> Result<Vec<Feedback>, CaseError> {
    let mut feedback = Vec::new();
    for intent in Intent::ALL {
        if intent != Intent::Complaint {
            let listed = cases.feedback(intent)?.into_iter();
            feedback.extend(listed.filter(|one| one.row.account.as_deref() == Some(account)));
        }
    }
    feedback.sort_by_key(|one| one.row.received_at);
    Ok(feedback)
}

/// Whether somebody sees a case: it is theirs, or their account's. One thread of notes for the three of a team.
pub(super) fn sees(actor: Actor, reach: &Reach, case: &Case) -> bool {
    if matches!(actor.role, Role::Analyst | Role::Admin) {
        return false;
    }
    reach.covers_any(case.account.as_deref())
        || [case.owner, case.contact].contains(&actor.id)
        || case.reviewer == Some(actor.id)
        || case.involved.contains(&actor.id)
}

/// One list of what is no complaint, of the accounts that somebody sees; and what was placed with them by name, so that praise
/// reaches whom it names.
pub(super) fn feedback(
    cases: &Cases,
    actor: Actor,
    intent: Intent,
) -> Result<Vec<Feedback>, CaseError> {
    let reach = seeing(cases, actor)?;
    let staff = cases.reader().staff()?;
    let own = staff.iter().find(|row| row.id == actor.id);
    let mut list = cases.feedback(intent)?;
    list.retain(|one| {
        let row = &one.row;
        let is_named = own.is_some_and(|own| row.destination.as_ref() == Some(&own.name));
        is_named || reach.covers_any(row.account.as_deref())
    });
    Ok(list)
}

/// Whether somebody may act on one of these: it is their account's, or theirs by name.
pub(super) fn acts_on_feedback(cases: &Cases, actor: Actor, number: &str) -> Result<(), CaseError> {
    let reader = cases.reader();
    let number = super::cases::number::read(number).ok_or(CaseError::NotFound)?;
    let row = reader.feedback_by_number(&number)?;
    let row = row.ok_or(CaseError::NotFound)?;
    let staff = reader.staff()?;
    let own = staff.iter().find(|known| known.id == actor.id);
    if own.is_some_and(|own| row.destination.as_ref() == Some(&own.name)) {
        return Ok(());
    }
    records::changes(cases, actor, row.account.as_deref())
}

/// What is like a case: past cases with what became of them, the most alike first; and open ones of the same customer that
/// may be the same.
pub(super) fn similar(
    cases: &Cases,
    actor: Actor,
    number: &str,
    now: Moment,
) -> Result<(Vec<Alike>, Vec<Alike>), CaseError> {
    let reach = seeing(cases, actor)?;
    let own = cases.inside(number, super::clock::Timestamp(now))?;
    if !sees(actor, &reach, &own.case) {
        return Err(Refusal::NotAllowed.into());
    }
    let words = first_words(&own.events);
    let text = words.get(Field::Text).unwrap_or_default();
    let candidates = cases.reader().cases_like(text, CANDIDATES)?;
    let own_terms = terms(text);
    let alike = cases.whole(&candidates)?.into_iter().map(|case| Alike {
        similarity: similarity(&own_terms, &first_terms(&case)),
        cause: cause_of(cases, &case.case),
        is_seen: sees(actor, &reach, &case.case),
        case,
    });
    let (mut past, mut duplicates) = (Vec::new(), Vec::new());
    for one in alike.filter(|one| one.case.number != own.seen.number) {
        let state = one.case.case.state;
        let is_past = match state {
            State::Responded => true,
            State::Closed(closure) => !matches!(
                closure,
                Closure::Duplicate | Closure::Reclassified | Closure::Spam
            ),
            _ => false,
        };
        let apart = (own.case.received_at - one.case.case.received_at).abs();
        if is_past {
            past.push(one);
        } else if state.is_open()
            && one.similarity >= ALIKE
            && apart <= DUPLICATE_DAYS * DAY
            && is_same_customer(&own.case, words, &one.case)
        {
            duplicates.push(one);
        }
    }
    // The index ranks by how rare the shared words are; that order stays for what is past.
    past.truncate(MOST_SIMILAR);
    duplicates.sort_by(|one, other| other.similarity.total_cmp(&one.similarity));
    Ok((past, duplicates))
}

fn cause_of(cases: &Cases, case: &Case) -> Option<RootCause> {
    let known = cases.problem(case.problem?).ok()?;
    known.problem.cause
}

fn first_words(events: &[crate::complaint::view::Event]) -> &Words {
    static NONE: Words = Words(Vec::new());
    events.first().map_or(&NONE, |event| &event.words)
}

fn first_terms(case: &Whole) -> BTreeSet<String> {
    terms(
        first_words(&case.events)
            .get(Field::Text)
            .unwrap_or_default(),
    )
}

/// A suggestion only: whether two cases may really become one the rules of merging say.
fn is_same_customer(own: &Case, words: &Words, other: &Whole) -> bool {
    if own.account.is_some() && own.account == other.case.account {
        return true;
    }
    let theirs = first_words(&other.events);
    [Field::Mail, Field::Phone].into_iter().any(|field| {
        let plain = |text: &str| -> String {
            let letters = text.chars().filter(|c| !c.is_whitespace());
            letters.flat_map(char::to_lowercase).collect()
        };
        let known = words.get(field).map(plain).filter(|text| !text.is_empty());
        known.is_some() && known == theirs.get(field).map(plain)
    })
}

/// The words of the decision that a customer was told last.
pub(super) fn decision_words(case: &Whole) -> Option<&Words> {
    let told = |event: &&crate::complaint::view::Event| {
        matches!(event.change, Change::Responded(_) | Change::Reviewed(_))
    };
    case.events
        .iter()
        .rev()
        .find(told)
        .map(|event| &event.words)
}
