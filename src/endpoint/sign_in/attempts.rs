//! How often somebody may try a password: two counts that do not know of each other, for addresses and for people.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use crate::endpoint::clock::Timestamp;

/// Wrong passwords from one address in [`SPAN_MS`]. Offices share one.
const BY_ADDRESS: u32 = 50;
/// Wrong passwords for one person in [`SPAN_MS`], from devices that never signed them in.
const BY_PERSON: u32 = 10;
/// Milliseconds after which counting begins anew.
const SPAN_MS: i64 = 15 * 60 * 1000;
/// So many counts are kept. A flood of names cannot fill the memory; it only forgets the oldest counts.
const MOST: usize = 20_000;

/// Wrong passwords, counted.
#[derive(Debug, Default)]
pub(super) struct Attempts(Mutex<HashMap<[u8; 32], Count>>);

#[derive(Clone, Copy, Debug)]
struct Count {
    begun: i64,
    wrong: u32,
}

impl Count {
    /// A clock that was put back must not lock anybody out until it gets there again.
    fn is_over(self, now: Timestamp) -> bool {
        (now.0 - self.begun).abs() >= SPAN_MS
    }
}

/// Who tries.
#[derive(Clone, Debug)]
pub(super) struct Attempt<'a> {
    /// From where; nothing where that is not known, which is one place for all of them.
    pub(super) address: Option<IpAddr>,
    /// Whom they want to be.
    pub(super) mail: &'a str,
    /// Whether this device has signed that person in before: strangers cannot lock somebody out of their own.
    pub(super) is_known_device: bool,
}

impl Attempt<'_> {
    fn keys(&self) -> impl Iterator<Item = ([u8; 32], u32)> {
        let place = match self.address {
            // A /64 is one subscriber.
            Some(IpAddr::V6(address)) => address.octets()[..8].to_vec(),
            Some(IpAddr::V4(address)) => address.octets().to_vec(),
            None => Vec::new(),
        };
        let place = Sha256::digest([b"address".as_slice(), place.as_slice()].concat());
        let person = (!self.is_known_device)
            .then(|| Sha256::digest([b"person".as_slice(), self.mail.as_bytes()].concat()));
        let person = person.map(|key| (key.into(), BY_PERSON));
        std::iter::once((place.into(), BY_ADDRESS)).chain(person)
    }
}

impl Attempts {
    /// Whether this may be tried now.
    pub(super) fn may(&self, attempt: &Attempt<'_>, now: Timestamp) -> bool {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        attempt.keys().all(|(key, most)| {
            counts
                .get(&key)
                .is_none_or(|count| count.is_over(now) || count.wrong < most)
        })
    }

    /// Counts a wrong password.
    pub(super) fn count(&self, attempt: &Attempt<'_>, now: Timestamp) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST {
            let oldest = counts.values().map(|count| count.begun).min();
            counts.retain(|_, count| !count.is_over(now) && Some(count.begun) != oldest);
        }
        for (key, _) in attempt.keys() {
            let fresh = Count {
                begun: now.0,
                wrong: 0,
            };
            let count = counts.entry(key).or_insert(fresh);
            if count.is_over(now) {
                *count = fresh;
            }
            count.wrong = count.wrong.saturating_add(1);
        }
    }
}
