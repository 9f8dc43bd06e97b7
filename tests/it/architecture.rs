//! The shape of the code: who may know whom, what stands at the top, and habits a reader relies on.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder of the crate, with its text.
fn files(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(root()).unwrap().display().to_string();
                found.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty());
    found
}

/// The room a source file belongs to: `src/survey/text.rs` is in `survey`.
fn room(name: &str) -> &str {
    let inside = name.strip_prefix("src/").unwrap();
    inside.split(['/', '.']).next().unwrap()
}

/// Paths of the crate that a text names: `crate::api::…` or `qingting::api::…` gives `api`.
fn rooms_named(text: &str) -> Vec<String> {
    let code: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let mut named = Vec::new();
    for prefix in ["crate::", "qingting::"] {
        for rest in code.split(prefix).skip(1) {
            let list = rest
                .strip_prefix('{')
                .and_then(|rest| rest.split('}').next())
                .unwrap_or(rest);
            let first = |path: &str| {
                path.trim()
                    .chars()
                    .take_while(|c| c.is_ascii_lowercase() || *c == '_')
                    .collect::<String>()
            };
            if rest.starts_with('{') {
                named.extend(list.split(',').map(first))
            } else {
                named.push(first(rest))
            }
        }
    }
    named
}

#[test]
fn rooms_know_only_those_above_them() {
    let allowed: [(&str, &[&str]); 10] = [
        ("survey", &["survey"]),
        ("measures", &["measures"]),
        ("complaint", &["complaint", "measures"]),
        ("api", &["api", "survey", "measures"]),
        ("messages", &["messages", "survey", "measures", "api"]),
        (
            "widget",
            &["widget", "survey", "measures", "api", "messages"],
        ),
        ("console", &["console", "measures", "api", "messages"]),
        (
            "endpoint",
            &[
                "endpoint",
                "survey",
                "measures",
                "complaint",
                "api",
                "messages",
            ],
        ),
        ("main", &["endpoint"]),
        ("lib", &[]),
    ];
    for (name, text) in files("src") {
        let Some((_, allowed)) = allowed.iter().find(|(known, _)| *known == room(&name)) else {
            assert_eq!(room(&name), "bin", "{name} belongs to no room");
            continue;
        };
        for named in rooms_named(&text) {
            assert!(
                allowed.contains(&named.as_str()),
                "{name} must not know `{named}`"
            );
        }
    }
}

#[test]
fn pure_rooms_know_only_std_and_serde() {
    let foreign = [
        "axum",
        "clap",
        "csv",
        "getrandom",
        "gloo",
        "hmac",
        "hyper",
        "js_sys",
        "leptos",
        "rusqlite",
        "serde_json",
        "sha2",
        "tokio",
        "tower",
        "tracing",
        "wasm_bindgen",
        "web_sys",
        "std::fs",
        "std::net",
        "std::time",
        "std::env",
        "std::process",
        "std::thread",
        "println!",
        "eprintln!",
    ];
    for (name, text) in files("src").into_iter().filter(|(name, _)| {
        ["survey", "measures", "complaint", "api", "messages"].contains(&room(name))
    }) {
        let code = text.split("#[cfg(test)]").next().unwrap();
        for line in code
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
        {
            for foreign in foreign {
                let is_named = line.contains(&format!("{foreign}::"))
                    || (foreign.ends_with('!') && line.contains(foreign));
                assert!(!is_named, "{name} must not use {foreign}: {line}");
            }
        }
    }
}

#[test]
fn sql_stands_in_the_store_only() {
    for (name, text) in files("src")
        .into_iter()
        .filter(|(name, _)| !name.starts_with("src/endpoint/store"))
    {
        assert!(!text.contains("rusqlite"), "{name}");
    }
    for (name, text) in files("src/endpoint") {
        for line in text.lines().filter(|line| line.contains("format!")) {
            assert!(
                !["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WHERE "]
                    .iter()
                    .any(|word| line.contains(word)),
                "{name} builds SQL from text: {line}"
            );
        }
    }
}

/// What of a source file makes a route, or reads a path, beside the table.
fn beside_the_table(name: &str, text: &str) -> Vec<String> {
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let mut found = Vec::new();
    for line in code {
        let makes_route = [".route(", ".nest(", ".route_service("]
            .iter()
            .any(|word| line.contains(word));
        // The demo's portal is another server.
        if makes_route && !["src/endpoint/contract.rs", "src/endpoint/demo.rs"].contains(&name) {
            found.push(format!(
                "{name} makes a route without a row: add it to src/endpoint/routes/table: {}",
                line.trim()
            ));
        }
        let reads_path = line.contains("axum::extract")
            && line.contains("Path")
            && !line.contains("MatchedPath");
        if reads_path && name != "src/endpoint/routes/path.rs" {
            found.push(format!(
                "{name}: routes::Path answers like the others where a path cannot be read: {line}"
            ));
        }
    }
    found
}

#[test]
fn every_route_has_a_row() {
    let found: Vec<_> = files("src/endpoint")
        .iter()
        .flat_map(|(name, text)| beside_the_table(name, text))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
    // The control: what the gate is for does not get through it.
    for code in [
        "    let routes = Router::new().route(\"/v1/backdoor\", get(open));",
        "use axum::extract::{Path, State};",
    ] {
        assert_eq!(
            beside_the_table("src/endpoint/routes/new.rs", code).len(),
            1,
            "{code}"
        );
    }
}

#[test]
fn every_file_says_what_lives_there() {
    for (name, text) in files("src").into_iter().chain(files("tests")) {
        let first = text.lines().next().unwrap_or_default();
        assert!(
            first.starts_with("//! ") && first.len() > 12,
            "{name} opens with {first:?}"
        );
        assert!(
            !name.ends_with("/mod.rs"),
            "{name}: foo.rs + foo/, never mod.rs"
        );
    }
}

#[test]
fn nothing_writes_html_into_a_page() {
    for (name, text) in files("src") {
        for word in ["inner_html", "outer_html", "insert_adjacent_html"] {
            assert!(!text.contains(word), "{name} uses {word}");
        }
    }
}

#[test]
fn top_level_holds_what_it_should_and_nothing_else() {
    let allowed = [
        "Cargo.toml",
        "Cargo.lock",
        "README.md",
        "index.html",
        "Makefile",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        ".gitignore",
        ".ci",
        "public",
        "src",
        "tests",
    ];
    let output = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "git lists the files");
    let listed = String::from_utf8(output.stdout).unwrap();
    for path in listed.split('\0').filter(|path| !path.is_empty()) {
        let top = path.split('/').next().unwrap();
        assert!(allowed.contains(&top), "{path} has no place at the top");
    }
}
