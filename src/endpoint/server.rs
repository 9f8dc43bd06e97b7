//! Listening: the way up, an accept loop with limits on every connection, and the way down.

use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

use super::cases::Cases;
use super::catalogue::Catalogue;
use super::config::{Config, Limits};
use super::deliveries::Deliveries;
use super::follower::Follower;
use super::guard::Peer;
use super::guard::origins::Origins;
use super::guard::{Limiter, Opacity};
use super::identity::Proofs;
use super::keys::{KeyError, Keys};
use super::mail::{MailError, Mailer};
use super::matching::Matching;
use super::metrics::Metrics;
use super::outgoing::{Means, Outgoing};
use super::sign_in::SignIn;
use super::store::writer::Writer;
use super::store::{ReadSqlite, Reader, Sqlite, Store, StoreError};
use super::webhooks::Sender;
use super::{App, Shared, demo, routes, scheduler, site};

/// How many connections are open, in all and from one address.
mod admission;

use admission::{Admission, Verdict};

/// A database up to this size is looked through before the endpoint starts, in bytes: half a second. A larger one is looked
/// through by `qingting verify`.
const CHECKED_AT_START: u64 = 256 * 1024 * 1024;

/// A bound endpoint that does not answer yet.
#[derive(Debug)]
pub struct Endpoint {
    listener: TcpListener,
    address: SocketAddr,
    demo: Option<(TcpListener, String)>,
    app: App,
    outgoing: Outgoing,
    writer: JoinHandle<()>,
    // Held until the process ends: it keeps a second `serve` away.
    lock: File,
}

/// Why the endpoint does not start.
#[derive(Debug)]
pub enum StartError {
    /// The data folder or a file in it cannot be used.
    Folder(PathBuf, std::io::Error),
    /// Another `serve` uses the data folder.
    InUse(PathBuf),
    /// The keys cannot be used.
    Keys(KeyError),
    /// The database cannot be used.
    Store(StoreError),
    /// The address cannot be listened on.
    Listen(SocketAddr, std::io::Error),
    /// Passwords cannot be hashed here: no memory, or no random bytes.
    NoHashing,
    /// Mail cannot be sent.
    Mail(MailError),
    /// A sample survey of the demo cannot be published.
    Demo(super::publish::PublishError),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path, error) => write!(f, "cannot use {}: {error}", path.display()),
            Self::InUse(path) => write!(
                f,
                "another `qingting serve` uses the data folder {}; stop that one, or give this one another --data",
                path.display()
            ),
            Self::Keys(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
            Self::Listen(address, error) => write!(
                f,
                "cannot listen on {address}: {error}; give another --listen"
            ),
            Self::NoHashing => {
                f.write_str("passwords cannot be hashed: no memory or no random bytes")
            }
            Self::Mail(error) => error.fmt(f),
            Self::Demo(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for StartError {}

impl Endpoint {
    /// Opens the data folder (making it at first start) and binds the addresses. Requests wait until [`Endpoint::run`].
    ///
    /// # Errors
    /// Says what stands in the way; nothing was changed then but files made at first start.
    pub async fn open(config: Config) -> Result<Self, StartError> {
        let lock = lock(&config.data)?;
        let store = Sqlite::open(&config.data, config.limits.busy).map_err(StartError::Store)?;
        let reader =
            ReadSqlite::open(&config.data, config.limits.busy).map_err(StartError::Store)?;
        store.check(CHECKED_AT_START).map_err(StartError::Store)?;
        Self::assemble(config, lock, store, Arc::new(reader)).await
    }

    /// As [`Endpoint::open`], with another store or reader around the usual ones: the seam for another database, and
    /// for tests that make one fail.
    ///
    /// # Errors
    /// As [`Endpoint::open`].
    pub async fn open_with<S: Store>(
        config: Config,
        wrap: impl FnOnce(Sqlite, ReadSqlite) -> (S, Arc<dyn Reader>),
    ) -> Result<Self, StartError> {
        let lock = lock(&config.data)?;
        let store = Sqlite::open(&config.data, config.limits.busy).map_err(StartError::Store)?;
        let reader =
            ReadSqlite::open(&config.data, config.limits.busy).map_err(StartError::Store)?;
        store.check(CHECKED_AT_START).map_err(StartError::Store)?;
        let (store, reader) = wrap(store, reader);
        Self::assemble(config, lock, store, reader).await
    }

    async fn assemble(
        config: Config,
        lock: File,
        store: impl Store,
        reader: Arc<dyn Reader>,
    ) -> Result<Self, StartError> {
        let keys = Keys::open(&config.data).map_err(StartError::Keys)?;
        let demo = match config.demo {
            Some(address) => {
                demo::publish_samples(&config).map_err(StartError::Demo)?;
                let (listener, address) = bind(address).await?;
                Some((listener, format!("http://{address}")))
            }
            None => None,
        };
        let cases = Cases::new(
            Sqlite::open(&config.data, config.limits.busy).map_err(StartError::Store)?,
            ReadSqlite::open(&config.data, config.limits.busy).map_err(StartError::Store)?,
            config.calendar.clone(),
        );
        let follower = Follower::new(
            Sqlite::open(&config.data, config.limits.busy).map_err(StartError::Store)?,
            ReadSqlite::open(&config.data, config.limits.busy).map_err(StartError::Store)?,
            config.calendar.clone(),
        );
        let sign_in = SignIn::new(
            Sqlite::open(&config.data, config.limits.busy).map_err(StartError::Store)?,
            ReadSqlite::open(&config.data, config.limits.busy).map_err(StartError::Store)?,
        )
        .map_err(|_| StartError::NoHashing)?;
        let (listener, address) = bind(config.listen).await?;
        let origin = match &config.public {
            Some(origin) => origin.to_string(),
            None => format!("http://{address}"),
        };
        let proofs = Proofs::new(
            ReadSqlite::open(&config.data, config.limits.busy).map_err(StartError::Store)?,
            origin.clone(),
        );
        let open = || Sqlite::open(&config.data, config.limits.busy).map_err(StartError::Store);
        let read = || ReadSqlite::open(&config.data, config.limits.busy).map_err(StartError::Store);
        let mailer = config.mail.as_ref().map(Mailer::new);
        let outgoing = Outgoing::new(Means {
            store: open()?,
            reader: read()?,
            cases: Cases::new(open()?, read()?, config.calendar.clone()),
            keys: Keys::open(&config.data).map_err(StartError::Keys)?,
            calendar: config.calendar.clone(),
            clock: config.clock.clone(),
            origin: origin.clone(),
            mailer: mailer.transpose().map_err(StartError::Mail)?,
            sender: Sender::new(config.reach.clone()),
        });
        let deliveries = Deliveries::new(open()?, read()?, config.calendar.clone());
        let matching = Matching::start(
            config.limits.matching_threads,
            config.limits.matching_queue,
            config.limits.matching,
        )
        .map_err(|error| StartError::Folder(config.data.clone(), error))?;
        let Limits {
            queue, batch, busy, ..
        } = config.limits;
        let metrics = Metrics::new();
        let (writer, thread) = Writer::start(store, queue, batch, busy, metrics.clone())
            .map_err(|error| StartError::Folder(config.data.clone(), error))?;
        let own_reader = ReadSqlite::open(&config.data, busy).map_err(StartError::Store)?;
        let own_reader = Arc::new(own_reader);
        let app = App(Arc::new(Shared {
            keys,
            writer,
            metrics,
            limiter: Limiter::new(&config.rates),
            origins: Origins::new(Arc::clone(&own_reader)),
            reader: own_reader,
            opacity: Opacity::new(),
            cases,
            proofs,
            deliveries,
            origin,
            follower,
            sign_in,
            catalogue: Catalogue::new(reader),
            matching,
            site: config.site.clone().map(site::Site::new),
            demo_origin: demo.as_ref().map(|(_, origin)| origin.clone()),
            config,
        }));
        Ok(Self {
            listener,
            address,
            demo,
            app,
            outgoing,
            writer: thread,
            lock,
        })
    }

    /// The address that is listened on, with its real port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The demo portal's origin.
    pub fn demo_origin(&self) -> Option<&str> {
        self.demo.as_ref().map(|(_, origin)| origin.as_str())
    }

    /// Whether there is a bundle to serve.
    pub fn has_bundle(&self) -> bool {
        self.app.site.as_ref().is_some_and(site::Site::has_loader)
    }

    /// Serves until `stop` is done; then takes no more connections, gives requests under way their time, and returns
    /// when all that was acknowledged is on disk.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let Self {
            listener,
            address,
            demo,
            app,
            outgoing,
            writer,
            lock,
        } = self;
        let (limits, metrics) = (app.config.limits.clone(), app.metrics.clone());
        let (closing, closed) = watch::channel(false);
        let main = Served {
            normal: routes::all(app.clone()),
            overloaded: routes::overloaded(app.clone()),
        };
        if let Err(error) = outgoing.start(&closed) {
            tracing::error!("no thread for what goes out; it waits for the next start: {error}");
        }
        let scheduler = scheduler::run(app, closed.clone());
        let portal = async {
            if let Some((listener, _)) = demo {
                let portal = demo::portal(&format!("http://{address}"));
                let served = Served {
                    normal: portal.clone(),
                    overloaded: portal,
                };
                accept(
                    listener,
                    served,
                    limits.clone(),
                    metrics.clone(),
                    closed.clone(),
                )
                .await;
            }
        };
        let endpoint = accept(
            listener,
            main,
            limits.clone(),
            metrics.clone(),
            closed.clone(),
        );
        let stopped = async {
            stop.await;
            // The listeners end with this; requests under way end by themselves or at the end of the grace.
            let _ = closing.send(true);
        };
        tokio::join!(endpoint, portal, scheduler, stopped);
        // Every route is gone and with them every hand on the queue, so that the thread ends when it is empty.
        let _ = tokio::task::spawn_blocking(move || writer.join()).await;
        drop(lock);
    }
}

/// Done when the endpoint goes down.
async fn closing(closed: &mut watch::Receiver<bool>) {
    let _ = closed.wait_for(|is_closed| *is_closed).await;
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |error| StartError::Listen(address, error);
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let real = listener.local_addr().map_err(failed)?;
    Ok((listener, real))
}

/// Makes the data folder if there is none and takes its lock.
fn lock(data: &Path) -> Result<File, StartError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| StartError::Folder(path, error)
    };
    std::fs::create_dir_all(data).map_err(failed(data))?;
    let path = data.join("lock");
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(failed(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StartError::InUse(data.to_owned())),
        Err(TryLockError::Error(error)) => Err(failed(&path)(error)),
    }
}

/// What a connection gets.
struct Served {
    normal: Router,
    overloaded: Router,
}

async fn accept(
    listener: TcpListener,
    served: Served,
    limits: Limits,
    metrics: Metrics,
    mut closed: watch::Receiver<bool>,
) {
    let admission = Admission::new(&limits, metrics);
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = connections.join_next() => continue,
            () = closing(&mut closed) => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Mostly: no file descriptor is free. Waiting lets some connection end.
                tracing::error!("cannot accept a connection: {error}");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        match admission.admit(peer.ip()) {
            Verdict::Admitted(place) => {
                let connection = connection(
                    stream,
                    served.normal.clone(),
                    peer.ip(),
                    limits.clone(),
                    closed.clone(),
                );
                connections.spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            Verdict::Overloaded(place) => {
                let hurried = Limits {
                    head: limits.head.min(Duration::from_secs(2)),
                    ..limits.clone()
                };
                let router = served.overloaded.clone();
                let connection = connection(stream, router, peer.ip(), hurried, closed.clone());
                connections.spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            Verdict::Refused => drop(stream),
        }
    }
    drop(listener);
    drop(served);
    let all = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(limits.grace, all).await.is_err() {
        tracing::warn!(
            connections = connections.len(),
            "requests under way did not end in time and are cut off"
        );
        connections.shutdown().await;
    }
}

/// One connection. HTTP/1 only, by hyper itself: a head that does not come in time closes it, also the first and also
/// when not one byte was sent; bodies and the whole request are limited further in.
async fn connection(
    stream: TcpStream,
    router: Router,
    peer: IpAddr,
    limits: Limits,
    mut closed: watch::Receiver<bool>,
) {
    // Small answers go out at once.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits.write_idle));
    let router = router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        request
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(64 * 1024)
        .serve_connection(
            TokioIo::new(Box::pin(stream)),
            TowerToHyperService::new(router),
        );
    let mut served = pin!(served);
    // Broken connections are the client's affair; what was stored before is found again by its id.
    let result = tokio::select! {
        result = served.as_mut() => result,
        () = closing(&mut closed) => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = result {
        tracing::debug!("a connection ended: {error}");
    }
}
