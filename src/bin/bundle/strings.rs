//! The widget's texts, one file for each language: a JSON array in the order the widget numbers them.

use qingting::messages::{self, Language};

use crate::{
    fault::Fault,
    site::{File, Load},
};

/// The tags of the languages there are texts in; the first one is the fallback.
pub(crate) fn languages() -> Vec<String> {
    Language::ALL
        .map(|language| language.tag().to_owned())
        .to_vec()
}

/// `<language>.json` for each language.
pub(crate) fn files() -> Result<Vec<File>, Fault> {
    let file = |language: Language| {
        let bytes = serde_json::to_vec(&messages::table(language))?;
        Ok(File {
            name: format!("{}.json", language.tag()),
            bytes,
            load: Load::Language,
        })
    };
    Language::ALL.into_iter().map(file).collect()
}
