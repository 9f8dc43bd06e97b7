//! The rules of every action: role, then state, then guards. The same answer everywhere.

/// What a decision must say, and who must agree.
mod decision;
/// Why an action is refused.
mod refusal;

pub use refusal::Refusal;

use super::Moment;
use super::action::Action;
use super::case::Case;
use super::clock::{Calendar, resolution_due};
use super::duty::confirm_by;
use super::event::{Cause, Change, Field, IssueClass, Receipt, Step, Words};
use super::people::{Actor, Relation, Role, StaffId, Team, is};
use super::policy::Policy;
use super::routing::route;
use super::state::{Closure, Outcome, State};

/// What decides beside the case itself.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// The moment.
    pub now: Moment,
    /// Who acts for the account now.
    pub team: Team,
    /// The case manager who stands in for every vacant place.
    pub default_owner: StaffId,
    /// The rules of time of this case.
    pub policy: &'a Policy,
    /// When we work.
    pub calendar: &'a dyn Calendar,
    /// Case managers and executives, in the order in which they take reviews.
    pub reviewers: &'a [StaffId],
}

impl std::fmt::Debug for Setting<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Setting")
            .field("now", &self.now)
            .field("team", &self.team)
            .finish_non_exhaustive()
    }
}

/// t1 and t2: takes a complaint in. It has owner, contact, priority, clocks and a promised date at once.
///
/// # Errors
/// Without a problem in words there is no complaint. Only the customer, or staff who act for the account, bring one.
pub fn receive(
    actor: Actor,
    mut receipt: Receipt,
    words: Words,
    setting: &Setting<'_>,
) -> Result<Vec<Step>, Refusal> {
    let first = receipt.issues.first().ok_or(Refusal::NoIssues)?;
    if !words.has(Field::Text) {
        return Err(Refusal::WordsMissing(Field::Text));
    }
    (receipt.owner, receipt.contact) = route(first.category, &setting.team, setting.default_owner);
    receipt.policy = setting.policy.version;
    let case = Case::received(setting.now, actor, &receipt);
    if let Actor::Staff(id, _) = actor {
        let team = &setting.team;
        let places = [team.account, team.solution, team.delivery];
        let relations = [Relation::Account, Relation::CaseManager];
        let may = places.contains(&Some(id))
            || relations
                .iter()
                .any(|relation| is(actor, *relation, &case, team));
        if !may {
            return Err(Refusal::NotAllowed);
        }
    }
    let promised = resolution_due(&case, setting.policy, setting.calendar);
    let change = Change::Received(receipt);
    let acknowledged = Change::Acknowledged {
        promised: promised.unwrap_or(setting.now),
    };
    Ok(vec![Step { change, words }, Step::plain(acknowledged)])
}

/// What an action leads to.
///
/// # Errors
/// Who may not hears that first, then what the state forbids, then what is missing. Nothing has changed then.
pub fn decide(
    case: &Case,
    actor: Actor,
    action: &Action,
    setting: &Setting<'_>,
) -> Result<Vec<Step>, Refusal> {
    let permit = action.permit();
    let may = permit
        .who
        .iter()
        .any(|relation| is(actor, *relation, case, &setting.team));
    if !may {
        return Err(Refusal::NotAllowed);
    }
    if !(permit.state)(case.state) {
        return Err(Refusal::WrongState(case.state));
    }
    let rules = Rules {
        case,
        actor,
        setting,
    };
    rules.steps(action)
}

fn one(change: Change) -> Result<Vec<Step>, Refusal> {
    Ok(vec![Step::plain(change)])
}

/// A change with one text, which may be empty.
fn with(change: Change, text: &str) -> Result<Vec<Step>, Refusal> {
    let words = if text.trim().is_empty() {
        Words::default()
    } else {
        Words::of(Field::Text, text)
    };
    Ok(vec![Step { change, words }])
}

/// A change whose text must not be empty.
fn with_words(change: Change, field: Field, text: &str) -> Result<Vec<Step>, Refusal> {
    let words = Words::of(field, text);
    if words.has(field) {
        Ok(vec![Step { change, words }])
    } else {
        Err(Refusal::WordsMissing(field))
    }
}

fn require(holds: bool, refusal: Refusal) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(refusal) }
}

/// One actor before one case.
struct Rules<'a> {
    case: &'a Case,
    actor: Actor,
    setting: &'a Setting<'a>,
}

impl Rules<'_> {
    fn steps(&self, action: &Action) -> Result<Vec<Step>, Refusal> {
        let (case, now) = (self.case, self.setting.now);
        let ahead = |date: Moment| require(date > now, Refusal::DateNotAhead);
        match action {
            Action::Acknowledge => one(Change::Acknowledged {
                promised: self.promised_by(case),
            }),
            Action::Assess {
                severity,
                flags,
                issues,
                owner,
                words,
            } => {
                check_issues(issues, words)?;
                let category = issues.first().map(|issue| issue.category);
                let routed = category.map(|category| {
                    route(category, &self.setting.team, self.setting.default_owner).0
                });
                let change = |promised| Change::Assessed {
                    severity: *severity,
                    flags: *flags,
                    issues: issues.clone(),
                    owner: owner.or(routed).unwrap_or(case.owner),
                    promised,
                };
                self.regraded(&change, words)
            }
            Action::Regrade {
                severity,
                flags,
                words,
            } => {
                let change = |promised| Change::Regraded {
                    severity: *severity,
                    flags: *flags,
                    promised,
                };
                self.regraded(&change, words)
            }
            Action::FindIssue {
                category,
                stage,
                text,
            } => {
                let last = case.issues.iter().map(|issue| issue.id).max();
                let id = last.unwrap_or(0).saturating_add(1);
                let found = IssueClass {
                    id,
                    category: *category,
                    stage: *stage,
                };
                with_words(Change::IssueFound(found), Field::Issue(id), text)
            }
            Action::AdoptPolicy { policy, words } => {
                require(policy.version != case.policy, Refusal::NoSuchPolicy)?;
                let version = policy.version;
                let adopted = policy.after(self.setting.policy, now);
                let setting = Setting {
                    policy: &adopted,
                    ..*self.setting
                };
                let rules = Rules {
                    setting: &setting,
                    ..*self
                };
                let change = |promised| Change::PolicyAdopted {
                    policy: version,
                    promised,
                };
                rules.regraded(&change, words)
            }
            Action::Begin => one(Change::Begun),
            Action::Ask { text, reply_by } => {
                ahead(*reply_by)?;
                let reply_by = *reply_by;
                with_words(Change::Asked { reply_by }, Field::Text, text)
            }
            // Whatever way the customer writes, a waiting question counts as answered.
            Action::Write { text } if case.state == State::AwaitingCustomer => {
                with_words(Change::Resumed, Field::Text, text)
            }
            Action::Write { text } => with_words(Change::CustomerMessage, Field::Text, text),
            Action::Resume => {
                let is_over = case.reply_by.is_none_or(|reply_by| reply_by <= now);
                require(is_over, Refusal::NotYet)?;
                one(Change::Resumed)
            }
            Action::HandToPartner { party, expected } => {
                ahead(*expected)?;
                let expected = *expected;
                with_words(Change::HandedToPartner { expected }, Field::Party, party)
            }
            Action::TakeBack => one(Change::TakenBack),
            Action::Draft(draft) => {
                let change = Change::Drafted(self.decision(draft)?);
                let words = draft.words.clone();
                Ok(vec![Step { change, words }])
            }
            Action::SignOff => {
                require(case.draft.is_some(), Refusal::NoDraft)?;
                one(Change::SignedOff)
            }
            Action::Respond { words } => self.respond(words),
            Action::RemedyDone => {
                let decision = case.decision.as_ref();
                let is_owed = decision.is_some_and(|(decision, _)| decision.remedy_due.is_some());
                require(is_owed && case.remedy_done_at.is_none(), Refusal::NoRemedy)?;
                one(Change::RemedyDone)
            }
            Action::Confirm => one(Change::Confirmed),
            Action::NotSolved { text } => {
                require(
                    case.outcome() != Some(Outcome::Declined),
                    if case.is_reviewed {
                        Refusal::AlreadyReviewed
                    } else {
                        Refusal::AskForReview
                    },
                )?;
                with(Change::NotSolved, text)
            }
            Action::TimeOut => {
                let by = confirm_by(case, self.setting.policy, self.setting.calendar);
                require(by.is_some_and(|by| by <= now), Refusal::NotYet)?;
                one(Change::TimedOut(
                    if case.outcome() == Some(Outcome::Declined) {
                        Closure::DeclinedFinal
                    } else {
                        Closure::NoReplyTimeout
                    },
                ))
            }
            Action::Reopen { text } => {
                if self.actor == Actor::Customer {
                    let is_final = case.state == State::Closed(Closure::DeclinedFinal);
                    require(!is_final, Refusal::Final)?;
                    self.within_window()?;
                }
                with(Change::Reopened, text)
            }
            Action::Withdraw { text } => with(Change::Withdrawn, text),
            Action::Merge {
                into,
                same_customer,
            } => {
                require(*same_customer, Refusal::OtherCustomer)?;
                one(Change::Merged { into: into.clone() })
            }
            Action::Reclassify { into } => one(Change::Reclassified { into: into.clone() }),
            Action::ProposeSpam => {
                if case.state == State::Closed(Closure::Spam) {
                    self.within_window()?;
                }
                one(Change::SpamProposed)
            }
            Action::MarkSpam => {
                self.is_proposed()?;
                one(Change::MarkedSpam)
            }
            Action::UndoSpam => {
                self.is_proposed()?;
                self.within_window()?;
                one(Change::SpamUndone)
            }
            Action::AskReview { text } => self.ask_review(text),
            Action::Review(draft) => {
                let change = Change::Reviewed(self.decision(draft)?);
                let words = draft.words.clone();
                Ok(vec![Step { change, words }])
            }
            Action::Escalate { text } => {
                if self.actor == Actor::Customer {
                    let since = case.customer_escalated_at.map(|at| now - at);
                    let gap = self.setting.policy.escalate_every_ms;
                    require(since.is_none_or(|since| since >= gap), Refusal::TooSoon)?;
                } else if text.trim().is_empty() {
                    return Err(Refusal::WordsMissing(Field::Text));
                }
                let change = Change::Escalated {
                    level: (case.escalation + 1).min(3),
                    cause: Cause::Asked,
                    due: None,
                };
                with(change, text)
            }
            Action::Question => {
                require(case.question.is_none(), Refusal::AlreadyAsked)?;
                let by = self.actor.staff().ok_or(Refusal::NotAllowed)?;
                one(Change::Questioned { by })
            }
            Action::Explain { text } => {
                require(case.question.is_some(), Refusal::NothingAsked)?;
                // It goes up the chain before it returns to who asked.
                let change = match self.actor {
                    Actor::Staff(_, Role::CaseManager) => Change::Explained,
                    _ => Change::ExplanationOffered,
                };
                with_words(change, Field::Text, text)
            }
            Action::Message { text } => with_words(Change::StaffMessage, Field::Text, text),
            Action::Hold { text, next } => {
                ahead(*next)?;
                with_words(Change::HoldingResponse { next: *next }, Field::Text, text)
            }
            Action::Note { text } => with_words(Change::Note, Field::Text, text),
            Action::HandOff { owner, text } => {
                let owner = *owner;
                with_words(Change::HandedOff { owner }, Field::Text, text)
            }
            Action::Open => {
                if case.opened_at.is_some() {
                    return Ok(Vec::new());
                }
                one(Change::Opened)
            }
            Action::ContactMade { text } => with_words(Change::ContactMade, Field::Text, text),
            Action::ReviewMiss { miss, text } => {
                let is_open = (1..=case.miss_reviews()).contains(miss)
                    && !case.reviewed_misses.contains(miss);
                require(is_open, Refusal::NoSuchMiss)?;
                with_words(Change::MissReviewed { miss: *miss }, Field::Text, text)
            }
            Action::Rate { score, text } => {
                require((1..=5).contains(score), Refusal::ScoreOutOfRange)?;
                let known = case.ratings.iter().find(|(cycle, ..)| *cycle == case.cycle);
                let within = self.setting.policy.rate_again_ms;
                let ended = case.closed_at;
                let is_over = known.is_some_and(|(.., at)| now - at > within)
                    || ended.is_some_and(|at| now - at > self.setting.policy.rate_ms);
                require(!is_over, Refusal::TooLate)?;
                with(Change::Rated { score: *score }, text)
            }
            Action::LinkProblem { problem } => one(Change::ProblemLinked { problem: *problem }),
            Action::Attach { file, sha256 } => one(Change::Attached {
                file: file.clone(),
                sha256: sha256.clone(),
            }),
        }
    }

    fn promised_by(&self, case: &Case) -> Moment {
        let due = resolution_due(case, self.setting.policy, self.setting.calendar);
        due.or(case.promised).unwrap_or(self.setting.now)
    }

    /// A change of severity with the date that follows from it. A date that was told moves back only with words to the
    /// customer, which then go out as a message of their own.
    fn regraded(
        &self,
        change: &dyn Fn(Moment) -> Change,
        words: &Words,
    ) -> Result<Vec<Step>, Refusal> {
        let now = self.setting.now;
        let mut next = self.case.clone();
        next.apply(now, self.actor, &change(now));
        let promised = self.promised_by(&next);
        let is_later = self.case.promised.is_some_and(|told| promised > told);
        require(
            !is_later || words.has(Field::Text),
            Refusal::LaterWithoutWords,
        )?;
        let mut steps = Vec::new();
        if let Some(text) = words
            .get(Field::Text)
            .filter(|text| !text.trim().is_empty())
        {
            let words = Words::of(Field::Text, text);
            steps.push(Step {
                change: Change::StaffMessage,
                words,
            });
        }
        let issues = words.0.iter();
        let issues = issues.filter(|(field, _)| matches!(field, Field::Issue(_)));
        steps.push(Step {
            change: change(promised),
            words: Words(issues.cloned().collect()),
        });
        Ok(steps)
    }

    /// t16 and t20: two people, one of them the account manager.
    fn is_proposed(&self) -> Result<(), Refusal> {
        let by_other = self.case.spam_by.is_some() && self.case.spam_by != self.actor.staff();
        require(by_other, Refusal::NotProposed)
    }

    fn within_window(&self) -> Result<(), Refusal> {
        let closed = self.case.closed_at.unwrap_or(self.case.cycle_at);
        let is_within = self.setting.now - closed <= self.setting.policy.reopen_ms;
        require(is_within, Refusal::TooLate)
    }
}

/// At least one problem, numbered without doubles, and each with words.
fn check_issues(issues: &[IssueClass], words: &Words) -> Result<(), Refusal> {
    require(!issues.is_empty(), Refusal::NoIssues)?;
    for (place, issue) in issues.iter().enumerate() {
        let first = issues.iter().position(|other| other.id == issue.id);
        require(first == Some(place), Refusal::UnknownIssue(issue.id))?;
        let field = Field::Issue(issue.id);
        require(words.has(field), Refusal::WordsMissing(field))?;
    }
    Ok(())
}
