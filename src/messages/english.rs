//! The English texts.

use super::{EndpointText, Message};

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
        Message::RatingPoint => "{value} of {max}",
        Message::RatingPointLabelled => "{value} of {max}: {label}",
        Message::GoesOnByItself => "The next question opens as soon as you choose.",

        Message::RequiredOne => "Choose one answer to go on.",
        Message::RequiredSome => "Choose at least one answer to go on.",
        Message::RequiredText => "Write a few words to go on.",
        Message::RequiredYesNo => "Choose yes or no to go on.",
        Message::RequiredOther => "Write what you mean, or choose another answer.",
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
        Message::LoadFailed => "The survey could not be loaded. Check your connection and try again.",
        Message::NotAvailable => "This survey is closed or does not exist. Nothing is needed from you.",
        Message::CannotRun => "The survey cannot run in this browser. Please open it in a newer one.",

        Message::SavedOnDevice => "Saved on this device. We send it when you are back online.",
        Message::SavedInMemory => {
            "This browser does not let us save your answers. Keep this page open until they have been sent."
        }
        Message::WaitingToSend => "Your answers are waiting to be sent.",
        Message::Unreachable => "Our server is not answering. Your answers are kept, and we will go on trying to send them.",
        Message::OriginRefused => {
            "This site is not allowed to send answers yet. Please tell the people who run it. Your answers are kept."
        }
        Message::Refused => "We could not accept these answers. Please copy your words so that they are not lost.",
        Message::CopyAnswers => "Copy my answers",
        Message::Copied => "Copied",
        Message::SentLater => "Your answers from {date} have been sent.",
        Message::DraftRestored => "We kept what you had already answered.",
        Message::StartOver => "Start over",
        Message::SavedWhileTyping => "Saved on this device while you type.",

        Message::ThankYou => "Thank you",
        Message::ThankYouText => "Your answers have arrived. You can close this page.",
        Message::ReceiptLabel => "Receipt",
        Message::ReceiptHint => "Quote this number if you want to talk to us about your answers.",
    }
}

/// What people see of the endpoint.
pub(super) const fn endpoint_text(message: EndpointText) -> &'static str {
    match message {
        EndpointText::InvalidJson => "The request is not valid JSON.",
        EndpointText::InvalidAnswers => "Some answers do not fit the survey.",
        EndpointText::UnknownSurvey => "There is no open survey with this name.",
        EndpointText::UnknownVersion => "The survey has no such version.",
        EndpointText::TooLarge => "The request is too large.",
        EndpointText::WrongMediaType => "The request must be JSON (content-type: application/json).",
        EndpointText::RevisionTaken => "This revision is already stored with other answers.",
        EndpointText::AlreadyComplete => "These answers are complete and can no longer be changed.",
        EndpointText::IdTaken => "This id already belongs to answers to another survey.",
        EndpointText::OriginRefused => "Answers from this site are not accepted.",
        EndpointText::NotFound => "There is nothing at this address.",
        EndpointText::MethodNotAllowed => "This address does not take such a request.",
        EndpointText::Busy => "Too many requests at once. Please try again in a moment.",
        EndpointText::StorageFull => "The answers cannot be stored at the moment. Please try again later.",
        EndpointText::Internal => "Something went wrong on our side. Please try again later.",
        EndpointText::Timeout => "The request took too long to arrive. Please try again.",
        EndpointText::PageNotFound => "This page does not exist",
        EndpointText::PageNotFoundAdvice => "Check the address, or open the link from your message once more.",
        EndpointText::NeedsScript => "This survey needs JavaScript. Please switch it on for this page, then reload it.",
    }
}
