//! How briefings and progress reports are written: plain HTML without a script, every word escaped, the customer's own words
//! before any figure.

use super::{Content, Item, Score, What, code};
use crate::complaint::finding::FindingState;
use crate::complaint::view::{Status, Until};
use crate::complaint::{Category, ClockKind, Closure, Moment};
use crate::endpoint::clock::Timestamp;
use crate::measures::{Interval, Reading};
use crate::messages::{CaseText, Language, ReportText, case_text, fill, report_text};
use crate::survey::definition::Metric;

const STYLE: &str = "\
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 52rem; margin: 0 auto; padding: 1.5rem }
blockquote { margin: 1rem 0; padding-inline-start: 1rem; border-inline-start: .25rem solid; font-size: 1.25rem; white-space: pre-line }
table { border-collapse: collapse; width: 100% }
th, td { text-align: start; vertical-align: top; padding: .375rem .75rem .375rem 0; border-block-end: 1px solid }
";

/// A page as it is written: what goes into it is text, never markup.
struct Html(String);

impl Html {
    fn open(&mut self, tag: &str) {
        self.0.extend(["<", tag, ">"]);
    }

    fn close(&mut self, tag: &str) {
        self.0.extend(["</", tag, ">\n"]);
    }

    fn text(&mut self, text: &str) {
        for letter in text.chars() {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                // Whoever copies a page must not carry along what cannot be seen.
                other if other.is_control() && other != '\n' => self.0.push('\u{fffd}'),
                other => self.0.push(other),
            }
        }
    }

    fn line(&mut self, tag: &str, text: &str) {
        self.open(tag);
        self.text(text);
        self.close(tag);
    }

    fn table(&mut self, heads: &[&str], rows: &[Vec<String>]) {
        self.open("table");
        self.open("thead");
        self.open("tr");
        for head in heads {
            self.0.push_str("<th scope=\"col\">");
            self.text(head);
            self.close("th");
        }
        self.close("tr");
        self.close("thead");
        self.open("tbody");
        for row in rows {
            self.open("tr");
            for cell in row {
                self.line("td", cell);
            }
            self.close("tr");
        }
        self.close("tbody");
        self.close("table");
    }
}

/// A briefing: words, scores, times, causes, what is being done.
pub(super) fn briefing(content: &Content) -> String {
    let say = |message| report_text(content.language, message);
    let mut html = begin(content, ReportText::BriefingTitle);
    scores(&mut html, content);
    html.line("h2", say(ReportText::Times));
    let rows: Vec<_> = content.times.iter().filter(|(.., all)| *all > 0).collect();
    if rows.is_empty() {
        html.line("p", say(ReportText::NoComplaints));
    } else {
        html.open("ul");
        for (kind, kept, all) in rows {
            let name = match kind {
                ClockKind::FirstResponse => ReportText::FirstResponse,
                ClockKind::Resolution => ReportText::Resolution,
                _ => ReportText::Updates,
            };
            let (kept, all) = (kept.to_string(), all.to_string());
            let kept = fill(say(ReportText::Kept), &[("kept", &kept), ("all", &all)]);
            html.line("li", &joined(content.language, say(name), &kept));
        }
        html.close("ul");
    }
    causes(&mut html, content);
    items(&mut html, content);
    end(html, content)
}

/// A progress report: words, how many, what became of each.
pub(super) fn progress(content: &Content) -> String {
    let say = |message| report_text(content.language, message);
    let mut html = begin(content, ReportText::ProgressTitle);
    html.line("h2", say(ReportText::Figures));
    html.open("ul");
    for (message, n) in [
        (ReportText::CameIn, content.came_in),
        (ReportText::Finished, content.finished),
        (ReportText::StillOpen, content.still_open),
    ] {
        html.line("li", &fill(say(message), &[("n", &n.to_string())]));
    }
    html.close("ul");
    items(&mut html, content);
    end(html, content)
}

/// The head, and the customer's chair before anything else.
fn begin(content: &Content, title: ReportText) -> Html {
    let say = |message| report_text(content.language, message);
    let title = fill(say(title), &[("account", &content.subject.account)]);
    let mut html = Html(String::new());
    html.0.push_str("<!doctype html>\n<html lang=\"");
    html.0.push_str(content.language.tag());
    html.0.push_str("\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\n");
    html.line("title", &title);
    html.0
        .extend(["<style>\n", STYLE, "</style></head>\n<body>\n"]);
    html.line("h1", &title);
    let days = [
        ("from", &day(content.subject.from) as &str),
        ("until", &day(content.subject.until - 1)),
    ];
    html.line("p", &fill(say(ReportText::Period), &days));
    html.line("h2", say(ReportText::Chair));
    match &content.chair {
        Some((at, words)) => {
            html.line("blockquote", words);
            html.line(
                "p",
                &fill(say(ReportText::ChairSaid), &[("day", &day(*at))]),
            );
        }
        None => html.line("p", say(ReportText::ChairEmpty)),
    }
    html
}

fn end(mut html: Html, content: &Content) -> String {
    html.line("p", report_text(content.language, ReportText::ZoneNote));
    html.0.push_str("</body>\n</html>\n");
    html.0
}

fn scores(html: &mut Html, content: &Content) {
    let say = |message| report_text(content.language, message);
    html.line("h2", say(ReportText::Scores));
    if content.scores.is_empty() {
        html.line("p", say(ReportText::NoScores));
        return;
    }
    let heads = [
        ReportText::Question,
        ReportText::Measure,
        ReportText::Value,
        ReportText::IntervalLabel,
        ReportText::Answers,
    ];
    let rows: Vec<_> = content
        .scores
        .iter()
        .map(|score| score_row(content.language, score))
        .collect();
    html.table(&heads.map(say), &rows);
}

fn score_row(language: Language, score: &Score) -> Vec<String> {
    let say = |message| report_text(language, message);
    let decimals = score.decimals;
    let unit = if score.metric == Metric::Csat {
        " %"
    } else {
        ""
    };
    let (value, interval, n) = match score.reading {
        Some(Reading::Shown {
            n,
            value,
            interval: Interval { low, high },
            is_small,
        }) => {
            let (low, high) = (format!("{low:.decimals$}"), format!("{high:.decimals$}"));
            let n = if is_small {
                fill(say(ReportText::SmallSample), &[("n", &n.to_string())])
            } else {
                n.to_string()
            };
            let range = fill(say(ReportText::Range), &[("low", &low), ("high", &high)]);
            (format!("{value:.decimals$}{unit}"), range, n)
        }
        Some(Reading::CountsOnly { n }) => (
            say(ReportText::TooFew).to_owned(),
            String::new(),
            n.to_string(),
        ),
        None => (
            say(ReportText::TooFew).to_owned(),
            String::new(),
            String::new(),
        ),
    };
    let metric = score.metric.name().to_uppercase();
    vec![score.title.clone(), metric, value, interval, n]
}

fn causes(html: &mut Html, content: &Content) {
    let say = |message| report_text(content.language, message);
    html.line("h2", say(ReportText::Top));
    let Some(pareto) = &content.top else {
        html.line("p", say(ReportText::NoComplaints));
        return;
    };
    let heads = [ReportText::Cause, ReportText::Count, ReportText::Cumulative];
    let row = |row: &crate::measures::Row| {
        let known = Category::ALL.into_iter();
        let mut known = known.filter(|category| code(*category) == row.category.name);
        let category = known.next().unwrap_or(Category::Other);
        vec![
            say(category_text(category)).to_owned(),
            row.category.count().to_string(),
            format!("{:.0} %", row.cumulative),
        ]
    };
    let rows: Vec<_> = pareto.rows.iter().map(row).collect();
    html.table(&heads.map(say), &rows);
    let (cases, people) = content.affected;
    if cases > 0 {
        let (cases, people) = (cases.to_string(), people.to_string());
        let places = [("cases", cases.as_str()), ("people", people.as_str())];
        html.line("p", &fill(say(ReportText::Affected), &places));
    }
    if content.touching_users > 0 {
        let cases = content.touching_users.to_string();
        let places = [("cases", cases.as_str())];
        html.line("p", &fill(say(ReportText::TouchingUsers), &places));
    }
}

fn items(html: &mut Html, content: &Content) {
    let say = |message| report_text(content.language, message);
    html.line("h2", say(ReportText::Actions));
    if content.items.is_empty() {
        html.line("p", say(ReportText::NoActions));
        return;
    }
    let heads = [
        ReportText::Number,
        ReportText::Kind,
        ReportText::Standing,
        ReportText::Next,
        ReportText::Changed,
    ];
    let rows: Vec<_> = content
        .items
        .iter()
        .map(|item| item_row(content.language, item, content.end))
        .collect();
    html.table(&heads.map(say), &rows);
}

/// A date that lies behind the end of the period was missed, and says so.
fn item_row(language: Language, item: &Item, end: Moment) -> Vec<String> {
    let say = |message| report_text(language, message);
    let (kind, standing) = match &item.what {
        What::Case(status) => (
            ReportText::CaseKind,
            case_text(language, status_text(*status)),
        ),
        What::Request { is_answered: true } => (ReportText::RequestKind, say(ReportText::Answered)),
        What::Request { is_answered: false } => (ReportText::RequestKind, say(ReportText::Waiting)),
        What::Finding(state) => {
            let state = match state {
                FindingState::Logged => ReportText::Logged,
                FindingState::Tracked => ReportText::Tracked,
                FindingState::VerifiedInternally => ReportText::Verified,
                FindingState::ReportedBack => ReportText::Told,
            };
            (ReportText::FindingKind, say(state))
        }
    };
    let kind = match item.category {
        Some(category) => joined(language, say(kind), say(category_text(category))),
        None => say(kind).to_owned(),
    };
    let next = match item.next {
        // The time in which it can be opened again is no date of ours.
        None | Some((Some(Until::Reopen | Until::Ended), _)) => String::new(),
        Some((_, at)) if at < end => fill(say(ReportText::Overdue), &[("day", &day(at))]),
        Some((_, at)) => day(at),
    };
    let changed = item.changed.clone().unwrap_or_default();
    vec![
        item.number.clone(),
        kind,
        standing.to_owned(),
        next,
        changed,
    ]
}

/// Two parts of a line, with the language's own colon.
fn joined(language: Language, first: &str, second: &str) -> String {
    let colon = match language {
        Language::English => ": ",
        Language::Chinese => "：",
    };
    [first, colon, second].concat()
}

fn day(at: Moment) -> String {
    let text = Timestamp(at).to_string();
    text.split('T').next().unwrap_or_default().to_owned()
}

fn status_text(status: Status) -> CaseText {
    match status {
        Status::Received => CaseText::Received,
        Status::Acknowledged => CaseText::Acknowledged,
        Status::Assessed => CaseText::Assessed,
        Status::InProgress => CaseText::InProgress,
        Status::NeedsYou => CaseText::NeedsYou,
        Status::WithPartner => CaseText::WithPartner,
        Status::Decided => CaseText::Decided,
        Status::UnderReview => CaseText::UnderReview,
        Status::Closed(closure) => match closure {
            Closure::CustomerConfirmed => CaseText::ClosedSolved,
            Closure::NoReplyTimeout => CaseText::ClosedNoReply,
            Closure::DeclinedFinal => CaseText::ClosedDeclined,
            Closure::Withdrawn => CaseText::ClosedWithdrawn,
            Closure::Duplicate => CaseText::ClosedDuplicate,
            Closure::Reclassified => CaseText::ClosedReclassified,
            Closure::Spam => CaseText::ClosedSpam,
        },
    }
}

fn category_text(category: Category) -> ReportText {
    match category {
        Category::Commercial => ReportText::Commercial,
        Category::Billing => ReportText::Billing,
        Category::Contract => ReportText::Contract,
        Category::Relationship => ReportText::Relationship,
        Category::ResponseSpeed => ReportText::ResponseSpeed,
        Category::Solution => ReportText::Solution,
        Category::ProductFunction => ReportText::ProductFunction,
        Category::Performance => ReportText::Performance,
        Category::Interoperability => ReportText::Interoperability,
        Category::DeliveryDate => ReportText::DeliveryDate,
        Category::Installation => ReportText::Installation,
        Category::Training => ReportText::Training,
        Category::Maintenance => ReportText::Maintenance,
        Category::SpareParts => ReportText::SpareParts,
        Category::Other => ReportText::Other,
    }
}
