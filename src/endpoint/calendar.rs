//! Business calendars: local opening hours, closed days and extra working days of a time zone, as opening intervals in UTC.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::Timestamp as Instant;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::complaint;
use crate::measures::business_time;

/// How far ahead a calendar is searched for business time: ten years. What takes longer never comes.
const HORIZON_DAYS: usize = 3_660;

/// Local hours of one day: from and to in minutes after midnight, in order and apart; the last may end at 24:00.
type Hours = Vec<(u16, u16)>;

/// When we work.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: TimeZone,
    /// Monday first.
    week: [Hours; 7],
    closed: BTreeSet<Date>,
    extra: BTreeMap<Date, Hours>,
}

/// A calendar as it is written down: `{"zone":"Asia/Shanghai","week":{"mon":[["09:00","12:00"],["13:30","18:00"]]},
/// "closed":["2026-10-01"],"extra":{"2026-10-10":[["09:00","12:00"]]}}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    zone: String,
    week: BTreeMap<String, Vec<[String; 2]>>,
    #[serde(default)]
    closed: Vec<String>,
    #[serde(default)]
    extra: BTreeMap<String, Vec<[String; 2]>>,
}

/// Why a text is no calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CalendarError {
    /// Not JSON of that shape.
    Malformed(String),
    /// No such time zone.
    UnknownZone(String),
    /// No day of the week.
    UnknownDay(String),
    /// No date.
    NotADate(String),
    /// No time of day.
    NotATime(String),
    /// Hours of one day that end before they begin, overlap or are out of order.
    Disordered(String),
    /// Not one hour is ever open.
    NeverOpen,
}

impl fmt::Display for CalendarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(text) => write!(f, "the calendar cannot be read: {text}"),
            Self::UnknownZone(name) => write!(
                f,
                "there is no time zone {name:?}; write an IANA name, for example Asia/Shanghai"
            ),
            Self::UnknownDay(name) => write!(
                f,
                "{name:?} is no day of the week; write mon, tue, wed, thu, fri, sat or sun"
            ),
            Self::NotADate(text) => {
                write!(f, "{text:?} is no date; write it like 2026-10-01")
            }
            Self::NotATime(text) => write!(
                f,
                "{text:?} is no time of day; write it like 09:00, at the latest 24:00"
            ),
            Self::Disordered(day) => write!(
                f,
                "the hours of {day} overlap, or end before they begin; write them in order"
            ),
            Self::NeverOpen => {
                f.write_str("the calendar is never open; give at least one day hours")
            }
        }
    }
}

impl std::error::Error for CalendarError {}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Calendar {
    /// Reads a calendar.
    ///
    /// # Errors
    /// Names what is wrong and where.
    pub fn from_json(text: &str) -> Result<Self, CalendarError> {
        let written: Written = serde_json::from_str(text)
            .map_err(|error| CalendarError::Malformed(error.to_string()))?;
        let zone = TimeZone::get(&written.zone)
            .map_err(|_| CalendarError::UnknownZone(written.zone.clone()))?;
        let mut week: [Hours; 7] = Default::default();
        for (name, hours) in &written.week {
            let mut days = DAYS.iter().zip(&mut week);
            let found = days.find(|(day, _)| *day == name);
            let (_, place) = found.ok_or_else(|| CalendarError::UnknownDay(name.clone()))?;
            *place = read_hours(name, hours)?;
        }
        let closed = written.closed.iter().map(|text| read_date(text));
        let closed = closed.collect::<Result<BTreeSet<_>, _>>()?;
        let extra = written.extra.iter();
        let extra = extra.map(|(text, hours)| Ok((read_date(text)?, read_hours(text, hours)?)));
        let extra = extra.collect::<Result<BTreeMap<_, _>, CalendarError>>()?;
        if week.iter().all(Vec::is_empty) && extra.values().all(Vec::is_empty) {
            return Err(CalendarError::NeverOpen);
        }
        Ok(Self {
            zone,
            week,
            closed,
            extra,
        })
    }

    /// Monday to Friday, 9 to 17 o'clock UTC: what holds until somebody says otherwise.
    pub fn usual() -> Self {
        let office = || vec![(9 * 60, 17 * 60)];
        Self {
            zone: TimeZone::UTC,
            week: [
                office(),
                office(),
                office(),
                office(),
                office(),
                Vec::new(),
                Vec::new(),
            ],
            closed: BTreeSet::new(),
            extra: BTreeMap::new(),
        }
    }

    /// When `ms` milliseconds of business time are over; see [`business_time::due`].
    pub fn due(&self, start: i64, ms: i64, pauses: &[business_time::Pause]) -> Option<i64> {
        business_time::due(self.openings(start), start, ms, pauses)
    }

    /// The business time between two moments, in milliseconds; see [`business_time::between`].
    pub fn between(&self, from: i64, to: i64, pauses: &[business_time::Pause]) -> i64 {
        business_time::between(self.openings(from), from, to, pauses)
    }

    /// The n-th business day after `day`.
    pub fn business_day(&self, day: Date, n: u32) -> Option<Date> {
        let mut days = self.days(day.tomorrow().ok()?);
        let nth = usize::try_from(n.checked_sub(1)?).ok()?;
        days.by_ref()
            .filter(|day| !self.hours(*day).is_empty())
            .nth(nth)
    }

    /// Close of business on the n-th business day after the day of `start` in this calendar's zone.
    pub fn close_of_day(&self, start: i64, n: u32) -> Option<i64> {
        let day = self.business_day(self.local_day(start)?, n)?;
        let (_, close) = self.hours(day).last()?;
        self.moment(day, *close)
    }

    /// Until when nobody is disturbed, if nobody is at `at`: from 20 to 8 o'clock in this calendar's zone, any day.
    pub fn quiet_until(&self, at: i64) -> Option<i64> {
        let instant = Instant::from_millisecond(at).ok()?;
        let local = self.zone.to_datetime(instant);
        let day = match local.hour() {
            0..8 => local.date(),
            8..20 => return None,
            _ => local.date().tomorrow().ok()?,
        };
        self.moment(day, 8 * 60)
    }

    /// The date of a moment in this calendar's zone: `2026-11-30`.
    pub fn date(&self, at: i64) -> String {
        self.local_day(at)
            .map(|day| day.to_string())
            .unwrap_or_default()
    }

    fn local_day(&self, at: i64) -> Option<Date> {
        let instant = Instant::from_millisecond(at).ok()?;
        Some(self.zone.to_datetime(instant).date())
    }

    fn days(&self, first: Date) -> impl Iterator<Item = Date> {
        let next = |day: &Date| day.tomorrow().ok();
        std::iter::successors(Some(first), next).take(HORIZON_DAYS)
    }

    fn hours(&self, day: Date) -> &[(u16, u16)] {
        if let Some(hours) = self.extra.get(&day) {
            return hours;
        }
        if self.closed.contains(&day) {
            return &[];
        }
        let place = usize::try_from(day.weekday().to_monday_zero_offset()).ok();
        place
            .and_then(|place| self.week.get(place))
            .map_or(&[], Vec::as_slice)
    }

    /// Opening intervals from the day before `at` on: hours of the evening before may reach into it in UTC.
    fn openings(&self, at: i64) -> impl Iterator<Item = (i64, i64)> {
        let first = self.local_day(at).and_then(|day| day.yesterday().ok());
        let days = first.into_iter().flat_map(|first| self.days(first));
        days.flat_map(move |day| {
            let interval = move |(from, to): &(u16, u16)| {
                Some((self.moment(day, *from)?, self.moment(day, *to)?))
            };
            self.hours(day).iter().filter_map(interval)
        })
    }

    /// The moment of a local time. A time that the clocks skip counts as much later, as the skip is long; of one that
    /// comes twice the first counts (RFC 5545 §3.3.5).
    fn moment(&self, day: Date, minute: u16) -> Option<i64> {
        let (day, minute) = if minute >= 24 * 60 {
            (day.tomorrow().ok()?, 0)
        } else {
            (day, minute)
        };
        let hour = i8::try_from(minute / 60).ok()?;
        let time = Time::new(hour, i8::try_from(minute % 60).ok()?, 0, 0).ok()?;
        let local = DateTime::from_parts(day, time);
        let zoned = self
            .zone
            .to_ambiguous_zoned_datetime(local)
            .compatible()
            .ok()?;
        Some(zoned.timestamp().as_millisecond())
    }
}

impl complaint::Calendar for Calendar {
    fn due(&self, start: i64, ms: i64, pauses: &[complaint::clock::Pause]) -> Option<i64> {
        Self::due(self, start, ms, pauses)
    }

    fn open_ms(&self, from: i64, to: i64) -> i64 {
        self.between(from, to, &[])
    }

    fn close_of_day(&self, start: i64, n: u32) -> Option<i64> {
        Self::close_of_day(self, start, n)
    }
}

fn read_date(text: &str) -> Result<Date, CalendarError> {
    let wrong = || CalendarError::NotADate(text.to_owned());
    let date: Date = text.parse().map_err(|_| wrong())?;
    // The parser also takes a date with a time behind it.
    if date.to_string() == text {
        Ok(date)
    } else {
        Err(wrong())
    }
}

fn read_hours(day: &str, hours: &[[String; 2]]) -> Result<Hours, CalendarError> {
    let mut read = Hours::new();
    for [from, to] in hours {
        let (from, to) = (read_time(from)?, read_time(to)?);
        let is_after = read.last().is_none_or(|(_, end)| *end <= from);
        if from >= to || !is_after {
            return Err(CalendarError::Disordered(day.to_owned()));
        }
        read.push((from, to));
    }
    Ok(read)
}

/// `HH:MM`, 00:00 to 24:00, in minutes.
fn read_time(text: &str) -> Result<u16, CalendarError> {
    let part = |text: &str, most: u16| {
        let is_number = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        let number: u16 = is_number.then(|| text.parse().ok()).flatten()?;
        (number <= most).then_some(number)
    };
    let time = text.split_once(':').and_then(|(hours, minutes)| {
        let minute = part(hours, 24)? * 60 + part(minutes, 59)?;
        (minute <= 24 * 60).then_some(minute)
    });
    time.ok_or_else(|| CalendarError::NotATime(text.to_owned()))
}
