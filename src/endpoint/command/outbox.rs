//! `qingting outbox list | replay`, and `qingting hook add | rotate | settle | remove | list`.

use std::io::{self, Write};

use clap::{Subcommand, ValueEnum};

use super::secret::{Change, Named};
use super::{BUSY, CommandError, DataFolder, open};
use crate::endpoint::clock::{Clock, Timestamp};
use crate::endpoint::keys::Keys;
use crate::endpoint::outgoing::secrets;
use crate::endpoint::store::{Channel, OutboxState, ReceiverChange, Sqlite};
use crate::endpoint::webhooks::{self, Network, Reach};

#[derive(Debug, Subcommand)]
pub(super) enum Outbox {
    /// Show what was given up, the newest first
    List {
        #[command(flatten)]
        folder: DataFolder,
        /// Which rows
        #[arg(long, default_value = "dead")]
        state: StateName,
    },
    /// Have what was given up tried again
    Replay {
        #[command(flatten)]
        folder: DataFolder,
        /// The numbers, as `list` shows them
        #[arg(required_unless_present = "all")]
        number: Vec<i64>,
        /// All of them
        #[arg(long, conflicts_with = "number")]
        all: bool,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum StateName {
    Waiting,
    Delivered,
    Dead,
}

/// As many rows as a person reads, or replays at once.
const SHOWN: u32 = 1_000;

pub(super) fn run(command: Outbox) -> Result<(), CommandError> {
    let mut out = io::stdout();
    match command {
        Outbox::List { folder, state } => {
            let state = match state {
                StateName::Waiting => OutboxState::Waiting,
                StateName::Delivered => OutboxState::Delivered,
                StateName::Dead => OutboxState::Dead,
            };
            for row in open(&folder.data)?.outbox(state, SHOWN)? {
                let error: String = row.error.unwrap_or_default().chars().take(200).collect();
                writeln!(
                    out,
                    "{}\t{}\t{}.{}\t{}\t{} tries\t{}",
                    row.id,
                    row.channel.code(),
                    row.about.code(),
                    row.kind,
                    Timestamp(row.created_at),
                    row.attempts,
                    error.replace(['\n', '\r', '\t'], " ")
                )?;
            }
        }
        Outbox::Replay {
            folder,
            number,
            all,
        } => {
            let numbers = if all {
                let dead = open(&folder.data)?.outbox(OutboxState::Dead, SHOWN)?;
                dead.into_iter().map(|row| row.id).collect()
            } else {
                open(&folder.data)?;
                number
            };
            let mut store = Sqlite::open(&folder.data, BUSY)?;
            let now = Clock::system().now().0;
            let mut replayed = 0;
            for number in &numbers {
                replayed += u32::from(store.replay_outbox(*number, now)?);
            }
            writeln!(out, "{replayed} of {} go out again", numbers.len())?;
        }
    }
    Ok(())
}

#[derive(Debug, Subcommand)]
pub(super) enum Hook {
    /// Add a system that is told of events, and print the secret that signs them, once
    Add {
        #[command(flatten)]
        folder: DataFolder,
        /// The name
        name: String,
        /// Its address, https
        address: String,
        /// It sends messages to telephones instead
        #[arg(long)]
        gateway: bool,
        /// A network of your own that may be reached although it is not public, for example 10.1.0.0/16
        #[arg(
            long,
            env = "QINGTING_HOOK_NETWORK",
            value_delimiter = ',',
            value_name = "NETWORK"
        )]
        hook_network: Vec<Network>,
    },
    #[command(flatten)]
    Change(Change),
    /// Show the systems
    List {
        #[command(flatten)]
        folder: DataFolder,
    },
}

pub(super) fn hook(command: Hook) -> Result<(), CommandError> {
    let mut out = io::stdout();
    let now = Clock::system().now();
    let (folder, name, change) = match command {
        Hook::Add {
            folder,
            name,
            address,
            gateway,
            hook_network,
        } => {
            let reach = Reach {
                networks: hook_network,
                ..Reach::default()
            };
            reach.check(&address).map_err(CommandError::Address)?;
            std::fs::create_dir_all(&folder.data)?;
            let channel = if gateway {
                Channel::Gateway
            } else {
                Channel::Webhook
            };
            let keys = Keys::open(&folder.data).map_err(CommandError::Keys)?;
            let mut store = Sqlite::open(&folder.data, BUSY)?;
            let added = store.add_receiver(name.trim(), &address, channel, now)?;
            let receiver = added.ok_or(CommandError::NameTaken(name))?;
            return show(&keys, &receiver);
        }
        Hook::List { folder } => {
            for row in open(&folder.data)?.receivers()? {
                let rotating = if row.is_rotating { "\trotating" } else { "" };
                let (channel, generation) = (row.channel.code(), row.generation);
                writeln!(
                    out,
                    "{}\t{channel}\t{}\tsecret {generation}{rotating}",
                    row.name, row.address
                )?;
            }
            return Ok(());
        }
        Hook::Change(change) => {
            let (Named { folder, name }, change) = match change {
                Change::Rotate(named) => (named, ReceiverChange::Rotate),
                Change::Settle(named) => (named, ReceiverChange::Settle),
                Change::Remove(named) => (named, ReceiverChange::Remove),
            };
            (folder, name, change)
        }
    };
    open(&folder.data)?;
    let keys = Keys::open(&folder.data).map_err(CommandError::Keys)?;
    let changed = Sqlite::open(&folder.data, BUSY)?.change_receiver(&name, change, now)?;
    let receiver = changed.ok_or(CommandError::NoSuchHook(name))?;
    if change == ReceiverChange::Rotate {
        show(&keys, &receiver)?;
    }
    Ok(())
}

fn show(keys: &Keys, receiver: &crate::endpoint::store::ReceiverRow) -> Result<(), CommandError> {
    let secret = secrets(keys, receiver)
        .into_iter()
        .next()
        .unwrap_or_default();
    writeln!(io::stdout(), "{}", webhooks::shown(&secret))?;
    writeln!(io::stderr(), "this secret is shown only now")?;
    Ok(())
}
