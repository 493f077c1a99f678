//! The published questionnaire: fourteen questions, their points, caps and contradiction rules. A version is never
//! edited; a change is a new version.

use std::collections::BTreeMap;

use crate::json::Json;
use crate::suitability::Class;

use Measures::{Capacity, Knowledge, Willingness};

/// A published set of questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Questionnaire {
    /// Name of the version, recorded with every profile.
    pub version: String,
    /// The questions in the order shown.
    pub questions: Vec<Question>,
    /// Pairs of answers that cannot both be meant.
    pub contradictions: Vec<Contradiction>,
}

/// What a question tells about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measures {
    /// How much loss the circumstances bear.
    Capacity,
    /// How much loss the person accepts.
    Willingness,
    /// What the person knows, asked as right or wrong.
    Knowledge,
}

/// One question. `{loss N}` in a text stands for N per cent of the person's own amount, in money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Short name used in answers and reasons.
    pub id: &'static str,
    /// What it tells about.
    pub measures: Measures,
    /// The question in English.
    pub english: &'static str,
    /// The question in Simplified Chinese.
    pub chinese: &'static str,
    /// The options in the order shown.
    pub choices: Vec<Choice>,
}

/// One option of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The option in English.
    pub english: &'static str,
    /// The option in Simplified Chinese.
    pub chinese: &'static str,
    /// 0 to 100.
    pub points: u32,
    /// Class this option caps the person at.
    pub cap: Option<Class>,
    /// Whether this option alone makes the person's category the lowest.
    pub lowest: bool,
}

/// Two answers that cannot both be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// The rule's name.
    pub name: &'static str,
    /// Question and the least option of it.
    pub first: (&'static str, usize),
    /// Question and the greatest option of it.
    pub second: (&'static str, usize),
    /// Question and option that count if both stay.
    pub cautious: (&'static str, usize),
}

impl Contradiction {
    pub(super) fn holds(&self, chosen: &BTreeMap<String, usize>) -> bool {
        chosen.get(self.first.0).is_some_and(|c| *c >= self.first.1)
            && chosen.get(self.second.0).is_some_and(|c| *c <= self.second.1)
    }
}

impl Questionnaire {
    /// Mean points of the questions of one kind.
    pub(super) fn score(&self, measures: Measures, chosen: &BTreeMap<String, usize>) -> u32 {
        let points: Vec<u32> = self
            .questions
            .iter()
            .filter(|q| q.measures == measures)
            .filter_map(|q| chosen.get(q.id).and_then(|c| q.choices.get(*c)).map(|c| c.points))
            .collect();
        points.iter().sum::<u32>() / points.len().max(1) as u32
    }

    /// The whole questionnaire as published; its hash identifies it.
    pub fn to_json(&self) -> Json {
        let choice = |c: &Choice| {
            Json::object([
                ("english", Json::text(c.english)),
                ("chinese", Json::text(c.chinese)),
                ("points", Json::Whole(i64::from(c.points))),
                ("cap", c.cap.map_or(Json::Null, |cap| Json::text(cap.name()))),
                ("lowest", Json::Bool(c.lowest)),
            ])
        };
        let question = |q: &Question| {
            Json::object([
                ("id", Json::text(q.id)),
                ("english", Json::text(q.english)),
                ("chinese", Json::text(q.chinese)),
                ("choices", Json::List(q.choices.iter().map(choice).collect())),
            ])
        };
        Json::object([
            ("version", Json::text(&self.version)),
            ("questions", Json::List(self.questions.iter().map(question).collect())),
            ("contradictions", Json::texts(&self.contradictions.iter().map(|c| c.name).collect::<Vec<_>>())),
        ])
    }

    /// The first version: seven questions on capacity, four on willingness, three on knowledge.
    pub fn first() -> Questionnaire {
        let questions = [means(), burdens(), attitude(), knowledge()].concat();
        Questionnaire { version: "2026-1".into(), questions, contradictions: contradictions() }
    }
}

/// What the circumstances bring in.
fn means() -> Vec<Question> {
    vec![
        question(
            "income",
            Capacity,
            "How steady is your income?",
            "您的收入稳定吗？",
            [
                choice("No regular income", "没有固定收入", 0),
                choice("It varies a lot", "波动较大", 35),
                choice("Mostly steady", "基本稳定", 70),
                choice("Steady and secure", "稳定且有保障", 100),
            ],
        ),
        question(
            "reserve",
            Capacity,
            "How many months could you live on savings outside this plan?",
            "不动用本计划，您的积蓄够用几个月？",
            [
                capped(choice("None", "没有", 0), Some(Class::C2)),
                choice("Less than 3", "不足3个月", 30),
                choice("3 to 12", "3至12个月", 75),
                choice("More than 12", "12个月以上", 100),
            ],
        ),
        question(
            "share",
            Capacity,
            "What share of all you own goes into this plan?",
            "本计划占您全部资产的比例是多少？",
            [
                choice("More than three quarters", "超过四分之三", 10),
                choice("Half to three quarters", "二分之一至四分之三", 40),
                choice("A quarter to half", "四分之一至二分之一", 70),
                choice("Less than a quarter", "不足四分之一", 100),
            ],
        ),
    ]
}

/// What they demand.
fn burdens() -> Vec<Question> {
    vec![
        question(
            "debts",
            Capacity,
            "What part of your income goes into repaying debts?",
            "您的收入中有多少用于偿还债务？",
            [
                choice("More than half", "超过一半", 0),
                choice("A third to half", "三分之一至一半", 35),
                choice("Less than a third", "不足三分之一", 75),
                choice("None", "无负债", 100),
            ],
        ),
        question(
            "dependants",
            Capacity,
            "How many people live on your income besides you?",
            "除您之外，有几人依靠您的收入生活？",
            [
                choice("Four or more", "四人及以上", 20),
                choice("Two or three", "两至三人", 50),
                choice("One", "一人", 75),
                choice("None", "没有", 100),
            ],
        ),
        question(
            "horizon",
            Capacity,
            "When will you need most of this money?",
            "您预计何时需要用到其中大部分资金？",
            [
                capped(choice("Within a year", "一年以内", 0), Some(Class::C1)),
                capped(choice("In 1 to 3 years", "1至3年", 30), Some(Class::C2)),
                choice("In 3 to 10 years", "3至10年", 75),
                choice("In more than 10 years", "10年以后", 100),
            ],
        ),
        question(
            "need",
            Capacity,
            "If this money halved, what would happen?",
            "如果这笔钱减半，会怎样？",
            [
                choice("I could not pay for necessities", "无法支付基本生活", 0),
                choice("I would have to cut back", "需要缩减开支", 40),
                choice("Plans would be delayed", "计划会推迟", 75),
                choice("Little would change", "几乎没有影响", 100),
            ],
        ),
    ]
}

/// How losses are taken, asked in the person's own money.
fn attitude() -> Vec<Question> {
    vec![
        question(
            "drop",
            Willingness,
            "After a year your plan shows {loss 20} less. What do you do?",
            "一年后您的计划亏损了{loss 20}，您会怎么做？",
            [
                choice("Sell everything", "全部卖出", 0),
                choice("Sell a part", "卖出一部分", 35),
                choice("Wait", "继续持有", 75),
                choice("Buy more", "继续买入", 100),
            ],
        ),
        question(
            "worst",
            Willingness,
            "Which loss in one year could you accept?",
            "您最多能接受一年亏损多少？",
            [
                Choice { lowest: true, ..choice("None at all", "完全不能接受亏损", 0) },
                choice("{loss 5}", "{loss 5}", 30),
                choice("{loss 15}", "{loss 15}", 55),
                choice("{loss 25}", "{loss 25}", 75),
                choice("{loss 40} or more", "{loss 40}或更多", 100),
            ],
        ),
        question(
            "aim",
            Willingness,
            "What matters most to you?",
            "您最看重什么？",
            [
                choice("Losing nothing", "不亏损", 0),
                choice("A little more than deposits", "略高于存款", 35),
                choice("Growth with bearable falls", "可承受波动下的增长", 70),
                choice("The most growth in the long run", "长期最大增长", 100),
            ],
        ),
        question(
            "choice",
            Willingness,
            "Which plan would you choose?",
            "您会选择哪一种计划？",
            [
                choice("Sure: {loss 2} more each year", "确定：每年增加{loss 2}", 0),
                choice("Between {loss 5} less and {loss 10} more", "在亏损{loss 5}与盈利{loss 10}之间", 40),
                choice("Between {loss 15} less and {loss 25} more", "在亏损{loss 15}与盈利{loss 25}之间", 70),
                choice(
                    "Between {loss 35} less and {loss 60} more",
                    "在亏损{loss 35}与盈利{loss 60}之间",
                    100,
                ),
            ],
        ),
    ]
}

/// Right or wrong, no self-praise.
fn knowledge() -> Vec<Question> {
    vec![
        question(
            "spread",
            Knowledge,
            "Ten funds instead of one usually make the ups and downs …",
            "与一只基金相比，持有十只基金通常会使波动……",
            [
                choice("larger", "更大", 0),
                choice("smaller", "更小", 100),
                choice("I do not know", "不知道", 0),
            ],
        ),
        question(
            "bonds",
            Knowledge,
            "When interest rates rise, the price of a bond usually …",
            "利率上升时，债券价格通常……",
            [choice("rises", "上升", 0), choice("falls", "下降", 100), choice("I do not know", "不知道", 0)],
        ),
        question(
            "past",
            Knowledge,
            "A fund doubled in three years. The next three years it …",
            "某基金三年翻了一番，未来三年它……",
            [
                choice("will probably do it again", "很可能再次翻番", 0),
                choice("can rise or fall", "可能上涨也可能下跌", 100),
                choice("I do not know", "不知道", 0),
            ],
        ),
    ]
}

/// The option with the class it caps a person at.
fn capped(choice: Choice, cap: Option<Class>) -> Choice {
    Choice { cap, ..choice }
}

fn contradictions() -> Vec<Contradiction> {
    let rule = |name, first, second, cautious| Contradiction { name, first, second, cautious };
    vec![
        rule("wants the most growth but accepts no loss", ("aim", 3), ("worst", 0), ("aim", 0)),
        rule(
            "accepts a large loss but sells everything at a smaller one",
            ("worst", 3),
            ("drop", 0),
            ("worst", 1),
        ),
        rule("chooses the boldest plan but wants to lose nothing", ("choice", 3), ("aim", 0), ("choice", 0)),
        rule("would buy more but could not pay for necessities", ("drop", 3), ("need", 0), ("drop", 1)),
        rule(
            "little would change but needs the money within a year",
            ("need", 3),
            ("horizon", 0),
            ("need", 1),
        ),
    ]
}

fn question<const N: usize>(
    id: &'static str,
    measures: Measures,
    english: &'static str,
    chinese: &'static str,
    choices: [Choice; N],
) -> Question {
    Question { id, measures, english, chinese, choices: choices.into() }
}

fn choice(english: &'static str, chinese: &'static str, points: u32) -> Choice {
    Choice { english, chinese, points, cap: None, lowest: false }
}
