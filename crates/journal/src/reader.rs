//! Reading a log without the right to change it: for tools, also on a directory that a running process writes
//! to. Repairs nothing.

use std::ops::ControlFlow;

use crate::recovery::Survey;
use crate::{Error, Record, Recovery, Sequence, Storage, replay};

/// A log as it was at the moment of opening: whole batches only, however much is written to it meanwhile.
pub struct Reader<S: Storage> {
    storage: S,
    survey: Survey,
}

impl<S: Storage> Reader<S> {
    /// Verifies the log from the segment that holds `needed_from` on, without taking the lock. Fails like
    /// [`crate::Journal::open`]; a torn tail is passed over and left where it is.
    pub fn open(storage: S, needed_from: Sequence) -> Result<Reader<S>, Error> {
        let survey = Survey::take(&storage, needed_from.max(Sequence::FIRST))?;
        Ok(Reader { storage, survey })
    }

    /// What was found on opening.
    pub fn found(&self) -> &Recovery {
        &self.survey.found
    }

    /// Calls `each` with every record from `from` on until it breaks off; returns the number after the last one
    /// it was called with. Each is verified again; memory stays bounded by one frame.
    pub fn replay(
        &self,
        from: Sequence,
        each: &mut dyn FnMut(Record<'_>) -> ControlFlow<()>,
    ) -> Result<Sequence, Error> {
        replay::replay(&self.storage, &self.survey.extents, from, each)
    }
}

/// Reads a whole log, verifies every checksum, every chain hash and that no segment is missing, and says what is
/// in it. Takes no lock and changes nothing. Fails like [`crate::Journal::open`].
pub fn verify<S: Storage>(storage: &S) -> Result<Recovery, Error> {
    Survey::take(storage, Sequence::FIRST).map(|survey| survey.found)
}
