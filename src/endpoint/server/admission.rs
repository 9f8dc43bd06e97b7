//! How many connections may be open, in all and from one address, and who counts for one.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use ipnet::IpNet;

use crate::endpoint::config::Limits;
use crate::endpoint::guard::client::{is_in, prefix};
use crate::endpoint::metrics::Metrics;

/// Counts open connections.
#[derive(Clone, Debug)]
pub(super) struct Admission(Arc<Counting>);

#[derive(Debug)]
struct Counting {
    most: usize,
    most_per_address: usize,
    proxies: Vec<IpNet>,
    metrics: Metrics,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    admitted: usize,
    overloaded: usize,
    by_address: HashMap<u128, usize>,
}

/// What to do with a new connection.
pub(super) enum Verdict {
    /// Serve it.
    Admitted(Place),
    /// Tell it to come again later.
    Overloaded(Place),
    /// Close it: there are too many even to be told.
    Refused,
}

/// A counted connection; dropping it makes room.
#[derive(Debug)]
pub(super) struct Place {
    admission: Admission,
    address: u128,
    is_admitted: bool,
}

impl Admission {
    pub(super) fn new(limits: &Limits, metrics: Metrics) -> Self {
        // Each connection needs a file, and so do the database and the bundle.
        let files = usize::try_from(rlimit::increase_nofile_limit(u64::MAX).unwrap_or(1_024));
        let files = files.unwrap_or(usize::MAX).saturating_sub(128);
        Self(Arc::new(Counting {
            most: limits.connections.min(files / 8 * 7),
            metrics,
            most_per_address: limits.connections_per_address,
            proxies: limits.proxies.clone(),
            open: Mutex::default(),
        }))
    }

    pub(super) fn admit(&self, address: IpAddr) -> Verdict {
        let is_counted = !is_in(&self.0.proxies, address);
        let address = prefix(address);
        let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        // A reverse proxy speaks for many; it has limits of its own.
        let of_address = open.by_address.get(&address).copied().unwrap_or_default();
        let place = |is_admitted| Place {
            admission: self.clone(),
            address,
            is_admitted,
        };
        if open.admitted < self.0.most && (!is_counted || of_address < self.0.most_per_address) {
            open.admitted += 1;
            self.0.metrics.connections.inc();
            *open.by_address.entry(address).or_default() += 1;
            Verdict::Admitted(place(true))
        } else {
            self.0.metrics.limit("connections");
            if open.overloaded >= self.0.most / 8 + 8 {
                return Verdict::Refused;
            }
            open.overloaded += 1;
            Verdict::Overloaded(place(false))
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self
            .admission
            .0
            .open
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if !self.is_admitted {
            open.overloaded = open.overloaded.saturating_sub(1);
            return;
        }
        open.admitted = open.admitted.saturating_sub(1);
        self.admission.0.metrics.connections.dec();
        if let Some(count) = open.by_address.get_mut(&self.address) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                open.by_address.remove(&self.address);
            }
        }
    }
}
