//! Compressed bodies: which coding a client takes, and the two there are.

use std::io::{self, Write};

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_ENCODING;
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};

/// Codings in the order we like them: header value and ending of a file.
pub(super) const CODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// Which of [`CODINGS`] the client takes: named with a quality above zero (RFC 9110 §12.5.3).
pub(super) fn accepted(headers: &HeaderMap) -> [bool; CODINGS.len()] {
    let lists = headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|list| list.to_str().ok());
    let entries: Vec<(&str, bool)> = lists
        .flat_map(|list| list.split(','))
        .map(|entry| {
            let mut parts = entry.split(';').map(str::trim);
            let coding = parts.next().unwrap_or_default();
            let quality = parts
                .find_map(|part| part.strip_prefix("q="))
                .map_or(1.0, |q| q.parse::<f32>().unwrap_or_default());
            (coding, quality > 0.0)
        })
        .collect();
    CODINGS.map(|(coding, _)| {
        entries
            .iter()
            .any(|(name, is_wanted)| *is_wanted && name.eq_ignore_ascii_case(coding))
    })
}

/// Brotli at its smallest: what is compressed here is sent a thousand times.
///
/// # Errors
/// None that writing to memory does not have.
pub fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let parameters = BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut out, &parameters)?;
    Ok(out)
}

/// Gzip at its smallest, without a name or a time, so that the same bytes give the same file.
///
/// # Errors
/// None that writing to memory does not have.
pub fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}
