//! Refusals in both languages, kindly: the sentence for each code that people meet, and where its remedy is. The code
//! and the rule's own words stand beside it.

use crate::language::{Language, catalogue};
use crate::{advice, language::Spoken};

catalogue! {
    NoProfile: "First a few questions about you: without a risk profile nothing is recommended.", "请先回答几个问题：没有风险测评，不作任何推荐。";
    Expired: "Your risk profile is more than a year old. Please answer the questions again.", "您的风险测评已超过一年，请重新作答。";
    Contradictory: "Two of your answers do not fit together. Please look at them once more; after that the more cautious one counts.",
        "您的两项回答互相矛盾，请再看一次；之后以较谨慎的一项为准。";
    Attempts: "You have answered often enough for today or this year. Answers that change to fit a product protect nobody.",
        "今天或今年的测评次数已满。为迎合产品而改变的回答保护不了任何人。";
    BeforeProfile: "Portfolios and past results are shown after your risk profile, not before.", "组合与业绩在风险测评之后展示。";
    AboveClass: "This carries more risk than your profile allows. There is no way around that.", "其风险超出您的测评等级，不能例外。";
    LossLimit: "In a bad year this could lose more than your class allows.", "在糟糕的年份，其亏损可能超过您的等级上限。";
    MandateMissing: "Nothing is ordered without your permission. Sign a mandate first.", "未经您的授权不会下单，请先签署委托。";
    MandateRevoked: "Your permission has been taken back.", "您的授权已撤销。";
    MandateExceeded: "Your permission does not cover this. Confirm it, or sign a wider one.", "您的授权不涵盖此项，请确认或签署更宽的委托。";
    Turnover: "This would trade more in a year than you have permitted.", "全年交易量将超出您的授权。";
    Unsettled: "Earlier orders are not carried out yet.", "先前的指令尚未执行完毕。";
    Stale: "A price is too old to advise on.", "价格过旧，无法据以建议。";
    TooShort: "Rates of return are shown after a year at least. Your gain in money is always shown.", "收益率至少满一年后才展示；盈亏金额始终展示。";
    TooFew: "There is not enough price history for this.", "价格历史不足。";
    Unreachable: "This goal cannot be reached with this plan.", "按此计划无法达成目标。";
    ProposalExpired: "This proposal has expired. Ask for a new one.", "此建议已过期，请重新获取。";
    Changed: "Something it was based on has changed since. Ask for a new one.", "其依据已有变化，请重新获取。";
    NotApproved: "No model portfolio for this has been approved by two people.", "尚无经两人批准的适用模型组合。";
    Stopped: "Advice is stopped at present. What you hold stays as it is.", "投顾服务目前暂停，您的持仓不受影响。";
    Review: "After a large move of prices, a person must look at this first.", "价格大幅波动后，须先经人工复核。";
    Unknown: "There is nothing of that name here.", "此处没有这一项。";
    OutOfRange: "That is outside the range.", "超出允许范围。";
    Minimum: "The order would be smaller than the product’s minimum.", "低于产品的最低金额。";
    NotALot: "The amount is no whole number of lots.", "金额不是整份额。";
    ShortHolding: "Selling now would cost a fee for a short holding.", "现在卖出须付短期赎回费。";
    SingleFund: "One fund would be too large a part of the plan.", "单只基金占比过高。";
    Unstable: "The trade depends too much on the sample of prices to be worth it.", "该交易过于依赖样本，不值得进行。";
    Reserved: "That money is your reserve.", "这笔钱是您的备用金。";
    Suspended: "The fund takes no orders at present.", "该基金目前不接受指令。";
    Cutoff: "Too late for today: it counts for the next trading day.", "已过当日截止时间，计入下一交易日。";
    Malformed: "Something in the form is missing or cannot be read.", "表单有缺项或无法读取。";
    Repeated: "The same form was sent twice with different contents.", "同一表单以不同内容提交了两次。";
    Unserved: "Advice is not offered in your country.", "您所在国家或地区未提供投顾服务。";
    WashSale: "Buying it now would put off a loss that was taken for tax; it waits.", "现在买入会使已实现的税务亏损递延，故等待。";
    Infeasible: "The limits contradict each other.", "各项限制互相矛盾。";
    Amount: "An amount is a number like 1234.50.", "金额应写作 1234.50 这样的数字。";
    Busy: "The service is busy or does not answer. Please try again.", "服务繁忙或无应答，请重试。";
}

/// The sentence of a code.
pub(crate) fn said(code: &str, language: Language) -> Option<&'static str> {
    let word = match code {
        "PROFILE_MISSING" => Word::NoProfile,
        "PROFILE_EXPIRED" => Word::Expired,
        "PROFILE_CONTRADICTORY" => Word::Contradictory,
        "PROFILE_ATTEMPTS" => Word::Attempts,
        "STRATEGY_BEFORE_PROFILE" => Word::BeforeProfile,
        "CLASS_LOWEST_R1_ONLY" | "PRODUCT_ABOVE_CLASS" | "PORTFOLIO_ABOVE_CLASS" => Word::AboveClass,
        "LOSS_LIMIT_EXCEEDED" => Word::LossLimit,
        "MANDATE_MISSING" => Word::MandateMissing,
        "MANDATE_REVOKED" => Word::MandateRevoked,
        "MANDATE_EXCEEDED" => Word::MandateExceeded,
        "TURNOVER_BUDGET" => Word::Turnover,
        "UNSETTLED" => Word::Unsettled,
        "PRICE_STALE" => Word::Stale,
        "PERFORMANCE_TOO_SHORT" => Word::TooShort,
        "TOO_FEW_OBSERVATIONS" => Word::TooFew,
        "GOAL_UNREACHABLE" => Word::Unreachable,
        "PROPOSAL_EXPIRED" => Word::ProposalExpired,
        "INPUTS_CHANGED" => Word::Changed,
        "MODEL_NOT_APPROVED" => Word::NotApproved,
        "KILL_SWITCH" => Word::Stopped,
        "REVIEW_PENDING" => Word::Review,
        "NOT_KNOWN" => Word::Unknown,
        "OUT_OF_RANGE" => Word::OutOfRange,
        "BELOW_MINIMUM" => Word::Minimum,
        "NOT_A_LOT" => Word::NotALot,
        "SHORT_HOLDING_FEE" => Word::ShortHolding,
        "SINGLE_FUND_CAP" => Word::SingleFund,
        "UNSTABLE_TRADE" => Word::Unstable,
        "CASH_RESERVED" => Word::Reserved,
        "FUND_SUSPENDED" => Word::Suspended,
        "AFTER_CUTOFF" => Word::Cutoff,
        "MALFORMED_TABLE" | "ANSWER_UNKNOWN" => Word::Malformed,
        "IDEMPOTENCY_CONFLICT" => Word::Repeated,
        "JURISDICTION_NOT_SERVED" => Word::Unserved,
        "WASH_SALE" => Word::WashSale,
        "INFEASIBLE" => Word::Infeasible,
        "AMOUNT" => Word::Amount,
        "BUSY" | "NO_ANSWER" => Word::Busy,
        _ => return None,
    };
    Some(word.said(language))
}

/// What can be done about it, as the service says it, beside Simplified Chinese. Only what clients can do.
const REMEDIES: &[(&str, &str)] = &[
    ("Ask for a new one.", "请重新获取。"),
    ("Answer the questionnaire.", "请填写风险测评问卷。"),
    ("Sign a mandate.", "请签署委托。"),
    ("Confirm the proposal.", "请确认该建议。"),
    ("Trade less, wait, or widen the mandate.", "请减少交易、稍后再试，或放宽委托。"),
    ("Wait until they are settled.", "请等待其结算完成。"),
    ("Report what became of them first.", "请先报告这些指令的结果。"),
    ("Move part of it into calmer products.", "请将一部分转入波动较小的产品。"),
    ("Choose products graded R1.", "请选择 R1 级产品。"),
    ("Choose another fund of the same class.", "请选择同类的其他基金。"),
    ("Keep it or choose another model.", "请保留，或选择其他组合。"),
    ("Pay in the difference or lower the reserve.", "请补足差额，或降低备用金。"),
    (
        "Spread over more funds; money-market and index funds are excepted.",
        "请分散到更多基金；货币基金和指数基金除外。",
    ),
    (
        "Wait; answers that change to fit a product protect nobody.",
        "请稍后再试；为迎合产品而改变的回答保护不了任何人。",
    ),
    (
        "Holdings stay as they are, mandates can be revoked and records read.",
        "持仓保持不变；您仍可撤销委托、查看记录。",
    ),
    ("Use a new request id.", "请使用新的请求编号。"),
];

/// The remedy in a language, if it is one that is known in it.
pub(crate) fn remedied(remedy: &str, language: Language) -> Option<&'static str> {
    let (english, chinese) = REMEDIES.iter().find(|(english, _)| *english == remedy)?;
    Some(match language {
        Language::English => english,
        Language::Chinese => chinese,
    })
}

/// The page where a refusal's remedy is, if there is one.
pub(crate) fn remedy_at(code: &str) -> Option<&'static str> {
    match code {
        "PROFILE_MISSING" | "PROFILE_EXPIRED" | "PROFILE_CONTRADICTORY" | "STRATEGY_BEFORE_PROFILE" => {
            Some(advice::QUESTIONNAIRE)
        }
        _ => None,
    }
}
