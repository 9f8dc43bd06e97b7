//! The words of the console.

use super::message::listed;

listed! {
    /// A text of the console. Places stand in brackets here and must be in every language.
    pub enum ConsoleText {
        /// While it is asked who is there.
        Opening,
        /// The endpoint does not answer.
        Unreachable,
        /// Button: once more.
        TryAgain,
        /// Button.
        SignOut,
        /// Button, and after a new password.
        SignIn,
        /// Heading of signing in.
        SignInHeading,
        /// Heading of the first admin's page.
        SetUpHeading,
        /// Heading of a new password.
        PasswordHeading,
        /// Button of the first admin's page.
        SetUp,
        /// Label.
        Name,
        /// Under the label of the name.
        NameHint,
        /// Label.
        Mail,
        /// Label.
        Password,
        /// Under the label of a new password.
        PasswordHint,
        /// Under the sign-in form.
        ForgotHint,
        /// Address and password do not belong together.
        WrongPassword,
        /// Too many wrong passwords.
        TooManyTries,
        /// A link that does not open any more.
        LinkUsed,
        /// A new password is too short.
        PasswordTooShort,
        /// A new password is too long or monotonous.
        PasswordUnfit,
        /// A name that cannot be taken.
        NameUnfit,
        /// An address that cannot be taken.
        MailUnfit,

        /// Heading of the scores.
        ScoresHeading,
        /// While the endpoint counts.
        Counting,
        /// The role has no scores.
        ScoresNotYours,
        /// No survey measures anything.
        NoScores,
        /// Label of the list of surveys.
        Survey,
        /// Link: the figures as a file.
        SaveTable,
        /// Which zone the months are of (`zone`).
        MonthsIn,
        /// How many sheets there are (`complete`, `partial`).
        Sheets,
        /// How sure a figure is (`low`, `high`, `n`).
        Sure,
        /// The same for a small sample (`low`, `high`, `n`).
        SureSmall,
        /// Fewer than ten answers (`n`).
        CountsOnly,
        /// Nothing can be computed.
        NoFigure,
        /// There is one month only.
        OneMonth,
        /// Fewer than thirty answers in one of the months (`before`, `after`).
        TooFewToCompare,
        /// The change is within chance (`before`, `after`, `low`, `high`).
        NotShownToChange,
        /// It rose (`before`, `after`, `points`, `low`, `high`).
        Rose,
        /// It fell (`before`, `after`, `points`, `low`, `high`).
        Fell,
        /// Heading.
        OverTime,
        /// Heading.
        Distribution,
        /// Heading and column.
        ByAccount,
        /// Heading and column.
        ByTeam,
        /// Heading and column.
        ByRegion,
        /// Heading and column.
        ByLanguage,
        /// Heading and column.
        ByChannel,
        /// Column.
        Month,
        /// Column.
        Point,
        /// Column, heard only.
        Share,
        /// Column.
        Answers,
        /// Column.
        Value,
        /// Column.
        Interval,
        /// Instead of a figure.
        BelowTen,
        /// Heading of the customers' words.
        Words,
        /// Nobody wrote anything.
        NoWords,
        /// Heading of the drop-off.
        WhereTheyStop,
        /// Column.
        Question,
        /// Column: unfinished sheets that end after this question.
        LeftAfter,
        /// Under the drop-off: those that end before the first answer (`n`).
        LeftAtOnce,
        /// Column: of all sheets.
        OfAllSheets,
        /// How to read the picture of months.
        HowToRead,
        /// How the page was last brought up to date (`time`).
        UpToDate,
        /// It could not be.
        OutOfDate,
        /// Answers that are not counted yet (`n`).
        StillCounting,
        /// A survey without answers (`survey`: its name in addresses).
        NoAnswers,
        /// Heading.
        ResponseRate,
        /// Column: times of asking.
        Wave,
        /// The first time of asking.
        WaveHandOver,
        /// The second.
        WaveInUse,
        /// The third.
        WaveLater,
        /// The one of a relationship survey.
        WaveRelationship,
        /// Column: invitations that arrived.
        Arrived,
        /// Column: of these, answered.
        Answered,
        /// Column.
        Rate,
        /// Under the table of waves (`planned`, `sent`, `bounced`, `begun`, `unsent`).
        WaveDetail,
        /// Nobody was invited.
        NoInvitations,
    }
}
