//! The product itself: the real binary with its demo portal, started on free ports over a data folder of the test's own.

use std::env;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::hosts;
use crate::process::{Folder, Process};

const BINARY: &str = env!("CARGO_BIN_EXE_qingting");

/// The endpoint of one test. Its process ends on drop; its data go with it.
#[derive(Debug)]
pub(crate) struct Endpoint {
    process: Option<Process>,
    data: Folder,
    address: SocketAddr,
    portal: String,
    origins: Vec<String>,
    more: Vec<String>,
}

impl Endpoint {
    /// Starts with the sample surveys published and the demo portal on.
    pub(crate) fn start() -> Self {
        Self::start_for(&[])
    }

    /// Starts with pages of these origins allowed, too.
    pub(crate) fn start_for(origins: &[String]) -> Self {
        Self::start_with(origins, &[])
    }

    /// The same with more settings.
    pub(crate) fn start_with(origins: &[String], more: &[String]) -> Self {
        let data = Folder::new("data");
        let (origins, more) = (origins.to_vec(), more.to_vec());
        let free: SocketAddr = ([127, 0, 0, 1], 0).into();
        let (process, address, portal) = serve(data.path(), free, &origins, &more);
        Self {
            more,
            process: Some(process),
            data,
            address,
            portal,
            origins,
        }
    }

    /// Its data folder.
    pub(crate) fn data(&self) -> &Path {
        self.data.path()
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its own origin.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The demo portal's address.
    pub(crate) fn portal(&self) -> &str {
        &self.portal
    }

    /// Stops it as a service manager does.
    pub(crate) fn stop(&mut self) {
        if let Some(process) = self.process.take() {
            process.terminate();
        }
    }

    /// Starts it again on the same address and data.
    pub(crate) fn start_again(&mut self) {
        let (process, address, portal) =
            serve(self.data.path(), self.address, &self.origins, &self.more);
        assert_eq!(
            address, self.address,
            "the endpoint comes back where it was"
        );
        (self.process, self.portal) = (Some(process), portal);
    }

    /// Which origins may use the API from the next start on.
    pub(crate) fn set_origins(&mut self, origins: &[String]) {
        self.origins = origins.to_vec();
    }

    /// Publishes a survey of the test's own.
    pub(crate) fn publish(&self, name: &str, definition: &Value) {
        let file = self.data.path().join(format!("{name}.json"));
        std::fs::write(&file, definition.to_string()).expect("the data folder takes a file");
        self.command(&[
            "survey",
            "publish",
            "--name",
            name,
            &file.display().to_string(),
        ]);
    }

    /// Every row of responses, read out as an operator does.
    pub(crate) fn rows(&self) -> Vec<Value> {
        let lines = self.command(&["export", "responses", "--format", "jsonl", "--suspects"]);
        lines
            .lines()
            .map(|line| serde_json::from_str(line).expect("each line is one JSON object"))
            .collect()
    }

    /// The rows of complete sheets alone.
    pub(crate) fn complete_rows(&self) -> Vec<Value> {
        self.rows()
            .into_iter()
            .filter(|row| row["complete"] == true)
            .collect()
    }

    /// What it wrote to its log.
    pub(crate) fn log(&self) -> String {
        self.process
            .as_ref()
            .map(Process::printed)
            .unwrap_or_default()
    }

    /// Adds a member of staff; the key.
    pub(crate) fn add_staff(&self, name: &str, role: &str) -> String {
        let printed = self.command(&["staff", "add", name, "--role", role]);
        printed.trim().to_owned()
    }

    /// What a command of the operator's prints.
    pub(crate) fn command(&self, arguments: &[&str]) -> String {
        let output = Command::new(BINARY)
            .args(arguments)
            .arg("--data")
            .arg(self.data.path())
            .output()
            .expect("the binary runs");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "qingting {arguments:?}: {errors}");
        String::from_utf8(output.stdout).expect("the command line prints UTF-8")
    }
}

fn serve(
    data: &Path,
    listen: SocketAddr,
    origins: &[String],
    more: &[String],
) -> (Process, SocketAddr, String) {
    let mut command = Command::new(BINARY);
    command.args([
        "serve",
        "--demo",
        "--demo-listen",
        "127.0.0.1:0",
        "--listen",
        &listen.to_string(),
        "--data",
    ]);
    command.arg(data).arg("--site").arg(site());
    for origin in origins {
        command.args(["--allow-origin", origin]);
    }
    command.args(more);
    let process = Process::start(&mut command, "It is built by `cargo build`.");
    let patience = Duration::from_secs(20);
    let address = process.wait_for_line("the endpoint's address", patience, |line| {
        line.strip_prefix("listening on http://")?
            .trim()
            .parse()
            .ok()
    });
    let portal = process.wait_for_line("the demo portal's address", patience, |line| {
        Some(format!("{}/", line.strip_prefix("demo portal on ")?.trim()))
    });
    (process, address, portal)
}

/// The bundle's folder: `QINGTING_SITE`, or where `make bundle` puts it.
pub(crate) fn site() -> PathBuf {
    let site = env::var_os("QINGTING_SITE")
        .map(PathBuf::from)
        .unwrap_or_else(|| {
            let cache = env::var_os("XDG_CACHE_HOME")
                .filter(|value| !value.is_empty())
                .map(PathBuf::from);
            let home = || env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
            cache
                .or_else(home)
                .unwrap_or_default()
                .join("qingting")
                .join("site")
        });
    assert!(
        site.join("manifest.json").is_file(),
        "no bundle in {}: run `make bundle`",
        site.display()
    );
    site
}

/// A page of a portal with one or more widgets, served from a listed origin of its own.
#[derive(Debug)]
pub(crate) struct Portal {
    /// The endpoint that the page's loader comes from.
    pub(crate) endpoint: Endpoint,
    /// The host's server.
    pub(crate) hosts: hosts::Hosts,
}

impl Portal {
    /// Serves `page`, made from the endpoint's origin, at `/` of a listed origin.
    pub(crate) fn with(page: impl FnOnce(&str) -> hosts::HostPage) -> Self {
        let listener: TcpListener = hosts::listen();
        let endpoint = Endpoint::start_for(&[hosts::origin_of(&listener)]);
        let page = page(&endpoint.origin());
        Self {
            hosts: hosts::Hosts::on(listener, vec![("/", page)]),
            endpoint,
        }
    }
}

/// The embedding as the README gives it: the loader's script and one element.
pub(crate) fn snippet(origin: &str, survey: &str, attributes: &str) -> (String, String) {
    let script = format!("<script type=\"module\" src=\"{origin}/embed.js\"></script>");
    let element = format!(
        "<qing-ting survey=\"{survey}\" {attributes}><a href=\"{origin}/s/{survey}\">Tell us how it went</a></qing-ting>"
    );
    (script, element)
}
