//! The one thread that commits: it gathers the sheets that wait into one transaction, so that durable is also fast.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use super::{Outcome, Sheet, Store, StoreError};
use crate::endpoint::metrics::Metrics;

/// A sheet and the request that waits for it, since when.
type Job = (Sheet, (Answer, Instant));
type Answer = oneshot::Sender<Result<Outcome, WriteError>>;

/// Whoever would wait longer than this is refused at once: a phone that comes again in a few seconds is served better than
/// one that waits for an answer that may be cut off.
const LONGEST_WAIT: Duration = Duration::from_millis(500);

/// Why a sheet was not stored. In every case it can be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteError {
    /// More sheets wait than may, or another process holds the database.
    Busy,
    /// The disk is full.
    Full,
    /// The store failed; the log says how.
    Failed,
}

/// Hands sheets to the writer's thread. Clones share it.
#[derive(Clone, Debug)]
pub struct Writer {
    jobs: mpsc::Sender<Job>,
    places: Arc<Semaphore>,
    batch: usize,
    /// How long a commit takes lately, in microseconds.
    pace: Arc<AtomicU64>,
}

/// A place at the endpoint for a sheet, from before it is read until it is answered.
#[derive(Debug)]
pub struct Place {
    _permit: OwnedSemaphorePermit,
}

impl Writer {
    /// Starts the thread. It ends when every clone of the writer is gone and all that waited is answered. A sheet that has
    /// waited for `patience` without its turn is answered that the endpoint is busy.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub fn start(
        store: impl Store,
        queue: usize,
        batch: usize,
        patience: Duration,
        metrics: Metrics,
    ) -> std::io::Result<(Self, JoinHandle<()>)> {
        let (queue, batch) = (queue.max(1), batch.max(1));
        let (jobs, waiting) = mpsc::channel(queue);
        let pace = Arc::new(AtomicU64::new(0));
        let thread = Thread {
            store,
            waiting,
            batch,
            patience,
            pace: Arc::clone(&pace),
            metrics,
        };
        let handle = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || thread.run())?;
        let writer = Self {
            jobs,
            // One batch more than may wait: that one is on its way to the disk.
            places: Arc::new(Semaphore::new(queue.saturating_add(batch))),
            batch,
            pace,
        };
        Ok((writer, handle))
    }

    /// Whether its thread lives and takes more.
    pub fn takes_more(&self) -> bool {
        !self.jobs.is_closed() && self.jobs.capacity() > 0
    }

    /// A place for a sheet that has not been read yet: what would be refused anyway costs no work.
    ///
    /// # Errors
    /// When there is none, or the wait would be long.
    pub fn enter(&self) -> Result<Place, WriteError> {
        let waiting = self.jobs.max_capacity() - self.jobs.capacity();
        let commits = u32::try_from(waiting / self.batch + 1).unwrap_or(u32::MAX);
        let commit = Duration::from_micros(self.pace.load(Ordering::Relaxed));
        if waiting > 0 && commit.saturating_mul(commits) > LONGEST_WAIT {
            return Err(WriteError::Busy);
        }
        let permit = Arc::clone(&self.places).try_acquire_owned();
        let permit = permit.map_err(|_| WriteError::Busy)?;
        Ok(Place { _permit: permit })
    }

    /// Stores a sheet; returns only when it is on disk or certainly was not acknowledged.
    ///
    /// # Errors
    /// When it may be sent again later.
    pub async fn store(&self, sheet: Sheet) -> Result<Outcome, WriteError> {
        let (answer, answered) = oneshot::channel();
        self.jobs
            .try_send((sheet, (answer, Instant::now())))
            .map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => WriteError::Busy,
                mpsc::error::TrySendError::Closed(_) => WriteError::Failed,
            })?;
        answered.await.unwrap_or(Err(WriteError::Failed))
    }
}

/// The writer's own side.
struct Thread<S> {
    store: S,
    waiting: mpsc::Receiver<Job>,
    batch: usize,
    patience: Duration,
    pace: Arc<AtomicU64>,
    metrics: Metrics,
}

impl<S: Store> Thread<S> {
    fn run(mut self) {
        let mut jobs = Vec::with_capacity(self.batch);
        // Whatever has gathered while the last batch was on its way to the disk goes into the next one.
        while self.waiting.blocking_recv_many(&mut jobs, self.batch) > 0 {
            let patience = self.patience;
            let is_late = |(_, (_, since)): &mut Job| since.elapsed() > patience;
            refuse(jobs.extract_if(.., is_late), WriteError::Busy);
            if !jobs.is_empty() {
                self.commit(&mut jobs);
            }
        }
    }

    fn commit(&mut self, jobs: &mut Vec<Job>) {
        let (sheets, answers): (Vec<_>, Vec<_>) = jobs.drain(..).unzip();
        let waiting = i64::try_from(self.waiting.len()).unwrap_or(i64::MAX);
        self.metrics.waiting.set(waiting);
        let begin = Instant::now();
        // A fault in one batch must not take the thread, and with it the endpoint, down.
        let result = std::panic::catch_unwind(AssertUnwindSafe(|| self.store.commit(&sheets)))
            .unwrap_or_else(|_| Err(StoreError::Database("the store panicked".to_owned())));
        self.took(begin.elapsed());
        match result {
            Ok(outcomes) => {
                self.metrics.commits.inc();
                let stored = u64::try_from(outcomes.len()).unwrap_or(u64::MAX);
                self.metrics.stored.inc_by(stored);
                for ((answer, _), outcome) in answers.into_iter().zip(outcomes) {
                    // A client that has gone away hears of its receipt when it sends again.
                    let _ = answer.send(Ok(outcome));
                }
            }
            Err(error) => {
                self.metrics.failed.inc();
                tracing::error!(sheets = sheets.len(), "a batch was not stored: {error}");
                let told = match error {
                    StoreError::Locked => WriteError::Busy,
                    StoreError::Full => WriteError::Full,
                    StoreError::NewerSchema { .. }
                    | StoreError::Behind { .. }
                    | StoreError::Damaged(_)
                    | StoreError::Disk(_)
                    | StoreError::Database(_)
                    | StoreError::Unreadable(_) => WriteError::Failed,
                };
                for (answer, _) in answers {
                    let _ = answer.send(Err(told));
                }
                if told == WriteError::Busy {
                    // Whoever holds the database has held it while these waited, too.
                    let others = std::iter::from_fn(|| self.waiting.try_recv().ok());
                    refuse(others, WriteError::Busy);
                }
            }
        }
    }

    /// Half of the pace is the last commit's, so that one that waited for a lock is soon forgotten.
    fn took(&self, last: Duration) {
        self.metrics.commit.observe(last.as_secs_f64());
        let last = u64::try_from(last.as_micros()).unwrap_or(u64::MAX);
        let before = self.pace.load(Ordering::Relaxed);
        let pace = if before == 0 {
            last
        } else {
            before / 2 + last / 2
        };
        self.pace.store(pace, Ordering::Relaxed);
    }
}

fn refuse(jobs: impl Iterator<Item = Job>, why: WriteError) {
    for (_, (answer, _)) in jobs {
        let _ = answer.send(Err(why));
    }
}
