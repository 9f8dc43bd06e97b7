//! The original's own results, case by case: one file for each set, each of which prints how many agree.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

/// What expressions evaluate to.
mod expressions;

/// A set of cases: from the folder that `QINGTING_VECTORS` names, or the copy beside the tests.
fn vectors(name: &str) -> Json {
    let folder = std::env::var_os("QINGTING_VECTORS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures"),
        PathBuf::from,
    );
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}
