//! The protocol under the client: one HTTP request for each command, a refusal with a code where it did not work.

use std::fmt;

use serde_json::Value;

/// The driver's word for why a command did not work, such as `stale element reference`.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// The protocol's error code.
    pub(crate) code: String,
    message: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.code, self.message)
    }
}

/// One command and its answer.
pub(super) fn call(
    agent: &ureq::Agent,
    method: &str,
    url: &str,
    body: &Value,
) -> Result<Value, Refusal> {
    let url = url.trim_end_matches('/');
    let answer = match method {
        "GET" => agent.get(url).call(),
        "DELETE" => agent.delete(url).call(),
        _ => agent.post(url).send_json(body),
    };
    let answer = answer.and_then(|mut answer| {
        answer
            .body_mut()
            .with_config()
            .limit(1 << 28)
            .read_json::<Value>()
    });
    let mut answer = answer.map_err(|error| Refusal {
        code: "unreachable".to_owned(),
        message: error.to_string(),
    })?;
    let value = answer["value"].take();
    match value["error"].as_str() {
        Some(code) if value["stacktrace"].is_string() => Err(Refusal {
            code: code.to_owned(),
            message: value["message"].as_str().unwrap_or_default().to_owned(),
        }),
        _ => Ok(value),
    }
}

/// RFC 4648, standard alphabet: enough for a screenshot, too little for a dependency.
pub(super) fn decode_base64(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0u32);
    for letter in text.bytes() {
        let six = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = (bits << 6) | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}
