//! What people see of the endpoint: titles of problems and the words on bare pages. Never part of the widget's table.

use super::message::listed;

listed! {
    /// A text that the endpoint itself shows. The first group are the titles of problems, one for each code.
    pub enum EndpointText {
        /// The body is not JSON.
        InvalidJson,
        /// Answers that the survey does not allow.
        InvalidAnswers,
        /// No such survey, or it is closed.
        UnknownSurvey,
        /// No such version of the survey.
        UnknownVersion,
        /// The body is too large.
        TooLarge,
        /// The body is of another type than JSON.
        WrongMediaType,
        /// The revision was already stored with other answers.
        RevisionTaken,
        /// The sheet was already completed with other answers.
        AlreadyComplete,
        /// The id belongs to another survey or invitation.
        IdTaken,
        /// Answers from this site are not taken.
        OriginRefused,
        /// Nothing at this address.
        NotFound,
        /// The address exists, the method does not.
        MethodNotAllowed,
        /// Too many requests at once.
        Busy,
        /// No room to store anything.
        StorageFull,
        /// A fault of ours.
        Internal,
        /// The request took too long to arrive.
        Timeout,

        /// Heading of the page for an address that does not exist.
        PageNotFound,
        /// What to do there.
        PageNotFoundAdvice,
        /// On a survey page whose scripts are switched off.
        NeedsScript,
    }
}

impl EndpointText {
    /// The code of the problem that this is the title of, `None` for the words on pages.
    pub const fn code(self) -> Option<&'static str> {
        Some(match self {
            Self::InvalidJson => "invalid-json",
            Self::InvalidAnswers => "invalid-answers",
            Self::UnknownSurvey => "unknown-survey",
            Self::UnknownVersion => "unknown-version",
            Self::TooLarge => "too-large",
            Self::WrongMediaType => "wrong-type",
            Self::RevisionTaken => "revision-taken",
            Self::AlreadyComplete => "already-complete",
            Self::IdTaken => "id-taken",
            Self::OriginRefused => "origin-refused",
            Self::NotFound => "not-found",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::Busy => "busy",
            Self::StorageFull => "storage-full",
            Self::Internal => "internal",
            Self::Timeout => "timeout",
            Self::PageNotFound | Self::PageNotFoundAdvice | Self::NeedsScript => return None,
        })
    }

    /// The title of the problem with this code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|text| text.code() == Some(code))
    }
}
