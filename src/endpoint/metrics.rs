//! Figures for whoever runs the endpoint, in the text format of Prometheus. No label names a person, a case or a survey.

use std::fmt;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// Upper bounds in seconds: from a read out of memory to a request at its deadline.
const SECONDS: [f64; 11] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0, 60.0,
];

/// A request as it is counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(in crate::endpoint) struct Asked {
    /// The route with its places left open, or `elsewhere`.
    pub(in crate::endpoint) route: String,
    /// The status of the answer.
    pub(in crate::endpoint) status: u16,
}

/// Why something was refused before it was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(in crate::endpoint) struct Limit {
    /// `address`, `survey`, `token`, `overall`, `connections`.
    pub(in crate::endpoint) limit: &'static str,
}

/// What is counted. Clones share it.
#[derive(Clone)]
pub struct Metrics {
    registry: std::sync::Arc<Registry>,
    /// Answers by route and status.
    pub(in crate::endpoint) requests: Family<Asked, Counter>,
    /// From a request's head to the start of its answer.
    pub(in crate::endpoint) duration: Histogram,
    /// What a limit refused.
    pub(in crate::endpoint) limited: Family<Limit, Counter>,
    /// Open connections.
    pub(in crate::endpoint) connections: Gauge,
    /// Sheets that wait for the writer.
    pub(in crate::endpoint) waiting: Gauge,
    /// Sheets that were acknowledged.
    pub(in crate::endpoint) stored: Counter,
    /// Commits of sheets.
    pub(in crate::endpoint) commits: Counter,
    /// Commits of sheets that failed.
    pub(in crate::endpoint) failed: Counter,
    /// How long a commit takes.
    pub(in crate::endpoint) commit: Histogram,
    /// How long the engine of cases is behind.
    pub(in crate::endpoint) lag: Gauge<f64, AtomicU64>,
    /// Sheets that the Scores page does not count yet.
    pub(in crate::endpoint) uncounted: Gauge,
    /// The database and its write-ahead log.
    pub(in crate::endpoint) database: Gauge,
    pub(in crate::endpoint) log: Gauge,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// All at zero.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("qingting");
        let metrics = Self {
            registry: std::sync::Arc::default(),
            requests: Family::default(),
            duration: Histogram::new(SECONDS),
            limited: Family::default(),
            connections: Gauge::default(),
            waiting: Gauge::default(),
            stored: Counter::default(),
            commits: Counter::default(),
            failed: Counter::default(),
            commit: Histogram::new(SECONDS),
            lag: Gauge::default(),
            uncounted: Gauge::default(),
            database: Gauge::default(),
            log: Gauge::default(),
        };
        let it = metrics.clone();
        registry.register("requests", "Answers by route and status", it.requests);
        let help = "From a request's head to the start of its answer";
        registry.register_with_unit("request", help, Unit::Seconds, it.duration);
        registry.register(
            "limited",
            "Requests and connections that a limit refused",
            it.limited,
        );
        registry.register("connections", "Open connections", it.connections);
        registry.register(
            "sheets_waiting",
            "Sheets that wait for the writer",
            it.waiting,
        );
        registry.register(
            "sheets_stored",
            "Sheets that are on disk and acknowledged",
            it.stored,
        );
        registry.register("commits", "Commits of sheets", it.commits);
        registry.register("commits_failed", "Commits of sheets that failed", it.failed);
        registry.register_with_unit(
            "commit",
            "How long a commit takes",
            Unit::Seconds,
            it.commit,
        );
        let help = "How long the longest due step of a case has been due";
        registry.register_with_unit("engine_lag", help, Unit::Seconds, it.lag);
        let help = "Sheets that the Scores page does not count yet";
        registry.register("scores_waiting", help, it.uncounted);
        registry.register_with_unit("database", "Size of qingting.db", Unit::Bytes, it.database);
        let help = "Size of its write-ahead log";
        registry.register_with_unit("database_log", help, Unit::Bytes, it.log);
        Self {
            registry: std::sync::Arc::new(registry),
            ..metrics
        }
    }

    /// Counts a request.
    pub(in crate::endpoint) fn request(&self, route: &str, status: u16, took: Duration) {
        let route = route.to_owned();
        self.requests.get_or_create(&Asked { route, status }).inc();
        self.duration.observe(took.as_secs_f64());
    }

    /// Counts what a limit refused.
    pub(in crate::endpoint) fn limit(&self, limit: &'static str) {
        self.limited.get_or_create(&Limit { limit }).inc();
    }

    /// All of it as text.
    pub(in crate::endpoint) fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}
