//! Tests of the log as a whole. Each part has its own file: random lives, damage byte by byte, limits, real files, and
//! readers beside a writer.

mod damage;
mod files;
mod limits;
mod lives;
mod readers;

use std::fs::TryLockError;
use std::io;
use std::ops::{ControlFlow, Range};

use crate::*;

/// Frames so small that a batch of the tests needs several.
const SMALL_FRAME_BYTES: usize = 700;

/// Every committed record, from an open journal.
fn records<S: Storage>(journal: &Journal<S>) -> Vec<Vec<u8>> {
    gather(&mut |each| journal.replay(Sequence::FIRST, each))
}

/// Every committed record, from a reader.
fn records_read<S: Storage>(reader: &Reader<S>) -> Vec<Vec<u8>> {
    gather(&mut |each| reader.replay(Sequence::FIRST, each))
}

type Each<'a> = &'a mut dyn FnMut(Record<'_>) -> ControlFlow<()>;

fn gather(replay: &mut dyn FnMut(Each<'_>) -> Result<Sequence, Error>) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let next = replay(&mut |record| {
        assert_eq!(record.sequence.0, found.len() as u64 + 1);
        found.push(record.bytes.to_vec());
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(next.0, found.len() as u64 + 1);
    found
}

/// Where a committed batch is.
#[derive(Clone)]
struct Written {
    segment: Sequence,
    range: Range<u64>,
    records: Vec<Vec<u8>>,
}

/// Appends and commits one batch.
fn write<S: Storage>(journal: &mut Journal<S>, records: Vec<Vec<u8>>) -> Result<Written, Error> {
    for record in &records {
        journal.append(record)?;
    }
    let (segment, start) = *journal.extents.last().unwrap();
    let committed = journal.commit()?;
    assert_eq!(committed.next.0 - committed.first.0, records.len() as u64);
    Ok(Written { segment, range: start..start + committed.bytes, records })
}

/// A log of a few small batches over three segments, the last of which holds two and, if wanted, zeros behind them.
fn small_log(prepare_bytes: u64) -> (Memory, Vec<Written>) {
    let disk = Memory::new(7);
    let options = Options { segment_bytes: 550, prepare_bytes, ..Options::default() };
    let (mut journal, _) = Journal::open_with_frames(disk.clone(), options, SMALL_FRAME_BYTES).unwrap();
    let batches = [
        vec![b"the first record".to_vec(), vec![0; 40], b"third".to_vec()],
        vec![vec![], (0..=255).collect(), b"x".to_vec()],
        (1..40).map(|size| vec![size; usize::from(size)]).collect(),
        vec![b"alone in its batch".to_vec()],
        (1..9).map(|size| vec![0xa0 | size; 30]).collect(),
    ];
    let written = batches.map(|batch| write(&mut journal, batch).unwrap()).to_vec();
    let contents = disk.contents();
    assert_eq!(contents.len(), 3);
    assert_eq!((written[3].segment, written[3].range.end), (written[4].segment, written[4].range.start));
    let zeros = contents[&written[4].segment].len() as u64 - written[4].range.end;
    assert_eq!(zeros > 0, prepare_bytes > 0);
    (disk, written)
}

fn all_records(written: &[Written]) -> Vec<Vec<u8>> {
    written.iter().flat_map(|batch| batch.records.clone()).collect()
}

/// A storage that does something, or fails, at each call but locking: before it, and for a write in the middle of it.
struct Hooked<S, H> {
    storage: S,
    hook: H,
}

impl<S: Storage, H: Fn(&str) -> io::Result<()>> Storage for Hooked<S, H> {
    fn place(&self) -> String {
        self.storage.place()
    }
    fn lock(&mut self) -> Result<(), TryLockError> {
        self.storage.lock()
    }
    fn segments(&self) -> io::Result<Vec<Sequence>> {
        (self.hook)("segments")?;
        self.storage.segments()
    }
    fn length(&self, segment: Sequence) -> io::Result<u64> {
        (self.hook)("length")?;
        self.storage.length(segment)
    }
    fn read(&self, segment: Sequence, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        (self.hook)("read")?;
        self.storage.read(segment, offset, buffer)
    }
    fn create(&mut self, segment: Sequence) -> io::Result<()> {
        (self.hook)("create")?;
        self.storage.create(segment)
    }
    fn write(&mut self, segment: Sequence, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let (first, second) = bytes.split_at(bytes.len() / 2);
        self.storage.write(segment, offset, first)?;
        (self.hook)("write")?;
        self.storage.write(segment, offset + first.len() as u64, second)
    }
    fn truncate(&mut self, segment: Sequence, length: u64) -> io::Result<()> {
        (self.hook)("truncate")?;
        self.storage.truncate(segment, length)
    }
    fn remove(&mut self, segment: Sequence) -> io::Result<()> {
        (self.hook)("remove")?;
        self.storage.remove(segment)
    }
    fn sync(&mut self, segment: Sequence) -> io::Result<()> {
        (self.hook)("sync")?;
        self.storage.sync(segment)
    }
    fn sync_names(&mut self) -> io::Result<()> {
        (self.hook)("sync_names")?;
        self.storage.sync_names()
    }
}
