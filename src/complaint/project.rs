//! A Top-N list: what customers complained about most in a period, frozen, and what became of each entry: a project with a
//! sponsor, milestones and a status that customers read, or a reason why there is none.
//!
//! 「针对客户提出的重点问题进行立项」. What is frozen stays: no action changes it.

use serde::{Deserialize, Serialize};

use super::Moment;
use super::people::{Actor, Role, StaffId};
use crate::measures::{Category as Counted, Pareto};

/// How many complaints of a category came in, by severity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// The category's code; `other` is no cause.
    pub category: String,
    /// Critical ones.
    pub critical: u64,
    /// Major ones.
    pub major: u64,
    /// Minor ones.
    pub minor: u64,
}

/// What was frozen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// The first moment of the period.
    pub from: Moment,
    /// The first moment after it.
    pub to: Moment,
    /// How many entries are to be answered.
    pub top: u32,
    /// Everything that was counted.
    pub tallies: Vec<Tally>,
}

/// How a project stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProjectStatus {
    /// Agreed on.
    Planned,
    /// Begun.
    Underway,
    /// Every milestone is reached.
    Done,
    /// Given up; its public words say why.
    Stopped,
}

/// One thing that happened to a list. Entries and milestones count from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "with", rename_all = "kebab-case")]
pub enum ListChange {
    /// The list was made.
    Frozen(Frozen),
    /// An entry has a project.
    ProjectOpened {
        /// Which entry.
        entry: u16,
        /// Who answers for it.
        sponsor: StaffId,
        /// When each milestone is due.
        milestones: Vec<Moment>,
    },
    /// A milestone is reached.
    MilestoneReached {
        /// Which entry.
        entry: u16,
        /// Which milestone.
        milestone: u16,
    },
    /// The project stands otherwise, and customers read why.
    StatusSet {
        /// Which entry.
        entry: u16,
        /// How it stands.
        status: ProjectStatus,
    },
    /// An entry has no project, for a reason.
    Excused {
        /// Which entry.
        entry: u16,
    },
}

/// A text beside an event, by entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListSection {
    /// What a project is called.
    Name(u16),
    /// What a milestone is: (entry, milestone).
    Milestone(u16, u16),
    /// What customers read of a project.
    Public(u16),
    /// Why there is none.
    Reason(u16),
}

/// The texts beside an event.
pub type ListTexts = Vec<(ListSection, String)>;

fn has(texts: &ListTexts, section: ListSection) -> bool {
    texts
        .iter()
        .any(|(known, text)| *known == section && !text.trim().is_empty())
}

/// A project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Who answers for it.
    pub sponsor: StaffId,
    /// When each milestone is due, and when it was reached.
    pub milestones: Vec<(Moment, Option<Moment>)>,
    /// How it stands.
    pub status: ProjectStatus,
}

/// What became of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing yet.
    Open,
    /// A project.
    Project(Project),
    /// A reason why there is none.
    Reason,
}

/// An entry that is to be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The category's code.
    pub category: String,
    /// What became of it.
    pub answer: Answer,
}

/// A snapshot: what the events say, taken together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopList {
    /// How many events there are; a change names the number it was made on.
    pub seq: u32,
    /// What was frozen, and when.
    pub frozen: (Frozen, Moment),
    /// The entries, the most complained about first.
    pub entries: Vec<Entry>,
}

/// What somebody wants to do with a list.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "the fields are those of the change each leads to"
)]
pub enum ListAction {
    /// [`ListSection::Name`], [`ListSection::Milestone`] for each, [`ListSection::Public`].
    OpenProject {
        entry: u16,
        sponsor: StaffId,
        milestones: Vec<Moment>,
    },
    /// One of them is reached.
    ReachMilestone { entry: u16, milestone: u16 },
    /// [`ListSection::Public`].
    SetStatus { entry: u16, status: ProjectStatus },
    /// [`ListSection::Reason`].
    Excuse { entry: u16 },
}

/// Why something is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListRefusal {
    /// This actor may not.
    NotAllowed,
    /// A period ends after it began, and is over when it is frozen.
    PeriodOpen,
    /// Nobody complained.
    Empty,
    /// More than a fifth fits no category: draw the categories anew, or say how many entries all the same.
    Recategorise,
    /// The list has no such entry or milestone.
    NoSuchEntry,
    /// A text is missing.
    TextMissing(ListSection),
    /// A project has milestones, all of them ahead.
    MilestoneMissing,
    /// It has a project already.
    HasProject,
    /// It has no project.
    NoProject,
    /// Not every milestone is reached.
    NotReached,
}

impl ListRefusal {
    /// The code on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotAllowed => "not-allowed",
            Self::PeriodOpen => "period-open",
            Self::Empty => "empty",
            Self::Recategorise => "recategorise",
            Self::NoSuchEntry => "no-such-entry",
            Self::TextMissing(_) => "words-missing",
            Self::MilestoneMissing => "milestone-missing",
            Self::HasProject => "has-project",
            Self::NoProject => "no-project",
            Self::NotReached => "not-reached",
        }
    }

    /// What is wrong and what to do.
    pub fn message(self) -> &'static str {
        match self {
            Self::NotAllowed => "you may not do this",
            Self::PeriodOpen => "the period must end after it began, and be over",
            Self::Empty => "nobody complained in this period",
            Self::Recategorise => {
                "more than a fifth of the complaints is \"other\": recategorise them first, or say how many entries by top"
            }
            Self::NoSuchEntry => {
                "the list has no such entry or milestone, or it is reached already"
            }
            Self::TextMissing(_) => "a text that belongs to this is missing",
            Self::MilestoneMissing => {
                "a project needs milestones, each with a name and a date ahead"
            }
            Self::HasProject => "this entry has a project already",
            Self::NoProject => "this entry has no project",
            Self::NotReached => "not every milestone is reached",
        }
    }
}

fn require(holds: bool, refusal: ListRefusal) -> Result<(), ListRefusal> {
    if holds { Ok(()) } else { Err(refusal) }
}

fn role(actor: Actor) -> Option<Role> {
    match actor {
        Actor::Staff(_, role) => Some(role),
        Actor::Customer | Actor::System => None,
    }
}

impl Frozen {
    /// The table of the period; nothing without complaints.
    pub fn pareto(&self) -> Option<Pareto> {
        let counted = self.tallies.iter().map(|tally| Counted {
            name: tally.category.clone(),
            critical: tally.critical,
            major: tally.major,
            minor: tally.minor,
        });
        Pareto::of(&counted.collect::<Vec<_>>())
    }
}

/// Freezes what came in during a period. `top`: how many entries are to be answered; left out, the vital few that reach
/// 80 %.
///
/// # Errors
/// Who may not hears that first; then what is wrong with the period or the categories.
pub fn freeze(
    actor: Actor,
    (from, to): (Moment, Moment),
    tallies: Vec<Tally>,
    top: Option<u32>,
    now: Moment,
) -> Result<Frozen, ListRefusal> {
    let may = matches!(role(actor), Some(Role::CaseManager | Role::Executive));
    require(may, ListRefusal::NotAllowed)?;
    require(from < to && to <= now, ListRefusal::PeriodOpen)?;
    let mut frozen = Frozen {
        from,
        to,
        top: 0,
        tallies,
    };
    let pareto = frozen.pareto().ok_or(ListRefusal::Empty)?;
    let causes = pareto
        .rows
        .iter()
        .filter(|row| row.category.name != "other");
    let causes = u32::try_from(causes.count()).unwrap_or(u32::MAX);
    let few = pareto
        .vital_few
        .map(|few| u32::try_from(few).unwrap_or(u32::MAX));
    let top = top.or(few).ok_or(ListRefusal::Recategorise)?;
    frozen.top = top.min(causes);
    require(frozen.top > 0, ListRefusal::Empty)?;
    Ok(frozen)
}

impl TopList {
    /// The list of a first event; nothing if it does not freeze one.
    pub fn frozen(at: Moment, change: &ListChange) -> Option<Self> {
        let ListChange::Frozen(frozen) = change else {
            return None;
        };
        let causes = frozen.pareto()?.rows.into_iter();
        let causes = causes.filter(|row| row.category.name != "other");
        let most = usize::try_from(frozen.top).unwrap_or(usize::MAX);
        let entries = causes.take(most).map(|row| Entry {
            category: row.category.name,
            answer: Answer::Open,
        });
        Some(Self {
            seq: 1,
            entries: entries.collect(),
            frozen: (frozen.clone(), at),
        })
    }

    /// The list that these events made; nothing if they do not begin with a frozen one.
    pub fn replay<'a>(events: impl IntoIterator<Item = (Moment, &'a ListChange)>) -> Option<Self> {
        let mut events = events.into_iter();
        let (at, first) = events.next()?;
        let mut list = Self::frozen(at, first)?;
        for (at, change) in events {
            list.apply(at, change);
        }
        Some(list)
    }

    fn place(entry: u16) -> Option<usize> {
        usize::from(entry).checked_sub(1)
    }

    /// An entry, counted from 1.
    pub fn entry(&self, entry: u16) -> Option<&Entry> {
        self.entries.get(Self::place(entry)?)
    }

    /// The categories that have neither a project nor a reason.
    pub fn unanswered(&self) -> Vec<&str> {
        let open = self.entries.iter();
        let open = open.filter(|entry| entry.answer == Answer::Open);
        open.map(|entry| entry.category.as_str()).collect()
    }

    /// Takes one more event.
    pub fn apply(&mut self, at: Moment, change: &ListChange) {
        self.seq = self.seq.saturating_add(1);
        let (ListChange::ProjectOpened { entry, .. }
        | ListChange::MilestoneReached { entry, .. }
        | ListChange::StatusSet { entry, .. }
        | ListChange::Excused { entry }) = change
        else {
            return;
        };
        let place = Self::place(*entry);
        let Some(entry) = place.and_then(|place| self.entries.get_mut(place)) else {
            return;
        };
        match (change, &mut entry.answer) {
            (ListChange::Excused { .. }, answer) => *answer = Answer::Reason,
            (
                ListChange::ProjectOpened {
                    sponsor,
                    milestones,
                    ..
                },
                answer,
            ) => {
                *answer = Answer::Project(Project {
                    sponsor: *sponsor,
                    milestones: milestones.iter().map(|due| (*due, None)).collect(),
                    status: ProjectStatus::Planned,
                });
            }
            (ListChange::MilestoneReached { milestone, .. }, Answer::Project(project)) => {
                let place = Self::place(*milestone);
                if let Some((_, reached)) =
                    place.and_then(|place| project.milestones.get_mut(place))
                {
                    *reached = Some(at);
                }
            }
            (ListChange::StatusSet { status, .. }, Answer::Project(project)) => {
                project.status = *status;
            }
            _ => {}
        }
    }

    /// What an action leads to.
    ///
    /// # Errors
    /// Who may not hears that first, then what is missing. Nothing has changed then.
    pub fn decide(
        &self,
        actor: Actor,
        action: &ListAction,
        texts: &ListTexts,
        now: Moment,
    ) -> Result<ListChange, ListRefusal> {
        let (ListAction::OpenProject { entry, .. }
        | ListAction::ReachMilestone { entry, .. }
        | ListAction::SetStatus { entry, .. }
        | ListAction::Excuse { entry }) = action;
        let known = self.entry(*entry);
        let project = match known.map(|known| &known.answer) {
            Some(Answer::Project(project)) => Some(project),
            _ => None,
        };
        let leads = matches!(role(actor), Some(Role::CaseManager | Role::Executive));
        let sponsors = actor.staff().is_some()
            && project.map(|project| project.sponsor) == actor.staff()
            && !matches!(
                role(actor),
                Some(Role::Analyst | Role::Auditor | Role::Admin)
            );
        let is_progress = matches!(
            action,
            ListAction::ReachMilestone { .. } | ListAction::SetStatus { .. }
        );
        require(leads || (is_progress && sponsors), ListRefusal::NotAllowed)?;
        require(known.is_some(), ListRefusal::NoSuchEntry)?;
        let needs = |section| require(has(texts, section), ListRefusal::TextMissing(section));
        match action {
            ListAction::OpenProject {
                entry,
                sponsor,
                milestones,
            } => {
                require(project.is_none(), ListRefusal::HasProject)?;
                needs(ListSection::Name(*entry))?;
                needs(ListSection::Public(*entry))?;
                let is_ahead = milestones.iter().all(|due| *due > now);
                require(
                    !milestones.is_empty() && is_ahead,
                    ListRefusal::MilestoneMissing,
                )?;
                for (milestone, _) in (1_u16..).zip(milestones) {
                    needs(ListSection::Milestone(*entry, milestone))?;
                }
                Ok(ListChange::ProjectOpened {
                    entry: *entry,
                    sponsor: *sponsor,
                    milestones: milestones.clone(),
                })
            }
            ListAction::ReachMilestone { entry, milestone } => {
                let project = project.ok_or(ListRefusal::NoProject)?;
                let place = Self::place(*milestone);
                let known = place.and_then(|place| project.milestones.get(place));
                let is_open = known.is_some_and(|(_, reached)| reached.is_none());
                require(is_open, ListRefusal::NoSuchEntry)?;
                Ok(ListChange::MilestoneReached {
                    entry: *entry,
                    milestone: *milestone,
                })
            }
            ListAction::SetStatus { entry, status } => {
                let project = project.ok_or(ListRefusal::NoProject)?;
                needs(ListSection::Public(*entry))?;
                let mut milestones = project.milestones.iter();
                let is_reached = milestones.all(|(_, reached)| reached.is_some());
                let may_be = *status != ProjectStatus::Done || is_reached;
                require(may_be, ListRefusal::NotReached)?;
                Ok(ListChange::StatusSet {
                    entry: *entry,
                    status: *status,
                })
            }
            ListAction::Excuse { entry } => {
                require(project.is_none(), ListRefusal::HasProject)?;
                needs(ListSection::Reason(*entry))?;
                Ok(ListChange::Excused { entry: *entry })
            }
        }
    }
}
