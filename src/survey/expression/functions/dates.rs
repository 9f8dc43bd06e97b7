//! The functions of dates, and the operators on them.

use super::super::super::javascript::{Civil, date_of_text, moment_of, remainder, text_of_value};
use super::super::evaluation::{binary, sum};
use super::super::{Argument, Date, Operand, Operator};
use super::{NULL, Surroundings, Value, number_of, number_of_value};

const MINUTE: f64 = 60_000.0;
const DAY: f64 = 86_400_000.0;

/// The result of one of them, or of an operator on a date; nothing if it is another function.
pub(super) fn call(
    name: &str,
    arguments: &[Argument<'_>],
    surroundings: &dyn Surroundings,
) -> Option<Operand> {
    let clock = Clock(surroundings);
    let given = |place: usize| {
        let argument = arguments.get(place).map(|argument| &argument.value);
        argument.filter(|value| value.is_truthy())
    };
    let (first, second) = (given(0), given(1));
    // The parts of the first date, or of today.
    let civil = || {
        first.map_or_else(
            || clock.civil(clock.today()),
            |date| clock.civil(clock.date(date)),
        )
    };
    Some(match name {
        "getDate" => first.map_or(NULL, |date| date_at(clock.date(date))),
        "currentDate" => date_at(clock.now()),
        "today" => {
            let mut civil = clock.civil(clock.today());
            if let [days] = arguments {
                civil.day = added(civil.day, &days.value);
            }
            date_at(clock.moment(&civil))
        }
        "currentYear" => clock.civil(clock.now()).year.into(),
        "getYear" => match first {
            Some(date) if arguments.len() == 1 => clock.civil(clock.date(date)).year.into(),
            _ => Operand::Undefined,
        },
        "year" => civil().year.into(),
        "month" => (civil().month + 1.0).into(),
        "day" => civil().day.into(),
        "weekday" => civil().weekday.into(),
        "diffDays" => match (first, second) {
            (Some(from), Some(to)) if arguments.len() == 2 => clock.days_between(from, to).into(),
            _ => 0.0.into(),
        },
        "age" => match (first, text(second)) {
            (None, _) => NULL,
            // As in SurveyJS, whose days are between two dates only.
            (Some(_), Some("days")) => 0.0.into(),
            (Some(birth), unit) => clock.months_between(birth, None, unit).into(),
        },
        "dateDiff" => match (first, second) {
            (Some(from), Some(to)) => clock.difference(from, to, text(given(2))).into(),
            _ => NULL,
        },
        "dateAdd" => match (first, second) {
            (Some(date), Some(count)) => date_at(clock.later(date, count, text(given(2)))),
            _ => NULL,
        },
        sign => return operate(Operator::of_sign(sign)?, arguments, &clock),
    })
}

fn date_at(moment: f64) -> Operand {
    Operand::Date(Date::new(moment))
}

/// What text it is; one that no function knows if it is none.
fn text(operand: Option<&Operand>) -> Option<&str> {
    operand.map(|operand| operand.value().as_text().unwrap_or_default())
}

/// JavaScript's `part + count`, where a text is put behind.
fn added(part: f64, count: &Operand) -> f64 {
    match count {
        Operand::Value(count) => number_of_value(&sum(&Value::Number(part), count)),
        Operand::Undefined | Operand::Date(_) => f64::NAN,
    }
}

/// The clock of the place where the survey is answered.
struct Clock<'a>(&'a dyn Surroundings);

impl Clock<'_> {
    fn now(&self) -> f64 {
        self.0.now_ms()
    }

    /// Midnight today.
    fn today(&self) -> f64 {
        let mut civil = self.civil(self.now());
        (civil.hour, civil.minute, civil.second, civil.millisecond) = (0.0, 0.0, 0.0, 0.0);
        self.moment(&civil)
    }

    /// What calendar and clock show at a moment.
    fn civil(&self, moment: f64) -> Civil {
        if moment.is_nan() {
            return Civil::of(moment);
        }
        Civil::of(moment + self.0.zone_minutes(moment) * MINUTE)
    }

    /// When calendar and clock show this.
    fn moment(&self, civil: &Civil) -> f64 {
        self.of_local(civil.moment())
    }

    fn of_local(&self, local: f64) -> f64 {
        if local.is_nan() {
            return local;
        }
        let near = local - self.0.zone_minutes(local) * MINUTE;
        moment_of(local - self.0.zone_minutes(near) * MINUTE)
    }

    /// SurveyJS's `createDate`: now for what is nothing; a text that is a date without a time begins here, not in UTC.
    fn date(&self, operand: &Operand) -> f64 {
        if !operand.is_truthy() {
            return self.now();
        }
        match operand {
            Operand::Date(date) => date.moment(),
            Operand::Value(Value::Text(text)) if has_date(text) && self.read(text).is_finite() => {
                self.read(&[text, "T00:00:00"].concat())
            }
            Operand::Value(Value::Text(text)) => self.read(text),
            Operand::Value(value @ Value::List(_)) => self.read(&text_of_value(value)),
            Operand::Undefined | Operand::Value(_) => moment_of(number_of(operand)),
        }
    }

    /// JavaScript's `new Date(text)`.
    fn read(&self, text: &str) -> f64 {
        match date_of_text(text) {
            Some((local, Some(zone))) => moment_of(local - zone * MINUTE),
            Some((local, None)) => self.of_local(local),
            None => f64::NAN,
        }
    }

    fn days_between(&self, from: &Operand, to: &Operand) -> f64 {
        let [from, to] = [from, to].map(|date| {
            let civil = self.civil(self.date(date));
            let is_short = (0.0..=99.0).contains(&civil.year);
            let midnight = Civil {
                year: civil.year + if is_short { 1900.0 } else { 0.0 },
                hour: 0.0,
                minute: 0.0,
                second: 0.0,
                millisecond: 0.0,
                ..civil
            };
            midnight.moment()
        });
        ((to - from).abs() / DAY).ceil()
    }

    /// Whole years, or months, from one date to another or to now.
    fn months_between(&self, from: &Operand, to: Option<&Operand>, unit: Option<&str>) -> f64 {
        let from = self.civil(self.date(from));
        let to = self.civil(to.map_or_else(|| self.now(), |to| self.date(to)));
        let is_begun = to.day < from.day;
        let months = (to.year - from.year) * 12.0 + to.month - from.month;
        let months = months - f64::from(u8::from(is_begun));
        match unit {
            Some("months") => months,
            // No year at all where a date is none: JavaScript's `~~`.
            _ if months.is_nan() => 0.0,
            _ => (months / 12.0).trunc(),
        }
    }

    fn difference(&self, from: &Operand, to: &Operand, unit: Option<&str>) -> f64 {
        let step = match unit {
            None | Some("days") => return self.days_between(from, to),
            Some("hours") => 60.0 * MINUTE,
            Some("minutes") => MINUTE,
            Some("seconds") => 1000.0,
            unit => return self.months_between(from, Some(to), unit),
        };
        ((self.date(to) - self.date(from)).abs() / step).ceil()
    }

    fn later(&self, date: &Operand, count: &Operand, unit: Option<&str>) -> f64 {
        let date = self.date(date);
        let mut civil = self.civil(date);
        let part = match unit {
            None | Some("days") => &mut civil.day,
            Some("months") => &mut civil.month,
            Some("years") => &mut civil.year,
            Some("hours") => &mut civil.hour,
            Some("minutes") => &mut civil.minute,
            Some("seconds") => &mut civil.second,
            Some(_) => return date,
        };
        *part = added(*part, count);
        self.moment(&civil)
    }

    /// Both sides as SurveyJS compares them: a date beside a text is taken as exactly as the text says it.
    fn comparable(&self, left: &Operand, right: &Operand) -> (f64, f64) {
        match (left, right) {
            (Operand::Value(Value::Text(text)), Operand::Date(date)) => {
                let date = self.cut(date.moment(), 0);
                (self.beside(text, date), date)
            }
            (Operand::Date(date), Operand::Value(Value::Text(text))) => {
                let finest = match text.encode_utf16().count() {
                    ..11 => 3,
                    11..14 => 2,
                    14..17 => 1,
                    _ => 0,
                };
                let date = self.cut(date.moment(), finest);
                (date, self.beside(text, date))
            }
            (left, right) => (number_of(left), number_of(right)),
        }
    }

    /// Without milliseconds, seconds (1), minutes (2), hours (3).
    fn cut(&self, date: f64, finest: u8) -> f64 {
        let mut civil = self.civil(date);
        civil.millisecond = 0.0;
        if finest >= 1 {
            civil.second = 0.0;
        }
        if finest >= 2 {
            civil.minute = 0.0;
        }
        if finest >= 3 {
            civil.hour = 0.0;
        }
        self.moment(&civil)
    }

    /// The date of a text; only its day, where the date beside it is at midnight.
    fn beside(&self, text: &str, date: f64) -> f64 {
        let read = self.date(&Operand::Value(Value::from(text)));
        let civil = self.civil(date);
        if civil.hour > 0.0 || civil.minute > 0.0 || civil.second > 0.0 {
            return read;
        }
        let midnight = Civil {
            hour: 0.0,
            minute: 0.0,
            second: 0.0,
            ..self.civil(read)
        };
        self.moment(&midnight)
    }
}

/// Whether a text has `2026-01-15` in it, and no `T` behind its beginning.
fn has_date(text: &str) -> bool {
    let is_date = |window: &[u8]| {
        let fits = |(&byte, shape): (&u8, u8)| match shape {
            b'-' => byte == b'-',
            _ => byte.is_ascii_digit(),
        };
        window.iter().zip(*b"0000-00-00").all(fits)
    };
    let has_time = text.find('T').is_some_and(|place| place > 0);
    !has_time && text.as_bytes().windows(10).any(is_date)
}

/// An operator of which one side, at least, is a date.
fn operate(operator: Operator, arguments: &[Argument<'_>], clock: &Clock<'_>) -> Option<Operand> {
    let [left, right] = arguments else {
        return None;
    };
    let (left, right) = (&left.value, &right.value);
    let is_date = |operand: &Operand| matches!(operand, Operand::Date(_));
    let is_text = |operand: &Operand| matches!(operand.value(), Value::Text(_));
    let (a, b) = clock.comparable(left, right);
    // A date equals a date or the text of one, nothing else; nothing comes neither before nor after it.
    let is_nothing = |operand: &Operand| !is_date(operand) && *operand.value() == Value::Null;
    let is_equal = a == b
        && [left, right]
            .iter()
            .all(|side| is_date(side) || is_text(side));
    let has_order = !is_nothing(left) && !is_nothing(right);
    Some(match operator {
        Operator::Equal => is_equal.into(),
        Operator::NotEqual => (!is_equal).into(),
        Operator::Less => (has_order && a < b).into(),
        Operator::LessOrEqual => (is_equal || has_order && a < b).into(),
        Operator::Greater => (has_order && a > b).into(),
        Operator::GreaterOrEqual => (is_equal || has_order && a > b).into(),
        // A date is never nothing to divide by, even one that is none.
        Operator::Divide | Operator::Remainder if right.is_truthy() => {
            let (a, b) = (number_of(left), number_of(right));
            let is_quotient = operator == Operator::Divide;
            (if is_quotient { a / b } else { remainder(a, b) }).into()
        }
        Operator::Minus | Operator::Times | Operator::Divide | Operator::Remainder => binary(
            operator,
            &Value::Number(number_of(left)),
            &Value::Number(number_of(right)),
        )
        .into(),
        operator => {
            let [left, right] = [left, right].map(|side| match side {
                Operand::Date(date) => Value::Text(text_of(date.moment(), clock.0)),
                side => side.value().clone(),
            });
            match operator {
                Operator::Plus => sum(&left, &right).into(),
                operator => binary(operator, &left, &right).into(),
            }
        }
    })
}

/// JavaScript's `String(date)`, but for the name of a zone other than UTC.
pub(super) fn text_of(moment: f64, surroundings: &dyn Surroundings) -> String {
    if moment.is_nan() {
        return "Invalid Date".to_owned();
    }
    let zone = surroundings.zone_minutes(moment);
    let civil = Civil::of(moment + zone * MINUTE);
    let padded = |number: f64, length: usize| {
        let digits = (number.abs() as u64).to_string();
        ["0".repeat(length.saturating_sub(digits.len())), digits].concat()
    };
    let named = |names: &'static str, place: f64| {
        let start = place as usize * 3;
        names.get(start..start + 3).unwrap_or_default()
    };
    let mut text = [
        named("SunMonTueWedThuFriSat", civil.weekday),
        " ",
        named("JanFebMarAprMayJunJulAugSepOctNovDec", civil.month),
    ]
    .concat();
    let year_sign = if civil.year < 0.0 { "-" } else { "" };
    let zone_sign = if zone < 0.0 { "-" } else { "+" };
    let (hours, minutes) = ((zone.abs() / 60.0).trunc(), zone.abs() % 60.0);
    for (before, number, length) in [
        (" ", civil.day, 2),
        (
            [" ", year_sign].concat().as_str(),
            civil.year,
            if civil.year < 0.0 { 6 } else { 4 },
        ),
        (" ", civil.hour, 2),
        (":", civil.minute, 2),
        (":", civil.second, 2),
        ([" GMT", zone_sign].concat().as_str(), hours, 2),
        ("", minutes, 2),
    ] {
        text.push_str(before);
        text.push_str(&padded(number, length));
    }
    if zone == 0.0 {
        text.push_str(" (Coordinated Universal Time)");
    }
    text
}
