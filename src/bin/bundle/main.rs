//! Makes the site folder out of a linked widget: splits it, binds it, minifies, compresses, measures, writes.

mod budget;
mod fault;
mod fuse;
mod minify;
mod module;
mod parts;
mod site;
mod strings;
#[cfg(test)]
mod tests;
mod trim;

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Parser;

use crate::{
    budget::Sums,
    fault::{Fault, InContext},
    site::{Build, File, Load},
};

/// Make the folder that `qingting serve` hands to browsers.
#[derive(Debug, Parser)]
struct Arguments {
    /// The widget as the linker left it, with its relocations (`--emit-relocs`).
    #[arg(long, value_name = "FILE")]
    wasm: PathBuf,
    /// The console as the linker left it.
    #[arg(long, value_name = "FILE")]
    console: PathBuf,
    /// The site folder; builds made before stay in it.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Where the loader's template `widget/embed.js` and the stylesheets lie.
    #[arg(long, value_name = "DIR", default_value = "src")]
    source: PathBuf,
    /// Fail when a size is over its budget, after everything is written.
    #[arg(long)]
    enforce_budget: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(is_within_budget) if is_within_budget || !arguments.enforce_budget => ExitCode::SUCCESS,
        Ok(_) => {
            eprintln!(
                "bundle: over budget (see the table); make it smaller, or change the number in src/bin/bundle/budget.rs in a commit that says why"
            );
            ExitCode::FAILURE
        }
        Err(fault) => {
            eprintln!("bundle: {fault}");
            ExitCode::FAILURE
        }
    }
}

/// Makes and writes one build; true when every size is within its budget.
fn run(arguments: &Arguments) -> Result<bool, Fault> {
    let template = read_text(&arguments.source.join("widget/embed.js"))?;

    let mut files = module::split(&read(&arguments.wasm)?, &arguments.out)?;
    files.extend(module::console(&read(&arguments.console)?, &arguments.out)?);
    for file in &mut files {
        if file.name.ends_with(".js") {
            let text = String::from_utf8_lossy(&file.bytes);
            file.bytes = minify::script(&file.name, &text)?.into_bytes();
        }
    }
    for (name, load) in [("widget", Load::First), ("console", Load::Console)] {
        let name = format!("{name}.css");
        let folder = name.trim_end_matches(".css");
        let style = read_text(&arguments.source.join(folder).join(&name))?;
        files.push(File {
            bytes: minify::style(&name, &style)?.into_bytes(),
            name,
            load,
        });
    }
    files.extend(strings::files()?);

    let build = Build::new(
        files,
        &minify::script("embed.js", &template)?,
        strings::languages(),
    )?;
    let manifest = site::write(&build, &arguments.out)?;
    let sums = Sums::of(&manifest.files);
    let mut screen = std::io::stdout().lock();
    budget::print_table(&mut screen, &manifest, &sums)
        .in_context(|| "cannot print the size table".to_owned())?;
    writeln!(
        screen,
        "site {} build {}",
        arguments.out.display(),
        manifest.build
    )
    .in_context(|| "cannot print".to_owned())?;
    Ok(sums.is_within_budget())
}

fn read(path: &Path) -> Result<Vec<u8>, Fault> {
    std::fs::read(path).in_context(|| format!("cannot read {}", path.display()))
}

fn read_text(path: &Path) -> Result<String, Fault> {
    std::fs::read_to_string(path).in_context(|| format!("cannot read {}", path.display()))
}
