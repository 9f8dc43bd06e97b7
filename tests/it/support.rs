//! What the tests stand on: a server on a port of its own, and a client that checks every answer it gets.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use qingting::api::{Problem, ProblemCode, Receipt};
use qingting::endpoint::clock::{Clock, Timestamp};
use qingting::endpoint::config::Config;
use qingting::endpoint::publish::publish;
use qingting::endpoint::server::{Endpoint, StartError};
use qingting::endpoint::store::{Filter, ReadSqlite, Reader, Sqlite, Store, StoredResponse};
use qingting::survey::Value;
use tokio::sync::oneshot;

/// `qingting` as a process.
mod process;

pub use process::{Process, qingting};

/// The survey most tests answer.
pub const SURVEY: &str = include_str!("../fixtures/survey.json");
/// The moment at which the tests' clock stands: 2026-11-23T10:00:41.500Z.
pub const NOW: i64 = 1_795_428_041_500;
/// Longer than anything here may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Every header an answer may have. A new one is a decision, not an accident.
const HEADERS: &[&str] = &[
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "access-control-max-age",
    "allow",
    "cache-control",
    "connection",
    "content-disposition",
    "content-encoding",
    "content-length",
    "content-security-policy",
    "content-type",
    "cross-origin-resource-policy",
    "date",
    "etag",
    "location",
    "referrer-policy",
    "retry-after",
    "set-cookie",
    "vary",
    "x-content-type-options",
    "x-qingting-build",
];

/// A folder that goes away with the test.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let name = format!(
            "qingting-it-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Publishes the tests' survey as `delivery`.
    pub fn with_survey(self) -> Self {
        publish(
            &self.0,
            "delivery",
            SURVEY,
            Duration::from_secs(5),
            Timestamp(NOW),
        )
        .unwrap();
        self
    }

    /// Every stored response.
    pub fn rows(&self) -> Vec<StoredResponse> {
        rows(&self.0)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Every stored response of a data folder.
pub fn rows(data: &Path) -> Vec<StoredResponse> {
    let reader = ReadSqlite::open(data, Duration::from_secs(5)).unwrap();
    let mut rows = Vec::new();
    let collect = |row| -> Result<(), qingting::endpoint::store::StoreError> {
        rows.push(row);
        Ok(())
    };
    reader
        .for_each_response(Filter::default(), collect)
        .unwrap();
    rows
}

/// An endpoint inside this process.
#[derive(Debug)]
pub struct TestServer {
    pub address: SocketAddr,
    pub folder: Folder,
    now: Arc<AtomicI64>,
    demo: Option<String>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl TestServer {
    /// The usual endpoint with the survey `delivery`.
    pub fn start() -> Self {
        Self::start_with(|_| {})
    }

    /// As [`TestServer::start`], with other settings.
    pub fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::start_over(Folder::new().with_survey(), change, |store, reader| {
            (store, Arc::new(reader))
        })
    }

    /// An endpoint over an existing folder, and over another store or reader.
    pub fn start_over<S: Store>(
        folder: Folder,
        change: impl FnOnce(&mut Config),
        wrap: impl FnOnce(Sqlite, ReadSqlite) -> (S, Arc<dyn Reader>) + Send + 'static,
    ) -> Self {
        Self::start_narrow(folder, 512, change, wrap)
    }

    /// As [`TestServer::start_over`], with so many threads for what blocks.
    pub fn start_narrow<S: Store>(
        folder: Folder,
        blocking: usize,
        change: impl FnOnce(&mut Config),
        wrap: impl FnOnce(Sqlite, ReadSqlite) -> (S, Arc<dyn Reader>) + Send + 'static,
    ) -> Self {
        let now = Arc::new(AtomicI64::new(NOW));
        let mut config = Config::new("127.0.0.1:0".parse().unwrap(), folder.path().to_owned());
        let clock = Arc::clone(&now);
        config.clock = Clock::from_fn(move || Timestamp(clock.load(Ordering::Relaxed)));
        // A clock that a test moves on has not jumped.
        config.limits.steady = Duration::ZERO;
        change(&mut config);
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .max_blocking_threads(blocking)
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let endpoint: Endpoint = match Endpoint::open_with(config, wrap).await {
                    Ok(endpoint) => endpoint,
                    Err(error) => return tell.send(Err::<_, StartError>(error)).unwrap(),
                };
                tell.send(Ok((
                    endpoint.address(),
                    endpoint.demo_origin().map(str::to_owned),
                )))
                .unwrap();
                endpoint.run(async { drop(stopped.await) }).await;
            });
        });
        let (address, demo) = told.recv_timeout(PATIENCE).unwrap().unwrap();
        Self {
            address,
            folder,
            now,
            demo,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// Moves the endpoint's clock on.
    pub fn pass(&self, ms: i64) {
        self.now.fetch_add(ms, Ordering::Relaxed);
    }

    /// Sets the endpoint's clock to the machine's, which is what commands beside it go by.
    pub fn keep_the_machines_time(&self) {
        self.now.store(Clock::system().now().0, Ordering::Relaxed);
    }

    /// The demo portal's origin.
    pub fn demo(&self) -> &str {
        self.demo.as_deref().unwrap()
    }

    /// Asks it to stop without waiting.
    pub fn begin_stop(&mut self) {
        drop(self.stop.take());
    }

    /// Stops it and waits until all is on disk; the folder stays.
    pub fn stop(&mut self) {
        self.begin_stop();
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }

    /// GET, checked.
    pub fn get(&self, path: &str, status: u16) -> Answer {
        self.call("GET", path, &[], b"", status)
    }

    /// Posts an answer sheet, checked.
    pub fn post(&self, body: &Value, status: u16) -> Answer {
        self.post_text(&serde_json::to_string(body).unwrap(), status)
    }

    /// Posts a text as JSON, checked.
    pub fn post_text(&self, body: &str, status: u16) -> Answer {
        self.call(
            "POST",
            "/v1/responses",
            &[("content-type", "application/json")],
            body.as_bytes(),
            status,
        )
    }

    /// One request on a connection of its own, its answer checked.
    pub fn call(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
        status: u16,
    ) -> Answer {
        let answer = Connection::open(self.address)
            .call(method, path, headers, body)
            .unwrap();
        answer.check(status, self.folder.path());
        answer
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A kept-alive connection of the tests' own client: it can say things no library lets one say.
#[derive(Debug)]
pub struct Connection(pub BufReader<TcpStream>);

impl Connection {
    pub fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        Self(BufReader::new(stream))
    }

    pub fn call(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> std::io::Result<Answer> {
        self.send(&request(
            self.0.get_ref().peer_addr()?,
            method,
            path,
            headers,
            body,
        ))?;
        let answer = self.answer(method)?;
        crate::contract::hold(method, path, &answer);
        Ok(answer)
    }

    pub fn send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.0.get_mut().write_all(bytes)
    }

    /// Reads one answer; an error if the connection ends before it is whole.
    pub fn answer(&mut self, method: &str) -> std::io::Result<Answer> {
        let broken =
            |what: &str| std::io::Error::new(std::io::ErrorKind::UnexpectedEof, what.to_owned());
        let mut line = String::new();
        self.0.read_line(&mut line)?;
        let status = line
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .ok_or_else(|| broken("no status line"))?;
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line)?;
            let line = line
                .strip_suffix("\r\n")
                .ok_or_else(|| broken("in the headers"))?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').unwrap();
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut answer = Answer {
            status,
            headers,
            body: Vec::new(),
        };
        let length = answer
            .header("content-length")
            .map_or(0, |length| length.parse().unwrap());
        if method != "HEAD" && status != 304 {
            answer.body.resize(length, 0);
            self.0.read_exact(&mut answer.body)?;
        }
        Ok(answer)
    }

    /// How long until the other side closes or answers; nothing if it does neither within `patience`.
    pub fn ends_within(&mut self, patience: Duration) -> Option<Duration> {
        let begin = std::time::Instant::now();
        self.0.get_ref().set_read_timeout(Some(patience)).unwrap();
        let mut byte = [0];
        match self.0.read(&mut byte) {
            Err(error)
                if matches!(
                    error.kind(),
                    std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
                ) =>
            {
                None
            }
            Ok(_) | Err(_) => Some(begin.elapsed()),
        }
    }
}

/// The bytes of a request.
pub fn request(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Vec<u8> {
    let mut head = format!("{method} {path} HTTP/1.1\r\n");
    if !headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("host"))
    {
        head.push_str(&format!("host: {address}\r\n"));
    }
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() || method == "POST" {
        head.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    head.push_str("\r\n");
    [head.as_bytes(), body].concat()
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn receipt(&self) -> Receipt {
        Receipt::from_value(&self.json()).unwrap()
    }

    pub fn problem(&self) -> Problem {
        Problem::from_value(&self.json()).unwrap()
    }

    /// The code of a refusal and the paths it names.
    pub fn refusal(&self) -> (ProblemCode, Vec<String>) {
        let problem = self.problem();
        (
            problem.code,
            problem.errors.into_iter().map(|error| error.path).collect(),
        )
    }

    /// What must hold for every answer there is.
    pub fn check(&self, status: u16, data: &Path) {
        let shown = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status, status, "{shown}");
        for (name, value) in &self.headers {
            assert!(
                HEADERS.contains(&name.as_str()),
                "unexpected header {name}: {value}"
            );
        }
        assert_eq!(self.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(self.header("referrer-policy"), Some("no-referrer"));
        let policy = self.header("content-security-policy").unwrap();
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors"),
            "{policy}"
        );
        assert_ne!(
            self.header("access-control-allow-credentials"),
            Some("true")
        );
        let is_page = self
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("text/html"));
        if status < 400 || is_page || self.body.is_empty() {
            return;
        }
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json")
        );
        let value = self.json();
        let problem = self.problem();
        assert_eq!(
            problem.to_value(),
            value,
            "a problem has just the fields of the contract"
        );
        assert_eq!(problem.code.status(), status);
        assert_eq!(
            matches!(status, 429 | 503 | 507),
            self.header("retry-after").is_some(),
            "Retry-After where one may try again"
        );
        for inside in [
            "sqlite",
            "SELECT",
            "panicked",
            "src/",
            ".rs",
            "serde",
            "axum",
            "hyper",
            &data.display().to_string(),
        ] {
            assert!(
                !shown.contains(inside),
                "{inside:?} is nobody's business: {shown}"
            );
        }
    }
}

/// A sheet of the tests' survey; `n` makes its id.
pub fn sheet(n: u64) -> Value {
    sheet_of(n, 1, true, &[("overall", Value::Number(4.0))])
}

/// A sheet with these answers.
pub fn sheet_of(n: u64, revision: u32, complete: bool, answers: &[(&str, Value)]) -> Value {
    let answers = answers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    let mut value: Value =
        serde_json::from_str(include_str!("../fixtures/wire/submission.json")).unwrap();
    value.set("id", Value::Text(format!("{n:032x}")));
    value.set("revision", Value::Number(f64::from(revision)));
    value.set("complete", Value::Bool(complete));
    value.set("answers", Value::Object(answers));
    value
}
