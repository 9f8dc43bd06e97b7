//! How long one answer takes in a survey of 500 questions and 500 conditions, beside survey-core in the same page: by hand
//! (`make speed`), because it needs survey-core itself and a machine that does nothing else.

use serde_json::{Value, json};

use crate::device::Device;
use crate::driver::Browser;
use crate::endpoint::snippet;
use crate::hosts::HostPage;
use crate::page::Page;
use crate::scene::Scene;

/// 50 pages of 10 questions, each with a condition. Wide: all look at the first answer, and change with it. Narrow: each
/// looks at the one before it.
fn definition(is_wide: bool) -> Value {
    let question = |n: usize| {
        let condition = match n {
            0 => "{q499} <> 'x'".to_owned(),
            _ if is_wide && n.is_multiple_of(2) => "{q0} = 'a'".to_owned(),
            _ if is_wide => "{q0} = 'b'".to_owned(),
            _ => format!("{{q{}}} <> 'x'", n - 1),
        };
        json!({"type": "radiogroup", "name": format!("q{n}"), "visibleIf": condition,
            "choices": [{"value": "a", "text": "Yes"}, {"value": "b", "text": "No"}]})
    };
    let page = |n: usize| json!({"name": format!("page{n}"), "elements": (n * 10..n * 10 + 10).map(question).collect::<Vec<_>>()});
    json!({"pages": (0..50).map(page).collect::<Vec<_>>()})
}

/// Median milliseconds of an answer, taken in turns: [ours until the rules are applied, survey-core's the same, ours until
/// all is shown]. Of survey-core nothing is shown.
const MEASURE: &str = r"
    const turn = () => new Promise((done) => {
        const channel = new MessageChannel();
        channel.port1.onmessage = done;
        channel.port2.postMessage(0);
    });
    const model = new Survey.Model(arguments[1]);
    const inputs = [...shadow.querySelectorAll('[data-question=q0] input')];
    const time = async (act) => {
        let [applied, began] = [0, performance.now()];
        for (let n = 0; n < 20; n++) {
            const before = performance.now();
            act(n);
            applied += performance.now() - before;
            await turn();
        }
        return [applied / 20, (performance.now() - began) / 20];
    };
    const middle = (times) => times.sort((a, b) => a - b)[times.length >> 1];
    return (async () => {
        const [ours, theirs, shown] = [[], [], []];
        for (let round = 0; round < 9; round++) {
            const [applied, whole] = await time((n) => inputs[n % 2].click());
            ours.push(applied);
            shown.push(whole);
            theirs.push((await time((n) => model.setValue('q0', n % 2 ? 'b' : 'a')))[0]);
        }
        return [middle(ours), middle(theirs), middle(shown)];
    })();";

#[test]
#[ignore = "needs survey-core: make speed"]
#[allow(clippy::print_stdout, reason = "the figures are what it is run for")]
fn one_answer_among_500_questions_takes_a_tenth_of_the_time() {
    let file = std::env::var_os("QINGTING_SURVEY_CORE")
        .expect("QINGTING_SURVEY_CORE names survey.core.min.js");
    let core = std::fs::read_to_string(file).expect("survey-core can be read");
    let scene = Scene::with_pages(|origin| {
        let page = |survey: &str| {
            let (script, element) = snippet(origin, survey, "");
            HostPage::html(
                &["<script src=\"/core.js\"></script>", &script].concat(),
                &element,
            )
        };
        vec![
            ("/wide", page("wide")),
            ("/narrow", page("narrow")),
            ("/core.js", HostPage::script(core)),
        ]
    });
    for (name, is_wide) in [("wide", true), ("narrow", false)] {
        let definition = definition(is_wide);
        scene.endpoint.publish(name, &definition);
        let browser = Browser::open(&Device::laptop());
        browser.goto(&scene.hosts.url(&format!("/{name}")));
        let page = Page::of(&browser);
        page.expect_state("asking");
        page.expect_ready();
        let measured = page.run(MEASURE, &[definition]);
        let time = |at: usize| measured[at].as_f64().unwrap_or_default();
        println!(
            "{name}: {:.2} ms, survey-core {:.2} ms: {:.1} times; with all that is shown {:.2} ms",
            time(0),
            time(1),
            time(1) / time(0),
            time(2)
        );
        assert!(
            time(0) > 0.0 && time(0) * 10.0 <= time(1),
            "{name}: {measured}"
        );
    }
}
