//! Every state looks different from every other; with `QINGTING_SCREENS` set to a folder, screenshots of all of them.

use std::collections::HashMap;
use std::path::PathBuf;
use std::{env, fs};

use crate::device::Device;
use crate::scene::Scene;
use crate::states;

/// Walks through the states, saves what was seen if a folder is given, and checks that no two states look the same.
fn shoot(device: &Device, name: &str) {
    let folder = env::var_os("QINGTING_SCREENS").map(PathBuf::from);
    let mut seen: HashMap<Vec<u8>, String> = HashMap::new();
    states::walk(&Scene::new(), device, |state, page| {
        // Where the system forces its colours, the pointer itself is the sign of hovering; a browser on a machine without a
        // mouse says that nothing hovers.
        let hovers = || {
            page.browser
                .run("return matchMedia('(hover: hover)').matches", &[])
        };
        if state == "hover" && (device.has_forced_colours || hovers() != true) {
            return;
        }
        page.wait("the page to stand still", || page.is_still().then_some(()));
        let picture = page.browser.screenshot();
        if let Some(folder) = &folder {
            fs::create_dir_all(folder).expect("the folder for screenshots can be made");
            fs::write(folder.join(format!("{name}-{state}.png")), &picture)
                .expect("a screenshot can be written");
        }
        if let Some(other) = seen.insert(picture, state.to_owned()) {
            panic!("{state} looks like {other} on {name}");
        }
    });
}

#[test]
fn every_state_looks_different() {
    shoot(&Device::phone().still(), "375-light-en");
}

#[test]
fn every_state_looks_different_where_the_system_forces_its_colours() {
    shoot(
        &Device::laptop().still().in_forced_colours(),
        "1280-forced-en",
    );
}

#[test]
fn screenshots_of_every_look_are_taken_where_asked_for() {
    let widths = [
        ("320", Device::small_phone()),
        ("375", Device::phone()),
        ("1280", Device::laptop()),
    ];
    let mut looks = Vec::new();
    for (width, device) in widths {
        for (language, locale) in [("en", "en-GB"), ("zh", "zh-CN")] {
            let device = device.clone().still().speaking(locale);
            looks.push((format!("{width}-light-{language}"), device.clone()));
            looks.push((format!("{width}-dark-{language}"), device.dark()));
        }
    }
    assert_eq!(looks.len(), 12);
    if env::var_os("QINGTING_SCREENS").is_none() {
        // One of those that no other test walks through.
        looks.retain(|(name, _)| name == "320-dark-zh");
    }
    for (name, device) in looks {
        shoot(&device, &name);
    }
}
