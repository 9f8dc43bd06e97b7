//! Ten times more than can be stored: whoever is taken waits less than a second, the others hear at once, nothing is lost.

use std::sync::Arc;
use std::time::{Duration, Instant};

use qingting::endpoint::store::{Outcome, Sheet, Sqlite, Store, StoreError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Folder, TestServer, request, sheet};

/// A disk that takes 50 ms for a commit, and a batch of four: eighty sheets a second.
#[derive(Debug)]
struct Slow(Sqlite);

impl Store for Slow {
    fn commit(&mut self, batch: &[Sheet]) -> Result<Vec<Outcome>, StoreError> {
        std::thread::sleep(Duration::from_millis(50));
        self.0.commit(batch)
    }
}

const SECONDS: u32 = 3;
const A_SECOND: u32 = 800;

/// Status, whether it says when to come again, and how long after its moment the answer was there.
type Answered = (u16, bool, Duration);

/// Sends a request at each moment, whatever became of those before: an open loop. `first` numbers the sheets.
async fn load(address: std::net::SocketAddr, first: u64) -> Vec<Answered> {
    let count = SECONDS * A_SECOND;
    // Written before, so that only the endpoint works meanwhile.
    let requests: Vec<_> = (first..first + u64::from(count))
        .map(|n| {
            let headers = [
                ("content-type", "application/json"),
                ("connection", "close"),
            ];
            let body = serde_json::to_vec(&sheet(n)).unwrap();
            request(address, "POST", "/v1/responses", &headers, &body)
        })
        .collect();
    let begin = Instant::now();
    let mut tasks = Vec::new();
    for (n, bytes) in (0..count).zip(requests) {
        let moment = begin + Duration::from_secs(1) / A_SECOND * n;
        tokio::time::sleep_until(moment.into()).await;
        tasks.push(tokio::spawn(async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(&bytes).await.unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await.unwrap();
            let answer = String::from_utf8_lossy(&answer).into_owned();
            let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
            (status, answer.contains("retry-after: "), moment.elapsed())
        }));
    }
    let mut answered = Vec::new();
    for task in tasks {
        answered.push(task.await.unwrap());
    }
    answered
}

fn p99(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() * 99 / 100]
}

#[test]
fn ten_times_the_capacity_is_refused_early_and_what_is_taken_is_quick() {
    let server = TestServer::start_over(
        Folder::new().with_survey(),
        |config| config.limits.batch = 4,
        |store, reader| (Slow(store), Arc::new(reader)),
    );
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut stored = 0;
    // A quiet machine is not to be had, so that three rounds are.
    let is_kept = (0..3_u64).any(|round| {
        let answered = runtime.block_on(load(server.address, 1 + round * 1_000_000));
        let of = |status: u16| -> Vec<Duration> {
            let of = answered.iter().filter(|(known, ..)| *known == status);
            of.map(|(_, _, took)| *took).collect()
        };
        let (taken, refused) = (of(201), of(503));
        stored += taken.len();
        assert_eq!(
            taken.len() + refused.len(),
            answered.len(),
            "nothing else happens"
        );
        assert!(
            answered
                .iter()
                .all(|(status, says, _)| (*status == 503) == *says),
            "Retry-After"
        );
        assert!(taken.len() > 100, "it goes on storing");
        let (slowest, longest) = (p99(taken.clone()), p99(refused.clone()));
        println!(
            "of {} sheets at ten times the capacity {} taken, p99 {slowest:?}; {} refused, p99 {longest:?}",
            answered.len(),
            taken.len(),
            refused.len(),
        );
        slowest < Duration::from_secs(1) && longest < Duration::from_millis(50)
    });
    assert!(is_kept, "taken within a second, refused within 50 ms");
    assert_eq!(server.folder.rows().len(), stored, "none lost, none twice");
    // The control: whoever takes everything that comes lets nearly all of it wait for seconds.
    let line = Arc::new(tokio::sync::Mutex::new(()));
    let take = async move |_: axum::body::Bytes| {
        let turn = line.lock().await;
        tokio::time::sleep(Duration::from_micros(12_500)).await;
        drop(turn);
        axum::http::StatusCode::CREATED
    };
    let router = axum::Router::new().route("/v1/responses", axum::routing::post(take));
    let taken = runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async { axum::serve(listener, router).await });
        let answered = tokio::time::timeout(Duration::from_secs(8), load(address, 1)).await;
        answered.map(|answered| p99(answered.into_iter().map(|(_, _, took)| took).collect()))
    });
    assert!(taken.is_err() || taken.is_ok_and(|p99| p99 > Duration::from_secs(1)));
}
