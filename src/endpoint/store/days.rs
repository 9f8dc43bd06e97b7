//! The days: each closes with the heads of all cases that have moved, chained to the day before. Who cuts the end of a case
//! off, or puts an old head back, would have to do the same to every later day.

use rusqlite::OptionalExtension;

use super::{ReadSqlite, Sqlite, StoreError};

/// The end of a case's chain as it stood when a day closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadMark {
    /// The case.
    pub id: [u8; 16],
    /// Its last event.
    pub last_seq: u32,
    /// That event's digest.
    pub head: [u8; 32],
}

/// A closed day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayRow {
    /// Days since 1970-01-01, in UTC.
    pub day: i64,
    /// The cases that moved since the day before, by id.
    pub marks: Vec<HeadMark>,
    /// Over the day before and all of them.
    pub digest: [u8; 32],
    /// Seals the digest.
    pub mac: [u8; 32],
}

impl Sqlite {
    /// Closes a day, once, after all days before it; says whether it did. `seal` makes digest and seal of the digest of the
    /// day before, the day, and its marks.
    ///
    /// # Errors
    /// When it cannot be written; the day is open then.
    pub fn close_day(
        &mut self,
        day: i64,
        seal: impl FnOnce([u8; 32], i64, &[HeadMark]) -> ([u8; 32], [u8; 32]),
    ) -> Result<bool, StoreError> {
        let transaction = self.begin()?;
        let last: Option<(i64, [u8; 32])> = transaction
            .query_row(
                "SELECT day, digest FROM days ORDER BY day DESC LIMIT 1",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        if last.is_some_and(|(last, _)| last >= day) {
            return Ok(false);
        }
        let marks = {
            let mut statement = transaction.prepare_cached(
                "SELECT id, last_seq, head FROM cases WHERE last_seq >
                     coalesce((SELECT max(last_seq) FROM day_heads WHERE day_heads.id = cases.id), 0)
                 ORDER BY id",
            )?;
            let rows = statement.query_map([], |row| {
                Ok(HeadMark {
                    id: row.get(0)?,
                    last_seq: row.get(1)?,
                    head: row.get(2)?,
                })
            })?;
            rows.collect::<Result<Vec<_>, _>>()?
        };
        let before = last.map_or([0; 32], |(_, digest)| digest);
        let (digest, mac) = seal(before, day, &marks);
        transaction.execute(
            "INSERT INTO days (day, digest, mac) VALUES (?1, ?2, ?3)",
            (day, digest, mac),
        )?;
        for mark in &marks {
            transaction
                .prepare_cached(
                    "INSERT INTO day_heads (id, last_seq, head, day) VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute((mark.id, mark.last_seq, mark.head, day))?;
        }
        transaction.commit()?;
        Ok(true)
    }
}

impl ReadSqlite {
    /// The last closed day.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn last_day(&self) -> Result<Option<i64>, StoreError> {
        self.with(|connection| {
            let sql = "SELECT max(day) FROM days";
            Ok(connection
                .prepare_cached(sql)?
                .query_row([], |row| row.get(0))?)
        })
    }

    /// Every closed day in order, with its marks.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn days(&self) -> Result<Vec<DayRow>, StoreError> {
        self.with(|connection| {
            let transaction = connection.unchecked_transaction()?;
            let mut statement =
                transaction.prepare("SELECT day, digest, mac FROM days ORDER BY day")?;
            let days = statement.query_map([], |row| {
                Ok(DayRow {
                    day: row.get(0)?,
                    marks: Vec::new(),
                    digest: row.get(1)?,
                    mac: row.get(2)?,
                })
            })?;
            let mut days = days.collect::<Result<Vec<_>, _>>()?;
            let mut statement =
                transaction.prepare("SELECT day, id, last_seq, head FROM day_heads ORDER BY id")?;
            let marks = statement.query_map([], |row| {
                let mark = HeadMark {
                    id: row.get(1)?,
                    last_seq: row.get(2)?,
                    head: row.get(3)?,
                };
                Ok((row.get::<_, i64>(0)?, mark))
            })?;
            for mark in marks {
                let (day, mark) = mark?;
                if let Ok(place) = days.binary_search_by_key(&day, |row| row.day)
                    && let Some(row) = days.get_mut(place)
                {
                    row.marks.push(mark);
                }
            }
            Ok(days)
        })
    }
}
