//! Everything of one person: found, handed out, erased, and looked for afterwards byte by byte.

use std::io::{self, Write};
use std::path::Path;

use serde_json::json;

use super::cases::erasing::Involved;
use super::cases::feedback::Feedback;
use super::cases::{CaseError, Cases};
use super::clock::Timestamp;
use super::export;
use super::keys::Keys;
use super::store::{CopyError, Named, ReadSqlite, Sqlite, StoreError, StoredResponse, hex};
use crate::complaint::{Field, Words};
use crate::survey::Value;

/// Texts shorter than this are not looked for: half a word stands anywhere.
const TELLING: usize = 12;

/// What a person is found by.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// The reference that the supplier gave to the person.
    pub contact: Option<String>,
    /// The mail address.
    pub mail: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
}

/// What there is of a person.
#[derive(Debug)]
pub struct Found {
    /// Answer sheets.
    pub responses: Vec<StoredResponse>,
    /// Cases with their words in.
    pub cases: Vec<Involved>,
    /// Requests, suggestions, praise.
    pub feedback: Vec<Feedback>,
    /// Among those whom deliveries name: (reference, mail address, telephone number).
    pub contacts: Vec<(String, Option<String>, Option<String>)>,
}

impl Person {
    /// As the store looks for it.
    pub fn named(&self) -> Named<'_> {
        Named {
            contact: self.contact.as_deref(),
            mail: self.mail.as_deref(),
            phone: self.phone.as_deref(),
        }
    }

    /// Whether these words are the person's: by their address, not by what they are about.
    fn is_in(&self, words: &Words) -> bool {
        let mail = words.get(Field::Mail).zip(self.mail.as_deref());
        let phone = words.get(Field::Phone).zip(self.phone.as_deref());
        mail.is_some_and(|(one, other)| one.trim().eq_ignore_ascii_case(other.trim()))
            || phone.is_some_and(|(one, other)| digits(one) == digits(other))
    }

    /// What an older copy can tell the person by, without naming them.
    pub fn digests(&self, keys: &Keys) -> Vec<[u8; 32]> {
        let mail = self.mail.as_deref().map(|mail| mail.trim().to_lowercase());
        let phone = self.phone.as_deref().map(digits);
        let names = [self.contact.clone(), mail, phone];
        names
            .iter()
            .flatten()
            .map(|name| keys.erased(name))
            .collect()
    }

    /// Everything of the person.
    ///
    /// # Errors
    /// When the store fails.
    pub fn find(&self, reader: &ReadSqlite, cases: &Cases) -> Result<Found, CaseError> {
        Ok(Found {
            responses: reader.responses_of(self.named())?,
            cases: cases.involving(|words| self.is_in(words))?,
            feedback: cases.feedback_involving(|words| self.is_in(words))?,
            contacts: reader.contacts_of(self.named())?,
        })
    }
}

/// A telephone number without the blanks and signs that people put into it.
fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

impl Found {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.responses.is_empty()
            && self.cases.is_empty()
            && self.feedback.is_empty()
            && self.contacts.is_empty()
    }

    /// Writes it as lines of JSON, photos as hexadecimal digits.
    ///
    /// # Errors
    /// When the store or the output fails.
    pub fn write(&self, cases: &Cases, out: &mut impl Write) -> Result<(), CopyError> {
        for response in &self.responses {
            let mut line = export::object(response)?;
            line.set("kind", Value::from("response"));
            let photos = cases.reader().photos_of_sheet(*response.id.as_bytes())?;
            let photos = photos.iter().map(|photo| Value::from(hex(photo)));
            line.set("photos", Value::List(photos.collect()));
            let line = serde_json::to_string(&line).map_err(io::Error::other)?;
            writeln!(out, "{line}")?;
        }
        for case in &self.cases {
            let words: Vec<_> = case.words.iter().map(|words| &words.0).collect();
            let photos = cases.photos_in(case.id)?;
            let photos: Vec<_> = photos.iter().map(|photo| hex(photo)).collect();
            let line =
                json!({"kind": "case", "number": case.number, "words": words, "photos": photos});
            writeln!(out, "{line}")?;
        }
        for one in &self.feedback {
            let at = Timestamp(one.row.received_at).to_string();
            let line = json!({
                "kind": one.row.intent, "number": one.row.number, "received_at": at, "words": one.words.0,
                "answer": one.row.answer,
            });
            writeln!(out, "{line}")?;
        }
        for (contact, mail, phone) in &self.contacts {
            let line = json!({"kind": "contact", "contact": contact, "mail": mail, "phone": phone});
            writeln!(out, "{line}")?;
        }
        Ok(out.flush()?)
    }

    /// Texts that must be nowhere once it is erased: what the person is found by, and their own words.
    pub fn markers(&self, person: &Person) -> Vec<String> {
        let mut texts: Vec<String> = [&person.contact, &person.mail, &person.phone]
            .into_iter()
            .flatten()
            .cloned()
            .collect();
        let told = texts.len();
        for response in &self.responses {
            for json in [&response.answers, &response.fields] {
                let value = serde_json::from_str(json).unwrap_or(serde_json::Value::Null);
                collect(&value, &mut texts);
            }
        }
        let words = self.cases.iter().flat_map(|case| &case.words);
        let words = words.chain(self.feedback.iter().map(|one| &one.words));
        texts.extend(words.flat_map(|words| words.0.iter().map(|(_, text)| text.clone())));
        let mut kept: Vec<_> = texts
            .drain(told..)
            .filter(|text| text.len() >= TELLING)
            .collect();
        texts.append(&mut kept);
        texts.sort();
        texts.dedup();
        texts
    }

    /// Takes everything out, and in what staff wrote whatever of `markers` stands there; says in how many texts it did. What
    /// is still open goes on without words.
    ///
    /// # Errors
    /// When the store fails; the sheets go last, so that a second try finds the person again.
    pub fn erase(
        &self,
        store: &mut Sqlite,
        cases: &Cases,
        (keys, people): (&Keys, &[[u8; 32]]),
        markers: &[String],
        now: Timestamp,
    ) -> Result<usize, CaseError> {
        let named = cases.redact_logs(keys, |text| without(text, markers), now)?
            + store.redact_records(|text| without(text, markers))?;
        for case in &self.cases {
            cases.erase(keys, case.id, now)?;
        }
        let feedback: Vec<_> = self.feedback.iter().map(|one| one.row.id).collect();
        store.erase_feedback(&feedback)?;
        let ids: Vec<_> = self.responses.iter().map(|response| response.id).collect();
        store.erase_responses(&ids, people, now.0)?;
        Ok(named)
    }
}

/// What stands in the place of what was erased.
const ERASED: &str = "[erased]";
/// What is shorter stands anywhere.
const NAMING: usize = 3;

/// A JSON text without what somebody is told by; nothing where nothing of it stands there.
fn without(json: &str, markers: &[String]) -> Option<String> {
    let mut value: serde_json::Value = serde_json::from_str(json).ok()?;
    redact(&mut value, markers)
        .then(|| serde_json::to_string(&value).ok())
        .flatten()
}

/// Whether something was taken out.
fn redact(value: &mut serde_json::Value, markers: &[String]) -> bool {
    match value {
        serde_json::Value::String(text) => {
            let mut is_named = false;
            for marker in markers.iter().filter(|marker| marker.len() >= NAMING) {
                let mut from = 0;
                while let Some(place) = place_of(text, marker, from) {
                    text.replace_range(place..place + marker.len(), ERASED);
                    from = place + ERASED.len();
                    is_named = true;
                }
            }
            is_named
        }
        serde_json::Value::Array(items) => {
            let redacted = items.iter_mut().map(|item| redact(item, markers));
            redacted.fold(false, |one, other| one | other)
        }
        serde_json::Value::Object(entries) => {
            let redacted = entries.values_mut().map(|value| redact(value, markers));
            redacted.fold(false, |one, other| one | other)
        }
        _ => false,
    }
}

/// Where a marker stands by itself, from a place on and in whatever letters: `c-17` does not stand in `c-170`.
fn place_of(text: &str, marker: &str, from: usize) -> Option<usize> {
    let (folded, sought) = (text.to_ascii_lowercase(), marker.to_ascii_lowercase());
    let is_inner = |c: Option<char>, edge: Option<char>| {
        let is_word = |c: char| c.is_ascii_alphanumeric();
        c.is_some_and(is_word) && edge.is_some_and(is_word)
    };
    let mut places = folded.match_indices(&sought).map(|(place, _)| place);
    places.find(|place| {
        let before = folded.get(..*place).unwrap_or_default().chars().next_back();
        let after = folded.get(place + sought.len()..).unwrap_or_default();
        *place >= from
            && !is_inner(before, sought.chars().next())
            && !is_inner(after.chars().next(), sought.chars().next_back())
    })
}

fn collect(value: &serde_json::Value, texts: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => texts.push(text.clone()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        serde_json::Value::Object(entries) => {
            entries.values().for_each(|value| collect(value, texts));
        }
        _ => {}
    }
}

/// The files of the data folder in whose bytes one of `markers` stands. Nothing of the database may be open in this process
/// meanwhile: closing a file drops all its locks on it.
///
/// # Errors
/// When a file cannot be read.
pub fn remains(data: &Path, markers: &[String]) -> Result<Vec<String>, CopyError> {
    let mut needles: Vec<Vec<u8>> = Vec::new();
    for marker in markers {
        needles.push(marker.clone().into_bytes());
        // As it stands within JSON.
        let quoted = serde_json::to_string(marker).map_err(io::Error::other)?;
        needles.push(quoted.trim_matches('"').as_bytes().to_vec());
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(data)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_looked_at = entry.file_type()?.is_file() && !name.ends_with("-shm");
        if is_looked_at && holds(&entry.path(), &needles)? {
            found.push(name);
        }
    }
    Ok(found)
}

/// Whether a file holds one of the needles; read in pieces that overlap, so that none is missed between two.
fn holds(path: &Path, needles: &[Vec<u8>]) -> io::Result<bool> {
    use std::io::Read;
    let longest = needles.iter().map(Vec::len).max().unwrap_or_default();
    let mut file = std::fs::File::open(path)?;
    let (mut piece, mut kept) = (vec![0; 1 << 20], Vec::new());
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            return Ok(false);
        }
        kept.extend_from_slice(piece.get(..read).unwrap_or_default());
        if needles.iter().any(|needle| contains(&kept, needle)) {
            return Ok(true);
        }
        let from = kept.len().saturating_sub(longest);
        kept.drain(..from);
    }
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    let Some(first) = needle.first() else {
        return false;
    };
    let mut rest = bytes;
    while let Some(place) = rest.iter().position(|byte| byte == first) {
        rest = rest.get(place..).unwrap_or_default();
        if rest.starts_with(needle) {
            return true;
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    false
}

/// Takes out of an older copy who was erased after it was made: says how many were found.
///
/// # Errors
/// When the store fails.
pub fn replay(
    reader: &ReadSqlite,
    store: &mut Sqlite,
    cases: &Cases,
    keys: &Keys,
    erased: &[[u8; 32]],
    now: Timestamp,
) -> Result<usize, CaseError> {
    if erased.is_empty() {
        return Ok(0);
    }
    let is_erased = |name: &str| erased.contains(&keys.erased(name));
    let mut people = Vec::new();
    for name in reader.names_in_responses()? {
        // A digest does not tell what it is of.
        let is_one = [name.clone(), name.trim().to_lowercase(), digits(&name)];
        if is_one.iter().any(|name| is_erased(name)) {
            people.push(Person {
                contact: Some(name.clone()),
                mail: Some(name.clone()),
                phone: Some(name),
            });
        }
    }
    let is_named = |words: &Words| {
        let mail = words
            .get(Field::Mail)
            .map(|mail| mail.trim().to_lowercase());
        let phone = words.get(Field::Phone).map(digits);
        mail.is_some_and(|mail| is_erased(&mail)) || phone.is_some_and(|phone| is_erased(&phone))
    };
    let mut found = Found {
        responses: Vec::new(),
        cases: cases.involving(is_named)?,
        feedback: cases.feedback_involving(is_named)?,
        contacts: Vec::new(),
    };
    for person in &people {
        found.responses.extend(reader.responses_of(person.named())?);
        store.erase_contacts(person.named(), now.0)?;
    }
    let count = people.len() + found.cases.len() + found.feedback.len();
    let mut markers = found.markers(&Person::default());
    markers.extend(people.iter().filter_map(|person| person.contact.clone()));
    found.erase(store, cases, (keys, erased), &markers, now)?;
    Ok(count)
}

impl From<CaseError> for CopyError {
    fn from(error: CaseError) -> Self {
        match error {
            CaseError::Store(error) => Self::Store(error),
            _ => Self::Store(StoreError::Unreadable("case")),
        }
    }
}
