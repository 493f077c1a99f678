//! What can be asked, one verb a file: reading it, deciding it, and making its record true.

mod answer;
mod assess;
#[allow(clippy::float_arithmetic)] // a walk's settings, not money
mod backtest;
mod cash;
mod complain;
mod export;
mod fill;
mod goal;
mod listing;
mod look;
mod mandate;
mod model;
mod operate;
mod overview;
mod portfolio;
#[allow(clippy::float_arithmetic)] // weights and probabilities, not money
mod project;
mod propose;
mod rebalance;
mod report;
mod tax;

use advice::Refusal;
use advice::record::Record;

use crate::adviser::{Adviser, Step};
use crate::call::{Call, Moment, Verb};
use crate::work::{Done, Outcome, Work};

pub(crate) use propose::Asked;

/// The table of the service: every verb and where it is decided.
pub(crate) fn decide(adviser: &Adviser, now: Moment, call: &Call) -> Result<Step, Refusal> {
    match call.verb {
        Verb::Questionnaire => look::questionnaire(adviser),
        Verb::Assess => assess::decide(adviser, now, call),
        Verb::Profile => assess::look(adviser, call),
        Verb::Overview => overview::look(adviser, call),
        Verb::SetGoal => goal::set(adviser, now, call),
        Verb::ChangeGoal => goal::change(adviser, now, call),
        Verb::Projection => project::decide(adviser, now, call),
        Verb::Models => look::models(adviser, now, call),
        Verb::Product => look::product(adviser, now, call),
        Verb::Propose => propose::decide(adviser, now, call),
        Verb::Proposal => propose::look(adviser, call),
        Verb::Accept => answer::accept(adviser, now, call),
        Verb::Decline => answer::decline(adviser, now, call),
        Verb::Fill => fill::decide(adviser, now, call),
        Verb::Portfolio => portfolio::whole(adviser, now, call),
        Verb::Performance => portfolio::performance(adviser, now, call),
        Verb::Drift => portfolio::drift(adviser, now, call),
        Verb::Lots => portfolio::lots(adviser, now, call),
        Verb::Tax => tax::look(adviser, now, call),
        Verb::SignMandate => mandate::sign(adviser, now, call),
        Verb::Revoke => mandate::revoke(adviser, now, call),
        Verb::SetCashRules => cash::set(adviser, now, call),
        Verb::MoveCash => cash::moved(adviser, now, call),
        Verb::Optimise => Ok(Step::Work(Box::new(Work::optimise(call)))),
        Verb::Backtest => backtest::decide(adviser, now, call),
        Verb::LookBacktest => export::look(adviser, call, "back-test"),
        Verb::Rebalance => rebalance::decide(adviser, now, call),
        Verb::LookRebalance => export::look(adviser, call, "rebalance run"),
        Verb::Complain => complain::decide(adviser, now, call),
        Verb::Records => export::records(adviser, call),
        Verb::Replay => export::replay(adviser, call),
        Verb::ListProduct => listing::list(adviser, now, call),
        Verb::GradeProduct => listing::grade(adviser, now, call),
        Verb::PublishPrices => listing::prices(adviser, now, call),
        Verb::RegisterModel => model::register(adviser, now, call),
        Verb::ApproveModel => model::approve(adviser, now, call),
        Verb::Switch => operate::switch(now, call),
        Verb::Serve => operate::serve(now, call),
        Verb::SetPolicy => operate::policy(now, call),
        Verb::SetCalendar => operate::calendar(now, call),
        Verb::SetTaxRules => tax::set(now, call),
        Verb::Release => answer::release(adviser, now, call),
        Verb::HouseState => look::house(adviser, now),
        Verb::HouseRecords => export::house_records(adviser, call),
        Verb::HouseReport => report::look(adviser, now),
        Verb::HouseBacktest => export::look(adviser, call, "back-test"),
        Verb::HouseRun => export::look(adviser, call, "rebalance run"),
        Verb::HouseProposal => propose::look(adviser, call),
        Verb::HouseReplay => export::replay(adviser, call),
    }
}

/// Takes back what was computed.
pub(crate) fn finish(adviser: &Adviser, now: Moment, done: Done) -> Result<Step, Refusal> {
    let Done { call, outcome } = done;
    match outcome {
        Outcome::Answer(answer) => answer.map(Step::Answer),
        Outcome::Proposals(all) if call.verb == Verb::Propose => propose::finish(adviser, now, &call, all),
        Outcome::Proposals(all) => rebalance::finish(adviser, now, &call, all),
        Outcome::Backtest { subject, result } => backtest::finish(adviser, now, &call, &subject, result?),
    }
}

/// Makes a record true. `None` if its body lacks a part.
pub(crate) fn apply(adviser: &mut Adviser, number: u64, record: &Record) -> Option<()> {
    match record.kind.as_str() {
        "profile" => assess::apply(adviser, number, record),
        "contradiction" => assess::apply_contradiction(adviser, record),
        "goal" => goal::apply_new(adviser, number, record),
        "goal-change" => goal::apply_change(adviser, record),
        "proposal" => propose::apply(adviser, number, record),
        "accept" => answer::apply_accept(adviser, number, record),
        "decline" => answer::apply_decline(adviser, record),
        "release" => answer::apply_release(adviser, record),
        "fill" => fill::apply(adviser, record),
        "mandate" => mandate::apply_signed(adviser, number, record),
        "revocation" => mandate::apply_revoked(adviser, record),
        "cash-rules" => cash::apply_rules(adviser, record),
        "cash-move" => cash::apply_moved(adviser, record),
        "backtest" => backtest::apply(adviser, number, record),
        "rebalance-run" => rebalance::apply(adviser, number, record),
        "complaint" => complain::apply(adviser),
        "product-listing" => listing::apply_listed(adviser, record),
        "grade" => listing::apply_graded(adviser, record),
        "grade-notice" => Some(()),
        "prices" => listing::apply_prices(adviser, record),
        "tax-rules" => tax::apply(adviser, record),
        "model" => model::apply_registered(adviser, record),
        "approval" => model::apply_approved(adviser, record),
        "switch" | "jurisdictions" | "policy" | "calendar" => operate::apply(adviser, record),
        _ => None,
    }
}
