//! The Chinese texts, Simplified, in the 您 form: written for Chinese readers, not translated.

use super::{EndpointText, Message};

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
        Message::RatingPoint => "{value} 分，满分 {max} 分",
        Message::RatingPointLabelled => "{value} 分，满分 {max} 分：{label}",
        Message::GoesOnByItself => "选好后会自动进入下一题。",

        Message::RequiredOne => "请选择一项再继续。",
        Message::RequiredSome => "请至少选择一项再继续。",
        Message::RequiredText => "请填写后再继续。",
        Message::RequiredYesNo => "请选择“是”或“否”再继续。",
        Message::RequiredOther => "请填写具体内容，或改选其他选项。",
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
        Message::CannotRun => "当前浏览器打不开这份问卷，请换用较新的浏览器。",

        Message::SavedOnDevice => "已保存在这台设备上，恢复联网后会自动提交。",
        Message::SavedInMemory => "这个浏览器不允许保存内容，提交成功之前请不要关闭本页。",
        Message::WaitingToSend => "您的答案正在等待提交。",
        Message::Unreachable => "暂时连不上我们的服务器。您的答案已保留，我们会继续尝试提交。",
        Message::OriginRefused => "本网站尚未获准提交答案，请联系网站负责人。您的答案已保留。",
        Message::Refused => "这份答案没能提交成功，请先复制您写的内容，以免丢失。",
        Message::CopyAnswers => "复制我的答案",
        Message::Copied => "已复制",
        Message::SentLater => "您在 {date} 填写的答案已提交。",
        Message::DraftRestored => "已为您恢复上次填写的内容。",
        Message::StartOver => "重新填写",
        Message::SavedWhileTyping => "填写的内容会随时保存在这台设备上。",

        Message::ThankYou => "谢谢您",
        Message::ThankYouText => "我们已收到您的答案，您可以关闭本页了。",
        Message::ReceiptLabel => "回执号",
        Message::ReceiptHint => "如果想就这次反馈联系我们，请告诉我们这个回执号。",
    }
}

/// What people see of the endpoint.
pub(super) const fn endpoint_text(message: EndpointText) -> &'static str {
    match message {
        EndpointText::InvalidJson => "请求内容不是有效的 JSON。",
        EndpointText::InvalidAnswers => "有些答案不符合问卷要求。",
        EndpointText::UnknownSurvey => "没有这份问卷，或问卷已结束。",
        EndpointText::UnknownVersion => "这份问卷没有这个版本。",
        EndpointText::TooLarge => "请求内容太大。",
        EndpointText::WrongMediaType => "请求内容必须是 JSON 格式。",
        EndpointText::RevisionTaken => "这一版答案已经保存过，内容与本次不同。",
        EndpointText::AlreadyComplete => "这份问卷已提交，不能再修改。",
        EndpointText::IdTaken => "这个编号已用于另一份问卷。",
        EndpointText::OriginRefused => "不接受来自本网站的答案。",
        EndpointText::NotFound => "这个地址没有内容。",
        EndpointText::MethodNotAllowed => "这个地址不支持这种请求。",
        EndpointText::Busy => "请求太多，请稍后再试。",
        EndpointText::StorageFull => "暂时无法保存答案，请稍后再试。",
        EndpointText::Internal => "我们的系统出了问题，请稍后再试。",
        EndpointText::Timeout => "请求超时，请重试。",
        EndpointText::PageNotFound => "没有这个页面",
        EndpointText::PageNotFoundAdvice => "请检查网址，或从您收到的消息里重新打开链接。",
        EndpointText::NeedsScript => "这份问卷需要启用 JavaScript，请为本页开启后刷新。",
    }
}
