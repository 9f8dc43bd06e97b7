//! Known incidents: every version that was published; the last one counts.

use rusqlite::Row;

use super::{ReadSqlite, Sqlite, StoreError};
use crate::complaint::StaffId;
use crate::complaint::incident::Incident;

impl Sqlite {
    /// Publishes an incident, a new one where its number is 0, or its next version; its number, or nothing if somebody else
    /// was faster or there is no version before this one.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn publish_incident(
        &mut self,
        incident: &Incident,
        by: StaffId,
        now: i64,
    ) -> Result<Option<u32>, StoreError> {
        let json = |text: Result<String, serde_json::Error>| {
            text.map_err(|_| StoreError::Unreadable("incident"))
        };
        let transaction = self.begin()?;
        let id = if incident.id == 0 {
            let sql = "SELECT coalesce(max(id), 0) + 1 FROM incidents";
            transaction.query_row(sql, [], |row| row.get(0))?
        } else {
            incident.id
        };
        let changed = transaction.execute(
            // The version before it must be the last one.
            "INSERT INTO incidents (id, version, stages, words, since, next_update, expires_at, by, at)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9
             WHERE ?2 = 1 + coalesce((SELECT max(version) FROM incidents WHERE id = ?1), 0) AND (?10 OR ?2 > 1)",
            (
                id,
                incident.version,
                json(serde_json::to_string(&incident.stages))?,
                json(serde_json::to_string(&incident.text))?,
                incident.since,
                incident.next_update,
                incident.expires_at,
                by.0,
                now,
                incident.id == 0,
            ),
        )?;
        transaction.commit()?;
        Ok((changed > 0).then_some(id))
    }
}

impl ReadSqlite {
    /// The last version of every incident that ends after `now`, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn incidents(&self, now: i64) -> Result<Vec<Incident>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id, version, stages, words, since, next_update, expires_at FROM incidents AS one
                 WHERE version = (SELECT max(version) FROM incidents WHERE id = one.id) AND expires_at > ?1
                 ORDER BY id DESC",
            )?;
            let rows = statement.query_map([now], |row| Ok(read(row)))?;
            rows.map(|row| row?).collect()
        })
    }
}

fn read(row: &Row<'_>) -> Result<Incident, StoreError> {
    let unreadable = |_| StoreError::Unreadable("incident");
    let (stages, text): (String, String) = (row.get(2)?, row.get(3)?);
    Ok(Incident {
        id: row.get(0)?,
        version: row.get(1)?,
        stages: serde_json::from_str(&stages).map_err(unreadable)?,
        text: serde_json::from_str(&text).map_err(unreadable)?,
        since: row.get(4)?,
        next_update: row.get(5)?,
        expires_at: row.get(6)?,
    })
}
