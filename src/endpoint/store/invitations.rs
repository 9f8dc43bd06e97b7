//! Invitations: what is known of each, what was done about it, and its message on the way out.

use rusqlite::{OptionalExtension, Row, Transaction};

use super::{About, Channel, OutboxRow, ReadSqlite, Sqlite, StoreError, outbox};
use crate::endpoint::deliveries::programme::{Facts, Kind, Reason, Step, Wave, Way};
use crate::endpoint::identity::Invitation;

/// An invitation and what is needed to write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationRow {
    /// Its number.
    pub id: i64,
    /// The number of its delivery.
    pub delivery_id: i64,
    /// The number of its person.
    pub contact_id: i64,
    /// What it says to the programme's rules.
    pub facts: Facts,
    /// When it is looked at next.
    pub wake_at: Option<i64>,
    /// Until when it can be answered.
    pub expires_at: i64,
    /// The delivery's reference.
    pub delivery: String,
    /// The person's.
    pub contact: String,
    /// The account's.
    pub account: Option<String>,
    /// The survey.
    pub survey: String,
    /// The person's mail address.
    pub mail: Option<String>,
    /// The person's telephone number.
    pub phone: Option<String>,
    /// The language to write in.
    pub language: Option<String>,
    /// Why it did not go out.
    pub suppressed: Option<String>,
    /// When the mail server or gateway took it.
    pub sent_at: Option<i64>,
    /// When it came back.
    pub bounced_at: Option<i64>,
}

/// An invitation's number as the subject of what goes out.
pub fn subject(invitation: i64) -> [u8; 16] {
    u128::from(invitation.unsigned_abs()).to_be_bytes()
}

/// The invitation of a subject.
pub fn of_subject(subject: [u8; 16]) -> Option<i64> {
    i64::try_from(u128::from_be_bytes(subject)).ok()
}

impl InvitationRow {
    /// What its token signs.
    pub fn invitation(&self) -> Invitation {
        invitation(
            self.id,
            self.expires_at,
            &self.survey,
            &self.delivery,
            &self.account,
            &self.contact,
        )
    }
}

pub(super) fn invitation(
    id: i64,
    until: i64,
    survey: &str,
    delivery: &str,
    account: &Option<String>,
    contact: &str,
) -> Invitation {
    Invitation {
        number: id.unsigned_abs(),
        survey: survey.to_owned(),
        delivery: Some(delivery.to_owned()),
        account: account.clone(),
        contact: Some(contact.to_owned()),
        from: 0,
        until,
        once: true,
    }
}

impl Sqlite {
    /// Does what was decided of an invitation that was read with `row.wake_at`; false if somebody was faster.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn step_invitation(
        &mut self,
        row: &InvitationRow,
        step: Step,
        now: i64,
    ) -> Result<bool, StoreError> {
        let (asked, reminded, wake, suppressed) = match step {
            Step::Ask(_, next) => (Some(now), None, next, None),
            Step::Remind(_) => (None, Some(now), None, None),
            Step::Wait(until) => (None, None, Some(until), None),
            Step::Skip(reason) => (None, None, None, Some(reason)),
            Step::Rest => (None, None, None, None),
        };
        let transaction = self.begin()?;
        // A reminder that is left does not make an unsent invitation of one that is out.
        let changed = transaction
            .prepare_cached(
                "UPDATE invitations SET asked_at = coalesce(?3, asked_at), reminded_at = coalesce(?4, reminded_at), wake_at = ?5,
                     suppressed = CASE WHEN asked_at IS NULL THEN ?6 END
                 WHERE id = ?1 AND wake_at IS ?2",
            )?
            .execute((row.id, row.wake_at, asked, reminded, wake, suppressed.map(Reason::code)))?;
        if changed == 0 {
            return Ok(false);
        }
        let what = match step {
            Step::Ask(way, _) => Some((outbox_row(row.id, "invitation", way, now), "asked", None)),
            Step::Remind(way) => Some((
                outbox_row(row.id, "invitation-reminder", way, now),
                "reminded",
                None,
            )),
            Step::Skip(reason) => {
                log(&transaction, row.id, now, "suppressed", Some(reason.code()))?;
                None
            }
            Step::Wait(_) | Step::Rest => None,
        };
        if let Some((message, what, detail)) = what {
            outbox::put(&transaction, &message)?;
            log(&transaction, row.id, now, what, detail)?;
        }
        transaction.commit()?;
        Ok(true)
    }

    /// Says that a mail server or gateway has taken an invitation, or its reminder.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn invitation_sent(&mut self, id: i64, now: i64) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        let sql = "UPDATE invitations SET sent_at = coalesce(sent_at, ?2) WHERE id = ?1";
        transaction.execute(sql, (id, now))?;
        log(&transaction, id, now, "sent", None)?;
        Ok(transaction.commit()?)
    }
}

fn outbox_row(invitation: i64, kind: &str, way: Way, now: i64) -> OutboxRow {
    OutboxRow {
        id: 0,
        channel: match way {
            Way::Mail => Channel::Mail,
            Way::Gateway => Channel::Gateway,
        },
        kind: kind.to_owned(),
        about: About::Invitation,
        subject: subject(invitation),
        seq: 0,
        staff: None,
        receiver: None,
        created_at: now,
        due_at: now,
        attempts: 0,
        error: None,
    }
}

pub(super) fn log(
    transaction: &Transaction<'_>,
    invitation: i64,
    at: i64,
    what: &str,
    detail: Option<&str>,
) -> Result<(), StoreError> {
    transaction
        .prepare_cached(
            "INSERT INTO invitation_log (invitation, at, what, detail) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute((invitation, at, what, detail))?;
    Ok(())
}

/// Everything that is known of an invitation.
const INVITATION: &str = "
    SELECT invitations.id, deliveries.id, contacts.id, deliveries.kind, wave, due_at, asked_at, reminded_at,
        EXISTS (SELECT 1 FROM responses WHERE invitation = invitations.digest AND complete AND NOT test),
        contacts.opted_out_at IS NOT NULL, contacts.mail, mail IN (SELECT address FROM suppressions),
        contacts.phone, phone IN (SELECT address FROM suppressions),
        (SELECT count(asked_at) + count(reminded_at) FROM invitations AS own WHERE own.delivery = deliveries.id),
        (SELECT max(asked_at) FROM invitations AS other JOIN deliveries AS others ON others.id = other.delivery
            WHERE others.contact = contacts.id AND others.kind = deliveries.kind AND others.id <> deliveries.id),
        wake_at, expires_at, deliveries.delivery, contacts.contact, deliveries.account, deliveries.survey, language,
        suppressed, sent_at, bounced_at
    FROM invitations JOIN deliveries ON deliveries.id = invitations.delivery JOIN contacts ON contacts.id = deliveries.contact";

fn read(row: &Row<'_>) -> rusqlite::Result<Result<InvitationRow, StoreError>> {
    let (kind, wave): (String, String) = (row.get(3)?, row.get(4)?);
    let (Some(kind), Some(wave)) = (Kind::of(&kind), Wave::of(&wave)) else {
        return Ok(Err(StoreError::Unreadable("invitation")));
    };
    let works = |address: &Option<String>, place| -> rusqlite::Result<Option<bool>> {
        Ok(match address {
            Some(_) => Some(!row.get::<_, bool>(place)?),
            None => None,
        })
    };
    let (mail, phone): (Option<String>, Option<String>) = (row.get(10)?, row.get(12)?);
    let facts = Facts {
        kind,
        wave,
        due_at: row.get(5)?,
        asked_at: row.get(6)?,
        reminded_at: row.get(7)?,
        is_answered: row.get(8)?,
        has_opted_out: row.get(9)?,
        mail: works(&mail, 11)?,
        phone: works(&phone, 13)?,
        messages: row.get(14)?,
        asked_elsewhere_at: row.get(15)?,
    };
    Ok(Ok(InvitationRow {
        id: row.get(0)?,
        delivery_id: row.get(1)?,
        contact_id: row.get(2)?,
        facts,
        wake_at: row.get(16)?,
        expires_at: row.get(17)?,
        delivery: row.get(18)?,
        contact: row.get(19)?,
        account: row.get(20)?,
        survey: row.get(21)?,
        mail,
        phone,
        language: row.get(22)?,
        suppressed: row.get(23)?,
        sent_at: row.get(24)?,
        bounced_at: row.get(25)?,
    }))
}

impl ReadSqlite {
    /// Invitations to look at by `now`, the longest due first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn invitations_to_wake(&self, now: i64, most: u32) -> Result<Vec<i64>, StoreError> {
        self.with(|connection| {
            let sql =
                "SELECT id FROM invitations WHERE wake_at <= ?1 ORDER BY wake_at, id LIMIT ?2";
            let mut statement = connection.prepare_cached(sql)?;
            let ids = statement.query_map((now, most), |row| row.get(0))?;
            Ok(ids.collect::<Result<Vec<_>, _>>()?)
        })
    }

    /// An invitation.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn invitation(&self, id: i64) -> Result<Option<InvitationRow>, StoreError> {
        self.with(|connection| {
            let sql = [INVITATION, " WHERE invitations.id = ?1"].concat();
            let mut statement = connection.prepare_cached(&sql)?;
            statement.query_row([id], read).optional()?.transpose()
        })
    }

    /// The invitations of a delivery, whoever they went to.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn invitations_of(&self, delivery: &str) -> Result<Vec<InvitationRow>, StoreError> {
        self.with(|connection| {
            let sql = [
                INVITATION,
                " WHERE deliveries.delivery = ?1 ORDER BY contacts.contact, due_at, invitations.id",
            ]
            .concat();
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([delivery], read)?;
            rows.map(|row| row?).collect()
        })
    }

    /// The sheet that counts for the invitation of `wave` of a delivery: survey, version, answers.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn answer_at(
        &self,
        delivery: i64,
        wave: Wave,
    ) -> Result<Option<(String, u32, String)>, StoreError> {
        self.with(|connection| {
            let sql = "SELECT responses.survey, responses.version, responses.answers FROM invitations
                       JOIN responses ON responses.invitation = invitations.digest
                       WHERE invitations.delivery = ?1 AND wave = ?2 AND NOT test AND NOT superseded";
            let mut statement = connection.prepare_cached(sql)?;
            let found = statement.query_row((delivery, wave.code()), |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            });
            Ok(found.optional()?)
        })
    }
}
