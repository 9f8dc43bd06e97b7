//! A small WebDriver client: one chromedriver and one Chromium for each test, in words of the protocol.

/// Mouse, fingers and keyboard.
mod input;
/// Requests, answers and refusals.
mod protocol;

use std::path::Path;
use std::process::Command;
use std::time::Duration;
use std::{env, fs};

use serde_json::{Value, json};

pub(crate) use self::input::Key;
pub(crate) use self::protocol::Refusal;
use self::protocol::{call, decode_base64};
use crate::device::Device;
use crate::process::{Folder, Process, Turn, signal};

const ADVICE: &str = "Browser tests need Chromium and its driver: `make setup`, or `apt-get install chromium chromium-driver`.";

/// The key under which the protocol hides an element's id.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// An element of the page: only the id the driver gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Element(String);

impl Element {
    /// The element in a script's answer, if it is one.
    pub(crate) fn from_value(value: &Value) -> Option<Self> {
        value.get(ELEMENT)?.as_str().map(|id| Self(id.to_owned()))
    }

    /// The element as a script's argument.
    pub(crate) fn to_value(&self) -> Value {
        json!({ ELEMENT: self.0 })
    }
}

/// One Chromium with one window. It ends on drop, with its driver.
#[derive(Debug)]
pub(crate) struct Browser {
    agent: ureq::Agent,
    /// `http://127.0.0.1:PORT/session/ID`
    base: String,
    chromium: Option<u32>,
    // In the order in which they must end: driver, profile folder, turn.
    _driver: Process,
    profile: Profile,
    _turn: Turn,
}

#[derive(Debug)]
enum Profile {
    Own(Folder),
    Kept(String),
}

impl Profile {
    fn path(&self) -> String {
        match self {
            Self::Own(folder) => folder.path().display().to_string(),
            Self::Kept(path) => path.clone(),
        }
    }
}

impl Browser {
    /// Opens a browser that has never seen anything.
    pub(crate) fn open(device: &Device) -> Self {
        Self::start(device, Profile::Own(Folder::new("profile")), &json!({}))
    }

    /// Opens a browser whose owner has forbidden every site to store anything.
    pub(crate) fn open_without_storage(device: &Device) -> Self {
        let blocked = json!({ "profile.default_content_setting_values.cookies": 2 });
        Self::start(device, Profile::Own(Folder::new("profile")), &blocked)
    }

    /// Opens a browser that keeps its storage in `profile`, so that a later one can go on with it.
    pub(crate) fn open_again(device: &Device, profile: &Path) -> Self {
        Self::start(
            device,
            Profile::Kept(profile.display().to_string()),
            &json!({}),
        )
    }

    fn start(device: &Device, profile: Profile, preferences: &Value) -> Self {
        let turn = Turn::take();
        let program =
            env::var("QINGTING_CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".to_owned());
        let (driver, port) = start_driver(&program);
        let args = [
            "--headless".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-quic".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--hide-scrollbars".to_owned(),
            format!("--window-size={},{}", device.width, device.height),
            format!("--accept-lang={}", device.locale),
            format!("--user-data-dir={}", profile.path()),
        ];
        let mut options = json!({ "args": args, "prefs": preferences });
        if let Ok(binary) = env::var("QINGTING_CHROMIUM") {
            options["binary"] = json!(binary);
        }
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .into();
        let session = call(
            &agent,
            "POST",
            &format!("http://127.0.0.1:{port}/session"),
            &json!({ "capabilities": { "alwaysMatch": {
                "browserName": "chrome",
                "goog:chromeOptions": options,
                "goog:loggingPrefs": { "browser": "ALL" },
                "timeouts": { "script": 20_000, "pageLoad": 20_000, "implicit": 0 },
                "unhandledPromptBehavior": "accept",
            } } }),
        );
        let session = match session {
            Ok(session) => session,
            Err(refusal) => panic!("no browser session: {refusal}\n{ADVICE}"),
        };
        let id = session["sessionId"].as_str().unwrap_or_default();
        let browser = Self {
            agent,
            base: format!("http://127.0.0.1:{port}/session/{id}"),
            chromium: session["capabilities"]["goog:processID"]
                .as_u64()
                .and_then(|pid| u32::try_from(pid).ok()),
            _driver: driver,
            profile,
            _turn: turn,
        };
        browser.become_device(device);
        browser
    }

    /// Changes screen, fingers, language and looks, as if the person took another device.
    pub(crate) fn become_device(&self, device: &Device) {
        let (width, height) = (device.width, device.height);
        self.cdp(
            "Emulation.setDeviceMetricsOverride",
            &json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": device.is_touch }),
        );
        let touch = json!({ "enabled": device.is_touch, "maxTouchPoints": if device.is_touch { 5 } else { 1 } });
        self.cdp("Emulation.setTouchEmulationEnabled", &touch);
        let of =
            |is_set: bool, set: &'static str, unset: &'static str| if is_set { set } else { unset };
        self.cdp(
            "Emulation.setEmulatedMedia",
            &json!({ "features": [
                { "name": "prefers-color-scheme", "value": of(device.is_dark, "dark", "light") },
                { "name": "prefers-reduced-motion", "value": of(device.has_reduced_motion, "reduce", "no-preference") },
                { "name": "forced-colors", "value": of(device.has_forced_colours, "active", "none") },
            ] }),
        );
        let agent = self.cdp("Browser.getVersion", &json!({}))["userAgent"].clone();
        self.cdp(
            "Network.setUserAgentOverride",
            &json!({ "userAgent": agent, "acceptLanguage": device.locale }),
        );
    }

    /// Opens a page and waits until it has loaded.
    pub(crate) fn goto(&self, url: &str) {
        self.post("url", &json!({ "url": url }));
    }

    /// Loads the page again.
    pub(crate) fn reload(&self) {
        self.post("refresh", &json!({}));
    }

    /// Runs a script with arguments and gives what it returns.
    pub(crate) fn run(&self, script: &str, args: &[Value]) -> Value {
        match self.try_run(script, args) {
            Ok(value) => value,
            Err(refusal) => panic!("script failed: {refusal}\n{script}"),
        }
    }

    /// Runs a script; an element that has gone meanwhile is an answer and no failure.
    pub(crate) fn try_run(&self, script: &str, args: &[Value]) -> Result<Value, Refusal> {
        self.request(
            "POST",
            "execute/sync",
            &json!({ "script": script, "args": args }),
        )
    }

    /// Speaks to Chromium's own protocol.
    pub(crate) fn cdp(&self, command: &str, params: &Value) -> Value {
        self.post(
            "goog/cdp/execute",
            &json!({ "cmd": command, "params": params }),
        )
    }

    /// What the browser tells assistive technology an element is.
    pub(crate) fn role(&self, element: &Element) -> String {
        self.of_element(element, "computedrole")
    }

    /// What the browser tells assistive technology an element is called.
    pub(crate) fn label(&self, element: &Element) -> String {
        self.of_element(element, "computedlabel")
    }

    fn of_element(&self, element: &Element, what: &str) -> String {
        match self.request(
            "GET",
            &format!("element/{}/{what}", element.0),
            &Value::Null,
        ) {
            Ok(value) => value.as_str().unwrap_or_default().to_owned(),
            Err(refusal) => panic!("{what}: {refusal}"),
        }
    }

    /// What the browser tells assistive technology an element is described by (hints and errors).
    pub(crate) fn description(&self, element: &Element) -> String {
        self.cdp("Accessibility.enable", &json!({}));
        self.run("globalThis.__asked = arguments[0]", &[element.to_value()]);
        let object = self.cdp(
            "Runtime.evaluate",
            &json!({ "expression": "globalThis.__asked" }),
        );
        let tree = self.cdp(
            "Accessibility.getPartialAXTree",
            &json!({ "objectId": object["result"]["objectId"], "fetchRelatives": false }),
        );
        tree["nodes"][0]["description"]["value"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// What the page wrote on the console since the last call, exceptions and failed loads included.
    pub(crate) fn console(&self) -> Vec<String> {
        let entries = self.post("se/log", &json!({ "type": "browser" }));
        let entries = entries.as_array().cloned().unwrap_or_default();
        let line = |entry: &Value| {
            format!(
                "{} {}",
                entry["level"].as_str().unwrap_or(""),
                entry["message"].as_str().unwrap_or("")
            )
        };
        entries.iter().map(line).collect()
    }

    /// Writes what is on the screen as PNG.
    pub(crate) fn screenshot(&self) -> Vec<u8> {
        let answer = self.cdp("Page.captureScreenshot", &json!({ "format": "png" }));
        decode_base64(answer["data"].as_str().unwrap_or_default())
    }

    /// Writes the whole page as PNG, also what is out of sight.
    pub(crate) fn screenshot_of_page(&self) -> Vec<u8> {
        let answer = self.cdp(
            "Page.captureScreenshot",
            &json!({ "format": "png", "captureBeyondViewport": true }),
        );
        decode_base64(answer["data"].as_str().unwrap_or_default())
    }

    /// Clicks an element as the driver does it; for what the system draws and no page can be asked about.
    pub(crate) fn click(&self, element: &Element) {
        self.post(&format!("element/{}/click", element.0), &json!({}));
    }

    /// Cuts the page off the network, or joins it again.
    pub(crate) fn set_offline(&self, is_offline: bool) {
        self.cdp("Network.enable", &json!({}));
        self.cdp(
            "Network.emulateNetworkConditions",
            &json!({ "offline": is_offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 }),
        );
    }

    /// Makes loads of these address patterns fail (`*` stands for anything); an empty list lets everything pass.
    pub(crate) fn block(&self, patterns: &[&str]) {
        self.cdp("Network.enable", &json!({}));
        self.cdp("Network.setBlockedURLs", &json!({ "urls": patterns }));
    }

    /// Runs a script in every page before the page's own.
    pub(crate) fn before_each_page(&self, script: &str) {
        self.cdp("Page.enable", &json!({}));
        self.cdp(
            "Page.addScriptToEvaluateOnNewDocument",
            &json!({ "source": script }),
        );
    }

    /// Chromium's own process, by which a test can see that it has ended.
    pub(crate) fn process_id(&self) -> u32 {
        self.chromium
            .expect("the driver says which process it started")
    }

    /// Ends the browser process as a phone's system does when memory is short: at once and unasked.
    pub(crate) fn kill(self) {
        if let Some(pid) = self.chromium {
            signal(pid, "KILL");
            // Whoever opens the profile while the process is still there is sent to it, and ends with it.
            let is_gone = || {
                let state = std::fs::read_to_string(format!("/proc/{pid}/stat"));
                state.map_or(true, |stat| stat.contains(") Z "))
            };
            for _ in 0..500 {
                if is_gone() {
                    break;
                }
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
        }
    }

    /// One command of the protocol.
    fn request(&self, method: &str, path: &str, body: &Value) -> Result<Value, Refusal> {
        call(&self.agent, method, &format!("{}/{path}", self.base), body)
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        match self.request("POST", path, body) {
            Ok(value) => value,
            Err(refusal) => panic!("{path} {body}: {refusal}"),
        }
    }
}

/// The driver, and the port it listens on. It looks for a free one itself, and ends when another program takes that in the
/// same moment.
fn start_driver(program: &str) -> (Process, u16) {
    loop {
        let driver = Process::start(
            // Chromium's own fields for dates are written in the language it was started in.
            Command::new(program)
                .arg("--port=0")
                .env("LANGUAGE", "en_US"),
            ADVICE,
        );
        let said = driver.wait_for_line("the driver's port", Duration::from_secs(90), |line| {
            if line.contains("port not available") {
                return Some(None);
            }
            let port = line.split("successfully on port ").nth(1)?;
            port.trim_end_matches('.').parse().ok().map(Some)
        });
        if let Some(port) = said {
            return (driver, port);
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The orderly way first, so that storage reaches the disk; then by id, and only if it is still ours.
        drop(self.request("DELETE", "", &Value::Null));
        if let Some(pid) = self.chromium {
            let line = fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            if line.contains(&self.profile.path()) {
                signal(pid, "KILL");
            }
        }
    }
}
