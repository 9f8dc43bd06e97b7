//! The HTTP endpoint: an own accept loop, routes behind one guard, and a store that acknowledges only what is on disk.
//!
//! The way of one answer: [`server`] (limits of a connection) → [`guard`] (origins, headers, deadline) → [`routes`] →
//! [`store::writer`] (many waiting sheets, one commit) → 201.

use std::sync::Arc;

/// An account from all sides.
mod accounts;
/// Whether a survey can be begun.
pub mod availability;
/// Briefings and progress reports.
mod briefings;
/// Business calendars and time zones.
pub mod calendar;
/// Complaints as cases.
pub mod cases;
/// Surveys as requests need them: read once, kept while they stand.
pub mod catalogue;
/// What publishing would say.
pub mod check;
/// Moments, and the clock.
pub mod clock;
/// Compressed bodies.
pub mod coding;
/// The command line.
pub mod command;
/// Settings and limits.
pub mod config;
/// What each route takes, who may use it, what it answers.
pub mod contract;
/// Deliveries and their invitations.
pub mod deliveries;
/// The demo portal and the sample surveys.
mod demo;
/// What sessions at the endpoint know.
pub mod environment;
/// Everything out, as CSV or JSON lines.
pub mod export;
/// What follows from what is on disk.
pub mod follower;
/// What stands around every route.
mod guard;
/// Who answers, and how that is proved.
pub mod identity;
/// The root key and what is derived from it.
pub mod keys;
/// Short links.
pub mod links;
/// Mails.
pub mod mail;
/// Threads for matching patterns.
mod matching;
/// Figures for whoever runs it.
pub mod metrics;
/// What goes out.
pub mod outgoing;
/// Everything of one person.
pub mod person;
/// Customers' photos.
pub mod photo;
/// Refusals as responses.
mod problem;
/// Publishing a survey.
pub mod publish;
/// What staff keep beside the cases.
mod records;
/// What respondents see of a definition.
mod respondents;
/// Figures for the supplier.
pub mod results;
/// One function for each route.
mod routes;
/// Which policy and which calendar hold.
mod rulebook;
/// What happens at its time, without anybody asking.
mod scheduler;
/// What the Scores page shows.
pub mod scores;
/// Listening, limits of connections, shutting down.
pub mod server;
/// How people of staff sign in.
pub mod sign_in;
/// The bundle's files.
mod site;
/// Scores looked at from one side.
mod slices;
/// What is kept, and where.
pub mod store;
/// What looks as if a program had filled it in.
mod suspicion;
/// What customers said, wherever they said it.
mod verbatims;
/// Visits, findings and campaigns.
mod visits;
/// Messages to the supplier's systems.
pub mod webhooks;

/// What every route can reach. Clones share it.
#[derive(Clone, Debug)]
struct App(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// Settings as they were given.
    config: config::Config,
    /// Derived keys.
    keys: keys::Keys,
    /// The way to the disk.
    writer: store::writer::Writer,
    /// Complaints.
    cases: cases::Cases,
    /// Deliveries and invitations.
    deliveries: deliveries::Deliveries,
    /// Our own address as people reach it, an origin.
    origin: String,
    /// Who respondents are.
    proofs: identity::Proofs,
    /// What follows from what is on disk.
    follower: follower::Follower,
    /// What the Scores page shows.
    scores: scores::Tally,
    /// People of staff.
    sign_in: sign_in::SignIn,
    /// Published surveys.
    catalogue: catalogue::Catalogue,
    /// Where patterns are matched.
    matching: matching::Matching,
    /// Reads what no other part has an eye on.
    reader: Arc<store::ReadSqlite>,
    /// Figures.
    metrics: metrics::Metrics,
    /// Token buckets.
    limiter: guard::Limiter,
    /// Which pages may use which survey.
    origins: guard::origins::Origins,
    /// Addresses as the log has them.
    opacity: guard::Opacity,
    /// The bundle.
    site: Option<site::Site>,
    /// Where `/` leads with the demo.
    demo_origin: Option<String>,
}

impl std::ops::Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
