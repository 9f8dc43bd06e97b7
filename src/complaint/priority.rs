//! How urgent a case is: severity × urgency, and what overrides it.

use serde::{Deserialize, Serialize};

/// How badly the customer's use is affected, as staff see it. Wording of TL 9000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The primary function is severely affected: outage, loss of emergency calls, safety, security.
    Critical,
    /// Usable, but seriously degraded.
    Major,
    /// The rest.
    Minor,
}

/// How urgent the customer says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Urgency {
    /// It blocks us now.
    Blocking,
    /// Soon.
    Soon,
    /// It can wait.
    CanWait,
}

/// What decides which case comes first and how long everything may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Priority {
    /// At any hour.
    P1,
    /// Within days.
    P2,
    /// Within two weeks.
    P3,
    /// Within a month.
    P4,
}

/// What lifts a case over its severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Flags {
    /// Somebody may be hurt.
    pub safety: bool,
    /// Somebody may break in.
    pub security: bool,
    /// A duty of law.
    pub legal: bool,
    /// The same account had the same category within 90 days.
    pub repeat: bool,
}

impl Severity {
    /// Before a person has assessed it: critical if the customer ticks safety, emergency calls or a full outage.
    pub fn provisional(is_safety_or_outage: bool) -> Self {
        if is_safety_or_outage {
            Self::Critical
        } else {
            Self::Major
        }
    }
}

impl Priority {
    /// The matrix of the design's §2.3: the customer says how urgent, staff how severe. A flag for safety, security or
    /// law gives P1; a repeat one step more.
    pub fn of(severity: Severity, urgency: Urgency, flags: Flags) -> Self {
        if flags.safety || flags.security || flags.legal {
            return Self::P1;
        }
        let plain = match (severity, urgency) {
            (Severity::Critical, Urgency::Blocking | Urgency::Soon) => Self::P1,
            (Severity::Critical, Urgency::CanWait) | (Severity::Major, Urgency::Blocking) => {
                Self::P2
            }
            (Severity::Major, Urgency::Soon | Urgency::CanWait)
            | (Severity::Minor, Urgency::Blocking) => Self::P3,
            (Severity::Minor, Urgency::Soon | Urgency::CanWait) => Self::P4,
        };
        match plain {
            Self::P2 if flags.repeat => Self::P1,
            Self::P3 if flags.repeat => Self::P2,
            Self::P4 if flags.repeat => Self::P3,
            priority => priority,
        }
    }
}
