//! The English texts.

use super::{CaseText, ConsoleText, MailText, Message, PageText, ReportText};

/// The widget's texts.
pub(super) const fn text(message: Message) -> &'static str {
    match message {
        Message::Start => "Start",
        Message::Next => "Next",
        Message::Back => "Back",
        Message::Submit => "Send",
        Message::Preview => "Check your answers",
        Message::PreviewHeading => "Is everything as you meant it?",
        Message::Edit => "Change",
        Message::Progress => "{page} of {pages}",
        Message::Answered => "{page} of {pages} answered",
        Message::SurveyLabel => "Survey",

        Message::Optional => "Optional",
        Message::ChooseUpTo => "Choose up to {max}",
        Message::CharactersLeft => "Characters left: {count}",
        Message::Yes => "Yes",
        Message::No => "No",
        Message::ChoosePlaceholder => "Choose…",
        Message::Other => "Something else",
        Message::OtherLabel => "Say it in your own words",
        Message::None => "None of these",
        Message::Refuse => "Rather not say",
        Message::DontKnow => "Don't know",
        Message::SelectAll => "All of these",
        Message::CommentLabel => "Anything to add",
        Message::Search => "Search the list",
        Message::NothingFound => "Nothing in the list matches.",
        Message::RemoveChoice => "Remove {label}",
        Message::Clear => "Clear",
        Message::MoveUp => "Move {label} up",
        Message::MoveDown => "Move {label} down",
        Message::AddToRanking => "Add {label} to your ranking",
        Message::RankedAt => "{label}: place {place} of {count}",
        Message::RankHint => "Drag, or use the arrows. The most important goes first.",
        Message::RangeFrom => "{label}, from",
        Message::RangeTo => "{label}, to",
        Message::RatingPoint => "{value} of {max}",
        Message::RatingPointLabelled => "{value} of {max}: {label}",
        Message::GoesOnByItself => "The next question opens as soon as you choose.",

        Message::RequiredOne => "Choose one answer to go on.",
        Message::RequiredSome => "Choose at least one answer to go on.",
        Message::RequiredText => "Fill this in to go on.",
        Message::RequiredYesNo => "Choose yes or no to go on.",
        Message::RequiredOther => "Write what you mean, or choose another answer.",
        Message::RequiredRow => "Please answer every row to go on.",
        Message::RowTwice => "Please give each row a different answer.",
        Message::RequiredInGroup => "Please answer at least one of these questions.",
        Message::TooMany => "Choose no more than {max}. Take one away to choose another.",
        Message::TooFew => "Choose at least {min} to go on.",
        Message::TooLong => "This is too long. Please shorten it to {max} characters.",
        Message::NotAnEmail => "Check this email address. It should look like name@example.com.",
        Message::NotANumber => "Write a number, for example 12.",
        Message::WrongAnswer => "This answer does not fit the question. Please change it.",
        Message::RequiredPhoto => "Add a photo to go on.",
        Message::AddPhotos => "Take or choose photos",
        Message::PhotosHint => "Up to {count}. Place and device are taken out of them.",
        Message::PhotoFailed => "This file cannot be read as a photo. Choose another one.",
        Message::ErrorsOnPage => "Something on this page still needs your answer.",

        Message::Loading => "Loading the survey…",
        Message::PartLoading => "Loading…",
        Message::PartFailed => "This part could not be loaded.",
        Message::TryAgain => "Try again",
        Message::LoadFailed => {
            "The survey could not be loaded. Check your connection and try again."
        }
        Message::NotAvailable => {
            "This survey is closed or does not exist. Nothing is needed from you."
        }
        Message::SiteNotListed => {
            "This site is not set up to show the survey yet. Please tell the people who run it."
        }

        Message::SavedOnDevice => "Saved on this device. We send it when you are back online.",
        Message::SavedInMemory => {
            "This browser does not let us save your answers. Keep this page open until they have been sent."
        }
        Message::WaitingToSend => {
            "Saved on this device. Our server is not answering; we send it as soon as it does."
        }
        Message::Unreachable => "Our server is not answering. Please try again in a moment.",
        Message::OriginRefused => {
            "This site is not allowed to send answers yet. Please tell the people who run it. Your answers are kept."
        }
        Message::Refused => {
            "We could not accept these answers. Please copy your words so that they are not lost."
        }
        Message::AlreadyAnswered => "You had answered before. Those answers stand.",
        Message::CopyAnswers => "Copy my answers",
        Message::Copied => "Copied",
        Message::DraftRestored => "We kept what you had already answered.",

        Message::ThankYou => "Thank you",
        Message::ThankYouText => "Your answers help us do better.",
        Message::ReceiptLabel => "Receipt",
        Message::ReceivedLabel => "Received",
        Message::ReceiptHint => "Quote this number if you want to talk to us about your answers.",
    }
}

/// The texts of the complaint form and the case page.
pub(super) const fn case_text(message: CaseText) -> &'static str {
    match message {
        CaseText::IntentQuestion => "What would you like to tell us?",
        CaseText::IntentComplaint => "Something went wrong",
        CaseText::IntentRequest => "I need something",
        CaseText::IntentSuggestion => "I have an idea",
        CaseText::IntentPraise => "Something was good",
        CaseText::ComplaintHeading => "What went wrong?",
        CaseText::ComplaintHint => {
            "Say it in your own words. Somebody will answer, and you can follow what happens."
        }
        CaseText::RequestHeading => "What do you need?",
        CaseText::RequestHint => "Say it in your own words. Somebody will answer.",
        CaseText::SuggestionHeading => "What could be better?",
        CaseText::PraiseHeading => "What was good?",
        CaseText::PlainHint => "Say it in your own words.",
        CaseText::WordsLabel => "Your words",
        CaseText::WordsMissing => "Write a few words first.",
        CaseText::StageQuestion => "What is it about?",
        CaseText::StageDelivery => "Delivery",
        CaseText::StageInstall => "Installation",
        CaseText::StageUse => "Using it",
        CaseText::StageMaintain => "Maintenance or repair",
        CaseText::StageBilling => "Bill or contract",
        CaseText::StageOther => "Something else",
        CaseText::UrgencyQuestion => "How urgent is it for you?",
        CaseText::UrgencyBlocking => "We cannot go on without it",
        CaseText::UrgencySoon => "Soon, please",
        CaseText::UrgencyCanWait => "It can wait",
        CaseText::SafetyLabel => "Safety, emergency calls or a full outage",
        CaseText::RemedyLabel => "What would put it right?",
        CaseText::AffectedLabel => "Who is affected?",
        CaseText::AffectsUs => "Only us",
        CaseText::AffectsUsers => "Our own users as well",
        CaseText::AffectedUsersLabel => "How many users are affected, roughly?",
        CaseText::IncidentHeading => "We know about this",
        CaseText::IncidentSince => "Since {date}",
        CaseText::IncidentNext => "We say more here by {date}",
        CaseText::DeliveryLabel => "Delivery",
        CaseText::PhotosHeading => "Photos",
        CaseText::PhotosHint => "Up to {count}. Place and device are taken out of them.",
        CaseText::AddPhotos => "Take or choose photos",
        CaseText::RemovePhoto => "Remove photo {number}",
        CaseText::PhotoFailed => "This file cannot be read as a photo. Choose another one.",
        CaseText::PhotosLeft => "Not all photos could be taken. Your words have arrived.",
        CaseText::PhotoLabel => "Photo",
        CaseText::ReachHeading => "How can we reach you?",
        CaseText::NameLabel => "Name",
        CaseText::MailLabel => "Email",
        CaseText::PhoneLabel => "Phone",
        CaseText::ConsentLabel => "You may contact me about this",
        CaseText::SendComplaint => "Send",
        CaseText::DraftKept => "Your words are kept on this device while you type.",

        CaseText::TakenHeading => "We have your complaint",
        CaseText::RequestTaken => "We have your request",
        CaseText::SuggestionTaken => "Thank you for your idea",
        CaseText::PraiseTaken => "Thank you, that does us good",
        CaseText::ReferenceLabel => "Number",
        CaseText::ReferenceHint => "Quote this number if you want to talk to us about it.",
        CaseText::WaitingHeading => "Your words are safe",
        CaseText::WaitingText => "You get your number here as soon as they have been sent.",
        CaseText::NumberLabel => "Case number",
        CaseText::ContactLabel => "Your contact",
        CaseText::ContactUnnamed => "Our service team",
        CaseText::PromisedLabel => "Our answer by",
        CaseText::FollowCase => "Follow your case",
        CaseText::KeepLink => "Keep this link. Whoever has it can read the case.",
        CaseText::CopyLink => "Copy link",
        CaseText::CopyWords => "Copy my words",
        CaseText::ArrivedEarlier => "What you wrote on {date} has reached us.",
        CaseText::Dismiss => "Got it",

        CaseText::OfferHeading => "Shall we treat this as a complaint?",
        CaseText::OfferText => "You get a case number, one contact and a date for our answer.",
        CaseText::OfferYes => "Yes, make it a complaint",
        CaseText::OfferNo => "No, thank you",

        CaseText::CaseLabel => "Your complaint",
        CaseText::LookupHeading => "Follow your case",
        CaseText::LookupHint => "Both stand in the link that you got when you complained.",
        CaseText::SecretLabel => "Key",
        CaseText::OpenCase => "Open",
        CaseText::NotFound => {
            "No case fits this number and key. Check both, for example against the link."
        }

        CaseText::TooManyKeys => {
            "Too many wrong keys. You can try again after {date}. The right key opens your case at any time: use your link, or have it mailed to you."
        }
        CaseText::BusyNow => {
            "Many people are here right now. Please try again in about {count} seconds. Your case is safe."
        }
        CaseText::LostLink => "I have lost the link",
        CaseText::LostLinkNumber => "Enter the case number first.",
        CaseText::LinkAsked => {
            "If there is such a case and you left an email address, the link is on its way to you."
        }

        CaseText::Received => "We have your complaint",
        CaseText::Acknowledged => "Received and assigned",
        CaseText::Assessed => "We are looking at what it takes",
        CaseText::InProgress => "We are working on it",
        CaseText::NeedsYou => "We need something from you",
        CaseText::WithPartner => "We are working on it with a partner",
        CaseText::Decided => "Here is our answer",
        CaseText::UnderReview => "Someone new is looking at it again",
        CaseText::ClosedSolved => "Closed: you said it is solved",
        CaseText::ClosedNoReply => "Closed: we did not hear from you",
        CaseText::ClosedDeclined => "Closed: our answer stays as it is",
        CaseText::ClosedWithdrawn => "Closed: you withdrew it",
        CaseText::ClosedDuplicate => "Closed: it goes on in another case of yours",
        CaseText::ClosedReclassified => "Closed: it goes on as a request or suggestion",
        CaseText::ClosedSpam => "Closed: we did not take this as a complaint",

        CaseText::UntilUpdate => "You will hear from us by {date}",
        CaseText::UntilReply => "Please answer by {date}",
        CaseText::UntilDecision => "You will have our answer by {date}",
        CaseText::UntilWord => "Tell us by {date} whether this solves it",
        CaseText::UntilRemedy => "What we promised is due by {date}",
        CaseText::UntilReopen => "You can open it again until {date}",
        CaseText::UntilEnded => "It ended on {date}",
        CaseText::Reopened => "Times opened again: {count}",

        CaseText::YouCan => "What you can do",
        CaseText::Answer => "Answer",
        CaseText::Write => "Add something",
        CaseText::Confirm => "It is solved",
        CaseText::NotSolved => "It is not solved",
        CaseText::Reopen => "Open it again",
        CaseText::Escalate => "Ask for a manager",
        CaseText::Withdraw => "Withdraw my complaint",
        CaseText::AskReview => "Ask for a second look",
        CaseText::Rate => "Rate how we handled it",
        CaseText::ConfirmHint => {
            "This closes your case. If the problem comes back, you can open it again."
        }
        CaseText::WithdrawHint => {
            "We then stop working on it. You can still open it again for a while."
        }
        CaseText::YourWords => "Your words",
        CaseText::WordsNeeded => "Write a few words, so that we know what you mean.",
        CaseText::Send => "Send",
        CaseText::Cancel => "Cancel",
        CaseText::ScoreLegend => "How well did we deal with your complaint? 1 is badly, 5 is well.",
        CaseText::ScoreMissing => "Choose a number from 1 to 5.",
        CaseText::Done => "Thank you, we have it.",
        CaseText::Changed => {
            "The case has changed meanwhile. This is how it stands now; your words are still here."
        }
        CaseText::PhotosFull => {
            "This case cannot take more photos. Take the photos out and send your words alone."
        }
        CaseText::TooSoon => "You did this less than a day ago. It is being seen to.",

        CaseText::WeAsk => "Our question",
        CaseText::OurAnswer => "Our answer",
        CaseText::Upheld => "You are right",
        CaseText::PartlyUpheld => "You are right in part",
        CaseText::OfferedWithoutAdmission => "We offer you something, whoever is right",
        CaseText::NotUpheld => "We could not confirm it",
        CaseText::Declined => "We cannot do this",
        CaseText::Explanation => "Why",
        CaseText::Alternative => "What you can do instead",
        CaseText::ReviewRoute => "If you see it differently",
        CaseText::Remedy => "What we do for you",
        CaseText::RemedyDue => "By {date}",
        CaseText::RemedyDone => "Done on {date}",
        CaseText::FixSummary => "What we changed",
        CaseText::Timeline => "What has happened",
        CaseText::ByYou => "You",
        CaseText::ByUs => "We",
        CaseText::YourComplaint => "What you wrote",
        CaseText::RatedWith => "You gave us {score} of 5",

        CaseText::TimeReceived => "Complaint received",
        CaseText::TimeAcknowledged => "You were given a contact and a date",
        CaseText::TimeAssessed => "Assessed",
        CaseText::TimeBegun => "Work started",
        CaseText::TimeAsked => "Question to you",
        CaseText::TimeAnswered => "Your answer",
        CaseText::TimeResumed => "Work goes on",
        CaseText::TimeHandedToPartner => "A partner takes part",
        CaseText::TimeTakenBack => "Back from the partner",
        CaseText::TimeResponded => "Answer given",
        CaseText::TimeRemedyDone => "What was promised is done",
        CaseText::TimeConfirmed => "Solved, you said",
        CaseText::TimeNotSolved => "Not solved, you said",
        CaseText::TimeTimedOut => "Closed without a reply",
        CaseText::TimeReopened => "Opened again",
        CaseText::TimeWithdrawn => "You withdrew it",
        CaseText::TimeMerged => "Joined with another case of yours",
        CaseText::TimeReclassified => "Goes on as a request or suggestion",
        CaseText::TimeReviewBegun => "Second look started",
        CaseText::TimeReviewed => "Second look finished",
        CaseText::TimeCustomerMessage => "Your message",
        CaseText::TimeStaffMessage => "Our message",
        CaseText::TimeHoldingResponse => "Interim answer",
        CaseText::TimeReminded => "Reminder",
        CaseText::TimeRated => "Your rating",
        CaseText::TimeEscalated => "You asked for a manager",
        CaseText::TimeAttached => "Photo added",
    }
}

/// The words on pages of the endpoint.
pub(super) const fn page_text(message: PageText) -> &'static str {
    match message {
        PageText::NeedsNewerBrowser => {
            "This survey needs a current browser with JavaScript. Please open this page in another browser."
        }
        PageText::CaseNeedsNewerBrowser => {
            "This page needs a current browser with JavaScript. Please open your link in another browser."
        }
        PageText::NoSurveyHere => "There is no survey at this address. It may have ended.",
        PageText::SurveyClosed => "This survey is closed. Nothing is needed from you.",
        PageText::SurveyNotOpen => "This survey is not open yet. Please come back later.",
        PageText::AlreadyAnswered => {
            "You have already answered. Your answers arrived, and you need do nothing more. Thank you."
        }
        PageText::InvitationNotValid => {
            "This link has expired, or was not copied whole. Please open it again from the message that we sent you."
        }
        PageText::StandingQuestion => "Where are you most dissatisfied with us?",
    }
}

/// The words of reports.
pub(super) const fn report_text(message: ReportText) -> &'static str {
    match message {
        ReportText::BriefingTitle => "Service quality for {account}",
        ReportText::ProgressTitle => "What became of it: {account}",
        ReportText::Period => "{from} to {until}",
        ReportText::Chair => "In your own words",
        ReportText::ChairSaid => "Said on {day}",
        ReportText::ChairEmpty => "Nobody of yours wrote to us in this period.",
        ReportText::Scores => "How you rate us",
        ReportText::NoScores => "There are no ratings of this period.",
        ReportText::Question => "Question",
        ReportText::Measure => "Measure",
        ReportText::Value => "Value",
        ReportText::IntervalLabel => "95 % interval",
        ReportText::Answers => "Answers",
        ReportText::Range => "{low} to {high}",
        ReportText::TooFew => "too few answers for a value",
        ReportText::SmallSample => "{n} (small sample)",
        ReportText::Overdue => "{day} (missed)",
        ReportText::Times => "How we kept our times",
        ReportText::FirstResponse => "First answer by a person",
        ReportText::Updates => "Regular updates",
        ReportText::Resolution => "Decision",
        ReportText::Kept => "{kept} of {all} in time",
        ReportText::Top => "What complaints were about",
        ReportText::NoComplaints => "There were no complaints in this period.",
        ReportText::Cause => "Cause",
        ReportText::Count => "Complaints",
        ReportText::Cumulative => "Share up to here",
        ReportText::TouchingUsers => "Complaints that touch the customer's own users: {cases}",
        ReportText::Affected => {
            "Complaints that say how many people are affected: {cases}; people in all: {people}"
        }
        ReportText::Actions => "What is being done",
        ReportText::NoActions => "Nothing is open, and nothing was finished in this period.",
        ReportText::Number => "Number",
        ReportText::Kind => "What it is",
        ReportText::Standing => "Where it stands",
        ReportText::Next => "Next date",
        ReportText::Changed => "What we changed",
        ReportText::CaseKind => "Complaint",
        ReportText::RequestKind => "Request",
        ReportText::FindingKind => "Found on a visit",
        ReportText::Waiting => "Waiting for our answer",
        ReportText::Answered => "Answered",
        ReportText::Logged => "Written down",
        ReportText::Tracked => "Being followed",
        ReportText::Verified => "Verified by us",
        ReportText::Told => "Reported back to you",
        ReportText::Figures => "In figures",
        ReportText::CameIn => "Came in: {n}",
        ReportText::Finished => "Finished: {n}",
        ReportText::StillOpen => "Open at the end: {n}",
        ReportText::ZoneNote => "Days are counted in UTC.",
        ReportText::Commercial => "Prices and offers",
        ReportText::Billing => "Bills and payments",
        ReportText::Contract => "The contract",
        ReportText::Relationship => "How we deal with you",
        ReportText::ResponseSpeed => "How fast we answer",
        ReportText::Solution => "The solution as a whole",
        ReportText::ProductFunction => "What the product does",
        ReportText::Performance => "How well it does it",
        ReportText::Interoperability => "Working with other products",
        ReportText::DeliveryDate => "The date of delivery",
        ReportText::Installation => "Installation",
        ReportText::Training => "Training",
        ReportText::Maintenance => "Maintenance",
        ReportText::SpareParts => "Replacement parts",
        ReportText::Other => "Other",
    }
}

/// The words of mails.
pub(super) const fn mail_text(message: MailText) -> &'static str {
    match message {
        MailText::HandOverSubject => "{delivery}: how did the delivery go?",
        MailText::HandOverText => "You received {delivery} on {date}: how did it go?",
        MailText::InUseSubject => "{delivery}: how is it in use?",
        MailText::InUseText => "You have had {delivery} since {date}: how is it in daily use?",
        MailText::LaterSubject => "{delivery}: is it better now?",
        MailText::LaterText => {
            "Two months ago {delivery} was not as it should be. Is it better now? We ask once more because your answer told us so."
        }
        MailText::RelationshipSubject => "How is it to work with us?",
        MailText::RelationshipText => {
            "Now and then we ask our customers how it is to work with us. Plain words help us most."
        }
        MailText::ReminderSubject => "A reminder: {subject}",
        MailText::ReminderText => {
            "We asked a week ago and have not heard from you. This is the only reminder."
        }
        MailText::TakesAMinute => "It takes less than a minute.",
        MailText::OpenSurvey => "Open the survey",
        MailText::OnlyMarks => {
            "A number only marks your answer. Nothing is sent before you send it on the page."
        }
        MailText::WorksUntil => "The link works until {date} and can be answered once.",
        MailText::RatherComplain => "Something is wrong? Tell us here, and a person answers",
        MailText::NoMore => "No more surveys, please",
        MailText::ReceivedSubject => "{number}: your complaint has arrived",
        MailText::ReceivedText => {
            "Your complaint has arrived and has the number {number}. {contact} takes care of it. You get our decision by {date}."
        }
        MailText::ReceivedTextNobody => {
            "Your complaint has arrived and has the number {number}. You get our decision by {date}."
        }
        MailText::QuestionSubject => "{number}: we have a question",
        MailText::QuestionText => {
            "To go on with your case we need to know something from you. The question is on your case page, where you can answer it."
        }
        MailText::WaitingSubject => "{number}: we are still waiting for your answer",
        MailText::WaitingText => {
            "Your case waits for an answer of yours. You find the question on your case page. If you need more time, write so there."
        }
        MailText::DecisionSubject => "{number}: our decision",
        MailText::DecisionText => {
            "We have decided. Decision and reasons are on your case page. There you can say that it is solved, that it is not, or that you disagree."
        }
        MailText::NewsSubject => "{number}: news for you",
        MailText::NewsText => "There is a message for you on your case page.",
        MailText::RatingSubject => "{number}: how did we do?",
        MailText::RatingText => {
            "Your case is closed. How did we do? One touch on your case page is enough. If it is not solved after all, you can reopen it there."
        }
        MailText::ClosedSubject => "{number}: your case is closed",
        MailText::ClosedText => {
            "Your case is closed. You can read all of it on your case page. If something is left open, write to us there."
        }
        MailText::LinkSubject => "{number}: the link to your case",
        MailText::LinkText => {
            "Somebody asked for the link to this case, most likely you. If it was not you, nothing needs to be done."
        }
        MailText::OpenCase => "Open the case page",
        MailText::KeepLink => "Whoever has this link can read the case. Please do not pass it on.",
        MailText::StaffSubject => "{number}: {what}",
        MailText::StaffText => "More on case {number} in the console.",
        MailText::CallBackSubject => "Please call back: a low score in {survey}",
        MailText::CallBackText => {
            "A customer gave a low score. Account: {account}. Person: {contact}. The answers are in the console."
        }
        MailText::Assignment => "this case is yours now",
        MailText::CustomerWrote => "the customer has written",
        MailText::CallBack => "please speak with the customer in person",
        MailText::Review => "the second look is yours",
        MailText::Warning => "a deadline comes near",
        MailText::Breach => "a deadline was missed",
        MailText::Escalation => "the case has been escalated to you",
        MailText::ExecutiveQuestion => "an executive asks \"?\"",
        MailText::Explanation => "your \"?\" has been answered",
        MailText::OptOutTitle => "No more surveys?",
        MailText::OptOutQuestion => {
            "We then send you no more invitations or reminders. Messages about a complaint of yours still reach you."
        }
        MailText::OptOutButton => "No more surveys",
        MailText::OptedOut => "Done. We send you no more surveys.",
        MailText::PlaceGoneTitle => "Nothing is asked here any more",
        MailText::PlaceGoneText => {
            "This code is from an earlier survey, which has ended. Thank you for taking the time to scan it."
        }
        MailText::PlaceGoneComplain => "If something is not right, tell us here",
        MailText::ShortInvitation => "How did {delivery} go? Less than a minute: {link}",
    }
}

/// The words of the console.
pub(super) const fn console_text(message: ConsoleText) -> &'static str {
    match message {
        ConsoleText::Opening => "One moment…",
        ConsoleText::Unreachable => {
            "The endpoint cannot be reached right now. Check the network, then try again."
        }
        ConsoleText::TryAgain => "Try again",
        ConsoleText::SignOut => "Sign out",
        ConsoleText::SignIn => "Sign in",
        ConsoleText::SignInHeading => "Sign in",
        ConsoleText::SetUpHeading => "Set up: you are the first admin",
        ConsoleText::PasswordHeading => "Choose a password",
        ConsoleText::SetUp => "Begin",
        ConsoleText::Name => "Name",
        ConsoleText::NameHint => "Customers read it where you are their contact.",
        ConsoleText::Mail => "E-mail address",
        ConsoleText::Password => "Password",
        ConsoleText::PasswordHint => "At least 15 characters. A few words in a row are good.",
        ConsoleText::ForgotHint => "Forgot it? An admin can make a new link for you.",
        ConsoleText::WrongPassword => "Address and password do not belong together.",
        ConsoleText::TooManyTries => "Too many wrong passwords. Try again in 15 minutes.",
        ConsoleText::LinkUsed => {
            "This link was used already, or is too old. Ask an admin for a new one."
        }
        ConsoleText::PasswordTooShort => "The password needs at least 15 characters.",
        ConsoleText::PasswordUnfit => {
            "The password is too long, or the same few characters over and over. Choose another."
        }
        ConsoleText::NameUnfit => {
            "This name is empty, too long, or somebody else's. Choose another."
        }
        ConsoleText::MailUnfit => "This is not an e-mail address, or somebody else's. Check it.",
        ConsoleText::ScoresHeading => "Are we getting better?",
        ConsoleText::Counting => "Counting…",
        ConsoleText::ScoresNotYours => {
            "Scores of all customers are for analysts, case managers and executives."
        }
        ConsoleText::NoScores => {
            "No survey with a measure has been published yet. Give a rating the property “metric”: nps, csat or ces."
        }
        ConsoleText::Survey => "Survey",
        ConsoleText::SaveTable => "Save as a table (CSV)",
        ConsoleText::MonthsIn => "Months as in {zone}.",
        ConsoleText::Sheets => "{complete} complete and {partial} partial sheets",
        ConsoleText::Sure => "Between {low} and {high} with 95 % certainty, from {n} answers",
        ConsoleText::SureSmall => {
            "Small sample: between {low} and {high} with 95 % certainty, from {n} answers"
        }
        ConsoleText::CountsOnly => "{n} answers so far; a figure is shown from 10 on",
        ConsoleText::NoFigure => "No figure can be computed.",
        ConsoleText::OneMonth => "There is only one month so far, so nothing to compare.",
        ConsoleText::TooFewToCompare => {
            "{after} against {before}: too few answers to say anything; it takes 30 in both."
        }
        ConsoleText::NotShownToChange => {
            "{after} against {before}: not shown to have changed. The change lies between {low} and {high} points with 95 % certainty, and that includes none."
        }
        ConsoleText::Rose => {
            "{after} is better than {before} by {points} points; more than chance, between {low} and {high} with 95 % certainty."
        }
        ConsoleText::Fell => {
            "{after} is worse than {before} by {points} points; more than chance, between {low} and {high} with 95 % certainty."
        }
        ConsoleText::OverTime => "Month by month",
        ConsoleText::Distribution => "How often each answer was chosen",
        ConsoleText::ByAccount => "Account",
        ConsoleText::ByTeam => "Delivery team",
        ConsoleText::ByRegion => "Region",
        ConsoleText::ByLanguage => "Language",
        ConsoleText::ByChannel => "Channel",
        ConsoleText::Month => "Month",
        ConsoleText::Point => "Answer",
        ConsoleText::Share => "Share",
        ConsoleText::Answers => "n",
        ConsoleText::Value => "Value",
        ConsoleText::Interval => "95 % interval",
        ConsoleText::BelowTen => "below 10 answers",
        ConsoleText::Words => "What customers wrote last",
        ConsoleText::NoWords => "Nobody has written anything yet.",
        ConsoleText::WhereTheyStop => "Where people stop",
        ConsoleText::Question => "Question",
        ConsoleText::LeftAfter => "Left after it",
        ConsoleText::LeftAtOnce => "{n} left before their first answer.",
        ConsoleText::OfAllSheets => "Of all sheets",
        ConsoleText::HowToRead => {
            "A dot is a month’s value. The true value lies within the band around it with 95 % certainty: the fewer answers, the taller the band. Months below 10 answers have no dot."
        }
        ConsoleText::UpToDate => "Up to date at {time}",
        ConsoleText::OutOfDate => {
            "Not up to date: the endpoint does not answer. It is tried again by itself."
        }
        ConsoleText::StillCounting => "Still being counted: {n}",
        ConsoleText::NoAnswers => {
            "Nobody has answered yet. People answer at /s/{survey}, in your portal, or by invitation after a delivery."
        }
        ConsoleText::ResponseRate => "How many of those we asked answered",
        ConsoleText::Wave => "Asked",
        ConsoleText::WaveHandOver => "At hand-over",
        ConsoleText::WaveInUse => "After 30 days of use",
        ConsoleText::WaveLater => "After 90 days",
        ConsoleText::WaveRelationship => "About the relationship",
        ConsoleText::Arrived => "Arrived",
        ConsoleText::Answered => "Answered",
        ConsoleText::Rate => "Rate",
        ConsoleText::WaveDetail => {
            "{planned} planned, {sent} sent, {bounced} came back, {begun} begun and not finished, {unsent} not sent"
        }
        ConsoleText::NoInvitations => {
            "No invitation has been planned for this survey. Tell us of your deliveries, as a table (qingting import deliveries FILE.csv) or from your systems (POST /v1/deliveries): each one asks its contact."
        }
    }
}
