//! Taking out what is no longer to be kept: a person's own data on their wish, and everybody's after its time.

use rusqlite::Row;

use super::cases::append_one;
use super::read::{RESPONSE, response};
use super::{Appended, Batch, ReadSqlite, Sqlite, StoreError, StoredResponse};
use crate::api::SubmissionId;

/// What a person is found by. Text compares exactly, a mail address whatever its case.
#[derive(Clone, Copy, Debug, Default)]
pub struct Named<'a> {
    /// The reference that the supplier gave to the person.
    pub contact: Option<&'a str>,
    /// The mail address.
    pub mail: Option<&'a str>,
    /// The telephone number.
    pub phone: Option<&'a str>,
}

/// Rows that are let go in one transaction, so that nobody waits behind them.
const AT_ONCE: u32 = 2_000;

/// How a person is reached: (reference, mail address, telephone number).
pub type Address = (String, Option<String>, Option<String>);

impl ReadSqlite {
    /// The sheets of a person: that name them as their contact, or in which they wrote an address of theirs.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn responses_of(&self, named: Named<'_>) -> Result<Vec<StoredResponse>, StoreError> {
        self.with(|connection| {
            let sql = [
                RESPONSE,
                " WHERE contact = ?1
                     OR EXISTS (SELECT 1 FROM json_tree(responses.answers) WHERE type = 'text' AND (lower(atom) = lower(?2) OR atom = ?3))
                     OR EXISTS (SELECT 1 FROM json_tree(responses.fields) WHERE type = 'text' AND (lower(atom) = lower(?2) OR atom = ?3))
                 ORDER BY seq",
            ];
            let mut statement = connection.prepare(&sql.concat())?;
            let mut rows = statement.query((named.contact, named.mail, named.phone))?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(response(row)?);
            }
            Ok(found)
        })
    }

    /// Whatever could be the contact or an address of somebody who answered: names of contacts, and short texts in answers
    /// and fields.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn names_in_responses(&self) -> Result<Vec<String>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare(
                "SELECT contact FROM responses WHERE contact IS NOT NULL
                 UNION SELECT contact FROM contacts
                 UNION SELECT mail FROM contacts WHERE mail IS NOT NULL
                 UNION SELECT phone FROM contacts WHERE phone IS NOT NULL
                 UNION SELECT atom FROM responses, json_tree(responses.answers) WHERE type = 'text' AND length(atom) <= 200
                 UNION SELECT atom FROM responses, json_tree(responses.fields) WHERE type = 'text' AND length(atom) <= 200",
            )?;
            let names = statement.query_map([], |row| row.get(0))?;
            Ok(names.collect::<Result<_, _>>()?)
        })
    }

    /// Where a person stands among those whom deliveries name: (reference, mail address, telephone number).
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn contacts_of(&self, named: Named<'_>) -> Result<Vec<Address>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare(
                "SELECT contact, mail, phone FROM contacts WHERE contact = ?1 OR lower(mail) = lower(?2) OR phone = ?3",
            )?;
            let values = (named.contact, named.mail, named.phone);
            let rows =
                statement.query_map(values, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The cases that still have words, and to which nothing has happened since `until`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn cases_at_rest(&self, until: i64) -> Result<Vec<[u8; 16]>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id FROM cases
                 WHERE (SELECT max(at) FROM case_events WHERE case_events.id = cases.id) <= ?1
                     AND (EXISTS (SELECT 1 FROM case_words WHERE case_words.id = cases.id)
                         OR EXISTS (SELECT 1 FROM attachments WHERE case_id = cases.id))
                 ORDER BY arrival",
            )?;
            let ids = statement.query_map([until], |row| row.get(0))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
    }

    /// The digests of those who were erased.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn erased(&self) -> Result<Vec<[u8; 32]>, StoreError> {
        self.with(|connection| {
            let mut statement =
                connection.prepare("SELECT person FROM erasures ORDER BY person")?;
            let digests = statement.query_map([], |row: &Row<'_>| row.get(0))?;
            Ok(digests.collect::<Result<_, _>>()?)
        })
    }
}

impl Sqlite {
    /// Takes sheets out, and notes by digest who must not come back with an older copy.
    ///
    /// # Errors
    /// Then nothing is taken out.
    pub fn erase_responses(
        &mut self,
        ids: &[SubmissionId],
        people: &[[u8; 32]],
        now: i64,
    ) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        for id in ids {
            let sql = "DELETE FROM responses WHERE id = ?1";
            transaction.prepare_cached(sql)?.execute([id.as_bytes()])?;
            let sql = "DELETE FROM call_backs WHERE response = ?1";
            transaction.prepare_cached(sql)?.execute([id.as_bytes()])?;
        }
        for person in people {
            let sql = "INSERT OR IGNORE INTO erasures (person, at) VALUES (?1, ?2)";
            transaction.execute(sql, (person, now))?;
        }
        Ok(transaction.commit()?)
    }

    /// Takes a person's reference and addresses out from among those whom deliveries name: what was delivered stays and names
    /// nobody, and nobody is written to.
    ///
    /// # Errors
    /// Then nothing is taken out.
    pub fn erase_contacts(&mut self, named: Named<'_>, now: i64) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        let values = (named.contact, named.mail, named.phone);
        transaction.execute(
            "DELETE FROM suppressions WHERE lower(address) = lower(?2) OR address = ?3 OR EXISTS (SELECT 1 FROM contacts
                 WHERE contact = ?1 AND address IN (mail, phone))",
            values,
        )?;
        transaction.execute(
            "UPDATE contacts SET contact = 'erased-' || id, mail = NULL, phone = NULL, language = NULL, opted_out_at = ?4
             WHERE contact = ?1 OR lower(mail) = lower(?2) OR phone = ?3",
            (values.0, values.1, values.2, now),
        )?;
        Ok(transaction.commit()?)
    }

    /// Takes the words and photos of a case out, with the event that says so.
    ///
    /// # Errors
    /// Then nothing is taken out.
    pub fn erase_case(&mut self, batch: &Batch) -> Result<Appended, StoreError> {
        let transaction = self.begin()?;
        let put = append_one(&transaction, batch)?;
        if put != Appended::Stored {
            return Ok(put);
        }
        let (id, last) = (batch.row.id, batch.row.last_seq);
        transaction.execute(
            "DELETE FROM case_words WHERE id = ?1 AND seq < ?2",
            (id, last),
        )?;
        transaction.execute("DELETE FROM attachments WHERE case_id = ?1", [id])?;
        // A digest of words that can be guessed would confirm the guess.
        transaction.execute("UPDATE cases SET digest = zeroblob(32) WHERE id = ?1", [id])?;
        blank_feedback(&transaction, id)?;
        transaction.commit()?;
        Ok(Appended::Stored)
    }

    /// Writes anew what staff keep beside the cases (visits, findings, campaigns, briefings, themes) where `without` finds
    /// somebody in it; says how many rows there were.
    ///
    /// # Errors
    /// Then nothing is written.
    pub fn redact_records(
        &mut self,
        without: impl Fn(&str) -> Option<String>,
    ) -> Result<usize, StoreError> {
        let transaction = self.begin()?;
        let mut count = 0;
        for (read, write) in [
            (
                "SELECT id, version, change FROM record_changes",
                "UPDATE record_changes SET change = ?3 WHERE id = ?1 AND version = ?2",
            ),
            (
                "SELECT verbatim, version, themes FROM verbatim_codings",
                "UPDATE verbatim_codings SET themes = ?3 WHERE verbatim = ?1 AND version = ?2",
            ),
        ] {
            let mut statement = transaction.prepare(read)?;
            let mut rows = statement.query([])?;
            let mut anew = Vec::new();
            while let Some(row) = rows.next()? {
                let name: rusqlite::types::Value = row.get(0)?;
                let version: i64 = row.get(1)?;
                let text: String = row.get(2)?;
                anew.extend(without(&text).map(|text| (name, version, text)));
            }
            count += anew.len();
            for row in anew {
                transaction.execute(write, row)?;
            }
        }
        transaction.commit()?;
        Ok(count)
    }

    /// Takes the words out of requests, suggestions and praise.
    ///
    /// # Errors
    /// Then nothing is taken out.
    pub fn erase_feedback(&mut self, ids: &[[u8; 16]]) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        for id in ids {
            blank_feedback(&transaction, *id)?;
        }
        Ok(transaction.commit()?)
    }

    /// Lets go, some at a time, what came in until `until`: sheets, and the words of requests, suggestions and praise. Says
    /// how many were let go; none means that nothing is left.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn expire(&mut self, responses: i64, feedback: i64) -> Result<usize, StoreError> {
        let transaction = self.begin()?;
        let sheets = transaction.execute(
            // They lie in the order in which they came in: what is at its end lies first.
            "DELETE FROM responses WHERE seq IN (SELECT seq FROM responses ORDER BY seq LIMIT ?2) AND received_at <= ?1",
            (responses, AT_ONCE),
        )?;
        // Who was to be called back is kept no longer than why.
        let sql = "DELETE FROM call_backs WHERE created_at <= ?1";
        let called = transaction.execute(sql, [responses])?;
        let words = transaction.execute(
            "UPDATE feedback SET words = '[]', answer = NULL, reachable = FALSE, digest = zeroblob(32)
             WHERE received_at <= ?1 AND words <> '[]'",
            [feedback],
        )?;
        let gone = sheets + called + words;
        if gone > 0 {
            transaction.commit()?;
        }
        Ok(gone)
    }

    /// Writes everything into the database itself and empties the log; false while somebody reads what would be lost.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn settle(&mut self) -> Result<bool, StoreError> {
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        let is_busy: bool = self.connection().query_row(sql, [], |row| row.get(0))?;
        Ok(!is_busy)
    }

    /// Writes the whole database anew, so that nothing is left where rows once were.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn compact(&mut self) -> Result<(), StoreError> {
        Ok(self.connection().execute_batch("VACUUM")?)
    }
}

fn blank_feedback(transaction: &rusqlite::Transaction<'_>, id: [u8; 16]) -> Result<(), StoreError> {
    let sql = "UPDATE feedback SET words = '[]', answer = NULL, reachable = FALSE, digest = zeroblob(32) WHERE id = ?1";
    transaction.execute(sql, [id])?;
    Ok(())
}
