//! What a person waits to see.

use super::Page;

impl Page<'_> {
    /// The widget is in this state.
    pub(crate) fn expect_state(&self, state: &str) {
        self.wait(&format!("the state {state}"), || {
            self.find_state().filter(|now| now == state)
        });
    }

    /// The part that saves and sends has come, and the device's storage is open: it is fetched after the first question,
    /// while a person still reads.
    pub(crate) fn expect_ready(&self) {
        let script = r#"
            const has = performance.getEntriesByType("resource").some((r) => r.name.includes("delivery") && r.name.endsWith(".wasm") && r.responseEnd > 0);
            const opened = indexedDB.databases().then((all) => all.some((one) => one.name === "qingting"), () => true);
            return has ? opened : false;"#;
        self.wait("the part that saves and sends", || {
            (self.run(script, &[]) == true).then_some(())
        });
    }

    /// These questions and no others can be seen, and nothing moves any more.
    pub(crate) fn expect_questions(&self, names: &[&str]) {
        self.wait(&format!("the questions {names:?}"), || {
            (self.find_questions() == names && self.is_still()).then_some(())
        });
    }

    /// The question's words contain `part`.
    pub(crate) fn expect_title(&self, question: &str, part: &str) {
        self.wait(&format!("{part:?} in the title of {question}"), || {
            self.find_title(question)
                .filter(|title| title.contains(part))
        });
    }

    /// There is an error under the question; gives its words.
    pub(crate) fn expect_error(&self, question: &str) -> String {
        self.wait(&format!("an error under {question}"), || {
            Some(self.find_error(question)).filter(|text| !text.is_empty())
        })
    }

    /// There is no error under the question.
    pub(crate) fn expect_no_error(&self, question: &str) {
        self.wait(&format!("no error under {question}"), || {
            self.find_error(question).is_empty().then_some(())
        });
    }

    /// The focus is where `find_focus` calls it so.
    pub(crate) fn expect_focus(&self, place: &str) {
        self.wait(&format!("the focus on {place}"), || {
            self.find_focus().filter(|now| now == place)
        });
    }

    /// The notice of this name is shown; gives its words.
    pub(crate) fn expect_notice(&self, name: &str) -> String {
        self.wait(&format!("the notice {name}"), || {
            self.find_notice().filter(|(now, _)| now == name)
        })
        .1
    }

    /// The survey is done and has its receipt; gives the receipt.
    pub(crate) fn expect_receipt(&self) -> String {
        self.expect_state("done");
        self.wait("a receipt", || {
            self.find_receipt().filter(|receipt| !receipt.is_empty())
        })
    }

    /// Something that fits the selector can be seen.
    pub(crate) fn expect(&self, selector: &str) {
        self.wait(&format!("a visible {selector}"), || self.find(selector));
    }
}
