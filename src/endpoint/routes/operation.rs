//! `GET /metrics` and `GET /readyz`, for whoever runs the endpoint and nobody else.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::blocking;
use crate::api::ProblemCode;
use crate::endpoint::App;
use crate::endpoint::guard;
use crate::endpoint::problem::Refusal;
use crate::endpoint::store::{Sqlite, database_path};

/// How long the database may take to say that it can be written.
const PATIENCE: Duration = Duration::from_secs(2);

/// Figures as Prometheus reads them.
pub(in crate::endpoint) async fn metrics(
    State(app): State<App>,
    request: Request,
) -> Result<Response, Refusal> {
    guard::only_operators(&app, &request)?;
    let text = blocking(move || {
        let size = |ending: &str| {
            let mut path = database_path(&app.config.data).into_os_string();
            path.push(ending);
            let size = std::fs::metadata(path).map_or(0, |file| file.len());
            i64::try_from(size).unwrap_or(i64::MAX)
        };
        let metrics = &app.metrics;
        metrics.database.set(size(""));
        metrics.log.set(size("-wal"));
        if let Ok(due) = app.reader.longest_due() {
            let late = due.map_or(0, |due| app.config.clock.now().0.saturating_sub(due));
            #[allow(clippy::cast_precision_loss, reason = "a figure of seconds")]
            metrics.lag.set(late.max(0) as f64 / 1_000.0);
        }
        if let Ok(waiting) = app.scores.waiting() {
            let waiting = i64::try_from(waiting).unwrap_or(i64::MAX);
            metrics.uncounted.set(waiting);
        }
        metrics.text()
    });
    let text = text.await?.map_err(|_| ProblemCode::Internal)?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-store")], text).into_response())
}

/// Whether answers can be taken now: the writer lives, and the database lets itself be written.
pub(in crate::endpoint) async fn ready(
    State(app): State<App>,
    request: Request,
) -> Result<Response, Refusal> {
    guard::only_operators(&app, &request)?;
    if !app.writer.takes_more() {
        return Err(ProblemCode::Busy.into());
    }
    let probed = blocking(move || Sqlite::open(&app.config.data, PATIENCE)?.probe());
    match tokio::time::timeout(2 * PATIENCE, probed).await {
        Ok(Ok(Ok(()))) => {
            let headers = [
                (CONTENT_TYPE, "application/json"),
                (CACHE_CONTROL, "no-store"),
            ];
            Ok((headers, r#"{"status":"ready"}"#).into_response())
        }
        Ok(Ok(Err(error))) => {
            tracing::warn!("not ready: {error}");
            Err(ProblemCode::Busy.into())
        }
        Ok(Err(refusal)) => Err(refusal),
        Err(_) => Err(ProblemCode::Busy.into()),
    }
}
