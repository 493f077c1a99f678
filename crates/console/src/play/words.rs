//! Every word of the playground, English beside Simplified Chinese: the one catalogue. Knows no page; `{…}` marks what
//! a page puts in.

use super::Language;

macro_rules! catalogue {
    ($($word:ident: $english:literal, $chinese:literal;)+) => {
        /// A word or sentence of the playground.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(crate) enum Word { $($word),+ }

        #[cfg(test)]
        pub(crate) const CATALOGUE: &[(Word, &str, &str)] = &[$((Word::$word, $english, $chinese)),+];

        impl Language {
            /// The word in this language.
            pub(crate) fn say(self, word: Word) -> &'static str {
                match (word, self) {
                    $((Word::$word, Language::English) => $english,
                      (Word::$word, Language::Chinese) => $chinese,)+
                }
            }
        }
    };
}

impl Language {
    /// The sentence in this language, with what stands in braces put in.
    pub(crate) fn tell(self, word: Word, put_in: &[(&str, &str)]) -> String {
        let mut rest = self.say(word);
        let mut told = String::with_capacity(rest.len() + 32);
        while let Some((before, after)) = rest.split_once('{') {
            told.push_str(before);
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            told.push_str(put_in.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text));
            rest = after;
        }
        told.push_str(rest);
        told
    }

    /// As `<html lang>` has it (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Chinese => "zh-CN",
        }
    }

    /// As addresses have it: `?lang=en`.
    pub fn short(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Chinese => "zh",
        }
    }
}

catalogue! {
    // The page.
    Title: "Playground", "演示台";
    Tagline: "Pay abroad with your own wallet. Every message, posting and signature beside it is this network’s own.",
        "用自己的钱包在境外付款。旁边的每一条报文、每一笔分录、每一个签名都出自本网络。";
    SkipToPhones: "Skip to the phones", "跳到手机";
    OtherLanguage: "中文", "English";
    ThemeDark: "Dark", "深色";
    ThemeLight: "Light", "浅色";
    Phones: "Phones", "手机";
    Tills: "Tills", "收银台";
    PlayedBy: "Payers’ phones", "付款人手机";
    MerchantTills: "Merchants’ tills", "商户收银台";
    Steps: "What happens, hop by hop", "逐跳报文与记账";
    LifeOfPayment: "The payment", "当前支付";
    Payments: "Payments", "支付列表";
    NeedsScript: "This page needs JavaScript to follow the network.", "本页需要 JavaScript 才能跟踪网络。";
    Lost: "The connection is lost; trying again.", "连接已断开，正在重连。";
    Found: "Connected again.", "已重新连接。";
    NotDone: "That was not done: {why}", "未能完成：{why}";
    Unreachable: "the playground does not answer", "演示台没有应答";
    Close: "Close", "关闭";
    Copied: "Copied", "已复制";
    Copy: "Copy the text", "复制文本";
    PictureTooLarge: "This picture cannot be read.", "无法读取这张图片。";
    // Places.
    CountryCn: "China", "中国";
    CountryJp: "Japan", "日本";
    CountryKr: "Korea", "韩国";
    CountryPh: "Philippines", "菲律宾";
    CountryTh: "Thailand", "泰国";
    // Phones.
    PhoneOf: "Phone with {wallet}", "{wallet} 的手机";
    Balance: "Balance", "余额";
    ShowCode: "Show my code", "付款码";
    Scan: "Scan", "扫一扫";
    History: "History", "账单";
    NoHistory: "Nothing paid yet.", "还没有付款记录。";
    Back: "Back", "返回";
    Done: "Done", "完成";
    PaymentCode: "Payment code", "付款码";
    PaymentCodeOf: "Payment code of {wallet}, a QR symbol", "{wallet} 付款码（二维码）";
    PaymentCodeHint: "For a till to scan, or to type.", "供收银台扫描或输入。";
    GoodFor: "Good for", "有效时间";
    Ended: "ended", "已失效";
    InSight: "In sight of the camera", "镜头中的码";
    NothingInSight: "No till shows a code.", "没有收银台在展示收款码。";
    TillOf: "{merchant}", "{merchant} 收款码";
    FromPicture: "From a picture", "从图片识别";
    FromText: "From text", "输入码的文本";
    CodeText: "Text of the code", "码的文本";
    Read: "Read", "识别";
    HowMuch: "How much?", "付款金额";
    AmountIn: "Amount in {currency}", "金额（{currency}）";
    Continue: "Continue", "继续";
    To: "To", "收款方";
    YouPay: "You pay", "您支付";
    PayerPays: "Payer pays", "付款人支付";
    Receives: "{merchant} receives", "{merchant} 收到";
    Rate: "Rate", "汇率";
    RateBy: "by {provider}, margin included", "由 {provider} 报价，已含点差";
    SameCurrency: "one currency, no exchange", "同一币种，无需换汇";
    Fees: "Fees, within the price", "费用（已含，由成员承担）";
    FeeBorne: "{from} pays {to}", "{from} 付给 {to}";
    NoFees: "none", "无";
    Interchange: "Interchange", "交换费";
    AcquirerNetworkFee: "Acquirer’s network fee", "收单机构网络服务费";
    WalletNetworkFee: "Wallet’s network fee", "钱包网络服务费";
    QuoteHolds: "The quote holds for", "报价有效";
    Pay: "Pay {amount}", "支付 {amount}";
    Refuse: "Refuse", "不支付";
    Paying: "Paying", "支付中";
    PayingHint: "The result comes from the network.", "等待网络返回结果。";
    Number: "Number", "编号";
    When: "When", "时间";
    Result: "Result", "结果码";
    GivenBack: "Given back", "已退款";
    PaidBy: "Paid by", "付款钱包";
    PayeeReceives: "Merchant receives", "商户收到";
    PayerPaid: "Payer paid", "付款人已付";
    Paid: "Paid", "已支付";
    Declined: "Declined", "已拒绝";
    Cancelled: "Cancelled", "已撤销";
    Expired: "Expired", "已过期";
    Unknown: "Not known yet", "尚未确定";
    // Moods: how a wallet is broken.
    MoodLegend: "Asked for money, it", "收到扣款请求时";
    MoodSound: "works", "正常";
    MoodDeclines: "declines", "拒绝";
    MoodLate: "late", "迟答";
    MoodSilent: "silent", "不应答";
    MoodTwice: "twice", "重复";
    // Troubles.
    NoAnswer: "The network did not answer.", "网络没有应答。";
    RefusedByNetwork: "The network said no.", "网络已拒绝。";
    NoCode: "There is no payment code in this.", "未识别到付款码或收款码。";
    ForeignCode: "This code cannot be paid here.", "此码不能在这里支付。";
    BadAmount: "This is no amount that can be paid.", "金额无效。";
    Outdated: "The screen has moved on since. Please look again.", "界面已更新，请重新操作。";
    // Tills.
    TillAt: "Till of {merchant}", "{merchant} 收银台";
    AcquiredBy: "through {acquirer}", "收单机构 {acquirer}";
    Bill: "Bill in {currency}", "应收金额（{currency}）";
    ScanPhone: "Scan {wallet}", "扫描 {wallet}";
    NoPhoneInSight: "No phone shows a code.", "没有手机在出示付款码。";
    TypedCode: "Digits of a payment code", "付款码数字";
    Charge: "Charge", "收款";
    ShowOrderCode: "Show a code", "展示收款码";
    OrderCode: "Scan to pay", "扫码付款";
    OrderCodeOf: "Order code of {merchant} for {amount}, a QR symbol", "{merchant} 收款码，{amount}（二维码）";
    WhatItSays: "What it says", "码的内容";
    Asks: "Asks", "应收";
    Waiting: "Waiting for the result", "等待结果";
    WaitingSince: "for", "已等待";
    NetworkUnreachable: "The network cannot be reached; asking again.", "网络无法连接，正在重新查询。";
    Cancel: "Cancel", "撤销";
    NextCustomer: "Next customer", "下一位";
    Sales: "Sales", "交易记录";
    NoSales: "Nothing sold yet.", "还没有交易。";
    Refund: "Refund", "退款";
    RefundOf: "Refund of payment {payment}", "对支付 {payment} 退款";
    RefundAmount: "Amount in {currency}; empty for all of {left}", "金额（{currency}），留空则退回剩余 {left}";
    AllLeft: "all: {left}", "全部 {left}";
    // The network.
    Network: "Network", "网络";
    Up: "Running", "运行中";
    Down: "Down", "已停机";
    DownHint: "killed; starting again from its journal", "进程已被杀死，正从日志重启";
    Facts: "Facts in the journal", "日志事件数";
    Bytes: "Journal written", "日志写入量";
    Open: "Payments holding money", "冻结资金的支付";
    Restarts: "Crashes survived", "已恢复崩溃";
    Sums: "Sum of all accounts, always zero", "全部账户合计，恒为零";
    Following: "Following {followed} of {payments} payments", "跟踪 {payments} 笔支付中的 {followed} 笔";
    Sampling: "Following {followed} of {payments} payments: a sample, {rate} a second come in",
        "每秒 {rate} 笔支付，抽样跟踪 {payments} 笔中的 {followed} 笔";
    Providers: "Who sells currency", "外汇提供方";
    ProviderOn: "quotes", "报价中";
    ProviderOff: "gone", "已离线";
    BreakProvider: "Let it vanish", "令其离线";
    MendProvider: "Bring it back", "令其恢复";
    Break: "Break it: a real SIGKILL", "制造故障：真实的 SIGKILL";
    CrashNow: "Kill the network now", "立即杀死网络进程";
    CrashNext: "Kill it in the next payment", "在下一笔支付中杀死";
    CrashArmed: "Armed: the next payment", "已就绪：下一笔支付时";
    // The list of payments.
    NoPayments: "No payment yet. Take a phone and pay.", "还没有支付。请拿起一部手机付款。";
    FollowNewest: "Follow the newest", "跟随最新";
    FromOutside: "from outside", "来自外部";
    // One payment.
    Lifecycle: "Its way through the lifecycle", "生命周期中的路径";
    LifecycleAlt: "Lifecycle of a payment. It went: {way}.", "支付生命周期。经过：{way}。";
    LifecycleNone: "Lifecycle of a payment. None is shown yet.", "支付生命周期。尚未选择支付。";
    Price: "What it costs, and whom", "费用与承担方";
    Agreement: "Who holds what to be true", "各方账务是否一致";
    AgreementPending: "Not final yet.", "尚无最终结果。";
    NetworkJournal: "The network’s journal", "网络日志";
    AcquirerTold: "The acquirer was told", "收单机构获知";
    WalletBooks: "The wallet’s own books", "钱包账簿";
    NotTold: "nothing yet", "尚未获知";
    WalletOutside: "a wallet from outside", "外部钱包";
    HeldFor: "Money held for it", "为其冻结的资金";
    NothingHeld: "none", "无";
    StillHeld: "still held", "仍在冻结";
    AllAgree: "All agree, and no money is out of place.", "各方一致，资金无差错。";
    NotYetAgreed: "Not everybody knows yet; the network goes on telling.", "尚有一方未获知，网络将继续通知。";
    // Stages.
    StageCodeIssued: "Code issued", "已出码";
    StageQuoted: "Quoted", "已报价";
    StageReserved: "Reserved", "已冻结";
    StageSent: "Sent", "已发送";
    StageInDoubt: "In doubt", "存疑";
    StageSucceeded: "Succeeded", "成功";
    StageFailed: "Failed", "失败";
    StageRejected: "Rejected", "已拒绝";
    StageExpired: "Expired", "已过期";
    StageCancelled: "Cancelled", "已撤销";
    // The ladder.
    WalletRole: "wallet", "钱包";
    NetworkRole: "network", "网络";
    AcquirerRole: "acquirer", "收单机构";
    NoSteps: "Messages and journal facts appear here as they happen.", "报文与日志事件将在发生时显示于此。";
    OpenMessage: "{name} from {from} to {to}, {kind}, {check}. Open.", "{name}，{from} 至 {to}，{kind}，{check}。打开。";
    Request: "request", "请求";
    Answer: "answer {result}", "应答 {result}";
    AnswerPlain: "answer", "应答";
    NoAnswerKind: "no answer", "无应答";
    Signed: "signature good", "签名有效";
    NotSigned: "signature bad", "签名无效";
    NothingToCheck: "nothing to check", "无可验证";
    Fact: "fact {number}", "事件 {number}";
    RecordBytes: "{bytes} bytes", "{bytes} 字节";
    ToStage: "now {stage}", "进入{stage}";
    Postings: "Postings", "分录";
    Account: "Account", "账户";
    BeforeAfter: "Before → after", "变动前 → 变动后";
    Held: "held", "冻结";
    Sum: "Sum of the book", "总账合计";
    Reserve: "reserve", "冻结";
    Post: "post", "入账";
    Void: "release", "解冻";
    Move: "move", "划转";
    Cover: "cover", "垫付";
    Killed: "SIGKILL: the network’s process is gone", "SIGKILL：网络进程已被杀死";
    Recovered: "It answers again: {facts} facts replayed from the journal", "恢复应答：已从日志重放 {facts} 条事件";
    // Facts.
    FactOpened: "Opened", "已受理";
    FactQuoted: "Quoted", "已报价";
    FactConfirmed: "Payer agreed", "付款人已确认";
    FactReserved: "Both currencies reserved", "两种货币均已冻结";
    FactSent: "Wallet asked to debit", "已请求钱包扣款";
    FactRejected: "Rejected by the network", "网络已拒绝";
    FactInDoubt: "In doubt", "结果存疑";
    FactSucceeded: "Succeeded", "支付成功";
    FactFailed: "Declined by the wallet", "钱包已拒绝";
    FactExpired: "Expired", "已过期";
    FactCancelled: "Cancelled", "已撤销";
    FactCancelAcknowledged: "Wallet confirmed the cancel", "钱包已确认撤销";
    FactLateSuccess: "Late success, told to take it back", "迟到的成功，已要求冲正";
    FactNoticeTaken: "Acquirer took the notice", "收单机构已收到通知";
    FactRefundOpened: "Refund reserved", "退款已冻结";
    FactRefundSucceeded: "Refund succeeded", "退款成功";
    FactRefundFailed: "Refund declined", "退款被拒";
    FactRefundStuck: "Refund left to the operator", "退款转人工处理";
    FactJudged: "Judged by risk control", "风控已判定";
    Approve: "goes on", "放行";
    StepUp: "to be verified again", "需再次核验";
    Review: "to be looked at", "待人工复核";
    Decline: "refused", "拒绝";
    Score: "fraud probability {percent} %", "欺诈概率 {percent}%";
    JudgedBy: "rules {rules}, model {model}", "规则版本 {rules}，模型版本 {model}";
    // A message, opened.
    MessageTitle: "Message {name}, {kind}", "报文 {name}，{kind}";
    SignatureCheck: "Signature check", "验签结果";
    CheckedGood: "Good: {scheme}, signed by {signer} with key version {version}.",
        "有效：{scheme}，签名方 {signer}，密钥版本 {version}。";
    CheckedBad: "Not good: {why}", "无效：{why}";
    Headers: "Headers", "报文头";
    Field: "Field", "字段";
    Value: "Value", "值";
    Body: "Body, {bytes} bytes", "报文体，{bytes} 字节";
    Indented: "Indented to read", "缩进显示";
    AsSent: "As sent, byte for byte", "原始字节";
    NoBody: "No body.", "无报文体。";
    HexCut: "The first {bytes} bytes.", "仅前 {bytes} 字节。";
}
