//! The programme of a delivery: whom it asks, when, and when rather not. Pure.
//!
//! At hand-over (D+0), one reminder a week later if nothing came, in use (D+30), and once more (D+90) only if that was low or a
//! case is open; never more than three messages to one person about one delivery. Between two programmes 90 days pass for a
//! person, between two relationship surveys 180.

use crate::endpoint::clock::DAY_MS;

/// Messages to one person about one delivery, reminders included.
pub const MOST: u32 = 3;
/// A reminder comes so long after its invitation.
pub const REMINDER_MS: i64 = 7 * DAY_MS;
/// An invitation that could not go out for so long is left: a table of last year's deliveries asks nobody.
pub const STALE_MS: i64 = 14 * DAY_MS;
/// So long after it was due an invitation can be answered.
pub const HOLDS_MS: i64 = 60 * DAY_MS;
/// Between two programmes of deliveries, for a person.
pub const APART_MS: i64 = 90 * DAY_MS;
/// Between two relationship surveys, for a person.
pub const RELATIONSHIPS_APART_MS: i64 = 180 * DAY_MS;

/// What a programme is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A delivery.
    Delivery,
    /// How things stand between us.
    Relationship,
}

/// One time of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wave {
    /// D+0.
    HandOver,
    /// D+30.
    InUse,
    /// D+90.
    Later,
    /// The one time of a relationship survey.
    Relationship,
}

/// Why somebody was not asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// They do not want to be.
    OptedOut,
    /// Their addresses do not work.
    Bounced,
    /// There is no address.
    NoAddress,
    /// They were asked not long ago, about something else.
    AskedRecently,
    /// They got three messages about this delivery.
    CapReached,
    /// A complaint of theirs is open.
    ComplaintOpen,
    /// All was well at D+30 and no case is open.
    NotNeeded,
    /// It should have gone out long ago.
    TooLate,
    /// The survey is not open.
    SurveyClosed,
}

/// By which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By mail.
    Mail,
    /// Through a gateway, to the telephone.
    Gateway,
}

/// How an invitation and its person stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// What it is about.
    pub kind: Kind,
    /// Which time.
    pub wave: Wave,
    /// When it is to go out.
    pub due_at: i64,
    /// When it went out.
    pub asked_at: Option<i64>,
    /// When the reminder did.
    pub reminded_at: Option<i64>,
    /// Whether its answers are complete.
    pub is_answered: bool,
    /// Whether the person wants nothing more.
    pub has_opted_out: bool,
    /// Whether there is a mail address, and whether it works.
    pub mail: Option<bool>,
    /// The same of a telephone number.
    pub phone: Option<bool>,
    /// Messages to this person about this delivery so far.
    pub messages: u32,
    /// When the person was last asked by another programme of this kind.
    pub asked_elsewhere_at: Option<i64>,
}

/// What else matters, where it does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// Whether the survey can be begun.
    pub is_survey_open: bool,
    /// Whether a complaint of the account is open.
    pub has_open_complaint: bool,
    /// Whether the answer at D+30 was below the mark.
    pub was_low: bool,
    /// Until when nobody is disturbed.
    pub quiet_until: Option<i64>,
}

/// What happens with an invitation now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It goes out; when to look at it again.
    Ask(Way, Option<i64>),
    /// The reminder goes out.
    Remind(Way),
    /// Look again at this moment.
    Wait(i64),
    /// Nothing goes out, and why; with an invitation that is out already, only the reminder is left.
    Skip(Reason),
    /// Nothing is left to do.
    Rest,
}

impl Kind {
    /// The word for it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Delivery => "delivery",
            Self::Relationship => "relationship",
        }
    }

    /// The kind with this word.
    pub fn of(code: &str) -> Option<Self> {
        [Self::Delivery, Self::Relationship]
            .into_iter()
            .find(|kind| kind.code() == code)
    }

    /// Its times of asking.
    pub const fn waves(self) -> &'static [Wave] {
        match self {
            Self::Delivery => &[Wave::HandOver, Wave::InUse, Wave::Later],
            Self::Relationship => &[Wave::Relationship],
        }
    }

    const fn apart_ms(self) -> i64 {
        match self {
            Self::Delivery => APART_MS,
            Self::Relationship => RELATIONSHIPS_APART_MS,
        }
    }
}

impl Wave {
    const ALL: [Self; 4] = [Self::HandOver, Self::InUse, Self::Later, Self::Relationship];

    /// The word for it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::HandOver => "hand-over",
            Self::InUse => "in-use",
            Self::Later => "later",
            Self::Relationship => "relationship",
        }
    }

    /// The wave with this word.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|wave| wave.code() == code)
    }

    /// When it is due, of something handed over at `delivered_at`.
    pub const fn due_at(self, delivered_at: i64) -> i64 {
        let days = match self {
            Self::HandOver | Self::Relationship => 0,
            Self::InUse => 30,
            Self::Later => 90,
        };
        delivered_at.saturating_add(days * DAY_MS)
    }

    const fn reminds(self) -> bool {
        matches!(self, Self::HandOver | Self::Relationship)
    }
}

impl Reason {
    /// The word for it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::OptedOut => "opted-out",
            Self::Bounced => "bounced",
            Self::NoAddress => "no-address",
            Self::AskedRecently => "asked-recently",
            Self::CapReached => "cap-reached",
            Self::ComplaintOpen => "complaint-open",
            Self::NotNeeded => "not-needed",
            Self::TooLate => "too-late",
            Self::SurveyClosed => "survey-closed",
        }
    }
}

/// What happens with an invitation at `now`.
pub fn decide(facts: &Facts, around: &Circumstances, now: i64) -> Step {
    let is_done =
        facts.asked_at.is_some() && (facts.reminded_at.is_some() || !facts.wave.reminds());
    if facts.is_answered || is_done {
        return Step::Rest;
    }
    if facts.has_opted_out {
        return Step::Skip(Reason::OptedOut);
    }
    let way = match (facts.mail, facts.phone) {
        (Some(true), _) => Way::Mail,
        (_, Some(true)) => Way::Gateway,
        (None, None) => return Step::Skip(Reason::NoAddress),
        _ => return Step::Skip(Reason::Bounced),
    };
    if !around.is_survey_open {
        return Step::Skip(Reason::SurveyClosed);
    }
    if facts.messages >= MOST {
        return Step::Skip(Reason::CapReached);
    }
    if facts.asked_at.is_none() {
        if now.saturating_sub(facts.due_at) > STALE_MS {
            let waited = facts.kind == Kind::Relationship && around.has_open_complaint;
            return Step::Skip(if waited {
                Reason::ComplaintOpen
            } else {
                Reason::TooLate
            });
        }
        if facts.wave == Wave::Later && !around.was_low && !around.has_open_complaint {
            return Step::Skip(Reason::NotNeeded);
        }
        // Inside a programme that has begun nothing but its own cap holds.
        let is_recent = |at: i64| now.saturating_sub(at) < facts.kind.apart_ms();
        if facts.messages == 0 && facts.asked_elsewhere_at.is_some_and(is_recent) {
            return Step::Skip(Reason::AskedRecently);
        }
        if facts.kind == Kind::Relationship && around.has_open_complaint {
            return Step::Wait(now.saturating_add(DAY_MS));
        }
    }
    if let Some(until) = around.quiet_until.filter(|until| *until > now) {
        return Step::Wait(until);
    }
    match facts.asked_at {
        Some(_) => Step::Remind(way),
        None => {
            let reminder = facts
                .wave
                .reminds()
                .then(|| now.saturating_add(REMINDER_MS));
            Step::Ask(way, reminder)
        }
    }
}
