//! What a customer's words are about: themes found by their words, which a person may put right.
//!
//! The words propose, a person decides: what somebody coded by hand stands, whatever the words would say.

use serde::{Deserialize, Serialize};

use super::similarity::is_ideograph;

/// What words can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// When it came.
    DeliveryTime,
    /// How it was put up and set to work.
    Installation,
    /// Whether it works, and lasts.
    ProductQuality,
    /// Keeping it running: repairs, replacement parts.
    Maintenance,
    /// What is written about it.
    Documentation,
    /// Bills and payments.
    Billing,
    /// What it costs.
    Price,
    /// Whether we answer, and tell.
    Communication,
    /// How our people behave.
    Staff,
    /// What people were taught.
    Training,
}

impl Theme {
    /// Every theme.
    pub const ALL: [Self; 10] = [
        Self::DeliveryTime,
        Self::Installation,
        Self::ProductQuality,
        Self::Maintenance,
        Self::Documentation,
        Self::Billing,
        Self::Price,
        Self::Communication,
        Self::Staff,
        Self::Training,
    ];

    /// The words that speak of it. Those of an alphabet are the beginnings of words, so that "deliver" finds "delivered".
    fn words(self) -> &'static [&'static str] {
        match self {
            Self::DeliveryTime => &[
                "deliver", "late", "delay", "arriv", "shipment", "overdue", "送货", "到货", "交货",
                "发货", "交付", "迟到", "延误", "延迟", "晚了", "物流", "催了",
            ],
            Self::Installation => &[
                "install",
                "mount",
                "commission",
                "wiring",
                "set up",
                "setup",
                "安装",
                "调试",
                "施工",
                "布线",
                "装机",
            ],
            Self::ProductQuality => &[
                "broke", "broken", "defect", "fault", "leak", "crash", "fail", "rust", "noise",
                "noisy", "quality", "坏", "故障", "漏水", "漏油", "质量", "死机", "生锈", "噪音",
                "异响", "断电", "失灵",
            ],
            Self::Maintenance => &[
                "repair",
                "maintenance",
                "spare",
                "replacement",
                "technician",
                "维修",
                "维护",
                "备件",
                "配件",
                "保养",
                "检修",
            ],
            Self::Documentation => &[
                "manual",
                "document",
                "instruction",
                "handbook",
                "drawing",
                "说明书",
                "文档",
                "手册",
                "图纸",
                "资料",
            ],
            Self::Billing => &[
                "invoice", "bill", "charged", "refund", "payment", "发票", "账单", "开票", "退款",
                "付款", "对账",
            ],
            Self::Price => &[
                "price",
                "expensive",
                "cost",
                "discount",
                "价格",
                "太贵",
                "涨价",
                "费用",
                "报价",
                "便宜",
            ],
            Self::Communication => &[
                "answer",
                "reply",
                "replied",
                "respond",
                "response",
                "call back",
                "called back",
                "nobody tells",
                "inform",
                "email",
                "phone",
                "hotline",
                "没人接",
                "不回",
                "回复",
                "联系",
                "沟通",
                "电话",
                "没人管",
                "通知",
                "热线",
            ],
            Self::Staff => &[
                "rude",
                "polite",
                "friendly",
                "helpful",
                "attitude",
                "unfriendly",
                "driver",
                "态度",
                "礼貌",
                "热情",
                "师傅",
                "耐心",
                "不耐烦",
                "专业",
            ],
            Self::Training => &[
                "training",
                "trained",
                "course",
                "workshop",
                "培训",
                "教学",
                "讲解",
                "不会用",
            ],
        }
    }
}

/// The themes whose words a text holds, in the order of [`Theme::ALL`].
pub fn themes(text: &str) -> Vec<Theme> {
    let text: String = text.chars().flat_map(char::to_lowercase).collect();
    let speaks_of = |theme: &Theme| theme.words().iter().any(|word| holds(&text, word));
    Theme::ALL.into_iter().filter(speaks_of).collect()
}

/// A word of an alphabet only where a word begins: "late" is not in "plate". Chinese anywhere.
fn holds(text: &str, word: &str) -> bool {
    let mut found = text.match_indices(word);
    if word.chars().any(is_ideograph) {
        return found.next().is_some();
    }
    found.any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|letter| !letter.is_alphabetic() || is_ideograph(letter))
    })
}
