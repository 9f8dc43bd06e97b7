//! The paths of version 1; `{survey}` stands for a survey's name.

/// POST: a whole or partial answer sheet.
pub const RESPONSES: &str = "/v1/responses";
/// POST: a delivery took place.
pub const DELIVERIES: &str = "/v1/deliveries";
/// POST: an address does not work.
pub const BOUNCES: &str = "/v1/bounces";
/// GET: what was planned and done about a delivery, its link and its QR code.
pub const STAFF_DELIVERY: &str = "/v1/staff/deliveries/{delivery}";
/// GET: of each survey and wave, how many invitations arrived and were answered.
pub const STAFF_WAVES: &str = "/v1/staff/waves";
/// GET: what goes out and was given up. POST: have some of it tried again.
pub const STAFF_OUTBOX: &str = "/v1/staff/outbox";
/// GET: leads on to a survey.
pub const SHORT_LINK: &str = "/l/{code}";
/// GET: the same link as a QR code.
pub const QR_CODE: &str = "/l/{code}/qr.svg";
/// GET: the page that asks whether to stop. POST: nothing more goes to this person.
pub const OPT_OUT: &str = "/u/{token}";
/// GET: whether the invitation whose token comes as a bearer token holds, and was answered.
pub const INVITATION: &str = "/v1/invitation";
/// POST: a complaint, request, suggestion or praise.
pub const COMPLAINTS: &str = "/v1/complaints";
/// POST: a photo, before the words that name it; the id is made where it was taken.
pub const ATTACHMENT: &str = "/v1/attachments/{id}";
/// GET: a photo of a case.
pub const CASE_PHOTO: &str = "/v1/cases/{number}/photos/{id}";
/// A photo that an answer sheet names, for staff.
pub const STAFF_SHEET_PHOTO: &str = "/v1/staff/responses/{id}/photos/{photo}";
/// GET: the same for staff.
pub const STAFF_PHOTO: &str = "/v1/staff/cases/{number}/photos/{id}";
/// POST: mails the link of a case to the address on file; the answer says nothing about either.
pub const CASE_LINK: &str = "/v1/cases/link";
/// GET: what is known to be wrong.
pub const INCIDENTS: &str = "/v1/incidents";
/// GET: the same for staff. POST: a new one.
pub const STAFF_INCIDENTS: &str = "/v1/staff/incidents";
/// POST: its next version, on the one that `If-Match` names.
pub const STAFF_INCIDENT: &str = "/v1/staff/incidents/{id}";
/// GET: customers who gave a low score and wait for a call.
pub const STAFF_CALL_BACKS: &str = "/v1/staff/call-backs";
/// POST: what came of it, on the version that `If-Match` names.
pub const STAFF_CALL_BACK: &str = "/v1/staff/call-backs/{response}";
/// GET: a case as its customer sees it; the secret comes as a bearer token.
pub const CASE: &str = "/v1/cases/{number}";
/// POST: what its customer does with it.
pub const CASE_ACTION: &str = "/v1/cases/{number}/{action}";
/// GET: the open cases that somebody of staff sees, in the order in which to work on them. POST: a
/// complaint that a customer has told one of them.
pub const STAFF_CASES: &str = "/v1/staff/cases";
/// GET: a case with all that staff see of it. POST: an action, on the version that `If-Match` names.
pub const STAFF_CASE: &str = "/v1/staff/cases/{number}";
/// GET: requests, suggestions or praise, those first that wait for somebody.
pub const STAFF_FEEDBACK: &str = "/v1/staff/feedback";
/// POST: an action on one of them, on the version that `If-Match` names.
pub const STAFF_FEEDBACK_ITEM: &str = "/v1/staff/feedback/{number}";
/// GET: the counts behind every score.
pub const STAFF_SCORES: &str = "/v1/staff/scores";
/// GET: the figures as a table for spreadsheets.
pub const STAFF_SCORES_TABLE: &str = "/v1/staff/scores.csv";
/// GET: the console.
pub const CONSOLE: &str = "/console";
/// POST: the first admin, by the link of the first start.
pub const STAFF_SET_UP: &str = "/v1/staff/set-up";
/// POST: signs in. GET: who is. DELETE: signs out.
pub const STAFF_SESSION: &str = "/v1/staff/session";
/// POST: a password, by a link.
pub const STAFF_LINK: &str = "/v1/staff/link";
/// POST: another password.
pub const STAFF_PASSWORD: &str = "/v1/staff/password";
/// GET: who works here. POST: adds somebody.
pub const STAFF_PEOPLE: &str = "/v1/staff/people";
/// POST: another role, another link, or the end.
pub const STAFF_PERSON: &str = "/v1/staff/people/{id}";
/// GET: what staff changed and read.
pub const STAFF_AUDIT: &str = "/v1/staff/audit";
/// GET: the causes behind complaints. POST: another one.
pub const STAFF_PROBLEMS: &str = "/v1/staff/problems";
/// GET: one of them. POST: an action, on the version that `If-Match` names.
pub const STAFF_PROBLEM: &str = "/v1/staff/problems/{number}";
/// GET: frozen Top-N lists. POST: freezes another.
pub const STAFF_LISTS: &str = "/v1/staff/top-lists";
/// GET: one of them. POST: an action, on the version that `If-Match` names.
pub const STAFF_LIST: &str = "/v1/staff/top-lists/{number}";
/// GET: what customers read of the projects.
pub const PROJECTS: &str = "/v1/projects";
/// GET: what cases say together.
pub const STAFF_REPORT: &str = "/v1/staff/reports/{name}";
/// GET: the versions of the rules of time, and which hold. POST: another, on the version that `If-Match` names.
pub const STAFF_POLICIES: &str = "/v1/staff/policies";
/// GET: the business calendars, and which hold. POST: another, on the version that `If-Match` names.
pub const STAFF_CALENDARS: &str = "/v1/staff/calendars";
/// GET: the tier and the region of an account. POST: others, on the version that `If-Match` names.
pub const STAFF_TERMS: &str = "/v1/staff/terms/{account}";
/// GET: visits that somebody of staff sees. POST: plans one.
pub const STAFF_VISITS: &str = "/v1/staff/visits";
/// GET: a visit with its form, answers and findings. POST: a change, on the version that `If-Match` names.
pub const STAFF_VISIT: &str = "/v1/staff/visits/{id}";
/// GET: how far the visits of a period have reached, and where customers are most dissatisfied.
pub const STAFF_COVERAGE: &str = "/v1/staff/coverage";
/// GET: findings, by the date of their next step.
pub const STAFF_FINDINGS: &str = "/v1/staff/findings";
/// GET: one of them. POST: its next step, on the version that `If-Match` names.
pub const STAFF_FINDING: &str = "/v1/staff/findings/{id}";
/// GET: campaigns of listening. POST: begins one.
pub const STAFF_CAMPAIGNS: &str = "/v1/staff/campaigns";
/// GET: one of them with its report. POST: a change, on the version that `If-Match` names.
pub const STAFF_CAMPAIGN: &str = "/v1/staff/campaigns/{id}";
/// GET: the accounts that somebody of staff sees, first those that nobody answers for.
pub const STAFF_ACCOUNTS: &str = "/v1/staff/accounts";
/// GET: one of them from all sides.
pub const STAFF_ACCOUNT: &str = "/v1/staff/accounts/{account}";
/// GET: past cases like this one, and open ones that may be the same.
pub const STAFF_SIMILAR: &str = "/v1/staff/cases/{number}/similar";
/// GET: what customers said, newest first.
pub const STAFF_FEED: &str = "/v1/staff/feed";
/// POST: it was read.
pub const STAFF_FEED_READ: &str = "/v1/staff/feed/{key}/read";
/// POST: an executive asks "?".
pub const STAFF_FEED_QUESTION: &str = "/v1/staff/feed/{key}/question";
/// POST: what it is about, on the version that `If-Match` names.
pub const STAFF_FEED_THEMES: &str = "/v1/staff/feed/{key}/themes";
/// GET: every "?" outside cases.
pub const STAFF_INQUIRIES: &str = "/v1/staff/inquiries";
/// POST: its explanation, on the version that `If-Match` names.
pub const STAFF_INQUIRY: &str = "/v1/staff/inquiries/{id}";
/// GET: briefings for an account's management. POST: drafts one.
pub const STAFF_BRIEFINGS: &str = "/v1/staff/briefings";
/// GET: one of them with its page. POST: approval, rejection, sending, on the version that `If-Match` names.
pub const STAFF_BRIEFING: &str = "/v1/staff/briefings/{id}";
/// GET: the page alone.
pub const STAFF_BRIEFING_PAGE: &str = "/v1/staff/briefings/{id}/page";
/// GET: the progress report of an account, a page.
pub const STAFF_PROGRESS: &str = "/v1/staff/progress";
/// GET: scores by what the respondents are.
pub const STAFF_ROLES: &str = "/v1/staff/roles";
/// GET: scores month by month, with control limits.
pub const STAFF_TREND: &str = "/v1/staff/trend";
/// GET: our scores beside those of the respondents' other suppliers.
pub const STAFF_COMPARED: &str = "/v1/staff/compared";
/// GET: promoters who agreed to be named.
pub const STAFF_REFERENCES: &str = "/v1/staff/references";
/// GET: the published definition.
pub const SURVEY: &str = "/v1/surveys/{survey}";
/// GET: the survey's own page.
pub const SURVEY_PAGE: &str = "/s/{survey}";
/// GET: the form's own page, for links and QR codes; `?delivery=…&account=…` fill in where it comes from.
pub const COMPLAINT_PAGE: &str = "/c";
/// GET: the case page; the secret is in the fragment, which browsers keep to themselves.
pub const CASE_PAGE: &str = "/c/{number}";
/// GET: this contract as an OpenAPI document.
pub const OPENAPI: &str = "/v1/openapi.json";
/// GET: whether the process lives.
pub const HEALTHZ: &str = "/healthz";
/// GET: whether answers can be taken; for operators.
pub const READYZ: &str = "/readyz";
/// GET: figures; for operators.
pub const METRICS: &str = "/metrics";
/// GET: the loader.
pub const LOADER: &str = "/embed.js";
/// GET: the newest build's main part, for pages that ask for it ahead of the loader.
pub const MAIN_PART: &str = "/widget.wasm";
/// GET: a file of a build.
pub const BUILD_FILE: &str = "/b/{build}/{file}";

/// Whether this is a survey's name: 1 to 64 of `[a-z0-9-]`.
pub fn is_survey_name(name: &str) -> bool {
    (1..=super::limits::SURVEY_CHARS).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}
