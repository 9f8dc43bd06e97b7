//! The Chinese texts, Simplified, in the 您 form: written for Chinese readers, not translated.

use super::{CaseText, ConsoleText, MailText, Message, PageText, ReportText};

/// The widget's texts.
pub(super) const fn text(message: Message) -> &'static str {
    match message {
        Message::Start => "开始",
        Message::Next => "下一步",
        Message::Back => "上一步",
        Message::Submit => "提交",
        Message::Preview => "核对后提交",
        Message::PreviewHeading => "请核对您的回答",
        Message::Edit => "修改",
        Message::Progress => "第 {page} 步，共 {pages} 步",
        Message::Answered => "已答 {page} 题，共 {pages} 题",
        Message::SurveyLabel => "问卷",

        Message::Optional => "选填",
        Message::ChooseUpTo => "最多选 {max} 项",
        Message::CharactersLeft => "还可以写 {count} 个字",
        Message::Yes => "是",
        Message::No => "否",
        Message::ChoosePlaceholder => "请选择",
        Message::Other => "其他",
        Message::OtherLabel => "请具体说明",
        Message::None => "以上都没有",
        Message::Refuse => "不想回答",
        Message::DontKnow => "不清楚",
        Message::SelectAll => "全选",
        Message::CommentLabel => "补充说明",
        Message::Search => "搜索选项",
        Message::NothingFound => "没有找到匹配的选项。",
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
        Message::NotAnEmail => "请检查邮箱地址，格式类似 name@example.com。",
        Message::NotANumber => "请填写数字，例如 12。",
        Message::WrongAnswer => "这个答案不符合题目要求，请修改。",
        Message::RequiredPhoto => "请先添加照片再继续。",
        Message::AddPhotos => "拍照或选择照片",
        Message::PhotosHint => "最多 {count} 张，照片里的位置和设备信息会自动去除。",
        Message::PhotoFailed => "这个文件打不开，请换一张照片。",
        Message::ErrorsOnPage => "这一页还有内容需要您填写或修改。",

        Message::Loading => "正在打开问卷…",
        Message::PartLoading => "正在加载…",
        Message::PartFailed => "这部分内容没能加载出来。",
        Message::TryAgain => "重试",
        Message::LoadFailed => "问卷没能打开，请检查网络后重试。",
        Message::NotAvailable => "这份问卷已结束或不存在，您不需要再做什么。",
        Message::SiteNotListed => "这个网站还不能显示这份问卷，请联系网站负责人。",

        Message::SavedOnDevice => "已保存在这台设备上，恢复联网后会自动提交。",
        Message::SavedInMemory => "这个浏览器不允许保存内容，提交成功之前请不要关闭本页。",
        Message::WaitingToSend => "已保存在这台设备上。暂时连不上我们的服务器，连上后会自动提交。",
        Message::Unreachable => "暂时连不上我们的服务器，请稍后再试。",
        Message::OriginRefused => "这个网站还不能提交答案，请联系网站负责人。您的答案还在。",
        Message::Refused => "这份答案没能提交成功，请先复制您写的内容，以免丢失。",
        Message::AlreadyAnswered => "您之前已经填过，以那次提交的为准。",
        Message::CopyAnswers => "复制我的答案",
        Message::Copied => "已复制",
        Message::DraftRestored => "已为您恢复上次填写的内容。",

        Message::ThankYou => "谢谢您",
        Message::ThankYouText => "您的意见会帮助我们做得更好。",
        Message::ReceiptLabel => "回执号",
        Message::ReceivedLabel => "收到时间",
        Message::ReceiptHint => "以后就这次反馈联系我们时，请提供这个回执号。",
    }
}

/// The texts of the complaint form and the case page.
pub(super) const fn case_text(message: CaseText) -> &'static str {
    match message {
        CaseText::IntentQuestion => "您想跟我们说什么？",
        CaseText::IntentComplaint => "出了问题，要投诉",
        CaseText::IntentRequest => "有个需求",
        CaseText::IntentSuggestion => "提个建议",
        CaseText::IntentPraise => "想表扬",
        CaseText::ComplaintHeading => "出了什么问题？",
        CaseText::ComplaintHint => "用您自己的话说就行。会有人答复您，进展也随时可查。",
        CaseText::RequestHeading => "您需要我们做什么？",
        CaseText::RequestHint => "用您自己的话说就行。会有人答复您。",
        CaseText::SuggestionHeading => "您觉得哪里可以更好？",
        CaseText::PraiseHeading => "哪里让您满意？",
        CaseText::PlainHint => "用您自己的话说就行。",
        CaseText::WordsLabel => "您想说的话",
        CaseText::WordsMissing => "请先写几句话。",
        CaseText::StageQuestion => "是哪方面的问题？",
        CaseText::StageDelivery => "交货",
        CaseText::StageInstall => "安装",
        CaseText::StageUse => "日常使用",
        CaseText::StageMaintain => "维护、维修",
        CaseText::StageBilling => "账单、合同",
        CaseText::StageOther => "其他",
        CaseText::UrgencyQuestion => "对您来说有多急？",
        CaseText::UrgencyBlocking => "不解决就没法继续",
        CaseText::UrgencySoon => "希望尽快",
        CaseText::UrgencyCanWait => "不急，可以等",
        CaseText::SafetyLabel => "涉及人身安全、紧急呼叫或业务全部中断",
        CaseText::RemedyLabel => "您希望我们怎么做？",
        CaseText::AffectedLabel => "影响到谁？",
        CaseText::AffectsUs => "只影响我们自己",
        CaseText::AffectsUsers => "也影响我们的用户",
        CaseText::AffectedUsersLabel => "大约多少用户受影响？",
        CaseText::IncidentHeading => "这个问题我们已经知道",
        CaseText::IncidentSince => "开始时间：{date}",
        CaseText::IncidentNext => "最迟 {date} 在这里更新进展",
        CaseText::DeliveryLabel => "订单号",
        CaseText::PhotosHeading => "照片",
        CaseText::PhotosHint => "最多 {count} 张，照片里的位置和设备信息会自动去除。",
        CaseText::AddPhotos => "拍照或选择照片",
        CaseText::RemovePhoto => "删除第 {number} 张",
        CaseText::PhotoFailed => "这个文件打不开，请换一张照片。",
        CaseText::PhotosLeft => "有的照片没能上传，您写的内容已经收到。",
        CaseText::PhotoLabel => "照片",
        CaseText::ReachHeading => "怎么联系您？",
        CaseText::NameLabel => "姓名",
        CaseText::MailLabel => "邮箱",
        CaseText::PhoneLabel => "电话",
        CaseText::ConsentLabel => "可以就此事联系我",
        CaseText::SendComplaint => "提交",
        CaseText::DraftKept => "您写的内容会自动保存在这台设备上。",

        CaseText::TakenHeading => "您的投诉已收到",
        CaseText::RequestTaken => "您的需求已收到",
        CaseText::SuggestionTaken => "谢谢您的建议",
        CaseText::PraiseTaken => "谢谢您的肯定",
        CaseText::ReferenceLabel => "编号",
        CaseText::ReferenceHint => "以后就这件事联系我们时，请提供这个编号。",
        CaseText::WaitingHeading => "您写的内容已保存好",
        CaseText::WaitingText => "提交成功后，这里会显示编号。",
        CaseText::NumberLabel => "受理号",
        CaseText::ContactLabel => "您的联系人",
        CaseText::ContactUnnamed => "我们的服务团队",
        CaseText::PromisedLabel => "最迟答复时间",
        CaseText::FollowCase => "查看处理进展",
        CaseText::KeepLink => "请保存好这个链接，拿到链接的人都能看到这件投诉。",
        CaseText::CopyLink => "复制链接",
        CaseText::CopyWords => "复制我写的内容",
        CaseText::ArrivedEarlier => "您 {date} 写的内容已送达。",
        CaseText::Dismiss => "知道了",

        CaseText::OfferHeading => "要不要按投诉处理？",
        CaseText::OfferText => "您会得到受理号、专门的联系人和答复时间。",
        CaseText::OfferYes => "好，按投诉处理",
        CaseText::OfferNo => "不用了",

        CaseText::CaseLabel => "您的投诉",
        CaseText::LookupHeading => "查询投诉进展",
        CaseText::LookupHint => "受理号和查询码都在您提交投诉时得到的链接里。",
        CaseText::SecretLabel => "查询码",
        CaseText::OpenCase => "查询",
        CaseText::NotFound => "没有查到对应的投诉，请对照链接检查受理号和查询码。",

        CaseText::TooManyKeys => {
            "查询码输错次数太多，请 {date} 以后再试。正确的查询码不受影响：您可以直接点开链接，也可以让我们把链接发到您的邮箱。"
        }
        CaseText::BusyNow => "现在访问的人较多，请过大约 {count} 秒再试。您的投诉不受影响。",
        CaseText::LostLink => "链接找不到了",
        CaseText::LostLinkNumber => "请先填写受理号。",
        CaseText::LinkAsked => "如果受理号无误，而且您留过邮箱，链接很快会发到您的邮箱。",

        CaseText::Received => "投诉已收到",
        CaseText::Acknowledged => "投诉已收到，并已安排联系人",
        CaseText::Assessed => "我们正在评估",
        CaseText::InProgress => "我们正在处理",
        CaseText::NeedsYou => "需要您补充信息",
        CaseText::WithPartner => "我们正与合作方一起处理",
        CaseText::Decided => "我们已作出答复",
        CaseText::UnderReview => "另一位同事正在重新审核",
        CaseText::ClosedSolved => "已结束：您确认问题已解决",
        CaseText::ClosedNoReply => "已结束：一直没有收到您的回复",
        CaseText::ClosedDeclined => "已结束：维持原答复",
        CaseText::ClosedWithdrawn => "已结束：您已撤回",
        CaseText::ClosedDuplicate => "已结束：并入您的另一件投诉继续处理",
        CaseText::ClosedReclassified => "已结束：转为需求或建议继续跟进",
        CaseText::ClosedSpam => "已结束：这条内容未作为投诉受理",

        CaseText::UntilUpdate => "最迟 {date} 告诉您最新进展",
        CaseText::UntilReply => "请在 {date} 前回复",
        CaseText::UntilDecision => "最迟 {date} 给您答复",
        CaseText::UntilWord => "请在 {date} 前告诉我们是否解决",
        CaseText::UntilRemedy => "我们承诺的事最迟 {date} 办好",
        CaseText::UntilReopen => "{date} 前，您可以要求重新处理",
        CaseText::UntilEnded => "已于 {date} 结束",
        CaseText::Reopened => "已重新处理 {count} 次",

        CaseText::YouCan => "您可以",
        CaseText::Answer => "回复",
        CaseText::Write => "补充说明",
        CaseText::Confirm => "问题已解决",
        CaseText::NotSolved => "问题没有解决",
        CaseText::Reopen => "要求重新处理",
        CaseText::Escalate => "向上级反映",
        CaseText::Withdraw => "撤回投诉",
        CaseText::AskReview => "申请复核",
        CaseText::Rate => "评价我们的处理",
        CaseText::ConfirmHint => {
            "确认后，这件投诉就此结束。如果问题再次出现，您还可以要求重新处理。"
        }
        CaseText::WithdrawHint => {
            "撤回后，我们不再处理这件投诉。一段时间内，您还可以要求重新处理。"
        }
        CaseText::YourWords => "您想说的话",
        CaseText::WordsNeeded => "请写几句，让我们明白您的意思。",
        CaseText::Send => "提交",
        CaseText::Cancel => "取消",
        CaseText::ScoreLegend => "您对这次处理满意吗？1 分很不满意，5 分很满意。",
        CaseText::ScoreMissing => "请选择 1 到 5 分。",
        CaseText::Done => "已收到，谢谢您。",
        CaseText::Changed => "这件投诉刚刚有了变化，下面是最新情况。您写的内容还在。",
        CaseText::PhotosFull => "这件投诉的照片已经太多，收不下了。请去掉照片，只提交文字。",
        CaseText::TooSoon => "一天之内已经反映过一次，我们正在处理。",

        CaseText::WeAsk => "我们想向您了解",
        CaseText::OurAnswer => "我们的答复",
        CaseText::Upheld => "您反映的情况属实",
        CaseText::PartlyUpheld => "您反映的情况部分属实",
        CaseText::OfferedWithoutAdmission => "无论责任在谁，我们愿意为您这样做",
        CaseText::NotUpheld => "经核实，情况与您反映的不一致",
        CaseText::Declined => "这件事我们做不到",
        CaseText::Explanation => "原因",
        CaseText::Alternative => "您还可以这样做",
        CaseText::ReviewRoute => "如果您有不同意见",
        CaseText::Remedy => "我们会这样处理",
        CaseText::RemedyDue => "最迟 {date}",
        CaseText::RemedyDone => "已于 {date} 完成",
        CaseText::FixSummary => "我们做了哪些改进",
        CaseText::Timeline => "处理过程",
        CaseText::ByYou => "您",
        CaseText::ByUs => "我们",
        CaseText::YourComplaint => "您写的内容",
        CaseText::RatedWith => "您给了 {score} 分（满分 5 分）",

        CaseText::TimeReceived => "投诉已收到",
        CaseText::TimeAcknowledged => "已告知联系人和答复时间",
        CaseText::TimeAssessed => "已完成评估",
        CaseText::TimeBegun => "开始处理",
        CaseText::TimeAsked => "向您提问",
        CaseText::TimeAnswered => "您的回复",
        CaseText::TimeResumed => "继续处理",
        CaseText::TimeHandedToPartner => "请合作方参与处理",
        CaseText::TimeTakenBack => "合作方已处理完毕",
        CaseText::TimeResponded => "已答复",
        CaseText::TimeRemedyDone => "承诺的事已办好",
        CaseText::TimeConfirmed => "您确认已解决",
        CaseText::TimeNotSolved => "您表示没有解决",
        CaseText::TimeTimedOut => "未收到回复，已结束",
        CaseText::TimeReopened => "重新处理",
        CaseText::TimeWithdrawn => "已撤回",
        CaseText::TimeMerged => "并入您的另一件投诉",
        CaseText::TimeReclassified => "转为需求或建议",
        CaseText::TimeReviewBegun => "开始复核",
        CaseText::TimeReviewed => "复核完成",
        CaseText::TimeCustomerMessage => "您的留言",
        CaseText::TimeStaffMessage => "我们的留言",
        CaseText::TimeHoldingResponse => "进展说明",
        CaseText::TimeReminded => "提醒",
        CaseText::TimeRated => "您的评价",
        CaseText::TimeEscalated => "已向上级反映",
        CaseText::TimeAttached => "添加了照片",
    }
}

/// The words on pages of the endpoint.
pub(super) const fn page_text(message: PageText) -> &'static str {
    match message {
        PageText::NeedsNewerBrowser => {
            "您的浏览器无法显示这份问卷。请启用 JavaScript，或换用较新的浏览器打开本页。"
        }
        PageText::CaseNeedsNewerBrowser => {
            "您的浏览器无法显示这个页面。请启用 JavaScript，或换用较新的浏览器打开您的链接。"
        }
        PageText::NoSurveyHere => "这个地址没有问卷，可能已经结束。",
        PageText::SurveyClosed => "这份问卷已结束，您不需要再做什么。",
        PageText::SurveyNotOpen => "这份问卷还没开放，请稍后再来。",
        PageText::AlreadyAnswered => "这份问卷您已经填过，我们已经收到，不用再填。谢谢您。",
        PageText::InvitationNotValid => {
            "这个链接已经过期，或者没有复制完整。请从我们发给您的消息里重新打开。"
        }
        PageText::StandingQuestion => "您对我们最不满意的是哪一点？",
    }
}

/// The words of reports.
pub(super) const fn report_text(message: ReportText) -> &'static str {
    match message {
        ReportText::BriefingTitle => "{account} 服务质量简报",
        ReportText::ProgressTitle => "{account} 事项进展月报",
        ReportText::Period => "{from} 至 {until}",
        ReportText::Chair => "贵方原话",
        ReportText::ChairSaid => "{day} 反馈",
        ReportText::ChairEmpty => "本期内没有收到贵方的文字反馈。",
        ReportText::Scores => "贵方对我们的评价",
        ReportText::NoScores => "本期内没有评分。",
        ReportText::Question => "问题",
        ReportText::Measure => "指标",
        ReportText::Value => "得分",
        ReportText::IntervalLabel => "95% 置信区间",
        ReportText::Answers => "答卷数",
        ReportText::Range => "{low} 至 {high}",
        ReportText::TooFew => "答卷太少，不计算得分",
        ReportText::SmallSample => "{n}（样本较小）",
        ReportText::Overdue => "{day}（已逾期）",
        ReportText::Times => "承诺时限的兑现情况",
        ReportText::FirstResponse => "专人首次答复",
        ReportText::Updates => "定期通报进展",
        ReportText::Resolution => "处理结论",
        ReportText::Kept => "{all} 件中 {kept} 件按时",
        ReportText::Top => "投诉集中在哪里",
        ReportText::NoComplaints => "本期内没有投诉。",
        ReportText::Cause => "原因",
        ReportText::Count => "投诉数",
        ReportText::Cumulative => "累计占比",
        ReportText::TouchingUsers => "影响到客户自己用户的投诉：{cases} 件",
        ReportText::Affected => "注明受影响人数的投诉：{cases} 件，合计 {people} 人",
        ReportText::Actions => "正在做的事",
        ReportText::NoActions => "本期内没有未结事项，也没有办结事项。",
        ReportText::Number => "编号",
        ReportText::Kind => "类别",
        ReportText::Standing => "进展",
        ReportText::Next => "下一时间点",
        ReportText::Changed => "我们的改进",
        ReportText::CaseKind => "投诉",
        ReportText::RequestKind => "需求",
        ReportText::FindingKind => "拜访中发现的问题",
        ReportText::Waiting => "等待我方答复",
        ReportText::Answered => "已答复",
        ReportText::Logged => "已记录",
        ReportText::Tracked => "跟进中",
        ReportText::Verified => "我方已验证",
        ReportText::Told => "已向贵方反馈",
        ReportText::Figures => "本期数字",
        ReportText::CameIn => "新收：{n}",
        ReportText::Finished => "办结：{n}",
        ReportText::StillOpen => "期末未结：{n}",
        ReportText::ZoneNote => "日期按协调世界时（UTC）计算。",
        ReportText::Commercial => "价格与报价",
        ReportText::Billing => "账单与付款",
        ReportText::Contract => "合同",
        ReportText::Relationship => "沟通与态度",
        ReportText::ResponseSpeed => "响应速度",
        ReportText::Solution => "整体方案",
        ReportText::ProductFunction => "产品功能",
        ReportText::Performance => "产品性能",
        ReportText::Interoperability => "与其他产品的配合",
        ReportText::DeliveryDate => "交付时间",
        ReportText::Installation => "安装",
        ReportText::Training => "培训",
        ReportText::Maintenance => "维护",
        ReportText::SpareParts => "备件",
        ReportText::Other => "其他",
    }
}

/// The words of mails.
pub(super) const fn mail_text(message: MailText) -> &'static str {
    match message {
        MailText::HandOverSubject => "{delivery}：这次交付还顺利吗？",
        MailText::HandOverText => "{delivery} 已于 {date} 交付给您。过程还顺利吗？",
        MailText::InUseSubject => "{delivery}：用得还好吗？",
        MailText::InUseText => "{delivery} 从 {date} 用到现在，还顺手吗？",
        MailText::LaterSubject => "{delivery}：现在好些了吗？",
        MailText::LaterText => {
            "两个月前您告诉我们，{delivery} 有不如意的地方。现在好些了吗？您当时说的我们记着，所以再问您一次。"
        }
        MailText::RelationshipSubject => "与我们合作，您感觉怎么样？",
        MailText::RelationshipText => "我们隔一段时间会请客户谈谈合作的感受。您的实话最有用。",
        MailText::ReminderSubject => "提醒：{subject}",
        MailText::ReminderText => "一周前我们请教过您，还没有收到答复。我们只提醒这一次。",
        MailText::TakesAMinute => "填写用不了一分钟。",
        MailText::OpenSurvey => "打开问卷",
        MailText::OnlyMarks => "点分数只是先帮您选好，在页面上提交后才算数。",
        MailText::WorksUntil => "链接在 {date} 前有效，只能答一次。",
        MailText::RatherComplain => "遇到了问题？请在这里告诉我们，会有专人答复",
        MailText::NoMore => "不想再收到问卷",
        MailText::ReceivedSubject => "{number}：您的投诉我们已经收到",
        MailText::ReceivedText => {
            "您的投诉我们已经收到，受理号 {number}，由 {contact} 跟进，最迟 {date} 给您答复。"
        }
        MailText::ReceivedTextNobody => {
            "您的投诉我们已经收到，受理号 {number}，最迟 {date} 给您答复。"
        }
        MailText::QuestionSubject => "{number}：有个问题想请教您",
        MailText::QuestionText => {
            "为了继续处理，我们想向您了解一点情况。问题在您的进展页面上，请在那里回复。"
        }
        MailText::WaitingSubject => "{number}：还在等您的答复",
        MailText::WaitingText => {
            "您的投诉正等着您的答复，问题在进展页面上。如果还需要时间，请在那里说一声。"
        }
        MailText::DecisionSubject => "{number}：我们的答复",
        MailText::DecisionText => {
            "我们已经作出答复，内容和理由都在您的进展页面上。问题是否解决、是否有异议，都可以在那里告诉我们。"
        }
        MailText::NewsSubject => "{number}：有新的消息",
        MailText::NewsText => "您的进展页面上有一条给您的消息。",
        MailText::RatingSubject => "{number}：我们做得怎么样？",
        MailText::RatingText => {
            "您的投诉已经办结。我们做得怎么样？在进展页面上点一下就行。如果问题其实没有解决，也可以在那里重新提出。"
        }
        MailText::ClosedSubject => "{number}：已经办结",
        MailText::ClosedText => {
            "您的投诉已经办结，全部经过都在进展页面上。如果还有没说清的地方，请在那里写给我们。"
        }
        MailText::LinkSubject => "{number}：进展页面的链接",
        MailText::LinkText => "有人要求重发这个链接，多半是您本人。如果不是您，不用理会。",
        MailText::OpenCase => "打开进展页面",
        MailText::KeepLink => "拿到这个链接的人都能看到全部内容，请不要转发。",
        MailText::StaffSubject => "投诉 {number}：{what}",
        MailText::StaffText => "{number} 的详情请见工作台。",
        MailText::CallBackSubject => "请回访：{survey} 收到低分",
        MailText::CallBackText => {
            "有客户打了低分。客户：{account}，联系人：{contact}。答卷请见工作台。"
        }
        MailText::Assignment => "这件投诉现在归您负责",
        MailText::CustomerWrote => "客户有新的留言",
        MailText::CallBack => "请当面或打电话联系客户",
        MailText::Review => "请您复核",
        MailText::Warning => "时限临近",
        MailText::Breach => "已经超时",
        MailText::Escalation => "已经升级到您这里",
        MailText::ExecutiveQuestion => "领导在追问：“？”",
        MailText::Explanation => "您的“？”有了答复",
        MailText::OptOutTitle => "不再接收问卷？",
        MailText::OptOutQuestion => {
            "之后我们不再给您发问卷邀请和提醒。与您投诉有关的消息照常送达。"
        }
        MailText::OptOutButton => "不再接收问卷",
        MailText::OptedOut => "好的，我们不再给您发问卷。",
        MailText::PlaceGoneTitle => "这里的问卷已经结束",
        MailText::PlaceGoneText => "您扫的是之前一次调查的二维码。谢谢您特意花时间扫码。",
        MailText::PlaceGoneComplain => "哪里不满意？请在这里告诉我们",
        MailText::ShortInvitation => "{delivery} 还顺利吗？用不了一分钟：{link}",
    }
}

/// The words of the console.
pub(super) const fn console_text(message: ConsoleText) -> &'static str {
    match message {
        ConsoleText::Opening => "请稍候…",
        ConsoleText::Unreachable => "暂时连不上服务器，请检查网络后重试。",
        ConsoleText::TryAgain => "重试",
        ConsoleText::SignOut => "退出",
        ConsoleText::SignIn => "登录",
        ConsoleText::SignInHeading => "登录",
        ConsoleText::SetUpHeading => "初次设置：您是第一位管理员",
        ConsoleText::PasswordHeading => "设置密码",
        ConsoleText::SetUp => "开始使用",
        ConsoleText::Name => "姓名",
        ConsoleText::NameHint => "您担任客户联系人时，客户会看到这个名字。",
        ConsoleText::Mail => "邮箱",
        ConsoleText::Password => "密码",
        ConsoleText::PasswordHint => "至少 15 个字符，几个词连起来就很好。",
        ConsoleText::ForgotHint => "忘记密码？请管理员给您一个新链接。",
        ConsoleText::WrongPassword => "邮箱或密码不对。",
        ConsoleText::TooManyTries => "密码错误次数过多，请 15 分钟后再试。",
        ConsoleText::LinkUsed => "这个链接已经用过或已过期，请向管理员要一个新的。",
        ConsoleText::PasswordTooShort => "密码至少要有 15 个字符。",
        ConsoleText::PasswordUnfit => "密码太长，或只是少数几个字符的重复，请换一个。",
        ConsoleText::NameUnfit => "姓名为空、太长或已被使用，请换一个。",
        ConsoleText::MailUnfit => "邮箱格式不对或已被使用，请检查。",
        ConsoleText::ScoresHeading => "我们做得更好了吗？",
        ConsoleText::Counting => "正在统计…",
        ConsoleText::ScoresNotYours => "全部客户的得分由分析师、投诉主管和高管查看。",
        ConsoleText::NoScores => {
            "还没有发布带指标的问卷。请给评分题加上 metric 属性：nps、csat 或 ces。"
        }
        ConsoleText::Survey => "问卷",
        ConsoleText::SaveTable => "导出表格（CSV）",
        ConsoleText::MonthsIn => "月份按 {zone} 时区划分。",
        ConsoleText::Sheets => "完整答卷 {complete} 份，未完成 {partial} 份",
        ConsoleText::Sure => "有 95 % 的把握在 {low} 到 {high} 之间，共 {n} 份回答",
        ConsoleText::SureSmall => "样本较小：有 95 % 的把握在 {low} 到 {high} 之间，共 {n} 份回答",
        ConsoleText::CountsOnly => "目前 {n} 份回答，满 10 份后显示数值",
        ConsoleText::NoFigure => "暂时算不出数值。",
        ConsoleText::OneMonth => "目前只有一个月的数据，还不能比较。",
        ConsoleText::TooFewToCompare => {
            "{after} 与 {before} 相比：回答太少，两个月都满 30 份才能下结论。"
        }
        ConsoleText::NotShownToChange => {
            "{after} 与 {before} 相比：看不出变化。变化幅度有 95 % 的把握在 {low} 到 {high} 之间，其中包括零。"
        }
        ConsoleText::Rose => {
            "{after} 比 {before} 高 {points} 个点，超出偶然范围：有 95 % 的把握在 {low} 到 {high} 之间。"
        }
        ConsoleText::Fell => {
            "{after} 比 {before} 低 {points} 个点，超出偶然范围：有 95 % 的把握在 {low} 到 {high} 之间。"
        }
        ConsoleText::OverTime => "逐月变化",
        ConsoleText::Distribution => "各个选项的次数",
        ConsoleText::ByAccount => "客户",
        ConsoleText::ByTeam => "交付团队",
        ConsoleText::ByRegion => "地区",
        ConsoleText::ByLanguage => "语言",
        ConsoleText::ByChannel => "渠道",
        ConsoleText::Month => "月份",
        ConsoleText::Point => "选项",
        ConsoleText::Share => "占比",
        ConsoleText::Answers => "回答数",
        ConsoleText::Value => "数值",
        ConsoleText::Interval => "95 % 区间",
        ConsoleText::BelowTen => "不足 10 份",
        ConsoleText::Words => "客户最近写的话",
        ConsoleText::NoWords => "还没有客户留言。",
        ConsoleText::WhereTheyStop => "答到哪里就停了",
        ConsoleText::Question => "题目",
        ConsoleText::LeftAfter => "答完此题离开",
        ConsoleText::LeftAtOnce => "另有 {n} 份一题未答就离开。",
        ConsoleText::OfAllSheets => "占全部答卷",
        ConsoleText::HowToRead => {
            "圆点是当月的数值，真实值有 95 % 的把握落在色带之内；回答越少，色带越长。不足 10 份的月份不画圆点。"
        }
        ConsoleText::UpToDate => "更新于 {time}",
        ConsoleText::OutOfDate => "数据不是最新：服务器没有响应，会自动重试。",
        ConsoleText::StillCounting => "还有 {n} 份正在统计",
        ConsoleText::NoAnswers => {
            "还没有人作答。客户可以从 /s/{survey}、您的门户或交付后的邀请进入问卷。"
        }
        ConsoleText::ResponseRate => "邀请的人里有多少作答",
        ConsoleText::Wave => "邀请时间",
        ConsoleText::WaveHandOver => "交付当时",
        ConsoleText::WaveInUse => "使用 30 天后",
        ConsoleText::WaveLater => "90 天后",
        ConsoleText::WaveRelationship => "关系调查",
        ConsoleText::Arrived => "送达",
        ConsoleText::Answered => "作答",
        ConsoleText::Rate => "回收率",
        ConsoleText::WaveDetail => {
            "计划 {planned}，已发 {sent}，退回 {bounced}，开始未完成 {begun}，未发 {unsent}"
        }
        ConsoleText::NoInvitations => {
            "这份问卷还没有安排邀请。请导入交付记录表（qingting import deliveries FILE.csv），或由业务系统上报（POST /v1/deliveries），系统会逐一邀请对应的联系人。"
        }
    }
}
