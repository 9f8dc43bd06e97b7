//! The widget is a guest on somebody else's page: it neither disturbs its host nor is disturbed by it.

use serde_json::json;

use crate::device::Device;
use crate::driver::{Browser, Element};
use crate::endpoint::{Portal, snippet};
use crate::hosts::HostPage;
use crate::page::{Means, Page};
use crate::person::{ANGRY, CONTENT};
use crate::process::eventually;
use crate::scene::SOON;

/// A portal page with one delivery survey after `before`.
pub(crate) fn portal(head: &'static str, before: &'static str) -> Portal {
    Portal::with(|origin| {
        let (script, element) = snippet(origin, "delivery", "delivery=\"SO-1042\"");
        HostPage::html(&[head, &script].concat(), &[before, &element].concat())
    })
}

#[test]
fn several_surveys_on_one_page_do_not_mix() {
    let portal = Portal::with(|origin| {
        let (script, first) = snippet(origin, "delivery", "delivery=\"SO-1042\"");
        let (_, second) = snippet(
            origin,
            "delivery",
            "delivery=\"SO-1043\" lang=\"zh-CN\" context-region=\"north\"",
        );
        let (_, third) = snippet(origin, "relationship", "");
        HostPage::html(&script, &[first, second, third].concat())
    });
    let browser = Browser::open(&Device::laptop());
    browser.goto(&portal.hosts.url("/"));
    let [first, second, third] = [0, 1, 2].map(|place| Page::nth(&browser, place));
    for page in [first, second, third] {
        page.expect_state("asking");
    }
    first.act_choose("overall", 0, Means::Mouse);
    assert_eq!(
        (first.find_chosen("overall"), second.find_chosen("overall")),
        (vec![0], vec![])
    );
    third.act_choose("recommend", 10, Means::Mouse);
    second.expect_title("overall", "这次交付");
    CONTENT.send(&second, Means::Mouse);
    assert_eq!(
        (first.find_state().as_deref(), first.find_chosen("overall")),
        (Some("asking"), vec![0])
    );
    ANGRY.send(&first, Means::Mouse);
    assert_eq!(third.find_chosen("recommend"), [10]);
    let mut rows = portal.endpoint.complete_rows();
    rows.sort_by_key(|row| row["delivery"].to_string());
    let said: Vec<_> = rows
        .iter()
        .map(|row| (&row["delivery"], &row["answers"], &row["locale"]))
        .collect();
    let (angry, content) = (ANGRY.answers(), CONTENT.answers());
    assert_eq!(
        said,
        [
            (&json!("SO-1042"), &angry, &json!("en")),
            (&json!("SO-1043"), &content, &json!("zh-CN"))
        ]
    );
    assert_eq!(rows[1]["fields"], json!({ "region": "north" }));
}

#[test]
fn the_host_hears_what_happens() {
    let portal = portal("", "");
    let browser = Browser::open(&Device::phone());
    browser.before_each_page(
        r#"globalThis.heard = [];
        for (const name of ["qing-shown", "qing-answered", "qing-submitted", "qing-error"])
          document.addEventListener(name, (event) => heard.push([name, event.target.localName, event.detail]));"#,
    );
    browser.goto(&portal.hosts.url("/"));
    let page = Page::of(&browser);
    let receipt = CONTENT.send(&page, Means::Touch);
    let heard = browser.run("return heard", &[]);
    let heard = heard.as_array().expect("a list of events");
    assert!(
        heard.iter().all(|event| event[1] == "qing-ting"),
        "{heard:?}"
    );
    let names: Vec<&str> = heard.iter().filter_map(|event| event[0].as_str()).collect();
    assert_eq!(
        (names.first(), names.last()),
        (Some(&"qing-shown"), Some(&"qing-submitted"))
    );
    assert!(
        names.contains(&"qing-answered") && !names.contains(&"qing-error"),
        "{names:?}"
    );
    assert_eq!(
        heard.last().map(|event| event[2]["receipt"].clone()),
        Some(json!(receipt))
    );
    assert!(
        !heard
            .iter()
            .any(|event| event.to_string().contains(CONTENT.words)),
        "a host must not read the customer's words"
    );
}

#[test]
fn removal_frees_everything() {
    let portal = portal("", "<main></main>");
    let browser = Browser::open(&Device::phone());
    browser.goto(&portal.hosts.url("/"));
    let page = Page::of(&browser);
    page.expect_state("asking");
    browser.run("globalThis.kept = []; globalThis.survey = document.querySelector('qing-ting').outerHTML; document.querySelector('qing-ting').remove()", &[]);
    let count = || {
        browser.cdp("HeapProfiler.collectGarbage", &json!({}));
        let counters = browser.cdp("Memory.getDOMCounters", &json!({}));
        ["nodes", "jsEventListeners"].map(|name| counters[name].as_i64().expect("Chromium counts"))
    };
    let come_and_go = |keeps: bool| {
        browser.run("document.querySelector('main').innerHTML = survey", &[]);
        page.expect_state("asking");
        // By its place: an element that the driver has been given stays alive in the driver.
        let [left, top, width, height] = page.find_box("label.choice").expect("the first choice");
        browser.tap((left + width / 2.0, top + height / 2.0));
        page.wait("the first choice to be chosen", || {
            (page.find_chosen("overall") == [0]).then_some(())
        });
        let leave = "const gone = document.querySelector('qing-ting'); gone.remove(); if (arguments[0]) kept.push(gone.cloneNode(true), gone.firstChild, document.createElement('p')), ['resize', 'scroll', 'focus', 'blur'].forEach((name) => addEventListener(name, () => gone))";
        browser.run(leave, &[json!(keeps)]);
    };
    // The first rounds fill caches.
    (0..3).for_each(|_| come_and_go(false));
    let before = count();
    (0..8).for_each(|_| come_and_go(false));
    let grown = |before: [i64; 2], after: [i64; 2]| [after[0] - before[0], after[1] - before[1]];
    // What the last visit had under way (its part, its database) ends a moment after it.
    let settled = eventually(SOON, || {
        let [nodes, listeners] = grown(before, count());
        (nodes < 8 && listeners < 8).then_some(())
    });
    let after = count();
    assert!(
        settled.is_some(),
        "8 visits left nodes or listeners behind: {before:?} {after:?}"
    );
    // Control: a host that keeps a little of each visit is seen at once.
    (0..8).for_each(|_| come_and_go(true));
    let [nodes, listeners] = grown(after, count());
    assert!(
        nodes >= 8 && listeners >= 8,
        "the control left {nodes} nodes and {listeners} listeners behind"
    );
}

#[test]
fn an_element_that_is_moved_keeps_its_answers() {
    let portal = portal("", "<main></main>");
    let browser = Browser::open(&Device::phone());
    browser.goto(&portal.hosts.url("/"));
    let page = Page::of(&browser);
    page.act_choose("overall", 1, Means::Touch);
    browser.run(
        "document.querySelector('main').append(document.querySelector('qing-ting'))",
        &[],
    );
    assert_eq!(
        (page.find_state().as_deref(), page.find_chosen("overall")),
        (Some("asking"), vec![1])
    );
    page.act_forward(Means::Touch);
    page.expect_questions(&["dissatisfied"]);
}

#[test]
fn a_hosts_shortcuts_do_not_eat_what_is_typed() {
    let shortcuts = r#"<script>
        globalThis.heard = [];
        for (const name of ["keydown", "keypress", "keyup"])
          document.addEventListener(name, (event) => {
            heard.push(event.key);
            if ("s/?jk".includes(event.key)) event.preventDefault();
          });
        </script><p><input id="own" aria-label="Search orders"></p>"#;
    let portal = portal("", shortcuts);
    let browser = Browser::open(&Device::laptop());
    browser.goto(&portal.hosts.url("/"));
    let page = Page::of(&browser);
    page.expect_state("asking");
    let own = Element::from_value(&browser.run(
        "const own = document.querySelector('#own'); own.focus(); return own",
        &[],
    ));
    assert!(own.is_some());
    // Control: the host's own field loses its letters.
    browser.type_text("ask/jokes?");
    assert_eq!(browser.run("return own.value", &[]), json!("aoe"));
    browser.run("heard.length = 0; own.blur()", &[]);
    page.act_choose("overall", 0, Means::Mouse);
    page.act_forward(Means::Mouse);
    page.expect_questions(&["dissatisfied"]);
    page.act_write("dissatisfied", "jokes? ask/sks", Means::Mouse);
    assert_eq!(
        page.find_written("dissatisfied").as_deref(),
        Some("jokes? ask/sks")
    );
    assert_eq!(browser.run("return heard", &[]), json!([]));
}

#[test]
fn every_write_to_the_device_is_strict() {
    let portal = portal("", "");
    let browser = Browser::open(&Device::phone());
    browser.before_each_page(
        r#"globalThis.writes = [];
        const transaction = IDBDatabase.prototype.transaction;
        IDBDatabase.prototype.transaction = function (stores, mode, options) {
          if (mode === "readwrite") writes.push(options?.durability ?? "default");
          return transaction.call(this, stores, mode, options);
        };"#,
    );
    browser.goto(&portal.hosts.url("/"));
    let page = Page::of(&browser);
    CONTENT.send(&page, Means::Touch);
    let writes = browser.run("return writes", &[]);
    let writes = writes.as_array().expect("a list of durabilities").clone();
    assert!(
        writes.len() >= 4,
        "the sheet was hardly ever saved: {writes:?}"
    );
    assert!(
        writes.iter().all(|durability| durability == "strict"),
        "{writes:?}"
    );
    // Control: a write as most pages do it is seen as what it is.
    browser.run(
        r#"return new Promise((done) => {
            const request = indexedDB.open("other", 1);
            request.onupgradeneeded = () => request.result.createObjectStore("notes");
            request.onsuccess = () => done(request.result.transaction("notes", "readwrite").objectStore("notes").put(1, 1) && true);
        })"#,
        &[],
    );
    assert_eq!(browser.run("return writes.at(-1)", &[]), json!("default"));
}
