//! Moments as UTC milliseconds, and the clock that the endpoint is given instead of asking the machine.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// One day in milliseconds.
pub const DAY_MS: i64 = 86_400_000;

/// A moment: milliseconds since 1970-01-01T00:00:00Z. Shown as RFC 3339 with milliseconds, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Milliseconds that have passed since `earlier`; negative when `earlier` is later.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Timestamp {
    /// Days to a civil date as in Howard Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, ms) = (self.0.div_euclid(DAY_MS), self.0.rem_euclid(DAY_MS));
        let z = days + 719_468;
        let (era, doe) = (z.div_euclid(146_097), z.rem_euclid(146_097));
        let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let (day, month) = (
            doy - (153 * mp + 2) / 5 + 1,
            if mp < 10 { mp + 3 } else { mp - 9 },
        );
        let year = yoe + era * 400 + i64::from(month <= 2);
        let (h, m, s) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{h:02}:{m:02}:{s:02}.{:03}Z",
            ms % 1_000
        )
    }
}

/// A text that is no moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAMoment(String);

impl fmt::Display for NotAMoment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is no moment; write date, time and offset from UTC, for example 2026-12-01T09:00+08:00",
            self.0
        )
    }
}

impl std::error::Error for NotAMoment {}

impl FromStr for Timestamp {
    type Err = NotAMoment;

    /// Reads RFC 3339; the seconds may be left out, the offset may not: a time without one means another moment on
    /// each machine. Days to a date as in Hinnant, `days_from_civil`. Years 1970 to 9999.
    fn from_str(text: &str) -> Result<Self, NotAMoment> {
        moment(text).ok_or_else(|| NotAMoment(text.to_owned()))
    }
}

fn moment(text: &str) -> Option<Timestamp> {
    let (date, rest) = text.split_once(['T', 't', ' '])?;
    let (time, offset) = match rest.strip_suffix(['Z', 'z']) {
        Some(time) => (time, 0),
        None => {
            let (time, offset) = rest.split_at_checked(rest.rfind(['+', '-'])?)?;
            let (hours, minutes) = offset.get(1..)?.split_once(':')?;
            let minutes = number(hours, 2, 0..=23)? * 60 + number(minutes, 2, 0..=59)?;
            (
                time,
                if offset.starts_with('-') {
                    -minutes
                } else {
                    minutes
                },
            )
        }
    };
    let mut parts = date.splitn(3, '-');
    let year = number(parts.next()?, 4, 1970..=9999)?;
    let month = number(parts.next()?, 2, 1..=12)?;
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(is_leap),
        _ => 31,
    };
    let day = number(parts.next()?, 2, 1..=last)?;
    let mut parts = time.splitn(3, ':');
    let hour = number(parts.next()?, 2, 0..=23)?;
    let minute = number(parts.next()?, 2, 0..=59)?;
    let ms = match parts.next() {
        None => 0,
        Some(seconds) => {
            let (whole, part) = seconds.split_once('.').unwrap_or((seconds, "0"));
            let part = part.get(..3).unwrap_or(part);
            let scale = [100, 10, 1].get(part.len().checked_sub(1)?)?;
            number(whole, 2, 0..=59)? * 1_000 + number(part, part.len(), 0..=999)? * scale
        }
    };
    let y = year - i64::from(month <= 2);
    let mp = (month + 9) % 12;
    let (era, yoe) = (y.div_euclid(400), y.rem_euclid(400));
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + (153 * mp + 2) / 5 + day - 1;
    let days = era * 146_097 + doe - 719_468;
    let minutes = hour * 60 + minute - offset;
    Some(Timestamp(days * DAY_MS + minutes * 60_000 + ms))
}

/// A number of exactly so many digits.
fn number(text: &str, digits: usize, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
    let is_number = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = is_number.then(|| text.parse().ok()).flatten()?;
    range.contains(&number).then_some(number)
}

/// Tells the time. The machine's clock in production; tests put their own in its place.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The machine's clock. A clock before 1970 reads as 1970.
    pub fn system() -> Self {
        Self::from_fn(|| {
            let since = SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default();
            Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
        })
    }

    /// A clock that says what `read` says.
    pub fn from_fn(read: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn moments_are_shown_as_rfc_3339_in_utc() {
        for (ms, shown) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_795_428_000_123, "2026-11-23T10:00:00.123Z"),
            (4_102_444_799_999, "2099-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(Timestamp(ms).to_string(), shown);
            if ms >= 0 {
                assert_eq!(shown.parse(), Ok(Timestamp(ms)));
            }
        }
    }

    #[test]
    fn moments_are_read_with_their_offset_and_never_without() {
        for (text, same) in [
            ("2026-12-01T09:00+08:00", "2026-12-01T01:00:00.000Z"),
            ("2026-12-01T09:00:30-05:30", "2026-12-01T14:30:30.000Z"),
            ("2028-02-29 00:00:00.5Z", "2028-02-29T00:00:00.500Z"),
            ("2026-01-01T00:30:59.1239+01:00", "2025-12-31T23:30:59.123Z"),
        ] {
            let read = text.parse::<Timestamp>().map(|read| read.to_string());
            assert_eq!(read.as_deref(), Ok(same), "{text}");
        }
        for wrong in [
            "",
            "2026-12-01",
            "2026-12-01T09:00",
            "2026-12-01T09:00+8",
            "2026-12-01T09:00+0800",
            "2026-02-29T09:00Z",
            "2026-13-01T09:00Z",
            "2026-12-00T09:00Z",
            "2026-12-01T24:00Z",
            "2026-12-01T09:60Z",
            "2026-12-01T09:00:60Z",
            "2026-12-01T09:00:00.Z",
            "2026-12-01T+9:00Z",
            "0026-12-01T09:00Z",
            "tomorrow",
            "2026-12-01T09:00＋08:00",
        ] {
            assert!(wrong.parse::<Timestamp>().is_err(), "{wrong}");
        }
    }
}
