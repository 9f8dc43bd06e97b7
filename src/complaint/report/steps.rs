//! Which steps of the way were late or left out: 「监督各环节的人员遵守流程,确保准时完成交付」.

use super::Record;
use super::waiting::{unsigned, wants_problem};
use crate::complaint::clock::ClockKind;
use crate::complaint::event::Change;
use crate::complaint::{DAY, HOUR, Moment};

/// A step that has a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Number, contact and date to the customer.
    Acknowledge,
    /// What a clock measures.
    Clock(ClockKind),
    /// A manager looks at a miss.
    SignMiss,
    /// The cause of what was severe, or came again, is followed.
    FollowCause,
}

/// A step that was not done in its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slip {
    /// Which.
    pub step: Step,
    /// When it was due.
    pub due: Moment,
    /// When it was done after all; nothing: it was left out.
    pub made_up_at: Option<Moment>,
}

/// How long an acknowledgement may take that the engine sends by itself.
const ACKNOWLEDGED_WITHIN: i64 = HOUR;

/// What of one case was late or left out until now, the earliest due first.
pub fn slips(record: &Record<'_>, now: Moment) -> Vec<Slip> {
    let case = record.case;
    let mut slips = Vec::new();
    let begin = record
        .events
        .first()
        .map_or(case.received_at, |event| event.at);
    let due = begin + ACKNOWLEDGED_WITHIN;
    let acknowledged = case.acknowledged_at;
    if acknowledged.unwrap_or(now) > due && record.counts() {
        slips.push(Slip {
            step: Step::Acknowledge,
            due,
            made_up_at: acknowledged,
        });
    }
    for event in record.events {
        if let Change::Missed { clock, due } = event.change {
            slips.push(Slip {
                step: Step::Clock(clock),
                due,
                made_up_at: made_up(record, clock, due),
            });
        }
    }
    let sign = i64::from(record.policy.thresholds.sign_days) * DAY;
    for miss in unsigned(record, now) {
        if miss.at + sign <= now {
            slips.push(Slip {
                step: Step::SignMiss,
                due: miss.at + sign,
                made_up_at: None,
            });
        }
    }
    if let Some(due) = wants_problem(record)
        && due <= now
    {
        slips.push(Slip {
            step: Step::FollowCause,
            due,
            made_up_at: None,
        });
    }
    slips.sort_by_key(|slip| (slip.due, slip.step));
    slips
}

/// When what a clock waits for was there after its deadline.
fn made_up(record: &Record<'_>, clock: ClockKind, due: Moment) -> Option<Moment> {
    let is_it = |change: &Change| match clock {
        ClockKind::FirstResponse | ClockKind::Update => matches!(
            change,
            Change::StaffMessage
                | Change::Asked { .. }
                | Change::HoldingResponse { .. }
                | Change::Responded(_)
                | Change::Reviewed(_)
        ),
        ClockKind::Resolution => matches!(change, Change::Responded(_) | Change::Reviewed(_)),
        ClockKind::Backstop => matches!(
            change,
            Change::Responded(_) | Change::Reviewed(_) | Change::HoldingResponse { .. }
        ),
        ClockKind::Remedy => matches!(change, Change::RemedyDone),
        ClockKind::Explanation => matches!(change, Change::Explained),
        ClockKind::Contact => matches!(change, Change::ContactMade),
    };
    let mut after = record.events.iter().filter(|event| event.at >= due);
    after
        .find(|event| is_it(&event.change))
        .map(|event| event.at)
}
