//! `sojourn qr`: lint, make and read payment codes. Knows how codes are typed in, drawn and photographed; what they
//! mean is the `qr` crate's.

mod draw;
mod lint;
mod make;
mod national;
mod read;

use clap::{Args, Subcommand};

/// Arguments of `sojourn qr`.
#[derive(Args)]
pub(crate) struct Qr {
    #[command(subcommand)]
    action: Action,
}

/// What can be done with codes.
#[derive(Subcommand)]
enum Action {
    /// Explain codes: one JSON object a line, with every departure from the standard and what to do about it
    Lint(lint::Lint),
    /// Make a code and draw it
    Make(make::Make),
    /// Read the codes in a picture (PNG or JPEG)
    Read(read::Read),
}

impl Qr {
    /// Runs the chosen action to its end.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        match self.action {
            Action::Lint(lint) => lint.run(),
            Action::Make(make) => make.run(),
            Action::Read(read) => read.run(),
        }
    }
}

#[cfg(test)]
mod tests;
