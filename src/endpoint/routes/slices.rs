//! `/v1/staff/roles`, `/v1/staff/trend`, `/v1/staff/compared` and `/v1/staff/references`.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::common::{Period, answered, query};
use crate::endpoint::App;
use crate::endpoint::clock::Timestamp;
use crate::endpoint::guard::Actor;
use crate::endpoint::problem::Refusal;
use crate::endpoint::results;
use crate::endpoint::slices::{self, ByRole, Compared, Reference, Trend, Wanted};
use crate::measures::{Paired, Sample};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    survey: Option<String>,
    account: Option<String>,
    from: Option<String>,
    until: Option<String>,
}

fn wanted(uri: &Uri) -> Result<Wanted, Refusal> {
    let Asked {
        survey,
        account,
        from,
        until,
    } = query(uri)?;
    Ok(Wanted {
        survey,
        account,
        period: Some(Period { from, until }.moments()?),
    })
}

pub(super) async fn roles(
    State(app): State<App>,
    actor: Actor,
    uri: Uri,
) -> Result<Response, Refusal> {
    let wanted = wanted(&uri)?;
    let work = move || slices::by_role(&app.cases, actor, &wanted);
    answered(StatusCode::OK, work, |ByRole { all, roles }| {
        let parts = roles.iter();
        let parts = parts.map(|(role, part)| json!({"role": role, "scores": results::value(part)}));
        let answer = json!({"all": results::value(all), "by_role": parts.collect::<Vec<_>>()});
        (answer, None)
    })
    .await
}

pub(super) async fn trend(
    State(app): State<App>,
    actor: Actor,
    uri: Uri,
) -> Result<Response, Refusal> {
    let wanted = wanted(&uri)?;
    let work = move || slices::trend(&app.cases, actor, &wanted);
    answered(StatusCode::OK, work, |trends| {
        let trends: Vec<_> = trends.iter().map(drawn).collect();
        (json!({ "trends": trends }), None)
    })
    .await
}

pub(super) async fn compared(
    State(app): State<App>,
    actor: Actor,
    uri: Uri,
) -> Result<Response, Refusal> {
    let wanted = wanted(&uri)?;
    let work = move || slices::compared(&app.cases, actor, &wanted);
    answered(StatusCode::OK, work, |surveys| {
        let surveys: Vec<_> = surveys.iter().map(difference).collect();
        (json!({ "surveys": surveys }), None)
    })
    .await
}

pub(super) async fn references(State(app): State<App>, actor: Actor) -> Result<Response, Refusal> {
    let work = move || slices::references(&app.cases, actor);
    answered(StatusCode::OK, work, |all| {
        let reference = |one: &Reference| {
            json!({
                "survey": one.survey, "account": one.account, "contact": one.contact, "verified": one.verified,
                "score": one.score, "at": Timestamp(one.at).to_string(),
            })
        };
        (json!({"references": all.iter().map(reference).collect::<Vec<_>>()}), None)
    })
    .await
}

/// Below 10 answers a month has counts only, as everywhere; whether it is a signal is still judged.
fn drawn(trend: &Trend) -> Json {
    let months = trend.months.iter().enumerate();
    let months = months.map(|(place, (month, share))| {
        let limits = trend.limits(place);
        let is_shown = share.n() >= Sample::SHOWN_FROM;
        json!({
            "month": month,
            "n": share.n(),
            "unhappy": share.k(),
            "percent": share.percent().filter(|_| is_shown),
            "limits": limits.filter(|_| is_shown).map(|(limits, _)| [limits.low, limits.high]),
            "signal": limits.is_some_and(|(_, is_signal)| is_signal),
        })
    });
    json!({
        "survey": trend.survey,
        "question": trend.question,
        "metric": trend.metric.name(),
        "usual_percent": trend.chart.as_ref().map(|chart| 100.0 * chart.centre),
        "months": months.collect::<Vec<_>>(),
    })
}

fn difference(one: &Compared) -> Json {
    let verdict = |paired: Paired| {
        if paired.is_better() {
            "better"
        } else if paired.interval.high < 0.0 {
            "worse"
        } else {
            "not-shown"
        }
    };
    let difference = one.difference.map(|paired| {
        json!({
            "mean": paired.mean, "interval": [paired.interval.low, paired.interval.high], "verdict": verdict(paired),
            "sample": if Sample::of(paired.n) == Sample::Full { "full" } else { "small" },
        })
    });
    json!({"survey": one.survey, "n": one.n, "difference": difference})
}
