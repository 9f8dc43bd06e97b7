//! The bundle's files: loader and builds, precompressed, from memory as long as they do not change on disk.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use axum::body::Bytes;
use axum::extract::{OriginalUri, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderName, VARY};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::App;
use super::coding::{self, CODINGS};
use super::problem::Refusal;
use super::routes::{blocking, is_known};
use crate::api::{ProblemCode, route};

/// Bytes kept in memory; beyond that a file is read each time.
const KEPT_BYTES: usize = 64 * 1024 * 1024;

/// The loader is looked for every five minutes; a build never changes.
const LOADER_FRESHNESS: &str = "max-age=300, stale-while-revalidate=86400";
const BUILD_FRESHNESS: &str = "public, max-age=31536000, immutable";

/// Says which build the main part under its lasting address is of; the loader compares it with its own.
const BUILD: HeaderName = HeaderName::from_static("x-qingting-build");

/// A site folder.
pub(super) struct Site {
    folder: PathBuf,
    kept: RwLock<HashMap<PathBuf, Arc<File>>>,
}

struct File {
    bytes: Bytes,
    etag: String,
    changed: Option<SystemTime>,
    length: u64,
}

/// Whether a path is a file of the bundle by its shape: `/embed.js`, `/embed-HASH.js`, `/widget.wasm`,
/// `/b/HASH/FILE`.
pub(super) fn is_site_path(path: &str) -> bool {
    file_path(path).is_some()
}

/// The place inside the site folder. Nothing but these shapes reaches the disk, so that no path can lead outside.
fn file_path(path: &str) -> Option<&str> {
    let inside = path.strip_prefix('/')?;
    let is_hash = |text: &str| {
        (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    let is_name = |text: &str| {
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
        (1..=128).contains(&text.len()) && !text.starts_with('.') && text.bytes().all(is_plain)
    };
    let is_loader = path == route::LOADER
        || path == route::MAIN_PART
        || inside
            .strip_prefix("embed-")
            .and_then(|rest| rest.strip_suffix(".js"))
            .is_some_and(is_hash);
    let is_built = inside
        .strip_prefix("b/")
        .and_then(|rest| rest.split_once('/'))
        .is_some_and(|(build, file)| is_hash(build) && is_name(file));
    (is_loader || is_built).then_some(inside)
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}

pub(super) async fn give(
    State(app): State<App>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let name = file_path(uri.path()).ok_or(ProblemCode::NotFound)?;
    let is_lasting = uri.path() == route::LOADER || uri.path() == route::MAIN_PART;
    let is_main_part = uri.path() == route::MAIN_PART;
    let name = name.to_owned();
    let accepted = coding::accepted(&headers);
    let (kind, freshness) = (
        content_type(&name),
        if is_lasting {
            LOADER_FRESHNESS
        } else {
            BUILD_FRESHNESS
        },
    );
    let (file, coding, build) = blocking(move || {
        let site = app.site.as_ref()?;
        let build = if is_main_part {
            Some(site.build()?)
        } else {
            None
        };
        let name = match &build {
            Some(build) => format!("b/{build}/{name}"),
            None => name,
        };
        let (file, coding) = site.find(&name, accepted)?;
        Some((file, coding, build))
    })
    .await?
    .ok_or(ProblemCode::NotFound)?;
    let validators: [(HeaderName, &str); 3] = [
        (ETAG, &file.etag),
        (CACHE_CONTROL, freshness),
        (VARY, "accept-encoding"),
    ];
    if is_known(&headers, &file.etag) {
        return Ok((StatusCode::NOT_MODIFIED, validators).into_response());
    }
    let mut response = (validators, [(CONTENT_TYPE, kind)], file.bytes.clone()).into_response();
    if let Some(coding) = coding {
        response.headers_mut().insert(
            CONTENT_ENCODING,
            axum::http::HeaderValue::from_static(coding),
        );
    }
    if let Some(build) = build.and_then(|build| axum::http::HeaderValue::try_from(build).ok()) {
        response.headers_mut().insert(BUILD, build);
    }
    Ok(response)
}

impl Site {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            kept: RwLock::default(),
        }
    }

    /// Whether somebody has made a bundle here.
    pub(super) fn has_loader(&self) -> bool {
        self.folder.join("embed.js").is_file()
    }

    /// The build that the loader asks for, as the bundle's manifest names it.
    pub(super) fn build(&self) -> Option<String> {
        let manifest = self.file("manifest.json")?;
        let manifest: serde_json::Value = serde_json::from_slice(&manifest.bytes).ok()?;
        manifest.get("build")?.as_str().map(str::to_owned)
    }

    fn find(
        &self,
        name: &str,
        accepted: [bool; CODINGS.len()],
    ) -> Option<(Arc<File>, Option<&'static str>)> {
        let compressed = CODINGS
            .iter()
            .zip(accepted)
            .filter(|(_, is_accepted)| *is_accepted);
        let mut files = compressed.filter_map(|((coding, ending), _)| {
            Some((self.file(&[name, ending].concat())?, Some(*coding)))
        });
        files.next().or_else(|| Some((self.file(name)?, None)))
    }

    fn file(&self, name: &str) -> Option<Arc<File>> {
        let path = self.folder.join(name);
        let found = std::fs::metadata(&path)
            .ok()
            .filter(std::fs::Metadata::is_file)?;
        let (changed, length) = (found.modified().ok(), found.len());
        if let Some(file) = self
            .kept
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&path)
            && (file.changed, file.length) == (changed, length)
        {
            return Some(Arc::clone(file));
        }
        let bytes = std::fs::read(&path).ok()?;
        let tag = Sha256::digest(&bytes)
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>();
        let file = Arc::new(File {
            bytes: bytes.into(),
            etag: format!("\"{tag}\""),
            changed,
            length,
        });
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.values().map(|file| file.bytes.len()).sum::<usize>() + file.bytes.len()
            <= KEPT_BYTES
        {
            kept.insert(path, Arc::clone(&file));
        }
        Some(file)
    }
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Site({})", self.folder.display())
    }
}
