//! How long it took to acknowledge, to hear, to answer and to decide: as median, ninth of ten and longest, by the calendar
//! and in business time. The mean is bent by one old case.

use super::Record;
use super::stages::minutes;
use crate::complaint::Moment;
use crate::complaint::event::Change;
use crate::measures::Percentiles;

/// How long one thing took.
#[derive(Clone, Debug, PartialEq)]
pub struct Times {
    /// What.
    pub name: &'static str,
    /// In minutes of the calendar.
    pub calendar: Option<Percentiles>,
    /// In business minutes.
    pub business: Option<Percentiles>,
    /// How many cases still wait for it.
    pub waiting: u64,
}

/// When something was there.
type End = fn(&Record<'_>) -> Option<Moment>;

/// From receipt: until the customer was told, until a person first opened it, until a person first wrote, until the first
/// decision.
pub fn times(records: &[Record<'_>]) -> Vec<Times> {
    let kinds: [(&'static str, End); 4] = [
        ("acknowledged", |record| record.case.acknowledged_at),
        ("heard", |record| record.case.opened_at),
        ("first-response", |record| record.case.first_response_at),
        ("decided", |record| {
            let told = |change: &Change| matches!(change, Change::Responded(_));
            let first = record.events.iter().find(|event| told(&event.change));
            first.map(|event| event.at)
        }),
    ];
    let of = |(name, end): (&'static str, End)| {
        let (mut spans, mut business, mut waiting) = (Vec::new(), Vec::new(), 0);
        for record in records.iter().filter(|record| record.counts()) {
            let Some(begin) = record.events.first().map(|event| event.at) else {
                continue;
            };
            match end(record) {
                Some(at) => {
                    spans.push(at - begin);
                    business.push(record.calendar.open_ms(begin, at));
                }
                None => waiting += u64::from(record.case.state.is_open()),
            }
        }
        Times {
            name,
            calendar: minutes(&spans),
            business: minutes(&business),
            waiting,
        }
    };
    kinds.into_iter().map(of).collect()
}
