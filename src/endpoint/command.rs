//! The command line: `qingting serve | survey | staff | portal | key | hook | outbox | import | link | place | invite | export | results | verify`.

use std::io::{self, BufWriter, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use tracing_subscriber::EnvFilter;

use super::calendar::Calendar;
use super::config::{Config, Origin};
use super::export::{self, ExportError};
use super::mail::MailSettings;
use super::results;
use super::server::Endpoint;
use super::store::{Filter, ReadSqlite};
use super::webhooks::Network;
use crate::survey::Value;
use error::CommandError;
use settings::{Limiting, SettingsError};

/// Why a command failed.
mod error;
/// Deliveries from tables.
mod import;
/// Invitations for people whom you write to yourself.
mod invite;
/// Backup, restore, everything out and in, one person out.
mod life;
/// Short links for papers, and places.
mod link;
/// What goes out.
mod outbox;
/// Portals that say who is there.
mod portal;
/// Secrets that are rotated.
mod secret;
/// Flags, environment, file.
mod settings;
/// Who works here, and whether cases are as they were written.
mod staff;
/// What there is to do with surveys.
mod survey;
/// Keys of systems.
mod systems;

/// How long a command waits for a database that another process holds.
const BUSY: Duration = Duration::from_secs(5);

/// Asks customers how it went, and keeps every answer.
#[derive(Debug, Parser)]
#[command(name = "qingting", version)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the endpoint
    Serve(Serve),
    /// Show every setting of `serve` with its value, as a file for --config
    Config(Serve),
    /// Check, publish, schedule, withdraw and list surveys
    #[command(subcommand)]
    Survey(survey::Survey),
    /// Add and list staff
    #[command(subcommand)]
    Staff(staff::Staff),
    /// Add, rotate and list portals whose servers say who is there
    #[command(subcommand)]
    Portal(portal::Portal),
    /// Add, remove and list the keys of your systems
    #[command(subcommand)]
    Key(systems::Key),
    /// Add, rotate, remove and list systems that are told of events
    #[command(subcommand)]
    Hook(outbox::Hook),
    /// Show what could not be delivered, and have it tried again
    #[command(subcommand)]
    Outbox(outbox::Outbox),
    /// Take deliveries in, whose people are then invited
    #[command(subcommand)]
    Import(import::Import),
    /// Print a short link for the papers of a delivery or for a place, and its QR code
    Link(link::Link),
    /// List and remove the places that have a short link
    #[command(subcommand)]
    Place(link::Place),
    /// Print the link of an invitation
    Invite(invite::Invite),
    /// Read everything out
    #[command(subcommand)]
    Export(Export),
    /// Copy the data while it is in use
    Backup(life::Backup),
    /// Make a data folder of a backup, and look whether it is whole
    Restore(life::Restore),
    /// Take out everything of a person, and show that nothing is left
    Erase(life::Erase),
    /// Show n, histogram, value and 95 % interval of each metric
    Results(Results),
    /// Look whether every case is as it was written
    Verify(staff::Verify),
    /// Print the contract of the endpoint as an OpenAPI document
    Openapi(DataFolder),
}

/// The data folder, the same for every command.
#[derive(Args, Debug)]
struct DataFolder {
    /// The data folder
    #[arg(
        long,
        env = "QINGTING_DATA",
        default_value = "./data",
        value_name = "DIR"
    )]
    data: PathBuf,
}

/// Which responses are wanted.
#[derive(Args, Debug)]
struct Wanted {
    /// Only this survey's
    #[arg(long)]
    survey: Option<String>,
    /// Also those of test mode, which otherwise never count
    #[arg(long)]
    tests: bool,
    /// Also those that look as if a program had filled them in, which otherwise do not count
    #[arg(long)]
    suspects: bool,
}

impl Wanted {
    fn filter(&self) -> Filter<'_> {
        Filter {
            survey: self.survey.as_deref(),
            tests: self.tests,
            suspects: self.suspects,
            ..Filter::default()
        }
    }
}

#[derive(Args, Debug)]
struct Serve {
    #[command(flatten)]
    folder: DataFolder,
    /// Address to listen on; port 0 takes a free one
    #[arg(
        long,
        env = "QINGTING_LISTEN",
        default_value = "127.0.0.1:8080",
        value_name = "ADDRESS"
    )]
    listen: SocketAddr,
    /// The bundle's folder [default: the last one made by `make bundle`]
    #[arg(long, env = "QINGTING_SITE", value_name = "DIR")]
    site: Option<PathBuf>,
    /// Origins of the portals that may use the API, for example `https://portal.example.com`
    #[arg(long, env = "QINGTING_ALLOW_ORIGIN", value_delimiter = ',', num_args = 1.., value_name = "ORIGIN")]
    allow_origin: Vec<Origin>,
    /// Where people reach the endpoint, for links in mails and for what portals sign, for example
    /// `https://feedback.example.com` [default: the address it listens on]
    #[arg(long, env = "QINGTING_PUBLIC_URL", value_name = "ORIGIN")]
    public_url: Option<Origin>,
    /// The mail server, for example `smtps://name:password@mail.example.com`; better in the environment, where no other
    /// user of the machine sees it
    #[arg(
        long,
        env = "QINGTING_SMTP",
        value_name = "URL",
        requires = "mail_from",
        hide_env_values = true
    )]
    smtp: Option<String>,
    /// Whom mails are from, for example `Example Support <feedback@example.com>`
    #[arg(long, env = "QINGTING_MAIL_FROM", value_name = "MAILBOX")]
    mail_from: Option<String>,
    /// Certificates of your own authority, in PEM, where the mail server's is signed by none that browsers trust
    #[arg(long, env = "QINGTING_SMTP_CA", value_name = "FILE", requires = "smtp")]
    smtp_ca: Option<PathBuf>,
    /// Networks of your own that may get webhooks although they are not public, for example 10.1.0.0/16
    #[arg(
        long,
        env = "QINGTING_HOOK_NETWORK",
        value_delimiter = ',',
        value_name = "NETWORK"
    )]
    hook_network: Vec<Network>,
    /// When you work, for every promised date: a JSON file of time zone, hours, closed days and extra days [default:
    /// Monday to Friday, 9 to 17 o'clock UTC]
    #[arg(long, env = "QINGTING_CALENDAR", value_name = "FILE")]
    calendar: Option<PathBuf>,
    /// Publish the sample surveys and show the demo portal on a second address
    #[arg(long, env = "QINGTING_DEMO")]
    demo: bool,
    /// Address of the demo portal
    #[arg(
        long,
        env = "QINGTING_DEMO_LISTEN",
        default_value = "127.0.0.1:8081",
        value_name = "ADDRESS"
    )]
    demo_listen: SocketAddr,
    /// A TOML file of these settings: `listen = "127.0.0.1:8080"`
    #[arg(long, env = "QINGTING_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    limiting: Limiting,
}

#[derive(Debug, Subcommand)]
enum Export {
    /// Every response, in the order of arrival
    Responses {
        #[command(flatten)]
        folder: DataFolder,
        /// A table for spreadsheets, or lines of JSON with every word as it was sent
        #[arg(long)]
        format: ExportFormat,
        #[command(flatten)]
        filter: Wanted,
    },
    /// Every row of every table as lines of JSON: all there is but the keys
    All {
        #[command(flatten)]
        folder: DataFolder,
    },
    /// Everything of one person as lines of JSON
    Person {
        #[command(flatten)]
        folder: DataFolder,
        #[command(flatten)]
        who: life::Who,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ExportFormat {
    Csv,
    Jsonl,
}

#[derive(Args, Debug)]
struct Results {
    #[command(flatten)]
    folder: DataFolder,
    #[command(flatten)]
    filter: Wanted,
    /// For people, or for programs
    #[arg(long, default_value = "text")]
    format: ResultsFormat,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ResultsFormat {
    Text,
    Json,
}

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let (line, matches, command) = match parsed() {
        Ok(parsed) => parsed,
        Err(error) => {
            let _ = writeln!(io::stderr(), "qingting: {error}");
            return ExitCode::FAILURE;
        }
    };
    let filter = EnvFilter::try_from_env("QINGTING_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(false)
        .with_target(false)
        .init();
    let result = match line.command {
        Command::Serve(settings) => serve(settings),
        Command::Config(_) => settings::show(&command, &matches, &mut io::stdout()),
        Command::Survey(command) => survey::run(command),
        Command::Export(Export::Responses {
            folder,
            format,
            filter,
        }) => export_responses(&folder.data, format, filter.filter()),
        Command::Export(Export::All { folder }) => life::export_all(&folder.data),
        Command::Export(Export::Person { folder, who }) => life::export_person(&folder.data, who),
        Command::Backup(settings) => life::back_up(&settings),
        Command::Restore(settings) => life::restore(&settings),
        Command::Erase(settings) => life::erase(settings),
        Command::Staff(command) => staff::run(command),
        Command::Portal(command) => portal::run(command),
        Command::Key(command) => systems::run(command),
        Command::Hook(command) => outbox::hook(command),
        Command::Outbox(command) => outbox::run(command),
        Command::Import(command) => import::run(command),
        Command::Link(settings) => link::run(settings),
        Command::Place(command) => link::place(command),
        Command::Invite(settings) => invite::run(&settings),
        Command::Verify(settings) => staff::verify(&settings),
        Command::Openapi(_) => print_contract(),
        Command::Results(settings) => show_results(&settings),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads the output has seen enough, as `head` does.
        Err(CommandError::Io(error) | CommandError::Export(ExportError::Output(error)))
            if error.kind() == io::ErrorKind::BrokenPipe =>
        {
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _ = writeln!(io::stderr(), "qingting: {error}");
            ExitCode::FAILURE
        }
    }
}

fn print_contract() -> Result<(), CommandError> {
    let document = super::contract::openapi().map_err(io::Error::other);
    let printed = document.and_then(|document| writeln!(io::stdout(), "{document:#}"));
    printed.map_err(CommandError::Io)
}

/// The command line, with a settings file in the place of defaults.
fn parsed() -> Result<(Line, ArgMatches, clap::Command), SettingsError> {
    let mut command = settings::with_file(Line::command())?;
    let matches = command.get_matches_mut();
    let line = Line::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let of_command = matches.subcommand().map(|(_, matches)| matches.clone());
    Ok((line, of_command.unwrap_or_default(), command))
}

fn serve(settings: Serve) -> Result<(), CommandError> {
    let mut config = Config::new(settings.listen, settings.folder.data);
    config.site = settings.site.or_else(usual_site);
    config.allow_origins = settings.allow_origin;
    config.public = settings.public_url;
    config.reach.networks = settings.hook_network;
    if let (Some(server), Some(from)) = (settings.smtp, settings.mail_from) {
        config.mail = Some(MailSettings {
            server,
            from,
            authorities: settings.smtp_ca,
        });
    }
    if let Some(path) = settings.calendar {
        let text = std::fs::read_to_string(&path)?;
        let calendar = Calendar::from_json(&text);
        config.calendar = calendar.map_err(|error| CommandError::Calendar(path, error))?;
    }
    config.demo = settings.demo.then_some(settings.demo_listen);
    settings.limiting.apply(&mut config);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        // Each may hold a connection to the database: what it takes under load is bounded.
        .max_blocking_threads(64)
        .build()?;
    runtime.block_on(async {
        let endpoint = Endpoint::open(config).await?;
        // From here on SIGTERM ends the process in order, also before the first request.
        let stop = stop_signal()?;
        // Whatever has to be written for the start is, before anybody is told that it listens.
        let set_up = endpoint.set_up_link().map_err(CommandError::SignIn)?;
        let mut out = io::stdout();
        writeln!(out, "listening on http://{}", endpoint.address())?;
        if let Some(origin) = endpoint.demo_origin() {
            writeln!(out, "demo portal on {origin}")?;
        }
        if !endpoint.has_bundle() {
            writeln!(out, "no widget here, the API only; `make bundle` makes one")?;
        }
        out.flush()?;
        // Not in the log: whoever reads this becomes the first admin.
        if let Some(link) = set_up {
            writeln!(
                io::stderr(),
                "nobody can sign in yet; the first admin is whoever opens this, once, within three days: {link}"
            )?;
        }
        endpoint.run(stop).await;
        Ok(())
    })
}

/// Done when the process is asked to end.
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
    );
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: requests under way are finished, new ones refused");
    })
}

/// Where `make bundle` puts its files.
fn usual_site() -> Option<PathBuf> {
    let folder = |name: &str| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let cache =
        folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")))?;
    Some(cache.join("qingting").join("site"))
}

/// Opens the database for reading; a data folder that has none is most likely the wrong one.
fn open(data: &Path) -> Result<ReadSqlite, CommandError> {
    if !super::store::database_path(data).is_file() {
        return Err(CommandError::NoData(data.to_owned()));
    }
    Ok(ReadSqlite::open(data, BUSY)?)
}

fn export_responses(
    data: &Path,
    format: ExportFormat,
    filter: Filter<'_>,
) -> Result<(), CommandError> {
    let reader = open(data)?;
    let mut out = BufWriter::new(io::stdout().lock());
    match format {
        ExportFormat::Csv => export::csv(&reader, filter, &mut out)?,
        ExportFormat::Jsonl => export::jsonl(&reader, filter, &mut out)?,
    }
    Ok(())
}

fn show_results(settings: &Results) -> Result<(), CommandError> {
    let reader = open(&settings.folder.data)?;
    let results = results::count(&reader, settings.filter.filter())?;
    let waves = reader.wave_counts(settings.filter.survey.as_deref())?;
    let held_out = if settings.filter.suspects {
        0
    } else {
        reader.suspects(settings.filter.survey.as_deref())?
    };
    let mut out = io::stdout();
    match settings.format {
        ResultsFormat::Text => {
            write!(
                out,
                "{}{}",
                results::text(&results),
                results::waves_text(&waves)
            )?;
            if held_out > 0 {
                writeln!(
                    out,
                    "{held_out} more look as if a program had filled them in and do not count; --suspects counts them"
                )?;
            }
        }
        ResultsFormat::Json => {
            let mut value = results::value(&results);
            value.set("waves", results::waves_value(&waves));
            #[allow(clippy::cast_precision_loss, reason = "a count of rows")]
            value.set("held_out", Value::Number(held_out as f64));
            serde_json::to_writer(&mut out, &value).map_err(io::Error::other)?;
            writeln!(out)?;
        }
    }
    Ok(out.flush()?)
}
