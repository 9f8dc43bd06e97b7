//! The pages that may use a survey, where it has a list of its own.

use super::surveys::{SurveyError, newest};
use super::{ReadSqlite, Sqlite, StoreError};

impl Sqlite {
    /// Gives `survey` a list of its own; none at all gives the list for all surveys back to it.
    ///
    /// # Errors
    /// When there is no such survey, or it cannot be written.
    pub fn set_origins(&mut self, survey: &str, origins: &[String]) -> Result<(), SurveyError> {
        let transaction = self.begin()?;
        newest(&transaction, survey)?.ok_or(SurveyError::Unknown)?;
        transaction.execute("DELETE FROM origins WHERE survey = ?1", [survey])?;
        for origin in origins {
            let sql = "INSERT OR IGNORE INTO origins (survey, origin) VALUES (?1, ?2)";
            transaction.execute(sql, (survey, origin))?;
        }
        Ok(transaction.commit()?)
    }
}

impl ReadSqlite {
    /// Every list: (survey, origin).
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn origins(&self) -> Result<Vec<(String, String)>, StoreError> {
        self.with(|connection| {
            let sql = "SELECT survey, origin FROM origins ORDER BY survey, origin";
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}
