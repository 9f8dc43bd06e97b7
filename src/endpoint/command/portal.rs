//! `qingting portal add | rotate | settle | remove | list`.

use std::io::{self, Write};

use clap::Subcommand;

use super::secret::{Change, Named};
use super::{BUSY, CommandError, DataFolder, open};
use crate::api::route;
use crate::endpoint::clock::Clock;
use crate::endpoint::identity;
use crate::endpoint::keys::Keys;
use crate::endpoint::store::{PortalChange, Sqlite};

#[derive(Debug, Subcommand)]
pub(super) enum Portal {
    /// Add a portal and print the secret that its server signs with, once
    Add {
        #[command(flatten)]
        folder: DataFolder,
        /// The name: small letters, digits and -
        #[arg(value_parser = name)]
        name: String,
    },
    #[command(flatten)]
    Change(Change),
    /// Show the portals
    List {
        #[command(flatten)]
        folder: DataFolder,
    },
}

fn name(text: &str) -> Result<String, String> {
    if route::is_survey_name(text) {
        Ok(text.to_owned())
    } else {
        Err("write 1 to 64 of a-z, 0-9 and -".to_owned())
    }
}

pub(super) fn run(command: Portal) -> Result<(), CommandError> {
    let mut out = io::stdout();
    let (folder, name, change) = match command {
        Portal::List { folder } => {
            for portal in open(&folder.data)?.portals()? {
                let identity::Portal {
                    name,
                    generation,
                    is_rotating,
                } = portal;
                let rotating = if is_rotating { "\trotating" } else { "" };
                writeln!(out, "{name}\tsecret {generation}{rotating}")?;
            }
            return Ok(());
        }
        Portal::Add { folder, name } => (folder, name, PortalChange::Add),
        Portal::Change(change) => {
            let (Named { folder, name }, change) = match change {
                Change::Rotate(named) => (named, PortalChange::Rotate),
                Change::Settle(named) => (named, PortalChange::Settle),
                Change::Remove(named) => (named, PortalChange::Remove),
            };
            (folder, name, change)
        }
    };
    if change == PortalChange::Add {
        std::fs::create_dir_all(&folder.data)?;
    } else {
        open(&folder.data)?;
    }
    let keys = Keys::open(&folder.data).map_err(CommandError::Keys)?;
    let now = Clock::system().now();
    let changed = Sqlite::open(&folder.data, BUSY)?.change_portal(&name, change, now)?;
    let portal = match (changed, change) {
        (Some(portal), _) => portal,
        (None, PortalChange::Add) => return Err(CommandError::NameTaken(name)),
        (None, _) => return Err(CommandError::NoSuchPortal(name)),
    };
    if matches!(change, PortalChange::Add | PortalChange::Rotate) {
        let secret = portal.secrets(&keys).into_iter().next();
        writeln!(out, "{}", secret.unwrap_or_default())?;
        let told =
            "this secret is shown only now; it belongs on the portal's server, never in a page";
        writeln!(io::stderr(), "{told}")?;
    }
    Ok(())
}
