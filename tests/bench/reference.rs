//! The fixed rival of `make bench`: a bare axum server with group commit, one row a request, on the same disk.
//! It checks nothing but the shape of the body, keeps no limits, and answers 204 after the commit.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a program that is only measured"
)]

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use rusqlite::{Connection, params};
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

#[derive(Deserialize)]
#[allow(dead_code, reason = "parsed as a real one would be")]
struct Sheet {
    id: String,
    survey: String,
    at: u64,
    answers: Vec<Answer>,
    meta: std::collections::BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "parsed as a real one would be")]
struct Answer {
    q: String,
    v: serde_json::Value,
}

type Job = (Bytes, oneshot::Sender<()>);

/// Sheets in one commit.
const MOST: usize = 256;

fn write(folder: &str, mut jobs: mpsc::Receiver<Job>) {
    let path = format!("{folder}/reference-{}.db", std::process::id());
    let connection = Connection::open(path).unwrap();
    connection
        .pragma_update(None, "journal_mode", "WAL")
        .unwrap();
    connection
        .pragma_update(None, "synchronous", "FULL")
        .unwrap();
    connection
        .execute_batch("CREATE TABLE r (id INTEGER PRIMARY KEY, rid BLOB UNIQUE NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL)")
        .unwrap();
    let (mut state, mut count) = (0x9E37_79B9_7F4A_7C15_u64, 0_u64);
    let mut batch: Vec<Job> = Vec::with_capacity(MOST);
    while jobs.blocking_recv_many(&mut batch, MOST) > 0 {
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        {
            let sql = "INSERT INTO r (rid, at, body) VALUES (?, ?, ?)";
            let mut insert = connection.prepare_cached(sql).unwrap();
            for (body, _) in &batch {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                count += 1;
                let id = [state.to_le_bytes(), count.to_le_bytes()].concat();
                insert
                    .execute(params![id, count.cast_signed(), &body[..]])
                    .unwrap();
            }
        }
        connection.execute_batch("COMMIT").unwrap();
        for (_, answer) in batch.drain(..) {
            let _ = answer.send(());
        }
    }
}

async fn take(State(jobs): State<Arc<mpsc::Sender<Job>>>, body: Bytes) -> StatusCode {
    if serde_json::from_slice::<Sheet>(&body).is_err() {
        return StatusCode::BAD_REQUEST;
    }
    let (answer, answered) = oneshot::channel();
    if jobs.send((body, answer)).await.is_err() {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    match answered.await {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, address, folder] = arguments.as_slice() else {
        panic!("usage: reference ADDRESS FOLDER");
    };
    let listener = TcpListener::bind(address).await.unwrap();
    let (jobs, waiting) = mpsc::channel(4096);
    let folder = folder.clone();
    std::thread::spawn(move || write(&folder, waiting));
    let router = Router::new()
        .route("/r", post(take))
        .with_state(Arc::new(jobs));
    axum::serve(listener, router).await.unwrap();
}
