//! `qingting staff add | list`, and `qingting verify`.

use std::io::{self, Write};

use clap::{Args, Subcommand, ValueEnum};
use sha2::{Digest, Sha256};

use super::{BUSY, CommandError, DataFolder, open};
use crate::complaint::{Lead, Role};
use crate::endpoint::cases::{Cases, date};
use crate::endpoint::clock::Clock;
use crate::endpoint::deliveries::is_mail;
use crate::endpoint::keys::Keys;
use crate::endpoint::sign_in;
use crate::endpoint::store::Sqlite;

#[derive(Debug, Subcommand)]
pub(super) enum Staff {
    /// Add a member of staff and print the key, once
    Add {
        #[command(flatten)]
        folder: DataFolder,
        /// The name that customers read where this is their contact
        name: String,
        /// What the person does
        #[arg(long)]
        role: RoleName,
    },
    /// Say that somebody is away: the stand-in acts
    Away {
        #[command(flatten)]
        folder: DataFolder,
        /// The name
        name: String,
        /// Back again
        #[arg(long)]
        back: bool,
    },
    /// Say where somebody gets mail; an empty address: nowhere
    Mail {
        #[command(flatten)]
        folder: DataFolder,
        /// The name
        name: String,
        /// The address
        address: String,
    },
    /// Say who has a place in an account's team
    Place {
        #[command(flatten)]
        folder: DataFolder,
        /// The account, as portals and deliveries name it
        account: String,
        /// Which place
        #[arg(long)]
        place: PlaceName,
        /// Who has it; without a name it becomes vacant
        #[arg(long)]
        holder: Option<String>,
        /// Who acts while the holder is away
        #[arg(long, requires = "holder")]
        stand_in: Option<String>,
    },
    /// Print the path by which the first admin signs in, once; it opens for three days
    SetUp {
        #[command(flatten)]
        folder: DataFolder,
    },
    /// Print the path by which somebody sets a password, once; it opens for three days
    Link {
        #[command(flatten)]
        folder: DataFolder,
        /// The name
        name: String,
    },
    /// Show who works here
    List {
        #[command(flatten)]
        folder: DataFolder,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum PlaceName {
    /// The account manager, whom customers know
    Account,
    /// The solution expert
    Solution,
    /// The delivery expert
    Delivery,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum RoleName {
    /// Speaks with the customers of some accounts
    AccountManager,
    /// Knows what the product should do
    SolutionExpert,
    /// Knows how it is delivered, installed and maintained
    DeliveryExpert,
    /// Sees to it that cases go on; the first one stands in for every vacant place
    CaseManager,
    /// Makes surveys and reads results
    Analyst,
    /// Reads what customers write, and asks
    Executive,
    /// Reads everything, changes nothing
    Auditor,
    /// Users and settings
    Admin,
}

impl RoleName {
    fn role(self) -> Role {
        match self {
            Self::AccountManager => Role::AccountManager,
            Self::SolutionExpert => Role::SolutionExpert,
            Self::DeliveryExpert => Role::DeliveryExpert,
            Self::CaseManager => Role::CaseManager,
            Self::Analyst => Role::Analyst,
            Self::Executive => Role::Executive,
            Self::Auditor => Role::Auditor,
            Self::Admin => Role::Admin,
        }
    }
}

/// What to look through.
#[derive(Args, Debug)]
pub(super) struct Verify {
    #[command(flatten)]
    folder: DataFolder,
}

pub(super) fn run(command: Staff) -> Result<(), CommandError> {
    let mut out = io::stdout();
    match command {
        Staff::Add { folder, name, role } => {
            std::fs::create_dir_all(&folder.data)?;
            let mut bytes = [0_u8; 32];
            getrandom::fill(&mut bytes).map_err(io::Error::other)?;
            let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
            let key = ["qts_", &digits.collect::<String>()].concat();
            let digest = Sha256::digest(&key).into();
            let mut store = Sqlite::open(&folder.data, BUSY)?;
            let now = Clock::system().now();
            let added = store.add_staff(name.trim(), role.role(), digest, now)?;
            if added.is_none() {
                return Err(CommandError::NameTaken(name));
            }
            writeln!(out, "{key}")?;
            let told = "this key is shown only now; it signs its holder in";
            writeln!(io::stderr(), "{told}")?;
        }
        Staff::Away { folder, name, back } => {
            open(&folder.data)?;
            if !Sqlite::open(&folder.data, BUSY)?.set_away(&name, !back)? {
                return Err(CommandError::NoSuchPerson(name));
            }
        }
        Staff::Mail {
            folder,
            name,
            address,
        } => {
            open(&folder.data)?;
            let address = address.trim();
            if !address.is_empty() && !is_mail(address) {
                return Err(CommandError::NotAMail(address.to_owned()));
            }
            if !Sqlite::open(&folder.data, BUSY)?.set_staff_mail(&name, address)? {
                return Err(CommandError::NoSuchPerson(name));
            }
        }
        Staff::Place {
            folder,
            account,
            place,
            holder,
            stand_in,
        } => {
            let people = open(&folder.data)?.staff()?;
            let find = |name: String| {
                let found = people.iter().find(|row| row.name == name);
                found
                    .map(|row| row.id)
                    .ok_or(CommandError::NoSuchPerson(name))
            };
            let holder = holder.map(find).transpose()?;
            let stand_in = stand_in.map(find).transpose()?;
            let place = match place {
                PlaceName::Account => Lead::Account,
                PlaceName::Solution => Lead::Solution,
                PlaceName::Delivery => Lead::Delivery,
            };
            let filled = holder.map(|holder| (holder, stand_in));
            Sqlite::open(&folder.data, BUSY)?.fill_place(&account, place, filled)?;
        }
        Staff::SetUp { folder } => {
            std::fs::create_dir_all(&folder.data)?;
            let mut store = Sqlite::open(&folder.data, BUSY)?;
            let link = sign_in::first_link(&mut store, Clock::system().now());
            match link.map_err(CommandError::SignIn)? {
                Some(link) => writeln!(out, "/console#set-up={link}")?,
                None => return Err(CommandError::IsSetUp),
            }
        }
        Staff::Link { folder, name } => {
            let people = open(&folder.data)?.people()?;
            let person = people
                .iter()
                .find(|row| row.name == name && row.mail.is_some());
            let person = person.ok_or(CommandError::NoSuchPerson(name))?.id;
            let mut store = Sqlite::open(&folder.data, BUSY)?;
            let link = sign_in::link(&mut store, person, Clock::system().now());
            let link = link.map_err(CommandError::SignIn)?;
            writeln!(out, "/console#password={link}")?;
        }
        Staff::List { folder } => {
            for row in open(&folder.data)?.staff()? {
                writeln!(out, "{}\t{}\t{}", row.id.0, row.role.code(), row.name)?;
            }
        }
    }
    Ok(())
}

pub(super) fn verify(settings: &Verify) -> Result<(), CommandError> {
    let reader = open(&settings.folder.data)?;
    Sqlite::open(&settings.folder.data, BUSY)?.check(u64::MAX)?;
    let keys = Keys::open(&settings.folder.data).map_err(CommandError::Keys)?;
    let mut verified = Cases::verify(&reader, &keys)?;
    let (logs, of_logs) = Cases::verify_logs(&reader, &keys)?;
    verified.damaged.extend(of_logs);
    let mut out = io::stdout();
    for (number, damage) in &verified.damaged {
        writeln!(out, "{number}: {damage}")?;
    }
    if let Some(day) = verified.sealed.broken {
        let day = date(day);
        writeln!(
            out,
            "{day} is not as it was closed, or a day is missing before it"
        )?;
    }
    let (notes, cut) = reader.verify_audit(&keys)?;
    if let Some(damage) = cut {
        writeln!(out, "what staff did: {damage}")?;
    }
    let broken = usize::from(verified.sealed.broken.is_some()) + usize::from(cut.is_some());
    if verified.damaged.len() + broken > 0 {
        return Err(CommandError::Damaged(verified.damaged.len() + broken));
    }
    writeln!(out, "{} cases are as they were written", verified.cases)?;
    writeln!(
        out,
        "{notes} notes of what staff did are as they were written"
    )?;
    if logs > 0 {
        writeln!(out, "{logs} problems and lists are as they were written")?;
    }
    if let Some((day, digest)) = verified.sealed.last {
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let day = date(day);
        writeln!(
            out,
            "closed up to {day}: {digest} (kept elsewhere, this line shows a database that was put back)"
        )?;
    }
    Ok(())
}
