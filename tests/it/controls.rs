//! Stores that are not to be trusted: what a test of faults must notice.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use qingting::api::SubmissionId;
use qingting::endpoint::config::Config;
use qingting::endpoint::server::Endpoint;
use qingting::endpoint::store::{Kept, Outcome, Sheet, Sqlite, Store, StoreError, Synchronous};

/// What a child of a test does instead of testing: serves with one of these stores.
const CONTROL: &str = "QINGTING_TEST_CONTROL";

/// The command that serves as a control: this very test, told so.
pub fn command(test: &str, what: &str, data: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", test, "--nocapture"])
        .env(CONTROL, format!("{what} {}", data.display()));
    command
}

/// Serves until it is killed, if this process is a control.
pub fn serves() -> bool {
    let Ok(told) = std::env::var(CONTROL) else {
        return false;
    };
    let (what, data) = told.split_once(' ').unwrap();
    match what {
        "lying" => serve(data, Lying::new),
        "careless" => serve(data, Careless),
        "normal" => serve(data, |store| {
            store.with_synchronous(Synchronous::Normal).unwrap()
        }),
        _ => panic!("no such control: {what}"),
    }
    true
}

fn serve<S: Store>(data: &str, wrap: impl FnOnce(Sqlite) -> S) {
    let config = Config::new("127.0.0.1:0".parse().unwrap(), PathBuf::from(data));
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let endpoint = Endpoint::open_with(config, |store, reader| {
            (wrap(store), Arc::new(reader) as Arc<_>)
        });
        let endpoint = endpoint.await.unwrap();
        println!("\nlistening on http://{}", endpoint.address());
        endpoint.run(std::future::pending()).await;
    });
}

/// Acknowledges first, waits 50 ms, commits then.
#[derive(Debug)]
struct Lying(std::sync::mpsc::Sender<Vec<Sheet>>);

impl Lying {
    fn new(mut honest: Sqlite) -> Self {
        let (later, batches) = std::sync::mpsc::channel::<Vec<Sheet>>();
        std::thread::spawn(move || {
            for batch in batches {
                std::thread::sleep(Duration::from_millis(50));
                let _ = honest.commit(&batch);
            }
        });
        Self(later)
    }
}

impl Store for Lying {
    fn commit(&mut self, batch: &[Sheet]) -> Result<Vec<Outcome>, StoreError> {
        let _ = self.0.send(batch.to_vec());
        Ok(batch.iter().map(created).collect())
    }
}

/// Acknowledges whatever the disk says.
#[derive(Debug)]
struct Careless(Sqlite);

impl Store for Careless {
    fn commit(&mut self, batch: &[Sheet]) -> Result<Vec<Outcome>, StoreError> {
        let stored = self.0.commit(batch);
        Ok(stored.unwrap_or_else(|_| batch.iter().map(created).collect()))
    }
}

fn created(sheet: &Sheet) -> Outcome {
    Outcome::Created(Kept {
        receipt: sheet.receipt.clone(),
        received_at: sheet.received_at,
        revision: sheet.revision,
        complete: sheet.complete,
    })
}

/// Takes every sheet for a new one, whatever its id.
#[derive(Debug)]
pub struct Forgetful(Sqlite, u128);

impl Forgetful {
    pub fn new(store: Sqlite) -> Self {
        Self(store, 0)
    }
}

impl Store for Forgetful {
    fn commit(&mut self, batch: &[Sheet]) -> Result<Vec<Outcome>, StoreError> {
        let mut fresh = batch.to_vec();
        for sheet in &mut fresh {
            self.1 += 1;
            sheet.id = SubmissionId::from_bytes((self.1 << 64).to_be_bytes());
        }
        self.0.commit(&fresh)
    }
}
