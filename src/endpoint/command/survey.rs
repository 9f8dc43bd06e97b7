//! `qingting survey check | publish | schedule | withdraw | rollback | list`.

mod report;

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{BUSY, CommandError, DataFolder, open};
use crate::endpoint::check;
use crate::endpoint::clock::{Clock, Timestamp};
use crate::endpoint::config::Origin;
use crate::endpoint::publish;
use crate::endpoint::store::{
    Reader, Rescheduled, Setting, Sqlite, SurveyState, SurveyVersion, database_path,
};
use crate::survey::definition::canonical_tag;

/// What takes a setting back.
const NONE: &str = "none";
/// The longest message of a closed survey in one language, in characters.
const MESSAGE_CHARS: usize = 1_000;

#[derive(Debug, Subcommand)]
pub(super) enum Survey {
    /// Say what publishing would say, without publishing; or what runs here at all
    Check {
        /// The definition, a JSON file
        #[arg(required_unless_present = "list")]
        file: Option<PathBuf>,
        /// The survey's name [default: the file's name without its ending]
        #[arg(long)]
        name: Option<String>,
        /// Show what becomes of each of SurveyJS's question types and properties
        #[arg(long, conflicts_with_all = ["file", "name"])]
        list: bool,
        /// How to say it
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Publish a SurveyJS definition as the next version of a survey
    Publish {
        #[command(flatten)]
        folder: DataFolder,
        /// The definition, a JSON file
        file: PathBuf,
        /// The survey's name [default: the file's name without its ending]
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        schedule: Terms,
    },
    /// Change when a survey can be begun, how many may answer it, and what is said while it is closed
    Schedule {
        #[command(flatten)]
        folder: DataFolder,
        /// The survey's name
        name: String,
        #[command(flatten)]
        schedule: Terms,
    },
    /// Give a survey its own list of pages that may use it, instead of --allow-origin
    Origins {
        #[command(flatten)]
        folder: DataFolder,
        /// The survey's name
        name: String,
        /// The origins, for example `https://portal.example.com`; none gives the list of --allow-origin back to it
        origins: Vec<Origin>,
    },
    /// Show a survey no longer; sheets on their way are taken for 30 days
    Withdraw {
        #[command(flatten)]
        folder: DataFolder,
        /// The survey's name
        name: String,
    },
    /// Show an older version of a survey again
    Rollback {
        #[command(flatten)]
        folder: DataFolder,
        /// The survey's name
        name: String,
        /// The version [default: the one before the newest]
        #[arg(long, value_name = "VERSION")]
        to: Option<u32>,
    },
    /// List surveys and their versions
    List {
        #[command(flatten)]
        folder: DataFolder,
    },
}

/// How `check` says what it found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For a person: refusals first, what has no effect in one line.
    Text,
    /// For a program: one JSON object with every finding.
    Json,
}

/// The schedule holds for all versions. What is not given stays; `none` takes it back.
#[derive(Args, Debug)]
pub(super) struct Terms {
    /// The first moment, for example 2026-12-01T09:00+08:00
    #[arg(long, value_name = "MOMENT", value_parser = moment)]
    opens: Option<Setting<Timestamp>>,
    /// The moment from which on it is closed
    #[arg(long, value_name = "MOMENT", value_parser = moment)]
    closes: Option<Setting<Timestamp>>,
    /// The most complete sheets; tests do not count
    #[arg(long, value_name = "NUMBER", value_parser = limit)]
    limit: Option<Setting<u64>>,
    /// What respondents read while it is closed, once for each language; an empty text takes it back
    #[arg(long, value_name = "LANGUAGE=TEXT", value_parser = message)]
    closed_message: Vec<(String, String)>,
    /// Who may answer: anyone, or only those with an invitation or an identity from a portal
    #[arg(long, value_name = "WHO")]
    who: Option<Who>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Who {
    Anyone,
    Invited,
}

impl Terms {
    fn changes(self) -> Rescheduled {
        Rescheduled {
            opens_at: self.opens.unwrap_or_default(),
            closes_at: self.closes.unwrap_or_default(),
            most: self.limit.unwrap_or_default(),
            message: self.closed_message,
            invited_only: self.who.map(|who| who == Who::Invited),
        }
    }
}

fn moment(text: &str) -> Result<Setting<Timestamp>, String> {
    if text == NONE {
        return Ok(Setting::Remove);
    }
    let moment = text.parse::<Timestamp>();
    moment.map(Setting::Set).map_err(|error| error.to_string())
}

fn limit(text: &str) -> Result<Setting<u64>, String> {
    if text == NONE {
        return Ok(Setting::Remove);
    }
    let most = text
        .parse()
        .ok()
        .filter(|most| (1..=u64::from(u32::MAX)).contains(most));
    most.map(Setting::Set)
        .ok_or_else(|| format!("write a number from 1 to {}, or {NONE}", u32::MAX))
}

fn message(text: &str) -> Result<(String, String), String> {
    let (tag, words) = text
        .split_once('=')
        .ok_or("write LANGUAGE=TEXT, for example zh-CN=问卷已结束。")?;
    let is_tag = (2..=35).contains(&tag.len())
        && tag
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !is_tag {
        return Err(format!(
            "{tag:?} is no language tag; write en, zh-CN or another"
        ));
    }
    if words.chars().nth(MESSAGE_CHARS).is_some() {
        return Err(format!(
            "the text may have at most {MESSAGE_CHARS} characters"
        ));
    }
    Ok((canonical_tag(tag), words.trim().to_owned()))
}

/// Does what the command says; a second run changes nothing more.
pub(super) fn run(command: Survey) -> Result<(), CommandError> {
    let now = Clock::system().now();
    let mut out = BufWriter::new(io::stdout().lock());
    match command {
        Survey::Check {
            file, name, format, ..
        } => match file {
            None => write!(out, "{}", check::list())?,
            Some(file) => {
                let checked = publish::check_file(&file, name.as_deref());
                report::check(&mut out, format, checked)?;
            }
        },
        Survey::Publish {
            folder,
            file,
            name,
            schedule,
        } => {
            let checked = publish::check_file(&file, name.as_deref())?;
            let changed = checked.publish(&folder.data, &schedule.changes(), BUSY, now)?;
            let what = if changed.is_new {
                "published"
            } else {
                "unchanged:"
            };
            writeln!(out, "{what} {} version {}", checked.survey, changed.version)?;
            if changed.is_rescheduled {
                writeln!(out, "{}", standing(&folder, &checked.survey)?)?;
            }
            report::notes(&checked.findings)?;
        }
        Survey::Schedule {
            folder,
            name,
            schedule,
        } => {
            let is_changed = store(&folder)?.reschedule(&name, &schedule.changes())?;
            let what = if is_changed {
                "scheduled"
            } else {
                "unchanged:"
            };
            writeln!(out, "{what} {}", standing(&folder, &name)?)?;
        }
        Survey::Origins {
            folder,
            name,
            origins,
        } => {
            let origins: Vec<_> = origins.iter().map(ToString::to_string).collect();
            store(&folder)?.set_origins(&name, &origins)?;
            let listed = if origins.is_empty() {
                "those of --allow-origin".to_owned()
            } else {
                origins.join(", ")
            };
            writeln!(out, "{name} may be used by {listed}")?;
        }
        Survey::Withdraw { folder, name } => {
            let changed = store(&folder)?.withdraw(&name, now)?;
            let what = if changed.is_new {
                "withdrew"
            } else {
                "unchanged: withdrawn"
            };
            writeln!(out, "{what} {name} version {}", changed.version)?;
        }
        Survey::Rollback { folder, name, to } => {
            let changed = store(&folder)?.roll_back(&name, to, now)?;
            let what = if changed.is_new {
                "published"
            } else {
                "unchanged:"
            };
            writeln!(out, "{what} {name} version {}", changed.version)?;
        }
        Survey::List { folder } => list(&folder, &mut out)?,
    }
    Ok(out.flush()?)
}

/// Opens the database for writing; unlike publishing, nothing else makes a data folder.
fn store(folder: &DataFolder) -> Result<Sqlite, CommandError> {
    if !database_path(&folder.data).is_file() {
        return Err(CommandError::NoData(folder.data.clone()));
    }
    Ok(Sqlite::open(&folder.data, BUSY)?)
}

fn list(folder: &DataFolder, out: &mut impl Write) -> Result<(), CommandError> {
    let reader = open(&folder.data)?;
    for version in reader.surveys()? {
        let SurveyVersion {
            survey,
            version,
            published_at,
            ended_at,
        } = version;
        let state = match ended_at {
            Some(ended) => format!("until {ended}"),
            None => match reader.survey(&survey)? {
                Some(state) => ["current", &terms(&state)].concat(),
                None => "current".to_owned(),
            },
        };
        writeln!(
            out,
            "{survey}\tversion {version}\tpublished {published_at}\t{state}"
        )?;
    }
    Ok(())
}

/// The survey's name and the terms of its schedule.
fn standing(folder: &DataFolder, survey: &str) -> Result<String, CommandError> {
    let state = open(&folder.data)?.survey(survey)?;
    let terms = state.as_ref().map(terms).unwrap_or_default();
    Ok([survey, &terms].concat())
}

/// The terms of a schedule, each after a tab.
fn terms(state: &SurveyState) -> String {
    let schedule = &state.schedule;
    let tags = schedule.message.iter().map(|(tag, _)| tag.as_str());
    let tags = tags.collect::<Vec<_>>().join(", ");
    let terms = [
        schedule.opens_at.map(|at| format!("opens {at}")),
        schedule.closes_at.map(|at| format!("closes {at}")),
        schedule.most.map(|most| format!("limit {most}")),
        state.is_full.then(|| "full".to_owned()),
        (schedule.invited_only).then(|| "invited only".to_owned()),
        (!tags.is_empty()).then(|| format!("closed message in {tags}")),
    ];
    let terms = terms.into_iter().flatten();
    terms.map(|term| format!("\t{term}")).collect()
}
