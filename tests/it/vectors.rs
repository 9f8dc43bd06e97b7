//! The original's own results, case by case: one file for each set, each of which prints how many agree.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

/// Deadlines in business time.
mod business_time;
/// What expressions evaluate to.
mod expressions;
/// What is shown and typed in fields with a mask.
mod masks;
/// What measures make of counts.
mod measures;
/// One small survey for each rule of the original that random surveys have shown.
mod rules;
/// What a survey shows, asks and stores, step by step.
mod sessions;

/// A set of cases: from the folder that `QINGTING_VECTORS` names, or the copy beside the tests. Nothing where the folder
/// named has no such set.
fn vectors(name: &str) -> Option<Json> {
    let named = std::env::var_os("QINGTING_VECTORS").map(PathBuf::from);
    let own = || Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let path = named.clone().unwrap_or_else(own).join(name);
    if named.is_some() && !path.exists() {
        return None;
    }
    let text = std::fs::read_to_string(path).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}
