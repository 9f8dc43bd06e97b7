//! Reading a body within its limits, and hearing a refused one out, so that its sender gets to read the refusal.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, EXPECT};
use axum::http::request::Parts;
use http_body_util::BodyExt;

use crate::api::ProblemCode;

/// How much of a refused body is taken off the wire and thrown away. A client that sends more sees its connection end.
const LINGER_BYTES: usize = 16 * 1024 * 1024;
/// How long that may take.
const LINGER: Duration = Duration::from_secs(5);

/// A body that has not come by then must come at this rate, in bytes a second: a photo from a slow phone does, whoever
/// drips to hold a place does not.
const SLOWEST: usize = 2_000;

/// Whether the body says it is JSON, as it is: nothing that was made small is taken, so that nothing grows here. `text/plain`
/// is not taken: a browser would send that cross-origin without asking first.
pub(super) fn is_json(parts: &Parts) -> bool {
    if parts.headers.contains_key(CONTENT_ENCODING) {
        return false;
    }
    let mut types = parts.headers.get_all(CONTENT_TYPE).iter();
    let (Some(kind), None) = (types.next(), types.next()) else {
        return false;
    };
    let essence = kind
        .to_str()
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim();
    essence.eq_ignore_ascii_case("application/json")
}

/// Reads at most `most` bytes, waiting at most `idle` for each piece, and on the whole no longer than [`SLOWEST`] allows.
///
/// # Errors
/// Too large (told at once where the length is announced), too slow, or broken off.
pub(super) async fn read(
    parts: &Parts,
    mut body: Body,
    most: usize,
    idle: Duration,
) -> Result<Vec<u8>, ProblemCode> {
    let announced = parts
        .headers
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok())
        .and_then(|length| length.parse::<u64>().ok());
    if announced.is_some_and(|length| u64::try_from(most).is_ok_and(|most| length > most)) {
        discard(parts, body);
        return Err(ProblemCode::TooLarge);
    }
    let mut bytes = Vec::new();
    let begin = Instant::now();
    loop {
        let spent = begin.elapsed();
        let owed = usize::try_from(spent.as_secs()).unwrap_or(usize::MAX);
        if spent > idle && bytes.len() < owed.saturating_mul(SLOWEST) {
            return Err(ProblemCode::Timeout);
        }
        match tokio::time::timeout(idle, body.frame()).await {
            Err(_) => return Err(ProblemCode::Timeout),
            Ok(None) => return Ok(bytes),
            Ok(Some(Err(_))) => return Err(ProblemCode::BadRequest),
            Ok(Some(Ok(frame))) => {
                let Ok(piece) = frame.into_data() else {
                    continue;
                };
                if bytes.len() + piece.len() > most {
                    discard(parts, body);
                    return Err(ProblemCode::TooLarge);
                }
                bytes.extend_from_slice(&piece);
            }
        }
    }
}

/// Takes the rest of a body off the wire beside the answer: closing while the client still sends would reset the
/// connection and with it throw away the answer. A client that waits for "100 Continue" sends nothing to take.
pub(in crate::endpoint) fn discard(parts: &Parts, mut body: Body) {
    if parts.headers.contains_key(EXPECT) {
        return;
    }
    tokio::spawn(tokio::time::timeout(LINGER, async move {
        let mut taken = 0_usize;
        while let Some(Ok(frame)) = body.frame().await {
            taken = taken.saturating_add(frame.data_ref().map_or(0, axum::body::Bytes::len));
            if taken > LINGER_BYTES {
                break;
            }
        }
    }));
}
