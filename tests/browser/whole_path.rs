//! One person's whole path, from the first word to the rating, in Chinese by day and in English by night: every step in a
//! picture, where a folder for pictures is given.

use std::path::PathBuf;
use std::{env, fs};

use serde_json::{Value, json};

use crate::complaints::{choose, complain, link, photos, scene, staff, text};
use crate::device::Device;
use crate::driver::Browser;
use crate::page::{Means, Page};
use crate::scene::Scene;

const LATE: &str = "交换机少发了两台！说好周三到货,今天都周五了,打了4个电话每次都说\"在查\"。机柜都腾空了,工程队在现场干等,误工费谁出？";
const REFUND: &str = "3 days no internet in the whole branch, AGAIN. dont tell me its the weather. want my money back for november";

/// A picture of the whole page at this step, and one of what is on the screen.
fn shoot(page: &Page<'_>, path: &str, step: &mut u32, name: &str) {
    *step += 1;
    let Some(folder) = env::var_os("QINGTING_SCREENS").map(PathBuf::from) else {
        return;
    };
    fs::create_dir_all(&folder).unwrap();
    page.wait("the page to stand still", || page.is_still().then_some(()));
    let at = |kind: &str| folder.join(format!("path-{path}-{step:02}-{name}{kind}.png"));
    fs::write(at(""), page.browser.screenshot()).unwrap();
    fs::write(at("-whole"), page.browser.screenshot_of_page()).unwrap();
}

/// What a phone's camera gives: large, and in it more than one colour.
fn photo(seed: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(2400, 1800, |x, y| {
        let wave = ((x / 40 + y / 60 + seed) % 7) as u8 * 30;
        image::Rgb([60 + wave / 2, 90 + (y / 18) as u8, 200 - wave])
    });
    let mut bytes = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 85);
    picture.write_with_encoder(encoder).unwrap();
    bytes
}

fn act(scene: &Scene, key: &str, number: &str, actions: &[Value]) {
    for action in actions {
        staff(scene, key, number, Some(action));
    }
}

fn decided(outcome: &str, words: &str, more: &Value) -> Vec<Value> {
    let mut draft =
        json!({"action": "draft", "issues": [{"id": 1, "outcome": outcome}], "text": words});
    for (key, value) in more.as_object().into_iter().flatten() {
        draft[key] = value.clone();
    }
    vec![
        draft,
        json!({"action": "sign-off"}),
        json!({"action": "respond"}),
    ]
}

/// Opens an action, writes, and sends it.
fn say(case: &Page<'_>, act: &str, words: &str) {
    case.act_press(&format!("[data-act={act}]"), Means::Touch);
    if !words.is_empty() {
        let field = case.wait("the field", || case.find("#doing"));
        case.reach(&field, Means::Touch);
        case.browser.type_text(words);
    }
}

fn send(case: &Page<'_>) {
    case.act_press("[data-doing] [type=submit]", Means::Touch);
}

#[test]
fn complaint_in_chinese_with_photos_goes_all_the_way_to_solved() {
    let scene = scene();
    let key = scene.endpoint.add_staff("李伟", "case-manager");
    let browser = Browser::open(&Device::phone().still().speaking("zh-CN"));
    let (path, mut step) = ("zh", 0);
    let mut shot = |page: &Page<'_>, name: &str| shoot(page, path, &mut step, name);
    browser.goto(&scene.hosts.url("/complain"));
    let page = Page::of(&browser);
    page.expect_state("complaint");
    shot(&page, "form");
    complain(&page, LATE, Means::Touch);
    page.act_press("[data-field=affects] label:nth-child(2)", Means::Touch);
    choose(&page, &[("1.jpg", photo(1)), ("2.jpg", photo(4))]);
    page.wait("two photos", || {
        (photos(&page, ".photos img") == 2).then_some(())
    });
    shot(&page, "written");
    page.act_forward(Means::Touch);
    page.expect_state("taken");
    let number = text(&page, "[data-number]");
    assert!(number.starts_with("QT-"));
    assert_eq!(text(&page, "[data-contact]"), "李伟");
    assert!(text(&page, "[data-promised]").contains('年'));
    shot(&page, "taken");
    let address = link(&page);
    browser.goto(&address);
    let case = Page::of(&browser);
    case.expect_state("case");
    case.wait("both photos", || {
        (photos(&case, "[data-photo]") == 2).then_some(())
    });
    shot(&case, "case");

    act(
        &scene,
        &key,
        &number,
        &[
            json!({"action": "assess", "severity": "minor", "issues": [{"id": 1, "category": "delivery-date", "stage": "delivery", "text": "少发两台交换机"}], "text": "我们已向仓库核对发货记录。"}),
            json!({"action": "begin"}),
            json!({"action": "ask", "text": "麻烦您看一下送货单右上角的批次号是多少？", "reply_by": "2099-01-01T09:00Z"}),
        ],
    );
    browser.reload();
    case.expect("[data-question-asked]");
    shot(&case, "asked");
    say(&case, "messages", "批次号 B-2291,司机说车上就这么多");
    shot(&case, "answering");
    send(&case);
    case.expect("[data-kind=answered]");
    shot(&case, "answered");

    let first = json!({"remedy": "两台交换机今晚补发，明早 9 点前送到", "remedy_due": "2099-01-02T01:00Z", "fix_summary": "装车前逐台扫码核对"});
    act(
        &scene,
        &key,
        &number,
        &decided("upheld", "您说得对，两台交换机漏装在仓库里了。", &first),
    );
    browser.reload();
    case.expect("[data-act=reject]");
    shot(&case, "decided");
    say(&case, "reject", "东西是到了,误工费还是没人说");
    shot(&case, "rejecting");
    send(&case);
    case.expect("[data-kind=not-solved]");
    shot(&case, "not-solved");
    let second = json!({"remedy": "补偿误工费 1,200 元，下月账单中抵扣"});
    act(
        &scene,
        &key,
        &number,
        &decided("upheld", "误工费由我们承担。", &second),
    );
    browser.reload();
    case.expect("[data-act=confirm]");
    shot(&case, "decided-again");
    say(&case, "confirm", "");
    shot(&case, "confirming");
    send(&case);
    case.expect("[data-status=closed-solved]");
    shot(&case, "solved");
    say(&case, "rating", "");
    case.act_press("[data-doing] label:nth-child(4)", Means::Touch);
    shot(&case, "rating");
    send(&case);
    case.expect("[data-kind=rated]");
    shot(&case, "rated");
}

#[test]
fn declined_complaint_is_escalated_reviewed_and_found_again_without_its_link() {
    let scene = scene();
    let owner = scene.endpoint.add_staff("Li Wei", "case-manager");
    let approver = scene.endpoint.add_staff("Noor Haddad", "case-manager");
    let reviewer = scene.endpoint.add_staff("Anna Roth", "executive");
    let browser = Browser::open(&Device::phone().still().dark());
    let (path, mut step) = ("en-dark", 0);
    let mut shot = |page: &Page<'_>, name: &str| shoot(page, path, &mut step, name);
    browser.goto(&scene.hosts.url("/complain"));
    let page = Page::of(&browser);
    complain(&page, REFUND, Means::Touch);
    shot(&page, "written");
    page.act_forward(Means::Touch);
    page.expect_state("taken");
    shot(&page, "taken");
    let (number, address) = (text(&page, "[data-number]"), link(&page));
    browser.goto(&address);
    let case = Page::of(&browser);
    case.expect_state("case");
    shot(&case, "case");
    say(&case, "escalate", "4th call today, nobody rings back");
    shot(&case, "escalating");
    send(&case);
    case.expect("[data-kind=escalated]");
    shot(&case, "escalated");
    act(
        &scene,
        &owner,
        &number,
        &[
            json!({"action": "assess", "severity": "minor", "issues": [{"id": 1, "category": "maintenance", "stage": "use", "text": "Outage"}], "text": "Our engineer has the log of your line."}),
            json!({"action": "begin"}),
            json!({"action": "draft", "issues": [{"id": 1, "outcome": "declined"}], "reason": "contract-terms",
                "text": "We cannot refund November.", "explanation": "Your contract refunds outages from the fifth day on; this one took three.",
                "alternative": "December at half the price, and a second line at no cost until March.",
                "review_route": "Ask for a second look on this page. Somebody who has not seen your case before decides."}),
        ],
    );
    act(&scene, &approver, &number, &[json!({"action": "sign-off"})]);
    act(&scene, &owner, &number, &[json!({"action": "respond"})]);
    browser.reload();
    case.expect("[data-act=review]");
    shot(&case, "declined");
    say(
        &case,
        "review",
        "it was 5 days with the weekend, check ur own log!!",
    );
    shot(&case, "asking-review");
    send(&case);
    case.expect("[data-status=under-review]");
    shot(&case, "under-review");
    let upheld = json!({"action": "review", "issues": [{"id": 1, "outcome": "upheld"}], "text": "You are right: it was five days. November is refunded.",
        "remedy": "The whole of November, back on your account", "remedy_due": "2099-01-05T12:00Z"});
    act(&scene, &reviewer, &number, &[upheld]);
    browser.reload();
    case.expect("[data-outcome]");
    shot(&case, "reviewed");

    // Without the link: number and key, a wrong one, too many wrong ones, and the link by mail.
    browser.goto(&[&scene.endpoint.origin(), "/c/", &number].concat());
    let lookup = Page::of(&browser);
    lookup.expect_state("lookup");
    shot(&lookup, "lookup");
    let wrong = |times: u32| {
        for _ in 0..times {
            let field = lookup.wait("the field for the key", || lookup.find("#secret"));
            lookup.reach(&field, Means::Touch);
            browser.type_text("x");
            lookup.act_forward(Means::Touch);
            lookup.wait("an answer", || {
                lookup.find("[data-error]:not(:empty)").map(|_| ())
            });
        }
    };
    wrong(1);
    assert!(text(&lookup, "[data-error]").starts_with("No case fits"));
    shot(&lookup, "wrong-key");
    // Strangers try, too.
    let tried = lookup.browser.run(
        "const [path, done] = [arguments[0], arguments[arguments.length - 1]]; const tries = []; \
         for (let n = 0; n < 25; n++) tries.push(fetch(path, {headers: {authorization: 'Bearer ' + n}}).then(it => it.status)); \
         return Promise.all(tries);",
        &[json!(format!("/v1/cases/{number}"))],
    );
    assert!(tried.to_string().contains("429"), "{tried}");
    wrong(1);
    let told = lookup.wait("the true word", || {
        let told = text(&lookup, "[data-error]");
        told.starts_with("Too many wrong keys").then_some(told)
    });
    assert!(told.contains(':') && !told.contains('{'), "{told}");
    shot(&lookup, "too-many-keys");
    lookup.act_press("[data-act=lost-link]", Means::Touch);
    lookup.expect("[data-link-said]:not(:empty)");
    shot(&lookup, "lost-link");
    // The right one opens all the same.
    browser.goto(&address);
    browser.reload();
    Page::of(&browser).expect_state("case");
}
