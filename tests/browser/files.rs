//! Photos as answers: chosen without a network, there again after a reload, sent before the sheet that names them.

use serde_json::{Value, json};

use crate::complaints::{choose, from_phone, photos, png, shoot};
use crate::device::Device;
use crate::driver::{Browser, Key};
use crate::endpoint::snippet;
use crate::hosts::HostPage;
use crate::page::{Means, Page};
use crate::process::eventually;
use crate::scene::{SOON, Scene};

fn scene() -> Scene {
    let scene = Scene::with_pages(|origin| {
        let (script, element) = snippet(origin, "damage", "delivery=\"SO-1042\"");
        vec![("/damage", HostPage::html(&script, &element))]
    });
    let definition = json!({"title": {"default": "Damage", "zh-CN": "货损"}, "pages": [{"name": "p", "elements": [
        {"type": "file", "name": "damage", "title": {"default": "Show us what is broken", "zh-CN": "请拍下损坏的地方"},
            "acceptedTypes": "image/*", "allowMultiple": true, "maxFiles": 3, "isRequired": true},
        {"type": "comment", "name": "words", "title": {"default": "What happened?", "zh-CN": "发生了什么？"}}
    ]}]});
    scene.endpoint.publish("damage", &definition);
    scene
}

/// How many photos the device keeps.
const KEPT: &str = r#"
    return new Promise((resolve) => {
      const request = indexedDB.open("qingting");
      request.onsuccess = () => {
        const all = request.result.transaction("sheets").objectStore("sheets").getAll();
        all.onsuccess = () => {
          request.result.close();
          resolve(all.result.filter((entry) => entry.kind === "photo").length);
        };
      };
    });"#;

fn answered(page: &Page<'_>) -> u64 {
    photos(page, ".photos img")
}

#[test]
fn photos_chosen_without_a_network_arrive_with_the_answers_that_name_them() {
    let scene = scene();
    let browser = Browser::open(&Device::phone().still().speaking("zh-CN"));
    browser.goto(&scene.hosts.url("/damage"));
    let page = Page::of(&browser);
    page.expect_state("asking");
    page.expect("[data-field=photos]");
    // It is asked for, and says so.
    page.act_forward(Means::Touch);
    assert!(!page.expect_error("damage").is_empty());
    choose(&page, &[("说明.pdf", b"%PDF-1.7".to_vec())]);
    page.expect("[data-photo-error]:not(:empty)");
    browser.set_offline(true);
    choose(&page, &[("IMG_2231.HEIC", from_phone()), ("2.png", png())]);
    page.wait("two photos", || (answered(&page) == 2).then_some(()));
    page.expect_no_error("damage");
    page.act_write("words", "外箱压扁了，两块板子都弯了", Means::Touch);
    shoot(&page, "files-zh");
    // With a name for those who do not see it, and a way to take it away.
    let names = "return [...shadow.querySelectorAll('.photos img')].map(it => it.alt)";
    assert_eq!(page.run(names, &[]), json!(["IMG_2231.jpg", "2.jpg"]));
    choose(&page, &[("3.png", png()), ("4.png", png())]);
    page.wait("three, and no more", || {
        (answered(&page) == 3).then_some(())
    });
    page.act_press(".photos li:nth-child(3) button", Means::Touch);
    page.wait("two photos", || (answered(&page) == 2).then_some(()));
    page.act_forward(Means::Touch);
    page.expect_notice("offline");
    assert!(scene.endpoint.rows().is_empty());
    browser.set_offline(false);
    let rows = eventually(SOON, || {
        Some(scene.endpoint.complete_rows()).filter(|rows| !rows.is_empty())
    });
    let rows = rows.unwrap_or_else(|| page.fail("a row"));
    let files = rows[0]["answers"]["damage"].as_array().unwrap().clone();
    let of = |key: &str| -> Vec<Value> { files.iter().map(|file| file[key].clone()).collect() };
    assert_eq!(of("name"), [json!("IMG_2231.jpg"), json!("2.jpg")]);
    assert_eq!(of("type"), [json!("image/jpeg"), json!("image/jpeg")]);
    // What is kept is upright, and has neither place nor device.
    let key = scene.endpoint.add_staff("Li Wei", "case-manager");
    let stored = crate::complaints::staff_bytes(
        &scene,
        &key,
        &format!(
            "/v1/staff/responses/{}/photos/{}",
            rows[0]["id"].as_str().unwrap(),
            files[0]["content"].as_str().unwrap()
        ),
    );
    let has = |needle: &[u8]| stored.windows(needle.len()).any(|window| window == needle);
    assert!(!has(b"SECRETCAM") && !has(b"GPS") && !has(b"Exif"));
    let size = image::load_from_memory(&stored).unwrap();
    assert_eq!((size.width(), size.height()), (30, 60));
}

#[test]
fn photos_of_a_draft_are_there_again_after_a_reload_and_keys_reach_everything() {
    let scene = scene();
    let browser = Browser::open(&Device::laptop().still());
    browser.goto(&scene.hosts.url("/damage"));
    let page = Page::of(&browser);
    page.expect_state("asking");
    page.expect("[data-field=photos]");
    choose(&page, &[("1.jpg", from_phone())]);
    page.wait("a photo", || (answered(&page) == 1).then_some(()));
    page.act_write("words", "crushed corner, see photo", Means::Keyboard);
    // Kept a moment after the last letter.
    std::thread::sleep(std::time::Duration::from_millis(1_500));
    browser.reload();
    page.expect_state("asking");
    page.wait("the photo again", || (answered(&page) == 1).then_some(()));
    let field = page.find("[data-field=photos]").unwrap();
    assert!(
        browser.label(&field).contains("photo"),
        "{}",
        browser.label(&field)
    );
    let remove = page.find("[data-act=remove-photo]").unwrap();
    assert!(browser.label(&remove).contains("1.jpg"));
    page.reach(&remove, Means::Keyboard);
    browser.press(Key::Space);
    page.wait("no photo", || (answered(&page) == 0).then_some(()));
    // Nor on the device.
    page.wait("nothing kept", || {
        (browser.run(KEPT, &[]) == json!(0)).then_some(())
    });
    choose(&page, &[("2.png", png())]);
    page.wait("another", || (answered(&page) == 1).then_some(()));
    page.act_forward(Means::Keyboard);
    page.expect_state("done");
    let row = scene.expect_exactly_one_row();
    assert_eq!(row["answers"]["damage"][0]["name"], "2.jpg");
}
