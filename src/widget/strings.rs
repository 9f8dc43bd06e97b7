//! The texts of the language that is shown, as the build's language file has them.

use js_sys::Array;

use crate::messages::Message;

/// One language's texts in the order of [`Message`].
#[derive(Clone, Debug)]
pub(super) struct Strings(Array);

impl Strings {
    /// The texts of a language file, which is an array.
    pub(super) fn from_array(array: Array) -> Self {
        Self(array)
    }

    /// One text; empty if the file is from another build.
    pub(super) fn text(&self, message: Message) -> String {
        self.at(message as u32)
    }

    /// The text at a place of the file.
    pub(super) fn at(&self, place: u32) -> String {
        self.0.get(place).as_string().unwrap_or_default()
    }
}
