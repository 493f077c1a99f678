//! Every word of the operator's console, English beside Simplified Chinese. Knows no page.

use crate::language::catalogue;

catalogue! {
    // The frame.
    Console: "Operator’s console", "运营控制台";
    Cases: "Cases", "案件";
    Control: "What judges", "风控现状";
    Advice: "Advice", "投资顾问";
    SignedInAs: "Signed in as", "已登录：";
    SignOut: "Sign out", "退出";
    SignIn: "Sign in", "登录";
    SignInHint: "With the token that opens the operator API. Each person has one of their own.",
        "使用运营接口的令牌登录。每人各有自己的令牌。";
    SessionHint: "You are signed out after half an hour without a request, and after eight hours in any case.",
        "半小时无操作将自动退出，最长八小时。";
    Token: "Your token", "您的令牌";
    // The queue.
    OpenCases: "{n} cases are open: overdue ones first, then by expected loss.", "共有 {n} 件未结案件：先逾期者，再按预期损失排列。";
    OpenCasesShort: "Open cases", "未结案件";
    NoCases: "Nothing waits for a person.", "没有等待处理的案件。";
    Case: "Case", "案件";
    CaseNumber: "Case {n}", "案件 {n}";
    State: "State", "状态";
    Age: "Age", "时长";
    What: "What", "内容";
    Worth: "Worth", "金额";
    ExpectedLoss: "Expected loss", "预期损失";
    Reasons: "Reasons", "原因";
    PaymentCount: "{n} payments", "{n} 笔支付";
    Days: "{n} d", "{n} 天";
    Hours: "{n} h", "{n} 小时";
    Minutes: "{n} min", "{n} 分钟";
    Waiting: "Waiting", "待处理";
    Claimed: "Taken", "处理中";
    Overdue: "Overdue", "已逾期";
    Ruled: "Ruled on", "已结";
    Sanctions: "Sanctions hit", "制裁命中";
    // One case.
    Payer: "Payer", "付款人";
    Merchant: "Merchant", "商户";
    Acquirer: "Acquirer", "收单机构";
    Wallet: "Wallet", "钱包";
    Payments: "Payments", "支付笔数";
    Raised: "Raised", "立案时间";
    Due: "Due", "应结时间";
    ClaimedBy: "Taken by", "处理人";
    Until: "until", "至";
    Claim: "Take this case", "领取案件";
    ClaimAgain: "Keep it another half hour", "续领半小时";
    ClaimHint: "It is yours for half an hour; nobody else can rule on it meanwhile.", "半小时内由您处理，其他人不能裁定。";
    Ruling: "Ruling", "裁定";
    Rule: "Rule", "作出裁定";
    WhatFound: "What you found", "您的结论";
    Fraud: "Fraud, or the listed party", "欺诈，或确为名单所列";
    Genuine: "Genuine, or not the listed party", "真实，或并非名单所列";
    Unclear: "Not to be told", "无法判断";
    Reason: "Reason", "理由";
    TwoMustAgree: "A sanctions hit: two people must rule the same.", "涉及制裁命中：须两人作出相同裁定。";
    FirstRuling: "{who} has ruled:", "{who} 已裁定：";
    RuledBy: "{who} ruled:", "{who} 裁定：";
    Links: "Linked cases", "关联案件";
    NoLinks: "It shares no device, merchant or terminal with another case.", "与其他案件没有共同的设备、商户或终端。";
    SharedDevice: "Same device", "同一设备";
    SharedMerchant: "Same merchant", "同一商户";
    SharedTerminal: "Same terminal", "同一终端";
    Ring: "A ring of {n} cases that hang together", "由 {n} 件案件相连的团伙";
    Evidence: "Evidence", "证据";
    WholePayment: "The whole payment", "查看整笔支付";
    // A verdict.
    Approve: "Let through", "放行";
    StepUp: "Verify again", "再次核验";
    Review: "To be looked at", "人工复核";
    Decline: "Refuse", "拒绝";
    LetThrough: "it went on to its wallet", "已送往钱包";
    Held: "it was not let through", "未放行";
    RulesFired: "Why", "判定原因";
    ShadowRules: "Rules in shadow that would have acted", "影子规则亦会触发";
    Lacks: "Judged without", "缺少的信息";
    Score: "Probability of fraud", "欺诈概率";
    NoModel: "No model is in force; rules alone judged.", "没有启用模型，仅由规则判定。";
    ShadowScore: "The model in shadow says", "影子模型给出";
    Contributions: "What moved the score", "影响评分的因素";
    Feature: "Feature", "特征";
    LowersRaises: "Lowers · raises", "降低 · 升高";
    LogOdds: "Log odds", "对数几率";
    More: "and {n} weaker ones", "另有 {n} 个较弱因素";
    Facts: "Facts", "事实";
    Windows: "{n} windows as they are at present for the newest payment", "最新一笔支付当前的 {n} 个窗口值";
    Label: "It turned out to be", "事后确认";
    Versions: "Judged by versions", "判定版本";
    Features: "features", "特征";
    Rules: "rules", "规则";
    Model: "model", "模型";
    Lists: "lists", "名单";
    Policy: "policy", "策略";
    None: "None.", "无。";
    // A payment.
    PaymentNumber: "Payment {n}", "支付 {n}";
    PayeeReceives: "Payee receives", "收款金额";
    PayerPays: "Payer pays", "付款金额";
    HowJudged: "How it was judged", "风控判定";
    NotJudged: "It has not been judged.", "尚未判定。";
    // What judges.
    Refused: "Not let through", "未放行";
    ShadowModel: "Model in shadow", "影子模型";
    Waits: "Waits for a second person", "等待第二人确认";
    NothingWaits: "No change waits.", "没有待确认的变更。";
    ProposedBy: "proposed by {who}", "由 {who} 提出";
    Entries: "{n} entries", "{n} 条";
    WholeText: "Whole text", "全文";
    OtherToken: "You proposed this. Another person approves with their token", "此变更由您提出。请另一人以其令牌批准";
    Confirm: "Approve", "批准";
    Withdraw: "Withdraw", "撤回";
    Promote: "Model in shadow decides", "影子模型转正";
    RollBack: "Model before decides again", "恢复上一模型";
    List: "List", "名单";
    Resume: "Lift a stop", "解除停用";
    Limit: "Limit", "限额";
    Stops: "Stopped", "已停用";
    Party: "Party or corridor", "主体或通道";
    Since: "Since", "起始";
    ProposeResume: "Propose to lift it", "提议解除";
    StopParty: "Stop a party or corridor", "停用主体或通道";
    StopHint: "From the next payment on; one person is enough. Lifting it takes two.", "自下一笔支付起生效，一人即可；解除须两人。";
    PartyNamed: "Member, acquirer/merchant, wallet/customer, or corridor as PH-CN", "成员、收单机构/商户、钱包/客户，或通道（如 PH-CN）";
    StopNow: "Stop now", "立即停用";
    Limits: "Limits of single parties", "单一主体限额";
    RulesInForce: "Rules in force", "生效规则";
    Name: "Name", "名称";
    Mode: "Mode", "模式";
    Decides: "Asks for", "要求";
    When: "When", "条件";
    Live: "live", "生效";
    Shadow: "shadow", "影子";
    Off: "off", "停用";
}
