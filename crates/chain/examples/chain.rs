//! `chain …` without the rest of the binary: what a member needs who runs a node and nothing else.

use clap::Parser;

#[derive(Parser)]
#[command(name = "sojourn", max_term_width = 100)]
struct Sojourn {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// The chain of receivables
    Chain(chain::command::Chain),
}

fn main() -> anyhow::Result<()> {
    let Command::Chain(chain) = Sojourn::parse().command;
    chain.run()
}
