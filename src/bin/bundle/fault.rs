//! What can stop a bundle from being made.

use std::{error::Error, fmt, io};

/// Why no bundle was made. Each says the file or the step it happened in.
#[derive(Debug)]
pub(crate) enum Fault {
    /// A file or folder could not be read or written.
    Disk { what: String, cause: io::Error },
    /// The linked module could not be split into parts.
    Split(String),
    /// The main part could not be bound to JavaScript.
    Bind(String),
    /// A module is not well-formed wasm.
    Wasm { file: String, cause: String },
    /// A script or stylesheet has a mistake in it.
    Source { file: String, cause: String },
    /// The manifest or a language file could not be put into JSON.
    Json(serde_json::Error),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Disk { what, cause } => write!(f, "{what}: {cause}"),
            Self::Split(cause) => write!(
                f,
                "cannot split the module (was it linked with --emit-relocs?): {cause}"
            ),
            Self::Bind(cause) => write!(f, "cannot bind the module to JavaScript: {cause}"),
            Self::Wasm { file, cause } => write!(f, "{file} is not well-formed wasm: {cause}"),
            Self::Source { file, cause } => write!(f, "{file}: {cause}"),
            Self::Json(cause) => write!(f, "cannot write JSON: {cause}"),
        }
    }
}

impl Error for Fault {}

impl From<serde_json::Error> for Fault {
    fn from(cause: serde_json::Error) -> Self {
        Self::Json(cause)
    }
}

/// Says which file or folder an I/O error is about.
pub(crate) trait InContext<T> {
    /// The same result, its error told together with `what`.
    fn in_context(self, what: impl FnOnce() -> String) -> Result<T, Fault>;
}

impl<T> InContext<T> for io::Result<T> {
    fn in_context(self, what: impl FnOnce() -> String) -> Result<T, Fault> {
        self.map_err(|cause| Fault::Disk {
            what: what(),
            cause,
        })
    }
}
