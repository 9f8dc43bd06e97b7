//! What a build may weigh, what it weighs, and the table that shows both.
//!
//! A number here changes only in a commit that says why.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use crate::site::{Entry, Load, Manifest, Size};

/// What a page pays that does not show the survey. Brotli bytes.
const LOADER: usize = 2_500;
/// Loader, glue, link file, main part, stylesheet and the longest language. Brotli bytes. It was 60,000 before whole surveys
/// ran here; 70,000 is what it may be for good.
const FIRST_LOAD: usize = 70_000;

/// Sizes by what a page pays for at one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sums {
    /// `embed.js` alone.
    pub(crate) loader: Size,
    /// Everything before the first question, the loader and the heaviest language with it.
    pub(crate) first_load: Size,
    /// All lazy parts together.
    pub(crate) parts: Size,
}

impl Sums {
    /// Adds up a build's files.
    pub(crate) fn of(files: &[Entry]) -> Self {
        let sum = |load: Load| {
            files
                .iter()
                .filter(|file| file.load == load)
                .fold(Size::default(), |sum, file| add(sum, file.size))
        };
        let loader = sum(Load::Loader);
        let languages = files.iter().filter(|file| file.load == Load::Language);
        let language = languages
            .max_by_key(|file| file.size.brotli)
            .map(|file| file.size)
            .unwrap_or_default();
        Self {
            loader,
            first_load: add(add(loader, sum(Load::First)), language),
            parts: sum(Load::Part),
        }
    }

    /// Whether every size with a budget keeps it.
    pub(crate) fn is_within_budget(&self) -> bool {
        self.loader.brotli <= LOADER && self.first_load.brotli <= FIRST_LOAD
    }
}

fn add(a: Size, b: Size) -> Size {
    Size {
        raw: a.raw + b.raw,
        gzip: a.gzip + b.gzip,
        brotli: a.brotli + b.brotli,
    }
}

/// One line for each file, then the sums with their budgets. Bytes.
pub(crate) fn print_table(
    out: &mut impl Write,
    manifest: &Manifest,
    sums: &Sums,
) -> io::Result<()> {
    writeln!(
        out,
        "{:<28} {:>9} {:>9} {:>9}",
        "bytes", "raw", "gzip", "brotli"
    )?;
    let folder = format!("b/{}/", manifest.build);
    for file in &manifest.files {
        let note = match file.load {
            Load::Loader => "every page",
            Load::First => "first load",
            Load::Language => "one of these",
            Load::Part => "on demand",
            Load::Console => "staff only",
        };
        line(
            out,
            file.path.strip_prefix(&folder).unwrap_or(&file.path),
            file.size,
            note,
        )?;
    }
    line(out, "= loader", sums.loader, &against(sums.loader, LOADER))?;
    line(
        out,
        "= first load",
        sums.first_load,
        &against(sums.first_load, FIRST_LOAD),
    )?;
    line(out, "= parts", sums.parts, "")
}

fn against(size: Size, budget: usize) -> String {
    let verdict = if size.brotli <= budget {
        "within"
    } else {
        "OVER"
    };
    format!("{verdict} the budget of {budget}")
}

fn line(out: &mut impl Write, name: &str, size: Size, note: &str) -> io::Result<()> {
    let Size { raw, gzip, brotli } = size;
    writeln!(out, "{name:<28} {raw:>9} {gzip:>9} {brotli:>9}  {note}")
}
