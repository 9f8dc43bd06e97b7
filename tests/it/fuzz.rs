//! Garbled definitions, expressions and sheets: nothing panics, everything ends, and memory stays what it was.
//!
//! Each target runs for `QINGTING_FUZZ_SECONDS`, or two; `make fuzz` gives them ten minutes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use qingting::survey::{Definition, Value};

#[path = "../fuzz/targets.rs"]
mod targets;

/// How much memory a target may ever have taken beyond what it began with.
const MOST_KIB: u64 = 64 * 1024;
/// What no single input may take.
const LONGEST: Duration = Duration::from_secs(1);
/// Words that have a meaning, so that garbled input gets past its first character.
const WORDS: [&str; 35] = [
    "\"visibleIf\":\"{q1} = 1\",",
    "\"setValueExpression\":\"{q1} + {q2}\",",
    "\"defaultValueExpression\":\"{q2} + 'x'\",",
    "\"resetValueIf\":\"{q1} notempty\",",
    "\"choicesFromQuestion\":\"q1\",",
    "\"valueName\":\"q1\",",
    "\"type\":\"ranking\",",
    "\"min\":-1e308,",
    "\"maskType\":\"datetime\",",
    "\"maskType\":\"currency\",\"maskSettings\":{\"currencyPattern\":\"-@#\",\"max\":5},",
    "\"maskType\":\"pattern\",\"maskSettings\":{\"pattern\":\"9-a\",\"saveMaskedValue\":true},",
    "\"showPreviewBeforeComplete\":true,",
    "\"questionsOrder\":\"random\",",
    "\"requiredIf\":\"isContainerReady('page1')\",",
    "\"title\":\"{$q1.title} {q2.row1} {pageno}\",",
    "\"checkErrorsMode\":\"onValueChanging\",",
    "\"type\":\"dropdown\",\"choicesMin\":-1e308,\"choicesMax\":1e308,",
    "\"questionsOnPageMode\":\"questionPerPage\",\"triggers\":[{\"type\":\"skip\",\"expression\":\"{q1} notempty\",\"gotoName\":\"q2\"}],",
    "\"elements\":[{\"type\":\"text\",\"name\":\"q3\",\"isRequired\":true}],",
    "\"rateMax\":1e300,",
    "\"rateStep\":1e-300,",
    "{q1}",
    "[[[[",
    "((((",
    "\"\"",
    "null",
    "1e999",
    "-0",
    "{\"value\":1}",
    "iif(",
    " and ",
    " contains ",
    "很满意",
    "\\u0000",
    "'",
];

fn seconds() -> Option<u64> {
    std::env::var("QINGTING_FUZZ_SECONDS").ok()?.parse().ok()
}

/// The most memory this process ever had, in KiB.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// SplitMix64: the same inputs in the same order every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % count.max(1) as u64) as usize
    }
}

fn garbled(chance: &mut Chance, corpus: &[Vec<u8>]) -> Vec<u8> {
    let mut data = corpus[chance.below(corpus.len())].clone();
    for _ in 0..1 + chance.below(6) {
        let at = chance.below(data.len() + 1);
        match chance.below(6) {
            0 if at < data.len() => data[at] = data[at].wrapping_add(1),
            1 if at < data.len() => data[at] = b"\"{}[],:019-. '"[chance.below(14)],
            2 => {
                let end = (at + chance.below(20)).min(data.len());
                data.drain(at..end);
            }
            3 => drop(data.splice(at..at, WORDS[chance.below(WORDS.len())].bytes())),
            4 => {
                // A value in place of another: the next colon tells where one stands.
                let other = &corpus[chance.below(corpus.len())];
                let from = chance.below(other.len() + 1);
                let to = (from + chance.below(60)).min(other.len());
                data.splice(at..at, other[from..to].iter().copied());
            }
            _ => {
                let property = data[at..].iter().position(|&byte| byte == b'{');
                let word = WORDS[chance.below(21)].bytes();
                if let Some(brace) = property {
                    data.splice(at + brace + 1..at + brace + 1, word);
                }
            }
        }
    }
    data.truncate(20_000);
    data
}

fn run(name: &str, corpus: &[Vec<u8>], target: impl Fn(&[u8])) {
    let mut chance = Chance(1);
    corpus.iter().take(200).for_each(|data| target(data));
    let (before, begin) = (peak_kib(), Instant::now());
    let budget = Duration::from_secs(seconds().unwrap_or(2));
    let mut count = 0_u64;
    while begin.elapsed() < budget {
        let data = garbled(&mut chance, corpus);
        let started = Instant::now();
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| target(&data)));
        let text = String::from_utf8_lossy(&data);
        assert!(result.is_ok(), "panics: {text}");
        assert!(started.elapsed() < LONGEST, "takes too long: {text}");
        count += 1;
    }
    let grown = peak_kib().saturating_sub(before);
    println!("fuzz {name} {count} inputs, {grown} KiB");
    // Other tests run beside this one unless it was asked for by itself.
    assert!(seconds().is_none() || grown <= MOST_KIB, "{grown} KiB");
}

fn cases(name: &str) -> Vec<serde_json::Value> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let text = std::fs::read_to_string(path.join(name)).unwrap();
    let set: serde_json::Value = serde_json::from_str(&text).unwrap();
    set["vectors"].as_array().unwrap().clone()
}

#[test]
fn garbled_definitions_do_no_harm() {
    let texts = cases("sessions.json").into_iter();
    let corpus: Vec<_> = texts
        .map(|case| case["definition"].to_string().into_bytes())
        .collect();
    run("definition", &corpus, targets::definition);
}

#[test]
fn garbled_expressions_do_no_harm() {
    let texts = cases("expressions.json").into_iter();
    let text = |case: serde_json::Value| case["expression"].as_str().unwrap().as_bytes().to_vec();
    let corpus: Vec<_> = texts.map(text).collect();
    run("expression", &corpus, targets::expression);
}

#[test]
fn garbled_sheets_do_no_harm() {
    let cases = cases("sessions.json");
    let value: Value = serde_json::from_value(
        cases
            .iter()
            .max_by_key(|case| case["steps"].as_array().map_or(0, Vec::len))
            .unwrap()["definition"]
            .clone(),
    )
    .unwrap();
    let survey = include_str!("../fixtures/survey.json");
    let survey: Value = serde_json::from_str(survey).unwrap();
    let definitions = [value, survey].map(|value| Arc::new(Definition::read_leniently(&value)));
    let sheets = cases
        .iter()
        .flat_map(|case| case["steps"].as_array().unwrap());
    let corpus: Vec<_> = sheets
        .map(|step| step["data"].to_string().into_bytes())
        .collect();
    run("sheet", &corpus, |data| {
        for definition in &definitions {
            targets::sheet(definition, data);
        }
    });
}
