//! Whether every case is as it was written.

use super::days::Sealed;
use super::ledger::Damage;
use super::{Cases, days, ledger, photos};
use crate::api::SubmissionId;
use crate::endpoint::keys::Keys;
use crate::endpoint::store::{ReadSqlite, StoreError};

/// What of all cases is as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many cases there are.
    pub cases: usize,
    /// Those that are not as they were written: number, and the first damage.
    pub damaged: Vec<(String, Damage)>,
    /// What the closed days are worth.
    pub sealed: Sealed,
}

impl Cases {
    /// Every case that is not as it was written: its number and the first damage.
    ///
    /// # Errors
    /// When the store fails.
    pub fn verify(reader: &ReadSqlite, keys: &Keys) -> Result<Verified, StoreError> {
        let (days, sealed) = days::Days::read(reader, keys)?;
        let ids = reader.case_ids()?;
        let mut damaged = Vec::new();
        for id in &ids {
            let Some((row, events)) = reader.case(*id)? else {
                continue;
            };
            let damage = ledger::damage(keys, &row, &events);
            let damage = match damage.or_else(|| days.damage(*id, &events)) {
                None => photos::damage(reader, &row, &events)?,
                damage => damage,
            };
            damaged.extend(damage.map(|damage| (row.number, damage)));
        }
        // Of a case that was taken away as a whole only its id is left, in the days.
        let missing = days.missing(&ids).into_iter();
        damaged.extend(missing.map(|(id, day)| {
            let id = SubmissionId::from_bytes(id).to_string();
            (id, Damage::Missing(day))
        }));
        Ok(Verified {
            cases: ids.len(),
            damaged,
            sealed,
        })
    }
}
