//! Listening after an incident: a team that visits those concerned, and a closing report of what it found and nothing else.

use serde::{Deserialize, Serialize};

use super::Moment;
use super::finding::{Finding, FindingState};
use super::people::StaffId;
use super::record::{Obstacle, Record, said};
use super::routing::Category;
use super::visit::{Coverage, RespondentRole, Visit, VisitState};

/// What happens to a campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "with", rename_all = "kebab-case")]
pub enum CampaignChange {
    /// It begins.
    Begun {
        /// What happened, in a few words.
        title: String,
        /// What is to be learnt.
        purpose: String,
        /// When the incident was.
        since: Moment,
        /// Who listens.
        team: Vec<StaffId>,
    },
    /// Others listen.
    Staffed {
        /// Who.
        team: Vec<StaffId>,
    },
    /// It is over; the report stands as it was then.
    Closed {
        /// What we conclude.
        text: String,
        /// The report.
        report: Report,
    },
}

/// A campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Campaign {
    /// What happened, in a few words.
    pub title: String,
    /// What is to be learnt.
    pub purpose: String,
    /// When the incident was.
    pub since: Moment,
    /// Who listens.
    pub team: Vec<StaffId>,
    /// What we concluded, and the report, once it is over.
    pub closed: Option<(String, Report)>,
}

/// What a campaign found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Sessions that took place.
    pub sessions: usize,
    /// Regions.
    pub regions: Vec<String>,
    /// Accounts.
    pub accounts: Vec<String>,
    /// People heard, each as often as they were there.
    pub attendances: usize,
    /// Findings.
    pub findings: usize,
    /// The same by what they are about, most first.
    pub by_category: Vec<(Category, usize)>,
    /// The same by who said it.
    pub by_role: Vec<(RespondentRole, usize)>,
    /// The same by where they stand.
    pub by_state: Vec<(FindingState, usize)>,
}

impl Report {
    /// Of a campaign's sessions and what was found on them.
    pub fn of<'a>(
        sessions: impl IntoIterator<Item = &'a Visit>,
        findings: impl IntoIterator<Item = &'a Finding>,
    ) -> Self {
        let coverage = Coverage::of(sessions);
        let findings: Vec<_> = findings.into_iter().collect();
        let count = |is: &dyn Fn(&Finding) -> bool| findings.iter().filter(|one| is(one)).count();
        let states = [
            FindingState::Logged,
            FindingState::Tracked,
            FindingState::VerifiedInternally,
            FindingState::ReportedBack,
        ];
        let mut by_category: Vec<_> = Category::ALL
            .map(|category| (category, count(&|one| one.category == category)))
            .into_iter()
            .filter(|(_, n)| *n > 0)
            .collect();
        by_category.sort_by_key(|(category, n)| (std::cmp::Reverse(*n), *category));
        Self {
            sessions: coverage.visits,
            regions: coverage.regions.into_iter().map(|(name, _)| name).collect(),
            accounts: coverage.accounts,
            attendances: coverage.attendances,
            findings: findings.len(),
            by_category,
            by_role: RespondentRole::ALL
                .map(|role| (role, count(&|one| one.role == role)))
                .into(),
            by_state: states
                .map(|state| (state, count(&|one| one.state == state)))
                .into(),
        }
    }
}

impl Campaign {
    /// Whether a change may happen now.
    ///
    /// # Errors
    /// What stands in its way: among others no session, one that is still ahead or being written down, or a finding that
    /// nobody follows.
    pub fn allows<'a>(
        &self,
        change: &CampaignChange,
        sessions: impl IntoIterator<Item = &'a Visit>,
        findings: impl IntoIterator<Item = &'a Finding>,
    ) -> Result<(), Obstacle> {
        if self.closed.is_some() {
            return Err(Obstacle::WrongState);
        }
        match change {
            CampaignChange::Begun { .. } => Err(Obstacle::WrongState),
            CampaignChange::Staffed { team } => {
                if team.is_empty() {
                    Err(Obstacle::NobodyThere)
                } else {
                    Ok(())
                }
            }
            CampaignChange::Closed { text, .. } => {
                said(text)?;
                let states: Vec<_> = sessions.into_iter().map(|visit| visit.state).collect();
                let is_done = |state: &VisitState| {
                    matches!(state, VisitState::Closed | VisitState::CalledOff)
                };
                let is_followed = |one: &Finding| one.state != FindingState::Logged;
                if !states.contains(&VisitState::Closed)
                    || !states.iter().all(is_done)
                    || !findings.into_iter().all(is_followed)
                {
                    return Err(Obstacle::Unfinished);
                }
                Ok(())
            }
        }
    }

    /// Whether a first change can stand.
    ///
    /// # Errors
    /// Words or a team are missing, or the incident lies ahead.
    pub fn begin(change: &CampaignChange, now: Moment) -> Result<(), Obstacle> {
        let CampaignChange::Begun {
            title,
            purpose,
            since,
            team,
        } = change
        else {
            return Err(Obstacle::WrongState);
        };
        said(title)?;
        said(purpose)?;
        if *since > now {
            return Err(Obstacle::NotYet);
        }
        if team.is_empty() {
            return Err(Obstacle::NobodyThere);
        }
        Ok(())
    }
}

impl Record for Campaign {
    type Change = CampaignChange;

    fn begun(_: Moment, _: StaffId, change: &CampaignChange) -> Option<Self> {
        let CampaignChange::Begun {
            title,
            purpose,
            since,
            team,
        } = change
        else {
            return None;
        };
        Some(Self {
            title: title.clone(),
            purpose: purpose.clone(),
            since: *since,
            team: team.clone(),
            closed: None,
        })
    }

    fn apply(&mut self, _: Moment, _: StaffId, change: &CampaignChange) {
        match change {
            CampaignChange::Begun { .. } => {}
            CampaignChange::Staffed { team } => self.team.clone_from(team),
            CampaignChange::Closed { text, report } => {
                self.closed = Some((text.clone(), report.clone()));
            }
        }
    }
}
