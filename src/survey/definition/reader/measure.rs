//! Which measure the answers to a rating go into: as its author says, or as its words do.

use super::super::super::value::Value;
use super::super::{DefinitionFault, Kind, Metric, Question};
use super::Reader;

impl Reader {
    /// The measure that the author named.
    pub(super) fn metric(&mut self, path: &str, value: &Value, kind: &Kind) -> Option<Metric> {
        let metric = match value.get("metric")?.as_text() {
            Some("nps") => Metric::Nps,
            Some("csat") => Metric::Csat,
            Some("ces") => Metric::Ces,
            _ => {
                self.fault(
                    path,
                    "metric",
                    DefinitionFault::Expected("\"nps\", \"csat\", \"ces\" or \"none\""),
                );
                return None;
            }
        };
        let fault = match points(kind) {
            None => Some("a measure needs a rating whose points are numbers"),
            Some(points) => misfit(metric, &points),
        };
        if let Some(fault) = fault {
            self.fault(path, "metric", DefinitionFault::MetricMismatch(fault));
            return None;
        }
        Some(metric)
    }
}

/// The points of a rating, if they are numbers.
fn points(kind: &Kind) -> Option<Vec<f64>> {
    match kind {
        Kind::Rating(rating) => {
            let points = rating.values.iter();
            points.map(|point| point.value.as_number()).collect()
        }
        _ => None,
    }
}

/// Why a measure cannot be taken from these points, if it cannot.
fn misfit(metric: Metric, points: &[f64]) -> Option<&'static str> {
    let is_whole = points.windows(2).all(|pair| match pair {
        [low, high] => high - low == 1.0 && low.trunc() == *low,
        _ => false,
    });
    match metric {
        Metric::Nps if !is_scale(points, 0, 10) => Some(
            "nps is taken from a rating of 0 to 10 only: set \"rateMin\" to 0 and \"rateMax\" to 10",
        ),
        Metric::Csat if !is_whole || points.len() < 3 => Some(
            "csat counts the two upper points, so it needs at least 3 points that are whole numbers one after the other, as 1 to 5",
        ),
        Metric::Ces if !is_whole || points.len() < 3 => Some(
            "ces is a mean, so it needs at least 3 points that are whole numbers one after the other, as 1 to 7",
        ),
        Metric::Nps | Metric::Csat | Metric::Ces => None,
    }
}

fn is_scale(points: &[f64], low: i32, high: i32) -> bool {
    points.iter().copied().eq((low..=high).map(f64::from))
}

/// The measure that a rating is taken for whose author named none: one that stands on the measure's own scale and is named or
/// worded as its question is. Rather none than a wrong one: ratings that are about an aspect, that ask the other way round or
/// count from good to bad are left alone.
pub(super) fn detected(question: &Question) -> Option<Metric> {
    let Kind::Rating(rating) = &question.kind else {
        return None;
    };
    let points = points(&question.kind)?;
    let (metric, is_asked): (_, fn(&str) -> bool) = if is_scale(&points, 0, 10) {
        (Metric::Nps, asks_to_recommend)
    } else if is_scale(&points, 1, 5) {
        (Metric::Csat, asks_for_satisfaction)
    } else if is_scale(&points, 1, 7) {
        (Metric::Ces, asks_for_ease)
    } else {
        return None;
    };
    let begins_good = rating
        .low_label
        .tags()
        .any(|tag| is_good(&rating.low_label.resolve(tag).to_lowercase()));
    if question.aspect.is_some() || begins_good {
        return None;
    }
    let is_named = question
        .name
        .to_lowercase()
        .split(|letter: char| !letter.is_alphanumeric())
        .any(|word| word == metric.name());
    let is_worded = question
        .title
        .tags()
        .any(|tag| is_asked(&question.title.resolve(tag).to_lowercase()));
    (is_named || is_worded).then_some(metric)
}

fn has(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// How likely one is to recommend somebody; not what one thinks of what somebody recommended.
fn asks_to_recommend(title: &str) -> bool {
    let english = has(title, &["recommend"])
        && !has(title, &["recommendation", "recommended"])
        && has(
            title,
            &["likely", "likelihood", "would you", "willing", "probab"],
        );
    let chinese = has(title, &["推荐", "推薦", "介绍给", "介紹給"])
        && !has(title, &["推荐的", "推薦的"])
        && has(
            title,
            &["可能", "愿意", "願意", "意愿", "意願", "会", "會", "是否"],
        );
    english || chinese || has(title, &["net promoter"])
}

/// How satisfied one is; not where one is dissatisfied.
fn asks_for_satisfaction(title: &str) -> bool {
    let english = has(
        title,
        &[
            "how satisfied",
            "are you satisfied",
            "were you satisfied",
            "your satisfaction",
            "overall satisfaction",
            "satisfaction with",
        ],
    ) && !has(title, &["dissatisf", "unsatisf"]);
    let asked = [
        "满意度",
        "滿意度",
        "满意程度",
        "滿意程度",
        "满意吗",
        "滿意嗎",
        "满意么",
        "是否满意",
        "是否滿意",
        "有多满意",
        "有多滿意",
        "满不满意",
        "满意如何",
    ];
    let chinese = has(title, &asked) && !has(title, &["不满意度", "不满意程度", "不满意的"]);
    english || chinese
}

/// How easy it was; not how much effort it took, which counts the other way.
fn asks_for_ease(title: &str) -> bool {
    let english = has(
        title,
        &[
            "made it easy",
            "made it very easy",
            "makes it easy",
            "how easy",
            "was easy",
            "were easy",
            "easy for me",
            "easy to get",
            "easy to solve",
            "easy to resolve",
            "easy to reach",
        ],
    ) && !has(title, &["not easy", "how difficult", "how hard"]);
    let chinese = has(title, &["容易", "轻松", "輕鬆", "省力", "省心"])
        && has(
            title,
            &["吗", "嗎", "程度", "让", "讓", "多", "是否", "很", "非常"],
        )
        && !has(title, &["不容易", "费力", "費力", "费劲", "困难", "困難"]);
    english || chinese
}

/// Whether the words at the low end of a scale are those of its good end.
fn is_good(label: &str) -> bool {
    let is_positive = has(
        label,
        &[
            "satisf",
            "likely",
            "agree",
            "easy",
            "excellent",
            "good",
            "满意",
            "滿意",
            "愿意",
            "願意",
            "可能",
            "同意",
            "容易",
            "很好",
            "非常好",
        ],
    );
    let is_negative = has(
        label,
        &["dis", "un", "not", "no ", "least", "不", "非常差", "最低"],
    );
    is_positive && !is_negative
}
