//! Questions for fingerprints: who has the key could guess invoices, so they are answered at a limited rate, written down
//! with who asked, and counted for everybody to see. The count outlives the process. Knows no answer.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use receivables::codec::hex;

/// Where each that is answered has a line: when, from where, for what. The file before it is kept, no older one.
const LOG: &str = "fingerprint-queries";
const LOG_BEFORE: &str = "fingerprint-queries-before";
const LOG_BYTES_MAX: u64 = 4 << 20;
/// Begins a file that goes on from another: how many were answered before, and since when.
const CARRIED: &str = "before";
const MINUTE_MS: u64 = 60_000;
const MINUTES_KEPT: u64 = 60;

/// What was asked so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Answered, whichever process did.
    pub(crate) answered: u64,
    /// When the first of them was, in milliseconds since 1970.
    pub(crate) since_ms: Option<u64>,
    /// Answered within the last hour by this process.
    pub(crate) last_hour: u64,
    /// Refused by this process because there were too many.
    pub(crate) refused: u64,
    /// How many are answered within a minute at most.
    pub(crate) minute_max: u32,
}

/// See the module.
pub(super) struct Queries {
    directory: PathBuf,
    inner: Mutex<Inner>,
}

struct Inner {
    asked: Asked,
    log: File,
    bytes: u64,
    /// Answers by minute since 1970, of the last hour.
    minutes: Vec<(u64, u64)>,
}

impl Queries {
    /// Goes on with what is written down in the directory.
    pub(super) fn open(directory: &Path, minute_max: u32) -> io::Result<Self> {
        let log = File::options().read(true).create(true).append(true).open(directory.join(LOG))?;
        let mut asked = Asked { minute_max, ..Asked::default() };
        for line in BufReader::new(&log).split(b'\n') {
            asked.read(&String::from_utf8_lossy(&line?));
        }
        let bytes = log.metadata()?.len();
        let inner = Inner { asked, log, bytes, minutes: Vec::new() };
        Ok(Self { directory: directory.to_owned(), inner: Mutex::new(inner) })
    }

    /// Whether a question for the record with this key may be answered now. If so, it is written down first.
    pub(super) fn admit(&self, key: &[u8], from: IpAddr, now_ms: u64) -> io::Result<bool> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = now_ms / MINUTE_MS;
        inner.minutes.retain(|(past, _)| past + MINUTES_KEPT > minute);
        let in_minute =
            inner.minutes.iter().find(|(known, _)| *known == minute).map_or(0, |(_, count)| *count);
        if in_minute >= u64::from(inner.asked.minute_max) {
            inner.asked.refused += 1;
            return Ok(false);
        }
        if inner.bytes > LOG_BYTES_MAX {
            inner.begin_again(&self.directory)?;
        }
        inner.write(&format!("{now_ms} {from} {}\n", hex(key)))?;
        inner.asked.answered += 1;
        inner.asked.since_ms.get_or_insert(now_ms);
        match inner.minutes.iter_mut().find(|(known, _)| *known == minute) {
            Some((_, count)) => *count += 1,
            None => inner.minutes.push((minute, 1)),
        }
        Ok(true)
    }

    /// What was asked so far.
    pub(super) fn asked(&self, now_ms: u64) -> Asked {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let of_late = inner.minutes.iter().filter(|(past, _)| past + MINUTES_KEPT > now_ms / MINUTE_MS);
        Asked { last_hour: of_late.map(|(_, count)| count).sum(), ..inner.asked }
    }
}

impl Inner {
    fn write(&mut self, line: &str) -> io::Result<()> {
        self.log.write_all(line.as_bytes())?;
        self.bytes += line.len() as u64;
        Ok(())
    }

    fn begin_again(&mut self, directory: &Path) -> io::Result<()> {
        fs::rename(directory.join(LOG), directory.join(LOG_BEFORE))?;
        self.log = File::options().create(true).append(true).open(directory.join(LOG))?;
        self.bytes = 0;
        let Asked { answered, since_ms, .. } = self.asked;
        self.write(&format!("{CARRIED} {answered} {}\n", since_ms.unwrap_or_default()))
    }
}

impl Asked {
    /// A line of the log; one that was cut short by a crash counts all the same.
    fn read(&mut self, line: &str) {
        let mut words = line.split(' ');
        match words.next() {
            None | Some("") => {}
            Some(CARRIED) => {
                let mut number = || words.next().and_then(|word| word.parse().ok());
                self.answered = self.answered.saturating_add(number().unwrap_or(0));
                self.since_ms = number();
            }
            Some(at) => {
                self.answered += 1;
                self.since_ms = self.since_ms.or(at.parse().ok());
            }
        }
    }
}

#[cfg(test)]
mod tests;
