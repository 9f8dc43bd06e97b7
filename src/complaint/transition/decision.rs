//! Decisions: what one must say, who must agree before the customer has it, and the second look at one that declines.

use super::super::action::Draft;
use super::super::event::{Cause, Change, Decision, Field, IssueOutcome, Step, Words};
use super::super::priority::Severity;
use super::super::state::Outcome;
use super::{Refusal, Rules, require, with};

impl Rules<'_> {
    /// A decision that says enough: an outcome for each problem and words; declined also a reason, an explanation, what
    /// would help instead, and how to disagree.
    pub(super) fn decision(&self, draft: &Draft) -> Result<Decision, Refusal> {
        let issues = &self.case.issues;
        for issue in issues {
            let is_decided = draft.issues.iter().any(|known| known.id == issue.id);
            require(is_decided, Refusal::OutcomeMissing(issue.id))?;
        }
        for (place, known) in draft.issues.iter().enumerate() {
            let is_one = issues.iter().any(|issue| issue.id == known.id);
            let is_first = draft.issues.iter().position(|other| other.id == known.id);
            let is_known = is_one && is_first == Some(place);
            require(is_known, Refusal::UnknownIssue(known.id))?;
        }
        let outcomes: Vec<_> = draft.issues.iter().map(|issue| issue.outcome).collect();
        let outcome = Outcome::of_all(&outcomes).ok_or(Refusal::NoIssues)?;
        let mut fields = vec![Field::Text];
        if outcomes.contains(&Outcome::Declined) {
            require(draft.reason.is_some(), Refusal::ReasonMissing)?;
            fields.extend([Field::Explanation, Field::Alternative, Field::ReviewRoute]);
        }
        if draft.remedy_due.is_some() {
            fields.push(Field::Remedy);
        }
        for field in fields {
            require(draft.words.has(field), Refusal::WordsMissing(field))?;
        }
        if let Some(due) = draft.remedy_due {
            require(due > self.setting.now, Refusal::DateNotAhead)?;
        }
        Ok(Decision {
            issues: draft.issues.clone(),
            outcome,
            reason: draft.reason,
            remedy_due: draft.remedy_due,
        })
    }

    /// t8. Critical and major: every filled place has agreed, at least two people. Minor: the owner. Whoever sends has
    /// agreed by that.
    pub(super) fn respond(&self, words: &Words) -> Result<Vec<Step>, Refusal> {
        let (case, team) = (self.case, &self.setting.team);
        let (decision, author) = case.draft.as_ref().ok_or(Refusal::NoDraft)?;
        let mut agreed = case.signoffs.clone();
        agreed.extend(self.actor.staff());
        let is_agreed = if case.severity == Severity::Minor {
            agreed.contains(&case.owner)
        } else {
            let places = [team.account, team.solution, team.delivery];
            let mut filled = places.into_iter().flatten();
            agreed.len() >= 2 && filled.all(|person| agreed.contains(&person))
        };
        require(is_agreed, Refusal::SignOffsMissing)?;
        let declines = |issue: &IssueOutcome| issue.outcome == Outcome::Declined;
        if decision.issues.iter().any(declines) {
            let has_other = agreed.iter().any(|person| person != author);
            require(has_other, Refusal::ApproverIsAuthor)?;
        }
        let change = Change::Responded(decision.clone());
        let words = words.clone();
        Ok(vec![Step { change, words }])
    }

    /// t17: once, and by somebody who was not involved.
    pub(super) fn ask_review(&self, text: &str) -> Result<Vec<Step>, Refusal> {
        let case = self.case;
        let is_declined = case.outcome() == Some(Outcome::Declined);
        require(is_declined, Refusal::NotDeclined)?;
        require(case.review_at.is_none(), Refusal::AlreadyReviewed)?;
        let mut reviewers = self.setting.reviewers.iter();
        let reviewer = reviewers
            .find(|person| !case.involved.contains(person))
            .copied();
        let mut steps = with(Change::ReviewBegun { reviewer }, text)?;
        if reviewer.is_none() {
            steps.push(Step::plain(Change::Escalated {
                level: 3,
                cause: Cause::NoReviewer,
                due: None,
            }));
        }
        Ok(steps)
    }
}
