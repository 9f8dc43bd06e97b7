//! Pages that would rather not have a guest: hostile styles, strict policies, files that do not come.

use serde_json::{Value, json};

use crate::device::Device;
use crate::driver::Browser;
use crate::embedding::portal;
use crate::endpoint::{Portal, snippet};
use crate::hosts::HostPage;
use crate::page::Page;

#[test]
fn hostile_styles_of_the_host_change_nothing() {
    const HOSTILE: &str = "<style>
        * { color: #f0f !important; font: italic 31px/3 fantasy !important; letter-spacing: 9px !important; word-spacing: 20px !important;
            text-transform: uppercase !important; text-align: right !important; text-indent: 50px !important; text-shadow: 0 0 9px red !important;
            white-space: nowrap !important; visibility: visible; cursor: none !important; text-decoration: line-through !important;
            -webkit-text-fill-color: #0f0 !important; font-variant: small-caps !important; }
        div, section, form, fieldset, label, button, input, .card, .primary, .choice { display: none !important; }
        button { background: #f00 !important; padding: 99px !important; }
        </style>";
    let look = |head: &'static str| {
        let portal = portal(head, "<button id=own>Order now</button>");
        let browser = Browser::open(&Device::phone());
        browser.goto(&portal.hosts.url("/"));
        let page = Page::of(&browser);
        page.expect_state("asking");
        // The last thing that comes to the first page.
        page.expect("[part~=language]");
        page.wait("the step", || (!page.find_step().is_empty()).then_some(()));
        page.wait("the page to stand still", || page.is_still().then_some(()));
        let script = r#"
            const top = root.getBoundingClientRect();
            const names = ["color", "font", "letterSpacing", "wordSpacing", "textTransform", "textAlign", "textIndent", "textShadow", "whiteSpace",
                           "cursor", "webkitTextFillColor", "display", "backgroundColor", "paddingTop"];
            return [...root.querySelectorAll("*")].filter(isShown).map((node) => {
              const style = getComputedStyle(node);
              const box = node.getBoundingClientRect();
              const place = [box.x - top.x, box.y - top.y, box.width, box.height].map((n) => n.toFixed(1)).join(" ");
              return `${node.localName}.${node.className}: ${place}; ${names.map((name) => `${name} ${style[name]}`).join("; ")}`;
            });"#;
        let own = browser.run(
            "return document.querySelector('#own').checkVisibility()",
            &[],
        );
        (page.run(script, &[]), own)
    };
    let (plain, own) = look("");
    let (hostile, control) = look(HOSTILE);
    // Control: the host's own button is gone.
    assert_eq!((own, control), (json!(true), json!(false)));
    let lines = |looks: &Value| looks.as_array().expect("a list of looks").clone();
    assert!(lines(&plain).len() > 30);
    for (plain, hostile) in lines(&plain).iter().zip(lines(&hostile)) {
        assert_eq!(plain, &hostile);
    }
    assert_eq!(lines(&plain).len(), lines(&hostile).len());
}

#[test]
fn where_the_widget_cannot_run_its_own_content_is_shown() {
    let try_policy = |policy: &dyn Fn(&str) -> String| {
        let portal = Portal::with(|origin| {
            let (script, element) = snippet(origin, "delivery", "");
            HostPage::html(&script, &element).with("content-security-policy", &policy(origin))
        });
        let browser = Browser::open(&Device::phone());
        browser.goto(&portal.hosts.url("/"));
        let page = Page::of(&browser);
        let script = "return customElements.get('qing-ting') && document.querySelector('qing-ting a').checkVisibility() && document.querySelector('qing-ting').innerText";
        page.wait("the survey or the link", || {
            let link = browser.run(script, &[]);
            let has_app = page.find_state().is_some_and(|state| state == "asking");
            (has_app || link == "Tell us how it went").then_some(has_app)
        })
    };
    let strict = |origin: &str| {
        format!(
            "default-src 'none'; script-src {origin} 'wasm-unsafe-eval'; connect-src {origin}; img-src data:; style-src 'none'"
        )
    };
    // Control: under a strict policy that names the endpoint and allows wasm, the survey runs.
    assert!(try_policy(&strict), "the survey runs under a strict policy");
    assert!(
        !try_policy(&|origin| strict(origin).replace(" 'wasm-unsafe-eval'", "")),
        "wasm ran although it is forbidden"
    );
    let trusted = |origin: &str| {
        strict(origin) + "; require-trusted-types-for 'script'; trusted-types 'none'"
    };
    // Whether it runs or steps back, the customer sees something to act on and nothing breaks.
    try_policy(&trusted);
}

#[test]
fn a_missing_build_shows_the_elements_own_content_and_says_so_once() {
    let portal = portal("", "");
    let browser = Browser::open(&Device::phone());
    browser.before_each_page(
        "globalThis.errors = 0; document.addEventListener('qing-error', () => errors++)",
    );
    browser.block(&["*/widget.wasm"]);
    browser.goto(&portal.hosts.url("/"));
    let page = Page::of(&browser);
    page.wait("the element's own link", || {
        (browser.run(
            "return document.querySelector('qing-ting a').checkVisibility()",
            &[],
        ) == true)
            .then_some(())
    });
    page.wait("one event", || {
        (browser.run("return errors", &[]) == 1).then_some(())
    });
    // Control: unblocked, the same page shows the survey.
    browser.block(&[]);
    browser.reload();
    page.expect_state("asking");
}
