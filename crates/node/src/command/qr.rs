//! `sojourn qr`: lint, make and read payment codes. Knows how codes are typed in, drawn and photographed; what they
//! mean is the `qr` crate's.

mod draw;
mod lint;
mod make;
mod national;
mod read;

use std::io::Cursor;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use image::{ImageReader, Limits};

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

/// The longest side of a picture that is read from memory, in pixels.
const SIDE_MAX: u32 = 6_000;
/// What reading one may take, in bytes.
const MEMORY_MAX: u64 = 128 << 20;

/// A payload as the smallest symbol that holds it, drawn as SVG.
pub(crate) fn svg(payload: &str) -> anyhow::Result<String> {
    Ok(draw::Symbol::of(payload, draw::Correction::Medium)?.svg())
}

/// What the symbols of a picture (PNG or JPEG, in memory) hold, as far as it is text.
pub(crate) fn read_picture(picture: &[u8]) -> anyhow::Result<Vec<String>> {
    let mut reader = ImageReader::new(Cursor::new(picture)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(MEMORY_MAX);
    reader.limits(limits);
    let picture = reader.decode().context("reading the picture")?.into_luma8();
    let payloads = read::payloads(&picture).into_iter();
    Ok(payloads.filter_map(|payload| String::from_utf8(payload).ok()).collect())
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
