//! `qingting key add | remove | list`, and `qingting link`: what a supplier's systems and papers need.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use sha2::{Digest, Sha256};

use super::{BUSY, CommandError, DataFolder, open};
use crate::endpoint::clock::Clock;
use crate::endpoint::config::Origin;
use crate::endpoint::keys::{self, Keys};
use crate::endpoint::links::{self, Link};
use crate::endpoint::store::{Reader, Scope, Sqlite, SurveyError, SystemRow};

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
    Remove {
        #[command(flatten)]
        folder: DataFolder,
        /// The name
        name: String,
    },
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
        Key::Remove { folder, name } => {
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

/// What a short link is for.
#[derive(Args, Debug)]
pub(super) struct Short {
    #[command(flatten)]
    folder: DataFolder,
    /// For the papers of this delivery
    #[arg(long, required_unless_present = "place", conflicts_with = "place")]
    delivery: Option<String>,
    /// For a place where people come by; answers have its name in the field `place`
    #[arg(long, requires = "survey")]
    place: Option<String>,
    /// The survey asked there
    #[arg(long)]
    survey: Option<String>,
    /// Also write it as a QR code
    #[arg(long, value_name = "FILE.svg")]
    qr: Option<PathBuf>,
    /// Where people reach the endpoint
    #[arg(
        long,
        env = "QINGTING_PUBLIC_URL",
        default_value = "http://127.0.0.1:8080",
        value_name = "ORIGIN"
    )]
    public_url: Origin,
}

pub(super) fn short(settings: Short) -> Result<(), CommandError> {
    let reader = open(&settings.folder.data)?;
    let keys = Keys::open(&settings.folder.data).map_err(CommandError::Keys)?;
    let link = match (settings.delivery, settings.place, settings.survey) {
        (Some(delivery), _, _) => {
            let number = reader.delivery_number(&delivery)?;
            Link::Delivery(number.ok_or(CommandError::NoSuchDelivery(delivery))?)
        }
        (None, Some(place), Some(survey)) => {
            if reader.survey(&survey)?.is_none() {
                return Err(SurveyError::Unknown.into());
            }
            let now = Clock::system().now();
            Link::Place(Sqlite::open(&settings.folder.data, BUSY)?.place(
                place.trim(),
                &survey,
                now,
            )?)
        }
        (None, _, _) => return Err(SurveyError::Unknown.into()),
    };
    let address = format!("{}/l/{}", settings.public_url, link.code(&keys));
    if let Some(file) = settings.qr {
        let svg = links::qr_svg(&address).ok_or(CommandError::TooLong)?;
        std::fs::write(file, svg)?;
    }
    writeln!(io::stdout(), "{address}")?;
    Ok(())
}
