//! A gate before the endpoint on an address that stays: open, shut, slow, one that loses answers, or somebody else's.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::hosts::{self, Request};
use crate::process::lock;

/// What the network between a customer and the endpoint is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weather {
    /// Everything passes.
    Clear,
    /// Nobody answers.
    Down,
    /// Everything passes, each answer this much later.
    Slow(Duration),
    /// Sheets arrive, their answers do not.
    LosesAnswers,
    /// A captive portal: it answers everything itself, 200 and HTML, and lets every origin read it.
    CaptivePortal,
}

#[derive(Debug)]
struct Inner {
    weather: Mutex<Weather>,
    endpoint: Mutex<SocketAddr>,
    /// Every connection that is open, so that a change of weather reaches it.
    streams: Mutex<Vec<TcpStream>>,
    posts: AtomicUsize,
    is_over: AtomicBool,
}

/// The gate; it shuts for good on drop.
#[derive(Debug)]
pub(crate) struct Gate {
    address: SocketAddr,
    inner: Arc<Inner>,
}

impl Gate {
    /// Opens a gate before `endpoint` on the listener's address.
    pub(crate) fn before(endpoint: SocketAddr, listener: TcpListener) -> Self {
        let address = listener
            .local_addr()
            .expect("a bound listener has an address");
        let inner = Arc::new(Inner {
            weather: Mutex::new(Weather::Clear),
            endpoint: Mutex::new(endpoint),
            streams: Mutex::default(),
            posts: AtomicUsize::new(0),
            is_over: AtomicBool::new(false),
        });
        let shared = Arc::clone(&inner);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if shared.is_over.load(Ordering::Relaxed) {
                    return;
                }
                let inner = Arc::clone(&shared);
                thread::spawn(move || inner.pass(stream));
            }
        });
        Self { address, inner }
    }

    /// The address as an origin.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Changes the weather; what is under way is cut.
    pub(crate) fn set(&self, weather: Weather) {
        *lock(&self.inner.weather) = weather;
        for stream in lock(&self.inner.streams).drain(..) {
            drop(stream.shutdown(Shutdown::Both));
        }
    }

    /// How many sheets went in so far, whatever became of them.
    pub(crate) fn posts(&self) -> usize {
        self.inner.posts.load(Ordering::Relaxed)
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.inner.is_over.store(true, Ordering::Relaxed);
        self.set(Weather::Down);
        drop(TcpStream::connect(self.address));
    }
}

impl Inner {
    fn weather(&self) -> Weather {
        *lock(&self.weather)
    }

    fn keep(&self, stream: &TcpStream) -> Option<TcpStream> {
        lock(&self.streams).push(stream.try_clone().ok()?);
        stream.try_clone().ok()
    }

    fn pass(self: Arc<Self>, client: TcpStream) {
        match self.weather() {
            // Dropping the stream is what a stopped endpoint does to a connection.
            Weather::Down => return,
            Weather::CaptivePortal => {
                drop(self.keep(&client));
                return hosts::answer_all(&client, captive);
            }
            Weather::Clear | Weather::Slow(_) | Weather::LosesAnswers => {}
        }
        let endpoint = *lock(&self.endpoint);
        let Ok(upstream) = TcpStream::connect(endpoint) else {
            return;
        };
        let (Some(from_client), Some(from_upstream)) = (self.keep(&client), self.keep(&upstream))
        else {
            return;
        };
        let is_sheet = Arc::new(AtomicBool::new(false));
        let (inward, sheet) = (Arc::clone(&self), Arc::clone(&is_sheet));
        thread::spawn(move || {
            pump(from_client, upstream, |piece| {
                if piece.starts_with(b"POST ") {
                    inward.posts.fetch_add(1, Ordering::Relaxed);
                }
                if let Some(method) = piece.get(..5) {
                    // A body that comes in a piece of its own belongs to the request before it.
                    if method == b"POST " {
                        sheet.store(true, Ordering::Relaxed);
                    } else if method.starts_with(b"GET ") || method == b"OPTIO" {
                        sheet.store(false, Ordering::Relaxed);
                    }
                }
                true
            });
        });
        pump(from_upstream, client, |_| match self.weather() {
            Weather::Slow(delay) => {
                thread::sleep(delay);
                true
            }
            Weather::LosesAnswers => !is_sheet.load(Ordering::Relaxed),
            Weather::Clear | Weather::Down | Weather::CaptivePortal => true,
        });
    }
}

/// Copies until either side ends or `lets_pass` says no.
fn pump(mut from: TcpStream, mut to: TcpStream, lets_pass: impl Fn(&[u8]) -> bool) {
    let mut piece = [0; 16 * 1024];
    while let Ok(length) = from.read(&mut piece) {
        let Some(piece) = piece.get(..length).filter(|piece| !piece.is_empty()) else {
            break;
        };
        if !lets_pass(piece) || to.write_all(piece).is_err() {
            break;
        }
    }
    drop(from.shutdown(Shutdown::Both));
    drop(to.shutdown(Shutdown::Both));
}

fn captive(request: &Request) -> String {
    let every = "*".to_owned();
    let headers = [
        ("access-control-allow-origin", every.clone()),
        ("access-control-allow-headers", every),
    ];
    let status = if request.method == "OPTIONS" {
        "204 No Content"
    } else {
        "200 OK"
    };
    let body = if request.method == "OPTIONS" {
        ""
    } else {
        "<h1>Welcome to Airport Wi-Fi</h1><p>Please log in."
    };
    hosts::response(status, "text/html", &headers, body)
}
