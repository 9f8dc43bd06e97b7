//! What the endpoint gives a session: the time, and functions and patterns at once.

use crate::survey::expression::functions;
use crate::survey::session::Environment;

/// What a session at the endpoint knows. Its clock is UTC: respondents' local days are their browser's to know.
pub fn of_endpoint() -> Environment {
    Environment {
        call: functions::call,
        find: |pattern, ignores_case, text| {
            let flags = if ignores_case { "i" } else { "" };
            // Browsers match code units where the flag u is not set.
            let units: Vec<u16> = text.encode_utf16().collect();
            // What cannot be read was refused at publishing.
            regress::Regex::with_flags(pattern, flags).map_or(true, |regex| {
                regex.find_from_ucs2(&units, 0).next().is_some()
            })
        },
        checks_form: true,
        now_ms: || {
            let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            since.map_or(0.0, |since| since.as_secs_f64() * 1000.0)
        },
        zone_minutes: |_| 0.0,
        chance: || 0,
    }
}
