//! Where a request comes from: the other end of the connection, or whom a trusted reverse proxy names.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// What only proxies send.
const OF_PROXIES: [&str; 4] = ["x-forwarded-for", "forwarded", "via", "x-real-ip"];

/// Whether `address` belongs to one of `networks`.
pub(in crate::endpoint) fn is_in(networks: &[IpNet], address: IpAddr) -> bool {
    let address = address.to_canonical();
    networks.iter().any(|network| network.contains(&address))
}

/// The address that counts as the client's; nothing where a proxy does not say whom it speaks for.
///
/// `X-Forwarded-For` is walked from the right: each hop was written by the one after it, so that the first address that is
/// no trusted proxy is the last one that can be believed. What stands left of it may be anybody's invention.
pub(in crate::endpoint) fn address(
    peer: IpAddr,
    headers: &HeaderMap,
    proxies: &[IpNet],
) -> Option<IpAddr> {
    let peer = peer.to_canonical();
    if !is_in(proxies, peer) {
        return Some(peer);
    }
    let lines: Vec<_> = headers.get_all(FORWARDED_FOR).iter().collect();
    for line in lines.iter().rev() {
        for hop in line.to_str().ok()?.rsplit(',') {
            let hop = named(hop.trim())?.to_canonical();
            if !is_in(proxies, hop) {
                return Some(hop);
            }
        }
    }
    None
}

/// Whether nobody stands between: an operator on the machine itself, not somebody behind its proxy.
pub(in crate::endpoint) fn is_direct(headers: &HeaderMap) -> bool {
    OF_PROXIES.iter().all(|name| !headers.contains_key(*name))
}

/// The part of an address that belongs to one customer's line: IPv6 is given out by /64.
pub(in crate::endpoint) fn prefix(address: IpAddr) -> u128 {
    match address.to_canonical() {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits() >> 64 << 64,
    }
}

/// Some proxies add the port.
fn named(hop: &str) -> Option<IpAddr> {
    let bare = hop
        .parse()
        .ok()
        .or_else(|| hop.trim_matches(['[', ']']).parse().ok());
    bare.or_else(|| Some(hop.parse::<std::net::SocketAddr>().ok()?.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walked(peer: &str, lines: &[&str]) -> Option<String> {
        let proxies: Vec<IpNet> = ["127.0.0.1/32", "10.0.0.0/8"]
            .iter()
            .filter_map(|network| network.parse().ok())
            .collect();
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, line.parse().ok()?);
        }
        let found = address(peer.parse().ok()?, &headers, &proxies);
        found.map(|address| address.to_string())
    }

    #[test]
    fn only_what_trusted_proxies_wrote_is_believed() {
        let some = |text: &str| Some(text.to_owned());
        // Nobody's word but the connection's.
        assert_eq!(
            walked("203.0.113.9", &["198.51.100.1"]),
            some("203.0.113.9")
        );
        assert_eq!(walked("::ffff:203.0.113.9", &[]), some("203.0.113.9"));
        // From the right; the invention on the left is not looked at.
        assert_eq!(
            walked("127.0.0.1", &["1.2.3.4, 203.0.113.9"]),
            some("203.0.113.9")
        );
        assert_eq!(
            walked("127.0.0.1", &["junk, 203.0.113.9, 10.0.0.7"]),
            some("203.0.113.9")
        );
        assert_eq!(
            walked("127.0.0.1", &["1.2.3.4", "203.0.113.9"]),
            some("203.0.113.9")
        );
        assert_eq!(
            walked("10.1.1.1", &["[2001:db8::1]:4711"]),
            some("2001:db8::1")
        );
        assert_eq!(walked("10.1.1.1", &["203.0.113.9:80"]), some("203.0.113.9"));
        // Nobody is named.
        assert_eq!(walked("127.0.0.1", &[]), None);
        assert_eq!(walked("127.0.0.1", &["unknown"]), None);
        assert_eq!(walked("127.0.0.1", &["10.0.0.1, 10.0.0.2"]), None);
    }

    #[test]
    fn an_ipv6_line_is_one_customer() {
        let one = |text: &str| text.parse().map(prefix).ok();
        assert_eq!(one("2001:db8::1"), one("2001:db8::ffff:1"));
        assert_ne!(one("2001:db8::1"), one("2001:db8:0:1::1"));
        assert_ne!(one("192.0.2.1"), one("192.0.2.2"));
        assert_eq!(one("::ffff:192.0.2.1"), one("192.0.2.1"));
    }
}
