//! Mouse, fingers and keyboard, as the operating system would send them.

use serde_json::{Value, json};

use super::Browser;

impl Browser {
    /// Clicks with a real mouse at a place of the viewport.
    pub(crate) fn press_mouse(&self, (x, y): (f64, f64)) {
        self.move_mouse((x, y));
        self.mouse(
            &json!([{ "type": "pointerDown", "button": 0 }, { "type": "pointerUp", "button": 0 }]),
        );
    }

    /// Moves the mouse to a place of the viewport.
    pub(crate) fn move_mouse(&self, (x, y): (f64, f64)) {
        self.mouse(&json!([{ "type": "pointerMove", "duration": 0, "origin": "viewport", "x": x as i64, "y": y as i64 }]));
    }

    fn mouse(&self, actions: &Value) {
        let parameters = json!({ "pointerType": "mouse" });
        self.post(
            "actions",
            &json!({ "actions": [{ "type": "pointer", "id": "mouse", "parameters": parameters, "actions": actions }] }),
        );
    }

    /// Holds the mouse at one place and lets it go at another, with a stop between.
    pub(crate) fn drag_mouse(&self, (x, y): (f64, f64), to: (f64, f64)) {
        self.move_mouse((x, y));
        self.mouse(&json!([{ "type": "pointerDown", "button": 0 }]));
        self.move_mouse(((x + to.0) / 2.0, (y + to.1) / 2.0));
        self.move_mouse(to);
        self.mouse(&json!([{ "type": "pointerUp", "button": 0 }]));
    }

    /// Taps with a finger at a place of the viewport.
    pub(crate) fn tap(&self, (x, y): (f64, f64)) {
        self.cdp(
            "Input.dispatchTouchEvent",
            &json!({ "type": "touchStart", "touchPoints": [{ "x": x, "y": y }] }),
        );
        self.cdp(
            "Input.dispatchTouchEvent",
            &json!({ "type": "touchEnd", "touchPoints": [] }),
        );
    }

    /// Puts a finger down at one place and lifts it at another, with a stop between.
    pub(crate) fn drag_finger(&self, (x, y): (f64, f64), to: (f64, f64)) {
        let touch = |kind: &str, points: Value| {
            self.cdp(
                "Input.dispatchTouchEvent",
                &json!({ "type": kind, "touchPoints": points }),
            );
        };
        touch("touchStart", json!([{ "x": x, "y": y }]));
        let between = ((x + to.0) / 2.0, (y + to.1) / 2.0);
        for (x, y) in [between, to] {
            touch("touchMove", json!([{ "x": x, "y": y }]));
        }
        touch("touchEnd", json!([]));
    }

    /// Marks everything in the field that has the focus.
    pub(crate) fn select_all(&self) {
        self.keys(&["a".to_owned()], Some('\u{E009}'));
    }

    /// Presses and releases one key wherever the focus is.
    pub(crate) fn press(&self, key: Key) {
        self.keys(&[key.code().to_string()], None);
    }

    /// The same with Shift held.
    pub(crate) fn press_with_shift(&self, key: Key) {
        self.keys(&[key.code().to_string()], Some('\u{E008}'));
    }

    /// Types text wherever the focus is, key by key.
    pub(crate) fn type_text(&self, text: &str) {
        let keys: Vec<String> = text.chars().map(String::from).collect();
        self.keys(&keys, None);
    }

    fn keys(&self, keys: &[String], held: Option<char>) {
        let mut actions = Vec::new();
        if let Some(held) = held {
            actions.push(json!({ "type": "keyDown", "value": held }));
        }
        for key in keys {
            actions.push(json!({ "type": "keyDown", "value": key }));
            actions.push(json!({ "type": "keyUp", "value": key }));
        }
        if let Some(held) = held {
            actions.push(json!({ "type": "keyUp", "value": held }));
        }
        self.post(
            "actions",
            &json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] }),
        );
    }
}

/// The keys that are no characters, and the two that do something in a form.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Key {
    Tab,
    Enter,
    Space,
    Backspace,
    Left,
    Right,
    Up,
    Down,
}

impl Key {
    fn code(self) -> char {
        match self {
            Self::Tab => '\u{E004}',
            Self::Enter => '\u{E007}',
            Self::Space => ' ',
            Self::Backspace => '\u{E003}',
            Self::Left => '\u{E012}',
            Self::Up => '\u{E013}',
            Self::Right => '\u{E014}',
            Self::Down => '\u{E015}',
        }
    }
}
