//! The English texts.

use super::{Message, PageText};

/// The widget's texts.
pub(super) const fn text(message: Message) -> &'static str {
    match message {
        Message::Next => "Next",
        Message::Back => "Back",
        Message::Submit => "Send",
        Message::Sending => "Sending…",
        Message::Progress => "{page} of {pages}",
        Message::ProgressLabel => "Progress",
        Message::SwitchTo => "Switch to English",
        Message::SurveyLabel => "Survey",
        Message::Close => "Close",

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
        Message::RequiredText => "Write a few words to go on.",
        Message::RequiredYesNo => "Choose yes or no to go on.",
        Message::RequiredOther => "Write what you mean, or choose another answer.",
        Message::RequiredRow => "Please answer every row to go on.",
        Message::RowTwice => "Please give each row a different answer.",
        Message::RequiredInGroup => "Please answer at least one of these questions.",
        Message::TooMany => "Choose no more than {max}. Take one away to choose another.",
        Message::TooFew => "Choose at least {min} to go on.",
        Message::TooLong => "This is too long. Please shorten it to {max} characters.",
        Message::TooShort => "Please write at least {min} characters.",
        Message::NotAnEmail => "Check this email address. It should look like name@example.com.",
        Message::NotANumber => "Write a number, for example 12.",
        Message::OutOfRange => "Enter a value from {min} to {max}.",
        Message::WrongAnswer => "This answer does not fit the question. Please change it.",
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
        Message::CopyAnswers => "Copy my answers",
        Message::Copied => "Copied",
        Message::SentLater => "Your answers from {date} have been sent.",
        Message::DraftRestored => "We kept what you had already answered.",
        Message::StartOver => "Start over",
        Message::SavedWhileTyping => "Saved on this device while you type.",

        Message::ThankYou => "Thank you",
        Message::ThankYouText => "Your answers help us do better.",
        Message::ReceiptLabel => "Receipt",
        Message::ReceiptHint => "Quote this number if you want to talk to us about your answers.",
    }
}

/// The words on pages of the endpoint.
pub(super) const fn page_text(message: PageText) -> &'static str {
    match message {
        PageText::NeedsNewerBrowser => {
            "This survey needs a current browser with JavaScript. Please open this page in another browser."
        }
        PageText::NoSurveyHere => "There is no survey at this address. It may have ended.",
        PageText::SurveyClosed => "This survey is closed. Nothing is needed from you.",
        PageText::SurveyNotOpen => "This survey is not open yet. Please come back later.",
    }
}
