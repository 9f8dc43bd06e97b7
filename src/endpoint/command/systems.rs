//! `qingting key add | remove | list`: the supplier's systems.

use std::io::{self, Write};

use clap::{Subcommand, ValueEnum};
use sha2::{Digest, Sha256};

use super::secret::Named;
use super::{BUSY, CommandError, DataFolder, open};
use crate::endpoint::clock::Clock;
use crate::endpoint::keys;
use crate::endpoint::store::{Scope, Sqlite, SystemRow};

#[derive(Debug, Subcommand)]
pub(super) enum Key {
    /// Add a system and print its key, once
    Add {
        #[command(flatten)]
        folder: DataFolder,
        /// The name
        name: String,
        /// What it may do
        #[arg(long, required = true)]
        scope: Vec<ScopeName>,
    },
    /// Its key opens nothing any more
    Remove(Named),
    /// Show the systems
    List {
        #[command(flatten)]
        folder: DataFolder,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ScopeName {
    /// Tell of deliveries
    Deliveries,
    /// Tell of addresses that do not work
    Bounces,
}

impl ScopeName {
    fn scope(self) -> Scope {
        match self {
            Self::Deliveries => Scope::Deliveries,
            Self::Bounces => Scope::Bounces,
        }
    }
}

pub(super) fn run(command: Key) -> Result<(), CommandError> {
    let mut out = io::stdout();
    match command {
        Key::Add {
            folder,
            name,
            scope,
        } => {
            std::fs::create_dir_all(&folder.data)?;
            let mut bytes = [0_u8; 32];
            getrandom::fill(&mut bytes).map_err(io::Error::other)?;
            let key = ["qtk_", &keys::hex(&bytes)].concat();
            let row = SystemRow {
                name: name.trim().to_owned(),
                scopes: scope.into_iter().map(ScopeName::scope).collect(),
            };
            let now = Clock::system().now();
            let digest = Sha256::digest(&key).into();
            if !Sqlite::open(&folder.data, BUSY)?.add_system(&row, digest, now)? {
                return Err(CommandError::NameTaken(name));
            }
            writeln!(out, "{key}")?;
            writeln!(io::stderr(), "this key is shown only now")?;
        }
        Key::Remove(Named { folder, name }) => {
            open(&folder.data)?;
            if !Sqlite::open(&folder.data, BUSY)?.remove_system(&name)? {
                return Err(CommandError::NoSuchKey(name));
            }
        }
        Key::List { folder } => {
            for row in open(&folder.data)?.systems()? {
                let scopes: Vec<_> = row.scopes.iter().map(|scope| scope.code()).collect();
                writeln!(out, "{}\t{}", row.name, scopes.join(" "))?;
            }
        }
    }
    Ok(())
}
