//! The one binary `sojourn`: configuration and commands. It decides nothing about money.

#[macro_use]
extern crate outlet;

mod command;
mod config;
mod site;
mod table;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match command::Sojourn::parse().command.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // What was attempted and why it failed, on one line; no backtrace helps whoever reads it.
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
