//! `sojourn qr read`: finds the QR symbols in a picture and prints what they hold.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::Args;
use image::{GrayImage, ImageReader, imageops};
use outlet::Outlet;
use qr::lint::{Context, lint_bytes};
use rqrr::PreparedImage;

use super::lint::{now, write_report};

/// Arguments of `sojourn qr read`.
#[derive(Args)]
pub(super) struct Read {
    /// Pictures, PNG or JPEG
    #[arg(required = true, value_name = "IMAGE")]
    images: Vec<PathBuf>,
    /// Explain each code as `lint` does instead of printing it
    #[arg(long)]
    lint: bool,
}

/// Above this many pixels a side, a symbol is easier found in a smaller picture.
const LARGE: u32 = 1600;
/// Below this many pixels a side, in a larger one.
const SMALL: u32 = 200;

impl Read {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let context = Context { now: Some(now()) };
        let mut output = Outlet;
        for path in &self.images {
            let about = || format!("reading {}", path.display());
            let reader =
                ImageReader::open(path).with_context(about)?.with_guessed_format().with_context(about)?;
            let picture = reader.decode().with_context(about)?.into_luma8();
            let payloads = payloads(&picture);
            if payloads.is_empty() {
                bail!(
                    "{} shows no code that can be read; take it from nearer, straight and in better light",
                    path.display()
                );
            }
            for payload in payloads {
                if self.lint {
                    write_report(&mut output, &lint_bytes(&payload, &context), false)?;
                } else {
                    output.write_all(&payload)?;
                    output.write_all(b"\n")?;
                }
            }
        }
        Ok(())
    }
}

/// What the symbols of a picture hold. If none can be read, the picture is tried inverted, smaller and larger.
pub(super) fn payloads(picture: &GrayImage) -> Vec<Vec<u8>> {
    let found = decode(picture);
    if !found.is_empty() {
        return found;
    }
    let mut inverted = picture.clone();
    imageops::invert(&mut inverted);
    let (width, height) = picture.dimensions();
    let scaled = |width, height| imageops::resize(picture, width, height, imageops::FilterType::Triangle);
    let side = width.max(height);
    let resized = if side > LARGE {
        let fit = |length: u32| (u64::from(length) * u64::from(LARGE) / u64::from(side)).max(1);
        let fit = |length| u32::try_from(fit(length)).unwrap_or(LARGE);
        Some(scaled(fit(width), fit(height)))
    } else if side < SMALL && side > 0 {
        Some(scaled(width * 3, height * 3))
    } else {
        None
    };
    std::iter::once(inverted)
        .chain(resized)
        .map(|picture| decode(&picture))
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

fn decode(picture: &GrayImage) -> Vec<Vec<u8>> {
    let (width, height) = picture.dimensions();
    let side = |length| usize::try_from(length).unwrap_or_default();
    let pixels = picture.as_raw();
    let mut prepared =
        PreparedImage::prepare_from_greyscale(side(width), side(height), |x, y| pixels[y * side(width) + x]);
    let grids = prepared.detect_grids();
    grids
        .iter()
        .filter_map(|grid| {
            let mut payload = Vec::new();
            grid.decode_to(&mut payload).ok().map(|_| payload)
        })
        .collect()
}
