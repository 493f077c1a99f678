//! Segments in memory that lose, tear, flip and refuse on purpose, as told by the caller and one seed. Does not
//! know what is in them.

mod disk;

use std::collections::BTreeMap;
use std::fs::TryLockError;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use self::disk::Disk;
use super::Storage;
use crate::Sequence;

/// What a crash takes of what was not synced.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Loss {
    /// The process was killed, the machine goes on: everything written is there.
    Nothing,
    /// The power failed: everything not synced is gone.
    Unsynced,
    /// The power failed during writing: of what was not synced each sector, each name and the length is old or new
    /// by chance, and a lost sector at the end may hold rubbish.
    Torn,
}

/// How a call fails.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// Nothing is done.
    Refused,
    /// A part is done. After a failed sync the rest of what was to be synced is taken for synced by later syncs,
    /// as operating systems do. A call that has no parts is refused.
    Halfway,
    /// Like `Halfway`, with the error of a full disk.
    Full,
}

impl Fault {
    fn error(self) -> io::Error {
        match self {
            Fault::Refused | Fault::Halfway => io::Error::other("a fault on purpose"),
            Fault::Full => io::ErrorKind::StorageFull.into(),
        }
    }
}

/// A disk in memory. Clones are handles to the same disk; at most one of them holds the lock.
pub struct Memory {
    disk: Arc<Mutex<Disk>>,
    held: Option<Held>,
}

/// The lock, as long as it lives and no crash has taken it away.
struct Held {
    _token: Arc<()>,
    crashes: u64,
}

impl Memory {
    /// An empty disk. The seed decides what tears and how; without faults it changes nothing.
    pub fn new(seed: u64) -> Memory {
        Memory::holding(seed, BTreeMap::new())
    }

    /// A disk with these segments on it, durable.
    pub fn holding(seed: u64, contents: BTreeMap<Sequence, Vec<u8>>) -> Memory {
        Memory { disk: Arc::new(Mutex::new(Disk::holding(seed, contents))), held: None }
    }

    /// The segments as they are read now.
    pub fn contents(&self) -> BTreeMap<Sequence, Vec<u8>> {
        self.disk().contents()
    }

    /// Changes bits of one byte, durably; returns whether there is such a byte.
    pub fn flip(&self, segment: Sequence, offset: u64, bits: u8) -> bool {
        self.disk().flip(segment, offset, bits)
    }

    /// How many changing calls there have been: create, write, truncate, remove, sync, sync of names.
    pub fn calls(&self) -> u64 {
        self.disk().calls
    }

    /// Lets one changing call fail: 0 is the next one, 1 the one after it, and so on. A crash takes away faults that
    /// were not reached.
    pub fn fail(&self, calls_before: u64, fault: Fault) {
        let mut disk = self.disk();
        let call = disk.calls.saturating_add(calls_before);
        disk.faults.insert(call, fault);
    }

    /// Lets all segments together have at most so many bytes; `None` takes the limit away.
    pub fn limit(&self, bytes_max: Option<u64>) {
        self.disk().bytes_max = bytes_max;
    }

    /// Takes what is lost, releases the lock, and lets every call of a handle that held it fail from now on.
    pub fn crash(&self, loss: Loss) {
        self.disk().crash(loss);
    }

    fn disk(&self) -> MutexGuard<'_, Disk> {
        self.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a changing call and returns the disk, with the fault to be played.
    fn change(&mut self) -> io::Result<(MutexGuard<'_, Disk>, Option<Fault>)> {
        let mut disk = self.disk();
        if self.held.as_ref().is_none_or(|held| held.crashes != disk.crashes) {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                "the disk is not locked by this handle",
            ));
        }
        match disk.next_fault() {
            Some(Fault::Refused) => Err(Fault::Refused.error()),
            fault => Ok((disk, fault)),
        }
    }

    /// Like `change`, for calls that have no parts.
    fn change_whole(&mut self) -> io::Result<MutexGuard<'_, Disk>> {
        match self.change()? {
            (disk, None) => Ok(disk),
            (_, Some(fault)) => Err(fault.error()),
        }
    }
}

impl Clone for Memory {
    /// A handle to the same disk, without the lock.
    fn clone(&self) -> Memory {
        Memory { disk: Arc::clone(&self.disk), held: None }
    }
}

impl Storage for Memory {
    fn place(&self) -> String {
        "memory".to_owned()
    }

    fn lock(&mut self) -> Result<(), TryLockError> {
        let mut disk = self.disk();
        if disk.holder.strong_count() > 0 {
            return Err(TryLockError::WouldBlock);
        }
        let token = Arc::new(());
        disk.holder = Arc::downgrade(&token);
        let crashes = disk.crashes;
        drop(disk);
        self.held = Some(Held { _token: token, crashes });
        Ok(())
    }

    fn segments(&self) -> io::Result<Vec<Sequence>> {
        Ok(self.disk().segments())
    }

    fn length(&self, segment: Sequence) -> io::Result<u64> {
        self.disk().read(segment).map(|bytes| bytes.len() as u64)
    }

    fn read(&self, segment: Sequence, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let disk = self.disk();
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        let bytes = disk.read(segment)?.get(from..).unwrap_or_default();
        let count = bytes.len().min(buffer.len());
        buffer[..count].copy_from_slice(&bytes[..count]);
        Ok(count)
    }

    fn create(&mut self, segment: Sequence) -> io::Result<()> {
        self.change_whole()?.create(segment)
    }

    fn write(&mut self, segment: Sequence, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let (mut disk, fault) = self.change()?;
        disk.write(segment, offset, bytes, fault)
    }

    fn truncate(&mut self, segment: Sequence, length: u64) -> io::Result<()> {
        self.change_whole()?.truncate(segment, length)
    }

    fn remove(&mut self, segment: Sequence) -> io::Result<()> {
        self.change_whole()?.remove(segment)
    }

    fn sync(&mut self, segment: Sequence) -> io::Result<()> {
        let (mut disk, fault) = self.change()?;
        disk.sync(segment, fault)
    }

    fn sync_names(&mut self) -> io::Result<()> {
        self.change_whole()?.sync_names();
        Ok(())
    }
}
