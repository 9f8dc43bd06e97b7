//! A service-quality briefing for an account's management: drafted, approved by somebody else as it stands, then sent.

use serde::{Deserialize, Serialize};

use super::Moment;
use super::people::StaffId;
use super::record::{Obstacle, Record, said};

/// What a briefing is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The account.
    pub account: String,
    /// The first moment of its period.
    pub from: Moment,
    /// The first moment after it.
    pub until: Moment,
    /// The language it is written in, a BCP 47 tag.
    pub language: String,
}

/// What happens to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "with", rename_all = "kebab-case")]
pub enum BriefingChange {
    /// Somebody drafts it. What it says is made from what is known, not written.
    Drafted(Subject),
    /// Somebody else agrees to it, word for word.
    Approved {
        /// The page that was agreed to: what is sent.
        page: String,
    },
    /// It must not go out so.
    Rejected {
        /// Why.
        text: String,
    },
    /// The customer has it.
    Sent {
        /// To whom it went, and how.
        text: String,
    },
}

/// Where a briefing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BriefingState {
    /// It is made anew whenever it is looked at.
    Draft,
    /// It stands as it was agreed to.
    Approved,
    /// The customer has it.
    Sent,
}

/// A briefing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Briefing {
    /// What it is about.
    pub subject: Subject,
    /// Who drafted it.
    pub author: StaffId,
    /// Where it stands.
    pub state: BriefingState,
    /// The page that was agreed to.
    pub page: Option<String>,
    /// Who agreed.
    pub approver: Option<StaffId>,
}

impl Subject {
    /// Whether a briefing can be about it: on a whole period that is over.
    ///
    /// # Errors
    /// The account is missing, the period is none, or is not over.
    pub fn check(&self, now: Moment) -> Result<(), Obstacle> {
        said(&self.account)?;
        if self.from >= self.until {
            return Err(Obstacle::DateNotAhead);
        }
        if self.until > now {
            return Err(Obstacle::NotYet);
        }
        Ok(())
    }
}

impl Briefing {
    /// Whether somebody may change it so.
    ///
    /// # Errors
    /// What stands in the way: among others the author's own approval, and sending what nobody approved.
    pub fn allows(&self, by: StaffId, change: &BriefingChange) -> Result<(), Obstacle> {
        let is = |state| {
            if self.state == state {
                Ok(())
            } else {
                Err(Obstacle::WrongState)
            }
        };
        match change {
            BriefingChange::Drafted(_) => Err(Obstacle::WrongState),
            BriefingChange::Approved { page } => {
                is(BriefingState::Draft)?;
                if by == self.author {
                    return Err(Obstacle::ApproverIsAuthor);
                }
                said(page)
            }
            BriefingChange::Rejected { text } => {
                is(BriefingState::Draft).or_else(|_| is(BriefingState::Approved))?;
                said(text)
            }
            BriefingChange::Sent { text } => {
                is(BriefingState::Approved)?;
                said(text)
            }
        }
    }
}

impl Record for Briefing {
    type Change = BriefingChange;

    fn begun(_: Moment, by: StaffId, change: &BriefingChange) -> Option<Self> {
        let BriefingChange::Drafted(subject) = change else {
            return None;
        };
        Some(Self {
            subject: subject.clone(),
            author: by,
            state: BriefingState::Draft,
            page: None,
            approver: None,
        })
    }

    fn apply(&mut self, _: Moment, by: StaffId, change: &BriefingChange) {
        match change {
            BriefingChange::Drafted(_) => {}
            BriefingChange::Approved { page } => {
                self.page = Some(page.clone());
                self.approver = Some(by);
                self.state = BriefingState::Approved;
            }
            BriefingChange::Rejected { .. } => {
                self.page = None;
                self.approver = None;
                self.state = BriefingState::Draft;
            }
            BriefingChange::Sent { .. } => self.state = BriefingState::Sent,
        }
    }
}

/// How many people customers say are affected: the largest number in the words, with 千 and 万 as Chinese counts. Years,
/// times and references are numbers, too; staff see the words beside it.
pub fn affected(words: &str) -> Option<u64> {
    let mut most = None;
    let letters: Vec<char> = words.chars().collect();
    let mut at = 0;
    while let Some(letter) = letters.get(at) {
        if !letter.is_ascii_digit() {
            at += 1;
            continue;
        }
        let mut number = 0_u64;
        while let Some(letter) = letters.get(at) {
            // "1,200" and "1 200" are one number; "20, 30" are two.
            let is_group = matches!(letter, ',' | '\u{a0}' | '\u{202f}')
                && letters
                    .get(at + 1..at + 4)
                    .is_some_and(|three| three.iter().all(char::is_ascii_digit));
            match letter.to_digit(10) {
                Some(digit) => number = number.saturating_mul(10).saturating_add(u64::from(digit)),
                None if is_group => {}
                None => break,
            }
            at += 1;
        }
        let times = match letters
            .get(at..)
            .and_then(|rest| rest.iter().find(|c| **c != ' '))
        {
            Some('千' | 'k' | 'K') => 1_000,
            Some('万') => 10_000,
            _ => 1,
        };
        let number = number.saturating_mul(times);
        most = Some(most.map_or(number, |most: u64| most.max(number)));
    }
    most
}
