//! Every word of the explorer, English beside Simplified Chinese: the one catalogue. Knows no page.

macro_rules! catalogue {
    ($($word:ident: $english:literal, $chinese:literal;)+) => {
        /// A word or sentence of the explorer.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(super) enum Word { $($word),+ }

        #[cfg(test)]
        pub(super) const CATALOGUE: &[(Word, &str, &str)] = &[$((Word::$word, $english, $chinese)),+];

        impl Language {
            /// The word in this language.
            pub(super) fn say(self, word: Word) -> &'static str {
                match (word, self) {
                    $((Word::$word, Language::English) => $english,
                      (Word::$word, Language::Chinese) => $chinese,)+
                }
            }
        }
    };
}

/// The languages of the explorer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Language {
    /// English.
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// As asked for by the address, else as the browser prefers.
    pub(crate) fn of(asked: Option<&str>, accepted: &str) -> Self {
        let first = accepted.split([',', ';']).next().unwrap_or_default().trim().to_ascii_lowercase();
        match asked {
            Some("zh") => Self::Chinese,
            None if first.starts_with("zh") => Self::Chinese,
            _ => Self::English,
        }
    }

    /// As `<html lang>` has it (BCP 47).
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// As addresses have it: `?lang=en`.
    pub(super) fn short(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }

    /// What the rules call a thing, in this language: an event, a stage, a role.
    pub(super) fn name(self, english: &'static str) -> &'static str {
        match self {
            Self::English => english,
            Self::Chinese => {
                NAMES.iter().find(|(name, _)| *name == english).map_or(english, |(_, chinese)| chinese)
            }
        }
    }
}

catalogue! {
    Title: "Receivables chain", "应收账款链";
    Chain: "Chain", "链";
    Auctions: "Auctions", "竞价";
    Holder: "Holder", "持有人";
    Funder: "Funder", "资金方";
    Buyer: "Buyer", "买方";
    Observer: "Observer", "监管观察";
    Check: "Check a proof", "验证证明";
    OtherLanguage: "中文", "English";
    SkipToContent: "Skip to content", "跳到正文";
    Height: "Height", "高度";
    LastBlock: "Last block", "最新区块";
    SecondsAgo: "seconds ago", "秒前";
    BlockTime: "Time between blocks", "出块间隔";
    Finality: "Proposal to execution here, last hour", "最近一小时：提议到本节点执行";
    Mean: "mean", "平均";
    Longest: "longest", "最长";
    Milliseconds: "ms", "毫秒";
    Blocks: "Blocks", "区块";
    Block: "Block", "区块";
    NoBlocks: "No block in the last hour.", "最近一小时没有区块。";
    Transactions: "Transactions", "交易";
    Events: "Events", "事件";
    Event: "Event", "事件";
    Records: "Records", "记录";
    Epoch: "Epoch", "纪元";
    Validators: "Validators", "验证人";
    Member: "Member", "成员";
    Members: "Members", "成员";
    Key: "Key", "公钥";
    Connected: "connected", "已连接";
    NotConnected: "not connected", "未连接";
    ThisNode: "this node", "本节点";
    TurnsMissed: "Turns missed since this node started", "本节点启动以来错过的轮次";
    State: "State", "状态";
    ChainId: "Chain's id", "链标识";
    Time: "Time (UTC)", "时间（UTC）";
    Signers: "Signed by", "签名人";
    NoCertificate: "Final through a later block's certificate.", "由后续区块的证书最终确定。";
    Applied: "applied", "已执行";
    Refused: "refused", "被拒绝";
    Forgotten: "What became of its transactions is no longer remembered here.", "本节点已不再记得其中交易的结果。";
    StateRoot: "State root", "状态根";
    LogRoot: "Root of the log", "日志根";
    Certificates: "Certificates", "债权凭证";
    Certificate: "Certificate", "债权凭证";
    Amount: "Amount", "金额";
    Paid: "Paid", "已付";
    Unpaid: "Unpaid", "未付";
    Due: "Due", "到期日";
    DaysLeft: "Days left", "剩余天数";
    Supplier: "Supplier", "供应商";
    Programme: "Programme", "额度计划";
    Programmes: "Programmes", "额度计划";
    Frozen: "frozen", "已冻结";
    TreeOfParts: "Parts and their holders", "拆分与持有人";
    Split: "split", "已拆分";
    Locked: "waits for its price", "等待付款";
    Pledged: "pledged", "已质押";
    InAuction: "in an auction", "竞价中";
    LogOfEvents: "Log of events", "事件日志";
    SinceSnapshot: "This node began with a snapshot: earlier events are not here.", "本节点从快照开始，此前的事件不在此处。";
    NoEvents: "No event is remembered here.", "此处没有记录事件。";
    DownloadProof: "Download proof", "下载证明";
    Fingerprint: "Fingerprint", "指纹";
    Limit: "Limit", "额度";
    Owed: "Owed", "欠款";
    Used: "Used", "已用";
    Roles: "Roles", "角色";
    Keys: "Keys", "公钥";
    Seller: "Seller", "卖方";
    CommitUntil: "Sealed bids until", "密封报价截止";
    RevealUntil: "Opened until", "开标截止";
    Bids: "Bids", "报价";
    BestRate: "Best rate", "最低利率";
    Open: "open", "进行中";
    Ended: "ended", "已结束";
    Taken: "taken", "已成交";
    None: "None.", "无。";
    Who: "Member number or pseudonym", "成员编号或假名";
    Show: "Show", "查看";
    MyParts: "Parts held", "持有份额";
    CashToday: "Cash today", "今日可得";
    YearlyCost: "Yearly cost", "年化成本";
    NoOffer: "no posted rate", "无挂牌利率";
    PostedRates: "Posted rates", "挂牌利率";
    Rate: "Rate a year", "年利率";
    Budget: "Budget", "预算";
    Spent: "Spent or locked", "已用或锁定";
    Until: "Until", "截止";
    Book: "Book by month of maturity", "按到期月份的持仓";
    ToAccept: "To accept", "待确认";
    ToPay: "To pay", "待付款";
    Exposure: "Exposure per buyer", "各买方敞口";
    LongTenors: "Terms above 180 days", "期限超过180天";
    Overdue: "Overdue", "逾期";
    Concentration: "Largest buyers' shares of all that is owed", "最大买方占全部欠款的比例";
    ExposureOfMembers: "Exposure per guarantor and per sponsor", "各保证人与各担保方敞口";
    NoGroups: "The rules know no groups of buyers: who guarantees their debts and who vouches for them stands here.", "规则中没有买方集团的概念：此处按保证人和担保方汇总。";
    Guaranteed: "Guaranteed of what buyers owe", "为买方欠款提供的保证";
    VouchedFor: "Owed by buyers it vouches for", "其担保的买方所欠";
    FeesByProgramme: "Taken for money, per programme", "各额度计划的融资费用";
    FeesByFunder: "Taken for money, per funder", "各资金方的融资费用";
    FeesSince: "Counted since this node began, from sales that were paid.", "自本节点启动起，按已付款的出售统计。";
    Sales: "Sales", "出售笔数";
    AtMaturity: "Worth when due", "到期金额";
    Discount: "Discount", "贴现息";
    Fee: "Fees", "费用";
    MeanDays: "Days until due, on average", "平均剩余天数";
    AllInCost: "Yearly cost, all in", "综合年化成本";
    Queries: "Questions for fingerprints", "指纹查询";
    QueriesHere: "Each node counts its own and answers only so many a minute.", "每个节点统计自身的查询，且每分钟只回答有限次数。";
    Answered: "Answered", "已回答";
    Since: "Since (UTC)", "起始时间（UTC）";
    LastHour: "Within the last hour", "最近一小时";
    TooMany: "Refused as too many, since this node started", "因过于频繁被拒绝（本节点启动以来）";
    AMinute: "A minute at most", "每分钟上限";
    NoMember: "no member's", "不属于任何成员";
    Reason: "Reason", "理由码";
    OnlyFirst: "Only the first are shown.", "仅显示前若干条。";
    CheckWhat: "The check runs here, in your browser. Nothing is sent to anybody.", "验证在您的浏览器中进行，不会发送任何数据。";
    CheckChain: "Chain's id, known from another way than the proof", "链标识（须从证明以外的途径得知）";
    CheckFile: "Proof file", "证明文件";
    CheckGo: "Check", "验证";
    CheckScript: "Checking needs JavaScript. Without it use verify.py or `sojourn chain verify`.", "验证需要 JavaScript；否则请使用 verify.py 或 sojourn chain verify。";
    CheckSave: "Save this check as one file that works offline", "将此验证页保存为可离线使用的单个文件";
    CheckGood: "The proof holds.", "证明成立。";
    CheckBad: "The proof shows nothing:", "证明不成立：";
    CheckFinal: "Final at height", "最终确定高度";
    CheckAbsent: "No such record stands in the state at height", "该高度的状态中没有此记录：";
    CheckStands: "The record stands in the state at height", "该高度的状态中有此记录：";
    CheckEvent: "Event of type", "事件类型";
    CheckBy: "by transaction", "交易";
    CheckTook: "milliseconds", "毫秒";
    NotFound: "There is no such thing here.", "此处没有该内容。";
    Back: "Back to the chain", "返回链页面";
}

/// Names that the rules give.
const NAMES: &[(&str, &str)] = &[
    ("MemberRegistered", "成员登记"),
    ("KeyRotated", "密钥更换"),
    ("ProgrammeSet", "额度计划设定"),
    ("FreezeSet", "冻结变更"),
    ("CourtMoved", "法院划转"),
    ("ValidatorsSet", "验证人设定"),
    ("Vouched", "参与方担保"),
    ("Proposed", "已提出"),
    ("Accepted", "已确认"),
    ("Rejected", "已拒绝"),
    ("PartSplit", "拆分"),
    ("Transferred", "转让"),
    ("Pledged", "质押"),
    ("Released", "解除质押"),
    ("RatePosted", "利率挂牌"),
    ("AuctionOpened", "竞价开始"),
    ("BidCommitted", "密封报价"),
    ("BidRevealed", "开标"),
    ("Locked", "锁定"),
    ("Sold", "已出售"),
    ("LockEnded", "锁定结束"),
    ("Paid", "付款"),
    ("RecoursePaid", "追索付款"),
    ("Closed", "已结清"),
    ("WrittenOff", "已核销"),
    ("UnitRegistered", "结算单元登记"),
    ("UnitAdjusted", "结算单元调整"),
    ("LienPlaced", "设立留置"),
    ("UnitSettled", "结算单元结算"),
    ("Live", "未到期"),
    ("Matured", "已到期"),
    ("Overdue", "逾期"),
    ("Defaulted", "违约"),
    ("Sponsor", "担保方"),
    ("Funder", "资金方"),
    ("Guarantor", "保证人"),
    ("Settler", "结算方"),
    ("Registrar", "登记方"),
    ("Authority", "有权机关"),
    ("Validator", "验证人"),
    ("Observer", "观察员"),
    ("Active", "有效"),
    ("Suspended", "已暂停"),
];
