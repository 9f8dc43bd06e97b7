//! What may stand in a policy, and when one is longer than another.

use super::{Budget, ByPriority, Policy, Thresholds};

/// Ten years, in minutes: no clock runs longer.
const MOST_MINUTES: i64 = 10 * 366 * 24 * 60;
/// The same in business days.
const MOST_DAYS: u32 = 3_660;

/// What is wrong with a written policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A budget of nothing, or of more than ten years.
    OutOfRange,
    /// A lower priority has less time than a higher one.
    LessForLower,
    /// The reminders do not come one after the other before the end.
    RemindersDisordered,
    /// A tier may shorten a clock, never lengthen it beyond the published default.
    Longer,
    /// A tier may give the customer more time, never less.
    LessTime,
    /// It cannot be seen that it is no longer than the default: another unit.
    OtherUnit,
}

impl Fault {
    /// The code on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::OutOfRange => "out-of-range",
            Self::LessForLower => "less-for-lower",
            Self::RemindersDisordered => "reminders-disordered",
            Self::Longer => "longer",
            Self::LessTime => "less-time",
            Self::OtherUnit => "other-unit",
        }
    }

    /// What is wrong and what to do.
    pub fn message(self) -> &'static str {
        match self {
            Self::OutOfRange => "must be more than nothing and at most ten years",
            Self::LessForLower => {
                "a lower priority must not have less time than a higher one; write P1 to P4 from short to long"
            }
            Self::RemindersDisordered => {
                "the two reminders must come one after the other, and before confirm_days are over"
            }
            Self::Longer => {
                "is longer than the default that holds for everybody; a tier may only shorten it"
            }
            Self::LessTime => {
                "gives the customer less time than the default that holds for everybody; a tier may only give more"
            }
            Self::OtherUnit => {
                "cannot be compared with the default that holds for everybody; write it in the same unit"
            }
        }
    }
}

impl Budget {
    fn is_in_range(self) -> bool {
        match self {
            Self::Elapsed(minutes) | Self::Business(minutes) => {
                (1..=MOST_MINUTES).contains(&minutes)
            }
            Self::BusinessDays(days) => (1..=MOST_DAYS).contains(&days),
        }
    }

    /// Whether it is over no later than `other`, whatever the calendar and the start; nothing where that hangs on them.
    fn at_most(self, other: Self) -> Option<bool> {
        match (self, other) {
            (Self::Elapsed(one), Self::Elapsed(other))
            | (Self::Business(one), Self::Business(other)) => Some(one <= other),
            (Self::BusinessDays(one), Self::BusinessDays(other)) => Some(one <= other),
            // Business time passes no faster than time.
            (Self::Elapsed(one), Self::Business(other)) if one <= other => Some(true),
            // The close of the n-th day after lies more than n − 1 whole days ahead, but for an hour of summer time.
            (Self::Elapsed(one), Self::BusinessDays(days))
                if one < (i64::from(days) - 1) * 24 * 60 - 60 =>
            {
                Some(true)
            }
            _ => None,
        }
    }
}

impl Policy {
    /// Every budget with the path at which it is written.
    fn budgets(&self) -> Vec<(String, Budget)> {
        let tables: [(&str, &ByPriority); 4] = [
            ("first_response", &self.first_response),
            ("update", &self.update),
            ("resolution", &self.resolution),
            ("corrective", &self.corrective),
        ];
        let single = [
            ("backstop", Some(self.backstop)),
            ("backstop_held", self.backstop_held),
            ("review", Some(self.review)),
            ("explanation", Some(self.explanation)),
            ("call_back", Some(self.call_back)),
        ];
        let tables = tables.iter().flat_map(|(name, table)| {
            let rows = table.iter().enumerate();
            rows.map(move |(place, budget)| (format!("{name}.{place}"), *budget))
        });
        let single = single.into_iter();
        let single = single.filter_map(|(name, budget)| Some((name.to_owned(), budget?)));
        tables.chain(single).collect()
    }

    /// What is wrong with it, and where; nothing where it can hold.
    pub fn faults(&self) -> Vec<(String, Fault)> {
        let mut faults: Vec<_> = self
            .budgets()
            .into_iter()
            .filter(|(_, budget)| !budget.is_in_range())
            .map(|(path, _)| (path, Fault::OutOfRange))
            .collect();
        for (name, table) in [
            ("first_response", &self.first_response),
            ("update", &self.update),
            ("resolution", &self.resolution),
            ("corrective", &self.corrective),
        ] {
            for (place, pair) in table.windows(2).enumerate() {
                if let [higher, lower] = pair
                    && higher.at_most(*lower) == Some(false)
                {
                    faults.push((format!("{name}.{}", place + 1), Fault::LessForLower));
                }
            }
        }
        let [first, second] = self.reminder_days;
        if !(1 <= first && first < second && second < self.confirm_days) {
            faults.push(("reminder_days".to_owned(), Fault::RemindersDisordered));
        }
        for (name, ms) in [
            ("reopen_ms", self.reopen_ms),
            ("escalate_every_ms", self.escalate_every_ms),
            ("unopened_ms", self.unopened_ms),
            ("rate_again_ms", self.rate_again_ms),
        ] {
            if !(1..=MOST_MINUTES * crate::complaint::MINUTE).contains(&ms) {
                faults.push((name.to_owned(), Fault::OutOfRange));
            }
        }
        if self.confirm_days > MOST_DAYS {
            faults.push(("confirm_days".to_owned(), Fault::OutOfRange));
        }
        let Thresholds {
            repeat_days,
            minors,
            minor_days,
            first_contact_messages: _,
            sign_days,
        } = self.thresholds;
        for (name, figure) in [
            ("repeat_days", repeat_days),
            ("minors", minors),
            ("minor_days", minor_days),
            ("sign_days", sign_days),
        ] {
            if !(1..=MOST_DAYS).contains(&figure) {
                faults.push((format!("thresholds.{name}"), Fault::OutOfRange));
            }
        }
        faults
    }

    /// Where it gives the customer less than `default` does: a later date, less time to reopen. That is where a tier must
    /// not go.
    pub fn longer_than(&self, default: &Self) -> Vec<(String, Fault)> {
        let known = default.budgets();
        let longer = self.budgets().into_iter().filter_map(|(path, budget)| {
            let (_, other) = known.iter().find(|(known, _)| *known == path)?;
            match budget.at_most(*other) {
                Some(true) => None,
                Some(false) => Some((path, Fault::Longer)),
                None => Some((path, Fault::OtherUnit)),
            }
        });
        let mut longer: Vec<_> = longer.collect();
        for (name, own, other) in [
            (
                "escalate_every_ms",
                self.escalate_every_ms,
                default.escalate_every_ms,
            ),
            ("unopened_ms", self.unopened_ms, default.unopened_ms),
        ] {
            if own > other {
                longer.push((name.to_owned(), Fault::Longer));
            }
        }
        for (name, own, other) in [
            (
                "confirm_days",
                i64::from(self.confirm_days),
                i64::from(default.confirm_days),
            ),
            ("reopen_ms", self.reopen_ms, default.reopen_ms),
            ("rate_again_ms", self.rate_again_ms, default.rate_again_ms),
        ] {
            if own < other {
                longer.push((name.to_owned(), Fault::LessTime));
            }
        }
        if default.backstop_held.is_some() && self.backstop_held.is_none() {
            longer.push(("backstop_held".to_owned(), Fault::Longer));
        }
        if self.partner_pauses && !default.partner_pauses {
            longer.push(("partner_pauses".to_owned(), Fault::Longer));
        }
        longer
    }
}
