//! The commands of `sojourn`, one file each. Each parses its own arguments and runs; none knows another.

mod init;
mod replay;
mod risk;

use clap::{Parser, Subcommand};

/// An open payment network: your own wallet pays at any member merchant abroad.
#[derive(Parser)]
#[command(name = "sojourn", version, max_term_width = 100)]
pub(crate) struct Sojourn {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What `sojourn` can be asked to do.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make a directory for a new network: configuration, keys, certificate, operator token
    Init(init::Init),
    /// Replay a journal: verify it, print counts, positions and the state hash
    Replay(replay::Replay),
    /// Digital risk control: train, evaluate, back-test, score, explain, screen
    Risk(risk::Risk),
}

impl Command {
    /// Runs the chosen command to its end.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Init(init) => init.run(),
            Self::Replay(replay) => replay.run(),
            Self::Risk(risk) => risk.run(),
        }
    }
}
