//! The words on bare pages of the endpoint. Never part of the widget's table.

use super::message::listed;

listed! {
    /// A text on a page that the endpoint itself writes. Titles of problems stand at `api::ProblemCode`.
    pub enum PageText {
        /// On a survey's page, where the widget cannot run.
        NeedsNewerBrowser,
        /// On a case page, where the widget cannot run.
        CaseNeedsNewerBrowser,
        /// Instead of a survey that does not exist.
        NoSurveyHere,
        /// Instead of a survey that is closed, where the supplier has no words of their own.
        SurveyClosed,
        /// Instead of a survey that opens later, likewise.
        SurveyNotOpen,
        /// Instead of a survey whose invitation was answered.
        AlreadyAnswered,
        /// Instead of a survey whose invitation has run out, or was not copied whole.
        InvitationNotValid,
        /// The question of every visit: where we disappoint most.
        StandingQuestion,
    }
}
