//! The Scores page's counts over HTTP: by month in a zone, by slice, never from tests, and the same figures as a table.

use std::time::Duration;

use qingting::api::scores::{MetricScores, Scores};
use qingting::complaint::Role;
use qingting::endpoint::clock::{DAY_MS, Timestamp};
use qingting::endpoint::store::Sqlite;
use qingting::measures::{Change, Csat, Histogram, Interval, Reading, Scale, Share, Trend};
use qingting::survey::Value;
use sha2::{Digest, Sha256};

use crate::support::{Answer, NOW, TestServer, sheet_of};

fn staffed() -> TestServer {
    let server = TestServer::start();
    let mut store = Sqlite::open(server.folder.path(), Duration::from_secs(5)).unwrap();
    for role in Role::ALL {
        let key = Sha256::digest(role.code()).into();
        store
            .add_staff(role.code(), role, key, Timestamp(NOW))
            .unwrap()
            .unwrap();
    }
    server
}

fn ask(server: &TestServer, role: Role, path: &str, status: u16) -> Answer {
    let bearer = format!("Bearer {}", role.code());
    server.call("GET", path, &[("authorization", &bearer)], b"", status)
}

fn scores(server: &TestServer, query: &str) -> Scores {
    let path = ["/v1/staff/scores", query].concat();
    serde_json::from_slice(&ask(server, Role::Analyst, &path, 200).body).unwrap()
}

/// Sheets with these scores, the first with this number.
fn answer(server: &TestServer, first: u64, given: &[f64], change: impl Fn(&mut Value)) {
    for (n, score) in (first..).zip(given) {
        let mut body = sheet_of(n, 1, true, &[("overall", Value::Number(*score))]);
        change(&mut body);
        server.post(&body, 201);
    }
}

fn overall(scores: &Scores) -> MetricScores {
    let metrics = &scores.surveys[0].metrics;
    metrics
        .iter()
        .find(|one| one.question == "overall")
        .unwrap()
        .clone()
}

#[test]
fn every_sheet_counts_once_in_its_month_and_slices_and_tests_never() {
    let server = staffed();
    answer(&server, 1, &[5.0, 4.0, 4.0, 1.0], |_| {});
    answer(&server, 100, &[5.0, 5.0], |body| {
        let mut context = body.get("context").unwrap().clone();
        context.set("test", Value::Bool(true));
        body.set("context", context);
    });
    // 23 November 2026 10:00 UTC and eight days later: another month.
    server.pass(8 * DAY_MS);
    answer(&server, 200, &[2.0, 3.0], |body| {
        body.set("locale", Value::from("fr"));
        let mut context = body.get("context").unwrap().clone();
        context.set("account", Value::from("=HYPERLINK(\"http://evil\")"));
        body.set("context", context);
    });
    let found = scores(&server, "");
    assert_eq!(
        (found.surveys[0].complete, found.surveys[0].partial),
        (6, 0)
    );
    let metric = overall(&found);
    assert_eq!(
        (metric.low, metric.high, metric.all.points.as_slice()),
        (1, 5, [1, 1, 1, 2, 1].as_slice())
    );
    let months: Vec<_> = metric
        .periods
        .iter()
        .map(|one| (one.name.as_str(), one.counts.points.iter().sum::<u64>()))
        .collect();
    assert_eq!(months, [("2026-11", 4), ("2026-12", 2)]);
    let slice = |by: &str| {
        metric
            .slices
            .iter()
            .find(|slice| slice.by == by)
            .unwrap()
            .found
            .clone()
    };
    assert_eq!(
        slice("language")
            .iter()
            .find(|one| one.name == "fr")
            .unwrap()
            .counts
            .points,
        [0, 1, 1, 0, 0]
    );
    for slice in &metric.slices {
        let total: u64 = slice.found.iter().flat_map(|one| &one.counts.points).sum();
        assert!(total <= 6, "{slice:?}");
    }
    let answered = &found.surveys[0].answered;
    assert_eq!(
        answered
            .iter()
            .find(|one| one.question == "overall")
            .unwrap()
            .sheets,
        6
    );
    // The table: no cell that a spreadsheet takes for a formula, and no figure below ten answers.
    let table = ask(&server, Role::Executive, "/v1/staff/scores.csv", 200);
    let text = table.text().trim_start_matches('\u{feff}').to_owned();
    assert!(
        text.contains("\"'=HYPERLINK(\"\"http://evil\"\")\""),
        "{text}"
    );
    let all = text
        .lines()
        .find(|line| line.contains(",overall,csat,1,5,all,"))
        .unwrap();
    assert!(all.ends_with(",6,6,,,,"), "{all}");
}

#[test]
fn months_begin_where_the_reader_is() {
    let server = staffed();
    // 30 November 2026 20:00 UTC is already December in Shanghai.
    server.pass(7 * DAY_MS + 10 * 3_600_000);
    answer(&server, 1, &[4.0], |_| {});
    let month = |query| overall(&scores(&server, query)).periods[0].name.clone();
    assert_eq!(month(""), "2026-11");
    assert_eq!(month("?time_zone=Asia/Shanghai"), "2026-12");
    ask(
        &server,
        Role::Analyst,
        "/v1/staff/scores?time_zone=Mars/Base",
        422,
    );
    ask(&server, Role::Analyst, "/v1/staff/scores?anything=1", 422);
}

#[test]
fn figures_are_those_of_the_measures_from_ten_answers_on() {
    let server = staffed();
    // M3's published case: 74 of 107 satisfied, 69 %.
    let given: Vec<f64> = [(5.0, 42), (4.0, 32), (3.0, 10), (2.0, 9), (1.0, 14)]
        .iter()
        .flat_map(|(point, times)| std::iter::repeat_n(*point, *times))
        .collect();
    answer(&server, 1, &given, |_| {});
    let metric = overall(&scores(&server, ""));
    let reading = Csat::of(&metric.histogram(&metric.all).unwrap())
        .unwrap()
        .reading();
    let Reading::Shown {
        n: 107,
        value,
        interval,
        is_small: false,
    } = reading
    else {
        panic!("{reading:?}");
    };
    let table = ask(&server, Role::Analyst, "/v1/staff/scores.csv", 200);
    let all = table
        .text()
        .lines()
        .find(|line| line.contains(",overall,csat,1,5,all,"))
        .unwrap()
        .to_owned();
    let cells: Vec<f64> = all
        .split(',')
        .skip(10)
        .map(|cell| cell.parse().unwrap())
        .collect();
    assert_eq!(cells, [value, interval.low, interval.high]);
    assert!(
        (value - 69.159).abs() < 0.001
            && (interval.low - 59.872).abs() < 0.001
            && (interval.high - 77.118).abs() < 0.001
    );
}

#[test]
fn whoever_has_some_accounts_only_sees_no_scores_of_all_and_an_admin_no_words() {
    let server = staffed();
    answer(&server, 1, &[5.0], |_| {});
    for role in Role::ALL {
        let may = !matches!(
            role,
            Role::AccountManager | Role::SolutionExpert | Role::DeliveryExpert
        );
        for path in ["/v1/staff/scores", "/v1/staff/scores.csv"] {
            ask(&server, role, path, if may { 200 } else { 403 });
        }
    }
    let words = sheet_of(
        9,
        1,
        true,
        &[
            ("overall", Value::Number(1.0)),
            ("why-Comment", Value::from("3 weeks late!!")),
            ("why", Value::List(vec![Value::from("other")])),
        ],
    );
    server.post(&words, 201);
    let with = |role| -> Scores {
        serde_json::from_slice(&ask(&server, role, "/v1/staff/scores", 200).body).unwrap()
    };
    let seen = with(Role::Analyst).surveys[0].words.clone();
    assert_eq!(
        (seen[0].text.as_str(), seen[0].score.clone()),
        ("3 weeks late!!", Some(("overall".to_owned(), 1.0)))
    );
    assert!(with(Role::Admin).surveys[0].words.is_empty());
    server.call("GET", "/v1/staff/scores", &[], b"", 401);
}

#[test]
fn a_change_is_told_only_beyond_chance_and_from_thirty_answers_on_each_side() {
    // Newcombe 1998, table II, contrast (a): 56 of 70 and 48 of 80, method 10: 0.0524 to 0.3339.
    let share = |k, n| Share::new(k, n).unwrap();
    let change = Change::of_shares(share(48, 80), share(56, 70)).unwrap();
    let close = |a: f64, b: f64| (a - b).abs() < 0.005;
    assert!(
        close(change.change, 20.0)
            && close(change.interval.low, 5.243)
            && close(change.interval.high, 33.387),
        "{change:?}"
    );
    assert_eq!(change.trend(), Trend::Rose);
    assert_eq!(
        Change::of_shares(share(56, 70), share(48, 80))
            .unwrap()
            .trend(),
        Trend::Fell
    );
    assert_eq!(
        Change::of_shares(share(15, 29), share(29, 29))
            .unwrap()
            .trend(),
        Trend::TooFew
    );
    assert_eq!(
        Change::of_shares(share(20, 40), share(21, 40))
            .unwrap()
            .trend(),
        Trend::Unclear
    );
    let counts = |points: &[u64]| {
        Histogram::from_counts(Scale::new(1, points.len() as i32).unwrap(), points.to_vec())
            .unwrap()
    };
    // Means 4 and 5 of 40 answers each, sd 1.0127 (20 at ±1): t = 1 / sqrt(2 · 1.0256 / 40) with 78 degrees of freedom.
    let (before, after) = (
        counts(&[0, 0, 20, 0, 20, 0, 0]),
        counts(&[0, 0, 0, 20, 0, 20, 0]),
    );
    let change = Change::of_ces(&before, &after).unwrap();
    let Interval { low, high } = change.interval;
    assert!(
        close(change.change, 1.0) && close(low, 1.0 - 0.45083) && close(high, 1.0 + 0.45083),
        "{change:?}"
    );
    assert_eq!(
        Change::of_ces(&before, &counts(&[1, 1, 1, 1, 1])),
        None,
        "another scale"
    );
    assert_eq!(
        Change::of_csat(&before, &counts(&[1, 1, 1, 1, 1])),
        None,
        "another scale"
    );
}
