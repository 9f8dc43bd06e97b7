//! Accounts: which there are, whose they are, and what came from them.

use rusqlite::OptionalExtension;

use super::{ReadSqlite, StoreError};
use crate::complaint::StaffId;

/// A delivery, as customers name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountDelivery {
    /// The reference.
    pub reference: String,
    /// Answer sheets about it.
    pub sheets: u32,
    /// Complaints about it.
    pub cases: u32,
    /// When it was last heard of, Unix milliseconds.
    pub last_at: i64,
}

impl ReadSqlite {
    /// Every account with a team, a case, something else that was brought forward, or an answer sheet that proves whose it is,
    /// by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn accounts(&self) -> Result<Vec<String>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT account FROM teams
                 UNION SELECT change ->> '$.with.account' FROM case_events WHERE seq = 1
                 UNION SELECT account FROM feedback
                 UNION SELECT account FROM responses WHERE NOT test AND NOT suspect AND verified
                 UNION SELECT account FROM records
                 ORDER BY 1",
            )?;
            let names = statement.query_map([], |row| row.get::<_, Option<String>>(0))?;
            let names: Vec<_> = names.collect::<Result<_, _>>()?;
            Ok(names.into_iter().flatten().collect())
        })
    }

    /// The accounts in whose team somebody has a place, also as the one who stands in.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn accounts_of(&self, person: StaffId) -> Result<Vec<String>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT DISTINCT account FROM teams WHERE holder = ?1 OR stand_in = ?1 ORDER BY account",
            )?;
            let names = statement.query_map([person.0], |row| row.get(0))?;
            Ok(names.collect::<Result<_, _>>()?)
        })
    }

    /// Who answers for the customer's satisfaction: whoever has the account's first place, away or not.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn satisfaction_owner(&self, account: &str) -> Result<Option<StaffId>, StoreError> {
        self.with(|connection| {
            let sql = "SELECT holder FROM teams JOIN staff ON staff.id = holder
                       WHERE account = ?1 AND place = 'account' AND ended_at IS NULL";
            let mut statement = connection.prepare_cached(sql)?;
            let holder = statement
                .query_row([account], |row| row.get(0))
                .optional()?;
            Ok(holder.map(StaffId))
        })
    }

    /// The cases of an account, in the order of arrival.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn cases_of(&self, account: &str) -> Result<Vec<[u8; 16]>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id FROM case_events JOIN cases USING (id)
                 WHERE seq = 1 AND change ->> '$.with.account' = ?1 ORDER BY arrival",
            )?;
            let ids = statement.query_map([account], |row| row.get(0))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
    }

    /// The deliveries that an account's customers name in answers and complaints, the last heard of first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn deliveries_of(&self, account: &str) -> Result<Vec<AccountDelivery>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT reference, sum(is_sheet), sum(NOT is_sheet), max(at) FROM (
                     SELECT delivery AS reference, TRUE AS is_sheet, received_at AS at FROM responses
                         WHERE account = ?1 AND delivery IS NOT NULL AND NOT test AND NOT suspect
                     UNION ALL
                     SELECT word.value ->> '$[1]', FALSE, case_events.at
                         FROM case_events JOIN case_words USING (id, seq), json_each(words) AS word
                         WHERE seq = 1 AND change ->> '$.with.account' = ?1 AND word.value ->> '$[0]' = 'delivery')
                 GROUP BY reference ORDER BY max(at) DESC, reference",
            )?;
            let rows = statement.query_map([account], |row| {
                Ok(AccountDelivery {
                    reference: row.get(0)?,
                    sheets: row.get(1)?,
                    cases: row.get(2)?,
                    last_at: row.get(3)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Cases whose first words are like these, the most alike first, at most `most`. Words of fewer than three letters are
    /// not looked for.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn cases_like(&self, text: &str, most: u32) -> Result<Vec<[u8; 16]>, StoreError> {
        let query = trigram_query(text);
        if query.is_empty() {
            return Ok(Vec::new());
        }
        self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT cases.id FROM case_search JOIN cases ON cases.arrival = case_search.rowid
                 WHERE case_search MATCH ?1 ORDER BY rank, arrival DESC LIMIT ?2",
            )?;
            let ids = statement.query_map((query, most), |row| row.get(0))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
    }
}

/// Terms of a question at most: the first words say what it is about.
const MOST_TERMS: usize = 48;

/// Any of the words of a text, as the trigram index finds them: a word of an alphabet wherever it stands in another, and
/// of Chinese, which has no spaces, every three characters in a row.
fn trigram_query(text: &str) -> String {
    let is_ideograph = |c: char| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{3040}'..='\u{30ff}');
    let mut terms: Vec<String> = Vec::new();
    let words = text.split(|c: char| !c.is_alphanumeric());
    for word in words {
        let letters: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
        if letters.iter().copied().any(is_ideograph) {
            terms.extend(letters.windows(3).map(|three| three.iter().collect()));
        } else if letters.len() > 2 {
            terms.push(letters.into_iter().collect());
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    terms.retain(|term| seen.insert(term.clone()));
    terms.truncate(MOST_TERMS);
    let quoted: Vec<_> = terms.iter().map(|term| format!("\"{term}\"")).collect();
    quoted.join(" OR ")
}
