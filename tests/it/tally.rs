//! What the Scores page counts stands beside the sheets: it is what counting them all would give, whatever happens to them, it
//! is quick however many there are, and its figures are those of the computed cases.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use qingting::api::SubmissionId;
use qingting::api::scores::{MetricScores, Scores};
use qingting::complaint::Role;
use qingting::endpoint::clock::{DAY_MS, Timestamp};
use qingting::endpoint::deliveries::table;
use qingting::endpoint::results;
use qingting::endpoint::scores::{Tally, Wanted};
use qingting::endpoint::store::{Filter, Lateness, ReadSqlite, Sheet, Sqlite};
use qingting::measures::Reading;
use qingting::survey::Value;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::computed::{Expected, NOW, computed_cases, sheet, store, survey_of};
use crate::ledger::is_long;
use crate::support::{Folder, TestServer, qingting, rows};

const BUSY: Duration = Duration::from_secs(5);

fn tally(folder: &Folder) -> Tally {
    let (store, reader) = (
        Sqlite::open(folder.path(), BUSY).unwrap(),
        ReadSqlite::open(folder.path(), BUSY).unwrap(),
    );
    Tally::new(store, reader).unwrap()
}

fn wanted() -> Wanted {
    Wanted {
        survey: None,
        zone: jiff::tz::TimeZone::UTC,
        zone_name: "UTC".to_owned(),
        shows_words: true,
    }
}

/// What is shown, all of it counted.
fn shown(tally: &Tally) -> Scores {
    while tally.catch_up(10_000).unwrap() > 0 {}
    let scores = tally.scores(&wanted()).unwrap();
    assert_eq!(scores.waiting, 0);
    scores
}

/// How often each point was given: by question or side, its value, the month and the point.
type Points = BTreeMap<(String, String, String, i64), u64>;

/// Counts every sheet by hand: complete and partial ones, and each point of the two scales by month and by what sheets say.
fn by_hand(folder: &Folder) -> (u64, u64, Points) {
    let (mut complete, mut partial, mut points) = (0, 0, BTreeMap::new());
    for row in rows(folder.path()) {
        if row.superseded {
            continue;
        }
        *if row.complete {
            &mut complete
        } else {
            &mut partial
        } += 1;
        let answers: Json = serde_json::from_str(&row.answers).unwrap();
        let fields: Json = serde_json::from_str(&row.fields).unwrap();
        let field = |name: &str| fields[name].as_str().unwrap_or_default().to_owned();
        let month = row.received_at.to_string()[..7].to_owned();
        for question in ["overall", "effort"] {
            let Some(point) = answers[question].as_i64() else {
                continue;
            };
            for (by, name) in [
                ("month", month.clone()),
                ("account", row.account.clone().unwrap_or_default()),
                ("team", field("team")),
                ("region", field("region")),
                ("language", row.locale.clone()),
                ("channel", row.channel.clone()),
            ] {
                if !name.is_empty() {
                    let key = (question.to_owned(), by.to_owned(), name, point);
                    *points.entry(key).or_default() += 1;
                }
            }
        }
    }
    (complete, partial, points)
}

/// The page says what counting by hand says; of accounts it shows the fifty with most answers.
fn assert_as_by_hand(folder: &Folder, scores: &Scores, when: &str) {
    let (complete, partial, points) = by_hand(folder);
    let survey = &scores.surveys[0];
    assert_eq!(
        (survey.complete, survey.partial),
        (complete, partial),
        "{when}"
    );
    let mut found = 0;
    for metric in &survey.metrics {
        let slices = metric.slices.iter();
        let slices = slices.map(|slice| (slice.by.as_str(), slice.found.as_slice()));
        for (by, named) in slices.chain([("month", metric.periods.as_slice())]) {
            for one in named {
                for (point, count) in (i64::from(metric.low)..).zip(&one.counts.points) {
                    let key = (
                        metric.question.clone(),
                        by.to_owned(),
                        one.name.clone(),
                        point,
                    );
                    let expected = points.get(&key).copied().unwrap_or_default();
                    assert_eq!(*count, expected, "{when}: {key:?}");
                    found += count;
                }
            }
        }
        let by_month: u64 = metric.periods.iter().map(|one| one.counts.n()).sum();
        assert_eq!(metric.all.n(), by_month, "{when}");
    }
    assert!(found > 0 || points.is_empty(), "{when}");
}

#[test]
fn it_is_what_counting_all_sheets_gives_whatever_happens_to_them() {
    let folder = Folder::new().with_survey();
    let counted = tally(&folder);
    let mut before = 0;
    let mut check = |when: &str| {
        let scores = shown(&counted);
        assert_as_by_hand(&folder, &scores, when);
        // And what a count from the first sheet on gives, to the byte.
        counted.count_anew().unwrap();
        assert_eq!(shown(&counted), scores, "{when}");
        let sheets = scores.surveys[0].complete + scores.surveys[0].partial;
        assert_ne!(
            sheets,
            std::mem::replace(&mut before, sheets),
            "{when} changes something"
        );
        scores
    };
    // Half of them are left half way.
    store(
        folder.path(),
        &(0..600)
            .map(|n| sheet(n, 1, n % 2 == 0))
            .collect::<Vec<_>>(),
    );
    let scores = check("first");
    let answered = |scores: &Scores, name: &str| {
        let answered = &scores.surveys[0].answered;
        let one = answered.iter().find(|one| one.question == name).unwrap();
        (one.sheets, one.left)
    };
    assert_eq!(answered(&scores, "overall"), (600, 300));
    assert_eq!(answered(&scores, "effort"), (300, 0));
    // Some of these go on, and some of them finish; a test counts never, a late one does.
    let mut more: Vec<_> = (0..100).map(|n| sheet(2 * n + 1, 2, n % 2 == 0)).collect();
    more.extend((600..620).map(|n| Sheet {
        test: true,
        ..sheet(n, 1, true)
    }));
    more.extend((620..650).map(|n| Sheet {
        lateness: Lateness::Late,
        ..sheet(n, 1, true)
    }));
    store(folder.path(), &more);
    let scores = check("revisions, tests, late ones");
    assert_eq!(scores.surveys[0].complete, 300 + 50 + 30);
    assert_eq!(answered(&scores, "effort"), (300 + 100 + 30, 50));
    // A telephone, then a desk: the first sheet of an invitation counts no more, and counts again when it goes on.
    let invited = |n: u64, revision: u32| Sheet {
        invitation: Some([7; 32]),
        once: true,
        ..sheet(n, revision, false)
    };
    store(folder.path(), &[invited(700, 1)]);
    check("a telephone");
    store(folder.path(), &[invited(701, 1), sheet(702, 1, true)]);
    check("a desk");
    store(folder.path(), &[invited(700, 2), sheet(703, 1, true)]);
    let superseded = rows(folder.path())
        .iter()
        .filter(|row| row.superseded)
        .count();
    assert_eq!(superseded, 1);
    check("the telephone again");
    // People are erased: the last sheets too, whose places others get.
    let mut writer = Sqlite::open(folder.path(), BUSY).unwrap();
    let ids: Vec<_> = (650..=703)
        .chain(40..60)
        .map(|n: u64| SubmissionId::from_bytes(u128::from(n).to_be_bytes()))
        .collect();
    writer.erase_responses(&ids, &[], NOW).unwrap();
    check("erased");
    // Gone before they were counted, or changed meanwhile.
    store(
        folder.path(),
        &(800..830).map(|n| sheet(n, 1, false)).collect::<Vec<_>>(),
    );
    let last = SubmissionId::from_bytes(829_u128.to_be_bytes());
    writer.erase_responses(&[last], &[], NOW).unwrap();
    store(folder.path(), &[sheet(800, 2, true), sheet(900, 1, true)]);
    let scores = check("changed before it was counted");
    // What customers wrote comes from the sheets, the newest first, and what is erased is nowhere.
    let words = &scores.surveys[0].words;
    assert_eq!(words.len(), 20);
    assert!(words.iter().all(|one| one.text.starts_with("箱子是湿的")));
    assert_eq!(words[0].at, sheet(900, 1, true).received_at.to_string());
    // Everything out and in again.
    let (code, out, said) = qingting(&["export", "all"], folder.path());
    assert_eq!((code, said.as_str()), (Some(0), ""));
    let (other, file) = (Folder::new(), folder.path().join("all.jsonl"));
    std::fs::write(&file, &out).unwrap();
    let (code, _, said) = qingting(&["import", "data", file.to_str().unwrap()], other.path());
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(shown(&tally(&other)), scores);
    // A count by other rules is made anew when the program starts.
    let database = rusqlite::Connection::open(folder.path().join("qingting.db")).unwrap();
    let broken = "UPDATE score_cells SET n = n + 3; UPDATE score_mark SET rules = 0;";
    database.execute_batch(broken).unwrap();
    assert_eq!(shown(&tally(&folder)), scores);
    // Time passes, some thousands at once: nothing is left of them.
    while writer.expire(NOW + DAY_MS, i64::MIN).unwrap() > 0 {}
    let scores = shown(&counted);
    assert_eq!(
        (scores.surveys[0].complete, scores.surveys[0].partial),
        (0, 0)
    );
    let left = "SELECT (SELECT count(*) FROM score_cells) + (SELECT count(*) FROM scored) + (SELECT count(*) FROM score_changes)";
    let left: i64 = database.query_row(left, [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}

#[test]
fn two_who_count_at_once_count_each_sheet_once() {
    let folder = Folder::new().with_survey();
    store(
        folder.path(),
        &(0..3_000).map(|n| sheet(n, 1, true)).collect::<Vec<_>>(),
    );
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let tally = tally(&folder);
                while tally.catch_up(700).unwrap() > 0 {}
            });
        }
    });
    let scores = shown(&tally(&folder));
    assert_eq!(scores.surveys[0].complete, 3_000);
    assert_as_by_hand(&folder, &scores, "three at once");
}

/// With `QINGTING_SOAK` a hundred thousand answers, as the promise says, else ten thousand.
#[test]
fn the_page_answers_in_a_moment_however_many_answers_there_are() {
    let (answers, invited) = if is_long() {
        (100_000, 30_000)
    } else {
        (10_000, 1_000)
    };
    let folder = Folder::new().with_survey();
    let mut table = String::from("delivery,contact,delivered_at,account,mail\n");
    for n in 0..invited {
        table.push_str(&format!(
            "SO-{n},c-{n},2026-11-22,A-{},c{n}@example.com\n",
            n % 300
        ));
    }
    let mut writer = Sqlite::open(folder.path(), BUSY).unwrap();
    let imported = table::import(&mut writer, table.as_bytes(), None, Timestamp(NOW)).unwrap();
    assert_eq!(imported.new, invited);
    store(
        folder.path(),
        &(0..answers)
            .map(|n| sheet(n, 1, n % 5 != 0))
            .collect::<Vec<_>>(),
    );
    let begin = Instant::now();
    let counted = tally(&folder);
    while counted.catch_up(10_000).unwrap() > 0 {}
    let first = begin.elapsed();
    drop(counted);
    let key = Sha256::digest("analyst").into();
    writer
        .add_staff("Ana", Role::Analyst, key, Timestamp(NOW))
        .unwrap()
        .unwrap();
    let server = TestServer::start_over(
        folder,
        |_| {},
        |store, reader| (store, std::sync::Arc::new(reader)),
    );
    let mut connection = crate::support::Connection::open(server.address);
    let headers = [("authorization", "Bearer analyst")];
    let path = "/v1/staff/scores?time_zone=Asia/Shanghai";
    let (mut times, mut bytes) = (Vec::new(), 0);
    for n in 0..100 {
        // Something new each time, so that nobody can have the answer ready.
        store(server.folder.path(), &[sheet(answers + n, 1, true)]);
        let begin = Instant::now();
        let answer = connection.call("GET", path, &headers, b"").unwrap();
        times.push(begin.elapsed());
        assert_eq!(answer.status, 200);
        bytes = answer.body.len();
        let scores: Scores = serde_json::from_slice(&answer.body).unwrap();
        let survey = &scores.surveys[0];
        assert_eq!(
            survey.complete + survey.partial,
            answers + n + 1,
            "it is live"
        );
        assert_eq!(
            survey.waves.iter().map(|wave| wave.planned).sum::<u64>(),
            3 * invited
        );
    }
    times.sort_unstable();
    let p95 = times[94];
    // The control: every sheet is looked at once.
    let reader = ReadSqlite::open(server.folder.path(), BUSY).unwrap();
    let begin = Instant::now();
    assert_eq!(results::count(&reader, Filter::default()).unwrap().len(), 1);
    let control = begin.elapsed();
    println!(
        "{answers} answers, {invited} deliveries: p50 {:?}, p95 {p95:?}, worst {:?} of 100, {bytes} bytes; counted first in {first:?}; one pass over the sheets {control:?}",
        times[49], times[99]
    );
    // Without optimization, and beside other tests, it may take longer; the promise is of the program that is shipped.
    let promised = if cfg!(debug_assertions) { 1_500 } else { 200 };
    assert!(p95 < Duration::from_millis(promised), "{p95:?}");
    assert!(control > times[49], "the control is slower: {control:?}");
}

fn assert_figures(found: Option<[f64; 3]>, expected: &Expected, what: &str) {
    let (n, value, interval) = expected;
    if *n < 10 {
        assert_eq!(found, None, "{what}: {n} answers are counts only");
        return;
    }
    let [shown, low, high] = found.unwrap_or_else(|| panic!("{what} has a figure of {n}"));
    for (ours, theirs) in [
        (shown, *value),
        (low, interval[0].as_f64()),
        (high, interval[1].as_f64()),
    ] {
        assert!(
            (ours - theirs.unwrap()).abs() <= 1e-6,
            "{what}: {ours} is not {theirs:?}"
        );
    }
}

#[test]
fn the_page_the_table_and_the_results_have_the_figures_of_the_computed_cases() {
    let folder = Folder::new();
    let expected = computed_cases(folder.path(), NOW - DAY_MS);
    assert!(expected.len() > 70, "{} cases", expected.len());
    assert!(
        expected.values().filter(|(n, ..)| *n < 10).count() > 10,
        "some are too few for a figure"
    );
    let scores = shown(&tally(&folder));
    let figures = |metric: &MetricScores| match metric.reading(&metric.all) {
        Some(Reading::Shown {
            value, interval, ..
        }) => Some([value, interval.low, interval.high]),
        Some(Reading::CountsOnly { .. }) | None => None,
    };
    // What the page computes from what it gets.
    assert_eq!(scores.surveys.len(), expected.len());
    for survey in &scores.surveys {
        let expected = &expected[&survey.survey];
        assert_eq!(survey.metrics[0].all.n(), expected.0);
        assert_figures(figures(&survey.metrics[0]), expected, &survey.survey);
    }
    // What it exports.
    let mut table = Vec::new();
    qingting::endpoint::scores::csv(&scores, &mut table).unwrap();
    let mut table = csv::Reader::from_reader(table.strip_prefix(b"\xef\xbb\xbf").unwrap());
    let mut lines = 0;
    for row in table.records() {
        let row = row.unwrap();
        if ["all", "month", "language"].contains(&&row[5]) {
            let of_all = row[7].parse::<u64>().unwrap() == expected[&row[0]].0;
            let cells: Option<Vec<f64>> = (10..13).map(|place| row[place].parse().ok()).collect();
            let found = cells.map(|cells| <[f64; 3]>::try_from(cells).unwrap());
            if of_all {
                assert_figures(found, &expected[&row[0]], &format!("{row:?}"));
                lines += 1;
            }
        }
    }
    assert!(lines >= 2 * expected.len(), "{lines} lines");
    // What the command prints.
    let (code, out, said) = qingting(&["results", "--format", "json"], folder.path());
    assert_eq!((code, said.as_str()), (Some(0), ""));
    let results: Json = serde_json::from_str(&out).unwrap();
    for survey in results["surveys"].as_array().unwrap() {
        let name = survey["survey"].as_str().unwrap();
        let metric = &survey["metrics"][0];
        let figure = |value: &Json| value.as_f64();
        let found = [
            &metric["value"],
            &metric["interval"][0],
            &metric["interval"][1],
        ]
        .map(figure);
        let found = found.iter().copied().collect::<Option<Vec<_>>>();
        let found = found.map(|found| <[f64; 3]>::try_from(found).unwrap());
        assert_figures(found, &expected[name], name);
    }
}

#[test]
fn a_change_of_the_page_is_that_of_the_computed_cases_and_none_below_thirty_a_side() {
    let folder = Folder::new();
    let cases: Json = serde_json::from_str(include_str!("../fixtures/measures.json")).unwrap();
    let spread = |side: &Json| {
        let group = |place: usize| side[place].as_u64().unwrap();
        let mut counts = vec![0; 11];
        (counts[10], counts[8], counts[3]) = (group(0), group(1), group(2));
        counts
    };
    let mut expected = BTreeMap::new();
    for (place, case) in cases["nps_change"].as_array().unwrap().iter().enumerate() {
        let (before, after) = (spread(&case["before"]), spread(&case["after"]));
        let sides = [before.iter().sum::<u64>(), after.iter().sum::<u64>()];
        if sides.iter().all(|n| (1..=1_500).contains(n)) {
            let name = format!("change-{place}");
            let months = [(NOW - 40 * DAY_MS, before), (NOW - DAY_MS, after)];
            survey_of(folder.path(), &name, "nps", 0, &months);
            expected.insert(name, (sides, case));
        }
    }
    assert!(expected.len() > 15, "{}", expected.len());
    let scores = shown(&tally(&folder));
    let (mut judged, mut silent) = (0, 0);
    for survey in &scores.surveys {
        let (sides, case) = &expected[&survey.survey];
        let (before, after, change) = survey.metrics[0].newest_change().unwrap();
        assert_eq!(
            (before.name.as_str(), after.name.as_str()),
            ("2026-10", "2026-11")
        );
        let change = change.unwrap();
        let close = |ours: f64, theirs: &Json| (ours - theirs.as_f64().unwrap()).abs() <= 1e-6;
        assert!(
            close(change.change, &case["change"])
                && close(change.interval.low, &case["interval"][0])
                && close(change.interval.high, &case["interval"][1]),
            "{change:?} for {case}"
        );
        let may_judge = sides.iter().all(|n| *n >= 30);
        assert_eq!(
            change.trend() == qingting::measures::Trend::TooFew,
            !may_judge
        );
        *if may_judge { &mut judged } else { &mut silent } += 1;
    }
    println!("{judged} changes judged");
    assert!(judged > 15 && silent == 0, "{judged} {silent}");
    // 29 on one side: from none to all, and yet no verdict, on the page as in the table.
    let (none, all) = (vec![29, 0, 0, 0, 0], vec![0, 0, 0, 0, 200]);
    let months = [(NOW - 40 * DAY_MS, none), (NOW - DAY_MS, all)];
    survey_of(folder.path(), "few", "csat", 1, &months);
    let mut scores = shown(&tally(&folder));
    scores.surveys.retain(|survey| survey.survey == "few");
    let (.., change) = scores.surveys[0].metrics[0].newest_change().unwrap();
    assert_eq!(change.unwrap().trend(), qingting::measures::Trend::TooFew);
    let mut table = Vec::new();
    qingting::endpoint::scores::csv(&scores, &mut table).unwrap();
    let table = String::from_utf8(table).unwrap();
    assert!(
        table.contains(",change,2026-11 / 2026-10,,,,,,\r\n"),
        "{table}"
    );
}

#[test]
fn what_a_question_stores_under_another_name_counts() {
    let folder = Folder::new();
    let definition = r#"{"elements": [{"type": "rating", "name": "q1", "valueName": "satisfaction", "metric": "csat", "title": "Satisfied?"}]}"#;
    qingting::endpoint::publish::publish(
        folder.path(),
        "delivery",
        definition,
        BUSY,
        Timestamp(NOW),
    )
    .unwrap();
    let of = |n| Sheet {
        answers: "{\"satisfaction\":4}".to_owned(),
        ..sheet(n, 1, true)
    };
    store(folder.path(), &(0..12).map(of).collect::<Vec<_>>());
    let scores = shown(&tally(&folder));
    let metric = &scores.surveys[0].metrics[0];
    assert_eq!(
        (metric.question.as_str(), metric.all.n()),
        ("satisfaction", 12)
    );
    assert_eq!(scores.surveys[0].answered[0].sheets, 12);
    let (_, out, _) = qingting(&["results", "--format", "json"], folder.path());
    let results: Value = serde_json::from_str(&out).unwrap();
    let survey = &results.get("surveys").unwrap().as_list().unwrap()[0];
    let metric = &survey.get("metrics").unwrap().as_list().unwrap()[0];
    assert_eq!(metric.get("n"), Some(&Value::Number(12.0)));
}
