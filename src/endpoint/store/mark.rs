//! How many commits were acknowledged, written beside the database: a witness that its end was not cut off.
//!
//! SQLite takes a write-ahead log that was truncated or removed for one that never held more, and starts without its last
//! commits. The mark is written after a commit and never synchronised, so that it is never ahead of the truth, whatever
//! fails: one that is ahead of the database says that the database lost something.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::Path;

const FILE: &str = "mark";

/// The file beside the database.
#[derive(Debug)]
pub(super) struct Mark(File);

impl Mark {
    pub(super) fn open(data: &Path) -> std::io::Result<Self> {
        let mut options = OpenOptions::new();
        let options = options.read(true).write(true).create(true).truncate(false);
        Ok(Self(options.open(data.join(FILE))?))
    }

    /// Notes a commit. A failure only makes the witness less sharp.
    pub(super) fn note(&self, commits: i64) {
        let text = format!("{commits:020}\n");
        if let Err(error) = self.0.write_all_at(text.as_bytes(), 0) {
            tracing::debug!("the mark could not be written: {error}");
        }
    }
}

/// The commits that were noted in a data folder; none where there is no mark, or a power cut took it.
pub(super) fn noted(data: &Path) -> i64 {
    let text = std::fs::read_to_string(data.join(FILE)).unwrap_or_default();
    text.trim_end().parse().unwrap_or_default()
}
