//! Deliveries at the endpoint: what a supplier tells of them is checked and kept, and each begins its programme of invitations.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use self::programme::{Circumstances, Kind, Wave};
use super::availability::Closure;
use super::calendar::Calendar;
use super::cases::{CaseError, Cases};
use super::clock::{DAY_MS, Timestamp};
use super::store::{DeliveryRow, InvitationRow, ReadSqlite, Reader, Sqlite, StoreError, Told};
use crate::api::delivery::Delivery;
use crate::api::{FieldError, limits, route};
use crate::survey::{Definition, Value};

/// The programme's rules.
pub mod programme;
/// Tables of deliveries.
pub mod table;

/// All deliveries.
pub struct Deliveries {
    store: Mutex<Sqlite>,
    /// For lookups of routes, too.
    pub(super) reader: ReadSqlite,
    calendar: Calendar,
}

impl fmt::Debug for Deliveries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deliveries").finish_non_exhaustive()
    }
}

/// Why nothing was done. What was done before stands.
#[derive(Debug)]
pub enum DeliveryError {
    /// The store failed.
    Store(StoreError),
    /// The cases could not be read.
    Cases(CaseError),
}

impl From<StoreError> for DeliveryError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<CaseError> for DeliveryError {
    fn from(error: CaseError) -> Self {
        Self::Cases(error)
    }
}

impl Deliveries {
    /// The deliveries of a data folder.
    pub fn new(store: Sqlite, reader: ReadSqlite, calendar: Calendar) -> Self {
        Self {
            store: Mutex::new(store),
            reader,
            calendar,
        }
    }

    /// Takes one delivery in; the same again changes nothing.
    ///
    /// # Errors
    /// When the store fails.
    pub fn take(&self, row: DeliveryRow, now: Timestamp) -> Result<Told, StoreError> {
        let told = self.with_store(|store| store.take_deliveries(&[row], now))?;
        told.into_iter()
            .next()
            .ok_or(StoreError::Unreadable("delivery"))
    }

    /// Writes.
    ///
    /// # Errors
    /// Those of `write`.
    pub(super) fn with_store<T>(
        &self,
        write: impl FnOnce(&mut Sqlite) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        write(&mut self.store.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Does what is due by now for at most `most` invitations; says how many. Each is a commit of its own, together with what
    /// goes out, so that an end between any two loses and repeats nothing.
    ///
    /// # Errors
    /// When the store fails; what was done until then stands.
    pub fn run_due(
        &self,
        cases: &Cases,
        now: Timestamp,
        most: u32,
    ) -> Result<usize, DeliveryError> {
        let mut done = 0;
        // Read at most once in a round.
        let mut complaining = None;
        for id in self.reader.invitations_to_wake(now.0, most)? {
            let Some(row) = self.reader.invitation(id)? else {
                continue;
            };
            let around = self.circumstances(cases, &mut complaining, &row, now)?;
            let step = programme::decide(&row.facts, &around, now.0);
            if self.with_store(|store| store.step_invitation(&row, step, now.0))? {
                done += 1;
            }
        }
        Ok(done)
    }

    /// What the rules need to know besides; only what they ask for in this wave.
    fn circumstances(
        &self,
        cases: &Cases,
        complaining: &mut Option<HashSet<String>>,
        row: &InvitationRow,
        now: Timestamp,
    ) -> Result<Circumstances, DeliveryError> {
        let state = self.reader.survey(&row.survey)?;
        let is_survey_open = state.is_some_and(|state| Closure::of(&state, now).is_none());
        let asks_for_cases = matches!(row.facts.wave, Wave::Later | Wave::Relationship);
        if asks_for_cases && complaining.is_none() {
            let open = cases.queue(|case| case.account.is_some())?;
            let accounts = open.into_iter().filter_map(|waiting| waiting.case.account);
            *complaining = Some(accounts.collect());
        }
        let has_open_complaint = match (&row.account, complaining.as_ref()) {
            (Some(account), Some(complaining)) if asks_for_cases => complaining.contains(account),
            _ => false,
        };
        let was_low = row.facts.wave == Wave::Later
            && match self.reader.answer_at(row.delivery_id, Wave::InUse)? {
                None => false,
                Some((survey, version, answers)) => self.is_low(&survey, version, &answers)?,
            };
        Ok(Circumstances {
            is_survey_open,
            has_open_complaint,
            was_low,
            quiet_until: self.calendar.quiet_until(now.0),
        })
    }

    /// Whether some score is below its question's mark.
    fn is_low(&self, survey: &str, version: u32, answers: &str) -> Result<bool, StoreError> {
        let Some(text) = self.reader.definition(survey, version)? else {
            return Ok(false);
        };
        let unreadable = |what| move |_| StoreError::Unreadable(what);
        let value: Value = serde_json::from_str(&text).map_err(unreadable("survey"))?;
        let answers: Value = serde_json::from_str(answers).map_err(unreadable("answer sheet"))?;
        let definition = Definition::of_published(&value);
        let mut questions = definition.questions();
        Ok(questions.any(|question| {
            let name = question.value_name.as_ref().unwrap_or(&question.name);
            let answer = answers.get(name);
            answer.is_some_and(|answer| question.low_score(answer).is_some())
        }))
    }
}

/// Checks a delivery as it was told.
///
/// # Errors
/// Every field that cannot be taken.
pub fn read(told: &Delivery, now: Timestamp) -> Result<DeliveryRow, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut fault = |path: &str, code: &str, message: &str| {
        errors.push(FieldError {
            path: path.to_owned(),
            code: code.to_owned(),
            message: message.to_owned(),
        });
    };
    let mut text = |path: &str, text: Option<&str>, is_needed: bool| {
        let text = text.map(str::trim).filter(|text| !text.is_empty());
        match text {
            None if is_needed => fault(path, "missing", "is required"),
            Some(text) if text.chars().nth(limits::REFERENCE_CHARS).is_some() => {
                fault(path, "too-long", "may have at most 200 characters");
            }
            Some(text) if text.chars().any(char::is_control) => {
                fault(
                    path,
                    "malformed",
                    "has a line break or another control character",
                );
            }
            _ => {}
        }
        text.map(str::to_owned)
    };
    let delivery = text("delivery", Some(&told.delivery), true);
    let contact = text("contact", Some(&told.contact), true);
    let delivered_at = text("delivered_at", Some(&told.delivered_at), true);
    let account = text("account", told.account.as_deref(), false);
    let mail = text("mail", told.mail.as_deref(), false);
    let phone = text("phone", told.phone.as_deref(), false);
    let language = text("language", told.language.as_deref(), false);
    let survey = text("survey", told.survey.as_deref(), false);
    let kind = text("kind", told.kind.as_deref(), false);
    let team = text("team", told.team.as_deref(), false);
    let region = text("region", told.region.as_deref(), false);
    let product = text("product", told.product.as_deref(), false);
    let kind = kind.map_or(Some(Kind::Delivery), |kind| Kind::of(&kind));
    if kind.is_none() {
        fault("kind", "unknown", "must be delivery or relationship");
    }
    let kind = kind.unwrap_or(Kind::Delivery);
    let survey = survey.unwrap_or_else(|| kind.code().to_owned());
    if !route::is_survey_name(&survey) {
        fault("survey", "malformed", "must be 1 to 64 of a-z, 0-9 and -");
    }
    let mail = mail.map(|mail| mail.to_lowercase());
    if mail.as_deref().is_some_and(|mail| !is_mail(mail)) {
        fault("mail", "malformed", "is no mail address");
    }
    let phone = phone.map(|phone| (digits(&phone), phone));
    if matches!(&phone, Some((None, _))) {
        fault("phone", "malformed", "is no telephone number");
    }
    let moment = delivered_at.as_deref().map(moment);
    let is_plausible = |at: &Timestamp| (-3_660 * DAY_MS..=366 * DAY_MS).contains(&at.since(now));
    match moment {
        Some(None) => fault(
            "delivered_at",
            "malformed",
            "is no moment; write 2026-12-01T09:00+08:00, or a date alone",
        ),
        Some(Some(at)) if !is_plausible(&at) => fault(
            "delivered_at",
            "out-of-range",
            "is more than ten years ago or more than a year ahead",
        ),
        Some(Some(_)) | None => {}
    }
    match (delivery, contact, moment.flatten()) {
        (Some(delivery), Some(contact), Some(delivered_at)) if errors.is_empty() => {
            Ok(DeliveryRow {
                kind,
                delivery,
                contact,
                account,
                mail,
                phone: phone.and_then(|(digits, _)| digits),
                language,
                survey,
                delivered_at: delivered_at.0,
                team,
                region,
                product,
            })
        }
        _ => Err(errors),
    }
}

/// A date alone is noon UTC: the same day nearly everywhere.
fn moment(text: &str) -> Option<Timestamp> {
    let is_date = text.len() == 10
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-');
    if is_date {
        format!("{text}T12:00Z").parse().ok()
    } else {
        text.parse().ok()
    }
}

/// One mailbox at a host, with nothing around it that a mail server could take for a second one.
pub(super) fn is_mail(text: &str) -> bool {
    let has_stranger = text
        .chars()
        .any(|c| c.is_whitespace() || c.is_control() || "<>,;:\"()[]\\".contains(c));
    let parts = text.split_once('@').filter(|(_, host)| !host.contains('@'));
    let is_host = |host: &str| {
        host.contains('.')
            && host
                .split('.')
                .all(|label| !label.is_empty() && !label.starts_with('-'))
    };
    !has_stranger && parts.is_some_and(|(name, host)| !name.is_empty() && is_host(host))
}

/// A telephone number as a gateway takes it: digits, perhaps with + in front.
pub(super) fn digits(text: &str) -> Option<String> {
    let is_usual = |c: char| c.is_ascii_digit() || " +-()./".contains(c);
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let plus = if text.trim_start().starts_with('+') {
        "+"
    } else {
        ""
    };
    ((5..=20).contains(&digits.len()) && text.chars().all(is_usual))
        .then(|| [plus, &digits].concat())
}
