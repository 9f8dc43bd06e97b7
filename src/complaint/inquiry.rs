//! A "?" of an executive on something that a customer said outside a case: somebody owes an explanation, and nothing but
//! words ends it. On a case, the case itself holds the "?".

use serde::{Deserialize, Serialize};

use super::Moment;
use super::people::StaffId;
use super::record::{Obstacle, Record, said};

/// What happens to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "with", rename_all = "kebab-case")]
pub enum InquiryChange {
    /// It was asked.
    Asked {
        /// What about: its name in the feed.
        verbatim: String,
        /// The account that it names.
        account: Option<String>,
        /// Who explains.
        owner: StaffId,
        /// By when.
        due: Moment,
    },
    /// Somebody else explains. The date stays.
    HandedOff {
        /// Who.
        owner: StaffId,
        /// Why.
        text: String,
    },
    /// Its owner has explained it; a case manager looks at it before it goes to who asked.
    Offered {
        /// How.
        text: String,
    },
    /// It was explained.
    Explained {
        /// How.
        text: String,
    },
}

/// A "?".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inquiry {
    /// What about: its name in the feed.
    pub verbatim: String,
    /// The account that it names.
    pub account: Option<String>,
    /// Who asked.
    pub by: StaffId,
    /// When.
    pub asked_at: Moment,
    /// Who explains.
    pub owner: StaffId,
    /// By when.
    pub due: Moment,
    /// The owner's explanation, and when it came.
    pub offered: Option<(Moment, String)>,
    /// The explanation that went to who asked, and when.
    pub explained: Option<(Moment, String)>,
}

impl Inquiry {
    /// Whether a change may happen now.
    ///
    /// # Errors
    /// It is explained already, or words are missing.
    pub fn allows(&self, change: &InquiryChange) -> Result<(), Obstacle> {
        if self.explained.is_some() {
            return Err(Obstacle::WrongState);
        }
        match change {
            InquiryChange::Asked { .. } => Err(Obstacle::WrongState),
            InquiryChange::HandedOff { text, .. }
            | InquiryChange::Offered { text }
            | InquiryChange::Explained { text } => said(text),
        }
    }
}

impl Record for Inquiry {
    type Change = InquiryChange;

    fn begun(at: Moment, by: StaffId, change: &InquiryChange) -> Option<Self> {
        let InquiryChange::Asked {
            verbatim,
            account,
            owner,
            due,
        } = change
        else {
            return None;
        };
        Some(Self {
            verbatim: verbatim.clone(),
            account: account.clone(),
            by,
            asked_at: at,
            owner: *owner,
            due: *due,
            offered: None,
            explained: None,
        })
    }

    fn apply(&mut self, at: Moment, _: StaffId, change: &InquiryChange) {
        match change {
            InquiryChange::Asked { .. } => {}
            InquiryChange::HandedOff { owner, .. } => self.owner = *owner,
            InquiryChange::Offered { text } => self.offered = Some((at, text.clone())),
            InquiryChange::Explained { text } => self.explained = Some((at, text.clone())),
        }
    }
}
