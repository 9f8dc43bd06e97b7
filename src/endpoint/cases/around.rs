//! What stands around cases: call-backs after low scores, known incidents, and the way back to a case whose link was lost.

use std::net::IpAddr;
use std::sync::PoisonError;

use super::{CaseError, Cases, number};
use crate::api::SubmissionId;
use crate::complaint::incident::Incident;
use crate::complaint::notice::Notice;
use crate::complaint::{Case, StaffId};
use crate::endpoint::clock::Timestamp;
use crate::endpoint::store::{About, CallBack, Channel, Ending, OutboxRow};

/// A link is mailed once in so long, however often it is asked for.
const LINK_EVERY_MS: i64 = 60 * 60 * 1000;

impl Cases {
    /// The call-backs that are open.
    ///
    /// # Errors
    /// When the store fails.
    pub fn call_backs(&self) -> Result<Vec<CallBack>, CaseError> {
        Ok(self.reader.call_backs(true)?)
    }

    /// The call-back of a sheet.
    ///
    /// # Errors
    /// When the store fails.
    pub fn call_back(&self, response: SubmissionId) -> Result<Option<CallBack>, CaseError> {
        Ok(self.reader.call_back(*response.as_bytes())?)
    }

    /// Ends a call-back as it stood in version `known`; false if it has changed since, or ended.
    ///
    /// # Errors
    /// When the store fails.
    pub fn end_call_back(
        &self,
        response: SubmissionId,
        known: u32,
        how: (Ending, &str),
        by: StaffId,
        now: Timestamp,
    ) -> Result<bool, CaseError> {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(store.end_call_back(*response.as_bytes(), known, how, by, now.0)?)
    }

    /// The incidents that are shown now.
    ///
    /// # Errors
    /// When the store fails.
    pub fn incidents(&self, now: Timestamp) -> Result<Vec<Incident>, CaseError> {
        Ok(self.reader.incidents(now.0)?)
    }

    /// Those that concern an open case.
    pub(super) fn incidents_of(
        &self,
        case: &Case,
        now: Timestamp,
    ) -> Result<Vec<Incident>, CaseError> {
        if !case.state.is_open() {
            return Ok(Vec::new());
        }
        let mut incidents = self.incidents(now)?;
        incidents.retain(|one| one.concerns(case.issues.iter().map(|issue| issue.stage)));
        Ok(incidents)
    }

    /// Publishes an incident or its next version; its number, or nothing if somebody else was faster.
    ///
    /// # Errors
    /// When the store fails.
    pub fn publish_incident(
        &self,
        incident: &Incident,
        by: StaffId,
        now: Timestamp,
    ) -> Result<Option<u32>, CaseError> {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(store.publish_incident(incident, by, now.0)?)
    }

    /// An error as whoever sent it from `address` hears it: after more wrong secrets from there than are answered, that there
    /// were too many. Trusted proxies speak for many; theirs are counted by number alone.
    pub fn counted(&self, error: CaseError, address: Option<IpAddr>, now: Timestamp) -> CaseError {
        let is_wrong = matches!(error, CaseError::NotFound);
        match address.filter(|_| is_wrong) {
            Some(address) if self.attempts.wrong_from(address, now) => CaseError::TooManyWrong,
            _ => error,
        }
    }

    /// Has the link of a case mailed to the address on file. Whether there is such a case, and such an address, is nobody's
    /// business who asks.
    ///
    /// # Errors
    /// When the store fails.
    pub fn mail_link(&self, number: &str, now: Timestamp) -> Result<(), CaseError> {
        let Some(number) = number::read(number) else {
            return Ok(());
        };
        let Some(row) = self.reader.case_by_number(&number)? else {
            return Ok(());
        };
        let Some(loaded) = self.load(row.id)?.filter(|loaded| loaded.case.reachable) else {
            return Ok(());
        };
        let row = OutboxRow {
            id: 0,
            channel: Channel::Mail,
            kind: Notice::Link.code().to_owned(),
            about: About::Case,
            subject: loaded.row.id,
            // No event causes it: the hour it was asked for in, so that the next hour can have another.
            seq: u32::try_from(now.0.div_euclid(LINK_EVERY_MS)).unwrap_or_default(),
            staff: None,
            receiver: None,
            created_at: now.0,
            due_at: now.0,
            attempts: 0,
            error: None,
        };
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(store.put_outbox(&row)?)
    }
}
