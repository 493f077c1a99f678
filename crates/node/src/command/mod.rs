//! The commands of `sojourn`, one file each. Each parses its own arguments and runs; none knows another.

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
pub(crate) enum Command {}

impl Command {
    /// Runs the chosen command to its end.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        match self {}
    }
}
