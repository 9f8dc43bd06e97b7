//! What was committed, in the order of the commits, and how far the follower has come. What it derives and its mark are one
//! transaction, so that an end at any moment derives nothing twice and leaves nothing out.

use rusqlite::{OptionalExtension, Row};

use super::{CallBackChange, OutboxRow, ReadSqlite, Sqlite, StoreError, call_backs, outbox};

/// What an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum About {
    /// A case.
    Case,
    /// An answer sheet.
    Response,
    /// An invitation. The journal has none; the outbox does.
    Invitation,
}

impl About {
    /// The word for it in the database and on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Response => "response",
            Self::Invitation => "invitation",
        }
    }

    pub(super) fn of(code: &str) -> Result<Self, StoreError> {
        match code {
            "case" => Ok(Self::Case),
            "response" => Ok(Self::Response),
            "invitation" => Ok(Self::Invitation),
            _ => Err(StoreError::Unreadable("journal entry")),
        }
    }
}

/// One event of a case, or one revision of a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the order of the commits.
    pub n: i64,
    /// What it is about.
    pub about: About,
    /// The case's or the sheet's id.
    pub id: [u8; 16],
    /// The event's number, or the revision.
    pub seq: u32,
}

/// What follows from the entries behind `from` up to `to`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Derived {
    /// The mark that the entries were read behind.
    pub from: i64,
    /// The last of them.
    pub to: i64,
    /// What goes out.
    pub outbox: Vec<OutboxRow>,
    /// Who is called back.
    pub call_backs: Vec<CallBackChange>,
}

/// How far the follower is behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lag {
    /// Entries that wait.
    pub waiting: u64,
    /// How long the first of them has waited, in milliseconds.
    pub ms: i64,
}

impl Sqlite {
    /// Puts what was derived on disk and moves the mark; false if another follower was faster: then nothing is stored.
    ///
    /// # Errors
    /// Then nothing is stored either, and the same can be derived again.
    pub fn derive(&mut self, derived: &Derived) -> Result<bool, StoreError> {
        let transaction = self.begin()?;
        let sql = "UPDATE follower SET mark = ?2 WHERE mark = ?1";
        if transaction.execute(sql, (derived.from, derived.to))? == 0 {
            return Ok(false);
        }
        for change in &derived.call_backs {
            call_backs::apply(&transaction, change)?;
        }
        for row in &derived.outbox {
            outbox::put(&transaction, row)?;
        }
        transaction.execute("DELETE FROM journal WHERE n < ?1", [derived.to])?;
        transaction.commit()?;
        Ok(true)
    }
}

impl ReadSqlite {
    /// The follower's mark, and at most `most` entries behind it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn journal(&self, most: u32) -> Result<(i64, Vec<Entry>), StoreError> {
        self.with(|connection| {
            // One moment for both.
            let transaction = connection.unchecked_transaction()?;
            let mark = transaction.query_row("SELECT mark FROM follower", [], |row| row.get(0))?;
            let mut statement = transaction.prepare_cached(
                "SELECT n, about, id, seq FROM journal WHERE n > ?1 ORDER BY n LIMIT ?2",
            )?;
            let rows = statement.query_map((mark, most), entry)?;
            let entries = rows.map(|row| {
                let (n, about, id, seq) = row?;
                let about = About::of(&about)?;
                Ok(Entry { n, about, id, seq })
            });
            Ok((mark, entries.collect::<Result<_, StoreError>>()?))
        })
    }

    /// How far the follower is behind at `now`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn lag(&self, now: i64) -> Result<Lag, StoreError> {
        self.with(|connection| {
            let sql = "SELECT count(*), min(at) FROM journal WHERE n > (SELECT mark FROM follower)";
            let read = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, Option<i64>>(1)?));
            let found = connection.prepare_cached(sql)?.query_row([], read);
            let (waiting, first) = found.optional()?.unwrap_or_default();
            Ok(Lag {
                waiting: u64::try_from(waiting).unwrap_or_default(),
                ms: first.map_or(0, |first| (now - first).max(0)),
            })
        })
    }
}

fn entry(row: &Row<'_>) -> rusqlite::Result<(i64, String, [u8; 16], u32)> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
}
