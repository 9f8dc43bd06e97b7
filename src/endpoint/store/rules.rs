//! Versions of policies and calendars, which of them hold for whom, and the terms of each account. Rows are only added.

use rusqlite::{Connection, OptionalExtension, Row};

use super::{Appended, ReadSqlite, Sqlite, StoreError};

/// What the rules are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleKind {
    /// How long everything may take.
    Policy,
    /// When we work.
    Calendar,
}

impl RuleKind {
    fn code(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Calendar => "calendar",
        }
    }
}

/// A version as it was published. `scope`: the tier of a policy or the region of a calendar; empty for everybody.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "the fields are the columns of the table, which the schema explains"
)]
pub struct RuleRow {
    pub version: u32,
    pub scope: String,
    pub at: i64,
    pub actor: String,
    pub note: String,
    pub body: String,
}

/// From when on which version holds for a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "the fields are the columns of the table, which the schema explains"
)]
pub struct InForce {
    pub scope: String,
    pub version: u32,
    pub at: i64,
    pub actor: String,
}

/// What was agreed with an account: its tier and its region, empty for what holds for everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "the fields are the columns of the table, which the schema explains"
)]
pub struct Terms {
    pub tier: String,
    pub region: String,
    pub version: u32,
}

const IN_FORCE: &str =
    "SELECT version FROM rules_in_force WHERE kind = ?1 AND scope = ?2 AND at <= ?3
     ORDER BY seq DESC LIMIT 1";
const TERMS: &str = "SELECT tier, region, version FROM terms WHERE account = ?1 AND at <= ?2 ORDER BY version DESC LIMIT 1";

impl Sqlite {
    /// Publishes a new version, which holds for its scope from now on, where `known` holds for it until now (0: none).
    ///
    /// # Errors
    /// Then nothing is stored.
    pub fn publish_rule(
        &mut self,
        kind: RuleKind,
        known: u32,
        row: &RuleRow,
    ) -> Result<Appended, StoreError> {
        let transaction = self.begin()?;
        if holds(&transaction, kind, &row.scope, i64::MAX)?.unwrap_or(0) != known {
            return Ok(Appended::Clash);
        }
        let stored = transaction.execute(
            "INSERT INTO rules (kind, version, scope, at, actor, note, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (kind, version) DO NOTHING",
            (
                kind.code(),
                row.version,
                &row.scope,
                row.at,
                &row.actor,
                &row.note,
                &row.body,
            ),
        )?;
        if stored == 0 {
            return Ok(Appended::NumberTaken);
        }
        let now = InForce {
            scope: row.scope.clone(),
            version: row.version,
            at: row.at,
            actor: row.actor.clone(),
        };
        enforce(&transaction, kind, &now)?;
        transaction.commit()?;
        Ok(Appended::Stored)
    }

    /// Lets an earlier version hold again, where `known` holds until now.
    ///
    /// # Errors
    /// Then nothing is stored.
    pub fn revert_rule(
        &mut self,
        kind: RuleKind,
        known: u32,
        now: &InForce,
    ) -> Result<Appended, StoreError> {
        let transaction = self.begin()?;
        if holds(&transaction, kind, &now.scope, i64::MAX)?.unwrap_or(0) != known {
            return Ok(Appended::Clash);
        }
        enforce(&transaction, kind, now)?;
        transaction.commit()?;
        Ok(Appended::Stored)
    }

    /// Puts down what was agreed with an account, after its terms of the version before.
    ///
    /// # Errors
    /// Then nothing is stored.
    pub fn set_terms(
        &mut self,
        account: &str,
        terms: &Terms,
        at: i64,
        actor: &str,
    ) -> Result<Appended, StoreError> {
        let transaction = self.begin()?;
        let known: u32 = transaction.query_row(
            "SELECT coalesce(max(version), 0) FROM terms WHERE account = ?1",
            [account],
            |row| row.get(0),
        )?;
        if known + 1 != terms.version {
            return Ok(Appended::Clash);
        }
        transaction.execute(
            "INSERT INTO terms (account, version, tier, region, at, actor) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (
                account,
                terms.version,
                &terms.tier,
                &terms.region,
                at,
                actor,
            ),
        )?;
        transaction.commit()?;
        Ok(Appended::Stored)
    }
}

fn enforce(connection: &Connection, kind: RuleKind, now: &InForce) -> Result<(), StoreError> {
    connection.execute(
        "INSERT INTO rules_in_force (kind, scope, version, at, actor) VALUES (?1, ?2, ?3, ?4, ?5)",
        (kind.code(), &now.scope, now.version, now.at, &now.actor),
    )?;
    Ok(())
}

fn holds(
    connection: &Connection,
    kind: RuleKind,
    scope: &str,
    at: i64,
) -> Result<Option<u32>, StoreError> {
    let mut statement = connection.prepare_cached(IN_FORCE)?;
    Ok(statement
        .query_row((kind.code(), scope, at), |row| row.get(0))
        .optional()?)
}

impl ReadSqlite {
    /// A published version.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn rule(&self, kind: RuleKind, version: u32) -> Result<Option<RuleRow>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT version, scope, at, actor, note, body FROM rules WHERE kind = ?1 AND version = ?2",
            )?;
            Ok(statement
                .query_row((kind.code(), version), rule)
                .optional()?)
        })
    }

    /// Every published version, the oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn rules(&self, kind: RuleKind) -> Result<Vec<RuleRow>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT version, scope, at, actor, note, body FROM rules WHERE kind = ?1 ORDER BY version",
            )?;
            let rows = statement.query_map([kind.code()], rule)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Which version held for a scope at a moment; nothing before the first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn rule_in_force(
        &self,
        kind: RuleKind,
        scope: &str,
        at: i64,
    ) -> Result<Option<u32>, StoreError> {
        self.with(|connection| holds(connection, kind, scope, at))
    }

    /// What has held from when on, the oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn rules_in_force(&self, kind: RuleKind) -> Result<Vec<InForce>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT scope, version, at, actor FROM rules_in_force WHERE kind = ?1 ORDER BY seq",
            )?;
            let rows = statement.query_map([kind.code()], |row| {
                Ok(InForce {
                    scope: row.get(0)?,
                    version: row.get(1)?,
                    at: row.get(2)?,
                    actor: row.get(3)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// What was agreed with an account at a moment; what holds for everybody where nothing was.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn terms(&self, account: &str, at: i64) -> Result<Terms, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(TERMS)?;
            let found = statement
                .query_row((account, at), |row| {
                    Ok(Terms {
                        tier: row.get(0)?,
                        region: row.get(1)?,
                        version: row.get(2)?,
                    })
                })
                .optional()?;
            Ok(found.unwrap_or_default())
        })
    }
}

fn rule(row: &Row<'_>) -> rusqlite::Result<RuleRow> {
    Ok(RuleRow {
        version: row.get(0)?,
        scope: row.get(1)?,
        at: row.get(2)?,
        actor: row.get(3)?,
        note: row.get(4)?,
        body: row.get(5)?,
    })
}
