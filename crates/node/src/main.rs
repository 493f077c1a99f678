//! The one binary `sojourn`: configuration and commands. It decides nothing about money.

mod command;
mod config;
mod site;

use clap::Parser;

fn main() -> anyhow::Result<()> {
    command::Sojourn::parse().command.run()
}
