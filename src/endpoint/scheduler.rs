//! What happens at its time without anybody asking: reminders, warnings, misses, escalations, ends of cases; and what
//! follows from all that came in.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use tokio::sync::{oneshot, watch};

use super::App;
use super::cases::CaseError;
use super::clock::Timestamp;
use super::config::Retention;
use super::deliveries::DeliveryError;

/// How often is looked. What is due stands in the database, so that a restart forgets nothing.
const ROUND: Duration = Duration::from_millis(500);

/// How often is looked for what was kept long enough, in milliseconds.
const EXPIRY_MS: i64 = 3_600_000;

/// A clock that moves by this much more or less than time does was set, in milliseconds.
const JUMP_MS: i64 = 60_000;

/// So many cases are moved in a round.
const AT_ONCE: u32 = 200;

/// So many sheets are counted in a round: more than come in on a usual day, and few enough that taking answers goes first.
const COUNTED: usize = 1_000;

/// So many entries of the journal are followed in one commit: each takes a turn between two of the writer's.
const FOLLOWED_AT_ONCE: u32 = 1_000;

/// For how long the clock has gone as time does. What is kept for years must not go because a machine woke up in another
/// century and was set right a minute later.
#[derive(Debug)]
struct Steadiness {
    since: Instant,
    last: (Instant, Timestamp),
}

impl Steadiness {
    fn new(now: Timestamp) -> Self {
        let since = Instant::now();
        Self {
            since,
            last: (since, now),
        }
    }

    /// How long it has been steady, at `now` by the clock.
    fn look(&mut self, now: Timestamp) -> Duration {
        let (instant, (before, shown)) = (Instant::now(), self.last);
        let passed = i64::try_from(instant.duration_since(before).as_millis()).unwrap_or(i64::MAX);
        if now.since(shown).saturating_sub(passed).saturating_abs() >= JUMP_MS {
            self.since = instant;
        }
        self.last = (instant, now);
        instant.duration_since(self.since)
    }
}

/// Looks for what is due until the endpoint goes down.
pub(super) async fn run(app: App, mut closed: watch::Receiver<bool>) {
    let mut expired_at = None::<Timestamp>;
    let mut steadiness = Steadiness::new(app.config.clock.now());
    // All rounds on one thread: the allocator keeps memory for each thread that ever needed some, and what a round reads
    // would be held as many times as there are threads for what blocks.
    let (rounds, waiting) = mpsc::channel::<Box<dyn FnOnce() + Send>>();
    tokio::task::spawn_blocking(move || {
        for round in waiting {
            // What a panic says goes to stderr; the next round tries again.
            let _ = catch_unwind(AssertUnwindSafe(round));
        }
    });
    loop {
        tokio::select! {
            () = tokio::time::sleep(ROUND) => {}
            _ = closed.wait_for(|is_closed| *is_closed) => return,
        }
        let shared = app.clone();
        let now = app.config.clock.now();
        let is_steady = steadiness.look(now) >= app.config.limits.steady;
        // A clock that jumps back does nothing early, and what it skips is done at the next hour.
        let is_time = is_steady && expired_at.is_none_or(|at| now.since(at).abs() >= EXPIRY_MS);
        if is_time {
            expired_at = Some(now);
        }
        let round = move || {
            if is_time {
                let keep = shared.config.retention;
                let until = |days| now.0 - Retention::ms(days);
                let until = (until(keep.responses), until(keep.cases));
                let (rows, cases) = shared.cases.expire(&shared.keys, until, now)?;
                if rows + cases > 0 {
                    tracing::info!(rows, cases, "let go of what was kept long enough");
                }
            }
            shared.cases.sweep_photos(now)?;
            shared.cases.propose_problems(&shared.keys, now)?;
            shared.cases.run_due(&shared.keys, now, AT_ONCE)?;
            shared.cases.close_days(&shared.keys, now)?;
            shared.follower.miss_call_backs(now)?;
            match shared.deliveries.run_due(&shared.cases, now, AT_ONCE) {
                Ok(_) => {}
                Err(DeliveryError::Store(error)) => return Err(error.into()),
                Err(DeliveryError::Cases(error)) => return Err(error),
            }
            while shared.follower.follow(now, FOLLOWED_AT_ONCE)? > 0 {}
            shared.scores.catch_up(COUNTED)?;
            Ok::<_, CaseError>(())
        };
        let (done, result) = oneshot::channel();
        let round = Box::new(move || drop(done.send(round())));
        if rounds.send(round).is_err() {
            tracing::error!("the scheduler's thread has ended");
            return;
        }
        match result.await {
            Ok(Ok(())) => {}
            // The next round tries again; what was due still is.
            Ok(Err(error)) => tracing::error!("what is due could not be done: {error:?}"),
            Err(_) => tracing::error!("a round of the scheduler failed"),
        }
    }
}
