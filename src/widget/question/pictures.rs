//! Choices with pictures, and pictures between questions. A part.

use leptos::prelude::*;

use super::super::dom::{El, el};
use super::super::form::Form;
use super::{Asked, choice, group, style, title};
use crate::survey::definition::Kind;
use crate::survey::session::ShownChoice;

const CSS: &str = "\
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(128px,1fr));gap:8px;margin-top:16px}\
.tiles .choice{flex-direction:column;align-items:stretch;text-align:center;padding:8px}\
.tiles .tick{position:absolute;inset-block-start:12px;inset-inline-start:12px;background:var(--surface)}\
.tiles img,.picture img{display:block;width:100%;min-height:96px;object-fit:contain;border-radius:calc(var(--radius) - 4px)}\
.picture{margin-top:16px}";

pub(in super::super) fn view(form: Form, asked: &Asked) -> Vec<El> {
    match &asked.question.kind {
        Kind::Image(image) => {
            let text = image.text.clone();
            let picture = picture(&image.link).bind_attr("alt", move || Some(form.piped(&text)));
            let frame = el("div").class("picture").child(picture);
            style::adopt(&frame, "pictures", CSS);
            // A picture without words of its author's has none: its name is not meant to be read.
            let is_titled = asked.question.title.resolve("") != asked.question.name;
            let title = is_titled.then(|| title(form, asked, "p"));
            title.into_iter().chain([frame]).collect()
        }
        kind => {
            let several = kind.is_multiple();
            let of = asked.clone();
            let tiles = el("div").class("tiles");
            style::adopt(&tiles, "pictures", CSS);
            let build = move |items: &[ShownChoice]| {
                let items = items.iter();
                items
                    .flat_map(|item| tile(form, &of, item, several))
                    .collect()
            };
            let tiles = choice::shown_list(form, asked, tiles, Box::new(build));
            group(form, asked, !several, vec![tiles])
        }
    }
}

/// A choice with its picture above its words.
fn tile(form: Form, asked: &Asked, item: &ShownChoice, several: bool) -> Vec<El> {
    let link = form
        .session
        .with_untracked(|session| session.choice(item).and_then(|choice| choice.image.clone()));
    let rows = choice::choice_row(form, asked, item, several);
    if let (Some(link), Some(row)) = (link, rows.first()) {
        // Its words stand below: the picture adds none.
        let picture = picture(&link).attr("alt", "");
        row.put_before(&picture, ".words");
    }
    rows
}

fn picture(link: &str) -> El {
    // Pictures over plain connections would be blocked, and tell others what is looked at.
    let picture = el("img").attr("loading", "lazy");
    if link.starts_with("https:") || link.starts_with("data:image/") {
        picture.attr("src", link)
    } else {
        picture
    }
}
