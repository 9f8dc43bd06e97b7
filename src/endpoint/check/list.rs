//! `survey check --list`: every question type and every property of every kind of object, by what becomes of it here.

use std::fmt::Write as _;

use super::table::{self, Class, Object, Property};
use crate::survey::definition::TYPES;

/// The longest line, in characters.
const WIDTH: usize = 110;

/// The whole table, as a person reads it in a terminal.
pub fn list() -> String {
    let mut text = String::from(
        "run      does what it does in SurveyJS
look     is accepted, kept with the definition, and has no effect
unknown  any other name: kept, not shown to respondents, noted with the nearest known name
refused  a definition with it is not published: data, logic or what respondents read would be another one

question types and elements
",
    );
    let (run, refused): (Vec<_>, Vec<_>) = table::elements().partition(|kind| runs(kind));
    let names = |kinds: &[&'static Object]| {
        let mut names: Vec<String> = kinds.iter().map(|kind| kind.name.to_owned()).collect();
        names.sort();
        names
    };
    line(&mut text, "run", names(&run));
    line(&mut text, "refused", names(&refused));
    for object in table::objects() {
        // What does not run as a whole has no properties that do.
        let is_refused = table::elements().any(|kind| kind.name == object.name) && !runs(object);
        if is_refused || object.own.is_empty() && object.parent.is_none() {
            continue;
        }
        let _ = write!(text, "\n{}", table::spoken(object.name));
        if let Some(parent) = object.parent {
            let _ = write!(text, ": as {}, and", table::spoken(parent));
        }
        text.push('\n');
        for (class, word) in [
            (Class::Run, "run"),
            (Class::Look, "look"),
            (Class::Refused, "refused"),
        ] {
            let own = object.own.iter().filter(|property| property.class == class);
            let names: Vec<String> = own.map(written).collect();
            if !names.is_empty() {
                line(&mut text, word, names);
            }
        }
    }
    text
}

fn runs(kind: &Object) -> bool {
    TYPES.contains(&kind.name)
}

/// A property with its former names, and with the values that are taken although it is refused.
fn written(property: &Property) -> String {
    let mut text = property.names.join("|");
    if let (Class::Refused, Some(values)) = (property.class, &property.harmless) {
        let _ = write!(text, " (but {})", values.join(", "));
    }
    text
}

fn line(text: &mut String, word: &str, names: Vec<String>) {
    // Writing to a String cannot fail.
    let _ = write!(text, "  {word:<8}");
    let mut width = 10;
    for name in names {
        let length = name.chars().count() + 1;
        if width + length > WIDTH {
            text.push_str("\n          ");
            width = 10;
        }
        let _ = write!(text, " {name}");
        width += length;
    }
    text.push('\n');
}
