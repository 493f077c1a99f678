//! Opens the tables that people hand to commands: CSV as it is, packed with gzip, or Parquet, each read as lines of CSV,
//! the first naming the columns. Does not know what any column means.

#[cfg(feature = "parquet")]
mod parquet;

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use anyhow::Context;
use flate2::read::MultiGzDecoder;
use indicatif::ProgressBar;

/// Bytes read ahead.
const AHEAD: usize = 1 << 18;

/// Opens a table by what its first bytes say it is; `bar`'s position follows the bytes read.
///
/// # Errors
/// Where the file cannot be opened, or is Parquet that this build or this reader does not take.
pub(crate) fn open(path: &Path, bar: &ProgressBar) -> anyhow::Result<Box<dyn BufRead>> {
    let name = path.display();
    let mut file = File::open(path).with_context(|| format!("opening {name}"))?;
    let mut magic = [0; 4];
    let length = file.read(&mut magic).with_context(|| format!("reading {name}"))?;
    if &magic[..length] == b"PAR1" {
        return parquet(path, bar).with_context(|| format!("reading {name}"));
    }
    let file = bar.wrap_read(File::open(path).with_context(|| format!("opening {name}"))?);
    Ok(match magic {
        [0x1f, 0x8b, ..] => {
            Box::new(BufReader::with_capacity(AHEAD, MultiGzDecoder::new(BufReader::new(file))))
        }
        _ => Box::new(BufReader::with_capacity(AHEAD, file)),
    })
}

#[cfg(feature = "parquet")]
fn parquet(path: &Path, bar: &ProgressBar) -> anyhow::Result<Box<dyn BufRead>> {
    let lines = parquet::Lines::open(File::open(path)?, bar.clone())?;
    Ok(Box::new(BufReader::with_capacity(AHEAD, lines)))
}

#[cfg(not(feature = "parquet"))]
fn parquet(_: &Path, _: &ProgressBar) -> anyhow::Result<Box<dyn BufRead>> {
    anyhow::bail!("Parquet, which this build leaves out: build with `--features parquet`, or write it as CSV")
}

#[cfg(test)]
mod tests;
