//! Whether something looks as if a program had filled it in. What does is kept and acknowledged like everything else, marked, and
//! held out of the figures: a wrong guess costs a customer nothing.

use crate::api::{Intake, Submission};

/// Nobody opens a page, reads a question, answers and sends it in less, in milliseconds. People who cannot use a mouse, or who
/// listen to the page, take longer, never less; what a browser fills in by itself is sent by a person all the same.
const LEAST_MS: u64 = 800;

/// A sheet of somebody who has not shown who they are. One that is not finished has no time yet.
pub(super) fn of_sheet(sheet: &Submission, is_trapped: bool) -> bool {
    is_trapped || (sheet.complete && sheet.elapsed_ms < LEAST_MS)
}

/// A complaint. Where it does not say how long the form was open, it came from elsewhere, and nothing follows.
pub(super) fn of_intake(intake: &Intake) -> bool {
    let is_rushed = intake.elapsed_ms.is_some_and(|elapsed| elapsed < LEAST_MS);
    intake.is_trapped || is_rushed
}
