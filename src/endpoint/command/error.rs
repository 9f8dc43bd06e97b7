//! Why a command failed, in one line that says what is wrong and what to do.

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::settings::SettingsError;
use crate::endpoint::calendar::CalendarError;
use crate::endpoint::cases::CaseError;
use crate::endpoint::export::ExportError;
use crate::endpoint::keys::KeyError;
use crate::endpoint::publish::PublishError;
use crate::endpoint::server::StartError;
use crate::endpoint::sign_in::SignInError;
use crate::endpoint::store::{CopyError, StoreError, SurveyError};
use crate::endpoint::webhooks::AddressError;

/// Why a command failed; one line for a person.
#[derive(Debug)]
pub(super) enum CommandError {
    Start(StartError),
    Store(StoreError),
    NoData(PathBuf),
    Publish(PublishError),
    Survey(SurveyError),
    Export(ExportError),
    Io(io::Error),
    Keys(KeyError),
    NameTaken(String),
    NoSuchPerson(String),
    IsSetUp,
    SignIn(SignInError),
    Damaged(usize),
    Calendar(PathBuf, CalendarError),
    NoSuchPortal(String),
    NoSuchKey(String),
    NoSuchHook(String),
    NoSuchDelivery(String),
    NoSuchPlace(String),
    File(PathBuf, String),
    LinesRefused(usize),
    Address(AddressError),
    NotAMail(String),
    TooLong,
    Settings(SettingsError),
    Copy(CopyError),
    Case(CaseError),
    Remains(Vec<String>),
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
            Self::NoData(folder) => write!(
                f,
                "there is no database in {}; name the data folder of your endpoint with --data",
                folder.display()
            ),
            Self::Publish(error) => error.fmt(f),
            Self::Survey(error) => error.fmt(f),
            Self::Export(error) => error.fmt(f),
            Self::Io(error) => error.fmt(f),
            Self::Keys(error) => error.fmt(f),
            Self::NameTaken(name) => write!(
                f,
                "there is already a {name:?}; give a name that tells the two apart"
            ),
            Self::NoSuchPerson(name) => write!(
                f,
                "nobody here is called {name:?}; `qingting staff list` shows who works here"
            ),
            Self::IsSetUp => f.write_str(
                "there is an admin already; admins add people, and `qingting staff link NAME` helps one who forgot the password",
            ),
            Self::SignIn(error) => error.fmt(f),
            Self::Damaged(cases) => write!(
                f,
                "{cases} cases are not as they were written; keep this data folder as it is and restore a backup beside it"
            ),
            Self::NoSuchPortal(name) => write!(
                f,
                "there is no portal {name:?}; `qingting portal list` shows those there are"
            ),
            Self::NoSuchKey(name) => write!(
                f,
                "there is no key {name:?}; `qingting key list` shows those there are"
            ),
            Self::NoSuchHook(name) => write!(
                f,
                "there is no system {name:?}; `qingting hook list` shows those there are"
            ),
            Self::NoSuchPlace(name) => write!(
                f,
                "nothing is asked at a place {name:?}; `qingting place list` shows where something is"
            ),
            Self::NoSuchDelivery(name) => write!(f, "no delivery {name:?} is known"),
            Self::File(path, error) => write!(f, "{}: {error}", path.display()),
            Self::LinesRefused(lines) => write!(
                f,
                "{lines} lines were not taken, the others were; mend these and import the same table again"
            ),
            Self::Address(error) => error.fmt(f),
            Self::NotAMail(text) => write!(f, "{text:?} is no mail address"),
            Self::TooLong => f.write_str(
                "a name or reference is too long for a link; it may have 200 characters",
            ),
            Self::Settings(error) => error.fmt(f),
            Self::Copy(error) => error.fmt(f),
            Self::Case(CaseError::Store(error)) => error.fmt(f),
            Self::Case(error) => write!(f, "a case cannot be read or written: {error:?}"),
            Self::Remains(places) => write!(
                f,
                "something of the person is still found in: {}; if others wrote the same text, that is theirs, otherwise run it again while nobody reads",
                places.join("; ")
            ),
            Self::Calendar(path, error) => write!(f, "{}: {error}", path.display()),
        }
    }
}

macro_rules! from_errors {
    ($($variant:ident($error:ty)),*) => {
        $(impl From<$error> for CommandError {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        })*
    };
}

from_errors!(
    Start(StartError),
    Store(StoreError),
    Publish(PublishError),
    Survey(SurveyError),
    Export(ExportError),
    Settings(SettingsError),
    Copy(CopyError),
    Case(CaseError),
    Keys(KeyError),
    Io(io::Error)
);
