//! The one thread that commits: it gathers the sheets that wait into one transaction, so that durable is also fast.

use std::panic::AssertUnwindSafe;
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};

use super::{Outcome, Sheet, Store, StoreError};

/// A sheet and the request that waits for it.
type Job = (Sheet, oneshot::Sender<Result<Outcome, WriteError>>);

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
}

impl Writer {
    /// Starts the thread. It ends when every clone of the writer is gone and all that waited is answered.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub fn start(
        store: impl Store,
        queue: usize,
        batch: usize,
    ) -> std::io::Result<(Self, JoinHandle<()>)> {
        let (jobs, waiting) = mpsc::channel(queue.max(1));
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || run(store, waiting, batch.max(1)))?;
        Ok((Self { jobs }, thread))
    }

    /// Stores a sheet; returns only when it is on disk or certainly was not acknowledged.
    ///
    /// # Errors
    /// When it may be sent again later.
    pub async fn store(&self, sheet: Sheet) -> Result<Outcome, WriteError> {
        let (answer, answered) = oneshot::channel();
        self.jobs
            .try_send((sheet, answer))
            .map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => WriteError::Busy,
                mpsc::error::TrySendError::Closed(_) => WriteError::Failed,
            })?;
        answered.await.unwrap_or(Err(WriteError::Failed))
    }
}

fn run(mut store: impl Store, mut waiting: mpsc::Receiver<Job>, limit: usize) {
    let mut jobs = Vec::with_capacity(limit);
    // Whatever has gathered while the last batch was on its way to the disk goes into the next one.
    while waiting.blocking_recv_many(&mut jobs, limit) > 0 {
        let (sheets, answers): (Vec<_>, Vec<_>) = jobs.drain(..).unzip();
        // A fault in one batch must not take the thread, and with it the endpoint, down.
        let result = std::panic::catch_unwind(AssertUnwindSafe(|| store.commit(&sheets)))
            .unwrap_or_else(|_| Err(StoreError::Database("the store panicked".to_owned())));
        match result {
            Ok(outcomes) => {
                for (answer, outcome) in answers.into_iter().zip(outcomes) {
                    // A client that has gone away hears of its receipt when it sends again.
                    let _ = answer.send(Ok(outcome));
                }
            }
            Err(error) => {
                tracing::error!(sheets = sheets.len(), "a batch was not stored: {error}");
                let told = match error {
                    StoreError::Locked => WriteError::Busy,
                    StoreError::Full => WriteError::Full,
                    StoreError::NewerSchema { .. }
                    | StoreError::Damaged(_)
                    | StoreError::Database(_)
                    | StoreError::Unreadable(_) => WriteError::Failed,
                };
                for answer in answers {
                    let _ = answer.send(Err(told));
                }
            }
        }
    }
}
