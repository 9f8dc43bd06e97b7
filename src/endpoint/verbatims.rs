//! What customers said, raw and newest first, wherever they said it: in an answer sheet, in a case, or as a request, suggestion
//! or praise. No score decides whether it is read.

use std::collections::HashMap;
use std::sync::Arc;

use super::cases::{CaseError, Cases, Wish};
use super::clock::Timestamp;
use super::guard::Actor;
use super::keys::Keys;
use super::records::{self, Entry};
use super::store::{After, Reader, SpokenRow};
use crate::complaint::inquiry::{Inquiry, InquiryChange};
use crate::complaint::policy::Budget;
use crate::complaint::theme::{Theme, themes};
use crate::complaint::{
    Action, Field, MINUTE, Moment, Obstacle, Refusal, Role, StaffId, State, Words,
};
use crate::survey::definition::{InputType, Kind};
use crate::survey::{Definition, Value};

/// Rows that are read at once.
const ROWS: u32 = 200;
/// How often a "?" on a case is pressed anew because somebody was faster.
const ATTEMPTS: u32 = 5;

/// Something a customer said.
#[derive(Clone, Debug)]
pub(super) struct Verbatim {
    /// Its name in the feed.
    pub(super) key: String,
    /// When it was said.
    pub(super) at: Moment,
    /// The account that it names.
    pub(super) account: Option<String>,
    /// The survey, or the number of the case or the feedback.
    pub(super) source: String,
    /// The words, each with the question that they answer where there is one.
    pub(super) words: Vec<(Option<String>, String)>,
    /// What it is about.
    pub(super) coding: Coding,
}

/// What a verbatim is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Coding {
    /// The themes.
    pub(super) themes: Vec<Theme>,
    /// How often a person coded it; 0: its words propose it.
    pub(super) version: u32,
}

/// A verbatim as somebody of staff sees it.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    /// What was said.
    pub(super) verbatim: Verbatim,
    /// Who has read it, and when.
    pub(super) readers: Vec<(StaffId, Moment)>,
    /// The last "?" on it, where it is not a case's.
    pub(super) inquiry: Option<Entry<Inquiry>>,
}

/// What became of a "?".
#[derive(Clone, Debug)]
pub(super) enum Questioned {
    /// The case with this number holds it.
    Case(String),
    /// Somebody owes an explanation.
    Inquiry(Entry<Inquiry>),
}

/// Whoever reads everything reads this.
fn listens(actor: Actor) -> Result<(), CaseError> {
    match actor.role {
        Role::CaseManager | Role::Executive | Role::Auditor => Ok(()),
        _ => Err(Refusal::NotAllowed.into()),
    }
}

/// A page of the feed, behind `after`; and where the next one begins, if there may be more.
pub(super) fn feed(
    cases: &Cases,
    actor: Actor,
    after: After,
    most: usize,
) -> Result<(Vec<Shown>, Option<After>), CaseError> {
    listens(actor)?;
    let (said, next) = said(cases, after, (most, i64::MIN), &|_| true)?;
    let shown = said.into_iter().map(|verbatim| {
        Ok(Shown {
            readers: cases.reader().readers_of(&verbatim.key)?,
            inquiry: last_inquiry(cases, &verbatim.key)?.0,
            verbatim,
        })
    });
    Ok((shown.collect::<Result<_, CaseError>>()?, next))
}

/// What customers said behind `after`, newest first: at most `most` for which `wanted` holds, none before `oldest`.
pub(super) fn said(
    cases: &Cases,
    mut after: After,
    (most, oldest): (usize, Moment),
    wanted: &dyn Fn(&SpokenRow) -> bool,
) -> Result<(Vec<Verbatim>, Option<After>), CaseError> {
    let mut definitions = Definitions::default();
    let mut said = Vec::new();
    loop {
        let rows = cases.reader().spoken(&after, ROWS)?;
        let is_last = rows.len() < ROWS as usize;
        for row in rows {
            if row.at < oldest {
                return Ok((said, None));
            }
            after = After {
                at: row.at,
                key: row.key.clone(),
            };
            if !wanted(&row) {
                continue;
            }
            said.extend(read(cases, &mut definitions, row)?);
            if said.len() == most {
                return Ok((said, Some(after)));
            }
        }
        if is_last {
            return Ok((said, None));
        }
    }
}

/// The newest there is.
pub(super) fn newest() -> After {
    After {
        at: i64::MAX,
        key: String::new(),
    }
}

/// What stands right behind a moment that is not counted any more.
pub(super) fn before(moment: Moment) -> After {
    After {
        at: moment.saturating_sub(1),
        key: String::new(),
    }
}

/// The verbatim of this name.
fn one(cases: &Cases, key: &str) -> Result<Verbatim, CaseError> {
    let row = cases.reader().spoken_one(key)?;
    let row = row.ok_or(CaseError::NotFound)?;
    read(cases, &mut Definitions::default(), row)?.ok_or(CaseError::NotFound)
}

/// Definitions that were read for one page.
type Definitions = HashMap<(String, u32), Option<Arc<Definition>>>;

fn read(
    cases: &Cases,
    definitions: &mut Definitions,
    row: SpokenRow,
) -> Result<Option<Verbatim>, CaseError> {
    let words = if row.version > 0 {
        let key = (row.source.clone(), row.version);
        let definition = match definitions.get(&key) {
            Some(known) => known.clone(),
            None => {
                let text = cases.reader().definition(&row.source, row.version)?;
                let value = text.and_then(|text| serde_json::from_str::<Value>(&text).ok());
                let read = value.map(|value| Arc::new(Definition::of_published(&value)));
                definitions.insert(key, read.clone());
                read
            }
        };
        let answers: Value = serde_json::from_str(&row.words).map_err(|_| CaseError::Unreadable)?;
        definition.map_or_else(Vec::new, |definition| comments(&definition, &answers))
    } else {
        let words: Vec<(Field, String)> =
            serde_json::from_str(&row.words).map_err(|_| CaseError::Unreadable)?;
        let words = Words(words);
        let text = words
            .get(Field::Text)
            .filter(|text| !text.trim().is_empty());
        text.map(|text| (None, text.to_owned()))
            .into_iter()
            .collect()
    };
    if words.is_empty() {
        return Ok(None);
    }
    Ok(Some(Verbatim {
        coding: coding(cases, &row.key, &words)?,
        key: row.key,
        at: row.at,
        account: row.account,
        source: row.source,
        words,
    }))
}

fn coding(
    cases: &Cases,
    key: &str,
    words: &[(Option<String>, String)],
) -> Result<Coding, CaseError> {
    if let Some((version, coded)) = cases.reader().coding(key)? {
        return Ok(Coding {
            themes: serde_json::from_str(&coded).map_err(|_| CaseError::Unreadable)?,
            version,
        });
    }
    let words: Vec<_> = words.iter().map(|(_, text)| text.as_str()).collect();
    Ok(Coding {
        themes: themes(&words.join("\n")),
        version: 0,
    })
}

/// The answers that were given in the respondent's own words, each with its question's name, in the order of the survey.
pub(super) fn comments(definition: &Definition, answers: &Value) -> Vec<(Option<String>, String)> {
    let mut said = Vec::new();
    let mut take = |name: &str, text: Option<&Value>| {
        let text = text.and_then(Value::as_text);
        let text = text.filter(|text| !text.trim().is_empty());
        said.extend(text.map(|text| (Some(name.to_owned()), text.to_owned())));
    };
    for question in definition.questions() {
        let name = question.value_name.as_ref().unwrap_or(&question.name);
        let answer = answers.get(name);
        match &question.kind {
            Kind::Comment(_) => take(&question.name, answer),
            Kind::Text(input) if input.input == InputType::Text => take(&question.name, answer),
            Kind::Multipletext(lines) => {
                for line in lines {
                    let is_words =
                        matches!(&line.kind, Kind::Text(input) if input.input == InputType::Text);
                    if is_words {
                        take(&line.name, answer.and_then(|answer| answer.get(&line.name)));
                    }
                }
            }
            _ => {}
        }
        // What was written beside a choice.
        take(&question.name, answers.get(&[name, "-Comment"].concat()));
    }
    said
}

/// Notes that somebody has read it.
pub(super) fn mark_read(
    cases: &Cases,
    actor: Actor,
    key: &str,
    now: Timestamp,
) -> Result<Vec<(StaffId, Moment)>, CaseError> {
    listens(actor)?;
    one(cases, key)?;
    cases.writing().read_verbatim(key, actor.id, now.0)?;
    Ok(cases.reader().readers_of(key)?)
}

/// Codes it by hand, over version `known` of its coding. From then on its words propose nothing.
pub(super) fn code(
    cases: &Cases,
    actor: Actor,
    (key, known): (&str, u32),
    mut themes: Vec<Theme>,
    now: Timestamp,
) -> Result<Coding, CaseError> {
    // Whoever works with results codes; auditors change nothing.
    if !matches!(actor.role, Role::Analyst | Role::CaseManager) {
        return Err(Refusal::NotAllowed.into());
    }
    one(cases, key)?;
    themes.sort_unstable();
    themes.dedup();
    let coded = serde_json::to_string(&themes).map_err(|_| CaseError::Unreadable)?;
    let mut store = cases.writing();
    if !store.code_verbatim(key, known, &coded, actor.id, now.0)? {
        return Err(CaseError::Clash);
    }
    Ok(Coding {
        themes,
        version: known.saturating_add(1),
    })
}

/// An executive asks "?". On an open case the case holds it; on anything else somebody owes an explanation. A second "?" on
/// what is not explained yet adds nothing.
pub(super) fn question(
    cases: &Cases,
    keys: &Keys,
    actor: Actor,
    key: &str,
    now: Timestamp,
) -> Result<Questioned, CaseError> {
    if actor.role != Role::Executive {
        return Err(Refusal::NotAllowed.into());
    }
    let verbatim = one(cases, key)?;
    if key.starts_with("case-") {
        for _ in 0..ATTEMPTS {
            let case = cases.inside(&verbatim.source, now)?.case;
            if matches!(case.state, State::Closed(_)) {
                break;
            }
            let wish = Wish {
                action: Action::Question,
                photos: Vec::new(),
            };
            let number = &verbatim.source;
            match cases.staff_act(keys, number, actor.into(), case.seq, wish, now) {
                Ok(_) | Err(CaseError::Refused(Refusal::AlreadyAsked)) => {
                    return Ok(Questioned::Case(verbatim.source));
                }
                Err(CaseError::Clash) => {}
                Err(error) => return Err(error),
            }
        }
    }
    let (last, earlier) = last_inquiry(cases, key)?;
    if let Some(open) = last.filter(|last| last.is.explained.is_none()) {
        return Ok(Questioned::Inquiry(open));
    }
    let (policy, calendar) = cases.times_at(verbatim.account.as_deref(), now.0)?;
    let due = match policy.explanation {
        Budget::Elapsed(minutes) => Some(now.0.saturating_add(minutes * MINUTE)),
        Budget::Business(minutes) => calendar.due(now.0, minutes * MINUTE, &[]),
        Budget::BusinessDays(days) => calendar.close_of_day(now.0, days),
    };
    let first = InquiryChange::Asked {
        verbatim: key.to_owned(),
        account: verbatim.account.clone(),
        owner: answers_for(cases, verbatim.account.as_deref())?,
        // A calendar that never opens again still owes an answer.
        due: due.unwrap_or(now.0),
    };
    // The same "?" pressed twice at once is one: its key says which it is on this verbatim.
    let name = format!("{key}#{earlier}");
    let about = (Some(name.as_str()), verbatim.account.as_deref());
    let inquiry = records::begin::<Inquiry>(cases, about, actor.id, &first, now)?;
    Ok(Questioned::Inquiry(inquiry))
}

/// Whoever answers for an account: its account manager, or the case manager who stands in.
fn answers_for(cases: &Cases, account: Option<&str>) -> Result<StaffId, CaseError> {
    let team = account.map(|account| cases.reader().team(account));
    if let Some(holder) = team.transpose()?.and_then(|team| team.account) {
        return Ok(holder);
    }
    let staff = cases.reader().staff()?;
    let manager = staff.iter().find(|row| row.role == Role::CaseManager);
    Ok(manager.map_or(StaffId(0), |row| row.id))
}

/// The last "?" on a verbatim, and how many there were.
fn last_inquiry(cases: &Cases, key: &str) -> Result<(Option<Entry<Inquiry>>, usize), CaseError> {
    let mut last = None;
    for n in 0.. {
        match records::keyed::<Inquiry>(cases, &format!("{key}#{n}"))? {
            Some(found) => last = Some(found),
            None => return Ok((last, n)),
        }
    }
    Ok((last, 0))
}

/// Every "?" outside cases that somebody sees, what is not explained first, by date.
pub(super) fn inquiries(cases: &Cases, actor: Actor) -> Result<Vec<Entry<Inquiry>>, CaseError> {
    let reach = super::visits::seeing(cases, actor)?;
    let mut all = records::all::<Inquiry>(cases)?;
    all.retain(|one| one.is.owner == actor.id || reach.covers_any(one.is.account.as_deref()));
    all.sort_by_key(|one| (one.is.explained.is_some(), one.is.due, one.id));
    Ok(all)
}

/// Explains it or hands it off, as it stood in version `known`: its owner and case managers do.
pub(super) fn change_inquiry(
    cases: &Cases,
    actor: Actor,
    (id, known): (u32, u32),
    change: &InquiryChange,
    now: Timestamp,
) -> Result<Entry<Inquiry>, CaseError> {
    let inquiry = records::one::<Inquiry>(cases, id)?;
    if inquiry.is.owner != actor.id && actor.role != Role::CaseManager {
        return Err(Refusal::NotAllowed.into());
    }
    records::is_newest(&inquiry, known)?;
    // It goes up the chain before it returns to who asked.
    let offered = match change {
        InquiryChange::Explained { text } if actor.role != Role::CaseManager => {
            Some(InquiryChange::Offered { text: text.clone() })
        }
        _ => None,
    };
    let change = offered.as_ref().unwrap_or(change);
    inquiry.is.allows(change)?;
    if let InquiryChange::HandedOff { owner, .. } = change {
        let staff = cases.reader().staff()?;
        if !staff.iter().any(|row| row.id == *owner) {
            return Err(Obstacle::Unknown.into());
        }
    }
    records::change(cases, &inquiry, actor.id, change, now)
}

impl records::Kept for Inquiry {
    const KIND: &'static str = "inquiry";
}
