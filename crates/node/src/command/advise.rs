//! `sojourn advise`: the advisory crate from a terminal, on CSV and JSON files. Each subcommand reads, asks the crate
//! once, and prints; it decides nothing itself.
#![allow(clippy::float_arithmetic)]

mod backtest;
mod example;
mod frontier;
mod optimise;
mod profile;
mod project;
mod propose;
mod rebalance;
mod replay;
mod shown;
mod source;
mod table;

use clap::{Args, Subcommand};

/// Build, test and explain portfolios so that every number can be computed again
#[derive(Args)]
pub(crate) struct Advise {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Make up a small example: prices, products, answers (made-up data, for trying the other commands)
    Example(example::Example),
    /// Weights from prices under limits, with the certificate that proves them
    Optimise(optimise::Optimise),
    /// The whole efficient frontier
    Frontier(frontier::Frontier),
    /// Walk methods forward over history, costs paid, boring rows beside
    Backtest(backtest::Backtest),
    /// What may become of a plan, with its own coverage test
    Project(project::Project),
    /// The questionnaire, and the class that follows from answers
    Profile(profile::Profile),
    /// A proposal with orders, alternatives and explanation
    Propose(propose::Propose),
    /// Screen many plans and propose for those that need it
    Rebalance(rebalance::Rebalance),
    /// Compute recorded answers again and compare every byte
    Replay(replay::Replay),
}

impl Advise {
    /// Runs the chosen task to its end.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        match self.task {
            Task::Example(task) => task.run(),
            Task::Optimise(task) => task.run(),
            Task::Frontier(task) => task.run(),
            Task::Backtest(task) => task.run(),
            Task::Project(task) => task.run(),
            Task::Profile(task) => task.run(),
            Task::Propose(task) => task.run(),
            Task::Rebalance(task) => task.run(),
            Task::Replay(task) => task.run(),
        }
    }
}
