//! Why the endpoint does not start, in words for whoever starts it.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::endpoint::keys::KeyError;
use crate::endpoint::mail::MailError;
use crate::endpoint::publish::PublishError;
use crate::endpoint::store::StoreError;

/// Why the endpoint does not start.
#[derive(Debug)]
pub enum StartError {
    /// The data folder or a file in it cannot be used.
    Folder(PathBuf, std::io::Error),
    /// Another `serve` uses the data folder.
    InUse(PathBuf),
    /// The keys cannot be used.
    Keys(KeyError),
    /// The database cannot be used.
    Store(StoreError),
    /// The address cannot be listened on.
    Listen(SocketAddr, std::io::Error),
    /// Passwords cannot be hashed here: no memory, or no random bytes.
    NoHashing,
    /// Mail cannot be sent.
    Mail(MailError),
    /// A sample survey of the demo cannot be published.
    Demo(PublishError),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path, error) => write!(f, "cannot use {}: {error}", path.display()),
            Self::InUse(path) => write!(
                f,
                "another `qingting serve` uses the data folder {}; stop that one, or give this one another --data",
                path.display()
            ),
            Self::Keys(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
            Self::Listen(address, error) => write!(
                f,
                "cannot listen on {address}: {error}; give another --listen"
            ),
            Self::NoHashing => {
                f.write_str("passwords cannot be hashed: no memory or no random bytes")
            }
            Self::Mail(error) => error.fmt(f),
            Self::Demo(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for StartError {}
