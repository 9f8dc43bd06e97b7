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

/// `<language>.json` for each language, and `<language>.case.json` for the complaint form and the case page.
pub(crate) fn files() -> Result<Vec<File>, Fault> {
    let file = |name: String, table: &[&str], load| {
        let bytes = serde_json::to_vec(table)?;
        Ok(File { name, bytes, load })
    };
    let files_of = |language: Language| {
        let tag = language.tag();
        let (main, case) = (messages::table(language), messages::case_table(language));
        [
            file(format!("{tag}.json"), &main, Load::Language),
            file(format!("{tag}.case.json"), &case, Load::Part),
        ]
    };
    Language::ALL.into_iter().flat_map(files_of).collect()
}
