//! What real customers say to the delivery survey, and their way through its four screens.

use serde_json::{Value, json};

use crate::page::{Means, Page};

/// One customer's opinion of a delivery.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opinion {
    /// 1 (very dissatisfied) to 5.
    pub(crate) overall: usize,
    /// The reasons, by the place of their choice in the survey and their value.
    pub(crate) why: &'static [(usize, &'static str)],
    /// 1 (strongly disagree) to 7.
    pub(crate) ease: usize,
    /// Where they are most dissatisfied, in their own words.
    pub(crate) words: &'static str,
}

/// Let down, and in a hurry.
pub(crate) const ANGRY: Opinion = Opinion {
    overall: 1,
    why: &[
        (7, "wrong-or-damaged"),
        (10, "not-informed"),
        (12, "slow-help"),
    ],
    ease: 2,
    words: "THREE weeks late and 2 of the 12 power units dead on arival!! Called 5 times, nobody rings back. \
            \"Its with the logistics\" is NOT an answer \u{1F621}",
};

/// Let down, in Chinese, with the typing errors of a phone.
pub(crate) const ANGRY_CHINESE: Opinion = Opinion {
    overall: 2,
    why: &[(6, "late"), (9, "not-working")],
    ease: 1,
    words: "设备装好三天就断了两次，打电话一直说在查，到现在也没人告诉我什么时侯能修好！！再这样明年不续了。",
};

/// Content, with one wish.
pub(crate) const CONTENT: Opinion = Opinion {
    overall: 4,
    why: &[(0, "on-time"), (1, "good-installation")],
    ease: 6,
    words: "All fine, engineers were great. But pls send the handover papers as ONE pdf next time, not 14 mails",
};

impl Opinion {
    /// The answers as they must stand in the database.
    pub(crate) fn answers(&self) -> Value {
        let why: Vec<&str> = self.why.iter().map(|(_, value)| *value).collect();
        json!({ "overall": self.overall, "why": why, "ease": self.ease, "dissatisfied": self.words })
    }

    /// Answers everything from the first screen, without sending it.
    pub(crate) fn fill_in(&self, page: &Page<'_>, means: Means) {
        page.expect_questions(&["overall"]);
        page.act_choose("overall", self.overall - 1, means);
        page.act_forward(means);
        page.expect_questions(&["dissatisfied"]);
        page.act_write("dissatisfied", self.words, means);
        page.act_forward(means);
        page.expect_questions(&["why"]);
        for (place, _) in self.why {
            page.act_choose("why", *place, means);
        }
        page.act_forward(means);
        page.expect_questions(&["ease"]);
        page.act_choose("ease", self.ease - 1, means);
    }

    /// Answers everything, sends it, and gives the receipt.
    pub(crate) fn send(&self, page: &Page<'_>, means: Means) -> String {
        self.fill_in(page, means);
        page.act_forward(means);
        page.expect_receipt()
    }
}
