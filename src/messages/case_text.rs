//! The words of the complaint form and the case page, in the order of the table that the bundle writes. A table of their own:
//! a survey that is only answered does not load them.

use super::message::listed;

listed! {
    /// A text of the complaint form or the case page. Places stand in brackets here and must be in every language.
    pub enum CaseText {
        // The complaint form.
        /// Question: what it is; also the accessible name of the form.
        IntentQuestion,
        /// Its answer.
        IntentComplaint,
        /// Its answer.
        IntentRequest,
        /// Its answer.
        IntentSuggestion,
        /// Its answer.
        IntentPraise,
        /// Heading above the words of a complaint.
        ComplaintHeading,
        /// Hint below it.
        ComplaintHint,
        /// Heading above the words of a request.
        RequestHeading,
        /// Hint below it.
        RequestHint,
        /// Heading above the words of a suggestion.
        SuggestionHeading,
        /// Heading above the words of praise.
        PraiseHeading,
        /// Hint below both.
        PlainHint,
        /// Label of the field for the words.
        WordsLabel,
        /// The words are missing.
        WordsMissing,
        /// Question: what it concerns.
        StageQuestion,
        /// Its answer.
        StageDelivery,
        /// Its answer.
        StageInstall,
        /// Its answer.
        StageUse,
        /// Its answer.
        StageMaintain,
        /// Its answer.
        StageBilling,
        /// Its answer.
        StageOther,
        /// Question: how urgent it is.
        UrgencyQuestion,
        /// Its answer.
        UrgencyBlocking,
        /// Its answer.
        UrgencySoon,
        /// Its answer.
        UrgencyCanWait,
        /// Box: something dangerous.
        SafetyLabel,
        /// Label: what would put it right.
        RemedyLabel,
        /// Label: who is affected.
        AffectedLabel,
        /// Its answer.
        AffectsUs,
        /// Its answer.
        AffectsUsers,
        /// Label: how many users are affected.
        AffectedUsersLabel,
        /// Heading above a known incident.
        IncidentHeading,
        /// Since when it is known (`date`).
        IncidentSince,
        /// When more is said (`date`).
        IncidentNext,
        /// Label of the reference of the delivery.
        DeliveryLabel,
        /// Heading above the photos.
        PhotosHeading,
        /// How many (`count`), and what becomes of place and device.
        PhotosHint,
        /// Button: take or choose some.
        AddPhotos,
        /// Button: not this one (`number`).
        RemovePhoto,
        /// A file is no photo that can be read.
        PhotoFailed,
        /// After sending: not all photos could be taken.
        PhotosLeft,
        /// What a photo is called by those who do not see it.
        PhotoLabel,
        /// Heading above name, mail address and telephone number.
        ReachHeading,
        /// Label.
        NameLabel,
        /// Label.
        MailLabel,
        /// Label.
        PhoneLabel,
        /// Box: the customer may be written to.
        ConsentLabel,
        /// Button: send it.
        SendComplaint,
        /// Note: the words are kept.
        DraftKept,

        // After sending.
        /// Heading: a complaint has arrived.
        TakenHeading,
        /// Heading: a request has arrived.
        RequestTaken,
        /// Heading: a suggestion has arrived.
        SuggestionTaken,
        /// Heading: praise has arrived.
        PraiseTaken,
        /// Before the number of what is no complaint.
        ReferenceLabel,
        /// What that number is good for.
        ReferenceHint,
        /// Heading: it is on this device.
        WaitingHeading,
        /// What happens next, while there is no number.
        WaitingText,
        /// Before the number.
        NumberLabel,
        /// Before the contact's name.
        ContactLabel,
        /// Where the contact has no name yet.
        ContactUnnamed,
        /// Before the promised date.
        PromisedLabel,
        /// Link to the case page.
        FollowCase,
        /// What the link is.
        KeepLink,
        /// Button: copy it.
        CopyLink,
        /// Button: copy what was written.
        CopyWords,
        /// What was written on an earlier visit has arrived (`date`).
        ArrivedEarlier,
        /// Button: put the note away.
        Dismiss,

        // After a survey with a low score.
        /// The question.
        OfferHeading,
        /// What it means.
        OfferText,
        /// Button: yes.
        OfferYes,
        /// Button: no.
        OfferNo,

        // The case page: finding the case.
        /// Accessible name of the page.
        CaseLabel,
        /// Heading above number and key.
        LookupHeading,
        /// Where they stand.
        LookupHint,
        /// Label of the key.
        SecretLabel,
        /// Button.
        OpenCase,
        /// There is no such case, or the key is another one.
        NotFound,
        /// Too many wrong keys (`date`).
        TooManyKeys,
        /// Too much to do just now (`count`: seconds).
        BusyNow,
        /// Button: mail me the link.
        LostLink,
        /// It needs the number.
        LostLinkNumber,
        /// What was done about it, whether there is such a case or not.
        LinkAsked,

        // The case page: what happens now.
        /// State.
        Received,
        /// State.
        Acknowledged,
        /// State.
        Assessed,
        /// State.
        InProgress,
        /// State.
        NeedsYou,
        /// State.
        WithPartner,
        /// State.
        Decided,
        /// State.
        UnderReview,
        /// State.
        ClosedSolved,
        /// State.
        ClosedNoReply,
        /// State.
        ClosedDeclined,
        /// State.
        ClosedWithdrawn,
        /// State.
        ClosedDuplicate,
        /// State.
        ClosedReclassified,
        /// State.
        ClosedSpam,

        // The case page: by when.
        /// You hear from us (`date`).
        UntilUpdate,
        /// We need the answer (`date`).
        UntilReply,
        /// The decision comes (`date`).
        UntilDecision,
        /// Solved or not (`date`).
        UntilWord,
        /// What was promised is there (`date`).
        UntilRemedy,
        /// It can be reopened (`date`).
        UntilReopen,
        /// It ended (`date`).
        UntilEnded,
        /// How often it was reopened (`count`).
        Reopened,

        // The case page: what the customer can do.
        /// Heading.
        YouCan,
        /// Button: answer the question.
        Answer,
        /// Button: add something.
        Write,
        /// Button.
        Confirm,
        /// Button.
        NotSolved,
        /// Button.
        Reopen,
        /// Button.
        Escalate,
        /// Button.
        Withdraw,
        /// Button.
        AskReview,
        /// Button.
        Rate,
        /// What confirming does.
        ConfirmHint,
        /// What withdrawing does.
        WithdrawHint,
        /// Label of the field in an action.
        YourWords,
        /// The field is empty and must not be.
        WordsNeeded,
        /// Button in an action.
        Send,
        /// Button in an action.
        Cancel,
        /// Question of the rating.
        ScoreLegend,
        /// No score.
        ScoreMissing,
        /// Announced when it was stored.
        Done,
        /// The case has moved on meanwhile.
        Changed,
        /// The case takes no more photos.
        PhotosFull,
        /// Escalated twice in a day.
        TooSoon,

        // The case page: the rest.
        /// Heading above our question.
        WeAsk,
        /// Heading above the decision.
        OurAnswer,
        /// Outcome.
        Upheld,
        /// Outcome.
        PartlyUpheld,
        /// Outcome.
        OfferedWithoutAdmission,
        /// Outcome.
        NotUpheld,
        /// Outcome.
        Declined,
        /// Heading.
        Explanation,
        /// Heading.
        Alternative,
        /// Heading.
        ReviewRoute,
        /// Heading.
        Remedy,
        /// When it will be there (`date`).
        RemedyDue,
        /// When it was there (`date`).
        RemedyDone,
        /// Heading.
        FixSummary,
        /// Heading.
        Timeline,
        /// Who: the customer.
        ByYou,
        /// Who: the supplier.
        ByUs,
        /// Heading above the customer's own words.
        YourComplaint,
        /// The score that was given (`score`).
        RatedWith,

        // The case page: lines of the timeline.
        /// Line.
        TimeReceived,
        /// Line.
        TimeAcknowledged,
        /// Line.
        TimeAssessed,
        /// Line.
        TimeBegun,
        /// Line.
        TimeAsked,
        /// Line.
        TimeAnswered,
        /// Line.
        TimeResumed,
        /// Line.
        TimeHandedToPartner,
        /// Line.
        TimeTakenBack,
        /// Line.
        TimeResponded,
        /// Line.
        TimeRemedyDone,
        /// Line.
        TimeConfirmed,
        /// Line.
        TimeNotSolved,
        /// Line.
        TimeTimedOut,
        /// Line.
        TimeReopened,
        /// Line.
        TimeWithdrawn,
        /// Line.
        TimeMerged,
        /// Line.
        TimeReclassified,
        /// Line.
        TimeReviewBegun,
        /// Line.
        TimeReviewed,
        /// Line.
        TimeCustomerMessage,
        /// Line.
        TimeStaffMessage,
        /// Line.
        TimeHoldingResponse,
        /// Line.
        TimeReminded,
        /// Line.
        TimeRated,
        /// Line.
        TimeEscalated,
        /// Line.
        TimeAttached,
    }
}
