//! `sojourn risk`: trains, evaluates and back-tests what judges payments, scores and explains single ones, screens
//! names. Reads files and prints; all judging is in the `risk` crate.

#![allow(clippy::float_arithmetic, reason = "measures of models and pictures; no money is computed here")]

mod backtest;
mod evaluate;
mod explain;
mod history;
mod picture;
mod score;
mod screen;
mod shown;
mod train;

use clap::{Args, Subcommand};

/// Digital risk control: rules, windows, model and screening, on files.
#[derive(Args)]
pub(crate) struct Risk {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Train a model from labelled history, evaluate it on weeks it never saw, and write it to a file
    Train(train::Train),
    /// Measure by the handbook's protocol: train 7 days, wait 7, test 7; or measure a model's drift
    Evaluate(evaluate::Evaluate),
    /// Play history through windows, rules and model, and show what each rule would have done
    Backtest(backtest::Backtest),
    /// Score every payment of a history with a model
    Score(score::Score),
    /// Explain one payment of a history: score, contributions, rules
    Explain(explain::Explain),
    /// Search names in sanctions lists, or measure the matcher on labelled names
    Screen(screen::Screen),
}

impl Risk {
    /// Runs the chosen task.
    ///
    /// # Errors
    /// What was wrong with which file, line or argument.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        match self.task {
            Task::Train(task) => task.run(),
            Task::Evaluate(task) => task.run(),
            Task::Backtest(task) => task.run(),
            Task::Score(task) => task.run(),
            Task::Explain(task) => task.run(),
            Task::Screen(task) => task.run(),
        }
    }
}
