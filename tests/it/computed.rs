//! Sheets for tests of scores, and a survey for each computed case. Also for the browser tests.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use qingting::api::SubmissionId;
use qingting::endpoint::clock::{DAY_MS, Timestamp};
use qingting::endpoint::store::{Lateness, Sheet, Sqlite, Store};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

const BUSY: Duration = Duration::from_secs(5);
/// The moment before which they came in: 2026-11-23T10:00:41.500Z.
pub const NOW: i64 = 1_795_428_041_500;

/// A sheet of the tests' survey; `n` makes its id, its moment and what it says.
pub fn sheet(n: u64, revision: u32, complete: bool) -> Sheet {
    let pick = |of: u64, salt: u64| n.wrapping_mul(0x9e37_79b9).wrapping_add(salt) / 7 % of;
    let mut answers = format!("{{\"overall\":{}", 1 + pick(5, 1));
    if revision > 1 || complete {
        answers.push_str(&format!(",\"effort\":{}", 1 + pick(7, 2)));
    }
    if complete && n.is_multiple_of(3) {
        answers.push_str(",\"words\":\"箱子是湿的, and nobody called back!!\"");
    }
    answers.push('}');
    Sheet {
        id: SubmissionId::from_bytes(u128::from(n).to_be_bytes()),
        survey: "delivery".to_owned(),
        version: 1,
        revision,
        complete,
        page: None,
        locale: ["en", "zh-CN", "fr", "de"][usize::try_from(pick(4, 3)).unwrap()].to_owned(),
        started_at: String::new(),
        elapsed_ms: 0,
        // Over two years.
        received_at: Timestamp(NOW - i64::try_from(pick(700, 4)).unwrap() * DAY_MS),
        channel: ["mail", "embed", "qr"][usize::try_from(pick(3, 5)).unwrap()].to_owned(),
        delivery: None,
        account: Some(format!("A-{}", pick(300, 6))),
        contact: Some(format!("c-{n}")),
        verified: false,
        invitation: None,
        once: false,
        test: false,
        suspect: false,
        photos: Vec::new(),
        fields: format!(
            "{{\"region\":\"R{}\",\"team\":\"T{}\"}}",
            pick(8, 7),
            pick(12, 8)
        ),
        answers,
        lateness: Lateness::Current,
        receipt: String::new(),
        digest: Sha256::digest(format!("{n} {revision} {complete}")).into(),
    }
}

pub fn store(data: &Path, sheets: &[Sheet]) {
    let mut store = Sqlite::open(data, BUSY).unwrap();
    for batch in sheets.chunks(1_000) {
        store.commit(batch).unwrap();
    }
}

/// Sheets of a survey of its own whose only question is answered as `counts` say, the lowest point first.
pub fn survey_of(data: &Path, name: &str, metric: &str, low: i32, months: &[(i64, Vec<u64>)]) {
    let high = low + i32::try_from(months[0].1.len()).unwrap() - 1;
    let definition = json!({"title": name, "elements": [
        {"type": "rating", "name": "q", "metric": metric, "rateMin": low, "rateMax": high, "title": "q"}
    ]});
    qingting::endpoint::publish::publish(
        data,
        name,
        &definition.to_string(),
        BUSY,
        Timestamp(months[0].0 - DAY_MS),
    )
    .unwrap();
    let mut n = u64::from_be_bytes(Sha256::digest(name)[..8].try_into().unwrap()) & !0xffff;
    let mut sheets = Vec::new();
    for (at, counts) in months {
        for (point, times) in (low..).zip(counts) {
            for _ in 0..*times {
                n += 1;
                sheets.push(Sheet {
                    survey: name.to_owned(),
                    answers: format!("{{\"q\":{point}}}"),
                    received_at: Timestamp(*at),
                    ..sheet(n, 1, true)
                });
            }
        }
    }
    store(data, &sheets);
}

/// What a computed case says of a survey: n, value, interval.
pub type Expected = (u64, Option<f64>, Json);

/// A survey for each computed case of up to 1,500 answers, which came in at the moment `at`.
pub fn computed_cases(data: &Path, at: i64) -> BTreeMap<String, Expected> {
    let cases: Json = serde_json::from_str(include_str!("../fixtures/measures.json")).unwrap();
    let mut expected = BTreeMap::new();
    let count = |value: &Json| value.as_u64().unwrap();
    let mut put = |kind: &str, place: usize, low: i32, counts: Vec<u64>, case: (&Json, &Json)| {
        let n: u64 = counts.iter().sum();
        if n > 0 && n <= 1_500 {
            let name = format!("{kind}-{place}");
            survey_of(data, &name, kind, low, &[(at, counts)]);
            expected.insert(name, (n, case.0.as_f64(), case.1.clone()));
        }
    };
    for (place, case) in cases["nps"].as_array().unwrap().iter().enumerate() {
        let mut counts = vec![0; 11];
        // Spread over the points of each group.
        for (group, points) in [
            ("detractors", 0..7),
            ("passives", 7..9),
            ("promoters", 9..11),
        ] {
            for n in 0..count(&case[group]) {
                counts[points.start + usize::try_from(n).unwrap() % points.len()] += 1;
            }
        }
        put("nps", place, 0, counts, (&case["nps"], &case["interval"]));
    }
    for (place, case) in cases["ces"].as_array().unwrap().iter().enumerate() {
        let counts = case["counts"].as_array().unwrap().iter().map(count);
        put(
            "ces",
            place,
            1,
            counts.collect(),
            (&case["mean"], &case["mean_interval"]),
        );
    }
    for (place, case) in cases["share"].as_array().unwrap().iter().enumerate() {
        let (k, n) = (count(&case["k"]), count(&case["n"]));
        let counts = vec![n - k, 0, 0, k - k / 2, k / 2];
        put(
            "csat",
            place,
            1,
            counts,
            (&case["percent"], &case["interval"]),
        );
    }
    expected
}
