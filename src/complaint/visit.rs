//! Visits to customers: planned with a question that is always asked, held, and closed only with what was found or with the
//! word that nothing was.

use serde::{Deserialize, Serialize};

use super::Moment;
use super::people::StaffId;
use super::record::{Obstacle, Record, said};

/// What somebody on the customer's side is: results are told apart by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RespondentRole {
    /// Works with what we deliver.
    FrontLine,
    /// Leads those who do.
    Manager,
    /// Decides about us.
    Executive,
    /// Anybody else, and whoever did not say.
    Other,
}

impl RespondentRole {
    /// Every role.
    pub const ALL: [Self; 4] = [Self::FrontLine, Self::Manager, Self::Executive, Self::Other];

    /// The word for it on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::FrontLine => "front-line",
            Self::Manager => "manager",
            Self::Executive => "executive",
            Self::Other => "other",
        }
    }

    /// The role of a word; what is unknown is [`RespondentRole::Other`], so that no answer is left out of a split.
    pub fn of(code: &str) -> Self {
        let found = Self::ALL.into_iter().find(|role| role.code() == code);
        found.unwrap_or(Self::Other)
    }
}

/// Somebody of the customer's who was there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attendee {
    /// The name.
    pub name: String,
    /// What the person is.
    pub role: RespondentRole,
}

/// What a visit is planned as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The account.
    pub account: String,
    /// Where: a province, a country, as the supplier divides the map.
    pub region: String,
    /// When.
    pub planned_for: Moment,
    /// What for.
    pub purpose: String,
    /// Who of ours goes.
    pub team: Vec<StaffId>,
    /// Questions beside the standing one.
    pub questions: Vec<String>,
    /// The campaign that it belongs to.
    pub campaign: Option<u32>,
    /// Findings that the customer is told the outcome of: it is a return visit.
    pub returns_for: Vec<u32>,
}

/// A question of a visit's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// "Where are you most dissatisfied with us?" Its words stand with the other texts, in every language.
    Standing,
    /// One of the plan's own, counted from 0.
    Own(u16),
}

/// What somebody answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// To which question.
    pub question: Question,
    /// Who: the place in the list of attendees.
    pub attendee: u16,
    /// The words, as they were said.
    pub text: String,
    /// 0 to 10, where a score was given.
    pub score: Option<u8>,
}

/// What happens to a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "with", rename_all = "kebab-case")]
pub enum VisitChange {
    /// It is planned, or planned anew.
    Planned(Plan),
    /// It took place.
    Held {
        /// When.
        at: Moment,
        /// Who of the customer's was there.
        attendees: Vec<Attendee>,
    },
    /// Somebody answered a question.
    Answered(Answer),
    /// Nothing was found, in words.
    NothingFound {
        /// The words.
        text: String,
    },
    /// It is finished.
    Closed,
    /// It will not take place.
    CalledOff {
        /// Why.
        text: String,
    },
}

/// Where a visit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VisitState {
    /// Ahead.
    Planned,
    /// It took place; what came of it is being written down.
    Held,
    /// Finished.
    Closed,
    /// It will not take place.
    CalledOff,
}

/// A visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The newest plan.
    pub plan: Plan,
    /// Where it stands.
    pub state: VisitState,
    /// When it took place.
    pub held_at: Option<Moment>,
    /// Who of the customer's was there.
    pub attendees: Vec<Attendee>,
    /// What they answered.
    pub answers: Vec<Answer>,
    /// The word that nothing was found.
    pub none: Option<String>,
}

impl Plan {
    /// The form: the standing question first, whatever else is asked.
    pub fn form(&self) -> Vec<Question> {
        let own = (0..).zip(&self.questions);
        let own = own.map(|(place, _)| Question::Own(place));
        std::iter::once(Question::Standing).chain(own).collect()
    }

    /// Whether it can stand. Its day may lie behind: some visits are written down when they are over.
    ///
    /// # Errors
    /// Account, region or purpose are missing, or a question is blank.
    pub fn check(&self) -> Result<(), Obstacle> {
        for text in [&self.account, &self.region, &self.purpose] {
            said(text)?;
        }
        self.questions.iter().try_for_each(|text| said(text))
    }
}

impl Visit {
    /// Whether a change may happen now, on a visit with so many findings.
    ///
    /// # Errors
    /// What stands in its way.
    pub fn allows(
        &self,
        change: &VisitChange,
        findings: usize,
        now: Moment,
    ) -> Result<(), Obstacle> {
        let in_state = |state| {
            if self.state == state {
                Ok(())
            } else {
                Err(Obstacle::WrongState)
            }
        };
        match change {
            VisitChange::Planned(plan) => {
                in_state(VisitState::Planned)?;
                if plan.account != self.plan.account {
                    return Err(Obstacle::OtherAccount);
                }
                plan.check()
            }
            VisitChange::Held { at, attendees } => {
                in_state(VisitState::Planned)?;
                if *at > now {
                    return Err(Obstacle::NotYet);
                }
                if attendees.is_empty() {
                    return Err(Obstacle::NobodyThere);
                }
                attendees.iter().try_for_each(|one| said(&one.name))
            }
            VisitChange::Answered(answer) => {
                in_state(VisitState::Held)?;
                if self.attendees.get(usize::from(answer.attendee)).is_none() {
                    return Err(Obstacle::UnknownAttendee);
                }
                if !self.plan.form().contains(&answer.question) {
                    return Err(Obstacle::UnknownQuestion);
                }
                if answer.score.is_some_and(|score| score > 10) {
                    return Err(Obstacle::ScoreOutOfRange);
                }
                said(&answer.text)
            }
            VisitChange::NothingFound { text } => {
                in_state(VisitState::Held)?;
                if findings > 0 {
                    return Err(Obstacle::FoundSomething);
                }
                said(text)
            }
            VisitChange::Closed => {
                in_state(VisitState::Held)?;
                let asked = |answer: &Answer| answer.question == Question::Standing;
                if !self.answers.iter().any(asked) {
                    return Err(Obstacle::StandingQuestionOpen);
                }
                if findings == 0 && self.none.is_none() {
                    return Err(Obstacle::NothingFound);
                }
                Ok(())
            }
            VisitChange::CalledOff { text } => {
                in_state(VisitState::Planned)?;
                said(text)
            }
        }
    }

    /// Whether something may be written down as found on it.
    ///
    /// # Errors
    /// Before it took place, after it was closed, or against the word that nothing was found.
    pub fn allows_finding(&self) -> Result<(), Obstacle> {
        if self.state != VisitState::Held {
            Err(Obstacle::WrongState)
        } else if self.none.is_some() {
            Err(Obstacle::NothingFound)
        } else {
            Ok(())
        }
    }
}

impl Record for Visit {
    type Change = VisitChange;

    fn begun(_: Moment, _: StaffId, change: &VisitChange) -> Option<Self> {
        let VisitChange::Planned(plan) = change else {
            return None;
        };
        Some(Self {
            plan: plan.clone(),
            state: VisitState::Planned,
            held_at: None,
            attendees: Vec::new(),
            answers: Vec::new(),
            none: None,
        })
    }

    fn apply(&mut self, _: Moment, _: StaffId, change: &VisitChange) {
        match change {
            VisitChange::Planned(plan) => self.plan = plan.clone(),
            VisitChange::Held { at, attendees } => {
                self.held_at = Some(*at);
                self.attendees.clone_from(attendees);
                self.state = VisitState::Held;
            }
            VisitChange::Answered(answer) => self.answers.push(answer.clone()),
            VisitChange::NothingFound { text } => self.none = Some(text.clone()),
            VisitChange::Closed => self.state = VisitState::Closed,
            VisitChange::CalledOff { .. } => self.state = VisitState::CalledOff,
        }
    }
}

/// How far visits have reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// Visits that took place.
    pub visits: usize,
    /// The regions, by name, each with its visits.
    pub regions: Vec<(String, usize)>,
    /// People spoken with, each as often as they were there (人次).
    pub attendances: usize,
    /// People spoken with, each once: the same name in the same account is one.
    pub people: usize,
    /// The same attendances by what the people are; they add up to `attendances`.
    pub by_role: Vec<(RespondentRole, usize)>,
    /// The accounts that were visited, by name.
    pub accounts: Vec<String>,
}

impl Coverage {
    /// Of these visits; those that did not take place do not count.
    pub fn of<'a>(visits: impl IntoIterator<Item = &'a Visit>) -> Self {
        let held: Vec<_> = visits
            .into_iter()
            .filter(|visit| visit.held_at.is_some())
            .collect();
        let mut regions = std::collections::BTreeMap::<_, usize>::new();
        let mut people = std::collections::BTreeSet::new();
        let mut accounts = std::collections::BTreeSet::new();
        for visit in &held {
            *regions.entry(visit.plan.region.clone()).or_default() += 1;
            accounts.insert(visit.plan.account.clone());
            let names = visit.attendees.iter().map(|one| one.name.trim());
            people.extend(names.map(|name| (visit.plan.account.as_str(), name)));
        }
        let there = || held.iter().flat_map(|visit| &visit.attendees);
        let of_role = |role| (role, there().filter(|one| one.role == role).count());
        Self {
            visits: held.len(),
            regions: regions.into_iter().collect(),
            attendances: there().count(),
            people: people.len(),
            by_role: RespondentRole::ALL.map(of_role).into(),
            accounts: accounts.into_iter().collect(),
        }
    }
}
