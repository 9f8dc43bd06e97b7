//! Photos as rows: kept before the words that name them, let go where no words ever came.

use rusqlite::{OptionalExtension, Transaction};

use super::{Appended, ReadSqlite, Sqlite, StoreError};

/// So many photos may wait for their words at once: about 400 MB.
const MOST_WAITING: u32 = 1_000;

/// A photo on its way in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhotoRow {
    /// The id that the device gave it.
    pub id: [u8; 16],
    /// The SHA-256 of what was sent: a retry is told from another photo by it.
    pub digest: [u8; 32],
    /// What is kept, a JPEG.
    pub image: Vec<u8>,
    /// Unix milliseconds.
    pub received_at: i64,
}

/// The case that a photo belongs to, if any yet, and the photo.
pub type Claimed = (Option<[u8; 16]>, Vec<u8>);

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoTaken {
    /// It is on disk.
    New,
    /// It was on disk already.
    Known,
    /// The id belongs to another photo.
    IdTaken,
    /// Too many wait for their words, or all together take as much as they may.
    TooMany,
}

impl Sqlite {
    /// Keeps a photo, if all of them then take at most `most` bytes.
    ///
    /// # Errors
    /// Then it is not stored.
    pub fn keep_photo(&mut self, photo: &PhotoRow, most: u64) -> Result<PhotoTaken, StoreError> {
        let transaction = self.begin()?;
        let known: Option<[u8; 32]> = transaction
            .query_row(
                "SELECT digest FROM attachments WHERE id = ?1",
                [photo.id],
                |row| row.get(0),
            )
            .optional()?;
        if let Some(known) = known {
            let is_same = known == photo.digest;
            return Ok(if is_same {
                PhotoTaken::Known
            } else {
                PhotoTaken::IdTaken
            });
        }
        let waiting = "SELECT count(*) FROM attachments WHERE case_id IS NULL";
        if transaction.query_row(waiting, [], |row| row.get::<_, u32>(0))? >= MOST_WAITING {
            return Ok(PhotoTaken::TooMany);
        }
        let used = "SELECT bytes FROM attachment_usage";
        let used: i64 = transaction.query_row(used, [], |row| row.get(0))?;
        let used = u64::try_from(used).unwrap_or_default();
        if used.saturating_add(photo.image.len() as u64) > most {
            return Ok(PhotoTaken::TooMany);
        }
        transaction.execute(
            "INSERT INTO attachments (id, digest, image, received_at) VALUES (?1, ?2, ?3, ?4)",
            (photo.id, photo.digest, &photo.image, photo.received_at),
        )?;
        transaction.commit()?;
        Ok(PhotoTaken::New)
    }

    /// Lets photos go for which no words came before `until`; says how many.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn sweep_photos(&mut self, until: i64) -> Result<usize, StoreError> {
        let transaction = self.begin()?;
        let sql = "DELETE FROM attachments WHERE case_id IS NULL AND received_at < ?1";
        let swept = transaction.execute(sql, [until])?;
        transaction.commit()?;
        Ok(swept)
    }
}

/// Gives a photo to a case; [`Appended::Clash`] where another has it, or where it is gone.
pub(super) fn claim(
    transaction: &Transaction<'_>,
    case: [u8; 16],
    photo: [u8; 16],
) -> Result<Appended, StoreError> {
    let sql =
        "UPDATE attachments SET case_id = ?1 WHERE id = ?2 AND (case_id IS NULL OR case_id = ?1)";
    let changed = transaction.prepare_cached(sql)?.execute((case, photo))?;
    Ok(if changed == 1 {
        Appended::Stored
    } else {
        Appended::Clash
    })
}

impl ReadSqlite {
    /// Whose photo this is, where it has a case, and the photo.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn photo(&self, id: [u8; 16]) -> Result<Option<Claimed>, StoreError> {
        self.with(|connection| {
            let sql = "SELECT case_id, image FROM attachments WHERE id = ?1";
            let mut statement = connection.prepare_cached(sql)?;
            let found = statement.query_row([id], |row| Ok((row.get(0)?, row.get(1)?)));
            Ok(found.optional()?)
        })
    }

    /// How many photos a case has.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn photos_of(&self, case: [u8; 16]) -> Result<usize, StoreError> {
        self.with(|connection| {
            let sql = "SELECT count(*) FROM attachments WHERE case_id = ?1";
            let count: i64 = connection
                .prepare_cached(sql)?
                .query_row([case], |row| row.get(0))?;
            Ok(usize::try_from(count).unwrap_or_default())
        })
    }

    /// How many photos wait for words since before `until`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn photos_to_sweep(&self, until: i64) -> Result<u32, StoreError> {
        self.with(|connection| {
            let sql = "SELECT count(*) FROM attachments WHERE case_id IS NULL AND received_at < ?1";
            let mut statement = connection.prepare_cached(sql)?;
            Ok(statement.query_row([until], |row| row.get(0))?)
        })
    }
}
