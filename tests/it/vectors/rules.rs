//! One small survey for each rule of survey-core 3.1.1 that random surveys have shown; `tests/oracle/rules.mjs` makes them.

use serde_json::Value as Json;

#[test]
fn each_rule_is_the_originals() {
    let cases: Vec<Json> = serde_json::from_str(include_str!("../../fixtures/rules.json")).unwrap();
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            Some(format!(
                "{}: {}",
                case["id"],
                super::sessions::difference(case)?
            ))
        })
        .collect();
    assert!(cases.len() > 20 && wrong.is_empty(), "{}", wrong.join("\n"));
}
