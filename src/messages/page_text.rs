//! The words on bare pages of the endpoint. Never part of the widget's table.

use super::message::listed;

listed! {
    /// A text on a page that the endpoint itself writes. Titles of problems stand at `api::ProblemCode`.
    pub enum PageText {
        /// On a survey's page, where the widget cannot run.
        NeedsNewerBrowser,
        /// On the page of a survey that does not exist or is closed.
        NoSurveyHere,
    }
}
