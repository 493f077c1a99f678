//! `chain …` without the rest of the binary: what a member needs who runs a node and nothing else.

use std::process::ExitCode;

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

fn main() -> ExitCode {
    let Command::Chain(chain) = Sojourn::parse().command;
    match chain.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
