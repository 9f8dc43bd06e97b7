//! Connections: each is let in, told to come again or dropped, and has its limits until it ends.

use std::net::IpAddr;
use std::pin::pin;
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

use super::admission::{Admission, Verdict};
use crate::endpoint::config::Limits;
use crate::endpoint::guard::Peer;
use crate::endpoint::metrics::Metrics;

/// Done when the endpoint goes down.
async fn closing(closed: &mut watch::Receiver<bool>) {
    let _ = closed.wait_for(|is_closed| *is_closed).await;
}

/// What a connection gets.
pub(super) struct Served {
    pub(super) normal: Router,
    pub(super) overloaded: Router,
}

/// Takes connections until the endpoint goes down, then gives those that are open their time.
pub(super) async fn accept(
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
