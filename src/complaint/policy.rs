//! How long everything may take: budgets of each clock by priority, and the engine's own delays.

use serde::{Deserialize, Serialize};

use super::priority::Priority;
use super::{DAY, HOUR, MINUTE, Moment};

/// What may stand in a policy.
mod check;

pub use check::Fault;

/// How long something may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Budget {
    /// So many minutes at any hour.
    Elapsed(i64),
    /// So many minutes of business time.
    Business(i64),
    /// Until close of business on the n-th business day after the day it began.
    BusinessDays(u32),
}

/// One figure for each priority, P1 first.
pub type ByPriority = [Budget; 4];

/// What counts as a pattern, and what as settled at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Thresholds {
    /// The same category from the same account again within so many days is a repeat.
    pub repeat_days: u32,
    /// So many minor cases of one category propose a problem,
    pub minors: u32,
    /// if they came in within so many days.
    pub minor_days: u32,
    /// A case was settled at first contact if the customer wrote at most so often after the complaint.
    pub first_contact_messages: u32,
    /// A miss that no manager has signed after so many days stands in the daily list.
    pub sign_days: u32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            repeat_days: 90,
            minors: 3,
            minor_days: 30,
            first_contact_messages: 0,
            sign_days: 10,
        }
    }
}

/// A version of the rules of time. A case keeps the version it was received under. What a written one leaves out is as
/// published by default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Counts from 1. Whoever publishes gives it, so that no written one can.
    #[serde(skip)]
    pub version: u32,
    /// What held for a case before it was moved to this version, and until when; empty in what is published.
    #[serde(skip)]
    pub former: Vec<(Moment, Self)>,
    /// Received → first public message of a person.
    pub first_response: ByPriority,
    /// Last word between us → our next public message.
    pub update: ByPriority,
    /// Received → decision.
    pub resolution: ByPriority,
    /// Received → decision or holding response.
    pub backstop: Budget,
    /// Received → decision, where a holding response was sent; nothing: the holding response names its own date.
    pub backstop_held: Option<Budget>,
    /// Problem opened → corrective action in place.
    pub corrective: ByPriority,
    /// The second look at a declined decision.
    pub review: Budget,
    /// "?" → explanation.
    pub explanation: Budget,
    /// A low score → a person called back.
    pub call_back: Budget,
    /// Decision → closed without a word from the customer, in business days.
    pub confirm_days: u32,
    /// Reminders before that, each so many business days after the decision.
    pub reminder_days: [u32; 2],
    /// How long a customer can reopen, in milliseconds.
    pub reopen_ms: i64,
    /// The customer's escalations are so far apart at least, in milliseconds.
    pub escalate_every_ms: i64,
    /// A P1 that no person has opened for so long is escalated to the top, in milliseconds.
    pub unopened_ms: i64,
    /// After the end of a case it can be rated so long, in milliseconds.
    pub rate_ms: i64,
    /// A rating can be changed so long, in milliseconds.
    pub rate_again_ms: i64,
    /// Whether somebody who did not answer the decision is still asked how it went. Whoever is not hears that it has ended.
    pub rate_after_silence: bool,
    /// Whether a partner's time stands still for the customer's clocks. By default it does not.
    pub partner_pauses: bool,
    /// What counts as a pattern.
    pub thresholds: Thresholds,
}

impl Default for Policy {
    fn default() -> Self {
        Self::published()
    }
}

impl Policy {
    /// The published default: the table of the design's §2.4.
    pub fn published() -> Self {
        use Budget::{Business, BusinessDays, Elapsed};
        Self {
            version: 1,
            former: Vec::new(),
            first_response: [Elapsed(30), Business(240), Business(480), Business(480)],
            update: [Elapsed(240), Business(480), Business(960), Business(1_440)],
            resolution: [
                Elapsed(24 * 60),
                BusinessDays(3),
                BusinessDays(10),
                BusinessDays(20),
            ],
            // FCA DISP 1.6.2R: eight weeks.
            backstop: Elapsed(56 * DAY / MINUTE),
            backstop_held: None,
            // TL 9000 R4.5: 30 days for major, 180 for minor ones.
            corrective: [30, 30, 180, 180].map(|days| Elapsed(days * DAY / MINUTE)),
            review: BusinessDays(10),
            explanation: Business(240),
            call_back: Elapsed(48 * HOUR / MINUTE),
            confirm_days: 10,
            reminder_days: [3, 7],
            reopen_ms: 30 * DAY,
            escalate_every_ms: DAY,
            unopened_ms: 15 * MINUTE,
            rate_ms: 30 * DAY,
            rate_again_ms: 12 * HOUR,
            rate_after_silence: false,
            partner_pauses: false,
            thresholds: Thresholds::default(),
        }
    }

    /// This policy for a case that had `former` until `at`: what was used under that one stays used.
    pub fn after(&self, former: &Self, at: Moment) -> Self {
        let mut held = former.former.clone();
        held.push((
            at,
            Self {
                former: Vec::new(),
                ..former.clone()
            },
        ));
        Self {
            former: held,
            ..self.clone()
        }
    }

    /// What held at a moment.
    pub fn at(&self, at: Moment) -> &Self {
        let held = self.former.iter().find(|(until, _)| at < *until);
        held.map_or(self, |(_, policy)| policy)
    }

    /// The figure of a table for a priority.
    pub fn pick(table: &ByPriority, priority: Priority) -> Budget {
        let [p1, p2, p3, p4] = *table;
        match priority {
            Priority::P1 => p1,
            Priority::P2 => p2,
            Priority::P3 => p3,
            Priority::P4 => p4,
        }
    }
}
