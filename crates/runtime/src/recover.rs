//! From a log back to a running engine.

use std::fmt;
use std::ops::ControlFlow;

use engine::{Engine, Unreadable};
use journal::{Journal, Options, Recovery, Sequence, Storage};

/// Why a log does not give an engine.
#[derive(Debug)]
pub enum Fault {
    /// The log itself.
    Journal(journal::Error),
    /// A record in a sound log that this version cannot read.
    Record {
        /// Its number.
        sequence: Sequence,
        /// What is wrong with it.
        unreadable: Unreadable,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Journal(error) => error.fmt(f),
            Fault::Record { sequence, unreadable } => {
                write!(f, "record {} of the journal: {unreadable}", sequence.0)
            }
        }
    }
}

impl std::error::Error for Fault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Fault::Journal(error) => Some(error),
            Fault::Record { unreadable, .. } => Some(unreadable),
        }
    }
}

impl From<journal::Error> for Fault {
    fn from(error: journal::Error) -> Fault {
        Fault::Journal(error)
    }
}

/// What recovery came to.
pub struct Found<S: Storage> {
    /// The log, ready for more.
    pub journal: Journal<S>,
    /// The engine, in the state the log tells.
    pub engine: Engine,
    /// What was found in the log.
    pub recovery: Recovery,
}

/// Opens a log and replays it whole. `progress` is told how many records have been read, now and then.
pub fn recover<S: Storage>(
    storage: S,
    options: Options,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Found<S>, Fault> {
    let (journal, recovery) = Journal::open(storage, options)?;
    let mut engine = Engine::new();
    let mut fault = None;
    let mut read = 0_u64;
    journal.replay(Sequence::FIRST, &mut |record| {
        read += 1;
        if read.is_multiple_of(PROGRESS_EVERY) {
            progress(read, recovery.records);
        }
        match engine.replay(record.bytes) {
            Ok(()) => ControlFlow::Continue(()),
            Err(unreadable) => {
                fault = Some(Fault::Record { sequence: record.sequence, unreadable });
                ControlFlow::Break(())
            }
        }
    })?;
    match fault {
        Some(fault) => Err(fault),
        None => {
            engine.resume();
            Ok(Found { journal, engine, recovery })
        }
    }
}

const PROGRESS_EVERY: u64 = 100_000;
