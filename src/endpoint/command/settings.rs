//! Settings of `serve`: flags come before the environment, the environment before a file, the file before what stands
//! where nobody says anything. `qingting config` shows all of them.

use std::ffi::OsString;
use std::fmt;
use std::io::{self, Write};
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args, Command};
use ipnet::IpNet;
use toml::{Table, Value};

use super::CommandError;
use crate::endpoint::config::{Allowed, Config, Retention};

/// Names the file, like the flag.
const ENVIRONMENT: &str = "QINGTING_CONFIG";

/// Limits and periods. Their defaults are the promised ones.
#[derive(Args, Debug)]
pub(super) struct Limiting {
    /// Connections in all
    #[arg(
        long,
        env = "QINGTING_CONNECTIONS",
        default_value_t = 4096,
        value_name = "N"
    )]
    connections: usize,
    /// Connections of one address, unless it is a trusted proxy
    #[arg(
        long,
        env = "QINGTING_CONNECTIONS_PER_ADDRESS",
        default_value_t = 256,
        value_name = "N"
    )]
    connections_per_address: usize,
    /// Answer sheets that may wait for the disk; one more is told to come again
    #[arg(long, env = "QINGTING_QUEUE", default_value_t = 1024, value_name = "N")]
    queue: usize,
    /// MiB to which the database's write-ahead log may grow while somebody reads on and on; then nothing is stored until
    /// that ends
    #[arg(
        long,
        env = "QINGTING_LOG_MIB",
        default_value_t = 1024,
        value_parser = clap::value_parser!(u64).range(1..=1 << 20),
        value_name = "N"
    )]
    log_mib: u64,
    /// Reverse proxies whose X-Forwarded-For is believed: addresses or networks
    #[arg(long, env = "QINGTING_TRUSTED_PROXY", value_delimiter = ',', num_args = 1.., default_values = ["127.0.0.1/32", "::1/128"], value_parser = network, value_name = "NETWORK")]
    trusted_proxy: Vec<IpNet>,
    /// Who may read /metrics and /readyz, where no proxy stands between: addresses or networks
    #[arg(long, env = "QINGTING_OPERATOR", value_delimiter = ',', num_args = 1.., default_values = ["127.0.0.1/32", "::1/128"], value_parser = network, value_name = "NETWORK")]
    operator: Vec<IpNet>,
    /// Requests of one address (of IPv6, one /64): so many a second, so many at once; or off
    #[arg(
        long,
        env = "QINGTING_RATE_ADDRESS",
        default_value = "10:300",
        value_name = "N:BURST"
    )]
    rate_address: Allowed,
    /// Answer sheets of one survey
    #[arg(
        long,
        env = "QINGTING_RATE_SURVEY",
        default_value = "1000:10000",
        value_name = "N:BURST"
    )]
    rate_survey: Allowed,
    /// Requests with one key, answer sheets with one invitation
    #[arg(
        long,
        env = "QINGTING_RATE_TOKEN",
        default_value = "50:1000",
        value_name = "N:BURST"
    )]
    rate_token: Allowed,
    /// Whatever is posted, in all
    #[arg(
        long,
        env = "QINGTING_RATE_OVERALL",
        default_value = "2000:20000",
        value_name = "N:BURST"
    )]
    rate_overall: Allowed,
    /// Answer sheets are kept for so many days
    #[arg(
        long,
        env = "QINGTING_KEEP_RESPONSES",
        default_value_t = 730,
        value_name = "DAYS"
    )]
    keep_responses: u32,
    /// Words and photos of closed complaints, and other feedback, are kept for so many days
    #[arg(
        long,
        env = "QINGTING_KEEP_CASES",
        default_value_t = 1095,
        value_name = "DAYS"
    )]
    keep_cases: u32,
}

impl Limiting {
    pub(super) fn apply(self, config: &mut Config) {
        let limits = &mut config.limits;
        limits.connections = self.connections;
        limits.connections_per_address = self.connections_per_address;
        limits.queue = self.queue;
        limits.log = self.log_mib << 20;
        limits.proxies = self.trusted_proxy;
        config.operators = self.operator;
        config.rates.address = self.rate_address;
        config.rates.survey = self.rate_survey;
        config.rates.token = self.rate_token;
        config.rates.overall = self.rate_overall;
        config.retention = Retention {
            responses: self.keep_responses,
            cases: self.keep_cases,
        };
    }
}

fn network(text: &str) -> Result<IpNet, String> {
    let address = || text.parse::<IpAddr>().ok().map(IpNet::from);
    let network = text.parse().ok().or_else(address);
    network.ok_or_else(|| "write an address or a network, for example 10.0.0.0/8".to_owned())
}

/// Why the settings in a file cannot be taken.
#[derive(Debug)]
pub(super) enum SettingsError {
    Unreadable(PathBuf, io::Error),
    Malformed(PathBuf, Box<toml::de::Error>),
    Unknown(PathBuf, String),
    Shape(PathBuf, String),
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(path, error) => {
                write!(f, "cannot read the settings in {}: {error}", path.display())
            }
            Self::Malformed(path, error) => write!(f, "{} is no TOML: {error}", path.display()),
            Self::Unknown(path, key) => write!(
                f,
                "{}: there is no setting {key:?}; `qingting config` shows those there are",
                path.display()
            ),
            Self::Shape(path, key) => write!(
                f,
                "{}: {key} must be a text, a number, true or false, or a list of these",
                path.display()
            ),
        }
    }
}

/// Puts what a settings file says in the place of the defaults.
///
/// # Errors
/// Names the file and what in it cannot be taken.
pub(super) fn with_file(command: Command) -> Result<Command, SettingsError> {
    let Some(path) = named_file(std::env::args_os()) else {
        return Ok(command);
    };
    let text = std::fs::read_to_string(&path)
        .map_err(|error| SettingsError::Unreadable(path.clone(), error))?;
    let table: Table = text
        .parse()
        .map_err(|error| SettingsError::Malformed(path.clone(), Box::new(error)))?;
    let known: Vec<_> = served(&command)
        .filter_map(Arg::get_long)
        .map(str::to_owned)
        .collect();
    let mut defaults = Vec::new();
    for (key, value) in &table {
        if !known.contains(key) {
            return Err(SettingsError::Unknown(path, key.clone()));
        }
        let Some(texts) = texts(value) else {
            return Err(SettingsError::Shape(path, key.clone()));
        };
        defaults.push((key.clone(), texts));
    }
    Ok(with_defaults(command, &defaults))
}

fn with_defaults(command: Command, defaults: &[(String, Vec<String>)]) -> Command {
    let of = |arg: &Arg| {
        let long = arg.get_long()?;
        let (_, texts) = defaults.iter().find(|(key, _)| key == long)?;
        Some(texts.clone())
    };
    command
        .mut_args(|arg| match of(&arg) {
            Some(texts) => arg.default_values(texts),
            None => arg,
        })
        .mut_subcommands(|command| with_defaults(command, defaults))
}

/// The settings of `serve`.
fn served(command: &Command) -> impl Iterator<Item = &Arg> {
    let serve = command.find_subcommand("serve").into_iter();
    serve
        .flat_map(Command::get_arguments)
        .filter(|arg| arg.get_long() != Some("config"))
}

fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Array(values) => values.iter().map(text).collect(),
        one => text(one).map(|text| vec![text]),
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Boolean(truth) => Some(truth.to_string()),
        Value::Float(_) | Value::Datetime(_) | Value::Array(_) | Value::Table(_) => None,
    }
}

fn named_file(arguments: impl Iterator<Item = OsString>) -> Option<PathBuf> {
    let mut arguments = arguments.skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--config" {
            return arguments.next().map(PathBuf::from);
        }
        let text = argument.to_str().unwrap_or_default();
        if let Some(path) = text.strip_prefix("--config=") {
            return Some(PathBuf::from(path));
        }
    }
    let named = std::env::var_os(ENVIRONMENT).filter(|path| !path.is_empty());
    named.map(PathBuf::from)
}

/// Writes every setting as a file that sets just that, each with what it is and who said it.
///
/// # Errors
/// When it cannot be written.
pub(super) fn show(
    command: &Command,
    matches: &ArgMatches,
    out: &mut impl Write,
) -> Result<(), CommandError> {
    let file = named_file(std::env::args_os());
    if let Some(file) = &file {
        writeln!(out, "# from {}", Path::new(file).display())?;
    }
    for arg in served(command) {
        let (Some(long), false) = (arg.get_long(), arg.get_id() == "help") else {
            continue;
        };
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        for line in help.lines() {
            writeln!(out, "# {line}")?;
        }
        let environment = arg
            .get_env()
            .map(|name| name.to_string_lossy().into_owned());
        let source = match matches.value_source(arg.get_id().as_str()) {
            Some(ValueSource::CommandLine) => "flag",
            Some(ValueSource::EnvVariable) => "environment",
            _ if file.is_some() => "file or default",
            _ => "default",
        };
        writeln!(
            out,
            "# --{long}, {}; {source}",
            environment.unwrap_or_default()
        )?;
        let values = matches.get_raw(arg.get_id().as_str()).into_iter().flatten();
        let values: Vec<_> = values
            .map(|value| quoted(&value.to_string_lossy()))
            .collect();
        let is_list = arg
            .get_num_args()
            .is_some_and(|number| number.max_values() > 1);
        match values.as_slice() {
            [] => writeln!(out, "# {long} = \"\"\n")?,
            [one] if !is_list => writeln!(out, "{long} = {one}\n")?,
            many => writeln!(out, "{long} = [{}]\n", many.join(", "))?,
        }
    }
    Ok(out.flush()?)
}

/// As TOML: numbers and truths bare, everything else as a text.
fn quoted(text: &str) -> String {
    if text.parse::<i64>().is_ok() || text == "true" || text == "false" {
        text.to_owned()
    } else {
        Value::String(text.to_owned()).to_string()
    }
}
