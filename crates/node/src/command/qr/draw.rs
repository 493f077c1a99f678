//! Draws a payload as a QR symbol: SVG, PNG or half-block characters. Chooses the smallest symbol in byte mode, as
//! EMVCo asks (MPM 4.12.1.1), and marks UTF-8 where it matters (4.12.1.2).

use std::fmt::Write as _;
use std::fs;
use std::io::{Cursor, Write as _};
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use image::{GrayImage, ImageFormat, Luma};
use outlet::Outlet;
use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, Version};

/// How a code is put out.
#[derive(Args)]
pub(super) struct Drawing {
    /// Form of the output
    #[arg(long, value_enum, default_value = "text", global = true)]
    format: Format,
    /// File to write; without it, standard output
    #[arg(long, value_name = "FILE", global = true)]
    out: Option<PathBuf>,
    /// Share of the symbol that may be damaged
    #[arg(long, value_enum, default_value = "medium", global = true)]
    correction: Correction,
    /// Pixels of one module of a PNG
    #[arg(long, value_name = "PIXELS", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=64), global = true)]
    module: u32,
}

/// Forms of output.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The payload itself
    Text,
    /// A scalable picture
    Svg,
    /// A picture of pixels
    Png,
    /// Half-block characters for a dark or light terminal
    Terminal,
}

/// Levels of error correction.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Correction {
    /// 7 %
    Low,
    /// 15 %
    Medium,
    /// 25 %
    Quartile,
    /// 30 %
    High,
}

/// The black and white modules of a symbol, without the quiet zone.
pub(super) struct Symbol {
    width: usize,
    dark: Vec<bool>,
}

/// Modules of white that must surround a symbol (ISO/IEC 18004).
const QUIET: usize = 4;
/// ECI designator of UTF-8.
const UTF_8: u32 = 26;

impl Drawing {
    /// Puts a payload out as asked.
    pub(super) fn put(&self, payload: &str) -> anyhow::Result<()> {
        let bytes = match self.format {
            Format::Text => format!("{payload}\n").into_bytes(),
            Format::Svg => Symbol::of(payload, self.correction)?.svg().into_bytes(),
            Format::Png => Symbol::of(payload, self.correction)?.png(self.module)?,
            Format::Terminal => Symbol::of(payload, self.correction)?.half_blocks().into_bytes(),
        };
        match &self.out {
            Some(path) => fs::write(path, bytes).with_context(|| format!("writing {}", path.display())),
            None => Outlet.write_all(&bytes).context("writing the code"),
        }
    }
}

impl Symbol {
    /// The smallest symbol that holds the payload.
    pub(super) fn of(payload: &str, correction: Correction) -> anyhow::Result<Symbol> {
        let level = match correction {
            Correction::Low => EcLevel::L,
            Correction::Medium => EcLevel::M,
            Correction::Quartile => EcLevel::Q,
            Correction::High => EcLevel::H,
        };
        for version in 1..=40 {
            let mut bits = Bits::new(Version::Normal(version));
            let pushed = if payload.is_ascii() { Ok(()) } else { bits.push_eci_designator(UTF_8) };
            let pushed = pushed
                .and_then(|()| bits.push_byte_data(payload.as_bytes()))
                .and_then(|()| bits.push_terminator(level));
            if pushed.is_err() {
                continue;
            }
            let code = QrCode::with_bits(bits, level).context("laying out the symbol")?;
            let dark = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
            return Ok(Symbol { width: code.width(), dark });
        }
        bail!(
            "the payload of {} bytes does not fit the largest symbol; use less error correction",
            payload.len()
        )
    }

    /// Whether the module is dark; outside lies the quiet zone.
    fn is_dark(&self, x: usize, y: usize) -> bool {
        let inside = |place: usize| place.checked_sub(QUIET).filter(|place| *place < self.width);
        match (inside(x), inside(y)) {
            (Some(x), Some(y)) => self.dark[y * self.width + x],
            _ => false,
        }
    }

    /// Width with the quiet zone.
    fn extent(&self) -> usize {
        self.width + 2 * QUIET
    }

    pub(super) fn svg(&self) -> String {
        let extent = self.extent();
        let mut path = String::new();
        for y in 0..extent {
            let mut x = 0;
            while x < extent {
                let run = (x..extent).take_while(|&x| self.is_dark(x, y)).count();
                if run > 0 {
                    // Writing into a string cannot fail.
                    let _ = write!(path, "M{x} {y}h{run}v1h-{run}z");
                }
                x += run.max(1);
            }
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {extent} {extent}\" shape-rendering=\"crispEdges\">\
             <rect width=\"{extent}\" height=\"{extent}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>\n"
        )
    }

    pub(super) fn png(&self, module: u32) -> anyhow::Result<Vec<u8>> {
        let side = u32::try_from(self.extent())? * module;
        let picture = GrayImage::from_fn(side, side, |x, y| {
            let module_of = |pixel: u32| usize::try_from(pixel / module).unwrap_or(usize::MAX);
            Luma([if self.is_dark(module_of(x), module_of(y)) { 0 } else { 255 }])
        });
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Png).context("encoding the PNG")?;
        Ok(bytes.into_inner())
    }

    /// Two rows of modules a line, black on white whatever the colours of the terminal.
    fn half_blocks(&self) -> String {
        let mut text = String::new();
        for y in (0..self.extent()).step_by(2) {
            text.push_str("\x1B[38;5;16;48;5;231m");
            for x in 0..self.extent() {
                text.push(match (self.is_dark(x, y), self.is_dark(x, y + 1)) {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (false, false) => ' ',
                });
            }
            text.push_str("\x1B[0m\n");
        }
        text
    }
}
