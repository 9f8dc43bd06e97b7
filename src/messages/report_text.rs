//! The words of briefings and progress reports, which an account's management reads. Never part of the widget's tables.

use super::message::listed;

listed! {
    /// A text of a report. Places stand in brackets here and must be in every language.
    pub enum ReportText {
        /// Title of a briefing (`account`).
        BriefingTitle,
        /// Title of a progress report (`account`).
        ProgressTitle,
        /// The period (`from`, `until`): both days belong to it.
        Period,
        /// Heading of the first block: a customer's own words.
        Chair,
        /// Under the words (`day`).
        ChairSaid,
        /// Where nobody said anything in the period.
        ChairEmpty,
        /// Heading.
        Scores,
        /// Nobody answered.
        NoScores,
        /// Column: what was asked.
        Question,
        /// Column: the measure.
        Measure,
        /// Column: the value.
        Value,
        /// Column: the interval.
        IntervalLabel,
        /// Column: how many answers.
        Answers,
        /// An interval (`low`, `high`).
        Range,
        /// Instead of a value: too few answers.
        TooFew,
        /// So few answers (`n`) that it has to be said.
        SmallSample,
        /// A date that has passed (`day`).
        Overdue,
        /// Heading: how we kept our times.
        Times,
        /// Row: the first answer of a person.
        FirstResponse,
        /// Row: regular updates.
        Updates,
        /// Row: the decision.
        Resolution,
        /// So many of so many (`kept`, `all`).
        Kept,
        /// Heading: what complaints were about.
        Top,
        /// There were none.
        NoComplaints,
        /// Column: the cause.
        Cause,
        /// Column: how often.
        Count,
        /// Column: the share up to here.
        Cumulative,
        /// How many cases touch the customer's own users (`cases`).
        TouchingUsers,
        /// How many people are affected (`cases`, `people`).
        Affected,
        /// Heading: what is being done.
        Actions,
        /// Nothing is open.
        NoActions,
        /// Column: its number.
        Number,
        /// Column: what it is.
        Kind,
        /// Column: where it stands.
        Standing,
        /// Column: the next date.
        Next,
        /// Column: what we changed.
        Changed,
        /// A case.
        CaseKind,
        /// A request.
        RequestKind,
        /// Something found on a visit.
        FindingKind,
        /// A request that waits.
        Waiting,
        /// A request that was answered.
        Answered,
        /// A finding: written down.
        Logged,
        /// A finding: followed.
        Tracked,
        /// A finding: verified.
        Verified,
        /// A finding: told.
        Told,
        /// Heading: the figures of a progress report.
        Figures,
        /// Came in (`n`).
        CameIn,
        /// Were finished (`n`).
        Finished,
        /// Are open at the end (`n`).
        StillOpen,
        /// Last line: how days are counted.
        ZoneNote,
        /// What a complaint is about.
        Commercial,
        /// What a complaint is about.
        Billing,
        /// What a complaint is about.
        Contract,
        /// What a complaint is about.
        Relationship,
        /// What a complaint is about.
        ResponseSpeed,
        /// What a complaint is about.
        Solution,
        /// What a complaint is about.
        ProductFunction,
        /// What a complaint is about.
        Performance,
        /// What a complaint is about.
        Interoperability,
        /// What a complaint is about.
        DeliveryDate,
        /// What a complaint is about.
        Installation,
        /// What a complaint is about.
        Training,
        /// What a complaint is about.
        Maintenance,
        /// What a complaint is about.
        SpareParts,
        /// What a complaint is about.
        Other,
    }
}
