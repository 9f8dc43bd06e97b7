//! The endpoint as a whole: the way up, and the way down.

use std::fs::{File, OpenOptions, TryLockError};
use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::net::TcpListener;
use tokio::sync::watch;

use super::cases::Cases;
use super::catalogue::Catalogue;
use super::config::{Config, Limits};
use super::deliveries::Deliveries;
use super::follower::Follower;
use super::guard::origins::Origins;
use super::guard::{Limiter, Opacity};
use super::identity::Proofs;
use super::keys::Keys;
use super::mail::Mailer;
use super::matching::Matching;
use super::metrics::Metrics;
use super::outgoing::{Means, Outgoing};
use super::scores::Tally;
use super::sign_in::{SignIn, SignInError};
use super::store::writer::Writer;
use super::store::{ReadSqlite, Reader, Sqlite, Store};
use super::webhooks::Sender;
use super::{App, Shared, demo, routes, scheduler, site};
use crate::api::route;

/// How many connections are open, in all and from one address.
mod admission;
/// Every connection's limits.
mod connections;
/// Why it does not start.
mod error;

use connections::{Served, accept};
pub use error::StartError;

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

impl Endpoint {
    /// Opens the data folder (making it at first start) and binds the addresses. Requests wait until [`Endpoint::run`].
    ///
    /// # Errors
    /// Says what stands in the way; nothing was changed then but files made at first start.
    pub async fn open(config: Config) -> Result<Self, StartError> {
        Self::open_with(config, |store, reader| (store, Arc::new(reader))).await
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
        store.limit_log(config.limits.log);
        let (store, wrapped) = wrap(store, reader.clone());
        Self::assemble(config, lock, store, (reader, wrapped)).await
    }

    async fn assemble(
        config: Config,
        lock: File,
        store: impl Store,
        (own, reader): (ReadSqlite, Arc<dyn Reader>),
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
        let open = || Sqlite::open(&config.data, config.limits.busy).map_err(StartError::Store);
        let read = || own.clone();
        let cases = Cases::new(open()?, read(), config.calendar.clone());
        let follower = Follower::new(open()?, read(), config.calendar.clone());
        let sign_in = SignIn::new(open()?, read()).map_err(|_| StartError::NoHashing)?;
        let (listener, address) = bind(config.listen).await?;
        let origin = match &config.public {
            Some(origin) => origin.to_string(),
            None => format!("http://{address}"),
        };
        let proofs = Proofs::new(read(), origin.clone());
        let mailer = config.mail.as_ref().map(Mailer::new);
        let outgoing = Outgoing::new(Means {
            store: open()?,
            reader: read(),
            cases: Cases::new(open()?, read(), config.calendar.clone()),
            keys: Keys::open(&config.data).map_err(StartError::Keys)?,
            calendar: config.calendar.clone(),
            clock: config.clock.clone(),
            origin: origin.clone(),
            mailer: mailer.transpose().map_err(StartError::Mail)?,
            sender: Sender::new(config.reach.clone()),
        });
        let deliveries = Deliveries::new(open()?, read(), config.calendar.clone());
        let scores = Tally::new(open()?, read()).map_err(StartError::Store)?;
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
        let own_reader = Arc::new(own);
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
            scores,
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

    /// The address at which the first admin sets the console up, once; nothing where there is an admin. Each call makes a new
    /// one, and earlier ones open no more.
    ///
    /// # Errors
    /// When the store fails.
    pub fn set_up_link(&self) -> Result<Option<String>, SignInError> {
        let link = self.app.sign_in.first_link(self.app.config.clock.now())?;
        let page = [&self.app.origin, route::CONSOLE].concat();
        Ok(link.map(|link| format!("{page}#set-up={link}")))
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
