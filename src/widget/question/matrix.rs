//! Rows with one choice each: a table, and cards where there is no room for one. A part.

use super::super::dom::El;
use super::super::form::Form;
use super::{Asked, title};

pub(in super::super) fn view(form: Form, asked: &Asked) -> Vec<El> {
    vec![title(form, asked, "p")]
}
