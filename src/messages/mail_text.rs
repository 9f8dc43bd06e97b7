//! The words of mails, and of the page behind "no more of these". Never part of the widget's table.

use super::message::listed;

listed! {
    /// A text of a mail. Places stand in brackets here and must be in every language.
    pub enum MailText {
        // Invitations.
        /// Subject at hand-over (`delivery`).
        HandOverSubject,
        /// What was handed over and when (`delivery`, `date`).
        HandOverText,
        /// Subject after a month (`delivery`).
        InUseSubject,
        /// That a month has passed (`delivery`, `date`).
        InUseText,
        /// Subject after three months, where it was not well (`delivery`).
        LaterSubject,
        /// That it was not well, and the question whether it is now (`delivery`).
        LaterText,
        /// Subject of a relationship survey.
        RelationshipSubject,
        /// What it is about.
        RelationshipText,
        /// Before the subject of a reminder (`subject`).
        ReminderSubject,
        /// The only reminder.
        ReminderText,
        /// How long it takes.
        TakesAMinute,
        /// Button: to the survey.
        OpenSurvey,
        /// A number marks, and sends nothing.
        OnlyMarks,
        /// Until when the link works (`date`).
        WorksUntil,
        /// Something is wrong: the way to a complaint.
        RatherComplain,
        /// The way out.
        NoMore,

        // Cases, to the customer.
        /// Subject: it arrived (`number`).
        ReceivedSubject,
        /// Number, contact, promised date (`number`, `contact`, `date`).
        ReceivedText,
        /// The same where nobody is named (`number`, `date`).
        ReceivedTextNobody,
        /// Subject: a question (`number`).
        QuestionSubject,
        /// Where to answer.
        QuestionText,
        /// Subject: still waiting (`number`).
        WaitingSubject,
        /// What happens without an answer.
        WaitingText,
        /// Subject: decided (`number`).
        DecisionSubject,
        /// What can be done with it.
        DecisionText,
        /// Subject: a message (`number`).
        NewsSubject,
        /// Where it stands.
        NewsText,
        /// Subject: closed, how was it (`number`).
        RatingSubject,
        /// One touch, and not yet solved.
        RatingText,
        /// Subject: closed (`number`).
        ClosedSubject,
        /// It can be opened again.
        ClosedText,
        /// Subject: the lost link (`number`).
        LinkSubject,
        /// That somebody asked for it.
        LinkText,
        /// Button: to the case.
        OpenCase,
        /// The link is a key.
        KeepLink,

        // To staff.
        /// Subject: what it is about (`number`, `what`).
        StaffSubject,
        /// One sentence (`number`).
        StaffText,
        /// Subject: a low score to call back for (`survey`).
        CallBackSubject,
        /// Who gave it, and where it is (`account`, `contact`).
        CallBackText,
        /// It is yours now.
        Assignment,
        /// The customer wrote.
        CustomerWrote,
        /// Speak with the customer.
        CallBack,
        /// A second look.
        Review,
        /// Time runs out.
        Warning,
        /// Time ran out.
        Breach,
        /// It climbs.
        Escalation,
        /// "?".
        ExecutiveQuestion,
        /// The answer to "?".
        Explanation,

        // The way out.
        /// Heading of its page.
        OptOutTitle,
        /// What happens.
        OptOutQuestion,
        /// Button.
        OptOutButton,
        /// Done.
        OptedOut,

        // A short link that still hangs where nothing is asked any more.
        /// Heading of its page.
        PlaceGoneTitle,
        /// Thanks.
        PlaceGoneText,
        /// Link: to a complaint.
        PlaceGoneComplain,

        /// For a gateway to telephones (`delivery`, `link`).
        ShortInvitation,
    }
}
