//! Cases at the endpoint: taking complaints in, letting people act on them, and doing what is due.
//!
//! A case is read, the rules decide, and the events are put at its end only if nobody else was faster; otherwise it is
//! read and decided again. So no rule of a case stands in the store.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

use super::calendar::Calendar;
use super::clock::Timestamp;
use super::keys::Keys;
use super::rulebook::{RuleBook, Rules};
use super::store::{
    Appended, Batch, CaseRow, EventRow, FeedbackChange, ReadSqlite, Sqlite, StoreError,
};
use crate::api::{Intake, SubmissionId};
use crate::complaint::clock::running;
use crate::complaint::incident::Incident;
use crate::complaint::view::{self, Event, View};
use crate::complaint::{
    Action, Actor, Case, Change, Clock, Obstacle, Policy, Refusal, Role, Setting, StaffId, Step,
    Team, Words, decide, duty, receive,
};

/// Call-backs, incidents, lost links.
mod around;
/// Wrong secrets.
mod attempts;
/// What a message about a case may say.
pub mod brief;
/// The daily chain.
mod days;
/// Taking words and photos out.
pub mod erasing;
/// Requests, suggestions and praise.
pub mod feedback;
/// What comes in.
mod intake;
/// The chain of events.
mod ledger;
/// Top-N lists and their projects.
pub mod lists;
/// Logs of what is no case.
mod logs;
/// Two cases that are one.
mod merging;
/// Case numbers.
pub mod number;
/// Photos.
pub mod photos;
/// Which rules of time hold.
pub mod policies;
/// The causes behind complaints.
pub mod problems;
/// What cases say together.
pub mod reports;

pub use days::Sealed;
pub use ledger::{Damage, date};

/// How often a decision is made anew because somebody else was faster.
const ATTEMPTS: u32 = 20;
/// The contact's id where nobody works here yet.
const NOBODY: StaffId = StaffId(0);

/// All cases.
pub struct Cases {
    store: Mutex<Sqlite>,
    reader: ReadSqlite,
    rules: RuleBook,
    patterns: problems::Patterns,
    attempts: attempts::Attempts,
    photo_bytes: u64,
}

impl fmt::Debug for Cases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cases").finish_non_exhaustive()
    }
}

/// Why something did not happen to a case. Nothing is stored then.
#[derive(Debug)]
pub enum CaseError {
    /// There is no such case, or the secret is wrong: which of the two is not told.
    NotFound,
    /// As [`CaseError::NotFound`], after more wrong secrets for this number than are answered.
    TooManyWrong,
    /// The rules refuse it.
    Refused(Refusal),
    /// The case has as many photos as it may.
    TooManyPhotos,
    /// The id belongs to something else.
    IdTaken,
    /// It is something else already, or cannot become that.
    OtherIntent,
    /// Others were faster each time.
    Clash,
    /// The operating system gave no random bytes.
    NoRandomness,
    /// What is stored cannot be understood.
    Unreadable,
    /// Something stands in its way.
    Hindered(Obstacle),
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for CaseError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Obstacle> for CaseError {
    fn from(obstacle: Obstacle) -> Self {
        Self::Hindered(obstacle)
    }
}

impl From<Refusal> for CaseError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// What the customer is told of a complaint that is on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The number.
    pub number: String,
    /// The secret of its page.
    pub secret: String,
    /// The contact's name; nothing where nobody works here yet.
    pub contact: Option<String>,
    /// When the decision is promised for.
    pub promised: Timestamp,
    /// When it came in.
    pub received_at: Timestamp,
    /// Whether it was stored just now.
    pub is_new: bool,
}

/// Who acts now.
struct People {
    team: Team,
    default_owner: StaffId,
    reviewers: Vec<StaffId>,
}

/// What somebody does, and the photos that go with it.
#[derive(Clone, Debug)]
pub struct Wish {
    /// What.
    pub action: Action,
    /// The photos that came before it.
    pub photos: Vec<SubmissionId>,
}

/// What is stored with events.
#[derive(Default)]
struct Beside {
    /// What the customer's device calls it.
    request: Option<[u8; 16]>,
    /// What the case was, or becomes, in place of a complaint.
    feedback: Option<FeedbackChange>,
    /// When the words came in, where that was before.
    received_at: Option<i64>,
}

/// Who acts for an account now, and the case manager who stands in for every vacant place.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn team_and_stand_in(
    reader: &ReadSqlite,
    account: Option<&str>,
) -> Result<(Team, StaffId), StoreError> {
    let team = account.map(|account| reader.team(account)).transpose()?;
    let mut staff = reader.staff()?.into_iter();
    let stand_in = staff.find(|row| row.role == Role::CaseManager);
    let stand_in = stand_in.map_or(NOBODY, |row| row.id);
    Ok((team.unwrap_or_default(), stand_in))
}

/// The steps of an intake: what follows it is the engine's own.
fn received_by(actor: Actor, steps: Vec<Step>) -> Vec<(Actor, Step)> {
    let engine = std::iter::repeat(Actor::System);
    std::iter::once(actor).chain(engine).zip(steps).collect()
}

/// A case as it was read.
struct Loaded {
    row: CaseRow,
    rows: Vec<EventRow>,
    case: Case,
    events: Vec<Event>,
}

/// What a customer sees of a case, with the contact's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The number.
    pub number: String,
    /// Everything else.
    pub view: View,
    /// The contact's name; nothing where nobody works here yet.
    pub contact: Option<String>,
    /// What is known to be wrong with what the case is about, while it is open.
    pub incidents: Vec<Incident>,
}

/// A case with all that staff see of it, beside what its customer sees.
#[derive(Clone, Debug)]
pub struct Inside {
    /// The snapshot.
    pub case: Case,
    /// The log.
    pub events: Vec<Event>,
    /// Every clock that runs.
    pub clocks: Vec<Clock>,
    /// What the customer sees.
    pub seen: Seen,
}

/// A case with its log.
#[derive(Clone, Debug)]
pub struct Whole {
    /// The number.
    pub number: String,
    /// The snapshot.
    pub case: Case,
    /// Every clock that runs.
    pub clocks: Vec<Clock>,
    /// The log.
    pub events: Vec<Event>,
}

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

/// An open case in the queue.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The number.
    pub number: String,
    /// The earliest deadline of its clocks; nothing while all stand still.
    pub due: Option<i64>,
    /// The snapshot.
    pub case: Case,
}

impl Cases {
    /// The cases of a data folder.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub fn new(store: Sqlite, reader: ReadSqlite, calendar: Calendar) -> Self {
        Self {
            store: Mutex::new(store),
            reader,
            rules: RuleBook::new(calendar),
            patterns: problems::Patterns::default(),
            attempts: attempts::Attempts::default(),
            photo_bytes: photos::MOST_BYTES,
        }
    }

    /// The same, with so many bytes for all photos.
    #[must_use]
    pub fn with_photo_bytes(self, photo_bytes: u64) -> Self {
        Self {
            photo_bytes,
            ..self
        }
    }

    /// Takes a complaint in. The same complaint again gives the same answer.
    ///
    /// # Errors
    /// Another complaint under the same id; or the store fails.
    pub fn take(&self, keys: &Keys, intake: &Intake, now: Timestamp) -> Result<Taken, CaseError> {
        self.take_from(keys, intake, (Actor::Customer, ""), now)
    }

    /// As [`Cases::take`], by whoever wrote it down, from the channel on which it was said; the customer's own says itself.
    ///
    /// # Errors
    /// As [`Cases::take`]; somebody of staff who does not act for the account.
    pub fn take_from(
        &self,
        keys: &Keys,
        intake: &Intake,
        (actor, channel): (Actor, &str),
        now: Timestamp,
    ) -> Result<Taken, CaseError> {
        let id = *intake.id.as_bytes();
        let digest = intake::digest(intake);
        for _ in 0..ATTEMPTS {
            if let Some(known) = self.load(id)? {
                if known.row.digest != digest {
                    return Err(CaseError::IdTaken);
                }
                return self.taken(keys, &known, false);
            }
            // The same words may have come in as something else.
            if self.reader.feedback(id)?.is_some() {
                return Err(CaseError::IdTaken);
            }
            let mut receipt = intake::receipt(intake);
            if !channel.is_empty() {
                channel.clone_into(&mut receipt.channel);
            }
            let people = self.people(receipt.account.as_deref())?;
            let rules = self.rules_now(receipt.account.as_deref(), now.0)?;
            receipt.repeat = self.is_repeat(&receipt, &rules.policy, now)?;
            let steps = self.with_setting(now, &people, &rules, |setting| {
                receive(actor, receipt, intake::words(intake), setting)
            })?;
            let mut bits = [0; 8];
            getrandom::fill(&mut bits).map_err(|_| CaseError::NoRandomness)?;
            let row = CaseRow {
                id,
                number: number::of_bits(u64::from_be_bytes(bits)),
                secret_epoch: 1,
                digest,
                last_seq: 0,
                head: [0; 32],
                mac: [0; 32],
                wake_at: None,
            };
            let mut steps = received_by(actor, steps);
            // Right behind the words that name them.
            let photos = self.attachments(id, actor, &intake.photos)?;
            steps.splice(1..1, photos);
            match self.append(keys, &row, None, steps, Beside::default(), now)? {
                Appended::Stored => {
                    let stored = self.load(id)?.ok_or(CaseError::Unreadable)?;
                    return self.taken(keys, &stored, true);
                }
                Appended::Clash | Appended::NumberTaken => {}
            }
        }
        Err(CaseError::Clash)
    }

    /// The case with this number, if the secret is its own.
    ///
    /// # Errors
    /// One answer for an unknown number and a wrong secret; or the store fails.
    pub fn see(
        &self,
        keys: &Keys,
        number: &str,
        secret: &str,
        now: Timestamp,
    ) -> Result<Seen, CaseError> {
        let id = self.unlock(keys, number, secret, now)?;
        let loaded = self.load(id)?.ok_or(CaseError::NotFound)?;
        self.seen(&loaded, now)
    }

    /// Lets the customer act. A request that is stored already is not stored again.
    ///
    /// # Errors
    /// As [`Cases::see`], and whatever the rules refuse.
    pub fn act(
        &self,
        keys: &Keys,
        number: &str,
        secret: &str,
        request: [u8; 16],
        wish: &Wish,
        now: Timestamp,
    ) -> Result<Seen, CaseError> {
        let id = self.unlock(keys, number, secret, now)?;
        for _ in 0..ATTEMPTS {
            let own = self.load(id)?.ok_or(CaseError::NotFound)?;
            // What the customer of a duplicate writes goes where it is read.
            let loaded = match wish.action {
                Action::Write { .. } => self.survivor(&own.case)?.unwrap_or(own),
                _ => own,
            };
            let id = loaded.row.id;
            if loaded.rows.iter().any(|row| row.request == Some(request)) {
                return self.seen(&self.by_number(number)?, now);
            }
            let people = self.people(loaded.case.account.as_deref())?;
            let customer = Actor::Customer;
            let rules = self.rules_of(&loaded.case)?;
            let steps = self.with_setting(now, &people, &rules, |setting| {
                decide(&loaded.case, customer, &wish.action, setting)
            })?;
            let mut steps: Vec<_> = steps.into_iter().map(|step| (customer, step)).collect();
            steps.extend(self.attachments(id, customer, &wish.photos)?);
            let Loaded { row, case, .. } = loaded;
            let beside = Beside {
                request: Some(request),
                ..Beside::default()
            };
            if self.append(keys, &row, Some(case), steps, beside, now)? == Appended::Stored {
                return self.seen(&self.by_number(number)?, now);
            }
        }
        Err(CaseError::Clash)
    }

    /// Lets a member of staff act on the case as it stood after `known` events.
    ///
    /// # Errors
    /// [`CaseError::Clash`] if it has moved since; whatever the rules refuse; or the store fails.
    pub fn staff_act(
        &self,
        keys: &Keys,
        number: &str,
        actor: Actor,
        known: u32,
        wish: Wish,
        now: Timestamp,
    ) -> Result<Inside, CaseError> {
        let loaded = self.by_number(number)?;
        let Wish { action, photos } = wish;
        let action = match action {
            // What goes out are the words that everybody agreed to.
            Action::Respond { .. } => {
                let draft = usize::try_from(loaded.case.draft_seq).ok();
                let event = draft.and_then(|seq| loaded.events.get(seq.checked_sub(1)?));
                let words = event.map(|event| event.words.clone());
                Action::Respond {
                    words: words.unwrap_or_default(),
                }
            }
            // The route knows only its number; one that nobody published is refused as the one that the case has.
            Action::AdoptPolicy { policy, words } => {
                let found = self.policy(policy.version)?;
                let none = || loaded.case.policy;
                let version = found.as_ref().map_or_else(none, |policy| policy.version);
                let policy = found.map(|policy| (*policy).clone()).unwrap_or_default();
                Action::AdoptPolicy {
                    policy: Box::new(Policy { version, ..policy }),
                    words,
                }
            }
            action => action,
        };
        let people = self.people(loaded.case.account.as_deref())?;
        let rules = self.rules_of(&loaded.case)?;
        let steps = self.with_setting(now, &people, &rules, |setting| {
            decide(&loaded.case, actor, &action, setting)
        });
        // Who may not hears that first: that somebody was faster is none of their business.
        if matches!(steps, Err(Refusal::NotAllowed)) || loaded.case.seq == known {
            let mut steps: Vec<_> = steps?.into_iter().map(|step| (actor, step)).collect();
            steps.extend(self.attachments(loaded.row.id, actor, &photos)?);
            let feedback = match &action {
                Action::Reclassify { into } => Some(self.moved_out(&loaded, actor, into, now)?),
                _ => None,
            };
            let Loaded { row, case, .. } = loaded;
            let beside = Beside {
                feedback,
                ..Beside::default()
            };
            if self.append(keys, &row, Some(case), steps, beside, now)? == Appended::Stored {
                return self.inside(number, now);
            }
        }
        Err(CaseError::Clash)
    }

    /// A case with all that staff see of it.
    ///
    /// # Errors
    /// When there is none, or the store fails.
    pub fn inside(&self, number: &str, now: Timestamp) -> Result<Inside, CaseError> {
        let loaded = self.by_number(number)?;
        let rules = self.rules_of(&loaded.case)?;
        Ok(Inside {
            seen: self.seen(&loaded, now)?,
            clocks: running(&loaded.case, &rules.policy, &*rules.calendar),
            case: loaded.case,
            events: loaded.events,
        })
    }

    /// Every open case that `sees` lets through, in the order in which to work on them: an unanswered "?" first, then by
    /// the earliest deadline, so that nothing waits for ever.
    ///
    /// # Errors
    /// When the store fails.
    pub fn queue(&self, sees: impl Fn(&Case) -> bool) -> Result<Vec<Waiting>, CaseError> {
        let mut waiting = Vec::new();
        for id in self.reader.case_ids()? {
            let Some(Loaded { row, case, .. }) = self.load(id)? else {
                continue;
            };
            if case.state.is_open() && sees(&case) {
                let rules = self.rules_of(&case)?;
                let clocks = running(&case, &rules.policy, &*rules.calendar);
                waiting.push(Waiting {
                    number: row.number,
                    due: clocks.iter().filter_map(|clock| clock.due).min(),
                    case,
                });
            }
        }
        waiting.sort_by_key(|one| {
            let due = one.due.unwrap_or(i64::MAX);
            (one.case.question.is_none(), due, one.case.received_at)
        });
        Ok(waiting)
    }

    /// The cases with these ids, each with its log.
    ///
    /// # Errors
    /// When the store fails.
    pub fn whole(&self, ids: &[[u8; 16]]) -> Result<Vec<Whole>, CaseError> {
        let mut all = Vec::with_capacity(ids.len());
        for id in ids {
            let loaded = self.load(*id)?;
            let Some(loaded) = loaded else {
                continue;
            };
            let rules = self.rules_of(&loaded.case)?;
            all.push(Whole {
                number: loaded.row.number,
                clocks: running(&loaded.case, &rules.policy, &*rules.calendar),
                case: loaded.case,
                events: loaded.events,
            });
        }
        Ok(all)
    }

    /// Reading beside them.
    pub(in crate::endpoint) fn reader(&self) -> &ReadSqlite {
        &self.reader
    }

    /// Writing beside them.
    pub(in crate::endpoint) fn writing(&self) -> MutexGuard<'_, Sqlite> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long everything may take for a case, and its opening hours.
    ///
    /// # Errors
    /// When the store fails.
    pub(in crate::endpoint) fn times_of(
        &self,
        case: &Case,
    ) -> Result<(Policy, Arc<Calendar>), CaseError> {
        let rules = self.rules_of(case)?;
        Ok((rules.policy, rules.calendar))
    }

    /// The same for whoever comes in at a moment.
    ///
    /// # Errors
    /// When the store fails.
    pub(in crate::endpoint) fn times_at(
        &self,
        account: Option<&str>,
        at: i64,
    ) -> Result<(Policy, Arc<Calendar>), CaseError> {
        let rules = self.rules_now(account, at)?;
        Ok((rules.policy, rules.calendar))
    }

    /// Who has this key.
    ///
    /// # Errors
    /// When the store fails.
    pub fn holder(&self, key: &str) -> Result<Option<Actor>, CaseError> {
        let row = self.reader.staff_by_key(Sha256::digest(key).into())?;
        Ok(row.map(|row| Actor::Staff(row.id, row.role)))
    }

    /// What the Scores page shows.
    ///
    /// # Errors
    /// When the store fails.
    pub fn scores(
        &self,
        zone: &jiff::tz::TimeZone,
        zone_name: &str,
        shows_words: bool,
    ) -> Result<crate::api::scores::Scores, StoreError> {
        super::scores::count(&self.reader, zone, zone_name, shows_words)
    }

    fn by_number(&self, number: &str) -> Result<Loaded, CaseError> {
        let number = number::read(number).ok_or(CaseError::NotFound)?;
        let row = self.reader.case_by_number(&number)?;
        let id = row.ok_or(CaseError::NotFound)?.id;
        self.load(id)?.ok_or(CaseError::NotFound)
    }

    /// Does what is due by now for at most `most` cases, the longest due first; says how many moved. Each case is a commit
    /// of its own, so that an end between any two loses and repeats nothing.
    ///
    /// # Errors
    /// When the store fails; what was done until then stands.
    pub fn run_due(&self, keys: &Keys, now: Timestamp, most: u32) -> Result<usize, CaseError> {
        let mut moved = 0;
        for id in self.reader.cases_to_wake(now.0, most)? {
            let Some(loaded) = self.load(id)? else {
                continue;
            };
            let rules = self.rules_of(&loaded.case)?;
            let (steps, _) = duty::duties(&loaded.case, &rules.policy, &*rules.calendar, now.0);
            let steps = steps
                .into_iter()
                .map(|step| (Actor::System, step))
                .collect();
            let Loaded { row, case, .. } = loaded;
            // Where somebody acted meanwhile, the next round sees it.
            if self.append(keys, &row, Some(case), steps, Beside::default(), now)?
                == Appended::Stored
            {
                moved += 1;
            }
        }
        Ok(moved)
    }

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

    /// The case's id. An unknown number takes the same way as a known one, so that neither answer nor time tells them apart.
    fn unlock(
        &self,
        keys: &Keys,
        number: &str,
        secret: &str,
        now: Timestamp,
    ) -> Result<[u8; 16], CaseError> {
        let number = number::read(number).unwrap_or_default();
        let row = self.reader.case_by_number(&number)?;
        let (id, epoch) = row
            .as_ref()
            .map_or(([0; 16], 0), |row| (row.id, row.secret_epoch));
        let expected = keys.case_secret(&id, epoch);
        // Every symbol is looked at, whichever is wrong.
        let differs = expected.len() != secret.len()
            || expected
                .bytes()
                .zip(secret.bytes())
                .fold(0, |differs, (one, other)| differs | (one ^ other))
                != 0;
        match row {
            // The right one opens whatever strangers have tried: 128 bits are not found by trying.
            Some(row) if !differs => Ok(row.id),
            // What is no number is nobody's: it is not counted against anybody.
            _ if !number.is_empty() && self.attempts.wrong(&number, now) => {
                Err(CaseError::TooManyWrong)
            }
            _ => Err(CaseError::NotFound),
        }
    }

    fn load(&self, id: [u8; 16]) -> Result<Option<Loaded>, CaseError> {
        let Some((row, rows)) = self.reader.case(id)? else {
            return Ok(None);
        };
        let read = |row: &EventRow| {
            let words = row.words.as_ref().map_or("[]", |(_, words)| words);
            Some(Event {
                at: row.at,
                actor: serde_json::from_str(&row.actor).ok()?,
                change: serde_json::from_str(&row.change).ok()?,
                words: Words(serde_json::from_str(words).ok()?),
            })
        };
        let events: Option<Vec<_>> = rows.iter().map(read).collect();
        let events = events.ok_or(CaseError::Unreadable)?;
        let log = events
            .iter()
            .map(|event| (event.at, event.actor, &event.change));
        let case = Case::replay(log).ok_or(CaseError::Unreadable)?;
        Ok(Some(Loaded {
            row,
            rows,
            case,
            events,
        }))
    }

    /// Puts steps at the end of a case and sets when to look at it again.
    fn append(
        &self,
        keys: &Keys,
        row: &CaseRow,
        case: Option<Case>,
        steps: Vec<(Actor, Step)>,
        beside: Beside,
        now: Timestamp,
    ) -> Result<Appended, CaseError> {
        let batch = self.batch(keys, row, case, steps, beside, now)?;
        self.store(&[batch])
    }

    fn store(&self, batches: &[Batch]) -> Result<Appended, CaseError> {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(store.append(batches)?)
    }

    fn batch(
        &self,
        keys: &Keys,
        row: &CaseRow,
        case: Option<Case>,
        steps: Vec<(Actor, Step)>,
        mut beside: Beside,
        now: Timestamp,
    ) -> Result<Batch, CaseError> {
        let photos = photos::attached(&steps);
        let (known, mut next) = (row.last_seq, row.clone());
        let (mut case, mut rows) = (case, Vec::new());
        for (actor, step) in steps {
            let mut at = now.0;
            match (&mut case, &step.change) {
                (Some(case), change) => case.apply(at, actor, change),
                (None, Change::Received(receipt)) => {
                    at = beside.received_at.unwrap_or(at);
                    case = Some(Case::received(at, actor, receipt));
                }
                (None, _) => return Err(CaseError::Unreadable),
            }
            let json =
                |text: Result<String, serde_json::Error>| text.map_err(|_| CaseError::Unreadable);
            let words = if step.words.0.is_empty() {
                None
            } else {
                let mut salt = [0; 16];
                getrandom::fill(&mut salt).map_err(|_| CaseError::NoRandomness)?;
                Some((salt, json(serde_json::to_string(&step.words.0))?))
            };
            next.last_seq += 1;
            let mut event = EventRow {
                seq: next.last_seq,
                at,
                actor: json(serde_json::to_string(&actor))?,
                change: json(serde_json::to_string(&step.change))?,
                payload: words
                    .as_ref()
                    .map(|(salt, words)| ledger::payload(salt, words)),
                hash: [0; 32],
                request: beside.request.take(),
                words,
            };
            event.hash = ledger::hash(next.head, &event);
            next.head = event.hash;
            rows.push(event);
        }
        let case = case.ok_or(CaseError::Unreadable)?;
        let rules = self.rules_of(&case)?;
        let (_, wake_at) = duty::duties(&case, &rules.policy, &*rules.calendar, i64::MIN);
        next.wake_at = wake_at;
        next.mac = keys.case_head(&next.id, next.last_seq, &next.head);
        Ok(Batch {
            row: next,
            known,
            events: rows,
            feedback: beside.feedback,
            photos,
            facts: problems::facts(row.id, &case),
        })
    }

    fn people(&self, account: Option<&str>) -> Result<People, CaseError> {
        let staff = self.reader.staff()?;
        let of = |role| {
            let has_role = staff.iter().filter(move |row| row.role == role);
            has_role.map(|row| row.id)
        };
        let (team, default_owner) = team_and_stand_in(&self.reader, account)?;
        Ok(People {
            team,
            default_owner,
            reviewers: of(Role::CaseManager).chain(of(Role::Executive)).collect(),
        })
    }

    fn with_setting<T>(
        &self,
        now: Timestamp,
        people: &People,
        rules: &Rules,
        decide: impl FnOnce(&Setting<'_>) -> T,
    ) -> T {
        decide(&Setting {
            now: now.0,
            team: people.team,
            default_owner: people.default_owner,
            policy: &rules.policy,
            calendar: &*rules.calendar,
            reviewers: &people.reviewers,
        })
    }

    fn name(&self, id: StaffId) -> Result<Option<String>, CaseError> {
        let mut staff = self.reader.staff()?.into_iter();
        Ok(staff.find(|row| row.id == id).map(|row| row.name))
    }

    fn taken(&self, keys: &Keys, loaded: &Loaded, is_new: bool) -> Result<Taken, CaseError> {
        let Loaded { row, case, .. } = loaded;
        Ok(Taken {
            number: row.number.clone(),
            secret: keys.case_secret(&row.id, row.secret_epoch),
            contact: self.name(case.contact)?,
            promised: Timestamp(case.promised.unwrap_or(case.received_at)),
            received_at: Timestamp(case.received_at),
            is_new,
        })
    }

    fn seen(&self, loaded: &Loaded, now: Timestamp) -> Result<Seen, CaseError> {
        let Loaded {
            row, case, events, ..
        } = loaded;
        let rules = self.rules_of(case)?;
        let view = view::view(case, events, &rules.policy, &*rules.calendar, now.0);
        let view = self.followed(view, case, now)?;
        Ok(Seen {
            number: row.number.clone(),
            contact: self.name(view.contact)?,
            incidents: self.incidents_of(case, now)?,
            view,
        })
    }
}
