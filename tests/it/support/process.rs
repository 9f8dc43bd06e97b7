//! `qingting` as a process of its own: an endpoint that can be killed, and commands that run to their end.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// `qingting` as its own process.
#[derive(Debug)]
pub struct Process {
    pub child: Child,
    pub address: SocketAddr,
}

impl Process {
    /// Starts `qingting serve` over a data folder and waits until it listens.
    pub fn serve(data: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_qingting"));
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .env_clear();
        Self::start(&mut command)
    }

    /// Starts a command that prints `listening on http://ADDRESS`.
    pub fn start(command: &mut Command) -> Self {
        Self::start_logging(command, Stdio::null())
    }

    /// As [`Process::start`], with its log written to `log`.
    pub fn start_logging(command: &mut Command, log: Stdio) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        let address = loop {
            line.clear();
            assert_ne!(
                lines.read_line(&mut line).unwrap(),
                0,
                "it ended before it listened"
            );
            if let Some((_, address)) = line.trim_end().split_once("listening on http://") {
                break address.parse().unwrap();
            }
        };
        // What it prints later must not block it.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        Self { child, address }
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM.
    pub fn terminate(&self) {
        assert!(
            Command::new("kill")
                .arg(self.child.id().to_string())
                .status()
                .unwrap()
                .success()
        );
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a `qingting` command to its end: exit code, stdout, stderr.
pub fn qingting(arguments: &[&str], data: &Path) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_qingting"))
        .args(arguments)
        .arg("--data")
        .arg(data)
        .env_clear()
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}
