//! Whose turn it is to write. SQLite's own lock is polled and knows no order: beside a busy writer of sheets, a complaint
//! could wait for ever. In one process whoever came first writes first.

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

/// The gates of the databases that this process has open.
static GATES: LazyLock<Mutex<HashMap<PathBuf, Weak<Gate>>>> = LazyLock::new(Mutex::default);

/// The line before one database.
#[derive(Debug, Default)]
pub(super) struct Gate {
    line: Mutex<Line>,
    moved: Condvar,
    /// How often the disk failed in a commit. After that nothing of what a connection or the kernel holds of the file can
    /// be relied on: every connection that writes is opened anew.
    failures: AtomicU64,
    /// So large may the write-ahead log grow, in bytes; 0: as large as it likes.
    log_most: AtomicU64,
}

#[derive(Debug, Default)]
struct Line {
    /// Whoever writes stands at the front until done.
    waiting: VecDeque<u64>,
    next: u64,
}

/// A turn; dropping it lets the next one in.
#[derive(Debug)]
pub(super) struct Turn {
    gate: Arc<Gate>,
    number: u64,
}

impl Gate {
    /// The one gate of the database at `path`.
    pub(super) fn of(path: &Path) -> Arc<Self> {
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let mut gates = GATES.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(gate) = gates.get(&path).and_then(Weak::upgrade) {
            return gate;
        }
        gates.retain(|_, gate| gate.strong_count() > 0);
        let gate = Arc::new(Self::default());
        gates.insert(path, Arc::downgrade(&gate));
        gate
    }

    /// Waits for a turn; nothing if none comes within `patience`.
    pub(super) fn enter(self: &Arc<Self>, patience: Duration) -> Option<Turn> {
        let begin = Instant::now();
        let mut line = self.line();
        let number = line.next;
        line.next += 1;
        line.waiting.push_back(number);
        // From here on it leaves the line again by being dropped, whether its turn comes or not.
        let turn = Turn {
            gate: Arc::clone(self),
            number,
        };
        while line.waiting.front() != Some(&number) {
            let Some(left) = patience.checked_sub(begin.elapsed()) else {
                drop(line);
                return None;
            };
            let waited = self.moved.wait_timeout(line, left);
            line = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        drop(line);
        Some(turn)
    }

    /// How often the disk has failed.
    pub(super) fn failures(&self) -> u64 {
        self.failures.load(Ordering::Acquire)
    }

    /// How large the write-ahead log may grow, in bytes.
    pub(super) fn log_most(&self) -> u64 {
        match self.log_most.load(Ordering::Relaxed) {
            0 => u64::MAX,
            most => most,
        }
    }

    /// Lets the write-ahead log grow to `most` bytes, for everybody who writes here.
    pub(super) fn limit_log(&self, most: u64) {
        self.log_most.store(most, Ordering::Relaxed);
    }

    /// Notes that the disk has failed.
    pub(super) fn failed(&self) {
        self.failures.fetch_add(1, Ordering::AcqRel);
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let number = self.number;
        self.gate.line().waiting.retain(|other| *other != number);
        self.gate.moved.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_come_in_order_and_who_loses_patience_is_passed_over() {
        let gate = Arc::new(Gate::default());
        let first = gate.enter(Duration::ZERO);
        assert!(first.is_some());
        assert!(gate.enter(Duration::from_millis(20)).is_none());
        let order = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for n in 0..8 {
                let (gate, order) = (&gate, &order);
                scope.spawn(move || {
                    let turn = gate.enter(Duration::from_secs(10));
                    assert!(turn.is_some());
                    order.lock().unwrap_or_else(PoisonError::into_inner).push(n);
                });
                // The first number is the one that went away.
                while gate.line().next < n + 3 {
                    std::thread::yield_now();
                }
            }
            drop(first);
        });
        let order = order.into_inner().unwrap_or_else(PoisonError::into_inner);
        assert_eq!(order, [0, 1, 2, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn one_database_has_one_gate() {
        let folder = std::env::temp_dir();
        assert!(Arc::ptr_eq(
            &Gate::of(&folder),
            &Gate::of(&folder.join("."))
        ));
    }
}
