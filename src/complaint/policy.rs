//! How long everything may take: budgets of each clock by priority, and the engine's own delays.

use serde::{Deserialize, Serialize};

use super::priority::Priority;
use super::{DAY, HOUR, MINUTE};

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

/// A version of the rules of time. A case keeps the version it was received under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Counts from 1.
    pub version: u32,
    /// Received → first public message of a person.
    pub first_response: ByPriority,
    /// Last word between us → our next public message.
    pub update: ByPriority,
    /// Received → decision.
    pub resolution: ByPriority,
    /// Received → decision or holding response.
    pub backstop: Budget,
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
    /// A rating can be changed so long, in milliseconds.
    pub rate_again_ms: i64,
    /// Whether somebody who did not answer the decision is still asked how it went. Whoever is not hears that it has ended.
    pub rate_after_silence: bool,
    /// Whether a partner's time stands still for the customer's clocks. By default it does not.
    pub partner_pauses: bool,
}

impl Policy {
    /// The published default: the table of the design's §2.4.
    pub fn published() -> Self {
        use Budget::{Business, BusinessDays, Elapsed};
        Self {
            version: 1,
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
            review: BusinessDays(10),
            explanation: Business(240),
            call_back: Elapsed(48 * HOUR / MINUTE),
            confirm_days: 10,
            reminder_days: [3, 7],
            reopen_ms: 30 * DAY,
            escalate_every_ms: DAY,
            unopened_ms: 15 * MINUTE,
            rate_again_ms: 12 * HOUR,
            rate_after_silence: false,
            partner_pauses: false,
        }
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
