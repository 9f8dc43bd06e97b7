//! JavaScript's dates: days and hours of a moment, and its ISO text.

mod reader;

pub use reader::date_of_text;

/// Milliseconds of a day.
const DAY: f64 = 86_400_000.0;
/// The furthest moment from 1970 that a date can be.
const MAX_MOMENT: f64 = 8.64e15;

/// A moment on calendar and clock. Parts may lie outside their usual ranges, as JavaScript's setters allow: day 0 is the
/// last one of the month before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Civil {
    /// The year of the Gregorian calendar.
    pub year: f64,
    /// The month; January is 0.
    pub month: f64,
    /// The day of the month, from 1.
    pub day: f64,
    /// The hour.
    pub hour: f64,
    /// The minute.
    pub minute: f64,
    /// The second.
    pub second: f64,
    /// The millisecond.
    pub millisecond: f64,
    /// The day of the week; Sunday is 0. Nothing follows from it.
    pub weekday: f64,
}

impl Civil {
    /// Calendar and clock at a moment (milliseconds since 1970 in the same zone); all NaN for NaN.
    pub fn of(moment: f64) -> Self {
        let days = (moment / DAY).floor();
        let time = moment - days * DAY;
        // Years begin in March, so that the leap day comes last; eras have 400 years (H. Hinnant, chrono-compatible
        // low-level date algorithms).
        let shifted = days + 719_468.0;
        let era = (shifted / 146_097.0).floor();
        let of_era = shifted - era * 146_097.0;
        let year_of_era = ((of_era - (of_era / 1460.0).floor() + (of_era / 36_524.0).floor()
            - (of_era / 146_096.0).floor())
            / 365.0)
            .floor();
        let of_year = of_era
            - (365.0 * year_of_era + (year_of_era / 4.0).floor() - (year_of_era / 100.0).floor());
        let from_march = ((5.0 * of_year + 2.0) / 153.0).floor();
        let is_early = from_march >= 10.0;
        Self {
            year: year_of_era + era * 400.0 + f64::from(u8::from(is_early)),
            month: from_march + if is_early { -10.0 } else { 2.0 },
            day: of_year - ((153.0 * from_march + 2.0) / 5.0).floor() + 1.0,
            hour: (time / 3_600_000.0).floor(),
            minute: (time / 60_000.0).floor() % 60.0,
            second: (time / 1000.0).floor() % 60.0,
            millisecond: time % 1000.0,
            weekday: (days + 4.0).rem_euclid(7.0),
        }
    }

    /// The moment it is, in milliseconds since 1970 in the same zone.
    pub fn moment(&self) -> f64 {
        let month = self.month.trunc();
        let year = self.year.trunc() + (month / 12.0).floor();
        let from_march = (month.rem_euclid(12.0) + 10.0) % 12.0;
        let year = if from_march >= 10.0 { year - 1.0 } else { year };
        let era = (year / 400.0).floor();
        let year_of_era = year - era * 400.0;
        let of_year = ((153.0 * from_march + 2.0) / 5.0).floor() + self.day.trunc() - 1.0;
        let days = era * 146_097.0 + year_of_era * 365.0 + (year_of_era / 4.0).floor()
            - (year_of_era / 100.0).floor()
            + of_year
            - 719_468.0;
        days * DAY
            + self.hour.trunc() * 3_600_000.0
            + self.minute.trunc() * 60_000.0
            + self.second.trunc() * 1000.0
            + self.millisecond.trunc()
    }
}

/// The moment as a date holds it: whole milliseconds, NaN outside 100 million days around 1970.
pub fn moment_of(milliseconds: f64) -> f64 {
    if milliseconds.abs() <= MAX_MOMENT {
        milliseconds.trunc()
    } else {
        f64::NAN
    }
}

/// `date.toISOString()`; nothing for a moment that is none.
pub fn iso_text_of_date(moment: f64) -> Option<String> {
    if moment_of(moment).is_nan() {
        return None;
    }
    let civil = Civil::of(moment);
    let padded = |number: f64, length: usize| {
        let digits = (number.abs() as u64).to_string();
        ["0".repeat(length.saturating_sub(digits.len())), digits].concat()
    };
    let year = match civil.year {
        0.0..=9999.0 => padded(civil.year, 4),
        year => [if year < 0.0 { "-" } else { "+" }, &padded(year, 6)].concat(),
    };
    let month = padded(civil.month + 1.0, 2);
    let parts = [civil.day, civil.hour, civil.minute, civil.second].map(|part| padded(part, 2));
    let [day, hour, minute, second] = parts;
    let end = padded(civil.millisecond, 3);
    Some(
        [
            &year, "-", &month, "-", &day, "T", &hour, ":", &minute, ":", &second, ".", &end, "Z",
        ]
        .concat(),
    )
}
