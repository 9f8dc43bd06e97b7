//! Scores looked at from one side: by who answered, month by month, beside other suppliers; and who may be named as a reference.

use std::collections::HashMap;

use super::cases::{CaseError, Cases};
use super::guard::Actor;
use super::records;
use super::results::{self, SurveyResults};
use super::store::{Filter, Reader, StoredResponse};
use crate::complaint::visit::RespondentRole;
use crate::complaint::{Reach, Refusal, Role};
use crate::measures::{ControlChart, Interval, Paired, Sample, Share};
use crate::survey::definition::{Kind, Metric};
use crate::survey::{Definition, Value};

/// The aspect of a rating that is given to a respondent's other suppliers.
const OTHER_SUPPLIERS: &str = "other-suppliers";

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    /// Only this survey.
    pub(super) survey: Option<String>,
    /// Only this account.
    pub(super) account: Option<String>,
    /// Only this period.
    pub(super) period: Option<(i64, i64)>,
}

impl Wanted {
    fn filter(&self) -> Filter<'_> {
        Filter {
            survey: self.survey.as_deref(),
            account: self.account.as_deref(),
            period: self.period,
            ..Filter::default()
        }
    }
}

/// Whoever works with results sees all of them, the three of a team those of their accounts.
fn sees(cases: &Cases, actor: Actor, wanted: &Wanted) -> Result<(), CaseError> {
    let sees = match records::reach(cases, actor)? {
        Reach::Everything => true,
        Reach::Nothing => actor.role == Role::Analyst,
        reach @ Reach::Accounts(_) => reach.covers_any(wanted.account.as_deref()),
    };
    if sees {
        Ok(())
    } else {
        Err(Refusal::NotAllowed.into())
    }
}

/// The scores of all, and of each role.
#[derive(Debug)]
pub(super) struct ByRole {
    /// All together.
    pub(super) all: Vec<SurveyResults>,
    /// Each role, none left out.
    pub(super) roles: Vec<(RespondentRole, Vec<SurveyResults>)>,
}

/// The scores by what the respondents are, and all together: the parts add up.
pub(super) fn by_role(cases: &Cases, actor: Actor, wanted: &Wanted) -> Result<ByRole, CaseError> {
    sees(cases, actor, wanted)?;
    let reader = cases.reader();
    let all = results::count(reader, wanted.filter())?;
    let (none, mut parts) = results::count_by(reader, wanted.filter(), role_of)?;
    let of_role = |role| (role, parts.remove(&role).unwrap_or_else(|| none.clone()));
    let roles = RespondentRole::ALL.map(of_role).into();
    Ok(ByRole { all, roles })
}

/// What a respondent is: the hidden field `role`, else the answer to a question of that name.
fn role_of(response: &StoredResponse) -> RespondentRole {
    let named = |text: &str| {
        let value: Value = serde_json::from_str(text).ok()?;
        Some(value.get("role")?.as_text()?.to_owned())
    };
    let named = named(&response.fields).or_else(|| named(&response.answers));
    RespondentRole::of(&named.unwrap_or_default())
}

/// A measure month by month.
#[derive(Debug)]
pub(super) struct Trend {
    /// The survey.
    pub(super) survey: String,
    /// The question.
    pub(super) question: String,
    /// The measure.
    pub(super) metric: Metric,
    /// Each month with answers, as `2026-11` in UTC, and its share of unhappy respondents.
    pub(super) months: Vec<(String, Share)>,
    /// What is usual.
    pub(super) chart: Option<ControlChart>,
}

impl Trend {
    /// The limits of a month, in percent, and whether it lies outside.
    pub(super) fn limits(&self, place: usize) -> Option<(Interval, bool)> {
        let chart = self.chart.as_ref()?;
        let limits = chart.limits.get(place)?;
        let percent = Interval {
            low: 100.0 * limits.low,
            high: 100.0 * limits.high,
        };
        Some((percent, chart.signals.contains(&place)))
    }
}

/// The share of unhappy respondents by month, with control limits: not every up and down means something.
pub(super) fn trend(cases: &Cases, actor: Actor, wanted: &Wanted) -> Result<Vec<Trend>, CaseError> {
    sees(cases, actor, wanted)?;
    let month = |response: &StoredResponse| {
        let at = response.received_at.to_string();
        at.get(..7).unwrap_or_default().to_owned()
    };
    let (_, months) = results::count_by(cases.reader(), wanted.filter(), month)?;
    let mut trends: Vec<Trend> = Vec::new();
    for (month, surveys) in &months {
        for figure in surveys.iter().flat_map(SurveyResults::figures) {
            let Some(unhappy) = figure.unhappy else {
                continue;
            };
            let known = trends.iter_mut().find(|trend| {
                trend.survey == figure.survey
                    && trend.question == figure.question
                    && trend.metric == figure.metric
            });
            let point = (month.clone(), unhappy);
            match known {
                Some(trend) => trend.months.push(point),
                None => trends.push(Trend {
                    survey: figure.survey.to_owned(),
                    question: figure.question.to_owned(),
                    metric: figure.metric,
                    months: vec![point],
                    chart: None,
                }),
            }
        }
    }
    for trend in &mut trends {
        let shares = trend.months.iter();
        let (unhappy, sizes): (Vec<_>, Vec<_>) =
            shares.map(|(_, share)| (share.k(), share.n())).unzip();
        trend.chart = ControlChart::of_shares(&unhappy, &sizes);
    }
    Ok(trends)
}

/// How a survey's respondents rate us beside their other suppliers.
#[derive(Debug)]
pub(super) struct Compared {
    /// The survey.
    pub(super) survey: String,
    /// Respondents who rated both.
    pub(super) n: usize,
    /// The difference, from 10 respondents on.
    pub(super) difference: Option<Paired>,
}

/// Compares what the same respondents answered to the first measure and to the rating of their other suppliers, on the same
/// scale; for each survey that asks for both.
pub(super) fn compared(
    cases: &Cases,
    actor: Actor,
    wanted: &Wanted,
) -> Result<Vec<Compared>, CaseError> {
    sees(cases, actor, wanted)?;
    let mut pairs: Vec<(String, Vec<f64>, Vec<f64>)> = Vec::new();
    let mut asked: HashMap<(String, u32), Option<(String, String)>> = HashMap::new();
    let reader = cases.reader();
    for version in reader.surveys()? {
        if wanted
            .survey
            .as_ref()
            .is_some_and(|survey| *survey != version.survey)
        {
            continue;
        }
        let text = reader.definition(&version.survey, version.version)?;
        let value = text.and_then(|text| serde_json::from_str::<Value>(&text).ok());
        let both = value.and_then(|value| both(&Definition::of_published(&value)));
        if both.is_some()
            && pairs
                .last()
                .is_none_or(|(survey, ..)| *survey != version.survey)
        {
            pairs.push((version.survey.clone(), Vec::new(), Vec::new()));
        }
        asked.insert((version.survey, version.version), both);
    }
    reader.for_each_response(wanted.filter(), |response| -> Result<(), CaseError> {
        let key = (response.survey, response.version);
        let (Some(Some((us, them))), false) = (asked.get(&key), response.superseded) else {
            return Ok(());
        };
        let answers: Value =
            serde_json::from_str(&response.answers).map_err(|_| CaseError::Unreadable)?;
        let score = |name: &str| answers.get(name).and_then(Value::as_number);
        let of_survey = pairs.iter_mut().find(|(survey, ..)| *survey == key.0);
        if let (Some(us), Some(them), Some((_, ours, theirs))) = (score(us), score(them), of_survey)
        {
            ours.push(us);
            theirs.push(them);
        }
        Ok(())
    })?;
    let compared = pairs.into_iter().map(|(survey, us, them)| Compared {
        survey,
        n: us.len(),
        difference: (us.len() as u64 >= Sample::SHOWN_FROM)
            .then(|| Paired::of(&us, &them))
            .flatten(),
    });
    Ok(compared.collect())
}

/// The first measure of a definition and the rating of other suppliers, where both have the same points.
fn both(definition: &Definition) -> Option<(String, String)> {
    let points = |kind: &Kind| match kind {
        Kind::Rating(rating) => {
            let values = rating.values().iter().map(|point| point.value.as_number());
            values.collect::<Option<Vec<_>>>()
        }
        _ => None,
    };
    let them = definition
        .questions()
        .find(|question| question.aspect.as_deref() == Some(OTHER_SUPPLIERS))?;
    let theirs = points(&them.kind)?;
    let us = definition.questions().find(|question| {
        question.metric.is_some()
            && question.name != them.name
            && points(&question.kind).is_some_and(|ours| ours == theirs)
    })?;
    Some((us.name.clone(), them.name.clone()))
}

/// A promoter who agreed to be named.
#[derive(Debug)]
pub(super) struct Reference {
    /// The survey.
    pub(super) survey: String,
    /// The account.
    pub(super) account: Option<String>,
    /// The person, as the survey's invitation names them.
    pub(super) contact: Option<String>,
    /// Whether the two are proved.
    pub(super) verified: bool,
    /// 9 or 10.
    pub(super) score: f64,
    /// When, Unix milliseconds.
    pub(super) at: i64,
}

/// Those who gave a 9 or 10 to an NPS and said yes to being a reference: `"consent": "reference"` on a yes-or-no question. A
/// yes beside a lower score is none.
pub(super) fn references(cases: &Cases, actor: Actor) -> Result<Vec<Reference>, CaseError> {
    // It names people: whoever works with figures only has no use for it.
    let reach = super::visits::seeing(cases, actor)?;
    let reader = cases.reader();
    let mut asked: HashMap<(String, u32), Option<(String, String)>> = HashMap::new();
    for version in reader.surveys()? {
        let text = reader.definition(&version.survey, version.version)?;
        let value = text.and_then(|text| serde_json::from_str::<Value>(&text).ok());
        let names = value.and_then(|value| {
            let consent = consent_question(&value)?;
            let definition = Definition::of_published(&value);
            let is_yes_or_no = |kind: &Kind| matches!(kind, Kind::Boolean(_));
            let consent = definition
                .question(&consent)
                .filter(|it| is_yes_or_no(&it.kind))?;
            let nps = definition
                .questions()
                .find(|question| question.metric == Some(Metric::Nps))?;
            let name = |it: &crate::survey::definition::Question| {
                it.value_name.clone().unwrap_or_else(|| it.name.clone())
            };
            Some((name(nps), name(consent)))
        });
        asked.insert((version.survey, version.version), names);
    }
    let mut references = Vec::new();
    reader.for_each_response(Filter::default(), |response| -> Result<(), CaseError> {
        let key = (response.survey.clone(), response.version);
        let Some(Some((nps, consent))) = asked.get(&key) else {
            return Ok(());
        };
        let answers: Value =
            serde_json::from_str(&response.answers).map_err(|_| CaseError::Unreadable)?;
        let score = answers.get(nps).and_then(Value::as_number);
        let agreed = answers.get(consent).and_then(Value::as_bool) == Some(true);
        let is_seen = reach.covers_any(response.account.as_deref());
        if let Some(score) = score.filter(|score| *score >= 9.0)
            && agreed
            && response.complete
            && !response.superseded
            && is_seen
        {
            references.push(Reference {
                survey: response.survey,
                account: response.account,
                contact: response.contact,
                verified: response.verified,
                score,
                at: response.received_at.0,
            });
        }
        Ok(())
    })?;
    Ok(references)
}

/// The name of the question that asks to be a reference.
fn consent_question(definition: &Value) -> Option<String> {
    match definition {
        Value::List(items) => items.iter().find_map(consent_question),
        Value::Object(entries) => {
            let is_it = definition.get("consent").and_then(Value::as_text) == Some("reference");
            let own = definition.get("name").and_then(Value::as_text);
            match own.filter(|_| is_it) {
                Some(name) => Some(name.to_owned()),
                None => entries.iter().find_map(|(_, part)| consent_question(part)),
            }
        }
        _ => None,
    }
}
