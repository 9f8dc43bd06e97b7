//! What the eye and the finger need: contrast of words and of the edges of controls (WCAG 2.2, 1.4.3 and 1.4.11), and the
//! size of targets (2.5.8, and look.md's larger ones).

use serde::Deserialize;
use serde_json::Value;

use crate::driver::Browser;
use crate::page::Page;

/// Collects what is judged.
const COLLECT: &str = include_str!("contrast.js");

/// Words on their ground; large or bold ones may have 3, none of ours needs that.
const LEAST_TEXT: f64 = 4.5;
/// The edge of a control on the ground around it.
const LEAST_EDGE: f64 = 3.0;
/// Height and width of anything a finger is meant to hit.
const LEAST_TARGET: f64 = 44.0;
/// Width of one point of a scale: eleven of them stand side by side at 320 px.
const LEAST_POINT: f64 = 24.0;

/// Red, green, blue from 0 to 255, and alpha from 0 to 1.
type Colour = [f64; 4];

#[derive(Debug, Deserialize)]
struct Seen {
    texts: Vec<Text>,
    controls: Vec<Control>,
}

#[derive(Debug, Deserialize)]
struct Text {
    what: String,
    color: Colour,
    opacity: f64,
    grounds: Vec<Colour>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Control {
    what: String,
    kind: String,
    width: f64,
    height: f64,
    is_disabled: bool,
    edges: Vec<Colour>,
    grounds: Vec<Colour>,
}

/// Everything on the widget that is too pale or too small, one line each; and how many things were looked at.
pub(crate) fn look_at(page: &Page<'_>) -> (Vec<String>, usize) {
    page.wait("the page to stand still", || page.is_still().then_some(()));
    judge(page.run(COLLECT, &[]))
}

/// The same of a page that is no widget.
pub(crate) fn look_at_document(browser: &Browser) -> (Vec<String>, usize) {
    const WHOLE: &str = r#"
        const [shadow, root] = [document, document.body];
        const isShown = (node) => Boolean(node?.checkVisibility({ visibilityProperty: true }));
        const boxOf = (node) => node;
        "#;
    judge(browser.run(&[WHOLE, COLLECT].concat(), &[]))
}

fn judge(seen: Value) -> (Vec<String>, usize) {
    let seen: Seen = serde_json::from_value(seen).expect("the collecting script gives this shape");
    let count = seen.texts.len() + seen.controls.len();
    let mut faults = Vec::new();
    for text in &seen.texts {
        let ground = flatten(&text.grounds);
        let [red, green, blue, alpha] = text.color;
        let ratio = ratio(
            over([red, green, blue, alpha * text.opacity], ground),
            ground,
        );
        if ratio < LEAST_TEXT {
            faults.push(format!(
                "words {:?}: contrast {ratio:.2} < {LEAST_TEXT}",
                text.what
            ));
        }
    }
    for control in &seen.controls {
        // It has the focus only so that a keyboard can move what is in it.
        if control.kind == "scroll" {
            continue;
        }
        let ground = flatten(&control.grounds);
        let best = control
            .edges
            .iter()
            .map(|edge| ratio(over(*edge, ground), ground))
            .fold(0.0, f64::max);
        // A quiet button is its words, which were looked at above.
        if !control.edges.is_empty() && !control.is_disabled && best < LEAST_EDGE {
            faults.push(format!(
                "edge of {:?}: contrast {best:.2} < {LEAST_EDGE}",
                control.what
            ));
        }
        let is_point = control
            .kind
            .split_whitespace()
            .any(|class| class == "point");
        let least = if is_point { LEAST_POINT } else { LEAST_TARGET };
        let (width, height) = (control.width, control.height);
        if width < least - 0.01 || height < LEAST_TARGET - 0.01 {
            faults.push(format!(
                "target {:?}: {width:.0} × {height:.0} < {least} × {LEAST_TARGET}",
                control.what
            ));
        }
    }
    (faults, count)
}

/// One opaque colour from grounds that lie on each other, nearest first, on a white canvas.
fn flatten(grounds: &[Colour]) -> Colour {
    grounds
        .iter()
        .rev()
        .fold([255.0, 255.0, 255.0, 1.0], |below, above| {
            over(*above, below)
        })
}

/// Source-over compositing on an opaque ground.
fn over(above: Colour, below: Colour) -> Colour {
    let alpha = above[3];
    let mix = |place: usize| above[place] * alpha + below[place] * (1.0 - alpha);
    [mix(0), mix(1), mix(2), 1.0]
}

/// WCAG 2.2's contrast ratio of two opaque colours, from 1 to 21.
pub(crate) fn ratio(one: Colour, other: Colour) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// WCAG 2.2's relative luminance of an sRGB colour.
fn luminance([red, green, blue, _]: Colour) -> f64 {
    let linear = |channel: f64| {
        let part = channel / 255.0;
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}
