//! Words between questions, and computed values. A part.

use super::super::dom::El;
use super::super::form::Form;
use super::{Asked, title};

pub(in super::super) fn view(form: Form, asked: &Asked) -> Vec<El> {
    vec![title(form, asked, "p")]
}
