//! Codes of the wire as words of the page.

use crate::messages::CaseText;

/// What a newer endpoint says and this code does not know reads as the plainest of its kind.
pub(super) fn status(code: &str) -> CaseText {
    match code {
        "received" => CaseText::Received,
        "acknowledged" => CaseText::Acknowledged,
        "assessed" => CaseText::Assessed,
        "needs-you" => CaseText::NeedsYou,
        "with-partner" => CaseText::WithPartner,
        "decided" => CaseText::Decided,
        "under-review" => CaseText::UnderReview,
        "closed-solved" => CaseText::ClosedSolved,
        "closed-no-reply" => CaseText::ClosedNoReply,
        "closed-declined" => CaseText::ClosedDeclined,
        "closed-withdrawn" => CaseText::ClosedWithdrawn,
        "closed-duplicate" => CaseText::ClosedDuplicate,
        "closed-reclassified" => CaseText::ClosedReclassified,
        "closed-spam" => CaseText::ClosedSpam,
        _ => CaseText::InProgress,
    }
}

/// The words before a date; a code that is not known reads as the plainest.
pub(super) fn until(code: &str) -> CaseText {
    match code {
        "your-reply" => CaseText::UntilReply,
        "decision" => CaseText::UntilDecision,
        "your-word" => CaseText::UntilWord,
        "remedy" => CaseText::UntilRemedy,
        "reopen" => CaseText::UntilReopen,
        "ended" => CaseText::UntilEnded,
        _ => CaseText::UntilUpdate,
    }
}

/// The words for a decision; a code that is not known reads as the plainest.
pub(super) fn outcome(code: &str) -> CaseText {
    match code {
        "upheld" => CaseText::Upheld,
        "partly-upheld" => CaseText::PartlyUpheld,
        "offered-without-admission" => CaseText::OfferedWithoutAdmission,
        "not-upheld" => CaseText::NotUpheld,
        "declined" => CaseText::Declined,
        _ => CaseText::OurAnswer,
    }
}

/// The words for a line of the timeline; a code that is not known reads as the plainest.
pub(super) fn happened(code: &str) -> CaseText {
    match code {
        "received" => CaseText::TimeReceived,
        "acknowledged" => CaseText::TimeAcknowledged,
        "assessed" => CaseText::TimeAssessed,
        "begun" => CaseText::TimeBegun,
        "asked" => CaseText::TimeAsked,
        "answered" => CaseText::TimeAnswered,
        "handed-to-partner" => CaseText::TimeHandedToPartner,
        "taken-back" => CaseText::TimeTakenBack,
        "responded" => CaseText::TimeResponded,
        "remedy-done" => CaseText::TimeRemedyDone,
        "confirmed" => CaseText::TimeConfirmed,
        "not-solved" => CaseText::TimeNotSolved,
        "timed-out" => CaseText::TimeTimedOut,
        "reopened" => CaseText::TimeReopened,
        "withdrawn" => CaseText::TimeWithdrawn,
        "merged" => CaseText::TimeMerged,
        "reclassified" => CaseText::TimeReclassified,
        "review-begun" => CaseText::TimeReviewBegun,
        "reviewed" => CaseText::TimeReviewed,
        "customer-message" => CaseText::TimeCustomerMessage,
        "staff-message" => CaseText::TimeStaffMessage,
        "holding-response" => CaseText::TimeHoldingResponse,
        "reminded" => CaseText::TimeReminded,
        "rated" => CaseText::TimeRated,
        "escalated" => CaseText::TimeEscalated,
        "attached" => CaseText::TimeAttached,
        _ => CaseText::TimeResumed,
    }
}
