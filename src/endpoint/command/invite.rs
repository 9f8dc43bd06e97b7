//! `qingting invite`: the link of an invitation, for people whom the supplier writes to itself.

use std::io::{self, Write};

use clap::Args;

use super::{CommandError, DataFolder, open};
use crate::api::limits;
use crate::endpoint::clock::{Clock, DAY_MS};
use crate::endpoint::config::Origin;
use crate::endpoint::identity::Invitation;
use crate::endpoint::keys::Keys;
use crate::endpoint::store::{Reader, SurveyError};

/// Whom to invite to what.
#[derive(Args, Debug)]
pub(super) struct Invite {
    #[command(flatten)]
    folder: DataFolder,
    /// The survey's name
    survey: String,
    /// The delivery that it asks about
    #[arg(long, value_parser = reference)]
    delivery: Option<String>,
    /// The customer's account
    #[arg(long, value_parser = reference)]
    account: Option<String>,
    /// The person
    #[arg(long, value_parser = reference)]
    contact: Option<String>,
    /// For how many days
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=3650))]
    days: u16,
    /// Everybody who has the link may answer, as at a place; otherwise it is answered once
    #[arg(long)]
    many: bool,
    /// Where people reach the endpoint
    #[arg(
        long,
        env = "QINGTING_PUBLIC_URL",
        default_value = "http://127.0.0.1:8080",
        value_name = "ORIGIN"
    )]
    public_url: Origin,
}

fn reference(text: &str) -> Result<String, String> {
    let most = limits::REFERENCE_CHARS;
    if text.is_empty() || text.chars().nth(most).is_some() {
        return Err(format!("write 1 to {most} characters"));
    }
    Ok(text.to_owned())
}

pub(super) fn run(settings: &Invite) -> Result<(), CommandError> {
    let reader = open(&settings.folder.data)?;
    if reader.survey(&settings.survey)?.is_none() {
        return Err(SurveyError::Unknown.into());
    }
    let keys = Keys::open(&settings.folder.data).map_err(CommandError::Keys)?;
    let mut number = [0; 8];
    getrandom::fill(&mut number).map_err(io::Error::other)?;
    let now = Clock::system().now().0;
    let invitation = Invitation {
        number: u64::from_be_bytes(number),
        survey: settings.survey.clone(),
        delivery: settings.delivery.clone(),
        account: settings.account.clone(),
        contact: settings.contact.clone(),
        from: now,
        until: now + i64::from(settings.days) * DAY_MS,
        once: !settings.many,
    };
    let token = invitation.token(&keys).ok_or(CommandError::TooLong)?;
    let link = format!("{}/s/{}#{token}", settings.public_url, settings.survey);
    writeln!(io::stdout(), "{link}")?;
    Ok(())
}
