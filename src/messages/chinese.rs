//! The Chinese texts, Simplified, in the 您 form: written for Chinese readers, not translated.

use super::{Message, PageText};

/// The widget's texts.
pub(super) const fn text(message: Message) -> &'static str {
    match message {
        Message::Next => "下一步",
        Message::Back => "上一步",
        Message::Submit => "提交",
        Message::Sending => "正在提交…",
        Message::Progress => "第 {page} 步，共 {pages} 步",
        Message::ProgressLabel => "填写进度",
        Message::SwitchTo => "切换到中文",
        Message::SurveyLabel => "问卷",
        Message::Close => "关闭",

        Message::Optional => "选填",
        Message::ChooseUpTo => "最多选 {max} 项",
        Message::CharactersLeft => "还可以写 {count} 个字",
        Message::Yes => "是",
        Message::No => "否",
        Message::ChoosePlaceholder => "请选择",
        Message::Other => "其他",
        Message::OtherLabel => "请具体说明",
        Message::None => "以上都没有",
        Message::Refuse => "不愿回答",
        Message::DontKnow => "不清楚",
        Message::SelectAll => "全选",
        Message::CommentLabel => "补充说明",
        Message::Search => "搜索选项",
        Message::NothingFound => "没有符合的选项。",
        Message::RemoveChoice => "移除：{label}",
        Message::Clear => "清除",
        Message::MoveUp => "上移：{label}",
        Message::MoveDown => "下移：{label}",
        Message::AddToRanking => "加入排序：{label}",
        Message::RankedAt => "{label}：第 {place} 位，共 {count} 位",
        Message::RankHint => "拖动或用箭头排序，最重要的排在最前。",
        Message::RangeFrom => "{label}，从",
        Message::RangeTo => "{label}，到",
        Message::RatingPoint => "{value} 分，满分 {max} 分",
        Message::RatingPointLabelled => "{value} 分，满分 {max} 分：{label}",
        Message::GoesOnByItself => "选好后会自动进入下一题。",

        Message::RequiredOne => "请选择一项再继续。",
        Message::RequiredSome => "请至少选择一项再继续。",
        Message::RequiredText => "请填写后再继续。",
        Message::RequiredYesNo => "请选择“是”或“否”再继续。",
        Message::RequiredOther => "请填写具体内容，或改选其他选项。",
        Message::RequiredRow => "请回答每一行再继续。",
        Message::RowTwice => "每一行的答案不能重复。",
        Message::RequiredInGroup => "请至少回答其中一题。",
        Message::TooMany => "最多选 {max} 项，请先取消一项再选。",
        Message::TooFew => "请至少选 {min} 项再继续。",
        Message::TooLong => "内容太长了，请精简到 {max} 个字以内。",
        Message::TooShort => "请至少写 {min} 个字。",
        Message::NotAnEmail => "请检查邮箱地址，格式类似 name@example.com。",
        Message::NotANumber => "请填写数字，例如 12。",
        Message::OutOfRange => "请填写 {min} 到 {max} 之间的值。",
        Message::WrongAnswer => "这个答案不符合题目要求，请修改。",
        Message::ErrorsOnPage => "这一页还有内容需要您填写或修改。",

        Message::Loading => "正在打开问卷…",
        Message::PartLoading => "正在加载…",
        Message::PartFailed => "这部分内容没能加载出来。",
        Message::TryAgain => "重试",
        Message::LoadFailed => "问卷没能打开，请检查网络后重试。",
        Message::NotAvailable => "这份问卷已结束或不存在，您不需要再做什么。",
        Message::SiteNotListed => "本网站尚未获准显示这份问卷，请联系网站负责人。",

        Message::SavedOnDevice => "已保存在这台设备上，恢复联网后会自动提交。",
        Message::SavedInMemory => "这个浏览器不允许保存内容，提交成功之前请不要关闭本页。",
        Message::WaitingToSend => "已保存在这台设备上。暂时连不上我们的服务器，连上后会自动提交。",
        Message::Unreachable => "暂时连不上我们的服务器，请稍后再试。",
        Message::OriginRefused => "本网站尚未获准提交答案，请联系网站负责人。您的答案已保留。",
        Message::Refused => "这份答案没能提交成功，请先复制您写的内容，以免丢失。",
        Message::CopyAnswers => "复制我的答案",
        Message::Copied => "已复制",
        Message::SentLater => "您在 {date} 填写的答案已提交。",
        Message::DraftRestored => "已为您恢复上次填写的内容。",
        Message::StartOver => "重新填写",
        Message::SavedWhileTyping => "填写的内容会随时保存在这台设备上。",

        Message::ThankYou => "谢谢您",
        Message::ThankYouText => "您的意见会帮助我们做得更好。",
        Message::ReceiptLabel => "回执号",
        Message::ReceiptHint => "如果想就这次反馈联系我们，请告诉我们这个回执号。",
    }
}

/// The words on pages of the endpoint.
pub(super) const fn page_text(message: PageText) -> &'static str {
    match message {
        PageText::NeedsNewerBrowser => {
            "您的浏览器无法显示这份问卷。请启用 JavaScript，或换用较新的浏览器打开本页。"
        }
        PageText::NoSurveyHere => "这个地址没有问卷，可能已经结束。",
        PageText::SurveyClosed => "这份问卷已结束，您不需要再做什么。",
        PageText::SurveyNotOpen => "这份问卷尚未开放，请稍后再来。",
    }
}
