//! How people of staff sign in: the first admin's link, passwords, sessions at the server.
//!
//! A session is 256 random bits in a cookie; the database has their digest. It ends by signing out, by a new password, by
//! leaving, after [`IDLE_MS`] without a request and after [`LONGEST_MS`] in any case.

use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use super::clock::{DAY_MS, Timestamp};
use super::keys::Keys;
use super::store::{AuditEntry, NewPerson, PersonRow, ReadSqlite, Sqlite, StoreError};
use crate::complaint::{Role, StaffId};

/// How often a password may be tried.
mod attempts;
/// Passwords and their hashes.
pub mod password;

use attempts::{Attempt, Attempts};
use password::{Hash, PasswordFault};

/// A session ends when nobody uses it for so long, in milliseconds.
pub const IDLE_MS: i64 = 12 * 60 * 60 * 1000;
/// A session ends after so long in any case, in milliseconds.
pub const LONGEST_MS: i64 = 7 * DAY_MS;
/// A link that sets a password opens for so long, in milliseconds.
pub const LINK_MS: i64 = 3 * DAY_MS;
/// The last use of a session is noted so often, in milliseconds: a request more or less makes no write.
const SEEN_EVERY_MS: i64 = 5 * 60 * 1000;
/// So many passwords are hashed at once; each takes 19 MiB.
const AT_ONCE: usize = 2;
/// Characters of a name and of an address.
const MOST_CHARS: usize = 200;

/// Signing in, over the data folder.
#[derive(Debug)]
pub struct SignIn {
    store: Mutex<Sqlite>,
    reader: ReadSqlite,
    attempts: Attempts,
    /// Taken before a password is hashed.
    pub(super) hashing: Semaphore,
    /// What a wrong name is checked against, so that it takes as long as a right one.
    nobody: Hash,
}

/// Why somebody is not signed in, or a person not added. Nothing was stored then.
#[derive(Debug)]
pub enum SignInError {
    /// No such person, or not their password: which of the two is not told.
    Wrong,
    /// Too many wrong ones.
    TooMany,
    /// The link was used, is too old, or never was.
    NoLink,
    /// What was given as a password is none.
    Password(PasswordFault),
    /// The name is empty, too long, or somebody else's.
    Name,
    /// The address is none, or somebody else's.
    Mail,
    /// There is no such person.
    NoPerson,
    /// The only admin who can sign in would be gone.
    LastAdmin,
    /// The operating system gave no random bytes.
    NoRandomness,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for SignInError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl std::fmt::Display for SignInError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Wrong => f.write_str("address and password do not belong together"),
            Self::TooMany => f.write_str("too many wrong passwords; try again in 15 minutes"),
            Self::NoLink => f.write_str("the link was used or is too old"),
            Self::Password(_) => f.write_str("this cannot be a password"),
            Self::Name => f.write_str("the name is empty, too long or taken"),
            Self::Mail => f.write_str("the address is none, or taken"),
            Self::NoPerson => f.write_str("nobody here has this name"),
            Self::LastAdmin => f.write_str("somebody else must be an admin first"),
            Self::NoRandomness => f.write_str("the operating system gives no random bytes"),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl From<PasswordFault> for SignInError {
    fn from(fault: PasswordFault) -> Self {
        Self::Password(fault)
    }
}

/// A session that has begun: what its browser is given.
#[derive(Debug)]
pub struct Begun {
    /// Whose it is.
    pub person: StaffId,
    /// The cookie.
    pub token: String,
    /// What tells this device from a stranger's at the next time.
    pub device: String,
}

/// Where somebody signs in from.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// The address, where it is known.
    pub address: Option<IpAddr>,
    /// What an earlier session left on the device.
    pub device: Option<String>,
}

impl SignIn {
    /// Over the connections of a data folder.
    ///
    /// # Errors
    /// When nothing can be hashed here.
    pub fn new(store: Sqlite, reader: ReadSqlite) -> Result<Self, PasswordFault> {
        Ok(Self {
            store: Mutex::new(store),
            reader,
            attempts: Attempts::default(),
            hashing: Semaphore::new(AT_ONCE),
            nobody: Hash::of("nobody has this as a password")?,
        })
    }

    fn store(&self) -> MutexGuard<'_, Sqlite> {
        // A panic while it was held left a transaction that is rolled back with its guard.
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The token of a link for the first admin; nothing once there is one. Earlier ones open no more.
    ///
    /// # Errors
    /// When the store fails.
    pub fn first_link(&self, now: Timestamp) -> Result<Option<String>, SignInError> {
        first_link(&mut self.store(), now)
    }

    /// The first admin, by the link that was shown at the first start.
    ///
    /// # Errors
    /// There is one admin by this way, ever: afterwards no link opens.
    pub fn set_up(
        &self,
        keys: &Keys,
        link: &str,
        person: &NewPerson,
        password: &str,
        now: Timestamp,
    ) -> Result<Begun, SignInError> {
        let person = checked(person)?;
        let hash = Hash::of(password)?;
        let id = self.store().set_up(digest(link), &person, &hash.0, now)?;
        self.begin(keys, id.ok_or(SignInError::NoLink)?, &hash, now)
    }

    /// Somebody with a password.
    ///
    /// # Errors
    /// Unknown and wrong are one answer, after the same time.
    pub fn sign_in(
        &self,
        keys: &Keys,
        (mail, password): (&str, &str),
        from: &Caller,
        now: Timestamp,
    ) -> Result<Begun, SignInError> {
        let mail = mail.trim().to_lowercase();
        let found = self.reader.person_by_mail(&mail)?;
        let found = found.and_then(|row| Some((row.id, Hash(row.hash?))));
        let device = found.as_ref().map(|(id, hash)| keys.device(*id, &hash.0));
        let attempt = Attempt {
            address: from.address,
            mail: &mail,
            is_known_device: device.is_some() && device == from.device,
        };
        if !self.attempts.may(&attempt, now) {
            return Err(SignInError::TooMany);
        }
        let is_right = found
            .as_ref()
            .map_or(&self.nobody, |(_, hash)| hash)
            .is_of(password);
        match found {
            Some((id, hash)) if is_right => self.begin(keys, id, &hash, now),
            _ => {
                self.attempts.count(&attempt, now);
                Err(SignInError::Wrong)
            }
        }
    }

    /// A new password by a link: every session of the person ends.
    ///
    /// # Errors
    /// A link opens once.
    pub fn use_link(
        &self,
        keys: &Keys,
        link: &str,
        password: &str,
        now: Timestamp,
    ) -> Result<Begun, SignInError> {
        let hash = Hash::of(password)?;
        let id = self.store().use_link(digest(link), &hash.0, now)?;
        self.begin(keys, id.ok_or(SignInError::NoLink)?, &hash, now)
    }

    /// A new password by whoever knows the old one: every other session of the person ends, and this one goes on anew.
    ///
    /// # Errors
    /// The old one must be right.
    pub fn change_password(
        &self,
        keys: &Keys,
        id: StaffId,
        (old, new): (&str, &str),
        now: Timestamp,
    ) -> Result<Begun, SignInError> {
        let row = self.reader.person(id)?.ok_or(SignInError::NoPerson)?;
        let attempt = Attempt {
            address: None,
            mail: &row.mail.unwrap_or_default(),
            is_known_device: false,
        };
        if !self.attempts.may(&attempt, now) {
            return Err(SignInError::TooMany);
        }
        if !row.hash.is_some_and(|hash| Hash(hash).is_of(old)) {
            self.attempts.count(&attempt, now);
            return Err(SignInError::Wrong);
        }
        let hash = Hash::of(new)?;
        self.store().change_password(id, &hash.0, now)?;
        self.begin(keys, id, &hash, now)
    }

    fn begin(
        &self,
        keys: &Keys,
        person: StaffId,
        hash: &Hash,
        now: Timestamp,
    ) -> Result<Begun, SignInError> {
        let token = random()?;
        self.store().begin_session(digest(&token), person, now)?;
        Ok(Begun {
            person,
            token,
            device: keys.device(person, &hash.0),
        })
    }

    /// Whose session this is, if it still is one.
    ///
    /// # Errors
    /// When the store fails.
    pub fn holder(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<(StaffId, Role)>, StoreError> {
        let digest = digest(token);
        let Some(session) = self.reader.session(digest)? else {
            return Ok(None);
        };
        if now.0 - session.seen_at > IDLE_MS || now.0 - session.begun_at > LONGEST_MS {
            return Ok(None);
        }
        if now.0 - session.seen_at > SEEN_EVERY_MS {
            self.store().session_seen(digest, now)?;
        }
        Ok(Some((session.person, session.role)))
    }

    /// Ends one session.
    ///
    /// # Errors
    /// When the store fails.
    pub fn sign_out(&self, token: &str) -> Result<(), StoreError> {
        self.store().end_session(digest(token))
    }

    /// Everybody who works here.
    ///
    /// # Errors
    /// When the store fails.
    pub fn people(&self) -> Result<Vec<PersonRow>, StoreError> {
        self.reader.people()
    }

    /// Adds somebody: the token of the link by which they set their password.
    ///
    /// # Errors
    /// Names and addresses belong to one person each.
    pub fn add(
        &self,
        person: &NewPerson,
        role: Role,
        now: Timestamp,
    ) -> Result<(StaffId, String), SignInError> {
        let person = checked(person)?;
        let mut store = self.store();
        let id = store.add_person(&person, role, now)?;
        let id = id.ok_or(SignInError::Name)?;
        let link = link(&mut store, id, now)?;
        Ok((id, link))
    }

    /// A new link for somebody who has lost the password, or never had one.
    ///
    /// # Errors
    /// When there is no such person.
    pub fn link(&self, id: StaffId, now: Timestamp) -> Result<String, SignInError> {
        self.reader.person(id)?.ok_or(SignInError::NoPerson)?;
        link(&mut self.store(), id, now)
    }

    /// Another role: every session of the person ends.
    ///
    /// # Errors
    /// The last admin stays one.
    pub fn set_role(&self, id: StaffId, role: Role) -> Result<(), SignInError> {
        self.spare_an_admin(id, role)?;
        if self.store().set_role(id, role)? {
            Ok(())
        } else {
            Err(SignInError::NoPerson)
        }
    }

    /// Somebody leaves: key, password and every session end. What they did stays theirs.
    ///
    /// # Errors
    /// The last admin stays.
    pub fn leave(&self, id: StaffId, now: Timestamp) -> Result<(), SignInError> {
        self.spare_an_admin(id, Role::Auditor)?;
        if self.store().leave(id, now)? {
            Ok(())
        } else {
            Err(SignInError::NoPerson)
        }
    }

    fn spare_an_admin(&self, id: StaffId, role: Role) -> Result<(), SignInError> {
        let people = self.reader.people()?;
        let mut admins = people
            .iter()
            .filter(|row| row.role == Role::Admin && row.hash.is_some());
        let is_one = admins.clone().any(|row| row.id == id);
        if role != Role::Admin && is_one && admins.all(|row| row.id == id) {
            return Err(SignInError::LastAdmin);
        }
        Ok(())
    }

    /// Notes what somebody did or read.
    ///
    /// # Errors
    /// When the store fails.
    pub fn note(&self, keys: &Keys, entry: &AuditEntry) -> Result<(), StoreError> {
        self.store().note(keys, entry)
    }

    /// The newest notes, before the one numbered `before`.
    ///
    /// # Errors
    /// When the store fails.
    pub fn notes(&self, before: i64, most: u32) -> Result<Vec<(i64, AuditEntry)>, StoreError> {
        self.reader.audit(before, most)
    }
}

/// The token of a link for the first admin; nothing once there is one who can sign in.
///
/// # Errors
/// When the store fails.
pub fn first_link(store: &mut Sqlite, now: Timestamp) -> Result<Option<String>, SignInError> {
    let link = random()?;
    let until = Timestamp(now.0 + LINK_MS);
    let is_open = store.add_first_link(digest(&link), until)?;
    Ok(is_open.then_some(link))
}

/// The token of a link by which somebody sets a password; earlier ones open no more.
///
/// # Errors
/// When the store fails.
pub fn link(store: &mut Sqlite, id: StaffId, now: Timestamp) -> Result<String, SignInError> {
    let link = random()?;
    store.add_link(digest(&link), Some(id), Timestamp(now.0 + LINK_MS))?;
    Ok(link)
}

fn checked(person: &NewPerson) -> Result<NewPerson, SignInError> {
    let name = person.name.trim();
    let mail = person.mail.trim().to_lowercase();
    let is_short = |text: &str| (1..=MOST_CHARS).contains(&text.chars().count());
    let is_clean = |text: &str| !text.chars().any(char::is_control);
    if !is_short(name) || !is_clean(name) {
        return Err(SignInError::Name);
    }
    let is_mail = mail
        .split_once('@')
        .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    if !is_mail || !is_short(&mail) || !is_clean(&mail) || mail.contains(char::is_whitespace) {
        return Err(SignInError::Mail);
    }
    Ok(NewPerson {
        name: name.to_owned(),
        mail,
    })
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// 256 random bits as 64 digits.
fn random() -> Result<String, SignInError> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|_| SignInError::NoRandomness)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
