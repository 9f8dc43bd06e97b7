//! What stands in the outbox goes out: mails, and messages to the supplier's systems. At least once, by a schedule that gives up
//! visibly, on threads of its own: no request waits for somebody else's server.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value as Json, json};
use tokio::sync::watch;

use super::calendar::Calendar;
use super::cases::{CaseError, Cases};
use super::clock::{Clock, Timestamp};
use super::keys::Keys;
use super::links::Link;
use super::mail::{Letter, Mailer, Unsent};
use super::store::{
    About, Channel, InvitationRow, OutboxRow, ReadSqlite, ReceiverRow, Sqlite, StoreError,
    of_subject,
};
use super::webhooks::{Sender, Undelivered};
use crate::api::SubmissionId;
use crate::messages::{Language, MailText, fill, mail_text};

/// How each mail reads.
mod letters;

/// How often is looked.
const ROUND: Duration = Duration::from_millis(300);
/// A claimed mail that was not settled goes out again after so long; longer than all of one claim can take.
const MAIL_LEASE_MS: i64 = 180_000;
/// The same of messages, which go out side by side.
const HOOK_LEASE_MS: i64 = 60_000;
/// Mails in one claim.
const MAILS: u32 = 5;
/// Messages in one claim.
const HOOKS: u32 = 16;
/// Between two tries, in milliseconds: ten tries in 75 hours and 35 minutes, as the Standard Webhooks specification suggests.
pub const DELAYS_MS: [i64; 9] = [
    5_000,
    5 * 60_000,
    30 * 60_000,
    2 * 3_600_000,
    5 * 3_600_000,
    10 * 3_600_000,
    14 * 3_600_000,
    20 * 3_600_000,
    24 * 3_600_000,
];

/// Sends what waits.
pub struct Outgoing {
    store: Mutex<Sqlite>,
    reader: ReadSqlite,
    cases: Cases,
    keys: Keys,
    calendar: Calendar,
    clock: Clock,
    /// Where people reach us.
    origin: String,
    mailer: Option<Mailer>,
    sender: Sender,
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing").finish_non_exhaustive()
    }
}

/// What [`Outgoing`] stands on.
#[derive(Debug)]
pub struct Means {
    /// A writing connection of its own.
    pub store: Sqlite,
    /// A reader.
    pub reader: ReadSqlite,
    /// The cases.
    pub cases: Cases,
    /// The keys that links are made with.
    pub keys: Keys,
    /// The zone of dates.
    pub calendar: Calendar,
    /// Tells the time.
    pub clock: Clock,
    /// Where people reach us.
    pub origin: String,
    /// The mail server, if there is one; otherwise mails wait.
    pub mailer: Option<Mailer>,
    /// Sends to systems.
    pub sender: Sender,
}

/// Why a round broke off; what was claimed is tried again when its lease is over.
#[derive(Debug)]
pub enum OutgoingError {
    /// The store failed.
    Store(StoreError),
    /// The cases could not be read.
    Cases(CaseError),
}

impl From<StoreError> for OutgoingError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<CaseError> for OutgoingError {
    fn from(error: CaseError) -> Self {
        Self::Cases(error)
    }
}

/// Sends what is due once, and says how much was claimed.
type Round = fn(&Outgoing) -> Result<usize, OutgoingError>;

/// What became of one row.
enum Fate {
    /// It arrived.
    Delivered,
    /// Nobody needs it any more.
    Moot,
    /// It is tried again, at the earliest after so many milliseconds.
    Again(String, i64),
    /// It is given up.
    Dead(String),
}

impl Outgoing {
    /// Ready to send.
    pub fn new(means: Means) -> Self {
        let Means {
            store,
            reader,
            cases,
            keys,
            calendar,
            clock,
            origin,
            mailer,
            sender,
        } = means;
        Self {
            store: Mutex::new(store),
            reader,
            cases,
            keys,
            calendar,
            clock,
            origin,
            mailer,
            sender,
        }
    }

    /// Begins to send, on two threads that end some time after `closed` says so; one that is in the middle of a slow delivery
    /// ends with the process, and the delivery is made again by the next one.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub fn start(self, closed: &watch::Receiver<bool>) -> std::io::Result<()> {
        let outgoing = Arc::new(self);
        let lines: [(&str, Round); 2] = [("mail", Self::mail_round), ("hooks", Self::hook_round)];
        for (name, round) in lines {
            let (outgoing, closed) = (Arc::clone(&outgoing), closed.clone());
            let thread = std::thread::Builder::new().name(name.to_owned());
            thread.spawn(move || {
                while !*closed.borrow() {
                    match round(&outgoing) {
                        Ok(0) => std::thread::sleep(ROUND),
                        Ok(_) => {}
                        Err(error) => {
                            tracing::error!("what waits to go out ({name}) could not: {error:?}");
                            std::thread::sleep(ROUND);
                        }
                    }
                }
            })?;
        }
        Ok(())
    }

    /// Sends mails that are due, once; says how many were claimed. Without a mail server they wait.
    ///
    /// # Errors
    /// When the store fails.
    pub fn mail_round(&self) -> Result<usize, OutgoingError> {
        let Some(mailer) = &self.mailer else {
            return Ok(0);
        };
        let claimed = self.claim(Channel::Mail, MAIL_LEASE_MS, MAILS)?;
        for row in &claimed {
            let fate = self.post(mailer, row)?;
            self.settle(row, fate)?;
        }
        Ok(claimed.len())
    }

    /// Sends messages to systems that are due, side by side; says how many were claimed.
    ///
    /// # Errors
    /// When the store fails.
    pub fn hook_round(&self) -> Result<usize, OutgoingError> {
        if self.reader.has_to_fan_out(self.now())? {
            self.store().fan_out(self.now())?;
        }
        let mut claimed = self.claim(Channel::Webhook, HOOK_LEASE_MS, HOOKS)?;
        claimed.extend(self.claim(Channel::Gateway, HOOK_LEASE_MS, HOOKS)?);
        if claimed.is_empty() {
            return Ok(0);
        }
        let receivers = self.reader.receivers()?;
        let fates: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = claimed
                .iter()
                .map(|row| scope.spawn(|| self.deliver(&receivers, row)))
                .collect();
            let fate = |thread: std::thread::ScopedJoinHandle<'_, Result<Fate, OutgoingError>>| {
                // One that fails in the middle is tried again by the schedule.
                let failed = |_| Ok(Fate::Again("the delivery failed here".to_owned(), 0));
                thread.join().unwrap_or_else(failed)
            };
            threads.into_iter().map(fate).collect()
        });
        for (row, fate) in claimed.iter().zip(fates) {
            self.settle(row, fate?)?;
        }
        Ok(claimed.len())
    }

    fn now(&self) -> i64 {
        self.clock.now().0
    }

    fn store(&self) -> std::sync::MutexGuard<'_, Sqlite> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn claim(&self, channel: Channel, lease: i64, most: u32) -> Result<Vec<OutboxRow>, StoreError> {
        let now = self.now();
        // Looking costs no commit.
        if !self.reader.is_outbox_due(channel, now)? {
            return Ok(Vec::new());
        }
        self.store().claim_outbox(channel, now, lease, most)
    }

    fn settle(&self, row: &OutboxRow, fate: Fate) -> Result<(), OutgoingError> {
        let now = self.now();
        let mut store = self.store();
        match fate {
            Fate::Delivered => {
                if let (About::Invitation, Some(id)) = (row.about, of_subject(row.subject)) {
                    store.invitation_sent(id, now)?;
                }
                store.settle_outbox(row.id, now)?;
            }
            Fate::Moot => store.settle_outbox(row.id, now)?,
            Fate::Dead(why) => {
                tracing::warn!(message = row.id, kind = row.kind, "given up: {why}");
                store.bury_outbox(row.id, now, &why)?;
            }
            Fate::Again(why, at_least) => match next_try(row, at_least) {
                Some(wait) => store.retry_outbox(row.id, now.saturating_add(wait), &why)?,
                None => {
                    tracing::warn!(
                        message = row.id,
                        kind = row.kind,
                        "given up after {} tries: {why}",
                        row.attempts
                    );
                    store.bury_outbox(row.id, now, &why)?;
                }
            },
        }
        Ok(())
    }

    fn post(&self, mailer: &Mailer, row: &OutboxRow) -> Result<Fate, OutgoingError> {
        let letter = match self.letter(row)? {
            Ok(letter) => letter,
            Err(fate) => return Ok(fate),
        };
        Ok(match mailer.send(&letter, row.id) {
            Ok(()) => Fate::Delivered,
            Err(Unsent::Passing(why)) => Fate::Again(why, 0),
            Err(Unsent::Never(why)) => Fate::Dead(why),
            Err(Unsent::NoSuchAddress(why)) => {
                if row.about == About::Invitation {
                    self.store().bounce(&letter.to, true, self.now())?;
                }
                Fate::Dead(why)
            }
        })
    }

    fn deliver(&self, receivers: &[ReceiverRow], row: &OutboxRow) -> Result<Fate, OutgoingError> {
        let receiver = receivers
            .iter()
            .find(|known| Some(known.id) == row.receiver);
        let Some(receiver) = receiver else {
            return Ok(Fate::Dead("the receiver was removed".to_owned()));
        };
        let told = match row.about {
            About::Response => self.response(row)?,
            About::Case => self.case(row)?,
            About::Invitation => self.text_message(row)?,
        };
        let Some(told) = told else {
            return Ok(Fate::Moot);
        };
        // The same in every try: its number and when it was caused. Only the signature's time is the try's own.
        let body = json!({
            "type": format!("{}.{}", row.about.code(), row.kind),
            "timestamp": Timestamp(row.created_at).to_string(),
            "data": told,
        })
        .to_string();
        let id = format!("msg_{}", row.id);
        let secrets = secrets(&self.keys, receiver);
        let sent = self
            .sender
            .send(&receiver.address, &id, self.now() / 1_000, &body, &secrets);
        Ok(match sent {
            Ok(()) => Fate::Delivered,
            Err(Undelivered::Passing(why, seconds)) => Fate::Again(
                why,
                i64::try_from(seconds)
                    .unwrap_or_default()
                    .saturating_mul(1_000),
            ),
            Err(Undelivered::Never(why)) => Fate::Dead(why),
        })
    }

    fn response(&self, row: &OutboxRow) -> Result<Option<Json>, OutgoingError> {
        let id = SubmissionId::from_bytes(row.subject);
        let Some(sheet) = self.reader.response(id)? else {
            return Ok(None);
        };
        let parsed = |text: &str| serde_json::from_str::<Json>(text).unwrap_or_default();
        Ok(Some(json!({
            "id": id.to_string(), "survey": sheet.survey, "version": sheet.version, "revision": sheet.revision,
            "complete": sheet.complete, "receipt": sheet.receipt, "received_at": sheet.received_at.to_string(),
            "locale": sheet.locale, "channel": sheet.channel, "verified": sheet.verified, "delivery": sheet.delivery,
            "account": sheet.account, "contact": sheet.contact, "fields": parsed(&sheet.fields),
            "answers": parsed(&sheet.answers),
        })))
    }

    fn case(&self, row: &OutboxRow) -> Result<Option<Json>, OutgoingError> {
        let brief = self.cases.brief(&self.keys, row.subject)?;
        Ok(brief.map(|brief| {
            json!({
                "number": brief.number, "state": brief.state, "account": brief.account,
                "received_at": Timestamp(brief.received_at).to_string(), "event": row.seq,
            })
        }))
    }

    /// What a gateway sends to a telephone.
    fn text_message(&self, row: &OutboxRow) -> Result<Option<Json>, OutgoingError> {
        let found = of_subject(row.subject)
            .map(|id| self.reader.invitation(id))
            .transpose()?;
        let Some(invitation) = found.flatten().filter(is_wanted) else {
            return Ok(None);
        };
        let language = language_of(&invitation);
        let link = format!(
            "{}/l/{}",
            self.origin,
            Link::Invitation(invitation.id).code(&self.keys)
        );
        let places = [
            ("delivery", invitation.delivery.as_str()),
            ("link", link.as_str()),
        ];
        let text = fill(mail_text(language, MailText::ShortInvitation), &places);
        Ok(Some(json!({
            "to": invitation.phone, "text": text, "link": link, "language": language.tag(),
        })))
    }

    fn date(&self, at: i64) -> String {
        self.calendar.date(at)
    }

    /// The mail of a row; or what becomes of the row without one.
    fn letter(&self, row: &OutboxRow) -> Result<Result<Letter, Fate>, OutgoingError> {
        Ok(match row.about {
            About::Invitation => self.invitation(row)?,
            About::Case => self.about_case(row)?,
            About::Response => self.about_response(row)?,
        })
    }
}

/// Whether an invitation that waits to go out is still to.
fn is_wanted(row: &InvitationRow) -> bool {
    !row.facts.is_answered && !row.facts.has_opted_out
}

fn language_of(row: &InvitationRow) -> Language {
    Language::best_of(row.language.as_deref())
}

/// The secrets that sign, the newest first.
pub fn secrets(keys: &Keys, receiver: &ReceiverRow) -> Vec<[u8; 32]> {
    let before = receiver.generation.checked_sub(1);
    let before = before.filter(|before| receiver.is_rotating && *before > 0);
    let generations = [Some(receiver.generation), before].into_iter().flatten();
    generations
        .map(|generation| keys.hook_secret(&receiver.name, generation))
        .collect()
}

/// How long to wait after a row's last try; nothing when that was the last of all. A tenth more or less, so that what failed
/// together does not come back together.
fn next_try(row: &OutboxRow, at_least: i64) -> Option<i64> {
    let tries = usize::try_from(row.attempts).ok()?;
    let delay = *DELAYS_MS.get(tries.saturating_sub(1))?;
    let spread =
        (row.id.unsigned_abs().wrapping_mul(7_919) + u64::from(row.attempts) * 104_729) % 201;
    let spread = i64::try_from(spread).unwrap_or_default() - 100;
    Some((delay + delay / 1_000 * spread).max(at_least))
}
