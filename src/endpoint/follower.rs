//! What follows from what is on disk: whoever gave a low score is called back, and whoever has to know is told. It reads
//! behind the writer, in the order of the commits, and stores what it derived together with how far it came: each thing
//! once, whenever the program ends.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Place;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::calendar::Calendar;
use super::cases::team_and_stand_in;
use super::clock::Timestamp;
use super::rulebook::RuleBook;
use super::store::{
    About, CallBack, CallBackChange, Channel, Derived, Entry, EventRow, Lag, OutboxRow, ReadSqlite,
    Reader, Sqlite, StoreError, StoredResponse,
};
use crate::api::SubmissionId;
use crate::complaint::clock::due_after;
use crate::complaint::notice::{Audience, Notice, notices};
use crate::complaint::{Actor, Case, Change, StaffId};
use crate::survey::{Definition, Value};

/// Versions of surveys kept in memory; beyond that all are read anew.
const KEPT: usize = 64;

/// Definitions by survey and version.
type Definitions = HashMap<(String, u32), Arc<Definition>>;

/// Derives.
pub struct Follower {
    store: Mutex<Sqlite>,
    reader: ReadSqlite,
    rules: RuleBook,
    definitions: Mutex<Definitions>,
}

impl fmt::Debug for Follower {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Follower").finish_non_exhaustive()
    }
}

/// A case on its way through the entries of one round.
struct Walked {
    rows: Vec<EventRow>,
    case: Option<Case>,
}

impl Follower {
    /// A follower of a data folder.
    pub fn new(store: Sqlite, reader: ReadSqlite, calendar: Calendar) -> Self {
        Self {
            store: Mutex::new(store),
            reader,
            rules: RuleBook::new(calendar),
            definitions: Mutex::default(),
        }
    }

    /// Derives what follows from at most `most` entries; says how many there were. 0: it has caught up.
    ///
    /// # Errors
    /// When the store fails; what was derived before stands, the rest is derived next time.
    pub fn follow(&self, now: Timestamp, most: u32) -> Result<usize, StoreError> {
        let (from, entries) = self.reader.journal(most)?;
        let Some(last) = entries.last() else {
            return Ok(0);
        };
        let mut derived = Derived {
            from,
            to: last.n,
            ..Derived::default()
        };
        let mut walked = HashMap::new();
        for entry in &entries {
            match entry.about {
                About::Case => self.case_event(&mut derived, &mut walked, *entry, now)?,
                About::Response => self.response(&mut derived, entry.id, now)?,
                About::Invitation => {}
            }
        }
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        store.derive(&derived)?;
        Ok(entries.len())
    }

    /// Records call-backs that nobody made in time; says how many.
    ///
    /// # Errors
    /// When the store fails.
    pub fn miss_call_backs(&self, now: Timestamp) -> Result<usize, StoreError> {
        if !self.reader.has_overdue_call_backs(now.0)? {
            return Ok(0);
        }
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        store.miss_call_backs(now.0)
    }

    /// How far it is behind.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn lag(&self, now: Timestamp) -> Result<Lag, StoreError> {
        self.reader.lag(now.0)
    }

    fn case_event(
        &self,
        derived: &mut Derived,
        walked: &mut HashMap<[u8; 16], Walked>,
        entry: Entry,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Walked { rows, case } = match walked.entry(entry.id) {
            Place::Occupied(known) => known.into_mut(),
            Place::Vacant(place) => {
                // A case that was erased since has nothing to say.
                let Some((_, rows)) = self.reader.case(entry.id)? else {
                    return Ok(());
                };
                place.insert(Walked { rows, case: None })
            }
        };
        let known = case.as_ref().map_or(0, |case| case.seq);
        let news = rows
            .iter()
            .filter(|row| row.seq > known && row.seq <= entry.seq);
        for row in news {
            let unreadable = |_| StoreError::Unreadable("event");
            let actor: Actor = serde_json::from_str(&row.actor).map_err(unreadable)?;
            let change: Change = serde_json::from_str(&row.change).map_err(unreadable)?;
            let before = case.clone();
            match (case.as_mut(), &change) {
                (Some(case), change) => case.apply(row.at, actor, change),
                (None, Change::Received(receipt)) => {
                    *case = Some(Case::received(row.at, actor, receipt));
                }
                (None, _) => return Err(StoreError::Unreadable("event")),
            }
            let Some(after) = case.as_ref().filter(|_| row.seq == entry.seq) else {
                continue;
            };
            if let Change::Received(receipt) = &change
                && let Some(response) = receipt.response.as_deref().and_then(SubmissionId::parse)
            {
                derived.call_backs.push(CallBackChange::Carried {
                    response: *response.as_bytes(),
                    case: entry.id,
                    at: row.at,
                });
            }
            let policy = self.rules.of(&self.reader, after)?.policy;
            for (audience, notice) in notices(before.as_ref(), after, &change, &policy) {
                let of = (About::Case, entry.id, entry.seq);
                self.tell(derived, audience, notice, of, now)?;
            }
        }
        Ok(())
    }

    /// Puts a message in the outbox, once for each of staff who gets it.
    fn tell(
        &self,
        derived: &mut Derived,
        audience: Audience,
        notice: Notice,
        (about, subject, seq): (About, [u8; 16], u32),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut put = |channel, staff| {
            derived.outbox.push(OutboxRow {
                id: 0,
                channel,
                kind: notice.code().to_owned(),
                about,
                subject,
                seq,
                staff,
                receiver: None,
                created_at: now.0,
                due_at: now.0,
                attempts: 0,
                error: None,
            });
        };
        match audience {
            Audience::Customer => put(Channel::Mail, None),
            // Where no system listens, nothing is written down for it: one that is added later hears of what comes then.
            Audience::Systems => {
                if self.reader.has_hooks()? {
                    put(Channel::Webhook, None);
                }
            }
            // Nobody works here yet: there is nobody to tell.
            Audience::Staff(StaffId(0)) => {}
            Audience::Staff(staff) => put(Channel::Mail, Some(staff)),
            Audience::All(role) => {
                let staff = self.reader.staff()?;
                for row in staff.iter().filter(|row| row.role == role) {
                    put(Channel::Mail, Some(row.id));
                }
            }
        }
        Ok(())
    }

    fn response(
        &self,
        derived: &mut Derived,
        id: [u8; 16],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let found = self.reader.response(SubmissionId::from_bytes(id))?;
        // What only tries a survey out means nothing to anybody.
        let Some(sheet) = found.filter(|sheet| !sheet.test) else {
            return Ok(());
        };
        let of = (About::Response, id, 0);
        if sheet.complete {
            self.tell(derived, Audience::Systems, Notice::Answer, of, now)?;
        }
        let Some((question, score)) = self.lowest(&sheet)? else {
            derived.call_backs.push(CallBackChange::Fine {
                response: id,
                at: sheet.updated_at.0,
            });
            return Ok(());
        };
        let (team, stand_in) = team_and_stand_in(&self.reader, sheet.account.as_deref())?;
        let owner = team.account.unwrap_or(stand_in);
        let begin = sheet.updated_at.0;
        let rules = self
            .rules
            .at(&self.reader, sheet.account.as_deref(), begin)?;
        let due = due_after(rules.policy.call_back, begin, &*rules.calendar);
        self.tell(derived, Audience::Systems, Notice::LowScore, of, now)?;
        self.tell(derived, Audience::Staff(owner), Notice::CallBack, of, now)?;
        derived.call_backs.push(CallBackChange::Low(CallBack {
            response: id,
            survey: sheet.survey,
            question,
            score,
            account: sheet.account,
            contact: sheet.contact,
            owner,
            created_at: sheet.updated_at.0,
            due_at: due,
            missed_at: None,
            ended: None,
            note: None,
            version: 1,
        }));
        Ok(())
    }

    /// The low score that is the farthest below its question's mark, for its question's name.
    fn lowest(&self, sheet: &StoredResponse) -> Result<Option<(String, f64)>, StoreError> {
        let Some(definition) = self.definition(&sheet.survey, sheet.version)? else {
            return Ok(None);
        };
        let answers: Value = serde_json::from_str(&sheet.answers)
            .map_err(|_| StoreError::Unreadable("answer sheet"))?;
        let low = definition.questions().filter_map(|question| {
            let name = question.value_name.as_ref().unwrap_or(&question.name);
            let score = question.low_score(answers.get(name)?)?;
            let below = question.low_below().unwrap_or(score) - score;
            Some((below, question.name.clone(), score))
        });
        let lowest = low.max_by(|one, other| one.0.total_cmp(&other.0));
        Ok(lowest.map(|(_, question, score)| (question, score)))
    }

    fn definition(
        &self,
        survey: &str,
        version: u32,
    ) -> Result<Option<Arc<Definition>>, StoreError> {
        let key = (survey.to_owned(), version);
        let mut known = self
            .definitions
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(definition) = known.get(&key) {
            return Ok(Some(Arc::clone(definition)));
        }
        let Some(text) = self.reader.definition(survey, version)? else {
            return Ok(None);
        };
        let value: Value =
            serde_json::from_str(&text).map_err(|_| StoreError::Unreadable("survey"))?;
        let definition = Arc::new(Definition::of_published(&value));
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(key, Arc::clone(&definition));
        Ok(Some(definition))
    }
}
