//! Wrong secrets, counted for each number and for each address they come from: nobody goes through secrets or numbers at
//! leisure, and whoever has the right one is never kept out by somebody who has not. Numbers that exist and numbers that do
//! not are counted alike.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use crate::api::limits;
use crate::endpoint::clock::Timestamp;

/// So many wrong secrets for a number are answered as what they are.
const MOST: u32 = 20;
/// And so many from an address, whatever the numbers.
const MOST_FROM: u32 = 100;
/// After so long without one, counting begins anew.
const WINDOW_MS: i64 = limits::WRONG_SECRETS_MINUTES as i64 * 60 * 1000;
/// So many numbers are counted at once; beyond that, the ones that were quiet longest are forgotten.
const MOST_NUMBERS: usize = 20_000;

/// How often, and when last, a wrong secret came with a number.
type Counts = HashMap<String, (u32, i64)>;

/// Counts wrong secrets.
#[derive(Debug, Default)]
pub(super) struct Attempts(Mutex<Counts>);

impl Attempts {
    /// Counts a wrong secret for a number; whether there were too many.
    pub(super) fn wrong(&self, number: &str, now: Timestamp) -> bool {
        self.count(number, MOST, now)
    }

    /// Counts one from an address; whether there were too many. Of IPv6 the first 64 bits count: they are one customer's line.
    pub(super) fn wrong_from(&self, address: IpAddr, now: Timestamp) -> bool {
        let name = match address {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => {
                let bits = u128::from(address) >> 64 << 64;
                Ipv6Addr::from(bits).to_string()
            }
        };
        self.count(&name, MOST_FROM, now)
    }

    fn count(&self, number: &str, most: u32, now: Timestamp) -> bool {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST_NUMBERS && !counts.contains_key(number) {
            counts.retain(|_, (_, last)| now.0 - *last < WINDOW_MS);
            if counts.len() >= MOST_NUMBERS {
                counts.clear();
            }
        }
        let (count, last) = counts.entry(number.to_owned()).or_insert((0, now.0));
        if now.0 - *last >= WINDOW_MS {
            *count = 0;
        }
        *count = count.saturating_add(1);
        *last = now.0;
        *count > most
    }
}
