//! `qingting import deliveries FILE.csv` and `import data FILE.jsonl`.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Subcommand;

use super::{BUSY, CommandError, DataFolder};
use crate::endpoint::clock::Clock;
use crate::endpoint::deliveries::table::{self, Imported};
use crate::endpoint::store::Sqlite;

#[derive(Debug, Subcommand)]
pub(super) enum Import {
    /// Deliveries, whose people are then invited: a CSV table whose first line names its columns
    Deliveries {
        #[command(flatten)]
        folder: DataFolder,
        /// The table, UTF-8
        file: PathBuf,
        /// The survey of lines that name none [default: `delivery`]
        #[arg(long)]
        survey: Option<String>,
    },
    /// What `export all` wrote, as a new data folder
    Data {
        #[command(flatten)]
        folder: DataFolder,
        /// The file
        file: PathBuf,
    },
}

pub(super) fn run(command: Import) -> Result<(), CommandError> {
    let (folder, file, survey) = match command {
        Import::Deliveries {
            folder,
            file,
            survey,
        } => (folder, file, survey),
        Import::Data { folder, file } => return super::life::import_all(&folder.data, &file),
    };
    let table = std::fs::read(&file)
        .map_err(|error| CommandError::File(file.clone(), error.to_string()))?;
    std::fs::create_dir_all(&folder.data)?;
    let mut store = Sqlite::open(&folder.data, BUSY)?;
    let now = Clock::system().now();
    let Imported {
        new,
        changed,
        known,
        refused,
    } = table::import(&mut store, &table, survey.as_deref(), now)
        .map_err(|error| CommandError::File(file, error.to_string()))?;
    writeln!(
        io::stdout(),
        "{new} new, {changed} with another address or language, {known} known, {} refused",
        refused.len()
    )?;
    for (line, wrong) in &refused {
        writeln!(io::stderr(), "line {line}: {wrong}")?;
    }
    if refused.is_empty() {
        Ok(())
    } else {
        Err(CommandError::LinesRefused(refused.len()))
    }
}
