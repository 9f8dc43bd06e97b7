//! Which pages may use which survey: those listed for all, unless a survey has a list of its own.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::endpoint::store::ReadSqlite;

/// How long a list is believed: another process may change it meanwhile.
const KEPT: Duration = Duration::from_secs(1);

/// Lists by survey.
type Lists = HashMap<String, Vec<String>>;

/// The lists of surveys, read anew once a second where a page asks at all.
pub(in crate::endpoint) struct Origins {
    reader: Arc<ReadSqlite>,
    read: Mutex<Option<(Instant, Arc<Lists>)>>,
}

impl fmt::Debug for Origins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Origins").finish_non_exhaustive()
    }
}

impl Origins {
    pub(in crate::endpoint) fn new(reader: Arc<ReadSqlite>) -> Self {
        Self {
            reader,
            read: Mutex::new(None),
        }
    }

    /// The survey's own list; nothing where it has none. While the store cannot be read, the last list goes on to hold.
    pub(in crate::endpoint) fn of(&self, survey: &str) -> Option<Vec<String>> {
        self.lists().get(survey).cloned()
    }

    /// Whether any survey lists `origin`.
    pub(in crate::endpoint) fn any(&self, origin: &str) -> bool {
        let lists = self.lists();
        lists.values().flatten().any(|listed| listed == origin)
    }

    fn lists(&self) -> Arc<Lists> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, lists)) = &*read
            && at.elapsed() < KEPT
        {
            return Arc::clone(lists);
        }
        let lists = match (self.reader.origins(), &*read) {
            (Ok(rows), _) => {
                let mut lists = Lists::new();
                for (survey, origin) in rows {
                    lists.entry(survey).or_default().push(origin);
                }
                Arc::new(lists)
            }
            (Err(error), last) => {
                tracing::error!("the origins of surveys cannot be read: {error}");
                last.as_ref()
                    .map(|(_, lists)| Arc::clone(lists))
                    .unwrap_or_default()
            }
        };
        *read = Some((Instant::now(), Arc::clone(&lists)));
        lists
    }
}
