//! An invitation, from the link in a mail to "you have already answered": its token is in no address, referrer or log.

use crate::device::Device;
use crate::driver::Browser;
use crate::endpoint::Endpoint;
use crate::page::{Means, Page};
use crate::person::CONTENT;

#[test]
fn the_link_of_a_mail_is_answered_once_and_its_token_is_seen_nowhere() {
    let endpoint = Endpoint::start();
    let origin = endpoint.origin();
    let words = [
        "invite",
        "delivery",
        "--delivery",
        "SO-2077",
        "--contact",
        "c-9",
        "--public-url",
        &origin,
    ];
    let link = endpoint.command(&words);
    let (address, token) = link.trim_end().split_once('#').expect("a token");
    // A number in the mail, which is not what this person means.
    let link = format!("{address}?answer-overall=2&channel=mail#{token}");
    let browser = Browser::open(&Device::phone());
    browser.goto(&link);
    let page = Page::of(&browser);
    page.expect_state("asking");
    page.wait("the marked point", || {
        (page.find_chosen("overall") == [1]).then_some(())
    });
    let places = || {
        browser.run(
            "return [location.href, document.referrer, document.title].join(' ')",
            &[],
        )
    };
    assert!(!places().to_string().contains(token), "{}", places());
    // Where the page leads, the token does not follow.
    let referrer = "return fetch('/healthz').then(() => performance.getEntriesByType('resource').map((one) => one.name).join(' '))";
    assert!(!browser.run(referrer, &[]).to_string().contains(token));
    assert!(endpoint.rows().is_empty(), "opening a link records nothing");
    // A reload in this tab is the same person still.
    browser.reload();
    CONTENT.send(&page, Means::Touch);
    let rows = endpoint.complete_rows();
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!(
        (
            &row["verified"],
            &row["delivery"],
            &row["contact"],
            &row["channel"]
        ),
        (
            &true.into(),
            &"SO-2077".into(),
            &"c-9".into(),
            &"mail".into()
        )
    );
    assert_eq!(row["answers"]["overall"], CONTENT.overall);
    // Opened again, on another device and in both languages: no question is asked.
    let other = Browser::open(&Device::laptop());
    for _ in 0..2 {
        other.goto("about:blank");
        other.goto(&link);
        let said = "return [document.querySelector('qing-ting') === null, document.querySelector('[data-said=answered]').innerText]";
        let page = Page::of(&other);
        let said = page.wait("the words", || {
            let said = other.run(said, &[]);
            (said[0] == true).then_some(said)
        });
        let words = said[1].as_str().unwrap_or_default();
        assert!(
            words.contains("You have already answered") && words.contains("您已经填过"),
            "{words}"
        );
    }
    // A link that lost its end says so before anybody types.
    let cut = &link[..link.len() - 3];
    other.goto("about:blank");
    other.goto(cut);
    Page::of(&other).wait("the other words", || {
        let said = other.run(
            "return document.querySelector('[data-said=refused]')?.innerText",
            &[],
        );
        said.as_str()
            .filter(|words| words.contains("copied whole"))
            .map(|_| ())
    });
    assert_eq!(endpoint.rows().len(), 1);
    assert!(!endpoint.log().contains(token), "the log has no token");
}
