//! How many connections may be open, in all and from one address, and who counts for one.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::endpoint::config::Limits;

/// Counts open connections.
#[derive(Clone, Debug)]
pub(super) struct Admission(Arc<Counting>);

#[derive(Debug)]
struct Counting {
    most: usize,
    most_per_address: usize,
    proxies: Vec<IpAddr>,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    admitted: usize,
    overloaded: usize,
    by_address: HashMap<IpAddr, usize>,
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
    address: IpAddr,
    is_admitted: bool,
}

impl Admission {
    pub(super) fn new(limits: &Limits) -> Self {
        Self(Arc::new(Counting {
            most: limits.connections,
            most_per_address: limits.connections_per_address,
            proxies: limits.proxies.clone(),
            open: Mutex::default(),
        }))
    }

    pub(super) fn admit(&self, address: IpAddr) -> Verdict {
        let address = address.to_canonical();
        let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        // A reverse proxy speaks for many; it has limits of its own.
        let is_counted = !self.0.proxies.contains(&address);
        let of_address = open.by_address.get(&address).copied().unwrap_or_default();
        let place = |is_admitted| Place {
            admission: self.clone(),
            address,
            is_admitted,
        };
        if open.admitted < self.0.most && (!is_counted || of_address < self.0.most_per_address) {
            open.admitted += 1;
            *open.by_address.entry(address).or_default() += 1;
            Verdict::Admitted(place(true))
        } else if open.overloaded < self.0.most / 8 + 8 {
            open.overloaded += 1;
            Verdict::Overloaded(place(false))
        } else {
            Verdict::Refused
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
        if let Some(count) = open.by_address.get_mut(&self.address) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                open.by_address.remove(&self.address);
            }
        }
    }
}
