//! A case as its events made it. Only [`Case::apply`] changes it.

use std::collections::BTreeSet;

use super::Moment;
use super::clock::ClockKind;
use super::event::{Cause, Change, Decision, IssueClass, Receipt};
use super::people::{Actor, StaffId};
use super::priority::{Flags, Priority, Severity, Urgency};
use super::state::{Closure, Outcome, State};

/// A snapshot: what the events say, taken together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// How many events there are; a change names the number it was made on.
    pub seq: u32,
    /// Where it stands.
    pub state: State,
    /// 1, and one more each time it is reopened.
    pub cycle: u16,
    /// When it came in; the earliest, where cases were merged.
    pub received_at: Moment,
    /// When this cycle began.
    pub cycle_at: Moment,
    /// How it came.
    pub channel: String,
    /// The customer's account.
    pub account: Option<String>,
    /// Whether that was proved.
    pub verified: bool,
    /// Whether it looks as if a program had filled in the form, and nobody has assessed it yet.
    pub suspect: bool,
    /// Whether the customer can be written to.
    pub reachable: bool,
    /// The version of the rules of time.
    pub policy: u32,
    /// Each version it had and from when; never empty.
    pub policies: Vec<(Moment, u32)>,
    /// Its problems.
    pub issues: Vec<IssueClass>,
    /// How many of them were found late.
    pub found_late: u16,
    /// How severe; provisional until `assessed_at`.
    pub severity: Severity,
    /// How urgent, in the customer's eyes.
    pub urgency: Urgency,
    /// What lifts it.
    pub flags: Flags,
    /// Each priority it had and from when; never empty.
    pub priorities: Vec<(Moment, Priority)>,
    /// Who is accountable.
    pub owner: StaffId,
    /// The one face.
    pub contact: StaffId,
    /// Every member of staff with an event in this case.
    pub involved: BTreeSet<StaffId>,
    /// When the customer got number, contact and date.
    pub acknowledged_at: Option<Moment>,
    /// When the decision is promised for.
    pub promised: Option<Moment>,
    /// When a person first assessed it.
    pub assessed_at: Option<Moment>,
    /// When a person first opened it.
    pub opened_at: Option<Moment>,
    /// The first public message of a person.
    pub first_response_at: Option<Moment>,
    /// The last public message or message of the customer.
    pub last_contact_at: Moment,
    /// Whether that one was ours.
    pub last_contact_is_ours: bool,
    /// Times that do not count for update and resolution; the last may be open.
    pub pauses: Vec<(Moment, Option<Moment>)>,
    /// When an answer is needed, while a question is with the customer.
    pub reply_by: Option<Moment>,
    /// Reminders in this state.
    pub reminders: u8,
    /// When the last reminder went out.
    pub reminded_at: Option<Moment>,
    /// When the partner is expected, while one must act.
    pub expected: Option<Moment>,
    /// The decision that is being agreed on, and its author.
    pub draft: Option<(Decision, StaffId)>,
    /// The number of the event that holds the draft's words.
    pub draft_seq: u32,
    /// Who agreed to it.
    pub signoffs: BTreeSet<StaffId>,
    /// The decision that the customer has, and when it was told.
    pub decision: Option<(Decision, Moment)>,
    /// When the promised remedy was there.
    pub remedy_done_at: Option<Moment>,
    /// A holding response: when it was told, and when the customer hears more.
    pub holding: Option<(Moment, Moment)>,
    /// When the second look began.
    pub review_at: Option<Moment>,
    /// Who takes it.
    pub reviewer: Option<StaffId>,
    /// Whether the second decision is there: it is final if it declines.
    pub is_reviewed: bool,
    /// 0 to 3.
    pub escalation: u8,
    /// When the customer escalated last.
    pub customer_escalated_at: Option<Moment>,
    /// What the engine has escalated: (level, why, deadline).
    pub escalated: Vec<(u8, Cause, Option<Moment>)>,
    /// The unanswered "?".
    pub question: Option<(StaffId, Moment)>,
    /// Whether the owner has explained it, and a case manager has yet to pass it on.
    pub explanation_offered: bool,
    /// Deadlines that were warned of: (clock, percent, deadline).
    pub warned: Vec<(ClockKind, u8, Moment)>,
    /// Deadlines that were missed: (clock, deadline).
    pub misses: Vec<(ClockKind, Moment)>,
    /// Misses, reopenings and late finds that a manager has signed, by number.
    pub reviewed_misses: BTreeSet<u16>,
    /// A person has to reach the customer by then.
    pub contact_due: Option<Moment>,
    /// When a person last reached the customer.
    pub contact_made_at: Option<Moment>,
    /// Who proposed to close it as spam, or to take that back.
    pub spam_by: Option<StaffId>,
    /// When it was closed.
    pub closed_at: Option<Moment>,
    /// The case that carries it on.
    pub merged_into: Option<String>,
    /// The root cause.
    pub problem: Option<u32>,
    /// What the customer said of each cycle, the last first word and its time: (cycle, score, first rated at).
    pub ratings: Vec<(u16, u8, Moment)>,
}

impl Case {
    /// The case of a first event.
    pub fn received(at: Moment, actor: Actor, receipt: &Receipt) -> Self {
        let severity = Severity::provisional(receipt.safety);
        let flags = Flags {
            repeat: receipt.repeat,
            ..Flags::default()
        };
        Self {
            seq: 1,
            state: State::Received,
            cycle: 1,
            received_at: at,
            cycle_at: at,
            channel: receipt.channel.clone(),
            account: receipt.account.clone(),
            verified: receipt.verified,
            suspect: receipt.suspect,
            reachable: receipt.reachable,
            policy: receipt.policy,
            policies: vec![(at, receipt.policy)],
            issues: receipt.issues.clone(),
            found_late: 0,
            severity,
            urgency: receipt.urgency,
            flags,
            priorities: vec![(at, Priority::of(severity, receipt.urgency, flags))],
            owner: receipt.owner,
            contact: receipt.contact,
            involved: actor.staff().into_iter().collect(),
            acknowledged_at: None,
            promised: None,
            assessed_at: None,
            opened_at: None,
            first_response_at: None,
            last_contact_at: at,
            last_contact_is_ours: false,
            pauses: Vec::new(),
            reply_by: None,
            reminders: 0,
            reminded_at: None,
            expected: None,
            draft: None,
            draft_seq: 0,
            signoffs: BTreeSet::new(),
            decision: None,
            remedy_done_at: None,
            holding: None,
            review_at: None,
            reviewer: None,
            is_reviewed: false,
            escalation: 0,
            customer_escalated_at: None,
            escalated: Vec::new(),
            question: None,
            explanation_offered: false,
            warned: Vec::new(),
            misses: Vec::new(),
            reviewed_misses: BTreeSet::new(),
            contact_due: None,
            contact_made_at: None,
            spam_by: None,
            closed_at: None,
            merged_into: None,
            problem: None,
            ratings: Vec::new(),
        }
    }

    /// The case that these events made; nothing if they do not begin with a receipt.
    pub fn replay<'a>(
        events: impl IntoIterator<Item = (Moment, Actor, &'a Change)>,
    ) -> Option<Self> {
        let mut events = events.into_iter();
        let (at, actor, first) = events.next()?;
        let Change::Received(receipt) = first else {
            return None;
        };
        let mut case = Self::received(at, actor, receipt);
        for (at, actor, change) in events {
            case.apply(at, actor, change);
        }
        Some(case)
    }

    /// Its priority now.
    pub fn priority(&self) -> Priority {
        self.priorities
            .last()
            .map_or(Priority::P1, |(_, priority)| *priority)
    }

    /// The outcome that the customer was told.
    pub fn outcome(&self) -> Option<Outcome> {
        self.decision.as_ref().map(|(decision, _)| decision.outcome)
    }

    /// Whether the decision that the customer has declines and can no longer be disputed.
    pub fn is_final(&self) -> bool {
        self.is_reviewed && self.outcome() == Some(Outcome::Declined)
    }

    /// Misses, reopenings and late finds, each of which a manager looks at: how many there are.
    pub fn miss_reviews(&self) -> u16 {
        let misses = u16::try_from(self.misses.len()).unwrap_or(u16::MAX);
        let reopened = self.cycle.saturating_sub(1);
        misses
            .saturating_add(reopened)
            .saturating_add(self.found_late)
    }

    /// Takes one more event. Events are facts: whether it may happen was asked before, by [`decide`](super::decide).
    pub fn apply(&mut self, at: Moment, actor: Actor, change: &Change) {
        self.seq = self.seq.saturating_add(1);
        self.involved.extend(actor.staff());
        match change {
            Change::Received(_) | Change::Note | Change::Attached { .. } => {}
            // There is no address any more.
            Change::Erased => self.reachable = false,
            Change::Acknowledged { promised } => {
                self.acknowledged_at = Some(at);
                self.promised = Some(*promised);
                self.enter(State::Acknowledged);
            }
            Change::Assessed {
                severity,
                flags,
                issues,
                owner,
                promised,
            } => {
                self.assessed_at.get_or_insert(at);
                self.suspect = false;
                self.issues.clone_from(issues);
                self.owner = *owner;
                self.grade(at, *severity, *flags);
                self.promised = Some(*promised);
                self.enter(State::Assessed);
            }
            Change::Regraded {
                severity,
                flags,
                promised,
            } => {
                self.grade(at, *severity, *flags);
                self.promised = Some(*promised);
            }
            Change::IssueFound(issue) => {
                self.issues.push(issue.clone());
                self.found_late = self.found_late.saturating_add(1);
                // What was agreed on says nothing of it.
                self.draft = None;
                self.signoffs.clear();
            }
            Change::PolicyAdopted { policy, promised } => {
                self.policy = *policy;
                self.policies.push((at, *policy));
                self.promised = Some(*promised);
            }
            Change::Begun => self.enter(State::Investigating),
            Change::Asked { reply_by } => {
                self.staff_spoke(at);
                self.reply_by = Some(*reply_by);
                self.pauses.push((at, None));
                self.enter(State::AwaitingCustomer);
            }
            Change::Resumed => {
                if actor == Actor::Customer {
                    self.customer_spoke(at);
                }
                self.resume(at);
                self.enter(State::Investigating);
            }
            Change::HandedToPartner { expected } => {
                self.expected = Some(*expected);
                self.enter(State::AwaitingThirdParty);
            }
            Change::TakenBack => self.enter(State::Investigating),
            Change::Drafted(decision) => {
                self.draft = actor.staff().map(|author| (decision.clone(), author));
                self.draft_seq = self.seq;
                self.signoffs.clear();
            }
            Change::SignedOff => self.signoffs.extend(actor.staff()),
            Change::Responded(decision) => {
                self.staff_spoke(at);
                self.decide(at, decision);
            }
            Change::Reviewed(decision) => {
                self.staff_spoke(at);
                self.is_reviewed = true;
                self.decide(at, decision);
            }
            Change::RemedyDone => self.remedy_done_at = Some(at),
            Change::Confirmed => self.close(at, Closure::CustomerConfirmed),
            Change::NotSolved => {
                self.customer_spoke(at);
                self.reopen(at, State::Investigating);
            }
            Change::TimedOut(closure) => self.close(at, *closure),
            Change::Reopened => {
                if actor == Actor::Customer {
                    self.customer_spoke(at);
                }
                let state = if self.assessed_at.is_some() {
                    State::Investigating
                } else {
                    State::Acknowledged
                };
                self.reopen(at, state);
            }
            Change::Withdrawn => self.close(at, Closure::Withdrawn),
            Change::Merged { into } => {
                self.merged_into = Some(into.clone());
                self.close(at, Closure::Duplicate);
            }
            Change::Absorbed { received_at, .. } => {
                self.received_at = self.received_at.min(*received_at);
                if self.cycle == 1 {
                    self.cycle_at = self.received_at;
                }
            }
            Change::Reclassified { .. } => self.close(at, Closure::Reclassified),
            Change::SpamProposed => self.spam_by = actor.staff(),
            Change::MarkedSpam => {
                self.spam_by = None;
                self.close(at, Closure::Spam);
            }
            Change::SpamUndone => {
                self.spam_by = None;
                self.closed_at = None;
                self.resume(at);
                self.enter(State::Received);
            }
            Change::ReviewBegun { reviewer } => {
                self.customer_spoke(at);
                self.review_at = Some(at);
                self.reviewer = *reviewer;
                self.enter(State::UnderReview);
            }
            Change::ReviewerAppointed { reviewer } => self.reviewer = Some(*reviewer),
            Change::Escalated { level, cause, due } => {
                self.escalation = self.escalation.max(*level);
                if actor == Actor::Customer {
                    self.customer_escalated_at = Some(at);
                }
                if actor == Actor::System {
                    self.escalated.push((*level, *cause, *due));
                }
            }
            Change::Questioned { by } => {
                self.question.get_or_insert((*by, at));
            }
            Change::ExplanationOffered => self.explanation_offered = true,
            Change::Explained => {
                self.question = None;
                self.explanation_offered = false;
            }
            Change::CustomerMessage => self.customer_spoke(at),
            Change::StaffMessage => self.staff_spoke(at),
            Change::HoldingResponse { next } => {
                self.staff_spoke(at);
                self.holding = Some((at, *next));
            }
            Change::HandedOff { owner } => self.owner = *owner,
            Change::Opened => {
                self.opened_at.get_or_insert(at);
            }
            Change::ContactMade => {
                self.contact_made_at = Some(at);
                self.contact_due = None;
            }
            Change::ContactDue { due } => self.contact_due = Some(*due),
            Change::Reminded => {
                self.reminders = self.reminders.saturating_add(1);
                self.reminded_at = Some(at);
            }
            Change::Warned {
                clock,
                percent,
                due,
            } => self.warned.push((*clock, *percent, *due)),
            Change::Missed { clock, due } => self.misses.push((*clock, *due)),
            Change::MissReviewed { miss } => {
                self.reviewed_misses.insert(*miss);
            }
            Change::Rated { score } => self.rate(at, *score),
            Change::ProblemLinked { problem } => self.problem = Some(*problem),
        }
    }

    fn enter(&mut self, state: State) {
        self.state = state;
        self.reminders = 0;
        self.reminded_at = None;
        if state != State::AwaitingCustomer {
            self.reply_by = None;
        }
        if state != State::AwaitingThirdParty {
            self.expected = None;
        }
    }

    /// Ends the pause that runs.
    fn resume(&mut self, at: Moment) {
        if let Some((_, until @ None)) = self.pauses.last_mut() {
            *until = Some(at);
        }
    }

    fn grade(&mut self, at: Moment, severity: Severity, flags: Flags) {
        self.severity = severity;
        self.flags = flags;
        let priority = Priority::of(severity, self.urgency, flags);
        if priority != self.priority() {
            self.priorities.push((at, priority));
        }
    }

    fn customer_spoke(&mut self, at: Moment) {
        self.last_contact_at = at;
        self.last_contact_is_ours = false;
    }

    fn staff_spoke(&mut self, at: Moment) {
        self.first_response_at.get_or_insert(at);
        self.opened_at.get_or_insert(at);
        self.last_contact_at = at;
        self.last_contact_is_ours = true;
    }

    fn decide(&mut self, at: Moment, decision: &Decision) {
        self.resume(at);
        self.decision = Some((decision.clone(), at));
        self.draft = None;
        self.signoffs.clear();
        self.remedy_done_at = None;
        self.contact_due = None;
        self.enter(State::Responded);
    }

    fn close(&mut self, at: Moment, closure: Closure) {
        self.resume(at);
        self.closed_at = Some(at);
        self.contact_due = None;
        self.question = None;
        self.explanation_offered = false;
        self.draft = None;
        self.signoffs.clear();
        self.enter(State::Closed(closure));
    }

    fn reopen(&mut self, at: Moment, state: State) {
        self.cycle = self.cycle.saturating_add(1);
        self.cycle_at = at;
        self.closed_at = None;
        self.contact_due = None;
        self.holding = None;
        self.enter(state);
    }

    /// A second word about the same cycle replaces the first and keeps the time of the first.
    fn rate(&mut self, at: Moment, score: u8) {
        let cycle = self.cycle;
        match self.ratings.iter_mut().find(|(known, ..)| *known == cycle) {
            Some((_, known, _)) => *known = score,
            None => self.ratings.push((cycle, score, at)),
        }
    }
}
