//! Photos as rows: kept before the words that name them, let go where no words ever came.

use rusqlite::{OptionalExtension, Transaction};

use super::{Appended, ReadSqlite, Sqlite, StoreError};

/// So many photos may wait for their words at once: about 800 MB.
const MOST_WAITING: u32 = 2_000;
/// So many photos one token brings: as many as a case holds.
const MOST_OF_TOKEN: u32 = 60;
/// So many photos of one address wait for their words at once, where no token is shown.
const MOST_OF_ADDRESS: u32 = 100;

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
    /// Who sent it.
    pub sender: Option<Sender>,
    /// The survey whose page it comes from; empty where none is named.
    pub survey: String,
}

/// Who sends a photo, as quotas are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sender {
    /// A keyed digest of the token, or of the address.
    pub digest: [u8; 32],
    /// Whether it is a token that was proved.
    pub by_token: bool,
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
    /// Too many wait for their words, or the sender, the survey or all together have as much as they may.
    TooMany,
}

impl Sqlite {
    /// Keeps a photo, if all of them then take at most `most` bytes, and those of one survey's pages half of that: who fills
    /// one survey leaves room for the others.
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
        if let Some(Sender { digest, by_token }) = photo.sender {
            // Where nothing was proved only those count that still wait: the others are known no more.
            let sql = "SELECT count(*) FROM attachments WHERE sender = ?1";
            let sent: u32 = transaction.query_row(sql, [digest], |row| row.get(0))?;
            let most = if by_token {
                MOST_OF_TOKEN
            } else {
                MOST_OF_ADDRESS
            };
            if sent >= most {
                return Ok(PhotoTaken::TooMany);
            }
        }
        let waiting = "SELECT count(*) FROM attachments WHERE case_id IS NULL AND response IS NULL";
        if transaction.query_row(waiting, [], |row| row.get::<_, u32>(0))? >= MOST_WAITING {
            return Ok(PhotoTaken::TooMany);
        }
        let used = |used: i64| u64::try_from(used).unwrap_or_default();
        let in_all = "SELECT bytes FROM attachment_usage";
        let in_all = used(transaction.query_row(in_all, [], |row| row.get(0))?);
        let of_survey = transaction
            .query_row(
                "SELECT bytes FROM attachment_surveys WHERE survey = ?1",
                [&photo.survey],
                |row| row.get(0),
            )
            .optional()?;
        let of_survey = used(of_survey.unwrap_or_default());
        let more = photo.image.len() as u64;
        if in_all.saturating_add(more) > most || of_survey.saturating_add(more) > most / 2 {
            return Ok(PhotoTaken::TooMany);
        }
        transaction.execute(
            "INSERT INTO attachments (id, digest, image, received_at, sender, by_token, survey) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            (
                photo.id,
                photo.digest,
                &photo.image,
                photo.received_at,
                photo.sender.map(|sender| sender.digest),
                photo.sender.is_some_and(|sender| sender.by_token),
                &photo.survey,
            ),
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
        let sql = "DELETE FROM attachments WHERE case_id IS NULL AND response IS NULL AND received_at < ?1";
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
    let sql = "UPDATE attachments SET case_id = ?1, sender = CASE WHEN by_token THEN sender END
         WHERE id = ?2 AND response IS NULL AND (case_id IS NULL OR case_id = ?1)";
    let changed = transaction.prepare_cached(sql)?.execute((case, photo))?;
    Ok(if changed == 1 {
        Appended::Stored
    } else {
        Appended::Clash
    })
}

/// Gives photos to a sheet, as far as they are there and nobody else's: the answers count.
pub(super) fn claim_for_sheet(
    transaction: &Transaction<'_>,
    sheet: [u8; 16],
    photos: &[[u8; 16]],
) -> Result<(), StoreError> {
    let sql = "UPDATE attachments SET response = ?1, sender = CASE WHEN by_token THEN sender END
         WHERE id = ?2 AND case_id IS NULL AND (response IS NULL OR response = ?1)";
    for photo in photos {
        transaction.prepare_cached(sql)?.execute((sheet, photo))?;
    }
    Ok(())
}

impl ReadSqlite {
    /// All photos of a sheet.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn photos_of_sheet(&self, sheet: [u8; 16]) -> Result<Vec<Vec<u8>>, StoreError> {
        self.with(|connection| {
            let sql = "SELECT image FROM attachments WHERE response = ?1 ORDER BY received_at, id";
            let mut statement = connection.prepare_cached(sql)?;
            let images = statement.query_map([sheet], |row| row.get(0))?;
            Ok(images.collect::<Result<_, _>>()?)
        })
    }

    /// A photo of a sheet.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn photo_of_sheet(
        &self,
        sheet: [u8; 16],
        photo: [u8; 16],
    ) -> Result<Option<Vec<u8>>, StoreError> {
        self.with(|connection| {
            let sql = "SELECT image FROM attachments WHERE id = ?1 AND response = ?2";
            let mut statement = connection.prepare_cached(sql)?;
            let found = statement.query_row((photo, sheet), |row| row.get(0));
            Ok(found.optional()?)
        })
    }

    /// Whose photo this is, where it has a case, and the photo.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn photo(&self, id: [u8; 16]) -> Result<Option<Claimed>, StoreError> {
        self.with(|connection| {
            let sql = "SELECT case_id, image FROM attachments WHERE id = ?1 AND response IS NULL";
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
            let sql = "SELECT count(*) FROM attachments WHERE case_id IS NULL AND response IS NULL AND received_at < ?1";
            let mut statement = connection.prepare_cached(sql)?;
            Ok(statement.query_row([until], |row| row.get(0))?)
        })
    }
}
