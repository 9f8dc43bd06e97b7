//! The site folder: one folder for each build, the loader beside them, and a manifest that tells what is there.
//!
//! A running `serve` may read at any moment, so nothing is ever seen half written: a build's folder and every single
//! file are made under a hidden name and renamed. The loader comes after the build it names, the manifest last.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use qingting::endpoint::coding;

use crate::fault::{Fault, InContext};

/// How many builds before this one keep their folder: pages opened before an update go on working.
const KEPT_BUILDS: usize = 2;
/// Letters of a SHA-256 that name a build: 64 bits.
const BUILD_LETTERS: usize = 16;

/// When a page pays for a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Load {
    /// On every page with the script tag.
    Loader,
    /// Before the first question shows.
    First,
    /// As `First`, but only one of its kind.
    Language,
    /// Only when something rare is opened.
    Part,
    /// By staff, never by a customer.
    Console,
}

/// One file of a build, before compression.
#[derive(Debug)]
pub(crate) struct File {
    /// Path inside the build's folder, with `/`.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) load: Load,
}

/// Everything of one build, with its name.
#[derive(Debug)]
pub(crate) struct Build {
    pub(crate) name: String,
    loader: String,
    files: Vec<File>,
    languages: Vec<String>,
}

impl Build {
    /// Names the build by its contents and fills `__BUILD__` and `__LANGUAGES__` (a JSON list) into the loader.
    pub(crate) fn new(
        mut files: Vec<File>,
        template: &str,
        languages: Vec<String>,
    ) -> Result<Self, Fault> {
        files.sort_by(|a, b| a.name.cmp(&b.name));
        let mut hash = Sha256::new();
        // Lengths go in too, so that no two builds can flow into the same bytes.
        let loader_source = [("embed.js", template.as_bytes())];
        for (name, bytes) in files
            .iter()
            .map(|file| (file.name.as_str(), file.bytes.as_slice()))
            .chain(loader_source)
        {
            hash.update(format!("{} {} ", name, bytes.len()));
            hash.update(bytes);
        }
        let mut name: String = hash
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        name.truncate(BUILD_LETTERS);
        let loader = template
            .replace("__BUILD__", &name)
            .replace("\"__LANGUAGES__\"", "__LANGUAGES__")
            .replace("__LANGUAGES__", &serde_json::to_string(&languages)?);
        Ok(Self {
            name,
            loader,
            files,
            languages,
        })
    }
}

/// `manifest.json`. Sizes are bytes.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// The newest build: the folder under `b/` and the `<hash>` of `embed-<hash>.js`.
    pub(crate) build: String,
    /// Builds made before whose files are still there, newest first.
    pub(crate) previous: Vec<String>,
    /// Languages of the widget's own texts, the fallback first.
    pub(crate) languages: Vec<String>,
    /// Sums, as the budgets count them.
    pub(crate) sums: crate::budget::Sums,
    /// Every file of the newest build.
    pub(crate) files: Vec<Entry>,
}

/// One file in the manifest.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Path inside the site folder.
    pub(crate) path: String,
    /// When a page pays for it.
    pub(crate) load: Load,
    #[serde(flatten)]
    pub(crate) size: Size,
}

/// One file's bytes as they are, and as they travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Size {
    pub(crate) raw: usize,
    pub(crate) gzip: usize,
    pub(crate) brotli: usize,
}

/// Writes `build` into the site folder `out` and drops builds that are too old.
pub(crate) fn write(build: &Build, out: &Path) -> Result<Manifest, Fault> {
    let builds = out.join("b");
    let fresh = builds.join(format!(".new-{}", std::process::id()));
    let mut files = Vec::new();
    for file in &build.files {
        let size = write_with_compressed(&fresh.join(&file.name), &file.bytes)?;
        files.push(Entry {
            path: format!("b/{}/{}", build.name, file.name),
            load: file.load,
            size,
        });
    }
    let folder = builds.join(&build.name);
    if folder.exists() {
        // Same name, same contents: the folder that is being served stays.
        remove(&fresh)?;
    } else {
        fs::rename(&fresh, &folder).in_context(|| format!("cannot rename {}", fresh.display()))?;
    }
    let loader = build.loader.as_bytes();
    write_with_compressed(&out.join(format!("embed-{}.js", build.name)), loader)?;
    let size = write_with_compressed(&out.join("embed.js"), loader)?;
    files.insert(
        0,
        Entry {
            path: "embed.js".to_owned(),
            load: Load::Loader,
            size,
        },
    );

    let previous = previous_builds(out, &build.name);
    let manifest = Manifest {
        build: build.name.clone(),
        previous,
        languages: build.languages.clone(),
        sums: crate::budget::Sums::of(&files),
        files,
    };
    let mut text = serde_json::to_string_pretty(&manifest)?;
    text.push('\n');
    replace(&out.join("manifest.json"), text.as_bytes())?;
    drop_old(out, &manifest)?;
    Ok(manifest)
}

/// The builds to keep beside `newest`, newest first, as the manifest of before lists them.
fn previous_builds(out: &Path, newest: &str) -> Vec<String> {
    // No manifest, or one that cannot be read: a first build, and nothing to keep.
    let Some(before) = fs::read(out.join("manifest.json"))
        .ok()
        .and_then(|text| serde_json::from_slice::<Manifest>(&text).ok())
    else {
        return Vec::new();
    };
    std::iter::once(before.build)
        .chain(before.previous)
        .filter(|name| name != newest && out.join("b").join(name).is_dir())
        .take(KEPT_BUILDS)
        .collect()
}

/// Removes builds and loaders that the manifest does not list, and what an interrupted run left.
fn drop_old(out: &Path, manifest: &Manifest) -> Result<(), Fault> {
    let kept: BTreeSet<&str> = manifest
        .previous
        .iter()
        .chain([&manifest.build])
        .map(String::as_str)
        .collect();
    for name in names_in(&out.join("b"))? {
        if !kept.contains(name.as_str()) {
            remove(&out.join("b").join(name))?;
        }
    }
    for name in names_in(out)? {
        let pinned = name
            .strip_prefix("embed-")
            .and_then(|rest| rest.split('.').next());
        if pinned.is_some_and(|build| !kept.contains(build)) {
            remove(&out.join(name))?;
        }
    }
    Ok(())
}

/// The file and, beside it, `.br` and `.gz`.
fn write_with_compressed(path: &Path, bytes: &[u8]) -> Result<Size, Fault> {
    let context = || format!("cannot compress {}", path.display());
    let brotli = coding::brotli(bytes).in_context(context)?;
    let gzip = coding::gzip(bytes).in_context(context)?;
    replace(path, bytes)?;
    replace(&beside(path, ".br"), &brotli)?;
    replace(&beside(path, ".gz"), &gzip)?;
    Ok(Size {
        raw: bytes.len(),
        gzip: gzip.len(),
        brotli: brotli.len(),
    })
}

/// Writes a file so that a reader sees the old one or the new one, whole.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let context = || format!("cannot write {}", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).in_context(context)?;
    }
    let fresh = beside(path, ".new");
    fs::write(&fresh, bytes).in_context(context)?;
    fs::rename(&fresh, path).in_context(context)
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn names_in(folder: &Path) -> Result<Vec<String>, Fault> {
    let context = || format!("cannot list {}", folder.display());
    let entries = fs::read_dir(folder).in_context(context)?;
    entries
        .map(|entry| {
            Ok(entry
                .in_context(context)?
                .file_name()
                .to_string_lossy()
                .into_owned())
        })
        .collect()
}

fn remove(path: &Path) -> Result<(), Fault> {
    let removed = if path.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    removed.in_context(|| format!("cannot remove {}", path.display()))
}
