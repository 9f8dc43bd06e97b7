//! Invitations and identities: what a good one proves, that each is answered once, and that nothing else gets in.

use std::sync::{Arc, Barrier};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use qingting::api::ProblemCode;
use qingting::endpoint::clock::{DAY_MS, Timestamp};
use qingting::endpoint::identity::{self, Identity, Invitation, Portal, framed, unframed};
use qingting::endpoint::keys::Keys;
use qingting::endpoint::publish::publish;
use qingting::endpoint::store::{PortalChange, Rescheduled, Sqlite};
use qingting::survey::Value;
use sha2::Sha256;

use crate::support::{Connection, Folder, NOW, SURVEY, TestServer, qingting, sheet, sheet_of};

const JSON: [(&str, &str); 1] = [("content-type", "application/json")];
const BUSY: Duration = Duration::from_secs(5);
/// The secret and the tokens that the README gives to whoever writes a portal.
const SECRET: &str = "qtp_000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const AUDIENCE: &str = "https://feedback.example.com";

fn invitation() -> Invitation {
    Invitation {
        number: 17,
        survey: "delivery".to_owned(),
        delivery: Some("SO-2077".to_owned()),
        account: Some("A-9".to_owned()),
        contact: Some("王敏".to_owned()),
        from: NOW,
        until: NOW + DAY_MS,
        once: true,
    }
}

fn keys(server: &TestServer) -> Keys {
    Keys::open(server.folder.path()).unwrap()
}

/// A sheet whose context says this, too.
fn showing(mut sheet: Value, key: &str, token: &str) -> Value {
    let mut context = sheet.get("context").unwrap().clone();
    context.set(key, Value::from(token));
    sheet.set("context", context);
    sheet
}

#[test]
fn invitation_proves_delivery_account_and_contact_whatever_the_page_claims() {
    let server = TestServer::start();
    let token = invitation().token(&keys(&server)).unwrap();
    server.post(&sheet(1), 201);
    server.post(&showing(sheet(2), "invitation", &token), 201);
    let rows = server.folder.rows();
    assert!(!rows[0].verified);
    assert_eq!(rows[0].delivery.as_deref(), Some("SO-1042"));
    assert!(rows[1].verified);
    let proved = [&rows[1].delivery, &rows[1].account, &rows[1].contact];
    assert_eq!(
        proved.map(Option::as_deref),
        [Some("SO-2077"), Some("A-9"), Some("王敏")]
    );
}

/// Every way to come without a good token that we could think of.
fn forgeries(good: &str, keys: &Keys, other_keys: &Keys) -> Vec<(&'static str, String)> {
    let bytes = BASE64.decode(good).unwrap();
    let (signed, seal) = bytes.split_at(bytes.len() - 16);
    let flipped = |place: usize| {
        let mut bytes = bytes.clone();
        bytes[place] ^= 1;
        BASE64.encode(bytes)
    };
    let with = |change: fn(&mut Invitation)| {
        let mut other = invitation();
        change(&mut other);
        other
    };
    // What another signs, under the seal of the good one.
    let spliced = |other: &Invitation| {
        let other = BASE64.decode(other.token(keys).unwrap()).unwrap();
        let signed = &other[..other.len() - 16];
        BASE64.encode([signed, seal].concat())
    };
    let sealed = |fields: &[&str], key: &[u8]| {
        let mut bytes = framed::<2>(fields).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        mac.update(&bytes);
        bytes.extend(&mac.finalize().into_bytes()[..16]);
        BASE64.encode(bytes)
    };
    let fields = unframed::<2>(signed).unwrap();
    let mut swapped = fields.clone();
    swapped.swap(4, 5);
    let header = BASE64.encode(r#"{"alg":"none","typ":"JWT"}"#);
    let claims = BASE64.encode(r#"{"survey":"delivery","contact":"c-17"}"#);
    // Two bits at the end of the text that no byte holds.
    let mut last = good.to_owned();
    let end = last.pop().unwrap();
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let place = alphabet.find(end).unwrap();
    let spare = match bytes.len() % 3 {
        1 => 16,
        2 => 4,
        _ => 1,
    };
    last.push(char::from(
        alphabet.as_bytes()[(place / spare) * spare + (place + 1) % spare],
    ));
    let malleable = if spare == 1 { format!("{good}=") } else { last };
    vec![
        ("algorithm none", format!("{header}.{claims}.")),
        (
            "algorithm none, signed",
            format!("{header}.{claims}.{good}"),
        ),
        (
            "key of another installation",
            invitation().token(other_keys).unwrap(),
        ),
        ("empty key", sealed(&fields, b"")),
        ("key of zeros", sealed(&fields, &[0; 32])),
        ("the word secret as key", sealed(&fields, b"secret")),
        ("cut seal", good[..good.len() - 4].to_owned()),
        (
            "seal of one byte",
            BASE64.encode([signed, &seal[..1]].concat()),
        ),
        ("no seal", BASE64.encode(signed)),
        ("seal of zeros", BASE64.encode([signed, &[0; 16]].concat())),
        (
            "other survey",
            with(|it| it.survey = "relationship".to_owned())
                .token(keys)
                .unwrap(),
        ),
        (
            "run out",
            with(|it| (it.from, it.until) = (NOW - DAY_MS, NOW))
                .token(keys)
                .unwrap(),
        ),
        (
            "not yet valid",
            with(|it| it.from = NOW + 1).token(keys).unwrap(),
        ),
        (
            "never valid",
            with(|it| (it.from, it.until) = (NOW + 1, NOW - 1))
                .token(keys)
                .unwrap(),
        ),
        ("swapped fields", {
            let bytes = framed::<2>(&swapped).unwrap();
            BASE64.encode([&bytes[..], seal].concat())
        }),
        (
            "other contact",
            spliced(&with(|it| it.contact = Some("c-18".to_owned()))),
        ),
        (
            "homoglyph in the account",
            spliced(&with(|it| it.account = Some("А-9".to_owned()))),
        ),
        (
            "longer life",
            spliced(&with(|it| it.until = NOW + 365 * DAY_MS)),
        ),
        ("for everybody", spliced(&with(|it| it.once = false))),
        ("a flipped bit in front", flipped(3)),
        ("a flipped bit in the seal", flipped(bytes.len() - 1)),
        ("other token type", keys.case_secret(&[7; 16], 0)),
        ("two tokens", format!("{good},{good}")),
        ("the same in another text", malleable),
        ("padding", format!("{good}==")),
        ("a space behind", format!("{good} ")),
        ("small letters", good.to_lowercase()),
        ("no token", "x".to_owned()),
        ("a path", "../../../../etc/passwd\0".to_owned()),
        ("SQL", "' OR 1=1 --".to_owned()),
    ]
}

#[test]
fn every_forgery_is_refused_in_the_same_words_and_stores_nothing() {
    let server = TestServer::start();
    publish(
        server.folder.path(),
        "relationship",
        SURVEY,
        BUSY,
        Timestamp(NOW),
    )
    .unwrap();
    let elsewhere = Folder::new();
    let (keys, other_keys) = (keys(&server), Keys::open(elsewhere.path()).unwrap());
    let good = invitation().token(&keys).unwrap();
    let forged = forgeries(&good, &keys, &other_keys);
    assert!(forged.len() >= 25);
    let mut said = Vec::new();
    for (n, (name, token)) in forged.iter().enumerate() {
        assert_ne!(*token, good, "{name}");
        let answer = server.post(&showing(sheet(n as u64), "invitation", token), 422);
        assert_eq!(
            answer.refusal(),
            (ProblemCode::InvitationRefused, vec![]),
            "{name}"
        );
        said.push(answer.body);
        // In the place of an identity it is no better.
        let answer = server.post(&showing(sheet(n as u64), "identity", token), 422);
        said.push(answer.body);
        if !token.contains(['\0', ' ']) {
            let bearer = format!("Bearer {token}");
            let headers = [("authorization", bearer.as_str())];
            // The page asks before it knows of a survey.
            let status = if *name == "other survey" { 200 } else { 422 };
            server.call("GET", "/v1/invitation", &headers, b"", status);
        }
    }
    said.dedup();
    assert_eq!(said.len(), 1, "one refusal for all");
    assert_eq!(server.folder.rows().len(), 0);
    // The control: the good one gets in, so that it is the forging that was refused.
    server.post(&showing(sheet(99), "invitation", &good), 201);
    assert_eq!(server.folder.rows().len(), 1);
}

#[test]
fn two_hundred_at_once_with_one_invitation_store_one_sheet() {
    let server = TestServer::start();
    let keys = keys(&server);
    let (once, many) = (
        invitation(),
        Invitation {
            once: false,
            ..invitation()
        },
    );
    for (first, invitation, expected) in [(1_000, once, 1), (2_000, many, 200)] {
        let token = Arc::new(invitation.token(&keys).unwrap());
        let barrier = Barrier::new(20);
        let address = server.address;
        let answers: Vec<_> = std::thread::scope(|scope| {
            let threads = (0..20_u64).map(|thread| {
                let (token, barrier) = (Arc::clone(&token), &barrier);
                scope.spawn(move || {
                    let mut connection = Connection::open(address);
                    barrier.wait();
                    let post = |n| {
                        let sheet = showing(sheet(first + thread * 10 + n), "invitation", &token);
                        let body = serde_json::to_vec(&sheet).unwrap();
                        connection
                            .call("POST", "/v1/responses", &JSON, &body)
                            .unwrap()
                    };
                    (0..10).map(post).collect::<Vec<_>>()
                })
            });
            let threads: Vec<_> = threads.collect();
            threads
                .into_iter()
                .flat_map(|thread| thread.join().unwrap())
                .collect()
        });
        let stored = answers.iter().filter(|answer| answer.status == 201).count();
        assert_eq!(stored, expected);
        for answer in answers.iter().filter(|answer| answer.status != 201) {
            let expected = (
                ProblemCode::AlreadyComplete,
                vec!["context.invitation".to_owned()],
            );
            assert_eq!(answer.refusal(), expected);
        }
    }
    assert_eq!(server.folder.rows().len(), 1 + 200);
}

#[test]
fn who_answered_cannot_answer_again_and_a_retry_of_the_answer_is_no_second_one() {
    let server = TestServer::start();
    let token = invitation().token(&keys(&server)).unwrap();
    let mine = |n| showing(sheet(n), "invitation", &token);
    let bearer = format!("Bearer {token}");
    let look = |server: &TestServer| {
        let headers = [("authorization", bearer.as_str())];
        let answer = server.call("GET", "/v1/invitation", &headers, b"", 200);
        answer
            .json()
            .get("answered")
            .and_then(Value::as_bool)
            .unwrap()
    };
    assert!(!look(&server));
    // A test of the survey uses nothing up.
    server.post(&showing(mine(5), "test", ""), 422);
    let mut test = mine(6);
    let mut context = test.get("context").unwrap().clone();
    context.set("test", Value::Bool(true));
    test.set("context", context);
    server.post(&test, 201);
    assert!(!look(&server));
    let receipt = server.post(&mine(1), 201).receipt();
    assert!(look(&server));
    // The acknowledgement was lost and the device sends again, also when the invitation has been used since.
    assert_eq!(
        server.post(&mine(1), 200).receipt().receipt,
        receipt.receipt
    );
    for n in 2..5 {
        let refusal = server.post(&mine(n), 422).refusal();
        assert_eq!(refusal.0, ProblemCode::AlreadyComplete);
    }
    let counting = server
        .folder
        .rows()
        .into_iter()
        .filter(|row| !row.superseded);
    assert_eq!(counting.count(), 1);
}

#[test]
fn what_was_begun_on_one_device_can_be_finished_on_another_and_counts_once() {
    let server = TestServer::start();
    let token = invitation().token(&keys(&server)).unwrap();
    let post = |n, revision, complete, score: f64, status| {
        let sheet = sheet_of(n, revision, complete, &[("overall", Value::Number(score))]);
        server.post(&showing(sheet, "invitation", &token), status);
    };
    post(1, 1, false, 2.0, 201);
    post(2, 1, false, 3.0, 201);
    // Back on the first device: it is the latest again.
    post(1, 2, false, 4.0, 200);
    post(2, 2, true, 5.0, 200);
    post(1, 3, true, 1.0, 422);
    let rows = server.folder.rows();
    let shown: Vec<_> = rows
        .iter()
        .map(|row| (row.complete, row.superseded))
        .collect();
    assert_eq!(shown, [(false, true), (true, false)]);
    let (_, text, _) = qingting(&["results"], server.folder.path());
    assert!(text.contains("delivery: 1 complete + 0 partial"), "{text}");
    // What was typed first is kept and read out all the same.
    let (_, text, _) = qingting(
        &["export", "responses", "--format", "jsonl"],
        server.folder.path(),
    );
    assert_eq!(text.lines().count(), 2);
}

proptest! {
    /// T15: what is signed says exactly one list of fields.
    #[test]
    fn two_lists_of_fields_never_give_the_same_bytes(
        one in proptest::collection::vec(".{0,12}", 0..6),
        other in proptest::collection::vec(".{0,12}", 0..6),
        cut in 0_usize..20,
    ) {
        let bytes = |fields: &[String]| framed::<2>(&fields.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
        prop_assert_eq!(bytes(&one) == bytes(&other), one == other);
        let read = unframed::<2>(&bytes(&one)).map(|fields| fields.iter().map(|field| (*field).to_owned()).collect::<Vec<_>>());
        prop_assert_eq!(read.as_ref(), Some(&one));
        // Moving a border keeps the letters and changes the bytes.
        let all = one.concat();
        let cut = all.char_indices().map(|(place, _)| place).nth(cut).unwrap_or_default();
        let (front, back) = all.split_at(cut);
        let moved = [front.to_owned(), back.to_owned()];
        prop_assert_eq!(bytes(&moved) == bytes(&one), one == moved);
    }

    /// No bytes make the reader of tokens fail.
    #[test]
    fn no_text_makes_a_reader_of_tokens_panic(text in ".{0,200}", bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let _ = unframed::<2>(&bytes);
        let secrets = [SECRET.to_owned()];
        let read = |text: &str| Identity::read(text, AUDIENCE, "customers", &secrets, Timestamp(NOW)).is_ok();
        prop_assert!(!read(&text));
        prop_assert!(!read(&["qti1.customers.1.2.", &BASE64.encode(&bytes), ".", &text].concat()));
    }
}

#[test]
fn control_fields_without_their_lengths_can_be_moved() {
    let joined = |account: &str, contact: &str| [account, contact].concat();
    assert_eq!(joined("A-1", "2"), joined("A-", "12"));
    assert_ne!(framed::<4>(&["A-1", "2"]), framed::<4>(&["A-", "12"]));
}

/// The identity that a portal of the test's endpoint would give out.
fn identity_of(server: &TestServer, portal: &Portal, times: (i64, i64)) -> String {
    let secret = &portal.secrets(&keys(server))[0];
    let audience = format!("http://{}", server.address);
    identity::identity(secret, &audience, &portal.name, ("c-17", "A-7"), times).unwrap()
}

#[test]
fn identity_of_a_portal_proves_its_person_until_its_secret_is_gone() {
    let server = TestServer::start();
    let mut store = Sqlite::open(server.folder.path(), BUSY).unwrap();
    let mut change = |change| {
        store
            .change_portal("customers", change, Timestamp(NOW))
            .unwrap()
    };
    let now = NOW / 1_000;
    let hour = (now, now + 3_600);
    let mut next = 0;
    let mut post = |token: &str, status| {
        next += 1;
        server.post(&showing(sheet(next), "identity", token), status);
        server.folder.rows().pop().is_some_and(|row| row.verified)
    };
    let first = change(PortalChange::Add).unwrap();
    assert!(change(PortalChange::Add).is_none(), "one of each name");
    let old = identity_of(&server, &first, hour);
    assert!(post(&old, 201));
    let second = change(PortalChange::Rotate).unwrap();
    let new = identity_of(&server, &second, hour);
    assert_ne!(old, new);
    assert!(
        post(&old, 201) && post(&new, 201),
        "both hold while rotating"
    );
    change(PortalChange::Settle);
    post(&old, 422);
    assert!(post(&new, 201));
    change(PortalChange::Remove);
    post(&new, 422);
    let third = change(PortalChange::Add).unwrap();
    post(&new, 422);
    assert!(post(&identity_of(&server, &third, hour), 201));
    // 24 hours at most, not from the future; a portal's clock may be a little ahead.
    for (times, status) in [
        ((now, now + 86_400), 201),
        ((now, now + 86_401), 422),
        ((now + 299, now + 900), 201),
        ((now + 301, now + 900), 422),
        ((now, now), 422),
        ((now, i64::MAX), 422),
        ((i64::MIN, i64::MAX), 422),
    ] {
        post(&identity_of(&server, &third, times), status);
    }
    // One that was good and has run out, as after a day without a network: the answer is kept, as a claim.
    server.post(
        &showing(
            sheet(900),
            "identity",
            &identity_of(&server, &third, (now - 7_200, now - 3_600)),
        ),
        201,
    );
    let row = server.folder.rows().pop().unwrap();
    assert!(!row.verified && row.contact.as_deref() == Some("c-17"));
}

#[test]
fn identities_read_only_as_they_were_signed() {
    let now = NOW / 1_000;
    let make = |secret: &str, audience: &str, portal: &str| {
        identity::identity(secret, audience, portal, ("c-17", "A-7"), (now, now + 60)).unwrap()
    };
    let secrets = [SECRET.to_owned()];
    let read = |text: &str| Identity::read(text, AUDIENCE, "customers", &secrets, Timestamp(NOW));
    let good = make(SECRET, AUDIENCE, "customers");
    assert_eq!(read(&good).unwrap().account.as_deref(), Some("A-7"));
    let parts: Vec<_> = good.split('.').collect();
    let with = |place: usize, text: &str| {
        let mut parts = parts.clone();
        parts[place] = text;
        parts.join(".")
    };
    let swapped = with(4, parts[5]).replace(
        &format!(".{}.{}.", parts[5], parts[5]),
        &format!(".{}.{}.", parts[5], parts[4]),
    );
    for forged in [
        make("qtp_", AUDIENCE, "customers"),
        make(SECRET, "https://feedback.example.org", "customers"),
        make(SECRET, AUDIENCE, "partners"),
        with(0, "qti2"),
        with(1, "partners"),
        with(2, &(now - 1).to_string()),
        with(3, &(now + 61).to_string()),
        with(3, &format!("0{}", now + 60)),
        with(3, &format!("+{}", now + 60)),
        with(4, &BASE64.encode("c-18")),
        with(5, ""),
        with(6, ""),
        with(6, &parts[6][..20]),
        swapped,
        format!("{good}."),
        format!("{good}="),
        good.to_uppercase(),
    ] {
        assert!(read(&forged).is_err(), "{forged}");
    }
}

#[test]
fn readme_gives_portals_test_vectors_that_hold() {
    let readme = include_str!("../../README.md");
    let made = [
        identity::identity(
            SECRET,
            AUDIENCE,
            "customers",
            ("c-17", "A-7"),
            (1_795_428_000, 1_795_431_600),
        ),
        identity::identity(
            SECRET,
            AUDIENCE,
            "customers",
            ("王敏", ""),
            (1_795_428_000, 1_795_514_400),
        ),
    ];
    assert!(readme.contains(SECRET));
    for token in made {
        let token = token.unwrap();
        assert!(readme.contains(&token), "{token}");
        let read = Identity::read(
            &token,
            AUDIENCE,
            "customers",
            &[SECRET.to_owned()],
            Timestamp(NOW),
        );
        assert!(read.unwrap().is_current);
    }
}

#[test]
fn survey_for_the_invited_takes_no_other_answers() {
    let server = TestServer::start();
    let mut store = Sqlite::open(server.folder.path(), BUSY).unwrap();
    let only = |invited_only| Rescheduled {
        invited_only: Some(invited_only),
        ..Rescheduled::default()
    };
    store.reschedule("delivery", &only(true)).unwrap();
    assert_eq!(
        server.post(&sheet(1), 422).refusal().0,
        ProblemCode::InvitationRefused
    );
    let token = invitation().token(&keys(&server)).unwrap();
    server.post(&showing(sheet(2), "invitation", &token), 201);
    store.reschedule("delivery", &only(false)).unwrap();
    server.post(&sheet(1), 201);
}

#[test]
fn opening_links_records_nothing_and_no_token_reaches_the_server() {
    let server = TestServer::start();
    let token = invitation().token(&keys(&server)).unwrap();
    let page = server.get("/s/delivery?answer-overall=4&channel=mail", 200);
    assert!(
        page.text().contains("answer-overall=\"4\"") && page.text().contains("channel=\"mail\"")
    );
    // Where the fragment goes: into an attribute, and out of the address.
    let script = server.get("/page.js", 200);
    for needed in ["replaceState", "location.hash", "'invitation'"] {
        assert!(script.text().contains(needed), "{needed}");
    }
    for text in ["already answered", "您已经填过"] {
        assert!(page.text().contains(text), "{text}");
    }
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    // A scanner that runs everything: each address of the page, with every method that is safe, and the token in places
    // where it does not belong.
    let mut links: Vec<_> = page
        .text()
        .split(['"', '\''])
        .filter(|text| text.starts_with('/'))
        .map(str::to_owned)
        .collect();
    links.extend(
        [1, 2, 3, 4, 5].map(|score| format!("/s/delivery?answer-overall={score}&channel=mail")),
    );
    links.push(format!("/s/delivery?invitation={token}"));
    links.push(format!("/v1/responses?invitation={token}"));
    for link in links {
        for method in ["GET", "HEAD", "OPTIONS"] {
            let bearer = format!("Bearer {token}");
            let headers = [("authorization", bearer.as_str())];
            let answer = Connection::open(server.address)
                .call(method, &link, &headers, b"")
                .unwrap();
            assert!(answer.status != 201, "{method} {link}");
        }
    }
    assert_eq!(server.folder.rows().len(), 0);
    // The control: a person's POST does record.
    server.post(&showing(sheet(1), "invitation", &token), 201);
}

#[test]
fn commands_make_portals_and_links() {
    let folder = Folder::new().with_survey();
    let (code, secret, told) = qingting(&["portal", "add", "customers"], folder.path());
    assert_eq!(code, Some(0));
    assert!(
        secret.starts_with("qtp_") && secret.trim_end().len() == 68 && told.contains("only now")
    );
    assert_eq!(
        qingting(&["portal", "add", "customers"], folder.path()).0,
        Some(1)
    );
    assert_eq!(
        qingting(&["portal", "add", "Customers!"], folder.path()).0,
        Some(2)
    );
    let (_, second, _) = qingting(&["portal", "rotate", "customers"], folder.path());
    assert_ne!(secret, second);
    let list = || qingting(&["portal", "list"], folder.path()).1;
    assert_eq!(list(), "customers\tsecret 2\trotating\n");
    qingting(&["portal", "settle", "customers"], folder.path());
    assert_eq!(list(), "customers\tsecret 2\n");
    assert!(
        qingting(&["portal", "rotate", "partners"], folder.path())
            .2
            .contains("no portal")
    );
    let (_, link, _) = qingting(
        &[
            "invite",
            "delivery",
            "--delivery",
            "SO-7",
            "--contact",
            "李雷",
            "--public-url",
            AUDIENCE,
        ],
        folder.path(),
    );
    let (address, token) = link.trim_end().split_once('#').unwrap();
    assert_eq!(address, "https://feedback.example.com/s/delivery");
    let keys = Keys::open(folder.path()).unwrap();
    let now = qingting::endpoint::clock::Clock::system().now();
    let (read, _) = Invitation::read(&keys, token, now).unwrap();
    assert_eq!((read.contact.as_deref(), read.once), (Some("李雷"), true));
    assert_eq!(
        qingting(&["invite", "nothing-there"], folder.path()).0,
        Some(1)
    );
}
