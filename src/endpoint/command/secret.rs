//! `rotate | settle | remove NAME`: what is done with the secrets of portals and of systems that are told of events.

use clap::{Args, Subcommand};

use super::DataFolder;

/// Somebody known by name.
#[derive(Args, Debug)]
pub(super) struct Named {
    #[command(flatten)]
    pub(super) folder: DataFolder,
    /// The name
    pub(super) name: String,
}

/// What changes.
#[derive(Debug, Subcommand)]
pub(super) enum Change {
    /// Print a new secret; the one before holds, too, until `settle`
    Rotate(Named),
    /// Only the newest secret holds from now on
    Settle(Named),
    /// None of its secrets holds any more, and it is told nothing
    Remove(Named),
}
