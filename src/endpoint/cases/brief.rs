//! What a message about a case may say: looked up when it goes out, so that an erased case says nothing.

use super::{CaseError, Cases};
use crate::complaint::{Change, Field, State};
use crate::endpoint::keys::Keys;

/// A case as messages about it need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brief {
    /// The number.
    pub number: String,
    /// The secret of its page.
    pub secret: String,
    /// The contact's name; nothing where nobody works here yet.
    pub contact: Option<String>,
    /// When the decision is promised for.
    pub promised: Option<i64>,
    /// The customer's mail address.
    pub mail: Option<String>,
    /// Whether the customer complained in Chinese.
    pub is_chinese: bool,
    /// The account.
    pub account: Option<String>,
    /// Where it stands.
    pub state: State,
    /// When it came in.
    pub received_at: i64,
}

impl Cases {
    /// What can be said of the case with this id; nothing if it is gone.
    ///
    /// # Errors
    /// When the store fails.
    pub fn brief(&self, keys: &Keys, id: [u8; 16]) -> Result<Option<Brief>, CaseError> {
        let Some(loaded) = self.load(id)? else {
            return Ok(None);
        };
        let said = |field| {
            let mut words = loaded.events.iter().rev();
            words.find_map(|event| event.words.get(field).map(str::to_owned))
        };
        let is_chinese =
            |text: String| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let first = loaded.events.first();
        let locale = first.and_then(|event| match &event.change {
            Change::Received(receipt) => receipt.locale.clone(),
            _ => None,
        });
        let words = first.and_then(|event| event.words.get(Field::Text).map(str::to_owned));
        let is_chinese = match locale {
            Some(tag) => tag.to_lowercase().starts_with("zh"),
            // Nobody said: written down by staff, or by an older widget.
            None => words.is_some_and(is_chinese),
        };
        Ok(Some(Brief {
            secret: keys.case_secret(&loaded.row.id, loaded.row.secret_epoch),
            contact: self.name(loaded.case.contact)?,
            promised: loaded.case.promised,
            mail: said(Field::Mail),
            is_chinese,
            account: loaded.case.account.clone(),
            state: loaded.case.state,
            received_at: loaded.case.received_at,
            number: loaded.row.number,
        }))
    }
}
