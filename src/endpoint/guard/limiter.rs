//! How much of what may come in: token buckets by address, survey, token, and in all.
//!
//! Each kind of bucket is a fixed table; a key's place in it is its keyed hash. So a flood of made-up keys takes no memory
//! and cannot be aimed at somebody else's bucket; two keys that meet in one place are limited together.

use std::fmt;
use std::hash::{BuildHasher, Hash, RandomState};
use std::num::NonZeroU32;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Places in a table; a power of two.
const PLACES: usize = 1 << 15;
const SECOND: u64 = 1_000_000_000;

/// So many a second in the long run, so many at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// In the long run, a second.
    pub per_second: NonZeroU32,
    /// At once.
    pub burst: NonZeroU32,
}

/// What an operator says of a limit: a [`Rate`], or that there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed(pub Option<Rate>);

/// The text is no rate.
#[derive(Debug, PartialEq, Eq)]
pub struct NotARate(String);

impl fmt::Display for NotARate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is no rate; write how many a second and how many at once, for example 10:300, or off",
            self.0
        )
    }
}

impl std::error::Error for NotARate {}

impl Allowed {
    /// `per_second` in the long run and `burst` at once; zero is taken for one.
    pub fn rate(per_second: u32, burst: u32) -> Self {
        let some = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        Self(Some(Rate {
            per_second: some(per_second),
            burst: some(burst),
        }))
    }
}

impl FromStr for Allowed {
    type Err = NotARate;

    fn from_str(text: &str) -> Result<Self, NotARate> {
        if text == "off" {
            return Ok(Self(None));
        }
        let parts = text.split_once(':');
        let rate = parts.and_then(|(per_second, burst)| {
            Some(Rate {
                per_second: per_second.parse().ok()?,
                burst: burst.parse().ok()?,
            })
        });
        rate.map(|rate| Self(Some(rate)))
            .ok_or_else(|| NotARate(text.to_owned()))
    }
}

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(Rate { per_second, burst }) => write!(f, "{per_second}:{burst}"),
            None => f.write_str("off"),
        }
    }
}

/// One kind of bucket.
pub(in crate::endpoint) struct Buckets {
    rate: Option<Rate>,
    /// For each place the moment at which its bucket is full again, in nanoseconds since `begin` (the theoretical arrival
    /// time of the generic cell rate algorithm, ITU-T I.371).
    full_at: Box<[AtomicU64]>,
    hasher: RandomState,
    begin: Instant,
}

impl fmt::Debug for Buckets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Buckets")
            .field("rate", &self.rate)
            .finish_non_exhaustive()
    }
}

impl Buckets {
    pub(in crate::endpoint) fn new(allowed: Allowed) -> Self {
        let places = if allowed.0.is_some() { PLACES } else { 0 };
        Self {
            rate: allowed.0,
            full_at: (0..places).map(|_| AtomicU64::new(0)).collect(),
            hasher: RandomState::new(),
            begin: Instant::now(),
        }
    }

    /// Takes one from the bucket of `key`.
    ///
    /// # Errors
    /// How long until there is one again.
    pub(in crate::endpoint) fn take(&self, key: impl Hash) -> Result<(), Duration> {
        let now = u64::try_from(self.begin.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.take_at(key, now)
    }

    fn take_at(&self, key: impl Hash, now: u64) -> Result<(), Duration> {
        let place = self.hasher.hash_one(key) & (PLACES as u64 - 1);
        let place = usize::try_from(place).unwrap_or_default();
        let (Some(rate), Some(full_at)) = (self.rate, self.full_at.get(place)) else {
            return Ok(());
        };
        let interval = SECOND / u64::from(rate.per_second.get());
        let depth = interval.saturating_mul(u64::from(rate.burst.get() - 1));
        let taken = full_at.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |full_at| {
            let full_at = full_at.max(now);
            (full_at - now <= depth).then_some(full_at + interval)
        });
        taken
            .map(|_| ())
            .map_err(|full_at| Duration::from_nanos(full_at.saturating_sub(now + depth)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_gives_its_burst_and_then_its_rate() {
        let buckets = Buckets::new(Allowed::rate(10, 30));
        let taken = |key: u8, from: u64, ms: u64| {
            let times = (0..ms).map(|ms| from + ms * 1_000_000);
            times
                .filter(|now| buckets.take_at(key, *now).is_ok())
                .count()
        };
        // A thousand tries in the first second: thirty at once, nine more while the second goes by.
        assert_eq!(taken(1, SECOND, 1_000), 39);
        // In the long run ten a second, however hard somebody tries.
        assert_eq!(taken(1, 2 * SECOND, 10_000), 100);
        // Somebody else is not touched.
        assert_eq!(taken(2, SECOND, 20), 20);
        let wait = (0..5).find_map(|_| buckets.take_at(1_u8, 12 * SECOND).err());
        assert!(
            wait.is_some_and(|wait| wait <= Duration::from_millis(100)),
            "{wait:?}"
        );
    }

    #[test]
    fn no_limit_is_no_limit() {
        let buckets = Buckets::new(Allowed(None));
        assert!((0..10_000).all(|_| buckets.take_at(1, 0).is_ok()));
    }

    #[test]
    fn rates_are_written_as_they_are_read() {
        for text in ["10:300", "off", "1:1"] {
            let read = text.parse::<Allowed>();
            assert_eq!(read.map(|allowed| allowed.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "10", "0:1", "1:0", "a:b", "-1:2", "10:300:1"] {
            assert!(text.parse::<Allowed>().is_err(), "{text}");
        }
    }
}
