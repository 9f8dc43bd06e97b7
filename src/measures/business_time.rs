//! Business time: arithmetic on opening intervals in UTC, whatever calendar they come from.
//!
//! All times are milliseconds since 1970-01-01T00:00:00Z; intervals are half-open. Opening intervals come in the order of
//! time, each beginning no earlier than the one before; where two overlap, the time counts once.

/// A time that does not count: from, and until where it has ended.
pub type Pause = (i64, Option<i64>);

/// When `ms` milliseconds of business time are over, counted from `start` without the pauses.
///
/// A budget that ends with the working day is due at that day's close, not at the next opening. Pauses take away business
/// time only, and a pause that begins after the budget is used up changes nothing. Nothing: the openings end before, or a
/// pause without an end stands before it. `openings` may begin anywhere before `start`.
pub fn due(
    openings: impl IntoIterator<Item = (i64, i64)>,
    start: i64,
    ms: i64,
    pauses: &[Pause],
) -> Option<i64> {
    if ms <= 0 {
        return Some(start);
    }
    let pauses = in_order(pauses);
    let mut left = ms;
    let mut counted = start;
    for (open, close) in openings {
        let mut from = open.max(counted);
        counted = counted.max(close);
        // The pauses cut the interval into pieces; what lies between them counts.
        for (begin, end) in &pauses {
            if *begin >= close || from >= close {
                break;
            }
            if end.is_some_and(|end| end <= from) {
                continue;
            }
            if let Some(at) = spend(&mut left, from, *begin) {
                return Some(at);
            }
            from = from.max((*end)?);
        }
        if let Some(at) = spend(&mut left, from, close) {
            return Some(at);
        }
    }
    None
}

/// The business time between two moments, in milliseconds, without the pauses; 0 where `to` is not after `from`.
pub fn between(
    openings: impl IntoIterator<Item = (i64, i64)>,
    from: i64,
    to: i64,
    pauses: &[Pause],
) -> i64 {
    let pauses = in_order(pauses);
    let (mut sum, mut counted) = (0, from);
    for (open, close) in openings {
        if open >= to {
            break;
        }
        let (mut begin, close) = (open.max(counted), close.min(to));
        counted = counted.max(close);
        for (pause, end) in &pauses {
            sum += (close.min(*pause) - begin).max(0);
            begin = begin.max(end.unwrap_or(i64::MAX));
        }
        sum += close.saturating_sub(begin).max(0);
    }
    sum
}

/// Takes what lies between two moments off the rest; says when the rest was used up, if it was.
fn spend(left: &mut i64, from: i64, to: i64) -> Option<i64> {
    let length = to - from;
    if length <= 0 {
        return None;
    }
    if *left <= length {
        return Some(from + *left);
    }
    *left -= length;
    None
}

fn in_order(pauses: &[Pause]) -> Vec<Pause> {
    let mut pauses = pauses.to_vec();
    pauses.sort_by_key(|(begin, _)| *begin);
    pauses
}
