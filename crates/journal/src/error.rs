//! What can go wrong with a log, told with the file, the place in it and what was expected there.
//! Does not decide what to do about it.

use std::{fmt, io};

use crate::Sequence;

/// A failure of the log or of what it is stored on. None of these is the fault of a record's content.
#[derive(Debug)]
pub enum Error {
    /// Another journal, perhaps of another process, holds the place.
    Locked {
        /// The directory.
        place: String,
    },
    /// The storage refused or failed.
    Storage {
        /// What was attempted, as a gerund: "writing".
        doing: &'static str,
        /// The file or directory it was attempted on.
        file: String,
        /// What the system said.
        source: io::Error,
    },
    /// Bytes that were once written whole and synced are not what they were. Nothing was changed on disk.
    Corrupt {
        /// The file.
        file: String,
        /// Where in the file, in bytes from its beginning.
        offset: u64,
        /// What should have been there.
        expected: String,
        /// What is there instead.
        found: String,
    },
    /// A segment is not there although others say that it must be.
    MissingSegment {
        /// The file that should be there.
        file: String,
        /// The first record that is missing.
        expected: Sequence,
        /// Where the log goes on after the gap, if it does.
        found: Option<Sequence>,
    },
    /// The segment was written by a later version of this software.
    NewerVersion {
        /// The file.
        file: String,
        /// Its format version.
        found: u32,
        /// The newest format version that is understood here.
        known: u32,
    },
    /// The log ends before records that the caller knows to have been committed.
    EndsEarly {
        /// The directory.
        place: String,
        /// The caller knows of every record before this one.
        known_before: Sequence,
        /// The number the next record would get.
        next: Sequence,
    },
    /// Records were asked for that are older than the oldest segment.
    NotKept {
        /// The first record that was asked for.
        asked: Sequence,
        /// The first record there is.
        oldest: Sequence,
    },
    /// A record is longer than [`crate::RECORD_BYTES_MAX`]. The batch is as it was before.
    RecordTooLarge {
        /// Its length in bytes.
        bytes: usize,
    },
    /// A batch would grow over [`crate::BATCH_BYTES_MAX`]. The batch is as it was before.
    BatchTooLarge {
        /// The length it would have, in bytes.
        bytes: usize,
    },
    /// An earlier commit failed, so it is not known what is on disk. Only opening the log again can tell.
    Poisoned {
        /// The directory.
        place: String,
    },
}

impl Error {
    /// Whether the storage had no room left.
    pub fn is_storage_full(&self) -> bool {
        matches!(self, Error::Storage { source, .. }
            if matches!(source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Locked { place } => {
                write!(out, "the journal in {place} is in use by another process or handle")
            }
            Error::Storage { doing, file, source } => write!(out, "{doing} {file} failed: {source}"),
            Error::Corrupt { file, offset, expected, found } => {
                write!(out, "{file} is damaged at byte {offset}: expected {expected}, found {found}")
            }
            Error::MissingSegment { file, expected, found: Some(found) } => {
                write!(
                    out,
                    "{file} is missing: expected record {expected}, the log goes on at record {found}"
                )
            }
            Error::MissingSegment { file, expected, found: None } => {
                write!(out, "{file} is missing: it holds record {expected} and what follows")
            }
            Error::NewerVersion { file, found, known } => write!(
                out,
                "{file} has format version {found} at byte 8: expected {known} or older; it was written by a later \
                 version of this software"
            ),
            Error::EndsEarly { place, known_before, next } => write!(
                out,
                "the journal in {place} ends before record {next}: expected every record before {known_before}"
            ),
            Error::NotKept { asked, oldest } => {
                write!(out, "record {asked} is no longer kept: the oldest is {oldest}")
            }
            Error::RecordTooLarge { bytes } => {
                write!(
                    out,
                    "a record of {bytes} bytes is over the limit of {} bytes",
                    crate::RECORD_BYTES_MAX
                )
            }
            Error::BatchTooLarge { bytes } => {
                write!(out, "a batch of {bytes} bytes is over the limit of {} bytes", crate::BATCH_BYTES_MAX)
            }
            Error::Poisoned { place } => {
                write!(out, "the journal in {place} failed before: it must be opened again")
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Storage { source, .. } => Some(source),
            _ => None,
        }
    }
}
