//! The widget's messages, in the order of the table that the bundle writes.

/// Declares an enum together with the list of all its variants, so that none can be missing from the list.
macro_rules! listed {
    ($(#[$outer:meta])* pub enum $name:ident { $($(#[$inner:meta])* $variant:ident,)+ }) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$inner])* $variant,)+ }

        impl $name {
            /// Every variant, in order: `ALL[variant as usize]` is the variant.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
        }
    };
}
pub(super) use listed;

listed! {
    /// A text of the widget. Places, if any, stand in brackets here and must be in every language.
    pub enum Message {
        // The way through the survey.
        /// Button: leave the page that introduces the survey.
        Start,
        /// Button: to the next page.
        Next,
        /// Button: to the page before.
        Back,
        /// Button: send the answers.
        Submit,
        /// Button: show all answers once more before they are sent.
        Preview,
        /// Heading above them.
        PreviewHeading,
        /// Button beside a page of them: change its answers.
        Edit,
        /// Where the customer is (`page`, `pages`).
        Progress,
        /// How many questions are answered (`page`, `pages`).
        Answered,
        /// Accessible name of the widget as a region of the page.
        SurveyLabel,

        // Beside a question.
        /// Note at a question that may stay empty.
        Optional,
        /// Hint above several choices (`max`).
        ChooseUpTo,
        /// Note under a text field that is nearly full (`count`).
        CharactersLeft,
        /// Answer of a yes-or-no question.
        Yes,
        /// Answer of a yes-or-no question.
        No,
        /// First, empty entry of a drop-down list.
        ChoosePlaceholder,
        /// The free choice, where the survey gives it no text.
        Other,
        /// Accessible name of the text field beside the free choice.
        OtherLabel,
        /// The choice "none of these", where the survey gives it no text.
        None,
        /// The choice not to answer, where the survey gives it no text.
        Refuse,
        /// The choice of not knowing, where the survey gives it no text.
        DontKnow,
        /// The choice of all, where the survey gives it no text.
        SelectAll,
        /// Label of the field for a comment, where the survey gives it no text.
        CommentLabel,
        /// Accessible name of the field that searches a long list.
        Search,
        /// Nothing in the list fits what was typed.
        NothingFound,
        /// Button: take this choice back (`label`).
        RemoveChoice,
        /// Button: take the whole answer back.
        Clear,
        /// Button: one place up in a ranking (`label`).
        MoveUp,
        /// Button: one place down in a ranking (`label`).
        MoveDown,
        /// Button: put this at the end of the ranking (`label`).
        AddToRanking,
        /// Announced when a choice was moved (`label`, `place`, `count`).
        RankedAt,
        /// Hint above a ranking.
        RankHint,
        /// Accessible name of the lower end of a range (`label`).
        RangeFrom,
        /// Accessible name of the upper end of a range (`label`).
        RangeTo,
        /// Accessible name of a point of a scale (`value`, `max`).
        RatingPoint,
        /// The same for a point with words (`value`, `max`, `label`).
        RatingPointLabelled,
        /// Hint above the answers of a page that goes on by itself.
        GoesOnByItself,

        // Under a field that needs attention.
        /// No answer, one is needed.
        RequiredOne,
        /// No choice, at least one is needed.
        RequiredSome,
        /// No text, some is needed.
        RequiredText,
        /// Neither yes nor no.
        RequiredYesNo,
        /// The free choice is chosen and has no text.
        RequiredOther,
        /// A row of a table has no answer.
        RequiredRow,
        /// Two rows of a table have the same answer.
        RowTwice,
        /// Nothing in a group of questions was answered.
        RequiredInGroup,
        /// More choices than allowed (`max`).
        TooMany,
        /// Fewer choices than asked for (`min`).
        TooFew,
        /// Too many characters (`max`).
        TooLong,
        /// Not a mail address.
        NotAnEmail,
        /// Not a number.
        NotANumber,
        /// Any other answer that does not fit.
        WrongAnswer,
        /// A photo is missing.
        RequiredPhoto,
        /// Button: take or choose photos.
        AddPhotos,
        /// How many (`count`), and what becomes of place and device.
        PhotosHint,
        /// A file is no photo that can be read.
        PhotoFailed,
        /// Announced when a page cannot be left yet.
        ErrorsOnPage,

        // Loading.
        /// The survey is on its way.
        Loading,
        /// A part of the widget is on its way.
        PartLoading,
        /// A part of the widget did not come.
        PartFailed,
        /// Button: once more.
        TryAgain,
        /// The survey did not come.
        LoadFailed,
        /// The survey does not exist or is closed.
        NotAvailable,
        /// The endpoint does not give surveys to this site.
        SiteNotListed,

        // What became of the answers.
        /// No network; the answers are on the device.
        SavedOnDevice,
        /// The device stores nothing; the answers live as long as the page.
        SavedInMemory,
        /// There is a network, the endpoint does not answer; the answers are on the device.
        WaitingToSend,
        /// There is a network, the endpoint does not answer; nothing was answered yet.
        Unreachable,
        /// The endpoint does not take answers from this site.
        OriginRefused,
        /// The endpoint did not accept these answers.
        Refused,
        /// They were given before, on another visit or device.
        AlreadyAnswered,
        /// Button: copy the answers.
        CopyAnswers,
        /// The answers were copied.
        Copied,
        /// Note: what was typed on an earlier visit is back.
        DraftRestored,

        // The end.
        /// Heading of the last screen.
        ThankYou,
        /// Its text, where the survey has none.
        ThankYouText,
        /// What the receipt is (shown before its code).
        ReceiptLabel,
        /// When the answers arrived (shown before the moment).
        ReceivedLabel,
        /// What the receipt is good for.
        ReceiptHint,
    }
}
