//! The widget's texts, one file for each language: a JSON array in the order the widget numbers them.

use crate::{
    fault::Fault,
    site::{File, Load},
};

/// The languages there are texts in, the first one being the fallback.
pub(crate) fn languages() -> Vec<String> {
    vec!["en".to_owned(), "zh-CN".to_owned()]
}

/// `<language>.json` for each language.
pub(crate) fn files() -> Result<Vec<File>, Fault> {
    languages()
        .into_iter()
        .map(|language| {
            let texts: &[&str] = &[];
            Ok(File {
                name: format!("{language}.json"),
                bytes: serde_json::to_vec(texts)?,
                load: Load::Language,
            })
        })
        .collect()
}
