//! Choices put in order, by dragging, by touch and by keyboard. A part.

use super::super::dom::El;
use super::super::form::Form;
use super::{Asked, title};

pub(in super::super) fn view(form: Form, asked: &Asked) -> Vec<El> {
    vec![title(form, asked, "p")]
}
