//! What the engine does for cases by itself once it is due.

use super::appending::Beside;
use super::reading::Loaded;
use super::{CaseError, Cases};
use crate::complaint::{Actor, duty};
use crate::endpoint::clock::Timestamp;
use crate::endpoint::keys::Keys;
use crate::endpoint::store::Appended;

impl Cases {
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
}
