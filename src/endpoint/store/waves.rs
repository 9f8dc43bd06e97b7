//! Response rates: how many invitations of each wave arrived and were answered.

use rusqlite::Connection;

use super::{ReadSqlite, StoreError};

/// How many of one survey's invitations of one wave became what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaveCount {
    /// The survey.
    pub survey: String,
    /// The wave.
    pub wave: String,
    /// Planned.
    pub planned: u64,
    /// Taken by a mail server or gateway.
    pub sent: u64,
    /// Of these, came back and were not answered.
    pub bounced: u64,
    /// Of the delivered ones, answered to the end.
    pub answered: u64,
    /// Of the delivered ones, begun and not finished.
    pub begun: u64,
    /// Not sent, by reason.
    pub suppressed: Vec<(String, u64)>,
}

impl WaveCount {
    /// Those that arrived: the denominator of the response rate.
    pub fn delivered(&self) -> u64 {
        self.sent.saturating_sub(self.bounced)
    }
}

impl ReadSqlite {
    /// How many invitations became what, by survey and wave. An answered one arrived, whatever a mail server said later.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn wave_counts(&self, survey: Option<&str>) -> Result<Vec<WaveCount>, StoreError> {
        self.with(|connection| wave_counts(connection, survey))
    }
}

fn wave_counts(
    connection: &Connection,
    survey: Option<&str>,
) -> Result<Vec<WaveCount>, StoreError> {
    let mut statement = connection.prepare_cached(
        // Sheets are looked through once, not once for each invitation.
        "WITH answers AS MATERIALIZED (
             SELECT invitation AS digest, max(complete) AS is_answered FROM responses
             WHERE invitation IS NOT NULL AND NOT test GROUP BY invitation),
         counted AS (
             SELECT deliveries.survey AS survey, wave, suppressed, sent_at IS NOT NULL AS is_sent,
                 bounced_at IS NOT NULL AS is_bounced, coalesce(is_answered, FALSE) AS is_answered,
                 is_answered IS NOT NULL AS is_begun
             FROM invitations JOIN deliveries ON deliveries.id = invitations.delivery LEFT JOIN answers USING (digest)
             WHERE ?1 IS NULL OR deliveries.survey = ?1)
         SELECT survey, wave, suppressed, count(*), sum(is_sent), sum(is_sent AND is_bounced AND NOT is_answered),
             sum(is_sent AND is_answered), sum(is_sent AND is_begun AND NOT is_answered AND NOT is_bounced)
         FROM counted GROUP BY survey, wave, suppressed
         ORDER BY survey, CASE wave WHEN 'hand-over' THEN 0 WHEN 'in-use' THEN 1 WHEN 'later' THEN 2 ELSE 3 END, suppressed",
    )?;
    let mut counts: Vec<WaveCount> = Vec::new();
    let mut rows = statement.query([survey])?;
    while let Some(row) = rows.next()? {
        let number = |place| -> rusqlite::Result<u64> {
            Ok(u64::try_from(row.get::<_, i64>(place)?).unwrap_or_default())
        };
        let (survey, wave): (String, String) = (row.get(0)?, row.get(1)?);
        let suppressed: Option<String> = row.get(2)?;
        if counts
            .last()
            .is_none_or(|last| (&last.survey, &last.wave) != (&survey, &wave))
        {
            counts.push(WaveCount {
                survey,
                wave,
                planned: 0,
                sent: 0,
                bounced: 0,
                answered: 0,
                begun: 0,
                suppressed: Vec::new(),
            });
        }
        let Some(count) = counts.last_mut() else {
            continue;
        };
        count.planned += number(3)?;
        count.sent += number(4)?;
        count.bounced += number(5)?;
        count.answered += number(6)?;
        count.begun += number(7)?;
        if let Some(reason) = suppressed {
            count.suppressed.push((reason, number(3)?));
        }
    }
    Ok(counts)
}
