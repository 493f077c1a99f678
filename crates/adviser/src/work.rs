//! What takes too long to be done between two records: proposals, projections, back-tests, the optimiser. Pure: the
//! same work gives the same bits wherever and whenever it is done.

use advice::backtest::{Walk, backtest};
use advice::optimise::optimise;
use advice::prices::Prices;
use advice::project::{Method, Plan, project};
use advice::proposal::answer;
use advice::strategy::Strategy;
use advice::{Json, Refusal};

use crate::call::Call;
use crate::verb::Asked;

/// A call's computing.
#[derive(Debug)]
pub struct Work {
    pub(crate) call: Call,
    pub(crate) task: Task,
}

#[derive(Debug)]
pub(crate) enum Task {
    Proposals {
        asked: Vec<Asked>,
        screened: Screened,
    },
    Projection {
        history: Vec<f64>,
        plan: Plan,
        method: Method,
        told: Json,
    },
    Backtest {
        subject: String,
        prices: Prices,
        strategies: Vec<Strategy>,
        pair: Option<(String, String)>,
        walk: Walk,
    },
    Optimise,
}

/// What a screening of many plans saw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Screened {
    pub(crate) plans: i64,
    pub(crate) skipped: std::collections::BTreeMap<String, i64>,
    pub(crate) more: Option<String>,
    /// Losses that could be taken and would count, in plans whose gains are taxed.
    pub(crate) losses: i64,
}

/// What computing came to.
#[derive(Debug)]
pub struct Done {
    pub(crate) call: Call,
    pub(crate) outcome: Outcome,
}

#[derive(Debug)]
pub(crate) enum Outcome {
    Answer(Result<Json, Refusal>),
    Proposals(Computed),
    Backtest { subject: String, result: Result<Json, Refusal> },
}

/// Proposals and what they were computed from.
#[derive(Debug)]
pub(crate) struct Computed {
    pub(crate) all: Vec<(Asked, Json)>,
    pub(crate) screened: Screened,
}

impl Work {
    pub(crate) fn optimise(call: &Call) -> Work {
        Work { call: call.clone(), task: Task::Optimise }
    }

    /// Does it.
    pub fn run(self) -> Done {
        let Work { call, task } = self;
        let outcome = match task {
            Task::Optimise => Outcome::Answer(optimise(&call.body)),
            Task::Proposals { asked, screened } => {
                let all = asked.into_iter().map(|asked| {
                    let computed = answer(&asked.request);
                    (asked, computed)
                });
                Outcome::Proposals(Computed { all: all.collect(), screened })
            }
            Task::Projection { history, plan, method, told } => {
                Outcome::Answer(project(&history, &plan, &method).map(|projection| {
                    let mut whole = projection.to_json();
                    if let (Json::Object(whole), Json::Object(told)) = (&mut whole, told) {
                        whole.insert("note".into(), Json::text(projection.note()));
                        whole.extend(told);
                    }
                    whole
                }))
            }
            Task::Backtest { subject, prices, strategies, pair, walk } => {
                let pair = pair.as_ref().map(|(stocks, bonds)| (stocks.as_str(), bonds.as_str()));
                let result = backtest(&prices, &strategies, pair, &walk, |_, _| {});
                Outcome::Backtest { subject, result: result.map(|result| result.to_json()) }
            }
        };
        Done { call, outcome }
    }
}
