//! The console in a real browser: from the first admin's link and a table of deliveries to a figure; its figures beside the
//! computed cases; and what eyes, fingers, keyboards and assistive technology get.

use std::path::PathBuf;
use std::time::Duration;
use std::{env, fs};

use qingting::endpoint::clock::{Clock, Timestamp};
use serde_json::{Value, json};

use crate::computed;
use crate::contrast;
use crate::device::Device;
use crate::driver::{Browser, Element, Key};
use crate::endpoint::Endpoint;
use crate::page::{Means, Page};
use crate::person::{ANGRY_CHINESE, CONTENT};
use crate::process::{Folder, eventually};
use crate::sink::{Mail, MailSink};

const PATIENCE: Duration = Duration::from_secs(15);
const PASSWORD: &str = "drei Kisten nasses Papier";

/// The console on the page that a browser shows.
#[derive(Clone, Copy, Debug)]
struct Desk<'b>(&'b Browser);

impl Desk<'_> {
    fn text(self) -> String {
        let text = self.0.run("return document.body.innerText", &[]);
        text.as_str().unwrap_or_default().to_owned()
    }

    fn wait<T>(self, what: &str, attempt: impl FnMut() -> Option<T>) -> T {
        eventually(PATIENCE, attempt).unwrap_or_else(|| {
            let console = self.0.console().join("\n");
            panic!(
                "no {what}; the page shows:\n{}\n-- console:\n{console}",
                self.text()
            )
        })
    }

    fn expect(self, words: &str) {
        self.wait(words, || self.text().contains(words).then_some(()));
    }

    fn find(self, selector: &str) -> Element {
        let script = "return document.querySelector(arguments[0])";
        self.wait(selector, || {
            Element::from_value(&self.0.run(script, &[json!(selector)]))
        })
    }

    /// Walks there with Tab; where the focus is can be seen.
    fn walk(self, selector: &str) {
        self.find(selector);
        let script = r#"
            const at = document.activeElement;
            if (!at?.matches(arguments[0])) return false;
            return getComputedStyle(at).outlineStyle !== "none" ? true : "unseen";"#;
        for _ in 0..60 {
            let found = self.0.run(script, &[json!(selector)]);
            assert_ne!(found, "unseen", "the focus on {selector} cannot be seen");
            if found == true {
                return;
            }
            self.0.press(Key::Tab);
        }
        panic!("{selector} is not reached by Tab:\n{}", self.text());
    }

    fn write(self, selector: &str, words: &str) {
        self.walk(selector);
        self.0.select_all();
        self.0.type_text(words);
    }

    /// The tile of a metric: its value, and how sure it is.
    fn tile(self, place: usize) -> (String, String) {
        let script = r#"
            const tile = document.querySelectorAll(".tile")[arguments[0]];
            return ["value", "hint"].map((part) => tile?.querySelector(`.${part}`)?.innerText ?? "");"#;
        let found = self.0.run(script, &[json!(place)]);
        let text = |part: usize| found[part].as_str().unwrap_or_default().to_owned();
        (text(0), text(1))
    }

    /// The cells of the first row of a card's table.
    fn row(self, card: &str) -> Vec<String> {
        let script = "return [...document.querySelector(`${arguments[0]} tbody tr`).children].map((cell) => cell.innerText)";
        let cells = self.0.run(script, &[json!(card)]);
        let cells = cells.as_array().cloned().unwrap_or_default();
        cells
            .iter()
            .map(|cell| cell.as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// What a route of the endpoint answers to whoever is signed in here.
    fn ask(self, method: &str, path: &str, body: &Value) -> Value {
        let script = r#"
            const [method, path, body] = arguments;
            const init = { method, headers: { "content-type": "application/json" } };
            if (body !== null) init.body = JSON.stringify(body);
            return fetch(path, init).then(async (answer) => [answer.status, await answer.text()]);"#;
        self.0
            .run(script, &[json!(method), json!(path), body.clone()])
    }

    /// Fills in the first admin's form by keyboard alone.
    fn set_up(self) {
        self.expect("you are the first admin");
        self.write("input[autocomplete=name]", "Ana Lúcia");
        self.write("input[type=email]", "ana@example.com");
        self.write("input[type=password]", PASSWORD);
        self.walk("button.primary");
        self.0.press(Key::Enter);
    }
}

/// The first admin's link, as `serve` says it.
fn set_up_link(endpoint: &Endpoint) -> Option<String> {
    let log = endpoint.log();
    let word = log
        .split_whitespace()
        .find(|word| word.contains("#set-up="));
    word.map(str::to_owned)
}

fn set_up_link_soon(endpoint: &Endpoint) -> String {
    eventually(PATIENCE, || set_up_link(endpoint)).expect("`serve` says the link")
}

/// What the endpoint goes by.
fn machine_time() -> Timestamp {
    Clock::system().now()
}

/// A calendar in whose zone it is about noon, so that nobody's rest is disturbed whenever the test runs.
fn noon(folder: &Folder) -> String {
    let hour = machine_time().0 / 3_600_000 % 24;
    let zone = format!("Etc/GMT{:+}", hour - 12);
    let path = folder.path().join("calendar.json");
    let calendar = json!({"zone": zone, "week": {"mon": [["09:00", "17:00"]]}});
    fs::write(&path, calendar.to_string()).expect("the folder takes a file");
    path.display().to_string()
}

/// The link to the survey in a mail, and the token in it.
fn survey_link(mail: &Mail) -> (String, String) {
    let links = mail.links();
    let link = links.iter().find(|link| link.contains("?channel=mail#"));
    let link = link.expect("a link to the survey");
    let (_, token) = link.split_once('#').expect("a token");
    (link.clone(), token.to_owned())
}

fn screen(browser: &Browser, name: &str) {
    if let Some(folder) = env::var_os("QINGTING_SCREENS").map(PathBuf::from) {
        fs::create_dir_all(&folder).expect("the folder for screenshots can be made");
        fs::write(
            folder.join(format!("console-{name}.png")),
            browser.screenshot_of_page(),
        )
        .expect("a screenshot can be written");
    }
}

#[test]
fn from_a_delivery_to_a_figure() {
    let (sink, folder) = (MailSink::start(), Folder::new("table"));
    let settings = [
        "--smtp".to_owned(),
        sink.url(),
        "--mail-from".to_owned(),
        "Example Support 客户之声 <feedback@example.com>".to_owned(),
        "--calendar".to_owned(),
        noon(&folder),
    ];
    let mut endpoint = Endpoint::start_with(&[], &settings);
    // The first admin, by the link that `serve` prints, by keyboard alone.
    let link = set_up_link_soon(&endpoint);
    let at_desk = Browser::open(&Device::laptop());
    let desk = Desk(&at_desk);
    at_desk.goto(&link);
    desk.set_up();
    desk.expect("Are we getting better?");
    let address = at_desk.run("return location.href", &[]);
    assert!(!address.to_string().contains("set-up"), "{address}");
    desk.expect("Nobody has answered yet.");
    desk.expect("No invitation has been planned for this survey.");
    assert_eq!(desk.tile(0).0, "–");
    assert_eq!(
        at_desk.console(),
        Vec::<String>::new(),
        "nothing is missing"
    );
    // Once, and never again; not after a restart either, which says no other link.
    let used = "This link was used already";
    at_desk.goto("about:blank");
    at_desk.goto(&link);
    desk.set_up();
    desk.expect(used);
    endpoint.stop();
    endpoint.start_again();
    at_desk.goto("about:blank");
    at_desk.goto(&link);
    desk.set_up();
    desk.expect(used);
    assert_eq!(set_up_link(&endpoint), None, "{}", endpoint.log());
    // Out and in again, by keyboard.
    at_desk.goto(&[&endpoint.origin(), "/console"].concat());
    desk.expect("Are we getting better?");
    desk.walk("nav > button");
    at_desk.press(Key::Enter);
    desk.expect("Forgot it?");
    assert_eq!(desk.ask("GET", "/v1/staff/scores", &Value::Null)[0], 401);
    for (password, words) in [
        ("no such password here", "do not belong together"),
        (PASSWORD, "Are we getting better?"),
    ] {
        desk.write("input[type=email]", "ana@example.com");
        desk.write("input[type=password]", password);
        at_desk.press(Key::Enter);
        desk.expect(words);
    }
    // A thousand deliveries, every second one to somebody who writes Chinese.
    let now = machine_time();
    let mut table =
        String::from("delivery,contact,delivered_at,account,mail,language,team,region\n");
    for n in 1..=1_000 {
        let language = if n % 2 == 0 { "zh-CN" } else { "en" };
        table.push_str(&format!(
            "SO-{n},c-{n},{now},A-{},c{n}@example.com,{language},North,Harbour\n",
            n % 40
        ));
    }
    let file = folder.path().join("deliveries.csv");
    fs::write(&file, table).expect("the folder takes a file");
    let file = file.display().to_string();
    let said = endpoint.command(&["import", "deliveries", &file]);
    assert!(said.starts_with("1000 new"), "{said}");
    let said = endpoint.command(&["import", "deliveries", &file]);
    assert!(said.starts_with("0 new"), "again changes nothing: {said}");
    // One opens the mail on a phone, in each language, and answers once.
    let people = [
        (
            1,
            "How satisfied are you with this delivery overall?",
            CONTENT,
            Device::phone(),
        ),
        (
            2,
            "这次交付，您总体上满意吗？",
            ANGRY_CHINESE,
            Device::phone().speaking("zh-CN"),
        ),
    ];
    for (n, question, opinion, device) in people {
        let address = format!("c{n}@example.com");
        let mail = eventually(PATIENCE, || sink.to(&address).pop()).expect("an invitation");
        assert!(
            mail.part("text/plain").contains(question) && mail.part("text/html").contains(question)
        );
        let (link, _) = survey_link(&mail);
        let phone = Browser::open(&device);
        phone.goto(&link);
        opinion.send(&Page::of(&phone), Means::Touch);
        phone.goto("about:blank");
        phone.goto(&link);
        Desk(&phone).wait("an end", || {
            let said = phone.run(
                "return document.querySelector('[data-said=answered]')?.innerText ?? ''",
                &[],
            );
            let said = said.as_str().unwrap_or_default();
            (said.contains("You have already answered") && said.contains("您已经填过"))
                .then_some(())
        });
    }
    assert_eq!(endpoint.complete_rows().len(), 2);
    // The console shows it without being asked, and no figure of two.
    let opened = at_desk.run(
        "globalThis.before = performance.timeOrigin; return before",
        &[],
    );
    desk.wait("two answers", || {
        desk.tile(0).1.starts_with("2 answers so far").then_some(())
    });
    assert_eq!(desk.tile(0).0, "–");
    // On a busy machine a thousand mails take their time.
    let mails = eventually(Duration::from_secs(240), || {
        let mails = sink.mails();
        (mails.len() == 1_000).then_some(mails)
    });
    let mails = mails.unwrap_or_else(|| panic!("{} mails", sink.mails().len()));
    // Thirty-eight more answer: 28 of all 40 are satisfied.
    let agent = ureq::Agent::new_with_defaults();
    let mut given = vec![CONTENT.overall, ANGRY_CHINESE.overall];
    for (n, mail) in (0..38).zip(
        mails
            .iter()
            .filter(|mail| !["c1@example.com", "c2@example.com"].contains(&mail.to.as_str())),
    ) {
        let (_, token) = survey_link(mail);
        let score = [5, 4, 4, 3, 5, 1, 4][n % 7];
        given.push(score);
        let sheet = json!({
            "id": format!("{:032x}", 0xabc0_0000 + n), "survey": "delivery", "version": 1, "revision": 1, "complete": true,
            "locale": if n % 2 == 0 { "en" } else { "zh-CN" }, "started_at": "2026-11-23T10:00:00.000Z", "elapsed_ms": 30_000,
            "answers": {"overall": score, "ease": 1 + n % 7}, "context": {"channel": "mail", "invitation": token},
        });
        let url = [&endpoint.origin(), "/v1/responses"].concat();
        let answer = agent
            .post(&url)
            .send_json(&sheet)
            .expect("the sheet is taken");
        assert_eq!(answer.status(), 201);
    }
    let satisfied = given.iter().filter(|score| **score >= 4).count();
    desk.wait("forty answers", || {
        desk.tile(0).1.ends_with("from 40 answers").then_some(())
    });
    assert_eq!(
        at_desk.run("return globalThis.before", &[]),
        opened,
        "the page was not loaded again"
    );
    // What it shows is what the command says and what it saves.
    let results: Value = serde_json::from_str(
        &endpoint.command(&["results", "--format", "json", "--survey", "delivery"]),
    )
    .expect("JSON");
    let metric = &results["surveys"][0]["metrics"][0];
    let figures = [
        &metric["value"],
        &metric["interval"][0],
        &metric["interval"][1],
    ];
    let figures = figures.map(|figure| figure.as_f64().expect("a number"));
    assert!(
        (figures[0] - 100.0 * satisfied as f64 / 40.0).abs() < 1e-9,
        "{figures:?}"
    );
    let [value, low, high] = figures.map(|figure| format!("{figure:.0} %"));
    let sure = format!("Between {low} and {high} with 95 % certainty, from 40 answers");
    assert_eq!(desk.tile(0), (value, sure));
    let rate = desk.row(".rates");
    assert_eq!(rate[..4], ["At hand-over", "1000", "40", "4 %"], "{rate:?}");
    assert!(
        desk.text().contains("3000 planned")
            || desk.text().contains("1000 planned, 1000 sent, 0 came back")
    );
    let drop_off = desk.row(".drop-off");
    assert_eq!(drop_off[1..], ["40", "100 %", "0"], "{drop_off:?}");
    let href = at_desk.run(
        "return document.querySelector('a[download]').getAttribute('href')",
        &[],
    );
    let table = desk.ask("GET", href.as_str().expect("a link"), &Value::Null)[1].clone();
    let table = table.as_str().expect("a table");
    let line = |start: &str| {
        table
            .lines()
            .find(|line| line.contains(start))
            .unwrap_or_else(|| panic!("{start} in {table}"))
            .to_owned()
    };
    let end = format!(",40,40,,{},{},{}", figures[0], figures[1], figures[2]);
    assert!(
        line("delivery,overall,csat,1,5,all,").ends_with(&end),
        "{}",
        line(",all,")
    );
    assert!(
        line("response-rate,,,wave,hand-over").contains(",1000,,40,4,"),
        "{}",
        line("response-rate")
    );
    // An admin has no words of customers; an analyst, by a link of the admin's, has them beside the figures.
    assert!(!desk.text().contains(ANGRY_CHINESE.words));
    let added = desk.ask(
        "POST",
        "/v1/staff/people",
        &json!({"name": "Bo", "mail": "bo@example.com", "role": "analyst"}),
    );
    let added: Value = serde_json::from_str(added[1].as_str().expect("a body")).expect("JSON");
    let link = added["link"].as_str().unwrap_or_else(|| panic!("{added}"));
    let link = if link.starts_with('/') {
        [&endpoint.origin(), link].concat()
    } else {
        format!("{}/console#password={link}", endpoint.origin())
    };
    at_desk.goto("about:blank");
    at_desk.goto(&link);
    desk.expect("Choose a password");
    desk.write("input[type=password]", "noch ein langes Passwort");
    at_desk.press(Key::Enter);
    desk.expect(ANGRY_CHINESE.words);
    assert!(desk.text().contains(CONTENT.words));
    screen(&at_desk, "delivery-to-figure");
}

/// An endpoint with a console of its own, somebody signed in, and what `seed` puts into its data.
fn signed_in(device: &Device, seed: impl FnOnce(&Endpoint)) -> (Endpoint, Browser) {
    let endpoint = Endpoint::start();
    seed(&endpoint);
    let link = set_up_link_soon(&endpoint);
    let browser = Browser::open(device);
    let token = link.split_once("#set-up=").expect("a token").1.to_owned();
    browser.goto(&[&endpoint.origin(), "/console"].concat());
    let body =
        json!({"link": token, "name": "Ana", "mail": "ana@example.com", "password": PASSWORD});
    let set_up = Desk(&browser).ask("POST", "/v1/staff/set-up", &body);
    assert_eq!(set_up[0], 200, "{set_up}");
    browser.reload();
    (endpoint, browser)
}

#[test]
fn figures_on_the_screen_are_those_of_the_computed_cases_and_none_below_ten() {
    let mut expected = None;
    let (_endpoint, browser) = signed_in(&Device::laptop(), |endpoint| {
        expected = Some(computed::computed_cases(endpoint.data(), machine_time().0));
    });
    let expected = expected.expect("cases");
    let desk = Desk(&browser);
    desk.find(".tile");
    let choose = r#"
        const list = document.querySelector("select");
        list.value = arguments[0];
        list.dispatchEvent(new Event("change", { bubbles: true }));"#;
    let number = |text: &str| -> Option<f64> {
        let digits = text.trim_end_matches(" %").replace('−', "-");
        digits.parse().ok()
    };
    let (mut shown, mut few) = (0, 0);
    for (name, (n, value, interval)) in &expected {
        browser.run(choose, &[json!(name)]);
        let end = format!("{n} answers");
        let (figure, hint) = desk.wait(name, || {
            Some(desk.tile(0)).filter(|(_, hint)| hint.contains(&end))
        });
        if *n < 10 {
            assert_eq!(
                (figure.as_str(), hint),
                (
                    "–",
                    format!("{n} answers so far; a figure is shown from 10 on")
                ),
                "{name}"
            );
            few += 1;
            continue;
        }
        // "Between 14 and 44 with …"
        let words: Vec<&str> = hint
            .split(" with ")
            .next()
            .unwrap_or_default()
            .rsplit(" and ")
            .collect();
        let high = words.first().and_then(|word| number(word));
        let low = words
            .last()
            .and_then(|word| number(word.rsplit("etween ").next()?));
        let found = [number(&figure), low, high];
        let theirs = [*value, interval[0].as_f64(), interval[1].as_f64()];
        let half = if name.starts_with("ces") { 0.005 } else { 0.5 };
        for (ours, theirs) in found.iter().zip(theirs) {
            let (ours, theirs) = (
                ours.unwrap_or_else(|| panic!("{name}: {figure} {hint}")),
                theirs.expect("a figure"),
            );
            assert!(
                (ours - theirs).abs() <= half + 1e-9,
                "{name}: {figure} {hint} beside {theirs}"
            );
        }
        shown += 1;
    }
    assert!(shown > 50 && few > 10, "{shown} {few}");
}

/// Two years of answers to a survey with an NPS, and one that nobody has answered.
fn two_years(endpoint: &Endpoint) {
    let survey: Value =
        serde_json::from_str(include_str!("../fixtures/survey.json")).expect("JSON");
    endpoint.publish("hand-over", &survey);
    let sheets: Vec<_> = (0..900)
        .map(|n| {
            let mut sheet = computed::sheet(n, 1, n % 6 != 0);
            sheet.survey = "hand-over".to_owned();
            // As old as it was, seen from today.
            sheet.received_at.0 += machine_time().0 - computed::NOW;
            sheet
        })
        .collect();
    computed::store(endpoint.data(), &sheets);
}

#[test]
fn everything_is_readable_big_enough_and_says_what_it_is() {
    let looks = [
        ("320-light-en", Device::small_phone().still()),
        (
            "390-light-en",
            Device {
                width: 390,
                height: 844,
                ..Device::phone().still()
            },
        ),
        (
            "390-dark-zh",
            Device {
                width: 390,
                height: 844,
                ..Device::phone().still().dark().speaking("zh-CN")
            },
        ),
        (
            "1440-light-en",
            Device {
                width: 1440,
                height: 900,
                ..Device::laptop().still()
            },
        ),
        (
            "1440-dark-zh",
            Device {
                width: 1440,
                height: 900,
                ..Device::laptop().still().dark().speaking("zh-CN")
            },
        ),
        (
            "1440-light-zh",
            Device {
                width: 1440,
                height: 900,
                ..Device::laptop().still().speaking("zh-CN")
            },
        ),
        (
            "390-dark-en",
            Device {
                width: 390,
                height: 844,
                ..Device::phone().still().dark()
            },
        ),
    ];
    let (endpoint, browser) = signed_in(&looks[0].1, two_years);
    let desk = Desk(&browser);
    let mut faults = Vec::new();
    let mut look = |state: &str| {
        let (found, count) = contrast::look_at_document(&browser);
        assert!(count > 3, "{state}: only {count} things");
        faults.extend(found.into_iter().map(|fault| format!("{state}: {fault}")));
        let wider = browser.run(
            "return document.documentElement.scrollWidth - innerWidth",
            &[],
        );
        if wider.as_f64().is_some_and(|pixels| pixels > 0.0) {
            faults.push(format!("{state}: {wider} px wider than the screen"));
        }
        screen(&browser, state);
    };
    for (name, device) in &looks {
        browser.become_device(device);
        browser.reload();
        desk.find(".tile");
        desk.wait("figures", || (desk.tile(0).0 != "–").then_some(()));
        look(&format!("{name}-scores"));
        // A survey that nobody has answered.
        browser.run(
            "const list = document.querySelector('select'); list.value = 'relationship'; list.dispatchEvent(new Event('change', { bubbles: true }));",
            &[],
        );
        desk.wait("nothing", || (desk.tile(0).0 == "–").then_some(()));
        look(&format!("{name}-empty"));
    }
    // What assistive technology hears.
    browser.become_device(&looks[3].1);
    browser.reload();
    desk.find(".tile");
    let heard = |selector: &str| {
        let element = desk.find(selector);
        (browser.role(&element), browser.label(&element))
    };
    assert_eq!(
        heard("h1"),
        ("heading".to_owned(), "Are we getting better?".to_owned())
    );
    let (role, label) = heard("select");
    assert!(role == "combobox" || role == "listbox", "{role}");
    assert_eq!(label, "Survey");
    assert_eq!(
        heard("a[download]"),
        ("link".to_owned(), "Save as a table (CSV)".to_owned())
    );
    assert_eq!(
        heard(".drop-off .scroll"),
        ("region".to_owned(), "Where people stop".to_owned())
    );
    assert_eq!(
        heard(".drop-off thead th"),
        ("columnheader".to_owned(), "Question".to_owned())
    );
    assert_eq!(
        heard(".drop-off tbody th"),
        (
            "rowheader".to_owned(),
            "How satisfied are you with this delivery?".to_owned()
        )
    );
    let (role, label) = heard(".tile");
    assert!(
        role == "button" && label.contains("CSAT") && label.contains("certainty"),
        "{role} {label}"
    );
    // The other metric, by keyboard: its tile keeps the focus when new answers change the figures.
    desk.walk("li:nth-child(2) .tile");
    browser.press(Key::Space);
    desk.wait("the other metric", || {
        let pressed = browser.run(
            "return document.activeElement.getAttribute('aria-pressed')",
            &[],
        );
        (pressed == "true").then_some(())
    });
    let before = desk.tile(1).1;
    let mut more = computed::sheet(5_000, 1, true);
    more.survey = "hand-over".to_owned();
    more.received_at = machine_time();
    computed::store(endpoint.data(), &[more]);
    desk.wait("another figure", || {
        (desk.tile(1).1 != before).then_some(())
    });
    let kept = browser.run(
        "return document.activeElement.matches('li:nth-child(2) .tile')",
        &[],
    );
    assert_eq!(kept, true, "the focus stays where it was");
    // Signing in, in both languages.
    desk.ask("DELETE", "/v1/staff/session", &Value::Null);
    for (name, device) in &looks {
        browser.become_device(device);
        browser.reload();
        desk.find("input[type=password]");
        look(&format!("{name}-sign-in"));
    }
    let field = desk.find("input[type=password]");
    assert_eq!(browser.label(&field), "Password");
    drop(endpoint);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn an_endpoint_that_does_not_answer_is_told_and_comes_back_by_itself() {
    let (mut endpoint, browser) = signed_in(&Device::laptop(), two_years);
    let desk = Desk(&browser);
    desk.find(".tile");
    let shown = desk.wait("figures", || {
        Some(desk.tile(0)).filter(|tile| tile.0 != "–")
    });
    endpoint.stop();
    desk.expect("Not up to date");
    assert_eq!(desk.tile(0), shown, "what was there stays");
    endpoint.start_again();
    desk.wait("it again", || {
        (!desk.text().contains("Not up to date")).then_some(())
    });
    assert_eq!(desk.tile(0), shown);
}
