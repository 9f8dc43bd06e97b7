//! The texts of the language that is shown, as the build's language file has them.

use std::sync::Arc;

use js_sys::Array;

use crate::messages::Message;

/// One language's texts in the order of [`Message`]; cheap to clone.
#[derive(Clone, Debug, Default)]
pub(super) struct Strings(Arc<[String]>);

impl Strings {
    /// The texts of a language file, which is an array.
    pub(super) fn from_array(array: &Array) -> Self {
        Self(
            array
                .iter()
                .map(|text| text.as_string().unwrap_or_default())
                .collect(),
        )
    }

    /// One text; empty if the file is from another build.
    pub(super) fn text(&self, message: Message) -> String {
        self.0.get(message as usize).cloned().unwrap_or_default()
    }

    /// One text with its placeholders filled.
    pub(super) fn fill(&self, message: Message, values: &[(&str, &str)]) -> String {
        crate::messages::fill(&self.text(message), values)
    }
}
