//! What every test borrows from the machine and gives back, also when it panics: child processes, folders, and turns.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

/// How many browsers run at once. More of them on two cores only make each wait longer than its patience.
const TURNS: usize = 2;

static TAKEN: Mutex<usize> = Mutex::new(0);
static FREED: Condvar = Condvar::new();

/// Locks a mutex although another test may have panicked while holding it: one failure must not look like twenty.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The right to run one browser, given back on drop.
#[derive(Debug)]
pub(crate) struct Turn(());

impl Turn {
    /// Waits until fewer than `TURNS` browsers run.
    pub(crate) fn take() -> Self {
        let mut taken = lock(&TAKEN);
        while *taken >= TURNS {
            taken = FREED.wait(taken).unwrap_or_else(PoisonError::into_inner);
        }
        *taken += 1;
        Self(())
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *lock(&TAKEN) -= 1;
        FREED.notify_one();
    }
}

/// A new folder under the system's temporary one, removed on drop.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Makes an empty folder that no other test uses.
    pub(crate) fn new(purpose: &str) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!(
            "qingting-{purpose}-{}-{number}",
            std::process::id()
        ));
        fs::create_dir_all(&path).expect("the system's temporary folder takes a new folder");
        Self(path)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A browser that is just ending may still write into its profile.
        for _ in 0..20 {
            if fs::remove_dir_all(&self.0).is_ok() || !self.0.exists() {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}

/// A child process whose lines are read all the time (a full pipe would stop it), killed on drop.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    lines: mpsc::Receiver<String>,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Process {
    /// Starts the command; `advice` is what to do when the program is missing.
    pub(crate) fn start(command: &mut Command, advice: &str) -> Self {
        let mut child = match command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
        {
            Ok(child) => child,
            Err(error) => panic!(
                "cannot start {}: {error}. {advice}",
                command.get_program().display()
            ),
        };
        let (sender, lines) = mpsc::channel();
        let seen = Arc::new(Mutex::new(Vec::new()));
        if let Some(stdout) = child.stdout.take() {
            follow(stdout, sender.clone(), Arc::clone(&seen));
        }
        if let Some(stderr) = child.stderr.take() {
            follow(stderr, sender, Arc::clone(&seen));
        }
        Self { child, lines, seen }
    }

    /// Waits for a line in which `pick` finds something.
    pub(crate) fn wait_for_line<T>(
        &self,
        what: &str,
        patience: Duration,
        pick: impl Fn(&str) -> Option<T>,
    ) -> T {
        let end = Instant::now() + patience;
        while let Ok(line) = self
            .lines
            .recv_timeout(end.saturating_duration_since(Instant::now()))
        {
            if let Some(found) = pick(&line) {
                return found;
            }
        }
        panic!(
            "no line with {what} within {patience:?}; it printed:\n{}",
            self.printed()
        )
    }

    /// Everything printed so far on both streams.
    pub(crate) fn printed(&self) -> String {
        lock(&self.seen).join("\n")
    }

    /// Asks it to end as a service manager does (SIGTERM) and waits; after ten seconds it is killed.
    pub(crate) fn terminate(mut self) {
        signal(self.child.id(), "TERM");
        let end = Instant::now() + Duration::from_secs(10);
        while Instant::now() < end {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only when it has ended already, which is what is wanted.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn follow(
    stream: impl Read + Send + 'static,
    sender: mpsc::Sender<String>,
    seen: Arc<Mutex<Vec<String>>>,
) {
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            lock(&seen).push(line.clone());
            // Nobody waits for lines any more: keep reading, the pipe must not fill.
            drop(sender.send(line));
        }
    });
}

/// Sends a signal to one process of ours by its id.
pub(crate) fn signal(pid: u32, name: &str) {
    drop(
        Command::new("kill")
            .arg(format!("-{name}"))
            .arg(pid.to_string())
            .stderr(Stdio::null())
            .status(),
    );
}

/// Tries until there is something or the patience ends.
pub(crate) fn eventually<T>(
    patience: Duration,
    mut attempt: impl FnMut() -> Option<T>,
) -> Option<T> {
    let end = Instant::now() + patience;
    loop {
        if let Some(found) = attempt() {
            return Some(found);
        }
        if Instant::now() > end {
            return None;
        }
        thread::sleep(Duration::from_millis(25));
    }
}
