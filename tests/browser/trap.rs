//! The field that no person sees: whoever fills in every field is marked, and nobody who looks, tabs or listens meets it.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::device::Device;
use crate::driver::Browser;
use crate::page::{Means, Page};
use crate::person::ANGRY;
use crate::scene::Scene;

/// What a program does with a form.
const FILL_EVERYTHING: &str = "
    for (const field of shadow.querySelectorAll('input:not([type=radio]):not([type=checkbox])')) {
        field.value = 'https://cheap-pills.example'
        field.dispatchEvent(new Event('input', { bubbles: true }))
    }";

/// What somebody who looks, tabs or listens meets of the field.
const MET: &str = "
    const trap = shadow.querySelector('[name=website]')
    trap.focus()
    return [trap.checkVisibility(), shadow.activeElement === trap, trap.getClientRects().length > 0, trap.autocomplete !== 'off']";

fn wait_for_trap(page: &Page<'_>) {
    let begin = Instant::now();
    while page.run("return !!shadow.querySelector('[name=website]')", &[]) != json!(true) {
        assert!(
            begin.elapsed() < Duration::from_secs(20),
            "there is no trap"
        );
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn who_fills_in_everything_is_marked_and_a_person_never_meets_the_field() {
    let scene = Scene::new();
    let suspects = |is_program: bool| -> Vec<Value> {
        let browser = Browser::open(&Device::phone());
        let page = scene.visit(&browser);
        wait_for_trap(&page);
        assert_eq!(page.run(MET, &[]), json!([false, false, false, false]));
        ANGRY.fill_in(&page, Means::Touch);
        if is_program {
            page.run(FILL_EVERYTHING, &[]);
        }
        page.act_forward(Means::Touch);
        page.expect_receipt();
        let rows = scene.endpoint.complete_rows();
        rows.iter().map(|row| row["suspect"].clone()).collect()
    };
    assert_eq!(suspects(true), [true]);
    // The control: the same answers, by somebody who fills in what is asked.
    assert_eq!(suspects(false), [true, false]);
    let results = scene.endpoint.command(&["results", "--survey", "delivery"]);
    assert!(
        results.contains("1 complete") && results.contains("1 more look"),
        "{results}"
    );
}
