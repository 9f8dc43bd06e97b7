//! `qingting link` and `qingting place list | remove`: short links for papers, and the places where they hang.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::secret::Named;
use super::{BUSY, CommandError, DataFolder, open};
use crate::endpoint::clock::Clock;
use crate::endpoint::config::Origin;
use crate::endpoint::keys::Keys;
use crate::endpoint::links::{self, Link as ShortLink};
use crate::endpoint::store::{Reader, Sqlite, SurveyError};

/// What a short link is for.
#[derive(Args, Debug)]
pub(super) struct Link {
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

pub(super) fn run(settings: Link) -> Result<(), CommandError> {
    let reader = open(&settings.folder.data)?;
    let keys = Keys::open(&settings.folder.data).map_err(CommandError::Keys)?;
    let link = match (settings.delivery, settings.place, settings.survey) {
        (Some(delivery), _, _) => {
            let number = reader.delivery_number(&delivery)?;
            ShortLink::Delivery(number.ok_or(CommandError::NoSuchDelivery(delivery))?)
        }
        (None, Some(place), Some(survey)) => {
            if reader.survey(&survey)?.is_none() {
                return Err(SurveyError::Unknown.into());
            }
            let now = Clock::system().now();
            ShortLink::Place(Sqlite::open(&settings.folder.data, BUSY)?.place(
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

#[derive(Debug, Subcommand)]
pub(super) enum Place {
    /// Show the places that ask: name, survey, path of the link
    List {
        #[command(flatten)]
        folder: DataFolder,
    },
    /// It asks no more: its link says so from now on, until `link --place` gives it a survey again
    Remove(Named),
}

pub(super) fn place(command: Place) -> Result<(), CommandError> {
    match command {
        Place::List { folder } => {
            let reader = open(&folder.data)?;
            let keys = Keys::open(&folder.data).map_err(CommandError::Keys)?;
            let mut out = io::stdout();
            for place in reader.places()? {
                let code = ShortLink::Place(place.id).code(&keys);
                writeln!(out, "{}\t{}\t/l/{code}", place.name, place.survey)?;
            }
        }
        Place::Remove(Named { folder, name }) => {
            open(&folder.data)?;
            let now = Clock::system().now();
            if !Sqlite::open(&folder.data, BUSY)?.remove_place(name.trim(), now)? {
                return Err(CommandError::NoSuchPlace(name));
            }
        }
    }
    Ok(())
}
