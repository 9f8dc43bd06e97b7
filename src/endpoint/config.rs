//! What an operator can set, and the limits that keep the endpoint up under slow, greedy or broken clients.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use ipnet::IpNet;

use super::calendar::Calendar;
use super::clock::{Clock, DAY_MS};
use super::mail::MailSettings;
use super::webhooks::Reach;

pub use super::guard::limiter::{Allowed, NotARate, Rate};

/// Everything `serve` needs to know.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The data folder: `qingting.db`, `keys`, `lock`.
    pub data: PathBuf,
    /// The bundle's site folder; without one the endpoint is a pure API.
    pub site: Option<PathBuf>,
    /// Origins whose pages may call the API. The endpoint's own origin is always allowed.
    pub allow_origins: Vec<Origin>,
    /// Where people reach us, for links in mails and for what portals sign [default: the address of `listen`].
    pub public: Option<Origin>,
    /// Where mail goes out; without it mails wait.
    pub mail: Option<MailSettings>,
    /// Where messages to the supplier's systems may go.
    pub reach: Reach,
    /// Where to show the demo portal, if at all.
    pub demo: Option<SocketAddr>,
    /// Limits of connections, bodies and the writer.
    pub limits: Limits,
    /// How much of what may come in.
    pub rates: Rates,
    /// Who may read `/metrics` and `/readyz`, where nobody stands between: loopback.
    pub operators: Vec<IpNet>,
    /// How long what is kept is kept.
    pub retention: Retention,
    /// When we work.
    pub calendar: Calendar,
    /// Tells the time.
    pub clock: Clock,
}

impl Config {
    /// A configuration with the standard limits, the machine's clock, no bundle, no demo and no listed origin.
    pub fn new(listen: SocketAddr, data: PathBuf) -> Self {
        Self {
            listen,
            data,
            site: None,
            allow_origins: Vec::new(),
            public: None,
            mail: None,
            reach: Reach::default(),
            demo: None,
            limits: Limits::default(),
            rates: Rates::default(),
            operators: loopback(),
            retention: Retention::default(),
            calendar: Calendar::usual(),
            clock: Clock::system(),
        }
    }
}

/// This machine.
pub(super) fn loopback() -> Vec<IpNet> {
    vec![
        IpNet::from(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST)),
        IpNet::from(std::net::IpAddr::V6(Ipv6Addr::LOCALHOST)),
    ]
}

/// How much of what may come in, a second and at once.
#[derive(Clone, Debug)]
pub struct Rates {
    /// Requests to the API from one address (of IPv6, one /64). Many people of one company can share one: 10 a second,
    /// 300 at once.
    pub address: Allowed,
    /// Sheets of one survey: 1,000 a second, 10,000 at once.
    pub survey: Allowed,
    /// Sheets with one invitation, and requests with one key: 50 a second, 1,000 at once.
    pub token: Allowed,
    /// Whatever is posted, in all: 2,000 a second, 20,000 at once.
    pub overall: Allowed,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            address: Allowed::rate(10, 300),
            survey: Allowed::rate(1_000, 10_000),
            token: Allowed::rate(50, 1_000),
            overall: Allowed::rate(2_000, 20_000),
        }
    }
}

/// How long what is kept is kept, in days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Answer sheets, after they came in: 24 months.
    pub responses: u32,
    /// Words and photos of complaints after they were closed, and requests, suggestions and praise after they came in:
    /// 3 years. What remains of a case names nobody.
    pub cases: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            responses: 730,
            cases: 1_095,
        }
    }
}

impl Retention {
    /// So many days in milliseconds.
    pub fn ms(days: u32) -> i64 {
        i64::from(days) * DAY_MS
    }
}

/// How long and how much the endpoint waits for. The values of [`Limits::default`] are the promised ones.
#[derive(Clone, Debug)]
pub struct Limits {
    /// First byte, a whole request head, and an idle kept-alive connection: 10 s.
    pub head: Duration,
    /// Between two pieces of a body: 10 s.
    pub body_idle: Duration,
    /// A whole request, from its head to the start of its answer: 60 s.
    pub request: Duration,
    /// A photo, which comes from a slow phone: 300 s. After [`Limits::head`] it must come at 2 KB a second or more.
    pub photo: Duration,
    /// A client that does not take its answer: 10 s without progress.
    pub write_idle: Duration,
    /// In-flight requests after SIGTERM: 10 s.
    pub grace: Duration,
    /// Connections in all.
    pub connections: usize,
    /// Connections of one address (of IPv6, one /64), unless it is a trusted proxy.
    pub connections_per_address: usize,
    /// Reverse proxies, which speak for many clients and are believed who these are: loopback.
    pub proxies: Vec<IpNet>,
    /// Submissions that may wait for the writer; one more is answered 503.
    pub queue: usize,
    /// Submissions in one commit.
    pub batch: usize,
    /// Threads on which answers are matched against patterns; none of its own: those that everything else uses.
    pub matching_threads: usize,
    /// Sheets that may wait for them; one more is answered 503.
    pub matching_queue: usize,
    /// How long one waits for its turn and its end, before it is answered 503: 2 s.
    pub matching: Duration,
    /// How long a writer waits for another process's lock on the database: 5 s.
    pub busy: Duration,
    /// How long the clock must have gone without a jump before anything is let go for its age: 1 h.
    pub steady: Duration,
    /// How large the database's write-ahead log may grow while somebody reads on and on, in bytes: 1 GiB. Nothing is
    /// stored then, until that ends.
    pub log: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            body_idle: Duration::from_secs(10),
            request: Duration::from_secs(60),
            photo: Duration::from_secs(300),
            write_idle: Duration::from_secs(10),
            grace: Duration::from_secs(10),
            connections: 4096,
            connections_per_address: 256,
            proxies: loopback(),
            queue: 1024,
            batch: 256,
            matching_threads: 2,
            matching_queue: 64,
            matching: Duration::from_secs(2),
            busy: Duration::from_secs(5),
            steady: Duration::from_secs(3_600),
            log: 1 << 30,
        }
    }
}

/// A web origin as browsers send it: scheme, host and, unless it is the scheme's own, port. Compared byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

/// The text is not an origin.
#[derive(Debug, PartialEq, Eq)]
pub struct NotAnOrigin(String);

impl fmt::Display for NotAnOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not an origin; write it as a browser sends it, for example https://portal.example.com (scheme and host in lower case, no path, no * and no default port)",
            self.0
        )
    }
}

impl std::error::Error for NotAnOrigin {}

impl Origin {
    /// The origin's text, as in the `Origin` header.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Origin {
    type Err = NotAnOrigin;

    /// Takes only what a browser would send, so that a listed origin can be compared as it stands.
    fn from_str(text: &str) -> Result<Self, NotAnOrigin> {
        let refused = || NotAnOrigin(text.to_owned());
        let (rest, own_port) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
            (Some(rest), _) => (rest, "443"),
            (_, Some(rest)) => (rest, "80"),
            (None, None) => return Err(refused()),
        };
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !rest.ends_with(']') => (host, Some(port)),
            _ => (rest, None),
        };
        let is_port =
            |port: &str| port != own_port && !port.starts_with('0') && port.parse::<u16>().is_ok();
        let is_name =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
        let is_host = match host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
        {
            Some(address) => address.parse::<Ipv6Addr>().is_ok(),
            None => !host.is_empty() && host.chars().all(is_name) && !host.ends_with('.'),
        };
        if is_host && port.is_none_or(is_port) {
            Ok(Self(text.to_owned()))
        } else {
            Err(refused())
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
