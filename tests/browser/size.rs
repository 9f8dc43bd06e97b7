//! What a page pays: budgets of the bundle as it lies on disk, and as it really goes over the wire.

use std::fs;

use serde_json::{Value, json};

use crate::device::Device;
use crate::driver::Browser;
use crate::endpoint::{Endpoint, site};
use crate::page::Page;

/// What a page pays that does not show the survey, in bytes of brotli.
const LOADER: u64 = 2_500;
/// Everything before the first question: loader, glue, link file, main part, stylesheet, one language; bytes of brotli.
const FIRST_LOAD: u64 = 70_000;

fn manifest() -> Value {
    let text = fs::read_to_string(site().join("manifest.json")).expect("the bundle has a manifest");
    serde_json::from_str(&text).expect("the manifest is JSON")
}

#[test]
fn the_bundle_keeps_its_budgets() {
    let manifest = manifest();
    let size = |what: &str| {
        manifest["sums"][what]["brotli"]
            .as_u64()
            .expect("the manifest has this sum")
    };
    assert!(
        size("loader") > 0 && size("loader") <= LOADER,
        "the loader has {} bytes, {LOADER} allowed",
        size("loader")
    );
    assert!(
        size("first_load") <= FIRST_LOAD,
        "the first load has {} bytes, {FIRST_LOAD} allowed",
        size("first_load")
    );
}

#[test]
fn the_manifests_sizes_are_those_of_the_files() {
    let (manifest, site) = (manifest(), site());
    let files = manifest["files"].as_array().expect("a list of files");
    assert!(files.len() > 6);
    for file in files {
        let path = file["path"].as_str().expect("a path");
        for (ending, key) in [("", "raw"), (".br", "brotli"), (".gz", "gzip")] {
            let length = fs::metadata(site.join(format!("{path}{ending}")))
                .map(|file| file.len())
                .ok();
            assert_eq!(length, file[key].as_u64(), "{path}{ending}");
        }
    }
}

#[test]
fn a_browser_gets_the_compressed_files_and_the_first_question_within_budget() {
    // The endpoint's own page: of another origin's files a page does not learn the sizes.
    let endpoint = Endpoint::start();
    let browser = Browser::open(&Device::phone());
    browser.before_each_page(
        "addEventListener('qing-shown', () => (globalThis.shown = performance.now()))",
    );
    browser.goto(&format!("{}/s/delivery", endpoint.origin()));
    let page = Page::of(&browser);
    page.expect_state("asking");
    // Whatever was asked for before the first question counts, parts too; the page's own style does not.
    let script = r#"return performance.getEntriesByType("resource")
        .filter((r) => r.startTime < shown && /embed|\/b\//.test(r.name))
        .map((r) => [new URL(r.name).pathname.slice(1), r.encodedBodySize])"#;
    let loaded = browser.run(script, &[]);
    let manifest = manifest();
    let files = manifest["files"].as_array().expect("a list of files");
    let mut first = 0;
    for entry in loaded.as_array().expect("a list of loads") {
        let (path, size) = (&entry[0], entry[1].as_u64().unwrap_or_default());
        let file = files.iter().find(|file| file["path"] == *path);
        let file = file.unwrap_or_else(|| panic!("{path} is not in the manifest"));
        assert_eq!(
            json!(size),
            file["brotli"],
            "{path} as it came over the wire"
        );
        first += size;
    }
    assert!(
        first > 10_000,
        "Chromium did not say what it loaded: {loaded}"
    );
    assert!(
        first <= FIRST_LOAD,
        "{first} bytes before the first question, {FIRST_LOAD} allowed: {loaded}"
    );
}
