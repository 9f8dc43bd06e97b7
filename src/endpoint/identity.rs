//! Who answers, and how that is proved: invitations that we sign, and identities that a portal's server signs.
//!
//! Both are fields with their lengths in front, under one fixed algorithm, HMAC-SHA256. The seal is looked at before any
//! field is believed, and every token that is not good is refused in the same way.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use sha2::{Digest, Sha256};

use super::clock::{DAY_MS, Timestamp};
use super::keys::{self, Keys};
use super::store::{ReadSqlite, StoreError};
use crate::api::{Context, limits};

/// What the bytes of an invitation begin with, so that they are no other kind's.
const INVITATION: &str = "qingting invitation v1";
/// What is signed first in an identity.
const IDENTITY: &str = "qingting identity v1";
/// What the text of an identity begins with.
const IDENTITY_PREFIX: &str = "qti1";
/// Bytes of an invitation's seal: 128 bits, so that the link stays short.
const SEAL_BYTES: usize = 16;
/// How long an identity may hold.
const IDENTITY_MS: i64 = DAY_MS;
/// How far a portal's clock may be ahead of ours.
const SKEW_MS: i64 = 5 * 60_000;

/// What we promise to take from whoever has its token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invitation {
    /// Tells apart what is otherwise the same.
    pub number: u64,
    /// The survey it is for.
    pub survey: String,
    /// The delivery it asks about.
    pub delivery: Option<String>,
    /// The customer.
    pub account: Option<String>,
    /// The person.
    pub contact: Option<String>,
    /// The first moment in UTC milliseconds.
    pub from: i64,
    /// The first moment no more, in UTC milliseconds.
    pub until: i64,
    /// Whether it is answered once, or by everybody who comes by.
    pub once: bool,
}

/// What a respondent has proved to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proven {
    /// The delivery, from an invitation.
    pub delivery: Option<String>,
    /// The customer.
    pub account: Option<String>,
    /// The person.
    pub contact: Option<String>,
    /// The invitation: the digest that stands for it, and whether it is answered once.
    pub invitation: Option<([u8; 32], bool)>,
}

/// A token that is not good; in which way is nobody's business.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotProven;

/// Who may sign identities: a portal's name, and the generation of its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portal {
    /// The name: 1 to 64 of `[a-z0-9-]`.
    pub name: String,
    /// The newest secret's generation, from 1.
    pub generation: u32,
    /// Whether the one before it still holds.
    pub is_rotating: bool,
}

/// An identity whose seal is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The customer.
    pub account: Option<String>,
    /// The person.
    pub contact: Option<String>,
    /// Whether it still holds. A sheet that waited on a device for longer is taken, and what it says of its person is a
    /// claim again: refusing it would lose the answer.
    pub is_current: bool,
}

/// Fields one after the other, each with its length in front in `LENGTH` bytes: no two lists of fields give the same bytes.
/// Nothing if a field is longer than such a length can say.
pub fn framed<const LENGTH: usize>(fields: &[&str]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for field in fields {
        let length = u64::try_from(field.len()).ok()?.to_be_bytes();
        let (zeros, length) = length.split_at(length.len().checked_sub(LENGTH)?);
        if zeros.iter().any(|byte| *byte != 0) {
            return None;
        }
        bytes.extend_from_slice(length);
        bytes.extend_from_slice(field.as_bytes());
    }
    Some(bytes)
}

/// Takes such bytes apart; nothing if they are not such.
pub fn unframed<const LENGTH: usize>(mut bytes: &[u8]) -> Option<Vec<&str>> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_at_checked(LENGTH)?;
        let length = length
            .iter()
            .fold(0_usize, |length, byte| length << 8 | usize::from(*byte));
        let (field, rest) = rest.split_at_checked(length)?;
        fields.push(std::str::from_utf8(field).ok()?);
        bytes = rest;
    }
    Some(fields)
}

impl Invitation {
    /// The token: what is signed and its seal, in base64url. The same invitation has the same token, so that none is kept.
    /// Nothing where a field is too long.
    pub fn token(&self, keys: &Keys) -> Option<String> {
        let mut bytes = self.framed()?;
        let seal = keys.invitation(&bytes);
        bytes.extend(seal.iter().take(SEAL_BYTES));
        let token = BASE64.encode(bytes);
        (token.len() <= limits::TOKEN_CHARS).then_some(token)
    }

    /// What stands for it in the store.
    pub fn digest(&self) -> Option<[u8; 32]> {
        Some(Sha256::digest(self.framed()?).into())
    }

    fn framed(&self) -> Option<Vec<u8>> {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let fields = [
            INVITATION.to_owned(),
            self.number.to_string(),
            self.survey.clone(),
            text(&self.delivery),
            text(&self.account),
            text(&self.contact),
            self.from.to_string(),
            self.until.to_string(),
            if self.once { "once" } else { "many" }.to_owned(),
        ];
        framed::<2>(&fields.each_ref().map(String::as_str))
    }

    /// Reads a token that we made.
    ///
    /// # Errors
    /// The same for every token that is not ours as it stands, or not for now.
    pub fn read(keys: &Keys, token: &str, now: Timestamp) -> Result<(Self, [u8; 32]), NotProven> {
        // Only the one text that we give out: bits that nothing reads would make a second token of the same invitation.
        let bytes = BASE64.decode(token).map_err(|_| NotProven)?;
        let end = bytes.len().checked_sub(SEAL_BYTES).ok_or(NotProven)?;
        let (framed, seal) = bytes.split_at(end);
        let expected = keys.invitation(framed);
        if !keys::is_same(expected.get(..SEAL_BYTES).unwrap_or_default(), seal) {
            return Err(NotProven);
        }
        let read = Self::of(framed).ok_or(NotProven)?;
        if (read.from..read.until).contains(&now.0) {
            Ok((read, Sha256::digest(framed).into()))
        } else {
            Err(NotProven)
        }
    }

    fn of(bytes: &[u8]) -> Option<Self> {
        let fields = unframed::<2>(bytes)?;
        let [
            kind,
            number,
            survey,
            delivery,
            account,
            contact,
            from,
            until,
            times,
        ] = fields.try_into().ok()?;
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let read = Self {
            number: number.parse().ok()?,
            survey: survey.to_owned(),
            delivery: text(delivery),
            account: text(account),
            contact: text(contact),
            from: from.parse().ok()?,
            until: until.parse().ok()?,
            once: times == "once",
        };
        (kind == INVITATION).then_some(read)
    }
}

/// What a portal's server signs: the fields of an identity in their order.
fn signed(
    audience: &str,
    portal: &str,
    contact: &str,
    account: &str,
    (issued, expires): (&str, &str),
) -> Option<Vec<u8>> {
    framed::<4>(&[
        IDENTITY, audience, portal, contact, account, issued, expires,
    ])
}

impl Portal {
    /// The secrets that hold, the newest first.
    pub fn secrets(&self, keys: &Keys) -> Vec<String> {
        let before = self.generation.checked_sub(1);
        let before = before.filter(|before| self.is_rotating && *before > 0);
        let generations = [Some(self.generation), before];
        let secret = |generation| keys.portal_secret(&self.name, generation);
        generations.into_iter().flatten().map(secret).collect()
    }
}

/// The name of the portal that an identity says it is from; nothing is proved by it.
pub fn portal_of(identity: &str) -> Option<&str> {
    let mut parts = identity.split('.');
    (parts.next() == Some(IDENTITY_PREFIX)).then(|| parts.next())?
}

/// The identity of a person for a few hours, as a portal's server makes it:
/// `qti1.PORTAL.ISSUED.EXPIRES.CONTACT.ACCOUNT.SEAL`, moments in seconds since 1970, contact, account and seal in base64url.
/// The seal is HMAC-SHA256, under the portal's secret as it was printed, over seven fields, each with its length in bytes in
/// front as four bytes, the highest first: `qingting identity v1`, audience, portal, contact, account, issued, expires.
pub fn identity(
    secret: &str,
    audience: &str,
    portal: &str,
    (contact, account): (&str, &str),
    (issued, expires): (i64, i64),
) -> Option<String> {
    let (issued, expires) = (issued.to_string(), expires.to_string());
    let bytes = signed(audience, portal, contact, account, (&issued, &expires))?;
    let seal = keys::mac(secret.as_bytes(), &[&bytes]);
    let (contact, account) = (BASE64.encode(contact), BASE64.encode(account));
    let seal = BASE64.encode(seal);
    Some(
        [
            IDENTITY_PREFIX,
            portal,
            &issued,
            &expires,
            &contact,
            &account,
            &seal,
        ]
        .join("."),
    )
}

impl Identity {
    /// Reads an identity made for `audience` by a portal that holds one of these secrets.
    ///
    /// # Errors
    /// The same for every one that is not good. One that was good and has run out is read, and says so.
    pub fn read(
        text: &str,
        audience: &str,
        portal: &str,
        secrets: &[String],
        now: Timestamp,
    ) -> Result<Self, NotProven> {
        Self::parts(text, audience, portal, secrets, now).ok_or(NotProven)
    }

    fn parts(
        text: &str,
        audience: &str,
        portal: &str,
        secrets: &[String],
        now: Timestamp,
    ) -> Option<Self> {
        let parts: Vec<_> = text.split('.').collect();
        let [prefix, name, issued, expires, contact, account, seal] = parts.try_into().ok()?;
        let decoded = |text: &str| String::from_utf8(BASE64.decode(text).ok()?).ok();
        let (contact, account) = (decoded(contact)?, decoded(account)?);
        let seal = BASE64.decode(seal).ok()?;
        let bytes = signed(audience, name, &contact, &account, (issued, expires))?;
        // Every secret is tried, whichever is right.
        let is_sealed = secrets.iter().fold(false, |is_sealed, secret| {
            is_sealed | keys::is_same(&keys::mac(secret.as_bytes(), &[&bytes]), &seal)
        });
        let moment = |text: &str| text.parse::<i64>().ok()?.checked_mul(1_000);
        let (issued, expires) = (moment(issued)?, moment(expires)?);
        let is_short = expires > issued && expires.checked_sub(issued)? <= IDENTITY_MS;
        let fits = |text: &str| text.chars().nth(limits::REFERENCE_CHARS).is_none();
        let is_good = is_sealed
            && prefix == IDENTITY_PREFIX
            && name == portal
            && is_short
            && issued <= now.0.saturating_add(SKEW_MS)
            && fits(&contact)
            && fits(&account)
            && !(contact.is_empty() && account.is_empty());
        let text = |text: String| (!text.is_empty()).then_some(text);
        is_good.then(|| Self {
            account: text(account),
            contact: text(contact),
            is_current: now.0 < expires,
        })
    }
}

/// Looks at what respondents show.
#[derive(Debug)]
pub struct Proofs {
    reader: ReadSqlite,
    /// Whom identities are made for: our own address, an origin.
    audience: String,
}

impl Proofs {
    /// Proofs for the endpoint at `audience`.
    pub fn new(reader: ReadSqlite, audience: String) -> Self {
        Self { reader, audience }
    }

    /// What a sheet of `survey` proves of its respondent: nothing, where it shows no token.
    ///
    /// # Errors
    /// [`ProofError::NotProven`] for every token that is not good.
    pub fn of_sheet(
        &self,
        keys: &Keys,
        survey: &str,
        context: &Context,
        now: Timestamp,
    ) -> Result<Option<Proven>, ProofError> {
        let invitation = match &context.invitation {
            None => None,
            Some(token) => {
                let (invitation, digest) = Invitation::read(keys, token, now)?;
                if invitation.survey != survey {
                    return Err(NotProven.into());
                }
                Some((invitation, digest))
            }
        };
        let identity = match &context.identity {
            None => None,
            Some(text) => Some(self.identity(keys, text, now)?).filter(|read| read.is_current),
        };
        if invitation.is_none() && identity.is_none() {
            return Ok(None);
        }
        let mut proven = Proven::default();
        if let Some(identity) = identity {
            proven.account = identity.account;
            proven.contact = identity.contact;
        }
        // Who was asked counts, also where somebody else's portal shows the survey.
        if let Some((invitation, digest)) = invitation {
            proven.account = invitation.account.or(proven.account);
            proven.contact = invitation.contact.or(proven.contact);
            proven.delivery = invitation.delivery;
            proven.invitation = Some((digest, invitation.once));
        }
        Ok(Some(proven))
    }

    fn identity(&self, keys: &Keys, text: &str, now: Timestamp) -> Result<Identity, ProofError> {
        let name = portal_of(text).ok_or(NotProven)?;
        let portal = self.reader.portal(name)?.ok_or(NotProven)?;
        let secrets = portal.secrets(keys);
        Ok(Identity::read(text, &self.audience, name, &secrets, now)?)
    }

    /// Who shows this token, as a name to count by: an invitation for good, a portal's person for a day. Nobody where it is not
    /// good: then the address counts.
    pub fn shown_by(&self, keys: &Keys, token: &str, now: Timestamp) -> Option<String> {
        if let Ok((_, digest)) = Invitation::read(keys, token, now) {
            return Some(format!("invitation {digest:?}"));
        }
        let identity = self.identity(keys, token, now).ok()?;
        let identity = Some(identity).filter(|identity| identity.is_current)?;
        let day = now.0.div_euclid(DAY_MS);
        Some(format!(
            "portal {:?} {:?} {day}",
            identity.account, identity.contact
        ))
    }

    /// What a complaint proves of its customer. A token that is not good proves nothing, and stands in nobody's way.
    ///
    /// # Errors
    /// When the store fails.
    pub fn of_complaint(
        &self,
        keys: &Keys,
        context: &Context,
        now: Timestamp,
    ) -> Result<Option<Proven>, StoreError> {
        let mut proven = None;
        if let Some(text) = &context.identity {
            match self.identity(keys, text, now) {
                Ok(identity) if identity.is_current => {
                    proven = Some(Proven {
                        account: identity.account,
                        contact: identity.contact,
                        ..Proven::default()
                    });
                }
                Ok(_) | Err(ProofError::NotProven) => {}
                Err(ProofError::Store(error)) => return Err(error),
            }
        }
        if let Some(token) = &context.invitation
            && let Ok((invitation, digest)) = Invitation::read(keys, token, now)
        {
            let portal = proven.unwrap_or_default();
            proven = Some(Proven {
                delivery: invitation.delivery,
                account: invitation.account.or(portal.account),
                contact: invitation.contact.or(portal.contact),
                invitation: Some((digest, invitation.once)),
            });
        }
        Ok(proven)
    }

    /// The invitation of a token, and whether it was answered.
    ///
    /// # Errors
    /// As [`Proofs::of_sheet`].
    pub fn look(
        &self,
        keys: &Keys,
        token: &str,
        now: Timestamp,
    ) -> Result<(Invitation, bool), ProofError> {
        let (invitation, digest) = Invitation::read(keys, token, now)?;
        let is_answered = invitation.once && self.reader.is_answered(digest)?;
        Ok((invitation, is_answered))
    }
}

/// Why nothing is proved.
#[derive(Debug)]
pub enum ProofError {
    /// The token is not good.
    NotProven,
    /// The store cannot be read.
    Store(StoreError),
}

impl From<NotProven> for ProofError {
    fn from(_: NotProven) -> Self {
        Self::NotProven
    }
}

impl From<StoreError> for ProofError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
