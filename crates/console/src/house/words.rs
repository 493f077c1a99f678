//! Every word of the operator's advice pages, English beside Simplified Chinese. Knows no page.

use crate::language::catalogue;

catalogue! {
    Advice: "Advice", "投资顾问";
    Register: "Models", "模型登记";
    Evidence: "Evidence", "依据";
    Products: "Products", "产品";
    Runs: "Rebalancing", "再平衡";
    Watch: "What must hold", "合规监控";
    Records: "Records", "记录";
    IsStopped: "Advice is stopped:", "投顾服务已停止：";
    // Models.
    StateLine: "{users} users, {records} records, offered in {served}.", "{users} 位用户，{records} 条记录，服务地区：{served}。";
    NoModels: "No model has been registered.", "尚未登记模型。";
    InUse: "in use", "使用中";
    WaitsApproval: "waits for approval", "待批准";
    ApprovedBy: "approved by", "批准人：";
    Nobody: "nobody", "无";
    Approve: "Approve", "批准";
    OtherToken: "You have approved it. Another person approves with their token", "您已批准。请另一人以其令牌批准";
    Product: "Product", "产品";
    Share: "Share", "占比";
    Switch: "The switch", "总开关";
    SwitchHint: "Stopped, no new advice is given and no order booked; mandates can be revoked and records read.",
        "停止后不再提供新建议、不再下单；仍可撤回委托、查阅记录。";
    Why: "Why", "理由";
    StopAdvice: "Stop advice", "停止服务";
    StartAgain: "Start it again", "恢复服务";
    // Evidence.
    Live: "Live record", "实盘记录";
    LiveHint: "What plans that follow a model really did, in minor units of the currency that the member’s users hold. It is never mixed with a back-test.",
        "跟随各模型的计划的真实结果，以该成员用户货币的最小单位计，从不与回测混用。";
    NoLive: "No plan follows a model yet.", "尚无计划跟随模型。";
    Model: "Model", "模型";
    Member: "Users of", "用户所属";
    Since: "Since", "起始";
    Plans: "Plans", "计划数";
    PaidIn: "Paid in", "投入";
    Worth: "Worth", "市值";
    Gain: "Gain", "盈亏";
    Fees: "Fees", "费用";
    Backtests: "Back-tests", "回测";
    BacktestsHint: "Walk-forward, with costs, beside the benchmark rows that every one of them must show.", "滚动向前、计入成本，并列必须展示的基准。";
    NoBacktests: "Nobody has asked for one.", "尚无人请求。";
    WalkLine: "{from} to {to}, {fits} fits; {comparisons} comparisons so far, so a p-value must be below {p}.",
        "{from} 至 {to}，拟合 {fits} 次；迄今比较 {comparisons} 次，故 p 值须低于 {p}。";
    Method: "Method", "方法";
    Mean: "Mean", "均值";
    Volatility: "Volatility", "波动率";
    Sharpe: "Sharpe", "夏普";
    Drawdown: "Deepest fall", "最大回撤";
    Turnover: "Turnover", "换手";
    PValue: "p-value", "p 值";
    Benchmark: "benchmark", "基准";
    // Products.
    FreshHint: "Prices from {day} on are fresh enough to advise on.", "{day} 及之后的价格方可用于建议。";
    Grade: "Grade that counts", "生效等级";
    IssuerOwn: "Issuer / ours", "发行方 / 我们";
    State: "State", "状态";
    YearlyCost: "Yearly cost", "年费率";
    LastPrice: "Newest price", "最新价格";
    Conflict: "Who pays us", "谁付费给我们";
    NoPrice: "no price", "无价格";
    Stale: "stale", "过旧";
    Open: "open", "开放";
    Limited: "sales only", "仅可赎回";
    Suspended: "suspended", "暂停";
    ChangeGrade: "Change our grade", "变更我们的等级";
    OwnGrade: "Our grade", "我们的等级";
    GradeHint: "The higher of the issuer’s and ours counts. Everybody who holds the product is told; nobody is made to sell.",
        "取发行方与我们之高者。持有者均会收到通知，无人被迫卖出。";
    GradeChanges: "Changes of grades", "等级变更";
    NoChanges: "No grade has changed.", "等级未变更。";
    HoldersTold: "{n} holders told", "已通知 {n} 位持有者";
    // Runs.
    NoRuns: "No run yet.", "尚无再平衡。";
    DryRun: "dry run", "试运行";
    Screened: "Plans screened", "检视计划";
    Flagged: "Flagged", "标记";
    WithOrders: "With orders", "有指令";
    SkippedBy: "Skipped, by reason", "跳过原因";
    NoneSkipped: "None was skipped.", "没有跳过。";
    WithinBands: "within its bands", "在容许带内";
    NothingInvested: "nothing invested", "没有投资";
    // What must hold.
    Exceptions: "Suitability", "适当性";
    AgainstCheck: "Bookings against a failed check (must be 0)", "未通过检查的下单（须为 0）";
    AboveClass: "Plans holding above their class", "持有超出等级的计划";
    ProfilesExpired: "Profiles expired", "已过期的测评";
    ExceptionsHint: "A plan may come to hold above its class when a grade rises or a profile falls; it forces no sale.",
        "等级上调或测评下调可使持仓超出等级，但不强制卖出。";
    Reviews: "Waits for a person to look", "等待人工复核";
    NoReviews: "Nothing waits.", "没有待复核项。";
    Release: "Release", "放行";
    Promises: "What was promised, counted", "承诺计数";
    DaysInService: "Days in service", "服务天数";
    DaysScreened: "Days on which plans were screened", "检视天数";
    Proposals: "Proposals", "建议";
    Accepted: "Accepted", "已接受";
    Declined: "Declined", "已拒绝";
    Complaints: "Complaints", "投诉";
    RefusedBy: "Refused, by rule", "按规则拒绝";
    ToRecords: "Search the records", "查询记录";
    Questionnaire: "Questionnaire", "问卷";
    QuestionnaireLine: "Answered {asked} times, contradictory {contradictions} times ({rate}).", "作答 {asked} 次，其中矛盾 {contradictions} 次（{rate}）。";
    Classes: "Classes", "等级分布";
    Class: "Class", "等级";
    People: "People", "人数";
    // Records.
    Subject: "Subject: house, a member, or member/user", "主体：house、成员，或 成员/用户";
    Search: "Search", "查询";
    NothingFound: "No record of that subject.", "没有该主体的记录。";
    Next: "Later records", "更晚的记录";
    ComputeAgain: "Compute again", "重新计算";
    Previous: "Follows the record", "前一条记录";
    EqualYes: "{id} was computed again: equal bit for bit.", "{id} 已重新计算：逐位相同。";
    EqualNo: "{id} was computed again: it is not equal.", "{id} 已重新计算：并不相同。";
}
