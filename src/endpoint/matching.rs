//! The threads on which answers are checked that patterns have to be found in.
//!
//! Matching has no limit of steps. Publishing refuses patterns that could take long; should one get past it, it holds up these
//! few threads and nothing else: whoever waits for them longer than a moment is asked to come again.

use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;

use super::problem::Refusal;
use super::routes::blocking;
use crate::api::ProblemCode;

/// Something to do; it looks first whether anybody still waits for it.
type Job = Box<dyn FnOnce() + Send>;

/// The pool; it ends when it is dropped and what was taken is done.
pub(super) struct Matching {
    /// Where jobs wait; without threads of its own nothing does.
    jobs: Option<SyncSender<Job>>,
    patience: Duration,
}

impl Matching {
    /// Starts so many threads; without any, checks run on the threads that everything else uses.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub(super) fn start(threads: usize, queue: usize, patience: Duration) -> io::Result<Self> {
        let (jobs, waiting) = sync_channel(queue);
        let waiting = Arc::new(Mutex::new(waiting));
        for number in 0..threads {
            let waiting = Arc::clone(&waiting);
            thread::Builder::new()
                .name(format!("matching-{number}"))
                .spawn(move || work(&waiting))?;
        }
        Ok(Self {
            jobs: (threads > 0).then_some(jobs),
            patience,
        })
    }

    /// Does something on one of the threads. A panic in it goes on here, where the guard catches it.
    ///
    /// # Errors
    /// Busy, when too many wait already or it takes too long; then nobody hears of its end.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        check: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let Some(jobs) = &self.jobs else {
            return blocking(check).await;
        };
        let (tell, told) = oneshot::channel();
        let job = Box::new(move || {
            if !tell.is_closed() {
                // Nobody may be listening any more.
                let _ = tell.send(catch_unwind(AssertUnwindSafe(check)));
            }
        });
        jobs.try_send(job).map_err(|_| ProblemCode::Busy)?;
        match tokio::time::timeout(self.patience, told).await {
            Ok(Ok(Ok(done))) => Ok(done),
            Ok(Ok(Err(panic))) => resume_unwind(panic),
            Ok(Err(_)) => Err(ProblemCode::Busy.into()),
            Err(_) => {
                tracing::warn!("a pattern took longer than {:?}", self.patience);
                Err(ProblemCode::Busy.into())
            }
        }
    }
}

fn work(waiting: &Mutex<Receiver<Job>>) {
    loop {
        let job = waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .recv();
        match job {
            Ok(job) => job(),
            Err(_) => return,
        }
    }
}

impl fmt::Debug for Matching {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Matching(…)")
    }
}
