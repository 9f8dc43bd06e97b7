//! What the Scores page counts, kept beside the sheets: a number for each thing that is counted, and for each sheet which of
//! these things it is one of, so that a sheet that changes or goes takes back exactly what it once gave.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row, Transaction};

use super::read::{RESPONSE, response};
use super::{ReadSqlite, Sqlite, StoreError, StoredResponse};

/// One thing that is counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cell {
    /// The survey.
    pub survey: String,
    /// The question; nothing where sheets are counted.
    pub question: String,
    /// `nps`, `csat` or `ces`; nothing where no point is counted.
    pub metric: String,
    /// The lowest point of the scale.
    pub low: i32,
    /// The highest.
    pub high: i32,
    /// By what it is told apart from others.
    pub by: String,
    /// Which of these.
    pub name: String,
    /// The point that was chosen.
    pub point: i32,
    /// Whether the sheet is complete.
    pub complete: bool,
}

/// A sheet as it was read, and what it is one of; a sheet that does not count is one of nothing.
#[derive(Clone, Debug)]
pub struct Tallied {
    /// Its place in the order of arrival.
    pub seq: i64,
    /// The revision that was read.
    pub revision: u32,
    /// Whether another sheet had taken its place.
    pub superseded: bool,
    /// Its survey.
    pub survey: String,
    /// Whether the customer wrote anything in it.
    pub worded: bool,
    /// What it is one of, each once.
    pub cells: Vec<Cell>,
}

/// Sheets that are not counted yet.
#[derive(Debug)]
pub struct Uncounted {
    /// The mark behind which new ones were read.
    pub from: i64,
    /// The mark once these are counted.
    pub to: i64,
    /// New ones, and those that changed since they were counted.
    pub sheets: Vec<(i64, StoredResponse)>,
}

impl ReadSqlite {
    /// At most `most` sheets that are not counted yet, the oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn uncounted(&self, most: u32) -> Result<Uncounted, StoreError> {
        self.with(|connection| {
            // One moment for all of them.
            let transaction = connection.unchecked_transaction()?;
            let from: i64 =
                transaction.query_row("SELECT mark FROM score_mark", [], |row| row.get(0))?;
            let changed = " WHERE seq IN (SELECT seq FROM score_changes WHERE seq <= ?1 LIMIT ?2)";
            let mut sheets = sheets(&transaction, changed, from, most)?;
            let left = most.saturating_sub(u32::try_from(sheets.len()).unwrap_or(most));
            let new = sheets_behind(&transaction, from, left)?;
            let to = new.last().map_or(from, |(seq, _)| *seq);
            sheets.extend(new);
            Ok(Uncounted { from, to, sheets })
        })
    }

    /// How many sheets are not counted yet, at most.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn count_uncounted(&self) -> Result<u64, StoreError> {
        self.with(|connection| {
            let sql = "SELECT max(0, coalesce((SELECT max(seq) FROM responses), 0) - mark)
                           + (SELECT count(*) FROM score_changes WHERE seq <= mark) FROM score_mark";
            let count: i64 = connection
                .prepare_cached(sql)?
                .query_row([], |row| row.get(0))?;
            Ok(u64::try_from(count).unwrap_or_default())
        })
    }

    /// Everything that is counted, of one survey or of all, with its number; of what sheets say of themselves the `most` names
    /// with most answers, for each question.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn score_cells(
        &self,
        survey: Option<&str>,
        most: usize,
    ) -> Result<Vec<(Cell, u64)>, StoreError> {
        self.with(|connection| {
            // A supplier may have thousands of accounts: those that nobody is shown are left in the database.
            let mut statement = connection.prepare_cached(
                "WITH sums AS (
                     SELECT survey, question, metric, low, high, by, name, sum(n) AS answers FROM score_cells
                     WHERE (?1 IS NULL OR survey = ?1) GROUP BY survey, question, metric, low, high, by, name),
                 ranked AS (
                     SELECT *, row_number() OVER (PARTITION BY survey, question, metric, low, high, by
                         ORDER BY answers DESC, name) AS place FROM sums)
                 SELECT cells.survey, cells.question, cells.metric, cells.low, cells.high, cells.by, cells.name, point, complete, n
                 FROM ranked JOIN score_cells AS cells USING (survey, question, metric, low, high, by, name)
                 WHERE place <= ?2 OR ranked.by = 'time'",
            )?;
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            let cells = statement.query_map((survey, most), |row| {
                Ok((cell(row)?, row.get::<_, i64>(9)?))
            })?;
            let count = |n: i64| u64::try_from(n).unwrap_or_default();
            let cells = cells.map(|row| row.map(|(cell, n)| (cell, count(n))));
            Ok(cells.collect::<Result<_, _>>()?)
        })
    }

    /// The newest sheets of a survey in which the customer wrote something, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn worded(&self, survey: &str, most: u32) -> Result<Vec<StoredResponse>, StoreError> {
        self.with(|connection| {
            let sql = [
                RESPONSE,
                " WHERE seq IN (SELECT seq FROM scored WHERE survey = ?1 AND worded ORDER BY seq DESC LIMIT ?2)
                  ORDER BY seq DESC",
            ];
            let mut statement = connection.prepare_cached(&sql.concat())?;
            let mut rows = statement.query((survey, most))?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(response(row)?);
            }
            Ok(found)
        })
    }
}

fn sheets_behind(
    connection: &Connection,
    mark: i64,
    most: u32,
) -> Result<Vec<(i64, StoredResponse)>, StoreError> {
    sheets(
        connection,
        " WHERE seq > ?1 ORDER BY seq LIMIT ?2",
        mark,
        most,
    )
}

fn sheets(
    connection: &Connection,
    which: &str,
    mark: i64,
    most: u32,
) -> Result<Vec<(i64, StoredResponse)>, StoreError> {
    let mut statement = connection.prepare_cached(&[RESPONSE, which].concat())?;
    let mut rows = statement.query((mark, most))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push((row.get("seq")?, response(row)?));
    }
    Ok(found)
}

fn cell(row: &Row<'_>) -> rusqlite::Result<Cell> {
    Ok(Cell {
        survey: row.get(0)?,
        question: row.get(1)?,
        metric: row.get(2)?,
        low: row.get(3)?,
        high: row.get(4)?,
        by: row.get(5)?,
        name: row.get(6)?,
        point: row.get(7)?,
        complete: row.get(8)?,
    })
}

impl Sqlite {
    /// Counts sheets and moves the mark; false if somebody else moved it meanwhile: then nothing is stored. A sheet that
    /// changed since it was read is left for the next time.
    ///
    /// # Errors
    /// Then nothing is stored, and the same can be counted again.
    pub fn tally(&mut self, from: i64, to: i64, sheets: &[Tallied]) -> Result<bool, StoreError> {
        let transaction = self.begin()?;
        let sql = "UPDATE score_mark SET mark = ?2 WHERE mark = ?1";
        if transaction.execute(sql, (from, to))? == 0 {
            return Ok(false);
        }
        let mut standing = Vec::with_capacity(sheets.len());
        for sheet in sheets {
            let sql = "SELECT revision, superseded FROM responses WHERE seq = ?1";
            let read = |row: &Row<'_>| Ok((row.get::<_, u32>(0)?, row.get::<_, bool>(1)?));
            let mut statement = transaction.prepare_cached(sql)?;
            let found = statement.query_row([sheet.seq], read).optional()?;
            if found == Some((sheet.revision, sheet.superseded)) {
                take_back(&transaction, sheet.seq)?;
                standing.push(sheet);
            }
        }
        let mut ids = HashMap::new();
        let mut more: HashMap<i64, i64> = HashMap::new();
        for sheet in standing {
            let sql = "DELETE FROM score_changes WHERE seq = ?1";
            transaction.prepare_cached(sql)?.execute([sheet.seq])?;
            if sheet.cells.is_empty() {
                continue;
            }
            let mut list = String::from("[");
            for cell in &sheet.cells {
                let id = match ids.get(cell) {
                    Some(id) => *id,
                    None => {
                        let id = id_of(&transaction, cell)?;
                        ids.insert(cell, id);
                        id
                    }
                };
                *more.entry(id).or_default() += 1;
                if list.len() > 1 {
                    list.push(',');
                }
                list.push_str(&id.to_string());
            }
            list.push(']');
            let sql = "INSERT INTO scored (seq, survey, worded, cells) VALUES (?1, ?2, ?3, ?4)";
            let values = (sheet.seq, &sheet.survey, sheet.worded, list);
            transaction.prepare_cached(sql)?.execute(values)?;
        }
        for (id, n) in more {
            let sql = "UPDATE score_cells SET n = n + ?2 WHERE id = ?1";
            transaction.prepare_cached(sql)?.execute((id, n))?;
        }
        transaction.commit()?;
        Ok(true)
    }

    /// Forgets what was counted by other rules than `rules`, so that everything is counted anew; says whether there was
    /// anything to forget.
    ///
    /// # Errors
    /// Then nothing is forgotten.
    pub fn count_by(&mut self, rules: u32) -> Result<bool, StoreError> {
        let sql = "SELECT rules FROM score_mark";
        let found: u32 = self.connection().query_row(sql, [], |row| row.get(0))?;
        if found == rules {
            return Ok(false);
        }
        self.count_anew(rules)?;
        Ok(true)
    }

    /// Forgets all that was counted: everything is counted anew.
    ///
    /// # Errors
    /// Then nothing is forgotten.
    pub fn count_anew(&mut self, rules: u32) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        transaction.execute_batch(
            // The cells first, so that no sheet takes back one by one.
            "DELETE FROM score_cells; DELETE FROM scored; DELETE FROM score_changes;",
        )?;
        transaction.execute("UPDATE score_mark SET mark = 0, rules = ?1", [rules])?;
        Ok(transaction.commit()?)
    }
}

/// Takes back what a sheet gave when it was counted last. The trigger `scores_go` does the same where a sheet goes.
fn take_back(transaction: &Transaction<'_>, seq: i64) -> Result<(), StoreError> {
    let sql = "DELETE FROM scored WHERE seq = ?1";
    transaction.prepare_cached(sql)?.execute([seq])?;
    Ok(())
}

fn id_of(transaction: &Transaction<'_>, cell: &Cell) -> Result<i64, StoreError> {
    let values = (
        &cell.survey,
        &cell.question,
        &cell.metric,
        cell.low,
        cell.high,
        &cell.by,
        &cell.name,
        cell.point,
        cell.complete,
    );
    let sql = "SELECT id FROM score_cells WHERE survey = ?1 AND question = ?2 AND metric = ?3 AND low = ?4 AND high = ?5
                   AND by = ?6 AND name = ?7 AND point = ?8 AND complete = ?9";
    let mut statement = transaction.prepare_cached(sql)?;
    let known = statement.query_row(values, |row| row.get(0)).optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    let sql = "INSERT INTO score_cells (survey, question, metric, low, high, by, name, point, complete, n)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)";
    transaction.prepare_cached(sql)?.execute(values)?;
    Ok(transaction.last_insert_rowid())
}
