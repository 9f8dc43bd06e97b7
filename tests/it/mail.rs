//! Mails as they arrive: invitations in two languages, reminders, what a complaint sends; and what a mail server refuses.

use std::time::Duration;

use qingting::endpoint::clock::DAY_MS;
use qingting::endpoint::config::Config;
use qingting::endpoint::mail::{self, Letter, MailSettings, Mailer, Part, Unsent};
use qingting::endpoint::store::{OutboxState, ReadSqlite, Sqlite};
use qingting::survey::Value;
use serde_json::{Value as Json, json};

use crate::deliveries::{bounce, delivery, supplied, tell, waves};
use crate::sink::{Mail, MailSink, wait};
use crate::support::{Connection, Folder, NOW, TestServer, sheet};

const BUSY: Duration = Duration::from_secs(5);

fn posting(sink: &MailSink) -> impl FnOnce(&mut Config) {
    let server = sink.url();
    move |config| {
        config.mail = Some(MailSettings {
            server,
            from: "Example Support 客户之声 <feedback@example.com>".to_owned(),
            authorities: None,
        });
    }
}

fn wave(server: &TestServer, name: &str) -> Json {
    waves(server)
        .into_iter()
        .find(|wave| wave["wave"] == name)
        .unwrap()
}

fn counts(wave: &Json) -> [u64; 5] {
    ["sent", "bounced", "delivered", "answered", "begun"].map(|key| wave[key].as_u64().unwrap())
}

/// The path behind our address.
fn path(server: &TestServer, link: &str) -> String {
    let origin = format!("http://{}", server.address);
    link.strip_prefix(&origin)
        .unwrap_or_else(|| panic!("{link} is elsewhere"))
        .to_owned()
}

/// The token of the first link to a survey.
fn token(mail: &Mail) -> String {
    let links = mail.links();
    let link = links.iter().find(|link| link.contains("/s/")).unwrap();
    link.split_once('#').unwrap().1.to_owned()
}

fn answering(n: u64, token: &str, complete: bool) -> Value {
    let mut sheet = sheet(n);
    let mut context = sheet.get("context").unwrap().clone();
    context.set("invitation", Value::from(token));
    sheet.set("context", context);
    sheet.set("complete", Value::Bool(complete));
    sheet
}

#[test]
fn from_a_delivery_to_an_honest_response_rate() {
    let sink = MailSink::start();
    let server = supplied(TestServer::start_with(posting(&sink)));
    for n in 1..=4 {
        tell(&server, &delivery(n), 201);
        tell(&server, &delivery(n), 200);
    }
    wait("the invitations", || sink.mails().len() == 4);
    let (english, chinese) = (&sink.to("c1@example.com")[0], &sink.to("c2@example.com")[0]);
    assert!(english.part("text/plain").contains("how did it go?"));
    assert!(
        english
            .part("text/plain")
            .contains("How satisfied are you with this delivery?")
    );
    assert!(
        chinese.part("text/plain").contains("过程还顺利吗？")
            && chinese.part("text/plain").contains("您对这次交付满意吗？")
    );
    for mail in [english, chinese] {
        let html = mail.part("text/html");
        // Readable with images off, because there are none; and nothing tells us that it was opened.
        for tracker in ["<img", "src=", "url(", "<script", "<link", "background="] {
            assert!(!html.contains(tracker), "{tracker}");
        }
        let out = mail.header("List-Unsubscribe").unwrap();
        assert!(out.starts_with("<http") && out.contains("/u/Z"), "{out}");
        assert_eq!(
            mail.header("List-Unsubscribe-Post").as_deref(),
            Some("List-Unsubscribe=One-Click")
        );
        assert!(
            mail.header("Message-ID")
                .unwrap()
                .ends_with("@example.com>")
        );
        assert_eq!(
            mail.links()
                .iter()
                .filter(|link| link.contains("answer-overall="))
                .count(),
            5
        );
    }
    // A scanner follows every link of every mail, in every way that is safe, and looks for forms.
    for mail in sink.mails() {
        for link in mail.links() {
            let path = path(&server, link.split('#').next().unwrap());
            for method in ["GET", "HEAD", "OPTIONS"] {
                let answer = Connection::open(server.address)
                    .call(method, &path, &[], b"")
                    .unwrap();
                assert!(
                    answer.status < 400 || method == "OPTIONS",
                    "{method} {path}: {}",
                    answer.status
                );
            }
        }
    }
    assert_eq!(server.folder.rows().len(), 0, "a scanner records nothing");
    assert_eq!(counts(&wave(&server, "hand-over")), [4, 0, 4, 0, 0]);
    // One answers, twice; one begins; one comes back; one says nothing.
    let token = |n: u32| token(&sink.to(&format!("c{n}@example.com"))[0]);
    server.post(&answering(1, &token(1), true), 201);
    let again = server.post(&answering(2, &token(1), true), 422).refusal();
    assert_eq!(again.1, ["context.invitation"]);
    server.post(&answering(3, &token(2), false), 201);
    bounce(&server, &json!({"address": "C3@Example.com"}));
    bounce(&server, &json!({"address": "c3@example.com"}));
    assert_eq!(counts(&wave(&server, "hand-over")), [4, 1, 3, 1, 1]);
    let row = &server.folder.rows()[0];
    assert!(row.verified && row.delivery.as_deref() == Some("SO-1"));
    // A bounce that comes after the answer was wrong: the mail arrived.
    bounce(
        &server,
        &json!({"address": "c1@example.com", "permanent": false}),
    );
    assert_eq!(counts(&wave(&server, "hand-over")), [4, 1, 3, 1, 1]);
    // A week later: a reminder to those two who neither answered nor came back, and only one.
    server.pass(7 * DAY_MS);
    wait("the reminders", || sink.mails().len() == 6);
    server.pass(3 * DAY_MS);
    std::thread::sleep(Duration::from_millis(1_200));
    assert_eq!(sink.mails().len(), 6);
    let reminder = &sink.to("c4@example.com")[1];
    assert!(reminder.part("text/plain").starts_with("一周前"));
    // It is the same invitation, answered once by either mail.
    assert_eq!(token(4), self::token(reminder));
    assert_eq!(sink.to("c2@example.com").len(), 2);
    assert_eq!(counts(&wave(&server, "hand-over")), [4, 1, 3, 1, 1]);
    // Below ten nobody is shown a rate.
    assert_eq!(wave(&server, "hand-over")["rate"], Json::Null);
}

#[test]
fn mail_that_the_server_puts_off_comes_later_once_and_a_dead_address_gets_no_more() {
    let sink = MailSink::saying(|to, n| match to {
        "c1@example.com" if n < 3 => 451,
        "c2@example.com" => 550,
        _ => 250,
    });
    let server = supplied(TestServer::start_with(posting(&sink)));
    let reader = ReadSqlite::open(server.folder.path(), BUSY).unwrap();
    let state = |state| reader.outbox(state, 100).unwrap();
    tell(&server, &delivery(1), 201);
    tell(&server, &delivery(2), 201);
    wait("the dead address", || state(OutboxState::Dead).len() == 1);
    wait("the first try", || {
        state(OutboxState::Waiting)
            .first()
            .is_some_and(|row| row.error.is_some())
    });
    assert!(sink.mails().is_empty());
    // Not before its time: the second try comes after five seconds, the third after five minutes.
    server.pass(6_000);
    wait("the second try", || {
        let waiting = state(OutboxState::Waiting);
        waiting
            .iter()
            .any(|row| row.attempts == 2 && row.due_at > NOW + 206_000)
    });
    server.pass(330_000);
    wait("the mail", || sink.to("c1@example.com").len() == 1);
    wait("its end", || state(OutboxState::Waiting).is_empty());
    let hand_over = wave(&server, "hand-over");
    assert_eq!(
        counts(&hand_over),
        [1, 0, 1, 0, 0],
        "what no server took was not delivered"
    );
    // The address is known not to work: the reminder does not go out.
    server.pass(8 * DAY_MS);
    wait("the reminder to the other", || {
        sink.to("c1@example.com").len() == 2
    });
    std::thread::sleep(Duration::from_millis(800));
    assert_eq!(state(OutboxState::Dead).len(), 1);
    let facts = reader.invitations_of("SO-2").unwrap()[0].facts.clone();
    assert_eq!(facts.mail, Some(false));
}

#[test]
fn complaint_is_acknowledged_by_mail_with_the_way_to_its_page() {
    let sink = MailSink::start();
    let server = supplied(TestServer::start_with(posting(&sink)));
    let mut store = Sqlite::open(server.folder.path(), BUSY).unwrap();
    assert!(
        store
            .set_staff_mail("Li Wei", "li.wei@supplier.example")
            .unwrap()
    );
    let complain = |n: u64, text: &str, mail: &str| {
        let body = json!({
            "id": format!("{n:032x}"), "text": text, "stage": "use", "urgency": "blocking", "name": "{{7*7}} <%= 1 %>",
            "mail": mail, "consent": true, "context": {"channel": "embed", "account": "A-7"}
        });
        let headers = [("content-type", "application/json")];
        let answer = server.call(
            "POST",
            "/v1/complaints",
            &headers,
            body.to_string().as_bytes(),
            201,
        );
        serde_json::from_slice::<Json>(&answer.body).unwrap()
    };
    let taken = complain(1, "交付晚了三周,没人通知我们!!", "wang.min@example.com");
    complain(2, "router dead AGAIN since friday", "sam@example.com");
    wait("both acknowledgements", || {
        !sink.to("wang.min@example.com").is_empty() && !sink.to("sam@example.com").is_empty()
    });
    let mail = &sink.to("wang.min@example.com")[0];
    let text = mail.part("text/plain");
    assert!(
        text.contains("您的投诉我们已经收到") && text.contains("Li Wei"),
        "{text}"
    );
    assert!(!text.contains("三周"), "the words stay behind the link");
    let link = format!(
        "/c/{}#{}",
        taken["number"].as_str().unwrap(),
        taken["secret"].as_str().unwrap()
    );
    assert!(
        mail.links()
            .iter()
            .any(|known| path(&server, known) == link)
    );
    assert!(
        mail.header("List-Unsubscribe").is_none(),
        "nobody opts out of their own complaint"
    );
    assert!(
        sink.to("sam@example.com")[0]
            .part("text/plain")
            .contains("Your complaint has arrived")
    );
    wait("the one who has it now", || {
        sink.to("li.wei@supplier.example").len() >= 2
    });
    let staff = sink.to("li.wei@supplier.example")[0].part("text/plain");
    assert!(
        staff.contains(taken["number"].as_str().unwrap())
            || sink.to("li.wei@supplier.example")[1]
                .part("text/plain")
                .contains(taken["number"].as_str().unwrap())
    );
    assert!(
        !staff.contains(taken["secret"].as_str().unwrap()),
        "staff have their own way in"
    );
}

#[test]
fn without_a_mail_server_mail_waits_and_goes_out_when_there_is_one() {
    let mut server = supplied(TestServer::start());
    tell(&server, &delivery(1), 201);
    let reader = ReadSqlite::open(server.folder.path(), BUSY).unwrap();
    wait("the invitation", || {
        !reader.outbox(OutboxState::Waiting, 9).unwrap().is_empty()
    });
    std::thread::sleep(Duration::from_millis(700));
    assert_eq!(
        reader.outbox(OutboxState::Waiting, 9).unwrap()[0].attempts,
        0
    );
    server.stop();
    let sink = MailSink::start();
    // What waits is in the file, not in the program.
    let folder = std::mem::replace(&mut server.folder, Folder::new());
    let _next = TestServer::start_over(folder, posting(&sink), |store, reader| {
        (store, std::sync::Arc::new(reader))
    });
    wait("the mail", || sink.mails().len() == 1);
}

/// What people type into every field, with engines of templates and mail programs in mind.
pub const PAYLOADS: [&str; 6] = [
    "{{7*7}}",
    "<%= 7*7 %>${7*7}#{7*7}",
    "php://filter/read=convert.base64-encode/resource=/etc/passwd",
    "file:///etc/passwd",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\" onmouseover=\"alert(1)",
];

#[test]
fn whatever_stands_in_a_field_is_text_in_a_mail() {
    for payload in PAYLOADS {
        let letter = Letter {
            to: "a@example.com".to_owned(),
            language: "en",
            subject: payload.to_owned(),
            parts: vec![
                Part::Text(payload.to_owned()),
                Part::Button(
                    payload.to_owned(),
                    format!("https://example.com/?{payload}"),
                ),
                Part::Scores(
                    payload.to_owned(),
                    [payload.to_owned(), payload.to_owned()],
                    vec![(payload.to_owned(), payload.to_owned())],
                ),
                Part::Small(payload.to_owned()),
            ],
            unsubscribe: None,
        };
        assert!(mail::text(&letter).contains(payload));
        let html = mail::html(&letter);
        let shown = html
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&amp;", "&");
        assert!(shown.contains(payload));
        assert!(
            !html.contains("<script") && !html.contains("<img") && !html.contains("\" onmouseover"),
            "{html}"
        );
        assert!(!html.contains("49"));
    }
}

#[test]
fn no_field_adds_a_header_or_a_recipient() {
    let settings = MailSettings {
        server: "smtp://127.0.0.1:1".to_owned(),
        from: "A <a@example.com>".to_owned(),
        authorities: None,
    };
    let mailer = Mailer::new(&settings).unwrap();
    let letter = |to: &str, subject: &str| Letter {
        to: to.to_owned(),
        language: "en",
        subject: subject.to_owned(),
        parts: vec![Part::Text("words".to_owned())],
        unsubscribe: None,
    };
    let subject = "delivery\r\nBcc: everybody@example.com\r\n\r\nbody";
    let message = mailer
        .message(&letter("b@example.com", subject), 1)
        .unwrap();
    let raw = String::from_utf8(message.formatted()).unwrap();
    let head = raw.split("\r\n\r\n").next().unwrap();
    assert!(
        !head
            .lines()
            .any(|line| line.to_lowercase().starts_with("bcc:")),
        "{head}"
    );
    assert_eq!(message.envelope().to().len(), 1);
    for to in [
        "b@example.com, c@example.com",
        "b@example.com\r\nBcc: c@example.com",
        "nobody",
        "",
    ] {
        assert!(mailer.message(&letter(to, "x"), 1).is_err(), "{to:?}");
    }
    assert!(
        !format!("{settings:?}").contains("smtp"),
        "the address may hold a password"
    );
    let wrong = |server: &str, from: &str| {
        Mailer::new(&MailSettings {
            server: server.to_owned(),
            from: from.to_owned(),
            authorities: None,
        })
        .unwrap_err()
        .to_string()
    };
    assert!(!wrong("pop3://me:secret@example.com", "a@example.com").contains("secret"));
    assert!(wrong("smtp://localhost", "nobody").contains("no sender"));
}

#[test]
fn server_of_our_own_authority_is_believed_by_those_who_know_it_alone() {
    let (sink, ours) = MailSink::with_own_authority();
    let (_, others) = MailSink::with_own_authority();
    let folder = Folder::new();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let mailer = |authorities| {
        Mailer::new(&MailSettings {
            server: format!("smtps://{}", sink.address),
            from: "a@example.com".to_owned(),
            authorities,
        })
    };
    let letter = Letter {
        to: "b@example.com".to_owned(),
        language: "zh-CN",
        subject: "交付之后".to_owned(),
        parts: vec![Part::Text("一切还好吗？".to_owned())],
        unsubscribe: None,
    };
    // The controls: nobody vouches for it, or somebody else.
    for stranger in [None, Some(file("others.pem", &others))] {
        let refused = mailer(stranger).unwrap().send(&letter, 1);
        assert!(matches!(refused, Err(Unsent::Passing(_))), "{refused:?}");
    }
    assert!(sink.mails().is_empty());
    let both = file("both.pem", &[others, ours].concat());
    assert_eq!(mailer(Some(both)).unwrap().send(&letter, 2), Ok(()));
    assert_eq!(sink.to("b@example.com").len(), 1);
    for (wrong, words) in [
        (folder.path().join("none.pem"), "No such file"),
        (file("empty.pem", ""), "no certificate"),
        (
            file("key.pem", "-----BEGIN PRIVATE KEY-----"),
            "no certificate",
        ),
        (
            file("cut.pem", "-----BEGIN CERTIFICATE-----\nMIIB"),
            "--smtp-ca",
        ),
    ] {
        let told = mailer(Some(wrong)).unwrap_err().to_string();
        assert!(told.contains(words), "{told}");
    }
}
