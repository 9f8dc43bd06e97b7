//! Three cases from intake to what stands on their page: a lunch gap in Shanghai, the Sunday on which the clocks change in
//! Berlin, and one that waited for its customer and was not solved. The dates are worked out by hand.

use std::time::Duration;

use qingting::complaint::Role;
use qingting::endpoint::calendar::Calendar;
use qingting::endpoint::clock::Timestamp;
use qingting::endpoint::store::Sqlite;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use crate::support::{Folder, NOW, TestServer};

const KEYS: [(&str, &str); 2] = [("Li Wei", "first key"), ("Anna Roth", "second key")];

/// An endpoint with this calendar, and two case managers.
fn with_calendar(calendar: &Json) -> TestServer {
    let folder = Folder::new().with_survey();
    let mut store = Sqlite::open(folder.path(), Duration::from_secs(5)).unwrap();
    for (name, key) in KEYS {
        let key = Sha256::digest(key).into();
        store
            .add_staff(name, Role::CaseManager, key, Timestamp(NOW))
            .unwrap()
            .unwrap();
    }
    drop(store);
    let calendar = Calendar::from_json(&calendar.to_string()).unwrap();
    TestServer::start_over(
        folder,
        |config| config.calendar = calendar,
        |store, reader| (store, std::sync::Arc::new(reader)),
    )
}

/// A day of a case: where the clock stands, and what its customer holds in hand.
struct Day<'a> {
    server: &'a TestServer,
    now: i64,
    taken: Json,
}

impl<'a> Day<'a> {
    /// The complaint comes in at this moment.
    fn begin(server: &'a TestServer, at: &str) -> Self {
        let mut day = Self {
            server,
            now: NOW,
            taken: Json::Null,
        };
        day.until(at);
        let body = json!({"id": format!("{:032x}", 1), "text": "no line since this morning, the shop is standing still", "urgency": "blocking"});
        day.taken = day.post("/v1/complaints", &[], &body, 201);
        day
    }

    fn until(&mut self, at: &str) {
        let at = at.parse::<Timestamp>().unwrap().0;
        self.server.pass(at - self.now);
        self.now = at;
    }

    fn post(&self, path: &str, headers: &[(&str, &str)], body: &Json, status: u16) -> Json {
        let headers = [&[("content-type", "application/json")], headers].concat();
        let answer = self
            .server
            .call("POST", path, &headers, body.to_string().as_bytes(), status);
        serde_json::from_slice(&answer.body).unwrap()
    }

    fn get(&self, path: &str, key: &str) -> Json {
        let bearer = format!("Bearer {key}");
        let answer = self
            .server
            .call("GET", path, &[("authorization", &bearer)], b"", 200);
        serde_json::from_slice(&answer.body).unwrap()
    }

    fn number(&self) -> &str {
        self.taken["number"].as_str().unwrap()
    }

    fn customer(&self, action: &str, body: &Json) {
        let bearer = format!("Bearer {}", self.taken["secret"].as_str().unwrap());
        let path = format!("/v1/cases/{}/{action}", self.number());
        self.post(&path, &[("authorization", &bearer)], body, 200);
    }

    fn staff(&self, who: usize, action: &Json) {
        let path = format!("/v1/staff/cases/{}", self.number());
        let key = KEYS[who].1;
        let tag = format!("\"{}\"", self.get(&path, key)["version"]);
        let bearer = format!("Bearer {key}");
        let headers = [
            ("authorization", bearer.as_str()),
            ("if-match", tag.as_str()),
        ];
        self.post(&path, &headers, action, 200);
    }

    /// What stands on the page: (state, what comes next, when).
    fn page(&self) -> (String, String, String) {
        let path = format!("/v1/cases/{}", self.number());
        let seen = self.get(&path, self.taken["secret"].as_str().unwrap());
        let word = |value: &Json| value.as_str().unwrap().to_owned();
        (
            word(&seen["status"]),
            word(&seen["next"]["kind"]),
            word(&seen["next"]["at"]),
        )
    }

    /// When a clock runs out, as staff see it.
    fn due(&self, kind: &str) -> String {
        let path = format!("/v1/staff/cases/{}", self.number());
        let inside = self.get(&path, KEYS[0].1);
        let clocks = inside["clocks"].as_array().unwrap().clone();
        let clock = clocks.iter().find(|clock| clock["kind"] == kind);
        let clock = clock.unwrap_or_else(|| panic!("no clock {kind}: {clocks:?}"));
        clock["due"].as_str().unwrap().to_owned()
    }
}

fn page(state: &str, next: &str, at: &str) -> (String, String, String) {
    (state.to_owned(), next.to_owned(), at.to_owned())
}

#[test]
fn in_shanghai_nobody_is_late_at_lunch() {
    let hours = json!([["09:00", "12:00"], ["13:30", "18:00"]]);
    let server = with_calendar(&json!({"zone": "Asia/Shanghai",
        "week": {"mon": hours, "tue": hours, "wed": hours, "thu": hours, "fri": hours}}));
    // Tuesday, 11:00 there.
    let day = Day::begin(&server, "2026-11-24T03:00Z");
    // 4 business hours: one before lunch, three behind it: 16:30.
    assert_eq!(day.due("first-response"), "2026-11-24T08:30:00.000Z");
    // 8 business hours: 1 + 4.5 today, 2.5 tomorrow: Wednesday, 11:30. The third business day ends on Friday at 18:00.
    assert_eq!(day.taken["promised"], "2026-11-27T10:00:00.000Z");
    assert_eq!(
        day.page(),
        page("acknowledged", "next-update", "2026-11-25T03:30:00.000Z")
    );
}

#[test]
fn in_berlin_the_sunday_of_the_summer_time_has_an_hour_less() {
    let hours = json!([["08:00", "16:00"]]);
    let server = with_calendar(
        &json!({"zone": "Europe/Berlin", "week": {"mon": hours, "tue": hours, "wed": hours,
        "thu": hours, "fri": hours, "sun": [["00:00", "06:00"]]}}),
    );
    // Sunday, 01:00; at 02:00 it is 03:00.
    let day = Day::begin(&server, "2027-03-28T00:00Z");
    // 4 hours of work end at 06:00, which by the wall is five hours later.
    assert_eq!(day.due("first-response"), "2027-03-28T04:00:00.000Z");
    // 8 hours: 4 on Sunday, 4 on Monday: 12:00 summer time. Three business days later is Wednesday, 16:00.
    assert_eq!(day.taken["promised"], "2027-03-31T14:00:00.000Z");
    assert_eq!(
        day.page(),
        page("acknowledged", "next-update", "2027-03-29T10:00:00.000Z")
    );
}

#[test]
fn what_waits_for_its_customer_pauses_and_what_is_not_solved_begins_again() {
    let hours = json!([["09:00", "17:00"]]);
    let server = with_calendar(
        &json!({"zone": "UTC", "week": {"mon": hours, "tue": hours, "wed": hours, "thu": hours, "fri": hours}}),
    );
    let mut day = Day::begin(&server, "2026-11-30T09:00Z");
    assert_eq!(day.taken["promised"], "2026-12-03T17:00:00.000Z");
    day.until("2026-11-30T10:00Z");
    day.staff(0, &json!({"action": "assess", "severity": "major", "issues": [{"id": 1, "category": "maintenance", "stage": "use", "text": "No line"}]}));
    day.staff(0, &json!({"action": "begin"}));
    day.until("2026-11-30T11:00Z");
    day.staff(0, &json!({"action": "ask", "text": "Which lamps are lit on the box?", "reply_by": "2026-12-04T12:00Z"}));
    assert_eq!(
        day.page(),
        page("needs-you", "your-reply", "2026-12-04T12:00:00.000Z")
    );
    // Two business days later the customer answers: the decision may take as much longer, our next word 8 hours.
    day.until("2026-12-02T11:00Z");
    day.customer(
        "messages",
        &json!({"id": format!("{:032x}", 2), "text": "none at all"}),
    );
    assert_eq!(day.due("resolution"), "2026-12-07T17:00:00.000Z");
    assert_eq!(
        day.page(),
        page("in-progress", "next-update", "2026-12-03T11:00:00.000Z")
    );
    // Decided on Thursday; the customer has ten business days to say a word.
    day.until("2026-12-03T10:00Z");
    day.staff(0, &json!({"action": "draft", "issues": [{"id": 1, "outcome": "upheld"}], "text": "The box was dead.", "remedy": "A new box"}));
    day.staff(1, &json!({"action": "sign-off"}));
    day.staff(0, &json!({"action": "respond"}));
    assert_eq!(
        day.page(),
        page("decided", "your-word", "2026-12-17T17:00:00.000Z")
    );
    // Not solved on Friday: the decision is due anew after three business days, our next word on Monday at 10:00.
    day.until("2026-12-04T10:00Z");
    day.customer(
        "reject",
        &json!({"id": format!("{:032x}", 3), "text": "the new one is dead too"}),
    );
    assert_eq!(day.due("resolution"), "2026-12-09T17:00:00.000Z");
    assert_eq!(
        day.page(),
        page("in-progress", "next-update", "2026-12-07T10:00:00.000Z")
    );
}
