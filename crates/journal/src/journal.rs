//! The log that is written to: opened by one process, appended to in batches, each made durable by one sync.
//! Does not know what a record means, what time it is, or who waits for a commit.

use std::fs::TryLockError;
use std::io;
use std::ops::ControlFlow;

use crate::batch::Batch;
use crate::recovery::Survey;
use crate::segment::{self, FRAMES_START, SegmentHeader};
use crate::{ChainHash, Error, FRAME_BYTES_MAX, Record, Recovery, Sequence, Storage, replay, walk};

/// Zeros are only written for at least so many batches to come: else they cost more than they save.
const PREPARED_BATCHES_MIN: u64 = 4;

/// How a log is opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Options {
    /// A segment is full once it has this many bytes; it may be longer by one batch. Holds for segments made from
    /// now on.
    pub segment_bytes: u64,
    /// A small batch that lengthens its segment brings this many bytes of zeros with it. The next ones then write over
    /// them and leave the file's length alone, which makes their syncs many times faster. 0 for storage that does not
    /// gain by it, such as memory.
    pub prepare_bytes: u64,
    /// Records before this one are not needed, because a snapshot stands for them: segments that end before it may
    /// have been archived, and are not read. The log must reach up to here.
    pub needed_from: Sequence,
    /// Records before this one are known to have been committed: a log that ends earlier is refused.
    pub known_before: Sequence,
}

impl Default for Options {
    /// Segments of 256 MiB prepared by 1 MiB, everything needed, nothing known.
    fn default() -> Options {
        Options {
            segment_bytes: 256 << 20,
            prepare_bytes: 1 << 20,
            needed_from: Sequence::FIRST,
            known_before: Sequence::FIRST,
        }
    }
}

/// What one commit made durable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Committed {
    /// The first record of the batch; equal to `next` if it was empty.
    pub first: Sequence,
    /// The record after the last of the batch.
    pub next: Sequence,
    /// The chain hash after the batch.
    pub chain: ChainHash,
    /// Bytes written, frames' headers included.
    pub bytes: u64,
}

/// An append-only log, held exclusively. Dropping it drops the batch that was not committed.
pub struct Journal<S: Storage> {
    storage: S,
    segment_bytes: u64,
    prepare_bytes: u64,
    /// Each segment with the end of what is committed in it; the last one is written to.
    pub(crate) extents: Vec<(Sequence, u64)>,
    /// The last segment is full from this many bytes on.
    full_bytes: u64,
    /// The last segment has this many bytes, those behind its end zero.
    prepared: u64,
    next: Sequence,
    chain: ChainHash,
    batch: Batch,
    poisoned: bool,
}

impl<S: Storage> Journal<S> {
    /// Takes the lock, reads and verifies the log, cuts off a torn tail, and makes durable what it found.
    ///
    /// A damaged frame is cut only if it can be the torn end of the log; anything else is refused with
    /// [`Error::Corrupt`], [`Error::MissingSegment`], [`Error::NewerVersion`] or [`Error::EndsEarly`], and then
    /// nothing was changed.
    pub fn open(storage: S, options: Options) -> Result<(Journal<S>, Recovery), Error> {
        Journal::open_with_frames(storage, options, FRAME_BYTES_MAX)
    }

    /// Opens a log that closes a frame before its records have more than `frame_bytes_max` bytes.
    pub(crate) fn open_with_frames(
        mut storage: S,
        options: Options,
        frame_bytes_max: usize,
    ) -> Result<(Journal<S>, Recovery), Error> {
        let place = storage.place();
        storage.lock().map_err(|error| match error {
            TryLockError::WouldBlock => Error::Locked { place: place.clone() },
            TryLockError::Error(source) => Error::Storage { doing: "locking", file: place.clone(), source },
        })?;
        let needed_from = options.needed_from.max(Sequence::FIRST);
        let survey = Survey::take(&storage, needed_from)?;
        let known_before = options.known_before.max(needed_from);
        if survey.found.next < known_before {
            return Err(Error::EndsEarly { place, known_before, next: survey.found.next });
        }
        repair(&mut storage, &survey)?;
        let mut journal = Journal {
            storage,
            segment_bytes: options.segment_bytes.max(FRAMES_START + 1),
            prepare_bytes: options.prepare_bytes,
            prepared: survey.extents.last().map_or(0, |(_, end)| *end),
            extents: survey.extents,
            full_bytes: survey.full_bytes,
            next: survey.found.next,
            chain: survey.found.chain,
            batch: Batch::new(frame_bytes_max),
            poisoned: false,
        };
        if journal.extents.is_empty() {
            journal.make_segment(Sequence::FIRST, ChainHash::START)?;
            journal.enter_segment(Sequence::FIRST);
        }
        Ok((journal, survey.found))
    }

    /// Puts a record into the current batch and returns the number it will have. Writes nothing.
    pub fn append(&mut self, record: &[u8]) -> Result<Sequence, Error> {
        self.check_alive()?;
        let sequence = Sequence(self.next.0 + self.batch.records());
        self.batch.push(record)?;
        Ok(sequence)
    }

    /// Writes the current batch and returns once it is durable as a whole: one write and one sync, and two more
    /// syncs when a segment is full. An empty batch costs nothing.
    ///
    /// After an error it is not known what is on disk: every later call fails with [`Error::Poisoned`], and the
    /// process must not tell anybody that the batch was taken.
    pub fn commit(&mut self) -> Result<Committed, Error> {
        self.check_alive()?;
        let first = self.next;
        if self.batch.records() == 0 {
            return Ok(Committed { first, next: first, chain: self.chain, bytes: 0 });
        }
        let next = Sequence(first.0 + self.batch.records());
        let chain = self.batch.seal(first, self.chain);
        self.poisoned = true;
        let bytes = self.write_batch(next, chain)?;
        self.poisoned = false;
        self.next = next;
        self.chain = chain;
        self.batch.clear();
        Ok(Committed { first, next, chain, bytes })
    }

    /// Calls `each` with every committed record from `from` on until it breaks off; returns the number after the
    /// last one it was called with. Each is verified again; memory stays bounded by one frame.
    pub fn replay(
        &self,
        from: Sequence,
        each: &mut dyn FnMut(Record<'_>) -> ControlFlow<()>,
    ) -> Result<Sequence, Error> {
        self.check_alive()?;
        replay::replay(&self.storage, &self.extents, from, each)
    }

    /// The number the next committed batch begins with.
    pub fn next(&self) -> Sequence {
        self.next
    }

    /// The chain hash after the last committed record.
    pub fn chain(&self) -> ChainHash {
        self.chain
    }

    fn check_alive(&self) -> Result<(), Error> {
        if self.poisoned { Err(Error::Poisoned { place: self.storage.place() }) } else { Ok(()) }
    }

    /// Writes and syncs the batch. If it fills the segment, the next one is made before: so a full segment without
    /// a next one means that a file is missing, and never that there was a crash.
    fn write_batch(&mut self, next: Sequence, chain: ChainHash) -> Result<u64, Error> {
        let (segment, start) = *self.extents.last().expect("a journal has a segment from opening on");
        let bytes = self.batch.bytes().len() as u64;
        let end = start + bytes;
        let fills = end >= self.full_bytes;
        if fills {
            self.make_segment(next, chain)?;
        } else if end > self.prepared && bytes <= self.prepare_bytes / PREPARED_BATCHES_MIN {
            self.prepared = (end + self.prepare_bytes).min(self.full_bytes);
            self.batch.add_zeros(self.prepared - end);
        }
        self.prepared = self.prepared.max(end);
        self.storage
            .write(segment, start, self.batch.bytes())
            .map_err(|source| failed(&self.storage, "writing", segment, source))?;
        sync(&mut self.storage, segment)?;
        if let Some((_, committed)) = self.extents.last_mut() {
            *committed = end;
        }
        if fills {
            self.enter_segment(next);
        }
        Ok(bytes)
    }

    fn make_segment(&mut self, first: Sequence, chain: ChainHash) -> Result<(), Error> {
        let header =
            SegmentHeader { version: segment::VERSION, first, full_bytes: self.segment_bytes, chain }
                .encode();
        let storage = &mut self.storage;
        storage.create(first).map_err(|source| failed(storage, "making", first, source))?;
        storage.write(first, 0, &header).map_err(|source| failed(storage, "writing", first, source))?;
        sync(storage, first)?;
        sync_names(storage)
    }

    fn enter_segment(&mut self, first: Sequence) {
        self.extents.push((first, FRAMES_START));
        self.full_bytes = self.segment_bytes;
        self.prepared = FRAMES_START;
    }
}

/// Removes what a crash left unfinished and makes the rest durable.
///
/// That a batch can be read does not mean that it is on disk: its sync may never have happened, or may have
/// failed, after which the system no longer knows that something is to be written. So the last batch, the only one
/// that can be meant, is written again before anything is built on it.
fn repair<S: Storage>(storage: &mut S, survey: &Survey) -> Result<(), Error> {
    if let Some(segment) = survey.unreached {
        storage.remove(segment).map_err(|source| failed(storage, "removing", segment, source))?;
    }
    let Some(&(segment, end)) = survey.extents.last() else { return Ok(()) };
    if survey.has_tail {
        storage.truncate(segment, end).map_err(|source| failed(storage, "cutting", segment, source))?;
    }
    if let Some((batch_segment, range)) = &survey.last_batch {
        write_again(storage, *batch_segment, range.start, range.end)?;
        if *batch_segment != segment {
            sync(storage, *batch_segment)?;
        }
    }
    write_again(storage, segment, 0, FRAMES_START)?;
    sync(storage, segment)?;
    sync_names(storage)
}

fn write_again<S: Storage>(storage: &mut S, segment: Sequence, start: u64, end: u64) -> Result<(), Error> {
    let mut buffer = vec![0; 256 << 10];
    let mut offset = start;
    while offset < end {
        let wanted = (end - offset).min(buffer.len() as u64);
        let part = &mut buffer[..usize::try_from(wanted).expect("it is not over the buffer's length")];
        let filled = storage
            .read(segment, offset, part)
            .map_err(|source| failed(storage, "reading", segment, source))?;
        if filled < part.len() {
            return Err(failed(storage, "reading", segment, io::ErrorKind::UnexpectedEof.into()));
        }
        storage.write(segment, offset, part).map_err(|source| failed(storage, "writing", segment, source))?;
        offset += wanted;
    }
    Ok(())
}

fn sync<S: Storage>(storage: &mut S, segment: Sequence) -> Result<(), Error> {
    storage.sync(segment).map_err(|source| failed(storage, "syncing", segment, source))
}

fn sync_names<S: Storage>(storage: &mut S) -> Result<(), Error> {
    storage.sync_names().map_err(|source| Error::Storage { doing: "syncing", file: storage.place(), source })
}

fn failed<S: Storage>(storage: &S, doing: &'static str, segment: Sequence, source: io::Error) -> Error {
    Error::Storage { doing, file: walk::path(storage, segment), source }
}
