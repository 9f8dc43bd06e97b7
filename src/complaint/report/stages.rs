//! How long cases stay in each state, and in which most time goes: 「从中可以清晰地发现哪些环节中出现了问题」.

use super::Record;
use crate::complaint::Moment;
use crate::complaint::case::Case;
use crate::complaint::event::Change;
use crate::complaint::state::State;
use crate::measures::Percentiles;

/// All stays in one state.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// Which.
    pub state: State,
    /// How many stays.
    pub visits: u64,
    /// All of them together, in milliseconds of the calendar.
    pub total_ms: i64,
    /// The same in business time.
    pub business_ms: i64,
    /// Each, in minutes of the calendar.
    pub minutes: Option<Percentiles>,
    /// Each, in business minutes.
    pub business_minutes: Option<Percentiles>,
}

/// The states of one case in their order: which, from, to. One after the other, without a gap, from receipt until `now`.
pub fn stays(record: &Record<'_>, now: Moment) -> Vec<(State, Moment, Moment)> {
    let Some(first) = record.events.first() else {
        return Vec::new();
    };
    let Change::Received(receipt) = &first.change else {
        return Vec::new();
    };
    let mut case = Case::received(first.at, first.actor, receipt);
    let (mut stays, mut since) = (Vec::new(), first.at);
    for event in record.events.iter().skip(1) {
        let was = case.state;
        case.apply(event.at, event.actor, &event.change);
        if case.state != was {
            stays.push((was, since, event.at));
            since = event.at;
        }
    }
    stays.push((case.state, since, now.max(since)));
    stays
}

/// The open states in the order of the work; the one in which most time goes is the bottleneck.
pub fn stages(records: &[Record<'_>], now: Moment) -> (Vec<Stage>, Option<State>) {
    let mut all = Vec::new();
    for record in records.iter().filter(|record| record.counts()) {
        for (state, from, to) in stays(record, now) {
            all.push((state, to - from, record.calendar.open_ms(from, to)));
        }
    }
    let open = State::ALL.into_iter().filter(|state| state.is_open());
    let stages: Vec<_> = open
        .map(|state| {
            let own = all.iter().filter(|(known, ..)| *known == state);
            let (spans, business): (Vec<i64>, Vec<i64>) =
                own.map(|(_, ms, business)| (*ms, *business)).unzip();
            Stage {
                state,
                visits: spans.len() as u64,
                total_ms: spans.iter().sum(),
                business_ms: business.iter().sum(),
                minutes: minutes(&spans),
                business_minutes: minutes(&business),
            }
        })
        .collect();
    let most = stages.iter().max_by_key(|stage| stage.total_ms);
    let bottleneck = most.filter(|stage| stage.total_ms > 0);
    let bottleneck = bottleneck.map(|stage| stage.state);
    (stages, bottleneck)
}

pub(super) fn minutes(spans: &[i64]) -> Option<Percentiles> {
    let minutes: Vec<f64> = spans.iter().map(|ms| *ms as f64 / 60_000.0).collect();
    Percentiles::of(&minutes)
}
