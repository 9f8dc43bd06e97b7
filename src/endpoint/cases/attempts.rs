//! Wrong secrets, counted for each number: nobody goes through secrets at leisure, and whoever has the right one is never
//! kept out by somebody who has not. Numbers that exist and numbers that do not are counted alike.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::Timestamp;

/// So many wrong secrets for a number are answered as what they are.
const MOST: u32 = 20;
/// After so long without one, counting begins anew.
const WINDOW_MS: i64 = 10 * 60 * 1000;
/// So many numbers are counted at once; beyond that, the ones that were quiet longest are forgotten.
const MOST_NUMBERS: usize = 20_000;

/// How often, and when last, a wrong secret came with a number.
type Counts = HashMap<String, (u32, i64)>;

/// Counts wrong secrets.
#[derive(Debug, Default)]
pub(super) struct Attempts(Mutex<Counts>);

impl Attempts {
    /// Counts a wrong secret; whether there were too many.
    pub(super) fn wrong(&self, number: &str, now: Timestamp) -> bool {
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
        *count > MOST
    }
}
