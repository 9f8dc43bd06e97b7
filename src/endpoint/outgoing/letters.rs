//! How each mail reads. Everything is looked up at the moment of sending; no words of a case stand in a mail, which anybody may
//! pass on: they are behind the link.

use super::{Fate, Outgoing, OutgoingError, is_wanted, language_of};
use crate::api::SubmissionId;
use crate::complaint::StaffId;
use crate::complaint::notice::Notice;
use crate::endpoint::cases::brief::Brief;
use crate::endpoint::deliveries::programme::Wave;
use crate::endpoint::links::{Link, percent};
use crate::endpoint::mail::{Letter, Part};
use crate::endpoint::store::{InvitationRow, OutboxRow, Reader, StoreError, of_subject};
use crate::messages::{Language, MailText, fill, mail_text};
use crate::survey::definition::Kind;
use crate::survey::{Definition, Value};

/// More points than this do not fit in a line on a telephone.
const POINTS: usize = 11;

type Written = Result<Result<Letter, Fate>, OutgoingError>;

impl Outgoing {
    /// An invitation or its reminder.
    pub(super) fn invitation(&self, row: &OutboxRow) -> Written {
        let found = of_subject(row.subject)
            .map(|id| self.reader.invitation(id))
            .transpose()?;
        let Some(invitation) = found.flatten().filter(is_wanted) else {
            return Ok(Err(Fate::Moot));
        };
        // What was found not to work since is not tried again.
        let Some(to) = invitation
            .mail
            .clone()
            .filter(|_| invitation.facts.mail == Some(true))
        else {
            return Ok(Err(Fate::Moot));
        };
        let Some(token) = invitation.invitation().token(&self.keys) else {
            return Ok(Err(Fate::Dead(
                "a reference is too long for a link".to_owned(),
            )));
        };
        let language = language_of(&invitation);
        let say = |text| mail_text(language, text);
        let date = self.date(invitation.facts.due_at.min(self.now()));
        let handed_over = self
            .handed_over(&invitation)?
            .map_or(date, |at| self.date(at));
        let places = [
            ("delivery", invitation.delivery.as_str()),
            ("date", handed_over.as_str()),
        ];
        let (subject, about) = match invitation.facts.wave {
            Wave::HandOver => (MailText::HandOverSubject, MailText::HandOverText),
            Wave::InUse => (MailText::InUseSubject, MailText::InUseText),
            Wave::Later => (MailText::LaterSubject, MailText::LaterText),
            Wave::Relationship => (MailText::RelationshipSubject, MailText::RelationshipText),
        };
        let mut subject = fill(say(subject), &places);
        let mut parts = Vec::new();
        if row.kind == "invitation-reminder" {
            subject = fill(say(MailText::ReminderSubject), &[("subject", &subject)]);
            parts.push(Part::Text(say(MailText::ReminderText).to_owned()));
        }
        let about = fill(say(about), &places);
        parts.push(Part::Text(
            [about.as_str(), space(language), say(MailText::TakesAMinute)].concat(),
        ));
        let page = format!("{}/s/{}", self.origin, invitation.survey);
        if let Some(scores) = self.scores(&invitation, language, &page, &token)? {
            parts.push(scores);
            parts.push(Part::Small(say(MailText::OnlyMarks).to_owned()));
        }
        let link = format!("{page}?channel=mail#{token}");
        parts.push(Part::Button(say(MailText::OpenSurvey).to_owned(), link));
        let until = self.date(invitation.expires_at);
        parts.push(Part::Small(fill(
            say(MailText::WorksUntil),
            &[("date", &until)],
        )));
        let account = invitation.account.as_deref().unwrap_or_default();
        let complain = format!(
            "{}/c?delivery={}&account={}",
            self.origin,
            percent(&invitation.delivery),
            percent(account)
        );
        parts.push(Part::SmallLink(
            say(MailText::RatherComplain).to_owned(),
            complain,
        ));
        let way_out = Link::OptOut(invitation.contact_id).code(&self.keys);
        let way_out = format!("{}/u/{way_out}", self.origin);
        parts.push(Part::SmallLink(
            say(MailText::NoMore).to_owned(),
            way_out.clone(),
        ));
        Ok(Ok(Letter {
            to,
            language: language.tag(),
            subject,
            parts,
            unsubscribe: Some(way_out),
        }))
    }

    fn handed_over(&self, invitation: &InvitationRow) -> Result<Option<i64>, StoreError> {
        let delivery = self.reader.delivery(invitation.delivery_id)?;
        Ok(delivery.map(|delivery| delivery.delivered_at))
    }

    /// The survey's first question as a row of links, where it is a scale that fits. Each only marks a point.
    fn scores(
        &self,
        invitation: &InvitationRow,
        language: Language,
        page: &str,
        token: &str,
    ) -> Result<Option<Part>, StoreError> {
        let state = self.reader.survey(&invitation.survey)?;
        let Some(version) = state.and_then(|state| state.current) else {
            return Ok(None);
        };
        let text = self.reader.definition(&version.survey, version.version)?;
        let Some(value) = text.and_then(|text| serde_json::from_str::<Value>(&text).ok()) else {
            return Ok(None);
        };
        let definition = Definition::of_published(&value);
        let Some(question) = definition.questions().next() else {
            return Ok(None);
        };
        let Kind::Rating(rating) = &question.kind else {
            return Ok(None);
        };
        // Attributes, by which the page is told, have small letters.
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
        let points = rating.values();
        if !question.name.chars().all(is_plain) || points.len() > POINTS {
            return Ok(None);
        }
        let tag = language.tag();
        let mut scores = Vec::new();
        for point in points {
            let Some(number) = point.value.as_number() else {
                return Ok(None);
            };
            let link = format!(
                "{page}?answer-{}={number}&channel=mail#{token}",
                question.name
            );
            let words = point.text.resolve(tag);
            let shown = if words.is_empty() || words.chars().count() > 3 {
                number.to_string()
            } else {
                words.to_owned()
            };
            scores.push((shown, link));
        }
        let ends = [
            rating.low_label.resolve(tag).to_owned(),
            rating.high_label.resolve(tag).to_owned(),
        ];
        let title = question.title.resolve(tag);
        // A title with another answer in it says nothing before there is one.
        let is_whole = !title.is_empty() && !title.contains('{');
        Ok(is_whole.then(|| Part::Scores(title.to_owned(), ends, scores)))
    }

    /// A mail about a case: to its customer, or to one of staff.
    pub(super) fn about_case(&self, row: &OutboxRow) -> Written {
        let Some(brief) = self.cases.brief(&self.keys, row.subject)? else {
            return Ok(Err(Fate::Moot));
        };
        let Some(notice) = Notice::of(&row.kind) else {
            return Ok(Err(Fate::Dead(format!(
                "there is no mail of the kind {:?}",
                row.kind
            ))));
        };
        match row.staff {
            Some(staff) => self.to_staff(staff, notice, &brief),
            None => Ok(self.to_customer(notice, &brief)),
        }
    }

    fn to_customer(&self, notice: Notice, brief: &Brief) -> Result<Letter, Fate> {
        let Some(to) = brief.mail.clone() else {
            return Err(Fate::Dead("the customer left no mail address".to_owned()));
        };
        let language = if brief.is_chinese {
            Language::Chinese
        } else {
            Language::English
        };
        let (subject, text) = match notice {
            Notice::Acknowledgement if brief.contact.is_none() => {
                (MailText::ReceivedSubject, MailText::ReceivedTextNobody)
            }
            Notice::Acknowledgement => (MailText::ReceivedSubject, MailText::ReceivedText),
            Notice::Question => (MailText::QuestionSubject, MailText::QuestionText),
            Notice::Reminder => (MailText::WaitingSubject, MailText::WaitingText),
            Notice::Decision => (MailText::DecisionSubject, MailText::DecisionText),
            Notice::Message => (MailText::NewsSubject, MailText::NewsText),
            Notice::Rating => (MailText::RatingSubject, MailText::RatingText),
            Notice::Closing => (MailText::ClosedSubject, MailText::ClosedText),
            Notice::Link => (MailText::LinkSubject, MailText::LinkText),
            _ => return Err(Fate::Dead("this is no message for a customer".to_owned())),
        };
        let date = self.date(brief.promised.unwrap_or(brief.received_at));
        let contact = brief.contact.as_deref().unwrap_or_default();
        let places = [
            ("number", brief.number.as_str()),
            ("contact", contact),
            ("date", date.as_str()),
        ];
        let say = |text| fill(mail_text(language, text), &places);
        let link = format!("{}/c/{}#{}", self.origin, brief.number, brief.secret);
        Ok(Letter {
            to,
            language: language.tag(),
            subject: say(subject),
            parts: vec![
                Part::Text(say(text)),
                Part::Button(say(MailText::OpenCase), link),
                Part::Small(say(MailText::KeepLink)),
            ],
            unsubscribe: None,
        })
    }

    fn to_staff(&self, staff: StaffId, notice: Notice, brief: &Brief) -> Written {
        let what = match notice {
            Notice::Assignment => MailText::Assignment,
            Notice::CustomerWrote => MailText::CustomerWrote,
            Notice::CallBack => MailText::CallBack,
            Notice::Review => MailText::Review,
            Notice::Warning => MailText::Warning,
            Notice::Breach => MailText::Breach,
            Notice::Escalation => MailText::Escalation,
            Notice::ExecutiveQuestion => MailText::ExecutiveQuestion,
            Notice::Explanation => MailText::Explanation,
            _ => return Ok(Err(Fate::Dead("this is no message for staff".to_owned()))),
        };
        let texts = |language: Language| {
            let places = [
                ("number", brief.number.as_str()),
                ("what", mail_text(language, what)),
            ];
            let say = |text| fill(mail_text(language, text), &places);
            (say(MailText::StaffSubject), say(MailText::StaffText))
        };
        self.both_languages(staff, texts)
    }

    /// A mail about an answer sheet: a low score is called back.
    pub(super) fn about_response(&self, row: &OutboxRow) -> Written {
        let sheet = self
            .reader
            .response(SubmissionId::from_bytes(row.subject))?;
        let (Some(sheet), Some(staff)) = (sheet, row.staff) else {
            return Ok(Err(Fate::Moot));
        };
        let texts = |language: Language| {
            let places = [
                ("survey", sheet.survey.as_str()),
                ("account", sheet.account.as_deref().unwrap_or("?")),
                ("contact", sheet.contact.as_deref().unwrap_or("?")),
            ];
            let say = |text| fill(mail_text(language, text), &places);
            (say(MailText::CallBackSubject), say(MailText::CallBackText))
        };
        self.both_languages(staff, texts)
    }

    /// Which language a member of staff reads is not known: both.
    fn both_languages(
        &self,
        staff: StaffId,
        texts: impl Fn(Language) -> (String, String),
    ) -> Written {
        let Some(to) = self.reader.staff_mail(staff)? else {
            let why = "no mail address is on file; `qingting staff mail` sets one";
            return Ok(Err(Fate::Dead(why.to_owned())));
        };
        let (english, chinese) = (texts(Language::English), texts(Language::Chinese));
        Ok(Ok(Letter {
            to,
            language: "en, zh-CN",
            subject: [english.0.as_str(), " / ", &chinese.0].concat(),
            parts: vec![Part::Text(english.1), Part::Text(chinese.1)],
            unsubscribe: None,
        }))
    }
}

/// Between two sentences.
fn space(language: Language) -> &'static str {
    match language {
        Language::English => " ",
        Language::Chinese => "",
    }
}
