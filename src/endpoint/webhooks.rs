//! Messages to the supplier's systems: signed as Standard Webhooks says, and sent to public addresses only.
//!
//! A name is looked up once; what it says is judged, and the connection goes to that very address. Whoever answers another one
//! later, or sends elsewhere, gets nothing.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

use super::keys;

/// The whole of one delivery, name and all.
const WHOLE: Duration = Duration::from_secs(15);
/// Looking a name up, and connecting.
const STEP: Duration = Duration::from_secs(5);
/// The longest a receiver may put us off: a day, in seconds.
const MOST_PUT_OFF: u64 = 86_400;

/// A block of addresses, written `10.1.0.0/16`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

/// The text is no block of addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotANetwork(String);

impl fmt::Display for NotANetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no network; write it like 10.1.0.0/16", self.0)
    }
}

impl std::error::Error for NotANetwork {}

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let read = || {
            let (address, bits) = text.split_once('/')?;
            let address: IpAddr = address.parse().ok()?;
            let bits: u8 = bits.parse().ok()?;
            let most = if address.is_ipv4() { 32 } else { 128 };
            (bits <= most).then_some(Self { address, bits })
        };
        read().ok_or_else(|| NotANetwork(text.to_owned()))
    }
}

impl Network {
    fn holds(self, address: IpAddr) -> bool {
        let number = |address: IpAddr| match address {
            IpAddr::V4(address) => u128::from(u32::from(address)) << 96,
            IpAddr::V6(address) => u128::from(address),
        };
        let shift = 128_u32.saturating_sub(u32::from(self.bits));
        let front = |address| number(address).checked_shr(shift).unwrap_or_default();
        self.address.is_ipv4() == address.is_ipv4() && front(self.address) == front(address)
    }
}

/// Looks a host's addresses up.
pub type Lookup = Arc<dyn Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync>;

/// Where messages may go.
#[derive(Clone)]
pub struct Reach {
    /// Networks of the supplier's own that are reached although they are not public.
    pub networks: Vec<Network>,
    /// Whether plain HTTP is spoken, too. No setting of the program turns it on; tests do.
    pub plain: bool,
    /// Asks for names; the machine's way, unless a test has another.
    pub lookup: Lookup,
}

impl Default for Reach {
    fn default() -> Self {
        Self {
            networks: Vec::new(),
            plain: false,
            lookup: Arc::new(|host, port| Ok((host, port).to_socket_addrs()?.collect())),
        }
    }
}

impl fmt::Debug for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reach({:?})", self.networks)
    }
}

/// Why an address is no place for messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressError {
    /// It is no address, or has a name and password, or a fragment.
    Malformed,
    /// It does not begin with `https://`.
    NotHttps,
    /// There is no such host.
    NoSuchHost,
    /// The host is not public: this machine, a private network, or a special one.
    NotPublic,
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "this is no address; write https://host/path",
            Self::NotHttps => "messages go out by https only; write https://host/path",
            Self::NoSuchHost => "there is no such host",
            Self::NotPublic => {
                "the host is not public; a network of your own can be allowed with --hook-network"
            }
        })
    }
}

impl std::error::Error for AddressError {}

/// Whether an address is one of the public internet. Of IPv6 only global unicast is, and of that nothing that leads on to an
/// IPv4 address.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => is_public_v4(address),
            None => is_public_v6(address),
        },
    }
}

/// The IANA registry of special-purpose addresses (RFC 6890) and multicast are not public.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, ..)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 168, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    );
    !is_special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let is_global = a & 0xe000 == 0x2000;
    // Protocol assignments with Teredo, documentation, 6to4, documentation again.
    let is_special =
        (a == 0x2001 && (b < 0x0200 || b == 0x0db8)) || a == 0x2002 || (a == 0x3fff && b < 0x1000);
    is_global && !is_special
}

impl Reach {
    fn allows(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        is_public(address) || self.networks.iter().any(|network| network.holds(address))
    }

    /// Judges the address of a receiver, and looks its host up.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn check(&self, address: &str) -> Result<(), AddressError> {
        let uri: Uri = address.parse().map_err(|_| AddressError::Malformed)?;
        self.addresses(&uri).map(|_| ())
    }

    /// The host's addresses, all of them allowed: one that is not spoils the others.
    fn addresses(&self, uri: &Uri) -> Result<Vec<SocketAddr>, AddressError> {
        let default = match uri.scheme_str() {
            Some("https") => 443,
            Some("http") if self.plain => 80,
            Some(_) => return Err(AddressError::NotHttps),
            None => return Err(AddressError::Malformed),
        };
        let authority = uri.authority().ok_or(AddressError::Malformed)?;
        if authority.as_str().contains('@') {
            return Err(AddressError::Malformed);
        }
        let host = authority
            .host()
            .trim_start_matches('[')
            .trim_end_matches(']');
        if host.is_empty() {
            return Err(AddressError::Malformed);
        }
        let found = self.look_up(host, authority.port_u16().unwrap_or(default))?;
        if found.is_empty() {
            return Err(AddressError::NoSuchHost);
        }
        if found.iter().all(|found| self.allows(found.ip())) {
            Ok(found)
        } else {
            Err(AddressError::NotPublic)
        }
    }

    /// Asks, and waits no longer than [`STEP`].
    fn look_up(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, AddressError> {
        let (tell, told) = mpsc::sync_channel(1);
        let (lookup, host) = (Arc::clone(&self.lookup), host.to_owned());
        let asked = std::thread::Builder::new().spawn(move || drop(tell.send(lookup(&host, port))));
        asked.map_err(|_| AddressError::NoSuchHost)?;
        match told.recv_timeout(STEP) {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(_)) | Err(_) => Err(AddressError::NoSuchHost),
        }
    }
}

/// Gives the connection the addresses that were judged, and no others.
#[derive(Debug)]
struct Pinned(Reach);

impl Resolver for Pinned {
    fn resolve(
        &self,
        uri: &Uri,
        _: &ureq::config::Config,
        _: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self
            .0
            .addresses(uri)
            .map_err(|error| ureq::Error::Other(Box::new(error)))?;
        let mut addresses = self.empty();
        for address in found.into_iter().take(16) {
            addresses.push(address);
        }
        Ok(addresses)
    }
}

/// Why a message did not arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undelivered {
    /// It is tried again, at the earliest after so many seconds.
    Passing(String, u64),
    /// The receiver is gone for good, or no place for messages.
    Never(String),
}

/// Sends messages.
#[derive(Debug)]
pub struct Sender(ureq::Agent);

impl Sender {
    /// A sender with this reach: no redirects, no proxy from the environment, no connection kept.
    pub fn new(reach: Reach) -> Self {
        let config = ureq::Agent::config_builder()
            .https_only(!reach.plain)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .max_idle_connections(0)
            .max_idle_connections_per_host(0)
            .max_response_header_size(16 * 1024)
            .user_agent(concat!("qingting/", env!("CARGO_PKG_VERSION")))
            .timeout_global(Some(WHOLE))
            .timeout_connect(Some(STEP))
            .build();
        let connector = DefaultConnector::default();
        Self(ureq::Agent::with_parts(config, connector, Pinned(reach)))
    }

    /// Sends one message; only a 2xx counts as taken, and nothing of the answer's body is read. Blocks on the network.
    ///
    /// # Errors
    /// Says whether to try again.
    pub fn send(
        &self,
        address: &str,
        id: &str,
        timestamp: i64,
        body: &str,
        secrets: &[[u8; 32]],
    ) -> Result<(), Undelivered> {
        let signatures: Vec<_> = secrets
            .iter()
            .map(|secret| signature(secret, id, timestamp, body))
            .collect();
        let sent = self
            .0
            .post(address)
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp.to_string())
            .header("webhook-signature", signatures.join(" "))
            .send(body);
        match sent {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) => {
                let status = answer.status().as_u16();
                let asked = answer.headers().get("retry-after");
                let asked = asked.and_then(|text| text.to_str().ok()?.trim().parse::<u64>().ok());
                let text = format!("the receiver answered {status}");
                Err(match status {
                    // The receiver's own word that it takes no more, ever.
                    410 => Undelivered::Never(text),
                    _ => Undelivered::Passing(text, asked.unwrap_or(0).min(MOST_PUT_OFF)),
                })
            }
            Err(error) => Err(Undelivered::Passing(error.to_string(), 0)),
        }
    }
}

/// `v1,` and HMAC-SHA256 over `ID.TIMESTAMP.BODY` in base64 (Standard Webhooks 1.0).
pub fn signature(secret: &[u8], id: &str, timestamp: i64, body: &str) -> String {
    let signed = format!("{id}.{timestamp}.{body}");
    [
        "v1,",
        &BASE64.encode(keys::mac(secret, &[signed.as_bytes()])),
    ]
    .concat()
}

/// A secret as its receiver gets it: `whsec_` and base64.
pub fn shown(secret: &[u8; 32]) -> String {
    ["whsec_", &BASE64.encode(secret)].concat()
}
