//! Business time: deadlines with pauses, time between two moments, and business days.

use qingting::endpoint::calendar::Calendar;
use qingting::endpoint::clock::Timestamp;
use serde_json::Value as Json;

use super::vectors;

fn moment(value: &Json) -> i64 {
    value.as_str().unwrap().parse::<Timestamp>().unwrap().0
}

#[test]
fn business_time_is_the_oracles() {
    let Some(set) = vectors("business_time.json") else {
        return;
    };
    let calendar = |case: &Json| {
        let name = case["calendar"].as_str().unwrap();
        Calendar::from_json(&set["calendars"][name].to_string()).unwrap()
    };
    let (mut equal, mut all, mut wrong) = (0, 0, Vec::new());
    let mut check = |case: &Json, found: Json, expected: &Json| {
        all += 1;
        if found == *expected {
            equal += 1;
        } else {
            wrong.push(format!("{case}: {found}"));
        }
    };
    for case in set["due"].as_array().unwrap() {
        let pauses = case["pauses"].as_array().unwrap().iter();
        let pause = |pair: &Json| (moment(&pair[0]), pair[1].as_str().map(|_| moment(&pair[1])));
        let pauses: Vec<_> = pauses.map(pause).collect();
        let ms = case["minutes"].as_i64().unwrap() * 60_000;
        let due = calendar(case).due(moment(&case["start"]), ms, &pauses);
        let expected = case["due"].as_str().map(|_| moment(&case["due"]));
        check(case, Json::from(due), &Json::from(expected));
    }
    for case in set["between"].as_array().unwrap() {
        let ms = calendar(case).between(moment(&case["from"]), moment(&case["to"]), &[]);
        let expected = (case["minutes"].as_f64().unwrap() * 60_000.0).round() as i64;
        check(case, Json::from(ms), &Json::from(expected));
    }
    for case in set["business_days"].as_array().unwrap() {
        let received = case["received"].as_str().unwrap().parse().unwrap();
        let n = u32::try_from(case["n"].as_u64().unwrap()).unwrap();
        let day = calendar(case).business_day(received, n);
        let day = day.map(|day| day.to_string());
        check(case, Json::from(day), &case["last_day"]);
    }
    println!("business time {equal} of {all}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(all > 0);
}
