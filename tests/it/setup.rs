//! Set-up on machines that do not exist: every program it could call is a stand-in that writes down how it was called.

use std::{
    env, fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicU32, Ordering},
};

const RUSTUP: [&str; 2] = [
    "rustup target add wasm32-unknown-unknown",
    "rustup component add rust-src rustfmt clippy",
];
const PACKAGES: &str = "apt-get install -qq -y --no-install-recommends rustc-web cargo-web rust-web-src rust-web-llvm lld-22";
const UPDATE: &str = "apt-get update -qq";

/// A machine made of stand-ins. It has a C compiler, and is asked by root.
struct Machine {
    root: PathBuf,
}

/// What one call of set-up did.
struct Outcome {
    is_done: bool,
    /// Calls that would change the machine, in turn.
    changes: Vec<String>,
    text: String,
    /// The file that the other steps read.
    tools: String,
}

impl Machine {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let root = env::temp_dir().join(format!("qingting-setup-{}-{count}", std::process::id()));
        let machine = Self { root };
        for folder in ["real", "first", "debian", "shelf", "home", "installed"] {
            fs::create_dir_all(machine.root.join(folder)).unwrap();
        }
        for name in ["bash", "cat", "mkdir", "mv", "sed"] {
            symlink(real(name), machine.root.join("real").join(name)).unwrap();
        }
        machine.stand_in("first/cc", "");
        machine.stand_in("first/id", "echo 0");
        machine
    }

    /// A program that runs `script`, with the machine's folder in `$root`.
    fn stand_in(&self, path: &str, script: &str) {
        let file = self.root.join(path);
        let text = format!(
            "#!{}\nroot='{}'\n{script}\n",
            real("bash").display(),
            self.root.display()
        );
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// A program that changes the machine: its call is written down first.
    fn changing(&self, name: &str, script: &str) {
        self.stand_in(
            &format!("first/{name}"),
            &format!("echo \"{name} $*\" >>\"$root/changes\"\n{script}"),
        );
    }

    /// A compiler in `folder`, with a cargo beside it, a linker and an own sysroot.
    fn compiler(&self, folder: &str, release: &str) {
        let script = format!(
            "case $1 in -vV) printf 'release: {release}\\ncommit-hash: 0123456789abcdef\\nhost: here\\n' ;; --print) echo \"$root/{folder}-sysroot\" ;; esac"
        );
        self.stand_in(&format!("{folder}/rustc"), &script);
        self.stand_in(&format!("{folder}/cargo"), "");
        let linker = format!("{folder}-sysroot/lib/rustlib/here/bin");
        fs::create_dir_all(self.root.join(&linker)).unwrap();
        self.stand_in(&format!("{linker}/rust-lld"), "");
    }

    /// A rustup with a compiler of `release`, which brings components as `adds` (shell) says.
    fn with_rustup(self, release: &str, adds: &str) -> Self {
        self.compiler("first", release);
        self.changing("rustup", adds);
        self
    }

    /// A Debian whose packages come as `brings` (shell) says.
    fn with_debian(self, brings: &str) -> Self {
        self.stand_in(
            "first/dpkg-query",
            "[ -e \"$root/installed/$3\" ] && echo installed",
        );
        self.changing("apt-get", brings);
        // The packages' compiler waits here until it is installed.
        self.compiler("shelf", "1.96.0");
        let sources = self
            .root
            .join("shelf-sysroot/lib/rustlib/src/rust/library/std");
        fs::create_dir_all(sources).unwrap();
        self
    }

    fn has(&self, path: &str) -> bool {
        self.root.join(path).exists()
    }

    fn setup(&self, purpose: &str) -> Outcome {
        let _ = fs::remove_file(self.root.join("changes"));
        let folder = |name: &str| self.root.join(name);
        let path = env::join_paths([folder("first"), folder("debian"), folder("real")]).unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/setup");
        let output = Command::new(real("bash"))
            .arg(script)
            .arg(purpose)
            .env_clear()
            .env("PATH", path)
            .env("HOME", folder("home"))
            .output()
            .unwrap();
        let read = |name: &str| fs::read_to_string(folder(name)).unwrap_or_default();
        Outcome {
            is_done: output.status.success(),
            changes: read("changes").lines().map(str::to_owned).collect(),
            text: String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned(),
            tools: read("home/.cache/qingting/tools"),
        }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// Where this machine has a program.
fn real(name: &str) -> PathBuf {
    let path = env::var_os("PATH").unwrap();
    env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
        .unwrap()
}

/// What an obliging rustup does: the library's source is there afterwards.
const BRINGS_SOURCES: &str =
    "[ \"$1\" != component ] || mkdir -p \"$root/first-sysroot/lib/rustlib/src/rust/library/std\"";
const REFUSES: &str = "exit 1";
/// What a reachable Debian does: the compiler is taken off the shelf.
const BRINGS_COMPILER: &str = "[ \"$1\" != install ] || mv \"$root\"/shelf/* \"$root/debian/\"";
/// The same, but only after its lists were read anew.
const BRINGS_COMPILER_AFTER_UPDATE: &str = "case $1 in update) : >\"$root/lists\" ;; install) [ -e \"$root/lists\" ] && mv \"$root\"/shelf/* \"$root/debian/\" ;; esac";

#[test]
fn rustup_brings_target_and_sources_and_no_package_is_installed() {
    let machine = Machine::new()
        .with_rustup("1.95.0", BRINGS_SOURCES)
        .with_debian(BRINGS_COMPILER);
    let outcome = machine.setup("run");
    assert!(outcome.is_done, "{}", outcome.text);
    assert_eq!(outcome.changes, RUSTUP);
    assert!(outcome.text.contains("through rustup"), "{}", outcome.text);
}

#[test]
fn where_rustup_cannot_download_debians_packages_are_taken() {
    let machine = Machine::new()
        .with_rustup("1.95.0", REFUSES)
        .with_debian(BRINGS_COMPILER);
    let outcome = machine.setup("run");
    assert!(outcome.is_done, "{}", outcome.text);
    assert_eq!(outcome.changes, [RUSTUP[0], PACKAGES]);
    assert!(
        outcome.text.contains("through Debian's packages"),
        "{}",
        outcome.text
    );
    // Native builds stay with the compiler that people have.
    let line =
        |key: &str, folder: &str| format!("{key}='{}/{folder}/cargo'", machine.root.display());
    assert!(
        outcome.tools.contains(&line("native_cargo", "first")),
        "{}",
        outcome.tools
    );
    assert!(
        outcome.tools.contains(&line("browser_cargo", "debian")),
        "{}",
        outcome.tools
    );
}

#[test]
fn second_call_installs_nothing() {
    for machine in [
        Machine::new().with_rustup("1.95.0", BRINGS_SOURCES),
        Machine::new()
            .with_rustup("1.95.0", REFUSES)
            .with_debian(BRINGS_COMPILER),
    ] {
        let first = machine.setup("run");
        assert!(first.is_done && !first.changes.is_empty(), "{}", first.text);
        let second = machine.setup("run");
        assert!(second.is_done, "{}", second.text);
        assert_eq!(second.changes, Vec::<String>::new());
        assert_eq!(second.tools, first.tools);
    }
}

#[test]
fn package_lists_are_read_anew_once_where_they_are_too_old() {
    let machine = Machine::new().with_debian(BRINGS_COMPILER_AFTER_UPDATE);
    let outcome = machine.setup("run");
    assert!(outcome.is_done, "{}", outcome.text);
    assert_eq!(outcome.changes, [PACKAGES, UPDATE, PACKAGES]);
}

#[test]
fn too_old_a_compiler_is_passed_over_for_debians() {
    let machine = Machine::new().with_debian(BRINGS_COMPILER);
    machine.compiler("first", "1.63.0");
    let outcome = machine.setup("run");
    assert!(outcome.is_done, "{}", outcome.text);
    let native = format!("native_cargo='{}/debian/cargo'", machine.root.display());
    assert!(outcome.tools.contains(&native), "{}", outcome.tools);
}

#[test]
fn where_nothing_can_be_had_it_fails_and_says_what_to_install_by_hand() {
    for machine in [
        Machine::new(),
        Machine::new().with_rustup("1.95.0", REFUSES),
        Machine::new().with_debian("exit 100"),
        Machine::new()
            .with_rustup("1.95.0", REFUSES)
            .with_debian("exit 100"),
    ] {
        let outcome = machine.setup("run");
        assert!(!outcome.is_done, "{}", outcome.text);
        let line = outcome
            .text
            .lines()
            .find(|line| line.contains("please install by hand"))
            .unwrap();
        assert!(
            line.contains("rust-src") && line.contains("https://rustup.rs"),
            "{line}"
        );
        assert_eq!(
            outcome.tools, "",
            "a failed set-up leaves no tools to build with"
        );
    }
}

#[test]
fn browser_and_font_are_installed_for_tests_only() {
    let brings = format!("{BRINGS_COMPILER}; for p in $*; do : >\"$root/installed/$p\"; done");
    let machine = Machine::new()
        .with_rustup("1.95.0", BRINGS_SOURCES)
        .with_debian(&brings);
    fs::create_dir_all(machine.root.join("first-sysroot/bin")).unwrap();
    machine.stand_in("first-sysroot/bin/rustfmt", "");
    machine.stand_in("first-sysroot/bin/cargo-clippy", "");
    assert_eq!(machine.setup("run").changes, RUSTUP);
    assert!(!machine.has("installed/chromium"));

    let outcome = machine.setup("test");
    assert!(outcome.is_done, "{}", outcome.text);
    let install = "apt-get install -qq -y --no-install-recommends";
    assert_eq!(
        outcome.changes,
        [
            format!("{install} chromium chromium-driver"),
            format!("{install} fonts-noto-cjk fontconfig")
        ]
    );

    for name in ["chromium", "chromedriver"] {
        machine.stand_in(&format!("first/{name}"), "");
    }
    machine.stand_in("first/fc-list", "echo NotoSansCJK");
    let again = machine.setup("test");
    assert!(again.is_done, "{}", again.text);
    assert_eq!(again.changes, Vec::<String>::new());
}

#[test]
fn packages_are_installed_through_sudo_where_it_is_not_root() {
    let machine = Machine::new().with_debian(BRINGS_COMPILER);
    machine.stand_in("first/id", "echo 1000");
    let refused = machine.setup("run");
    assert!(
        !refused.is_done && refused.changes.is_empty(),
        "{}",
        refused.text
    );

    machine.changing("sudo", "exec \"$@\"");
    let outcome = machine.setup("run");
    assert!(outcome.is_done, "{}", outcome.text);
    assert_eq!(
        outcome.changes,
        [format!("sudo {PACKAGES}").as_str(), PACKAGES]
    );
}
